// SPDX-License-Identifier: MIT
// xoshiro256++ 1.0 (Blackman and Vigna 2019), written from the published algorithm.
#include "engine/base/rng.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define SPLITMIX_STEP UINT64_C(0x9e3779b97f4a7c15)

/// The finaliser of splitmix64: a bijection that spreads every bit over all bits.
static uint64_t scramble(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate_left(uint64_t x, int count) { return (x << count) | (x >> (64 - count)); }

uint64_t para_seed_mix(uint64_t a, uint64_t b) { return scramble(scramble(a + SPLITMIX_STEP) + b); }

ParaRng para_rng_make(uint64_t seed, const char *purpose)
{
    PARA_ASSERT(purpose);
    uint64_t state = para_seed_mix(seed, para_hash(purpose, strlen(purpose), 0));
    ParaRng rng;
    // Four different outputs of splitmix64 are never all zero, the one state xoshiro cannot leave.
    for (int i = 0; i < 4; i++)
        rng.s[i] = scramble(state += SPLITMIX_STEP);
    return rng;
}

uint64_t para_rng_u64(ParaRng *rng)
{
    uint64_t *s = rng->s;
    PARA_ASSERT_HOT((s[0] | s[1] | s[2] | s[3]) != 0); // a stream of zeros was never made
    uint64_t result = rotate_left(s[0] + s[3], 23) + s[0];
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

double para_rng_f64(ParaRng *rng) { return (double)(para_rng_u64(rng) >> 11) * 0x1p-53; }

double para_rng_range(ParaRng *rng, double low, double high)
{
    double value = low + (high - low) * para_rng_f64(rng);
    // Rounding can reach `high`, which is outside.
    return value < high || low >= high ? value : nextafter(high, low);
}

int64_t para_rng_int(ParaRng *rng, int64_t low, int64_t high)
{
    PARA_ASSERT(low <= high);
    uint64_t count = (uint64_t)high - (uint64_t)low + 1;
    if (count == 0) // all 2^64 values
        return (int64_t)para_rng_u64(rng);
    // The first 2^64 mod count numbers are refused; the rest falls into `count` classes of equal size.
    uint64_t refused = (0 - count) % count, draw;
    do
        draw = para_rng_u64(rng);
    while (draw < refused);
    return (int64_t)((uint64_t)low + draw % count);
}

double para_rng_normal(ParaRng *rng)
{
    // The polar method makes two normals; one is dropped, so that a stream has no hidden half.
    double u, v, square;
    do {
        u = 2 * para_rng_f64(rng) - 1;
        v = 2 * para_rng_f64(rng) - 1;
        square = u * u + v * v;
    } while (square >= 1 || square == 0);
    return u * para_sqrt(-2 * para_log(square) / square);
}
