// SPDX-License-Identifier: MIT
// Counted copies of levels.
#include "agents/batch/shared_level.h"

#include <stdlib.h>

#define LEVEL_BLOCK ((size_t)16 << 10) // [byte]
#define LEVEL_MAX   ((size_t)64 << 20) // [byte] bound on one level

ParaSharedLevel *para_shared_level_make(const ParaLevel *level, const char *family)
{
    ParaSharedLevel *shared = calloc(1, sizeof *shared);
    if (shared)
        shared->arena = para_arena_create(LEVEL_BLOCK, LEVEL_MAX);
    if (!shared || !shared->arena) {
        free(shared);
        return NULL;
    }
    atomic_init(&shared->references, 1);
    shared->level = para_level_copy(level, shared->arena);
    shared->family = para_arena_strdup(shared->arena, family);
    return shared;
}

ParaSharedLevel *para_shared_level_keep(ParaSharedLevel *shared)
{
    atomic_fetch_add(&shared->references, 1);
    return shared;
}

void para_shared_level_free(ParaSharedLevel *shared)
{
    if (!shared || atomic_fetch_sub(&shared->references, 1) > 1)
        return;
    para_arena_destroy(shared->arena);
    free(shared);
}
