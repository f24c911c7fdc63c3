// SPDX-License-Identifier: MIT
// The live panel: what the training is and how far, its statistics, the families' solve rates, and one of the
// worlds.
#include "apps/interrupt.h"
#include "apps/train/train_view_parts.h"
#include "engine/base/cells.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PREVIEW_COLUMNS     48 // [character]
#define PREVIEW_ROWS        18 // [character]
#define PREVIEW_COLUMNS_MIN 24 // [character] smaller says nothing
#define PREVIEW_ROWS_MIN    8  // [character]
#define BAR                 20 // [character] a solve-rate bar
#define PANEL_COLUMNS       49 // [character] the text beside the preview

#define DIM    "\033[38;2;130;140;155m"
#define BRIGHT "\033[1m"
#define ACCENT "\033[38;2;96;178;232m"
#define GOOD   "\033[38;2;112;196;122m"
#define TRACK  "\033[38;2;70;78;92m"
#define PLAIN  "\033[0m"

void para_train_panel_open(ParaTrainView *view, ParaArena *arena)
{
    view->frame = para_frame(arena);
    view->scene = para_terminal_scene_create(PREVIEW_COLUMNS, PREVIEW_ROWS, arena);
    para_interrupt_restore(PARA_FRAME_RESTORE);
}

void para_train_panel_close(ParaTrainView *view)
{
    (void)view; // its memory is the arena's, its last picture stays
    para_interrupt_restore(NULL);
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
static void add_group(ParaFrame *frame, const ParaStatistics *now, ParaStatisticGroup group)
{
    const char *number_look = group == PARA_STATISTIC_TIMES ? DIM : PLAIN;
    char word[PARA_TRAIN_WORD];
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++) {
        const ParaStatistic *row = &para_statistics[i];
        const char *place = strstr(row->panel, "%s");
        bool known = row->kind == PARA_STATISTIC_WHOLE || !isnan(para_statistic_value(now, row));
        if (row->group != group || !place || !known)
            continue;
        char piece[160];
        snprintf(piece, sizeof piece, "%.*s%s%s" DIM "%s", (int)(place - row->panel), row->panel, number_look,
                 para_train_word_statistic(now, row, word), place + 2);
        para_frame_add_piece(frame, DIM, piece);
    }
    para_frame_end_line(frame);
}

static void add_head(ParaTrainView *view, const ParaTrainStatus *status)
{
    ParaFrame *frame = &view->frame;
    char word[PARA_TRAIN_WORD];
    double left = para_train_remaining(view, status);
    char piece[160];
    para_frame_add(frame, BRIGHT "paracosm train" PLAIN);
    snprintf(piece, sizeof piece, " %.*s", para_cells_cut(view->def->folder, 30), view->def->folder);
    para_frame_add_piece(frame, PLAIN, piece);
    snprintf(piece, sizeof piece, "  maker %s  lesson " PLAIN "%d", view->def->maker, status->now.lesson);
    para_frame_add_piece(frame, DIM, piece);
    para_frame_end_line(frame);
    para_frame_add(frame, "%s" DIM " trained" PLAIN, para_train_word_clock(status->now.seconds, word));
    if (left >= 0) {
        snprintf(piece, sizeof piece, ", " PLAIN "%s" DIM " remaining", para_train_word_clock(left, word));
        para_frame_add_piece(frame, DIM, piece);
    }
    snprintf(piece, sizeof piece, "   solver " PLAIN "%s", solver_text(status, word, sizeof word));
    para_frame_add_piece(frame, DIM, piece);
    para_frame_end_line(frame);
    para_frame_add(frame, DIM "the maker ");
    para_frame_add_sentence(frame, PLAIN, status->maker);
    para_frame_end_line(frame);
    add_group(frame, &status->now, PARA_STATISTIC_COUNTS);
    add_group(frame, &status->now, PARA_STATISTIC_LEARNING);
    add_group(frame, &status->now, PARA_STATISTIC_TIMES);
    if (!isnan(status->now.model_error))
        add_group(frame, &status->now, PARA_STATISTIC_MODEL);
    if (view->examined.lesson < 0)
        return;
    add_group(frame, &view->examined, PARA_STATISTIC_HELD_OUT);
}

/// Whether there is room for the bars of solve rates.
static bool has_bars(const ParaFrame *frame) { return frame->terminal.columns >= PANEL_COLUMNS; }

static void add_bar(ParaFrame *frame, float solve)
{
    static const char *const part[] = {"▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int eighths = solve > 0.0f ? (int)lroundf(solve * BAR * 8) : 0;
    para_frame_add(frame, GOOD);
    for (int i = 0; i < BAR; i++) {
        int here = eighths - 8 * i;
        if (here >= 8)
            para_frame_add(frame, "█");
        else if (here > 0)
            para_frame_add(frame, "%s", part[here - 1]);
        else
            para_frame_add(frame, here > -8 || i == 0 ? TRACK "·" : "·");
    }
}

/// What stands in the columns below it.
static void add_family_head(ParaFrame *frame)
{
    para_frame_add(frame, DIM "%-12s %*s %9s" PLAIN, "family", has_bars(frame) ? -(BAR + 6) : 6, "solved",
                   "episodes");
}

/// One family: name, bar, rate, episodes. `PANEL_COLUMNS` wide, less where there is no room for the bar.
static void add_family(ParaFrame *frame, const char *name, float solve, int episodes)
{
    char text[PARA_TRAIN_WORD];
    para_frame_add(frame, "%-12.12s ", name);
    if (has_bars(frame))
        add_bar(frame, solve);
    if (solve >= 0.0f)
        para_frame_add(frame, PLAIN " %3.0f %%", 100.0 * (double)solve);
    else
        para_frame_add(frame, DIM "   - %%");
    para_frame_add(frame, DIM " %9s" PLAIN, para_train_word_short(episodes, text));
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
        room -= status->family_count + 2;
    }
    if (place.columns > PREVIEW_COLUMNS)
        place.columns = PREVIEW_COLUMNS;
    place.rows = (place.columns * PREVIEW_ROWS + PREVIEW_COLUMNS - 1) / PREVIEW_COLUMNS;
    if (place.rows > room)
        place.rows = room;
    return place.rows >= PREVIEW_ROWS_MIN && place.columns >= PREVIEW_COLUMNS_MIN ? place : (Place){0};
}

/// Line i of the families' part: what its columns are, a family, the mean below the last, or blanks.
static void add_panel_line(ParaFrame *frame, const ParaTrainStatus *status, int i, int families)
{
    char text[PANEL_COLUMNS + 1] = "";
    double mean = para_train_mean_solve(status);
    int family = i - 1;
    if (family < 0) {
        add_family_head(frame);
        return;
    }
    if (family < families) {
        add_family(frame, status->family_names[family], status->family_solve[family],
                   status->family_episodes[family]);
        return;
    }
    if (family == families && mean >= 0)
        para_text_format(text, sizeof text,
                         has_bars(frame) ? "solved, mean of families %12.0f %%" : "mean %12.0f %%",
                         100 * mean);
    else if (family == families)
        snprintf(text, sizeof text, "no episode has ended yet");
    para_frame_add(frame, "%-*s", has_bars(frame) ? PANEL_COLUMNS : 0, text);
}

static const char *const *draw_preview(ParaTrainView *view, const ParaTrainStatus *status, Place place)
{
    if (place.rows == 0)
        return NULL;
    para_terminal_scene_resize(view->scene, place.columns, place.rows);
    return para_terminal_scene_draw(view->scene, status->preview_world, status->preview_level,
                                    status->preview_play);
}

/// The families, and the preview beside or below them.
static void add_body(ParaTrainView *view, const ParaTrainStatus *status)
{
    ParaFrame *frame = &view->frame;
    int room = frame->terminal.rows - frame->lines - 3; // below: the preview's name, the note, the cursor
    Place place = place_preview(status, frame->terminal.columns, room);
    const char *const *picture = draw_preview(view, status, place);
    int families = status->family_count < room - 1 ? status->family_count : room > 2 ? room - 2 : 0;
    int lines = place.beside && place.rows > families + 2 ? place.rows : families + 2;
    for (int i = 0; i < lines; i++) {
        add_panel_line(frame, status, i, families);
        if (picture && place.beside && i < place.rows)
            para_frame_add(frame, "  %s", picture[i]);
        para_frame_end_line(frame);
    }
    for (int i = 0; picture && !place.beside && i < place.rows; i++) {
        para_frame_add(frame, "%s", picture[i]);
        para_frame_end_line(frame);
    }
    if (picture) {
        para_frame_add(frame, DIM "%s: %s", status->preview_level->family, status->preview_level->about);
        para_frame_end_line(frame);
    }
}

bool para_train_panel_draw(ParaTrainView *view, const ParaTrainStatus *status)
{
    ParaFrame *frame = &view->frame;
    para_frame_begin(frame);
    add_head(view, status);
    add_body(view, status);
    if (para_interrupt_count() > 0)
        para_frame_add(frame, ACCENT PARA_TRAIN_STOPPING);
    else if (status->note)
        para_frame_add(frame, ACCENT "%s", status->note);
    else
        para_frame_add(frame, DIM "Ctrl-C stops and keeps the work");
    para_frame_end_line(frame);
    return para_frame_show(frame);
}
