// SPDX-License-Identifier: MIT
// Sampling for learnability: kept levels, chosen at each refresh by what the present player solves sometimes
// but not always, scored again by what it reports of them, and given up where it always or never does.
// Source: Rutherford et al. 2024, arXiv 2408.15099, algorithm 1; scoring by reports is our own.
#include "agents/maker/idle.h"

#include "agents/batch/seeds.h"
#include "engine/base/assert.h"
#include "engine/base/cells.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTCOMES 12 // of a kept level's last episodes score it: more would be of a player that is no more
#define SURE     8  // so many alike in a row, and the level is given up; at p = 1/2 that is chance 1 in 128

/// Means of each parameter over the kept levels of a family, in its unit.
typedef struct Means {
    double
        before[PARA_PARAMS_MAX]; // at the refresh before the last; the middle of the range before the first
    double now[PARA_PARAMS_MAX];
} Means;

typedef struct Sfl {
    const ParaMakerDef *def;
    ParaArena *arena;
    int refresh_count;    ///< of those that were due
    ParaTrial *trials;    // [families * candidates * tries]
    ParaKept *candidates; // [families * candidates]
    int *solved;          // [families * candidates]
    uint8_t *live;        // [families * candidates] stage two plays these
    ParaKept *kept;       // [families * keep]
    int kept_count;
    int *kept_first; // [families + 1] where each family's begin among the kept
    int *edge;       // [families] those of each that are not given up
    Means *means;    // [families]
} Sfl;

static int kept_max(const ParaMakerDef *def) { return def->families->count * def->keep; }

static void *create(const ParaMakerDef *def, ParaArena *arena)
{
    int families = def->families->count, total = families * def->candidates;
    Sfl *sfl = PARA_NEW(arena, Sfl, 1);
    *sfl = (Sfl){.def = def,
                 .arena = arena,
                 .trials = PARA_NEW(arena, ParaTrial, total * def->tries),
                 .candidates = PARA_NEW(arena, ParaKept, total),
                 .solved = PARA_NEW(arena, int, total),
                 .live = PARA_NEW(arena, uint8_t, total),
                 .kept = PARA_NEW(arena, ParaKept, kept_max(def)),
                 .kept_first = PARA_NEW(arena, int, families + 1),
                 .edge = PARA_NEW(arena, int, families),
                 .means = PARA_NEW(arena, Means, families)};
    for (int f = 0; f < families; f++) {
        const ParaTemplate *t = def->families->templates[f];
        for (int p = 0; p < para_template_param_count(t); p++) {
            const ParaParam *param = para_template_param(t, p);
            sfl->means[f].before[p] = sfl->means[f].now[p] = 0.5 * (param->low + param->high);
        }
    }
    return sfl;
}

// ---------------------------------------------------------------------------------------------
// Who plays what.

/// Counts the kept levels, which stand family by family, and those of them that are not given up.
static void count_kept(Sfl *sfl)
{
    int k = 0;
    for (int f = 0; f < sfl->def->families->count; f++) {
        sfl->kept_first[f] = k;
        sfl->edge[f] = 0;
        for (; k < sfl->kept_count && sfl->kept[k].pick.family == f; k++)
            sfl->edge[f] += !sfl->kept[k].given_up;
    }
    PARA_ASSERT(k == sfl->kept_count);
    sfl->kept_first[sfl->def->families->count] = k;
}

static bool plays_kept(const Sfl *sfl, int env)
{
    return sfl->kept_count > 0 && para_maker_seat(sfl->def, env) >= 0;
}

static void next(const void *state, int env, ParaRng *rng, ParaPick *out)
{
    const Sfl *sfl = state;
    int family = para_maker_family_of(sfl->def, env);
    int first = sfl->kept_first[family], count = sfl->kept_first[family + 1] - first;
    if (count == 0) { // a family with nothing at the edge lends its envs to all the others
        first = 0;
        count = sfl->kept_count;
    }
    const ParaKept *level =
        plays_kept(sfl, env) ? &sfl->kept[first + (int)para_rng_int(rng, 0, count - 1)] : NULL;
    // The place of a level that was given up goes to fresh ones: the few that are left are not played more
    // for it.
    *out = level && !level->given_up ? level->pick : para_maker_fresh(sfl->def, env, rng);
}

// ---------------------------------------------------------------------------------------------
// Choosing.

static void score(ParaKept *level, int solved)
{
    int n = level->tries;
    float p = n ? (float)solved / (float)n : 0;
    level->success = p;
    level->score = n > 1 ? (float)n / (float)(n - 1) * p * (1 - p) : 0;
}

static void note_outcome(ParaKept *level, bool solved)
{
    level->outcomes = level->outcomes << 1 | (solved ? 1u : 0u);
    level->outcome_count += level->outcome_count < 32;
}

// Plays `tries` episodes on every candidate whose byte in `live` is set (NULL: all) and adds up what was
// solved.
static int64_t play_candidates(Sfl *sfl, const ParaPolicy *policy, const uint8_t *live, uint64_t seed)
{
    const ParaMakerDef *def = sfl->def;
    int total = def->families->count * def->candidates, count = 0;
    for (int c = 0; c < total; c++) {
        if (live && !live[c])
            continue;
        for (int k = 0; k < def->tries; k++, count++)
            sfl->trials[count] = (ParaTrial){.pick = sfl->candidates[c].pick,
                                             .kind = PARA_TRIAL_POLICY,
                                             .seed = para_seed_mix(seed, (uint64_t)count)};
    }
    int64_t steps = para_trials_play(def->room, def->families, sfl->trials, count, policy, NULL, NULL);
    for (int c = 0, i = 0; c < total; c++) {
        if (live && !live[c])
            continue;
        for (int k = 0; k < def->tries; k++, i++) {
            const ParaTrial *trial = &sfl->trials[i];
            ParaKept *candidate = &sfl->candidates[c];
            if (!trial->played)
                continue;
            candidate->tries++;
            candidate->hash = trial->report.level_hash;
            candidate->pick = trial->pick;
            sfl->solved[c] += trial->report.end == PARA_END_SOLVED;
            note_outcome(candidate, trial->report.end == PARA_END_SOLVED);
        }
    }
    return steps;
}

static int by_score(const void *a, const void *b)
{
    const ParaKept *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->pick.seed < y->pick.seed ? -1 : x->pick.seed > y->pick.seed; // a defined order for ties
}

/// What the kept levels of a family are like, on average.
static void measure(Sfl *sfl, int family, const ParaKept *kept, int count)
{
    Means *means = &sfl->means[family];
    double sum[PARA_PARAMS_MAX] = {0};
    int made = 0;
    for (int k = 0; k < count; k++) {
        ParaArenaMark mark = para_arena_mark(sfl->arena);
        ParaPick pick = kept[k].pick;
        const ParaLevel *level = para_families_sample(sfl->def->families, &pick, "", sfl->arena);
        made += level != NULL;
        for (int p = 0; level && p < level->param_count; p++)
            sum[p] += level->params[p].value;
        para_arena_rewind(sfl->arena, mark);
    }
    memcpy(means->before, means->now, sizeof means->before);
    for (int p = 0; made > 0 && p < PARA_PARAMS_MAX; p++)
        means->now[p] = sum[p] / made;
}

/// Plays those that would be kept without any action, and others in the places of what solves itself, until
/// all are known. The candidates of each family are sorted from then on. @return -1: it was stopped
static int64_t try_idle(Sfl *sfl)
{
    const ParaMakerDef *def = sfl->def;
    int families = def->families->count;
    int64_t steps = 0;
    ParaArenaMark mark = para_arena_mark(sfl->arena);
    ParaKept **wanted = PARA_NEW(sfl->arena, ParaKept *, kept_max(def));
    for (int f = 0; f < families; f++)
        qsort(sfl->candidates + f * def->candidates, (size_t)def->candidates, sizeof *sfl->candidates,
              by_score);
    for (int count = 1; count > 0 && steps >= 0;) {
        count = 0;
        for (int f = 0; f < families; f++) {
            ParaKept *best = sfl->candidates + f * def->candidates;
            for (int c = 0, kept = 0; c < def->candidates && kept < def->keep && best[c].score > 0; c++) {
                kept += best[c].idle != PARA_IDLE_REFUSED;
                if (best[c].idle == PARA_IDLE_UNKNOWN)
                    wanted[count++] = &best[c];
            }
        }
        int64_t more = para_maker_try_idle(def, wanted, count, false, sfl->arena);
        steps = more < 0 ? -1 : steps + more;
    }
    para_arena_rewind(sfl->arena, mark);
    return steps;
}

// Keeps the best candidates of each family that are neither mastered nor hopeless, nor solve themselves.
static void keep_best(Sfl *sfl)
{
    sfl->kept_count = 0;
    for (int f = 0; f < sfl->def->families->count; f++) {
        ParaKept *best = sfl->candidates + f * sfl->def->candidates, *kept = sfl->kept + sfl->kept_count;
        int count = 0;
        for (int c = 0; c < sfl->def->candidates && count < sfl->def->keep && best[c].score > 0; c++) {
            if (best[c].idle == PARA_IDLE_REFUSED)
                continue;
            kept[count] = best[c];
            kept[count++].fresh = true;
        }
        measure(sfl, f, kept, count);
        sfl->kept_count += count;
    }
    count_kept(sfl);
}

// One refresh in two stages: every candidate is tried, then those with a mixed outcome again, so that
// most episodes go to levels that may be kept. @return -1: it was stopped, and what is kept stays
static int64_t refresh(Sfl *sfl, const ParaPolicy *policy)
{
    const ParaMakerDef *def = sfl->def;
    uint64_t seed = para_seed_mix(def->seed, (uint64_t)sfl->refresh_count - 1);
    ParaRng rng = para_rng_make(seed, "candidates");
    int total = def->families->count * def->candidates;
    for (int c = 0; c < total; c++) {
        sfl->candidates[c] = (ParaKept){
            .pick = {.family = c / def->candidates, .seed = para_training_seed(para_rng_u64(&rng))}};
        sfl->solved[c] = 0;
    }
    int64_t steps = play_candidates(sfl, policy, NULL, para_seed_mix(seed, 1));
    if (para_trial_room_stopped(def->room))
        return -1;
    for (int c = 0; c < total; c++)
        sfl->live[c] = sfl->solved[c] > 0 && sfl->solved[c] < sfl->candidates[c].tries;
    steps += play_candidates(sfl, policy, sfl->live, para_seed_mix(seed, 2));
    if (para_trial_room_stopped(def->room))
        return -1;
    for (int c = 0; c < total; c++)
        score(&sfl->candidates[c], sfl->solved[c]);
    int64_t idle = try_idle(sfl);
    if (idle < 0)
        return -1;
    keep_best(sfl);
    return steps + idle;
}

static int64_t propose(void *state, int64_t decisions, const ParaPolicy *policy)
{
    Sfl *sfl = state;
    // Where several are due, as in a run from before makers were kept, one is made.
    int64_t due = decisions / sfl->def->refresh;
    for (int k = 0; k < sfl->kept_count; k++)
        sfl->kept[k].fresh = false;
    if (due <= sfl->refresh_count)
        return 0;
    int before = sfl->refresh_count;
    sfl->refresh_count = (int)para_min((double)due, INT32_MAX);
    int64_t steps = refresh(sfl, policy);
    if (steps < 0) // the next turn makes up for it
        sfl->refresh_count = before;
    return steps;
}

// ---------------------------------------------------------------------------------------------
// Reports.

static int ones(uint32_t bits)
{
    int count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/// The lowest `count` bits.
static uint32_t newest(uint32_t bits, int count) { return count < 32 ? bits & ((1u << count) - 1) : bits; }

static void learn(void *state, const ParaEnded *ended)
{
    Sfl *sfl = state;
    int k = sfl->def->blind ? -1 : para_maker_find_kept(sfl->kept, sfl->kept_count, &ended->pick);
    if (k < 0)
        return;
    ParaKept *level = &sfl->kept[k];
    note_outcome(level, ended->report.end == PARA_END_SOLVED);
    level->reports += level->reports < INT32_MAX;
    level->tries = level->outcome_count < OUTCOMES ? level->outcome_count : OUTCOMES;
    score(level, ones(newest(level->outcomes, level->tries)));
    int solved = ones(newest(level->outcomes, SURE));
    bool sure = level->outcome_count >= SURE && (solved == 0 || solved == SURE);
    if (sure == level->given_up)
        return;
    level->given_up = sure;
    count_kept(sfl);
}

// ---------------------------------------------------------------------------------------------
// Telling.

/// The parameter of the kept levels that the last refresh moved most, for its range. @return false: there is
/// none
static bool most_moved(const Sfl *sfl, int *out_family, int *out_param)
{
    double most = 0;
    for (int f = 0; f < sfl->def->families->count; f++) {
        const ParaTemplate *t = sfl->def->families->templates[f];
        bool keeps = sfl->edge[f] > 0;
        for (int p = 0; keeps && p < para_template_param_count(t); p++) {
            const ParaParam *param = para_template_param(t, p);
            double moved = fabs(sfl->means[f].now[p] - sfl->means[f].before[p]) / (param->high - param->low);
            if (!(moved > most))
                continue;
            most = moved;
            *out_family = f;
            *out_param = p;
        }
    }
    return most > 0;
}

static void describe(const void *state, char *out, size_t size)
{
    const Sfl *sfl = state;
    const ParaFamilies *families = sfl->def->families;
    int count = 0, keeping = 0, family = 0, param = 0;
    double solved = 0;
    char who[64], moved[96] = "", number[PARA_NUMBER_SIZE], now[PARA_NUMBER_SIZE];
    if (sfl->refresh_count == 0) {
        snprintf(out, size, "draws every level anew for %s decision%s, then keeps those at the edge",
                 para_text_count((double)sfl->def->refresh, number), sfl->def->refresh == 1 ? "" : "s");
        return;
    }
    for (int f = 0; f < families->count; f++)
        keeping += sfl->edge[f] > 0, count += sfl->edge[f];
    for (int k = 0; k < sfl->kept_count; k++)
        solved += sfl->kept[k].given_up ? 0 : (double)sfl->kept[k].success;
    if (count == 0) {
        para_text_format(out, size,
                         "found no level at the edge of what the player can do: draws every one anew");
        return;
    }
    bool one = keeping == 1;
    para_text_format(who, sizeof who, "keeps %d levels of %d families", count, keeping);
    if (most_moved(sfl, &family, &param)) {
        const ParaParam *p = para_template_param(families->templates[family], param);
        para_text_format(moved, sizeof moved, ", %s%s%.24s from %s to %s%s%.*s",
                         one ? "" : families->names[family], one ? "" : " ", p->name,
                         para_text_measure(sfl->means[family].before[param], number),
                         para_text_measure(sfl->means[family].now[param], now), p->unit[0] ? " " : "",
                         para_cells_cut(p->unit, 12), p->unit);
    }
    for (int f = 0; one && f < families->count; f++)
        if (sfl->edge[f] > 0)
            para_text_format(who, sizeof who, "keeps %d %.24s level%s", count, families->names[f],
                             count == 1 ? "" : "s");
    para_text_format(out, size, "%s%s, solved %.0f %%", who, moved, 100 * solved / count);
}

static const ParaKept *kept(const void *state, int *out_count)
{
    const Sfl *sfl = state;
    *out_count = sfl->kept_count;
    return sfl->kept;
}

// ---------------------------------------------------------------------------------------------
// Keeping.

static void save(const void *state, ParaBytes *out)
{
    const Sfl *sfl = state;
    para_bytes_put_whole(out, (uint64_t)sfl->refresh_count, 4);
    para_bytes_put_whole(out, (uint64_t)sfl->kept_count, 4);
    for (int k = 0; k < sfl->kept_count; k++)
        para_kept_save(out, &sfl->kept[k]);
    for (int f = 0; f < sfl->def->families->count; f++) {
        for (int p = 0; p < PARA_PARAMS_MAX; p++) {
            para_bytes_put_f64(out, sfl->means[f].before[p]);
            para_bytes_put_f64(out, sfl->means[f].now[p]);
        }
    }
}

static bool load(void *state, ParaBytesReader *in)
{
    Sfl *sfl = state;
    sfl->refresh_count = (int)para_bytes_take_range(in, 4, 0, INT32_MAX);
    sfl->kept_count = (int)para_bytes_take_range(in, 4, 0, kept_max(sfl->def));
    for (int k = 0; k < sfl->kept_count; k++)
        if (!para_kept_load(in, &sfl->kept[k], k > 0 ? sfl->kept[k - 1].pick.family : 0,
                            sfl->def->families->count - 1))
            return false;
    for (int f = 0; f < sfl->def->families->count; f++) {
        for (int p = 0; p < PARA_PARAMS_MAX; p++) {
            sfl->means[f].before[p] = para_bytes_take_f64(in);
            sfl->means[f].now[p] = para_bytes_take_f64(in);
            if (!isfinite(sfl->means[f].before[p]) || !isfinite(sfl->means[f].now[p]))
                return false;
        }
    }
    if (!in->bad)
        count_kept(sfl);
    return !in->bad;
}

const ParaMakerMethod para_maker_sfl = {.create = create,
                                        .propose = propose,
                                        .next = next,
                                        .learn = learn,
                                        .describe = describe,
                                        .save = save,
                                        .load = load,
                                        .kept = kept,
                                        .kept_max = kept_max};
