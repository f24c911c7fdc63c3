// SPDX-License-Identifier: MIT
#pragma once
// Everything a training holds between lessons, and how it is opened (training.c), configured
// (training_config.c), keeps a model beside the player (training_model.c) or is trained inside one
// (training_dream.c), learns worlds one after the other (training_stream.c, stream_scores.c), begins with
// what others did (training_demos.c), is saved and continued (training_checkpoint.c, training_state.c), plays
// against past selves (training_pool.c), keeps episodes (episodes.c), and is shared by peers
// (training_peers.c). The loop itself is in lesson.c. Private to agents/lesson.
#include "agents/learn/ppo.h"
#include "agents/lesson/lesson.h"
#include "agents/maker/maker.h"
#include "agents/player/collector.h"
#include "agents/player/curiosity.h"
#include "agents/run/run_folder.h"

#include <pthread.h>

#define PARA_SOLVE_WINDOW 128 ///< episodes of the running solve rate

/// What to do about a config that was changed by something else.
#define PARA_TRAINING_CONFIG_ADVICE                                                                          \
    "put back the config (row \"config\" of the table meta in run.db), or train into another folder"

/// The last outcomes of one family.
typedef struct ParaSolveWindow {
    uint8_t solved[PARA_SOLVE_WINDOW];
    int count, next;  ///< filled, where the next goes
    int64_t episodes; ///< [1] >= 0 since the run began
} ParaSolveWindow;

typedef struct ParaTrainingModel ParaTrainingModel;   ///< training_model.c
typedef struct ParaTrainingDream ParaTrainingDream;   ///< training_dream.c
typedef struct ParaTrainingDemos ParaTrainingDemos;   ///< training_demos.c
typedef struct ParaTrainingStream ParaTrainingStream; ///< training_stream.h

typedef struct ParaTraining {
    ParaTrainDef def;      ///< as asked, overridden by the run's own config; its families are in `families`
    ParaArena *arena;      ///< lifetime: the training
    ParaRun *run;          ///< NULL: another of the peers has it
    ParaPeers *peers;      ///< who train the same; NULL: nobody else
    int first, envs;       ///< [1] >= 0, >= 1; envs [first, first + envs) of def.envs are this process's
    ParaFamilies families; ///< that are played: of a stream those of the world at hand
    ParaTrainingStream *stream; ///< NULL: all families are learned at once
    ParaArena *world_arena;     ///< of maker, room, batch and collector: the training's, or the world's
    ParaWorkers *workers;
    ParaPolicy *policy;
    ParaPpo *ppo;
    ParaTrialRoom *room;
    ParaMaker *maker;
    ParaBatch *batch;
    ParaCollector *collector;
    ParaTrainingModel *model;  ///< kept beside the player; NULL: none is
    ParaTrainingDream *dream;  ///< whose worlds are run by a model; NULL: the engine's are
    ParaTrainingDemos *demos;  ///< that are imitated; NULL: none, or no longer
    ParaCuriosity *curiosity;  ///< NULL: levels alone pay
    ParaPool *pool;            ///< past selves that are played against; NULL: nobody is
    int pool_written;          ///< [1] -1..lessons the last lesson whose past self is on disk
    uint8_t *state;            ///< beside the checkpoint that was loaded; NULL: none was, or it has none
    size_t state_size;         ///< [byte] >= 0
    const char *state_problem; ///< why there is none

    int lessons;        ///< [1] >= 0 lessons of the run that have ended
    int horizon;        ///< [decision] 1..def.horizon of the lesson at hand
    ParaStatistics now; ///< the lesson at hand, and the totals since the run began

    // Of this lesson.
    double lesson_start;   ///< [s] clock
    double lesson_cpu;     ///< [s] >= 0 CPU time of the process
    bool making;           ///< it is the maker's turn
    bool over;             ///< the minutes ended in it
    double update_seconds; ///< [s]
    double model_seconds;  ///< [s] >= 0 CPU time of teaching the model
    int64_t played_steps;  ///< world steps of the rollout
    ParaEndedList ended;
    bool saved;
    bool stopping;   ///< one of the peers was told to stop, as all know
    bool due;        ///< rank 0 finds a checkpoint due, as all know
    int lanes_envs;  ///< [1] 0..def.envs whose level runs on lanes, of all peers
    ParaEnded *told; ///< what ended in the envs of all peers; in scratch
    const char *note;

    ParaSolveWindow *windows; ///< [families]
    float *family_solve;      ///< [families] -1 unknown
    int *family_episodes;

    // Replays are written by worker threads.
    pthread_mutex_t episode_lock;
    int *proof_room;      ///< [families] fresh levels that may still enter the archive
    int *failure_room;    ///< [families] failed episodes that may still be kept
    uint8_t *kept_proved; ///< [1] 0 or 1  [kept_max]
    int *kept_prover; ///< [1] -1..envs the env whose proof of each stands in this lesson; envs: none yet, -1:
                      ///< an earlier lesson's does  [kept_max]
    int *kept_row;    ///< [1] >= 0 its episode row, where there is one  [kept_max]
    int *kept_told;   ///< [1] >= 0 reports of each that the database knows of  [kept_max]
    int kept_max;     ///< [1] >= 0 levels the maker keeps at most
    ParaArena *episode_arena;
    const char *episode_error;           ///< first failure to write one, told by the next remember
    struct ParaEpisodeRow *episode_rows; ///< written since the last remember
    int episode_count, episode_capacity;

    double checkpoint_clock; ///< [s] clock of the last checkpoint
    ParaArena *scratch;      ///< emptied each lesson
} ParaTraining;

/// A replay on disk that the database does not know yet: a proof, or a failed episode.
typedef struct ParaEpisodeRow {
    ParaPick pick;
    uint64_t hash;   ///< [hash] of the level
    ParaEndKind end; ///< SOLVED: it is a proof
    char cause[96];  ///< of a failure; see para_play_cause
    char file[64];   ///< in the run folder; "": it could not be written
    char *params;
    int env;            ///< [1] >= 0 in which it was played
    uint8_t *replay;    ///< the bytes of its file, where the run folder is a peer's; else NULL  [replay_size]
    size_t replay_size; ///< [byte] >= 0
} ParaEpisodeRow;

/// Opens or continues the run of def->folder and makes everything ready for the next lesson.
bool para_training_open(ParaTraining *t, const ParaTrainDef *def, ParaArena *arena, const char **out_error);
void para_training_close(ParaTraining *t);
/// Commits the rows of all lessons since the last checkpoint, then writes the checkpoint: rank 0 does, with
/// what all peers give.
bool para_training_save(ParaTraining *t, const char **out_error);
/// The newest whole checkpoint, if there is one, into policy, optimiser and totals; sets the next lesson.
bool para_training_load(ParaTraining *t, const char **out_error);
/// Once the envs are there: begins their episodes, or those the checkpoint was made in go on. Where they
/// cannot, `note` says why.
void para_training_begin(ParaTraining *t);
/// What the training needs besides policy and optimiser to go on as if it had not stopped, as bytes.
/// Of several peers rank 0 alone gets them: those of all envs, as one process would write them.
/// @return false, and nothing is written, where the episodes under way are too long to be kept (64 million
/// decisions of all envs)
bool para_training_state_put(const ParaTraining *t, ParaBytes *out);
/// Brings maker, windows and proofs back and plays the episodes under way again.
/// @param out_why out, on failure: what is wrong   @return false: some envs or all are on new episodes
bool para_training_state_take(ParaTraining *t, const uint8_t *data, size_t size, const char **out_why);
/// What a run keeps of a def, as JSON text.
const char *para_training_config_text(const ParaTrainDef *def, const ParaFamilies *families,
                                      ParaArena *arena);
/// What one call asks of a run, beyond its config, as JSON text.
const char *para_training_call_text(const ParaTrainDef *def, ParaArena *arena);
/// Takes maker, solver, sizes and seed from the run's own config.
bool para_training_config_read(ParaTrainDef *def, const char *text, ParaArena *arena, const char **out_error);
/// What was asked for by hand, as it differs from the defaults, and is not the run's: a sentence for people;
/// NULL: nothing.
const char *para_training_config_kept(const ParaTrainDef *asked, const ParaTrainDef *own, ParaArena *arena);
/// Why several peers cannot train so; NULL: they can.
const char *para_training_peers_contradiction(const ParaTrainDef *def, ParaArena *arena);
/// Whether all peers say so; what went wrong with the first that does not becomes everybody's error.
bool para_training_agree(ParaTraining *t, bool good, const char **out_error);
/// Rank 0 has opened the run, or could not: its config and families become everybody's.
/// @param asked the def of the call   @param good whether it has
bool para_training_meet(ParaTraining *t, const ParaTrainDef *asked, bool good, const char **out_error);
/// Rank 0 has read a checkpoint, or there is none: policy, optimiser, totals and state become everybody's.
bool para_training_share_checkpoint(ParaTraining *t, ParaTensor *tensors, int count, const char **out_error);
/// What ended in the envs of all, in the order of envs, takes the place of `ended`; steps are summed.
void para_training_share_ended(ParaTraining *t);
/// After the reports: all learn whether to stop and whether a checkpoint is due, and that they still train
/// the same player.   @return false with an error: they do not, or one is lost
bool para_training_tally(ParaTraining *t, const char **out_error);
/// After a lesson: the clock of rank 0 is everybody's, and so are its totals.
void para_training_share_time(ParaTraining *t, double cpu_seconds);
/// At the end of a lesson: whether all go on, which rank 0 says.
bool para_training_share_going(ParaTraining *t, bool going);
/// Replays that peers kept in this lesson become rows of rank 0, which writes them; what is proved all know.
void para_training_share_episodes(ParaTraining *t);
/// Gradient steps in a pass over a lesson of `horizon` decisions per world: fewer than asked for where one
/// would have less than 64 decisions. Peers have as many each, at most one for a row of the smallest share.
int para_train_minibatches(const ParaTrainDef *def, int horizon);
/// Share of the asked training that is done, 0..1; 0 where there is no limit.
double para_training_progress(const ParaTraining *t);
/// Learning rate of the lesson at hand [1] > 0: falls in a line from the one set to its share rate_end.
float para_training_rate(const ParaTraining *t);
/// What is asked for together and cannot be had, so that no run is begun with it. @return NULL: nothing
const char *para_training_model_contradiction(const ParaTrainDef *def);
const char *para_training_dream_contradiction(const ParaTrainDef *def);
/// Before episodes begin or go on: a model beside the player, where one is asked for, and curiosity.
/// @return false with an error: they cannot be had together, or a model that is there does not read
bool para_training_open_model(ParaTraining *t, const char **out_error);
void para_training_close_model(ParaTraining *t);
/// A slice of teaching for the model, after the player learned from a lesson; how well it foresaw that.
void para_training_teach_model(ParaTraining *t);
/// Writes it into the run folder. @return false with an error
bool para_training_save_model(ParaTraining *t, const char **out_error);
/// Once there are policy and workers: reads the model that a training in a dream is trained in.
/// @return false with an error   @return true too where it is none such
bool para_training_open_dream(ParaTraining *t, const char **out_error);
/// Worlds that it runs, for the batch. @return NULL: it is none such, or there is no memory
ParaWorldGroup *para_training_dream_group(ParaTraining *t);
/// Has the batch's episodes begin and end as dreams do.
void para_training_dream_on(ParaTraining *t);
void para_training_close_dream(ParaTraining *t); ///< after the batch
/// Why past selves cannot be played against. @return NULL: they can, or nobody asks
const char *para_training_pool_contradiction(const ParaTrainDef *def, const ParaFamilies *families,
                                             ParaArena *arena);
/// Once there is a collector: the pool, where one is asked for.
void para_training_open_pool(ParaTraining *t);
/// All episodes have begun anew: who plays in them.
void para_training_pool_begin(ParaTraining *t);
/// After a lesson: what was won against past selves, and now and then another of them.
void para_training_pool_lesson(ParaTraining *t);
/// Before a checkpoint: past selves that are not on disk yet. @return false with an error
bool para_training_save_pool(ParaTraining *t, const char **out_error);
/// Its part of the state beside a checkpoint, there and back. @return false: it is damaged
void para_training_pool_put(const ParaTraining *t, ParaBytes *out);
bool para_training_pool_take(ParaTraining *t, ParaBytesReader *in);
/// What is wrong with the episodes that a new run is to imitate, so that no run is begun with them.
/// @param family the run's first   @return NULL: nothing
const char *para_training_demos_problem(const ParaTrainDef *def, const char *family, ParaArena *arena);
/// Once there are policy and optimiser: takes the episodes to imitate into the run, and reads them.
/// @return false with an error: one cannot be had, or there are too few   @return true too where none is
/// asked for
bool para_training_open_demos(ParaTraining *t, const char **out_error);
/// Before the player first learns: it learns to do what was done there.
void para_training_imitate(ParaTraining *t);
/// For the lesson at hand: how much it is held to that beside its own play.
void para_training_imitate_on(ParaTraining *t);
/// What a stream cannot have with it, so that no run is begun with it. @return NULL: nothing
const char *para_training_stream_contradiction(const ParaTrainDef *def, ParaArena *arena);
/// Names of all families of a stream, each once. @return NULL with an error: one of them means none
const char *const *para_training_stream_families(const ParaWorldStream *stream, int *out_count,
                                                 ParaArena *arena, const char **out_error);
/// The stream with its families told one by one. @return NULL with an error: one of them means none
const ParaWorldStream *para_training_stream_expand(const ParaWorldStream *stream, ParaArena *arena,
                                                   const char **out_error);
/// Most families that one world of it has [1] >= 1.
int para_training_stream_widest(const ParaWorldStream *stream);
/// Once policy, optimiser and state are there: where the stream stands; its world's families are played.
/// @return false with an error   @return true too where there is no stream
bool para_training_open_stream(ParaTraining *t, const char **out_error);
/// How well each world was learned alone, from the run that the def names.  @return false with an error
bool para_training_take_reference(ParaTraining *t, const char **out_error);
void para_training_close_stream(ParaTraining *t); ///< after batch and maker
/// Puts in front of a state what belongs to the stream; nothing where there is none.
void para_training_put_stream(const ParaTraining *t, ParaBytes *out);
/// The number of a family in the run's list. @param family of `families`
int para_training_row_family(const ParaTraining *t, int family);
/// Seed of the maker and the batch of what is played.
uint64_t para_training_worlds_seed(const ParaTraining *t);
/// Whether the episodes that begin are the first of a world, which are none in the place of others.
bool para_training_is_new_world(const ParaTraining *t);
/// Decisions that the schedule and the length of lessons are told by: of the world at hand.
int64_t para_training_own_decisions(const ParaTraining *t);
const char *para_training_world_name(const ParaTraining *t); ///< NULL without a stream
int para_training_world_index(const ParaTraining *t);        ///< [1] >= 0 of the stream; 0 without
/// Share of the world at hand that was learned [1] >= 0, 1 where it is over.
double para_training_world_progress(const ParaTraining *t);
/// Whether a world that is over is still to be examined and left.
bool para_training_world_is_to_turn(const ParaTraining *t);
/// What a method does before each learning phase. @return false: this lesson is measured, not learned from
bool para_training_hold(ParaTraining *t);
bool para_training_examination_is_due(const ParaTraining *t); ///< of the world at hand, before a lesson
/// Examines it where that is due; told to stop, it stays due. @return false with an error
bool para_training_examine_world(ParaTraining *t, const char **out_error);
/// Once a world has been learned as long as it is to be: examines all worlds so far, and the next begins.
/// @return false with an error   @return true where it goes on, where nothing was due, and where it was told
/// to stop before anything has changed
bool para_training_turn_world(ParaTraining *t, const char **out_error);
/// Whether the world at hand was learned as long as it is to be; with the last one the stream is at its end.
bool para_training_world_is_over(const ParaTraining *t);
/// Maker, room, batch and collector of what is played; in training.c.
bool para_training_make_worlds(ParaTraining *t, const char **out_error);
void para_training_unmake_worlds(ParaTraining *t);
/// Adds to what is told with the next lesson. @param note NULL: nothing
void para_training_tell(ParaTraining *t, const char *note);
/// Whether every env found a level to play. @return false with an error that names the first family of which
/// hardly any member builds
bool para_training_has_levels(const ParaTraining *t, const char **out_error);
/// Solve rates and episodes of the families, from the windows.
void para_training_rates(ParaTraining *t);
/// Whether the minutes of the def are over in the midst of a maker's turn. Threads: any, in that turn.
bool para_training_turn_is_over(const ParaTraining *t);
/// True once a limit of the def is reached.
bool para_training_done(const ParaTraining *t);
/// An episode that a peer kept: it proves what nobody proved yet, or takes its family's room; rank 0 writes
/// it.
void para_training_take_episode(ParaTraining *t, const ParaEpisodeRow *row);
/// What a batch calls when an episode ends (a ParaOnEnded; context is the training): writes the replay of one
/// that is wanted, a proof or a sample of what failed, and leaves a row for the next remember. Worker threads
/// call it at once.
void para_training_keep_episode(void *context, int env, const ParaEnv *state, const ParaPick *pick);
