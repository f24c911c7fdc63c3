// SPDX-License-Identifier: MIT
// A run in numbers: each against one that was written by hand.
#include "agents/run/run_facts.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

typedef struct Fixture {
    Scratch scratch;
    ParaArena *arena;
    ParaRun *run;
    const char *error;
} Fixture;

static const char config[] =
    "{\"maker\": \"frontier\", \"families\": [\"rover\", \"balance\"], \"seed\": \"7\"}";

static void run_sql(Fixture *f, const char *sql)
{
    const char *path = para_arena_printf(f->arena, "%s/run.db", f->scratch.folder);
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 16, (size_t)1 << 28);
    f->scratch = scratch_make();
    f->run = para_run_open(f->scratch.folder, config, f->arena, &f->error);
    if (!f->run)
        fail_msg("%s", f->error);
    run_sql(f, "INSERT INTO families VALUES (0, 'rover'), (1, 'balance')");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_run_close(f->run);
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

/// Ten lessons of 1,000 decisions and 10 s each: in lesson k k of ten episodes are solved; every fourth has a
/// held-out score, every third a calibration.
static void add_lessons(Fixture *f)
{
    for (int k = 0; k < 10; k++) {
        ParaStatistics lesson = {0};
        para_statistics_begin_lesson(&lesson, k);
        lesson.decisions = 1000 * (k + 1);
        lesson.world_steps = 4000 * (k + 1);
        lesson.scoring_steps = 500 * k;
        lesson.seconds = 10.0 * (k + 1);
        lesson.cpu_seconds = 15.0 * (k + 1);
        lesson.episodes = 10;
        lesson.solved = k;
        if (k % 4 == 3)
            lesson.held_out = 0.05 * k, lesson.held_out_worst = 0.01 * k;
        if (k % 3 == 2)
            lesson.calibration = 0.5 / k;
        assert_true(para_run_add_lesson(f->run, &lesson, &f->error));
    }
}

static ParaRunFacts facts(Fixture *f)
{
    ParaRunFacts facts;
    if (!para_run_facts(f->run, f->arena, &facts, &f->error))
        fail_msg("%s", f->error);
    return facts;
}

static bool near(double a, double b) { return fabs(a - b) < 1e-6; }

static void test_run_facts_of_an_empty_run_are_unknown(void **state)
{
    ParaRunFacts told = facts(*state);
    assert_int_equal(told.now.lesson, -1);
    assert_true(told.episodes == 0 && told.levels == 0 && told.edge_known == 0 && isnan(told.calibration));
    assert_true(told.held_out.lesson == -1 && told.evaluated.lesson == -1 && isnan(told.held_out.mean));
    assert_string_equal(told.maker, "frontier");
    assert_string_equal(told.families, "rover,balance");
}

static void test_run_facts_are_those_of_its_rows(void **state)
{
    Fixture *f = *state;
    add_lessons(f);
    run_sql(f, "INSERT INTO levels VALUES (1, 1, 0, 0, 3, 0.25, 0.5, 4, 'frontier', '{}', NULL),"
               " (2, 2, 1, 0, 4, 0.25, 0.5, 4, 'frontier', '{}', NULL);"
               "INSERT INTO proofs VALUES (2, 0, 4, 'proofs/2.replay'), (9, 0, 4, 'proofs/9.replay')");
    ParaRunFacts told = facts(f);
    assert_int_equal(told.now.lesson, 9);
    assert_true(told.now.decisions == 10000 && told.now.scoring_steps == 4500 && told.now.cpu_seconds == 150);
    assert_true(told.episodes == 100 && told.solved == 45);
    assert_true(told.levels == 2 && told.proofs == 1);
    assert_true(near(told.calibration, 0.5 / 8));
}

/// Of three levels one is played twice, one five times and solved once, one four times and always solved.
static void test_run_facts_of_the_edge_count_levels_that_are_known(void **state)
{
    Fixture *f = *state;
    static const struct {
        int hash, solved, failed;
    } levels[] = {{1, 1, 1}, {2, 1, 4}, {3, 4, 0}};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < levels[i].solved + levels[i].failed; k++) {
            ParaReport report = {.level_hash = (uint64_t)levels[i].hash,
                                 .end = k < levels[i].solved ? PARA_END_SOLVED : PARA_END_FAILED};
            assert_true(para_run_add_reports(f->run, &report, NULL, 1, &f->error));
        }
    ParaRunFacts told = facts(f);
    assert_true(told.edge_known == 9 && told.edge == 5);
}

static void test_run_facts_of_a_score_are_the_newest_on_all_families(void **state)
{
    Fixture *f = *state;
    static const char own[] =
        "{\"families\": [{\"name\": \"balance\", \"levels\": 32}, {\"name\": \"rover\", \"levels\": "
        "16}], \"mean\": {\"still\": 0, \"trained\": 0.75}, \"worst10\": {\"trained\": 0.5}}";
    static const char *const others[] = {
        "{\"families\": [{\"name\": \"rover\", \"levels\": 16}], \"mean\": {\"trained\": 0.1}}",
        "{\"families\": [{\"name\": \"rover\", \"levels\": 16}, {\"name\": \"rove\", \"levels\": 16}], "
        "\"mean\": "
        "{\"trained\": 0.1}}",
        "{\"tier\": \"easy\", \"families\": [{\"name\": \"balance\", \"levels\": 32}, {\"name\": \"rover\", "
        "\"levels\": 16}], "
        "\"mean\": {\"trained\": 0.1}}",
        "{\"families\": [{\"name\": \"balance\", \"levels\": 32}, {\"name\": \"rover\", \"levels\": 16}], "
        "\"mean\": "
        "{\"trained\": 7}}",
        "{\"families\": [{\"na"};
    assert_true(para_run_add_evaluation(f->run, 4, own, &f->error));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(para_run_add_evaluation(f->run, 5, others[i], &f->error));
    for (int lesson = 6; lesson < 8; lesson++)
        assert_true(para_run_add_evaluation(
            f->run, lesson,
            para_arena_printf(f->arena,
                              "{\"while_training\": true, \"levels\": 8, \"families\": {\"rover\": 0.5, "
                              "\"balance\": 1}, \"mean\": 0.%d, \"worst10\": 0.25}",
                              lesson),
            &f->error));
    ParaRunFacts told = facts(f);
    assert_true(told.evaluated.lesson == 4 && told.evaluated.levels == 48 &&
                near(told.evaluated.mean, 0.75) && near(told.evaluated.worst_tenth, 0.5));
    assert_true(told.held_out.lesson == 7 && told.held_out.levels == 16 && near(told.held_out.mean, 0.7) &&
                near(told.held_out.worst_tenth, 0.25));
}

static void test_run_facts_of_a_point_are_of_the_tenth_before_it(void **state)
{
    Fixture *f = *state;
    ParaRunPoint point;
    add_lessons(f);
    assert_true(para_run_point(f->run, 10000, &point, &f->error));
    assert_true(near(point.solved, 0.9) && near(point.held_out, 0.35) && near(point.seconds, 100));
    assert_true(para_run_point(f->run, 5000, &point, &f->error)); // 4,500 to 5,000: lesson 4
    assert_true(near(point.solved, 0.4) && near(point.held_out, 0.15) && near(point.seconds, 50));
    assert_true(para_run_point(f->run, 3500, &point, &f->error)); // 3,150 to 3,500: none ended there
    assert_true(isnan(point.solved) && isnan(point.held_out) && near(point.seconds, 30));
}

static void test_run_facts_of_damaged_rows_are_unknown(void **state)
{
    Fixture *f = *state;
    add_lessons(f);
    run_sql(f, "UPDATE lessons SET solved = 'many', held_out = 'x'; UPDATE lessons SET calibration = 40;"
               "INSERT INTO evaluations (lesson, result) VALUES (3, x'00ff'), (4, '[[['), (5, '7')");
    ParaRunFacts told = facts(f);
    ParaRunPoint point;
    assert_true(told.solved == 0 && isnan(told.calibration) && told.evaluated.lesson == -1);
    assert_true(para_run_point(f->run, 10000, &point, &f->error));
    assert_true(isnan(point.held_out));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_run_facts[] = {
    TEST(test_run_facts_of_an_empty_run_are_unknown),
    TEST(test_run_facts_are_those_of_its_rows),
    TEST(test_run_facts_of_the_edge_count_levels_that_are_known),
    TEST(test_run_facts_of_a_score_are_the_newest_on_all_families),
    TEST(test_run_facts_of_a_point_are_of_the_tenth_before_it),
    TEST(test_run_facts_of_damaged_rows_are_unknown),
};
const size_t para_tests_run_facts_count = sizeof para_tests_run_facts / sizeof *para_tests_run_facts;
