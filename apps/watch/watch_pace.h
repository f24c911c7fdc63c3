// SPDX-License-Identifier: MIT
#pragma once
// How often `watch` draws. Where nothing else is idle, each picture is taken from the training, by whatever
// class it is drawn in: a thread that waits for its fellows a moment finds the core taken when it goes on.
#include <stdbool.h>

#define PARA_PACE_FRAME  (1.0 / 30) ///< [s] between two pictures where they cost nobody anything
#define PARA_PACE_SLOW   1.0        ///< [s] at most between two
#define PARA_PACE_SHARE  0.012      ///< [1] of all cores that pictures take at most while a training goes on
#define PARA_PACE_TOUCH  4.0        ///< [s] that it is smooth after a key or the mouse
#define PARA_PACE_LIVING 30.0       ///< [s] without news after which a training counts as over

typedef struct ParaPace {
    double cost;    ///< [s] >= 0 CPU time of a picture and what goes with it, mean of the last ten or so
    double touched; ///< [s] clock when a person did something last
    double news;    ///< [s] clock when there was news of the training last
    bool smooth;    ///< a person wants all pictures, whatever they cost
} ParaPace;

/// Counts what a picture cost. @param seconds [s] >= 0 CPU time of the process since the one before
void para_pace_count(ParaPace *pace, double seconds);
/// Whether pictures are held back now. @param now [s] clock
bool para_pace_saves(const ParaPace *pace, double now);
/// The time between two pictures.
/// @param cores [1] >= 1 of the machine
/// @param now [s] clock
/// @return [s] PARA_PACE_FRAME..PARA_PACE_SLOW. Any thread. Cost: some sums
double para_pace_between(const ParaPace *pace, int cores, double now);
