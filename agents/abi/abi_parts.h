// SPDX-License-Identifier: MIT
#pragma once
// Shared by the files of the door for other languages only (abi*.c).
#include "agents/abi/abi.h"
#include "agents/env/env.h"
#include "agents/env/families.h"
#include "agents/env/picture.h"
#include "engine/base/threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/// Keeps the text for para_abi_error. @return `code`
int32_t para_abi_fail(ParaAbiCode code, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct ParaAbiFamily {
    atomic_int references;
    ParaArena *arena;
    ParaFamilies one; ///< just this template
    uint32_t channel_bits, negative_bits;
    ParaObsSpec vector;
};
/// The solver of a ParaAbiSolver. @return false with an error if it is none
bool para_abi_solver(int32_t wish, ParaSolverKind *out);
void para_abi_family_keep(ParaAbiFamily *family);

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

/// Where an env's next levels come from.
typedef struct Source {
    bool fixed_seed, ranged;
    uint64_t seed;
    ParaAbiLevel *level;
    double low[PARA_PARAMS_MAX], high[PARA_PARAMS_MAX]; ///< NaN: the family's
} Source;

typedef enum { SLOT_EMPTY, SLOT_RUNNING, SLOT_OVER } SlotState;

/// One env of a batch.
typedef struct Slot {
    ParaEnv env;
    SlotState state;
    bool failed;           ///< its level could not be built
    char refused[96];      ///< what its solver had against a level that failed, or empty
    ParaAbiLevel *playing; ///< the shared level it plays, or NULL: its level is in its own arena
    Source source;
    ParaRng rng; ///< draws level seeds
} Slot;

/// Pictures of one worker.
typedef struct Canvas {
    ParaArena *arena;
    ParaPicture picture;
} Canvas;

struct ParaAbiBatch {
    ParaAbiBatchDef def; ///< its list of families is our own
    ParaSolverKind solver;
    ParaObsSpec obs;
    int channels[PARA_CHANNELS]; ///< [blocks.channel_count] which channel each column is
    ParaAbiBlocks blocks;
    /// The actions of the step that runs, taken over from the blocks before they are checked: a caller's
    /// other thread may write there meanwhile.
    int64_t *choices;
    float *forces;
    size_t action_bytes; ///< of either
    ParaArena *arena;
    ParaWorldGroup *group;
    Slot *slots;          ///< [envs]
    ParaWorkers *workers; ///< NULL until first used, and again after a fork
    pid_t workers_of;     ///< the process they belong to
    Canvas *canvases;     ///< [threads], PIXELS only
    int canvas_count;
    atomic_flag busy;
};

/// Takes the batch for this thread; false (with an error) if another has it.
bool para_abi_batch_enter(ParaAbiBatch *batch);
void para_abi_batch_leave(ParaAbiBatch *batch);
/// Puts slot `b` on its next level and marks it running; false if no level could be built.
bool para_abi_slot_begin(ParaAbiBatch *batch, int b);
/// Lets go of the level the slot plays; its arena is empty afterwards.
ParaArena *para_abi_slot_clear(Slot *slot);
/// Writes the observation of slot `b`; `final` into the block of last ones.
void para_abi_slot_observe(ParaAbiBatch *batch, int b, int worker, bool final);
/// True if there is an env `env` with a running or ended episode; else an error is set.
bool para_abi_slot_ready(const ParaAbiBatch *batch, int32_t env);

/// Env `env` (level, play and world in it) while no other thread steps it; NULL with an error if it has no
/// episode.
const ParaEnv *para_abi_batch_env(const ParaAbiBatch *batch, int32_t env);

bool para_abi_canvas_open(Canvas *canvas, int width, int height);
void para_abi_canvas_close(Canvas *canvas);
/// @param out [height, width, 3] of the canvas
void para_abi_canvas_draw(Canvas *canvas, const ParaEnv *env, uint8_t *out);
