// SPDX-License-Identifier: MIT
#pragma once
// Scene `pile20` of `paracosm bench step` and of the tests: twenty loose shapes of four kinds (balls, boxes,
// capsules, hexagons) in a closed box whose gravity turns. Made in code, so that a change of the library
// does not move its figures. Scene "b" of the physics notes.
#include "engine/world/world.h"

#define PARA_PILE_SHAPES 20
#define PARA_PILE_INSIDE 4.0f ///< [m] width and height of the room in the box, which begins at (0, 0)

typedef struct ParaPile {
    ParaWorldDef def; ///< points into the arrays below: a pile must not be moved or copied
    ParaBodyDef bodies[1 + PARA_PILE_SHAPES]; ///< the box first
    ParaShapeDef shapes[4 + PARA_PILE_SHAPES];
    ParaVec2 points[16 + 6 * PARA_PILE_SHAPES]; ///< [m] -4..4 body frame
} ParaPile;

/// Makes the pile of a seed; nothing overlaps at the start.
void para_pile_make(ParaPile *pile, uint64_t seed);
/// Sets the forces of a step: gravity in a direction that changes every 40 steps, with a jolt that changes
/// every 4. The same in every caller.
void para_pile_shake(ParaWorld world, uint64_t seed, int64_t step);
