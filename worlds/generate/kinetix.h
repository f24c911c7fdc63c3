// SPDX-License-Identifier: MIT
#pragma once
// A level of Kinetix (FLAIROx/Kinetix) as plain data, what follows from it for ours, and such levels drawn at
// random as its own generator draws them. The sampler makes levels of it, for templates that say so, and
// worlds/import reads, writes and prints it: what means a motor, a mass or a contact stands here once.
// Source: Matthews, Beukman, Lu, Foerster, "Kinetix", ICLR 2025; what is like it and what not:
// docs/importing.md.
#include "engine/base/arena.h"
#include "engine/world/geometry.h"
#include "worlds/level/level.h"

#define PARA_KX_CORNERS   8 ///< of a polygon; Kinetix's own have 4
#define PARA_KX_WALLS     4 ///< the first polygons: floor, left and right wall, ceiling
#define PARA_KX_DECISIONS 256
#define PARA_KX_SKIP      2 ///< physics steps of a decision
#define PARA_KX_MOTORS    4 ///< channels of motors; those of thrusters stand behind them
#define PARA_KX_THRUSTERS 2
#define PARA_KX_CHANNELS  (PARA_KX_MOTORS + PARA_KX_THRUSTERS)
#define PARA_KX_WIDE      5.0 ///< [m] the side of its square world
#define PARA_KX_GROUND    0.4 ///< [m] the height of its floor's top

typedef enum { PARA_KX_NONE, PARA_KX_GREEN, PARA_KX_BLUE, PARA_KX_RED } ParaKxRole;

/// An active shape; Kinetix's polygons come before its circles.
typedef struct ParaKxBody {
    int slot;                         ///< [1] >= 0 among the polygons of the file, or among its circles
    bool circle;                      ///< else a polygon
    bool fixed;                       ///< never moves
    int corners;                      ///< [1] 3..PARA_KX_CORNERS of a polygon
    ParaVec2 corner[PARA_KX_CORNERS]; ///< [m] any finite, body frame, counter-clockwise
    double radius;                    ///< [m] > 0 of a circle
    double x, y, angle;               ///< [m] [m] [rad] any finite
    double vx, vy, spin;              ///< [m/s] [m/s] [rad/s] any finite
    double mass, inertia; ///< [kg] [kg m^2] > 0; 0: its density and shape say; inertia -1: it does not turn
    double density;       ///< [kg/m^2] >= 0 as the file says; 0: it does not
    double friction, restitution; ///< [1] >= 0 as the file says: friction times base_friction is ours
    int mode;                     ///< [1] 0..2 collision mode
    ParaKxRole role;
    int component; ///< [1] >= 0 of bodies that joints hold together, its smallest index
    int jointed;   ///< [1] >= 0 bodies of its component
    int driven;    ///< [1] >= 0 motors and thrusters on it
    bool rolls;    ///< a motor turns it, and it is a circle
    const char *name;
} ParaKxBody;

typedef struct ParaKxJoint {
    int slot;                    ///< [1] >= 0 among the joints of the file
    int a, b;                    ///< [1] 0..body_count - 1
    ParaVec2 anchor_a, anchor_b; ///< [m] any finite, body frames
    double rest; ///< [rad] any finite: angle of b less that of a at rest, from which limits count
    bool weld, motor, limited;
    double low, high;    ///< [rad] any finite, from rest
    double speed, power; ///< [1] any finite, times base_motor_speed, base_motor_power
    int channel;         ///< [1] 0..PARA_KX_MOTORS - 1
    const char *name;
} ParaKxJoint;

typedef struct ParaKxThruster {
    int slot;     ///< [1] >= 0 among the thrusters of the file
    int body;     ///< [1] 0..body_count - 1
    ParaVec2 at;  ///< [m] any finite, body frame
    double angle; ///< [rad] any finite, of its force, body frame
    double power; ///< [1] any finite, times base_thruster_power
    int channel;  ///< [1] 0..PARA_KX_THRUSTERS - 1
} ParaKxThruster;

typedef struct ParaKxScene {
    double dt;                                       ///< [s] > 0
    double motor_speed, motor_power, thruster_power; ///< [rad/s] [rad/s^2] [N] any finite
    double motor_decay, motor_limit;                 ///< [s/rad] [rad] any finite
    double friction;                                 ///< [1] >= 0 base_friction
    ParaVec2 gravity;                                ///< [m/s^2] any finite
    int body_count, joint_count, thruster_count;     ///< [1] >= 0
    ParaKxBody *bodies;
    ParaKxJoint *joints;
    ParaKxThruster *thrusters;
} ParaKxScene;

/// The parameters that all hand-made levels have.
ParaKxScene para_kx_defaults(void);
/// Floor, left wall, right wall or ceiling, without a role.  @param wall 0..PARA_KX_WALLS - 1
ParaKxBody para_kx_wall(int wall);
/// Finds which bodies joints hold together, by way of others too: they do not collide with each other.
void para_kx_find_components(ParaKxScene *scene);
/// Gives every body and joint a name that a person can read.
void para_kx_name(ParaKxScene *scene, ParaArena *arena);

// ---------------------------------------------------------------------------------------------
// What follows from it.

/// Do two numbers of a file mean the same? Its floats are printed ones.
bool para_kx_same(double a, double b);
/// Do the contacts of two bodies push, as far as joints and modes go; and are they looked at at all?
bool para_kx_collide(const ParaKxBody *a, const ParaKxBody *b);
bool para_kx_meet(const ParaKxBody *a, const ParaKxBody *b);
/// The group of what does not collide with each other for being held together; 0: none is needed, as two that
/// are joined do not collide anyway.
uint32_t para_kx_group(const ParaKxBody *body);

/// Mass of 1 kg/m^2 of a body's shape, and where its centre is.
ParaMass para_kx_unit_mass(const ParaKxBody *body);
/// Is it a rectangle about its origin, its sides along its axes? Then its width and height [m].
bool para_kx_is_box(const ParaKxBody *body, double *out_width, double *out_height);

/// What a body weighs, and how ours come to it.
typedef struct ParaKxWeight {
    double density;      ///< [kg/m^2] > 0
    double scale;        ///< [1] > 0 times the inertia of its shape: 0.5 of Kinetix's own circles
    double mass, moment; ///< [kg] [kg m^2] >= 0: 0 of what is fixed; moment 0 of what does not turn
    ParaVec2 shift;      ///< [m] any finite, of its centre, as Kinetix turns a shape about its position
} ParaKxWeight;
ParaKxWeight para_kx_weigh(const ParaKxBody *body);

/// Does a joint hold two fixed shapes? Then it does nothing.
bool para_kx_is_held(const ParaKxScene *scene, const ParaKxJoint *joint);
/// [rad] How far a joint is from rest where the level starts.
double para_kx_start(const ParaKxScene *scene, const ParaKxJoint *joint);
/// [rad] Its limits from where the level starts.  @return false: the least was above the most, which is taken
bool para_kx_limits(const ParaKxScene *scene, const ParaKxJoint *joint, double *out_low, double *out_high);
/// Has it a motor that does something?
bool para_kx_drives(const ParaKxScene *scene, const ParaKxJoint *joint);
/// [N m] of its motor: base power times its own, by the inertias that it works between.
/// @param weights [body_count]
double para_kx_torque(const ParaKxScene *scene, const ParaKxJoint *joint, const ParaKxWeight *weights);
/// Is a thruster on what moves?
bool para_kx_pushes(const ParaKxScene *scene, const ParaKxThruster *thruster);
/// [N] of a thruster, with the direction it pushes to in its body's frame.
double para_kx_thrust(const ParaKxScene *scene, const ParaKxThruster *thruster, ParaVec2 *out_direction);

/// The body that is the player's eye: what acts, then what is to get somewhere, then what is heavy. Counts
/// what drives each body.  @param weights [body_count]   @return -1: nothing moves
int para_kx_choose_player(ParaKxScene *scene, const ParaKxWeight *weights);

/// As Kinetix's editor has them. With +1 a wheel below its car turns counter-clockwise, and the car goes
/// left.
typedef struct ParaKxKeys {
    const char *label, *positive, *negative; ///< negative NULL: a thruster's
} ParaKxKeys;
ParaKxKeys para_kx_keys(int channel); ///< @param channel 0..PARA_KX_CHANNELS - 1

/// A green shape and one of another role whose contact Kinetix looks at.
typedef struct ParaKxPair {
    int a, b; ///< [1] 0..body_count - 1
} ParaKxPair;
/// @param out out, the first of them, at most `room`; NULL: they are counted   @return how many there are
int para_kx_find_pairs(const ParaKxScene *scene, ParaKxRole role, ParaKxPair *out, int room);

// ---------------------------------------------------------------------------------------------
// Levels at random.

/// Its classes: how many there may be of what.
typedef enum { PARA_KX_SMALL, PARA_KX_MEDIUM, PARA_KX_LARGE, PARA_KX_SIZES } ParaKxSize;
typedef struct ParaKxCapacity {
    const char *word;               ///< "s", "m" or "l"
    int polygons;                   ///< [1] >= PARA_KX_WALLS with the walls
    int circles, joints, thrusters; ///< [1] >= 0
} ParaKxCapacity;
ParaKxCapacity para_kx_capacity(ParaKxSize size);

/// A level as Kinetix's generator draws them, ahead of its filter: components found, everything named.
/// Deterministic in (size, seed).
/// @param arena gets bodies, joints, thrusters and names
/// Cost: about 7 us (s) to 80 us (l), most of it for where 8 proposals of each shape would touch
ParaKxScene para_kx_random(ParaKxSize size, uint64_t seed, ParaArena *arena);

/// A shape where it is in the world, to ask what it touches.
typedef struct ParaKxOutline {
    double x, y, reach; ///< [m] any finite; its position, and how far it goes from there
    int count;          ///< [1] 3..PARA_KX_CORNERS corners; 0: of a circle
    double corner_x[PARA_KX_CORNERS], corner_y[PARA_KX_CORNERS]; ///< [m] any finite, counter-clockwise
    double normal_x[PARA_KX_CORNERS],
        normal_y[PARA_KX_CORNERS];  ///< [1] -1..1 of the face that begins at each
    double length[PARA_KX_CORNERS]; ///< [m] > 0 of that face
} ParaKxOutline;
ParaKxOutline para_kx_outline(const ParaKxBody *body);
/// So many contact points Kinetix would find between two shapes: of two rectangles 0 to 2, else 0 or 1.
int para_kx_contacts(const ParaKxOutline *a, const ParaKxOutline *b);
