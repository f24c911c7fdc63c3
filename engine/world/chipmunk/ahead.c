// SPDX-License-Identifier: MIT
// Looking ahead at how far jointed bodies turn in the next move, so that anchors meet behind it. The
// velocities then have two parts, at right angles to each other in terms of energy: one along what the joints
// leave free, which carries the energy, and one that bends the way. Used by space.c.
//
// The bending one is a small share of the other while a move is a small arc (half its angle, squared). Where
// links come to lie in one line it grows without bound: to pass through the line in time, ropes pulled
// straight would have to gain speed, and in the next substep they had it (twice the energy, in one step). It
// is given CURVE_MOST at the most; the anchors are then mended like any other drift.
#include "engine/world/chipmunk/links.h"

#include "engine/base/maths.h"

#define CURVE_MOST                                                                                           \
    0.1 ///< [1] energy of what bends, times that along the free ways; an arc of 0.4 rad has 0.04

static double energy_of(const ParaCpInertia *inertia, double x, double y, double spin)
{
    return 0.5 * (inertia->mass * (x * x + y * y) + inertia->moment * spin * spin);
}

/// [J] of the bodies of a part.
static double part_energy(const ParaCpWorld *world, int first)
{
    double energy = 0.0;
    for (int n = first; n < world->net.part_end[first]; n++) {
        const cpBody *body = world->bodies[world->node_bodies[n]];
        energy += energy_of(&world->inertias[n], body->v.x, body->v.y, body->w);
    }
    return energy;
}

/// [J] that what was solved last is worth by itself.
static double change_energy(const ParaCpWorld *world, int first)
{
    double energy = 0.0;
    for (int n = first; n < world->net.part_end[first]; n++) {
        const double *x = world->net.x[n];
        energy += energy_of(&world->inertias[n], x[0], x[1], x[2]);
    }
    return energy;
}

/// Takes a share of what was solved last back from the bodies of a part and from its links.
static void take_back(ParaCpWorld *world, int first, double share)
{
    const ParaNet *net = &world->net;
    for (int n = first; n < net->part_end[first]; n++) {
        cpBody *body = world->bodies[world->node_bodies[n]];
        body->v = cpvsub(body->v, cpvmult(cpv(net->x[n][0], net->x[n][1]), share));
        body->w -= share * net->x[n][2];
    }
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        int node = link->node_a >= 0 ? link->node_a : link->node_b;
        if (!link->on || node < 0 || net->part_first[node] != first)
            continue;
        for (int r = 0; r < link->hold_count; r++) {
            link->impulse[r] -= share * link->lack[r];
            link->bend[r] -= share * (link->bend[r] - link->bend_before[r]);
        }
        link->drive_bend -= share * (link->drive_bend - link->drive_bend_before);
    }
}

/// Keeps the energy of what bends within its bound, by giving only a share of the last solve.
/// @param before [J] of the part before that solve
static void bound(ParaCpWorld *world, int first, double before)
{
    double after = part_energy(world, first), along = before - world->curving[first],
           most = CURVE_MOST * along;
    world->curving[first] = after - along;
    if (world->curving[first] <= most)
        return;
    // of the share s it is start + line s + square s^2
    double start = before - along, square = change_energy(world, first), line = after - before - square;
    double root = line * line - 4.0 * square * (start - most);
    double share = root > 0.0 && square > 0.0 ? (para_sqrt(root) - line) / (2.0 * square) : 0.0;
    share = para_clamp(share, 0.0, 1.0);
    take_back(world, first, 1.0 - share);
    world->curving[first] = start + share * (line + share * square);
}

void para_cp_look_ahead(ParaCpWorld *world, double good)
{
    const ParaNet *net = &world->net;
    double before[PARA_NET_NODES_MAX];
    for (int first = 0; first < net->node_count; first = net->part_end[first])
        before[first] = part_energy(world, first);
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on)
            para_cp_link_foresee(world, &world->links[i], world->def.joints[i].kind);
    if (!para_cp_solve_holds(world, good))
        return;
    for (int first = 0; first < net->node_count; first = net->part_end[first])
        bound(world, first, before[first]);
}
