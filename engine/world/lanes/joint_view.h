// SPDX-License-Identifier: MIT
#pragma once
// What a view tells of a joint, from the bodies' state: the same before the first step and after any.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "engine/world/lanes/lanes.h"

#include <math.h>

/// Where b's anchor is seen from a's, and how fast that changes, world frame.
static inline void para_lanes_anchors_apart(const ParaLanesWorld *world, const ParaLanesJoint *joint,
                                            float gap[2], float speed[2])
{
    int a = joint->a, b = joint->b;
    float ca = world->cos[a], sa = world->sin[a], cb = world->cos[b], sb = world->sin[b];
    float ax = ca * joint->anchor_ax - sa * joint->anchor_ay,
          ay = sa * joint->anchor_ax + ca * joint->anchor_ay;
    float bx = cb * joint->anchor_bx - sb * joint->anchor_by,
          by = sb * joint->anchor_bx + cb * joint->anchor_by;
    gap[0] = world->centre_x[b] - world->centre_x[a] + (bx - ax);
    gap[1] = world->centre_y[b] - world->centre_y[a] + (by - ay);
    speed[0] = world->vx[b] - world->spin[b] * by - (world->vx[a] - world->spin[a] * ay);
    speed[1] = world->vy[b] + world->spin[b] * bx - (world->vy[a] + world->spin[a] * ax);
}

/// [rad] angle of a body with the digits of its (cos, sin); whole turns count.
static inline double para_lanes_angle(const ParaLanesWorld *world, int body)
{
    double part = para_atan2((double)world->sin[body], (double)world->cos[body]);
    return part + PARA_TAU * __builtin_floor(((double)world->angle[body] - part) / PARA_TAU + 0.5);
}

/// [rad] of a body against a gear's or rack's carrier.
static inline double para_lanes_carried_angle(const ParaLanesWorld *world, const ParaJointDef *def, int body)
{
    return para_lanes_angle(world, body) - (def->carrier >= 0 ? para_lanes_angle(world, def->carrier) : 0.0);
}

/// [m] way of b's anchor along the axis of a rack, from the middle of its carrier. @param out_speed [m/s]
static inline double para_lanes_rack_way(const ParaLanesWorld *world, const ParaLanesJoint *joint,
                                         double *out_speed)
{
    int b = joint->b, c = world->def.joints[joint->def].carrier;
    double cb = (double)world->cos[b], sb = (double)world->sin[b], cc = 1.0, sc = 0.0, at[2] = {0},
           v[3] = {0};
    if (c >= 0) {
        cc = (double)world->cos[c], sc = (double)world->sin[c];
        at[0] = (double)world->centre_x[c], at[1] = (double)world->centre_y[c];
        v[0] = (double)world->vx[c], v[1] = (double)world->vy[c], v[2] = (double)world->spin[c];
    }
    double x = cc * (double)joint->axis_x - sc * (double)joint->axis_y,
           y = sc * (double)joint->axis_x + cc * (double)joint->axis_y;
    double arm[2] = {cb * (double)joint->anchor_bx - sb * (double)joint->anchor_by,
                     sb * (double)joint->anchor_bx + cb * (double)joint->anchor_by};
    double from[2] = {(double)world->centre_x[b] + arm[0] - at[0],
                      (double)world->centre_y[b] + arm[1] - at[1]};
    double spin = (double)world->spin[b];
    *out_speed = ((double)world->vx[b] - spin * arm[1] - v[0] + v[2] * from[1]) * x +
                 ((double)world->vy[b] + spin * arm[0] - v[1] - v[2] * from[0]) * y;
    return from[0] * x + from[1] * y;
}

/// [m] length of the rope from a wheel of a pulley to an anchor. @param out_speed [m/s]
static inline double para_lanes_rope(const ParaLanesWorld *world, int body, float anchor_x, float anchor_y,
                                     ParaVec2 wheel, double *out_speed)
{
    double c = (double)world->cos[body], s = (double)world->sin[body];
    double arm[2] = {c * (double)anchor_x - s * (double)anchor_y,
                     s * (double)anchor_x + c * (double)anchor_y};
    double x = (double)world->centre_x[body] + arm[0] - (double)wheel.x,
           y = (double)world->centre_y[body] + arm[1] - (double)wheel.y, length = para_sqrt(x * x + y * y);
    double vx = (double)world->vx[body] - (double)world->spin[body] * arm[1],
           vy = (double)world->vy[body] + (double)world->spin[body] * arm[0];
    *out_speed = length > 1e-9 ? (x * vx + y * vy) / length : 0.0;
    return length;
}

/// A double as two floats.
static inline void para_lanes_keep_pair(double value, float *high, float *low)
{
    *high = (float)value;
    *low = (float)(value - (double)*high);
}

/// Lets a gear or rack take hold where its bodies are now: other joints have nothing to do.
static inline void para_lanes_engage_joint(ParaLanesWorld *world, int i)
{
    const ParaLanesJoint *joint = &world->joints[i];
    const ParaJointDef *def = &world->def.joints[joint->def];
    ParaLanesJointState *state = &world->joint_states[i];
    if (joint->kind != PARA_JOINT_GEAR && joint->kind != PARA_JOINT_RACK)
        return;
    double turned = para_lanes_carried_angle(world, def, joint->a), ratio = (double)def->ratio, speed;
    double way = joint->kind == PARA_JOINT_GEAR ? turned : para_lanes_rack_way(world, joint, &speed);
    double error = joint->kind == PARA_JOINT_GEAR
                       ? turned + ratio * para_lanes_carried_angle(world, def, joint->b)
                       : way - ratio * turned;
    para_lanes_keep_pair(error, &state->x, &state->y);
    para_lanes_keep_pair(way, &state->lower, &state->upper);
}

/// Angle and speed of a pulley, gear or rack.
static inline void para_lanes_show_transmission(ParaLanesWorld *world, int i)
{
    const ParaLanesJoint *joint = &world->joints[i];
    const ParaJointDef *def = &world->def.joints[joint->def];
    const ParaLanesJointState *state = &world->joint_states[i];
    double way, speed, begin = (double)state->lower + (double)state->upper;
    if (joint->kind == PARA_JOINT_PULLEY) {
        double speed_b, ratio = (double)def->ratio;
        way = para_lanes_rope(world, joint->a, joint->anchor_ax, joint->anchor_ay, def->wheel_a, &speed);
        way += ratio *
               para_lanes_rope(world, joint->b, joint->anchor_bx, joint->anchor_by, def->wheel_b, &speed_b);
        speed += ratio * speed_b;
    } else if (joint->kind == PARA_JOINT_GEAR) {
        way = para_lanes_carried_angle(world, def, joint->a) - begin;
        speed = (double)world->spin[joint->a] - (def->carrier >= 0 ? (double)world->spin[def->carrier] : 0.0);
    } else {
        way = para_lanes_rack_way(world, joint, &speed) - begin;
    }
    world->joint_angle[joint->def] = (float)way;
    world->joint_speed[joint->def] = (float)speed;
}

/// Sets angle, speed and load of joint `i` of world->joints.
static inline void para_lanes_show_joint(ParaLanesWorld *world, int i)
{
    const ParaLanesJoint *joint = &world->joints[i];
    int a = joint->a, b = joint->b, out = joint->def;
    PARA_ASSERT_HOT(i >= 0 && i < world->joint_count && out >= 0 && out < world->joint_count);
    world->joint_load[out] = world->joint_states[i].load / world->dt;
    if (joint->kind == PARA_JOINT_REVOLUTE) {
        world->joint_angle[out] =
            world->angle[b] - world->angle[a] - joint->start - (float)PARA_TAU * world->joint_states[i].turns;
        world->joint_speed[out] = world->spin[b] - world->spin[a];
        return;
    }
    if (joint->kind >= PARA_JOINT_PULLEY) {
        para_lanes_show_transmission(world, i);
        return;
    }
    float gap[2], speed[2];
    para_lanes_anchors_apart(world, joint, gap, speed);
    if (joint->kind == PARA_JOINT_PRISMATIC) {
        float c = world->cos[a], s = world->sin[a];
        float x = c * joint->axis_x - s * joint->axis_y, y = s * joint->axis_x + c * joint->axis_y;
        world->joint_angle[out] = gap[0] * x + gap[1] * y;
        // The axis turns with a, which takes part in the rate of the projection.
        world->joint_speed[out] = speed[0] * x + speed[1] * y + (gap[1] * x - gap[0] * y) * world->spin[a];
        return;
    }
    float length = sqrtf(gap[0] * gap[0] + gap[1] * gap[1]);
    world->joint_angle[out] = length;
    world->joint_speed[out] = length > 1e-9f ? (gap[0] * speed[0] + gap[1] * speed[1]) / length : 0.0f;
}
