// SPDX-License-Identifier: MIT
// The panel is drawn over its own last picture (no alternate screen), so that the final state stays in the
// terminal's history. A frame is put together in one buffer and written at once, between the marks of a
// synchronised update, so that nothing flickers.
#include "apps/train/train_view.h"

#include "apps/interrupt.h"
#include "apps/terminal_scene.h"
#include "engine/base/clock.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FRAME_SECONDS       0.1  // [s] at least between frames
#define LINE_SECONDS        10.0 // [s] between plain lines
#define PREVIEW_COLUMNS     48   // [character]
#define PREVIEW_ROWS        18   // [character]
#define PREVIEW_COLUMNS_MIN 24   // [character] smaller says nothing
#define PREVIEW_ROWS_MIN    8    // [character]
#define BAR                 20   // [character] a solve-rate bar
#define PANEL_COLUMNS       49   // [character] the text beside the preview
#define FRAME_BYTES         (256 << 10)
#define SHOW_CURSOR         "\033[?25h\033[0m"

#define DIM    "\033[38;2;130;140;155m"
#define BRIGHT "\033[1m"
#define ACCENT "\033[38;2;96;178;232m"
#define GOOD   "\033[38;2;112;196;122m"
#define TRACK  "\033[38;2;70;78;92m"
#define PLAIN  "\033[0m"

struct ParaTrainView {
    ParaTrainViewKind kind;
    const char *folder, *maker;
    double minutes; ///< [min] limit of the run
    int64_t lessons;
    bool live;
    double shown; ///< [s] clock at the last output
    int lines;    ///< of the frame on the screen
    char *frame;  ///< [FRAME_BYTES]
    size_t used;
    ParaTerminalScene *scene;
    ParaTrainStatus last; ///< the numbers of the last lesson; its pointers belong to the training
    int lesson;
    bool pending; ///< the last lesson was not shown yet
};

ParaTrainView *para_train_view_create(ParaTrainViewKind kind, const char *folder, const char *maker,
                                      double minutes, int64_t lessons, ParaArena *arena)
{
    ParaTrainView *view = PARA_NEW(arena, ParaTrainView, 1);
    view->kind = kind;
    view->folder = folder;
    view->maker = maker;
    view->minutes = minutes;
    view->lessons = lessons;
    view->lesson = -1;
    view->shown = para_clock_seconds();
    view->live = kind == PARA_TRAIN_VIEW_AUTO && para_terminal_look().live;
    if (view->live) {
        view->frame = PARA_NEW(arena, char, FRAME_BYTES);
        view->scene = para_terminal_scene_create(PREVIEW_COLUMNS, PREVIEW_ROWS, arena);
        view->shown = 0.0;
        para_interrupt_restore(SHOW_CURSOR "\n");
    }
    return view;
}

// ---------------------------------------------------------------- words and numbers

/// "1.2 M" style: three digits and a unit.
static const char *short_number(double value, char out[32])
{
    static const char units[] = {' ', 'k', 'M', 'G', 'T'};
    int unit = 0;
    while (value >= 999.5 && unit < 4)
        value /= 1000.0, unit++;
    if (unit == 0)
        snprintf(out, 32, "%.0f", value);
    else
        snprintf(out, 32, "%.*f %c", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value, units[unit]);
    return out;
}

/// "1:02:03" or "2:03".
static const char *clock_text(double seconds, char out[32])
{
    long whole = (long)(seconds > 0 ? seconds : 0);
    if (whole >= 3600)
        snprintf(out, 32, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(out, 32, "%ld:%02ld", whole / 60, whole % 60);
    return out;
}

/// [s] of this call still to come, -1 if there is no limit by time or lessons, or it cannot be said yet.
static double remaining(const ParaTrainView *view, const ParaTrainStatus *status)
{
    if (view->minutes > 0)
        return view->minutes * 60.0 - status->seconds;
    if (view->lessons > 0 && status->decisions_per_second > 0 && status->lesson > 0) {
        double per_lesson = (double)status->decisions / (status->lesson + 1) / status->decisions_per_second;
        return ((double)view->lessons - status->lesson - 1) * per_lesson;
    }
    return -1.0;
}

/// Mean over the families that have a rate; -1 if none has.
static double mean_solve(const ParaTrainStatus *status)
{
    double sum = 0.0;
    int known = 0;
    for (int i = 0; i < status->family_count; i++)
        if (status->family_solve[i] >= 0.0f)
            sum += (double)status->family_solve[i], known++;
    return known ? sum / known : -1.0;
}

// ---------------------------------------------------------------- the live panel

static void add(ParaTrainView *view, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(ParaTrainView *view, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(view->frame + view->used, FRAME_BYTES - view->used, format, list);
    va_end(list);
    if (size > 0)
        view->used += (size_t)size < FRAME_BYTES - view->used ? (size_t)size : FRAME_BYTES - view->used - 1;
}

/// Ends a line: what an earlier frame left to its right goes.
static void end_line(ParaTrainView *view)
{
    add(view, PLAIN "\033[K\n");
    view->lines++;
}

/// "chipmunk", or "lanes 250 of 256" where levels may run on either.
static const char *solver_text(const ParaTrainStatus *status, char *out, size_t size)
{
    if (status->solver == PARA_SOLVER_AUTO)
        snprintf(out, size, "lanes %d of %d", status->lanes_envs, status->envs);
    else
        snprintf(out, size, "%s", para_solver_name(status->solver));
    return out;
}

static void add_head(ParaTrainView *view, const ParaTrainStatus *status)
{
    char a[32], b[32], c[32], d[32];
    double left = remaining(view, status);
    add(view, BRIGHT "paracosm train" PLAIN " %.30s" DIM "  maker %s  lesson " PLAIN "%d", view->folder,
        view->maker, status->lesson);
    end_line(view);
    add(view, "%s" DIM " trained" PLAIN, clock_text(status->seconds, a));
    if (left >= 0)
        add(view, DIM ", " PLAIN "%s" DIM " remaining", clock_text(left, b));
    add(view, DIM "   solver " PLAIN "%s", solver_text(status, c, sizeof c));
    end_line(view);
    add(view,
        "%s" DIM " decisions, " PLAIN "%s" DIM "/s   " PLAIN "%s" DIM " world steps, " PLAIN "%s" DIM "/s",
        short_number((double)status->decisions, a), short_number(status->decisions_per_second, b),
        short_number((double)status->world_steps, c), short_number(status->world_steps_per_second, d));
    end_line(view);
    add(view,
        DIM "entropy " PLAIN "%.2f" DIM "  kl " PLAIN "%.4f" DIM "  reward " PLAIN "%.3f" DIM
            "  explained " PLAIN "%.2f",
        (double)status->entropy, (double)status->kl, (double)status->reward_mean,
        (double)status->explained_variance);
    end_line(view);
    add(view, DIM "time: env %.0f %%, forward %.0f %%, update %.0f %%", 100 * status->share_env,
        100 * status->share_forward, 100 * status->share_update);
    end_line(view);
}

/// One family: name, bar, rate, episodes. Always `PANEL_COLUMNS` wide.
static void add_family(ParaTrainView *view, const char *name, float solve, int episodes)
{
    add(view, "%-12.12s ", name);
    int eighths = solve > 0.0f ? (int)lroundf(solve * BAR * 8) : 0;
    add(view, GOOD);
    for (int i = 0; i < BAR; i++) {
        static const char *const part[] = {"▏", "▎", "▍", "▌", "▋", "▊", "▉"};
        int here = eighths - 8 * i;
        if (here >= 8)
            add(view, "█");
        else if (here > 0)
            add(view, "%s", part[here - 1]);
        else
            add(view, here > -8 || i == 0 ? TRACK "·" : "·");
    }
    if (solve >= 0.0f)
        add(view, PLAIN " %3.0f %%", 100.0 * (double)solve);
    else
        add(view, DIM "   - %%");
    char text[32];
    add(view, DIM " %9s" PLAIN, short_number(episodes, text));
}

/// Where the preview goes and how large it is; rows 0: nowhere.
typedef struct Place {
    bool beside; ///< the families, else below them
    int columns, rows;
} Place;

/// @param room [line] for families and preview
static Place place_preview(const ParaTrainStatus *status, int columns, int room)
{
    Place place = {.beside = true, .columns = columns - PANEL_COLUMNS - 3};
    if (!status->preview_level || status->preview_level->players[0].body < 0)
        return (Place){0};
    if (place.columns < PREVIEW_COLUMNS_MIN) {
        place.beside = false;
        place.columns = columns - 1;
        room -= status->family_count + 1;
    }
    if (place.columns > PREVIEW_COLUMNS)
        place.columns = PREVIEW_COLUMNS;
    place.rows = (place.columns * PREVIEW_ROWS + PREVIEW_COLUMNS - 1) / PREVIEW_COLUMNS;
    if (place.rows > room)
        place.rows = room;
    return place.rows >= PREVIEW_ROWS_MIN && place.columns >= PREVIEW_COLUMNS_MIN ? place : (Place){0};
}

/// Line i of the families' part: a family, the mean below the last, or blanks.
static void add_panel_line(ParaTrainView *view, const ParaTrainStatus *status, int i, int families)
{
    char text[PANEL_COLUMNS + 1] = "";
    double mean = mean_solve(status);
    if (i < families) {
        add_family(view, status->family_names[i], status->family_solve[i], status->family_episodes[i]);
        return;
    }
    if (i == families && mean >= 0)
        snprintf(text, sizeof text, "solved, mean of families %12.0f %%", 100 * mean);
    else if (i == families)
        snprintf(text, sizeof text, "no episode has ended yet");
    add(view, "%-*s", PANEL_COLUMNS, text);
}

static void add_body(ParaTrainView *view, const ParaTrainStatus *status, int columns, int rows)
{
    int room = rows - view->lines - 3; // below come the preview's name, the note and the cursor
    Place place = place_preview(status, columns, room);
    const char *const *picture = NULL;
    if (place.rows > 0) {
        para_terminal_scene_resize(view->scene, place.columns, place.rows);
        picture = para_terminal_scene_draw(view->scene, status->preview_world, status->preview_level,
                                           status->preview_play);
    }
    int families = status->family_count < room ? status->family_count : room > 1 ? room - 1 : 0;
    int lines = families + 1;
    if (place.beside && place.rows > lines)
        lines = place.rows;
    for (int i = 0; i < lines; i++) {
        add_panel_line(view, status, i, families);
        if (picture && place.beside && i < place.rows)
            add(view, "  %s", picture[i]);
        end_line(view);
    }
    for (int i = 0; picture && !place.beside && i < place.rows; i++) {
        add(view, "%s", picture[i]);
        end_line(view);
    }
    if (picture) {
        int left = columns - 3 - (int)strlen(status->preview_level->family);
        add(view, DIM "%s: %.*s", status->preview_level->family, left > 0 ? left : 0,
            status->preview_level->about);
        end_line(view);
    }
}

static bool draw(ParaTrainView *view, const ParaTrainStatus *status)
{
    ParaTerminal terminal = para_terminal_look(); // its size may have changed
    int before = view->lines;
    view->used = 0;
    view->lines = 0;
    add(view, "\033[?2026h\033[?25l\r");
    if (before > 0)
        add(view, "\033[%dA", before < terminal.rows ? before : terminal.rows - 1);
    add_head(view, status);
    add_body(view, status, terminal.columns, terminal.rows);
    if (para_interrupt_count() > 0)
        add(view, ACCENT "stopping: finishing this lesson and saving; Ctrl-C again ends at once");
    else if (status->note)
        add(view, ACCENT "%.*s", terminal.columns - 1, status->note);
    else
        add(view, DIM "Ctrl-C stops and keeps the work");
    end_line(view);
    add(view, "\033[J\033[?25h\033[?2026l");
    return para_terminal_write(view->frame, view->used);
}

// ---------------------------------------------------------------- plain lines and JSON

static bool print_line(const ParaTrainView *view, const ParaTrainStatus *status)
{
    char a[32], b[32], c[32], d[32], e[32];
    printf("%8s  lesson %d  decisions %s (%s/s)  world steps %s (%s/s)", clock_text(status->seconds, a),
           status->lesson, short_number((double)status->decisions, b),
           short_number(status->decisions_per_second, c), short_number((double)status->world_steps, d),
           short_number(status->world_steps_per_second, e));
    double mean = mean_solve(status), left = remaining(view, status);
    if (mean >= 0)
        printf("  solved %.0f %%", 100 * mean);
    printf("  entropy %.2f", (double)status->entropy);
    if (left >= 0)
        printf("  remaining %s", clock_text(left, a));
    putchar('\n');
    for (int i = 0; mean >= 0 && i < status->family_count; i++) {
        if (status->family_solve[i] >= 0.0f)
            printf("%s%s %.0f %%", i ? ", " : "          ", status->family_names[i],
                   100.0 * (double)status->family_solve[i]);
        else
            printf("%s%s -", i ? ", " : "          ", status->family_names[i]);
    }
    if (mean >= 0)
        putchar('\n');
    return fflush(stdout) == 0;
}

static bool print_json(const ParaTrainStatus *status)
{
    cJSON *object = cJSON_CreateObject(), *families = cJSON_AddArrayToObject(object, "families");
    cJSON_AddNumberToObject(object, "lesson", status->lesson);
    cJSON_AddNumberToObject(object, "decisions", (double)status->decisions);
    cJSON_AddNumberToObject(object, "world_steps", (double)status->world_steps);
    cJSON_AddNumberToObject(object, "scoring_steps", (double)status->scoring_steps);
    cJSON_AddNumberToObject(object, "seconds", status->seconds);
    cJSON_AddNumberToObject(object, "decisions_per_second", status->decisions_per_second);
    cJSON_AddNumberToObject(object, "world_steps_per_second", status->world_steps_per_second);
    cJSON_AddStringToObject(object, "solver", para_solver_name(status->solver));
    cJSON_AddNumberToObject(object, "lanes_envs", status->lanes_envs);
    cJSON_AddNumberToObject(object, "reward_mean", (double)status->reward_mean);
    cJSON_AddNumberToObject(object, "entropy", (double)status->entropy);
    cJSON_AddNumberToObject(object, "kl", (double)status->kl);
    cJSON_AddNumberToObject(object, "policy_loss", (double)status->policy_loss);
    cJSON_AddNumberToObject(object, "value_loss", (double)status->value_loss);
    cJSON_AddNumberToObject(object, "explained_variance", (double)status->explained_variance);
    cJSON_AddBoolToObject(object, "checkpoint", status->checkpoint_saved);
    for (int i = 0; i < status->family_count; i++) {
        cJSON *family = cJSON_CreateObject();
        cJSON_AddStringToObject(family, "name", status->family_names[i]);
        if (status->family_solve[i] >= 0.0f)
            cJSON_AddNumberToObject(family, "solve", (double)status->family_solve[i]);
        else
            cJSON_AddNullToObject(family, "solve");
        cJSON_AddNumberToObject(family, "episodes", status->family_episodes[i]);
        cJSON_AddItemToArray(families, family);
    }
    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    if (!text)
        return false;
    puts(text);
    cJSON_free(text);
    return fflush(stdout) == 0;
}

// ---------------------------------------------------------------- what the command calls

bool para_train_view_show(ParaTrainView *view, const ParaTrainStatus *status)
{
    double now = para_clock_seconds();
    bool first = view->lesson < 0, good = true;
    view->last = *status;
    view->lesson = status->lesson;
    view->pending = true;
    if (status->note && view->kind == PARA_TRAIN_VIEW_AUTO && !view->live)
        good = printf("note: %s\n", status->note) > 0;
    else if (status->note && !view->live)
        fprintf(stderr, "note: %s\n", status->note);
    if (view->kind == PARA_TRAIN_VIEW_JSON)
        return print_json(status);
    if (view->kind == PARA_TRAIN_VIEW_QUIET)
        return true;
    if (view->live && (now - view->shown >= FRAME_SECONDS || para_interrupt_count() > 0)) {
        view->shown = now, view->pending = false;
        good = draw(view, status);
    } else if (!view->live && (first || now - view->shown >= LINE_SECONDS)) {
        view->shown = now, view->pending = false;
        good = print_line(view, status);
    }
    return good;
}

void para_train_view_end(ParaTrainView *view)
{
    // Only numbers are shown here: worlds and names of the last status may be gone with the training.
    if (view->kind == PARA_TRAIN_VIEW_AUTO && !view->live && view->pending && view->lesson >= 0) {
        view->last.family_count = 0;
        print_line(view, &view->last);
    }
    if (view->live)
        para_interrupt_restore(NULL);
}

int para_train_view_lesson(const ParaTrainView *view) { return view->lesson; }
