// SPDX-License-Identifier: MIT
#pragma once
// Private to engine/world/lanes: what one world holds between steps, and what a block of worlds needs during
// one. Worlds are small plain memory; a step takes up to PARA_LANES_BLOCK of them at once:
//
//   gather bodies -> place shapes -> find candidates -> collide -> match with the last step's contacts
//     -> plan rows -> micro steps (bounce, push, solve, move, relax) -> sweep fast bodies -> commit
//
// Everything between gather and commit works on flat arrays over all worlds of the block, so that pairs and
// contacts of different worlds fill the vectors together; only the order within one world matters, and that
// is the world's own. So a world gives the same bits alone and in any company.
// Units: SI; "micro step": 1 / (rate * substeps * PARA_LANES_MICRO_STEPS) seconds.
#include "engine/world/lanes/limits.h"
#include "engine/world/seams.h"
#include "engine/world/solver.h"
#include "engine/world/zones.h"

/// [1] square of a joint's arm over that of its body's radius of gyration: beyond, what a contact gives the
/// spin moves the anchor more than the body, so the joint has the last word. A rod pinned at its end has 3.
#define PARA_LANES_LONG_ARM 16.0f

// ---------------------------------------------------------------------------------------------
// One world. All arrays lie in its slot, behind the ParaLanesWorld; those from `state` on are its image.

/// A circle, segment or polygon in the frame of its body, origin at the body's centre of mass.
typedef struct ParaLanesShape {
    float x, y;            ///< [m] a circle's centre; the mean of the corners otherwise
    float radius;          ///< [m] of a circle, or of the rounding of a segment; 0 for polygons
    float reach;           ///< [m] from the centre of mass to the farthest place of the shape
    float friction;        ///< [1]
    float restitution;     ///< [1]
    uint16_t def;          ///< index into def.shapes
    uint8_t body;          ///< index into def.bodies
    uint8_t corner_count;  ///< 1 circle, 2 segment, 3..8 polygon
    uint16_t corner_first; ///< into corners [float]: v x0 y0 x1 y1 .. then n nx0 ny0 ..; unused for circles
    uint8_t corner_room; ///< 4 or 8: corners and normals stored; the last ones are repeats of the last corner
                         ///< and of the last normal. Normal i is outward, of the edge from corner i to i + 1.
    bool still;          ///< of a static body: its place is worked out at the build
} ParaLanesShape;

#define PARA_LANES_SEAM_THIN 0.002f ///< [m] nothing that thin keeps off

/// Where the seams of a polygon or segment matter that has some (engine/world/seams.h), in the frame of its
/// body: asked of every pair. What has none of these spots in its box is as if there were no seams.
typedef struct ParaLanesSeamSpots {
    float spots[14]; ///< [m] x0 y0 x1 y1 ..
    int8_t count;    ///< of spots; -1: more than there is room for
    uint8_t part;    ///< the first of the shape's ParaLanesSeamPart; two if it has corner_room 8
    uint8_t covered; ///< bit k: face k is covered
    uint8_t begun;   ///< bit k: from[k] is the end of something thick
    uint8_t ended;   ///< bit k: to[k] is the begin of something thick
    uint8_t spare[3];
} ParaLanesSeamSpots; ///< one cache line

/// What the seams of four corners and their faces say, in the frame of the body: asked where a spot is near.
/// What is of a corner or a face stands at its number; behind the shape's last one it is repeated.
typedef struct ParaLanesSeamPart {
    float lo[8];            ///< [1] x0 y0 x1 y1 .., or (0, 0): this side of the corner is whole
    float hi[8];            ///< [1] the same
    float begin[4], end[4]; ///< [m]
    float from[4], to[4];   ///< [m]
} ParaLanesSeamPart;        ///< two cache lines

/// A chain: edges between successive points. points has one more point before and after the chain's own: the
/// neighbours that smooth the ends (of a closed chain: the wrapped points; of an open one: a point of what it
/// touches there, or copies of the end points, so that the neighbour edge has length 0 and counts as absent).
typedef struct ParaLanesChain {
    float radius, friction, restitution;
    uint16_t def;
    uint8_t body;
    bool closed;          ///< its ends are each other's neighbours
    uint16_t point_first; ///< of the extra point before, into chain_x, chain_y and (twice that) chain_points
    uint16_t edge_count;  ///< edge e goes from point point_first + 1 + e to the next
    uint16_t box_first;   ///< into edge_boxes: one box per 8 edges
} ParaLanesChain;

#define PARA_LANES_BOX_EDGES 8
/// Box around PARA_LANES_BOX_EDGES successive edges (fewer at the end) with the chain's radius, body frame
/// [m].
typedef struct ParaLanesBox {
    float low_x, low_y, high_x, high_y;
} ParaLanesBox;

/// A still shape at its place, for the step to copy: the last 8 floats of its ParaLanesPlaced (`body` counts
/// in the world). Behind it stand its corners and then its normals, as in ParaLanesShape.
typedef struct ParaLanesStill {
    float x, y, radius, margin; ///< [m]
    int32_t body, corner_count, corner_room, seams;
    ParaLanesBox box; ///< around it, margin included
    float corners[];  ///< [m] [1]  [4 corner_room]
} ParaLanesStill;

/// What never changes of a body: one record of 8 floats.
typedef struct ParaLanesBody {
    float centre_x, centre_y; ///< [m] centre of mass in the body's frame
    float inradius;           ///< [m] circle about the centre of mass inside the shapes; 0: static, else > 0
    float inverse_mass, inverse_inertia; ///< [1/kg] [1/(kg m^2)]; 0 unless dynamic
    float gravity_scale;                 ///< [1]
    float damp_linear, damp_angular;     ///< [1] velocity left after a micro step
} ParaLanesBody;

typedef struct ParaLanesJoint {
    int32_t a, b;                      ///< bodies of the world
    int32_t kind;                      ///< ParaJointKind
    int32_t def;                       ///< index into def.joints (joints are sorted by class, then def)
    int32_t limited, motored;          ///< 0 or -1 (a mask)
    float anchor_ax, anchor_ay;        ///< [m] from a's centre of mass, a's frame
    float anchor_bx, anchor_by;        ///< [m] from b's centre of mass, b's frame
    float axis_x, axis_y;              ///< unit, a's frame: prismatic
    float lower, upper;                ///< as in ParaJointDef; distance without limits: both the start length
    float stiffness, damping, rest;    ///< spring
    float start_cos, start_sin, start; ///< of angle_b - angle_a at the build
    float slack_x,
        slack_y; ///< [m] world frame: of the gap that this step leaves alone, see draw.c; 0 between steps
    float spare[2];
} ParaLanesJoint; ///< 24 floats

/// What a joint carries from step to step, [N s] of the last micro step unless said.
typedef struct ParaLanesJointState {
    float x, y;         ///< pin: world frame; rail: across, along; line: along, unused
    float angle;        ///< [N m s] weld, rail: holds the angle
    float motor;        ///< [N m s] or [N s]
    float lower, upper; ///< limits
    float load;         ///< [N s] sum over the micro steps of this step of the size of the force's impulse
    float turns;        ///< [1] whole ones that a hinge's angle leaves out since it was made again
} ParaLanesJointState;
/// Of gears and racks two of these numbers are what it left out of its error when it took hold: x + y. Two
/// more are where it was then, of what it tells: lower + upper.

// What is true of a joint, bits of joint_marks.
#define PARA_LANES_JOINT_ON     1u ///< it is whole, and both its bodies are there
#define PARA_LANES_JOINT_BROKEN 2u
#define PARA_LANES_JOINT_DRAWN  4u ///< its bodies may be too far from where it wants them

/// A touching pair remembered for the next step. Sorted by key within a world.
typedef struct ParaLanesTouch {
    uint32_t key;     ///< PARA_LANES_PAIR_KEY or PARA_LANES_EDGE_KEY
    uint8_t id[2];    ///< feature of each point
    uint8_t count;    ///< points, 1 or 2
    uint8_t touching; ///< 1: it pressed or overlaps, so it is reported
    float normal[2];  ///< [N s] per point, of the last micro step
    float tangent[2];
} ParaLanesTouch;

/// Keys sort pairs of convex shapes first, then contacts of chains by (chain, shape, edge).
#define PARA_LANES_PAIR_KEY(i, j) ((uint32_t)(i) << 8 | (uint32_t)(j))
#define PARA_LANES_EDGE_KEY(chain, j, edge)                                                                  \
    (1u << 31 | (uint32_t)(chain) << 24 | (uint32_t)(j) << 16 | (uint32_t)(edge))

/// The changing scalars of a world: the head of its image.
typedef struct ParaLanesState {
    uint64_t step;
    uint64_t owner; ///< address of the slot: an image goes back only to the world it was saved from
    double time;
    int32_t status, diverged_body;
    int32_t touch_count, contact_count, event_count;
    int32_t dropped;    ///< touching pairs that the step had no room for
    int32_t image_size; ///< [byte] of the image at this moment, this head included
    int32_t gone_count; ///< contacts that an act has ended, behind the others: the next step tells
    ParaVec2 gravity;   ///< [m/s^2]
} ParaLanesState;

/// A shape at its place at the begin of the step, world frame. 8 corners; only corner_room count.
typedef struct ParaLanesPlaced {
    _Alignas(32) float v[16]; ///< [m] x0 y0 x1 y1 .. (circle: v[0], v[1] is the centre)
    float n[16];              ///< outward normals nx0 ny0 ..
    float x, y;               ///< [m] circle's centre, mean of the corners
    float radius;             ///< [m]
    float margin;             ///< [m] how near another shape must come to get a contact
    int32_t body;             ///< flat index
    int32_t corner_count, corner_room;
    int32_t seams; ///< of collide's seams (collide.h), 0 where there are none or nobody has asked yet
} ParaLanesPlaced; ///< 40 floats

typedef struct ParaLanesWorld {
    ParaView view; // first: what the outside reads
    ParaInputs inputs;
    ParaWorldDef def; ///< its arrays are copies in the slot
    int body_count, shape_count, chain_count, joint_count, thruster_count, zone_count;
    int corner_floats, point_count, box_count; ///< sizes of corners, chain_x .. and edge_boxes
    int still_floats;                          ///< of all of `stills`
    int fast_count;                            ///< bodies marked `fast`
    int seam_count, seam_part_count;           ///< room of `seams` and `seam_parts`
    uint64_t seamed;                           ///< bit i: shape i has seams
    uint64_t seam_bodies;                      ///< bit b: static body b was there when the seams were found
    uint64_t statics;                          ///< bit b: body b is static
    bool seams_change; ///< there are seams, so they must be found again when a static body goes
    uint16_t knot_nodes, knot_blocks, knot_pairs; ///< of what holds all joints at once (knots.h); 0: rows do
    int pin_count, rail_count,
        line_count;             ///< joints [0, pin) revolute and weld, then prismatic, then the rest
    uint32_t fluid_bits;        ///< zones that are fluids at present
    bool any_belt, any_one_way; ///< some shape's surface runs; holds from above only
    ParaLanesBox zones_box;     ///< around all zones as they are, as near as floats come
    int micro_steps;            ///< per step
    int passes;         ///< [1] 1..PARA_LANES_PASSES_MAX over the contacts in each pass of a micro step
    float dt, micro_dt; ///< [s]
    // fixed after the build
    ParaLanesBody *bodies;     ///< [body_count]
    ParaLanesShape *shapes;    ///< [shape_count] sorted by body, then def
    float *corners;            ///< see ParaLanesShape, aligned to 32 byte
    ParaLanesChain *chains;    ///< [chain_count]
    float *chain_x, *chain_y;  ///< [points] body frame about the centre of mass; 8 more floats may be read
    float *chain_points;       ///< [points][2] the same, x and y side by side
    ParaLanesBox *edge_boxes;  ///< [boxes]
    float *stills;             ///< [still_floats] a ParaLanesStill of each still shape, one behind the other
    ParaLanesSeamSpots *seams; ///< [seam_count] of the shapes whose bits are in `seamed`, in their order
    ParaLanesSeamPart *seam_parts; ///< [seam_part_count]
    struct ParaLanesKnot *knot;    ///< where knot_nodes > 0
    ParaLanesJoint *joints;        ///< [joint_count]
    ParaZoneArea *areas;           ///< [zone_count] of `zones` as they are
    // the image
    size_t image_first; ///< [byte] from the slot's begin to `state`
    ParaLanesState *state;
    float *x, *y, *angle, *cos, *sin, *vx, *vy, *spin, *mass, *centre_x,
        *centre_y; ///< [body_count] as in ParaView
    float *rest_x, *rest_y, *rest_cos,
        *rest_sin;        ///< [body_count] what centre_x .. sin had no digits for; a later step has
    uint32_t *zone_bits;  ///< [body_count]
    uint8_t *enabled;     ///< [body_count]
    float *friction;      ///< [body_count] of all its shapes since it was changed; -1: those of the def
    ParaZoneState *zones; ///< [zone_count]
    float *motor_rate, *motor_max, *throttle, *force_x, *force_y, *torque; ///< ParaInputs
    float *joint_angle, *joint_speed, *joint_load;                         ///< [joint_count] by def index
    ParaLanesJointState *joint_states;                                     ///< [joint_count] as `joints`
    uint8_t *joint_enabled;   ///< [joint_count] by def index: PARA_LANES_JOINT_ON, for the view
    uint8_t *joint_marks;     ///< [joint_count] as `joints`: PARA_LANES_JOINT_...
    uint64_t *partners;       ///< [shape_count] bit j > i: shape j may touch shape i
    uint64_t *chain_partners; ///< [chain_count] bit j: shape j may touch the chain
    ParaLanesTouch *touches;  ///< [state->touch_count], then the contacts and events of the view: the tail
                              ///< of the image, packed anew after every step
} ParaLanesWorld;

/// The two shapes of a key, as indices into the def's; the first is of the manifold's body a.
static inline void para_lanes_shapes_of_key(const ParaLanesWorld *world, uint32_t key, int32_t out[2])
{
    bool edge = key >> 31;
    out[0] = edge ? world->chains[key >> 24 & 127u].def : world->shapes[key >> 8 & 255u].def;
    out[1] = world->shapes[edge ? key >> 16 & 255u : key & 255u].def;
}

// ---------------------------------------------------------------------------------------------
// A block: worlds that make one step together. Flat arrays; world w's bodies are [body_first[w], ..).

/// A touching pair: two records of 8 floats for the pair, one for each point.
typedef struct ParaLanesManifold {
    int32_t a, b; ///< flat body indices; the normal goes from a to b
    float normal_x, normal_y;
    float friction, restitution; ///< [1] of the pair
    int32_t count;               ///< points
    uint32_t key;                ///< as in ParaLanesTouch
    struct ParaLanesPoint {
        float x, y;            ///< [m] world frame
        float separation;      ///< [m] < 0: overlap
        float normal, tangent; ///< [N s] impulse of a micro step: warm start in, last value out
        union {
            float share; ///< [1] 0..1 until the rows are prepared: how far it goes with b rather than with a
            float normal_sum; ///< [N s] out: of the whole step
        };
        union {
            float lift; ///< [m] until the rows are prepared: from the contact to the centre of a circle, of
                        ///< a at the first point, of b at the second; 0: it is none
            float tangent_sum; ///< [N s] out: of the whole step
        };
        int32_t id; ///< feature
    } point[2];
} ParaLanesManifold; ///< 24 floats

/// What the solver reads and writes of a body: 8 floats. Static bodies have one too and never move.
typedef struct ParaLanesMotion {
    float vx, vy, spin, unused;  ///< [m/s] [rad/s]; unused stays 0
    float dx, dy, turn, unused2; ///< [m] [rad] moved since the begin of the step
} ParaLanesMotion;

/// What stays the same for a body during a step: 8 floats.
typedef struct ParaLanesFixed {
    float inverse_mass, inverse_inertia; ///< [1/kg] [1/(kg m^2)]
    float x, y, cos, sin;                ///< of the centre of mass and the angle at the begin of the step
    float micro_dt;                      ///< [s]
    float angle;                         ///< [rad]
} ParaLanesFixed;

/// 4 floats per body for the push of a micro step.
typedef struct ParaLanesQuad {
    float x, y, spin, rest;
} ParaLanesQuad;

typedef struct ParaLanesBlock {
    int world_count, micro_steps, passes;
    ParaLanesWorld *worlds[PARA_LANES_BLOCK];
    int32_t body_first[PARA_LANES_BLOCK + 1], shape_first[PARA_LANES_BLOCK + 1];
    int32_t manifold_first[PARA_LANES_BLOCK], manifold_count[PARA_LANES_BLOCK];
    int32_t dropped[PARA_LANES_BLOCK]; ///< touching pairs beyond PARA_LANES_MANIFOLDS_MAX
    ParaLanesMotion *motion;           ///< [bodies + 1]; the last one is for idle lanes
    ParaLanesFixed *fixed;             ///< [bodies + 1]
    ParaLanesQuad *unpushed; ///< [bodies] velocity after the push of this micro step, without any impulse
    ParaLanesQuad *push;     ///< [bodies] change of velocity by forces in a micro step
    ParaLanesQuad *damp;     ///< [bodies] x: linear, spin: angular factor of a micro step; rest: micro_dt [s]
    ParaLanesPlaced *placed; ///< [shapes]
    float *box;              ///< [4][shapes + padding] low_x, low_y, high_x, high_y, margin included
    int32_t box_stride;      ///< [float] from low_x to low_y, ...
    ParaLanesManifold *manifolds; ///< world w's are [manifold_first[w], + manifold_count[w]), sorted by key
    float *belts; ///< [manifolds kept] [m/s] how fast the two surfaces run, along the tangent; where any_belt
    float *bounce_mins;            ///< [manifolds kept] [m/s] 0..1e3 of their world; where any_bounce_min
    bool any_belt, any_bounce_min; ///< of any world
    void *room; ///< for the files of the kernel themselves: PARA_LANES_ROOM_SIZE bytes, aligned to 64
} ParaLanesBlock;

// Sizes of a block's arrays at most.
#define PARA_LANES_BLOCK_BODIES     (PARA_LANES_BLOCK * PARA_LANES_BODIES_MAX)
#define PARA_LANES_BLOCK_SHAPES     (PARA_LANES_BLOCK * PARA_LANES_SHAPES_MAX)
#define PARA_LANES_BLOCK_MANIFOLDS  (PARA_LANES_BLOCK * PARA_LANES_MANIFOLDS_MAX)
#define PARA_LANES_BLOCK_CANDIDATES 32768 ///< pairs that wait for the close look at once; then it is taken
#define PARA_LANES_BLOCK_JOINTS     (PARA_LANES_BLOCK * PARA_LANES_JOINTS_MAX)
#define PARA_LANES_ROOM_SIZE        ((size_t)160 << 20) ///< [byte] of address space; pages come when touched

/// One step of a block: everything up to the new state of bodies and joints, touches excepted (those are left
/// in `manifolds` for para_lanes_report). A world that diverged keeps its old state, with status set.
typedef void ParaLanesKernel(ParaLanesBlock *block);
void para_lanes_step_block_w4(ParaLanesBlock *block);
#if defined(__x86_64__)
void para_lanes_step_block_w8(ParaLanesBlock *block);  ///< AVX2
void para_lanes_step_block_w16(ParaLanesBlock *block); ///< AVX-512 F, VL, DQ, BW
#endif

// ---------------------------------------------------------------------------------------------
// Host side (plain C, compiled once).

/// Adds the push of fluids, and the fluid that moves along, to the gathered records of world w's bodies.
/// @param force_x, force_y, torque [N] [N m] all other forces [body_count]
void para_lanes_soak(ParaLanesBlock *block, int w, const float *force_x, const float *force_y,
                     const float *torque);
#define PARA_LANES_DEEP_LEAST 0.005f ///< [m] no contact with less overlap is deep
/// Manifolds of bodies that lie deep in each other. @return how many; `out` has room for all manifolds
int para_lanes_list_deep(const ParaLanesBlock *block, int32_t *out);
/// Takes from their bodies the speed that pushing them out has given. allowed: scratch [bodies]
void para_lanes_calm(ParaLanesBlock *block, const int32_t *deep, int count, double *allowed);
/// Takes from the manifolds [first, end) of world w those that a one-way platform does not hold: their count
/// becomes 0.
void para_lanes_let_through(ParaLanesBlock *block, int w, int32_t first, int32_t end);
/// Fills `belts` and any_belt when all manifolds are there.
void para_lanes_run_belts(ParaLanesBlock *block);
/// The same for `bounce_mins`.
void para_lanes_find_bounce_mins(ParaLanesBlock *block);
/// Turns one step's manifolds of world w into its touches, contacts and events (the image's tail).
void para_lanes_report(ParaLanesBlock *block, int w);
/// Shortens the way of bodies of world w that go farther than their contacts see, so that no shape passes
/// through what it must not: what is not dynamic for all, everything for those marked `fast`. Changes dx, dy,
/// turn of `motion`. Called by the kernel after the last micro step for worlds where a body is marked `fast`
/// or moved farther than PARA_LANES_FAR inradii.
void para_lanes_sweep(ParaLanesBlock *block, int w);
/// Sets status, takes contacts and events away; the state of bodies stays.  @param body -1: none
void para_lanes_diverge(ParaLanesWorld *world, int body);
/// Makes the joints of a body agree with which bodies are there, after that or its place has changed; they
/// begin anew.  @param drawn it may be far from where they want it
void para_lanes_settle_joints(ParaLanesWorld *world, int body, bool drawn);
/// Bounds what a joint that is marked as drawn asks for in this step, in its record. @return whether it does
bool para_lanes_draw_joint(const ParaLanesWorld *world, int joint, ParaLanesJoint *record);
/// Why the def does not fit, in one line; false: it does not.
bool para_lanes_fits(const ParaWorldDef *def, char *out_why, size_t why_size);
/// [byte] of the largest slot.
size_t para_lanes_slot_max(void);
/// Lays out and fills a slot from a def that fits. @return false if `slot_size` is too small
bool para_lanes_build_slot(void *slot, size_t slot_size, const ParaWorldDef *def);
/// Seams of all shapes of a def while a world is built; made by para_lanes_find_seams.
typedef struct ParaLanesFoundSeams {
    int count;                              ///< shapes with seams
    uint64_t seamed;                        ///< bits of them
    ParaSeams seams[PARA_LANES_SHAPES_MAX]; ///< [count]
    bool any_end;                           ///< of a chain goes on
    ParaSeamEnds ends[PARA_LANES_CHAINS_MAX];
} ParaLanesFoundSeams;
/// @param enabled [body_count], or NULL: all are
void para_lanes_find_seams(const ParaWorldDef *def, const uint8_t *enabled, ParaLanesFoundSeams *out);
/// Puts them into a world whose shapes are built; `seams` of the world has room for them.
void para_lanes_set_seams(ParaLanesWorld *world, const ParaLanesFoundSeams *found);
/// Finds them again if static bodies have gone or come back since.
void para_lanes_update_seams(ParaLanesWorld *world);
/// [float] of a ParaLanesStill with so much room for corners.
#define PARA_LANES_STILL_FLOATS(room) ((int)(sizeof(ParaLanesStill) / sizeof(float)) + 4 * (room))
/// Works out who may touch whom: by the def, and the bodies and joints that are there.
void para_lanes_find_partners(ParaLanesWorld *world);
/// Makes areas, their box and fluid_bits agree with the zones as they are.
void para_lanes_place_zones(ParaLanesWorld *world);
/// Gives the shapes the friction of the image.
void para_lanes_rub_shapes(ParaLanesWorld *world);
/// Fills the stills of a world whose bodies and shapes are built.
void para_lanes_place_stills(ParaLanesWorld *world);
/// Sets every pointer of a slot from its counts: after the counts are known, or after a copy to another
/// place.
void para_lanes_bind(ParaLanesWorld *world);
/// [byte] of an image with a tail of so many touches, contacts and events.
/// @param contacts those that are gone included
size_t para_lanes_image_size(const ParaLanesWorld *world, int touches, int contacts, int events);
/// Makes view agree with the state (after a restore, a step, a build), and image_size with the counts.
void para_lanes_publish(ParaLanesWorld *world);
