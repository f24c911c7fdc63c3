// SPDX-License-Identifier: MIT
#pragma once
// What the two files of the deterministic maths share: bit moves, polynomials and numbers made of two
// doubles. Internal to engine/base.
#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline double with_sign(double magnitude, double sign)
{
    return of_bits((bits_of(magnitude) & ~(UINT64_C(1) << 63)) | (bits_of(sign) & (UINT64_C(1) << 63)));
}

/// c[0] + c[1] z + ... with count >= 2, by Horner's rule on the even and the odd terms apart: two short
/// chains that run side by side.
static inline double polynomial(const double *c, int count, double z)
{
    double square = z * z;
    int last = count - 1;
    double sum = c[last], other = c[last - 1];
    for (int i = last - 2; i >= 0; i -= 2) {
        sum = sum * square + c[i];
        if (i > 0)
            other = other * square + c[i - 1];
    }
    return last % 2 ? other + z * sum : sum + z * other;
}

/// high + low with |low| at most half a unit in the last place of high.
typedef struct Pair {
    double high, low;
} Pair;

/// The exact sum a + b (Knuth 1969).
static inline Pair pair_sum(double a, double b)
{
    double sum = a + b;
    double part = sum - a;
    return (Pair){sum, (a - (sum - part)) + (b - part)};
}

/// The exact product a b by Dekker's split (1971): no fused instruction needed. |a|, |b| < 2^995.
static inline Pair pair_product(double a, double b)
{
    const double splitter = 134217729.0; // 2^27 + 1
    double p = a * splitter, q = b * splitter;
    double a_high = p - (p - a), a_low = a - a_high;
    double b_high = q - (q - b), b_low = b - b_high;
    double product = a * b;
    double rest = a_high * b_high - product + a_high * b_low + a_low * b_high + a_low * b_low;
    return (Pair){product, rest};
}

static inline Pair pair_add(Pair a, Pair b)
{
    Pair sum = pair_sum(a.high, b.high);
    return pair_sum(sum.high, sum.low + (a.low + b.low));
}

static inline Pair pair_multiply(Pair a, Pair b)
{
    Pair product = pair_product(a.high, b.high);
    return pair_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}
