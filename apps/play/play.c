// SPDX-License-Identifier: MIT
// paracosm play: a level in a window, for a person, the trained player, or both in turn.
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/play/play_game.h"
#include "apps/play/play_keys.h"
#include "apps/play/play_script.h"
#include "apps/play/play_view.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/draw/raster/png.h"

#include <SDL.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SLOW_SPEED    0.25f       // [1] of real time
#define FRAME_MAX     0.1f        // [s] a longer pause of the machine is not caught up
#define PICTURE_FRAME (1.0f / 60) // [s] of a frame when nobody watches: same picture on any machine
#define FRAME_LEAST   (1.0 / 125) // [s] for drivers that do not wait for the screen

typedef struct Session {
    ParaGame game;
    ParaKeys keys;
    ParaPlayView view;
    ParaPlayScript *script;
    ParaArena *arena;
    const char *screenshot, *record;
    double after;        // [s] of shown time when the screenshot is taken
    double shown;        // [s] shown so far
    float pending;       // [s] of physics owed
    int recorded, saved; // episodes written
    bool unattended;     // screenshot or script: fixed frames, no waiting
    bool quit, begun_over;
    int code;
} Session;

static void say(Session *s, const char *text) { para_play_view_say(&s->view, text); }

static bool begin(Session *s, uint64_t seed)
{
    uint64_t before = s->game.seed;
    bool first = s->game.env.level == NULL;
    if (!para_game_begin(&s->game, seed)) {
        if (!first && para_game_begin(&s->game, before))
            say(s, "no level follows: this family has none at the next seeds");
        else
            return false;
    }
    s->keys = para_keys_of(s->game.env.level);
    s->pending = 0.0f;
    s->begun_over = false;
    para_play_view_reset(&s->view);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Replays and pictures.

static void save_replay(Session *s, const char *path)
{
    const char *error = NULL;
    char line[256];
    if (para_game_save(&s->game, path, &error))
        snprintf(line, sizeof line, "saved %s", path);
    else
        snprintf(line, sizeof line, "not saved: %s", error);
    say(s, line);
}

/// F2: a name that is not taken, in the folder the program was started in.
static void save_numbered(Session *s)
{
    char path[192];
    int number = 0;
    do
        snprintf(path, sizeof path, number ? "%s-%" PRIu64 "-%d.replay" : "%s-%" PRIu64 ".replay",
                 s->game.env.level->family, s->game.seed, number);
    while (para_file_exists(path) && ++number < 1000);
    save_replay(s, path);
}

static void take_screenshot(Session *s)
{
    int width = para_window_width(s->view.window), height = para_window_height(s->view.window);
    ParaArenaMark mark = para_arena_mark(s->arena);
    uint8_t *rgb = para_arena_alloc(s->arena, (size_t)width * (size_t)height * 3);
    const char *error = NULL;
    para_window_read(s->view.window, rgb);
    if (para_png_write(s->screenshot, rgb, width, height, s->arena, &error))
        printf("%s: %d x %d\n", s->screenshot, width, height);
    else
        s->code = para_app_fail("play", "%s", error);
    para_arena_rewind(s->arena, mark);
    s->quit = true;
}

// ---------------------------------------------------------------------------------------------
// Keys.

static void hand_over(Session *s)
{
    const char *reason = NULL;
    if (!para_game_hand_over(&s->game, &reason))
        say(s, reason);
    else
        say(s, s->game.trained ? "the trained player acts; Tab takes it back" : "you act");
}

static void command(Session *s, ParaCommandKey key)
{
    switch (key) {
    case PARA_COMMAND_HELP:
        s->view.help = !s->view.help;
        break;
    case PARA_COMMAND_SAVE:
        save_numbered(s);
        break;
    case PARA_COMMAND_RESTART:
        s->quit |= !begin(s, s->game.seed);
        break;
    case PARA_COMMAND_NEXT:
        s->quit |= !begin(s, s->game.seed + 1);
        break;
    case PARA_COMMAND_PAUSE:
        s->view.paused = !s->view.paused;
        break;
    case PARA_COMMAND_SLOW:
        s->view.slow = !s->view.slow;
        break;
    case PARA_COMMAND_HAND_OVER:
        hand_over(s);
        break;
    case PARA_COMMAND_QUIT:
        // Escape closes what lies on top first.
        if (s->view.help)
            s->view.help = false;
        else
            s->quit = true;
        break;
    case PARA_COMMAND_NONE:
    case PARA_COMMAND_COUNT:
        break;
    }
}

static void take_events(Session *s)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        if (event.type == SDL_QUIT)
            s->quit = true;
        if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_FOCUS_LOST)
            for (int c = 0; c < PARA_CHANNELS; c++) // keys let go elsewhere are never told
                memset(s->keys.down[c], 0, sizeof s->keys.down[c]);
        if ((event.type != SDL_KEYDOWN && event.type != SDL_KEYUP) || event.key.repeat)
            continue;
        bool down = event.type == SDL_KEYDOWN;
        if (!para_keys_event(&s->keys, event.key.keysym.sym, down) && down)
            command(s, para_keys_command(&s->keys, event.key.keysym.sym));
    }
}

// ---------------------------------------------------------------------------------------------
// The loop.

/// Physics for `seconds` of shown time. @return [1] how far the picture is between the last two steps
static float advance(Session *s, float seconds)
{
    float step = 1.0f / s->game.env.level->world.rate;
    bool still = s->view.paused || s->view.help;
    s->pending += still ? 0.0f : seconds * (s->view.slow ? SLOW_SPEED : 1.0f);
    while (s->pending >= step && !para_game_over(&s->game)) {
        int8_t wish[PARA_CHANNELS];
        para_keys_read(&s->keys, wish);
        if (para_game_step(&s->game, wish))
            para_keys_taken(&s->keys);
        s->pending -= step;
    }
    if (!para_game_over(&s->game))
        return s->pending / step;
    s->pending = 0.0f;
    return 1.0f;
}

/// Once per episode, when it has ended.
static void end_episode(Session *s)
{
    if (s->begun_over || !para_game_over(&s->game))
        return;
    s->begun_over = true;
    if (s->record && s->game.env.play.status == PARA_PLAY_SOLVED)
        save_replay(s, s->record);
}

static void print_state(const Session *s)
{
    static const char *const ends[] = {"on", "solved", "failed", "timeout", "diverged"};
    const ParaView *view = para_world_view(s->game.env.world);
    int at = s->game.env.level->players[0].body * view->stride;
    printf("state shown=%.2f seed=%" PRIu64 " step=%" PRIu64
           " x=%.3f y=%.3f status=%s driver=%s solver=%s paused=%d slow=%d "
           "help=%d note=\"%s\"\n",
           s->shown, s->game.seed, view->step, (double)view->x[at], (double)view->y[at],
           ends[s->game.env.play.status], s->game.trained ? "trained" : "person",
           para_solver_name(para_world_solver(s->game.env.world)), s->view.paused, s->view.slow, s->view.help,
           s->view.message_seconds > 0.0f ? s->view.message : "");
}

static float wait_frame(const Session *s, double *clock)
{
    double now = para_clock_seconds(), passed = now - *clock;
    if (!s->unattended && passed < FRAME_LEAST) {
        SDL_Delay((Uint32)((FRAME_LEAST - passed) * 1000.0) + 1);
        now = para_clock_seconds();
        passed = now - *clock;
    }
    *clock = now;
    return s->unattended ? PICTURE_FRAME : fminf((float)passed, FRAME_MAX);
}

static void run(Session *s)
{
    double clock = para_clock_seconds();
    while (!s->quit) {
        float seconds = wait_frame(s, &clock);
        bool state = s->script && para_play_script_run(s->script, s->shown);
        take_events(s);
        if (s->quit)
            break;
        s->shown += (double)seconds;
        float share = advance(s, seconds);
        end_episode(s);
        if (state)
            print_state(s);
        para_play_view_draw(&s->view, &s->game, &s->keys, share, seconds);
        if (s->screenshot && s->shown >= s->after)
            take_screenshot(s);
        para_window_end(s->view.window);
    }
}

// ---------------------------------------------------------------------------------------------

typedef struct Wishes {
    const char *run, *screenshot, *record, *script, *size, *solver;
    ParaTexts set;
    uint64_t seed;
    double after;
    bool slow, watch;
} Wishes;

static int play(Session *s, const char *name, const Wishes *w)
{
    const char *error = NULL;
    int width = 1280, height = 720;
    if (w->size && (sscanf(w->size, "%dx%d", &width, &height) != 2 || width < 320 || height < 240 ||
                    width > 7680 || height > 4320))
        return para_app_misused("play", "--size %s: must be WIDTHxHEIGHT, 320x240 to 7680x4320", w->size);
    s->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    if (!s->arena)
        return para_app_fail("play", "no memory");
    if (w->script && !(s->script = para_play_script_read(w->script, s->arena, &error)))
        return para_app_misused("play", "%s", error);
    // Without --solver the player's own rule: a person meets the physics that it was trained on.
    ParaSolverKind solver = para_app_solver(w->solver, para_player_solver(w->run, s->arena));
    if (!para_game_open(&s->game, name, w->run, solver, w->set.items, w->set.count, &error))
        return para_app_fail("play", "%s", error);
    if (!begin(s, w->seed))
        return para_app_fail("play", "%s has no level at seed %" PRIu64 " and the 63 after it%s%s", name,
                             w->seed, *s->game.refused ? ": " : "", s->game.refused);
    if (w->watch && !para_game_hand_over(&s->game, &error))
        return para_app_misused("play", "--watch: %s", error);
    ParaWindow *window = para_window_open("Paracosm", width, height, s->arena, &error);
    if (!window) {
        para_app_fail("play", "%s", error);
        return PARA_EXIT_USAGE;
    }
    s->view = para_play_view(window, s->arena);
    s->view.slow = w->slow;
    s->screenshot = w->screenshot;
    s->record = w->record;
    s->after = w->after;
    s->unattended = w->screenshot || w->script;
    run(s);
    para_window_close(window);
    return s->code;
}

int para_app_play(int argc, char **argv)
{
    Wishes w = {.after = 0.0};
    const ParaOption options[] = {
        {"run", 'r', PARA_OPTION_TEXT, &w.run, "DIR",
         "the trained player of this run folder; Tab hands over to it", 0, 0, NULL},
        {"watch", 'w', PARA_OPTION_FLAG, &w.watch, NULL, "the trained player begins", 0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "which member of the family", 0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &w.set, "NAME=VALUE", "give a parameter of the family a value", 0, 0,
         NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME",
         "physics: auto, lanes or chipmunk (default: auto, or that of the run)", 0, 0, para_solver_choices},
        {"slow", 0, PARA_OPTION_FLAG, &w.slow, NULL, "begin in slow motion (a quarter of real time)", 0, 0,
         NULL},
        {"size", 0, PARA_OPTION_TEXT, &w.size, "WxH", "of the window (1280x720)", 0, 0, NULL},
        {"record", 0, PARA_OPTION_TEXT, &w.record, "FILE", "write each solved episode there as a replay", 0,
         0, NULL},
        {"screenshot", 0, PARA_OPTION_TEXT, &w.screenshot, "FILE", "write a PNG and end", 0, 0, NULL},
        {"after", 0, PARA_OPTION_REAL, &w.after, "SECONDS", "[s] of play before the screenshot", 0, 3600,
         NULL},
        {"script", 0, PARA_OPTION_TEXT, &w.script, "TEXT",
         "keys by the clock, for tests: \"0 down right; 2 up right; 3 state; 4 quit\"", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command_line = {
        .name = "play",
        .usage = "[options] [FAMILY | TEMPLATE.json | LEVEL.json]",
        .about =
            "Plays a level in a window: arrows, WASD and space move, R starts again, N is the next level,\n"
            "P pauses, S slows down, Tab hands over to the trained player, F1 shows all keys, Esc quits.",
        .options = options,
        .examples = "  paracosm play rover\n"
                    "  paracosm play rover --run runs/first --watch\n"
                    "  paracosm play ferry --seed 7 --set distance=12 --record solved.replay\n"
                    "  SDL_VIDEODRIVER=offscreen paracosm play rover --screenshot rover.png --after 2",
        .notes = "Without a name: rover. A font of your own: PARACOSM_FONT=/path/font.ttf (empty: block "
                 "letters).\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line or no display to open a window on",
        .operand_min = 0,
        .operand_max = 1,
        .operand_name = "a family or file"};
    const char *name = "rover";
    int count = 0, code = para_options_read(&command_line, argc, argv, &name, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    Session *s = SDL_calloc(1, sizeof *s);
    if (!s)
        return para_app_fail("play", "no memory");
    code = play(s, count ? name : "rover", &w);
    para_game_close(&s->game);
    if (s->arena)
        para_arena_destroy(s->arena);
    SDL_free(s);
    return code;
}
