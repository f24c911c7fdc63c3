// SPDX-License-Identifier: MIT
// Knotted worlds. What joints hold is solved for all of them at once: rows with Jacobian J are held by
// dampers K so firm that what is left of a rate after one solve is next to nothing, and is taken again in the
// next,
//   (M + J^T K J) dv = -J^T K (J v + error / time + bend),   impulse += -K (J (v + dv) + ..),   v += dv.
// A spring is such a row, too, as firm as its damping and stiffness: implicit where it is fast. Motors and
// limits go one after the other, each by what a unit of it does to all that hangs together. Contacts take
// turns with them: joints come before and after the contacts of a pass.
//
// The scheme of micro steps is that of step.c: rates that close errors are asked for in the soft pass and
// taken out again after the move. Doubles, and no vectors: compiled once, so that the bits are the same with
// every width. Source of the matrix: engine/world/net.h; ours.
#include "engine/world/lanes/knots.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <string.h>

#define FIRMNESS    1e6   ///< [1] of a held row, times the mass that it moves
#define MEND        0.25  ///< [1] of an error that is taken back in a micro step
#define SWEEPS      2     ///< over motors and limits in a solve
#define ENERGY_MORE 1.001 ///< [1] of a part's energy that is no gain yet

// ---------------------------------------------------------------------------------------------
// Rows and bodies.

/// A knotted world in its step.
typedef struct Knot {
    const ParaLanesWorld *world;
    ParaLanesKnot *knot;
    ParaLanesMotion *motion;     ///< [body_count]
    const ParaLanesFixed *fixed; ///< [body_count]
    double h;
} Knot;

static Knot knot_of(const ParaLanesBlock *block, int w)
{
    const ParaLanesWorld *world = block->worlds[w];
    return (Knot){world, world->knot, block->motion + block->body_first[w],
                  block->fixed + block->body_first[w], (double)world->micro_dt};
}

/// What the carrier adds to a rate.
static double third_speed(const Knot *k, const ParaKnotLink *link)
{
    const ParaLanesMotion *c = &k->motion[link->c];
    return link->third[0] * (double)c->vx + link->third[1] * (double)c->vy + link->third[2] * (double)c->spin;
}

static double row_speed(const Knot *k, const ParaKnotLink *link, const ParaKnotRow *row)
{
    const ParaLanesMotion *a = &k->motion[link->a], *b = &k->motion[link->b];
    double both = (row->a[0] * (double)a->vx + row->a[1] * (double)a->vy + row->a[2] * (double)a->spin) +
                  (row->b[0] * (double)b->vx + row->b[1] * (double)b->vy + row->b[2] * (double)b->spin);
    return link->c >= 0 ? both + third_speed(k, link) : both;
}

static double square_yield(const double row[3], const ParaKnotBody *body)
{
    return (row[0] * row[0] + row[1] * row[1]) * body->inverse_mass + row[2] * row[2] * body->inverse_inertia;
}

static double row_yield(const Knot *k, const ParaKnotLink *link, const ParaKnotRow *row)
{
    const ParaKnotBody *a = &k->knot->bodies[link->a], *b = &k->knot->bodies[link->b];
    double both = (row->a[0] * row->a[0] + row->a[1] * row->a[1]) * a->inverse_mass +
                  row->a[2] * row->a[2] * a->inverse_inertia +
                  (row->b[0] * row->b[0] + row->b[1] * row->b[1]) * b->inverse_mass +
                  row->b[2] * row->b[2] * b->inverse_inertia;
    return link->c >= 0 ? both + square_yield(link->third, &k->knot->bodies[link->c]) : both;
}

/// Adds J^T times something to a right side.
static void ask(double (*x)[3], const ParaKnotLink *link, const ParaKnotRow *row, double factor)
{
    for (int c = 0; c < 3; c++) {
        if (link->node_a >= 0)
            x[link->node_a][c] += row->a[c] * factor;
        if (link->node_b >= 0)
            x[link->node_b][c] += row->b[c] * factor;
    }
    for (int c = 0; c < 3 && link->node_c >= 0; c++)
        x[link->node_c][c] += link->third[c] * factor;
}

/// The rate of a row at the velocities x.
static double answer(double (*x)[3], const ParaKnotLink *link, const ParaKnotRow *row)
{
    double rate = 0.0;
    for (int c = 0; c < 3; c++) {
        if (link->node_a >= 0)
            rate += row->a[c] * x[link->node_a][c];
        if (link->node_b >= 0)
            rate += row->b[c] * x[link->node_b][c];
    }
    for (int c = 0; c < 3 && link->node_c >= 0; c++)
        rate += link->third[c] * x[link->node_c][c];
    return rate;
}

static void add_velocity(const Knot *k, int node, double x, double y, double spin)
{
    ParaLanesMotion *motion = &k->motion[k->knot->body_of[node]];
    motion->vx = (float)((double)motion->vx + x);
    motion->vy = (float)((double)motion->vy + y);
    if (k->fixed[k->knot->body_of[node]].inverse_inertia >
        0.0f) // else not even by what PARA_FIXED_INERTIA leaves
        motion->spin = (float)((double)motion->spin + spin);
}

/// Adds what holds and drives give: it is not to act again as a warm start.
static void add_held(const Knot *k, int node, const double v[3], double factor)
{
    double *held = k->knot->held[node];
    add_velocity(k, node, factor * v[0], factor * v[1], factor * v[2]);
    for (int c = 0; c < 3; c++)
        held[c] += factor * v[c];
}

static void empty(double (*x)[3], int count) { memset(x, 0, sizeof(double[3]) * (size_t)count); }

static void place_bodies(const Knot *k)
{
    for (int i = 0; i < k->world->body_count; i++) {
        const ParaLanesFixed *fixed = &k->fixed[i];
        const ParaLanesMotion *moved = &k->motion[i];
        ParaKnotBody *body = &k->knot->bodies[i];
        double s = 0.0, c = 1.0;
        body->turn = (double)moved->turn;
        if (body->turn != 0.0)
            para_sincos(body->turn, &s, &c);
        body->x = (double)fixed->x + (double)moved->dx;
        body->y = (double)fixed->y + (double)moved->dy;
        body->cos = (double)fixed->cos * c - (double)fixed->sin * s;
        body->sin = (double)fixed->sin * c + (double)fixed->cos * s;
        body->inverse_mass = (double)fixed->inverse_mass;
        body->inverse_inertia = (double)fixed->inverse_inertia;
    }
}

/// Measures all links at the places of this moment.
static void measure(const Knot *k)
{
    place_bodies(k);
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        if (link->on)
            para_knot_link_measure(&k->world->joints[i], link, k->knot->bodies);
    }
}

// ---------------------------------------------------------------------------------------------
// The net.

static void add_outer(double m[9], const double *rows, const double *columns, double factor)
{
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 3; c++)
            m[3 * r + c] += factor * rows[r] * columns[c];
}

/// The part of a gear's or rack's row that its carrier has.
static void put_third(ParaNet *net, const ParaKnotLink *link, const ParaKnotRow *row, double firm)
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

static void put_row(ParaNet *net, const ParaKnotLink *link, const ParaKnotRow *row, double firm)
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

/// The firmness of a spring's row, and its push: see lines.c. Beyond what a rod has, it is one.
static void stretch_spring(const Knot *k, const ParaLanesJoint *joint, ParaKnotLink *link, double yield)
{
    double stiff = k->h * (double)joint->stiffness, fast = stiff * k->h * yield; // (own frequency * h)^2
    double firm = k->h * (double)joint->damping + stiff * k->h * (fast / (1.0 + fast)),
           most = FIRMNESS / yield;
    double share = firm > most ? most / firm : 1.0;
    link->firm[0] = firm * share;
    link->push = stiff * share * link->error[0];
}

/// What a unit impulse of a motor or limit does to all that hangs together.
static void find_response(const Knot *k, ParaKnotLink *link)
{
    ParaNet *net = &k->knot->net;
    double(*x)[3] = k->knot->responses + link->response;
    empty(x, net->node_count);
    ask(x, link, &link->drive, 1.0);
    if (link->node_a >= 0)
        para_net_solve(net, x, net->part_first[link->node_a], net->part_end[link->node_a]);
    if (link->node_b >= 0 &&
        (link->node_a < 0 || net->part_first[link->node_a] != net->part_first[link->node_b]))
        para_net_solve(net, x, net->part_first[link->node_b], net->part_end[link->node_b]);
    link->yield = answer(x, link, &link->drive);
}

static double inertia_of(const ParaKnotBody *body)
{
    return body->inverse_inertia > 0.0 ? 1.0 / body->inverse_inertia : PARA_FIXED_INERTIA;
}

static void factor(const Knot *k)
{
    ParaNet *net = &k->knot->net;
    para_net_clear(net);
    for (int i = 0; i < net->node_count; i++) {
        const ParaKnotBody *body = &k->knot->bodies[k->knot->body_of[i]];
        // A body that is gone has no mass: any will do.
        net->diagonal[i][0] = net->diagonal[i][4] = body->inverse_mass > 0.0 ? 1.0 / body->inverse_mass : 1.0;
        net->diagonal[i][8] = inertia_of(body);
    }
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        for (int r = 0; r < link->hold_count && link->on; r++) {
            double yield = row_yield(k, link, &link->hold[r]);
            link->firm[r] = yield > 0.0 ? FIRMNESS / yield : 0.0;
            if (k->world->joints[i].kind == PARA_JOINT_SPRING && yield > 0.0)
                stretch_spring(k, &k->world->joints[i], link, yield);
            put_row(net, link, &link->hold[r], link->firm[r]);
        }
    }
    para_net_factor(net);
    for (int i = 0; i < k->world->joint_count; i++)
        if (k->knot->links[i].on && k->knot->links[i].response >= 0)
            find_response(k, &k->knot->links[i]);
}

// ---------------------------------------------------------------------------------------------
// Passes.

/// Speed per metre of arm at which an arm that turns moves inward during h, on average: as para_row_inward.
static double inward(double spin, double h)
{
    double turn = spin * h;
    return 0.5 * spin * turn / (1.0 + 0.25 * turn * turn);
}

/// What turning adds to the rates of a link until the end of the micro step.
static void foresee(const Knot *k, const ParaLanesJoint *joint, ParaKnotLink *link)
{
    link->bend[0] = link->bend[1] = link->bend[2] = 0.0;
    if (joint->kind != PARA_JOINT_REVOLUTE && joint->kind != PARA_JOINT_WELD)
        return;
    double in_a = inward((double)k->motion[link->a].spin, k->h),
           in_b = inward((double)k->motion[link->b].spin, k->h);
    // hold[0].a[2] is ra's y, hold[1].a[2] its -x; of b the other way round.
    link->bend[0] = -link->hold[1].a[2] * in_a - link->hold[1].b[2] * in_b;
    link->bend[1] = link->hold[0].a[2] * in_a + link->hold[0].b[2] * in_b;
}

/// Solves for the right side that has been asked for, and gives each row its impulse of `lack`.
static void solve_net(const Knot *k)
{
    ParaNet *net = &k->knot->net;
    para_net_solve(net, net->x, 0, net->node_count);
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        for (int r = 0; r < link->hold_count && link->on; r++) {
            link->lack[r] -= link->firm[r] * answer(net->x, link, &link->hold[r]);
            link->impulse[r] += link->lack[r];
        }
    }
}

/// Makes the rates of all that is held zero, and gives springs their force.
static void solve_holds(const Knot *k)
{
    ParaNet *net = &k->knot->net;
    empty(net->x, net->node_count);
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        bool spring = k->world->joints[i].kind == PARA_JOINT_SPRING;
        for (int r = 0; r < link->hold_count && link->on; r++) {
            link->lack[r] = -link->firm[r] * row_speed(k, link, &link->hold[r]);
            if (spring)
                link->lack[r] -= link->push + link->impulse[r];
            ask(net->x, link, &link->hold[r], link->lack[r]);
        }
    }
    solve_net(k);
    for (int i = 0; i < net->node_count; i++)
        add_held(k, i, net->x[i], 1.0);
}

/// Adds the velocity that closes errors and lets turning arms meet at the end of the micro step: `bent`.
static void bend_holds(const Knot *k)
{
    ParaNet *net = &k->knot->net;
    empty(net->x, net->node_count);
    for (int i = 0; i < k->world->joint_count; i++) {
        const ParaLanesJoint *joint = &k->world->joints[i];
        ParaKnotLink *link = &k->knot->links[i];
        if (!link->on)
            continue;
        bool spring = joint->kind == PARA_JOINT_SPRING;
        foresee(k, joint, link);
        for (int r = 0; r < link->hold_count; r++) {
            link->lack[r] = spring ? 0.0 : -link->firm[r] * (MEND / k->h * link->error[r] + link->bend[r]);
            ask(net->x, link, &link->hold[r], link->lack[r]);
        }
    }
    solve_net(k);
    for (int i = 0; i < net->node_count; i++) {
        add_held(k, i, net->x[i], 1.0);
        memcpy(k->knot->bent[i], net->x[i], sizeof net->x[i]);
    }
    for (int i = 0; i < k->world->joint_count; i++)
        memcpy(k->knot->links[i].bent, k->knot->links[i].lack, sizeof k->knot->links[i].lack);
}

static double product(const ParaKnotBody *body, const double a[3], const double b[3])
{
    if (!(body->inverse_mass > 0.0))
        return 0.0;
    return (a[0] * b[0] + a[1] * b[1]) / body->inverse_mass +
           (body->inverse_inertia > 0.0 ? a[2] * b[2] / body->inverse_inertia : 0.0);
}

/// Twice the kinetic energies of a part: of its velocities without what is bent.
static double straight_energy(const Knot *k, int first, int end)
{
    double sum = 0.0;
    for (int i = first; i < end; i++) {
        const ParaLanesMotion *m = &k->motion[k->knot->body_of[i]];
        const double *bent = k->knot->bent[i];
        double v[3] = {(double)m->vx - bent[0], (double)m->vy - bent[1], (double)m->spin - bent[2]};
        sum += product(&k->knot->bodies[k->knot->body_of[i]], v, v);
    }
    return sum;
}

/// The share of what is bent that a part has to give back, so that bending has not added energy. `x`: what is
/// left of it along the links as they are now.
static double share_to_give_back(const Knot *k, double (*x)[3], int first, int end, double energy)
{
    double now = 0.0, both = 0.0, square = 0.0;
    for (int i = first; i < end; i++) {
        const ParaKnotBody *body = &k->knot->bodies[k->knot->body_of[i]];
        const ParaLanesMotion *m = &k->motion[k->knot->body_of[i]];
        double v[3] = {(double)m->vx, (double)m->vy, (double)m->spin};
        now += product(body, v, v);
        both += product(body, v, x[i]);
        square += product(body, x[i], x[i]);
    }
    if (now <= ENERGY_MORE * energy || !(square > 0.0))
        return 0.0;
    // now - 2 t both + t^2 square = energy
    double root = both * both - square * (now - energy);
    return root > 0.0 ? para_clamp((both - para_sqrt(root)) / square, 0.0, 1.0) : 1.0;
}

/// After the move: rates zero along the links as they are now. Where links come into one line what was bent
/// may have become speed across it; as much of it as has added energy is taken out again.
static void straighten_holds(const Knot *k)
{
    ParaNet *net = &k->knot->net;
    double energy[PARA_LANES_BODIES_MAX], back[PARA_LANES_BODIES_MAX];
    for (int n = 0; n < net->node_count; n = net->part_end[n])
        energy[n] = straight_energy(k, n, net->part_end[n]);
    solve_holds(k);
    empty(net->x, net->node_count);
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        for (int r = 0; r < link->hold_count && link->on; r++) {
            link->lack[r] = -link->firm[r] * answer(k->knot->bent, link, &link->hold[r]);
            ask(net->x, link, &link->hold[r], link->lack[r]);
        }
    }
    para_net_solve(net, net->x, 0, net->node_count);
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        for (int r = 0; r < link->hold_count && link->on; r++)
            link->bent[r] += link->lack[r] - link->firm[r] * answer(net->x, link, &link->hold[r]);
    }
    for (int i = 0; i < net->node_count; i++)
        for (int c = 0; c < 3; c++)
            net->x[i][c] += k->knot->bent[i][c];
    for (int n = 0; n < net->node_count; n = net->part_end[n]) {
        double share = share_to_give_back(k, net->x, n, net->part_end[n], energy[n]);
        for (int i = n; i < net->part_end[n]; i++) {
            back[i] = share;
            if (share > 0.0)
                add_held(k, i, net->x[i], -share);
        }
    }
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        int node = link->node_a >= 0 ? link->node_a : link->node_b >= 0 ? link->node_b : link->node_c;
        for (int r = 0; r < link->hold_count && link->on; r++)
            link->impulse[r] -= back[node] * link->bent[r];
    }
}

static void push_drive(const Knot *k, const ParaKnotLink *link, double impulse)
{
    double(*x)[3] = k->knot->responses + link->response;
    for (int i = 0; i < k->knot->net.node_count; i++) {
        double *driven = k->knot->driven[i];
        add_held(k, i, x[i], impulse);
        for (int c = 0; c < 3; c++)
            driven[c] += impulse * x[i][c];
    }
}

/// A limit's new impulse; `gap` left, and the speed at which it grows.
static double limit_impulse(const Knot *k, double impulse, double gap, double speed, double mass, bool soft)
{
    double bias = gap > 0.0 ? gap / k->h : soft ? gap * MEND / k->h : 0.0;
    return para_max(impulse - mass * (speed + bias), 0.0);
}

static void solve_drive(const Knot *k, ParaKnotLink *link, bool soft)
{
    if (!(link->yield > 0.0))
        return;
    double before = link->motor + link->low - link->high, mass = 1.0 / link->yield;
    double speed = row_speed(k, link, &link->drive);
    if (link->most > 0.0) {
        double rate = para_clamp(link->rate, -(para_max(link->way - link->lower, 0.0) / k->h),
                                 para_max(link->upper - link->way, 0.0) / k->h);
        double motor = para_clamp(link->motor + (rate - speed) * mass, -link->most, link->most);
        speed += (motor - link->motor) * link->yield;
        link->motor = motor;
    }
    if (link->upper < 1e30) {
        double low = limit_impulse(k, link->low, link->way - link->lower, speed, mass, soft);
        speed += (low - link->low) * link->yield;
        link->low = low;
        link->high = limit_impulse(k, link->high, link->upper - link->way, -speed, mass, soft);
    }
    push_drive(k, link, link->motor + link->low - link->high - before);
}

/// What drives gave reached the others through what joints hold: it is theirs.
static void settle_drives(const Knot *k)
{
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        for (int r = 0; r < link->hold_count && link->on; r++)
            link->impulse[r] -= link->firm[r] * answer(k->knot->driven, link, &link->hold[r]);
    }
}

static void solve_drives(const Knot *k, bool soft)
{
    bool any = false;
    empty(k->knot->driven, k->knot->net.node_count);
    for (int sweep = 0; sweep < SWEEPS; sweep++)
        for (int i = 0; i < k->world->joint_count; i++) {
            ParaKnotLink *link = &k->knot->links[i];
            if (!link->on || link->response < 0)
                continue;
            solve_drive(k, link, soft);
            any = true;
        }
    if (any)
        settle_drives(k);
}

/// The begin of a micro step: what was held in the last one is found anew; drives begin where they were.
static void start_again(const Knot *k)
{
    ParaLanesKnot *knot = k->knot;
    for (int i = 0; i < knot->net.node_count; i++)
        add_velocity(k, i, -knot->held[i][0], -knot->held[i][1], -knot->held[i][2]);
    empty(knot->held, knot->net.node_count);
    empty(knot->net.x, knot->net.node_count);
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &knot->links[i];
        memset(link->impulse, 0, sizeof link->impulse);
        if (link->on && link->response >= 0)
            ask(knot->net.x, link, &link->drive, link->motor + link->low - link->high);
    }
    for (int i = 0; i < knot->net.node_count; i++) {
        const ParaKnotBody *body = &knot->bodies[knot->body_of[i]];
        const double *x = knot->net.x[i];
        double v[3] = {x[0] * body->inverse_mass, x[1] * body->inverse_mass, x[2] * body->inverse_inertia};
        add_held(k, i, v, 1.0);
    }
}

// ---------------------------------------------------------------------------------------------

static void begin(const Knot *k)
{
    ParaLanesKnot *knot = para_lanes_open_knot(k->world);
    int drives = 0;
    place_bodies(k);
    for (int i = 0; i < k->world->joint_count; i++) {
        const ParaLanesJoint *joint = &k->world->joints[i];
        ParaKnotLink *link = &knot->links[i];
        uint8_t *marks = &k->world->joint_marks[i];
        link->on = (*marks & PARA_LANES_JOINT_ON) != 0 &&
                   (link->node_a >= 0 || link->node_b >= 0 || link->node_c >= 0);
        link->response = -1;
        link->hold_count = 0;
        if (!link->on)
            continue;
        ParaLanesJoint record = *joint;
        if ((*marks & PARA_LANES_JOINT_DRAWN) && !para_lanes_draw_joint(k->world, i, &record))
            *marks &= (uint8_t)~PARA_LANES_JOINT_DRAWN;
        para_knot_link_begin(k->world, i, &record, link, &knot->bodies[link->a], &knot->bodies[link->b],
                             k->h);
        para_knot_link_measure(joint, link, knot->bodies);
        if (link->most > 0.0 || link->upper < 1e30) {
            link->response = drives;
            drives += knot->net.node_count;
        }
    }
    empty(knot->held, knot->net.node_count);
    factor(k);
}

static void store(const Knot *k)
{
    for (int i = 0; i < k->world->joint_count; i++)
        if (k->knot->links[i].on)
            para_knot_link_store(&k->world->joints[i], &k->knot->links[i], &k->world->joint_states[i]);
}

static void note_loads(const Knot *k)
{
    for (int i = 0; i < k->world->joint_count; i++) {
        ParaKnotLink *link = &k->knot->links[i];
        if (link->on)
            link->load += para_knot_link_load(&k->world->joints[i], link);
    }
}

#define FOR_KNOTS(block, k)                                                                                  \
    for (int w = 0; w < (block)->world_count; w++)                                                           \
        if ((block)->worlds[w]->knot_nodes > 0)                                                              \
            for (Knot k = knot_of(block, w), *once = &k; once; once = NULL)

void para_lanes_begin_knots(ParaLanesBlock *block) { FOR_KNOTS(block, k) begin(&k); }

void para_lanes_solve_knots(ParaLanesBlock *block, bool soft, bool first, bool last)
{
    FOR_KNOTS(block, k)
    {
        if (first && soft) {
            start_again(&k);
        } else if (first) {
            measure(&k);
            factor(&k);
            straighten_holds(&k);
        }
        if (soft || !first)
            solve_holds(&k);
        if (soft && last)
            bend_holds(&k);
        solve_drives(&k, soft);
        if (!soft && last)
            note_loads(&k);
    }
}

void para_lanes_store_knots(ParaLanesBlock *block) { FOR_KNOTS(block, k) store(&k); }
