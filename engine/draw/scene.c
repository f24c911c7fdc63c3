// SPDX-License-Identifier: MIT
// The list of primitives and its small builders; scene_world.c fills it from a world.
#include "engine/draw/scene.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

ParaScene para_scene_create(int capacity, ParaArena *arena)
{
    PARA_ASSERT(capacity > 0);
    return (ParaScene){.items = PARA_NEW(arena, ParaPrimitive, capacity), .capacity = capacity};
}

ParaScene para_scene_create_tagged(int capacity, ParaArena *arena)
{
    ParaScene scene = para_scene_create(capacity, arena);
    scene.tags = PARA_NEW(arena, ParaSceneTag, capacity);
    return scene;
}

void para_scene_clear(ParaScene *scene)
{
    scene->count = scene->statics = scene->movers = 0;
    scene->dropped = 0;
    scene->tag = (ParaSceneTag){.turn = {1.0f, 0.0f}};
}

static bool is_sound(const ParaPrimitive *p)
{
    static const uint8_t fewest[] = {1, 2, 3}, most[] = {1, 2, PARA_POLYGON_POINTS_MAX};
    if (p->kind > PARA_PRIMITIVE_POLYGON || p->point_count < fewest[p->kind] ||
        p->point_count > most[p->kind])
        return false;
    for (int i = 0; i < p->point_count; i++)
        if (!isfinite(p->points[i].x) || !isfinite(p->points[i].y))
            return false;
    return isfinite(p->radius) && p->radius >= 0.0f && isfinite(p->edge_width) && p->edge_width >= 0.0f;
}

void para_scene_add(ParaScene *scene, const ParaPrimitive *primitive)
{
    PARA_ASSERT_HOT(scene->count >= 0 && scene->count <= scene->capacity);
    if (scene->count >= scene->capacity || !is_sound(primitive)) {
        scene->dropped++;
        return;
    }
    if (scene->tags)
        scene->tags[scene->count] = scene->tag;
    scene->items[scene->count++] = *primitive;
}

void para_scene_circle(ParaScene *scene, ParaVec2 centre, float radius, int ink)
{
    para_scene_add(scene, &(ParaPrimitive){.kind = PARA_PRIMITIVE_CIRCLE,
                                           .point_count = 1,
                                           .fill = (uint8_t)ink,
                                           .radius = radius,
                                           .points = {centre}});
}

void para_scene_line(ParaScene *scene, ParaVec2 a, ParaVec2 b, float half_width, int ink)
{
    para_scene_add(scene, &(ParaPrimitive){.kind = PARA_PRIMITIVE_CAPSULE,
                                           .point_count = 2,
                                           .fill = (uint8_t)ink,
                                           .radius = half_width,
                                           .points = {a, b}});
}

void para_scene_box(ParaScene *scene, ParaVec2 low, ParaVec2 size, float round, int fill, int edge,
                    float edge_width)
{
    round = para_clampf(round, 0.0f, 0.5f * (size.x < size.y ? size.x : size.y) - 0.01f);
    if (!(round > 0.0f))
        round = 0.0f;
    ParaVec2 a = {low.x + round, low.y + round}, b = {low.x + size.x - round, low.y + size.y - round};
    para_scene_add(scene, &(ParaPrimitive){.kind = PARA_PRIMITIVE_POLYGON,
                                           .point_count = 4,
                                           .fill = (uint8_t)fill,
                                           .edge = (uint8_t)edge,
                                           .radius = round,
                                           .edge_width = edge_width,
                                           .points = {a, {b.x, a.y}, b, {a.x, b.y}}});
}

void para_pose_read(const ParaView *view, ParaPose *out)
{
    for (int i = 0; i < view->def->body_count; i++) {
        int at = i * view->stride;
        out[i] = (ParaPose){view->x[at], view->y[at], view->angle[at]};
    }
}

void para_pose_blend(const ParaPose *then, const ParaPose *now, int count, float share, ParaPose *out)
{
    PARA_ASSERT(count == 0 || (then && now && out));
    for (int i = 0; i < count; i++) {
        float turn = now[i].angle - then[i].angle;
        turn -= (float)PARA_TAU * floorf(turn / (float)PARA_TAU + 0.5f);
        out[i] = (ParaPose){then[i].x + (now[i].x - then[i].x) * share,
                            then[i].y + (now[i].y - then[i].y) * share, now[i].angle - turn * (1.0f - share)};
    }
}
