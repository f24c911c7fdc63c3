// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/abi: shared by the files of the door for other languages. What is behind it is the
// house's own: a ParaBatch steps the envs.
#include "agents/abi/abi.h"
#include "agents/batch/batch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/// Keeps the text for para_abi_error. @return `code`
int32_t para_abi_fail(ParaAbiCode code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// A text of JSON that came from outside, in the arena with a NUL behind it.
/// @param what "template" or "level", for the error
/// @return NULL with an error: there is none, or it is too long
char *para_abi_text(const char *text, uint64_t length, const char *what, ParaArena *arena);

struct ParaAbiFamily {
    atomic_int references;
    ParaArena *arena;
    ParaFamilies one;                     ///< just this template
    uint32_t channel_bits, negative_bits; ///< of all players of the members seen
    int players;                          ///< most of any member seen
    int32_t frame_skip;                   ///< of the first member seen; 0: none yet
    float rate;                           ///< [1/s] of that member
    ParaObsSpec vector;
    int observe_count, move_count; // of the first member seen
    char observes[PARA_OBSERVES_MAX][PARA_NAME_MAX];
    ParaMove moves[PARA_MOVES_MAX];
};
/// Channels that any player of a level has, and those of them where an action below 0 differs from 0.
void para_abi_level_bits(const ParaLevel *level, uint32_t *out_channels, uint32_t *out_negatives);
/// The solver of a ParaAbiSolver. @return false with an error if it is none
bool para_abi_solver(int32_t wish, ParaSolverKind *out);
void para_abi_family_keep(ParaAbiFamily *family);
/// Whether ranges of parameters make sense; else an error is set. @param low, high as in ParaAbiSource
bool para_abi_ranges_fit(const ParaTemplate *t, const double *low, const double *high);

struct ParaAbiLevel {
    atomic_int references;
    ParaArena *arena;
    const ParaLevel *level;
    char *json;           ///< NULL until asked for
    pthread_mutex_t lock; ///< of json
};
void para_abi_level_keep(ParaAbiLevel *level);
/// A level handle over a copy of `level`; NULL if out of memory.
ParaAbiLevel *para_abi_level_wrap(const ParaLevel *level);

struct ParaAbiBatch {
    ParaAbiBatchDef def; ///< its list of families is our own
    ParaArena *arena;    ///< holds batch and blocks
    ParaBatch *batch;
    ParaFamilies families;       ///< of def.families
    ParaAbiLevel **pinned;       ///< [envs] the level of an env's source, or NULL
    ParaAbiBlocks blocks;        ///< of the caller: ours, and the batch's where the types are the same
    int channels[PARA_CHANNELS]; ///< [blocks.channel_count] which channel each column is
    float *actions;              ///< [envs, A, 8] of the step that runs
    ParaWorkers *workers;        ///< NULL until first used, and again after a fork
    int64_t workers_of;          ///< [id] the process they belong to
    atomic_flag busy;
};

/// Takes the batch for this thread; false (with an error) if another has it.
bool para_abi_batch_enter(ParaAbiBatch *batch);
void para_abi_batch_leave(ParaAbiBatch *batch);
/// True if there is an env `env` with a running or ended episode; else an error is set.
bool para_abi_batch_ready(const ParaAbiBatch *batch, int32_t env);
/// Takes the batch for a question about env `env`; then para_abi_batch_leave.
/// @return PARA_ABI_OK, or what is wrong, with an error
int32_t para_abi_batch_ask(ParaAbiBatch *batch, int32_t env);
/// The name of the family that env `b` samples from.
const char *para_abi_batch_family(const ParaAbiBatch *batch, int b);
/// Rewards, and nothing else, into the block of the caller's type.
void para_abi_batch_copy_rewards(ParaAbiBatch *batch);
