// SPDX-License-Identifier: MIT
// Joints that were made again, or whose bodies were put elsewhere, while those are far from where they should
// be: in each step a joint asks for no more of the way than PARA_JOINT_DRAW_SPEED goes. What it leaves alone
// is taken off its record, so that the rows (and knots.c) need not know; the mark goes once all is near.
#include "engine/base/maths.h"
#include "engine/world/lanes/joint_view.h"

static bool is_far(double way, double most) { return __builtin_fabs(way) > most; }

/// Leaves alone all but the last `most` of the gap between two anchors.
static bool bound_pin(const float gap[2], double most, ParaLanesJoint *record)
{
    double x = (double)gap[0], y = (double)gap[1], length = para_sqrt(x * x + y * y);
    if (!is_far(length, most))
        return false;
    record->slack_x = (float)(x * (1.0 - most / length));
    record->slack_y = (float)(y * (1.0 - most / length));
    return true;
}

/// The same across the axis of a rail.
static bool bound_across(const ParaLanesWorld *world, const float gap[2], double most, ParaLanesJoint *record)
{
    double c = (double)world->cos[record->a], s = (double)world->sin[record->a];
    double x = c * (double)record->axis_x - s * (double)record->axis_y;
    double y = s * (double)record->axis_x + c * (double)record->axis_y;
    double off = (double)gap[1] * x - (double)gap[0] * y;
    if (!is_far(off, most))
        return false;
    double left = off - para_clamp(off, -most, most);
    record->slack_x = (float)(-y * left);
    record->slack_y = (float)(x * left);
    return true;
}

/// The same of an angle that is held.
static bool bound_angle(const ParaLanesWorld *world, double most, ParaLanesJoint *record)
{
    double ca = (double)world->cos[record->a], sa = (double)world->sin[record->a];
    double cb = (double)world->cos[record->b], sb = (double)world->sin[record->b];
    double c = ca * cb + sa * sb, s = ca * sb - sa * cb;
    double start_cos = (double)record->start_cos, start_sin = (double)record->start_sin;
    double error = para_atan2(s * start_cos - c * start_sin, c * start_cos + s * start_sin);
    if (!is_far(error, most))
        return false;
    double sine, cosine;
    para_sincos(error - para_clamp(error, -most, most), &sine, &cosine);
    record->start_cos = (float)(start_cos * cosine - start_sin * sine);
    record->start_sin = (float)(start_sin * cosine + start_cos * sine);
    return true;
}

/// The same of limits that are passed, and of a rod, whose limits are one.
static bool bound_limits(float way, float most, ParaLanesJoint *record)
{
    bool below = record->lower - way > most, above = way - record->upper > most;
    bool rigid = record->lower >= record->upper;
    if (below)
        record->lower = way + most;
    if (above)
        record->upper = way - most;
    if (rigid)
        record->lower = record->upper = below ? record->lower : record->upper;
    return below || above;
}

bool para_lanes_draw_joint(const ParaLanesWorld *world, int joint, ParaLanesJoint *record)
{
    float way = world->joint_angle[record->def], most = PARA_JOINT_DRAW_SPEED * world->dt, gap[2], speed[2];
    para_lanes_anchors_apart(world, &world->joints[joint], gap, speed);
    switch ((ParaJointKind)record->kind) {
    case PARA_JOINT_REVOLUTE: {
        bool pinned = bound_pin(gap, (double)most, record);
        return (record->limited && bound_limits(way, most, record)) || pinned;
    }
    case PARA_JOINT_WELD: {
        bool pinned = bound_pin(gap, (double)most, record);
        return bound_angle(world, (double)most, record) || pinned;
    }
    case PARA_JOINT_PRISMATIC: {
        bool across = bound_across(world, gap, (double)most, record);
        bool turned = bound_angle(world, (double)most, record);
        return (record->limited && bound_limits(way, most, record)) || across || turned;
    }
    case PARA_JOINT_DISTANCE:
    case PARA_JOINT_PULLEY:
        return bound_limits(way, most, record);
    case PARA_JOINT_SPRING:
        return record->limited && bound_limits(way, most, record);
    case PARA_JOINT_GEAR:
    case PARA_JOINT_RACK:
        break; // take hold where they are
    }
    return false;
}
