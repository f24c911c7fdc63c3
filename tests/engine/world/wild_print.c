// SPDX-License-Identifier: MIT
// A wild level as a template, so that it can be opened, probed and drawn with the paracosm command. The
// player and its goal, which every template must have, are a ball far away that touches nothing. Used by
// wild_main.c.
#include "engine/base/arena.h"
#include "engine/base/json.h"
#include "tests/engine/world/wild.h"

#include <stdio.h>

static void put_pair(ParaJson *json, const char *key, float x, float y)
{
    if (key)
        para_json_key(json, key);
    else
        para_json_item(json);
    para_json_pair(json, x, y);
}

static void put_number(ParaJson *json, const char *key, float value)
{
    para_json_key(json, key);
    para_json_float(json, value);
}

static void put_shape(ParaJson *json, const ParaWorldDef *def, const ParaShapeDef *shape)
{
    static const char *const kinds[] = {"circle", "polygon", "segment", "chain"};
    const ParaVec2 *points = def->points + shape->point_first;
    para_json_item(json);
    para_json_open(json, '{');
    if (shape->kind == PARA_SHAPE_CIRCLE) {
        put_number(json, "circle", shape->radius);
        put_pair(json, "at", points[0].x, points[0].y);
    } else {
        para_json_key(json, kinds[shape->kind]);
        para_json_open(json, '[');
        for (uint32_t i = 0; i < shape->point_count; i++)
            put_pair(json, NULL, points[i].x, points[i].y);
        para_json_close(json, ']');
        if (shape->kind != PARA_SHAPE_POLYGON)
            put_number(json, "radius", shape->radius);
    }
    put_number(json, "density", shape->density);
    put_number(json, "friction", shape->friction);
    put_number(json, "restitution", shape->restitution);
    para_json_close(json, '}');
}

static void put_body(ParaJson *json, const ParaWorldDef *def, int index)
{
    const ParaBodyDef *body = &def->bodies[index];
    char name[16];
    snprintf(name, sizeof name, "b%d", index);
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", name);
    if (body->kind != PARA_BODY_DYNAMIC) {
        para_json_key(json, body->kind == PARA_BODY_STATIC ? "static" : "kinematic");
        para_json_format(json, "true");
    }
    put_pair(json, "at", body->position.x, body->position.y);
    put_number(json, "angle", body->angle);
    if (body->kind != PARA_BODY_STATIC) {
        put_pair(json, "velocity", body->velocity.x, body->velocity.y);
        put_number(json, "spin", body->spin);
    }
    if (body->kind == PARA_BODY_DYNAMIC) {
        put_number(json, "gravity_scale", body->gravity_scale);
        put_number(json, "damping", body->linear_damping);
        put_number(json, "angular_damping", body->angular_damping);
    }
    if (body->fast) {
        para_json_key(json, "fast");
        para_json_format(json, "true");
    }
    put_number(json, "group", (float)body->group);
    para_json_key(json, "shapes");
    para_json_open(json, '[');
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].body == index)
            put_shape(json, def, &def->shapes[i]);
    para_json_close(json, ']');
    para_json_close(json, '}');
}

static void put_joint(ParaJson *json, const ParaJointDef *joint)
{
    static const char *const kinds[] = {"revolute", "weld", "prismatic", "distance", "spring"};
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key(json, kinds[joint->kind]);
    para_json_format(json, "[\"b%d\", \"b%d\"]", (int)joint->a, (int)joint->b);
    put_pair(json, "anchor_a", joint->anchor_a.x, joint->anchor_a.y);
    put_pair(json, "anchor_b", joint->anchor_b.x, joint->anchor_b.y);
    if (joint->kind == PARA_JOINT_PRISMATIC)
        put_pair(json, "axis", joint->axis.x, joint->axis.y);
    if (joint->limited)
        put_pair(json, "limits", joint->lower, joint->upper);
    if (joint->kind == PARA_JOINT_SPRING) {
        put_number(json, "stiffness", joint->stiffness);
        put_number(json, "damping", joint->damping);
        put_number(json, "rest", joint->rest);
    }
    para_json_key(json, "collide");
    para_json_format(json, joint->collide ? "true" : "false");
    para_json_close(json, '}');
}

static void put_player(ParaJson *json)
{
    para_json_item(json);
    para_json_format(json, "{\"name\": \"player\", \"at\": [-900, -900], \"shape\": {\"circle\": 0.5}, "
                           "\"gravity_scale\": 0, \"mask\": 0}");
}

void wild_print(const WildLevel *level)
{
    const ParaWorldDef *def = &level->scene.def;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 26);
    ParaJson json = para_json(arena, 3);
    para_json_open(&json, '{');
    para_json_key(&json, "paracosm");
    para_json_format(&json, "1");
    para_json_key_string(&json, "name", wild_kind_name(level->kind));
    para_json_key(&json, "world");
    para_json_open(&json, '{');
    put_pair(&json, "gravity", def->gravity.x, def->gravity.y);
    put_number(&json, "rate", def->rate);
    put_number(&json, "substeps", (float)def->substeps);
    put_number(&json, "iterations", (float)def->iterations);
    put_number(&json, "seconds", 3600);
    para_json_close(&json, '}');
    para_json_key(&json, "bodies");
    para_json_open(&json, '[');
    for (int i = 0; i < def->body_count; i++)
        put_body(&json, def, i);
    put_player(&json);
    para_json_close(&json, ']');
    para_json_key(&json, "joints");
    para_json_open(&json, '[');
    for (int i = 0; i < def->joint_count; i++)
        put_joint(&json, &def->joints[i]);
    para_json_close(&json, ']');
    para_json_key(&json, "player");
    para_json_format(&json,
                     "{\"body\": \"player\", \"actuators\": [{\"walk\": \"player\", \"channel\": 0}]}");
    para_json_key(&json, "goal");
    para_json_format(&json, "{\"above\": [\"player\", 9000]}");
    para_json_close(&json, '}');
    puts(json.text);
    para_arena_destroy(arena);
}
