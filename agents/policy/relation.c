// SPDX-License-Identifier: MIT
// The relational encoder: between the encoder's layers the rows of a sample look at each other, by attention
// that knows of each pair who is joined with, meets or is near whom.
//   h' = h + attention(h Wqkv + bqkv, bias) Wout + bout;  bias_ij = what is told of (i, j) times its weights,
//   and a number of its own for each two kinds
// <after Kinetix's permutation-invariant transformer: Matthews and others 2024, arXiv 2410.23208,
// section 4.2; attention: agents/net/attention.h>
#include "agents/net/attention.h"
#include "agents/observe/pairs.h"
#include "agents/policy/inside.h"

#include "engine/base/assert.h"

#include <string.h>

_Static_assert(PARA_RELATION_PAIR == PARA_PAIR_FLOATS + PARA_PAIR_KINDS * PARA_PAIR_KINDS,
               "a weight for each thing that is told of a pair, and for each two kinds");
_Static_assert(PARA_PAIR_ROWS <= PARA_ATTENTION_ROWS, "all rows of a sample look at each other");

static size_t pairs_of(const ParaPolicyDef *def)
{
    return (size_t)def->obs.row_max * (size_t)def->obs.row_max;
}

void para_relation_create(const ParaPolicyDef *def, ParaForward *s, bool training, ParaArena *arena)
{
    size_t B = (size_t)s->block, M = B * (size_t)def->obs.row_max, E = (size_t)def->encoder_width;
    PARA_ASSERT(def->obs.row_max == PARA_PAIR_ROWS);
    s->kinds = PARA_NEW(arena, uint8_t, M);
    s->pairs = PARA_NEW(arena, float, B *pairs_of(def) * PARA_PAIR_FLOATS);
    s->share = PARA_NEW(arena, float, B *pairs_of(def) * PARA_RELATION_HEADS);
    s->qkv = PARA_NEW(arena, float, M * 3 * E);
    s->mixed = PARA_NEW(arena, float, M *E);
    s->met = PARA_NEW(arena, float, M *E);
    if (!training)
        return;
    s->dshare = PARA_NEW(arena, float, pairs_of(def) * PARA_RELATION_HEADS);
    s->dqkv = PARA_NEW(arena, float, M * 3 * E);
    s->dmixed = PARA_NEW(arena, float, M *E);
}

void para_relation_fill(ParaPolicy *policy, ParaRng *rng, double *scratch)
{
    int E = policy->def.encoder_width;
    float *qkv = para_policy_at(policy, PARA_T_RELATION_QKV_WEIGHT);
    for (int part = 0; part < 3; part++)
        para_orthogonal_fill(qkv + (size_t)part * (size_t)E, 3 * E, E, E, 1.0, rng, scratch);
    float(*pair)[PARA_RELATION_HEADS] =
        (float(*)[PARA_RELATION_HEADS])para_policy_at(policy, PARA_T_RELATION_PAIR_WEIGHT);
    // One head begins with joints, one with what meets, one with what is near, one with everything alike. A
    // row that has nothing of the kind looks at itself.
    pair[PARA_PAIR_JOINED][0] = pair[PARA_PAIR_MEETING][1] = pair[PARA_PAIR_NEAR][2] = 4.0f;
    pair[PARA_PAIR_TOGETHER][0] = pair[PARA_PAIR_SELF][0] = pair[PARA_PAIR_SELF][1] = 2.0f;
}

void para_relation_look(const ParaObsSpec *spec, ParaForward *s, int sample, const float *rows)
{
    const float *live[PARA_PAIR_ROWS], *mask = rows + (size_t)spec->row_max * (size_t)spec->row_size;
    size_t all = (size_t)spec->row_max * (size_t)spec->row_max;
    int count = 0;
    for (int r = 0; r < spec->row_max; r++)
        if (mask[r] > 0.5f)
            live[count++] = rows + (size_t)r * (size_t)spec->row_size;
    para_obs_pairs(live, count, s->kinds + s->offsets[sample],
                   s->pairs + (size_t)sample * all * PARA_PAIR_FLOATS);
}

/// What each head makes of the pairs. @param share out, [heads, rows, rows]
static void write_bias(const float *weight, const uint8_t *kinds, const float *pairs, int rows, float *share)
{
    const int H = PARA_RELATION_HEADS;
    size_t all = (size_t)rows * (size_t)rows;
    for (int h = 0; h < H; h++)
        for (int i = 0; i < rows; i++, share += rows) {
            const float *two = weight + (PARA_PAIR_FLOATS + kinds[i] * PARA_PAIR_KINDS) * H + h;
            const float *told = pairs + (size_t)i * (size_t)rows;
            for (int j = 0; j < rows; j++)
                share[j] = two[kinds[j] * H];
            for (int f = 0; f < PARA_PAIR_FLOATS; f++, told += all)
                for (int j = 0; j < rows; j++)
                    share[j] += weight[f * H + h] * told[j];
        }
}

void para_relation_forward(const ParaPolicy *policy, ParaForward *s, int n)
{
    int E = policy->def.encoder_width, live = s->offsets[n];
    size_t all = pairs_of(&policy->def);
    para_linear_forward(s->hidden1, E, live, para_policy_at(policy, PARA_T_RELATION_QKV_WEIGHT),
                        para_policy_at(policy, PARA_T_RELATION_QKV_BIAS), E, 3 * E, PARA_ACTIVATION_NONE,
                        s->qkv, 3 * E);
    for (int i = 0; i < n; i++) {
        int first = s->offsets[i], rows = s->offsets[i + 1] - first;
        float *share = s->share + (size_t)i * all * PARA_RELATION_HEADS;
        write_bias(para_policy_at(policy, PARA_T_RELATION_PAIR_WEIGHT), s->kinds + first,
                   s->pairs + (size_t)i * all * PARA_PAIR_FLOATS, rows, share);
        para_attention_forward(s->qkv + (size_t)first * 3 * (size_t)E, rows, E, PARA_RELATION_HEADS, share,
                               s->mixed + (size_t)first * (size_t)E);
    }
    para_linear_forward(s->mixed, E, live, para_policy_at(policy, PARA_T_RELATION_OUT_WEIGHT),
                        para_policy_at(policy, PARA_T_RELATION_OUT_BIAS), E, E, PARA_ACTIVATION_NONE, s->met,
                        E);
    float *restrict met = s->met;
    const float *restrict own = s->hidden1;
    for (size_t k = 0, count = (size_t)live * (size_t)E; k < count; k++)
        met[k] += own[k];
}

/// What a sample's pairs ask of their weights. @param sums in-out, [PARA_RELATION_PAIR, heads]
static void add_bias_gradient(const uint8_t *kinds, const float *pairs, const float *dshare, int rows,
                              double (*sums)[PARA_RELATION_HEADS])
{
    size_t all = (size_t)rows * (size_t)rows;
    for (int h = 0; h < PARA_RELATION_HEADS; h++) {
        float columns[PARA_PAIR_FLOATS][PARA_PAIR_ROWS] = {{0.0f}};
        for (int i = 0; i < rows; i++, dshare += rows) {
            const float *told = pairs + (size_t)i * (size_t)rows;
            for (int f = 0; f < PARA_PAIR_FLOATS; f++, told += all)
                for (int j = 0; j < rows; j++)
                    columns[f][j] += dshare[j] * told[j];
            for (int j = 0; j < rows; j++)
                sums[PARA_PAIR_FLOATS + kinds[i] * PARA_PAIR_KINDS + kinds[j]][h] += (double)dshare[j];
        }
        for (int f = 0; f < PARA_PAIR_FLOATS; f++)
            for (int j = 0; j < rows; j++)
                sums[f][h] += (double)columns[f][j];
    }
}

/// The way back through the attention of all samples: from dmixed to dqkv, and to the pairs' weights.
static void attend_backward(const ParaPolicy *policy, ParaForward *s, int n, float *dweight)
{
    int E = policy->def.encoder_width;
    size_t all = pairs_of(&policy->def);
    double sums[PARA_RELATION_PAIR][PARA_RELATION_HEADS] = {{0.0}};
    for (int i = 0; i < n; i++) {
        int first = s->offsets[i], rows = s->offsets[i + 1] - first;
        size_t at = (size_t)first * (size_t)E;
        para_attention_backward(s->qkv + 3 * at, s->share + (size_t)i * all * PARA_RELATION_HEADS, rows, E,
                                PARA_RELATION_HEADS, s->dmixed + at, s->dqkv + 3 * at, s->dshare);
        add_bias_gradient(s->kinds + first, s->pairs + (size_t)i * all * PARA_PAIR_FLOATS, s->dshare, rows,
                          sums);
    }
    for (int k = 0; k < PARA_RELATION_PAIR * PARA_RELATION_HEADS; k++)
        dweight[k] = (float)sums[k / PARA_RELATION_HEADS][k % PARA_RELATION_HEADS];
}

void para_relation_backward(const ParaPolicy *policy, ParaForward *s, int n, float *gradient)
{
    const size_t *at = policy->offset;
    int E = policy->def.encoder_width, live = s->offsets[n];
    para_linear_gradient(s->mixed, E, live, s->dhidden1, E, E, E, gradient + at[PARA_T_RELATION_OUT_WEIGHT],
                         gradient + at[PARA_T_RELATION_OUT_BIAS]);
    para_linear_backward(s->dhidden1, E, live, para_policy_at(policy, PARA_T_RELATION_OUT_WEIGHT), E, E,
                         false, s->dmixed, E);
    attend_backward(policy, s, n, gradient + at[PARA_T_RELATION_PAIR_WEIGHT]);
    para_linear_gradient(s->hidden1, E, live, s->dqkv, 3 * E, E, 3 * E,
                         gradient + at[PARA_T_RELATION_QKV_WEIGHT], gradient + at[PARA_T_RELATION_QKV_BIAS]);
    para_linear_backward(s->dqkv, 3 * E, live, para_policy_at(policy, PARA_T_RELATION_QKV_WEIGHT), E, 3 * E,
                         true, s->dhidden1, E);
}
