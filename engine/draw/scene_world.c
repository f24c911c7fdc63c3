// SPDX-License-Identifier: MIT
// From a world to primitives. Order is meaning: what the player must see lies on top.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/draw/scene.h"

#include <math.h>

#define GRID_MAX    1e4f  // [m] a level or a place beyond has no grid
#define GRID_AROUND 40.0f // [m] around whoever is looked at

typedef struct Place {
    ParaVec2 at;
    float cos, sin;
} Place;

typedef struct Painter {
    ParaScene *scene;
    const ParaView *view;
    const ParaWorldDef *world;
    const ParaSceneDef *def;
} Painter;

static ParaVec2 add(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x + b.x, a.y + b.y}; }
static ParaVec2 sub(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x - b.x, a.y - b.y}; }
static ParaVec2 scaled(ParaVec2 a, float s) { return (ParaVec2){a.x * s, a.y * s}; }
static float length(ParaVec2 a) { return sqrtf(a.x * a.x + a.y * a.y); }
static ParaVec2 mix(ParaVec2 a, ParaVec2 b, float s) { return add(a, scaled(sub(b, a), s)); }
static ParaVec2 turned(Place p, ParaVec2 v)
{
    return (ParaVec2){p.cos * v.x - p.sin * v.y, p.sin * v.x + p.cos * v.y};
}
static ParaVec2 placed(Place p, ParaVec2 v) { return add(p.at, turned(p, v)); }

static Place place_at(ParaVec2 at, float angle)
{
    double s, c;
    para_sincos(isfinite(angle) ? (double)angle : 0.0, &s, &c);
    return (Place){at, (float)c, (float)s};
}

static Place place_of(const Painter *p, int body)
{
    int at = body * p->view->stride;
    if (p->def->poses)
        return place_at((ParaVec2){p->def->poses[body].x, p->def->poses[body].y}, p->def->poses[body].angle);
    return (Place){{p->view->x[at], p->view->y[at]}, p->view->cos[at], p->view->sin[at]};
}

static bool has_eye(const Painter *p, int body)
{
    for (int i = 0; i < p->def->eye_count; i++)
        if (p->def->eyes[i] == body)
            return true;
    return false;
}

static int style_of(const uint8_t *styles, int index)
{
    return styles && styles[index] < PARA_STYLE_COUNT ? styles[index] : PARA_STYLE_NONE;
}

// ---------------------------------------------------------------------------------------------
// Tags: what the window's look asks of each primitive.

static void tag_plain(Painter *p, unsigned flags)
{
    p->scene->tag = (ParaSceneTag){.flags = (uint16_t)flags, .turn = {1.0f, 0.0f}};
}

static unsigned role_flags(int style)
{
    return style == PARA_STYLE_TARGET ? PARA_TAG_GOAL : style == PARA_STYLE_HAZARD ? PARA_TAG_HAZARD : 0;
}

/// The tag of a body's shapes.
static void tag_body(Painter *p, int body)
{
    if (!p->scene->tags)
        return;
    Place place = place_of(p, body);
    int look = p->def->body_looks ? p->def->body_looks[body] : PARA_SURFACE_NONE;
    tag_plain(p, PARA_TAG_SOLID | role_flags(style_of(p->def->body_styles, body)) |
                     (p->world->bodies[body].kind == PARA_BODY_STATIC ? PARA_TAG_STATIC : 0u));
    p->scene->tag.surface = (uint8_t)(look < PARA_SURFACE_COUNT ? look : PARA_SURFACE_NONE);
    p->scene->tag.seed = (uint8_t)((unsigned)body * 37u);
    p->scene->tag.origin = place.at;
    p->scene->tag.turn = (ParaVec2){place.cos, place.sin};
}

/// The tag of a zone's area and what is in it.
static void tag_zone(Painter *p, int zone)
{
    unsigned flags = PARA_TAG_AREA | role_flags(style_of(p->def->zone_styles, zone));
    flags |= p->view->zones[zone].fluid_density > 0.0f ? PARA_TAG_FLUID : 0u;
    flags |= p->def->portals >> zone & 1 ? PARA_TAG_PORTAL : 0u;
    tag_plain(p, flags);
}

// ---------------------------------------------------------------------------------------------
// The grid.

/// A stretch along one axis [m]: all of the level, and half of it again on both sides, so that no border
/// shows where the picture is larger; from there on to whoever is looked at, wherever it has gone.
typedef struct Stretch {
    float low, high;
} Stretch;

static Stretch stretch_of(float level, float eye, bool up)
{
    Stretch s = {up ? -level : -0.5f * level, up ? 2.5f * level : 1.5f * level + 5.0f};
    if (fabsf(eye) < GRID_MAX) {
        s.low = fminf(s.low, eye - GRID_AROUND);
        s.high = fmaxf(s.high, eye + GRID_AROUND);
    }
    return s;
}

/// A line per metre, a stronger one every five; long stretches get only those, to stay calm and few.
static int pace_of(Stretch x, Stretch y)
{
    float longest = fmaxf(x.high - x.low, y.high - y.low);
    return longest > 2000.0f ? 100 : longest > 250.0f ? 5 : 1;
}

static void paint_lines(Painter *p, Stretch along, Stretch across, int step, bool upright)
{
    int first = (int)floorf(along.low / (float)step) * step, last = (int)ceilf(along.high);
    for (int at = first; at <= last; at += step) {
        float v = (float)at;
        ParaVec2 a = upright ? (ParaVec2){v, across.low} : (ParaVec2){across.low, v};
        ParaVec2 b = upright ? (ParaVec2){v, across.high} : (ParaVec2){across.high, v};
        para_scene_line(p->scene, a, b, 0.012f, at % 5 == 0 ? PARA_INK_GRID_STRONG : PARA_INK_GRID);
    }
}

static void paint_grid(Painter *p)
{
    ParaVec2 size = p->world->size, eye = {0.5f * size.x, 0.5f * size.y};
    if (!p->def->grid || !(size.x > 0.0f && size.x < GRID_MAX && size.y > 0.0f && size.y < GRID_MAX))
        return;
    if (p->def->eye_count > 0 && p->def->eyes[0] >= 0 && p->def->eyes[0] < p->world->body_count)
        eye = place_of(p, p->def->eyes[0]).at;
    Stretch x = stretch_of(size.x, eye.x, false), y = stretch_of(size.y, eye.y, true);
    tag_plain(p, PARA_TAG_GRID);
    int step = pace_of(x, y);
    paint_lines(p, x, y, step, true);
    paint_lines(p, y, x, step, false);
}

// ---------------------------------------------------------------------------------------------
// Zones.

static int zone_ink(const Painter *p, int zone)
{
    static const uint8_t inks[PARA_STYLE_COUNT] = {PARA_INK_ZONE,        PARA_INK_ZONE_PLAYER,
                                                   PARA_INK_ZONE_TARGET, PARA_INK_ZONE_CARGO,
                                                   PARA_INK_ZONE_HAZARD, PARA_INK_ZONE_HAZARD};
    const ParaZoneState *z = &p->view->zones[zone];
    int style = style_of(p->def->zone_styles, zone);
    if (style != PARA_STYLE_NONE)
        return inks[style];
    if (p->def->portals >> zone & 1)
        return PARA_INK_ZONE_PORTAL;
    if (length(z->acceleration) > 0.0f || z->pull != 0.0f)
        return PARA_INK_ZONE_WIND;
    bool drained = p->world->zones[zone].fluid_density > 0.0f && !(z->fluid_density > 0.0f);
    return !drained && (z->drag > 0.0f || z->fluid_density > 0.0f) ? PARA_INK_ZONE_WATER : PARA_INK_ZONE;
}

static bool inside_zone(const ParaPrimitive *area, ParaVec2 q, float margin)
{
    if (area->kind == PARA_PRIMITIVE_CIRCLE)
        return length(sub(q, area->points[0])) < area->radius - margin;
    for (int i = 0, n = area->point_count; i < n; i++) {
        ParaVec2 a = area->points[i], e = sub(area->points[(i + 1) % n], a), d = sub(q, a);
        if (e.x * d.y - e.y * d.x < margin * length(e))
            return false;
    }
    return true;
}

/// A small arrow head whose tip is at q.
static void paint_chevron(Painter *p, ParaVec2 q, ParaVec2 unit, float arm, int ink)
{
    ParaVec2 side = {-unit.y, unit.x}, back = sub(q, scaled(unit, arm));
    para_scene_line(p->scene, add(back, scaled(side, arm)), q, 0.15f * arm, ink);
    para_scene_line(p->scene, q, sub(back, scaled(side, arm)), 0.15f * arm, ink);
}

/// Rings of chevrons towards a zone's place, or away from it.
static void paint_pull(Painter *p, int zone, const ParaPrimitive *area, int ink)
{
    const ParaZoneState *z = &p->view->zones[zone];
    for (int ring = 1; ring <= 3; ring++)
        for (int k = 0; k < 6 + 2 * ring; k++) {
            double s, c;
            para_sincos(PARA_TAU * ((double)k + 0.5 * (double)(ring % 2)) / (double)(6 + 2 * ring), &s, &c);
            ParaVec2 out = {(float)c, (float)s}, q = add(z->position, scaled(out, 0.55f * (float)ring));
            if (inside_zone(area, q, 0.1f))
                paint_chevron(p, q, scaled(out, z->pull > 0.0f ? -1.0f : 1.0f), 0.14f, ink);
        }
}

/// Small chevrons that point where the zone pushes; at most about 200, whatever its size.
static void paint_push(Painter *p, const ParaPrimitive *area, ParaVec2 push, int ink)
{
    ParaVec2 low = area->points[0], high = low, unit = scaled(push, 1.0f / length(push));
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
            if (!inside_zone(area, q, 1.2f * arm))
                continue;
            paint_chevron(p, q, unit, arm, ink);
        }
}

/// A flag in a place to go to, if it is large enough for one.
static void paint_flag(Painter *p, const ParaPrimitive *area)
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

static ParaPrimitive zone_area(const Painter *p, int zone)
{
    const ParaZoneDef *z = &p->world->zones[zone];
    const ParaZoneState *now = &p->view->zones[zone];
    Place place = place_at(now->position, now->angle);
    ParaPrimitive area = {0};
    if (z->kind == PARA_SHAPE_CIRCLE) {
        area.kind = PARA_PRIMITIVE_CIRCLE;
        area.point_count = 1;
        area.points[0] = now->position;
        area.radius = z->radius;
    } else {
        area.kind = PARA_PRIMITIVE_POLYGON;
        for (uint32_t i = 0; i < z->point_count && i < PARA_POLYGON_POINTS_MAX; i++)
            area.points[area.point_count++] = placed(place, p->world->points[z->point_first + i]);
    }
    return area;
}

/// Rails and rungs of a ladder, in its middle; across each height where it is wide enough.
static void paint_ladder(Painter *p, const ParaPrimitive *area, int ink)
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

static void paint_zone(Painter *p, int zone)
{
    const ParaZoneState *z = &p->view->zones[zone];
    int ink = zone_ink(p, zone);
    if (!z->on)
        return;
    ParaPrimitive area = zone_area(p, zone);
    area.fill = (uint8_t)ink;
    area.edge = (uint8_t)(ink + 1);
    area.edge_width = 0.04f;
    tag_zone(p, zone);
    para_scene_add(p->scene, &area);
    tag_plain(p, PARA_TAG_AREA); // what is painted in it
    if (p->def->ladders >> zone & 1)
        paint_ladder(p, &area, ink + 1);
    if (length(z->acceleration) > 0.0f)
        paint_push(p, &area, z->acceleration, ink + 1);
    if (z->pull != 0.0f)
        paint_pull(p, zone, &area, ink + 1);
    if (ink == PARA_INK_ZONE_TARGET || (p->def->flags >> zone & 1))
        paint_flag(p, &area);
}

/// The surface of a fluid, over what floats in it: the sides of its area that look against gravity.
static void paint_surface(Painter *p, int zone)
{
    ParaPrimitive area = zone_area(p, zone);
    const ParaZoneState *z = &p->view->zones[zone];
    ParaVec2 down = p->view->gravity;
    int ink = zone_ink(p, zone) + 1, count = area.point_count;
    tag_plain(p, PARA_TAG_WATERLINE);
    if (!z->on || !(z->fluid_density > 0.0f) || area.kind != PARA_PRIMITIVE_POLYGON)
        return;
    for (int i = 0; i < count; i++) {
        ParaVec2 a = area.points[i], b = area.points[(i + 1) % count], along = sub(b, a);
        float against = along.x * down.y - along.y * down.x; // of the normal outward, times both lengths
        if (against > 0.7f * length(along) * length(down))
            para_scene_line(p->scene, a, b, 0.035f, ink);
    }
}

// ---------------------------------------------------------------------------------------------
// Shapes.

/// A static hazard as wide as much of the level is ground, and painted more quietly.
static bool is_danger_ground(const Painter *p, int body)
{
    float low = INFINITY, high = -INFINITY;
    if (p->world->bodies[body].kind != PARA_BODY_STATIC)
        return false;
    for (int i = 0; i < p->world->shape_count; i++)
        for (uint32_t k = 0; p->world->shapes[i].body == body && k < p->world->shapes[i].point_count; k++) {
            float x = p->world->points[p->world->shapes[i].point_first + k].x;
            low = fminf(low, x);
            high = fmaxf(high, x);
        }
    return high - low > 0.4f * p->world->size.x;
}

/// The ink of what a body is made of; -1: nothing in particular.
static int look_ink(const Painter *p, int body)
{
    int look = p->def->body_looks ? p->def->body_looks[body] : PARA_SURFACE_NONE;
    return look > PARA_SURFACE_NONE && look < PARA_SURFACE_COUNT
               ? PARA_INK_WOOD + 2 * (look - PARA_SURFACE_WOOD)
               : -1;
}

static int body_ink(const Painter *p, int body)
{
    static const uint8_t roles[PARA_STYLE_COUNT] = {
        0, PARA_INK_PLAYER, PARA_INK_TARGET, PARA_INK_CARGO, PARA_INK_HAZARD, 0};
    static const uint8_t tones[3] = {PARA_INK_BODY_0, PARA_INK_BODY_1, PARA_INK_BODY_2};
    int style = style_of(p->def->body_styles, body), look = look_ink(p, body);
    if (style == PARA_STYLE_HAZARD && is_danger_ground(p, body))
        return PARA_INK_DANGER;
    if (style != PARA_STYLE_NONE && style != PARA_STYLE_PARTLY)
        return roles[style];
    if (look >= 0)
        return look;
    switch (p->world->bodies[body].kind) {
    case PARA_BODY_STATIC:
        return PARA_INK_GROUND;
    case PARA_BODY_KINEMATIC:
        return PARA_INK_MOVER;
    default:
        return tones[body % 3];
    }
}

/// Beside its body's ink; what it means goes before what it is made of, which its edge shows then.
static int edge_ink(const Painter *p, int body, int ink)
{
    int look = look_ink(p, body);
    if (style_of(p->def->body_styles, body) == PARA_STYLE_PARTLY)
        return PARA_INK_HAZARD_EDGE;
    return look >= 0 && look != ink ? look : ink + 1;
}

/// Half the least extent of a shape [m]: how much room there is for edges and eyes.
static float half_room(const Painter *p, const ParaShapeDef *s)
{
    if (s->kind != PARA_SHAPE_POLYGON)
        return s->radius;
    float room = INFINITY;
    for (uint32_t i = 0; i < s->point_count; i++) {
        ParaVec2 a = p->world->points[s->point_first + i];
        ParaVec2 e = sub(p->world->points[s->point_first + (i + 1) % s->point_count], a);
        float span = 0.0f, size = length(e);
        for (uint32_t k = 0; k < s->point_count && size > 0.0f; k++) {
            ParaVec2 d = sub(p->world->points[s->point_first + k], a);
            span = fmaxf(span, fabsf(e.x * d.y - e.y * d.x) / size);
        }
        room = size > 0.0f ? fminf(room, 0.5f * span) : room;
    }
    return isfinite(room) ? room : 0.0f;
}

/// Below a static line that runs through more than half of the level, in its lower half, there is ground.
static bool is_terrain(const Painter *p, const ParaShapeDef *s)
{
    const ParaVec2 *points = &p->world->points[s->point_first];
    if (s->kind != PARA_SHAPE_CHAIN || p->world->bodies[s->body].kind != PARA_BODY_STATIC ||
        p->world->bodies[s->body].angle != 0.0f)
        return false;
    float height = 0.0f, run = points[s->point_count - 1].x - points[0].x;
    for (uint32_t i = 0; i < s->point_count; i++) {
        if (i > 0 && (points[i].x - points[i - 1].x) * run < 0.0f)
            return false;
        height += points[i].y / (float)s->point_count;
    }
    height += p->world->bodies[s->body].position.y;
    return fabsf(run) > 0.5f * p->world->size.x && height < 0.5f * p->world->size.y;
}

static void paint_ground(Painter *p, ParaVec2 a, ParaVec2 b)
{
    // Far enough down to leave the picture; a hair of overlap hides the seams of antialiased neighbours.
    float floor_y = fminf(fminf(a.y, b.y), 0.0f) - p->world->size.y, lap = b.x > a.x ? 0.02f : -0.02f;
    tag_plain(p, PARA_TAG_SOLID | PARA_TAG_STATIC | PARA_TAG_DEEP);
    ParaPrimitive ground = {.kind = PARA_PRIMITIVE_POLYGON,
                            .point_count = 4,
                            .fill = PARA_INK_GROUND_DEEP,
                            .points = {a, b, {b.x + lap, floor_y}, {a.x - lap, floor_y}}};
    para_scene_add(p->scene, &ground);
}

#define EDGE_NEAR 0.05f ///< [m] from the level's edge a line ends at it

/// Below each piece of the line; where it ends at the level's edge the land goes on beyond, elsewhere it ends
/// with the line: nothing would hold there.
static void paint_terrain(Painter *p, const ParaShapeDef *s)
{
    Place place = place_of(p, s->body);
    float width = p->world->size.x;
    for (uint32_t i = 0; i + 1 < s->point_count; i++) {
        ParaVec2 a = placed(place, p->world->points[s->point_first + i]);
        ParaVec2 b = placed(place, p->world->points[s->point_first + i + 1]);
        bool right = b.x > a.x;
        paint_ground(p, a, b);
        if (i == 0 && (right ? a.x <= EDGE_NEAR : a.x >= width - EDGE_NEAR))
            paint_ground(p, (ParaVec2){right ? a.x - width : a.x + width, a.y}, a);
        if (i + 2 == s->point_count && (right ? b.x >= width - EDGE_NEAR : b.x <= EDGE_NEAR))
            paint_ground(p, b, (ParaVec2){right ? b.x + width : b.x - width, b.y});
    }
}

static void paint_strip(Painter *p, const ParaShapeDef *s, Place place, int ink, int edge)
{
    float half = fmaxf(s->radius, 0.035f);
    for (uint32_t i = 0; i + 1 < s->point_count; i++) {
        ParaVec2 a = placed(place, p->world->points[s->point_first + i]);
        ParaVec2 b = placed(place, p->world->points[s->point_first + i + 1]);
        ParaPrimitive strip = {.kind = PARA_PRIMITIVE_CAPSULE,
                               .point_count = 2,
                               .fill = (uint8_t)ink,
                               .edge = (uint8_t)edge,
                               .radius = half,
                               .edge_width = half > 0.1f ? 0.035f : 0.0f,
                               .points = {a, b}};
        para_scene_add(p->scene, &strip);
    }
}

static void paint_circle(Painter *p, const ParaShapeDef *s, Place place, int ink, int edge, float width)
{
    ParaVec2 local = p->world->points[s->point_first];
    ParaPrimitive disc = {.kind = PARA_PRIMITIVE_CIRCLE,
                          .point_count = 1,
                          .fill = (uint8_t)ink,
                          .edge = (uint8_t)edge,
                          .radius = s->radius,
                          .edge_width = width,
                          .points = {placed(place, local)}};
    para_scene_add(p->scene, &disc);
    if (p->world->bodies[s->body].kind != PARA_BODY_DYNAMIC || has_eye(p, s->body))
        return;
    // A spoke, so that rolling is seen.
    ParaVec2 rim = {local.x + 0.66f * s->radius, local.y}, hub = {local.x + 0.2f * s->radius, local.y};
    para_scene_line(p->scene, placed(place, hub), placed(place, rim), 0.09f * s->radius, edge);
}

#define MARK_PACE 0.8f ///< [m] between the marks along a surface

/// Chevrons along the side from a to b of a shape, `depth` inside it on its left: the way its surface runs,
/// or of a one-way platform up.
static void paint_side(Painter *p, const ParaShapeDef *s, ParaVec2 a, ParaVec2 b, float depth, ParaVec2 up,
                       int ink)
{
    ParaVec2 along = sub(b, a);
    float size = length(along), arm = fminf(0.12f, 0.8f * depth);
    int count = (int)(size / MARK_PACE);
    if (!(arm > 0.01f))
        return;
    ParaVec2 unit = scaled(along, 1.0f / size), in = {-unit.y, unit.x};
    bool holds = s->one_way && -(in.x * up.x + in.y * up.y) >= 0.5f;
    for (int k = 0; k < count; k++) {
        ParaVec2 q = add(mix(a, b, ((float)k + 0.5f) / (float)count), scaled(in, depth));
        if (s->belt != 0.0f)
            paint_chevron(p, add(q, scaled(unit, s->belt > 0.0f ? -0.5f * arm : 0.5f * arm)),
                          scaled(unit, s->belt > 0.0f ? -1.0f : 1.0f), arm, ink);
        if (holds)
            paint_chevron(p, add(q, scaled(up, 0.5f * arm)), up, arm, ink);
    }
}

/// What a surface does besides holding is seen on it. Points go counter-clockwise, a belt clockwise.
static void paint_marks(Painter *p, const ParaShapeDef *s, Place place, int ink)
{
    ParaVec2 up = turned(place, (ParaVec2){0.0f, 1.0f});
    if ((s->belt == 0.0f && !s->one_way) || s->kind == PARA_SHAPE_CIRCLE)
        return;
    bool line = s->kind != PARA_SHAPE_POLYGON;
    uint32_t sides = line ? s->point_count - 1 : s->point_count;
    float depth = line ? 0.12f : fminf(0.18f, (s->belt != 0.0f ? 0.5f : 1.0f) * half_room(p, s));
    for (uint32_t i = 0; i < sides; i++) {
        ParaVec2 a = placed(place, p->world->points[s->point_first + i]);
        ParaVec2 b = placed(place, p->world->points[s->point_first + (i + 1) % s->point_count]);
        if (line && (b.x - a.x) * up.y - (b.y - a.y) * up.x > 0.0f) // the upper side of a line
            paint_side(p, s, b, a, depth, up, ink);
        else
            paint_side(p, s, a, b, depth, up, ink);
    }
}

static void paint_shape(Painter *p, const ParaShapeDef *s)
{
    Place place = place_of(p, s->body);
    int ink = body_ink(p, s->body);
    int edge = edge_ink(p, s->body, ink);
    float width = fminf(0.05f, 0.22f * half_room(p, s));
    tag_body(p, s->body);
    if (s->kind == PARA_SHAPE_SEGMENT || s->kind == PARA_SHAPE_CHAIN) {
        bool dark = ink == PARA_INK_GROUND || ink == PARA_INK_DANGER;
        if (style_of(p->def->body_styles, s->body) == PARA_STYLE_PARTLY) // a line is all border
            paint_strip(p, s, place, edge, edge);
        else
            paint_strip(p, s, place, dark ? ink + 1 : ink, dark ? ink + 2 : edge);
    } else if (s->kind == PARA_SHAPE_CIRCLE) {
        paint_circle(p, s, place, ink, edge, width);
    } else {
        ParaPrimitive shape = {
            .kind = PARA_PRIMITIVE_POLYGON, .fill = (uint8_t)ink, .edge = (uint8_t)edge, .edge_width = width};
        for (uint32_t i = 0; i < s->point_count && i < PARA_POLYGON_POINTS_MAX; i++)
            shape.points[shape.point_count++] = placed(place, p->world->points[s->point_first + i]);
        para_scene_add(p->scene, &shape);
    }
    paint_marks(p, s, place, edge);
}

// ---------------------------------------------------------------------------------------------
// Joints, flames and the eye.

static void paint_spring(Painter *p, ParaVec2 a, ParaVec2 b)
{
    enum { TURNS = 11 };
    ParaVec2 along = sub(b, a), side = {0, 0};
    float size = length(along);
    if (size > 1e-4f)
        side = scaled((ParaVec2){-along.y, along.x}, 0.09f / size);
    ParaVec2 last = a;
    for (int i = 1; i <= TURNS; i++) {
        float swing = i == TURNS ? 0.0f : i % 2 ? 1.0f : -1.0f;
        ParaVec2 next = add(mix(a, b, (float)i / TURNS), scaled(side, swing));
        para_scene_line(p->scene, last, next, 0.022f, PARA_INK_JOINT);
        last = next;
    }
}

/// Both ropes, what runs from wheel to wheel, and the wheels.
static void paint_pulley(Painter *p, const ParaJointDef *j, ParaVec2 a, ParaVec2 b)
{
    para_scene_line(p->scene, a, j->wheel_a, 0.028f, PARA_INK_JOINT);
    para_scene_line(p->scene, j->wheel_a, j->wheel_b, 0.028f, PARA_INK_JOINT);
    para_scene_line(p->scene, j->wheel_b, b, 0.028f, PARA_INK_JOINT);
    for (int side = 0; side < 2; side++) {
        ParaVec2 wheel = side ? j->wheel_b : j->wheel_a;
        para_scene_circle(p->scene, wheel, 0.12f, PARA_INK_JOINT_DARK);
        para_scene_circle(p->scene, wheel, 0.05f, PARA_INK_JOINT);
    }
}

/// Teeth where the two wheels would meet, as their ratio parts the line of their middles; a belt where they
/// turn the same way.
static void paint_gear(Painter *p, const ParaJointDef *j)
{
    ParaVec2 a = place_of(p, j->a).at, b = place_of(p, j->b).at;
    float share = 1.0f / (1.0f + fabsf(j->ratio)); // of the way, to a's side
    ParaVec2 middle = mix(a, b, share), way = sub(b, a);
    float length = sqrtf(way.x * way.x + way.y * way.y);
    if (j->ratio < 0.0f)
        para_scene_line(p->scene, a, b, 0.028f, PARA_INK_JOINT);
    if (j->ratio < 0.0f || !(length > 1e-3f))
        return;
    ParaVec2 side = {-way.y / length * 0.09f, way.x / length * 0.09f};
    for (int tooth = -1; tooth <= 1; tooth++)
        para_scene_circle(p->scene, add(middle, scaled(side, (float)tooth)), 0.03f, PARA_INK_JOINT);
}

static bool is_shown(const Painter *p, int body) { return p->view->enabled[body] != 0; }

static void paint_joint(Painter *p, int joint, bool above)
{
    const ParaJointDef *j = &p->world->joints[joint];
    if (!p->view->joint_enabled[joint * p->view->stride])
        return;
    ParaVec2 a = placed(place_of(p, j->a), j->anchor_a), b = placed(place_of(p, j->b), j->anchor_b);
    tag_plain(p, 0);
    if (above) {
        if (j->kind == PARA_JOINT_REVOLUTE) {
            para_scene_circle(p->scene, b, 0.075f, PARA_INK_JOINT_DARK);
            para_scene_circle(p->scene, b, 0.045f, PARA_INK_JOINT);
        }
        return;
    }
    if (j->kind == PARA_JOINT_PULLEY)
        paint_pulley(p, j, a, b);
    else if (j->kind == PARA_JOINT_GEAR)
        paint_gear(p, j);
    else if (j->kind == PARA_JOINT_SPRING)
        paint_spring(p, a, b);
    else if (j->kind == PARA_JOINT_DISTANCE)
        para_scene_line(p->scene, a, b, 0.028f, PARA_INK_JOINT);
    else if (j->kind == PARA_JOINT_PRISMATIC)
        para_scene_line(p->scene, a, b, 0.05f, PARA_INK_TRACK);
}

/// Whether a place is in a fluid, where nothing burns.
static bool is_under_water(const Painter *p, ParaVec2 at)
{
    bool wet = false;
    for (int z = 0; z < p->world->zone_count && !wet; z++) {
        if (!p->view->zones[z].on || !(p->view->zones[z].fluid_density > 0.0f))
            continue;
        ParaPrimitive area = zone_area(p, z);
        wet = inside_zone(&area, at, 0.0f);
    }
    return wet;
}

static void paint_flame(Painter *p, int thruster)
{
    const ParaThrusterDef *t = &p->world->thrusters[thruster];
    float throttle = p->def->inputs->throttle[thruster * p->def->inputs->stride];
    if (!(fabsf(throttle) > 0.02f) || !is_shown(p, t->body))
        return;
    // Fire leaves opposite to the push; a slow flicker of its length comes from the step count.
    float flicker = 0.85f + 0.15f * (float)(p->view->step % 6 < 3), size = 0.55f * fabsf(throttle) * flicker;
    Place place = place_of(p, t->body);
    ParaVec2 root = placed(place, t->point);
    ParaVec2 out = scaled(turned(place, t->direction), throttle > 0.0f ? -size : size);
    ParaVec2 side = scaled((ParaVec2){-out.y, out.x}, 0.24f);
    bool wet = is_under_water(p, root); // there it is a short jet of water
    tag_plain(p, wet ? 0 : PARA_TAG_FIRE);
    out = wet ? scaled(out, 0.6f) : out;
    for (int core = 0; core < (wet ? 1 : 2); core++) {
        float k = core ? 0.55f : 1.0f;
        ParaPrimitive fire = {
            .kind = PARA_PRIMITIVE_POLYGON,
            .point_count = 3,
            .fill = wet    ? PARA_INK_ZONE_WATER
                    : core ? PARA_INK_FLAME_CORE
                           : PARA_INK_FLAME,
            .points = {add(root, scaled(side, k)), add(root, scaled(out, k)), sub(root, scaled(side, k))}};
        para_scene_add(p->scene, &fire);
    }
}

/// Where the eye sits: on the first shape of the body, a little forward and up; looks where the body goes.
static void paint_eye(Painter *p, int body)
{
    const ParaShapeDef *shape = NULL;
    for (int i = 0; i < p->world->shape_count && !shape; i++)
        if (p->world->shapes[i].body == body)
            shape = &p->world->shapes[i];
    if (!shape || !is_shown(p, body))
        return;
    tag_plain(p, 0);
    float room = half_room(p, shape);
    ParaVec2 middle = {0, 0};
    for (uint32_t i = 0; i < shape->point_count; i++)
        middle =
            add(middle, scaled(p->world->points[shape->point_first + i], 1.0f / (float)shape->point_count));
    int at = body * p->view->stride;
    ParaVec2 eye = placed(place_of(p, body), add(middle, (ParaVec2){0.3f * room, 0.22f * room}));
    ParaVec2 look = {p->view->vx[at], p->view->vy[at]};
    float speed = length(look), radius = fminf(fmaxf(0.42f * room, 0.1f), 0.8f * room);
    look = scaled(look, 0.4f * radius / fmaxf(speed, 1.0f));
    para_scene_circle(p->scene, eye, radius, PARA_INK_EYE);
    para_scene_circle(p->scene, add(eye, look), 0.52f * radius, PARA_INK_PUPIL);
}

static void paint_grip(Painter *p, int body)
{
    ParaVec2 at = place_of(p, body).at;
    tag_plain(p, 0);
    para_scene_circle(p->scene, at, 0.09f, PARA_INK_PLAYER_EDGE);
    para_scene_circle(p->scene, at, 0.055f, PARA_INK_PLAYER);
}

// ---------------------------------------------------------------------------------------------

/// Layers of bodies, from far to near.
static int layer_of(const Painter *p, int body)
{
    if (style_of(p->def->body_styles, body) == PARA_STYLE_PLAYER)
        return 3;
    if (p->world->bodies[body].kind == PARA_BODY_STATIC)
        return 0;
    return p->world->bodies[body].kind == PARA_BODY_KINEMATIC ? 1 : 2;
}

static void paint_layer(Painter *p, int layer)
{
    // Circles of a composite go behind its polygons: wheels behind the chassis.
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < p->world->shape_count; i++) {
            const ParaShapeDef *s = &p->world->shapes[i];
            if ((s->kind != PARA_SHAPE_CIRCLE) == pass && is_shown(p, s->body) &&
                layer_of(p, s->body) == layer)
                paint_shape(p, s);
        }
}

ParaSceneDef para_scene_def_default(void) { return (ParaSceneDef){.grid = true}; }

void para_scene_world(ParaScene *scene, const ParaView *view, const ParaSceneDef *def)
{
    PARA_ASSERT(scene && view && def);
    Painter p = {scene, view, view->def, def};
    paint_grid(&p);
    for (int i = 0; i < p.world->zone_count; i++)
        if (!(def->hidden >> i & 1))
            paint_zone(&p, i);
    scene->statics = scene->count;
    for (int i = 0; i < p.world->shape_count; i++)
        if (is_terrain(&p, &p.world->shapes[i]))
            paint_terrain(&p, &p.world->shapes[i]);
    paint_layer(&p, 0);
    scene->movers = scene->count;
    for (int i = 0; i < p.world->joint_count; i++)
        paint_joint(&p, i, false);
    for (int i = 0; i < p.world->thruster_count && def->inputs; i++)
        paint_flame(&p, i);
    for (int layer = 1; layer <= 3; layer++)
        paint_layer(&p, layer);
    for (int i = 0; i < p.world->zone_count; i++)
        if (!(def->hidden >> i & 1))
            paint_surface(&p, i);
    for (int i = 0; i < p.world->joint_count; i++)
        paint_joint(&p, i, true);
    for (int i = 0; i < def->eye_count; i++)
        if (def->eyes[i] >= 0 && def->eyes[i] < p.world->body_count)
            paint_eye(&p, def->eyes[i]);
    for (int i = 0; i < def->grip_count; i++)
        if (def->grips[i] >= 0 && def->grips[i] < p.world->body_count && is_shown(&p, def->grips[i]))
            paint_grip(&p, def->grips[i]);
    tag_plain(&p, 0);
}
