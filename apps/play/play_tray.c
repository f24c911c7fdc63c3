// SPDX-License-Identifier: MIT
// The tray: two rows of buttons above a line; each button is a line that it types.
#include "apps/play/play_tray.h"

#include "apps/page/page.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS      6
#define COLUMNS_FEW  4      // in a narrow window
#define NARROW       680.0f // [unit]
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
                                 {"Flip", "flip gravity", NO_TOY},
                                 {"Upright", "gravity back", NO_TOY}};
enum { BUTTONS = sizeof buttons / sizeof *buttons };

// ---------------------------------------------------------------------------------------------
// Where things are.

static int columns_of(const ParaPaint *paint)
{
    return paint->width < NARROW * paint->unit ? COLUMNS_FEW : COLUMNS;
}

static int rows_of(const ParaPaint *paint) { return (BUTTONS + columns_of(paint) - 1) / columns_of(paint); }

/// The tray's own scale [px]: as the window's, smaller where it would not fit.
static float unit_of(const ParaPaint *paint)
{
    float wide = (float)columns_of(paint) * (BUTTON_WIDE + GAP) + 3 * GAP;
    return fminf(paint->unit, (paint->width - 8) / wide);
}

static ParaRect box_of(const ParaPaint *paint)
{
    float u = unit_of(paint), wide = ((float)columns_of(paint) * (BUTTON_WIDE + GAP) + GAP) * u;
    float high = ((float)rows_of(paint) * (BUTTON_HIGH + GAP) + LINE_HIGH + 2 * GAP) * u;
    return (ParaRect){0.5f * (paint->width - wide), paint->height - ABOVE_BOTTOM * paint->unit - high, wide,
                      high};
}

static ParaRect button_of(const ParaPaint *paint, int k)
{
    float u = unit_of(paint);
    int columns = columns_of(paint);
    ParaRect box = box_of(paint);
    return (ParaRect){box.x + (GAP + (float)(k % columns) * (BUTTON_WIDE + GAP)) * u,
                      box.y + (GAP + (float)(k / columns) * (BUTTON_HIGH + GAP)) * u, BUTTON_WIDE * u,
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
    tray->open = open;
    tray->typing = open;
    tray->watching = false;
    tray->line[0] = tray->answer[0] = '\0';
}

bool para_tray_is_still(const ParaTray *tray) { return tray->open && !tray->watching; }

/// @return whether it will happen; then what was typed is gone
static bool take(ParaTray *tray, ParaGame *game, const char *line)
{
    if (!para_game_type(game, line, tray->answer, sizeof tray->answer))
        return false;
    snprintf(tray->last, sizeof tray->last, "%s", line);
    return true;
}

/// What was typed. Taken, the line is empty and waits for more, and time shows what came of it.
static void enter(ParaTray *tray, ParaGame *game)
{
    char line[PARA_TRAY_LINE];
    memcpy(line, tray->line, sizeof line);
    if (!*line)
        para_tray_show(tray, false);
    else if (take(tray, game, line)) {
        para_tray_show(tray, true);
        tray->watching = true;
    }
}

/// Takes off the last letter, with all its bytes.
static void rub_out(ParaTray *tray)
{
    size_t length = strlen(tray->line);
    while (length > 0 && ((unsigned char)tray->line[--length] & 0xc0) == 0x80) {
    }
    tray->line[length] = '\0';
}

/// While time shows what came of a line, a key that writes nothing is the level's: it steers, or goes back in
/// time.
static bool is_levels(const ParaTray *tray, SDL_Keycode code)
{
    return tray->watching && code != SDLK_KP_ENTER &&
           (code & SDLK_SCANCODE_MASK || code == SDLK_BACKSPACE || code == SDLK_TAB);
}

bool para_tray_key(ParaTray *tray, ParaGame *game, SDL_Keycode code)
{
    if (!tray->open || !tray->typing || is_levels(tray, code))
        return false;
    switch (code) {
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
        enter(tray, game);
        break;
    case SDLK_ESCAPE:
        para_tray_show(tray, false);
        break;
    case SDLK_BACKSPACE:
        rub_out(tray);
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
    tray->watching = false;
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
    if (take(tray, game, line))
        para_tray_show(tray, false);
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

#define ANSWER_LINES 5    // that an answer has at most
#define ANSWER_EDGE  8.0f // [unit]

/// The height of what is wrong with a line, whole, however many lines it takes.
static float answer_height(const ParaTray *tray, ParaPage *page, float room)
{
    return *tray->answer
               ? para_page_text_block_height(page, PARA_TEXT_SMALL, tray->answer, room, ANSWER_LINES) +
                     2 * ANSWER_EDGE * page->unit
               : 0.0f;
}

/// A page over the same frame, which breaks lines.
static ParaPage page_of(const ParaPaint *paint)
{
    return (ParaPage){
        .window = paint->window, .width = paint->width, .height = paint->height, .unit = paint->unit};
}

static float answer_room(const ParaPaint *paint)
{
    return box_of(paint).width - 2 * (ANSWER_EDGE + 10) * unit_of(paint);
}

float para_tray_top(const ParaTray *tray, const ParaPaint *paint)
{
    ParaPage page = page_of(paint);
    float answer = answer_height(tray, &page, answer_room(paint)),
          above = answer > 0 ? answer + GAP * unit_of(paint) : 0;
    return tray->open ? fmaxf(box_of(paint).y - above, 4 * paint->unit) : paint->height;
}

/// Above the buttons, or over them where the window is too low.
static void draw_answer(const ParaTray *tray, ParaPaint *paint)
{
    ParaPage page = page_of(paint);
    ParaRect box = box_of(paint), r = {box.x, para_tray_top(tray, paint), box.width, 0};
    if (!*tray->answer)
        return;
    r.height = answer_height(tray, &page, answer_room(paint));
    para_paint_panel(paint, r, 10 * paint->unit, PARA_INK_BACKGROUND, PARA_INK_BACKGROUND);
    para_paint_panel(paint, r, 10 * paint->unit, PARA_INK_PANEL, PARA_INK_WARN);
    para_paint_flush(paint);
    para_page_text_block(&page, r.x + (ANSWER_EDGE + 10) * unit_of(paint), r.y + ANSWER_EDGE * paint->unit,
                         PARA_TEXT_SMALL, PARA_INK_WARN, tray->answer, answer_room(paint), ANSWER_LINES);
}

static void draw_buttons(const ParaTray *tray, ParaPaint *paint)
{
    float u = unit_of(paint), high = para_window_line_height(paint->window, PARA_TEXT_SMALL);
    for (int k = 0; k < BUTTONS; k++) {
        bool armed = buttons[k].toy == tray->armed;
        para_paint_panel(paint, button_of(paint, k), 8 * u, PARA_INK_TRACK,
                         armed ? PARA_INK_ACCENT : PARA_INK_TRACK);
    }
    para_paint_flush(paint);
    for (int k = 0; k < BUTTONS; k++) {
        ParaRect r = button_of(paint, k);
        float wide = para_window_text_width(paint->window, PARA_TEXT_SMALL, buttons[k].label);
        float room = r.width - 6 * u;
        para_paint_text_fitted(paint, r.x + 0.5f * (r.width - fminf(wide, room)),
                               r.y + 0.5f * (r.height - high), PARA_TEXT_SMALL, PARA_INK_TEXT,
                               buttons[k].label, room);
    }
}

static void draw_line(const ParaTray *tray, ParaPaint *paint, ParaRect r)
{
    static const char *const hints[] = {"type: drop crate at 4 6, wind 5, flood 2, flip gravity, push 3 ...",
                                        "type: drop crate at 4 6, wind 5 ...", "type: wind 5 ..."};
    static const char more[] = "done; type the next one, or Esc to play on";
    char shown[PARA_TRAY_LINE + 8];
    float u = unit_of(paint),
          y = r.y + 0.5f * (r.height - para_window_line_height(paint->window, PARA_TEXT_SMALL));
    bool empty = !*tray->line;
    int hint = 0;
    while (hint < 2 && para_window_text_width(paint->window, PARA_TEXT_SMALL, hints[hint]) > r.width - 20 * u)
        hint++;
    para_paint_panel(paint, r, 8 * u, PARA_INK_TRACK,
                     *tray->answer  ? PARA_INK_WARN
                     : tray->typing ? PARA_INK_ACCENT
                                    : PARA_INK_TRACK);
    para_paint_flush(paint);
    snprintf(shown, sizeof shown, "%s%s", tray->line, tray->typing ? "_" : "");
    para_paint_text_fitted(paint, r.x + 10 * u, y, PARA_TEXT_SMALL, empty ? PARA_INK_TEXT_DIM : PARA_INK_TEXT,
                           !empty           ? shown
                           : tray->watching ? more
                                            : hints[hint],
                           r.width - 20 * u);
}

void para_tray_draw(const ParaTray *tray, ParaPaint *paint)
{
    if (!tray->open)
        return;
    float u = unit_of(paint);
    ParaRect box = box_of(paint), line = {box.x + GAP * u, 0, box.width - 2 * GAP * u, LINE_HIGH * u};
    line.y = box.y + box.height - (LINE_HIGH + GAP) * u;
    para_paint_panel(paint, box, 12 * u, PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    draw_buttons(tray, paint);
    draw_line(tray, paint, line);
    draw_answer(tray, paint);
}
