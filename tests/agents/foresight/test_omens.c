// SPDX-License-Identifier: MIT
// What a dream says will happen, counted.
#include "agents/foresight/foresight.h"
#include "tests/agents/model/taught.h"
#include "tests/tests.h"

static void test_omens_f1(void **state)
{
    (void)state;
    const ParaOmenCount none = {0}, all = {.truly = 4, .said = 4, .both = 4},
                        half = {.truly = 4, .said = 2, .both = 1};
    assert_float_equal(para_omen_f1(&none), -1.0f, 0.0f);
    assert_float_equal(para_omen_f1(&all), 1.0f, 0.0f);
    const ParaOmenCount twin = {.truly = 4, .twin_said = 4, .twin_both = 3};
    assert_float_equal(para_omen_f1(&twin), 0.0f, 0.0f);
    assert_float_equal(para_omen_twin_f1(&twin), 0.75f, 1e-6f);
    assert_float_equal(para_omen_f1(&half), 2.0f / 6.0f, 1e-6f); // right in half of two, one of four told
}

/// Crates are pushed and jumped upon: bodies meet, and a taught model says so of some of them.
static void test_omens_of_crates(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 30);
    const ParaForesightDef def = {.families = taught_families(), .levels = 12, .solver = PARA_SOLVER_AUTO};
    ParaForesight rows[2];
    assert_true(para_foresee(taught_model(), &def, rows, NULL, NULL, arena));
    const ParaOmenCount *meet = &rows[0].omens[PARA_OMEN_MEET];
    assert_true(meet->truly > 0 && meet->both > 0);
    assert_true(meet->both <= meet->truly && meet->both <= meet->said);
    assert_true(para_omen_twin_f1(meet) > 0.6f); // the engine, begun nearly where it was
    assert_memory_equal(rows[0].omens, rows[1].omens, sizeof rows[0].omens); // of one family all is its own
    assert_int_equal(rows[0].omens[PARA_OMEN_BREAK].truly, 0);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_omens[] = {cmocka_unit_test(test_omens_f1),
                                              cmocka_unit_test(test_omens_of_crates)};
const size_t para_tests_omens_count = sizeof para_tests_omens / sizeof *para_tests_omens;
