// SPDX-License-Identifier: MIT
#pragma once
// What a mirrored world is told of joints beyond what the acts of world.h can say, by the solvers that know
// it. Private to engine/world.
#include <stdbool.h>

/// Whether a joint is broken, be its bodies there or not.
typedef bool ParaJointBroken(void *solver, int index, int joint);
/// Counts the present angle of a joint that holds as another world's view tells it: whole turns of a hinge,
/// the way of a gear or rack since it was made. Its bodies stay where they are.
typedef void ParaJointWind(void *solver, int index, int joint, float angle);

ParaJointBroken para_cp_joint_broken, para_lanes_joint_broken;
ParaJointWind para_cp_wind_joint, para_lanes_wind_joint;
