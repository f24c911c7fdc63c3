// SPDX-License-Identifier: MIT
// The database of a run folder: its layout, older and newer ones, its health, opening it to write or to read.
// It is in WAL mode with synchronous=FULL: a commit is on the disk when it returns (one fsync, about once per
// lesson, so the price does not matter), a killed process leaves at worst a tail of the log that the next
// opening drops, and a reader (`paracosm eval` beside a running training) never waits for the writer nor the
// writer for it.
#include "agents/run/run_parts.h"
#include "agents/run/statistics.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"

#include <stdio.h>
#include <string.h>

#define RUN_APPLICATION_ID 0x50434F53 // "PCOS": tells our databases from others
#define RUN_BUSY_MS        5000       // patience with a reader that holds the log

// Columns of the kept statistics, which take NULL: an older run did not measure all of them.
#define COLUMN_WHOLE             "INTEGER"
#define COLUMN_REAL              "REAL"
#define COLUMN_KEPT(name, type)  ", " #name " " type
#define COLUMN_SHOWN(name, type) ""

// Families a run is trained on, each template whole, as it was read. The source is a name in the library or a
// path; its hash is that of the text.
#define TABLE_TEMPLATES                                                                                      \
    "CREATE TABLE templates (family INTEGER PRIMARY KEY, name TEXT NOT NULL, source TEXT NOT NULL,"          \
    " hash INTEGER NOT NULL, text TEXT NOT NULL);"

// A sample of the episodes that failed, the newest of each family, with the condition that decided.
#define TABLE_FAILURES                                                                                       \
    "CREATE TABLE failures (failure INTEGER PRIMARY KEY, lesson INTEGER NOT NULL, family INTEGER NOT NULL,"  \
    " level_hash INTEGER NOT NULL, level_seed INTEGER NOT NULL, ending TEXT NOT NULL, cause TEXT NOT NULL,"  \
    " file TEXT NOT NULL, params TEXT NOT NULL);"

// What is left of older reports (run_thin.c), and reports and sums as one: sums of so many episodes.
#define TABLES_THINNED                                                                                       \
    "CREATE TABLE report_sums (lesson INTEGER NOT NULL, family INTEGER NOT NULL, solver TEXT NOT NULL,"      \
    " ending TEXT NOT NULL, cause TEXT NOT NULL, episodes INTEGER NOT NULL, decisions INTEGER NOT NULL,"     \
    " total_reward REAL, seconds REAL, progress REAL, PRIMARY KEY (lesson, family, solver, ending, cause))"  \
    " WITHOUT ROWID;"                                                                                        \
    "CREATE TABLE level_sums (level_hash INTEGER PRIMARY KEY, lesson INTEGER NOT NULL,"                      \
    " episodes INTEGER NOT NULL, solved INTEGER NOT NULL, impulse REAL);"                                    \
    "CREATE INDEX reports_by_level ON reports (level_hash);"                                                 \
    "CREATE VIEW outcomes AS SELECT lesson, family, solver, ending, cause, 1 AS episodes, decisions,"        \
    " total_reward, seconds, progress FROM reports UNION ALL SELECT lesson, family, solver, ending,"         \
    " nullif(cause, ''), episodes, decisions, total_reward, seconds, progress FROM report_sums;"

// Shares solved in the worlds of a stream, and how well each was learned alone (run_stream.c).
#define TABLES_STREAM                                                                                        \
    "CREATE TABLE stream_scores (learning INTEGER NOT NULL, world INTEGER NOT NULL, point INTEGER NOT NULL," \
    " lesson INTEGER NOT NULL, done REAL NOT NULL, solve REAL NOT NULL, low REAL, high REAL,"                \
    " levels INTEGER NOT NULL, PRIMARY KEY (learning, world, point)) WITHOUT ROWID;"                         \
    "CREATE TABLE stream_reference (world INTEGER PRIMARY KEY, area REAL NOT NULL);"

static const char run_layout[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE families (family INTEGER PRIMARY KEY, name TEXT NOT NULL);" TABLE_TEMPLATES
    "CREATE TABLE lessons (lesson INTEGER PRIMARY KEY"
#define PARA_STATISTIC(name, kind, of, kept, ...) COLUMN_##kept(name, COLUMN_##kind)
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
    ");"
    // Hashes and seeds are unsigned 64-bit numbers kept as the signed number with the same bits.
    "CREATE TABLE reports (report INTEGER PRIMARY KEY, lesson INTEGER NOT NULL, family INTEGER NOT NULL,"
    " level_hash INTEGER NOT NULL, level_seed INTEGER NOT NULL, env INTEGER NOT NULL, ending TEXT NOT NULL,"
    " decisions INTEGER NOT NULL, total_reward REAL, seconds REAL, progress REAL, solver TEXT NOT NULL,"
    " recipe TEXT, cause TEXT, body INTEGER, other INTEGER, zone INTEGER, x REAL, y REAL, closest REAL,"
    " coverage REAL, impulse REAL, touched INTEGER, moved INTEGER, surprise REAL, model_error REAL, "
    "model_doubt REAL);"
    "CREATE INDEX reports_by_lesson ON reports (lesson);"
    "CREATE TABLE levels (hash INTEGER PRIMARY KEY, seed INTEGER NOT NULL, parent INTEGER NOT NULL,"
    " family INTEGER NOT NULL, lesson INTEGER NOT NULL, score REAL, success REAL, tries INTEGER NOT NULL,"
    " maker TEXT NOT NULL, params TEXT NOT NULL, recipe TEXT);"
    "CREATE INDEX levels_by_lesson ON levels (lesson);"
    "CREATE TABLE proofs (level_hash INTEGER PRIMARY KEY, family INTEGER NOT NULL, lesson INTEGER NOT NULL,"
    " file TEXT NOT NULL);" TABLE_FAILURES
    "CREATE TABLE evaluations (evaluation INTEGER PRIMARY KEY, lesson INTEGER NOT NULL,"
    " at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), result TEXT NOT "
    "NULL);" TABLES_THINNED TABLES_STREAM;

// Brings a database of layout N, from 1, to layout N + 1. What a newer layout adds must hold for old rows:
// before layout 2 there was one solver. Templates of before layout 3 are taken in at the opening.
static const char *const run_upgrades[] = {
    "ALTER TABLE reports ADD COLUMN solver TEXT NOT NULL DEFAULT 'chipmunk';",
    TABLE_TEMPLATES TABLE_FAILURES,
    // Reports that say more of how an episode ended; of older ones that is not known (NULL).
    "ALTER TABLE reports ADD COLUMN recipe TEXT; ALTER TABLE reports ADD COLUMN cause TEXT;"
    "ALTER TABLE reports ADD COLUMN body INTEGER; ALTER TABLE reports ADD COLUMN other INTEGER;"
    "ALTER TABLE reports ADD COLUMN zone INTEGER; ALTER TABLE reports ADD COLUMN x REAL;"
    "ALTER TABLE reports ADD COLUMN y REAL; ALTER TABLE reports ADD COLUMN closest REAL;"
    "ALTER TABLE reports ADD COLUMN coverage REAL; ALTER TABLE reports ADD COLUMN impulse REAL;"
    "ALTER TABLE reports ADD COLUMN touched INTEGER; ALTER TABLE reports ADD COLUMN moved INTEGER;"
    "ALTER TABLE reports ADD COLUMN surprise REAL; ALTER TABLE levels ADD COLUMN recipe TEXT;",
    TABLES_THINNED,
    // What a model beside the player foresaw; there was none (NULL).
    "ALTER TABLE reports ADD COLUMN model_error REAL; ALTER TABLE reports ADD COLUMN model_doubt REAL;",
    TABLES_STREAM,
};
_Static_assert(sizeof run_upgrades / sizeof *run_upgrades == PARA_RUN_VERSION - 1, "a layout has no upgrade");

// ---------------------------------------------------------------- errors

/// Whether the folder's disk has no room for even the smallest of SQLite's files.
static bool disk_is_full(const char *folder)
{
    int64_t left = para_disk_free(folder);
    return left >= 0 && left < (64 << 10);
}

/// What the reader of an error can do about it.
static const char *advice(const ParaRun *run, int code)
{
    switch (code & 0xff) {
    case SQLITE_FULL:
        return "; free some space and start again: what was saved before stands";
    case SQLITE_IOERR: // SQLite's word for a full disk too, where it maps a file
        return disk_is_full(run->folder)
                   ? "; the disk is full: free some space and start again: what was saved before stands"
                   : "; check the disk: what was saved before stands";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return "; check the permissions of the folder";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "; the file is damaged: take a copy from a backup, or start a new run";
    case SQLITE_BUSY:
        return "; another process holds the database";
    default:
        return "";
    }
}

bool para_run_fail(ParaRun *run, const char *what, const char **out_error)
{
    int code = sqlite3_extended_errcode(run->database);
    if (out_error)
        *out_error = para_arena_printf(run->arena, "cannot %s %s/run.db: %s%s", what, run->folder,
                                       sqlite3_errmsg(run->database), advice(run, code));
    return false;
}

static bool execute(ParaRun *run, const char *sql, const char *what, const char **out_error)
{
    return sqlite3_exec(run->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           para_run_fail(run, what, out_error);
}

/// One whole number from a query without parameters; false if there is none or it cannot be read.
static bool read_number(ParaRun *run, const char *sql, int64_t *out, const char **out_error)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(run->database, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    if (good)
        *out = sqlite3_column_int64(statement, 0);
    else
        para_run_fail(run, "read", out_error);
    sqlite3_finalize(statement);
    return good;
}

// ---------------------------------------------------------------- layout and versions

static bool check_version(ParaRun *run, int64_t *out_version, const char **out_error)
{
    int64_t application = 0, tables = 0;
    if (!read_number(run, "PRAGMA user_version", out_version, out_error) ||
        !read_number(run, "PRAGMA application_id", &application, out_error) ||
        !read_number(run, "SELECT count(*) FROM sqlite_master", &tables, out_error))
        return false;
    if (application != RUN_APPLICATION_ID && (tables > 0 || application != 0)) {
        *out_error = para_arena_printf(run->arena, "%s/run.db is a database of another program", run->folder);
        return false;
    }
    if (*out_version < 0 || (*out_version == 0 && tables > 0)) { // a layout is made with its number, or not
        *out_error = para_arena_printf(run->arena,
                                       "%s/run.db is damaged (it has tables, but layout %lld); take a copy "
                                       "from a backup, or start a new run",
                                       run->folder, (long long)*out_version);
        return false;
    }
    if (*out_version > PARA_RUN_VERSION) {
        *out_error = para_arena_printf(run->arena,
                                       "run folder %s was written by a newer Paracosm (layout %lld, this one "
                                       "knows %d); use that version",
                                       run->folder, (long long)*out_version, PARA_RUN_VERSION);
        return false;
    }
    return true;
}

/// Makes the tables and keeps the configuration, all in one transaction.
static bool lay_out(ParaRun *run, const char *config_json, const char **out_error)
{
    char *sql = sqlite3_mprintf("BEGIN IMMEDIATE; PRAGMA application_id=%d; PRAGMA user_version=%d; %s"
                                "INSERT INTO meta VALUES ('version', '%d'), ('clean', '1'), ('config', %Q),"
                                " ('made', strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now')),"
                                " ('made_by', '" PARA_VERSION "');"
                                "COMMIT;",
                                RUN_APPLICATION_ID, PARA_RUN_VERSION, run_layout, PARA_RUN_VERSION,
                                config_json ? config_json : "{}");
    if (!sql) {
        *out_error = "cannot lay out the run's database: out of memory";
        return false;
    }
    bool good = execute(run, sql, "lay out", out_error);
    sqlite3_free(sql);
    if (!good) // give up the transaction; the error is already told
        sqlite3_exec(run->database, "ROLLBACK", NULL, NULL, NULL);
    return good;
}

/// Brings an older layout up to date, all in one transaction.
static bool upgrade(ParaRun *run, int64_t version, const char **out_error)
{
    if (!execute(run, "BEGIN IMMEDIATE", "bring up to date", out_error))
        return false;
    bool good = true;
    for (int64_t from = version; good && from < PARA_RUN_VERSION; from++)
        good = execute(run, run_upgrades[from - 1], "bring up to date", out_error);
    char sql[120];
    snprintf(sql, sizeof sql,
             "PRAGMA user_version=%d; UPDATE meta SET value = '%d' WHERE key = 'version'; COMMIT",
             PARA_RUN_VERSION, PARA_RUN_VERSION);
    good = good && execute(run, sql, "bring up to date", out_error);
    if (!good)
        sqlite3_exec(run->database, "ROLLBACK", NULL, NULL, NULL);
    return good;
}

static bool has_column(ParaRun *run, const char *name)
{
    return sqlite3_table_column_metadata(run->database, NULL, "lessons", name, NULL, NULL, NULL, NULL,
                                         NULL) == SQLITE_OK;
}

/// Adds the columns of statistics that came after this run was made. Cut short, the next opening goes on.
static bool add_statistics(ParaRun *run, const char **out_error)
{
    bool good = true;
    for (int i = 0; good && i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        if (row->kept != PARA_STATISTIC_KEPT || has_column(run, row->name))
            continue;
        char sql[120];
        snprintf(sql, sizeof sql, "ALTER TABLE lessons ADD COLUMN %s %s", row->name,
                 row->kind == PARA_STATISTIC_WHOLE ? COLUMN_WHOLE : COLUMN_REAL);
        good = execute(run, sql, "bring up to date", out_error);
    }
    return good;
}

sqlite3_stmt *para_run_prepare(ParaRun *run, const char *sql, const char **out_error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(run->database, sql, -1, &statement, NULL) != SQLITE_OK)
        para_run_fail(run, "read", out_error);
    return statement;
}

const char *para_run_read_meta(ParaRun *run, const char *key)
{
    sqlite3_stmt *statement = NULL;
    const char *value = NULL;
    if (sqlite3_prepare_v2(run->database, "SELECT value FROM meta WHERE key = ?", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = para_arena_strdup(run->arena, (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return value;
}

/// After a kill: every page and index is read once. Costs about 0.1 s per 10 MB.
static bool check_whole(ParaRun *run, const char **out_error)
{
    sqlite3_stmt *statement = NULL;
    bool good = false;
    if (sqlite3_prepare_v2(run->database, "PRAGMA integrity_check(1)", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *answer = (const char *)sqlite3_column_text(statement, 0);
        good = answer && strcmp(answer, "ok") == 0;
        if (!good)
            *out_error = para_arena_printf(run->arena,
                                           "%s/run.db is damaged (%s); take a copy from a backup, or start "
                                           "a new run",
                                           run->folder, answer ? answer : "no answer");
    } else {
        para_run_fail(run, "check", out_error);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool open_database(ParaRun *run, const char *name, int flags, const char **out_error)
{
    if (sqlite3_open_v2(name, &run->database, flags | SQLITE_OPEN_NOMUTEX, para_run_disk()) != SQLITE_OK) {
        if (!run->database)
            *out_error = "cannot open the run's database: out of memory";
        else
            para_run_fail(run, "open", out_error);
        return false;
    }
    sqlite3_busy_timeout(run->database, RUN_BUSY_MS);
    // A database from outside may hold triggers and views: they get no dangerous functions and no schema
    // tricks.
    sqlite3_db_config(run->database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(run->database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return true;
}

bool para_run_database_write(ParaRun *run, const char *config_json, const char **out_error)
{
    int64_t version = 0;
    const char *path = para_arena_printf(run->arena, "%s/run.db", run->folder);
    PARA_ASSERT(run->lock >= 0); // one writer at a time
    if (!open_database(run, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, out_error) ||
        !check_version(run, &version, out_error))
        return false;
    if (!execute(run, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;",
                 "set up", out_error))
        return false;
    if (version == 0 && !lay_out(run, config_json, out_error))
        return false;
    const char *clean = para_run_read_meta(run, "clean");
    run->interrupted = !clean || strcmp(clean, "1") != 0;
    if (run->interrupted && !check_whole(run, out_error))
        return false;
    if (version > 0 && version < PARA_RUN_VERSION && !upgrade(run, version, out_error))
        return false;
    run->made = version == 0;
    run->layout = PARA_RUN_VERSION;
    if (!add_statistics(run, out_error))
        return false;
    return execute(run,
                   "UPDATE meta SET value = '0' WHERE key = 'clean';"
                   "INSERT OR REPLACE INTO meta VALUES ('written_by', '" PARA_VERSION "')",
                   "write", out_error);
}

// ---------------------------------------------------------------- reading only

/// "file:" name of a path for SQLite, with everything but plain characters escaped.
static const char *immutable_name(const char *path, ParaArena *arena)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-";
    char *name = para_arena_alloc(arena, 3 * strlen(path) + 32), *out = name + 5;
    memcpy(name, "file:", 5);
    for (const char *in = path; *in; in++) {
        if (strchr(plain, *in))
            *out++ = *in;
        else
            out += snprintf(out, 4, "%%%02X", (unsigned)(unsigned char)*in);
    }
    memcpy(out, "?immutable=1", 13);
    return name;
}

/// A finished run on a read-only or full disk has no log and cannot get one; it may be read as it stands.
static bool reads(ParaRun *run)
{
    return sqlite3_exec(run->database, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL) == SQLITE_OK;
}

static bool open_reader(ParaRun *run, const char *path, const char **out_error)
{
    if (!open_database(run, path, SQLITE_OPEN_READONLY, out_error))
        return false;
    if (reads(run))
        return true;
    int code = sqlite3_errcode(run->database);
    bool has_log = para_file_size(para_arena_printf(run->arena, "%s-wal", path)) > 0;
    if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY && code != SQLITE_IOERR) || has_log)
        return para_run_fail(run, "read", out_error);
    sqlite3_close(run->database);
    run->database = NULL;
    return open_database(run, immutable_name(path, run->arena), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                         out_error) &&
           (reads(run) || para_run_fail(run, "read", out_error));
}

bool para_run_database_read(ParaRun *run, const char **out_error)
{
    const char *path = para_arena_printf(run->arena, "%s/run.db", run->folder);
    run->layout = -1; // unknown until it is read
    if (!open_reader(run, path, out_error) || !check_version(run, &run->layout, out_error))
        return false;
    if (run->layout == 0)
        *out_error = para_arena_printf(run->arena, "%s is empty: no lesson was kept yet", path);
    return run->layout > 0 && para_run_as_if_thinned(run, out_error);
}
