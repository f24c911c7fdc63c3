// SPDX-License-Identifier: MIT
#pragma once
// A Kinetix level as plain data, between its JSON and a template's. Private to worlds/import.
#include "worlds/import/kinetix.h"

#define PARA_KX_CORNERS   8 ///< of a polygon; Kinetix's own have 4
#define PARA_KX_WALLS     4 ///< the first polygons: floor, left and right wall, ceiling
#define PARA_KX_DECISIONS 256
#define PARA_KX_SKIP      2 ///< physics steps of a decision
#define PARA_KX_MOTORS    4 ///< channels of motors; those of thrusters stand behind them
#define PARA_KX_THRUSTERS 2

typedef enum { PARA_KX_NONE, PARA_KX_GREEN, PARA_KX_BLUE, PARA_KX_RED } ParaKxRole;

/// An active shape; Kinetix's polygons come before its circles.
typedef struct ParaKxBody {
    int slot;                         ///< [1] >= 0 among the polygons of the file, or among its circles
    bool circle;                      ///< else a polygon
    bool fixed;                       ///< never moves
    int corners;                      ///< [1] 3..PARA_KX_CORNERS of a polygon
    ParaVec2 corner[PARA_KX_CORNERS]; ///< [m] body frame, counter-clockwise
    double radius;                    ///< [m] > 0 of a circle
    double x, y, angle;               ///< [m] [m] [rad]
    double vx, vy, spin;              ///< [m/s] [m/s] [rad/s]
    double mass, inertia; ///< [kg] [kg m^2] > 0; 0: its density and shape say; inertia -1: it does not turn
    double density;       ///< [kg/m^2] as the file says; 0: it does not
    double friction, restitution; ///< [1] as the file says: friction times base_friction is ours
    int mode;                     ///< [1] 0..2 collision mode
    ParaKxRole role;
    int component; ///< [1] >= 0 of bodies that joints hold together, its smallest index
    int jointed;   ///< [1] >= 0 bodies of its component
    int driven;    ///< [1] >= 0 motors and thrusters on it
    bool rolls;    ///< a motor turns it, and it is a circle
    const char *name;
} ParaKxBody;

typedef struct ParaKxJoint {
    int slot;
    int a, b; ///< [1] bodies
    ParaVec2 anchor_a, anchor_b;
    double rest; ///< [rad] angle of b less that of a where it is at rest, and from which limits count
    bool weld, motor, limited;
    double low, high;    ///< [rad] from rest
    double speed, power; ///< [1] times base_motor_speed, base_motor_power
    int channel;         ///< [1] 0..PARA_KX_MOTORS - 1
    const char *name;
} ParaKxJoint;

typedef struct ParaKxThruster {
    int slot;
    int body;
    ParaVec2 at;  ///< [m] body frame
    double angle; ///< [rad] of its force, body frame
    double power; ///< [1] times base_thruster_power
    int channel;  ///< [1] 0..PARA_KX_THRUSTERS - 1
} ParaKxThruster;

typedef struct ParaKxScene {
    double dt;                                       ///< [s]
    double motor_speed, motor_power, thruster_power; ///< [rad/s] [rad/s^2] [N]
    double motor_decay, motor_limit;                 ///< [s/rad] [rad]
    double friction;                                 ///< [1] base_friction
    ParaVec2 gravity;                                ///< [m/s^2]
    int body_count, joint_count, thruster_count;
    ParaKxBody *bodies;
    ParaKxJoint *joints;
    ParaKxThruster *thrusters;
} ParaKxScene;

/// The parameters that all hand-made levels have.
ParaKxScene para_kx_defaults(void);
/// Reads a level. @return false if it is refused
bool para_kx_read(const char *text, size_t size, ParaKxScene *out, ParaArena *arena, ParaDiagList *list);
/// Finds which bodies joints hold together, by way of others too: they do not collide with each other.
void para_kx_find_components(ParaKxScene *scene);
/// Gives every body and joint a name that a person can read.
void para_kx_name(ParaKxScene *scene, ParaArena *arena);
/// Writes the template. @return NULL if it is refused
char *para_kx_write(const ParaKxScene *scene, const ParaKinetixChoices *choices, ParaArena *arena,
                    ParaDiagList *list);
/// Do the contacts of two bodies push, as far as joints and modes go; and are they looked at at all?
bool para_kx_collide(const ParaKxBody *a, const ParaKxBody *b);
bool para_kx_meet(const ParaKxBody *a, const ParaKxBody *b);

/// The other way: a level as such data. @return false if it is refused
bool para_kx_tell(const ParaLevel *level, ParaKxScene *out, ParaArena *arena, ParaDiagList *list);
/// Such data as Kinetix's JSON, in the smallest of its size classes that holds it.
char *para_kx_print(const ParaKxScene *scene, ParaArena *arena, ParaDiagList *list);
