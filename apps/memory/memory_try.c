// SPDX-License-Identifier: MIT
// paracosm memory try: a player that tries each level several times, with a memory of how it went.
#include "agents/lesson/evaluate.h"
#include "agents/player/attempts.h"
#include "agents/player/player.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/memory/memory_parts.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define FAMILIES 64

typedef struct Wishes {
    const char *families, *memory, *solver;
    int levels, attempts, moments;
    uint64_t seed;
    bool without, consult, json, quiet;
} Wishes;

static int read_wishes(Wishes *w, int argc, char **argv, const char **run)
{
    const ParaOption options[] = {
        {"families", 0, PARA_OPTION_TEXT, &w->families, "A,B",
         "families or template files (default: those of the run)", 0, 0, NULL},
        {"memory", 'm', PARA_OPTION_TEXT, &w->memory, "FILE",
         "go on with the memory in this file, if it is there, and keep it there (default: one that is empty "
         "and "
         "forgotten)",
         0, 0, NULL},
        {"moments", 0, PARA_OPTION_INT, &w->moments, "N", "that a new memory holds at most",
         PARA_RECALL_EPISODE_MAX, PARA_RECALL_MOMENTS_MAX, NULL},
        {"consult", 0, PARA_OPTION_FLAG, &w->consult, NULL, "add nothing to the memory", 0, 0, NULL},
        {"without", 0, PARA_OPTION_FLAG, &w->without, NULL,
         "remember nothing from try to try, to compare with", 0, 0, NULL},
        {"levels", 'l', PARA_OPTION_INT, &w->levels, "N", "held-out levels per family", 1, 10000, NULL},
        {"attempts", 'a', PARA_OPTION_INT, &w->attempts, "N", "at each level", 1, PARA_ATTEMPTS_MAX, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w->solver, "NAME", "physics: auto, lanes, chipmunk", 0, 0,
         para_app_solver_choices},
        {"seed", 's', PARA_OPTION_SEED, &w->seed, "N", "of the held-out set", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w->json, NULL,
         "print {\"families\": [{\"family\", \"solved\": [of each try]}]}", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w->quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "memory try",
        .usage = "[options] RUN",
        .about =
            "A player tries held-out levels, each several times in a row, and remembers how it went. Tells "
            "the\nshare of levels that the first try solves, the second, and so on. The weights stay "
            "the same.",
        .options = options,
        .examples = "  paracosm memory try runs/first --attempts 8 --memory first.episodes\n"
                    "  paracosm memory try runs/first --attempts 8 --without\n"
                    "  paracosm memory try runs/first --memory first.episodes --consult --seed 2",
        .notes = "Ctrl-C keeps what was lived through until then in the memory's file.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder, checkpoint or skill"};
    int count = 0;
    return para_options_read(&command, argc, argv, run, &count);
}

static bool watch_over(void *context, int64_t done, int64_t total)
{
    return para_progress_goes_on(context, done, total);
}

static double solved(const ParaEpisode *tries, const Wishes *w, int family, int attempt)
{
    int count = 0;
    for (int l = 0; l < w->levels; l++)
        count += tries[(family * w->levels + l) * w->attempts + attempt].solved;
    return (double)count / w->levels;
}

static int print_json(const Wishes *w, const ParaFamilies *families, const ParaEpisode *tries)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "families");
    for (int f = 0; f < families->count; f++) {
        cJSON *one = cJSON_CreateObject(), *shares = cJSON_CreateArray();
        cJSON_AddStringToObject(one, "family", families->names[f]);
        for (int a = 0; a < w->attempts; a++)
            cJSON_AddItemToArray(shares, cJSON_CreateNumber(solved(tries, w, f, a)));
        cJSON_AddItemToObject(one, "solved", shares);
        cJSON_AddItemToArray(list, one);
    }
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (!text)
        return para_app_fail("memory try", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static void print_text(const Wishes *w, const ParaFamilies *families, const ParaEpisode *tries)
{
    printf("%-18s %4s  %s\n", "family", "try", "solved of the levels");
    for (int f = 0; f < families->count; f++)
        for (int a = 0; a < w->attempts; a++) {
            float low, high;
            double share = solved(tries, w, f, a);
            para_share_interval(share, w->levels, &low, &high);
            para_text_print(stdout, "%-18s %4d  %5.1f %% (%5.1f ..%5.1f)\n", a ? "" : families->names[f],
                            a + 1, 100 * share, 100.0 * (double)low, 100.0 * (double)high);
        }
}

/// The memory to go on with, or a new one. @return NULL with an error, or where none is wanted
static ParaRecall *open_memory(const Wishes *w, ParaArena *arena, const char **out_error)
{
    if (w->without)
        return NULL;
    if (w->memory && para_file_exists(w->memory))
        return para_recall_read(w->memory, arena, out_error);
    if (w->memory && !para_file_may_write(w->memory, arena, out_error))
        return NULL;
    return para_recall_create(w->moments, arena);
}

static int run(const Wishes *w, ParaAttemptsDef *def, ParaArena *arena)
{
    const char *error = NULL;
    ParaProgress progress = para_progress_begin("tries", w->quiet);
    ParaEpisode *tries = PARA_NEW(arena, ParaEpisode, def->families->count * w->levels * w->attempts);
    def->over = watch_over;
    def->context = &progress;
    bool whole = para_attempts_play(def, arena, tries);
    para_progress_end(&progress);
    bool stopped = !whole && para_interrupt_count() > 0;
    if (!whole && !stopped)
        return para_app_fail("memory try", "no memory for a world");
    if (w->memory && !w->consult && !para_recall_write(def->recall, w->memory, arena, &error))
        return para_app_fail("memory try", "%s", error);
    if (stopped) {
        fprintf(stderr, "stopped; %s\n", w->memory ? "the memory is kept" : "nothing was to be kept");
        return PARA_EXIT_INTERRUPTED;
    }
    if (w->json)
        return print_json(w, def->families, tries);
    print_text(w, def->families, tries);
    return PARA_EXIT_OK;
}

static int open_player(const Wishes *w, const char *path, ParaAttemptsDef *def, ParaFamilies *families,
                       ParaArena *arena)
{
    const char *note = NULL, *error = NULL, *names[FAMILIES];
    ParaFamiliesWish wish = {0};
    if (w->families) {
        size_t size = strlen(w->families) + 1;
        wish.count = para_options_split(w->families, para_arena_alloc(arena, size), size, names, FAMILIES);
        wish.names = names;
        if (wish.count <= 0)
            return para_app_misused("memory try", "--families needs 1 to %d names, set apart by commas",
                                    FAMILIES);
    }
    def->policy = para_player_load_noted(path, arena, &note, &error);
    if (def->policy && note)
        fprintf(stderr, "paracosm memory try: %s\n", note);
    if (!def->policy || !para_player_families(path, &wish, arena, families, &note, &error))
        return para_app_fail("memory try", "%s", error);
    for (int f = 0; f < families->count; f++)
        if (!para_player_knows(def->policy, path, families->templates[f], arena, &error))
            return para_app_fail("memory try", "%s", error);
    if ((int64_t)families->count * w->levels * w->attempts > PARA_ATTEMPTS_TRIES)
        return para_app_misused("memory try",
                                "--levels %d --attempts %d of %d families: together at most %d tries",
                                w->levels, w->attempts, families->count, PARA_ATTEMPTS_TRIES);
    def->families = families;
    def->solver = para_app_solver(w->solver, para_player_solver(path, arena));
    return -1;
}

int para_memory_app_try(int argc, char **argv)
{
    Wishes w = {.levels = 64, .attempts = 8, .moments = PARA_RECALL_MOMENTS, .seed = 1};
    const char *path, *error = NULL;
    int code = read_wishes(&w, argc, argv, &path);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (w.without && (w.memory || w.consult))
        return para_app_misused("memory try", "--without has no memory: leave out --memory and --consult");
    if (w.consult && !w.memory)
        return para_app_misused("memory try", "--consult needs a memory: name it with --memory FILE");
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_MEMORY_MOST);
    if (!arena)
        return para_app_fail("memory try", "no memory");
    ParaFamilies families = {0};
    ParaAttemptsDef def = {
        .levels = w.levels, .attempts = w.attempts, .seed = w.seed, .consult_only = w.consult};
    para_interrupt_catch(NULL);
    code = open_player(&w, path, &def, &families, arena);
    def.recall = code < 0 ? open_memory(&w, arena, &error) : NULL;
    if (code < 0 && !def.recall && !w.without)
        code = para_app_fail("memory try", "%s", error);
    if (code < 0)
        code = run(&w, &def, arena);
    para_arena_destroy(arena);
    return code;
}
