// SPDX-License-Identifier: MIT
#pragma once
// Deterministic elementary functions: made of + - * / floor and bit moves only, compiled without
// contraction, so that they give the same bits on every CPU, compiler and optimisation level. Used
// by everything that touches simulation state, and in place of libm inside the Chipmunk archive.
// Error bounds (against libm in long double) stand beside each function and are tested.

#define PARA_PI 3.14159265358979323846
#define PARA_TAU 6.28318530717958647692

double para_sin(double x);
double para_cos(double x);
void   para_sincos(double x, double *out_sin, double *out_cos);
double para_tan(double x);
double para_atan2(double y, double x);
double para_exp(double x);
double para_log(double x);
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
