// SPDX-License-Identifier: MIT
#pragma once
// 64-bit hashes (XXH3 through libxxhash) of states, levels and files.
#include <stddef.h>
#include <stdint.h>

/// Hash of `size` bytes at `data`, chained after `seed` (0 to begin).
uint64_t para_hash(const void *data, size_t size, uint64_t seed);
/// Writes 16 lower-case hex digits and a NUL into out[17].
void para_hash_hex(uint64_t hash, char out[17]);
