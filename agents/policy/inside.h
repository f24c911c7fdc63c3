// SPDX-License-Identifier: MIT
#pragma once
// The inside of the policy, shared by its files and the learner: where each tensor lies, the scratch of
// a block of samples, forward with what backward needs, and the action heads. A door for agents/learn alone.
#include "agents/net/conv.h"
#include "agents/net/net.h"
#include "agents/policy/policy.h"

#define PARA_BLOCK 256 ///< samples that go through the network together; their work fits in L2

#define PARA_RELATION_HEADS 4        ///< heads of the relational encoder's attention
#define PARA_RELATION_PAIR  (7 + 16) ///< weights of a head: of what agents/observe/pairs.h tells, of two kinds

#define PARA_SIGHT_LAYERS   5            ///< convolutions over a picture
#define PARA_SIGHT_FEATURES (4 * 4 * 32) ///< what they make of one
#define PARA_SIGHT_PICTURES 4            ///< that go through them together: their work fits in L2
#define PARA_RING           16           ///< rays
#define PARA_RING_CHANNELS  8            ///< that a convolution over them makes
#define PARA_RING_FEATURES  (PARA_RING * PARA_RING_CHANNELS)
#define PARA_RING_SEEN      3 ///< numbers of a ray: how near it ends, its direction x, y
#define PARA_RING_KERNEL1   5
#define PARA_RING_KERNEL2   3

/// The one table of tensors: order here is order in memory and in checkpoints.
typedef enum {
    PARA_T_ENCODER1_WEIGHT,      ///< [row_size, E]
    PARA_T_ENCODER1_BIAS,        ///< [1, E]
    PARA_T_RELATION_QKV_WEIGHT,  ///< [E, 3 E]: what a row asks, what it answers to, what it says
    PARA_T_RELATION_QKV_BIAS,    ///< [1, 3 E]
    PARA_T_RELATION_PAIR_WEIGHT, ///< [PARA_RELATION_PAIR, heads]
    PARA_T_RELATION_OUT_WEIGHT,  ///< [E, E]; begins at 0, where the encoder is a pooled one
    PARA_T_RELATION_OUT_BIAS,    ///< [1, E]
    PARA_T_ENCODER2_WEIGHT,      ///< [E, E]
    PARA_T_ENCODER2_BIAS,        ///< [1, E]
    PARA_T_SIGHT_WEIGHT,         ///< [kernel^2 in, out] of the first layer; its bias, the next layer...
    PARA_T_SIGHT_END = PARA_T_SIGHT_WEIGHT + 2 * PARA_SIGHT_LAYERS - 1, ///< the last layer's bias
    PARA_T_RING1_WEIGHT,                                                ///< [kernel seen, channels] over rays
    PARA_T_RING1_BIAS,                                                  ///< [1, channels]
    PARA_T_RING2_WEIGHT,                                                ///< [kernel channels, channels]
    PARA_T_RING2_BIAS,                                                  ///< [1, channels]
    PARA_T_TRUNK1_WEIGHT, ///< [J, W]; J = globals + 2 E + sight + ring: globals, mean, max, and what of a
                          ///< picture or of rays was made
    PARA_T_TRUNK1_BIAS,   ///< [1, W]
    PARA_T_CORE_WEIGHT,   ///< [W, 2 W]: left half how much is taken in, right half what
    PARA_T_CORE_BIAS,     ///< [1, 2 W]
    PARA_T_TRUNK2_WEIGHT, ///< [W, 2 W]: left half for the logits, right half for the value
    PARA_T_TRUNK2_BIAS,   ///< [1, 2 W]
    PARA_T_LOGITS_WEIGHT, ///< [W, 24]
    PARA_T_LOGITS_BIAS,   ///< [1, 24]
    PARA_T_VALUE_WEIGHT,  ///< [W, V]; V = 1, or PARA_VALUE_BINS
    PARA_T_VALUE_BIAS,    ///< [1, V]
    PARA_T_LEARNED,       ///< the learned ones end here
    PARA_T_GLOBAL_MEAN = PARA_T_LEARNED, ///< [1, global_size]
    PARA_T_GLOBAL_VARIANCE,              ///< [1, global_size]
    PARA_T_ROW_MEAN,                     ///< [1, row_size]
    PARA_T_ROW_VARIANCE,                 ///< [1, row_size]
    PARA_T_NORMAL_COUNT,                 ///< [1, 2]: samples, live rows
    PARA_T_COUNT
} ParaTensorId;

struct ParaPolicy {
    ParaPolicyDef def;
    int joined_size;             ///< [1] >= 0; J
    int ray_at;                  ///< [1] >= 0; float of an observation where its rays begin
    size_t offset[PARA_T_COUNT]; ///< [1] >= 0; [float] of each tensor in `block`
    size_t learned_floats; ///< [1] >= 0; [float] of the learned tensors with padding: size of a gradient
    int parameter_count;   ///< [1] >= 0; without padding
    float *block;
    ParaTensor tensors[PARA_T_COUNT]; ///< those that exist
    int tensor_count;
};

/// Scratch for one block. B <= PARA_BLOCK samples, M live rows in all, E encoder width, W trunk width.
struct ParaForward {
    int block;                       ///< [1] >= 0; samples there is room for
    float *global_scale, *row_scale; ///< [1] any finite; [global_size], [row_size]
    int *offsets;                    ///< [1] >= 0; [B + 1]
    float *rows;                     ///< [1] any finite; [M, row_size] normalised live rows
    float *hidden1, *hidden2;        ///< [1] any finite; [M, E]
    float *met;                      ///< [1] any finite; [M, E] what goes into the encoder's second layer
    int *best;                       ///< [1] >= -1; [B, E]
    // of a relational encoder; P = row_max^2, of which a sample of m rows takes the first m^2
    uint8_t *kinds; ///< [1] >= 0; [M] of each row
    float *pairs;   ///< [1] any finite; [B, PARA_PAIR_FLOATS P]
    float *share;   ///< [1] any finite; [B, heads P] how much a row takes of another
    float *qkv;     ///< [1] any finite; [M, 3 E]
    float *mixed;   ///< [1] any finite; [M, E] what a row takes of all
    // of a picture: s samples, one after the other
    const uint8_t **pictures; ///< [B] where each lies: the observations stay until the way back is gone
    float *blocks;            ///< [1] any finite; [s, 16, 16, 48] s of them, for one part of the block
    float *folded;            ///< [1] any finite; [s, 4096] a layer's input whose pixels stand as blocks
    float *seen[PARA_SIGHT_LAYERS]; ///< [1] any finite; what each layer makes; [B, ..] for the way back
    float *conv;                    ///< [1] any finite; scratch of convolutions
    // of rays
    float *ring_in;                ///< [1] any finite; [B 16, kernel seen] what the first layer sees
    float *ring1, *ring_mid;       ///< [1] any finite; [B 16, channels]; [B 16, kernel channels]
    float *ring2;                  ///< [1] any finite; [B 16, channels]
    float *joined;                 ///< [1] any finite; [B, J]
    float *trunk1;                 ///< [1] any finite; [B, W]
    float *trunk2;                 ///< [1] any finite; [B, 2 W]
    float *gates;                  ///< [1] any finite; [B, 2 W] of the core: how much is taken in, what
    float *before, *after;         ///< [1] any finite; [B, W] what was remembered, and is with the row
    float *cored;                  ///< [1] any finite; [B, W] trunk1 + after: what goes into the second layer
    float bin_at[PARA_VALUE_BINS]; ///< [1] any finite; where each lies, rising
    float *bins; ///< [1] any finite; [B, PARA_VALUE_BINS] log probabilities, spoilt by the way back; NULL
                 ///< without
    // backward, NULL in scratch for forward alone
    float *logits, *value; ///< [1] any finite; [B, 24], [B]
    float *dlogits,
        *dvalue; ///< [1] any finite; [B, 24], [B]; with bins dvalue is the weight of a row's cross-entropy
    float *aim;  ///< [1] any finite; [B] with bins: what the value should have been
    float *dtrunk2, *dtrunk1; ///< [1] any finite; [B, 2 W], [B, W]
    float *dgates;            ///< [1] any finite; [B, 2 W]
    float *dcored;            ///< [1] any finite; [B, W]
    float *dpooled;           ///< [1] any finite; [B, J - globals]: what comes after the globals in `joined`
    float *dsight[2];         ///< [1] any finite; [s, 4096] gradients under way
    float *dring2, *dring_mid, *dring1; ///< [1] any finite; as without the d
    float *dhidden2, *dhidden1;         ///< [1] any finite; [M, E]
    float *dshare;                      ///< [1] any finite; [heads P] of one sample
    float *dqkv, *dmixed;               ///< [1] any finite; [M, 3 E], [M, E]
};

static inline float *para_policy_at(const ParaPolicy *policy, ParaTensorId id)
{
    return policy->block + policy->offset[id];
}

ParaForward *para_forward_create_training(const ParaPolicyDef *def, ParaArena *arena);

/// Rows of a block that follow each other in an episode: a stretch of consecutive rows goes through the core
/// one after the other.
typedef struct ParaStretches {
    int count;        ///< [1] >= 1
    const int *first; ///< [row] of each, then n  [count + 1]
    const float *const
        *memory;           ///< [1] any finite; what is remembered where each begins, each [memory]  [count]
    const uint8_t *begins; ///< [1] 0 or 1; 1: nothing is remembered in this row  [n]
} ParaStretches;

/// Forward of one block. @param index in, [n] which rows of obs, or NULL for the first n
/// @param stretches of a policy with a core; NULL: every row by itself
/// @param memory in-out, [n, memory] of rows by themselves; else NULL
void para_net_forward(const ParaPolicy *policy, ParaForward *scratch, const float *obs, const int *index,
                      int n, const ParaStretches *stretches, float *memory, float *logits, float *value);
/// Backward of the block that went forward last, from scratch->dlogits and dvalue.
/// @param stretches as forward had them; gradients stay within a stretch
/// @param gradient out, [learned_floats], every learned tensor at its offset; written, padding untouched
void para_net_backward(const ParaPolicy *policy, ParaForward *scratch, int n, const ParaStretches *stretches,
                       float *gradient);

/// Where bin k of the value lies [normalised return].
float para_value_bin(int k);
/// The value head of a block, out of scratch->trunk2. @param value out, [n]
void para_value_forward(const ParaPolicy *policy, ParaForward *scratch, int n, float *value);
/// Cross-entropy [nat] >= 0 of a row's bins with the two around a target.
float para_value_cross(const ParaForward *scratch, int row, float target);
/// From scratch->dvalue, and with bins scratch->aim, to the right half of scratch->dtrunk2, which is written.
void para_value_backward(const ParaPolicy *policy, ParaForward *scratch, int n, float *gradient);

/// The core of a block: from scratch->trunk1 to scratch->cored, and what is remembered after each row. As
/// above.
void para_core_forward(const ParaPolicy *policy, ParaForward *scratch, int n, const ParaStretches *stretches,
                       float *memory);
/// From scratch->dcored to scratch->dtrunk1, which is written.
void para_core_backward(const ParaPolicy *policy, ParaForward *scratch, int n, const ParaStretches *stretches,
                        float *gradient);

/// The relational encoder: scratch for it, its initial values, and what a sample's rows are to each other.
void para_relation_create(const ParaPolicyDef *def, ParaForward *scratch, bool training, ParaArena *arena);
/// @param scratch [E * E]
void para_relation_fill(ParaPolicy *policy, ParaRng *rng, double *scratch);
/// @param sample of the block; scratch->offsets[sample] is set   @param rows in, raw, with their mask after
/// them
void para_relation_look(const ParaObsSpec *spec, ParaForward *scratch, int sample, const float *rows);
/// From scratch->hidden1 to scratch->met.
void para_relation_forward(const ParaPolicy *policy, ParaForward *scratch, int n);
/// scratch->dhidden1 in place: from the gradient of met to that of hidden1.
void para_relation_backward(const ParaPolicy *policy, ParaForward *scratch, int n, float *gradient);

/// Convolutions over a picture. <after Mnih and others 2015, Nature 518, methods, with less of everything>
/// Floats they add to `joined`: 0 of other layouts.
int para_sight_features(const ParaPolicyDef *def);
ParaConv para_sight_conv(int layer); ///< 0..PARA_SIGHT_LAYERS - 1
void para_sight_create(const ParaPolicyDef *def, ParaForward *scratch, bool training, ParaArena *arena);
/// @param scratch [1152 * 32]
void para_sight_fill(ParaPolicy *policy, ParaRng *rng, double *scratch);
/// From scratch->pictures to the columns of scratch->joined from `column` on.
void para_sight_forward(const ParaPolicy *policy, ParaForward *scratch, int n, int column);
/// @param dout in, [n, features], rows `stride` apart
void para_sight_backward(const ParaPolicy *policy, ParaForward *scratch, int n, const float *dout, int stride,
                         float *gradient);

/// A convolution over rays, in the order in which they stand around the player.
int para_ring_features(const ParaPolicyDef *def); ///< floats it adds to `joined`; 0 without
void para_ring_create(const ParaPolicyDef *def, ParaForward *scratch, bool training, ParaArena *arena);
/// @param scratch [PARA_RING_KERNEL2 * channels^2]
void para_ring_fill(ParaPolicy *policy, ParaRng *rng, double *scratch);
/// @param sample of the block   @param rays in, raw  [16]
void para_ring_look(ParaForward *scratch, int sample, const float *rays);
/// From what was looked at to the columns of scratch->joined from `column` on.
void para_ring_forward(const ParaPolicy *policy, ParaForward *scratch, int n, int column);
/// @param dout in, [n, features], rows `stride` apart
void para_ring_backward(const ParaPolicy *policy, ParaForward *scratch, int n, const float *dout, int stride,
                        float *gradient);

/// What the loss needs of an action under the heads' outputs; 0 for channels that are not bound.
typedef struct ParaActionTerms {
    float entropy;         ///< [1] any finite; [nat] any finite; of a fine head it may be below 0
    float p[PARA_LOGITS];  ///< [1] 0..1 of each choice; 0 of a fine head
    float lp[PARA_LOGITS]; ///< [1] any finite; [nat] <= 0 its logarithm
    float
        dlog_prob[PARA_LOGITS];  ///< [nat] any finite; what the action's log probability gains by each output
    float dentropy[PARA_LOGITS]; ///< [1] any finite; [nat] any finite; what the entropy gains by it
} ParaActionTerms;
/// @param action in, [8] as drawn by that head   @return its log probability (or density) over bound channels
float para_action_terms(ParaHead head, const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                        const int8_t *action, ParaActionTerms *terms);
/// The gradient at the outputs of a loss that gains `dlog_prob` by the log probability and loses `entropy` by
/// the entropy. @param dlogits out, [8, 3]
void para_action_gradient(const ParaActionTerms *terms, float dlog_prob, float entropy, float *dlogits);
