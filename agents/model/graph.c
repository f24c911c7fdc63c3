// SPDX-License-Identifier: MIT
// A moment of a world as a graph: what pushes its bodies, where they are near, what joins them.
#include "agents/model/graph.h"

#include "agents/model/flight.h"
#include "engine/world/geometry.h"
#include "engine/world/one_way.h"

#include <math.h>
#include <string.h>

#define HELD 1e6f // [N] of what gives way to nothing

typedef struct Adding {
    ParaGraph *graph;
    const ParaModelFacts *facts;
    const ParaView *view;
    const ParaInputs *inputs;
    int first;      ///< node of body 0
    float reach;    ///< [m]
    float share;    ///< [1] of a push that the mean over a step has
    double seconds; ///< [s] of a step of the model
    bool full;
} Adding;

ParaGraph para_graph_create(int node_max, int edge_max, ParaArena *arena)
{
    return (ParaGraph){.nodes = PARA_NEW(arena, ParaNode, (size_t)node_max),
                       .edges = PARA_NEW(arena, ParaEdge, (size_t)edge_max),
                       .node_max = node_max,
                       .edge_max = edge_max};
}

static ParaVec2 centre_of(const Adding *a, int body)
{
    size_t i = (size_t)body * (size_t)a->view->stride;
    return (ParaVec2){a->view->centre_x[i], a->view->centre_y[i]};
}

static ParaVec2 turned(const Adding *a, int body, ParaVec2 v)
{
    size_t i = (size_t)body * (size_t)a->view->stride;
    float c = a->view->cos[i], s = a->view->sin[i];
    return (ParaVec2){c * v.x - s * v.y, s * v.x + c * v.y};
}

// ---------------------------------------------------------------------------------------------
// Nodes.

static void add_nodes(const Adding *a)
{
    const ParaView *v = a->view;
    float push[3 * PARA_BODIES_MAX];
    para_flight_push(a->facts, v, a->inputs, a->seconds, push);
    for (int b = 0; b < v->def->body_count; b++) {
        size_t i = (size_t)b * (size_t)v->stride;
        ParaNode *node = &a->graph->nodes[a->first + b];
        *node = (ParaNode){.motion = {v->vx[i], v->vy[i], v->spin[i]}, .share = a->share};
        if (!(a->facts->bodies[b].inverse_mass > 0.0f) || !v->enabled[i])
            continue;
        node->inverse_mass = a->facts->bodies[b].inverse_mass;
        node->inverse_inertia = a->facts->bodies[b].inverse_inertia;
        memcpy(node->push, push + 3 * b, sizeof node->push);
    }
}

// ---------------------------------------------------------------------------------------------
// Edges of shapes.

static ParaEdge *new_edge(Adding *a, ParaEdgeKind kind, int body_a, int body_b, int of_a, int of_b)
{
    ParaGraph *graph = a->graph;
    int kept = graph->crowds && kind == PARA_EDGE_CONTACT ? a->facts->def->joint_count : 0;
    if (graph->edge_count >= graph->edge_max - kept) {
        a->full |= !kept;
        graph->dropped += kept > 0;
        return NULL;
    }
    ParaEdge *e = &graph->edges[graph->edge_count++];
    *e = (ParaEdge){.a = a->first + body_a, .b = a->first + body_b, .kind = kind, .of_a = of_a, .of_b = of_b};
    return e;
}

static ParaEdgeRow row_at(const Adding *a, int body_a, int body_b, ParaVec2 at, ParaVec2 direction)
{
    ParaVec2 ca = centre_of(a, body_a), cb = centre_of(a, body_b);
    return (ParaEdgeRow){.direction = direction,
                         .arm_a = (at.x - ca.x) * direction.y - (at.y - ca.y) * direction.x,
                         .arm_b = (at.x - cb.x) * direction.y - (at.y - cb.y) * direction.x};
}

static float friction_of(const Adding *a, int shape)
{
    const ParaShapeDef *s = &a->facts->def->shapes[shape];
    float set = a->view->friction[s->body * a->view->stride];
    return set >= 0.0f ? set : s->friction;
}

static float pair_friction(const Adding *a, int p, int q)
{
    float x = friction_of(a, p), y = friction_of(a, q);
    return a->facts->def->friction_rule == PARA_FRICTION_PRODUCT ? x * y : sqrtf(x * x + y * y);
}

static float pair_bounce(const Adding *a, int p, int q)
{
    float x = a->facts->def->shapes[p].restitution, y = a->facts->def->shapes[q].restitution;
    return a->facts->def->restitution_rule == PARA_RESTITUTION_PRODUCT ? x * y : fminf(x, y);
}

static void add_contact(Adding *a, const ParaModelPiece *p, const ParaModelPiece *q, const ParaNear *near,
                        int k)
{
    ParaEdge *e = new_edge(a, PARA_EDGE_CONTACT, p->body, q->body, p->shape, q->shape);
    if (!e)
        return;
    ParaVec2 n = near->normal, t = {-n.y, n.x};
    e->row_count = 2;
    e->friction = pair_friction(a, p->shape, q->shape);
    e->bounce = pair_bounce(a, p->shape, q->shape);
    e->rows[0] = row_at(a, p->body, q->body, near->at[k], n);
    e->rows[0].error = near->gap[k];
    e->rows[1] = row_at(a, p->body, q->body, near->at[k], t);
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

static ParaVec2 point_speed(const Adding *a, int body, ParaVec2 at)
{
    size_t i = (size_t)body * (size_t)a->view->stride;
    ParaVec2 c = centre_of(a, body);
    return (ParaVec2){a->view->vx[i] - a->view->spin[i] * (at.y - c.y),
                      a->view->vy[i] + a->view->spin[i] * (at.x - c.x)};
}

/// Whether a platform that holds from above only, if one of the two is one, holds the other.
static bool holds(const Adding *a, const ParaModelPiece *p, const ParaModelPiece *q, const ParaNear *near,
                  int k)
{
    const ParaWorldDef *def = a->facts->def;
    for (int side = 0; side < 2; side++) {
        const ParaModelPiece *own = side ? q : p, *other = side ? p : q;
        if (!def->shapes[own->shape].one_way)
            continue;
        ParaVec2 up = turned(a, own->body, (ParaVec2){0, 1});
        ParaVec2 v = point_speed(a, own->body, near->at[k]), w = point_speed(a, other->body, near->at[k]);
        float facing = (side ? -1.0f : 1.0f) * (near->normal.x * up.x + near->normal.y * up.y);
        float rising = (w.x - v.x) * up.x + (w.y - v.y) * up.y;
        if (!para_one_way_holds((double)facing, -(double)near->gap[k], (double)rising,
                                1.0 / (double)def->rate, touched(a->view, p->shape, q->shape)))
            return false;
    }
    return true;
}

static ParaConvex placed(const Adding *a, const ParaModelPiece *piece)
{
    ParaConvex out = {.count = piece->form.count, .radius = piece->form.radius};
    ParaVec2 c = centre_of(a, piece->body);
    for (int i = 0; i < out.count; i++) {
        ParaVec2 v = turned(a, piece->body, piece->form.points[i]);
        out.points[i] = (ParaVec2){c.x + v.x, c.y + v.y};
    }
    return out;
}

static bool within(const Adding *a, int body_p, ParaVec2 p, float radius_p, int body_q, ParaVec2 q,
                   float radius_q)
{
    ParaVec2 cp = centre_of(a, body_p), cq = centre_of(a, body_q), tp = turned(a, body_p, p),
             tq = turned(a, body_q, q);
    float x = cp.x + tp.x - cq.x - tq.x, y = cp.y + tp.y - cq.y - tq.y, most = radius_p + radius_q + a->reach;
    return x * x + y * y <= most * most;
}

static void meet_bodies(Adding *a, int body_a, int body_b)
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

static void add_contacts(Adding *a)
{
    int n = a->facts->def->body_count;
    for (int p = 0; p < n; p++)
        for (int q = p + 1; q < n; q++)
            if (a->facts->meet[p * n + q] && a->view->enabled[p * a->view->stride] &&
                a->view->enabled[q * a->view->stride])
                meet_bodies(a, p, q);
}

// ---------------------------------------------------------------------------------------------
// Edges of joints.

static ParaVec2 anchor(const Adding *a, int body, ParaVec2 local)
{
    const ParaModelBody *b = &a->facts->bodies[body];
    ParaVec2 c = centre_of(a, body),
             v = turned(a, body, (ParaVec2){local.x - b->centre.x, local.y - b->centre.y});
    return (ParaVec2){c.x + v.x, c.y + v.y};
}

/// The turn of b against a, as a speed at the lighter body's radius of gyration.
static ParaEdgeRow turn_row(const Adding *a, const ParaJointDef *j)
{
    const ParaModelBody *p = &a->facts->bodies[j->a], *q = &a->facts->bodies[j->b];
    float arm = p->inverse_mass > q->inverse_mass ? p->gyration : q->gyration;
    return (ParaEdgeRow){.arm_a = arm, .arm_b = arm};
}

/// The same of a joint that lets nothing turn: it turns back to how they were at first.
static ParaEdgeRow held_turn(const Adding *a, const ParaJointDef *j)
{
    const ParaBodyDef *bodies = a->facts->def->bodies;
    float now = a->view->angle[j->b * a->view->stride] - a->view->angle[j->a * a->view->stride];
    ParaEdgeRow row = turn_row(a, j);
    row.error = (now - bodies[j->b].angle + bodies[j->a].angle) * row.arm_a;
    row.strength = HELD;
    return row;
}

static float beyond(const ParaJointDef *j, float value)
{
    return !j->limited        ? 0.0f
           : value > j->upper ? value - j->upper
           : value < j->lower ? value - j->lower
                              : 0.0f;
}

static void drive(const Adding *a, int joint, float scale, ParaEdgeRow *row)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    int k = joint * a->inputs->stride;
    if (!j->motored)
        return;
    row->want = a->inputs->motor_rate[k] * scale;
    row->strength = a->inputs->motor_max[k] / scale;
}

static void add_hinge(Adding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = new_edge(a, PARA_EDGE_HINGE, j->a, j->b, joint, joint);
    if (!e)
        return;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 at = {0.5f * (at_a.x + at_b.x), 0.5f * (at_a.y + at_b.y)};
    for (int r = 0; r < 2; r++) {
        ParaVec2 axis = turned(a, j->a, r ? (ParaVec2){0, 1} : (ParaVec2){1, 0});
        e->rows[r] = row_at(a, j->a, j->b, at, axis);
        e->rows[r].error = axis.x * (at_b.x - at_a.x) + axis.y * (at_b.y - at_a.y);
    }
    e->row_count = 3;
    e->rows[2] = turn_row(a, j);
    float arm = e->rows[2].arm_a, angle = a->view->joint_angle[joint * a->view->stride];
    if (j->kind == PARA_JOINT_REVOLUTE) {
        e->rows[2].error = beyond(j, angle) * arm;
        drive(a, joint, arm, &e->rows[2]);
        return;
    }
    e->rows[2] = held_turn(a, j); // a weld
}

static void add_slider(Adding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = new_edge(a, PARA_EDGE_SLIDER, j->a, j->b, joint, joint);
    if (!e)
        return;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 along = turned(a, j->a, j->axis), across = {-along.y, along.x};
    e->row_count = 3;
    e->rows[0] = row_at(a, j->a, j->b, at_b, across);
    e->rows[0].error = across.x * (at_b.x - at_a.x) + across.y * (at_b.y - at_a.y);
    e->rows[1] = row_at(a, j->a, j->b, at_b, along);
    e->rows[1].error = beyond(j, a->view->joint_angle[joint * a->view->stride]);
    drive(a, joint, 1.0f, &e->rows[1]);
    e->rows[2] = held_turn(a, j);
}

static void add_rope(Adding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = new_edge(a, PARA_EDGE_ROPE, j->a, j->b, joint, joint);
    if (!e)
        return;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 d = {at_b.x - at_a.x, at_b.y - at_a.y};
    float length = sqrtf(d.x * d.x + d.y * d.y);
    d = length > 1e-6f ? (ParaVec2){d.x / length, d.y / length} : (ParaVec2){0, 1};
    ParaEdgeRow of_a = row_at(a, j->a, j->b, at_a, d), of_b = row_at(a, j->a, j->b, at_b, d);
    e->row_count = 1;
    e->rows[0] = of_b;
    e->rows[0].arm_a = of_a.arm_a;
    bool spring = j->kind == PARA_JOINT_SPRING;
    e->rows[0].error = spring ? length - j->rest : beyond(j, length);
    e->rows[0].strength = spring ? j->stiffness : 0.0f;
    e->bounce = spring ? 1.0f : 0.0f;
}

static void add_joints(Adding *a)
{
    for (int i = 0; i < a->facts->def->joint_count; i++) {
        if (!a->view->joint_enabled[i * a->view->stride])
            continue;
        switch (a->facts->def->joints[i].kind) {
        case PARA_JOINT_REVOLUTE:
        case PARA_JOINT_WELD:
            add_hinge(a, i);
            break;
        case PARA_JOINT_PRISMATIC:
            add_slider(a, i);
            break;
        case PARA_JOINT_DISTANCE:
        case PARA_JOINT_SPRING:
            add_rope(a, i);
            break;
        case PARA_JOINT_PULLEY:
        case PARA_JOINT_GEAR:
        case PARA_JOINT_RACK:
            break; // two bodies by way of a third: no edge yet
        }
    }
}

int para_graph_add(ParaGraph *graph, const ParaModelFacts *facts, const ParaView *view,
                   const ParaInputs *inputs, float reach, double seconds, int solver_steps)
{
    Adding a = {.graph = graph,
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
    add_joints(&a);
    if (a.full) {
        graph->node_count = a.first;
        graph->edge_count = edges;
        return -1;
    }
    return a.first;
}
