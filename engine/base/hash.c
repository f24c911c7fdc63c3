// SPDX-License-Identifier: MIT
// Hashes by libxxhash.
#include "engine/base/hash.h"

#include "engine/base/assert.h"

#include <xxhash.h>

uint64_t para_hash(const void *data, size_t size, uint64_t seed)
{
    PARA_ASSERT_HOT(data || size == 0);
    return XXH3_64bits_withSeed(size ? data : "", size, seed);
}

void para_hash_hex(uint64_t hash, char out[17])
{
    for (int i = 0; i < 16; i++)
        out[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
    out[16] = '\0';
}
