// SPDX-License-Identifier: MIT
// The table of templates in a run's database: what the run was trained on, whole, with its hash. What
// families come of it is run_families.c's.
#include "agents/run/run_families.h"
#include "agents/run/run_parts.h"
#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <stdio.h>
#include <string.h>

/// Runs a statement that gives no rows and ends it; a failure is told in SQLite's words.
static bool run_out(ParaRun *run, sqlite3_stmt *statement, const char **out_error)
{
    bool good = statement && sqlite3_step(statement) == SQLITE_DONE;
    if (statement && !good)
        para_run_fail(run, "save to", out_error);
    sqlite3_finalize(statement);
    return good;
}

static bool add_family(ParaRun *run, int family, const char *name, const char **out_error)
{
    sqlite3_stmt *row = para_run_prepare(run, "INSERT INTO families (family, name) VALUES (?,?)", out_error);
    if (row) {
        sqlite3_bind_int(row, 1, family);
        sqlite3_bind_text(row, 2, name, -1, SQLITE_STATIC);
    }
    return run_out(run, row, out_error);
}

bool para_run_add_template(ParaRun *run, int family, const char *name, const ParaTemplateText *text,
                           const char **out_error)
{
    PARA_ASSERT(family >= 0 && text->source && text->size <= PARA_TEMPLATE_SIZE_MAX);
    sqlite3_stmt *row = para_run_prepare(
        run, "INSERT INTO templates (family, name, source, hash, text) VALUES (?,?,?,?,?)", out_error);
    if (row) {
        sqlite3_bind_int(row, 1, family);
        sqlite3_bind_text(row, 2, name, -1, SQLITE_STATIC);
        sqlite3_bind_text(row, 3, text->source, -1, SQLITE_STATIC);
        sqlite3_bind_int64(row, 4, para_run_signed(para_hash(text->text, text->size, 0)));
        sqlite3_bind_text(row, 5, text->text, (int)text->size, SQLITE_STATIC);
    }
    return run_out(run, row, out_error);
}

bool para_run_set_families(ParaRun *run, const ParaFamilies *families, const char **out_error)
{
    PARA_ASSERT(families->texts);
    if (!para_run_begin(run, out_error))
        return false;
    bool good = run_out(run, para_run_prepare(run, "DELETE FROM families", out_error), out_error) &&
                run_out(run, para_run_prepare(run, "DELETE FROM templates", out_error), out_error);
    for (int f = 0; good && f < families->count; f++)
        good = add_family(run, f, families->names[f], out_error) &&
               para_run_add_template(run, f, families->names[f], &families->texts[f], out_error);
    if (!good)
        para_run_roll_back(run);
    return good && para_run_commit(run, out_error);
}

/// What a row of (source, hash, text) holds. @return why it cannot be, NULL: it is whole
static const char *read_row(sqlite3_stmt *row, ParaArena *arena, ParaTemplateText *out)
{
    const char *source = (const char *)sqlite3_column_text(row, 0),
               *text = (const char *)sqlite3_column_text(row, 2);
    size_t size = (size_t)sqlite3_column_bytes(row, 2);
    if (!source || !text)
        return "it is not there";
    if (size + strlen(source) > PARA_TEMPLATE_SIZE_MAX || size > para_arena_room(arena) / 2)
        return "it is too large";
    out->source = para_arena_strdup(arena, source);
    if (para_hash(text, size, 0) != para_run_unsigned(sqlite3_column_int64(row, 1)))
        return "its text does not match its hash";
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    out->text = copy;
    out->size = size;
    return NULL;
}

bool para_run_read_template(ParaRun *run, int family, ParaArena *arena, ParaRunTemplate *out,
                            const char **out_error)
{
    *out = (ParaRunTemplate){.kept = false};
    if (run->layout < 3)
        return true;
    sqlite3_stmt *row =
        para_run_prepare(run, "SELECT source, hash, text FROM templates WHERE family = ?", out_error);
    if (!row)
        return false;
    sqlite3_bind_int(row, 1, family);
    int step = sqlite3_step(row);
    const char *wrong = step == SQLITE_ROW ? read_row(row, arena, &out->text) : NULL;
    out->kept = step == SQLITE_ROW && !wrong;
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        para_run_fail(run, "read", out_error);
    if (wrong)
        *out_error = para_arena_printf(arena,
                                       "the template of family %d in %s/run.db is damaged: %s; put back "
                                       "run.db from a backup (eval and play can take the files as they are "
                                       "now: --templates disk)",
                                       family, run->folder, wrong);
    else if (out->kept)
        out->text.file = para_arena_printf(arena, "%s/run.db, template %d", run->folder, family);
    sqlite3_finalize(row);
    return out->kept || step == SQLITE_DONE;
}

bool para_run_find_template(ParaRun *run, const char *name, const char *source, int *out_family,
                            const char **out_error)
{
    *out_family = -1;
    if (run->layout < 3)
        return true;
    sqlite3_stmt *row = para_run_prepare(
        run, "SELECT family FROM templates WHERE name = ? OR source = ? ORDER BY family LIMIT 1", out_error);
    if (!row)
        return false;
    sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 2, source, -1, SQLITE_STATIC);
    int step = sqlite3_step(row);
    if (step == SQLITE_ROW)
        *out_family = sqlite3_column_int(row, 0);
    bool good = step == SQLITE_ROW || step == SQLITE_DONE || para_run_fail(run, "read", out_error);
    sqlite3_finalize(row);
    return good;
}

bool para_run_last_level(ParaRun *run, int family, uint64_t *out_seed, uint64_t *out_hash)
{
    const char *error = NULL; // without an answer nothing is claimed
    char sql[160];            // one that its seed alone makes
    snprintf(sql, sizeof sql,
             "SELECT level_seed, level_hash FROM reports WHERE family = ?%s ORDER BY report DESC LIMIT 1",
             run->layout < 4 ? "" : " AND recipe IS NULL");
    sqlite3_stmt *row = para_run_prepare(run, sql, &error);
    if (row)
        sqlite3_bind_int(row, 1, family);
    bool found = row && sqlite3_step(row) == SQLITE_ROW;
    if (found) {
        *out_seed = para_run_unsigned(sqlite3_column_int64(row, 0));
        *out_hash = para_run_unsigned(sqlite3_column_int64(row, 1));
    }
    sqlite3_finalize(row);
    return found;
}
