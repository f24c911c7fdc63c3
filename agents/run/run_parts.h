// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/run: shared by the files of the run folder, run_folder.c (open, lock, close),
// run_database.c (layout, versions, health), run_rows.c (what goes into the database and out),
// run_checkpoints.c (their files).
#include "agents/run/run_folder.h"

#include <sqlite3.h>

#define PARA_RUN_STATE_ENDING ".state" ///< of the state's file beside a checkpoint

/// Statements prepared at their first use and kept until the run is closed. The order is that of the
/// table in run_rows.c.
typedef enum {
    PARA_RUN_SQL_BEGIN,
    PARA_RUN_SQL_COMMIT,
    PARA_RUN_SQL_ADD_LESSON,
    PARA_RUN_SQL_ADD_REPORT,
    PARA_RUN_SQL_ADD_LEVEL,
    PARA_RUN_SQL_SCORE_LEVEL,
    PARA_RUN_SQL_LEVELS,
    PARA_RUN_SQL_ADD_PROOF,
    PARA_RUN_SQL_HAS_PROOF,
    PARA_RUN_SQL_ADD_EVALUATION,
    PARA_RUN_SQL_LAST_LESSON,
    PARA_RUN_SQL_ADD_FAMILY,
    PARA_RUN_SQL_CLEAR_FAMILIES,
    PARA_RUN_STATEMENTS
} ParaRunStatement;

struct ParaRun {
    ParaArena *arena;
    sqlite3 *database;
    sqlite3_stmt *statements[PARA_RUN_STATEMENTS];
    const char *folder;
    const char *config;
    const char *late_error; ///< of a call that cannot return one; told by the next commit
    int lock;               ///< file descriptor, -1 for readers
    bool writes;            ///< opened by para_run_open
    bool interrupted;
};

/// Opens or lays out DIR/run.db for the holder of the lock; sets `interrupted`.
bool para_run_database_write(ParaRun *run, const char *config_json, const char **out_error);
/// Opens DIR/run.db for reading only.
bool para_run_database_read(ParaRun *run, const char **out_error);
/// A value of the table meta, in the run's arena; NULL if there is none.
const char *para_run_read_meta(ParaRun *run, const char *key);
/// Sets the error "cannot <what> DIR/run.db: <SQLite's words>; <advice>"; always false.
bool para_run_fail(ParaRun *run, const char *what, const char **out_error);
/// Where the state of a lesson's checkpoint is.
const char *para_run_state_path(const ParaRun *run, int lesson, ParaArena *arena);
void para_run_finalize(ParaRun *run); ///< all kept statements
