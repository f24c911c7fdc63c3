// SPDX-License-Identifier: MIT
#pragma once
// Angles for the kernels: sine, cosine and arc tangent of vectors, of + - * / only. Coefficients fitted by
// reweighted least squares; errors (measured against long double, tests/engine/world) stand beside them.
#include "engine/world/lanes/vec.h"

#define PARA_LANES_TAU      6.2831855f       // as a float
#define PARA_LANES_TAU_REST (-1.7484556e-7f) // 2 pi less the float
#define PARA_LANES_ROUND    12582912.0f      // 1.5 * 2^23: adding and taking it away rounds to whole numbers

/// Nearest whole number for |x| < 2^22.
PARA_LANES_INLINE ParaVf para_v_round(ParaVf x) { return (x + PARA_LANES_ROUND) - PARA_LANES_ROUND; }

/// Sine and cosine of x [rad], |x| < 1e5. Error below 5e-7 for |x| <= pi.
PARA_LANES_INLINE void para_v_sincos(ParaVf x, ParaVf *out_sin, ParaVf *out_cos)
{
    ParaVf turns = para_v_round(x * (1.0f / PARA_LANES_TAU));
    ParaVf half = 0.5f * ((x - turns * PARA_LANES_TAU) - turns * PARA_LANES_TAU_REST), z = half * half;
    ParaVf s =
        half + half * z * (-0.16666658f + z * (0.0083330506f + z * (-0.00019809075f + z * 2.6052248e-6f)));
    ParaVf c =
        1.0f +
        z * (-0.5f + z * (0.041666638f + z * (-0.0013888362f + z * (2.476016e-5f + z * -2.6051495e-7f))));
    *out_sin = 2.0f * s * c;
    *out_cos = 1.0f - 2.0f * s * s;
}

/// Angle of (x, y) in [-pi, pi] [rad]; 0 for (0, 0). Error below 5e-7.
PARA_LANES_INLINE ParaVf para_v_atan2(ParaVf y, ParaVf x)
{
    ParaVf ay = para_v_abs(y), ax = para_v_abs(x), small = para_v_min(ax, ay), large = para_v_max(ax, ay);
    ParaVf t = small / para_v_max(large, para_v_all(1e-30f)), z = t * t;
    ParaVf p = 0.19993053f +
               z * (-0.14207132f +
                    z * (0.10654671f +
                         z * (-0.075336613f + z * (0.04303918f + z * (-0.016282884f + z * 0.0029035204f)))));
    ParaVf angle = t + t * z * (-0.33333093f + z * p);
    angle = para_v_select(ay > ax, 1.5707964f - angle, angle);
    angle = para_v_select(x < 0.0f, 3.1415927f - angle, angle);
    return para_v_select(y < 0.0f, -angle, angle);
}
