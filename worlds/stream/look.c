// SPDX-License-Identifier: MIT
// A look at the families that a stream names: are they there, and have they its tiers and parameters?
#include "worlds/library.h"
#include "worlds/stream/stream_parts.h"

#include <string.h>

#define PROBLEM PARA_STREAM_PROBLEM

static const ParaParam *find_param(const ParaTemplate *t, const char *name)
{
    for (int i = 0; i < para_template_param_count(t); i++)
        if (strcmp(para_template_param(t, i)->name, name) == 0)
            return para_template_param(t, i);
    return NULL;
}

static void no_param(ParaStreamReader *reader, const ParaTemplate *t, const char *name, const char *path)
{
    const char *words[PARA_PARAMS_MAX], *list = "";
    int count = para_template_param_count(t);
    for (int i = 0; i < count; i++) {
        words[i] = para_template_param(t, i)->name;
        list = para_arena_printf(reader->arena, "%s%s%s", list, i ? ", " : "", words[i]);
    }
    const char *close = para_closest_word(name, words, count);
    PROBLEM(reader, UNKNOWN_REFERENCE, path, name, "%s has no parameter \"%.60s\"%s%s%s; it has %s",
            para_template_name(t), name, close ? "; did you mean \"" : "", close ? close : "",
            close ? "\"?" : "", count ? list : "none");
}

static void look_at_ranges(ParaStreamReader *reader, const ParaTemplate *t, const ParaStreamWorld *world,
                           const char *path)
{
    const char *at = para_arena_printf(reader->arena, "%s/set", path);
    for (int i = 0; i < world->range_count; i++) {
        const ParaStreamRange *range = &world->ranges[i];
        const ParaParam *param = find_param(t, range->name);
        if (!param)
            no_param(reader, t, range->name, at);
        else if (range->low < param->low || range->high > param->high)
            PROBLEM(reader, RANGE, at, range->name, "of %s it must lie in %.15g to %.15g",
                    para_template_name(t), param->low, param->high);
    }
}

static void look_at_family(ParaStreamReader *reader, const char *name, const ParaStreamWorld *world,
                           const char *path, const char *where)
{
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(name, reader->arena, &error);
    if (!t) {
        PROBLEM(reader, UNKNOWN_REFERENCE, where, NULL, "%s", error);
        return;
    }
    if (world->tier && !para_template_narrow(t, world->tier, reader->arena, &error))
        PROBLEM(reader, UNKNOWN_REFERENCE, path, "tier", "%s", error);
    look_at_ranges(reader, t, world, path);
}

void para_stream_look(ParaStreamReader *reader, const ParaStreamWorld *world, const char *path, bool is_text)
{
    for (int i = 0; i < world->family_count; i++) {
        const char **names = NULL;
        int count = para_library_expand(world->families[i], reader->arena, &names);
        const char *where = is_text ? path
                            : world->family_count > 1
                                ? para_arena_printf(reader->arena, "%s/families/%d", path, i)
                                : path;
        if (count == 0)
            PROBLEM(reader, UNKNOWN_REFERENCE, where, NULL, "there are no families \"%.60s\"",
                    world->families[i]);
        for (int k = 0; k < count; k++)
            look_at_family(reader, names[k], world, path, where);
    }
}
