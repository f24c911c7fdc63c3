// SPDX-License-Identifier: MIT
#pragma once
// A puzzle as its player sees it before the ball is there: forms, what each is, where; and what one action
// means beside them. Numbers of the order of 1, none of which says which puzzle it is.
#include "engine/world/geometry.h"
#include "worlds/level/level.h"

#define PARA_SCENE_SHAPES_MAX 64 ///< beyond, those farthest from green and goal are not seen
#define PARA_SCENE_ROW        32 ///< numbers about one shape and an action
#define PARA_SCENE_WHOLE      14 ///< numbers about an action as a whole

typedef struct ParaSceneShape {
    ParaPoint corner[PARA_POLYGON_POINTS_MAX]; ///< [m] world frame, as it begins  [corners]
    int corners;                               ///< [1] 3..8; 0: a circle
    double x, y;                               ///< [m] any finite its middle
    double radius;                             ///< [m] > 0 circle
    double cosine, sine;                       ///< [1] -1..1 of its longest side
    double along, across;                      ///< [m] > 0 half of what it measures that way, and across
    double left, right;                        ///< [m] any finite
    double mass;                               ///< [kg] >= 0; of what is fixed 0
    bool fixed, green, goal;
} ParaSceneShape;

typedef struct ParaPuzzleScene {
    double width, height;                         ///< [m] > 0
    int shape_count;                              ///< [1] 0..PARA_SCENE_SHAPES_MAX
    ParaSceneShape shapes[PARA_SCENE_SHAPES_MAX]; ///< but the ball, and what lies wholly outside
    double green[2], goal[2];                     ///< [m] any finite middle of their bodies
    double green_size;                            ///< [m] > 0 about its radius
} ParaPuzzleScene;

/// Where an action puts the ball: as PHYRE does it, in whole pixels.
typedef struct ParaPuzzleBall {
    double x, y, radius; ///< [m] -1e4..1e4, radius > 0
} ParaPuzzleBall;

/// @param level of para_phyre_write, its ball anywhere   Cost: O(shapes)
void para_puzzle_scene(const ParaLevel *level, ParaPuzzleScene *out);
/// @param action [1] 0..1 x, y, r
ParaPuzzleBall para_puzzle_ball(const double action[3]);
/// Puts the ball of a level where an action says, for whoever asks whether it may be there.
void para_puzzle_put(ParaLevel *level, const double action[3]);
/// @param rows out, [shape_count, PARA_SCENE_ROW]   @param whole out, [PARA_SCENE_WHOLE]
void para_puzzle_facts(const ParaPuzzleScene *scene, const double action[3], float *rows, float *whole);
