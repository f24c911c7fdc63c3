// SPDX-License-Identifier: MIT
// Living, keeping and teaching, on a tiny family of the tests': what is kept is bounded and fair, a model
// that was taught foresees better than one that was not, and is the same for any number of threads.
#include "agents/foresight/foresight.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <string.h>

static ParaFamilies one_family(ParaArena *arena)
{
    const char *names[] = {"crate"}, *error = NULL;
    ParaFamilies families;
    assert_true(para_families_load(&families, names, 1, arena, &error));
    return families;
}

static ParaEpisodeLived live(const ParaFamilies *families, ParaEnv *env, ParaRandomKeys *keys, uint64_t seed)
{
    ParaEpisodeLived lived = {.arena = para_arena_create(1 << 16, 64 << 20)};
    ParaPick pick = {.seed = seed};
    const ParaLevel *level = para_families_sample(families, &pick, "test", lived.arena);
    assert_non_null(level);
    assert_true(para_env_begin(env, level, "test"));
    para_store_live(env, para_acts_random, keys, 2, 6.0f, 0.5f, &keys->rng, &lived);
    return lived;
}

static void fill(ParaStore *store, const ParaFamilies *families, int episodes)
{
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    ParaRandomKeys keys = {.rng = para_rng_make(1, "keys")};
    para_env_init(&env, para_world_at(group, 0), false);
    for (int i = 0; i < episodes; i++) {
        ParaEpisodeLived lived = live(families, &env, &keys, (uint64_t)i);
        assert_true(lived.count > 0 && lived.count <= PARA_STORE_STEPS);
        para_store_add(store, &lived);
    }
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

static void test_store_is_bounded_and_fair(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    int kept_early = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        ParaStore store = para_store_create(8, seed, arena);
        for (int i = 0; i < 40; i++) { // empty episodes with a number to know them by
            ParaEpisodeLived lived = {.arena = para_arena_create(64, 4096), .family = i, .count = 1};
            lived.steps = PARA_NEW(lived.arena, ParaLived, 1);
            lived.steps[0] = (ParaLived){0};
            para_store_add(&store, &lived);
        }
        assert_int_equal(store.steps, 8);
        assert_int_equal(store.seen, 40);
        int newest = 0;
        for (int i = 0; i < 8; i++) {
            newest += store.episodes[i].family >= 36;
            kept_early += store.episodes[i].family < 18;
        }
        assert_int_equal(newest, 4); // the ring; what left it is sampled
        para_store_destroy(&store);
        assert_int_equal(store.steps, 0);
    }
    // 4 of the 36 that left, each as likely: 400 of 800 are of the first 18
    assert_in_range(kept_early, 340, 460);
    para_arena_destroy(arena);
}

/// One hit in eighty steps: it and what is about it is a fourth of what is drawn, and its fair share of the
/// rest.
static void test_hard_hits_are_drawn_more_often(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaLevel level = {.world = {.shape_count = 2, .shapes = (ParaShapeDef[2]){{.body = 0}, {.body = 1}}}};
    ParaModelBody bodies[2] = {{0}, {.inverse_mass = 0.5f}};
    ParaFelt soft = {.of_a = 0, .of_b = 1, .peak = 0.3f}, hard = {.of_a = 0, .of_b = 1, .peak = 5.0f};
    ParaEpisodeLived lived = {.arena = para_arena_create(1 << 16, 1 << 20), .level = &level, .count = 80};
    lived.facts.bodies = bodies;
    lived.steps = PARA_NEW(lived.arena, ParaLived, 80);
    for (int i = 0; i < 80; i++)
        lived.steps[i] =
            (ParaLived){.felt = i == 40 ? &hard : &soft, .felt_count = 1, .goes_on = i % 10 != 9};
    ParaStore store = para_store_create(2, 1, arena);
    para_store_add(&store, &lived);
    assert_int_equal(store.hard, 2); // 40 begins a run: none before it, one after
    ParaRng rng = para_rng_make(1, "draw");
    const ParaEpisodeLived *episode = NULL;
    int near = 0;
    for (int i = 0; i < 8000; i++) {
        ptrdiff_t at = para_store_draw(&store, &rng, &episode) - episode->steps;
        near += at == 40 || at == 41;
    }
    assert_in_range(near, 1950, 2350); // 1/4 + 3/4 * 2/80 of 8000 are 2150
    para_store_destroy(&store);
    assert_int_equal(store.hard, 0);
    para_arena_destroy(arena);
}

static double median_after_one_second(const ParaModel *model, const ParaFamilies *families, ParaArena *arena)
{
    ParaForesight rows[2];
    const ParaForesightDef def = {.families = families, .levels = 12, .seed = 5, .solver = PARA_SOLVER_AUTO};
    assert_true(para_foresee(model, &def, rows, NULL, NULL, arena));
    assert_true(rows[1].bodies[1] > 3);
    assert_int_equal(rows[0].bodies[1], rows[1].bodies[1]); // there is one family
    assert_true(rows[1].errors[1][PARA_FORESEER_NUDGED].median < 0.2f);
    assert_true(rows[1].errors[1][PARA_FORESEER_FLIGHT].median > 1.0f); // it falls through the floor
    return (double)rows[1].errors[1][PARA_FORESEER_MODEL].median;
}

static ParaModel *taught(const ParaStore *store, int threads, int64_t steps, ParaArena *arena)
{
    ParaModelDef def = para_model_def_default();
    def.members = 2;
    def.width = 32;
    ParaTeaching teaching = para_teaching_default();
    teaching.steps = steps;
    teaching.threads = threads;
    ParaModel *model = para_model_create(&def, 1, arena);
    assert_true(para_model_teach(model, store, &teaching, NULL, NULL, arena));
    return model;
}

static void test_taught_foresees_better(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)2 << 30);
    ParaFamilies families = one_family(arena);
    ParaStore store = para_store_create(200, 1, arena);
    fill(&store, &families, 60);
    ParaModelDef def = para_model_def_default();
    double before = median_after_one_second(para_model_create(&def, 1, arena), &families, arena);
    ParaModel *model = taught(&store, 2, 50000, arena);
    double after = median_after_one_second(model, &families, arena);
    assert_true(after < 0.5 && after < 0.3 * before);
    para_store_destroy(&store);
    para_arena_destroy(arena);
}

static void test_taught_is_the_same_for_any_threads(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)2 << 30);
    ParaFamilies families = one_family(arena);
    ParaStore store = para_store_create(200, 1, arena);
    fill(&store, &families, 6);
    ParaModel *one = taught(&store, 1, 3000, arena), *two = taught(&store, 2, 3000, arena);
    for (int i = 0; i < 2; i++) {
        int count = 0;
        const float *a = para_imagine_weights(one->members[i], &count),
                    *b = para_imagine_weights(two->members[i], &count);
        assert_memory_equal(a, b, (size_t)count * sizeof *a);
    }
    para_store_destroy(&store);
    para_arena_destroy(arena);
}

static void test_errors_are_numbers_of_any_model(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 30);
    ParaFamilies families = one_family(arena);
    ParaModelDef def = para_model_def_default();
    ParaModel *model = para_model_create(&def, 1, arena);
    for (int i = 0; i < def.members; i++) {
        int count = 0;
        float *weights = para_imagine_weights(model->members[i], &count);
        for (int k = 0; k < count; k++)
            weights[k] *= 1e15f;
    }
    ParaForesight rows[2];
    const ParaForesightDef of = {.families = &families, .levels = 8, .seed = 5, .solver = PARA_SOLVER_AUTO};
    assert_true(para_foresee(model, &of, rows, NULL, NULL, arena));
    assert_true(rows[0].bodies[1] > 3);
    assert_true(rows[0].errors[1][PARA_FORESEER_MODEL].mean > 1.0f);
    for (int t = 0; t < PARA_FORESIGHT_TIMES; t++)
        assert_true(rows[0].errors[t][PARA_FORESEER_MODEL].mean <= 1e6f); // not so for what is no number
    para_arena_destroy(arena);
}

static void test_nothing_is_taught_of_nothing(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 30);
    ParaStore store = para_store_create(2, 1, arena);
    ParaModelDef def = para_model_def_default();
    ParaTeaching teaching = para_teaching_default();
    ParaModel *model = para_model_create(&def, 1, arena);
    assert_false(para_model_teach(model, &store, &teaching, NULL, NULL, arena));
    para_store_destroy(&store);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_teach[] = {cmocka_unit_test(test_store_is_bounded_and_fair),
                                              cmocka_unit_test(test_hard_hits_are_drawn_more_often),
                                              cmocka_unit_test(test_taught_foresees_better),
                                              cmocka_unit_test(test_taught_is_the_same_for_any_threads),
                                              cmocka_unit_test(test_errors_are_numbers_of_any_model),
                                              cmocka_unit_test(test_nothing_is_taught_of_nothing)};
const size_t para_tests_teach_count = sizeof para_tests_teach / sizeof *para_tests_teach;
