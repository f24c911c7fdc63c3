// SPDX-License-Identifier: MIT
// The part of an observation that remembers: a map is made of what is sensed and of nothing else, goes with
// its env wherever that is copied or rewound, and leaves the rest of an observation as it is without it.
#include "agents/env/decision.h"
#include "agents/env/rewind.h"
#include "agents/observe/observe.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <math.h>
#include <string.h>

/// A field seen from above, with a wall beside the player; the star is 8 m to one side or the other, the post
/// as far the other way.
static const char field[] =
    "{\"paracosm\": 1, \"name\": \"field\", \"about\": \"A star far away.\","
    " \"world\": {\"size\": [24, 12], \"gravity\": [0, 0], \"seconds\": 30},"
    " \"bodies\": ["
    "  {\"name\": \"wall\", \"static\": true, \"at\": [12, 8], \"shape\": {\"box\": [6, 1]}},"
    "  {\"name\": \"post\", \"static\": true, \"at\": [\"12 - 8 * (SIDE)\", 6], \"shape\": {\"box\": [1, "
    "1]}},"
    "  {\"name\": \"star\", \"static\": true, \"at\": [\"12 + 8 * (SIDE)\", 6], \"shape\": {\"circle\": 0.3},"
    "   \"mask\": 0, \"role\": \"target\"},"
    "  {\"name\": \"puck\", \"at\": [12, 6], \"shape\": {\"circle\": 0.3}, \"density\": 2, \"damping\": 3,"
    "   \"fixed_rotation\": true}],"
    " \"player\": {\"body\": \"puck\", \"sight\": 3, \"sees\": 3, \"actuators\": ["
    "   {\"thruster\": \"puck\", \"channel\": 0, \"direction\": [1, 0], \"force\": 8},"
    "   {\"thruster\": \"puck\", \"channel\": 1, \"direction\": [0, 1], \"force\": 8}]},"
    " \"goal\": {\"is\": \"(x(puck) - x(star)) ^ 2 + (y(puck) - y(star)) ^ 2 < 0.25\"}}";

typedef struct Episode {
    ParaWorldGroup *group;
    ParaEnv env;
} Episode;

static Episode begin(const char *side, ParaArena *arena)
{
    const char *rest = field;
    char *text = para_arena_strdup(arena, "");
    for (const char *at; (at = strstr(rest, "SIDE")) != NULL; rest = at + 4)
        text = para_arena_printf(arena, "%s%.*s%s", text, (int)(at - rest), rest, side);
    text = para_arena_printf(arena, "%s%s", text, rest);
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const ParaTemplate *t = para_template_load("field", text, strlen(text), arena, &list);
    if (!t)
        fail_msg("%s", list.items[0].message);
    const ParaLevel *level = para_template_sample(t, NULL, 5, arena, NULL);
    Episode e = {.group = para_world_group_create(PARA_SOLVER_AUTO, 2)};
    para_env_init(&e.env, para_world_at(e.group, 0), false);
    e.env.parts = PARA_OBS_MAP;
    assert_true(para_env_begin(&e.env, level, "test"));
    return e;
}

static void end(Episode *e)
{
    para_env_destroy(&e->env);
    para_world_group_destroy(e->group);
}

static void go(ParaEnv *env, int8_t x, int8_t y, int decisions)
{
    int8_t actions[PARA_CHANNELS] = {x, y};
    for (int d = 0; d < decisions && env->play.status == PARA_PLAY_ON; d++)
        para_decision_make_one(env, actions);
}

static bool same_map(const ParaMap *a, const ParaMap *b)
{
    return para_map_used(a) == para_map_used(b) && memcmp(a, b, para_map_used(a)) == 0;
}

static void test_observe_map_knows_nothing_beyond_what_is_sensed(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    Episode a = begin("1", arena), b = begin("-1", arena);
    assert_true(a.env.level->hash != b.env.level->hash);
    for (int d = 0; d < 4; d++) {
        assert_true(same_map(a.env.maps[0], b.env.maps[0]));
        assert_null(para_map_thing(a.env.maps[0], PARA_THING_GOAL, 0));
        go(&a.env, 1, (int8_t)(d % 2), 3);
        go(&b.env, 1, (int8_t)(d % 2), 3);
    }
    for (int d = 0; d < 60 && !para_map_thing(a.env.maps[0], PARA_THING_GOAL, 0);
         d++) { // until one is in sight
        go(&a.env, 1, 0, 1);
        go(&b.env, 1, 0, 1);
    }
    const ParaMapThing *star = para_map_thing(a.env.maps[0], PARA_THING_GOAL, 0);
    assert_non_null(star);
    assert_float_equal(star->x, 20, 1e-6);
    assert_null(para_map_thing(b.env.maps[0], PARA_THING_GOAL, 0));
    assert_false(same_map(a.env.maps[0], b.env.maps[0]));
    end(&a);
    end(&b);
    para_arena_destroy(arena);
}

/// Floats of a span of one observation, by its first.
static const float *of(const ParaObsSpec *spec, const float *obs, const char *name, int repeat)
{
    ParaObsSpan span;
    if (!para_obs_span_find(spec, name, &span))
        fail_msg("no span %s", name);
    return obs + span.offset + repeat * span.stride;
}

static void test_observe_map_shows_what_was_seen(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    Episode e = begin("1", arena);
    ParaObsSpec spec = para_obs_spec_with(para_obs_spec_entities(), PARA_OBS_MAP);
    float *obs = PARA_NEW(arena, float, spec.size);
    go(&e.env, 1, 0, 1);
    while (!para_map_thing(e.env.maps[0], PARA_THING_GOAL, 0) && e.env.decisions < 100)
        go(&e.env, 1, 0, 1);
    go(&e.env, -1, 0, 40); // back, out of sight
    para_env_observe(&e.env, NULL, &spec, 0, obs);
    const ParaView *v = para_world_view(e.env.world);
    float x = v->centre_x[e.env.level->players[0].body * v->stride];
    float y = v->centre_y[e.env.level->players[0].body * v->stride];
    assert_float_equal(of(&spec, obs, "target.there", 0)[0], 0, 0);
    assert_float_equal(of(&spec, obs, "map.seen.there", 0)[0], 1, 0);
    assert_float_equal(of(&spec, obs, "map.seen.there", 1)[0], 0, 0);
    assert_float_equal(of(&spec, obs, "map.seen.offset", 0)[0], (20 - x) / 10, 1e-6);
    assert_true(of(&spec, obs, "map.seen.age", 0)[0] > 0.2f);
    assert_float_equal(of(&spec, obs, "map.home", 0)[0], (12 - x) / 10, 1e-6);
    assert_float_equal(of(&spec, obs, "map.home", 0)[1], (6 - y) / 10, 1e-6);
    assert_float_equal(of(&spec, obs, "map.way.there", PARA_WAY_GOAL)[0], 1, 0);
    const float *towards = of(&spec, obs, "map.way.direction", PARA_WAY_GOAL);
    assert_true(towards[0] > 0.8f && fabsf(hypotf(towards[0], towards[1]) - 1) < 1e-5f);
    // The wall is above where the player has been, in cells of 2 m; the middle cell is its own.
    const float *ground = of(&spec, obs, "map.patch.ground", PARA_MAP_FAR);
    const float *been = of(&spec, obs, "map.patch.been", PARA_MAP_FAR);
    assert_float_equal(ground[4 * 9 + 4], -1, 0);
    assert_float_equal(been[4 * 9 + 4], 1, 0);
    int wall_x = 12 / 2 - (int)floorf(x / 2) + 4, wall_y = (int)floorf(7.6f / 2) - (int)floorf(y / 2) + 4;
    assert_in_range(wall_x, 0, 8);
    assert_true(ground[wall_y * 9 + wall_x] > 0);
    // The star where it was.
    int star_x = 20 / 2 - (int)floorf(x / 2) + 4, star_y = 6 / 2 - (int)floorf(y / 2) + 4;
    if (star_x < 9)
        assert_float_equal(of(&spec, obs, "map.patch.things", PARA_MAP_FAR)[star_y * 9 + star_x], 1, 0);
    end(&e);
    para_arena_destroy(arena);
}

static void test_observe_map_stands_behind_the_globals(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    Episode e = begin("1", arena);
    go(&e.env, 1, 1, 5);
    ParaObsSpec plains[] = {para_obs_spec_entities(), para_obs_spec_vector(e.env.level)};
    int globals = para_obs_spec_globals().size, part = para_obs_part_size(PARA_OBS_MAP);
    for (int k = 0; k < 2; k++) {
        ParaObsSpec spec = para_obs_spec_with(plains[k], PARA_OBS_MAP), back = para_obs_spec_plain(spec);
        float *plain = PARA_NEW(arena, float, plains[k].size), *with = PARA_NEW(arena, float, spec.size);
        assert_int_equal(spec.size, plains[k].size + part);
        assert_int_equal(para_obs_layout_hash(&back), para_obs_layout_hash(&plains[k]));
        assert_true(para_obs_layout_hash(&spec) != para_obs_layout_hash(&plains[k]));
        para_observe(&plains[k], e.env.level, &e.env.play, 0, e.env.world, plain);
        para_env_observe(&e.env, NULL, &spec, 0, with);
        assert_memory_equal(with, plain, sizeof *with * (size_t)globals);
        assert_memory_equal(with + globals + part, plain + globals,
                            sizeof *with * (size_t)(plains[k].size - globals));
        // Spans tell every float of it once.
        int told = 0;
        for (int i = 0; i < para_obs_span_count(&spec); i++) {
            ParaObsSpan span = para_obs_span(&spec, i);
            bool own = strncmp(span.name, "map.", 4) == 0;
            told += own ? span.size * span.count : 0;
            if (own)
                assert_true(span.offset >= globals &&
                            span.offset + span.stride * (span.count - 1) + span.size <= globals + part);
            for (int n = 0; own && n < span.count * span.size; n++) {
                float value = with[span.offset + n / span.size * span.stride + n % span.size];
                assert_true(value >= span.low && value <= span.high);
            }
        }
        assert_int_equal(told, part);
        e.env.blank = true; // nothing is remembered, as where the map is taken away
        para_env_observe(&e.env, NULL, &spec, 0, with);
        for (int i = 0; i < part; i++)
            assert_float_equal(with[globals + i], 0, 0);
        e.env.blank = false;
    }
    end(&e);
    para_arena_destroy(arena);
}

static void test_observe_map_goes_where_its_env_goes(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    Episode e = begin("1", arena);
    ParaEnv other;
    para_env_init(&other, para_world_at(e.group, 1), false);
    other.parts = PARA_OBS_MAP;
    assert_true(para_env_begin(&other, e.env.level, "test"));
    ParaRewind *rewind = para_rewind_create(4 << 20);
    ParaMap *then = para_map_init(para_arena_alloc(arena, para_map_size(200)), 200);
    go(&e.env, 1, 0, 10);
    para_rewind_keep(rewind, &e.env);
    para_map_copy(then, e.env.maps[0]);
    then->tile_max = e.env.maps[0]->tile_max;
    assert_true(para_env_clone(&other, &e.env));
    assert_true(same_map(other.maps[0], then));
    go(&e.env, 1, 1, 20);
    assert_false(same_map(e.env.maps[0], then));
    go(&other, 1, 1, 20);
    assert_true(same_map(e.env.maps[0], other.maps[0])); // it goes on as that one does
    assert_int_equal(para_rewind_to(rewind, &e.env, 10), 10);
    assert_true(same_map(e.env.maps[0], then));
    go(&e.env, 1, 1, 20);
    assert_true(same_map(e.env.maps[0], other.maps[0]));
    // Another life: what was seen stands, home is where this one begins.
    assert_true(para_env_begin(&other, e.env.level, "test"));
    int before = e.env.maps[0]->now;
    para_env_remember(&other, 0, e.env.maps[0]);
    assert_int_equal(other.maps[0]->now, before + 1);
    assert_true(other.maps[0]->homed && other.maps[0]->home_x == 12.0f);
    para_rewind_destroy(rewind);
    para_env_destroy(&other);
    end(&e);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_observe_map[] = {
    cmocka_unit_test(test_observe_map_knows_nothing_beyond_what_is_sensed),
    cmocka_unit_test(test_observe_map_shows_what_was_seen),
    cmocka_unit_test(test_observe_map_stands_behind_the_globals),
    cmocka_unit_test(test_observe_map_goes_where_its_env_goes),
};
const size_t para_tests_observe_map_count = sizeof para_tests_observe_map / sizeof *para_tests_observe_map;
