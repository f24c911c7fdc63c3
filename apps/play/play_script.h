// SPDX-License-Identifier: MIT
#pragma once
// Key presses by the clock, for tests and pictures: "0.2 down right; 1.5 up right; 2 tap tab; 3 state; 4
// quit". Times are seconds of shown time. They go through SDL's event queue like a person's.
#include "engine/base/arena.h"

typedef struct ParaPlayScript ParaPlayScript;

/// @return NULL with what is wrong
ParaPlayScript *para_play_script_read(const char *text, ParaArena *arena, const char **out_error);
/// Pushes all key events due by `seconds`.
/// @return true if a "state" line is due now: the caller prints one
bool para_play_script_run(ParaPlayScript *script, double seconds);
