// SPDX-License-Identifier: MIT
#pragma once
// A level that several own: an env that plays it and the snapshots taken of it meanwhile. It goes with the
// last of them.
#include "worlds/level/level.h"

#include <stdatomic.h>

typedef struct ParaSharedLevel {
    atomic_int references;  ///< owners
    ParaArena *arena;       ///< of all it points to
    const ParaLevel *level; ///< a copy
    const char *family;     ///< that the env samples from; the level may be another's
} ParaSharedLevel;

/// A copy of a level, with one owner. @return NULL if there is no memory   Threads: as malloc.
ParaSharedLevel *para_shared_level_make(const ParaLevel *level, const char *family);
ParaSharedLevel *para_shared_level_keep(ParaSharedLevel *shared); ///< one owner more; @return shared
void para_shared_level_free(ParaSharedLevel *shared);             ///< one owner less; NULL is fine
