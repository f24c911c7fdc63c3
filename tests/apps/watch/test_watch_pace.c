// SPDX-License-Identifier: MIT
// How often watch draws: as often as a training can spare, at once where a person looks on.
#include "apps/watch/watch_pace.h"
#include "tests/tests.h"

#include <math.h>

static const double now = 1000.0;

static void test_pace_leaves_the_training_its_cores(void **state)
{
    (void)state;
    ParaPace pace = {.touched = -PARA_PACE_TOUCH, .news = now - 1.0};
    for (int cores = 1; cores <= 64; cores *= 2)
        for (double cost = 0.0005; cost < 0.05; cost *= 2) {
            pace.cost = cost;
            double between = para_pace_between(&pace, cores, now);
            assert_true(between >= PARA_PACE_FRAME && between <= PARA_PACE_SLOW);
            bool bound = between > PARA_PACE_FRAME && between < PARA_PACE_SLOW;
            if (bound)
                assert_true(fabs(cost / between - PARA_PACE_SHARE * (double)cores) < 1e-9);
            else if (between >= PARA_PACE_SLOW)
                assert_true(cost / PARA_PACE_SLOW >= PARA_PACE_SHARE * (double)cores);
            else
                assert_true(cost / PARA_PACE_FRAME <= PARA_PACE_SHARE * (double)cores);
        }
}

static void test_pace_is_smooth_where_it_may_be(void **state)
{
    (void)state;
    const ParaPace saving = {.cost = 0.02, .touched = now - PARA_PACE_TOUCH, .news = now};
    assert_true(para_pace_saves(&saving, now) && para_pace_between(&saving, 2, now) > 10 * PARA_PACE_FRAME);
    ParaPace touched = saving, over = saving, wished = saving;
    touched.touched = now - 0.5 * PARA_PACE_TOUCH;
    over.news = now - PARA_PACE_LIVING;
    wished.smooth = true;
    assert_true(para_pace_between(&touched, 2, now) == PARA_PACE_FRAME);
    assert_true(para_pace_between(&over, 2, now) == PARA_PACE_FRAME);
    assert_true(para_pace_between(&wished, 2, now) == PARA_PACE_FRAME);
}

static void test_pace_follows_what_pictures_cost(void **state)
{
    (void)state;
    ParaPace pace = {0};
    para_pace_count(&pace, 0.004);
    assert_true(pace.cost == 0.004);
    para_pace_count(&pace, 0.104); // one that read the run
    assert_true(pace.cost > 0.004 && pace.cost < 0.02);
    for (int i = 0; i < 100; i++)
        para_pace_count(&pace, 0.002);
    assert_true(fabs(pace.cost - 0.002) < 1e-4);
}

const struct CMUnitTest para_tests_pace[] = {cmocka_unit_test(test_pace_leaves_the_training_its_cores),
                                             cmocka_unit_test(test_pace_is_smooth_where_it_may_be),
                                             cmocka_unit_test(test_pace_follows_what_pictures_cost)};
const size_t para_tests_pace_count = sizeof para_tests_pace / sizeof *para_tests_pace;
