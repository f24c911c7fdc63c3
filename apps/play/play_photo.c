// SPDX-License-Identifier: MIT
// Photo mode: time stands, nothing lies over the world, the view goes where one drags it, and a picture is
// saved at up to four times the size of the window: drawn in as many parts, each a window's worth.
#include "apps/play/play_session.h"

#include "apps/play/play_paint.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/draw/raster/png.h"

#include <SDL.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define FRAME       (1.0 / 60)          // [s]
#define TIMES_MAX   4                   // of the window's size
#define PIXELS_MAX  ((int64_t)64 << 20) // [px] of a picture
#define NUMBERS_MAX 1000                // pictures of one level in a folder
#define PAN         60.0f               // [px] of an arrow, times the scale
#define ZOOM        1.15f               // [1] of a notch
#define SCALE_LEAST 2.0f                // [px/m]
#define SCALE_MOST  2000.0f             // [px/m]

typedef struct Photo {
    ParaPlaySession *s;
    ParaCamera camera;
    int times;
    bool dragging, leave, save;
    float mouse_x, mouse_y; // [px]
    char told[160];
} Photo;

static void zoom(Photo *p, float by, float x, float y)
{
    // What is under the mouse stays there.
    ParaVec2 held = para_camera_to_world(&p->camera, (ParaVec2){x, y});
    p->camera.scale = fmaxf(fminf(p->camera.scale * by, SCALE_MOST), SCALE_LEAST);
    ParaVec2 now = para_camera_to_world(&p->camera, (ParaVec2){x, y});
    p->camera.centre.x += held.x - now.x;
    p->camera.centre.y += held.y - now.y;
}

/// @param x, y [px] the picture moves
static void pan(Photo *p, float x, float y)
{
    p->camera.centre.x -= x / p->camera.scale;
    p->camera.centre.y += y / p->camera.scale;
}

static void take_key(Photo *p, SDL_Keycode code)
{
    ParaWindow *window = p->s->view.window;
    float step = PAN * para_window_scale(window), x = 0.5f * (float)para_window_width(window),
          y = 0.5f * (float)para_window_height(window);
    p->told[0] = '\0';
    if (code >= SDLK_1 && code < SDLK_1 + TIMES_MAX)
        p->times = code - SDLK_1 + 1;
    ParaHelp *help = &p->s->view.help;
    if (help->open && para_help_key(help, code))
        return;
    switch (code) {
    case SDLK_F1:
    case SDLK_h:
        *help = (ParaHelp){.open = !help->open};
        break;
    case SDLK_ESCAPE:
        p->leave = !help->open;
        help->open = false;
        break;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        p->save = true;
        break;
    case SDLK_LEFT:
        pan(p, step, 0);
        break;
    case SDLK_RIGHT:
        pan(p, -step, 0);
        break;
    case SDLK_UP:
        pan(p, 0, step);
        break;
    case SDLK_DOWN:
        pan(p, 0, -step);
        break;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
        zoom(p, ZOOM, x, y);
        break;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
        zoom(p, 1.0f / ZOOM, x, y);
        break;
    default:
        // The key that led here leads back.
        p->leave |= para_keys_command(&p->s->keys, code) == PARA_COMMAND_PHOTO;
        break;
    }
}

static void take_event(Photo *p, const SDL_Event *event)
{
    float density = para_window_density(p->s->view.window);
    if (p->s->pad && para_pad_event(p->s->pad, event))
        return;
    switch (event->type) {
    case SDL_QUIT:
        p->leave = p->s->quit = p->s->closed = true;
        break;
    case SDL_KEYDOWN:
        take_key(p, event->key.keysym.sym);
        break;
    case SDL_KEYUP: // what was held when time stood still
        para_keys_event(&p->s->keys, event->key.keysym.sym, false, PARA_KEYS_PAUSED);
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        if (event->button.button == SDL_BUTTON_LEFT)
            p->dragging = event->type == SDL_MOUSEBUTTONDOWN;
        break;
    case SDL_MOUSEMOTION: {
        float x = (float)event->motion.x * density, y = (float)event->motion.y * density;
        if (p->dragging)
            pan(p, x - p->mouse_x, y - p->mouse_y);
        p->mouse_x = x;
        p->mouse_y = y;
        break;
    }
    case SDL_MOUSEWHEEL:
        zoom(p, powf(ZOOM, (float)event->wheel.y), p->mouse_x, p->mouse_y);
        break;
    default:
        break;
    }
}

/// A part of the picture `times` as large as the window; parts of the window itself where that is 1.
static void draw_part(Photo *p, int times, int column, int row)
{
    ParaWindow *window = p->s->view.window;
    float n = (float)times, wide = (float)para_window_width(window), high = (float)para_window_height(window);
    ParaCamera camera = p->camera;
    camera.scale *= n;
    camera.screen.x = camera.screen.x * n - (float)column * wide;
    camera.screen.y = camera.screen.y * n - (float)row * high;
    ParaRect area = {-(float)column * wide, -(float)row * high, n * wide, n * high};
    para_window_begin(window, PARA_INK_BACKGROUND);
    para_play_stage_draw_from(&p->s->view.stage, window, &p->s->game, area, &camera);
}

static const char *free_name(Photo *p, ParaArena *arena)
{
    const ParaGame *game = &p->s->game;
    for (int i = 0; i < NUMBERS_MAX; i++) {
        const char *path =
            i ? para_arena_printf(arena, "%s-%" PRIu64 "-%d.png", game->env.level->family, game->seed, i)
              : para_arena_printf(arena, "%s-%" PRIu64 ".png", game->env.level->family, game->seed);
        if (!para_file_exists(path))
            return path;
    }
    return NULL;
}

static void save(Photo *p)
{
    ParaWindow *window = p->s->view.window;
    int wide = para_window_width(window), high = para_window_height(window), times = p->times;
    const char *error = "no memory";
    while (times > 1 && (int64_t)wide * times * high * times > PIXELS_MAX)
        times--;
    size_t row = (size_t)wide * 3, whole = row * (size_t)times;
    // The picture, a part of it, and what the writer takes.
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char *path = arena ? free_name(p, arena) : NULL;
    bool good = path != NULL;
    if (good) {
        uint8_t *rgb = para_arena_alloc(arena, whole * (size_t)high * (size_t)times);
        uint8_t *part = para_arena_alloc(arena, row * (size_t)high);
        for (int j = 0; j < times; j++)
            for (int i = 0; i < times; i++) {
                draw_part(p, times, i, j);
                para_window_read(window, part);
                for (int y = 0; y < high; y++)
                    memcpy(rgb + whole * (size_t)(j * high + y) + row * (size_t)i, part + row * (size_t)y,
                           row);
            }
        good = para_png_write(path, rgb, wide * times, high * times, arena, &error);
    }
    if (good)
        snprintf(p->told, sizeof p->told, "saved %s, %d x %d%s", path, wide * times, high * times,
                 times < p->times ? " (larger would be too large)" : "");
    else
        snprintf(p->told, sizeof p->told, "not saved: %s", error);
    if (arena)
        para_arena_destroy(arena);
}

static void draw_help(Photo *p)
{
    ParaPlayView *view = &p->s->view;
    ParaPage page = {.window = view->window,
                     .panels = view->panels,
                     .width = (float)para_window_width(view->window),
                     .height = (float)para_window_height(view->window),
                     .unit = para_window_scale(view->window)};
    para_play_help_photo(view->help_list);
    para_help_draw(&view->help, &page, "Keys of photo mode", view->help_list);
}

static void draw(Photo *p)
{
    ParaWindow *window = p->s->view.window;
    char line[200];
    float u = para_window_scale(window), high = para_window_line_height(window, PARA_TEXT_SMALL);
    draw_part(p, 1, 0, 0);
    snprintf(line, sizeof line, "%s", p->told);
    if (!*line)
        snprintf(line, sizeof line,
                 (float)para_window_width(window) < 560 * u
                     ? "Enter saves %d x %d     F1 keys"
                     : "Enter saves %d x %d     1-4 size     drag, wheel     F1 keys     Esc back",
                 para_window_width(window) * p->times, para_window_height(window) * p->times);
    float wide = fminf(para_window_text_width(window, PARA_TEXT_SMALL, line) + 32 * u,
                       (float)para_window_width(window));
    float x = 0.5f * ((float)para_window_width(window) - wide),
          y = (float)para_window_height(window) - high - 26 * u;
    ParaCamera pixels = para_camera_pixels();
    para_scene_clear(&p->s->view.panels);
    para_scene_box(&p->s->view.panels, (ParaVec2){x, y}, (ParaVec2){wide, high + 14 * u}, 10 * u,
                   PARA_INK_PANEL, PARA_INK_PANEL, 0.0f);
    para_window_scene(window, &p->s->view.panels, &pixels);
    para_scene_clear(&p->s->view.panels);
    ParaPaint paint = para_paint(window, &p->s->view.panels);
    para_paint_text_fitted(&paint, x + 16 * u, y + 7 * u, PARA_TEXT_SMALL, PARA_INK_TEXT, line,
                           wide - 31 * u);
    if (p->s->view.help.open)
        draw_help(p);
}

static float wait_frame(const ParaPlaySession *s, double *clock)
{
    double passed = para_clock_seconds() - *clock;
    if (!s->unattended && passed < FRAME)
        SDL_Delay((Uint32)((FRAME - passed) * 1000.0));
    *clock = para_clock_seconds();
    return (float)FRAME;
}

void para_play_photo(ParaPlaySession *s)
{
    Photo photo = {.s = s,
                   .camera = s->view.stage.camera,
                   .times = 2,
                   .mouse_x = 0.5f * (float)para_window_width(s->view.window),
                   .mouse_y = 0.5f * (float)para_window_height(s->view.window)};
    double clock = para_clock_seconds();
    SDL_Event event;
    s->view.help.open = false;
    while (!photo.leave) {
        s->shown += (double)wait_frame(s, &clock);
        ParaScriptDue due = s->script ? para_play_script_run(s->script, s->shown) : PARA_SCRIPT_NOTHING;
        while (SDL_PollEvent(&event))
            take_event(&photo, &event);
        if (photo.save)
            save(&photo);
        photo.save = false;
        draw(&photo);
        if (due == PARA_SCRIPT_STATE)
            para_text_print(stdout, "photo scale=%.2f times=%d note=\"%s\"\n", (double)photo.camera.scale,
                            photo.times, photo.told);
        if (due == PARA_SCRIPT_SCREENSHOT)
            para_play_session_picture(s, para_play_script_picture(s->script));
        para_window_end(s->view.window);
    }
}
