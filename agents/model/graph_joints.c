// SPDX-License-Identifier: MIT
// Joints as edges of a graph: directions that they hold, limits and motors among them.
#include "agents/model/graph_parts.h"

#include <math.h>

#define HELD  PARA_EDGE_HELD
#define STIFF 1e-3f // [m] of way between limits that counts as none

static ParaVec2 anchor(const ParaAdding *a, int body, ParaVec2 local)
{
    const ParaModelBody *b = &a->facts->bodies[body];
    ParaVec2 c = para_adding_centre(a, body),
             v = para_adding_turned(a, body, (ParaVec2){local.x - b->centre.x, local.y - b->centre.y});
    return (ParaVec2){c.x + v.x, c.y + v.y};
}

/// The turn of b against a, as a speed at the lighter body's radius of gyration.
static ParaEdgeRow turn_row(const ParaAdding *a, const ParaJointDef *j)
{
    const ParaModelBody *p = &a->facts->bodies[j->a], *q = &a->facts->bodies[j->b];
    float arm = p->inverse_mass > q->inverse_mass ? p->gyration : q->gyration;
    return (ParaEdgeRow){.arm_a = arm, .arm_b = arm};
}

/// The same of a joint that lets nothing turn: it turns back to how they were at first.
static ParaEdgeRow held_turn(const ParaAdding *a, const ParaJointDef *j)
{
    const ParaBodyDef *bodies = a->facts->def->bodies;
    float now = a->view->angle[j->b * a->view->stride] - a->view->angle[j->a * a->view->stride];
    ParaEdgeRow row = turn_row(a, j);
    row.error = (now - bodies[j->b].angle + bodies[j->a].angle) * row.arm_a;
    row.strength = HELD;
    return row;
}

/// How far a joint is beyond the nearer of its limits, or within it; what has none is where it holds.
static void limit(const ParaJointDef *j, float value, float scale, ParaEdge *e, ParaEdgeRow *row)
{
    if (!j->limited)
        return;
    float above = value - j->upper, below = value - j->lower;
    bool rope = j->kind == PARA_JOINT_DISTANCE && j->lower <= 0.0f; // no length is less than nothing
    bool upper = rope || -above <= below;
    e->friction = j->upper - j->lower < STIFF ? 0.0f : upper ? 1.0f : -1.0f;
    row->error = (upper ? above : below) * scale;
}

static void drive(const ParaAdding *a, int joint, float scale, ParaEdgeRow *row)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    int k = joint * a->inputs->stride;
    if (!j->motored)
        return;
    row->want = a->inputs->motor_rate[k] * scale;
    row->strength = a->inputs->motor_max[k] / scale;
}

static void add_hinge(ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_HINGE, j->a, j->b, joint, joint);
    if (!e)
        return;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 at = {0.5f * (at_a.x + at_b.x), 0.5f * (at_a.y + at_b.y)};
    for (int r = 0; r < 2; r++) {
        ParaVec2 axis = para_adding_turned(a, j->a, r ? (ParaVec2){0, 1} : (ParaVec2){1, 0});
        e->rows[r] = para_adding_row(a, j->a, j->b, at, axis);
        e->rows[r].error = axis.x * (at_b.x - at_a.x) + axis.y * (at_b.y - at_a.y);
    }
    e->row_count = 3;
    e->rows[2] = turn_row(a, j);
    float arm = e->rows[2].arm_a, angle = a->view->joint_angle[joint * a->view->stride];
    if (j->kind == PARA_JOINT_REVOLUTE) {
        limit(j, angle, arm, e, &e->rows[2]);
        drive(a, joint, arm, &e->rows[2]);
        return;
    }
    e->rows[2] = held_turn(a, j); // a weld
}

static void add_slider(ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_SLIDER, j->a, j->b, joint, joint);
    if (!e)
        return;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 along = para_adding_turned(a, j->a, j->axis), across = {-along.y, along.x};
    e->row_count = 3;
    e->rows[0] = para_adding_row(a, j->a, j->b, at_b, across);
    e->rows[0].error = across.x * (at_b.x - at_a.x) + across.y * (at_b.y - at_a.y);
    e->rows[1] = para_adding_row(a, j->a, j->b, at_b, along);
    limit(j, a->view->joint_angle[joint * a->view->stride], 1.0f, e, &e->rows[1]);
    drive(a, joint, 1.0f, &e->rows[1]);
    e->rows[2] = held_turn(a, j);
}

static ParaVec2 unit_from(ParaVec2 from, ParaVec2 to, float *out_length)
{
    ParaVec2 d = {to.x - from.x, to.y - from.y};
    float length = *out_length = sqrtf(d.x * d.x + d.y * d.y);
    return length > 1e-6f ? (ParaVec2){d.x / length, d.y / length} : (ParaVec2){0, 1};
}

static float turn_at(const ParaAdding *a, int body, ParaVec2 at, ParaVec2 direction)
{
    ParaVec2 c = para_adding_centre(a, body);
    return (at.x - c.x) * direction.y - (at.y - c.y) * direction.x;
}

static void add_rope(ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_ROPE, j->a, j->b, joint, joint);
    if (!e)
        return;
    float length;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 d = unit_from(at_a, at_b, &length);
    ParaEdgeRow *row = &e->rows[0];
    e->row_count = 1;
    *row = para_adding_row(a, j->a, j->b, at_b, d);
    row->arm_a = turn_at(a, j->a, at_a, d);
    if (j->kind == PARA_JOINT_DISTANCE) {
        limit(j, length, 1.0f, e, row);
        return;
    }
    row->error = length - j->rest;
    row->strength = j->stiffness;
    e->bounce = 1.0f;
}

/// One rope over two wheels that stand in the world: what it gives one body it takes from the other, by its
/// ratio. What is jammed in its wheel is not seen as jammed.
static void add_pulley(ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_ROPE, j->a, j->b, joint, joint);
    if (!e)
        return;
    float length_a, length_b;
    ParaVec2 at_a = anchor(a, j->a, j->anchor_a), at_b = anchor(a, j->b, j->anchor_b);
    ParaVec2 of_a = unit_from(j->wheel_a, at_a, &length_a), of_b = unit_from(j->wheel_b, at_b, &length_b);
    ParaEdgeRow *row = &e->rows[0];
    row->direction_a = (ParaVec2){-of_a.x, -of_a.y};
    row->direction = (ParaVec2){j->ratio * of_b.x, j->ratio * of_b.y};
    row->arm_a = turn_at(a, j->a, at_a, row->direction_a);
    row->arm_b = turn_at(a, j->b, at_b, row->direction);
    row->error = length_a + j->ratio * length_b - j->rest;
    e->friction = j->rigid ? 0.0f : 1.0f;
    e->row_count = 1;
}

/// [rad] that a body has turned against a carrier, -1: the world, since the start.
static float turned_by(const ParaAdding *a, int body, int carrier)
{
    const ParaBodyDef *bodies = a->facts->def->bodies;
    float own = a->view->angle[body * a->view->stride] - bodies[body].angle;
    return carrier < 0 ? own : own - turned_by(a, carrier, -1);
}

/// How far a gear is out of mesh: known while it meshes as at the start.
static float gear_error(const ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    float of_a = turned_by(a, j->a, j->carrier);
    bool meshes = fabsf(of_a - a->view->joint_angle[joint * a->view->stride]) < 0.01f;
    return meshes ? of_a + j->ratio * turned_by(a, j->b, j->carrier) : 0.0f;
}

/// Two that turn in a ratio, or one that goes as the other turns: a direction that is held, as across a
/// slider. Where a carrier turns, they are driven along with it, and it feels nothing of it.
static void add_gear(ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_SLIDER, j->a, j->b, joint, joint);
    if (!e)
        return;
    const ParaModelBody *p = &a->facts->bodies[j->a], *q = &a->facts->bodies[j->b];
    float length = p->inverse_mass > q->inverse_mass ? p->gyration : q->gyration;
    ParaEdgeRow *row = &e->rows[0];
    row->arm_a = -length;
    row->arm_b = j->ratio * length;
    row->error = gear_error(a, joint) * length;
    if (j->carrier >= 0)
        row->want = (1.0f + j->ratio) * a->view->spin[j->carrier * a->view->stride] * length;
    row->strength = HELD;
    e->row_count = 1;
}

static void add_rack(ParaAdding *a, int joint)
{
    const ParaJointDef *j = &a->facts->def->joints[joint];
    ParaEdge *e = para_adding_edge(a, PARA_EDGE_SLIDER, j->a, j->b, joint, joint);
    if (!e)
        return;
    ParaVec2 at = anchor(a, j->b, j->anchor_b), axis = j->axis;
    ParaEdgeRow *row = &e->rows[0];
    float spin = 0.0f;
    if (j->carrier >= 0) {
        ParaVec2 v = para_adding_speed(a, j->carrier, at);
        axis = para_adding_turned(a, j->carrier, j->axis);
        spin = a->view->spin[j->carrier * a->view->stride];
        row->want = axis.x * v.x + axis.y * v.y - j->ratio * spin;
    }
    row->direction = axis;
    row->arm_a = j->ratio;
    row->arm_b = turn_at(a, j->b, at, axis);
    row->error = a->view->joint_angle[joint * a->view->stride] - j->ratio * turned_by(a, j->a, j->carrier);
    if (fabsf(row->error) > 0.05f) // it took hold later than at the start, who knows where
        row->error = 0.0f;
    row->strength = HELD;
    e->row_count = 1;
}

void para_adding_joints(ParaAdding *a)
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
            add_pulley(a, i);
            break;
        case PARA_JOINT_GEAR:
            add_gear(a, i);
            break;
        case PARA_JOINT_RACK:
            add_rack(a, i);
            break;
        }
    }
}
