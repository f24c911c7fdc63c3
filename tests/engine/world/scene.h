// SPDX-License-Identifier: MIT
#pragma once
// Small scenes for the tests of engine/world: append bodies, shapes and joints, then build. A test named by
// SCENE_TEST runs once on each solver.
#include "engine/world/world.h"

#include "tests/tests.h"

/// One test on one solver: what cmocka hands to scene_run.
typedef struct SceneRun {
    void (*test)(void **state);
    ParaSolverKind solver;
} SceneRun;
void scene_run(void **state);
#define SCENE_TEST_ON(test, word, solver)                                                                    \
    {                                                                                                        \
#test " on " word, scene_run, NULL, NULL, &(SceneRun) { test, solver }                               \
    }
/// Rows of a table of tests: the same test on each solver.
#define SCENE_TEST_CHIPMUNK(test) SCENE_TEST_ON(test, "chipmunk", PARA_SOLVER_CHIPMUNK)
#define SCENE_TEST_LANES(test)    SCENE_TEST_ON(test, "lanes", PARA_SOLVER_LANES)
#define SCENE_TEST(test)          SCENE_TEST_CHIPMUNK(test), SCENE_TEST_LANES(test)

/// The solver of the test that runs now.
ParaSolverKind scene_solver(void);
/// Empty group of the present solver; aborts the test on failure.
ParaWorldGroup *scene_room(int capacity);

/// A limit that is closer for lanes, which sees a touch coming, than for Chipmunk, which pushes out what
/// has overlapped.
double scene_limit(double chipmunk, double lanes);

/// Element i of an array of a ParaView or ParaInputs, whatever its stride.
#define AT(view, field, i) ((view)->field[(size_t)(i) * (size_t)(view)->stride])

#define SCENE_BODIES 320
#define SCENE_SHAPES 640
#define SCENE_JOINTS 64
#define SCENE_POINTS 2048

typedef struct Scene {
    ParaWorldDef def;
    ParaBodyDef bodies[SCENE_BODIES];
    ParaShapeDef shapes[SCENE_SHAPES];
    ParaJointDef joints[SCENE_JOINTS];
    ParaThrusterDef thrusters[4];
    ParaZoneDef zones[PARA_ZONES_MAX];
    ParaVec2 points[SCENE_POINTS];
} Scene;

/// Empties the scene; its def points at its own arrays, so a scene must not be moved.
void scene_begin(Scene *scene);
int scene_body(Scene *scene, ParaBodyKind kind, float x, float y); ///< index; shapes added next belong to it
int scene_circle(Scene *scene, float radius);                      ///< index of the shape
int scene_box(Scene *scene, float width, float height);
int scene_polygon(Scene *scene, const ParaVec2 *corners, int count); ///< counter-clockwise
int scene_segment(Scene *scene, ParaVec2 a, ParaVec2 b, float radius);
int scene_chain(Scene *scene, const ParaVec2 *points, int count, float radius);
int scene_joint(Scene *scene, ParaJointKind kind, int a, int b, ParaVec2 anchor_a, ParaVec2 anchor_b);
/// A joint whose two anchors lie at one place [m] of the world.
int scene_joint_at(Scene *scene, ParaJointKind kind, int a, int b, float x, float y);
int scene_zone_box(Scene *scene, float x, float y, float width, float height);
/// A static floor with its top at y = 0, from x = -100 to 100 m.
int scene_floor(Scene *scene, float friction, float restitution);
/// Scene "a" of the physics notes: a terrain of 30 pieces, a torso with two two-part legs (4 motors) and
/// 5 loose boxes. Seeds give other terrains.
void scene_walker(Scene *scene, uint64_t seed);
#define SCENE_WALKER_TORSO 1 ///< its body; legs are the next four
/// The walker's motor targets of a step: the same in every caller.
void scene_walker_act(ParaWorld world, uint64_t seed, int step);
/// A mix of everything: circles, boxes, chain, springs, a rail, a fast ball, zones.
void scene_mixed(Scene *scene);
void scene_mixed_act(ParaWorld world, int step);
/// A pulley, a gear and a rack on a frame that hangs from springs with limits.
void scene_machines(Scene *scene);
#define SCENE_MACHINES_GEAR 4 ///< its joint; the rack is the next one
/// A motor, breaks and new grips of a step: the same in every caller.
void scene_machines_act(ParaWorld world, int step);
/// One thing of a level changes: gravity, a zone, a joint, a place, a friction, who is there; each in its
/// turn.
void scene_change(ParaWorld world, int step);
#define SCENE_CHANGES 8 ///< steps after which each has had its turn

/// Group of `capacity` worlds with world 0 built from the scene; aborts the test on failure.
ParaWorldGroup *scene_group(const Scene *scene, int capacity);
void scene_build(ParaWorld world, const Scene *scene);

/// Steps a world `count` times.
void scene_steps(ParaWorld world, int count);
/// Where a point of a body's frame is [m], and how fast it moves [m/s].
void scene_point(const ParaView *view, int body, ParaVec2 local, double place[2], double speed[2]);
/// Fails the test unless |value - expected| <= tolerance; cmocka itself compares floats only.
void scene_near(double value, double expected, double tolerance);
