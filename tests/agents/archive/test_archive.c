// SPDX-License-Identifier: MIT
// An archive that somebody else made: what its index says is held against its files, and no index or file,
// however cut or meant, does more than be refused with a reason.
#define _XOPEN_SOURCE 700 // symlink, mkfifo, truncate
#include "agents/archive/archive.h"
#include "engine/base/file.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEVELS = 3 };

typedef struct Fixture {
    Scratch scratch;
    ParaArena *arena;
    const char *folder, *index;
    const char *files[LEVELS]; // names
    char lines[LEVELS][300];
} Fixture;

static void put_file(Fixture *f, const char *name, const char *text, size_t size)
{
    const char *error = NULL, *path = para_arena_printf(f->arena, "%s/%s", f->folder, name);
    if (!para_file_write(path, text, size, f->arena, &error))
        fail_msg("%s", error);
}

static void put_index(Fixture *f)
{
    const char *text = "";
    for (int i = 0; i < LEVELS; i++)
        text = para_arena_printf(f->arena, "%s%s\n", text, f->lines[i]);
    put_file(f, PARA_ARCHIVE_INDEX, text, strlen(text));
}

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)4 << 30);
    f->scratch = scratch_make();
    f->folder = f->scratch.folder;
    f->index = para_arena_printf(f->arena, "%s/" PARA_ARCHIVE_INDEX, f->folder);
    const char *const names[] = {"push"};
    ParaFamilies families = tiny_families(names, 1, f->arena);
    for (int i = 0; i < LEVELS; i++) {
        ParaPick pick = {.seed = (uint64_t)i + 1};
        const ParaLevel *level = para_families_sample(&families, &pick, "dr", f->arena);
        const char *text = para_level_to_json(level, f->arena);
        f->files[i] = para_arena_printf(f->arena, "push-%d.json", i);
        put_file(f, f->files[i], text, strlen(text));
        snprintf(f->lines[i], sizeof f->lines[i],
                 "{\"file\": \"push-%d.json\", \"proof\": \"\", \"hash\": \"%016llx\"}", i,
                 (unsigned long long)level->hash);
    }
    put_index(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static bool holds(Fixture *f, const char **out_error)
{
    const char *names[] = {"roll", para_arena_printf(f->arena, "%s/", f->folder)}, *same = "";
    *out_error = "";
    bool good = para_archives_check(names, 2, f->arena, out_error);
    assert_true(para_archives_check(&f->folder, 1, f->arena, &same) ==
                good); // with the last slash or without
    return good;
}

static void refuses(Fixture *f, const char *words)
{
    const char *error = NULL;
    if (holds(f, &error))
        fail_msg("it holds, and should not: %s", words);
    if (!strstr(error, words))
        fail_msg("\"%s\" does not say \"%s\"", error, words);
}

static void test_archive_that_is_whole_holds(void **state)
{
    Fixture *f = *state;
    const char *error = NULL;
    int count = 0;
    if (!holds(f, &error))
        fail_msg("%s", error);
    const ParaArchived *lines = para_archive_read(f->folder, f->arena, &count, &error);
    assert_non_null(lines);
    assert_int_equal(count, LEVELS);
    assert_string_equal(lines[2].file, "push-2.json");
    assert_int_equal(unlink(f->index), 0); // a folder of templates without an index promises nothing
    assert_true(holds(f, &error));
}

/// Cut after every byte: each is refused, with a reason.
static void test_archive_cut_anywhere_is_refused(void **state)
{
    Fixture *f = *state;
    const char *const names[] = {PARA_ARCHIVE_INDEX, f->files[1]};
    for (int k = 0; k < 2; k++) {
        const char *error = NULL, *path = para_arena_printf(f->arena, "%s/%s", f->folder, names[k]);
        size_t size = 0;
        const char *text = para_file_read(path, 1 << 20, f->arena, &size, &error);
        assert_non_null(text);
        while (size > 0 && text[size - 1] == '\n' && k == 1)
            size--; // a level without its last line end is whole
        for (size_t cut = 0; cut < size; cut++) {
            assert_int_equal(truncate(path, (off_t)cut), 0);
            if (holds(f, &error))
                fail_msg("%s holds though it was cut at %zu of %zu", names[k], cut, size);
            assert_true(strstr(error, f->folder) && strlen(error) > strlen(f->folder) + 10);
            put_file(f, names[k], text, size);
        }
        assert_true(holds(f, &error));
    }
}

/// A byte changed: what the level is has changed, or nothing has.
static void test_archive_changed_anywhere_is_refused_or_the_same(void **state)
{
    Fixture *f = *state;
    const char *error = NULL, *path = para_arena_printf(f->arena, "%s/%s", f->folder, f->files[1]);
    ParaArchived *lines;
    int count = 0, refused = 0;
    size_t size = 0;
    const char *text = para_file_read(path, 1 << 20, f->arena, &size, &error);
    lines = para_archive_read(f->folder, f->arena, &count, &error);
    char *copy = para_arena_alloc(f->arena, size);
    for (size_t at = 0; at < size; at += 3) {
        memcpy(copy, text, size);
        copy[at] ^= 5;
        put_file(f, f->files[1], copy, size);
        ParaArenaMark mark = para_arena_mark(f->arena);
        const ParaLevel *level = para_archive_level(f->folder, &lines[1], f->arena, NULL, &error);
        refused += level == NULL;
        assert_true(!level || level->hash == lines[1].hash);
        para_arena_rewind(f->arena, mark);
    }
    assert_true(refused > (int)size / 30); // names and remarks may change
}

static void test_archive_whose_index_leads_elsewhere_is_refused(void **state)
{
    Fixture *f = *state;
    static const char *const files[] = {"../push-0.json", "/etc/passwd.json", "a/b.json",      "..\\\\x.json",
                                        ".json",          ".hidden.json",     "push-0.replay", "",
                                        "C:x.json",       "push\\u0000.json", "push\\n0.json", "*.json"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(f->lines[0], sizeof f->lines[0], "{\"file\": \"%s\", \"hash\": \"0123456789abcdef\"}",
                 files[i]);
        put_index(f);
        refuses(f, "\"file\" must be the name of a .json file in the folder itself");
        refuses(f, PARA_ARCHIVE_INDEX ":1: ");
        snprintf(f->lines[0], sizeof f->lines[0],
                 "{\"file\": \"push-0.json\", \"proof\": \"../%zu.replay\", \"hash\": \"0123456789abcdef\"}",
                 i);
        put_index(f);
        refuses(f, "\"proof\" must be the name of a .replay file");
    }
}

static void test_archive_whose_index_lies_is_refused(void **state)
{
    Fixture *f = *state;
    char whole[300];
    memcpy(whole, f->lines[1], sizeof whole);
    f->lines[1][strlen(f->lines[1]) - 3] ^= 1; // the last digit of the hash
    put_index(f);
    refuses(f, "is another level than the index says");
    memcpy(f->lines[1], f->lines[0], sizeof whole);
    put_index(f);
    refuses(f, "names push-0.json twice");
    static const struct {
        const char *line, *words;
    } bad[] = {
        {"[]", "no JSON object"},
        {"{\"file\": \"push-1.json\"}", "16 hexadecimal digits"},
        {"{\"file\": \"push-1.json\", \"hash\": \"0123456789ABCDEF\"}", "16 hexadecimal digits"},
        {"{\"file\": 3, \"hash\": \"0123456789abcdef\"}", "\"file\" must be"},
        {"", "no JSON object"},
        {"{\"file\": \"push-9.json\", \"hash\": \"0123456789abcdef\"}", "push-1.json is not in the index"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(f->lines[1], sizeof f->lines[1], "%s", bad[i].line);
        put_index(f);
        refuses(f, bad[i].words);
    }
    memcpy(f->lines[1], whole, sizeof whole);
    put_index(f);
    put_file(f, "push-9.json", "{}", 2);
    refuses(f, "push-9.json is not in the index of its folder");
    assert_int_equal(unlink(para_arena_printf(f->arena, "%s/push-9.json", f->folder)), 0);
    snprintf(f->lines[1] + strlen(whole) - 1, 40,
             ", \"proof\": \"push-1.replay\"}"); // of the two the first counts
    put_index(f);
    char *proof = strstr(f->lines[1], "\"proof\": \"\", ");
    memmove(proof, proof + 13, strlen(proof + 13) + 1);
    put_index(f);
    refuses(f, "push-1.replay is named by the index and is not there");
}

/// Links, pipes, folders and files without an end where a level should be, and where the index should be.
static void test_archive_of_other_things_than_files_is_refused(void **state)
{
    Fixture *f = *state;
    const char *const names[] = {f->files[0], PARA_ARCHIVE_INDEX};
    for (int k = 0; k < 2; k++) {
        const char *error = NULL, *path = para_arena_printf(f->arena, "%s/%s", f->folder, names[k]);
        const char *kept = para_arena_printf(f->arena, "%s/kept", f->folder);
        assert_true(para_file_rename(path, kept, f->arena, &error));
        assert_int_equal(symlink(kept, path), 0);
        refuses(f, "is a link");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(symlink("/nowhere/at/all", path), 0);
        refuses(f, "is a link");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkfifo(path, 0600), 0);
        refuses(f, "regular file");
        assert_int_equal(unlink(path), 0);
        assert_int_equal(mkdir(path, 0700), 0);
        refuses(f, k == 0 ? "no regular file" : "it is a folder");
        assert_int_equal(rmdir(path), 0);
        put_file(f, names[k], "", 0);
        assert_int_equal(truncate(path, (off_t)1 << 30), 0); // a gigabyte that takes no room
        refuses(f, "1073741824 bytes");
        assert_int_equal(unlink(path), 0);
        assert_true(para_file_rename(kept, path, f->arena, &error));
        assert_true(holds(f, &error));
    }
}

/// A hundred thousand brackets, in a level and in a line.
static void test_archive_nested_deep_is_refused(void **state)
{
    Fixture *f = *state;
    enum { DEEP = 100000 };
    char *deep = para_arena_alloc(f->arena, DEEP);
    memset(deep, '[', DEEP);
    put_file(f, f->files[0], deep, DEEP);
    refuses(f, "push-0.json is no level");
    put_file(f, PARA_ARCHIVE_INDEX, deep, DEEP);
    refuses(f, "was cut");
    deep[DEEP - 1] = '\n';
    put_file(f, PARA_ARCHIVE_INDEX, deep, DEEP);
    refuses(f, "longer than 64 kB");
    deep[50000] = '\n';
    put_file(f, PARA_ARCHIVE_INDEX, deep, 50001);
    refuses(f, "no JSON object");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_archive[] = {
    TEST(test_archive_that_is_whole_holds),
    TEST(test_archive_cut_anywhere_is_refused),
    TEST(test_archive_changed_anywhere_is_refused_or_the_same),
    TEST(test_archive_whose_index_leads_elsewhere_is_refused),
    TEST(test_archive_whose_index_lies_is_refused),
    TEST(test_archive_of_other_things_than_files_is_refused),
    TEST(test_archive_nested_deep_is_refused),
};
const size_t para_tests_archive_count = sizeof para_tests_archive / sizeof *para_tests_archive;
