// SPDX-License-Identifier: MIT
// A card: its text from top to bottom, then a foot.
#include "apps/page/card.h"

#include "apps/page/flow.h"
#include "engine/base/assert.h"

#include <math.h>
#include <stdio.h>

#define RISE_SECONDS 0.3f // [s] a card takes to come up
#define FOOT_LINES   3
#define TEXTS_MAX    (PARA_CARD_LINES_MAX + 2)

/// What is written on a card, from top to bottom. @param size of its text  @return [1] how many
static int write(const ParaPage *page, const ParaCard *card, ParaTextSize size, ParaFlowText *out)
{
    float u = page->unit;
    int count = 0;
    ParaTextSize title = size == PARA_TEXT_SMALL ? PARA_TEXT_NORMAL : PARA_TEXT_LARGE;
    if (*card->over)
        out[count++] = (ParaFlowText){card->over, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, 8 * u};
    out[count++] = (ParaFlowText){card->title, title, PARA_INK_TEXT, 14 * u};
    for (int i = 0; i < card->line_count; i++)
        out[count++] = (ParaFlowText){card->lines[i], size, PARA_INK_TEXT, 8 * u};
    return count;
}

/// The foot of a card: where among its pages one is, and what goes on.
static void draw_foot(ParaPage *page, const ParaCard *card, int leaf, int leaves, ParaRect r)
{
    char foot[160];
    if (leaf + 1 < leaves)
        snprintf(foot, sizeof foot, "%d of %d. Space or Enter: more", leaf + 1, leaves);
    else
        snprintf(foot, sizeof foot, "%s", card->foot);
    if (para_window_text_width(page->window, PARA_TEXT_SMALL, foot) <= r.width)
        para_page_text_right(page, r.x + r.width, r.y + r.height - para_page_line(page, PARA_TEXT_SMALL),
                             PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, foot);
    else
        para_page_text_block(page, r.x, r.y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, foot, r.width, FOOT_LINES);
}

int para_card_draw(ParaPage *page, const ParaCard *card, float since, int *leaf)
{
    PARA_ASSERT(card->line_count <= PARA_CARD_LINES_MAX);
    float u = page->unit, wide = fminf(680 * u, page->width - 16 * u);
    float pad = fminf(36 * u, 0.05f * page->width), top = fminf(26 * u, 0.04f * page->height);
    float foot = para_page_text_block_height(page, PARA_TEXT_SMALL, card->foot, wide - 2 * pad, FOOT_LINES),
          around = 2 * top + foot + 14 * u, high = 0.0f;
    ParaRect room = {0, 0, wide - 2 * pad, page->height - 8 * u - around};
    ParaFlowText texts[TEXTS_MAX];
    int count = write(page, card, PARA_TEXT_NORMAL, texts);
    int leaves = para_flow(page, room, texts, count, -1, &high);
    if (leaves > 1) {
        count = write(page, card, PARA_TEXT_SMALL, texts);
        leaves = para_flow(page, room, texts, count, -1, &high);
    }
    *leaf = *leaf < leaves ? *leaf : leaves - 1;
    float late = fmaxf(1.0f - since / RISE_SECONDS, 0.0f), x = 0.5f * (page->width - wide);
    float y = fmaxf(0.46f * (page->height - high - around), 4 * u) + 26 * u * late * late;
    para_page_box(page, (ParaRect){0, 0, page->width, page->height}, 0, PARA_INK_VEIL, PARA_INK_VEIL);
    para_page_box(page, (ParaRect){x, y, wide, high + around}, 16 * u, PARA_INK_PANEL, card->edge);
    para_page_draw(page);
    room.x = x + pad;
    room.y = y + top;
    para_flow(page, room, texts, count, *leaf, NULL);
    draw_foot(page, card, *leaf, leaves,
              (ParaRect){room.x, y + high + around - top - foot, room.width, foot});
    return leaves;
}
