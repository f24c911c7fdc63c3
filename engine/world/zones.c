// SPDX-License-Identifier: MIT
// Point-in-convex-area tests and the push of zones.
#include "engine/world/zones.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"
#include "engine/base/maths.h"

#include <string.h>

static void grow_box(ParaZoneArea *area, double x, double y)
{
    area->low_x = para_min(area->low_x, x);
    area->low_y = para_min(area->low_y, y);
    area->high_x = para_max(area->high_x, x);
    area->high_y = para_max(area->high_y, y);
}

ParaZoneState para_zone_state(const ParaZoneDef *zone)
{
    return (ParaZoneState){.position = zone->position,
                           .angle = zone->angle,
                           .acceleration = zone->acceleration,
                           .drag = zone->drag,
                           .fluid_density = zone->fluid_density,
                           .fluid_drag = zone->fluid_drag,
                           .pull = zone->pull,
                           .on = 1};
}

ParaZoneArea para_zone_area(const ParaWorldDef *def, int index, const ParaZoneState *now)
{
    const ParaZoneDef *zone = &def->zones[index];
    ParaZoneArea area = {.x = (double)now->position.x,
                         .y = (double)now->position.y,
                         .low_x = 1e30,
                         .low_y = 1e30,
                         .high_x = -1e30,
                         .high_y = -1e30};
    if (!now->on)
        return area;
    if (zone->kind == PARA_SHAPE_CIRCLE) {
        double radius = (double)zone->radius;
        area.radius_squared = radius * radius;
        grow_box(&area, area.x - radius, area.y - radius);
        grow_box(&area, area.x + radius, area.y + radius);
        return area;
    }
    double sine, cosine, *x = area.corner_x, *y = area.corner_y;
    para_sincos((double)now->angle, &sine, &cosine);
    PARA_ASSERT(zone->point_count >= 3 && zone->point_count <= PARA_POLYGON_POINTS_MAX);
    area.edge_count = (int)zone->point_count;
    for (int i = 0; i < area.edge_count; i++) {
        ParaVec2 p = def->points[zone->point_first + (uint32_t)i];
        x[i] = area.x + cosine * (double)p.x - sine * (double)p.y;
        y[i] = area.y + sine * (double)p.x + cosine * (double)p.y;
        grow_box(&area, x[i], y[i]);
    }
    area.upright = area.edge_count == 4;
    for (int i = 0; i < area.edge_count; i++) {
        int next = i + 1 < area.edge_count ? i + 1 : 0;
        area.upright = area.upright && (x[i] == x[next] || y[i] == y[next]);
    }
    return area;
}

static bool contains(const ParaZoneArea *area, double x, double y)
{
    if (x < area->low_x || x > area->high_x || y < area->low_y || y > area->high_y)
        return false;
    if (area->upright)
        return true;
    if (area->edge_count == 0) {
        double dx = x - area->x, dy = y - area->y;
        return dx * dx + dy * dy <= area->radius_squared;
    }
    const double *cx = area->corner_x, *cy = area->corner_y;
    for (int i = 0; i < area->edge_count; i++) {
        int next = i + 1 < area->edge_count ? i + 1 : 0;
        // Counter-clockwise corners have their inside to the left of each edge.
        double inward_x = cy[i] - cy[next], inward_y = cx[next] - cx[i];
        if (inward_x * x + inward_y * y < inward_x * cx[i] + inward_y * cy[i])
            return false;
    }
    return true;
}

uint32_t para_zones_at(const ParaZoneArea *areas, int count, double x, double y)
{
    PARA_ASSERT_HOT(count >= 0 && count <= PARA_ZONES_MAX); // one bit each
    uint32_t bits = 0;
    for (int i = 0; i < count; i++)
        if (contains(&areas[i], x, y))
            bits |= 1u << i;
    return bits;
}

uint32_t para_zones_again(const ParaZoneArea *areas, int zone, uint32_t bits, double x, double y)
{
    uint32_t bit = 1u << zone;
    return contains(&areas[zone], x, y) ? bits | bit : bits & ~bit;
}

/// Adds the pull of a zone towards its origin.
static void pull(const ParaZoneState *zone, const ParaZoneBody *body, double *x, double *y)
{
    double dx = (double)zone->position.x - body->x, dy = (double)zone->position.y - body->y;
    double far = para_max(para_sqrt(dx * dx + dy * dy), PARA_ZONE_PULL_FADES);
    *x += (double)zone->pull * dx / far;
    *y += (double)zone->pull * dy / far;
}

void para_zones_push(const ParaZoneState *zones, uint32_t bits, const ParaZoneBody *body, double dt,
                     double *out_x, double *out_y)
{
    PARA_ASSERT_HOT(dt > 0.0);
    double x = 0, y = 0, drag = 0;
    for (int i = 0; bits != 0; i++, bits >>= 1) {
        if ((bits & 1u) == 0)
            continue;
        x += (double)zones[i].acceleration.x;
        y += (double)zones[i].acceleration.y;
        drag += (double)zones[i].drag;
        if (zones[i].pull != 0.0f)
            pull(&zones[i], body, &x, &y);
    }
    if (drag > 0) {
        double lost = (1.0 - para_exp(-drag * dt)) / dt; // [1/s] mean over the step
        x -= lost * body->vx;
        y -= lost * body->vy;
    }
    *out_x = x;
    *out_y = y;
}

uint64_t para_changes_hash(const ParaWorldDef *def, ParaVec2 gravity, const ParaZoneState *zones,
                           uint64_t hash)
{
    if (gravity.x != def->gravity.x || gravity.y != def->gravity.y)
        hash = para_hash(&gravity, sizeof gravity, hash);
    for (int i = 0; i < def->zone_count; i++) {
        ParaZoneState first = para_zone_state(&def->zones[i]);
        if (memcmp(&first, &zones[i], sizeof first) != 0)
            hash = para_hash(&zones[i], sizeof zones[i], para_hash(&i, sizeof i, hash));
    }
    return hash;
}
