// SPDX-License-Identifier: MIT
// What this processor can do where nothing is in the way: square products in OpenBLAS.
#include "agents/net/net.h"

#include "engine/base/clock.h"

#include <cblas.h>

#define SIDE PARA_NET_PEAK_SIDE

double para_net_measure_peak(double seconds, float *scratch)
{
    float *a = scratch, *b = a + SIDE * SIDE, *c = b + SIDE * SIDE;
    double best = 0.0, begin = para_clock_seconds(), last = begin;
    for (int i = 0; i < SIDE * SIDE; i++)
        a[i] = b[i] = 1.0f / (float)(1 + i % 7);
    do {
        double start = para_clock_seconds();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1.0f, a, SIDE, b, SIDE, 0.0f,
                    c, SIDE);
        last = para_clock_seconds();
        double rate = last > start ? 2.0 * SIDE * SIDE * SIDE / (last - start) : 0.0;
        best = rate > best ? rate : best;
    } while (last - begin < seconds);
    return best;
}
