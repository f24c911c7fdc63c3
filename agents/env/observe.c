// SPDX-License-Identifier: MIT
// The globals of an observation, and the fixed layout of one family.
#include "agents/env/observe_parts.h"

// Layout of the globals.
enum {
    BODY_SIZE = 14,    // the player's main body, time, gravity
    GOAL_SIZE = 22,    // target, cargo, hazard
    CHANNEL_SIZE = 14, // one action channel
    GLOBAL_SIZE = BODY_SIZE + GOAL_SIZE + PARA_CHANNELS * CHANNEL_SIZE + PARA_OBS_RAYS
};
#define VECTOR_BODY_SIZE 9 // one body of the vector form

// Unit ray directions at 90, 45, 135, 0, 180, then -12, -25, -40, -58, -75 degrees and their mirror
// images, and -90: a full circle, denser below, where the ground is; the same facing left and right.
static const ParaVec2 ray_direction[PARA_OBS_RAYS] = {
    {0.0000000f, 1.0000000f},   {0.7071068f, 0.7071068f},   {-0.7071068f, 0.7071068f},
    {1.0000000f, 0.0000000f},   {-1.0000000f, 0.0000000f},  {0.9781476f, -0.2079117f},
    {-0.9781476f, -0.2079117f}, {0.9063078f, -0.4226183f},  {-0.9063078f, -0.4226183f},
    {0.7660444f, -0.6427876f},  {-0.7660444f, -0.6427876f}, {0.5299193f, -0.8480481f},
    {-0.5299193f, -0.8480481f}, {0.2588190f, -0.9659258f},  {-0.2588190f, -0.9659258f},
    {0.0000000f, -1.0000000f},
};

ParaObsSpec para_obs_spec_entities(void)
{
    ParaObsSpec spec = {.kind = PARA_OBS_ENTITIES,
                        .global_size = GLOBAL_SIZE,
                        .row_max = PARA_ROW_MAX,
                        .row_size = PARA_ROW_SIZE};
    spec.size = spec.global_size + spec.row_max * (spec.row_size + 1);
    return spec;
}

ParaObsSpec para_obs_spec_vector(const ParaLevel *level)
{
    int bodies = 0;
    for (int i = 0; i < level->world.body_count; i++)
        bodies += level->world.bodies[i].kind != PARA_BODY_STATIC;
    if (bodies > PARA_ROW_MAX)
        bodies = PARA_ROW_MAX;
    int size = GLOBAL_SIZE + bodies * VECTOR_BODY_SIZE;
    return (ParaObsSpec){.kind = PARA_OBS_VECTOR, .global_size = size, .size = size};
}

const char *para_obs_kind_name(ParaObsKind kind) { return kind == PARA_OBS_ENTITIES ? "entities" : "vector"; }

// Which of the player's bodies touch anything that is not of the player.
typedef struct Touching {
    uint64_t bits[(PARA_BODIES_MAX + 63) / 64];
    bool any;
} Touching;

static float touches(const Touching *touching, int body)
{
    return (touching->bits[body / 64] >> (body % 64)) & 1 ? 1.0f : 0.0f;
}

static Touching player_contacts(const Sight *s)
{
    Touching touching = {.any = false};
    for (int i = 0; i < s->view->contact_count; i++) {
        int a = s->view->contacts[i].body_a, b = s->view->contacts[i].body_b;
        bool own_a = s->body_roles[a] == PARA_ROLE_PLAYER;
        bool own_b = s->body_roles[b] == PARA_ROLE_PLAYER;
        if (own_a == own_b)
            continue;
        int own = own_a ? a : b;
        touching.bits[own / 64] |= UINT64_C(1) << (own % 64);
        touching.any = true;
    }
    return touching;
}

static void put_body(Pen *pen, const Sight *s, const Touching *touching)
{
    const ParaView *v = s->view;
    float angle = state(v->angle, v, s->self);
    put(pen, s->vx / SPEED);
    put(pen, s->vy / SPEED);
    put(pen, state(v->spin, v, s->self) / SPIN);
    put(pen, state(v->cos, v, s->self));
    put(pen, state(v->sin, v, s->self));
    put(pen, para_clampf(angle, -4, 4) / 2);
    put(pen, s->x / para_clampf(s->level->world.size.x, 1, 1000));
    put(pen, s->y / para_clampf(s->level->world.size.y, 1, 1000));
    put(pen, 1.0f - (float)v->time / s->level->seconds);
    put(pen, s->level->world.gravity.x / GRAVITY);
    put(pen, s->level->world.gravity.y / GRAVITY);
    put(pen, touches(touching, s->self));
    put(pen, touching->any);
    put(pen, s->state->progress);
}

// The nearest body or zone of a role; false if there is none.
typedef struct Thing {
    float x, y, vx, vy;
    int body; // -1: a zone
} Thing;

static bool nearest(const Sight *s, ParaRole role, float x, float y, Thing *out)
{
    float best = INFINITY;
    const ParaView *v = s->view;
    for (int i = 0; i < s->level->world.body_count; i++) {
        if (s->body_roles[i] != role || !v->enabled[i * v->stride])
            continue;
        float bx = state(v->centre_x, v, i), by = state(v->centre_y, v, i);
        float d = (bx - x) * (bx - x) + (by - y) * (by - y);
        if (d < best) {
            best = d;
            *out = (Thing){bx, by, state(v->vx, v, i), state(v->vy, v, i), i};
        }
    }
    for (int z = 0; z < s->level->world.zone_count; z++) {
        if (s->zone_roles[z] != role)
            continue;
        ParaVec2 p = s->level->world.zones[z].position;
        float d = (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y);
        if (d < best) {
            best = d;
            *out = (Thing){p.x, p.y, 0, 0, -1};
        }
    }
    return best < INFINITY;
}

static void put_goal(Pen *pen, const Sight *s)
{
    Thing target = {0}, cargo = {0}, hazard = {0};
    bool has_cargo = nearest(s, PARA_ROLE_CARGO, s->x, s->y, &cargo);
    float from_x = has_cargo ? cargo.x : s->x, from_y = has_cargo ? cargo.y : s->y;
    bool has_target = nearest(s, PARA_ROLE_TARGET, from_x, from_y, &target);
    bool has_hazard = nearest(s, PARA_ROLE_HAZARD, s->x, s->y, &hazard);
    put(pen, has_target);
    if (has_target) {
        put_offset(pen, target.x - s->x, target.y - s->y);
        put(pen, (target.vx - s->vx) / SPEED);
        put(pen, (target.vy - s->vy) / SPEED);
    } else {
        skip(pen, 6);
    }
    put(pen, has_cargo);
    if (has_cargo) {
        put_offset(pen, cargo.x - s->x, cargo.y - s->y);
        put(pen, (cargo.vx - s->vx) / SPEED);
        put(pen, (cargo.vy - s->vy) / SPEED);
        put(pen, has_target ? (target.x - cargo.x) / FAR : 0);
        put(pen, has_target ? (target.y - cargo.y) / FAR : 0);
        put(pen, cargo.body >= 0 ? state(s->view->sin, s->view, cargo.body) : 0);
    } else {
        skip(pen, 9);
    }
    put(pen, has_hazard);
    if (has_hazard)
        put_offset(pen, hazard.x - s->x, hazard.y - s->y);
    else
        skip(pen, 4);
}

// The body an actuator moves, for its contact flag and place.
static int driven_body(const Sight *s, const ParaActuator *a)
{
    if (a->joint >= 0)
        return s->level->world.joints[a->joint].b;
    if (a->thruster >= 0)
        return s->level->world.thrusters[a->thruster].body;
    return a->body;
}

static void put_channel(Pen *pen, const Sight *s, const ParaActuator *a, const Touching *touching,
                        float action)
{
    const ParaView *v = s->view;
    int body = driven_body(s, a);
    bool turns = a->kind == PARA_ACTUATOR_MOTOR || a->kind == PARA_ACTUATOR_TORQUE;
    put(pen, 1);
    put(pen, turns);
    put(pen, a->kind == PARA_ACTUATOR_THRUSTER);
    put(pen, a->kind == PARA_ACTUATOR_JUMP || a->kind == PARA_ACTUATOR_GRIP);
    put(pen, action);
    put(pen, a->sign);
    if (a->joint >= 0) {
        const ParaJointDef *joint = &s->level->world.joints[a->joint];
        float angle = state(v->joint_angle, v, a->joint);
        put(pen, joint->limited ? angle : 0); // an unlimited wheel's angle only grows
        put(pen, state(v->joint_speed, v, a->joint) / SPIN);
        put(pen, joint->limited ? angle - joint->lower : 1);
        put(pen, joint->limited ? joint->upper - angle : 1);
    } else if (a->thruster >= 0) {
        const ParaThrusterDef *t = &s->level->world.thrusters[a->thruster];
        float c = state(v->cos, v, t->body), n = state(v->sin, v, t->body);
        put(pen, c * t->direction.x - n * t->direction.y);
        put(pen, n * t->direction.x + c * t->direction.y);
        put(pen, t->force_max / (10 * para_clampf(state(v->mass, v, t->body), 0.01f, 1e6f)));
        put(pen, 0);
    } else {
        skip(pen, 4);
    }
    if (body >= 0) {
        put(pen, touches(touching, body));
        put(pen, (state(v->centre_x, v, body) - s->x) / CLOSE);
        put(pen, (state(v->centre_y, v, body) - s->y) / CLOSE);
        put(pen, state(v->spin, v, body) / SPIN);
    } else {
        skip(pen, 4);
    }
}

static void put_channels(Pen *pen, const Sight *s, const Touching *touching)
{
    const ParaPlayer *player = s->player;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const ParaActuator *first = NULL;
        for (int i = 0; i < player->actuator_count && !first; i++)
            if (player->actuators[i].channel == c)
                first = &player->actuators[i];
        if (first)
            put_channel(pen, s, first, touching, s->state->action[c]);
        else
            skip(pen, CHANNEL_SIZE);
    }
}

static void put_rays(Pen *pen, const Sight *s)
{
    ParaVec2 reach[PARA_OBS_RAYS];
    float fractions[PARA_OBS_RAYS], sight = s->player->sight;
    for (int i = 0; i < PARA_OBS_RAYS; i++)
        reach[i] = (ParaVec2){sight * ray_direction[i].x, sight * ray_direction[i].y};
    para_world_rays(s->world, (ParaVec2){s->x, s->y}, reach, PARA_OBS_RAYS, UINT32_MAX,
                    s->level->world.bodies[s->self].group, fractions);
    for (int i = 0; i < PARA_OBS_RAYS; i++)
        put(pen, fractions[i]);
}

static void put_globals(Pen *pen, const Sight *s)
{
    Touching touching = player_contacts(s);
    put_body(pen, s, &touching);
    put_goal(pen, s);
    put_channels(pen, s, &touching);
    put_rays(pen, s);
}

static void put_slot(Pen *pen, const Sight *s, int body)
{
    const ParaView *v = s->view;
    if (!v->enabled[body * v->stride]) {
        skip(pen, VECTOR_BODY_SIZE);
        return;
    }
    put(pen, 1);
    put_offset(pen, state(v->centre_x, v, body) - s->x, state(v->centre_y, v, body) - s->y);
    put(pen, state(v->sin, v, body));
    put_motion(pen, s, body);
}

// The fixed layout for one family: every body that can move, the player's parts first, so that they keep
// their slots whatever else a level holds, then the others in the order of the template.
static void put_bodies(Pen *pen, const Sight *s, int room)
{
    int slots = room / VECTOR_BODY_SIZE;
    for (int others = 0; others < 2; others++) {
        for (int i = 0; i < s->level->world.body_count && slots > 0; i++) {
            bool own = s->body_roles[i] == PARA_ROLE_PLAYER;
            if (s->level->world.bodies[i].kind == PARA_BODY_STATIC || own == (others == 1))
                continue;
            put_slot(pen, s, i);
            slots--;
        }
    }
    skip(pen, slots * VECTOR_BODY_SIZE);
}

void para_observe(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play, int player,
                  ParaWorld world, float *out)
{
    const ParaView *view = para_world_view(world);
    int self = level->players[player].body;
    Sight sight = {.level = level,
                   .player = &level->players[player],
                   .state = &play->players[player],
                   .body_roles = level->body_roles + (size_t)player * (size_t)level->world.body_count,
                   .zone_roles = level->zone_roles + (size_t)player * (size_t)level->world.zone_count,
                   .view = view,
                   .world = world,
                   .self = self,
                   .x = state(view->centre_x, view, self),
                   .y = state(view->centre_y, view, self),
                   .vx = state(view->vx, view, self),
                   .vy = state(view->vy, view, self)};
    Pen pen = {out};
    put_globals(&pen, &sight);
    if (spec->kind == PARA_OBS_VECTOR)
        put_bodies(&pen, &sight, spec->global_size - GLOBAL_SIZE);
    else
        para_observe_rows(&sight, spec, out);
}
