// SPDX-License-Identifier: MIT
// A run in numbers, from its database; whatever is not there or damaged is unknown, and says so.
#include "agents/run/run_facts.h"

#include "agents/run/run_parts.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#define EVALUATIONS_LOOKED "200" // newest ones

/// What a question asks for whose answer is one row.
typedef struct Answer {
    double values[4]; // NaN where there is no number
} Answer;

static bool ask(ParaRun *run, const char *sql, int64_t first, int64_t second, Answer *out,
                const char **out_error)
{
    for (int k = 0; k < 4; k++)
        out->values[k] = (double)NAN;
    sqlite3_stmt *row = para_run_prepare(run, sql, out_error);
    if (!row)
        return false;
    if (sqlite3_bind_parameter_count(row) >= 2) {
        sqlite3_bind_int64(row, 1, first);
        sqlite3_bind_int64(row, 2, second);
    }
    int step = sqlite3_step(row);
    for (int k = 0; step == SQLITE_ROW && k < 4 && k < sqlite3_column_count(row); k++) {
        int type = sqlite3_column_type(row, k);
        if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
            out->values[k] = sqlite3_column_double(row, k);
    }
    bool good = step == SQLITE_ROW || step == SQLITE_DONE;
    if (!good)
        para_run_fail(run, "read", out_error);
    sqlite3_finalize(row);
    return good;
}

static bool has_column(ParaRun *run, const char *column)
{
    const char *error = NULL;
    sqlite3_stmt *row = para_run_prepare(run, "SELECT * FROM lessons LIMIT 0", &error);
    bool found = false;
    for (int c = 0; row && c < sqlite3_column_count(row); c++)
        found = found || strcmp(sqlite3_column_name(row, c), column) == 0;
    sqlite3_finalize(row);
    return found;
}

static int64_t whole(double value) { return value >= 0 && value < 0x1p62 ? (int64_t)value : 0; }
static double share(double value) { return value >= 0 && value <= 1 ? value : (double)NAN; }

// ---------------------------------------------------------------------------------------------
// Scores.

/// A number of an object in an object; NaN where there is none.
static double inner(const cJSON *root, const char *outer, const char *key)
{
    const cJSON *of = cJSON_GetObjectItemCaseSensitive(root, outer);
    const cJSON *value = cJSON_IsObject(of) ? cJSON_GetObjectItemCaseSensitive(of, key) : of;
    return cJSON_IsNumber(value) ? share(value->valuedouble) : (double)NAN;
}

static bool is_among(const char *name, const char *list)
{
    size_t length = strlen(name);
    for (const char *at = list; length > 0 && (at = strstr(at, name)); at += length)
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

static int commas(const char *list)
{
    int count = 0;
    for (; *list; list++)
        count += *list == ',';
    return count;
}

/// Levels of an evaluation by `paracosm eval`; 0 where it was not of just the run's families.
static int levels_of(const cJSON *families, const char *own)
{
    int levels = 0;
    const cJSON *family;
    if (!cJSON_IsArray(families) || cJSON_GetArraySize(families) != commas(own) + 1)
        return 0;
    cJSON_ArrayForEach(family, families)
    {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(family, "name"));
        const cJSON *count = cJSON_GetObjectItemCaseSensitive(family, "levels");
        if (!name || !is_among(name, own) || !cJSON_IsNumber(count) || count->valueint < 1 ||
            count->valueint > 1000000)
            return 0;
        levels += count->valueint;
    }
    return levels;
}

/// A row of the table evaluations, into the score that it is of, if that is not known yet.
static void take_evaluation(ParaRunFacts *facts, int lesson, const char *text)
{
    cJSON *root = para_json_parse(text);
    bool training = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "while_training"));
    const cJSON *families = cJSON_GetObjectItemCaseSensitive(root, "families"),
                *each = cJSON_GetObjectItemCaseSensitive(root, "levels");
    ParaRunScore *score = training ? &facts->held_out : &facts->evaluated;
    int levels = training ? (cJSON_IsNumber(each) ? each->valueint * cJSON_GetArraySize(families) : 0)
                          : levels_of(families, facts->families);
    const ParaRunScore found = {.lesson = lesson,
                                .levels = levels,
                                .mean = inner(root, "mean", "trained"),
                                .worst_tenth = inner(root, "worst10", "trained")};
    bool whole_families = !cJSON_GetObjectItemCaseSensitive(root, "tier");
    if (score->lesson < 0 && lesson >= 0 && levels > 0 && isfinite(found.mean) && whole_families)
        *score = found;
    cJSON_Delete(root);
}

static bool read_scores(ParaRun *run, ParaRunFacts *facts, const char **out_error)
{
    sqlite3_stmt *row = para_run_prepare(
        run, "SELECT lesson, result FROM evaluations ORDER BY evaluation DESC LIMIT " EVALUATIONS_LOOKED,
        out_error);
    int step = SQLITE_ERROR;
    while (row && (step = sqlite3_step(row)) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(row, 1);
        if (text)
            take_evaluation(facts, sqlite3_column_int(row, 0), text);
    }
    if (row && step != SQLITE_DONE)
        para_run_fail(run, "read", out_error);
    sqlite3_finalize(row);
    return step == SQLITE_DONE;
}

// ---------------------------------------------------------------------------------------------

static const char *families_of(ParaRun *run, ParaArena *arena)
{
    const char *list = "", *error = NULL;
    sqlite3_stmt *row =
        para_run_prepare(run, "SELECT name FROM families ORDER BY family LIMIT 10000", &error);
    while (row && sqlite3_step(row) == SQLITE_ROW)
        list =
            para_arena_printf(arena, "%s%s%s", list, *list ? "," : "", para_run_column_text(row, 0, arena));
    sqlite3_finalize(row);
    return list;
}

bool para_run_facts(ParaRun *run, ParaArena *arena, ParaRunFacts *out, const char **out_error)
{
    const char *maker = para_run_setting(run, "maker", arena),
               *written = para_run_read_meta(run, "written_by");
    const ParaRunScore none = {.lesson = -1, .mean = (double)NAN, .worst_tenth = (double)NAN};
    *out = (ParaRunFacts){.config = para_run_config(run),
                          .maker = maker ? maker : "",
                          .families = families_of(run, arena),
                          .written_by = written ? written : "",
                          .calibration = (double)NAN,
                          .held_out = none,
                          .evaluated = none};
    if (para_run_last_lesson(run, &out->now) < 0)
        out->now.lesson = -1;
    Answer sums, kept, edge, last = {.values = {(double)NAN}};
    bool good =
        ask(run, "SELECT sum(episodes), sum(solved) FROM lessons", 0, 0, &sums, out_error) &&
        ask(run, "SELECT count(*), count(file) FROM levels LEFT JOIN proofs ON level_hash = hash", 0, 0,
            &kept, out_error) &&
        ask(run,
            "SELECT sum(n), sum(CASE WHEN p BETWEEN 0.2 AND 0.8 THEN n ELSE 0 END) FROM (SELECT sum(n) AS "
            "n,"
            " 1.0 * sum(won) / sum(n) AS p FROM (SELECT level_hash, 1 AS n, ending = 'solved' AS won FROM "
            "reports"
            " UNION ALL SELECT level_hash, episodes, solved FROM level_sums) GROUP BY level_hash HAVING "
            "sum(n) >= 4)",
            0, 0, &edge, out_error) &&
        (!has_column(run, "calibration") ||
         ask(run,
             "SELECT calibration FROM lessons WHERE calibration IS NOT NULL ORDER BY lesson DESC LIMIT 1", 0,
             0, &last, out_error)) &&
        read_scores(run, out, out_error);
    if (!good)
        return false;
    out->episodes = whole(sums.values[0]);
    out->solved = whole(sums.values[1]) < out->episodes ? whole(sums.values[1]) : out->episodes;
    out->levels = (int)(whole(kept.values[0]) & INT32_MAX);
    out->proofs = (int)(whole(kept.values[1]) & INT32_MAX);
    out->edge_known = whole(edge.values[0]);
    out->edge = whole(edge.values[1]);
    out->calibration = share(last.values[0]);
    return true;
}
_Static_assert(PARA_FACTS_EDGE_TRIES == 4, "the question above has it too");

bool para_run_point(ParaRun *run, int64_t decisions, ParaRunPoint *out, const char **out_error)
{
    Answer rate, held = {.values = {(double)NAN}}, time;
    bool good =
        ask(run,
            "SELECT 1.0 * sum(solved) / sum(episodes) FROM lessons WHERE decisions > ?1 AND decisions <= ?2",
            decisions - decisions / 10, decisions, &rate, out_error) &&
        ask(run, "SELECT max(seconds) FROM lessons WHERE decisions BETWEEN ?1 AND ?2", 0, decisions, &time,
            out_error) &&
        (!has_column(run, "held_out") ||
         ask(run,
             "SELECT held_out FROM lessons WHERE held_out IS NOT NULL AND decisions BETWEEN ?1 AND ?2"
             " ORDER BY lesson DESC LIMIT 1",
             0, decisions, &held, out_error));
    if (good)
        *out = (ParaRunPoint){.solved = share(rate.values[0]),
                              .held_out = share(held.values[0]),
                              .seconds = time.values[0] >= 0 ? time.values[0] : (double)NAN};
    return good;
}
