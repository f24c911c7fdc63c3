// SPDX-License-Identifier: MIT
// What an expression of a level in play reads: time, variables, and the world as it is in this step. Only the
// view is asked, which both solvers fill alike.
#include "worlds/rules/goal.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/expr/expr.h"
#include "worlds/rules/events.h"

#include <math.h>

/// Who asks.
typedef struct Asking {
    const ParaPlay *play;
    const ParaLevel *level;
    const ParaView *view;
} Asking;

static double of(const ParaView *view, const float *values, int thing)
{
    return (double)values[(size_t)thing * (size_t)view->stride];
}

/// As the goal of that name.
static double touching(const Asking *asking, const ParaExprThing *a, const ParaExprThing *b)
{
    const ParaGoalNode node = {.kind = PARA_GOAL_TOUCH,
                               .a = a->first,
                               .a_count = a->count,
                               .a_player = a->player,
                               .b = b->count ? b->first : -1,
                               .b_count = b->count,
                               .b_player = b->player};
    return para_goal_touching(asking->level, asking->view, &node, NULL);
}

static double inside(const ParaView *view, int body, const ParaExprThing *zones)
{
    uint32_t bits = view->zone_bits[(size_t)body * (size_t)view->stride] >> zones->first;
    bool enabled = view->enabled[(size_t)body * (size_t)view->stride];
    return enabled && (bits & (zones->count >= 32 ? 0xffffffffu : (1u << zones->count) - 1)) != 0;
}

static double distance(const ParaView *view, int body, const ParaExprThing *things)
{
    double least = (double)INFINITY;
    for (int k = things->first; k < things->first + things->count; k++)
        least = para_min(least, para_play_distance(view, body, k, things->zone ? k : -1));
    return least;
}

static double impulse(const ParaView *view, int body)
{
    double sum = 0;
    for (int c = 0; c < view->contact_count; c++)
        if (view->contacts[c].body_a == body || view->contacts[c].body_b == body)
            sum += (double)view->contacts[c].impulse;
    return sum;
}

/// Of a channel that no actuator binds, and of what is no channel: 0.
static double action(const ParaPlay *play, double channel)
{
    return channel >= 0 && channel < PARA_CHANNELS ? (double)play->players[0].action[(int)channel] : 0;
}

static double ray(const ParaView *view, int body, const double values[3])
{
    double size = para_sqrt(values[0] * values[0] + values[1] * values[1]), far = values[2] / size;
    if (!(size > 0) || !(values[2] > 0) || !isfinite(far))
        return 1;
    const ParaVec2 from = {(float)of(view, view->x, body), (float)of(view, view->y, body)};
    const ParaVec2 reach = {(float)(values[0] * far), (float)(values[1] * far)};
    float fraction;
    para_view_rays(view, from, &reach, 1, UINT32_MAX, view->def->bodies[body].group, body, &fraction);
    return (double)fraction;
}

static double sense(const void *world, const ParaExprSense *asked, const double *values)
{
    const Asking *asking = world;
    const ParaView *view = asking->view;
    const ParaExprThing *a = &asked->things[0], *b = &asked->things[1];
    switch (asked->kind) {
    case PARA_SENSE_X:
        return a->zone ? (double)view->zones[a->first].position.x : of(view, view->x, a->first);
    case PARA_SENSE_Y:
        return a->zone ? (double)view->zones[a->first].position.y : of(view, view->y, a->first);
    case PARA_SENSE_CENTRE_X:
        return of(view, view->centre_x, a->first);
    case PARA_SENSE_CENTRE_Y:
        return of(view, view->centre_y, a->first);
    case PARA_SENSE_VX:
        return of(view, view->vx, a->first);
    case PARA_SENSE_VY:
        return of(view, view->vy, a->first);
    case PARA_SENSE_SPEED:
        return para_play_speed(view, a->first);
    case PARA_SENSE_ANGLE:
        return of(view, view->angle, a->first);
    case PARA_SENSE_SPIN:
        return of(view, view->spin, a->first);
    case PARA_SENSE_JOINT_ANGLE:
        return of(view, view->joint_angle, a->first);
    case PARA_SENSE_JOINT_SPEED:
        return of(view, view->joint_speed, a->first);
    case PARA_SENSE_JOINT_LOAD:
        return of(view, view->joint_load, a->first);
    case PARA_SENSE_TOUCHING:
        return touching(asking, a, b);
    case PARA_SENSE_INSIDE:
        return inside(view, a->first, b);
    case PARA_SENSE_DISTANCE:
        return distance(view, a->first, b);
    case PARA_SENSE_IMPULSE:
        return impulse(view, a->first);
    case PARA_SENSE_ACTION:
        return action(asking->play, values[0]);
    case PARA_SENSE_RAY:
        return ray(view, a->first, values);
    }
    PARA_NEVER("no question");
}

bool para_play_number(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                      const ParaChanging *changing, double *out_value)
{
    *out_value = changing->number;
    if (!changing->program)
        return changing->given;
    const Asking asking = {play, level, view};
    const ParaExprInput input = {.variables = play->events ? play->events->variables : NULL,
                                 .time = view->time,
                                 .sense = sense,
                                 .world = &asking};
    return para_expr_run(changing->program, &input, out_value) == PARA_EXPR_FINE;
}

void para_play_observes(const ParaPlay *play, const ParaLevel *level, ParaWorld world, float *out)
{
    const ParaView *view = para_world_view(world);
    for (int k = 0; k < level->observe_count; k++) {
        double value;
        bool known = para_play_number(play, level, view, &level->observes[k].value, &value);
        out[k] = known ? (float)(value / (double)level->observes[k].scale) : 0;
    }
}

void para_play_forces(const ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    for (int z = 0; z < level->world.zone_count; z++) {
        if (!para_level_force_changes(level, z))
            continue;
        ParaZoneState now = view->zones[z];
        double by[2];
        for (int k = 0; k < 2; k++)
            if (!para_play_number(play, level, view, &level->zone_forces[z].by[k], &by[k]))
                by[k] = 0; // it has no value now
        now.acceleration = (ParaVec2){(float)para_clamp(by[0], -PARA_FORCE_MOST, PARA_FORCE_MOST),
                                      (float)para_clamp(by[1], -PARA_FORCE_MOST, PARA_FORCE_MOST)};
        para_world_set_zone(world, z, &now);
    }
}
