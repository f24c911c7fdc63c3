// SPDX-License-Identifier: MIT
// Edits of ground: chains, and blocks whose top is edited as a line and which then become columns.
#include "engine/base/maths.h"
#include "worlds/edit/edit_parts.h"

#include <math.h>
#include <string.h>

#define WIDE      1.5  // [m] of a piece of ground, or of the world where that is smaller
#define INNER_MAX 48   // points of a piece
#define STEEP     0.02 // [m] that the wall of a pit leans
#define THIN      0.05 // [m] of a column
#define COLUMNS   60   // of a block

typedef enum { RAISE, LOWER, ROUGHEN, CUT } Change;

/// A piece of a line that goes to one side: from end to end u is 0 to 1.
typedef struct Piece {
    double from, to; ///< [m] x, either way round
    double u[INNER_MAX], dy[INNER_MAX];
    int count;
} Piece;

static bool is_ground(const ParaLevel *level, const ParaShapeDef *shape)
{
    const ParaVec2 *points = level->world.points + shape->point_first;
    double angle = (double)level->world.bodies[shape->body].angle, low = 1e30, high = -1e30;
    if (level->world.bodies[shape->body].kind != PARA_BODY_STATIC || fabs(angle) > 0.2 || shape->mask == 0 ||
        para_edit_is_player(level, shape->body) || para_edit_is_spare(level, shape->body))
        return false;
    for (uint32_t k = 0; k < shape->point_count; k++) {
        low = para_min(low, (double)points[k].x);
        high = para_max(high, (double)points[k].x);
    }
    bool column = shape->kind == PARA_SHAPE_POLYGON && shape->point_count == 4;
    bool line = shape->kind == PARA_SHAPE_CHAIN || shape->kind == PARA_SHAPE_SEGMENT;
    return (column || line) && high - low > para_min(WIDE, 0.2 * (double)level->world.size.x);
}

/// Corners of a block with upright sides: lower left, lower right, upper right, upper left.
static bool as_column(const ParaVec2 *points, ParaVec2 *out)
{
    int lowest = 0;
    for (int k = 1; k < 4; k++) { // the left one that an edge of any length to the right follows
        double left = (double)(points[k].x - points[lowest].x);
        if (left < -1e-3 || (left < 1e-3 && points[k].y < points[lowest].y))
            lowest = k;
    }
    for (int k = 0; k < 4; k++)
        out[k] = points[(lowest + k) % 4];
    return fabsf(out[0].x - out[3].x) < 2e-3f && fabsf(out[1].x - out[2].x) < 2e-3f &&
           out[1].x > out[0].x + 0.1f && out[3].y > out[0].y && out[2].y > out[1].y;
}

/// An amount that belongs to a place: inner points that there are, and those the change wants.
static void add_inner(Piece *piece, double u, double dy)
{
    if (piece->count == INNER_MAX || u < 1e-3 || u > 1 - 1e-3)
        return;
    int k = piece->count++;
    for (; k > 0 && piece->u[k - 1] > u; k--) {
        piece->u[k] = piece->u[k - 1];
        piece->dy[k] = piece->dy[k - 1];
    }
    piece->u[k] = u;
    piece->dy[k] = dy;
}

static double ramp(double u) { return para_min(1, 4 * para_min(u, 1 - u)); }

/// What happens at u, of an old point or a new one.
static double change_at(ParaEditor *editor, Change change, double amount, double u)
{
    if (change == ROUGHEN)
        return para_rng_range(&editor->rng, -amount, amount);
    return change == CUT ? -amount : (change == RAISE ? amount : -amount) * ramp(u);
}

/// The inner points of a piece, in order.  @param old [old_count] u of those that there are
static void fill(ParaEditor *editor, Piece *piece, Change change, double amount, const double *old,
                 int old_count)
{
    double width = fabs(piece->to - piece->from);
    for (int k = 0; k < old_count; k++)
        if (change != CUT || (old[k] * width > 3 * STEEP && (1 - old[k]) * width > 3 * STEEP))
            add_inner(piece, old[k], change_at(editor, change, amount, old[k]));
    int own = change == ROUGHEN ? (int)para_clamp(width / 0.4, 2, 12) : 2;
    for (int k = 0; k < own; k++) {
        double u = change == ROUGHEN ? (k + 1.0) / (own + 1)
                   : change == CUT   ? (k ? 1 - STEEP / width : STEEP / width)
                                     : (k ? 0.75 : 0.25);
        bool near = false;
        for (int n = 0; n < piece->count; n++)
            near |= fabs(piece->u[n] - u) * width < 0.008;
        if (!near)
            add_inner(piece, u, change_at(editor, change, amount, u));
    }
}

static double lerp(double a, double b, double t) { return a + (b - a) * t; }

static ParaVec2 vec(double x, double y) { return (ParaVec2){(float)x + 0.0f, (float)y + 0.0f}; }

/// Height of a line at x, between two of its points that x lies between.
static double line_y(const ParaVec2 *points, int a, int b, double x)
{
    double ax = (double)points[a].x, bx = (double)points[b].x;
    return bx == ax ? (double)points[a].y
                    : lerp((double)points[a].y, (double)points[b].y, (x - ax) / (bx - ax));
}

typedef struct Told {
    double x, width; ///< [m] in the world
} Told;

/// Edits the piece about a place of a line. @return how many points it then has; 0: refused
static int edit_line(ParaEditor *editor, const ParaVec2 *points, int count, Change change, double amount,
                     double width, ParaVec2 *out, Told *told)
{
    int edge = (int)para_rng_int(&editor->rng, 0, count - 2);
    double share = para_rng_f64(&editor->rng);
    double sign = points[edge + 1].x >= points[edge].x ? 1 : -1;
    double middle = lerp((double)points[edge].x, (double)points[edge + 1].x, share);
    int first = edge, last = edge + 1; // the piece lies between these points
    while (first > 0 && sign * (double)(points[first].x - points[first - 1].x) > 1e-3 &&
           sign * (middle - (double)points[first].x) < width / 2)
        first--;
    while (last < count - 1 && sign * (double)(points[last + 1].x - points[last].x) > 1e-3 &&
           sign * ((double)points[last].x - middle) < width / 2)
        last++;
    double from = sign * para_max(sign * (double)points[first].x, sign * middle - width / 2);
    double to = sign * para_min(sign * (double)points[last].x, sign * middle + width / 2);
    if (sign * (to - from) < para_max(0.25, 6 * STEEP)) {
        para_edit_refuse(editor, false, "the ground there is too steep or too short");
        return 0;
    }
    Piece piece = {.from = from, .to = to};
    double old[INNER_MAX];
    int olds = 0, n = 0;
    for (int k = first + 1; k < last && olds < INNER_MAX - 14; k++) {
        double u = ((double)points[k].x - from) / (to - from);
        if (u > 0 && u < 1)
            old[olds++] = u;
    }
    if (last - first - 1 > INNER_MAX - 14) {
        para_edit_refuse(editor, false, "the ground there has too many points");
        return 0;
    }
    fill(editor, &piece, change, amount, old, olds);
    for (int k = 0; k <= first; k++)
        out[n++] = points[k];
    int at = first; // the edge in which the old line is at x
    if (sign * (from - (double)points[first].x) > 2e-3) {
        while (at + 1 < last && sign * (double)points[at + 1].x <= sign * from)
            out[n++] = points[++at];
        if (sign * (from - (double)out[n - 1].x) > 2e-3)
            out[n++] = vec(from, line_y(points, at, at + 1, from));
    }
    for (int k = 0; k < piece.count; k++) {
        double x = lerp(from, to, piece.u[k]);
        while (at + 1 < last && sign * (double)points[at + 1].x < sign * x - 1e-6)
            at++;
        out[n++] = vec(x, line_y(points, at, at + 1, x) + piece.dy[k]);
    }
    while (at + 1 < last && sign * (double)points[at + 1].x < sign * to)
        at++;
    if (sign * ((double)points[last].x - to) > 2e-3) {
        out[n++] = vec(to, line_y(points, at, at + 1, to));
        for (int k = at + 1; k < last; k++)
            if (sign * ((double)points[k].x - to) > 2e-3)
                out[n++] = points[k];
    }
    for (int k = last; k < count; k++)
        out[n++] = points[k];
    *told = (Told){(from + to) / 2, fabs(to - from)};
    return n;
}

/// Columns below a line. @return how many shapes; 0: none is left
static int put_columns(const ParaVec2 *line, int count, const ParaVec2 *block, const ParaShapeDef *like,
                       ParaShapeDef *shapes, ParaVec2 *points)
{
    int made = 0;
    for (int k = 0; k + 1 < count && made < COLUMNS; k++) {
        const ParaVec2 bottom[] = {block[0], block[1]};
        double x0 = (double)line[k].x, x1 = (double)line[k + 1].x;
        double low0 = line_y(bottom, 0, 1, x0), low1 = line_y(bottom, 0, 1, x1);
        double high0 = (double)line[k].y, high1 = (double)line[k + 1].y;
        if (x1 - x0 < 2e-3 || para_max(high0 - low0, high1 - low1) < THIN)
            continue;
        ParaVec2 *out = points + 4 * made;
        out[0] = vec(x0, low0);
        out[1] = vec(x1, low1);
        out[2] = vec(x1, para_max(high1, low1 + THIN));
        out[3] = vec(x0, para_max(high0, low0 + THIN));
        shapes[made] = *like;
        shapes[made].point_first = (uint32_t)(4 * made);
        made++;
    }
    return made;
}

/// The shapes of a body with one of them replaced.
static bool replace_shape(ParaEditor *editor, int shape, const ParaShapeDef *news, int new_count,
                          const ParaVec2 *points, int point_count)
{
    const ParaWorldDef *world = &editor->level->world;
    int body = world->shapes[shape].body, first = shape, end = shape, count = 0, at = 0;
    while (first > 0 && world->shapes[first - 1].body == body)
        first--;
    while (end < world->shape_count && world->shapes[end].body == body)
        end++;
    ParaShapeDef *all = PARA_NEW(editor->arena, ParaShapeDef, end - first + new_count);
    ParaVec2 *places = PARA_NEW(editor->arena, ParaVec2, world->point_count + point_count);
    for (int s = first; s < end; s++) {
        bool is = s == shape;
        int size = is ? point_count : (int)world->shapes[s].point_count;
        memcpy(places + at, is ? points : world->points + world->shapes[s].point_first,
               sizeof *places * (size_t)size);
        for (int k = 0; k < (is ? new_count : 1); k++) {
            all[count] = is ? news[k] : world->shapes[s];
            all[count].point_first = (uint32_t)at + (is ? news[k].point_first : 0);
            count++;
        }
        at += size;
    }
    return para_edit_set_shapes(editor, body, all, count, places, at);
}

static bool edit_shape(ParaEditor *editor, int shape, Change change, double amount, double width, Told *told)
{
    const ParaWorldDef *world = &editor->level->world;
    const ParaShapeDef like = world->shapes[shape];
    const ParaVec2 *points = world->points + like.point_first;
    int room = (int)like.point_count + INNER_MAX + 4;
    ParaVec2 *line = PARA_NEW(editor->arena, ParaVec2, room), block[4];
    if (like.kind != PARA_SHAPE_POLYGON) {
        int count = edit_line(editor, points, (int)like.point_count, change, amount, width, line, told);
        ParaShapeDef chain = like;
        chain.kind = PARA_SHAPE_CHAIN;
        chain.point_first = 0;
        chain.point_count = (uint32_t)count;
        return count > 0 && replace_shape(editor, shape, &chain, 1, line, count);
    }
    if (!as_column(points, block))
        return para_edit_refuse(editor, false, "the block has no upright sides");
    const ParaVec2 top[] = {block[3], block[2]};
    int count = edit_line(editor, top, 2, change, amount, width, line, told);
    ParaShapeDef *shapes = PARA_NEW(editor->arena, ParaShapeDef, COLUMNS);
    ParaVec2 *places = PARA_NEW(editor->arena, ParaVec2, 4 * COLUMNS);
    int columns = count > 0 ? put_columns(line, count, block, &like, shapes, places) : 0;
    if (count > 0 && columns == 0)
        return para_edit_refuse(editor, false, "nothing of the block would be left");
    return columns > 0 && replace_shape(editor, shape, shapes, columns, places, 4 * columns);
}

static bool edit_ground(ParaEditor *editor, Change change)
{
    const ParaLevel *level = editor->level;
    int found = 0;
    for (int s = 0; s < level->world.shape_count; s++)
        found += is_ground(level, &level->world.shapes[s]);
    if (found == 0)
        return para_edit_refuse(editor, true, "there is no ground of a line or a level block");
    int wanted = (int)para_rng_int(&editor->rng, 0, found - 1), shape = 0;
    while (!is_ground(level, &level->world.shapes[shape]) || wanted-- > 0)
        shape++;
    double width = para_edit_draw(editor, change == CUT ? 0.6 : 0.8, change == CUT ? 2 : 4, 0.1);
    double amount = change == ROUGHEN ? para_edit_draw(editor, 0.05, 0.25, 0.05)
                    : change == CUT   ? para_edit_draw(editor, 0.4, 2, 0.1)
                                      : para_edit_draw(editor, 0.1, 0.8, 0.05);
    int body = level->world.shapes[shape].body;
    float at = level->world.bodies[body].position.x;
    Told told = {0, 0};
    if (!edit_shape(editor, shape, change, amount, width, &told))
        return false;
    if (change == CUT)
        return para_edit_done(editor, "a pit %.1f m wide and %.1f m deep at x = %.1f m", told.width, amount,
                              told.x + (double)at);
    if (change == ROUGHEN)
        return para_edit_done(editor, "ground rougher by %.2f m over %.1f m at x = %.1f m", amount,
                              told.width, told.x + (double)at);
    return para_edit_done(editor, "ground %.2f m %s over %.1f m at x = %.1f m", amount,
                          change == RAISE ? "higher" : "lower", told.width, told.x + (double)at);
}

bool para_edit_raise_ground(ParaEditor *editor) { return edit_ground(editor, RAISE); }
bool para_edit_lower_ground(ParaEditor *editor) { return edit_ground(editor, LOWER); }
bool para_edit_roughen_ground(ParaEditor *editor) { return edit_ground(editor, ROUGHEN); }
bool para_edit_cut_ground(ParaEditor *editor) { return edit_ground(editor, CUT); }
