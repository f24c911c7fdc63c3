// SPDX-License-Identifier: MIT
#pragma once
// Runs the program for tests of it: without a display, on the library of this tree, for two minutes at most.
#include <stddef.h>

/// Runs `paracosm WORDS` in a folder. Both of its streams are in `out` then, cut to its size.
/// @param environment "NAME='value' ..." as a shell reads it, on top of SDL_VIDEODRIVER=offscreen; "": none
/// @param words as a shell reads them   @param out out, [size]   @return its exit code; -1: a signal ended it
int command_run(const char *folder, const char *environment, const char *words, char *out, size_t size);
/// The same, where it must do well: fails the test with its words. Skips where OpenGL 3.3 is not there.
void command_must(const char *folder, const char *environment, const char *words, char *out, size_t size);
