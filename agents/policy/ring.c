// SPDX-License-Identifier: MIT
// A convolution over rays: they stand around the player in a ring, the last beside the first, and the same
// weights go over each with its neighbours, so that an edge that was learned in front is one behind too. Rays
// are not evenly apart: each has its direction beside it. <Liu and others 2018, arXiv 1807.03247, coordinates
// as channels>
#include "agents/policy/inside.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define C PARA_RING_CHANNELS

/// The rays as they stand around the player, from above it against the clock: places in an observation.
static const int ring[PARA_RING] = {0, 2, 4, 6, 8, 10, 12, 14, 15, 13, 11, 9, 7, 5, 3, 1};
_Static_assert(PARA_RING == PARA_OBS_RAYS, "each ray has a place in the ring");

int para_ring_features(const ParaPolicyDef *def) { return def->rays ? PARA_RING_FEATURES : 0; }

void para_ring_create(const ParaPolicyDef *def, ParaForward *s, bool training, ParaArena *arena)
{
    size_t rows = (size_t)s->block * PARA_RING;
    PARA_ASSERT(def->rays);
    s->ring_in = PARA_NEW(arena, float, rows *PARA_RING_KERNEL1 *PARA_RING_SEEN);
    s->ring1 = PARA_NEW(arena, float, rows *C);
    s->ring_mid = PARA_NEW(arena, float, rows *PARA_RING_KERNEL2 *C);
    s->ring2 = PARA_NEW(arena, float, rows *C);
    if (!training)
        return;
    s->dring2 = PARA_NEW(arena, float, rows *C);
    s->dring_mid = PARA_NEW(arena, float, rows *PARA_RING_KERNEL2 *C);
    s->dring1 = PARA_NEW(arena, float, rows *C);
}

void para_ring_fill(ParaPolicy *policy, ParaRng *rng, double *scratch)
{
    double relu = para_sqrt(2.0);
    para_orthogonal_fill(para_policy_at(policy, PARA_T_RING1_WEIGHT), C, PARA_RING_KERNEL1 * PARA_RING_SEEN,
                         C, relu, rng, scratch);
    para_orthogonal_fill(para_policy_at(policy, PARA_T_RING2_WEIGHT), C, PARA_RING_KERNEL2 * C, C, relu, rng,
                         scratch);
}

/// What a kernel sees at each place of a ring: its neighbours, the ring closed. @param x in, [16, width]
/// @param rows out, [16, kernel width]
static void lay_out(const float *x, int width, int kernel, float *rows)
{
    for (int i = 0; i < PARA_RING; i++)
        for (int k = 0; k < kernel; k++, rows += width)
            memcpy(rows, x + (i + k - kernel / 2 + PARA_RING) % PARA_RING * width,
                   sizeof *rows * (size_t)width);
}

/// The way back: adds what each row says to the places that it saw. @param dx out, [16, width]
static void gather(const float *rows, int width, int kernel, float *dx)
{
    memset(dx, 0, sizeof *dx * (size_t)(PARA_RING * width));
    for (int i = 0; i < PARA_RING; i++)
        for (int k = 0; k < kernel; k++, rows += width) {
            float *restrict to = dx + (i + k - kernel / 2 + PARA_RING) % PARA_RING * width;
            for (int c = 0; c < width; c++)
                to[c] += rows[c];
        }
}

void para_ring_look(ParaForward *s, int sample, const float *rays)
{
    float x[PARA_RING * PARA_RING_SEEN];
    for (int i = 0; i < PARA_RING; i++) {
        x[i * PARA_RING_SEEN] = 1.0f - 2.0f * rays[ring[i]];
        x[i * PARA_RING_SEEN + 1] = para_obs_ray_directions[ring[i]].x;
        x[i * PARA_RING_SEEN + 2] = para_obs_ray_directions[ring[i]].y;
    }
    lay_out(x, PARA_RING_SEEN, PARA_RING_KERNEL1,
            s->ring_in + (size_t)(sample * PARA_RING * PARA_RING_KERNEL1 * PARA_RING_SEEN));
}

void para_ring_forward(const ParaPolicy *policy, ParaForward *s, int n, int column)
{
    const int in1 = PARA_RING_KERNEL1 * PARA_RING_SEEN, in2 = PARA_RING_KERNEL2 * C, rows = n * PARA_RING;
    para_linear_forward(s->ring_in, in1, rows, para_policy_at(policy, PARA_T_RING1_WEIGHT),
                        para_policy_at(policy, PARA_T_RING1_BIAS), in1, C, PARA_ACTIVATION_RELU, s->ring1, C);
    for (int i = 0; i < n; i++)
        lay_out(s->ring1 + (size_t)i * PARA_RING_FEATURES, C, PARA_RING_KERNEL2,
                s->ring_mid + (size_t)(i * PARA_RING * in2));
    para_linear_forward(s->ring_mid, in2, rows, para_policy_at(policy, PARA_T_RING2_WEIGHT),
                        para_policy_at(policy, PARA_T_RING2_BIAS), in2, C, PARA_ACTIVATION_RELU, s->ring2, C);
    for (int i = 0; i < n; i++)
        memcpy(s->joined + (size_t)i * (size_t)policy->joined_size + column,
               s->ring2 + (size_t)i * PARA_RING_FEATURES, sizeof *s->ring2 * PARA_RING_FEATURES);
}

void para_ring_backward(const ParaPolicy *policy, ParaForward *s, int n, const float *dout, int stride,
                        float *gradient)
{
    const int in1 = PARA_RING_KERNEL1 * PARA_RING_SEEN, in2 = PARA_RING_KERNEL2 * C, rows = n * PARA_RING;
    const size_t *at = policy->offset;
    for (int i = 0; i < n; i++)
        memcpy(s->dring2 + (size_t)i * PARA_RING_FEATURES, dout + (size_t)i * (size_t)stride,
               sizeof *s->dring2 * PARA_RING_FEATURES);
    para_activation_backward(PARA_ACTIVATION_RELU, s->ring2, s->dring2, rows * C);
    para_linear_gradient(s->ring_mid, in2, rows, s->dring2, C, in2, C, gradient + at[PARA_T_RING2_WEIGHT],
                         gradient + at[PARA_T_RING2_BIAS]);
    para_linear_backward(s->dring2, C, rows, para_policy_at(policy, PARA_T_RING2_WEIGHT), in2, C, false,
                         s->dring_mid, in2);
    for (int i = 0; i < n; i++)
        gather(s->dring_mid + (size_t)(i * PARA_RING * in2), C, PARA_RING_KERNEL2,
               s->dring1 + (size_t)i * PARA_RING_FEATURES);
    para_activation_backward(PARA_ACTIVATION_RELU, s->ring1, s->dring1, rows * C);
    para_linear_gradient(s->ring_in, in1, rows, s->dring1, C, in1, C, gradient + at[PARA_T_RING1_WEIGHT],
                         gradient + at[PARA_T_RING1_BIAS]);
}
