// SPDX-License-Identifier: MIT
// The network and the PPO loss in double, sample by sample.
#include "tests/agents/learn/reference.h"

#include "agents/observe/pairs.h"
#include "tests/tests.h"

#include <math.h>

void assert_near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("got %.9g, want %.9g within %.3g", got, want, tolerance);
}

double *reference_parameters(const ParaPolicy *policy, ParaArena *arena)
{
    double *parameters = PARA_NEW(arena, double, policy->learned_floats);
    for (size_t i = 0; i < policy->learned_floats; i++)
        parameters[i] = (double)policy->block[i];
    return parameters;
}

void reference_shake(ParaPolicy *policy, ParaRng *rng, double size)
{
    int count;
    for (const ParaTensor *tensor = para_policy_tensors(policy, &count), *end = tensor + count; tensor < end;
         tensor++)
        if (tensor->data < policy->block + policy->learned_floats)
            for (int i = 0; i < tensor->rows * tensor->columns; i++)
                tensor->data[i] += (float)(size * para_rng_normal(rng));
}

static double normalise(float x, float mean, float variance)
{
    double v = ((double)x - (double)mean) / sqrt((double)variance + (double)PARA_NORMAL_FLOOR);
    return fmin(fmax(v, -(double)PARA_NORMAL_CLIP), (double)PARA_NORMAL_CLIP);
}

/// out[j] = b[j] + sum over i of x[i] w[i][j]
static void linear(const double *x, int in, int out, const double *w, const double *b, double *y)
{
    for (int j = 0; j < out; j++) {
        y[j] = b[j];
        for (int i = 0; i < in; i++)
            y[j] += x[i] * w[i * out + j];
    }
}

enum { E_MAX = 64 };

/// x W + b of the relational encoder's layer from `first`, of rows [count, E].
static void project(const ParaPolicy *policy, const double *p, ParaTensorId weight, int out, int count,
                    double (*x)[E_MAX], double (*y)[3 * E_MAX])
{
    for (int i = 0; i < count; i++)
        linear(x[i], policy->def.encoder_width, out, p + policy->offset[weight],
               p + policy->offset[weight + 1], y[i]);
}

/// What a head makes of a pair, from its weights.
static double bias_of(const double *weight, int head, int kind_i, int kind_j, const float *told, int all)
{
    double bias = weight[(PARA_PAIR_FLOATS + kind_i * PARA_PAIR_KINDS + kind_j) * PARA_RELATION_HEADS + head];
    for (int f = 0; f < PARA_PAIR_FLOATS; f++)
        bias += weight[f * PARA_RELATION_HEADS + head] * (double)told[f * all];
    return bias;
}

/// The rows look at each other: h += attention(h) Wout + bout.
static void relate(const ParaPolicy *policy, const double *p, const float *const *live, int count,
                   double (*h)[E_MAX])
{
    int E = policy->def.encoder_width, d = E / PARA_RELATION_HEADS, all = count * count;
    double qkv[PARA_PAIR_ROWS][3 * E_MAX], out[PARA_PAIR_ROWS][3 * E_MAX],
        mixed[PARA_PAIR_ROWS][E_MAX] = {{0}};
    uint8_t kinds[PARA_PAIR_ROWS];
    float pairs[PARA_PAIR_FLOATS * PARA_PAIR_ROWS * PARA_PAIR_ROWS];
    para_obs_pairs(live, count, kinds, pairs);
    project(policy, p, PARA_T_RELATION_QKV_WEIGHT, 3 * E, count, h, qkv);
    for (int head = 0; head < PARA_RELATION_HEADS; head++)
        for (int i = 0; i < count; i++) {
            double share[PARA_PAIR_ROWS], sum = 0.0;
            for (int j = 0; j < count; j++) {
                double score = 0.0;
                for (int c = head * d; c < (head + 1) * d; c++)
                    score += qkv[i][c] * qkv[j][E + c];
                share[j] =
                    exp(score / sqrt(d) + bias_of(p + policy->offset[PARA_T_RELATION_PAIR_WEIGHT], head,
                                                  kinds[i], kinds[j], pairs + i * count + j, all));
                sum += share[j];
            }
            for (int j = 0; j < count; j++)
                for (int c = head * d; c < (head + 1) * d; c++)
                    mixed[i][c] += share[j] / sum * qkv[j][2 * E + c];
        }
    project(policy, p, PARA_T_RELATION_OUT_WEIGHT, E, count, mixed, out);
    for (int i = 0; i < count; i++)
        for (int c = 0; c < E; c++)
            h[i][c] += out[i][c];
}

static void encode(const ParaPolicy *policy, const double *p, const float *obs, double *mean, double *max)
{
    const ParaObsSpec *spec = &policy->def.obs;
    const float *rows = obs + spec->global_size, *mask = rows + spec->row_max * spec->row_size;
    const float *means = para_policy_at(policy, PARA_T_ROW_MEAN),
                *variances = para_policy_at(policy, PARA_T_ROW_VARIANCE);
    int E = policy->def.encoder_width, live = 0;
    double x[64], h1[PARA_PAIR_ROWS][E_MAX], h2[E_MAX];
    const float *raw[PARA_PAIR_ROWS] = {NULL};
    for (int j = 0; j < E; j++)
        mean[j] = max[j] = 0.0;
    for (int r = 0; r < spec->row_max; r++) {
        if (mask[r] <= 0.5f)
            continue;
        for (int k = 0; k < spec->row_size; k++)
            x[k] = normalise(rows[r * spec->row_size + k], means[k], variances[k]);
        linear(x, spec->row_size, E, p + policy->offset[PARA_T_ENCODER1_WEIGHT],
               p + policy->offset[PARA_T_ENCODER1_BIAS], h1[live]);
        for (int j = 0; j < E; j++)
            h1[live][j] = fmax(h1[live][j], 0.0);
        raw[live++] = rows + r * spec->row_size;
    }
    if (policy->def.encoder == PARA_ENCODER_RELATIONAL)
        relate(policy, p, raw, live, h1);
    for (int r = 0; r < live; r++) {
        linear(h1[r], E, E, p + policy->offset[PARA_T_ENCODER2_WEIGHT],
               p + policy->offset[PARA_T_ENCODER2_BIAS], h2);
        for (int j = 0; j < E; j++) {
            mean[j] += fmax(h2[j], 0.0);
            max[j] = fmax(max[j], h2[j]); // all are >= 0 after ReLU
        }
    }
    for (int j = 0; live > 0 && j < E; j++)
        mean[j] /= live;
}

/// One layer of sight over `in` [grid, grid, channels] with zeros beyond the border, rectified.
static void look(const ParaPolicy *policy, const double *p, int layer, const double *in, double *out)
{
    ParaConv c = para_sight_conv(layer);
    const double *weight = p + policy->offset[PARA_T_SIGHT_WEIGHT + 2 * layer];
    const double *bias = p + policy->offset[PARA_T_SIGHT_WEIGHT + 2 * layer + 1];
    for (int y = 0; y < c.height; y++)
        for (int x = 0; x < c.width; x++)
            for (int o = 0; o < c.out; o++) {
                double sum = bias[o];
                for (int k = 0; k < c.kernel * c.kernel; k++) {
                    int row = y + k / c.kernel - c.kernel / 2, column = x + k % c.kernel - c.kernel / 2;
                    if (row < 0 || row >= c.height || column < 0 || column >= c.width)
                        continue;
                    for (int i = 0; i < c.in; i++)
                        sum += in[(row * c.width + column) * c.in + i] * weight[(k * c.in + i) * c.out + o];
                }
                out[(y * c.width + x) * c.out + o] = fmax(sum, 0.0);
            }
}

/// Blocks of side x side pixels as one. @param side_in [px] of the picture
static void fold(const double *in, int side_in, int channels, int side, double *out)
{
    for (int y = 0; y < side_in; y++)
        for (int x = 0; x < side_in; x++)
            for (int c = 0; c < channels; c++)
                out[(((y / side * (side_in / side) + x / side) * side + y % side) * side + x % side) *
                        channels +
                    c] = in[(y * side_in + x) * channels + c];
}

static void see(const ParaPolicy *policy, const double *p, const float *obs, double *out)
{
    static double a[PARA_OBS_PICTURE_BYTES], b[PARA_OBS_PICTURE_BYTES]; // of one test at a time
    const uint8_t *rgb = (const uint8_t *)obs;
    for (int i = 0; i < PARA_OBS_PICTURE_BYTES; i++)
        a[i] = ((double)rgb[i] - para_obs_picture_ground[i % 3]) * 6.0 / 255.0;
    fold(a, 64, 3, 4, b);
    look(policy, p, 0, b, a);
    look(policy, p, 1, a, b);
    fold(b, 16, 16, 2, a);
    look(policy, p, 2, a, b);
    look(policy, p, 3, b, a);
    fold(a, 8, 32, 2, b);
    look(policy, p, 4, b, out);
}

/// A layer over a closed ring, rectified. @param in [16, width]   @param out [16, channels]
static void go_round(const double *weight, const double *bias, const double *in, int width, int kernel,
                     double *out)
{
    for (int i = 0; i < PARA_RING; i++)
        for (int o = 0; o < PARA_RING_CHANNELS; o++) {
            double sum = bias[o];
            for (int k = 0; k < kernel * width; k++)
                sum += in[(i + k / width - kernel / 2 + PARA_RING) % PARA_RING * width + k % width] *
                       weight[k * PARA_RING_CHANNELS + o];
            out[i * PARA_RING_CHANNELS + o] = fmax(sum, 0.0);
        }
}

static void feel_round(const ParaPolicy *policy, const double *p, const float *obs, double *out)
{
    static const int places[PARA_RING] = {0, 2, 4, 6, 8, 10, 12, 14, 15, 13, 11, 9, 7, 5, 3, 1};
    static const double degrees[PARA_RING] = {90,  45,  135, 0,   180, -12, 192, -25,
                                              205, -40, 220, -58, 238, -75, 255, -90};
    double in[PARA_RING * PARA_RING_SEEN], mid[PARA_RING_FEATURES];
    ParaObsSpan rays;
    assert_true(para_obs_span_find(&policy->def.obs, "rays", &rays));
    for (int i = 0; i < PARA_RING; i++) {
        double angle = degrees[places[i]] * acos(-1.0) / 180.0;
        in[3 * i] = 1.0 - 2.0 * (double)obs[rays.offset + places[i]];
        in[3 * i + 1] = cos(angle);
        in[3 * i + 2] = sin(angle);
    }
    go_round(p + policy->offset[PARA_T_RING1_WEIGHT], p + policy->offset[PARA_T_RING1_BIAS], in,
             PARA_RING_SEEN, PARA_RING_KERNEL1, mid);
    go_round(p + policy->offset[PARA_T_RING2_WEIGHT], p + policy->offset[PARA_T_RING2_BIAS], mid,
             PARA_RING_CHANNELS, PARA_RING_KERNEL2, out);
}

/// The core: h + s(z) (tanh(c) - h), added to what came in.
static void remember(const ParaPolicy *policy, const double *p, double *x, double *memory)
{
    int W = policy->def.width;
    double gates[512];
    linear(x, W, 2 * W, p + policy->offset[PARA_T_CORE_WEIGHT], p + policy->offset[PARA_T_CORE_BIAS], gates);
    for (int j = 0; j < W; j++) {
        double in = 1.0 / (1.0 + exp(-gates[j]));
        memory[j] += in * (tanh(gates[W + j]) - memory[j]);
        x[j] += memory[j];
    }
}

void reference_forward(const ParaPolicy *policy, const double *p, const float *obs,
                       double logits[PARA_LOGITS], double *value)
{
    assert_true(policy->def.core == PARA_CORE_NONE);
    reference_forward_from(policy, p, obs, NULL, logits, value);
}

void reference_forward_from(const ParaPolicy *policy, const double *p, const float *obs, double *memory,
                            double logits[PARA_LOGITS], double *value)
{
    const size_t *at = policy->offset;
    int G = policy->def.obs.global_size, W = policy->def.width, E = policy->def.encoder_width;
    double joined[1024], t1[256], t2[512];
    for (int j = 0; j < G; j++)
        joined[j] = normalise(obs[j], para_policy_at(policy, PARA_T_GLOBAL_MEAN)[j],
                              para_policy_at(policy, PARA_T_GLOBAL_VARIANCE)[j]);
    if (policy->def.obs.row_max > 0)
        encode(policy, p, obs, joined + G, joined + G + E);
    int after = G + (policy->def.obs.row_max > 0 ? 2 * E : 0);
    if (policy->def.obs.kind == PARA_OBS_PIXELS)
        see(policy, p, obs, joined + after);
    if (policy->def.rays)
        feel_round(policy, p, obs, joined + after);
    linear(joined, policy->joined_size, W, p + at[PARA_T_TRUNK1_WEIGHT], p + at[PARA_T_TRUNK1_BIAS], t1);
    for (int j = 0; j < W; j++)
        t1[j] = tanh(t1[j]);
    if (memory)
        remember(policy, p, t1, memory);
    linear(t1, W, 2 * W, p + at[PARA_T_TRUNK2_WEIGHT], p + at[PARA_T_TRUNK2_BIAS], t2);
    for (int j = 0; j < 2 * W; j++)
        t2[j] = tanh(t2[j]);
    linear(t2, W, PARA_LOGITS, p + at[PARA_T_LOGITS_WEIGHT], p + at[PARA_T_LOGITS_BIAS], logits);
    int V = policy->def.bins ? PARA_VALUE_BINS : 1;
    linear(t2 + W, W, V, p + at[PARA_T_VALUE_WEIGHT], p + at[PARA_T_VALUE_BIAS], value);
}

double reference_log_prob(const double *logits, uint32_t channel_bits, uint32_t negative_bits,
                          const int8_t *action, double *out_entropy)
{
    double total = 0.0;
    *out_entropy = 0.0;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const double *z = logits + c * PARA_CHOICES;
        int first = (negative_bits >> c & 1u) != 0 ? 0 : 1;
        double sum = 0.0;
        if ((channel_bits >> c & 1u) == 0)
            continue;
        for (int k = first; k < PARA_CHOICES; k++)
            sum += exp(z[k]);
        for (int k = first; k < PARA_CHOICES; k++)
            *out_entropy -= exp(z[k]) / sum * (z[k] - log(sum));
        total += z[action[c] + 1] - log(sum);
    }
    return total;
}

int reference_choice(const double *logits, bool negative, double u, double margin)
{
    double sum = 0.0, passed = 0.0;
    for (int k = negative ? 0 : 1; k < PARA_CHOICES; k++)
        sum += exp(logits[k]);
    for (int k = negative ? 0 : 1; k < PARA_CHOICES - 1; k++) {
        passed += exp(logits[k]) / sum;
        if (fabs(u - passed) <= margin)
            return -1;
        if (u < passed)
            return k;
    }
    return PARA_CHOICES - 1;
}

double reference_loss(const ParaPpo *ppo, const double *parameters, const ParaMinibatch *minibatch)
{
    const ParaRollout *rollout = &ppo->rollout;
    double total = 0.0, clip = (double)ppo->def.clip, value_clip = (double)ppo->def.value_clip;
    for (int i = 0; i < minibatch->count; i++) {
        int row = minibatch->order[i];
        double logits[PARA_LOGITS], value, entropy;
        reference_forward(ppo->policy, parameters, rollout->obs + row * ppo->policy->def.obs.size, logits,
                          &value);
        double log_prob = reference_log_prob(logits, rollout->channel_bits[row], rollout->negative_bits[row],
                                             rollout->action + row * PARA_CHANNELS, &entropy);
        double ratio = exp(log_prob - (double)rollout->log_prob[row]);
        double advantage =
            (double)((ppo->advantage[row] - minibatch->advantage_mean) * minibatch->advantage_scale);
        double held = fmin(fmax(ratio, 1.0 - clip), 1.0 + clip);
        total -= fmin(ratio * advantage, held * advantage);
        total -= (double)ppo->def.entropy * entropy;
        double old = (double)rollout->value[row], target = (double)ppo->target[row];
        double loss = (value - target) * (value - target);
        if (value_clip > 0.0) {
            double near = old + fmin(fmax(value - old, -value_clip), value_clip);
            loss = fmax(loss, (near - target) * (near - target));
        }
        total += (double)ppo->def.value_weight * 0.5 * loss;
    }
    return total / minibatch->count;
}

ParaPolicy *reference_policy(int width, ParaArena *arena)
{
    ParaPolicyDef def = {.obs = para_obs_spec_entities(), .width = width, .encoder_width = 12};
    ParaPolicy *policy = para_policy_create(&def, 3, arena);
    ParaRng rng = para_rng_make(4, "shake");
    reference_shake(policy, &rng, 0.3);
    const ParaTensorId means[2] = {PARA_T_GLOBAL_MEAN, PARA_T_ROW_MEAN};
    const ParaTensorId variances[2] = {PARA_T_GLOBAL_VARIANCE, PARA_T_ROW_VARIANCE};
    const int sizes[2] = {def.obs.global_size, def.obs.row_size};
    for (int k = 0; k < 2; k++)
        for (int j = 0; j < sizes[k]; j++) {
            para_policy_at(policy, means[k])[j] = (float)para_rng_range(&rng, -0.2, 0.2);
            para_policy_at(policy, variances[k])[j] = (float)para_rng_range(&rng, 0.3, 2.0);
        }
    return policy;
}

ParaPpo *reference_learner(ParaObsSpec spec, ParaPpoDef def, ParaWorkers *workers, ParaArena *arena)
{
    ParaPolicyDef policy_def = {.obs = spec, .width = 16, .encoder_width = 8};
    ParaRng rng = para_rng_make(11, "random");
    ParaPolicy *policy = para_policy_create(&policy_def, 12, arena);
    ParaPpo *ppo = para_ppo_create(&def, policy, 13, workers, arena);
    ParaForward *scratch = para_forward_create(&policy_def, 1, arena);
    ParaRollout *rollout = para_ppo_rollout(ppo);
    int rows = def.envs * def.horizon;
    reference_shake(policy, &rng, 0.2);
    for (int i = 0; i < rows * spec.size; i++)
        rollout->obs[i] = (float)para_rng_normal(&rng);
    for (int i = 0; i < rows; i++) {
        float logits[PARA_LOGITS], value;
        for (int r = 0; r < spec.row_max; r++)
            rollout->obs[(i + 1) * spec.size - 1 - r] = r < i % (spec.row_max + 1) ? 1.0f : 0.0f;
        para_policy_forward(policy, scratch, rollout->obs + i * spec.size, 1, NULL, logits, &value);
        rollout->channel_bits[i] = (uint32_t)para_rng_int(&rng, 0, 255);
        rollout->negative_bits[i] = (uint32_t)para_rng_int(&rng, 0, 255);
        rollout->log_prob[i] =
            para_action_draw(PARA_HEAD_LEVELS, logits, rollout->channel_bits[i], rollout->negative_bits[i],
                             &rng, rollout->action + i * PARA_CHANNELS) +
            (float)para_rng_range(&rng, -0.4, 0.4);
        rollout->value[i] = value + (float)para_rng_range(&rng, -0.4, 0.4);
        rollout->reward[i] = (float)para_rng_normal(&rng);
        rollout->terminated[i] = para_rng_int(&rng, 0, 5) == 0;
        rollout->truncated[i] = para_rng_int(&rng, 0, 5) == 0;
        rollout->final_value[i] = (float)para_rng_normal(&rng);
    }
    return ppo;
}
