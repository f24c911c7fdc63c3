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

typedef struct Watched {
    const ParaPixelsWish *wish;
    ParaClips *clips;
    const ParaPixelsDef *def;
} Watched;

/// One episode watched. @return false: the level cannot be played
static bool watch_one(void *context, ParaEnv *env, uint64_t draw)
{
    const Watched *watched = context;
    const ParaPixelsWish *w = watched->wish;
    ParaPick pick = {.family = (int32_t)(draw % (uint64_t)w->families->count),
                     .seed = para_training_seed(para_rng_u64(w->rng))};
    const ParaLevel *level = para_families_sample(w->families, &pick, "dream", para_env_level_arena(env));
    *w->plays = w->has_player && draw / (uint64_t)w->families->count % 2 == 1;
    return level && para_env_begin(env, level, "dream") &&
           para_clips_watch(watched->clips, env, w->acts, w->actor,
                            para_pixels_physics_steps(watched->def, &level->world),
                            EPISODE_SECONDS) >= PARA_CLIP_LEAST;
}

static bool watch(const ParaPixelsWish *w, const ParaPixelsDef *def, ParaClips *clips)
{
    Watched watched = {w, clips, def};
    para_dream_live(w->solver, 3600.0 * w->hours, &clips->seconds, w->quiet, w->families->count, watch_one,
                    &watched);
    return clips->count > 0;
}

typedef struct Watching {
    const ParaPixelsWish *wish;
    const ParaClips *clips;
    const ParaPixels *pixels;
    ParaArena *scratch; ///< of a file that is written
    ParaProgress progress;
    ParaPixelTaught taught;
    double cpu, saved; ///< [s] CPU time at first, [s] of the clock when it was saved last
    bool warned;
} Watching;

static char *about(const Watching *watching)
{
    const ParaPixelsWish *w = watching->wish;
    const ParaClips *clips = watching->clips;
    double cpu = para_clock_cpu_seconds() - watching->cpu;
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

/// @param out_why out, until the next one: why not
static bool save(Watching *w, const char **out_why)
{
    char *card = about(w);
    para_arena_clear(w->scratch);
    *out_why = "no memory";
    bool good = card && para_pixels_write(w->wish->out, w->pixels, card, w->scratch, out_why);
    cJSON_free(card);
    w->saved = para_clock_seconds(); // where it could not be, it is tried again after as long
    return good;
}

/// Saves now and then, once it can tell what comes next: an eye alone dreams of nothing.
static bool told(void *context, const ParaPixelTaught *taught)
{
    Watching *w = context;
    const char *why = NULL;
    w->taught = *taught;
    para_progress_show(&w->progress, taught->done, taught->total);
    if (taught->next > 0.0f && para_clock_seconds() - w->saved >= w->wish->save && !save(w, &why)) {
        if (!w->warned)
            para_text_print(stderr, "note: not saved yet: %s; the teaching goes on, and tries again\n", why);
        w->warned = true;
    }
    return para_interrupt_count() == 0;
}

static int finish(Watching *watching, ParaArena *arena)
{
    const char *why = NULL;
    const ParaPixelsWish *w = watching->wish;
    const ParaPixelTaught *taught = &watching->taught;
    if (para_interrupt_count() > 0 && !(taught->next > 0.0f))
        return para_dream_stopped_early(w->out);
    if (!save(watching, &why))
        return para_app_fail("dream train", "%s", why);
    if (taught->done < taught->total)
        para_text_print(stderr, "stopped: %.0f %% of its frames were shown\n",
                        100.0 * (double)taught->done / (double)taught->total);
    printf("%s: pixels only, no engine: %d weights\n", w->out, watching->pixels->count);
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
    Watching watching = {.wish = w, .cpu = para_clock_cpu_seconds()};
    ParaPixelsDef def = para_pixels_def_default();
    def.players = players_of(w, arena);
    double clips_of = 3600.0 * w->hours / ((double)def.seconds * PARA_CLIP_LENGTH) * 1.3 + 20;
    ParaClips clips = para_clips_create(clips_of < CLIPS_MOST ? (int)clips_of : CLIPS_MOST,
                                        para_pixels_acts(&def), w->teaching.seed, arena);
    ParaPixels *pixels = para_pixels_create(&def, w->teaching.seed, arena);
    bool any = watch(w, &def, &clips);
    if (para_interrupt_count() > 0)
        return para_dream_stopped_early(w->out);
    if (!any)
        return para_app_fail("dream train", "nothing could be watched: no level lasts, or no memory");
    if (!w->quiet)
        para_text_print(stderr, "watched %.0f s of play; %d clips of it are taught\n", clips.seconds,
                        clips.count);
    watching.clips = &clips;
    watching.pixels = pixels;
    watching.scratch = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    watching.saved = para_clock_seconds();
    watching.progress = para_progress_begin("frames", w->quiet);
    bool good = watching.scratch && para_pixels_teach(pixels, &clips, &w->teaching, told, &watching, arena);
    para_progress_end(&watching.progress);
    int code =
        good ? finish(&watching, arena)
             : para_app_fail("dream train", "nothing was learned: no level lasts a second, or no memory");
    if (watching.scratch)
        para_arena_destroy(watching.scratch);
    return code;
}
