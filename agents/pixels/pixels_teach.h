// SPDX-License-Identifier: MIT
#pragma once
// Teaching the model of pixels from clips: the eye first, then what comes next.
#include "agents/pixels/clips.h"

typedef struct ParaPixelTeaching {
    int64_t steps; ///< [1] >= 1 whose next one is to be told; the eye is shown half as many; default 1e5
    float rate;    ///< [1] > 0 of Adam, at its most; default 2e-3
    float noise;   ///< [1] 0..1 chance that a code of a true picture is one level off; default 0.03
    float drawn;   ///< [1] >= 0 weight of errors of drawn pictures against those of codes; default 10
    uint64_t seed; ///< [1] any; of the order of what is shown
    int threads;   ///< [1] >= 0; 0: one per CPU; the model is what it is for any number
} ParaPixelTeaching;

ParaPixelTeaching para_pixel_teaching_default(void);
/// What was learned of late. Either is 0 where its turn has not come.
typedef struct ParaPixelTaught {
    int64_t done, total; ///< [1] >= 0 of both together
    float eye;  ///< [1] >= 0 mean squared error of pictures drawn of their own codes, moving ones most
    float next; ///< [1] >= 0 squared error of the next codes, summed over a place's
} ParaPixelTaught;
/// Told now and then; false ends it, with what was learned so far.
typedef bool ParaPixelTold(void *context, const ParaPixelTaught *taught);
/// The eye learns to draw pictures of their codes; pixels that are not as at the clip's begin count more.
/// Then the codes of all clips are fixed, and the recurrent part learns to tell the next: through the first
/// half of its time each picture's codes are the true ones, some a level off; through the second half only
/// the first four, after which it goes on from what it said itself, and the error goes back through all of
/// it. Every fourth picture is drawn, and what is wrong with it goes back through the drawing, too.
/// @param clips with a clip in it   @return false: no memory, or nothing to learn from
/// Threads: its own.  Cost: about 2.5 ms a picture for the eye and 2 ms a frame for the rest, on one core.
/// BLAS decides the last bits, which thread does what never does.
bool para_pixels_teach(ParaPixels *pixels, const ParaClips *clips, const ParaPixelTeaching *teaching,
                       ParaPixelTold *told, void *context, ParaArena *arena);
