// SPDX-License-Identifier: MIT
// What there is to play: the families of the library by ability, and what was played lately before them.
#include "apps/home/home_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_ability(const void *a, const void *b)
{
    const ParaLibraryFamily *x = a, *y = b;
    // Plain abilities first, then the known tasks and the grammars, which are apart in other places too.
    int apart = (strcmp(x->ability, PARA_LIBRARY_CLASSIC) == 0) +
                2 * (strcmp(x->ability, PARA_LIBRARY_COMPOSED) == 0);
    apart -= (strcmp(y->ability, PARA_LIBRARY_CLASSIC) == 0) +
             2 * (strcmp(y->ability, PARA_LIBRARY_COMPOSED) == 0);
    int order = apart ? apart : strcmp(x->ability, y->ability);
    return order ? order : strcmp(x->name, y->name);
}

/// The slots of what was played lately stand first, so that the others never move.
static void collect_families(ParaHome *home)
{
    ParaLibraryFamily *families = NULL;
    int count = para_library_families(home->arena, &families);
    qsort(families, (size_t)count, sizeof *families, by_ability);
    home->items = PARA_NEW(home->arena, ParaHomeItem, PARA_HOME_ITEMS_MAX);
    home->item_count = PARA_HOME_RECENT_MAX;
    for (int i = 0; i < count && home->item_count < PARA_HOME_ITEMS_MAX; i++)
        home->items[home->item_count++] =
            (ParaHomeItem){.name = families[i].name, .group = families[i].ability};
}

static ParaHomeItem *find(ParaHome *home, const char *name)
{
    for (int i = PARA_HOME_RECENT_MAX; i < home->item_count; i++)
        if (strcmp(home->items[i].name, name) == 0)
            return &home->items[i];
    return NULL;
}

/// Gives a slot of what was played lately another level; its tile goes over to it.
static void set_recent(ParaHomeItem *item, const ParaHomeItem *of, const ParaTime *time)
{
    bool same = item->name == of->name && item->seed == time->seed;
    ParaTile *tile = item->tile;
    *item = *of;
    item->recent = true;
    item->seed = time->seed;
    item->best = time->best;
    item->medal = time->medal;
    item->tile = tile;
    if (tile && !same) {
        tile->running = tile->barren = false;
        tile->turn = time->seed;
    }
}

void para_home_collect(ParaHome *home)
{
    ParaTime *times = NULL;
    const char *note = NULL;
    if (!home->items)
        collect_families(home);
    ParaArenaMark mark = para_arena_mark(home->arena);
    int count = para_times_read(home->arena, &times, &note), recent = 0;
    if (note)
        para_home_say(home, note);
    for (int i = PARA_HOME_RECENT_MAX; i < home->item_count; i++) {
        ParaHomeItem *item = &home->items[i];
        item->best = 0.0;
        item->medal = para_times_medal(times, count, item->name);
        for (int t = 0; t < count; t++)
            if (strcmp(times[t].family, item->name) == 0 && times[t].best > 0.0 &&
                (item->best <= 0.0 || times[t].best < item->best))
                item->best = times[t].best;
    }
    for (int t = 0; t < count && recent < PARA_HOME_RECENT_MAX; t++) {
        const ParaHomeItem *of = find(home, times[t].family);
        if (of && times[t].last[0])
            set_recent(&home->items[recent++], of, &times[t]);
    }
    para_arena_rewind(home->arena, mark); // families are loaded into the same arena, but never meanwhile
}
