// SPDX-License-Identifier: MIT
// The rows of a run's database, through statements that are prepared once. Errors carry SQLite's own
// words and what to do; a failed insert gives up the open transaction, so that a lesson is there whole
// or not at all.
#include "agents/run/run_folder.h"

#include "agents/run/run_parts.h"
#include "agents/run/run_story.h"
#include "engine/base/assert.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TOTAL_MAX 0x1p62 // no training gets so far, and to count on from there fits 64 bits

// Names of the kept statistics, and a parameter for each.
#define NAME_KEPT(name)       ", " #name
#define NAME_SHOWN(name)      ""
#define PARAMETER_KEPT(name)  ",?"
#define PARAMETER_SHOWN(name) ""

static const char *const statement_text[PARA_RUN_STATEMENTS] = {
    [PARA_RUN_SQL_BEGIN] = "BEGIN IMMEDIATE",
    [PARA_RUN_SQL_COMMIT] = "COMMIT",
    [PARA_RUN_SQL_ADD_LESSON] = "INSERT OR REPLACE INTO lessons (lesson"
#define PARA_STATISTIC(name, kind, of, kept, ...) NAME_##kept(name)
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
                                ") VALUES (?"
#define PARA_STATISTIC(name, kind, of, kept, ...) PARAMETER_##kept(name)
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
                                ")",
    [PARA_RUN_SQL_ADD_REPORT] =
        "INSERT INTO reports (lesson, family, level_hash, level_seed, env, ending, decisions,"
        " total_reward, seconds, progress, solver, recipe, cause, body, other, zone, x, y, closest, coverage,"
        " impulse, touched, moved, surprise, model_error, model_doubt) VALUES "
        "(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [PARA_RUN_SQL_ADD_LEVEL] =
        "INSERT INTO levels (hash, seed, parent, family, lesson, score, success, tries, maker, params, "
        "recipe)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (hash) DO UPDATE SET score = excluded.score,"
        " success = excluded.success, tries = excluded.tries",
    [PARA_RUN_SQL_SCORE_LEVEL] = "UPDATE levels SET score = ?2, success = ?3, tries = ?4 WHERE hash = ?1",
    [PARA_RUN_SQL_LEVELS] =
        "SELECT hash, seed, parent, family, lesson, score, success, tries, maker, params FROM levels"
        " WHERE ?1 < 0 OR family = ?1 ORDER BY lesson DESC, hash LIMIT ?2",
    [PARA_RUN_SQL_ADD_PROOF] =
        "INSERT OR REPLACE INTO proofs (level_hash, family, lesson, file) VALUES (?,?,?,?)",
    [PARA_RUN_SQL_HAS_PROOF] = "SELECT 1 FROM proofs WHERE level_hash = ?",
    [PARA_RUN_SQL_ADD_FAILURE] =
        "INSERT INTO failures (lesson, family, level_hash, level_seed, ending, cause, file, params)"
        " VALUES (?,?,?,?,?,?,?,?)",
    [PARA_RUN_SQL_DROP_FAILURES] =
        "DELETE FROM failures WHERE family = ?1 AND failure NOT IN"
        " (SELECT failure FROM failures WHERE family = ?1 ORDER BY failure DESC LIMIT ?2)",
    [PARA_RUN_SQL_HAS_FAILURE] = "SELECT 1 FROM failures WHERE file = ?",
    [PARA_RUN_SQL_ADD_EVALUATION] = "INSERT INTO evaluations (lesson, result) VALUES (?,?)",
    // Whatever columns there are: a run that is only read may be from before some of them.
    [PARA_RUN_SQL_LAST_LESSON] =
        "SELECT * FROM lessons WHERE lesson BETWEEN 0 AND ?1 ORDER BY lesson DESC LIMIT 1",
};

// ---------------------------------------------------------------- statements

/// The kept statement, ready for its parameters; NULL if it cannot be prepared.
static sqlite3_stmt *statement(ParaRun *run, ParaRunStatement which)
{
    if (!run->statements[which])
        sqlite3_prepare_v3(run->database, statement_text[which], -1, SQLITE_PREPARE_PERSISTENT,
                           &run->statements[which], NULL);
    return run->statements[which];
}

const char *para_run_column_text(sqlite3_stmt *row, int column, ParaArena *arena)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? para_arena_strdup(arena, text) : "";
}

float para_run_column_share(sqlite3_stmt *row, int column)
{
    double value = sqlite3_column_double(row, column);
    return value >= 0 && value <= 1 ? (float)value : 0;
}

int64_t para_run_signed(uint64_t bits)
{
    int64_t same;
    memcpy(&same, &bits, sizeof same);
    return same;
}

uint64_t para_run_unsigned(int64_t number)
{
    uint64_t same;
    memcpy(&same, &number, sizeof same);
    return same;
}

void para_run_finalize(ParaRun *run)
{
    for (int i = 0; i < PARA_RUN_STATEMENTS; i++) {
        sqlite3_finalize(run->statements[i]);
        run->statements[i] = NULL;
    }
}

bool para_run_may_write(ParaRun *run, const char **out_error)
{
    if (!run->writes && out_error)
        *out_error = para_arena_printf(run->arena, "run folder %s was opened for reading only", run->folder);
    return run->writes;
}

void para_run_roll_back(ParaRun *run)
{
    if (!sqlite3_get_autocommit(run->database))
        sqlite3_exec(run->database, "ROLLBACK", NULL, NULL, NULL);
}

/// Runs a statement that gives no rows. A failure rolls back, after its words were kept.
static bool run_once(ParaRun *run, ParaRunStatement which, const char **out_error)
{
    sqlite3_stmt *prepared = statement(run, which);
    bool good = prepared && sqlite3_step(prepared) == SQLITE_DONE;
    if (!good)
        para_run_fail(run, "save to", out_error);
    if (prepared) {
        sqlite3_reset(prepared);
        sqlite3_clear_bindings(prepared);
    }
    if (!good)
        para_run_roll_back(run);
    return good;
}

// One parameter after the other; the position counts up. Binding fails only without memory, and then
// the step fails too, or a NOT NULL column refuses the row.
typedef struct Binder {
    ParaRunStatement which;
    sqlite3_stmt *statement; ///< NULL: it could not be prepared
    int at;                  ///< parameters bound so far
} Binder;

static Binder bind_to(ParaRun *run, ParaRunStatement which)
{
    return (Binder){.which = which, .statement = statement(run, which)};
}

static void bind_whole(Binder *binder, int64_t value)
{
    if (binder->statement)
        sqlite3_bind_int64(binder->statement, ++binder->at, value);
}

static void bind_bits(Binder *binder, uint64_t value) { bind_whole(binder, para_run_signed(value)); }

static void bind_real(Binder *binder, double value)
{
    if (binder->statement)
        sqlite3_bind_double(binder->statement, ++binder->at, value); // a NaN becomes NULL
}

/// @param text must live until the statement has run
static void bind_text(Binder *binder, const char *text)
{
    if (binder->statement)
        sqlite3_bind_text(binder->statement, ++binder->at, text ? text : "", -1, SQLITE_STATIC);
}

/// @param text NULL becomes NULL
static void bind_words(Binder *binder, const char *text)
{
    if (text)
        bind_text(binder, text);
    else if (binder->statement)
        sqlite3_bind_null(binder->statement, ++binder->at);
}

/// Runs what is bound in full: a forgotten parameter would be NULL without a word.
static bool run_bound(ParaRun *run, const Binder *binder, const char **out_error)
{
    PARA_ASSERT(!binder->statement || binder->at == sqlite3_bind_parameter_count(binder->statement));
    return run_once(run, binder->which, out_error);
}

static uint64_t column_bits(sqlite3_stmt *row, int column)
{
    return para_run_unsigned(sqlite3_column_int64(row, column));
}

// ---------------------------------------------------------------- transactions

bool para_run_begin(ParaRun *run, const char **out_error)
{
    if (!para_run_may_write(run, out_error))
        return false;
    PARA_ASSERT(sqlite3_get_autocommit(run->database)); // they do not nest
    return run_once(run, PARA_RUN_SQL_BEGIN, out_error);
}

bool para_run_commit(ParaRun *run, const char **out_error)
{
    if (!para_run_may_write(run, out_error))
        return false;
    return run_once(run, PARA_RUN_SQL_COMMIT, out_error);
}

// ---------------------------------------------------------------- lessons and reports

bool para_run_add_lesson(ParaRun *run, const ParaStatistics *lesson, const char **out_error)
{
    PARA_ASSERT(lesson->lesson >= 0);
    if (!para_run_may_write(run, out_error))
        return false;
    Binder binder = bind_to(run, PARA_RUN_SQL_ADD_LESSON);
    bind_whole(&binder, lesson->lesson);
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        if (row->kept == PARA_STATISTIC_KEPT && row->kind == PARA_STATISTIC_WHOLE)
            bind_whole(&binder, para_statistic_whole(lesson, row));
        else if (row->kept == PARA_STATISTIC_KEPT)
            bind_real(&binder, para_statistic_value(lesson, row));
    }
    return run_bound(run, &binder, out_error);
}

/// What the row does not have, has as NULL, or has out of its range, stays unknown; columns that nobody knows
/// are passed over.
static ParaStatistics read_lesson(sqlite3_stmt *row)
{
    ParaStatistics lesson = {0};
    para_statistics_begin_lesson(&lesson, sqlite3_column_int(row, 0));
    for (int column = 1; column < sqlite3_column_count(row); column++) {
        const ParaStatistic *statistic = para_statistic_find(sqlite3_column_name(row, column));
        if (!statistic || statistic->kept != PARA_STATISTIC_KEPT ||
            sqlite3_column_type(row, column) == SQLITE_NULL)
            continue;
        double value = sqlite3_column_double(row, column);
        if (statistic->of == PARA_STATISTIC_RUN &&
            !(value >= statistic->low && value <= statistic->high && value <= TOTAL_MAX))
            continue; // a total that was changed by hand
        if (statistic->kind == PARA_STATISTIC_WHOLE)
            para_statistic_set_whole(&lesson, statistic, sqlite3_column_int64(row, column));
        else
            para_statistic_set_real(&lesson, statistic, sqlite3_column_double(row, column));
    }
    return lesson;
}

bool para_run_each_lesson(ParaRun *run, ParaTellLesson *tell, void *context, const char **out_error)
{
    sqlite3_stmt *row =
        para_run_prepare(run, "SELECT * FROM lessons WHERE lesson >= 0 ORDER BY lesson", out_error);
    int step = SQLITE_ERROR;
    if (!row)
        return false;
    while ((step = sqlite3_step(row)) == SQLITE_ROW) {
        ParaStatistics lesson = read_lesson(row);
        tell(context, &lesson);
    }
    if (step != SQLITE_DONE)
        para_run_fail(run, "read", out_error);
    sqlite3_finalize(row);
    return step == SQLITE_DONE;
}

int para_run_last_lesson(ParaRun *run, ParaStatistics *out)
{
    Binder binder = bind_to(run, PARA_RUN_SQL_LAST_LESSON);
    sqlite3_stmt *row = binder.statement;
    if (!row)
        return -1;
    bind_whole(&binder, PARA_RUN_LESSON_MAX);
    int lesson = -1;
    if (sqlite3_step(row) == SQLITE_ROW) {
        ParaStatistics last = read_lesson(row);
        lesson = last.lesson;
        if (out)
            *out = last;
    }
    sqlite3_reset(row);
    return lesson;
}

/// How it ended, and what was met on the way.
static void bind_way(Binder *binder, const ParaReport *report)
{
    bind_words(binder, para_cause_name(report->cause));
    bind_whole(binder, report->cause_body);
    bind_whole(binder, report->cause_other);
    bind_whole(binder, report->cause_zone);
    bind_real(binder, (double)report->x);
    bind_real(binder, (double)report->y);
    bind_real(binder, (double)report->closest);
    bind_real(binder, (double)report->coverage);
    bind_real(binder, (double)report->impulse);
    bind_bits(binder, report->touched[0]);
    bind_bits(binder, report->moved[0]);
    bind_real(binder, report->judged.known ? (double)report->judged.surprise : (double)NAN);
    bind_real(binder, report->foreseen.known ? (double)report->foreseen.error : (double)NAN);
    bind_real(binder, report->foreseen.known ? (double)report->foreseen.doubt : (double)NAN);
}

bool para_run_add_reports(ParaRun *run, const ParaReport *reports, const char *const *recipes, int count,
                          const char **out_error)
{
    PARA_ASSERT(count >= 0);
    if (!para_run_may_write(run, out_error))
        return false;
    for (int i = 0; i < count; i++) {
        const ParaReport *report = &reports[i];
        PARA_ASSERT(report->lesson >= 0 && report->family >= 0 && report->env >= 0);
        Binder binder = bind_to(run, PARA_RUN_SQL_ADD_REPORT);
        bind_whole(&binder, report->lesson);
        bind_whole(&binder, report->family);
        bind_bits(&binder, report->level_hash);
        bind_bits(&binder, report->level_seed);
        bind_whole(&binder, report->env);
        bind_text(&binder, para_end_name(report->end));
        bind_whole(&binder, report->decisions);
        bind_real(&binder, (double)report->total_reward);
        bind_real(&binder, (double)report->seconds);
        bind_real(&binder, (double)report->progress);
        bind_text(&binder, para_solver_name(report->solver));
        bind_words(&binder, recipes ? recipes[i] : NULL);
        bind_way(&binder, report);
        if (!run_bound(run, &binder, out_error))
            return false;
    }
    return true;
}

static bool read_end(const char *name, ParaEndKind *out)
{
    for (int kind = PARA_END_SOLVED; kind <= PARA_END_CUT; kind++) {
        if (strcmp(name, para_end_name((ParaEndKind)kind)) == 0) {
            *out = (ParaEndKind)kind;
            return true;
        }
    }
    return false;
}

static bool read_report(sqlite3_stmt *row, ParaReport *out)
{
    *out = (ParaReport){.lesson = sqlite3_column_int(row, 0),
                        .family = sqlite3_column_int(row, 1),
                        .level_hash = column_bits(row, 2),
                        .level_seed = column_bits(row, 3),
                        .env = sqlite3_column_int(row, 4),
                        .decisions = sqlite3_column_int(row, 6),
                        .total_reward = (float)sqlite3_column_double(row, 7),
                        .seconds = (float)sqlite3_column_double(row, 8),
                        .progress = (float)sqlite3_column_double(row, 9)};
    const char *end = (const char *)sqlite3_column_text(row, 5),
               *solver = (const char *)sqlite3_column_text(row, 10);
    return out->lesson >= 0 && out->family >= 0 && end && solver && read_end(end, &out->end) &&
           para_solver_find(solver, &out->solver);
}

/// There is no such report: which are there?
static void no_report(ParaRun *run, int64_t report, const char **out_error)
{
    sqlite3_stmt *row = para_run_prepare(run, "SELECT min(report), max(report) FROM reports", out_error);
    if (row && sqlite3_step(row) == SQLITE_ROW && sqlite3_column_type(row, 0) == SQLITE_INTEGER) {
        int64_t first = sqlite3_column_int64(row, 0), last = sqlite3_column_int64(row, 1);
        bool between = report > first && report < last;
        *out_error = para_arena_printf(run->arena, "%s has no report %lld; its reports are %lld to %lld%s",
                                       run->folder, (long long)report, (long long)first, (long long)last,
                                       between ? ", and of older lessons only some keep theirs" : "");
    } else if (row)
        *out_error = para_arena_printf(run->arena, "%s has no reports yet", run->folder);
    sqlite3_finalize(row);
}

bool para_run_report(ParaRun *run, int64_t report, ParaReport *out, const char **out_recipe,
                     const char **out_error)
{
    char sql[240];
    snprintf(sql, sizeof sql,
             "SELECT lesson, family, level_hash, level_seed, env, ending, decisions, total_reward, seconds,"
             " progress, %s, %s FROM reports WHERE report = ?",
             run->layout < 2 ? "'chipmunk'" : "solver", run->layout < 4 ? "NULL" : "recipe");
    sqlite3_stmt *row = para_run_prepare(run, sql, out_error);
    if (!row)
        return false;
    sqlite3_bind_int64(row, 1, report);
    int step = sqlite3_step(row);
    bool good = step == SQLITE_ROW && read_report(row, out);
    if (good && out_recipe) {
        const char *recipe = (const char *)sqlite3_column_text(row, 11);
        *out_recipe = recipe ? para_arena_strdup(run->arena, recipe) : NULL;
    }
    if (step == SQLITE_DONE)
        no_report(run, report, out_error);
    else if (step != SQLITE_ROW)
        para_run_fail(run, "read", out_error);
    else if (!good)
        *out_error = para_arena_printf(run->arena, "report %lld in %s/run.db is damaged", (long long)report,
                                       run->folder);
    sqlite3_finalize(row);
    return good;
}

int para_run_reports_of(ParaRun *run, uint64_t level_hash, ParaReport *out, int max)
{
    const char *error = NULL;
    int count = 0;
    sqlite3_stmt *row =
        run->layout < 4
            ? NULL
            : para_run_prepare(
                  run,
                  "SELECT lesson, family, level_hash, level_seed, env, ending, decisions, total_reward,"
                  " seconds, progress, solver, cause, body, other, zone, x, y, closest, touched FROM"
                  " reports WHERE report > (SELECT max(report) FROM reports) - ?3 AND"
                  " level_hash = ?1 ORDER BY report DESC LIMIT ?2",
                  &error);
    if (!row)
        return 0;
    sqlite3_bind_int64(row, 1, para_run_signed(level_hash));
    sqlite3_bind_int(row, 2, max);
    sqlite3_bind_int64(row, 3, PARA_RUN_REPORTS_WHOLE);
    while (count < max && sqlite3_step(row) == SQLITE_ROW) {
        ParaReport *report = &out[count];
        const char *cause = (const char *)sqlite3_column_text(row, 11);
        if (!read_report(row, report) || !cause || !para_cause_find(cause, &report->cause))
            continue;
        report->cause_body = (int16_t)sqlite3_column_int(row, 12);
        report->cause_other = (int16_t)sqlite3_column_int(row, 13);
        report->cause_zone = (int16_t)sqlite3_column_int(row, 14);
        report->x = (float)sqlite3_column_double(row, 15);
        report->y = (float)sqlite3_column_double(row, 16);
        report->closest = (float)sqlite3_column_double(row, 17);
        report->touched[0] = column_bits(row, 18);
        count++;
    }
    sqlite3_finalize(row);
    return count;
}

// ---------------------------------------------------------------- levels, proofs, evaluations

bool para_run_add_level(ParaRun *run, const ParaLevelRow *row, const char **out_error)
{
    PARA_ASSERT(row->family >= 0 && row->tries >= 0 && row->maker && row->params_json);
    if (!para_run_may_write(run, out_error))
        return false;
    Binder binder = bind_to(run, PARA_RUN_SQL_ADD_LEVEL);
    bind_bits(&binder, row->hash);
    bind_bits(&binder, row->seed);
    bind_bits(&binder, row->parent);
    bind_whole(&binder, row->family);
    bind_whole(&binder, row->lesson);
    bind_real(&binder, (double)row->score);
    bind_real(&binder, (double)row->success);
    bind_whole(&binder, row->tries);
    bind_text(&binder, row->maker);
    bind_text(&binder, row->params_json);
    bind_words(&binder, row->recipe);
    return run_bound(run, &binder, out_error);
}

bool para_run_score_level(ParaRun *run, uint64_t hash, float score, float success, int tries,
                          const char **out_error)
{
    PARA_ASSERT(tries >= 0);
    if (!para_run_may_write(run, out_error))
        return false;
    Binder binder = bind_to(run, PARA_RUN_SQL_SCORE_LEVEL);
    bind_bits(&binder, hash);
    bind_real(&binder, (double)score);
    bind_real(&binder, (double)success);
    bind_whole(&binder, tries);
    return run_bound(run, &binder, out_error);
}

int para_run_levels(ParaRun *run, int family, ParaLevelRow *out, int max, ParaArena *arena)
{
    PARA_ASSERT(family >= -1 && max >= 0);
    Binder binder = bind_to(run, PARA_RUN_SQL_LEVELS);
    if (!binder.statement)
        return 0;
    bind_whole(&binder, family);
    bind_whole(&binder, max);
    int count = 0;
    while (count < max && sqlite3_step(binder.statement) == SQLITE_ROW) {
        sqlite3_stmt *row = binder.statement;
        out[count++] = (ParaLevelRow){
            .hash = column_bits(row, 0),
            .seed = column_bits(row, 1),
            .parent = column_bits(row, 2),
            .family = sqlite3_column_int(row, 3),
            .lesson = sqlite3_column_int(row, 4),
            .score =
                isfinite((float)sqlite3_column_double(row, 5)) ? (float)sqlite3_column_double(row, 5) : 0,
            .success = para_run_column_share(row, 6),
            .tries = sqlite3_column_int(row, 7),
            .maker = para_run_column_text(row, 8, arena),
            .params_json = para_run_column_text(row, 9, arena),
        };
    }
    sqlite3_reset(binder.statement);
    return count;
}

bool para_run_add_proof(ParaRun *run, uint64_t level_hash, int family, int lesson, const char *file,
                        const char **out_error)
{
    PARA_ASSERT(family >= 0 && lesson >= 0 && file[0]);
    if (!para_run_may_write(run, out_error))
        return false;
    Binder binder = bind_to(run, PARA_RUN_SQL_ADD_PROOF);
    bind_bits(&binder, level_hash);
    bind_whole(&binder, family);
    bind_whole(&binder, lesson);
    bind_text(&binder, file);
    return run_bound(run, &binder, out_error);
}

bool para_run_has_proof(ParaRun *run, uint64_t level_hash)
{
    Binder binder = bind_to(run, PARA_RUN_SQL_HAS_PROOF);
    bind_bits(&binder, level_hash);
    if (!binder.statement)
        return false;
    bool found = sqlite3_step(binder.statement) == SQLITE_ROW;
    sqlite3_reset(binder.statement);
    return found;
}

bool para_run_add_failure(ParaRun *run, const ParaFailureRow *row, int keep, const char **out_error)
{
    PARA_ASSERT(row->family >= 0 && row->lesson >= 0 && row->file && row->cause && row->params_json &&
                keep >= 0);
    if (!para_run_may_write(run, out_error))
        return false;
    Binder add = bind_to(run, PARA_RUN_SQL_ADD_FAILURE);
    bind_whole(&add, row->lesson);
    bind_whole(&add, row->family);
    bind_bits(&add, row->level_hash);
    bind_bits(&add, row->level_seed);
    bind_text(&add, para_end_name(row->end));
    bind_text(&add, row->cause);
    bind_text(&add, row->file);
    bind_text(&add, row->params_json);
    if (!run_bound(run, &add, out_error))
        return false;
    Binder drop = bind_to(run, PARA_RUN_SQL_DROP_FAILURES); // their files go when the run is tidied
    bind_whole(&drop, row->family);
    bind_whole(&drop, keep);
    return run_bound(run, &drop, out_error);
}

bool para_run_has_failure(ParaRun *run, const char *file)
{
    Binder binder = bind_to(run, PARA_RUN_SQL_HAS_FAILURE);
    if (!binder.statement)
        return false;
    bind_text(&binder, file);
    bool found = sqlite3_step(binder.statement) == SQLITE_ROW;
    sqlite3_reset(binder.statement);
    return found;
}

bool para_run_add_evaluation(ParaRun *run, int lesson, const char *json, const char **out_error)
{
    if (!para_run_may_write(run, out_error))
        return false;
    Binder binder = bind_to(run, PARA_RUN_SQL_ADD_EVALUATION);
    bind_whole(&binder, lesson);
    bind_text(&binder, json);
    return run_bound(run, &binder, out_error);
}

bool para_run_note_call(ParaRun *run, int lesson, const char *json, const char **out_error)
{
    if (!para_run_may_write(run, out_error))
        return false;
    char *sql = sqlite3_mprintf("INSERT OR REPLACE INTO meta VALUES ('call %06d', %Q)", lesson, json);
    bool noted = sql && sqlite3_exec(run->database, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    if (!noted) {
        para_run_fail(run, "save to", out_error);
        para_run_roll_back(run);
    }
    return noted;
}

// ---------------------------------------------------------------- going back

bool para_run_forget_after(ParaRun *run, int lesson, const char **out_error)
{
    static const struct {
        const char *table, *which;
    } gone[] = {
        {"lessons", ""},
        {"reports", ""},
        {"report_sums", ""},
        {"level_sums", ""}, // of levels that came again since; how often they did before is forgotten too
        {"levels", ""},
        {"proofs", ""},
        {"failures", ""},
        {"stream_scores", ""},
        // Those of a training come again with their lessons; what `paracosm eval` found stays.
        {"evaluations", " AND json_valid(result) AND json_extract(result, '$.while_training')"},
    };
    PARA_ASSERT(lesson >= -1);
    if (!para_run_may_write(run, out_error) || !para_run_begin(run, out_error))
        return false;
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        char sql[160];
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE lesson > %d%s", gone[i].table, lesson, gone[i].which);
        if (sqlite3_exec(run->database, sql, NULL, NULL, NULL) != SQLITE_OK) {
            para_run_fail(run, "save to", out_error);
            para_run_roll_back(run);
            return false;
        }
    }
    return para_run_commit(run, out_error);
}
