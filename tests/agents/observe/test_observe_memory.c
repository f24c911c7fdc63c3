// SPDX-License-Identifier: MIT
// The families of memory: once what was shown is gone, a level and its twin, in which another thing was
// shown, look the same, whatever the player tried meanwhile; and what was shown decides who wins.
#include "agents/env/decision.h"
#include "agents/observe/observe.h"
#include "tests/tests.h"
#include "worlds/library.h"
#include "worlds/rules/play.h"

#include <string.h>

/// A family and what of its text makes the twins.
typedef struct Twins {
    const char *family, *draw, *one, *other;
    float way[2]; ///< [1] -1..1 the action that solves `one`
} Twins;

static const Twins all[] = {
    {"recall-door", "pick(-1, 1)", "-1", "1", {-1, 0}},
    {"seen-once", "uniform(0, 2 * pi)", "0", "pi", {1, 0}},
};

/// An episode of one of the two, with what the player sees.
typedef struct Episode {
    ParaWorldGroup *group;
    ParaEnv env;
    ParaObsSpec whole, listed;
    float *seen; ///< [whole.size + listed.size]
} Episode;

static Episode begin(const Twins *twins, const char *is, ParaArena *arena)
{
    const char *error = NULL;
    ParaTemplateText text;
    if (!para_library_read(twins->family, arena, &text, &error))
        fail_msg("%s", error);
    const char *place = strstr(text.text, twins->draw);
    assert_non_null(place);
    text.text = para_arena_printf(arena, "%.*s%s%s", (int)(place - text.text), text.text, is,
                                  place + strlen(twins->draw));
    text.size = strlen(text.text);
    const ParaTemplate *t = para_library_load_text(&text, arena, &error);
    if (!t)
        fail_msg("%s", error);
    const ParaLevel *level = para_template_sample(t, NULL, 5, arena, NULL);
    Episode e = {.group = para_world_group_create(PARA_SOLVER_AUTO, 1),
                 .whole = para_obs_spec_entities(),
                 .listed = para_obs_spec_listed(level->observe_count)};
    e.seen = PARA_NEW(arena, float, e.whole.size + e.listed.size);
    para_env_init(&e.env, para_world_at(e.group, 0), false);
    assert_true(para_env_begin(&e.env, level, "test"));
    return e;
}

static const float *look(Episode *e)
{
    para_observe(&e->whole, e->env.level, &e->env.play, 0, e->env.world, e->seen);
    para_observe(&e->listed, e->env.level, &e->env.play, 0, e->env.world, e->seen + e->whole.size);
    return e->seen;
}

static bool look_alike(Episode *a, Episode *b)
{
    const float *left = look(a), *right = look(b);
    for (int i = 0; i < a->whole.size + a->listed.size; i++)
        if (left[i] != right[i]) // 0 is -0: a side times nothing
            return false;
    return true;
}

static void act(Episode *e, float x, float y)
{
    const int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {(int8_t)x, (int8_t)y};
    para_decision_make_one(&e->env, actions);
}

static bool is_counting(const Episode *e)
{
    const ParaLevel *level = e->env.level;
    return para_world_view(e->env.world)->step <
           (uint64_t)para_level_steps(level, level->players[0].countdown);
}

static void finish(Episode *e)
{
    para_env_destroy(&e->env);
    para_world_group_destroy(e->group);
}

static void test_observe_memory_is_all_that_tells_twins_apart(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
        Episode one = begin(&all[k], all[k].one, arena), other = begin(&all[k], all[k].other, arena);
        int shown = 0, dark = 0;
        while (is_counting(&one)) {
            bool alike = look_alike(&one, &other);
            shown += !alike;
            dark += alike;
            assert_true(dark == 0 || alike); // what is gone does not come back
            act(&one, 1, -1); // tried in vain: no body moves, and no key is still known to be held
            act(&other, -1, 1);
        }
        assert_in_range(shown, 3, 30);
        assert_true(look_alike(&one, &other));
        finish(&one);
        finish(&other);
        para_arena_destroy(arena);
    }
}

/// How it ends for who goes that way all the time.
static ParaPlayStatus go(const Twins *twins, const char *is)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    Episode e = begin(twins, is, arena);
    while (e.env.play.status == PARA_PLAY_ON)
        act(&e, twins->way[0], twins->way[1]);
    assert_in_range(e.env.decisions, 1, 64);
    ParaPlayStatus status = e.env.play.players[0].status;
    finish(&e);
    para_arena_destroy(arena);
    return status;
}

static void test_observe_memory_decides_who_wins(void **state)
{
    (void)state;
    assert_int_equal(go(&all[0], all[0].one), PARA_PLAY_SOLVED);
    assert_int_equal(go(&all[0], all[0].other), PARA_PLAY_FAILED);
    assert_int_equal(go(&all[1], all[1].other), PARA_PLAY_TIMEOUT);
}

const struct CMUnitTest para_tests_observe_memory[] = {
    cmocka_unit_test(test_observe_memory_is_all_that_tells_twins_apart),
    cmocka_unit_test(test_observe_memory_decides_who_wins),
};
const size_t para_tests_observe_memory_count =
    sizeof para_tests_observe_memory / sizeof *para_tests_observe_memory;
