// SPDX-License-Identifier: MIT
// What convolutions make of a picture and of rays: the double reference's, gradients those of finite
// differences, and what such a player does not see.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"

#include <math.h>
#include <string.h>

enum { SAMPLES = 6, WIDTH = 16 }; // more than go through the layers together

typedef struct Fixture {
    ParaArena *arena;
    ParaPolicy *policy;
    float *obs, pull[SAMPLES][PARA_LOGITS + 1];
} Fixture;

static Fixture make(ParaPolicyDef def)
{
    Fixture f = {.arena = para_arena_create(1 << 20, (size_t)256 << 20)};
    ParaRng rng = para_rng_make(2, "sight");
    def.width = WIDTH;
    f.policy = para_policy_create(&def, 3, f.arena);
    reference_shake(f.policy, &rng, 0.02);
    f.obs = PARA_NEW(f.arena, float, SAMPLES *def.obs.size);
    for (int i = 0; i < SAMPLES * def.obs.size; i++)
        f.obs[i] = (float)para_rng_f64(&rng);
    uint8_t *bytes = (uint8_t *)f.obs;
    for (int i = 0; def.obs.kind == PARA_OBS_PIXELS && i < SAMPLES * PARA_OBS_PICTURE_BYTES; i++)
        bytes[i] = (uint8_t)para_rng_int(&rng, 0, 90); // so that no unit is far out
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j <= PARA_LOGITS; j++)
            f.pull[i][j] = (float)para_rng_normal(&rng);
    return f;
}

static double pulled(const Fixture *f, const double *parameters)
{
    double sum = 0.0, logits[PARA_LOGITS], value;
    for (int i = 0; i < SAMPLES; i++) {
        reference_forward(f->policy, parameters, f->obs + i * f->policy->def.obs.size, logits, &value);
        for (int j = 0; j < PARA_LOGITS; j++)
            sum += (double)f->pull[i][j] * logits[j];
        sum += (double)f->pull[i][PARA_LOGITS] * value;
    }
    return sum;
}

static void check_forward(ParaPolicyDef def)
{
    Fixture f = make(def);
    double *parameters = reference_parameters(f.policy, f.arena), want[PARA_LOGITS], want_value;
    float logits[SAMPLES * PARA_LOGITS], value[SAMPLES];
    ParaForward *scratch = para_forward_create(para_policy_def(f.policy), SAMPLES, f.arena);
    para_policy_forward(f.policy, scratch, f.obs, SAMPLES, NULL, logits, value);
    for (int i = 0; i < SAMPLES; i++) {
        reference_forward(f.policy, parameters, f.obs + i * f.policy->def.obs.size, want, &want_value);
        for (int j = 0; j < PARA_LOGITS; j++)
            assert_near((double)logits[i * PARA_LOGITS + j], want[j], 2e-3); // tanh is a fraction
        assert_near((double)value[i], want_value, 2e-3);
    }
    para_arena_destroy(f.arena);
}

/// Of each tensor from `first` to `last` some weights, whichever pull most.
static void check_gradient(ParaPolicyDef def, ParaTensorId first, ParaTensorId last)
{
    Fixture f = make(def);
    ParaForward *s = para_forward_create_training(para_policy_def(f.policy), f.arena);
    float *gradient = PARA_NEW(f.arena, float, f.policy->learned_floats);
    double *parameters = reference_parameters(f.policy, f.arena);
    for (size_t i = 0; i < f.policy->learned_floats; i++)
        gradient[i] = 9.0f; // it is written, not added
    para_net_forward(f.policy, s, f.obs, NULL, SAMPLES, NULL, NULL, s->logits, s->value);
    for (int i = 0; i < SAMPLES; i++) {
        memcpy(s->dlogits + i * PARA_LOGITS, f.pull[i], sizeof(float) * PARA_LOGITS);
        s->dvalue[i] = f.pull[i][PARA_LOGITS];
    }
    para_net_backward(f.policy, s, SAMPLES, NULL, gradient);
    for (int t = (int)first; t <= (int)last; t++) {
        size_t begin = f.policy->offset[t], size = f.policy->offset[t + 1] - begin, stride = size / 6;
        double largest = 0.0;
        assert_true(size > 0);
        for (size_t i = begin; i < begin + size && parameters[i] != 0.0; i += stride > 0 ? stride : 1) {
            double kept = parameters[i], step = 1e-6;
            parameters[i] = kept + step;
            double above = pulled(&f, parameters);
            parameters[i] = kept - step;
            double below = pulled(&f, parameters);
            parameters[i] = kept;
            assert_near((double)gradient[i], (above - below) / (2 * step),
                        6e-3 * (1 + fabs((double)gradient[i])));
            largest = fmax(largest, fabs((double)gradient[i]));
        }
        assert_true(largest > 1e-3);
    }
    para_arena_destroy(f.arena);
}

static ParaPolicyDef of_pixels(void) { return para_policy_def_default(para_obs_spec_pixels()); }

static ParaPolicyDef of_rays(ParaObsSpec obs)
{
    ParaPolicyDef def = para_policy_def_default(obs);
    def.encoder_width = 8;
    def.rays = 1;
    return def;
}

static void test_sight_forward_is_the_reference(void **state)
{
    (void)state;
    check_forward(of_pixels());
}

static void test_sight_gradient_is_that_of_finite_differences(void **state)
{
    (void)state;
    check_gradient(of_pixels(), PARA_T_SIGHT_WEIGHT, PARA_T_SIGHT_END);
}

static void test_ring_forward_is_the_reference(void **state)
{
    (void)state;
    check_forward(of_rays(para_obs_spec_globals()));
    check_forward(of_rays(para_obs_spec_entities()));
}

static void test_ring_gradient_is_that_of_finite_differences(void **state)
{
    (void)state;
    check_gradient(of_rays(para_obs_spec_globals()), PARA_T_RING1_WEIGHT, PARA_T_RING2_BIAS);
    check_gradient(of_rays(para_obs_spec_entities()), PARA_T_ENCODER1_WEIGHT, PARA_T_ENCODER1_BIAS);
}

/// One by one, or many, in whatever part of a block: the same bits.
static void test_sight_is_the_same_in_any_company(void **state)
{
    (void)state;
    Fixture f = make(of_pixels());
    ParaForward *all = para_forward_create(para_policy_def(f.policy), SAMPLES, f.arena);
    ParaForward *training = para_forward_create_training(para_policy_def(f.policy), f.arena);
    float logits[3][SAMPLES * PARA_LOGITS], value[3][SAMPLES];
    int order[SAMPLES];
    for (int i = 0; i < SAMPLES; i++)
        order[i] = SAMPLES - 1 - i;
    para_policy_forward(f.policy, all, f.obs, SAMPLES, NULL, logits[0], value[0]);
    para_net_forward(f.policy, training, f.obs, NULL, SAMPLES, NULL, NULL, logits[1], value[1]);
    para_net_forward(f.policy, training, f.obs, order, SAMPLES, NULL, NULL, logits[2], value[2]);
    assert_memory_equal(logits[0], logits[1], sizeof logits[0]);
    for (int i = 0; i < SAMPLES; i++)
        assert_near((double)value[2][i], (double)value[0][SAMPLES - 1 - i], 1e-5);
    para_arena_destroy(f.arena);
}

static void test_rays_are_of_layouts_that_have_them(void **state)
{
    (void)state;
    ParaObsSpec with[] = {para_obs_spec_entities(), para_obs_spec_globals()};
    ParaObsSpec without[] = {
        para_obs_spec_listed(20), para_obs_spec_pixels(), {PARA_OBS_VECTOR, 9, 0, 0, 9, 0}};
    for (int i = 0; i < 2; i++)
        assert_true(para_policy_can_see_rays(&with[i]));
    for (int i = 0; i < 3; i++)
        assert_false(para_policy_can_see_rays(&without[i]));
}

/// A part that is not there leaves all else as it was, and one that is there is told of.
static void test_what_sight_costs_is_told(void **state)
{
    (void)state;
    ParaPolicyDef plain = of_rays(para_obs_spec_globals()), rays = plain, pixels = of_pixels();
    plain.rays = 0;
    double more = para_policy_flop(&rays, 0).forward - para_policy_flop(&plain, 0).forward;
    assert_near(more, 2.0 * 16 * (15 * 8 + 24 * 8) + 2.0 * 128 * plain.width, 1);
    double layers = 256 * 48 * 16 + 256 * 144 * 16 + 64 * 64 * 32 + 64 * 288 * 32 + 16 * 128 * 32;
    double rest = 512 * 128 + 128 * 256 + 128 * 24 + 128;
    assert_near(para_policy_flop(&pixels, 0).forward, 2 * (layers + rest), 1);
}

const struct CMUnitTest para_tests_sight[] = {
    cmocka_unit_test(test_sight_forward_is_the_reference),
    cmocka_unit_test(test_sight_gradient_is_that_of_finite_differences),
    cmocka_unit_test(test_sight_is_the_same_in_any_company),
    cmocka_unit_test(test_ring_forward_is_the_reference),
    cmocka_unit_test(test_ring_gradient_is_that_of_finite_differences),
    cmocka_unit_test(test_rays_are_of_layouts_that_have_them),
    cmocka_unit_test(test_what_sight_costs_is_told),
};
const size_t para_tests_sight_count = sizeof para_tests_sight / sizeof *para_tests_sight;
