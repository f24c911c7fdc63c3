// SPDX-License-Identifier: MIT
#pragma once
// The network and the PPO loss once more, in double and sample by sample, written for clarity alone.
// Tests compare the fast float code with it and take finite differences through it.
#include "agents/learn/ppo_parts.h"

/// Fails unless |got - want| <= tolerance; a NaN is near nothing.
void assert_near(double got, double want, double tolerance);

/// A policy's learned tensors in double, at the policy's offsets. [learned_floats]
double *reference_parameters(const ParaPolicy *policy, ParaArena *arena);
/// Random values everywhere, so that no gradient is zero by its initial value.
void reference_shake(ParaPolicy *policy, ParaRng *rng, double size);

void reference_forward(const ParaPolicy *policy, const double *parameters, const float *obs,
                       double logits[PARA_LOGITS], double *value);
/// The same of a player that remembers. @param memory in-out, [width]   @param value out, [1], or the outputs
/// of [PARA_VALUE_BINS]
void reference_forward_from(const ParaPolicy *policy, const double *parameters, const float *obs,
                            double *memory, double logits[PARA_LOGITS], double *value);
/// Log probability of the action and entropy over bound channels.
double reference_log_prob(const double *logits, uint32_t channel_bits, uint32_t negative_bits,
                          const int8_t *action, double *out_entropy);
/// The choice, 0 to 2, that a number u in [0, 1) makes among the probabilities of one channel; -1 where u
/// lies within `margin` of a limit, so that float and double may choose apart. @param logits in, [3]
int reference_choice(const double *logits, bool negative, double u, double margin);
/// Mean loss of a minibatch.
double reference_loss(const ParaPpo *ppo, const double *parameters, const ParaMinibatch *minibatch);
/// A policy of `entities` far from uniform, its statistics far from those of nothing.
ParaPolicy *reference_policy(int width, ParaArena *arena);
/// A learner of width 16 whose buffers hold random data around its present policy: log probabilities and
/// values off by at most 0.4, all masks, and ends of both kinds.
ParaPpo *reference_learner(ParaObsSpec spec, ParaPpoDef def, ParaWorkers *workers, ParaArena *arena);
