// SPDX-License-Identifier: MIT
// Snapshots. Everything that changes lies in one piece, from the state to the end of the tail, without a
// pointer in it; an image is the whole slot, whose pointers are set anew where it is adopted.
#include "agents/dream/dream_world.h"
#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <string.h>

size_t para_dream_snapshot_size(void *solver, int index)
{
    return (size_t)para_dream_world(solver, index)->state->image_size;
}

size_t para_dream_save(void *solver, int index, void *out, size_t size_max)
{
    const ParaDreamState *state = para_dream_world(solver, index)->state;
    size_t size = (size_t)state->image_size;
    if (size > size_max)
        return 0;
    memcpy(out, state, size);
    return size;
}

static bool counts(int32_t count, int most) { return count >= 0 && count <= most; }

/// Whether bytes can be the state of this world, as far as their head says.
static bool is_own(const ParaDreamWorld *world, const ParaDreamState *head, size_t size)
{
    return head->owner == (uintptr_t)world && counts(head->touch_count, PARA_DREAM_TOUCHES_MAX) &&
           counts(head->contact_count, PARA_DREAM_TOUCHES_MAX) &&
           counts(head->gone_count, PARA_DREAM_TOUCHES_MAX - head->contact_count) &&
           counts(head->event_count, PARA_EVENTS_PER_CONTACT * PARA_DREAM_TOUCHES_MAX) &&
           size == (size_t)head->image_size &&
           size == para_dream_image_size(world, head->touch_count, head->contact_count + head->gone_count,
                                         head->event_count);
}

bool para_dream_restore(void *solver, int index, const void *image, size_t size)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    ParaDreamState head;
    if (size < sizeof head)
        return false;
    memcpy(&head, image, sizeof head);
    if (!is_own(world, &head, size))
        return false;
    memcpy(world->state, image, size);
    for (int j = 0; j < world->def.joint_count; j++)
        para_dream_allow(world, j);
    para_dream_publish(world);
    return true;
}

const void *para_dream_image(void *solver, int index, size_t *out_size, ParaDiagList *diagnostics)
{
    (void)diagnostics;
    const ParaDreamWorld *world = para_dream_world(solver, index);
    *out_size = world->image_first + (size_t)world->state->image_size;
    return world;
}

void para_dream_adopt(void *solver, int index, const void *image, size_t size)
{
    ParaDreamWorld *world = para_dream_world(solver, index);
    PARA_ASSERT(image != world && size >= sizeof *world);
    memcpy(world, image, size);
    para_dream_bind(world);
    world->state->owner = (uintptr_t)world;
    para_dream_publish(world);
    PARA_ASSERT(size == world->image_first + (size_t)world->state->image_size);
    ((ParaDreamSolver *)solver)->built[index] = 1;
}

/// What acts have changed for good; a world without any hashes as if there were no acts.
static uint64_t hash_changes(const ParaDreamWorld *world, uint64_t hash)
{
    hash = para_changes_hash(&world->def, world->state->gravity, world->zones, hash);
    for (int32_t j = 0; j < world->def.joint_count; j++)
        if (!world->joint_whole[j])
            hash = para_hash(&j, sizeof j, hash);
    for (int32_t b = 0; b < world->def.body_count; b++)
        if (world->friction[b] >= 0.0f)
            hash = para_hash(&world->friction[b], sizeof(float), para_hash(&b, sizeof b, hash));
    return hash;
}

uint64_t para_dream_hash(void *solver, int index)
{
    const ParaDreamWorld *world = para_dream_world(solver, index);
    const ParaDreamState *state = world->state;
    uint64_t head[3] = {state->step, (uint64_t)state->contact_count, (uint64_t)state->status};
    uint64_t hash = para_hash(head, sizeof head, 0);
    for (int b = 0; b < world->def.body_count; b++) {
        // Adding zero turns -0 into +0, which compare equal and behave the same.
        const float row[] = {world->centre_x[b] + 0.0f, world->centre_y[b] + 0.0f, world->vx[b] + 0.0f,
                             world->vy[b] + 0.0f,       world->angle[b] + 0.0f,    world->spin[b] + 0.0f,
                             (float)world->enabled[b]};
        hash = para_hash(row, sizeof row, hash);
    }
    for (int i = 0; i < state->contact_count; i++) {
        const ParaContact *contact = &world->view.contacts[i];
        const float impulse = contact->impulse + 0.0f;
        hash = para_hash(&contact->shape_a, 2 * sizeof contact->shape_a, hash);
        hash = para_hash(&impulse, sizeof impulse, hash);
    }
    return hash_changes(world, hash);
}

size_t para_dream_bytes(void *solver, int index)
{
    const ParaDreamWorld *world = para_dream_world(solver, index);
    return world->image_first + (size_t)world->state->image_size;
}
