// SPDX-License-Identifier: MIT
// What a level has to teach a model, by hand; that noise is not sought for ever.
#include "agents/maker/novelty.h"
#include "engine/base/rng.h"
#include "tests/tests.h"

#include <math.h>

static void test_by_hand(void **state)
{
    (void)state;
    ParaNoveltyFamily family = para_novelty_family();
    ParaNovelty level = {0};
    assert_true(para_novelty_score(&level, &family) == 0.0f); // of the family nothing is known either
    para_novelty_visit(&level, &family, 0.8f);
    assert_float_equal(para_novelty_score(&level, &family), 0.4f, 1e-6f); // half, by hope
    const ParaNovelty never = {0};
    assert_float_equal(para_novelty_score(&never, &family), 0.4f, 1e-6f);
    para_novelty_visit(&level, &family, 0.2f); // it fell by 3/4; the family's mean goes 1/32 of the way
    assert_float_equal(level.fall, 0.75f, 1e-6f);
    assert_float_equal(family.fall, 0.5078125f, 1e-6f);
    assert_float_equal(family.error, 0.5f, 1e-6f);
    assert_float_equal(para_novelty_score(&level, &family), 0.2f * (0.75f + 2 * 0.5078125f) / 3, 1e-6f);
    para_novelty_visit(&level, &family, 0.4f); // and rose: -1/2
    assert_float_equal(level.fall, 0.125f, 1e-6f);
    assert_float_equal(family.error, 1.4f / 3, 1e-6f);
}

/// Levels whose error is drawn anew each time, beside one that is learned: from where nothing tells them
/// apart, the noisy ones come to be worth less, though their error is the higher.
static void test_noise_is_not_sought_for_ever(void **state)
{
    (void)state;
    ParaNoveltyFamily of_noise = para_novelty_family(), of_learning = para_novelty_family();
    ParaNovelty noise[20] = {{0}}, learned[20] = {{0}};
    ParaRng rng = para_rng_make(3, "noise");
    double early = 0, noisy = 0, learning = 0;
    for (int visit = 0; visit < 12; visit++)
        for (int k = 0; k < 20; k++) {
            para_novelty_visit(&noise[k], &of_noise, (float)(0.5 + para_rng_f64(&rng)));
            para_novelty_visit(&learned[k], &of_learning, 0.8f * powf(0.8f, (float)visit));
            if (visit == 0)
                early += (double)(para_novelty_score(&noise[k], &of_noise) -
                                  para_novelty_score(&learned[k], &of_learning));
        }
    for (int k = 0; k < 20; k++) {
        noisy += (double)para_novelty_score(&noise[k], &of_noise) / 20;
        learning += (double)para_novelty_score(&learned[k], &of_learning) / 20;
    }
    assert_true(early > 0); // at first the noise looks the better
    assert_true(fabs((double)of_noise.fall) < 0.2);
    assert_true(of_learning.fall > 0.19f);
    // 0.8 * 0.8^11 = 0.069 of error that falls by 1/5, against an error of one that falls by next to nothing
    assert_float_equal((float)learning, 0.0137f, 3e-3f);
    assert_true(noisy < 0.2);
    double ratio_noise = noisy / 1.0, ratio_learned = learning / 0.0687;
    assert_true(ratio_noise < 0.75 * ratio_learned);
}

static void test_checkpoint(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 16 << 20);
    ParaNovelty level = {.error = 0.25f, .fall = -0.5f, .visits = 7}, again;
    ParaNoveltyFamily family = {.error = 0.5f, .fall = 0.125f, .visits = 9}, family_again;
    ParaBytes bytes = {.arena = arena};
    para_novelty_save(&bytes, &level);
    para_novelty_family_save(&bytes, &family);
    ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
    assert_true(para_novelty_load(&in, &again) && para_novelty_family_load(&in, &family_again));
    assert_true(again.error == 0.25f && again.fall == -0.5f && again.visits == 7);
    assert_true(family_again.error == 0.5f && family_again.fall == 0.125f && family_again.visits == 9);
    const ParaNovelty bad[] = {{.error = -1}, {.error = NAN}, {.fall = 1.5f}, {.fall = NAN}};
    for (int i = 0; i < 4; i++) {
        ParaBytes wrong = {.arena = arena};
        para_novelty_save(&wrong, &bad[i]);
        ParaBytesReader of = {.data = wrong.data, .size = wrong.size};
        assert_false(para_novelty_load(&of, &again));
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_novelty[] = {
    cmocka_unit_test(test_by_hand),
    cmocka_unit_test(test_noise_is_not_sought_for_ever),
    cmocka_unit_test(test_checkpoint),
};
const size_t para_tests_novelty_count = sizeof para_tests_novelty / sizeof *para_tests_novelty;
