// SPDX-License-Identifier: MIT
#pragma once
// Joints as equations. What a joint holds (a pin's two directions, a weld's three, a rail's two, a rod's or a
// spring's length) is solved for all joints of a world at once, by factors: holds.c. What acts along its free
// way (motor, limits) is solved one after the other between contacts: drives.c.
#include "engine/world/chipmunk/cp.h"

/// A row of a joint's Jacobian: rate = a . (velocity of a) + b . (velocity of b), as x, y, spin.
typedef struct ParaCpRow {
    double a[3], b[3];
} ParaCpRow;

/// The two anchors of a joint as they are, or will be: centres and arms in the world's frame.
typedef struct ParaCpPlace {
    cpVect at_a, at_b, arm_a, arm_b; ///< [m]
    cpVect at_c;                     ///< [m] centre of the carrier; the origin without one
    cpVect axis;                     ///< [1] of a rail or rack
    double angle; ///< [rad] of b from a, of a gear their sum, of a rack that of a; beyond that of the start
} ParaCpPlace;

/// Up to two runs of nodes, in the order of a link's response.
typedef struct ParaCpReach {
    int count, first[2], end[2];
} ParaCpReach;

struct ParaCpLink {
    bool on; ///< whole, and both its bodies are there
    bool broken;
    bool drawn;              ///< its bodies may be too far from where it wants them
    int32_t a, b;            ///< bodies
    int32_t node_a, node_b;  ///< of the net; -1: a body that nothing moves
    int32_t block;           ///< of the net; -1 unless both can move
    int32_t carrier, node_c; ///< of a gear or rack; -1: the world, nothing that moves
    int32_t block_ac, block_bc;
    double third[3];           ///< what its only row has of the carrier, as x, y, spin
    cpVect wheel_a, wheel_b;   ///< [m] of a pulley
    double ratio;              ///< [1], [m/rad] of a pulley, gear or rack
    cpVect anchor_a, anchor_b; ///< [m] in the bodies' frames, from their centres of mass
    cpVect axis;               ///< [1] rail, a's frame
    double start;              ///< [rad] angle of b from a at the build; what ParaCpPlace.angle leaves out
    double rest; ///< [m] length that is held; of what a gear [rad] or rack [m] tells, that of its begin
    double stiffness, damping; ///< [N/m] [N s/m] spring
    ParaCpPlace place;         ///< of this substep
    int hold_count;            ///< [1] 0..3
    ParaCpRow hold[3];
    double firm[3];  ///< [kg], [kg m^2] how stiffly each row is held
    double error[3]; ///< [m], [rad] what is to be zero
    double bend[3];  ///< [m/s], [rad/s] what turning adds to the rate until the end of the substep
    double bend_before[3], drive_bend_before; ///< the same before the last look ahead
    double impulse[3];                        ///< [N s], [N m s]
    double lack[3]; ///< [N s], [N m s] of the solve that runs, and behind it what that gave
    double push;    ///< [N s] spring: stiffness * stretch * dt
    bool driven, limited, motored;
    ParaCpRow drive;
    double way, drive_bend; ///< [rad], [m] where along the free way; [rad/s], [m/s] as bend
    double lower, upper;    ///< [rad], [m]
    double drive_yield;     ///< [1/(kg m^2)], [1/kg] rate along the free way per impulse
    double drive_mass;      ///< [kg m^2], [kg] 1 / drive_yield
    double rate_low,
        rate_high; ///< [rad/s], [m/s] that reach the limits in the next move; one that is past allows none
    ParaCpReach reach;       ///< what an impulse along the free way moves
    int32_t response;        ///< index into responses: what a unit impulse along does; -1: none
    bool reaches;            ///< the response is that of this substep
    double rate, most;       ///< of the motor: [rad/s], [m/s]; [N m s], [N s]
    double motor, low, high; ///< impulses
};

static inline double para_cp_row_speed(const ParaCpRow *row, const cpBody *a, const cpBody *b)
{
    return (row->a[0] * a->v.x + row->a[1] * a->v.y + row->a[2] * a->w) +
           (row->b[0] * b->v.x + row->b[1] * b->v.y + row->b[2] * b->w);
}

static inline void para_cp_row_push(const ParaCpRow *row, cpBody *a, cpBody *b, double impulse)
{
    double on_a = impulse * a->m_inv, on_b = impulse * b->m_inv;
    a->v.x += on_a * row->a[0];
    a->v.y += on_a * row->a[1];
    a->w += impulse * a->i_inv * row->a[2];
    b->v.x += on_b * row->b[0];
    b->v.y += on_b * row->b[1];
    b->w += impulse * b->i_inv * row->b[2];
}

/// [1/kg], [1/(kg m^2)] rate per impulse.
static inline double para_cp_row_yield(const ParaCpRow *row, const cpBody *a, const cpBody *b)
{
    return (row->a[0] * row->a[0] + row->a[1] * row->a[1]) * a->m_inv + row->a[2] * row->a[2] * a->i_inv +
           (row->b[0] * row->b[0] + row->b[1] * row->b[1]) * b->m_inv + row->b[2] * row->b[2] * b->i_inv;
}

/// The same of Chipmunk's velocities that mend overlap.
static inline double para_cp_row_mend_speed(const ParaCpRow *row, const cpBody *a, const cpBody *b)
{
    return (row->a[0] * a->v_bias.x + row->a[1] * a->v_bias.y + row->a[2] * a->w_bias) +
           (row->b[0] * b->v_bias.x + row->b[1] * b->v_bias.y + row->b[2] * b->w_bias);
}

static inline void para_cp_row_mend(const ParaCpRow *row, cpBody *a, cpBody *b, double impulse)
{
    a->v_bias = cpvadd(a->v_bias, cpvmult(cpv(row->a[0], row->a[1]), impulse * a->m_inv));
    a->w_bias += impulse * a->i_inv * row->a[2];
    b->v_bias = cpvadd(b->v_bias, cpvmult(cpv(row->b[0], row->b[1]), impulse * b->m_inv));
    b->w_bias += impulse * b->i_inv * row->b[2];
}

/// What the carrier adds to the rate of a gear's or rack's row.
static inline double para_cp_third_speed(const ParaCpWorld *world, const ParaCpLink *link)
{
    if (link->carrier < 0)
        return 0.0;
    const cpBody *c = world->bodies[link->carrier];
    return link->third[0] * c->v.x + link->third[1] * c->v.y + link->third[2] * c->w;
}

// --- links.c: places and rows

/// Finds the place and all rows of a link at the begin of a substep's solving.
void para_cp_link_measure(ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind);
/// Foresees what the bodies' turning in this substep adds to the rates, from their present velocities: with
/// it the anchors meet at the end of the substep, so that what turns neither loses energy nor drifts apart.
void para_cp_link_foresee(ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind);
/// Errors of what is held and the place along the free way.
void para_cp_link_errors(const ParaCpLink *link, ParaJointKind kind, const ParaCpPlace *place,
                         double error[3], double *out_way);
/// Where the bodies of a link are now.
ParaCpPlace para_cp_link_place(const ParaCpWorld *world, const ParaCpLink *link, ParaJointKind kind);
/// [m] of a pulley's error that may be mended at once: no load is drawn past its wheel.
double para_cp_pulley_bound(const ParaCpLink *link);
/// Lets a gear or rack take hold where its bodies are now.
void para_cp_link_engage(const ParaCpWorld *world, ParaCpLink *link, ParaJointKind kind);

// --- holds.c
void para_cp_plan_holds(ParaCpWorld *world);    ///< once, when all links are built
void para_cp_prepare_holds(ParaCpWorld *world); ///< fills and factors the net
/// Makes all held rates right. @return false if none was off by more than `good` [m/s], [rad/s]
bool para_cp_solve_holds(ParaCpWorld *world, double good);
/// Moves what has drifted back, by Chipmunk's velocities for overlap.
void para_cp_mend_holds(ParaCpWorld *world);

// --- ahead.c
/// Foresees how far bodies turn, and makes all held rates right with it to `good` [m/s], [rad/s]. The look is
/// at velocities that agree with the joints: a blow not yet passed on would seem to turn a ball at the end of
/// a long arm by thousands of rad/s.
void para_cp_look_ahead(ParaCpWorld *world, double good);

// --- drives.c
/// The runs of nodes that an impulse on two bodies moves; -1: no node.
ParaCpReach para_cp_reach_of(const ParaNet *net, int node_a, int node_b);
/// Gives all bodies of a reach `impulse` times a response.
void para_cp_push_reach(ParaCpWorld *world, const ParaCpReach *reach, double (*response)[3], double impulse);
/// The same of the velocities that mend.
void para_cp_mend_reach(ParaCpWorld *world, const ParaCpReach *reach, double (*response)[3], double impulse);
void para_cp_plan_drives(ParaCpWorld *world); ///< once, behind para_cp_plan_holds
/// Once the net is factored. `ratio` [1] of the part's time to that of the last one: of impulses, too.
void para_cp_prepare_drives(ParaCpWorld *world, double ratio);
double para_cp_solve_drives(ParaCpWorld *world); ///< @return the largest change of a rate [rad/s], [m/s]
void para_cp_mend_drives(ParaCpWorld *world);

// --- blows.c
/// Once the net is factored and the arbiters are prepared: marks those it takes by their `data`.
void para_cp_prepare_blows(ParaCpWorld *world);
double para_cp_solve_blows(ParaCpWorld *world); ///< @return the largest change of a normal speed [m/s]
