// SPDX-License-Identifier: MIT
// The wall: where the cards lie, which of them run, how one moves among them, and how it all looks.
#include "apps/home/home_parts.h"

#include "engine/base/clock.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN       24.0f  // [unit]
#define GAP          14.0f  // [unit] between cards
#define CARD_LEAST   214.0f // [unit] width of a card
#define CARD_NARROW  180.0f // [unit] the same in a narrow window
#define COLUMNS_MOST 6      // of cards: a wide window has larger ones
#define HEADING      36.0f  // [unit] of a section
#define FOOT         56.0f  // [unit]
#define FOOT_MORE    18.0f  // [unit] of a second line of words, in a narrow window
#define NARROW       700.0f // [unit] below that all is closer together
#define SEARCH_LEAST 600.0f // [unit] below that the search has a line of its own
#define LOW          300.0f // [unit] below that there is one line above and one below
#define STEP_BUDGET  0.006  // [s] of a frame for stepping what is seen
#define SCROLL_NOTCH 110.0f // [unit]
#define SCROLL_EASE  14.0f  // [1/s]

static bool is_narrow(const ParaHome *h) { return h->page.width / h->page.unit < NARROW; }
static bool is_parted(const ParaHome *h) { return h->page.width / h->page.unit < SEARCH_LEAST; }
/// Too low for more than a line above and below the wall.
static bool is_low(const ParaHome *h) { return h->page.height / h->page.unit < LOW; }

static float head_height(const ParaHome *h)
{
    return (is_low(h) ? 52.0f : is_parted(h) ? 98.0f : 60.0f) * h->page.unit;
}

/// Lines for what is told of the chosen card.
static int about_lines(const ParaHome *h) { return is_narrow(h) && !is_low(h) ? 2 : 1; }

static float foot_height(const ParaHome *h)
{
    return (is_low(h) ? 30.0f : FOOT + (float)(about_lines(h) - 1) * FOOT_MORE) * h->page.unit;
}

ParaRect para_home_area(const ParaHome *h)
{
    float top = head_height(h);
    return (ParaRect){0, top, h->page.width, fmaxf(h->page.height - top - foot_height(h), 0.0f)};
}

// ---------------------------------------------------------------------------------------------
// Which cards there are, and where.

static const char *title_of(const ParaHomeItem *item)
{
    static const char *const titles[PARA_HOME_KINDS] = {"to do", "played lately", "your own", "stories",
                                                        NULL,    "starters"};
    return titles[item->kind]                                ? titles[item->kind]
           : strcmp(item->group, PARA_LIBRARY_CLASSIC) == 0  ? "known tasks"
           : strcmp(item->group, PARA_LIBRARY_COMPOSED) == 0 ? "composed of parts"
           : *item->group                                    ? item->group
                                                             : "others";
}

/// Whether all words of the search are somewhere in what is known of an item.
static bool is_wanted(const ParaHome *h, const ParaHomeItem *item)
{
    char known[400], word[PARA_HOME_SEARCH_MAX];
    int size = snprintf(known, sizeof known, "%s %s %s%s %s", item->name, title_of(item),
                        item->kind == PARA_HOME_STORY ? "story " : "", item->group, item->about);
    for (int i = 0; i < size && i < (int)sizeof known; i++)
        known[i] = para_letter_small(known[i]);
    for (const char *at = h->search; *at;) {
        size_t length = strcspn(at, " ");
        for (size_t i = 0; i < length; i++)
            word[i] = para_letter_small(at[i]);
        word[length] = '\0';
        if (!strstr(known, word))
            return false;
        at += length + strspn(at + length, " ");
    }
    return true;
}

/// [unit] Entries, which come first, say themselves what they are.
static float section_heading(const ParaHome *h, const ParaHomeItem *item)
{
    return item->kind == PARA_HOME_ENTRY ? 4.0f : is_narrow(h) ? HEADING - 6.0f : HEADING;
}

/// What is chosen stays within what is shown. At first it is the first level, behind the entries.
static void choose_default(ParaHome *h)
{
    int first = 0;
    while (first < h->shown_count - 1 && h->items[h->shown_items[first]].kind == PARA_HOME_ENTRY)
        first++;
    h->chosen = h->shown_count == 0              ? -1
                : h->chosen < 0                  ? first
                : h->chosen > h->shown_count - 1 ? h->shown_count - 1
                                                 : h->chosen;
}

/// Begins a section below what is there.
static ParaHomeSection *begin_section(ParaHome *h, const ParaHomeItem *item, float y)
{
    ParaHomeSection *section = &h->sections[h->section_count++];
    *section = (ParaHomeSection){title_of(item), h->shown_count, 0, y};
    return section;
}

/// Puts the cards that the search leaves into their places.
static void lay_out(ParaHome *h)
{
    float u = h->page.unit, inner = h->page.width - 2 * MARGIN * u;
    float least = is_narrow(h) ? CARD_NARROW : CARD_LEAST;
    h->columns = (int)fmaxf(1.0f, floorf((inner + GAP * u) / ((least + GAP) * u)));
    h->columns = h->columns < COLUMNS_MOST ? h->columns : COLUMNS_MOST;
    float wide = (inner - (float)(h->columns - 1) * GAP * u) / (float)h->columns, y = 4 * u, high = 0.0f;
    ParaHomeSection *section = NULL;
    int kept = h->chosen >= 0 && h->chosen < h->shown_count ? h->shown_items[h->chosen] : -1;
    h->shown_count = h->section_count = 0;
    for (int i = 0; i < h->item_count; i++) {
        ParaHomeItem *item = &h->items[i];
        item->place = (ParaRect){0};
        if (!item->name || !is_wanted(h, item) || (item->kind == PARA_HOME_RECENT && *h->search))
            continue;
        if ((!section || strcmp(section->title, title_of(item)) != 0) &&
            h->section_count < PARA_HOME_SECTIONS_MAX) {
            y += section ? high + (is_narrow(h) ? GAP : GAP + 8) * u : 0.0f;
            section = begin_section(h, item, y);
            y += section_heading(h, item) * u;
        }
        int column = section->count++ % h->columns;
        y += section->count > 1 && column == 0 ? high + GAP * u : 0.0f;
        high = para_home_card_height(h, item->kind, wide);
        item->place = (ParaRect){MARGIN * u + (float)column * (wide + GAP * u), y, wide, high};
        h->chosen = i == kept ? h->shown_count : h->chosen; // the card, wherever it lies now
        h->shown_items[h->shown_count++] = i;
    }
    h->high = h->shown_count ? y + high + GAP * u : 0.0f;
    choose_default(h);
}

static ParaHomeItem *item_at(ParaHome *h, int shown) { return &h->items[h->shown_items[shown]]; }

/// The card on the page, and whether any of it is seen.
static bool card_of(const ParaHome *h, const ParaHomeItem *item, ParaRect *out)
{
    ParaRect area = para_home_area(h);
    *out = item->place;
    out->y += area.y - h->scroll;
    return item->place.height > 0.0f && out->y < area.y + area.height && out->y + out->height > area.y;
}

static float scroll_most(const ParaHome *h) { return fmaxf(h->high - para_home_area(h).height, 0.0f); }

static void see_chosen(ParaHome *h)
{
    if (h->chosen < 0)
        return;
    ParaRect place = item_at(h, h->chosen)->place, area = para_home_area(h);
    float above = place.y - HEADING * h->page.unit, below = place.y + place.height + 8 * h->page.unit;
    h->goal = above < h->goal ? above : below > h->goal + area.height ? below - area.height : h->goal;
    h->goal = fmaxf(fminf(h->goal, scroll_most(h)), 0.0f);
}

/// What Enter plays is in view when the wall opens, and stays so where cards move: another window, other
/// cards.
static void follow_chosen(ParaHome *h)
{
    ParaRect place = h->chosen >= 0 ? item_at(h, h->chosen)->place : (ParaRect){0};
    float room = para_home_area(h).height;
    bool jump = h->followed_room <= 0.0f;
    if (place.x != h->followed.x || place.y != h->followed.y || room != h->followed_room)
        see_chosen(h);
    h->scroll = jump ? h->goal : h->scroll;
}

bool para_home_wall_sees(ParaHome *h)
{
    ParaRect area = para_home_area(h), card;
    return h->chosen >= 0 && card_of(h, item_at(h, h->chosen), &card) && card.y >= area.y - 0.5f &&
           card.y + card.height <= area.y + area.height + 0.5f;
}

/// It is known where the chosen card lay, whoever chose it.
static void note_chosen(ParaHome *h)
{
    h->followed = h->chosen >= 0 ? item_at(h, h->chosen)->place : (ParaRect){0};
    h->followed_room = para_home_area(h).height;
}

// ---------------------------------------------------------------------------------------------
// What runs.

static const ParaLevel *make_level(void *context, uint64_t turn, ParaArena *arena)
{
    const ParaHomeItem *item = context;
    bool own_seed = item->kind == PARA_HOME_RECENT || item->story;
    return para_template_sample(item->family, NULL, own_seed ? item->seed : turn, arena, NULL);
}

/// Loads what a card needs. @return whether there is something to run
static bool prepare(ParaHome *h, ParaHomeItem *item)
{
    const char *why = NULL;
    bool loaded = item->family != NULL;
    if (item->kind == PARA_HOME_ENTRY || item->error)
        return false;
    para_home_load(h, item);
    if (!item->family || item->error)
        return false;
    if (!loaded || !item->tile)
        item->knows = h->policy && para_player_knows(h->policy, h->run_folder, item->family, h->arena, &why);
    if (!item->tile)
        item->tile =
            para_tile_create(PARA_SOLVER_AUTO, make_level, item,
                             item->kind == PARA_HOME_RECENT || item->story ? item->seed : 0, h->arena);
    return true;
}

/// Steps those that are seen, in turn, as many as a frame has time for; the chosen one always.
static void run_tiles(ParaHome *h, float seconds)
{
    double began = para_clock_seconds();
    ParaRect card;
    int first = h->turn;
    for (int i = 0; i < h->shown_count; i++) {
        int at = (first + i) % h->shown_count;
        ParaHomeItem *item = item_at(h, at);
        if (!card_of(h, item, &card))
            continue;
        item->owed += seconds;
        bool late = !h->unattended && para_clock_seconds() - began > STEP_BUDGET;
        if (late && at != h->chosen)
            continue;
        if (!late)
            h->turn = at + 1;
        if (prepare(h, item))
            para_tile_advance(item->tile, item->owed, item->knows ? h->mind : NULL, NULL);
        item->owed = 0.0f;
    }
    h->turn = h->shown_count ? h->turn % h->shown_count : 0;
}

// ---------------------------------------------------------------------------------------------
// Head and foot.

/// What hides the wall behind the head and the foot: panels alone let it shine through.
static void draw_cover(ParaPage *page, ParaRect r)
{
    para_page_box(page, r, 0, PARA_INK_BACKGROUND, PARA_INK_BACKGROUND);
    para_page_box(page, r, 0, PARA_INK_PANEL, PARA_INK_PANEL);
}

/// Buttons of the top line, from the right: what they say, and where they are.
static ParaRect button_of(const ParaHome *h, int index, const char **out_words)
{
    static const char *const words[] = {"Settings", "Keys"};
    float u = h->page.unit, right = h->page.width - MARGIN * u;
    ParaRect r = {0};
    for (int i = 0; i <= index; i++) {
        r.width = para_window_text_width(h->page.window, PARA_TEXT_SMALL, words[i]) + 24 * u;
        right -= r.width;
        r = (ParaRect){right, 14 * u, r.width, 32 * u};
        right -= 8 * u;
    }
    *out_words = words[index];
    return r;
}

ParaHomeScreen para_home_top_at(const ParaHome *h, float x, float y)
{
    const char *words = NULL;
    for (int i = 0; i < 2; i++)
        if (para_rect_holds(button_of(h, i, &words), x, y))
            return i == 0 ? PARA_HOME_SETTINGS : PARA_HOME_KEYS;
    return PARA_HOME_WALL;
}

static void draw_search(ParaHome *h, ParaRect box)
{
    ParaPage *page = &h->page;
    char typed[PARA_HOME_SEARCH_MAX + 4];
    float u = page->unit, y = box.y + 0.5f * (box.height - para_page_line(page, PARA_TEXT_SMALL));
    snprintf(typed, sizeof typed, "%s|", h->search);
    para_page_text_fitted(page, box.x + 16 * u, y, PARA_TEXT_SMALL,
                          *h->search ? PARA_INK_TEXT : PARA_INK_TEXT_DIM,
                          *h->search ? typed : "type to search", box.width - 32 * u);
}

static void draw_head(ParaHome *h)
{
    ParaPage *page = &h->page;
    const char *words[2];
    float u = page->unit, line = para_page_line(page, PARA_TEXT_SMALL), left = MARGIN * u;
    ParaRect buttons[2] = {button_of(h, 0, &words[0]), button_of(h, 1, &words[1])};
    float room = buttons[1].x - left - 14 * u;
    ParaTextSize size = para_window_text_width(page->window, PARA_TEXT_LARGE, "Paracosm") < room
                            ? PARA_TEXT_LARGE
                            : PARA_TEXT_NORMAL;
    float title = para_window_text_width(page->window, size, "Paracosm");
    // In a low window what is searched takes the title's place.
    bool searched = !is_low(h) || *h->search, titled = title < room && !(is_low(h) && *h->search);
    ParaRect box = is_low(h)      ? (ParaRect){left, 13 * u, room, 34 * u}
                   : is_parted(h) ? (ParaRect){left, 54 * u, page->width - 2 * left, 34 * u}
                                  : (ParaRect){left + title + 28 * u, 13 * u, room - title - 28 * u, 34 * u};
    draw_cover(page, (ParaRect){0, 0, page->width, head_height(h)});
    if (searched)
        para_page_box(page, box, 17 * u, PARA_INK_BACKGROUND,
                      *h->search ? PARA_INK_ACCENT : PARA_INK_PANEL_EDGE);
    for (int i = 0; i < 2; i++) {
        bool over = para_rect_holds(buttons[i], h->mouse_x, h->mouse_y);
        para_page_box(page, buttons[i], 16 * u, over ? PARA_INK_TRACK : PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    }
    para_page_draw(page);
    if (titled)
        para_page_text(page, left, 30 * u - 0.5f * para_page_line(page, size), size, PARA_INK_TEXT,
                       "Paracosm");
    for (int i = 0; i < 2; i++)
        para_page_text_middle(page, buttons[i], buttons[i].y + 0.5f * (buttons[i].height - line),
                              PARA_TEXT_SMALL, PARA_INK_TEXT, words[i]);
    if (searched)
        draw_search(h, box);
}

/// The keys that matter most, as many as there is room for; F1 has all of them.
static const char *hint_of(const ParaHome *h, float room)
{
    static const char *const hints[] = {
        "Enter plays     F4 edits     arrows choose     F1 keys     F10 settings     F11 full     Esc leaves",
        "Enter plays     F4 edits     F1 keys     F10 settings     Esc leaves",
        "Enter plays     F1 keys     Esc leaves"};
    static const char searching[] = "Enter plays     F4 edits     Esc ends the search";
    int at = 0;
    while (at < 2 && para_window_text_width(h->page.window, PARA_TEXT_SMALL, hints[at]) > room)
        at++;
    return *h->search ? searching : hints[at];
}

/// What is told of the chosen card.
static void write_about(const ParaHomeItem *item, char *line, size_t size)
{
    const char *about = item->error ? para_home_reason(item->error) : item->about;
    if (item->kind == PARA_HOME_RECENT)
        snprintf(line, size, "%s, seed %llu: %s", item->name, (unsigned long long)item->seed, about);
    else
        snprintf(line, size, "%s: %.*s", item->name, (int)strcspn(about, "\n"), about);
}

static void draw_foot(ParaHome *h)
{
    ParaPage *page = &h->page;
    char line[400];
    float u = page->unit, y = page->height - foot_height(h), room = page->width - 2 * MARGIN * u;
    bool told = h->message_seconds > 0.0f;
    draw_cover(page, (ParaRect){0, y, page->width, foot_height(h)});
    para_page_draw(page);
    snprintf(line, sizeof line, "%s", h->message);
    if (!told && h->chosen >= 0) {
        para_home_load(h, item_at(h, h->chosen)); // it may be chosen and not seen yet
        write_about(item_at(h, h->chosen), line, sizeof line);
    }
    if (told || h->chosen >= 0)
        para_page_text_block(page, MARGIN * u, y + 7 * u, PARA_TEXT_SMALL,
                             told ? PARA_INK_WARN : PARA_INK_TEXT, line, room, about_lines(h));
    if (!is_low(h))
        para_page_text_fitted(page, MARGIN * u, page->height - 26 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM,
                              hint_of(h, room), room);
}

void para_home_wall_draw(ParaHome *h, float seconds)
{
    ParaRect card, area;
    lay_out(h);
    follow_chosen(h);
    h->goal = fmaxf(fminf(h->goal, scroll_most(h)), 0.0f);
    h->scroll += (h->goal - h->scroll) * (h->unattended ? 1.0f : fminf(SCROLL_EASE * seconds, 1.0f));
    area = para_home_area(h);
    if (h->mouse_moved && para_rect_holds(area, h->mouse_x, h->mouse_y))
        for (int i = 0; i < h->shown_count; i++)
            if (card_of(h, item_at(h, i), &card) && para_rect_holds(card, h->mouse_x, h->mouse_y))
                h->chosen = i;
    h->mouse_moved = false;
    run_tiles(h, seconds);
    for (int i = 0; i < h->section_count; i++) {
        char title[64];
        float y = h->sections[i].y + area.y - h->scroll;
        const ParaHomeItem *first = item_at(h, h->sections[i].first);
        float high = section_heading(h, first) * h->page.unit;
        if (first->kind == PARA_HOME_ENTRY) // which has no room for one
            continue;
        if (y + high < area.y || y > area.y + area.height)
            continue;
        snprintf(title, sizeof title, "%c%s", para_letter_capital(h->sections[i].title[0]),
                 h->sections[i].title + 1);
        para_page_text(&h->page, MARGIN * h->page.unit,
                       y + high - 6 * h->page.unit - para_page_line(&h->page, PARA_TEXT_NORMAL),
                       PARA_TEXT_NORMAL, PARA_INK_TEXT, title);
    }
    for (int i = 0; i < h->shown_count; i++)
        if (card_of(h, item_at(h, i), &card))
            para_home_card_draw(h, item_at(h, i), card, i == h->chosen, seconds);
    if (!h->shown_count)
        para_page_text_middle(
            &h->page, area, area.y + 0.4f * area.height, PARA_TEXT_NORMAL, PARA_INK_TEXT_DIM,
            *h->search ? "nothing is called so" : "there is no library: PARACOSM_LIBRARY says where");
    draw_head(h);
    draw_foot(h);
    note_chosen(h);
}

// ---------------------------------------------------------------------------------------------
// Moving about.

/// The card above or below: that of the next row whose middle is nearest.
static int row_neighbour(ParaHome *h, int direction)
{
    ParaRect from = item_at(h, h->chosen)->place;
    int best = h->chosen;
    float best_row = 0.0f, best_side = 0.0f;
    for (int i = 0; i < h->shown_count; i++) {
        ParaRect to = item_at(h, i)->place;
        float row = (to.y - from.y) * (float)direction, side = fabsf(to.x - from.x);
        if (row < 1.0f)
            continue;
        if (best == h->chosen || row < best_row - 1.0f || (row < best_row + 1.0f && side < best_side)) {
            best = i;
            best_row = row;
            best_side = side;
        }
    }
    return best;
}

static void choose(ParaHome *h, int to)
{
    if (!h->shown_count)
        return;
    h->chosen = to < 0 ? 0 : to >= h->shown_count ? h->shown_count - 1 : to;
    see_chosen(h);
}

/// Who types a name wants that one, and not the first that is about it.
static int best_named(ParaHome *h)
{
    int best = 0;
    size_t best_more = SIZE_MAX, size = strlen(h->search);
    for (int i = 0; i < h->shown_count; i++) {
        const char *name = item_at(h, i)->name;
        if (strncmp(name, h->search, size) == 0 && strlen(name) - size < best_more) {
            best = i;
            best_more = strlen(name) - size;
        }
    }
    return best;
}

bool para_home_wall_key(ParaHome *h, SDL_Keycode key)
{
    size_t size = strlen(h->search);
    if (h->chosen < 0 && key != SDLK_BACKSPACE)
        return false;
    switch (key) {
    case SDLK_LEFT:
        choose(h, h->chosen - 1);
        return true;
    case SDLK_RIGHT:
        choose(h, h->chosen + 1);
        return true;
    case SDLK_UP:
        choose(h, row_neighbour(h, -1));
        return true;
    case SDLK_DOWN:
        choose(h, row_neighbour(h, 1));
        return true;
    case SDLK_PAGEUP:
    case SDLK_PAGEDOWN:
        for (int i = 0; i < 3; i++)
            choose(h, row_neighbour(h, key == SDLK_PAGEUP ? -1 : 1));
        return true;
    case SDLK_HOME:
        choose(h, 0);
        return true;
    case SDLK_END:
        choose(h, h->shown_count - 1);
        return true;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        para_home_play(h);
        return true;
    case SDLK_F3:
        para_home_dream(h);
        return true;
    case SDLK_F4:
        para_home_change(h);
        return true;
    case SDLK_BACKSPACE:
        while (size > 0 && ((unsigned char)h->search[size - 1] & 0xc0) == 0x80)
            size--;
        h->search[size > 0 ? size - 1 : 0] = '\0';
        h->goal = 0.0f;
        return true;
    default:
        return false;
    }
}

void para_home_wall_text(ParaHome *h, const char *text)
{
    size_t size = strlen(h->search), more = strlen(text);
    if ((!size && *text == ' ') || size + more >= sizeof h->search)
        return;
    memcpy(h->search + size, text, more + 1);
    for (int i = 0; i < h->item_count; i++) // what a level is about is searched too
        if (h->items[i].kind != PARA_HOME_RECENT)
            para_home_load(h, &h->items[i]);
    lay_out(h);
    h->goal = 0.0f;
    choose(h, best_named(h));
}

void para_home_wall_wheel(ParaHome *h, float notches)
{
    h->goal = fmaxf(fminf(h->goal - notches * SCROLL_NOTCH * h->page.unit, scroll_most(h)), 0.0f);
    h->mouse_moved = true;
}

void para_home_wall_click(ParaHome *h)
{
    ParaRect card;
    if (!para_rect_holds(para_home_area(h), h->mouse_x, h->mouse_y))
        return;
    for (int i = 0; i < h->shown_count; i++)
        if (card_of(h, item_at(h, i), &card) && para_rect_holds(card, h->mouse_x, h->mouse_y)) {
            h->chosen = i;
            para_home_play(h);
            return;
        }
}
