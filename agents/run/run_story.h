// SPDX-License-Identifier: MIT
#pragma once
// What a run's database tells as a story: curves, causes, the way of the curriculum, the archive and its
// family trees, in pieces small enough for a page, however long the run was.
#include "agents/run/run_folder.h"
#include "engine/base/json.h"

#define PARA_STORY_BINS   240  ///< points of a curve at most
#define PARA_STORY_LEVELS 1200 ///< levels of the archive, and links of its trees, at most

/// Writes one JSON object: "maker", "version", "lessons", "bin" (lessons of a point), "damaged" (levels whose
/// parameters do not read, which are left out of the curriculum), and tables as {"columns":
/// [...], "rows": [[...], ...]}: "curve", "families", "causes", "held_out", "curriculum", "edits", "archive",
/// "tree", "ends". Hashes are 16 hex digits. A table of something that the run, an older one, did not keep is
/// empty.
/// @param json in-out, where a value is due
/// @return false with a clear error: the database cannot be read
/// Cost: a few passes over the reports; 2 s for ten million.
bool para_run_story(ParaRun *run, ParaJson *json, const char **out_error);

/// [1] >= 0 Levels of the archive whose parameters do not read: a story leaves them out of the curriculum.
int para_run_damaged_levels(ParaRun *run);

/// Tells every lesson, from the first on. @return false with a clear error: the database cannot be read
typedef void ParaTellLesson(void *context, const ParaStatistics *lesson);
bool para_run_each_lesson(ParaRun *run, ParaTellLesson *tell, void *context, const char **out_error);

/// A level with a replay that proves it, or shows how it failed.
typedef struct ParaShownRow {
    uint64_t hash;  ///< [hash] of the level
    int32_t family; ///< [1] >= 0
    float success;  ///< [1] 0..1 when last scored
    bool solved;    ///< the file is a proof
    int lesson;     ///< [lesson] >= 0 that it is of
    double seconds; ///< [s] >= 0 of training at the end of that lesson; -1: the lesson is not told yet
    const char *file;
} ParaShownRow;
/// Levels worth looking at, family by family in turn: those of each that are solved least often first, then
/// failures.
/// @param out out, [max]   @return so many
int para_run_shown(ParaRun *run, ParaShownRow *out, int max, ParaArena *arena);

/// The name of a family of the run, in the arena; "" if it has none of this index.
const char *para_run_family_name(ParaRun *run, int family, ParaArena *arena);

/// The biggest blow that the player took on each of some levels of the archive.
/// @param hashes in, [count]   @param out out, [count] >= 0 [N s]; NaN where nothing was reported of it, by
/// an older version too   @return false with a clear error: the database cannot be read Cost: a pass over the
/// reports.
bool para_run_blows(ParaRun *run, const uint64_t *hashes, int count, float *out, ParaArena *arena,
                    const char **out_error);

/// Number of the newest report; 0: there is none, or the database cannot be read.
int64_t para_run_newest_report(ParaRun *run);
/// The newest reports of a level among the last 200,000. @param out out, [max]   @return so many
int para_run_reports_of(ParaRun *run, uint64_t level_hash, ParaReport *out, int max);
