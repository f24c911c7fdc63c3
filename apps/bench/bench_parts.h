// SPDX-License-Identifier: MIT
#pragma once
// What `paracosm bench step` is made of: a scene with its pool of levels, and the sides that run it in turns:
// envs (everything counted in), physics alone, and stock Chipmunk with nothing around it.
// Private to apps/bench. One thread; times are CPU time, so that neighbours cost less.
#include "agents/batch/batch.h"
#include "agents/dream/dream.h"
#include "bench/pile.h"

/// One member of the pool: a level, or a pile made in code.
typedef struct ParaBenchItem {
    const ParaLevel *level;  ///< NULL: a pile
    const ParaWorldDef *def; ///< of either
    uint64_t seed;           ///< of a pile's forces
} ParaBenchItem;

typedef struct ParaBenchScene {
    const char *name; ///< family, template file, "mixed" or "pile20"
    int worlds;
    int block;           ///< worlds per call of the physics side
    double turn_seconds; ///< [s] of CPU time per side and turn
    uint64_t seed;
    const ParaModel *model; ///< of a side that dreams; NULL: there is none
    ParaArena *arena;       ///< everything lives here
    ParaFamilies families;  ///< none for pile20
    ParaBenchItem *pool;    ///< [pool_count] different from each other
    int pool_count;
    int64_t life; ///< [step] mean age at which an env's episode ends: worlds are built anew then
} ParaBenchScene;

/// Loads the families and fills the pool. @return false with an error for the user
bool para_bench_scene_make(ParaBenchScene *scene, const char **out_error);
/// Whether the whole pool fits a solver; an error names the level, the limit and what to do.
bool para_bench_scene_fits(const ParaBenchScene *scene, ParaSolverKind solver, const char **out_error);

/// A side that steps envs.
typedef struct ParaBenchEnvs {
    const ParaBenchScene *scene;
    ParaWorkers *workers; ///< one
    ParaBatch *batch;
    int8_t *actions; ///< [worlds, A, 8]
    ParaRng rng;
    int64_t episodes; ///< that ended so far
} ParaBenchEnvs;

/// @return false without memory for so many worlds
bool para_bench_envs_make(ParaBenchEnvs *envs, const ParaBenchScene *scene, ParaSolverKind solver);
void para_bench_envs_clear(ParaBenchEnvs *envs);
/// Steps all envs for a turn. @return world steps per second
double para_bench_envs_turn(ParaBenchEnvs *envs);
/// Mean length [step] of an episode so far.
int64_t para_bench_envs_life(const ParaBenchEnvs *envs);

/// A side that steps built worlds and does nothing else.
typedef struct ParaBenchPhysics ParaBenchPhysics;
/// Worlds at ages spread over an episode, as those of a running batch are. NULL with an error for the user
ParaBenchPhysics *para_bench_physics_create(const ParaBenchScene *scene, ParaSolverKind solver,
                                            const char **out_error);
void para_bench_physics_destroy(ParaBenchPhysics *physics); ///< NULL is fine
/// Steps all worlds for a turn under actions that change every 4th step; only para_world_group_step is
/// counted. @return world steps per second
double para_bench_physics_turn(ParaBenchPhysics *physics);
double para_bench_physics_bytes(const ParaBenchPhysics *physics); ///< [byte] mean of the worlds
/// [1] share of the worlds that run on lanes.
double para_bench_physics_lanes(const ParaBenchPhysics *physics);

/// Mean times of one world [ns].
typedef struct ParaBenchTimes {
    double restore;  ///< back to the fresh image
    double reset;    ///< the same, and the first observation; 0 for piles, which have none
    double snapshot; ///< saved into memory that is there
    double rays;     ///< ten rays of 10 m from one place
} ParaBenchTimes;
/// Puts worlds (256 at most) on fresh levels, ages them a little and times each over all of them. Their ages
/// are young afterwards: take turns before.
/// @return false without memory for the images
bool para_bench_physics_times(ParaBenchPhysics *physics, ParaBenchTimes *out);

/// Seconds [s] one reading of the clock itself takes, to be taken off short intervals.
double para_bench_clock_cost(void);
