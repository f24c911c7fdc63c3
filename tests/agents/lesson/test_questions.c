// SPDX-License-Identifier: MIT
// The SQL of docs/training.md: each statement runs on a run as it is, and answers.
#include "agents/lesson/lesson.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <string.h>

#ifndef PARA_SOURCE_DIR
#define PARA_SOURCE_DIR "."
#endif

static ParaTrainDef small_run(const char *folder, const char *const *families)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = folder;
    def.maker = "sfl";
    def.families = families;
    def.family_count = 2;
    def.width = 16;
    def.envs = 16;
    def.horizon = 16;
    def.threads = 2;
    def.lessons = 17;
    def.settings.candidates = 24;
    def.settings.refresh = 16; // sfl chooses in the last lesson, while much is still to be learned
    def.eval_every = 5;
    def.eval_levels = 3;
    return def;
}

/// Every number of an answer but in its texts.
static int check_answer(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int rows = 0, code;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(database), sql);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int c = 0; c < sqlite3_column_count(statement); c++)
            if (sqlite3_column_type(statement, c) == SQLITE_NULL &&
                rows > 0) // the first lesson's may be unknown
                fail_msg("row %d has no %s: %s", rows, sqlite3_column_name(statement, c), sql);
        rows++;
    }
    assert_int_equal(code, SQLITE_DONE);
    assert_true(sqlite3_stmt_readonly(statement));
    sqlite3_finalize(statement);
    return rows;
}

static void test_questions_of_the_page_are_answered(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    Scratch scratch = scratch_make();
    const char *families[] = {tiny_path("push", arena), tiny_path("rise", arena)}, *error = NULL;
    const char *folder = para_arena_printf(arena, "%s/run", scratch.folder);
    ParaTrainDef def = small_run(folder, families);
    if (!para_train(&def, NULL, NULL, arena, &error))
        fail_msg("%s", error);
    sqlite3 *database = database_open(folder);
    size_t size = 0;
    const char *page =
        para_file_read(PARA_SOURCE_DIR "/docs/training.md", (size_t)1 << 20, arena, &size, &error);
    assert_non_null(page);
    int questions = 0;
    for (const char *at = page; (at = strstr(at, "```sql\n")) != NULL;) {
        const char *end = strstr(at += strlen("```sql\n"), "```");
        assert_non_null(end);
        char *block = para_arena_printf(arena, "%.*s", (int)(end - at), at);
        for (char *semicolon; (semicolon = strchr(block, ';')) != NULL; block = semicolon + 1) {
            *semicolon = '\0';
            if (check_answer(database, block) == 0)
                fail_msg("no answer: %s", block);
            questions++;
        }
        assert_int_equal(strspn(block, "\n "), strlen(block)); // the last one ends with a semicolon too
        at = end + 3;
    }
    assert_true(questions >= 10);
    sqlite3_close(database);
    scratch_remove(&scratch);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_questions[] = {
    cmocka_unit_test(test_questions_of_the_page_are_answered),
};
const size_t para_tests_questions_count = sizeof para_tests_questions / sizeof *para_tests_questions;
