// SPDX-License-Identifier: MIT
// Boxes are collected and drawn at once; text is cut and broken by its measured width.
#include "apps/page/page.h"

#include "engine/draw/raster/png.h"

#include <math.h>
#include <string.h>

#define BOXES_MAX 1024
#define LINE_MAX  400 // [byte] of a line with its ellipsis

static const char ellipsis[] = "\xe2\x80\xa6";

ParaPage para_page(ParaWindow *window, ParaArena *arena)
{
    return (ParaPage){.window = window, .panels = para_scene_create(BOXES_MAX, arena), .unit = 1.0f};
}

void para_page_begin(ParaPage *page)
{
    para_window_begin(page->window, PARA_INK_BACKGROUND);
    page->width = (float)para_window_width(page->window);
    page->height = (float)para_window_height(page->window);
    page->unit = para_window_scale(page->window);
    para_scene_clear(&page->panels);
}

void para_page_frame(ParaPage *page, ParaRect r, float round, int fill, int edge, float edge_width)
{
    if (r.width > 0.0f && r.height > 0.0f)
        para_scene_box(&page->panels, (ParaVec2){r.x, r.y}, (ParaVec2){r.width, r.height},
                       fminf(round, 0.5f * fminf(r.width, r.height)), fill, edge, edge_width);
}

void para_page_box(ParaPage *page, ParaRect r, float round, int fill, int edge)
{
    para_page_frame(page, r, round, fill, edge, edge == fill ? 0.0f : page->unit);
}

void para_page_draw(ParaPage *page)
{
    ParaCamera pixels = para_camera_pixels();
    para_window_scene(page->window, &page->panels, &pixels);
    para_scene_clear(&page->panels);
}

float para_page_text(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *line)
{
    return para_window_text(page->window, x, y, size, ink, line);
}

static float width_of(const ParaPage *page, ParaTextSize size, const char *line)
{
    return para_window_text_width(page->window, size, line);
}

/// Cuts a line in place until it fits with an ellipsis behind it.
/// @param line [LINE_MAX]   @param more put the ellipsis there though it fits
static void cut(const ParaPage *page, ParaTextSize size, char *line, float room, bool more)
{
    size_t length = strlen(line);
    if (length > LINE_MAX - sizeof ellipsis)
        length = LINE_MAX - sizeof ellipsis;
    if (more)
        memcpy(line + length, ellipsis, sizeof ellipsis);
    while (length > 0 && width_of(page, size, line) > room) {
        do
            length--;
        while (length > 0 && ((unsigned char)line[length] & 0xc0) == 0x80); // not inside a letter
        while (length > 0 && line[length - 1] == ' ')
            length--;
        memcpy(line + length, ellipsis, sizeof ellipsis);
    }
}

float para_page_text_fitted(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *line,
                            float room)
{
    char fitted[LINE_MAX];
    size_t length = strlen(line), most = sizeof fitted - sizeof ellipsis;
    length = length < most ? length : most;
    memcpy(fitted, line, length);
    fitted[length] = '\0';
    cut(page, size, fitted, room, false);
    return para_page_text(page, x, y, size, ink, fitted);
}

void para_page_text_right(ParaPage *page, float right, float y, ParaTextSize size, int ink, const char *line)
{
    para_page_text(page, right - width_of(page, size, line), y, size, ink, line);
}

void para_page_text_middle(ParaPage *page, ParaRect r, float y, ParaTextSize size, int ink, const char *line)
{
    float wide = fminf(width_of(page, size, line), r.width);
    para_page_text_fitted(page, r.x + 0.5f * (r.width - wide), y, size, ink, line, r.width);
}

/// Goes through the lines of a block. @param ink below 0: they are measured alone   @return how many
static int each_line(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *text,
                     float room, int lines_max)
{
    int count = 0;
    for (float high = para_page_line(page, size); *text && lines_max-- > 0; count++, y += high) {
        char line[LINE_MAX] = "", tried[LINE_MAX];
        const char *rest = text;
        while (*rest) { // as many words as fit; one that does not fit alone is cut
            size_t word = strcspn(rest, " \n"), used = (size_t)(rest - text);
            if (used + word + sizeof ellipsis >= LINE_MAX)
                break;
            memcpy(tried, text, used + word);
            tried[used + word] = '\0';
            if (*line && width_of(page, size, tried) > room)
                break;
            memcpy(line, tried, used + word + 1);
            bool ends = rest[word] == '\n';
            rest += word + (rest[word] ? 1 : 0);
            if (ends)
                break;
        }
        if (rest == text) // a word longer than any line
            rest = text + strlen(text);
        cut(page, size, line, room, lines_max == 0 && *rest);
        if (ink >= 0)
            para_page_text(page, x, y, size, ink, line);
        text = rest;
    }
    return count;
}

float para_page_text_block(ParaPage *page, float x, float y, ParaTextSize size, int ink, const char *text,
                           float room, int lines_max)
{
    return (float)each_line(page, x, y, size, ink, text, room, lines_max) * para_page_line(page, size);
}

float para_page_text_block_height(ParaPage *page, ParaTextSize size, const char *text, float room,
                                  int lines_max)
{
    return (float)each_line(page, 0, 0, size, -1, text, room, lines_max) * para_page_line(page, size);
}

float para_page_line(const ParaPage *page, ParaTextSize size)
{
    return para_window_line_height(page->window, size);
}

bool para_rect_holds(ParaRect r, float x, float y)
{
    return x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;
}

bool para_page_picture(ParaPage *page, const char *path, ParaArena *arena, const char **out_error)
{
    int width = para_window_width(page->window), height = para_window_height(page->window);
    ParaArenaMark mark = para_arena_mark(arena);
    uint8_t *rgb = para_arena_alloc(arena, (size_t)width * (size_t)height * 3);
    para_window_read(page->window, rgb);
    bool written = para_png_write(path, rgb, width, height, arena, out_error);
    if (written)
        para_arena_rewind(arena, mark); // an error's text stays
    return written;
}
