// SPDX-License-Identifier: MIT
// Panels and lines of text on a window, for everything that is not the world.
#include "apps/play/play_paint.h"

#include <math.h>
#include <string.h>

ParaPaint para_paint(ParaWindow *window, ParaScene *panels)
{
    return (ParaPaint){window, panels, (float)para_window_width(window), (float)para_window_height(window),
                       para_window_scale(window)};
}

void para_paint_panel(ParaPaint *paint, ParaRect r, float round, int fill, int edge)
{
    para_scene_box(paint->panels, (ParaVec2){r.x, r.y}, (ParaVec2){r.width, r.height}, round, fill, edge,
                   edge == fill ? 0.0f : paint->unit);
}

void para_paint_flush(ParaPaint *paint)
{
    ParaCamera pixels = para_camera_pixels();
    para_window_scene(paint->window, paint->panels, &pixels);
    para_scene_clear(paint->panels);
}

float para_paint_text(ParaPaint *paint, float x, float y, ParaTextSize size, int ink, const char *line)
{
    return para_window_text(paint->window, x, y, size, ink, line);
}

void para_paint_text_right(ParaPaint *paint, float right, float y, ParaTextSize size, int ink,
                           const char *line)
{
    para_paint_text(paint, right - para_window_text_width(paint->window, size, line), y, size, ink, line);
}

void para_paint_text_fitted(ParaPaint *paint, float x, float y, ParaTextSize size, int ink, const char *line,
                            float room)
{
    char cut[300];
    size_t length = strlen(line);
    length = length < sizeof cut - 4 ? length : sizeof cut - 4;
    memcpy(cut, line, length);
    cut[length] = '\0';
    while (length > 0 && para_window_text_width(paint->window, size, cut) > room) {
        do
            length--;
        while (length > 0 && ((unsigned char)line[length] & 0xc0) == 0x80); // not inside a letter
        memcpy(cut + length, "\xe2\x80\xa6", 4);
    }
    para_paint_text(paint, x, y, size, ink, cut);
}

void para_paint_text_middle(ParaPaint *paint, float y, ParaTextSize size, int ink, const char *line)
{
    float room = paint->width - 2 * (PARA_PAINT_MARGIN + 4) * paint->unit;
    float wide = fminf(para_window_text_width(paint->window, size, line), room);
    para_paint_text_fitted(paint, 0.5f * (paint->width - wide), y, size, ink, line, room);
}
