// SPDX-License-Identifier: MIT
// paracosm elo: players against each other, and how strong each is: the past selves of a run, or several
// runs.
#include "agents/company/elo.h"
#include "agents/player/league.h"
#include "agents/player/player.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX   ((size_t)8 << 30) // [byte]
#define FAMILIES_MAX 64

typedef struct Wishes {
    const char *operands[PARA_ELO_MAX];
    int operand_count;
    const char *families, *solver;
    int players, levels, threads;
    uint64_t seed;
    bool json, quiet;
} Wishes;

/// One who plays.
typedef struct Entrant {
    const char *name, *path;
    int lesson; // of a past self; else -1
} Entrant;

typedef struct League {
    const Wishes *wishes;
    ParaArena *arena;
    Entrant *entrants; // [count]
    ParaPolicy **policies;
    int count;
    ParaFamilies families;
    double *wins; // [count, count]
    ParaElo elo[PARA_ELO_MAX];
    ParaProgress progress;
} League;

static int read_wishes(Wishes *wishes, int argc, char **argv)
{
    const ParaOption options[] = {
        {"players", 'p', PARA_OPTION_INT, &wishes->players, "N",
         "past selves of one run that play, spread over its lessons, its newest among them", 2, PARA_ELO_MAX,
         NULL},
        {"levels", 'l', PARA_OPTION_INT, &wishes->levels, "N",
         "held-out levels of each family for each pair, each played twice, from either side", 1, 100000,
         NULL},
        {"families", 0, PARA_OPTION_TEXT, &wishes->families, "A,B",
         "families or template files whose players oppose each other (default: those of the first run)", 0, 0,
         NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &wishes->solver, "NAME",
         "physics: auto, lanes or chipmunk (default: what the first run was trained on)", 0, 0,
         para_app_solver_choices},
        {"threads", 't', PARA_OPTION_INT, &wishes->threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"seed", 's', PARA_OPTION_SEED, &wishes->seed, "N", "of the held-out set", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &wishes->json, NULL, "print JSON: players, wins, games of each pair", 0,
         0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &wishes->quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "elo",
        .usage = "[options] DIR | FILE.safetensors...",
        .about = "Rates players that oppose each other: every pair plays the same held-out levels from both "
                 "sides.\n"
                 "Of one run DIR its past selves play (those of `train --pool` and its checkpoints), of "
                 "several runs\n"
                 "or checkpoints the player of each. A rating of 400 more is odds of 10 to 1; the mean of "
                 "all is 0.",
        .options = options,
        .examples = "  paracosm elo runs/sumo                           # did later selves become stronger?\n"
                    "  paracosm elo runs/sumo --players 10 --levels 100 --json > elo.json\n"
                    "  paracosm elo runs/sumo runs/pool --families sumo # two runs against each other",
        .notes = "Intervals are 95 %, as if games were independent.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = PARA_ELO_MAX,
        .operand_name = "a run folder or a checkpoint"};
    return para_options_read(&command, argc, argv, wishes->operands, &wishes->operand_count);
}

// ---------------------------------------------------------------------------------------------
// Who plays.

static int by_lesson(const void *a, const void *b)
{
    int x = ((const Entrant *)a)->lesson, y = ((const Entrant *)b)->lesson;
    return (x > y) - (x < y);
}

/// Past selves of a run in one of its folders, added to a list. @return how many there are now
static int add_selves(const char *run, const char *folder, Entrant **list, int count, ParaArena *arena)
{
    const char **names = NULL, *error = NULL, *path = para_arena_printf(arena, "%s/%s", run, folder);
    int found = para_folder_list(path, ".safetensors", arena, &names, &error);
    if (found <= 0)
        return count;
    Entrant *all = PARA_NEW(arena, Entrant, count + found);
    if (count > 0)
        memcpy(all, *list, sizeof *all * (size_t)count);
    for (int i = 0; i < found; i++) {
        char *end = NULL;
        unsigned long lesson = strncmp(names[i], "lesson-", 7) == 0 ? strtoul(names[i] + 7, &end, 10) : 0;
        if (!end || end == names[i] + 7 || lesson > INT32_MAX)
            continue;
        all[count++] =
            (Entrant){.name = para_arena_printf(arena, "lesson %d", (int)lesson),
                      .path = para_arena_printf(arena, "%s/lesson-%06d.safetensors", path, (int)lesson),
                      .lesson = (int)lesson};
    }
    *list = all;
    return count;
}

/// The past selves of a run, each lesson once, so many of them spread over their order.
static bool choose_selves(League *league, const char *run, const char **out_error)
{
    Entrant *all = NULL;
    int found =
        add_selves(run, "pool", &all, add_selves(run, "checkpoints", &all, 0, league->arena), league->arena);
    int count = 0, most = league->wishes->players;
    if (found > 0)
        qsort(all, (size_t)found, sizeof *all, by_lesson);
    for (int i = 0; i < found; i++)
        if (count == 0 || all[i].lesson != all[count - 1].lesson)
            all[count++] = all[i];
    if (count < 2) {
        *out_error =
            para_arena_printf(league->arena,
                              "%s has %s to play each other: train it with --pool, or with a --milestone "
                              "that leaves more checkpoints",
                              run, count == 1 ? "one self only" : "no players");
        return false;
    }
    league->count = count < most ? count : most;
    league->entrants = PARA_NEW(league->arena, Entrant, league->count);
    for (int i = 0; i < league->count; i++)
        league->entrants[i] = all[(int64_t)i * (count - 1) / (league->count - 1)];
    return true;
}

static bool is_run(const char *path, ParaArena *arena)
{
    return para_file_exists(para_arena_printf(arena, "%s/run.db", path));
}

static bool choose_entrants(League *league, const char **out_error)
{
    const Wishes *wishes = league->wishes;
    if (wishes->operand_count == 1 && is_run(wishes->operands[0], league->arena))
        return choose_selves(league, wishes->operands[0], out_error);
    if (wishes->operand_count == 1) {
        *out_error =
            para_arena_printf(league->arena, "%s is no run folder, and one player cannot play against itself",
                              wishes->operands[0]);
        return false;
    }
    league->count = wishes->operand_count;
    league->entrants = PARA_NEW(league->arena, Entrant, league->count);
    for (int i = 0; i < league->count; i++)
        league->entrants[i] = (Entrant){wishes->operands[i], wishes->operands[i], -1};
    return true;
}

static bool load_players(League *league, const char **out_error)
{
    league->policies = PARA_NEW(league->arena, ParaPolicy *, league->count);
    for (int i = 0; i < league->count; i++) {
        league->policies[i] = para_player_load(league->entrants[i].path, league->arena, out_error);
        if (!league->policies[i])
            return false;
        for (int f = 0; f < league->families.count; f++)
            if (!para_player_knows(league->policies[i], league->entrants[i].path,
                                   league->families.templates[f], league->arena, out_error))
                return false;
    }
    return true;
}

static bool load_families(League *league, const char **out_error)
{
    const char *names[FAMILIES_MAX], *note = NULL;
    char store[4096];
    ParaFamiliesWish wish = {.count = 0};
    if (league->wishes->families) {
        wish.count = para_options_split(league->wishes->families, store, sizeof store, names, FAMILIES_MAX);
        wish.names = names;
    }
    return para_player_families(league->wishes->operands[0], &wish, league->arena, &league->families, &note,
                                out_error);
}

// ---------------------------------------------------------------------------------------------
// What comes of it.

static bool over(void *context, int64_t done, int64_t total)
{
    League *league = context;
    return para_progress_goes_on(&league->progress, done, total);
}

static bool asks_stop(void *context)
{
    (void)context;
    return para_interrupt_count() > 0;
}

static double games_of_pair(const League *league)
{
    return (double)league->families.count * league->wishes->levels * 2;
}

static void print_table(const League *league)
{
    printf("%-24s %8s %16s %8s\n", "player", "rating", "95 % interval", "won");
    for (int i = 0; i < league->count; i++) {
        const ParaElo *elo = &league->elo[i];
        double won = 0;
        for (int j = 0; j < league->count; j++)
            won += league->wins[i * league->count + j];
        won /= games_of_pair(league) * (league->count - 1);
        para_text_print(stdout, "%-24s %8.0f  %6.0f .. %6.0f %6.1f %%\n", league->entrants[i].name,
                        elo->rating, elo->rating - elo->reach, elo->rating + elo->reach, 100 * won);
    }
    para_text_print(stdout, "%.0f games of each pair\n", games_of_pair(league));
}

static bool print_json(const League *league)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "games", games_of_pair(league));
    cJSON *players = cJSON_AddArrayToObject(root, "players");
    cJSON *wins = cJSON_AddArrayToObject(root, "wins");
    for (int i = 0; i < league->count; i++) {
        const ParaElo *elo = &league->elo[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", league->entrants[i].name);
        if (league->entrants[i].lesson >= 0)
            cJSON_AddNumberToObject(item, "lesson", league->entrants[i].lesson);
        cJSON_AddNumberToObject(item, "rating", elo->rating);
        cJSON_AddNumberToObject(item, "low", elo->rating - elo->reach);
        cJSON_AddNumberToObject(item, "high", elo->rating + elo->reach);
        cJSON_AddItemToArray(players, item);
        cJSON_AddItemToArray(wins, cJSON_CreateDoubleArray(league->wins + i * league->count, league->count));
    }
    char *text = para_json_print(root, true);
    cJSON_Delete(root);
    if (text)
        puts(text);
    cJSON_free(text);
    return text != NULL;
}

static int rate(const Wishes *wishes, ParaArena *arena)
{
    League league = {.wishes = wishes, .arena = arena};
    const char *error = NULL;
    if (!choose_entrants(&league, &error) || !load_families(&league, &error) ||
        !load_players(&league, &error))
        return para_app_fail("elo", "%s", error);
    league.wins = PARA_NEW(arena, double, league.count *league.count);
    league.progress = para_progress_begin("games", wishes->quiet);
    const ParaLeagueDef def = {
        .families = &league.families,
        .players = (const ParaPolicy *const *)league.policies,
        .count = league.count,
        .levels = wishes->levels,
        .seed = wishes->seed,
        .solver = para_app_solver(wishes->solver, para_player_solver(wishes->operands[0], arena)),
        .threads = wishes->threads,
        .over = over,
        .stop = asks_stop,
        .context = &league};
    bool good = para_league_play(&def, arena, league.wins, &error);
    para_progress_end(&league.progress);
    if (para_interrupt_count() > 0) {
        fputs("stopped; nothing was rated\n", stderr);
        return PARA_EXIT_INTERRUPTED;
    }
    if (!good)
        return para_app_fail("elo", "%s", error);
    para_elo_fit(league.wins, league.count, league.elo);
    if (!wishes->json)
        print_table(&league);
    else if (!print_json(&league))
        return para_app_fail("elo", "no memory");
    return PARA_EXIT_OK;
}

int para_app_elo(int argc, char **argv)
{
    Wishes wishes = {.players = 6, .levels = 50, .seed = 1};
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("elo", "no memory");
    para_interrupt_catch(NULL);
    code = rate(&wishes, arena);
    para_arena_destroy(arena);
    return code;
}
