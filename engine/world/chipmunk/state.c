// SPDX-License-Identifier: MIT
// The state others read: Chipmunk's doubles mirrored once per step into plain float arrays.
#include "engine/world/chipmunk/links.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <math.h>

int para_cp_insane_body(const ParaCpWorld *world)
{
    for (int i = 0; i < world->def.body_count; i++) {
        const cpBody *body = world->bodies[i];
        bool sane = fabs(body->p.x) < PARA_CP_PLACE_MAX && fabs(body->p.y) < PARA_CP_PLACE_MAX &&
                    fabs(body->v.x) < PARA_CP_SPEED_MAX && fabs(body->v.y) < PARA_CP_SPEED_MAX &&
                    fabs(body->w) < PARA_CP_SPEED_MAX; // false for NaN
        if (!sane)
            return i;
    }
    return -1;
}

void para_cp_publish_body(ParaCpWorld *world, int index)
{
    const cpBody *body = world->bodies[index];
    const ParaCpBodyData *data = &world->body_data[index];
    PARA_ASSERT_HOT(isfinite(body->p.x) && isfinite(body->p.y) &&
                    isfinite(body->a));  // insane ones end before
    cpTransform frame = body->transform; // a, b hold cos and sin of the angle
    world->x[index] = (float)(body->p.x - (frame.a * data->centre_x - frame.b * data->centre_y));
    world->y[index] = (float)(body->p.y - (frame.b * data->centre_x + frame.a * data->centre_y));
    world->angle[index] = (float)body->a;
    world->cos[index] = (float)frame.a;
    world->sin[index] = (float)frame.b;
    world->vx[index] = (float)body->v.x;
    world->vy[index] = (float)body->v.y;
    world->spin[index] = (float)body->w;
    world->centre_x[index] = (float)body->p.x;
    world->centre_y[index] = (float)body->p.y;
    if (world->def.zone_count > 0)
        world->zone_bits[index] = para_zones_at(world->areas, world->def.zone_count, body->p.x, body->p.y);
}

void para_cp_publish_bodies(ParaCpWorld *world)
{
    for (int i = 0; i < world->def.body_count; i++)
        if (world->def.bodies[i].kind != PARA_BODY_STATIC && world->enabled[i])
            para_cp_publish_body(world, i);
}

/// What acts have changed for good; a world without any hashes as if there were no acts.
static uint64_t hash_changes(const ParaCpWorld *world, uint64_t hash)
{
    hash = para_changes_hash(&world->def, world->view.gravity, world->zones, hash);
    for (int i = 0; i < world->def.joint_count; i++)
        if (world->links[i].broken || world->links[i].drawn) {
            int32_t row[3] = {i, world->links[i].broken, world->links[i].drawn};
            hash = para_hash(row, sizeof row, hash);
        }
    for (int i = 0; i < world->def.body_count; i++)
        if (world->friction[i] >= 0.0f) {
            double row[2] = {i, (double)world->friction[i] + 0.0};
            hash = para_hash(row, sizeof row, hash);
        }
    return hash;
}

uint64_t para_cp_hash(void *solver, int index)
{
    const ParaCpWorld *world = para_cp_world(solver, index);
    uint64_t head[4] = {world->view.step, (uint64_t)world->view.contact_count, (uint64_t)world->view.status,
                        0};
    uint64_t hash = para_hash(head, sizeof head, 0);
    for (int i = 0; i < world->def.body_count; i++) {
        const cpBody *body = world->bodies[i];
        // Adding zero turns -0 into +0, which compare equal and behave the same.
        double state[7] = {body->p.x + 0.0, body->p.y + 0.0, body->v.x + 0.0,          body->v.y + 0.0,
                           body->a + 0.0,   body->w + 0.0,   (double)world->enabled[i]};
        hash = para_hash(state, sizeof state, hash);
    }
    return hash_changes(world, hash);
}

size_t para_cp_bytes(void *solver, int index)
{
    return para_cp_high_water(&((const ParaCpSolver *)solver)->slots[index]) + sizeof(ParaCpSlot);
}
