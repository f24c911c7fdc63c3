// SPDX-License-Identifier: MIT
#pragma once
// What the view of a training is made of: train_view.c decides when something is shown and how, train_panel.c
// draws the live panel, train_lines.c prints plain lines and JSON, train_words.c writes numbers for people.
// Private to apps/train.
#include "apps/frame.h"
#include "apps/terminal_scene.h"
#include "apps/train/train_view.h"

struct ParaTrainView {
    ParaTrainViewKind kind;
    const ParaTrainDef *def; ///< its folder, maker and limits
    bool live;
    double shown;          ///< [s] clock at the last lesson that was shown
    double begun;          ///< [s] clock when the view was made
    _Atomic double waited; ///< [s] clock at the last word of waiting
    ParaStatistics
        examined; ///< the last lesson that was evaluated on held-out levels; its lesson -1: none was

    // The live panel.
    ParaFrame frame;
    ParaTerminalScene *scene;
};

#define PARA_TRAIN_WORD 32 ///< [byte] room for a number's text

/// Gets the panel ready: memory, and the terminal put right after a crash.
void para_train_panel_open(ParaTrainView *view, ParaArena *arena);
/// Draws the panel over its last picture. @return false if the terminal is gone
bool para_train_panel_draw(ParaTrainView *view, const ParaTrainStatus *status);
void para_train_panel_close(ParaTrainView *view);

/// One plain line, and one of the families' rates if there are any. @return false if the output is gone
bool para_train_line_print(const ParaTrainView *view, const ParaTrainStatus *status);
/// One JSON object on a line of its own. @return false if the output is gone
bool para_train_json_print(const ParaTrainStatus *status);

/// "1.2 M" style: three digits and a unit. @param out [PARA_TRAIN_WORD], returned
const char *para_train_word_short(double value, char *out);
/// "1:02:03" or "2:03". @param seconds [s]   @param out [PARA_TRAIN_WORD], returned
const char *para_train_word_clock(double seconds, char *out);
/// A statistic in its own style. @param out [PARA_TRAIN_WORD], returned
const char *para_train_word_statistic(const ParaStatistics *statistics, const ParaStatistic *row, char *out);
/// [s] of this call still to come, -1 if there is no limit by time or lessons, or it cannot be said yet.
double para_train_remaining(const ParaTrainView *view, const ParaTrainStatus *status);
/// [1] 0..1 mean over the families that have a rate; -1 if none has.
double para_train_mean_solve(const ParaTrainStatus *status);
