// SPDX-License-Identifier: MIT
// A reflex out of what a training leaves: its units, and those of a run from before the card told them.
#include "agents/think/reflex.h"
#include "tests/agents/lesson/tiny_run.h"
#include "tests/tests.h"

#include <string.h>

static void test_reflex_has_the_discount_of_its_run(void **state)
{
    TinyRun *f = *state;
    for (int i = 0; i < 2; i++) {
        double discount = i == 0 ? 0.9 : 0.975;
        ParaTrainDef def = tiny_run_def(f, i == 0 ? "near" : "far", "sfl", 1, 3);
        def.settings.discount = discount;
        tiny_run_train(f, &def);
        ParaReflex reflex;
        const char *note = NULL, *error = NULL;
        if (!para_reflex_load(def.folder, f->arena, &reflex, &note, &error))
            fail_msg("%s", error);
        assert_float_equal(reflex.discount, (float)discount, 1e-6f);
        assert_true(reflex.scale > 0.0f);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_set_up, tiny_run_tear_down)
const struct CMUnitTest para_tests_reflex[] = {
    TEST(test_reflex_has_the_discount_of_its_run),
};
const size_t para_tests_reflex_count = sizeof para_tests_reflex / sizeof *para_tests_reflex;
