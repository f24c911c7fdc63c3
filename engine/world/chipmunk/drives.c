// SPDX-License-Identifier: MIT
// Motors and limits along the free way of a joint: one equation each, solved one after the other between
// contacts and holds.
//
// A motor never drives past a limit: its rate is cut to what reaches the limit at the end of the substep, so
// that however strong it is the limit behind it has nothing to bear. A limit still open lets the gap close
// and no more; one that is past stops, and is mended.
//
// What one impulse does to all bodies that joints hold together is known beforehand (the net solved for it),
// so that a motor at the end of a heavy arm, or a limit that bears one, is right at once.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define RESPONSE_NODES_MAX 65536 ///< [1] nodes of all responses of a world; joints beyond do without
#define CHANGE_MIN         1e-10 ///< [rad/s], [m/s] changes of a rate below are not worth their cost
#define NEAR               0.05 ///< [rad], [m] a limit this close, or closer than two substeps' way, may be met

ParaCpReach para_cp_reach_of(const ParaNet *net, int node_a, int node_b)
{
    int nodes[2] = {node_a, node_b};
    ParaCpReach reach = {0};
    for (int k = 0; k < 2; k++)
        if (nodes[k] >= 0 && !(reach.count > 0 && reach.first[0] == net->part_first[nodes[k]])) {
            reach.first[reach.count] = net->part_first[nodes[k]];
            reach.end[reach.count++] = net->part_end[nodes[k]];
        }
    return reach;
}

void para_cp_push_reach(ParaCpWorld *world, const ParaCpReach *reach, double (*response)[3], double impulse)
{
    for (int k = 0; k < reach->count; k++)
        for (int n = reach->first[k]; n < reach->end[k]; n++, response++) {
            cpBody *body = world->bodies[world->node_bodies[n]];
            double x = impulse * (*response)[0], y = impulse * (*response)[1], w = impulse * (*response)[2];
            body->v.x += x;
            body->v.y += y;
            body->w += w;
            world->driven_x[n][0] += x;
            world->driven_x[n][1] += y;
            world->driven_x[n][2] += w;
        }
    world->driven = true;
}

void para_cp_mend_reach(ParaCpWorld *world, const ParaCpReach *reach, double (*response)[3], double impulse)
{
    for (int k = 0; k < reach->count; k++)
        for (int n = reach->first[k]; n < reach->end[k]; n++, response++) {
            cpBody *body = world->bodies[world->node_bodies[n]];
            body->v_bias = cpvadd(body->v_bias, cpvmult(cpv((*response)[0], (*response)[1]), impulse));
            body->w_bias += impulse * (*response)[2];
        }
}

void para_cp_plan_drives(ParaCpWorld *world)
{
    int used = 0;
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        link->response = -1;
        if (!link->driven)
            continue;
        link->reach = para_cp_reach_of(&world->net, link->node_a, link->node_b);
        int size = 0;
        for (int k = 0; k < link->reach.count; k++)
            size += link->reach.end[k] - link->reach.first[k];
        if (used + size > RESPONSE_NODES_MAX)
            continue;
        link->response = used;
        used += size;
    }
    world->responses = para_cp_alloc(sizeof(double[3]) * (size_t)(used + 1));
    world->driven_x = para_cp_alloc(sizeof(double[3]) * (size_t)(world->net.node_count + 1));
}

static void put_row(const ParaCpLink *link, double (*x)[3])
{
    for (int c = 0; c < 3; c++) {
        if (link->node_a >= 0)
            x[link->node_a][c] = link->drive.a[c];
        if (link->node_b >= 0)
            x[link->node_b][c] = link->drive.b[c];
    }
}

static double take_row(const ParaCpLink *link, double (*x)[3])
{
    double rate = 0.0;
    for (int c = 0; c < 3; c++) {
        if (link->node_a >= 0)
            rate += link->drive.a[c] * x[link->node_a][c];
        if (link->node_b >= 0)
            rate += link->drive.b[c] * x[link->node_b][c];
    }
    return rate;
}

/// What a unit impulse does to all bodies it reaches, and the mass it meets.
static void find_response(ParaCpWorld *world, ParaCpLink *link)
{
    ParaNet *net = &world->net;
    ParaCpReach reach = link->reach;
    for (int k = 0; k < reach.count; k++)
        memset(net->x + reach.first[k], 0, sizeof(double[3]) * (size_t)(reach.end[k] - reach.first[k]));
    put_row(link, net->x);
    double(*to)[3] = world->responses + link->response;
    for (int k = 0; k < reach.count; k++) {
        int size = reach.end[k] - reach.first[k];
        para_net_solve(net, net->x, reach.first[k], reach.end[k]);
        memcpy(to, net->x + reach.first[k], sizeof(double[3]) * (size_t)size);
        to += size;
    }
    link->drive_yield = take_row(link, net->x);
}

/// Gives an impulse along the free way to all bodies it reaches.
static void push(ParaCpWorld *world, const ParaCpLink *link, double impulse)
{
    if (!link->reaches) {
        para_cp_row_push(&link->drive, world->bodies[link->a], world->bodies[link->b], impulse);
        world->pushed = true;
        return;
    }
    para_cp_push_reach(world, &link->reach, world->responses + link->response, impulse);
}

/// Whether the motor or a limit may act in this substep.
static bool is_near(const ParaCpLink *link, double speed, double dt)
{
    double near = NEAR + 2.0 * fabs(speed) * dt;
    return link->most > 0.0 ||
           (link->limited && (link->way - link->lower < near || link->upper - link->way < near));
}

static void prepare(ParaCpWorld *world, ParaCpLink *link, double rate, double most, double ratio)
{
    cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    link->rate = rate;
    link->most = most * world->kick;
    link->rate_low = para_min(link->lower - link->way, 0.0) / world->dt;
    link->rate_high = para_max(link->upper - link->way, 0.0) / world->dt;
    if (link->limited)
        link->rate = para_clamp(rate, link->rate_low, link->rate_high);
    link->motor = para_clamp(ratio * link->motor, -link->most, link->most);
    link->low *= ratio;
    link->high *= ratio;
    link->reaches = link->response >= 0 && is_near(link, para_cp_row_speed(&link->drive, a, b), world->dt);
    if (link->reaches)
        find_response(world, link);
    else
        link->drive_yield = para_cp_row_yield(&link->drive, a, b);
    // A hinge of a body that never turns to the ground cannot be turned, whatever its motor and limits want.
    link->drive_mass = link->drive_yield > 0.0 ? 1.0 / link->drive_yield : 0.0;
    push(world, link, link->motor + link->low - link->high); // the last substep's are a good guess
}

void para_cp_prepare_drives(ParaCpWorld *world, double ratio)
{
    if (world->drive_count == 0)
        return;
    for (int i = 0; i < world->def.joint_count; i++) {
        ParaCpLink *link = &world->links[i];
        if (link->on && link->driven)
            prepare(world, link, (double)world->inputs.motor_rate[i],
                    link->motored ? para_max((double)world->inputs.motor_max[i], 0.0) : 0.0, ratio);
    }
}

/// @return the change of the rate [rad/s], [m/s]
static double solve(ParaCpWorld *world, ParaCpLink *link)
{
    const cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    if (link->most == 0.0 && !link->limited)
        return 0.0;
    double motor_before = link->motor, low_before = link->low, high_before = link->high;
    double before = motor_before + low_before - high_before, yield = link->drive_yield,
           mass = link->drive_mass, speed = para_cp_row_speed(&link->drive, a, b) + link->drive_bend;
    if (link->most > 0.0) {
        double motor = para_clamp(link->motor + (link->rate - speed) * mass, -link->most, link->most);
        speed += (motor - link->motor) * yield;
        link->motor = motor;
    }
    if (link->limited) {
        double low = para_max(link->low + (link->rate_low - speed) * mass, 0.0);
        speed += (low - link->low) * yield;
        link->low = low;
        link->high = para_max(link->high + (speed - link->rate_high) * mass, 0.0);
    }
    double given = link->motor + link->low - link->high - before;
    double change = fabs(given) * yield;
    if (change > CHANGE_MIN)
        push(world, link, given);
    else
        link->motor = motor_before, link->low = low_before, link->high = high_before;
    return change;
}

double para_cp_solve_drives(ParaCpWorld *world)
{
    double most = 0.0;
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on && world->links[i].driven)
            most = para_max(most, solve(world, &world->links[i]));
    return most;
}

/// Takes a limit that is past back by the velocities that mend, if they do not do so yet.
static void mend(ParaCpWorld *world, const ParaCpLink *link, ParaJointKind kind)
{
    cpBody *a = world->bodies[link->a], *b = world->bodies[link->b];
    double past = link->way > link->upper   ? link->upper - link->way
                  : link->way < link->lower ? link->lower - link->way
                                            : 0.0;
    double wanted = past * world->mend / world->dt;
    if (link->drawn)
        wanted = para_clamp(wanted, -(double)PARA_JOINT_DRAW_SPEED, (double)PARA_JOINT_DRAW_SPEED);
    if (kind == PARA_JOINT_PULLEY)
        wanted = para_max(wanted, -para_cp_pulley_bound(link) / world->dt);
    double speed = para_cp_row_mend_speed(&link->drive, a, b);
    if (past == 0.0 || !(link->drive_yield > 0.0) || (past > 0.0 ? speed >= wanted : speed <= wanted))
        return;
    double impulse = (wanted - speed) / link->drive_yield;
    if (link->reaches)
        para_cp_mend_reach(world, &link->reach, world->responses + link->response, impulse);
    else
        para_cp_row_mend(&link->drive, a, b, impulse);
}

void para_cp_mend_drives(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on && world->links[i].limited)
            mend(world, &world->links[i], world->def.joints[i].kind);
}
