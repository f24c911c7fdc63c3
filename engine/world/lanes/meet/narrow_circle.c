// SPDX-License-Identifier: MIT
// Circles against circles, polygons, segments and the edges of chains: one point each. Everything is seen
// from the circle's centre, so that far from the world's origin no more is lost than the places have lost
// already.
#include "engine/world/lanes/meet/narrow.h"

#define TINY  1e-6f  ///< [m] nearer than this a direction is noise
#define SMALL 1e-12f ///< [m^2] so much for the square of a length that something is divided by
#define BENT  0.2f   ///< [1] tangent of an angle between edges of a chain that counts as a corner

/// Ids of a circle's point: it lies on a face, or at an edge's first or second end.
enum { ON_FACE, AT_FIRST, AT_SECOND };

typedef struct Circles {
    ParaVf x, y, radius, margin;
} Circles;

/// Where the other shape's surface is, seen from the circle's centre.
typedef struct Nearest {
    ParaVf nx, ny;   ///< [1] towards the circle
    ParaVf distance; ///< [m] of the centre from the surface; negative inside
    ParaVi corner;   ///< mask: it is one, about which the circle rolls
} Nearest;

PARA_LANES_INLINE Circles gather_circles(const ParaLanesPlaced *placed, const int32_t *index)
{
    PARA_ASSERT_HOT(placed[index[0]].corner_count == 1 &&
                    placed[index[PARA_LANES_WIDTH - 1]].corner_count == 1);
    ParaVf column[8];
    para_v_gather8((const float *)placed + offsetof(ParaLanesPlaced, x) / sizeof(float), PARA_NARROW_STRIDE,
                   index, column);
    return (Circles){column[0], column[1], column[2], column[3]};
}

/// From a place (-x, -y) away to the centre; at the place itself the direction is the one given.
PARA_LANES_INLINE Nearest nearest_point(ParaVf x, ParaVf y, ParaVf nx, ParaVf ny)
{
    ParaVf distance = para_v_sqrt(x * x + y * y);
    ParaVi clear = distance > TINY;
    ParaVf inverse = para_v_all(1.0f) / para_v_select(clear, distance, para_v_all(1.0f));
    return (Nearest){para_v_select(clear, x * inverse, nx), para_v_select(clear, y * inverse, ny), distance,
                     para_v_all_int(-1)};
}

/// The one point of each item, halfway between the surfaces. `reach`: sum of the margins. `other_lift`: of
/// the other shape, see ParaLanesPoint. Between two roundings the point goes with each by the other's radius.
PARA_LANES_INLINE void store_point(ParaLanesManifold *manifolds, const ParaNarrowItems *items, ParaVf sign,
                                   const Nearest *nearest, const Circles *circle, ParaVf other_radius,
                                   ParaVf other_lift, ParaVf reach, ParaVi allowed, ParaVi id)
{
    ParaVf separation = nearest->distance - (other_radius + circle->radius);
    ParaVf back = circle->radius + 0.5f * separation;
    ParaVf x = circle->x - nearest->nx * back, y = circle->y - nearest->ny * back;
    ParaVf nx = nearest->nx * sign, ny = nearest->ny * sign;
    ParaVi count = (separation <= reach) & allowed & 1;
    int stride = (int)(sizeof(ParaLanesManifold) / sizeof(float));
    float *base = (float *)manifolds + offsetof(ParaLanesManifold, point) / sizeof(float);
    ParaVf zero = para_v_all(0.0f), one = para_v_all(1.0f);
    ParaVi second = sign > 0.0f; // the circle is the manifold's b
    ParaVf share = para_v_select(nearest->corner, other_radius / (other_radius + circle->radius), one);
    share = para_v_select(second, share, one - share);
    ParaVf lift_a = para_v_select(second, other_lift, back), lift_b = para_v_select(second, back, other_lift);
    para_v_scatter4(base, stride, items->manifold, x, y, separation, zero);
    para_v_scatter4(base + 4, stride, items->manifold, zero, share, lift_a, (ParaVf)id);
    para_v_scatter4(base + 12, stride, items->manifold, zero, zero, lift_b, zero);
    for (int l = 0; l < PARA_LANES_WIDTH; l++) {
        ParaLanesManifold *to = &manifolds[items->manifold[l]];
        to->normal_x = nx[l];
        to->normal_y = ny[l];
        to->count = count[l];
    }
}

static void circles_and_circles(ParaLanesCollide *collide)
{
    const ParaLanesList *list = &collide->lists[PARA_LANES_CIRCLE_CIRCLE];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        Circles first = gather_circles(collide->block->placed, items.first);
        Circles second = gather_circles(collide->block->placed, items.second);
        Nearest nearest =
            nearest_point(second.x - first.x, second.y - first.y, para_v_all(0.0f), para_v_all(1.0f));
        ParaVf lift = first.radius + 0.5f * (nearest.distance - (first.radius + second.radius));
        store_point(collide->block->manifolds, &items, items.value, &nearest, &second, first.radius, lift,
                    first.margin + second.margin, para_v_all_int(-1), para_v_all_int(ON_FACE));
    }
}

/// The face that the centre (the origin) is highest over.
typedef struct Face {
    ParaVf above; ///< [m]
    ParaVi index;
} Face;

PARA_LANES_INLINE Face highest_face(const ParaNarrowShape *polygon, int room, const ParaVi *covered)
{
    Face face = {para_v_all(PARA_NARROW_NEVER), para_v_all_int(0)};
    for (int k = 0; k < room; k++) {
        ParaVf above = para_narrow_dot(polygon->nx[k], polygon->ny[k], -polygon->vx[k], -polygon->vy[k]);
        ParaVi better = (above > face.above) & (polygon->count > k);
        if (covered)
            better &= ~covered[k];
        face.above = para_v_select(better, above, face.above);
        face.index = para_v_select_int(better, para_v_all_int(k), face.index);
    }
    return face;
}

/// The face with the centre (the origin) farthest in front of it: the nearest place lies on it, or is one of
/// its ends. With seams (else NULL): where a neighbour lies against the face, or the corner does not allow
/// the normal, the contact is the neighbour's; from inside the nearest free face is the way out.
PARA_LANES_INLINE Nearest nearest_of_polygon(const ParaNarrowShape *polygon, const ParaNarrowSeams *seams,
                                             int room, ParaVi *out_allowed)
{
    Face face = highest_face(polygon, room, NULL);
    ParaVf most = face.above, begin = para_v_all(0.0f), end = begin;
    ParaVi inside = (most < 0.0f) & (polygon->count > 2);
    if (seams) {
        Face free = highest_face(polygon, room, seams->covered);
        ParaVi out = inside & (free.above > PARA_NARROW_NEVER);
        most = para_v_select(out, free.above, most);
        face.index = para_v_select_int(out, free.index, face.index);
        begin = para_narrow_entry(seams->begin, room, face.index);
        end = para_narrow_entry(seams->end, room, face.index);
    }
    ParaVf nx, ny;
    ParaNarrowLine line = para_narrow_face(polygon, room, face.index, &nx, &ny);
    ParaVf ux = line.x2 - line.x1, uy = line.y2 - line.y1;
    ParaVf length = seams ? para_narrow_dot(-ny, nx, ux, uy) : para_v_all(0.0f);
    ParaVi before = -para_narrow_dot(-line.x1, -line.y1, ux, uy) > begin * length;
    ParaVi after = para_narrow_dot(-line.x2, -line.y2, ux, uy) > end * length;
    Nearest corner = nearest_point(-para_v_select(before, line.x1, line.x2),
                                   -para_v_select(before, line.y1, line.y2), nx, ny);
    // Inside a polygon only rounding leads past a face; but on the line of a segment one is beyond its end.
    ParaVi beyond = (before | after) & ((most > 0.0f) | (polygon->count == 2));
    *out_allowed = para_v_all_int(-1);
    if (seams) {
        ParaNarrowCone cone = para_narrow_cone(seams, room, para_v_select_int(before, line.i1, line.i2));
        ParaVf covered = para_narrow_entry((const ParaVf *)seams->covered, room, face.index);
        ParaVf along = para_narrow_dot(-ny, nx, -line.x1, -line.y1);
        ParaVi open = ~(ParaVi)covered & (along >= para_narrow_entry(seams->from, room, face.index)) &
                      (along <= para_narrow_entry(seams->to, room, face.index));
        *out_allowed =
            para_v_select_int(beyond, para_narrow_allows(&cone, corner.nx, corner.ny), inside | open);
    }
    return (Nearest){para_v_select(beyond, corner.nx, nx), para_v_select(beyond, corner.ny, ny),
                     para_v_select(beyond, corner.distance, most), beyond};
}

PARA_LANES_INLINE void polygons_and_circles(ParaLanesCollide *collide, const ParaNarrowItems *items, int room,
                                            bool with_seams)
{
    const ParaLanesPlaced *placed = collide->block->placed;
    ParaNarrowShape polygon;
    Circles circle = gather_circles(placed, items->second);
    para_narrow_gather(placed, items->first, room, &polygon);
    para_narrow_shift(&polygon, room, circle.x, circle.y);
    ParaNarrowSeams seams;
    if (with_seams)
        para_narrow_gather_seams(collide, items->first, room, &seams);
    ParaVi allowed;
    Nearest nearest = nearest_of_polygon(&polygon, with_seams ? &seams : NULL, room, &allowed);
    store_point(collide->block->manifolds, items, items->value, &nearest, &circle, polygon.radius,
                para_v_all(0.0f), polygon.margin + circle.margin, allowed, para_v_all_int(ON_FACE));
}

static bool any_wide(const ParaLanesPlaced *placed, const ParaNarrowItems *items)
{
    int32_t room = 0;
    for (int l = 0; l < PARA_LANES_WIDTH; l++)
        room |= placed[items->first[l]].corner_room;
    return room > 4;
}

void PARA_K(narrow_circles)(ParaLanesCollide *collide)
{
    circles_and_circles(collide);
    const ParaLanesList *list = &collide->lists[PARA_LANES_POLYGON_CIRCLE];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        if (any_wide(collide->block->placed, &items)) // a lane of room 4 gives the same bits either way
            polygons_and_circles(collide, &items, 8, false);
        else
            polygons_and_circles(collide, &items, 4, false);
    }
    list = &collide->lists[PARA_LANES_SEAM_CIRCLE];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        polygons_and_circles(collide, &items, 8, true);
    }
}

/// The edges of items, seen from the centres.
typedef struct Edges {
    ParaVf x[4], y[4]; ///< [m] of the point before, the edge's two, the point after
} Edges;

PARA_LANES_INLINE Edges gather_edges(const ParaLanesCollide *collide, const int32_t *index,
                                     const Circles *circle)
{
    Edges edges;
    ParaVf column[8];
    para_v_gather8(&collide->edges->p[0], 8, index, column);
    for (int k = 0; k < 4; k++) {
        edges.x[k] = column[2 * k] - circle->x;
        edges.y[k] = column[2 * k + 1] - circle->y;
    }
    return edges;
}

/// How far the centre (the origin) is past the point `at`, along the way from point `from` to point `to`:
/// the sign counts. The edges that meet at a point work this out in the same way, so they agree whose it is.
PARA_LANES_INLINE ParaVf past(const Edges *edges, int at, int from, int to)
{
    return para_narrow_dot(-edges->x[at], -edges->y[at], edges->x[to] - edges->x[from],
                           edges->y[to] - edges->y[from]);
}

/// Whether the way from point `at - 1` over `at` to `at + 1` is bent so much that what rolls over it stays a
/// while; a loose end is.
PARA_LANES_INLINE ParaVi is_bent(const Edges *edges, int at)
{
    ParaVf ax = edges->x[at] - edges->x[at - 1], ay = edges->y[at] - edges->y[at - 1];
    ParaVf bx = edges->x[at + 1] - edges->x[at], by = edges->y[at + 1] - edges->y[at];
    return ~(para_v_abs(ax * by - ay * bx) < BENT * para_narrow_dot(ax, ay, bx, by));
}

PARA_LANES_INLINE ParaVi apart(const Edges *edges, int a, int b)
{
    return (edges->x[a] != edges->x[b]) | (edges->y[a] != edges->y[b]);
}

/// Of the places nearest to the centre each belongs to one edge: a point between two edges to the second of
/// them, and to none if the centre is above the inside of one of them.
PARA_LANES_INLINE void edges_and_circles(ParaLanesCollide *collide, const ParaNarrowItems *items)
{
    Circles circle = gather_circles(collide->block->placed, items->second);
    Edges edges = gather_edges(collide, items->first, &circle);
    ParaVf ux = edges.x[2] - edges.x[1], uy = edges.y[2] - edges.y[1];
    ParaVi at_second = past(&edges, 2, 1, 2) >= 0.0f;
    ParaVi at_first = ~at_second & (past(&edges, 1, 1, 2) <= 0.0f);
    ParaVi others =
        (at_second & apart(&edges, 2, 3)) | (at_first & apart(&edges, 0, 1) & (past(&edges, 1, 0, 1) < 0.0f));
    // Left of the edge is (-uy, ux).
    ParaVf length2 = ux * ux + uy * uy;
    ParaVi real = length2 > SMALL;
    ParaVf inverse = para_v_all(1.0f) / para_v_sqrt(para_v_select(real, length2, para_v_all(1.0f)));
    ParaVf nx = para_v_select(real, -uy * inverse, para_v_all(0.0f)),
           ny = para_v_select(real, ux * inverse, para_v_all(1.0f));
    ParaVf height = para_narrow_dot(-edges.x[1], -edges.y[1], nx, ny);
    ParaVf side = para_v_select(height < 0.0f, para_v_all(-1.0f), para_v_all(1.0f));
    nx *= side;
    ny *= side;
    Nearest end = nearest_point(-para_v_select(at_first, edges.x[1], edges.x[2]),
                                -para_v_select(at_first, edges.y[1], edges.y[2]), nx, ny);
    ParaVi ended = at_first | at_second;
    Nearest nearest = {para_v_select(ended, end.nx, nx), para_v_select(ended, end.ny, ny),
                       para_v_select(ended, end.distance, height * side),
                       (at_first & is_bent(&edges, 1)) | (at_second & is_bent(&edges, 2))};
    ParaVi id = (at_first & AT_FIRST) | (at_second & AT_SECOND);
    store_point(collide->block->manifolds, items, para_v_all(1.0f), &nearest, &circle, items->value,
                para_v_all(0.0f), circle.margin + 0.5f * PARA_LANES_MARGIN, ~others, id);
}

void PARA_K(narrow_edge_circles)(ParaLanesCollide *collide)
{
    const ParaLanesList *list = &collide->lists[PARA_LANES_EDGE_CIRCLE];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        edges_and_circles(collide, &items);
    }
}
