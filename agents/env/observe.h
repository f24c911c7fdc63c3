// SPDX-License-Identifier: MIT
#pragma once
// What the player sees. One observation is one row of `spec.size` floats in the batch's block:
//   [ globals: global_size | entity rows: row_max * row_size | row mask: row_max ]
// `entities`: one row per shape, joint, thruster and zone near the player, order-free, with a mask;
// works for every family. `vector`: the same content in a fixed layout for one family, no rows, no mask.
#include "worlds/rules/play.h"

typedef enum { PARA_OBS_ENTITIES, PARA_OBS_VECTOR } ParaObsKind;

typedef struct ParaObsSpec {
    ParaObsKind kind;
    int global_size; ///< [1] >= 0 floats before the rows
    int row_max;     ///< [1] 0..PARA_ROW_MAX rows; 0 for vector
    int row_size;    ///< [1] 0..PARA_ROW_SIZE floats in a row
    int size;        ///< [1] >= 1 floats in one observation: global_size + row_max * (row_size + 1)
} ParaObsSpec;

#define PARA_OBS_RAYS 16 ///< lidar rays among the globals
#define PARA_ROW_MAX  24 ///< entity rows; the nearest are kept
#define PARA_ROW_SIZE 28 ///< floats of an entity row

/// The layout of `entities`; the same for every level.
ParaObsSpec para_obs_spec_entities(void);
/// The layout of `vector` with a slot for each body of `level` that can move: take the member of the family
/// that has most. Bodies beyond the slots are left out, slots beyond the bodies are zero.
ParaObsSpec para_obs_spec_vector(const ParaLevel *level);
const char *para_obs_kind_name(ParaObsKind kind);

/// Writes one observation.
/// @param out out, [spec->size] f32, every value finite and in [-10, 10]; caller owns
/// Threads: safe for different worlds.  Cost: O(shapes + rays); no heap.
void para_observe(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play, int player,
                  ParaWorld world, float *out);
