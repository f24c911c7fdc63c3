// SPDX-License-Identifier: MIT
// One list of statistics: what is kept comes back whatever the run's age, the page tells all of them, and a
// training computes each.
#include "agents/lesson/lesson.h"
#include "agents/run/run_folder.h"
#include "tests/tests.h"

#include "tests/agents/scratch.h"

#include <math.h>
#include <sqlite3.h>

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    const char *run, *database; ///< the folder, which is there but empty, and its run.db
    const char *error;
} Room;

static Room room_make(void)
{
    Room room = {.scratch = scratch_make(), .arena = para_arena_create(1 << 16, (size_t)1 << 30)};
    assert_non_null(room.arena);
    room.run = para_arena_strdup(room.arena, room.scratch.folder);
    room.database = para_arena_printf(room.arena, "%s/run.db", room.run);
    return room;
}

static void room_clear(Room *room)
{
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
}

/// Runs SQL past our own code.
static void change(const Room *room, const char *sql)
{
    sqlite3 *database = NULL;
    char *problem = NULL;
    assert_int_equal(sqlite3_open(room->database, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &problem) != SQLITE_OK)
        fail_msg("%s", problem);
    sqlite3_close(database);
}

static int64_t query(const Room *room, const char *sql)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open(room->database, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    sqlite3_close(database);
    return value;
}

static void keep(Room *room, const ParaStatistics *lesson)
{
    ParaRun *run = para_run_open(room->run, "{}", room->arena, &room->error);
    if (!run)
        fail_msg("%s", room->error);
    assert_true(para_run_begin(run, &room->error));
    assert_true(para_run_add_lesson(run, lesson, &room->error));
    assert_true(para_run_commit(run, &room->error));
    para_run_close(run);
}

static ParaStatistics last_lesson(Room *room)
{
    ParaStatistics lesson = {.lesson = -1};
    ParaRun *run = para_run_open_read(room->run, room->arena, &room->error);
    if (!run)
        fail_msg("%s", room->error);
    int number = para_run_last_lesson(run, &lesson);
    assert_int_equal(number, lesson.lesson);
    para_run_close(run);
    return lesson;
}

/// Every statistic another number, whole ones beyond what a double or 32 bits hold.
static ParaStatistics all_different(void)
{
    ParaStatistics lesson = {.lesson = 5};
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        if (row->kind == PARA_STATISTIC_WHOLE)
            para_statistic_set_whole(&lesson, row, ((int64_t)1 << 60) + i);
        else
            para_statistic_set_real(&lesson, row, i + 1.0 / 3.0);
    }
    return lesson;
}

// ---------------------------------------------------------------- run.db

static void test_statistics_that_are_kept_come_back_whole(void **state)
{
    (void)state;
    Room room = room_make();
    const ParaStatistics lesson = all_different();
    keep(&room, &lesson);
    const ParaStatistics back = last_lesson(&room);
    assert_int_equal(back.lesson, 5);
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        if (row->kept == PARA_STATISTIC_SHOWN)
            assert_true(isnan(para_statistic_value(&back, row)));
        else if (row->kind == PARA_STATISTIC_WHOLE)
            assert_int_equal(para_statistic_whole(&back, row), ((int64_t)1 << 60) + i);
        else
            assert_true(para_statistic_value(&back, row) == i + 1.0 / 3.0);
    }
    // The columns bear the names of the list: read past our own code.
    assert_int_equal(query(&room, "SELECT decisions FROM lessons WHERE explained_variance > 14"),
                     ((int64_t)1 << 60));
    room_clear(&room);
}

static void test_statistics_that_are_no_numbers_become_null(void **state)
{
    (void)state;
    Room room = room_make();
    ParaStatistics lesson = {.lesson = 0, .gradient_norm = (double)NAN, .kl = 0.5};
    keep(&room, &lesson);
    assert_int_equal(query(&room, "SELECT count(*) FROM lessons WHERE gradient_norm IS NULL AND kl = 0.5"),
                     1);
    room_clear(&room);
}

/// A run as the first version laid it out, with fewer statistics than today and a lesson in it.
static void lay_out_first_version(const Room *room)
{
    change(room,
           "PRAGMA application_id = 0x50434F53; PRAGMA user_version = 1;"
           "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
           "CREATE TABLE families (family INTEGER PRIMARY KEY, name TEXT NOT NULL);"
           "CREATE TABLE lessons (lesson INTEGER PRIMARY KEY, decisions INTEGER NOT NULL,"
           " world_steps INTEGER NOT NULL, seconds REAL NOT NULL, entropy REAL, retired REAL);"
           "CREATE TABLE reports (report INTEGER PRIMARY KEY, lesson INTEGER NOT NULL,"
           " family INTEGER NOT NULL, level_hash INTEGER NOT NULL, level_seed INTEGER NOT NULL,"
           " env INTEGER NOT NULL, ending TEXT NOT NULL, decisions INTEGER NOT NULL, total_reward REAL,"
           " seconds REAL, progress REAL);"
           "CREATE TABLE levels (hash INTEGER PRIMARY KEY, seed INTEGER NOT NULL, parent INTEGER NOT NULL,"
           " family INTEGER NOT NULL, lesson INTEGER NOT NULL, score REAL, success REAL,"
           " tries INTEGER NOT NULL, maker TEXT NOT NULL, params TEXT NOT NULL);"
           "CREATE TABLE proofs (level_hash INTEGER PRIMARY KEY, family INTEGER NOT NULL,"
           " lesson INTEGER NOT NULL, file TEXT NOT NULL);"
           "CREATE TABLE evaluations (evaluation INTEGER PRIMARY KEY, lesson INTEGER NOT NULL, at TEXT,"
           " result TEXT NOT NULL);"
           "INSERT INTO meta VALUES ('version', '1'), ('clean', '1'), ('config', '{\"maker\":\"dr\"}');"
           "INSERT INTO lessons VALUES (4, 1099511627776, 77, 1.5, 0.25, 9);"
           "INSERT INTO reports VALUES (1, 4, 0, 1, 2, 3, 'solved', 5, 1, 2, 1);");
}

static void test_statistics_an_older_run_lacks_are_unknown_and_change_nothing(void **state)
{
    (void)state;
    Room room = room_make();
    lay_out_first_version(&room);
    const ParaStatistics last = last_lesson(&room);
    assert_int_equal(last.lesson, 4);
    assert_int_equal(last.decisions, 1099511627776);
    assert_int_equal(last.world_steps, 77);
    assert_true(last.seconds == 1.5 && last.entropy == 0.25);
    assert_true(last.scoring_steps == 0 && isnan(last.kl) && isnan(last.explained_variance));
    assert_int_equal(query(&room, "SELECT count(*) FROM pragma_table_info('lessons')"), 6);
    assert_int_equal(query(&room, "PRAGMA user_version"), 1);
    room_clear(&room);
}

static void test_statistics_an_older_run_lacks_get_columns_when_it_is_continued(void **state)
{
    (void)state;
    Room room = room_make();
    lay_out_first_version(&room);
    const ParaStatistics lesson = all_different();
    keep(&room, &lesson);
    const ParaStatistics last = last_lesson(&room);
    assert_true(last.explained_variance == lesson.explained_variance && last.solved == lesson.solved);
    // What was there stands, beside the word that nobody had measured more.
    assert_int_equal(query(&room,
                           "SELECT count(*) FROM lessons WHERE lesson = 4 AND entropy = 0.25 AND retired = 9"
                           " AND scoring_steps IS NULL AND explained_variance IS NULL"),
                     1);
    assert_int_equal(query(&room, "SELECT count(*) FROM reports WHERE solver = 'chipmunk'"), 1);
    assert_int_equal(query(&room, "PRAGMA user_version"), PARA_RUN_VERSION);
    room_clear(&room);
}

// A run of this layout from before a statistic: there is no step of versions to hang on to.
static void test_statistics_missing_in_a_run_of_this_layout_get_columns(void **state)
{
    (void)state;
    Room room = room_make();
    ParaStatistics lesson = {.lesson = 0, .kl = 0.5};
    keep(&room, &lesson);
    change(&room, "ALTER TABLE lessons DROP COLUMN kl; ALTER TABLE lessons DROP COLUMN episodes");
    lesson = (ParaStatistics){.lesson = 1, .kl = 0.25, .episodes = 3};
    keep(&room, &lesson);
    assert_int_equal(query(&room, "SELECT count(*) FROM lessons WHERE kl = 0.25 AND episodes = 3"), 1);
    assert_int_equal(query(&room, "SELECT count(*) FROM lessons WHERE kl IS NULL AND episodes IS NULL"), 1);
    room_clear(&room);
}

// ---------------------------------------------------------------- the struct

static void test_statistics_of_a_lesson_begin_unknown_and_totals_stay(void **state)
{
    (void)state;
    ParaStatistics now = all_different();
    para_statistics_begin_lesson(&now, 6);
    assert_int_equal(now.lesson, 6);
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        double value = para_statistic_value(&now, row);
        assert_int_equal(value == 0.0 || isnan(value), row->of == PARA_STATISTIC_LESSON);
    }
    assert_true(now.decisions > 0 && now.seconds > 0.0); // totals, whatever the list says
    assert_true(now.solved == 0 && isnan(now.entropy));
}

// ---------------------------------------------------------------- the page

static const char *range_text(const ParaStatistic *row, ParaArena *arena)
{
    bool below = isfinite(row->low), above = isfinite(row->high);
    return below && above ? para_arena_printf(arena, "%g..%g", row->low, row->high)
           : below        ? para_arena_printf(arena, "≥ %g", row->low)
           : above        ? para_arena_printf(arena, "≤ %g", row->high)
                          : "any";
}

static void test_statistics_stand_in_the_page_of_training(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    const char *table = "| statistic | of | unit, range | in | what |\n|---|---|---|---|---|\n";
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        const char *places = para_arena_printf(
            arena, "%s%s%s%s", row->kept == PARA_STATISTIC_KEPT ? ", run.db" : "", row->json ? ", JSON" : "",
            row->panel[0] ? ", panel" : "", row->line[0] ? ", line" : "");
        table = para_arena_printf(arena, "%s| `%s` | %s | [%s] %s | %s | %s |\n", table, row->name,
                                  row->of == PARA_STATISTIC_RUN ? "run" : "lesson", row->unit,
                                  range_text(row, arena), places + 2, row->about);
    }
    table = para_arena_printf(arena, "%s\n", table); // nothing follows
    size_t size = 0;
    char *page = (char *)scratch_read(PARA_SOURCE_DIR "/docs/training.md", &size);
    page[size] = '\0';
    if (!strstr(page, table)) {
        printf("%s", table);
        fail_msg("docs/training.md does not hold the table printed on standard output");
    }
    free(page);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- a training

enum { EXAMINED = 10 }; // every so many lessons it is evaluated

/// What was seen of a training's statistics.
typedef struct Seen {
    ParaStatistics last;
    bool counted[PARA_STATISTIC_COUNT]; ///< of a whole number: it was other than zero
} Seen;

static bool look(void *context, const ParaTrainStatus *status)
{
    Seen *seen = context;
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        double value = para_statistic_value(&status->now, row), slack = 1e-6;
        bool examined = (status->now.lesson + 1) % EXAMINED == 0;
        if (row->group == PARA_STATISTIC_HELD_OUT && !examined) { // unknown where nobody looked
            assert_true(isnan(value));
            continue;
        }
        if (i == PARA_STATISTIC_AT_calibration && isnan(value))
            continue; // the maker forecasts nothing, or not yet
        if (i == PARA_STATISTIC_AT_pool_score && isnan(value))
            continue;                                  // nobody plays against past selves
        if (status->now.lesson == 0 && isnan(value)) { // measured, not learned from
            assert_int_equal(row->of, PARA_STATISTIC_LESSON);
            continue;
        }
        if (!(value >= row->low - slack && value <= row->high + slack))
            fail_msg("lesson %d: %s is %g, not %g to %g", status->now.lesson, row->name, value, row->low,
                     row->high);
        if (row->of == PARA_STATISTIC_RUN && value < para_statistic_value(&seen->last, row))
            fail_msg("lesson %d: the total %s falls", status->now.lesson, row->name);
        seen->counted[i] |= isfinite(value) && value != 0.0;
    }
    seen->last = status->now;
    return true;
}

// Long enough for the maker to score levels, on a family that time alone solves.
static void test_statistics_are_all_computed_and_in_their_ranges(void **state)
{
    (void)state;
    static const char family[] =
        "{\"paracosm\": 1, \"name\": \"wait\", \"world\": {\"size\": [10, 6], \"seconds\": 2},"
        " \"params\": {\"long\": {\"range\": [0.2, 0.8]}},"
        " \"bodies\": [{\"name\": \"floor\", \"static\": true, \"shape\": {\"box\": [10, 1]}, \"at\": [5, "
        "0]},"
        "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.3}, \"at\": [5, 2]}],"
        " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"channel\": 0, \"torque\": "
        "4}]},"
        " \"goal\": {\"time\": \"long\"}}";
    Room room = room_make();
    const char *path = para_arena_printf(room.arena, "%s/wait.json", room.scratch.folder);
    scratch_write(path, family, sizeof family - 1);
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(room.arena, "%s/run", room.scratch.folder);
    def.families = &path;
    def.family_count = 1;
    def.maker = "sfl";
    def.width = 16;
    def.envs = 8;
    def.horizon = 8;
    def.threads = 1;
    def.lessons = 66;
    def.eval_every = EXAMINED;
    def.eval_levels = 4;
    def.model = true;
    Seen seen = {.last = {.lesson = -1}}, forecast = {.last = {.lesson = -1}};
    if (!para_train(&def, look, &seen, room.arena, &room.error))
        fail_msg("%s", room.error);
    assert_true(isnan(seen.last.calibration)); // sfl forecasts nothing
    def.folder = para_arena_printf(room.arena, "%s/frontier", room.scratch.folder);
    def.maker = "frontier";
    if (!para_train(&def, look, &forecast, room.arena, &room.error))
        fail_msg("%s", room.error);
    assert_true(forecast.counted[PARA_STATISTIC_AT_calibration]);
    assert_int_equal(seen.last.lesson, 65);
    assert_int_equal(seen.last.decisions, 66 * 8 * 8);
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++)
        if (!seen.counted[i] && para_statistics[i].of == PARA_STATISTIC_RUN)
            fail_msg("%s stays 0: nobody adds to it, or it never happens in the family of this test",
                     para_statistics[i].name);
    room_clear(&room);
}

const struct CMUnitTest para_tests_statistics[] = {
    cmocka_unit_test(test_statistics_that_are_kept_come_back_whole),
    cmocka_unit_test(test_statistics_that_are_no_numbers_become_null),
    cmocka_unit_test(test_statistics_an_older_run_lacks_are_unknown_and_change_nothing),
    cmocka_unit_test(test_statistics_an_older_run_lacks_get_columns_when_it_is_continued),
    cmocka_unit_test(test_statistics_missing_in_a_run_of_this_layout_get_columns),
    cmocka_unit_test(test_statistics_of_a_lesson_begin_unknown_and_totals_stay),
    cmocka_unit_test(test_statistics_stand_in_the_page_of_training),
    cmocka_unit_test(test_statistics_are_all_computed_and_in_their_ranges),
};
const size_t para_tests_statistics_count = sizeof para_tests_statistics / sizeof *para_tests_statistics;
