// SPDX-License-Identifier: MIT
#pragma once
// Where shapes that cannot move against each other touch, so that what slides over them meets one surface.
// Found once, when a solver builds a world; both solvers read it.
//
//        S           N           The two tops are one line. The right side of S and the left side of N are
//   +---------+ +---------+      covered: nothing can come from there, so nothing may be pushed that way. The
//   |         c c         |      corners c are none: all they may push is straight up, [lo, hi] = [up, up].
//   +---------+ +---------+
//
// The rule behind it: a corner may push along d only if no solid that touches it goes on in a direction u
// with d . u > 0; then it would not be the corner that the visitor meets first, but the neighbour.
//
// How a solver uses it, with d the unit normal of a contact, out of the shape and in its body's frame:
//   - any axis may still show that two shapes are apart;
//   - d may be the normal of a contact if it is that of a face of the shape that is not covered, or if the
//   corner
//     that lies farthest along d allows it (para_seam_allows), for the shapes on both sides;
//   - a face pushes only what has the middle of the piece that lies along the face's line between `from` and
//   `to`:
//     of a thick tile beside a thin one, only what is under the thin one;
//   - a contact beyond the end of a face (more than begin, end) is the neighbour's, and is dropped;
//   - where no normal is left, the contact is the neighbour's, unless the middle of one shape lies inside the
//     other: then the uncovered face that is least deep pushes, or any if all are covered.
#include "engine/world/world.h"

/// Directions in which a corner (or the round end of a segment) may push: from lo counter-clockwise to hi,
/// less than half a turn. Where only one is left both are the same; where none is left they turn their backs.
typedef struct ParaSeamCorner {
    ParaVec2 lo, hi; ///< [1] -1..1 unit vectors, body frame
} ParaSeamCorner;

/// What touches a polygon or segment. Corner i is point i; face i goes from point i to the next, its outward
/// normal on its right (a segment has two, 0 on the right of point 0 to 1, 1 on the left). Places along a
/// face count from its first point.
typedef struct ParaSeams {
    uint32_t covered;                               ///< [bits] i: nothing can come to face i from outside
    ParaSeamCorner corner[PARA_POLYGON_POINTS_MAX]; ///< [point_count]
    float begin[PARA_POLYGON_POINTS_MAX];           ///< [m] >= 0 so far face i goes on before its first point
    float end[PARA_POLYGON_POINTS_MAX];             ///< [m] >= 0 and past its second
    float from[PARA_POLYGON_POINTS_MAX]; ///< [m] any; before this place something else stands in front of
                                         ///< face i, or -PARA_SEAM_FREE: nothing does
    float to[PARA_POLYGON_POINTS_MAX];   ///< [m] any; and past this place, or PARA_SEAM_FREE
} ParaSeams;
#define PARA_SEAM_FREE 1e6f ///< [m]

/// Which way the surface goes on past the two loose ends of a chain.
typedef struct ParaSeamEnds {
    ParaVec2 first, last; ///< [1] -1..1 unit vector away from the point, body frame; (0, 0): the end is loose
} ParaSeamEnds;

/// What is worked out once per world: which shapes can have neighbours at all, and their boxes.
typedef struct ParaSeamSearch {
    const ParaWorldDef *def;
    int count;                       ///< [1] 0..shape_count of the arrays below
    uint16_t shape[PARA_SHAPES_MAX]; ///< [1] 0..shape_count of def - 1, rising  [count]
    float low_x[PARA_SHAPES_MAX];    ///< [m] any finite; of the body's frame, static bodies: of the world
    float low_y[PARA_SHAPES_MAX];    ///< [m] any finite
    float high_x[PARA_SHAPES_MAX];   ///< [m] any finite
    float high_y[PARA_SHAPES_MAX];   ///< [m] any finite
    double cos[PARA_BODIES_MAX], sin[PARA_BODIES_MAX]; ///< [1] -1..1 of static bodies
    bool alone[PARA_BODIES_MAX]; ///< covers nothing of other bodies: what hangs from it does not touch it
} ParaSeamSearch;

#define PARA_SEAM_SLACK 2e-4f ///< [1] sine of the angle past lo or hi that still passes for allowed

/// Begins a search through a def that passed its check.
/// @param enabled [body_count] 0: the body is gone and covers nothing; NULL: all are there
/// @param out 30 KB; keeps `def`, which must live as long.  Cost: about 20 ns per static shape.
void para_seam_search_begin(ParaSeamSearch *out, const ParaWorldDef *def, const uint8_t *enabled);

/// The seams of a polygon or segment. Neighbours touch it (within 2 mm, and within a 200th of the smaller of
/// the two), are of the same body or, like it, of static ones, and stop all that it stops: their category and
/// mask hold all bits of its own, their body has no group or the same, and nothing is joined to it that
/// passes through it. Circles and chains are neighbours too; what has no thickness covers no face. Corners
/// that hardly bend are seams between two faces of the shape itself: rounding might take the wrong one, so
/// each goes on over the other until the two are 0.1 mm apart.
/// @return false if there are none: *out is then not written, and every direction is allowed
/// Cost: boxes first, so about 1 ns per shape that is not near.  Threads: any, the search is only read.
bool para_seams_find(const ParaSeamSearch *search, int shape, ParaSeams *out);

/// The same for the ends of a chain.  @return false if both are loose; *out is then not written
bool para_seam_ends_find(const ParaSeamSearch *search, int shape, ParaSeamEnds *out);

/// Whether the corner that lies farthest along the unit vector d, body frame, may push that way.
static inline bool para_seam_allows(const ParaSeamCorner *corner, ParaVec2 d)
{
    return corner->lo.x * d.y - corner->lo.y * d.x >= -PARA_SEAM_SLACK &&
           d.x * corner->hi.y - d.y * corner->hi.x >= -PARA_SEAM_SLACK;
}
