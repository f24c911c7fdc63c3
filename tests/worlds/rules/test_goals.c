// SPDX-License-Identifier: MIT
// Each kind of goal on both sides of its threshold, how conditions are joined and held, what breaks and is
// collected, and how far a goal is: all against numbers worked out by hand.
#include "engine/base/maths.h"
#include "tests/worlds/rules/drill.h"
#include "worlds/rules/goal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static Drill drill;

#define STEP (1.0f / 60.0f)

/// Three bodies that stay where they are: 0 at (2, 3), turned by 0.3 rad; 1 at (5, 7); 2 at (2, 8).
/// Zones: 0 a box of 2 m by 1 m about (3, 3), 1 a circle of 0.5 m about (8, 3).
static void make_places(void)
{
    drill_begin(&drill);
    static const ParaVec2 places[] = {{2, 3}, {5, 7}, {2, 8}};
    for (int i = 0; i < 3; i++) {
        drill_body(&drill, PARA_BODY_KINEMATIC, places[i].x, places[i].y);
        scene_circle(&drill.scene, 0.25f);
    }
    drill.scene.bodies[0].angle = 0.3f;
    drill_play_as(&drill, 0);
    scene_zone_box(&drill.scene, 3.0f, 3.0f, 2.0f, 1.0f);
    drill.scene.zones[1] = para_zone_def_default();
    drill.scene.zones[1].position = (ParaVec2){8, 3};
    drill.scene.zones[1].radius = 0.5f;
    drill.scene.def.zone_count = 2;
}

/// A leaf about body `a`.
static ParaGoalNode *leaf(ParaGoalKind kind, int a, float value)
{
    ParaGoalNode *node = drill_goal(&drill, kind);
    node->a = a;
    node->a_count = 1;
    node->value = value;
    return node;
}

/// Whether the level is solved after one step.
static bool is_reached(void)
{
    drill_start(&drill);
    drill_steps(&drill, 1);
    bool solved = drill.state.status == PARA_PLAY_SOLVED;
    assert_true(solved || drill.state.status == PARA_PLAY_ON);
    assert_true(solved == (drill.state.progress == 1.0f));
    drill_end(&drill);
    return solved;
}

static bool place_is(ParaGoalKind kind, float value)
{
    make_places();
    leaf(kind, 0, value);
    return is_reached();
}

static void test_place_goals_know_their_side(void **state)
{
    (void)state;
    assert_true(place_is(PARA_GOAL_ABOVE, 2.999f) && !place_is(PARA_GOAL_ABOVE, 3.001f));
    assert_true(place_is(PARA_GOAL_BELOW, 3.001f) && !place_is(PARA_GOAL_BELOW, 2.999f));
    assert_true(place_is(PARA_GOAL_RIGHT_OF, 1.999f) && !place_is(PARA_GOAL_RIGHT_OF, 2.001f));
    assert_true(place_is(PARA_GOAL_LEFT_OF, 2.001f) && !place_is(PARA_GOAL_LEFT_OF, 1.999f));
}

static bool near_is(int b, int zone, float value)
{
    make_places();
    ParaGoalNode *node = leaf(PARA_GOAL_NEAR, 0, value);
    node->b = b;
    node->b_count = b >= 0;
    node->zone = zone;
    node->zone_count = zone >= 0;
    return is_reached();
}

static void test_near_measures_from_centre_to_centre(void **state)
{
    (void)state;
    assert_true(near_is(1, -1, 5.001f) && !near_is(1, -1, 4.999f)); // 3 m and 4 m
    assert_true(near_is(-1, 1, 6.001f) && !near_is(-1, 1, 5.999f));
    assert_true(near_is(1, 1, 5.001f) && !near_is(1, 1, 4.999f)); // the nearer of a body and a zone
    assert_true(!near_is(0, -1, 100.0f));                         // a body is not near itself
}

static bool upright_is(float angle, float value)
{
    make_places();
    drill.scene.bodies[0].angle = angle;
    leaf(PARA_GOAL_UPRIGHT, 0, value);
    return is_reached();
}

static void test_upright_wraps_the_angle(void **state)
{
    (void)state;
    static const float turns[] = {0.0f, 6.2831853f, -6.2831853f, 62.831853f};
    for (int i = 0; i < 4; i++)
        for (int side = -1; side <= 1; side += 2) {
            float angle = turns[i] + 0.3f * (float)side;
            assert_true(upright_is(angle, 0.301f) && !upright_is(angle, 0.299f));
        }
    assert_true(upright_is(3.1f, 3.11f) && !upright_is(3.2f, 3.05f)); // 3.2 is 3.083 from the other side
    assert_true(upright_is(3.2f, 3.09f));
}

static bool slow_is(float vx, float vy, float value)
{
    make_places();
    drill.scene.bodies[0].velocity = (ParaVec2){vx, vy};
    leaf(PARA_GOAL_SLOW, 0, value);
    return is_reached();
}

static void test_slow_looks_at_the_whole_velocity(void **state)
{
    (void)state;
    assert_true(slow_is(0.3f, -0.4f, 0.501f) && !slow_is(0.3f, -0.4f, 0.499f));
    assert_true(slow_is(-0.5f, 0.0f, 0.501f) && !slow_is(-0.5f, 0.0f, 0.499f));
}

static bool inside_is(float x, float y, int zone, int count)
{
    make_places();
    drill.scene.bodies[0].position = (ParaVec2){x, y};
    ParaGoalNode *node = leaf(PARA_GOAL_INSIDE, 0, 0);
    node->zone = zone;
    node->zone_count = count;
    return is_reached();
}

static void test_inside_asks_the_zones_meant(void **state)
{
    (void)state;
    assert_true(inside_is(3.99f, 3.49f, 0, 1) && !inside_is(4.01f, 3.0f, 0, 1) &&
                !inside_is(3.0f, 3.51f, 0, 1));
    assert_true(inside_is(8.3f, 3.39f, 1, 1) && !inside_is(8.3f, 3.41f, 1, 1)); // 0.3, 0.4, 0.5
    assert_true(!inside_is(3.0f, 3.0f, 1, 1) && !inside_is(8.0f, 3.0f, 0, 1));
    assert_true(inside_is(3.0f, 3.0f, 0, 2) && inside_is(8.0f, 3.0f, 0, 2) && !inside_is(6.0f, 3.0f, 0, 2));
}

static void test_time_comes_at_its_step(void **state)
{
    (void)state;
    static const struct {
        float seconds;
        int step;
    } cases[] = {{0.5f, 30}, {0.49f, 30}, {0.51f, 31}, {0.01f, 1}, {1.0f, 60}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_places();
        leaf(PARA_GOAL_TIME, 0, cases[i].seconds);
        drill_start(&drill);
        drill_steps(&drill, cases[i].step - 1);
        assert_int_equal(drill.state.status, PARA_PLAY_ON);
        scene_near((double)drill.state.progress, (cases[i].step - 1) / 60.0 / (double)cases[i].seconds, 1e-5);
        drill_steps(&drill, 1);
        assert_int_equal(drill.state.status, PARA_PLAY_SOLVED);
        drill_end(&drill);
    }
}

static void test_level_ends_at_its_last_step(void **state)
{
    (void)state;
    static const struct {
        float seconds;
        int step;
    } cases[] = {{0.5f, 30}, {0.508f, 30}, {0.5085f, 31}, {0.4918f, 30}, {0.4916f, 29}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_places();
        drill.level.seconds = cases[i].seconds;
        drill_start(&drill);
        drill_steps(&drill, cases[i].step - 1);
        assert_int_equal(drill.state.status, PARA_PLAY_ON);
        drill_steps(&drill, 1);
        assert_int_equal(drill.state.status, PARA_PLAY_TIMEOUT);
        assert_int_equal(drill.play.status, PARA_PLAY_TIMEOUT);
        drill_steps(&drill, 5); // and stays there
        assert_int_equal(drill_view(&drill)->step, cases[i].step);
        drill_end(&drill);
    }
    make_places(); // what is reached in the last step is reached
    drill.level.seconds = 0.5f;
    leaf(PARA_GOAL_TIME, 0, 0.5f);
    drill_start(&drill);
    drill_steps(&drill, 30);
    assert_int_equal(drill.state.status, PARA_PLAY_SOLVED);
    drill_end(&drill);
}

// ---------------------------------------------------------------------------------------------
// Touch, shatter, collect.

/// A ball of 1 kg that falls on a floor from a little height, beside a post that is never touched. Bodies:
/// floor, ball, post, and a tail of the ball that touches nothing.
static void make_fall(float height)
{
    drill_begin(&drill);
    drill.scene.def.gravity = (ParaVec2){0, -10};
    drill_body(&drill, PARA_BODY_STATIC, 0, -1);
    scene_box(&drill.scene, 40, 2);
    drill_body(&drill, PARA_BODY_DYNAMIC, 0, 0.5f + height);
    drill.scene.shapes[scene_circle(&drill.scene, 0.5f)].density = (float)(4.0 / PARA_PI);
    drill_body(&drill, PARA_BODY_STATIC, 5, 1);
    scene_circle(&drill.scene, 0.5f);
    drill_body(&drill, PARA_BODY_DYNAMIC, 0, 3);
    scene_circle(&drill.scene, 0.1f);
    drill.scene.bodies[3].gravity_scale = 0;
    drill_play_as(&drill, 1);
    drill.body_roles[3] = PARA_ROLE_PLAYER;
}

/// Whether `a` and `b` touch, for the goal, when the ball lies.
static bool touch_is(int a, bool a_player, int b, bool b_player)
{
    make_fall(0.001f);
    ParaGoalNode *node = leaf(PARA_GOAL_TOUCH, a, 0);
    node->a_player = a_player;
    node->b = b;
    node->b_count = b >= 0;
    node->b_player = b_player;
    drill_start(&drill);
    drill_steps(&drill, 30);
    bool touched = drill.state.status == PARA_PLAY_SOLVED;
    drill_end(&drill);
    return touched;
}

static void test_touch_means_who_it_says(void **state)
{
    (void)state;
    assert_true(touch_is(1, false, 0, false) && touch_is(0, false, 1, false));
    assert_true(!touch_is(1, false, 2, false) && !touch_is(2, false, 0, false));
    assert_true(touch_is(1, false, -1, false) && touch_is(0, false, -1, false) &&
                !touch_is(2, false, -1, false));
    // Any of the player's parts, whichever is named.
    assert_true(touch_is(3, true, 0, false) && !touch_is(3, false, 0, false));
    assert_true(touch_is(0, false, 3, true) && !touch_is(0, false, 3, false));
    assert_true(!touch_is(3, true, 2, false));
    make_fall(0.001f); // what belongs together does not touch "anything"
    drill.body_sets[1] = 0;
    leaf(PARA_GOAL_TOUCH, 1, 0);
    drill_start(&drill);
    drill_steps(&drill, 30);
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    drill_end(&drill);
}

/// The impulse [N s] with which the ball strikes the floor.
static float strike(void)
{
    make_fall(1.0f);
    drill_start(&drill);
    float most = 0;
    for (int k = 0; k < 60; k++) {
        drill_steps(&drill, 1);
        const ParaView *view = drill_view(&drill);
        for (int i = 0; i < view->event_count; i++)
            if (view->events[i].kind == PARA_EVENT_IMPULSE)
                most = fmaxf(most, view->events[i].impulse);
    }
    drill_end(&drill);
    return most;
}

static void test_body_shatters_above_its_limit(void **state)
{
    (void)state;
    float impulse = strike(); // about m sqrt(2 g h) = 4.5 N s
    scene_near((double)impulse, sqrt(20.0), 0.4);
    for (int hard = 0; hard < 2; hard++)
        for (int player = 0; player < 2; player++) {
            make_fall(1.0f);
            int glass = player ? 1 : 0; // the ball itself, or what it falls on
            drill.body_shatters[glass] = impulse * (hard ? 0.999f : 1.001f);
            leaf(PARA_GOAL_SHATTERED, glass, 0);
            drill_start(&drill);
            drill_steps(&drill, 60);
            assert_int_equal(drill.state.status, hard ? PARA_PLAY_SOLVED : PARA_PLAY_ON);
            // The player's own body stays in the world.
            assert_int_equal(AT(drill_view(&drill), enabled, glass), !hard || player);
            drill_end(&drill);
        }
    make_fall(1.0f); // no limit: never
    leaf(PARA_GOAL_SHATTERED, 1, 0);
    drill_start(&drill);
    drill_steps(&drill, 60);
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    drill_end(&drill);
}

/// A stone of 2 kg/m^2 x 1 m^2 lies on an egg that lies on two posts.
static void lay_on_egg(float limit)
{
    drill_begin(&drill);
    drill.scene.def.gravity = (ParaVec2){0, -10};
    for (int i = 0; i < 2; i++) {
        drill_body(&drill, PARA_BODY_STATIC, i ? 0.4f : -0.4f, 0.5f);
        scene_box(&drill.scene, 0.4f, 1.0f);
    }
    int egg = drill_body(&drill, PARA_BODY_DYNAMIC, 0.0f, 1.25f);
    scene_box(&drill.scene, 1.0f, 0.5f);
    drill_body(&drill, PARA_BODY_DYNAMIC, 0.0f, 2.0f);
    drill.scene.shapes[scene_box(&drill.scene, 1.0f, 1.0f)].density = 2.0f;
    drill_play_as(&drill, 3);
    drill.body_crushes[egg] = limit > 0 ? 1e6f : 0;
    leaf(PARA_GOAL_SHATTERED, egg, 0);
    drill_start(&drill);
    drill_steps(&drill, 120); // until it lies still
    drill.body_crushes[egg] = limit;
    drill_steps(&drill, 60);
}

static void test_body_is_crushed_by_what_presses_from_two_sides(void **state)
{
    (void)state;
    // What lies on two posts is pressed by its load of 20 N alone, not by its own weight.
    for (int hard = 0; hard < 2; hard++) {
        lay_on_egg(hard ? 19.8f : 20.2f);
        assert_int_equal(drill.state.status, hard ? PARA_PLAY_SOLVED : PARA_PLAY_ON);
        assert_int_equal(AT(drill_view(&drill), enabled, 2), !hard);
        drill_end(&drill);
    }
    lay_on_egg(0.0f); // no limit: never
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    drill_end(&drill);
    // A blow against a wall, on a floor: neither presses against the other.
    drill_begin(&drill);
    drill.scene.def.gravity = (ParaVec2){0, -10};
    drill_body(&drill, PARA_BODY_STATIC, 0, -0.5f);
    scene_box(&drill.scene, 20, 1);
    drill_body(&drill, PARA_BODY_STATIC, 3, 2);
    scene_box(&drill.scene, 1, 4);
    drill_play_as(&drill, drill_body(&drill, PARA_BODY_DYNAMIC, 0, 0.25f));
    scene_box(&drill.scene, 0.5f, 0.5f);
    drill.scene.bodies[2].velocity.x = 9.0f;
    drill.body_crushes[2] = 3.0f;
    leaf(PARA_GOAL_SHATTERED, 2, 0);
    drill_start(&drill);
    drill_steps(&drill, 60);
    assert_true(fabs((double)AT(drill_view(&drill), vx, 2)) < 8.0); // it did run into it
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    drill_end(&drill);
    make_fall(1.0f); // a blow from one side alone squeezes nothing
    drill.body_crushes[1] = 1.0f;
    leaf(PARA_GOAL_SHATTERED, 1, 0);
    drill_start(&drill);
    drill_steps(&drill, 60);
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    drill_end(&drill);
}

static void test_collected_counts_what_was_taken(void **state)
{
    (void)state;
    // A row of three coins below each other; the player falls through them, and a stone touches another one.
    drill_begin(&drill);
    drill.scene.def.gravity = (ParaVec2){0, -10};
    for (int i = 0; i < 4; i++) {
        drill_body(&drill, PARA_BODY_STATIC, i < 3 ? 0.0f : 5.0f, 6.0f - 2.0f * (float)i);
        scene_circle(&drill.scene, 0.2f);
        drill.body_collects[i] = 1;
    }
    drill_body(&drill, PARA_BODY_DYNAMIC, 0, 7);
    scene_circle(&drill.scene, 0.3f);
    drill_play_as(&drill, 4);
    drill_body(&drill, PARA_BODY_DYNAMIC, 5, 1);
    scene_circle(&drill.scene, 0.3f);
    leaf(PARA_GOAL_COLLECTED, 0, 0)->a_count = 3;
    drill_start(&drill);
    int taken = 0;
    for (int k = 0; k < 300 && drill.state.status == PARA_PLAY_ON; k++) {
        drill_steps(&drill, 1);
        int gone = 0;
        for (int i = 0; i < 3; i++)
            gone += !AT(drill_view(&drill), enabled, i);
        assert_true(gone >= taken && gone <= taken + 1);
        taken = gone;
        scene_near((double)drill.state.progress, taken / 3.0, 1e-6);
    }
    assert_int_equal(taken, 3);
    assert_int_equal(drill.state.status, PARA_PLAY_SOLVED);
    assert_int_equal(AT(drill_view(&drill), enabled, 3), 1); // the stone takes nothing
    drill_end(&drill);
}

// ---------------------------------------------------------------------------------------------
// Several bodies, and how conditions are joined.

static bool many_is(ParaGoalKind kind, float value, int count, bool every)
{
    make_places();
    ParaGoalNode *node = leaf(kind, 0, value);
    node->a_count = count;
    node->every = every;
    return is_reached();
}

static void test_one_or_each_of_several(void **state)
{
    (void)state;
    // Heights 3, 7 and 8.
    assert_true(many_is(PARA_GOAL_ABOVE, 7.5f, 3, false) && !many_is(PARA_GOAL_ABOVE, 7.5f, 2, false));
    assert_true(many_is(PARA_GOAL_ABOVE, 2.5f, 3, true) && !many_is(PARA_GOAL_ABOVE, 3.5f, 3, true));
    assert_true(!many_is(PARA_GOAL_ABOVE, 8.5f, 3, false));
    for (int every = 0; every < 2; every++) { // what is gone is nowhere
        make_places();
        ParaGoalNode *node = leaf(PARA_GOAL_ABOVE, 0, 2.5f);
        node->a_count = every ? 3 : 1;
        node->every = every;
        drill_start(&drill);
        para_world_disable_body(drill.world, 0);
        drill_steps(&drill, 1);
        assert_int_equal(drill.state.status, PARA_PLAY_ON);
        drill_end(&drill);
    }
}

/// A composed root with up to three leaves that are true or not.
static bool joined_is(ParaGoalKind kind, int count, int truths)
{
    make_places();
    ParaGoalNode *root = drill_goal(&drill, kind);
    root->child_first = 1;
    root->child_count = count;
    for (int i = 0; i < count; i++)
        leaf(PARA_GOAL_ABOVE, 0, truths >> i & 1 ? 2.0f : 4.0f);
    return is_reached();
}

static void test_conditions_are_joined(void **state)
{
    (void)state;
    for (int truths = 0; truths < 8; truths++) {
        assert_true(joined_is(PARA_GOAL_ALL, 3, truths) == (truths == 7));
        assert_true(joined_is(PARA_GOAL_ANY, 3, truths) == (truths != 0));
        assert_true(joined_is(PARA_GOAL_THEN, 3, truths) == (truths == 7));
    }
    assert_true(joined_is(PARA_GOAL_ALL, 0, 0) && !joined_is(PARA_GOAL_ANY, 0, 0));
    assert_true(joined_is(PARA_GOAL_NOT, 1, 0) && !joined_is(PARA_GOAL_NOT, 1, 1));
}

/// Body 0 swings up and down about (2, 3) by 1 m in 2 s: y = 3 + sin(pi t).
static void make_swing(void)
{
    make_places();
    drill.body_motions[0] = (ParaMotion){.by = {0, 1}, .period = 2};
}

static void test_then_wants_its_order_and_forgets_nothing(void **state)
{
    (void)state;
    make_swing();
    ParaGoalNode *root = drill_goal(&drill, PARA_GOAL_THEN);
    root->child_first = 1;
    root->child_count = 3;
    leaf(PARA_GOAL_ABOVE, 0, 3.5f); // from 1/6 s on: step 11, where sin(pi t) passes 0.5
    leaf(PARA_GOAL_BELOW, 0, 2.5f); // from 7/6 s: step 71
    leaf(PARA_GOAL_ABOVE, 0, 2.9f); // soon after the lowest place
    drill_start(&drill);
    int last = 0, at[4] = {0};
    for (int k = 1; k <= 150 && drill.state.status == PARA_PLAY_ON; k++) {
        drill_steps(&drill, 1);
        int done = drill.play.done[0];
        assert_true(done >= last && done <= last + 1);
        if (done > last)
            at[done] = k;
        last = done;
    }
    assert_int_equal(at[1], 11);
    assert_int_equal(at[2], 71);
    assert_int_equal(at[3], 119); // sin(pi t) > -0.1: t > 1.968
    assert_int_equal(drill.state.status, PARA_PLAY_SOLVED);
    drill_end(&drill);
}

static void test_holding_counts_without_a_break(void **state)
{
    (void)state;
    // Above 3.5 for 2/3 s of each swing: held 0.6 s, not 0.7 s.
    for (int longer = 0; longer < 2; longer++) {
        make_swing();
        leaf(PARA_GOAL_ABOVE, 0, 3.5f)->hold = longer ? 0.7f : 0.6f;
        drill_start(&drill);
        int k = 0;
        int most = 0;
        while (k < 400 && drill.state.status == PARA_PLAY_ON) {
            drill_steps(&drill, 1);
            most = drill.play.held[0] > most ? drill.play.held[0] : most;
            k++;
        }
        assert_int_equal(drill.state.status, longer ? PARA_PLAY_ON : PARA_PLAY_SOLVED);
        if (longer)
            assert_int_equal(most, 39); // steps 11 to 49
        else
            assert_int_equal(k, 10 + 36);
        drill_end(&drill);
    }
}

/// Longest and fastest: the last step of the time and none before it. The world stands; only time passes.
static void test_holding_and_time_count_steps(void **state)
{
    (void)state;
    static const struct {
        float seconds, rate;
        int step;
    } cases[] = {{600, 240, 144000}, {3600, 1000, 3600000},    {3600, 60, 216000},
                 {0.004f, 60, 1},    {3000.1f, 1000, 3000100}, {2047.9f, 250, 511975}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_places();
        ParaGoalNode *both = drill_goal(&drill, PARA_GOAL_ANY);
        both->child_first = 1;
        both->child_count = 2;
        leaf(PARA_GOAL_ABOVE, 0, 2)->hold = cases[i].seconds;
        leaf(PARA_GOAL_TIME, 0, cases[i].seconds);
        drill_start(&drill);
        drill.level.world.rate = cases[i].rate;
        ParaView view = *drill_view(&drill);
        int held = 0, timed = 0;
        for (int step = 1; step <= cases[i].step + 1 && !(held && timed); step++) {
            view.step = (uint64_t)step;
            view.time = (double)step / (double)cases[i].rate;
            if (para_goal_judge(&drill.play, &drill.level, &view, 1, NULL) && !held)
                held = step;
            if (para_goal_judge(&drill.play, &drill.level, &view, 2, NULL) && !timed)
                timed = step;
        }
        assert_int_equal(held, cases[i].step);
        assert_int_equal(timed, cases[i].step);
        drill_end(&drill);
    }
}

static void test_holding_less_than_a_step_still_wants_the_truth(void **state)
{
    (void)state;
    make_places();
    leaf(PARA_GOAL_ABOVE, 0, 50)->hold = 0.001f;
    drill_start(&drill);
    drill_steps(&drill, 3);
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    drill_end(&drill);
}

static void test_fail_wins_over_the_goal(void **state)
{
    (void)state;
    make_places();
    leaf(PARA_GOAL_TIME, 0, 0.1f);
    leaf(PARA_GOAL_TIME, 0, 0.1f);
    drill.player.fail_root = 1;
    drill_start(&drill);
    drill_steps(&drill, 10);
    assert_int_equal(drill.state.status, PARA_PLAY_FAILED);
    assert_int_equal(drill_view(&drill)->step, 6);
    assert_true(drill.state.reward == -3.0f);
    drill_end(&drill);
}

// ---------------------------------------------------------------------------------------------
// Progress.

/// The progress of the goals so far once body 0 has been moved by (dx, dy).
static double progress_after(float dx, float dy)
{
    drill.scene.bodies[0].velocity = (ParaVec2){60.0f * dx, 60.0f * dy};
    drill_start(&drill);
    drill_steps(&drill, 1);
    assert_int_equal(drill.state.status, PARA_PLAY_ON);
    double progress = (double)drill.state.progress;
    drill_end(&drill);
    return progress;
}

static double leaf_progress(ParaGoalKind kind, float value, int b, int zone, float dx, float dy)
{
    make_places();
    ParaGoalNode *node = leaf(kind, 0, value);
    node->b = b;
    node->b_count = b >= 0;
    node->zone = zone;
    node->zone_count = zone >= 0;
    return progress_after(dx, dy);
}

/// Nine tenths of the share of the way, from the start at (2, 3).
static void test_progress_is_the_share_of_the_way(void **state)
{
    (void)state;
    scene_near(leaf_progress(PARA_GOAL_ABOVE, 5, -1, -1, 0, 0.5f), 0.9 * 0.25, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_ABOVE, 5, -1, -1, 0, -0.5f), 0.0, 1e-5); // the wrong way: none
    scene_near(leaf_progress(PARA_GOAL_BELOW, 1, -1, -1, 0, -0.5f), 0.9 * 0.25, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_RIGHT_OF, 6, -1, -1, 1, 0), 0.9 * 0.25, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_LEFT_OF, -2, -1, -1, -1, 0), 0.9 * 0.25, 1e-5);
    // To body 1 at (5, 7) it is 5 m; after (0.6, 0.8) it is 4 m.
    scene_near(leaf_progress(PARA_GOAL_TOUCH, 0, 1, -1, 0.6f, 0.8f), 0.9 * 0.2, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_TOUCH, 0, -1, -1, 0.6f, 0.8f), 0.0, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_NEAR, 1, 1, -1, 0.6f, 0.8f), 0.9 * 0.25, 1e-5); // to 1 m of it
    // To the circle at (8, 3) it is 6 m.
    scene_near(leaf_progress(PARA_GOAL_INSIDE, 0, -1, 1, 1.5f, 0), 0.9 * 0.25, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_NEAR, 2, -1, 1, 1.0f, 0), 0.9 * 0.25, 1e-5);
    // Either: the nearest counts, now 4 m of what were 5 m.
    scene_near(leaf_progress(PARA_GOAL_NEAR, 1, 1, 1, 0.6f, 0.8f), 0.9 * 0.25, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_UPRIGHT, 0.1f, -1, -1, 0, 0), 0.0, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_SLOW, 0.1f, -1, -1, 1, 0), 0.0, 1e-5);
    scene_near(leaf_progress(PARA_GOAL_SHATTERED, 0, -1, -1, 0, 0), 0.0, 1e-5);
}

static void test_progress_of_several_is_the_best_or_the_mean(void **state)
{
    (void)state;
    // Above 9: body 0 from 3 m on by 1.5 m is 0.225 there, body 1 and 2 at 7 m and 8 m have not moved.
    for (int every = 0; every < 2; every++) {
        make_places();
        ParaGoalNode *node = leaf(PARA_GOAL_ABOVE, 0, 9);
        node->a_count = 3;
        node->every = every;
        scene_near(progress_after(0, 1.5f), every ? 0.225 / 3.0 : 0.225, 1e-5);
    }
    make_places(); // two of three have come
    ParaGoalNode *node = leaf(PARA_GOAL_ABOVE, 0, 6);
    node->a_count = 3;
    node->every = true;
    scene_near(progress_after(0, 1.5f), (0.9 * 0.5 + 2.0) / 3.0, 1e-5);
}

static void test_progress_of_joined_conditions(void **state)
{
    (void)state;
    // Three children: reached; 0.9 * 0.25 of the way up; 0.9 * 0.5 of it.
    static const struct {
        ParaGoalKind kind;
        double expected;
    } cases[] = {{PARA_GOAL_ALL, (1.0 + 0.225 + 0.45) / 3.0}, {PARA_GOAL_THEN, (1.0 + 0.225) / 3.0}};
    for (int i = 0; i < 2; i++) {
        make_places();
        ParaGoalNode *root = drill_goal(&drill, cases[i].kind);
        root->child_first = 1;
        root->child_count = 3;
        leaf(PARA_GOAL_ABOVE, 0, 2);
        leaf(PARA_GOAL_ABOVE, 0, 7);
        leaf(PARA_GOAL_ABOVE, 0, 5);
        scene_near(progress_after(0, 1), cases[i].expected, 1e-5);
    }
    make_places(); // any: the best; nested in all with a not that holds
    ParaGoalNode *root = drill_goal(&drill, PARA_GOAL_ALL);
    root->child_first = 1;
    root->child_count = 2;
    ParaGoalNode *any = drill_goal(&drill, PARA_GOAL_ANY), *not = drill_goal(&drill, PARA_GOAL_NOT);
    any->child_first = 3;
    any->child_count = 2;
    not ->child_first = 5;
    not ->child_count = 1;
    leaf(PARA_GOAL_ABOVE, 0, 7);
    leaf(PARA_GOAL_ABOVE, 0, 5);
    leaf(PARA_GOAL_ABOVE, 0, 8);
    scene_near(progress_after(0, 1), (0.45 + 1.0) / 2.0, 1e-5);
}

/// Nine tenths for what holds, one tenth for how long it has.
static void test_progress_grows_while_held(void **state)
{
    (void)state;
    make_places();
    leaf(PARA_GOAL_ABOVE, 0, 2)->hold = 0.5f;
    drill_start(&drill);
    for (int k = 1; k < 30; k++) {
        drill_steps(&drill, 1);
        scene_near((double)drill.state.progress, 0.9 + 0.1 * k / 30.0, 1e-5);
    }
    drill_steps(&drill, 1);
    assert_int_equal(drill.state.status, PARA_PLAY_SOLVED);
    assert_true(drill.state.progress == 1.0f);
    drill_end(&drill);
    make_places(); // not there yet: nine tenths of the way's share
    leaf(PARA_GOAL_ABOVE, 0, 5)->hold = 0.5f;
    scene_near(progress_after(0, 1), 0.9 * 0.9 * 0.5, 1e-5);
}

// ---------------------------------------------------------------- why

/// A node of fail, at whose root it is the first.
static ParaGoalNode *fail_node(ParaGoalKind kind)
{
    ParaGoalNode *node = drill_goal(&drill, kind);
    if (drill.player.fail_root < 0)
        drill.player.fail_root = (int32_t)(node - drill.level.goals);
    return node;
}

static void check_cause(ParaPlayStatus status, const char *want)
{
    char cause[64], narrow[5];
    assert_int_equal(drill.state.status, status);
    para_play_cause(&drill.play, &drill.level, drill.world, 0, cause, sizeof cause);
    assert_string_equal(cause, want);
    para_play_cause(&drill.play, &drill.level, drill.world, 0, narrow, sizeof narrow);
    assert_int_equal(strncmp(narrow, want, 4), 0);
    assert_true(strlen(narrow) <= 4);
}

static void check_sentence(const char *want)
{
    char sentence[64];
    para_play_cause_sentence(&drill.play, &drill.level, drill.world, 0, sentence, sizeof sentence);
    assert_string_equal(sentence, want);
}

/// Bodies of make_places, named but for the last; a goal that is never reached.
static void make_causes(void)
{
    make_places();
    drill.body_names[0] = "hull";
    drill.body_names[1] = "rock";
    drill.body_names[2] = "";
    drill.zone_names[0] = "pit";
    drill.zone_names[1] = "";
    drill.player.fail_root = -1;
    leaf(PARA_GOAL_ABOVE, 0, 9);
}

static void run_causes(void)
{
    drill_start(&drill);
    drill_steps(&drill, 1);
}

static void test_cause_of_a_fail_is_the_condition_that_holds(void **state)
{
    (void)state;
    make_causes();
    ParaGoalNode *any = fail_node(PARA_GOAL_ANY);
    any->child_first = 2;
    any->child_count = 4;
    leaf(PARA_GOAL_BELOW, 0, 2.5f); // is not
    ParaGoalNode *not = drill_goal(&drill, PARA_GOAL_NOT);
    not ->child_first = 6;
    not ->child_count = 1;
    leaf(PARA_GOAL_INSIDE, 0, 0)->zone = 0; // is, but what comes first is named
    drill.level.goals[4].zone_count = 1;
    leaf(PARA_GOAL_ABOVE, 0, 1);
    leaf(PARA_GOAL_UPRIGHT, 0, 0.25f); // is not, as it is turned by 0.3: so "not upright" holds
    run_causes();
    check_cause(PARA_PLAY_FAILED, "not upright [hull, 0.25]");
    check_sentence("hull tipped over");
    drill_end(&drill);
    // Things without a name, and two of them.
    make_causes();
    ParaGoalNode *near = fail_node(PARA_GOAL_NEAR);
    near->a = 0;
    near->a_count = 1;
    near->b = 2;
    near->b_count = 1;
    near->value = 6;
    run_causes();
    check_cause(PARA_PLAY_FAILED, "near [hull, body 2, 6]");
    check_sentence("hull was within 6 m of body 2");
    drill_end(&drill);
}

static void test_cause_of_time_is_the_condition_that_does_not_hold(void **state)
{
    (void)state;
    make_causes();
    drill.level.seconds = STEP;
    drill.level.goals[0].kind = PARA_GOAL_ALL; // made a tree of what follows
    drill.level.goals[0].child_first = 1;
    drill.level.goals[0].child_count = 2;
    leaf(PARA_GOAL_ABOVE, 0, 1); // is
    ParaGoalNode *inside = leaf(PARA_GOAL_INSIDE, 0, 0);
    inside->zone = 1;
    inside->zone_count = 1;
    run_causes();
    check_cause(PARA_PLAY_TIMEOUT, "not inside [hull, zone 1]");
    check_sentence("hull was not in zone 1");
    drill_end(&drill);
    // Of an order, the step that is due.
    make_causes();
    drill.level.seconds = STEP;
    drill.level.goals[0].kind = PARA_GOAL_THEN;
    drill.level.goals[0].child_first = 1;
    drill.level.goals[0].child_count = 2;
    leaf(PARA_GOAL_ABOVE, 0, 1);
    leaf(PARA_GOAL_LEFT_OF, 1, 4.5f);
    run_causes();
    check_cause(PARA_PLAY_TIMEOUT, "not left_of [rock, 4.5]");
    drill_end(&drill);
}

static void test_cause_of_what_did_not_hold_long_enough_says_so(void **state)
{
    (void)state;
    make_causes();
    drill.level.seconds = STEP;
    drill.level.goals[0] =
        (ParaGoalNode){.kind = PARA_GOAL_ABOVE, .a_count = 1, .b = -1, .zone = -1, .value = 1, .hold = 0.5f};
    run_causes(); // it is above 1 m, but the time is over
    check_cause(PARA_PLAY_TIMEOUT, "above [hull, 1] for less than 0.5 s");
    check_sentence("hull rose above 1 m for less than 0.5 s");
    drill_end(&drill);
    // The holding time of a tree, and of what must not hold so long.
    make_causes();
    drill.level.seconds = STEP;
    drill.level.goals[0] =
        (ParaGoalNode){.kind = PARA_GOAL_NOT, .child_first = 1, .child_count = 1, .hold = 2};
    leaf(PARA_GOAL_ABOVE, 0, 1)->hold = 3;
    run_causes();
    check_cause(PARA_PLAY_TIMEOUT, "above [hull, 1] for less than 3 s for less than 2 s");
    drill_end(&drill);
}

static void test_cause_is_the_branch_that_decides(void **state)
{
    (void)state;
    make_causes();
    ParaGoalNode *any = fail_node(PARA_GOAL_ANY);
    any->child_first = 2;
    any->child_count = 2;
    ParaGoalNode *all = drill_goal(&drill, PARA_GOAL_ALL); // its first holds, but not all of it
    all->child_first = 4;
    all->child_count = 2;
    leaf(PARA_GOAL_RIGHT_OF, 0, 1);
    leaf(PARA_GOAL_ABOVE, 0, 1);
    leaf(PARA_GOAL_BELOW, 0, 1);
    run_causes();
    check_cause(PARA_PLAY_FAILED, "right_of [hull, 1]");
    drill_end(&drill);
    // An order that came to its end: its last step.
    make_causes();
    ParaGoalNode *then = fail_node(PARA_GOAL_THEN);
    then->child_first = 2;
    then->child_count = 2;
    leaf(PARA_GOAL_ABOVE, 0, 1);
    leaf(PARA_GOAL_RIGHT_OF, 0, 1);
    run_causes();
    check_cause(PARA_PLAY_FAILED, "right_of [hull, 1]");
    drill_end(&drill);
}

/// Of copies of a repeated name a template's words name the first, a sentence the one that it was.
static void test_sentence_of_a_cause_names_the_very_copy(void **state)
{
    (void)state;
    make_causes();
    ParaGoalNode *right = fail_node(PARA_GOAL_RIGHT_OF); // of three one is: the second
    right->a = 0;
    right->a_count = 3;
    right->value = 4;
    run_causes();
    check_cause(PARA_PLAY_FAILED, "right_of [hull, 4]");
    check_sentence("rock was right of x = 4 m");
    drill_end(&drill);
    // Who touches whom, where anything is meant.
    make_causes();
    drill.scene.bodies[2].position = (ParaVec2){2.25f, 3.125f};
    drill.scene.bodies[2].kind = PARA_BODY_DYNAMIC;
    ParaGoalNode *touch = fail_node(PARA_GOAL_TOUCH);
    touch->a = 0;
    touch->a_count = 1;
    run_causes();
    check_cause(PARA_PLAY_FAILED, "touch [hull, anything]");
    check_sentence("hull touched body 2");
    drill_end(&drill);
}

static void test_no_cause_where_there_is_none(void **state)
{
    (void)state;
    make_causes();
    drill_start(&drill);
    char cause[8] = "before";
    para_play_cause(&drill.play, &drill.level, drill.world, 0, cause, sizeof cause); // still on
    assert_string_equal(cause, "");
    drill_end(&drill);
}

const struct CMUnitTest para_tests_goals[] = {
    SCENE_TEST(test_cause_of_a_fail_is_the_condition_that_holds),
    SCENE_TEST(test_sentence_of_a_cause_names_the_very_copy),
    SCENE_TEST(test_cause_of_time_is_the_condition_that_does_not_hold),
    SCENE_TEST(test_cause_of_what_did_not_hold_long_enough_says_so),
    SCENE_TEST(test_cause_is_the_branch_that_decides),
    SCENE_TEST(test_no_cause_where_there_is_none),
    SCENE_TEST(test_place_goals_know_their_side),
    SCENE_TEST(test_near_measures_from_centre_to_centre),
    SCENE_TEST(test_upright_wraps_the_angle),
    SCENE_TEST(test_slow_looks_at_the_whole_velocity),
    SCENE_TEST(test_inside_asks_the_zones_meant),
    SCENE_TEST(test_time_comes_at_its_step),
    SCENE_TEST(test_level_ends_at_its_last_step),
    SCENE_TEST(test_touch_means_who_it_says),
    SCENE_TEST(test_body_shatters_above_its_limit),
    SCENE_TEST(test_body_is_crushed_by_what_presses_from_two_sides),
    SCENE_TEST(test_collected_counts_what_was_taken),
    SCENE_TEST(test_one_or_each_of_several),
    SCENE_TEST(test_conditions_are_joined),
    SCENE_TEST(test_then_wants_its_order_and_forgets_nothing),
    SCENE_TEST(test_holding_counts_without_a_break),
    SCENE_TEST(test_holding_and_time_count_steps),
    SCENE_TEST(test_holding_less_than_a_step_still_wants_the_truth),
    SCENE_TEST(test_fail_wins_over_the_goal),
    SCENE_TEST(test_progress_is_the_share_of_the_way),
    SCENE_TEST(test_progress_of_several_is_the_best_or_the_mean),
    SCENE_TEST(test_progress_of_joined_conditions),
    SCENE_TEST(test_progress_grows_while_held),
};
const size_t para_tests_goals_count = sizeof para_tests_goals / sizeof *para_tests_goals;
