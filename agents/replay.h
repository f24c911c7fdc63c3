// SPDX-License-Identifier: MIT
#pragma once
// Replays: a level, the actions of one episode and a chained hash per decision; enough to play it again
// bit for bit and to name the first step where something differs. A replay that solves its level is a proof.
#include "worlds/template.h"
#include "worlds/play.h"

typedef struct ParaReplay {
    ParaSolverKind solver;
    const char *level_json; ///< the bound level
    int         decisions;
    int8_t     *actions;    ///< [decisions, 8] in -1..1
    uint64_t   *hashes;     ///< [decisions] chain: hash(previous chain, action, world state after the decision)
    int         end;        ///< ParaPlayStatus at the end
    float       total_reward;
    const char *player;     ///< "trained", "random", "person", ...
} ParaReplay;

/// Records decisions as they happen; plain memory that grows in the arena.
typedef struct ParaRecorder ParaRecorder;
ParaRecorder *para_recorder_create(ParaArena *arena);
void para_recorder_begin(ParaRecorder *recorder, const ParaLevel *level, ParaSolverKind solver, const char *player);
/// After the decision's steps have run.
void para_recorder_decision(ParaRecorder *recorder, const int8_t *action, ParaWorld world);
const ParaReplay *para_recorder_end(ParaRecorder *recorder, const ParaPlay *play, float total_reward);

/// The chained hash of one decision.
uint64_t para_replay_chain(uint64_t previous, const int8_t *action, uint64_t world_hash);

bool para_replay_write(const char *path, const ParaReplay *replay, ParaArena *arena, const char **out_error);
/// Any damage is an error that says what is wrong; content is bounded before memory is taken.
ParaReplay *para_replay_read(const char *path, ParaArena *arena, const char **out_error);

typedef struct ParaVerdict {
    bool ok;
    int  step;            ///< first decision that differs, from 0; -1 if none
    char message[160];    ///< "step 17: state hash differs", "verified 212 decisions, solved"
} ParaVerdict;
/// Builds the level again and plays the actions.
ParaVerdict para_replay_verify(const ParaReplay *replay, ParaArena *arena);
