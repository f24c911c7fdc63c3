// SPDX-License-Identifier: MIT
#pragma once
// A level in play: actions in, goal and reward out, one physics step at a time. Used by the env, the
// window and the replay verifier alike, so that all three mean the same.
#include "worlds/level/level.h"

typedef enum {
    PARA_PLAY_ON,
    PARA_PLAY_SOLVED,  ///< goal reached: terminated
    PARA_PLAY_FAILED,  ///< fail predicate: terminated
    PARA_PLAY_TIMEOUT, ///< time limit: truncated
    PARA_PLAY_DIVERGED ///< physics ran away: truncated
} ParaPlayStatus;

/// State of the rules of one running level. Plain data: copying it (with a world clone) copies the play.
typedef struct ParaPlay {
    ParaPlayStatus status;
    float reward;                      ///< [1] summed over steps until the caller zeroes it
    float action[PARA_CHANNELS];       ///< in force now
    float hold[PARA_GOAL_NODES_MAX];   ///< [s] how long each node has been true
    uint8_t done[PARA_GOAL_NODES_MAX]; ///< THEN: children passed; SHATTERED and COLLECTED: latched
    float potential[PARA_REWARDS_MAX]; ///< last value of each potential term
    uint32_t pressed;                  ///< jump actuators, by index, held down since their jump
    int32_t grip_body;                 ///< held body, -1
    ParaVec2 grip_a, grip_b;           ///< [m] local anchors of the grip
    uint8_t shattered[(PARA_BODIES_MAX + 7) / 8], collected[(PARA_BODIES_MAX + 7) / 8];
    float progress; ///< [1] 0..1 share of the goal now (held time, collected share)
} ParaPlay;

/// Builds the world of a level and sets the rules to their start.
bool para_play_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world, ParaDiagList *diagnostics);
/// Sets the action in force. @param action [8] each -1..1; unbound channels are ignored
void para_play_act(ParaPlay *play, const ParaLevel *level, const float *action);
/// First half of a physics step: actuators and moving bodies write the world's inputs.
void para_play_before_step(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// Second half, after the world stepped: goal, fail and rewards are read; adds to play->reward.
void para_play_after_step(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// before, para_world_step, after. No-op once the status is not ON. The caller zeroes play->reward when it
/// has taken it.
void para_play_step(ParaPlay *play, const ParaLevel *level, ParaWorld world);
