// SPDX-License-Identifier: MIT
// What a player hears: the symbol that another said in the last decision and where it came from, in both
// layouts; nothing where nobody speaks, where it is too far, where it is muted; anything where it is
// scrambled.
#include "agents/env/decision.h"
#include "agents/env/env.h"
#include "tests/tests.h"
#include "tests/worlds/two_players.h"

#include <math.h>
#include <string.h>

typedef struct Room {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaLevel *level;
    ParaEnv env;
    ParaObsSpec spec;
    float seen[4096];
} Room;

/// The level of two, 10 m apart; the first has two voices, on channels 2 and 3.
static int set_up(void **state)
{
    Room *r = calloc(1, sizeof *r);
    r->arena = para_arena_create(1 << 20, (size_t)1 << 28);
    r->level = two_players_level(r->arena);
    ParaPlayer *first = &r->level->players[0];
    for (int k = 0; k < 2; k++) {
        int channel = 2 + k;
        first->actuators[first->actuator_count++] = (ParaActuator){.kind = PARA_ACTUATOR_VOICE,
                                                                   .channel = channel,
                                                                   .sign = 1,
                                                                   .body = TWO_FIRST,
                                                                   .joint = -1,
                                                                   .thruster = -1};
        first->channel_bits |= 1u << channel;
        first->negative_bits |= 1u << channel;
    }
    r->level->hash = para_level_hash(r->level);
    r->group = para_world_group_create(PARA_SOLVER_LANES, 1);
    para_env_init(&r->env, para_world_at(r->group, 0), false);
    r->env.parts = PARA_OBS_HEARD;
    assert_true(para_env_begin(&r->env, r->level, "test"));
    r->spec = para_obs_spec_with(para_obs_spec_entities(), PARA_OBS_HEARD);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    Room *r = *state;
    para_env_destroy(&r->env);
    para_world_group_destroy(r->group);
    para_arena_destroy(r->arena);
    free(r);
    return 0;
}

static void say(Room *r, int first, int second)
{
    const int8_t actions[2 * PARA_CHANNELS] = {[2] = (int8_t)first, [3] = (int8_t)second};
    para_decision_make_one(&r->env, actions);
}

/// What a player hears: a span of its nearest speaker.
static const float *hears(Room *r, int player, const char *name)
{
    ParaObsSpan span;
    assert_true(para_obs_span_find(&r->spec, name, &span));
    para_env_observe(&r->env, NULL, &r->spec, player, r->seen);
    return r->seen + span.offset;
}

static void assert_said(Room *r, float a, float b, float c, float d)
{
    const float want[] = {a, b, c, d};
    assert_memory_equal(hears(r, 1, "heard.said"), want, sizeof want);
}

static void test_heard_is_the_last_decision(void **state)
{
    Room *r = *state;
    for (int layout = 0; layout < 2; layout++) {
        ParaObsSpec plain = layout ? para_obs_spec_vector(r->level) : para_obs_spec_entities();
        r->spec = para_obs_spec_with(plain, PARA_OBS_HEARD);
        assert_int_equal(r->spec.size, plain.size + 30);
        say(r, 0, 0);
        assert_true(hears(r, 1, "heard.there")[0] == 0);
        say(r, 1, -1);
        assert_true(hears(r, 1, "heard.there")[0] == 1);
        assert_said(r, 1, 0, 0, 1);
        assert_true(hears(r, 1, "heard.mate")[0] == 1);
        const float *offset = hears(r, 1, "heard.offset"); // 10 m to its left
        assert_true(fabsf(offset[0] + 1) < 0.02f && offset[2] == -1 && fabsf(offset[1]) < 0.1f);
        assert_true(hears(r, 0, "heard.there")[0] == 0); // nobody hears itself
        say(r, -1, 0);
        assert_said(r, 0, 1, 0, 0);
    }
}

static void test_heard_leaves_the_rest_as_it_was(void **state)
{
    Room *r = *state;
    static float plain[4096];
    ParaObsSpec entities = para_obs_spec_entities();
    say(r, 1, 1);
    para_env_observe(&r->env, NULL, &r->spec, 1, r->seen);
    para_env_observe(&r->env, NULL, &entities, 1, plain);
    assert_memory_equal(plain, r->seen, sizeof(float) * (size_t)entities.global_size);
    assert_memory_equal(plain + entities.global_size, r->seen + r->spec.global_size,
                        sizeof(float) * (size_t)(entities.size - entities.global_size));
}

static void test_heard_ends_with_its_range(void **state)
{
    Room *r = *state;
    r->level->players[0].actuators[2].range = 5; // the first voice; the other is heard everywhere
    say(r, 1, 1);
    assert_said(r, 0, 0, 1, 0);
    r->level->players[0].actuators[3].range = 5;
    assert_true(hears(r, 1, "heard.there")[0] == 0);
}

static void test_heard_is_copied_with_the_env(void **state)
{
    Room *r = *state;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaEnv copy;
    para_env_init(&copy, para_world_at(group, 0), false);
    copy.parts = PARA_OBS_HEARD;
    say(r, 1, -1);
    assert_true(para_env_begin(&copy, r->level, "test") && para_env_clone(&copy, &r->env));
    static float other[4096];
    para_env_observe(&r->env, NULL, &r->spec, 1, r->seen);
    para_env_observe(&copy, NULL, &r->spec, 1, other);
    assert_memory_equal(other, r->seen, sizeof(float) * (size_t)r->spec.size);
    para_env_destroy(&copy);
    para_world_group_destroy(group);
}

static void test_heard_muted_and_scrambled(void **state)
{
    Room *r = *state;
    int met[3] = {0}, same = 0;
    r->env.hearing = PARA_OBS_HEARS_NOTHING;
    say(r, 1, 1);
    assert_true(hears(r, 1, "heard.there")[0] == 0);
    r->env.hearing = PARA_OBS_HEARS_SCRAMBLED;
    for (int d = 0; d < 200; d++) {
        say(r, 1, 1);
        const float *said = hears(r, 1, "heard.said");
        int first = said[0] > 0 ? 2 : said[1] > 0 ? 1 : 0;
        met[first]++;
        float kept[4];
        memcpy(kept, said, sizeof kept);
        same += memcmp(kept, hears(r, 1, "heard.said"), sizeof kept) == 0; // the same whenever it is asked
    }
    print_message("scrambled +1: %d silent, %d -1, %d +1\n", met[0], met[1], met[2]);
    assert_int_equal(same, 200);
    for (int k = 0; k < 3; k++)
        assert_in_range(met[k], 40, 95); // a third each
}

#define HEARD_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
const struct CMUnitTest para_tests_observe_heard[] = {
    HEARD_TEST(test_heard_is_the_last_decision), HEARD_TEST(test_heard_leaves_the_rest_as_it_was),
    HEARD_TEST(test_heard_ends_with_its_range), HEARD_TEST(test_heard_is_copied_with_the_env),
    HEARD_TEST(test_heard_muted_and_scrambled)};
const size_t para_tests_observe_heard_count =
    sizeof para_tests_observe_heard / sizeof *para_tests_observe_heard;
