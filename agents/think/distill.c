// SPDX-License-Identifier: MIT
// Distillation with an early end: passes of behaviour cloning, of which the best is kept.
#include "agents/think/distill.h"

#include "engine/base/assert.h"

#include <string.h>

#define PATIENCE 2   // passes that may be in vain
#define BLOCK    256 // rows of a forward pass
#define STRETCH  64  // rows in a row that are learned or set aside together: neighbours are too alike

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

/// Rows that are set aside, or those that are not: stretches from all over, since those of a family are
/// together.
static ParaCloneRows rows_of(const ParaWinners *w, const float *value, float share, bool aside,
                             ParaArena *arena)
{
    int *index = PARA_NEW(arena, int, w->count), count = 0;
    int stretches = (w->count + STRETCH - 1) / STRETCH, size = stretches >= 10 ? STRETCH : w->count / 10;
    for (int i = 0; i < w->count; i++) {
        int stretch = i / size;
        bool out = (int)((float)(stretch + 1) * share) > (int)((float)stretch * share);
        if (out == aside)
            index[count++] = i;
    }
    return (ParaCloneRows){.count = count,
                           .obs = w->seen,
                           .wanted = w->wanted,
                           .channel_bits = w->channel_bits,
                           .negative_bits = w->negative_bits,
                           .value = value,
                           .index = index};
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
    PARA_ASSERT(w->count >= 20 && def->aside >= 0.1f && def->aside <= 0.5f);
    int count = 0;
    const float *value = values_of(policy, w, arena);
    ParaCloneRows learned = rows_of(w, value, def->aside, false, arena),
                  judged = rows_of(w, value, def->aside, true, arena);
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
