// SPDX-License-Identifier: MIT
#pragma once
// Small levels of one player made in C, so that a test of the rules knows every number in them: append
// bodies, actuators, goals and rewards, then run. Tests named by SCENE_TEST run once on each solver.
#include "tests/engine/world/scene.h"
#include "worlds/rules/play.h"

#define DRILL_BODIES 16
#define DRILL_ZONES  4

typedef struct Drill {
    Scene scene; ///< its def is the level's world
    ParaLevel level;
    ParaPlayer player;
    const char *body_names[DRILL_BODIES], *zone_names[DRILL_ZONES];
    uint8_t body_roles[DRILL_BODIES], zone_roles[DRILL_ZONES], body_collects[DRILL_BODIES];
    float body_shatters[DRILL_BODIES], body_crushes[DRILL_BODIES];
    ParaMotion body_motions[DRILL_BODIES];
    int32_t body_sets[DRILL_BODIES];
    ParaWorldGroup *group;
    ParaWorld world;
    ParaPlay play;
    ParaPlayerState state; ///< of its player
} Drill;

/// Empties the drill: no bodies, no gravity, a goal that is never reached, 100 s. A drill must not be moved.
void drill_begin(Drill *drill);
/// A body of the scene, in a set of its own, without a role; shapes added next (scene_box and such) are its
/// own.
int drill_body(Drill *drill, ParaBodyKind kind, float x, float y);
/// Makes it the player's main body.
void drill_play_as(Drill *drill, int body);
/// An actuator that moves nothing yet; binds its channel.
ParaActuator *drill_actuator(Drill *drill, ParaActuatorKind kind, int channel);
/// A node of the goals that means nothing yet; the first one is the player's goal.
ParaGoalNode *drill_goal(Drill *drill, ParaGoalKind kind);
ParaRewardTerm *drill_reward(Drill *drill, ParaRewardKind kind, float weight);

/// Builds the world on the present solver.
void drill_start(Drill *drill);
void drill_end(Drill *drill);
/// Sets the actions of channels 0 and 1.
void drill_act(Drill *drill, float first, float second);
void drill_steps(Drill *drill, int count);
const ParaView *drill_view(const Drill *drill);
const ParaInputs *drill_inputs(const Drill *drill);
