// SPDX-License-Identifier: MIT
#pragma once
// How deep shapes are in each other and how far joints are apart, from a view alone and in doubles: no
// solver has a say in its own marks.
#include "engine/world/world.h"

/// Deepest overlap [m] of all pairs of shapes that may collide, 0 if there is none. A piece of a chain is a
/// line without an inside.  Threads: one at a time.
double overlap_deepest(const ParaView *view);
/// Of one body: the overlap that is deepest for the thinness of what is in each other.
typedef struct OverlapDepth {
    double depth; ///< [m]; 0: nothing overlaps
    double thin;  ///< [m] half the thickness of the thinner of the two shapes, fixed ones not counted
} OverlapDepth;
/// As overlap_deepest, and what each dynamic body has its share in.
/// @param out_bodies out, [body_count]
double overlap_bodies(const ParaView *view, OverlapDepth *out_bodies);
/// Depth [m] of the deepest corner of any polygon under chain 0, whose points rise in x.
double overlap_under_terrain(const ParaView *view);
/// Distance [m] between the two anchors of a joint that holds them together (revolute, weld).
double overlap_joint_error(const ParaView *view, int joint);
