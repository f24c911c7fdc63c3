// SPDX-License-Identifier: MIT
#pragma once
// What the two files of the deterministic maths share: bit moves, polynomials and numbers made of two
// doubles. Private to engine/base.
#include <stdint.h>
#include <string.h>

static inline uint64_t para_bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double para_of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline double para_with_sign(double magnitude, double sign)
{
    return para_of_bits((para_bits_of(magnitude) & ~(UINT64_C(1) << 63)) |
                        (para_bits_of(sign) & (UINT64_C(1) << 63)));
}

/// c[0] + c[1] z + ... with count >= 2, by Horner's rule on the even and the odd terms apart: two short
/// chains that run side by side.
static inline double para_polynomial(const double *c, int count, double z)
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
typedef struct ParaPair {
    double high, low;
} ParaPair;

/// The exact sum a + b (Knuth 1969).
static inline ParaPair para_pair_sum(double a, double b)
{
    double sum = a + b;
    double part = sum - a;
    return (ParaPair){sum, (a - (sum - part)) + (b - part)};
}

/// The exact product a b by Dekker's split (1971): no fused instruction needed. |a|, |b| < 2^995.
static inline ParaPair para_pair_product(double a, double b)
{
    const double splitter = 134217729.0; // 2^27 + 1
    double p = a * splitter, q = b * splitter;
    double a_high = p - (p - a), a_low = a - a_high;
    double b_high = q - (q - b), b_low = b - b_high;
    double product = a * b;
    double rest = a_high * b_high - product + a_high * b_low + a_low * b_high + a_low * b_low;
    return (ParaPair){product, rest};
}

static inline ParaPair para_pair_add(ParaPair a, ParaPair b)
{
    ParaPair sum = para_pair_sum(a.high, b.high);
    return para_pair_sum(sum.high, sum.low + (a.low + b.low));
}

static inline ParaPair para_pair_multiply(ParaPair a, ParaPair b)
{
    ParaPair product = para_pair_product(a.high, b.high);
    return para_pair_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}
