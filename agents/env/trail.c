// SPDX-License-Identifier: MIT
// Where a player was and what it met, gathered as it goes and read at the end.
#include "agents/env/trail.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define GRID      16   // cells of the picture in each direction
#define MOVED     0.25 // [m] from its start, and a body counts as moved
#define HALF_WAYS 2    // with nothing new for 1 / so much of its time a player was stuck

static void touch(ParaTrail *trail, int body)
{
    if (body < PARA_REPORT_BODIES)
        trail->touched[body / 64] |= UINT64_C(1) << (body % 64);
}

void para_trail_step(ParaEnv *env)
{
    const ParaView *view = para_world_view(env->world);
    const ParaLevel *level = env->level;
    for (int e = 0; e < view->event_count; e++) {
        const ParaEvent *event = &view->events[e];
        if (event->kind == PARA_EVENT_END)
            continue;
        for (int p = 0; p < level->player_count; p++) {
            bool a = para_level_body_role(level, p, event->body_a) == PARA_ROLE_PLAYER;
            bool b = para_level_body_role(level, p, event->body_b) == PARA_ROLE_PLAYER;
            if (a == b || !(env->acting >> p & 1))
                continue;
            ParaTrail *trail = &env->accounts[p].trail;
            touch(trail, a ? event->body_b : event->body_a);
            trail->impulse = event->impulse > trail->impulse ? event->impulse : trail->impulse;
        }
    }
}

/// The cell of a place in the picture; what is outside counts as at its edge.
static int cell_of(const ParaLevel *level, float x, float y)
{
    double width = para_max(1e-3, (double)level->world.size.x),
           height = para_max(1e-3, (double)level->world.size.y);
    int column = (int)para_clamp((double)x / width * GRID, 0, GRID - 1);
    int row = (int)para_clamp((double)y / height * GRID, 0, GRID - 1);
    return row * GRID + column;
}

void para_trail_decide(ParaEnv *env, int player)
{
    const ParaView *view = para_world_view(env->world);
    ParaTrail *trail = &env->accounts[player].trail;
    size_t at = (size_t)env->level->players[player].body * (size_t)view->stride;
    float progress = env->play.players[player].progress;
    if (isfinite(view->x[at]) && isfinite(view->y[at])) {
        int cell = cell_of(env->level, view->x[at], view->y[at]);
        uint64_t bit = UINT64_C(1) << (cell % 64);
        if (!(trail->cells[cell / 64] & bit))
            trail->news = env->decisions;
        trail->cells[cell / 64] |= bit;
    }
    trail->closest = progress > trail->closest ? progress : trail->closest;
}

static int bits_of(uint64_t bits)
{
    int count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

static ParaCause cause_of_leaf(const ParaLevel *level, const ParaPlayCause *cause)
{
    switch (level->goals[cause->node].kind) {
    case PARA_GOAL_BELOW:
        return PARA_CAUSE_FELL;
    case PARA_GOAL_TOUCH:
    case PARA_GOAL_INSIDE:
    case PARA_GOAL_NEAR:
    case PARA_GOAL_OVERLAP:
    case PARA_GOAL_COLLECTED:
        return PARA_CAUSE_HAZARD;
    case PARA_GOAL_ABOVE:
    case PARA_GOAL_RIGHT_OF:
    case PARA_GOAL_LEFT_OF:
    case PARA_GOAL_SLOW:
        return PARA_CAUSE_LEFT;
    case PARA_GOAL_UPRIGHT:
        return PARA_CAUSE_TIPPED;
    case PARA_GOAL_SHATTERED:
        return cause->body >= 0 && level->body_shatters[cause->body] <= 0 ? PARA_CAUSE_CRUSHED
                                                                          : PARA_CAUSE_SHATTERED;
    case PARA_GOAL_TIME:
    case PARA_GOAL_IS:
    case PARA_GOAL_AT:
    case PARA_GOAL_EVERY:
    case PARA_GOAL_ALL:
    case PARA_GOAL_ANY:
    case PARA_GOAL_NOT:
    case PARA_GOAL_THEN:
        break;
    }
    return PARA_CAUSE_RULE;
}

static void tell_cause(const ParaEnv *env, int player, ParaReport *report)
{
    const ParaTrail *trail = &env->accounts[player].trail;
    ParaPlayCause cause = para_play_cause_of(&env->play, env->level, env->world, player);
    report->cause_body = cause.body;
    report->cause_other = cause.other;
    report->cause_zone = cause.zone;
    switch (report->end) {
    case PARA_END_SOLVED:
    case PARA_END_CUT:
        report->cause = PARA_CAUSE_NONE;
        break;
    case PARA_END_DIVERGED:
        report->cause = PARA_CAUSE_DIVERGED;
        break;
    case PARA_END_TIMEOUT:
        report->cause = trail->news * HALF_WAYS <= report->decisions ? PARA_CAUSE_STUCK : PARA_CAUSE_TIME;
        break;
    case PARA_END_FAILED:
        report->cause = cause.node >= 0 ? cause_of_leaf(env->level, &cause) : PARA_CAUSE_RULE;
        break;
    }
}

static void tell_moved(const ParaEnv *env, ParaReport *report)
{
    const ParaView *view = para_world_view(env->world);
    const ParaWorldDef *def = &env->level->world;
    for (int b = 0; b < def->body_count && b < PARA_REPORT_BODIES; b++) {
        size_t at = (size_t)b * (size_t)view->stride;
        if (def->bodies[b].kind != PARA_BODY_DYNAMIC || para_level_owner(env->level, b) >= 0)
            continue;
        double dx = (double)(view->x[at] - def->bodies[b].position.x),
               dy = (double)(view->y[at] - def->bodies[b].position.y);
        if (dx * dx + dy * dy > MOVED * MOVED)
            report->moved[b / 64] |= UINT64_C(1) << (b % 64);
    }
}

void para_trail_report(const ParaEnv *env, int player, ParaReport *report)
{
    const ParaTrail *trail = &env->accounts[player].trail;
    const ParaView *view = para_world_view(env->world);
    size_t at = (size_t)env->level->players[player].body * (size_t)view->stride;
    int cells = 0;
    for (int k = 0; k < GRID * GRID / 64; k++)
        cells += bits_of(trail->cells[k]);
    report->coverage = (float)cells / (GRID * GRID);
    report->closest = report->progress > trail->closest ? report->progress : trail->closest;
    report->impulse = trail->impulse;
    report->x = view->x[at];
    report->y = view->y[at];
    for (int k = 0; k < PARA_REPORT_BODIES / 64; k++)
        report->touched[k] = trail->touched[k];
    tell_moved(env, report);
    tell_cause(env, player, report);
}
