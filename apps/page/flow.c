// SPDX-License-Identifier: MIT
// Line after line; a page is over where the next line would not fit.
#include "apps/page/flow.h"

#include <math.h>
#include <string.h>

#define LINE_MAX 400 // [byte]

/// Letters of a text that fit, at least one: for words longer than a line.
static size_t take_letters(const ParaPage *page, ParaTextSize size, const char *text, float room)
{
    char line[LINE_MAX];
    size_t fit = 0;
    for (size_t at = 0; text[at] && text[at] != ' ' && text[at] != '\n';) {
        size_t next = at + 1;
        while (((unsigned char)text[next] & 0xc0) == 0x80)
            next++;
        if (next >= LINE_MAX)
            break;
        memcpy(line, text, next);
        line[next] = '\0';
        if (fit > 0 && para_window_text_width(page->window, size, line) > room)
            break;
        fit = at = next;
    }
    return fit;
}

/// The first line of a text. @param line out, [LINE_MAX]   @return what follows it
static const char *take_line(const ParaPage *page, ParaTextSize size, const char *text, float room,
                             char *line)
{
    size_t fit = 0;
    for (size_t at = 0; text[at];) {
        size_t end = at + strcspn(text + at, " \n");
        if (end >= LINE_MAX)
            break;
        memcpy(line, text, end);
        line[end] = '\0';
        if (para_window_text_width(page->window, size, line) > room)
            break;
        fit = end;
        if (text[end] == '\n' || !text[end])
            break;
        at = end + 1;
    }
    if (fit == 0 && *text != '\n')
        fit = take_letters(page, size, text, room);
    memcpy(line, text, fit);
    line[fit] = '\0';
    return text + fit + (text[fit] == ' ' || text[fit] == '\n');
}

int para_flow(ParaPage *page, ParaRect box, const ParaFlowText *texts, int count, int show, float *out_height)
{
    char line[LINE_MAX];
    float down = 0.0f, highest = 0.0f;
    int at = 0;
    for (int i = 0; i < count; i++) {
        float high = para_page_line(page, texts[i].size);
        for (const char *text = texts[i].text; *text;) {
            text = take_line(page, texts[i].size, text, box.width, line);
            if (down > 0.0f && down + high > box.height + 0.5f) {
                at++;
                down = 0.0f;
            }
            if (at == show)
                para_page_text(page, box.x, box.y + down, texts[i].size, texts[i].ink, line);
            down += high;
            highest = fmaxf(highest, down);
        }
        down += down > 0.0f ? texts[i].after : 0.0f;
    }
    if (out_height)
        *out_height = highest;
    return at + 1;
}
