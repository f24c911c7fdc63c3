// SPDX-License-Identifier: MIT
// The one decision: made at once, step by step or by hand from the rules, it is the same to the bit, and so
// is the account that an env keeps of it.
#include "agents/batch/families.h"
#include "agents/env/decision.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <string.h>

#define DECISIONS 80

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families;
    ParaWorldGroup *groups[3];
} Fixture;

static Fixture fixture_make(ParaSolverKind solver)
{
    Fixture f = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30)};
    const char *error = NULL;
    if (!para_families_load(&f.families, NULL, 0, f.arena, &error))
        fail_msg("%s", error);
    for (int i = 0; i < 3; i++) {
        f.groups[i] = para_world_group_create(solver, 1);
        assert_non_null(f.groups[i]);
    }
    return f;
}

static void fixture_clear(Fixture *f)
{
    for (int i = 0; i < 3; i++)
        para_world_group_destroy(f->groups[i]);
    para_arena_destroy(f->arena);
}

static void draw_action(ParaRng *rng, int8_t *action)
{
    for (int c = 0; c < PARA_CHANNELS; c++)
        action[c] = (int8_t)para_rng_int(rng, -1, 1); // on channels too that the level does not bind
}

/// By the rules alone, with nothing of decision.c or env.c. @return reward
static float decide_by_hand(ParaPlay *play, const ParaLevel *level, ParaWorld world, const int8_t *action)
{
    float wish[PARA_CHANNELS];
    for (int c = 0; c < PARA_CHANNELS; c++)
        wish[c] = (float)action[c];
    para_play_act(play, level, wish);
    play->players[0].reward = 0;
    for (int k = 0; k < level->frame_skip && play->status == PARA_PLAY_ON; k++)
        para_play_step(play, level, world);
    return play->players[0].reward;
}

static void assert_same_account(const ParaEnv *a, const ParaEnv *b)
{
    assert_true(a->chain == b->chain);
    assert_int_equal(a->decisions, b->decisions);
    assert_int_equal(a->world_steps, b->world_steps);
    assert_memory_equal(&a->accounts[0].total_reward, &b->accounts[0].total_reward, sizeof(float));
    assert_memory_equal(&a->play.players[0].reward, &b->play.players[0].reward, sizeof(float));
    assert_int_equal(a->play.status, b->play.status);
}

static void three_ways(Fixture *f, const ParaLevel *level, int *ended_between)
{
    ParaEnv at_once = {.world = para_world_at(f->groups[0], 0), .arena = f->arena, .chained = true};
    ParaEnv by_steps = {.world = para_world_at(f->groups[1], 0), .arena = f->arena, .chained = true};
    ParaWorld world = para_world_at(f->groups[2], 0);
    ParaPlay play;
    ParaPlayerState players[PARA_PLAYERS_MAX];
    ParaRng rng = para_rng_make(level->hash, "actions");
    uint64_t chain = 0;
    float total = 0;
    assert_true(para_env_begin(&at_once, level, "") && para_env_begin(&by_steps, level, ""));
    void *events = para_arena_alloc(f->arena, para_play_events_size(level) + 1);
    assert_true(para_play_begin(&play, level, world, players, events, NULL));
    for (int d = 0; d < DECISIONS && play.status == PARA_PLAY_ON; d++) {
        int8_t action[PARA_CHANNELS];
        draw_action(&rng, action);
        float reward = para_decision_make_one(&at_once, action);
        para_decision_begin(&by_steps, action);
        int steps = 1;
        while (!para_decision_step(&by_steps)) {
            assert_int_equal(by_steps.step, steps++); // under way: nothing is booked yet
            assert_int_equal(by_steps.decisions, d);
        }
        assert_int_equal(by_steps.step, 0);
        float by_hand = decide_by_hand(&play, level, world, action);
        assert_memory_equal(&reward, &by_hand, sizeof(float));
        chain = para_replay_chain(chain, action, 1, para_world_hash(world));
        total += by_hand;
        assert_same_account(&at_once, &by_steps);
        assert_true(at_once.chain == chain);
        assert_memory_equal(&at_once.accounts[0].total_reward, &total, sizeof(float));
        assert_int_equal(at_once.decisions, d + 1);
        assert_int_equal((uint64_t)at_once.world_steps, para_world_view(world)->step);
        *ended_between += play.status != PARA_PLAY_ON && steps < level->frame_skip;
    }
}

static void three_ways_everywhere(ParaSolverKind solver)
{
    Fixture f = fixture_make(solver);
    int ended_between = 0;
    for (int family = 0; family < f.families.count; family++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            ParaArenaMark mark = para_arena_mark(f.arena);
            ParaPick pick = {.family = family, .seed = seed};
            const ParaLevel *level = para_families_sample(&f.families, &pick, "test", f.arena);
            assert_non_null(level);
            three_ways(&f, level, &ended_between);
            para_arena_rewind(f.arena, mark);
        }
    }
    assert_true(ended_between > 0);
    fixture_clear(&f);
}

static void test_decision_is_the_same_at_once_by_steps_and_by_hand_on_chipmunk(void **state)
{
    (void)state;
    three_ways_everywhere(PARA_SOLVER_CHIPMUNK);
}

static void test_decision_is_the_same_at_once_by_steps_and_by_hand_on_lanes(void **state)
{
    (void)state;
    three_ways_everywhere(PARA_SOLVER_LANES);
}

/// A recording env keeps what it did, whichever way decisions are made, and the next episode begins anew.
static void test_decision_is_recorded_with_its_chain(void **state)
{
    (void)state;
    Fixture f = fixture_make(PARA_SOLVER_AUTO);
    ParaEnv env;
    para_env_init(&env, para_world_at(f.groups[0], 0), true);
    for (int episode = 0; episode < 2; episode++) {
        ParaPick pick = {.family = 1, .seed = 7};
        const ParaLevel *level = para_families_sample(&f.families, &pick, "test", para_env_level_arena(&env));
        int8_t actions[6][PARA_CHANNELS];
        uint64_t chains[6];
        ParaRng rng = para_rng_make((uint64_t)episode, "actions");
        assert_true(para_env_begin(&env, level, "test"));
        for (int d = 0; d < 6; d++) {
            draw_action(&rng, actions[d]);
            if (d % 2) {
                para_decision_begin(&env, actions[d]);
                while (!para_decision_step(&env)) {
                }
            } else {
                para_decision_make_one(&env, actions[d]);
            }
            chains[d] = env.chain;
        }
        const ParaReplay *replay = para_env_replay(&env);
        assert_int_equal(replay->decisions, 6);
        assert_memory_equal(replay->actions, actions, sizeof actions);
        assert_memory_equal(replay->hashes, chains, sizeof chains);
        ParaVerdict verdict = para_replay_verify(replay, f.arena);
        if (!verdict.ok)
            fail_msg("%s", verdict.message);
    }
    para_env_destroy(&env);
    fixture_clear(&f);
}

const struct CMUnitTest para_tests_decision[] = {
    cmocka_unit_test(test_decision_is_the_same_at_once_by_steps_and_by_hand_on_chipmunk),
    cmocka_unit_test(test_decision_is_the_same_at_once_by_steps_and_by_hand_on_lanes),
    cmocka_unit_test(test_decision_is_recorded_with_its_chain),
};
const size_t para_tests_decision_count = sizeof para_tests_decision / sizeof *para_tests_decision;
