// SPDX-License-Identifier: MIT
// An edge of a chain against polygons and segments. Each edge a body reaches gives its own manifold, so no
// peak and no corner is lost; what keeps bodies from catching on seams is which normals an edge may use:
//   - its own, on the side of the body (n);
//   - at an end that sticks out, those of the cone between n and the neighbour's normal; where the
//   neighbour's
//     own normal separates better, the neighbour makes the contact and this edge makes none;
//   - at a hollow or flat end none but n;
//   - at a loose end (no neighbour) all that look past the end.
// Any axis may show that the two are apart.
// With n, the body's lower face is clipped to the edge, so that each point has the depth it really has over
// this edge. Source: ours, after the "smooth" chains of Box2D v3.
#include "engine/world/lanes/narrow.h"

#define CONE_EXCESS 0.01f               ///< [rad] beyond the cone that still passes for inside
#define REACH_OVER  (0.1f * LANES_SLOP) ///< [m] an edge goes on past its ends: no gap between two

/// One end of the edge, after the edge was turned so that the body is on its left.
typedef struct End {
    Vf x, y;
    Vf nx, ny;           ///< the neighbour's normal
    Vf qx, qy, at_least; ///< normals d with d . q >= at_least may be used here
    Vi out;              ///< mask: sticks out, so the neighbour's normal counts
    Vi id;               ///< 0: first point of the edge as it lies in the chain, 1: second
} End;

typedef struct Edge {
    End a, b;
    Vf tx, ty, nx, ny; ///< unit, a to b and to the left
    Vf radius;
    Vi real; ///< mask: has a length
} Edge;

/// Unit vector of (x, y); zero where it is too short, which the mask tells.
LANES_INLINE Vi normalize(Vf *x, Vf *y, Vf *out_length)
{
    Vf square = narrow_dot(*x, *y, *x, *y);
    Vi real = square > 1e-12f;
    Vf length = v_sqrt(square);
    Vf inverse = (Vf)(real & (Vi)(1.0f / v_select(real, length, v_all(1.0f))));
    *x *= inverse;
    *y *= inverse;
    *out_length = length;
    return real;
}

LANES_INLINE void set_end(End *end, Vi present, Vi out, Vf nx, Vf ny, Vf cone_x, Vf cone_y)
{
    end->out = present & out;
    end->qx = v_select(present, cone_x, nx);
    end->qy = v_select(present, cone_y, ny);
    end->at_least = v_select(present, v_select(out, v_all(-CONE_EXCESS), v_all(1e9f)), v_all(-1e9f));
}

/// The edge about the origin (x, y), the body's middle, which tells the side: at the nearer end, where two
/// edges meet, in front is in front of one of them if the end sticks out, else of both.
LANES_INLINE Edge load_edge(const LanesCollide *collide, const NarrowItems *items, Vf x, Vf y)
{
    Vf p[8];
    gather8(collide->edges[0].p, 8, items->first, p);
    Vf ax = p[2] - x, ay = p[3] - y, bx = p[4] - x, by = p[5] - y;
    Vf tx = p[4] - p[2], ty = p[5] - p[3], before_x = p[2] - p[0], before_y = p[3] - p[1];
    Vf after_x = p[6] - p[4], after_y = p[7] - p[5], length, before_length, after_length;
    Edge edge;
    edge.real = normalize(&tx, &ty, &length);
    Vi before = normalize(&before_x, &before_y, &before_length);
    Vi after = normalize(&after_x, &after_y, &after_length);
    Vf bend_a = before_x * ty - before_y * tx, bend_b = tx * after_y - ty * after_x; // > 0: turns left
    // Heights of the body's middle over the three lines.
    Vf own = ty * ax - tx * ay;
    Vf over_a = before_y * ax - before_x * ay, over_b = after_y * bx - after_x * by;
    Vi at_b = -narrow_dot(tx, ty, ax, ay) > 0.5f * length;
    Vi present = v_select_int(at_b, after, before);
    Vi past = v_select_int(at_b, -narrow_dot(after_x, after_y, bx, by) > after_length,
                           narrow_dot(before_x, before_y, ax, ay) > before_length);
    Vf other = v_select(at_b, over_b, over_a), bend = v_select(at_b, bend_b, bend_a);
    Vi both = (own > 0.0f) & (other > 0.0f), one = (own > 0.0f) | (other > 0.0f);
    Vi met = v_select_int(past, own + other > 0.0f, v_select_int(bend < 0.0f, one, both));
    Vi left = v_select_int(present, met, own > 0.0f);
    // Seen from the right, the edge runs back and left turns are right turns.
    Vf sign = v_select(left, v_all(1.0f), v_all(-1.0f));
    edge.tx = tx * sign;
    edge.ty = ty * sign;
    edge.nx = -edge.ty;
    edge.ny = edge.tx;
    edge.a.x = v_select(left, ax, bx);
    edge.a.y = v_select(left, ay, by);
    edge.b.x = v_select(left, bx, ax);
    edge.b.y = v_select(left, by, ay);
    edge.a.id = v_select_int(left, v_all_int(0), v_all_int(1));
    edge.b.id = v_select_int(left, v_all_int(1), v_all_int(0));
    edge.a.nx = v_select(left, -before_y, after_y);
    edge.a.ny = v_select(left, before_x, -after_x);
    edge.b.nx = v_select(left, -after_y, before_y);
    edge.b.ny = v_select(left, after_x, -before_x);
    Vi present_a = v_select_int(left, before, after), present_b = v_select_int(left, after, before);
    Vf turn_a = v_select(left, bend_a, -bend_b), turn_b = v_select(left, bend_b, -bend_a);
    // Inside the cone: not counter-clockwise of the normal at a, not clockwise of that at b.
    set_end(&edge.a, present_a, turn_a < 0.0f, edge.nx, edge.ny, edge.a.ny, -edge.a.nx);
    set_end(&edge.b, present_b, turn_b < 0.0f, edge.nx, edge.ny, -edge.b.ny, edge.b.nx);
    edge.radius = items->value;
    return edge;
}

/// Whether the edge may use the normal d (from the edge to the body) at the end it leans to.
LANES_INLINE Vi may_use(const Edge *edge, Vi to_b, Vf dx, Vf dy)
{
    Vf qx = v_select(to_b, edge->b.qx, edge->a.qx), qy = v_select(to_b, edge->b.qy, edge->a.qy);
    return narrow_dot(dx, dy, qx, qy) >= v_select(to_b, edge->b.at_least, edge->a.at_least);
}

/// What the axes say, separations of the cores [m].
typedef struct Axes {
    Vf own;       ///< along n
    Vf face;      ///< along the best usable face of the body
    Vf neighbour; ///< along the better normal of a neighbour
    Vf any;       ///< largest of all axes, usable or not
    Vi index;     ///< of that face
} Axes;

LANES_INLINE Axes find_axes(const Edge *edge, const NarrowShape *shape, int room)
{
    Axes axes = {.face = v_all(NARROW_NEVER), .index = v_all_int(0)};
    axes.own =
        narrow_lowest(shape, room, edge->nx, edge->ny) - narrow_dot(edge->nx, edge->ny, edge->a.x, edge->a.y);
    axes.neighbour = v_all(NARROW_NEVER);
    for (int k = 0; k < 2; k++) {
        const End *end = k ? &edge->b : &edge->a;
        Vf gap = narrow_lowest(shape, room, end->nx, end->ny) - narrow_dot(end->nx, end->ny, end->x, end->y);
        axes.neighbour = v_max(v_select(end->out, gap, v_all(NARROW_NEVER)), axes.neighbour);
    }
    axes.any = v_max(axes.own, axes.neighbour);
    for (int i = 0; i < room; i++) {
        Vf fx = shape->nx[i], fy = shape->ny[i];
        Vf at_a = narrow_dot(fx, fy, edge->a.x - shape->vx[i], edge->a.y - shape->vy[i]);
        Vf at_b = narrow_dot(fx, fy, edge->b.x - shape->vx[i], edge->b.y - shape->vy[i]);
        Vf gap = v_min(at_a, at_b);
        Vi better = may_use(edge, at_b < at_a, -fx, -fy) & (gap > axes.face);
        axes.any = v_max(gap, axes.any);
        axes.face = v_select(better, gap, axes.face);
        axes.index = v_select_int(better, v_all_int(i), axes.index);
    }
    return axes;
}

/// The nearest pair of an end of the edge and a corner of the body.
typedef struct Corner {
    Vf dx, dy;     ///< unit, from the end to the corner
    Vf x, y;       ///< [m] the end
    Vf separation; ///< [m] along d; NARROW_NEVER where d may not be used
    Vf length;     ///< [m]
    Vi id;
} Corner;

LANES_INLINE Corner nearest_corner(const Edge *edge, const NarrowShape *shape, int room)
{
    Corner best = {.id = v_all_int(0)};
    Vf near = v_all(1e30f);
    for (int k = 0; k < 2; k++) {
        const End *end = k ? &edge->b : &edge->a;
        for (int j = 0; j < room; j++) {
            Vf dx = shape->vx[j] - end->x, dy = shape->vy[j] - end->y;
            Vf square = narrow_dot(dx, dy, dx, dy);
            Vi nearer = square < near;
            near = v_select(nearer, square, near);
            best.dx = v_select(nearer, dx, best.dx);
            best.dy = v_select(nearer, dy, best.dy);
            best.x = v_select(nearer, end->x, best.x);
            best.y = v_select(nearer, end->y, best.y);
            best.id = v_select_int(nearer, end->id * 8 + j, best.id);
        }
    }
    Vf inverse = 1.0f / v_sqrt(v_max(near, v_all(1e-10f)));
    best.dx *= inverse;
    best.dy *= inverse;
    best.length = near * inverse;
    Vf at_a = narrow_dot(best.dx, best.dy, edge->a.x, edge->a.y);
    Vf at_b = narrow_dot(best.dx, best.dy, edge->b.x, edge->b.y);
    Vf gap = narrow_lowest(shape, room, best.dx, best.dy) - v_max(at_a, at_b);
    Vi usable = may_use(edge, at_b > at_a, best.dx, best.dy) & (near > 1e-10f);
    best.separation = v_select(usable, gap, v_all(NARROW_NEVER));
    return best;
}

/// Replaces the result by the corner's where that is the better axis, or nearer than all the faces gave.
LANES_INLINE void take_corner(const Edge *edge, const NarrowShape *shape, int room, Vi round,
                              const Axes *axes, Vf limit, NarrowResult *result)
{
    Corner corner = nearest_corner(edge, shape, room);
    Vf length = corner.length - (edge->radius + shape->radius);
    Vi better = corner.separation > v_max(axes->own, axes->face) + NARROW_PREFER;
    Vi ours = axes->neighbour <= corner.separation + NARROW_PREFER;
    Vi take = round & ours & (better | ((corner.separation > 0.0f) & narrow_nearer(length, result)));
    Vf up = (corner.length + edge->radius - shape->radius) * 0.5f;
    result->nx = v_select(take, corner.dx, result->nx);
    result->ny = v_select(take, corner.dy, result->ny);
    result->x[0] = v_select(take, shape->x + (corner.x + corner.dx * up), result->x[0]);
    result->y[0] = v_select(take, shape->y + (corner.y + corner.dy * up), result->y[0]);
    result->separation[0] = v_select(take, length, result->separation[0]);
    result->id[0] = v_select_int(take, corner.id, result->id[0]);
    result->keep[0] = v_select_int(take, corner.length <= limit, result->keep[0]);
    result->keep[1] &= ~take;
}

LANES_INLINE void collide_items(const LanesCollide *collide, const NarrowItems *items, int room)
{
    LanesManifold *manifolds = collide->block->manifolds;
    NarrowShape shape;
    narrow_gather(collide->block->placed, items->second, room, &shape);
    narrow_shift(&shape, room, shape.x, shape.y);
    Edge edge = load_edge(collide, items, shape.x, shape.y);
    Axes axes = find_axes(&edge, &shape, room);
    Vf radii = edge.radius + shape.radius;
    Vf limit = shape.margin + 0.5f * LANES_MARGIN + radii; // of the cores
    PARA_ASSERT_HOT(v_bits(~edge.real) == 0);              // no def has an edge without length
    Vi near = edge.real & (axes.any <= limit);
    if (!v_bits(near)) {
        narrow_store_none(manifolds, items);
        return;
    }
    Vi by_face = axes.face > axes.own + NARROW_PREFER; // the body's face is the reference
    Vi ours = axes.neighbour <= v_select(by_face, axes.face, axes.own) + NARROW_PREFER;
    Vf nx, ny;
    Vi facing = narrow_facing(&shape, room, edge.nx, edge.ny);
    NarrowLine face = narrow_face(&shape, room, v_select_int(by_face, axes.index, facing), &nx, &ny);
    // As the face of a solid below it, the edge runs from b to a.
    NarrowLine line = {edge.b.x, edge.b.y, edge.a.x, edge.a.y, edge.b.id, edge.a.id};
    nx = v_select(by_face, nx, edge.nx);
    ny = v_select(by_face, ny, edge.ny);
    NarrowLine reference = narrow_select_line(by_face, face, line);
    NarrowPoint point[2];
    Vi met = near & ours &
             narrow_clip(reference, nx, ny, narrow_select_line(by_face, line, face), REACH_OVER, point);
    NarrowResult result;
    narrow_place(reference, nx, ny, point, v_select(by_face, shape.radius, edge.radius),
                 v_select(by_face, edge.radius, shape.radius), shape.x, shape.y, &result);
    result.nx = v_select(by_face, -nx, nx);
    result.ny = v_select(by_face, -ny, ny);
    for (int k = 0; k < 2; k++) {
        result.id[k] = v_select_int(by_face, narrow_turn_id(point[k].id), point[k].id);
        result.keep[k] = met & (point[k].above <= limit);
    }
    // A corner above a peak faces the peak, where neither edge may have a face of the body to clip.
    Vi missed = ~(result.keep[0] | result.keep[1]);
    Vi round = near & (missed | (radii > 0.0f)) & (axes.any > 0.0f);
    if (v_bits(round))
        take_corner(&edge, &shape, room, round, &axes, limit, &result);
    narrow_store(manifolds, items, v_all(1.0f), &result);
}

void K(narrow_edge_polygons)(LanesCollide *collide)
{
    const LanesList *list = &collide->lists[LANES_EDGE_POLYGON];
    for (int32_t i = 0; i < list->count; i += LANES_WIDTH) {
        NarrowItems items = narrow_items(list, i);
        collide_items(collide, &items, 4);
    }
    list = &collide->lists[LANES_EDGE_POLYGON_8];
    for (int32_t i = 0; i < list->count; i += LANES_WIDTH) {
        NarrowItems items = narrow_items(list, i);
        collide_items(collide, &items, 8);
    }
}
