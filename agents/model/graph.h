// SPDX-License-Identifier: MIT
#pragma once
// What the model sees of a moment: bodies as nodes, places where two may act on each other as edges. Plain
// data; several scenes side by side are one graph in which nothing leads from one to the other.
#include "agents/model/facts.h"

#define PARA_EDGE_HELD 1e6f ///< [N] strength of what gives way to nothing
#define PARA_EDGE_ROWS 3    ///< directions in which an edge's two bodies can speed apart

typedef enum {
    PARA_EDGE_CONTACT,
    PARA_EDGE_HINGE,
    PARA_EDGE_SLIDER,
    PARA_EDGE_ROPE,
    PARA_EDGE_KINDS
} ParaEdgeKind;

/// A body, at its centre of mass.
typedef struct ParaNode {
    float inverse_mass;    ///< [1/kg] >= 0; 0: nothing moves it
    float inverse_inertia; ///< [1/(kg m^2)] >= 0; 0: nothing turns it
    float motion[3];       ///< [m/s, m/s, rad/s] any finite; velocity x, y, spin
    float push[3];         ///< [m/s^2, m/s^2, rad/s^2] any finite; what it does where nothing touches it
    float seconds;         ///< [s] > 0 of a step of the model in its world
    float share;           ///< [1] 0.5..1 of that change of speed which its mean over a step has
} ParaNode;

/// One direction: the speed along it is direction . v_b - direction_a . v_a + arm_b spin_b - arm_a spin_a.
typedef struct ParaEdgeRow {
    ParaVec2 direction;   ///< [1] any finite; for b, world frame: a unit vector, (0, 0) of a turn, whose arms
                          ///< are a length, or what a rope over wheels makes of one
    ParaVec2 direction_a; ///< [1] any finite; for a: the same, but where a transmission leads elsewhere
    float arm_a, arm_b;   ///< [m] any finite
    float error;    ///< [m] any finite; gap of a contact, how far a joint is from where it holds: of one with
                    ///< limits, how far beyond the nearer one, or, on the other side of 0, within it
    float want;     ///< [m/s] any finite; speed that a motor or a belt wants
    float strength; ///< [N] >= 0 most that may be used for that
} ParaEdgeRow;

/// A place where two bodies may act on each other.
typedef struct ParaEdge {
    int32_t a, b; ///< [1] 0..node_count - 1
    ParaEdgeKind kind;
    int32_t of_a, of_b; ///< [1] >= 0 shapes of a contact; of a joint both its index
    int32_t row_count;  ///< [1] 1..PARA_EDGE_ROWS
    float friction; ///< [1] >= 0 of the pair; of a joint -1..1: 1 it holds below its upper limit, -1 above
                    ///< its lower one, 0 both ways or not at all
    float bounce;   ///< [1] 0..1 of the pair; of a rope 1: it is a spring
    ParaEdgeRow rows[PARA_EDGE_ROWS];
} ParaEdge;

typedef struct ParaGraph {
    ParaNode *nodes;            ///< [node_count]
    ParaEdge *edges;            ///< [edge_count]
    int node_count, edge_count; ///< [1] >= 0
    int node_max, edge_max;     ///< [1] >= 0 room
    bool crowds;                ///< where edges have no room, contacts are left out and counted
    int dropped;                ///< [1] >= 0 of them, since somebody set it to 0
} ParaGraph;

ParaGraph para_graph_create(int node_max, int edge_max, ParaArena *arena);

/// Adds a world as it is: its bodies as nodes in order, its near shapes and its joints as edges.
/// @param reach [m] >= 0 shapes further apart have no edge
/// @param seconds [s] > 0 of a step of the model
/// @param solver_steps [1] >= 1 of the engine in a step of the model: how far free flight gets
/// @return the index of its first node, or -1 where there is no room: then the graph is as it was
/// Threads: different graphs at once.  Cost: O(shapes^2) boxes, 0.1 us for each near pair; no heap.
int para_graph_add(ParaGraph *graph, const ParaModelFacts *facts, const ParaView *view,
                   const ParaInputs *inputs, float reach, double seconds, int solver_steps);

/// Speed along a row. @param motion in, [node_count, 3]
static inline float para_edge_speed(const ParaEdge *edge, int row, const float *motion)
{
    const ParaEdgeRow *r = &edge->rows[row];
    const float *a = motion + 3 * edge->a, *b = motion + 3 * edge->b;
    return r->direction.x * b[0] + r->direction.y * b[1] - r->direction_a.x * a[0] - r->direction_a.y * a[1] +
           r->arm_b * b[2] - r->arm_a * a[2];
}

/// The share of one of the two bodies in para_edge_ease [1/kg].
static inline float para_row_ease(ParaVec2 direction, float arm, const ParaNode *node)
{
    return (direction.x * direction.x + direction.y * direction.y) * node->inverse_mass +
           arm * arm * node->inverse_inertia;
}

/// How much an impulse of 1 along a row changes the speed along it [1/kg]; 0: nothing moves.
static inline float para_edge_ease(const ParaEdge *edge, int row, const ParaNode *nodes)
{
    const ParaEdgeRow *r = &edge->rows[row];
    const ParaNode *a = &nodes[edge->a], *b = &nodes[edge->b];
    return para_row_ease(r->direction_a, r->arm_a, a) + para_row_ease(r->direction, r->arm_b, b);
}

/// What an impulse along a row [N s] does to the motion of both. @param motion inout, [node_count, 3]
static inline void para_edge_push(const ParaEdge *edge, int row, const ParaNode *nodes, float impulse,
                                  float *motion)
{
    const ParaEdgeRow *r = &edge->rows[row];
    const ParaNode *of_a = &nodes[edge->a], *of_b = &nodes[edge->b];
    float *a = motion + 3 * edge->a, *b = motion + 3 * edge->b;
    a[0] -= of_a->inverse_mass * r->direction_a.x * impulse;
    a[1] -= of_a->inverse_mass * r->direction_a.y * impulse;
    a[2] -= of_a->inverse_inertia * r->arm_a * impulse;
    b[0] += of_b->inverse_mass * r->direction.x * impulse;
    b[1] += of_b->inverse_mass * r->direction.y * impulse;
    b[2] += of_b->inverse_inertia * r->arm_b * impulse;
}
