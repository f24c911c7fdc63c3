// SPDX-License-Identifier: MIT
// The home screen's loop: a frame after the other, and which screen an event is for.
#include "apps/home/home_parts.h"

#include "apps/apps.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SAY_SECONDS   4.0f
#define PICTURE_FRAME (1.0f / 60) // [s] of a frame when nobody watches: same picture on any machine
#define FRAME_LEAST   (1.0 / 60)  // [s] nothing here needs more
#define FRAME_MAX     0.1f        // [s]
#define SCREEN_NAMES                                                                                         \
    {                                                                                                        \
        "wall", "settings", "keys"                                                                           \
    }

void para_home_say(ParaHome *h, const char *text)
{
    snprintf(h->message, sizeof h->message, "%s", text);
    h->message_seconds = SAY_SECONDS;
}

void para_home_pad_map(ParaHome *h)
{
    static const SDL_Keycode codes[PARA_PAD_INPUTS] = {[PARA_PAD_LEFT] = SDLK_LEFT,
                                                       [PARA_PAD_RIGHT] = SDLK_RIGHT,
                                                       [PARA_PAD_UP] = SDLK_UP,
                                                       [PARA_PAD_DOWN] = SDLK_DOWN,
                                                       [PARA_PAD_A] = SDLK_RETURN,
                                                       [PARA_PAD_B] = SDLK_ESCAPE,
                                                       [PARA_PAD_BACK] = SDLK_ESCAPE,
                                                       [PARA_PAD_START] = SDLK_F10,
                                                       [PARA_PAD_X] = SDLK_F4,
                                                       [PARA_PAD_Y] = SDLK_F1,
                                                       [PARA_PAD_LEFT_SHOULDER] = SDLK_PAGEUP,
                                                       [PARA_PAD_RIGHT_SHOULDER] = SDLK_PAGEDOWN};
    para_pad_map(h->pad, codes);
}

static void go_to(ParaHome *h, ParaHomeScreen screen)
{
    h->screen = screen;
    h->row = screen == PARA_HOME_KEYS ? 1 : 0;
    h->rows_scroll = 0.0f;
    h->listening = h->dragging = false;
}

static void leave(ParaHome *h)
{
    if (h->screen != PARA_HOME_WALL)
        go_to(h, PARA_HOME_WALL);
    else if (*h->search)
        h->search[0] = '\0';
    else
        h->quit = true;
}

static void take_key(ParaHome *h, SDL_Keycode key)
{
    h->mouse_moved = false;
    if (h->screen == PARA_HOME_KEYS && h->listening) {
        para_home_keys_key(h, key);
        return;
    }
    switch (key) {
    case SDLK_ESCAPE:
        leave(h);
        return;
    case SDLK_F1:
        go_to(h, h->screen == PARA_HOME_KEYS ? PARA_HOME_WALL : PARA_HOME_KEYS);
        return;
    case SDLK_F10:
        go_to(h, h->screen == PARA_HOME_SETTINGS ? PARA_HOME_WALL : PARA_HOME_SETTINGS);
        return;
    case SDLK_F11:
        h->preferences.fullscreen = !h->preferences.fullscreen;
        para_home_settings_apply(h);
        return;
    default:
        break;
    }
    if (h->screen == PARA_HOME_WALL)
        para_home_wall_key(h, key);
    else if (h->screen == PARA_HOME_SETTINGS)
        para_home_settings_key(h, key);
    else
        para_home_keys_key(h, key);
}

/// From the window's units to its pixels.
static void point(ParaHome *h, int x, int y)
{
    float ratio = para_window_density(h->page.window);
    h->mouse_x = (float)x * ratio;
    h->mouse_y = (float)y * ratio;
    h->mouse_moved = true;
}

static void take_press(ParaHome *h)
{
    ParaHomeScreen to = para_home_top_at(h, h->mouse_x, h->mouse_y);
    if (h->screen == PARA_HOME_WALL && to != PARA_HOME_WALL)
        go_to(h, to);
    else if (h->screen == PARA_HOME_WALL)
        para_home_wall_click(h);
    else if (h->screen == PARA_HOME_SETTINGS)
        para_home_settings_mouse(h, true, true);
    else
        para_home_keys_click(h);
}

static void take_wheel(ParaHome *h, float notches)
{
    if (h->screen == PARA_HOME_WALL)
        para_home_wall_wheel(h, notches);
    else if (h->screen == PARA_HOME_SETTINGS)
        para_home_settings_wheel(h, notches);
    else
        h->rows_scroll -= notches * 60.0f * h->page.unit;
}

static void take_event(ParaHome *h, const SDL_Event *event)
{
    // A gamepad that is switched off is still found and forgotten.
    bool device = event->type == SDL_CONTROLLERDEVICEADDED || event->type == SDL_CONTROLLERDEVICEREMOVED;
    if ((h->preferences.pad || device) && para_pad_event(h->pad, event))
        return;
    switch (event->type) {
    case SDL_QUIT:
        h->quit = true;
        break;
    case SDL_KEYDOWN:
        take_key(h, event->key.keysym.sym);
        break;
    case SDL_TEXTINPUT:
        if (h->screen == PARA_HOME_WALL)
            para_home_wall_text(h, event->text.text);
        break;
    case SDL_MOUSEMOTION:
        point(h, event->motion.x, event->motion.y);
        if (h->dragging)
            para_home_settings_mouse(h, false, true);
        break;
    case SDL_MOUSEBUTTONDOWN:
        point(h, event->button.x, event->button.y);
        if (event->button.button == SDL_BUTTON_LEFT)
            take_press(h);
        break;
    case SDL_MOUSEBUTTONUP:
        if (h->dragging)
            para_home_settings_mouse(h, false, false);
        break;
    case SDL_MOUSEWHEEL:
        take_wheel(h, (float)event->wheel.y);
        break;
    default:
        break;
    }
}

static void draw(ParaHome *h, float seconds)
{
    para_page_begin(&h->page);
    if (h->screen == PARA_HOME_WALL)
        para_home_wall_draw(h, seconds);
    else if (h->screen == PARA_HOME_SETTINGS)
        para_home_settings_draw(h);
    else
        para_home_keys_draw(h);
    h->message_seconds -= seconds;
}

static void print_state(ParaHome *h)
{
    static const char *const screens[] = SCREEN_NAMES;
    int running = 0;
    for (int i = 0; i < h->item_count; i++)
        running += h->items[i].tile && h->items[i].tile->running;
    const ParaHomeItem *item = h->chosen >= 0 ? &h->items[h->shown_items[h->chosen]] : NULL;
    printf(
        "home screen=%s cards=%d chosen=%s seen=%d recent=%d running=%d row=%d search=\"%s\" note=\"%s\"\n",
        screens[h->screen], h->shown_count, item ? item->name : "-", para_home_wall_sees(h),
        item ? item->kind == PARA_HOME_RECENT : 0, running, h->row, h->search,
        h->message_seconds > 0.0f ? h->message : "");
}

static void picture(ParaHome *h, const char *file)
{
    const char *error = NULL;
    if (para_page_picture(&h->page, file, h->arena, &error))
        printf("%s: %d x %d\n", file, (int)h->page.width, (int)h->page.height);
    else
        h->code = para_app_fail("play", "%s", error);
}

static float wait_frame(const ParaHome *h, double *clock)
{
    double now = para_clock_seconds(), passed = now - *clock;
    if (!h->unattended && passed < FRAME_LEAST) {
        SDL_Delay((Uint32)((FRAME_LEAST - passed) * 1000.0));
        now = para_clock_seconds();
        passed = now - *clock;
    }
    *clock = now;
    return h->unattended ? PICTURE_FRAME : fminf((float)passed, FRAME_MAX);
}

static void run(ParaHome *h, const ParaHomeWish *wish)
{
    double clock = para_clock_seconds();
    SDL_Event event;
    SDL_StartTextInput();
    while (!h->quit) {
        float seconds = wait_frame(h, &clock);
        ParaScriptDue due = h->script ? para_play_script_run(h->script, h->shown) : PARA_SCRIPT_NOTHING;
        while (!h->quit && SDL_PollEvent(&event))
            take_event(h, &event);
        if (h->quit)
            break;
        h->shown += (double)seconds;
        draw(h, seconds);
        if (due == PARA_SCRIPT_STATE)
            print_state(h);
        if (due == PARA_SCRIPT_SCREENSHOT)
            picture(h, para_play_script_picture(h->script));
        if (wish->screenshot && h->shown >= wish->after) {
            picture(h, wish->screenshot);
            h->quit = true;
        }
        para_window_end(h->page.window);
    }
    SDL_StopTextInput();
}

/// Letters are no larger than leaves room for the screens.
static void tell_scale(ParaHome *h)
{
    char line[120];
    float asked = para_window_scale_asked(h->page.window), had = para_window_scale(h->page.window);
    para_text_format(line, sizeof line, "%.0f %% has no room: text is at %.0f %%", (double)asked * 100.0,
                     (double)had * 100.0);
    if (asked > 0.0f)
        para_home_say(h, line);
}

static int open_and_run(ParaHome *h, const ParaHomeWish *wish)
{
    const char *error = NULL, *note = NULL;
    if (wish->run_folder && !(h->policy = para_player_load(wish->run_folder, h->arena, &error)))
        return para_app_fail("play", "%s", error);
    h->run_folder = wish->run_folder;
    if (h->policy)
        h->mind = para_mind_create(h->policy, h->arena);
    h->preferences = para_preferences_load(h->arena, &note);
    ParaWindow *window = para_window_open("Paracosm", wish->width, wish->height, h->arena, &error);
    if (!window) {
        para_app_fail("play", "%s", error);
        fprintf(stderr,
                "  a picture:       SDL_VIDEODRIVER=offscreen paracosm play --home --screenshot home.png\n");
        return PARA_EXIT_USAGE;
    }
    h->script = wish->script;
    h->unattended = wish->screenshot || wish->script;
    h->page = para_page(window, h->arena);
    h->scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, h->arena);
    h->pad = para_pad_open(h->arena);
    para_home_pad_map(h);
    para_window_set_scale(window, h->preferences.scale);
    para_window_fullscreen(window, h->preferences.fullscreen && !h->unattended);
    para_home_collect(h);
    tell_scale(h);
    if (note)
        para_home_say(h, note);
    run(h, wish);
    for (int i = 0; i < h->item_count; i++)
        para_tile_destroy(h->items[i].tile);
    para_pad_close(h->pad);
    para_window_close(window);
    return h->code;
}

int para_home_run(const ParaHomeWish *wish)
{
    ParaArena *arena = para_arena_create((size_t)4 << 20, (size_t)2 << 30);
    if (!arena)
        return para_app_fail("play", "no memory");
    ParaHome *home = PARA_NEW(arena, ParaHome, 1);
    home->arena = arena;
    home->chosen = -1;
    int code = open_and_run(home, wish);
    para_arena_destroy(arena);
    return code;
}
