// SPDX-License-Identifier: MIT
#pragma once
// The words of `paracosm replay`, one file each, and what they share. Private to apps/replay.
#include "agents/env/env.h"

#include <stddef.h>

#define PARA_REPLAY_MEMORY_MAX ((size_t)1 << 30) ///< [byte] for one replay and its world

int para_replay_app_verify(int argc, char **argv);
int para_replay_app_info(int argc, char **argv);
int para_replay_app_play(int argc, char **argv);

/// "solved", "failed"...: how a replay ended. @param end a ParaPlayStatus, or what a file holds in its place
const char *para_replay_end_name(int end);

/// From a decision on a player said this, until it said something else.
typedef struct ParaSaid {
    int decision; ///< [1] >= 0
    int player;   ///< [1] >= 0
    int word;     ///< [1] 0..PARA_TALK_WORDS - 1
} ParaSaid;

/// All of it, in order.
typedef struct ParaSaidList {
    ParaSaid *items;            ///< [count]
    int count, capacity;        ///< [1] >= 0
    int last[PARA_PLAYERS_MAX]; ///< [1] 0..PARA_TALK_WORDS - 1 what each says now
} ParaSaidList;
/// After a decision: what was said in it.
void para_replay_listen(ParaSaidList *list, const ParaEnv *env, ParaArena *arena);
void para_replay_said_print(const ParaSaidList *list, const ParaLevel *level);
struct cJSON;
void para_replay_said_add(struct cJSON *object, const ParaSaidList *list, const ParaLevel *level);
