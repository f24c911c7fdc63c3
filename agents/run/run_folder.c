// SPDX-License-Identifier: MIT
// Opening and closing a run folder: what may become one, who holds it, what was asked of it.
#include "agents/run/run_folder.h"

#include "agents/run/run_parts.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"
#include "engine/base/shell.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

// ---------------------------------------------------------------- the folder before it is opened

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

/// Names that an interrupted first opening may have left.
static bool is_ours(const char *name)
{
    static const char *const names[] = {"lock",   "checkpoints", "proofs",     "failures",
                                        "run.db", "run.db-wal",  "run.db-shm", "run.db-journal"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return ends_with(name, ".tmp");
}

/// A folder without run.db must be empty but for our own beginnings.
static bool may_become_a_run(const char *folder, ParaArena *arena, const char **out_error)
{
    if (para_file_exists(para_arena_printf(arena, "%s/run.db", folder)))
        return true;
    const char **names = NULL;
    int count = para_folder_list(folder, "", arena, &names, out_error);
    bool good = count >= 0;
    for (int i = 0; good && i < count; i++)
        good = is_ours(names[i]);
    if (!good && count >= 0)
        *out_error = para_arena_printf(
            arena, "%s is not empty and holds no Paracosm run (no run.db); choose another folder", folder);
    return good;
}

/// Takes DIR/lock; the file says who holds it.
static bool take_lock(ParaRun *run, const char **out_error)
{
    const char *path = para_arena_printf(run->arena, "%s/lock", run->folder), *holder = NULL;
    run->lock = para_lock_take(path, run->arena, &holder, out_error);
    if (holder)
        *out_error = para_arena_printf(
            run->arena, "run folder %s is in use by process %s; stop it first, or train into another folder",
            run->folder, *holder ? holder : "(unknown)");
    return run->lock >= 0;
}

// ---------------------------------------------------------------- opening

static ParaRun *new_run(const char *folder, bool writes, ParaArena *arena)
{
    PARA_ASSERT(folder && folder[0] && arena);
    ParaRun *run = PARA_NEW(arena, ParaRun, 1);
    run->arena = arena;
    run->folder = para_arena_strdup(arena, folder);
    run->lock = -1;
    run->writes = writes;
    return run;
}

/// Closes what is open without marking the run clean.
static ParaRun *give_up(ParaRun *run)
{
    sqlite3_close(run->database);
    para_lock_release(run->lock);
    return NULL;
}

ParaRun *para_run_open(const char *folder, const char *config_json, ParaArena *arena, const char **out_error)
{
    const char *ignored = NULL, **error = out_error ? out_error : &ignored;
    ParaRun *run = new_run(folder, true, arena);
    if (!para_folder_make(folder, arena, error) || !may_become_a_run(folder, arena, error) ||
        !take_lock(run, error))
        return NULL;
    if (!para_run_database_write(run, config_json, error) ||
        !para_folder_make(para_arena_printf(arena, "%s/checkpoints", folder), arena, error) ||
        !para_folder_make(para_arena_printf(arena, "%s/proofs", folder), arena, error) ||
        !para_folder_make(para_arena_printf(arena, "%s/failures", folder), arena, error))
        return give_up(run);
    run->config = para_run_read_meta(run, "config");
    if (!run->made && !para_run_take_templates(run, error))
        return give_up(run);
    return run;
}

bool para_run_exists(const char *folder, ParaArena *arena)
{
    const char *error = NULL;
    if (!para_file_exists(para_arena_printf(arena, "%s/run.db", folder)))
        return false;
    ParaRun *run = new_run(folder, false, arena);
    bool whole = para_run_database_read(run, &error);
    give_up(run);
    return whole || run->layout != 0; // what is wrong with it, its opening will say
}

ParaRun *para_run_open_read(const char *folder, ParaArena *arena, const char **out_error)
{
    const char *ignored = NULL, **error = out_error ? out_error : &ignored;
    ParaRun *run = new_run(folder, false, arena);
    if (!para_file_exists(folder)) {
        *error = para_arena_printf(arena, "there is no folder %s; train one with `%s train --out %s`", folder,
                                   para_shell_program(), para_shell_word(folder, arena));
        return NULL;
    }
    if (!para_file_exists(para_arena_printf(arena, "%s/run.db", folder))) {
        *error = para_arena_printf(arena, "%s holds no Paracosm run (no run.db)", folder);
        return NULL;
    }
    if (!para_run_database_read(run, error))
        return give_up(run);
    run->config = para_run_read_meta(run, "config");
    return run;
}

// ---------------------------------------------------------------- closing

void para_run_close(ParaRun *run)
{
    if (!run)
        return;
    if (run->writes) {
        if (!sqlite3_get_autocommit(run->database))
            sqlite3_exec(run->database, "ROLLBACK", NULL, NULL, NULL);
        // If this fails (disk full), the next opening checks the database once more than needed; nothing is
        // lost.
        sqlite3_exec(run->database, "UPDATE meta SET value = '1' WHERE key = 'clean'", NULL, NULL, NULL);
    }
    para_run_finalize(run);
    sqlite3_close(run->database);
    run->database = NULL;
    para_lock_release(run->lock);
    run->lock = -1;
}

const char *para_run_config(const ParaRun *run) { return run->config ? run->config : "{}"; }
const char *para_run_folder(const ParaRun *run) { return run->folder; }

bool para_run_is_new(const ParaRun *run) { return run->made; }
const char *para_run_note(const ParaRun *run) { return run->note; }

const char *para_run_setting(const ParaRun *run, const char *name, ParaArena *arena)
{
    cJSON *config = para_json_parse(para_run_config(run));
    const char *value =
        para_arena_strdup(arena, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(config, name)));
    cJSON_Delete(config);
    return value;
}

ParaSolverKind para_run_solver(const ParaRun *run)
{
    ParaSolverKind kind = PARA_SOLVER_CHIPMUNK;
    const char *name = para_run_setting(run, "solver", run->arena);
    if (name)
        para_solver_find(name, &kind);
    return para_solver_stands_alone(kind) ? kind : PARA_SOLVER_CHIPMUNK;
}

bool para_run_was_interrupted(const ParaRun *run) { return run->interrupted; }
