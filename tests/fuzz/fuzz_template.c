// SPDX-License-Identifier: MIT
// libFuzzer target: any bytes are loaded as a template; what loads is sampled, saved, loaded again and must
// be the same level, which differs from itself in nothing; its world is built and played for a moment. Build:
// cmake -DPARA_FUZZ=ON with clang. Run: fuzz_template -dict=tests/fuzz/template.dict CORPUS worlds/library
// tests/fuzz/seeds tests/bad_templates
#include "worlds/rules/play.h"
#include "worlds/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play_a_moment(const ParaLevel *level, ParaArena *arena)
{
    // Large worlds are slow and teach nothing more here.
    if (level->world.body_count > 60 || level->world.point_count > 600)
        return;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaDiagList list = para_diag_list(arena, "play", NULL);
    ParaPlay play;
    ParaPlayerState players[PARA_PLAYERS_MAX];
    if (para_play_begin(&play, level, world, players,
                        para_arena_alloc(arena, para_play_events_size(level) + 1), &list)) {
        for (int step = 0; step < 12; step++) {
            float action[PARA_PLAYERS_MAX * PARA_CHANNELS];
            for (int c = 0; c < PARA_PLAYERS_MAX * PARA_CHANNELS; c++)
                action[c] = (float)((step + c) % 3 - 1);
            para_play_act(&play, level, action);
            para_play_step(&play, level, world);
        }
        for (int p = 0; p < level->player_count; p++)
            if (!(play.players[p].progress >= 0 && play.players[p].progress <= 1))
                abort();
    }
    para_world_group_destroy(group);
}

/// A saved level must load, and be the same.
static void check_saved(const ParaLevel *level, ParaArena *arena)
{
    char *json = para_level_to_json(level, arena);
    ParaDiagList list = para_diag_list(arena, "saved", NULL);
    const ParaTemplate *t = para_template_load("saved", json, strlen(json), arena, &list);
    const ParaLevel *back = t ? para_template_sample(t, NULL, 77, arena, &list) : NULL;
    ParaDifferences differences;
    if (back && back->hash == level->hash &&
        (!para_level_compare(level, level, arena, &differences) || differences.count == 0))
        return;
    // A level of very many points may outgrow what a file may hold; that is the one good reason.
    if (strlen(json) > (1u << 20))
        return;
    para_diag_print(&list, stderr);
    fprintf(stderr, "%s\n", json);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 30);
    ParaDiagList list = para_diag_list(arena, "fuzz", NULL);
    const ParaTemplate *t = para_template_load("fuzz", (const char *)data, size, arena, &list);
    static FILE *nowhere;
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    if (nowhere)
        para_diag_print(&list, nowhere);
    if (!t && list.error_count == 0)
        abort(); // refused without a word
    for (uint64_t seed = 0; t && seed < 3; seed++) {
        const ParaLevel *level = para_template_sample(t, NULL, seed, arena, &list);
        if (!level)
            continue;
        check_saved(level, arena);
        if (seed == 0)
            play_a_moment(level, arena);
    }
    para_arena_destroy(arena);
    return 0;
}
