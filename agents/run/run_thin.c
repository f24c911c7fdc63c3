// SPDX-License-Identifier: MIT
// Older reports as sums: a fast training ends millions of episodes, each of which is a row of 200 bytes.
#include "agents/run/run_parts.h"
#include "engine/base/assert.h"

#include <stdio.h>

// What goes: ?1..?2 are lessons, of which every ?3'th stays whole.
#define GOING " lesson BETWEEN ?1 AND ?2 AND lesson % ?3 <> 0"

/// The lessons that may be thinned: from the first that was not, to the last that has no report among the
/// newest.
static const char which[] =
    "SELECT coalesce((SELECT max(lesson) FROM report_sums), -1) + 1, coalesce((SELECT lesson FROM reports"
    " WHERE report > (SELECT max(report) FROM reports) - ?1 ORDER BY report LIMIT 1), 0) - 1";

static const char *const steps[] = {
    // How often a level was tried is asked of those that come again and those that are kept.
    "INSERT INTO level_sums SELECT level_hash, max(lesson), count(*), sum(ending = 'solved'), max(impulse)"
    " FROM reports AS gone WHERE" GOING " AND (EXISTS (SELECT 1 FROM reports AS other WHERE other.level_hash"
    " = gone.level_hash AND other.report <> gone.report) OR EXISTS (SELECT 1 FROM level_sums AS sums WHERE"
    " sums.level_hash = gone.level_hash) OR EXISTS (SELECT 1 FROM levels WHERE hash = gone.level_hash))"
    " GROUP BY level_hash ON CONFLICT (level_hash) DO UPDATE SET lesson = max(lesson, excluded.lesson),"
    " episodes = episodes + excluded.episodes, solved = solved + excluded.solved,"
    " impulse = max(coalesce(impulse, excluded.impulse), coalesce(excluded.impulse, impulse))",
    ("INSERT INTO report_sums SELECT lesson, family, solver, ending, coalesce(cause, ''), count(*),"
     " sum(decisions), sum(total_reward), sum(seconds), sum(progress) FROM reports WHERE" GOING
     " GROUP BY 1, 2, 3, 4, 5"),
    "DELETE FROM reports WHERE" GOING,
};

static bool do_step(ParaRun *run, const char *sql, const int64_t range[2], int every, const char **out_error)
{
    sqlite3_stmt *step = para_run_prepare(run, sql, out_error);
    if (!step)
        return false;
    sqlite3_bind_int64(step, 1, range[0]);
    sqlite3_bind_int64(step, 2, range[1]);
    sqlite3_bind_int(step, 3, every);
    bool good = sqlite3_step(step) == SQLITE_DONE || para_run_fail(run, "save to", out_error);
    sqlite3_finalize(step);
    return good;
}

bool para_run_thin(ParaRun *run, int64_t whole, int every, const char **out_error)
{
    PARA_ASSERT(whole >= 0 && every >= 1);
    if (!para_run_may_write(run, out_error))
        return false;
    sqlite3_stmt *row = para_run_prepare(run, which, out_error);
    if (!row)
        return false;
    sqlite3_bind_int64(row, 1, whole);
    bool good = sqlite3_step(row) == SQLITE_ROW || para_run_fail(run, "read", out_error);
    const int64_t range[2] = {sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1)};
    sqlite3_finalize(row);
    for (size_t i = 0; good && range[0] <= range[1] && i < sizeof steps / sizeof *steps; i++)
        good = do_step(run, steps[i], range, every, out_error);
    if (!good)
        para_run_roll_back(run);
    return good;
}

bool para_run_as_if_thinned(ParaRun *run, const char **out_error)
{
    char sql[640];
    if (run->layout >= 5)
        return true;
    snprintf(sql, sizeof sql,
             "CREATE TEMP VIEW level_sums AS SELECT 0 AS level_hash, 0 AS lesson, 0 AS episodes, 0 AS solved,"
             " NULL AS impulse WHERE 0; CREATE TEMP VIEW outcomes AS SELECT lesson, family, %s AS solver,"
             " ending, %s AS cause, 1 AS episodes, decisions, total_reward, seconds, progress FROM reports",
             run->layout < 2 ? "'chipmunk'" : "solver", run->layout < 4 ? "NULL" : "cause");
    return sqlite3_exec(run->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           para_run_fail(run, "read", out_error);
}
