// SPDX-License-Identifier: MIT
#pragma once
// Shared by the files of the run folder only: run_folder.c (open, lock, layout), run_rows.c (what goes
// into the database and out), run_checkpoints.c (files of checkpoints).
#include "agents/run/run_folder.h"

#include <sqlite3.h>

/// Statements prepared at their first use and kept until the run is closed. The order is that of the
/// table in run_rows.c.
typedef enum {
    RUN_BEGIN,
    RUN_COMMIT,
    RUN_ROLLBACK,
    RUN_ADD_LESSON,
    RUN_ADD_REPORT,
    RUN_ADD_LEVEL,
    RUN_LEVELS,
    RUN_ADD_PROOF,
    RUN_HAS_PROOF,
    RUN_ADD_EVALUATION,
    RUN_LAST_LESSON,
    RUN_ADD_FAMILY,
    RUN_CLEAR_FAMILIES,
    RUN_STATEMENTS
} ParaRunStatement;

struct ParaRun {
    ParaArena *arena;
    sqlite3 *database;
    sqlite3_stmt *statements[RUN_STATEMENTS];
    const char *folder;
    const char *config;
    const char *late_error; ///< of a call that cannot return one; told by the next commit
    int lock;               ///< file descriptor, -1 for readers
    bool writes;            ///< opened by para_run_open
    bool interrupted;
};

/// Sets the error "cannot <what> DIR/run.db: <SQLite's words>; <advice>"; always false.
bool para_run_fail(ParaRun *run, const char *what, const char **out_error);
void para_run_finalize(ParaRun *run); ///< all kept statements
