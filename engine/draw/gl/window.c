// SPDX-License-Identifier: MIT
// The window itself: SDL's window and OpenGL context, the size measured at each frame, errors with advice.
// Scenes are drawn by gl_view.c, text by text.c.
#include "engine/draw/gl/window.h"

#include "engine/base/text.h"
#include "engine/draw/gl/gl_world.h"
#include "engine/draw/gl/text.h"
#include "engine/draw/raster/icon.h"

#include <SDL.h>
#include <epoxy/gl.h>
#include <math.h>
#include <string.h>

struct ParaWindow {
    SDL_Window *window;
    SDL_GLContext context;
    ParaGlView view;
    ParaGlWorld world;
    ParaText *text;
    ParaArena *arena;
    ParaColours colours[PARA_MOODS][PARA_PALETTES];
    ParaRect clip;     // [px] of para_window_clip
    int width, height; // [px]
    float scale;       // [1] para_window_scale
    float density;     // [px] per screen unit
    float wished;      // [1] para_window_set_scale; 0: none
    float asked;       // [1] that was asked for, where it has no room; 0: what was asked for is had
    const char *error; // of a shader, NULL: none
    bool fullscreen;
    unsigned picture, frame; // OpenGL's names of what pictures are copied from; 0: none was drawn yet
};

#define PLAIN_WIDTH  1280.0f // [px] of a window whose text has its plain size
#define PLAIN_HEIGHT 720.0f  // [px]
#define PLAIN_DPI    96.0f   // [px/inch]
#define ICON_SIDE    64      // [px]
#define LEAST_WIDTH  320.0f  // [unit] that screens are laid out for at least
#define LEAST_HEIGHT 200.0f  // [unit]
#define DENSE        1.2f    // [1] times PLAIN_DPI; what is told below that is no more than a guess

static const char advice[] =
    "run it on a desktop, or with SDL_VIDEODRIVER=offscreen in its environment for pictures alone";

static ParaWindow *give_up(ParaWindow *window, ParaArena *arena, const char *what, const char **out_error)
{
    const char *why = SDL_GetError();
    *out_error =
        para_arena_printf(arena, "%s%s%s%s; %s", what, *why ? " (" : "", why, *why ? ")" : "", advice);
    para_window_close(window);
    return NULL;
}

/// A driver that makes real windows, or offscreen if somebody asked for it by name.
static bool has_display(void)
{
    const char *driver = SDL_GetCurrentVideoDriver(), *wish = SDL_getenv("SDL_VIDEODRIVER");
    if (!driver || strcmp(driver, "dummy") == 0)
        return false;
    return strcmp(driver, "offscreen") != 0 || (wish && strcmp(wish, "offscreen") == 0);
}

static void set_attributes(void)
{
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
    SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
}

/// Pixels per unit by the display itself [1]: what the system scales by; where it does not, its dots per
/// inch.
static float display_scale(const ParaWindow *window, int wide)
{
    float ratio = wide > 0 ? (float)window->width / (float)wide : 1.0f, dpi = 0.0f;
    int display = SDL_GetWindowDisplayIndex(window->window);
    bool told = ratio < 1.01f && display >= 0 && SDL_GetDisplayDPI(display, NULL, &dpi, NULL) == 0;
    return told && dpi > DENSE * PLAIN_DPI ? dpi / PLAIN_DPI : ratio;
}

/// In quarters, so that the letters are not made anew at every pixel of a window that grows.
static float quarters(float scale)
{
    scale = (float)(int)(scale * 4.0f + 0.01f) / 4.0f;
    return scale < 1.0f || scale != scale ? 1.0f : scale > PARA_TEXT_SCALE_MAX ? PARA_TEXT_SCALE_MAX : scale;
}

/// The scale that is shown: no larger than leaves room for a screen.
static float scale_of(ParaWindow *window, int wide)
{
    const char *wish = SDL_getenv("PARACOSM_SCALE"), *end = wish;
    double wanted = wish ? para_text_number(wish, &end) : 0.0;
    float scale = display_scale(window, wide), across = (float)window->width / PLAIN_WIDTH,
          down = (float)window->height / PLAIN_HEIGHT, large = across < down ? across : down;
    scale = window->wished > 0.0f ? window->wished : large > scale ? large : scale;
    if (wish && end != wish && *end == '\0')
        scale = (float)wanted;
    float most = quarters(fminf((float)window->width / LEAST_WIDTH, (float)window->height / LEAST_HEIGHT));
    scale = quarters(scale);
    window->asked = scale > most ? scale : 0.0f;
    return fminf(scale, most);
}

static void measure(ParaWindow *window)
{
    int wide = 0, high = 0;
    SDL_GetWindowSize(window->window, &wide, &high);
    SDL_GL_GetDrawableSize(window->window, &window->width, &window->height);
    window->width = window->width > 0 ? window->width : 1;
    window->height = window->height > 0 ? window->height : 1;
    window->density = wide > 0 ? (float)window->width / (float)wide : 1.0f;
    window->scale = scale_of(window, wide);
}

/// The sign of the window in lists and bars. Where the system has none, or refuses it, nothing is lost.
static void set_icon(ParaWindow *window)
{
    ParaArenaMark mark = para_arena_mark(window->arena);
    uint8_t *rgb = para_arena_alloc(window->arena, (size_t)ICON_SIDE * ICON_SIDE * 3);
    uint8_t *alpha = para_arena_alloc(window->arena, (size_t)ICON_SIDE * ICON_SIDE);
    uint8_t *rgba = para_arena_alloc(window->arena, (size_t)ICON_SIDE * ICON_SIDE * 4);
    para_icon_draw(ICON_SIDE, rgb, alpha, window->arena);
    for (int i = 0; i < ICON_SIDE * ICON_SIDE; i++) {
        memcpy(rgba + 4 * i, rgb + 3 * i, 3);
        rgba[4 * i + 3] = alpha[i];
    }
    SDL_Surface *surface = SDL_CreateRGBSurfaceWithFormatFrom(rgba, ICON_SIDE, ICON_SIDE, 32, 4 * ICON_SIDE,
                                                              SDL_PIXELFORMAT_RGBA32);
    if (surface)
        SDL_SetWindowIcon(window->window, surface);
    SDL_FreeSurface(surface);
    para_arena_rewind(window->arena, mark);
}

ParaWindow *para_window_open(const char *title, int width, int height, ParaArena *arena,
                             const char **out_error)
{
    ParaWindow *window = PARA_NEW(arena, ParaWindow, 1);
    window->arena = arena;
    bool started = SDL_InitSubSystem(SDL_INIT_VIDEO) == 0;
    if (started)
        SDL_ClearError(); // drivers that were tried and passed over leave their complaints
    if (!started || !has_display())
        return give_up(window, arena, "there is no display to open a window on", out_error);
    set_attributes();
    window->window = SDL_CreateWindow(title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height,
                                      SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (!window->window)
        return give_up(window, arena, "the window cannot be opened", out_error);
    set_icon(window);
    window->context = SDL_GL_CreateContext(window->window);
    if (!window->context || epoxy_gl_version() < 33)
        return give_up(window, arena, "OpenGL 3.3 is not there", out_error);
    SDL_GL_SetSwapInterval(1); // where this fails the caller's own pacing holds
    measure(window);
    for (int mood = 0; mood < PARA_MOODS; mood++)
        for (int palette = 0; palette < PARA_PALETTES; palette++)
            para_colours_make((ParaMood)mood, (ParaPalette)palette, &window->colours[mood][palette]);
    const char *why = NULL;
    if (!para_gl_view_create(&window->view, arena, &why) ||
        !(window->text = para_text_create(window->scale, arena, &why))) {
        *out_error = why;
        para_window_close(window);
        return NULL;
    }
    return window;
}

void para_window_close(ParaWindow *window)
{
    if (window->text)
        para_text_destroy(window->text);
    if (window->picture) {
        glDeleteFramebuffers(1, &window->frame);
        glDeleteTextures(1, &window->picture);
    }
    if (window->context)
        para_gl_world_destroy(&window->world);
    if (window->context)
        para_gl_view_destroy(&window->view);
    if (window->context)
        SDL_GL_DeleteContext(window->context);
    if (window->window)
        SDL_DestroyWindow(window->window);
    memset(window, 0, sizeof *window);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

/// A texture, and a frame of its own that it is copied from.
static void hold_picture(ParaWindow *window, const uint8_t *rgb, int width, int height)
{
    if (!window->picture) {
        glGenTextures(1, &window->picture);
        glGenFramebuffers(1, &window->frame);
    }
    glBindTexture(GL_TEXTURE_2D, window->picture);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGB8, width, height, 0, GL_RGB, GL_UNSIGNED_BYTE, rgb);
    glBindTexture(GL_TEXTURE_2D, 0);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, window->frame);
    glFramebufferTexture2D(GL_READ_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, window->picture, 0);
}

void para_window_picture(ParaWindow *window, ParaRect r, const uint8_t *rgb, int width, int height)
{
    para_text_flush(window->text); // earlier text lies below
    hold_picture(window, rgb, width, height);
    int left = (int)r.x, right = (int)(r.x + r.width), top = (int)r.y, bottom = (int)(r.y + r.height);
    glBlitFramebuffer(0, 0, width, height, left, window->height - top, right, window->height - bottom,
                      GL_COLOR_BUFFER_BIT, GL_NEAREST);
    glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
}

void para_window_begin(ParaWindow *window, int ink)
{
    ParaColour c = para_ink_flat(ink);
    measure(window);
    para_text_rescale(window->text, window->scale, window->arena); // another display, another size
    para_text_view(window->text, window->width, window->height);
    window->clip = (ParaRect){0};
    glDisable(GL_SCISSOR_TEST);
    glViewport(0, 0, window->width, window->height);
    glClearColor((float)c.r / 255.0f, (float)c.g / 255.0f, (float)c.b / 255.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
    glEnable(GL_BLEND);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA); // premultiplied
}

void para_window_scene(ParaWindow *window, const ParaScene *scene, const ParaCamera *camera)
{
    para_text_flush(window->text); // earlier text lies below
    para_gl_view_draw(&window->view, scene, camera, window->width, window->height, NULL);
}

/// What two areas share, each of which may be the whole window (of width 0).
static ParaRect common(const ParaWindow *window, ParaRect a, ParaRect b)
{
    const ParaRect whole = {0, 0, (float)window->width, (float)window->height};
    a = a.width > 0.0f ? a : whole;
    b = b.width > 0.0f ? b : whole;
    float x = fmaxf(a.x, b.x), y = fmaxf(a.y, b.y);
    return (ParaRect){x, y, fmaxf(fminf(a.x + a.width, b.x + b.width) - x, 0.0f),
                      fmaxf(fminf(a.y + a.height, b.y + b.height) - y, 0.0f)};
}

/// Nothing beyond the area changes. OpenGL counts rows from below. The corners are rounded, not the sides:
/// neighbours leave no gap.
static void scissor(const ParaWindow *window, ParaRect area)
{
    int left = (int)floorf(area.x + 0.5f), right = (int)floorf(area.x + area.width + 0.5f);
    int top = (int)floorf(area.y + 0.5f), bottom = (int)floorf(area.y + area.height + 0.5f);
    glEnable(GL_SCISSOR_TEST);
    glScissor(left, window->height - bottom, right > left ? right - left : 0,
              bottom > top ? bottom - top : 0);
}

void para_window_world(ParaWindow *window, const ParaScene *scene, const ParaCamera *camera,
                       const ParaLook *look)
{
    const ParaColours *colours = &window->colours[para_look_mood(look)][look->palette];
    const char *error = NULL;
    para_text_flush(window->text); // earlier text lies below
    const ParaRect all = {0, 0, (float)window->width, (float)window->height};
    ParaRect whole = look->area.width > 0.0f ? look->area : all; // parts of a photo have one sky
    scissor(window, common(window, look->area, window->clip));
    if (!para_gl_world_draw(&window->world, &window->view, scene, camera, look, colours, whole, window->width,
                            window->height, window->arena, &error)) {
        window->error = error ? error : window->error;
        para_gl_view_draw(&window->view, scene, camera, window->width, window->height, colours->inks);
    }
    para_window_clip(window, window->clip.width > 0.0f ? &window->clip : NULL);
}

const char *para_window_error(const ParaWindow *window) { return window->error ? window->error : ""; }

float para_window_text(ParaWindow *window, float x, float y, ParaTextSize size, int ink, const char *text)
{
    return para_text_add(window->text, x, y, size, ink, text);
}

float para_window_text_width(const ParaWindow *window, ParaTextSize size, const char *text)
{
    return para_text_width(window->text, size, text);
}

float para_window_line_height(const ParaWindow *window, ParaTextSize size)
{
    return para_text_line_height(window->text, size);
}

void para_window_clip(ParaWindow *window, const ParaRect *area)
{
    para_text_flush(window->text); // earlier text is not cut
    window->clip = area ? *area : (ParaRect){0};
    if (area)
        scissor(window, *area);
    else
        glDisable(GL_SCISSOR_TEST);
}

float para_window_density(const ParaWindow *window) { return window->density; }

void para_window_set_scale(ParaWindow *window, float scale) { window->wished = scale; }

bool para_window_fullscreen(ParaWindow *window, bool wanted)
{
    if (wanted != window->fullscreen &&
        SDL_SetWindowFullscreen(window->window, wanted ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0) == 0)
        window->fullscreen = wanted;
    return window->fullscreen;
}

bool para_window_is_fullscreen(const ParaWindow *window) { return window->fullscreen; }

void para_window_read(ParaWindow *window, uint8_t *rgb)
{
    size_t row = (size_t)window->width * 3;
    para_text_flush(window->text);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    // OpenGL's first row is the lowest; ours is the highest.
    for (int y = 0; y < window->height; y++)
        glReadPixels(0, window->height - 1 - y, window->width, 1, GL_RGB, GL_UNSIGNED_BYTE,
                     rgb + (size_t)y * row);
}

void para_window_end(ParaWindow *window)
{
    para_window_clip(window, NULL);
    SDL_GL_SwapWindow(window->window);
}

int para_window_width(const ParaWindow *window) { return window->width; }
int para_window_height(const ParaWindow *window) { return window->height; }
float para_window_scale(const ParaWindow *window) { return window->scale; }
float para_window_scale_asked(const ParaWindow *window) { return window->asked; }
const char *para_window_font(const ParaWindow *window) { return para_text_font(window->text); }
