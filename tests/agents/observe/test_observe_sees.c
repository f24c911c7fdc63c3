// SPDX-License-Identifier: MIT
// What a level says its player sees: things beyond it are in no part of an observation, whichever layout,
// until the player comes near; rays, own parts and everything near are as without it.
#include "agents/env/decision.h"
#include "agents/observe/observe.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <math.h>
#include <string.h>

#define SEES 2.0f // [m]

/// The family crate, whose player sees so far; 0: all.
static const ParaTemplate *crate(float sees, ParaArena *arena)
{
    const char *error = NULL;
    ParaTemplateText text;
    if (!para_library_read("crate", arena, &text, &error))
        fail_msg("%s", error);
    const char *place = strstr(text.text, "\"sight\": 8");
    assert_non_null(place);
    text.text = para_arena_printf(arena, "%.*s\"sees\": %d, %s", (int)(place - text.text), text.text,
                                  (int)sees, place);
    text.size = strlen(text.text);
    const ParaTemplate *t = para_library_load_text(&text, arena, &error);
    if (!t)
        fail_msg("%s", error);
    return t;
}

typedef struct Episode {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaEnv env;
    int crate, pusher;
} Episode;

static int body_of(const ParaLevel *level, const char *name)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (strcmp(level->body_names[b], name) == 0)
            return b;
    fail_msg("no %s", name);
    return -1;
}

/// From the pusher to the crate [m], to the right above 0.
static float way(const Episode *e)
{
    const ParaView *v = para_world_view(e->env.world);
    return v->centre_x[e->crate * v->stride] - v->centre_x[e->pusher * v->stride];
}

static void begin(Episode *e, float sees, uint64_t seed)
{
    ParaLevel *level = para_template_sample(crate(sees, e->arena), NULL, seed, e->arena, NULL);
    assert_non_null(level);
    e->group = para_world_group_create(PARA_SOLVER_LANES, 1);
    para_env_init(&e->env, para_world_at(e->group, 0), false);
    assert_true(para_env_begin(&e->env, level, "test"));
    e->crate = body_of(level, "crate");
    e->pusher = body_of(level, "pusher");
}

static void end(Episode *e)
{
    para_env_destroy(&e->env);
    para_world_group_destroy(e->group);
}

/// A seed whose crate begins out of sight.
static uint64_t far_seed(ParaArena *arena)
{
    for (uint64_t seed = 1; seed < 100; seed++) {
        Episode e = {.arena = arena};
        begin(&e, 0, seed);
        float apart = fabsf(way(&e));
        end(&e);
        if (apart > SEES + 0.6f)
            return seed;
    }
    fail_msg("no such level");
    return 0;
}

static const float *look(const Episode *e, const ParaObsSpec *spec, float *out)
{
    para_observe(spec, e->env.level, &e->env.play, 0, e->env.world, out);
    return out;
}

static float of_span(const ParaObsSpec *spec, const float *obs, const char *name, int at)
{
    ParaObsSpan span;
    assert_true(para_obs_span_find(spec, name, &span));
    return obs[span.offset + at];
}

/// Live rows of cargo.
static int cargo_rows(const ParaObsSpec *spec, const float *obs)
{
    ParaObsSpan role, live;
    int count = 0;
    assert_true(para_obs_span_find(spec, "rows.role", &role) && para_obs_span_find(spec, "mask", &live));
    for (int r = 0; r < spec->row_max; r++)
        count += obs[live.offset + r] > 0 && obs[role.offset + r * role.stride + 2] > 0;
    return count;
}

static void test_observe_sees_nothing_beyond_until_it_is_near(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    ParaObsSpec spec = para_obs_spec_entities();
    float *obs = PARA_NEW(arena, float, spec.size);
    Episode e = {.arena = arena};
    begin(&e, SEES, far_seed(arena));
    bool before = false, after = false;
    for (int d = 0; d < 60 && e.env.play.status == PARA_PLAY_ON; d++) {
        float apart = way(&e);
        look(&e, &spec, obs);
        bool near = fabsf(apart) <= SEES - 0.05f, far = fabsf(apart) >= SEES + 0.5f; // the crate has a size
        if (near || far) {
            assert_float_equal(of_span(&spec, obs, "cargo.there", 0), near, 0);
            assert_int_equal(cargo_rows(&spec, obs), near);
        }
        assert_float_equal(of_span(&spec, obs, "self.progress", 0), 0, 0);
        before = before || far;
        after = after || near;
        int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {(int8_t)(apart > 0 ? 1 : -1)};
        para_decision_make_one(&e.env, actions);
    }
    assert_true(before && after);
    end(&e);
    para_arena_destroy(arena);
}

static void test_observe_sees_by_slots_too(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    uint64_t seed = far_seed(arena);
    for (int limited = 0; limited < 2; limited++) {
        Episode e = {.arena = arena};
        begin(&e, limited ? SEES : 0, seed);
        ParaObsSpec spec = para_obs_spec_vector(e.env.level);
        float *obs = PARA_NEW(arena, float, spec.size);
        look(&e, &spec, obs);
        ParaObsSpan used;
        assert_true(para_obs_span_find(&spec, "bodies.used", &used));
        assert_int_equal(used.count, 2); // the player's own part, then the crate
        assert_float_equal(obs[used.offset], 1, 0);
        assert_float_equal(obs[used.offset + used.stride], !limited, 0);
        end(&e);
    }
    para_arena_destroy(arena);
}

static void test_observe_sees_all_within_and_its_rays_go_beyond(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    ParaObsSpec spec = para_obs_spec_entities();
    float *all = PARA_NEW(arena, float, spec.size), *wide = PARA_NEW(arena, float, spec.size);
    float *none = PARA_NEW(arena, float, spec.size);
    uint64_t seed = far_seed(arena);
    Episode a = {.arena = arena}, b = {.arena = arena}, c = {.arena = arena};
    begin(&a, 0, seed);
    begin(&b, 100, seed);
    begin(&c, SEES, seed);
    look(&a, &spec, all);
    look(&b, &spec, wide);
    look(&c, &spec, none);
    assert_true(a.env.level->hash != b.env.level->hash && b.env.level->hash != c.env.level->hash);
    ParaObsSpan progress, rays;
    assert_true(para_obs_span_find(&spec, "self.progress", &progress) &&
                para_obs_span_find(&spec, "rays", &rays));
    all[progress.offset] = 0;
    assert_memory_equal(all, wide, sizeof *all * (size_t)spec.size);
    assert_memory_equal(all + rays.offset, none + rays.offset, sizeof *all * (size_t)rays.size);
    end(&a);
    end(&b);
    end(&c);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_observe_sees[] = {
    cmocka_unit_test(test_observe_sees_nothing_beyond_until_it_is_near),
    cmocka_unit_test(test_observe_sees_by_slots_too),
    cmocka_unit_test(test_observe_sees_all_within_and_its_rays_go_beyond),
};
const size_t para_tests_observe_sees_count = sizeof para_tests_observe_sees / sizeof *para_tests_observe_sees;
