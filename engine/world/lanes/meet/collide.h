// SPDX-License-Identifier: MIT
#pragma once
// Between the search for candidates (broad.c) and the close look at them (narrow_*.c). Candidates are sorted
// into lists by the kinds of their shapes, so that a vector holds pairs of one kind, of any worlds.
#include "engine/world/lanes/kernel.h"

typedef enum {
    PARA_LANES_CIRCLE_CIRCLE,
    PARA_LANES_POLYGON_CIRCLE,    ///< first: the polygon or segment (any corner_room)
    PARA_LANES_POLYGON_POLYGON,   ///< polygons and segments, both of corner_room 4
    PARA_LANES_POLYGON_POLYGON_8, ///< one of them has more than 4 corners
    PARA_LANES_EDGE_CIRCLE,
    PARA_LANES_EDGE_POLYGON,
    PARA_LANES_EDGE_POLYGON_8,
    // The same where a polygon or segment has seams (of two at least one), so that others pay nothing for
    // them.
    PARA_LANES_SEAM_CIRCLE,
    PARA_LANES_SEAM_POLYGON,
    PARA_LANES_SEAM_POLYGON_8,
    PARA_LANES_EDGE_SEAM,
    PARA_LANES_EDGE_SEAM_8,
    PARA_LANES_LISTS
} ParaLanesListKind;

/// An edge of a chain with its neighbours, world frame: previous point, the edge's two, next point. A
/// neighbour equal to the edge's end means there is none.
typedef struct ParaLanesEdge {
    _Alignas(32) float p[8]; ///< [m] x y of the four
} ParaLanesEdge;

/// Four corners and faces of a shape with seams at their place, in the order in which narrow.h gathers them.
typedef struct ParaLanesPlacedSeamPart {
    _Alignas(32) float lo[8]; ///< [1] x0 y0 x1 y1 .., world frame; (0, 0): this side of the corner is whole
    float hi[8];              ///< [1] the same
    float begin[4], end[4];   ///< [m]
    float from[4], to[4];     ///< [m]
    float past[4], before[4]; ///< [m] what reaches past this place, or before, has come to the free part of a
                              ///< face
    int32_t covered[4];       ///< 0 or -1 (a mask)
    float spare[4];
} ParaLanesPlacedSeamPart; ///< 48 floats

typedef struct ParaLanesPlacedSeams {
    ParaLanesPlacedSeamPart part[2]; ///< the second only where the shape has corner_room 8
} ParaLanesPlacedSeams;

typedef struct ParaLanesList {
    int32_t count;
    int32_t *first;    ///< flat shape (placed), or edge (edges) of the edge lists
    int32_t *second;   ///< flat shape
    int32_t *manifold; ///< where the result goes, see below
    float *value;      ///< pairs: sign of the normal, -1 if `first` is the manifold's b; edges: radius [m]
} ParaLanesList; ///< a vector of items past count repeats the last one: to be gathered, or even stored again

/// What the close look at list items gives: for each item, into manifolds[manifold]: normal, count (0:
/// apart), and per point x, y, separation, id, with zero impulses. a, b, friction, restitution and key are
/// there already. The normal goes from `first` to `second` (turned round where the sign says so). Points lie
/// halfway between the two surfaces. A point is kept when its separation is at most the sum of the two
/// margins (edges: PARA_LANES_MARGIN / 2 and the shape's margin). Ids tell features apart that may change
/// into one another from step to step, 0..255.
typedef struct ParaLanesCollide {
    ParaLanesBlock *block;
    ParaLanesEdge *edges;        ///< [..]
    ParaLanesPlacedSeams *seams; ///< [..] the first is of shapes without
    ParaLanesList lists[PARA_LANES_LISTS];
} ParaLanesCollide;

/// [byte] of the block's room that PARA_K(collide) needs: 4 arrays per list, and edges.
#define PARA_LANES_LIST_ROOM (PARA_LANES_BLOCK_CANDIDATES + 16)
#define PARA_LANES_COLLIDE_ROOM                                                                              \
    ((size_t)PARA_LANES_LIST_ROOM * (4 * PARA_LANES_LISTS * 4 + sizeof(ParaLanesEdge)) +                     \
     (PARA_LANES_BLOCK_SHAPES + 1) * sizeof(ParaLanesPlacedSeams))

/// Whether `first` of a list's items are edges.
PARA_LANES_INLINE bool para_lanes_lists_edges(int kind)
{
    return (kind >= PARA_LANES_EDGE_CIRCLE && kind <= PARA_LANES_EDGE_POLYGON_8) ||
           kind >= PARA_LANES_EDGE_SEAM;
}

void PARA_K(narrow_circles)(ParaLanesCollide *collide);      ///< without edges (narrow_circle.c)
void PARA_K(narrow_edge_circles)(ParaLanesCollide *collide); ///< edge-circle (narrow_circle.c)
void
    PARA_K(narrow_polygons)(ParaLanesCollide *collide); ///< the four polygon-polygon lists (narrow_polygon.c)
void PARA_K(narrow_edge_polygons)(
    ParaLanesCollide *collide); ///< edges and polygons, four lists (narrow_edge.c)
