// SPDX-License-Identifier: MIT
#pragma once
// THE list of what a world def holds. Copying, comparing, hashing and the tests of the checks all come from
// it; a field that is missing here does not compile (def_copy.c). Order is that of the structs in world.h,
// and part of every level's hash.
#include "engine/base/fields.h"
#include "engine/world/world.h"

/// Numbers of the def itself.
#define PARA_WORLD_FIELDS(ROW)                                                                               \
    PARA_WORLD_PLAIN_FIELDS(ROW) PARA_WORLD_SURFACE_FIELDS(ROW) PARA_WORLD_BOUNCE_FIELDS(ROW)
#define PARA_WORLD_PLAIN_FIELDS(ROW) ROW(gravity) ROW(size) ROW(rate) ROW(substeps) ROW(iterations)
/// A level's hash has them only where one is not the default.
#define PARA_WORLD_SURFACE_FIELDS(ROW) ROW(friction_rule) ROW(restitution_rule)
#define PARA_WORLD_BOUNCE_FIELDS(ROW)  ROW(bounce_min) ///< the same

/// Arrays of the def: ROW(array, count, type, fields, most)
#define PARA_WORLD_ARRAYS(ROW)                                                                               \
    ROW(bodies, body_count, ParaBodyDef, PARA_BODY_FIELDS, PARA_BODIES_MAX)                                  \
    ROW(shapes, shape_count, ParaShapeDef, PARA_SHAPE_FIELDS, PARA_SHAPES_MAX)                               \
    ROW(joints, joint_count, ParaJointDef, PARA_JOINT_FIELDS, PARA_JOINTS_MAX)                               \
    ROW(thrusters, thruster_count, ParaThrusterDef, PARA_THRUSTER_FIELDS, PARA_THRUSTERS_MAX)                \
    ROW(zones, zone_count, ParaZoneDef, PARA_ZONE_FIELDS, PARA_ZONES_MAX)                                    \
    ROW(points, point_count, ParaVec2, PARA_POINT_FIELDS, PARA_POINTS_MAX)

// Some rows stand apart: a level's hash has them only where they are used, so that it stays what it was
// before there was such a thing.

#define PARA_BODY_FIELDS(ROW)                                                                                \
    PARA_BODY_USUAL_FIELDS(ROW) PARA_BODY_TURN_FIELDS(ROW) PARA_BODY_MASS_FIELDS(ROW)
#define PARA_BODY_TURN_FIELDS(ROW) ROW(fixed_rotation)
/// Of bodies whose mass lies otherwise than in their shapes.
#define PARA_BODY_MASS_FIELDS(ROW) ROW(inertia_scale) ROW(centre_shift)
#define PARA_BODY_USUAL_FIELDS(ROW)                                                                          \
    ROW(kind)                                                                                                \
    ROW(position)                                                                                            \
    ROW(angle)                                                                                               \
    ROW(velocity)                                                                                            \
    ROW(spin)                                                                                                \
    ROW(gravity_scale)                                                                                       \
    ROW(linear_damping)                                                                                      \
    ROW(angular_damping)                                                                                     \
    ROW(group)                                                                                               \
    ROW(fast)

#define PARA_SHAPE_FIELDS(ROW)         PARA_SHAPE_USUAL_FIELDS(ROW) PARA_SHAPE_SURFACE_FIELDS(ROW)
#define PARA_SHAPE_SURFACE_FIELDS(ROW) ROW(belt) ROW(one_way)
#define PARA_SHAPE_USUAL_FIELDS(ROW)                                                                         \
    ROW(kind)                                                                                                \
    ROW(body)                                                                                                \
    ROW(radius)                                                                                              \
    ROW(point_first)                                                                                         \
    ROW(point_count)                                                                                         \
    ROW(density)                                                                                             \
    ROW(friction)                                                                                            \
    ROW(restitution)                                                                                         \
    ROW(category)                                                                                            \
    ROW(mask)

#define PARA_JOINT_FIELDS(ROW) PARA_JOINT_USUAL_FIELDS(ROW) PARA_JOINT_CARRIER_FIELDS(ROW)
/// Of pulleys, gears and racks. What is a union in the struct stands by its first name.
#define PARA_JOINT_CARRIER_FIELDS(ROW) ROW(rigid) ROW(carrier)
#define PARA_JOINT_USUAL_FIELDS(ROW)                                                                         \
    ROW(kind)                                                                                                \
    ROW(a)                                                                                                   \
    ROW(b)                                                                                                   \
    ROW(anchor_a)                                                                                            \
    ROW(anchor_b)                                                                                            \
    ROW(axis)                                                                                                \
    ROW(limited)                                                                                             \
    ROW(lower)                                                                                               \
    ROW(upper)                                                                                               \
    ROW(motored)                                                                                             \
    ROW(stiffness)                                                                                           \
    ROW(damping)                                                                                             \
    ROW(rest)                                                                                                \
    ROW(collide)

#define PARA_THRUSTER_FIELDS(ROW) ROW(body) ROW(point) ROW(direction) ROW(force_max)

#define PARA_ZONE_FIELDS(ROW)                                                                                \
    PARA_ZONE_AREA_FIELDS(ROW) PARA_ZONE_FLUID_FIELDS(ROW) PARA_ZONE_WELL_FIELDS(ROW)
/// Of every zone.
#define PARA_ZONE_AREA_FIELDS(ROW)                                                                           \
    ROW(kind)                                                                                                \
    ROW(position)                                                                                            \
    ROW(angle)                                                                                               \
    ROW(radius)                                                                                              \
    ROW(point_first)                                                                                         \
    ROW(point_count)                                                                                         \
    ROW(acceleration)                                                                                        \
    ROW(drag)
#define PARA_ZONE_FLUID_FIELDS(ROW) ROW(fluid_density) ROW(fluid_drag)
#define PARA_ZONE_WELL_FIELDS(ROW)  ROW(pull)

#define PARA_POINT_FIELDS(ROW) ROW(x) ROW(y)
