// SPDX-License-Identifier: MIT
// Draws a frame of the play window: the world, goal and time above, who acts and progress below, then
// banners, help and messages. Called once per frame by play.c.
#include "apps/play/play_view.h"

#include "apps/play/play_paint.h"
#include "apps/play/play_ways.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// Units, of which the window says how many pixels they are.
#define TOP_HEIGHT    66.0f
#define TOP_MORE      18.0f  // of a second line of what the level is about
#define LOW           300.0f // below that the window has no room for it
#define BOTTOM_HEIGHT 34.0f
#define MARGIN        PARA_PAINT_MARGIN
#define SAY_SECONDS   4.0f
#define PARTS_SHARE   0.7f // [1] of the world's height that the parts of a goal may have
#define SAID_SECONDS  5.0f // [s] of the level's time that what an event says is shown

/// Measures of this frame, and what it shows.
typedef struct Page {
    ParaPaint paint;
    ParaPlayView *view;
    const ParaGame *game;
    const ParaKeys *keys;
    float width, height, unit; // [px] [px] [px per unit]
    float top;                 // [px] height of what lies above the world
    size_t about;   // [byte] of what the level is about in its first line; 0: all, cut where it has to be
    ParaRect parts; // [px] where those of the goal are to be shown; no height: nowhere
} Page;

ParaPlayView para_play_view(ParaWindow *window, ParaArena *arena)
{
    return (ParaPlayView){.window = window,
                          .stage = para_play_stage(arena),
                          .ghosts = para_scene_create(1024, arena),
                          .thoughts = para_scene_create(PARA_PLAY_WAYS_MAX, arena),
                          .help_list = PARA_NEW(arena, ParaHelpList, 1),
                          .panels = para_scene_create(64, arena),
                          .bar = para_page(window, arena)};
}

void para_play_view_reset(ParaPlayView *view) { para_play_stage_reset(&view->stage); }

void para_play_view_say(ParaPlayView *view, const char *text)
{
    snprintf(view->message, sizeof view->message, "%s", text);
    view->message_seconds = SAY_SECONDS;
}

void para_play_view_problem(ParaPlayView *view, const char *lines)
{
    snprintf(view->problem, sizeof view->problem, "%s", lines);
}

// ---------------------------------------------------------------------------------------------
// The parts of the page.

/// How others did it, as they were at this time of the level; behind the furniture, over the world.
static void draw_ghosts(Page *page, ParaRect area, float share)
{
    const ParaScore *score = page->view->score;
    ParaPlayView *v = page->view;
    if (!score || !score->ghosts || page->game->replay)
        return;
    const ParaEnv *env = &page->game->env;
    float at = (float)env->decisions + ((float)env->step + share - 1.0f) / (float)env->level->frame_skip;
    para_scene_clear(&v->ghosts);
    para_ghost_scene(&score->own, env->level, at, PARA_INK_ZONE_PLAYER, &v->ghosts);
    para_ghost_scene(&score->other, env->level, at, PARA_INK_ZONE_TARGET, &v->ghosts);
    para_window_clip(v->window, &area);
    para_window_scene(v->window, &v->ghosts, &v->stage.camera);
    para_window_clip(v->window, NULL);
}

/// What the trained player thinks of, over the world.
static void draw_ways(Page *page, ParaRect area)
{
    ParaPlayView *v = page->view;
    ParaSlow *slow = page->game->slow;
    if (!v->ways || !slow || !page->game->trained || !para_slow_ways(slow, v->ways))
        return;
    para_scene_clear(&v->thoughts);
    para_play_ways(v->ways, &page->game->env, &v->thoughts);
    para_window_clip(v->window, &area);
    para_window_scene(v->window, &v->thoughts, &v->stage.camera);
    para_window_clip(v->window, NULL);
}

static void draw_world(Page *page, float share, float seconds)
{
    ParaPlayView *v = page->view;
    ParaRect area = {0, page->top, page->width, page->height - page->top - BOTTOM_HEIGHT * page->unit};
    para_play_stage_draw(&v->stage, v->window, page->game, area, share, seconds);
    draw_ghosts(page, area, share);
    draw_ways(page, area);
    if (v->dream)
        para_play_dream_draw(v->dream, page->game, &v->stage.camera, &page->paint, area, share, seconds);
}

enum { PARTS_MAX = 6, BELOW_LINES = 4, BELOW_MAX = 300 };

/// The parts of a goal that has several, and where they are shown.
static int find_parts(Page *page, ParaPlayPart parts[PARTS_MAX])
{
    const ParaEnv *env = &page->game->env;
    int count = para_play_parts(&env->play, env->level, env->world, 0, parts, PARTS_MAX);
    float u = page->unit;
    if (count < 2 || page->view->sandbox || page->view->covered)
        return 0;
    count = count < PARTS_MAX ? count : PARTS_MAX;
    float high = (float)count * 24 * u + 10 * u, world = page->height - page->top - BOTTOM_HEIGHT * u;
    if (high < PARTS_SHARE * world) // else they would hide the level
        page->parts = (ParaRect){MARGIN * u, page->top + 10 * u, fminf(300 * u, 0.5f * page->width), high};
    return count;
}

/// Moves a panel, from x to the right, below the parts of the goal where it would lie over them.
/// @return [px] its y; the parts are given up where there is no room for both
static float clear_of_parts(Page *page, float x, float y, float high)
{
    ParaRect *parts = &page->parts;
    float below = parts->y + parts->height + 10 * page->unit;
    if (!(parts->height > 0.0f) || x > parts->x + parts->width || y > below)
        return y;
    if (below + high < page->height - BOTTOM_HEIGHT * page->unit)
        return below;
    parts->height = 0.0f;
    return y;
}

/// Each part with how far it is.
static void draw_parts(Page *page, const ParaPlayPart *parts, int count)
{
    float bottom = page->parts.y + page->parts.height;
    if (!(page->parts.height > 0.0f) || bottom > para_tray_top(&page->view->tray, &page->paint))
        return;
    float u = page->unit, row = 24 * u, x = page->parts.x, y = page->parts.y;
    float wide = page->parts.width, bar = 64 * u;
    para_paint_panel(&page->paint, page->parts, 10 * u, PARA_INK_PANEL, PARA_INK_PANEL);
    for (int k = 0; k < count; k++) {
        float left = x + wide - bar - 12 * u, top = y + 5 * u + (float)k * row + 8 * u;
        float share = fminf(fmaxf(parts[k].progress, 0.0f), 1.0f);
        para_paint_panel(&page->paint, (ParaRect){left, top, bar, 8 * u}, 4 * u, PARA_INK_TRACK,
                         PARA_INK_TRACK);
        if (share > 0.0f)
            para_paint_panel(&page->paint, (ParaRect){left, top, fmaxf(bar * share, 8 * u), 8 * u}, 4 * u,
                             PARA_INK_GOOD, PARA_INK_GOOD);
    }
    para_paint_flush(&page->paint);
    for (int k = 0; k < count; k++)
        para_paint_text_fitted(&page->paint, x + 12 * u, y + 7 * u + (float)k * row, PARA_TEXT_SMALL,
                               parts[k].done ? PARA_INK_GOOD : PARA_INK_TEXT, parts[k].words,
                               wide - bar - 36 * u);
}

/// What there is to beat, and the person's own best.
static void write_times(const ParaScore *score, const ParaLevel *level, char *out, size_t size)
{
    char best[32] = "";
    float target = score->target;
    if (score->kept.best > 0)
        para_text_format(best, sizeof best, "   best %.2f s", score->kept.best);
    para_text_format(out, size, "gold %.2f s   silver %.2f s%s   by %s",
                     (double)(target > 0 ? target : 0.25f * level->seconds),
                     (double)(target > 0 ? 1.3f * target : 0.5f * level->seconds), best, score->whose);
}

static float width_of(const Page *page, const char *text)
{
    return para_window_text_width(page->view->window, PARA_TEXT_SMALL, text);
}

static float bar_wide(const Page *page) { return fminf(190 * page->unit, 0.25f * page->width); }
static float about_room(const Page *page) { return page->width - bar_wide(page) - 4 * MARGIN * page->unit; }

/// How much of a text fits, in whole words [byte].
static size_t words_within(const Page *page, const char *text, float room)
{
    char line[BELOW_MAX];
    size_t fits = 0;
    for (size_t i = 1; i < sizeof line && text[i - 1]; i++) {
        if (text[i] && text[i] != ' ')
            continue;
        snprintf(line, sizeof line, "%.*s", (int)i, text);
        if (width_of(page, line) > room)
            break;
        fits = i;
    }
    return fits;
}

/// What lies above the world is higher where the level says more than has room beside the bar.
static void measure_top(Page *page)
{
    const char *about = page->game->env.level->about;
    size_t fits = words_within(page, about, about_room(page));
    bool two = fits > 0 && about[fits] && page->height >= LOW * page->unit;
    page->about = two ? fits : 0;
    page->top = page->view->sandbox ? para_sandbox_bar(&page->view->bar)
                                    : (TOP_HEIGHT + (two ? TOP_MORE : 0.0f)) * page->unit;
}

static void draw_about(Page *page, float y)
{
    char first[BELOW_MAX];
    const char *about = page->game->env.level->about;
    float u = page->unit, x = MARGIN * u;
    snprintf(first, sizeof first, "%.*s", page->about ? (int)page->about : BELOW_MAX - 1, about);
    para_paint_text_fitted(&page->paint, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT, first, about_room(page));
    if (page->about)
        para_paint_text_fitted(&page->paint, x, y + TOP_MORE * u, PARA_TEXT_SMALL, PARA_INK_TEXT,
                               about + page->about + 1, page->width - 2 * x);
}

static void draw_top(Page *page)
{
    const ParaGame *g = page->game;
    const ParaLevel *level = g->env.level;
    float u = page->unit, bar = bar_wide(page), right = page->width - MARGIN * u, y = 10 * u;
    float progress = fminf(fmaxf(g->env.play.players[0].progress, 0.0f), 1.0f);
    if (g->env.play.status == PARA_PLAY_SOLVED)
        progress = 1.0f;
    para_paint_panel(&page->paint, (ParaRect){0, 0, page->width, page->top}, 0, PARA_INK_PANEL,
                     PARA_INK_PANEL);
    para_paint_panel(&page->paint, (ParaRect){right - bar, 43 * u, bar, 9 * u}, 4.5f * u, PARA_INK_TRACK,
                     PARA_INK_TRACK);
    if (progress > 0.0f)
        para_paint_panel(&page->paint, (ParaRect){right - bar, 43 * u, fmaxf(bar * progress, 9 * u), 9 * u},
                         4.5f * u, PARA_INK_GOOD, PARA_INK_GOOD);
    para_paint_flush(&page->paint);
    char line[160];
    float left = fmaxf(level->seconds - para_game_seconds(g), 0.0f);
    para_text_format(line, sizeof line, "%.1f s left", (double)left);
    para_paint_text_right(&page->paint, right, y, PARA_TEXT_NORMAL,
                          left < 3.0f ? PARA_INK_WARN : PARA_INK_TEXT, line);
    float room = right - para_window_text_width(page->view->window, PARA_TEXT_NORMAL, line) - 12 * u;
    float x = MARGIN * u;
    x += para_paint_text(&page->paint, x, y, PARA_TEXT_NORMAL, PARA_INK_TEXT, level->family);
    snprintf(line, sizeof line, "   seed %llu   %s", (unsigned long long)g->seed,
             para_solver_name(para_world_solver(g->env.world)));
    if (room - x > 60 * u)
        para_paint_text_fitted(&page->paint, x, y + 2 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, line,
                               room - x);
    if (page->view->score && !g->replay && page->width > 700 * u) {
        write_times(page->view->score, level, line, sizeof line);
        para_paint_text_right(&page->paint, right - 150 * u, y + 2 * u, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM,
                              line);
    }
    draw_about(page, y + 27 * u);
}

/// Who acts, and how time goes.
/// Who is who, where there are several: "left: you, right: the trained player".
static void write_company(const ParaGame *game, const char *time, char *out, size_t size)
{
    const ParaLevel *level = game->env.level;
    size_t used = (size_t)snprintf(out, size, "%s", time);
    for (int p = 0; p < level->player_count && used < size; p++) {
        ParaGameSeat seat = para_game_seat(game, p);
        bool handed = seat == PARA_SEAT_KEYS && game->trained;
        const char *who = para_game_seat_about(handed ? PARA_SEAT_TRAINED : seat),
                   *name = level->players[p].name;
        const char *end = game->env.play.players[p].status == PARA_PLAY_SOLVED   ? ", there"
                          : game->env.play.players[p].status == PARA_PLAY_FAILED ? ", out"
                                                                                 : "";
        char number[24];
        snprintf(number, sizeof number, "player %d", p + 1);
        used += (size_t)snprintf(out + used, size - used, "%s%s: %s%s", p > 0 ? "   " : "",
                                 *name ? name : number, who, end);
    }
}

static void write_acts(const Page *page, char *out, size_t size)
{
    const ParaPlayView *v = page->view;
    const char *time = v->back                 ? "back in time   "
                       : v->dream && v->paused ? "paused   " // no banner hides the world then
                       : v->slow               ? "slow motion   "
                                               : "";
    const ParaGame *game = page->game;
    if (game->replay)
        snprintf(out, size, "%sa replay of: %s", time, game->replay->player);
    else if (game->env.level->player_count > 1)
        write_company(game, time, out, size);
    else if (game->trained && game->chooser)
        snprintf(out, size, "%sthe skill %s acts", time,
                 game->skills.skills[para_mind_acted(game->mind, 0)]->name);
    else
        snprintf(out, size, "%s%s", time,
                 page->game->trained && page->game->slow ? "the trained player thinks and acts"
                 : page->game->trained                   ? "the trained player acts"
                                                         : "you act");
}

/// A key and what it does, where both have room. @return [px] where the next begins
static float draw_key(Page *page, float x, float y, float right, const char *names, const char *about)
{
    float u = page->unit;
    if (x + width_of(page, names) + width_of(page, about) + 7 * u > right)
        return x;
    x += para_paint_text(&page->paint, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT, names) + 7 * u;
    return x + para_paint_text(&page->paint, x, y, PARA_TEXT_SMALL, PARA_INK_TEXT_DIM, about) + 20 * u;
}

static void draw_bottom(Page *page)
{
    int own = para_game_seated(page->game, PARA_SEAT_KEYS);
    const ParaPlayer *player = &page->game->env.level->players[own >= 0 ? own : 0];
    float u = page->unit, y = page->height - BOTTOM_HEIGHT * u, x = MARGIN * u;
    char names[96], acts[224], help[64];
    int dot = page->game->trained || page->game->replay ? PARA_INK_WARN : PARA_INK_ACCENT;
    para_paint_panel(&page->paint, (ParaRect){0, y, page->width, BOTTOM_HEIGHT * u}, 0, PARA_INK_PANEL,
                     PARA_INK_PANEL);
    para_paint_panel(&page->paint, (ParaRect){page->width - MARGIN * u - 10 * u, y + 12 * u, 10 * u, 10 * u},
                     5 * u, dot, dot);
    para_paint_flush(&page->paint);
    y += 8 * u;
    write_acts(page, acts, sizeof acts);
    para_keys_command_names(page->keys, PARA_COMMAND_HELP, help, sizeof help);
    // The way to all keys comes before any of them, and who acts before both.
    float right = page->width - (MARGIN + 18) * u,
          room = right - fminf(width_of(page, acts), 0.6f * page->width) - 12 * u;
    float keys = room - width_of(page, help) - width_of(page, "help") - 27 * u;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        if (!(player->channel_bits >> c & 1) || page->game->replay)
            continue;
        para_keys_channel_names(page->keys, c, names, sizeof names);
        x = draw_key(page, x, y, fminf(keys, 0.6f * page->width), names,
                     *player->keys[c].label ? player->keys[c].label : "act");
    }
    draw_key(page, x, y, room, help, "help");
    float wide = fminf(width_of(page, acts), 0.6f * page->width);
    para_paint_text_fitted(&page->paint, right - wide, y, PARA_TEXT_SMALL, PARA_INK_TEXT, acts, wide + 1);
}

/// Breaks what stands below a banner's title: between keys, which are far apart, else between words. @return
/// [1] 1..BELOW_LINES; more is cut
static int break_below(const Page *page, const char *text, float room, char lines[BELOW_LINES][BELOW_MAX])
{
    int count = 0;
    for (; count < BELOW_LINES - 1; count++) {
        size_t fits = 0, apart = 0, end = strlen(text) < BELOW_MAX ? strlen(text) : 0;
        snprintf(lines[count], BELOW_MAX, "%.*s", BELOW_MAX - 1, text);
        if (width_of(page, lines[count]) <= room)
            return count + 1;
        for (size_t i = 1; i < end; i++) {
            if (text[i] != ' ')
                continue;
            snprintf(lines[count], BELOW_MAX, "%.*s", (int)i, text);
            if (width_of(page, lines[count]) > room)
                break;
            fits = i;
            apart = text[i + 1] == ' ' && text[i - 1] != ' ' ? i : apart;
        }
        fits = apart ? apart : fits;
        if (fits == 0)
            break;
        snprintf(lines[count], BELOW_MAX, "%.*s", (int)fits, text);
        text += fits + strspn(text + fits, " ");
    }
    snprintf(lines[count], BELOW_MAX, "%.*s", BELOW_MAX - 1, text);
    return count + 1;
}

/// @param below may be longer than the page: it is broken into lines
static void draw_banner(Page *page, const char *title, int ink, const char *reason, const char *below)
{
    float u = page->unit, most = page->width - 2 * MARGIN * u, line = *reason ? 26 * u : 0;
    char lines[BELOW_LINES][BELOW_MAX];
    int count = break_below(page, below, most - 24 * u, lines);
    float high = 104 * u + line + (float)(count - 1) * 20 * u;
    bool low = high > page->height - page->top - BOTTOM_HEIGHT * u; // it is drawn as small as it can be
    ParaTextSize size = low ? PARA_TEXT_NORMAL : PARA_TEXT_LARGE;
    float head = low ? 34 * u : 60 * u, foot = low ? 10 * u : 24 * u;
    high = low ? head + line + (float)count * 20 * u + foot : high;
    float wide = para_window_text_width(page->view->window, size, title);
    wide = fmaxf(wide, para_window_text_width(page->view->window, PARA_TEXT_SMALL, below));
    wide = fmaxf(wide, para_window_text_width(page->view->window, PARA_TEXT_NORMAL, reason)) + 72 * u;
    wide = fminf(wide, most);
    float y = fmaxf(0.24f * page->height, page->top + 20 * u), x = 0.5f * (page->width - wide);
    y = low ? fmaxf(page->height - BOTTOM_HEIGHT * u - high - 4 * u, 4 * u)
            : clear_of_parts(page, x, y, high);
    page->parts.height = low ? 0.0f : page->parts.height;
    para_paint_panel(&page->paint, (ParaRect){x, y, wide, high}, 14 * u, PARA_INK_PANEL, ink);
    para_paint_flush(&page->paint);
    para_paint_text_middle(&page->paint, y + (low ? 8 : 15) * u, size, ink, title);
    if (*reason)
        para_paint_text_middle(&page->paint, y + head, PARA_TEXT_NORMAL, PARA_INK_TEXT, reason);
    for (int i = 0; i < count; i++)
        para_paint_text_middle(&page->paint, y + head + (low ? 0 : 8 * u) + line + (float)i * 20 * u,
                               PARA_TEXT_SMALL, PARA_INK_TEXT, lines[i]);
}

static void draw_result(Page *page)
{
    char title[64], below[BELOW_MAX], again[32], next[32], reason[160];
    para_keys_command_names(page->keys, PARA_COMMAND_RESTART, again, sizeof again);
    para_keys_command_names(page->keys, PARA_COMMAND_NEXT, next, sizeof next);
    if (page->view->onward)
        snprintf(below, sizeof below, "%s", page->view->onward);
    else if (page->game->replay)
        snprintf(below, sizeof below, "%s: again", again);
    else if (page->view->dream)
        para_play_dream_end(page->game, again, next, below, sizeof below);
    else
        snprintf(below, sizeof below, "%s: again     %s: next level     F2: save replay", again, next);
    para_game_cause(page->game, reason, sizeof reason);
    switch (page->game->env.play.status) {
    case PARA_PLAY_SOLVED:
        para_text_format(title, sizeof title, "Solved in %.1f s%s", (double)para_game_seconds(page->game),
                         page->view->dream && page->view->dream->twin.swapped ? ", in the dream" : "");
        draw_banner(page, title, PARA_INK_GOOD, page->view->score ? page->view->score->said : "", below);
        break;
    case PARA_PLAY_FAILED:
        draw_banner(page, "Failed", PARA_INK_BAD, reason, below);
        break;
    case PARA_PLAY_TIMEOUT:
        draw_banner(page, "Out of time", PARA_INK_WARN, reason, below);
        break;
    case PARA_PLAY_DIVERGED:
        draw_banner(page, "The physics ran away", PARA_INK_WARN, "", below);
        break;
    case PARA_PLAY_ON: // a replay whose record ends before its level
        draw_banner(page, "The record ends here", PARA_INK_WARN, "", below);
        break;
    }
}

/// Before the level goes on its way.
static void draw_start(Page *page)
{
    char title[32];
    if (page->view->waiting) {
        draw_banner(page, "Press a key to begin", PARA_INK_ACCENT, "", page->game->env.level->about);
        return;
    }
    snprintf(title, sizeof title, "%d", (int)ceilf(page->view->countdown));
    draw_banner(page, title, PARA_INK_WARN, "",
                page->game->replay ? "the replay begins" : "the trained player begins");
}

/// A template that does not load: what is wrong where, as `check` tells it, without the lines it quotes,
/// whose marks want letters of one width.
static void draw_problem(Page *page)
{
    enum { LINES_MAX = 14 };
    const char *lines[LINES_MAX];
    int count = 0;
    for (const char *at = page->view->problem; at && *at && count < LINES_MAX;) {
        if (*at != ' ')
            lines[count++] = at;
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    float u = page->unit, row = 22 * u, x = MARGIN * u, wide = page->width - 2 * x;
    float high = (float)count * row + 62 * u, y = page->height - (BOTTOM_HEIGHT + 10) * u - high;
    para_paint_panel(&page->paint, (ParaRect){x, y, wide, high}, 10 * u, PARA_INK_PANEL, PARA_INK_BAD);
    para_paint_flush(&page->paint);
    para_paint_text_fitted(&page->paint, x + 16 * u, y + 12 * u, PARA_TEXT_NORMAL, PARA_INK_BAD,
                           "The changed template does not load; the level before it stays", wide - 32 * u);
    y += 44 * u;
    for (int i = 0; i < count; i++, y += row) {
        char line[300];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(lines[i], "\n"), lines[i]);
        para_paint_text_fitted(&page->paint, x + 16 * u, y, PARA_TEXT_SMALL, PARA_INK_TEXT, line,
                               wide - 32 * u);
    }
}

static void draw_help(Page *page)
{
    ParaPlayView *v = page->view;
    ParaPage panel = {.window = v->window,
                      .panels = v->panels,
                      .width = page->width,
                      .height = page->height,
                      .unit = page->unit};
    ParaHelpMode mode = page->game->replay ? PARA_HELP_REPLAY : v->help_mode;
    para_play_help(mode, page->game, page->keys, v->help_list);
    para_help_draw(&v->help, &panel, para_play_help_title(mode), v->help_list);
}

/// What the level itself tells the player, for a while from when it did.
static void draw_said(Page *page)
{
    const ParaEnv *env = &page->game->env;
    const char *said = para_play_message(&env->play, env->level);
    double since =
        para_world_view(env->world)->time - (double)env->play.said_step / (double)env->level->world.rate;
    if (!*said || since > (double)SAID_SECONDS)
        return;
    float u = page->unit, y = page->top + 14 * u, most = page->width - 2 * MARGIN * u;
    float wide = fminf(para_window_text_width(page->view->window, PARA_TEXT_NORMAL, said) + 40 * u, most);
    y = clear_of_parts(page, 0.5f * (page->width - wide), y, 40 * u);
    para_paint_panel(&page->paint, (ParaRect){0.5f * (page->width - wide), y, wide, 40 * u}, 12 * u,
                     PARA_INK_PANEL, PARA_INK_ACCENT);
    para_paint_flush(&page->paint);
    para_paint_text_middle(&page->paint, y + 9 * u, PARA_TEXT_NORMAL, PARA_INK_TEXT, said);
}

static void draw_message(Page *page)
{
    float u = page->unit,
          wide = para_window_text_width(page->view->window, PARA_TEXT_SMALL, page->view->message);
    float y = fminf(page->height - (BOTTOM_HEIGHT + 54) * u,
                    para_tray_top(&page->view->tray, &page->paint) - 44 * u);
    wide = fminf(wide + 40 * u, page->width);
    para_paint_panel(&page->paint, (ParaRect){0.5f * (page->width - wide), y, wide, 36 * u}, 10 * u,
                     PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    para_paint_flush(&page->paint);
    para_paint_text_middle(&page->paint, y + 9 * u, PARA_TEXT_SMALL, PARA_INK_TEXT, page->view->message);
}

/// What lies over the level as it is now.
static void draw_banners(Page *page)
{
    const ParaPlayView *view = page->view;
    if (para_game_over(page->game) && !view->back && !view->covered)
        draw_result(page);
    else if (view->paused && !view->sandbox && !view->dream)
        draw_banner(page, "Paused", PARA_INK_TEXT, "", "press the key again to go on");
    else if (view->waiting || view->countdown > 0.0f)
        draw_start(page);
}

void para_play_view_draw(ParaPlayView *view, const ParaGame *game, const ParaKeys *keys, float share,
                         float seconds)
{
    para_window_begin(view->window, PARA_INK_BACKGROUND);
    Page page = {.paint = para_paint(view->window, &view->panels),
                 .view = view,
                 .game = game,
                 .keys = keys,
                 .width = (float)para_window_width(view->window),
                 .height = (float)para_window_height(view->window),
                 .unit = para_window_scale(view->window)};
    ParaPlayPart parts[PARTS_MAX];
    view->bar.width = page.width;
    view->bar.height = page.height;
    view->bar.unit = page.unit;
    measure_top(&page);
    int part_count = find_parts(&page, parts);
    draw_world(&page, share, seconds);
    if (view->sandbox)
        para_sandbox_draw(view->sandbox, game, &view->bar, &view->stage.camera);
    else
        draw_top(&page);
    draw_bottom(&page);
    draw_said(&page);
    if (view->message_seconds > 0.0f)
        draw_message(&page);
    view->message_seconds -= seconds;
    if (*view->problem)
        draw_problem(&page);
    para_tray_draw(&view->tray, &page.paint);
    if (!view->help.open)
        draw_banners(&page);
    draw_parts(&page, parts, part_count);
    if (view->help.open)
        draw_help(&page);
}
