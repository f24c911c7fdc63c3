// SPDX-License-Identifier: MIT
// Edits of bodies: what there is, where it is, what it is like.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "worlds/edit/edit_parts.h"
#include "worlds/expr/expr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEGREE    (PARA_PI / 180)
#define PLANK     0.15 // [m] thick
#define SIZE_MIN  0.08 // [m] of a thing, after an edit
#define SIZE_MOST 8.0  // [m]
#define LOOKS     8    // at bodies that may be referred to

/// The forms a thing may have.
typedef enum { BLOCK, BALL, WEDGE, HEXAGON, FORMS } Form;
static const char *const form_names[FORMS] = {"block", "ball", "wedge", "hexagon"};

/// The points of a form in a box about a place. @return how many; of a ball its centre, and its radius
static int put_form(Form form, ParaVec2 middle, float half_x, float half_y, ParaVec2 *out, float *out_radius)
{
    static const float corners[FORMS][6][2] = {
        [BLOCK] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}},
        [WEDGE] = {{-1, -1}, {1, -1}, {1, 1}},
        [HEXAGON] = {{-0.5f, -1}, {0.5f, -1}, {1, 0}, {0.5f, 1}, {-0.5f, 1}, {-1, 0}}};
    static const int counts[FORMS] = {4, 1, 3, 6};
    *out_radius = form == BALL ? (half_x < half_y ? half_x : half_y) : 0;
    for (int k = 0; k < counts[form]; k++)
        out[k] = (ParaVec2){middle.x + half_x * corners[form][k][0] + 0.0f,
                            middle.y + half_y * corners[form][k][1] + 0.0f};
    return counts[form];
}

static bool set_form(ParaEditor *editor, int body, Form form, ParaVec2 middle, float half_x, float half_y,
                     const ParaShapeDef *like)
{
    ParaVec2 points[PARA_POLYGON_POINTS_MAX];
    ParaShapeDef shape = *like;
    shape.kind = form == BALL ? PARA_SHAPE_CIRCLE : PARA_SHAPE_POLYGON;
    shape.point_first = 0;
    int count = put_form(form, middle, half_x, half_y, points, &shape.radius);
    shape.point_count = (uint32_t)count;
    return para_edit_set_shapes(editor, body, &shape, 1, points, count);
}

/// How large things are here [m]: as the player's main body.
static double measure(const ParaLevel *level)
{
    ParaEditBox box = para_edit_box(level, level->players[0].body);
    return para_clamp(para_max(box.high_x - box.low_x, box.high_y - box.low_y), 0.3, 2);
}

static int add_form(ParaEditor *editor, Form form, double width, double height, bool fixed, ParaVec2 foot)
{
    ParaBodyDef def = para_body_def_default();
    ParaShapeDef shape = para_shape_def_default();
    def.kind = fixed ? PARA_BODY_STATIC : PARA_BODY_DYNAMIC;
    def.position = (ParaVec2){foot.x, foot.y + (float)(height / 2)};
    int body = para_edit_new_body(editor, &def, form_names[form]);
    return body >= 0 && set_form(editor, body, form, (ParaVec2){0, 0}, (float)(width / 2),
                                 (float)(height / 2), &shape)
               ? body
               : -1;
}

bool para_edit_add_body(ParaEditor *editor)
{
    double size = measure(editor->level);
    Form form = (Form)para_rng_int(&editor->rng, 0, FORMS - 1);
    double width = para_edit_draw(editor, 0.4 * size, 1.6 * size, 0.05);
    double height = form == BALL ? width : para_edit_draw(editor, 0.3 * size, 1.2 * size, 0.05);
    bool fixed = para_rng_int(&editor->rng, 0, 1) == 1;
    if (form == BLOCK && fixed && para_rng_int(&editor->rng, 0, 2) == 0)
        width *= 2, height = PLANK;
    width = para_max(width, SIZE_MIN), height = para_max(height, SIZE_MIN);
    ParaVec2 foot;
    if (!para_edit_spot(editor, width, &foot))
        return false;
    int body = add_form(editor, form, width, height, fixed, foot);
    return body >= 0 && para_edit_done(editor, "%s, %s, %.2f m by %.2f m, at (%.1f, %.1f) m",
                                       para_edit_body_word(editor, body), fixed ? "fixed" : "loose", width,
                                       height, (double)foot.x, (double)foot.y);
}

bool para_edit_copy_body(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int of = para_edit_pick(editor, level->world.body_count, para_edit_is_thing), first, end;
    if (of < 0)
        return para_edit_refuse(editor, true, "there is no body beside the player and the ground");
    para_body_shapes(&level->world, of, &first, &end);
    int shapes = end - first, points = 0;
    if (shapes == 0)
        return para_edit_refuse(editor, false, "it has no shape");
    ParaShapeDef *own = PARA_NEW(editor->arena, ParaShapeDef, shapes);
    memcpy(own, level->world.shapes + first, sizeof *own * (size_t)shapes);
    for (int s = 0; s < shapes; s++)
        points += (int)own[s].point_count;
    ParaVec2 *places = PARA_NEW(editor->arena, ParaVec2, points);
    points = 0;
    for (int s = 0; s < shapes; s++) {
        memcpy(places + points, level->world.points + own[s].point_first,
               own[s].point_count * sizeof *places);
        own[s].point_first = (uint32_t)points;
        points += (int)own[s].point_count;
    }
    ParaEditBox box = para_edit_box(level, of);
    ParaVec2 foot;
    if (!para_edit_spot(editor, box.high_x - box.low_x, &foot))
        return false;
    ParaBodyDef def = level->world.bodies[of];
    def.position.x = (float)((double)foot.x + (double)def.position.x - (box.low_x + box.high_x) / 2) + 0.0f;
    def.position.y = (float)((double)foot.y + (double)def.position.y - box.low_y) + 0.0f;
    const char *stem = *level->body_names[of] ? level->body_names[of] : "body";
    int body = para_edit_new_body(editor, &def, stem);
    if (body < 0 || !para_edit_set_shapes(editor, body, own, shapes, places, points))
        return false;
    if (level->body_mass_hidden)
        level->body_mass_hidden[body] = level->body_mass_hidden[of];
    if (level->body_looks)
        level->body_looks[body] = level->body_looks[of];
    if (level->body_sounds)
        level->body_sounds[body] = level->body_sounds[of];
    level->body_motions[body] = level->body_motions[of];
    return para_edit_done(editor, "%s, a second %s, at (%.1f, %.1f) m", para_edit_body_word(editor, body),
                          para_edit_body_word(editor, of), (double)foot.x, (double)foot.y);
}

static bool is_removable(const ParaLevel *level, int body)
{
    return para_edit_is_thing(level, body) && !(level->body_pieces && level->body_pieces[body].count > 0);
}

bool para_edit_remove_body(ParaEditor *editor)
{
    int body = para_edit_pick(editor, editor->level->world.body_count, is_removable);
    for (int look = 1; look < LOOKS && body >= 0 && para_edit_is_referred(editor, PARA_EXPR_BODY, body);
         look++)
        body = para_edit_pick(editor, editor->level->world.body_count, is_removable);
    if (body < 0)
        return para_edit_refuse(editor, true, "every body is the player's or ground");
    if (para_edit_is_referred(editor, PARA_EXPR_BODY, body))
        return para_edit_refuse(editor, false, "joints or rules refer to %s",
                                para_edit_body_word(editor, body));
    const char *word = para_edit_body_word(editor, body);
    para_edit_take_body(editor, body);
    return para_edit_done(editor, "%s removed", word);
}

/// A thing and all that hangs on it. @return the thing; -1: refused
static int gather_thing(ParaEditor *editor, uint8_t *set, ParaEditBox *out_box)
{
    const ParaLevel *level = editor->level;
    int body = para_edit_pick(editor, level->world.body_count, para_edit_is_thing);
    if (body < 0) {
        para_edit_refuse(editor, true, "there is no body beside the player and the ground");
        return -1;
    }
    para_edit_gather(level, body, set);
    if (para_edit_has_player(level, set)) {
        para_edit_refuse(editor, false, "%s hangs on the player", para_edit_body_word(editor, body));
        return -1;
    }
    *out_box = para_edit_box(level, body);
    return body;
}

bool para_edit_move_body(ParaEditor *editor)
{
    uint8_t set[PARA_BODIES_MAX] = {0};
    ParaEditBox box;
    int body = gather_thing(editor, set, &box);
    if (body < 0)
        return false;
    double dx = para_edit_draw(editor, -1.5, 1.5, 0.1), dy = 0;
    bool falls = editor->level->world.bodies[body].kind == PARA_BODY_DYNAMIC;
    double middle = (box.low_x + box.high_x) / 2;
    double here = para_edit_surface(editor->level, set, middle, box.high_y);
    double there = para_edit_surface(editor->level, set, middle + dx, box.high_y + 0.5);
    if (!falls || !(here <= box.high_y) || !(there <= box.high_y + 0.5))
        dy = para_edit_draw(editor, -0.8, 0.8, 0.1);
    else // as high above what is below
        dy = there - here;
    if (dx == 0 && dy == 0)
        return para_edit_refuse(editor, false, "it would stay where it is");
    para_edit_transform(editor, set, &(ParaEditMove){.scale = 1, .dx = dx, .dy = dy});
    return para_edit_done(editor, "%s %.1f m to the %s, %.2f m %s", para_edit_body_word(editor, body),
                          fabs(dx), dx < 0 ? "left" : "right", fabs(dy), dy < 0 ? "lower" : "higher");
}

bool para_edit_turn_body(ParaEditor *editor)
{
    uint8_t set[PARA_BODIES_MAX] = {0};
    ParaEditBox box;
    int body = gather_thing(editor, set, &box);
    if (body < 0)
        return false;
    double degrees = para_edit_draw(editor, 5, 90, 5) * (para_rng_int(&editor->rng, 0, 1) ? 1 : -1);
    double foot = box.low_y;
    ParaEditMove move = {.x = (box.low_x + box.high_x) / 2,
                         .y = (box.low_y + box.high_y) / 2,
                         .angle = degrees * DEGREE,
                         .scale = 1};
    // A corner must not go into what it stands on: half its diagonal is the most it can need.
    double w = box.high_x - box.low_x, h = box.high_y - box.low_y;
    if (para_rng_int(&editor->rng, 0, 1) == 0 && editor->level->world.bodies[body].kind == PARA_BODY_DYNAMIC)
        move.dy = para_max(0, para_sqrt(w * w + h * h) / 2 - (move.y - foot));
    para_edit_transform(editor, set, &move);
    return para_edit_done(editor, "%s turned by %.0f degrees", para_edit_body_word(editor, body), degrees);
}

bool para_edit_resize_body(ParaEditor *editor)
{
    uint8_t set[PARA_BODIES_MAX] = {0};
    ParaEditBox box;
    int body = gather_thing(editor, set, &box);
    if (body < 0)
        return false;
    double scale = para_edit_draw(editor, 0.6, 1.6, 0.05);
    double size = para_max(box.high_x - box.low_x, box.high_y - box.low_y);
    if (fabs(scale - 1) < 0.09 || size * scale < SIZE_MIN || size * scale > SIZE_MOST)
        return para_edit_refuse(editor, false, "%s would be as large, too small or too large",
                                para_edit_body_word(editor, body));
    para_edit_transform(editor, set,
                        &(ParaEditMove){.x = (box.low_x + box.high_x) / 2, .y = box.low_y, .scale = scale});
    return para_edit_done(editor, "%s %.2f times as large", para_edit_body_word(editor, body), scale);
}

static bool may_reshape(const ParaLevel *level, int body)
{
    const ParaWorldDef *world = &level->world;
    int first, end;
    para_body_shapes(world, body, &first, &end);
    for (int s = first; s < end; s++)
        if (world->shapes[s].kind != PARA_SHAPE_CIRCLE && world->shapes[s].kind != PARA_SHAPE_POLYGON)
            return false;
    return end > first && para_edit_is_thing(level, body);
}

bool para_edit_change_shape(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int body = para_edit_pick(editor, level->world.body_count, may_reshape), first, end;
    if (body < 0)
        return para_edit_refuse(editor, true, "no body beside the player and the ground has an area");
    para_body_shapes(&level->world, body, &first, &end);
    const ParaShapeDef like = level->world.shapes[first];
    ParaBodyDef *def = &level->world.bodies[body], kept = *def;
    def->position = (ParaVec2){0, 0}, def->angle = 0; // its box in its own frame
    ParaEditBox box = para_edit_box(level, body);
    *def = kept;
    Form form = (Form)para_rng_int(&editor->rng, 0, FORMS - 1);
    ParaVec2 middle = {(float)((box.low_x + box.high_x) / 2) + 0.0f,
                       (float)((box.low_y + box.high_y) / 2) + 0.0f};
    return set_form(editor, body, form, middle, (float)((box.high_x - box.low_x) / 2),
                    (float)((box.high_y - box.low_y) / 2), &like) &&
           para_edit_done(editor, "%s as a %s", para_edit_body_word(editor, body), form_names[form]);
}

// ---------------------------------------------------------------------------------------------
// What it is made of, and what it means.

typedef struct Material {
    const char *word;
    float friction, restitution, density;
} Material;

static const Material materials[PARA_MATERIAL_COUNT] = {
#define PARA_MATERIAL(id, word, friction, restitution, density, help)                                        \
    [PARA_MATERIAL_##id] = {#word, (float)(friction), (float)(restitution), (float)(density)},
#include "worlds/level/kinds.def"
};

static bool has_surface(const ParaLevel *level, int body)
{
    int first, end;
    para_body_shapes(&level->world, body, &first, &end);
    return end > first && !para_edit_is_player(level, body) && !para_edit_is_spare(level, body);
}

static void set_look(ParaArena *arena, uint8_t **looks, int bodies, int body, ParaMaterialKind kind)
{
    if (!*looks)
        *looks = memset(PARA_NEW(arena, uint8_t, bodies), 0, (size_t)bodies);
    (*looks)[body] = (uint8_t)kind;
}

bool para_edit_change_material(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int bodies = level->world.body_count, body = para_edit_pick(editor, bodies, has_surface), first, end;
    if (body < 0)
        return para_edit_refuse(editor, true, "there is no body beside the player");
    int kind = (int)para_rng_int(&editor->rng, 1, PARA_MATERIAL_COUNT - 1);
    para_body_shapes(&level->world, body, &first, &end);
    for (int s = first; s < end; s++) {
        level->world.shapes[s].friction = materials[kind].friction;
        level->world.shapes[s].restitution = materials[kind].restitution;
        level->world.shapes[s].density = materials[kind].density;
    }
    set_look(editor->arena, &level->body_looks, bodies, body, (ParaMaterialKind)kind);
    set_look(editor->arena, &level->body_sounds, bodies, body, (ParaMaterialKind)kind);
    return para_edit_done(editor, "%s of %s", para_edit_body_word(editor, body), materials[kind].word);
}

/// Is the body a leaf of its own in "any of these" fails? @return its node, -1: no
static int own_fail(const ParaLevel *level, int body)
{
    int root = level->players[0].fail_root;
    if (root < 0 || level->goals[root].kind != PARA_GOAL_ANY || level->goals[root].child_count < 2)
        return -1;
    for (int k = 0; k < level->goals[root].child_count; k++) {
        int n = level->goals[root].child_first + k;
        const ParaGoalNode *node = &level->goals[n];
        if (node->kind == PARA_GOAL_TOUCH && node->b == body && node->b_count == 1 && node->a >= 0 &&
            para_edit_is_player(level, node->a))
            return n;
    }
    return -1;
}

static bool must_be_collected(const ParaLevel *level, int body)
{
    for (int g = 0; g < level->goal_count; g++)
        if (level->goals[g].kind == PARA_GOAL_COLLECTED && body >= level->goals[g].a &&
            body < level->goals[g].a + level->goals[g].a_count)
            return true;
    return false;
}

/// Takes a fail away that others stand beside.
static void drop_fail(ParaEditor *editor, int node)
{
    ParaLevel *level = editor->level;
    ParaGoalNode *root = &level->goals[level->players[0].fail_root];
    int end = root->child_first + root->child_count;
    for (int k = node; k + 1 < end; k++) // what is below them stays where it is
        level->goals[k] = level->goals[k + 1];
    root->child_count--;
    editor->goals = true;
}

/// A thing with a shape that goal and rules do not speak of yet, so that any role is harmless.
static bool may_change_role(const ParaLevel *level, int body)
{
    return para_edit_is_thing(level, body) && has_surface(level, body) &&
           (level->body_roles[body] == PARA_ROLE_NONE || level->body_collects[body] ||
            own_fail(level, body) >= 0) &&
           !must_be_collected(level, body);
}

static bool make_hazard(ParaEditor *editor, int body)
{
    ParaLevel *level = editor->level;
    ParaEditBox box = para_edit_box(level, body);
    if (para_edit_player_gap(level, &box) < 0.3)
        return para_edit_refuse(editor, false, "%s is where the player begins",
                                para_edit_body_word(editor, body));
    para_edit_name_body(editor, body);
    ParaGoalNode leaf = {.kind = PARA_GOAL_TOUCH,
                         .a = level->players[0].body,
                         .a_count = 1,
                         .a_player = true,
                         .b = body,
                         .b_count = 1,
                         .zone = -1};
    if (!para_edit_add_fail(editor, &leaf))
        return false;
    level->body_roles[body] = PARA_ROLE_HAZARD;
    return para_edit_done(editor, "%s a hazard", para_edit_body_word(editor, body));
}

bool para_edit_change_role(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int body = para_edit_pick(editor, level->world.body_count, may_change_role);
    if (body < 0)
        return para_edit_refuse(editor, true,
                                "every body is the player's, ground, or what the goal is about");
    int fail = own_fail(level, body);
    const char *word = para_edit_body_word(editor, body);
    if (fail >= 0) {
        drop_fail(editor, fail);
        level->body_roles[body] = PARA_ROLE_NONE;
        return para_edit_done(editor, "%s no hazard any more", word);
    }
    if (level->body_collects[body]) {
        level->body_collects[body] = 0;
        return para_edit_done(editor, "%s not collected any more", word);
    }
    if (para_rng_int(&editor->rng, 0, 1) == 0)
        return make_hazard(editor, body);
    level->body_collects[body] = 1;
    return para_edit_done(editor, "%s collected at a touch", word);
}

/// Does a drive of the player push it? In levels of Kinetix those are of any body, joined to the player or
/// not.
static bool is_driven(const ParaLevel *level, int body)
{
    const ParaPlayer *player = &level->players[0];
    for (int k = 0; k < player->actuator_count; k++)
        if (player->actuators[k].body == body)
            return true;
    return false;
}

static bool may_toggle(const ParaLevel *level, int body)
{
    const ParaWorldDef *world = &level->world;
    if (world->bodies[body].kind == PARA_BODY_KINEMATIC || !may_reshape(level, body) ||
        is_driven(level, body))
        return false;
    for (int a = 0; a < level->act_count; a++) // which may push it, or put it elsewhere
        if (body >= level->acts[a].body && body < level->acts[a].body + level->acts[a].count)
            return false;
    return true;
}

bool para_edit_toggle_fixed(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int body = para_edit_pick(editor, level->world.body_count, may_toggle);
    if (body < 0)
        return para_edit_refuse(editor, true,
                                "no body beside the player and the ground can be fixed or loose");
    ParaBodyDef *def = &level->world.bodies[body];
    bool fixed = def->kind == PARA_BODY_STATIC;
    def->kind = fixed ? PARA_BODY_DYNAMIC : PARA_BODY_STATIC;
    def->velocity = (ParaVec2){0, 0};
    def->spin = 0;
    def->fixed_rotation = false; // the format has it of what moves alone
    editor->changed[body] = 1;
    return para_edit_done(editor, "%s %s", para_edit_body_word(editor, body), fixed ? "loose" : "fixed");
}
