// SPDX-License-Identifier: MIT
// The relational encoder: it begins as a pooled one, is the double reference's, its gradients are those of
// finite differences, the order of rows means nothing to it, and it learns whose a joint is.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"

#include <math.h>
#include <string.h>

enum { SAMPLES = 7, WIDTH = 16, E = 8 };

static ParaPolicyDef relational(void)
{
    return (ParaPolicyDef){.obs = para_obs_spec_entities(),
                           .width = WIDTH,
                           .encoder_width = E,
                           .encoder = PARA_ENCODER_RELATIONAL};
}

static float *row_of(const ParaObsSpec *spec, float *obs, int sample, int row)
{
    return obs + (size_t)(sample * spec->size + spec->global_size + row * spec->row_size);
}

static float *mask_of(const ParaObsSpec *spec, float *obs, int sample)
{
    return row_of(spec, obs, sample, spec->row_max);
}

/// Of every sample other rows are live, of the first none; places are within some metres, so that rows meet.
static float *make_obs(const ParaObsSpec *spec, int n, ParaRng *rng, ParaArena *arena)
{
    float *obs = PARA_NEW(arena, float, n * spec->size);
    ParaObsSpan offset;
    assert_true(para_obs_span_find(spec, "rows.offset", &offset));
    for (int i = 0; i < n * spec->size; i++)
        obs[i] = (float)para_rng_normal(rng);
    for (int i = 0; i < n; i++)
        for (int r = 0; r < spec->row_max; r++) {
            float *row = row_of(spec, obs, i, r);
            row[offset.offset - spec->global_size] *= 0.2f;
            row[offset.offset - spec->global_size + 1] *= 0.2f;
            mask_of(spec, obs, i)[r] = r % 7 < i ? 1.0f : 0.0f;
        }
    return obs;
}

static void test_relation_begins_as_a_pooled_encoder(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)64 << 20);
    ParaRng rng = para_rng_make(1, "relation");
    ParaPolicyDef def = relational(), plain = def;
    plain.encoder = PARA_ENCODER_POOLED;
    const ParaPolicyDef *defs[2] = {&def, &plain};
    float *obs = make_obs(&def.obs, SAMPLES, &rng, arena), logits[2][SAMPLES * PARA_LOGITS],
          value[2][SAMPLES];
    for (int k = 0; k < 2; k++) {
        ParaPolicy *policy = para_policy_create(defs[k], 5, arena);
        ParaForward *scratch = para_forward_create(defs[k], SAMPLES, arena);
        para_policy_forward(policy, scratch, obs, SAMPLES, NULL, logits[k], value[k]);
    }
    assert_memory_equal(logits[0], logits[1], sizeof logits[0]);
    assert_memory_equal(value[0], value[1], sizeof value[0]);
    para_arena_destroy(arena);
}

typedef struct Fixture {
    ParaArena *arena;
    ParaPolicy *policy;
    float *obs, pull[SAMPLES][PARA_LOGITS + 1];
} Fixture;

static Fixture make(void)
{
    Fixture f = {.arena = para_arena_create(1 << 20, (size_t)64 << 20)};
    ParaPolicyDef def = relational();
    ParaRng rng = para_rng_make(2, "relation");
    f.policy = para_policy_create(&def, 3, f.arena);
    reference_shake(f.policy, &rng, 0.3);
    f.obs = make_obs(&def.obs, SAMPLES, &rng, f.arena);
    for (int i = 0; i < SAMPLES; i++)
        for (int j = 0; j <= PARA_LOGITS; j++)
            f.pull[i][j] = (float)para_rng_normal(&rng);
    return f;
}

/// Sum of the heads' outputs times what pulls at them.
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

static void test_relation_forward_is_the_reference(void **state)
{
    (void)state;
    Fixture f = make();
    ParaForward *scratch = para_forward_create(para_policy_def(f.policy), SAMPLES, f.arena);
    double *parameters = reference_parameters(f.policy, f.arena), want[PARA_LOGITS], want_value;
    float logits[SAMPLES * PARA_LOGITS], value[SAMPLES];
    para_policy_forward(f.policy, scratch, f.obs, SAMPLES, NULL, logits, value);
    for (int i = 0; i < SAMPLES; i++) {
        reference_forward(f.policy, parameters, f.obs + i * f.policy->def.obs.size, want, &want_value);
        for (int j = 0; j < PARA_LOGITS; j++)
            assert_near((double)logits[i * PARA_LOGITS + j], want[j], 2e-3); // tanh is a fraction
        assert_near((double)value[i], want_value, 2e-3);
    }
    para_arena_destroy(f.arena);
}

/// Every weight up to the trunk, and some of the rest.
static void test_relation_gradient_is_that_of_finite_differences(void **state)
{
    (void)state;
    Fixture f = make();
    ParaForward *s = para_forward_create_training(para_policy_def(f.policy), f.arena);
    float *gradient = PARA_NEW(f.arena, float, f.policy->learned_floats);
    double *parameters = reference_parameters(f.policy, f.arena), largest[PARA_T_LEARNED] = {0};
    para_net_forward(f.policy, s, f.obs, NULL, SAMPLES, NULL, NULL, s->logits, s->value);
    for (int i = 0; i < SAMPLES; i++) {
        memcpy(s->dlogits + i * PARA_LOGITS, f.pull[i], sizeof(float) * PARA_LOGITS);
        s->dvalue[i] = f.pull[i][PARA_LOGITS];
    }
    para_net_backward(f.policy, s, SAMPLES, NULL, gradient);
    size_t trunk = f.policy->offset[PARA_T_TRUNK1_WEIGHT];
    for (size_t i = 0, tensor = 0; i < f.policy->learned_floats; i += i < trunk ? 1 : 97) {
        double kept = parameters[i], step = 1e-6;
        while (tensor + 1 < PARA_T_LEARNED && i >= f.policy->offset[tensor + 1])
            tensor++;
        parameters[i] = kept + step;
        double above = pulled(&f, parameters);
        parameters[i] = kept - step;
        double below = pulled(&f, parameters);
        parameters[i] = kept;
        assert_near((double)gradient[i], (above - below) / (2 * step),
                    6e-3 * (1 + fabs((double)gradient[i])));
        largest[tensor] = fmax(largest[tensor], fabs((double)gradient[i]));
    }
    for (int t = PARA_T_RELATION_QKV_WEIGHT; t <= PARA_T_RELATION_OUT_BIAS; t++)
        assert_true(largest[t] > 0.1);
    para_arena_destroy(f.arena);
}

static void test_relation_sees_no_order(void **state)
{
    (void)state;
    Fixture f = make();
    const ParaObsSpec *spec = &f.policy->def.obs;
    ParaForward *scratch = para_forward_create(para_policy_def(f.policy), SAMPLES, f.arena);
    float logits[2][SAMPLES * PARA_LOGITS], value[2][SAMPLES];
    para_policy_forward(f.policy, scratch, f.obs, SAMPLES, NULL, logits[0], value[0]);
    float *turned = PARA_NEW(f.arena, float, SAMPLES * spec->size);
    memcpy(turned, f.obs, sizeof *turned * (size_t)(SAMPLES * spec->size));
    for (int i = 0; i < SAMPLES; i++)
        for (int r = 0; r < spec->row_max; r++) {
            int from = spec->row_max - 1 - r;
            memcpy(row_of(spec, turned, i, r), row_of(spec, f.obs, i, from),
                   sizeof *turned * (size_t)spec->row_size);
            mask_of(spec, turned, i)[r] = mask_of(spec, f.obs, i)[from];
        }
    para_policy_forward(f.policy, scratch, turned, SAMPLES, NULL, logits[1], value[1]);
    for (int k = 0; k < SAMPLES * PARA_LOGITS; k++)
        assert_near((double)logits[0][k], (double)logits[1][k], 1e-4);
    para_arena_destroy(f.arena);
}

// ---------------------------------------------------------------------------------------------
// Some shapes, one of them the target, and some joints, each in a shape: is one in the target? Told by the
// sign of the value, learned from some samples and asked of others.

enum { TAUGHT = 256, ASKED = 256, STEPS = 400, SHAPES = 6, JOINTS = 3 };

static float *at(const ParaObsSpec *spec, float *row, const char *name)
{
    ParaObsSpan span;
    assert_true(para_obs_span_find(spec, name, &span));
    return row + span.offset - spec->global_size;
}

static void put(const ParaObsSpec *spec, float *row, int kind, bool target, double x, double y, double half)
{
    at(spec, row, "rows.kind")[kind] = 1.0f;
    at(spec, row, "rows.role")[1] = target ? 1.0f : 0.0f;
    at(spec, row, "rows.offset")[0] = (float)(x / 10);
    at(spec, row, "rows.offset")[1] = (float)(y / 10);
    at(spec, row, "rows.heading")[0] = 1.0f;
    at(spec, row, "rows.half")[0] = at(spec, row, "rows.half")[1] = (float)half;
}

static bool is_free(double (*place)[2], int count)
{
    for (int k = 0; k < count; k++)
        if (fabs(place[k][0] - place[count][0]) + fabs(place[k][1] - place[count][1]) < 2.5)
            return false;
    return true;
}

static void lay_out(const ParaObsSpec *spec, float *obs, int sample, float *want, ParaRng *rng)
{
    double place[SHAPES][2];
    bool joined = para_rng_int(rng, 0, 1) == 1;
    for (int k = 0; k < SHAPES; k++) {
        do {
            place[k][0] = para_rng_range(rng, -6, 6);
            place[k][1] = para_rng_range(rng, -6, 6);
        } while (!is_free(place, k));
        put(spec, row_of(spec, obs, sample, k), 0, k == 0, place[k][0], place[k][1], 0.5);
    }
    for (int k = 0; k < JOINTS; k++) {
        const double *in = place[k == 0 && joined ? 0 : para_rng_int(rng, 1, SHAPES - 1)];
        put(spec, row_of(spec, obs, sample, SHAPES + k), 1, false, in[0] + para_rng_range(rng, -0.4, 0.4),
            in[1] + para_rng_range(rng, -0.4, 0.4), 0);
    }
    for (int r = 0; r < SHAPES + JOINTS; r++)
        mask_of(spec, obs, sample)[r] = 1.0f;
    *want = joined ? 1.0f : -1.0f;
}

/// @return share of the asked samples that are told rightly, once the others have been learned
static double learn(ParaEncoder encoder)
{
    ParaArena *arena = para_arena_create(1 << 20, (size_t)256 << 20);
    ParaRng rng = para_rng_make(9, "whose");
    ParaPolicyDef def = relational();
    def.encoder = encoder;
    def.encoder_width = 16;
    ParaPolicy *policy = para_policy_create(&def, 4, arena);
    ParaForward *s = para_forward_create_training(&def, arena);
    size_t size = policy->learned_floats;
    float *obs = PARA_NEW(arena, float, (TAUGHT + ASKED) * def.obs.size), want[TAUGHT + ASKED];
    float *gradient = PARA_NEW(arena, float, size), *moments = PARA_NEW(arena, float, 2 * size);
    int32_t steps = 0;
    for (int i = 0; i < TAUGHT + ASKED; i++)
        lay_out(&def.obs, obs, i, &want[i], &rng);
    for (int k = 0; k < STEPS; k++) {
        para_net_forward(policy, s, obs, NULL, TAUGHT, NULL, NULL, s->logits, s->value);
        memset(s->dlogits, 0, sizeof *s->dlogits * TAUGHT * PARA_LOGITS);
        for (int i = 0; i < TAUGHT; i++)
            s->dvalue[i] = (s->value[i] - want[i]) / TAUGHT;
        para_net_backward(policy, s, TAUGHT, NULL, gradient);
        para_net_adam(policy->block, moments, moments + size, gradient, (int)size, &steps, 3e-3f, 0.0f);
    }
    int right = 0;
    para_net_forward(policy, s, obs + (size_t)TAUGHT * (size_t)def.obs.size, NULL, ASKED, NULL, NULL,
                     s->logits, s->value);
    for (int i = 0; i < ASKED; i++)
        right += (s->value[i] > 0.0f) == (want[TAUGHT + i] > 0.0f);
    para_arena_destroy(arena);
    return (double)right / ASKED;
}

static void test_relation_learns_whose_a_joint_is(void **state)
{
    (void)state;
    double related = learn(PARA_ENCODER_RELATIONAL), pooled = learn(PARA_ENCODER_POOLED);
    print_message("of samples never seen: relational %.3f, pooled %.3f\n", related, pooled);
    assert_true(related > 0.97);
    assert_true(pooled < 0.9);
}

const struct CMUnitTest para_tests_relation[] = {
    cmocka_unit_test(test_relation_begins_as_a_pooled_encoder),
    cmocka_unit_test(test_relation_forward_is_the_reference),
    cmocka_unit_test(test_relation_gradient_is_that_of_finite_differences),
    cmocka_unit_test(test_relation_sees_no_order),
    cmocka_unit_test(test_relation_learns_whose_a_joint_is),
};
const size_t para_tests_relation_count = sizeof para_tests_relation / sizeof *para_tests_relation;
