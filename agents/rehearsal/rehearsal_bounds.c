// SPDX-License-Identifier: MIT
// Boxes around the things of a member at its start.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

ParaBounds para_bounds_none(void) { return (ParaBounds){1e30, 1e30, -1e30, -1e30}; }

void para_bounds_add(ParaBounds *bounds, ParaBounds other)
{
    bounds->low_x = para_min(bounds->low_x, other.low_x);
    bounds->low_y = para_min(bounds->low_y, other.low_y);
    bounds->high_x = para_max(bounds->high_x, other.high_x);
    bounds->high_y = para_max(bounds->high_y, other.high_y);
}

bool para_bounds_meet(ParaBounds a, ParaBounds b, double margin)
{
    return a.low_x <= b.high_x + margin && b.low_x <= a.high_x + margin && a.low_y <= b.high_y + margin &&
           b.low_y <= a.high_y + margin;
}

bool para_bounds_are_none(ParaBounds bounds) { return bounds.low_x > bounds.high_x; }

/// Points of a frame, each the middle of a disc.
static ParaBounds bounds_of(const ParaVec2 *points, uint32_t count, double radius, ParaVec2 at, float angle)
{
    ParaBounds bounds = para_bounds_none();
    for (uint32_t k = 0; k < count; k++) {
        ParaPoint p = para_frame_place(at, (double)angle, points[k]);
        para_bounds_add(&bounds, (ParaBounds){p.x - radius, p.y - radius, p.x + radius, p.y + radius});
    }
    return bounds;
}

ParaBounds para_bounds_body(const ParaLevel *level, int body)
{
    const ParaWorldDef *world = &level->world;
    const ParaBodyDef *def = &world->bodies[body];
    ParaBounds bounds = para_bounds_none();
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        if (shape->body == body)
            para_bounds_add(&bounds, bounds_of(world->points + shape->point_first, shape->point_count,
                                               (double)shape->radius, def->position, def->angle));
    }
    ParaVec2 by = level->body_motions[body].by;
    double x = para_max((double)by.x, -(double)by.x) * 2, y = para_max((double)by.y, -(double)by.y) * 2;
    bounds = (ParaBounds){bounds.low_x - x, bounds.low_y - y, bounds.high_x + x, bounds.high_y + y};
    const ParaPath *path = para_level_path(level, body);
    ParaBounds own = bounds;
    for (int k = 0; path && k < path->count; k++) {
        ParaVec2 to = level->stops[path->first + k].by;
        para_bounds_add(&bounds, (ParaBounds){own.low_x + (double)to.x, own.low_y + (double)to.y,
                                              own.high_x + (double)to.x, own.high_y + (double)to.y});
    }
    return bounds;
}

ParaBounds para_bounds_zone(const ParaLevel *level, int zone)
{
    const ParaZoneDef *def = &level->world.zones[zone];
    const ParaVec2 origin = {0, 0};
    if (def->kind == PARA_SHAPE_CIRCLE)
        return bounds_of(&origin, 1, (double)def->radius, def->position, def->angle);
    return bounds_of(level->world.points + def->point_first, def->point_count, 0, def->position, def->angle);
}

ParaBounds para_bounds_thing(const ParaLevel *level, int body)
{
    ParaBounds bounds = para_bounds_body(level, body);
    ParaVec2 at = level->world.bodies[body].position;
    return para_bounds_are_none(bounds) ? (ParaBounds){(double)at.x, (double)at.y, (double)at.x, (double)at.y}
                                        : bounds;
}

ParaBounds para_bounds_shown(const ParaLevel *level)
{
    return (ParaBounds){0, 0, (double)level->world.size.x, (double)level->world.size.y};
}

double para_bounds_diagonal(ParaBounds bounds)
{
    double x = bounds.high_x - bounds.low_x, y = bounds.high_y - bounds.low_y;
    return para_sqrt(x * x + y * y);
}
