// SPDX-License-Identifier: MIT
// Passes of behaviour cloning, of which the best is kept.
#include "agents/learn/imitate.h"

#include "engine/base/assert.h"

#include <string.h>

#define STRETCH_MOST  64 // rows in a row that are learned or set aside together: neighbours are too alike
#define STRETCH_LEAST 4
#define STRETCHES     40 // of few rows

ParaImitateDef para_imitate_def_default(void)
{
    return (ParaImitateDef){.passes = 12, .patience = 4, .aside = 0.1f, .clone = para_clone_def_default()};
}

/// Rows that are set aside, or those that are not: stretches from all over, since those of an episode, and of
/// a family, are together.
static ParaCloneRows part(const ParaCloneRows *rows, float share, bool aside, ParaArena *arena)
{
    int *index = PARA_NEW(arena, int, rows->count), size = rows->count / STRETCHES;
    size = size > STRETCH_MOST ? STRETCH_MOST : size < STRETCH_LEAST ? STRETCH_LEAST : size;
    ParaCloneRows out = *rows;
    out.count = 0;
    out.index = index;
    for (int i = 0; i < rows->count; i++) {
        int stretch = i / size;
        bool is_out = (int)((float)(stretch + 1) * share) > (int)((float)stretch * share);
        if (is_out == aside)
            index[out.count++] = rows->index ? rows->index[i] : i;
    }
    return out;
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
    PARA_ASSERT(rows->count >= PARA_IMITATE_LEAST && def->aside >= 0.1f && def->aside <= 0.5f);
    ParaCloneRows learned = part(rows, def->aside, false, arena),
                  judged = part(rows, def->aside, true, arena);
    ParaClone *clone = para_clone_create(&def->clone, policy, rows->count, arena);
    Kept kept = make_kept(policy, arena);
    copy(&kept, false);
    ParaImitated out = {.before = para_clone_measure(clone, &judged)};
    out.after = out.before;
    for (int pass = 1, vain = 0; pass <= def->passes && vain < def->patience && !out.stopped; pass++) {
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
