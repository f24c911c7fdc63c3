// SPDX-License-Identifier: MIT
#pragma once
// The loop in which the maker and the player raise each other: make, play, learn, report, remember.
#include "agents/demos/demos.h"
#include "agents/learn/ppo.h"
#include "agents/lesson/settings.h"
#include "agents/lifelong/keep.h"
#include "agents/observe/observe.h"
#include "agents/player/curiosity.h"
#include "agents/player/trials.h"
#include "agents/run/run_families.h"
#include "agents/run/statistics.h"
#include "engine/base/peers.h"
#include "engine/base/threads.h"
#include "worlds/stream/stream.h"

#define PARA_TRAIN_ENVS_MAX    8192
#define PARA_TRAIN_HORIZON_MAX 4096

typedef struct ParaTrainDef {
    const char *folder;          ///< run folder; made if missing, continued if it holds a run
    const char *maker;           ///< a name of agents/maker/methods.def
    const char *const *families; ///< names or template files  [family_count]
    int family_count;            ///< [1] >= 0; 0: the whole library
    const char *tier;            ///< of all families; NULL: the whole of them; of a new run
    ParaTemplatesFrom templates; ///< a run that goes on refuses DISK: its levels stay what they were
    ParaObsKind obs;             ///< vector and listed need exactly one family
    bool prefer_listed; ///< of a new run: listed in the place of obs, where its one family's template lists
    ParaSolverKind solver; ///< AUTO: lanes where a level fits it, else chipmunk; of a new run
    int width;             ///< [1] 16..1024 of the trunk
    ParaEncoder encoder;   ///< how the player's network takes entity rows; of a new run
    bool rays;             ///< a convolution goes over its rays, of entities or vector; of a new run
    uint32_t parts;        ///< [bits] ParaObsPart that it sees besides, of entities or vector; of a new run
    bool recurrent;        ///< the player remembers over an episode; of a new run
    bool continuous;       ///< its actions are fine; of a new run
    bool value_bins;       ///< its value is a distribution; of a new run
    int players;           ///< [1] 0..PARA_PLAYERS_MAX most in a level of its families, as it finds; 0: one
    int envs;              ///< [1] 0..PARA_TRAIN_ENVS_MAX, at least one for each family; 0: 32 for each, 256
                           ///< at most where there are not more families
    int horizon; ///< [decision] 0..PARA_TRAIN_HORIZON_MAX of each env in a lesson, the longest; 0: 16,384 of
                 ///< all envs
    int threads; ///< [1] 0..256; 0: one per CPU
    uint64_t seed;           ///< [seed] of everything random
    ParaSettings settings;   ///< hyper-parameters; of a new run
    bool model;              ///< a model of the world is kept beside the player, in the run folder
    const char *const *from; ///< replays to imitate, files, of a new run  [from_count]
    int from_count;          ///< [1] 0..PARA_DEMOS_FILES_MAX
    int demos; ///< [1] 0..PARA_DEMOS_FILES_MAX episodes in the run's folder that it imitates; of `from`
    const char *in_dream;          ///< a model's file: of a new run, whose worlds it runs; NULL: none
    bool dreams;                   ///< the worlds are run by the model in the run folder; of in_dream
    ParaCuriosityKind curiosity;   ///< what the player is paid for besides; of a new run
    const ParaWorldStream *stream; ///< worlds that are learned one after the other, in the place of families;
                                   ///< of a new run; NULL: none
    ParaKeepKind keep;          ///< what is done lest former worlds be forgotten; of a stream, of a new run
    const char *reference;      ///< folder of a run of the same stream with PARA_KEEP_alone, which forward
                                ///< transfer is told by; NULL: none
    double minutes;             ///< [min] >= 0 of training of the run, all calls together; 0: no limit
    int64_t lessons;            ///< [1] >= 0 in all; 0: no limit
    int64_t decisions;          ///< [1] >= 0 of all envs, in all; 0: no limit
    int eval_every;             ///< [1] >= 0 lessons between evaluations on held-out levels; 0: none
    int eval_levels;            ///< [1] >= 1 of each family in them; default 16
    int milestone_every;        ///< [1] >= 0 lessons between checkpoints that stay; 0: none does; default 500
    int checkpoint_seconds;     ///< [s] >= 1 between checkpoints
    double schedule_minutes;    ///< [min] >= 0 over which the learning rate falls; 0: see below
    int64_t schedule_lessons;   ///< [1] >= 0 the same in lessons, which runs of any speed share
    int64_t schedule_decisions; ///< [1] >= 0 the same in decisions; with all three 0 over `minutes`,
                                ///< `lessons` and `decisions`, with none of those it stays
    ParaAskStop *stop; ///< true: the training ends at once where it plays to score levels or the player, else
                       ///< with the lesson at hand; NULL: only by its watch
    void *stop_context;
    ParaPeers *peers; ///< who train the same player, each in its share of the envs, called with the same def;
                      ///< rank 0 alone opens and writes the run; NULL: it trains alone
} ParaTrainDef;

ParaTrainDef para_train_def_default(void);
/// Rows of a step for so many envs: one for each of their players.
static inline int para_train_rows(const ParaTrainDef *def, int envs)
{
    return envs * (def->players > 1 ? def->players : 1);
}
/// Gives the sizes that are 0 their values for so many families.
void para_train_settle_sizes(ParaTrainDef *def, int families);
/// The learner of a training: its sizes (of this peer's share) and settings, with fewer minibatches where a
/// lesson is too small for them.
ParaPpoDef para_train_learner(const ParaTrainDef *def);
/// Decisions of each env in the lesson that follows `decisions` of all: a share of what was played so far,
/// from first_horizon to horizon. Early on a policy changes fast, so that what an old one played teaches
/// little; late in a run the gradient's noise is what is left to lower. The same for a run that was
/// continued.
int para_train_horizon(const ParaTrainDef *def, int64_t decisions);

typedef struct ParaTrainStatus {
    ParaStatistics now; ///< of this lesson, and the totals
    int family_count;   ///< [1] >= 1
    const char *const *family_names;
    const float *family_solve;  ///< [1] 0..1 running solve rate over about the last 100 episodes; -1 unknown
                                ///< [family_count]
    const int *family_episodes; ///< [1] >= 0  [family_count]
    ParaSolverKind solver;      ///< of the run
    int lanes_envs;             ///< [1] 0..envs whose present level runs on lanes
    int envs;                   ///< [1] >= 1
    ParaWorld preview_world;    ///< one env, for a picture
    const ParaLevel *preview_level;
    const ParaPlay *preview_play;
    bool checkpoint_saved; ///< in this lesson
    const char *world;     ///< of a stream, the one at hand; NULL: there is none
    int world_index;       ///< [1] >= 0
    int world_count;       ///< [1] >= 0
    bool again;            ///< of a lesson that was told before: the training was told to stop meanwhile
    bool last;             ///< a limit is reached: no lesson follows
    const char *note;      ///< something to tell, or NULL
    const char *maker; ///< what the maker is doing, in a sentence without a full stop; valid during the call
} ParaTrainStatus;

/// Called after each lesson; false ends the training cleanly (checkpoint written).
typedef bool ParaTrainWatch(void *context, const ParaTrainStatus *status);

/// Trains until a limit, or until the watch or the def's `stop` says so. Continues if the folder holds a run.
/// Of several peers the watch of rank 0 alone is called; a stop that one of them is asked for stops all.
/// @return false with a clear error, the same for all peers; the work up to the last checkpoint stands
bool para_train(const ParaTrainDef *def, ParaTrainWatch *watch, void *context, ParaArena *arena,
                const char **out_error);
