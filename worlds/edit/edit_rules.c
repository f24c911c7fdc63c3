// SPDX-License-Identifier: MIT
// Edits of the task: where it starts and ends, hazards, coins, zones, gravity, the player's size.
#include "engine/base/maths.h"
#include "worlds/edit/edit_parts.h"
#include "worlds/expr/expr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define COIN        "found" // the variable that counts coins
#define COIN_SIZE   0.2     // [m] radius
#define GRAVITY_MAX 100.0   // [m/s^2] of the format

static float plain(double x) { return (float)x + 0.0f; }

static void gather_player(const ParaLevel *level, uint8_t *set)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (para_edit_is_player(level, b))
            para_edit_gather(level, b, set);
}

/// How much higher what lies below is at x + dx; 0: nobody knows.
static double rise(const ParaLevel *level, const uint8_t *set, double x, double y, double dx)
{
    double here = para_edit_surface(level, set, x, y), there = para_edit_surface(level, set, x + dx, y + 1);
    return here <= y && there <= y + 1 ? there - here : 0;
}

bool para_edit_move_start(ParaEditor *editor)
{
    const ParaLevel *level = editor->level;
    uint8_t set[PARA_BODIES_MAX] = {0};
    gather_player(level, set);
    ParaEditBox box = para_edit_box(level, level->players[0].body);
    double dx = para_edit_draw(editor, -3, 3, 0.1);
    if (dx == 0)
        return para_edit_refuse(editor, false, "it would stay where it is");
    double dy = rise(level, set, (box.low_x + box.high_x) / 2, box.high_y, dx);
    para_edit_transform(editor, set, &(ParaEditMove){.scale = 1, .dx = dx, .dy = dy});
    return para_edit_done(editor, "start %.1f m to the %s, %.2f m %s", fabs(dx), dx < 0 ? "left" : "right",
                          fabs(dy), dy < 0 ? "lower" : "higher");
}

// ---------------------------------------------------------------------------------------------
// The goal.

/// Leaves of the goal that name a place. @return how many; the wanted one in *out
static int places_below(const ParaLevel *level, int node, int wanted, int seen, int *out)
{
    const ParaGoalNode *goal = &level->goals[node];
    if (para_goal_is_tree(goal->kind)) {
        for (int k = 0; k < goal->child_count; k++)
            seen = places_below(level, goal->child_first + k, wanted, seen, out);
        return seen;
    }
    bool number = goal->kind == PARA_GOAL_ABOVE || goal->kind == PARA_GOAL_BELOW ||
                  goal->kind == PARA_GOAL_RIGHT_OF || goal->kind == PARA_GOAL_LEFT_OF;
    bool body = goal->b >= 0 || ((goal->kind == PARA_GOAL_TOUCH || goal->kind == PARA_GOAL_COLLECTED ||
                                  goal->kind == PARA_GOAL_SHATTERED) &&
                                 goal->a >= 0);
    if (goal->zone < 0 && !number && !body)
        return seen;
    if (seen == wanted)
        *out = node;
    return seen + 1;
}

static bool move_zone(ParaEditor *editor, int zone, double dx)
{
    static const uint8_t none[PARA_BODIES_MAX];
    ParaLevel *level = editor->level;
    ParaZoneDef *def = &level->world.zones[zone];
    ParaVec2 was = def->position;
    double dy = rise(level, none, (double)was.x, (double)was.y + 0.2, dx);
    if (para_rng_int(&editor->rng, 0, 3) == 0)
        dy += para_edit_draw(editor, -0.5, 0.5, 0.1);
    def->position = (ParaVec2){plain((double)was.x + dx), plain((double)was.y + dy)};
    ParaEditBox place = {(double)def->position.x, (double)def->position.y, (double)def->position.x,
                         (double)def->position.y};
    if (para_edit_player_gap(level, &place) < 1)
        return para_edit_refuse(editor, false, "the goal would be where the player begins");
    if (!(def->position.x >= 0 && def->position.y >= 0 && def->position.x <= level->world.size.x &&
          def->position.y <= level->world.size.y))
        return para_edit_refuse(editor, false, "the goal would be out of the world");
    return para_edit_done(editor, "goal %s %.1f m to the %s, %.2f m %s", level->zone_names[zone], fabs(dx),
                          dx < 0 ? "left" : "right", fabs(dy), dy < 0 ? "lower" : "higher");
}

static bool move_target(ParaEditor *editor, int body, double dx)
{
    const ParaLevel *level = editor->level;
    uint8_t set[PARA_BODIES_MAX] = {0};
    para_edit_gather(level, body, set);
    if (para_edit_has_player(level, set) || para_edit_is_wide(level, body) || para_edit_is_spare(level, body))
        return para_edit_refuse(editor, false, "the goal's %s is the player's, ground or spare",
                                para_edit_body_word(editor, body));
    ParaEditBox box = para_edit_box(level, body);
    double dy = rise(level, set, (box.low_x + box.high_x) / 2, box.high_y, dx);
    para_edit_transform(editor, set, &(ParaEditMove){.scale = 1, .dx = dx, .dy = dy});
    box = para_edit_box(level, body);
    if (para_edit_player_gap(level, &box) < 0.2)
        return para_edit_refuse(editor, false, "the goal would be where the player begins");
    return para_edit_done(editor, "goal %s %.1f m to the %s, %.2f m %s", para_edit_body_word(editor, body),
                          fabs(dx), dx < 0 ? "left" : "right", fabs(dy), dy < 0 ? "lower" : "higher");
}

bool para_edit_move_goal(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int root = level->players[0].goal_root, leaf = -1;
    int count = places_below(level, root, -1, 0, &leaf);
    if (count == 0)
        return para_edit_refuse(editor, true, "the goal names no zone, body or height");
    places_below(level, root, (int)para_rng_int(&editor->rng, 0, count - 1), 0, &leaf);
    ParaGoalNode *node = &level->goals[leaf];
    double way = para_edit_draw(editor, -3, 3, 0.1);
    if (way == 0)
        return para_edit_refuse(editor, false, "it would stay where it is");
    if (node->zone >= 0)
        return move_zone(editor, node->zone + (int)para_rng_int(&editor->rng, 0, node->zone_count - 1), way);
    bool b = node->b >= 0 && !para_edit_is_player(level, node->b);
    if (b)
        return move_target(editor, node->b + (int)para_rng_int(&editor->rng, 0, node->b_count - 1), way);
    if (node->kind >= PARA_GOAL_ABOVE && node->kind <= PARA_GOAL_LEFT_OF) {
        bool beside = node->kind == PARA_GOAL_RIGHT_OF || node->kind == PARA_GOAL_LEFT_OF;
        double limit = (double)(beside ? level->world.size.x : level->world.size.y);
        double value = (double)node->value + (beside ? way : way / 3);
        if (value < 0 || value > limit)
            return para_edit_refuse(editor, false, "the goal would be out of the world");
        node->value = plain(value);
        return para_edit_done(editor, "goal at %s = %.2f m", beside ? "x" : "y", value);
    }
    return node->a >= 0
               ? move_target(editor, node->a + (int)para_rng_int(&editor->rng, 0, node->a_count - 1), way)
               : para_edit_refuse(editor, false, "the goal names no place there");
}

// ---------------------------------------------------------------------------------------------
// Zones.

/// A zone on the ground. @return its index; -1: refused
static int zone_on_ground(ParaEditor *editor, const char *stem, double width, double height, ParaZoneDef *def)
{
    ParaVec2 foot;
    if (!para_edit_spot(editor, width, &foot))
        return -1;
    def->position = (ParaVec2){foot.x, plain((double)foot.y + height / 2)};
    return para_edit_new_zone(editor, def, stem, (ParaVec2){(float)(width / 2), (float)(height / 2)});
}

bool para_edit_add_hazard(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    ParaZoneDef def = para_zone_def_default();
    double width = para_edit_draw(editor, 0.4, 1.5, 0.1), height = para_edit_draw(editor, 0.2, 0.6, 0.1);
    int zone = zone_on_ground(editor, "danger", width, height, &def);
    if (zone < 0)
        return false;
    ParaVec2 at = level->world.zones[zone].position;
    ParaEditBox box = {(double)at.x - width / 2, (double)at.y - height / 2, (double)at.x + width / 2,
                       (double)at.y + height / 2};
    if (para_edit_player_gap(level, &box) < 1)
        return para_edit_refuse(editor, false, "it would be where the player begins");
    ParaGoalNode leaf = {.kind = PARA_GOAL_INSIDE,
                         .a = level->players[0].body,
                         .a_count = 1,
                         .b = -1,
                         .zone = zone,
                         .zone_count = 1};
    para_edit_name_body(editor, level->players[0].body);
    if (!para_edit_add_fail(editor, &leaf))
        return false;
    level->zone_roles[zone] = PARA_ROLE_HAZARD;
    return para_edit_done(editor, "%s, a hazard %.1f m by %.1f m, at (%.1f, %.1f) m", level->zone_names[zone],
                          width, height, (double)at.x, (double)at.y);
}

bool para_edit_add_wind(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    ParaZoneDef def = para_zone_def_default();
    double width = para_edit_draw(editor, 1, 5, 0.5), height = para_edit_draw(editor, 1, 4, 0.5);
    double push = para_edit_draw(editor, 1, 6, 0.5) * (para_rng_int(&editor->rng, 0, 1) ? 1 : -1);
    bool up = para_rng_int(&editor->rng, 0, 2) == 0;
    def.acceleration = up ? (ParaVec2){0, (float)fabs(push)} : (ParaVec2){(float)push, 0};
    int zone = zone_on_ground(editor, "wind", width, height, &def);
    return zone >= 0 && para_edit_done(editor, "%s, %.1f N/kg %s, %.1f m by %.1f m, at x = %.1f m",
                                       level->zone_names[zone], fabs(push),
                                       up         ? "up"
                                       : push < 0 ? "to the left"
                                                  : "to the right",
                                       width, height, (double)level->world.zones[zone].position.x);
}

bool para_edit_add_water(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    ParaZoneDef def = para_zone_def_default();
    double width = para_edit_draw(editor, 1, 5, 0.5), height = para_edit_draw(editor, 0.3, 1.5, 0.1);
    def.fluid_density = 1;
    def.fluid_drag = 1;
    int zone = zone_on_ground(editor, "water", width, height, &def);
    return zone >= 0 &&
           para_edit_done(editor, "%s, %.1f m wide and %.1f m deep, at x = %.1f m", level->zone_names[zone],
                          width, height, (double)level->world.zones[zone].position.x);
}

// ---------------------------------------------------------------------------------------------
// Coins.

/// The variable that counts coins, with a reward for each. @return its index; -1: no room, which is told
static int coin_variable(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int count = level->variable_count;
    for (int v = 0; v < count; v++)
        if (strcmp(level->variables[v].name, COIN) == 0)
            return v;
    if (count == PARA_VARIABLES_MAX || level->reward_count == PARA_REWARDS_MAX) {
        para_edit_refuse(editor, true, "there is no room for a variable or a reward more");
        return -1;
    }
    ParaVariable *variables = PARA_NEW(editor->arena, ParaVariable, count + 1);
    if (count > 0)
        memcpy(variables, level->variables, sizeof *variables * (size_t)count);
    variables[count] = (ParaVariable){.name = COIN};
    level->variables = variables;
    level->variable_count = count + 1;
    const char *names[PARA_VARIABLES_MAX];
    for (int v = 0; v <= count; v++)
        names[v] = variables[v].name;
    ParaExprScope scope = {.variables = names, .variable_count = count + 1, .changes = true};
    ParaExprBuilder builder;
    ParaExprInput input = {0};
    char why[PARA_EXPR_ERROR_SIZE];
    para_expr_begin(&builder, &scope);
    para_expr_add_text(&builder, COIN);
    const ParaExpr *expr = para_expr_end(&builder, editor->arena);
    expr = expr ? para_expr_bind(expr, &input, names, count + 1, NULL, editor->arena, why) : NULL;
    if (!expr) {
        para_edit_refuse(editor, true, "no reward can be made of a variable");
        return -1;
    }
    level->rewards[level->reward_count++] = (ParaRewardTerm){.kind = PARA_REWARD_CHANGE,
                                                             .a = -1,
                                                             .b = -1,
                                                             .zone = -1,
                                                             .weight = 1,
                                                             .expr = {.given = true, .program = expr}};
    return count;
}

/// When the coin is taken, the variable grows.
static bool add_event(ParaEditor *editor, int body, int variable)
{
    ParaLevel *level = editor->level;
    int events = level->event_count, acts = level->act_count, nodes = level->goal_count;
    if (events == PARA_EVENTS_MAX || acts == PARA_ACTS_MAX || nodes == PARA_GOAL_NODES_MAX)
        return para_edit_refuse(editor, true, "there is no room for one more event");
    ParaLevelEvent *all = PARA_NEW(editor->arena, ParaLevelEvent, events + 1);
    ParaAct *does = PARA_NEW(editor->arena, ParaAct, acts + 1);
    if (events > 0)
        memcpy(all, level->events, sizeof *all * (size_t)events);
    if (acts > 0)
        memcpy(does, level->acts, sizeof *does * (size_t)acts);
    all[events] = (ParaLevelEvent){.root = nodes, .act_first = acts, .act_count = 1};
    does[acts] = (ParaAct){.kind = PARA_ACT_ADD,
                           .body = -1,
                           .joint = -1,
                           .zone = -1,
                           .variable = variable,
                           .count = 1,
                           .at_body = -1,
                           .at_zone = -1,
                           .to = {{.given = true, .number = 1}},
                           .text = ""};
    level->goals[nodes] =
        (ParaGoalNode){.kind = PARA_GOAL_COLLECTED, .a = body, .a_count = 1, .b = -1, .zone = -1};
    level->events = all;
    level->acts = does;
    level->event_count++;
    level->act_count++;
    level->goal_count++;
    return true;
}

bool para_edit_add_collectible(ParaEditor *editor)
{
    ParaVec2 foot;
    double above = para_edit_draw(editor, 0.1, 1.5, 0.1);
    if (!para_edit_spot(editor, 2 * COIN_SIZE, &foot))
        return false;
    ParaBodyDef def = para_body_def_default();
    ParaShapeDef shape = para_shape_def_default();
    ParaVec2 centre = {0, 0};
    def.kind = PARA_BODY_STATIC;
    def.position = (ParaVec2){foot.x, plain((double)foot.y + COIN_SIZE + above)};
    shape.kind = PARA_SHAPE_CIRCLE;
    shape.radius = (float)COIN_SIZE;
    shape.point_first = 0;
    shape.point_count = 1;
    int body = para_edit_new_body(editor, &def, "coin");
    if (body < 0 || !para_edit_set_shapes(editor, body, &shape, 1, &centre, 1))
        return false;
    editor->level->body_collects[body] = 1;
    ParaEditBox box = para_edit_box(editor->level, body);
    if (para_edit_player_gap(editor->level, &box) < 0.2)
        return para_edit_refuse(editor, false, "it would be where the player begins");
    int variable = coin_variable(editor);
    return variable >= 0 && add_event(editor, body, variable) &&
           para_edit_done(editor, "%s at (%.1f, %.1f) m, worth 1", para_edit_body_word(editor, body),
                          (double)def.position.x, (double)def.position.y);
}

// ---------------------------------------------------------------------------------------------
// The whole.

bool para_edit_change_gravity(ParaEditor *editor)
{
    ParaVec2 *gravity = &editor->level->world.gravity;
    double x = (double)gravity->x, y = (double)gravity->y, size = para_sqrt(x * x + y * y);
    double times = para_edit_draw(editor, 0.6, 1.5, 0.05);
    if (size == 0)
        return para_edit_refuse(editor, true, "there is no gravity");
    if (fabs(times - 1) < 0.04 || size * times > GRAVITY_MAX)
        return para_edit_refuse(editor, false, "it would stay as it is, or be too strong");
    *gravity = (ParaVec2){plain(x * times), plain(y * times)};
    return para_edit_done(editor, "gravity %.2f m/s^2", size * times);
}

bool para_edit_resize_player(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    ParaPlayer *player = &level->players[0];
    uint8_t set[PARA_BODIES_MAX] = {0};
    gather_player(level, set);
    double times = para_edit_draw(editor, 0.8, 1.25, 0.05), low = 1e30, x = 0;
    if (fabs(times - 1) < 0.04)
        return para_edit_refuse(editor, false, "it would stay as it is");
    for (int b = 0; b < level->world.body_count; b++) {
        ParaEditBox box = set[b] ? para_edit_box(level, b) : (ParaEditBox){0, 1e30, 0, 0};
        low = para_min(low, box.low_y);
        x = b == player->body ? (box.low_x + box.high_x) / 2 : x;
    }
    para_edit_transform(editor, set, &(ParaEditMove){.x = x, .y = low, .scale = times});
    for (int k = 0; k < player->actuator_count; k++) { // weight grows with the area
        int joint = player->actuators[k].joint;
        bool slides = joint >= 0 && level->world.joints[joint].kind == PARA_JOINT_PRISMATIC;
        para_edit_drive(editor, k, 1, times * times, slides ? times * times : times * times * times);
    }
    return para_edit_done(editor, "the player %.2f times as large", times);
}
