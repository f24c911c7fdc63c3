// SPDX-License-Identifier: MIT
// Contacts and events of a step. Chipmunk's arbiters are read after every substep, put in order of
// shape indices, and merged: several pieces of a chain, and several substeps, are one contact. Events
// come from comparing two sorted lists, never from callbacks (their order depends on addresses).
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/events.h"

#include <string.h>

#define INSERTION_MAX 24 ///< lists up to here are sorted by insertion

void para_cp_clear_touches(ParaCpWorld *world) { world->touch_count = 0; }

/// Gives a list back that has been outgrown; the first ones lie in the header and stay.
static void give_back(const ParaCpWorld *world, void *list)
{
    if ((size_t)((unsigned char *)list - (const unsigned char *)world) >= world->plain_end)
        para_cp_free(list);
}

/// Makes room for `count` touches; the arrays come from the world's own heap.
static void grow_touches(ParaCpWorld *world, int count)
{
    int room = world->touch_max;
    while (room < count)
        room *= 2;
    ParaCpTouch *touches = para_cp_alloc(sizeof(ParaCpTouch) * (size_t)room);
    memcpy(touches, world->touches, sizeof(ParaCpTouch) * (size_t)world->touch_count);
    give_back(world, world->touches);
    give_back(world, world->touch_scratch);
    world->touches = touches;
    world->touch_scratch = para_cp_alloc(sizeof(ParaCpTouch) * (size_t)room);
    world->touch_max = room;
    PARA_ASSERT(world->touch_max >= count);
}

static ParaCpTouch touch_of(const cpArbiter *arbiter)
{
    cpVect point = cpvzero, impulse = cpvzero, normal = arbiter->n;
    for (int i = 0; i < arbiter->count; i++) {
        const struct cpContact *contact = &arbiter->contacts[i];
        cpVect on_a = cpvadd(arbiter->body_a->p, contact->r1);
        cpVect on_b = cpvadd(arbiter->body_b->p, contact->r2);
        point = cpvadd(point, cpvlerp(on_a, on_b, 0.5));
        impulse = cpvadd(impulse, cpvrotate(normal, cpv(contact->jnAcc, contact->jtAcc)));
    }
    uint64_t a = (uint64_t)para_cp_index_of(arbiter->a), b = (uint64_t)para_cp_index_of(arbiter->b);
    if (a > b) {
        uint64_t lower = b;
        b = a;
        a = lower;
        normal = cpvneg(normal);
        impulse = cpvneg(impulse);
    }
    PARA_ASSERT_HOT(a < b); // two shapes, in order
    return (ParaCpTouch){a << 32 | b, point.x,   point.y,   normal.x,
                         normal.y,    impulse.x, impulse.y, arbiter->count};
}

void para_cp_gather_touches(ParaCpWorld *world)
{
    const cpArray *arbiters = world->space->arbiters;
    if (world->touch_count + arbiters->num > world->touch_max)
        grow_touches(world, world->touch_count + arbiters->num);
    for (int i = 0; i < arbiters->num; i++) {
        const cpArbiter *arbiter = arbiters->arr[i];
        if (arbiter->count > 0)
            world->touches[world->touch_count++] = touch_of(arbiter);
    }
}

static void sort_by_insertion(ParaCpTouch *touches, int count)
{
    for (int i = 1; i < count; i++) {
        ParaCpTouch moved = touches[i];
        int k = i;
        for (; k > 0 && touches[k - 1].key > moved.key; k--)
            touches[k] = touches[k - 1];
        touches[k] = moved;
    }
}

/// Stable merge sort from the bottom up: equal keys stay in the solver's order, which is deterministic.
static void sort_touches(ParaCpWorld *world)
{
    int count = world->touch_count;
    ParaCpTouch *from = world->touches, *to = world->touch_scratch;
    for (int i = 0; i < count; i += INSERTION_MAX)
        sort_by_insertion(from + i, count - i < INSERTION_MAX ? count - i : INSERTION_MAX);
    for (int run = INSERTION_MAX; run < count; run *= 2) {
        for (int left = 0; left < count; left += 2 * run) {
            int middle = left + run < count ? left + run : count;
            int end = middle + run < count ? middle + run : count;
            for (int i = left, k = middle, at = left; at < end; at++)
                to[at] = i < middle && (k >= end || from[i].key <= from[k].key) ? from[i++] : from[k++];
        }
        ParaCpTouch *swap = from;
        from = to;
        to = swap;
    }
    world->touches = from;
    world->touch_scratch = to;
}

/// Adds up runs of equal key in place.
static void merge_touches(ParaCpWorld *world)
{
    ParaCpTouch *touches = world->touches;
    int last = -1;
    for (int i = 0; i < world->touch_count; i++) {
        if (last >= 0 && touches[last].key == touches[i].key) {
            touches[last].x += touches[i].x;
            touches[last].y += touches[i].y;
            touches[last].normal_x += touches[i].normal_x;
            touches[last].normal_y += touches[i].normal_y;
            touches[last].impulse_x += touches[i].impulse_x;
            touches[last].impulse_y += touches[i].impulse_y;
            touches[last].count += touches[i].count;
        } else if (++last != i) {
            touches[last] = touches[i];
        }
    }
    PARA_ASSERT(last < world->touch_max);
    world->touch_count = last + 1;
}

static ParaContact contact_of(const ParaCpWorld *world, const ParaCpTouch *touch)
{
    ParaContact contact = {.shape_a = (int32_t)(touch->key >> 32),
                           .shape_b = (int32_t)(touch->key & 0xffffffffu)};
    PARA_ASSERT_HOT(contact.shape_b < world->def.shape_count && touch->count > 0);
    double length = para_sqrt(touch->normal_x * touch->normal_x + touch->normal_y * touch->normal_y);
    contact.body_a = world->def.shapes[contact.shape_a].body;
    contact.body_b = world->def.shapes[contact.shape_b].body;
    contact.point = (ParaVec2){(float)(touch->x / touch->count), (float)(touch->y / touch->count)};
    // Normals of a chain's pieces may cancel (a ball in a slot); any unit vector is then as good.
    contact.normal = length > 1e-9
                         ? (ParaVec2){(float)(touch->normal_x / length), (float)(touch->normal_y / length)}
                         : (ParaVec2){0.0f, 1.0f};
    contact.impulse =
        (float)para_sqrt(touch->impulse_x * touch->impulse_x + touch->impulse_y * touch->impulse_y);
    return contact;
}

static void grow_contacts(ParaCpWorld *world, int count)
{
    int room = world->contact_max;
    while (room < count)
        room *= 2;
    ParaContact *before = para_cp_alloc(sizeof(ParaContact) * (size_t)room);
    memcpy(before, world->contacts_before, sizeof(ParaContact) * (size_t)world->contact_count_before);
    give_back(world, world->contacts_before);
    give_back(world, world->contacts);
    give_back(world, world->events);
    world->contacts_before = before;
    world->contacts = para_cp_alloc(sizeof(ParaContact) * (size_t)room);
    world->contact_max = room;
    world->event_max = PARA_EVENTS_PER_CONTACT * room;
    world->events = para_cp_alloc(sizeof(ParaEvent) * (size_t)world->event_max);
    world->view.contacts = world->contacts;
    world->view.events = world->events;
}

void para_cp_forget_contacts(ParaCpWorld *world, int body)
{
    ParaContact *contacts = world->contacts;
    int kept = 0, told = world->view.contact_count + world->gone_count;
    for (int i = 0; i < world->view.contact_count; i++) {
        ParaContact contact = contacts[i];
        if (contact.body_a == body || contact.body_b == body)
            continue;
        memmove(&contacts[kept + 1], &contacts[kept], sizeof contact * (size_t)(i - kept));
        contacts[kept++] = contact;
    }
    world->view.contact_count = kept;
    world->gone_count = told - kept;
}

void para_cp_publish_contacts(ParaCpWorld *world)
{
    int before = world->view.contact_count + world->gone_count;
    PARA_ASSERT(before >= 0 && before <= world->contact_max);
    if (world->gone_count > 0) // acts have ended some, which stand behind the others
        para_contacts_sort(world->contacts, before);
    world->gone_count = 0;
    memcpy(world->contacts_before, world->contacts, sizeof(ParaContact) * (size_t)before);
    world->contact_count_before = before;
    if (world->touch_count > 1) {
        sort_touches(world);
        merge_touches(world);
    }
    int now = world->touch_count;
    if (now > world->contact_max)
        grow_contacts(world, now);
    for (int i = 0; i < now; i++)
        world->contacts[i] = contact_of(world, &world->touches[i]);
    world->view.contact_count = now;
    PARA_ASSERT(2 * now + before <= world->event_max);
    world->view.event_count =
        para_events_between(world->contacts, now, world->contacts_before, before, world->events);
}
