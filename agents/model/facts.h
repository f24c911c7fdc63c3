// SPDX-License-Identifier: MIT
#pragma once
// What of a world never changes while it runs, as the model wants it: masses, convex pieces, who may touch
// whom.
#include "agents/model/near.h"
#include "worlds/level/level.h"

/// A body's mass and how it is spread.
typedef struct ParaModelBody {
    float inverse_mass;    ///< [1/kg] >= 0; 0: static or kinematic
    float inverse_inertia; ///< [1/(kg m^2)] >= 0; 0: it does not turn by impulses
    float gyration;  ///< [m] > 0 radius that its mass would have as a ring; of one that nothing moves 0.5
    float radius;    ///< [m] >= 0 of the circle about its centre of mass that holds it
    ParaVec2 centre; ///< [m] any finite; centre of mass, body frame
    int32_t piece_first, piece_end; ///< [1] 0..piece_count its pieces
} ParaModelBody;

/// A convex part of a shape, body frame about the centre of mass; of a chain each line is one.
typedef struct ParaModelPiece {
    int32_t body, shape; ///< [1] >= 0
    float reach;         ///< [m] >= 0 of the circle about `middle` that holds it
    ParaVec2 middle;     ///< [m] any finite
    ParaConvex form;
} ParaModelPiece;

typedef struct ParaModelFacts {
    const ParaWorldDef *def; ///< stays the caller's
    ParaModelBody *bodies;   ///< [body_count]
    ParaModelPiece *pieces;  ///< [piece_count]
    int piece_count;
    uint8_t *meet; ///< [bodies, bodies] 1: they may touch as far as groups and joints go
} ParaModelFacts;

/// How many pieces the shapes of a def have.
int para_model_piece_count(const ParaWorldDef *def);
/// Fills arrays that are there already, of the facts' def and its piece_count.
void para_model_facts_fill(ParaModelFacts *facts);
/// @param def sensible, outlives the facts.  Cost: O(shapes + bodies^2)
ParaModelFacts para_model_facts(const ParaWorldDef *def, ParaArena *arena);
/// Those that a level's player may know: hidden masses are not in them (para_level_as_seen).
/// @param level outlives the facts
ParaModelFacts para_model_facts_of(const ParaLevel *level, ParaArena *arena);
