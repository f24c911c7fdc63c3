// SPDX-License-Identifier: MIT
#pragma once
// Plane geometry of shape defs, in double: mass, centre, moment, convexity, inscribed circle, places at the
// start, and which things may collide. Used by the def checks, by every solver when it builds a world, by the
// sampler of templates, which refuses the same polygons and bodies without mass beforehand, and by whoever
// looks at a level before its first step.
#include "engine/world/world.h"

#define PARA_FIXED_INERTIA 1e30 ///< [kg m^2] where a number must stand for that of a body that never turns

typedef struct ParaMass {
    double mass;   ///< [kg] >= 0
    double x, y;   ///< [m] any finite; centre of mass, body frame
    double moment; ///< [kg m^2] >= 0 about the centre of mass
} ParaMass;

/// A place as doubles, so that going to a body's frame and back loses nothing that shows.
typedef struct ParaPoint {
    double x, y; ///< [m] any finite
} ParaPoint;

/// [m^2] of an outline, signed: > 0 counter-clockwise.
double para_points_area(const ParaPoint *points, int count);
/// [m^2] > 0: who goes from a to b and on to c turns left; twice the area of the triangle.
static inline double para_points_turn(ParaPoint a, ParaPoint b, ParaPoint c)
{
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/// Where a point of the frame at `position` that is turned by `angle` [rad] lies in the world.
ParaPoint para_frame_place(ParaVec2 position, double angle, ParaVec2 local);
/// The same of a body's frame at the start.
ParaPoint para_body_place(const ParaBodyDef *body, ParaVec2 local);

/// May the shapes of two bodies collide, as far as kinds, groups and joints go? A body and itself may not.
/// @param a, b [1] 0..body_count - 1.  Cost: O(joints)
bool para_bodies_may_collide(const ParaWorldDef *def, int a, int b);
/// The body against which a joint's two bodies turn and go, -1: none.
static inline int para_joint_carrier(const ParaJointDef *joint)
{
    return joint->kind == PARA_JOINT_GEAR || joint->kind == PARA_JOINT_RACK ? joint->carrier : -1;
}

#define PARA_PULLEY_JAM                                                                                      \
    0.05 ///< [m] nearer to its wheel a load is jammed in it: the other hangs from the wheel
/// Whether the end of a pulley's rope that is `length` [m] long is jammed, `other` [m] being the other one's
/// length.
/// @param held whether the other end's body can move
static inline bool para_pulley_jams(double length, double other, bool held)
{
    return held && length < PARA_PULLEY_JAM && length < other;
}

/// May two shapes, as far as their classes go?
static inline bool para_classes_meet(const ParaShapeDef *a, const ParaShapeDef *b)
{
    return (a->category & b->mask) != 0 && (b->category & a->mask) != 0;
}

/// Mass of a polygon of `density` [kg/m^2] whose `count` corners go counter-clockwise.
/// @param x, y [count] [m]; count >= 1: fewer than 3 weigh nothing
ParaMass para_outline_mass(const double *x, const double *y, int count, double density);
/// Mass of one shape of a def; chains and zero-thickness segments weigh nothing.
ParaMass para_shape_mass(const ParaWorldDef *def, const ParaShapeDef *shape);
/// Mass of a body from its shapes and what its def says of their inertia and centre; shapes of the body are
/// [first, end).
ParaMass para_body_mass(const ParaWorldDef *def, int first, int end);
/// Finds [out_first, out_end) of a body's shapes; shapes are grouped by body in rising order.
void para_body_shapes(const ParaWorldDef *def, int body, int *out_first, int *out_end);
#define PARA_POLYGON_WIDTH_MIN 9e-4 ///< [m] of a polygon: a box of 1 mm after rounding is wider
/// How thin [m] >= 0 a convex polygon is: the least over its edges of how far the farthest corner is from the
/// edge's line. Any turning sense; 0 where two neighbouring corners are one.
double para_polygon_width(const ParaVec2 *points, uint32_t count);
/// Which corner of a polygon of any turning sense bends inward, so that it is not convex; -1: none does,
/// though the outline may cross itself.  @param points [count] no two neighbours in one place; count >= 3
int para_polygon_inward(const ParaVec2 *points, uint32_t count);
/// NULL if the points make a convex counter-clockwise polygon without short edges that is not too thin; else
/// what is wrong.
const char *para_polygon_problem(const ParaVec2 *points, uint32_t count);
/// Radius [m] of a circle about (x, y) that stays inside the body's shapes; a small positive number
/// if the place is outside all of them.
double para_body_inradius(const ParaWorldDef *def, int first, int end, double x, double y);
