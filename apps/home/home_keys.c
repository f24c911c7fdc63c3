// SPDX-License-Identifier: MIT
// The keys screen: every key of every mode, from one table; those that steer and those of commands can be
// given another. Two things that want the same key change places, which is told.
#include "apps/home/home_parts.h"

#include "apps/keys/fixed.h"
#include "apps/keys/keys.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef enum { ROW_HEADING, ROW_STEER, ROW_COMMAND, ROW_FIXED } RowKind;
typedef struct Row {
    RowKind kind;
    const char *keys;  // HEADING: its text; STEER: SDL's name of the key that levels ask for; FIXED: the keys
    const char *about; // COMMAND: not used
    int command;       // [ParaCommandKey]
} Row;

static const Row before[] = {
    {ROW_HEADING, "Steering: what a level calls these", "", 0},
    {ROW_STEER, "Left", "left, back, or turn left", 0},
    {ROW_STEER, "Right", "right, forward, or turn right", 0},
    {ROW_STEER, "Up", "up, or jump", 0},
    {ROW_STEER, "Down", "down", 0},
    {ROW_STEER, "Space", "jump, thrust, grip", 0},
    {ROW_STEER, "Q", "a second part, back", 0},
    {ROW_STEER, "E", "a second part, forward", 0},
    {ROW_STEER, "J", "a third part, back", 0},
    {ROW_STEER, "L", "a third part, forward", 0},
    {ROW_HEADING, "In play", "", 0},
};
/// Those that stay, behind the commands.
static const ParaFixedGroup after[] = {PARA_FIXED_ANYWHERE, PARA_FIXED_HOME,   PARA_FIXED_TRAY,
                                       PARA_FIXED_STORY,    PARA_FIXED_REPLAY, PARA_FIXED_PHOTO,
                                       PARA_FIXED_WATCH,    PARA_FIXED_PAD};
#define BEFORE   ((int)(sizeof before / sizeof *before))
#define AFTER    ((int)(sizeof after / sizeof *after))
#define COMMANDS (PARA_COMMAND_COUNT - 1)
#define ROW_HIGH 30.0f  // [unit]
#define ROW_TALL 50.0f  // [unit] with the meaning below the key, in a narrow window
#define NARROW   460.0f // [unit]
#define HEAD     64.0f  // [unit]
#define HEAD_LOW 40.0f  // [unit] in a low window
#define LOW      300.0f // [unit]
#define FOOT     34.0f  // [unit]

static Row row_of(int index)
{
    if (index < BEFORE)
        return before[index];
    if (index < BEFORE + COMMANDS)
        return (Row){ROW_COMMAND, "", para_keys_command_about((ParaCommandKey)(index - BEFORE + 1)),
                     index - BEFORE + 1};
    index -= BEFORE + COMMANDS;
    for (int g = 0, count = 0; g < AFTER; g++, index -= count + 1) {
        const ParaFixedKey *keys = para_fixed_keys(after[g], &count);
        if (index == 0)
            return (Row){ROW_HEADING, para_fixed_title(after[g]), "", 0};
        if (index <= count)
            return (Row){ROW_FIXED, keys[index - 1].keys, keys[index - 1].about, 0};
    }
    return (Row){ROW_HEADING, "", "", 0};
}

static int row_count(void)
{
    int rows = BEFORE + COMMANDS;
    for (int g = 0, count = 0; g < AFTER; g++) {
        para_fixed_keys(after[g], &count);
        rows += count + 1;
    }
    return rows;
}

static bool can_change(int index)
{
    RowKind kind = row_of(index).kind;
    return kind == ROW_STEER || kind == ROW_COMMAND;
}

/// What a row's choice is kept under.
static void what_of(int index, char out[PARA_BIND_WORD_MAX])
{
    Row row = row_of(index);
    if (row.kind == ROW_STEER)
        snprintf(out, PARA_BIND_WORD_MAX, "steer:%s", row.keys);
    else
        snprintf(out, PARA_BIND_WORD_MAX, "%s", para_keys_command_word((ParaCommandKey)row.command));
}

/// The key that a row has now.
static SDL_Keycode code_of(const ParaHome *h, int index)
{
    char what[PARA_BIND_WORD_MAX];
    Row row = row_of(index);
    if (row.kind == ROW_COMMAND)
        return para_keys_command_code(&h->preferences, (ParaCommandKey)row.command);
    what_of(index, what);
    const char *key = para_preferences_bind(&h->preferences, what);
    SDL_Keycode code = *key ? SDL_GetKeyFromName(key) : 0;
    return code ? code : SDL_GetKeyFromName(row.keys);
}

static void save(ParaHome *h)
{
    const char *error = NULL;
    ParaArenaMark mark = para_arena_mark(h->arena);
    if (!para_preferences_save(&h->preferences, h->arena, &error))
        para_home_say(h, error);
    para_arena_rewind(h->arena, mark);
}

/// Keys that mean the same everywhere and are given to nothing.
static bool is_taken(SDL_Keycode code) { return code >= SDLK_F1 && code <= SDLK_F12; }

static void give(ParaHome *h, SDL_Keycode code)
{
    char what[PARA_BIND_WORD_MAX], others[PARA_BIND_WORD_MAX], line[160];
    SDL_Keycode old = code_of(h, h->row);
    const char *name = SDL_GetKeyName(code);
    if (is_taken(code) || !*name || strlen(name) >= PARA_BIND_WORD_MAX) {
        para_home_say(h, "that key cannot be given: function keys keep their meaning");
        return;
    }
    what_of(h->row, what);
    snprintf(line, sizeof line, "%s: %s", what, name);
    for (int i = 0; i < row_count(); i++)
        if (i != h->row && can_change(i) && code_of(h, i) == code) {
            what_of(i, others);
            para_preferences_set_bind(&h->preferences, others, SDL_GetKeyName(old));
            snprintf(line, sizeof line, "%s was the key of %s, which has %s now", name, others,
                     SDL_GetKeyName(old));
        }
    para_preferences_set_bind(&h->preferences, what, name);
    para_home_say(h, line);
    save(h);
}

static bool is_narrow(const ParaHome *h) { return h->page.width < NARROW * h->page.unit; }
static float row_high(const ParaHome *h) { return (is_narrow(h) ? ROW_TALL : ROW_HIGH) * h->page.unit; }
static float head_high(const ParaHome *h)
{
    return (h->page.height < LOW * h->page.unit ? HEAD_LOW : HEAD) * h->page.unit;
}

/// As many whole rows as there is room for: none is cut.
static ParaRect list_area(const ParaHome *h)
{
    float u = h->page.unit, wide = fminf(h->page.width - 24 * u, 760 * u),
          room = h->page.height - head_high(h) - FOOT * u;
    float rows = fmaxf(floorf(room / row_high(h)), 1.0f);
    return (ParaRect){0.5f * (h->page.width - wide), head_high(h), wide, rows * row_high(h)};
}

static ParaRect row_place(const ParaHome *h, int row)
{
    ParaRect area = list_area(h);
    float high = row_high(h), moved = roundf(h->rows_scroll / high) * high;
    return (ParaRect){area.x, area.y + (float)row * high - moved, area.width, high};
}

static void see_row(ParaHome *h)
{
    ParaRect area = list_area(h), r = row_place(h, h->row);
    if (r.y < area.y + r.height) // with the heading above it
        h->rows_scroll -= area.y + r.height - r.y;
    if (r.y + r.height > area.y + area.height)
        h->rows_scroll += r.y + r.height - area.y - area.height;
}

void para_home_keys_key(ParaHome *h, SDL_Keycode key)
{
    if (h->listening) {
        h->listening = false;
        if (key != SDLK_ESCAPE)
            give(h, key);
        else
            para_home_say(h, "the key stays");
        return;
    }
    int by = key == SDLK_UP         ? -1
             : key == SDLK_DOWN     ? 1
             : key == SDLK_PAGEUP   ? -8
             : key == SDLK_PAGEDOWN ? 8
                                    : 0;
    if (by) {
        h->row = h->row + by < 0 ? 0 : h->row + by >= row_count() ? row_count() - 1 : h->row + by;
        if (row_of(h->row).kind == ROW_HEADING && h->row + (by < 0 ? -1 : 1) >= 0 && h->row < row_count() - 1)
            h->row += by < 0 ? -1 : 1;
        h->row = h->row < 1 ? 1 : h->row;
        see_row(h);
    }
    if ((key == SDLK_RETURN || key == SDLK_SPACE) && can_change(h->row))
        h->listening = true;
    else if (key == SDLK_RETURN)
        para_home_say(h, "this key stays as it is");
    if ((key == SDLK_DELETE || key == SDLK_BACKSPACE) && can_change(h->row)) {
        char what[PARA_BIND_WORD_MAX];
        what_of(h->row, what);
        para_preferences_set_bind(&h->preferences, what, "");
        save(h);
    }
}

void para_home_keys_click(ParaHome *h)
{
    if (!para_rect_holds(list_area(h), h->mouse_x, h->mouse_y))
        return;
    for (int i = 0; i < row_count(); i++)
        if (para_rect_holds(row_place(h, i), h->mouse_x, h->mouse_y) && row_of(i).kind != ROW_HEADING) {
            h->listening = can_change(i);
            h->row = i;
        }
}

static void draw_row(ParaHome *h, int index, float keys_at)
{
    ParaPage *page = &h->page;
    Row row = row_of(index);
    ParaRect r = row_place(h, index);
    bool narrow = is_narrow(h);
    float u = page->unit, small = para_page_line(page, PARA_TEXT_SMALL);
    float y = r.y + 0.5f * (r.height - (narrow ? 2 : 1) * small), x = narrow ? r.x + 14 * u : keys_at;
    char keys[96];
    if (row.kind == ROW_HEADING) {
        para_page_text_fitted(page, r.x + 12 * u,
                              r.y + r.height - para_page_line(page, PARA_TEXT_NORMAL) - 2 * u,
                              PARA_TEXT_NORMAL, PARA_INK_TEXT, row.keys, r.width - 24 * u);
        return;
    }
    if (index == h->row)
        para_page_box(page, r, 8 * u, PARA_INK_PANEL, h->listening ? PARA_INK_WARN : PARA_INK_ACCENT);
    para_page_draw(page);
    if (row.kind == ROW_FIXED)
        snprintf(keys, sizeof keys, "%s", row.keys);
    else
        snprintf(keys, sizeof keys, "%s", SDL_GetKeyName(code_of(h, index)));
    bool listens = h->listening && index == h->row;
    para_page_text_fitted(page, r.x + 14 * u, y, PARA_TEXT_SMALL,
                          row.kind == ROW_FIXED ? PARA_INK_TEXT_DIM : PARA_INK_ACCENT,
                          listens ? "press a key" : keys, narrow ? r.width - 28 * u : keys_at - r.x - 26 * u);
    para_page_text_fitted(page, x, y + (narrow ? small : 0.0f), PARA_TEXT_SMALL, PARA_INK_TEXT, row.about,
                          r.x + r.width - x - 12 * u);
}

void para_home_keys_draw(ParaHome *h)
{
    ParaPage *page = &h->page;
    ParaRect area = list_area(h);
    float u = page->unit, most = fmaxf((float)row_count() * row_high(h) - area.height, 0.0f);
    h->rows_scroll = fmaxf(fminf(h->rows_scroll, most), 0.0f);
    para_home_title(h, area, "Keys");
    para_home_scroll_bar(h, area, (float)row_count() * row_high(h));
    for (int i = 0; i < row_count(); i++) {
        ParaRect r = row_place(h, i);
        if (r.y > area.y - 1 && r.y + r.height < area.y + area.height + 1)
            draw_row(h, i, area.x + 0.42f * area.width);
    }
    const char *hint = h->listening   ? "press the key it shall have; Esc keeps the old one"
                       : is_narrow(h) ? "Enter: other key     Esc: back"
                                      : "Enter: another key     Delete: the old one back     Esc: back";
    bool told = h->message_seconds > 0.0f && !h->listening;
    para_page_text_fitted(page, area.x + 12 * u, page->height - 26 * u, PARA_TEXT_SMALL,
                          told ? PARA_INK_WARN : PARA_INK_TEXT_DIM, told ? h->message : hint,
                          area.width - 24 * u);
}
