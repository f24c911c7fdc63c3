// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/run: shared by the files of the run folder, run_folder.c (open, lock, close),
// run_database.c (layout, versions, health), run_rows.c (what goes into the database and out),
// run_thin.c (older reports as sums), run_templates.c (the templates in it), run_families.c (families from
// those), run_checkpoints.c (their files).
#include "agents/run/run_folder.h"
#include "worlds/library.h"

#include <sqlite3.h>

#define PARA_RUN_LESSON_MAX   900000000 ///< [1] no training gets so far: a file or row of more was made by hand
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
    PARA_RUN_SQL_ADD_FAILURE,
    PARA_RUN_SQL_DROP_FAILURES,
    PARA_RUN_SQL_HAS_FAILURE,
    PARA_RUN_SQL_ADD_EVALUATION,
    PARA_RUN_SQL_LAST_LESSON,
    PARA_RUN_STATEMENTS
} ParaRunStatement;

struct ParaRun {
    ParaArena *arena;
    sqlite3 *database;
    sqlite3_stmt *statements[PARA_RUN_STATEMENTS];
    const char *folder;
    const char *config;
    const char *note; ///< NULL: nothing to tell
    int64_t layout;   ///< [1] 0..PARA_RUN_VERSION of the open database; 0: empty, -1: not known
    int lock;         ///< file descriptor, -1 for readers
    bool writes;      ///< opened by para_run_open
    bool made;        ///< by this opening
    bool interrupted;
    bool had_checkpoint; ///< this opening has noted that there is one
};

/// Opens or lays out DIR/run.db for the holder of the lock; sets `interrupted`.
bool para_run_database_write(ParaRun *run, const char *config_json, const char **out_error);
/// Opens DIR/run.db for reading only. `layout` is set even where it is refused for being empty.
bool para_run_database_read(ParaRun *run, const char **out_error);
/// A value of the table meta, in the run's arena; NULL if there is none.
const char *para_run_read_meta(ParaRun *run, const char *key);
/// A column that may be damaged: its text in the arena, "" where it has none.
const char *para_run_column_text(sqlite3_stmt *row, int column, ParaArena *arena);
/// A column that should be a share: 0..1, whatever stands there.
float para_run_column_share(sqlite3_stmt *row, int column);
/// A statement for once, to be finalized; NULL with an error if the database cannot take it.
sqlite3_stmt *para_run_prepare(ParaRun *run, const char *sql, const char **out_error);
/// Gives an older database, which is only read, what para_run_thin makes: nothing was thinned in it.
bool para_run_as_if_thinned(ParaRun *run, const char **out_error);
/// Whether rows may be written; tells where not.
bool para_run_may_write(ParaRun *run, const char **out_error);
void para_run_roll_back(ParaRun *run); ///< an open transaction, if there is one
/// Hashes and seeds are unsigned; the database has the signed number of the same bits.
int64_t para_run_signed(uint64_t bits);
uint64_t para_run_unsigned(int64_t number);
/// The name of the way to the disk that a run.db is opened by (a VFS of SQLite). Any thread.
const char *para_run_disk(void);
/// Sets the error "cannot <what> DIR/run.db: <SQLite's words>; <advice>"; always false.
bool para_run_fail(ParaRun *run, const char *what, const char **out_error);
/// Whether the table of failures names a file of the run folder.
bool para_run_has_failure(ParaRun *run, const char *file);
/// Where the state of a lesson's checkpoint is.
const char *para_run_state_path(const ParaRun *run, int lesson, ParaArena *arena);
void para_run_finalize(ParaRun *run); ///< all kept statements

/// One row of the table templates.
typedef struct ParaRunTemplate {
    bool kept;             ///< there is a row, and it is whole
    ParaTemplateText text; ///< its source is set even where the rest is damaged; NULL: not known
} ParaRunTemplate;
/// The template of a family of the run.
/// @param family [1] >= 0   @param out out, `kept` false where the run has none
/// @return false if it is damaged
bool para_run_read_template(ParaRun *run, int family, ParaArena *arena, ParaRunTemplate *out,
                            const char **out_error);
/// Which family has a template of this name, or from this source: -1 if none.
bool para_run_find_template(ParaRun *run, const char *name, const char *source, int *out_family,
                            const char **out_error);
/// What the newest report of a family says of its level. @return false if there is none
bool para_run_last_level(ParaRun *run, int family, uint64_t *out_seed, uint64_t *out_hash);
/// Keeps the template of a family, in the caller's transaction. @param name the template's own
bool para_run_add_template(ParaRun *run, int family, const char *name, const ParaTemplateText *text,
                           const char **out_error);
/// Takes in what the run keeps no template of, from where its config says; sets the run's note.
bool para_run_take_templates(ParaRun *run, const char **out_error);
