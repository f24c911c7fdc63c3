// SPDX-License-Identifier: MIT
#pragma once
// Points side by side, x0 y0 x1 y1 ..: how one shape or one edge is turned to the world frame. Here the
// vector runs over the corners of a single thing, 4 or 8 floats whatever the width of the kernel, so the
// widths of the kernels cannot differ.
#include "engine/world/lanes/kernel.h"

#if LANES_WIDTH == 4
typedef F4 Pairs; ///< SSE2 has no wider one, and gcc turns wider shuffles into scalar code
typedef int32_t PairsMask __attribute__((vector_size(16), may_alias));
#else
typedef F8 Pairs;
typedef int32_t PairsMask __attribute__((vector_size(32), may_alias));
#endif
typedef Pairs PairsUnaligned __attribute__((aligned(4), may_alias));
#define PAIRS_WIDTH ((int)(sizeof(Pairs) / sizeof(float)))

/// Where a body is, ready to turn points of its frame.
typedef struct BodyFrame {
    Pairs cos, sin; ///< [1] sin: -sin, sin, -sin, sin ..
    Pairs place;    ///< [m] x, y, x, y ..
} BodyFrame;

LANES_INLINE Pairs pairs_load(const float *from) { return *(const PairsUnaligned *)from; }
LANES_INLINE void pairs_store(float *to, Pairs x) { *(PairsUnaligned *)to = x; }

LANES_INLINE Pairs pairs_swapped(Pairs p)
{
#if LANES_WIDTH == 4
    return __builtin_shufflevector(p, p, 1, 0, 3, 2);
#else
    return __builtin_shufflevector(p, p, 1, 0, 3, 2, 5, 4, 7, 6);
#endif
}

LANES_INLINE BodyFrame frame_of(const LanesFixed *fixed)
{
    F4 at = *(const F4u *)&fixed->x; // x, y, cos, sin
#if LANES_WIDTH == 4
    Pairs twice = (Pairs)at;
    Pairs sin = __builtin_shufflevector(twice, twice, 3, 3, 3, 3);
    BodyFrame frame = {__builtin_shufflevector(twice, twice, 2, 2, 2, 2),
                       (Pairs)((PairsMask)sin ^ (PairsMask){INT32_MIN, 0, INT32_MIN, 0}),
                       __builtin_shufflevector(twice, twice, 0, 1, 0, 1)};
#else
    Pairs twice = __builtin_shufflevector(at, at, 0, 1, 2, 3, 0, 1, 2, 3);
    Pairs sin = __builtin_shufflevector(twice, twice, 3, 3, 3, 3, 7, 7, 7, 7);
    BodyFrame frame = {
        __builtin_shufflevector(twice, twice, 2, 2, 2, 2, 6, 6, 6, 6),
        (Pairs)((PairsMask)sin ^ (PairsMask){INT32_MIN, 0, INT32_MIN, 0, INT32_MIN, 0, INT32_MIN, 0}),
        __builtin_shufflevector(twice, twice, 0, 1, 0, 1, 4, 5, 4, 5)};
#endif
    return frame;
}

/// The first four floats.
LANES_INLINE F4 pairs_half(Pairs p)
{
#if LANES_WIDTH == 4
    return (F4)p;
#else
    return __builtin_shufflevector(p, p, 0, 1, 2, 3);
#endif
}

/// Four directions from the body's frame to the world's. [8] -> [8]
LANES_INLINE void frame_turn(const BodyFrame *frame, const float *from, float *to)
{
    for (int k = 0; k < 8; k += PAIRS_WIDTH) {
        Pairs p = pairs_load(from + k);
        pairs_store(to + k, p * frame->cos + pairs_swapped(p) * frame->sin);
    }
}

/// Four points from the body's frame to the world's. [8] -> [8]
LANES_INLINE void frame_place(const BodyFrame *frame, const float *from, float *to)
{
    for (int k = 0; k < 8; k += PAIRS_WIDTH) {
        Pairs p = pairs_load(from + k);
        pairs_store(to + k, p * frame->cos + pairs_swapped(p) * frame->sin + frame->place);
    }
}

/// Bit k is set where lane k of the mask is. The upper bits are 0.
LANES_INLINE uint32_t pairs_bits(PairsMask mask)
{
#if LANES_WIDTH == 16
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
#else
    return v_bits((Vi)mask);
#endif
}

/// Lanewise a < b ? a : b, and the same for the greater.
LANES_INLINE Pairs pairs_min(Pairs a, Pairs b)
{
#if LANES_WIDTH == 16
    return (Pairs)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return (Pairs)v_min((Vf)a, (Vf)b);
#endif
}
LANES_INLINE Pairs pairs_max(Pairs a, Pairs b)
{
#if LANES_WIDTH == 16
    return (Pairs)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return (Pairs)v_max((Vf)a, (Vf)b);
#endif
}

/// Lanewise a < b ? a : b of four, and the same for the greater.
LANES_INLINE F4 min4(F4 a, F4 b)
{
#if LANES_WIDTH == 4
    return (F4)v_min((Vf)a, (Vf)b);
#else
    return (F4)_mm_min_ps((__m128)a, (__m128)b);
#endif
}
LANES_INLINE F4 max4(F4 a, F4 b)
{
#if LANES_WIDTH == 4
    return (F4)v_max((Vf)a, (Vf)b);
#else
    return (F4)_mm_max_ps((__m128)a, (__m128)b);
#endif
}
