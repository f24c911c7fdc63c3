// SPDX-License-Identifier: MIT
#pragma once
// A world while it is added to a graph: what the parts that add nodes, contacts and joints share. Private to
// agents/model.
#include "agents/model/graph.h"

typedef struct ParaAdding {
    ParaGraph *graph;
    const ParaModelFacts *facts;
    const ParaView *view;
    const ParaInputs *inputs;
    int first;      ///< node of body 0
    float reach;    ///< [m]
    float share;    ///< [1] of a push that the mean over a step has
    double seconds; ///< [s] of a step of the model
    bool full;
} ParaAdding;

/// A new edge of two bodies; NULL: there is no room.
/// @param of_a, of_b as in ParaEdge
ParaEdge *para_adding_edge(ParaAdding *a, ParaEdgeKind kind, int body_a, int body_b, int of_a, int of_b);
/// Edges of all joints that hold.
void para_adding_joints(ParaAdding *adding);

static inline ParaVec2 para_adding_centre(const ParaAdding *a, int body)
{
    size_t i = (size_t)body * (size_t)a->view->stride;
    return (ParaVec2){a->view->centre_x[i], a->view->centre_y[i]};
}

static inline ParaVec2 para_adding_turned(const ParaAdding *a, int body, ParaVec2 v)
{
    size_t i = (size_t)body * (size_t)a->view->stride;
    float c = a->view->cos[i], s = a->view->sin[i];
    return (ParaVec2){c * v.x - s * v.y, s * v.x + c * v.y};
}

static inline ParaEdgeRow para_adding_row(const ParaAdding *a, int body_a, int body_b, ParaVec2 at,
                                          ParaVec2 direction)
{
    ParaVec2 ca = para_adding_centre(a, body_a), cb = para_adding_centre(a, body_b);
    return (ParaEdgeRow){.direction = direction,
                         .direction_a = direction,
                         .arm_a = (at.x - ca.x) * direction.y - (at.y - ca.y) * direction.x,
                         .arm_b = (at.x - cb.x) * direction.y - (at.y - cb.y) * direction.x};
}

static inline ParaVec2 para_adding_speed(const ParaAdding *a, int body, ParaVec2 at)
{
    size_t i = (size_t)body * (size_t)a->view->stride;
    ParaVec2 c = para_adding_centre(a, body);
    return (ParaVec2){a->view->vx[i] - a->view->spin[i] * (at.y - c.y),
                      a->view->vy[i] + a->view->spin[i] * (at.x - c.x)};
}
