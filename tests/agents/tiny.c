// SPDX-License-Identifier: MIT
// Loads the tiny families.
#include "tests/agents/tiny.h"

#include "tests/tests.h"

const char *tiny_path(const char *name, ParaArena *arena)
{
    return para_arena_printf(arena, "%s/tests/agents/families/%s.json", PARA_SOURCE_DIR, name);
}

ParaFamilies tiny_families(const char *const *names, int count, ParaArena *arena)
{
    ParaFamilies families;
    const char *error = NULL, **paths = PARA_NEW(arena, const char *, count);
    for (int i = 0; i < count; i++)
        paths[i] = tiny_path(names[i], arena);
    if (!para_families_load(&families, paths, count, arena, &error))
        fail_msg("%s", error);
    return families;
}
