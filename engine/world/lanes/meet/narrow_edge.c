// SPDX-License-Identifier: MIT
// An edge of a chain against polygons and segments. Each edge a body reaches gives its own manifold, so no
// peak and no corner is lost; what keeps bodies from catching on seams is which normals an edge may use:
//   - its own, on the side of the body (n);
//   - at an end that sticks out, those of the cone between n and the neighbour's normal; where the normal of
//     the neighbour separates better, the neighbour makes the contact and this edge makes none;
//   - at a hollow or flat end none but n;
//   - at a loose end (no neighbour) all that look past the end.
// Any axis may show that the two are apart.
// With n, the body's lower face is clipped to the edge, so that each point has the depth it really has over
// this edge. Source: ours, after the "smooth" chains of Box2D v3.
#include "engine/world/lanes/meet/narrow.h"

#define CONE_EXCESS 0.01f   ///< [rad] beyond the cone that still passes for inside
#define REACH_OVER  0.0005f ///< [m] an edge goes on past its ends: no gap between two
#define FOLD_MIN    1e-4f   ///< [1] so much for the sum of two normals that have hardly a middle

/// One end of the edge, after the edge was turned so that the body is on its left.
typedef struct End {
    ParaVf x, y;
    ParaVf nx, ny;           ///< the neighbour's normal
    ParaVf qx, qy, at_least; ///< normals d with d . q >= at_least may be used here
    ParaVi out;              ///< mask: sticks out, so the neighbour's normal counts
    ParaVi id;               ///< 0: first point of the edge as it lies in the chain, 1: second
} End;

typedef struct Edge {
    End a, b;
    ParaVf tx, ty, nx, ny; ///< unit, a to b and to the left
    ParaVf radius;
    ParaVi real; ///< mask: has a length
} Edge;

/// Unit vector of (x, y); zero where it is too short, which the mask tells.
PARA_LANES_INLINE ParaVi normalize(ParaVf *x, ParaVf *y, ParaVf *out_length)
{
    ParaVf square = para_narrow_dot(*x, *y, *x, *y);
    ParaVi real = square > 1e-12f;
    ParaVf length = para_v_sqrt(square);
    ParaVf inverse = (ParaVf)(real & (ParaVi)(1.0f / para_v_select(real, length, para_v_all(1.0f))));
    *x *= inverse;
    *y *= inverse;
    *out_length = length;
    return real;
}

PARA_LANES_INLINE void set_end(End *end, ParaVi present, ParaVi out, ParaVf nx, ParaVf ny, ParaVf cone_x,
                               ParaVf cone_y)
{
    end->out = present & out;
    end->qx = para_v_select(present, cone_x, nx);
    end->qy = para_v_select(present, cone_y, ny);
    end->at_least = para_v_select(present, para_v_select(out, para_v_all(-CONE_EXCESS), para_v_all(1e9f)),
                                  para_v_all(-1e9f));
}

// Which side of an edge a body is on: where the part of it lies that is over the edge e, between the lines
// that halve the corners at its ends (:), for beyond them the neighbours are nearer. A body whose middle is
// there is on the side of its middle. The middle of any other body says nothing: that of a plank which tips
// over a cliff is lower than the ground behind it. But the body reaches over e only across the line at the
// nearer end, and the middle (x) of the piece of that line which lies in the body tells the side:
//
//   __    :      :
//     \\__:      :
//       \\x__    :
//         : \\__ :
//         :   \\_x__
//   ------+------+ \\__
//             e   \   \\__ middle of the plank
//                  \     \\__

/// The edge about the shape's middle, turned so that the body is on its left.
PARA_LANES_INLINE Edge load_edge(const ParaLanesCollide *collide, const ParaNarrowItems *items,
                                 const ParaNarrowShape *shape, int room)
{
    ParaVf x = shape->x, y = shape->y;
    ParaVf p[8];
    para_v_gather8(collide->edges[0].p, 8, items->first, p);
    ParaVf ax = p[2] - x, ay = p[3] - y, bx = p[4] - x, by = p[5] - y;
    ParaVf tx = p[4] - p[2], ty = p[5] - p[3], before_x = p[2] - p[0], before_y = p[3] - p[1];
    ParaVf after_x = p[6] - p[4], after_y = p[7] - p[5], length, unused;
    Edge edge;
    edge.real = normalize(&tx, &ty, &length);
    ParaVi before = normalize(&before_x, &before_y, &unused);
    ParaVi after = normalize(&after_x, &after_y, &unused);
    ParaVf bend_a = before_x * ty - before_y * tx, bend_b = tx * after_y - ty * after_x; // > 0: turns left
    // Heights of the body's middle over the three lines.
    ParaVf own = ty * ax - tx * ay;
    ParaVf over_a = before_y * ax - before_x * ay, over_b = after_y * bx - after_x * by;
    ParaVi at_b = -para_narrow_dot(tx, ty, ax, ay) > 0.5f * length;
    ParaVi present = para_v_select_int(at_b, after, before);
    ParaVf other = para_v_select(at_b, over_b, over_a), bend = para_v_select(at_b, bend_b, bend_a);
    ParaVi both = (own > 0.0f) & (other > 0.0f), one = (own > 0.0f) | (other > 0.0f);
    // The line that halves the corner at the nearer end, to the left: of a loose end straight up, of a fold
    // along the edge.
    ParaVf px = para_v_select(at_b, bx, ax), py = para_v_select(at_b, by, ay);
    ParaVf mx = -(ty + para_v_select(at_b, after_y, before_y)),
           my = tx + para_v_select(at_b, after_x, before_x);
    ParaVi folded = para_narrow_dot(mx, my, mx, my) < FOLD_MIN;
    ParaVf outward = para_v_select((bend < 0.0f) ^ at_b, para_v_all(-1.0f), para_v_all(1.0f));
    mx = para_v_select(folded, tx * outward, mx);
    my = para_v_select(folded, ty * outward, my);
    ParaVf past = -para_narrow_dot(my, -mx, px, py); // on its right
    ParaVi beyond = para_v_select_int(at_b, past > 0.0f, past < 0.0f);
    ParaVf from, to;
    ParaVi there = para_narrow_chord(shape, room, px, py, mx, my, &from, &to);
    // What does not reach over the edge yet may do so soon, and of what has a corner just over it the piece
    // may be all that is in the ground.
    ParaVf inside = para_v_all(1e30f), piece = to - from;
    for (int i = 0; i < room; i++)
        inside = para_v_min(para_narrow_dot(shape->nx[i], shape->ny[i], shape->vx[i], shape->vy[i]), inside);
    ParaVi large = piece * piece * para_narrow_dot(mx, my, mx, my) >= inside * inside;
    there &= large | (from > 0.0f) | (to < 0.0f);
    ParaVi soon = para_v_select_int(present, para_v_select_int(bend < 0.0f, one, both), own > 0.0f);
    ParaVi met = para_v_select_int(there, from + to > 0.0f, soon);
    ParaVi left = para_v_select_int(beyond, met, own > 0.0f);
    // Seen from the right, the edge runs back and left turns are right turns.
    ParaVf sign = para_v_select(left, para_v_all(1.0f), para_v_all(-1.0f));
    edge.tx = tx * sign;
    edge.ty = ty * sign;
    edge.nx = -edge.ty;
    edge.ny = edge.tx;
    edge.a.x = para_v_select(left, ax, bx);
    edge.a.y = para_v_select(left, ay, by);
    edge.b.x = para_v_select(left, bx, ax);
    edge.b.y = para_v_select(left, by, ay);
    edge.a.id = para_v_select_int(left, para_v_all_int(0), para_v_all_int(1));
    edge.b.id = para_v_select_int(left, para_v_all_int(1), para_v_all_int(0));
    edge.a.nx = para_v_select(left, -before_y, after_y);
    edge.a.ny = para_v_select(left, before_x, -after_x);
    edge.b.nx = para_v_select(left, -after_y, before_y);
    edge.b.ny = para_v_select(left, after_x, -before_x);
    ParaVi present_a = para_v_select_int(left, before, after),
           present_b = para_v_select_int(left, after, before);
    ParaVf turn_a = para_v_select(left, bend_a, -bend_b), turn_b = para_v_select(left, bend_b, -bend_a);
    // Inside the cone: not counter-clockwise of the normal at a, not clockwise of that at b.
    set_end(&edge.a, present_a, turn_a < 0.0f, edge.nx, edge.ny, edge.a.ny, -edge.a.nx);
    set_end(&edge.b, present_b, turn_b < 0.0f, edge.nx, edge.ny, -edge.b.ny, edge.b.nx);
    edge.radius = items->value;
    return edge;
}

/// Whether the edge may use the normal d (from the edge to the body) at the end it leans to.
PARA_LANES_INLINE ParaVi may_use(const Edge *edge, ParaVi to_b, ParaVf dx, ParaVf dy)
{
    ParaVf qx = para_v_select(to_b, edge->b.qx, edge->a.qx), qy = para_v_select(to_b, edge->b.qy, edge->a.qy);
    return para_narrow_dot(dx, dy, qx, qy) >= para_v_select(to_b, edge->b.at_least, edge->a.at_least);
}

/// What the axes say, separations of the cores [m].
typedef struct Axes {
    ParaVf own;       ///< along n
    ParaVf face;      ///< along the best usable face of the body
    ParaVf neighbour; ///< along the better normal of a neighbour
    ParaVf any;       ///< largest of all axes, usable or not
    ParaVi index;     ///< of that face
} Axes;

/// @param seams of the shape, NULL: it has none
PARA_LANES_INLINE Axes find_axes(const Edge *edge, const ParaNarrowShape *shape, const ParaNarrowSeams *seams,
                                 int room)
{
    Axes axes = {.face = para_v_all(PARA_NARROW_NEVER), .index = para_v_all_int(0)};
    ParaNarrowCone cone;
    ParaVf low = seams ? para_narrow_lowest_cone(shape, seams, room, edge->nx, edge->ny, &cone)
                       : para_narrow_lowest(shape, room, edge->nx, edge->ny);
    axes.own = low - para_narrow_dot(edge->nx, edge->ny, edge->a.x, edge->a.y);
    axes.neighbour = para_v_all(PARA_NARROW_NEVER);
    for (int k = 0; k < 2; k++) {
        const End *end = k ? &edge->b : &edge->a;
        ParaVf gap = para_narrow_lowest(shape, room, end->nx, end->ny) -
                     para_narrow_dot(end->nx, end->ny, end->x, end->y);
        axes.neighbour =
            para_v_max(para_v_select(end->out, gap, para_v_all(PARA_NARROW_NEVER)), axes.neighbour);
    }
    axes.any = para_v_max(axes.own, axes.neighbour);
    for (int i = 0; i < room; i++) {
        ParaVf fx = shape->nx[i], fy = shape->ny[i];
        ParaVf at_a = para_narrow_dot(fx, fy, edge->a.x - shape->vx[i], edge->a.y - shape->vy[i]);
        ParaVf at_b = para_narrow_dot(fx, fy, edge->b.x - shape->vx[i], edge->b.y - shape->vy[i]);
        ParaVf gap = para_v_min(at_a, at_b);
        ParaVi better = may_use(edge, at_b < at_a, -fx, -fy) & (gap > axes.face);
        if (seams) {
            ParaVf x = para_v_select(at_b < at_a, edge->b.x, edge->a.x) - shape->vx[i];
            ParaVf y = para_v_select(at_b < at_a, edge->b.y, edge->a.y) - shape->vy[i];
            ParaVf along = para_narrow_dot(-fy, fx, x, y);
            better &= ~seams->covered[i] & (along >= seams->from[i]) & (along <= seams->to[i]);
            // Nor may it look away from the edge, even if no other face is left.
            better &= para_narrow_dot(fx, fy, edge->nx, edge->ny) < 0.0f;
        }
        axes.any = para_v_max(gap, axes.any);
        axes.face = para_v_select(better, gap, axes.face);
        axes.index = para_v_select_int(better, para_v_all_int(i), axes.index);
    }
    if (seams)
        axes.own = para_v_select(para_narrow_within(&cone, -edge->nx, -edge->ny) >= -PARA_NARROW_ROCK,
                                 axes.own, para_v_all(PARA_NARROW_NEVER));
    return axes;
}

/// The nearest pair of an end of the edge and a corner of the body.
typedef struct Corner {
    ParaVf dx, dy;     ///< unit, from the end to the corner
    ParaVf x, y;       ///< [m] the end
    ParaVf separation; ///< [m] along d; PARA_NARROW_NEVER where d may not be used
    ParaVf length;     ///< [m]
    ParaVi id;
} Corner;

PARA_LANES_INLINE Corner nearest_corner(const Edge *edge, const ParaNarrowShape *shape,
                                        const ParaNarrowSeams *seams, int room)
{
    Corner best = {.id = para_v_all_int(0)};
    ParaVf near = para_v_all(1e30f);
    for (int k = 0; k < 2; k++) {
        const End *end = k ? &edge->b : &edge->a;
        for (int j = 0; j < room; j++) {
            ParaVf dx = shape->vx[j] - end->x, dy = shape->vy[j] - end->y;
            ParaVf square = para_narrow_dot(dx, dy, dx, dy);
            ParaVi nearer = square < near;
            near = para_v_select(nearer, square, near);
            best.dx = para_v_select(nearer, dx, best.dx);
            best.dy = para_v_select(nearer, dy, best.dy);
            best.x = para_v_select(nearer, end->x, best.x);
            best.y = para_v_select(nearer, end->y, best.y);
            best.id = para_v_select_int(nearer, end->id * 8 + j, best.id);
        }
    }
    ParaVf inverse = 1.0f / para_v_sqrt(para_v_max(near, para_v_all(1e-10f)));
    best.dx *= inverse;
    best.dy *= inverse;
    best.length = near * inverse;
    ParaVf at_a = para_narrow_dot(best.dx, best.dy, edge->a.x, edge->a.y);
    ParaVf at_b = para_narrow_dot(best.dx, best.dy, edge->b.x, edge->b.y);
    ParaVf gap = para_narrow_lowest(shape, room, best.dx, best.dy) - para_v_max(at_a, at_b);
    ParaVi usable = may_use(edge, at_b > at_a, best.dx, best.dy) & (near > 1e-10f);
    if (seams) {
        ParaNarrowCone cone = para_narrow_cone(seams, room, best.id & 7);
        usable &= para_narrow_allows(&cone, -best.dx, -best.dy);
    }
    best.separation = para_v_select(usable, gap, para_v_all(PARA_NARROW_NEVER));
    return best;
}

/// Replaces the result by the corner's where that is the better axis, or nearer than all the faces gave.
PARA_LANES_INLINE void take_corner(const Edge *edge, const ParaNarrowShape *shape, const Corner *corner,
                                   ParaVi round, const Axes *axes, ParaVf limit, ParaNarrowResult *result)
{
    ParaVf length = corner->length - (edge->radius + shape->radius);
    ParaVi better = corner->separation > para_v_max(axes->own, axes->face) + PARA_NARROW_PREFER;
    ParaVi ours = axes->neighbour <= corner->separation + PARA_NARROW_PREFER;
    ParaVi take =
        round & ours & (better | ((corner->separation > 0.0f) & para_narrow_nearer(length, result)));
    ParaVf up = (corner->length + edge->radius - shape->radius) * 0.5f;
    result->nx = para_v_select(take, corner->dx, result->nx);
    result->ny = para_v_select(take, corner->dy, result->ny);
    result->x[0] = para_v_select(take, shape->x + (corner->x + corner->dx * up), result->x[0]);
    result->y[0] = para_v_select(take, shape->y + (corner->y + corner->dy * up), result->y[0]);
    result->separation[0] = para_v_select(take, length, result->separation[0]);
    result->id[0] = para_v_select_int(take, corner->id, result->id[0]);
    result->keep[0] = para_v_select_int(take, corner->length <= limit, result->keep[0]);
    result->keep[1] &= ~take;
    result->corner[0] |= take;
}

PARA_LANES_INLINE void collide_items(const ParaLanesCollide *collide, const ParaNarrowItems *items, int room,
                                     bool with_seams)
{
    ParaLanesManifold *manifolds = collide->block->manifolds;
    ParaNarrowShape shape;
    ParaNarrowSeams gathered, *seams = with_seams ? &gathered : NULL;
    if (with_seams)
        para_narrow_gather_seams(collide, items->second, room, &gathered);
    para_narrow_gather(collide->block->placed, items->second, room, &shape);
    para_narrow_shift(&shape, room, shape.x, shape.y);
    Edge edge = load_edge(collide, items, &shape, room);
    Axes axes = find_axes(&edge, &shape, seams, room);
    ParaVf radii = edge.radius + shape.radius;
    ParaVf limit = shape.margin + 0.5f * PARA_LANES_MARGIN + radii; // of the cores
    PARA_ASSERT_HOT(para_v_bits(~edge.real) == 0);                  // no def has an edge without length
    ParaVi near = edge.real & (axes.any <= limit);
    if (!para_v_bits(near)) {
        para_narrow_store_none(manifolds, items);
        return;
    }
    ParaVi by_face = axes.face > axes.own + PARA_NARROW_PREFER; // the body's face is the reference
    ParaVi ours = axes.neighbour <= para_v_select(by_face, axes.face, axes.own) + PARA_NARROW_PREFER;
    ParaVf nx, ny;
    ParaVi facing = para_narrow_facing(&shape, room, edge.nx, edge.ny);
    ParaVi index = para_v_select_int(by_face, axes.index, facing);
    ParaNarrowLine face = para_narrow_face(&shape, room, index, &nx, &ny);
    ParaVf before = para_v_all(REACH_OVER), past = before, face_x = nx, face_y = ny;
    ParaNarrowLine whole = face;
    if (with_seams) {
        ParaVf begin = para_narrow_entry(seams->begin, room, index),
               end = para_narrow_entry(seams->end, room, index), zero = para_v_all(0.0f);
        before = para_v_select(by_face, begin, before);
        past = para_v_select(by_face, end, past);
        whole = para_narrow_longer(face, nx, ny, para_v_select(by_face, zero, begin),
                                   para_v_select(by_face, zero, end));
    }
    // As the face of a solid below it, the edge runs from b to a.
    ParaNarrowLine line = {edge.b.x, edge.b.y, edge.a.x, edge.a.y, edge.b.id, edge.a.id};
    nx = para_v_select(by_face, nx, edge.nx);
    ny = para_v_select(by_face, ny, edge.ny);
    ParaNarrowLine reference = para_narrow_select_line(by_face, face, line);
    ParaNarrowPoint point[2];
    ParaVi met = near & ours &
                 para_narrow_clip(reference, nx, ny, para_narrow_select_line(by_face, line, whole), before,
                                  past, by_face, point);
    ParaNarrowResult result;
    para_narrow_place(reference, nx, ny, point, para_v_select(by_face, shape.radius, edge.radius),
                      para_v_select(by_face, edge.radius, shape.radius), shape.x, shape.y, &result);
    result.nx = para_v_select(by_face, -nx, nx);
    result.ny = para_v_select(by_face, -ny, ny);
    for (int k = 0; k < 2; k++) {
        result.id[k] = para_v_select_int(by_face, para_narrow_turn_id(point[k].id), point[k].id);
        result.keep[k] = met & (point[k].above <= limit);
        if (!with_seams)
            continue;
        ParaVf x = reference.x1 - ny * point[k].along + nx * point[k].above;
        ParaVf y = reference.y1 + nx * point[k].along + ny * point[k].above;
        result.keep[k] &=
            by_face | para_narrow_place_allows(seams, room, face, face_x, face_y, x, y, -nx, -ny);
    }
    // A corner above a peak faces the peak, where neither edge may have a face of the body to clip.
    ParaVi missed = ~(result.keep[0] | result.keep[1]);
    ParaVi round = near & (missed | (radii > 0.0f)) & (axes.any > 0.0f);
    if (para_v_bits(round)) {
        Corner corner = nearest_corner(&edge, &shape, seams, room);
        take_corner(&edge, &shape, &corner, round, &axes, limit, &result);
    }
    para_narrow_store(manifolds, items, para_v_all(1.0f), &result);
}

PARA_LANES_INLINE void collide_list(const ParaLanesCollide *collide, ParaLanesListKind kind, int room,
                                    bool with_seams)
{
    const ParaLanesList *list = &collide->lists[kind];
    for (int32_t i = 0; i < list->count; i += PARA_LANES_WIDTH) {
        ParaNarrowItems items = para_narrow_items(list, i);
        collide_items(collide, &items, room, with_seams);
    }
}

void PARA_K(narrow_edge_polygons)(ParaLanesCollide *collide)
{
    collide_list(collide, PARA_LANES_EDGE_POLYGON, 4, false);
    collide_list(collide, PARA_LANES_EDGE_POLYGON_8, 8, false);
    collide_list(collide, PARA_LANES_EDGE_SEAM, 4, true);
    collide_list(collide, PARA_LANES_EDGE_SEAM_8, 8, true);
}
