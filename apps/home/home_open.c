// SPDX-License-Identifier: MIT
// From the wall into a level, a story or the editor, in the same window, and back.
#include "apps/home/home_parts.h"

#include "agents/model/model.h"
#include "apps/author/author.h"
#include "apps/game/twin.h"
#include "apps/play/play_session.h"
#include "apps/play/play_story.h"
#include "engine/base/file.h"

#include <stdio.h>
#include <string.h>

#define MODEL_MEMORY ((size_t)1 << 30) // [byte]

ParaPlayVisit para_home_visit(ParaHome *h)
{
    return (ParaPlayVisit){.window = h->page.window,
                           .preferences = &h->preferences,
                           .pad = h->pad,
                           .script = h->script,
                           .shown = h->shown,
                           .unattended = h->unattended};
}

void para_home_come_back(ParaHome *h, double shown, bool closed)
{
    h->shown = shown;
    h->quit |= closed;
    SDL_StartTextInput();
    para_home_pad_map(h);
    para_home_collect(h);
}

void para_home_tell(ParaHome *h, const char *name, const char *error)
{
    char line[200];
    error = para_home_reason(error);
    snprintf(line, sizeof line, "%s: %.*s", name, (int)strcspn(error, "\n"), error);
    para_home_say(h, line);
}

/// Starters stand in the program; to be played one is written among a person's data.
static const char *starter_file(ParaHome *h, const ParaHomeItem *item, const char **out_error)
{
    char name[PARA_NAME_MAX + 24];
    snprintf(name, sizeof name, "starters/%.64s.json", item->open);
    const char *path = para_store_path(PARA_STORE_DATA, name, h->arena, out_error);
    const char *text = path ? para_template_starter(item->open, item->name, h->arena) : NULL;
    return text && para_file_write(path, text, strlen(text), h->arena, out_error) ? path : NULL;
}

/// @param model that dreams beside the level, and is what is seen; NULL: none
static void play_level(ParaHome *h, const ParaHomeItem *item, const ParaModel *model)
{
    const char *error = NULL;
    const char *name = item->kind == PARA_HOME_STARTER ? starter_file(h, item, &error) : item->open;
    // The level that is seen is the one that is played.
    uint64_t seed = item->kind == PARA_HOME_RECENT ? item->seed : item->tile ? item->tile->turn : 0;
    ParaGameDef def = {
        .name = name, .solver = PARA_SOLVER_AUTO, .run_folder = item->knows ? h->run_folder : NULL};
    ParaPlayVisit visit = para_home_visit(h);
    visit.model = model;
    visit.horizon = PARA_TWIN_HORIZON;
    if (!name || !para_play_visit(&visit, &def, seed, h->arena, &error))
        para_home_tell(h, item->name, error);
    para_home_come_back(h, visit.shown, visit.closed);
}

static void play_story(ParaHome *h, const ParaHomeItem *item)
{
    const char *error = NULL;
    ParaPlayVisit visit = para_home_visit(h);
    if (!para_play_story_visit(&visit, item->story, h->arena, &error))
        para_home_tell(h, item->name, error);
    para_home_come_back(h, visit.shown, visit.closed);
}

void para_home_play(ParaHome *h)
{
    if (h->chosen < 0)
        return;
    ParaHomeItem *item = &h->items[h->shown_items[h->chosen]];
    para_home_load(h, item);
    if (item->kind == PARA_HOME_ENTRY)
        para_home_enter(h, item->entry);
    else if (item->error)
        para_home_tell(h, item->name, item->error);
    else if (item->story)
        play_story(h, item);
    else
        play_level(h, item, NULL);
}

void para_home_dream(ParaHome *h)
{
    if (h->chosen < 0)
        return;
    ParaHomeItem *item = &h->items[h->shown_items[h->chosen]];
    const char *path = para_twin_model_path(h->run_folder, h->arena), *card = NULL, *error = NULL;
    para_home_load(h, item);
    if (item->kind == PARA_HOME_ENTRY || item->story || item->error) {
        para_home_say(h, "a level can be dreamed: choose one");
        return;
    }
    if (!para_file_exists(path)) {
        para_home_say(h, "there is no model to dream with: paracosm dream train makes one");
        return;
    }
    ParaArena *arena = para_arena_create((size_t)1 << 20, MODEL_MEMORY); // of this visit alone
    const ParaModel *model = arena ? para_model_read(path, arena, &card, &error) : NULL;
    if (model)
        play_level(h, item, model);
    else
        para_home_tell(h, path, error ? error : "no memory");
    if (arena)
        para_arena_destroy(arena);
}

void para_home_author(ParaHome *h, const ParaHomeItem *item)
{
    const char *error = NULL,
               *folder = para_store_path(PARA_STORE_DATA, PARA_HOME_LEVELS "/", h->arena, &error);
    ParaAuthorVisit visit = {.window = h->page.window,
                             .run_folder = h->run_folder,
                             .script = h->script,
                             .shown = h->shown,
                             .unattended = h->unattended};
    if (!folder) {
        para_home_say(h, error);
        return;
    }
    visit.folder = para_arena_printf(h->arena, "%.*s", (int)strlen(folder) - 1, folder);
    if (item && item->kind == PARA_HOME_STARTER)
        visit.starter = item->open;
    else if (item)
        visit.name = item->open;
    if (!para_author_visit(&visit, h->arena, &error))
        para_home_tell(h, item ? item->name : "the editor", error);
    para_home_come_back(h, visit.shown, visit.closed);
}

void para_home_change(ParaHome *h)
{
    if (h->chosen < 0)
        return;
    ParaHomeItem *item = &h->items[h->shown_items[h->chosen]];
    para_home_load(h, item);
    if (item->story)
        para_home_say(h, "a story is a text: write it with any editor (docs/stories.md)");
    else if (item->kind == PARA_HOME_ENTRY)
        para_home_enter(h, item->entry);
    else
        para_home_author(h, item);
}
