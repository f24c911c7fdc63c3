// SPDX-License-Identifier: MIT
#pragma once
// What the events of a level in play remember, for those who make them happen (events.c), do what they say
// (act.c) and drive what they start (play_drive.c). Private to worlds.
#include "worlds/rules/goal.h"

/// An act on its way: a number that goes somewhere over a time.
typedef struct ParaRamp {
    double to[2]; ///< [1] where it goes, in the unit of its act
    int32_t left; ///< [step] >= 0 until it is there; 0: it is not on its way
} ParaRamp;

/// A body that `moves`, in levels with events: it runs by a clock of its own.
typedef struct ParaMover {
    int32_t clock;     ///< [step] of its swing
    int32_t direction; ///< [1] 1 or -1 that it runs, or ran
    bool runs;
} ParaMover;

/// What events remember; behind it lie ramps, movers and frictions, as para_play_events_size counts them.
struct ParaEventState {
    double variables[PARA_VARIABLES_MAX]; ///< [1] -PARA_VARIABLE_MOST..PARA_VARIABLE_MOST  [variable_count]
    uint32_t was;                         ///< [bits] events whose predicate was true in the last step
    uint32_t spent;                       ///< [bits] events that have happened
    uint32_t zones_removed;               ///< [bits]
    uint8_t removed[(PARA_BODIES_MAX + 7) / 8]; ///< [bits] bodies that never come back
};

ParaRamp *para_events_ramps(const ParaPlay *play);                           ///< [act_count]
ParaMover *para_events_movers(const ParaPlay *play, const ParaLevel *level); ///< [play->moving_end]
/// [1] 0..1e3 of each body's shapes, as acts left it  [body_count]; NULL: no act changes any
float *para_events_frictions(const ParaPlay *play, const ParaLevel *level);

/// The swing of a body in the step to come: its clock runs on.  @return [step]
int32_t para_events_clock(ParaPlay *play, const ParaLevel *level, int body);

/// Does an act of the level.
void para_act_do(ParaPlay *play, const ParaLevel *level, ParaWorld world, int act);
/// A step of an act that is on its way.
void para_act_go_on(ParaPlay *play, const ParaLevel *level, ParaWorld world, int act);
