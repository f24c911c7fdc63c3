// SPDX-License-Identifier: MIT
#pragma once
// Which shapes lie in each other, and how deep, from a view alone: no solver has a say in its own marks. Used
// by the rehearsal of templates, which looks at a level's start, by goals, and by the tests of physics.
#include "engine/base/arena.h"
#include "engine/world/world.h"

/// Two shapes, or a piece of a chain and a shape, that lie in each other.
typedef struct ParaOverlap {
    int32_t shape_a, shape_b; ///< [1] 0..shape_count - 1; shape_a is of a dynamic body
    double depth;             ///< [m] > 0 way to part them
    double thin;              ///< [m] >= 0 half the thickness of the thinner of them, fixed ones not counted
} ParaOverlap;
typedef void ParaOverlapNote(void *context, const ParaOverlap *overlap);

/// Whether any two shapes of two bodies lie in each other now, whether they collide or not. A piece of a
/// chain is a line without an inside; bodies that are taken out lie in nothing.
/// @param a, b [1] 0..body_count - 1   Cost: O(shapes + pieces of a * pieces of b); no heap
bool para_bodies_overlap(const ParaView *view, int a, int b);
/// Tells each pair of pieces that may collide and lie in each other now. A piece of a chain is a line without
/// an inside; bodies of one group, or joined, or taken out do not collide.
/// @param scratch left as it was   @return pairs whose boxes meet, also of pieces that may not collide
/// Cost: O(pieces that move * pieces)
int64_t para_overlaps_tell(const ParaView *view, ParaArena *scratch, ParaOverlapNote *note, void *context);
