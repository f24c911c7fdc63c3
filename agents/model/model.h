// SPDX-License-Identifier: MIT
#pragma once
// A model of how worlds move: a few networks that were taught apart. Their mean is what it believes, how far
// they are from each other how sure it is.
#include "agents/model/said.h"
#include "agents/model/store.h"
#include "engine/base/threads.h"

#define PARA_MODEL_MEMBERS_MAX 8

typedef struct ParaModelDef {
    int members;   ///< [1] 1..PARA_MODEL_MEMBERS_MAX networks; default 3
    int rounds;    ///< [1] 1..PARA_IMAGINE_ROUNDS_MAX; default 3
    int width;     ///< [1] 1..512; default 64
    float seconds; ///< [s] 0.005..0.2 of one step; default 1/30
    float reach;   ///< [m] 0.01..5 within which shapes may act on each other in a step; default 0.35
} ParaModelDef;

typedef struct ParaModel {
    ParaModelDef def;
    ParaImagine *members[PARA_MODEL_MEMBERS_MAX];
} ParaModel;

ParaModelDef para_model_def_default(void);
/// NULL where a def is sensible, else what is wrong, a constant.
const char *para_model_def_problem(const ParaModelDef *def);
/// @param def sensible   @param seed of the first weights
ParaModel *para_model_create(const ParaModelDef *def, uint64_t seed, ParaArena *arena);
/// Physics steps of a world in one step of the model. @return [1] >= 1
int para_model_physics_steps(const ParaModelDef *def, const ParaWorldDef *world);
/// How long a step of the model is in a world: so many physics steps, which may be more or less than
/// def->seconds. @return [s] > 0
float para_model_seconds(const ParaModelDef *def, const ParaWorldDef *world);

/// Scratch of one who imagines.
typedef struct ParaDreaming {
    const ParaModel *model;
    ParaGraph graph;
    ParaImagineWork *work;
    float *after, *mean; ///< [nodes, 3] of one member
    float *first;        ///< [m/s, m/s, rad/s] any finite; mean motion as the first member has it
    float *believed[2];  ///< [m/s, m/s, rad/s] any finite; means of all: after, mean  [nodes, 3]
    ParaEdgeSaid *felt;  ///< [graph.edge_count] what each edge of the graph feels in the step; all members
    float *said;         ///< [1] any finite; of each member, as said.h reads it  [members, edges, SAYS]
    float *doubt;        ///< [m/s] >= 0 how far the members' mean motions are apart, root mean square
    float *impulses;     ///< [N s] any finite; along the rows of each edge, mean of all  [edges, rows]
} ParaDreaming;
#define PARA_DREAMING_EDGES 4096 ///< of one world

/// Room for any world but those in which thousands of shapes are near each other.
ParaDreaming para_dreaming_create(const ParaModel *model, ParaArena *arena);
ParaDreaming para_dreaming_create_for(const ParaModel *model, int node_max, int edge_max, ParaArena *arena);
/// What the networks believe of the graph, whose worlds may be many: the mean of all members, and how far
/// they are from it.  Threads: one per dreaming.  Cost: of a world of 13 bodies about 12 us for each member
void para_dreaming_believe(ParaDreaming *dreaming);
/// One step of a moment, under its inputs: where its bodies will be, as the networks believe in the mean.
/// @return false: the moment is more than there is room for, and is as it was
/// Threads: one per dreaming.  Cost: of a world of 13 bodies about 12 us for each member; no heap.
bool para_dream_step(ParaDreaming *dreaming, const ParaModelFacts *facts, ParaMoment *moment);

// ---------------------------------------------------------------------------------------------
// Teaching.

#define PARA_TEACHING_BATCH_MAX 256

typedef struct ParaTeaching {
    int64_t steps; ///< [1] >= 1 lived steps that each network is shown; default 3e6
    int batch;     ///< [1] 1..PARA_TEACHING_BATCH_MAX of them at once; default 24
    float rate;    ///< [1] > 0 of Adam, at its most; default 2e-3
    float noise;   ///< [m] >= 0 most that moments are shaken; default 0.03
    int alone;     ///< [step] 0..PARA_STORE_WINDOW - 1 most that half of what is shown goes on by the
                   ///< network's own steps; 0: all is shown as it was lived, or shaken; default 8
    uint64_t seed; ///< [seed] of the order of what is shown, and of how it is shaken
    int threads;   ///< [1] >= 0; 0: one per CPU; the networks are what they are for any number
} ParaTeaching;

ParaTeaching para_teaching_default(void);
/// Told now and then; false ends it, with what was learned so far.
/// @param done [step] of all networks together   @param error [m/s] mean error of mean motions of late
typedef bool ParaTaught(void *context, int64_t done, int64_t total, double error);
/// Shows each network lived steps in an order of its own, some of them shaken. One step each, robust errors
/// of the motion after and of the mean motion, Adam with a rate that rises and then falls to nothing.
/// @param store with steps in it   @return false: no memory, or there is nothing to learn from: no step, or
/// each has more near shapes than there is room for
/// Cost: about 25 us for each step and network on one core. Not a training's golden: BLAS decides its last
/// bits.
bool para_model_teach(ParaModel *model, const ParaStore *store, const ParaTeaching *teaching,
                      ParaTaught *told, void *context, ParaArena *arena);

/// The same in slices, for whoever goes on living through things between them: networks and optimiser stay
/// as they are from slice to slice. One that is opened anew has an optimiser that knows nothing: its rate
/// rises over its first 200 batches.
typedef struct ParaSchool ParaSchool;
/// @param store what is shown, as it is when it is shown   @param teaching its batch, noise and seed;
/// outlives the school   @return NULL: no memory
ParaSchool *para_school_open(ParaModel *model, const ParaStore *store, const ParaTeaching *teaching,
                             ParaArena *arena);
void para_school_close(ParaSchool *school); ///< NULL is fine
/// Asked after each hundred batches: true ends the slice.
typedef bool ParaAskEnough(void *context);
/// One slice. @param steps [1] >= 1 lived steps that each network is shown   @param pace [1] > 0 of Adam
/// @param enough NULL: nobody ends it   @param out_error out, [m/s] mean error of the mean motions shown
/// @return false: nothing was shown, as the store is empty or each step has more near shapes than there is
/// room for.  Cost: as teaching; a network is one task of the workers
bool para_school_teach(ParaSchool *school, int64_t steps, float pace, ParaWorkers *workers,
                       ParaAskEnough *enough, void *context, double *out_error);

// ---------------------------------------------------------------------------------------------
// Files: safetensors with a card.

/// @param about JSON object text of what else is to be told: families, seconds of play; NULL: nothing
bool para_model_write(const char *path, const ParaModel *model, const char *about, ParaArena *arena,
                      const char **out_error);
/// @param out_card out, the card as text   @return NULL with a clear error
ParaModel *para_model_read(const char *path, ParaArena *arena, const char **out_card, const char **out_error);
