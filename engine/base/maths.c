// SPDX-License-Identifier: MIT
// Deterministic sine, cosine, tangent and arc tangent. Each reduces its argument to a small interval without
// losing bits, then takes a polynomial there. The polynomials interpolate the functions at Chebyshev nodes
// and were computed for this file in 60-digit arithmetic; the figure beside each is the largest
// difference from the exact function over the interval, after rounding the coefficients to double.
#include "engine/base/maths.h"

#include "engine/base/maths_parts.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define TWO_OVER_PI 0x1.45f306dc9c883p-1

// ---------------------------------------------------------------- sine, cosine, tangent

// (sin(sqrt z) / sqrt z - 1) / z on [0, (pi/4)^2]: 9.3e-18
static const double sine_terms[7] = {-0.16666666666666666,   0.0083333333333333315,   -0.00019841269841265063,
                                     2.7557319219337312e-06, -2.5052106231802837e-08, 1.6058531516797758e-10,
                                     -7.5866910941979582e-13};
// (cos(sqrt z) - 1 + z/2) / z^2 on [0, (pi/4)^2]: 2.3e-18
static const double cosine_terms[7] = {
    0.041666666666666664,   -0.0013888888888888887,  2.4801587301584645e-05, -2.7557319221401792e-07,
    2.0876755790721963e-09, -1.1470460830795304e-11, 4.7458685530816656e-14};

static double kernel_sin(ParaPair r)
{
    double z = r.high * r.high;
    double tail = para_polynomial(sine_terms, 7, z) * (z * r.high);
    // d sin = cos dr, and cos r = 1 - z/2 is enough for so small a dr.
    return r.high + (tail + r.low * (1 - 0.5 * z));
}

static double kernel_cos(ParaPair r)
{
    double z = r.high * r.high;
    double half = 0.5 * z;
    double lead = 1 - half;
    double tail = para_polynomial(cosine_terms, 7, z) * (z * z);
    // (1 - lead) - half is what the rounding of `lead` lost.
    return lead + ((1 - lead) - half + (tail - r.high * r.low));
}

/// x = quarter pi/2 + r with |r| <= pi/4 and a bit; returns quarter mod 4.
static int reduce_angle(double x, ParaPair *r)
{
    // pi/2 in pieces of 33 bits: times a count below 2^20 each product is exact.
    const double piece_1 = 0x1.921fb544p+0, piece_2 = 0x1.0b4611a6p-34, piece_3 = 0x1.3198a2ep-69,
                 piece_4 = 0x1.b839a252049c1p-104;
    // Far out, angles are first brought into one turn of the double nearest to 2 pi. fmod is exact by
    // definition, hence the same everywhere.
    if (fabs(x) > 0x1p20)
        x = fmod(x, PARA_TAU);
    double count = floor(x * TWO_OVER_PI + 0.5);
    ParaPair near = para_pair_sum(x - count * piece_1, -count * piece_2);
    ParaPair far = para_pair_sum(near.low, -count * piece_3);
    *r = para_pair_sum(near.high, far.high + (far.low - count * piece_4));
    return (int)((int64_t)count & 3);
}

void para_sincos(double x, double *out_sin, double *out_cos)
{
    if (!isfinite(x)) {
        *out_sin = *out_cos = PARA_NAN;
        return;
    }
    ParaPair r;
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
static ParaPair divide(double a, double b)
{
    double quotient = a / b;
    ParaPair back = para_pair_product(quotient, b);
    return (ParaPair){quotient, ((a - back.high) - back.low) / b};
}

/// atan(small / large) for 0 <= small <= large, in [0, pi/4].
static ParaPair first_octant(double small, double large)
{
    const ParaPair quarter_pi = {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55};
    const bool upper = small > 0.4142135623730950 * large;
    ParaPair t;
    if (upper) { // atan t = pi/4 - atan((1 - t) / (1 + t))
        ParaPair below = para_pair_sum(large, -small), above = para_pair_sum(large, small);
        ParaPair first = divide(below.high, above.high);
        double fix = (below.low - first.high * above.low) / above.high;
        t = para_pair_sum(first.high, first.low + fix);
    } else {
        t = divide(small, large);
    }
    double z = t.high * t.high;
    double tail = para_polynomial(atan_terms, 12, z) * (z * t.high);
    ParaPair sum = para_pair_sum(t.high, tail + t.low * (1 - z));
    return upper ? para_pair_add(quarter_pi, (ParaPair){-sum.high, -sum.low}) : sum;
}

double para_atan2(double y, double x)
{
    const ParaPair half_pi = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};
    const ParaPair pi = {0x1.921fb54442d18p+1, 0x1.1a62633145c07p-53};
    if (isnan(x) || isnan(y))
        return PARA_NAN;
    double across = fabs(x), up = fabs(y);
    if (isinf(across) || isinf(up)) { // only the ratio 0, 1 or infinity is left
        double a = isinf(across) ? 1 : 0, u = isinf(up) ? 1 : 0;
        across = a, up = u;
    }
    double small = up < across ? up : across, large = up < across ? across : up;
    ParaPair angle = {0, 0};
    if (small > 0) {
        // Scaled by powers of two until neither products nor their error terms leave the range.
        while (large > 0x1p500)
            large *= 0x1p-400, small *= 0x1p-400;
        while (large < 0x1p-400)
            large *= 0x1p400, small *= 0x1p400;
        // Below this, atan q = q to the last bit, and the quotient may well be subnormal.
        angle = small < 0x1p-500 * large ? (ParaPair){small / large, 0} : first_octant(small, large);
    }
    if (up > across)
        angle = para_pair_add(half_pi, (ParaPair){-angle.high, -angle.low});
    if (signbit(x))
        angle = para_pair_add(pi, (ParaPair){-angle.high, -angle.low});
    return para_with_sign(angle.high + angle.low, y);
}

double para_sqrt(double x) { return sqrt(x); }
