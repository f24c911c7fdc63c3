// SPDX-License-Identifier: MIT
// A moment of a world as a graph: what pushes its bodies, where they are near, what joins them.
#include "agents/model/flight.h"
#include "agents/model/graph_parts.h"
#include "engine/world/geometry.h"
#include "engine/world/one_way.h"

#include <math.h>
#include <string.h>

ParaGraph para_graph_create(int node_max, int edge_max, ParaArena *arena)
{
    return (ParaGraph){.nodes = PARA_NEW(arena, ParaNode, (size_t)node_max),
                       .edges = PARA_NEW(arena, ParaEdge, (size_t)edge_max),
                       .node_max = node_max,
                       .edge_max = edge_max};
}

// ---------------------------------------------------------------------------------------------
// Nodes.

static void add_nodes(const ParaAdding *a)
{
    const ParaView *v = a->view;
    float push[3 * PARA_BODIES_MAX];
    para_flight_push(a->facts, v, a->inputs, a->seconds, push);
    for (int b = 0; b < v->def->body_count; b++) {
        size_t i = (size_t)b * (size_t)v->stride;
        ParaNode *node = &a->graph->nodes[a->first + b];
        *node = (ParaNode){
            .motion = {v->vx[i], v->vy[i], v->spin[i]}, .seconds = (float)a->seconds, .share = a->share};
        if (!(a->facts->bodies[b].inverse_mass > 0.0f) || !v->enabled[i])
            continue;
        node->inverse_mass = a->facts->bodies[b].inverse_mass;
        node->inverse_inertia = a->facts->bodies[b].inverse_inertia;
        memcpy(node->push, push + 3 * b, sizeof node->push);
    }
}

// ---------------------------------------------------------------------------------------------
// Edges of shapes.

ParaEdge *para_adding_edge(ParaAdding *a, ParaEdgeKind kind, int body_a, int body_b, int of_a, int of_b)
{
    ParaGraph *graph = a->graph;
    bool spare = graph->crowds && kind == PARA_EDGE_CONTACT;
    int kept = spare ? a->facts->def->joint_count : 0;
    if (graph->edge_count >= graph->edge_max - kept) {
        a->full |= !spare;
        graph->dropped += spare;
        return NULL;
    }
    ParaEdge *e = &graph->edges[graph->edge_count++];
    *e = (ParaEdge){.a = a->first + body_a, .b = a->first + body_b, .kind = kind, .of_a = of_a, .of_b = of_b};
    return e;
}

static float friction_of(const ParaAdding *a, int shape)
{
    const ParaShapeDef *s = &a->facts->def->shapes[shape];
    float set = a->view->friction[s->body * a->view->stride];
    return set >= 0.0f ? set : s->friction;
}

static float pair_friction(const ParaAdding *a, int p, int q)
{
    float x = friction_of(a, p), y = friction_of(a, q);
    return a->facts->def->friction_rule == PARA_FRICTION_PRODUCT ? x * y : sqrtf(x * x + y * y);
}

static float pair_bounce(const ParaAdding *a, int p, int q)
{
    float x = a->facts->def->shapes[p].restitution, y = a->facts->def->shapes[q].restitution;
    return a->facts->def->restitution_rule == PARA_RESTITUTION_PRODUCT ? x * y : fminf(x, y);
}

static void add_contact(ParaAdding *a, const ParaModelPiece *p, const ParaModelPiece *q, const ParaNear *near,
                        int k)
{
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_CONTACT, p->body, q->body, p->shape, q->shape);
    if (!e)
        return;
    ParaVec2 n = near->normal, t = {-n.y, n.x};
    e->row_count = 2;
    e->friction = pair_friction(a, p->shape, q->shape);
    e->bounce = pair_bounce(a, p->shape, q->shape);
    e->rows[0] = para_adding_row(a, p->body, q->body, near->at[k], n);
    e->rows[0].error = near->gap[k];
    e->rows[1] = para_adding_row(a, p->body, q->body, near->at[k], t);
    // Surfaces run clockwise: what lies on one goes along it, against this tangent, whichever of the two it
    // is.
    e->rows[1].want = -(a->facts->def->shapes[p->shape].belt + a->facts->def->shapes[q->shape].belt);
}

static bool touched(const ParaView *v, int p, int q)
{
    for (int i = 0; i < v->contact_count; i++)
        if (v->contacts[i].shape_a == p && v->contacts[i].shape_b == q)
            return true;
    return false;
}

/// Whether a platform that holds from above only, if one of the two is one, holds the other.
static bool holds(const ParaAdding *a, const ParaModelPiece *p, const ParaModelPiece *q, const ParaNear *near,
                  int k)
{
    const ParaWorldDef *def = a->facts->def;
    for (int side = 0; side < 2; side++) {
        const ParaModelPiece *own = side ? q : p, *other = side ? p : q;
        if (!def->shapes[own->shape].one_way)
            continue;
        ParaVec2 up = para_adding_turned(a, own->body, (ParaVec2){0, 1});
        ParaVec2 v = para_adding_speed(a, own->body, near->at[k]),
                 w = para_adding_speed(a, other->body, near->at[k]);
        float facing = (side ? -1.0f : 1.0f) * (near->normal.x * up.x + near->normal.y * up.y);
        float rising = (w.x - v.x) * up.x + (w.y - v.y) * up.y;
        if (!para_one_way_holds((double)facing, -(double)near->gap[k], (double)rising,
                                1.0 / (double)def->rate, touched(a->view, p->shape, q->shape)))
            return false;
    }
    return true;
}

static ParaConvex placed(const ParaAdding *a, const ParaModelPiece *piece)
{
    ParaConvex out = {.count = piece->form.count, .radius = piece->form.radius};
    ParaVec2 c = para_adding_centre(a, piece->body);
    for (int i = 0; i < out.count; i++) {
        ParaVec2 v = para_adding_turned(a, piece->body, piece->form.points[i]);
        out.points[i] = (ParaVec2){c.x + v.x, c.y + v.y};
    }
    return out;
}

static bool within(const ParaAdding *a, int body_p, ParaVec2 p, float radius_p, int body_q, ParaVec2 q,
                   float radius_q)
{
    ParaVec2 cp = para_adding_centre(a, body_p), cq = para_adding_centre(a, body_q),
             tp = para_adding_turned(a, body_p, p), tq = para_adding_turned(a, body_q, q);
    float x = cp.x + tp.x - cq.x - tq.x, y = cp.y + tp.y - cq.y - tq.y, most = radius_p + radius_q + a->reach;
    return x * x + y * y <= most * most;
}

static void meet_bodies(ParaAdding *a, int body_a, int body_b)
{
    const ParaModelBody *p = &a->facts->bodies[body_a], *q = &a->facts->bodies[body_b];
    const ParaVec2 zero = {0, 0};
    if (!within(a, body_a, zero, p->radius, body_b, zero, q->radius))
        return;
    for (int i = p->piece_first; i < p->piece_end; i++)
        for (int k = q->piece_first; k < q->piece_end; k++) {
            const ParaModelPiece *x = &a->facts->pieces[i], *y = &a->facts->pieces[k];
            if (!para_classes_meet(&a->facts->def->shapes[x->shape], &a->facts->def->shapes[y->shape]) ||
                !within(a, body_a, x->middle, x->reach, body_b, y->middle, y->reach))
                continue;
            ParaConvex cx = placed(a, x), cy = placed(a, y);
            ParaNear near = para_near(&cx, &cy, a->reach);
            for (int n = 0; n < near.count; n++)
                if (holds(a, x, y, &near, n))
                    add_contact(a, x, y, &near, n);
        }
}

static void add_contacts(ParaAdding *a)
{
    int n = a->facts->def->body_count;
    for (int p = 0; p < n; p++)
        for (int q = p + 1; q < n; q++)
            if (a->facts->meet[p * n + q] && a->view->enabled[p * a->view->stride] &&
                a->view->enabled[q * a->view->stride])
                meet_bodies(a, p, q);
}

int para_graph_add(ParaGraph *graph, const ParaModelFacts *facts, const ParaView *view,
                   const ParaInputs *inputs, float reach, double seconds, int solver_steps)
{
    ParaAdding a = {.graph = graph,
                    .facts = facts,
                    .view = view,
                    .inputs = inputs,
                    .first = graph->node_count,
                    .reach = reach,
                    .seconds = seconds,
                    .share = 0.5f * (1.0f + 1.0f / (float)solver_steps)};
    int edges = graph->edge_count;
    if (graph->node_count + view->def->body_count > graph->node_max)
        return -1;
    graph->node_count += view->def->body_count;
    add_nodes(&a);
    add_contacts(&a);
    para_adding_joints(&a);
    if (a.full) {
        graph->node_count = a.first;
        graph->edge_count = edges;
        return -1;
    }
    return a.first;
}
