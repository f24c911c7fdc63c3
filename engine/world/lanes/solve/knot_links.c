// SPDX-License-Identifier: MIT
// Joints of knotted worlds as equations: what they hold, and the free way along which motors and limits act.
// The same equations as those of pins.c, rails.c and lines.c.
#include "engine/base/maths.h"
#include "engine/world/lanes/joint_view.h"
#include "engine/world/lanes/knots.h"

#define LENGTH_MIN 1e-6 ///< [m] below, a line has no direction of its own

static bool is_rigid(const ParaLanesJoint *joint)
{
    return (joint->kind == PARA_JOINT_DISTANCE || joint->kind == PARA_JOINT_PULLEY) &&
           joint->lower >= joint->upper;
}

static bool is_pin(const ParaLanesJoint *joint)
{
    return joint->kind == PARA_JOINT_REVOLUTE || joint->kind == PARA_JOINT_WELD;
}

static bool is_turned(const ParaLanesJoint *joint)
{
    return joint->kind == PARA_JOINT_GEAR || joint->kind == PARA_JOINT_RACK;
}

/// What a pulley, gear or rack keeps beside its record; of the two that turn, the error at the begin of the
/// step, which counts whole turns.
static void begin_transmission(const ParaLanesWorld *world, int index, const ParaJointDef *def,
                               ParaKnotLink *link)
{
    const ParaLanesJoint *joint = &world->joints[index];
    const ParaLanesJointState *state = &world->joint_states[index];
    double left_out = (double)state->x + (double)state->y;
    link->ratio = (double)def->ratio;
    link->wheel_a[0] = (double)def->wheel_a.x, link->wheel_a[1] = (double)def->wheel_a.y;
    link->wheel_b[0] = (double)def->wheel_b.x, link->wheel_b[1] = (double)def->wheel_b.y;
    if (joint->kind == PARA_JOINT_GEAR)
        link->start = para_lanes_carried_angle(world, def, joint->a) +
                      link->ratio * para_lanes_carried_angle(world, def, joint->b) - left_out;
    else if (joint->kind == PARA_JOINT_RACK)
        link->start = para_lanes_carried_angle(world, def, joint->a) * link->ratio + left_out;
}

void para_knot_link_begin(const ParaLanesWorld *world, int index, const ParaLanesJoint *joint,
                          ParaKnotLink *link, const ParaKnotBody *a, const ParaKnotBody *b, double h)
{
    const ParaLanesJointState *state = &world->joint_states[index];
    const ParaJointDef *def = &world->def.joints[joint->def];
    bool turns = is_turned(joint), line = joint->kind >= PARA_JOINT_DISTANCE;
    double c = a->cos * b->cos + a->sin * b->sin, s = a->cos * b->sin - a->sin * b->cos;
    link->start = joint->kind == PARA_JOINT_REVOLUTE
                      ? (double)world->joint_angle[joint->def]
                      : para_atan2(s * (double)joint->start_cos - c * (double)joint->start_sin,
                                   c * (double)joint->start_cos + s * (double)joint->start_sin);
    if (joint->kind >= PARA_JOINT_PULLEY)
        begin_transmission(world, index, def, link);
    bool roped = joint->kind == PARA_JOINT_DISTANCE || joint->kind == PARA_JOINT_PULLEY;
    bool limited = roped ? !is_rigid(joint) : joint->limited && !turns;
    link->lower = limited ? (double)joint->lower : -1e30;
    link->upper = limited ? (double)joint->upper : 1e30;
    link->length = (double)(joint->kind == PARA_JOINT_SPRING ? joint->rest : joint->lower);
    link->slack[0] = (double)joint->slack_x;
    link->slack[1] = (double)joint->slack_y;
    bool motored = joint->motored && !line;
    link->rate = motored ? (double)world->motor_rate[joint->def] : 0.0;
    link->most = motored ? para_max((double)world->motor_max[joint->def], 0.0) * h : 0.0;
    link->impulse[0] = turns ? 0.0 : (double)state->x;
    link->impulse[1] = is_pin(joint) ? (double)state->y : (double)state->angle;
    link->impulse[2] = (double)state->angle;
    link->motor = para_clamp((double)state->motor, -link->most, link->most);
    link->low = limited ? (double)state->lower : 0.0;
    link->high = limited ? (double)state->upper : 0.0;
    link->load = 0.0;
}

/// Two anchors in one place, a weld's angle too.
static void measure_pin(const ParaLanesJoint *joint, ParaKnotLink *link, const double ra[2],
                        const double rb[2], const double d[2], double turned)
{
    link->hold[0] = (ParaKnotRow){{-1, 0, ra[1]}, {1, 0, -rb[1]}};
    link->hold[1] = (ParaKnotRow){{0, -1, -ra[0]}, {0, 1, rb[0]}};
    link->drive = (ParaKnotRow){{0, 0, -1}, {0, 0, 1}};
    link->error[0] = d[0];
    link->error[1] = d[1];
    link->hold_count = 2;
    link->way = link->start + turned;
    if (joint->kind == PARA_JOINT_WELD) {
        link->hold[2] = link->drive;
        link->error[2] = link->way;
        link->hold_count = 3;
    }
}

static void measure_rail(const ParaLanesJoint *joint, ParaKnotLink *link, const ParaKnotBody *a,
                         const double ra[2], const double rb[2], const double d[2], double turned)
{
    double x = a->cos * (double)joint->axis_x - a->sin * (double)joint->axis_y;
    double y = a->sin * (double)joint->axis_x + a->cos * (double)joint->axis_y;
    double from[2] = {d[0] + ra[0], d[1] + ra[1]}; // b's anchor from a's centre: the force acts there
    link->hold[0] = (ParaKnotRow){{y, -x, -(from[0] * x + from[1] * y)}, {-y, x, rb[0] * x + rb[1] * y}};
    link->hold[1] = (ParaKnotRow){{0, 0, -1}, {0, 0, 1}};
    link->drive = (ParaKnotRow){{-x, -y, from[1] * x - from[0] * y}, {x, y, rb[0] * y - rb[1] * x}};
    link->error[0] = d[1] * x - d[0] * y;
    link->error[1] = link->start + turned;
    link->hold_count = 2;
    link->way = d[0] * x + d[1] * y;
}

static void measure_line(const ParaLanesJoint *joint, ParaKnotLink *link, const double ra[2],
                         const double rb[2], const double d[2])
{
    double length = para_sqrt(d[0] * d[0] + d[1] * d[1]);
    bool there = length > LENGTH_MIN;
    double x = there ? d[0] / length : 1.0, y = there ? d[1] / length : 0.0;
    link->drive = (ParaKnotRow){{-x, -y, ra[1] * x - ra[0] * y}, {x, y, rb[0] * y - rb[1] * x}};
    link->hold[0] = link->drive;
    link->way = length;
    link->error[0] = length - link->length;
    link->hold_count = joint->kind == PARA_JOINT_SPRING || is_rigid(joint);
}

/// A pulley's rope: how long, and the row of what lengthens it.
static void measure_pulley(ParaKnotLink *link, const ParaKnotBody *a, const ParaKnotBody *b,
                           const double ra[2], const double rb[2])
{
    double to_a[2] = {a->x + ra[0] - link->wheel_a[0], a->y + ra[1] - link->wheel_a[1]};
    double to_b[2] = {b->x + rb[0] - link->wheel_b[0], b->y + rb[1] - link->wheel_b[1]};
    double length_a = para_sqrt(to_a[0] * to_a[0] + to_a[1] * to_a[1]),
           length_b = para_sqrt(to_b[0] * to_b[0] + to_b[1] * to_b[1]);
    bool there_a = length_a > LENGTH_MIN, there_b = length_b > LENGTH_MIN;
    double share_a = 1.0, share_b = link->ratio;
    if (para_pulley_jams(length_a, length_b, link->node_b >= 0))
        share_a = 0.0;
    if (para_pulley_jams(length_b, length_a, link->node_a >= 0))
        share_b = 0.0;
    double ax = share_a * (there_a ? to_a[0] / length_a : 1.0),
           ay = share_a * (there_a ? to_a[1] / length_a : 0.0);
    double bx = share_b * (there_b ? to_b[0] / length_b : 1.0),
           by = share_b * (there_b ? to_b[1] / length_b : 0.0);
    link->drive = (ParaKnotRow){{ax, ay, ra[0] * ay - ra[1] * ax}, {bx, by, rb[0] * by - rb[1] * bx}};
    link->hold[0] = link->drive;
    link->way = length_a + link->ratio * length_b;
    link->error[0] = link->way - link->length;
}

static void measure_gear(ParaKnotLink *link, const ParaKnotBody *a, const ParaKnotBody *b, double carried)
{
    link->hold[0] = (ParaKnotRow){{0, 0, 1}, {0, 0, link->ratio}};
    link->third[0] = link->third[1] = 0.0;
    link->third[2] = -(1.0 + link->ratio);
    link->error[0] = link->start + (a->turn - carried) + link->ratio * (b->turn - carried);
}

/// Along the axis for b, and back on the carrier; turning for a, and back on the carrier.
/// @param c NULL: the world
static void measure_rack(const ParaLanesJoint *joint, ParaKnotLink *link, const ParaKnotBody *a,
                         const ParaKnotBody *b, const ParaKnotBody *c, const double rb[2])
{
    double x = (double)joint->axis_x, y = (double)joint->axis_y, from[2] = {b->x + rb[0], b->y + rb[1]};
    double turned = a->turn;
    if (c) {
        x = c->cos * (double)joint->axis_x - c->sin * (double)joint->axis_y;
        y = c->sin * (double)joint->axis_x + c->cos * (double)joint->axis_y;
        from[0] -= c->x;
        from[1] -= c->y;
        turned -= c->turn;
    }
    link->hold[0] = (ParaKnotRow){{0, 0, -link->ratio}, {x, y, rb[0] * y - rb[1] * x}};
    link->third[0] = -x;
    link->third[1] = -y;
    link->third[2] = link->ratio - (from[0] * y - from[1] * x);
    link->error[0] = (from[0] * x + from[1] * y) - (link->start + link->ratio * turned);
}

static void measure_transmission(const ParaLanesJoint *joint, ParaKnotLink *link, const ParaKnotBody *bodies,
                                 const double ra[2], const double rb[2])
{
    const ParaKnotBody *a = &bodies[link->a], *b = &bodies[link->b],
                       *c = link->c >= 0 ? &bodies[link->c] : NULL;
    link->hold_count = joint->kind != PARA_JOINT_PULLEY || is_rigid(joint);
    if (joint->kind == PARA_JOINT_PULLEY)
        measure_pulley(link, a, b, ra, rb);
    else if (joint->kind == PARA_JOINT_GEAR)
        measure_gear(link, a, b, c ? c->turn : 0.0);
    else
        measure_rack(joint, link, a, b, c, rb);
}

void para_knot_link_measure(const ParaLanesJoint *joint, ParaKnotLink *link, const ParaKnotBody *bodies)
{
    const ParaKnotBody *a = &bodies[link->a], *b = &bodies[link->b];
    double anchor_a[2] = {(double)joint->anchor_ax, (double)joint->anchor_ay};
    double anchor_b[2] = {(double)joint->anchor_bx, (double)joint->anchor_by};
    double ra[2] = {a->cos * anchor_a[0] - a->sin * anchor_a[1], a->sin * anchor_a[0] + a->cos * anchor_a[1]};
    double rb[2] = {b->cos * anchor_b[0] - b->sin * anchor_b[1], b->sin * anchor_b[0] + b->cos * anchor_b[1]};
    double d[2] = {(b->x - a->x) + (rb[0] - ra[0]) - link->slack[0],
                   (b->y - a->y) + (rb[1] - ra[1]) - link->slack[1]};
    double turned = b->turn - a->turn;
    if (joint->kind >= PARA_JOINT_PULLEY)
        measure_transmission(joint, link, bodies, ra, rb);
    else if (is_pin(joint))
        measure_pin(joint, link, ra, rb, d, turned);
    else if (joint->kind == PARA_JOINT_PRISMATIC)
        measure_rail(joint, link, a, ra, rb, d, turned);
    else
        measure_line(joint, link, ra, rb, d);
}

double para_knot_link_load(const ParaLanesJoint *joint, const ParaKnotLink *link)
{
    double along = link->motor + link->low - link->high;
    if (is_pin(joint))
        return para_sqrt(link->impulse[0] * link->impulse[0] + link->impulse[1] * link->impulse[1]);
    if (joint->kind == PARA_JOINT_PRISMATIC)
        return para_sqrt(link->impulse[0] * link->impulse[0] + along * along);
    return __builtin_fabs(link->hold_count ? link->impulse[0] + along : along);
}

void para_knot_link_store(const ParaLanesJoint *joint, const ParaKnotLink *link, ParaLanesJointState *out)
{
    bool pin = is_pin(joint);
    if (is_turned(joint)) { // the rest of its state is where it took hold
        out->load = (float)link->load;
        return;
    }
    *out = (ParaLanesJointState){.x = link->hold_count > 0 ? (float)link->impulse[0] : 0.0f,
                                 .y = pin ? (float)link->impulse[1] : 0.0f,
                                 .angle = pin ? (link->hold_count == 3 ? (float)link->impulse[2] : 0.0f)
                                              : (link->hold_count == 2 ? (float)link->impulse[1] : 0.0f),
                                 .motor = (float)link->motor,
                                 .lower = (float)link->low,
                                 .upper = (float)link->high,
                                 .load = (float)link->load,
                                 .turns = out->turns};
}
