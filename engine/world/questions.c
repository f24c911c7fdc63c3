// SPDX-License-Identifier: MIT
// Rays, points and boxes against the shapes of a view, piece by piece, in double.
#include "engine/world/questions.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#define FAR 1e30 // farther than any place, and still a number

/// A convex set of corners, fattened by a radius: 1 corner a disc, 2 a capsule, more a polygon.
typedef struct Piece {
    int count;
    ParaPoint corners[PARA_POLYGON_POINTS_MAX];
    double radius;
} Piece;

static int pieces_of(const ParaShapeDef *shape)
{
    return shape->kind == PARA_SHAPE_CHAIN ? (int)shape->point_count - 1 : 1;
}

static Piece piece_of(const ParaView *view, const ParaShapeDef *shape, int index)
{
    size_t k = (size_t)shape->body * (size_t)view->stride;
    double c = (double)view->cos[k], s = (double)view->sin[k];
    Piece piece = {.count = shape->kind == PARA_SHAPE_CHAIN ? 2 : (int)shape->point_count,
                   .radius = (double)shape->radius};
    PARA_ASSERT_HOT(piece.count >= 1 && piece.count <= PARA_POLYGON_POINTS_MAX);
    for (int i = 0; i < piece.count; i++) {
        ParaVec2 p = view->def->points[shape->point_first + (uint32_t)(index + i)];
        piece.corners[i] = (ParaPoint){(double)view->x[k] + c * (double)p.x - s * (double)p.y,
                                       (double)view->y[k] + s * (double)p.x + c * (double)p.y};
    }
    return piece;
}

static bool is_there(const ParaView *view, const ParaShapeDef *shape)
{
    return view->enabled[(size_t)shape->body * (size_t)view->stride] != 0;
}

// ---------------------------------------------------------------------------------------------
// How far a place is.

static double length_of(double x, double y) { return para_sqrt(x * x + y * y); }

static double edge_distance(ParaPoint p, ParaPoint a, ParaPoint b)
{
    double ex = b.x - a.x, ey = b.y - a.y, square = ex * ex + ey * ey;
    double t = square > 0 ? ((p.x - a.x) * ex + (p.y - a.y) * ey) / square : 0;
    t = para_min(1, para_max(0, t));
    return length_of(p.x - a.x - t * ex, p.y - a.y - t * ey);
}

/// [m] of a place from a piece's surface; below 0: inside.
static double distance(const Piece *piece, ParaPoint p)
{
    if (piece->count == 1)
        return length_of(p.x - piece->corners[0].x, p.y - piece->corners[0].y) - piece->radius;
    double least = FAR, out = -FAR;
    for (int i = 0; i < piece->count; i++) {
        ParaPoint a = piece->corners[i], b = piece->corners[(i + 1) % piece->count];
        least = para_min(least, edge_distance(p, a, b));
        out = para_max(out, -para_points_turn(a, b, p)); // outside is to the right of an edge
    }
    return (piece->count > 2 && out < 0 ? -least : least) - piece->radius;
}

// ---------------------------------------------------------------------------------------------
// Rays.

typedef struct Ray {
    ParaPoint from, way; ///< [m]
    double fraction;     ///< [1] of the nearest hit so far
    double normal_x, normal_y;
    int shape;
    bool inside;
} Ray;

/// The first of a disc's surface, from outside.
static bool meets_disc(const Ray *ray, ParaPoint centre, double radius, double *t, ParaPoint *normal)
{
    double cx = ray->from.x - centre.x, cy = ray->from.y - centre.y;
    double a = ray->way.x * ray->way.x + ray->way.y * ray->way.y, b = ray->way.x * cx + ray->way.y * cy;
    double root = b * b - a * (cx * cx + cy * cy - radius * radius);
    if (radius <= 0 || a <= 0 || root < 0 || b >= 0)
        return false;
    *t = (-b - para_sqrt(root)) / a;
    *normal = (ParaPoint){(cx + *t * ray->way.x) / radius, (cy + *t * ray->way.y) / radius};
    return *t >= 0;
}

/// A line from a to b with its outside on the right, met from there; `both`: from either side.
static bool meets_line(const Ray *ray, ParaPoint a, ParaPoint b, bool both, double *t, ParaPoint *normal)
{
    double ex = b.x - a.x, ey = b.y - a.y, length = length_of(ex, ey);
    double cross = ray->way.x * ey - ray->way.y * ex; // below 0: it comes from the right
    if (length <= 0 || cross == 0 || (cross > 0 && !both))
        return false;
    double x = a.x - ray->from.x, y = a.y - ray->from.y;
    double s = (x * ray->way.y - y * ray->way.x) / cross, side = cross > 0 ? -1.0 : 1.0;
    *t = (x * ey - y * ex) / cross;
    *normal = (ParaPoint){side * ey / length, -side * ex / length};
    return *t >= 0 && s >= 0 && s <= 1;
}

static void note(Ray *ray, int shape, double t, ParaPoint normal)
{
    if (t >= ray->fraction)
        return;
    ray->fraction = t;
    ray->normal_x = normal.x, ray->normal_y = normal.y;
    ray->shape = shape;
    ray->inside = false;
}

static void cast_capsule(Ray *ray, const Piece *piece, int shape)
{
    ParaPoint a = piece->corners[0], b = piece->corners[1], normal;
    double ex = b.x - a.x, ey = b.y - a.y, length = length_of(ex, ey), t;
    for (int side = 0; side < 2 && length > 0; side++) {
        double out = (side ? -piece->radius : piece->radius) / length;
        ParaPoint p = {a.x + out * ey, a.y - out * ex}, q = {b.x + out * ey, b.y - out * ex};
        bool met = side ? meets_line(ray, q, p, piece->radius <= 0, &t, &normal)
                        : meets_line(ray, p, q, piece->radius <= 0, &t, &normal);
        if (met)
            note(ray, shape, t, normal);
    }
}

static void cast(Ray *ray, const Piece *piece, int shape)
{
    ParaPoint normal;
    double t;
    if (distance(piece, ray->from) <= 0) {
        if (ray->fraction > 0) {
            ray->fraction = 0;
            ray->shape = shape;
            ray->inside = true;
        }
        return;
    }
    for (int i = 0; i < piece->count && piece->count < 3; i++)
        if (meets_disc(ray, piece->corners[i], piece->radius, &t, &normal))
            note(ray, shape, t, normal);
    if (piece->count == 2)
        cast_capsule(ray, piece, shape);
    for (int i = 0; i < piece->count && piece->count > 2; i++)
        if (meets_line(ray, piece->corners[i], piece->corners[(i + 1) % piece->count], false, &t, &normal))
            note(ray, shape, t, normal);
}

ParaRayHit para_view_ray(const ParaView *view, ParaVec2 from, ParaVec2 to, uint32_t mask,
                         uint32_t group_ignored)
{
    Ray ray = {.from = {(double)from.x, (double)from.y},
               .way = {(double)to.x - (double)from.x, (double)to.y - (double)from.y},
               .fraction = 1.0 + 1e-12, // the end of the ray still hits
               .shape = -1};
    for (int i = 0; view->status == PARA_WORLD_FINE && i < view->def->shape_count; i++) {
        const ParaShapeDef *shape = &view->def->shapes[i];
        uint32_t group = view->def->bodies[shape->body].group;
        if (!(shape->category & mask) || !shape->mask || (group != 0 && group == group_ignored) ||
            !is_there(view, shape))
            continue;
        for (int k = 0; k < pieces_of(shape); k++) {
            Piece piece = piece_of(view, shape, k);
            cast(&ray, &piece, i);
        }
    }
    if (ray.shape < 0)
        return (ParaRayHit){.shape = -1, .fraction = 1.0f, .point = to};
    ParaRayHit hit = {.shape = ray.shape, .fraction = (float)para_min(ray.fraction, 1.0), .point = from};
    double length = length_of(ray.way.x, ray.way.y);
    if (!ray.inside) {
        hit.point = (ParaVec2){(float)(ray.from.x + ray.fraction * ray.way.x),
                               (float)(ray.from.y + ray.fraction * ray.way.y)};
        hit.normal = (ParaVec2){(float)ray.normal_x, (float)ray.normal_y};
    } else if (length > 0) { // no surface was met
        hit.normal = (ParaVec2){(float)(-ray.way.x / length), (float)(-ray.way.y / length)};
    }
    return hit;
}

// ---------------------------------------------------------------------------------------------
// Points and boxes.

int para_view_at_point(const ParaView *view, ParaVec2 point, int32_t *out_shapes, int max)
{
    ParaPoint p = {(double)point.x, (double)point.y};
    int count = 0;
    for (int i = 0; view->status == PARA_WORLD_FINE && i < view->def->shape_count; i++) {
        const ParaShapeDef *shape = &view->def->shapes[i];
        bool holds = false;
        for (int k = 0; is_there(view, shape) && !holds && k < pieces_of(shape); k++) {
            Piece piece = piece_of(view, shape, k);
            holds = distance(&piece, p) < 0;
        }
        if (holds && count++ < max)
            out_shapes[count - 1] = i;
    }
    return count;
}

static bool box_meets(const Piece *piece, ParaVec2 low, ParaVec2 high)
{
    double low_x = FAR, low_y = FAR, high_x = -FAR, high_y = -FAR;
    for (int i = 0; i < piece->count; i++) {
        low_x = para_min(low_x, piece->corners[i].x - piece->radius);
        low_y = para_min(low_y, piece->corners[i].y - piece->radius);
        high_x = para_max(high_x, piece->corners[i].x + piece->radius);
        high_y = para_max(high_y, piece->corners[i].y + piece->radius);
    }
    return low_x <= (double)high.x && high_x >= (double)low.x && low_y <= (double)high.y &&
           high_y >= (double)low.y;
}

int para_view_in_box(const ParaView *view, ParaVec2 low, ParaVec2 high, int32_t *out_shapes, int max)
{
    int count = 0;
    for (int i = 0; view->status == PARA_WORLD_FINE && i < view->def->shape_count; i++) {
        const ParaShapeDef *shape = &view->def->shapes[i];
        bool meets = false;
        for (int k = 0; is_there(view, shape) && !meets && k < pieces_of(shape); k++) {
            Piece piece = piece_of(view, shape, k);
            meets = box_meets(&piece, low, high);
        }
        if (meets && count++ < max)
            out_shapes[count - 1] = i;
    }
    return count;
}
