// SPDX-License-Identifier: MIT
// The contract of an env and a batch: same seed, same bytes; terminated is not truncated; the last
// observation is kept; nothing depends on threads.
#include "agents/batch/batch.h"
#include "agents/batch/seeds.h"
#include "agents/batch/snapshot.h"
#include "agents/policy/policy.h"
#include "engine/base/hash.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ENVS      24
#define DECISIONS 150

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char *error = NULL;
    if (!para_families_load(&f->families, NULL, 0, f->arena, &error))
        fail_msg("%s", error);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

// Families in turn, fresh seeds.
static void next_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaFamilies *families = context;
    *out = (ParaPick){.family = env % families->count, .seed = para_training_seed(para_rng_u64(rng))};
}

static ParaBatch *make_batch(Fixture *f, int envs, uint64_t seed)
{
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = envs,
                        .obs = para_obs_spec_entities(),
                        .families = &f->families,
                        .next = next_level,
                        .next_context = &f->families,
                        .maker = "test",
                        .seed = seed};
    ParaBatch *batch = para_batch_create(&def, f->arena);
    assert_non_null(batch);
    return batch;
}

// Random actions of each env from its own stream.
static void random_actions(ParaBatch *batch, int8_t *actions)
{
    static const float flat[PARA_LOGITS];
    for (int b = 0; b < batch->def.envs; b++)
        para_action_draw(PARA_HEAD_LEVELS, flat, batch->channel_bits[b], batch->negative_bits[b],
                         &batch->action_rng[b], actions + b * PARA_CHANNELS);
}

// Hash over everything a batch says during a run of random play.
static uint64_t run_hash(Fixture *f, int threads, uint64_t seed)
{
    ParaWorkers *workers = para_workers_create(threads);
    ParaBatch *batch = make_batch(f, ENVS, seed);
    int8_t actions[ENVS * PARA_CHANNELS];
    uint64_t hash = 0;
    para_batch_reset(batch, workers);
    for (int t = 0; t < DECISIONS; t++) {
        random_actions(batch, actions);
        para_batch_step(batch, workers, actions);
        hash = para_hash(batch->obs, sizeof(float) * ENVS * (size_t)batch->def.obs.size, hash);
        hash = para_hash(batch->reward, sizeof(float) * ENVS, hash);
        hash = para_hash(batch->terminated, ENVS, hash);
        hash = para_hash(batch->truncated, ENVS, hash);
    }
    para_batch_destroy(batch);
    para_workers_destroy(workers);
    return hash;
}

static void test_batch_same_for_any_threads(void **state)
{
    uint64_t one = run_hash(*state, 1, 5);
    assert_int_equal(one, run_hash(*state, 1, 5));
    assert_int_equal(one, run_hash(*state, 2, 5));
    assert_int_equal(one, run_hash(*state, 3, 5));
    assert_int_not_equal(one, run_hash(*state, 1, 6));
}

static void test_env_same_alone_and_in_a_batch(void **state)
{
    Fixture *f = *state;
    ParaWorkers *workers = para_workers_create(1);
    ParaBatch *big = make_batch(f, ENVS, 9), *small = make_batch(f, 1, 9);
    int8_t actions[ENVS * PARA_CHANNELS];
    para_batch_reset(big, workers);
    para_batch_reset(small, workers);
    for (int t = 0; t < DECISIONS; t++) {
        assert_memory_equal(big->obs, small->obs, sizeof(float) * (size_t)big->def.obs.size);
        random_actions(big, actions);
        para_batch_step(big, workers, actions);
        int8_t alone[PARA_CHANNELS];
        random_actions(small, alone);
        assert_memory_equal(alone, actions, PARA_CHANNELS);
        para_batch_step(small, workers, alone);
        assert_true(big->reward[0] == small->reward[0]);
    }
    para_batch_destroy(big);
    para_batch_destroy(small);
    para_workers_destroy(workers);
}

// Where a span of this name begins.
static int place_of(ParaObsSpec spec, const char *name)
{
    ParaObsSpan span = {0};
    assert_true(para_obs_span_find(&spec, name, &span));
    return span.offset;
}

// Every float of every span is what the table says it can be; spans of one kind of row are, of the other
// kinds, what those are.
static void check_bounds(ParaObsSpec spec, const float *obs)
{
    for (int s = 0; s < para_obs_span_count(&spec); s++) {
        ParaObsSpan span = para_obs_span(&spec, s);
        bool shared = strncmp(span.name, "rows.", 5) == 0 && strchr(span.name + 5, '.');
        float low = shared ? -10.0f : span.low, high = shared ? 10.0f : span.high;
        for (int repeat = 0; repeat < span.count; repeat++)
            for (int i = 0; i < span.size; i++) {
                float value = obs[span.offset + repeat * span.stride + i];
                if (!(value >= low - 1e-6f && value <= high + 1e-6f))
                    fail_msg("%s is %g, outside %g to %g", span.name, (double)value, (double)low,
                             (double)high);
            }
    }
}

static void test_observation_bounded_and_masked(void **state)
{
    Fixture *f = *state;
    ParaWorkers *workers = para_workers_create(1);
    ParaBatch *batch = make_batch(f, ENVS, 11);
    ParaObsSpec spec = batch->def.obs;
    int8_t actions[ENVS * PARA_CHANNELS];
    int live = 0;
    para_batch_reset(batch, workers);
    for (int t = 0; t < DECISIONS; t++) {
        for (int b = 0; b < ENVS; b++) {
            const float *obs = batch->obs + (size_t)b * (size_t)spec.size;
            for (int i = 0; i < spec.size; i++)
                assert_true(isfinite(obs[i]) && obs[i] >= -10 && obs[i] <= 10);
            check_bounds(spec, obs);
            const float *mask = obs + place_of(spec, "mask");
            for (int r = 0; r < spec.row_max; r++) {
                assert_true(mask[r] == 0 || mask[r] == 1);
                assert_true(r == 0 || mask[r] <= mask[r - 1]); // live rows come first
                live += mask[r] == 1;
                const float *row = obs + spec.global_size + r * spec.row_size;
                for (int i = 0; mask[r] == 0 && i < spec.row_size; i++)
                    assert_true(row[i] == 0);
            }
        }
        random_actions(batch, actions);
        para_batch_step(batch, workers, actions);
    }
    assert_true(live > ENVS * DECISIONS); // more than one live row each
    para_batch_destroy(batch);
    para_workers_destroy(workers);
}

static void test_endings_apart_and_last_observation_kept(void **state)
{
    Fixture *f = *state;
    ParaWorkers *workers = para_workers_create(2);
    ParaBatch *batch = make_batch(f, ENVS, 13);
    size_t o = (size_t)batch->def.obs.size;
    int8_t actions[ENVS * PARA_CHANNELS];
    int terminated = 0, truncated = 0;
    para_batch_reset(batch, workers);
    for (int t = 0; t < 450; t++) {
        random_actions(batch, actions);
        para_batch_step(batch, workers, actions);
        for (int b = 0; b < ENVS; b++) {
            assert_false(batch->terminated[b] && batch->truncated[b]);
            terminated += batch->terminated[b];
            truncated += batch->truncated[b];
            if (!batch->terminated[b] && !batch->truncated[b])
                continue;
            const ParaReport *report = &batch->ended[b].report;
            assert_int_equal(report->end == PARA_END_SOLVED || report->end == PARA_END_FAILED,
                             batch->terminated[b]);
            assert_true(report->decisions > 0);
            // The next episode begins in the same step: its clock is back at the start, the kept one's is
            // not.
            size_t clock = (size_t)place_of(batch->def.obs, "self.time_left");
            assert_true(batch->obs[(size_t)b * o + clock] == 1.0f);
            assert_true(batch->final_obs[(size_t)b * o + clock] < 1.0f);
            assert_int_equal(batch->envs[b].decisions, 0);
        }
    }
    assert_true(terminated > 0);
    assert_true(truncated > 0);
    para_batch_destroy(batch);
    para_workers_destroy(workers);
}

static void test_held_out_seeds_never_meet_training_seeds(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(1, "test");
    for (int i = 0; i < 1000; i++) {
        assert_true(para_held_out_seed(para_rng_u64(&rng), i) >> 63 == 1);
        assert_true(para_training_seed(para_rng_u64(&rng)) >> 63 == 0);
    }
}

static void test_retry_of_a_seed_stays_on_its_side(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < 64; i++) {
        ParaPick pick = {.family = i % f->families.count, .seed = para_held_out_seed(2, i)};
        ParaArenaMark mark = para_arena_mark(f->arena);
        assert_non_null(para_families_sample(&f->families, &pick, "test", f->arena));
        assert_true(pick.seed >> 63 == 1);
        para_arena_rewind(f->arena, mark);
    }
}

// More things than rows: thirty boxes 4 to 5 m away, and a wall 1 m above whose middle is 18 m away.
static const char crowd[] =
    "{\"paracosm\": 1, \"name\": \"crowd\", \"world\": {\"size\": [40, 10]}, \"bodies\": ["
    "{\"name\": \"ball\", \"at\": [2, 2], \"shape\": {\"circle\": 0.5}},"
    "{\"name\": \"box\", \"repeat\": 30, \"static\": true, \"at\": [\"6 + i / 30\", 2],"
    " \"shape\": {\"box\": [0.2, 0.2]}},"
    "{\"name\": \"wall\", \"static\": true, \"at\": [20, 3.1], \"shape\": {\"box\": [38, 0.2]}}],"
    "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"channel\": 0, \"torque\": 1}]},"
    "\"goal\": {\"time\": 9}}";

static void test_rows_keep_a_long_wall_that_is_near(void **state)
{
    Fixture *f = *state;
    ParaDiagList problems = para_diag_list(f->arena, "crowd", crowd);
    const ParaTemplate *t = para_template_load("crowd", crowd, strlen(crowd), f->arena, &problems);
    ParaLevel *level = t ? para_template_sample(t, NULL, 1, f->arena, &problems) : NULL;
    if (!level)
        fail_msg("%s", problems.items[0].message);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), false);
    assert_true(para_env_begin(&env, level, "test"));
    ParaObsSpec spec = para_obs_spec_entities();
    float *obs = PARA_NEW(f->arena, float, spec.size);
    para_observe(&spec, level, &env.play, 0, env.world, obs);
    int half = place_of(spec, "rows.half"), mask = place_of(spec, "mask");
    int walls = 0, rows = 0;
    for (int r = 0; r < spec.row_max; r++) {
        walls += obs[half + r * spec.row_size] == 10.0f; // limited to 10 m
        rows += obs[mask + r] == 1.0f;
    }
    assert_int_equal(rows, spec.row_max);
    assert_int_equal(walls, 1);
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

static void test_vector_layout_is_fixed_for_a_family(void **state)
{
    Fixture *f = *state;
    for (int family = 0; family < f->families.count; family++) {
        ParaPick pick = {.family = family, .seed = 1};
        ParaLevel *level = para_families_sample(&f->families, &pick, "test", f->arena);
        ParaObsSpec spec = para_obs_spec_vector(level);
        assert_int_equal(spec.size, spec.global_size);
        assert_int_equal(spec.row_max, 0);
        ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
        ParaEnv env;
        para_env_init(&env, para_world_at(group, 0), false);
        float *obs = PARA_NEW(f->arena, float, spec.size + 1);
        obs[spec.size] = 123; // a guard: nothing is written past the layout, whatever the level holds
        for (uint64_t seed = 1; seed < 20; seed++) {
            pick = (ParaPick){.family = family, .seed = seed};
            level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&env));
            assert_true(para_env_begin(&env, level, "test"));
            para_observe(&spec, level, &env.play, 0, env.world, obs);
            check_bounds(spec, obs);
            assert_true(obs[spec.size] == 123);
        }
        para_env_destroy(&env);
        para_world_group_destroy(group);
    }
}

/// What events remember goes along, in the middle of a door, rising water and a storm.
static void test_a_snapshot_goes_on_with_its_events(void **state)
{
    Fixture *f = *state;
    const char *name = PARA_SOURCE_DIR "/docs/cookbook/gatehouse.json", *error = NULL;
    if (!para_families_load(&f->families, &name, 1, f->arena, &error))
        fail_msg("%s", error);
    ParaBatch *batch = make_batch(f, 2, 7);
    int8_t actions[2 * PARA_CHANNELS] = {1};
    size_t o = (size_t)batch->def.obs.size;
    actions[PARA_CHANNELS] = 1;
    para_batch_reset(batch, NULL);
    for (int t = 0; t < 90; t++) // 6 s
        para_batch_step(batch, NULL, actions);
    ParaSnapshot *snapshot = para_snapshot_take(batch, 0);
    assert_true(snapshot && para_snapshot_restore(batch, 1, snapshot));
    const ParaEnv *one = &batch->envs[0], *two = &batch->envs[1];
    for (int t = 0; t < 75; t++) { // past the bridge
        para_batch_step(batch, NULL, actions);
        assert_true(para_world_hash(one->world) == para_world_hash(two->world));
        assert_string_equal(para_play_message(&one->play, one->level),
                            para_play_message(&two->play, two->level));
        assert_memory_equal(batch->obs, batch->obs + o, sizeof(float) * o);
    }
    assert_string_equal(para_play_message(&two->play, two->level), "Just in time.");
    assert_true(para_play_variable(&two->play, 0) == 1);
    para_snapshot_free(snapshot);
    para_batch_destroy(batch);
}

// A level that asks for nothing but to last, and pays nothing for it, is solved by its time limit: what would
// have come counts to the player, so it is cut, not terminated. One that pays for it has an end.
static void test_lasting_for_nothing_is_a_time_limit(void **state)
{
    static const char text[] = "{\"paracosm\": 1, \"name\": \"lasting\", \"world\": {\"size\": [4, 4], "
                               "\"seconds\": 2, \"rate\": 50, "
                               "\"frame_skip\": 1}, \"bodies\": [{\"name\": \"box\", \"at\": [2, 2], "
                               "\"shape\": {\"box\": [1, 1]}}], "
                               "\"player\": {\"body\": \"box\", \"actuators\": [{\"thruster\": \"box\", "
                               "\"direction\": [1, 0], \"force\": 1, "
                               "\"channel\": 0}]}, \"goal\": {\"time\": 0.1}, \"solved\": %d}";
    Fixture *f = *state;
    for (int pay = 0; pay < 2; pay++) {
        char whole[sizeof text + 16];
        snprintf(whole, sizeof whole, text, pay);
        ParaTemplateText one = {.source = "lasting", .file = "lasting", .text = whole, .size = strlen(whole)};
        ParaFamilies families;
        const char *error = NULL;
        if (!para_families_load_texts(&families, &one, 1, f->arena, &error))
            fail_msg("%s", error);
        ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                            .envs = 1,
                            .obs = para_obs_spec_entities(),
                            .families = &families,
                            .next = next_level,
                            .next_context = &families,
                            .maker = "test",
                            .seed = 1};
        ParaBatch *batch = para_batch_create(&def, f->arena);
        int8_t actions[PARA_CHANNELS] = {0};
        para_batch_reset(batch, NULL);
        int t = 0;
        for (; t < 50 && !batch->terminated[0] && !batch->truncated[0]; t++)
            para_batch_step(batch, NULL, actions);
        assert_int_equal(t, 5);
        assert_int_equal(batch->ended[0].report.end, PARA_END_SOLVED);
        assert_int_equal(batch->terminated[0], pay);
        assert_int_equal(batch->truncated[0], !pay);
        para_batch_destroy(batch);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_env[] = {
    TEST(test_batch_same_for_any_threads),          TEST(test_env_same_alone_and_in_a_batch),
    TEST(test_observation_bounded_and_masked),      TEST(test_endings_apart_and_last_observation_kept),
    TEST(test_lasting_for_nothing_is_a_time_limit), TEST(test_held_out_seeds_never_meet_training_seeds),
    TEST(test_rows_keep_a_long_wall_that_is_near),  TEST(test_retry_of_a_seed_stays_on_its_side),
    TEST(test_vector_layout_is_fixed_for_a_family), TEST(test_a_snapshot_goes_on_with_its_events),
};
const size_t para_tests_env_count = sizeof para_tests_env / sizeof *para_tests_env;
