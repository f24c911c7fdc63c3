// SPDX-License-Identifier: MIT
#pragma once
// The arrays of a world's view and inputs, listed once for the solvers: each has writable ones of the same
// names in its own world and lays them out in this order. For solvers alone.

/// [body_count] float, written by the solver.
#define PARA_VIEW_BODY_FIELDS(ROW)                                                                           \
    ROW(x)                                                                                                   \
    ROW(y)                                                                                                   \
    ROW(angle)                                                                                               \
    ROW(cos)                                                                                                 \
    ROW(sin)                                                                                                 \
    ROW(vx)                                                                                                  \
    ROW(vy)                                                                                                  \
    ROW(spin)                                                                                                \
    ROW(mass)                                                                                                \
    ROW(centre_x)                                                                                            \
    ROW(centre_y)

/// All arrays that a view shows for as long as the world is built.
#define PARA_VIEW_FIELDS(ROW)                                                                                \
    PARA_VIEW_BODY_FIELDS(ROW)                                                                               \
    ROW(zone_bits)                                                                                           \
    ROW(enabled) ROW(friction) ROW(joint_enabled) ROW(joint_angle) ROW(joint_speed) ROW(joint_load)
