// SPDX-License-Identifier: MIT
// The network's path: live rows -> encoder -> pool -> join with the globals -> trunk, in which a core may
// stand -> heads, and back; of a picture, and of rays, what convolutions make joins too. Only live entity
// rows are computed; they are gathered into one compact matrix per block.
#include "agents/policy/inside.h"

#include "engine/base/assert.h"

#include <string.h>

static ParaForward *create(const ParaPolicyDef *def, int block, bool training, ParaArena *arena)
{
    ParaForward *scratch = PARA_NEW(arena, ParaForward, 1);
    size_t B = (size_t)block, G = (size_t)def->obs.global_size, W = (size_t)def->width;
    size_t M = B * (size_t)def->obs.row_max, R = (size_t)def->obs.row_size;
    size_t E = def->obs.row_max > 0 ? (size_t)def->encoder_width : 0;
    scratch->block = block;
    scratch->global_scale = PARA_NEW(arena, float, G);
    scratch->offsets = PARA_NEW(arena, int, B + 1);
    size_t A = 2 * E + (size_t)(para_sight_features(def) + para_ring_features(def)); // after the globals
    scratch->joined = PARA_NEW(arena, float, B *(G + A));
    scratch->trunk1 = PARA_NEW(arena, float, B *W);
    scratch->trunk2 = PARA_NEW(arena, float, B * 2 * W);
    scratch->cored = scratch->trunk1;
    for (int k = 0; k < PARA_VALUE_BINS; k++)
        scratch->bin_at[k] = para_value_bin(k);
    scratch->bins = def->bins ? PARA_NEW(arena, float, B *PARA_VALUE_BINS) : NULL;
    if (def->core != PARA_CORE_NONE) {
        scratch->gates = PARA_NEW(arena, float, B * 2 * W);
        scratch->before = PARA_NEW(arena, float, B *W);
        scratch->after = PARA_NEW(arena, float, B *W);
        scratch->cored = PARA_NEW(arena, float, B *W);
    }
    if (M > 0) {
        scratch->row_scale = PARA_NEW(arena, float, R);
        scratch->rows = PARA_NEW(arena, float, M *R);
        scratch->hidden1 = PARA_NEW(arena, float, M *E);
        scratch->hidden2 = PARA_NEW(arena, float, M *E);
        scratch->best = PARA_NEW(arena, int, B *E);
        scratch->met = scratch->hidden1;
    }
    if (para_sight_features(def) > 0)
        para_sight_create(def, scratch, training, arena);
    if (def->rays)
        para_ring_create(def, scratch, training, arena);
    if (def->encoder == PARA_ENCODER_RELATIONAL)
        para_relation_create(def, scratch, training, arena);
    if (!training)
        return scratch;
    scratch->logits = PARA_NEW(arena, float, B *PARA_LOGITS);
    scratch->value = PARA_NEW(arena, float, B);
    scratch->dlogits = PARA_NEW(arena, float, B *PARA_LOGITS);
    scratch->dvalue = PARA_NEW(arena, float, B);
    scratch->aim = PARA_NEW(arena, float, B);
    scratch->dtrunk2 = PARA_NEW(arena, float, B * 2 * W);
    scratch->dtrunk1 = PARA_NEW(arena, float, B *W);
    scratch->dcored = scratch->dtrunk1;
    scratch->dpooled = A > 0 ? PARA_NEW(arena, float, B *A) : NULL;
    if (def->core != PARA_CORE_NONE) {
        scratch->dgates = PARA_NEW(arena, float, B * 2 * W);
        scratch->dcored = PARA_NEW(arena, float, B *W);
    }
    if (M > 0) {
        scratch->dhidden2 = PARA_NEW(arena, float, M *E);
        scratch->dhidden1 = PARA_NEW(arena, float, M *E);
    }
    return scratch;
}

ParaForward *para_forward_create(const ParaPolicyDef *def, int batch_max, ParaArena *arena)
{
    PARA_ASSERT(batch_max >= 1);
    para_net_ready();
    return create(def, batch_max < PARA_BLOCK ? batch_max : PARA_BLOCK, false, arena);
}

ParaForward *para_forward_create_training(const ParaPolicyDef *def, ParaArena *arena)
{
    return create(def, PARA_BLOCK, true, arena);
}

#define FETCH_AHEAD 3  // samples; a shuffled one is in no cache, and its first number would be waited for
#define FETCH_FIRST 64 // [float] of a sample that has rows: the processor sees by itself that those go on

/// Asks for what will be read of a sample: all of a vector; of rows the beginning, and their mask.
static inline __attribute__((always_inline)) void fetch(const ParaObsSpec *spec, const float *one)
{
    int first = spec->row_max > 0 ? FETCH_FIRST : spec->size;
    for (int k = 0; k < first && k < spec->size; k += 16)
        __builtin_prefetch(one + k);
    for (int k = 0; k < spec->row_max; k += 16)
        __builtin_prefetch(one + spec->size - spec->row_max + k);
}

/// Normalises the globals into `joined` and the live rows into `rows`.
static void gather(const ParaPolicy *policy, ParaForward *scratch, const float *obs, const int *index, int n)
{
    const ParaObsSpec *spec = &policy->def.obs;
    const float *global_mean = para_policy_at(policy, PARA_T_GLOBAL_MEAN);
    const float *row_mean = para_policy_at(policy, PARA_T_ROW_MEAN);
    para_normal_scale(para_policy_at(policy, PARA_T_GLOBAL_VARIANCE), spec->global_size,
                      scratch->global_scale);
    if (spec->row_max > 0)
        para_normal_scale(para_policy_at(policy, PARA_T_ROW_VARIANCE), spec->row_size, scratch->row_scale);
    int live = 0;
    for (int i = 0; i < n; i++) {
        if (index != NULL && i + FETCH_AHEAD < n)
            fetch(spec, obs + (size_t)index[i + FETCH_AHEAD] * (size_t)spec->size);
        const float *one = obs + (size_t)(index != NULL ? index[i] : i) * (size_t)spec->size;
        const float *row = one + spec->global_size;
        const float *mask = row + (size_t)spec->row_max * (size_t)spec->row_size;
        para_normal_apply(one, global_mean, scratch->global_scale, spec->global_size,
                          scratch->joined + (size_t)i * (size_t)policy->joined_size);
        scratch->offsets[i] = live;
        if (scratch->pictures)
            scratch->pictures[i] = (const uint8_t *)one;
        if (policy->def.rays)
            para_ring_look(scratch, i, one + policy->ray_at);
        if (policy->def.encoder == PARA_ENCODER_RELATIONAL)
            para_relation_look(spec, scratch, i, row);
        for (int r = 0; r < spec->row_max; r++, row += spec->row_size) {
            if (!(mask[r] > 0.5f))
                continue;
            para_normal_apply(row, row_mean, scratch->row_scale, spec->row_size,
                              scratch->rows + (size_t)live * (size_t)spec->row_size);
            live++;
        }
    }
    scratch->offsets[n] = live;
}

static void encode(const ParaPolicy *policy, ParaForward *s, int n)
{
    const ParaPolicyDef *def = &policy->def;
    int R = def->obs.row_size, E = def->encoder_width, live = s->offsets[n];
    para_linear_forward(s->rows, R, live, para_policy_at(policy, PARA_T_ENCODER1_WEIGHT),
                        para_policy_at(policy, PARA_T_ENCODER1_BIAS), R, E, PARA_ACTIVATION_RELU, s->hidden1,
                        E);
    if (def->encoder == PARA_ENCODER_RELATIONAL)
        para_relation_forward(policy, s, n);
    para_linear_forward(s->met, E, live, para_policy_at(policy, PARA_T_ENCODER2_WEIGHT),
                        para_policy_at(policy, PARA_T_ENCODER2_BIAS), E, E, PARA_ACTIVATION_RELU, s->hidden2,
                        E);
    para_pool_forward(s->hidden2, s->offsets, n, E, s->joined + def->obs.global_size, policy->joined_size,
                      s->best);
}

void para_net_forward(const ParaPolicy *policy, ParaForward *s, const float *obs, const int *index, int n,
                      const ParaStretches *stretches, float *memory, float *logits, float *value)
{
    int W = policy->def.width, J = policy->joined_size;
    PARA_ASSERT(n >= 0 && n <= s->block);
    gather(policy, s, obs, index, n);
    if (policy->def.obs.row_max > 0)
        encode(policy, s, n);
    int column =
        policy->def.obs.global_size + (policy->def.obs.row_max > 0 ? 2 * policy->def.encoder_width : 0);
    if (s->pictures)
        para_sight_forward(policy, s, n, column);
    if (policy->def.rays)
        para_ring_forward(policy, s, n, column + para_sight_features(&policy->def));
    para_linear_forward(s->joined, J, n, para_policy_at(policy, PARA_T_TRUNK1_WEIGHT),
                        para_policy_at(policy, PARA_T_TRUNK1_BIAS), J, W, PARA_ACTIVATION_TANH, s->trunk1, W);
    if (policy->def.core != PARA_CORE_NONE)
        para_core_forward(policy, s, n, stretches, memory);
    para_linear_forward(s->cored, W, n, para_policy_at(policy, PARA_T_TRUNK2_WEIGHT),
                        para_policy_at(policy, PARA_T_TRUNK2_BIAS), W, 2 * W, PARA_ACTIVATION_TANH, s->trunk2,
                        2 * W);
    para_linear_forward(s->trunk2, 2 * W, n, para_policy_at(policy, PARA_T_LOGITS_WEIGHT),
                        para_policy_at(policy, PARA_T_LOGITS_BIAS), W, PARA_LOGITS, PARA_ACTIVATION_NONE,
                        logits, PARA_LOGITS);
    para_value_forward(policy, s, n, value);
}

void para_policy_forward(const ParaPolicy *policy, ParaForward *scratch, const float *obs, int n,
                         float *memory, float *logits, float *value)
{
    size_t kept = (size_t)para_policy_memory(&policy->def);
    PARA_ASSERT(kept == 0 || memory);
    for (int first = 0; first < n; first += scratch->block) {
        int count = n - first < scratch->block ? n - first : scratch->block;
        para_net_forward(policy, scratch, obs + (size_t)first * (size_t)policy->def.obs.size, NULL, count,
                         NULL, kept ? memory + (size_t)first * kept : NULL,
                         logits + (size_t)first * PARA_LOGITS, value + first);
    }
}

static void encode_backward(const ParaPolicy *policy, ParaForward *s, int n, float *gradient)
{
    const size_t *at = policy->offset;
    int R = policy->def.obs.row_size, E = policy->def.encoder_width, live = s->offsets[n];
    para_pool_backward(s->dpooled, policy->joined_size - policy->def.obs.global_size, s->offsets, s->best, n,
                       E, s->dhidden2);
    para_activation_backward(PARA_ACTIVATION_RELU, s->hidden2, s->dhidden2, live * E);
    para_linear_gradient(s->met, E, live, s->dhidden2, E, E, E, gradient + at[PARA_T_ENCODER2_WEIGHT],
                         gradient + at[PARA_T_ENCODER2_BIAS]);
    para_linear_backward(s->dhidden2, E, live, para_policy_at(policy, PARA_T_ENCODER2_WEIGHT), E, E, false,
                         s->dhidden1, E);
    if (policy->def.encoder == PARA_ENCODER_RELATIONAL)
        para_relation_backward(policy, s, n, gradient);
    para_activation_backward(PARA_ACTIVATION_RELU, s->hidden1, s->dhidden1, live * E);
    para_linear_gradient(s->rows, R, live, s->dhidden1, E, R, E, gradient + at[PARA_T_ENCODER1_WEIGHT],
                         gradient + at[PARA_T_ENCODER1_BIAS]);
}

void para_net_backward(const ParaPolicy *policy, ParaForward *s, int n, const ParaStretches *stretches,
                       float *gradient)
{
    PARA_ASSERT(s->dlogits != NULL && n >= 0 && n <= s->block); // scratch for training
    const size_t *at = policy->offset;
    int W = policy->def.width, J = policy->joined_size, G = policy->def.obs.global_size;
    // Heads.
    para_linear_gradient(s->trunk2, 2 * W, n, s->dlogits, PARA_LOGITS, W, PARA_LOGITS,
                         gradient + at[PARA_T_LOGITS_WEIGHT], gradient + at[PARA_T_LOGITS_BIAS]);
    para_linear_backward(s->dlogits, PARA_LOGITS, n, para_policy_at(policy, PARA_T_LOGITS_WEIGHT), W,
                         PARA_LOGITS, false, s->dtrunk2, 2 * W);
    para_value_backward(policy, s, n, gradient);
    // Trunk.
    para_activation_backward(PARA_ACTIVATION_TANH, s->trunk2, s->dtrunk2, n * 2 * W);
    para_linear_gradient(s->cored, W, n, s->dtrunk2, 2 * W, W, 2 * W, gradient + at[PARA_T_TRUNK2_WEIGHT],
                         gradient + at[PARA_T_TRUNK2_BIAS]);
    para_linear_backward(s->dtrunk2, 2 * W, n, para_policy_at(policy, PARA_T_TRUNK2_WEIGHT), W, 2 * W, false,
                         s->dcored, W);
    if (policy->def.core != PARA_CORE_NONE)
        para_core_backward(policy, s, n, stretches, gradient);
    para_activation_backward(PARA_ACTIVATION_TANH, s->trunk1, s->dtrunk1, n * W);
    para_linear_gradient(s->joined, J, n, s->dtrunk1, W, J, W, gradient + at[PARA_T_TRUNK1_WEIGHT],
                         gradient + at[PARA_T_TRUNK1_BIAS]);
    int A = J - G, pooled = policy->def.obs.row_max > 0 ? 2 * policy->def.encoder_width : 0;
    if (A == 0)
        return;
    // The globals need no gradient: only the columns after them go on.
    para_linear_backward(s->dtrunk1, W, n,
                         para_policy_at(policy, PARA_T_TRUNK1_WEIGHT) + (size_t)G * (size_t)W, A, W, false,
                         s->dpooled, A);
    if (pooled > 0)
        encode_backward(policy, s, n, gradient);
    if (s->pictures)
        para_sight_backward(policy, s, n, s->dpooled + pooled, A, gradient);
    if (policy->def.rays)
        para_ring_backward(policy, s, n, s->dpooled + pooled + para_sight_features(&policy->def), A,
                           gradient);
}
