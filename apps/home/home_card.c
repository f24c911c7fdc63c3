// SPDX-License-Identifier: MIT
// How a card looks: a level that runs with its name below it, or an entry, which is two lines of words.
#include "apps/home/home_parts.h"

#include "engine/base/text.h"

#include <math.h>

#define CAPTION 30.0f  // [unit] below the picture of a card
#define ENTRY   62.0f  // [unit] height of an entry
#define ENTRY_1 34.0f  // [unit] of one that is a line alone, in a low window: the foot says the rest
#define LOW     380.0f // [unit] of the window
#define SLIM    200.0f // [unit] of an entry, whose words begin nearer to its edge
#define ROUND   10.0f  // [unit]
#define RING    3.0f   // [unit] of the chosen one

static bool is_line(const ParaHome *h) { return h->page.height / h->page.unit < LOW; }

float para_home_card_height(const ParaHome *h, ParaHomeKind kind, float wide)
{
    return kind == PARA_HOME_ENTRY ? (is_line(h) ? ENTRY_1 : ENTRY) * h->page.unit
                                   : floorf(wide * 9.0f / 16.0f) + CAPTION * h->page.unit;
}

static int medal_ink(int medal)
{
    static const int inks[PARA_MEDALS] = {PARA_INK_TRACK, PARA_INK_WOOD, PARA_INK_STONE, PARA_INK_CARGO};
    return inks[medal >= 0 && medal < PARA_MEDALS ? medal : 0];
}

/// A frame without a filling: four bars.
static void draw_ring(ParaPage *page, ParaRect r)
{
    float t = RING * page->unit;
    const ParaRect bars[] = {{r.x - t, r.y - t, r.width + 2 * t, t},
                             {r.x - t, r.y + r.height, r.width + 2 * t, t},
                             {r.x - t, r.y - t, t, r.height + 2 * t},
                             {r.x + r.width, r.y - t, t, r.height + 2 * t}};
    for (int i = 0; i < 4; i++)
        para_page_box(page, bars[i], 0.5f * t, PARA_INK_ACCENT, PARA_INK_ACCENT);
}

/// What is above the wall or below it is hidden by the head and the foot, which are drawn later.
static void draw_picture(ParaHome *h, ParaHomeItem *item, ParaRect r, float seconds)
{
    ParaPage *page = &h->page;
    ParaRect area = para_home_area(h);
    bool seen = r.y < area.y + area.height && r.y + r.height > area.y;
    if (!item->tile || !item->tile->running || !seen) {
        para_page_box(page, r, ROUND * page->unit, PARA_INK_TRACK, PARA_INK_TRACK);
        para_page_draw(page);
        para_page_text_middle(page, r, r.y + 0.5f * (r.height - para_page_line(page, PARA_TEXT_SMALL)),
                              PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, item->error ? "does not load" : "...");
        return;
    }
    item->tile->look.mood = h->preferences.mood == PARA_WISH_MOOD_BY_LEVEL
                                ? PARA_MOOD_AUTO
                                : (ParaMood)(h->preferences.mood - PARA_WISH_MOOD_DAY);
    item->tile->look.palette = h->preferences.safe ? PARA_PALETTE_SAFE : PARA_PALETTE_STANDARD;
    item->tile->look.quality =
        h->preferences.quality == PARA_WISH_QUALITY_HIGH ? PARA_QUALITY_MEDIUM : PARA_QUALITY_LOW;
    para_tile_draw(item->tile, page, r, &h->scene, seconds);
}

/// Medal and least time, from the right. @return [px] where they begin
static float draw_best(ParaHome *h, const ParaHomeItem *item, float right, float y)
{
    ParaPage *page = &h->page;
    char time[PARA_NUMBER_SIZE + 8] = "";
    float u = page->unit, line = para_page_line(page, PARA_TEXT_SMALL), size = 11 * u;
    if (item->medal > PARA_MEDAL_NONE) {
        para_page_box(page, (ParaRect){right - size, y + 0.5f * (line - size), size, size}, size,
                      medal_ink(item->medal), PARA_INK_PANEL_EDGE);
        right -= size + 6 * u;
    }
    para_page_draw(page);
    if (item->best <= 0.0)
        return right;
    para_text_format(time, sizeof time, "%.1f s", item->best);
    para_page_text_right(page, right, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, time);
    return right - para_window_text_width(page->window, PARA_TEXT_SMALL, time) - 8 * u;
}

static void draw_level(ParaHome *h, ParaHomeItem *item, ParaRect card, bool chosen, float seconds)
{
    ParaPage *page = &h->page;
    float u = page->unit, line = para_page_line(page, PARA_TEXT_SMALL);
    ParaRect picture = {card.x, card.y, card.width, card.height - CAPTION * u};
    draw_picture(h, item, picture, seconds);
    if (chosen)
        draw_ring(page, picture);
    float y = picture.y + picture.height + 0.5f * (CAPTION * u - line);
    float right = draw_best(h, item, card.x + card.width, y);
    para_page_text_fitted(page, card.x + 2 * u, y, PARA_TEXT_SMALL,
                          chosen ? PARA_INK_TEXT : PARA_INK_TEXT_DIM, item->name, right - card.x - 4 * u);
}

static void draw_entry(ParaHome *h, const ParaHomeItem *item, ParaRect card, bool chosen)
{
    ParaPage *page = &h->page;
    float u = page->unit, inset = (card.width < SLIM * u ? 9 : 14) * u, x = card.x + inset;
    float room = card.width - 2 * inset;
    para_page_box(page, card, ROUND * u, chosen ? PARA_INK_TRACK : PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    if (chosen)
        draw_ring(page, card);
    para_page_draw(page);
    para_page_text_fitted(page, x, card.y + (is_line(h) ? 6 : 8) * u, PARA_TEXT_NORMAL, PARA_INK_TEXT,
                          item->name, room);
    if (!is_line(h))
        para_page_text_fitted(page, x, card.y + 34 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, item->about,
                              room);
}

void para_home_card_draw(ParaHome *h, ParaHomeItem *item, ParaRect card, bool chosen, float seconds)
{
    if (item->kind == PARA_HOME_ENTRY)
        draw_entry(h, item, card, chosen);
    else
        draw_level(h, item, card, chosen, seconds);
}
