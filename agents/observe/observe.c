// SPDX-License-Identifier: MIT
// Writes an observation: the globals, and the bodies of the fixed layout of one family. What stands where is
// observe.def's to say; each PARA_OBS_AT holds the writing to it.
#include "agents/observe/observe_parts.h"

// Unit ray directions at 90, 45, 135, 0, 180, then -12, -25, -40, -58, -75 degrees and their mirror
// images, and -90: a full circle, denser below, where the ground is; the same facing left and right.
_Static_assert(sizeof(ParaObsRays) == PARA_OBS_RAYS, "a float for each ray");
const ParaVec2 para_obs_ray_directions[PARA_OBS_RAYS] = {
    {0.0000000f, 1.0000000f},   {0.7071068f, 0.7071068f},   {-0.7071068f, 0.7071068f},
    {1.0000000f, 0.0000000f},   {-1.0000000f, 0.0000000f},  {0.9781476f, -0.2079117f},
    {-0.9781476f, -0.2079117f}, {0.9063078f, -0.4226183f},  {-0.9063078f, -0.4226183f},
    {0.7660444f, -0.6427876f},  {-0.7660444f, -0.6427876f}, {0.5299193f, -0.8480481f},
    {-0.5299193f, -0.8480481f}, {0.2588190f, -0.9659258f},  {-0.2588190f, -0.9659258f},
    {0.0000000f, -1.0000000f},
};

// Which of the player's bodies touch anything that is not of the player.
typedef struct Touching {
    uint64_t bits[(PARA_BODIES_MAX + 63) / 64];
    bool any;
} Touching;

static float touches(const Touching *touching, int body)
{
    return (touching->bits[body / 64] >> (body % 64)) & 1 ? 1.0f : 0.0f;
}

static Touching player_contacts(const ParaObsSight *s)
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

static void put_self(ParaObsPen *pen, const ParaObsSight *s, const Touching *touching)
{
    const ParaView *v = s->view;
    const ParaWorldDef *def = &s->level->world;
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Self, velocity);
    para_obs_put_velocity(pen, s->vx, s->vy);
    PARA_OBS_AT(pen, Self, spin);
    para_obs_put(pen, para_obs_of(v->spin, v, s->self) / PARA_OBS_SPIN);
    PARA_OBS_AT(pen, Self, heading);
    para_obs_put(pen, para_obs_of(v->cos, v, s->self));
    para_obs_put(pen, para_obs_of(v->sin, v, s->self));
    PARA_OBS_AT(pen, Self, angle);
    para_obs_put(pen, para_clampf(para_obs_of(v->angle, v, s->self), -4, 4) / 2);
    PARA_OBS_AT(pen, Self, place);
    para_obs_put(pen, s->x / para_clampf(def->size.x, 1, 1000));
    para_obs_put(pen, s->y / para_clampf(def->size.y, 1, 1000));
    PARA_OBS_AT(pen, Self, time_left);
    para_obs_put(pen, 1.0f - (float)v->time / s->level->seconds);
    PARA_OBS_AT(pen, Self, time);
    para_obs_put(pen, (float)v->time / PARA_OBS_TIME);
    PARA_OBS_AT(pen, Self, gravity);
    para_obs_put(pen, v->gravity.x / PARA_OBS_GRAVITY);
    para_obs_put(pen, v->gravity.y / PARA_OBS_GRAVITY);
    PARA_OBS_AT(pen, Self, touching);
    para_obs_put(pen, touches(touching, s->self));
    PARA_OBS_AT(pen, Self, any_touching);
    para_obs_put(pen, touching->any);
    PARA_OBS_AT(pen, Self, holding);
    para_obs_put_flag(pen, s->state->grip_body >= 0);
    PARA_OBS_AT(pen, Self, progress);
    para_obs_put(pen, s->player->sees > 0 ? 0 : s->state->progress); // it tells how far the goal is
    PARA_OBS_END(pen, Self);
}

// The nearest body or zone of a role that is seen; false if there is none.
typedef struct Thing {
    float x, y, vx, vy;
    int body; // -1: a zone
} Thing;

static bool sees(const ParaObsSight *s, float x, float y)
{
    return para_obs_sees(s, (x - s->x) * (x - s->x) + (y - s->y) * (y - s->y));
}

static bool nearest(const ParaObsSight *s, ParaRole role, float x, float y, Thing *out)
{
    float best = INFINITY;
    const ParaView *v = s->view;
    for (int i = 0; i < s->level->world.body_count; i++) {
        if (s->body_roles[i] != role || !v->enabled[i * v->stride])
            continue;
        float bx = para_obs_of(v->centre_x, v, i), by = para_obs_of(v->centre_y, v, i);
        float d = (bx - x) * (bx - x) + (by - y) * (by - y);
        if (d < best && sees(s, bx, by)) {
            best = d;
            *out = (Thing){bx, by, para_obs_of(v->vx, v, i), para_obs_of(v->vy, v, i), i};
        }
    }
    for (int z = 0; z < s->level->world.zone_count; z++) {
        if (s->zone_roles[z] != role || !v->zones[z].on)
            continue;
        ParaVec2 p = v->zones[z].position;
        float d = (p.x - x) * (p.x - x) + (p.y - y) * (p.y - y);
        if (d < best && sees(s, p.x, p.y)) {
            best = d;
            *out = (Thing){p.x, p.y, 0, 0, -1};
        }
    }
    return best < INFINITY;
}

static void put_target(ParaObsPen *pen, const ParaObsSight *s, const Thing *target)
{
    PARA_OBS_BEGIN(pen);
    if (!target) {
        para_obs_zeros(pen, sizeof(ParaObsTarget));
        return;
    }
    PARA_OBS_AT(pen, Target, there);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Target, offset);
    para_obs_put_offset(pen, target->x - s->x, target->y - s->y);
    PARA_OBS_AT(pen, Target, velocity);
    para_obs_put_velocity(pen, target->vx - s->vx, target->vy - s->vy);
    PARA_OBS_END(pen, Target);
}

static void put_cargo(ParaObsPen *pen, const ParaObsSight *s, const Thing *cargo, const Thing *target)
{
    PARA_OBS_BEGIN(pen);
    if (!cargo) {
        para_obs_zeros(pen, sizeof(ParaObsCargo));
        return;
    }
    PARA_OBS_AT(pen, Cargo, there);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Cargo, offset);
    para_obs_put_offset(pen, cargo->x - s->x, cargo->y - s->y);
    PARA_OBS_AT(pen, Cargo, velocity);
    para_obs_put_velocity(pen, cargo->vx - s->vx, cargo->vy - s->vy);
    PARA_OBS_AT(pen, Cargo, to_target);
    para_obs_put(pen, target ? (target->x - cargo->x) / PARA_OBS_FAR : 0);
    para_obs_put(pen, target ? (target->y - cargo->y) / PARA_OBS_FAR : 0);
    PARA_OBS_AT(pen, Cargo, sine);
    para_obs_put(pen, cargo->body >= 0 ? para_obs_of(s->view->sin, s->view, cargo->body) : 0);
    PARA_OBS_END(pen, Cargo);
}

static void put_hazard(ParaObsPen *pen, const ParaObsSight *s, const Thing *hazard)
{
    PARA_OBS_BEGIN(pen);
    if (!hazard) {
        para_obs_zeros(pen, sizeof(ParaObsHazard));
        return;
    }
    PARA_OBS_AT(pen, Hazard, there);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Hazard, offset);
    para_obs_put_offset(pen, hazard->x - s->x, hazard->y - s->y);
    PARA_OBS_END(pen, Hazard);
}

static void put_goal(ParaObsPen *pen, const ParaObsSight *s)
{
    Thing target, cargo, hazard;
    bool has_cargo = nearest(s, PARA_ROLE_CARGO, s->x, s->y, &cargo);
    float from_x = has_cargo ? cargo.x : s->x, from_y = has_cargo ? cargo.y : s->y;
    bool has_target = nearest(s, PARA_ROLE_TARGET, from_x, from_y, &target);
    bool has_hazard = nearest(s, PARA_ROLE_HAZARD, s->x, s->y, &hazard);
    put_target(pen, s, has_target ? &target : NULL);
    put_cargo(pen, s, has_cargo ? &cargo : NULL, has_target ? &target : NULL);
    put_hazard(pen, s, has_hazard ? &hazard : NULL);
}

// The body an actuator moves, for its contact flag and place.
static int driven_body(const ParaObsSight *s, const ParaActuator *a)
{
    if (a->joint >= 0)
        return s->level->world.joints[a->joint].b;
    if (a->thruster >= 0)
        return s->level->world.thrusters[a->thruster].body;
    return a->body;
}

// What drives the channel, as it is now.
static void put_device(ParaObsPen *pen, const ParaObsSight *s, const ParaActuator *a)
{
    const ParaView *v = s->view;
    if (a->joint >= 0) {
        const ParaJointDef *joint = &s->level->world.joints[a->joint];
        float angle = para_obs_of(v->joint_angle, v, a->joint);
        para_obs_put(pen, joint->limited ? angle : 0); // an unlimited wheel's angle only grows
        para_obs_put(pen, para_obs_of(v->joint_speed, v, a->joint) / PARA_OBS_SPIN);
        para_obs_put(pen, joint->limited ? angle - joint->lower : 1);
        para_obs_put(pen, joint->limited ? joint->upper - angle : 1);
    } else if (a->thruster >= 0) {
        const ParaThrusterDef *t = &s->level->world.thrusters[a->thruster];
        float c = para_obs_of(v->cos, v, t->body), n = para_obs_of(v->sin, v, t->body);
        para_obs_put(pen, c * t->direction.x - n * t->direction.y);
        para_obs_put(pen, n * t->direction.x + c * t->direction.y);
        para_obs_put(pen, t->force_max / (10 * para_clampf(para_obs_mass(s, t->body), 0.01f, 1e6f)));
        para_obs_put(pen, 0);
    } else {
        para_obs_zeros(pen, 4);
    }
}

static void put_channel(ParaObsPen *pen, const ParaObsSight *s, const ParaActuator *a,
                        const Touching *touching, float action)
{
    const ParaView *v = s->view;
    int body = driven_body(s, a);
    PARA_ASSERT(body >= 0);
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Channel, bound);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Channel, kind);
    para_obs_put(pen, a->kind == PARA_ACTUATOR_MOTOR || a->kind == PARA_ACTUATOR_TORQUE ||
                          a->kind == PARA_ACTUATOR_DRIVE);
    para_obs_put(pen, a->kind == PARA_ACTUATOR_THRUSTER);
    para_obs_put(pen, a->kind == PARA_ACTUATOR_JUMP || a->kind == PARA_ACTUATOR_GRIP);
    PARA_OBS_AT(pen, Channel, action);
    para_obs_put(pen, action);
    PARA_OBS_AT(pen, Channel, sign);
    para_obs_put(pen, a->sign);
    PARA_OBS_AT(pen, Channel, device);
    put_device(pen, s, a);
    PARA_OBS_AT(pen, Channel, touching);
    para_obs_put(pen, touches(touching, body));
    PARA_OBS_AT(pen, Channel, offset);
    para_obs_put(pen, (para_obs_of(v->centre_x, v, body) - s->x) / PARA_OBS_CLOSE);
    para_obs_put(pen, (para_obs_of(v->centre_y, v, body) - s->y) / PARA_OBS_CLOSE);
    PARA_OBS_AT(pen, Channel, spin);
    para_obs_put(pen, para_obs_of(v->spin, v, body) / PARA_OBS_SPIN);
    PARA_OBS_END(pen, Channel);
}

static void put_channels(ParaObsPen *pen, const ParaObsSight *s, const Touching *touching)
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
            para_obs_zeros(pen, sizeof(ParaObsChannel));
    }
}

static void put_rays(ParaObsPen *pen, const ParaObsSight *s)
{
    enum { COUNT = sizeof(ParaObsRays) };
    ParaVec2 reach[COUNT];
    float fractions[COUNT], sight = s->player->sight;
    for (int i = 0; i < COUNT; i++)
        reach[i] = (ParaVec2){sight * para_obs_ray_directions[i].x, sight * para_obs_ray_directions[i].y};
    para_world_rays(s->world, (ParaVec2){s->x, s->y}, reach, COUNT, UINT32_MAX,
                    s->level->world.bodies[s->self].group, fractions);
    for (int i = 0; i < COUNT; i++)
        para_obs_put(pen, fractions[i]);
}

static void put_globals(ParaObsPen *pen, const ParaObsSight *s)
{
    Touching touching = player_contacts(s);
    put_self(pen, s, &touching);
    put_goal(pen, s);
    para_observe_here(pen, s);
    para_observe_variables(pen, s);
    put_channels(pen, s, &touching);
    put_rays(pen, s);
}

static void put_slot(ParaObsPen *pen, const ParaObsSight *s, int body)
{
    const ParaView *v = s->view;
    PARA_OBS_BEGIN(pen);
    bool own = s->body_roles[body] == PARA_ROLE_PLAYER;
    if (!v->enabled[body * v->stride] ||
        (!own && !sees(s, para_obs_of(v->centre_x, v, body), para_obs_of(v->centre_y, v, body)))) {
        para_obs_zeros(pen, sizeof(ParaObsSlot));
        return;
    }
    PARA_OBS_AT(pen, Slot, used);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Slot, offset);
    para_obs_put_offset(pen, para_obs_of(v->centre_x, v, body) - s->x,
                        para_obs_of(v->centre_y, v, body) - s->y);
    PARA_OBS_AT(pen, Slot, sine);
    para_obs_put(pen, para_obs_of(v->sin, v, body));
    PARA_OBS_AT(pen, Slot, velocity);
    para_obs_put_velocity(pen, para_obs_of(v->vx, v, body) - s->vx, para_obs_of(v->vy, v, body) - s->vy);
    PARA_OBS_AT(pen, Slot, spin);
    para_obs_put(pen, para_obs_of(v->spin, v, body) / PARA_OBS_SPIN);
    PARA_OBS_END(pen, Slot);
}

// The fixed layout for one family: every body that can move, the player's parts first, so that they keep
// their slots whatever else a level holds, then the others in the order of the template.
static void put_bodies(ParaObsPen *pen, const ParaObsSight *s, int slots)
{
    for (int others = 0; others < 2; others++) {
        for (int i = 0; i < s->level->world.body_count && slots > 0; i++) {
            bool own = s->body_roles[i] == PARA_ROLE_PLAYER;
            if (s->level->world.bodies[i].kind == PARA_BODY_STATIC || own == (others == 1))
                continue;
            put_slot(pen, s, i);
            slots--;
        }
    }
}

void para_observe(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play, int player,
                  ParaWorld world, float *out)
{
    PARA_ASSERT(!(spec->parts & PARA_OBS_MAP)); // nobody says what is remembered
    para_observe_floats((ParaObsEye){0}, spec, level, play, player, world, out);
}

void para_observe_floats(ParaObsEye eye, const ParaObsSpec *spec, const ParaLevel *level,
                         const ParaPlay *play, int player, ParaWorld world, float *out)
{
    PARA_ASSERT(player >= 0 && player < level->player_count);
    if (spec->kind == PARA_OBS_LISTED) {
        para_observe_listed(spec, level, play, world, out);
        return;
    }
    PARA_ASSERT(spec->kind != PARA_OBS_PIXELS && spec->size >= (int)sizeof(ParaObsGlobals));
    const ParaView *view = para_world_view(world);
    int self = level->players[player].body;
    ParaObsSight sight = {.level = level,
                          .play = play,
                          .player = &level->players[player],
                          .state = &play->players[player],
                          .body_roles = level->body_roles + (size_t)player * (size_t)level->world.body_count,
                          .zone_roles = level->zone_roles + (size_t)player * (size_t)level->world.zone_count,
                          .view = view,
                          .world = world,
                          .map = eye.map,
                          .self = self,
                          .x = para_obs_of(view->centre_x, view, self),
                          .y = para_obs_of(view->centre_y, view, self),
                          .vx = para_obs_of(view->vx, view, self),
                          .vy = para_obs_of(view->vy, view, self)};
    ParaObsPen pen = {.at = out};
    put_globals(&pen, &sight);
    PARA_ASSERT(pen.at - out == sizeof(ParaObsGlobals));
    if (spec->parts & PARA_OBS_MAP)
        para_observe_map(&pen, &sight);
    if (spec->parts & PARA_OBS_HEARD)
        para_observe_heard(&pen, &sight, eye.hearing);
    if (spec->kind == PARA_OBS_VECTOR) {
        put_bodies(&pen, &sight, para_obs_slots(spec));
        para_obs_zeros(&pen, (size_t)(out + spec->size - pen.at)); // slots without a body
    } else {
        para_observe_rows(&pen, &sight);
    }
    PARA_ASSERT(pen.at == out + spec->size);
}
