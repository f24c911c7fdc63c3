// SPDX-License-Identifier: MIT
#pragma once
// Small templates for tests, loaded and sampled: one that does not is told and fails.
#include "tests/tests.h"

#include "worlds/template.h"

#include <stdio.h>
#include <string.h>

static inline ParaArena *new_arena(void) { return para_arena_create(1 << 18, (size_t)1 << 29); }

static inline const ParaTemplate *load(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    if (!t)
        para_diag_print(&list, stdout);
    assert_non_null(t);
    return t;
}

static inline ParaLevel *sample(const ParaTemplate *t, const double *values, uint64_t seed, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    ParaLevel *level = para_template_sample(t, values, seed, arena, &list);
    if (!level)
        para_diag_print(&list, stdout);
    assert_non_null(level);
    return level;
}

/// A small template around the given bodies; the rest is always the same.
#define AROUND(params, bodies, rest)                                                                         \
    "{\"paracosm\": 1, \"name\": \"t\", " params                                                             \
    "\"bodies\": [{\"name\": \"ball\", \"at\": [1, 2], \"shape\": "                                          \
    "{\"circle\": 0.5}}" bodies                                                                              \
    "], \"zones\": [{\"name\": \"flag\", \"at\": [8, 2], \"area\": {\"box\": [1, 2]}}], "                    \
    "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5}]}, " rest         \
    "\"goal\": {\"inside\": [\"ball\", \"flag\"]}}"

static inline int find_body(const ParaLevel *level, const char *name)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (strcmp(level->body_names[b], name) == 0)
            return b;
    return -1;
}

/// Every level of a template, saved and loaded, is the same level.
static inline void check_round_trip(const ParaTemplate *t, int count, const char *name)
{
    for (int k = 0; k < count; k++) {
        ParaArena *arena = new_arena();
        ParaLevel *level = sample(t, NULL, (uint64_t)k, arena);
        level->parent = 0xfedcba9876543210u;
        snprintf(level->maker, sizeof level->maker, "tester \"%d\" \\ \xc3\xa9", k);
        char *json = para_level_to_json(level, arena);
        const ParaTemplate *saved = load(json, arena);
        ParaLevel *back = sample(saved, NULL, 12345, arena);
        if (back->hash != level->hash)
            print_error("%s, seed %d: the saved level differs\n%s\n", name, k, json);
        assert_true(back->hash == level->hash);
        assert_true(back->seed == level->seed && back->parent == level->parent);
        assert_string_equal(back->maker, level->maker);
        assert_string_equal(back->family, level->family);
        assert_string_equal(back->about, level->about);
        assert_string_equal(para_level_to_json(back, arena), json);
        assert_true(para_level_hash(para_level_copy(level, arena)) == level->hash);
        para_arena_destroy(arena);
    }
}
