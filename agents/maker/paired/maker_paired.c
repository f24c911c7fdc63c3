// SPDX-License-Identifier: MIT
// PAIRED <Dennis 2020, arXiv 2012.02096>: the maker learns what to propose. Of each family a proposer, a
// distribution over its parameters, draws a slate of levels; the player plays them in training; so does an
// antagonist, which learns by the same rules; how much better the antagonist did is what the proposer learns
// to raise. Out of reach of both is worth nothing, and so is what the player has mastered. Ours differs in
// this: a share of the envs plays fresh draws, as with the other methods, so that no part of a family is ever
// left alone (the published one has none); and the antagonist learns on the slates alone. Its steps count as
// scoring: the player learns nothing of them. See docs/decisions/0013-paired.md.
#include "agents/maker/paired/antagonist.h"
#include "agents/maker/paired/slate.h"

#include "engine/base/assert.h"
#include "engine/base/cells.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>

#define MEMORY_MOST ((size_t)64 << 30) // [byte] of the antagonist's buffers: half of the learner's at most

typedef struct Paired {
    const ParaMakerDef *def;
    ParaArena *arena;           // its own, so that a state is given back as one
    ParaWorldGroup *stage;      // one world, in which levels are begun before anybody is sent there
    ParaEnv env;                // in it
    ParaSlate *slates;          // [families]
    ParaKept *levels;           // [families, para_slate_size]
    ParaAntagonist *antagonist; // NULL: too few envs for anybody to play slates
} Paired;

static int kept_max(const ParaMakerDef *def) { return def->families->count * para_slate_size(def); }

// ---------------------------------------------------------------------------------------------
// Who plays what.

/// Envs of the run.
static int envs_of(const ParaMakerDef *def)
{
    return def->envs > 0 ? def->envs : para_ppo_def(def->learner)->envs;
}

/// Seats of each family at its slate: kept_share of its envs.
static int seats_of(const ParaMakerDef *def)
{
    return (int)((double)(envs_of(def) / def->families->count) * (double)def->kept_share);
}

static void next(const void *state, int env, ParaRng *rng, ParaPick *out)
{
    const Paired *p = state;
    const ParaSlate *slate = &p->slates[para_maker_family_of(p->def, env)];
    int seat = p->antagonist ? para_maker_seat(p->def, env) : -1;
    int k = seat >= 0 ? para_slate_at(slate, PARA_SIDE_PLAYER, seat) : -1;
    *out = k >= 0 ? slate->levels[k].pick : para_maker_fresh(p->def, env, rng);
}

/// The antagonist's next level: a ParaPickNext. A family whose slate is empty lends its envs to another.
static void next_of_antagonist(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const Paired *p = context;
    int families = p->def->families->count;
    for (int i = 0; i < families; i++) {
        const ParaSlate *slate = &p->slates[(env + i) % families];
        int k = para_slate_at(slate, PARA_SIDE_ANTAGONIST, env / families);
        if (k < 0)
            continue;
        *out = slate->levels[k].pick;
        return;
    }
    *out = para_maker_fresh(p->def, env, rng);
}

// ---------------------------------------------------------------------------------------------
// Its life.

static void destroy(void *state)
{
    Paired *p = state;
    para_antagonist_destroy(p->antagonist);
    if (p->stage) {
        para_env_destroy(&p->env);
        para_world_group_destroy(p->stage);
    }
    para_arena_destroy(p->arena);
}

static bool make_antagonist(Paired *p)
{
    const ParaMakerDef *def = p->def;
    int seats = seats_of(def);
    if (seats == 0)
        return true;
    ParaAntagonistDef antagonist = {.families = def->families,
                                    .solver = def->solver,
                                    .surprises = def->surprises,
                                    .workers = def->workers,
                                    .player = def->player,
                                    .learner = def->learner,
                                    .envs = seats * def->families->count,
                                    .seed = para_seed_mix(def->seed, 1),
                                    .next = next_of_antagonist,
                                    .next_context = p};
    p->antagonist = para_antagonist_create(&antagonist, p->arena);
    return p->antagonist != NULL;
}

static void *create(const ParaMakerDef *def, ParaArena *arena)
{
    PARA_ASSERT(def->learner != NULL && def->player != NULL && def->workers != NULL);
    (void)arena;
    ParaArena *own = para_arena_create((size_t)1 << 20, MEMORY_MOST);
    if (!own)
        return NULL;
    Paired *p = PARA_NEW(own, Paired, 1);
    *p = (Paired){.def = def,
                  .arena = own,
                  .stage = para_world_group_create(def->solver, 1),
                  .slates = PARA_NEW(own, ParaSlate, def->families->count),
                  .levels = PARA_NEW(own, ParaKept, kept_max(def))};
    for (int f = 0; f < def->families->count; f++)
        para_slate_create(&p->slates[f], def, f, p->levels + (size_t)f * (size_t)para_slate_size(def), own);
    if (p->stage)
        para_env_init(&p->env, para_world_at(p->stage, 0), false);
    if (!p->stage || !make_antagonist(p)) {
        destroy(p);
        return NULL;
    }
    return p;
}

static int64_t propose(void *state, int64_t decisions, const ParaPolicy *policy)
{
    Paired *p = state;
    int levels = 0;
    int64_t steps = 0;
    (void)policy;
    for (int k = 0; k < kept_max(p->def); k++)
        p->levels[k].fresh = false;
    if (!p->antagonist)
        return 0;
    for (int f = 0; f < p->def->families->count; f++) {
        ParaSlate *slate = &p->slates[f];
        if (para_slate_is_played(slate, decisions)) { // an empty one is, too
            para_slate_learn(slate);
            para_slate_draw(slate, &p->env, decisions, envs_of(p->def));
        }
        levels += slate->count;
    }
    if (levels == 0)
        return 0;
    ParaEndedList ended = para_antagonist_play(p->antagonist, &steps);
    for (int i = 0; i < ended.count; i++)
        para_slate_note(&p->slates[ended.items[i].pick.family], PARA_SIDE_ANTAGONIST, &ended.items[i]);
    return steps;
}

static void learn(void *state, const ParaEnded *ended)
{
    Paired *p = state;
    para_slate_note(&p->slates[ended->pick.family], PARA_SIDE_PLAYER, ended);
}

// ---------------------------------------------------------------------------------------------
// Telling and keeping.

/// The parameter whose mean over the slates is farthest from the middle of its range, for its range.
/// @return false: there is none
static bool most_moved(const Paired *p, int *out_family, int *out_param, double *out_mean)
{
    double most = 0;
    for (int f = 0; f < p->def->families->count; f++) {
        const ParaSlate *slate = &p->slates[f];
        const ParaTemplate *t = p->def->families->templates[f];
        for (int k = 0; slate->learned > 0 && slate->count > 0 && k < para_template_param_count(t); k++) {
            const ParaParam *param = para_template_param(t, k);
            double mean = 0;
            for (int i = 0; i < slate->count; i++)
                mean += slate->levels[i].pick.values[k] / slate->count;
            double moved = fabs(mean - (param->low + param->high) / 2) / (param->high - param->low);
            if (!(moved > most))
                continue;
            most = moved;
            *out_family = f;
            *out_param = k;
            *out_mean = mean;
        }
    }
    return most > 0;
}

static void describe(const void *state, char *out, size_t size)
{
    const Paired *p = state;
    const ParaFamilies *families = p->def->families;
    int learned = 0, family = 0, at = 0;
    double ahead = 0, mean = 0;
    char who[48], moved[96] = "", now[PARA_NUMBER_SIZE], low[PARA_NUMBER_SIZE], high[PARA_NUMBER_SIZE];
    for (int f = 0; f < families->count; f++)
        if (p->slates[f].learned > 0) {
            learned++;
            ahead += p->slates[f].ahead;
        }
    if (!p->antagonist || learned == 0) {
        snprintf(out, size, "%s",
                 p->antagonist ? "proposes levels over whole ranges until an antagonist has played some"
                               : "draws every level anew: too few worlds of each family for an antagonist");
        return;
    }
    if (most_moved(p, &family, &at, &mean)) {
        const ParaParam *param = para_template_param(families->templates[family], at);
        para_text_format(moved, sizeof moved, ", %.20s%s%.20s %s of %s to %s%s%.*s",
                         families->count > 1 ? families->names[family] : "", families->count > 1 ? " " : "",
                         param->name, para_text_measure(mean, now), para_text_measure(param->low, low),
                         para_text_measure(param->high, high), param->unit[0] ? " " : "",
                         para_cells_cut(param->unit, 8), param->unit);
    }
    if (families->count == 1)
        snprintf(who, sizeof who, "%.20s, regret %s", families->names[0],
                 para_text_measure(p->slates[0].mean, now));
    else
        snprintf(who, sizeof who, "levels of %d families", learned);
    para_text_format(out, size, "proposes %s: antagonist ahead on %.0f %%%s", who, 100 * ahead / learned,
                     moved);
}

static const ParaKept *kept(const void *state, int *out_count)
{
    const Paired *p = state;
    *out_count = kept_max(p->def);
    return p->levels;
}

static void save(const void *state, ParaBytes *out)
{
    const Paired *p = state;
    for (int f = 0; f < p->def->families->count; f++)
        para_slate_save(&p->slates[f], out);
    if (p->antagonist)
        para_antagonist_save(p->antagonist, out);
}

static bool load(void *state, ParaBytesReader *in)
{
    Paired *p = state;
    for (int f = 0; f < p->def->families->count; f++)
        if (!para_slate_load(&p->slates[f], in))
            return false;
    return (!p->antagonist || para_antagonist_load(p->antagonist, in)) && !in->bad;
}

const ParaMakerMethod para_maker_paired = {.create = create,
                                           .destroy = destroy,
                                           .propose = propose,
                                           .next = next,
                                           .learn = learn,
                                           .describe = describe,
                                           .save = save,
                                           .load = load,
                                           .kept = kept,
                                           .kept_max = kept_max};
