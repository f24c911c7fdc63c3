// SPDX-License-Identifier: MIT
// Which tries of a stage go on: the best, but not all of one kind, and some that are where few have been.
#include "agents/search/search_parts.h"
#include "engine/base/hash.h"
#include "engine/base/maths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ALIKE 2 // tries of one situation, and an eighth of one parent, that are kept for their score

static void track(ParaSearchWork *work, int body)
{
    if (body < 0 || work->def.level->world.bodies[body].kind == PARA_BODY_STATIC)
        return;
    for (int i = 0; i < work->tracked_count; i++)
        if (work->tracked[i] == body)
            return;
    if (work->tracked_count < PARA_SEARCH_TRACKED_MAX)
        work->tracked[work->tracked_count++] = body;
}

static void track_goal(ParaSearchWork *work, int index)
{
    const ParaGoalNode *node = &work->def.level->goals[index];
    if (para_goal_is_tree(node->kind)) {
        for (int k = 0; k < node->child_count; k++)
            track_goal(work, node->child_first + k);
        return;
    }
    for (int k = 0; k < node->a_count && node->a >= 0; k++)
        track(work, node->a + k);
    track(work, node->b);
}

void para_search_track(ParaSearchWork *work)
{
    const ParaLevel *level = work->def.level;
    double width = (double)level->world.size.x, height = (double)level->world.size.y;
    work->grid = para_clamp(para_max(width, height) / 32, 0.25, 10);
    track(work, level->players[0].body);
    track_goal(work, level->players[0].goal_root);
}

/// Whole steps of a size, bounded: a place may be anywhere.
static int32_t steps(float value, double size)
{
    return (int32_t)floor(para_clamp((double)value / size, -1e6, 1e6));
}

uint32_t para_search_cell(const ParaSearchWork *work, const ParaEnv *env)
{
    const ParaView *view = para_world_view(env->world);
    int32_t facts[PARA_SEARCH_TRACKED_MAX * 6] = {0};
    if (view->status == PARA_WORLD_DIVERGED)
        return 0;
    for (int i = 0; i < work->tracked_count; i++) {
        size_t at = (size_t)work->tracked[i] * (size_t)view->stride;
        int32_t *fact = facts + (ptrdiff_t)i * 6;
        fact[0] = steps(view->centre_x[at], work->grid);
        fact[1] = steps(view->centre_y[at], work->grid);
        fact[2] = steps(view->vx[at], 3);
        fact[3] = steps(view->vy[at], 3);
        fact[4] = steps(view->angle[at], PARA_TAU / 8);
        fact[5] = view->enabled[at];
    }
    uint64_t hash = para_hash(facts, sizeof facts, 0);
    hash = para_hash(env->play.done, sizeof env->play.done, hash);
    hash = para_hash(env->play.shattered, sizeof env->play.shattered, hash);
    hash = para_hash(env->play.collected, sizeof env->play.collected, hash);
    return (uint32_t)(hash % PARA_SEARCH_CELLS);
}

/// A try that may go on, as it is sorted.
typedef struct Place {
    int try;
    uint32_t visits; ///< of its situation; 0 where they do not count
    float score;
} Place;

/// Few visits first, then high scores, then low numbers.
static int compare(const void *a, const void *b)
{
    const Place *one = a, *other = b;
    if (one->visits != other->visits)
        return one->visits < other->visits ? -1 : 1;
    if (one->score != other->score)
        return one->score > other->score ? -1 : 1;
    return one->try - other->try;
}

static void take(ParaSearchWork *work, int try, bool *taken, int *out_tries, int *count)
{
    taken[try] = true;
    work->visits[work->tries[try].cell]++;
    out_tries[(*count)++] = try;
}

/// Takes in the order of places until there are `most`. @param alike of one situation
static void take_all(ParaSearchWork *work, const Place *places, int place_count, int most, int alike,
                     bool *taken, int *out_tries, int *count)
{
    int of_parent[PARA_SEARCH_KEPT] = {0};
    for (int i = 0; i < place_count && *count < most; i++) {
        const ParaTry *try = &work->tries[places[i].try];
        int same = 0;
        for (int k = 0; k < *count; k++)
            same += work->tries[out_tries[k]].cell == try->cell;
        if (taken[places[i].try] || same >= alike || of_parent[try->parent] >= alike * PARA_SEARCH_KEPT / 8)
            continue;
        of_parent[try->parent]++;
        take(work, places[i].try, taken, out_tries, count);
    }
}

int para_search_choose(ParaSearchWork *work, int out_tries[PARA_SEARCH_KEPT])
{
    Place places[PARA_SEARCH_TRIES];
    bool taken[PARA_SEARCH_TRIES] = {false};
    int place_count = 0, count = 0;
    for (int i = 0; i < PARA_SEARCH_TRIES; i++)
        if (work->tries[i].status == PARA_PLAY_ON)
            places[place_count++] = (Place){i, 0, work->tries[i].score};
    int greedy = (int)((1 - work->pass.novel) * PARA_SEARCH_KEPT + 0.5);
    qsort(places, (size_t)place_count, sizeof *places, compare);
    take_all(work, places, place_count, greedy, ALIKE, taken, out_tries, &count);
    for (int i = 0; i < place_count; i++)
        places[i].visits = work->visits[work->tries[places[i].try].cell];
    qsort(places, (size_t)place_count, sizeof *places, compare);
    take_all(work, places, place_count, PARA_SEARCH_KEPT, 1, taken, out_tries, &count);
    take_all(work, places, place_count, PARA_SEARCH_KEPT, PARA_SEARCH_TRIES, taken, out_tries, &count);
    return count;
}
