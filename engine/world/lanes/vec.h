// SPDX-License-Identifier: MIT
#pragma once
// Vectors of LANES_WIDTH floats for the kernels, which are compiled once per width. Only operations that are
// exact or correctly rounded: the same bits in every lane of every width. Elementwise + - * / and
// comparisons are the compiler's (vector types of gcc and clang); the rest stands here.
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if !defined(LANES_WIDTH)
#error "compile kernels with -DLANES_WIDTH=4, 8 or 16"
#endif

typedef float F4 __attribute__((vector_size(16), may_alias));
typedef float F8 __attribute__((vector_size(32), may_alias));
typedef float Vf __attribute__((vector_size(4 * LANES_WIDTH), may_alias));
typedef int32_t Vi __attribute__((vector_size(4 * LANES_WIDTH), may_alias));
typedef F4 F4u __attribute__((aligned(4), may_alias)); // loads from any float
typedef F8 F8u __attribute__((aligned(4), may_alias));
typedef Vf Vfu __attribute__((aligned(4), may_alias));
typedef Vi Viu __attribute__((aligned(4), may_alias));

#define LANES_INLINE static inline __attribute__((always_inline))

/// Name of a kernel function of this width: K(collide) is para_lanes_collide_w8 in the 8-wide build.
#define LANES_JOIN2(name, width) para_lanes_##name##_w##width
#define LANES_JOIN(name, width)  LANES_JOIN2(name, width)
#define K(name)                  LANES_JOIN(name, LANES_WIDTH)

LANES_INLINE Vf v_all(float x) { return x - (Vf){0}; }
LANES_INLINE Vi v_all_int(int32_t x) { return x - (Vi){0}; }
LANES_INLINE Vf v_load(const float *from) { return *(const Vfu *)from; }
LANES_INLINE Vi v_load_int(const int32_t *from) { return *(const Viu *)from; }
LANES_INLINE void v_store(float *to, Vf x) { *(Vfu *)to = x; }

/// Lanes of `a` where the mask is all ones, of `b` where it is zero.
LANES_INLINE Vf v_select(Vi mask, Vf a, Vf b)
{
#if LANES_WIDTH == 8 && defined(__AVX__)
    return (Vf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (Vf)((mask & (Vi)a) | (~mask & (Vi)b));
#endif
}
LANES_INLINE Vi v_select_int(Vi mask, Vi a, Vi b) { return (Vi)v_select(mask, (Vf)a, (Vf)b); }

/// a < b ? a : b, so b where one of them is NaN; the same for max.
LANES_INLINE Vf v_min(Vf a, Vf b)
{
#if LANES_WIDTH == 4 && defined(__SSE2__)
    return (Vf)_mm_min_ps((__m128)a, (__m128)b);
#elif LANES_WIDTH == 8 && defined(__AVX__)
    return (Vf)_mm256_min_ps((__m256)a, (__m256)b);
#elif LANES_WIDTH == 16 && defined(__AVX512F__)
    return (Vf)_mm512_min_ps((__m512)a, (__m512)b);
#else
    return v_select(a < b, a, b);
#endif
}
LANES_INLINE Vf v_max(Vf a, Vf b)
{
#if LANES_WIDTH == 4 && defined(__SSE2__)
    return (Vf)_mm_max_ps((__m128)a, (__m128)b);
#elif LANES_WIDTH == 8 && defined(__AVX__)
    return (Vf)_mm256_max_ps((__m256)a, (__m256)b);
#elif LANES_WIDTH == 16 && defined(__AVX512F__)
    return (Vf)_mm512_max_ps((__m512)a, (__m512)b);
#else
    return v_select(a > b, a, b);
#endif
}
LANES_INLINE Vf v_clamp(Vf x, Vf low, Vf high) { return v_min(v_max(x, low), high); }
LANES_INLINE Vf v_abs(Vf x) { return (Vf)((Vi)x & 0x7fffffff); }
LANES_INLINE Vf v_sqrt(Vf x)
{
#if LANES_WIDTH == 4 && defined(__SSE2__)
    return (Vf)_mm_sqrt_ps((__m128)x);
#elif LANES_WIDTH == 8 && defined(__AVX__)
    return (Vf)_mm256_sqrt_ps((__m256)x);
#elif LANES_WIDTH == 16 && defined(__AVX512F__)
    return (Vf)_mm512_sqrt_ps((__m512)x);
#else
    Vf root;
    for (int i = 0; i < LANES_WIDTH; i++)
        root[i] = __builtin_sqrtf(x[i]);
    return root;
#endif
}

/// Bit i is set where lane i of the mask is (all ones).
LANES_INLINE uint32_t v_bits(Vi mask)
{
#if LANES_WIDTH == 4 && defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)mask);
#elif LANES_WIDTH == 8 && defined(__AVX__)
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
#elif LANES_WIDTH == 16 && defined(__AVX512DQ__)
    return (uint32_t)_mm512_movepi32_mask((__m512i)mask);
#else
    uint32_t bits = 0;
    for (int i = 0; i < LANES_WIDTH; i++)
        bits |= (uint32_t)(mask[i] & 1) << i;
    return bits;
#endif
}

// ---------------------------------------------------------------------------------------------
// Records of 8 floats to 8 vectors and back: how bodies, shapes and contacts of different worlds meet in
// one vector. A record is one load; the rest is shuffles.

#define LANES_LOW(a, b)   __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define LANES_HIGH(a, b)  __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LANES_PAIR0(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define LANES_PAIR1(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LANES_HALF0(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define LANES_HALF1(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)

/// 8 rows of 8 to 8 columns of 8.
LANES_INLINE void transpose8(const F8 row[8], F8 out[8])
{
    F8 a0 = LANES_LOW(row[0], row[1]), a1 = LANES_HIGH(row[0], row[1]);
    F8 a2 = LANES_LOW(row[2], row[3]), a3 = LANES_HIGH(row[2], row[3]);
    F8 a4 = LANES_LOW(row[4], row[5]), a5 = LANES_HIGH(row[4], row[5]);
    F8 a6 = LANES_LOW(row[6], row[7]), a7 = LANES_HIGH(row[6], row[7]);
    F8 b0 = LANES_PAIR0(a0, a2), b1 = LANES_PAIR1(a0, a2), b2 = LANES_PAIR0(a1, a3), b3 = LANES_PAIR1(a1, a3);
    F8 b4 = LANES_PAIR0(a4, a6), b5 = LANES_PAIR1(a4, a6), b6 = LANES_PAIR0(a5, a7), b7 = LANES_PAIR1(a5, a7);
    out[0] = LANES_HALF0(b0, b4);
    out[1] = LANES_HALF0(b1, b5);
    out[2] = LANES_HALF0(b2, b6);
    out[3] = LANES_HALF0(b3, b7);
    out[4] = LANES_HALF1(b0, b4);
    out[5] = LANES_HALF1(b1, b5);
    out[6] = LANES_HALF1(b2, b6);
    out[7] = LANES_HALF1(b3, b7);
}

/// 4 rows of 4 to 4 columns of 4.
LANES_INLINE void transpose4(const F4 row[4], F4 out[4])
{
    F4 a0 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
    F4 a1 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
    F4 a2 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
    F4 a3 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
    out[0] = __builtin_shufflevector(a0, a2, 0, 1, 4, 5);
    out[1] = __builtin_shufflevector(a0, a2, 2, 3, 6, 7);
    out[2] = __builtin_shufflevector(a1, a3, 0, 1, 4, 5);
    out[3] = __builtin_shufflevector(a1, a3, 2, 3, 6, 7);
}

/// Eight floats at base + index[l] * stride of lane l, to out[0..7]. [LANES_WIDTH] indices, stride in floats.
LANES_INLINE void gather8(const float *base, int stride, const int32_t *index, Vf out[8])
{
#if LANES_WIDTH == 4
    F4 row[4];
    for (int half = 0; half < 2; half++) {
        for (int l = 0; l < 4; l++)
            row[l] = *(const F4u *)(base + (int64_t)index[l] * stride + 4 * half);
        transpose4(row, (F4 *)out + 4 * half);
    }
#else
    F8 row[8], column[LANES_WIDTH / 8][8];
    for (int part = 0; part < LANES_WIDTH / 8; part++) {
        for (int l = 0; l < 8; l++)
            row[l] = *(const F8u *)(base + (int64_t)index[8 * part + l] * stride);
        transpose8(row, column[part]);
    }
    for (int k = 0; k < 8; k++) {
#if LANES_WIDTH == 8
        out[k] = (Vf)column[0][k];
#else
        out[k] = __builtin_shufflevector(column[0][k], column[1][k], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                         13, 14, 15);
#endif
    }
#endif
}

/// Four vectors to four floats at base + index[l] * stride of lane l.
LANES_INLINE void scatter4(float *base, int stride, const int32_t *index, Vf a, Vf b, Vf c, Vf d)
{
#if LANES_WIDTH == 4
    F4 column[4] = {(F4)a, (F4)b, (F4)c, (F4)d}, row[4];
    transpose4(column, row);
    for (int l = 0; l < 4; l++)
        *(F4u *)(base + (int64_t)index[l] * stride) = row[l];
#else
    for (int part = 0; part < LANES_WIDTH / 8; part++) {
#if LANES_WIDTH == 8
        F8 p = (F8)a, q = (F8)b, r = (F8)c, s = (F8)d;
#else
#define LANES_PART(x)                                                                                        \
    (part == 0 ? __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)                                       \
               : __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15))
        F8 p = LANES_PART(a), q = LANES_PART(b), r = LANES_PART(c), s = LANES_PART(d);
#endif
        F8 pq0 = LANES_LOW(p, q), pq1 = LANES_HIGH(p, q), rs0 = LANES_LOW(r, s), rs1 = LANES_HIGH(r, s);
        F8 row04 = LANES_PAIR0(pq0, rs0), row15 = LANES_PAIR1(pq0, rs0);
        F8 row26 = LANES_PAIR0(pq1, rs1), row37 = LANES_PAIR1(pq1, rs1);
        const int32_t *at = index + 8 * part;
        *(F4u *)(base + (int64_t)at[0] * stride) = __builtin_shufflevector(row04, row04, 0, 1, 2, 3);
        *(F4u *)(base + (int64_t)at[1] * stride) = __builtin_shufflevector(row15, row15, 0, 1, 2, 3);
        *(F4u *)(base + (int64_t)at[2] * stride) = __builtin_shufflevector(row26, row26, 0, 1, 2, 3);
        *(F4u *)(base + (int64_t)at[3] * stride) = __builtin_shufflevector(row37, row37, 0, 1, 2, 3);
        *(F4u *)(base + (int64_t)at[4] * stride) = __builtin_shufflevector(row04, row04, 4, 5, 6, 7);
        *(F4u *)(base + (int64_t)at[5] * stride) = __builtin_shufflevector(row15, row15, 4, 5, 6, 7);
        *(F4u *)(base + (int64_t)at[6] * stride) = __builtin_shufflevector(row26, row26, 4, 5, 6, 7);
        *(F4u *)(base + (int64_t)at[7] * stride) = __builtin_shufflevector(row37, row37, 4, 5, 6, 7);
    }
#endif
}
