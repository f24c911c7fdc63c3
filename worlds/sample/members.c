// SPDX-License-Identifier: MIT
// The last look at a template: a few members are sampled, since ranges may hide what no single line shows.
#include "worlds/sample/members.h"

#include "engine/base/rng.h"
#include "engine/base/text.h"
#include "worlds/format/data.h"

#include <math.h>
#include <stdio.h>

/// "gap = 6, crates = 0" of a member that makes no sense.
static void describe(const ParaTemplate *t, const double *values, uint64_t seed, char *out, size_t size)
{
    size_t used = 0;
    for (int p = 0; p < t->param_count && used < size; p++)
        used +=
            (size_t)para_text_format(out + used, size - used, "%s = %.6g, ", t->params[p].name, values[p]);
    if (used < size)
        snprintf(out + used, size - used, "seed %llu", (unsigned long long)seed);
}

/// Adds what a member's sampling told, with the values of the member; what is known by code and place is not
/// told again: its neighbours would only repeat it.
static void tell(const ParaTemplate *t, const double *values, uint64_t seed, const ParaDiagList *problems,
                 ParaDiagList *list)
{
    char member[300];
    describe(t, values, seed, member, sizeof member);
    for (int k = 0; k < problems->count; k++) {
        const ParaDiag *item = &problems->items[k];
        if (para_problem_is_known(list, item->code, item->path))
            continue;
        ParaDiag *told =
            t->varies ? para_diag_add(list, item->severity, item->code, item->path,
                                      "%s (in the member with %s)", item->message, member)
                      : para_diag_add(list, item->severity, item->code, item->path, "%s", item->message);
        told->name = *item->name ? para_arena_strdup(list->arena, item->name) : "";
    }
}

static bool check_member(const ParaTemplate *t, const double *values, uint64_t seed, ParaDiagList *list)
{
    ParaArena *arena = para_arena_create(1 << 16, 1 << 24);
    if (!arena)
        return true; // no memory to look: loading itself goes on
    ParaDiagList problems = para_diag_list(arena, "", NULL);
    const ParaLevel *level = para_template_sample(t, values, seed, arena, &problems);
    tell(t, values, seed, &problems, list);
    para_arena_destroy(arena);
    return level != NULL;
}

ParaLevel *para_template_sample_told(const ParaTemplate *t, uint64_t seed, ParaArena *arena,
                                     ParaDiagList *list, double *work)
{
    ParaDiagList problems = para_diag_list(arena, "", NULL);
    ParaLevel *level = para_template_sample_counted(t, NULL, seed, arena, &problems, work);
    double values[PARA_PARAMS_MAX];
    para_template_seed_values(t, seed, values);
    int first = list->count;
    tell(t, values, seed, &problems, list);
    para_problems_locate(list, first);
    return level;
}

bool para_template_check_members(const ParaTemplate *t, ParaDiagList *diagnostics)
{
    static const double shares[] = {0, 1, 0.5};
    double values[PARA_PARAMS_MAX];
    for (int k = 0; k < 3; k++) {
        for (int p = 0; p < t->param_count; p++) {
            const ParaParam *param = &t->params[p];
            values[p] = param->low + (param->high - param->low) * shares[k];
            if (param->integer)
                values[p] = floor(values[p]);
        }
        // The first member that fails says enough; its neighbours would repeat it.
        if (!check_member(t, values, 0, diagnostics))
            return false;
        if (!t->varies)
            return true;
    }
    for (uint64_t seed = 1; seed <= 6; seed++) {
        para_template_seed_values(t, seed, values);
        if (!check_member(t, values, seed, diagnostics))
            return false;
    }
    return true;
}
