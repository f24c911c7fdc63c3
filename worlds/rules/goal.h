// SPDX-License-Identifier: MIT
#pragma once
// The parts of play.c: judging goals (goal.c), events (events.c) and driving what moves (play_drive.c).
// Private to worlds.
#include "worlds/rules/play.h"

/// Is the predicate true, and for as long as it must be? Once per step: holding times grow by one step.
/// @param out_now may be NULL; true at this moment, holding times left out
bool para_goal_judge(ParaPlay *play, const ParaLevel *level, const ParaView *view, int root, bool *out_now);
/// Share of the goal at `root` that is reached, 0 to 1.
float para_goal_progress(const ParaPlay *play, const ParaLevel *level, const ParaView *view, int root);

/// Whether a leaf is true at this moment; changes nothing.
bool para_goal_leaf_true(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                         const ParaGoalNode *node);
/// The same of one of its bodies alone. Not for TIME, which is about none.
bool para_goal_body_true(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                         const ParaGoalNode *node, int body);
/// Whether a TOUCH is true. @param out_pair out, [2] bodies: who touches whom, where it is; NULL: nobody asks
bool para_goal_touching(const ParaLevel *level, const ParaView *view, const ParaGoalNode *node,
                        int *out_pair);

/// The first of the bodies of an OVERLAP that lies in `body`, one of those it is about; -1: none.
int para_goal_overlapping(const ParaView *view, const ParaGoalNode *node, int body);

double para_play_distance(const ParaView *view, int a, int b,
                          int zone);                    ///< [m] centre of a to b, or to zone if >= 0
double para_play_speed(const ParaView *view, int body); ///< [m/s]
bool para_play_bit(const uint8_t *bits, int body);
void para_play_set_bit(uint8_t *bits, int body);
/// What a number that may change is now.  @return false where it is not given, or has no finite value now
bool para_play_number(const ParaPlay *play, const ParaLevel *level, const ParaView *view,
                      const ParaChanging *changing, double *out_value);

/// What a level begins with beside its world: spare bodies leave it, joints are unmade, motors run.
void para_play_events_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// Ramps go on by a step; of a play with events.
void para_play_events_before(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// What came into a portal passes, and events happen, in their order; of a play with events.
void para_play_events_after(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// Puts a player that has failed back to its checkpoint, and takes a life.  @return false: it has none left,
/// or came by none
bool para_play_return(ParaPlay *play, const ParaLevel *level, ParaWorld world, int player);
/// Forces of zones that change are set for the step to come.
void para_play_forces(const ParaPlay *play, const ParaLevel *level, ParaWorld world);
#define PARA_FORCE_MOST 1000.0 ///< [N/kg] of a zone, as fields.def has it
/// First half of a step: actuators and moving bodies write the world's inputs.
void para_play_drive(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// A hand draws what it holds, if that is still there: hold.c.
void para_play_hold(ParaPlay *play, const ParaLevel *level, ParaWorld world);
