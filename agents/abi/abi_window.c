// SPDX-License-Identifier: MIT
// The ABI's window: shows an env of a batch, moving smoothly between the last decision and this one, and
// keeps the last picture for whoever reads it. Linked into libparacosm_window.so alone, with SDL and OpenGL.
#include "agents/abi/abi_window.h"

#include "agents/abi/abi_parts.h"
#include "agents/observe/picture.h"
#include "engine/base/clock.h"
#include "engine/draw/gl/window.h"

#include <SDL.h>
#include <string.h>

#define WINDOW_MEMORY  ((size_t)256 << 20) // [byte]
#define WINDOW_BLOCK   ((size_t)1 << 20)   // [byte]
#define FRAMES_RATE    60.0                // [1/s]
#define FRAME_WAIT_MAX 1.0                 // [s] one call never shows more than this
#define ONE_WINDOW     "a window is open already: close it first"

struct ParaAbiWindow {
    ParaArena *arena; ///< holds this too
    ParaWindow *window;
    ParaScene scene;
    ParaCamera camera;
    ParaPose *then, *now, *poses; ///< [PARA_BODIES_MAX]
    uint8_t *pixels;              ///< [high, wide, 3] of the last frame
    size_t pixels_size;           ///< [byte] there is room for
    int wide, high;               ///< [px] of the last frame
    uint64_t level, step;         ///< shown last: hash of the level, time of the world
    double due;                   ///< [s] when the last picture's time was over
    bool shown;
};

// SDL's video is one per process, and so is the window.
static atomic_flag window_taken = ATOMIC_FLAG_INIT;

uint32_t para_abi_window_version(void) { return PARA_ABI_VERSION; }

void para_abi_window_free(ParaAbiWindow *window)
{
    if (window == NULL)
        return;
    if (window->window != NULL)
        para_window_close(window->window);
    para_arena_destroy(window->arena);
    atomic_flag_clear(&window_taken);
}

static ParaAbiWindow *open_window(const char *title, int32_t width, int32_t height)
{
    ParaArena *arena = para_arena_create(WINDOW_BLOCK, WINDOW_MEMORY);
    if (arena == NULL) {
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
        return NULL;
    }
    ParaAbiWindow *window = PARA_NEW(arena, ParaAbiWindow, 1);
    const char *error = "unknown reason";
    window->arena = arena;
    window->scene = para_scene_create(PARA_SCENE_CAPACITY, arena);
    window->then = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
    window->now = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
    window->poses = PARA_NEW(arena, ParaPose, PARA_BODIES_MAX);
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1"); // Ctrl-C belongs to the caller
    window->window = para_window_open(title, width, height, arena, &error);
    if (window->window != NULL)
        return window;
    para_abi_fail(PARA_ABI_STATE, "%s", error);
    para_arena_destroy(arena);
    return NULL;
}

ParaAbiWindow *para_abi_window_open(const char *title, int32_t width, int32_t height)
{
    if (title == NULL || width < 16 || height < 16 || width > PARA_ABI_SIDE_MAX ||
        height > PARA_ABI_SIDE_MAX) {
        para_abi_fail(PARA_ABI_INVALID, "a window needs a title and sides of 16 to %d", PARA_ABI_SIDE_MAX);
        return NULL;
    }
    if (atomic_flag_test_and_set(&window_taken)) {
        para_abi_fail(PARA_ABI_STATE, ONE_WINDOW);
        return NULL;
    }
    ParaAbiWindow *window = open_window(title, width, height);
    if (window == NULL)
        atomic_flag_clear(&window_taken);
    return window;
}

/// Takes events; true once the person asked to close.
static bool wants_close(void)
{
    SDL_Event event;
    bool wanted = false;
    while (SDL_PollEvent(&event))
        wanted = wanted || event.type == SDL_QUIT ||
                 (event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_ESCAPE);
    return wanted;
}

/// Copies the frame for para_abi_window_read; a window that grew takes new memory only when it grew a lot.
static void keep_pixels(ParaAbiWindow *window)
{
    window->wide = para_window_width(window->window);
    window->high = para_window_height(window->window);
    size_t size = (size_t)window->wide * (size_t)window->high * 3;
    if (size > window->pixels_size && 2 * size + ((size_t)1 << 20) < para_arena_room(window->arena)) {
        window->pixels_size = size + size / 2;
        window->pixels = para_arena_alloc(window->arena, window->pixels_size);
    }
    if (size <= window->pixels_size)
        para_window_read(window->window, window->pixels);
}

static void draw(ParaAbiWindow *window, const ParaEnv *env, float share, float seconds, bool last)
{
    const ParaLevel *level = env->level;
    para_window_begin(window->window, PARA_INK_BACKGROUND);
    para_pose_blend(window->then, window->now, level->world.body_count, share, window->poses);
    ParaRect area = {0, 0, (float)para_window_width(window->window),
                     (float)para_window_height(window->window)};
    ParaPictureLook look = para_picture_look(area);
    para_scene_clear(&window->scene);
    para_picture_scene(&window->scene, level, &env->play, env->world, window->poses, true);
    para_picture_follow(&window->camera, &window->scene, &look, level, env->world, window->poses, seconds);
    para_window_scene(window->window, &window->scene, &window->camera);
    if (last)
        keep_pixels(window);
    para_window_end(window->window);
}

static void wait_until(double when)
{
    para_clock_sleep(when - para_clock_seconds()); // cut short by a signal is as good
}

/// The frames from what was shown last to now, for `seconds` [s], less what the caller took since then.
static bool show(ParaAbiWindow *window, const ParaEnv *env, double seconds)
{
    const ParaView *view = para_world_view(env->world);
    bool follows = window->shown && window->level == env->level->hash && window->step < view->step;
    if (seconds < 0.0)
        seconds = fmin((double)env->level->frame_skip / (double)env->level->world.rate, FRAME_WAIT_MAX);
    int frames = follows ? (int)fmax(seconds * FRAMES_RATE, 1.0) : 1;
    double start = para_clock_seconds(), pause = follows ? seconds / frames : 0.0;
    if (follows && start - window->due < seconds)
        start = window->due;
    bool closing = wants_close();
    memcpy(window->then, window->now, (size_t)env->level->world.body_count * sizeof *window->then);
    para_pose_read(view, window->now);
    for (int i = 1; i <= frames && !closing; i++) {
        draw(window, env, follows ? (float)i / (float)frames : 1.0f, (float)pause, i == frames);
        wait_until(start + pause * i);
        closing = wants_close();
    }
    window->due = start + pause * frames;
    window->shown = true;
    window->level = env->level->hash;
    window->step = view->step;
    return closing;
}

int32_t para_abi_window_show(ParaAbiWindow *window, ParaAbiBatch *batch, int32_t env, double seconds)
{
    if (window == NULL || batch == NULL || !(seconds <= FRAME_WAIT_MAX))
        return para_abi_fail(PARA_ABI_INVALID, "window: no window, no batch, or seconds not up to %g",
                             FRAME_WAIT_MAX);
    if (!para_abi_batch_enter(batch))
        return PARA_ABI_STATE;
    int32_t result = PARA_ABI_STATE;
    if (para_abi_batch_ready(batch, env))
        result = show(window, &batch->batch->envs[env], seconds);
    para_abi_batch_leave(batch);
    return result;
}

int32_t para_abi_window_size(const ParaAbiWindow *window, int32_t *out_width, int32_t *out_height)
{
    if (window == NULL || out_width == NULL || out_height == NULL)
        return para_abi_fail(PARA_ABI_INVALID, "window size: no window, or nowhere to write");
    if (!window->shown)
        return para_abi_fail(PARA_ABI_STATE, "nothing has been shown yet");
    *out_width = window->wide;
    *out_height = window->high;
    return PARA_ABI_OK;
}

int32_t para_abi_window_read(ParaAbiWindow *window, int32_t width, int32_t height, uint8_t *rgb)
{
    if (window == NULL || rgb == NULL)
        return para_abi_fail(PARA_ABI_INVALID, "window read: no window, or nowhere to write");
    size_t size = (size_t)window->wide * (size_t)window->high * 3;
    if (!window->shown || size > window->pixels_size || width != window->wide || height != window->high)
        return para_abi_fail(PARA_ABI_STATE, "the picture shown last is %d x %d pixels", window->wide,
                             window->high);
    memcpy(rgb, window->pixels, size);
    return PARA_ABI_OK;
}
