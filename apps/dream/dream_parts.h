// SPDX-License-Identifier: MIT
#pragma once
// What the words of `dream` share. Private to apps/dream.
#include "agents/batch/families.h"
#include "agents/player/player.h"

#define PARA_DREAM_MEMORY   ((size_t)8 << 30) ///< [byte]
#define PARA_DREAM_FAMILIES 64                ///< named on a command line

int para_dream_train(int argc, char **argv);
int para_dream_measure(int argc, char **argv);

/// The families of a run, or by name, or the whole library; a note is told on standard error.
/// @param run NULL: none   @param list "A,B"; NULL: all   @return false, with the error told
bool para_dream_families(const char *word, const char *run, const char *list, ParaArena *arena,
                         ParaFamilies *out);
/// Those that are named one by one.
/// @param names [count] of families or files; count 0: the run's, or the whole library
bool para_dream_named(const char *word, const char *run, const char *const *names, int count,
                      ParaArena *arena, ParaFamilies *out);
