// SPDX-License-Identifier: MIT
#pragma once
// The words of `paracosm memory`. Private to apps/memory.
#include "engine/base/arena.h"

#include <stdbool.h>

#define PARA_MEMORY_MOST ((size_t)2 << 30) ///< [byte] of one call

int para_memory_app_try(int argc, char **argv);
/// Prints the episodes of a file that para_recall_claims. @return the exit code
int para_memory_show_episodes(const char *path, bool all, bool json, ParaArena *arena);
/// Takes episodes out of one. @param family,level_text NULL: any; 16 digits   @return the exit code
int para_memory_forget_episodes(const char *path, const char *family, const char *level_text,
                                ParaArena *arena);
