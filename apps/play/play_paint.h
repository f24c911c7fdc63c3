// SPDX-License-Identifier: MIT
#pragma once
// How window furniture is painted: panels are collected and drawn before the text that lies on them.
#include "engine/draw/gl/window.h"
#include "engine/draw/scene.h"

#define PARA_PAINT_MARGIN 16.0f ///< [unit] that text keeps from the edges of the window

/// A frame of a window, and its measures.
typedef struct ParaPaint {
    ParaWindow *window;
    ParaScene *panels;
    float width, height; ///< [px] > 0
    float unit;          ///< [px] > 0 of a unit, in which furniture is measured
} ParaPaint;

/// @param panels empty, of 64 primitives or more
ParaPaint para_paint(ParaWindow *window, ParaScene *panels);
/// A panel, for the next flush. @param edge ink of its edge, `fill` for none   @param round [px] >= 0 corners
void para_paint_panel(ParaPaint *paint, ParaRect r, float round, int fill, int edge);
void para_paint_flush(ParaPaint *paint); ///< draws the panels
/// One line from its top left corner [px]. @return [px] how wide it is
float para_paint_text(ParaPaint *paint, float x, float y, ParaTextSize size, int ink, const char *line);
/// One line that ends at `right` [px].
void para_paint_text_right(ParaPaint *paint, float right, float y, ParaTextSize size, int ink,
                           const char *line);
/// One line that fits into `room` [px]; what does not fit ends in an ellipsis.
void para_paint_text_fitted(ParaPaint *paint, float x, float y, ParaTextSize size, int ink, const char *line,
                            float room);
/// One line in the middle of the window, fitted.
void para_paint_text_middle(ParaPaint *paint, float y, ParaTextSize size, int ink, const char *line);
