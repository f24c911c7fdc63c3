// SPDX-License-Identifier: MIT
// Names for the things of a Kinetix level, which has none: by role, by form, by what they do.
#include "worlds/generate/kinetix.h"

#include <string.h>

static const char *const walls[PARA_KX_WALLS] = {"floor", "left_wall", "right_wall", "ceiling"};
static const char *const roles[] = {
    [PARA_KX_GREEN] = "green", [PARA_KX_BLUE] = "blue", [PARA_KX_RED] = "red"};

static const char *kind_of(const ParaKxBody *body)
{
    if (body->role != PARA_KX_NONE)
        return roles[body->role];
    if (body->circle)
        return body->fixed ? "peg" : body->rolls ? "wheel" : "ball";
    if (body->fixed)
        return "block";
    return body->corners == 3 ? "triangle" : body->corners == 4 ? "box" : "piece";
}

static const char *joint_kind_of(const ParaKxScene *scene, const ParaKxJoint *joint)
{
    if (joint->weld)
        return "weld";
    if (!joint->motor)
        return "hinge";
    return scene->bodies[joint->b].circle || scene->bodies[joint->a].circle ? "axle" : "motor";
}

/// How many of the first `count` names there are of a kind, and in all.
static const char *numbered(const char *kind, int number, bool only, ParaArena *arena)
{
    return only ? kind : para_arena_printf(arena, "%s%d", kind, number);
}

static bool is_wall(const ParaKxBody *body) { return !body->circle && body->slot < PARA_KX_WALLS; }

void para_kx_name(ParaKxScene *scene, ParaArena *arena)
{
    for (int j = 0; j < scene->joint_count; j++) {
        const ParaKxJoint *joint = &scene->joints[j];
        for (int side = 0; side < 2; side++)
            scene->bodies[side ? joint->b : joint->a].rolls |= joint->motor && !joint->weld;
    }
    for (int b = 0; b < scene->body_count; b++) {
        ParaKxBody *body = &scene->bodies[b];
        int before = 0, all = 0;
        const char *kind = kind_of(body);
        for (int o = 0; o < scene->body_count; o++) {
            bool same = !is_wall(&scene->bodies[o]) && strcmp(kind_of(&scene->bodies[o]), kind) == 0;
            before += same && o < b;
            all += same;
        }
        body->name = is_wall(body)
                         ? walls[body->slot]
                         : numbered(kind, before + 1, all == 1 && body->role != PARA_KX_NONE, arena);
    }
    for (int j = 0; j < scene->joint_count; j++) {
        int before = 1;
        const char *kind = joint_kind_of(scene, &scene->joints[j]);
        for (int o = 0; o < j; o++)
            before += strcmp(joint_kind_of(scene, &scene->joints[o]), kind) == 0;
        scene->joints[j].name = numbered(kind, before, false, arena);
    }
}
