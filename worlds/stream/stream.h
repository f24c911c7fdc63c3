// SPDX-License-Identifier: MIT
#pragma once
// A stream of worlds that a player learns one after the other: a JSON file that names families of levels, how
// long each is learned, and who makes its levels. What is done with it is agents/lesson's.
#include "engine/base/arena.h"
#include "engine/base/diag.h"

#include <stdint.h>

#define PARA_STREAM_SIZE_MAX      (1 << 20) ///< [byte] of a stream's text
#define PARA_STREAM_WORLDS_MAX    250       ///< with those that are repeated
#define PARA_STREAM_FAMILIES_MAX  64        ///< of one world
#define PARA_STREAM_RANGES_MAX    32        ///< parameters that one world sets
#define PARA_STREAM_POINTS_MAX    64
#define PARA_STREAM_DECISIONS_MAX 1000000000000

/// What a world has in place of a parameter's own range.
typedef struct ParaStreamRange {
    const char *name; ///< of the parameter
    double low, high; ///< [1] -1e6..1e6 in the parameter's unit; low <= high
} ParaStreamRange;

typedef struct ParaStreamWorld {
    const char *name;            ///< of the table of results; two visits of a world may share it
    const char *const *families; ///< names, abilities ("drive/") or files, from the root "/"  [family_count]
    int family_count;            ///< [1] 1..PARA_STREAM_FAMILIES_MAX
    const char *tier;            ///< of all of them; NULL: the whole of them
    const ParaStreamRange *ranges; ///< [range_count]
    int range_count;               ///< [1] 0..PARA_STREAM_RANGES_MAX
    const char *maker;             ///< NULL: the training's
    uint64_t seed;                 ///< [seed] of its levels, mixed into the training's
    int64_t decisions;             ///< [1] 1..PARA_STREAM_DECISIONS_MAX of all envs that it is learned for
} ParaStreamWorld;

typedef struct ParaWorldStream {
    const char *about; ///< "" if it says nothing
    int points;        ///< [1] 1..PARA_STREAM_POINTS_MAX times that a world is examined while it is learned
    int world_count;   ///< [1] 1..PARA_STREAM_WORLDS_MAX
    const ParaStreamWorld *worlds; ///< [world_count]
} ParaWorldStream;

/// Reads a stream, and looks at its families: whether they are there and have the tiers and parameters that
/// it speaks of. All problems in one go.
/// @param path shown in messages; files that the stream names are looked for from its folder
/// @param makers words for "maker", NULL-ended; NULL: none is allowed
/// @return NULL if there is an error; the stream lives in `arena`
/// Threads: any.  Cost: that of loading its families
const ParaWorldStream *para_stream_load(const char *path, const char *text, size_t size,
                                        const char *const *makers, ParaArena *arena, ParaDiagList *list);
/// Reads the file and loads it; `list` must be fresh: its file and text are set here.
const ParaWorldStream *para_stream_load_file(const char *path, const char *const *makers, ParaArena *arena,
                                             ParaDiagList *list);
/// The same stream as a text that needs nothing beside it: repeats written out, files from the root "/". What
/// a run keeps of it.  @return NULL: no memory
char *para_stream_to_json(const ParaWorldStream *stream, ParaArena *arena);
/// Reads such a text without a look at its families, which the run keeps itself.
/// @return NULL with a clear error: something else has changed it
const ParaWorldStream *para_stream_from_json(const char *text, ParaArena *arena, const char **out_error);
