// SPDX-License-Identifier: MIT
// Joints of knotted worlds as equations: what they hold, and the free way along which motors and limits act.
// The same equations as those of pins.c, rails.c and lines.c.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/lanes/knots.h"

#define LENGTH_MIN 1e-6 ///< [m] below, a line has no direction of its own

static bool is_rigid(const ParaLanesJoint *joint)
{
    return joint->kind == PARA_JOINT_DISTANCE && joint->lower >= joint->upper;
}

static bool is_pin(const ParaLanesJoint *joint)
{
    return joint->kind == PARA_JOINT_REVOLUTE || joint->kind == PARA_JOINT_WELD;
}

void para_knot_link_begin(const ParaLanesWorld *world, int index, const ParaLanesJoint *joint,
                          ParaKnotLink *link, const ParaKnotBody *a, const ParaKnotBody *b, double h)
{
    const ParaLanesJointState *state = &world->joint_states[index];
    bool line = joint->kind == PARA_JOINT_DISTANCE || joint->kind == PARA_JOINT_SPRING;
    double c = a->cos * b->cos + a->sin * b->sin, s = a->cos * b->sin - a->sin * b->cos;
    link->start = joint->kind == PARA_JOINT_REVOLUTE
                      ? (double)world->joint_angle[joint->def]
                      : para_atan2(s * (double)joint->start_cos - c * (double)joint->start_sin,
                                   c * (double)joint->start_cos + s * (double)joint->start_sin);
    bool limited = joint->kind == PARA_JOINT_DISTANCE ? !is_rigid(joint)
                                                      : joint->limited && joint->kind != PARA_JOINT_SPRING;
    link->lower = limited ? (double)joint->lower : -1e30;
    link->upper = limited ? (double)joint->upper : 1e30;
    link->length = (double)(joint->kind == PARA_JOINT_SPRING ? joint->rest : joint->lower);
    link->slack[0] = (double)joint->slack_x;
    link->slack[1] = (double)joint->slack_y;
    bool motored = joint->motored && !line;
    link->rate = motored ? (double)world->motor_rate[joint->def] : 0.0;
    link->most = motored ? para_max((double)world->motor_max[joint->def], 0.0) * h : 0.0;
    link->impulse[0] = (double)state->x;
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

void para_knot_link_measure(const ParaLanesJoint *joint, ParaKnotLink *link, const ParaKnotBody *a,
                            const ParaKnotBody *b)
{
    double anchor_a[2] = {(double)joint->anchor_ax, (double)joint->anchor_ay};
    double anchor_b[2] = {(double)joint->anchor_bx, (double)joint->anchor_by};
    double ra[2] = {a->cos * anchor_a[0] - a->sin * anchor_a[1], a->sin * anchor_a[0] + a->cos * anchor_a[1]};
    double rb[2] = {b->cos * anchor_b[0] - b->sin * anchor_b[1], b->sin * anchor_b[0] + b->cos * anchor_b[1]};
    double d[2] = {(b->x - a->x) + (rb[0] - ra[0]) - link->slack[0],
                   (b->y - a->y) + (rb[1] - ra[1]) - link->slack[1]};
    double turned = b->turn - a->turn;
    if (is_pin(joint))
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
    return __builtin_fabs(link->hold_count ? link->impulse[0] : along);
}

void para_knot_link_store(const ParaLanesJoint *joint, const ParaKnotLink *link, ParaLanesJointState *out)
{
    bool pin = is_pin(joint);
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
