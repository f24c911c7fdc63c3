// SPDX-License-Identifier: MIT
// When a lesson is shown, and how: panel, plain line or JSON.
#include "apps/train/train_view.h"

#include "apps/train/train_view_parts.h"
#include "engine/base/clock.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>

#define FRAME_SECONDS 0.1  // [s] at least between frames
#define LINE_SECONDS  10.0 // [s] between plain lines

ParaTrainView *para_train_view_create(ParaTrainViewKind kind, const ParaTrainDef *def, ParaArena *arena)
{
    ParaTrainView *view = PARA_NEW(arena, ParaTrainView, 1);
    view->kind = kind;
    view->def = def;
    // What mpirun passes on from a rank looks like a terminal to it, wherever it goes.
    view->live = kind == PARA_TRAIN_VIEW_AUTO && !def->peers && para_terminal_look().live;
    view->shown = -LINE_SECONDS; // the first lesson is shown at once
    view->begun = para_clock_seconds();
    view->waited = view->begun;
    view->examined.lesson = -1;
    if (view->live)
        para_train_panel_open(view, arena);
    return view;
}

/// Something to tell, where no panel has a line for it.
static bool tell(const ParaTrainView *view, const char *note)
{
    if (view->kind == PARA_TRAIN_VIEW_AUTO)
        return printf("note: %s\n", note) > 0;
    return fprintf(stderr, "note: %s\n", note) > 0;
}

bool para_train_view_show(ParaTrainView *view, const ParaTrainStatus *status, bool last)
{
    if (status->again && !view->live) // a line that is written is not written anew
        return true;
    bool good = view->live || !status->note || tell(view, status->note);
    bool examined = !isnan(status->now.held_out);
    if (examined)
        view->examined = status->now;
    if (view->kind == PARA_TRAIN_VIEW_JSON)
        return para_train_json_print(status) && good;
    double now = para_clock_seconds(), pause = view->live ? FRAME_SECONDS : LINE_SECONDS;
    if (view->kind == PARA_TRAIN_VIEW_QUIET || (!last && !examined && now - view->shown < pause))
        return good;
    view->shown = now;
    return (view->live ? para_train_panel_draw(view, status) : para_train_line_print(view, status)) && good;
}

void para_train_view_wait(ParaTrainView *view)
{
    if (view->kind != PARA_TRAIN_VIEW_AUTO || view->live)
        return;
    double now = para_clock_seconds(), before = view->waited;
    if (now - before < LINE_SECONDS || now - view->shown < LINE_SECONDS ||
        !atomic_compare_exchange_strong(&view->waited, &before, now)) // another thread says it
        return;
    char word[PARA_TRAIN_WORD];
    printf("%8s  plays levels for their scores\n", para_train_word_clock(now - view->begun, word));
    fflush(stdout);
}

void para_train_view_end(ParaTrainView *view)
{
    if (view->live)
        para_train_panel_close(view);
}
