// SPDX-License-Identifier: MIT
// The level that follows: which family, how hard, which values and edits; and what is refused.
#include "agents/batch/seeds.h"
#include "agents/search/search.h"
#include "apps/endless/endless.h"
#include "apps/endless/ladder.h"
#include "apps/still.h"
#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

#define FAMILY_TRIES 4 // families that are tried where one makes no level
#define LEVEL_TRIES  8 // levels of a family
#define SEARCHES     2 // levels of them that are searched; of those that are not solved the nearest is taken
#define LOSSES_MOST  2 // in a row, then another family has its turn
#define EDITS_MOST   6 // of a level
#define EDITS_RATE   5 // edits for 1 of difficulty above 1
#define TWIST_EVERY  3 // levels, one of which is edited once
#define TWIST_FROM   0.3 // [1] of difficulty
#define EDITS_ALONE  3   // edits for 1 of difficulty, where no tiers say what is harder

/// What the next level is to be.
typedef struct Plan {
    int family, visit;
    double difficulty;
    int edits;
} Plan;

/// Another family than the one in play, the less it was played the likelier.
static int draw_family(const ParaEndless *e, ParaRng *rng)
{
    double weights[PARA_ENDLESS_FAMILIES_MAX], sum = 0;
    int count = e->families->count, own = e->number > 0 && count > 1 ? e->level.pick.family : -1, last = 0;
    for (int f = 0; f < count; f++)
        sum += weights[f] = f == own ? 0 : 1.0 / (1 + e->plays[f]);
    double at = para_rng_f64(rng) * sum;
    for (int f = 0; f < count; f++) {
        if (weights[f] <= 0)
            continue;
        last = f;
        if ((at -= weights[f]) < 0)
            break;
    }
    return last;
}

/// @param attempt [1] >= 0; from 1 on the family in play makes no level
static Plan plan_next(const ParaEndless *e, int attempt, ParaRng *rng)
{
    bool other = e->number == 0 || e->visit_left <= 0 || e->losses >= LOSSES_MOST || attempt > 0;
    Plan plan = {.family = other ? draw_family(e, rng) : e->level.pick.family,
                 .visit = other ? e->visit + 1 + attempt : e->visit};
    plan.difficulty = para_endless_target(e, plan.family);
    if (!para_ladder_is_told(e->families->templates[plan.family]))
        plan.edits = (int)(plan.difficulty * EDITS_ALONE);
    else if (plan.difficulty > 1)
        plan.edits = 1 + (int)((plan.difficulty - 1) * EDITS_RATE);
    else
        plan.edits = plan.difficulty >= TWIST_FROM && !other && e->number % TWIST_EVERY == TWIST_EVERY - 1;
    plan.edits = plan.edits < EDITS_MOST ? plan.edits : EDITS_MOST;
    return plan;
}

/// What moves along the ladder stays at its place in its range while a family is visited, so that harder is
/// more of the same; the rest is drawn for each level.
static void draw_values(const ParaEndless *e, const Plan *plan, ParaRng *rng, double *out)
{
    const ParaTemplate *t = e->families->templates[plan->family];
    ParaRng visit = para_rng_make(para_seed_mix(e->seed, (uint64_t)plan->visit), "visit");
    for (int p = 0; p < para_template_param_count(t); p++) {
        double low, high, of_visit = para_rng_f64(&visit), of_level = para_rng_f64(rng);
        bool moves = para_ladder_range(t, p, plan->difficulty, &low, &high);
        out[p] = para_ladder_value(t, p, plan->difficulty, moves ? of_visit : of_level);
    }
}

static const ParaEditKind harder[] = {PARA_EDIT_CUT_GROUND, PARA_EDIT_ROUGHEN_GROUND, PARA_EDIT_RAISE_GROUND,
                                      PARA_EDIT_ADD_HAZARD, PARA_EDIT_ADD_WIND,       PARA_EDIT_ADD_BODY,
                                      PARA_EDIT_MOVE_GOAL};
enum { HARDER = sizeof harder / sizeof *harder };

static void say_twist(ParaEndlessLevel *level, const char *says)
{
    size_t length = strlen(level->twists);
    snprintf(level->twists + length, sizeof level->twists - length, "%s%s", length ? "; " : "", says);
}

/// Adds up to `wanted` edits that can be done.
static void edit(ParaEndlessLevel *out, const ParaLevel *level, int wanted, ParaRng *rng, ParaArena *arena)
{
    for (int tries = 0; tries < 3 * wanted && out->pick.edit_count < wanted; tries++) {
        char says[PARA_EDIT_SAYS_MAX];
        ParaEdit one = {.kind = harder[para_rng_int(rng, 0, HARDER - 1)], .seed = para_rng_u64(rng) >> 1};
        const ParaLevel *edited =
            para_edit_apply(level, (ParaEditKind)one.kind, one.seed, arena, says, sizeof says);
        if (!edited)
            continue;
        level = edited;
        out->pick.edits[out->pick.edit_count++] = one;
        say_twist(out, says);
    }
}

/// @return NULL: no level of this plan at these draws
static const ParaLevel *make(const ParaEndless *e, const Plan *plan, ParaRng *rng, ParaArena *arena,
                             ParaEndlessLevel *out)
{
    *out = (ParaEndlessLevel){.pick = {.family = plan->family, .bound = true},
                              .difficulty = plan->difficulty,
                              .visit = plan->visit};
    out->pick.seed = para_training_seed(para_rng_u64(rng));
    draw_values(e, plan, rng, out->pick.values);
    const ParaLevel *level = para_families_sample(e->families, &out->pick, "endless", arena);
    if (level && plan->edits > 0 && level->player_count == 1) {
        edit(out, level, plan->edits, rng, arena);
        level = para_families_sample(e->families, &out->pick, "endless", arena);
    }
    out->hash = level ? level->hash : 0;
    return level && level->player_count == 1 ? level : NULL;
}

static bool is_new(const ParaEndless *e, uint64_t hash)
{
    bool fresh = true;
    for (int k = 0; k < PARA_ENDLESS_PAST; k++)
        fresh &= e->past[k] != hash;
    return fresh;
}

// ---------------------------------------------------------------------------------------------
// Is it worth to be played?

static bool is_stopped(const ParaEndlessMaker *maker)
{
    return maker->stop && maker->stop(maker->stop_context);
}

/// @return whether a world of it can be built, and is not solved where nobody acts
static bool asks_for_somebody(const ParaEndlessMaker *maker, const ParaLevel *level)
{
    ParaWorldGroup *group = para_world_group_create(maker->solver, 1);
    bool good = group && para_solver_fits(maker->solver, &level->world, NULL, 0) &&
                !para_app_solves_itself(group, level, maker->stop, maker->stop_context);
    if (group)
        para_world_group_destroy(group);
    return good;
}

/// How near a quick search comes. On chipmunk it would not be quick: there is none.
/// @return [1] 0..1 of the goal; 2: it is solved
static double search(const ParaEndlessMaker *maker, const ParaLevel *level, ParaArena *arena)
{
    const char *error = NULL;
    if (maker->solver == PARA_SOLVER_CHIPMUNK || !para_solver_fits(PARA_SOLVER_LANES, &level->world, NULL, 0))
        return 0;
    ParaWorkers *workers = para_workers_create(1);
    const ParaSearchDef def = {.level = level,
                               .solver = maker->solver,
                               .seed = level->hash,
                               .steps_max = maker->search_steps,
                               .stop = maker->stop,
                               .stop_context = maker->stop_context};
    ParaSearch *found = workers ? para_search_open(&def, workers, arena, &error) : NULL;
    while (found && para_search_next(found)) {
    }
    double share = !found ? 0 : found->solved ? 2 : (double)found->progress;
    para_search_close(found);
    if (workers)
        para_workers_destroy(workers);
    return share;
}

/// The best of some levels of a plan. One that was among the last is edited once more, as a family without
/// parameters has no other. @return false: none of them is worth it
static bool choose(const ParaEndless *e, const ParaEndlessMaker *maker, Plan plan, ParaRng *rng,
                   ParaArena *arena, ParaEndlessLevel *out)
{
    double best = -1;
    int searches = 0;
    for (int i = 0; i < LEVEL_TRIES && searches < SEARCHES && best < 2 && !is_stopped(maker); i++) {
        ParaEndlessLevel one;
        para_arena_clear(arena);
        const ParaLevel *level = make(e, &plan, rng, arena, &one);
        bool known = level && !is_new(e, one.hash);
        plan.edits += known && plan.edits < EDITS_MOST;
        if (!level || known || !asks_for_somebody(maker, level))
            continue;
        double share = maker->search_steps > 0 ? search(maker, level, arena) : 0;
        searches += maker->search_steps > 0 ? 1 : SEARCHES;
        one.proven = share == 2;
        if (share > best)
            *out = one;
        best = share > best ? share : best;
    }
    return best >= 0;
}

bool para_endless_propose(const ParaEndless *e, const ParaEndlessMaker *maker, ParaArena *scratch,
                          ParaEndlessLevel *out, const char **out_error)
{
    PARA_ASSERT(e->end != PARA_ENDLESS_OPEN);
    ParaRng rng = para_rng_make(para_seed_mix(e->seed, (uint64_t)e->number + 1), "endless");
    for (int attempt = 0; attempt < FAMILY_TRIES && !is_stopped(maker); attempt++) {
        Plan plan = plan_next(e, attempt, &rng);
        if (choose(e, maker, plan, &rng, scratch, out) && !is_stopped(maker))
            return true;
    }
    *out_error = is_stopped(maker) ? "stopped" : "no level of these families could be made; name others";
    return false;
}
