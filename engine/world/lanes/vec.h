// SPDX-License-Identifier: MIT
#pragma once
// Vectors of PARA_LANES_WIDTH floats for the kernels, which are compiled once per width. Only operations that
// are exact or correctly rounded: the same bits in every lane of every width. Elementwise + - * / and
// comparisons are the compiler's (vector types of gcc and clang); the rest stands here.
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if !defined(PARA_LANES_WIDTH)
#error "compile kernels with -DPARA_LANES_WIDTH=4, 8 or 16"
#endif

typedef float ParaF4 __attribute__((vector_size(16), may_alias));
typedef float ParaF8 __attribute__((vector_size(32), may_alias));
typedef float ParaVf __attribute__((vector_size(4 * PARA_LANES_WIDTH), may_alias));
typedef int32_t ParaVi __attribute__((vector_size(4 * PARA_LANES_WIDTH), may_alias));
typedef ParaF4 ParaF4u __attribute__((aligned(4), may_alias)); // loads from any float
typedef ParaF8 ParaF8u __attribute__((aligned(4), may_alias));
typedef ParaVf ParaVfu __attribute__((aligned(4), may_alias));
typedef ParaVi ParaViu __attribute__((aligned(4), may_alias));

#define PARA_LANES_INLINE static inline __attribute__((always_inline))

/// Name of a kernel function of this width: PARA_K(collide) is para_lanes_collide_w8 in the 8-wide build.
#define PARA_LANES_JOIN2(name, width) para_lanes_##name##_w##width
#define PARA_LANES_JOIN(name, width)  PARA_LANES_JOIN2(name, width)
#define PARA_K(name)                  PARA_LANES_JOIN(name, PARA_LANES_WIDTH)

PARA_LANES_INLINE ParaVf para_v_all(float x) { return x - (ParaVf){0}; }
PARA_LANES_INLINE ParaVi para_v_all_int(int32_t x) { return x - (ParaVi){0}; }
PARA_LANES_INLINE ParaVf para_v_load(const float *from) { return *(const ParaVfu *)from; }
PARA_LANES_INLINE ParaVi para_v_load_int(const int32_t *from) { return *(const ParaViu *)from; }
PARA_LANES_INLINE void para_v_store(float *to, ParaVf x) { *(ParaVfu *)to = x; }

/// Lanes of `a` where the mask is all ones, of `b` where it is zero.
PARA_LANES_INLINE ParaVf para_v_select(ParaVi mask, ParaVf a, ParaVf b)
{
#if PARA_LANES_WIDTH == 8 && defined(__AVX__)
    return (ParaVf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (ParaVf)((mask & (ParaVi)a) | (~mask & (ParaVi)b));
#endif
}
PARA_LANES_INLINE ParaVi para_v_select_int(ParaVi mask, ParaVi a, ParaVi b)
{
    return (ParaVi)para_v_select(mask, (ParaVf)a, (ParaVf)b);
}

/// a < b ? a : b, so b where one of them is NaN; the same for max.
PARA_LANES_INLINE ParaVf para_v_min(ParaVf a, ParaVf b)
{
#if PARA_LANES_WIDTH == 4 && defined(__SSE2__)
    return (ParaVf)_mm_min_ps((__m128)a, (__m128)b);
#elif PARA_LANES_WIDTH == 8 && defined(__AVX__)
    return (ParaVf)_mm256_min_ps((__m256)a, (__m256)b);
#elif PARA_LANES_WIDTH == 16 && defined(__AVX512F__)
    return (ParaVf)_mm512_min_ps((__m512)a, (__m512)b);
#else
    return para_v_select(a < b, a, b);
#endif
}
PARA_LANES_INLINE ParaVf para_v_max(ParaVf a, ParaVf b)
{
#if PARA_LANES_WIDTH == 4 && defined(__SSE2__)
    return (ParaVf)_mm_max_ps((__m128)a, (__m128)b);
#elif PARA_LANES_WIDTH == 8 && defined(__AVX__)
    return (ParaVf)_mm256_max_ps((__m256)a, (__m256)b);
#elif PARA_LANES_WIDTH == 16 && defined(__AVX512F__)
    return (ParaVf)_mm512_max_ps((__m512)a, (__m512)b);
#else
    return para_v_select(a > b, a, b);
#endif
}
PARA_LANES_INLINE ParaVf para_v_clamp(ParaVf x, ParaVf low, ParaVf high)
{
    return para_v_min(para_v_max(x, low), high);
}
PARA_LANES_INLINE ParaVf para_v_abs(ParaVf x) { return (ParaVf)((ParaVi)x & 0x7fffffff); }
PARA_LANES_INLINE ParaVf para_v_sqrt(ParaVf x)
{
#if PARA_LANES_WIDTH == 4 && defined(__SSE2__)
    return (ParaVf)_mm_sqrt_ps((__m128)x);
#elif PARA_LANES_WIDTH == 8 && defined(__AVX__)
    return (ParaVf)_mm256_sqrt_ps((__m256)x);
#elif PARA_LANES_WIDTH == 16 && defined(__AVX512F__)
    return (ParaVf)_mm512_sqrt_ps((__m512)x);
#else
    ParaVf root;
    for (int i = 0; i < PARA_LANES_WIDTH; i++)
        root[i] = __builtin_sqrtf(x[i]);
    return root;
#endif
}

/// Bit i is set where lane i of the mask is (all ones).
PARA_LANES_INLINE uint32_t para_v_bits(ParaVi mask)
{
#if PARA_LANES_WIDTH == 4 && defined(__SSE2__)
    return (uint32_t)_mm_movemask_ps((__m128)mask);
#elif PARA_LANES_WIDTH == 8 && defined(__AVX__)
    return (uint32_t)_mm256_movemask_ps((__m256)mask);
#elif PARA_LANES_WIDTH == 16 && defined(__AVX512DQ__)
    return (uint32_t)_mm512_movepi32_mask((__m512i)mask);
#else
    uint32_t bits = 0;
    for (int i = 0; i < PARA_LANES_WIDTH; i++)
        bits |= (uint32_t)(mask[i] & 1) << i;
    return bits;
#endif
}

// ---------------------------------------------------------------------------------------------
// Records of 8 floats to 8 vectors and back: how bodies, shapes and contacts of different worlds meet in
// one vector. A record is one load; the rest is shuffles.

#define PARA_LANES_LOW(a, b)   __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define PARA_LANES_HIGH(a, b)  __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define PARA_LANES_PAIR0(a, b) __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define PARA_LANES_PAIR1(a, b) __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define PARA_LANES_HALF0(a, b) __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define PARA_LANES_HALF1(a, b) __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15)

/// 8 rows of 8 to 8 columns of 8.
PARA_LANES_INLINE void para_v_transpose8(const ParaF8 row[8], ParaF8 out[8])
{
    ParaF8 a0 = PARA_LANES_LOW(row[0], row[1]), a1 = PARA_LANES_HIGH(row[0], row[1]);
    ParaF8 a2 = PARA_LANES_LOW(row[2], row[3]), a3 = PARA_LANES_HIGH(row[2], row[3]);
    ParaF8 a4 = PARA_LANES_LOW(row[4], row[5]), a5 = PARA_LANES_HIGH(row[4], row[5]);
    ParaF8 a6 = PARA_LANES_LOW(row[6], row[7]), a7 = PARA_LANES_HIGH(row[6], row[7]);
    ParaF8 b0 = PARA_LANES_PAIR0(a0, a2), b1 = PARA_LANES_PAIR1(a0, a2), b2 = PARA_LANES_PAIR0(a1, a3),
           b3 = PARA_LANES_PAIR1(a1, a3);
    ParaF8 b4 = PARA_LANES_PAIR0(a4, a6), b5 = PARA_LANES_PAIR1(a4, a6), b6 = PARA_LANES_PAIR0(a5, a7),
           b7 = PARA_LANES_PAIR1(a5, a7);
    out[0] = PARA_LANES_HALF0(b0, b4);
    out[1] = PARA_LANES_HALF0(b1, b5);
    out[2] = PARA_LANES_HALF0(b2, b6);
    out[3] = PARA_LANES_HALF0(b3, b7);
    out[4] = PARA_LANES_HALF1(b0, b4);
    out[5] = PARA_LANES_HALF1(b1, b5);
    out[6] = PARA_LANES_HALF1(b2, b6);
    out[7] = PARA_LANES_HALF1(b3, b7);
}

/// 4 rows of 4 to 4 columns of 4.
PARA_LANES_INLINE void para_v_transpose4(const ParaF4 row[4], ParaF4 out[4])
{
    ParaF4 a0 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
    ParaF4 a1 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
    ParaF4 a2 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
    ParaF4 a3 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
    out[0] = __builtin_shufflevector(a0, a2, 0, 1, 4, 5);
    out[1] = __builtin_shufflevector(a0, a2, 2, 3, 6, 7);
    out[2] = __builtin_shufflevector(a1, a3, 0, 1, 4, 5);
    out[3] = __builtin_shufflevector(a1, a3, 2, 3, 6, 7);
}

/// Eight floats at base + index[l] * stride of lane l, to out[0..7]. [PARA_LANES_WIDTH] indices, stride in
/// floats.
PARA_LANES_INLINE void para_v_gather8(const float *base, int stride, const int32_t *index, ParaVf out[8])
{
#if PARA_LANES_WIDTH == 4
    ParaF4 row[4];
    for (int half = 0; half < 2; half++) {
        for (int l = 0; l < 4; l++)
            row[l] = *(const ParaF4u *)(base + (int64_t)index[l] * stride + 4 * half);
        para_v_transpose4(row, (ParaF4 *)out + 4 * half);
    }
#else
    ParaF8 row[8], column[PARA_LANES_WIDTH / 8][8];
    for (int part = 0; part < PARA_LANES_WIDTH / 8; part++) {
        for (int l = 0; l < 8; l++)
            row[l] = *(const ParaF8u *)(base + (int64_t)index[8 * part + l] * stride);
        para_v_transpose8(row, column[part]);
    }
    for (int k = 0; k < 8; k++) {
#if PARA_LANES_WIDTH == 8
        out[k] = (ParaVf)column[0][k];
#else
        out[k] = __builtin_shufflevector(column[0][k], column[1][k], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                         13, 14, 15);
#endif
    }
#endif
}

/// Four floats at base + index[l] of lane l, to out[0..3]. Loads are as wide as para_v_scatter4's stores, so
/// that a record that was just written is forwarded to the load.
PARA_LANES_INLINE void para_v_gather4(const float *base, const int32_t *index, ParaVf out[4])
{
#if PARA_LANES_WIDTH == 4
    ParaF4 row[4];
    for (int l = 0; l < 4; l++)
        row[l] = *(const ParaF4u *)(base + index[l]);
    para_v_transpose4(row, (ParaF4 *)out);
#else
    ParaF8 column[PARA_LANES_WIDTH / 8][4];
    for (int part = 0; part < PARA_LANES_WIDTH / 8; part++) {
        const int32_t *at = index + 8 * part;
        ParaF8 row[4];
        for (int l = 0; l < 4; l++) {
            ParaF4 low = *(const ParaF4u *)(base + at[l]);
            ParaF4 high = *(const ParaF4u *)(base + at[l + 4]);
            row[l] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7);
        }
        ParaF8 low01 = PARA_LANES_LOW(row[0], row[1]), low23 = PARA_LANES_LOW(row[2], row[3]);
        ParaF8 high01 = PARA_LANES_HIGH(row[0], row[1]), high23 = PARA_LANES_HIGH(row[2], row[3]);
        column[part][0] = PARA_LANES_PAIR0(low01, low23);
        column[part][1] = PARA_LANES_PAIR1(low01, low23);
        column[part][2] = PARA_LANES_PAIR0(high01, high23);
        column[part][3] = PARA_LANES_PAIR1(high01, high23);
    }
    for (int k = 0; k < 4; k++) {
#if PARA_LANES_WIDTH == 8
        out[k] = (ParaVf)column[0][k];
#else
        out[k] = __builtin_shufflevector(column[0][k], column[1][k], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
                                         13, 14, 15);
#endif
    }
#endif
}

/// Four vectors to four floats at base + index[l] * stride of lane l.
PARA_LANES_INLINE void para_v_scatter4(float *base, int stride, const int32_t *index, ParaVf a, ParaVf b,
                                       ParaVf c, ParaVf d)
{
#if PARA_LANES_WIDTH == 4
    ParaF4 column[4] = {(ParaF4)a, (ParaF4)b, (ParaF4)c, (ParaF4)d}, row[4];
    para_v_transpose4(column, row);
    for (int l = 0; l < 4; l++)
        *(ParaF4u *)(base + (int64_t)index[l] * stride) = row[l];
#else
    for (int part = 0; part < PARA_LANES_WIDTH / 8; part++) {
#if PARA_LANES_WIDTH == 8
        ParaF8 p = (ParaF8)a, q = (ParaF8)b, r = (ParaF8)c, s = (ParaF8)d;
#else
#define PARA_LANES_PART(x)                                                                                   \
    (part == 0 ? __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)                                       \
               : __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15))
        ParaF8 p = PARA_LANES_PART(a), q = PARA_LANES_PART(b), r = PARA_LANES_PART(c), s = PARA_LANES_PART(d);
#endif
        ParaF8 pq0 = PARA_LANES_LOW(p, q), pq1 = PARA_LANES_HIGH(p, q), rs0 = PARA_LANES_LOW(r, s),
               rs1 = PARA_LANES_HIGH(r, s);
        ParaF8 row04 = PARA_LANES_PAIR0(pq0, rs0), row15 = PARA_LANES_PAIR1(pq0, rs0);
        ParaF8 row26 = PARA_LANES_PAIR0(pq1, rs1), row37 = PARA_LANES_PAIR1(pq1, rs1);
        const int32_t *at = index + 8 * part;
        *(ParaF4u *)(base + (int64_t)at[0] * stride) = __builtin_shufflevector(row04, row04, 0, 1, 2, 3);
        *(ParaF4u *)(base + (int64_t)at[1] * stride) = __builtin_shufflevector(row15, row15, 0, 1, 2, 3);
        *(ParaF4u *)(base + (int64_t)at[2] * stride) = __builtin_shufflevector(row26, row26, 0, 1, 2, 3);
        *(ParaF4u *)(base + (int64_t)at[3] * stride) = __builtin_shufflevector(row37, row37, 0, 1, 2, 3);
        *(ParaF4u *)(base + (int64_t)at[4] * stride) = __builtin_shufflevector(row04, row04, 4, 5, 6, 7);
        *(ParaF4u *)(base + (int64_t)at[5] * stride) = __builtin_shufflevector(row15, row15, 4, 5, 6, 7);
        *(ParaF4u *)(base + (int64_t)at[6] * stride) = __builtin_shufflevector(row26, row26, 4, 5, 6, 7);
        *(ParaF4u *)(base + (int64_t)at[7] * stride) = __builtin_shufflevector(row37, row37, 4, 5, 6, 7);
    }
#endif
}
