// SPDX-License-Identifier: MIT
// Running mean and variance of inputs, and their use.
#include "agents/net/net.h"
#include "agents/net/wide.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

void para_normal_scale(const float *variance, int width, float *scale)
{
    for (int j = 0; j < width; j++)
        scale[j] = (float)(1.0 / para_sqrt(para_max(0.0, (double)variance[j]) + (double)PARA_NORMAL_FLOOR));
}

PARA_WIDE_INLINE void para_normal_apply_plain(const float *restrict x, const float *restrict mean,
                                              const float *restrict scale, int width, float *restrict out)
{
    for (int j = 0; j < width; j++) {
        float v = (x[j] - mean[j]) * scale[j];
        v = v < -PARA_NORMAL_CLIP ? -PARA_NORMAL_CLIP : v;
        out[j] = v > PARA_NORMAL_CLIP ? PARA_NORMAL_CLIP : v;
    }
}

PARA_WIDE(, para_normal_apply, (const float *x, const float *mean, const float *scale, int width, float *out),
          (x, mean, scale, width, out))

PARA_WIDE_INLINE void para_normal_add_plain(const float *restrict x, const float *restrict shift, int width,
                                            double *restrict sum, double *restrict square)
{
    for (int j = 0; j < width; j++) {
        double d = (double)x[j] - (double)shift[j];
        sum[j] += d;
        square[j] += d * d;
    }
}

PARA_WIDE(, para_normal_add, (const float *x, const float *shift, int width, double *sum, double *square),
          (x, shift, width, sum, square))

void para_normal_merge(float *mean, float *variance, float *total, const double *sum, const double *square,
                       double count, int width, float cap)
{
    PARA_ASSERT(count >= 0.0 && *total >= 0.0f && cap > 0.0f);
    if (count <= 0.0)
        return;
    double old = (double)*total;
    double all = old + count;
    for (int j = 0; j < width; j++) {
        // The shift is the old mean, so sum / count is the distance of the two means.
        double delta = sum[j] / count;
        double spread = para_max(0.0, square[j] - sum[j] * delta); // squares around the part's own mean
        double squares = (double)variance[j] * old + spread + delta * delta * old * count / all;
        mean[j] = (float)((double)mean[j] + delta * count / all);
        variance[j] = (float)(squares / all);
    }
    *total = (float)para_min(all, (double)cap);
}
