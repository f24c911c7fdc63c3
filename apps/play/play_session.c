// SPDX-License-Identifier: MIT
// One frame after the other: events, physics for the time that passed, the picture.
#include "apps/play/play_session.h"

#include "apps/apps.h"
#include "apps/store/store.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/draw/look/overlay.h"
#include "engine/draw/raster/png.h"

#include <SDL.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOW_SPEED    0.25f       // [1] of real time
#define FRAME_MAX     0.1f        // [s] a longer pause of the machine is not caught up
#define PICTURE_FRAME (1.0f / 60) // [s] of a frame when nobody watches: same picture on any machine
#define FRAME_LEAST   (1.0 / 125) // [s] for drivers that do not wait for the screen
#define BACK_SPEED    2.0f        // [1] of real time, backward
#define NUMBERS_MAX   1000        // replays of one level in a folder
#define COUNTDOWN     3.0f        // [s] before somebody else than the person at the keys begins

static void say(ParaPlaySession *s, const char *text) { para_play_view_say(&s->view, text); }

/// Before a level goes on its way: whoever looks on has a moment, whoever plays gives the sign. Keys that are
/// held are one.
static void wait_for_start(ParaPlaySession *s)
{
    bool watched = s->game.trained || s->game.replay;
    s->view.countdown = watched && !s->at_once ? COUNTDOWN : 0.0f;
    s->view.waiting = !watched && !s->at_once && !s->sandbox && !para_keys_held(&s->keys);
}

/// Times belong to a person: nobody's are touched by a script, unless it has a home of its own.
static void begin_score(ParaPlaySession *s)
{
    const char *note = NULL;
    if (s->sandbox || s->dream || (s->unattended && !getenv("PARACOSM_HOME")))
        return;
    s->score.aside = s->guest.draw != NULL;
    para_score_begin(&s->score, &s->game, &note);
    s->score.ghosts = true;
    s->view.score = &s->score;
    if (note)
        say(s, note);
}

void para_play_session_settle(ParaPlaySession *s)
{
    ParaKeys before = s->keys, second = s->second;
    int own = para_game_seated(&s->game, PARA_SEAT_KEYS), other = para_game_seated(&s->game, PARA_SEAT_KEYS2);
    s->keys = para_keys_of_player(s->game.env.level, own >= 0 ? own : 0, s->preferences);
    s->second = other >= 0 ? para_keys_second(s->game.env.level, other, &s->keys) : (ParaKeys){0};
    para_keys_hold_on(&s->second, &second);
    if (s->pad)
        para_play_pad_map(s->pad, &s->keys, s->dream != NULL);
    para_keys_hold_on(&s->keys, &before);
    s->pending = s->owed_back = 0.0f;
    s->begun_over = s->single = s->view.back = false;
    para_tray_show(&s->view.tray, false);
    para_play_view_reset(&s->view);
    para_play_sound_begin(&s->sound, &s->game);
    if (s->sandbox)
        para_sandbox_begin(s->sandbox, &s->game);
    s->view.sandbox = s->sandbox;
    s->view.dream = s->dream;
    if (s->dream)
        s->dream->showed = s->dream->twin.swapped;
    s->view.stage.sandbox = s->sandbox;
    s->went_back = false;
    begin_score(s);
    wait_for_start(s);
}

/// Begins the level of a seed, or of the next one that has a level; where there is none, the one before
/// again.
static void begin(ParaPlaySession *s, uint64_t seed)
{
    uint64_t before = s->game.seed;
    if (!para_game_begin(&s->game, seed)) {
        say(s, "no level follows: this family has none at the next seeds");
        s->quit |= !para_game_begin(&s->game, before);
    }
    if (!s->quit)
        para_play_session_settle(s);
}

/// The same level, of the template as its file is now.
static void restart(ParaPlaySession *s)
{
    const char *problem = NULL;
    bool changed = false, fine = para_game_reload(&s->game, &changed, &problem);
    para_play_view_problem(&s->view, fine ? "" : problem);
    if (!changed) {
        begin(s, s->game.seed);
        return;
    }
    char line[200];
    snprintf(line, sizeof line, "%s changed: loaded again", s->game.text.file);
    say(s, line);
    para_play_session_settle(s);
}

static void next(ParaPlaySession *s)
{
    if (s->game.replay)
        say(s, "this is a replay: it has one level");
    else if (s->guest.draw)
        say(s, "the story goes on when this scene has ended");
    else
        begin(s, s->game.seed + 1);
}

// ---------------------------------------------------------------------------------------------
// Replays and pictures.

/// Saves under the first name that is not taken: STEM.replay, STEM-1.replay, .. @return false with the reason
static bool save_numbered(ParaPlaySession *s, const char *stem, const char *ending, const char **out_error)
{
    ParaArenaMark mark = para_arena_mark(s->arena);
    const char *path = NULL;
    char line[256];
    int number = 0;
    do
        path = number ? para_arena_printf(s->arena, "%s-%d%s", stem, number, ending)
                      : para_arena_printf(s->arena, "%s%s", stem, ending);
    while (para_file_exists(path) && ++number < NUMBERS_MAX);
    *out_error = "there are a thousand of this name already";
    bool good = number < NUMBERS_MAX && para_game_save(&s->game, path, out_error);
    snprintf(line, sizeof line, good ? "saved %s" : "not saved: %s", good ? path : *out_error);
    say(s, line);
    para_arena_rewind(s->arena, mark);
    return good;
}

/// F2: a name of the level, in the folder the program was started in.
static void save_here(ParaPlaySession *s)
{
    char stem[PARA_NAME_MAX + 32];
    const char *error = NULL;
    snprintf(stem, sizeof stem, "%s-%" PRIu64, s->game.env.level->family, s->game.seed);
    save_numbered(s, stem, ".replay", &error);
}

/// --record: what was recorded before under the name stays.
static void save_record(ParaPlaySession *s)
{
    static const char replay[] = ".replay";
    const char *ending = para_game_is_replay(s->record) ? replay : "", *error = NULL;
    int size = (int)(strlen(s->record) - strlen(ending));
    ParaArenaMark mark = para_arena_mark(s->arena);
    if (!save_numbered(s, para_arena_printf(s->arena, "%.*s", size, s->record), ending, &error))
        s->code = para_app_fail("play", "--record: not saved: %s", error);
    para_arena_rewind(s->arena, mark);
}

void para_play_session_picture(ParaPlaySession *s, const char *file)
{
    int width = para_window_width(s->view.window), height = para_window_height(s->view.window);
    ParaArenaMark mark = para_arena_mark(s->arena);
    uint8_t *rgb = para_arena_alloc(s->arena, (size_t)width * (size_t)height * 3);
    const char *error = NULL;
    para_window_read(s->view.window, rgb);
    if (para_png_write(file, rgb, width, height, s->arena, &error))
        printf("%s: %d x %d\n", file, width, height);
    else
        s->code = para_app_fail("play", "%s", error);
    para_arena_rewind(s->arena, mark);
}

// ---------------------------------------------------------------------------------------------
// Keys.

static void hand_over(ParaPlaySession *s)
{
    const char *reason = NULL;
    if (!para_game_hand_over(&s->game, &reason))
        say(s, reason);
    else
        say(s, s->game.trained ? "the trained player acts; Tab takes it back" : "you act");
    if (s->view.waiting || s->view.countdown > 0.0f)
        wait_for_start(s);
}

static void command(ParaPlaySession *s, ParaCommandKey key)
{
    switch (key) {
    case PARA_COMMAND_HELP:
        s->view.help = (ParaHelp){.open = !s->view.help.open};
        if (s->sandbox)
            s->view.help_mode = PARA_HELP_SANDBOX;
        if (s->dream)
            s->view.help_mode = PARA_HELP_DREAM;
        break;
    case PARA_COMMAND_SAVE:
        save_here(s);
        break;
    case PARA_COMMAND_RESTART:
        restart(s);
        break;
    case PARA_COMMAND_NEXT:
        next(s);
        break;
    case PARA_COMMAND_PAUSE:
        s->view.paused = !s->view.paused;
        break;
    case PARA_COMMAND_SLOW:
        s->view.slow = !s->view.slow;
        break;
    case PARA_COMMAND_OVERLAY:
        s->view.stage.wish.overlay = s->view.stage.wish.overlay ? 0 : PARA_OVERLAY_ALL;
        break;
    case PARA_COMMAND_BACK:
        s->view.back = true;
        break;
    case PARA_COMMAND_STEP:
        s->single = s->view.paused;
        s->view.paused = true;
        break;
    case PARA_COMMAND_MEDDLE:
        if (s->game.replay)
            say(s, "this is a replay: what was meddled in it is done again");
        else
            para_tray_show(&s->view.tray, !s->view.tray.typing);
        break;
    case PARA_COMMAND_HAND_OVER:
        hand_over(s);
        break;
    case PARA_COMMAND_MUTE:
        say(s, para_play_sound_mute(&s->sound) ? "sound off" : "sound on");
        break;
    case PARA_COMMAND_FILM:
        para_play_session_film(s);
        break;
    case PARA_COMMAND_PHOTO:
        para_play_photo(s);
        break;
    case PARA_COMMAND_QUIT:
        // Escape closes what lies on top first.
        if (s->view.help.open)
            s->view.help.open = false;
        else if (s->view.tray.open)
            para_tray_show(&s->view.tray, false);
        else if (*s->view.problem)
            para_play_view_problem(&s->view, "");
        else
            s->quit = true;
        break;
    case PARA_COMMAND_NONE:
    case PARA_COMMAND_COUNT:
        break;
    }
}

// ---------------------------------------------------------------------------------------------
// The sandbox.

static void obey(ParaPlaySession *s, ParaSandboxAsk ask)
{
    if (ask == PARA_SANDBOX_PAUSE)
        s->view.paused = !s->view.paused;
    if (ask == PARA_SANDBOX_AGAIN)
        restart(s);
    if (ask == PARA_SANDBOX_HELP)
        command(s, PARA_COMMAND_HELP);
    if (ask == PARA_SANDBOX_SAVE)
        para_play_session_keep(s, NULL);
}

bool para_play_session_keep(ParaPlaySession *s, const char *name)
{
    ParaArenaMark mark = para_arena_mark(s->arena);
    const char *error = NULL, *path = s->save;
    char line[256];
    for (int number = 1; !path && number < NUMBERS_MAX; number++) {
        const char *own = para_arena_printf(s->arena, "levels/%s-%d.json", s->game.env.level->family, number);
        path = para_store_path(PARA_STORE_DATA, name ? name : own, s->arena, &error);
        if (!path)
            break;
        path = !name && para_file_exists(path) ? NULL : path;
    }
    error = path || error ? error : "there are a thousand of this name already";
    bool good = path && para_game_save_scene(&s->game, path, s->arena, &error);
    snprintf(line, sizeof line, good ? "kept as %s" : "not kept: %s", good ? path : error);
    say(s, line);
    if (good && name)
        printf("kept as %s\n", path);
    para_arena_rewind(s->arena, mark);
    return good;
}

/// Between two decisions its tools work, also while time stands.
static void work(ParaPlaySession *s)
{
    if (!s->sandbox)
        return;
    s->sandbox->paused = s->view.paused;
    para_sandbox_work(s->sandbox, &s->game);
    if (*s->sandbox->told)
        say(s, s->sandbox->told);
    s->sandbox->told[0] = '\0';
}

/// Time stands still, whatever is pressed.
static bool is_still(const ParaPlaySession *s)
{
    return s->view.paused || s->view.help.open || para_tray_is_still(&s->view.tray) || s->guest.holds;
}

// ---------------------------------------------------------------------------------------------
// A dream beside the engine.

/// What is seen has jumped, which is no blow: what is heard and flies about begins from there.
static void watch_jumps(ParaPlaySession *s)
{
    if (!s->dream || !para_play_dream_step(s->dream))
        return;
    const ParaView *view = para_world_view(s->game.env.world);
    para_happenings_begin(&s->sound.happenings, view);
    para_happenings_begin(s->view.stage.happenings, view);
    s->sound.over = s->begun_over = false;
    s->view.stage.shown = view->time;
}

static bool take_dream_key(ParaPlaySession *s, SDL_Keycode code)
{
    const char *said = NULL;
    bool taken =
        s->dream && para_play_dream_key(s->dream, &s->game, code, !para_keys_uses(&s->keys, code), &said);
    if (said)
        say(s, said);
    if (taken)
        watch_jumps(s);
    return taken;
}

// ---------------------------------------------------------------------------------------------

static void take_key(ParaPlaySession *s, SDL_Keycode code, bool down)
{
    if (down && s->guest.key && s->guest.key(s->guest.context, s, code))
        return;
    if (down && s->view.help.open && para_help_key(&s->view.help, code))
        return;
    bool back = para_keys_command(&s->keys, code) == PARA_COMMAND_BACK;
    if (back && !down)
        s->view.back = false;
    if (down && !s->view.help.open && para_tray_key(&s->view.tray, &s->game, code)) {
        if (s->view.tray.watching) { // a line was taken: what comes of it is seen
            s->view.waiting = false;
            s->view.countdown = 0.0f;
        }
        return;
    }
    if (down && s->sandbox && !s->view.help.open) {
        ParaSandboxAsk ask =
            para_sandbox_key(s->sandbox, &s->game, code, s->mods, !para_keys_uses(&s->keys, code));
        obey(s, ask);
        if (ask != PARA_SANDBOX_NOTHING)
            return;
    }
    if (down && !s->view.help.open && take_dream_key(s, code))
        return;
    bool starts = down && !is_still(s) && (s->view.waiting || s->view.countdown > 0.0f);
    ParaKeysMoment moment = is_still(s)                ? PARA_KEYS_PAUSED
                            : para_game_over(&s->game) ? PARA_KEYS_OVER
                                                       : PARA_KEYS_ON;
    if (!para_keys_event(&s->second, code, down, moment) && !para_keys_event(&s->keys, code, down, moment) &&
        down) {
        ParaCommandKey key = para_keys_command(&s->keys, code);
        command(s, key);
        starts &= key == PARA_COMMAND_NONE;
    }
    if (starts) {
        s->view.waiting = false;
        s->view.countdown = 0.0f;
    }
}

// ---------------------------------------------------------------------------------------------
// The mouse.

/// From the window's own measure of a mouse to the picture's pixels, which may be finer.
static ParaVec2 to_pixels(const ParaPlaySession *s, uint32_t window_id, int x, int y)
{
    SDL_Window *window = SDL_GetWindowFromID(window_id); // NULL: of a script, in pixels
    int wide = 0, high = 0;
    if (window)
        SDL_GetWindowSize(window, &wide, &high);
    float scale = wide > 0 ? (float)para_window_width(s->view.window) / (float)wide : 1.0f;
    return (ParaVec2){scale * (float)x, scale * (float)y};
}

static void press_mouse(ParaPlaySession *s, uint8_t button, ParaVec2 px)
{
    ParaPaint paint = para_paint(s->view.window, &s->view.panels);
    ParaTray *tray = &s->view.tray;
    if (button != SDL_BUTTON_LEFT || para_tray_click(tray, &s->game, &paint, px.x, px.y))
        return;
    if (tray->open)
        para_tray_drop(tray, &s->game, para_camera_to_world(&s->view.stage.camera, px));
}

/// @return whether the event was the sandbox's
static bool take_mouse_tools(ParaPlaySession *s, const SDL_Event *event)
{
    const ParaCamera *camera = &s->view.stage.camera;
    ParaPaint paint = para_paint(s->view.window, &s->view.panels);
    bool left = event->type == SDL_MOUSEBUTTONDOWN && event->button.button == SDL_BUTTON_LEFT;
    if (!s->sandbox || !(camera->scale > 0.0f))
        return false;
    if (s->view.help.open) {
        s->view.help.open &= event->type != SDL_MOUSEBUTTONDOWN;
        return true;
    }
    if (event->type == SDL_MOUSEMOTION)
        para_sandbox_move(s->sandbox, to_pixels(s, event->motion.windowID, event->motion.x, event->motion.y),
                          camera);
    if (event->type == SDL_MOUSEWHEEL)
        para_sandbox_wheel(s->sandbox, event->wheel.y, camera);
    if (event->type == SDL_MOUSEBUTTONUP)
        para_sandbox_release(s->sandbox, &s->game, event->button.button);
    if (event->type != SDL_MOUSEBUTTONDOWN)
        return true;
    ParaVec2 px = to_pixels(s, event->button.windowID, event->button.x, event->button.y);
    if (left && para_tray_click(&s->view.tray, &s->game, &paint, px.x, px.y))
        return true;
    obey(s, para_sandbox_press(s->sandbox, &s->game, event->button.button, px, camera, &s->view.bar));
    return true;
}

static void take_mouse(ParaPlaySession *s, const SDL_Event *event)
{
    bool shown = s->view.stage.camera.scale > 0.0f; // else nothing of the level has been in the window yet
    bool mouse = event->type == SDL_MOUSEMOTION || event->type == SDL_MOUSEWHEEL ||
                 event->type == SDL_MOUSEBUTTONDOWN || event->type == SDL_MOUSEBUTTONUP;
    if (mouse && take_mouse_tools(s, event))
        return;
    if (event->type == SDL_MOUSEBUTTONDOWN && shown && !s->view.help.open)
        press_mouse(s, event->button.button,
                    to_pixels(s, event->button.windowID, event->button.x, event->button.y));
}

static void take_events(ParaPlaySession *s)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        if (s->pad && para_pad_event(s->pad, &event))
            continue;
        if (event.type == SDL_QUIT)
            s->quit = s->closed = true;
        if (event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_F11 && !event.key.repeat)
            para_window_fullscreen(s->view.window, !para_window_is_fullscreen(s->view.window));
        if (event.type == SDL_TEXTINPUT)
            para_tray_type(&s->view.tray, event.text.text);
        if (event.type == SDL_MOUSEWHEEL && s->view.help.open)
            para_help_turn(&s->view.help, -2 * event.wheel.y);
        take_mouse(s, &event);
        if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_FOCUS_LOST) {
            s->view.back = false;
            for (int c = 0; c < PARA_CHANNELS; c++) // keys let go elsewhere are never told
                memset(s->keys.down[c], 0, sizeof s->keys.down[c]);
        }
        if ((event.type != SDL_KEYDOWN && event.type != SDL_KEYUP) || event.key.repeat)
            continue;
        s->mods = event.key.keysym.mod;
        take_key(s, event.key.keysym.sym, event.type == SDL_KEYDOWN);
    }
}

// ---------------------------------------------------------------------------------------------
// The loop.

/// Time runs backward, a decision at a time.
static void go_back(ParaPlaySession *s, float seconds)
{
    const ParaLevel *level = s->game.env.level;
    float decision = (float)level->frame_skip / level->world.rate;
    s->pending = 0.0f;
    s->begun_over = false;
    for (s->owed_back += BACK_SPEED * seconds; s->owed_back >= decision; s->owed_back -= decision) {
        if (!para_game_back(&s->game)) {
            s->owed_back = 0.0f;
            return;
        }
        s->went_back = true;
    }
}

/// Whether time goes on in this frame.
static bool is_on(const ParaPlaySession *s)
{
    bool waits = s->view.waiting || s->view.countdown > 0.0f;
    return !waits && (s->single || !is_still(s));
}

/// Physics for `seconds` of shown time. @return [1] how far the picture is between the last two steps
static float advance(ParaPlaySession *s, float seconds)
{
    float step = 1.0f / s->game.env.level->world.rate;
    if (s->view.back) {
        go_back(s, seconds);
        return 1.0f;
    }
    if (!is_still(s) && s->view.countdown > 0.0f)
        s->view.countdown -= seconds;
    s->pending += is_on(s) ? seconds * (s->view.slow ? SLOW_SPEED : 1.0f) : 0.0f;
    work(s);
    // Tools work between two decisions: the one under way is gone through though time is to stand.
    bool rest = (s->sandbox || s->dream) && s->view.paused && s->game.env.step != 0;
    s->pending = rest && s->pending < step ? step : s->pending;
    while (s->pending >= step && (is_on(s) || (rest && s->game.env.step != 0)) && !para_game_over(&s->game)) {
        int8_t wish[PARA_CHANNELS];
        work(s);
        para_keys_read(&s->keys, wish);
        para_keys_read(&s->second, s->game.second);
        if (para_game_step(&s->game, wish)) {
            para_keys_taken(&s->keys);
            para_keys_taken(&s->second);
        }
        watch_jumps(s);
        if (s->dream && s->dream->corner.step)
            s->dream->corner.step(s->dream->corner.context, &s->game);
        para_play_sound_step(&s->sound, &s->game);
        para_play_stage_step(&s->view.stage, &s->game);
        s->pending -= step;
        s->pending = fmaxf(s->pending, rest && s->game.env.step != 0 ? step : 0.0f);
        if (s->game.env.step == 0)
            s->single = false;
        if (*s->game.told) {
            say(s, s->game.told);
            s->game.told[0] = '\0';
        }
    }
    if (!para_game_over(&s->game))
        return s->pending / step;
    s->pending = 0.0f;
    return 1.0f;
}

/// Once per episode, when it has ended.
static void end_episode(ParaPlaySession *s)
{
    if (s->begun_over || !para_game_over(&s->game))
        return;
    s->begun_over = true;
    const char *unkept = NULL;
    if (s->view.score)
        para_score_end(&s->score, &s->game, !s->went_back, &unkept);
    if (unkept)
        say(s, unkept);
    if (s->record && s->game.env.play.status == PARA_PLAY_SOLVED)
        save_record(s);
    if (s->game.differs >= 0) {
        char line[160];
        snprintf(line, sizeof line,
                 "not as it was recorded: decision %d comes out otherwise, as of another version",
                 s->game.differs);
        say(s, line);
    }
}

static const char *driver_name(const ParaGame *game)
{
    return game->replay ? "replay" : game->trained ? "trained" : "person";
}

static void print_state(const ParaPlaySession *s)
{
    static const char *const ends[] = {"on", "solved", "failed", "timeout", "diverged"};
    const ParaView *view = para_world_view(s->game.env.world);
    int at = s->game.env.level->players[0].body * view->stride;
    char cause[160];
    para_game_cause(&s->game, cause, sizeof cause);
    para_text_print(stdout,
                    "state shown=%.2f seed=%" PRIu64 " step=%" PRIu64
                    " x=%.3f y=%.3f status=%s driver=%s solver=%s paused=%d slow=%d "
                    "help=%d note=\"%s\" waiting=%d countdown=%.1f cause=\"%s\" said=\"%s\" problem=\"%.*s\" "
                    "hash=%016" PRIx64 " decisions=%d meddled=%d tray=%d\n",
                    s->shown, s->game.seed, view->step, (double)view->x[at], (double)view->y[at],
                    ends[s->game.env.play.status], driver_name(&s->game),
                    para_solver_name(para_world_solver(s->game.env.world)), s->view.paused, s->view.slow,
                    s->view.help.open, s->view.message_seconds > 0.0f ? s->view.message : "", s->view.waiting,
                    (double)fmaxf(s->view.countdown, 0.0f), cause,
                    para_play_message(&s->game.env.play, s->game.env.level),
                    (int)strcspn(s->view.problem, "\n"), s->view.problem, para_world_hash(s->game.env.world),
                    s->game.env.decisions, para_game_meddled(&s->game), s->view.tray.open);
}

static float wait_frame(const ParaPlaySession *s, double *clock)
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

/// The ear is where the camera looks.
static void hear(ParaPlaySession *s, float seconds)
{
    const ParaCamera *camera = &s->view.stage.camera;
    float half_width =
        camera->scale > 0.0f ? 0.5f * (float)para_window_width(s->view.window) / camera->scale : 10.0f;
    para_play_sound_frame(&s->sound, camera->centre, half_width, seconds);
}

void para_play_session_run(ParaPlaySession *s)
{
    double clock = para_clock_seconds();
    while (!s->quit) {
        float seconds = wait_frame(s, &clock);
        ParaScriptDue due = s->script ? para_play_script_run(s->script, s->shown) : PARA_SCRIPT_NOTHING;
        take_events(s);
        if (s->quit)
            break;
        s->shown += (double)seconds;
        float share = advance(s, seconds);
        end_episode(s);
        if (due == PARA_SCRIPT_STATE)
            print_state(s);
        para_play_view_draw(&s->view, &s->game, &s->keys, share, seconds);
        if (s->guest.draw)
            s->guest.draw(s->guest.context, s, seconds);
        para_play_session_film_frame(s, seconds, is_still(s) || s->view.waiting || s->view.countdown > 0.0f);
        if (due == PARA_SCRIPT_SCREENSHOT)
            para_play_session_picture(s, para_play_script_picture(s->script));
        hear(s, seconds);
        if (s->screenshot && s->shown >= s->after) {
            para_play_session_picture(s, s->screenshot);
            s->quit = true;
        }
        para_window_end(s->view.window);
    }
    para_play_session_film_end(s);
}
