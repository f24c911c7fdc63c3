// SPDX-License-Identifier: MIT
#pragma once
// Questions about places, answered from a view and the shapes of its def alone: for solvers that keep no
// shapes of their own. What the answers are stands at para_world_ray and those after it in world.h; a world
// that diverged answers nothing. Threads: as for reading a view. Cost: O(shapes + points), about 20 ns for
// each shape; no heap. For solvers alone.
#include "engine/world/world.h"

ParaRayHit para_view_ray(const ParaView *view, ParaVec2 from, ParaVec2 to, uint32_t mask,
                         uint32_t group_ignored);
int para_view_at_point(const ParaView *view, ParaVec2 point, int32_t *out_shapes, int max);
int para_view_in_box(const ParaView *view, ParaVec2 low, ParaVec2 high, int32_t *out_shapes, int max);
