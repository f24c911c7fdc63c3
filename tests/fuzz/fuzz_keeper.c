// SPDX-License-Identifier: MIT
// libFuzzer target: any bytes are read as what a player keeps, once as they are and once under a right
// checksum, so that what lies behind it is reached; what reads is sound and is written on. Build: cmake
// -DPARA_FUZZ=ON with clang. Run: fuzz_keeper CORPUS
#include "agents/memory/keeper.h"
#include "engine/base/bytes.h"
#include "engine/base/hash.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_one(const uint8_t *data, size_t size)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    const char *why = NULL;
    ParaKeeper keeper;
    if (para_keeper_parse(data, size, arena, &keeper, &why))
        for (int i = 0; i < keeper.count; i++) {
            if (!para_map_is_sound(keeper.levels[i].map))
                abort();
            para_map_sense(keeper.levels[i].map, &(ParaMapSense){.at = {1, 1}});
            para_map_plan(keeper.levels[i].map);
        }
    else if (!why)
        abort();
    para_arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_one(data, size);
    uint8_t *sealed = malloc(size + 20);
    if (!sealed)
        return 0;
    memcpy(sealed, "PARAKEPT\1\0\0\0", 12);
    memcpy(sealed + 12, data, size);
    para_bytes_store(sealed + 12 + size, para_hash(sealed, 12 + size, 0), 8);
    read_one(sealed, size + 20);
    free(sealed);
    return 0;
}
