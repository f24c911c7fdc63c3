// SPDX-License-Identifier: MIT
#include "agents/families.h"

#include "engine/base/file.h"
#include "worlds/library.h"

#include <stdio.h>
#include <stdlib.h>

#define SAMPLE_TRIES 16

// The diagnostics as one text in the arena.
static const char *diagnostics_text(const ParaDiagList *list, ParaArena *arena)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return "out of memory";
    para_diag_print(list, out);
    fclose(out);
    const char *copy = para_arena_strdup(arena, text);
    free(text);
    return copy;
}

static const ParaTemplate *load_one(const char *name, ParaArena *arena, const char **out_error)
{
    const char *path = para_library_find(name, arena);
    if (!path) {
        const char **known;
        int count = para_library_list(arena, &known);
        const char *close = para_closest_word(name, known, count);
        const char *all = "";
        for (int i = 0; i < count; i++)
            all = para_arena_printf(arena, "%s%s%s", all, i ? ", " : "", known[i]);
        *out_error =
            close ? para_arena_printf(arena, "no family or template file \"%s\"; did you mean \"%s\"?", name,
                                      close)
                  : para_arena_printf(arena, "no family or template file \"%s\"; families: %s", name, all);
        return NULL;
    }
    ParaDiagList diagnostics = para_diag_list(arena, path, NULL);
    const ParaTemplate *t = para_template_load_file(path, arena, &diagnostics);
    if (!t)
        *out_error = diagnostics_text(&diagnostics, arena);
    return t;
}

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
        const ParaTemplate *t = load_one(names[i], arena, out_error);
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
