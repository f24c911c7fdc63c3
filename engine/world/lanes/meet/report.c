// SPDX-License-Identifier: MIT
// After a step: what the next one needs to know of each touching pair, and what the outside is told. Contacts
// of a chain's edges with one shape are one contact. Events come from comparing two sorted lists.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/events.h"
#include "engine/world/lanes/sound.h"

#include <math.h>
#include <string.h>

#define NORMAL_MIN 1e-6f ///< [1] length of a sum of unit normals below which they cancel

/// A contact while its manifolds are added up.
typedef struct Sum {
    int32_t shape_a, shape_b, body_a, body_b;
    float x, y, points;         ///< sums over the points that touch
    float normal_x, normal_y;   ///< sum of normals, from a to b
    float impulse_x, impulse_y; ///< [N s] on b
} Sum;

/// Bit i: point i took part, because it pressed or because the surfaces overlap. Points a manifold does not
/// have may hold anything.
static int touching_points(const ParaLanesManifold *m)
{
    const struct ParaLanesPoint *p = m->point;
    int bits = (p[0].normal_sum > 0.0f) | (p[0].separation <= 0.0f);
    if (m->count > 1)
        bits |= ((p[1].normal_sum > 0.0f) | (p[1].separation <= 0.0f)) << 1;
    return bits;
}

static void add_point(Sum *sum, const struct ParaLanesPoint *point)
{
    sum->x += point->x;
    sum->y += point->y;
    sum->points += 1.0f;
}

/// @param body_first of the world
static Sum sum_of(const ParaLanesWorld *world, const ParaLanesManifold *m, int touching, int body_first)
{
    int32_t shapes[2];
    para_lanes_shapes_of_key(world, m->key, shapes);
    Sum sum = {.shape_a = shapes[0],
               .shape_b = shapes[1],
               .body_a = m->a - body_first,
               .body_b = m->b - body_first,
               .normal_x = m->normal_x,
               .normal_y = m->normal_y};
    float along = m->point[0].normal_sum, aside = m->point[0].tangent_sum;
    if (touching & 1)
        add_point(&sum, &m->point[0]);
    if (m->count > 1) {
        along += m->point[1].normal_sum;
        aside += m->point[1].tangent_sum;
        if (touching & 2)
            add_point(&sum, &m->point[1]);
    }
    // The tangent is (-normal_y, normal_x).
    sum.impulse_x = along * m->normal_x - aside * m->normal_y;
    sum.impulse_y = along * m->normal_y + aside * m->normal_x;
    if (sum.shape_a > sum.shape_b)
        sum = (Sum){.shape_a = sum.shape_b,
                    .shape_b = sum.shape_a,
                    .body_a = sum.body_b,
                    .body_b = sum.body_a,
                    .x = sum.x,
                    .y = sum.y,
                    .points = sum.points,
                    .normal_x = -sum.normal_x,
                    .normal_y = -sum.normal_y,
                    .impulse_x = -sum.impulse_x,
                    .impulse_y = -sum.impulse_y};
    return sum;
}

static bool same_pair(const Sum *a, const Sum *b)
{
    return a->shape_a == b->shape_a && a->shape_b == b->shape_b;
}

static bool before(const Sum *a, const Sum *b)
{
    return a->shape_a != b->shape_a ? a->shape_a < b->shape_a : a->shape_b < b->shape_b;
}

static void add_up(Sum *to, const Sum *from)
{
    to->x += from->x;
    to->y += from->y;
    to->points += from->points;
    to->normal_x += from->normal_x;
    to->normal_y += from->normal_y;
    to->impulse_x += from->impulse_x;
    to->impulse_y += from->impulse_y;
}

/// Adds to the sorted `out` [count]. @return the new count
static int put_sum(Sum *out, int count, const Sum *sum)
{
    int at = count;
    while (at > 0 && before(sum, &out[at - 1]))
        at--;
    if (at > 0 && same_pair(sum, &out[at - 1])) {
        add_up(&out[at - 1], sum);
        return count;
    }
    if (at < count)
        memmove(&out[at + 1], &out[at], sizeof(Sum) * (size_t)(count - at));
    out[at] = *sum;
    return count + 1;
}

static void put_touch(ParaLanesTouch *out, const ParaLanesManifold *m, int touching)
{
    const struct ParaLanesPoint *p = m->point;
    bool second = m->count > 1;
    out->key = m->key;
    out->id[0] = (uint8_t)p[0].id;
    out->id[1] = second ? (uint8_t)p[1].id : 0;
    out->count = (uint8_t)m->count;
    out->touching = touching != 0;
    out->normal[0] = p[0].normal;
    out->normal[1] = second ? p[1].normal : 0.0f;
    out->tangent[0] = p[0].tangent;
    out->tangent[1] = second ? p[1].tangent : 0.0f;
}

/// Stores the touches of world w and sums those that are to be reported, in the order of their shapes.
/// Manifolds come sorted by key, so edges of one chain with one shape follow each other, and only chains have
/// to find their place. @return how many sums
static int take_manifolds(const ParaLanesBlock *block, int w, Sum *out)
{
    ParaLanesWorld *world = block->worlds[w];
    const ParaLanesManifold *m = block->manifolds + block->manifold_first[w];
    ParaLanesTouch *touch = world->touches;
    int count = 0;
    for (const ParaLanesManifold *end = m + block->manifold_count[w]; m < end; m++) {
        if (m->count == 0)
            continue;
        int touching = touching_points(m);
        put_touch(touch++, m, touching);
        if (touching == 0)
            continue; // near, but apart: only the next step's warm start cares
        Sum sum = sum_of(world, m, touching, block->body_first[w]);
        count = put_sum(out, count, &sum);
    }
    world->state->touch_count = (int32_t)(touch - world->touches);
    return count;
}

static ParaContact contact_of(const Sum *sum)
{
    PARA_ASSERT_HOT(sum->points > 0.0f);
    ParaContact contact = {.shape_a = sum->shape_a,
                           .shape_b = sum->shape_b,
                           .body_a = sum->body_a,
                           .body_b = sum->body_b,
                           .point = {sum->x / sum->points, sum->y / sum->points},
                           .normal = {0.0f, 1.0f}}; // normals that cancel: any unit vector is as good
    float length = sqrtf(sum->normal_x * sum->normal_x + sum->normal_y * sum->normal_y);
    if (length > NORMAL_MIN)
        contact.normal = (ParaVec2){sum->normal_x / length, sum->normal_y / length};
    contact.impulse = sqrtf(sum->impulse_x * sum->impulse_x + sum->impulse_y * sum->impulse_y);
    return contact;
}

// ---------------------------------------------------------------------------------------------

void para_lanes_report(ParaLanesBlock *block, int w)
{
    ParaLanesWorld *world = block->worlds[w];
    ParaLanesState *state = world->state;
    if (state->status != PARA_WORLD_FINE)
        return;
    // The old contacts make way for the new touches. The kernel is done with its room.
    ParaContact *past = block->room;
    Sum *sums = (Sum *)(void *)(past + PARA_LANES_MANIFOLDS_MAX);
    int past_count = state->contact_count + state->gone_count;
    PARA_ASSERT(past_count <= PARA_LANES_MANIFOLDS_MAX &&
                block->manifold_count[w] <= PARA_LANES_MANIFOLDS_MAX);
    memcpy(past, world->view.contacts, sizeof(ParaContact) * (size_t)past_count);
    if (state->gone_count > 0) // acts have ended some, which stand behind the others
        para_contacts_sort(past, past_count);
    state->gone_count = 0;
    int count = take_manifolds(block, w, sums);
    ParaContact *contacts = (ParaContact *)(void *)(world->touches + state->touch_count);
    for (int i = 0; i < count; i++)
        contacts[i] = contact_of(&sums[i]);
    ParaEvent *events = (ParaEvent *)(void *)(contacts + count);
    state->contact_count = count;
    state->dropped = block->dropped[w];
    state->event_count = para_events_between(contacts, count, past, past_count, events);
    para_lanes_publish(world);
    PARA_CHECK_HOT(para_lanes_check_report(world));
}
