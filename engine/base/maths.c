// SPDX-License-Identifier: MIT
// Deterministic elementary functions. Each reduces its argument to a small interval without losing
// bits, then takes a polynomial there. The polynomials interpolate the functions at Chebyshev nodes
// and were computed for this file in 60-digit arithmetic; the figure beside each is the largest
// difference from the exact function over the interval, after rounding the coefficients to double.
#include "engine/base/maths.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TWO_OVER_PI 0x1.45f306dc9c883p-1
#define SQRT_HALF   0x1.6a09e667f3bcdp-1

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static double with_sign(double magnitude, double sign)
{
    return of_bits((bits_of(magnitude) & ~(UINT64_C(1) << 63)) | (bits_of(sign) & (UINT64_C(1) << 63)));
}

/// 2^k for -1022 <= k <= 1023.
static double power_of_two(int k) { return of_bits((uint64_t)(k + 1023) << 52); }

/// Horner's rule, c[0] + c[1] z + ...
static inline double polynomial(const double *c, int count, double z)
{
    double sum = c[count - 1];
    for (int i = count - 2; i >= 0; i--)
        sum = sum * z + c[i];
    return sum;
}

// ---------------------------------------------------------------- numbers of two doubles

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

// ---------------------------------------------------------------- sine, cosine, tangent

// (sin(sqrt z) / sqrt z - 1) / z on [0, (pi/4)^2]: 9.3e-18
static const double sine_terms[7] = {-0.16666666666666666,   0.0083333333333333315,   -0.00019841269841265063,
                                     2.7557319219337312e-06, -2.5052106231802837e-08, 1.6058531516797758e-10,
                                     -7.5866910941979582e-13};
// (cos(sqrt z) - 1 + z/2) / z^2 on [0, (pi/4)^2]: 2.3e-18
static const double cosine_terms[7] = {
    0.041666666666666664,   -0.0013888888888888887,  2.4801587301584645e-05, -2.7557319221401792e-07,
    2.0876755790721963e-09, -1.1470460830795304e-11, 4.7458685530816656e-14};

static double kernel_sin(Pair r)
{
    double z = r.high * r.high;
    double tail = polynomial(sine_terms, 7, z) * (z * r.high);
    // d sin = cos dr, and cos r = 1 - z/2 is enough for so small a dr.
    return r.high + (tail + r.low * (1 - 0.5 * z));
}

static double kernel_cos(Pair r)
{
    double z = r.high * r.high;
    double half = 0.5 * z;
    double lead = 1 - half;
    double tail = polynomial(cosine_terms, 7, z) * (z * z);
    // (1 - lead) - half is what the rounding of `lead` lost.
    return lead + ((1 - lead) - half + (tail - r.high * r.low));
}

/// x = quarter pi/2 + r with |r| <= pi/4 and a bit; returns quarter mod 4.
static int reduce_angle(double x, Pair *r)
{
    // pi/2 in pieces of 33 bits: times a count below 2^20 each product is exact.
    const double piece_1 = 0x1.921fb544p+0, piece_2 = 0x1.0b4611a6p-34, piece_3 = 0x1.3198a2ep-69,
                 piece_4 = 0x1.b839a252049c1p-104;
    // Far out, angles are first brought into one turn of the double nearest to 2 pi. fmod is exact by
    // definition, hence the same everywhere.
    if (fabs(x) > 0x1p20)
        x = fmod(x, PARA_TAU);
    double count = floor(x * TWO_OVER_PI + 0.5);
    Pair near = pair_sum(x - count * piece_1, -count * piece_2);
    Pair far = pair_sum(near.low, -count * piece_3);
    *r = pair_sum(near.high, far.high + (far.low - count * piece_4));
    return (int)((int64_t)count & 3);
}

void para_sincos(double x, double *out_sin, double *out_cos)
{
    if (!isfinite(x)) {
        *out_sin = *out_cos = PARA_NAN;
        return;
    }
    Pair r;
    int quarter = reduce_angle(x, &r);
    double s = kernel_sin(r), c = kernel_cos(r);
    if (x == 0)
        s = x; // keeps the sign of zero
    *out_sin = quarter == 0 ? s : quarter == 1 ? c : quarter == 2 ? -s : -c;
    *out_cos = quarter == 0 ? c : quarter == 1 ? -s : quarter == 2 ? -c : s;
}

double para_sin(double x)
{
    double s, c;
    para_sincos(x, &s, &c);
    return s;
}

double para_cos(double x)
{
    double s, c;
    para_sincos(x, &s, &c);
    return c;
}

double para_tan(double x)
{
    double s, c;
    para_sincos(x, &s, &c);
    return s / c;
}

// ---------------------------------------------------------------- arc tangent

// (atan(sqrt z) / sqrt z - 1) / z on [0, tan(pi/8)^2]: 1.9e-17
static const double atan_terms[12] = {-0.33333333333333331,  0.19999999999999804,   -0.14285714285659729,
                                      0.11111111105145725,   -0.090909087530171781, 0.076922963610482176,
                                      -0.066664246345993369, 0.058789261105281009,  -0.052304330074828924,
                                      0.0455149623749493,    -0.034568068014968874, 0.016282993238924487};

/// a / b with the rounding error of the division kept; 0 <= a <= b, both normal and far from overflow.
static Pair divide(double a, double b)
{
    double quotient = a / b;
    Pair back = pair_product(quotient, b);
    return (Pair){quotient, ((a - back.high) - back.low) / b};
}

/// atan(small / large) for 0 <= small <= large, in [0, pi/4].
static Pair first_octant(double small, double large)
{
    const Pair quarter_pi = {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55};
    const bool upper = small > 0.4142135623730950 * large;
    Pair t;
    if (upper) { // atan t = pi/4 - atan((1 - t) / (1 + t))
        Pair below = pair_sum(large, -small), above = pair_sum(large, small);
        Pair first = divide(below.high, above.high);
        double fix = (below.low - first.high * above.low) / above.high;
        t = pair_sum(first.high, first.low + fix);
    } else {
        t = divide(small, large);
    }
    double z = t.high * t.high;
    double tail = polynomial(atan_terms, 12, z) * (z * t.high);
    Pair sum = pair_sum(t.high, tail + t.low * (1 - z));
    return upper ? pair_add(quarter_pi, (Pair){-sum.high, -sum.low}) : sum;
}

double para_atan2(double y, double x)
{
    const Pair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
    const Pair pi = {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};
    if (isnan(x) || isnan(y))
        return PARA_NAN;
    double across = fabs(x), up = fabs(y);
    if (isinf(across) || isinf(up)) { // only the ratio 0, 1 or infinity is left
        double a = isinf(across) ? 1 : 0, u = isinf(up) ? 1 : 0;
        across = a, up = u;
    }
    double small = up < across ? up : across, large = up < across ? across : up;
    Pair angle = {0, 0};
    if (small > 0) {
        // Scaled by powers of two until neither products nor their error terms leave the range.
        while (large > 0x1p500)
            large *= 0x1p-400, small *= 0x1p-400;
        while (large < 0x1p-400)
            large *= 0x1p400, small *= 0x1p400;
        // Below this, atan q = q to the last bit, and the quotient may well be subnormal.
        angle = small < 0x1p-500 * large ? (Pair){small / large, 0} : first_octant(small, large);
    }
    if (up > across)
        angle = pair_add(half_pi, (Pair){-angle.high, -angle.low});
    if (signbit(x))
        angle = pair_add(pi, (Pair){-angle.high, -angle.low});
    return with_sign(angle.high + angle.low, y);
}

// ---------------------------------------------------------------- exponential, logarithm, power

#define INVERSE_LN2 0x1.71547652b82fep+0
#define LN2_HIGH    0x1.62e42feep-1 // 32 bits: exact times any exponent
#define LN2_LOW     0x1.a39ef35793c76p-33
#define LN2_LOWER   0x1.cc01f97b57a08p-87

// (e^r - 1 - r) / r^2 on [-ln2/2, ln2/2]: 3.4e-18
static const double exp_terms[12] = {0.5,
                                     0.16666666666666666,
                                     0.041666666666666678,
                                     0.0083333333333333332,
                                     0.0013888888888879004,
                                     0.00019841269841263252,
                                     2.4801587336630949e-05,
                                     2.7557319247344507e-06,
                                     2.755726307730941e-07,
                                     2.5052070959803662e-08,
                                     2.091821231913398e-09,
                                     1.6086677666787362e-10};

/// e^(x.high + x.low), overflow and underflow included; x.high is not NaN.
static double exp_of_pair(Pair x)
{
    if (x.high > 710)
        return PARA_INFINITY;
    if (x.high < -746)
        return 0;
    double count = floor(x.high * INVERSE_LN2 + 0.5);
    Pair r = pair_sum(x.high - count * LN2_HIGH, -count * LN2_LOW);
    double low = r.low + x.low;
    double tail = polynomial(exp_terms, 12, r.high) * (r.high * r.high);
    Pair lead = pair_sum(1, r.high);
    // e^low = 1 + low, on the whole of e^r: `low` is far above the last place where x is large.
    double value = lead.high + (lead.low + (tail + low * (lead.high + tail)));
    int k = (int)count;
    // Two factors where one would overflow or be subnormal; the last one rounds once.
    if (k > 1000)
        return value * power_of_two(1000) * power_of_two(k - 1000);
    if (k < -1000)
        return value * power_of_two(k + 1000) * power_of_two(-1000);
    return value * power_of_two(k);
}

double para_exp(double x)
{
    if (isnan(x))
        return PARA_NAN;
    return exp_of_pair((Pair){x, 0});
}

/// x = m 2^k with m in [sqrt(1/2), sqrt 2); x is finite and above 0.
static double split_exponent(double x, int *k)
{
    int shift = 0;
    if (x < 0x1p-1022) // subnormal
        x *= 0x1p54, shift = -54;
    uint64_t bits = bits_of(x);
    int e = (int)(bits >> 52) - 1022;
    double m = of_bits((bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3fe0000000000000));
    if (m < SQRT_HALF)
        m *= 2, e -= 1;
    *k = e + shift;
    return m;
}

// (log((1 + s) / (1 - s)) / s - 2) / z with z = s^2, on s up to 3 - 2 sqrt 2: 3.7e-17
static const double log_terms[8] = {0.66666666666666663, 0.40000000000000879, 0.28571428570802848,
                                    0.22222222391887064, 0.18181795621632782, 0.15386240708969665,
                                    0.13268746195596595, 0.13086907887965027};

double para_log(double x)
{
    if (isnan(x) || x < 0)
        return PARA_NAN;
    if (x == 0)
        return -PARA_INFINITY;
    if (isinf(x))
        return x;
    int k;
    double f = split_exponent(x, &k) - 1;
    // log(1 + f) = 2 s + s z (...) with s = f / (2 + f), and 2 s = f - s f; written with f^2 / 2 so that
    // the largest term, f, is exact.
    double s = f / (2 + f), z = s * s;
    double half = 0.5 * f * f;
    double series = polynomial(log_terms, 8, z) * z;
    double count = k;
    return count * LN2_HIGH - ((half - (s * (half + series) + count * LN2_LOW)) - f);
}

// (log((1 + s) / (1 - s)) / s - 2 - 2 z / 3) / z^2: 2.7e-17
static const double log_tail_terms[8] = {0.40000000000000002, 0.28571428571429369, 0.22222222221655541,
                                         0.18181818335471239, 0.15384594954137945, 0.13334805149611875,
                                         0.11706224135460942, 0.11723306234080849};

/// log x to about 64 bits, for x finite and above 0: the first two terms of the series in pairs.
static Pair log_pair(double x)
{
    const Pair two_thirds = {0x1.5555555555555p-1, 0x1.5555555555555p-55};
    int k;
    double f = split_exponent(x, &k) - 1;
    // s = f / (2 + f): quotient, and the remainder of the division for the low part.
    Pair below = pair_sum(2, f);
    double quotient = f / below.high;
    Pair back = pair_multiply((Pair){quotient, 0}, below);
    Pair s = pair_sum(quotient, ((f - back.high) - back.low) / below.high);
    Pair z = pair_multiply(s, s);
    double tail = polynomial(log_tail_terms, 8, z.high) * (z.high * z.high);
    Pair bracket = pair_multiply(two_thirds, z);
    bracket = pair_add(bracket, (Pair){tail, 0});
    Pair log_m = pair_add((Pair){2 * s.high, 2 * s.low}, pair_multiply(s, bracket));
    if (k == 0)
        return log_m;
    double count = k;
    Pair low = pair_product(count, LN2_LOW);
    low.low += count * LN2_LOWER;
    return pair_add(pair_add((Pair){count * LN2_HIGH, 0}, low), log_m);
}

/// 0 where y is no integer, 1 where it is odd, 2 where it is even.
static int integer_kind(double y)
{
    double size = fabs(y);
    if (size >= 0x1p53)
        return 2;
    if (floor(size) != size)
        return 0;
    return (int64_t)size & 1 ? 1 : 2;
}

/// |x|^y for finite positive |x| != 1 and finite y != 0.
static double power_positive(double x, double y)
{
    Pair logarithm = log_pair(x);
    double rough = logarithm.high * y;
    if (rough > 720)
        return PARA_INFINITY;
    if (rough < -760)
        return 0;
    // |log x| >= 2^-54 here, so |y| is below 2^64 and its product is safe to split.
    return exp_of_pair(pair_multiply(logarithm, (Pair){y, 0}));
}

/// 0^y, inf^y, x^inf, with |x| given.
static double power_edge(double x, double y)
{
    if (isinf(y)) {
        if (x == 1)
            return 1;
        return (x > 1) == (y > 0) ? PARA_INFINITY : 0;
    }
    return (x == 0) == (y > 0) ? 0 : PARA_INFINITY;
}

double para_pow(double x, double y)
{
    if (x == 1 || y == 0)
        return 1; // even for NaN, as C has it
    if (isnan(x) || isnan(y))
        return PARA_NAN;
    double size = fabs(x);
    int kind = integer_kind(y);
    if (size == 0 || isinf(size) || isinf(y)) {
        double edge = power_edge(size, y);
        return signbit(x) && kind == 1 && !isinf(y) ? -edge : edge;
    }
    if (x < 0 && kind == 0)
        return PARA_NAN;
    double power = size == 1 ? 1 : power_positive(size, y);
    return x < 0 && kind == 1 ? -power : power;
}

double para_sqrt(double x) { return sqrt(x); }
