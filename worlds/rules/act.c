// SPDX-License-Identifier: MIT
// What events do to a world in play: one act at once, or a step of one that takes its time.
#include "worlds/rules/events.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/rules/carry.h"

#include <math.h>
#include <string.h>

/// What an act works with.
typedef struct Acting {
    ParaPlay *play;
    const ParaLevel *level;
    ParaWorld world;
    const ParaView *view;
    const ParaAct *act;
    int index; ///< of the act
} Acting;

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

static bool is_enabled(const ParaView *view, int body)
{
    return view->enabled[(size_t)body * (size_t)view->stride] != 0;
}

/// @return false where it is not given, or has no finite value now
static bool number(const Acting *acting, const ParaChanging *changing, double low, double high,
                   double *out_value)
{
    if (!para_play_number(acting->play, acting->level, acting->view, changing, out_value))
        return false;
    *out_value = para_clamp(*out_value, low, high);
    return true;
}

/// The number or pair that an act wants.
static bool wanted(const Acting *acting, double out_to[2])
{
    ParaActValue value = para_act_value(acting->act->kind);
    int count = value.wants == PARA_WANTS_NUMBER ? 1 : 2;
    out_to[1] = 0;
    for (int k = 0; k < count; k++)
        if (!number(acting, &acting->act->to[k], value.low, value.high, &out_to[k]))
            return false;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Quantities: what can be set, or go somewhere over a time.

static int first_of(const ParaAct *act)
{
    return act->body >= 0    ? act->body
           : act->joint >= 0 ? act->joint
           : act->zone >= 0  ? act->zone
                             : act->variable;
}

/// [m] How far the top of a zone is above its place.
static double top_of(const ParaView *view, int zone)
{
    const ParaZoneDef *def = &view->def->zones[zone];
    double s, c, top = (double)def->radius;
    if (def->kind == PARA_SHAPE_CIRCLE)
        return top;
    para_sincos((double)view->zones[zone].angle, &s, &c);
    for (uint32_t k = 0; k < def->point_count; k++) {
        ParaVec2 point = view->def->points[def->point_first + k];
        double y = s * (double)point.x + c * (double)point.y;
        top = k == 0 ? y : para_max(top, y);
    }
    return top;
}

/// What a quantity is now.  @param k which zone, joint, body or variable
static void read_quantity(const Acting *acting, int k, double out[2])
{
    const ParaView *view = acting->view;
    const ParaInputs *inputs = para_world_inputs(acting->world);
    out[1] = 0;
    switch (acting->act->kind) {
    case PARA_ACT_GRAVITY:
        out[0] = (double)view->gravity.x;
        out[1] = (double)view->gravity.y;
        return;
    case PARA_ACT_FORCE:
        out[0] = (double)view->zones[k].acceleration.x;
        out[1] = (double)view->zones[k].acceleration.y;
        return;
    case PARA_ACT_DRAG:
        out[0] = (double)view->zones[k].drag;
        return;
    case PARA_ACT_LEVEL:
        out[0] = (double)view->zones[k].position.y + top_of(view, k);
        return;
    case PARA_ACT_RATE:
        out[0] = (double)inputs->motor_rate[(size_t)k * (size_t)inputs->stride];
        return;
    case PARA_ACT_FRICTION:
        out[0] = (double)para_events_frictions(acting->play, acting->level)[k];
        return;
    case PARA_ACT_VARIABLE:
        out[0] = acting->play->events->variables[k];
        return;
    default:
        PARA_NEVER("an act that sets nothing");
    }
}

static void write_zone(const Acting *acting, int k, const double to[2])
{
    ParaZoneState now = acting->view->zones[k];
    if (acting->act->kind == PARA_ACT_FORCE)
        now.acceleration = (ParaVec2){(float)to[0], (float)to[1]};
    else if (acting->act->kind == PARA_ACT_DRAG)
        now.drag = (float)to[0];
    else
        now.position.y = (float)(to[0] - top_of(acting->view, k));
    para_world_set_zone(acting->world, k, &now);
}

static void write_quantity(const Acting *acting, int k, const double to[2])
{
    const ParaInputs *inputs = para_world_inputs(acting->world);
    switch (acting->act->kind) {
    case PARA_ACT_GRAVITY:
        para_world_set_gravity(acting->world, (ParaVec2){(float)to[0], (float)to[1]});
        return;
    case PARA_ACT_FORCE:
    case PARA_ACT_DRAG:
    case PARA_ACT_LEVEL:
        write_zone(acting, k, to);
        return;
    case PARA_ACT_RATE:
        inputs->motor_rate[(size_t)k * (size_t)inputs->stride] = (float)to[0];
        return;
    case PARA_ACT_FRICTION:
        para_events_frictions(acting->play, acting->level)[k] = (float)to[0];
        para_world_set_friction(acting->world, k, (float)to[0]);
        return;
    case PARA_ACT_VARIABLE:
        acting->play->events->variables[k] = to[0];
        return;
    default:
        PARA_NEVER("an act that sets nothing");
    }
}

/// Ends whatever else is on its way to the same quantity.
static void end_ramps(const Acting *acting)
{
    const ParaAct *act = acting->act;
    ParaRamp *ramps = para_events_ramps(acting->play);
    int first = first_of(act);
    for (int a = 0; a < acting->level->act_count; a++) {
        const ParaAct *other = &acting->level->acts[a];
        int begin = first_of(other);
        if (other->kind == act->kind && begin < first + act->count && first < begin + other->count)
            ramps[a].left = 0;
    }
}

static void set(const Acting *acting)
{
    const ParaAct *act = acting->act;
    double to[2];
    if (!wanted(acting, to))
        return;
    end_ramps(acting);
    if (act->over > 0) {
        para_events_ramps(acting->play)[acting->index] =
            (ParaRamp){.to = {to[0], to[1]}, .left = para_level_steps(acting->level, act->over)};
        return;
    }
    for (int k = first_of(act); k < first_of(act) + act->count; k++)
        write_quantity(acting, k, to);
}

static void add(const Acting *acting)
{
    double by[2], *variable = &acting->play->events->variables[acting->act->variable];
    if (wanted(acting, by))
        *variable = para_clamp(*variable + by[0], -PARA_VARIABLE_MOST, PARA_VARIABLE_MOST);
}

void para_act_go_on(ParaPlay *play, const ParaLevel *level, ParaWorld world, int index)
{
    const ParaAct *act = &level->acts[index];
    const Acting acting = {play, level, world, para_world_view(world), act, index};
    ParaRamp *ramp = &para_events_ramps(play)[index];
    // Even steps of what is left: a straight line from wherever it began, and exactly there in the end.
    for (int k = first_of(act); k < first_of(act) + act->count; k++) {
        double now[2];
        read_quantity(&acting, k, now);
        for (int axis = 0; axis < 2; axis++)
            now[axis] =
                ramp->left > 1 ? now[axis] + (ramp->to[axis] - now[axis]) / ramp->left : ramp->to[axis];
        write_quantity(&acting, k, now);
    }
    ramp->left--;
}

// ---------------------------------------------------------------------------------------------
// Places.

/// The place an act names or gives.  @return false where it gives none
static bool place(const Acting *acting, double *x, double *y)
{
    const ParaAct *act = acting->act;
    const ParaView *view = acting->view;
    double to[2];
    if (act->at_body >= 0) {
        *x = (double)at(view, view->centre_x, act->at_body);
        *y = (double)at(view, view->centre_y, act->at_body);
    } else if (act->at_zone >= 0) {
        *x = (double)view->zones[act->at_zone].position.x;
        *y = (double)view->zones[act->at_zone].position.y;
    } else {
        if (!wanted(acting, to))
            return false;
        *x = to[0];
        *y = to[1];
    }
    return true;
}

/// The first copy of the pool that is out of the world and may come back: nobody broke or collected it.
static int take_spare(const Acting *acting)
{
    const ParaAct *act = acting->act;
    for (int b = act->body; b < act->body + act->count; b++)
        if (!is_enabled(acting->view, b) && !para_play_bit(acting->play->shattered, b) &&
            !para_play_bit(acting->play->collected, b) &&
            acting->level->world.bodies[b].kind != PARA_BODY_STATIC) // pinned while it was in
            return b;
    return -1;
}

static void spawn(const Acting *acting)
{
    const ParaAct *act = acting->act;
    int body = take_spare(acting);
    if (body < 0)
        return;
    const ParaBodyDef *def = &acting->level->world.bodies[body];
    double x = (double)def->position.x, y = (double)def->position.y, angle = (double)def->angle;
    double vx = (double)def->velocity.x, vy = (double)def->velocity.y;
    bool placed = place(acting, &x, &y);
    if (!placed && act->to[0].given)
        return; // its place has no value now
    number(acting, &act->angle, -1000, 1000, &angle);
    number(acting, &act->velocity[0], -1000, 1000, &vx);
    number(acting, &act->velocity[1], -1000, 1000, &vy);
    para_world_place_body(acting->world, body, (ParaVec2){(float)x, (float)y}, (float)angle,
                          (ParaVec2){(float)vx, (float)vy}, def->spin);
}

/// A body and all that hangs on it, as one: turned about its place and put elsewhere.
static void teleport(const Acting *acting)
{
    const ParaView *view = acting->view;
    int body = acting->act->body;
    ParaCarryPlace from = {(double)at(view, view->x, body), (double)at(view, view->y, body),
                           (double)at(view, view->angle, body)};
    ParaCarryPlace to = from;
    bool joined[PARA_BODIES_MAX];
    if (!is_enabled(view, body) || !place(acting, &to.x, &to.y))
        return;
    if (!number(acting, &acting->act->angle, -1000, 1000, &to.angle))
        to.angle = from.angle;
    para_carry_joined(acting->level, view, body, joined);
    para_carry(acting->level, acting->world, joined, from, to);
}

static void push(const Acting *acting)
{
    const ParaAct *act = acting->act;
    double by[2];
    if (!wanted(acting, by))
        return;
    for (int b = act->body; b < act->body + act->count; b++)
        if (is_enabled(acting->view, b))
            para_world_apply_impulse(acting->world, b, (ParaVec2){(float)by[0], (float)by[1]});
}

static void explode(const Acting *acting)
{
    const ParaAct *act = acting->act;
    const ParaView *view = acting->view;
    double x, y, radius, impulse;
    if (!place(acting, &x, &y) || !number(acting, &act->radius, 0.01, 10000, &radius) ||
        !number(acting, &act->impulse, -1e6, 1e6, &impulse))
        return;
    for (int b = 0; b < acting->level->world.body_count; b++) {
        if (acting->level->world.bodies[b].kind != PARA_BODY_DYNAMIC || !is_enabled(view, b))
            continue;
        double dx = (double)at(view, view->centre_x, b) - x, dy = (double)at(view, view->centre_y, b) - y;
        double distance = para_sqrt(dx * dx + dy * dy);
        if (distance >= radius)
            continue;
        double size = impulse * (1 - distance / radius);
        if (distance < 1e-6)
            dx = 0, dy = distance = 1; // what lies at its very centre goes up
        para_world_apply_impulse(acting->world, b,
                                 (ParaVec2){(float)(size * dx / distance), (float)(size * dy / distance)});
    }
}

// ---------------------------------------------------------------------------------------------
// What is there, and what holds.

static void turn_zones(const Acting *acting, bool on)
{
    const ParaAct *act = acting->act;
    ParaEventState *state = acting->play->events;
    for (int z = act->zone; z < act->zone + act->count; z++) {
        if (act->kind == PARA_ACT_REMOVE)
            state->zones_removed |= 1u << z;
        if (on && (state->zones_removed >> z & 1))
            continue;
        ParaZoneState now = acting->view->zones[z];
        now.on = on;
        para_world_set_zone(acting->world, z, &now);
    }
}

static void take_bodies(const Acting *acting)
{
    const ParaAct *act = acting->act;
    for (int b = act->body; b < act->body + act->count; b++) {
        if (act->kind == PARA_ACT_REMOVE && !para_level_is_spare(acting->level, b))
            para_play_set_bit(acting->play->events->removed, b);
        if (is_enabled(acting->view, b))
            para_world_disable_body(acting->world, b);
    }
}

static void return_bodies(const Acting *acting)
{
    const ParaAct *act = acting->act;
    const ParaPlay *play = acting->play;
    for (int b = act->body; b < act->body + act->count; b++)
        if (!para_play_bit(play->events->removed, b) && !para_play_bit(play->shattered, b) &&
            !para_play_bit(play->collected, b))
            para_world_enable_body(acting->world, b);
}

static void set_joints(const Acting *acting)
{
    const ParaAct *act = acting->act;
    for (int j = act->joint; j < act->joint + act->count; j++)
        (act->kind == PARA_ACT_MAKE ? para_world_make_joint : para_world_break_joint)(acting->world, j);
}

static void set_movers(const Acting *acting)
{
    const ParaAct *act = acting->act;
    ParaMover *movers = para_events_movers(acting->play, acting->level);
    for (int b = act->body; b < act->body + act->count; b++) {
        movers[b].runs = act->kind != PARA_ACT_STOP;
        if (act->kind == PARA_ACT_START)
            movers[b].direction = 1;
        if (act->kind == PARA_ACT_REVERSE)
            movers[b].direction = -movers[b].direction;
    }
}

void para_act_do(ParaPlay *play, const ParaLevel *level, ParaWorld world, int index)
{
    const ParaAct *act = &level->acts[index];
    const Acting acting = {play, level, world, para_world_view(world), act, index};
    switch (act->kind) {
    case PARA_ACT_GRAVITY:
    case PARA_ACT_FORCE:
    case PARA_ACT_DRAG:
    case PARA_ACT_LEVEL:
    case PARA_ACT_RATE:
    case PARA_ACT_FRICTION:
    case PARA_ACT_VARIABLE:
        set(&acting);
        return;
    case PARA_ACT_ADD:
        add(&acting);
        return;
    case PARA_ACT_START:
    case PARA_ACT_STOP:
    case PARA_ACT_REVERSE:
        set_movers(&acting);
        return;
    case PARA_ACT_ENABLE:
        if (act->zone >= 0)
            turn_zones(&acting, true);
        else
            return_bodies(&acting);
        return;
    case PARA_ACT_DISABLE:
    case PARA_ACT_REMOVE:
        if (act->zone >= 0)
            turn_zones(&acting, false);
        else
            take_bodies(&acting);
        return;
    case PARA_ACT_SPAWN:
        spawn(&acting);
        return;
    case PARA_ACT_BREAK:
    case PARA_ACT_MAKE:
        set_joints(&acting);
        return;
    case PARA_ACT_TELEPORT:
        teleport(&acting);
        return;
    case PARA_ACT_PUSH:
        push(&acting);
        return;
    case PARA_ACT_EXPLODE:
        explode(&acting);
        return;
    case PARA_ACT_SAY:
        play->said = index + 1;
        play->said_step = (int32_t)acting.view->step;
        return;
    }
    PARA_NEVER("no act kind");
}
