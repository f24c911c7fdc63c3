// SPDX-License-Identifier: MIT
// Distillation: winners as rows to imitate.
#include "agents/think/distill.h"

#define BLOCK 256 // rows of a forward pass

/// Where the policy's values are held.
static float *values_of(const ParaPolicy *policy, const ParaWinners *w, ParaArena *arena)
{
    const ParaPolicyDef *def = para_policy_def(policy);
    ParaForward *forward = para_forward_create(def, BLOCK, arena);
    float *value = PARA_NEW(arena, float, w->count), *logits = PARA_NEW(arena, float, BLOCK *PARA_LOGITS);
    for (int first = 0; first < w->count; first += BLOCK) {
        int left = w->count - first, n = left < BLOCK ? left : BLOCK;
        para_policy_forward(policy, forward, w->seen + (size_t)first * (size_t)w->obs.size, n, NULL, logits,
                            value + first);
    }
    return value;
}

ParaImitated para_distill(const ParaImitateDef *def, ParaPolicy *policy, const ParaWinners *w,
                          ParaArena *arena)
{
    const ParaCloneRows rows = {.count = w->count,
                                .obs = w->seen,
                                .wanted = w->wanted,
                                .channel_bits = w->channel_bits,
                                .negative_bits = w->negative_bits,
                                .value = values_of(policy, w, arena)};
    return para_imitate(def, policy, &rows, NULL, NULL, arena);
}
