// SPDX-License-Identifier: MIT
// Tools: from the mouse to meddles. What belongs together waits in a queue until the game stands between two
// decisions; a mark before each lets it be undone.
#include "apps/sandbox/sandbox.h"

#include "apps/sandbox/palette.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GRAIN        1000.0f // [1/m] of places: a millimetre
#define HAND_STEP    0.01f   // [m] a hand moves before it is told
#define PULL         4.0f    // [1/s^2] of gravity per metre of its arrow
#define CLICK        0.15f   // [m] of a drag that is none
#define ZOOM_NOTCH   1.15f   // [1]
#define ZOOM_LEAST   0.2f
#define ZOOM_MOST    20.0f
#define STROKE_STEP  2.0f    // [px] between points of a stroke
#define STROKE_SLACK 0.03    // [m]
#define FARTHEST     1900.0f // [m] that a place may be

const ParaStamp para_stamps[PARA_STAMPS] = {{"Crate", PARA_MEDDLE_BOX, PARA_MATERIAL_WOOD, 0.9f, 0.9f},
                                            {"Ball", PARA_MEDDLE_DISC, PARA_MATERIAL_RUBBER, 0.8f, 0},
                                            {"Plank", PARA_MEDDLE_BOX, PARA_MATERIAL_WOOD, 3.5f, 0.25f},
                                            {"Rock", PARA_MEDDLE_DRAW, PARA_MATERIAL_STONE, 1.2f, 0},
                                            {"Girder", PARA_MEDDLE_BOX, PARA_MATERIAL_METAL, 3.0f, 0.3f},
                                            {"Ice", PARA_MEDDLE_BOX, PARA_MATERIAL_ICE, 1.2f, 0.8f},
                                            {"Pillow", PARA_MEDDLE_BOX, PARA_MATERIAL_CLOTH, 1.6f, 0.6f}};
const ParaStuff para_stuffs[PARA_STUFFS] = {{"Wood", PARA_MATERIAL_WOOD},     {"Stone", PARA_MATERIAL_STONE},
                                            {"Metal", PARA_MATERIAL_METAL},   {"Ice", PARA_MATERIAL_ICE},
                                            {"Rubber", PARA_MATERIAL_RUBBER}, {"Earth", PARA_MATERIAL_EARTH}};

void para_sandbox_begin(ParaSandbox *sandbox, const ParaGame *game)
{
    const ParaVec2 size = game->env.level->world.size;
    sandbox->pressed = sandbox->panning = false;
    sandbox->held = -1;
    sandbox->queue_count = sandbox->mark_count = sandbox->stroke_count = 0;
    sandbox->told[0] = '\0';
    if (sandbox->zoom > 0)
        return;
    sandbox->zoom = 1;
    sandbox->centre = (ParaVec2){0.5f * size.x, 0.5f * size.y};
}

static float grain(float x)
{
    x = x < -FARTHEST ? -FARTHEST : x > FARTHEST ? FARTHEST : x;
    return roundf(x * GRAIN) / GRAIN;
}

static float apart(ParaVec2 a, ParaVec2 b) { return hypotf(b.x - a.x, b.y - a.y); }

// ---------------------------------------------------------------------------------------------
// The queue.

static void push(ParaSandbox *s, ParaMeddleKind kind, float a, float b, float c, float d, bool last)
{
    if (s->queue_count < PARA_SANDBOX_QUEUE)
        s->queue[s->queue_count++] =
            (ParaMeddle){.decision = last, .kind = (uint32_t)kind, .numbers = {a, b, c, d}};
}

static void push_points(ParaSandbox *s, ParaVec2 a, ParaVec2 b)
{
    push(s, PARA_MEDDLE_POINT, grain(a.x), grain(a.y), grain(b.x), grain(b.y), false);
}

static int meddles_of(const ParaGame *game) { return para_recorder_so_far(game->env.recorder)->meddle_count; }

static void mark(ParaSandbox *s, const ParaGame *game)
{
    if (s->mark_count == PARA_SANDBOX_UNDOS)
        memmove(s->marks, s->marks + 1, sizeof *s->marks * (size_t)--s->mark_count);
    s->marks[s->mark_count++] = (ParaSandboxMark){game->env.decisions, meddles_of(game)};
}

/// Things that belong together. What is refused leaves no mark.
static void do_one(ParaSandbox *s, ParaGame *game, int first, int last)
{
    char why[PARA_MEDDLE_SAYS] = "";
    bool good = true;
    mark(s, game);
    for (int k = first; good && k <= last; k++)
        good = para_game_do(game, &s->queue[k], why, sizeof why);
    if (good)
        return;
    s->mark_count--;
    if (s->queue[last].kind == PARA_MEDDLE_GRAB)
        s->held = -1;
    snprintf(s->told, sizeof s->told, "%s", why);
}

static void move_hand(ParaSandbox *s, ParaGame *game)
{
    ParaVec2 to = {grain(s->at.x), grain(s->at.y)};
    if (s->held < 0 || game->env.play.hold.held == 0 || apart(to, s->hand) < HAND_STEP)
        return;
    const ParaMeddle move = {.kind = PARA_MEDDLE_HAND, .numbers = {to.x, to.y}};
    if (para_game_do(game, &move, s->told, sizeof s->told))
        s->hand = to;
}

void para_sandbox_work(ParaSandbox *s, ParaGame *game)
{
    if (!para_sandbox_is_between(game) || para_game_over(game)) {
        if (para_game_over(game))
            s->queue_count = 0;
        return;
    }
    for (int first = 0, k = 0; k < s->queue_count; k++)
        if (s->queue[k].decision) {
            do_one(s, game, first, k);
            first = k + 1;
        }
    s->queue_count = 0;
    move_hand(s, game);
    if (s->held < 0 && game->env.play.hold.held > 0) {
        const ParaMeddle let = {.kind = PARA_MEDDLE_LET};
        para_game_do(game, &let, s->told, sizeof s->told);
    }
}

void para_sandbox_undo(ParaSandbox *s, ParaGame *game)
{
    s->held = -1;
    s->pressed = false;
    s->queue_count = 0;
    while (s->mark_count > 0 && (s->marks[s->mark_count - 1].decision > game->env.decisions ||
                                 s->marks[s->mark_count - 1].meddles >= meddles_of(game)))
        s->mark_count--; // time went back over it
    if (s->mark_count == 0) {
        snprintf(s->told, sizeof s->told, "nothing to undo");
        return;
    }
    const ParaSandboxMark to = s->marks[--s->mark_count];
    if (!para_game_undo(game, to.decision, to.meddles))
        snprintf(s->told, sizeof s->told, "that is too long ago to be undone");
}

// ---------------------------------------------------------------------------------------------
// Bodies under the mouse.

/// Up to two bodies at a place, what is on top first. @param still bodies that do not move count too
static int bodies_at(const ParaGame *game, ParaVec2 at, bool still, int out[2])
{
    enum { FOUND_MAX = 64 };
    int32_t shapes[FOUND_MAX];
    const ParaWorldDef *def = &game->env.level->world;
    int count = para_world_at_point(game->env.world, at, shapes, FOUND_MAX), found = 0;
    for (int i = (count < FOUND_MAX ? count : FOUND_MAX) - 1; i >= 0 && found < 2; i--) {
        int body = def->shapes[shapes[i]].body;
        if ((found == 1 && out[0] == body) || (!still && def->bodies[body].kind != PARA_BODY_DYNAMIC))
            continue;
        out[found++] = body;
    }
    return found;
}

static void with_body(ParaSandbox *s, const ParaGame *game, ParaMeddleKind kind)
{
    int bodies[2];
    if (bodies_at(game, s->at, true, bodies) == 0) {
        if (!s->pressed)
            snprintf(s->told, sizeof s->told, "there is nothing here");
        return;
    }
    if (kind == PARA_MEDDLE_TAKE && para_level_owner(game->env.level, bodies[0]) >= 0) {
        snprintf(s->told, sizeof s->told, "the player stays");
        return;
    }
    float offset = kind == PARA_MEDDLE_CLONE ? 0.6f : 0;
    push(s, kind, (float)bodies[0], kind == PARA_MEDDLE_CLONE ? grain(s->at.x + offset) : 0,
         kind == PARA_MEDDLE_CLONE ? grain(s->at.y + offset) : 0, 0, true);
}

// ---------------------------------------------------------------------------------------------
// What tools do.

static void begin_hand(ParaSandbox *s, const ParaGame *game)
{
    int bodies[2];
    if (bodies_at(game, s->at, false, bodies) == 0) {
        s->panning = true;
        s->pressed = false;
        return;
    }
    s->held = bodies[0];
    s->hand = (ParaVec2){grain(s->at.x), grain(s->at.y)};
    push(s, PARA_MEDDLE_GRAB, (float)s->held, s->hand.x, s->hand.y, 0, true);
}

static void spawn(ParaSandbox *s)
{
    const ParaStamp *stamp = &para_stamps[s->stamp];
    float half = 0.5f * stamp->wide;
    ParaVec2 at = s->at;
    if (stamp->kind == PARA_MEDDLE_BOX) {
        push_points(s, (ParaVec2){at.x - half, at.y - 0.5f * stamp->high},
                    (ParaVec2){at.x + half, at.y + 0.5f * stamp->high});
    } else if (stamp->kind == PARA_MEDDLE_DISC) {
        push_points(s, at, (ParaVec2){at.x + half, at.y});
    } else { // a rock of seven corners
        static const float corner[8][2] = {{1, -0.2f},  {0.7f, 0.6f},   {0, 0.9f},     {-0.8f, 0.6f},
                                           {-1, -0.1f}, {-0.6f, -0.8f}, {0.5f, -0.8f}, {0.5f, -0.8f}};
        for (int k = 0; k < 8; k += 2)
            push_points(s, (ParaVec2){at.x + half * corner[k][0], at.y + half * corner[k][1]},
                        (ParaVec2){at.x + half * corner[k + 1][0], at.y + half * corner[k + 1][1]});
    }
    push(s, stamp->kind, (float)stamp->material, 0, stamp->kind == PARA_MEDDLE_DRAW ? 8 : 0, 0, true);
}

static void finish_drawing(ParaSandbox *s)
{
    ParaOutline outline;
    para_outline_of_stroke(s->stroke, s->stroke_count, STROKE_SLACK, &outline);
    for (int k = 0; k < outline.count; k += 2)
        push_points(s, outline.points[k], outline.points[k + 1 < outline.count ? k + 1 : k]);
    int count = outline.count + outline.count % 2;
    if (count > 0)
        push(s, PARA_MEDDLE_DRAW, (float)para_stuffs[s->material].material, s->fixed, (float)count, 0, true);
}

static void finish_joint(ParaSandbox *s, const ParaGame *game)
{
    int one[2], two[2], ones = bodies_at(game, s->from, true, one);
    if (ones == 0) {
        snprintf(s->told, sizeof s->told, "begin on a body");
        return;
    }
    if (apart(s->from, s->at) < CLICK) {
        bool swap = ones == 2 && game->env.level->world.bodies[one[0]].kind != PARA_BODY_DYNAMIC;
        push(s, PARA_MEDDLE_HINGE, (float)one[swap], ones == 2 ? (float)one[!swap] : -1, grain(s->from.x),
             grain(s->from.y), true);
        return;
    }
    int twos = bodies_at(game, s->at, true, two);
    push_points(s, s->from, s->at);
    push(s, PARA_MEDDLE_SPRING, (float)one[0], twos > 0 ? (float)two[0] : -1, 0, 0, true);
}

static void finish(ParaSandbox *s, const ParaGame *game)
{
    ParaVec2 way = {s->at.x - s->from.x, s->at.y - s->from.y};
    bool drag = apart(s->from, s->at) >= CLICK;
    switch (s->tool) {
    case PARA_TOOL_HAND:
        s->held = -1; // the work lets go
        break;
    case PARA_TOOL_DRAW:
        finish_drawing(s);
        break;
    case PARA_TOOL_BOX:
    case PARA_TOOL_DISC:
        push_points(s, s->from, s->at);
        push(s, s->tool == PARA_TOOL_BOX ? PARA_MEDDLE_BOX : PARA_MEDDLE_DISC,
             (float)para_stuffs[s->material].material, s->fixed, 0, 0, true);
        break;
    case PARA_TOOL_CUT:
        if (drag)
            push(s, PARA_MEDDLE_SLICE, grain(s->from.x), grain(s->from.y), grain(s->at.x), grain(s->at.y),
                 true);
        break;
    case PARA_TOOL_JOIN:
        finish_joint(s, game);
        break;
    case PARA_TOOL_GRAVITY:
        push(s, PARA_MEDDLE_GRAVITY, drag ? grain(PULL * way.x) : 0, drag ? grain(PULL * way.y) : 0, 0, 0,
             true);
        break;
    case PARA_TOOL_PIN:
    case PARA_TOOL_ERASE:
    case PARA_TOOL_SPAWN:
    case PARA_TOOLS:
        break;
    }
}

// ---------------------------------------------------------------------------------------------
// The mouse.

void para_sandbox_move(ParaSandbox *s, ParaVec2 px, const ParaCamera *camera)
{
    ParaVec2 before = s->px;
    s->px = px;
    if (s->panning) {
        s->centre.x -= (px.x - before.x) / camera->scale;
        s->centre.y += (px.y - before.y) / camera->scale;
        return;
    }
    s->at = para_camera_to_world(camera, px);
    if (!s->pressed || s->tool != PARA_TOOL_DRAW || s->stroke_count == PARA_SANDBOX_STROKE)
        return;
    if (apart(s->stroke[s->stroke_count - 1], s->at) * camera->scale >= STROKE_STEP)
        s->stroke[s->stroke_count++] = s->at;
}

static ParaSandboxAsk press_button(ParaSandbox *s, ParaGame *game, int button)
{
    static const ParaSandboxAsk asks[PARA_SANDBOX_COMMANDS] = {
        PARA_SANDBOX_PAUSE, PARA_SANDBOX_TAKEN, PARA_SANDBOX_AGAIN, PARA_SANDBOX_SAVE, PARA_SANDBOX_HELP};
    int command = button - PARA_TOOLS, choice = command - PARA_SANDBOX_COMMANDS;
    if (command < 0) {
        s->tool = (ParaTool)button;
        return PARA_SANDBOX_TAKEN;
    }
    if (choice < 0) {
        if (command == 1)
            para_sandbox_undo(s, game);
        return asks[command];
    }
    if (s->tool == PARA_TOOL_SPAWN)
        s->stamp = choice;
    else if (choice == PARA_STUFFS)
        s->fixed = !s->fixed;
    else
        s->material = choice;
    return PARA_SANDBOX_TAKEN;
}

ParaSandboxAsk para_sandbox_press(ParaSandbox *s, ParaGame *game, uint8_t button, ParaVec2 px,
                                  const ParaCamera *camera, const ParaPage *page)
{
    int at = para_sandbox_button_at(s, page, px);
    s->px = px;
    if (at >= 0)
        return button == SDL_BUTTON_LEFT ? press_button(s, game, at) : PARA_SANDBOX_TAKEN;
    if (px.y < para_sandbox_bar(page))
        return PARA_SANDBOX_TAKEN;
    s->at = s->from = para_camera_to_world(camera, px);
    if (button != SDL_BUTTON_LEFT) {
        s->panning = true;
        return PARA_SANDBOX_TAKEN;
    }
    if (s->tool == PARA_TOOL_PIN)
        with_body(s, game, PARA_MEDDLE_PIN);
    if (s->tool == PARA_TOOL_ERASE)
        with_body(s, game, PARA_MEDDLE_TAKE);
    if (s->tool == PARA_TOOL_SPAWN)
        spawn(s);
    s->pressed = true;
    s->stroke_count = 0;
    s->stroke[s->stroke_count++] = s->at;
    if (s->tool == PARA_TOOL_HAND)
        begin_hand(s, game);
    return PARA_SANDBOX_TAKEN;
}

void para_sandbox_release(ParaSandbox *s, ParaGame *game, uint8_t button)
{
    s->panning = false;
    if (button != SDL_BUTTON_LEFT || !s->pressed)
        return;
    finish(s, game);
    s->pressed = false;
    s->stroke_count = 0;
}

void para_sandbox_wheel(ParaSandbox *s, int notches, const ParaCamera *camera)
{
    ParaVec2 under = para_camera_to_world(camera, s->px);
    float factor = powf(ZOOM_NOTCH, (float)notches), before = s->zoom;
    s->zoom = fminf(fmaxf(s->zoom * factor, ZOOM_LEAST), ZOOM_MOST);
    float share = before / s->zoom; // what is under the mouse stays there
    s->centre.x = under.x + (s->centre.x - under.x) * share;
    s->centre.y = under.y + (s->centre.y - under.y) * share;
}

ParaCamera para_sandbox_camera(const ParaSandbox *s, const ParaLevel *level, ParaRect area)
{
    ParaCamera camera = para_camera_fit(level->world.size, area);
    camera.scale *= s->zoom;
    camera.centre = s->centre;
    camera.screen = (ParaVec2){area.x + 0.5f * area.width, area.y + 0.5f * area.height};
    return camera;
}

// ---------------------------------------------------------------------------------------------
// Keys.

static bool choose(ParaSandbox *s, int way)
{
    bool spawns = s->tool == PARA_TOOL_SPAWN;
    int count = spawns ? PARA_STAMPS : PARA_STUFFS, *choice = spawns ? &s->stamp : &s->material;
    *choice = (*choice + way + count) % count;
    return true;
}

static bool key_for_bodies(ParaSandbox *s, const ParaGame *game, SDL_Keycode code, bool free)
{
    if (code == SDLK_DELETE)
        with_body(s, game, PARA_MEDDLE_TAKE);
    else if (free && code == SDLK_c)
        with_body(s, game, PARA_MEDDLE_CLONE);
    else
        return false;
    return true;
}

ParaSandboxAsk para_sandbox_key(ParaSandbox *s, ParaGame *game, SDL_Keycode code, unsigned mods, bool free)
{
    bool ctrl = mods & (unsigned)KMOD_CTRL, taken = true;
    if (ctrl && code == SDLK_s)
        return PARA_SANDBOX_SAVE;
    if ((ctrl && code == SDLK_z) || (free && code == SDLK_u)) {
        para_sandbox_undo(s, game);
        return PARA_SANDBOX_TAKEN;
    }
    if (ctrl)
        return code == SDLK_d && key_for_bodies(s, game, SDLK_c, true) ? PARA_SANDBOX_TAKEN
                                                                       : PARA_SANDBOX_NOTHING;
    if (free && code == SDLK_SPACE)
        return PARA_SANDBOX_PAUSE;
    if (code >= SDLK_0 && code <= SDLK_9 && free)
        s->tool = (ParaTool)((code - SDLK_0 + PARA_TOOLS - 1) % PARA_TOOLS); // 1 is the first, 0 the tenth
    else if (free && code == SDLK_LEFTBRACKET)
        choose(s, -1);
    else if (free && code == SDLK_RIGHTBRACKET)
        choose(s, 1);
    else if (free && code == SDLK_f)
        s->fixed = !s->fixed;
    else if (code == SDLK_HOME)
        s->zoom = 1,
        s->centre = (ParaVec2){0.5f * game->env.level->world.size.x, 0.5f * game->env.level->world.size.y};
    else
        taken = key_for_bodies(s, game, code, free);
    return taken ? PARA_SANDBOX_TAKEN : PARA_SANDBOX_NOTHING;
}
