// SPDX-License-Identifier: MIT
// What a player finds likely to do, channel by channel: three levels, or any amount between -1 and 1.
#include "apps/watch/watch_parts.h"

#include <math.h>

#define PARTS 32 // of -1 to 1, even

/// How likely the player finds each of a channel's three values; that which was drawn is framed.
static void draw_levels(ParaPage *page, const float *share, int8_t drawn, ParaRect r)
{
    float u = page->unit, cell = r.width / PARA_CHOICES;
    for (int k = 0; k < PARA_CHOICES; k++) {
        ParaRect part = {r.x + (float)k * cell, r.y, cell - 4 * u, r.height};
        para_page_box(page, part, 3 * u, PARA_INK_TRACK, drawn == k - 1 ? PARA_INK_WARN : PARA_INK_TRACK);
        part.width *= share[k];
        para_page_box(page, part, 3 * u, PARA_INK_ACCENT, PARA_INK_ACCENT);
    }
}

/// How likely a player of amounts finds each of them, as a hill from -1 to 1; a stroke where it drew.
static void draw_amounts(ParaPage *page, const float *share, int8_t drawn, ParaRect r)
{
    float u = page->unit, most = 0.0f, part = (r.width - 4 * u) / PARTS;
    for (int k = 0; k < PARTS; k++)
        most = fmaxf(most, share[k]);
    para_page_box(page, (ParaRect){r.x, r.y, r.width - 4 * u, r.height}, 0.0f, PARA_INK_TRACK,
                  PARA_INK_TRACK);
    for (int k = 0; k < PARTS && most > 0.0f; k++) {
        float high = r.height * share[k] / most;
        para_page_box(page, (ParaRect){r.x + (float)k * part, r.y + r.height - high, part, high}, 0.0f,
                      PARA_INK_ACCENT, PARA_INK_ACCENT);
    }
    float at = 0.5f * (1.0f + para_action_value(true, drawn)) * (r.width - 4 * u);
    para_page_box(page, (ParaRect){r.x + at - u, r.y - u, 2 * u, r.height + 2 * u}, 0.0f, PARA_INK_WARN,
                  PARA_INK_WARN);
}

/// How far the head of a value stands from the middle of its third: of amounts the least and most are ends.
static float ends(const ParaTile *tile, int k, float cell)
{
    return tile->fine ? 0.5f * (float)(k - 1) * cell : 0.0f;
}

void para_watch_channels_draw(ParaPage *page, const ParaTile *tile, float x, float y, float room, float below)
{
    const ParaPlayer *player = &tile->env.level->players[0];
    float u = page->unit, names = 96 * u, cell = fminf(64 * u, (room - names) / 3.0f);
    bool head = below - y > 100 * u;
    static const char *const values[] = {"-1", "0", "1"};
    for (int k = 0; k < 3 && head; k++)
        para_page_text_middle(
            page, (ParaRect){x + names + (float)k * cell + ends(tile, k, cell), y, cell - 4 * u, 0}, y,
            PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, values[k]);
    y += head ? 20 * u : 0.0f;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        if (!(player->channel_bits >> c & 1) || y > below)
            continue;
        float share[PARTS];
        const char *label = player->keys[c].label;
        ParaRect r = {x + names, y + 2 * u, 3 * cell, 16 * u};
        para_action_shares(tile->fine ? PARA_HEAD_FINE : PARA_HEAD_LEVELS, tile->thought.logits, c,
                           player->negative_bits >> c & 1, tile->fine ? PARTS : PARA_CHOICES, share);
        para_page_text_fitted(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT, *label ? label : "act",
                              names - 8 * u);
        (tile->fine ? draw_amounts : draw_levels)(page, share, tile->action[c], r);
        y += 22 * u;
    }
    para_page_draw(page);
}
