// SPDX-License-Identifier: MIT
// What a level lists itself: the numbers it shows, the choices it offers, and rewards by expression; on both
// solvers.
#include "agents/observe/observe.h"
#include "tests/worlds/rules/run.h"

#define LISTED(rest)                                                                                         \
    "{\"paracosm\": 1, \"name\": \"t\", \"world\": {\"size\": [40, 20], \"seconds\": 2},"                    \
    " \"bodies\": [{\"name\": \"floor\", \"static\": true, \"at\": [20, 0.5], \"shape\": {\"box\": [40, "    \
    "1]}},"                                                                                                  \
    " {\"name\": \"ball\", \"at\": [2, 5], \"velocity\": [1.5, 0], \"shape\": {\"circle\": 0.5}}],"          \
    " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5},"                \
    " {\"thruster\": \"ball\", \"force\": 3, \"channel\": 4}],"                                              \
    " \"moves\": [{\"name\": \"rest\"}, {\"name\": \"roll\", \"0\": -1, \"4\": 0.5}]}, " rest "}"

static Run play(const char *text)
{
    Run run = {.arena = para_arena_create(1 << 18, (size_t)1 << 28), .group = scene_room(2)};
    run.level = level_of(text, run.arena);
    start(&run);
    return run;
}

static const char observing[] = LISTED(
    "\"goal\": {\"any\": []}, \"observe\": [{\"name\": \"height\", \"value\": \"y(ball) - 1\", \"scale\": 4},"
    " {\"value\": \"1 / (x(ball) * 0)\"}, {\"value\": 1000},"
    " {\"name\": \"ray\", \"repeat\": 3, \"value\": \"ray(ball, i - 1, -1, 5)\"}]");

static void test_a_level_shows_what_it_lists(void **state)
{
    (void)state;
    Run run = play(observing);
    float all[PARA_OBSERVES_MAX], seen[8];
    steps(&run, 10);
    assert_int_equal(run.level->observe_count, 6);
    para_play_observes(&run.play, run.level, run.world, all);
    assert_near((double)all[0], (y_of(&run, "ball") - 1) / 4, 1e-6);
    assert_true(all[1] == 0 && all[2] == 1000); // without a value, and a plain number
    assert_near((double)all[4], (y_of(&run, "ball") - 1) / 5, 1e-4);
    assert_near((double)all[3], (double)all[5], 1e-3);
    assert_near((double)all[3], fmin(1, (y_of(&run, "ball") - 1) * sqrt(2) / 5), 1e-3);
    assert_string_equal(run.level->observes[3].name, "ray1");
    ParaObsSpec spec = para_obs_spec_listed(8); // two more than the level has
    para_observe(&spec, run.level, &run.play, 0, run.world, seen);
    assert_true(seen[0] == all[0] && seen[2] == 10 && seen[5] == all[5] && seen[6] == 0 && seen[7] == 0);
    ParaObsSpan span = para_obs_span(&spec, 0);
    assert_true(para_obs_span_count(&spec) == 1 && span.size == 8 && span.offset == 0);
    end(&run);
}

static void test_moves_are_kept(void **state)
{
    (void)state;
    Run run = play(observing);
    const ParaMove *moves = run.level->moves;
    assert_int_equal(run.level->move_count, 2);
    assert_string_equal(moves[1].name, "roll");
    for (int c = 0; c < PARA_CHANNELS; c++)
        assert_true(moves[0].action[c] == 0 && moves[1].action[c] == (c == 0 ? -1.0f : c == 4 ? 0.5f : 0.0f));
    end(&run);
}

static void test_lists_come_back_from_a_saved_level(void **state)
{
    (void)state;
    static const char *const texts[] = {
        observing,
        LISTED("\"goal\": {\"any\": []}, \"replace\": true, \"rewards\": [{\"change\": \"x(ball)\"}, "
               "{\"each\": -0.25, \"weight\": 2}, {\"value\": \"vy(ball) ^ 2\"}]")};
    for (int k = 0; k < 2; k++) {
        Run run = play(texts[k]);
        const char *json = para_level_to_json(run.level, run.arena);
        const ParaLevel *back = level_of(json, run.arena), *copied = para_level_copy(back, run.arena);
        if (back->hash != run.level->hash || para_level_hash(copied) != back->hash)
            fail_msg("another level is saved: %s", json);
        assert_string_equal(para_level_to_json(copied, run.arena), json);
        assert_int_equal(back->observe_count, run.level->observe_count);
        assert_true(back->players[0].reward_replaces == (k == 1));
        end(&run);
    }
}

/// What some steps pay by one term.
static double paid(const char *term, int count)
{
    static char text[1600];
    snprintf(text, sizeof text, LISTED("\"goal\": {\"any\": []}, \"rewards\": [%s]"), term);
    Run run = play(text);
    steps(&run, count);
    double reward = (double)run.play.players[0].reward;
    end(&run);
    return reward;
}

static void test_rewards_pay_by_expression(void **state)
{
    (void)state;
    Run run = play(observing);
    double x = x_of(&run, "ball");
    steps(&run, 30);
    assert_near(paid("{\"change\": \"3 * x(ball)\"}", 30), 3 * (x_of(&run, "ball") - x), 1e-4);
    assert_near(paid("{\"change\": \"-x(ball)\", \"weight\": 2}", 30), -2 * (x_of(&run, "ball") - x), 1e-4);
    assert_near(paid("{\"value\": \"vx(ball)\"}", 30), x_of(&run, "ball") - x, 1e-3);
    assert_true(paid("{\"each\": -0.5}", 30) == -15 && paid("{\"each\": \"0.5 + 0 * time\"}", 8) == 4);
    assert_true(paid("{\"each\": \"1 / (0 * time)\"}", 8) == 0); // what has no value pays nothing
    end(&run);
}

/// The reward of a whole episode that ends when 0.5 s are over.
static double at_the_end(const char *rest)
{
    static char text[1600];
    snprintf(text, sizeof text, LISTED("%s, \"rewards\": [{\"each\": 1}], \"solved\": 7, \"failed\": -5"),
             rest);
    Run run = play(text);
    steps(&run, RATE);
    assert_true(run.play.status == PARA_PLAY_SOLVED || run.play.status == PARA_PLAY_FAILED);
    double reward = (double)run.play.players[0].reward;
    end(&run);
    return reward;
}

static void test_the_end_may_replace_what_its_step_pays(void **state)
{
    (void)state;
    assert_true(at_the_end("\"goal\": {\"time\": 0.5}") == 30 + 7);
    assert_true(at_the_end("\"goal\": {\"time\": 0.5}, \"replace\": true") == 29 + 7);
    assert_true(at_the_end("\"goal\": {\"time\": 9}, \"fail\": {\"time\": 0.5}") == 30 - 5);
    assert_true(at_the_end("\"goal\": {\"time\": 9}, \"fail\": {\"time\": 0.5}, \"replace\": true") ==
                29 - 5);
}

const struct CMUnitTest para_tests_lists[] = {
    SCENE_TEST(test_a_level_shows_what_it_lists),
    SCENE_TEST(test_moves_are_kept),
    SCENE_TEST(test_lists_come_back_from_a_saved_level),
    SCENE_TEST(test_rewards_pay_by_expression),
    SCENE_TEST(test_the_end_may_replace_what_its_step_pays),
};
const size_t para_tests_lists_count = sizeof para_tests_lists / sizeof *para_tests_lists;
