// SPDX-License-Identifier: MIT
// What `watch` shows: the wall, a level enlarged with what the player sees and thinks, the list of replays,
// and one of them with its bar.
#include "apps/watch/watch_parts.h"

#include "apps/keys/fixed.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN  16.0f  // [unit]
#define GAP     10.0f  // [unit]
#define HEAD    74.0f  // [unit]
#define FOOT    30.0f  // [unit]
#define CAPTION 24.0f  // [unit]
#define PANEL   330.0f // [unit] beside the enlarged level
#define SAVES   "few pictures: the training comes first     S smooth"

static float unit(const ParaWatch *w) { return w->page.unit; }

int para_watch_columns(const ParaWatch *w)
{
    float wide = w->page.width / unit(w);
    return wide < 460.0f ? 1 : wide < 760.0f ? 2 : wide < 1000.0f ? 3 : 4;
}

static ParaRect slot_place(const ParaWatch *w, int slot)
{
    int columns = para_watch_columns(w), rows = (PARA_WATCH_SLOTS + columns - 1) / columns;
    float u = unit(w), top = HEAD * u, room = w->page.height - top - FOOT * u;
    int fit = (int)fmaxf(room / (120.0f * u), 1.0f); // rows that are seen; the others do not fit
    rows = rows < fit ? rows : fit;
    float wide = (w->page.width - 2 * MARGIN * u - (float)(columns - 1) * GAP * u) / (float)columns;
    float high = (room - (float)(rows - 1) * GAP * u) / (float)rows;
    int column = slot % columns, row = slot / columns;
    if (row >= rows)
        return (ParaRect){0};
    return (ParaRect){MARGIN * u + (float)column * (wide + GAP * u), top + (float)row * (high + GAP * u),
                      wide, high};
}

int para_watch_slot_at(const ParaWatch *w, float x, float y)
{
    for (int i = 0; i < PARA_WATCH_SLOTS; i++)
        if (para_rect_holds(slot_place(w, i), x, y))
            return i;
    return -1;
}

ParaRect para_watch_bar(const ParaWatch *w)
{
    float u = unit(w);
    return (ParaRect){MARGIN * u, w->page.height - (FOOT + 30.0f) * u, w->page.width - 2 * MARGIN * u,
                      18 * u};
}

// ---------------------------------------------------------------------------------------------
// Head and foot.

static void draw_curve(ParaWatch *w, ParaRect r)
{
    float u = unit(w), wide = r.width / PARA_WATCH_POINTS;
    para_page_box(&w->page, r, 4 * u, PARA_INK_TRACK, PARA_INK_TRACK);
    for (int i = 0; i < w->run.points; i++) {
        float high = fmaxf(w->run.curve[i] * r.height, u);
        para_page_box(
            &w->page,
            (ParaRect){r.x + (float)i * wide, r.y + r.height - high, fmaxf(wide - 0.5f, 1.0f), high}, 0,
            PARA_INK_GOOD, PARA_INK_GOOD);
    }
}

/// Who acts, and how far the training is; by which maker where there is room for it. @param room [px]
static void write_lesson(const ParaWatch *w, float room, char *out, size_t size)
{
    const ParaStatistics *now = &w->run.now;
    char decisions[PARA_NUMBER_SIZE + 8];
    para_text_format(decisions, sizeof decisions, now->decisions > 99999 ? "%.2f M" : "%.0f",
                     now->decisions > 99999 ? (double)now->decisions / 1e6 : (double)now->decisions);
    int length = snprintf(out, size, "%s; lesson %d, %s decisions", w->run.player, now->lesson, decisions);
    if (length < 0 || (size_t)length >= size)
        return;
    snprintf(out + length, size - (size_t)length, ", by %s", w->run.maker[0] ? w->run.maker : "?");
    if (para_window_text_width(w->page.window, PARA_TEXT_SMALL, out) > room)
        out[length] = '\0';
}

static void draw_head(ParaWatch *w)
{
    ParaPage *page = &w->page;
    const ParaStatistics *now = &w->run.now;
    char line[2 * PARA_WATCH_WORDS];
    float u = page->unit, curve = fminf(260 * u, 0.3f * page->width), x = MARGIN * u;
    float room = page->width - curve - 3 * MARGIN * u;
    para_page_box(page, (ParaRect){0, 0, page->width, (HEAD - GAP) * u}, 0, PARA_INK_PANEL, PARA_INK_PANEL);
    draw_curve(w, (ParaRect){page->width - curve - MARGIN * u, 10 * u, curve, 26 * u});
    para_page_draw(page);
    para_page_text_fitted(page, x, 8 * u, PARA_TEXT_NORMAL, PARA_INK_TEXT, w->run.folder, room);
    if (*w->run.trouble)
        snprintf(line, sizeof line, "%s", w->run.trouble);
    else if (now->lesson < 0)
        snprintf(line, sizeof line, "no lesson has ended yet; %s", w->run.player);
    else
        write_lesson(w, room, line, sizeof line);
    para_page_text_fitted(page, x, 36 * u, PARA_TEXT_SMALL,
                          *w->run.trouble ? PARA_INK_WARN : PARA_INK_TEXT_DIM, line, room);
    snprintf(line, sizeof line, "last: %lld of %lld solved", (long long)now->solved,
             (long long)now->episodes);
    ParaRect below = {page->width - curve - MARGIN * u, 0, curve, 0};
    if (now->lesson >= 0)
        para_page_text_fitted(page, below.x, 40 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, line, curve);
}

/// @param small of the keys those that matter most, where there is no room for all
static void draw_foot(ParaWatch *w, const char *hint, const char *small)
{
    ParaPage *page = &w->page;
    float u = page->unit, y = page->height - FOOT * u;
    para_page_box(page, (ParaRect){0, y, page->width, FOOT * u}, 0, PARA_INK_PANEL, PARA_INK_PANEL);
    para_page_draw(page);
    bool told = w->message_seconds > 0.0f;
    float used = para_window_text_width(page->window, PARA_TEXT_SMALL, hint) + 4 * MARGIN * u;
    float saves = para_window_text_width(page->window, PARA_TEXT_SMALL, SAVES);
    if (!told && !w->unattended && para_pace_saves(&w->pace, para_clock_seconds()) &&
        used + saves < page->width)
        para_page_text_fitted(page, page->width - MARGIN * u - saves, y + 6 * u, PARA_TEXT_SMALL,
                              PARA_INK_TEXT_DIM, SAVES, saves + u);
    if (para_window_text_width(page->window, PARA_TEXT_SMALL, hint) > page->width - 2 * MARGIN * u)
        hint = small;
    para_page_text_fitted(page, MARGIN * u, y + 6 * u, PARA_TEXT_SMALL,
                          told ? PARA_INK_WARN : PARA_INK_TEXT_DIM, told ? w->message : hint,
                          page->width - 2 * MARGIN * u);
}

// ---------------------------------------------------------------------------------------------
// The wall.

static void draw_ring(ParaPage *page, ParaRect r)
{
    float t = 3 * page->unit;
    const ParaRect bars[] = {{r.x - t, r.y - t, r.width + 2 * t, t},
                             {r.x - t, r.y + r.height, r.width + 2 * t, t},
                             {r.x - t, r.y, t, r.height},
                             {r.x + r.width, r.y, t, r.height}};
    for (int i = 0; i < 4; i++)
        para_page_box(page, bars[i], 0.5f * t, PARA_INK_ACCENT, PARA_INK_ACCENT);
}

static void draw_wall(ParaWatch *w, float seconds)
{
    ParaPage *page = &w->page;
    float u = page->unit;
    int filled = 0;
    for (int i = 0; i < PARA_WATCH_SLOTS; i++) {
        ParaWatchSlot *slot = &w->slots[i];
        ParaRect r = slot_place(w, i);
        r.height -= CAPTION * u;
        if (!slot->level || r.height < 20 * u)
            continue;
        filled++;
        slot->tile->look.quality = PARA_QUALITY_LOW;
        para_tile_draw(slot->tile, page, r, &w->scene, seconds);
        if (i == w->chosen)
            draw_ring(page, r);
        para_page_draw(page);
        char line[PARA_WATCH_WORDS + PARA_NAME_MAX];
        snprintf(line, sizeof line, "%s   %s", slot->family, slot->result);
        para_page_text_fitted(page, r.x, r.y + r.height + 4 * u, PARA_TEXT_SMALL,
                              i == w->chosen ? PARA_INK_TEXT : PARA_INK_TEXT_DIM, line, r.width);
    }
    if (!filled)
        para_page_text_middle(page, (ParaRect){0, 0, page->width, 0}, 0.45f * page->height, PARA_TEXT_NORMAL,
                              PARA_INK_TEXT_DIM, "the run has no levels to show");
    draw_head(w);
    draw_foot(w,
              page->width > 700 * u
                  ? "arrows choose     Enter enlarges     P replays and proofs     F1 keys     Esc leaves"
                  : "Enter enlarges     P replays     Esc leaves",
              "Enter enlarges     F1 keys");
}

// ---------------------------------------------------------------------------------------------
// A level enlarged.

/// What the level is, and why it is there. @param below [px] where no line begins any more
/// @return [px] below it
static float draw_facts(ParaWatch *w, const ParaWatchSlot *slot, float x, float y, float room, bool low,
                        float below)
{
    ParaPage *page = &w->page;
    const ParaLevel *level = slot->tile->env.level;
    char line[PARA_WATCH_WORDS];
    float u = page->unit;
    if (!low) {
        para_page_text_fitted(page, x, y, PARA_TEXT_NORMAL, PARA_INK_TEXT, slot->family, room);
        y += 28 * u;
        y += para_page_text_block(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT, level->about, room, 6) + 8 * u;
        snprintf(line, sizeof line, "seed %llu", (unsigned long long)level->seed);
        para_page_text_fitted(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, line, room);
        y += 20 * u;
        snprintf(line, sizeof line, "hash %016llx", (unsigned long long)slot->hash);
        para_page_text_fitted(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, line, room);
        y += 24 * u;
    }
    y += para_page_text_block(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, slot->result, room,
                              low ? 1 : 2) +
         2 * u;
    if (y <= below)
        y += para_page_text_block(page, x, y, PARA_TEXT_SMALL, PARA_INK_ACCENT, slot->reason, room,
                                  low ? 1 : 3);
    return y + (low ? 2 : 12) * u;
}

static void draw_thoughts(ParaWatch *w, const ParaWatchSlot *slot, ParaRect r)
{
    ParaPage *page = &w->page;
    const ParaTile *tile = slot->tile;
    char line[PARA_WATCH_WORDS];
    float u = page->unit, x = r.x + 14 * u, room = r.width - 28 * u;
    bool low = r.height < 300 * u;
    para_page_box(page, r, 12 * u, PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    para_page_draw(page);
    float below = r.y + r.height - 20 * u;
    float y = draw_facts(w, slot, x, r.y + (low ? 6 : 12) * u, room, low, below);
    if (!low) {
        if (w->policy && para_policy_def(w->policy)->obs.kind == PARA_OBS_PIXELS)
            snprintf(line, sizeof line, "it sees a picture of this level, 64 x 64, and nothing else");
        else if (w->things > 0)
            snprintf(line, sizeof line, "framed: the %d things it sees of this level; lines: its rays",
                     w->things);
        else
            snprintf(line, sizeof line, "lines: its rays");
        y += para_page_text_block(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, line, room, 2) + 8 * u;
    }
    if (!tile->thought.known) {
        para_page_text_block(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM,
                             w->policy ? "no thought yet" : w->run.player, room, 3);
        return;
    }
    para_text_format(line, sizeof line, "%s value %.2f   progress %.0f %%",
                     w->person ? "you act;" : "it thinks:", (double)tile->thought.value,
                     100.0 * (double)tile->env.play.players[0].progress);
    if (y < below)
        para_page_text_fitted(page, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT, line, room);
    para_watch_channels_draw(page, tile, x, y + 22 * u, room, below);
}

static void draw_level(ParaWatch *w, float seconds)
{
    ParaPage *page = &w->page;
    ParaWatchSlot *slot = &w->slots[w->chosen];
    float u = page->unit, top = HEAD * u, high = page->height - top - (FOOT + GAP) * u;
    bool wide = page->width > 700 * u;
    float panel = wide ? PANEL * u : 0.0f;
    ParaRect area = {MARGIN * u, top, page->width - 2 * MARGIN * u - (wide ? panel + GAP * u : 0.0f),
                     wide ? high : 0.5f * high};
    ParaRect side = wide ? (ParaRect){page->width - MARGIN * u - panel, top, panel, high}
                         : (ParaRect){MARGIN * u, top + 0.5f * high + GAP * u, page->width - 2 * MARGIN * u,
                                      0.5f * high - GAP * u};
    if (slot->level && slot->tile->running) {
        slot->tile->look.quality = PARA_QUALITY_MEDIUM;
        para_tile_draw(slot->tile, page, area, &w->scene, seconds);
        para_window_clip(page->window, &area);
        para_watch_sight_draw(w, slot->tile);
        para_window_clip(page->window, NULL);
        draw_thoughts(w, slot, side);
    }
    draw_head(w);
    draw_foot(w,
              w->person ? "your keys steer     Tab hands back     Esc wall"
                        : "Tab take over     arrows other levels     P replays     Esc wall",
              w->person ? "Tab hands back     Esc wall" : "Tab take over     Esc wall");
}

// ---------------------------------------------------------------------------------------------
// Replays.

static void draw_list(ParaWatch *w)
{
    ParaPage *page = &w->page;
    float u = page->unit, row = 28 * u, top = HEAD * u, room = page->height - top - FOOT * u;
    int fit = (int)fmaxf(room / row, 1.0f), first = w->row >= fit ? w->row - fit + 1 : 0;
    for (int i = first; i < w->list_count && i < first + fit; i++) {
        ParaRect r = {MARGIN * u, top + (float)(i - first) * row, page->width - 2 * MARGIN * u, row};
        if (i == w->row)
            para_page_box(page, r, 8 * u, PARA_INK_PANEL, PARA_INK_ACCENT);
        para_page_draw(page);
        para_page_text_fitted(page, r.x + 12 * u, r.y + 5 * u, PARA_TEXT_SMALL,
                              w->listed[i].solved ? PARA_INK_GOOD : PARA_INK_BAD, w->lines[i],
                              r.width - 24 * u);
    }
    if (!w->list_count)
        para_page_text_middle(page, (ParaRect){0, 0, page->width, 0}, 0.45f * page->height, PARA_TEXT_NORMAL,
                              PARA_INK_TEXT_DIM, "the run has kept no replay yet");
    draw_head(w);
    draw_foot(w, "arrows choose     Enter plays it     Esc wall", "Enter plays it     Esc wall");
}

static void draw_film(ParaWatch *w, float seconds)
{
    ParaPage *page = &w->page;
    ParaWatchFilm *film = &w->film;
    char line[PARA_WATCH_WORDS + 64];
    float u = page->unit, top = HEAD * u;
    ParaRect bar = para_watch_bar(w),
             area = {MARGIN * u, top, page->width - 2 * MARGIN * u, bar.y - top - 34 * u};
    film->tile.look.quality = PARA_QUALITY_MEDIUM;
    para_tile_draw(&film->tile, page, area, &w->scene, film->paused ? 0.0f : seconds);
    float share = film->replay->decisions ? (float)film->at / (float)film->replay->decisions : 0.0f;
    para_page_box(page, (ParaRect){bar.x, bar.y + 5 * u, bar.width, 8 * u}, 4 * u, PARA_INK_TRACK,
                  PARA_INK_TRACK);
    para_page_box(page, (ParaRect){bar.x, bar.y + 5 * u, fmaxf(bar.width * share, 8 * u), 8 * u}, 4 * u,
                  PARA_INK_ACCENT, PARA_INK_ACCENT);
    para_page_box(page, (ParaRect){bar.x + share * (bar.width - 18 * u), bar.y, 18 * u, 18 * u}, 9 * u,
                  PARA_INK_TEXT, PARA_INK_PANEL_EDGE);
    para_page_draw(page);
    para_text_format(line, sizeof line, "%.1f s   decision %d of %d%s   %s",
                     para_world_view(film->tile.env.world)->time, film->at, film->replay->decisions,
                     film->paused ? "   paused" : "", film->name);
    para_page_text_fitted(page, bar.x, bar.y - 26 * u, PARA_TEXT_SMALL, PARA_INK_TEXT, line, bar.width);
    draw_head(w);
    draw_foot(w, "Space pause     \xe2\x86\x90 \xe2\x86\x92 or drag seek     Home start     Esc list",
              "Space pause     Esc list");
}

static void draw_help(ParaWatch *w)
{
    int count = 0;
    const ParaFixedKey *keys = para_fixed_keys(PARA_FIXED_WATCH, &count);
    w->help_list->count = 0;
    for (int i = 0; i < count; i++)
        para_help_add(w->help_list, keys[i].keys, keys[i].about);
    para_help_add(w->help_list, "F11", "fullscreen, and back");
    para_help_draw(&w->help, &w->page, "Keys of watch", w->help_list);
}

void para_watch_draw(ParaWatch *w, float seconds)
{
    para_page_begin(&w->page);
    if (w->screen == PARA_WATCH_WALL)
        draw_wall(w, seconds);
    else if (w->screen == PARA_WATCH_LEVEL)
        draw_level(w, seconds);
    else if (w->screen == PARA_WATCH_LIST)
        draw_list(w);
    else
        draw_film(w, seconds);
    if (w->help.open)
        draw_help(w);
    w->message_seconds -= seconds;
}
