// SPDX-License-Identifier: MIT
#pragma once
// Angles for the kernels: sine, cosine and arc tangent of vectors, of + - * / only. Coefficients fitted by
// reweighted least squares; errors (measured against long double, tests/engine/world) stand beside them.
#include "engine/world/lanes/vec.h"

#define LANES_TAU      6.2831855f       // as a float
#define LANES_TAU_REST (-1.7484556e-7f) // 2 pi less the float
#define LANES_ROUND    12582912.0f      // 1.5 * 2^23: adding and taking it away rounds to whole numbers

/// Nearest whole number for |x| < 2^22.
LANES_INLINE Vf v_round(Vf x) { return (x + LANES_ROUND) - LANES_ROUND; }

/// Sine and cosine of x [rad], |x| < 1e5. Error below 5e-7 for |x| <= pi.
LANES_INLINE void v_sincos(Vf x, Vf *out_sin, Vf *out_cos)
{
    Vf turns = v_round(x * (1.0f / LANES_TAU));
    Vf half = 0.5f * ((x - turns * LANES_TAU) - turns * LANES_TAU_REST), z = half * half;
    Vf s = half + half * z * (-0.16666658f + z * (0.0083330506f + z * (-0.00019809075f + z * 2.6052248e-6f)));
    Vf c = 1.0f +
           z * (-0.5f + z * (0.041666638f + z * (-0.0013888362f + z * (2.476016e-5f + z * -2.6051495e-7f))));
    *out_sin = 2.0f * s * c;
    *out_cos = 1.0f - 2.0f * s * s;
}

/// Angle of (x, y) in [-pi, pi] [rad]; 0 for (0, 0). Error below 5e-7.
LANES_INLINE Vf v_atan2(Vf y, Vf x)
{
    Vf ay = v_abs(y), ax = v_abs(x), small = v_min(ax, ay), large = v_max(ax, ay);
    Vf t = small / v_max(large, v_all(1e-30f)), z = t * t;
    Vf p = 0.19993053f +
           z * (-0.14207132f +
                z * (0.10654671f +
                     z * (-0.075336613f + z * (0.04303918f + z * (-0.016282884f + z * 0.0029035204f)))));
    Vf angle = t + t * z * (-0.33333093f + z * p);
    angle = v_select(ay > ax, 1.5707964f - angle, angle);
    angle = v_select(x < 0.0f, 3.1415927f - angle, angle);
    return v_select(y < 0.0f, -angle, angle);
}
