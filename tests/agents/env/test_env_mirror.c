// SPDX-License-Identifier: MIT
// An episode carried over into an env of another solver: rules, account and clock are the same, and it goes
// on.
#include "agents/batch/families.h"
#include "agents/env/decision.h"
#include "agents/env/mirror.h"
#include "tests/tests.h"

#include <string.h>

#define DECISIONS 24

static const char *const names[] = {"catcher", "dominoes", "pendulums", "herd", "coins", "locks",
                                    "bridge",  "flood",    "rockfall",  "vine", "switch"};
#define FAMILIES ((int)(sizeof names / sizeof *names))

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families;
} Fixture;

static int set_up(void **state)
{
    static Fixture f;
    const char *error = NULL;
    f.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    if (!para_families_load(&f.families, names, FAMILIES, f.arena, &error))
        fail_msg("%s", error);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

static void draw(const ParaLevel *level, ParaRng *rng, int8_t *actions)
{
    for (int i = 0; i < level->player_count * PARA_CHANNELS; i++)
        actions[i] = (int8_t)para_rng_int(rng, -1, 1);
}

/// Up to so many decisions, while the episode is on.
static void play_on(ParaEnv *env, int decisions, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed, "mirror");
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS];
    for (int i = 0; i < decisions && env->play.status == PARA_PLAY_ON; i++) {
        draw(env->level, &rng, actions);
        para_decision_make_one(env, actions);
    }
}

static void same_rules(const ParaEnv *a, const ParaEnv *b)
{
    size_t players = (size_t)a->level->player_count;
    ParaPlay left = a->play, right = b->play;
    left.players = right.players = NULL;
    left.events = right.events = NULL;
    assert_memory_equal(&left, &right, sizeof left);
    assert_memory_equal(a->play.players, b->play.players, sizeof *a->play.players * players);
    if (a->play.events)
        assert_memory_equal(a->play.events, b->play.events, para_play_events_size(a->level));
    assert_memory_equal(a->accounts, b->accounts, sizeof *a->accounts * players);
    assert_int_equal(a->decisions, b->decisions);
    assert_true(para_world_view(a->world)->time == para_world_view(b->world)->time);
}

static void check(Fixture *f, int family, ParaSolverKind from_solver, ParaSolverKind to_solver)
{
    ParaPick pick = {.family = family, .seed = 7};
    ParaWorldGroup *one = para_world_group_create(from_solver, 1),
                   *two = para_world_group_create(to_solver, 1);
    ParaEnv from, to;
    para_env_init(&from, para_world_at(one, 0), true);
    para_env_init(&to, para_world_at(two, 0), false);
    const ParaLevel *level = para_families_sample(&f->families, &pick, "test", f->arena);
    assert_non_null(level);
    assert_true(para_env_begin(&from, level, "test"));
    assert_true(para_env_begin(&to, level, "test"));
    play_on(&to, 5, 3);
    play_on(&from, DECISIONS, 1);
    assert_true(para_env_mirror(&to, &from));
    same_rules(&from, &to);
    play_on(&from, 8, 2);
    play_on(&to, 8, 2);
    if (para_world_solver(from.world) == para_world_solver(to.world))
        same_rules(&from, &to);
    assert_int_not_equal(to.play.status, PARA_PLAY_DIVERGED);
    para_env_destroy(&from);
    para_env_destroy(&to);
    para_world_group_destroy(one);
    para_world_group_destroy(two);
}

static void test_env_mirror_carries_an_episode(void **state)
{
    static const ParaSolverKind solvers[] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};
    for (int family = 0; family < FAMILIES; family++)
        for (int k = 0; k < 4; k++)
            check(*state, family, solvers[k / 2], solvers[k % 2]);
}

const struct CMUnitTest para_tests_env_mirror[] = {
    cmocka_unit_test_setup_teardown(test_env_mirror_carries_an_episode, set_up, tear_down),
};
const size_t para_tests_env_mirror_count = sizeof para_tests_env_mirror / sizeof *para_tests_env_mirror;
