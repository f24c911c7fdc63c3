// SPDX-License-Identifier: MIT
// The shapes of bodies and terrain, as primitives.
#include "engine/base/maths.h"
#include "engine/draw/painter.h"

#include <math.h>

/// A static hazard as wide as much of the level is ground, and painted more quietly.
static bool is_danger_ground(const ParaPainter *p, int body)
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
static int look_ink(const ParaPainter *p, int body)
{
    int look = p->def->body_looks ? p->def->body_looks[body] : PARA_SURFACE_NONE;
    return look > PARA_SURFACE_NONE && look < PARA_SURFACE_COUNT
               ? PARA_INK_WOOD + 2 * (look - PARA_SURFACE_WOOD)
               : -1;
}

static int body_ink(const ParaPainter *p, int body)
{
    static const uint8_t roles[PARA_STYLE_COUNT] = {
        0, PARA_INK_PLAYER, PARA_INK_TARGET, PARA_INK_CARGO, PARA_INK_HAZARD, 0};
    static const uint8_t tones[3] = {PARA_INK_BODY_0, PARA_INK_BODY_1, PARA_INK_BODY_2};
    int style = para_painter_style(p->def->body_styles, body), look = look_ink(p, body);
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
static int edge_ink(const ParaPainter *p, int body, int ink)
{
    int look = look_ink(p, body);
    if (para_painter_style(p->def->body_styles, body) == PARA_STYLE_PARTLY)
        return PARA_INK_HAZARD_EDGE;
    return look >= 0 && look != ink ? look : ink + 1;
}

float para_painter_half_room(const ParaPainter *p, const ParaShapeDef *s)
{
    if (s->kind != PARA_SHAPE_POLYGON)
        return s->radius;
    float room = INFINITY;
    for (uint32_t i = 0; i < s->point_count; i++) {
        ParaVec2 a = p->world->points[s->point_first + i];
        ParaVec2 e = para_draw_sub(p->world->points[s->point_first + (i + 1) % s->point_count], a);
        float span = 0.0f, size = para_draw_length(e);
        for (uint32_t k = 0; k < s->point_count && size > 0.0f; k++) {
            ParaVec2 d = para_draw_sub(p->world->points[s->point_first + k], a);
            span = fmaxf(span, fabsf(e.x * d.y - e.y * d.x) / size);
        }
        room = size > 0.0f ? fminf(room, 0.5f * span) : room;
    }
    return isfinite(room) ? room : 0.0f;
}

/// Below a static line that runs through more than half of the level, in its lower half, there is ground.
bool para_painter_is_terrain(const ParaPainter *p, const ParaShapeDef *s)
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

static void paint_ground(ParaPainter *p, ParaVec2 a, ParaVec2 b)
{
    // Far enough down to leave the picture; a hair of overlap hides the seams of antialiased neighbours.
    float floor_y = fminf(fminf(a.y, b.y), 0.0f) - p->world->size.y, lap = b.x > a.x ? 0.02f : -0.02f;
    para_painter_tag(p, PARA_TAG_SOLID | PARA_TAG_STATIC | PARA_TAG_DEEP);
    ParaPrimitive ground = {.kind = PARA_PRIMITIVE_POLYGON,
                            .point_count = 4,
                            .fill = PARA_INK_GROUND_DEEP,
                            .points = {a, b, {b.x + lap, floor_y}, {a.x - lap, floor_y}}};
    para_scene_add(p->scene, &ground);
}

#define EDGE_NEAR 0.05f ///< [m] from the level's edge a line ends at it

/// Below each piece of the line; where it ends at the level's edge the land goes on beyond, elsewhere it ends
/// with the line: nothing would hold there.
void para_painter_terrain(ParaPainter *p, const ParaShapeDef *s)
{
    ParaPlace place = para_painter_place_of(p, s->body);
    float width = p->world->size.x;
    for (uint32_t i = 0; i + 1 < s->point_count; i++) {
        ParaVec2 a = para_draw_placed(place, p->world->points[s->point_first + i]);
        ParaVec2 b = para_draw_placed(place, p->world->points[s->point_first + i + 1]);
        bool right = b.x > a.x;
        paint_ground(p, a, b);
        if (i == 0 && (right ? a.x <= EDGE_NEAR : a.x >= width - EDGE_NEAR))
            paint_ground(p, (ParaVec2){right ? a.x - width : a.x + width, a.y}, a);
        if (i + 2 == s->point_count && (right ? b.x >= width - EDGE_NEAR : b.x <= EDGE_NEAR))
            paint_ground(p, b, (ParaVec2){right ? b.x + width : b.x - width, b.y});
    }
}

static void paint_strip(ParaPainter *p, const ParaShapeDef *s, ParaPlace place, int ink, int edge)
{
    float half = fmaxf(s->radius, 0.035f);
    for (uint32_t i = 0; i + 1 < s->point_count; i++) {
        ParaVec2 a = para_draw_placed(place, p->world->points[s->point_first + i]);
        ParaVec2 b = para_draw_placed(place, p->world->points[s->point_first + i + 1]);
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

static void paint_circle(ParaPainter *p, const ParaShapeDef *s, ParaPlace place, int ink, int edge,
                         float width)
{
    ParaVec2 local = p->world->points[s->point_first];
    ParaPrimitive disc = {.kind = PARA_PRIMITIVE_CIRCLE,
                          .point_count = 1,
                          .fill = (uint8_t)ink,
                          .edge = (uint8_t)edge,
                          .radius = s->radius,
                          .edge_width = width,
                          .points = {para_draw_placed(place, local)}};
    para_scene_add(p->scene, &disc);
    if (p->world->bodies[s->body].kind != PARA_BODY_DYNAMIC || para_painter_has_eye(p, s->body))
        return;
    // A spoke, so that rolling is seen.
    ParaVec2 rim = {local.x + 0.66f * s->radius, local.y}, hub = {local.x + 0.2f * s->radius, local.y};
    para_scene_line(p->scene, para_draw_placed(place, hub), para_draw_placed(place, rim), 0.09f * s->radius,
                    edge);
}

#define MARK_PACE 0.8f ///< [m] between the marks along a surface

/// Chevrons along the side from a to b of a shape, `depth` inside it on its left: the way its surface runs,
/// or of a one-way platform up.
static void paint_side(ParaPainter *p, const ParaShapeDef *s, ParaVec2 a, ParaVec2 b, float depth,
                       ParaVec2 up, int ink)
{
    ParaVec2 along = para_draw_sub(b, a);
    float size = para_draw_length(along), arm = fminf(0.12f, 0.8f * depth);
    int count = (int)(size / MARK_PACE);
    if (!(arm > 0.01f))
        return;
    ParaVec2 unit = para_draw_scaled(along, 1.0f / size), in = {-unit.y, unit.x};
    bool holds = s->one_way && -(in.x * up.x + in.y * up.y) >= 0.5f;
    for (int k = 0; k < count; k++) {
        ParaVec2 q =
            para_draw_add(para_draw_mix(a, b, ((float)k + 0.5f) / (float)count), para_draw_scaled(in, depth));
        if (s->belt != 0.0f)
            para_painter_chevron(
                p, para_draw_add(q, para_draw_scaled(unit, s->belt > 0.0f ? -0.5f * arm : 0.5f * arm)),
                para_draw_scaled(unit, s->belt > 0.0f ? -1.0f : 1.0f), arm, ink);
        if (holds)
            para_painter_chevron(p, para_draw_add(q, para_draw_scaled(up, 0.5f * arm)), up, arm, ink);
    }
}

/// What a surface does besides holding is seen on it. Points go counter-clockwise, a belt clockwise.
static void paint_marks(ParaPainter *p, const ParaShapeDef *s, ParaPlace place, int ink)
{
    ParaVec2 up = para_draw_turned(place, (ParaVec2){0.0f, 1.0f});
    if ((s->belt == 0.0f && !s->one_way) || s->kind == PARA_SHAPE_CIRCLE)
        return;
    bool line = s->kind != PARA_SHAPE_POLYGON;
    uint32_t sides = line ? s->point_count - 1 : s->point_count;
    float depth = line ? 0.12f : fminf(0.18f, (s->belt != 0.0f ? 0.5f : 1.0f) * para_painter_half_room(p, s));
    for (uint32_t i = 0; i < sides; i++) {
        ParaVec2 a = para_draw_placed(place, p->world->points[s->point_first + i]);
        ParaVec2 b = para_draw_placed(place, p->world->points[s->point_first + (i + 1) % s->point_count]);
        if (line && (b.x - a.x) * up.y - (b.y - a.y) * up.x > 0.0f) // the upper side of a line
            paint_side(p, s, b, a, depth, up, ink);
        else
            paint_side(p, s, a, b, depth, up, ink);
    }
}

void para_painter_shape(ParaPainter *p, const ParaShapeDef *s)
{
    ParaPlace place = para_painter_place_of(p, s->body);
    int ink = body_ink(p, s->body);
    int edge = edge_ink(p, s->body, ink);
    float width = fminf(0.05f, 0.22f * para_painter_half_room(p, s));
    para_painter_tag_body(p, s->body);
    if (s->kind == PARA_SHAPE_SEGMENT || s->kind == PARA_SHAPE_CHAIN) {
        bool dark = ink == PARA_INK_GROUND || ink == PARA_INK_DANGER;
        if (para_painter_style(p->def->body_styles, s->body) == PARA_STYLE_PARTLY) // a line is all border
            paint_strip(p, s, place, edge, edge);
        else
            paint_strip(p, s, place, dark ? ink + 1 : ink, dark ? ink + 2 : edge);
    } else if (s->kind == PARA_SHAPE_CIRCLE) {
        paint_circle(p, s, place, ink, edge, width);
    } else {
        ParaPrimitive shape = {
            .kind = PARA_PRIMITIVE_POLYGON, .fill = (uint8_t)ink, .edge = (uint8_t)edge, .edge_width = width};
        for (uint32_t i = 0; i < s->point_count && i < PARA_POLYGON_POINTS_MAX; i++)
            shape.points[shape.point_count++] = para_draw_placed(place, p->world->points[s->point_first + i]);
        para_scene_add(p->scene, &shape);
    }
    paint_marks(p, s, place, edge);
}
