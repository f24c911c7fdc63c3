// SPDX-License-Identifier: MIT
#pragma once
// Seeded random streams: 64-bit seed, one stream per purpose, plain data (copying the struct copies
// the stream). Same seed, same numbers, on every machine. Never libc rand.
#include <stdint.h>

/// State of one stream (xoshiro256++ 1.0, Blackman and Vigna 2019; seeded through splitmix64).
typedef struct ParaRng {
    uint64_t s[4]; ///< [bits] not all zero
} ParaRng;

/// A stream for (seed, purpose); different purposes of one seed are independent streams.
/// @param purpose short constant text such as "reset" or "sample"
ParaRng para_rng_make(uint64_t seed, const char *purpose);
/// Mixes two 64-bit numbers into a seed (splitmix64 finaliser); order matters.
uint64_t para_seed_mix(uint64_t a, uint64_t b);

uint64_t para_rng_u64(ParaRng *rng);
/// Uniform in [0, 1), 53 bits.
double para_rng_f64(ParaRng *rng);
/// Uniform in [low, high).
double para_rng_range(ParaRng *rng, double low, double high);
/// Uniform integer in [low, high], both included, without modulo bias; low <= high.
int64_t para_rng_int(ParaRng *rng, int64_t low, int64_t high);
/// Standard normal (polar method over our own log; deterministic).
double para_rng_normal(ParaRng *rng);
