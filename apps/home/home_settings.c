// SPDX-License-Identifier: MIT
// The settings screen: one table of what can be chosen, drawn as rows, changed by keys, mouse and gamepad.
#include "apps/home/home_parts.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef enum { ROW_SHARE, ROW_FLAG, ROW_CHOICE, ROW_SCALE } RowKind;
typedef struct Row {
    const char *name, *about;
    RowKind kind;
    size_t at; // [byte] in ParaPreferences
    const char *const *words;
    int count; // [1] of words
} Row;

static const char *const qualities[] = {"by itself", "low", "middle", "high"};
static const char *const moods[] = {"of the level", "day", "dusk", "night"};
static const char *const scales[] = {"by itself", "100 %", "125 %", "150 %", "200 %", "250 %", "300 %"};
static const float scale_values[] = {0.0f, 1.0f, 1.25f, 1.5f, 2.0f, 2.5f, 3.0f};
#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

static const Row rows[] = {
    {"Volume", "of all sounds", ROW_SHARE, offsetof(ParaPreferences, volume), NULL, 0},
    {"Mute", "no sound at all", ROW_FLAG, offsetof(ParaPreferences, mute), NULL, 0},
    {"Quality", "of light, shadows and particles", ROW_CHOICE, offsetof(ParaPreferences, quality), qualities,
     COUNT(qualities)},
    {"Mood", "the hour of the day", ROW_CHOICE, offsetof(ParaPreferences, mood), moods, COUNT(moods)},
    {"Colour-safe palette", "without red and green", ROW_FLAG, offsetof(ParaPreferences, safe), NULL, 0},
    {"Shake", "the picture shakes with heavy blows", ROW_FLAG, offsetof(ParaPreferences, shake), NULL, 0},
    {"Size of text", "and of all that is written around", ROW_SCALE, offsetof(ParaPreferences, scale), scales,
     COUNT(scales)},
    {"Fullscreen", "F11 at any time", ROW_FLAG, offsetof(ParaPreferences, fullscreen), NULL, 0},
    {"Gamepad", "steers and chooses", ROW_FLAG, offsetof(ParaPreferences, pad), NULL, 0},
};
#define ROWS     COUNT(rows)
#define ROW_HIGH 46.0f  // [unit]
#define HEAD     64.0f  // [unit]
#define HEAD_LOW 40.0f  // [unit] in a low window
#define LOW      300.0f // [unit]
#define FOOT     34.0f  // [unit]

static float head_high(const ParaHome *h)
{
    return (h->page.height < LOW * h->page.unit ? HEAD_LOW : HEAD) * h->page.unit;
}

/// As many whole rows as there is room for: none is cut.
static ParaRect list_area(const ParaHome *h)
{
    float u = h->page.unit, wide = fminf(h->page.width - 24 * u, 760 * u),
          room = h->page.height - head_high(h) - FOOT * u;
    float fit = fminf(fmaxf(floorf(room / (ROW_HIGH * u)), 1.0f), (float)ROWS);
    return (ParaRect){0.5f * (h->page.width - wide), head_high(h), wide, fit * ROW_HIGH * u};
}

static ParaRect row_place(const ParaHome *h, int row)
{
    ParaRect area = list_area(h);
    float high = ROW_HIGH * h->page.unit, moved = roundf(h->rows_scroll / high) * high;
    return (ParaRect){area.x, area.y + (float)row * high - moved, area.width, high};
}

/// Where a row's value is shown and changed.
static ParaRect control_of(const ParaHome *h, int row)
{
    ParaRect r = row_place(h, row);
    float u = h->page.unit, wide = fminf(210 * u, 0.45f * r.width);
    return (ParaRect){r.x + r.width - wide - 12 * u, r.y + 7 * u, wide, r.height - 14 * u};
}

static int scale_index(float scale)
{
    for (int i = 0; i < COUNT(scale_values); i++)
        if (fabsf(scale_values[i] - scale) < 0.01f)
            return i;
    return 0;
}

static void *target_of(ParaHome *h, const Row *row) { return (char *)&h->preferences + row->at; }

/// One step to the right (1) or left (-1).
static void change(ParaHome *h, const Row *row, int by)
{
    void *target = target_of(h, row);
    switch (row->kind) {
    case ROW_SHARE:
        *(float *)target = fmaxf(fminf(roundf(*(float *)target * 20.0f + (float)by) / 20.0f, 1.0f), 0.0f);
        break;
    case ROW_FLAG:
        *(bool *)target = !*(bool *)target;
        break;
    case ROW_CHOICE:
        *(int *)target = (*(int *)target + by + row->count) % row->count;
        break;
    case ROW_SCALE:
        *(float *)target = scale_values[(scale_index(*(float *)target) + by + row->count) % row->count];
        break;
    }
    para_home_settings_apply(h);
}

void para_home_settings_apply(ParaHome *h)
{
    const char *error = NULL;
    ParaArenaMark mark = para_arena_mark(h->arena);
    para_window_set_scale(h->page.window, h->preferences.scale);
    para_window_fullscreen(h->page.window, h->preferences.fullscreen);
    if (!h->dragging && !para_preferences_save(&h->preferences, h->arena, &error))
        para_home_say(h, error);
    para_arena_rewind(h->arena, mark);
}

/// The title of a screen of rows: as large as there is room above them.
void para_home_title(ParaHome *h, ParaRect area, const char *title)
{
    float u = h->page.unit;
    bool low = area.y < HEAD * u - 1;
    para_page_text(&h->page, area.x + 12 * u, (low ? 8 : 14) * u, low ? PARA_TEXT_NORMAL : PARA_TEXT_LARGE,
                   PARA_INK_TEXT, title);
}

/// Where among all rows one is, at the right of them; nothing where all are seen.
void para_home_scroll_bar(ParaHome *h, ParaRect area, float whole)
{
    float u = h->page.unit, x = area.x + area.width + 3 * u, high = area.height * area.height / whole;
    if (whole <= area.height + 1)
        return;
    para_page_box(&h->page, (ParaRect){x, area.y, 5 * u, area.height}, 3 * u, PARA_INK_TRACK, PARA_INK_TRACK);
    para_page_box(&h->page, (ParaRect){x, area.y + area.height * h->rows_scroll / whole, 5 * u, high}, 3 * u,
                  PARA_INK_TEXT_DIM, PARA_INK_TEXT_DIM);
    para_page_draw(&h->page);
}

static void see_row(ParaHome *h, int row)
{
    ParaRect area = list_area(h), r = row_place(h, row);
    if (r.y < area.y)
        h->rows_scroll -= area.y - r.y;
    if (r.y + r.height > area.y + area.height)
        h->rows_scroll += r.y + r.height - area.y - area.height;
    h->rows_scroll = fmaxf(h->rows_scroll, 0.0f);
}

void para_home_settings_key(ParaHome *h, SDL_Keycode key)
{
    if (key == SDLK_UP)
        h->row = (h->row + ROWS - 1) % ROWS;
    if (key == SDLK_DOWN)
        h->row = (h->row + 1) % ROWS;
    if (key == SDLK_LEFT)
        change(h, &rows[h->row], -1);
    if (key == SDLK_RIGHT || key == SDLK_RETURN || key == SDLK_SPACE)
        change(h, &rows[h->row], 1);
    see_row(h, h->row);
}

void para_home_settings_mouse(ParaHome *h, bool press, bool held)
{
    bool was = h->dragging;
    h->dragging = held && (h->dragging || press);
    for (int i = 0; i < ROWS && (press || held); i++) {
        ParaRect control = control_of(h, i);
        if (press && para_rect_holds(row_place(h, i), h->mouse_x, h->mouse_y) &&
            para_rect_holds(list_area(h), h->mouse_x, h->mouse_y)) {
            h->row = i;
            if (rows[i].kind != ROW_SHARE && para_rect_holds(control, h->mouse_x, h->mouse_y)) {
                h->dragging = false;
                change(h, &rows[i], h->mouse_x < control.x + 0.5f * control.width ? -1 : 1);
            } else if (rows[i].kind != ROW_SHARE) {
                h->dragging = false;
            }
        }
        if (h->dragging && i == h->row && rows[i].kind == ROW_SHARE)
            *(float *)target_of(h, &rows[i]) =
                fmaxf(fminf((h->mouse_x - control.x) / fmaxf(control.width, 1.0f), 1.0f), 0.0f);
    }
    if (was && !h->dragging)
        para_home_settings_apply(h); // a slider is written once, when it is let go
}

void para_home_settings_wheel(ParaHome *h, float notches)
{
    ParaRect area = list_area(h);
    float most = fmaxf((float)ROWS * ROW_HIGH * h->page.unit - area.height, 0.0f);
    h->rows_scroll = fmaxf(fminf(h->rows_scroll - notches * ROW_HIGH * h->page.unit, most), 0.0f);
}

/// The size of text that is had, where the window has no room for the one that is wished.
static void write_scale(const ParaHome *h, float wish, char *out, size_t size)
{
    bool cut = para_window_scale_asked(h->page.window) > 0.0f;
    int share = (int)(para_window_scale(h->page.window) * 100.0f + 0.5f);
    if (cut)
        snprintf(out, size, "%s, %d %% fit", scales[scale_index(wish)], share);
    else
        snprintf(out, size, "%s", scales[scale_index(wish)]);
}

static void draw_value(ParaHome *h, int index)
{
    ParaPage *page = &h->page;
    const Row *row = &rows[index];
    const void *target = target_of(h, row);
    ParaRect c = control_of(h, index);
    float u = page->unit, line = para_page_line(page, PARA_TEXT_SMALL), y = c.y + 0.5f * (c.height - line);
    char words[32];
    if (row->kind == ROW_SHARE) {
        float share = *(const float *)target, bar = 8 * u, by = c.y + 0.5f * (c.height - bar);
        para_page_box(page, (ParaRect){c.x, by, c.width, bar}, 4 * u, PARA_INK_TRACK, PARA_INK_TRACK);
        para_page_box(page, (ParaRect){c.x, by, fmaxf(share * c.width, bar), bar}, 4 * u, PARA_INK_ACCENT,
                      PARA_INK_ACCENT);
        para_page_box(
            page, (ParaRect){c.x + share * (c.width - 18 * u), c.y + 0.5f * c.height - 9 * u, 18 * u, 18 * u},
            9 * u, PARA_INK_TEXT, PARA_INK_PANEL_EDGE);
        para_page_draw(page);
        return;
    }
    bool on = row->kind == ROW_FLAG && *(const bool *)target;
    if (row->kind == ROW_SCALE)
        write_scale(h, *(const float *)target, words, sizeof words);
    else
        snprintf(words, sizeof words, "%s",
                 row->kind == ROW_FLAG ? on ? "on" : "off" : row->words[*(const int *)target]);
    para_page_box(page, c, 0.5f * c.height, on ? PARA_INK_ACCENT : PARA_INK_BACKGROUND, PARA_INK_PANEL_EDGE);
    para_page_draw(page);
    if (row->kind != ROW_FLAG) {
        para_page_text(page, c.x + 10 * u, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, "\xe2\x86\x90");
        para_page_text_right(page, c.x + c.width - 10 * u, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM,
                             "\xe2\x86\x92");
    }
    c.x += 30 * u, c.width -= 60 * u;
    para_page_text_middle(page, c, y, PARA_TEXT_SMALL, on ? PARA_INK_BACKGROUND : PARA_INK_TEXT, words);
}

void para_home_settings_draw(ParaHome *h)
{
    ParaPage *page = &h->page;
    ParaRect area = list_area(h);
    float u = page->unit, small = para_page_line(page, PARA_TEXT_SMALL),
          normal = para_page_line(page, PARA_TEXT_NORMAL);
    para_home_settings_wheel(h, 0.0f); // of a window that has grown
    para_home_title(h, area, "Settings");
    para_home_scroll_bar(h, area, (float)ROWS * ROW_HIGH * u);
    for (int i = 0; i < ROWS; i++) {
        ParaRect r = row_place(h, i), c = control_of(h, i);
        if (r.y < area.y - 1 || r.y + r.height > area.y + area.height + 1)
            continue;
        if (i == h->row)
            para_page_box(page, (ParaRect){r.x, r.y + 2 * u, r.width, r.height - 4 * u}, 10 * u,
                          PARA_INK_PANEL, PARA_INK_ACCENT);
        para_page_draw(page);
        float x = r.x + 14 * u, room = c.x - x - 10 * u;
        const char *about = rows[i].about, *pad = para_pad_name(h->pad);
        if (rows[i].at == offsetof(ParaPreferences, pad))
            about = *pad ? pad : "none is plugged in";
        x += para_page_text_fitted(page, x, r.y + 0.5f * (r.height - normal), PARA_TEXT_NORMAL, PARA_INK_TEXT,
                                   rows[i].name, room) +
             14 * u;
        if (c.x - x > 90 * u)
            para_page_text_fitted(page, x, r.y + 0.5f * (r.height - small), PARA_TEXT_SMALL,
                                  PARA_INK_TEXT_DIM, about, c.x - x - 10 * u);
        draw_value(h, i);
    }
    para_page_text_fitted(
        page, area.x + 12 * u, page->height - 26 * u, PARA_TEXT_SMALL,
        h->message_seconds > 0.0f ? PARA_INK_WARN : PARA_INK_TEXT_DIM,
        h->message_seconds > 0.0f ? h->message : "\xe2\x86\x90 \xe2\x86\x92 change     F1 keys     Esc back",
        area.width - 24 * u);
}
