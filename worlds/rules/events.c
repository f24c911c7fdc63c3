// SPDX-License-Identifier: MIT
// Events: which happen in a step, what they remember, and the clocks of bodies that they start and stop.
#include "worlds/rules/events.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/expr/expr.h"
#include "worlds/rules/checkpoints.h"
#include "worlds/rules/path.h"
#include "worlds/rules/portals.h"

#include <math.h>
#include <string.h>

#define STEPS_ASKED 10000 // whether an expression of time is ever true; more would take long

// ---------------------------------------------------------------------------------------------
// Memory: one block, cut by the level.

static bool changes_friction(const ParaLevel *level)
{
    for (int a = 0; a < level->act_count; a++)
        if (level->acts[a].kind == PARA_ACT_FRICTION)
            return true;
    return false;
}

static int moving_end(const ParaLevel *level)
{
    int end = 0;
    for (int b = 0; b < level->world.body_count; b++)
        if (para_level_moves(level, b))
            end = b + 1;
    return end;
}

static bool path_waits(const ParaLevel *level, int body)
{
    const ParaPath *path = para_level_path(level, body);
    return path && path->waits;
}

static bool has_clocks(const ParaLevel *level)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (level->body_motions[b].waits || level->body_motions[b].ends || path_waits(level, b))
            return true;
    return false;
}

size_t para_play_events_size(const ParaLevel *level)
{
    if (level->event_count == 0 && level->variable_count == 0 && !has_clocks(level) && !level->zone_portals &&
        !level->checkpoints)
        return 0;
    size_t size = sizeof(ParaEventState) + sizeof(ParaRamp) * (size_t)level->act_count +
                  sizeof(ParaMover) * (size_t)moving_end(level) +
                  (changes_friction(level) ? sizeof(float) * (size_t)level->world.body_count : 0) +
                  (level->zone_portals ? sizeof(uint32_t) * (size_t)level->world.body_count : 0) +
                  (level->checkpoints ? sizeof(ParaLife) * (size_t)level->player_count : 0);
    return (size + 15) & ~(size_t)15; // whatever lies behind it begins well
}

ParaRamp *para_events_ramps(const ParaPlay *play) { return (ParaRamp *)(void *)(play->events + 1); }

ParaMover *para_events_movers(const ParaPlay *play, const ParaLevel *level)
{
    return (ParaMover *)(void *)(para_events_ramps(play) + level->act_count);
}

float *para_events_frictions(const ParaPlay *play, const ParaLevel *level)
{
    if (!changes_friction(level))
        return NULL;
    return (float *)(void *)(para_events_movers(play, level) + play->moving_end);
}

/// Behind movers and frictions.
static uint32_t *after_frictions(const ParaPlay *play, const ParaLevel *level)
{
    float *after = (float *)(void *)(para_events_movers(play, level) + play->moving_end);
    return (uint32_t *)(void *)(after + (changes_friction(level) ? level->world.body_count : 0));
}

uint32_t *para_events_entered(const ParaPlay *play, const ParaLevel *level)
{
    return level->zone_portals ? after_frictions(play, level) : NULL;
}

ParaLife *para_events_lives(const ParaPlay *play, const ParaLevel *level)
{
    if (!level->checkpoints)
        return NULL;
    return (ParaLife *)(void *)(after_frictions(play, level) +
                                (level->zone_portals ? level->world.body_count : 0));
}

void para_play_events_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaInputs *inputs = para_world_inputs(world);
    for (int b = 0; b < level->world.body_count; b++)
        if (para_level_is_spare(level, b))
            para_world_disable_body(world, b);
    for (int j = 0; j < level->world.joint_count; j++) {
        if (level->joint_unmade && level->joint_unmade[j])
            para_world_break_joint(world, j);
        if (!level->joint_motors)
            continue;
        inputs->motor_rate[(size_t)j * (size_t)inputs->stride] = level->joint_motors[j].rate;
        inputs->motor_max[(size_t)j * (size_t)inputs->stride] = level->joint_motors[j].torque;
    }
    if (!play->events)
        return;
    memset(play->events, 0, para_play_events_size(level));
    for (int v = 0; v < level->variable_count; v++)
        play->events->variables[v] = level->variables[v].start;
    ParaMover *movers = para_events_movers(play, level);
    for (int b = 0; b < play->moving_end; b++)
        movers[b] =
            (ParaMover){.direction = 1, .runs = !level->body_motions[b].waits && !path_waits(level, b)};
    float *frictions = para_events_frictions(play, level);
    for (int s = level->world.shape_count - 1; frictions && s >= 0; s--) // the first of a body's shapes stays
        frictions[level->world.shapes[s].body] = level->world.shapes[s].friction;
    if (level->zone_portals)
        para_portals_begin(play, level, world);
    if (level->checkpoints)
        para_checkpoints_begin(play, level);
}

double para_play_variable(const ParaPlay *play, int variable)
{
    PARA_ASSERT(play->events && variable >= 0 && variable < PARA_VARIABLES_MAX);
    return play->events->variables[variable];
}

const char *para_play_message(const ParaPlay *play, const ParaLevel *level)
{
    return play->said > 0 ? level->acts[play->said - 1].text : "";
}

static bool is_set(const ParaLevel *level, int variable)
{
    for (int a = 0; a < level->act_count; a++)
        if (level->acts[a].variable == variable)
            return true;
    return false;
}

bool para_play_is_ever(const ParaLevel *level, const ParaGoalNode *node)
{
    const ParaExpr *program = node->is.program;
    double start[PARA_VARIABLES_MAX], value;
    if (!program)
        return node->is.number != 0;
    if (para_expr_reads_world(program))
        return true; // for all one knows
    for (int v = 0; v < level->variable_count; v++) {
        start[v] = level->variables[v].start;
        if (para_expr_reads_variable(program, v) && is_set(level, v))
            return true;
    }
    ParaExprInput input = {.variables = start};
    int steps = para_expr_reads_time(program) ? para_level_steps(level, level->seconds) : 1;
    if (steps > STEPS_ASKED)
        return true; // likewise
    for (int step = 1; step <= steps; step++) {
        input.time = (double)step / (double)level->world.rate;
        if (para_expr_run(program, &input, &value) == PARA_EXPR_FINE && value != 0)
            return true;
    }
    return false;
}

// ---------------------------------------------------------------------------------------------
// Clocks.

int32_t para_events_clock(ParaPlay *play, const ParaLevel *level, int body)
{
    const ParaPath *path = para_level_path(level, body);
    ParaMover *mover = &para_events_movers(play, level)[body];
    if (!mover->runs)
        return mover->clock;
    mover->clock += mover->direction;
    bool ends = path ? path->goes == PARA_GOES_ONCE : level->body_motions[body].ends;
    if (!ends)
        return mover->clock;
    int32_t end =
        path ? para_path_steps(level, path) : para_level_steps(level, level->body_motions[body].period / 2);
    mover->clock = mover->clock > end ? end : mover->clock < 0 ? 0 : mover->clock; // there it waits
    return mover->clock;
}

// ---------------------------------------------------------------------------------------------
// What happens.

void para_play_events_before(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaRamp *ramps = para_events_ramps(play);
    for (int a = 0; a < level->act_count; a++)
        if (ramps[a].left > 0)
            para_act_go_on(play, level, world, a);
}

/// Is one of the single steps of a predicate now? Then it is true anew, though it was true just before.
static bool is_moment(const ParaPlay *play, const ParaLevel *level, const ParaView *view, int root)
{
    const ParaGoalNode *node = &level->goals[root];
    if (!para_goal_is_tree(node->kind))
        return para_goal_is_moment(node->kind) && para_goal_leaf_true(play, level, view, node);
    for (int k = 0; k < node->child_count; k++)
        if (is_moment(play, level, view, node->child_first + k))
            return true;
    return false;
}

/// An order that has been gone through begins anew.
static void start_over(ParaPlay *play, const ParaLevel *level, int root)
{
    const ParaGoalNode *node = &level->goals[root];
    play->done[root] = 0;
    for (int k = 0; para_goal_is_tree(node->kind) && k < node->child_count; k++)
        start_over(play, level, node->child_first + k);
}

void para_play_events_after(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    ParaEventState *state = play->events;
    const ParaView *view = para_world_view(world);
    if (level->zone_portals)
        para_portals_after(play, level, world);
    if (level->checkpoints)
        para_checkpoints_after(play, level, world);
    for (int e = 0; e < level->event_count; e++) {
        const ParaLevelEvent *event = &level->events[e];
        uint32_t bit = 1u << e;
        if (!event->again && (state->spent & bit))
            continue;
        bool now = para_goal_judge(play, level, view, event->root, NULL);
        bool happens = now && (!(state->was & bit) || is_moment(play, level, view, event->root));
        state->was = now ? state->was | bit : state->was & ~bit;
        if (!happens)
            continue;
        state->spent |= bit;
        for (int a = event->act_first; a < event->act_first + event->act_count; a++)
            para_act_do(play, level, world, a);
        if (event->again)
            start_over(play, level, event->root);
    }
}
