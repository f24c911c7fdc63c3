// SPDX-License-Identifier: MIT
#pragma once
// The player's network: observation in, what to do with each of 8 channels out, and a value.
// Entity rows go through a shared two-layer encoder, between whose layers they may look at each other, and
// are pooled (mean and max over live rows); the pooled vector joins the normalised globals in a trunk of two
// layers, the second with a half of its own for the value; between them may stand a core that remembers;
// heads give what actions are drawn from, and the value. Of a picture convolutions make what joins in place
// of all that; over rays a convolution may go besides. ReLU in the encoder, tanh in the trunk, orthogonal
// initial weights.
#include "agents/env/fine.h"
#include "agents/observe/observe.h"
#include "engine/base/rng.h"

#define PARA_CHOICES 3                              ///< -1, 0, +1 of a channel
#define PARA_LOGITS  (PARA_CHANNELS * PARA_CHOICES) ///< 24

/// How an action comes out of the heads' outputs, which are [8, 3] always.
typedef enum {
    PARA_HEAD_LEVELS, ///< one of -1, 0, 1 of each channel, by the softmax of its three outputs
    PARA_HEAD_FINE    ///< a number between, in PARA_FINE parts, by a Beta distribution whose parameters are
                      ///< 1 + softplus of the first two; the third is not used
} ParaHead;

#define PARA_VALUE_BINS 41 ///< of a value that is a distribution

/// How the encoder takes entity rows.
typedef enum {
    PARA_ENCODER_POOLED,    ///< each by itself, until all are pooled
    PARA_ENCODER_RELATIONAL ///< between its two layers they look at each other; of PARA_OBS_ENTITIES alone,
                            ///< and encoder_width a multiple of 4
} ParaEncoder;

/// What stands between the two layers of the trunk.
typedef enum {
    PARA_CORE_NONE,
    PARA_CORE_MINGRU ///< a recurrent unit of the trunk's width: it remembers over an episode
} ParaCore;

typedef struct ParaPolicyDef {
    ParaObsSpec obs;
    int width;           ///< [1] 16..1024 of the trunk; default 128
    int encoder_width;   ///< [1] 1..1024 of the entity encoder; default 64
    ParaEncoder encoder; ///< default pooled
    int rays;      ///< [1] 0 or 1; 1: a convolution goes over the rays; of a layout that has them; default 0
    ParaCore core; ///< default none
    ParaHead head; ///< default levels
    int bins; ///< [1] 0 or 1; 1: the value is the mean of a distribution over PARA_VALUE_BINS; default false
} ParaPolicyDef;

const char *para_encoder_name(ParaEncoder encoder); ///< as cards and --net have it: "pooled", "relational"
bool para_encoder_find(const char *name, ParaEncoder *out); ///< @return false: there is none of that name
const char *para_core_name(ParaCore core);                  ///< as cards have it: "none", "mingru"
const char *para_head_name(ParaHead head);                  ///< "levels", "fine"

bool para_policy_can_see_rays(const ParaObsSpec *obs); ///< whether a layout has rays
ParaPolicyDef para_policy_def_default(ParaObsSpec obs);

/// A named tensor inside a policy or optimiser: for checkpoints and tests.
typedef struct ParaTensor {
    const char *name;
    int rows, columns; ///< [1] >= 1 shape [rows, columns]
    float *data;       ///< [1] any finite; row-major  [rows, columns]
} ParaTensor;

typedef struct ParaPolicy ParaPolicy;

/// All tensors are cut from one block out of one table. Initialised orthogonally from the seed.
/// Cost: O(width^3), some 10 s of CPU at width 1024.
ParaPolicy *para_policy_create(const ParaPolicyDef *def, uint64_t seed, ParaArena *arena);
/// The same with every number 0, for whoever has them all from elsewhere.
ParaPolicy *para_policy_create_blank(const ParaPolicyDef *def, ParaArena *arena);
const ParaPolicyDef *para_policy_def(const ParaPolicy *policy);
bool para_policy_is_fine(const ParaPolicy *policy);   ///< its actions count parts of PARA_FINE
bool para_policy_remembers(const ParaPolicy *policy); ///< it has a core
/// Learned tensors, then the observation normaliser (mean, variance, count). @return [count]
const ParaTensor *para_policy_tensors(const ParaPolicy *policy, int *out_count);
int para_policy_parameter_count(const ParaPolicy *policy);

/// What one sample costs: floating-point operations of its matrix products, told from their shapes. A
/// multiplication and an addition are two.
typedef struct ParaPolicyFlop {
    double forward;  ///< [1] > 0
    double backward; ///< [1] > 0 gradients of the weights, and of what the layers before give
} ParaPolicyFlop;
/// @param rows [1] >= 0 live entity rows of a sample, a mean; those of a relational encoder look at each
/// other, and cost more where they are not spread evenly
ParaPolicyFlop para_policy_flop(const ParaPolicyDef *def, double rows);

/// Scratch for forward passes of up to `batch_max` rows; one per worker.
typedef struct ParaForward ParaForward;
ParaForward *para_forward_create(const ParaPolicyDef *def, int batch_max, ParaArena *arena);

/// Floats of what a player remembers: 0 without a core. All zero where an episode begins.
int para_policy_memory(const ParaPolicyDef *def);

/// @param obs    in, [n, obs.size] f32 raw (normalised inside, the policy's statistics are read only)
/// @param memory in-out, [n, para_policy_memory] of each row's episode, each -1..1; NULL where that is 0
/// @param logits out, [n, 8, 3] f32   @param value out, [n] f32, in units of normalised return
/// Threads: safe with different scratch.  Cost: about 2 * parameters * n flops; no heap.
void para_policy_forward(const ParaPolicy *policy, ParaForward *scratch, const float *obs, int n,
                         float *memory, float *logits, float *value);

/// Draws actions. Channels not in channel_bits give 0; those below 0 are masked where negative_bits does
/// not have the channel.
/// @param action out, [8] int8 in -1, 0, 1; of a fine head in -127..127   @return log probability, of a fine
/// head log density, over the bound channels
float para_action_draw(ParaHead head, const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                       ParaRng *rng, int8_t *action);
/// The most probable action; of a fine head the mean one.
void para_action_best(ParaHead head, const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                      int8_t *action);
/// How one channel's actions are shared out over equal parts of -1..1, from -1 on: what a picture shows.
/// @param channel  0..7
/// @param negative whether the channel acts below 0; where not, what lies there is 0
/// @param parts    [1] of the head of levels PARA_CHOICES; of a fine one even, > 0
/// @param share    out, [parts] 0..1, of sum 1; of a fine head by the density in the middle of each part
/// Cost: a logarithm and an exponential for each part.
void para_action_shares(ParaHead head, const float *logits, int channel, bool negative, int parts,
                        float *share);
/// Every action as probable as any other: what a random player does. @param action out, [8] of `head`
void para_action_any(ParaHead head, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                     int8_t *action);
