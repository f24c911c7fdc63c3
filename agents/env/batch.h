// SPDX-License-Identifier: MIT
#pragma once
// Many envs stepped together: the trainer's, the benchmarks' and, behind the door for other languages,
// Python's. One block per quantity, one slice per env, written in place. An env that ends goes on as the
// def's autoreset says.
#include "agents/env/env.h"
#include "agents/env/families.h"
#include "agents/env/picture.h"
#include "agents/env/report.h"
#include "agents/env/source.h"
#include "engine/base/threads.h"

/// Chooses the next level of env `env`. Called from worker threads at once for different envs: it reads
/// shared things only, and draws from the env's own stream.
typedef void ParaPickNext(void *context, int env, ParaRng *rng, ParaPick *out);

/// How an env goes on whose episode has ended.
typedef enum {
    PARA_AUTORESET_SAME_STEP, ///< the next episode begins in the step that ended the last
    PARA_AUTORESET_NEXT_STEP, ///< the next step begins it, whatever the action: no reward, no end
    PARA_AUTORESET_DISABLED   ///< it waits for a reset
} ParaAutoreset;

typedef struct ParaBatchDef {
    ParaSolverKind solver;
    int envs;                          ///< [1] >= 1, B
    ParaObsSpec obs;                   ///< O = obs.size; 0 where there are pictures
    int picture_width, picture_height; ///< [px] 0..4096 of pictures instead of observations; 0: none
    int workers;                       ///< [1] >= 0 most workers that will step it; only pictures ask
    ParaAutoreset autoreset;
    int max_decisions; ///< [1] >= 0; an episode is truncated after so many; 0: only by its level's time
    const ParaFamilies *families;
    ParaPickNext *next; ///< chooses levels, each of which can be built; NULL: the sources do, and env b plays
                        ///< family b % count
    void *next_context;
    const char *maker; ///< written into the levels
    uint64_t seed;     ///< [seed] of the envs' streams
    bool recording;    ///< keep actions, for proofs
} ParaBatchDef;

/// An episode that ended in the last step of its env.
typedef struct ParaEnded {
    ParaReport report;
    ParaPick pick;
} ParaEnded;

/// How the last try to begin an episode failed.
typedef struct ParaRefusal {
    bool refused;
    char why[96]; ///< what the solver had against the level; "" if none could be made
} ParaRefusal;

/// Called when an env solved its level, before the next one starts; on a worker thread, one env at a time per
/// worker.
typedef void ParaOnSolved(void *context, int env, const ParaEnv *state, const ParaPick *pick);

typedef struct ParaBatch {
    ParaBatchDef def;
    ParaWorldGroup *group;
    ParaEnv *envs;       ///< [B] its level is NULL where it has no episode
    ParaPick *picks;     ///< [B] the level each env is on
    ParaSource *sources; ///< [B] the caller's to change; NULL where the def has `next`
    ParaRng *level_rng;  ///< [B] draws levels
    ParaRng *action_rng; ///< [B] for whoever draws actions
    float *obs; ///< [1] -10..10 after the last step or reset; SAME_STEP: of the next episode where one ended
                ///< [B, O]
    float *final_obs;      ///< [1] -10..10; SAME_STEP: last observation where terminated or truncated  [B, O]
    uint8_t *pixels;       ///< [1] 0..255 RGB, top row first, as obs  [B, H, W, 3]
    uint8_t *final_pixels; ///< [1] 0..255 as final_obs  [B, H, W, 3]
    float *reward;         ///< [1] any finite; of the last step  [B]
    uint8_t *terminated;   ///< [1] 0 or 1  [B]
    uint8_t *truncated;    ///< [1] 0 or 1  [B]
    uint32_t *channel_bits;  ///< [bits] bound channels of the present level  [B]
    uint32_t *negative_bits; ///< [bits] of those, where an action below 0 differs from 0  [B]
    ParaEnded *ended;        ///< [B] where terminated or truncated
    ParaRefusal *refusals;   ///< [B] of the last begin; never refused where the def has `next`
    ParaPicture *pictures;   ///< [def.workers] where there are pictures
    ParaOnSolved *on_solved; ///< may be NULL
    void *on_solved_context;
} ParaBatch;

/// @param arena holds the blocks, until the batch is destroyed   @return NULL if worlds cannot be reserved
ParaBatch *para_batch_create(const ParaBatchDef *def, ParaArena *arena);
void para_batch_destroy(ParaBatch *batch); ///< NULL is fine
/// Starts every env on a new level and writes its first observation. @param workers NULL: the caller alone
void para_batch_reset(ParaBatch *batch, ParaWorkers *workers);
/// The same for some. An env whose level is refused has no episode, and keeps its observation.
/// @param mask in, [B] not 0: this one; NULL: all
void para_batch_reset_some(ParaBatch *batch, ParaWorkers *workers, const uint8_t *mask);
/// Steps the envs [first, first + count), at most PARA_ENV_BLOCK, together. One that has no episode, or waits
/// for its reset, stays as it is.
/// @param actions in, [count, 8] int8   @param out_obs out, [count, O] the next observations; NULL:
/// batch->obs
/// Threads: different envs at once; not where there are pictures.
void para_batch_step_block(ParaBatch *batch, int first, int count, const int8_t *actions, float *out_obs);
/// Steps all envs. @param actions in, [B, 8] int8   @param workers NULL: the caller alone
void para_batch_step(ParaBatch *batch, ParaWorkers *workers, const int8_t *actions);
/// The same with forces between. @param actions in, [B, 8] each -1..1; whole where the envs record
void para_batch_step_forces(ParaBatch *batch, ParaWorkers *workers, const float *actions);
/// Writes the observation (or picture) of env b as it is now. @param worker whose picture is used
void para_batch_observe(ParaBatch *batch, int b, int worker);
/// Whether env b's episode ended and no other has begun yet.
bool para_batch_waits(const ParaBatch *batch, int b);
/// [byte] of the blocks of a batch, without its worlds and levels.
size_t para_batch_bytes(const ParaBatchDef *def);
/// [byte] of memory per env: blocks and, once begun, worlds and levels.
size_t para_batch_bytes_per_env(const ParaBatch *batch);
/// Sum of world steps of all envs since creation.
int64_t para_batch_world_steps(const ParaBatch *batch);
