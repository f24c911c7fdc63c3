// SPDX-License-Identifier: MIT
#pragma once
// Deterministic elementary functions: made of + - * / floor and bit moves only, compiled without
// contraction, so that they give the same bits on every CPU, compiler and optimisation level. Used
// by everything that touches simulation state, and in place of libm inside the Chipmunk archive.
// Error bounds (against libm in long double) stand beside each function and are tested; an ulp is
// the unit in the last place of the true result. Special values (zeros with sign, infinities, NaN)
// give what C's Annex F asks of the libm function of the same name. All threads; no errno.

#define PARA_PI  3.14159265358979323846
#define PARA_TAU 6.28318530717958647692
/// As doubles; <math.h>'s are floats, which clang warns of.
#define PARA_INFINITY __builtin_inf()
#define PARA_NAN      __builtin_nan("")

/// Sine of x [rad]. Error <= 1 ulp for |x| <= 2^20; beyond, the error grows to |x| 2^-53 absolute at
/// most and the result stays in [-1, 1]. NaN for NaN and infinities.
double para_sin(double x);
/// Cosine of x [rad]; errors as para_sin.
double para_cos(double x);
/// Both for the price of one; the same bits as para_sin and para_cos.
void para_sincos(double x, double *out_sin, double *out_cos);
/// Tangent of x [rad]. Error <= 3 ulp for |x| <= 2^20; always finite.
double para_tan(double x);
/// Angle of (x, y) in [-pi, pi] [rad]. Error <= 1 ulp for all arguments whose result is no subnormal.
double para_atan2(double y, double x);
/// e^x. Error <= 1 ulp everywhere, subnormal results included (1 unit of 2^-1074 there).
double para_exp(double x);
/// Natural logarithm; error <= 1 ulp for every x > 0. NaN for x < 0, -infinity for 0.
double para_log(double x);
/// x^y. Error <= 1 ulp everywhere, subnormal results included (1 unit of 2^-1074 there).
double para_pow(double x, double y);

/// IEEE-exact square root; the one libm function that is the same everywhere.
double para_sqrt(double x);

static inline double para_min(double a, double b) { return a < b ? a : b; }
static inline double para_max(double a, double b) { return a > b ? a : b; }
static inline double para_clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}
static inline float para_clampf(float x, float low, float high)
{
    return x < low ? low : x > high ? high : x;
}
