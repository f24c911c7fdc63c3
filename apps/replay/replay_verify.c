// SPDX-License-Identifier: MIT
// paracosm replay verify: recorded episodes played again, step by step.
#include "agents/env/replay.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/replay/replay_parts.h"
#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#define FILES_MAX 100000

static void print_verdict_json(const char *path, bool ok, int step, const char *message)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddBoolToObject(object, "ok", ok);
    if (step >= 0)
        cJSON_AddNumberToObject(object, "step", step);
    cJSON_AddStringToObject(object, "message", message);
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

typedef struct Wishes {
    bool json, quiet;
    int count, wrong; ///< [1] >= 0 files that were looked at, and those of them that do not hold
} Wishes;

static bool verify_file(const char *path, bool json, bool quiet, ParaArena *arena)
{
    const char *error = NULL;
    ParaReplay *replay = para_replay_read(path, arena, &error);
    ParaVerdict result = {.ok = false, .step = -1};
    if (replay)
        result = para_replay_verify(replay, arena);
    const char *message = replay ? result.message : error;
    if (json)
        print_verdict_json(path, result.ok, result.step, message);
    else if (!result.ok)
        printf("%s: WRONG: %s\n", path, message);
    else if (!quiet)
        printf("%s: %s\n", path, message);
    return result.ok;
}

static void look_at(Wishes *w, const char *path, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    w->wrong += !verify_file(path, w->json, w->quiet, arena);
    w->count++;
    para_arena_rewind(arena, mark);
}

/// A file, or all replays in a folder. One without any is wrong, too.
static void look_into(Wishes *w, const char *path, ParaArena *arena)
{
    const char **names = NULL, *error = NULL;
    int before = w->count, count = 0;
    if (para_path_kind(path) == PARA_PATH_FOLDER)
        count = para_folder_list(path, ".replay", arena, &names, &error);
    else
        look_at(w, path, arena);
    for (int i = 0; i < count && para_interrupt_count() == 0; i++)
        look_at(w, para_arena_printf(arena, "%s/%s.replay", path, names[i]), arena);
    if (w->count > before || para_interrupt_count() > 0)
        return;
    w->wrong++;
    w->count++;
    fprintf(stderr, "%s: %s\n", path, error ? error : "no *.replay file in this folder");
}

int para_replay_app_verify(int argc, char **argv)
{
    Wishes w = {0};
    const ParaOption options[] = {
        {"json", 0, PARA_OPTION_FLAG, &w.json, NULL, "one JSON object per file: file, ok, step, message", 0,
         0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w.quiet, NULL, "name only the files that are wrong", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "replay verify",
        .usage = "[options] FILE|FOLDER...",
        .about = "Builds each replay's level again, plays its actions and compares every step bit for bit.\n"
                 "Of a folder all replays in it.",
        .options = options,
        .examples = "  paracosm replay verify proofs/rover-0001.replay\n"
                    "  paracosm replay verify --quiet runs/first/proofs",
        .notes = "exit codes: 0 all are right, 1 at least one is not (its first wrong step is named), 2 "
                 "wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = argc,
        .operand_name = "a replay FILE"};
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_REPLAY_MEMORY_MAX);
    if (!arena || argc > FILES_MAX)
        return para_app_fail("replay verify", arena ? "too many files at once" : "no memory");
    const char **files = PARA_NEW(arena, const char *, argc + 1);
    int count = 0;
    int code = para_options_read(&command, argc, argv, files, &count);
    para_interrupt_catch(NULL);
    for (int i = 0; code == PARA_OPTIONS_GO && i < count; i++) {
        look_into(&w, files[i], arena);
        if (para_interrupt_count() > 0)
            code = PARA_EXIT_INTERRUPTED;
    }
    if (code == PARA_OPTIONS_GO && w.count > 1 && !w.json)
        printf("%d of %d replays verified\n", w.count - w.wrong, w.count);
    para_arena_destroy(arena);
    return code != PARA_OPTIONS_GO ? code : w.wrong ? PARA_EXIT_FAILURE : PARA_EXIT_OK;
}
