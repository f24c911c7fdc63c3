// SPDX-License-Identifier: MIT
#pragma once
// Points side by side, x0 y0 x1 y1 ..: how one shape or one edge is turned to the world frame. Here the
// vector runs over the corners of a single thing, 4 or 8 floats whatever the width of the kernel, so the
// widths of the kernels cannot differ.
#include "engine/world/lanes/kernel.h"

#if PARA_LANES_WIDTH == 4
typedef ParaF4 ParaPairs; ///< SSE2 has no wider one, and gcc turns wider shuffles into scalar code
typedef int32_t ParaPairsMask __attribute__((vector_size(16), may_alias));
#else
typedef ParaF8 ParaPairs;
typedef int32_t ParaPairsMask __attribute__((vector_size(32), may_alias));
#endif
typedef ParaPairs ParaPairsUnaligned __attribute__((aligned(4), may_alias));
#define PARA_PAIRS_WIDTH ((int)(sizeof(ParaPairs) / sizeof(float)))

/// Where a body is, ready to turn points of its frame.
typedef struct ParaPairsFrame {
    ParaPairs cos, sin; ///< [1] sin: -sin, sin, -sin, sin ..
    ParaPairs place;    ///< [m] x, y, x, y ..
} ParaPairsFrame;

PARA_LANES_INLINE ParaPairs para_pairs_load(const float *from) { return *(const ParaPairsUnaligned *)from; }
PARA_LANES_INLINE void para_pairs_store(float *to, ParaPairs x) { *(ParaPairsUnaligned *)to = x; }

PARA_LANES_INLINE ParaPairs para_pairs_swapped(ParaPairs p)
{
#if PARA_LANES_WIDTH == 4
    return __builtin_shufflevector(p, p, 1, 0, 3, 2);
#else
    return __builtin_shufflevector(p, p, 1, 0, 3, 2, 5, 4, 7, 6);
#endif
}

PARA_LANES_INLINE ParaPairsFrame para_pairs_frame_of(const ParaLanesFixed *fixed)
{
    ParaF4 at = *(const ParaF4u *)&fixed->x; // x, y, cos, sin
#if PARA_LANES_WIDTH == 4
    ParaPairs twice = (ParaPairs)at;
    ParaPairs sin = __builtin_shufflevector(twice, twice, 3, 3, 3, 3);
    ParaPairsFrame frame = {__builtin_shufflevector(twice, twice, 2, 2, 2, 2),
                            (ParaPairs)((ParaPairsMask)sin ^ (ParaPairsMask){INT32_MIN, 0, INT32_MIN, 0}),
                            __builtin_shufflevector(twice, twice, 0, 1, 0, 1)};
#else
    ParaPairs twice = __builtin_shufflevector(at, at, 0, 1, 2, 3, 0, 1, 2, 3);
    ParaPairs sin = __builtin_shufflevector(twice, twice, 3, 3, 3, 3, 7, 7, 7, 7);
    ParaPairsFrame frame = {__builtin_shufflevector(twice, twice, 2, 2, 2, 2, 6, 6, 6, 6),
                            (ParaPairs)((ParaPairsMask)sin ^ (ParaPairsMask){INT32_MIN, 0, INT32_MIN, 0,
                                                                             INT32_MIN, 0, INT32_MIN, 0}),
                            __builtin_shufflevector(twice, twice, 0, 1, 0, 1, 4, 5, 4, 5)};
#endif
    return frame;
}

/// The first four floats.
PARA_LANES_INLINE ParaF4 para_pairs_half(ParaPairs p)
{
#if PARA_LANES_WIDTH == 4
    return (ParaF4)p;
#else
    return __builtin_shufflevector(p, p, 0, 1, 2, 3);
#endif
}

/// Four directions from the body's frame to the world's. [8] -> [8]
PARA_LANES_INLINE void para_pairs_turn(const ParaPairsFrame *frame, const float *from, float *to)
{
    for (int k = 0; k < 8; k += PARA_PAIRS_WIDTH) {
        ParaPairs p = para_pairs_load(from + k);
        para_pairs_store(to + k, p * frame->cos + para_pairs_swapped(p) * frame->sin);
    }
}

/// Four points from the body's frame to the world's. [8] -> [8]
PARA_LANES_INLINE void para_pairs_place(const ParaPairsFrame *frame, const float *from, float *to)
{
    for (int k = 0; k < 8; k += PARA_PAIRS_WIDTH) {
        ParaPairs p = para_pairs_load(from + k);
        para_pairs_store(to + k, p * frame->cos + para_pairs_swapped(p) * frame->sin + frame->place);
    }
}

/// Bit k is set where lane k of the mask is. The upper bits are 0.
PARA_LANES_INLINE uint32_t para_pairs_bits(ParaPairsMask mask)
{
#if PARA_LANES_WIDTH == 16
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
#else
    return para_v_bits((ParaVi)mask);
#endif
}

/// Lanewise a < b ? a : b, and the same for the greater.
PARA_LANES_INLINE ParaPairs para_pairs_min(ParaPairs a, ParaPairs b)
{
#if PARA_LANES_WIDTH == 16
    return (ParaPairs)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return (ParaPairs)para_v_min((ParaVf)a, (ParaVf)b);
#endif
}
PARA_LANES_INLINE ParaPairs para_pairs_max(ParaPairs a, ParaPairs b)
{
#if PARA_LANES_WIDTH == 16
    return (ParaPairs)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return (ParaPairs)para_v_max((ParaVf)a, (ParaVf)b);
#endif
}

/// Lanewise a < b ? a : b of four, and the same for the greater.
PARA_LANES_INLINE ParaF4 para_pairs_min4(ParaF4 a, ParaF4 b)
{
#if PARA_LANES_WIDTH == 4
    return (ParaF4)para_v_min((ParaVf)a, (ParaVf)b);
#else
    return (ParaF4)_mm_min_ps((__m128)a, (__m128)b);
#endif
}
PARA_LANES_INLINE ParaF4 para_pairs_max4(ParaF4 a, ParaF4 b)
{
#if PARA_LANES_WIDTH == 4
    return (ParaF4)para_v_max((ParaVf)a, (ParaVf)b);
#else
    return (ParaF4)_mm_max_ps((__m128)a, (__m128)b);
#endif
}
