// SPDX-License-Identifier: MIT
// The run folder: what is kept comes back, whoever must not write is refused, and a killed or starved
// writer loses nothing that was committed.
#include "agents/run/run_families.h"
#include "agents/run/safetensors.h"
#include "engine/base/file.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    const char *run; ///< a folder that is not there yet
    const char *error;
} Room;

static Room room_make(void)
{
    Room room = {.scratch = scratch_make(), .arena = para_arena_create(1 << 16, 256 << 20)};
    room.run = para_arena_printf(room.arena, "%s/deep/run", room.scratch.folder);
    room.error = NULL;
    assert_non_null(room.arena);
    return room;
}

static void room_clear(Room *room)
{
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
}

static ParaRun *open_run(Room *room)
{
    ParaRun *run = para_run_open(room->run, "{\"maker\":\"dr\"}", room->arena, &room->error);
    if (!run)
        print_error("%s\n", room->error);
    assert_non_null(run);
    return run;
}

/// One lesson and `reports` reports of it, in one transaction.
static bool keep_lesson(ParaRun *run, int lesson, int reports, const char **out_error)
{
    ParaStatistics row = {.lesson = lesson, .decisions = 100LL * lesson, .episodes = reports, .entropy = 1.5};
    ParaReport all[8] = {{0}};
    for (int i = 0; i < reports; i++)
        all[i] = (ParaReport){
            .level_hash = UINT64_MAX - (uint64_t)lesson, .lesson = lesson, .env = i, .end = PARA_END_SOLVED};
    return para_run_begin(run, out_error) && para_run_add_lesson(run, &row, out_error) &&
           para_run_add_reports(run, all, NULL, reports, out_error) && para_run_commit(run, out_error);
}

/// A number straight from the file, past our own code.
static int64_t query(const Room *room, const char *sql)
{
    sqlite3 *database = database_open(room->run);
    int64_t value = database_whole(database, sql);
    sqlite3_close(database);
    return value;
}

static void change(const Room *room, const char *sql)
{
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(para_arena_printf(room->arena, "%s/run.db", room->run), &database),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

// ---------------------------------------------------------------- what is kept comes back

static void test_run_keeps_what_it_is_given(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    const char *names[] = {"push", "rise"};
    ParaFamilies families = tiny_families(names, 2, room.arena);
    ParaStatistics lesson = {.lesson = 7,
                             .decisions = 1LL << 40,
                             .world_steps = 5,
                             .scoring_steps = 6,
                             .seconds = 1.5,
                             .episodes = 3,
                             .solved = 2,
                             .reward_mean = 0.25,
                             .kl = 0.01,
                             .explained_variance = -1.0};
    ParaLevelRow level = {.hash = UINT64_MAX,
                          .seed = 1ULL << 63,
                          .parent = 3,
                          .family = 1,
                          .lesson = 7,
                          .score = 0.25f,
                          .success = 0.5f,
                          .tries = 4,
                          .maker = "sfl",
                          .params_json = "{\"gap\": 2.5}"};
    assert_true(para_run_set_families(run, &families, &room.error));
    assert_true(para_run_begin(run, &room.error));
    assert_true(para_run_add_lesson(run, &lesson, &room.error));
    assert_true(para_run_add_level(run, &level, &room.error));
    level.score = 0.125f, level.tries = 8;
    assert_true(para_run_add_level(run, &level, &room.error)); // a refresh, not a second level
    assert_true(para_run_add_proof(run, level.hash, 1, 7, "proofs/a.replay", &room.error));
    assert_true(para_run_add_evaluation(run, 7, "{}", &room.error));
    assert_true(para_run_commit(run, &room.error));
    para_run_close(run);

    run = para_run_open_read(room.run, room.arena, &room.error);
    assert_non_null(run);
    assert_string_equal(para_run_config(run), "{\"maker\":\"dr\"}");
    assert_string_equal(para_run_folder(run), room.run);
    ParaStatistics back;
    assert_int_equal(para_run_last_lesson(run, &back), 7);
    assert_int_equal(back.decisions, 1LL << 40);
    assert_int_equal(back.solved, 2);
    assert_true(back.explained_variance == -1.0 && back.reward_mean == 0.25 && back.seconds == 1.5);
    ParaLevelRow levels[4];
    assert_int_equal(para_run_levels(run, 0, levels, 4, room.arena), 0);
    assert_int_equal(para_run_levels(run, -1, levels, 4, room.arena), 1);
    assert_int_equal(para_run_levels(run, 1, levels, 4, room.arena), 1);
    assert_true(levels[0].hash == UINT64_MAX && levels[0].seed == 1ULL << 63);
    assert_true(levels[0].score == 0.125f && levels[0].tries == 8);
    assert_string_equal(levels[0].params_json, "{\"gap\": 2.5}");
    assert_true(para_run_has_proof(run, level.hash));
    assert_false(para_run_has_proof(run, 1));
    para_run_close(run);
    assert_int_equal(query(&room, "SELECT count(*) FROM families WHERE name = 'rise' AND family = 1"), 1);
    room_clear(&room);
}

static void test_run_lessons_land_together_or_not_at_all(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    assert_int_equal(para_run_last_lesson(run, NULL), -1);
    assert_true(keep_lesson(run, 0, 3, &room.error));
    assert_true(para_run_begin(run, &room.error));
    ParaStatistics row = {.lesson = 1};
    assert_true(para_run_add_lesson(run, &row, &room.error));
    para_run_close(run); // not committed
    run = open_run(&room);
    assert_int_equal(para_run_last_lesson(run, NULL), 0);
    para_run_close(run);
    assert_int_equal(query(&room, "SELECT count(*) FROM reports"), 3);
    room_clear(&room);
}

static void test_run_forgets_later_lessons(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    for (int lesson = 0; lesson < 6; lesson++)
        assert_true(keep_lesson(run, lesson, 2, &room.error));
    for (int lesson = 3; lesson < 6; lesson++) { // by the training, by `paracosm eval`, and damaged
        assert_true(para_run_add_evaluation(run, lesson, "{\"while_training\":true}", &room.error));
        assert_true(para_run_add_evaluation(run, lesson, "{\"mean\":0.5}", &room.error));
        assert_true(para_run_add_evaluation(run, lesson, "{\"while_training\"", &room.error));
    }
    assert_true(para_run_forget_after(run, 3, &room.error));
    assert_int_equal(para_run_last_lesson(run, NULL), 3);
    para_run_close(run);
    assert_int_equal(query(&room, "SELECT count(*) FROM reports"), 8);
    assert_int_equal(query(&room, "SELECT count(*) FROM evaluations"), 7);
    assert_int_equal(query(&room, "SELECT count(*) FROM evaluations WHERE result = "
                                  "'{\"while_training\":true}' AND lesson = 3"),
                     1);
    room_clear(&room);
}

static void test_run_reader_sees_commits_of_a_running_writer_and_cannot_write(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *writer = open_run(&room);
    assert_true(keep_lesson(writer, 0, 1, &room.error));
    assert_true(para_run_begin(writer, &room.error));
    ParaStatistics row = {.lesson = 1};
    assert_true(para_run_add_lesson(writer, &row, &room.error));
    ParaRun *reader = para_run_open_read(room.run, room.arena, &room.error);
    assert_non_null(reader);
    assert_int_equal(para_run_last_lesson(reader, NULL), 0);
    assert_true(para_run_commit(writer, &room.error));
    assert_int_equal(para_run_last_lesson(reader, NULL), 1);
    assert_false(para_run_begin(reader, &room.error));
    assert_non_null(strstr(room.error, "opened for reading only"));
    assert_false(para_run_add_lesson(reader, &row, &room.error));
    para_run_close(reader);
    para_run_close(writer);
    room_clear(&room);
}

// ---------------------------------------------------------------- who is refused

static void refuse(Room *room, const char *expected)
{
    room->error = NULL;
    assert_null(para_run_open(room->run, "{}", room->arena, &room->error));
    assert_non_null(room->error);
    if (!strstr(room->error, expected))
        print_error("got: %s\n", room->error);
    assert_non_null(strstr(room->error, expected));
}

static void test_run_of_a_newer_version_is_refused(void **state)
{
    (void)state;
    Room room = room_make();
    para_run_close(open_run(&room));
    change(&room, para_arena_printf(room.arena, "PRAGMA user_version = %d", PARA_RUN_VERSION + 1));
    const char *expected = para_arena_printf(
        room.arena,
        "run folder %s was written by a newer Paracosm (layout %d, this one knows %d); use that version",
        room.run, PARA_RUN_VERSION + 1, PARA_RUN_VERSION);
    refuse(&room, expected);
    assert_null(para_run_open_read(room.run, room.arena, &room.error));
    assert_string_equal(room.error, expected);
    room_clear(&room);
}

static void test_run_of_a_layout_that_was_never_made_is_refused(void **state)
{
    (void)state;
    static const int layouts[] = {-1, 0};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        Room room = room_make();
        para_run_close(open_run(&room));
        change(&room, para_arena_printf(room.arena, "PRAGMA user_version = %d", layouts[i]));
        const char *expected = para_arena_printf(
            room.arena, "%s/run.db is damaged (it has tables, but layout %d); take a copy from a backup",
            room.run, layouts[i]);
        refuse(&room, expected);
        room.error = NULL;
        assert_null(para_run_open_read(room.run, room.arena, &room.error));
        assert_non_null(room.error);
        assert_non_null(strstr(room.error, expected));
        room_clear(&room);
    }
}

static void test_run_refuses_folders_and_databases_of_others(void **state)
{
    (void)state;
    Room room = room_make();
    room.run = room.scratch.folder;
    scratch_write(scratch_path(&room.scratch, "thesis.txt"), "x", 1);
    refuse(&room, "is not empty and holds no Paracosm run");
    assert_false(access(scratch_path(&room.scratch, "lock"), F_OK) == 0); // and left alone
    assert_null(para_run_open_read(room.run, room.arena, &room.error));
    assert_non_null(strstr(room.error, "holds no Paracosm run"));
    change(&room, "CREATE TABLE other (x)");
    refuse(&room, "is a database of another program");
    scratch_write(scratch_path(&room.scratch, "run.db"),
                  "this is no database, but long enough to be looked at ....", 56);
    refuse(&room, "damaged");
    room.run = scratch_path(&room.scratch, "thesis.txt");
    refuse(&room, "a file of that name stands in the way");
    room.run = scratch_path(&room.scratch, "nowhere");
    assert_null(para_run_open_read(room.run, room.arena, &room.error));
    assert_non_null(strstr(room.error, "there is no folder"));
    room_clear(&room);
}

/// A first opening that was cut short at any point may be made again: each thing it may have left, alone.
static void test_run_goes_on_from_a_first_opening_cut_short(void **state)
{
    (void)state;
    static const char *const files[] = {"lock",       "run.db",         "run.db-wal",
                                        "run.db-shm", "run.db-journal", "config.json.tmp"};
    static const char *const folders[] = {"checkpoints", "proofs"};
    for (int i = 0; i < 8; i++) {
        Room room = room_make();
        const char *name = i < 6 ? files[i] : folders[i - 6];
        const char *left = para_arena_printf(room.arena, "%s/%s", room.run, name);
        assert_true(para_folder_make(i < 6 ? room.run : left, room.arena, &room.error));
        if (i < 6)
            scratch_write(left, "", 0);
        ParaRun *run = open_run(&room);
        assert_true(keep_lesson(run, 1, 2, &room.error));
        para_run_close(run);
        assert_int_equal(query(&room, "SELECT count(*) FROM reports"), 2);
        room_clear(&room);
    }
}

static void test_run_second_writer_is_refused(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    const char *mine = para_arena_printf(room.arena, "in use by process %ld", (long)getpid());
    refuse(&room, mine);
    para_run_close(run);
    para_run_close(open_run(&room)); // free again
    room_clear(&room);
}

static void test_run_that_is_damaged_is_refused(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    for (int lesson = 0; lesson < 200; lesson++)
        assert_true(keep_lesson(run, lesson, 8, &room.error));
    para_run_close(run);
    change(&room, "UPDATE meta SET value = '0' WHERE key = 'clean'"); // as a killed writer leaves it
    size_t size = 0;
    const char *path = para_arena_printf(room.arena, "%s/run.db", room.run);
    unsigned char *file = scratch_read(path, &size);
    memset(file + size - size / 3, 0xA5, size / 4);
    scratch_write(path, file, size);
    free(file);
    refuse(&room, "damaged");
    room_clear(&room);
}

// ---------------------------------------------------------------- killed and starved writers

static void wait_ms(long milliseconds)
{
    struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/// Writes lessons for ever and says each one that is committed through the pipe.
static void write_until_killed(const char *folder, int pipe_end)
{
    const char *error = NULL;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaRun *run = arena ? para_run_open(folder, "{}", arena, &error) : NULL;
    if (!run)
        _exit(3);
    for (int lesson = para_run_last_lesson(run, NULL) + 1;; lesson++) {
        if (!keep_lesson(run, lesson, 5, &error))
            _exit(4);
        if (write(pipe_end, &lesson, sizeof lesson) != sizeof lesson)
            _exit(5);
    }
}

static void test_run_survives_kills_at_random_moments(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRng rng = para_rng_make(20, "kill");
    int said = -1, kept_before = -1, checked = 0;
    for (int round = 0; round < 20; round++) {
        int ends[2], status = 0;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_until_killed(room.run, ends[1]);
        close(ends[1]);
        if (round % 2) // however slow the machine is: a lesson is kept before the kill in every second round
            assert_true(read(ends[0], &said, sizeof said) == sizeof said);
        wait_ms((long)para_rng_int(&rng, 1, 60));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status)); // it did not fail by itself
        for (int lesson; read(ends[0], &lesson, sizeof lesson) == sizeof lesson;)
            said = lesson;
        close(ends[0]);
        ParaRun *run = open_run(&room);
        checked += para_run_was_interrupted(run);
        int last = para_run_last_lesson(run, NULL);
        assert_true(last >= said && last >= kept_before);
        kept_before = last;
        para_run_close(run);
        assert_int_equal(
            query(&room, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
        assert_int_equal(query(&room, "SELECT count(*) FROM lessons"), last + 1);
        assert_int_equal(query(&room, "SELECT count(*) FROM reports"), 5 * (last + 1)); // each lesson whole
    }
    print_message("20 kills: %d lessons kept, %d openings checked the database\n", kept_before + 1, checked);
    assert_true(kept_before >= 9 && checked > 0);
    room_clear(&room);
}

static void test_run_full_disk_is_a_clear_error_and_keeps_what_was(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    for (int lesson = 0; lesson < 3; lesson++)
        assert_true(keep_lesson(run, lesson, 8, &room.error));
    para_run_close(run);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) { // files may not grow past 192 KB here: what a full disk does to a write
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit limit = {192 << 10, 192 << 10};
        setrlimit(RLIMIT_FSIZE, &limit);
        const char *error = NULL;
        run = para_run_open(room.run, "{}", room.arena, &error);
        int lesson = run ? para_run_last_lesson(run, NULL) + 1 : 100000;
        for (; lesson < 5000 && keep_lesson(run, lesson, 8, &error); lesson++)
            ;
        bool clear =
            error && strstr(error, "cannot save to ") && strstr(error, "what was saved before stands");
        if (!clear)
            fprintf(stderr, "lesson %d: %s\n", lesson, error ? error : "no error");
        fprintf(stderr, "after %d lessons: %s\n", lesson, error);
        para_run_close(run);
        _exit(clear && lesson < 5000 && lesson > 10 ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    run = open_run(&room);
    int last = para_run_last_lesson(run, NULL);
    assert_true(last > 10);
    assert_true(keep_lesson(run, last + 1, 8, &room.error)); // and it goes on
    para_run_close(run);
    assert_int_equal(query(&room, "SELECT count(*) FROM reports"), 8 * (last + 2));
    room_clear(&room);
}

// ---------------------------------------------------------------- checkpoints

static const char *write_checkpoint(Room *room, const ParaRun *run, int lesson, float value)
{
    ParaTensor tensor = {"weights", 1, 1, &value};
    const char *path = para_run_checkpoint_path(run, lesson, room->arena);
    assert_true(para_safetensors_write(path, &tensor, 1, "{}", room->arena, &room->error));
    return path;
}

static void test_run_newest_checkpoint_says_why_it_cannot_look(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    const char *folder = para_arena_printf(room.arena, "%s/checkpoints", room.run), *note = NULL;
    assert_int_equal(rmdir(folder), 0);
    scratch_write(folder, "", 0); // a file stands there
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, NULL, &note), -1);
    assert_non_null(note);
    assert_non_null(strstr(note, folder));
    para_run_close(run);
    room_clear(&room);
}

static void test_run_newest_checkpoint_passes_over_damaged_ones(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    const char *path = NULL, *note = NULL;
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, &path, &note), -1);
    assert_null(path);
    write_checkpoint(&room, run, 4, 1.0f);
    write_checkpoint(&room, run, 10, 2.0f);
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, &path, &note), 10);
    assert_null(note);
    const char *newest = write_checkpoint(&room, run, 12, 3.0f);
    size_t size = 0;
    unsigned char *file = scratch_read(newest, &size);
    scratch_write(newest, file, size - 1); // cut short
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, &path, &note), 10);
    assert_string_equal(path, para_run_checkpoint_path(run, 10, room.arena));
    assert_non_null(strstr(note, "passed over 1 damaged checkpoint"));
    file[size - 1] ^= 1; // whole again, but for one bit of a weight
    scratch_write(newest, file, size);
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, &path, &note), 10);
    free(file);
    para_run_close(run);
    room_clear(&room);
}

static void test_run_damaged_checkpoints_do_not_crowd_out_later_ones(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    write_checkpoint(&room, run, 4, 1.0f);
    for (int lesson = 10; lesson <= 12; lesson++)
        scratch_write(para_run_checkpoint_path(run, lesson, room.arena), "spoilt", 6);
    const char *path = NULL, *note = NULL;
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, &path, &note), 4);
    assert_true(para_run_set_aside_after(run, 4, &room.error));
    write_checkpoint(&room, run, 5, 2.0f);
    para_run_tidy(run, 2, 0); // the two newest are 4 and 5 now
    assert_int_equal(para_run_newest_checkpoint(run, room.arena, &path, &note), 5);
    assert_null(note);
    assert_true(para_file_exists(para_run_checkpoint_path(run, 4, room.arena)));
    para_run_close(run);
    room_clear(&room);
}

static void test_run_tidy_keeps_the_newest_and_milestones(void **state)
{
    (void)state;
    Room room = room_make();
    ParaRun *run = open_run(&room);
    const int lessons[] = {10, 19, 30, 40, 50, 60};
    for (int i = 0; i < 6; i++)
        write_checkpoint(&room, run, lessons[i], 1.0f);
    const char *left_over =
        para_arena_printf(room.arena, "%s.77-0.tmp", para_run_checkpoint_path(run, 70, room.arena));
    scratch_write(left_over, "half", 4);
    const char *stranger = para_arena_printf(room.arena, "%s/checkpoints/notes.txt", room.run);
    scratch_write(stranger, "mine", 4);
    para_run_tidy(run, 2, 20);
    const bool stays[] = {false, true, false,
                          true,  true, true}; // the 20th; 40 as runs from before have it; the newest
    for (int i = 0; i < 6; i++)
        assert_int_equal(access(para_run_checkpoint_path(run, lessons[i], room.arena), F_OK) == 0, stays[i]);
    assert_int_not_equal(access(left_over, F_OK), 0);
    assert_int_equal(access(stranger, F_OK), 0);
    para_run_tidy(run, 0, 0); // never none
    assert_int_equal(access(para_run_checkpoint_path(run, 60, room.arena), F_OK), 0);
    assert_int_not_equal(access(para_run_checkpoint_path(run, 50, room.arena), F_OK), 0);
    para_run_close(run);
    room_clear(&room);
}

const struct CMUnitTest para_tests_run_folder[] = {
    cmocka_unit_test(test_run_keeps_what_it_is_given),
    cmocka_unit_test(test_run_lessons_land_together_or_not_at_all),
    cmocka_unit_test(test_run_forgets_later_lessons),
    cmocka_unit_test(test_run_reader_sees_commits_of_a_running_writer_and_cannot_write),
    cmocka_unit_test(test_run_of_a_newer_version_is_refused),
    cmocka_unit_test(test_run_of_a_layout_that_was_never_made_is_refused),
    cmocka_unit_test(test_run_refuses_folders_and_databases_of_others),
    cmocka_unit_test(test_run_goes_on_from_a_first_opening_cut_short),
    cmocka_unit_test(test_run_second_writer_is_refused),
    cmocka_unit_test(test_run_that_is_damaged_is_refused),
    cmocka_unit_test(test_run_survives_kills_at_random_moments),
    cmocka_unit_test(test_run_full_disk_is_a_clear_error_and_keeps_what_was),
    cmocka_unit_test(test_run_newest_checkpoint_says_why_it_cannot_look),
    cmocka_unit_test(test_run_newest_checkpoint_passes_over_damaged_ones),
    cmocka_unit_test(test_run_damaged_checkpoints_do_not_crowd_out_later_ones),
    cmocka_unit_test(test_run_tidy_keeps_the_newest_and_milestones),
};
const size_t para_tests_run_folder_count = sizeof para_tests_run_folder / sizeof *para_tests_run_folder;
