// SPDX-License-Identifier: MIT
#pragma once
// What `paracosm train` shows: a live panel redrawn in place on a terminal, a plain line every ten seconds
// elsewhere, or one JSON object per lesson.
#include "agents/lesson/lesson.h"

/// What is said at once when somebody asks to stop.
#define PARA_TRAIN_STOPPING "stopping: finishing this lesson and saving; Ctrl-C again ends at once"

typedef enum { PARA_TRAIN_VIEW_AUTO, PARA_TRAIN_VIEW_JSON, PARA_TRAIN_VIEW_QUIET } ParaTrainViewKind;

typedef struct ParaTrainView ParaTrainView;
/// AUTO looks at the terminal. @param def in, outlives the view; folder, maker and, for what remains, limits
ParaTrainView *para_train_view_create(ParaTrainViewKind kind, const ParaTrainDef *def, ParaArena *arena);
/// Shows a lesson, or lets it pass if another was shown a moment ago; the first and the last are always
/// shown.
/// @param last no lesson follows   @return false if the output is gone
bool para_train_view_show(ParaTrainView *view, const ParaTrainStatus *status, bool last);
/// Says now and then, where lines are printed, that levels are played for their scores: a long turn of the
/// maker or an evaluation has no lesson to show. Any thread, often.
void para_train_view_wait(ParaTrainView *view);
/// Prints, of a run that learns a stream of worlds, what is left of each; of another nothing.
void para_train_print_transfer(const char *folder, ParaArena *arena);
/// Gives the terminal back.
void para_train_view_end(ParaTrainView *view);
