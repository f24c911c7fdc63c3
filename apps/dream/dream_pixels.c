// SPDX-License-Identifier: MIT
// paracosm dream train --pixels: watches levels as pictures, and teaches the model of pixels from them.
#include "agents/batch/seeds.h"
#include "agents/pixels/pixels_teach.h"
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "engine/base/clock.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#define EPISODE_SECONDS 20.0f // of one that are watched
#define CLIPS_MOST      1000  // 790 MB, 35 minutes: of more play a fair sample stays

/// One episode watched. @return false: the level cannot be played
static bool watch_one(const ParaPixelsWish *w, ParaClips *clips, const ParaPixelsDef *def, ParaEnv *env,
                      uint64_t draw)
{
    ParaPick pick = {.family = (int32_t)(draw % (uint64_t)w->families->count),
                     .seed = para_training_seed(para_rng_u64(w->rng))};
    const ParaLevel *level = para_families_sample(w->families, &pick, "dream", para_env_level_arena(env));
    *w->plays = w->has_player && draw / (uint64_t)w->families->count % 2 == 1;
    return level && para_env_begin(env, level, "dream") &&
           para_clips_watch(clips, env, w->acts, w->actor, para_pixels_physics_steps(def, &level->world),
                            EPISODE_SECONDS) >= PARA_CLIP_LEAST;
}

static bool watch(const ParaPixelsWish *w, const ParaPixelsDef *def, ParaClips *clips)
{
    ParaWorldGroup *group = para_world_group_create(w->solver, 1);
    ParaEnv env;
    ParaProgress progress = para_progress_begin("seconds of play", w->quiet);
    double wanted = 3600.0 * w->hours;
    if (!group)
        return false;
    para_env_init(&env, para_world_at(group, 0), false);
    int failed = 0;
    for (uint64_t draw = 0; env.arena && clips->seconds < wanted && para_interrupt_count() == 0; draw++) {
        failed = watch_one(w, clips, def, &env, draw) ? 0 : failed + 1;
        if (failed > 100 * w->families->count)
            break; // levels that end at once
        para_progress_show(&progress, (int64_t)clips->seconds, (int64_t)wanted);
    }
    para_progress_end(&progress);
    para_env_destroy(&env);
    para_world_group_destroy(group);
    return clips->count > 0;
}

typedef struct Watching {
    ParaProgress progress;
    ParaPixelTaught taught;
} Watching;

static bool told(void *context, const ParaPixelTaught *taught)
{
    Watching *w = context;
    w->taught = *taught;
    para_progress_show(&w->progress, taught->done, taught->total);
    return para_interrupt_count() == 0;
}

static char *about(const ParaPixelsWish *w, const ParaClips *clips, const Watching *watching, double cpu)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "families");
    for (int i = 0; list && i < w->families->count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(w->families->texts[i].source));
    cJSON_AddStringToObject(json, "sees", "pixels only, no engine");
    cJSON_AddNumberToObject(json, "play_seconds", clips->seconds);
    cJSON_AddNumberToObject(json, "frames_shown", (double)watching->taught.done);
    cJSON_AddNumberToObject(json, "cpu_seconds", cpu);
    cJSON_AddNumberToObject(json, "error_drawn", (double)watching->taught.eye);
    cJSON_AddNumberToObject(json, "error_next", (double)watching->taught.next);
    char *text = para_json_print(json, false);
    cJSON_Delete(json);
    return text;
}

static int finish(const ParaPixelsWish *w, const ParaPixels *pixels, char *card, ParaArena *arena)
{
    const char *why = NULL;
    bool good = card && para_pixels_write(w->out, pixels, card, arena, &why);
    cJSON_free(card);
    if (!good)
        return para_app_fail("dream train", "%s", why ? why : "no memory");
    printf("%s: pixels only, no engine: %d weights\n", w->out, pixels->count);
    const char *file = para_shell_word(w->out, arena);
    printf("  measure it:  %s dream measure --pixels %s\n", para_shell_program(), file);
    printf("  look at it:  %s dream film %s --out film.gif\n", para_shell_program(), file);
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

/// Players of the families: whose actions the model is told.
static int players_of(const ParaPixelsWish *w, ParaArena *arena)
{
    int most = 1;
    for (int f = 0; f < w->families->count; f++) {
        ParaArenaMark mark = para_arena_mark(arena);
        ParaPick pick = {.family = f, .seed = para_training_seed(0)};
        const ParaLevel *level = para_families_sample(w->families, &pick, "dream", arena);
        most = level && level->player_count > most ? level->player_count : most;
        para_arena_rewind(arena, mark);
    }
    return most;
}

int para_dream_train_pixels(const ParaPixelsWish *w, ParaArena *arena)
{
    double cpu = para_clock_cpu_seconds();
    ParaPixelsDef def = para_pixels_def_default();
    def.players = players_of(w, arena);
    double clips_of = 3600.0 * w->hours / ((double)def.seconds * PARA_CLIP_LENGTH) * 1.3 + 20;
    ParaClips clips = para_clips_create(clips_of < CLIPS_MOST ? (int)clips_of : CLIPS_MOST,
                                        para_pixels_acts(&def), w->teaching.seed, arena);
    ParaPixels *pixels = para_pixels_create(&def, w->teaching.seed, arena);
    bool any = watch(w, &def, &clips);
    if (!any && para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    if (!any)
        return para_app_fail("dream train", "nothing could be watched: no level lasts, or no memory");
    if (!w->quiet)
        para_text_print(stderr, "watched %.0f s of play; %d clips of it are taught\n", clips.seconds,
                        clips.count);
    Watching watching = {.progress = para_progress_begin("frames", w->quiet)};
    bool good = para_pixels_teach(pixels, &clips, &w->teaching, told, &watching, arena);
    para_progress_end(&watching.progress);
    if (!good)
        return para_app_fail("dream train", "nothing was learned: no level lasts a second, or no memory");
    return finish(w, pixels, about(w, &clips, &watching, para_clock_cpu_seconds() - cpu), arena);
}
