// SPDX-License-Identifier: MIT
// Outlines: checked, cut into triangles by their ears (Meisters 1975), joined again as long as they stay
// convex (Hertel and Mehlhorn 1983).
#include "worlds/meddle/outline.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define NEAR  1e-3 // [m] points that are nearer are one
#define FLAT  1e-6 // [1] share of the sides' product by which three points may bend and be on a line
#define LOST  0.05 // [1] of the area that slivers may take along
#define STACK 64   // of strokes cut into two, each half into two ..

static double apart(ParaPoint a, ParaPoint b)
{
    return para_sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

static ParaPoint of(ParaVec2 v) { return (ParaPoint){(double)v.x, (double)v.y}; }

/// Adds a convex polygon of at most 2 (PARA_POLYGON_POINTS_MAX - 1) corners, in two where it has too many;
/// what is too thin is left out.  @return [m^2] of what was added
static double add_piece(ParaPieceList *list, const ParaPoint *points, int count)
{
    if (count < 3)
        return 0;
    if (count > PARA_POLYGON_POINTS_MAX) {
        ParaPoint rest[2 * PARA_POLYGON_POINTS_MAX];
        int left = 1, first = PARA_POLYGON_POINTS_MAX;
        PARA_ASSERT(count <= 2 * (PARA_POLYGON_POINTS_MAX - 1));
        rest[0] = points[0];
        for (int i = first - 1; i < count; i++)
            rest[left++] = points[i];
        return add_piece(list, points, first) + add_piece(list, rest, left);
    }
    ParaVec2 corners[PARA_POLYGON_POINTS_MAX];
    for (int i = 0; i < count; i++)
        corners[i] = (ParaVec2){(float)points[i].x, (float)points[i].y};
    if (list->count == PARA_OUTLINE_PIECES_MAX || para_polygon_problem(corners, (uint32_t)count))
        return 0;
    ParaPiece *piece = &list->items[list->count++];
    piece->count = count;
    memcpy(piece->points, points, sizeof *points * (size_t)count);
    return para_points_area(points, count);
}

/// Leaves out corners that are on a line between their neighbours, or on them.  @return how many are left
static int tidy(ParaPoint *points, int count)
{
    for (int i = 0; i < count && count >= 3;) {
        ParaPoint before = points[(i + count - 1) % count], here = points[i], after = points[(i + 1) % count];
        double sides = apart(before, here) * apart(here, after);
        if (apart(here, after) > NEAR && fabs(para_points_turn(before, here, after)) > FLAT * sides) {
            i++;
            continue;
        }
        memmove(points + i, points + i + 1, sizeof *points * (size_t)(count - i - 1));
        count--;
        i = i > 0 ? i - 1 : 0;
    }
    return count;
}

// ---------------------------------------------------------------------------------------------
// Outlines.

static bool crosses(ParaPoint a, ParaPoint b, ParaPoint c, ParaPoint d)
{
    double one = para_points_turn(a, b, c), two = para_points_turn(a, b, d),
           three = para_points_turn(c, d, a), four = para_points_turn(c, d, b);
    return (one > 0) != (two > 0) && (three > 0) != (four > 0);
}

static bool crosses_itself(const ParaPoint *points, int count)
{
    for (int i = 0; i < count; i++)
        for (int k = i + 2; k < count; k++)
            if ((k + 1) % count != i &&
                crosses(points[i], points[(i + 1) % count], points[k], points[(k + 1) % count]))
                return true;
    return false;
}

static bool in_triangle(ParaPoint a, ParaPoint b, ParaPoint c, ParaPoint p)
{
    return para_points_turn(a, b, p) >= 0 && para_points_turn(b, c, p) >= 0 && para_points_turn(c, a, p) >= 0;
}

/// Indices into the outline's points, of a piece that grows.
typedef struct Loop {
    int count;
    uint8_t at[PARA_POLYGON_POINTS_MAX];
} Loop;

typedef struct Clipping {
    const ParaPoint *points;
    int left, loop_count;
    uint8_t ring[PARA_OUTLINE_POINTS_MAX]; // what is not clipped yet
    Loop loops[PARA_OUTLINE_POINTS_MAX];
} Clipping;

static ParaPoint ring_at(const Clipping *c, int k) { return c->points[c->ring[(k + c->left) % c->left]]; }

static bool is_ear(const Clipping *c, int k)
{
    ParaPoint before = ring_at(c, k - 1), here = ring_at(c, k), after = ring_at(c, k + 1);
    if (para_points_turn(before, here, after) <= 0)
        return false;
    for (int i = 0; i < c->left; i++) {
        if (i == k || i == (k + 1) % c->left || i == (k + c->left - 1) % c->left)
            continue;
        if (in_triangle(before, here, after, ring_at(c, i)))
            return false;
    }
    return true;
}

/// The triangles of a simple outline.  @return false: it has no ear, so it is none
static bool clip_ears(Clipping *c)
{
    while (c->left > 2) {
        int ear = 0;
        while (ear < c->left && !is_ear(c, ear))
            ear++;
        if (ear == c->left)
            return false;
        c->loops[c->loop_count++] =
            (Loop){3, {c->ring[(ear + c->left - 1) % c->left], c->ring[ear], c->ring[(ear + 1) % c->left]}};
        memmove(c->ring + ear, c->ring + ear + 1, (size_t)(c->left - ear - 1));
        c->left--;
    }
    return true;
}

static int find(const Loop *loop, int point)
{
    for (int i = 0; i < loop->count; i++)
        if (loop->at[i] == point)
            return i;
    return -1;
}

static bool is_convex(const ParaPoint *points, const Loop *loop)
{
    for (int i = 0; i < loop->count; i++) {
        ParaPoint a = points[loop->at[i]], b = points[loop->at[(i + 1) % loop->count]],
                  d = points[loop->at[(i + 2) % loop->count]];
        if (para_points_turn(a, b, d) <= FLAT * apart(a, b) * apart(b, d))
            return false;
    }
    return true;
}

/// Joins `two` to `one` along side k of `one`, if that is convex.
static bool join(const ParaPoint *points, Loop *one, const Loop *two, int k)
{
    int a = one->at[k], b = one->at[(k + 1) % one->count], back = find(two, a);
    if (back < 0 || two->at[(back + two->count - 1) % two->count] != b ||
        one->count + two->count - 2 > PARA_POLYGON_POINTS_MAX)
        return false;
    Loop all = {0};
    for (int i = 0; i < one->count; i++) // from b round to a
        all.at[all.count++] = one->at[(k + 1 + i) % one->count];
    for (int i = 1; i < two->count - 1; i++) // and on from behind a to before b
        all.at[all.count++] = two->at[(back + i) % two->count];
    if (!is_convex(points, &all))
        return false;
    *one = all;
    return true;
}

static bool join_any(Clipping *c, int one)
{
    for (int two = one + 1; two < c->loop_count; two++)
        for (int k = 0; k < c->loops[one].count; k++)
            if (join(c->points, &c->loops[one], &c->loops[two], k)) {
                c->loops[two] = c->loops[--c->loop_count];
                return true;
            }
    return false;
}

const char *para_outline_pieces(const ParaOutline *outline, ParaPieceList *out_list)
{
    ParaPoint points[PARA_OUTLINE_POINTS_MAX];
    for (int i = 0; i < outline->count; i++)
        points[i] = of(outline->points[i]);
    int count = tidy(points, outline->count);
    double area = count >= 3 ? para_points_area(points, count) : 0;
    if (fabs(area) < PARA_OUTLINE_AREA_LEAST)
        return "that is too small or too thin: draw round a larger area";
    if (crosses_itself(points, count))
        return "the line crosses itself: draw once round the thing";
    for (int i = 0, k = count - 1; area < 0 && i < k; i++, k--) {
        ParaPoint kept = points[i];
        points[i] = points[k];
        points[k] = kept;
    }
    Clipping clipping = {.points = points, .left = count};
    for (int i = 0; i < count; i++)
        clipping.ring[i] = (uint8_t)i;
    if (!clip_ears(&clipping))
        return "the line touches itself: draw once round the thing";
    for (int one = 0; one < clipping.loop_count; one++)
        while (join_any(&clipping, one)) {
        }
    double got = 0;
    for (int p = 0; p < clipping.loop_count; p++) {
        ParaPoint piece[PARA_POLYGON_POINTS_MAX];
        for (int i = 0; i < clipping.loops[p].count; i++)
            piece[i] = points[clipping.loops[p].at[i]];
        got += add_piece(out_list, piece, clipping.loops[p].count);
    }
    return got < (1 - LOST) * fabs(area) ? "that is too thin in places: draw it wider" : NULL;
}

// ---------------------------------------------------------------------------------------------
// Pieces.

bool para_piece_left(const ParaPiece *piece, ParaPoint a, ParaPoint b, ParaPieceList *out_list)
{
    ParaPoint points[PARA_POLYGON_POINTS_MAX + 2];
    int count = 0;
    for (int i = 0; i < piece->count; i++) {
        ParaPoint here = piece->points[i], next = piece->points[(i + 1) % piece->count];
        double side = para_points_turn(a, b, here), then = para_points_turn(a, b, next);
        if (side >= 0)
            points[count++] = here;
        if ((side > 0 && then < 0) || (side < 0 && then > 0)) {
            double t = side / (side - then);
            points[count++] = (ParaPoint){here.x + t * (next.x - here.x), here.y + t * (next.y - here.y)};
        }
    }
    return add_piece(out_list, points, tidy(points, count)) > 0;
}

/// How far all of b is beyond an edge of a, at least.
static double gap_over(const ParaPiece *a, const ParaPiece *b)
{
    double most = -HUGE_VAL;
    for (int i = 0; i < a->count; i++) {
        ParaPoint from = a->points[i], to = a->points[(i + 1) % a->count];
        double least = HUGE_VAL, length = apart(from, to);
        for (int k = 0; k < b->count; k++)
            least = para_min(least, -para_points_turn(from, to, b->points[k]) / length);
        most = para_max(most, least);
    }
    return most;
}

bool para_pieces_touch(const ParaPiece *a, const ParaPiece *b, double slack)
{
    return gap_over(a, b) <= slack && gap_over(b, a) <= slack;
}

bool para_piece_holds(const ParaPiece *piece, ParaPoint point)
{
    for (int i = 0; i < piece->count; i++)
        if (para_points_turn(piece->points[i], piece->points[(i + 1) % piece->count], point) < 0)
            return false;
    return true;
}

// ---------------------------------------------------------------------------------------------
// Strokes.

static double off_line(ParaVec2 a, ParaVec2 b, ParaVec2 p)
{
    double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y;
    double px = (double)p.x - (double)a.x, py = (double)p.y - (double)a.y, long2 = dx * dx + dy * dy;
    double t = long2 > 0 ? para_clamp((px * dx + py * dy) / long2, 0, 1) : 0;
    return para_sqrt((px - t * dx) * (px - t * dx) + (py - t * dy) * (py - t * dy));
}

/// Points that stay for a slack, in order; false: they are more than there is room for.
static bool thin_out(const ParaVec2 *points, int count, double slack, ParaOutline *out)
{
    int stack[STACK], depth = 0, from = 0;
    out->count = 0;
    stack[depth++] = count - 1;
    while (depth > 0) {
        int to = stack[depth - 1], worst = -1;
        double most = slack;
        for (int i = from + 1; i < to; i++) {
            double off = off_line(points[from], points[to], points[i]);
            if (off > most)
                most = off, worst = i;
        }
        if (worst >= 0 && depth < STACK) {
            stack[depth++] = worst;
            continue;
        }
        if (out->count + 1 >= PARA_OUTLINE_POINTS_MAX)
            return false;
        out->points[out->count++] = points[from];
        from = to;
        depth--;
    }
    out->points[out->count++] = points[count - 1];
    return true;
}

void para_outline_of_stroke(const ParaVec2 *points, int count, double slack, ParaOutline *out)
{
    out->count = 0;
    if (count < 2) {
        if (count == 1)
            out->points[out->count++] = points[0];
        return;
    }
    slack = para_max(slack, NEAR);
    while (!thin_out(points, count, slack, out))
        slack *= 1.5;
}
