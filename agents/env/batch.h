// SPDX-License-Identifier: MIT
#pragma once
// Many envs stepped together. One block per quantity, one slice per env, written in place; an env that
// ends starts its next level in the same step, and the last observation of its episode is kept apart.
#include "agents/env/env.h"
#include "agents/env/families.h"
#include "agents/env/report.h"
#include "engine/base/threads.h"

/// Chooses the next level of env `env`. Called from worker threads at once for different envs: it reads
/// shared things only, and draws from the env's own stream.
typedef void ParaPickNext(void *context, int env, ParaRng *rng, ParaPick *out);

typedef struct ParaBatchDef {
    ParaSolverKind solver;
    int envs;        ///< [1] >= 1, B
    ParaObsSpec obs; ///< O = obs.size
    const ParaFamilies *families;
    ParaPickNext *next;
    void *next_context;
    const char *maker; ///< written into the levels
    uint64_t seed;     ///< [seed] of its streams
    bool recording;    ///< keep actions, for proofs
} ParaBatchDef;

/// An episode that ended in the last step of its env.
typedef struct ParaEnded {
    ParaReport report;
    ParaPick pick;
} ParaEnded;

/// Called when an env solved its level, before the next one starts; on a worker thread, one env at a time per
/// worker.
typedef void ParaOnSolved(void *context, int env, const ParaEnv *state, const ParaPick *pick);

typedef struct ParaBatch {
    ParaBatchDef def;
    ParaWorldGroup *group;
    ParaEnv *envs;       ///< [B]
    ParaPick *picks;     ///< [B] the level each env is on
    ParaRng *level_rng;  ///< [B] draws levels
    ParaRng *action_rng; ///< [B] for whoever draws actions
    float *obs; ///< [1] -10..10 after the last step or reset; final ones replaced by the next episode's first
                ///< [B, O]
    float *final_obs; ///< [1] -10..10 last observation of the episode where terminated or truncated  [B, O]
    float *reward;    ///< [1] any finite; of the last step  [B]
    uint8_t *terminated;     ///< [1] 0 or 1  [B]
    uint8_t *truncated;      ///< [1] 0 or 1  [B]
    uint32_t *channel_bits;  ///< [bits] bound channels of the present level  [B]
    uint32_t *negative_bits; ///< [bits] of those, where an action below 0 differs from 0  [B]
    ParaEnded *ended;        ///< [B] where terminated or truncated
    ParaOnSolved *on_solved; ///< may be NULL
    void *on_solved_context;
} ParaBatch;

/// @return NULL if worlds cannot be reserved
ParaBatch *para_batch_create(const ParaBatchDef *def, ParaArena *arena);
void para_batch_destroy(ParaBatch *batch);
/// Starts every env on a new level and writes its first observation.
void para_batch_reset(ParaBatch *batch, ParaWorkers *workers);
/// Steps the envs [first, first + count), at most PARA_ENV_BLOCK, together.
/// @param actions in, [count, 8] int8   @param out_obs out, [count, O] the next observations; NULL:
/// batch->obs Threads: different envs at once.
void para_batch_step_block(ParaBatch *batch, int first, int count, const int8_t *actions, float *out_obs);
/// Steps all envs. @param actions in, [B, 8] int8
void para_batch_step(ParaBatch *batch, ParaWorkers *workers, const int8_t *actions);
/// [byte] of memory per env: worlds, levels, observations.
size_t para_batch_bytes_per_env(ParaBatch *batch);
/// Sum of world steps of all envs since creation.
int64_t para_batch_world_steps(const ParaBatch *batch);
