// SPDX-License-Identifier: MIT
// paracosm watch: follows a training that another process runs, or looks at one that is over. It reads, at a
// modest rate and the lowest priority, and writes nothing.
#include "apps/watch/watch_parts.h"

#include "apps/apps.h"
#include "apps/options.h"
#include "apps/script/script.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"
#include "engine/base/shell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BEGIN_SECONDS 4.0         // [s] that a run which cannot be read yet is waited for
#define ASK_SECONDS   2.0         // [s] between two looks at the run
#define PICTURE_FRAME (1.0f / 60) // [s] of a frame when nobody watches
#define SEEK          15          // [decision] of an arrow
#define MARKS_MAX     1024        // lines of what a player sees
#define OPENING       3 // pictures that are drawn before it stands back, so that the window is not black for long

typedef struct Wishes {
    const char *screenshot, *script, *size;
    double after;
    int level, replay;
} Wishes;

static void open_level(ParaWatch *w, int slot)
{
    if (slot < 0 || slot >= PARA_WATCH_SLOTS || !w->slots[slot].level)
        return;
    w->chosen = slot;
    w->person = false;
    w->screen = PARA_WATCH_LEVEL;
}

static void move(ParaWatch *w, int by)
{
    int to = w->chosen;
    do
        to = (to + by + PARA_WATCH_SLOTS) % PARA_WATCH_SLOTS;
    while (!w->slots[to].level && to != w->chosen);
    w->chosen = to;
    w->person = false;
}

static void wall_key(ParaWatch *w, SDL_Keycode key)
{
    int columns = para_watch_columns(w);
    int by = key == SDLK_LEFT    ? -1
             : key == SDLK_RIGHT ? 1
             : key == SDLK_UP    ? -columns
             : key == SDLK_DOWN  ? columns
                                 : 0;
    if (by && w->chosen + by >= 0 && w->chosen + by < PARA_WATCH_SLOTS && w->slots[w->chosen + by].level)
        w->chosen += by;
    if (key == SDLK_RETURN)
        open_level(w, w->chosen);
}

static void level_key(ParaWatch *w, SDL_Keycode key)
{
    if (key == SDLK_TAB) {
        w->person = !w->person;
        para_watch_say(w, w->person ? "you act; Tab hands back" : "the player acts");
    } else if (!w->person && (key == SDLK_LEFT || key == SDLK_UP)) {
        move(w, -1);
    } else if (!w->person && (key == SDLK_RIGHT || key == SDLK_DOWN)) {
        move(w, 1);
    }
}

static void film_key(ParaWatch *w, SDL_Keycode key)
{
    if (key == SDLK_SPACE)
        w->film.paused = !w->film.paused;
    if (key == SDLK_LEFT || key == SDLK_RIGHT)
        para_watch_seek(w, w->film.at + (key == SDLK_LEFT ? -SEEK : SEEK));
    if (key == SDLK_HOME || key == SDLK_END)
        para_watch_seek(w, key == SDLK_HOME ? 0 : w->film.replay->decisions);
}

static void list_key(ParaWatch *w, SDL_Keycode key)
{
    if (key == SDLK_UP && w->row > 0)
        w->row--;
    if (key == SDLK_DOWN && w->row < w->list_count - 1)
        w->row++;
    if (key == SDLK_RETURN && w->row < w->list_count && para_watch_open_film(w, w->row))
        w->screen = PARA_WATCH_FILM;
}

static void leave(ParaWatch *w)
{
    w->person = false;
    if (w->screen == PARA_WATCH_FILM)
        para_watch_close_film(w);
    w->quit |= w->screen == PARA_WATCH_WALL;
    w->screen = w->screen == PARA_WATCH_FILM ? PARA_WATCH_LIST : PARA_WATCH_WALL;
}

static void take_key(ParaWatch *w, SDL_Keycode key)
{
    if (w->help.open && para_help_key(&w->help, key))
        return;
    if (key == SDLK_F1 || (key == SDLK_h && !w->person))
        w->help = (ParaHelp){.open = !w->help.open};
    else if (key == SDLK_ESCAPE && w->help.open)
        w->help.open = false;
    else if (key == SDLK_ESCAPE)
        leave(w);
    else if (key == SDLK_F11)
        para_window_fullscreen(w->page.window, !para_window_is_fullscreen(w->page.window));
    else if (key == SDLK_p && !w->person && w->screen != PARA_WATCH_FILM) {
        para_watch_list(w);
        w->screen = PARA_WATCH_LIST;
    } else if (key == SDLK_s && !w->person) {
        w->pace.smooth = !w->pace.smooth;
        para_watch_say(w, w->pace.smooth ? "smooth, at the cost of the training; S: pictures cost it little"
                                         : "pictures cost the training little; S: smooth");
    } else if (w->screen == PARA_WATCH_WALL)
        wall_key(w, key);
    else if (w->screen == PARA_WATCH_LEVEL)
        level_key(w, key);
    else if (w->screen == PARA_WATCH_LIST)
        list_key(w, key);
    else
        film_key(w, key);
}

static void drag(ParaWatch *w)
{
    ParaRect bar = para_watch_bar(w);
    if (w->screen == PARA_WATCH_FILM && w->dragging)
        para_watch_seek(w, (int)((w->mouse_x - bar.x) / bar.width * (float)w->film.replay->decisions + 0.5f));
}

static void take_mouse(ParaWatch *w, const SDL_Event *event)
{
    float density = para_window_density(w->page.window);
    bool motion = event->type == SDL_MOUSEMOTION;
    w->mouse_x = (float)(motion ? event->motion.x : event->button.x) * density;
    w->mouse_y = (float)(motion ? event->motion.y : event->button.y) * density;
    if (event->type == SDL_MOUSEBUTTONUP)
        w->dragging = false;
    if (event->type == SDL_MOUSEBUTTONDOWN && event->button.button == SDL_BUTTON_LEFT) {
        w->dragging = para_rect_holds(para_watch_bar(w), w->mouse_x, w->mouse_y);
        if (w->screen == PARA_WATCH_WALL)
            open_level(w, para_watch_slot_at(w, w->mouse_x, w->mouse_y));
    }
    drag(w);
}

static void take_events(ParaWatch *w)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        bool key = event.type == SDL_KEYDOWN || event.type == SDL_KEYUP;
        if (event.type == SDL_QUIT)
            w->quit = true;
        if (key || (event.type >= SDL_MOUSEMOTION && event.type <= SDL_MOUSEWHEEL))
            w->pace.touched = para_clock_seconds();
        if (key && w->person && w->screen == PARA_WATCH_LEVEL && !event.key.repeat &&
            para_keys_event(&w->keys, event.key.keysym.sym, event.type == SDL_KEYDOWN, PARA_KEYS_ON))
            continue;
        if (event.type == SDL_KEYDOWN)
            take_key(w, event.key.keysym.sym);
        if (event.type == SDL_MOUSEMOTION || event.type == SDL_MOUSEBUTTONDOWN ||
            event.type == SDL_MOUSEBUTTONUP)
            take_mouse(w, &event);
    }
}

/// The player of the run acts on all levels; on the enlarged one a person may.
static void advance(ParaWatch *w, float seconds)
{
    ParaMind *mind = w->policy ? w->mind : NULL;
    if (w->screen == PARA_WATCH_FILM) {
        para_watch_film_advance(w, seconds);
        return;
    }
    for (int i = 0; i < PARA_WATCH_SLOTS; i++) {
        ParaWatchSlot *slot = &w->slots[i];
        bool alone = w->screen == PARA_WATCH_LEVEL;
        if (!slot->level || (alone && i != w->chosen) || w->screen == PARA_WATCH_LIST)
            continue;
        int8_t wish[PARA_CHANNELS];
        bool person = alone && w->person && slot->tile->running;
        if (person && w->keyed != slot->hash) {
            w->keys = para_keys_of(slot->tile->env.level);
            w->keyed = slot->hash;
        }
        int32_t before = slot->tile->running ? slot->tile->env.decisions : 0;
        para_keys_read(&w->keys, wish);
        para_tile_advance(slot->tile, seconds, mind, person ? wish : NULL);
        if (person && slot->tile->env.decisions != before)
            para_keys_taken(&w->keys);
    }
}

static void print_state(const ParaWatch *w)
{
    static const char *const screens[] = {"wall", "level", "list", "film"};
    int levels = 0;
    for (int i = 0; i < PARA_WATCH_SLOTS; i++)
        levels += w->slots[i].level != NULL;
    const ParaWatchSlot *slot = &w->slots[w->chosen];
    printf("watch screen=%s lesson=%d levels=%d checkpoint=%d chosen=%d family=%s person=%d known=%d acts=%s "
           "replays=%d at=%d "
           "paused=%d hash=%016llx reason=\"%s\" things=%d player=\"%s\" first=\"%s\"\n",
           screens[w->screen], w->run.now.lesson, levels, w->run.checkpoint, w->chosen,
           slot->level ? slot->family : "-", w->person, slot->level && slot->tile->thought.known,
           slot->level && slot->tile->fine ? "amounts" : "levels", w->list_count,
           w->film.arena ? w->film.at : -1, w->film.paused,
           (unsigned long long)(w->film.arena ? para_world_hash(w->film.tile.env.world) : 0),
           slot->level ? slot->reason : "", w->things, w->run.player, w->list_count ? w->lines[0] : "");
}

/// Waits for the next picture, or for something a person does, which is answered at once.
/// @return [s] since the last one
static float wait_frame(ParaWatch *w, double *clock)
{
    double every = PARA_PACE_FRAME, passed;
    while ((passed = para_clock_seconds() - *clock) < every && !w->unattended) {
        bool asked = SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT);
        every = asked || w->person ? PARA_PACE_FRAME
                                   : para_pace_between(&w->pace, w->cores, para_clock_seconds());
        double left = fmax(every - passed, 0.0);
        if (asked)
            SDL_Delay((Uint32)(left * 1000.0));
        else
            SDL_WaitEventTimeout(NULL, (int)(left * 1000.0) + 1);
    }
    *clock += passed;
    return w->unattended ? PICTURE_FRAME : (float)fmin(passed, fmax(every, 0.1));
}

/// What the picture cost; and once the first ones are there, the training comes first.
static void count_frame(ParaWatch *w, double *cpu)
{
    double now = para_clock_cpu_seconds();
    if (w->frames++ > OPENING) // the first ones make what all others use
        para_pace_count(&w->pace, now - *cpu);
    *cpu = now;
    if (w->frames == OPENING && !w->unattended)
        para_process_give_way();
}

static int picture(ParaWatch *w, const char *file)
{
    const char *error = NULL;
    if (!para_page_picture(&w->page, file, w->arena, &error))
        return para_app_fail("watch", "%s", error);
    printf("%s: %d x %d\n", file, (int)w->page.width, (int)w->page.height);
    return PARA_EXIT_OK;
}

static void ask(ParaWatch *w)
{
    int lesson = w->run.now.lesson;
    w->asked = w->shown;
    para_watch_follow(w);
    if (w->run.now.lesson != lesson)
        w->pace.news = para_clock_seconds();
}

static int run(ParaWatch *w, const Wishes *wish, ParaPlayScript *script)
{
    double clock = para_clock_seconds(), cpu = para_clock_cpu_seconds();
    int code = PARA_EXIT_OK;
    w->pace.news = clock;
    while (!w->quit) {
        float seconds = wait_frame(w, &clock);
        ParaScriptDue due = script ? para_play_script_run(script, w->shown) : PARA_SCRIPT_NOTHING;
        take_events(w);
        if (w->quit)
            break;
        w->shown += (double)seconds;
        if (w->shown - w->asked > ASK_SECONDS && w->screen != PARA_WATCH_FILM)
            ask(w);
        advance(w, seconds);
        para_watch_draw(w, seconds);
        if (due == PARA_SCRIPT_STATE)
            print_state(w);
        if (due == PARA_SCRIPT_SCREENSHOT)
            code = picture(w, para_play_script_picture(script));
        if (wish->screenshot && w->shown >= wish->after) {
            code = picture(w, wish->screenshot);
            w->quit = true;
        }
        para_window_end(w->page.window);
        count_frame(w, &cpu);
    }
    return code;
}

static void close_all(ParaWatch *w)
{
    para_watch_close_film(w);
    for (int i = 0; i < PARA_WATCH_SLOTS; i++) {
        para_tile_destroy(w->slots[i].tile);
        if (w->slots[i].arena)
            para_arena_destroy(w->slots[i].arena);
    }
    if (w->player_arena)
        para_arena_destroy(w->player_arena);
}

/// A training that begins just now has a file before there is anything in it: that is waited for.
static ParaRun *open_run(ParaWatch *w, const char **out_error)
{
    double until = para_clock_seconds() + BEGIN_SECONDS;
    const char *file = para_arena_printf(w->arena, "%s/run.db", w->run.folder);
    ParaRun *run = NULL;
    while (!(run = para_run_open_read(w->run.folder, w->arena, out_error)) &&
           para_path_kind(file) == PARA_PATH_FILE && para_clock_seconds() < until)
        para_clock_sleep(0.2);
    return run;
}

/// Reading the run takes a while: what it is that opens is told before, in the terminal and the window.
static void tell_window(ParaWatch *w)
{
    printf("watch: %s, in a window; F1 shows the keys, Esc leaves\n", w->run.folder);
    fflush(stdout);
    para_page_begin(&w->page);
    const ParaRect all = {0, 0, w->page.width, w->page.height};
    para_page_text_middle(&w->page, all, 0.45f * all.height, PARA_TEXT_NORMAL, PARA_INK_TEXT_DIM,
                          para_arena_printf(w->arena, "reading %s ...", w->run.folder));
    para_window_end(w->page.window);
}

static int watch(ParaWatch *w, const Wishes *wish)
{
    const char *error = NULL;
    int width = 1280, height = 720;
    ParaPlayScript *script = NULL;
    if (para_app_window_size("watch", wish->size, &width, &height) != 0)
        return PARA_EXIT_USAGE;
    if (wish->script && !(script = para_play_script_read(wish->script, w->arena, &error)))
        return para_app_misused("watch", "%s", error);
    if (wish->screenshot && !para_file_may_write(wish->screenshot, w->arena, &error))
        return para_app_fail("watch", "--screenshot: %s", error);
    ParaRun *opened = open_run(w, &error);
    if (!opened)
        return para_app_fail("watch", "%s", error);
    w->solver = para_run_solver(opened);
    para_run_close(opened);
    ParaWindow *window = para_window_open("Paracosm: watch", width, height, w->arena, &error);
    if (!window) {
        para_app_fail("watch", "%s", error);
        fprintf(stderr, "  a page instead:  %s report %s\n", para_shell_program(),
                para_shell_word(w->run.folder, w->arena));
        return PARA_EXIT_USAGE;
    }
    w->page = para_page(window, w->arena);
    w->scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, w->arena);
    w->marks = para_scene_create(MARKS_MAX, w->arena);
    w->sight_spec = para_obs_spec_entities();
    w->sight = PARA_NEW(w->arena, float, w->sight_spec.size);
    w->help_list = PARA_NEW(w->arena, ParaHelpList, 1);
    w->unattended = wish->screenshot || wish->script;
    w->cores = para_cpu_count();
    w->run.checkpoint = -1;
    tell_window(w);
    para_watch_follow(w);
    if (wish->level > 0)
        open_level(w, wish->level - 1);
    if (wish->replay > 0) {
        para_watch_list(w);
        if (wish->replay <= w->list_count && para_watch_open_film(w, wish->replay - 1))
            w->screen = PARA_WATCH_FILM;
    }
    int code = run(w, wish, script);
    close_all(w);
    para_window_close(window);
    return code;
}

int para_app_watch(int argc, char **argv)
{
    Wishes w = {0};
    const ParaOption options[] = {
        {"level", 0, PARA_OPTION_INT, &w.level, "N",
         "begin with the wall's level N enlarged, from 1 on; 0: the wall", 0, PARA_WATCH_SLOTS, NULL},
        {"replay", 0, PARA_OPTION_INT, &w.replay, "N",
         "begin with the replay N of the list, from 1 on; 0: the wall", 0, PARA_WATCH_REPLAYS, NULL},
        {"size", 0, PARA_OPTION_TEXT, &w.size, "WxH", "of the window (1280x720)", 0, 0, NULL},
        {"screenshot", 0, PARA_OPTION_TEXT, &w.screenshot, "FILE", "write a PNG and end", 0, 0, NULL},
        {"after", 0, PARA_OPTION_REAL, &w.after, "SECONDS", "[s] shown before the screenshot", 0, 3600, NULL},
        {"script", 0, PARA_OPTION_TEXT, &w.script, "TEXT",
         "keys and mouse by the clock, as of `paracosm play`", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command_line = {
        .name = "watch",
        .usage = "[options] RUN",
        .about =
            "Follows a training in a window, without slowing it: the levels it plays now, each played by "
            "its\n"
            "newest checkpoint; one enlarged with what the player sees and thinks, and why the level was\n"
            "picked; Tab takes over. P shows its replays and proofs, with a bar to seek in. Reads alone, "
            "and\n"
            "opens on a run that is over too.",
        .options = options,
        .examples = "  paracosm watch runs/first\n"
                    "  paracosm watch runs/first --level 1\n"
                    "  SDL_VIDEODRIVER=offscreen paracosm watch runs/first --screenshot wall.png --after 2",
        .notes = "exit codes: 0 done, 1 failed, 2 wrong command line or no display to open a window on",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder"};
    const char *folder = NULL;
    int count = 0, code = para_options_read(&command_line, argc, argv, &folder, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    // A picture or a script is over soon, and should not wait for a machine that is never idle.
    if (!w.screenshot && !w.script && !para_process_go_apart(&code))
        return code;
    ParaArena *arena = para_arena_create((size_t)4 << 20, (size_t)1 << 30);
    if (!arena)
        return para_app_fail("watch", "no memory");
    ParaWatch *watched = PARA_NEW(arena, ParaWatch, 1);
    watched->arena = arena;
    watched->run.folder = folder;
    code = watch(watched, &w);
    para_arena_destroy(arena);
    return code;
}
