// SPDX-License-Identifier: MIT
// Places of things at the start: boxes, what hangs together, moving it as one, what lies below, and whether
// the result fits.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "engine/world/overlap.h"
#include "worlds/edit/edit_parts.h"

#include <math.h>
#include <string.h>

#define SLOP   0.01 // [m] of overlap that a start may have
#define SLIGHT 2e-3 // [m] deeper, or farther out, than before is as before
#define PAIRS  64   // of bodies that overlap and are looked at again

bool para_edit_is_player(const ParaLevel *level, int body)
{
    return level->body_roles[body] == PARA_ROLE_PLAYER;
}

bool para_edit_is_spare(const ParaLevel *level, int body) { return para_level_is_spare(level, body); }

bool para_edit_is_wide(const ParaLevel *level, int body)
{
    if (level->world.bodies[body].kind != PARA_BODY_STATIC)
        return false;
    ParaEditBox box = para_edit_box(level, body);
    double width = box.high_x - box.low_x, height = box.high_y - box.low_y;
    return width > para_min(4, (double)level->world.size.x / 3) ||
           height > para_max(4, 0.6 * (double)level->world.size.y);
}

bool para_edit_is_thing(const ParaLevel *level, int body)
{
    return !para_edit_is_player(level, body) && !para_edit_is_spare(level, body) &&
           !para_edit_is_wide(level, body);
}

bool para_edit_is_loose(const ParaLevel *level, int body)
{
    return level->world.bodies[body].kind == PARA_BODY_DYNAMIC && para_edit_is_thing(level, body);
}

// ---------------------------------------------------------------------------------------------
// Boxes.

static void add_point(ParaEditBox *box, ParaPoint p, double radius)
{
    box->low_x = para_min(box->low_x, p.x - radius);
    box->low_y = para_min(box->low_y, p.y - radius);
    box->high_x = para_max(box->high_x, p.x + radius);
    box->high_y = para_max(box->high_y, p.y + radius);
}

static void add_shape(const ParaWorldDef *world, const ParaShapeDef *shape, ParaEditBox *box)
{
    const ParaBodyDef *body = &world->bodies[shape->body];
    double s, c;
    para_sincos((double)body->angle, &s, &c);
    for (uint32_t k = 0; k < shape->point_count; k++) {
        double x = (double)world->points[shape->point_first + k].x;
        double y = (double)world->points[shape->point_first + k].y;
        add_point(
            box,
            (ParaPoint){(double)body->position.x + c * x - s * y, (double)body->position.y + s * x + c * y},
            (double)shape->radius);
    }
}

static ParaEditBox empty_box(void) { return (ParaEditBox){1e30, 1e30, -1e30, -1e30}; }

ParaEditBox para_edit_box(const ParaLevel *level, int body)
{
    const ParaWorldDef *world = &level->world;
    ParaEditBox box = empty_box();
    int first, end;
    para_body_shapes(world, body, &first, &end);
    for (int s = first; s < end; s++)
        add_shape(world, &world->shapes[s], &box);
    if (first == end)
        add_point(&box,
                  (ParaPoint){(double)world->bodies[body].position.x, (double)world->bodies[body].position.y},
                  0);
    return box;
}

static bool boxes_meet(const ParaEditBox *a, const ParaEditBox *b)
{
    return a->low_x <= b->high_x && b->low_x <= a->high_x && a->low_y <= b->high_y && b->low_y <= a->high_y;
}

double para_edit_player_gap(const ParaLevel *level, const ParaEditBox *box)
{
    double least = 1e30;
    for (int b = 0; b < level->world.body_count; b++) {
        if (!para_edit_is_player(level, b))
            continue;
        ParaEditBox own = para_edit_box(level, b);
        double x = para_max(0, para_max(own.low_x - box->high_x, box->low_x - own.high_x));
        double y = para_max(0, para_max(own.low_y - box->high_y, box->low_y - own.high_y));
        least = para_min(least, para_sqrt(x * x + y * y));
    }
    return least;
}

// ---------------------------------------------------------------------------------------------
// What hangs together, and moving it.

static bool is_dynamic(const ParaLevel *level, int body)
{
    return level->world.bodies[body].kind == PARA_BODY_DYNAMIC;
}

static void add_set(const ParaLevel *level, int body, uint8_t *set)
{
    for (int b = 0; b < level->world.body_count; b++)
        set[b] |= is_dynamic(level, b) && level->body_sets[b] == level->body_sets[body];
}

void para_edit_gather(const ParaLevel *level, int body, uint8_t *set)
{
    const ParaWorldDef *world = &level->world;
    set[body] = 1;
    if (is_dynamic(level, body))
        add_set(level, body, set);
    for (int j = 0; !is_dynamic(level, body) && j < world->joint_count; j++)
        if (world->joints[j].a == body || world->joints[j].b == body)
            add_set(level, world->joints[j].a == body ? world->joints[j].b : world->joints[j].a, set);
    for (int b = 0; level->body_pieces && b < world->body_count; b++) // lie to it as they do at the start
        for (int k = 0; set[b] && k < level->body_pieces[b].count; k++)
            set[level->body_pieces[b].first + k] = 1;
}

bool para_edit_has_player(const ParaLevel *level, const uint8_t *set)
{
    for (int b = 0; b < level->world.body_count; b++)
        if (set[b] && para_edit_is_player(level, b))
            return true;
    return false;
}

typedef struct Similar {
    const ParaEditMove *move;
    double s, c;
} Similar;

static ParaPoint turned(const Similar *similar, ParaPoint p)
{
    const ParaEditMove *move = similar->move;
    double x = (p.x - move->x) * move->scale, y = (p.y - move->y) * move->scale;
    return (ParaPoint){move->x + similar->c * x - similar->s * y + move->dx,
                       move->y + similar->s * x + similar->c * y + move->dy};
}

/// A float, never -0, which no file has.
static float plain(double x) { return (float)x + 0.0f; }

static ParaVec2 moved(const Similar *similar, ParaVec2 place)
{
    ParaPoint p = turned(similar, (ParaPoint){(double)place.x, (double)place.y});
    return (ParaVec2){plain(p.x), plain(p.y)};
}

static ParaVec2 scaled(ParaVec2 v, double scale)
{
    return (ParaVec2){plain((double)v.x * scale), plain((double)v.y * scale)};
}

static ParaVec2 to_body(const ParaBodyDef *body, ParaPoint place)
{
    double s, c, x = place.x - (double)body->position.x, y = place.y - (double)body->position.y;
    para_sincos((double)body->angle, &s, &c);
    return (ParaVec2){plain(c * x + s * y), plain(c * y - s * x)};
}

static ParaVec2 rotated(const Similar *similar, ParaVec2 v)
{
    double x = (double)v.x, y = (double)v.y;
    return (ParaVec2){plain(similar->c * x - similar->s * y), plain(similar->s * x + similar->c * y)};
}

/// An end on what stays goes to where the other end's frame has it.
static void move_end(const ParaWorldDef *world, int body, bool goes, const Similar *similar, ParaVec2 *anchor)
{
    double scale = similar->move->scale;
    if (goes && scale != 1)
        *anchor = scaled(*anchor, scale);
    else if (!goes)
        *anchor =
            to_body(&world->bodies[body], turned(similar, para_body_place(&world->bodies[body], *anchor)));
}

static void move_joint(const ParaWorldDef *world, ParaJointDef *def, const uint8_t *set,
                       const Similar *similar)
{
    bool a = set[def->a], b = set[def->b];
    if (!a && !b)
        return;
    double scale = similar->move->scale;
    float times = (float)scale;
    move_end(world, def->a, a, similar, &def->anchor_a);
    move_end(world, def->b, b, similar, &def->anchor_b);
    bool slides = def->kind == PARA_JOINT_PRISMATIC, rack = def->kind == PARA_JOINT_RACK;
    bool turns = slides ? a : !rack || (def->carrier >= 0 && set[def->carrier]); // the axis, by itself
    if ((slides || rack) && !turns && similar->move->angle != 0)
        def->axis = rotated(similar, def->axis);
    if (def->kind == PARA_JOINT_PULLEY) {
        def->wheel_a = moved(similar, def->wheel_a);
        def->wheel_b = moved(similar, def->wheel_b);
    } else if (def->limited && def->kind != PARA_JOINT_REVOLUTE && def->kind < PARA_JOINT_PULLEY) {
        def->lower *= times;
        def->upper *= times;
    }
    if (def->kind == PARA_JOINT_SPRING || def->kind == PARA_JOINT_PULLEY)
        def->rest *= times;
    if (rack)
        def->ratio *= times;
}

static void move_body(ParaEditor *editor, int body, const Similar *similar)
{
    ParaWorldDef *world = &editor->level->world;
    ParaBodyDef *def = &world->bodies[body];
    double scale = similar->move->scale;
    def->position = moved(similar, def->position);
    def->angle = plain((double)def->angle + similar->move->angle);
    editor->changed[body] = 1;
    if (scale == 1)
        return;
    def->centre_shift = scaled(def->centre_shift, scale);
    int first, end;
    para_body_shapes(world, body, &first, &end);
    for (int s = first; s < end; s++) {
        ParaShapeDef *shape = &world->shapes[s];
        shape->radius *= (float)scale;
        for (uint32_t k = 0; k < shape->point_count; k++)
            world->points[shape->point_first + k] = scaled(world->points[shape->point_first + k], scale);
    }
    for (int t = 0; t < world->thruster_count; t++)
        if (world->thrusters[t].body == body)
            world->thrusters[t].point = scaled(world->thrusters[t].point, scale);
}

void para_edit_transform(ParaEditor *editor, const uint8_t *set, const ParaEditMove *move)
{
    Similar similar = {.move = move};
    ParaWorldDef *world = &editor->level->world;
    para_sincos(move->angle, &similar.s, &similar.c);
    for (int j = 0; j < world->joint_count; j++) // while bodies are where they were
        move_joint(world, &world->joints[j], set, &similar);
    for (int b = 0; b < world->body_count; b++)
        if (set[b])
            move_body(editor, b, &similar);
}

// ---------------------------------------------------------------------------------------------
// What lies below.

/// The height of a line at x where it is below y and above best.
static double higher(double best, ParaPoint a, ParaPoint b, double radius, double x, double y)
{
    if ((a.x > x && b.x > x) || (a.x < x && b.x < x))
        return best;
    double way = b.x - a.x, at = way != 0 ? a.y + (b.y - a.y) * (x - a.x) / way : para_max(a.y, b.y);
    at += radius;
    return at <= y && !(at <= best) ? at : best;
}

double para_edit_surface(const ParaLevel *level, const uint8_t *left_out, double x, double y)
{
    const ParaWorldDef *world = &level->world;
    double best = PARA_NAN;
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        const ParaBodyDef *body = &world->bodies[shape->body];
        const ParaVec2 *points = world->points + shape->point_first;
        if (left_out[shape->body] || shape->mask == 0 || para_edit_is_spare(level, shape->body))
            continue;
        double radius = (double)shape->radius;
        ParaPoint last = para_body_place(body, points[0]);
        if (shape->kind == PARA_SHAPE_CIRCLE) {
            double off = x - last.x, square = radius * radius - off * off;
            double top = square >= 0 ? last.y + para_sqrt(square) : PARA_NAN;
            best = top <= y && !(top <= best) ? top : best;
            continue;
        }
        for (uint32_t k = 1; k < shape->point_count; k++) {
            ParaPoint next = para_body_place(body, points[k]);
            best = higher(best, last, next, radius, x, y);
            last = next;
        }
        if (shape->kind == PARA_SHAPE_POLYGON)
            best = higher(best, last, para_body_place(body, points[0]), 0, x, y);
    }
    return best;
}

bool para_edit_spot(ParaEditor *editor, double width, ParaVec2 *out)
{
    const ParaLevel *level = editor->level;
    static const uint8_t none[PARA_BODIES_MAX];
    double size_x = (double)level->world.size.x, size_y = (double)level->world.size.y;
    if (size_x <= width)
        return para_edit_refuse(editor, true, "the world is not as wide");
    double x = para_rng_range(&editor->rng, width / 2, size_x - width / 2);
    double y = para_rng_range(&editor->rng, 0.1 * size_y, size_y);
    double top = -1e30;
    for (int k = -1; k <= 1; k++) {
        double at = para_edit_surface(level, none, x + 0.5 * k * width, y);
        top = at > top ? at : top;
    }
    if (top < 0 || top > size_y) {
        if (level->world.gravity.x == 0 && level->world.gravity.y == 0) // nothing falls: anywhere will do
            top = para_rng_range(&editor->rng, 0, size_y);
        else
            return para_edit_refuse(editor, false, "no ground was found below %.1f m", x);
    }
    *out = (ParaVec2){plain(x), plain(top + 0.005)};
    return true;
}

// ---------------------------------------------------------------------------------------------
// Fit.

/// How far a box stands out of the world [m].
static double out_of_world(const ParaLevel *level, const ParaEditBox *box)
{
    double x = para_max(-box->low_x, box->high_x - (double)level->world.size.x);
    double y = para_max(-box->low_y, box->high_y - (double)level->world.size.y);
    return para_max(0, para_max(x, y));
}

/// Where a body of the new level was in the old one; -1: it is new.
static int old_body(const ParaEditor *editor, int body)
{
    int old = editor->removed >= 0 && body >= editor->removed ? body + 1 : body;
    return old < editor->from->world.body_count ? old : -1;
}

typedef struct Pair {
    int a, b;
    double depth;
} Pair;

typedef struct Pairs {
    const ParaView *view;
    Pair items[PAIRS];
    int count;
    bool full;
} Pairs;

static void note_pair(void *context, const ParaOverlap *overlap)
{
    Pairs *pairs = context;
    const ParaShapeDef *shapes = pairs->view->def->shapes;
    int a = shapes[overlap->shape_a].body, b = shapes[overlap->shape_b].body;
    if (overlap->depth <= SLOP)
        return;
    for (int k = 0; k < pairs->count; k++) {
        Pair *pair = &pairs->items[k];
        if ((pair->a == a && pair->b == b) || (pair->a == b && pair->b == a)) {
            pair->depth = para_max(pair->depth, overlap->depth);
            return;
        }
    }
    pairs->full |= pairs->count == PAIRS;
    if (pairs->count < PAIRS)
        pairs->items[pairs->count++] = (Pair){a, b, overlap->depth};
}

/// What lies in each other among the marked shapes, by the engine's own measure. Other shapes are left out of
/// what is asked, so that the cost is that of what changed.
static void find_pairs(const ParaLevel *level, const uint8_t *asked, ParaArena *arena, Pairs *pairs)
{
    ParaWorldDef def = level->world;
    int bodies = def.body_count, pieces = 0;
    ParaShapeDef *shapes = PARA_NEW(arena, ParaShapeDef, def.shape_count + 1);
    float *numbers = PARA_NEW(arena, float, 5 * bodies + 1);
    uint8_t *enabled = PARA_NEW(arena, uint8_t, bodies + 1);
    float *x = numbers, *y = x + bodies, *angle = y + bodies, *c = angle + bodies, *s = c + bodies;
    int count = 0;
    for (int k = 0; k < def.shape_count; k++)
        if (asked[k]) {
            shapes[count++] = def.shapes[k];
            pieces += (int)def.shapes[k].point_count;
        }
    for (int b = 0; b < bodies; b++) {
        double sine, cosine;
        para_sincos((double)def.bodies[b].angle, &sine, &cosine);
        x[b] = def.bodies[b].position.x, y[b] = def.bodies[b].position.y, angle[b] = def.bodies[b].angle;
        c[b] = (float)cosine, s[b] = (float)sine;
        enabled[b] = !para_edit_is_spare(level, b);
    }
    def.shapes = shapes;
    def.shape_count = count;
    def.point_count = pieces; // room for pieces is all they are counted for
    ParaView view = {
        .def = &def, .stride = 1, .x = x, .y = y, .angle = angle, .cos = c, .sin = s, .enabled = enabled};
    pairs->view = &view;
    para_overlaps_tell(&view, arena, note_pair, pairs);
    pairs->view = NULL;
}

/// Marks shapes of changed bodies and those near them. @return false: nothing changed
static bool ask_near(ParaEditor *editor, uint8_t *asked)
{
    const ParaLevel *level = editor->level;
    const ParaWorldDef *world = &level->world;
    ParaEditBox all = empty_box();
    bool any = false;
    for (int s = 0; s < world->shape_count; s++)
        if (editor->changed[world->shapes[s].body]) {
            add_shape(world, &world->shapes[s], &all);
            any = true;
        }
    for (int s = 0; any && s < world->shape_count; s++) {
        ParaEditBox own = empty_box();
        add_shape(world, &world->shapes[s], &own);
        asked[s] = boxes_meet(&own, &all);
    }
    return any;
}

static double depth_before(const ParaEditor *editor, const Pairs *old, const Pair *pair)
{
    int a = old_body(editor, pair->a), b = old_body(editor, pair->b);
    for (int k = 0; k < old->count; k++)
        if ((old->items[k].a == a && old->items[k].b == b) || (old->items[k].a == b && old->items[k].b == a))
            return old->items[k].depth;
    return 0;
}

static bool overlaps_no_more(ParaEditor *editor)
{
    const ParaWorldDef *before = &editor->from->world;
    ParaArenaMark mark = para_arena_mark(editor->arena);
    uint8_t asked[PARA_SHAPES_MAX] = {0};
    Pairs now = {.count = 0}, old = {.count = 0};
    if (!ask_near(editor, asked))
        return true;
    find_pairs(editor->level, asked, editor->arena, &now);
    if (now.count > 0) { // seldom: did they before?
        memset(asked, 0, sizeof asked);
        for (int s = 0; s < before->shape_count; s++)
            for (int k = 0; k < now.count; k++)
                asked[s] |= before->shapes[s].body == old_body(editor, now.items[k].a) ||
                            before->shapes[s].body == old_body(editor, now.items[k].b);
        find_pairs(editor->from, asked, editor->arena, &old);
    }
    para_arena_rewind(editor->arena, mark);
    if (now.full)
        return para_edit_refuse(editor, false, "many things would lie in each other");
    for (int k = 0; k < now.count; k++)
        if ((editor->changed[now.items[k].a] || editor->changed[now.items[k].b]) &&
            now.items[k].depth > depth_before(editor, &old, &now.items[k]) + SLIGHT)
            return para_edit_refuse(editor, false, "%s would lie in %s by %.2f m",
                                    para_edit_body_word(editor, now.items[k].a),
                                    para_edit_body_word(editor, now.items[k].b), now.items[k].depth);
    return true;
}

bool para_edit_fits(ParaEditor *editor)
{
    for (int b = 0; b < editor->level->world.body_count; b++) {
        if (!editor->changed[b] || para_edit_is_spare(editor->level, b))
            continue;
        ParaEditBox box = para_edit_box(editor->level, b);
        int old = old_body(editor, b);
        double before = 0;
        if (old >= 0) {
            ParaEditBox was = para_edit_box(editor->from, old);
            before = out_of_world(editor->from, &was);
        }
        if (out_of_world(editor->level, &box) > before + SLIGHT)
            return para_edit_refuse(editor, false, "%s would stand out of the world",
                                    para_edit_body_word(editor, b));
    }
    return overlaps_no_more(editor);
}
