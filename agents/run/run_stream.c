// SPDX-License-Identifier: MIT
// Rows of a stream's examinations.
#include "agents/run/run_stream.h"

#include "agents/run/run_parts.h"

#include <math.h>

bool para_run_add_stream_score(ParaRun *run, const ParaStreamScore *score, const char **out_error)
{
    sqlite3_stmt *row =
        para_run_may_write(run, out_error)
            ? para_run_prepare(run,
                               "INSERT OR REPLACE INTO stream_scores (learning, world, point, "
                               "lesson, done, solve, low, high, levels) VALUES "
                               "(?,?,?,?,?,?,?,?,?)",
                               out_error)
            : NULL;
    if (!row)
        return false;
    const int whole[4] = {score->learning, score->world, score->point, score->lesson};
    const double real[4] = {score->done, score->solve, score->low, score->high};
    bool good = true;
    for (int i = 0; i < 4; i++)
        good = good && sqlite3_bind_int(row, 1 + i, whole[i]) == SQLITE_OK &&
               sqlite3_bind_double(row, 5 + i, real[i]) == SQLITE_OK;
    good = good && sqlite3_bind_int(row, 9, score->levels) == SQLITE_OK && sqlite3_step(row) == SQLITE_DONE;
    if (!good)
        para_run_fail(run, "save to", out_error);
    sqlite3_finalize(row);
    if (!good)
        para_run_roll_back(run);
    return good;
}

static ParaStreamScore read_score(sqlite3_stmt *row)
{
    ParaStreamScore score = {.learning = sqlite3_column_int(row, 0),
                             .world = sqlite3_column_int(row, 1),
                             .point = sqlite3_column_int(row, 2),
                             .lesson = sqlite3_column_int(row, 3),
                             .done = (double)para_run_column_share(row, 4),
                             .solve = sqlite3_column_double(row, 5),
                             .low = (double)para_run_column_share(row, 6),
                             .high = (double)para_run_column_share(row, 7),
                             .levels = sqlite3_column_int(row, 8)};
    score.solve = score.solve >= 0 && score.solve <= 1 ? score.solve : 0;
    return score;
}

/// Whether a row may be one that a training wrote.
static bool is_sound(const ParaStreamScore *score)
{
    return score->world >= 0 && score->learning >= score->world && score->learning < 1 << 16 &&
           score->point >= 0 && score->levels >= 0;
}

int para_run_stream_scores(ParaRun *run, ParaArena *arena, ParaStreamScore **out_scores)
{
    int count = 0, capacity = 0;
    ParaStreamScore *scores = NULL;
    sqlite3_stmt *row = NULL; // an older run has no such table
    if (sqlite3_prepare_v2(run->database,
                           "SELECT learning, world, point, lesson, done, solve, low, high, levels FROM "
                           "stream_scores ORDER BY learning, world, point LIMIT 100000",
                           -1, &row, NULL) != SQLITE_OK)
        return 0;
    while (sqlite3_step(row) == SQLITE_ROW) {
        ParaStreamScore score = read_score(row);
        if (count == capacity) {
            ParaStreamScore *more = PARA_NEW(arena, ParaStreamScore, capacity = capacity ? 2 * capacity : 64);
            for (int i = 0; i < count; i++)
                more[i] = scores[i];
            scores = more;
        }
        if (is_sound(&score))
            scores[count++] = score;
    }
    sqlite3_finalize(row);
    *out_scores = scores;
    return count;
}

bool para_run_set_stream_reference(ParaRun *run, const double *areas, int count, const char **out_error)
{
    sqlite3_stmt *row =
        para_run_may_write(run, out_error)
            ? para_run_prepare(run, "INSERT OR REPLACE INTO stream_reference (world, area) VALUES (?,?)",
                               out_error)
            : NULL;
    bool good = row != NULL;
    for (int i = 0; i < count && good; i++) {
        good = sqlite3_bind_int(row, 1, i) == SQLITE_OK &&
               sqlite3_bind_double(row, 2, areas[i]) == SQLITE_OK && sqlite3_step(row) == SQLITE_DONE &&
               sqlite3_reset(row) == SQLITE_OK;
        if (!good)
            para_run_fail(run, "save to", out_error);
    }
    sqlite3_finalize(row);
    return good;
}

void para_run_stream_reference(ParaRun *run, double *areas, int count)
{
    sqlite3_stmt *row = NULL;
    for (int i = 0; i < count; i++)
        areas[i] = -1;
    if (sqlite3_prepare_v2(run->database, "SELECT world, area FROM stream_reference", -1, &row, NULL) !=
        SQLITE_OK)
        return;
    while (sqlite3_step(row) == SQLITE_ROW) {
        int world = sqlite3_column_int(row, 0);
        double area = sqlite3_column_double(row, 1);
        if (world >= 0 && world < count && area >= 0 && area <= 1)
            areas[world] = area;
    }
    sqlite3_finalize(row);
}
