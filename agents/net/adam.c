// SPDX-License-Identifier: MIT
// Adam for small networks on one thread. PPO has its own (ppo_adam.c), whose gradients come in parts.
#include "agents/net/net.h"
#include "engine/base/maths.h"

#include <math.h>

#define BETA1 0.9f
#define BETA2 0.999f

void para_net_adam(float *weights, float *moment1, float *moment2, const float *gradient, int count,
                   int32_t *steps, float rate, float decay)
{
    *steps += *steps < INT32_MAX;
    double t = *steps;
    float first = (float)((double)rate / (1 - para_pow((double)BETA1, t)));
    float second = (float)(1 / para_sqrt(1 - para_pow((double)BETA2, t))), shrink = rate * decay;
    for (int i = 0; i < count; i++) {
        float g = gradient[i];
        moment1[i] = BETA1 * moment1[i] + (1 - BETA1) * g;
        moment2[i] = BETA2 * moment2[i] + (1 - BETA2) * g * g;
        weights[i] -= first * moment1[i] / (sqrtf(moment2[i]) * second + 1e-8f) + shrink * weights[i];
    }
}
