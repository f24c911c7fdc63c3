// SPDX-License-Identifier: MIT
#pragma once
// What of one physics step can be seen and heard: what struck, slid, rolled, broke, splashed, and what
// pushes. Read from a world's view after each step; the particles of the window and the sounds are both made
// of it. Plain data of a fixed size: no heap, no pointers kept, the same steps give the same bits. Nothing
// here has an effect on the world.
#include "engine/draw/scene.h"

#define PARA_IMPACTS_MAX  64   ///< of a step: the strongest
#define PARA_RUBS_MAX     64   ///< of a step: the strongest
#define PARA_BREAKS_MAX   32   ///< of a step: the largest
#define PARA_SPLASHES_MAX 32   ///< of a step: the strongest
#define PARA_DRIVES_MAX   64   ///< of a step: the strongest
#define PARA_TOUCHES_MAX  1024 ///< contacts whose last impulse is remembered; beyond, none jumps

/// Two bodies struck each other: they began to touch, or what they press jumped up. One for each two bodies.
typedef struct ParaImpact {
    float strength;      ///< [N s] > 0 impulse of the blow, of all places where the two touch
    float speed;         ///< [m/s] > 0 change of their speed against each other that it makes
    ParaVec2 point;      ///< [m] any finite; where it was strongest, world frame
    ParaVec2 normal;     ///< [1] -1..1 unit vector from a to b
    int32_t a, b;        ///< [1] 0..body_count - 1
    uint8_t look, other; ///< [ParaSurface] of a and of b
    bool begins;         ///< they did not touch before
} ParaImpact;

/// Two bodies that go on touching and move along each other.
typedef struct ParaRub {
    float strength;      ///< [W] > 0 how much there is of it: press times the faster of slide and roll
    float press;         ///< [N] > 0 mean force of the step
    float slide;         ///< [m/s] >= 0 of the surfaces along each other
    float roll;          ///< [m/s] >= 0 of the place of touch along the surfaces, as one turns on the other
    ParaVec2 point;      ///< [m] any finite; world frame
    ParaVec2 normal;     ///< [1] -1..1 unit vector from a to b
    int32_t a, b;        ///< [1] 0..body_count - 1
    uint8_t look, other; ///< [ParaSurface] of a and of b
} ParaRub;

/// A body or a joint that is there no more.
typedef struct ParaBreak {
    float strength; ///< [m] > 0 size: radius of a body about its centre of mass; of a joint 0.1
    ParaVec2 point; ///< [m] any finite; centre of mass of the body, or the joint's anchor on a; world frame
    ParaVec2 velocity; ///< [m/s] any finite; what it had, of a joint's body b
    int32_t body;      ///< [1] 0..body_count - 1 shattered, collected or taken away; -1: it is a joint
    int32_t joint;     ///< [1] 0..joint_count - 1 broken while both its bodies stay; -1: it is a body
    uint8_t look;      ///< [ParaSurface] of the body, of a joint's body b
} ParaBreak;

/// A body went through the border of a fluid.
typedef struct ParaSplash {
    float strength;    ///< [N s] > 0 momentum with which it did: mass times speed against the fluid's zone
    float speed;       ///< [m/s] > 0
    float mass;        ///< [kg] > 0
    float radius;      ///< [m] > 0 of the body about its centre of mass
    ParaVec2 point;    ///< [m] any finite; of the border nearest to the body, world frame
    ParaVec2 velocity; ///< [m/s] any finite; of the body
    int32_t body;      ///< [1] 0..body_count - 1
    int32_t zone;      ///< [1] 0..zone_count - 1
    bool enters;       ///< else it leaves
} ParaSplash;

/// A thruster that pushes now.
typedef struct ParaThrust {
    float strength;     ///< [N] > 0 force
    float power;        ///< [1] 0..1 of what it has
    ParaVec2 point;     ///< [m] any finite; world frame
    ParaVec2 direction; ///< [1] -1..1 unit vector of the force on the body; the flame goes the other way
    int32_t thruster;   ///< [1] 0..thruster_count - 1
    bool wet;           ///< in a fluid, where nothing burns
} ParaThrust;

/// A motor that turns or shifts something now.
typedef struct ParaDrive {
    float strength; ///< [W] >= 0 load times speed, for the order only: load is not along the speed
    float load;     ///< [N] >= 0 at the anchors
    float speed;    ///< [rad/s] or [m/s] any finite, as view->joint_speed
    float wish;     ///< [rad/s] or [m/s] any finite; what the motor is asked for; 0 without inputs
    bool on;        ///< it is driven: its most is above 0; false without inputs
    ParaVec2 point; ///< [m] any finite; anchor on a, world frame
    int32_t joint;  ///< [1] 0..joint_count - 1
} ParaDrive;

/// What a reader remembers of the step before.
typedef struct ParaHappenedBefore {
    const ParaWorldDef *def; ///< of the world that is read; compared only, NULL: nothing was read yet
    uint64_t step;           ///< [1] >= 0
    struct {
        int32_t shape_a, shape_b;           ///< [1] 0..shape_count - 1
        float impulse;                      ///< [N s] >= 0
    } touches[PARA_TOUCHES_MAX];            ///< sorted by shapes  [touch_count]
    int touch_count;                        ///< [1] 0..PARA_TOUCHES_MAX
    float radius[PARA_BODIES_MAX];          ///< [m] >= 0 of each body about its centre of mass
    uint8_t enabled[PARA_BODIES_MAX];       ///< [1] 0 or 1
    uint8_t joint_enabled[PARA_JOINTS_MAX]; ///< [1] 0 or 1
    uint32_t wet[PARA_BODIES_MAX];          ///< [bits] fluid zones that a body is in
} ParaHappenedBefore;

/// What happened in the last step. Each list has the strongest first; what did not fit is counted.
typedef struct ParaHappenings {
    ParaImpact impacts[PARA_IMPACTS_MAX];        ///< [impact_count]
    ParaRub rubs[PARA_RUBS_MAX];                 ///< [rub_count]
    ParaBreak breaks[PARA_BREAKS_MAX];           ///< [break_count]
    ParaSplash splashes[PARA_SPLASHES_MAX];      ///< [splash_count]
    ParaThrust thrusts[PARA_THRUSTERS_MAX];      ///< [thrust_count]
    ParaDrive drives[PARA_DRIVES_MAX];           ///< [drive_count]
    int impact_count, rub_count, break_count;    ///< [1] >= 0
    int splash_count, thrust_count, drive_count; ///< [1] >= 0
    int dropped;                                 ///< [1] >= 0 weaker ones that had no room
    ParaHappenedBefore before;                   ///< for the next step
} ParaHappenings;

/// Takes the world as it is: nothing has happened yet. Before the first step of a level, after a restore.
/// Cost: O(bodies + shapes + points + contacts), below 1 us for 14 bodies.
void para_happenings_begin(ParaHappenings *happenings, const ParaView *view);
/// Reads what happened in the step that was just made, or since the last call. A view of another world, or of
/// an earlier step (rewound), begins anew; so does a world that diverged. A second call without a step
/// between finds only what goes on (rubs, thrusts, drives).
/// @param inputs of the world, or NULL: thrusts are none, motors not known to be driven
/// @param body_looks [ParaSurface] [body_count] as in ParaSceneDef; NULL: none
/// Threads: as for reading a view.  Cost: O(bodies + contacts + joints), below 1 us for 14 bodies.
/// Source: ours
void para_happenings_read(ParaHappenings *happenings, const ParaView *view, const ParaInputs *inputs,
                          const uint8_t *body_looks);
