// SPDX-License-Identifier: MIT
// Two systems at two rates: a plan that was begun before its time is followed once it has come, since what
// the reflex does until then was foreseen; in step it is the same every time.
#include "agents/env/decision.h"
#include "agents/think/inside.h"
#include "agents/think/slow.h"
#include "engine/base/hash.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <sched.h>

typedef struct Fixture {
    ParaArena *arena;
    ParaReflex reflex; ///< untrained
    ParaWorldGroup *group;
    ParaEnv env;
    const ParaLevel *level;
    ParaWorkers *workers; ///< that play futures; NULL: its own thread alone
} Fixture;

static int set_up(void **state)
{
    static Fixture f;
    f = (Fixture){0};
    static const char *const names[] = {"push"};
    f.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    ParaFamilies families = tiny_families(names, 1, f.arena);
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_entities());
    def.width = 16;
    def.encoder_width = 8;
    f.reflex = (ParaReflex){.policy = para_policy_create(&def, 5, f.arena), .discount = 0.99f};
    f.group = para_world_group_create(PARA_SOLVER_LANES, 1);
    para_env_init(&f.env, para_world_at(f.group, 0), false);
    ParaPick pick = {.seed = 4};
    f.level = para_families_sample(&families, &pick, "test", f.arena);
    *state = &f;
    return f.level ? 0 : -1;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_workers_destroy(f->workers);
    para_env_destroy(&f->env);
    para_world_group_destroy(f->group);
    para_arena_destroy(f->arena);
    return 0;
}

static ParaSlow *begin(Fixture *f, const ParaThinkWhere *where, bool in_step)
{
    ParaSlowDef def = {.think = para_think_def_default(16), .in_step = in_step, .budget = 10.0};
    def.think.horizon = 12;
    ParaSlow *slow = para_slow_create(&def, &f->reflex, where, PARA_SOLVER_LANES, f->workers, f->arena);
    para_env_level_arena(&f->env);
    assert_true(slow && para_env_begin(&f->env, f->level, "test") && para_slow_begin(slow, f->level, 3));
    return slow;
}

static void test_slow_follows_a_plan_when_its_time_has_come(void **state)
{
    Fixture *f = *state;
    ParaThinkWhere where = para_think_in_engine(PARA_SOLVER_LANES);
    ParaSlow *slow = begin(f, &where, false);
    ParaSlowWays *ways = PARA_NEW(f->arena, ParaSlowWays, 1);
    int8_t actions[PARA_CHANNELS];
    assert_false(para_slow_act(slow, &f->env, actions)); // the first decision is the reflex's
    para_decision_make_one(&f->env, actions);
    while (!para_slow_ways(slow, ways))
        sched_yield();
    assert_int_equal(ways->first, 1);
    assert_true(ways->count > 1 && ways->lengths[0] > 0 && ways->futures == 16);
    assert_true(para_slow_act(slow, &f->env, actions)); // the world is where it was foreseen
    para_slow_destroy(slow);
}

/// A world that somebody else moved is not where it was foreseen: the reflex acts.
static void test_slow_lets_go_of_a_plan_that_does_not_fit(void **state)
{
    Fixture *f = *state;
    ParaThinkWhere where = para_think_in_engine(PARA_SOLVER_LANES);
    ParaSlow *slow = begin(f, &where, false);
    ParaSlowWays *ways = PARA_NEW(f->arena, ParaSlowWays, 1);
    int8_t actions[PARA_CHANNELS];
    para_slow_act(slow, &f->env, actions);
    para_decision_make_one(&f->env, actions);
    while (!para_slow_ways(slow, ways))
        sched_yield();
    para_world_place_body(f->env.world, f->level->players[0].body, (ParaVec2){7.5f, 1.3f}, 0.0f,
                          (ParaVec2){0, 0}, 0.0f);
    assert_false(para_slow_act(slow, &f->env, actions));
    para_slow_destroy(slow);
}

static uint64_t episode(Fixture *f)
{
    ParaThinkWhere where = para_think_in_engine(PARA_SOLVER_LANES);
    ParaSlow *slow = begin(f, &where, true);
    uint64_t hash = 0;
    while (f->env.play.status == PARA_PLAY_ON) {
        int8_t actions[PARA_CHANNELS];
        assert_true(para_slow_act(slow, &f->env, actions));
        hash = para_hash(actions, sizeof actions, hash);
        para_decision_make_one(&f->env, actions);
    }
    assert_int_equal(f->env.play.status, PARA_PLAY_SOLVED);
    para_slow_destroy(slow);
    return hash;
}

static void test_slow_in_step_is_the_same_every_time(void **state)
{
    uint64_t once = episode(*state);
    assert_true(once == episode(*state));
    ((Fixture *)*state)->workers = para_workers_create(3); // and for any number of threads
    assert_true(once == episode(*state));
}

/// Workers are lent to the thread that thinks, and are the caller's again once it is gone.
static void test_slow_thinks_on_several_threads(void **state)
{
    ((Fixture *)*state)->workers = para_workers_create(3);
    test_slow_follows_a_plan_when_its_time_has_come(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_slow[] = {
    TEST(test_slow_follows_a_plan_when_its_time_has_come),
    TEST(test_slow_lets_go_of_a_plan_that_does_not_fit),
    TEST(test_slow_in_step_is_the_same_every_time),
    TEST(test_slow_thinks_on_several_threads),
};
const size_t para_tests_slow_count = sizeof para_tests_slow / sizeof *para_tests_slow;
