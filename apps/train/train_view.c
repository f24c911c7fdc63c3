// SPDX-License-Identifier: MIT
// When a lesson is shown, and how: panel, plain line or JSON.
#include "apps/train/train_view.h"

#include "apps/interrupt.h"
#include "apps/train/train_view_parts.h"
#include "engine/base/clock.h"

#include <stdio.h>

#define FRAME_SECONDS 0.1  // [s] at least between frames
#define LINE_SECONDS  10.0 // [s] between plain lines

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
        view->shown = 0.0;
        para_train_panel_open(view, arena);
    }
    return view;
}

bool para_train_view_show(ParaTrainView *view, const ParaTrainStatus *status)
{
    double now = para_clock_seconds();
    bool first = view->lesson < 0, good = true;
    view->last = *status;
    view->lesson = status->now.lesson;
    view->pending = true;
    if (status->note && view->kind == PARA_TRAIN_VIEW_AUTO && !view->live)
        good = printf("note: %s\n", status->note) > 0;
    else if (status->note && !view->live)
        fprintf(stderr, "note: %s\n", status->note);
    if (view->kind == PARA_TRAIN_VIEW_JSON)
        return para_train_json_print(status);
    if (view->kind == PARA_TRAIN_VIEW_QUIET)
        return true;
    if (view->live && (now - view->shown >= FRAME_SECONDS || para_interrupt_count() > 0)) {
        view->shown = now, view->pending = false;
        good = para_train_panel_draw(view, status);
    } else if (!view->live && (first || now - view->shown >= LINE_SECONDS)) {
        view->shown = now, view->pending = false;
        good = para_train_line_print(view, status);
    }
    return good;
}

void para_train_view_end(ParaTrainView *view)
{
    // Only numbers are shown here: worlds and names of the last status may be gone with the training.
    if (view->kind == PARA_TRAIN_VIEW_AUTO && !view->live && view->pending && view->lesson >= 0) {
        view->last.family_count = 0;
        para_train_line_print(view, &view->last);
    }
    if (view->live)
        para_train_panel_close(view);
}

int para_train_view_lesson(const ParaTrainView *view) { return view->lesson; }
