// SPDX-License-Identifier: MIT
#pragma once
// The network and the PPO loss once more, in double and sample by sample, written for clarity alone.
// Tests compare the fast float code with it and take finite differences through it.
#include "agents/learn/ppo_parts.h"

/// A policy's learned tensors in double, at the policy's offsets. [learned_floats]
double *reference_parameters(const ParaPolicy *policy, ParaArena *arena);
/// Random values everywhere, so that no gradient is zero by its initial value.
void reference_shake(ParaPolicy *policy, ParaRng *rng, double size);

void reference_forward(const ParaPolicy *policy, const double *parameters, const float *obs,
                       double logits[PARA_LOGITS], double *value);
/// Log probability of the action and entropy over bound channels.
double reference_log_prob(const double *logits, uint32_t channel_bits, uint32_t negative_bits,
                          const int8_t *action, double *out_entropy);
/// Mean loss of a minibatch.
double reference_loss(const ParaPpo *ppo, const double *parameters, const ParaMinibatch *minibatch);
