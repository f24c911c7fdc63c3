// SPDX-License-Identifier: MIT
// Its buttons in as many rows as they need, what is being drawn, and all keys.
#include "apps/sandbox/palette.h"
#include "apps/sandbox/sandbox.h"

#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BUTTON_WIDE  72.0f // [unit]
#define BUTTON_TIGHT 26.0f // [unit]
#define BUTTON_HIGH  26.0f // [unit]
#define BAR_SHARE    0.42f // [1] of the window that the bar may have before its buttons shrink
#define GAP          4.0f  // [unit]
#define HINT_HIGH    22.0f // [unit]
#define MARGIN       8.0f  // [unit]
#define ARROW        4.0f  // [m/s^2] of gravity per metre, as sandbox.c has it
#define ROUND        32

static const char *const commands[PARA_SANDBOX_COMMANDS] = {"Pause", "Undo", "Again", "Keep", "Keys"};

// ---------------------------------------------------------------------------------------------
// Where things are.

typedef struct Grid {
    int columns, rows, palette_first_row; // rows with those of the longest palette: the view stays as it is
    bool tight;                           // buttons have their key alone, and there is no line below them
    float unit, wide;
} Grid;

/// As many buttons in a row as there is room for, none wider than it needs to be.
static Grid grid_for(const ParaPage *page, float least)
{
    int first = PARA_TOOLS + PARA_SANDBOX_COMMANDS, more = 0;
    for (int tool = 0; tool < PARA_TOOLS; tool++) {
        int own = para_sandbox_palette((ParaTool)tool);
        more = own > more ? own : more;
    }
    float room = page->width / page->unit - 2 * MARGIN + GAP;
    Grid g = {.unit = page->unit, .columns = (int)(room / (least + GAP))};
    g.columns = g.columns < 3 ? 3 : g.columns > first ? first : g.columns;
    int full = (first + g.columns - 1) / g.columns; // rows, which are filled evenly
    g.columns = (first + full - 1) / full;
    g.wide = fminf(room / (float)g.columns - GAP, BUTTON_WIDE * 1.3f);
    g.palette_first_row = full;
    g.rows = full + (more + g.columns - 1) / g.columns;
    return g;
}

static float height_of(const Grid *g)
{
    return (2 * MARGIN - GAP + (float)g->rows * (BUTTON_HIGH + GAP) + (g->tight ? 0 : HINT_HIGH)) * g->unit;
}

static Grid grid_of(const ParaPage *page)
{
    Grid g = grid_for(page, BUTTON_WIDE);
    if (height_of(&g) <= BAR_SHARE * page->height)
        return g;
    g = grid_for(page, BUTTON_TIGHT);
    g.tight = true;
    return g;
}

static ParaRect button_of(const Grid *g, int k)
{
    int first = PARA_TOOLS + PARA_SANDBOX_COMMANDS, at = k < first ? k : k - first;
    int row = at / g->columns + (k < first ? 0 : g->palette_first_row);
    return (ParaRect){(MARGIN + (float)(at % g->columns) * (g->wide + GAP)) * g->unit,
                      (MARGIN + (float)row * (BUTTON_HIGH + GAP)) * g->unit, g->wide * g->unit,
                      BUTTON_HIGH * g->unit};
}

float para_sandbox_bar(const ParaPage *page)
{
    Grid g = grid_of(page);
    return height_of(&g);
}

int para_sandbox_button_at(const ParaSandbox *s, const ParaPage *page, ParaVec2 px)
{
    Grid g = grid_of(page);
    int count = PARA_TOOLS + PARA_SANDBOX_COMMANDS + para_sandbox_palette(s->tool);
    for (int k = 0; k < count; k++)
        if (para_rect_holds(button_of(&g, k), px.x, px.y))
            return k;
    return -1;
}

// ---------------------------------------------------------------------------------------------
// The bar.

/// A key, or so much of a word as tells it from the others.
static void tight_label_of(const ParaSandbox *s, int k, char *out, size_t size)
{
    static const char *const keys_of[PARA_SANDBOX_COMMANDS] = {"P", "U", "R", "^S", "F1"};
    int command = k - PARA_TOOLS, choice = command - PARA_SANDBOX_COMMANDS;
    if (command < 0)
        snprintf(out, size, "%d", (k + 1) % 10);
    else if (choice < 0)
        snprintf(out, size, "%s", keys_of[command]);
    else
        snprintf(out, size, "%.2s",
                 s->tool == PARA_TOOL_SPAWN ? para_stamps[choice].word
                 : choice == PARA_STUFFS    ? "Fixed"
                                            : para_stuffs[choice].word);
}

static void label_of(const ParaSandbox *s, int k, char *out, size_t size)
{
    int command = k - PARA_TOOLS, choice = command - PARA_SANDBOX_COMMANDS;
    if (command < 0)
        snprintf(out, size, "%d %s", (k + 1) % 10, para_tool_word((ParaTool)k));
    else if (choice < 0)
        snprintf(out, size, "%s", command == 0 && s->paused ? "Go on" : commands[command]);
    else if (s->tool == PARA_TOOL_SPAWN)
        snprintf(out, size, "%s", para_stamps[choice].word);
    else
        snprintf(out, size, "%s", choice == PARA_STUFFS ? "Fixed" : para_stuffs[choice].word);
}

static bool is_chosen(const ParaSandbox *s, int k)
{
    int command = k - PARA_TOOLS, choice = command - PARA_SANDBOX_COMMANDS;
    if (command < 0)
        return k == (int)s->tool;
    if (choice < 0)
        return command == 0 && s->paused;
    return s->tool == PARA_TOOL_SPAWN ? choice == s->stamp
           : choice == PARA_STUFFS    ? s->fixed
                                      : choice == s->material;
}

static void draw_bar(const ParaSandbox *s, ParaPage *page)
{
    Grid g = grid_of(page);
    int count = PARA_TOOLS + PARA_SANDBOX_COMMANDS + para_sandbox_palette(s->tool);
    float u = page->unit, bar = height_of(&g), high = para_page_line(page, PARA_TEXT_SMALL);
    para_page_box(page, (ParaRect){0, 0, page->width, bar}, 0, PARA_INK_PANEL, PARA_INK_PANEL);
    for (int k = 0; k < count; k++)
        para_page_frame(page, button_of(&g, k), 6 * u, PARA_INK_TRACK,
                        is_chosen(s, k) ? PARA_INK_ACCENT : PARA_INK_TRACK, is_chosen(s, k) ? 2 * u : 0);
    para_page_draw(page);
    for (int k = 0; k < count; k++) {
        char label[32];
        ParaRect r = button_of(&g, k);
        (g.tight ? tight_label_of : label_of)(s, k, label, sizeof label);
        r.x += u;
        r.width -= 2 * u;
        para_page_text_middle(page, r, r.y + 0.5f * (r.height - high), PARA_TEXT_SMALL, PARA_INK_TEXT, label);
    }
    if (g.tight)
        return;
    // In the middle of what the buttons leave: a tool without a palette leaves more.
    ParaRect last = button_of(&g, count - 1);
    float below = last.y + last.height;
    para_page_text_fitted(page, MARGIN * u, below + 0.5f * (bar - below - high), PARA_TEXT_SMALL,
                          PARA_INK_TEXT_DIM, para_tool_about(s->tool), page->width - 2 * MARGIN * u);
}

// ---------------------------------------------------------------------------------------------
// What is being drawn.

static void line(ParaPage *page, const ParaCamera *camera, ParaVec2 a, ParaVec2 b, int ink)
{
    para_scene_line(&page->panels, a, b, 1.5f * page->unit / camera->scale, ink);
}

static void draw_arrow(ParaPage *page, const ParaCamera *camera, ParaVec2 a, ParaVec2 b)
{
    float x = a.x - b.x, y = a.y - b.y, size = hypotf(x, y), head = 12 * page->unit / camera->scale;
    line(page, camera, a, b, PARA_INK_WARN);
    if (size < 1e-3f)
        return;
    x *= head / size;
    y *= head / size;
    line(page, camera, b, (ParaVec2){b.x + 0.8f * x - 0.5f * y, b.y + 0.8f * y + 0.5f * x}, PARA_INK_WARN);
    line(page, camera, b, (ParaVec2){b.x + 0.8f * x + 0.5f * y, b.y + 0.8f * y - 0.5f * x}, PARA_INK_WARN);
}

static void draw_box(ParaPage *page, const ParaCamera *camera, ParaVec2 a, ParaVec2 b)
{
    const ParaVec2 corners[] = {a, {b.x, a.y}, b, {a.x, b.y}};
    for (int i = 0; i < 4; i++)
        line(page, camera, corners[i], corners[(i + 1) % 4], PARA_INK_ACCENT);
}

static void draw_disc(ParaPage *page, const ParaCamera *camera, ParaVec2 a, ParaVec2 b)
{
    float radius = hypotf(b.x - a.x, b.y - a.y);
    ParaVec2 before = {a.x + radius, a.y};
    for (int i = 1; i <= ROUND; i++) {
        float turn = 6.2831853f * (float)i / ROUND;
        ParaVec2 next = {a.x + radius * cosf(turn), a.y + radius * sinf(turn)};
        line(page, camera, before, next, PARA_INK_ACCENT);
        before = next;
    }
}

static void draw_stroke(const ParaSandbox *s, ParaPage *page, const ParaCamera *camera)
{
    int step = 1 + s->stroke_count / 256;
    ParaVec2 before = s->stroke[0];
    for (int i = step; i < s->stroke_count; i += step) {
        line(page, camera, before, s->stroke[i], PARA_INK_ACCENT);
        before = s->stroke[i];
    }
    line(page, camera, before, s->at, PARA_INK_ACCENT);
    line(page, camera, s->at, s->stroke[0], PARA_INK_TEXT_DIM); // how it will be closed
}

static void draw_held(const ParaSandbox *s, const ParaGame *game, ParaPage *page, const ParaCamera *camera)
{
    const ParaHold *hold = &game->env.play.hold;
    const ParaView *view = para_world_view(game->env.world);
    if (hold->held == 0)
        return;
    int k = (hold->held - 1) * view->stride;
    ParaVec2 at = {view->x[k] + view->cos[k] * hold->anchor.x - view->sin[k] * hold->anchor.y,
                   view->y[k] + view->sin[k] * hold->anchor.x + view->cos[k] * hold->anchor.y};
    line(page, camera, at, s->at, PARA_INK_ACCENT);
    para_scene_circle(&page->panels, at, 4 * page->unit / camera->scale, PARA_INK_ACCENT);
}

static void draw_work(const ParaSandbox *s, const ParaGame *game, ParaPage *page, const ParaCamera *camera)
{
    draw_held(s, game, page, camera);
    if (s->pressed && s->tool == PARA_TOOL_DRAW)
        draw_stroke(s, page, camera);
    if (s->pressed && s->tool == PARA_TOOL_BOX)
        draw_box(page, camera, s->from, s->at);
    if (s->pressed && s->tool == PARA_TOOL_DISC)
        draw_disc(page, camera, s->from, s->at);
    if (s->pressed && (s->tool == PARA_TOOL_CUT || s->tool == PARA_TOOL_JOIN))
        line(page, camera, s->from, s->at, s->tool == PARA_TOOL_CUT ? PARA_INK_BAD : PARA_INK_ACCENT);
    if (s->pressed && s->tool == PARA_TOOL_GRAVITY)
        draw_arrow(page, camera, s->from, s->at);
    para_window_scene(page->window, &page->panels, camera);
    para_scene_clear(&page->panels);
    if (!s->pressed || s->tool != PARA_TOOL_GRAVITY)
        return;
    char says[48];
    ParaVec2 to = para_camera_to_screen(camera, s->at);
    para_text_format(says, sizeof says, "%.1f m/s\xc2\xb2",
                     (double)(ARROW * hypotf(s->at.x - s->from.x, s->at.y - s->from.y)));
    para_page_text(page, to.x + 12 * page->unit, to.y, PARA_TEXT_SMALL, PARA_INK_WARN, says);
}

void para_sandbox_draw(const ParaSandbox *s, const ParaGame *game, ParaPage *page, const ParaCamera *camera)
{
    draw_work(s, game, page, camera);
    draw_bar(s, page);
}
