// SPDX-License-Identifier: MIT
// How each part of a scene, of its inputs and of its view changes through a lens.
#include "tests/engine/world/lens.h"

#include "engine/base/maths.h"

#include <math.h>

static double heavier(const Lens *lens) { return lens->heavier > 0 ? lens->heavier : 1.0; }

/// Angles and spins turn round in a mirror.
static double hand(const Lens *lens) { return lens->mirrored ? -1.0 : 1.0; }

static ParaVec2 turned(double angle, ParaVec2 v)
{
    double c = cos(angle), s = sin(angle), x = (double)v.x, y = (double)v.y;
    return (ParaVec2){(float)(c * x - s * y), (float)(s * x + c * y)};
}

static ParaVec2 plus(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x + b.x, a.y + b.y}; }

ParaVec2 lens_direction(const Lens *lens, ParaVec2 v)
{
    return turned(lens->turn, (ParaVec2){lens->mirrored ? -v.x : v.x, v.y});
}

ParaVec2 lens_place(const Lens *lens, ParaVec2 place)
{
    return plus(lens_direction(lens, place), (ParaVec2){(float)lens->shift_x, (float)lens->shift_y});
}

// ---------------------------------------------------------------------------------------------
// Bodies' own frames and orders.

/// A body's new frame within its old one (after the mirror).
typedef struct Frame {
    ParaVec2 origin; ///< [m]
    double angle;    ///< [rad]
} Frame;

static Frame frame_of(const Lens *lens, int body)
{
    if (!lens->framed)
        return (Frame){{0, 0}, 0};
    return (Frame){{0.1f * (float)(body % 3 - 1), 0.07f * (float)(body % 2 + 1)}, 0.3 * body};
}

/// A direction and a point of a body's frame.
static ParaVec2 local_direction(const Lens *lens, int body, ParaVec2 v)
{
    return turned(-frame_of(lens, body).angle, (ParaVec2){lens->mirrored ? -v.x : v.x, v.y});
}

static ParaVec2 local_point(const Lens *lens, int body, ParaVec2 p)
{
    ParaVec2 origin = frame_of(lens, body).origin;
    ParaVec2 from = {(lens->mirrored ? -p.x : p.x) - origin.x, p.y - origin.y};
    return turned(-frame_of(lens, body).angle, from);
}

static int body_of(const Lens *lens, const ParaWorldDef *def, int body)
{
    return lens->reversed ? def->body_count - 1 - body : body;
}

int lens_shape(const Lens *lens, const ParaWorldDef *def, int shape)
{
    if (!lens->reversed)
        return shape;
    // Shapes lie in the order of their bodies; within a body their order stays.
    int before = 0;
    for (int i = 0; i < def->shape_count; i++)
        before += def->shapes[i].body > def->shapes[shape].body ||
                  (def->shapes[i].body == def->shapes[shape].body && i < shape);
    return before;
}

// ---------------------------------------------------------------------------------------------
// The scene.

static ParaBodyDef change_body(const Lens *lens, const ParaBodyDef *from, int index)
{
    ParaBodyDef body = *from;
    Frame frame = frame_of(lens, index);
    double angle = hand(lens) * (double)from->angle + lens->turn, spin = hand(lens) * (double)from->spin;
    ParaVec2 arm = turned(angle, frame.origin);
    body.position = plus(lens_place(lens, from->position), arm);
    body.angle = (float)(angle + frame.angle);
    body.spin = (float)spin;
    body.velocity =
        plus(lens_direction(lens, from->velocity), (ParaVec2){(float)(lens->boost_x - spin * (double)arm.y),
                                                              (float)(lens->boost_y + spin * (double)arm.x)});
    return body;
}

/// Where in the old points corner i of the new shape is.
static uint32_t corner_from(const Lens *lens, const ParaShapeDef *shape, uint32_t i)
{
    uint32_t count = shape->point_count;
    if (shape->kind != PARA_SHAPE_POLYGON)
        return lens->from_behind ? count - 1 - i : i;
    i = (i + (uint32_t)lens->roll) % count;
    return lens->mirrored ? count - 1 - i : i; // still counter-clockwise
}

static void change_shapes(const Lens *lens, const Scene *from, Scene *to)
{
    for (int i = 0; i < from->def.shape_count; i++) {
        const ParaShapeDef *old = &from->shapes[i];
        ParaShapeDef *shape = &to->shapes[lens_shape(lens, &from->def, i)];
        *shape = *old;
        shape->body = body_of(lens, &from->def, old->body);
        shape->density = (float)((double)old->density * heavier(lens));
        for (uint32_t k = 0; k < old->point_count; k++)
            to->points[old->point_first + k] =
                local_point(lens, old->body, from->points[old->point_first + corner_from(lens, old, k)]);
    }
    to->def.shape_count = from->def.shape_count;
    to->def.point_count = from->def.point_count;
}

static ParaJointDef change_joint(const Lens *lens, const ParaWorldDef *def, const ParaJointDef *old)
{
    ParaJointDef joint = *old;
    joint.anchor_a = local_point(lens, old->a, old->anchor_a);
    joint.anchor_b = local_point(lens, old->b, old->anchor_b);
    joint.axis = local_direction(lens, old->a, old->axis);
    joint.a = body_of(lens, def, old->a);
    joint.b = body_of(lens, def, old->b);
    joint.stiffness = (float)((double)old->stiffness * heavier(lens));
    joint.damping = (float)((double)old->damping * heavier(lens));
    if (old->kind == PARA_JOINT_REVOLUTE && lens->mirrored != lens->from_behind) {
        joint.lower = -old->upper;
        joint.upper = -old->lower;
    }
    if (lens->from_behind) {
        ParaJointDef swapped = joint;
        swapped.a = joint.b;
        swapped.b = joint.a;
        swapped.anchor_a = joint.anchor_b;
        swapped.anchor_b = joint.anchor_a;
        // The same line in the other body's frame, counted away from that body.
        double between = (double)(def->bodies[old->a].angle - def->bodies[old->b].angle) * hand(lens) +
                         frame_of(lens, old->a).angle - frame_of(lens, old->b).angle;
        ParaVec2 axis = turned(between, joint.axis);
        swapped.axis = (ParaVec2){-axis.x, -axis.y};
        return swapped;
    }
    return joint;
}

static void change_rest(const Lens *lens, const Scene *from, Scene *to)
{
    const ParaWorldDef *def = &from->def;
    for (int i = 0; i < def->joint_count; i++)
        to->joints[i] = change_joint(lens, def, &from->joints[i]);
    for (int i = 0; i < def->thruster_count; i++) {
        ParaThrusterDef *thruster = &to->thrusters[i];
        *thruster = from->thrusters[i];
        thruster->point = local_point(lens, thruster->body, thruster->point);
        thruster->direction = local_direction(lens, thruster->body, thruster->direction);
        thruster->body = body_of(lens, def, thruster->body);
        thruster->force_max = (float)((double)thruster->force_max * heavier(lens));
    }
    for (int i = 0; i < def->zone_count; i++) {
        ParaZoneDef *zone = &to->zones[i];
        *zone = from->zones[i];
        zone->position = lens_place(lens, zone->position);
        zone->angle = (float)(hand(lens) * (double)zone->angle + lens->turn);
        zone->acceleration = lens_direction(lens, zone->acceleration);
        zone->fluid_density = (float)((double)zone->fluid_density * heavier(lens));
        for (uint32_t k = 0; k < zone->point_count; k++) {
            uint32_t old = lens->mirrored ? zone->point_count - 1 - k : k;
            ParaVec2 p = from->points[zone->point_first + old];
            to->points[zone->point_first + k] = (ParaVec2){lens->mirrored ? -p.x : p.x, p.y};
        }
    }
}

void lens_scene(const Lens *lens, const Scene *from, Scene *to)
{
    scene_begin(to);
    to->def.rate = from->def.rate;
    to->def.substeps = from->def.substeps;
    to->def.iterations = from->def.iterations;
    to->def.gravity = lens_direction(lens, from->def.gravity);
    to->def.body_count = from->def.body_count;
    to->def.joint_count = from->def.joint_count;
    to->def.thruster_count = from->def.thruster_count;
    to->def.zone_count = from->def.zone_count;
    for (int i = 0; i < from->def.body_count; i++)
        to->bodies[body_of(lens, &from->def, i)] = change_body(lens, &from->bodies[i], i);
    change_shapes(lens, from, to);
    change_rest(lens, from, to);
}

/// Whether a joint's angle and rates have the other sign.
static double joint_sign(const Lens *lens, const ParaJointDef *joint)
{
    return joint->kind == PARA_JOINT_REVOLUTE && lens->mirrored != lens->from_behind ? -1.0 : 1.0;
}

void lens_inputs(const Lens *lens, ParaWorld from, ParaWorld to)
{
    const ParaWorldDef *def = para_world_view(from)->def;
    const ParaInputs *old = para_world_inputs(from), *new = para_world_inputs(to);
    float more = (float)heavier(lens);
    for (int i = 0; i < def->joint_count; i++) {
        AT(new, motor_rate, i) = (float)joint_sign(lens, &def->joints[i]) * AT(old, motor_rate, i);
        AT(new, motor_max, i) = more * AT(old, motor_max, i);
    }
    for (int i = 0; i < def->thruster_count; i++)
        AT(new, throttle, i) = AT(old, throttle, i);
    for (int i = 0; i < def->body_count; i++) {
        int k = body_of(lens, def, i);
        ParaVec2 force = lens_direction(lens, (ParaVec2){AT(old, force_x, i), AT(old, force_y, i)});
        AT(new, force_x, k) = more * force.x;
        AT(new, force_y, k) = more * force.y;
        AT(new, torque, k) = more * (float)hand(lens) * AT(old, torque, i);
    }
}

// ---------------------------------------------------------------------------------------------
// The view.

static void grow(double *most, double value) { *most = fmax(*most, fabs(value)); }

static void compare_body(const Lens *lens, const ParaView *from, const ParaView *to, int i, LensGap *gap)
{
    int k = body_of(lens, from->def, i);
    Frame frame = frame_of(lens, i);
    double fly_x = 0, fly_y = 0;
    if (from->def->bodies[i].kind == PARA_BODY_DYNAMIC && AT(from, enabled, i)) {
        fly_x = lens->boost_x;
        fly_y = lens->boost_y;
    }
    double angle = hand(lens) * (double)AT(from, angle, i) + lens->turn;
    ParaVec2 centre = lens_place(lens, (ParaVec2){AT(from, centre_x, i), AT(from, centre_y, i)});
    ParaVec2 origin =
        plus(lens_place(lens, (ParaVec2){AT(from, x, i), AT(from, y, i)}), turned(angle, frame.origin));
    ParaVec2 velocity = lens_direction(lens, (ParaVec2){AT(from, vx, i), AT(from, vy, i)});
    // A fixed body has no centre of mass of its own: it is shown at its origin.
    if (from->def->bodies[i].kind == PARA_BODY_DYNAMIC) {
        grow(&gap->place, (double)AT(to, centre_x, k) - (double)centre.x - fly_x * from->time);
        grow(&gap->place, (double)AT(to, centre_y, k) - (double)centre.y - fly_y * from->time);
    }
    grow(&gap->place, (double)AT(to, x, k) - (double)origin.x - fly_x * from->time);
    grow(&gap->place, (double)AT(to, y, k) - (double)origin.y - fly_y * from->time);
    grow(&gap->place, (double)AT(to, angle, k) - angle - frame.angle);
    grow(&gap->place, (double)AT(to, cos, k) - cos(angle + frame.angle));
    grow(&gap->place, (double)AT(to, sin, k) - sin(angle + frame.angle));
    if (from->def->bodies[i].kind == PARA_BODY_DYNAMIC) {
        grow(&gap->speed, (double)AT(to, vx, k) - (double)velocity.x - fly_x);
        grow(&gap->speed, (double)AT(to, vy, k) - (double)velocity.y - fly_y);
    }
    grow(&gap->speed, (double)AT(to, spin, k) - hand(lens) * (double)AT(from, spin, i));
    scene_near((double)AT(to, mass, k), (double)AT(from, mass, i) * heavier(lens),
               1e-6 * (double)AT(to, mass, k));
    assert_int_equal(AT(to, zone_bits, k), AT(from, zone_bits, i));
    assert_int_equal(AT(to, enabled, k), AT(from, enabled, i));
}

static void compare_joint(const Lens *lens, const ParaView *from, const ParaView *to, int i, LensGap *gap)
{
    double sign = joint_sign(lens, &from->def->joints[i]), load = (double)AT(from, joint_load, i);
    grow(&gap->place, (double)AT(to, joint_angle, i) - sign * (double)AT(from, joint_angle, i));
    grow(&gap->speed, (double)AT(to, joint_speed, i) - sign * (double)AT(from, joint_speed, i));
    grow(&gap->load_max, load);
    if (gap->load_max > 0)
        grow(&gap->load, ((double)AT(to, joint_load, i) / heavier(lens) - load) / gap->load_max);
}

/// The contact of two shapes, NULL if they do not touch.
static const ParaContact *contact_of(const ParaView *view, int a, int b)
{
    for (int i = 0; i < view->contact_count; i++)
        if (view->contacts[i].shape_a == (a < b ? a : b) && view->contacts[i].shape_b == (a < b ? b : a))
            return &view->contacts[i];
    return NULL;
}

static void compare_contacts(const Lens *lens, const ParaView *from, const ParaView *to, LensGap *gap)
{
    int both = 0;
    for (int i = 0; i < from->contact_count; i++) {
        const ParaContact *old = &from->contacts[i];
        int a = lens_shape(lens, from->def, old->shape_a), b = lens_shape(lens, from->def, old->shape_b);
        const ParaContact *new = contact_of(to, a, b);
        gap->impulse_from += (double)old->impulse * heavier(lens);
        if (!new)
            continue;
        both++;
        double side = a < b ? 1.0 : -1.0; // the normal goes from the smaller index
        ParaVec2 normal = lens_direction(lens, old->normal), point = lens_place(lens, old->point);
        grow(&gap->contact, side * (double)new->normal.x - (double)normal.x);
        grow(&gap->contact, side * (double)new->normal.y - (double)normal.y);
        grow(&gap->contact, (double)new->point.x - (double)point.x - lens->boost_x * from->time);
        grow(&gap->contact, (double)new->point.y - (double)point.y - lens->boost_y * from->time);
        assert_int_equal(new->body_a, body_of(lens, from->def, a < b ? old->body_a : old->body_b));
        assert_int_equal(new->body_b, body_of(lens, from->def, a < b ? old->body_b : old->body_a));
    }
    for (int i = 0; i < to->contact_count; i++)
        gap->impulse_to += (double)to->contacts[i].impulse;
    gap->contacts += from->contact_count;
    gap->strangers += from->contact_count + to->contact_count - 2 * both;
    if (gap->impulse_from > 0)
        gap->impulse = fabs(gap->impulse_to / gap->impulse_from - 1.0); // of the whole run: not the largest
}

void lens_compare(const Lens *lens, ParaWorld from, ParaWorld to, LensGap *gap)
{
    const ParaView *one = para_world_view(from), *two = para_world_view(to);
    assert_int_equal(one->status, PARA_WORLD_FINE);
    assert_int_equal(two->status, PARA_WORLD_FINE);
    assert_int_equal(one->step, two->step);
    for (int i = 0; i < one->def->body_count; i++)
        compare_body(lens, one, two, i, gap);
    for (int i = 0; i < one->def->joint_count; i++)
        compare_joint(lens, one, two, i, gap);
    compare_contacts(lens, one, two, gap);
}
