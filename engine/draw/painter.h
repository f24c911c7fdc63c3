// SPDX-License-Identifier: MIT
#pragma once
// Whoever turns a world into primitives, part by part: scene_world.c (the order, the grid, tags),
// scene_zones.c, scene_shapes.c, scene_joints.c. Private to engine/draw.
#include "engine/draw/scene.h"

#include <math.h>

/// Where a frame stands.
typedef struct ParaPlace {
    ParaVec2 at;    ///< [m] any finite
    float cos, sin; ///< [1] -1..1
} ParaPlace;

typedef struct ParaPainter {
    ParaScene *scene;
    const ParaView *view;
    const ParaWorldDef *world;
    const ParaSceneDef *def;
} ParaPainter;

static inline ParaVec2 para_draw_add(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x + b.x, a.y + b.y}; }
static inline ParaVec2 para_draw_sub(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x - b.x, a.y - b.y}; }
static inline ParaVec2 para_draw_scaled(ParaVec2 a, float s) { return (ParaVec2){a.x * s, a.y * s}; }
static inline float para_draw_length(ParaVec2 a) { return sqrtf(a.x * a.x + a.y * a.y); }
/// a at s 0, b at 1.
static inline ParaVec2 para_draw_mix(ParaVec2 a, ParaVec2 b, float s)
{
    return para_draw_add(a, para_draw_scaled(para_draw_sub(b, a), s));
}
static inline ParaVec2 para_draw_turned(ParaPlace p, ParaVec2 v)
{
    return (ParaVec2){p.cos * v.x - p.sin * v.y, p.sin * v.x + p.cos * v.y};
}
static inline ParaVec2 para_draw_placed(ParaPlace p, ParaVec2 v)
{
    return para_draw_add(p.at, para_draw_turned(p, v));
}

// Of bodies.

ParaPlace para_painter_place_at(ParaVec2 at, float angle);
ParaPlace para_painter_place_of(const ParaPainter *p, int body);
bool para_painter_has_eye(const ParaPainter *p, int body);
bool para_painter_shows(const ParaPainter *p, int body); ///< it is in the world
/// The style of an index, or that of none. @param styles NULL: nothing has one
int para_painter_style(const uint8_t *styles, int index);

// Tags: what the window's look asks of each primitive that follows.

void para_painter_tag(ParaPainter *p, unsigned flags);
void para_painter_tag_body(ParaPainter *p, int body);
void para_painter_tag_zone(ParaPainter *p, int zone);

// Parts.

void para_painter_zone(ParaPainter *p, int zone);
void para_painter_surface(ParaPainter *p, int zone); ///< of its water
ParaPrimitive para_painter_zone_area(const ParaPainter *p, int zone);
/// Whether a place is inside an area, at least `margin` [m] from its edge.
bool para_painter_inside(const ParaPrimitive *area, ParaVec2 place, float margin);
/// An arrow head at a place. @param unit where it points   @param arm [m] its size
void para_painter_chevron(ParaPainter *p, ParaVec2 at, ParaVec2 unit, float arm, int ink);
void para_painter_shape(ParaPainter *p, const ParaShapeDef *shape);
bool para_painter_is_terrain(const ParaPainter *p, const ParaShapeDef *shape);
void para_painter_terrain(ParaPainter *p, const ParaShapeDef *shape);
/// Half the least extent of a shape [m]: how much room there is for edges and eyes.
float para_painter_half_room(const ParaPainter *p, const ParaShapeDef *shape);
void para_painter_joint(ParaPainter *p, int joint, bool above); ///< what lies above bodies, or below
void para_painter_flame(ParaPainter *p, int thruster);
void para_painter_eye(ParaPainter *p, int body);
void para_painter_grip(ParaPainter *p, int body);
