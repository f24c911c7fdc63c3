// SPDX-License-Identifier: MIT
// Zones, as primitives: water, wind, ladders, flags.
#include "engine/base/maths.h"
#include "engine/draw/painter.h"

#include <math.h>

static int zone_ink(const ParaPainter *p, int zone)
{
    static const uint8_t inks[PARA_STYLE_COUNT] = {PARA_INK_ZONE,        PARA_INK_ZONE_PLAYER,
                                                   PARA_INK_ZONE_TARGET, PARA_INK_ZONE_CARGO,
                                                   PARA_INK_ZONE_HAZARD, PARA_INK_ZONE_HAZARD};
    const ParaZoneState *z = &p->view->zones[zone];
    int style = para_painter_style(p->def->zone_styles, zone);
    if (style != PARA_STYLE_NONE)
        return inks[style];
    if (p->def->portals >> zone & 1)
        return PARA_INK_ZONE_PORTAL;
    if (para_draw_length(z->acceleration) > 0.0f || z->pull != 0.0f)
        return PARA_INK_ZONE_WIND;
    bool drained = p->world->zones[zone].fluid_density > 0.0f && !(z->fluid_density > 0.0f);
    return !drained && (z->drag > 0.0f || z->fluid_density > 0.0f) ? PARA_INK_ZONE_WATER : PARA_INK_ZONE;
}

bool para_painter_inside(const ParaPrimitive *area, ParaVec2 q, float margin)
{
    if (area->kind == PARA_PRIMITIVE_CIRCLE)
        return para_draw_length(para_draw_sub(q, area->points[0])) < area->radius - margin;
    for (int i = 0, n = area->point_count; i < n; i++) {
        ParaVec2 a = area->points[i], e = para_draw_sub(area->points[(i + 1) % n], a),
                 d = para_draw_sub(q, a);
        if (e.x * d.y - e.y * d.x < margin * para_draw_length(e))
            return false;
    }
    return true;
}

/// A small arrow head whose tip is at q.
void para_painter_chevron(ParaPainter *p, ParaVec2 q, ParaVec2 unit, float arm, int ink)
{
    ParaVec2 side = {-unit.y, unit.x}, back = para_draw_sub(q, para_draw_scaled(unit, arm));
    para_scene_line(p->scene, para_draw_add(back, para_draw_scaled(side, arm)), q, 0.15f * arm, ink);
    para_scene_line(p->scene, q, para_draw_sub(back, para_draw_scaled(side, arm)), 0.15f * arm, ink);
}

/// Rings of chevrons towards a zone's place, or away from it.
static void paint_pull(ParaPainter *p, int zone, const ParaPrimitive *area, int ink)
{
    const ParaZoneState *z = &p->view->zones[zone];
    for (int ring = 1; ring <= 3; ring++)
        for (int k = 0; k < 6 + 2 * ring; k++) {
            double s, c;
            para_sincos(PARA_TAU * ((double)k + 0.5 * (double)(ring % 2)) / (double)(6 + 2 * ring), &s, &c);
            ParaVec2 out = {(float)c, (float)s},
                     q = para_draw_add(z->position, para_draw_scaled(out, 0.55f * (float)ring));
            if (para_painter_inside(area, q, 0.1f))
                para_painter_chevron(p, q, para_draw_scaled(out, z->pull > 0.0f ? -1.0f : 1.0f), 0.14f, ink);
        }
}

/// Small chevrons that point where the zone pushes; at most about 200, whatever its size.
static void paint_push(ParaPainter *p, const ParaPrimitive *area, ParaVec2 push, int ink)
{
    ParaVec2 low = area->points[0], high = low, unit = para_draw_scaled(push, 1.0f / para_draw_length(push));
    for (int i = 0; i < area->point_count; i++) {
        low = (ParaVec2){fminf(low.x, area->points[i].x - area->radius),
                         fminf(low.y, area->points[i].y - area->radius)};
        high = (ParaVec2){fmaxf(high.x, area->points[i].x + area->radius),
                          fmaxf(high.y, area->points[i].y + area->radius)};
    }
    // Only where the level is: zones may reach far beyond.
    low = (ParaVec2){fmaxf(low.x, 0.0f), fmaxf(low.y, 0.0f)};
    high = (ParaVec2){fminf(high.x, p->world->size.x), fminf(high.y, p->world->size.y)};
    float pace = fmaxf(1.5f, fmaxf(high.x - low.x, high.y - low.y) / 15.0f), arm = 0.2f;
    if (!(high.x > low.x) || !(high.y > low.y) || !isfinite(pace))
        return;
    int columns = (int)((high.x - low.x) / pace) + 1, rows = (int)((high.y - low.y) / pace) + 1;
    for (int r = 0; r < rows && r < 16; r++)
        for (int c = 0; c < columns && c < 16; c++) {
            ParaVec2 q = {low.x + ((float)c + (r % 2 ? 0.75f : 0.25f)) * pace,
                          low.y + ((float)r + 0.5f) * pace};
            if (!para_painter_inside(area, q, 1.2f * arm))
                continue;
            para_painter_chevron(p, q, unit, arm, ink);
        }
}

/// A flag in a place to go to, if it is large enough for one.
static void paint_flag(ParaPainter *p, const ParaPrimitive *area)
{
    if (area->kind != PARA_PRIMITIVE_POLYGON)
        return;
    ParaVec2 low = area->points[0], high = low;
    for (int i = 1; i < area->point_count; i++) {
        low = (ParaVec2){fminf(low.x, area->points[i].x), fminf(low.y, area->points[i].y)};
        high = (ParaVec2){fmaxf(high.x, area->points[i].x), fmaxf(high.y, area->points[i].y)};
    }
    float wide = high.x - low.x, tall = high.y - low.y, flag = fminf(0.34f * wide, 0.7f);
    if (wide < 1.0f || tall < 1.2f)
        return;
    ParaVec2 top = {0.5f * (low.x + high.x) - 0.4f * flag, low.y + 0.88f * fminf(tall, 6.0f)};
    para_scene_line(p->scene, (ParaVec2){top.x, low.y}, top, 0.035f, PARA_INK_TARGET_EDGE);
    ParaPrimitive cloth = {
        .kind = PARA_PRIMITIVE_POLYGON,
        .point_count = 3,
        .fill = PARA_INK_TARGET,
        .points = {top, {top.x, top.y - 0.7f * flag}, {top.x + flag, top.y - 0.35f * flag}}};
    para_scene_add(p->scene, &cloth);
}

ParaPrimitive para_painter_zone_area(const ParaPainter *p, int zone)
{
    const ParaZoneDef *z = &p->world->zones[zone];
    const ParaZoneState *now = &p->view->zones[zone];
    ParaPlace place = para_painter_place_at(now->position, now->angle);
    ParaPrimitive area = {0};
    if (z->kind == PARA_SHAPE_CIRCLE) {
        area.kind = PARA_PRIMITIVE_CIRCLE;
        area.point_count = 1;
        area.points[0] = now->position;
        area.radius = z->radius;
    } else {
        area.kind = PARA_PRIMITIVE_POLYGON;
        for (uint32_t i = 0; i < z->point_count && i < PARA_POLYGON_POINTS_MAX; i++)
            area.points[area.point_count++] = para_draw_placed(place, p->world->points[z->point_first + i]);
    }
    return area;
}

/// Rails and rungs of a ladder, in its middle; across each height where it is wide enough.
static void paint_ladder(ParaPainter *p, const ParaPrimitive *area, int ink)
{
    const float pace = 0.4f;
    ParaVec2 low = area->points[0], high = low;
    for (int i = 0; i < area->point_count; i++) {
        low = (ParaVec2){fminf(low.x, area->points[i].x - area->radius),
                         fminf(low.y, area->points[i].y - area->radius)};
        high = (ParaVec2){fmaxf(high.x, area->points[i].x + area->radius),
                          fmaxf(high.y, area->points[i].y + area->radius)};
    }
    float middle = 0.5f * (low.x + high.x), half = fminf(0.25f, 0.5f * (high.x - low.x));
    float most = fminf(high.y, p->world->size.y + 1.0f);
    for (int rung = 0; rung < 200; rung++) {
        float y = low.y + ((float)rung + 0.5f) * pace, next = fminf(y + 0.5f * pace, most);
        if (!(y < most))
            break;
        ParaVec2 left = {middle - half, y}, right = {middle + half, y};
        para_scene_line(p->scene, left, right, 0.03f, ink);
        para_scene_line(p->scene, (ParaVec2){left.x, y - 0.5f * pace}, (ParaVec2){left.x, next}, 0.03f, ink);
        para_scene_line(p->scene, (ParaVec2){right.x, y - 0.5f * pace}, (ParaVec2){right.x, next}, 0.03f,
                        ink);
    }
}

void para_painter_zone(ParaPainter *p, int zone)
{
    const ParaZoneState *z = &p->view->zones[zone];
    int ink = zone_ink(p, zone);
    if (!z->on)
        return;
    ParaPrimitive area = para_painter_zone_area(p, zone);
    area.fill = (uint8_t)ink;
    area.edge = (uint8_t)(ink + 1);
    area.edge_width = 0.04f;
    para_painter_tag_zone(p, zone);
    para_scene_add(p->scene, &area);
    para_painter_tag(p, PARA_TAG_AREA); // what is painted in it
    if (p->def->ladders >> zone & 1)
        paint_ladder(p, &area, ink + 1);
    if (para_draw_length(z->acceleration) > 0.0f)
        paint_push(p, &area, z->acceleration, ink + 1);
    if (z->pull != 0.0f)
        paint_pull(p, zone, &area, ink + 1);
    if (ink == PARA_INK_ZONE_TARGET || (p->def->flags >> zone & 1))
        paint_flag(p, &area);
}

/// The surface of a fluid, over what floats in it: the sides of its area that look against gravity.
void para_painter_surface(ParaPainter *p, int zone)
{
    ParaPrimitive area = para_painter_zone_area(p, zone);
    const ParaZoneState *z = &p->view->zones[zone];
    ParaVec2 down = p->view->gravity;
    int ink = zone_ink(p, zone) + 1, count = area.point_count;
    para_painter_tag(p, PARA_TAG_WATERLINE);
    if (!z->on || !(z->fluid_density > 0.0f) || area.kind != PARA_PRIMITIVE_POLYGON)
        return;
    for (int i = 0; i < count; i++) {
        ParaVec2 a = area.points[i], b = area.points[(i + 1) % count], along = para_draw_sub(b, a);
        float against = along.x * down.y - along.y * down.x; // of the normal outward, times both lengths
        if (against > 0.7f * para_draw_length(along) * para_draw_length(down))
            para_scene_line(p->scene, a, b, 0.035f, ink);
    }
}
