// SPDX-License-Identifier: MIT
#pragma once
// Plane geometry of what a person draws and cuts: an outline as few convex pieces, a convex piece cut by a
// line, a long stroke of the hand as few points. In double and in a fixed order, so that a record of it comes
// out alike anywhere. No heap.
#include "engine/world/geometry.h"

#define PARA_OUTLINE_POINTS_MAX 64
#define PARA_OUTLINE_PIECES_MAX 64
#define PARA_OUTLINE_AREA_LEAST 1e-3 ///< [m^2] what is smaller is no thing

/// Points that somebody gives one after the other.
typedef struct ParaOutline {
    int count;                                ///< [1] 0..PARA_OUTLINE_POINTS_MAX
    ParaVec2 points[PARA_OUTLINE_POINTS_MAX]; ///< [m] -2000..2000
} ParaOutline;

/// A convex polygon, counter-clockwise.
typedef struct ParaPiece {
    int count; ///< [1] 3..PARA_POLYGON_POINTS_MAX
    ParaPoint points[PARA_POLYGON_POINTS_MAX];
} ParaPiece;

typedef struct ParaPieceList {
    int count; ///< [1] 0..PARA_OUTLINE_PIECES_MAX
    ParaPiece items[PARA_OUTLINE_PIECES_MAX];
} ParaPieceList;

/// The outline as convex pieces of together its area, those too thin to be shapes left out.
/// @param out_list in-out, pieces are added   @return NULL, or why it is no outline of a thing, for the
/// person
const char *para_outline_pieces(const ParaOutline *outline, ParaPieceList *out_list);
/// The part of a convex piece that is left of the line from a to b. What is too thin to be a shape is left
/// out.
/// @param out_list in-out, at most two pieces are added
/// @return whether there is such a part and room for it
bool para_piece_left(const ParaPiece *piece, ParaPoint a, ParaPoint b, ParaPieceList *out_list);
/// Whether two convex pieces touch, or are within `slack` [m].
bool para_pieces_touch(const ParaPiece *a, const ParaPiece *b, double slack);
bool para_piece_holds(const ParaPiece *piece, ParaPoint point); ///< its edge counts
/// A stroke as at most PARA_OUTLINE_POINTS_MAX points that are nowhere farther from it than `slack` [m], or
/// than what so few points come to (Douglas and Peucker 1973).
/// @param points in, [count] any finite   @param count >= 0
void para_outline_of_stroke(const ParaVec2 *points, int count, double slack, ParaOutline *out);
