// SPDX-License-Identifier: MIT
// Children of picks, and where edits begin.
#include "agents/maker/children.h"

#include "agents/batch/seeds.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define STEP (1.0 / 16) // [1] of a parameter's range that one edit moves it at most

bool para_pick_values(const ParaFamilies *families, ParaPick *pick, ParaArena *scratch, double *out,
                      uint64_t *out_hash)
{
    ParaArenaMark mark = para_arena_mark(scratch);
    const ParaLevel *level = para_families_sample(families, pick, "", scratch);
    for (int p = 0; level && p < level->param_count; p++)
        out[p] = level->params[p].value;
    if (level && out_hash)
        *out_hash = level->hash;
    para_arena_rewind(scratch, mark);
    return level != NULL;
}

static double moved(const ParaParam *param, double value, ParaRng *rng)
{
    double range = param->high - param->low, way = (double)para_rng_int(rng, -1, 1);
    double by = para_rng_f64(rng) * range * STEP;
    if (param->integer)
        by = para_max(1, floor(range * STEP + 0.5));
    return para_clamp(value + way * by, param->low, param->high);
}

ParaPick para_pick_child(const ParaFamilies *families, const ParaPick *parent, uint64_t parent_hash,
                         int edits, ParaRng *rng)
{
    PARA_ASSERT(parent->bound && edits >= 1);
    const ParaTemplate *t = families->templates[parent->family];
    ParaPick child = *parent;
    int params = para_template_param_count(t);
    for (int k = 0; k < edits && params > 0; k++) {
        int p = (int)para_rng_int(rng, 0, params - 1);
        child.values[p] = moved(para_template_param(t, p), child.values[p], rng);
    }
    child.seed = para_training_seed(para_rng_u64(rng));
    child.parent = parent_hash;
    return child;
}

/// Whether an edited level is for the player that trains: within the limits of its solver, and with no more
/// moving bodies than a `vector` shows.
static bool suits(const ParaMakerDef *def, const ParaLevel *level)
{
    return para_solver_fits(def->solver, &level->world, NULL, 0) &&
           (def->obs.kind != PARA_OBS_VECTOR ||
            para_obs_spec_with(para_obs_spec_vector(level), def->obs.parts).size <= def->obs.size);
}

bool para_pick_edited(const ParaMakerDef *def, const ParaKept *parent, ParaRng *rng, ParaArena *scratch,
                      ParaPick *out)
{
    ParaPick child = parent->pick;
    if (child.edit_count >= PARA_EDITS_MAX)
        return false;
    ParaArenaMark mark = para_arena_mark(scratch);
    const ParaLevel *level = para_families_sample(def->families, &child, "", scratch);
    int more = level ? (int)para_rng_int(rng, 1, def->edits) : 0, done = 0;
    for (; done < more && child.edit_count < PARA_EDITS_MAX; done++) {
        // Of 32 bits: so a whole chain fits in what a level tells of itself.
        const ParaLevel *next = para_edit_apply_any(level, para_rng_u64(rng) >> 32, scratch,
                                                    &child.edits[child.edit_count], NULL, 0);
        if (!next)
            break;
        child.edit_count++;
        level = next;
    }
    child.parent = parent->hash;
    bool good = done > 0 && suits(def, level);
    if (good)
        *out = child;
    para_arena_rewind(scratch, mark);
    return good;
}

bool para_pick_any_child(const ParaMakerDef *def, const ParaKept *parent, ParaRng *rng, ParaArena *scratch,
                         ParaPick *out)
{
    if (def->structure > 0 && para_rng_f64(rng) < def->structure &&
        para_pick_edited(def, parent, rng, scratch, out))
        return true;
    ParaPick pick = parent->pick;
    if (!pick.bound)
        pick.bound = para_pick_values(def->families, &pick, scratch, pick.values, NULL);
    if (!pick.bound)
        return false;
    *out = para_pick_child(def->families, &pick, parent->hash, def->edits, rng);
    if (out->edit_count == PARA_EDITS_MAX)
        out->edit_count = 0;
    return true;
}

ParaPick para_pick_easy(const ParaTemplate *const *easy, int family, ParaRng *rng)
{
    ParaPick pick = {.family = family, .bound = true};
    para_template_draw(easy[family], rng, pick.values);
    pick.seed = para_training_seed(para_rng_u64(rng));
    return pick;
}

const ParaTemplate **para_easy_templates(const ParaFamilies *families, ParaArena *arena)
{
    const ParaTemplate **easy = PARA_NEW(arena, const ParaTemplate *, families->count);
    for (int f = 0; f < families->count; f++) {
        const ParaTemplate *t = families->templates[f];
        easy[f] = t;
        bool whole = t == families->whole[f]; // one that is narrowed already stays inside
        for (int k = 0; whole && k < para_template_tier_count(t); k++)
            if (strcmp(para_template_tier(t, k)->name, "easy") == 0) {
                const char *error = NULL;
                easy[f] = para_template_narrow(t, "easy", arena, &error);
                PARA_ASSERT(easy[f] != NULL);
            }
    }
    return easy;
}
