// SPDX-License-Identifier: MIT
#include "agents/observe.h"

#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

// Scales: an observation is a physical quantity divided by one of these, so that common values lie in [-1,
// 1].
#define FAR     10.0f // [m] coarse distances
#define CLOSE   2.0f  // [m] fine distances, clamped
#define SPEED   10.0f // [m/s]
#define SPIN    10.0f // [rad/s]
#define GRAVITY 10.0f // [m/s^2]
#define LIMIT   10.0f // [1] every value is clamped to this

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

// A cursor over the observation; every write is clamped and finite.
typedef struct Pen {
    float *at;
} Pen;

static inline void put(Pen *pen, float value)
{
    *pen->at++ = isfinite(value) ? para_clampf(value, -LIMIT, LIMIT) : 0.0f;
}

static inline void skip(Pen *pen, int count)
{
    memset(pen->at, 0, sizeof(float) * (size_t)count);
    pen->at += count;
}

// Everything the writers share.
typedef struct Sight {
    const ParaLevel *level;
    const ParaPlay *play;
    const ParaView *view;
    ParaWorld world;
    int self;     // main body
    float x, y;   // [m] its centre
    float vx, vy; // [m/s]
} Sight;

static inline float state(const float *array, const ParaView *view, int index)
{
    return array[index * view->stride];
}

// A distance from the player: coarse and fine.
static void put_offset(Pen *pen, float dx, float dy)
{
    put(pen, dx / FAR);
    put(pen, dy / FAR);
    put(pen, para_clampf(dx / CLOSE, -1, 1));
    put(pen, para_clampf(dy / CLOSE, -1, 1));
}

static bool body_touches(const ParaView *view, int body)
{
    for (int i = 0; i < view->contact_count; i++)
        if (view->contacts[i].body_a == body || view->contacts[i].body_b == body)
            return true;
    return false;
}

// Bit set of bodies that touch anything that is not of the player.
static uint64_t player_contacts(const Sight *s)
{
    uint64_t bits = 0;
    for (int i = 0; i < s->view->contact_count; i++) {
        int a = s->view->contacts[i].body_a, b = s->view->contacts[i].body_b;
        bool own_a = s->level->body_roles[a] == PARA_ROLE_PLAYER,
             own_b = s->level->body_roles[b] == PARA_ROLE_PLAYER;
        if (own_a != own_b) {
            int own = own_a ? a : b;
            bits |= UINT64_C(1) << (own & 63);
        }
    }
    return bits;
}

static void put_body(Pen *pen, const Sight *s, uint64_t touching)
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
    put(pen, (touching >> (s->self & 63)) & 1 ? 1.0f : 0.0f);
    put(pen, touching ? 1 : 0);
    put(pen, s->play->progress);
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
        if (s->level->body_roles[i] != role || !v->enabled[i * v->stride])
            continue;
        float bx = state(v->centre_x, v, i), by = state(v->centre_y, v, i);
        float d = (bx - x) * (bx - x) + (by - y) * (by - y);
        if (d < best) {
            best = d;
            *out = (Thing){bx, by, state(v->vx, v, i), state(v->vy, v, i), i};
        }
    }
    for (int z = 0; z < s->level->world.zone_count; z++) {
        if (s->level->zone_roles[z] != role)
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

static void put_channel(Pen *pen, const Sight *s, const ParaActuator *a, uint64_t touching, float action)
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
        put(pen, (touching >> (body & 63)) & 1 ? 1.0f : 0.0f);
        put(pen, (state(v->centre_x, v, body) - s->x) / CLOSE);
        put(pen, (state(v->centre_y, v, body) - s->y) / CLOSE);
        put(pen, state(v->spin, v, body) / SPIN);
    } else {
        skip(pen, 4);
    }
}

static void put_channels(Pen *pen, const Sight *s, uint64_t touching)
{
    const ParaPlayer *player = &s->level->player;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const ParaActuator *first = NULL;
        for (int i = 0; i < player->actuator_count && !first; i++)
            if (player->actuators[i].channel == c)
                first = &player->actuators[i];
        if (first)
            put_channel(pen, s, first, touching, s->play->action[c]);
        else
            skip(pen, CHANNEL_SIZE);
    }
}

static void put_rays(Pen *pen, const Sight *s)
{
    ParaVec2 reach[PARA_OBS_RAYS];
    float fractions[PARA_OBS_RAYS], sight = s->level->player.sight;
    for (int i = 0; i < PARA_OBS_RAYS; i++)
        reach[i] = (ParaVec2){sight * ray_direction[i].x, sight * ray_direction[i].y};
    para_world_rays(s->world, (ParaVec2){s->x, s->y}, reach, PARA_OBS_RAYS, UINT32_MAX,
                    s->level->world.bodies[s->self].group, fractions);
    for (int i = 0; i < PARA_OBS_RAYS; i++)
        put(pen, fractions[i]);
}

static void put_globals(Pen *pen, const Sight *s)
{
    uint64_t touching = player_contacts(s);
    put_body(pen, s, touching);
    put_goal(pen, s);
    put_channels(pen, s, touching);
    put_rays(pen, s);
}

// ---------------------------------------------------------------------------------------------
// Entity rows.

typedef enum { ROW_SHAPE, ROW_JOINT, ROW_THRUSTER, ROW_ZONE, ROW_KINDS } RowKind;

typedef struct Row {
    RowKind kind;
    int index;
    float distance; // [m^2] squared; the player's own parts count as 0
} Row;

// Box of a shape or zone in its own frame [m]: centre and half extents.
static void half_extents(const ParaVec2 *points, uint32_t count, float radius, ParaVec2 *centre,
                         ParaVec2 *half)
{
    ParaVec2 low = points[0], high = points[0];
    for (uint32_t i = 1; i < count; i++) {
        low.x = points[i].x < low.x ? points[i].x : low.x;
        low.y = points[i].y < low.y ? points[i].y : low.y;
        high.x = points[i].x > high.x ? points[i].x : high.x;
        high.y = points[i].y > high.y ? points[i].y : high.y;
    }
    *centre = (ParaVec2){0.5f * (low.x + high.x), 0.5f * (low.y + high.y)};
    *half = (ParaVec2){0.5f * (high.x - low.x) + radius, 0.5f * (high.y - low.y) + radius};
}

static ParaVec2 body_point(const ParaView *v, int body, ParaVec2 p)
{
    float c = state(v->cos, v, body), n = state(v->sin, v, body);
    return (ParaVec2){state(v->x, v, body) + c * p.x - n * p.y, state(v->y, v, body) + n * p.x + c * p.y};
}

static ParaVec2 joint_place(const Sight *s, int joint)
{
    const ParaJointDef *j = &s->level->world.joints[joint];
    return body_point(s->view, j->b, j->anchor_b);
}

// Squared distance [m^2] from the player's centre to the box of a shape, so that a long wall nearby counts as
// near; the player's own parts count as 0.
static float shape_distance(const Sight *s, int index)
{
    const ParaShapeDef *shape = &s->level->world.shapes[index];
    if (s->level->body_roles[shape->body] == PARA_ROLE_PLAYER)
        return 0;
    ParaVec2 centre, half;
    half_extents(s->level->world.points + shape->point_first, shape->point_count, shape->radius, &centre,
                 &half);
    ParaVec2 at = body_point(s->view, shape->body, centre);
    float c = state(s->view->cos, s->view, shape->body), n = state(s->view->sin, s->view, shape->body);
    float dx = s->x - at.x, dy = s->y - at.y;
    float beside_x = fabsf(c * dx + n * dy) - half.x, beside_y = fabsf(c * dy - n * dx) - half.y;
    beside_x = beside_x > 0 ? beside_x : 0;
    beside_y = beside_y > 0 ? beside_y : 0;
    return beside_x * beside_x + beside_y * beside_y;
}

// Keeps the nearest rows: insertion into a list sorted by distance, ties by the order of arrival.
static int keep_nearest(Row *rows, int count, Row row)
{
    int at = count;
    while (at > 0 && rows[at - 1].distance > row.distance)
        at--;
    if (at >= PARA_ROW_MAX)
        return count;
    int last = count < PARA_ROW_MAX ? count : PARA_ROW_MAX - 1;
    for (int i = last; i > at; i--)
        rows[i] = rows[i - 1];
    rows[at] = row;
    return last + 1;
}

static int gather_rows(const Sight *s, Row *rows)
{
    const ParaWorldDef *def = &s->level->world;
    int count = 0;
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].kind != PARA_SHAPE_CHAIN &&
            s->view->enabled[def->shapes[i].body * s->view->stride])
            count = keep_nearest(rows, count, (Row){ROW_SHAPE, i, shape_distance(s, i)});
    for (int z = 0; z < def->zone_count; z++) {
        float dx = def->zones[z].position.x - s->x, dy = def->zones[z].position.y - s->y;
        bool goal = s->level->zone_roles[z] == PARA_ROLE_TARGET;
        count = keep_nearest(rows, count, (Row){ROW_ZONE, z, goal ? 0 : dx * dx + dy * dy});
    }
    for (int j = 0; j < def->joint_count; j++) {
        ParaVec2 at = joint_place(s, j);
        float dx = at.x - s->x, dy = at.y - s->y;
        count = keep_nearest(rows, count, (Row){ROW_JOINT, j, dx * dx + dy * dy});
    }
    for (int t = 0; t < def->thruster_count; t++) {
        ParaVec2 at = body_point(s->view, def->thrusters[t].body, def->thrusters[t].point);
        float dx = at.x - s->x, dy = at.y - s->y;
        count = keep_nearest(rows, count, (Row){ROW_THRUSTER, t, dx * dx + dy * dy});
    }
    return count;
}

// The common head of a row: 20 floats.
static void put_row_head(Pen *pen, const Sight *s, RowKind kind, int role, ParaBodyKind body_kind,
                         ParaVec2 at, float cosine, float sine, ParaVec2 half, bool round)
{
    for (int k = 0; k < ROW_KINDS; k++)
        put(pen, k == (int)kind);
    for (int r = PARA_ROLE_PLAYER; r < PARA_ROLE_COUNT; r++)
        put(pen, r == role);
    put(pen, body_kind == PARA_BODY_STATIC);
    put(pen, body_kind == PARA_BODY_KINEMATIC);
    put_offset(pen, at.x - s->x, at.y - s->y);
    put(pen, cosine);
    put(pen, sine);
    put(pen, half.x);
    put(pen, half.y);
    put(pen, round);
    put(pen, sqrtf((at.x - s->x) * (at.x - s->x) + (at.y - s->y) * (at.y - s->y)) / FAR);
}

static void put_motion(Pen *pen, const Sight *s, int body)
{
    const ParaView *v = s->view;
    put(pen, (state(v->vx, v, body) - s->vx) / SPEED);
    put(pen, (state(v->vy, v, body) - s->vy) / SPEED);
    put(pen, state(v->spin, v, body) / SPIN);
}

static void put_shape_row(Pen *pen, const Sight *s, int index)
{
    const ParaView *v = s->view;
    const ParaShapeDef *shape = &s->level->world.shapes[index];
    int body = shape->body;
    ParaVec2 centre, half;
    half_extents(s->level->world.points + shape->point_first, shape->point_count, shape->radius, &centre,
                 &half);
    put_row_head(pen, s, ROW_SHAPE, s->level->body_roles[body], s->level->world.bodies[body].kind,
                 body_point(v, body, centre), state(v->cos, v, body), state(v->sin, v, body), half,
                 shape->kind == PARA_SHAPE_CIRCLE);
    put_motion(pen, s, body);
    put(pen, state(v->mass, v, body) / 10);
    put(pen, shape->friction);
    put(pen, body_touches(v, body));
    skip(pen, 2);
}

static void put_joint_row(Pen *pen, const Sight *s, int index)
{
    const ParaJointDef *joint = &s->level->world.joints[index];
    put_row_head(pen, s, ROW_JOINT, s->level->body_roles[joint->b], PARA_BODY_DYNAMIC, joint_place(s, index),
                 1, 0, (ParaVec2){0, 0}, true);
    put_motion(pen, s, joint->b);
    put(pen, state(s->view->joint_angle, s->view, index));
    put(pen, state(s->view->joint_speed, s->view, index) / SPIN);
    put(pen, joint->motored);
    put(pen, joint->limited ? joint->lower : -LIMIT);
    put(pen, joint->limited ? joint->upper : LIMIT);
}

static void put_thruster_row(Pen *pen, const Sight *s, int index)
{
    const ParaThrusterDef *t = &s->level->world.thrusters[index];
    const ParaView *v = s->view;
    float c = state(v->cos, v, t->body), n = state(v->sin, v, t->body);
    put_row_head(pen, s, ROW_THRUSTER, s->level->body_roles[t->body], PARA_BODY_DYNAMIC,
                 body_point(v, t->body, t->point), c * t->direction.x - n * t->direction.y,
                 n * t->direction.x + c * t->direction.y, (ParaVec2){0, 0}, false);
    put_motion(pen, s, t->body);
    put(pen, t->force_max / (10 * para_clampf(state(v->mass, v, t->body), 0.01f, 1e6f)));
    skip(pen, 4);
}

static void put_zone_row(Pen *pen, const Sight *s, int index)
{
    const ParaZoneDef *zone = &s->level->world.zones[index];
    ParaVec2 centre = {0, 0}, half = {zone->radius, zone->radius};
    if (zone->kind == PARA_SHAPE_POLYGON)
        half_extents(s->level->world.points + zone->point_first, zone->point_count, 0, &centre, &half);
    double sine, cosine;
    para_sincos((double)zone->angle, &sine, &cosine);
    float c = (float)cosine, n = (float)sine;
    ParaVec2 at = {zone->position.x + c * centre.x - n * centre.y,
                   zone->position.y + n * centre.x + c * centre.y};
    put_row_head(pen, s, ROW_ZONE, s->level->zone_roles[index], PARA_BODY_STATIC, at, c, n, half,
                 zone->kind == PARA_SHAPE_CIRCLE);
    put(pen, -s->vx / SPEED);
    put(pen, -s->vy / SPEED);
    put(pen, zone->drag);
    put(pen, zone->acceleration.x / GRAVITY);
    put(pen, zone->acceleration.y / GRAVITY);
    put(pen, (s->view->zone_bits[s->self * s->view->stride] >> index) & 1 ? 1.0f : 0.0f);
    skip(pen, 2);
}

static void put_rows(const Sight *s, const ParaObsSpec *spec, float *out)
{
    Row rows[PARA_ROW_MAX];
    int count = gather_rows(s, rows);
    float *mask = out + spec->global_size + spec->row_max * spec->row_size;
    Pen pen = {out + spec->global_size};
    for (int i = 0; i < count; i++) {
        switch (rows[i].kind) {
        case ROW_SHAPE:
            put_shape_row(&pen, s, rows[i].index);
            break;
        case ROW_JOINT:
            put_joint_row(&pen, s, rows[i].index);
            break;
        case ROW_THRUSTER:
            put_thruster_row(&pen, s, rows[i].index);
            break;
        default:
            put_zone_row(&pen, s, rows[i].index);
            break;
        }
    }
    skip(&pen, (spec->row_max - count) * spec->row_size);
    for (int i = 0; i < spec->row_max; i++)
        mask[i] = i < count ? 1.0f : 0.0f;
}

// The fixed layout for one family: every body that can move, in the order of the template.
static void put_bodies(Pen *pen, const Sight *s, int room)
{
    const ParaView *v = s->view;
    int bodies = room / VECTOR_BODY_SIZE;
    for (int i = 0; i < s->level->world.body_count && bodies > 0; i++) {
        if (s->level->world.bodies[i].kind == PARA_BODY_STATIC)
            continue;
        bodies--;
        if (!v->enabled[i * v->stride]) {
            skip(pen, VECTOR_BODY_SIZE);
            continue;
        }
        put(pen, 1);
        put_offset(pen, state(v->centre_x, v, i) - s->x, state(v->centre_y, v, i) - s->y);
        put(pen, state(v->sin, v, i));
        put_motion(pen, s, i);
    }
    skip(pen, bodies * VECTOR_BODY_SIZE);
}

void para_observe(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                  float *out)
{
    const ParaView *view = para_world_view(world);
    int self = level->player.body;
    Sight sight = {.level = level,
                   .play = play,
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
        put_rows(&sight, spec, out);
}
