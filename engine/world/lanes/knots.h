// SPDX-License-Identifier: MIT
#pragma once
// Private to engine/world/lanes: the joints of a world that rows of vectors would not hold, all at once. A
// world is knotted at its build when it has welded pieces, light links with heavy loads, long chains or stiff
// springs side by side (para_lanes_measure_knot says which); its joints are in no row then. Used by build.c,
// slot.c, plan.c. knot_plan.c builds, knots.c solves, knot_links.c says what a joint is.
#include "engine/world/lanes/lanes.h"
#include "engine/world/net.h"

/// A row of a joint's Jacobian: rate = a . (velocity of a) + b . (velocity of b), as x, y, spin.
typedef struct ParaKnotRow {
    double a[3], b[3];
} ParaKnotRow;

/// A body of a link as it is now.
typedef struct ParaKnotBody {
    double x, y, cos, sin, turn;          ///< [m] [rad]; turn: since the begin of the step
    double inverse_mass, inverse_inertia; ///< [1/kg] [1/(kg m^2)]
} ParaKnotBody;

/// A joint during a step.
typedef struct ParaKnotLink {
    int32_t on;                            ///< 0: it is broken, or one of its bodies is gone
    int32_t a, b;                          ///< bodies of the world
    int32_t node_a, node_b, block;         ///< of the net; -1: nothing moves it; no such block
    int32_t c, node_c, block_ac, block_bc; ///< carrier of a gear or rack; -1: none
    int32_t hold_count;                    ///< [1] 0..3
    int32_t response;                      ///< index into responses of a drive, -1: none
    ParaKnotRow hold[3], drive;
    double third[3];                      ///< what the only row of a gear or rack has of its carrier
    double ratio, wheel_a[2], wheel_b[2]; ///< of a pulley, gear or rack
    double error[3];                      ///< [m], [rad] what is to be zero
    double bend[3]; ///< [m/s] what turning adds to the rate within a micro step, on average
    double firm[3]; ///< [kg], [kg m^2] how stiffly each row is held
    double impulse[3], lack[3], bent[3]; ///< [N s], [N m s]
    double push;                         ///< [N s] spring: stiffness * stretch * h
    double start;                        ///< [rad] angle, or its error, at the begin of the step
    double way, lower, upper;            ///< [rad], [m] along the free way
    double slack[2];                     ///< [m] of the gap that this step leaves alone, see draw.c
    double length;                       ///< [m] of a line, held or at rest
    double yield;                        ///< [1/kg], [1/(kg m^2)] rate along the free way per impulse
    double rate, most;                   ///< motor: [rad/s], [m/s]; [N m s], [N s] of a micro step
    double motor, low, high, load;       ///< [N s], [N m s]
} ParaKnotLink;

/// What a knotted world needs in a step; it lies in the world's slot, and says nothing between steps but
/// `node_of` and the plan of the net.
typedef struct ParaLanesKnot {
    ParaNet net;
    int32_t node_of[PARA_LANES_BODIES_MAX]; ///< by body, -1: none
    int32_t body_of[PARA_LANES_BODIES_MAX]; ///< by node
    ParaKnotBody *bodies;                   ///< [body_count]
    ParaKnotLink *links;                    ///< [joint_count]
    double (*held)[3];                      ///< [nodes] velocity that all this gave in the micro step
    double (*bent)[3];                      ///< [nodes] and the part of it that is for this move only
    double (*driven)[3];                    ///< [nodes] velocity that drives gave in this pass
    double (*responses)[3];                 ///< [joint_count * nodes] what a unit impulse of a drive does
} ParaLanesKnot;

#define PARA_LANES_KNOT_BLOCKS_MAX 512  ///< of a net; a world with more is not knotted
#define PARA_LANES_KNOT_PAIRS_MAX  8192 ///< the same

// --- knot_plan.c
/// Whether a def is to be knotted: sets the counts of `world`, which are 0 if not.
void para_lanes_measure_knot(ParaLanesWorld *world, const ParaWorldDef *def);
/// [byte] of the knot of a world with these counts; 0 without one.
size_t para_lanes_knot_size(const ParaLanesWorld *world);
/// Plans the knot of a world whose bodies and joints are built.
void para_lanes_build_knot(ParaLanesWorld *world);
/// The knot of a knotted world at its present place: a clone lies elsewhere than what it was copied from.
ParaLanesKnot *para_lanes_open_knot(const ParaLanesWorld *world);

// --- knots.c
// A step, each for all knotted worlds of the block.
void para_lanes_begin_knots(ParaLanesBlock *block);
/// @param first before the contacts of the pass, and not behind them
/// @param last behind the last of them
void para_lanes_solve_knots(ParaLanesBlock *block, bool soft, bool first, bool last);
void para_lanes_store_knots(ParaLanesBlock *block);

// --- knot_links.c
/// Angle or its error at the begin of the step, and the impulses of the last one.
/// @param record the joint as it is in this step
void para_knot_link_begin(const ParaLanesWorld *world, int joint, const ParaLanesJoint *record,
                          ParaKnotLink *link, const ParaKnotBody *a, const ParaKnotBody *b, double h);
/// Rows, errors and the free way for the places of this moment.  @param bodies [body_count]
void para_knot_link_measure(const ParaLanesJoint *joint, ParaKnotLink *link, const ParaKnotBody *bodies);
/// Whether only a knot holds this kind of joint.
static inline bool para_is_knotted_joint(const ParaJointDef *joint)
{
    return joint->kind >= PARA_JOINT_PULLEY || (joint->kind == PARA_JOINT_SPRING && joint->limited);
}
/// The same of a whole def.
bool para_def_asks_for_knot(const ParaWorldDef *def);
void para_knot_link_store(const ParaLanesJoint *joint, const ParaKnotLink *link, ParaLanesJointState *out);
/// [N s] of what the joint gave in this micro step.
double para_knot_link_load(const ParaLanesJoint *joint, const ParaKnotLink *link);
