// SPDX-License-Identifier: MIT
// What must hold of a member, or it is drawn anew: bodies clear of each other, and a way from one place to
// another. Judged by plain geometry at the start, before any physics.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <stdarg.h>

#define FAR          1e30  // [m] farther than any place, and still a number
#define TOUCH        1e-3  // [m] that things which stand on each other may be in each other
#define PAIR_WORK    0.02  // [1] of a pair of pieces, about a microsecond each
#define CELL_WORK    0.01  // [1] of a cell that is looked at
#define CELLS_MAX    65536 // of the way
#define CELLS_RADIUS 2     // cells in the player's radius, where there is room for them

typedef struct Point {
    double x, y;
} Point;

/// A convex set of corners, fattened by a radius: 1 corner a ball, 2 a capsule, more a polygon.
typedef struct Piece {
    int count;
    Point corners[PARA_POLYGON_POINTS_MAX];
    double radius;
    Point low, high; ///< bounding box, radius included
} Piece;

// ---------------------------------------------------------------------------------------------
// Pieces of shapes in the world.

static Piece piece_of(const ParaWorldDef *world, ParaVec2 position, double angle, uint32_t first, int count,
                      double radius)
{
    Piece piece = {.count = count, .radius = radius, .low = {FAR, FAR}, .high = {-FAR, -FAR}};
    for (int k = 0; k < count; k++) {
        ParaPoint place = para_frame_place(position, angle, world->points[first + (uint32_t)k]);
        piece.corners[k] = (Point){place.x, place.y};
        piece.low = (Point){para_min(piece.low.x, place.x - radius), para_min(piece.low.y, place.y - radius)};
        piece.high =
            (Point){para_max(piece.high.x, place.x + radius), para_max(piece.high.y, place.y + radius)};
    }
    return piece;
}

static int pieces_in(const ParaShapeDef *shape)
{
    return shape->kind == PARA_SHAPE_CHAIN ? (int)shape->point_count - 1 : 1;
}

/// Piece `k` of a shape: of a chain one line.
static Piece shape_piece(const ParaWorldDef *world, const ParaShapeDef *shape, int k)
{
    const ParaBodyDef *body = &world->bodies[shape->body];
    bool chain = shape->kind == PARA_SHAPE_CHAIN;
    return piece_of(world, body->position, (double)body->angle,
                    shape->point_first + (chain ? (uint32_t)k : 0), chain ? 2 : (int)shape->point_count,
                    (double)shape->radius);
}

static Piece zone_piece(const ParaWorldDef *world, const ParaZoneDef *zone)
{
    if (zone->kind != PARA_SHAPE_CIRCLE)
        return piece_of(world, zone->position, (double)zone->angle, zone->point_first, (int)zone->point_count,
                        0);
    double x = (double)zone->position.x, y = (double)zone->position.y, r = (double)zone->radius;
    return (Piece){
        .count = 1, .corners = {{x, y}}, .radius = r, .low = {x - r, y - r}, .high = {x + r, y + r}};
}

static double point_to_edge(Point p, Point a, Point b)
{
    double ex = b.x - a.x, ey = b.y - a.y, square = ex * ex + ey * ey;
    double t = square > 0 ? para_clamp(((p.x - a.x) * ex + (p.y - a.y) * ey) / square, 0, 1) : 0;
    double x = p.x - a.x - t * ex, y = p.y - a.y - t * ey;
    return para_sqrt(x * x + y * y);
}

/// How far two sets of corners are apart along the normals of the first's edges: below 0, so deep in each
/// other.
static double part_along(const Piece *a, const Piece *b)
{
    double most = -FAR;
    for (int k = 0; a->count > 1 && k < a->count; k++) {
        Point p = a->corners[k], q = a->corners[(k + 1) % a->count];
        double nx = q.y - p.y, ny = p.x - q.x, length = para_sqrt(nx * nx + ny * ny);
        double least = FAR, own = -FAR;
        if (!(length > 0))
            continue;
        for (int m = 0; m < b->count; m++)
            least = para_min(least, (b->corners[m].x * nx + b->corners[m].y * ny) / length);
        for (int m = 0; m < a->count; m++)
            own = para_max(own, (a->corners[m].x * nx + a->corners[m].y * ny) / length);
        most = para_max(most, least - own);
    }
    return most;
}

/// The room between two pieces [m]; below 0: so deep they are in each other.
static double room_between(const Piece *a, const Piece *b)
{
    double apart = para_max(part_along(a, b), part_along(b, a)), least = FAR;
    if (apart < 0 && apart > -FAR)
        return apart - a->radius - b->radius;
    for (int k = 0; k < a->count; k++)
        for (int m = 0; m < b->count; m++) {
            least =
                para_min(least, point_to_edge(a->corners[k], b->corners[m], b->corners[(m + 1) % b->count]));
            least =
                para_min(least, point_to_edge(b->corners[m], a->corners[k], a->corners[(k + 1) % a->count]));
        }
    return least - a->radius - b->radius;
}

static bool boxes_within(const Piece *a, const Piece *b, double distance)
{
    return a->low.x - distance <= b->high.x && b->low.x - distance <= a->high.x &&
           a->low.y - distance <= b->high.y && b->low.y - distance <= a->high.y;
}

/// The least room between a piece and the shapes of a body, where it is less than `most`; else `most`.
static double room_to_body(ParaSampler *sampler, const Piece *piece, int body, double most)
{
    const ParaWorldDef *world = &sampler->level->world;
    int first, end;
    para_body_shapes(world, body, &first, &end);
    for (int s = first; s < end; s++)
        for (int k = 0; k < pieces_in(&world->shapes[s]); k++) {
            Piece other = shape_piece(world, &world->shapes[s], k);
            sampler->work += PAIR_WORK;
            if (boxes_within(piece, &other, most))
                most = para_min(most, room_between(piece, &other));
        }
    return most;
}

static double room_of_bodies(ParaSampler *sampler, int a, int b, double most)
{
    const ParaWorldDef *world = &sampler->level->world;
    int first, end;
    para_body_shapes(world, a, &first, &end);
    for (int s = first; s < end; s++)
        for (int k = 0; k < pieces_in(&world->shapes[s]); k++) {
            Piece piece = shape_piece(world, &world->shapes[s], k);
            most = room_to_body(sampler, &piece, b, most);
        }
    return most;
}

static double room_to_zone(ParaSampler *sampler, int body, int zone, double most)
{
    Piece piece = zone_piece(&sampler->level->world, &sampler->level->world.zones[zone]);
    return room_to_body(sampler, &piece, body, most);
}

// ---------------------------------------------------------------------------------------------
// Clear of each other.

static const char *body_name(const ParaSampler *sampler, int body, char *store)
{
    return para_level_body_label(sampler->level, body, store);
}

__attribute__((format(printf, 3, 4))) static bool unmet(ParaSampler *sampler, const ParaObject *constraint,
                                                        const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(sampler->unmet, sizeof sampler->unmet, format, arguments);
    va_end(arguments);
    sampler->unmet_path = constraint->path;
    sampler->failed = true;
    return false;
}

/// Two things of a constraint that are too near.
static bool too_near(ParaSampler *sampler, const ParaObject *constraint, const char *a, const char *b,
                     double room)
{
    return room >= 0 ? unmet(sampler, constraint, "%s and %s are %.2g m from each other", a, b, room)
                     : unmet(sampler, constraint, "%s and %s lie %.2g m in each other", a, b, -room);
}

static bool keeps_clear(ParaSampler *sampler, const ParaObject *constraint, const ParaValue *value)
{
    const ParaField *field = para_field(PARA_FIELD_CONSTRAINT_keep_clear);
    double least = para_sample_number(sampler, value->numbers, field, constraint->path);
    ParaFound a = para_sample_find(sampler, &value->refs[0]), b = para_sample_find(sampler, &value->refs[1]);
    char one[PARA_NAME_MAX], two[PARA_NAME_MAX];
    for (int k = a.first; k < a.first + a.count; k++)
        for (int m = b.first; m < b.first + b.count; m++) {
            bool zone = b.space == PARA_SPACE_ZONE;
            if (!zone && (k == m || (a.first == b.first && m < k)))
                continue; // itself, or a pair that was asked about
            double room = zone ? room_to_zone(sampler, k, m, least) : room_of_bodies(sampler, k, m, least);
            if (room < least)
                return too_near(
                    sampler, constraint, body_name(sampler, k, one),
                    zone ? para_level_zone_label(sampler->level, m, two) : body_name(sampler, m, two), room);
        }
    return true;
}

static bool overlaps_not(ParaSampler *sampler, const ParaObject *constraint, const ParaValue *value)
{
    uint8_t in[PARA_BODIES_MAX] = {0};
    const ParaWorldDef *world = &sampler->level->world;
    char one[PARA_NAME_MAX], two[PARA_NAME_MAX];
    for (int r = 0; r < value->count; r++) {
        ParaFound found = para_sample_find(sampler, &value->refs[r]);
        for (int k = found.first; k < found.first + found.count; k++)
            in[k] = 1;
    }
    for (int k = 0; k < world->body_count; k++)
        for (int m = k + 1; in[k] && m < world->body_count; m++) {
            double room = in[m] ? room_of_bodies(sampler, k, m, 0) : 0;
            if (room < -TOUCH)
                return too_near(sampler, constraint, body_name(sampler, k, one), body_name(sampler, m, two),
                                room);
        }
    return true;
}

// ---------------------------------------------------------------------------------------------
// A way over static ground, on a grid.

enum { CELL_SOLID = 1, CELL_REACHED = 2, CELL_WAITS = 4 };

typedef struct Way {
    int width, height;
    double cell;            ///< [m]
    Point low;              ///< of the cell (0, 0)
    double radius;          ///< [m] of who goes it
    int up_most, over_most; ///< [cell] of a jump
    bool floats;            ///< no gravity: every cell is as good as ground
    uint8_t *state;         ///< [width * height] bits
    int16_t *up, *over;     ///< [width * height] that are left there, the most of all ways to it
    int32_t *waiting;       ///< [width * height] cells to go on from
} Way;

static Point centre_of(const Way *way, int cell)
{
    return (Point){way->low.x + (cell % way->width + 0.5) * way->cell,
                   way->low.y + (cell / way->width + 0.5) * way->cell};
}

static double room_at(const Piece *piece, Point place)
{
    Piece point = {.count = 1, .corners = {place}};
    return room_between(&point, piece);
}

/// Marks the cells where a player does not fit for a piece.
static void mark_solid(ParaSampler *sampler, Way *way, const Piece *piece)
{
    double reach = way->radius;
    int x0 = (int)para_clamp((piece->low.x - reach - way->low.x) / way->cell, 0, way->width - 1);
    int x1 = (int)para_clamp((piece->high.x + reach - way->low.x) / way->cell, 0, way->width - 1);
    int y0 = (int)para_clamp((piece->low.y - reach - way->low.y) / way->cell, 0, way->height - 1);
    int y1 = (int)para_clamp((piece->high.y + reach - way->low.y) / way->cell, 0, way->height - 1);
    for (int y = y0; y <= y1; y++)
        for (int x = x0; x <= x1; x++) {
            int cell = y * way->width + x;
            sampler->work += CELL_WORK;
            if (!(way->state[cell] & CELL_SOLID) && room_at(piece, centre_of(way, cell)) < reach)
                way->state[cell] |= CELL_SOLID;
        }
}

static bool is_ground(const ParaWorldDef *world, const ParaShapeDef *shape)
{
    return world->bodies[shape->body].kind == PARA_BODY_STATIC && !shape->one_way;
}

/// The box of all static things and both ends, with room for a jump around.
static bool lay_grid(ParaSampler *sampler, Way *way, Point a, Point b, double margin)
{
    const ParaWorldDef *world = &sampler->level->world;
    Point low = {para_min(a.x, b.x), para_min(a.y, b.y)}, high = {para_max(a.x, b.x), para_max(a.y, b.y)};
    for (int s = 0; s < world->shape_count; s++)
        for (int k = 0; is_ground(world, &world->shapes[s]) && k < pieces_in(&world->shapes[s]); k++) {
            Piece piece = shape_piece(world, &world->shapes[s], k);
            low = (Point){para_min(low.x, piece.low.x), para_min(low.y, piece.low.y)};
            high = (Point){para_max(high.x, piece.high.x), para_max(high.y, piece.high.y)};
        }
    low = (Point){low.x - margin, low.y - margin};
    high = (Point){high.x + margin, high.y + margin};
    way->cell = para_max(way->radius / CELLS_RADIUS,
                         para_sqrt((high.x - low.x) * (high.y - low.y) / (CELLS_MAX / 2)));
    way->low = low;
    way->width = (int)((high.x - low.x) / way->cell) + 1;
    way->height = (int)((high.y - low.y) / way->cell) + 1;
    return way->cell <= way->radius && (int64_t)way->width * way->height <= CELLS_MAX;
}

static bool is_free(const Way *way, int x, int y)
{
    return x >= 0 && y >= 0 && x < way->width && y < way->height &&
           !(way->state[y * way->width + x] & CELL_SOLID);
}

static bool stands(const Way *way, int x, int y) { return way->floats || (y > 0 && !is_free(way, x, y - 1)); }

/// A cell can be had with so much of a jump left; more than before is worth another look.
static void reach(Way *way, int *waiting, int x, int y, int up, int over)
{
    if (!is_free(way, x, y))
        return;
    int cell = y * way->width + x;
    if (stands(way, x, y))
        up = way->up_most, over = way->over_most;
    bool reached = way->state[cell] & CELL_REACHED;
    if (reached && up <= way->up[cell] && over <= way->over[cell])
        return;
    way->up[cell] = (int16_t)(reached && way->up[cell] > up ? way->up[cell] : up);
    way->over[cell] = (int16_t)(reached && way->over[cell] > over ? way->over[cell] : over);
    way->state[cell] |= CELL_REACHED;
    if (way->state[cell] & CELL_WAITS)
        return;
    way->state[cell] |= CELL_WAITS;
    way->waiting[(*waiting)++] = cell; // each cell waits once at a time, so there is room for all
}

static void flood(ParaSampler *sampler, Way *way, int start)
{
    int waiting = 0;
    reach(way, &waiting, start % way->width, start / way->width, 0, way->over_most);
    while (waiting > 0) {
        int cell = way->waiting[--waiting], x = cell % way->width, y = cell / way->width;
        int up = way->up[cell], over = way->over[cell];
        way->state[cell] &= (uint8_t)~CELL_WAITS;
        sampler->work += CELL_WORK;
        if (up > 0)
            reach(way, &waiting, x, y + 1, up - 1, over);
        reach(way, &waiting, x, y - 1, 0, over);
        for (int side = -1; side <= 1; side += 2)
            if (over > 0 || stands(way, x + side, y))
                reach(way, &waiting, x + side, y, up, over - 1);
    }
}

/// The free cell nearest to a place, within twice the radius. @return -1: there is none
static int start_cell(const Way *way, Point place)
{
    int best = -1, span = (int)(2 * way->radius / way->cell) + 1;
    int cx = (int)((place.x - way->low.x) / way->cell), cy = (int)((place.y - way->low.y) / way->cell);
    double least = FAR;
    for (int y = cy - span; y <= cy + span; y++)
        for (int x = cx - span; x <= cx + span; x++) {
            if (!is_free(way, x, y))
                continue;
            Point centre = centre_of(way, y * way->width + x);
            double far =
                (centre.x - place.x) * (centre.x - place.x) + (centre.y - place.y) * (centre.y - place.y);
            if (far < least)
                least = far, best = y * way->width + x;
        }
    return best;
}

/// Is a reached cell at the end: its centre in the zone, or the player's edge at the body?
static bool is_end(ParaSampler *sampler, const Way *way, ParaFound end, Point place)
{
    const ParaWorldDef *world = &sampler->level->world;
    Piece point = {.count = 1, .corners = {place}, .low = place, .high = place};
    for (int k = end.first; k < end.first + end.count; k++) {
        if (end.space == PARA_SPACE_ZONE) {
            Piece zone = zone_piece(world, &world->zones[k]);
            if (room_between(&point, &zone) <= way->cell / 2)
                return true;
        } else if (room_to_body(sampler, &point, k, way->radius + 2 * way->cell) <
                   way->radius + 2 * way->cell) {
            return true;
        }
    }
    return false;
}

static double number_of(ParaSampler *sampler, const ParaObject *constraint, ParaFieldId id)
{
    const ParaValue *value = para_value(constraint, id);
    return value->present ? para_sample_number(sampler, value->numbers, para_field(id), constraint->path) : 0;
}

static Point place_of(const ParaSampler *sampler, ParaFound found)
{
    const ParaWorldDef *world = &sampler->level->world;
    ParaVec2 at = found.space == PARA_SPACE_ZONE ? world->zones[found.first].position
                                                 : world->bodies[found.first].position;
    return (Point){(double)at.x, (double)at.y};
}

static bool is_reachable(ParaSampler *sampler, const ParaObject *constraint, const ParaValue *value)
{
    const ParaWorldDef *world = &sampler->level->world;
    ParaFound a = para_sample_find(sampler, &value->refs[0]), b = para_sample_find(sampler, &value->refs[1]);
    Way way = {.radius = number_of(sampler, constraint, PARA_FIELD_CONSTRAINT_radius)};
    double jump = number_of(sampler, constraint, PARA_FIELD_CONSTRAINT_jump);
    double gap = number_of(sampler, constraint, PARA_FIELD_CONSTRAINT_gap);
    if (sampler->failed || a.count == 0 || b.count == 0)
        return !sampler->failed; // what is not there need not be reached
    Point from = place_of(sampler, a), to = place_of(sampler, b);
    if (!lay_grid(sampler, &way, from, to, para_min(jump + 2 * way.radius, 50)))
        return unmet(sampler, constraint, "the level is too large to look for the way of a player of %.2g m",
                     way.radius);
    ParaArenaMark mark = para_arena_mark(sampler->arena);
    int cells = way.width * way.height;
    way.state = PARA_NEW(sampler->arena, uint8_t, cells);
    way.up = PARA_NEW(sampler->arena, int16_t, cells);
    way.over = PARA_NEW(sampler->arena, int16_t, cells);
    way.waiting = PARA_NEW(sampler->arena, int32_t, cells);
    way.floats = world->gravity.x == 0 && world->gravity.y == 0;
    way.up_most = (int)para_clamp(jump / way.cell, 1, 10000);
    way.over_most = (int)para_clamp(gap / way.cell, 0, 10000);
    for (int s = 0; s < world->shape_count; s++)
        for (int k = 0; is_ground(world, &world->shapes[s]) && k < pieces_in(&world->shapes[s]); k++) {
            Piece piece = shape_piece(world, &world->shapes[s], k);
            mark_solid(sampler, &way, &piece);
        }
    int start = start_cell(&way, from);
    bool there = false;
    if (start >= 0)
        flood(sampler, &way, start);
    double right = from.x;
    for (int cell = 0; start >= 0 && cell < cells && !there; cell++) {
        if (!(way.state[cell] & CELL_REACHED))
            continue;
        Point place = centre_of(&way, cell);
        there = is_end(sampler, &way, b, place);
        if ((place.x - right) * (to.x - from.x) > 0)
            right = place.x;
    }
    para_arena_rewind(sampler->arena, mark);
    char one[PARA_NAME_MAX], two[PARA_NAME_MAX];
    const char *who = body_name(sampler, a.first, one);
    const char *where = b.space == PARA_SPACE_ZONE ? para_level_zone_label(sampler->level, b.first, two)
                                                   : body_name(sampler, b.first, two);
    if (start < 0)
        return unmet(sampler, constraint, "%s begins where a player of radius %.2g m has no room", who,
                     way.radius);
    return there ||
           unmet(sampler, constraint, "%s does not get to %s: no farther than x = %.3g m", who, where, right);
}

// ---------------------------------------------------------------------------------------------

bool para_sample_constraints(ParaSampler *sampler)
{
    const ParaValue *list = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_constraints);
    for (int k = 0; list->present && k < list->count && !sampler->failed; k++) {
        const ParaObject *constraint = &list->objects[k];
        const ParaValue *value = para_value(constraint, constraint->head_id);
        if (constraint->head_id == PARA_FIELD_CONSTRAINT_keep_clear)
            keeps_clear(sampler, constraint, value);
        else if (constraint->head_id == PARA_FIELD_CONSTRAINT_no_overlap)
            overlaps_not(sampler, constraint, value);
        else
            is_reachable(sampler, constraint, value);
    }
    return !sampler->failed;
}
