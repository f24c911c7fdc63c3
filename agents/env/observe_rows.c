// SPDX-License-Identifier: MIT
// Entity rows: one per shape, joint, thruster and zone near the player, order-free, with a mask.
#include "agents/env/observe_parts.h"

typedef enum { ROW_SHAPE, ROW_JOINT, ROW_THRUSTER, ROW_ZONE, ROW_KINDS } RowKind;

typedef struct Row {
    RowKind kind;
    int index;
    float distance; // [m^2] squared; the player's own parts count as 0
    ParaVec2 at;    // [m] world frame: of a shape's box
    ParaVec2 half;  // [m] of a shape's box
} Row;

// Bit b: body b touches something.
typedef struct Touched {
    uint64_t bits[(PARA_BODIES_MAX + 63) / 64];
} Touched;

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

// A shape's row. Its distance is that to the shape's box, so that a long wall nearby counts as near; the
// player's own parts count as 0.
static Row shape_row(const Sight *s, int index)
{
    const ParaShapeDef *shape = &s->level->world.shapes[index];
    Row row = {.kind = ROW_SHAPE, .index = index};
    ParaVec2 centre;
    half_extents(s->level->world.points + shape->point_first, shape->point_count, shape->radius, &centre,
                 &row.half);
    row.at = body_point(s->view, shape->body, centre);
    if (s->body_roles[shape->body] == PARA_ROLE_PLAYER)
        return row;
    float c = state(s->view->cos, s->view, shape->body), n = state(s->view->sin, s->view, shape->body);
    float dx = s->x - row.at.x, dy = s->y - row.at.y;
    float beside_x = fabsf(c * dx + n * dy) - row.half.x, beside_y = fabsf(c * dy - n * dx) - row.half.y;
    beside_x = beside_x > 0 ? beside_x : 0;
    beside_y = beside_y > 0 ? beside_y : 0;
    row.distance = beside_x * beside_x + beside_y * beside_y;
    return row;
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

static bool is_there(const Sight *s, int body) { return s->view->enabled[body * s->view->stride] != 0; }

static int gather_rows(const Sight *s, Row *rows)
{
    const ParaWorldDef *def = &s->level->world;
    int count = 0;
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].kind != PARA_SHAPE_CHAIN && is_there(s, def->shapes[i].body))
            count = keep_nearest(rows, count, shape_row(s, i));
    for (int z = 0; z < def->zone_count; z++) {
        float dx = def->zones[z].position.x - s->x, dy = def->zones[z].position.y - s->y;
        bool goal = s->zone_roles[z] == PARA_ROLE_TARGET;
        count = keep_nearest(rows, count,
                             (Row){.kind = ROW_ZONE, .index = z, .distance = goal ? 0 : dx * dx + dy * dy});
    }
    for (int j = 0; j < def->joint_count; j++) {
        if (!is_there(s, def->joints[j].a) || !is_there(s, def->joints[j].b))
            continue;
        ParaVec2 at = joint_place(s, j);
        float dx = at.x - s->x, dy = at.y - s->y;
        count =
            keep_nearest(rows, count, (Row){.kind = ROW_JOINT, .index = j, .distance = dx * dx + dy * dy});
    }
    for (int t = 0; t < def->thruster_count; t++) {
        if (!is_there(s, def->thrusters[t].body))
            continue;
        ParaVec2 at = body_point(s->view, def->thrusters[t].body, def->thrusters[t].point);
        float dx = at.x - s->x, dy = at.y - s->y;
        count =
            keep_nearest(rows, count, (Row){.kind = ROW_THRUSTER, .index = t, .distance = dx * dx + dy * dy});
    }
    return count;
}

static Touched touched_bodies(const ParaView *view)
{
    Touched touched = {0};
    for (int i = 0; i < view->contact_count; i++) {
        int a = view->contacts[i].body_a, b = view->contacts[i].body_b;
        touched.bits[a / 64] |= UINT64_C(1) << (a % 64);
        touched.bits[b / 64] |= UINT64_C(1) << (b % 64);
    }
    return touched;
}

// The common head of a row: 20 floats.
static void put_row_head(Pen *pen, const Sight *s, RowKind kind, int role, ParaBodyKind body_kind,
                         ParaVec2 at, float cosine, float sine, ParaVec2 half, bool round)
{
    memset(pen->at, 0, sizeof(float) * (ROW_KINDS + PARA_ROLE_COUNT - PARA_ROLE_PLAYER));
    pen->at[kind] = 1.0f;
    if (role >= PARA_ROLE_PLAYER)
        pen->at[ROW_KINDS + role - PARA_ROLE_PLAYER] = 1.0f;
    pen->at += ROW_KINDS + PARA_ROLE_COUNT - PARA_ROLE_PLAYER;
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

static void put_shape_row(Pen *pen, const Sight *s, const Row *row, const Touched *touched)
{
    const ParaView *v = s->view;
    const ParaShapeDef *shape = &s->level->world.shapes[row->index];
    int body = shape->body;
    put_row_head(pen, s, ROW_SHAPE, s->body_roles[body], s->level->world.bodies[body].kind, row->at,
                 state(v->cos, v, body), state(v->sin, v, body), row->half, shape->kind == PARA_SHAPE_CIRCLE);
    put_motion(pen, s, body);
    put(pen, state(v->mass, v, body) / 10);
    put(pen, shape->friction);
    put(pen, touched->bits[body / 64] >> (body % 64) & 1 ? 1.0f : 0.0f);
    skip(pen, 2);
}

static void put_joint_row(Pen *pen, const Sight *s, int index)
{
    const ParaJointDef *joint = &s->level->world.joints[index];
    put_row_head(pen, s, ROW_JOINT, s->body_roles[joint->b], PARA_BODY_DYNAMIC, joint_place(s, index), 1, 0,
                 (ParaVec2){0, 0}, true);
    put_motion(pen, s, joint->b);
    put(pen, joint->limited ? state(s->view->joint_angle, s->view, index) : 0); // a wheel's only grows
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
    put_row_head(pen, s, ROW_THRUSTER, s->body_roles[t->body], PARA_BODY_DYNAMIC,
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
    put_row_head(pen, s, ROW_ZONE, s->zone_roles[index], PARA_BODY_STATIC, at, c, n, half,
                 zone->kind == PARA_SHAPE_CIRCLE);
    put(pen, -s->vx / SPEED);
    put(pen, -s->vy / SPEED);
    put(pen, zone->drag);
    put(pen, zone->acceleration.x / GRAVITY);
    put(pen, zone->acceleration.y / GRAVITY);
    put(pen, (s->view->zone_bits[s->self * s->view->stride] >> index) & 1 ? 1.0f : 0.0f);
    skip(pen, 2);
}

void para_observe_rows(const Sight *s, const ParaObsSpec *spec, float *out)
{
    Row rows[PARA_ROW_MAX];
    int count = gather_rows(s, rows);
    Touched touched = touched_bodies(s->view);
    float *mask = out + spec->global_size + spec->row_max * spec->row_size;
    Pen pen = {out + spec->global_size};
    for (int i = 0; i < count; i++) {
        switch (rows[i].kind) {
        case ROW_SHAPE:
            put_shape_row(&pen, s, &rows[i], &touched);
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
