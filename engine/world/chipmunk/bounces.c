// SPDX-License-Identifier: MIT
// Restitution that gives no energy. Newton's rule asks of every contact that it opens with `restitution`
// times the speed with which it closed, whatever friction does meanwhile. Where the hit is off the middle,
// the blow turns the body, friction works against the slide that comes of that, and the two together may give
// more than they took: a spinning rod on rough ground climbs. So the work of each contact is looked at when
// all are solved, and what gained leaves with less. Without restitution no contact gains: then what they give
// is the least change that stops all. Source: D. E. Stewart, "Rigid-Body Dynamics with Friction and Impact"
// (2000), section 1.3, tells of the gain.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#define GAIN_MIN 1e-6 ///< [1] of what a contact took that it may give back above it: rounding

void para_cp_keep_guesses(ParaCpWorld *world)
{
    const cpArray *arbiters = world->space->arbiters;
    if (arbiters->num > world->guess_max) {
        para_cp_free(world->guesses);
        world->guess_max = 2 * arbiters->num;
        world->guesses = para_cp_alloc(sizeof(ParaCpGuess) * (size_t)world->guess_max);
    }
    for (int i = 0; i < arbiters->num; i++) {
        const cpArbiter *arbiter = arbiters->arr[i];
        for (int k = 0; k < arbiter->count; k++) {
            const struct cpContact *contact = &arbiter->contacts[k];
            world->guesses[i].impulse[k] = contact->jnAcc;
            if (arbiter->e > 0.0)
                world->guesses[i].meeting[k] =
                    relative_velocity(arbiter->body_a, arbiter->body_b, contact->r1, contact->r2);
        }
    }
}

/// Lets a contact that gained open slower. @return whether it did
static bool cut(cpArbiter *arbiter, const ParaCpGuess *guess, bool wholly)
{
    double work = 0.0, taken = 0.0;
    for (int k = 0; k < arbiter->count; k++) {
        const struct cpContact *contact = &arbiter->contacts[k];
        cpVect now = relative_velocity(arbiter->body_a, arbiter->body_b, contact->r1, contact->r2);
        cpVect mean = cpvadd(cpvmult(cpvadd(guess->meeting[k], now), 0.5), arbiter->surface_vr);
        cpVect impulse = cpvrotate(arbiter->n, cpv(contact->jnAcc, contact->jtAcc));
        work += cpvdot(impulse, mean);
        if (contact->bounce < -PARA_CP_BOUNCE_MIN)
            taken -= contact->jnAcc * 0.5 * contact->bounce;
    }
    // With e the normal impulses gave taken (e - 1 / e); so much less restitution makes up for the gain.
    if (!(work > GAIN_MIN * taken) || !(taken > 0.0))
        return false;
    double keep = wholly ? 0.0 : para_max(1.0 - work / taken, 0.0);
    for (int k = 0; k < arbiter->count; k++)
        if (arbiter->contacts[k].bounce < -PARA_CP_BOUNCE_MIN)
            arbiter->contacts[k].bounce *= keep;
    return true;
}

bool para_cp_cut_bounces(ParaCpWorld *world, bool wholly)
{
    cpArray *arbiters = world->space->arbiters;
    bool any = false;
    PARA_ASSERT(arbiters->num <= world->guess_max);
    for (int i = 0; i < arbiters->num; i++) {
        cpArbiter *arbiter = arbiters->arr[i];
        if (arbiter->e > 0.0)
            any |= cut(arbiter, &world->guesses[i], wholly);
    }
    return any;
}
