// SPDX-License-Identifier: MIT
// After a step: what the next one needs to know of each touching pair, and what the outside is told. Contacts
// of a chain's edges with one shape are one contact. Events come from comparing two sorted lists.
#include "engine/base/maths.h"
#include "engine/world/lanes/lanes.h"

#include <math.h>
#include <string.h>

#define NORMAL_MIN 1e-6f ///< [1] length of a sum of unit normals below which they cancel

/// A contact while its manifolds are added up.
typedef struct Sum {
    int32_t shape_a, shape_b;
    float x, y, points;         ///< sums over the points that touch
    float normal_x, normal_y;   ///< sum of normals, from a to b
    float impulse_x, impulse_y; ///< [N s] on b
} Sum;

/// Bit i: point i took part, because it pressed or because the surfaces met.
static int touching_points(const LanesManifold *m)
{
    int bits = 0;
    for (int i = 0; i < m->count; i++)
        bits |= (m->point[i].normal_sum > 0.0f || m->point[i].separation <= 0.0f) << i;
    return bits;
}

/// Def indices of the two shapes of a key, in the order of the manifold's normal.
static void shapes_of(const LanesWorld *world, uint32_t key, int32_t *out_from, int32_t *out_to)
{
    if (key >> 31) {
        *out_from = world->chains[key >> 24 & 127u].def;
        *out_to = world->shapes[key >> 16 & 255u].def;
    } else {
        *out_from = world->shapes[key >> 8 & 255u].def;
        *out_to = world->shapes[key & 255u].def;
    }
}

static Sum sum_of(const LanesWorld *world, const LanesManifold *m, int touching)
{
    Sum sum = {.normal_x = m->normal_x, .normal_y = m->normal_y};
    shapes_of(world, m->key, &sum.shape_a, &sum.shape_b);
    float along = 0.0f, aside = 0.0f;
    for (int i = 0; i < m->count; i++) {
        const struct LanesPoint *point = &m->point[i];
        if (touching >> i & 1) {
            sum.x += point->x;
            sum.y += point->y;
            sum.points += 1.0f;
        }
        along += point->normal_sum;
        aside += point->tangent_sum;
    }
    // The tangent is (-normal_y, normal_x).
    sum.impulse_x = along * m->normal_x - aside * m->normal_y;
    sum.impulse_y = along * m->normal_y + aside * m->normal_x;
    if (sum.shape_a > sum.shape_b) {
        int32_t lower = sum.shape_b;
        sum.shape_b = sum.shape_a;
        sum.shape_a = lower;
        sum.normal_x = -sum.normal_x;
        sum.normal_y = -sum.normal_y;
        sum.impulse_x = -sum.impulse_x;
        sum.impulse_y = -sum.impulse_y;
    }
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

static LanesTouch touch_of(const LanesManifold *m, bool touching)
{
    LanesTouch touch = {.key = m->key, .count = (uint8_t)m->count, .touching = touching};
    for (int i = 0; i < m->count; i++) {
        touch.id[i] = (uint8_t)m->point[i].id;
        touch.normal[i] = m->point[i].normal;
        touch.tangent[i] = m->point[i].tangent;
    }
    return touch;
}

/// Stores the touches of world w and sums those that are to be reported, in the order of their shapes.
/// Manifolds come sorted by key, so edges of one chain with one shape follow each other, and only chains have
/// to find their place. @return how many sums
static int take_manifolds(const LanesBlock *block, int w, Sum *out)
{
    LanesWorld *world = block->worlds[w];
    const LanesManifold *manifolds = block->manifolds + block->manifold_first[w];
    int count = 0, touches = 0;
    for (int i = 0; i < block->manifold_count[w]; i++) {
        const LanesManifold *m = &manifolds[i];
        if (m->count == 0)
            continue;
        int touching = touching_points(m);
        world->touches[touches++] = touch_of(m, touching != 0);
        if (touching == 0)
            continue; // near, but apart: only the next step's warm start cares
        Sum sum = sum_of(world, m, touching);
        count = put_sum(out, count, &sum);
    }
    world->state->touch_count = touches;
    return count;
}

static ParaContact contact_of(const LanesWorld *world, const Sum *sum)
{
    ParaContact contact = {.shape_a = sum->shape_a,
                           .shape_b = sum->shape_b,
                           .body_a = world->def.shapes[sum->shape_a].body,
                           .body_b = world->def.shapes[sum->shape_b].body,
                           .point = {sum->x / sum->points, sum->y / sum->points},
                           .normal = {0.0f, 1.0f}}; // normals that cancel: any unit vector is as good
    float length = sqrtf(sum->normal_x * sum->normal_x + sum->normal_y * sum->normal_y);
    if (length > NORMAL_MIN)
        contact.normal = (ParaVec2){sum->normal_x / length, sum->normal_y / length};
    contact.impulse = sqrtf(sum->impulse_x * sum->impulse_x + sum->impulse_y * sum->impulse_y);
    return contact;
}

// ---------------------------------------------------------------------------------------------
// Events.

typedef struct Events {
    ParaEvent *list;
    int count;
} Events;

static int order(const ParaContact *left, const ParaContact *right)
{
    if (left->shape_a != right->shape_a)
        return left->shape_a < right->shape_a ? -1 : 1;
    return (left->shape_b > right->shape_b) - (left->shape_b < right->shape_b);
}

static void add_event(Events *events, ParaEventKind kind, const ParaContact *contact)
{
    events->list[events->count++] = (ParaEvent){kind,
                                                contact->shape_a,
                                                contact->shape_b,
                                                contact->body_a,
                                                contact->body_b,
                                                kind == PARA_EVENT_END ? 0.0f : contact->impulse};
}

/// Events of `kind` for the members of sorted `list` that sorted `other` lacks.
static void add_missing(Events *events, ParaEventKind kind, const ParaContact *list, int count,
                        const ParaContact *other, int other_count)
{
    for (int i = 0, k = 0; i < count; i++) {
        while (k < other_count && order(&other[k], &list[i]) < 0)
            k++;
        if (k >= other_count || order(&other[k], &list[i]) != 0)
            add_event(events, kind, &list[i]);
    }
}

// ---------------------------------------------------------------------------------------------

static bool same_pairs(const ParaContact *left, const ParaContact *right, int count)
{
    for (int i = 0; i < count; i++)
        if (order(&left[i], &right[i]) != 0)
            return false;
    return true;
}

static void find_zones(LanesWorld *world)
{
    for (int i = 0; i < world->body_count; i++)
        if (world->enabled[i] && world->def.bodies[i].kind != PARA_BODY_STATIC)
            world->zone_bits[i] = para_zones_at(world->zones, world->zone_count, (double)world->centre_x[i],
                                                (double)world->centre_y[i]);
}

void para_lanes_report(LanesBlock *block, int w)
{
    LanesWorld *world = block->worlds[w];
    LanesState *state = world->state;
    if (state->status != PARA_WORLD_FINE)
        return;
    if (world->zone_count > 0)
        find_zones(world);
    // The old contacts make way for the new touches.
    ParaContact past[LANES_MANIFOLDS_MAX];
    Sum sums[LANES_MANIFOLDS_MAX];
    int past_count = state->contact_count;
    memcpy(past, world->view.contacts, sizeof(ParaContact) * (size_t)past_count);
    int count = take_manifolds(block, w, sums);
    ParaContact *contacts = (ParaContact *)(void *)(world->touches + state->touch_count);
    for (int i = 0; i < count; i++)
        contacts[i] = contact_of(world, &sums[i]);
    Events events = {(ParaEvent *)(void *)(contacts + count), 0};
    if (count != past_count || !same_pairs(contacts, past, count)) {
        add_missing(&events, PARA_EVENT_BEGIN, contacts, count, past, past_count);
        add_missing(&events, PARA_EVENT_END, past, past_count, contacts, count);
    }
    for (int i = 0; i < count; i++)
        if (contacts[i].impulse > PARA_EVENT_IMPULSE_MIN)
            add_event(&events, PARA_EVENT_IMPULSE, &contacts[i]);
    state->contact_count = count;
    state->event_count = events.count;
    para_lanes_publish(world);
}
