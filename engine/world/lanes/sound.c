// SPDX-License-Identifier: MIT
// The checks of sound.h. Nothing here runs in a release.
#include "engine/world/lanes/sound.h"

#include "engine/base/assert.h"
#include "engine/world/events.h"

#ifdef PARA_ASSERTS_HOT

#include <math.h>

#define UNIT_SLACK 1e-3f ///< [1] of a length that should be 1, squared

static bool is_unit(float x, float y) { return fabsf(x * x + y * y - 1.0f) < UNIT_SLACK; }

static bool is_aligned(const void *place, size_t to) { return (uintptr_t)place % to == 0; }

// ---------------------------------------------------------------------------------------------
// A world between steps.

static void check_counts(const ParaLanesWorld *world)
{
    const ParaWorldDef *def = &world->def;
    PARA_ASSERT(world->body_count == def->body_count && world->body_count <= PARA_LANES_BODIES_MAX);
    PARA_ASSERT(world->shape_count + world->chain_count == def->shape_count);
    PARA_ASSERT(world->shape_count <= PARA_LANES_SHAPES_MAX && world->chain_count <= PARA_LANES_CHAINS_MAX);
    PARA_ASSERT(world->joint_count == def->joint_count && world->joint_count <= PARA_LANES_JOINTS_MAX);
    PARA_ASSERT(world->pin_count + world->rail_count + world->line_count == world->joint_count);
    PARA_ASSERT(world->micro_steps >= def->substeps * PARA_LANES_MICRO_STEPS); // more where a level needs it
    PARA_ASSERT(world->dt > 0.0f && world->micro_dt > 0.0f);
}

static void check_places(const ParaLanesWorld *world)
{
    PARA_ASSERT(is_aligned(world, 64) && is_aligned(world->bodies, 64) && is_aligned(world->stills, 16));
    PARA_ASSERT(is_aligned(world->state, 64) && is_aligned(world->x, 16) && is_aligned(world->joints, 64));
    PARA_ASSERT((const unsigned char *)world->state == (const unsigned char *)world + world->image_first);
    PARA_ASSERT(world->view.x == world->x && world->view.def == &world->def); // not another slot's
    PARA_ASSERT(world->state->owner == (uintptr_t)world);
}

/// Shapes stand by body, and the bits of their partners name later shapes only.
static void check_convex(const ParaLanesWorld *world)
{
    uint64_t all = world->shape_count < 64 ? ((uint64_t)1 << world->shape_count) - 1 : UINT64_MAX;
    for (int i = 0; i < world->shape_count; i++) {
        const ParaLanesShape *shape = &world->shapes[i];
        PARA_ASSERT(shape->body < world->body_count && shape->def < world->def.shape_count);
        PARA_ASSERT(i == 0 || (shape->def > shape[-1].def && shape->body >= shape[-1].body));
        PARA_ASSERT(shape->corner_count >= 1 && shape->corner_count <= PARA_LANES_CORNERS_MAX);
        PARA_ASSERT(shape->corner_count == 1 || shape->corner_count <= shape->corner_room);
        PARA_ASSERT(shape->corner_first + 4 * shape->corner_room <= world->corner_floats);
        PARA_ASSERT((world->partners[i] & ~all) == 0 && (world->partners[i] << (63 - i)) == 0);
    }
    for (int i = 0; i < world->chain_count; i++) {
        const ParaLanesChain *chain = &world->chains[i];
        PARA_ASSERT(chain->body < world->body_count && chain->edge_count >= 1);
        PARA_ASSERT(chain->point_first + chain->edge_count + 3 <= world->point_count);
        PARA_ASSERT(chain->box_first + (chain->edge_count - 1) / PARA_LANES_BOX_EDGES < world->box_count);
        PARA_ASSERT((world->chain_partners[i] & ~all) == 0);
    }
}

static void check_joints(const ParaLanesWorld *world)
{
    for (int i = 0; i < world->joint_count; i++) {
        const ParaLanesJoint *joint = &world->joints[i];
        PARA_ASSERT(joint->a != joint->b && joint->a >= 0 && joint->a < world->body_count);
        PARA_ASSERT(joint->b >= 0 && joint->b < world->body_count);
        PARA_ASSERT(joint->def >= 0 && joint->def < world->joint_count);
        PARA_ASSERT(is_unit(joint->start_cos, joint->start_sin));
        PARA_ASSERT(joint->kind != PARA_JOINT_PRISMATIC || is_unit(joint->axis_x, joint->axis_y));
    }
}

void para_lanes_check_world(const ParaLanesWorld *world)
{
    check_counts(world);
    check_places(world);
    check_convex(world);
    check_joints(world);
    for (int i = 0; i < world->body_count; i++) {
        PARA_ASSERT(fabsf(world->centre_x[i]) < PARA_LANES_PLACE_MAX); // no NaN
        PARA_ASSERT(fabsf(world->centre_y[i]) < PARA_LANES_PLACE_MAX);
        PARA_ASSERT(is_unit(world->cos[i], world->sin[i]));
    }
}

void para_lanes_check_report(const ParaLanesWorld *world)
{
    const ParaLanesState *state = world->state;
    for (int i = 0; i < state->touch_count; i++) {
        const ParaLanesTouch *touch = &world->touches[i];
        PARA_ASSERT(i == 0 || touch->key > touch[-1].key);
        PARA_ASSERT(touch->count == 1 || (touch->count == 2 && touch->id[0] != touch->id[1]));
        PARA_ASSERT(touch->normal[0] >= 0.0f && touch->normal[1] >= 0.0f);
    }
    for (int i = 0; i < state->contact_count; i++) {
        const ParaContact *contact = &world->view.contacts[i];
        PARA_ASSERT(contact->shape_a < contact->shape_b && contact->shape_b < world->def.shape_count);
        PARA_ASSERT(i == 0 || para_contact_order(&contact[-1], contact) < 0);
        PARA_ASSERT(contact->body_a == world->def.shapes[contact->shape_a].body);
        PARA_ASSERT(contact->body_b == world->def.shapes[contact->shape_b].body);
        PARA_ASSERT(is_unit(contact->normal.x, contact->normal.y) && contact->impulse >= 0.0f);
    }
}

// ---------------------------------------------------------------------------------------------
// A block during a step.

void para_lanes_check_bodies(const ParaLanesBlock *block)
{
    PARA_ASSERT(block->world_count >= 1 && block->world_count <= PARA_LANES_BLOCK);
    PARA_ASSERT(block->body_first[block->world_count] <= PARA_LANES_BLOCK_BODIES);
    PARA_ASSERT(block->shape_first[block->world_count] <= PARA_LANES_BLOCK_SHAPES);
    for (int w = 0; w < block->world_count; w++) {
        PARA_ASSERT(block->worlds[w]->micro_steps == block->micro_steps);
        PARA_ASSERT(block->body_first[w + 1] - block->body_first[w] == block->worlds[w]->body_count);
        for (int i = block->body_first[w]; i < block->body_first[w + 1]; i++) {
            const ParaLanesFixed *fixed = &block->fixed[i];
            PARA_ASSERT(fixed->inverse_mass >= 0.0f && fixed->inverse_inertia >= 0.0f);
            PARA_ASSERT(is_unit(fixed->cos, fixed->sin) && fixed->micro_dt == block->worlds[w]->micro_dt);
            PARA_ASSERT(fabsf(fixed->x) < PARA_LANES_PLACE_MAX && fabsf(fixed->y) < PARA_LANES_PLACE_MAX);
            PARA_ASSERT(block->damp[i].x >= 0.0f && block->damp[i].x <= 1.0f);
            PARA_ASSERT(block->motion[i].dx == 0.0f && block->motion[i].turn == 0.0f);
        }
    }
}

/// Box k of shape `flat`: low x, low y, high x, high y.
static float box_side(const ParaLanesBlock *block, int flat, int k)
{
    return block->box[flat + k * block->box_stride];
}

static void check_placed(const ParaLanesBlock *block, int w, int flat)
{
    const ParaLanesPlaced *placed = &block->placed[flat];
    PARA_ASSERT(placed->body >= block->body_first[w] && placed->body < block->body_first[w + 1]);
    PARA_ASSERT(placed->margin > 0.0f && placed->radius >= 0.0f);
    PARA_ASSERT(box_side(block, flat, 0) < placed->x && placed->x < box_side(block, flat, 2));
    PARA_ASSERT(box_side(block, flat, 1) < placed->y && placed->y < box_side(block, flat, 3));
    for (int k = 0; placed->corner_count > 1 && k < placed->corner_room; k++)
        PARA_ASSERT(is_unit(placed->n[2 * k], placed->n[2 * k + 1]));
}

void para_lanes_check_shapes(const ParaLanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        const ParaLanesWorld *world = block->worlds[w];
        for (int i = 0; i < world->shape_count; i++) {
            int flat = block->shape_first[w] + i;
            if (world->enabled[world->shapes[i].body])
                check_placed(block, w, flat);
            else
                PARA_ASSERT(box_side(block, flat, 0) > box_side(block, flat, 2)); // empty
        }
    }
}

static void check_manifold(const ParaLanesBlock *block, int w, const ParaLanesManifold *m)
{
    PARA_ASSERT(m->a != m->b && m->a >= block->body_first[w] && m->a < block->body_first[w + 1]);
    PARA_ASSERT(m->b >= block->body_first[w] && m->b < block->body_first[w + 1]);
    PARA_ASSERT(m->count == 1 || (m->count == 2 && m->point[0].id != m->point[1].id));
    PARA_ASSERT(is_unit(m->normal_x, m->normal_y));
    PARA_ASSERT(m->friction >= 0.0f && m->restitution >= 0.0f && m->restitution <= 1.0f);
    for (int k = 0; k < m->count; k++) {
        PARA_ASSERT(isfinite(m->point[k].x) && isfinite(m->point[k].y) && isfinite(m->point[k].separation));
        PARA_ASSERT(m->point[k].id >= 0 && m->point[k].id <= 255);
        PARA_ASSERT(m->point[k].normal == 0.0f && m->point[k].tangent == 0.0f); // the matching comes after
    }
}

void para_lanes_check_manifolds(const ParaLanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        const ParaLanesManifold *first = block->manifolds + block->manifold_first[w];
        PARA_ASSERT(block->manifold_count[w] >= 0 && block->manifold_count[w] <= PARA_LANES_MANIFOLDS_MAX);
        PARA_ASSERT(w == 0 ||
                    block->manifold_first[w] == block->manifold_first[w - 1] + block->manifold_count[w - 1]);
        for (int i = 0; i < block->manifold_count[w]; i++) {
            PARA_ASSERT(i == 0 || first[i].key > first[i - 1].key);
            check_manifold(block, w, &first[i]);
        }
    }
}

#endif
