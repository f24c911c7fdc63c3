// SPDX-License-Identifier: MIT
#pragma once
// What a method is: a table of functions over a state of its own. Private to agents/lifelong; the others see
// keep.h.
#include "agents/lifelong/keep.h"

/// What every method is given.
typedef struct ParaKeepRoom {
    ParaKeepDef def;
    ParaPolicy *policy; ///< that learns
    ParaPpo *ppo;
    ParaPolicy *guest; ///< for para_keep_player; NULL where one player plays all
    ParaArena *arena;
} ParaKeepRoom;

/// Functions that are NULL do nothing.
typedef struct ParaKeepMethod {
    bool apart;   ///< a player for each world
    bool rollout; ///< `end` looks at one
    void *(*create)(ParaKeepRoom *room);
    void (*before_update)(void *state, int world, double progress);
    bool (*prepare)(void *state, int world, int next, ParaKeepScore *score, void *context);
    void (*end)(void *state, int world, int rows);
    /// The optimiser has forgotten already.
    void (*begin)(void *state, int next);
    /// Tells the learner what it is held to; after `begin` and after `load`.
    void (*hold)(void *state, int world);
    const ParaPolicy *(*player)(void *state, int world, int at); ///< NULL: the policy that learns
    size_t (*size)(const void *state);
    void (*save)(const void *state, ParaBytes *out);
    bool (*load)(void *state, ParaBytesReader *in);
} ParaKeepMethod;

#define PARA_KEEP(id, word, about) extern const ParaKeepMethod para_keep_##id;
#include "agents/lifelong/methods.def"
#undef PARA_KEEP
