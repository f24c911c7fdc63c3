// SPDX-License-Identifier: MIT
// Families by name or path, levels of picks (trying the next seeds where a member makes no sense), and
// whether levels fit a solver. Used by batches, trials and the training.
#include "agents/env/families.h"

#include "worlds/library.h"

#include <stdio.h>

#define SAMPLE_TRIES 16

bool para_families_load(ParaFamilies *out, const char *const *names, int count, ParaArena *arena,
                        const char **out_error)
{
    const char **library = NULL;
    if (count == 0) {
        count = para_library_list(arena, &library);
        names = library;
    }
    if (count == 0) {
        *out_error =
            "the template library is empty or missing; set PARACOSM_LIBRARY to a folder of templates";
        return false;
    }
    *out = (ParaFamilies){.names = PARA_NEW(arena, const char *, count),
                          .templates = PARA_NEW(arena, const ParaTemplate *, count)};
    for (int i = 0; i < count; i++) {
        const ParaTemplate *t = para_library_load(names[i], arena, out_error);
        if (!t)
            return false;
        out->templates[i] = t;
        out->names[i] = para_template_name(t);
    }
    out->count = count;
    return true;
}

ParaLevel *para_families_sample(const ParaFamilies *families, ParaPick *pick, const char *maker,
                                ParaArena *arena)
{
    const ParaTemplate *t = families->templates[pick->family];
    for (int i = 0; i < SAMPLE_TRIES; i++) {
        ParaLevel *level =
            para_template_sample(t, pick->bound ? pick->values : NULL, pick->seed, arena, NULL);
        if (level) {
            snprintf(level->maker, sizeof level->maker, "%s", maker);
            level->parent = pick->parent;
            return level;
        }
        // The side of the seed space (training or held out) is its top bit, which a retry must keep.
        uint64_t side = pick->seed & (UINT64_C(1) << 63);
        pick->seed = (para_seed_mix(pick->seed, 1) >> 1) | side;
    }
    return NULL;
}

bool para_families_fit(const ParaFamilies *families, const ParaPick *picks, int count, ParaSolverKind solver,
                       ParaArena *arena, const char **out_error)
{
    for (int i = 0; i < count && solver == PARA_SOLVER_LANES; i++) {
        char why[128] = "";
        ParaPick pick = picks[i];
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = para_families_sample(families, &pick, "", arena);
        bool fits = !level || para_solver_fits(solver, &level->world, why, sizeof why);
        para_arena_rewind(arena, mark);
        if (fits)
            continue;
        *out_error = para_arena_printf(arena,
                                       "%s with seed %llu does not fit the solver lanes: %s; use auto, which "
                                       "runs such levels on chipmunk",
                                       families->names[pick.family], (unsigned long long)pick.seed, why);
        return false;
    }
    return true;
}
