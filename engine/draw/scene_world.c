// SPDX-License-Identifier: MIT
// From a world to primitives. Order is meaning: what the player must see lies on top.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/draw/painter.h"

#include <math.h>

#define GRID_MAX    1e4f  // [m] a level or a place beyond has no grid
#define GRID_AROUND 40.0f // [m] around whoever is looked at

ParaPlace para_painter_place_at(ParaVec2 at, float angle)
{
    double s, c;
    para_sincos(isfinite(angle) ? (double)angle : 0.0, &s, &c);
    return (ParaPlace){at, (float)c, (float)s};
}

ParaPlace para_painter_place_of(const ParaPainter *p, int body)
{
    int at = body * p->view->stride;
    if (p->def->poses)
        return para_painter_place_at((ParaVec2){p->def->poses[body].x, p->def->poses[body].y},
                                     p->def->poses[body].angle);
    return (ParaPlace){{p->view->x[at], p->view->y[at]}, p->view->cos[at], p->view->sin[at]};
}

bool para_painter_has_eye(const ParaPainter *p, int body)
{
    for (int i = 0; i < p->def->eye_count; i++)
        if (p->def->eyes[i] == body)
            return true;
    return false;
}

int para_painter_style(const uint8_t *styles, int index)
{
    return styles && styles[index] < PARA_STYLE_COUNT ? styles[index] : PARA_STYLE_NONE;
}

// ---------------------------------------------------------------------------------------------
// Tags: what the window's look asks of each primitive.

void para_painter_tag(ParaPainter *p, unsigned flags)
{
    p->scene->tag = (ParaSceneTag){.flags = (uint16_t)flags, .turn = {1.0f, 0.0f}};
}

static unsigned role_flags(int style)
{
    return style == PARA_STYLE_TARGET ? PARA_TAG_GOAL : style == PARA_STYLE_HAZARD ? PARA_TAG_HAZARD : 0;
}

/// The tag of a body's shapes.
void para_painter_tag_body(ParaPainter *p, int body)
{
    if (!p->scene->tags)
        return;
    ParaPlace place = para_painter_place_of(p, body);
    int look = p->def->body_looks ? p->def->body_looks[body] : PARA_SURFACE_NONE;
    para_painter_tag(p, PARA_TAG_SOLID | role_flags(para_painter_style(p->def->body_styles, body)) |
                            (p->world->bodies[body].kind == PARA_BODY_STATIC ? PARA_TAG_STATIC : 0u));
    p->scene->tag.surface = (uint8_t)(look < PARA_SURFACE_COUNT ? look : PARA_SURFACE_NONE);
    p->scene->tag.seed = (uint8_t)((unsigned)body * 37u);
    p->scene->tag.origin = place.at;
    p->scene->tag.turn = (ParaVec2){place.cos, place.sin};
}

/// The tag of a zone's area and what is in it.
void para_painter_tag_zone(ParaPainter *p, int zone)
{
    unsigned flags = PARA_TAG_AREA | role_flags(para_painter_style(p->def->zone_styles, zone));
    flags |= p->view->zones[zone].fluid_density > 0.0f ? PARA_TAG_FLUID : 0u;
    flags |= p->def->portals >> zone & 1 ? PARA_TAG_PORTAL : 0u;
    para_painter_tag(p, flags);
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

static void paint_lines(ParaPainter *p, Stretch along, Stretch across, int step, bool upright)
{
    int first = (int)floorf(along.low / (float)step) * step, last = (int)ceilf(along.high);
    for (int at = first; at <= last; at += step) {
        float v = (float)at;
        ParaVec2 a = upright ? (ParaVec2){v, across.low} : (ParaVec2){across.low, v};
        ParaVec2 b = upright ? (ParaVec2){v, across.high} : (ParaVec2){across.high, v};
        para_scene_line(p->scene, a, b, 0.012f, at % 5 == 0 ? PARA_INK_GRID_STRONG : PARA_INK_GRID);
    }
}

static void paint_grid(ParaPainter *p)
{
    ParaVec2 size = p->world->size, eye = {0.5f * size.x, 0.5f * size.y};
    if (!p->def->grid || !(size.x > 0.0f && size.x < GRID_MAX && size.y > 0.0f && size.y < GRID_MAX))
        return;
    if (p->def->eye_count > 0 && p->def->eyes[0] >= 0 && p->def->eyes[0] < p->world->body_count)
        eye = para_painter_place_of(p, p->def->eyes[0]).at;
    Stretch x = stretch_of(size.x, eye.x, false), y = stretch_of(size.y, eye.y, true);
    para_painter_tag(p, PARA_TAG_GRID);
    int step = pace_of(x, y);
    paint_lines(p, x, y, step, true);
    paint_lines(p, y, x, step, false);
}

// ---------------------------------------------------------------------------------------------

/// Layers of bodies, from far to near.
static int layer_of(const ParaPainter *p, int body)
{
    if (para_painter_style(p->def->body_styles, body) == PARA_STYLE_PLAYER)
        return 3;
    if (p->world->bodies[body].kind == PARA_BODY_STATIC)
        return 0;
    return p->world->bodies[body].kind == PARA_BODY_KINEMATIC ? 1 : 2;
}

static void paint_layer(ParaPainter *p, int layer)
{
    // Circles of a composite go behind its polygons: wheels behind the chassis.
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < p->world->shape_count; i++) {
            const ParaShapeDef *s = &p->world->shapes[i];
            if ((s->kind != PARA_SHAPE_CIRCLE) == pass && para_painter_shows(p, s->body) &&
                layer_of(p, s->body) == layer)
                para_painter_shape(p, s);
        }
}

ParaSceneDef para_scene_def_default(void) { return (ParaSceneDef){.grid = true}; }

void para_scene_world(ParaScene *scene, const ParaView *view, const ParaSceneDef *def)
{
    PARA_ASSERT(scene && view && def);
    ParaPainter p = {scene, view, view->def, def};
    paint_grid(&p);
    for (int i = 0; i < p.world->zone_count; i++)
        if (!(def->hidden >> i & 1))
            para_painter_zone(&p, i);
    scene->statics = scene->count;
    for (int i = 0; i < p.world->shape_count; i++)
        if (para_painter_is_terrain(&p, &p.world->shapes[i]))
            para_painter_terrain(&p, &p.world->shapes[i]);
    paint_layer(&p, 0);
    scene->movers = scene->count;
    for (int i = 0; i < p.world->joint_count; i++)
        para_painter_joint(&p, i, false);
    for (int i = 0; i < p.world->thruster_count && def->inputs; i++)
        para_painter_flame(&p, i);
    for (int layer = 1; layer <= 3; layer++)
        paint_layer(&p, layer);
    for (int i = 0; i < p.world->zone_count; i++)
        if (!(def->hidden >> i & 1))
            para_painter_surface(&p, i);
    for (int i = 0; i < p.world->joint_count; i++)
        para_painter_joint(&p, i, true);
    for (int i = 0; i < def->eye_count; i++)
        if (def->eyes[i] >= 0 && def->eyes[i] < p.world->body_count)
            para_painter_eye(&p, def->eyes[i]);
    for (int i = 0; i < def->grip_count; i++)
        if (def->grips[i] >= 0 && def->grips[i] < p.world->body_count &&
            para_painter_shows(&p, def->grips[i]))
            para_painter_grip(&p, def->grips[i]);
    para_painter_tag(&p, 0);
}
