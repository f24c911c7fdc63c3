// SPDX-License-Identifier: MIT
#pragma once
// A page: panels and text that a window shows around worlds, or alone. Screens are made of it: home,
// settings, keys, watch. Sizes are in pixels; `unit` says how many make one unit of a screen (DESIGN: text
// of 15 units reads well), so that a page is the same at any density.
#include "engine/draw/gl/window.h"

typedef struct ParaPage {
    ParaWindow *window;
    ParaScene panels;          ///< collected, drawn before the text that lies on them
    float width, height, unit; ///< [px] [px] [px per unit] >= 1, of the frame at hand
} ParaPage;

ParaPage para_page(ParaWindow *window, ParaArena *arena);
/// Begins a frame of the window, which it clears.
void para_page_begin(ParaPage *page);
/// Adds a rounded box; it is drawn with para_page_draw. @param fill, edge [ParaInk] the same: no edge
void para_page_box(ParaPage *page, ParaRect r, float round, int fill, int edge);
/// The same with an edge of its own width. @param edge_width [px] >= 0
void para_page_frame(ParaPage *page, ParaRect r, float round, int fill, int edge, float edge_width);
/// Draws the boxes that were added since.
void para_page_draw(ParaPage *page);
/// @return [px] its width
float para_page_text(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *line);
/// One line that fits into `room` [px]; what does not fit ends in an ellipsis. @return [px] its width
float para_page_text_fitted(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *line,
                            float room);
void para_page_text_right(ParaPage *page, float right, float y, ParaTextSize size, int ink, const char *line);
/// In the middle of a rect's width, fitted.
void para_page_text_middle(ParaPage *page, ParaRect r, float y, ParaTextSize size, int ink, const char *line);
/// Lines broken at blanks. @param lines_max the last one ends in an ellipsis where there is more
/// @return [px] height of the lines
float para_page_text_block(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *text,
                           float room, int lines_max);
/// The same height, and nothing is drawn.
float para_page_text_block_height(ParaPage *page, ParaTextSize size, const char *text, float room,
                                  int lines_max);
float para_page_line(const ParaPage *page, ParaTextSize size); ///< [px] height of a line

bool para_rect_holds(ParaRect r, float x, float y);
/// Writes the frame drawn so far as a PNG. @return false with the reason
bool para_page_picture(ParaPage *page, const char *path, ParaArena *arena, const char **out_error);
