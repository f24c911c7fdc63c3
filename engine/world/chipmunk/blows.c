// SPDX-License-Identifier: MIT
// Contacts of jointed bodies. What an impulse at a contact does to all bodies that joints hold together is
// known beforehand, as of motors and limits (drives.c): a light foot meets the mass of what stands on it, and
// joints stay as they are. Without that, what a contact gives is found in as many turns as the load is
// heavier than the foot, and the impulse of a blow, given again as the next one's guess, is taken back too
// late.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define CHANGE_MIN     1e-10 ///< [m/s] changes of a speed below are not worth their cost
#define BLOW_NODES_MAX 32768 ///< [1] nodes of all responses; contacts beyond are solved like others

/// One point of a contact: normal and friction, each with its response.
struct ParaCpBlow {
    cpArbiter *arbiter;
    int point;
    ParaCpReach reach;
    int32_t node_a, node_b; ///< -1: a body without joints, or one that nothing moves
    int32_t response;       ///< of the normal; that of the friction is behind it
    int32_t size;           ///< nodes of one
    double mass[2];         ///< [kg] that a normal and a friction impulse meets
};

static int node_of(const ParaCpWorld *world, const cpBody *body)
{
    return cpBodyGetType((cpBody *)body) == CP_BODY_TYPE_DYNAMIC
               ? world->body_nodes[(uintptr_t)body->userData]
               : -1;
}

static bool is_loose(const ParaCpWorld *world, const cpBody *body)
{
    return cpBodyGetType((cpBody *)body) == CP_BODY_TYPE_DYNAMIC && node_of(world, body) < 0;
}

static bool is_jointed(const ParaCpWorld *world, const cpArbiter *arbiter)
{
    return node_of(world, arbiter->body_a) >= 0 || node_of(world, arbiter->body_b) >= 0;
}

/// Response to a unit impulse along `n` on b, and back on a. @return the rate it gives
static double find(ParaCpWorld *world, const ParaCpBlow *blow, cpVect n, double (*to)[3])
{
    ParaNet *net = &world->net;
    const cpArbiter *arbiter = blow->arbiter;
    const struct cpContact *contact = &arbiter->contacts[blow->point];
    double on_a[3] = {-n.x, -n.y, -cpvcross(contact->r1, n)}, on_b[3] = {n.x, n.y, cpvcross(contact->r2, n)};
    double yield = 0.0;
    for (int k = 0; k < blow->reach.count; k++)
        memset(net->x + blow->reach.first[k], 0,
               sizeof(double[3]) * (size_t)(blow->reach.end[k] - blow->reach.first[k]));
    for (int c = 0; c < 3; c++) {
        if (blow->node_a >= 0)
            net->x[blow->node_a][c] += on_a[c];
        if (blow->node_b >= 0)
            net->x[blow->node_b][c] += on_b[c];
    }
    for (int k = 0; k < blow->reach.count; k++) {
        int size = blow->reach.end[k] - blow->reach.first[k];
        para_net_solve(net, net->x, blow->reach.first[k], blow->reach.end[k]);
        memcpy(to, net->x + blow->reach.first[k], sizeof(double[3]) * (size_t)size);
        to += size;
    }
    for (int c = 0; c < 3; c++) {
        yield += blow->node_a >= 0 ? on_a[c] * net->x[blow->node_a][c] : 0.0;
        yield += blow->node_b >= 0 ? on_b[c] * net->x[blow->node_b][c] : 0.0;
    }
    if (blow->node_a < 0)
        yield += k_scalar_body(arbiter->body_a, contact->r1, n);
    if (blow->node_b < 0)
        yield += k_scalar_body(arbiter->body_b, contact->r2, n);
    return yield;
}

static void grow(ParaCpWorld *world, int blows, int nodes)
{
    if (blows > world->blow_max) {
        para_cp_free(world->blows);
        world->blow_max = 2 * blows;
        world->blows = para_cp_alloc(sizeof(ParaCpBlow) * (size_t)world->blow_max);
    }
    if (nodes > world->blow_node_max) {
        para_cp_free(world->blow_responses);
        world->blow_node_max = 2 * nodes;
        world->blow_responses = para_cp_alloc(sizeof(double[3]) * (size_t)world->blow_node_max);
    }
}

/// The blows of an arbiter's points, without responses.
static ParaCpBlow begin(const ParaCpWorld *world, cpArbiter *arbiter)
{
    ParaCpBlow blow = {.arbiter = arbiter,
                       .node_a = node_of(world, arbiter->body_a),
                       .node_b = node_of(world, arbiter->body_b)};
    blow.reach = para_cp_reach_of(&world->net, blow.node_a, blow.node_b);
    for (int k = 0; k < blow.reach.count; k++)
        blow.size += blow.reach.end[k] - blow.reach.first[k];
    return blow;
}

void para_cp_prepare_blows(ParaCpWorld *world)
{
    const cpArray *arbiters = world->space->arbiters;
    int count = 0, nodes = 0;
    world->blow_count = 0;
    for (int i = 0; i < arbiters->num; i++) {
        cpArbiter *arbiter = arbiters->arr[i];
        para_cp_mark(arbiter, PARA_CP_MARK_BLOW, false);
        if (world->net.node_count == 0 || !is_jointed(world, arbiter))
            continue;
        ParaCpBlow blow = begin(world, arbiter);
        if (nodes + 2 * arbiter->count * blow.size > BLOW_NODES_MAX) {
            world->pushed = world->mixed = true;
            continue;
        }
        para_cp_mark(arbiter, PARA_CP_MARK_BLOW, true);
        world->mixed = world->mixed || is_loose(world, arbiter->body_a) || is_loose(world, arbiter->body_b);
        count += arbiter->count;
        nodes += 2 * arbiter->count * blow.size;
    }
    grow(world, count, nodes);
    for (int i = 0, used = 0; i < arbiters->num && world->blow_count < count; i++) {
        cpArbiter *arbiter = arbiters->arr[i];
        if (!para_cp_is_marked(arbiter, PARA_CP_MARK_BLOW))
            continue;
        ParaCpBlow blow = begin(world, arbiter);
        for (blow.point = 0; blow.point < arbiter->count; blow.point++) {
            blow.response = used;
            used += 2 * blow.size;
            double(*to)[3] = world->blow_responses + blow.response;
            blow.mass[0] = 1.0 / find(world, &blow, arbiter->n, to);
            blow.mass[1] = 1.0 / find(world, &blow, cpvperp(arbiter->n), to + blow.size);
            world->blows[world->blow_count++] = blow;
        }
    }
    PARA_ASSERT(world->blow_count == count);
}

/// Gives an impulse along `n` (the normal: part 0, the tangent: part 1) to all bodies it reaches.
static void give(ParaCpWorld *world, const ParaCpBlow *blow, int part, cpVect n, double impulse)
{
    const cpArbiter *arbiter = blow->arbiter;
    const struct cpContact *contact = &arbiter->contacts[blow->point];
    cpVect j = cpvmult(n, impulse);
    if (blow->node_a < 0)
        apply_impulse(arbiter->body_a, cpvneg(j), contact->r1);
    if (blow->node_b < 0)
        apply_impulse(arbiter->body_b, j, contact->r2);
    para_cp_push_reach(world, &blow->reach, world->blow_responses + blow->response + part * blow->size,
                       impulse);
}

/// The same of the velocities that mend overlap, along the normal.
static void give_mend(ParaCpWorld *world, const ParaCpBlow *blow, double impulse)
{
    const cpArbiter *arbiter = blow->arbiter;
    const struct cpContact *contact = &arbiter->contacts[blow->point];
    cpVect j = cpvmult(arbiter->n, impulse);
    if (blow->node_a < 0)
        apply_bias_impulse(arbiter->body_a, cpvneg(j), contact->r1);
    if (blow->node_b < 0)
        apply_bias_impulse(arbiter->body_b, j, contact->r2);
    para_cp_mend_reach(world, &blow->reach, world->blow_responses + blow->response, impulse);
}

static bool is_change(double impulse, double mass) { return __builtin_fabs(impulse) > CHANGE_MIN * mass; }

/// As Chipmunk does it, with the masses that the joints give. @return the change of the normal speed [m/s]
static double solve(ParaCpWorld *world, const ParaCpBlow *blow)
{
    cpArbiter *arbiter = blow->arbiter;
    struct cpContact *contact = &arbiter->contacts[blow->point];
    cpBody *a = arbiter->body_a, *b = arbiter->body_b;
    cpVect n = arbiter->n, r1 = contact->r1, r2 = contact->r2;
    cpVect mend_a = cpvadd(a->v_bias, cpvmult(cpvperp(r1), a->w_bias));
    cpVect mend_b = cpvadd(b->v_bias, cpvmult(cpvperp(r2), b->w_bias));
    double mend = contact->jBias;
    double rate = cpvdot(cpvsub(mend_b, mend_a), n);
    contact->jBias = para_max(mend + (contact->bias - rate) * blow->mass[0], 0.0);
    if (is_change(contact->jBias - mend, blow->mass[0]))
        give_mend(world, blow, contact->jBias - mend);
    else
        contact->jBias = mend;
    double speed = cpvdot(cpvadd(relative_velocity(a, b, r1, r2), arbiter->surface_vr), n),
           normal = contact->jnAcc;
    contact->jnAcc = para_max(normal - (contact->bounce + speed) * blow->mass[0], 0.0);
    if (is_change(contact->jnAcc - normal, blow->mass[0]))
        give(world, blow, 0, n, contact->jnAcc - normal);
    else
        contact->jnAcc = normal;
    cpVect t = cpvperp(n);
    double slide = cpvdot(cpvadd(relative_velocity(a, b, r1, r2), arbiter->surface_vr), t),
           most = arbiter->u * contact->jnAcc, friction = contact->jtAcc;
    contact->jtAcc = para_clamp(friction - slide * blow->mass[1], -most, most);
    if (is_change(contact->jtAcc - friction, blow->mass[1]))
        give(world, blow, 1, t, contact->jtAcc - friction);
    else
        contact->jtAcc = friction;
    return para_max(__builtin_fabs(contact->jnAcc - normal) / blow->mass[0],
                    __builtin_fabs(contact->jBias - mend) / blow->mass[0]);
}

double para_cp_solve_blows(ParaCpWorld *world)
{
    double most = 0.0;
    for (int i = 0; i < world->blow_count; i++)
        most = para_max(most, solve(world, &world->blows[i]));
    return most;
}
