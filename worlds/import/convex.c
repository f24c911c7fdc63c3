// SPDX-License-Identifier: MIT
// Outlines as few convex pieces. Where lines cross is found by GEOS, which also cuts what they enclose into
// triangles; which of it is inside, by the rule of the fill, is counted here, and triangles are joined again
// as long as they stay convex (Hertel and Mehlhorn 1983).
#include "worlds/import/scene.h"

#include "engine/base/maths.h"

#include <geos_c.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CROSSINGS_MAX 20000 // of the lines of an outline: what is more is a scribble
#define FLAT          1e-9  // [1] share of the sides' product by which three points may bend and be on a line

// ---------------------------------------------------------------------------------------------
// Joining.

static double length(ParaPoint a, ParaPoint b)
{
    return para_sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

static bool same(ParaPoint a, ParaPoint b) { return a.x == b.x && a.y == b.y; }

/// Leaves out corners on a line. @return how many are left, 0: it is not convex
static int tidy(ParaPoint *points, int count)
{
    for (int i = 0; i < count && count >= 3;) {
        ParaPoint before = points[(i + count - 1) % count], here = points[i], after = points[(i + 1) % count];
        double bend = para_points_turn(before, here, after),
               slack = FLAT * length(before, here) * length(here, after);
        if (bend < -slack)
            return 0;
        if (bend > slack) {
            i++;
            continue;
        }
        memmove(points + i, points + i + 1, sizeof *points * (size_t)(count - i - 1));
        count--;
        i = i > 0 ? i - 1 : 0;
    }
    return count >= 3 ? count : 0;
}

/// A side of a piece, and of the other piece that has it the other way round.
typedef struct Side {
    ParaPoint a, b;
    int piece, other;
    double length;
} Side;

static int compare_ends(const void *one, const void *two)
{
    const Side *a = one, *b = two;
    double pairs[4][2] = {{a->a.x, b->a.x}, {a->a.y, b->a.y}, {a->b.x, b->b.x}, {a->b.y, b->b.y}};
    for (int i = 0; i < 4; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return a->piece - b->piece;
}

static int compare_lengths(const void *one, const void *two)
{
    const Side *a = one, *b = two;
    if (a->length != b->length)
        return a->length > b->length ? -1 : 1;
    return compare_ends(one, two);
}

static int corner_at(const ParaForm *piece, ParaPoint point)
{
    for (int i = 0; i < piece->count; i++)
        if (same(piece->points[i], point))
            return i;
    return -1;
}

/// Joins two pieces along the side from a to b of the first. @return false if that is not convex
static bool join(ParaForm *one, ParaForm *two, ParaPoint a, ParaPoint b)
{
    ParaPoint all[4 * PARA_POLYGON_POINTS_MAX];
    int count = 0, from = corner_at(one, b), back = corner_at(two, a);
    if (from < 0 || back < 0 || corner_at(one, a) < 0 || corner_at(two, b) < 0)
        return false;                    // a corner on a line that an earlier joint left out
    for (int i = 0; i < one->count; i++) // from b round to a
        all[count++] = one->points[(from + i) % one->count];
    for (int i = 1; i < two->count - 1; i++) // and on from behind a to before b
        all[count++] = two->points[(back + i) % two->count];
    double area = para_points_area(one->points, one->count) + para_points_area(two->points, two->count);
    count = tidy(all, count);
    if (count < 3 || count > PARA_POLYGON_POINTS_MAX ||
        fabs(para_points_area(all, count) - area) > 1e-6 * area)
        return false;
    memcpy(one->points, all, sizeof *all * (size_t)count);
    one->count = count;
    two->count = 0;
    return true;
}

static int find(int *into, int piece)
{
    while (into[piece] != piece)
        piece = into[piece] = into[into[piece]];
    return piece;
}

/// Sides that two pieces have in common. @return how many
static int common_sides(const ParaConvex *pieces, Side *sides)
{
    int count = 0, shared = 0;
    for (int p = 0; p < pieces->count; p++)
        for (int i = 0; i < pieces->items[p].count; i++) {
            const ParaForm *piece = &pieces->items[p];
            ParaPoint a = piece->points[i], b = piece->points[(i + 1) % piece->count];
            bool forward = a.x < b.x || (a.x == b.x && a.y < b.y);
            sides[count++] = (Side){forward ? a : b, forward ? b : a, p, forward, length(a, b)};
        }
    qsort(sides, (size_t)count, sizeof *sides, compare_ends);
    for (int i = 0; i + 1 < count; i++) { // `other` says which way it is gone until a pair is found
        Side *one = &sides[i], *two = &sides[i + 1];
        if (!same(one->a, two->a) || !same(one->b, two->b) || one->other == two->other)
            continue;
        const Side *forward = one->other ? one : two, *backward = one->other ? two : one;
        Side pair = *forward;
        pair.other = backward->piece;
        sides[shared++] = pair;
        i++;
    }
    return shared;
}

void para_convex_join(ParaConvex *pieces, ParaArena *arena)
{
    int corners = 0;
    for (int p = 0; p < pieces->count; p++) { // room to grow
        ParaForm *piece = &pieces->items[p];
        ParaPoint *points = PARA_NEW(arena, ParaPoint, PARA_POLYGON_POINTS_MAX);
        memcpy(points, piece->points, sizeof *points * (size_t)piece->count);
        piece->points = points;
        corners += piece->count;
    }
    bool joined = true;
    for (int round = 0; joined && round < 8; round++) { // what was joined has new sides in common
        joined = false;
        Side *sides = malloc(sizeof *sides * (size_t)(corners + 1));
        int *into = malloc(sizeof *into * (size_t)(pieces->count + 1)), left = 0;
        int count = sides && into ? common_sides(pieces, sides) : 0; // without memory they stay as they are
        if (count > 0)
            qsort(sides, (size_t)count, sizeof *sides, compare_lengths);
        for (int p = 0; p < pieces->count && into; p++)
            into[p] = p;
        for (int s = 0; s < count; s++) {
            int one = find(into, sides[s].piece), two = find(into, sides[s].other);
            if (one == two || !join(&pieces->items[one], &pieces->items[two], sides[s].a, sides[s].b))
                continue;
            into[two] = one;
            joined = true;
        }
        for (int p = 0; p < pieces->count; p++)
            if (pieces->items[p].count > 0)
                pieces->items[left++] = pieces->items[p];
        pieces->count = left;
        free(sides);
        free(into);
    }
}

void para_convex_place(ParaConvex *pieces, double scale, double sign, double x, double y)
{
    int left = 0;
    for (int p = 0; p < pieces->count; p++) {
        ParaForm piece = pieces->items[p];
        ParaVec2 corners[PARA_POLYGON_POINTS_MAX];
        for (int i = 0; i < piece.count; i++)
            piece.points[i] =
                (ParaPoint){x + scale * piece.points[i].x, y + sign * scale * piece.points[i].y};
        for (int i = 0, k = piece.count - 1; sign < 0 && i < k; i++, k--) {
            ParaPoint kept = piece.points[i];
            piece.points[i] = piece.points[k];
            piece.points[k] = kept;
        }
        for (int i = 0; i < piece.count; i++)
            corners[i] = (ParaVec2){(float)piece.points[i].x, (float)piece.points[i].y};
        double area = para_points_area(piece.points, piece.count);
        if (para_polygon_problem(corners, (uint32_t)piece.count)) {
            pieces->lost += fabs(area);
            continue;
        }
        pieces->area += area;
        pieces->items[left++] = piece;
    }
    pieces->count = left;
}

// ---------------------------------------------------------------------------------------------
// Rings.

typedef struct Cutter {
    GEOSContextHandle_t geos;
    const ParaRing *rings;
    int ring_count;
    ParaFill fill;
    ParaArena *arena;
    ParaForm *pieces; ///< [room]
    int count, room;
} Cutter;

static bool crosses(ParaPoint a, ParaPoint b, ParaPoint c, ParaPoint d)
{
    if (fmax(a.x, b.x) < fmin(c.x, d.x) || fmax(c.x, d.x) < fmin(a.x, b.x) ||
        fmax(a.y, b.y) < fmin(c.y, d.y) || fmax(c.y, d.y) < fmin(a.y, b.y))
        return false;
    double one = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    double two = (b.x - a.x) * (d.y - a.y) - (b.y - a.y) * (d.x - a.x);
    double three = (d.x - c.x) * (a.y - c.y) - (d.y - c.y) * (a.x - c.x);
    double four = (d.x - c.x) * (b.y - c.y) - (d.y - c.y) * (b.x - c.x);
    return (one <= 0) != (two <= 0) && (three <= 0) != (four <= 0);
}

/// Whether the lines cross so often that cutting them would take long. Cost: O(points^2)
static bool is_scribble(const Cutter *cutter)
{
    int total = 0, crossings = 0, n = 0;
    for (int r = 0; r < cutter->ring_count; r++)
        total += cutter->rings[r].count;
    ParaPoint *from = PARA_NEW(cutter->arena, ParaPoint, total + 1),
              *to = PARA_NEW(cutter->arena, ParaPoint, total + 1);
    for (int r = 0; r < cutter->ring_count; r++)
        for (int i = 0; i < cutter->rings[r].count; i++, n++) {
            from[n] = cutter->rings[r].points[i];
            to[n] = cutter->rings[r].points[(i + 1) % cutter->rings[r].count];
        }
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++) {
            crossings += crosses(from[i], to[i], from[k], to[k]);
            if (crossings > CROSSINGS_MAX)
                return true;
        }
    return false;
}

/// How often the rings go round a place, counter-clockwise; for EVENODD in either sense.
static int winding(const Cutter *cutter, double x, double y)
{
    int sum = 0, odd = 0;
    for (int r = 0; r < cutter->ring_count; r++) {
        const ParaRing *ring = &cutter->rings[r];
        for (int i = 0, last = ring->count - 1; i < ring->count; last = i++) {
            ParaPoint a = ring->points[last], b = ring->points[i];
            if ((a.y <= y) == (b.y <= y) || a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x) <= x)
                continue;
            sum += b.y > a.y ? 1 : -1;
            odd ^= 1;
        }
    }
    return cutter->fill == PARA_FILL_EVENODD ? odd : sum;
}

static GEOSGeometry *line_of(Cutter *cutter, const ParaRing *ring)
{
    GEOSCoordSequence *points = GEOSCoordSeq_create_r(cutter->geos, (unsigned)ring->count + 1, 2);
    for (int i = 0; points && i <= ring->count; i++) {
        ParaPoint point = ring->points[i % ring->count];
        GEOSCoordSeq_setXY_r(cutter->geos, points, (unsigned)i, point.x, point.y);
    }
    return points ? GEOSGeom_createLineString_r(cutter->geos, points) : NULL;
}

/// All rings as lines that end where they meet. @return NULL: GEOS could not
static GEOSGeometry *noded(Cutter *cutter)
{
    GEOSGeometry **lines = calloc((size_t)cutter->ring_count, sizeof *lines), *all = NULL;
    bool good = lines != NULL;
    for (int r = 0; good && r < cutter->ring_count; r++)
        good = (lines[r] = line_of(cutter, &cutter->rings[r])) != NULL;
    if (good)
        all = GEOSGeom_createCollection_r(cutter->geos, GEOS_MULTILINESTRING, lines,
                                          (unsigned)cutter->ring_count);
    for (int r = 0; lines && !all && r < cutter->ring_count; r++)
        GEOSGeom_destroy_r(cutter->geos, lines[r]);
    free(lines);
    GEOSGeometry *cut = all ? GEOSUnaryUnion_r(cutter->geos, all) : NULL;
    GEOSGeom_destroy_r(cutter->geos, all);
    return cut;
}

static bool is_inside(Cutter *cutter, const GEOSGeometry *face)
{
    GEOSGeometry *point = GEOSPointOnSurface_r(cutter->geos, face);
    double x = 0, y = 0;
    bool known = point && GEOSGeomGetX_r(cutter->geos, point, &x) && GEOSGeomGetY_r(cutter->geos, point, &y);
    GEOSGeom_destroy_r(cutter->geos, point);
    return known && winding(cutter, x, y) != 0;
}

/// The faces between the lines that are inside, as one. @return NULL: GEOS could not
static GEOSGeometry *filled(Cutter *cutter, const GEOSGeometry *lines)
{
    const GEOSGeometry *const list[] = {lines};
    GEOSGeometry *faces = GEOSPolygonize_r(cutter->geos, list, 1), *sum = NULL;
    int count = faces ? GEOSGetNumGeometries_r(cutter->geos, faces) : 0, inside = 0;
    GEOSGeometry **kept = calloc((size_t)count + 1, sizeof *kept);
    for (int i = 0; kept && i < count; i++) {
        const GEOSGeometry *face = GEOSGetGeometryN_r(cutter->geos, faces, i);
        if (face && is_inside(cutter, face) && (kept[inside] = GEOSGeom_clone_r(cutter->geos, face)))
            inside++;
    }
    GEOSGeometry *all =
        kept ? GEOSGeom_createCollection_r(cutter->geos, GEOS_GEOMETRYCOLLECTION, kept, (unsigned)inside)
             : NULL;
    if (all)
        sum = GEOSUnaryUnion_r(cutter->geos, all);
    GEOSGeom_destroy_r(cutter->geos, all);
    GEOSGeom_destroy_r(cutter->geos, faces);
    free(kept);
    return sum;
}

static void take_triangle(Cutter *cutter, const GEOSGeometry *triangle)
{
    const GEOSGeometry *ring = GEOSGetExteriorRing_r(cutter->geos, triangle);
    const GEOSCoordSequence *points = ring ? GEOSGeom_getCoordSeq_r(cutter->geos, ring) : NULL;
    unsigned size = 0;
    if (!points || !GEOSCoordSeq_getSize_r(cutter->geos, points, &size) || size != 4 ||
        cutter->count == cutter->room)
        return;
    ParaForm *piece = &cutter->pieces[cutter->count];
    *piece =
        (ParaForm){.kind = PARA_FORM_POLYGON, .count = 3, .points = PARA_NEW(cutter->arena, ParaPoint, 3)};
    for (unsigned i = 0; i < 3; i++)
        GEOSCoordSeq_getXY_r(cutter->geos, points, i, &piece->points[i].x, &piece->points[i].y);
    double area = para_points_area(piece->points, 3);
    if (area < 0) {
        ParaPoint kept = piece->points[1];
        piece->points[1] = piece->points[2];
        piece->points[2] = kept;
    }
    cutter->count += area != 0;
}

static bool cut(Cutter *cutter)
{
    GEOSGeometry *lines = noded(cutter), *inside = lines ? filled(cutter, lines) : NULL;
    GEOSGeometry *triangles = inside ? GEOSConstrainedDelaunayTriangulation_r(cutter->geos, inside) : NULL;
    int count = triangles ? GEOSGetNumGeometries_r(cutter->geos, triangles) : 0;
    cutter->room = count;
    cutter->pieces = PARA_NEW(cutter->arena, ParaForm, count + 1);
    for (int i = 0; i < count; i++) {
        const GEOSGeometry *triangle = GEOSGetGeometryN_r(cutter->geos, triangles, i);
        if (triangle)
            take_triangle(cutter, triangle);
    }
    bool good = triangles != NULL;
    GEOSGeom_destroy_r(cutter->geos, lines);
    GEOSGeom_destroy_r(cutter->geos, inside);
    GEOSGeom_destroy_r(cutter->geos, triangles);
    return good;
}

/// One ring that is convex already, as most are. @return its corners; 0: it is not, or has too many
static int convex(const ParaRing *ring, ParaPoint *out)
{
    if (ring->count > 4 * PARA_POLYGON_POINTS_MAX)
        return 0;
    bool turned = para_points_area(ring->points, ring->count) < 0;
    double turns = 0;
    for (int i = 0; i < ring->count; i++)
        out[i] = ring->points[turned ? ring->count - 1 - i : i];
    int count = tidy(out, ring->count);
    for (int i = 0; i < count; i++) { // once round, not more often: a star bends one way too
        ParaPoint a = out[i], b = out[(i + 1) % count], c = out[(i + 2) % count];
        turns += para_atan2(para_points_turn(a, b, c), (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y));
    }
    return count >= 3 && count <= PARA_POLYGON_POINTS_MAX && turns < 1.5 * PARA_TAU ? count : 0;
}

const char *para_convex_of_rings(const ParaRing *rings, int count, ParaFill fill, ParaArena *arena,
                                 ParaConvex *out)
{
    *out = (ParaConvex){.count = 0};
    if (count == 1) {
        ParaPoint *points = PARA_NEW(arena, ParaPoint, 4 * PARA_POLYGON_POINTS_MAX);
        int corners = convex(&rings[0], points);
        if (corners) {
            out->items = PARA_NEW(arena, ParaForm, 1);
            out->items[0] = (ParaForm){.kind = PARA_FORM_POLYGON, .count = corners, .points = points};
            out->count = 1;
            return NULL;
        }
    }
    Cutter cutter = {.rings = rings, .ring_count = count, .fill = fill, .arena = arena};
    if (is_scribble(&cutter))
        return "its lines cross too often to be cut into shapes";
    cutter.geos = GEOS_init_r();
    bool good = cutter.geos && cut(&cutter);
    if (cutter.geos)
        GEOS_finish_r(cutter.geos);
    if (!good)
        return "it cannot be cut into shapes";
    out->items = cutter.pieces;
    out->count = cutter.count;
    para_convex_join(out, arena);
    return NULL;
}
