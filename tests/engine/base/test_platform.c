// SPDX-License-Identifier: MIT
// What the system is asked: machine, process, locks, folders, reserved memory.
#include "engine/base/platform.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/memory.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define BIG ((size_t)1 << 36) // [byte] far more than there is memory for

static void test_platform_tells_of_the_machine(void **state)
{
    (void)state;
    assert_true(para_cpu_count() >= 1);
    uint64_t memory = para_memory_installed();
    assert_true(memory > (64 << 20) && memory < (UINT64_C(1) << 50));
    assert_true(para_disk_free("/") >= 0);
    assert_true(para_disk_free("/no/such/place") == -1);
}

static void test_platform_a_child_is_another_process(void **state)
{
    (void)state;
    int64_t own = para_process_id();
    assert_true(own == (int64_t)getpid() && own == para_process_id());
    pid_t child = fork();
    if (child == 0)
        _exit(para_process_id() != own && para_process_id() == (int64_t)getpid() ? 7 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/// In a child: there is no way back.
static void test_platform_who_gives_way_is_idle(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        para_process_give_way();
        bool low = getpriority(PRIO_PROCESS, 0) == 19;
#ifdef __linux__
        enum { IDLE = 5 }; // SCHED_IDLE, which strict headers do not name
        low = sched_getscheduler(0) == IDLE;
#endif
        _exit(low ? 7 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/// The exit code comes through, and so does the end of the one that waits.
static void test_platform_who_goes_apart_has_a_session(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        pid_t before = getpid();
        int code = 0;
        if (!para_process_go_apart(&code))
            _exit(code == 7 ? 8 : 1); // this one waited
        bool apart = getpid() != before && getsid(0) == getpid();
        _exit(apart ? 7 : 8); // without sessions that share (not Linux, or switched off) nobody waits
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 8);
}

static void test_platform_knows_where_the_program_lies(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    const char *folder = para_program_folder(arena);
    assert_non_null(folder);
    assert_int_equal(para_path_kind(para_arena_printf(arena, "%s/paracosm-tests", folder)), PARA_PATH_FILE);
    para_arena_destroy(arena);
}

static void test_platform_a_lock_has_one_holder(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    const char *path = scratch_path(&scratch, "lock"), *holder = NULL, *error = NULL;
    int first = para_lock_take(path, arena, &holder, &error);
    assert_true(first >= 0 && !holder);
    assert_int_equal(para_lock_take(path, arena, &holder, &error), -1);
    assert_string_equal(holder, para_arena_printf(arena, "%ld", (long)getpid()));
    scratch_write(path, "nobody", 6); // what stands in it is only a help
    assert_int_equal(para_lock_take(path, arena, &holder, &error), -1);
    assert_string_equal(holder, "");
    para_lock_release(first);
    int second = para_lock_take(path, arena, &holder, &error);
    assert_true(second >= 0 && !holder);
    para_lock_release(second);
    para_lock_release(-1);
    error = NULL;
    assert_int_equal(para_lock_take(scratch_path(&scratch, "no/lock"), arena, &holder, &error), -1);
    assert_null(holder);
    assert_non_null(strstr(error, "cannot open "));
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

/// Ends a child that holds a lock without letting go of it.
static void test_platform_a_lock_ends_with_its_process(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    const char *path = scratch_path(&scratch, "lock"), *holder = NULL, *error = NULL;
    pid_t child = fork();
    if (child == 0)
        _exit(para_lock_take(path, arena, &holder, &error) >= 0 ? 7 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    int lock = para_lock_take(path, arena, &holder, &error);
    assert_true(lock >= 0);
    para_lock_release(lock);
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

static void test_platform_a_pipe_is_no_terminal(void **state)
{
    (void)state;
    int ends[2], status = 0;
    char text[16] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        int columns = -1, rows = -1;
        dup2(ends[1], STDOUT_FILENO);
        bool good = !para_stream_is_terminal(PARA_STREAM_OUTPUT) &&
                    !para_stream_size(PARA_STREAM_OUTPUT, &columns, &rows) && columns == -1 && rows == -1 &&
                    para_stream_write(PARA_STREAM_OUTPUT, "good day", 8);
        _exit(good ? 7 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    assert_int_equal(read(ends[0], text, sizeof text - 1), 8);
    assert_string_equal(text, "good day");
    close(ends[0]);
    close(ends[1]);
}

static void test_platform_a_pipe_without_a_reader_is_left(void **state)
{
    (void)state;
    int ends[2], status = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[1]);
        bool before = para_stream_is_left(PARA_STREAM_OUTPUT);
        close(ends[0]); // the parent closes its own at some time
        for (int i = 0; i < 5000 && !para_stream_is_left(PARA_STREAM_OUTPUT); i++)
            para_clock_sleep(1e-3);
        _exit(!before && para_stream_is_left(PARA_STREAM_OUTPUT) ? 7 : 1);
    }
    close(ends[1]);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void test_platform_reserved_memory_is_there_when_written(void **state)
{
    (void)state;
    unsigned char *memory = para_memory_reserve(BIG);
    assert_non_null(memory);
    assert_true((uintptr_t)memory % 4096 == 0);
    para_memory_prefer_small_pages(memory, BIG);
    const size_t places[] = {0, 12345, BIG / 2, BIG - 1};
    for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
        assert_int_equal(memory[places[k]], 0);
        memory[places[k]] = (unsigned char)(k + 1);
    }
    for (size_t k = 0; k < sizeof places / sizeof places[0]; k++)
        assert_int_equal(memory[places[k]], k + 1);
    para_memory_release(memory, BIG);
    para_memory_release(NULL, BIG);
    assert_null(para_memory_reserve(SIZE_MAX / 2));
}

static void test_platform_sleep_is_not_shorter(void **state)
{
    (void)state;
    double before = para_clock_seconds();
    para_clock_sleep(0.02);
    assert_true(para_clock_seconds() - before >= 0.02);
    para_clock_sleep(0);
    para_clock_sleep(-1);
}

// ---------------------------------------------------------------------------------------------
// Folders and what is in them.

static void test_platform_folders_are_listed_in_order(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    const char **names = NULL, *error = NULL;
    assert_int_equal(para_folder_list(scratch.folder, "", arena, &names, &error), 0);
    for (int k = 0; k < 70; k++)
        scratch_write(scratch_path(&scratch, para_arena_printf(arena, "f%02d.x", 69 - k)), "", 0);
    scratch_write(scratch_path(&scratch, "a-b.json"), "", 0);
    scratch_write(scratch_path(&scratch, "a.json"), "", 0);
    scratch_write(scratch_path(&scratch, ".json"), "", 0); // nothing but the ending is no name
    assert_int_equal(para_folder_list(scratch.folder, "", arena, &names, &error), 73);
    assert_string_equal(names[0], ".json");
    assert_string_equal(names[3], "f00.x");
    assert_string_equal(names[72], "f69.x");
    assert_int_equal(para_folder_list(scratch.folder, ".json", arena, &names, &error), 2);
    assert_string_equal(names[0], "a"); // in the order of the names that are given
    assert_string_equal(names[1], "a-b");
    assert_int_equal(para_folder_list(scratch_path(&scratch, "none"), "", arena, &names, &error), -1);
    assert_non_null(strstr(error, "cannot open folder "));
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

static void test_platform_paths_are_what_they_are(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    const char *file = scratch_path(&scratch, "file"), *link = scratch_path(&scratch, "link");
    const char *moved = scratch_path(&scratch, "moved"), *none = scratch_path(&scratch, "none"),
               *error = NULL;
    scratch_write(file, "12345", 5);
    assert_int_equal(symlink(file, link), 0);
    assert_int_equal(para_path_kind(file), PARA_PATH_FILE);
    assert_int_equal(para_path_kind(link), PARA_PATH_FILE);
    assert_int_equal(para_path_kind(scratch.folder), PARA_PATH_FOLDER);
    assert_int_equal(para_path_kind(none), PARA_PATH_NONE);
    assert_int_equal(para_path_kind("/dev/null"), PARA_PATH_OTHER);
    assert_true(para_file_size(file) == 5 && para_file_size(none) == -1);
    assert_true(para_file_rename(file, moved, arena, &error));
    assert_false(para_file_exists(file));
    assert_false(para_file_rename(file, moved, arena, &error));
    assert_non_null(strstr(error, moved));
    assert_false(para_file_remove(link)); // neither links
    assert_false(para_file_remove(scratch.folder));
    assert_false(para_file_remove(none));
    assert_true(para_file_remove(moved));
    assert_false(para_file_exists(moved));
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_platform[] = {
    cmocka_unit_test(test_platform_tells_of_the_machine),
    cmocka_unit_test(test_platform_a_child_is_another_process),
    cmocka_unit_test(test_platform_who_gives_way_is_idle),
    cmocka_unit_test(test_platform_who_goes_apart_has_a_session),
    cmocka_unit_test(test_platform_knows_where_the_program_lies),
    cmocka_unit_test(test_platform_a_lock_has_one_holder),
    cmocka_unit_test(test_platform_a_lock_ends_with_its_process),
    cmocka_unit_test(test_platform_a_pipe_is_no_terminal),
    cmocka_unit_test(test_platform_a_pipe_without_a_reader_is_left),
    cmocka_unit_test(test_platform_reserved_memory_is_there_when_written),
    cmocka_unit_test(test_platform_sleep_is_not_shorter),
    cmocka_unit_test(test_platform_folders_are_listed_in_order),
    cmocka_unit_test(test_platform_paths_are_what_they_are),
};
const size_t para_tests_platform_count = sizeof para_tests_platform / sizeof *para_tests_platform;
