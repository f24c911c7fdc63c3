// SPDX-License-Identifier: MIT
#pragma once
// The action heads: what is drawn from their outputs, and what the loss needs of it. Private to
// agents/policy, but for the terms, which the learner takes through inside.h.
#include "agents/policy/inside.h"

/// Whether a channel is among the bits.
static inline bool para_head_has(uint32_t bits, int channel) { return (bits >> channel & 1u) != 0; }

float para_levels_draw(const float *logits, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                       int8_t *action);
void para_levels_best(const float *logits, uint32_t channel_bits, uint32_t negative_bits, int8_t *action);
float para_levels_terms(const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                        const int8_t *action, ParaActionTerms *terms);
/// @param z [PARA_CHOICES] outputs of the channel   @param share out, [PARA_CHOICES]
void para_levels_shares(const float *z, bool negative, float *share);

float para_beta_draw(const float *logits, uint32_t channel_bits, uint32_t negative_bits, ParaRng *rng,
                     int8_t *action);
void para_beta_mean(const float *logits, uint32_t channel_bits, uint32_t negative_bits, int8_t *action);
float para_beta_terms(const float *logits, uint32_t channel_bits, uint32_t negative_bits,
                      const int8_t *action, ParaActionTerms *terms);
/// @param z [PARA_CHOICES] outputs of the channel, the last unused   @param share out, [parts]
void para_beta_shares(const float *z, bool negative, int parts, float *share);
