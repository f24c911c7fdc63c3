// SPDX-License-Identifier: MIT
// libFuzzer target: any bytes are imported as a Kinetix level; what is taken is loaded as a template, and
// what loads is built and played for a moment. Build: cmake -DPARA_FUZZ=ON with clang. Run: fuzz_kinetix
// -dict=tests/fuzz/kinetix.dict CORPUS tests/kinetix
#include "worlds/import/kinetix.h"
#include "worlds/rules/play.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play_a_moment(const ParaLevel *level)
{
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaPlay play;
    ParaPlayerState player;
    if (level->world.body_count <= 60 && para_play_begin(&play, level, world, &player, NULL, NULL))
        for (int step = 0; step < 8; step++) {
            float action[PARA_CHANNELS];
            for (int c = 0; c < PARA_CHANNELS; c++)
                action[c] = (float)((step + c) % 3 - 1);
            para_play_act(&play, level, action);
            para_play_step(&play, level, world);
        }
    para_world_group_destroy(group);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 30);
    ParaDiagList list = para_diag_list(arena, "fuzz", NULL);
    ParaKinetixChoices choices = {.name = "fuzz", .from = "fuzz", .dense = size % 2 ? 0.2 : 0};
    char *text = para_arena_alloc(arena, size + 1);
    memcpy(text, data, size);
    const char *out = para_kinetix_import(text, size, &choices, arena, &list);
    if ((out != NULL) != (list.error_count == 0))
        abort(); // refused without a word, or taken with an error
    ParaDiagList inner = para_diag_list(arena, "template", NULL);
    const ParaTemplate *t = out ? para_template_load("template", out, strlen(out), arena, &inner) : NULL;
    const ParaLevel *level = t ? para_template_sample(t, NULL, 0, arena, &inner) : NULL;
    if (level)
        play_a_moment(level);
    else if (out && inner.error_count == 0)
        abort();
    para_arena_destroy(arena);
    return 0;
}
