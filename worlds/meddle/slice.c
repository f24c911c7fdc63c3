// SPDX-License-Identifier: MIT
// A line drawn through a level: bodies that it goes right through fall in pieces. Each convex shape that it
// crosses is parted; parts that still touch each other, and not only along the cut, stay one body.
#include "engine/base/maths.h"
#include "worlds/meddle/making.h"

#include <string.h>

#define PARTS_MAX 64
#define ROUND     24   // corners of a circle that is cut: its area is the circle's
#define TOUCH     5e-3 // [m] parts are one that are nearer

/// A shape of the body, or a part of one, body frame.
typedef struct Part {
    int shape, side; // side: 1 left of the line, -1 right, 0 not cut
    int set;         // smallest index of those it hangs together with
    ParaPiece piece; // of a circle that stays whole: about it
} Part;

typedef struct Slicing {
    ParaMaking *making;
    int body;
    ParaPoint a, b; // of the line, body frame
    int count;
    bool crossed;
    Part parts[PARTS_MAX];
} Slicing;

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

static ParaPoint local(const ParaView *view, int body, ParaVec2 place)
{
    double cos = (double)at(view, view->cos, body), sin = (double)at(view, view->sin, body);
    double x = (double)place.x - (double)at(view, view->x, body);
    double y = (double)place.y - (double)at(view, view->y, body);
    return (ParaPoint){cos * x + sin * y, cos * y - sin * x};
}

/// Corners about a circle of the same area.
static int round_corners(ParaVec2 middle, double radius, int corners, ParaPoint *out)
{
    double sin, cos, step = PARA_TAU / corners;
    para_sincos(step, &sin, &cos);
    radius *= para_sqrt(0.5 * PARA_TAU / (0.5 * corners * sin));
    for (int i = 0; i < corners; i++) {
        para_sincos(step * i, &sin, &cos);
        out[i] = (ParaPoint){(double)middle.x + radius * cos, (double)middle.y + radius * sin};
    }
    return corners;
}

/// Whether the line goes into a convex outline, and whether one of its ends is in there.
static bool goes_through(const Slicing *s, const ParaPoint *points, int count, bool *out_ends)
{
    double from = 0, to = 1;
    for (int i = 0; i < count; i++) {
        ParaPoint p = points[i], q = points[(i + 1) % count];
        double ex = q.x - p.x, ey = q.y - p.y;
        double at_a = ex * (s->a.y - p.y) - ey * (s->a.x - p.x),
               at_b = ex * (s->b.y - p.y) - ey * (s->b.x - p.x);
        if (at_a < 0 && at_b < 0)
            return false;
        if (at_a < 0)
            from = para_max(from, at_a / (at_a - at_b));
        if (at_b < 0)
            to = para_min(to, at_a / (at_a - at_b));
    }
    if (from >= to)
        return false;
    *out_ends |= from <= 0 || to >= 1;
    return true;
}

static Part *add_part(Slicing *s, int shape, int side, const ParaPiece *piece)
{
    if (s->count == PARTS_MAX)
        return NULL;
    s->parts[s->count] = (Part){.shape = shape, .side = side, .set = s->count, .piece = *piece};
    return &s->parts[s->count++];
}

/// A convex outline as pieces of few enough corners, on one side of the line or whole.
static bool add_side(Slicing *s, int shape, int side, const ParaPoint *points, int count)
{
    ParaPieceList list = {0};
    for (int first = 1; first + 1 < count; first += PARA_POLYGON_POINTS_MAX - 2) { // a fan of pieces
        ParaPiece fan = {.count = 1, .points = {points[0]}};
        for (int i = first; i < count && fan.count < PARA_POLYGON_POINTS_MAX; i++)
            fan.points[fan.count++] = points[i];
        if (side >= 0)
            para_piece_left(&fan, s->a, s->b, &list);
        else
            para_piece_left(&fan, s->b, s->a, &list);
    }
    bool good = true;
    for (int p = 0; good && p < list.count; p++)
        good = add_part(s, shape, side, &list.items[p]) != NULL;
    return good;
}

static bool add_whole(Slicing *s, int shape, const ParaPoint *points, int count)
{
    ParaPiece piece = {0};
    for (int i = 0; i < count; i += (count + PARA_POLYGON_POINTS_MAX - 1) / PARA_POLYGON_POINTS_MAX)
        piece.points[piece.count++] = points[i];
    return add_part(s, shape, 0, &piece) != NULL;
}

/// @return false: it cannot be cut, or ends of the line lie in it
static bool part_shape(Slicing *s, int shape)
{
    const ParaWorldDef *world = &s->making->from->world;
    const ParaShapeDef *def = &world->shapes[shape];
    const ParaVec2 *corners = world->points + def->point_first;
    ParaPoint points[ROUND];
    int count = 0;
    bool ends = false;
    if (def->kind == PARA_SHAPE_CIRCLE)
        count = round_corners(corners[0], (double)def->radius, ROUND, points);
    else if (def->kind == PARA_SHAPE_POLYGON)
        for (uint32_t i = 0; i < def->point_count; i++)
            points[count++] = (ParaPoint){(double)corners[i].x, (double)corners[i].y};
    else
        return false;
    if (!goes_through(s, points, count, &ends))
        return add_whole(s, shape, points, count);
    s->crossed = true;
    return !ends && add_side(s, shape, 1, points, count) && add_side(s, shape, -1, points, count);
}

static int root(Slicing *s, int part)
{
    while (s->parts[part].set != part)
        part = s->parts[part].set;
    return part;
}

/// @return how many bodies it falls into
static int hang_together(Slicing *s)
{
    int sets = 0;
    for (int i = 0; i < s->count; i++)
        for (int k = i + 1; k < s->count; k++) {
            const Part *one = &s->parts[i], *two = &s->parts[k];
            if (one->side * two->side < 0 || !para_pieces_touch(&one->piece, &two->piece, TOUCH))
                continue;
            int a = root(s, i), b = root(s, k);
            s->parts[a > b ? a : b].set = a < b ? a : b;
        }
    for (int i = 0; i < s->count; i++)
        sets += (s->parts[i].set = root(s, i)) == i;
    return sets;
}

static bool add_shape(ParaMaking *making, const Part *part)
{
    const ParaWorldDef *world = &making->from->world;
    ParaShapeDef shape = world->shapes[part->shape];
    ParaVec2 points[PARA_POLYGON_POINTS_MAX];
    if (part->side == 0)
        return para_making_shape(making, &shape, world->points + shape.point_first, (int)shape.point_count);
    shape.kind = PARA_SHAPE_POLYGON;
    shape.radius = 0;
    for (int i = 0; i < part->piece.count; i++)
        points[i] = (ParaVec2){(float)part->piece.points[i].x, (float)part->piece.points[i].y};
    return para_making_shape(making, &shape, points, part->piece.count);
}

/// The pieces lie where the body is, in its own frame, and go on as parts of it would.
static bool add_bodies(Slicing *s)
{
    ParaMaking *making = s->making;
    for (int set = 0; set < s->count; set++) {
        if (s->parts[set].set != set)
            continue;
        if (!para_making_body(making, &making->level->world.bodies[s->body], s->body, 0))
            return false;
        for (int i = set; i < s->count; i++)
            if (s->parts[i].set == set) {
                if (!add_shape(making, &s->parts[i]))
                    return false;
                making->bodies[making->body_count - 1].parts |= (uint64_t)1 << i;
            }
    }
    return true;
}

/// Which of the pieces has a place of the body; the nearest to having it.
static int piece_with(const Slicing *s, int first, ParaVec2 anchor)
{
    const ParaPoint place = {(double)anchor.x, (double)anchor.y};
    for (int m = first; m < s->making->body_count; m++)
        for (int i = 0; i < s->count; i++)
            if ((s->making->bodies[m].parts >> i & 1) && para_piece_holds(&s->parts[i].piece, place))
                return m;
    return first;
}

/// Joints and the hand go on with the piece that has their place.
static void note_joints(Slicing *s, int first)
{
    ParaMaking *making = s->making;
    const ParaWorldDef *world = &making->from->world;
    for (int j = 0; j < world->joint_count; j++) {
        if (world->joints[j].a == s->body)
            making->joint_a[j] = (int16_t)(1 + piece_with(s, first, world->joints[j].anchor_a));
        if (world->joints[j].b == s->body)
            making->joint_b[j] = (int16_t)(1 + piece_with(s, first, world->joints[j].anchor_b));
    }
    if (making->hand_on == s->body)
        making->heir = piece_with(s, first, making->hand);
}

/// @return false: there is no room, which is told
static bool slice_body(Slicing *s)
{
    const ParaWorldDef *world = &s->making->from->world;
    int first = s->making->body_count;
    s->count = 0;
    s->crossed = false;
    for (int shape = 0; shape < world->shape_count; shape++)
        if (world->shapes[shape].body == s->body && !part_shape(s, shape))
            return true; // it stays whole
    if (!s->crossed || hang_together(s) < 2)
        return true;
    s->making->cut[s->body] = 1;
    if (!add_bodies(s))
        return false;
    note_joints(s, first);
    return true;
}

bool para_making_slice(ParaMaking *making, ParaVec2 a, ParaVec2 b)
{
    const ParaLevel *from = making->from;
    for (int body = 0; body < from->world.body_count; body++) {
        Slicing slicing = {.making = making,
                           .body = body,
                           .a = local(making->view, body, a),
                           .b = local(making->view, body, b)};
        if (from->world.bodies[body].kind != PARA_BODY_DYNAMIC || para_level_owner(from, body) >= 0 ||
            !making->view->enabled[(size_t)body * (size_t)making->view->stride])
            continue;
        if (!slice_body(&slicing))
            return false;
    }
    if (making->body_count == 0)
        return para_making_refuse(making, "the line goes right through nothing that moves");
    if (!para_making_assemble(making))
        return false;
    ParaJointDef *joints = making->level->world.joints;
    for (int j = 0; j < from->world.joint_count; j++) {
        if (making->joint_a[j] > 0)
            joints[j].a = making->bodies[making->joint_a[j] - 1].slot;
        if (making->joint_b[j] > 0)
            joints[j].b = making->bodies[making->joint_b[j] - 1].slot;
    }
    if (making->heir >= 0)
        making->heir = making->bodies[making->heir].slot;
    return true;
}
