// SPDX-License-Identifier: MIT
// One part of a substep of a space, in Chipmunk's order and with its parts, and with our joints between its
// contacts: what cpSpaceStep does is written out here.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define BLOW_WEIGHTS                                                                                         \
    30.0                 ///< [1] times its own weight a contact may be guessed to bear without having done so
#define SINK         0.1 ///< [1] of the slop
#define PAIRS_EACH   6   ///< [1] contacts that each body keeps in any crowd
#define MORE_TURNS   3
#define CUTS         4    ///< [1] times that restitution which gains energy is cut, the last time wholly
#define CONTACT_FAIR 1e-3 ///< [m/s] change of a speed in a turn that is small enough
#define RATE_GOOD    1e-8 ///< [rad/s], [m/s] a rate that is right
#define RATE_FAIR    1e-4 ///< [rad/s], [m/s] the same between contacts, which will change it again
#define FORESEEN     2    ///< [1] looks ahead at how far bodies turn; later ones change little

static void forget_pairs(cpSpace *space)
{
    for (int i = 0; i < space->arbiters->num; i++) {
        cpArbiter *arbiter = space->arbiters->arr[i];
        arbiter->state = CP_ARBITER_STATE_NORMAL;
        cpArbiterUnthread(arbiter);
    }
    space->arbiters->num = 0;
}

/// Chipmunk's look at a pair. Where hundreds lie in one another each would touch all: of pairs that move,
/// those of two who have theirs are left out then, and told.
static cpCollisionID collide(cpShape *a, cpShape *b, cpCollisionID id, cpSpace *space)
{
    ParaCpWorld *world = space->userData;
    int before = space->arbiters->num;
    int32_t *of_a = &world->pairs[(uintptr_t)a->body->userData],
            *of_b = &world->pairs[(uintptr_t)b->body->userData];
    if (before >= PARA_CP_PAIRS_EASY && *of_a >= PAIRS_EACH && *of_b >= PAIRS_EACH && a->body->m_inv > 0.0 &&
        b->body->m_inv > 0.0) {
        world->view.dropped += cpBBIntersects(a->bb, b->bb);
        return id;
    }
    id = cpSpaceCollideShapes(a, b, id, space);
    *of_a += space->arbiters->num - before;
    *of_b += space->arbiters->num - before;
    return id;
}

static void move_and_collide(ParaCpWorld *world)
{
    cpSpace *space = world->space;
    cpSpaceLock(space);
    para_cp_move_bodies(world);
    cpSpacePushFreshContactBuffer(space);
    memset(world->pairs, 0, sizeof *world->pairs * (size_t)world->def.body_count);
    cpSpatialIndexEach(space->dynamicShapes, (cpSpatialIndexIteratorFunc)cpShapeUpdateFunc, NULL);
    cpSpatialIndexReindexQuery(space->dynamicShapes, (cpSpatialIndexQueryFunc)collide, space);
    cpSpaceUnlock(space, cpFalse);
    cpSpaceProcessComponents(space, world->dt);
}

static void measure(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].on)
            para_cp_link_measure(world, &world->links[i], world->def.joints[i].kind);
}

/// Lets what lies on something sink in by a little: contacts of shapes that touch by nothing come and go with
/// rounding.
static void let_sink(const cpArbiter *arbiter, double deep, double dt)
{
    for (int i = 0; i < arbiter->count; i++) {
        struct cpContact *contact = &arbiter->contacts[i];
        cpVect apart =
            cpvadd(cpvsub(contact->r2, contact->r1), cpvsub(arbiter->body_b->p, arbiter->body_a->p));
        double left = cpvdot(apart, arbiter->n) + deep;
        if (left > 0.0 && contact->bounce >= -PARA_CP_BOUNCE_MIN)
            contact->bounce += left / dt;
    }
}

/// What meets slower than the world's least bounce does not bounce.
static void keep_down(const cpArbiter *arbiter, double least)
{
    for (int i = 0; i < arbiter->count; i++)
        if (arbiter->contacts[i].bounce > -least * arbiter->e)
            arbiter->contacts[i].bounce = 0.0;
}

/// Lets the surfaces of belts run: along the tangent, that of either shape in the same sense.
static void run_belts(const ParaCpWorld *world)
{
    const cpArray *arbiters = world->space->arbiters;
    for (int i = 0; i < arbiters->num; i++) {
        cpArbiter *arbiter = arbiters->arr[i];
        double belt = (double)world->def.shapes[para_cp_index_of(arbiter->a)].belt +
                      (double)world->def.shapes[para_cp_index_of(arbiter->b)].belt;
        arbiter->surface_vr = cpvmult(cpvperp(arbiter->n), belt);
    }
}

static void prepare(ParaCpWorld *world)
{
    cpSpace *space = world->space;
    cpHashSetFilter(space->cachedArbiters, (cpHashSetFilterFunc)cpSpaceArbiterSetFilter, space);
    double bias = 1.0 - cpfpow(space->collisionBias, world->dt);
    for (int i = 0; i < space->arbiters->num; i++) {
        cpArbiterPreStep(space->arbiters->arr[i], world->dt, space->collisionSlop, bias);
        if (world->def.bounce_min > 0.0f)
            keep_down(space->arbiters->arr[i], (double)world->def.bounce_min);
        let_sink(space->arbiters->arr[i], SINK * space->collisionSlop, world->dt);
    }
    if (world->any_belt)
        run_belts(world);
    para_cp_keep_guesses(world);
    measure(world);
    para_cp_prepare_holds(world);
    world->pushed = world->mixed = false;
    para_cp_prepare_blows(world);
}

/// What joints do with velocities from outside (a def's, an act's), so that the next move keeps them
/// together.
static void settle(ParaCpWorld *world)
{
    measure(world);
    para_cp_prepare_holds(world);
    para_cp_solve_holds(world, RATE_GOOD);
    for (int i = 0; i < FORESEEN; i++)
        para_cp_look_ahead(world, RATE_GOOD);
}

/// @return the change of a speed at a contact [m/s]
static double solve_contact(cpArbiter *arbiter)
{
    double most = 0.0, before[4];
    for (int k = 0; k < arbiter->count; k++) {
        before[2 * k] = arbiter->contacts[k].jnAcc;
        before[2 * k + 1] = arbiter->contacts[k].jBias;
    }
    cpArbiterApplyImpulse(arbiter);
    for (int k = 0; k < arbiter->count; k++) {
        const struct cpContact *contact = &arbiter->contacts[k];
        double change = para_max(__builtin_fabs(contact->jnAcc - before[2 * k]),
                                 __builtin_fabs(contact->jBias - before[2 * k + 1]));
        most = para_max(most, change / contact->nMass);
    }
    return most;
}

static bool is_grounded(const cpArbiter *arbiter)
{
    return arbiter->body_a->m_inv == 0.0 || arbiter->body_b->m_inv == 0.0;
}

/// Goes once over the contacts that blows.c does not have; those with what nothing moves come last, so that
/// what is squeezed goes into what squeezes it and not through the ground.
/// @return the largest change of a speed at one [m/s]
static double solve_loose(ParaCpWorld *world)
{
    const cpArray *arbiters = world->space->arbiters;
    double most = 0.0;
    for (int grounded = 0; grounded < 2; grounded++)
        for (int i = 0; i < arbiters->num; i++) {
            cpArbiter *arbiter = arbiters->arr[i];
            if (!para_cp_is_marked(arbiter, PARA_CP_MARK_BLOW) && is_grounded(arbiter) == (grounded != 0))
                most = para_max(most, solve_contact(arbiter));
        }
    return most;
}

/// Whether contacts have had their turns: as many as the def says, and up to MORE_TURNS times as many while
/// they change.
static bool is_fair(const ParaCpWorld *world, int turns, double moved)
{
    return turns >= world->turns_least && moved < CONTACT_FAIR;
}

/// Contacts of bodies without joints, which no joint depends on.
static void solve_apart(ParaCpWorld *world)
{
    int most = MORE_TURNS * world->def.iterations;
    for (int i = 1; i <= most && !is_fair(world, i, solve_loose(world)); i++)
        ;
}

/// Contacts, motors and limits, and what holds, in turns; the last only where something has pushed a jointed
/// body without its joints (see drives.c and blows.c: the others leave what is held as it is).
static void solve_turns(ParaCpWorld *world, bool touching)
{
    double change = 0.0;
    // Where nothing touches, motors and limits alone are cheap enough to be solved until they agree.
    int most = (touching ? MORE_TURNS : 10) * world->def.iterations;
    for (int i = 0; i < most; i++) {
        double moved = para_cp_solve_blows(world);
        if (world->mixed)
            moved = para_max(moved, solve_loose(world));
        if (world->drive_count > 0)
            change = para_cp_solve_drives(world);
        bool busy = change > RATE_GOOD;
        if (world->pushed && (!touching || i % 2 == 1))
            busy = para_cp_solve_holds(world, touching ? RATE_FAIR : RATE_GOOD) || busy;
        if (!touching && i < FORESEEN)
            para_cp_look_ahead(world, RATE_GOOD);
        else if (!touching && !busy)
            break;
        if (touching && is_fair(world, i + 1, moved))
            break;
    }
}

static void take_turns(ParaCpWorld *world, bool touching)
{
    if (!world->mixed && world->space->arbiters->num > 0)
        solve_apart(world);
    if (world->net.node_count == 0)
        return;
    solve_turns(world, touching);
    para_cp_solve_holds(world, RATE_GOOD);
}

static void solve(ParaCpWorld *world)
{
    bool touching = world->blow_count > 0 || world->mixed, jointed = world->net.node_count > 0;
    if (jointed) {
        para_cp_solve_holds(world, RATE_GOOD);
        // Contacts do not see what bends ways: a taut rope would throw off what hits it.
        for (int i = 0; i < (touching ? 0 : FORESEEN); i++)
            para_cp_look_ahead(world, RATE_GOOD);
        para_cp_mend_holds(world); // what contacts mend keeps the joints as they are
    }
    take_turns(world, touching);
    for (int i = 0; i < CUTS && para_cp_cut_bounces(world, i + 1 == CUTS); i++)
        take_turns(world, touching);
    if (!jointed)
        return;
    if (touching)
        para_cp_look_ahead(world, RATE_GOOD); // after a blow bodies turn another way
    para_cp_mend_drives(world);
    para_cp_mend_holds(world);
}

void para_cp_forget_blows(ParaCpWorld *world)
{
    const cpArray *arbiters = world->space->arbiters;
    double weight = BLOW_WEIGHTS * para_sqrt(cpvlengthsq(world->space->gravity)) * world->kick;
    for (int i = 0; i < arbiters->num; i++) {
        cpArbiter *arbiter = arbiters->arr[i];
        for (int k = 0; k < arbiter->count; k++) {
            struct cpContact *contact = &arbiter->contacts[k];
            double most = para_max(2.0 * world->guesses[i].impulse[k], weight * contact->nMass);
            contact->jnAcc = para_min(contact->jnAcc, most);
            most = arbiter->u * contact->jnAcc;
            contact->jtAcc = para_clamp(contact->jtAcc, -most, most);
        }
    }
}

/// What never turns has no spin at all, not even that which a factor of 1 / PARA_FIXED_INERTIA leaves.
static void keep_fixed(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.body_count; i++)
        if (world->def.bodies[i].fixed_rotation)
            world->bodies[i]->w = world->bodies[i]->w_bias = 0.0;
}

void para_cp_space_step(ParaCpWorld *world, int next_parts)
{
    cpSpace *space = world->space;
    PARA_ASSERT_HOT(space->sleepTimeThreshold == (cpFloat)INFINITY); // nobody sleeps: all are taken apart
    space->stamp++;
    if (world->jolted)
        settle(world);
    world->jolted = false;
    forget_pairs(space);
    move_and_collide(world);
    // Velocities stand between places: they are changed over half of the way behind and half of that ahead.
    double behind = world->dt;
    para_cp_set_parts(world, next_parts);
    world->kick = 0.5 * (behind + world->dt);
    double ratio = space->curr_dt == 0.0 ? 0.0 : world->kick / space->curr_dt;
    space->curr_dt = world->kick;
    cpSpaceLock(space);
    prepare(world);
    for (int i = 0; i < space->dynamicBodies->num; i++) {
        cpBody *body = space->dynamicBodies->arr[i];
        body->velocity_func(body, space->gravity, 1.0, world->kick);
    }
    for (int i = 0; i < space->arbiters->num; i++)
        cpArbiterApplyCachedImpulse(space->arbiters->arr[i], ratio);
    para_cp_prepare_drives(world, ratio);
    solve(world);
    if (world->any_fixed)
        keep_fixed(world);
    cpSpaceUnlock(space, cpTrue);
}
