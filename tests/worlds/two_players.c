// SPDX-License-Identifier: MIT
// Builds the level of two players, see two_players.h.
#include "tests/worlds/two_players.h"

#include "worlds/level/roles.h"

#include <stdio.h>
#include <string.h>

static void add_body(ParaLevel *level, int body, ParaBodyKind kind, ParaVec2 at, uint32_t group)
{
    level->world.bodies[body] = para_body_def_default();
    level->world.bodies[body].kind = kind;
    level->world.bodies[body].position = at;
    level->world.bodies[body].group = group;
}

static void add_shape(ParaLevel *level, int body, float half_width, float half_height, float radius)
{
    ParaWorldDef *world = &level->world;
    ParaShapeDef *shape = &world->shapes[world->shape_count++];
    *shape = para_shape_def_default();
    shape->body = body;
    shape->friction = 1;
    shape->point_first = (uint32_t)world->point_count;
    shape->radius = radius;
    shape->kind = radius > 0 ? PARA_SHAPE_CIRCLE : PARA_SHAPE_POLYGON;
    shape->point_count = radius > 0 ? 1 : 4;
    const ParaVec2 box[] = {{-half_width, -half_height},
                            {half_width, -half_height},
                            {half_width, half_height},
                            {-half_width, half_height}};
    for (uint32_t i = 0; i < shape->point_count; i++)
        world->points[world->point_count++] = radius > 0 ? (ParaVec2){0, 0} : box[i];
}

static void add_player(ParaLevel *level, int player, int body)
{
    ParaPlayer *p = &level->players[player];
    p->body = body;
    p->channel_bits = 3; // walk and jump
    p->negative_bits = 1;
    p->sight = 10;
    p->goal_root = player == 0 ? 0 : 1;
    p->fail_root = player == 0 ? -1 : 2;
    p->reward_solved = player == 0 ? 10 : 7;
    p->reward_failed = player == 0 ? -3 : -5;
    p->actuator_count = 2;
    p->actuators[0] = (ParaActuator){.kind = PARA_ACTUATOR_WALK,
                                     .channel = 0,
                                     .sign = 1,
                                     .body = body,
                                     .joint = -1,
                                     .thruster = -1,
                                     .speed = player == 0 ? 3 : 4,
                                     .force = 20};
    p->actuators[1] = (ParaActuator){.kind = PARA_ACTUATOR_JUMP,
                                     .channel = 1,
                                     .sign = 1,
                                     .body = body,
                                     .joint = -1,
                                     .thruster = -1,
                                     .impulse = 3};
    snprintf(p->keys[0].positive, sizeof p->keys[0].positive, "%s", player == 0 ? "d" : "right");
    level->body_roles[player * TWO_BODIES + body] = PARA_ROLE_PLAYER;
}

static void add_goals(ParaLevel *level)
{
    const ParaGoalNode none = {.a = -1, .b = -1, .zone = -1, .a_count = 1};
    level->goal_count = 3;
    for (int g = 0; g < level->goal_count; g++)
        level->goals[g] = none;
    level->goals[0].kind = PARA_GOAL_RIGHT_OF;
    level->goals[0].a = TWO_FIRST;
    level->goals[0].value = TWO_FIRST_GOAL;
    level->goals[1].kind = PARA_GOAL_LEFT_OF;
    level->goals[1].a = TWO_SECOND;
    level->goals[1].value = TWO_SECOND_GOAL;
    level->goals[2].kind = PARA_GOAL_TOUCH;
    level->goals[2].a = TWO_SECOND;
    level->goals[2].a_player = true;
    level->goals[2].b = TWO_HAZARD;
    level->goals[2].b_count = 1;
    const ParaRewardTerm forward = {PARA_REWARD_FORWARD, TWO_FIRST, -1, -1, 1, 0, {0}};
    const ParaRewardTerm alive = {PARA_REWARD_ALIVE, -1, -1, -1, 0.5f, 1, {0}};
    level->rewards[level->reward_count++] = forward;
    level->rewards[level->reward_count++] = alive;
}

ParaLevel *two_players_level(ParaArena *arena)
{
    ParaLevel *level = PARA_NEW(arena, ParaLevel, 1);
    snprintf(level->family, sizeof level->family, "two-players");
    level->seconds = 20;
    level->frame_skip = 4;
    level->world = para_world_def_default();
    level->world.body_count = TWO_BODIES;
    level->world.bodies = PARA_NEW(arena, ParaBodyDef, TWO_BODIES);
    level->world.shapes = PARA_NEW(arena, ParaShapeDef, TWO_BODIES);
    level->world.points = PARA_NEW(arena, ParaVec2, 4 * TWO_BODIES);
    level->body_names = PARA_NEW(arena, const char *, TWO_BODIES);
    level->body_shatters = PARA_NEW(arena, float, TWO_BODIES);
    level->body_crushes = PARA_NEW(arena, float, TWO_BODIES);
    level->body_collects = PARA_NEW(arena, uint8_t, TWO_BODIES);
    level->body_motions = PARA_NEW(arena, ParaMotion, TWO_BODIES);
    level->body_sets = PARA_NEW(arena, int32_t, TWO_BODIES);
    level->joint_names = PARA_NEW(arena, const char *, 1);
    level->zone_names = PARA_NEW(arena, const char *, 1);
    level->zone_roles = PARA_NEW(arena, uint8_t, 1);
    level->player_count = 2;
    level->players = PARA_NEW(arena, ParaPlayer, 2);
    level->body_roles = PARA_NEW(arena, uint8_t, 2 * TWO_BODIES);
    const char *const names[] = {"floor", "first", "second", "post"};
    for (int b = 0; b < TWO_BODIES; b++) {
        level->body_names[b] = names[b];
        level->body_sets[b] = b;
        level->body_motions[b].period = 4;
    }
    add_body(level, TWO_FLOOR, PARA_BODY_STATIC, (ParaVec2){10, 0.5f}, 0);
    add_body(level, TWO_FIRST, PARA_BODY_DYNAMIC, (ParaVec2){4, 1.5f}, 1);
    add_body(level, TWO_SECOND, PARA_BODY_DYNAMIC, (ParaVec2){14, 1.5f}, 2);
    add_body(level, TWO_HAZARD, PARA_BODY_STATIC, (ParaVec2){TWO_HAZARD_AT, 2}, 0);
    add_shape(level, TWO_FLOOR, 20, 0.5f, 0);
    add_shape(level, TWO_FIRST, 0, 0, 0.5f);
    add_shape(level, TWO_SECOND, 0, 0, 0.5f);
    add_shape(level, TWO_HAZARD, 0.1f, 1, 0);
    add_player(level, 0, TWO_FIRST);
    add_player(level, 1, TWO_SECOND);
    add_goals(level);
    for (int p = 0; p < 2; p++) {
        uint8_t bodies[TWO_BODIES] = {0}, zones[1] = {0};
        para_level_derive_roles(level, p, bodies, zones);
        for (int b = 0; b < TWO_BODIES; b++)
            if (para_level_body_role(level, p, b) != PARA_ROLE_PLAYER)
                level->body_roles[p * TWO_BODIES + b] = bodies[b];
    }
    level->hash = para_level_hash(level);
    return level;
}
