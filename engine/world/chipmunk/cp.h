// SPDX-License-Identifier: MIT
#pragma once
// Inside of the chipmunk solver. One world = one memory range, the "heap", that starts with its own
// bookkeeping; everything of the world lives in it, so a snapshot is a copy of its used prefix:
//   ParaCpWorld | pointer tables | plain arrays (floats, ints) | what Chipmunk allocates ...
// Pointers are found again after a move by looking at every word outside the plain arrays.
#include "engine/world/fluid.h"
#include "engine/world/geometry.h"
#include "engine/world/net.h"
#include "engine/world/seams.h"
#include "engine/world/solver.h"
#include "engine/world/zones.h"

#include <chipmunk/chipmunk.h>
#include <chipmunk/chipmunk_private.h>
#include <setjmp.h>

#define PARA_CP_HEAP_MAX    ((size_t)64 << 20) ///< [byte] address space of a world; pages come when touched
#define PARA_CP_SMALL_MAX   1024               ///< [byte] classes of 16 up to here, powers of two above
#define PARA_CP_CLASS_COUNT (64 + 16)
#define PARA_CP_SPEED_MAX   1e4   ///< [m/s], [rad/s] beyond: diverged
#define PARA_CP_PLACE_MAX   1e5   ///< [m] beyond: diverged
#define PARA_CP_SLOP_MAX    0.005 ///< [m] overlap that is left alone
#define PARA_CP_SLOP_MIN    1e-5  ///< [m]
#define PARA_CP_SLOP_SHARE  0.1   ///< [1] of the smallest inner radius of what moves
#define PARA_CP_SMALL       0.02  ///< [m] inner radius of bodies that are swept without being asked for
#define PARA_CP_BOUNCE_MIN  0.05  ///< [m/s] speed with which something leaves that is not lying
#define PARA_CP_PAIRS_EASY  2048  ///< [1] contacts up to which none is left out
#define PARA_CP_LEFT        0.8   ///< [1] of a joint's error that is left after 1/60 s

typedef struct ParaCpHeap {
    size_t used;                           ///< [byte] mark of the bump allocator, from the heap's start
    void *free_lists[PARA_CP_CLASS_COUNT]; ///< per class, linked through the payload
    uint64_t call_count;                   ///< allocations and frees since the build
} ParaCpHeap;

/// One world's slot; lies outside the heap, so that a restore does not touch it.
typedef struct ParaCpSlot {
    unsigned char *base; ///< PARA_CP_HEAP_MAX bytes
    size_t dirty;        ///< [byte] memory above has never been written: it is zero
    bool built;
} ParaCpSlot;

/// Per-body constants of the step.
typedef struct ParaCpBodyData {
    double mass;
    double centre_x, centre_y; ///< [m] centre of mass in the body's own frame
    double gravity_scale;
    double linear_damping, angular_damping; ///< [1/s]
    double inradius;                        ///< [m] the least of its shapes; infinite where nothing pushes it
    double overhang;                        ///< [m] how much farther it reaches
    bool fast;                              ///< passes through nothing
} ParaCpBodyData;

/// What moves at a node of the net, in this substep.
typedef struct ParaCpInertia {
    double mass, moment; ///< [kg], [kg m^2]
} ParaCpInertia;

/// Where a body was at the begin of a part.
typedef struct ParaCpPose {
    double x, y, angle;
    bool swept; ///< passes through nothing in this part
    bool met;   ///< and met something in it
} ParaCpPose;

/// What an arbiter's user data says of it, as bits.
#define PARA_CP_MARK_BLOW 1u ///< blows.c has its contacts in this part
#define PARA_CP_MARK_HELD 2u ///< a one-way platform held it until now

#define PARA_CP_TYPE_PIECE 1 ///< collision type of the pieces of chains

/// Directions away from the ends of a chain's piece along its neighbours, body frame; zero without one.
typedef struct ParaCpSeam {
    cpVect at_a, at_b;
} ParaCpSeam;

typedef struct ParaCpThruster {
    double x, y; ///< [m] from the centre of mass, body frame
    double direction_x, direction_y, force_max;
} ParaCpThruster;

/// A touching pair while it is gathered; pairs with equal key are merged.
typedef struct ParaCpTouch {
    uint64_t key; ///< shape_a << 32 | shape_b
    double x, y, normal_x, normal_y, impulse_x, impulse_y;
    double count; ///< contact points summed into x, y
} ParaCpTouch;

/// An arbiter's points at the begin of a part.
typedef struct ParaCpGuess {
    double impulse[2]; ///< [N s] along the normal
    cpVect meeting[2]; ///< [m/s] velocity of b's point seen from a's; only where there is restitution
} ParaCpGuess;

typedef struct ParaCpLink ParaCpLink;     // see links.h
typedef struct ParaCpSeamed ParaCpSeamed; // see seam.c
typedef struct ParaCpBlow ParaCpBlow;     // see blows.c

typedef struct ParaCpWorld {
    ParaCpHeap heap;
    cpSpace *space;
    ParaWorldDef def;
    ParaView view;
    ParaInputs inputs;
    size_t plain_begin, plain_end; ///< [byte] the plain arrays, never searched for pointers
    cpBody **bodies;               ///< [body_count]
    cpConstraint **joints;         ///< [joint_count] tells Chipmunk who is joined and pushes nothing
    cpShape **away;                ///< [body_count] shapes of disabled bodies, linked as Chipmunk would
    ParaNet net;                   ///< what joints hold
    double (*responses)[3];        ///< see drives.c
    ParaCpGuess *guesses;          ///< [guess_max] of each arbiter
    int guess_max;
    ParaCpBlow *blows;           ///< [blow_max] contacts of jointed bodies, see blows.c
    double (*blow_responses)[3]; ///< [blow_node_max]
    int blow_count, blow_max, blow_node_max;
    double (*driven_x)[3]; ///< [net.node_count] what drives gave since the holds were solved last
    ParaCpBodyData *body_data;
    ParaCpPose *before;          ///< [body_count] of bodies that can move, where some are swept
    int fast_count, mover_count; ///< bodies that are fast; that are kinematic
    ParaCpThruster *thrusters;
    ParaZoneArea *areas; ///< of `zones` as they are
    ParaZoneState *zones;
    uint32_t fluid_bits; ///< zones that are fluids at present
    ParaCpSeam *seams;   ///< of every chain's pieces, in order of building
    int seam_count;
    ParaCpSeamed *seamed; ///< [seamed_max] polygons and segments with seams, see seam.c
    int seamed_max;
    int16_t *seam_of;           ///< [shape_count] index into seamed, -1: it has none
    int silent_count;           ///< shapes without a category or a mask
    bool any_fixed;             ///< some body never turns
    bool any_belt, any_one_way; ///< some shape's surface runs; holds from above only
    ParaCpLink *links;          ///< [joint_count] joints as equations
    double *strain;             ///< [body_count] [1/s^2] see step.c
    int32_t *pairs;             ///< [body_count] contacts of each body in this part
    int32_t *body_nodes;        ///< [body_count] node of each body, -1: it has no joints
    int32_t *node_bodies;       ///< [net.node_count] body of each node
    ParaCpInertia *inertias;    ///< [net.node_count]
    double *curving;            ///< [net.node_count] [J] see ahead.c, at a part's first node
    bool driven;                ///< driven_x is not zero
    bool mixed;                 ///< contacts of jointed bodies depend on those of others
    bool pushed;                ///< something pushes a jointed body alone: what joints hold gives way
    bool jolted;                ///< velocities came from outside: joints may not agree with them
    int drive_count;            ///< links with a motor or limits
    double mend;                ///< [1] share of an error taken back per part of a substep
    double *joint_sum;          ///< [joint_count] [N s] impulse of this step
    ParaCpTouch *touches, *touch_scratch; ///< [touch_max]
    int touch_count, touch_max;
    ParaContact *contacts, *contacts_before; ///< [contact_max] of this step and of the last one
    int contact_max, contact_count_before;
    int gone_count;    ///< contacts that an act has ended, behind the others: the next step tells
    ParaEvent *events; ///< [event_max]
    int event_max;
    double strain_before; ///< [1/s] of the last substep, see step.c
    int calm;             ///< [1] substeps that would have done with fewer parts
    int turns_least;      ///< [1] >= 1 over contacts
    int parts_least;      ///< [1] never fewer
    int parts;            ///< [1] in which a substep is done at present
    double dt;            ///< [s] of one part: of the next move
    double kick; ///< [s] for which forces act on velocities: from the middle of a move to that of the next
    // What the view shows, writable.
    float *x, *y, *angle, *cos, *sin, *vx, *vy, *spin, *mass, *centre_x, *centre_y;
    uint32_t *zone_bits;
    uint8_t *enabled, *joint_enabled;
    float *friction; ///< [body_count] of all its shapes since it was changed; -1: those of the def
    float *joint_angle, *joint_speed, *joint_load;
} ParaCpWorld;

typedef struct ParaCpSolver {
    int capacity;
    unsigned char *memory; ///< capacity * PARA_CP_HEAP_MAX
    ParaCpSlot *slots;     ///< [capacity]
} ParaCpSolver;

// --- alloc.c: the allocator behind Chipmunk, and the way out of its asserts

/// Why a guarded call ended early.
typedef enum { PARA_CP_ESCAPE_NONE, PARA_CP_ESCAPE_ABORT, PARA_CP_ESCAPE_FULL } ParaCpEscape;
/// A call into Chipmunk that may allocate or fail an assert: the heap it uses and the way out.
typedef struct ParaCpGuard {
    ParaCpSlot *slot;
    struct ParaCpGuard *outer;
    jmp_buf way_out;
} ParaCpGuard;
/// Enters a world's heap; use as: para_cp_enter(&guard, slot); if (setjmp(guard.way_out) == 0) {...}
/// para_cp_leave(&guard);
void para_cp_enter(ParaCpGuard *guard, ParaCpSlot *slot);
void para_cp_leave(ParaCpGuard *guard);
void para_cp_give_up(ParaCpEscape why) __attribute__((noreturn)); ///< leaves the guarded call entered last
void para_cp_heap_reset(ParaCpSlot *slot, size_t header_size);
void para_cp_free(void *block);
void *para_cp_alloc(size_t size); ///< zeroed, 16-byte aligned, from the heap entered last
size_t para_cp_high_water(const ParaCpSlot *slot);

static inline bool para_cp_is_marked(const cpArbiter *arbiter, unsigned mark)
{
    return ((uintptr_t)arbiter->data & mark) != 0;
}
static inline void para_cp_mark(cpArbiter *arbiter, unsigned mark, bool on)
{
    uintptr_t others = (uintptr_t)arbiter->data & ~(uintptr_t)mark;
    arbiter->data = (cpDataPointer)(on ? others | mark : others);
}

static inline ParaCpWorld *para_cp_world(const ParaCpSolver *solver, int index)
{
    return (ParaCpWorld *)(void *)solver->slots[index].base;
}

/// Shapes carry the index of their def, and pieces of chains their number, as user data.
static inline int32_t para_cp_index_of(const cpShape *shape)
{
    return (int32_t)((uintptr_t)shape->userData & 0xffffu);
}
static inline int32_t para_cp_piece_of(const cpShape *shape)
{
    return (int32_t)((uintptr_t)shape->userData >> 16);
}

// --- build.c, chain.c, joints.c, sweep.c, space.c, bounces.c
bool para_cp_build(void *solver, int index, const ParaWorldDef *def, ParaDiagList *diagnostics);
void para_cp_add_shape(ParaCpWorld *world, int index, int piece, cpShape *shape);
void para_cp_build_chain(ParaCpWorld *world, int index);
void para_cp_find_chain_ends(ParaCpWorld *world, const ParaSeamSearch *search);
/// Finds the seams of all shapes, once and whenever a static body goes.
void para_cp_find_seams(ParaCpWorld *world);
/// Gives a contact the normal and points that seams leave it. @return false if it is a neighbour's
bool para_cp_heed_seams(const ParaCpWorld *world, cpArbiter *arbiter);
/// Lays a contact of a chain's piece with a polygon or a segment along the piece.
/// @param n normal of the piece, on the other shape's side
/// @return false if the other one lies beyond the piece's end: the contact is a neighbour's
bool para_cp_lay_on_piece(cpArbiter *arbiter, bool is_a, cpVect n);
cpBool para_cp_straighten(cpArbiter *arbiter, cpSpace *space, cpDataPointer unused);
void para_cp_build_joint(ParaCpWorld *world, int index);
/// Makes a joint agree with whether it is broken and which bodies are there; one that holds begins anew.
/// @param drawn its bodies may be far from where it wants them
void para_cp_settle_joint(ParaCpWorld *world, int index, bool drawn);
void para_cp_set_parts(ParaCpWorld *world, int parts);
/// One part of a substep. Velocities come out right for the next one, which may be of another length.
void para_cp_space_step(ParaCpWorld *world, int next_parts);
/// Once contacts are gathered: what they gave is the next part's guess, but a blow does not last. One that is
/// given again to a light body between two heavy ones, which has moved a little, is never taken back in time.
void para_cp_forget_blows(ParaCpWorld *world);
/// Notes what contacts are guessed to give and how they meet, before anything has acted.
void para_cp_keep_guesses(ParaCpWorld *world);
/// Once contacts are solved: those that gained energy by restitution are to leave slower, or not at all.
/// @return whether there were any: then they are to be solved again
bool para_cp_cut_bounces(ParaCpWorld *world, bool wholly);
void para_cp_move_bodies(ParaCpWorld *world);
void para_cp_velocity(cpBody *body, cpVect gravity, cpFloat damping, cpFloat dt);

// --- step.c, acts.c, state.c, contacts.c
void para_cp_step(void *solver, int index);
void para_cp_group_step(void *solver, int first, int count, const uint8_t *active);
void para_cp_apply_impulse(void *solver, int index, int body, ParaVec2 impulse);
void para_cp_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin);
void para_cp_disable_body(void *solver, int index, int body);
void para_cp_set_gravity(void *solver, int index, ParaVec2 gravity);
void para_cp_set_clock(void *solver, int index, uint64_t step);
void para_cp_set_zone(void *solver, int index, int zone, const ParaZoneState *now);
void para_cp_place_body(void *solver, int index, int body, const ParaBodyPlace *to);
bool para_cp_joint_broken(void *solver, int index, int joint);
void para_cp_wind_joint(void *solver, int index, int joint, float angle);
void para_cp_set_joint(void *solver, int index, int joint, bool whole);
void para_cp_set_friction(void *solver, int index, int body, float friction);
void para_cp_diverge(ParaCpWorld *world, int body);
int para_cp_insane_body(const ParaCpWorld *world); ///< first body whose state ran away, or -1
void para_cp_publish_body(ParaCpWorld *world, int body);
void para_cp_publish_bodies(ParaCpWorld *world); ///< moving ones
void para_cp_publish_joints(ParaCpWorld *world, double step_seconds);
void para_cp_gather_touches(ParaCpWorld *world); ///< after each substep
void para_cp_publish_joint(ParaCpWorld *world, int joint);
void para_cp_publish_contacts(ParaCpWorld *world);
/// Takes a body's contacts out of the view; the next step tells their end.
void para_cp_forget_contacts(ParaCpWorld *world, int body);
void para_cp_clear_touches(ParaCpWorld *world);

// --- query.c, snapshot.c
ParaRayHit para_cp_ray(void *solver, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group);
int para_cp_at_point(void *solver, int index, ParaVec2 point, int32_t *out, int max);
int para_cp_in_box(void *solver, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max);
size_t para_cp_snapshot_size(void *solver, int index);
size_t para_cp_save(void *solver, int index, void *out, size_t size_max);
bool para_cp_restore(void *solver, int index, const void *image, size_t size);
const void *para_cp_image(void *solver, int index, size_t *out_size, ParaDiagList *diagnostics);
void para_cp_adopt(void *solver, int index, const void *image, size_t size);
uint64_t para_cp_hash(void *solver, int index);
size_t para_cp_bytes(void *solver, int index);
