// SPDX-License-Identifier: MIT
#pragma once
// Small levels made of a template's text, played step by step: for tests of what templates can say in play.
// Tests named by SCENE_TEST run once on each solver.
#include "tests/engine/world/scene.h"
#include "worlds/rules/play.h"
#include "worlds/template.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define RATE 60

/// One level running.
typedef struct Run {
    ParaArena *arena;
    ParaWorldGroup *group; ///< of two worlds
    ParaWorld world;
    const ParaLevel *level;
    ParaPlay play;
} Run;

/// What a level has beside a floor whose top is y = 1 and a player's ball of radius 0.5 at (2, 1.5).
typedef struct Parts {
    const char *params, *bodies, *joints, *zones, *variables, *events, *goal;
} Parts;

static inline const char *text_of(const Parts *parts, ParaArena *arena)
{
    return para_arena_printf(arena,
                             "{\"paracosm\": 1, \"name\": \"t\", \"params\": {%s}, \"world\": {\"size\": "
                             "[40, 20], \"seconds\": 60},"
                             " \"bodies\": [{\"name\": \"floor\", \"static\": true, \"at\": [20, 0.5], "
                             "\"shape\": {\"box\": [40, 1]}},"
                             " {\"name\": \"ball\", \"at\": [2, 1.5], \"shape\": {\"circle\": 0.5}}%s%s],"
                             " \"joints\": [%s], \"zones\": [%s], \"variables\": {%s}, \"events\": [%s],"
                             " \"player\": {\"body\": \"ball\"}, \"goal\": %s}",
                             parts->params ? parts->params : "", parts->bodies ? ", " : "",
                             parts->bodies ? parts->bodies : "", parts->joints ? parts->joints : "",
                             parts->zones ? parts->zones : "",
                             parts->variables ? parts->variables : "\"hits\": 0",
                             parts->events ? parts->events : "", parts->goal ? parts->goal : "{\"any\": []}");
}

static inline const ParaLevel *level_of(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    const ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, &list) : NULL;
    if (!level)
        para_diag_print(&list, stdout);
    assert_non_null(level);
    return level;
}

static inline void *room_for(const ParaLevel *level, ParaArena *arena)
{
    return para_arena_alloc(arena, para_play_events_size(level) + 1);
}

static inline void start(Run *run)
{
    run->world = para_world_at(run->group, 0);
    assert_true(para_play_begin(&run->play, run->level, run->world, PARA_NEW(run->arena, ParaPlayerState, 1),
                                room_for(run->level, run->arena), NULL));
}

static inline Run begin(Parts parts)
{
    Run run = {.arena = para_arena_create(1 << 18, (size_t)1 << 28), .group = scene_room(2)};
    run.level = level_of(text_of(&parts, run.arena), run.arena);
    start(&run);
    return run;
}

static inline void end(Run *run)
{
    para_world_group_destroy(run->group);
    para_arena_destroy(run->arena);
}

static inline void steps(Run *run, int count)
{
    for (int k = 0; k < count; k++)
        para_play_step(&run->play, run->level, run->world);
}

static inline const ParaView *view(const Run *run) { return para_world_view(run->world); }

static inline int body(const Run *run, const char *name)
{
    for (int b = 0; b < run->level->world.body_count; b++)
        if (strcmp(run->level->body_names[b], name) == 0)
            return b;
    fail_msg("no body %s", name);
    return -1;
}

static inline double x_of(const Run *run, const char *name)
{
    return (double)AT(view(run), x, body(run, name));
}
static inline double y_of(const Run *run, const char *name)
{
    return (double)AT(view(run), y, body(run, name));
}
static inline double vx_of(const Run *run, const char *name)
{
    return (double)AT(view(run), vx, body(run, name));
}
static inline double vy_of(const Run *run, const char *name)
{
    return (double)AT(view(run), vy, body(run, name));
}
static inline bool is_there(const Run *run, const char *name)
{
    return AT(view(run), enabled, body(run, name)) != 0;
}
static inline double n_of(const Run *run) { return para_play_variable(&run->play, 0); }

#define assert_near(a, b, tolerance)                                                                         \
    do {                                                                                                     \
        double left = (a), right = (b);                                                                      \
        if (!(fabs(left - right) <= (tolerance)))                                                            \
            fail_msg("%s is %.9g; %.9g was expected", #a, left, right);                                      \
    } while (0)

#define BOX(name, x, y, more)                                                                                \
    "{\"name\": \"" name "\", \"at\": [" #x ", " #y "], \"shape\": {\"box\": [1, 1]}" more "}"
#define COUNT "\"do\": [{\"add\": \"hits\", \"by\": 1}]"

/// The chained hash of a run from where it is.
static inline uint64_t chain_of(Run *run, int count)
{
    uint64_t chain = 0;
    for (int k = 0; k < count; k++) {
        steps(run, 1);
        chain = chain * 0x9e3779b97f4a7c15u + para_world_hash(run->world);
        for (int v = 0; v < run->level->variable_count; v++) {
            double value = para_play_variable(&run->play, v);
            uint64_t bits;
            memcpy(&bits, &value, sizeof bits);
            chain = chain * 0x9e3779b97f4a7c15u + bits;
        }
        chain = chain * 0x9e3779b97f4a7c15u + (uint64_t)run->play.said_step;
    }
    return chain;
}

/// A copy made after some steps goes on with the same bits.
static inline void check_copy(Parts parts, int middle, int count)
{
    Run run = begin(parts);
    steps(&run, middle);
    Run copy = run;
    copy.world = para_world_at(run.group, 1);
    assert_true(para_world_clone(run.world, copy.world, NULL));
    para_play_copy(&copy.play, &run.play, run.level, PARA_NEW(run.arena, ParaPlayerState, 1),
                   room_for(run.level, run.arena));
    uint64_t chain = chain_of(&run, count);
    assert_true(chain_of(&copy, count) == chain);
    end(&run);
}

/// A level comes back from its text and from a copy with the same hash, and plays with the same bits.
static inline void check_saved(Parts parts, int count)
{
    Run run = begin(parts);
    const char *json = para_level_to_json(run.level, run.arena);
    const ParaLevel *back = level_of(json, run.arena), *copied = para_level_copy(back, run.arena);
    char where[64];
    para_world_def_equal(&back->world, &run.level->world, where, sizeof where);
    if (back->hash != run.level->hash)
        fail_msg("another level is saved, %s differs: %s", where, json);
    assert_true(para_level_hash(copied) == back->hash);
    assert_string_equal(para_level_to_json(copied, run.arena), json);
    uint64_t chain = chain_of(&run, count);
    run.level = copied;
    start(&run);
    assert_true(chain_of(&run, count) == chain);
    end(&run);
}
