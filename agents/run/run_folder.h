// SPDX-License-Identifier: MIT
#pragma once
// A run folder holds everything of one training: run.db (SQLite: lessons, levels, reports, proofs,
// evaluations, the templates it is trained on), checkpoints/, proofs/, lock. Killing the process at any
// moment loses at most the work since the last checkpoint. One writer at a time; any number of readers while
// it writes.
#include "agents/env/report.h"
#include "agents/run/statistics.h"
#include "engine/base/arena.h"
#include "engine/base/bytes.h"

#include <stdbool.h>

/// Of the folder's layout; a newer one is refused with a clear error, an older one is brought up to date when
/// it is opened for writing. 2: reports.solver, and "solver" in the config. 3: templates, and "made_by" and
/// "written_by" in meta. 4: why reports ended, and recipes of levels. 7: scores of streams. A new lesson
/// statistic needs no new layout: its column is added when a run without it is opened for writing, and is
/// NULL in older rows.
#define PARA_RUN_VERSION 7

typedef struct ParaRun ParaRun;

typedef struct ParaLevelRow {
    uint64_t hash;   ///< [hash] of the level
    uint64_t seed;   ///< [seed] it was sampled with
    uint64_t parent; ///< [hash] of the level it was made from, 0 if none
    int32_t family;  ///< [1] >= 0 index in the run's list of families
    int32_t lesson;  ///< [1] >= 0 in which it entered the archive
    float score;     ///< [1] 0..0.5 learnability when last scored
    float success;   ///< [1] 0..1 success rate when last scored
    int32_t tries;   ///< [1] >= 0 episodes it was last scored with
    const char *maker;
    const char *params_json; ///< {"gap": 2.5, ...}
    const char *recipe;      ///< where its seed alone does not make it (para_pick_recipe); NULL: it does
} ParaLevelRow;

/// Whether a folder holds a run, whole or not: one that para_run_open would not begin anew.
bool para_run_exists(const char *folder, ParaArena *arena);
/// Opens or makes a run folder. `config_json` is stored at the first opening and returned later by
/// para_run_config. If the last writer did not close it, the database is checked from end to end first.
/// Errors: not a run folder but not empty, newer version, locked by a running process (flock), damaged
/// database.
ParaRun *para_run_open(const char *folder, const char *config_json, ParaArena *arena, const char **out_error);
/// For reading only (eval, report): no lock, never changes anything.
ParaRun *para_run_open_read(const char *folder, ParaArena *arena, const char **out_error);
void para_run_close(ParaRun *run);               ///< NULL is fine; an open transaction is given up
const char *para_run_config(const ParaRun *run); ///< JSON text
/// A text of the config, in the arena; NULL if it says none of this name.
const char *para_run_setting(const ParaRun *run, const char *name, ParaArena *arena);
const char *para_run_folder(const ParaRun *run);
/// True if this opening has made the run.
bool para_run_is_new(const ParaRun *run);
/// What should be told of this opening though it worked, or NULL: templates of an older version's run that
/// were taken in, or could not be.
const char *para_run_note(const ParaRun *run);
/// The solver the run was configured with. Runs from before there were two say nothing: they are chipmunk's.
ParaSolverKind para_run_solver(const ParaRun *run);
/// True if the last writer was killed and this opening has checked the database.
bool para_run_was_interrupted(const ParaRun *run);

/// Everything between begin and commit lands together or not at all.
/// A failed commit or insert rolls the whole transaction back; what was committed before stands.
bool para_run_begin(ParaRun *run, const char **out_error);
bool para_run_commit(ParaRun *run, const char **out_error);
/// Keeps what a training was asked for when it went on at `lesson`, under the key "call 000040" of meta.
bool para_run_note_call(ParaRun *run, int lesson, const char *json, const char **out_error);
/// Keeps the statistics of a lesson; one that is there already (a training that continued from an older
/// checkpoint) is replaced. Not a number becomes NULL.
bool para_run_add_lesson(ParaRun *run, const ParaStatistics *lesson, const char **out_error);
/// @param recipes in, [count] how each level is made where its seed alone does not (para_pick_recipe), NULL
/// where it does; NULL: all do
bool para_run_add_reports(ParaRun *run, const ParaReport *reports, const char *const *recipes, int count,
                          const char **out_error);
/// Reads one report again. @param report [1] >= 1 its number, the key of its row
/// @param out out, what is needed to make and name its level: not `player` (0), nor how it ended in detail
/// @param out_recipe out, the recipe of its level in the run's arena, or NULL; may be NULL
/// @return false if there is none of this number, with those there are, or it is damaged
bool para_run_report(ParaRun *run, int64_t report, ParaReport *out, const char **out_recipe,
                     const char **out_error);
/// Adds a level, or refreshes score, success and tries of one that is there.
bool para_run_add_level(ParaRun *run, const ParaLevelRow *row, const char **out_error);
/// Scores a level that is there again, by what was reported of it since; one that is not there is left out.
/// @param hash of the level   @param score [1] 0..0.5   @param success [1] 0..1   @param tries [1] >= 0
bool para_run_score_level(ParaRun *run, uint64_t hash, float score, float success, int tries,
                          const char **out_error);
/// Score and tries of archived levels when they were last scored, without recipes. Fills out [max], returns
/// count; newest first.
/// @param family index, or -1 for all
int para_run_levels(ParaRun *run, int family, ParaLevelRow *out, int max, ParaArena *arena);
bool para_run_add_proof(ParaRun *run, uint64_t level_hash, int family, int lesson, const char *file,
                        const char **out_error);
/// An episode that failed, kept as a replay.
typedef struct ParaFailureRow {
    uint64_t level_hash; ///< [hash] of the level
    uint64_t level_seed; ///< [seed] it was sampled with
    int32_t family;      ///< [1] >= 0 index in the run's list of families
    int32_t lesson;      ///< [1] >= 0 in which it ended
    ParaEndKind end;
    const char *cause;       ///< as para_play_cause tells it
    const char *file;        ///< in the run folder
    const char *params_json; ///< {"gap": 2.5, ...}
} ParaFailureRow;
/// Adds a failure; of its family only the newest `keep` [1] >= 0 stay.
bool para_run_add_failure(ParaRun *run, const ParaFailureRow *row, int keep, const char **out_error);
bool para_run_has_proof(ParaRun *run, uint64_t level_hash);
bool para_run_add_evaluation(ParaRun *run, int lesson, const char *json, const char **out_error);
/// Last committed lesson number, -1 if none; fills `out` if not NULL. Statistics that were not kept, by an
/// older version or at all, are unknown: not a number if they are REAL and of a LESSON, else zero.
int para_run_last_lesson(ParaRun *run, ParaStatistics *out);
#define PARA_RUN_REPORTS_WHOLE 200000 ///< [1] newest reports that a run keeps one by one
#define PARA_RUN_LESSONS_THIN  32     ///< [1] of older lessons every so many'th keeps its reports
/// Bounds what reports take: of lessons older than those of the newest reports, all but a few have sums per
/// family and way to end in their place (table report_sums; the view outcomes is both), and sums per level
/// (level_sums) of levels that are kept or came again. What is left depends on the rows alone, not on when it
/// is called. In the caller's transaction.
/// @param whole [1] >= 0 newest reports that stay   @param every [1] >= 1
/// Cost: that of the reports that go, about 10 us each
bool para_run_thin(ParaRun *run, int64_t whole, int every, const char **out_error);
/// Forgets lessons after `lesson` (-1: all), with their reports, levels, proofs, failures and the training's
/// own evaluations: a training that goes on from an older checkpoint calls it once, so that no lesson is
/// counted twice. Not inside a transaction.
bool para_run_forget_after(ParaRun *run, int lesson, const char **out_error);

/// Path for the checkpoint of a lesson: checkpoints/lesson-000123.safetensors.
const char *para_run_checkpoint_path(const ParaRun *run, int lesson, ParaArena *arena);
/// Writes what a training needs beside its checkpoint to go on, never half: checkpoints/lesson-000123.state.
/// Call it before the checkpoint is written, whose card is to keep the hash.
/// @param out_hash out, 16 hex digits
bool para_run_write_state(ParaRun *run, int lesson, const ParaBytes *state, char out_hash[17],
                          const char **out_error);
/// @param hash as para_run_write_state told it   @param out out, [out_size] in the arena
/// @return false if there is none, or it is damaged or another one's
bool para_run_read_state(ParaRun *run, int lesson, const char *hash, ParaArena *arena, uint8_t **out,
                         size_t *out_size, const char **out_error);
/// Newest checkpoint that reads whole and matches its hash; skips (and reports through `out_note`) damaged
/// ones. -1 if none, or the folder cannot be looked at, which the note says.
int para_run_newest_checkpoint(ParaRun *run, ParaArena *arena, const char **out_path, const char **out_note);
/// The same of those of lessons before `before` [1] >= 0 alone.
int para_run_checkpoint_before(ParaRun *run, int before, ParaArena *arena, const char **out_path,
                               const char **out_note);
/// Whether the run has ever been tidied with a checkpoint in it: where there is none now, somebody took it
/// away.
bool para_run_had_checkpoint(ParaRun *run);
/// Renames the checkpoints of lessons after `lesson`, which were passed over as damaged, to *.damaged: they
/// must not pass for newer than those to come when para_run_tidy chooses which to keep.
bool para_run_set_aside_after(ParaRun *run, int lesson, const char **out_error);
/// After each checkpoint. Removes all but the newest `keep` checkpoints (and that of every `milestone`-th
/// lesson; 0: none), the states of all but the newest `keep`, replays of failures that the database has let
/// go, and left-over temporary files. Not while replays are being written, nor with rows of some that are not
/// committed.
void para_run_tidy(ParaRun *run, int keep, int milestone);
