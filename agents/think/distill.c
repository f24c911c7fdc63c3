// SPDX-License-Identifier: MIT
// Distillation with an early end: passes of behaviour cloning, of which the best is kept.
#include "agents/think/distill.h"

#include "engine/base/assert.h"

#include <string.h>

#define PATIENCE 2   // passes that may be in vain
#define BLOCK    256 // rows of a forward pass

ParaDistillDef para_distill_def_default(void)
{
    return (ParaDistillDef){.passes = 12, .aside = 0.1f, .clone = para_clone_def_default()};
}

/// Where the policy's values are held.
static float *values_of(const ParaPolicy *policy, const ParaWinners *w, ParaArena *arena)
{
    const ParaPolicyDef *def = para_policy_def(policy);
    ParaForward *forward = para_forward_create(def, BLOCK, arena);
    float *value = PARA_NEW(arena, float, w->count), *logits = PARA_NEW(arena, float, BLOCK *PARA_LOGITS);
    for (int first = 0; first < w->count; first += BLOCK) {
        int left = w->count - first, n = left < BLOCK ? left : BLOCK;
        para_policy_forward(policy, forward, w->seen + (size_t)first * (size_t)w->obs.size, n, logits,
                            value + first);
    }
    return value;
}

static ParaCloneRows rows_of(const ParaWinners *w, const float *value, int first, int count)
{
    return (ParaCloneRows){.count = count,
                           .obs = w->seen + (size_t)first * (size_t)w->obs.size,
                           .action = w->action + (size_t)first * PARA_CHANNELS,
                           .channel_bits = w->channel_bits + first,
                           .negative_bits = w->negative_bits + first,
                           .value = value + first};
}

/// Copies what a policy has learned, to or from a place beside.
static void copy(const ParaTensor *tensors, int count, float *kept, bool back)
{
    for (int i = 0; i < count; i++) {
        size_t size = sizeof(float) * (size_t)tensors[i].rows * (size_t)tensors[i].columns;
        memcpy(back ? tensors[i].data : kept, back ? kept : tensors[i].data, size);
        kept += size / sizeof(float);
    }
}

ParaDistilled para_distill(const ParaDistillDef *def, ParaPolicy *policy, const ParaWinners *w,
                           ParaArena *arena)
{
    PARA_ASSERT(w->count >= 20 && def->aside >= 0.0f && def->aside <= 0.5f);
    int aside = (int)((float)w->count * def->aside), count = 0;
    aside = aside > 0 ? aside : 1;
    const float *value = values_of(policy, w, arena);
    // Whole stretches are set aside: rows that follow each other are too alike to judge each other.
    ParaCloneRows learned = rows_of(w, value, 0, w->count - aside),
                  judged = rows_of(w, value, w->count - aside, aside);
    ParaClone *clone = para_clone_create(&def->clone, policy, w->count, arena);
    const ParaTensor *tensors = para_policy_tensors(policy, &count);
    size_t floats = 0;
    for (int i = 0; i < count; i++)
        floats += (size_t)tensors[i].rows * (size_t)tensors[i].columns;
    float *kept = PARA_NEW(arena, float, floats);
    copy(tensors, count, kept, false);
    ParaDistilled out = {.before = para_clone_measure(clone, &judged)};
    out.after = out.before;
    for (int pass = 1, vain = 0; pass <= def->passes && vain < PATIENCE; pass++) {
        para_clone_pass(clone, &learned);
        double now = para_clone_measure(clone, &judged);
        vain = now < out.after ? 0 : vain + 1;
        if (vain > 0)
            continue;
        out.after = now;
        out.passes = pass;
        copy(tensors, count, kept, false);
    }
    copy(tensors, count, kept, true);
    return out;
}
