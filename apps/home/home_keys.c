// SPDX-License-Identifier: MIT
// The keys screen: every key of every mode, from one table; those that steer and those of commands can be
// given another. Two things that want the same key change places, which is told.
#include "apps/home/home_parts.h"

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
static const Row after[] = {
    {ROW_FIXED, "F11", "fullscreen, in every screen", 0},
    {ROW_HEADING, "Home", "", 0},
    {ROW_FIXED, "\xe2\x86\x90 \xe2\x86\x91 \xe2\x86\x92 \xe2\x86\x93", "choose a level", 0},
    {ROW_FIXED, "Enter", "play it", 0},
    {ROW_FIXED, "Page Up, Page Down, Home, End, wheel", "further at once", 0},
    {ROW_FIXED, "letters", "search", 0},
    {ROW_FIXED, "Esc", "end the search; leave", 0},
    {ROW_FIXED, "F1", "this page", 0},
    {ROW_FIXED, "F10", "settings", 0},
    {ROW_HEADING, "Photo", "", 0},
    {ROW_FIXED, "drag, arrows", "move the view", 0},
    {ROW_FIXED, "wheel, + and -", "closer, farther", 0},
    {ROW_FIXED, "1 2 3 4", "times the size of the window", 0},
    {ROW_FIXED, "Enter", "save the picture", 0},
    {ROW_FIXED, "Esc", "back into play", 0},
    {ROW_HEADING, "Watch", "", 0},
    {ROW_FIXED, "arrows, Enter, click", "choose a level, enlarge it", 0},
    {ROW_FIXED, "Tab", "take over, and hand back", 0},
    {ROW_FIXED, "P", "replays and proofs", 0},
    {ROW_FIXED, "Space", "pause a replay", 0},
    {ROW_FIXED, "\xe2\x86\x90 \xe2\x86\x92, drag", "seek in a replay", 0},
    {ROW_HEADING, "Gamepad", "", 0},
    {ROW_FIXED, "left stick, cross", "steer, choose", 0},
    {ROW_FIXED, "A B X, bumpers, triggers, right stick", "what else a level has", 0},
    {ROW_FIXED, "A, B", "at home: play, back", 0},
    {ROW_FIXED, "Y", "begin the level again", 0},
    {ROW_FIXED, "start, back", "pause, leave", 0},
};
#define BEFORE   ((int)(sizeof before / sizeof *before))
#define AFTER    ((int)(sizeof after / sizeof *after))
#define COMMANDS (PARA_COMMAND_COUNT - 1)
#define ROWS     (BEFORE + COMMANDS + AFTER)
#define ROW_HIGH 30.0f // [unit]
#define HEAD     64.0f // [unit]
#define FOOT     34.0f // [unit]

static Row row_of(int index)
{
    if (index < BEFORE)
        return before[index];
    if (index < BEFORE + COMMANDS)
        return (Row){ROW_COMMAND, "", para_keys_command_about((ParaCommandKey)(index - BEFORE + 1)),
                     index - BEFORE + 1};
    return after[index - BEFORE - COMMANDS];
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
    for (int i = 0; i < ROWS; i++)
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

static ParaRect list_area(const ParaHome *h)
{
    float u = h->page.unit, wide = fminf(h->page.width - 24 * u, 760 * u);
    return (ParaRect){0.5f * (h->page.width - wide), HEAD * u, wide,
                      fmaxf(h->page.height - (HEAD + FOOT) * u, 0.0f)};
}

static ParaRect row_place(const ParaHome *h, int row)
{
    ParaRect area = list_area(h);
    float high = ROW_HIGH * h->page.unit;
    return (ParaRect){area.x, area.y + (float)row * high - h->rows_scroll, area.width, high};
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
        h->row = h->row + by < 0 ? 0 : h->row + by >= ROWS ? ROWS - 1 : h->row + by;
        if (row_of(h->row).kind == ROW_HEADING && h->row + (by < 0 ? -1 : 1) >= 0 && h->row < ROWS - 1)
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
    for (int i = 0; i < ROWS; i++)
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
    float u = page->unit, small = para_page_line(page, PARA_TEXT_SMALL), y = r.y + 0.5f * (r.height - small);
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
                          listens ? "press a key" : keys, keys_at - r.x - 26 * u);
    para_page_text_fitted(page, keys_at, y, PARA_TEXT_SMALL, PARA_INK_TEXT, row.about,
                          r.x + r.width - keys_at - 12 * u);
}

void para_home_keys_draw(ParaHome *h)
{
    ParaPage *page = &h->page;
    ParaRect area = list_area(h);
    float u = page->unit, most = fmaxf((float)ROWS * ROW_HIGH * u - area.height, 0.0f);
    h->rows_scroll = fmaxf(fminf(h->rows_scroll, most), 0.0f);
    para_page_text(page, area.x + 12 * u, 14 * u, PARA_TEXT_LARGE, PARA_INK_TEXT, "Keys");
    para_window_clip(page->window, &area);
    for (int i = 0; i < ROWS; i++) {
        ParaRect r = row_place(h, i);
        if (r.y < area.y + area.height && r.y + r.height > area.y)
            draw_row(h, i, area.x + 0.42f * area.width);
    }
    para_window_clip(page->window, NULL);
    const char *hint = h->listening ? "press the key it shall have; Esc keeps the old one"
                                    : "Enter: another key     Delete: the old one back     Esc: back";
    bool told = h->message_seconds > 0.0f && !h->listening;
    para_page_text_fitted(page, area.x + 12 * u, page->height - 26 * u, PARA_TEXT_SMALL,
                          told ? PARA_INK_WARN : PARA_INK_TEXT_DIM, told ? h->message : hint,
                          area.width - 24 * u);
}
