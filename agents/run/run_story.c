// SPDX-License-Identifier: MIT
// The story of a run, by questions to its database whose answers are bounded.
#include "agents/run/run_story.h"

#include "agents/run/run_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A question whose answer becomes a table. Its ?1 are the lessons of a point.
typedef struct Question {
    const char *key;
    int layout; ///< of the database from which it can be answered
    const char *sql;
} Question;

static const Question questions[] = {
    {"curve", 1,
     "SELECT lesson / ?1 * ?1 AS lesson, max(decisions) AS decisions, max(world_steps) AS world_steps,"
     " max(scoring_steps) AS scoring_steps, max(seconds) AS seconds, sum(solved) AS solved,"
     " sum(episodes) AS episodes, avg(entropy) AS entropy, avg(kl) AS kl,"
     " avg(explained_variance) AS explained_variance FROM lessons GROUP BY 1 ORDER BY 1"},
    {"families", 1,
     "SELECT lesson / ?1 * ?1 AS lesson, name, sum(episodes) AS episodes, 1.0 * sum(episodes * (ending ="
     " 'solved')) / sum(episodes) AS solved, sum(progress) / sum(episodes) AS progress FROM outcomes JOIN"
     " families USING (family) GROUP BY 1, family ORDER BY 2, 1"},
    {"causes", 4,
     "SELECT lesson / ?1 * ?1 AS lesson, coalesce(cause, ending) AS cause, sum(episodes) AS episodes FROM "
     "outcomes"
     " GROUP BY 1, 2 ORDER BY 1"},
    {"held_out", 1,
     "SELECT lesson, decisions, held_out, held_out_worst FROM lessons WHERE held_out IS NOT NULL AND"
     " (lesson / ?1 = lesson / ?1) ORDER BY lesson LIMIT 2000"},
    {"curriculum", 1,
     "SELECT name, key AS parameter, levels.lesson / ?1 * ?1 AS lesson, count(*) AS levels, avg(value) AS "
     "mean,"
     " avg(value * value) AS square, min(value) AS low, max(value) AS high FROM levels JOIN families"
     " USING (family), json_each(CASE WHEN json_valid(params) THEN params ELSE '{}' END) WHERE "
     "json_each.type IN ('real', 'integer') GROUP BY 1, 2, 3"
     " ORDER BY 1, 2, 3 LIMIT 20000"},
    // A chain of edits is "kind:seed kind:seed".
    {"edits", 4,
     "WITH RECURSIVE chain (lesson, name, rest) AS (SELECT lesson / ?1 * ?1, name, json_extract(recipe, "
     "'$.edits') || ' ' FROM levels JOIN families USING (family) WHERE json_valid(recipe) AND "
     "json_type(recipe, '$.edits') = 'text' UNION ALL SELECT lesson, name, substr(rest, instr(rest, ' ') + 1)"
     " FROM chain WHERE length(rest) > 1 AND instr(rest, ' ') > 0) SELECT lesson, name, substr(rest, 1, "
     "instr(rest, ':') - 1) AS word, count(*) AS levels FROM chain WHERE instr(rest, ':') > 1 GROUP BY 1, 2, "
     "3"
     " ORDER BY 2, 3, 1 LIMIT 20000"},
    {"archive", 1,
     "SELECT printf('%016x', hash) AS hash, name, levels.lesson, success, tries, score, maker, params,"
     " proofs.file IS NOT NULL AS proved, printf('%016x', parent) AS parent FROM levels JOIN families USING "
     "(family)"
     " LEFT JOIN proofs ON level_hash = hash WHERE ?1 > 0 ORDER BY abs(success - 0.5), levels.lesson DESC "
     "LIMIT 1200"},
    {"tree", 1,
     "SELECT printf('%016x', a.hash) AS hash, printf('%016x', a.parent) AS parent, a.lesson, a.success, name"
     " FROM levels a JOIN families USING (family) JOIN levels b ON a.parent = b.hash WHERE ?1 > 0"
     " ORDER BY a.lesson LIMIT 1200"},
    {"ends", 4,
     "SELECT name, x, y, cause FROM reports JOIN families USING (family) WHERE ?1 > 0 AND x IS NOT NULL"
     " ORDER BY report DESC LIMIT 1500"},
    {"evaluations", 1,
     "SELECT lesson, at, result FROM evaluations WHERE ?1 > 0 ORDER BY evaluation DESC LIMIT 20"},
};

static void put_value(ParaJson *json, sqlite3_stmt *row, int column)
{
    char text[24];
    para_json_item(json);
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
        snprintf(text, sizeof text, "%lld", (long long)sqlite3_column_int64(row, column));
        para_json_format(json, "%s", text);
        break;
    case SQLITE_FLOAT: {
        float value = (float)sqlite3_column_double(row, column); // a page needs no more digits
        if (isfinite(value))
            para_json_float(json, value);
        else
            para_json_format(json, "null");
        break;
    }
    case SQLITE_TEXT:
        para_json_string(json, (const char *)sqlite3_column_text(row, column));
        break;
    default:
        para_json_format(json, "null");
        break;
    }
}

static bool put_answer(ParaRun *run, const Question *question, int bin, ParaJson *json,
                       const char **out_error)
{
    sqlite3_stmt *row = para_run_prepare(run, question->sql, out_error);
    if (!row)
        return false;
    sqlite3_bind_int(row, 1, bin);
    para_json_open(json, '{');
    para_json_key(json, "columns");
    para_json_open(json, '[');
    for (int c = 0; c < sqlite3_column_count(row); c++) {
        para_json_item(json);
        para_json_string(json, sqlite3_column_name(row, c));
    }
    para_json_close(json, ']');
    para_json_key(json, "rows");
    para_json_open(json, '[');
    int step;
    while ((step = sqlite3_step(row)) == SQLITE_ROW) {
        para_json_item(json);
        para_json_open(json, '[');
        for (int c = 0; c < sqlite3_column_count(row); c++)
            put_value(json, row, c);
        para_json_close(json, ']');
    }
    para_json_close(json, ']');
    para_json_close(json, '}');
    if (step != SQLITE_DONE)
        para_run_fail(run, "read", out_error);
    sqlite3_finalize(row);
    return step == SQLITE_DONE;
}

int para_run_damaged_levels(ParaRun *run)
{
    const char *error = NULL;
    sqlite3_stmt *row =
        para_run_prepare(run, "SELECT count(*) FROM levels WHERE NOT json_valid(params)", &error);
    int count = row && sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int(row, 0) : 0;
    sqlite3_finalize(row);
    return count;
}

bool para_run_story(ParaRun *run, ParaJson *json, const char **out_error)
{
    int lessons = para_run_last_lesson(run, NULL) + 1,
        bin = (lessons + PARA_STORY_BINS - 1) / PARA_STORY_BINS;
    const char *maker = para_run_setting(run, "maker", run->arena);
    const char *version = para_run_read_meta(run, "written_by");
    bin = bin > 1 ? bin : 1;
    para_json_open(json, '{');
    para_json_key_string(json, "maker", maker ? maker : "");
    para_json_key_string(json, "version", version ? version : "");
    para_json_key_int(json, "lessons", lessons);
    para_json_key_int(json, "bin", bin);
    para_json_key_int(json, "damaged", para_run_damaged_levels(run));
    bool good = true;
    for (size_t q = 0; good && q < sizeof questions / sizeof *questions; q++) {
        para_json_key(json, questions[q].key);
        if (run->layout >= questions[q].layout)
            good = put_answer(run, &questions[q], bin, json, out_error);
        else
            para_json_format(json, "{\"columns\": [], \"rows\": []}");
    }
    para_json_close(json, '}');
    return good;
}

// ---------------------------------------------------------------------------------------------
// What can be looked at.

int para_run_shown(ParaRun *run, ParaShownRow *out, int max, ParaArena *arena)
{
    // The k-th of each family before the (k + 1)-th of any: all families are seen, however many levels one
    // has.
    static const char proofs[] =
        "SELECT hash, family, success, file, 1, lesson, (SELECT seconds FROM lessons WHERE lesson = "
        "chosen.lesson) "
        "FROM (SELECT hash, levels.family AS family, success, file, proofs.lesson AS lesson, row_number() "
        "OVER"
        " (PARTITION BY levels.family ORDER BY success, hash) AS place FROM levels "
        "JOIN proofs ON level_hash = hash) AS chosen ORDER BY place, family LIMIT ?1";
    static const char failures[] = "SELECT level_hash, family, 0, file, 0, lesson, (SELECT seconds FROM "
                                   "lessons WHERE lesson = chosen.lesson) "
                                   "FROM (SELECT *, row_number() OVER (PARTITION BY family ORDER BY failure "
                                   "DESC) AS place FROM failures)"
                                   " AS chosen ORDER BY place, family LIMIT ?1";
    const char *const texts[2] = {proofs, failures}, *error = NULL;
    int count = 0;
    for (int k = 0; k < 2; k++) {
        sqlite3_stmt *row = para_run_prepare(run, texts[k], &error);
        if (!row)
            continue; // an older run, without failures
        sqlite3_bind_int(row, 1, k == 0 ? max - max / 4 : max - count);
        while (count < max && sqlite3_step(row) == SQLITE_ROW)
            out[count++] = (ParaShownRow){
                .hash = para_run_unsigned(sqlite3_column_int64(row, 0)),
                .family = sqlite3_column_int(row, 1),
                .success = para_run_column_share(row, 2),
                .solved = sqlite3_column_int(row, 4) == 1,
                .file = para_run_column_text(row, 3, arena),
                .lesson = sqlite3_column_int(row, 5),
                .seconds = sqlite3_column_type(row, 6) == SQLITE_NULL ? -1.0 : sqlite3_column_double(row, 6),
            };
        sqlite3_finalize(row);
    }
    return count;
}

const char *para_run_family_name(ParaRun *run, int family, ParaArena *arena)
{
    const char *error = NULL, *name = "";
    sqlite3_stmt *row = para_run_prepare(run, "SELECT name FROM families WHERE family = ?1", &error);
    if (row) {
        sqlite3_bind_int(row, 1, family);
        if (sqlite3_step(row) == SQLITE_ROW)
            name = para_run_column_text(row, 0, arena);
    }
    sqlite3_finalize(row);
    return name;
}

int64_t para_run_newest_report(ParaRun *run)
{
    const char *error = NULL;
    sqlite3_stmt *row = para_run_prepare(run, "SELECT max(report) FROM reports", &error);
    int64_t newest = row && sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    sqlite3_finalize(row);
    return newest;
}

// ---------------------------------------------------------------------------------------------
// What levels did to the player.

typedef struct Place {
    uint64_t hash;
    int at;
} Place;

static int by_hash(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

bool para_run_blows(ParaRun *run, const uint64_t *hashes, int count, float *out, ParaArena *arena,
                    const char **out_error)
{
    Place *places = PARA_NEW(arena, Place, count + 1);
    for (int i = 0; i < count; i++) {
        places[i] = (Place){hashes[i], i};
        out[i] = NAN;
    }
    qsort(places, (size_t)count, sizeof *places, by_hash);
    if (run->layout < 4)
        return true;
    sqlite3_stmt *row = para_run_prepare(run,
                                         "SELECT level_hash, max(impulse) FROM (SELECT level_hash, impulse"
                                         " FROM reports UNION ALL SELECT level_hash, impulse FROM level_sums)"
                                         " WHERE level_hash IN (SELECT hash FROM levels) GROUP BY level_hash",
                                         out_error);
    int step = SQLITE_ERROR;
    while (row && (step = sqlite3_step(row)) == SQLITE_ROW) {
        Place key = {.hash = para_run_unsigned(sqlite3_column_int64(row, 0))};
        const Place *found = bsearch(&key, places, (size_t)count, sizeof *places, by_hash);
        float blow = (float)sqlite3_column_double(row, 1);
        if (found && sqlite3_column_type(row, 1) != SQLITE_NULL && blow >= 0)
            out[found->at] = blow;
    }
    if (row && step != SQLITE_DONE)
        para_run_fail(run, "read", out_error);
    sqlite3_finalize(row);
    return step == SQLITE_DONE;
}
