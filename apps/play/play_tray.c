// SPDX-License-Identifier: MIT
// The tray: two rows of buttons above a line; each button is a line that it types.
#include "apps/play/play_tray.h"

#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS      6
#define GAP          8.0f   // [unit]
#define BUTTON_WIDE  104.0f // [unit]
#define BUTTON_HIGH  30.0f  // [unit]
#define LINE_HIGH    34.0f  // [unit]
#define ABOVE_BOTTOM 44.0f  // [unit] of the window
#define PLACE_GRAIN  100.0f // [1/m] of a place that was clicked
#define NO_TOY       (-1)

typedef struct Button {
    const char *label, *line;
    int toy; // [ParaToy] that it arms
} Button;

static const Button buttons[] = {{"Crate", "drop crate", PARA_TOY_CRATE},
                                 {"Ball", "drop ball", PARA_TOY_BALL},
                                 {"Plank", "drop plank", PARA_TOY_PLANK},
                                 {"Spike", "drop spike", PARA_TOY_SPIKE},
                                 {"Push", "push 3 3", NO_TOY},
                                 {"Blast", "blast", NO_TOY},
                                 {"Wind", "wind 5", NO_TOY},
                                 {"Calm", "calm", NO_TOY},
                                 {"Flood", "", NO_TOY}, // to the player's height
                                 {"Drain", "drain", NO_TOY},
                                 {"Flip gravity", "flip gravity", NO_TOY},
                                 {"Gravity back", "gravity back", NO_TOY}};
enum { BUTTONS = sizeof buttons / sizeof *buttons, ROWS = (BUTTONS + COLUMNS - 1) / COLUMNS };

// ---------------------------------------------------------------------------------------------
// Where things are.

/// The tray's own scale [px]: as the window's, smaller where it would not fit.
static float unit_of(const ParaPaint *paint)
{
    float wide = COLUMNS * (BUTTON_WIDE + GAP) + 3 * GAP;
    return fminf(paint->unit, (paint->width - 8) / wide);
}

static ParaRect box_of(const ParaPaint *paint)
{
    float u = unit_of(paint), wide = (COLUMNS * (BUTTON_WIDE + GAP) + GAP) * u;
    float high = (ROWS * (BUTTON_HIGH + GAP) + LINE_HIGH + 2 * GAP) * u;
    return (ParaRect){0.5f * (paint->width - wide), paint->height - ABOVE_BOTTOM * paint->unit - high, wide,
                      high};
}

static ParaRect button_of(const ParaPaint *paint, int k)
{
    float u = unit_of(paint);
    ParaRect box = box_of(paint);
    return (ParaRect){box.x + (GAP + (float)(k % COLUMNS) * (BUTTON_WIDE + GAP)) * u,
                      box.y + (GAP + (float)(k / COLUMNS) * (BUTTON_HIGH + GAP)) * u, BUTTON_WIDE * u,
                      BUTTON_HIGH * u};
}

static bool is_in(ParaRect r, float x, float y)
{
    return x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height;
}

// ---------------------------------------------------------------------------------------------
// What somebody does.

void para_tray_show(ParaTray *tray, bool open)
{
    tray->open = open || tray->stays;
    tray->typing = open;
    tray->line[0] = tray->answer[0] = '\0';
}

bool para_tray_is_still(const ParaTray *tray) { return tray->open && (tray->typing || !tray->stays); }

/// @return whether it will happen; then what was typed is gone
static bool take(ParaTray *tray, ParaGame *game, const char *line)
{
    if (!para_game_type(game, line, tray->answer, sizeof tray->answer))
        return false;
    snprintf(tray->last, sizeof tray->last, "%s", line);
    para_tray_show(tray, false);
    return true;
}

bool para_tray_key(ParaTray *tray, ParaGame *game, SDL_Keycode code)
{
    if (!tray->open || !tray->typing)
        return false;
    size_t length = strlen(tray->line);
    char line[PARA_TRAY_LINE];
    switch (code) {
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        memcpy(line, tray->line, sizeof line);
        if (length > 0)
            take(tray, game, line);
        else
            para_tray_show(tray, false);
        break;
    case SDLK_ESCAPE:
        para_tray_show(tray, false);
        break;
    case SDLK_BACKSPACE:
        while (length > 0 && ((unsigned char)tray->line[--length] & 0xc0) == 0x80) {
        }
        tray->line[length] = '\0';
        break;
    case SDLK_UP:
        memcpy(tray->line, tray->last, sizeof tray->line);
        break;
    default:
        break;
    }
    return true;
}

void para_tray_type(ParaTray *tray, const char *text)
{
    size_t length = strlen(tray->line);
    bool opener = length == 0 && strcmp(text, "/") == 0; // the key that opened it
    if (!tray->open || !tray->typing || opener || length + strlen(text) >= sizeof tray->line)
        return;
    memcpy(tray->line + length, text, strlen(text) + 1);
    tray->answer[0] = '\0';
}

static void press(ParaTray *tray, ParaGame *game, const Button *button)
{
    char line[PARA_TRAY_LINE];
    const ParaView *view = para_world_view(game->env.world);
    int body = game->env.level->players[0].body * view->stride;
    snprintf(line, sizeof line, "%s", button->line);
    if (!*button->line)
        para_text_format(line, sizeof line, "flood %.1f",
                         isfinite(view->centre_y[body]) ? (double)view->centre_y[body] : 0.0);
    if (button->toy != NO_TOY)
        tray->armed = button->toy;
    take(tray, game, line);
}

bool para_tray_click(ParaTray *tray, ParaGame *game, const ParaPaint *paint, float x, float y)
{
    if (!tray->open)
        return false;
    for (int k = 0; k < BUTTONS; k++)
        if (is_in(button_of(paint, k), x, y)) {
            press(tray, game, &buttons[k]);
            return true;
        }
    return is_in(box_of(paint), x, y);
}

void para_tray_drop(ParaTray *tray, ParaGame *game, ParaVec2 at)
{
    const ParaMeddle meddle = {
        .kind = (uint32_t)tray->armed,
        .numbers = {roundf(at.x * PLACE_GRAIN) / PLACE_GRAIN, roundf(at.y * PLACE_GRAIN) / PLACE_GRAIN}};
    if (para_game_meddle(game, &meddle, tray->answer, sizeof tray->answer))
        para_tray_show(tray, false);
}

// ---------------------------------------------------------------------------------------------
// Drawing.

void para_tray_draw(const ParaTray *tray, ParaPaint *paint)
{
    if (!tray->open)
        return;
    float u = unit_of(paint), y;
    ParaRect box = box_of(paint), line = {box.x + GAP * u, 0, box.width - 2 * GAP * u, LINE_HIGH * u};
    line.y = box.y + box.height - (LINE_HIGH + GAP) * u;
    para_paint_panel(paint, box, 12 * u, PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    for (int k = 0; k < BUTTONS; k++) {
        bool armed = buttons[k].toy == tray->armed;
        para_paint_panel(paint, button_of(paint, k), 8 * u, PARA_INK_TRACK,
                         armed ? PARA_INK_ACCENT : PARA_INK_TRACK);
    }
    para_paint_panel(paint, line, 8 * u, PARA_INK_TRACK,
                     *tray->answer  ? PARA_INK_WARN
                     : tray->typing ? PARA_INK_ACCENT
                                    : PARA_INK_TRACK);
    para_paint_flush(paint);
    float high = para_window_line_height(paint->window, PARA_TEXT_SMALL);
    for (int k = 0; k < BUTTONS; k++) {
        ParaRect r = button_of(paint, k);
        float wide = para_window_text_width(paint->window, PARA_TEXT_SMALL, buttons[k].label);
        float room = r.width - 6 * u;
        para_paint_text_fitted(paint, r.x + 0.5f * (r.width - fminf(wide, room)),
                               r.y + 0.5f * (r.height - high), PARA_TEXT_SMALL, PARA_INK_TEXT,
                               buttons[k].label, room);
    }
    char shown[PARA_TRAY_LINE + 8];
    y = line.y + 0.5f * (line.height - high);
    bool empty = !*tray->line;
    snprintf(shown, sizeof shown, "%s%s", tray->line, tray->typing ? "_" : "");
    para_paint_text_fitted(paint, line.x + 10 * u, y, PARA_TEXT_SMALL,
                           *tray->answer ? PARA_INK_WARN
                           : empty       ? PARA_INK_TEXT_DIM
                                         : PARA_INK_TEXT,
                           *tray->answer ? tray->answer
                           : empty ? "type: drop crate at 4 6, wind 5, flood 2, flip gravity, push 3 ..."
                                   : shown,
                           line.width - 20 * u);
}
