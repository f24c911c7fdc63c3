// SPDX-License-Identifier: MIT
// Rows flow from column to column; what has no room waits for the next page.
#include "apps/page/help.h"

#include <SDL_keycode.h>
#include <math.h>
#include <stdio.h>

#define EDGE         20.0f  // [unit] of the panel
#define HEAD         44.0f  // [unit] of its title
#define FOOT         34.0f  // [unit] of its last line
#define ROW_GAP      6.0f   // [unit]
#define COLUMN_LEAST 400.0f // [unit] that a column needs
#define COLUMN_MOST  520.0f // [unit]
#define COLUMN_GAP   28.0f  // [unit]
#define KEYS_SHARE   0.36f  // [1] of a column
#define LINES_MAX    6      // of a row

void para_help_head(ParaHelpList *list, const char *title) { para_help_add(list, "", title); }

void para_help_add(ParaHelpList *list, const char *keys, const char *about)
{
    if (list->count == PARA_HELP_ROWS_MAX)
        return;
    ParaHelpRow *row = &list->rows[list->count++];
    snprintf(row->keys, sizeof row->keys, "%s", keys);
    snprintf(row->about, sizeof row->about, "%s", about);
}

void para_help_turn(ParaHelp *help, int rows)
{
    if (rows < 0)
        help->first = help->first + rows < 0 ? 0 : help->first + rows;
    else if (help->next < help->count) // the last page stays
        help->first = help->first + rows < help->next ? help->first + rows : help->next;
}

bool para_help_key(ParaHelp *help, int code)
{
    int page = help->next > help->first ? help->next - help->first : 1;
    switch (code) {
    case SDLK_UP:
    case SDLK_DOWN:
        para_help_turn(help, code == SDLK_UP ? -1 : 1);
        return true;
    case SDLK_PAGEUP:
    case SDLK_PAGEDOWN:
    case SDLK_SPACE:
        para_help_turn(help, code == SDLK_PAGEUP ? -page : page);
        return true;
    case SDLK_HOME:
        help->first = 0;
        return true;
    default:
        return false;
    }
}

// ---------------------------------------------------------------------------------------------
// Drawing.

typedef struct Column {
    ParaPage *page;
    float x, wide; // [px]
} Column;

static float keys_wide(const Column *c) { return KEYS_SHARE * c->wide; }

static float row_height(const Column *c, const ParaHelpRow *row)
{
    ParaPage *page = c->page;
    float u = page->unit;
    if (!*row->keys)
        return para_page_line(page, PARA_TEXT_NORMAL) + 2 * ROW_GAP * u;
    float keys =
        para_page_text_block_height(page, PARA_TEXT_SMALL, row->keys, keys_wide(c) - 10 * u, LINES_MAX);
    float about =
        para_page_text_block_height(page, PARA_TEXT_SMALL, row->about, c->wide - keys_wide(c), LINES_MAX);
    return fmaxf(keys, about) + ROW_GAP * u;
}

static void draw_row(const Column *c, const ParaHelpRow *row, float y)
{
    ParaPage *page = c->page;
    float u = page->unit;
    if (!*row->keys) {
        para_page_text_fitted(page, c->x, y + 1.5f * ROW_GAP * u, PARA_TEXT_NORMAL, PARA_INK_TEXT, row->about,
                              c->wide);
        return;
    }
    para_page_text_block(page, c->x, y, PARA_TEXT_SMALL, PARA_INK_ACCENT, row->keys, keys_wide(c) - 10 * u,
                         LINES_MAX);
    para_page_text_block(page, c->x + keys_wide(c), y, PARA_TEXT_SMALL, PARA_INK_TEXT, row->about,
                         c->wide - keys_wide(c), LINES_MAX);
}

/// Fills a column from row `at` on. @param draw else it is measured alone   @return the row after it
static int fill(const Column *c, const ParaHelpList *list, int at, float top, float bottom, bool draw,
                float *out_end)
{
    float y = top;
    for (; at < list->count; at++) {
        const ParaHelpRow *row = &list->rows[at];
        float high = row_height(c, row);
        bool lonely = !*row->keys && at + 1 < list->count && // a heading stays with what it heads
                      y + high + row_height(c, &list->rows[at + 1]) > bottom;
        if (y > top && (y + high > bottom || lonely))
            break;
        if (draw)
            draw_row(c, row, y);
        y += high;
    }
    *out_end = fmaxf(*out_end, y);
    return at;
}

/// All columns of the page. @return the row after them
static int flow(ParaPage *page, const ParaHelpList *list, ParaRect inner, int columns, int first, bool draw,
                float *out_end)
{
    float gap = COLUMN_GAP * page->unit;
    Column c = {page, inner.x, (inner.width - (float)(columns - 1) * gap) / (float)columns};
    for (int i = 0; i < columns; i++, c.x += c.wide + gap)
        first = fill(&c, list, first, inner.y, inner.y + inner.height, draw, out_end);
    return first;
}

static void draw_foot(const ParaHelp *help, ParaPage *page, ParaRect r)
{
    bool paged = help->first > 0 || help->next < help->count;
    float u = page->unit, y = r.y + r.height - (FOOT - 8) * u;
    const char *words = !paged                     ? "Esc closes"
                        : help->next < help->count ? "Page Down: more     Esc closes"
                                                   : "Page Up: back     Esc closes";
    para_page_text_fitted(page, r.x + EDGE * u, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, words,
                          r.width - 2 * EDGE * u);
}

/// The panel with so many columns, as high as the window lets it be.
static ParaRect panel_of(const ParaPage *page, int columns)
{
    float u = page->unit, inner = (float)columns * COLUMN_MOST + (float)(columns - 1) * COLUMN_GAP;
    float wide = fminf(page->width - 16 * u, (inner + 2 * EDGE) * u);
    return (ParaRect){0.5f * (page->width - wide), 8 * u, wide, page->height - 16 * u};
}

/// What of the panel is for rows.
static ParaRect inside(const ParaPage *page, ParaRect r)
{
    float u = page->unit;
    return (ParaRect){r.x + EDGE * u, r.y + HEAD * u, r.width - 2 * EDGE * u, r.height - (HEAD + FOOT) * u};
}

void para_help_draw(ParaHelp *help, ParaPage *page, const char *title, const ParaHelpList *list)
{
    float u = page->unit, end = 0.0f;
    bool two = page->width - 16 * u > (2 * COLUMN_LEAST + COLUMN_GAP + 2 * EDGE) * u;
    int columns =
        two && flow(page, list, inside(page, panel_of(page, 1)), 1, 0, false, &end) < list->count ? 2 : 1;
    ParaRect r = panel_of(page, columns), inner = inside(page, r);
    end = 0.0f;
    help->count = list->count;
    help->first = help->first < list->count ? help->first : 0;
    help->next = flow(page, list, inner, columns, help->first, false, &end);
    para_page_box(page, (ParaRect){0, 0, page->width, page->height}, 0, PARA_INK_VEIL, PARA_INK_VEIL);
    if (help->first == 0 && help->next == list->count) { // no larger than what is in it
        r.height = fminf(end - r.y + FOOT * u, r.height);
        r.y = 0.5f * (page->height - r.height);
        inner = inside(page, r);
        inner.height += u; // no row is lost by rounding
    }
    para_page_box(page, r, 14 * u, PARA_INK_BACKGROUND,
                  PARA_INK_BACKGROUND); // a panel alone lets words shine through
    para_page_box(page, r, 14 * u, PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    para_page_draw(page);
    para_page_text_fitted(page, inner.x, r.y + 14 * u, PARA_TEXT_NORMAL, PARA_INK_TEXT, title, inner.width);
    flow(page, list, inner, columns, help->first, true, &end);
    draw_foot(help, page, r);
}
