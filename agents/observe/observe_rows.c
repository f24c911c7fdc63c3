// SPDX-License-Identifier: MIT
// Writes the entity rows: one per shape, joint, thruster and zone near the player, order-free, with a mask.
// The nearest are kept; what stands where in a row is observe.def's to say.
#include "agents/observe/observe_parts.h"

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
    float c = para_obs_of(v->cos, v, body), n = para_obs_of(v->sin, v, body);
    return (ParaVec2){para_obs_of(v->x, v, body) + c * p.x - n * p.y,
                      para_obs_of(v->y, v, body) + n * p.x + c * p.y};
}

static ParaVec2 joint_place(const ParaObsSight *s, int joint)
{
    const ParaJointDef *j = &s->level->world.joints[joint];
    return body_point(s->view, j->b, j->anchor_b);
}

// A shape's row. Its distance is that to the shape's box, so that a long wall nearby counts as near; the
// player's own parts count as 0.
static Row shape_row(const ParaObsSight *s, int index)
{
    const ParaShapeDef *shape = &s->level->world.shapes[index];
    Row row = {.kind = ROW_SHAPE, .index = index};
    ParaVec2 centre;
    half_extents(s->level->world.points + shape->point_first, shape->point_count, shape->radius, &centre,
                 &row.half);
    row.at = body_point(s->view, shape->body, centre);
    if (s->body_roles[shape->body] == PARA_ROLE_PLAYER)
        return row;
    float c = para_obs_of(s->view->cos, s->view, shape->body),
          n = para_obs_of(s->view->sin, s->view, shape->body);
    float dx = s->x - row.at.x, dy = s->y - row.at.y;
    float beside_x = fabsf(c * dx + n * dy) - row.half.x, beside_y = fabsf(c * dy - n * dx) - row.half.y;
    beside_x = beside_x > 0 ? beside_x : 0;
    beside_y = beside_y > 0 ? beside_y : 0;
    row.distance = beside_x * beside_x + beside_y * beside_y;
    return row;
}

// The nearest rows so far. Their order is kept beside them, so that a nearer one moves bytes and no rows.
typedef struct Nearest {
    Row rows[PARA_OBS_ROWS];
    uint8_t order[PARA_OBS_ROWS]; // indices into rows, by distance, ties by the order of arrival
    int count;
} Nearest;

static inline void keep_nearest(Nearest *near, Row row)
{
    int at = near->count;
    while (at > 0 && near->rows[near->order[at - 1]].distance > row.distance)
        at--;
    if (at == PARA_OBS_ROWS)
        return;
    // The farthest makes room.
    int slot = near->count < PARA_OBS_ROWS ? near->count++ : near->order[PARA_OBS_ROWS - 1];
    memmove(near->order + at + 1, near->order + at, (size_t)(near->count - 1 - at));
    near->order[at] = (uint8_t)slot;
    near->rows[slot] = row;
}

static bool is_there(const ParaObsSight *s, int body)
{
    return s->view->enabled[body * s->view->stride] != 0;
}

/// Keeps a row if what it is of is seen. @param squared [m^2] how far it is, which a goal's row does not go
/// by
static void keep_seen(const ParaObsSight *s, Nearest *near, Row row, float squared)
{
    if (para_obs_sees(s, squared))
        keep_nearest(near, row);
}

static void gather_rows(const ParaObsSight *s, Nearest *near)
{
    const ParaWorldDef *def = &s->level->world;
    near->count = 0;
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].kind != PARA_SHAPE_CHAIN && is_there(s, def->shapes[i].body)) {
            Row row = shape_row(s, i);
            keep_seen(s, near, row, row.distance);
        }
    for (int z = 0; z < def->zone_count; z++) {
        const ParaZoneState *zone = &s->view->zones[z];
        if (!zone->on)
            continue;
        float dx = zone->position.x - s->x, dy = zone->position.y - s->y, squared = dx * dx + dy * dy;
        bool goal = s->zone_roles[z] == PARA_ROLE_TARGET;
        keep_seen(s, near, (Row){.kind = ROW_ZONE, .index = z, .distance = goal ? 0 : squared}, squared);
    }
    for (int j = 0; j < def->joint_count; j++) {
        if (!s->view->joint_enabled[j * s->view->stride])
            continue;
        ParaVec2 at = joint_place(s, j);
        float dx = at.x - s->x, dy = at.y - s->y, squared = dx * dx + dy * dy;
        keep_seen(s, near, (Row){.kind = ROW_JOINT, .index = j, .distance = squared}, squared);
    }
    for (int t = 0; t < def->thruster_count; t++) {
        if (!is_there(s, def->thrusters[t].body))
            continue;
        ParaVec2 at = body_point(s->view, def->thrusters[t].body, def->thrusters[t].point);
        float dx = at.x - s->x, dy = at.y - s->y, squared = dx * dx + dy * dy;
        keep_seen(s, near, (Row){.kind = ROW_THRUSTER, .index = t, .distance = squared}, squared);
    }
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

// What all rows tell.
typedef struct Head {
    RowKind kind;
    int role; // ParaRole
    ParaBodyKind body_kind;
    ParaVec2 at;        // [m] its middle, world frame
    float cosine, sine; // [1]
    ParaVec2 half;      // [m] in its own frame
    bool round;
    ParaVec2 velocity; // [m/s] less the main body's
} Head;

_Static_assert(sizeof(((ParaObsRow *)0)->kind) == ROW_KINDS, "a row's kind is one of so many");
_Static_assert(sizeof(((ParaObsRow *)0)->role) == PARA_ROLE_COUNT - PARA_ROLE_PLAYER,
               "a row's role is one of so many, or none");

// Inline, or what it is given goes through memory: 3 % of an observation.
static inline __attribute__((always_inline)) void put_head(ParaObsPen *pen, const ParaObsSight *s, Head head)
{
    float dx = head.at.x - s->x, dy = head.at.y - s->y;
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Row, kind);
    para_obs_put_one_of(pen, (int)head.kind, ROW_KINDS);
    PARA_OBS_AT(pen, Row, role);
    para_obs_put_one_of(pen, head.role - PARA_ROLE_PLAYER, PARA_ROLE_COUNT - PARA_ROLE_PLAYER);
    PARA_OBS_AT(pen, Row, motion);
    para_obs_put_flag(pen, head.body_kind == PARA_BODY_STATIC);
    para_obs_put_flag(pen, head.body_kind == PARA_BODY_KINEMATIC);
    PARA_OBS_AT(pen, Row, offset);
    para_obs_put_offset(pen, dx, dy);
    PARA_OBS_AT(pen, Row, heading);
    para_obs_put(pen, head.cosine);
    para_obs_put(pen, head.sine);
    PARA_OBS_AT(pen, Row, half);
    para_obs_put(pen, head.half.x);
    para_obs_put(pen, head.half.y);
    PARA_OBS_AT(pen, Row, round);
    para_obs_put_flag(pen, head.round);
    PARA_OBS_AT(pen, Row, distance);
    para_obs_put(pen, sqrtf(dx * dx + dy * dy) / PARA_OBS_FAR);
    PARA_OBS_AT(pen, Row, velocity);
    para_obs_put_velocity(pen, head.velocity.x, head.velocity.y);
    PARA_OBS_END(pen, Row);
    PARA_OBS_BEGIN(pen); // what follows is of the kind
}

static ParaVec2 velocity_of(const ParaObsSight *s, int body)
{
    const ParaView *v = s->view;
    return (ParaVec2){para_obs_of(v->vx, v, body) - s->vx, para_obs_of(v->vy, v, body) - s->vy};
}

static void put_spin(ParaObsPen *pen, const ParaObsSight *s, int body)
{
    para_obs_put(pen, para_obs_of(s->view->spin, s->view, body) / PARA_OBS_SPIN);
}

float para_obs_mass(const ParaObsSight *s, int body)
{
    const ParaWorldDef *def = &s->level->world;
    float mass = para_obs_of(s->view->mass, s->view, body);
    if (!para_level_hides_mass(s->level, body))
        return mass;
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].body == body && def->shapes[i].density > 0.0f)
            return mass / def->shapes[i].density;
    return mass;
}

// How little it stands: of a hit and of a squeeze, 0 where it stands any.
static void put_fragile(ParaObsPen *pen, const ParaObsSight *s, int body)
{
    const ParaLevel *level = s->level;
    float mass = para_clampf(para_obs_mass(s, body), 0.01f, 1e6f);
    float hit = level->body_shatters[body];
    float squeeze = level->body_crushes[body];
    para_obs_put(pen, hit > 0.0f ? 1.0f / (1.0f + hit / mass) : 0.0f);
    para_obs_put(pen, squeeze > 0.0f ? 1.0f / (1.0f + squeeze / (mass * PARA_OBS_GRAVITY)) : 0.0f);
}

static void put_shape_row(ParaObsPen *pen, const ParaObsSight *s, const Row *row, const Touched *touched)
{
    const ParaView *v = s->view;
    const ParaShapeDef *shape = &s->level->world.shapes[row->index];
    int body = shape->body;
    put_head(pen, s,
             (Head){.kind = ROW_SHAPE,
                    .role = s->body_roles[body],
                    .body_kind = s->level->world.bodies[body].kind,
                    .at = row->at,
                    .cosine = para_obs_of(v->cos, v, body),
                    .sine = para_obs_of(v->sin, v, body),
                    .half = row->half,
                    .round = shape->kind == PARA_SHAPE_CIRCLE,
                    .velocity = velocity_of(s, body)});
    PARA_OBS_AT(pen, Shape, spin);
    put_spin(pen, s, body);
    PARA_OBS_AT(pen, Shape, mass);
    para_obs_put(pen, para_obs_mass(s, body) / 10);
    PARA_OBS_AT(pen, Shape, friction);
    float rubbed = para_obs_of(v->friction, v, body);
    para_obs_put(pen, rubbed >= 0.0f ? rubbed : shape->friction);
    PARA_OBS_AT(pen, Shape, restitution);
    para_obs_put(pen, shape->restitution);
    PARA_OBS_AT(pen, Shape, touching);
    para_obs_put_flag(pen, touched->bits[body / 64] >> (body % 64) & 1);
    PARA_OBS_AT(pen, Shape, belt);
    para_obs_put(pen, shape->belt / PARA_OBS_SPEED);
    PARA_OBS_AT(pen, Shape, one_way);
    para_obs_put_flag(pen, shape->one_way);
    PARA_OBS_AT(pen, Shape, fragile);
    put_fragile(pen, s, body);
    PARA_OBS_AT(pen, Shape, collects);
    para_obs_put_flag(pen, s->level->body_collects[body]);
    PARA_OBS_END(pen, Shape);
}

// Which way it lets its bodies move: 0 turning, 1 sliding, 2 nearer and farther, -1 another: welded, or tied
// to how the other turns or slides.
static int way_of(ParaJointKind kind)
{
    switch (kind) {
    case PARA_JOINT_REVOLUTE:
        return 0;
    case PARA_JOINT_PRISMATIC:
        return 1;
    case PARA_JOINT_DISTANCE:
    case PARA_JOINT_SPRING:
    case PARA_JOINT_PULLEY:
        return 2;
    default:
        return -1;
    }
}

static void put_joint_row(ParaObsPen *pen, const ParaObsSight *s, int index)
{
    const ParaView *v = s->view;
    const ParaJointDef *joint = &s->level->world.joints[index];
    put_head(pen, s,
             (Head){.kind = ROW_JOINT,
                    .role = s->body_roles[joint->b],
                    .body_kind = PARA_BODY_DYNAMIC,
                    .at = joint_place(s, index),
                    .cosine = 1,
                    .round = true,
                    .velocity = velocity_of(s, joint->b)});
    PARA_OBS_AT(pen, Joint, spin);
    put_spin(pen, s, joint->b);
    PARA_OBS_AT(pen, Joint, angle);
    para_obs_put(pen, joint->limited ? para_obs_of(v->joint_angle, v, index) : 0); // a wheel's only grows
    PARA_OBS_AT(pen, Joint, speed);
    para_obs_put(pen, para_obs_of(v->joint_speed, v, index) / PARA_OBS_SPIN);
    PARA_OBS_AT(pen, Joint, motored);
    para_obs_put_flag(pen, joint->motored);
    PARA_OBS_AT(pen, Joint, limits);
    para_obs_put(pen, joint->limited ? joint->lower : -PARA_OBS_LIMIT);
    para_obs_put(pen, joint->limited ? joint->upper : PARA_OBS_LIMIT);
    PARA_OBS_AT(pen, Joint, way);
    para_obs_put_one_of(pen, way_of(joint->kind), sizeof(((ParaObsJoint *)0)->way));
    PARA_OBS_AT(pen, Joint, load);
    float most = s->level->joint_breaks ? s->level->joint_breaks[index] : 0.0f;
    para_obs_put(pen, most > 0.0f ? para_clampf(para_obs_of(v->joint_load, v, index) / most, 0, 1) : 0);
    PARA_OBS_END(pen, Joint);
}

static void put_thruster_row(ParaObsPen *pen, const ParaObsSight *s, int index)
{
    const ParaThrusterDef *t = &s->level->world.thrusters[index];
    const ParaView *v = s->view;
    float c = para_obs_of(v->cos, v, t->body), n = para_obs_of(v->sin, v, t->body);
    put_head(pen, s,
             (Head){.kind = ROW_THRUSTER,
                    .role = s->body_roles[t->body],
                    .body_kind = PARA_BODY_DYNAMIC,
                    .at = body_point(v, t->body, t->point),
                    .cosine = c * t->direction.x - n * t->direction.y,
                    .sine = n * t->direction.x + c * t->direction.y,
                    .velocity = velocity_of(s, t->body)});
    PARA_OBS_AT(pen, Thruster, spin);
    put_spin(pen, s, t->body);
    PARA_OBS_AT(pen, Thruster, push);
    para_obs_put(pen, t->force_max / (10 * para_clampf(para_obs_mass(s, t->body), 0.01f, 1e6f)));
    PARA_OBS_END(pen, Thruster);
}

static void put_portal(ParaObsPen *pen, const ParaObsSight *s, int zone)
{
    int exit = s->level->zone_portals ? s->level->zone_portals[zone] : -1;
    if (exit < 0) {
        para_obs_zeros(pen, 3);
        return;
    }
    ParaVec2 to = s->view->zones[exit].position;
    para_obs_put_flag(pen, true);
    para_obs_put(pen, (to.x - s->x) / PARA_OBS_FAR);
    para_obs_put(pen, (to.y - s->y) / PARA_OBS_FAR);
}

static void put_zone_row(ParaObsPen *pen, const ParaObsSight *s, int index)
{
    const ParaZoneDef *zone = &s->level->world.zones[index];
    const ParaZoneState *now = &s->view->zones[index];
    ParaVec2 centre = {0, 0}, half = {zone->radius, zone->radius};
    if (zone->kind == PARA_SHAPE_POLYGON)
        half_extents(s->level->world.points + zone->point_first, zone->point_count, 0, &centre, &half);
    double sine, cosine;
    para_sincos((double)now->angle, &sine, &cosine);
    float c = (float)cosine, n = (float)sine;
    put_head(pen, s,
             (Head){.kind = ROW_ZONE,
                    .role = s->zone_roles[index],
                    .body_kind = PARA_BODY_STATIC,
                    .at = {now->position.x + c * centre.x - n * centre.y,
                           now->position.y + n * centre.x + c * centre.y},
                    .cosine = c,
                    .sine = n,
                    .half = half,
                    .round = zone->kind == PARA_SHAPE_CIRCLE,
                    .velocity = {-s->vx, -s->vy}});
    PARA_OBS_AT(pen, Zone, drag);
    para_obs_put(pen, now->drag);
    PARA_OBS_AT(pen, Zone, acceleration);
    para_obs_put(pen, now->acceleration.x / PARA_OBS_GRAVITY);
    para_obs_put(pen, now->acceleration.y / PARA_OBS_GRAVITY);
    PARA_OBS_AT(pen, Zone, pull);
    para_obs_put(pen, now->pull / PARA_OBS_GRAVITY);
    PARA_OBS_AT(pen, Zone, fluid);
    para_obs_put(pen, now->fluid_density / PARA_OBS_DENSITY);
    para_obs_put(pen, now->fluid_density > 0.0f ? now->fluid_drag : 0.0f);
    PARA_OBS_AT(pen, Zone, inside);
    para_obs_put_flag(pen, s->view->zone_bits[s->self * s->view->stride] >> index & 1);
    PARA_OBS_AT(pen, Zone, ladder);
    para_obs_put_flag(pen, s->level->ladders >> index & 1);
    PARA_OBS_AT(pen, Zone, portal);
    put_portal(pen, s, index);
    PARA_OBS_END(pen, Zone);
}

static void put_row(ParaObsPen *pen, const ParaObsSight *s, const Row *row, const Touched *touched)
{
    const float *end = pen->at + sizeof(ParaObsWholeRow);
    switch (row->kind) {
    case ROW_SHAPE:
        put_shape_row(pen, s, row, touched);
        break;
    case ROW_JOINT:
        put_joint_row(pen, s, row->index);
        break;
    case ROW_THRUSTER:
        put_thruster_row(pen, s, row->index);
        break;
    default:
        put_zone_row(pen, s, row->index);
        break;
    }
    para_obs_zeros(pen, (size_t)(end - pen->at)); // some kinds tell less than others
}

void para_observe_rows(ParaObsPen *pen, const ParaObsSight *s)
{
    Nearest near;
    gather_rows(s, &near);
    Touched touched = touched_bodies(s->view);
    for (int i = 0; i < near.count; i++)
        put_row(pen, s, &near.rows[near.order[i]], &touched);
    para_obs_zeros(pen, (size_t)(PARA_OBS_ROWS - near.count) * sizeof(ParaObsWholeRow));
    for (int i = 0; i < PARA_OBS_ROWS; i++)
        para_obs_put_flag(pen, i < near.count);
}
