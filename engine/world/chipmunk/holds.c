// SPDX-License-Identifier: MIT
// What joints hold, all at once. Rows r with Jacobian J are held by dampers so firm (K, 1e7 times the mass
// that a row moves) that what is left of a rate after one solve is lost in rounding, and is taken again in
// the next one:
//   (M + J^T K J) dv = -J^T K (J v + bend),   impulse += -K (J (v + dv) + bend),   v += M^-1 J^T impulse.
// The matrix has one node per body, whatever joints there are: more joints than are needed (a ring of welds)
// do no harm, chains and trees cost as much as their joints, and light links carry heavy weights.
//
// A spring is a row like these, as firm as its own damping and stiffness: implicit where it is fast.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define FIRMNESS   1e7  ///< [1] of a held row, times the mass that it moves
#define SPEED_GOOD 1e-6 ///< [m/s], [rad/s] of mending that counts as zero

static bool moves(const ParaCpWorld *world, int body)
{
    return world->def.bodies[body].kind == PARA_BODY_DYNAMIC;
}

/// Numbers the dynamic bodies of joints: `nodes` by body, -1 for the others. @return their count
static int number_bodies(const ParaCpWorld *world, int32_t *nodes)
{
    int count = 0;
    for (int i = 0; i < world->def.body_count; i++)
        nodes[i] = -1;
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaCpLink *link = &world->links[i];
        int32_t ends[3] = {link->a, link->b, link->carrier};
        for (int k = 0; k < 3; k++)
            if (ends[k] >= 0 && moves(world, ends[k]) && nodes[ends[k]] < 0)
                nodes[ends[k]] = count++;
    }
    return count;
}

static void *take_from_heap(void *from, size_t size)
{
    (void)from; // the heap entered last
    return para_cp_alloc(size);
}

/// @return 1 if both nodes are there
static int add_edge(int32_t edge[2], int32_t node, int32_t other)
{
    if (node < 0 || other < 0)
        return 0;
    edge[0] = node;
    edge[1] = other;
    return 1;
}

static int32_t block_of(const ParaCpWorld *world, const ParaCpLink *link, int32_t node, int32_t other)
{
    return link->hold_count > 0 && node >= 0 && other >= 0 ? para_net_block(&world->net, node, other) : -1;
}

void para_cp_plan_holds(ParaCpWorld *world)
{
    ParaNetGraph graph;
    int32_t nodes[PARA_BODIES_MAX], edges[3 * PARA_JOINTS_MAX][2];
    const int32_t *place = graph.place;
    int node_count = number_bodies(world, nodes), edge_count = 0;
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        if (link->hold_count == 0)
            continue;
        int32_t node_c = link->carrier < 0 ? -1 : nodes[link->carrier];
        edge_count += add_edge(edges[edge_count], nodes[link->a], nodes[link->b]);
        edge_count += add_edge(edges[edge_count], nodes[link->a], node_c);
        edge_count += add_edge(edges[edge_count], nodes[link->b], node_c);
    }
    para_net_order(&graph, node_count, (const int32_t(*)[2])edges, edge_count);
    world->net =
        (ParaNet){.node_count = node_count, .block_count = graph.block_count, .pair_count = graph.pair_count};
    para_net_lay(&world->net, take_from_heap, NULL);
    para_net_plan(&world->net, &graph);
    for (int i = 0; i < world->def.body_count; i++) {
        world->body_nodes[i] = nodes[i] < 0 ? -1 : place[nodes[i]];
        if (nodes[i] >= 0)
            world->node_bodies[place[nodes[i]]] = i;
    }
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        link->node_a = nodes[link->a] < 0 ? -1 : place[nodes[link->a]];
        link->node_b = nodes[link->b] < 0 ? -1 : place[nodes[link->b]];
        link->node_c = link->carrier < 0 || nodes[link->carrier] < 0 ? -1 : place[nodes[link->carrier]];
        link->block = block_of(world, link, link->node_a, link->node_b);
        link->block_ac = block_of(world, link, link->node_a, link->node_c);
        link->block_bc = block_of(world, link, link->node_b, link->node_c);
    }
}

/// The firmness of a spring's row, and its push: see engine/world/lanes/solve/lines.c. The stretch is that of
/// the begin of the substep, which keeps the energy of slow springs; the faster one is, the more of the
/// stretch's own change is taken in. Beyond what a rod has, it is one.
static void stretch_spring(ParaCpLink *link, double yield, double dt)
{
    double stiff = dt * link->stiffness, fast = stiff * dt * yield; // (own frequency * dt)^2
    double firm = dt * link->damping + stiff * dt * (fast / (1.0 + fast)), most = FIRMNESS / yield;
    double share = firm > most ? most / firm : 1.0;
    link->firm[0] = firm * share;
    link->push = stiff * share * link->error[0];
}

static void add_outer(double m[9], const double *rows, const double *columns, double factor)
{
    for (int r = 0; r < 3; r++) {
        double scaled = factor * rows[r];
        for (int c = 0; c < 3; c++)
            m[3 * r + c] += scaled * columns[c];
    }
}

/// The part of a gear's or rack's row that its carrier has.
static void put_third(ParaNet *net, const ParaCpLink *link, const ParaCpRow *row, double firm)
{
    add_outer(net->diagonal[link->node_c], link->third, link->third, firm);
    if (link->block_ac >= 0) {
        bool first = link->node_a < link->node_c;
        add_outer(net->block[link->block_ac], first ? link->third : row->a, first ? row->a : link->third,
                  firm);
    }
    if (link->block_bc >= 0) {
        bool first = link->node_b < link->node_c;
        add_outer(net->block[link->block_bc], first ? link->third : row->b, first ? row->b : link->third,
                  firm);
    }
}

static void put_row(ParaNet *net, const ParaCpLink *link, const ParaCpRow *row, double firm)
{
    if (link->node_a >= 0)
        add_outer(net->diagonal[link->node_a], row->a, row->a, firm);
    if (link->node_b >= 0)
        add_outer(net->diagonal[link->node_b], row->b, row->b, firm);
    if (link->block >= 0) {
        bool a_first = link->node_a < link->node_b;
        add_outer(net->block[link->block], a_first ? row->b : row->a, a_first ? row->a : row->b, firm);
    }
    if (link->node_c >= 0)
        put_third(net, link, row, firm);
}

/// [1/kg], [1/(kg m^2)] rate per impulse.
static double yield_of(const ParaCpWorld *world, const ParaCpLink *link, const ParaCpRow *row)
{
    double yield = para_cp_row_yield(row, world->bodies[link->a], world->bodies[link->b]);
    if (link->carrier >= 0) {
        const cpBody *c = world->bodies[link->carrier];
        yield += (link->third[0] * link->third[0] + link->third[1] * link->third[1]) * c->m_inv +
                 link->third[2] * link->third[2] * c->i_inv;
    }
    return yield;
}

void para_cp_prepare_holds(ParaCpWorld *world)
{
    ParaNet *net = &world->net;
    if (net->node_count == 0)
        return;
    para_net_clear(net);
    for (int i = 0; i < net->node_count; i++) {
        const cpBody *body = world->bodies[world->node_bodies[i]];
        // In a fluid they are not the body's alone.
        ParaCpInertia inertia = {1.0 / body->m_inv,
                                 body->i_inv > 0.0 ? 1.0 / body->i_inv : PARA_FIXED_INERTIA};
        world->inertias[i] = inertia;
        world->curving[i] = 0.0;
        net->diagonal[i][0] = net->diagonal[i][4] = inertia.mass;
        net->diagonal[i][8] = inertia.moment;
    }
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        for (int r = 0; r < link->hold_count && link->on; r++) {
            double yield = yield_of(world, link, &link->hold[r]);
            if (world->def.joints[i].kind == PARA_JOINT_SPRING)
                stretch_spring(link, yield, world->kick);
            else
                link->firm[r] = yield > 0.0 ? FIRMNESS / yield : 0.0;
            put_row(net, link, &link->hold[r], link->firm[r]);
        }
    }
    para_net_factor(net);
}

static void ask_carrier(ParaNet *net, const ParaCpLink *link, double impulse)
{
    for (int k = 0; k < 3; k++)
        net->x[link->node_c][k] += link->third[k] * impulse;
}

/// Adds J^T impulse to the right side.
static inline void ask(ParaNet *net, const ParaCpLink *link, const ParaCpRow *row, double impulse)
{
    for (int k = 0; k < 3; k++) {
        if (link->node_a >= 0)
            net->x[link->node_a][k] += row->a[k] * impulse;
        if (link->node_b >= 0)
            net->x[link->node_b][k] += row->b[k] * impulse;
    }
    if (link->node_c >= 0)
        ask_carrier(net, link, impulse);
}

/// The rate that the solved unknowns add to a row.
static double answer(double (*x)[3], const ParaCpLink *link, const ParaCpRow *row)
{
    double rate = 0.0;
    for (int k = 0; k < 3; k++) {
        if (link->node_a >= 0)
            rate += row->a[k] * x[link->node_a][k];
        if (link->node_b >= 0)
            rate += row->b[k] * x[link->node_b][k];
    }
    for (int k = 0; k < 3 && link->node_c >= 0; k++)
        rate += link->third[k] * x[link->node_c][k];
    return rate;
}

static void empty_unknowns(ParaNet *net) { memset(net->x, 0, sizeof(double[3]) * (size_t)net->node_count); }

/// What the rows of a link lack at the present rates. @return the largest of them as a rate
static double ask_speed(ParaCpWorld *world, ParaCpLink *link, bool spring)
{
    const cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    double worst = 0.0;
    for (int r = 0; r < link->hold_count; r++) {
        double speed =
            para_cp_row_speed(&link->hold[r], a, b) + link->bend[r] + para_cp_third_speed(world, link);
        if (world->driven) // what drives gave came with this impulse
            link->impulse[r] -= link->firm[r] * answer(world->driven_x, link, &link->hold[r]);
        link->lack[r] = -link->firm[r] * speed;
        if (spring) {
            link->lack[r] -= link->push + link->impulse[r];
            speed = link->lack[r] * yield_of(world, link, &link->hold[r]);
        }
        worst = para_max(worst, fabs(speed));
        ask(&world->net, link, &link->hold[r], link->lack[r]);
    }
    return worst;
}

static void push_third(const ParaCpWorld *world, const ParaCpLink *link, double impulse)
{
    cpBody *c = world->bodies[link->carrier];
    c->v = cpvadd(c->v, cpvmult(cpv(link->third[0], link->third[1]), impulse * c->m_inv));
    c->w += impulse * c->i_inv * link->third[2];
}

/// As para_cp_third_speed, of the velocities that mend.
static double third_mend_speed(const ParaCpWorld *world, const ParaCpLink *link)
{
    if (link->carrier < 0)
        return 0.0;
    const cpBody *c = world->bodies[link->carrier];
    return link->third[0] * c->v_bias.x + link->third[1] * c->v_bias.y + link->third[2] * c->w_bias;
}

bool para_cp_solve_holds(ParaCpWorld *world, double good)
{
    ParaNet *net = &world->net;
    double worst = 0.0;
    if (net->node_count == 0)
        return false;
    empty_unknowns(net);
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on)
            worst = para_max(
                worst, ask_speed(world, &world->links[i], world->def.joints[i].kind == PARA_JOINT_SPRING));
    if (world->driven) {
        memset(world->driven_x, 0, sizeof(double[3]) * (size_t)net->node_count);
        world->driven = false;
    }
    if (worst <= good)
        return false;
    para_net_solve(net, net->x, 0, net->node_count);
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
        for (int r = 0; r < link->hold_count && link->on; r++) {
            double given = link->lack[r] - link->firm[r] * answer(net->x, link, &link->hold[r]);
            link->lack[r] = given;
            link->impulse[r] += given;
            para_cp_row_push(&link->hold[r], a, b, given);
            if (link->node_c >= 0)
                push_third(world, link, given);
        }
    }
    return true;
}

/// [m/s], [rad/s] at which a row's error is taken back. What was made again or put elsewhere is drawn near by
/// so much and no faster; a pin's two directions together.
static double mend_rate(const ParaCpLink *link, ParaJointKind kind, int row, double per, double dt)
{
    double rate = per * link->error[row], most = (double)PARA_JOINT_DRAW_SPEED;
    if (kind == PARA_JOINT_PULLEY)
        rate = para_clamp(rate, -para_cp_pulley_bound(link) / dt, para_cp_pulley_bound(link) / dt);
    if (!link->drawn)
        return rate;
    if (row > 1 || (kind != PARA_JOINT_REVOLUTE && kind != PARA_JOINT_WELD))
        return para_clamp(rate, -most, most);
    double both = per * para_sqrt(link->error[0] * link->error[0] + link->error[1] * link->error[1]);
    return both > most ? rate * most / both : rate;
}

void para_cp_mend_holds(ParaCpWorld *world)
{
    ParaNet *net = &world->net;
    double worst = 0.0, per = world->mend / world->dt;
    if (net->node_count == 0)
        return;
    empty_unknowns(net);
    for (int i = 0; i < world->def.joint_count; i++) {
        const ParaCpLink *link = &world->links[i];
        const cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
        if (!link->on || world->def.joints[i].kind == PARA_JOINT_SPRING)
            continue;
        for (int r = 0; r < link->hold_count; r++) {
            double speed = para_cp_row_mend_speed(&link->hold[r], a, b) + third_mend_speed(world, link) +
                           mend_rate(link, world->def.joints[i].kind, r, per, world->dt);
            worst = para_max(worst, fabs(speed));
            ask(net, link, &link->hold[r], -link->firm[r] * speed);
        }
    }
    if (worst <= SPEED_GOOD)
        return;
    para_net_solve(net, net->x, 0, net->node_count);
    for (int i = 0; i < net->node_count; i++) {
        cpBody *body = world->bodies[world->node_bodies[i]];
        body->v_bias = cpvadd(body->v_bias, cpv(net->x[i][0], net->x[i][1]));
        body->w_bias += net->x[i][2];
    }
}
