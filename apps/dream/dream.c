// SPDX-License-Identifier: MIT
// paracosm dream: a model of how worlds move, learned from play, and how well it foresees.
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static const char help[] = "usage: paracosm dream WORD ...\n"
                           "\n"
                           "A model of how worlds move, learned from what a player lives through.\n"
                           "\n"
                           "words:\n"
                           "  train     live through levels, and teach a model what came of what\n"
                           "  measure   how well a model foresees levels it was not taught on\n"
                           "  film      a dream of pixels beside the truth, as a GIF\n"
                           "  play      play inside of a model, the engine beside it\n"
                           "  control   how well a model answers to what a player does\n"
                           "\n"
                           "examples:\n"
                           "  paracosm dream train --families crate,rover --out dream.safetensors\n"
                           "  paracosm dream train runs/first\n"
                           "  paracosm dream measure dream.safetensors --families crate,rover\n"
                           "  paracosm dream play rover --model dream.safetensors\n"
                           "\n"
                           "paracosm dream WORD --help tells more\n";

int para_app_dream(int argc, char **argv)
{
    static const ParaWord words[] = {{"train", para_dream_train},
                                     {"measure", para_dream_measure},
                                     {"play", para_dream_play},
                                     {"control", para_dream_control},
                                     {"film", para_dream_film}};
    return para_app_word("dream", help, words, (int)(sizeof words / sizeof *words), argc, argv);
}

bool para_dream_named(const char *word, const char *run, const char *const *names, int count,
                      ParaArena *arena, ParaFamilies *out)
{
    const ParaFamiliesWish wish = {.names = names, .count = count};
    const char *note = NULL, *error = NULL;
    if (!para_player_families(run, &wish, arena, out, &note, &error)) {
        para_app_fail(word, "%s", error);
        return false;
    }
    if (note)
        fprintf(stderr, "note: %s\n", note);
    return true;
}

bool para_dream_families(const char *word, const char *run, const char *list, ParaArena *arena,
                         ParaFamilies *out)
{
    const char *names[PARA_DREAM_FAMILIES];
    size_t size = list ? strlen(list) + 1 : 1;
    int count =
        list ? para_options_split(list, para_arena_alloc(arena, size), size, names, PARA_DREAM_FAMILIES) : 0;
    if (list && count <= 0) {
        para_app_misused(word, "--families needs 1 to %d names, set apart by commas", PARA_DREAM_FAMILIES);
        return false;
    }
    return para_dream_named(word, run, names, count, arena, out);
}

const char *const *para_dream_taught_on(const char *card, ParaArena *arena, int *out_count)
{
    cJSON *json = para_json_parse(card);
    const cJSON *about = cJSON_GetObjectItemCaseSensitive(json, "about"),
                *list = cJSON_GetObjectItemCaseSensitive(about, "families"), *name;
    const char **names = PARA_NEW(arena, const char *, cJSON_GetArraySize(list) + 1);
    *out_count = 0;
    cJSON_ArrayForEach(name, list)
    {
        if (cJSON_IsString(name))
            names[(*out_count)++] = para_arena_strdup(arena, name->valuestring);
    }
    cJSON_Delete(json);
    return names;
}

bool para_dream_taught_families(const char *word, const char *list, const char *card, ParaArena *arena,
                                ParaFamilies *out)
{
    int count = 0;
    if (list)
        return para_dream_families(word, NULL, list, arena, out);
    const char *const *names = para_dream_taught_on(card, arena, &count);
    return para_dream_named(word, NULL, names, count, arena, out);
}

int para_dream_in_arena(const char *word, int (*run)(void *wishes, ParaArena *arena), void *wishes)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_DREAM_MEMORY);
    if (!arena)
        return para_app_fail(word, "no memory");
    int code = run(wishes, arena);
    para_arena_destroy(arena);
    return code;
}

int para_dream_stopped_early(const char *out)
{
    fprintf(stderr, "stopped before anything was learned; nothing was written to %s\n", out);
    return PARA_EXIT_INTERRUPTED;
}

void para_dream_live(ParaSolverKind solver, double wanted, const double *seconds, bool quiet, int families,
                     ParaDreamEpisode *episode, void *context)
{
    ParaWorldGroup *group = para_world_group_create(solver, 1);
    ParaEnv env;
    if (!group)
        return;
    ParaProgress progress = para_progress_begin("seconds of play", quiet);
    para_env_init(&env, para_world_at(group, 0), false);
    int failed = 0;
    for (uint64_t draw = 0; env.arena && *seconds < wanted && para_interrupt_count() == 0; draw++) {
        failed = episode(context, &env, draw) ? 0 : failed + 1;
        if (failed > 100 * families)
            break; // levels that end at once
        para_progress_show(&progress, (int64_t)*seconds, (int64_t)wanted);
    }
    para_progress_end(&progress);
    para_env_destroy(&env);
    para_world_group_destroy(group);
}
