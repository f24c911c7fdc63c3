// SPDX-License-Identifier: MIT
// The policy's tensors: one table, one block, initial values.
#include "agents/policy/inside.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define PACE          64.0                   // [decision]
#define SIGHT_LARGEST ((size_t)9 * 128 * 32) // floats of the largest of its matrices, at most
#define ALIGN_FLOATS  ((size_t)16)           // tensors start on cache lines

ParaPolicyDef para_policy_def_default(ParaObsSpec obs)
{
    return (ParaPolicyDef){.obs = obs, .width = 128, .encoder_width = 64};
}

typedef struct TensorRow {
    const char *name;
    int rows, columns;
} TensorRow;

static const char *const encoder_names[] = {
    [PARA_ENCODER_POOLED] = "pooled", [PARA_ENCODER_RELATIONAL] = "relational"};

const char *para_encoder_name(ParaEncoder encoder) { return encoder_names[encoder]; }

bool para_encoder_find(const char *name, ParaEncoder *out)
{
    for (int i = 0; i <= PARA_ENCODER_RELATIONAL; i++)
        if (strcmp(name, encoder_names[i]) == 0) {
            *out = (ParaEncoder)i;
            return true;
        }
    return false;
}

const char *para_core_name(ParaCore core) { return core == PARA_CORE_MINGRU ? "mingru" : "none"; }
const char *para_head_name(ParaHead head) { return head == PARA_HEAD_FINE ? "fine" : "levels"; }

int para_policy_memory(const ParaPolicyDef *def) { return def->core == PARA_CORE_NONE ? 0 : def->width; }

static void list_sight(const ParaPolicyDef *def, TensorRow *table)
{
    static const char *const names[] = {"sight1.weight", "sight1.bias", "sight2.weight", "sight2.bias",
                                        "sight3.weight", "sight3.bias", "sight4.weight", "sight4.bias",
                                        "sight5.weight", "sight5.bias"};
    bool sees = para_sight_features(def) > 0;
    for (int i = 0; i < PARA_SIGHT_LAYERS; i++) {
        ParaConv conv = para_sight_conv(i);
        int at = PARA_T_SIGHT_WEIGHT + 2 * i, inputs = conv.kernel * conv.kernel * conv.in;
        table[at] = (TensorRow){names[2 * i], sees ? inputs : 0, conv.out};
        table[at + 1] = (TensorRow){names[2 * i + 1], sees ? 1 : 0, conv.out};
    }
}

static void list_ring(const ParaPolicyDef *def, TensorRow *table)
{
    int C = def->rays ? PARA_RING_CHANNELS : 0;
    table[PARA_T_RING1_WEIGHT] = (TensorRow){"rays1.weight", PARA_RING_KERNEL1 * PARA_RING_SEEN, C};
    table[PARA_T_RING1_BIAS] = (TensorRow){"rays1.bias", 1, C};
    table[PARA_T_RING2_WEIGHT] = (TensorRow){"rays2.weight", PARA_RING_KERNEL2 * C, C};
    table[PARA_T_RING2_BIAS] = (TensorRow){"rays2.bias", 1, C};
}

/// The table of tensors for a def. Without entity rows the encoder's tensors have no elements.
static void list_tensors(const ParaPolicyDef *def, TensorRow table[PARA_T_COUNT])
{
    int R = def->obs.row_max > 0 ? def->obs.row_size : 0;
    int E = def->obs.row_max > 0 ? def->encoder_width : 0;
    int G = def->obs.global_size, W = def->width;
    int J = G + 2 * E + para_sight_features(def) + para_ring_features(def);
    table[PARA_T_ENCODER1_WEIGHT] = (TensorRow){"encoder1.weight", R, E};
    table[PARA_T_ENCODER1_BIAS] = (TensorRow){"encoder1.bias", 1, E};
    int X = def->encoder == PARA_ENCODER_RELATIONAL ? E : 0, H = X > 0 ? PARA_RELATION_HEADS : 0;
    table[PARA_T_RELATION_QKV_WEIGHT] = (TensorRow){"relation.qkv.weight", X, 3 * X};
    table[PARA_T_RELATION_QKV_BIAS] = (TensorRow){"relation.qkv.bias", 1, 3 * X};
    table[PARA_T_RELATION_PAIR_WEIGHT] = (TensorRow){"relation.pair.weight", PARA_RELATION_PAIR, H};
    table[PARA_T_RELATION_OUT_WEIGHT] = (TensorRow){"relation.out.weight", X, X};
    table[PARA_T_RELATION_OUT_BIAS] = (TensorRow){"relation.out.bias", 1, X};
    table[PARA_T_ENCODER2_WEIGHT] = (TensorRow){"encoder2.weight", E, E};
    table[PARA_T_ENCODER2_BIAS] = (TensorRow){"encoder2.bias", 1, E};
    list_sight(def, table);
    list_ring(def, table);
    table[PARA_T_TRUNK1_WEIGHT] = (TensorRow){"trunk1.weight", J, W};
    table[PARA_T_TRUNK1_BIAS] = (TensorRow){"trunk1.bias", 1, W};
    int C = def->core != PARA_CORE_NONE ? W : 0, V = def->bins ? PARA_VALUE_BINS : 1;
    table[PARA_T_CORE_WEIGHT] = (TensorRow){"core.weight", C, 2 * C};
    table[PARA_T_CORE_BIAS] = (TensorRow){"core.bias", 1, 2 * C};
    table[PARA_T_TRUNK2_WEIGHT] = (TensorRow){"trunk2.weight", W, 2 * W};
    table[PARA_T_TRUNK2_BIAS] = (TensorRow){"trunk2.bias", 1, 2 * W};
    table[PARA_T_LOGITS_WEIGHT] = (TensorRow){"logits.weight", W, PARA_LOGITS};
    table[PARA_T_LOGITS_BIAS] = (TensorRow){"logits.bias", 1, PARA_LOGITS};
    table[PARA_T_VALUE_WEIGHT] = (TensorRow){"value.weight", W, V};
    table[PARA_T_VALUE_BIAS] = (TensorRow){"value.bias", 1, V};
    table[PARA_T_GLOBAL_MEAN] = (TensorRow){"normal.global.mean", 1, G};
    table[PARA_T_GLOBAL_VARIANCE] = (TensorRow){"normal.global.variance", 1, G};
    table[PARA_T_ROW_MEAN] = (TensorRow){"normal.row.mean", 1, R};
    table[PARA_T_ROW_VARIANCE] = (TensorRow){"normal.row.variance", 1, R};
    table[PARA_T_NORMAL_COUNT] = (TensorRow){"normal.count", 1, 2};
}

static void cut_tensors(ParaPolicy *policy, ParaArena *arena)
{
    TensorRow table[PARA_T_COUNT];
    list_tensors(&policy->def, table);
    size_t total = 0;
    for (int i = 0; i < PARA_T_COUNT; i++) {
        size_t floats = (size_t)table[i].rows * (size_t)table[i].columns;
        policy->offset[i] = total;
        total += (floats + ALIGN_FLOATS - 1) / ALIGN_FLOATS * ALIGN_FLOATS;
        if (i < PARA_T_LEARNED) {
            policy->learned_floats = total;
            policy->parameter_count += (int)floats;
        }
    }
    policy->block = PARA_NEW(arena, float, total);
    for (int i = 0; i < PARA_T_COUNT; i++) {
        if (table[i].rows == 0 || table[i].columns == 0)
            continue;
        policy->tensors[policy->tensor_count++] = (ParaTensor){table[i].name, table[i].rows, table[i].columns,
                                                               para_policy_at(policy, (ParaTensorId)i)};
    }
}

/// The core's weights, and how fast each of its numbers forgets: evenly from one decision to PACE.
static void fill_core(ParaPolicy *policy, ParaRng *rng, double *scratch)
{
    int W = policy->def.width;
    float *weight = para_policy_at(policy, PARA_T_CORE_WEIGHT),
          *bias = para_policy_at(policy, PARA_T_CORE_BIAS);
    para_orthogonal_fill(weight, 2 * W, W, W, 1.0, rng, scratch);
    para_orthogonal_fill(weight + W, 2 * W, W, W, 5.0 / 3.0, rng, scratch);
    for (int j = 0; j < W; j++)
        bias[j] = (float)-para_log(1.0 + (PACE - 1.0) * para_rng_f64(rng));
}

static void fill_values(ParaPolicy *policy, uint64_t seed, ParaArena *arena)
{
    const ParaPolicyDef *def = &policy->def;
    ParaRng rng = para_rng_make(seed, "policy");
    ParaArenaMark mark = para_arena_mark(arena);
    int W = def->width, E = def->encoder_width, R = def->obs.row_size, J = policy->joined_size;
    size_t largest = (size_t)(J > W ? J : W) * (size_t)(W > PARA_LOGITS ? W : PARA_LOGITS);
    double relu = para_sqrt(2.0), tanh_gain = 5.0 / 3.0;
    if (def->obs.row_max > 0) {
        size_t encoder = (size_t)(R > E ? R : E) * (size_t)E;
        largest = encoder > largest ? encoder : largest;
    }
    if (para_sight_features(def) > 0 && largest < SIGHT_LARGEST)
        largest = SIGHT_LARGEST;
    double *scratch = PARA_NEW(arena, double, largest);
    if (def->obs.row_max > 0) {
        para_orthogonal_fill(para_policy_at(policy, PARA_T_ENCODER1_WEIGHT), E, R, E, relu, &rng, scratch);
        para_orthogonal_fill(para_policy_at(policy, PARA_T_ENCODER2_WEIGHT), E, E, E, relu, &rng, scratch);
    }
    if (def->encoder == PARA_ENCODER_RELATIONAL) {
        ParaRng own = para_rng_make(seed, "relation"); // of its own: the rest begins as a pooled one
        para_relation_fill(policy, &own, scratch);
    }
    if (para_sight_features(def) > 0) {
        ParaRng own = para_rng_make(seed, "sight");
        para_sight_fill(policy, &own, scratch);
    }
    if (def->rays) {
        ParaRng own = para_rng_make(seed, "rays");
        para_ring_fill(policy, &own, scratch);
    }
    para_orthogonal_fill(para_policy_at(policy, PARA_T_TRUNK1_WEIGHT), W, J, W, 1.0, &rng, scratch);
    if (def->core != PARA_CORE_NONE) {
        ParaRng own = para_rng_make(seed, "core");
        fill_core(policy, &own, scratch);
    }
    float *trunk2 = para_policy_at(policy, PARA_T_TRUNK2_WEIGHT);
    para_orthogonal_fill(trunk2, 2 * W, W, W, tanh_gain, &rng, scratch);
    para_orthogonal_fill(trunk2 + W, 2 * W, W, W, tanh_gain, &rng, scratch);
    para_orthogonal_fill(para_policy_at(policy, PARA_T_LOGITS_WEIGHT), PARA_LOGITS, W, PARA_LOGITS, 0.01,
                         &rng, scratch);
    if (!def->bins) // bins begin alike: what nothing is known of is 0
        para_orthogonal_fill(para_policy_at(policy, PARA_T_VALUE_WEIGHT), 1, W, 1, 1.0, &rng, scratch);
    para_arena_rewind(arena, mark);

    // Until the first observations are counted, inputs pass as they are.
    for (int j = 0; j < def->obs.global_size; j++)
        para_policy_at(policy, PARA_T_GLOBAL_VARIANCE)[j] = 1.0f;
    for (int j = 0; def->obs.row_max > 0 && j < R; j++)
        para_policy_at(policy, PARA_T_ROW_VARIANCE)[j] = 1.0f;
}

/// Where a layout's rays begin; -1: it has none, or not as many as the ring takes.
static int find_rays(const ParaObsSpec *obs)
{
    ParaObsSpan span;
    bool whole =
        obs->kind == PARA_OBS_ENTITIES ||
        (obs->kind == PARA_OBS_VECTOR && para_obs_is_vector_size(obs->size - para_obs_part_size(obs->parts)));
    bool there = obs->kind <= PARA_OBS_VECTOR && whole && para_obs_span_find(obs, "rays", &span);
    return there && span.size == PARA_RING && span.offset + span.size <= obs->global_size ? span.offset : -1;
}

bool para_policy_can_see_rays(const ParaObsSpec *obs) { return find_rays(obs) >= 0; }

ParaPolicy *para_policy_create_blank(const ParaPolicyDef *def, ParaArena *arena)
{
    PARA_ASSERT(def->width >= 16 && def->width <= 1024);
    PARA_ASSERT(def->obs.row_max == 0 || (def->encoder_width >= 1 && def->encoder_width <= 1024));
    PARA_ASSERT(def->obs.size == (def->obs.kind == PARA_OBS_PIXELS
                                      ? para_obs_spec_pixels().size
                                      : def->obs.global_size + def->obs.row_max * (def->obs.row_size + 1)));
    PARA_ASSERT(!def->rays || para_policy_can_see_rays(&def->obs));
    PARA_ASSERT(def->encoder == PARA_ENCODER_POOLED ||
                (def->obs.kind == PARA_OBS_ENTITIES && def->encoder_width % PARA_RELATION_HEADS == 0 &&
                 def->obs.row_max == para_obs_spec_entities().row_max));
    para_net_ready();
    ParaPolicy *policy = PARA_NEW(arena, ParaPolicy, 1);
    policy->def = *def;
    policy->joined_size = def->obs.global_size + (def->obs.row_max > 0 ? 2 * def->encoder_width : 0) +
                          para_sight_features(def) + para_ring_features(def);
    policy->ray_at = def->rays ? find_rays(&def->obs) : 0;
    cut_tensors(policy, arena);
    return policy;
}

ParaPolicy *para_policy_create(const ParaPolicyDef *def, uint64_t seed, ParaArena *arena)
{
    ParaPolicy *policy = para_policy_create_blank(def, arena);
    fill_values(policy, seed, arena);
    return policy;
}

const ParaPolicyDef *para_policy_def(const ParaPolicy *policy) { return &policy->def; }
bool para_policy_is_fine(const ParaPolicy *policy) { return policy->def.head == PARA_HEAD_FINE; }
bool para_policy_remembers(const ParaPolicy *policy) { return policy->def.core != PARA_CORE_NONE; }

const ParaTensor *para_policy_tensors(const ParaPolicy *policy, int *out_count)
{
    *out_count = policy->tensor_count;
    return policy->tensors;
}

int para_policy_parameter_count(const ParaPolicy *policy) { return policy->parameter_count; }
