// SPDX-License-Identifier: MIT
// Distances and casts: points to edges, rays to circles, edges and convex polygons.
#include "engine/world/lanes/cast/cast.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

ParaLanesRay para_lanes_local_ray(ParaLanesFrame frame, ParaLanesRay ray)
{
    double x = ray.x - frame.x, y = ray.y - frame.y;
    return (ParaLanesRay){frame.cos * x + frame.sin * y, frame.cos * y - frame.sin * x,
                          frame.cos * ray.dx + frame.sin * ray.dy, frame.cos * ray.dy - frame.sin * ray.dx};
}

static ParaVec2 corner(const ParaLanesWorld *world, const ParaLanesShape *shape, int i)
{
    PARA_ASSERT_HOT(i >= 0 && i < 2 * shape->corner_room); // the normals stand behind the corners
    const float *v = world->corners + shape->corner_first + 2 * i;
    return (ParaVec2){v[0], v[1]};
}

static ParaVec2 normal(const ParaLanesWorld *world, const ParaLanesShape *shape, int i)
{
    return corner(world, shape, shape->corner_room + i);
}

static double length_of(double x, double y) { return para_sqrt(x * x + y * y); }

double para_lanes_edge_distance(ParaVec2 a, ParaVec2 b, double radius, double x, double y)
{
    double ex = (double)b.x - (double)a.x, ey = (double)b.y - (double)a.y;
    double px = x - (double)a.x, py = y - (double)a.y;
    double square = ex * ex + ey * ey;
    double along = square > 0 ? para_clamp((px * ex + py * ey) / square, 0.0, 1.0) : 0.0;
    return length_of(px - along * ex, py - along * ey) - radius;
}

static double polygon_distance(const ParaLanesWorld *world, const ParaLanesShape *shape, double x, double y)
{
    double outside = -1e30, nearest = 1e30;
    for (int i = 0; i < shape->corner_count; i++) {
        ParaVec2 v = corner(world, shape, i), n = normal(world, shape, i);
        outside = para_max(outside, (double)n.x * (x - (double)v.x) + (double)n.y * (y - (double)v.y));
    }
    if (outside <= 0)
        return outside;
    for (int i = 0; i < shape->corner_count; i++)
        nearest = para_min(nearest, para_lanes_edge_distance(
                                        corner(world, shape, i),
                                        corner(world, shape, (i + 1) % shape->corner_count), 0.0, x, y));
    return nearest;
}

double para_lanes_distance(const ParaLanesWorld *world, const ParaLanesShape *shape, double x, double y)
{
    double radius = (double)shape->radius;
    if (shape->corner_count == 1)
        return length_of(x - (double)shape->x, y - (double)shape->y) - radius;
    if (shape->corner_count == 2)
        return para_lanes_edge_distance(corner(world, shape, 0), corner(world, shape, 1), radius, x, y);
    return polygon_distance(world, shape, x, y);
}

// ---------------------------------------------------------------------------------------------
// Casts.

/// The smaller root of |from + t way - centre| = radius.
static bool cast_circle(double x, double y, double radius, ParaLanesRay ray, ParaLanesHit *hit)
{
    double cx = ray.x - x, cy = ray.y - y;
    double a = ray.dx * ray.dx + ray.dy * ray.dy, b = ray.dx * cx + ray.dy * cy;
    double root = b * b - a * (cx * cx + cy * cy - radius * radius);
    if (a <= 0 || root < 0 || b >= 0)
        return false;
    double t = (-b - para_sqrt(root)) / a;
    if (t < 0 || t >= hit->fraction)
        return false;
    *hit = (ParaLanesHit){t, (cx + t * ray.dx) / radius, (cy + t * ray.dy) / radius};
    return true;
}

/// The side of the edge where the ray starts, moved out by the radius: a line with two ends.
static bool cast_side(ParaVec2 a, ParaVec2 b, double radius, ParaLanesRay ray, ParaLanesHit *hit)
{
    double ex = (double)b.x - (double)a.x, ey = (double)b.y - (double)a.y, length = length_of(ex, ey);
    if (length <= 0)
        return false;
    double nx = ey / length, ny = -ex / length;
    double off = nx * (ray.x - (double)a.x) + ny * (ray.y - (double)a.y);
    if (off < 0) {
        nx = -nx;
        ny = -ny;
        off = -off;
    }
    double closing = -(nx * ray.dx + ny * ray.dy);
    if (closing <= 0 || off < radius)
        return false;
    double t = (off - radius) / closing;
    double along = (ray.x + t * ray.dx - (double)a.x) * ex + (ray.y + t * ray.dy - (double)a.y) * ey;
    if (t >= hit->fraction || along < 0 || along > length * length)
        return false;
    *hit = (ParaLanesHit){t, nx, ny};
    return true;
}

bool para_lanes_cast_edge(ParaVec2 a, ParaVec2 b, double radius, ParaLanesRay ray, ParaLanesHit *hit)
{
    bool found = cast_side(a, b, radius, ray, hit);
    if (radius > 0) {
        found |= cast_circle((double)a.x, (double)a.y, radius, ray, hit);
        found |= cast_circle((double)b.x, (double)b.y, radius, ray, hit);
    }
    return found;
}

/// Cuts the ray by one edge's line after the other; what is left lies inside.
static bool cast_polygon(const ParaLanesWorld *world, const ParaLanesShape *shape, ParaLanesRay ray,
                         ParaLanesHit *hit)
{
    double enter = -1.0, leave = hit->fraction;
    ParaVec2 face = {0, 0};
    for (int i = 0; i < shape->corner_count; i++) {
        ParaVec2 v = corner(world, shape, i), n = normal(world, shape, i);
        double off = (double)n.x * (ray.x - (double)v.x) + (double)n.y * (ray.y - (double)v.y);
        double closing = -((double)n.x * ray.dx + (double)n.y * ray.dy);
        if (closing > 0 && off > enter * closing) {
            enter = off / closing;
            face = n;
        } else if (closing < 0 && off > leave * closing) {
            leave = off / closing;
        } else if (closing == 0 && off > 0) {
            return false;
        }
    }
    if (enter < 0 || enter >= leave)
        return false;
    *hit = (ParaLanesHit){enter, (double)face.x, (double)face.y};
    return true;
}

bool para_lanes_cast_shape(const ParaLanesWorld *world, const ParaLanesShape *shape, double grow,
                           ParaLanesRay ray, ParaLanesHit *hit)
{
    double radius = (double)shape->radius + grow;
    if (shape->corner_count == 1)
        return cast_circle((double)shape->x, (double)shape->y, radius, ray, hit);
    if (shape->corner_count == 2)
        return para_lanes_cast_edge(corner(world, shape, 0), corner(world, shape, 1), radius, ray, hit);
    if (grow <= 0)
        return cast_polygon(world, shape, ray, hit);
    bool found = false;
    for (int i = 0; i < shape->corner_count; i++)
        found |= para_lanes_cast_edge(corner(world, shape, i),
                                      corner(world, shape, (i + 1) % shape->corner_count), radius, ray, hit);
    return found;
}

void para_lanes_chain_near(const ParaLanesWorld *world, const ParaLanesChain *chain, double thickness,
                           ParaLanesRay ray, int from, int *out_first, int *out_end)
{
    PARA_ASSERT_HOT(from >= 0 && from < chain->edge_count);
    double low_x = para_min(ray.x, ray.x + ray.dx) - thickness,
           high_x = para_max(ray.x, ray.x + ray.dx) + thickness;
    double low_y = para_min(ray.y, ray.y + ray.dy) - thickness,
           high_y = para_max(ray.y, ray.y + ray.dy) + thickness;
    int first = from;
    for (; first < chain->edge_count; first += PARA_LANES_BOX_EDGES) {
        const ParaLanesBox *box = &world->edge_boxes[chain->box_first + first / PARA_LANES_BOX_EDGES];
        if ((double)box->low_x <= high_x && (double)box->high_x >= low_x && (double)box->low_y <= high_y &&
            (double)box->high_y >= low_y)
            break;
    }
    *out_first = first < chain->edge_count ? first : chain->edge_count;
    *out_end =
        first + PARA_LANES_BOX_EDGES < chain->edge_count ? first + PARA_LANES_BOX_EDGES : chain->edge_count;
}
