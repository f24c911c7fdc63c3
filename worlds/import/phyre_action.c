// SPDX-License-Identifier: MIT
// Whether the ball of an action may be put where it says. PHYRE asks it of pixels; here it is asked of the
// level as it is, whose floats are off by up to 4 um at the far end of a scene.
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"
#include "worlds/import/phyre.h"

#define SCENE 256.0 // [px]
#define TOUCH 2e-5  // [m] that things which touch may be in each other: PHYRE's 1e-5 px, and what floats lose

void para_phyre_move_sides(const ParaVec2 *from, int count, double way, ParaVec2 *to)
{
    for (int k = 0; k < count; k++) {
        ParaVec2 a = from[(k + count - 1) % count], b = from[k], c = from[(k + 1) % count];
        double ux = (double)b.x - (double)a.x, uy = (double)b.y - (double)a.y;
        double vx = (double)c.x - (double)b.x, vy = (double)c.y - (double)b.y;
        double u = para_sqrt(ux * ux + uy * uy), v = para_sqrt(vx * vx + vy * vy);
        double x = uy / u + vy / v, y = -ux / u - vx / v; // the sum of the two normals
        double share = way / (1 + (ux * vx + uy * vy) / (u * v));
        to[k] = (ParaVec2){(float)((double)b.x + share * x), (float)((double)b.y + share * y)};
    }
}

/// [m] from a place to an edge.
static double to_edge(ParaPoint p, ParaPoint a, ParaPoint b)
{
    double ex = b.x - a.x, ey = b.y - a.y, square = ex * ex + ey * ey;
    double t = square > 0 ? para_clamp(((p.x - a.x) * ex + (p.y - a.y) * ey) / square, 0, 1) : 0;
    double x = p.x - a.x - t * ex, y = p.y - a.y - t * ey;
    return para_sqrt(x * x + y * y);
}

/// [m] from a place to a polygon without its skin, at the start; 0 inside.
static double to_polygon(const ParaBodyDef *body, const ParaVec2 *points, int count, ParaPoint p)
{
    ParaVec2 core[PARA_POLYGON_POINTS_MAX];
    double least = 1e30;
    bool inside = true;
    para_phyre_move_sides(points, count, -PARA_PHYRE_SKIN, core);
    for (int k = 0; k < count; k++) {
        ParaPoint a = para_body_place(body, core[k]), b = para_body_place(body, core[(k + 1) % count]);
        least = para_min(least, to_edge(p, a, b));
        inside &= para_points_turn(a, b, p) > 0;
    }
    return inside ? 0 : least;
}

/// [m] from a place to a circle or polygon.
static double to_shape(const ParaWorldDef *world, const ParaShapeDef *shape, ParaPoint p)
{
    const ParaBodyDef *body = &world->bodies[shape->body];
    const ParaVec2 *points = &world->points[shape->point_first];
    if (shape->kind == PARA_SHAPE_POLYGON)
        return to_polygon(body, points, (int)shape->point_count, p);
    ParaPoint centre = para_body_place(body, points[0]);
    return para_max(to_edge(p, centre, centre) - (double)shape->radius, 0);
}

static bool is_in_scene(const double action[3])
{
    double x = 255 * action[0], y = 255 * action[1], r = 2 + 30 * action[2];
    for (int k = 0; k < 3; k++)
        if (!(action[k] >= 0 && action[k] <= 1))
            return false;
    return x >= r && x <= SCENE - r && y >= r && y <= SCENE - r;
}

bool para_phyre_may_place(const ParaLevel *level, const double action[3], char *out_why, size_t why_size)
{
    const ParaWorldDef *world = &level->world;
    int ball = level->players[0].body, first, end;
    para_body_shapes(world, ball, &first, &end);
    ParaPoint centre = para_body_place(&world->bodies[ball], world->points[world->shapes[first].point_first]);
    para_text_format(out_why, why_size, "%s", "");
    if (!is_in_scene(action)) {
        para_text_format(out_why, why_size, "the ball is not wholly in the scene");
        return false;
    }
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        char name[PARA_NAME_MAX];
        if (shape->body == ball ||
            to_shape(world, shape, centre) + TOUCH >= (double)world->shapes[first].radius)
            continue;
        para_text_format(out_why, why_size, "the ball lies in %s",
                         para_level_body_label(level, shape->body, name));
        return false;
    }
    return true;
}
