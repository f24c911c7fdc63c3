// SPDX-License-Identifier: MIT
#pragma once
// The words of `paracosm replay`, one file each, and what they share. Private to apps/replay.
#include <stddef.h>

#define PARA_REPLAY_MEMORY_MAX ((size_t)1 << 30) ///< [byte] for one replay and its world

int para_replay_app_verify(int argc, char **argv);
int para_replay_app_info(int argc, char **argv);
int para_replay_app_play(int argc, char **argv);

/// "solved", "failed"...: how a replay ended. @param end a ParaPlayStatus, or what a file holds in its place
const char *para_replay_end_name(int end);
