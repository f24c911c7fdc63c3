// SPDX-License-Identifier: MIT
#pragma once
// A picture as a list of flat primitives, back to front. The raster and the window both draw this list,
// so their pictures agree. Filled from a world's view plus one style byte per body.
#include "engine/draw/camera.h"
#include "engine/draw/palette.h"

typedef enum { PARA_PRIMITIVE_CIRCLE, PARA_PRIMITIVE_CAPSULE, PARA_PRIMITIVE_POLYGON } ParaPrimitiveKind;

/// One flat shape: filled, with a band of `edge_width` just inside its border in another ink.
/// The window hands this memory to the graphics card as it is.
typedef struct ParaPrimitive {
    uint8_t kind;        ///< [ParaPrimitiveKind]
    uint8_t point_count; ///< [1] circle 1, capsule 2, polygon 3..8 convex, either winding
    uint8_t fill, edge;  ///< [ParaInk]
    float radius;     ///< [m] >= 0 circle and capsule: half thickness; polygon: rounds it outward, usually 0
    float edge_width; ///< [m] >= 0; 0: no edge
    ParaVec2 points[PARA_POLYGON_POINTS_MAX]; ///< [m] any finite
} ParaPrimitive;

/// What a primitive is, beside how it is painted. Rasters do not ask; a window's look does, for light, shadow
/// and glow.
typedef enum {
    PARA_TAG_SOLID = 1 << 0,     ///< part of a body: lit, throws a shadow
    PARA_TAG_STATIC = 1 << 1,    ///< of a body that never moves, or the ground below one
    PARA_TAG_GOAL = 1 << 2,      ///< where to: glows
    PARA_TAG_HAZARD = 1 << 3,    ///< what to avoid: glows, hatched
    PARA_TAG_FLUID = 1 << 4,     ///< the area of a fluid
    PARA_TAG_WATERLINE = 1 << 5, ///< the line on a fluid
    PARA_TAG_GRID = 1 << 6,
    PARA_TAG_FIRE = 1 << 7, ///< gives light
    PARA_TAG_AREA = 1 << 8, ///< of a zone
    PARA_TAG_PORTAL = 1 << 9,
    PARA_TAG_DEEP = 1 << 10 ///< ground under a terrain line: no shadow of its own
} ParaTagFlag;

typedef struct ParaSceneTag {
    uint16_t flags;  ///< [bits] ParaTagFlag
    uint8_t surface; ///< [ParaSurface] below; what it is made of
    uint8_t seed;    ///< [1] 0..255 differs from body to body
    ParaVec2 origin; ///< [m] any finite; of the body's frame, in which a material's pattern rests
    ParaVec2 turn;   ///< [1] -1..1 cosine and sine of its angle
} ParaSceneTag;

typedef struct ParaScene {
    ParaPrimitive *items; ///< [count]
    ParaSceneTag *tags;   ///< [count] NULL: nobody asks
    ParaSceneTag tag;     ///< of what is added next
    int count;            ///< [1] 0..capacity
    int capacity;         ///< [1] >= 1
    int dropped; ///< [1] >= 0 primitives refused since the last clear: list full or numbers not finite
    int statics, movers; ///< [1] 0..count first primitives of static bodies, and of what moves before them
} ParaScene;

#define PARA_SCENE_CAPACITY 16384 ///< enough for the largest world there can be

ParaScene para_scene_create(int capacity, ParaArena *arena);
/// One that keeps a tag of each primitive, for para_window_world.
ParaScene para_scene_create_tagged(int capacity, ParaArena *arena);
void para_scene_clear(ParaScene *scene);
/// Appends; refuses (and counts) what is not finite or does not fit.
void para_scene_add(ParaScene *scene, const ParaPrimitive *primitive);
void para_scene_circle(ParaScene *scene, ParaVec2 centre, float radius, int ink);
void para_scene_line(ParaScene *scene, ParaVec2 a, ParaVec2 b, float half_width, int ink);
/// Rounded rectangle from its corner of least x and y, with an edge of `edge_width`.
void para_scene_box(ParaScene *scene, ParaVec2 low, ParaVec2 size, float round, int fill, int edge,
                    float edge_width);

/// What a body or zone means in the picture; the values of the levels' roles, in their order, and one more.
typedef enum {
    PARA_STYLE_NONE,
    PARA_STYLE_PLAYER,
    PARA_STYLE_TARGET,
    PARA_STYLE_CARGO,
    PARA_STYLE_HAZARD,
    PARA_STYLE_PARTLY, ///< a hazard to some parts of the player alone: in its own colours, with a red border
    PARA_STYLE_COUNT
} ParaStyle;

/// What a body is made of in the picture; the values of the levels' materials, in their order. A body without
/// a style is painted in its colours; of one with a style only the edge is, so that what it means is seen.
typedef enum {
    PARA_SURFACE_NONE,
    PARA_SURFACE_WOOD,
    PARA_SURFACE_STONE,
    PARA_SURFACE_METAL,
    PARA_SURFACE_ICE,
    PARA_SURFACE_GLASS,
    PARA_SURFACE_RUBBER,
    PARA_SURFACE_CLOTH,
    PARA_SURFACE_EARTH,
    PARA_SURFACE_COUNT
} ParaSurface;

typedef struct ParaPose {
    float x, y;  ///< [m] any finite
    float angle; ///< [rad] any finite
} ParaPose;

typedef struct ParaSceneDef {
    const uint8_t *body_styles; ///< [ParaStyle] NULL: none  [body_count]
    const uint8_t *body_looks;  ///< [ParaSurface] NULL: none  [body_count]
    const uint8_t *zone_styles; ///< [ParaStyle] NULL: none  [zone_count]
    uint32_t ladders;           ///< [bits] zones that get rungs
    uint32_t portals;           ///< [bits] zones that lead elsewhere
    uint32_t hidden;            ///< [bits] zones that are not shown
    uint32_t flags;             ///< [bits] zones that get a flag, beside those of targets
    const ParaPose *poses; ///< [body_count] drawn instead of the view's, for smooth motion; NULL: the view's
    const ParaInputs *inputs;  ///< for thruster flames; NULL: none shown
    const int32_t *eyes;       ///< [1] 0..body_count - 1 bodies that get an eye  [eye_count]
    const int32_t *grips;      ///< [1] 0..body_count - 1 bodies that are held  [grip_count]
    int eye_count, grip_count; ///< [1] >= 0
    bool grid;                 ///< metre grid behind everything
} ParaSceneDef;

ParaSceneDef para_scene_def_default(void); ///< no styles, no eyes, with grid

/// Appends a whole world, back to front: grid, zones, terrain, joints, bodies, player.
/// Cost: O(shapes + joints + zones + points); no heap.
void para_scene_world(ParaScene *scene, const ParaView *view, const ParaSceneDef *def);
/// Body poses blended between two moments, share 0 (then) .. 1 (now); angles turn the short way.
void para_pose_blend(const ParaPose *then, const ParaPose *now, int count, float share, ParaPose *out);
/// Poses of all bodies now. out [body_count]
void para_pose_read(const ParaView *view, ParaPose *out);
