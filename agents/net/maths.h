// SPDX-License-Identifier: MIT
#pragma once
// Elementary functions in float for the network: only + - * / and bit moves, so that a compiler may
// put several into one vector and every one gives the same bits. Used by layers, heads and loss.
#include <stdint.h>
#include <string.h>

#define PARA_NET_TANH_END 4.97f ///< beyond, tanh is taken as constant

/// The [7/6] Pade fraction of tanh for |c| <= PARA_NET_TANH_END: error below 2e-4, exactly odd, within [-1,
/// 1].
static inline float para_net_tanh_fraction(float c)
{
    float s = c * c;
    float p = c * (135135.0f + s * (17325.0f + s * (378.0f + s)));
    float q = 135135.0f + s * (62370.0f + s * (3150.0f + s * 28.0f));
    return p / q;
}

/// tanh for any x.
static inline float para_net_tanh(float x)
{
    float low = x < -PARA_NET_TANH_END ? -PARA_NET_TANH_END : x;
    return para_net_tanh_fraction(low > PARA_NET_TANH_END ? PARA_NET_TANH_END : low);
}

/// e^x for x in [-87, 88] (clamped), relative error below 3e-7. <Moshier, Cephes expf>
static inline float para_net_exp(float x)
{
    x = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    float scaled = x * 1.44269504088896341f;
    int32_t n = (int32_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f));
    float r = x - (float)n * 0.693359375f + (float)n * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    uint32_t bits = (uint32_t)(n + 127) << 23;
    float power;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    memcpy(&power, &bits, sizeof power);
    return (p * r * r + r + 1.0f) * power;
}

/// Natural logarithm of a normal x > 0, absolute error below 2e-7 + 1e-7 |result|. <Moshier, Cephes logf>
static inline float para_net_log(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t e = (int32_t)(bits >> 23) - 126;
    bits = (bits & 0x007fffffu) | 0x3f000000u;
    float m;
    memcpy(&m, &bits, sizeof m); // in [0.5, 1)
    if (m < 0.70710678f) {
        e -= 1;
        m = m + m - 1.0f;
    } else {
        m = m - 1.0f;
    }
    float z = m * m;
    float p = 7.0376836292e-2f;
    p = p * m - 1.1514610310e-1f;
    p = p * m + 1.1676998740e-1f;
    p = p * m - 1.2420140846e-1f;
    p = p * m + 1.4249322787e-1f;
    p = p * m - 1.6668057665e-1f;
    p = p * m + 2.0000714765e-1f;
    p = p * m - 2.4999993993e-1f;
    p = p * m + 3.3333331174e-1f;
    float y = p * m * z - 2.12194440e-4f * (float)e - 0.5f * z;
    return m + y + 0.693359375f * (float)e;
}
