// SPDX-License-Identifier: MIT
#pragma once
// A fixed world for drawing tests: every kind of shape, zone and joint once, no solver needed.
#include "engine/draw/scene.h"

#include <string.h>

typedef struct ParaSample {
    ParaWorldDef world;
    ParaBodyDef bodies[16];
    ParaShapeDef shapes[16];
    ParaJointDef joints[4];
    ParaThrusterDef thrusters[1];
    ParaZoneDef zones[4];
    ParaVec2 points[128];
    float x[16], y[16], angle[16], cosine[16], sine[16], vx[16], vy[16], throttle[1];
    uint8_t enabled[16], joint_enabled[4], styles[16], zone_styles[4];
    ParaZoneState zone_states[4];
    ParaView view;
    ParaInputs inputs;
} ParaSample;

static inline int sample_body(ParaSample *s, ParaBodyKind kind, float x, float y, float turn, ParaStyle style)
{
    int i = s->world.body_count++;
    s->bodies[i] = (ParaBodyDef){.kind = kind, .position = {x, y}};
    s->x[i] = x;
    s->y[i] = y;
    // A rational rotation, so that the picture needs no trigonometry.
    s->cosine[i] = (1 - turn * turn) / (1 + turn * turn);
    s->sine[i] = 2 * turn / (1 + turn * turn);
    s->enabled[i] = 1;
    s->styles[i] = (uint8_t)style;
    return i;
}

static inline void sample_shape(ParaSample *s, int body, ParaShapeKind kind, float radius,
                                const ParaVec2 *points, int count)
{
    ParaShapeDef *shape = &s->shapes[s->world.shape_count++];
    *shape = (ParaShapeDef){.kind = kind,
                            .body = body,
                            .radius = radius,
                            .point_first = (uint32_t)s->world.point_count,
                            .point_count = (uint32_t)count};
    memcpy(s->points + s->world.point_count, points, sizeof *points * (size_t)count);
    s->world.point_count += count;
}

static inline void sample_box(ParaSample *s, int body, float x, float y, float w, float h)
{
    const ParaVec2 p[4] = {
        {x - w / 2, y - h / 2}, {x + w / 2, y - h / 2}, {x + w / 2, y + h / 2}, {x - w / 2, y + h / 2}};
    sample_shape(s, body, PARA_SHAPE_POLYGON, 0, p, 4);
}

static inline void sample_zone(ParaSample *s, ParaVec2 at, ParaVec2 size, ParaVec2 push, float drag,
                               int style)
{
    int z = s->world.zone_count++;
    s->zones[z] = (ParaZoneDef){.kind = PARA_SHAPE_POLYGON,
                                .position = at,
                                .point_first = (uint32_t)s->world.point_count,
                                .point_count = 4,
                                .acceleration = push,
                                .drag = drag};
    s->zone_states[z] = (ParaZoneState){.position = at, .acceleration = push, .drag = drag, .on = 1};
    const ParaVec2 p[4] = {{-size.x / 2, -size.y / 2},
                           {size.x / 2, -size.y / 2},
                           {size.x / 2, size.y / 2},
                           {-size.x / 2, size.y / 2}};
    memcpy(s->points + s->world.point_count, p, sizeof p);
    s->world.point_count += 4;
    s->zone_styles[z] = (uint8_t)style;
}

static inline void sample_joint(ParaSample *s, ParaJointKind kind, int a, int b, ParaVec2 at_a, ParaVec2 at_b)
{
    s->joint_enabled[s->world.joint_count] = 1;
    s->joints[s->world.joint_count++] =
        (ParaJointDef){.kind = kind, .a = a, .b = b, .anchor_a = at_a, .anchor_b = at_b};
}

static inline void sample_build(ParaSample *s)
{
    memset(s, 0, sizeof *s);
    s->world.size = (ParaVec2){24, 13.5f};
    const ParaVec2 centre = {0, 0};
    int ground = sample_body(s, PARA_BODY_STATIC, 0, 0, 0, PARA_STYLE_NONE);
    sample_box(s, ground, 4.5f, 1, 9, 2);
    sample_box(s, ground, 19.5f, 1.25f, 9, 2.5f);
    int spikes = sample_body(s, PARA_BODY_STATIC, 12, 0.3f, 0, PARA_STYLE_HAZARD);
    sample_box(s, spikes, 0, 0, 6, 0.6f);
    int lift = sample_body(s, PARA_BODY_KINEMATIC, 12, 4, 0, PARA_STYLE_NONE);
    sample_box(s, lift, 0, 0, 3, 0.4f);
    int chassis = sample_body(s, PARA_BODY_DYNAMIC, 5, 2.9f, 0.03f, PARA_STYLE_PLAYER);
    sample_box(s, chassis, 0, 0, 2, 0.6f);
    int rear = sample_body(s, PARA_BODY_DYNAMIC, 4.3f, 2.42f, 0.2f, PARA_STYLE_PLAYER);
    sample_shape(s, rear, PARA_SHAPE_CIRCLE, 0.42f, &centre, 1);
    int front = sample_body(s, PARA_BODY_DYNAMIC, 5.7f, 2.42f, 0.3f, PARA_STYLE_PLAYER);
    sample_shape(s, front, PARA_SHAPE_CIRCLE, 0.42f, &centre, 1);
    int glass = sample_body(s, PARA_BODY_DYNAMIC, 7.4f, 2.4f, 0.4f, PARA_STYLE_CARGO);
    sample_shape(s, glass, PARA_SHAPE_CIRCLE, 0.4f, &centre, 1);
    int crate = sample_body(s, PARA_BODY_DYNAMIC, 1.5f, 2.5f, 0, PARA_STYLE_NONE);
    sample_box(s, crate, 0, 0, 1, 1);
    int second = sample_body(s, PARA_BODY_DYNAMIC, 1.7f, 3.4f, 0.1f, PARA_STYLE_NONE);
    sample_box(s, second, 0, 0, 0.8f, 0.7f);
    int rock = sample_body(s, PARA_BODY_DYNAMIC, 17, 3.0f, 0.1f, PARA_STYLE_NONE);
    const ParaVec2 stone[6] = {{-.6f, -.4f}, {.1f, -.6f}, {.7f, -.2f}, {.5f, .5f}, {-.1f, .6f}, {-.6f, .3f}};
    sample_shape(s, rock, PARA_SHAPE_POLYGON, 0, stone, 6);
    int flag = sample_body(s, PARA_BODY_STATIC, 21, 3, 0, PARA_STYLE_TARGET);
    sample_shape(s, flag, PARA_SHAPE_CIRCLE, 0.5f, &centre, 1);
    int lamp = sample_body(s, PARA_BODY_DYNAMIC, 10, 9, 0, PARA_STYLE_NONE);
    sample_shape(s, lamp, PARA_SHAPE_CIRCLE, 0.35f, &centre, 1);
    int bob = sample_body(s, PARA_BODY_DYNAMIC, 14, 8.5f, 0.2f, PARA_STYLE_NONE);
    sample_box(s, bob, 0, 0, 0.7f, 0.7f);
    const ParaVec2 beam[2] = {{8, 12}, {16, 12}};
    sample_shape(s, ground, PARA_SHAPE_SEGMENT, 0.12f, beam, 2);
    sample_joint(s, PARA_JOINT_REVOLUTE, chassis, rear, (ParaVec2){-0.7f, -0.45f}, centre);
    sample_joint(s, PARA_JOINT_REVOLUTE, chassis, front, (ParaVec2){0.7f, -0.5f}, centre);
    sample_joint(s, PARA_JOINT_DISTANCE, ground, lamp, (ParaVec2){10, 12}, centre);
    sample_joint(s, PARA_JOINT_SPRING, ground, bob, (ParaVec2){14, 12}, (ParaVec2){0, 0.35f});
    sample_zone(s, (ParaVec2){12, 6.5f}, (ParaVec2){5, 3.6f}, (ParaVec2){4, 0}, 0, PARA_STYLE_NONE);
    sample_zone(s, (ParaVec2){21.5f, 4}, (ParaVec2){4, 3}, centre, 0, PARA_STYLE_TARGET);
    sample_zone(s, (ParaVec2){18, 9}, (ParaVec2){3, 2}, centre, 1, PARA_STYLE_NONE);
    s->world.thruster_count = 1;
    s->thrusters[0] = (ParaThrusterDef){chassis, {-1, 0}, {1, 0}, 10};
    s->throttle[0] = 1;
    s->vx[chassis] = 2;
    s->world.bodies = s->bodies;
    s->world.shapes = s->shapes;
    s->world.joints = s->joints;
    s->world.thrusters = s->thrusters;
    s->world.zones = s->zones;
    s->world.points = s->points;
    s->inputs = (ParaInputs){.stride = 1, .throttle = s->throttle};
    s->view = (ParaView){.def = &s->world,
                         .stride = 1,
                         .x = s->x,
                         .y = s->y,
                         .angle = s->angle,
                         .cos = s->cosine,
                         .sin = s->sine,
                         .vx = s->vx,
                         .vy = s->vy,
                         .enabled = s->enabled,
                         .joint_enabled = s->joint_enabled,
                         .gravity = s->world.gravity,
                         .zones = s->zone_states};
}

/// The sample's picture list. @param scene empty
static inline void sample_paint(const ParaSample *s, ParaScene *scene)
{
    ParaSceneDef def = para_scene_def_default();
    def.body_styles = s->styles;
    def.zone_styles = s->zone_styles;
    def.inputs = &s->inputs;
    const int32_t eye = 3;
    def.eyes = &eye;
    def.eye_count = 1;
    para_scene_world(scene, &s->view, &def);
}
