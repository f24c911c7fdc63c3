// SPDX-License-Identifier: MIT
// What there is on the wall: entries, what was played lately, a person's own levels, stories, the families of
// the library by ability, and starters.
#include "apps/home/home_parts.h"

#include "engine/base/file.h"
#include "worlds/template.h"

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

static void add(ParaHome *home, ParaHomeItem item)
{
    if (home->item_count == PARA_HOME_ITEMS_MAX)
        return;
    item.group = item.group ? item.group : "";
    item.about = item.about ? item.about : "";
    home->items[home->item_count++] = item;
}

/// Slots that are filled later, so that the others never move: their tiles know them by address.
static void add_slots(ParaHome *home, ParaHomeKind kind, int count)
{
    home->slots[kind] = home->item_count;
    for (int i = 0; i < count; i++)
        add(home, (ParaHomeItem){.kind = kind});
}

static void add_families(ParaHome *home)
{
    ParaLibraryFamily *families = NULL;
    int count = para_library_families(home->arena, &families);
    qsort(families, (size_t)count, sizeof *families, by_ability);
    home->slots[PARA_HOME_FAMILY] = home->item_count;
    for (int i = 0; i < count; i++)
        add(home, (ParaHomeItem){.kind = PARA_HOME_FAMILY,
                                 .name = families[i].name,
                                 .open = families[i].name,
                                 .group = families[i].ability});
}

/// Stories lie beside the library's folder.
static void add_stories(ParaHome *home)
{
    const char *library = para_library_folder(home->arena), **names = NULL, *error = NULL;
    home->slots[PARA_HOME_STORY] = home->item_count;
    if (!library)
        return;
    const char *folder = para_arena_printf(home->arena, "%s/../stories", library);
    int count = para_path_kind(folder) == PARA_PATH_FOLDER
                    ? para_folder_list(folder, ".json", home->arena, &names, &error)
                    : 0;
    for (int i = 0; i < count; i++)
        add(home, (ParaHomeItem){.kind = PARA_HOME_STORY,
                                 .name = names[i],
                                 .open = para_arena_printf(home->arena, "%s/%s.json", folder, names[i])});
}

static void add_starters(ParaHome *home)
{
    int count = 0;
    const char *const *kinds = para_template_starters(&count);
    home->slots[PARA_HOME_STARTER] = home->item_count;
    for (int i = 0; i < count; i++)
        add(home, (ParaHomeItem){.kind = PARA_HOME_STARTER,
                                 .name = kinds[i],
                                 .open = kinds[i],
                                 .group = para_template_starter_ability(kinds[i]),
                                 .about = para_template_starter_about(kinds[i], home->arena)});
}

// ---------------------------------------------------------------------------------------------
// A person's own levels.

/// A slot is given another file, or the same one, which may say something else now.
static void set_own(ParaHome *home, ParaHomeItem *item, const char *folder, const char *name)
{
    ParaTile *tile = item->tile;
    if (!name && !item->name)
        return;
    *item = (ParaHomeItem){.kind = PARA_HOME_OWN, .group = "", .about = "", .tile = tile};
    if (name) {
        item->name = para_arena_strdup(home->arena, name);
        item->open = para_arena_printf(home->arena, "%s/%s.json", folder, name);
    }
    if (tile)
        tile->running = tile->barren = false;
}

/// Reads the folder again. What does not load stands on the wall, too, and says why.
static void collect_own(ParaHome *home)
{
    const char *error = NULL, **names = NULL;
    ParaArena *scratch = para_arena_create((size_t)1 << 14, (size_t)64 << 20);
    const char *folder =
        scratch ? para_store_path(PARA_STORE_DATA, PARA_HOME_LEVELS "/", scratch, &error) : NULL;
    int count = folder ? para_folder_list(folder, ".json", scratch, &names, &error) : 0;
    if (count > PARA_HOME_OWN_MAX)
        para_home_say(home, "the wall has room for 96 levels of yours; the others are played by their path");
    for (int i = 0; i < PARA_HOME_OWN_MAX; i++)
        set_own(home, &home->items[home->slots[PARA_HOME_OWN] + i],
                folder ? para_arena_printf(scratch, "%.*s", (int)strlen(folder) - 1, folder) : "",
                i < count ? names[i] : NULL);
    if (scratch)
        para_arena_destroy(scratch);
}

// ---------------------------------------------------------------------------------------------
// Loading.

const char *para_home_reason(const char *error)
{
    static const char mark[] = "error: ";
    const char *at = strstr(error, mark);
    return at ? at + sizeof mark - 1 : error;
}

static const char *problem_of(const ParaDiagList *list)
{
    const char *first = "it does not load";
    for (int i = 0; i < list->count; i++)
        if (list->items[i].severity == PARA_DIAG_ERROR)
            return list->items[i].message;
    return first;
}

/// Of a story the wall shows where it begins.
static void load_story(ParaHome *home, ParaHomeItem *item)
{
    ParaDiagList list = para_diag_list(home->arena, item->open, NULL);
    item->story = para_story_load_file(item->open, true, home->arena, &list);
    if (!item->story) {
        item->error = problem_of(&list);
        return;
    }
    const ParaStoryScene *scene = &item->story->scenes[item->story->start];
    item->name = item->story->name;
    item->about = item->story->about;
    item->seed = scene->seed;
    item->family = para_library_load(scene->level, home->arena, &item->error);
}

static bool is_story(const ParaHome *home, const ParaHomeItem *item)
{
    const char *error = NULL;
    size_t size = 0;
    if (item->kind == PARA_HOME_STORY || item->kind != PARA_HOME_OWN)
        return item->kind == PARA_HOME_STORY;
    ParaArenaMark mark = para_arena_mark(home->arena);
    const char *text = para_file_read(item->open, (size_t)1 << 20, home->arena, &size, &error);
    bool is = text && para_story_is(text, size);
    para_arena_rewind(home->arena, mark);
    return is;
}

static void load_starter(ParaHome *home, ParaHomeItem *item)
{
    const char *text = para_template_starter(item->open, item->name, home->arena);
    const ParaTemplateText source = {
        .source = item->name, .file = item->name, .text = text, .size = strlen(text), .kept = true};
    item->family = para_library_load_text(&source, home->arena, &item->error);
}

void para_home_load(ParaHome *home, ParaHomeItem *item)
{
    if (item->family || item->error || !item->name || item->kind == PARA_HOME_ENTRY)
        return;
    if (is_story(home, item))
        load_story(home, item);
    else if (item->kind == PARA_HOME_STARTER)
        load_starter(home, item);
    else
        item->family = para_library_load(item->open, home->arena, &item->error);
    if (item->family && !*item->about)
        item->about = para_template_about(item->family);
}

// ---------------------------------------------------------------------------------------------
// What was played.

static const ParaHomeItem *find(const ParaHome *home, const char *name)
{
    static const ParaHomeKind kinds[] = {PARA_HOME_FAMILY, PARA_HOME_OWN, PARA_HOME_STARTER};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (int i = home->slots[kinds[k]]; i < home->item_count && home->items[i].kind == kinds[k]; i++)
            if (home->items[i].name && strcmp(home->items[i].name, name) == 0)
                return &home->items[i];
    return NULL;
}

/// Gives a slot of what was played lately another level; its tile goes over to it.
static void set_recent(ParaHomeItem *item, const ParaHomeItem *of, const ParaTime *time)
{
    bool same = item->name == of->name && item->seed == time->seed;
    ParaTile *tile = item->tile;
    *item = *of;
    item->kind = PARA_HOME_RECENT;
    item->seed = time->seed;
    item->best = time->best;
    item->medal = time->medal;
    item->tile = tile;
    if (tile && !same) {
        tile->running = tile->barren = false;
        tile->turn = time->seed;
    }
}

/// The least time and the highest medal of any level of its name.
static void set_times(ParaHomeItem *item, const ParaTime *times, int count)
{
    item->best = 0.0;
    item->medal = para_times_medal(times, count, item->name);
    for (int t = 0; t < count; t++)
        if (strcmp(times[t].family, item->name) == 0 && times[t].best > 0.0 &&
            (item->best <= 0.0 || times[t].best < item->best))
            item->best = times[t].best;
}

static void collect_times(ParaHome *home)
{
    ParaTime *times = NULL;
    const char *note = NULL;
    ParaArena *scratch = para_arena_create((size_t)1 << 14, (size_t)64 << 20);
    int count = scratch ? para_times_read(scratch, &times, &note) : 0, recent = 0;
    if (note)
        para_home_say(home, note);
    for (int i = home->slots[PARA_HOME_OWN]; i < home->item_count; i++)
        if (home->items[i].name)
            set_times(&home->items[i], times, count);
    for (int t = 0; t < count && recent < PARA_HOME_RECENT_MAX; t++) {
        const ParaHomeItem *of = find(home, times[t].family);
        if (of && of->kind != PARA_HOME_STARTER && times[t].last[0])
            set_recent(&home->items[home->slots[PARA_HOME_RECENT] + recent++], of, &times[t]);
    }
    if (scratch)
        para_arena_destroy(scratch);
}

void para_home_collect(ParaHome *home)
{
    if (!home->items) {
        home->items = PARA_NEW(home->arena, ParaHomeItem, PARA_HOME_ITEMS_MAX);
        home->slots[PARA_HOME_ENTRY] = 0;
        para_home_entries(home);
        add_slots(home, PARA_HOME_RECENT, PARA_HOME_RECENT_MAX);
        add_slots(home, PARA_HOME_OWN, PARA_HOME_OWN_MAX);
        add_stories(home);
        add_families(home);
        add_starters(home);
    }
    collect_own(home);
    collect_times(home);
}
