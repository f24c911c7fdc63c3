// SPDX-License-Identifier: MIT
// Orthogonal initialisation (Saxe 2014) by Gram-Schmidt on normal numbers.
#include "agents/net/net.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

static double dot(const double *a, const double *b, int size)
{
    double sum = 0.0;
    for (int k = 0; k < size; k++)
        sum += a[k] * b[k];
    return sum;
}

/// Makes vector i orthogonal to those before it and of length one.
/// Twice, because once leaves an error that grows with the number of vectors.
static void orthogonalise(double *vectors, int i, int size)
{
    double *v = vectors + (size_t)i * (size_t)size;
    for (int pass = 0; pass < 2; pass++)
        for (int other = 0; other < i; other++) {
            const double *u = vectors + (size_t)other * (size_t)size;
            double share = dot(u, v, size);
            for (int k = 0; k < size; k++)
                v[k] -= share * u[k];
        }
    double scale = 1.0 / para_sqrt(dot(v, v, size));
    for (int k = 0; k < size; k++)
        v[k] *= scale;
}

void para_orthogonal_fill(float *weight, int stride, int in, int out, double gain, ParaRng *rng,
                          double *scratch)
{
    PARA_ASSERT(in >= 1 && out >= 1 && stride >= out);
    bool widens = out > in;
    int count = widens ? in : out, size = widens ? out : in; // `count` vectors of `size` numbers
    if (widens)
        gain *= para_sqrt((double)out / (double)in);
    for (int i = 0; i < count; i++) {
        for (int k = 0; k < size; k++)
            scratch[(size_t)i * (size_t)size + (size_t)k] = para_rng_normal(rng);
        orthogonalise(scratch, i, size);
    }
    for (int r = 0; r < in; r++)
        for (int c = 0; c < out; c++) {
            size_t at = widens ? (size_t)r * (size_t)size + (size_t)c : (size_t)c * (size_t)size + (size_t)r;
            weight[(size_t)r * (size_t)stride + (size_t)c] = (float)(gain * scratch[at]);
        }
}
