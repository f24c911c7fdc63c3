// SPDX-License-Identifier: MIT
#pragma once
// What a world is. Nothing above this header knows which solver runs. Worlds live in groups that a
// solver steps together; a pointer-based solver loops over them, a batched one runs them in lock-step.
// SI units, y up, angles counter-clockwise in radians. A step allocates nothing from the heap.
#include "engine/base/arena.h"
#include "engine/base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---------------------------------------------------------------------------------------------
// What it is: plain data, written once by whoever builds a level, const afterwards.

typedef struct ParaVec2 {
    float x, y; ///< [1] any finite, in the unit of the field it is of
} ParaVec2;

typedef enum { PARA_BODY_STATIC, PARA_BODY_KINEMATIC, PARA_BODY_DYNAMIC } ParaBodyKind;
typedef enum { PARA_SHAPE_CIRCLE, PARA_SHAPE_POLYGON, PARA_SHAPE_SEGMENT, PARA_SHAPE_CHAIN } ParaShapeKind;
typedef enum {
    PARA_JOINT_REVOLUTE,
    PARA_JOINT_WELD,
    PARA_JOINT_PRISMATIC,
    PARA_JOINT_DISTANCE,
    PARA_JOINT_SPRING,
    PARA_JOINT_PULLEY, ///< one rope from a over two fixed wheels to b
    PARA_JOINT_GEAR,   ///< a and b turn in a ratio
    PARA_JOINT_RACK    ///< b goes along an axis as a turns
} ParaJointKind;
/// What the friction of two surfaces makes of their two numbers: their product, or the root of the sum of
/// their squares.
typedef enum { PARA_FRICTION_PRODUCT, PARA_FRICTION_ROOT_OF_SQUARES } ParaFrictionRule;
/// What a bounce makes of its two numbers.
typedef enum { PARA_RESTITUTION_PRODUCT, PARA_RESTITUTION_LEAST } ParaRestitutionRule;
/// DREAM: a model that learned how worlds move runs them; whoever has one makes their groups
/// (agents/dream/dream.h).
typedef enum { PARA_SOLVER_AUTO, PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES, PARA_SOLVER_DREAM } ParaSolverKind;

#define PARA_POLYGON_POINTS_MAX 8 ///< vertices of one convex polygon

typedef struct ParaBodyDef {
    ParaBodyKind kind;
    ParaVec2 position;     ///< [m] -1e4..1e4 of the body's origin
    float angle;           ///< [rad] -1e4..1e4
    ParaVec2 velocity;     ///< [m/s] -1e3..1e3 of the origin; kinematic bodies keep it
    float spin;            ///< [rad/s] -1e3..1e3
    float gravity_scale;   ///< [1] -1e3..1e3, times the world's gravity; default 1
    float linear_damping;  ///< [1/s] 0..1e3; velocity falls as exp(-damping * time); default 0
    float angular_damping; ///< [1/s] 0..1e3; the same for the spin; default 0
    uint32_t group;        ///< [id] bodies with the same non-zero group never collide
    bool fast;             ///< swept against the others, cannot tunnel (costs a ray when fast)
    bool fixed_rotation;   ///< dynamic: it never turns, whatever pushes it; its spin counts as 0
    float inertia_scale;   ///< [1] 1e-3..1e3, times the moment of inertia of its shapes; default 1
    ParaVec2 centre_shift; ///< [m] -1e3..1e3 of the centre of mass from that of its shapes, body frame
} ParaBodyDef;

typedef struct ParaShapeDef {
    ParaShapeKind kind;
    int32_t body; ///< [1] 0..body_count - 1 index into bodies
    float radius; ///< [m] circle: its radius, 1e-3..1e3; segment, chain: half thickness, 0..1e3; polygon: 0
    uint32_t point_first; ///< [1] 0..ParaWorldDef.point_count index into its points; body frame [m]
    uint32_t point_count; ///< [1] circle 1 (centre), segment 2, polygon 3..8 counter-clockwise, chain >= 2
    float density;        ///< [kg/m^2] 0..1e6, > 0 on dynamic bodies (segments: over their thickness area)
    float friction;       ///< [1] 0..1e3; of a pair both count, by the world's friction_rule
    float restitution;    ///< [1] 0..1; of a pair both count, by the world's restitution_rule
    uint32_t category;    ///< [bits] this shape is
    uint32_t mask;        ///< [bits] this shape collides with
    float belt;           ///< [m/s] -1e3..1e3 its surface runs clockwise: what lies on it goes to the right
    bool one_way; ///< holds only what comes down on it, down as its body sees it (engine/world/one_way.h)
} ParaShapeDef;

typedef struct ParaJointDef {
    ParaJointKind kind;
    int32_t a, b;      ///< [1] 0..body_count - 1 body indices, a != b, at least one of them dynamic
    ParaVec2 anchor_a; ///< [m] -1e4..1e4 in a's frame
    ParaVec2 anchor_b; ///< [m] -1e4..1e4 in b's frame
    union {
        ParaVec2 axis;    ///< [1] -1..1 unit direction; prismatic: in a's frame; rack: in its carrier's
        ParaVec2 wheel_a; ///< [m] -1e4..1e4 pulley: where the rope of a comes from, world frame
    };
    bool limited; ///< lower and upper hold
    union {
        struct {
            float lower, upper; ///< revolute [rad] -1e4..1e4 of angle_b - angle_a minus its start value;
                                ///< prismatic [m] -1e4..1e4, upper at least 1e-3 above lower; distance and
                                ///< spring [m] 0..1e4, of a spring upper at least 1e-3 above lower
        };
        ParaVec2 wheel_b; ///< [m] -1e4..1e4 pulley: where the rope of b comes from, world frame
    };
    bool motored; ///< revolute and prismatic: has a motor (see ParaInputs)
    union {
        float stiffness; ///< [N/m] 0..1e7 spring
        float ratio; ///< pulley [1] 1e-3..1e3: length_a + ratio * length_b <= rest; gear [1] -1e3..1e3, not
                     ///< within 1e-3 of 0: angle_a + ratio * angle_b stays; rack [m/rad] -1e3..1e3, not
                     ///< within 1e-3 of 0: way of b per turn of a
    };
    float damping;   ///< [N s/m] 0..1e7 spring
    float rest;      ///< [m] 0..1e4 length of a spring at rest; pulley: 0..1e6, of all its rope
    bool collide;    ///< the two bodies still collide; default false
    bool rigid;      ///< pulley: what runs over its wheels pushes, too; else it is a rope, which may be slack
    int16_t carrier; ///< [1] -1..body_count - 1 gear, rack: the body against which a and b turn and go; -1:
                     ///< the world; default -1
} ParaJointDef;

/// A place on a body that can push; the throttle of ParaInputs scales force_max.
typedef struct ParaThrusterDef {
    int32_t body;       ///< [1] 0..body_count - 1 index into bodies
    ParaVec2 point;     ///< [m] -1e4..1e4 body frame
    ParaVec2 direction; ///< [1] -1..1 unit vector, body frame: direction of the force on the body
    float force_max;    ///< [N] 0..1e7
} ParaThrusterDef;

/// A convex area that notices bodies whose centre of mass is inside, and pushes them. One with a
/// fluid_density is full of a fluid besides, which lifts and slows each body by what of it is inside the
/// area.
typedef struct ParaZoneDef {
    ParaShapeKind kind;    ///< circle or polygon
    ParaVec2 position;     ///< [m] -1e4..1e4 of its origin, world frame
    float angle;           ///< [rad] -1e4..1e4
    float radius;          ///< [m] 1e-3..1e4 circle
    uint32_t point_first;  ///< [1] 0..ParaWorldDef.point_count polygon: index into its points, zone frame [m]
    uint32_t point_count;  ///< [1] 3..8 polygon, convex counter-clockwise
    ParaVec2 acceleration; ///< [N/kg] -1e5..1e5; force per mass on dynamic bodies inside
    float drag;            ///< [1/s] 0..1e4; share of the velocity lost per second inside
    float fluid_density;   ///< [kg/m^2] 0..1e6; what is displaced weighs as much as it lifts; 0: no fluid
    float fluid_drag; ///< [1/s] 0..1e4; velocity lost per second of a body as dense as the fluid; default 1
    float pull;       ///< [N/kg] -1e5..1e5; force per mass towards its origin; below 0: away from it
} ParaZoneDef;

/// What a zone is at present: as its def says, until it is changed.
typedef struct ParaZoneState {
    ParaVec2 position;     ///< [m] -1e4..1e4 of its origin, world frame
    float angle;           ///< [rad] -1e4..1e4
    ParaVec2 acceleration; ///< [N/kg] -1e5..1e5
    float drag;            ///< [1/s] 0..1e4
    float fluid_density;   ///< [kg/m^2] 0..1e6; 0: no fluid
    float fluid_drag;      ///< [1/s] 0..1e4
    float pull;            ///< [N/kg] -1e5..1e5; towards its origin
    uint32_t on;           ///< [1] 0 or 1; 0: nobody is in it
} ParaZoneState;

#define PARA_BODIES_MAX    512  ///< per world
#define PARA_SHAPES_MAX    1024 ///< per world
#define PARA_JOINTS_MAX    256  ///< per world
#define PARA_ZONES_MAX     32   ///< per world; presence is one bit each
#define PARA_THRUSTERS_MAX 32   ///< per world
#define PARA_POINTS_MAX    8192 ///< per world

typedef struct ParaWorldDef {
    ParaVec2 gravity; ///< [m/s^2] -1e3..1e3
    ParaVec2 size;    ///< [m] -1e4..1e4 the area worth looking at, from (0,0); nothing is clipped by it
    float rate;       ///< [Hz] 10..1000; steps per second; default 60
    int substeps;     ///< [1] 1..64; solver steps per step; default 1
    int iterations;   ///< [1] 1..200; solver iterations per substep; default 10
    ParaFrictionRule friction_rule;       ///< of every pair; default PRODUCT
    ParaRestitutionRule restitution_rule; ///< of every pair; default PRODUCT
    float bounce_min; ///< [m/s] 0..1e3; what meets slower does not bounce; default 0: as the solver has it
    int body_count, shape_count;     ///< [1] 0..PARA_BODIES_MAX, 0..PARA_SHAPES_MAX
    int joint_count, thruster_count; ///< [1] 0..PARA_JOINTS_MAX, 0..PARA_THRUSTERS_MAX
    int zone_count, point_count;     ///< [1] 0..PARA_ZONES_MAX, 0..PARA_POINTS_MAX
    ParaBodyDef *bodies;             ///< [body_count]
    ParaShapeDef *shapes;            ///< [shape_count] grouped by body in rising order
    ParaJointDef *joints;            ///< [joint_count]
    ParaThrusterDef *thrusters;      ///< [thruster_count]
    ParaZoneDef *zones;              ///< [zone_count]
    ParaVec2 *points;                ///< [m] -1e4..1e4  [point_count]
} ParaWorldDef;

ParaWorldDef para_world_def_default(void);
ParaBodyDef para_body_def_default(void);   ///< dynamic at the origin
ParaShapeDef para_shape_def_default(void); ///< friction 0.6, density 1 kg/m^2, category 1, mask all
ParaJointDef para_joint_def_default(void);
ParaZoneDef para_zone_def_default(void);

/// Checks a whole def: counts, indices, finiteness, ranges, convexity, masses. All mistakes in one go.
/// @return true if there is no error; diagnostics may be NULL
bool para_world_def_check(const ParaWorldDef *def, ParaDiagList *diagnostics);

/// A copy of a def and all its arrays that lives as long as the arena; empty arrays become NULL. What a
/// field is stands in engine/world/def_fields.h.  Errors: asserts on a count beyond its limit.
ParaWorldDef para_world_def_copy(const ParaWorldDef *def, ParaArena *arena);
/// Whether two defs have the same fields, bit for bit; where their arrays lie does not count.
/// @param out_where out, [where_size] the first difference as a JSON pointer, such as "/bodies/3/angle", else
/// empty; NULL with where_size 0 if nobody asks
bool para_world_def_equal(const ParaWorldDef *a, const ParaWorldDef *b, char *out_where, size_t where_size);

// ---------------------------------------------------------------------------------------------
// Groups and worlds.

typedef struct ParaWorldGroup ParaWorldGroup;
/// One world of a group; a small value, copied freely.
typedef struct ParaWorld {
    ParaWorldGroup *group;
    int32_t index; ///< [1] 0..capacity - 1 in the group
} ParaWorld;

/// Room for `capacity` worlds. AUTO decides for each world at its build: lanes where the def fits its limits,
/// else chipmunk.
/// Threads: different worlds of a group may be built, stepped and read by different threads at once.
/// @return NULL if memory cannot be reserved, and for DREAM, which needs a model: see solver_api.h.
ParaWorldGroup *para_world_group_create(ParaSolverKind solver, int capacity);
void para_world_group_destroy(ParaWorldGroup *group);
/// What the group was made with, so it may be AUTO; para_world_solver tells what runs a world.
ParaSolverKind para_world_group_solver(const ParaWorldGroup *group);
ParaWorld para_world_at(ParaWorldGroup *group, int index);
/// The solver that runs a built world: never AUTO. It may be another one after the next build.
ParaSolverKind para_world_solver(ParaWorld world);

const char *para_solver_name(ParaSolverKind solver); ///< "chipmunk", "lanes", "dream", "auto"
/// The solver of a name. @return false if there is none of that name; *out is then left alone
bool para_solver_find(const char *name, ParaSolverKind *out);
/// Whether para_world_group_create makes groups of it: not of DREAM, nor of a kind that there is not.
bool para_solver_stands_alone(ParaSolverKind solver);
/// Whether a def that para_world_build would take is within the limits of a solver. AUTO, chipmunk and dream
/// take every def.
/// @param out_why out, [why_size] one line that names the limit where it does not fit, such as
/// "70 bodies; lanes takes 64", else empty; NULL with why_size 0 if nobody asks
bool para_solver_fits(ParaSolverKind solver, const ParaWorldDef *def, char *out_why, size_t why_size);

/// Builds (or rebuilds) a world from `def`, which is copied and may be the world's own. State is that before
/// the first step; the view is valid. A def that is refused leaves the world as it was, unless it is too big
/// for the solver's memory (code W011): then the world is no longer built. A lanes group refuses a def beyond
/// its limits (code W012 names the limit); an AUTO group then takes chipmunk.
/// @return false if the def is not sensible (indices, finiteness, sizes, convexity); says why in diagnostics
/// (may be NULL)
bool para_world_build(ParaWorld world, const ParaWorldDef *def, ParaDiagList *diagnostics);
/// Advances one step of 1/rate seconds under the present inputs.
void para_world_step(ParaWorld world);
/// Steps every world of [first, first + count) whose byte in active [count] is non-zero (NULL: all).
/// A batched solver gains from this form; the result is that of para_world_step on each.
void para_world_group_step(ParaWorldGroup *group, int first, int count, const uint8_t *active);

// ---------------------------------------------------------------------------------------------
// What happens now: one layout for all solvers. Element i of a quantity is at [i * stride].

/// Two shapes that touch: they pressed in this step, and be it for a part of it, or overlap at its end.
/// shape_a < shape_b; a whole chain is one shape. At least one of the two bodies is dynamic: pairs of static
/// and kinematic bodies are not reported.
typedef struct ParaContact {
    int32_t shape_a, shape_b; ///< [1] 0..shape_count - 1
    int32_t body_a, body_b;   ///< [1] 0..body_count - 1
    ParaVec2 point;  ///< [m] any finite; mean contact point now, world frame: halfway between the surfaces
    ParaVec2 normal; ///< [1] -1..1 unit vector from a to b
    float impulse;   ///< [N s] >= 0 size of the total impulse of this step, normal and friction
} ParaContact;

typedef enum { PARA_EVENT_BEGIN, PARA_EVENT_END, PARA_EVENT_IMPULSE } ParaEventKind;
/// Events of the last step, sorted by (kind, shape_a, shape_b). IMPULSE: a pair whose impulse this step
/// is above PARA_EVENT_IMPULSE_MIN.
typedef struct ParaEvent {
    ParaEventKind kind;
    int32_t shape_a, shape_b; ///< [1] 0..shape_count - 1
    int32_t body_a, body_b;   ///< [1] 0..body_count - 1
    float impulse;            ///< [N s] >= 0; 0 for END
} ParaEvent;
#define PARA_EVENT_IMPULSE_MIN 0.05f ///< [N s]

typedef enum { PARA_WORLD_FINE, PARA_WORLD_DIVERGED } ParaWorldStatus;

/// Read-only window on one world; pointers stay valid until the world is rebuilt, the contents until the next
/// step.
typedef struct ParaView {
    const ParaWorldDef *def;
    int stride;             ///< [1] >= 1 distance between elements of the per-body and per-joint arrays
    const float *x, *y;     ///< [m] any finite; body origin  [body_count]
    const float *angle;     ///< [rad] any finite; whole turns count
    const float *cos, *sin; ///< [1] -1..1 of the angle
    const float *vx, *vy;   ///< [m/s] -1e4..1e4 of the centre of mass; beyond: diverged
    const float *spin;      ///< [rad/s] -1e4..1e4 beyond: diverged
    const float *mass;      ///< [kg] 1e-6..1e9; 0 for static and kinematic
    const float *centre_x, *centre_y; ///< [m] any finite; centre of mass, world frame
    const uint32_t *zone_bits;        ///< [bits] z: centre of mass is inside zone z
    const uint8_t *enabled;           ///< [1] 0 or 1; 0 after para_world_disable_body
    const float *friction; ///< [1] 0..1e3 of all its shapes since para_world_set_friction; -1: the def's
    const uint8_t *joint_enabled; ///< [1] 0 or 1; 0: broken, or one of its bodies is disabled  [joint_count]
    const float *joint_angle; ///< revolute [rad], prismatic [m]; gear [rad] turn of a against its carrier,
                              ///< rack [m] way of b, both since it was made; pulley [m] length_a + ratio *
                              ///< length_b; others length [m]; any finite  [joint_count]
    const float *joint_speed; ///< [rad/s] or [m/s] any finite
    const float *joint_load; ///< [N] >= 0 size of the force at the anchors in the last step, without torques;
                             ///< pulley: in the rope of a; gear: torque on a [N m]; rack: force on b
    ParaVec2 gravity;        ///< [m/s^2] -1e3..1e3 that pulls now
    const ParaZoneState *zones;  ///< [zone_count] as they are now
    const ParaContact *contacts; ///< [contact_count] sorted by (shape_a, shape_b)
    int contact_count;           ///< [1] >= 0
    const ParaEvent *events;     ///< [event_count]
    int event_count;             ///< [1] >= 0
    int dropped;   ///< [1] >= 0 pairs of shapes near enough to touch that the last step had no room for: the
                   ///< least deep (chipmunk: of two that touch six others), those with the ground last. 0
                   ///< unless shapes lie in each other in crowds
    int substeps;  ///< [1] >= 1 solver steps that the last step took, or the next will: those the def asks
                   ///< for, or more where the level needs them
    uint64_t step; ///< [1] >= 0 steps since the build
    double time;   ///< [s] >= 0 since the build: step / rate, no sum
    ParaWorldStatus status; ///< DIVERGED: a value is not finite or ran away; the world stands still as it was
                            ///< after its last sane step or act, whatever is done to it, until it is built,
                            ///< restored or cloned anew: no contacts, no events; questions find nothing
    int32_t diverged_body;  ///< [1] 0..body_count - 1 the first body that did; -1: none
} ParaView;

const ParaView *para_world_view(ParaWorld world);

/// Writable inputs, kept until changed; all zero after a build.
typedef struct ParaInputs {
    int stride;        ///< [1] >= 1 as in ParaView
    float *motor_rate; ///< revolute [rad/s] of b relative to a, prismatic [m/s]; any finite  [joint_count]
    float *motor_max;  ///< [N m] or [N] >= 0 most the motor may use; 0 switches it off
    float *throttle;   ///< [1] -1..1 of force_max  [thruster_count]
    float *force_x, *force_y; ///< [N] any finite; at the centre of mass, world frame  [body_count]
    float *torque;            ///< [N m] any finite  [body_count]
} ParaInputs;

const ParaInputs *para_world_inputs(ParaWorld world);

/// Adds an impulse [N s] at the centre of mass at once (a jump, a push).
void para_world_apply_impulse(ParaWorld world, int body, ParaVec2 impulse);
/// Sets velocity [m/s] of the centre of mass and spin [rad/s] of a kinematic or dynamic body.
void para_world_set_velocity(ParaWorld world, int body, ParaVec2 velocity, float spin);
/// Takes a body out of the simulation (collected, shattered); its state freezes. Its joints hold nothing
/// until it is back; its contacts stay in the view until the next step, which ends them.
void para_world_disable_body(ParaWorld world, int body);

// What may change in the course of a level. All of it is state: snapshots, clones, images and hashes have it,
// a build begins with what the def says, and each call shows in the view at once. None of it touches the heap
// (a chipmunk world has memory of its own). Threads: as for stepping. A world that diverged stays as it is. A
// number beyond its range counts as the nearest within; one that is not finite ends the world (DIVERGED).

/// Sets the gravity of the whole world; lift of fluids goes with it. The number of substeps stays that of the
/// build, so levels whose gravity is to grow ask for them in the def.  Cost: 10 ns.
/// @param gravity [m/s^2] -1e3..1e3
void para_world_set_gravity(ParaWorld world, ParaVec2 gravity);
/// Moves, turns, switches or fills a zone: begin from view->zones[zone] and change what is to change. A fluid
/// that rises is a zone that moves up: bodies feel where it is, not that it moves.
/// Cost: O(bodies), about 0.2 us.  Errors: asserts on the index
void para_world_set_zone(ParaWorld world, int zone, const ParaZoneState *now);
/// Puts a body elsewhere at once, and back into play if it was disabled. It passes through whatever lies
/// between; what it overlaps there pushes it out with next to no speed. Its contacts leave the view at
/// once, the next step tells their END and presses anew. Joints go along: bodies that are too far from what
/// they are joined to are drawn there as by para_world_make_joint.
/// @param body a dynamic or kinematic one  @param position [m] -1e4..1e4 (lanes: 4e3) of its origin
/// @param angle [rad] -1e4..1e4  @param velocity [m/s] -1e4..1e4 of its centre of mass
/// @param spin [rad/s] -1e4..1e4.  Beyond these, or not finite: the world diverges.
/// Cost: O(shapes + contacts), about 1 us (lanes), 3 us (chipmunk).  Errors: asserts on a static body
void para_world_place_body(ParaWorld world, int body, ParaVec2 position, float angle, ParaVec2 velocity,
                           float spin);
/// Puts a disabled body of any kind back into play where it was, with the velocity it had; else nothing.
/// Joints that are not broken hold again once both their bodies are there.  Cost: as para_world_place_body
void para_world_enable_body(ParaWorld world, int body);
/// Ends a joint: it holds and drives nothing, its load is 0, and bodies that did not collide for its sake do
/// from the next step on. Overlap that shows then is pushed out with next to no speed. Nothing if it is
/// broken. Cost: O(shapes^2), about 1 us.  Errors: asserts on the index
void para_world_break_joint(ParaWorld world, int joint);
/// Makes a broken joint again, with the anchors, lengths, limits and start angle of the def. Where its bodies
/// are not as it wants them, it holds them as they are and draws them together by up to
/// PARA_JOINT_DRAW_SPEED, like a winch: relative speed at the anchors is lost at once, and no more speed than
/// that is given. A spring just pulls, as hard as it is stretched. Whole turns made since count no more: the
/// angle of a hinge is the one nearest to the middle of its limits, or to 0. A gear or rack takes hold as its
/// bodies stand, like a clutch; so it does when one of them was put elsewhere. Nothing if it is not broken.
/// Cost: as para_world_break_joint
void para_world_make_joint(ParaWorld world, int joint);
#define PARA_JOINT_DRAW_SPEED 2.0f ///< [m/s] of anchors and lengths, [rad/s] of angles
/// Sets the friction of all shapes of a body.  @param friction [1] 0..1e3; of a pair both count, by
/// friction_rule Cost: O(shapes of the body).  Errors: asserts on the index
void para_world_set_friction(ParaWorld world, int body, float friction);

/// Builds the world of another def in the middle of its course: bodies and joints at the same index are the
/// same things, so those that were out or broken are again, friction, zones, gravity, inputs and the clock
/// stay as they are, and kinematic bodies are where they were with their velocity. Dynamic and static bodies
/// begin where the new def has them, with its velocity, and joints take hold of what lies there: whoever
/// makes the def writes the present into it. Contacts begin anew.
/// @param def with at least as many bodies, joints, zones and thrusters as the world has; the solver that
/// runs the world takes it (para_solver_fits), and AUTO would choose that one again
/// @param fresh in, [def->body_count] 1: another body than the one that had this index; NULL: none
/// @return false if the def is not sensible or there is no memory: the world is as it was, or, if it was too
/// big (W011), no longer built.  Cost: that of a build.  Threads: as for stepping
bool para_world_remake(ParaWorld world, const ParaWorldDef *def, const uint8_t *fresh,
                       ParaDiagList *diagnostics);

// ---------------------------------------------------------------------------------------------
// Questions. Threads: as for stepping. No heap.

typedef struct ParaRayHit {
    int32_t shape;   ///< [1] 0..shape_count - 1; -1: nothing hit
    float fraction;  ///< [1] 0..1 of the way from -> to; 1 if nothing hit
    ParaVec2 point;  ///< [m] any finite; where it hit, world frame
    ParaVec2 normal; ///< [1] -1..1 unit vector out of the shape
} ParaRayHit;

/// First solid shape between two points whose category meets `mask`, bodies of `group_ignored` (0: none) left
/// out. A ray that starts inside a shape hits it at fraction 0. Shapes with mask 0 collide with nothing and
/// stop no ray.
ParaRayHit para_world_ray(ParaWorld world, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group_ignored);
/// How far `count` rays from one place see, for lidar: cheaper than single rays, no normals, no shapes told.
/// @param directions in, [count] unit vectors times the rays' length [m]
/// @param out_fractions out, [count] [1] of the length to the first solid shape; 1 if there is none
/// A ray that starts inside a shape sees through to its far side. Ends of thick chains count as flat.
/// Cost: O(count * edges), about 1 ns each; no heap, no index to keep.  Source: ours, engine/world/rays.c.
void para_world_rays(ParaWorld world, ParaVec2 from, const ParaVec2 *directions, int count, uint32_t mask,
                     uint32_t group_ignored, float *out_fractions);
/// The same by a world's view.  @param body_ignored [1] 0..body_count - 1 one more that is left out; -1: none
void para_view_rays(const ParaView *view, ParaVec2 from, const ParaVec2 *directions, int count, uint32_t mask,
                    uint32_t group_ignored, int body_ignored, float *out_fractions);
/// Shapes that contain the point, also those that collide with nothing; writes up to `max` indices in rising
/// order, returns how many there are.
int para_world_at_point(ParaWorld world, ParaVec2 point, int32_t *out_shapes, int max);
/// Shapes whose bounding box meets the box [low, high]; as above.
int para_world_in_box(ParaWorld world, ParaVec2 low, ParaVec2 high, int32_t *out_shapes, int max);

// ---------------------------------------------------------------------------------------------
// Snapshots: valid in this process, for worlds built from the same def; stepping after a restore gives
// the same bits as without it. Saved games and proofs are "build again and replay the actions".

size_t para_world_snapshot_size(ParaWorld world);                    ///< [byte] at this moment
size_t para_world_save(ParaWorld world, void *out, size_t size_max); ///< bytes written, 0 if it does not fit
bool para_world_restore(ParaWorld world, const void *image, size_t size); ///< same world it was saved from
/// Makes `target` (any index, same group or another made with the same solver) an exact copy of `source`,
/// which in AUTO groups includes the solver that runs it.
bool para_world_clone(ParaWorld source, ParaWorld target, ParaDiagList *diagnostics);

// Images: whole worlds as bytes, to be made again in this process when the world itself is long another's. A
// snapshot is of one world and smaller; an image needs none.

size_t para_world_image_size(ParaWorld world); ///< [byte] at this moment; 0: this world cannot be copied
size_t para_world_image(ParaWorld world, void *out,
                        size_t size_max);                  ///< bytes written, 0 if it does not fit
ParaSolverKind para_world_image_solver(const void *image); ///< that its world's group was made with
/// Makes `target`, of a group made with that solver, an exact copy of the image's world. @return false if
/// there is no memory
bool para_world_adopt(ParaWorld target, const void *image, ParaDiagList *diagnostics);

/// 64-bit hash over the state of every body (solver precision), contacts and the step count.
uint64_t para_world_hash(ParaWorld world);
/// [byte] of memory this world holds.
size_t para_world_bytes(ParaWorld world);
