// SPDX-License-Identifier: MIT
// The panel is drawn over its own last picture (no alternate screen), so that the final state stays in the
// terminal's history. A frame is put together in one buffer and written at once, between the marks of a
// synchronised update, so that nothing flickers.
#include "apps/interrupt.h"
#include "apps/train/train_view_parts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PREVIEW_COLUMNS     48 // [character]
#define PREVIEW_ROWS        18 // [character]
#define PREVIEW_COLUMNS_MIN 24 // [character] smaller says nothing
#define PREVIEW_ROWS_MIN    8  // [character]
#define BAR                 20 // [character] a solve-rate bar
#define PANEL_COLUMNS       49 // [character] the text beside the preview
#define SHOW_CURSOR         "\033[?25h\033[0m"

#define DIM    "\033[38;2;130;140;155m"
#define BRIGHT "\033[1m"
#define ACCENT "\033[38;2;96;178;232m"
#define GOOD   "\033[38;2;112;196;122m"
#define TRACK  "\033[38;2;70;78;92m"
#define PLAIN  "\033[0m"

void para_train_panel_open(ParaTrainView *view, ParaArena *arena)
{
    view->frame = PARA_NEW(arena, char, PARA_TRAIN_FRAME_BYTES);
    view->scene = para_terminal_scene_create(PREVIEW_COLUMNS, PREVIEW_ROWS, arena);
    para_interrupt_restore(SHOW_CURSOR "\n");
}

void para_train_panel_close(ParaTrainView *view)
{
    (void)view; // its memory is the arena's, its last picture stays
    para_interrupt_restore(NULL);
}

static void add(ParaTrainView *view, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(ParaTrainView *view, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int size = vsnprintf(view->frame + view->used, PARA_TRAIN_FRAME_BYTES - view->used, format, list);
    va_end(list);
    if (size > 0)
        view->used += (size_t)size < PARA_TRAIN_FRAME_BYTES - view->used
                          ? (size_t)size
                          : PARA_TRAIN_FRAME_BYTES - view->used - 1;
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

/// The statistics of one group, on a line of their own.
static void add_group(ParaTrainView *view, const ParaStatistics *now, ParaStatisticGroup group)
{
    const char *number_look = group == PARA_STATISTIC_TIMES ? DIM : PLAIN;
    char word[PARA_TRAIN_WORD];
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        const char *place = strstr(row->panel, "%s");
        if (row->group == group && place)
            add(view, DIM "%.*s%s%s" DIM "%s", (int)(place - row->panel), row->panel, number_look,
                para_train_word_statistic(now, row, word), place + 2);
    }
    end_line(view);
}

static void add_head(ParaTrainView *view, const ParaTrainStatus *status)
{
    char word[PARA_TRAIN_WORD];
    double left = para_train_remaining(view, status);
    add(view, BRIGHT "paracosm train" PLAIN " %.30s" DIM "  maker %s  lesson " PLAIN "%d", view->folder,
        view->maker, status->now.lesson);
    end_line(view);
    add(view, "%s" DIM " trained" PLAIN, para_train_word_clock(status->now.seconds, word));
    if (left >= 0)
        add(view, DIM ", " PLAIN "%s" DIM " remaining", para_train_word_clock(left, word));
    add(view, DIM "   solver " PLAIN "%s", solver_text(status, word, sizeof word));
    end_line(view);
    add_group(view, &status->now, PARA_STATISTIC_COUNTS);
    add_group(view, &status->now, PARA_STATISTIC_LEARNING);
    add_group(view, &status->now, PARA_STATISTIC_TIMES);
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
    char text[PARA_TRAIN_WORD];
    add(view, DIM " %9s" PLAIN, para_train_word_short(episodes, text));
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
    double mean = para_train_mean_solve(status);
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

bool para_train_panel_draw(ParaTrainView *view, const ParaTrainStatus *status)
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
        add(view, ACCENT PARA_TRAIN_STOPPING);
    else if (status->note)
        add(view, ACCENT "%.*s", terminal.columns - 1, status->note);
    else
        add(view, DIM "Ctrl-C stops and keeps the work");
    end_line(view);
    add(view, "\033[J\033[?25h\033[?2026l");
    return para_terminal_write(view->frame, view->used);
}
