// SPDX-License-Identifier: MIT
// Opening and closing a run folder. The database is in WAL mode with synchronous=FULL: a commit is on
// the disk when it returns (one fsync, about once per lesson, so the price does not matter), a killed
// process leaves at worst a tail of the log that the next opening drops, and a reader (`paracosm eval`
// beside a running training) never waits for the writer nor the writer for it.
#include "agents/run/run_folder.h"

#include "agents/run/run_internal.h"
#include "engine/base/file.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define RUN_APPLICATION_ID 0x50434F53 // "PCOS": tells our databases from others
#define RUN_BUSY_MS        5000       // patience with a reader that holds the log

// Columns of the kept statistics, which take NULL: an older run did not measure all of them.
#define COLUMN_WHOLE             "INTEGER"
#define COLUMN_REAL              "REAL"
#define COLUMN_KEPT(name, type)  ", " #name " " type
#define COLUMN_SHOWN(name, type) ""

static const char run_layout[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE families (family INTEGER PRIMARY KEY, name TEXT NOT NULL);"
    "CREATE TABLE lessons (lesson INTEGER PRIMARY KEY"
#define PARA_STATISTIC(name, kind, of, kept, ...) COLUMN_##kept(name, COLUMN_##kind)
#include "agents/run/statistics.def"
#undef PARA_STATISTIC
    ");"
    // Hashes and seeds are unsigned 64-bit numbers kept as the signed number with the same bits.
    "CREATE TABLE reports (report INTEGER PRIMARY KEY, lesson INTEGER NOT NULL, family INTEGER NOT NULL,"
    " level_hash INTEGER NOT NULL, level_seed INTEGER NOT NULL, env INTEGER NOT NULL, ending TEXT NOT NULL,"
    " decisions INTEGER NOT NULL, total_reward REAL, seconds REAL, progress REAL, solver TEXT NOT NULL);"
    "CREATE INDEX reports_by_lesson ON reports (lesson);"
    "CREATE TABLE levels (hash INTEGER PRIMARY KEY, seed INTEGER NOT NULL, parent INTEGER NOT NULL,"
    " family INTEGER NOT NULL, lesson INTEGER NOT NULL, score REAL, success REAL, tries INTEGER NOT NULL,"
    " maker TEXT NOT NULL, params TEXT NOT NULL);"
    "CREATE INDEX levels_by_lesson ON levels (lesson);"
    "CREATE TABLE proofs (level_hash INTEGER PRIMARY KEY, family INTEGER NOT NULL, lesson INTEGER NOT NULL,"
    " file TEXT NOT NULL);"
    "CREATE TABLE evaluations (evaluation INTEGER PRIMARY KEY, lesson INTEGER NOT NULL,"
    " at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), result TEXT NOT NULL);";

// Brings a database of layout N, from 1, to layout N + 1. What a newer layout adds must hold for old rows:
// before layout 2 there was one solver.
static const char *const run_upgrades[] = {
    "ALTER TABLE reports ADD COLUMN solver TEXT NOT NULL DEFAULT 'chipmunk';",
};
_Static_assert(sizeof run_upgrades / sizeof *run_upgrades == PARA_RUN_VERSION - 1, "a layout has no upgrade");

// ---------------------------------------------------------------- errors

/// Whether the folder's disk has no room for even the smallest of SQLite's files.
static bool disk_is_full(const char *folder)
{
    struct statvfs disk;
    return statvfs(folder, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < (64 << 10);
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

// ---------------------------------------------------------------- the folder before it is opened

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    return length >= tail && strcmp(name + length - tail, ending) == 0;
}

/// Names that an interrupted first opening may have left.
static bool is_ours(const char *name)
{
    static const char *const names[] = {".",      "..",         "lock",       "checkpoints",   "proofs",
                                        "run.db", "run.db-wal", "run.db-shm", "run.db-journal"};
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
    DIR *list = opendir(folder);
    if (!list) {
        *out_error = para_arena_printf(arena, "cannot open folder %s: %s", folder, strerror(errno));
        return false;
    }
    bool good = true;
    struct dirent *entry;
    while (good && (entry = readdir(list)) != NULL)
        good = is_ours(entry->d_name);
    closedir(list);
    if (!good)
        *out_error = para_arena_printf(
            arena, "%s is not empty and holds no Paracosm run (no run.db); choose another folder", folder);
    return good;
}

/// Takes DIR/lock; the file says who holds it.
static bool take_lock(ParaRun *run, const char **out_error)
{
    const char *path = para_arena_printf(run->arena, "%s/lock", run->folder);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) {
        *out_error = para_arena_printf(run->arena, "cannot open %s: %s", path, strerror(errno));
        return false;
    }
    char holder[24] = "";
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        int problem = errno;
        ssize_t size = pread(file, holder, sizeof holder - 1, 0);
        holder[size > 0 ? strspn(holder, "0123456789") : 0] = '\0';
        *out_error =
            problem == EWOULDBLOCK
                ? para_arena_printf(run->arena,
                                    "run folder %s is in use by process %s; stop it first, or train into "
                                    "another folder",
                                    run->folder, holder[0] ? holder : "(unknown)")
                : para_arena_printf(run->arena, "cannot lock %s: %s", path, strerror(problem));
        close(file);
        return false;
    }
    int length = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
    // Only a help for people: who holds the lock is the kernel's business, so a full disk is no error here.
    if (ftruncate(file, 0) != 0 || pwrite(file, holder, (size_t)length, 0) != length)
        errno = 0;
    run->lock = file;
    return true;
}

// ---------------------------------------------------------------- the database

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
                                " ('made', strftime('%%Y-%%m-%%dT%%H:%%M:%%SZ', 'now'));"
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

static const char *read_meta(ParaRun *run, const char *key)
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
    if (sqlite3_open_v2(name, &run->database, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
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

static bool set_up_writer(ParaRun *run, const char *config_json, const char **out_error)
{
    int64_t version = 0;
    if (!check_version(run, &version, out_error))
        return false;
    if (!execute(run, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000;",
                 "set up", out_error))
        return false;
    if (version == 0 && !lay_out(run, config_json, out_error))
        return false;
    const char *clean = read_meta(run, "clean");
    run->interrupted = !clean || strcmp(clean, "1") != 0;
    if (run->interrupted && !check_whole(run, out_error))
        return false;
    if (version > 0 && version < PARA_RUN_VERSION && !upgrade(run, version, out_error))
        return false;
    if (!add_statistics(run, out_error))
        return false;
    return execute(run, "UPDATE meta SET value = '0' WHERE key = 'clean'", "write", out_error);
}

static ParaRun *new_run(const char *folder, bool writes, ParaArena *arena)
{
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
    if (run->lock >= 0)
        close(run->lock);
    return NULL;
}

ParaRun *para_run_open(const char *folder, const char *config_json, ParaArena *arena, const char **out_error)
{
    const char *ignored = NULL, **error = out_error ? out_error : &ignored;
    ParaRun *run = new_run(folder, true, arena);
    if (!para_folder_make(folder, arena, error) || !may_become_a_run(folder, arena, error) ||
        !take_lock(run, error))
        return NULL;
    const char *path = para_arena_printf(arena, "%s/run.db", folder);
    if (!open_database(run, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) ||
        !set_up_writer(run, config_json, error) ||
        !para_folder_make(para_arena_printf(arena, "%s/checkpoints", folder), arena, error) ||
        !para_folder_make(para_arena_printf(arena, "%s/proofs", folder), arena, error))
        return give_up(run);
    run->config = read_meta(run, "config");
    return run;
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
    struct stat log;
    bool has_log = stat(para_arena_printf(run->arena, "%s-wal", path), &log) == 0 && log.st_size > 0;
    if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY && code != SQLITE_IOERR) || has_log)
        return para_run_fail(run, "read", out_error);
    sqlite3_close(run->database);
    run->database = NULL;
    return open_database(run, immutable_name(path, run->arena), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                         out_error) &&
           (reads(run) || para_run_fail(run, "read", out_error));
}

ParaRun *para_run_open_read(const char *folder, ParaArena *arena, const char **out_error)
{
    const char *ignored = NULL, **error = out_error ? out_error : &ignored;
    ParaRun *run = new_run(folder, false, arena);
    const char *path = para_arena_printf(arena, "%s/run.db", folder);
    if (!para_file_exists(folder)) {
        *error = para_arena_printf(arena, "there is no folder %s", folder);
        return NULL;
    }
    if (!para_file_exists(path)) {
        *error = para_arena_printf(arena, "%s holds no Paracosm run (no run.db)", folder);
        return NULL;
    }
    int64_t version = 0;
    if (!open_reader(run, path, error) || !check_version(run, &version, error))
        return give_up(run);
    if (version == 0) {
        *error = para_arena_printf(arena, "%s/run.db is empty: no lesson was kept yet", folder);
        return give_up(run);
    }
    run->config = read_meta(run, "config");
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
    if (run->lock >= 0)
        close(run->lock);
    run->lock = -1;
}

const char *para_run_config(const ParaRun *run) { return run->config ? run->config : "{}"; }
const char *para_run_folder(const ParaRun *run) { return run->folder; }

ParaSolverKind para_run_solver(const ParaRun *run)
{
    ParaSolverKind kind = PARA_SOLVER_CHIPMUNK;
    cJSON *config = cJSON_Parse(para_run_config(run));
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(config, "solver"));
    if (name)
        para_solver_find(name, &kind);
    cJSON_Delete(config);
    return kind;
}

bool para_run_was_interrupted(const ParaRun *run) { return run->interrupted; }
