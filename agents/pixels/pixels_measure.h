// SPDX-License-Identifier: MIT
#pragma once
// How well a model of pixels dreams levels it was not taught on: it sees eight pictures, then none, only what
// the player does; beside it the same with other actions, and the last picture it saw, kept.
#include "agents/batch/families.h"
#include "agents/model/store.h"
#include "agents/pixels/pixels.h"

#define PARA_PIXELS_TIMES 5  ///< 1, 4, 15, 30 and 60 pictures after the last that it saw
#define PARA_PIXELS_SEES  8  ///< pictures that it sees
#define PARA_PIXELS_DREAM 60 ///< pictures that it dreams
extern const int para_pixels_times[PARA_PIXELS_TIMES];

/// Errors of pictures of all levels together, and of where the player is in them.
typedef struct ParaPixelErrors {
    int32_t pictures; ///< [1] >= 0 levels that lasted so long; 0: the rest is 0
    float psnr;       ///< [dB] 0..99 of the mean squared error of all, dreamed with the true actions
    float random;     ///< [dB] 0..99 with actions of chance in their place
    float kept;       ///< [dB] 0..99 of the last picture seen, kept
    int32_t players;  ///< [1] >= 0 pictures of these in which the player is seen
    int32_t lost;     ///< [1] >= 0 of these, dreams in which it is not
    float centre;     ///< [diameters] >= 0 mean error of its centre where it is seen in both
    float centre_p50; ///< [diameters] >= 0 median of that
    float still;      ///< [diameters] >= 0 mean error of the last picture, kept
} ParaPixelErrors;

typedef struct ParaPixelMeasure {
    ParaPixelErrors at[PARA_PIXELS_TIMES];
} ParaPixelMeasure;

typedef struct ParaPixelMeasureDef {
    const ParaFamilies *families;
    int levels;    ///< [1] >= 1 of each family, drawn from the held-out seeds
    uint64_t seed; ///< [1] any; of the levels and the actions
    ParaSolverKind solver;
} ParaPixelMeasureDef;

/// One picture of the truth and of the dream beside it. @param seen it saw this one
/// @return false: no more of this level
typedef bool ParaPixelShown(void *context, const uint8_t *truth, const uint8_t *dream, bool seen);
/// Told of each level; false ends it.
typedef bool ParaPixelMeasured(void *context, int64_t done, int64_t total);
/// Each level begins, goes on for up to two seconds by random keys, is seen, and then dreamed.
/// @param out out, [families.count + 1]: each family, then all together
/// @param shown told of each picture; NULL: nobody asks
/// @return false: told to end, no level could be played, or no memory.  Cost: about 0.2 s a level
bool para_pixels_measure(const ParaPixels *pixels, const ParaPixelMeasureDef *def, ParaPixelMeasure *out,
                         ParaPixelShown *shown, ParaPixelMeasured *told, void *context, ParaArena *arena);

/// Where the player is in a picture: the middle of what has its colour.
/// @param rgb [64, 64, 3]   @param out_x, out_y [px] 0..64 from the upper left
/// @return [px] >= 0 how much of the picture has its colour; below 1 it is not seen
float para_pixels_find(const uint8_t *rgb, float *out_x, float *out_y);
