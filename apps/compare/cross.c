// SPDX-License-Identifier: MIT
// paracosm cross: every player on every archive. A curriculum that only its own player masters teaches its
// own player's ways.
#include "apps/apps.h"
#include "apps/compare/cross_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX  ((size_t)4 << 30)
#define SCRATCH_MAX ((size_t)1 << 30)

typedef struct Watcher {
    ParaProgress progress;
    int64_t before, total; // episodes of the cells before, and of all
} Watcher;

static bool watch(void *context, int64_t done)
{
    Watcher *watcher = context;
    para_progress_show(&watcher->progress, watcher->before + done, watcher->total);
    return para_interrupt_count() == 0;
}

/// Those of one name are told apart by their paths.
static void tell_apart(ParaCross *cross)
{
    for (int i = 0; i < cross->player_count; i++)
        for (int k = 0; k < cross->player_count; k++)
            if (k != i && strcmp(cross->players[i].name, cross->players[k].name) == 0)
                cross->players[i].name = cross->players[i].folder;
    for (int i = 0; i < cross->set_count; i++)
        for (int k = 0; k < cross->set_count; k++)
            if (k != i && strcmp(cross->sets[i].name, cross->sets[k].name) == 0)
                cross->sets[i].name = cross->sets[i].folder;
}

/// Cell by cell: what is done when somebody stops it stays.
static void score_all(ParaCross *cross, ParaTrialRoom *room)
{
    Watcher watcher = {.progress = para_progress_begin("episodes", cross->quiet)};
    for (int s = 0; s < cross->set_count; s++)
        watcher.total += (int64_t)cross->sets[s].count * cross->def.episodes * cross->player_count;
    for (int i = 0; i < cross->player_count * cross->set_count && para_interrupt_count() == 0; i++) {
        const ParaCrossPlayer *player = &cross->players[i / cross->set_count];
        const ParaCrossSet *set = &cross->sets[i % cross->set_count];
        ParaCrossCell *cell = &cross->cells[i];
        ParaArena *scratch = para_arena_create((size_t)1 << 20, SCRATCH_MAX);
        cell->why = !scratch          ? "no memory"
                    : set->count == 0 ? "the archive has no level"
                                      : para_cross_stranger(cross, player, set);
        if (!cell->why)
            cell->done = para_evaluate_levels(&cross->def, set->levels, set->count, player->policy, room,
                                              watch, &watcher, scratch, &cell->score);
        watcher.before += (int64_t)set->count * cross->def.episodes;
        if (scratch)
            para_arena_destroy(scratch);
    }
    para_progress_end(&watcher.progress);
}

static int tell(const ParaCross *cross, bool json)
{
    bool stopped = para_interrupt_count() > 0;
    if (json) {
        char *text = para_cross_json(cross, stopped);
        if (!text)
            return para_app_fail("cross", "no memory");
        puts(text);
        cJSON_free(text);
    } else {
        para_cross_print(cross);
    }
    if (stopped)
        fputs("stopped; what is missing was not played\n", stderr);
    return stopped ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int cross_all(ParaCross *cross, const char *const *paths, int count, bool json)
{
    const char *error = NULL;
    cross->players = PARA_NEW(cross->arena, ParaCrossPlayer, count);
    cross->sets = PARA_NEW(cross->arena, ParaCrossSet, count);
    for (int i = 0; i < count; i++)
        if (!para_cross_take(cross, paths[i], &error))
            return para_app_fail("cross", "%s", error);
    if (cross->player_count == 0 || cross->set_count == 0)
        return para_app_misused("cross", "there is no %s: name a run",
                                cross->player_count == 0 ? "player" : "archive");
    tell_apart(cross);
    cross->cells = PARA_NEW(cross->arena, ParaCrossCell, cross->player_count * cross->set_count);
    ParaWorkers *workers = para_workers_create(cross->def.threads);
    ParaTrialRoom *room = workers ? para_trial_room_create(cross->def.solver, workers, cross->arena) : NULL;
    int code = PARA_EXIT_OK;
    if (!room) {
        code = para_app_fail("cross", "no memory for the worlds; try fewer --threads");
    } else {
        para_interrupt_catch(NULL);
        para_trial_room_on_stop(room, para_interrupt_asked, NULL);
        score_all(cross, room);
        code = tell(cross, json);
    }
    para_trial_room_destroy(room);
    if (workers)
        para_workers_destroy(workers);
    return code;
}

int para_app_cross(int argc, char **argv)
{
    static const char *const solvers[] = {"auto", "chipmunk", NULL};
    const char *solver = NULL;
    bool json = false;
    ParaCross cross = {.def = para_eval_def_default()};
    const ParaOption options[] = {
        {"levels", 'l', PARA_OPTION_INT, &cross.def.levels, "N",
         "levels of each archive, spread evenly over it; all players play the same", 1, 10000, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &cross.def.episodes, "N",
         "per level and player, an even number: half rank the levels, half score the worst", 2, 1000, NULL},
        {"greedy", 'g', PARA_OPTION_FLAG, &cross.def.greedy, NULL, "players take their most probable action",
         0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &solver, "NAME", "physics: auto or chipmunk (default: auto)", 0, 0,
         solvers},
        {"threads", 't', PARA_OPTION_INT, &cross.def.threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"seed", 's', PARA_OPTION_SEED, &cross.def.seed, "N", "of the players' draws", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &json, NULL,
         "print JSON: players, archives, cells with intervals and worst10", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &cross.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "cross",
        .usage = "[options] RUN | ARCHIVE | FILE.safetensors...",
        .about =
            "Scores each player on each archive: a matrix of solve rates with their 95 % intervals. A RUN "
            "is\n"
            "both, its player and the levels its maker kept; the folder of an ARCHIVE that was written by\n"
            "`paracosm archive` is levels alone, a checkpoint's FILE a player alone.",
        .options = options,
        .examples = "  paracosm cross runs/dr runs/sfl\n"
                    "  paracosm cross runs/dr runs/sfl shared/ --levels 200 --json > cross.json",
        .notes = "\"-\" is a player that cannot be shown those levels; why is told below the table.\n"
                 "exit codes: 0 done, 1 something cannot be read, 2 wrong command line, 130 stopped by "
                 "Ctrl-C: what "
                 "was\n"
                 "played until then is printed",
        .operand_min = 1,
        .operand_max = PARA_CROSS_MAX,
        .operand_name = "a run folder"};
    const char *paths[PARA_CROSS_MAX];
    int count = 0, code = para_options_read(&command, argc, argv, paths, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (cross.def.episodes % 2 != 0)
        return para_app_misused("cross", "--episodes must be even; got %d", cross.def.episodes);
    for (int i = 0; i < count; i++)
        if (!*paths[i])
            return para_app_misused("cross", "the name of a run folder is empty");
    cross.def.solver = para_app_solver(solver, PARA_SOLVER_AUTO);
    cross.arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!cross.arena)
        return para_app_fail("cross", "no memory");
    code = cross_all(&cross, paths, count, json);
    para_arena_destroy(cross.arena);
    return code;
}
