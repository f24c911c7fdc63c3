// SPDX-License-Identifier: MIT
// paracosm memory: what a player keeps from one life to the next: maps of levels, and episodes that it lived
// through; shown and forgotten.
#include "agents/memory/keeper.h"
#include "agents/recall/recall.h"
#include "apps/apps.h"
#include "apps/memory/memory_parts.h"
#include "apps/options.h"
#include "engine/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define PICTURE_W 60 // characters
#define PICTURE_H 24

static const char help[] =
    "usage: paracosm memory WORD ...\n"
    "\n"
    "What a player keeps outside its weights, in files: maps of the levels it was in (`paracosm play "
    "--memory\n"
    "FILE` begins with them and writes them back), and the episodes it lived through (`paracosm memory "
    "try`).\n"
    "\n"
    "words:\n"
    "  show    what is in a file: each level's map in letters, or the episodes and how they ended\n"
    "  forget  takes levels or episodes out of it\n"
    "  try     a player tries levels again and again, and remembers how it went\n"
    "\n"
    "examples:\n"
    "  paracosm memory show mouse.memory\n"
    "  paracosm memory forget mouse.memory --family far-exit\n"
    "  paracosm memory try runs/first --attempts 8 --memory first.episodes\n";

static char letter_of(ParaMapCell cell)
{
    return cell.solid > 0 ? '#' : cell.been ? 'o' : cell.solid < 0 ? '.' : ' ';
}

/// The cells of 0.5 m that are in use, from the lowest to the highest. @return false: there are none
static bool extent(const ParaMap *map, int *low, int *high)
{
    bool any = false;
    for (int i = 0; i < map->tile_count; i++) {
        const ParaMapTile *tile = &map->tiles[i];
        for (int c = 0; tile->scale == PARA_MAP_NEAR && c < PARA_MAP_TILE_CELLS; c++) {
            if (tile->cells[c].when == 0)
                continue;
            int at[2] = {tile->x * PARA_MAP_TILE_SIDE + c % PARA_MAP_TILE_SIDE,
                         tile->y * PARA_MAP_TILE_SIDE + c / PARA_MAP_TILE_SIDE};
            for (int k = 0; k < 2; k++) {
                low[k] = !any || at[k] < low[k] ? at[k] : low[k];
                high[k] = !any || at[k] > high[k] ? at[k] : high[k];
            }
            any = true;
        }
    }
    return any;
}

static char thing_letter(const ParaMap *map, int x, int y, char letter)
{
    static const char letters[] = "*ckx?"; // goal, cargo, item, hazard, other
    for (int i = map->thing_count - 1; i >= 0; i--) {
        const ParaMapThing *t = &map->things[i];
        if (para_map_cell_of(PARA_MAP_NEAR, t->x) == x && para_map_cell_of(PARA_MAP_NEAR, t->y) == y)
            letter = letters[t->kind];
    }
    return letter;
}

/// A part of the map that fits a page, the player's last place in it.
static void draw(const ParaMap *map)
{
    int low[2] = {0, 0}, high[2] = {0, 0}, most[2] = {PICTURE_W, PICTURE_H};
    if (!extent(map, low, high))
        return;
    int own[2] = {para_map_cell_of(PARA_MAP_NEAR, map->x), para_map_cell_of(PARA_MAP_NEAR, map->y)};
    for (int k = 0; k < 2; k++)
        if (high[k] - low[k] >= most[k]) {
            low[k] = own[k] - most[k] / 2;
            high[k] = low[k] + most[k] - 1;
        }
    for (int y = high[1]; y >= low[1]; y--) {
        printf("  ");
        for (int x = low[0]; x <= high[0]; x++) {
            char letter = thing_letter(map, x, y, letter_of(para_map_at(map, PARA_MAP_NEAR, x, y)));
            putchar(x == own[0] && y == own[1] ? '@' : letter);
        }
        putchar('\n');
    }
}

static void show_level(const ParaKeptMap *kept)
{
    static const char *const kinds[] = {"target", "cargo", "to take", "hazard", "moves"};
    const ParaMap *map = kept->map;
    printf("%s, seed %" PRIu64 ": %" PRIu32 " %s, %d decisions, %zu bytes\n", kept->family, kept->seed,
           kept->lives, kept->lives == 1 ? "life" : "lives", (int)map->now, para_map_used(map));
    draw(map);
    for (int i = 0; i < map->thing_count; i++) {
        const ParaMapThing *t = &map->things[i];
        para_text_print(stdout, "  %-8s at %.1f, %.1f m, seen %d decisions ago\n", kinds[t->kind],
                        (double)t->x, (double)t->y, (int)map->now - (int)t->when);
    }
}

static int show_maps(const char *path, ParaArena *arena)
{
    ParaKeeper keeper;
    const char *error = NULL;
    if (!para_keeper_read(path, false, arena, &keeper, &error))
        return para_app_fail("memory show", "%s", error);
    printf("%d of at most %d levels\n", keeper.count, PARA_KEEPER_LEVELS);
    for (int i = 0; i < keeper.count; i++)
        show_level(&keeper.levels[i]);
    return PARA_EXIT_OK;
}

static int show(int argc, char **argv)
{
    bool all = false, json = false;
    const ParaOption options[] = {
        {"all", 'a', PARA_OPTION_FLAG, &all, NULL, "of episodes: every one, not the last 40", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &json, NULL,
         "of episodes: print {\"moments\", \"bytes\", \"episodes\": [{\"family\", \"level\", \"end\", ...}]}",
         0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "memory show",
        .usage = "[options] FILE",
        .about = "Shows what a player keeps: # solid, . free, o where it was, @ where it "
                 "was last; * target, c cargo,\nk to take, x hazard, ? what moves. A letter is 0.5 m.\n"
                 "Of a memory of episodes: of which levels they were, and how they ended.",
        .options = options,
        .examples = "  paracosm memory show mouse.memory\n"
                    "  paracosm memory show first.episodes --json",
        .notes = "exit codes: 0 done, 1 no such file or none that can be read, 2 wrong command line",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a file of memory"};
    const char *path = NULL;
    int count = 0, code = para_options_read(&command, argc, argv, &path, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_MEMORY_MOST);
    if (!arena)
        return para_app_fail("memory show", "no memory");
    code = para_recall_claims(path) ? para_memory_show_episodes(path, all, json, arena)
           : all || json            ? para_app_misused("memory show", "%s holds maps: leave out %s", path,
                                            all ? "--all" : "--json")
                                    : show_maps(path, arena);
    para_arena_destroy(arena);
    return code;
}

static int forget_in(const char *path, const char *family, ParaArena *arena)
{
    ParaKeeper keeper;
    const char *error = NULL;
    if (!para_keeper_read(path, false, arena, &keeper, &error))
        return para_app_fail("memory forget", "%s", error);
    int gone = para_keeper_forget(&keeper, family);
    if (family && gone == 0)
        return para_app_fail("memory forget", "%s keeps nothing of a family %s: paracosm memory show %s",
                             path, family, path);
    if (!para_keeper_write(&keeper, path, arena, &error))
        return para_app_fail("memory forget", "%s", error);
    printf("%d %s forgotten, %d kept\n", gone, gone == 1 ? "level" : "levels", keeper.count);
    return PARA_EXIT_OK;
}

static int forget(int argc, char **argv)
{
    const char *family = NULL, *level = NULL;
    const ParaOption options[] = {{"family", 0, PARA_OPTION_TEXT, &family, "NAME",
                                   "the levels of this one alone (default: all)", 0, 0, NULL},
                                  {"level", 0, PARA_OPTION_TEXT, &level, "HASH",
                                   "of episodes: those of this level, as memory show prints it", 0, 0, NULL},
                                  {.name = NULL}};
    const ParaCommand command = {
        .name = "memory forget",
        .usage = "[options] FILE",
        .about = "Takes levels or episodes out of what a player keeps; the file stays.",
        .options = options,
        .examples = "  paracosm memory forget mouse.memory\n"
                    "  paracosm memory forget mouse.memory --family far-exit",
        .notes = "exit codes: 0 done, 1 nothing to forget, or no such file, 2 wrong command line",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a file of memory"};
    const char *path = NULL;
    int count = 0, code = para_options_read(&command, argc, argv, &path, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_MEMORY_MOST);
    if (!arena)
        return para_app_fail("memory forget", "no memory");
    code = para_recall_claims(path) ? para_memory_forget_episodes(path, family, level, arena)
           : level ? para_app_misused("memory forget", "%s holds maps: leave out --level", path)
                   : forget_in(path, family, arena);
    para_arena_destroy(arena);
    return code;
}

int para_app_memory(int argc, char **argv)
{
    static const ParaWord words[] = {{"show", show}, {"forget", forget}, {"try", para_memory_app_try}};
    return para_app_word("memory", help, words, (int)(sizeof words / sizeof *words), argc, argv);
}
