// SPDX-License-Identifier: MIT
#pragma once
// What reading a stream holds. Private to worlds/stream.
#include "worlds/problems.h"
#include "worlds/stream/stream.h"

#include <cjson/cJSON.h>

typedef struct ParaStreamReader {
    ParaArena *arena;
    ParaDiagList *list;
    const char *folder;        ///< files are looked for from here; "": as they stand
    const char *const *makers; ///< NULL-ended; NULL: none is allowed
    bool looks;                ///< at the families themselves
} ParaStreamReader;

#define PARA_STREAM_PROBLEM(reader, code, path, key, ...)                                                    \
    para_problem((reader)->list, PARA_DIAG_ERROR, PARA_CODE_##code, path, key, __VA_ARGS__)

/// Whether the families of a world are there and have what it speaks of; tells what not.
void para_stream_look(ParaStreamReader *reader, const ParaStreamWorld *world, const char *path, bool is_text);
