// SPDX-License-Identifier: MIT
#pragma once
// The player's network: observation in, one of three choices for each of 8 channels out, and a value.
// Entity rows go through a shared two-layer encoder and are pooled (mean and max over live rows); the
// pooled vector joins the normalised globals in a trunk of two layers, the second with a half of its own for
// the value; heads give logits and value. ReLU in the encoder, tanh in the trunk, orthogonal initial weights.
#include "agents/observe/observe.h"
#include "engine/base/rng.h"

#define PARA_CHOICES 3                              ///< -1, 0, +1 of a channel
#define PARA_LOGITS  (PARA_CHANNELS * PARA_CHOICES) ///< 24

typedef struct ParaPolicyDef {
    ParaObsSpec obs;
    int width;         ///< [1] 16..1024 of the trunk; default 128
    int encoder_width; ///< [1] 1..1024 of the entity encoder; default 64
} ParaPolicyDef;

ParaPolicyDef para_policy_def_default(ParaObsSpec obs);

/// A named tensor inside a policy or optimiser: for checkpoints and tests.
typedef struct ParaTensor {
    const char *name;
    int rows, columns; ///< [1] >= 1 shape [rows, columns]
    float *data;       ///< [1] any finite; row-major  [rows, columns]
} ParaTensor;

typedef struct ParaPolicy ParaPolicy;

/// All tensors are cut from one block out of one table. Initialised orthogonally from the seed.
ParaPolicy *para_policy_create(const ParaPolicyDef *def, uint64_t seed, ParaArena *arena);
const ParaPolicyDef *para_policy_def(const ParaPolicy *policy);
/// Learned tensors, then the observation normaliser (mean, variance, count). @return [count]
const ParaTensor *para_policy_tensors(const ParaPolicy *policy, int *out_count);
int para_policy_parameter_count(const ParaPolicy *policy);

/// What one sample costs: floating-point operations of its matrix products, told from their shapes. A
/// multiplication and an addition are two.
typedef struct ParaPolicyFlop {
    double forward;  ///< [1] > 0
    double backward; ///< [1] > 0 gradients of the weights, and of what the layers before give
} ParaPolicyFlop;
/// @param rows [1] >= 0 live entity rows of a sample, a mean
ParaPolicyFlop para_policy_flop(const ParaPolicyDef *def, double rows);

/// Scratch for forward passes of up to `batch_max` rows; one per worker.
typedef struct ParaForward ParaForward;
ParaForward *para_forward_create(const ParaPolicyDef *def, int batch_max, ParaArena *arena);

/// @param obs    in, [n, obs.size] f32 raw (normalised inside, the policy's statistics are read only)
/// @param logits out, [n, 8, 3] f32   @param value out, [n] f32, in units of normalised return
/// Threads: safe with different scratch.  Cost: about 2 * parameters * n flops; no heap.
void para_policy_forward(const ParaPolicy *policy, ParaForward *scratch, const float *obs, int n,
                         float *logits, float *value);

/// Draws actions. Channels not in channel_bits give 0; choices below 0 are masked where negative_bits does
/// not have the channel.
/// @param action out, [8] int8 in -1, 0, 1   @return log probability over the bound channels
float para_action_draw(const float *logits, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                       int8_t *action);
/// The most probable action.
void para_action_best(const float *logits, uint32_t channel_bits, uint32_t negative_bits, int8_t *action);
