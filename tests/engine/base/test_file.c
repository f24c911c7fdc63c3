// SPDX-License-Identifier: MIT
// Files: bounds of reading, and that writing is all or nothing.
#include "engine/base/file.h"
#include "tests/tests.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Place {
    ParaArena *arena;
    char folder[64];
    const char *error;
} Place;

static char *in(Place *place, const char *name)
{
    return para_arena_printf(place->arena, "%s/%s", place->folder, name);
}

static int open_folder(void **state)
{
    Place *place = calloc(1, sizeof *place);
    if (!place)
        return -1;
    place->arena = para_arena_create(4096, 8 << 20);
    strcpy(place->folder, "/tmp/paracosm-test-XXXXXX");
    *state = place;
    return place->arena && mkdtemp(place->folder) ? 0 : -1;
}

/// Removes a folder of files and folders, not deeper than the tests make them.
static void remove_tree(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        unlink(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char name[1024];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_tree(name);
    }
    closedir(folder);
    rmdir(path);
}

static int close_folder(void **state)
{
    Place *place = *state;
    remove_tree(place->folder);
    para_arena_destroy(place->arena);
    free(place);
    return 0;
}

static int count_entries(const char *path)
{
    DIR *folder = opendir(path);
    int count = -2; // . and ..
    while (folder && readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static void test_file_comes_back_as_written(void **state)
{
    Place *place = *state;
    char *path = in(place, "data");
    const char data[] = "one\0two\n\xff";
    size_t size = 0;
    assert_true(para_file_write(path, data, sizeof data, place->arena, &place->error));
    char *back = para_file_read(path, 100, place->arena, &size, &place->error);
    assert_int_equal(size, sizeof data);
    assert_memory_equal(back, data, sizeof data);
    assert_int_equal(back[size], '\0');
    assert_true(para_file_write(path, "", 0, place->arena, NULL)); // empty, over the old one
    assert_string_equal(para_file_read(path, 0, place->arena, &size, NULL), "");
    assert_int_equal(size, 0);
    assert_int_equal(count_entries(place->folder), 1); // nothing temporary is left
}

static void expect_refusal(Place *place, const char *path, size_t size_max, const char *reason)
{
    place->error = NULL;
    assert_null(para_file_read(path, size_max, place->arena, NULL, &place->error));
    assert_non_null(place->error);
    if (!strstr(place->error, reason) || !strstr(place->error, path))
        fail_msg("\"%s\" does not say \"%s\"", place->error, reason);
}

static void test_file_read_refuses_what_is_no_file_or_too_large(void **state)
{
    Place *place = *state;
    char *path = in(place, "ten"), *pipe = in(place, "pipe");
    assert_true(para_file_write(path, "0123456789", 10, place->arena, NULL));
    assert_non_null(para_file_read(path, 10, place->arena, NULL, NULL));
    expect_refusal(place, path, 9, "it has 10 bytes; at most 9 are read");
    expect_refusal(place, place->folder, 100, "it is a folder");
    expect_refusal(place, in(place, "absent"), 100, "No such file");
    expect_refusal(place, "/dev/zero", 100, "not a regular file");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    expect_refusal(place, pipe, 100, "not a regular file"); // and does not wait for a writer
    // A file beyond the arena is an error of the input, not the end of the program.
    assert_int_equal(truncate(path, 1L << 40), 0);
    expect_refusal(place, path, SIZE_MAX, "no room left in memory");
}

/// In a child: the disk is full after 1000 bytes. Exit code 0 where the write failed with a message.
static int write_on_a_full_disk(Place *place, const char *path)
{
    static char data[5000];
    struct rlimit limit = {1000, 1000};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit))
        return 2;
    if (para_file_write(path, data, sizeof data, place->arena, &place->error))
        return 3;
    return strstr(place->error, "cannot write") ? 0 : 4;
}

static void test_file_write_that_fails_leaves_the_old_file(void **state)
{
    Place *place = *state;
    char *path = in(place, "kept");
    assert_true(para_file_write(path, "old", 3, place->arena, NULL));
    pid_t child = fork();
    if (child == 0)
        _exit(write_on_a_full_disk(place, path));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_string_equal(para_file_read(path, 100, place->arena, NULL, NULL), "old");
    assert_int_equal(count_entries(place->folder), 1); // and no temporary file
}

static void test_file_write_refuses_folders_and_devices(void **state)
{
    Place *place = *state;
    char *sub = in(place, "sub");
    assert_true(para_folder_make(sub, place->arena, NULL));
    assert_false(para_file_write(sub, "x", 1, place->arena, &place->error));
    assert_non_null(strstr(place->error, "not a regular file"));
    assert_false(para_file_write("/dev/null", "x", 1, place->arena, NULL));
    assert_false(para_file_may_write("/dev/null", place->arena, NULL)); // nor is it promised
    assert_false(para_file_write(in(place, "absent/x"), "x", 1, place->arena, &place->error));
    assert_non_null(strstr(place->error, "No such file"));
}

static void test_file_write_keeps_the_permissions_of_the_old_file(void **state)
{
    Place *place = *state;
    char *path = in(place, "private");
    struct stat info;
    assert_true(para_file_write(path, "a", 1, place->arena, NULL));
    assert_int_equal(chmod(path, 0640), 0);
    assert_true(para_file_write(path, "b", 1, place->arena, NULL));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void test_file_write_goes_through_a_link(void **state)
{
    Place *place = *state;
    char *path = in(place, "real"), *link = in(place, "link");
    struct stat info;
    assert_true(para_file_write(path, "old", 3, place->arena, NULL));
    assert_int_equal(symlink("real", link), 0);
    assert_true(para_file_write(link, "new", 3, place->arena, NULL));
    assert_string_equal(para_file_read(path, 100, place->arena, NULL, NULL), "new");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(unlink(path), 0); // one that leads nowhere
    assert_true(para_file_write(link, "end", 3, place->arena, NULL));
    assert_string_equal(para_file_read(link, 100, place->arena, NULL, NULL), "end");
}

static void test_folder_make_makes_parents_and_forgives_what_exists(void **state)
{
    Place *place = *state;
    char *deep = in(place, "a//b/c/");
    assert_true(para_folder_make(deep, place->arena, &place->error));
    assert_true(para_folder_make(deep, place->arena, &place->error));
    assert_true(para_file_exists(in(place, "a/b/c")));
    assert_true(para_folder_make("/", place->arena, NULL));
    assert_true(para_file_write(in(place, "file"), "x", 1, place->arena, NULL));
    assert_false(para_folder_make(in(place, "file"), place->arena, &place->error));
    assert_non_null(strstr(place->error, "stands in the way"));
    assert_false(para_folder_make(in(place, "file/sub"), place->arena, NULL));
    assert_false(para_folder_make("", place->arena, &place->error));
    assert_false(para_file_exists(in(place, "absent")));
}

static void test_file_path_from_the_root(void **state)
{
    Place *place = *state;
    char before[1024], here[1024];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(place->folder), 0);
    assert_non_null(getcwd(here, sizeof here));
    const char *want = para_arena_printf(place->arena, "%s/a/b.json", here);
    assert_string_equal(para_path_absolute("a/b.json", place->arena), want);
    assert_string_equal(para_path_absolute(want, place->arena), want);
    assert_int_equal(rmdir(place->folder), 0); // nobody can say where that is
    assert_string_equal(para_path_absolute("b.json", place->arena), "b.json");
    assert_int_equal(chdir(before), 0);
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)
const struct CMUnitTest para_tests_file[] = {
    WITH_FOLDER(test_file_comes_back_as_written),
    WITH_FOLDER(test_file_read_refuses_what_is_no_file_or_too_large),
    WITH_FOLDER(test_file_write_that_fails_leaves_the_old_file),
    WITH_FOLDER(test_file_write_refuses_folders_and_devices),
    WITH_FOLDER(test_file_write_keeps_the_permissions_of_the_old_file),
    WITH_FOLDER(test_file_write_goes_through_a_link),
    WITH_FOLDER(test_file_path_from_the_root),
    WITH_FOLDER(test_folder_make_makes_parents_and_forgives_what_exists),
};
const size_t para_tests_file_count = sizeof para_tests_file / sizeof *para_tests_file;
