// SPDX-License-Identifier: MIT
// A level of several players under the rules: each has its own actions, rewards, goal and end.
#include "tests/tests.h"
#include "tests/worlds/two_players.h"
#include "worlds/rules/play.h"

#include <math.h>
#include <string.h>

typedef struct Run {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaWorld world;
    ParaLevel *level;
    ParaPlay play;
    ParaPlayerState players[2];
} Run;

static void begin(Run *run, ParaSolverKind solver)
{
    *run = (Run){.arena = para_arena_create(1 << 18, (size_t)1 << 26),
                 .group = para_world_group_create(solver, 1)};
    run->world = para_world_at(run->group, 0);
    run->level = two_players_level(run->arena);
    assert_true(para_play_begin(&run->play, run->level, run->world, run->players, NULL, NULL));
}

static void end(Run *run)
{
    para_world_group_destroy(run->group);
    para_arena_destroy(run->arena);
}

static void act(Run *run, float first, float second)
{
    const float actions[2 * PARA_CHANNELS] = {[0] = first, [PARA_CHANNELS] = second};
    para_play_act(&run->play, run->level, actions);
}

static float x_of(const Run *run, int body)
{
    const ParaView *view = para_world_view(run->world);
    return view->centre_x[body * view->stride];
}

static const ParaSolverKind solvers[] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};

// Player 0 moves by its own action alone, player 1 by its own.
static void test_players_move_by_their_own_actions(void **state)
{
    (void)state;
    for (int s = 0; s < 2; s++) {
        Run run;
        begin(&run, solvers[s]);
        act(&run, 1, 0);
        for (int k = 0; k < 30; k++)
            para_play_step(&run.play, run.level, run.world);
        assert_true(x_of(&run, TWO_FIRST) > 4.5f);
        assert_true(fabsf(x_of(&run, TWO_SECOND) - 14) < 0.01f);
        float there = x_of(&run, TWO_FIRST);
        act(&run, 0, 1);
        for (int k = 0; k < 30; k++)
            para_play_step(&run.play, run.level, run.world);
        assert_true(x_of(&run, TWO_SECOND) > 14.5f);
        assert_true(x_of(&run, TWO_FIRST) < there + 1); // the brake and its roll, 3 m/s would bring it 1.5 m
        end(&run);
    }
}

// Player 1 reaches its goal first; player 0 goes on, earns alone, and the play ends with it.
static void test_players_end_one_by_one(void **state)
{
    (void)state;
    for (int s = 0; s < 2; s++) {
        Run run;
        begin(&run, solvers[s]);
        ParaPlayerState *one = &run.players[0], *two = &run.players[1];
        act(&run, 0, -1);
        int steps = 0;
        while (two->status == PARA_PLAY_ON && steps++ < 600)
            para_play_step(&run.play, run.level, run.world);
        assert_int_equal(two->status, PARA_PLAY_SOLVED);
        assert_true(x_of(&run, TWO_SECOND) < TWO_SECOND_GOAL);
        assert_int_equal(one->status, PARA_PLAY_ON);
        assert_int_equal(run.play.status, PARA_PLAY_ON);
        assert_true(two->progress == 1.0f && one->progress < 0.1f);
        // Half a point per second alive, and the prize; player 0 stood still.
        assert_true(fabsf(two->reward - (0.5f * (float)steps / 60 + 7)) < 1e-3f);
        assert_true(fabsf(one->reward) < 0.05f);
        float earned = two->reward, stood = x_of(&run, TWO_SECOND);
        act(&run, 0, 1); // one that has ended moves nothing
        for (int k = 0; k < 120; k++)
            para_play_step(&run.play, run.level, run.world);
        assert_true(two->reward == earned);
        assert_true(x_of(&run, TWO_SECOND) <= stood + 0.01f);
        float before = one->reward, from = x_of(&run, TWO_FIRST);
        act(&run, 1, 0);
        for (int k = 0; k < 60; k++)
            para_play_step(&run.play, run.level, run.world);
        assert_true(fabsf(one->reward - before - (x_of(&run, TWO_FIRST) - from)) < 1e-3f);
        while (run.play.status == PARA_PLAY_ON)
            para_play_step(&run.play, run.level, run.world);
        // Player 0 pushes against player 1, who stands in its way, until it is there or time is over.
        assert_true(one->status == PARA_PLAY_SOLVED || one->status == PARA_PLAY_TIMEOUT);
        assert_int_equal(run.play.status, one->status); // the gravest of the two ends
        end(&run);
    }
}

// The post fails player 1, by its own body, and is nothing to player 0.
static void test_players_fail_by_their_own_body(void **state)
{
    (void)state;
    for (int s = 0; s < 2; s++) {
        Run run;
        begin(&run, solvers[s]);
        run.level->goals[1].value = -10; // out of player 1's reach
        act(&run, -1, 0);
        for (int k = 0; k < 90; k++)
            para_play_step(&run.play, run.level, run.world);
        assert_true(x_of(&run, TWO_FIRST) < TWO_HAZARD_AT + 0.7f); // it touches the post
        assert_int_equal(run.players[0].status, PARA_PLAY_ON);
        assert_int_equal(run.players[1].status, PARA_PLAY_ON);
        const float high[2 * PARA_CHANNELS] = {[0] = 1, [PARA_CHANNELS] = -1};
        para_play_act(&run.play, run.level, high);
        run.level->players[1].fail_root = 2;
        run.level->goals[2].b = TWO_FIRST; // now player 0 is what player 1 must not touch
        for (int k = 0; k < 600 && run.players[1].status == PARA_PLAY_ON; k++)
            para_play_step(&run.play, run.level, run.world);
        assert_int_equal(run.players[1].status, PARA_PLAY_FAILED);
        assert_int_equal(run.players[0].status, PARA_PLAY_ON);
        end(&run);
    }
}

// Time is up for all at once.
static void test_players_share_the_clock(void **state)
{
    (void)state;
    Run run;
    begin(&run, PARA_SOLVER_AUTO);
    run.level->seconds = 0.5f;
    act(&run, 0, 0);
    for (int k = 0; k < 29; k++)
        para_play_step(&run.play, run.level, run.world);
    assert_int_equal(run.play.status, PARA_PLAY_ON);
    para_play_step(&run.play, run.level, run.world);
    assert_int_equal(run.players[0].status, PARA_PLAY_TIMEOUT);
    assert_int_equal(run.players[1].status, PARA_PLAY_TIMEOUT);
    assert_int_equal(run.play.status, PARA_PLAY_TIMEOUT);
    end(&run);
}

// Two players that share one goal: a node counts its holding time once a step, not once a player.
static void test_players_share_a_goal(void **state)
{
    (void)state;
    Run run;
    begin(&run, PARA_SOLVER_AUTO);
    run.level->players[1].goal_root = 0;
    run.level->players[1].fail_root = -1;
    run.level->goals[0].value = 3; // true from the start
    run.level->goals[0].hold = 1;
    for (int k = 0; k < 59; k++)
        para_play_step(&run.play, run.level, run.world);
    assert_int_equal(run.play.status, PARA_PLAY_ON);
    para_play_step(&run.play, run.level, run.world);
    assert_int_equal(run.players[0].status, PARA_PLAY_SOLVED);
    assert_int_equal(run.players[1].status, PARA_PLAY_SOLVED);
    assert_true(run.players[0].reward > 9.9f && run.players[1].reward > 6.9f); // each its own prize
    end(&run);
}

// A copy of the play with a clone of the world goes on as the original.
static void test_players_copy_of_a_play(void **state)
{
    (void)state;
    Run run;
    begin(&run, PARA_SOLVER_AUTO);
    ParaWorldGroup *other = para_world_group_create(PARA_SOLVER_AUTO, 1);
    act(&run, 1, -1);
    for (int k = 0; k < 40; k++)
        para_play_step(&run.play, run.level, run.world);
    ParaPlay copy;
    ParaPlayerState players[2];
    assert_true(para_world_clone(run.world, para_world_at(other, 0), NULL));
    para_play_copy(&copy, &run.play, run.level, players, NULL);
    for (int k = 0; k < 100; k++) {
        para_play_step(&run.play, run.level, run.world);
        para_play_step(&copy, run.level, para_world_at(other, 0));
    }
    assert_int_equal(para_world_hash(run.world), para_world_hash(para_world_at(other, 0)));
    for (int p = 0; p < 2; p++) {
        assert_true(run.players[p].reward == players[p].reward && players[p].reward != 0);
        assert_int_equal(run.players[p].status, players[p].status);
    }
    para_world_group_destroy(other);
    end(&run);
}

// What belongs to a player is part of the level: its hash says so, and a copy holds it.
static void test_players_in_hash_and_copy(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 26);
    ParaLevel *level = two_players_level(arena);
    ParaLevel *copy = para_level_copy(level, arena);
    assert_ptr_not_equal(copy->players, level->players);
    assert_int_equal(para_level_hash(copy), level->hash);
    copy->players[1].reward_failed += 1;
    assert_int_not_equal(para_level_hash(copy), level->hash);
    copy = para_level_copy(level, arena);
    copy->players[1].actuators[0].speed += 1;
    assert_int_not_equal(para_level_hash(copy), level->hash);
    copy = para_level_copy(level, arena);
    copy->rewards[1].player = 0;
    assert_int_not_equal(para_level_hash(copy), level->hash);
    copy = para_level_copy(level, arena);
    copy->body_roles[TWO_BODIES + TWO_FIRST] = PARA_ROLE_HAZARD;
    assert_int_not_equal(para_level_hash(copy), level->hash);
    assert_int_equal(para_level_owner(level, TWO_FIRST), 0);
    assert_int_equal(para_level_owner(level, TWO_SECOND), 1);
    assert_int_equal(para_level_owner(level, TWO_FLOOR), -1);
    assert_int_equal(para_level_body_role(level, 1, TWO_HAZARD), PARA_ROLE_HAZARD);
    assert_int_equal(para_level_body_role(level, 0, TWO_HAZARD), PARA_ROLE_NONE);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_players[] = {
    cmocka_unit_test(test_players_move_by_their_own_actions),
    cmocka_unit_test(test_players_end_one_by_one),
    cmocka_unit_test(test_players_fail_by_their_own_body),
    cmocka_unit_test(test_players_share_the_clock),
    cmocka_unit_test(test_players_share_a_goal),
    cmocka_unit_test(test_players_copy_of_a_play),
    cmocka_unit_test(test_players_in_hash_and_copy),
};
const size_t para_tests_players_count = sizeof para_tests_players / sizeof *para_tests_players;
