// SPDX-License-Identifier: MIT
#pragma once
// A level made by hand, without JSON, for the tests of observations: a scene, roles, actuators and what the
// player does now. The yard is a scene with one of everything, where no two numbers are alike.
#include "agents/observe/observe.h"
#include "tests/engine/world/scene.h"

typedef struct Stage {
    Scene scene; ///< level.world points into it, so a stage must not be moved
    ParaLevel level;
    ParaPlay play;
    ParaPlayer players[2];
    ParaPlayerState states[2];
    int player; ///< who looks: 0, the only one; 1: beside another, to whom everything is something else
    uint8_t body_roles[SCENE_BODIES], zone_roles[PARA_ZONES_MAX]; ///< for the player who looks
    uint8_t all_body_roles[2 * SCENE_BODIES],
        all_zone_roles[2 * PARA_ZONES_MAX];              ///< of the level, [A, count]
    float shatters[SCENE_BODIES], crushes[SCENE_BODIES]; ///< of the level
    uint8_t collects[SCENE_BODIES];
    float breaks[SCENE_JOINTS];
    int32_t portals[PARA_ZONES_MAX];
    double events[64]; ///< what the level's events remember, its variables first
    ParaWorldGroup *group;
    ParaWorld world;
    ParaObsSpec spec; ///< of obs
    float obs[4096];  ///< written by stage_observe
} Stage;

/// Empties the stage: no bodies, gravity (0, -10), 30 m by 12 m, 20 s, one player without actuators.
void stage_begin(Stage *stage);
/// Adds a body with its role; shapes added next belong to it. @return its index
int stage_body(Stage *stage, ParaBodyKind kind, ParaRole role, double x, double y);
/// Turns the body added last to the angle of this cosine and sine, and sets it moving.
void stage_moving(Stage *stage, double cosine, double sine, double vx, double vy, double spin);
int stage_polygon(Stage *stage, const ParaVec2 *points, int count, float density); ///< index of the shape
/// Adds a zone with its role. @param points [count] 0: a circle of `radius`   @return its index
int stage_zone(Stage *stage, ParaRole role, double x, double y, float radius, const ParaVec2 *points,
               int count);
ParaActuator *stage_actuator(Stage *stage, ParaActuatorKind kind, int channel, float sign);
int stage_thruster(Stage *stage, int body, ParaVec2 point, ParaVec2 direction, float force);
/// Builds (or rebuilds) the world; `body` is the main body of who looks.
void stage_build(Stage *stage, ParaSolverKind solver, int body);
/// The world's view, to be written by the test: what an observation makes of it is then all that is tested.
ParaView *stage_view(Stage *stage);
/// stage->obs of that layout, behind it a guard that must stand.
const float *stage_observe(Stage *stage, ParaObsSpec spec);
/// Float `i` of a span in stage->obs, of its `repeat`-th place (channel, row or slot).
float *stage_float(Stage *stage, const char *span, int repeat, int i);
void stage_end(Stage *stage);

enum {
    YARD_WALL,
    YARD_CRATE,
    YARD_HULL,
    YARD_STAR,
    YARD_WHEEL,
    YARD_MINE,
    YARD_NEAR_STAR,
    YARD_GONE,
    YARD_BODIES
};
enum { YARD_BOX = 3, YARD_TYRE = 6 }; ///< shapes: the crate's second, the wheel's
enum { YARD_KNEE, YARD_RAIL, YARD_FREE, YARD_KNEE_LOST, YARD_KNEE_LOOSE, YARD_JOINTS };
enum { YARD_WIND, YARD_PIT, YARD_DOOR, YARD_ZONES };
enum { YARD_JET, YARD_PUMP, YARD_JET_LOST, YARD_THRUSTERS };
/// The yard's def, roles, actuators and actions; not yet built, so that a test may change it first.
/// @param player who looks, see Stage
void stage_yard(Stage *stage, int player);
/// Builds the yard and sets the moment: what turned, what touches, five of twenty seconds gone.
void stage_yard_moment(Stage *stage, ParaSolverKind solver);
