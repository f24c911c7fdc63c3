// SPDX-License-Identifier: MIT
#pragma once
// What a view tells of a joint, from the bodies' state: the same before the first step and after any.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
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
