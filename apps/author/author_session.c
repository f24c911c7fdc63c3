// SPDX-License-Identifier: MIT
// One frame after the other: events, edits, the level, the picture.
#include "apps/author/author_parts.h"

#include "apps/apps.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "engine/draw/raster/png.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_SECONDS 6.0f
#define PICTURE_FRAME   (1.0f / 60) // [s] of a frame when nobody watches
#define FRAME_LEAST     (1.0 / 125) // [s] for drivers that do not wait for the screen
#define LEAST_WIDTH     640.0f      // [px] that the panels need, times the scale
#define LEAST_HEIGHT    400.0f

void para_author_say(ParaAuthor *a, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(a->message, sizeof a->message, format, arguments);
    va_end(arguments);
    a->message_seconds = MESSAGE_SECONDS;
}

static void take_screenshot(ParaAuthor *a, const char *file)
{
    int width = para_window_width(a->window), height = para_window_height(a->window);
    ParaArenaMark mark = para_arena_mark(a->arena);
    uint8_t *rgb = para_arena_alloc(a->arena, (size_t)width * (size_t)height * 3);
    const char *error = NULL;
    para_window_read(a->window, rgb);
    if (para_png_write(file, rgb, width, height, a->arena, &error))
        printf("%s: %d x %d\n", file, width, height);
    else
        a->code = para_app_fail("author", "%s", error);
    para_arena_rewind(a->arena, mark);
}

static int count_of(const ParaAuthor *a, const char *path)
{
    ParaDocumentValue value;
    return para_document_find(a->document, path, &value) ? value.count : 0;
}

static void print_state(const ParaAuthor *a)
{
    static const char *const ends[] = {"on", "solved", "failed", "timeout", "diverged"};
    if (!a->document) {
        printf("state gallery=1\n");
        return;
    }
    printf("state bodies=%d zones=%d joints=%d includes=%d selected=%s steps=%d dirty=%d problems=%d "
           "unfinished=%d "
           "playing=%d status=%s draft=%d recovery=%d outside=%d chosen=%d note=\"%s\"\n",
           count_of(a, "/bodies"), count_of(a, "/zones"), count_of(a, "/joints"), count_of(a, "/include"),
           a->selected_count ? a->selected[0] : "-", para_document_steps(a->document),
           para_document_dirty(a->document), a->model.problems.count, a->model.unfinished, a->playing,
           a->model.level ? ends[a->model.env.play.status] : "-", a->draft != NULL, a->recovered != NULL,
           a->outside != NULL, a->selected_count, a->message_seconds > 0 ? a->message : "");
    fflush(stdout); // whoever kills the program has read so far
}

void para_author_undo(ParaAuthor *a, bool redo)
{
    const char *label = redo ? para_document_redo_label(a->document) : para_document_undo_label(a->document);
    char words[PARA_DOCUMENT_LABEL_MAX];
    snprintf(words, sizeof words, "%s", label ? label : "");
    bool done = redo ? para_document_redo(a->document) : para_document_undo(a->document);
    ParaDocumentValue value;
    int kept = 0;
    for (int k = 0; k < a->selected_count; k++)
        if (para_document_find(a->document, a->selected[k], &value))
            memmove(a->selected[kept++], a->selected[k], sizeof *a->selected);
    a->selected_count = kept;
    if (done)
        para_author_say(a, redo ? "done again: %s" : "undone: %s", words);
    else
        para_author_say(a, redo ? "nothing to do again" : "nothing to undo");
}

// ---------------------------------------------------------------------------------------------
// Keys.

static void tool_keys(ParaAuthor *a)
{
    static const SDL_Keycode keys[PARA_TOOLS] = {
        [PARA_TOOL_SELECT] = SDLK_v, [PARA_TOOL_BOX] = SDLK_1,     [PARA_TOOL_BALL] = SDLK_2,
        [PARA_TOOL_GROUND] = SDLK_3, [PARA_TOOL_POLYGON] = SDLK_4, [PARA_TOOL_TERRAIN] = SDLK_5,
        [PARA_TOOL_PLATE] = SDLK_6,  [PARA_TOOL_ZONE] = SDLK_7,    [PARA_TOOL_GLASS] = SDLK_8,
        [PARA_TOOL_LIFT] = SDLK_9,   [PARA_TOOL_JOINT] = SDLK_j,   [PARA_TOOL_BUGGY] = SDLK_b,
        [PARA_TOOL_RUNNER] = SDLK_k};
    for (int k = 0; k < PARA_TOOLS; k++)
        if (para_gui_pressed(keys[k])) {
            a->tool = (ParaAuthorTool)k;
            a->point_count = 0;
            *a->joint_first = '\0';
        }
}

/// Leaves, unless something would be lost: then that is asked about.
/// @param person somebody is there to answer   @param window it is closed, not left for another screen
static void ask_to_leave(ParaAuthor *a, bool person, bool window)
{
    a->closed = window;
    a->asks_quit = a->document && para_document_dirty(a->document) && person;
    a->quit = !a->asks_quit;
}

static void escape(ParaAuthor *a)
{
    if (a->playing)
        para_author_play(a, false);
    else if (a->point_count > 0 || *a->joint_first || a->tool != PARA_TOOL_SELECT) {
        a->point_count = 0;
        *a->joint_first = '\0';
        a->tool = PARA_TOOL_SELECT;
    } else if (a->nine)
        a->nine = false;
    else if (a->visit && a->selected_count == 0)
        ask_to_leave(a, !a->unattended, false); // back to where the editor was opened from
    else
        para_author_select(a, "", false, true);
}

static void nudge(ParaAuthor *a)
{
    static const struct {
        SDL_Keycode key;
        ParaVec2 by;
    } ways[] = {{SDLK_LEFT, {-1, 0}}, {SDLK_RIGHT, {1, 0}}, {SDLK_UP, {0, 1}}, {SDLK_DOWN, {0, -1}}};
    float step = para_gui_input().shift ? 1.0f : 0.1f;
    for (int k = 0; k < 4; k++)
        if (para_gui_pressed(ways[k].key) && a->selected_count > 0) {
            para_document_begin(a->document, "nudge");
            para_author_start_drag(a);
            para_author_move(a, (ParaVec2){ways[k].by.x * step, ways[k].by.y * step});
            para_document_end(a->document);
        }
}

static void edit_keys(ParaAuthor *a, const ParaGuiInput *in)
{
    if (para_gui_pressed(SDLK_F5))
        para_author_play(a, !a->playing);
    if (para_gui_pressed(SDLK_ESCAPE))
        escape(a);
    if (a->playing) {
        if (para_gui_pressed(SDLK_r))
            para_author_model_rewind(a);
        return;
    }
    if (para_gui_pressed(SDLK_F6))
        a->nine = !a->nine;
    if (a->drag != PARA_DRAG_NONE) // in the middle of a drag the step is open
        return;
    if (in->ctrl) {
        if (para_gui_pressed(SDLK_s))
            para_author_save(a);
        if (para_gui_pressed(SDLK_z))
            para_author_undo(a, in->shift);
        if (para_gui_pressed(SDLK_y))
            para_author_undo(a, true);
        if (para_gui_pressed(SDLK_c))
            para_author_copy(a);
        if (para_gui_pressed(SDLK_x)) {
            para_author_copy(a);
            para_author_delete(a);
        }
        if (para_gui_pressed(SDLK_v))
            para_author_paste(a);
        if (para_gui_pressed(SDLK_d))
            para_author_duplicate(a);
        if (para_gui_pressed(SDLK_a))
            para_author_select_all(a);
        if (para_gui_pressed(SDLK_g))
            (in->shift ? para_author_part : para_author_group)(a);
        for (int k = 0; k < PARA_PAGES; k++)
            if (para_gui_pressed(SDLK_1 + k))
                a->page = (ParaAuthorPage)k;
        return;
    }
    if (a->nine)
        return;
    tool_keys(a);
    nudge(a);
    if (para_gui_pressed(SDLK_DELETE) || para_gui_pressed(SDLK_BACKSPACE))
        para_author_delete(a);
    if (para_gui_pressed(SDLK_f))
        para_author_frame(a, true);
    if (para_gui_pressed(SDLK_RETURN) && a->point_count > 0)
        para_author_place_line(a, a->tool);
}

static void take_events(ParaAuthor *a)
{
    SDL_Event event;
    bool cross = false;
    while (SDL_PollEvent(&event)) {
        if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_CLOSE) {
            cross = true; // SDL's quit comes behind it
            ask_to_leave(a, true, true);
        } else if (event.type == SDL_QUIT && !cross) {
            ask_to_leave(a, !a->unattended, true);
        }
        if (a->playing && (event.type == SDL_KEYDOWN || event.type == SDL_KEYUP) && !event.key.repeat)
            para_keys_event(&a->keys, event.key.keysym.sym, event.type == SDL_KEYDOWN, PARA_KEYS_ON);
        para_gui_event(a->gui, &event);
    }
}

static bool asks(const ParaAuthor *a)
{
    return a->recovered || a->outside || a->asks_quit || a->gallery || a->help;
}

/// F1 opens the list of keys, F1 and Esc close it.
static void help_keys(ParaAuthor *a)
{
    if (para_gui_pressed(SDLK_F1))
        a->help = !a->help;
    else if (para_gui_pressed(SDLK_ESCAPE))
        a->help = false;
}

/// What happens between two pictures.
static void turn(ParaAuthor *a, float seconds)
{
    ParaGuiInput in = para_gui_input();
    if (!a->document) {
        a->quit |= a->visit && para_gui_pressed(SDLK_ESCAPE);
        return;
    }
    bool asked = asks(a);
    help_keys(a);
    if (!asked && !a->help) {
        edit_keys(a, &in);
        if (!a->playing)
            para_author_mouse(a);
    }
    if (!a->playing && a->model.version != para_document_version(a->document)) {
        if (a->attempt.on)
            para_author_try_end(a); // its level goes
        para_author_model_refresh(a);
    }
    if (a->playing)
        para_author_play_advance(a, seconds);
    else
        para_author_try_slice(a);
    para_author_journal(a);
    para_author_watch(a);
}

static void draw(ParaAuthor *a, float seconds)
{
    para_gui_begin(a->gui, para_window_width(a->window), para_window_height(a->window), seconds);
    turn(a, seconds);
    if (a->document) {
        para_author_panels(a);
        if (a->document && a->canvas.width > 1 && a->canvas.height > 1) {
            para_author_picture(a);
            para_author_marks(a);
        }
    } else {
        para_author_gallery(a);
    }
    para_window_clip(a->window, NULL); // letters and the world are under the panels
    para_gui_end(a->gui);
}

static float wait_frame(const ParaAuthor *a, double *clock)
{
    double now = para_clock_seconds(), passed = now - *clock;
    if (!a->unattended && passed < FRAME_LEAST) {
        SDL_Delay((Uint32)((FRAME_LEAST - passed) * 1000.0) + 1);
        now = para_clock_seconds();
        passed = now - *clock;
    }
    *clock = now;
    return a->unattended ? PICTURE_FRAME : fminf((float)passed, 0.1f);
}

/// The window's title: the file, a star where it does not have all, and what is going on.
static void tell_title(ParaAuthor *a)
{
    static const char *const ends[] = {", playing", ", solved", ", lost", ", time is up", ", diverged"};
    char title[sizeof a->title];
    const char *file = strrchr(a->path, '/'), *what = "";
    if (a->playing)
        what = ends[a->model.env.play.status];
    else if (asks(a))
        what = ", a question";
    snprintf(title, sizeof title, "Paracosm: %.200s%s%s",
             a->document ? (file ? file + 1 : a->path) : "author",
             a->document && para_document_dirty(a->document) ? " *" : "", what);
    SDL_Window *window = SDL_GL_GetCurrentWindow();
    if (window && strcmp(title, a->title) != 0)
        SDL_SetWindowTitle(window, title);
    memcpy(a->title, title, sizeof title);
}

/// As large as the person wants it, as far as the panels have room: they need 640 x 400 at scale 1.
static void fit_scale(ParaAuthor *a)
{
    float width = (float)para_window_width(a->window), height = (float)para_window_height(a->window);
    float wish = para_window_scale(a->window);
    float room = floorf(fminf(width / LEAST_WIDTH, height / LEAST_HEIGHT) * 4.0f) / 4.0f;
    float scale = fmaxf(fminf(wish, room), 1.0f);
    if (scale == a->scale && wish == a->wish)
        return;
    a->scale = scale;
    a->wish = wish;
    para_gui_set_scale(a->gui, scale);
    if (scale < wish)
        para_author_say(
            a, "scale %g has no room in a window of %g x %g: it is %g here; a larger window takes more",
            (double)wish, (double)width, (double)height, (double)scale);
}

void para_author_run(ParaAuthor *a)
{
    double clock = para_clock_seconds();
    SDL_Window *window = SDL_GL_GetCurrentWindow();
    char title[sizeof a->title]; // of whoever keeps the window open
    snprintf(title, sizeof title, "%s", window ? SDL_GetWindowTitle(window) : "");
    while (!a->quit) {
        float seconds = wait_frame(a, &clock);
        // What was pushed before is taken in over some frames; the script waits for that.
        ParaScriptDue due = a->script && !para_gui_busy(a->gui) ? para_play_script_run(a->script, a->shown)
                                                                : PARA_SCRIPT_NOTHING;
        take_events(a);
        if (a->quit)
            break;
        a->shown += (double)seconds;
        a->message_seconds -= seconds;
        para_window_begin(a->window, PARA_INK_BACKGROUND);
        fit_scale(a);
        draw(a, seconds);
        tell_title(a);
        if (due == PARA_SCRIPT_STATE)
            print_state(a);
        if (due == PARA_SCRIPT_SCREENSHOT)
            take_screenshot(a, para_play_script_picture(a->script));
        if (a->screenshot && a->shown >= a->after) {
            take_screenshot(a, a->screenshot);
            a->quit = true;
        }
        para_window_end(a->window);
    }
    if (window)
        SDL_SetWindowTitle(window, title);
}
