// SPDX-License-Identifier: MIT
#pragma once
// Many envs stepped together: the trainer's, the benchmarks' and, behind the door for other languages,
// Python's. One block per quantity, one slice per player of each env, written in place. An env that ends goes
// on as the def's autoreset says.
//
// Shapes: E envs, A players, O floats. The row of player p of env b is b * A + p. A player may end while
// others go on: it is not live then, its row shows zeros, its actions move nothing and it earns nothing,
// until the episode is over for all and the next begins. A level of fewer players than A leaves its last rows
// so.
#include "agents/batch/families.h"
#include "agents/batch/shared_level.h"
#include "agents/batch/source.h"
#include "agents/batch/surprise.h"
#include "agents/env/env.h"
#include "agents/env/report.h"
#include "agents/observe/picture.h"
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
    ParaWorldGroup *group; ///< `envs` worlds of any solver to play in, which the batch takes over once it is
                           ///< made; NULL: it makes its own, of `solver`
    int envs;              ///< [1] >= 1, E
    int first;       ///< [1] >= 0; they are the envs first.. of a larger batch, whose others are stepped
                     ///< elsewhere: streams, levels and reports are those that they have in it; default 0
    int players;     ///< [1] 0..PARA_PLAYERS_MAX, A: most of any level; 0: one
    ParaObsSpec obs; ///< O = obs.size; 0 where there are pictures
    int picture_width,
        picture_height; ///< [px] 0..4096 of pictures instead of observations; 0: none; for A = 1
    int workers;        ///< [1] >= 0 most workers that will step it; only pictures and pixels ask
    ParaAutoreset autoreset;
    int max_decisions; ///< [1] >= 0; an episode is truncated after so many; 0: only by its level's time
    const ParaFamilies *families;
    ParaPickNext *next; ///< chooses levels, a few of them where one cannot be built; NULL: the sources do,
                        ///< and env b plays family b % count
    void *next_context;
    const char *maker; ///< written into the levels
    uint64_t seed;     ///< [seed] of the envs' streams
    bool recording;    ///< keep actions, for proofs
    bool fine;         ///< actions are kept, and given as int8, in parts of PARA_FINE
    double surprises;  ///< [1/(10 s)] 0..PARA_SURPRISES_MOST of what happens to a level while it is played
} ParaBatchDef;

/// What an episode that ended in the last step of its env was to one of its players.
typedef struct ParaEnded {
    ParaReport report;
    ParaPick pick;
} ParaEnded;

#define PARA_BATCH_TRIES 8 ///< picks of `next` that are tried for one episode

/// How the last try to begin an episode failed.
typedef struct ParaRefusal {
    bool refused;
    bool told;    ///< the caller knows: for whoever tells of it
    char why[96]; ///< what the solver had against the level; "" if none could be made
} ParaRefusal;

/// Called when an episode is over for all players of an env, before the next one starts; on a worker thread,
/// one env at a time per worker.
typedef void ParaOnEnded(void *context, int env, const ParaEnv *state, const ParaPick *pick);

/// Called when an episode has begun, before anybody sees it: may bring it elsewhere. Threads as ParaOnEnded.
typedef void ParaOnBegun(void *context, int env, ParaEnv *state);
/// Asked after each decision of an episode that is on: true truncates it. Threads as ParaOnEnded.
typedef bool ParaAskCut(void *context, int env, const ParaEnv *state);

typedef struct ParaBatch {
    ParaBatchDef def; ///< its players are A
    ParaWorldGroup *group;
    ParaEnv *envs;            ///< [E] its level is NULL where it has no episode
    ParaPick *picks;          ///< [E] the level each env is on
    ParaSource *sources;      ///< [E] the caller's to change; NULL where the def has `next`
    ParaRng *level_rng;       ///< [E] draws levels
    ParaRng *action_rng;      ///< [E, A] for whoever draws actions
    uint64_t *surprise_seeds; ///< [seed] of the surprises of the episode, from which the next one's comes;
                              ///< NULL where there are none  [E]
    ParaRng *surprise_rng;    ///< [E] draws them; NULL too
    float *obs; ///< [1] -10..10 after the last step or reset; SAME_STEP: of the next episode where one ended
                ///< [E, A, O]
    float *final_obs;       ///< [1] -10..10; SAME_STEP: last observation of each player that ended  [E, A, O]
    uint8_t *pixels;        ///< [1] 0..255 RGB, top row first, as obs  [E, H, W, 3]
    uint8_t *final_pixels;  ///< [1] 0..255 as final_obs  [E, H, W, 3]
    float *reward;          ///< [1] any finite; of the last step  [E, A]
    uint8_t *terminated;    ///< [1] 0 or 1; ended by the rules in the last step  [E, A]
    uint8_t *truncated;     ///< [1] 0 or 1; ended by time, divergence or the bound in the last step  [E, A]
    uint8_t *over;          ///< [1] 0 or 1; the episode ended in the last step: it has for all players  [E]
    uint8_t *live;          ///< [1] 0 or 1; acts in the next step  [E, A]
    uint32_t *channel_bits; ///< [bits] bound channels in the present level  [E, A]
    uint32_t *negative_bits;  ///< [bits] of those, where an action below 0 differs from 0  [E, A]
    ParaEnded *ended;         ///< [E, A] where over, for the players of its level
    uint8_t *ended_count;     ///< [1] 0..A of them; 0 where not over  [E]
    ParaRefusal *refusals;    ///< [E] of the last begin
    ParaSharedLevel **shared; ///< [E] the level of the episode where snapshots were taken of it; else NULL
    ParaPicture *pictures;    ///< [def.workers] where there are pictures, or pixels
    ParaOnEnded *on_ended;    ///< may be NULL
    void *on_ended_context;
    ParaOnBegun *on_begun; ///< may be NULL, as ask_cut
    ParaAskCut *ask_cut;
    void *episode_context; ///< of both
} ParaBatch;

/// @param arena holds the blocks, until the batch is destroyed   @return NULL if worlds cannot be reserved
ParaBatch *para_batch_create(const ParaBatchDef *def, ParaArena *arena);
void para_batch_destroy(ParaBatch *batch); ///< NULL is fine
/// Starts every env on a new level and writes its first observation. @param workers NULL: the caller alone
void para_batch_reset(ParaBatch *batch, ParaWorkers *workers);
/// The same for some. An env whose level is refused has no episode, and keeps its observation.
/// @param mask in, [E] not 0: this one; NULL: all
void para_batch_reset_some(ParaBatch *batch, ParaWorkers *workers, const uint8_t *mask);
/// The same for env b. @param worker who asks, 0..workers - 1   Threads: different envs at once, by different
/// workers.
void para_batch_reset_one(ParaBatch *batch, int b, int worker);
/// Steps the envs [first, first + count), at most PARA_ENV_BLOCK, together. One that has no episode, or waits
/// for its reset, stays as it is.
/// @param actions in, [count, A, 8] int8 as the envs keep them   @param out_obs out, [count, A, O] the next
/// observations; NULL: batch->obs   @param worker as above
/// Threads: different envs at once, by different workers; not where there are pictures.
void para_batch_step_block(ParaBatch *batch, int first, int count, const int8_t *actions, int worker,
                           float *out_obs);
/// Steps all envs. @param actions in, [E, A, 8] int8   @param workers NULL: the caller alone
void para_batch_step(ParaBatch *batch, ParaWorkers *workers, const int8_t *actions);
/// The same with forces between. @param actions in, [E, A, 8] each -1..1; whole where the envs record
void para_batch_step_forces(ParaBatch *batch, ParaWorkers *workers, const float *actions);
/// Writes the observations (or picture) of env b as it is now. @param worker whose picture is used
void para_batch_observe(ParaBatch *batch, int b, int worker);
/// Writes who acts in env b and with which channels, as the env is now: for whoever changes an env from
/// outside.
void para_batch_seat(ParaBatch *batch, int b);
/// Whether env b's episode ended and no other has begun yet.
bool para_batch_waits(const ParaBatch *batch, int b);
/// [byte] of the blocks of a batch, without its worlds and levels.
size_t para_batch_bytes(const ParaBatchDef *def);
/// [byte] of memory per env: blocks and, once begun, worlds and levels. Cost: O(E).
size_t para_batch_bytes_per_env(const ParaBatch *batch);
/// Sum of world steps of all envs since creation.
int64_t para_batch_world_steps(const ParaBatch *batch);
