// SPDX-License-Identifier: MIT
// Slates: levels drawn, played by two, their regrets learned from.
#include "agents/maker/paired/slate.h"

#include "agents/batch/seeds.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define TRIES     4   // draws for each place, where some members do not build
#define PATIENCE  4   // times the longest level's time that a slate waits for its last episodes
#define FADE      0.8 // [1] of running means, per slate
#define ADVANTAGE 3   // [1] a level's advantage at most, in standard deviations of regret

int para_slate_size(const ParaMakerDef *def)
{
    return def->keep < PARA_PROPOSALS_MAX ? def->keep : PARA_PROPOSALS_MAX;
}

void para_slate_create(ParaSlate *out, const ParaMakerDef *def, int family, ParaKept *levels,
                       ParaArena *arena)
{
    uint64_t seed = para_seed_mix(def->seed, (uint64_t)family);
    *out = (ParaSlate){.def = def,
                       .family = family,
                       .proposer = para_proposer_create(def->families->templates[family], seed, arena),
                       .levels = levels,
                       .duels = PARA_NEW(arena, ParaDuel, para_slate_size(def))};
    for (int k = 0; k < para_slate_size(def); k++)
        levels[k] = (ParaKept){.pick = {.family = -1}};
}

// ---------------------------------------------------------------------------------------------
// Drawing.

/// Whether the level of a pick can be begun. @param pick in-out, as para_families_sample
static bool begins(const ParaSlate *slate, ParaEnv *env, ParaPick *pick)
{
    const ParaLevel *level =
        para_families_sample(slate->def->families, pick, slate->def->method, para_env_level_arena(env));
    return level && para_env_begin(env, level, "paired");
}

void para_slate_draw(ParaSlate *slate, ParaEnv *env, int64_t decisions, int envs)
{
    const ParaMakerDef *def = slate->def;
    uint64_t seed = para_seed_mix(para_seed_mix(def->seed, (uint64_t)slate->family), slate->rounds++);
    ParaRng rng = para_rng_make(seed, "slate");
    int longest = 0, size = para_slate_size(def);
    slate->count = 0;
    for (int i = 0; i < TRIES * size && slate->count < size; i++) {
        ParaDuel duel = {.episodes = {0}};
        ParaPick pick = {.family = slate->family, .bound = true};
        para_proposer_draw(slate->proposer, &rng, &duel.drawn);
        for (int p = 0; p < PARA_PARAMS_MAX; p++)
            pick.values[p] = duel.drawn.values[p];
        pick.seed = para_training_seed(para_rng_u64(&rng));
        if (!begins(slate, env, &pick))
            continue;
        int lasts = para_level_decisions(env->level);
        longest = lasts > longest ? lasts : longest;
        slate->levels[slate->count] = (ParaKept){.pick = pick, .hash = env->level->hash, .fresh = true};
        slate->duels[slate->count++] = duel;
    }
    for (int k = slate->count; k < para_slate_size(def); k++)
        slate->levels[k] = (ParaKept){.pick = {.family = -1}};
    slate->deadline = decisions + (int64_t)PATIENCE * longest * envs;
}

// ---------------------------------------------------------------------------------------------
// Playing.

int para_slate_at(const ParaSlate *slate, ParaSide side, int seat)
{
    int least = INT32_MAX, equal = 0;
    for (int k = 0; k < slate->count; k++) {
        int episodes = slate->duels[k].episodes[side];
        equal = episodes < least ? 1 : equal + (episodes == least);
        least = episodes < least ? episodes : least;
    }
    int wanted = equal > 0 ? seat % equal : 0;
    for (int k = 0; k < slate->count; k++)
        if (slate->duels[k].episodes[side] == least && wanted-- == 0)
            return k;
    return -1;
}

double para_duel_regret(const ParaDuel *duel)
{
    const int *episodes = duel->episodes, *solved = duel->solved;
    if (episodes[PARA_SIDE_PLAYER] == 0 || episodes[PARA_SIDE_ANTAGONIST] == 0)
        return -1;
    double best = solved[PARA_SIDE_ANTAGONIST] > 0 ? 1 : 0;
    return para_max(0, best - (double)solved[PARA_SIDE_PLAYER] / episodes[PARA_SIDE_PLAYER]);
}

bool para_slate_note(ParaSlate *slate, ParaSide side, const ParaEnded *ended)
{
    int k = para_maker_find_kept(slate->levels, slate->count, &ended->pick);
    if (k < 0)
        return false;
    ParaDuel *duel = &slate->duels[k];
    ParaKept *level = &slate->levels[k];
    duel->episodes[side]++;
    duel->solved[side] += ended->report.end == PARA_END_SOLVED;
    level->tries = duel->episodes[PARA_SIDE_PLAYER];
    level->success = level->tries > 0 ? (float)duel->solved[PARA_SIDE_PLAYER] / (float)level->tries : 0;
    level->reports = duel->episodes[0] + duel->episodes[1]; // both score it
    level->score = (float)para_max(0, para_duel_regret(duel));
    return true;
}

bool para_slate_is_played(const ParaSlate *slate, int64_t decisions)
{
    bool played = true;
    for (int k = 0; k < slate->count; k++)
        for (int side = 0; side < 2; side++)
            played = played && slate->duels[k].episodes[side] >= PARA_SLATE_EPISODES;
    return played || decisions >= slate->deadline;
}

// ---------------------------------------------------------------------------------------------
// Learning.

/// Running mean and variance of regrets, and how often the antagonist was ahead. The first slate sets them.
static void measure(ParaSlate *slate, const double *regret, int count)
{
    double keep = slate->learned > 0 ? FADE : 0, mean = 0, square = 0, ahead = 0;
    for (int i = 0; i < count; i++) {
        mean += regret[i] / count;
        ahead += regret[i] > 0 ? 1.0 / count : 0;
    }
    slate->mean = para_clamp(keep * slate->mean + (1 - keep) * mean, 0, 1);
    for (int i = 0; i < count; i++)
        square += (regret[i] - slate->mean) * (regret[i] - slate->mean) / count;
    slate->variance = para_clamp(keep * slate->variance + (1 - keep) * square, 0, 1);
    slate->ahead = para_clamp(keep * slate->ahead + (1 - keep) * ahead, 0, 1);
}

void para_slate_learn(ParaSlate *slate)
{
    double regret[PARA_PROPOSALS_MAX];
    float advantage[PARA_PROPOSALS_MAX];
    ParaProposal drawn[PARA_PROPOSALS_MAX];
    int count = 0;
    for (int k = 0; k < slate->count; k++) {
        double r = para_duel_regret(&slate->duels[k]);
        if (r < 0)
            continue;
        drawn[count] = slate->duels[k].drawn;
        regret[count++] = r;
    }
    if (count == 0)
        return;
    measure(slate, regret, count);
    double unit = para_sqrt(slate->variance);
    for (int i = 0; i < count; i++)
        advantage[i] =
            unit > 1e-9 ? (float)para_clamp((regret[i] - slate->mean) / unit, -ADVANTAGE, ADVANTAGE) : 0;
    para_proposer_learn(slate->proposer, drawn, advantage, count);
    slate->learned++;
}

// ---------------------------------------------------------------------------------------------
// Keeping.

static void save_duel(const ParaSlate *slate, int k, ParaBytes *out)
{
    const ParaDuel *duel = &slate->duels[k];
    int params = para_template_param_count(slate->def->families->templates[slate->family]);
    para_kept_save(out, &slate->levels[k]);
    for (int side = 0; side < 2; side++) {
        para_bytes_put_whole(out, (uint64_t)duel->episodes[side], 4);
        para_bytes_put_whole(out, (uint64_t)duel->solved[side], 4);
    }
    for (int p = 0; p < params; p++)
        para_bytes_put_whole(out, duel->drawn.bins[p], 1);
}

static bool load_duel(ParaSlate *slate, int k, ParaBytesReader *in)
{
    ParaDuel *duel = &slate->duels[k];
    int params = para_template_param_count(slate->def->families->templates[slate->family]);
    bool good = para_kept_load(in, &slate->levels[k], slate->family, slate->family);
    for (int side = 0; side < 2; side++) {
        duel->episodes[side] = (int)para_bytes_take_range(in, 4, 0, INT32_MAX / 2 - 1);
        duel->solved[side] = (int)para_bytes_take_range(in, 4, 0, duel->episodes[side]);
    }
    for (int p = 0; p < params; p++) {
        duel->drawn.bins[p] =
            (uint8_t)para_bytes_take_range(in, 1, 0, para_proposer_bins(slate->proposer, p) - 1);
        duel->drawn.values[p] = slate->levels[k].pick.values[p];
    }
    return good && !in->bad && slate->levels[k].pick.bound;
}

void para_slate_save(const ParaSlate *slate, ParaBytes *out)
{
    para_bytes_put_whole(out, slate->rounds, 8);
    para_bytes_put_whole(out, (uint64_t)slate->deadline, 8);
    para_bytes_put_whole(out, (uint64_t)slate->learned, 8);
    para_bytes_put_f64(out, slate->mean);
    para_bytes_put_f64(out, slate->variance);
    para_bytes_put_f64(out, slate->ahead);
    para_bytes_put_whole(out, (uint64_t)slate->count, 4);
    for (int k = 0; k < slate->count; k++)
        save_duel(slate, k, out);
    para_proposer_save(slate->proposer, out);
}

bool para_slate_load(ParaSlate *slate, ParaBytesReader *in)
{
    slate->rounds = para_bytes_take_whole(in, 8);
    slate->deadline = para_bytes_take_range(in, 8, 0, INT64_MAX);
    slate->learned = para_bytes_take_range(in, 8, 0, INT64_MAX - 1);
    slate->mean = para_bytes_take_f64(in);
    slate->variance = para_bytes_take_f64(in);
    slate->ahead = para_bytes_take_f64(in);
    slate->count = (int)para_bytes_take_range(in, 4, 0, para_slate_size(slate->def));
    if (in->bad || !(slate->mean >= 0 && slate->mean <= 1) ||
        !(slate->variance >= 0 && slate->variance <= 1) || !(slate->ahead >= 0 && slate->ahead <= 1))
        return false;
    for (int k = 0; k < slate->count; k++)
        if (!load_duel(slate, k, in))
            return false;
    return para_proposer_load(slate->proposer, in);
}
