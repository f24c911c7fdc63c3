// SPDX-License-Identifier: MIT
// Snapshots. Everything that changes lies in one piece, from the state to the end of the tail, without a
// pointer in it; an image is the whole slot, whose pointers are set anew where it is adopted.
#include "engine/base/assert.h"
#include "engine/base/hash.h"
#include "engine/world/events.h"
#include "engine/world/lanes/group.h"
#include "engine/world/lanes/sound.h"

#include <string.h>

size_t para_lanes_snapshot_size(void *solver, int index)
{
    return (size_t)para_lanes_world(solver, index)->state->image_size;
}

size_t para_lanes_save(void *solver, int index, void *out, size_t size_max)
{
    const ParaLanesState *state = para_lanes_world(solver, index)->state;
    size_t size = (size_t)state->image_size;
    PARA_ASSERT(size >= sizeof *state);
    if (size > size_max)
        return 0;
    memcpy(out, state, size);
    return size;
}

/// Whether a count may stand in an image.
static bool counts(int32_t count, int most) { return count >= 0 && count <= most; }

/// Where in an image that is to be restored one of the world's arrays lies.
static const void *there(const ParaLanesWorld *world, const void *array, const void *image)
{
    return (const char *)image + ((const char *)array - (const char *)world->state);
}

bool para_lanes_restore(void *solver, int index, const void *image, size_t size)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    ParaLanesState head;
    if (size < sizeof head)
        return false;
    memcpy(&head, image, sizeof head);
    if (head.owner != (uintptr_t)world || !counts(head.touch_count, PARA_LANES_MANIFOLDS_MAX) ||
        !counts(head.contact_count, PARA_LANES_MANIFOLDS_MAX) ||
        !counts(head.gone_count, PARA_LANES_MANIFOLDS_MAX - head.contact_count) ||
        !counts(head.event_count, PARA_EVENTS_PER_CONTACT * PARA_LANES_MANIFOLDS_MAX))
        return false;
    if (size != (size_t)head.image_size ||
        size != para_lanes_image_size(world, head.touch_count, head.contact_count + head.gone_count,
                                      head.event_count))
        return false;
    const void *zones = there(world, world->zones, image), *friction = there(world, world->friction, image);
    bool moved = memcmp(zones, world->zones, sizeof *world->zones * (size_t)world->zone_count) != 0;
    bool rubbed = memcmp(friction, world->friction, sizeof(float) * (size_t)world->body_count) != 0;
    memcpy(world->state, image, size);
    if (moved)
        para_lanes_place_zones(world);
    if (rubbed)
        para_lanes_rub_shapes(world);
    para_lanes_update_seams(world);
    para_lanes_publish(world);
    PARA_CHECK_HOT(para_lanes_check_world(world));
    return true;
}

const void *para_lanes_image(void *solver, int index, size_t *out_size, ParaDiagList *diagnostics)
{
    (void)diagnostics;
    const ParaLanesWorld *world = para_lanes_world(solver, index);
    *out_size = world->image_first + (size_t)world->state->image_size;
    return world;
}

void para_lanes_adopt(void *solver, int index, const void *image, size_t size)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    PARA_ASSERT(image != world && size >= sizeof *world);
    memcpy(world, image, size);
    para_lanes_bind(world);
    world->state->owner = (uintptr_t)world;
    para_lanes_publish(world);
    PARA_ASSERT(size == world->image_first + (size_t)world->state->image_size);
    PARA_CHECK_HOT(para_lanes_check_world(world));
    para_lanes_note_built(solver, index);
}

/// What acts have changed for good; a world without any hashes as if there were no acts.
static uint64_t hash_changes(const ParaLanesWorld *world, uint64_t hash)
{
    hash = para_changes_hash(&world->def, world->state->gravity, world->zones, hash);
    for (int i = 0; i < world->joint_count; i++)
        if (world->joint_marks[i] & (PARA_LANES_JOINT_BROKEN | PARA_LANES_JOINT_DRAWN)) {
            int32_t row[2] = {world->joints[i].def, world->joint_marks[i]};
            hash = para_hash(row, sizeof row, hash);
        }
    for (int i = 0; i < world->body_count; i++)
        if (world->friction[i] >= 0.0f) {
            struct {
                int32_t body;
                float friction;
            } row = {i, world->friction[i] + 0.0f};
            hash = para_hash(&row, sizeof row, hash);
        }
    return hash;
}

uint64_t para_lanes_hash(void *solver, int index)
{
    const ParaLanesWorld *world = para_lanes_world(solver, index);
    const ParaLanesState *state = world->state;
    uint64_t head[3] = {state->step, (uint64_t)state->contact_count, (uint64_t)state->status};
    uint64_t hash = para_hash(head, sizeof head, 0);
    float rows[PARA_LANES_BODIES_MAX][13];
    for (int i = 0; i < world->body_count; i++) {
        // Adding zero turns -0 into +0, which compare equal and behave the same.
        const float row[13] = {
            world->centre_x[i] + 0.0f, world->centre_y[i] + 0.0f, world->vx[i] + 0.0f,
            world->vy[i] + 0.0f,       world->angle[i] + 0.0f,    world->cos[i] + 0.0f,
            world->sin[i] + 0.0f,      world->spin[i] + 0.0f,     (float)world->enabled[i],
            world->rest_x[i] + 0.0f,   world->rest_y[i] + 0.0f,   world->rest_cos[i] + 0.0f,
            world->rest_sin[i] + 0.0f};
        memcpy(rows[i], row, sizeof row);
    }
    hash = para_hash(rows, sizeof rows[0] * (size_t)world->body_count, hash);
    for (int i = 0; i < state->contact_count; i++) {
        const ParaContact *contact = &world->view.contacts[i];
        uint32_t bits, row[3];
        float impulse = contact->impulse + 0.0f;
        memcpy(&bits, &impulse, sizeof bits);
        row[0] = (uint32_t)contact->shape_a;
        row[1] = (uint32_t)contact->shape_b;
        row[2] = bits;
        hash = para_hash(row, sizeof row, hash);
    }
    return hash_changes(world, hash);
}

size_t para_lanes_bytes(void *solver, int index)
{
    const ParaLanesWorld *world = para_lanes_world(solver, index);
    return world->image_first + (size_t)world->state->image_size;
}
