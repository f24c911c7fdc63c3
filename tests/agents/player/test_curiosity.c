// SPDX-License-Identifier: MIT
// Curiosity's pay by hand: its scale, places, and what a checkpoint keeps of it.
#include "agents/player/curiosity.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

// Novelty 1, 3: mean 2, mean square 5, standard deviation 1: decisions earn -1 and +1 weights.
static void test_disagreement_is_paid_from_its_mean_on(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    ParaCuriosity *c = para_curiosity_create(PARA_CURIOSITY_DISAGREEMENT, arena);
    const float first[] = {1, 3, PARA_CURIOSITY_UNKNOWN, 9};
    const uint8_t live[] = {1, 1, 1, 0};
    float reward[] = {0.5f, 0, 0.25f, 0};
    para_curiosity_pay(c, first, live, 4, 0.01f, reward);
    assert_float_equal(reward[0], 0.49f, 1e-6f);
    assert_float_equal(reward[1], 0.01f, 1e-6f);
    assert_float_equal(reward[2], 0.25f, 1e-9f); // nothing is known of it
    assert_float_equal(reward[3], 0.0f, 1e-9f);  // there was no decision
    // The second rollout has half of a say: 2, 6 have mean 4 and mean square 20, so that there are mean 3,
    // mean square 12.5, standard deviation 1.8708; the most is five weights.
    const float second[] = {2, 6, PARA_CURIOSITY_UNKNOWN, PARA_CURIOSITY_UNKNOWN};
    float more[] = {0, 0, 0, 0};
    para_curiosity_pay(c, second, NULL, 4, 0.1f, more);
    assert_float_equal(more[0], -0.1f / 1.8708287f, 1e-6f);
    assert_float_equal(more[1], 0.3f / 1.8708287f, 1e-6f);
    para_arena_destroy(arena);
}

static void test_pay_is_bounded_and_needs_a_spread(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    ParaCuriosity *c = para_curiosity_create(PARA_CURIOSITY_DISAGREEMENT, arena);
    float novelty[1000], reward[1000] = {0};
    for (int i = 0; i < 1000; i++)
        novelty[i] = 0.5f;
    para_curiosity_pay(c, novelty, NULL, 1000, 1.0f, reward);
    for (int i = 0; i < 1000; i++)
        assert_true(reward[i] == 0.0f); // nothing is newer than anything else
    novelty[7] = 1e6f;
    para_curiosity_pay(c, novelty, NULL, 1000, 1.0f, reward);
    assert_float_equal(reward[7], 5.0f, 1e-6f);
    memset(reward, 0, sizeof reward);
    para_curiosity_pay(c, novelty, NULL, 1000, 0.0f, reward);
    assert_true(reward[7] == 0.0f); // it has faded
    para_arena_destroy(arena);
}

// Places 1, 0, 0, 0: root mean square 0.5, so that the new one earns two weights and the others nothing.
static void test_places(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    ParaCuriosity *c = para_curiosity_create(PARA_CURIOSITY_PLACES, arena);
    float novelty[] = {para_curiosity_place(c, 5, 17), 0, 0, 0}, reward[4] = {0};
    assert_float_equal(novelty[0], 1.0f, 1e-9f);
    para_curiosity_pay(c, novelty, NULL, 4, 0.01f, reward);
    assert_float_equal(reward[0], 0.02f, 1e-7f);
    assert_true(reward[1] == 0.0f && reward[3] == 0.0f);
    para_curiosity_visit(c, 5, 17);
    assert_float_equal(para_curiosity_place(c, 5, 17), 0.70710678f, 1e-6f);
    assert_float_equal(para_curiosity_place(c, 5, 18), 1.0f, 1e-9f);
    assert_float_equal(para_curiosity_place(c, 6, 17), 1.0f, 1e-9f);
    for (int i = 0; i < 2; i++)
        para_curiosity_visit(c, 5, 17);
    assert_float_equal(para_curiosity_place(c, 5, 17), 0.5f, 1e-6f);
    for (int i = 0; i < 1000; i++)
        para_curiosity_visit(c, 5, 17);
    assert_float_equal(para_curiosity_place(c, 5, 17), 1.0f / 16.0f, 1e-6f); // it counts no further than 255
    para_arena_destroy(arena);
}

static void test_checkpoint(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    ParaCuriosity *c = para_curiosity_create(PARA_CURIOSITY_PLACES, arena);
    const float novelty[] = {1, 0, 0.5f, 0};
    float one[4] = {0}, other[4] = {0};
    para_curiosity_pay(c, novelty, NULL, 4, 0.01f, one);
    for (uint64_t level = 0; level < 3000; level++)
        para_curiosity_visit(c, level * 977, (int)(level % 256));
    ParaBytes bytes = {.arena = arena};
    para_curiosity_save(c, &bytes);
    ParaCuriosity *again = para_curiosity_create(PARA_CURIOSITY_PLACES, arena);
    ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
    assert_true(para_curiosity_load(again, &in) && para_bytes_read_whole(&in));
    memset(one, 0, sizeof one);
    para_curiosity_pay(c, novelty, NULL, 4, 0.01f, one);
    para_curiosity_pay(again, novelty, NULL, 4, 0.01f, other);
    assert_memory_equal(one, other, sizeof one);
    for (uint64_t level = 0; level < 3000; level++)
        assert_true(para_curiosity_place(c, level * 977, (int)(level % 256)) ==
                    para_curiosity_place(again, level * 977, (int)(level % 256)));
    // Hostile: cut anywhere, of another kind, numbers that are none.
    for (size_t size = 0; size < bytes.size; size += 1 + bytes.size / 97) {
        ParaCuriosity *none = para_curiosity_create(PARA_CURIOSITY_PLACES, arena);
        ParaBytesReader cut = {.data = bytes.data, .size = size};
        assert_false(para_curiosity_load(none, &cut));
        assert_true(para_curiosity_place(none, 977, 1) == 1.0f);
    }
    ParaCuriosity *kind = para_curiosity_create(PARA_CURIOSITY_DISAGREEMENT, arena);
    ParaBytesReader wrong = {.data = bytes.data, .size = bytes.size};
    assert_false(para_curiosity_load(kind, &wrong));
    uint8_t *bad = para_arena_alloc(arena, bytes.size);
    memcpy(bad, bytes.data, bytes.size);
    memset(bad + 9, 0xff, 8); // a mean that is no number
    ParaBytesReader nan = {.data = bad, .size = bytes.size};
    assert_false(para_curiosity_load(para_curiosity_create(PARA_CURIOSITY_PLACES, arena), &nan));
    para_arena_destroy(arena);
}

static void test_names(void **state)
{
    (void)state;
    ParaCuriosityKind kind;
    for (int k = 0; k < PARA_CURIOSITIES; k++)
        assert_true(para_curiosity_find(para_curiosity_name((ParaCuriosityKind)k), &kind) && (int)kind == k);
    assert_false(para_curiosity_find("Places", &kind));
    assert_false(para_curiosity_find("", &kind));
}

const struct CMUnitTest para_tests_curiosity[] = {
    cmocka_unit_test(test_disagreement_is_paid_from_its_mean_on),
    cmocka_unit_test(test_pay_is_bounded_and_needs_a_spread),
    cmocka_unit_test(test_places),
    cmocka_unit_test(test_checkpoint),
    cmocka_unit_test(test_names),
};
const size_t para_tests_curiosity_count = sizeof para_tests_curiosity / sizeof *para_tests_curiosity;
