// SPDX-License-Identifier: MIT
// What the home screen leads to beside levels, a row for each. A row is offered where its `find` has
// something for it.
#include "apps/home/home_parts.h"

#include "apps/endless/endless_window.h"
#include "engine/base/child.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"

#include <stdio.h>
#include <string.h>

#define RUNS "runs" // where `paracosm train` puts runs that are given no name

typedef struct Entry {
    const char *name, *about; // of a row with `find` both may be changed by it
    /// @return whether there is something to do; NULL: always
    bool (*find)(ParaHome *home, ParaHomeItem *item);
    void (*run)(ParaHome *home, const ParaHomeItem *item);
} Entry;

static void run_author(ParaHome *home, const ParaHomeItem *item)
{
    (void)item;
    para_home_author(home, NULL);
}

static bool is_run(ParaArena *arena, const char *folder)
{
    return para_path_kind(para_arena_printf(arena, "%s/run.db", folder)) == PARA_PATH_FILE;
}

/// The run that was given, else the last one of the folder runs: those without a name are called by the time.
static bool find_run(ParaHome *home, ParaHomeItem *item)
{
    const char **names = NULL, *error = NULL;
    if (home->run_folder && is_run(home->arena, home->run_folder))
        item->open = home->run_folder;
    int count = para_path_kind(RUNS) == PARA_PATH_FOLDER
                    ? para_folder_list(RUNS, "", home->arena, &names, &error)
                    : 0;
    for (int i = count - 1; i >= 0 && !item->open; i--) {
        const char *folder = para_arena_printf(home->arena, RUNS "/%s", names[i]);
        item->open = is_run(home->arena, folder) ? folder : NULL;
    }
    if (item->open)
        item->about = para_arena_printf(home->arena, "%s", item->open);
    return item->open != NULL;
}

/// Another process, which works only where this machine has nothing else to do (apps/watch): that is no state
/// to come back from.
static void run_watch(ParaHome *home, const ParaHomeItem *item)
{
    const char *folder = para_program_folder(home->arena), *error = "where this program lies is not known";
    const char *words[] = {folder ? para_arena_printf(home->arena, "%s/paracosm", folder) : "", "watch",
                           item->open, NULL};
    ParaChild child = {.input = -1};
    if (home->unattended) {
        printf("home starts: paracosm watch %s\n", item->open);
        return;
    }
    bool begun = folder && para_child_start(&child, words, &error);
    if (begun)
        para_child_leave(&child);
    char line[200];
    snprintf(line, sizeof line, begun ? "%s opens in a window of its own" : "watch %s: not started",
             item->open);
    para_home_say(home, begun ? line : error);
}

static void run_sandbox(ParaHome *home, const ParaHomeItem *item)
{
    const ParaGameDef def = {.sandbox = true, .solver = PARA_SOLVER_AUTO};
    const char *error = NULL;
    ParaPlayVisit visit = para_home_visit(home);
    if (!para_play_visit(&visit, &def, 0, home->arena, &error))
        para_home_tell(home, item->name, error);
    para_home_come_back(home, visit.shown, visit.closed);
}

static void run_endless(ParaHome *home, const ParaHomeItem *item)
{
    const ParaEndlessWish wish = {.solver = PARA_SOLVER_AUTO};
    const char *error = NULL;
    ParaPlayVisit visit = para_home_visit(home);
    if (!para_endless_visit(&visit, &wish, home->arena, &error))
        para_home_tell(home, item->name, error);
    para_home_come_back(home, visit.shown, visit.closed);
}

static const Entry entries[] = {
    {"Sandbox", "build, throw, cut, flip", NULL, run_sandbox},
    {"Endless", "levels at your edge", NULL, run_endless},
    {"New level", "draw one in the editor", NULL, run_author},
    {"Watch a training", "", find_run, run_watch},
};
enum { ENTRIES = sizeof entries / sizeof *entries };

void para_home_entries(ParaHome *home)
{
    for (int i = 0; i < ENTRIES; i++) {
        ParaHomeItem item = {.kind = PARA_HOME_ENTRY,
                             .name = entries[i].name,
                             .about = entries[i].about,
                             .group = "",
                             .entry = i};
        if (!entries[i].find || entries[i].find(home, &item))
            home->items[home->item_count++] = item;
    }
}

void para_home_enter(ParaHome *home, int entry)
{
    for (int i = 0; i < home->item_count; i++)
        if (home->items[i].kind == PARA_HOME_ENTRY && home->items[i].entry == entry)
            entries[entry].run(home, &home->items[i]);
}
