// SPDX-License-Identifier: MIT
#pragma once
// How deep shapes are in each other and how far joints are apart, from a view alone and in doubles: no
// solver has a say in its own marks.
#include "engine/world/world.h"

/// Deepest overlap [m] of all pairs of shapes that may collide, 0 if there is none. A piece of a chain is a
/// line without an inside.  Threads: one at a time.
double overlap_deepest(const ParaView *view);
/// The pair of shapes that is worst in each other for its thickness.
typedef struct OverlapPair {
    double depth;   ///< [m] of that pair; 0: nothing overlaps
    double thin;    ///< [m] half the thickness of its thinner dynamic shape
    int body;       ///< the dynamic body of that shape, -1: nothing overlaps
    double deepest; ///< [m] of all pairs, as overlap_deepest tells it
} OverlapPair;
OverlapPair overlap_worst(const ParaView *view);
/// Depth [m] of the deepest corner of any polygon under chain 0, whose points rise in x.
double overlap_under_terrain(const ParaView *view);
/// Distance [m] between the two anchors of a joint that holds them together (revolute, weld).
double overlap_joint_error(const ParaView *view, int joint);
