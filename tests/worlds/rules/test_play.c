// SPDX-License-Identifier: MIT
// Levels in play, on the real physics: each predicate true and false, holding, order, rewards, actuators.
#include "tests/tests.h"

#include "worlds/rules/play.h"
#include "worlds/template.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/// One level running.
typedef struct Run {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaWorld world;
    const ParaLevel *level;
    ParaPlay play;
} Run;

// A floor whose top is y = 1, a ball of radius 0.5 that rests on it at x = 2, a box at x = 6, a zone about x
// = 9.
static const char frame[] =
    "{\"paracosm\": 1, \"name\": \"t\", \"world\": {\"size\": [20, 10], \"seconds\": %s}, \"bodies\": ["
    "{\"name\": \"floor\", \"static\": true, \"at\": [10, 0.5], \"shape\": {\"box\": [40, 1]}, \"friction\": "
    "1},"
    "{\"name\": \"ball\", \"at\": [2, 1.5], \"shape\": {\"circle\": 0.5}, \"friction\": 1},"
    "{\"name\": \"box\", \"at\": [6, 1.5], \"shape\": {\"box\": [1, 1]}, \"friction\": 1}%s],"
    "\"zones\": [{\"name\": \"flag\", \"at\": [9, 2], \"area\": {\"box\": [2, 4]}}],"
    "\"player\": {\"body\": \"ball\", \"actuators\": [%s]}, %s}";

static Run begin(const char *seconds, const char *bodies, const char *actuators, const char *rules)
{
    char text[6000];
    Run run = {.arena = para_arena_create(1 << 18, (size_t)1 << 28),
               .group = para_world_group_create(PARA_SOLVER_AUTO, 1)};
    snprintf(text, sizeof text, frame, seconds, bodies, actuators, rules);
    ParaDiagList list = para_diag_list(run.arena, NULL, NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), run.arena, &list);
    run.level = t ? para_template_sample(t, NULL, 1, run.arena, &list) : NULL;
    run.world = para_world_at(run.group, 0);
    if (!run.level || !para_play_begin(&run.play, run.level, run.world,
                                       PARA_NEW(run.arena, ParaPlayerState, 1), NULL, &list))
        para_diag_print(&list, stdout);
    assert_int_equal(list.error_count, 0);
    return run;
}

static void end(Run *run)
{
    para_world_group_destroy(run->group);
    para_arena_destroy(run->arena);
}

static void act(Run *run, float a, float b)
{
    const float action[PARA_CHANNELS] = {a, b};
    para_play_act(&run->play, run->level, action);
}

static void steps(Run *run, int count)
{
    for (int k = 0; k < count; k++)
        para_play_step(&run->play, run->level, run->world);
}

static const ParaView *view(const Run *run) { return para_world_view(run->world); }

static float x_of(const Run *run, int body) { return view(run)->x[body * view(run)->stride]; }
static float y_of(const Run *run, int body) { return view(run)->y[body * view(run)->stride]; }

#define TWIST "{\"twist\": \"ball\", \"channel\": 0, \"sign\": -1, \"torque\": 4}"

/// After half a second at rest the level is in this state.
static void check_rest(const char *bodies, const char *rules, ParaPlayStatus status)
{
    Run run = begin("20", bodies, TWIST, rules);
    steps(&run, 30);
    if (run.play.status != status)
        print_error("%s: status %d\n", rules, run.play.status);
    assert_int_equal(run.play.status, status);
    assert_true(run.play.players[0].progress >= 0 && run.play.players[0].progress <= 1);
    assert_true((run.play.status == PARA_PLAY_SOLVED) == (run.play.players[0].progress == 1.0f));
    end(&run);
}

static void yes(const char *goal)
{
    char rules[1000];
    snprintf(rules, sizeof rules, "\"goal\": %s", goal);
    check_rest("", rules, PARA_PLAY_SOLVED);
    snprintf(rules, sizeof rules, "\"goal\": {\"not\": %s}", goal);
    check_rest("", rules, PARA_PLAY_ON);
    snprintf(rules, sizeof rules, "\"goal\": {\"time\": 15}, \"fail\": %s", goal);
    check_rest("", rules, PARA_PLAY_FAILED);
}

static void no(const char *goal)
{
    char rules[1000];
    snprintf(rules, sizeof rules, "\"goal\": %s", goal);
    check_rest("", rules, PARA_PLAY_ON);
    snprintf(rules, sizeof rules, "\"goal\": {\"not\": %s}", goal);
    check_rest("", rules, PARA_PLAY_SOLVED);
}

static void test_play_judges_each_predicate(void **state)
{
    (void)state;
    yes("{\"touch\": [\"ball\", \"floor\"]}");
    no("{\"touch\": [\"ball\", \"box\"]}");
    yes("{\"touch\": [\"ball\"]}");
    yes("{\"touch\": [\"player\", \"floor\"]}");
    no("{\"touch\": [\"box\", \"player\"]}");
    no("{\"inside\": [\"ball\", \"flag\"]}");
    yes("{\"near\": [\"ball\", \"box\", 4.1]}");
    no("{\"near\": [\"ball\", \"box\", 3.9]}");
    yes("{\"near\": [\"ball\", \"flag\", 7.1]}");
    no("{\"near\": [\"ball\", \"flag\", 6.9]}");
    yes("{\"above\": [\"ball\", 1.4]}");
    no("{\"above\": [\"ball\", 1.6]}");
    yes("{\"below\": [\"ball\", 1.6]}");
    no("{\"below\": [\"ball\", 1.4]}");
    yes("{\"right_of\": [\"ball\", 1.9]}");
    no("{\"right_of\": [\"ball\", 2.1]}");
    yes("{\"left_of\": [\"ball\", 2.1]}");
    no("{\"left_of\": [\"ball\", 1.9]}");
    yes("{\"upright\": [\"box\", 0.1]}");
    yes("{\"slow\": [\"box\", 0.1]}");
    check_rest("", "\"goal\": {\"time\": 0.4}", PARA_PLAY_SOLVED);
    check_rest("", "\"goal\": {\"time\": 0.6}", PARA_PLAY_ON);
    yes("{\"all\": []}");
    no("{\"any\": []}");
    yes("{\"all\": [{\"below\": [\"ball\", 9]}, {\"above\": [\"ball\", 1.4]}]}");
    no("{\"all\": [{\"time\": 0.1}, {\"above\": [\"ball\", 1.6]}]}");
    yes("{\"any\": [{\"below\": [\"ball\", 9]}, {\"above\": [\"ball\", 1.6]}]}");
    no("{\"any\": [{\"time\": 10}, {\"above\": [\"ball\", 1.6]}]}");
}

static void test_play_sees_zones_angles_and_speeds(void **state)
{
    (void)state;
    static const char thing[] =
        ", {\"name\": \"c\", \"at\": [9, 2.5], \"angle\": 1, \"velocity\": [0.5, 0], \"gravity_scale\": 0, "
        "\"shape\": {\"circle\": 0.2}}";
    check_rest(thing, "\"goal\": {\"inside\": [\"c\", \"flag\"]}", PARA_PLAY_SOLVED);
    check_rest(thing, "\"goal\": {\"upright\": [\"c\", 0.9]}", PARA_PLAY_ON);
    check_rest(thing, "\"goal\": {\"upright\": [\"c\", 1.1]}", PARA_PLAY_SOLVED);
    check_rest(thing, "\"goal\": {\"slow\": [\"c\", 0.4]}", PARA_PLAY_ON);
    check_rest(thing, "\"goal\": {\"slow\": [\"c\", 0.6]}", PARA_PLAY_SOLVED);
    static const char turned[] =
        ", {\"name\": \"c\", \"at\": [9, 2.5], \"angle\": \"20 * pi + 0.2\", \"gravity_scale\": 0, "
        "\"shape\": {\"circle\": 0.2}}";
    check_rest(turned, "\"goal\": {\"upright\": [\"c\", 0.3]}", PARA_PLAY_SOLVED);
}

static void test_play_repeated_names_mean_any_or_every(void **state)
{
    (void)state;
    static const char coins[] =
        ", {\"name\": \"c\", \"repeat\": 3, \"at\": [\"7 + i\", 5], \"static\": true, \"collect\": true, "
        "\"shape\": {\"circle\": 0.2}}";
    check_rest(coins, "\"goal\": {\"right_of\": [\"c\", 8.5]}", PARA_PLAY_SOLVED);
    check_rest(coins, "\"goal\": {\"right_of\": [\"c\", 8.5], \"every\": true}", PARA_PLAY_ON);
    check_rest(coins, "\"goal\": {\"right_of\": [\"c\", 6.5], \"every\": true}", PARA_PLAY_SOLVED);
    check_rest(coins, "\"goal\": {\"near\": [\"ball\", \"c\", 6.2]}", PARA_PLAY_SOLVED);
    check_rest(coins, "\"goal\": {\"left_of\": [\"c2..c3\", 7.5]}", PARA_PLAY_ON);
    check_rest(coins, "\"goal\": {\"left_of\": [\"c1..c2\", 7.5]}", PARA_PLAY_SOLVED);
    check_rest(coins, "\"goal\": {\"collected\": \"c\"}", PARA_PLAY_ON);
    check_rest(", {\"name\": \"c\", \"repeat\": 0, \"collect\": true, \"shape\": {\"circle\": 0.2}}",
               "\"goal\": {\"collected\": \"c\"}", PARA_PLAY_SOLVED);
    check_rest(", {\"name\": \"c\", \"repeat\": 0, \"shape\": {\"circle\": 0.2}}",
               "\"goal\": {\"time\": 9}, \"fail\": {\"touch\": [\"ball\", \"c\"]}", PARA_PLAY_ON);
}

static void test_play_holds_for_the_time_asked(void **state)
{
    (void)state;
    Run run = begin("20", "", TWIST, "\"goal\": {\"above\": [\"ball\", 1], \"for\": 0.5}");
    steps(&run, 29);
    assert_int_equal(run.play.status, PARA_PLAY_ON);
    steps(&run, 1);
    assert_int_equal(run.play.status, PARA_PLAY_SOLVED);
    end(&run);
}

static void test_play_hold_starts_again_after_a_break(void **state)
{
    (void)state;
    // The stone falls through the height of 5 m and is above it for less than the time asked; the ball counts
    // on.
    Run run = begin(
        "20", ", {\"name\": \"c\", \"at\": [9, 6], \"velocity\": [0, 2], \"shape\": {\"circle\": 0.2}}",
        TWIST,
        "\"goal\": {\"above\": [\"c\", 5], \"for\": 1.5}, \"fail\": {\"below\": [\"c\", 5], \"for\": 0.3}");
    int at = 0;
    while (run.play.status == PARA_PLAY_ON && at < 600) {
        steps(&run, 1);
        at++;
    }
    assert_int_equal(run.play.status, PARA_PLAY_FAILED);
    // Above for 0.7 s (free flight from 6 m at 2 m/s), then 0.3 s below.
    assert_in_range(at, 52, 66);
    assert_true(run.play.held[run.level->players[0].goal_root] == 0);
    end(&run);
}

static void test_play_then_wants_its_order(void **state)
{
    (void)state;
    // The stone is low at the end; "low, then high" never comes, "high, then low" does.
    static const char stone[] = ", {\"name\": \"c\", \"at\": [9, 6], \"shape\": {\"circle\": 0.2}}";
    Run run = begin("3", stone, TWIST,
                    "\"goal\": {\"then\": [{\"above\": [\"c\", 5]}, {\"below\": [\"c\", 4]}, "
                    "{\"touch\": [\"c\"]}]}");
    steps(&run, 5);
    assert_int_equal(run.play.done[run.level->players[0].goal_root], 1);
    steps(&run, 175);
    assert_int_equal(run.play.status, PARA_PLAY_SOLVED);
    end(&run);
    run =
        begin("3", stone, TWIST, "\"goal\": {\"then\": [{\"below\": [\"c\", 4]}, {\"above\": [\"c\", 5]}]}");
    steps(&run, 200);
    assert_int_equal(run.play.status, PARA_PLAY_TIMEOUT);
    assert_int_equal(run.play.done[run.level->players[0].goal_root], 1);
    assert_int_equal(view(&run)->step, 180);
    end(&run);
}

static void test_play_shatters_what_is_hit_too_hard(void **state)
{
    (void)state;
    for (int hard = 0; hard < 2; hard++) {
        char glass[300];
        snprintf(glass, sizeof glass,
                 ", {\"name\": \"c\", \"at\": [9, %s], \"density\": 8, \"shatters\": {\"impulse\": 3}, "
                 "\"shape\": {\"circle\": 0.2}}",
                 hard ? "5" : "1.25");
        Run run = begin("3", glass, TWIST, "\"goal\": {\"time\": 2}, \"fail\": {\"shattered\": \"c\"}");
        steps(&run, 180);
        assert_int_equal(run.play.status, hard ? PARA_PLAY_FAILED : PARA_PLAY_SOLVED);
        assert_int_equal(view(&run)->enabled[3 * view(&run)->stride], !hard);
        end(&run);
    }
}

static void test_play_collects_what_the_player_touches(void **state)
{
    (void)state;
    Run run = begin(
        "20",
        ", {\"name\": \"c\", \"repeat\": 2, \"at\": [\"3.5 + i\", 1.5], \"static\": true, \"collect\": true, "
        "\"shape\": {\"circle\": 0.2}}",
        TWIST, "\"goal\": {\"collected\": \"c\"}");
    float last = run.play.players[0].progress;
    assert_true(last < 0.1f);
    act(&run, 1, 0);
    for (int k = 0; k < 400 && run.play.status == PARA_PLAY_ON; k++) {
        steps(&run, 1);
        assert_true(run.play.players[0].progress >= last - 1e-6f);
        last = run.play.players[0].progress;
    }
    assert_int_equal(run.play.status, PARA_PLAY_SOLVED);
    assert_int_equal(
        view(&run)->enabled[3 * view(&run)->stride] + view(&run)->enabled[4 * view(&run)->stride], 0);
    assert_true(run.play.players[0].reward == 10);
    end(&run);
}

static void test_play_pays_and_ends_once(void **state)
{
    (void)state;
    Run run =
        begin("20", "", TWIST,
              "\"goal\": {\"time\": 0.5}, \"rewards\": [{\"alive\": true, \"weight\": 2}], \"solved\": 7");
    steps(&run, 100);
    assert_int_equal(run.play.status, PARA_PLAY_SOLVED);
    assert_int_equal(view(&run)->step, 30);
    assert_true(fabsf(run.play.players[0].reward - 8) < 1e-4f);
    end(&run);
    run = begin("1", "", TWIST, "\"goal\": {\"time\": 0.5}, \"fail\": {\"time\": 0.5}, \"failed\": -2");
    steps(&run, 100);
    assert_int_equal(run.play.status, PARA_PLAY_FAILED); // fail wins over the goal in the same step
    assert_true(run.play.players[0].reward == -2);
    end(&run);
}

static void test_play_potential_terms_sum_to_zero_on_a_loop(void **state)
{
    (void)state;
    // A platform that swings: after whole periods it is back, and so is every potential. None of them asks
    // for the loose box, which may settle into the floor by the solver's slop.
    static const char lift[] = ", {\"name\": \"c\", \"kinematic\": true, \"at\": [12, 6], \"shape\": "
                               "{\"box\": [1, 0.2]}, \"moves\": "
                               "{\"by\": [2, 1], \"period\": 2, \"phase\": 0.4}}";
    Run run = begin("20", lift, TWIST,
                    "\"goal\": {\"time\": 19}, \"rewards\": [{\"approach\": [\"c\", \"floor\"]}, "
                    "{\"approach\": [\"c\", \"flag\"], "
                    "\"weight\": 3}, {\"forward\": \"c\"}, {\"up\": \"c\", \"weight\": -2}]");
    float most = 0;
    for (int k = 0; k < 240; k++) {
        steps(&run, 1);
        most = fmaxf(most, fabsf(run.play.players[0].reward));
    }
    assert_true(most > 1);
    assert_true(fabsf(run.play.players[0].reward) < 1e-3f);
    assert_true(fabsf(x_of(&run, 3) - 12) < 1e-3f && fabsf(y_of(&run, 3) - 6) < 1e-3f);
    end(&run);
}

static void test_play_each_reward_has_its_sign(void **state)
{
    (void)state;
    static const struct {
        const char *term;
        float low, high; ///< after one second of rolling right at full action
    } cases[] = {
        {"{\"approach\": [\"ball\", \"flag\"]}", 0.2f, 5},
        {"{\"forward\": \"ball\"}", 0.2f, 5},
        {"{\"alive\": true}", 0.99f, 1.01f},
        {"{\"upright\": \"box\"}", 0.99f, 1.01f},
        {"{\"effort\": true}", -1.01f, -0.99f},
        {"{\"slow\": \"ball\"}", -9, -0.2f},
        {"{\"hold\": true}", -0.001f, 0.001f},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        char rules[300];
        snprintf(rules, sizeof rules, "\"goal\": {\"above\": [\"ball\", 9]}, \"rewards\": [%s]",
                 cases[k].term);
        Run run = begin("20", "", TWIST, rules);
        act(&run, 1, 0);
        steps(&run, 60);
        if (run.play.players[0].reward < cases[k].low || run.play.players[0].reward > cases[k].high)
            print_error("%s paid %g\n", cases[k].term, (double)run.play.players[0].reward);
        assert_true(run.play.players[0].reward >= cases[k].low &&
                    run.play.players[0].reward <= cases[k].high);
        end(&run);
    }
    Run run = begin("20", "", TWIST,
                    "\"goal\": {\"above\": [\"ball\", 1], \"for\": 9}, \"rewards\": [{\"hold\": true}]");
    steps(&run, 60);
    assert_true(fabsf(run.play.players[0].reward - 1) < 1e-3f);
    end(&run);
}

// ---------------------------------------------------------------------------------------------
// Actuators.

static void test_play_ignores_unbound_channels_and_bad_numbers(void **state)
{
    (void)state;
    Run run = begin("20", "", TWIST, "\"goal\": {\"time\": 19}");
    const float wild[PARA_CHANNELS] = {NAN, 5, -5, INFINITY, 1, 1, 1, 1};
    para_play_act(&run.play, run.level, wild);
    for (int c = 0; c < PARA_CHANNELS; c++)
        assert_true(run.play.players[0].action[c] == 0);
    const float large[PARA_CHANNELS] = {-1e30f};
    para_play_act(&run.play, run.level, large);
    assert_true(run.play.players[0].action[0] == -1);
    assert_int_equal(run.level->players[0].channel_bits, 1);
    assert_int_equal(run.level->players[0].negative_bits, 1);
    end(&run);
}

static float spin_of(const Run *run)
{
    const ParaView *view = para_world_view(run->world);
    return view->spin[(size_t)run->level->players[0].body * (size_t)view->stride];
}

static void test_play_takes_no_action_before_the_countdown_is_over(void **state)
{
    (void)state;
    Run run = begin("20", "", TWIST "], \"countdown\": 0.5, \"keys\": [", "\"goal\": {\"time\": 19}");
    const float twist[PARA_CHANNELS] = {1};
    para_play_act(&run.play, run.level, twist); // held all the time, though taken by no step
    for (int step = 0; step < 30; step++) {
        para_play_step(&run.play, run.level, run.world);
        assert_true(run.play.players[0].action[0] == 0);
        assert_true(spin_of(&run) == 0);
    }
    para_play_act(&run.play, run.level, twist);
    para_play_step(&run.play, run.level, run.world);
    assert_true(run.play.players[0].action[0] == 1);
    assert_true(spin_of(&run) != 0);
    end(&run);
}

static void test_play_walker_reaches_its_speed_and_stops(void **state)
{
    (void)state;
    // A stone that falls from 6 m to 1.2 m pays its height.
    Run stone = begin("20", ", {\"name\": \"c\", \"at\": [9, 6], \"shape\": {\"circle\": 0.2}}", TWIST,
                      "\"goal\": {\"above\": [\"c\", 9]}, \"rewards\": [{\"up\": \"c\", \"weight\": 2}]");
    steps(&stone, 180);
    assert_true(fabsf(stone.play.players[0].reward + 9.6f) < 0.05f);
    end(&stone);
    Run run =
        begin("20", "", "{\"walk\": \"ball\", \"speed\": 1.5, \"force\": 20}", "\"goal\": {\"time\": 19}");
    act(&run, 1, 0);
    steps(&run, 60);
    assert_true(fabsf(view(&run)->vx[view(&run)->stride] - 1.5f) < 0.15f);
    act(&run, 0, 0);
    steps(&run, 60);
    assert_true(fabsf(view(&run)->vx[view(&run)->stride]) < 0.1f);
    end(&run);
}

static void test_play_jumps_once_per_press_and_only_from_the_ground(void **state)
{
    (void)state;
    Run run =
        begin("20", "", "{\"jump\": \"ball\", \"channel\": 1, \"impulse\": 3}", "\"goal\": {\"time\": 19}");
    steps(&run, 10);
    act(&run, 0, 1);
    float highest = 0;
    int rises = 0;
    for (int k = 0; k < 180; k++) {
        steps(&run, 1);
        rises += view(&run)->vy[view(&run)->stride] > 2.5f && highest < 1.6f;
        highest = fmaxf(highest, y_of(&run, 1));
    }
    // Impulse 3 N s on 0.785 kg: 3.8 m/s, so 0.74 m high, once although the key stays down.
    assert_true(highest > 2.0f && highest < 2.4f);
    assert_in_range(rises, 1, 3);
    assert_true(y_of(&run, 1) < 1.6f);
    act(&run, 0, 0);
    steps(&run, 2);
    act(&run, 0, 1);
    steps(&run, 10);
    assert_true(y_of(&run, 1) > 1.8f);
    end(&run);
}

static void test_play_thruster_one_way_does_not_push_back(void **state)
{
    (void)state;
    Run run =
        begin("20", "", "{\"thruster\": \"ball\", \"direction\": [0, 3], \"force\": 16, \"one_way\": true}",
              "\"goal\": {\"time\": 19}");
    assert_int_equal(run.level->players[0].negative_bits, 0);
    act(&run, -1, 0);
    steps(&run, 30);
    assert_true(fabsf(y_of(&run, 1) - 1.5f) < 0.02f);
    act(&run, 1, 0);
    steps(&run, 60);
    assert_true(y_of(&run, 1) > 4);
    end(&run);
}

static void test_play_motor_turns_a_joint_and_brakes_it(void **state)
{
    (void)state;
    static const char fan[] = ", {\"name\": \"fan\", \"at\": [15, 6], \"shape\": {\"box\": [2, 0.2]}}";
    Run run = begin("20", fan, "{\"motor\": \"pin\", \"rate\": 5, \"torque\": 30, \"brake\": 30}",
                    "\"joints\": [{\"name\": \"pin\", \"revolute\": [\"floor\", \"fan\"], \"at\": [15, 6]}], "
                    "\"goal\": {\"time\": 19}");
    act(&run, 0.5f, 0);
    steps(&run, 60);
    assert_true(fabsf(view(&run)->spin[3 * view(&run)->stride] - 2.5f) < 0.1f);
    act(&run, 0, 0);
    steps(&run, 60);
    assert_true(fabsf(view(&run)->spin[3 * view(&run)->stride]) < 0.05f);
    end(&run);
    run = begin("20", fan, "{\"torque\": \"pin\", \"max\": 1}",
                "\"joints\": [{\"name\": \"pin\", \"revolute\": [\"floor\", \"fan\"], \"at\": [15, 6]}], "
                "\"goal\": {\"time\": 19}");
    act(&run, -1, 0);
    steps(&run, 12);
    // Moment of the 0.4 kg bar about its middle: m (w^2 + h^2) / 12 = 0.1347 kg m^2; 1 N m for 0.2 s.
    assert_true(fabsf(view(&run)->spin[3 * view(&run)->stride] + 1.485f) < 0.15f);
    end(&run);
}

static void test_play_slides_kinematic_bodies(void **state)
{
    (void)state;
    Run run = begin(
        "20", ", {\"name\": \"c\", \"kinematic\": true, \"at\": [12, 6], \"shape\": {\"box\": [1, 0.2]}}",
        "{\"slide\": \"c\", \"speed\": 2}", "\"goal\": {\"time\": 19}");
    act(&run, -1, 0);
    steps(&run, 60);
    assert_true(fabsf(x_of(&run, 3) - 10) < 0.01f);
    act(&run, 0, 0);
    steps(&run, 60);
    assert_true(fabsf(x_of(&run, 3) - 10) < 0.01f);
    end(&run);
}

static void test_play_grip_holds_and_lets_go(void **state)
{
    (void)state;
    // A weight hangs under the hand; gripped it is carried up, released it falls.
    static const char hand[] =
        ", {\"name\": \"hand\", \"at\": [15, 2.24], \"shape\": {\"box\": [0.5, 0.5]}},"
        "{\"name\": \"load\", \"at\": [15, 1.5], \"shape\": {\"box\": [1, 1]}, \"density\": 0.5}";
    Run run = begin("20", hand,
                    "{\"grip\": \"hand\", \"channel\": 0, \"force\": 60}, {\"thruster\": \"hand\", "
                    "\"channel\": 1, \"force\": 12}",
                    "\"goal\": {\"time\": 19}");
    steps(&run, 20);
    act(&run, 1, 0);
    steps(&run, 5);
    assert_int_equal(run.play.players[0].grip_body, 4);
    act(&run, 1, 1);
    steps(&run, 60);
    float carried = y_of(&run, 4);
    assert_true(carried > 2.2f);
    assert_true(fabsf(y_of(&run, 3) - carried - 0.75f) < 0.15f);
    act(&run, 0, 0);
    steps(&run, 1);
    assert_int_equal(run.play.players[0].grip_body, -1);
    float vy = view(&run)->vy[4 * view(&run)->stride];
    steps(&run, 12);
    assert_true(fabsf(view(&run)->vy[4 * view(&run)->stride] - (vy - 9.81f * 0.2f)) < 0.3f);
    end(&run);
}

static void test_play_is_the_same_every_time(void **state)
{
    (void)state;
    uint64_t hashes[2];
    float rewards[2];
    for (int k = 0; k < 2; k++) {
        Run run = begin("20", "", TWIST ", {\"jump\": \"ball\", \"channel\": 1, \"impulse\": 3}",
                        "\"goal\": {\"inside\": [\"box\", \"flag\"]}, \"rewards\": [{\"approach\": [\"box\", "
                        "\"flag\"]}]");
        for (int s = 0; s < 300; s++) {
            act(&run, (float)(s % 7 - 2) / 4, s % 50 < 3);
            steps(&run, 1);
        }
        hashes[k] = para_world_hash(run.world);
        rewards[k] = run.play.players[0].reward;
        end(&run);
    }
    assert_true(hashes[0] == hashes[1] && rewards[0] == rewards[1]);
}

const struct CMUnitTest para_tests_play[] = {
    cmocka_unit_test(test_play_judges_each_predicate),
    cmocka_unit_test(test_play_sees_zones_angles_and_speeds),
    cmocka_unit_test(test_play_repeated_names_mean_any_or_every),
    cmocka_unit_test(test_play_holds_for_the_time_asked),
    cmocka_unit_test(test_play_hold_starts_again_after_a_break),
    cmocka_unit_test(test_play_then_wants_its_order),
    cmocka_unit_test(test_play_shatters_what_is_hit_too_hard),
    cmocka_unit_test(test_play_collects_what_the_player_touches),
    cmocka_unit_test(test_play_pays_and_ends_once),
    cmocka_unit_test(test_play_potential_terms_sum_to_zero_on_a_loop),
    cmocka_unit_test(test_play_each_reward_has_its_sign),
    cmocka_unit_test(test_play_ignores_unbound_channels_and_bad_numbers),
    cmocka_unit_test(test_play_takes_no_action_before_the_countdown_is_over),
    cmocka_unit_test(test_play_walker_reaches_its_speed_and_stops),
    cmocka_unit_test(test_play_jumps_once_per_press_and_only_from_the_ground),
    cmocka_unit_test(test_play_thruster_one_way_does_not_push_back),
    cmocka_unit_test(test_play_motor_turns_a_joint_and_brakes_it),
    cmocka_unit_test(test_play_slides_kinematic_bodies),
    cmocka_unit_test(test_play_grip_holds_and_lets_go),
    cmocka_unit_test(test_play_is_the_same_every_time),
};
const size_t para_tests_play_count = sizeof para_tests_play / sizeof *para_tests_play;
