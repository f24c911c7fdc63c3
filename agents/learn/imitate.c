// SPDX-License-Identifier: MIT
// Passes of behaviour cloning, of which the best is kept.
#include "agents/learn/imitate.h"

#include "engine/base/assert.h"

#include <string.h>

#define PATIENCE 4 // passes that may be in vain

ParaImitateDef para_imitate_def_default(void)
{
    return (ParaImitateDef){.passes = 12, .aside = 0.1f, .clone = para_clone_def_default()};
}

static ParaCloneRows part(const ParaCloneRows *rows, int obs_size, int first, int count)
{
    return (ParaCloneRows){.count = count,
                           .obs = rows->obs + (size_t)first * (size_t)obs_size,
                           .action = rows->action + (size_t)first * PARA_CHANNELS,
                           .channel_bits = rows->channel_bits + first,
                           .negative_bits = rows->negative_bits + first,
                           .value = rows->value + first};
}

/// What a policy has learned, to be brought back.
typedef struct Kept {
    const ParaTensor *tensors;
    int count;
    float *floats;
} Kept;

static Kept make_kept(const ParaPolicy *policy, ParaArena *arena)
{
    Kept kept = {.count = 0};
    size_t floats = 0;
    kept.tensors = para_policy_tensors(policy, &kept.count);
    for (int i = 0; i < kept.count; i++)
        floats += (size_t)kept.tensors[i].rows * (size_t)kept.tensors[i].columns;
    kept.floats = PARA_NEW(arena, float, floats);
    return kept;
}

static void copy(const Kept *kept, bool back)
{
    float *at = kept->floats;
    for (int i = 0; i < kept->count; i++) {
        size_t floats = (size_t)kept->tensors[i].rows * (size_t)kept->tensors[i].columns;
        memcpy(back ? kept->tensors[i].data : at, back ? at : kept->tensors[i].data, sizeof(float) * floats);
        at += floats;
    }
}

ParaImitated para_imitate(const ParaImitateDef *def, ParaPolicy *policy, const ParaCloneRows *rows,
                          ParaImitateGoes *goes, void *context, ParaArena *arena)
{
    PARA_ASSERT(rows->count >= 20 && def->aside >= 0.0f && def->aside <= 0.5f);
    int size = para_policy_def(policy)->obs.size, aside = (int)((float)rows->count * def->aside);
    ParaCloneRows learned = part(rows, size, 0, rows->count - aside),
                  judged = aside > 0 ? part(rows, size, rows->count - aside, aside) : learned;
    ParaClone *clone = para_clone_create(&def->clone, policy, rows->count, arena);
    Kept kept = make_kept(policy, arena);
    copy(&kept, false);
    ParaImitated out = {.before = para_clone_measure(clone, &judged)};
    out.after = out.before;
    for (int pass = 1, vain = 0; pass <= def->passes && vain < PATIENCE && !out.stopped; pass++) {
        para_clone_pass(clone, &learned);
        double now = para_clone_measure(clone, &judged);
        out.stopped = goes && !goes(context);
        vain = now < out.after ? 0 : vain + 1;
        if (vain > 0)
            continue;
        out.after = now;
        out.passes = pass;
        copy(&kept, false);
    }
    copy(&kept, true);
    return out;
}
