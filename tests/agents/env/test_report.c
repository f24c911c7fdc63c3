// SPDX-License-Identifier: MIT
// What an episode leaves in its report: why it ended, by which bodies, where, what was touched and moved, how
// much of the picture was seen; and the sentences that are made of reports.
#include "agents/batch/families.h"
#include "agents/env/decision.h"
#include "agents/env/report_words.h"
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"

#include <string.h>

/// A ball on a ledge between a spike and a crate, a lever on a shelf, a mark far to the right.
static const char shelf[] =
    "{\"paracosm\": 1, \"name\": \"shelf\", \"world\": {\"size\": [32, 16], \"seconds\": 4},"
    " \"bodies\": ["
    "  {\"name\": \"ledge\", \"static\": true, \"shape\": {\"box\": [16, 1]}, \"at\": [16, 3.5], "
    "\"friction\": 1},"
    "  {\"name\": \"spike\", \"static\": true, \"shape\": {\"box\": [0.5, 1]}, \"at\": [10, 4.5]},"
    "  {\"name\": \"crate\", \"shape\": {\"box\": [1, 1]}, \"at\": [19, 4.5], \"density\": 0.2, "
    "\"friction\": 0.1},"
    "  {\"name\": \"lever\", \"static\": true, \"shape\": {\"box\": [0.5, 0.5]}, \"at\": [16, 10]},"
    "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.5}, \"at\": [16, 4.5], \"density\": 3, \"friction\": "
    "1}],"
    " \"zones\": [{\"name\": \"mark\", \"at\": [30, 12], \"area\": {\"box\": [2, 4]}}],"
    " \"events\": [{\"when\": {\"touch\": [\"ball\", \"lever\"]}, \"do\": [{\"say\": \"Click\"}]}],"
    " \"player\": {\"body\": \"ball\", \"actuators\": ["
    "   {\"walk\": \"ball\", \"channel\": 0, \"speed\": 6, \"force\": 60, \"air\": 1}]},"
    " \"goal\": {\"inside\": [\"ball\", \"mark\"]},"
    " \"fail\": {\"any\": [{\"below\": [\"ball\", 1]}, {\"touch\": [\"ball\", \"spike\"]}]}}";

typedef struct Fixture {
    ParaArena *arena;
    const ParaLevel *level;
    ParaWorldGroup *group;
    ParaEnv env;
} Fixture;

static Fixture made(ParaSolverKind solver)
{
    Fixture f = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28)};
    ParaDiagList list = para_diag_list(f.arena, "shelf", NULL);
    const ParaTemplate *t = para_template_load("shelf", shelf, sizeof shelf - 1, f.arena, &list);
    if (!t)
        para_diag_print(&list, stdout);
    assert_non_null(t);
    f.level = para_template_sample(t, NULL, 1, f.arena, &list);
    f.group = para_world_group_create(solver, 1);
    para_env_init(&f.env, para_world_at(f.group, 0), false);
    return f;
}

static void gone(Fixture *f)
{
    para_env_destroy(&f->env);
    para_world_group_destroy(f->group);
    para_arena_destroy(f->arena);
}

static ParaReport play(Fixture *f, int action, int until)
{
    para_env_level_arena(&f->env);
    assert_true(para_env_begin(&f->env, f->level, "test"));
    const int8_t actions[PARA_CHANNELS] = {(int8_t)action}, none[PARA_CHANNELS] = {0};
    for (int d = 0; f->env.play.status == PARA_PLAY_ON; d++)
        para_decision_make_one(&f->env, d < until ? actions : none);
    return para_env_player_report(&f->env, 0, 0);
}

static int body(const Fixture *f, const char *name)
{
    for (int b = 0; b < f->level->world.body_count; b++)
        if (strcmp(f->level->body_names[b], name) == 0)
            return b;
    fail();
    return -1;
}

static bool has(const uint64_t *bits, int body) { return bits[body / 64] >> (body % 64) & 1; }

static void says(const Fixture *f, const ParaReport *reports, int count, const char *want)
{
    char text[200];
    para_reports_sentence(f->level, reports, count, text, sizeof text);
    assert_string_equal(text, want);
    char narrow[12];
    para_reports_sentence(f->level, reports, count, narrow, sizeof narrow);
    assert_int_equal(strncmp(narrow, text, 11), 0);
    assert_int_equal(strlen(narrow), 11);
}

static void test_report_tells_why_where_and_what(void **state)
{
    (void)state;
    for (int s = 0; s < 2; s++) {
        Fixture f = made(s ? PARA_SOLVER_LANES : PARA_SOLVER_CHIPMUNK);
        ParaReport left = play(&f, -1, 1000), right = play(&f, 1, 1000), still = play(&f, 0, 0);
        // To the left is the spike.
        assert_int_equal(left.cause, PARA_CAUSE_HAZARD);
        assert_int_equal(left.cause_body, body(&f, "ball"));
        assert_int_equal(left.cause_other, body(&f, "spike"));
        assert_true(has(left.touched, body(&f, "ledge")) && has(left.touched, body(&f, "spike")));
        assert_false(has(left.touched, body(&f, "crate")) || has(left.moved, body(&f, "crate")));
        assert_near((double)left.x, 10.75, 0.3);
        // To the right it pushes the crate off the ledge and falls behind it.
        assert_int_equal(right.cause, PARA_CAUSE_FELL);
        assert_int_equal(right.cause_other, -1);
        assert_true(has(right.touched, body(&f, "crate")) && has(right.moved, body(&f, "crate")));
        assert_false(has(right.touched, body(&f, "lever")) || has(right.moved, body(&f, "spike")));
        assert_true(right.impulse > 0.5f && still.impulse < 0.5f * right.impulse);
        assert_true(right.x > 24 && right.y < 1.1f);
        assert_true(right.coverage > still.coverage && right.coverage < 0.1f);
        assert_near((double)still.coverage, 1 / 256.0, 1e-6);
        // Who stands where it began is stuck; who came to new places to the end ran out of time.
        assert_int_equal(still.end, PARA_END_TIMEOUT);
        assert_int_equal(still.cause, PARA_CAUSE_STUCK);
        assert_int_equal(still.cause_zone, 0); // it was not there
        left.seconds = 1.5f;                   // the solvers differ by a decision
        says(&f, &left, 1, "Touched spike after 1.5 s; never touched lever.");
        const ParaReport many[4] = {left, still, still, right};
        says(&f, many, 4, "Solved 0 of 4. Was stuck near x = 16 m 2 times; never touched lever.");
        gone(&f);
    }
}

static void test_report_sentences_of_all_causes(void **state)
{
    (void)state;
    Fixture f = made(PARA_SOLVER_LANES);
    int16_t ball = (int16_t)body(&f, "ball"), crate = (int16_t)body(&f, "crate");
    ParaReport r = {
        .end = PARA_END_SOLVED, .seconds = 2.5f, .cause_body = -1, .cause_other = -1, .cause_zone = -1};
    says(&f, &r, 1, "Solved in 2.5 s.");
    r.touched[0] = ~UINT64_C(0);
    r.end = PARA_END_FAILED;
    r.x = 12;
    r.closest = 0.4f;
    const struct {
        ParaCause cause;
        int16_t body;
        const char *want;
    } all[] = {{PARA_CAUSE_FELL, ball, "Fell near x = 12 m after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_FELL, crate, "crate fell near x = 12 m after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_LEFT, ball, "Got out of bounds near x = 12 m after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_SHATTERED, crate, "crate broke after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_CRUSHED, crate, "crate was crushed after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_TIPPED, ball, "Tipped over near x = 12 m after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_RULE, -1, "Broke a rule of the level after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_DIVERGED, -1, "Saw its numbers run away after 2.5 s, 40 % of the way."},
               {PARA_CAUSE_TIME, ball, "Ran out of time near x = 12 m after 2.5 s, 40 % of the way."}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        r.cause = all[i].cause;
        r.cause_body = all[i].body;
        says(&f, &r, 1, all[i].want);
        ParaCause found;
        assert_true(para_cause_find(para_cause_name(r.cause), &found) && found == r.cause);
    }
    ParaCause found;
    assert_false(para_cause_find("bored", &found));
    // Ends within two metres of each other are one place.
    ParaReport falls[5];
    for (int i = 0; i < 5; i++) {
        falls[i] = r;
        falls[i].cause = PARA_CAUSE_FELL;
        falls[i].cause_body = ball;
        falls[i].x = i < 2 ? 20 + (float)i : 5 + (float)i / 2;
    }
    says(&f, falls, 5, "Solved 0 of 5. Fell near x = 6 m 3 times.");
    gone(&f);
}

const struct CMUnitTest para_tests_report[] = {
    cmocka_unit_test(test_report_tells_why_where_and_what),
    cmocka_unit_test(test_report_sentences_of_all_causes),
};
const size_t para_tests_report_count = sizeof para_tests_report / sizeof *para_tests_report;
