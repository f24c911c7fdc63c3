// SPDX-License-Identifier: MIT
// What a probe tells, against what the level must do: rows and their times, names, held actions, the level's
// end and what comes after it, what is refused, a replay's actions, and the JSON that command and Python
// share.
#include "agents/env/decision.h"
#include "agents/env/probe.h"
#include "engine/base/maths.h"
#include "engine/world/effort.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ParaSolverKind solvers[] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};

static ParaArena *arena;

static int setup(void **state)
{
    (void)state;
    arena = para_arena_create((size_t)1 << 20, PARA_PROBE_MEMORY_MAX);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    para_arena_destroy(arena);
    return 0;
}

static void near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.9g is not %.9g within %.2g", value, expected, tolerance);
}

/// A level of these bodies and joints, whose player is the body "hero" with a twist of 4 N m on channel 2,
/// keyed "lean"; solved after 0.5 s.
static const ParaLevel *level_of(const char *bodies, const char *joints)
{
    char *text = para_arena_printf(
        arena,
        "{\"paracosm\": 1, \"name\": \"probed\", \"world\": {\"size\": [20, 20], \"seconds\": 1},"
        " \"bodies\": [%s], \"joints\": [%s],"
        " \"player\": {\"body\": \"hero\", \"actuators\": [{\"twist\": \"hero\", \"channel\": 2, \"torque\": "
        "4}],"
        " \"keys\": [{\"channel\": 2, \"positive\": \"d\", \"negative\": \"a\", \"label\": \"lean\"}]},"
        " \"goal\": {\"time\": 0.5}}",
        bodies, joints);
    ParaDiagList list = para_diag_list(arena, "probed", text);
    const ParaTemplate *t = para_template_load("probed", text, strlen(text), arena, &list);
    const ParaLevel *level = t ? para_template_sample(t, NULL, 0, arena, &list) : NULL;
    if (!level) {
        para_diag_print(&list, stdout);
        fail_msg("no level");
    }
    return level;
}

#define HERO "{\"name\": \"hero\", \"at\": [5, 10], \"shape\": {\"circle\": 0.5}}"

static ParaProbe *measured(const ParaProbeDef *def)
{
    const char *error = NULL;
    ParaProbe *probe = para_probe_open(def, arena, &error);
    if (!probe)
        fail_msg("%s", error);
    while (para_probe_next(probe))
        ;
    para_probe_close(probe);
    return probe;
}

static void test_rows_are_where_they_were_asked_for(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO, "");
    static const double times[] = {0.0, 12 / 60.0, 24 / 60.0, 30 / 60.0}; // the end is always there
    const ParaProbeDef def = {.level = level, .solver = PARA_SOLVER_LANES, .seconds = 0.5, .every = 12};
    ParaProbe *probe = measured(&def);
    assert_int_equal(probe->row_count, 4);
    for (int r = 0; r < 4; r++)
        near(probe->rows[r].time, times[r], 1e-9);
    const ParaProbeDef plain = {.level = level, .seconds = -1};
    assert_int_equal(measured(&plain)->row_count, 51); // 5 s, ten rows a second
    const ParaProbeDef none = {.level = level, .seconds = 0};
    assert_int_equal(measured(&none)->row_count, 1);
}

static void test_a_falling_ball_is_told_as_it_falls(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO, "");
    double mass = 0.25 * PARA_PI;
    for (int s = 0; s < 2; s++) {
        const ParaProbeDef def = {.level = level, .solver = solvers[s], .seconds = 1.0, .every = 6};
        ParaProbe *probe = measured(&def);
        assert_int_equal(probe->solver, solvers[s]);
        for (int r = 0; r < probe->row_count; r++) {
            const ParaProbeRow *row = &probe->rows[r];
            const ParaProbeBody *ball = &row->bodies[0];
            double t = row->time, speed = 9.81 * t;
            near((double)ball->vy, -speed, 1e-3);
            near((double)ball->y, 10.0 - 0.5 * 9.81 * t * t, speed / 120.0 + 1e-3); // half a step's way
            near(ball->kinetic, 0.5 * mass * speed * speed, 1e-2);
            near(ball->potential, mass * 9.81 * (double)ball->y, 1e-3);
            near(row->energy.kinetic, ball->kinetic, 1e-9);
            near(row->motion.momentum_y, -mass * speed, 1e-3);
            assert_int_equal(row->contact_count, 0);
        }
    }
}

static void test_bodies_and_joints_have_names(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(
        HERO
        ", {\"static\": true, \"at\": [9, 3], \"shape\": {\"box\": [2, 1]}},"
        " {\"name\": \"plank\", \"repeat\": 3, \"at\": [\"2 + 3 * i\", 5], \"shape\": {\"box\": [1, 0.2]}}",
        "{\"revolute\": [\"plank1\", \"plank2\"], \"at\": [3.5, 5]},"
        "{\"name\": \"link\", \"repeat\": 1, \"distance\": [\"plank2\", \"plank3\"]}");
    ParaProbeDef def = {.level = level, .seconds = 0};
    ParaProbe *probe = measured(&def);
    assert_int_equal(probe->body_count, 5);
    assert_string_equal(probe->body_names[1], "#1");
    assert_string_equal(probe->body_names[4], "plank3");
    assert_string_equal(probe->joint_names[0], "#0");
    assert_string_equal(probe->joint_names[1], "link1");
    const char *some[] = {"plank", "#1"};
    def.names = some;
    def.name_count = 2;
    probe = measured(&def);
    assert_int_equal(probe->body_count, 4);
    assert_int_equal(probe->bodies[0], 1);
    assert_int_equal(probe->bodies[3], 4);
    const char *error = NULL;
    some[0] = "plonk2";
    assert_null(para_probe_open(&def, arena, &error));
    assert_non_null(strstr(error, "did you mean \"plank2\"?"));
    some[0] = "plank12"; // no copy of that number, and no part of a name
    assert_null(para_probe_open(&def, arena, &error));
}

/// A torque of half of 4 N m turns the disc of m r^2 / 2 by its formula, told by number or by the keys'
/// label.
static void test_held_actions_move_what_they_should(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO, "");
    double moment = 0.5 * 0.25 * PARA_PI * 0.25;
    static const char *const ways[] = {"2=0.5", "lean=0.5"};
    for (int way = 0; way < 2; way++)
        for (int s = 0; s < 2; s++) {
            const ParaProbeDef def = {
                .level = level, .solver = solvers[s], .seconds = 1.0, .acts = &ways[way], .act_count = 1};
            ParaProbe *probe = measured(&def);
            // On beyond the level's end at 0.5 s: whoever measures it does not let go.
            for (int r = 0; r < probe->row_count; r++)
                near((double)probe->rows[r].bodies[0].spin, 2.0 * probe->rows[r].time / moment, 0.01);
        }
    static const struct {
        const char *act, *says;
    } wrong[] = {{"0=1", "there are: 2 (lean)"},
                 {"2=1.5", "must be -1 to 1"},
                 {"2=", "must be -1 to 1"},
                 {"lean", "wants CHANNEL=VALUE"},
                 {"=1", "no such channel"},
                 {"2=1@", "after @"},
                 {"2=1@..", "after @"},
                 {"2=1@1", "after @"},
                 {"2=1@-1..2", "after @"},
                 {"2=1@1..1e9", "after @"},
                 {"2=1@nan..", "after @"},
                 {"2=1@1..2s", "after @"},
                 {"2=1@1..1.01", "must end later"},
                 {"2=1@2..1", "must end later"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const ParaProbeDef def = {.level = level, .acts = &wrong[i].act, .act_count = 1};
        const char *error = NULL;
        assert_null(para_probe_open(&def, arena, &error));
        if (!strstr(error, wrong[i].says))
            fail_msg("%s: %s", wrong[i].act, error);
    }
}

/// Nothing, a torque, its opposite, nothing: the spin climbs, falls back to zero and stays there. The level's
/// decisions are 1/15 s long.
static void test_actions_are_held_for_as_long_as_asked(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO, "");
    double moment = 0.5 * 0.25 * PARA_PI * 0.25, begin = 2 / 15.0, half = 2 / 15.0;
    static const char *const acts[] = {"2=-0.5@0.267..0.4", "lean=0.5@0.12..0.267"};
    for (int s = 0; s < 2; s++) {
        const ParaProbeDef def = {
            .level = level, .solver = solvers[s], .seconds = 1.2, .every = 1, .acts = acts, .act_count = 2};
        ParaProbe *probe = measured(&def);
        for (int r = 0; r < probe->row_count; r++) {
            double time = probe->rows[r].time, held = time - begin;
            held = held < 0 ? 0 : held < half ? held : held < 2 * half ? 2 * half - held : 0;
            near((double)probe->rows[r].bodies[0].spin, 2.0 * held / moment, 0.01);
        }
    }
    static const char *const twice[][2] = {{"2=1", "lean=1@1..2"}, {"2=1@..1", "2=0@0.5.."}, {"2=1", "2=1"}};
    for (size_t i = 0; i < sizeof twice / sizeof *twice; i++) {
        const ParaProbeDef def = {.level = level, .acts = twice[i], .act_count = 2};
        const char *error = NULL;
        assert_null(para_probe_open(&def, arena, &error));
        assert_non_null(strstr(error, "holds this channel at the same time"));
    }
}

/// Solved at 0.5 s, and at 1 s out of time: the first counts, and what moves by itself moves on.
static void test_a_level_that_ends_is_measured_on(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO ", {\"name\": \"lift\", \"kinematic\": true, \"at\": [12, 5],"
                                           " \"shape\": {\"box\": [1, 0.2]},"
                                           " \"moves\": {\"by\": [0, 2], \"period\": 2}}",
                                      "");
    for (int s = 0; s < 2; s++) {
        const ParaProbeDef def = {.level = level, .solver = solvers[s], .seconds = 3.0, .every = 1};
        ParaProbe *probe = measured(&def);
        char story[200];
        assert_string_equal(para_probe_status(probe), "solved");
        near(probe->ended, 0.5, 1e-9);
        para_probe_story(probe, story, sizeof story);
        assert_string_equal(story, "solved at 0.5 s; measured on to 3 s");
        assert_int_equal(probe->row_count, 181);
        for (int r = 0; r <= 180; r++) {
            const ParaProbeRow *row = &probe->rows[r];
            assert_int_equal(row->goal, r < 30 ? PARA_PLAY_ON : PARA_PLAY_SOLVED);
            near((double)row->bodies[1].y, 5.0 + 2.0 * sin(PARA_PI * row->time), 1e-3);
        }
    }
}

static void test_numbers_that_run_away_end_it(void **state)
{
    (void)state;
    const ParaLevel *level =
        level_of(HERO ", {\"name\": \"rocket\", \"at\": [9, 9], \"shape\": {\"circle\": 0.1}}", "");
    ParaLevel *wild = para_level_copy(level, arena);
    wild->world.bodies[1].velocity = (ParaVec2){0, 1000};
    wild->world.bodies[1].gravity_scale = -1000; // 1e4 m/s at 0.92 s
    for (int s = 0; s < 2; s++) {
        const ParaProbeDef def = {.level = wild, .solver = solvers[s], .seconds = 3.0};
        ParaProbe *probe = measured(&def);
        char story[200];
        assert_string_equal(para_probe_status(probe), "diverged");
        para_probe_story(probe, story, sizeof story);
        near(probe->diverged_at, 0.86, 0.08); // lanes has a bound on places too: 4 km, at 0.82 s
        assert_int_equal(probe->diverged_body, 1);
        assert_non_null(strstr(story, "solved at 0.5 s, then diverged at "));
        assert_non_null(strstr(story, "rocket"));
        assert_true(probe->row_count < 12);
    }
}

static void test_what_a_solver_does_not_take_is_said(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO ", {\"name\": \"one\", \"repeat\": 300, \"at\": [\"i\", 1],"
                                           " \"shape\": {\"circle\": 0.1}}",
                                      "");
    const char *error = NULL;
    ParaProbeDef def = {.level = level, .solver = PARA_SOLVER_LANES, .seconds = 0};
    assert_null(para_probe_open(&def, arena, &error));
    assert_non_null(strstr(error, "lanes does not take this level: 301 bodies"));
    assert_non_null(strstr(error, "chipmunk takes every level"));
    def.solver = PARA_SOLVER_AUTO;
    assert_int_equal(measured(&def)->solver, PARA_SOLVER_CHIPMUNK);
    def.seconds = PARA_PROBE_SECONDS_MAX;
    def.every = 1;
    assert_null(para_probe_open(&def, arena, &error));
    assert_non_null(strstr(error, "at most 1 GB is kept"));
}

/// What a level needs more than usual of a solver, and what no solver holds, is told.
static void test_a_level_s_needs_are_told(void **state)
{
    (void)state;
    const ParaLevel *light = level_of(HERO, "");
    const ParaLevel *heavy =
        level_of(HERO ", {\"name\": \"iron\", \"at\": [5, 15], \"shape\": {\"circle\": 0.5},"
                      " \"density\": 5000}",
                 "");
    const ParaProbeDef usual = {.level = light, .solver = PARA_SOLVER_LANES, .seconds = 0.2};
    const ParaProbeDef more = {.level = heavy, .solver = PARA_SOLVER_LANES, .seconds = 0};
    ParaProbe *probe = measured(&usual);
    assert_int_equal(probe->substeps, 1);
    assert_string_equal(probe->beyond, "");
    probe = measured(&more);
    assert_int_equal(probe->substeps, para_world_substeps(&heavy->world));
    assert_true(probe->substeps > 1);
    assert_non_null(strstr(probe->beyond, "5000"));
}

/// A replay's actions bring its level where they brought it, then none.
static void test_a_replay_s_actions_are_played(void **state)
{
    (void)state;
    const ParaLevel *level = level_of(HERO, "");
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaEnv env = {.world = para_world_at(group, 0), .arena = arena, .recording = true};
    assert_true(para_env_begin(&env, level, "test"));
    int8_t actions[PARA_CHANNELS] = {0};
    while (env.play.status == PARA_PLAY_ON) {
        actions[2] = env.decisions % 3 == 0 ? 1 : env.decisions % 3 == 1 ? 0 : -1;
        para_decision_make_one(&env, actions);
    }
    const ParaReplay *replay = para_env_replay(&env);
    float spin = para_world_view(env.world)->spin[0];
    assert_true(fabsf(spin) > 0.1f);
    const ParaProbeDef def = {
        .level = level, .solver = replay->solver, .seconds = 2.0, .replay = replay, .every = 2};
    ParaProbe *probe = measured(&def);
    int end = (int)(para_world_view(env.world)->step / 2);
    assert_memory_equal(&probe->rows[end].bodies[0].spin, &spin, sizeof spin);
    near((double)probe->rows[probe->row_count - 1].bodies[0].spin, (double)spin, 1e-6);
    const ParaProbeDef own = {.level = level, .solver = replay->solver, .seconds = -1, .replay = replay};
    near(measured(&own)->rows[measured(&own)->row_count - 1].time, replay->decisions * 4 / 60.0, 1e-9);
    // It comes out as recorded; what another version recorded does not, and says from where on.
    char story[400];
    assert_int_equal(measured(&own)->differs, -1);
    replay->hashes[2] ^= 1;
    probe = measured(&own);
    para_probe_story(probe, story, sizeof story);
    assert_int_equal(probe->differs, 2);
    assert_non_null(strstr(story, "not as the replay was recorded: decision 2 "));
    const ParaProbeDef other = {
        .level = level, .solver = PARA_SOLVER_CHIPMUNK, .seconds = -1, .replay = replay};
    assert_int_equal(measured(&other)->differs, -1); // another solver is another way, not a wrong record
    para_world_group_destroy(group);
}

static const cJSON *item(const cJSON *object, const char *key)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!found)
        fail_msg("no %s", key);
    return found;
}

static double number(const cJSON *object, const char *key)
{
    assert_true(cJSON_IsNumber(item(object, key)));
    return item(object, key)->valuedouble;
}

static void check_body(const cJSON *told, const ParaProbeBody *body)
{
    assert_true((float)number(told, "x") == body->x && (float)number(told, "y") == body->y);
    assert_true((float)number(told, "angle") == body->angle && (float)number(told, "spin") == body->spin);
    assert_true((float)number(told, "vx") == body->vx && (float)number(told, "vy") == body->vy);
    assert_true(number(told, "kinetic") == body->kinetic && number(told, "potential") == body->potential);
    assert_true(number(told, "energy") == body->kinetic + body->potential);
}

/// A ball at rest on a floor, another that flies on a spring: what is measured is what the text says.
static void test_json_says_what_was_measured(void **state)
{
    (void)state;
    const ParaLevel *level =
        level_of("{\"name\": \"hero\", \"at\": [5, 1.5], \"shape\": {\"circle\": 0.5}},"
                 "{\"name\": \"floor\", \"static\": true, \"at\": [5, 0.5], \"shape\": {\"box\": [9, 1]}},"
                 "{\"name\": \"bob\", \"at\": [5, 12], \"velocity\": [1, 0.5], \"spin\": 2, \"shape\": "
                 "{\"circle\": 0.2}}",
                 "{\"name\": \"rope\", \"spring\": [\"floor\", \"bob\"], \"stiffness\": 2, \"rest\": 10}");
    const ParaProbeDef def = {.level = level, .solver = PARA_SOLVER_LANES, .seconds = 2.0};
    ParaProbe *probe = measured(&def);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    para_probe_write_json(probe, out, arena);
    fclose(out);
    cJSON *root = cJSON_Parse(text);
    assert_non_null(root);
    assert_string_equal(item(root, "solver")->valuestring, "lanes");
    assert_string_equal(item(root, "status")->valuestring, "solved");
    near(number(root, "ended"), 0.5, 1e-9);
    assert_int_equal(cJSON_GetArraySize(item(root, "steps")), probe->row_count);
    for (int r = 0; r < probe->row_count; r++) {
        const ParaProbeRow *row = &probe->rows[r];
        const cJSON *step = cJSON_GetArrayItem(item(root, "steps"), r),
                    *hero = item(item(step, "bodies"), "hero");
        assert_true(number(step, "time") == row->time);
        assert_true((float)number(hero, "y") == row->bodies[0].y);
        check_body(item(item(step, "bodies"), "bob"), &row->bodies[2]);
        assert_true(number(item(step, "energy"), "total") == para_energy_total(row->energy));
        assert_true((float)number(item(item(step, "joints"), "rope"), "load") == row->joints[0].load);
        assert_int_equal((int)number(step, "contacts"), row->contact_count);
        assert_int_equal(cJSON_GetArraySize(item(step, "touching")), row->told_count);
        assert_string_equal(item(step, "goal")->valuestring, r < 5 ? "none" : "solved");
    }
    const cJSON *last = cJSON_GetArrayItem(item(root, "steps"), probe->row_count - 1);
    const cJSON *touch = cJSON_GetArrayItem(item(last, "touching"), 0);
    assert_string_equal(item(touch, "a")->valuestring, "hero");
    assert_string_equal(item(touch, "b")->valuestring, "floor");
    near(number(touch, "impulse"), 0.25 * PARA_PI * 9.81 / 60.0, 1e-3); // its weight, over a step
    near(cJSON_GetArrayItem(item(touch, "normal"), 1)->valuedouble, -1.0, 1e-3);
    near(cJSON_GetArrayItem(item(touch, "point"), 1)->valuedouble, 1.0, 0.02);
    cJSON_Delete(root);
    free(text);
}

#define PROBE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest para_tests_probe[] = {
    PROBE_TEST(test_rows_are_where_they_were_asked_for),
    PROBE_TEST(test_a_falling_ball_is_told_as_it_falls),
    PROBE_TEST(test_bodies_and_joints_have_names),
    PROBE_TEST(test_held_actions_move_what_they_should),
    PROBE_TEST(test_actions_are_held_for_as_long_as_asked),
    PROBE_TEST(test_a_level_that_ends_is_measured_on),
    PROBE_TEST(test_numbers_that_run_away_end_it),
    PROBE_TEST(test_what_a_solver_does_not_take_is_said),
    PROBE_TEST(test_a_level_s_needs_are_told),
    PROBE_TEST(test_a_replay_s_actions_are_played),
    PROBE_TEST(test_json_says_what_was_measured),
};
const size_t para_tests_probe_count = sizeof para_tests_probe / sizeof *para_tests_probe;
