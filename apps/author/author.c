// SPDX-License-Identifier: MIT
// paracosm author: a window to make levels in. The command line; the loop is in author_session.c.
#include "apps/author/author.h"
#include "agents/player/player.h"
#include "apps/apps.h"
#include "apps/author/author_parts.h"
#include "apps/options.h"
#include "engine/base/file.h"
#include "worlds/library.h"

#include <stdio.h>
#include <string.h>

#define NAMES_MAX 1000 // levels of one kind in a folder

typedef struct Wishes {
    const char *run, *screenshot, *script, *size;
    uint64_t seed;
    double after;
} Wishes;

/// A family of the library is not changed: it is begun anew under its name in the working folder.
static bool open_document(ParaAuthor *a, const char *name, const char **out_error)
{
    if (!para_library_is_path(name)) {
        ParaTemplateText text;
        const char *path = para_arena_printf(a->arena, "%s%s.json", a->folder, name);
        if (para_file_exists(path))
            return para_author_open(a, path, out_error);
        const char *found = para_library_find(name, a->arena);
        size_t size;
        char *read = found ? para_file_read(found, PARA_TEMPLATE_SIZE_MAX, a->arena, &size, out_error) : NULL;
        if (!found)
            return para_library_read(name, a->arena, &text, out_error);
        if (!read || !para_author_new(a, path, read, out_error))
            return false;
        para_author_say(a, "a copy of the library's %s: Ctrl+S writes %s", name, path);
        return true;
    }
    if (para_path_kind(name) == PARA_PATH_NONE) {
        const char *slash = strrchr(name, '/'), *stem = slash ? slash + 1 : name;
        const char *error = NULL;
        size_t length = strlen(stem);
        length -= length > 5 && strcmp(stem + length - 5, ".json") == 0 ? 5 : 0;
        if (!para_file_may_write(name, a->arena, &error)) {
            *out_error = error;
            return false;
        }
        a->guide = true;
        return para_author_new(
            a, name, para_author_empty(a->arena, para_arena_printf(a->arena, "%.*s", (int)length, stem)),
            out_error);
    }
    return para_author_open(a, name, out_error);
}

/// A new level that begins as a starter, under a name that is free.
static bool begin_starter(ParaAuthor *a, const char *kind, const char **out_error)
{
    const char *name = kind, *path = para_arena_printf(a->arena, "%s%s.json", a->folder, name);
    for (int number = 2; para_file_exists(path) && number < NAMES_MAX; number++) {
        name = para_arena_printf(a->arena, "%s-%d", kind, number);
        path = para_arena_printf(a->arena, "%s%s.json", a->folder, name);
    }
    return para_author_new(a, path, para_template_starter(kind, name, a->arena), out_error);
}

/// What the window needs beside itself.
static bool show(ParaAuthor *a, const char **out_error)
{
    a->scale = 1; // the frame finds what there is room for
    a->gui = para_gui_open(para_window_font(a->window), a->scale);
    *out_error = "the panels cannot be opened: no memory, or OpenGL refuses";
    a->scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, a->arena);
    a->look = para_look_default();
    a->look.mood = PARA_MOOD_DAY;
    return a->gui != NULL;
}

static int open_all(ParaAuthor *a, const char *name, const Wishes *w)
{
    const char *error = NULL;
    int width = 1280, height = 720;
    if (para_app_window_size("author", w->size, &width, &height) != 0)
        return PARA_EXIT_USAGE;
    if (w->screenshot && !para_file_may_write(w->screenshot, a->arena, &error))
        return para_app_fail("author", "--screenshot: %s", error);
    if (w->script && !(a->script = para_play_script_read(w->script, a->arena, &error)))
        return para_app_misused("author", "%s", error);
    if (w->run && !(a->policy = para_player_load(w->run, a->arena, &error)))
        return para_app_fail("author", "--run: %s", error);
    if (!para_author_model_open(a, &error))
        return para_app_fail("author", "%s", error);
    if (name && !open_document(a, name, &error))
        return para_app_fail("author", "%s", error);
    a->gallery = !name;
    a->window = para_window_open("Paracosm: author", width, height, a->arena, &error);
    if (!a->window) {
        para_app_fail("author", "%s", error);
        fprintf(stderr,
                "  without a window: write the template with any editor; paracosm check FILE says what is "
                "wrong\n");
        return PARA_EXIT_USAGE;
    }
    if (!show(a, &error))
        return para_app_fail("author", "%s", error);
    a->run_folder = w->run;
    a->screenshot = w->screenshot;
    a->after = w->after;
    a->unattended = w->screenshot || w->script;
    a->model.seed = w->seed;
    para_author_run(a);
    return a->code;
}

static ParaAuthor *create(void)
{
    ParaAuthor *a = SDL_calloc(1, sizeof *a);
    if (!a || !(a->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30))) {
        SDL_free(a);
        return NULL;
    }
    a->lock = -1;
    a->snap = true;
    a->folder = "";
    snprintf(a->gallery_name, sizeof a->gallery_name, "my-level");
    return a;
}

/// @param window the editor's own, of its arena; NULL: it is somebody else's
static void destroy(ParaAuthor *a, ParaWindow *window)
{
    para_author_try_end(a);
    para_author_close(a);
    para_author_model_close(a);
    para_gui_close(a->gui);
    if (window)
        para_window_close(window);
    para_arena_destroy(a->arena);
    SDL_free(a);
}

bool para_author_visit(ParaAuthorVisit *visit, ParaArena *arena, const char **out_error)
{
    ParaAuthor *a = create();
    const char *error = "no memory";
    bool good = a != NULL;
    if (good) {
        a->visit = true;
        a->window = visit->window;
        a->script = visit->script;
        a->shown = visit->shown;
        a->unattended = visit->unattended;
        a->run_folder = visit->run_folder;
        a->folder = *visit->folder ? para_arena_printf(a->arena, "%s/", visit->folder) : "";
        a->gallery = !visit->name && !visit->starter;
        good = (!visit->run_folder || (a->policy = para_player_load(visit->run_folder, a->arena, &error))) &&
               para_author_model_open(a, &error) && (!visit->name || open_document(a, visit->name, &error)) &&
               (!visit->starter || begin_starter(a, visit->starter, &error)) && show(a, &error);
    }
    if (good) {
        para_author_run(a);
        visit->shown = a->shown;
        visit->closed = a->closed;
    } else {
        *out_error = para_arena_strdup(arena, error); // of the editor's arena
    }
    if (a)
        destroy(a, NULL);
    return good;
}

int para_app_author(int argc, char **argv)
{
    Wishes w = {.after = 0.2};
    const ParaOption options[] = {
        {"run", 'r', PARA_OPTION_TEXT, &w.run, "DIR",
         "the trained player of this run folder, or of this .safetensors file, tries levels on the page Try",
         0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "which member of the family is on the canvas", 0, 0,
         NULL},
        {"size", 0, PARA_OPTION_TEXT, &w.size, "WxH", "of the window (1280x720)", 0, 0, NULL},
        {"screenshot", 0, PARA_OPTION_TEXT, &w.screenshot, "FILE", "write a PNG and end", 0, 0, NULL},
        {"after", 0, PARA_OPTION_REAL, &w.after, "SECONDS", "[s] shown before the screenshot", 0, 3600, NULL},
        {"script", 0, PARA_OPTION_TEXT, &w.script, "TEXT",
         "keys, mouse and text by the clock, as of paracosm play", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command_line = {
        .name = "author",
        .usage = "[options] [FAMILY | TEMPLATE.json]",
        .about = "A window to make levels in: place, drag, turn and join things, draw ground, give numbers "
                 "ranges, play\n"
                 "from here and come back. What is written is the template you would write by hand: its "
                 "order and\n"
                 "notes stay. A file that is not there begins empty, with a guide; without a name there are "
                 "starters.",
        .options = options,
        .examples =
            "  paracosm author my-level.json\n"
            "  paracosm author rover                               # a copy of a family, as rover.json\n"
            "  paracosm author my-level.json --run runs/first      # the trained player tries it\n"
            "  SDL_VIDEODRIVER=offscreen paracosm author rover --screenshot author.png",
        .notes = "Unsaved work is kept as a draft in $XDG_DATA_HOME/paracosm/drafts and offered at the next "
                 "start.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line or no display to open a window on",
        .operand_min = 0,
        .operand_max = 1,
        .operand_name = "a family or file"};
    const char *name = NULL;
    int count = 0, code = para_options_read(&command_line, argc, argv, &name, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaAuthor *a = create();
    if (!a)
        return para_app_fail("author", "no memory");
    code = open_all(a, name, &w);
    destroy(a, a->window);
    return code;
}
