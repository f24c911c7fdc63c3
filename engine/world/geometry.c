// SPDX-License-Identifier: MIT
// Places and pairs of things at the start; mass properties by the usual integrals over triangles and discs,
// see the derivations beside them.
#include "engine/world/geometry.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define EDGE_MIN     1e-3 ///< [m] shortest edge of a polygon
#define CONVEX_SLACK 1e-4 ///< [m] how far a point may lie outside another edge: rounding of floats
#define AREA_MIN     1e-6 ///< [m^2]

ParaPoint para_frame_place(ParaVec2 position, double angle, ParaVec2 local)
{
    double s, c;
    para_sincos(angle, &s, &c);
    return (ParaPoint){(double)position.x + c * (double)local.x - s * (double)local.y,
                       (double)position.y + s * (double)local.x + c * (double)local.y};
}

ParaPoint para_body_place(const ParaBodyDef *body, ParaVec2 local)
{
    return para_frame_place(body->position, (double)body->angle, local);
}

bool para_bodies_may_collide(const ParaWorldDef *def, int a, int b)
{
    PARA_ASSERT(a >= 0 && a < def->body_count && b >= 0 && b < def->body_count);
    const ParaBodyDef *one = &def->bodies[a], *other = &def->bodies[b];
    if (a == b || (one->kind != PARA_BODY_DYNAMIC && other->kind != PARA_BODY_DYNAMIC))
        return false;
    if (one->group && one->group == other->group)
        return false;
    for (int j = 0; j < def->joint_count; j++) {
        const ParaJointDef *joint = &def->joints[j];
        if (!joint->collide && ((joint->a == a && joint->b == b) || (joint->a == b && joint->b == a)))
            return false;
    }
    return true;
}

static ParaMass disc_mass(double x, double y, double radius, double density)
{
    double mass = density * PARA_PI * radius * radius;
    return (ParaMass){mass, x, y, 0.5 * mass * radius * radius};
}

/// A rectangle with two half discs at its ends. The centroid of a half disc lies 4r/(3 pi) from its
/// flat side; both together are moved out by L/2, which adds L^2/4 + L * 4r/(3 pi) to a full disc's r^2/2.
static ParaMass capsule_mass(ParaVec2 a, ParaVec2 b, double radius, double density)
{
    double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y;
    double length = para_sqrt(dx * dx + dy * dy);
    double bar = density * 2.0 * radius * length, ends = density * PARA_PI * radius * radius;
    double offset = 4.0 * radius / (3.0 * PARA_PI);
    double moment = bar * (length * length + 4.0 * radius * radius) / 12.0 +
                    ends * (0.5 * radius * radius + 0.25 * length * length + length * offset);
    return (ParaMass){bar + ends, 0.5 * ((double)a.x + (double)b.x), 0.5 * ((double)a.y + (double)b.y),
                      moment};
}

double para_points_area(const ParaPoint *points, int count)
{
    double sum = 0;
    for (int i = 0, last = count - 1; i < count; last = i++)
        sum += points[last].x * points[i].y - points[i].x * points[last].y;
    return sum / 2;
}

/// A fan of triangles from the first point: mass, centroid and second moment of each, then the
/// parallel axis theorem back to the centroid.
ParaMass para_outline_mass(const double *x, const double *y, int count, double density)
{
    double area = 0, cx = 0, cy = 0, second = 0;
    for (int i = 1; i + 1 < count; i++) {
        double ax = x[i] - x[0], ay = y[i] - y[0];
        double bx = x[i + 1] - x[0], by = y[i + 1] - y[0];
        double twice = ax * by - ay * bx;
        area += 0.5 * twice;
        cx += twice * (ax + bx) / 6.0;
        cy += twice * (ay + by) / 6.0;
        second += twice * (ax * ax + ax * bx + bx * bx + ay * ay + ay * by + by * by) / 12.0;
    }
    if (!(area > 0))
        return (ParaMass){0};
    cx /= area;
    cy /= area;
    double mass = density * area;
    return (ParaMass){mass, x[0] + cx, y[0] + cy, density * second - mass * (cx * cx + cy * cy)};
}

static ParaMass polygon_mass(const ParaVec2 *points, uint32_t count, double density)
{
    double x[PARA_POLYGON_POINTS_MAX], y[PARA_POLYGON_POINTS_MAX];
    PARA_ASSERT(count <= PARA_POLYGON_POINTS_MAX);
    for (uint32_t i = 0; i < count; i++) {
        x[i] = (double)points[i].x;
        y[i] = (double)points[i].y;
    }
    ParaMass mass = para_outline_mass(x, y, (int)count, density);
    return mass.mass < density * AREA_MIN ? (ParaMass){0} : mass;
}

ParaMass para_shape_mass(const ParaWorldDef *def, const ParaShapeDef *shape)
{
    PARA_ASSERT(shape->point_first + shape->point_count <= (uint32_t)def->point_count);
    const ParaVec2 *points = def->points + shape->point_first;
    double density = (double)shape->density, radius = (double)shape->radius;
    switch (shape->kind) {
    case PARA_SHAPE_CIRCLE:
        return disc_mass((double)points[0].x, (double)points[0].y, radius, density);
    case PARA_SHAPE_POLYGON:
        return polygon_mass(points, shape->point_count, density);
    case PARA_SHAPE_SEGMENT:
        return capsule_mass(points[0], points[1], radius, density);
    case PARA_SHAPE_CHAIN:
        break;
    }
    return (ParaMass){0};
}

ParaMass para_body_mass(const ParaWorldDef *def, int first, int end)
{
    ParaMass body = {0}, part = {0};
    PARA_ASSERT(first >= 0 && first <= end && end <= def->shape_count);
    for (int i = first; i < end; i++) {
        part = para_shape_mass(def, &def->shapes[i]);
        body.mass += part.mass;
        body.x += part.mass * part.x;
        body.y += part.mass * part.y;
    }
    if (!(body.mass > 0))
        return (ParaMass){0};
    body.x /= body.mass;
    body.y /= body.mass;
    for (int i = first; i < end; i++) {
        if (end - first > 1) // of a single one it is known
            part = para_shape_mass(def, &def->shapes[i]);
        double dx = part.x - body.x, dy = part.y - body.y;
        body.moment += part.moment + part.mass * (dx * dx + dy * dy);
    }
    const ParaBodyDef *owner = &def->bodies[def->shapes[first].body];
    if (owner->centre_shift.x != 0.0f || owner->centre_shift.y != 0.0f) { // to add 0 would make a 0 of -0
        body.x += (double)owner->centre_shift.x;
        body.y += (double)owner->centre_shift.y;
    }
    body.moment *= (double)owner->inertia_scale;
    return body;
}

void para_body_shapes(const ParaWorldDef *def, int body, int *out_first, int *out_end)
{
    PARA_ASSERT(body >= 0 && body < def->body_count);
    int first = 0;
    while (first < def->shape_count && def->shapes[first].body < body)
        first++;
    int end = first;
    while (end < def->shape_count && def->shapes[end].body == body)
        end++;
    *out_first = first;
    *out_end = end;
}

/// Distance [m] of p to the left of the edge a -> b; the edge has a length.
static double left_of(ParaVec2 a, ParaVec2 b, double px, double py)
{
    double ex = (double)b.x - (double)a.x, ey = (double)b.y - (double)a.y;
    double cross = ex * (py - (double)a.y) - ey * (px - (double)a.x);
    return cross / para_sqrt(ex * ex + ey * ey);
}

static double distance(ParaVec2 a, ParaVec2 b)
{
    double dx = (double)b.x - (double)a.x, dy = (double)b.y - (double)a.y;
    return para_sqrt(dx * dx + dy * dy);
}

/// How far the corners of a polygon reach to the left of the line of one of its edges [m].
typedef struct Reach {
    double least, most; ///< 0, 0 of an edge without a length
} Reach;

static Reach reach_of(const ParaVec2 *points, uint32_t count, uint32_t edge)
{
    ParaVec2 a = points[edge], b = points[edge + 1 < count ? edge + 1 : 0];
    double ex = (double)b.x - (double)a.x, ey = (double)b.y - (double)a.y;
    double length = para_sqrt(ex * ex + ey * ey);
    Reach reach = {0, 0};
    if (!(length > 0))
        return reach;
    for (uint32_t k = 0; k < count; k++) {
        double cross = ex * ((double)points[k].y - (double)a.y) - ey * ((double)points[k].x - (double)a.x);
        reach.least = para_min(reach.least, cross);
        reach.most = para_max(reach.most, cross);
    }
    return (Reach){reach.least / length, reach.most / length};
}

double para_polygon_width(const ParaVec2 *points, uint32_t count)
{
    double least = PARA_INFINITY;
    for (uint32_t i = 0; i < count; i++) {
        Reach reach = reach_of(points, count, i);
        least = para_min(least, para_max(reach.most, -reach.least));
    }
    return least;
}

/// Do two sides of the outline cross?
static bool crosses_itself(const ParaVec2 *points, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 2; k < count; k++) {
            ParaVec2 a = points[i], b = points[i + 1], c = points[k], d = points[(k + 1) % count];
            if (i == 0 && k == count - 1)
                continue; // neighbours
            if (left_of(a, b, (double)c.x, (double)c.y) * left_of(a, b, (double)d.x, (double)d.y) < 0 &&
                left_of(c, d, (double)a.x, (double)a.y) * left_of(c, d, (double)b.x, (double)b.y) < 0)
                return true;
        }
    return false;
}

int para_polygon_inward(const ParaVec2 *points, uint32_t count)
{
    double area = 0;
    if (crosses_itself(points, count))
        return -1;
    for (uint32_t i = 0; i < count; i++) {
        ParaVec2 a = points[i], b = points[(i + 1) % count];
        area += (double)a.x * (double)b.y - (double)b.x * (double)a.y;
    }
    for (uint32_t i = 0; i < count; i++) {
        ParaVec2 next = points[(i + 2) % count];
        double turn = left_of(points[i], points[(i + 1) % count], (double)next.x, (double)next.y);
        if ((area < 0 ? -turn : turn) < -CONVEX_SLACK)
            return (int)((i + 1) % count);
    }
    return -1;
}

const char *para_polygon_problem(const ParaVec2 *points, uint32_t count)
{
    PARA_ASSERT(points && count >= 3);
    // Two equal points are caught for any pair: a star drawn twice around would pass the edge test.
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = i + 1; k < count; k++)
            if (distance(points[i], points[k]) < EDGE_MIN)
                return "two of its points are less than 1 mm apart";
    bool to_left = true, to_right = true; // every corner, of every edge
    double width = PARA_INFINITY;
    for (uint32_t i = 0; i < count; i++) {
        Reach reach = reach_of(points, count, i);
        to_left = to_left && reach.least >= -CONVEX_SLACK;
        to_right = to_right && reach.most <= CONVEX_SLACK;
        width = para_min(width, para_max(reach.most, -reach.least));
    }
    if (!to_left) {
        if (to_right)
            return "its points go clockwise; they must go counter-clockwise";
        return para_polygon_inward(points, count) < 0 ? "its outline crosses itself"
                                                      : "it is not convex: a corner of it bends inward";
    }
    if (!(polygon_mass(points, count, 1.0).mass >= AREA_MIN))
        return "its corners enclose no area";
    if (width < PARA_POLYGON_WIDTH_MIN)
        return "it is thinner than 1 mm";
    return NULL;
}

double para_body_inradius(const ParaWorldDef *def, int first, int end, double x, double y)
{
    double best = 0.01;
    for (int i = first; i < end; i++) {
        const ParaShapeDef *shape = &def->shapes[i];
        const ParaVec2 *points = def->points + shape->point_first;
        double room = 0;
        if (shape->kind == PARA_SHAPE_CIRCLE) {
            double dx = x - (double)points[0].x, dy = y - (double)points[0].y;
            room = (double)shape->radius - para_sqrt(dx * dx + dy * dy);
        } else if (shape->kind == PARA_SHAPE_POLYGON) {
            room = 1e9;
            for (uint32_t k = 0; k < shape->point_count; k++)
                room = para_min(room, left_of(points[k], points[(k + 1) % shape->point_count], x, y));
        } else {
            room = (double)shape->radius;
        }
        best = para_max(best, room);
    }
    return best;
}
