// SPDX-License-Identifier: MIT
// How a level made in C is put together and run: see drill.h.
#include "tests/worlds/rules/drill.h"

#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

void drill_begin(Drill *drill)
{
    memset(drill, 0, sizeof *drill);
    scene_begin(&drill->scene);
    drill->scene.def.gravity = (ParaVec2){0, 0};
    ParaLevel *level = &drill->level;
    snprintf(level->family, sizeof level->family, "drill");
    level->seconds = 100;
    level->frame_skip = 4;
    level->body_names = drill->body_names;
    level->body_roles = drill->body_roles;
    level->body_shatters = drill->body_shatters;
    level->body_crushes = drill->body_crushes;
    level->body_collects = drill->body_collects;
    level->body_motions = drill->body_motions;
    level->body_sets = drill->body_sets;
    level->zone_names = drill->zone_names;
    level->zone_roles = drill->zone_roles;
    level->player_count = 1;
    level->players = &drill->player;
    drill->player = (ParaPlayer){
        .body = -1, .sight = 10, .goal_root = 0, .fail_root = -1, .reward_solved = 10, .reward_failed = -3};
}

int drill_body(Drill *drill, ParaBodyKind kind, float x, float y)
{
    PARA_ASSERT(drill->scene.def.body_count < DRILL_BODIES);
    int body = scene_body(&drill->scene, kind, x, y);
    drill->body_names[body] = "";
    drill->body_sets[body] = body;
    drill->body_motions[body].period = 1;
    return body;
}

void drill_play_as(Drill *drill, int body)
{
    drill->player.body = body;
    drill->body_roles[body] = PARA_ROLE_PLAYER;
}

ParaActuator *drill_actuator(Drill *drill, ParaActuatorKind kind, int channel)
{
    PARA_ASSERT(drill->player.actuator_count < PARA_ACTUATORS_MAX);
    ParaActuator *actuator = &drill->player.actuators[drill->player.actuator_count++];
    *actuator =
        (ParaActuator){.kind = kind, .channel = channel, .sign = 1, .body = -1, .joint = -1, .thruster = -1};
    drill->player.channel_bits |= 1u << channel;
    return actuator;
}

ParaGoalNode *drill_goal(Drill *drill, ParaGoalKind kind)
{
    PARA_ASSERT(drill->level.goal_count < PARA_GOAL_NODES_MAX);
    ParaGoalNode *node = &drill->level.goals[drill->level.goal_count++];
    *node = (ParaGoalNode){.kind = kind, .a = -1, .b = -1, .zone = -1};
    return node;
}

ParaRewardTerm *drill_reward(Drill *drill, ParaRewardKind kind, float weight)
{
    PARA_ASSERT(drill->level.reward_count < PARA_REWARDS_MAX);
    ParaRewardTerm *term = &drill->level.rewards[drill->level.reward_count++];
    *term = (ParaRewardTerm){.kind = kind, .a = -1, .b = -1, .zone = -1, .weight = weight, .player = 0};
    return term;
}

void drill_start(Drill *drill)
{
    if (drill->level.goal_count == 0)
        drill_goal(drill, PARA_GOAL_ANY); // of nothing: never
    for (int z = 0; z < drill->scene.def.zone_count; z++)
        drill->zone_names[z] = "";
    drill->level.world = drill->scene.def;
    drill->group = scene_room(1);
    drill->world = para_world_at(drill->group, 0);
    assert_true(para_play_begin(&drill->play, &drill->level, drill->world, &drill->state, NULL, NULL));
}

void drill_end(Drill *drill) { para_world_group_destroy(drill->group); }

void drill_act(Drill *drill, float first, float second)
{
    const float actions[PARA_CHANNELS] = {first, second};
    para_play_act(&drill->play, &drill->level, actions);
}

void drill_steps(Drill *drill, int count)
{
    for (int i = 0; i < count; i++)
        para_play_step(&drill->play, &drill->level, drill->world);
}

const ParaView *drill_view(const Drill *drill) { return para_world_view(drill->world); }
const ParaInputs *drill_inputs(const Drill *drill) { return para_world_inputs(drill->world); }
