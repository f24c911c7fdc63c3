// SPDX-License-Identifier: MIT
// The list of things of a map: where and when each was last seen, in the order of their ids.
#include "agents/memory/map_parts.h"

#include <math.h>
#include <string.h>

/// Whether it would be seen if it were where it was.
static bool should_be_seen(const ParaMapThing *thing, const ParaMapSense *sense)
{
    float x = thing->x - sense->at.x, y = thing->y - sense->at.y;
    return sense->sees <= 0.0f || x * x + y * y <= sense->sees * sense->sees;
}

static bool is_seen(int32_t id, const ParaMapSense *sense)
{
    for (int i = 0; i < sense->thing_count; i++)
        if (sense->things[i].id == id)
            return true;
    return false;
}

static void forget_gone(ParaMap *map, const ParaMapSense *sense)
{
    int kept = 0;
    for (int i = 0; i < map->thing_count; i++)
        if (!should_be_seen(&map->things[i], sense) || is_seen(map->things[i].id, sense))
            map->things[kept++] = map->things[i];
    memset(map->things + kept, 0, sizeof *map->things * (size_t)(map->thing_count - kept));
    map->thing_count = kept;
}

/// What is forgotten where there is no room: the least wanted, of those the one seen longest ago.
static int least_wanted(const ParaMap *map)
{
    int least = 0;
    for (int i = 1; i < map->thing_count; i++) {
        const ParaMapThing *a = &map->things[i], *b = &map->things[least];
        if (a->kind > b->kind || (a->kind == b->kind && a->when < b->when))
            least = i;
    }
    return least;
}

static void drop(ParaMap *map, int at)
{
    map->thing_count--;
    memmove(map->things + at, map->things + at + 1, sizeof *map->things * (size_t)(map->thing_count - at));
    memset(&map->things[map->thing_count], 0, sizeof *map->things);
}

static void remember(ParaMap *map, const ParaMapThing *thing)
{
    int at = 0;
    while (at < map->thing_count && map->things[at].id < thing->id)
        at++;
    bool known = at < map->thing_count && map->things[at].id == thing->id;
    if (!known && map->thing_count == PARA_MAP_THINGS) {
        int least = least_wanted(map);
        const ParaMapThing *other = &map->things[least];
        if (other->kind < thing->kind || (other->kind == thing->kind && other->when == map->now))
            return;
        drop(map, least);
        at -= least < at;
    }
    if (!known) {
        memmove(map->things + at + 1, map->things + at,
                sizeof *map->things * (size_t)(map->thing_count - at));
        map->thing_count++;
    }
    map->things[at] = *thing;
    map->things[at].when = (uint16_t)map->now;
}

void para_map_sense_things(ParaMap *map, const ParaMapSense *sense)
{
    forget_gone(map, sense);
    for (int i = 0; i < sense->thing_count; i++)
        remember(map, &sense->things[i]);
}

/// Whether the player would rather know of a: what was seen last, of those the nearest.
static bool before(const ParaMap *map, const ParaMapThing *a, const ParaMapThing *b)
{
    float ax = a->x - map->x, ay = a->y - map->y, bx = b->x - map->x, by = b->y - map->y;
    if (a->when != b->when)
        return a->when > b->when;
    return ax * ax + ay * ay < bx * bx + by * by;
}

const ParaMapThing *para_map_thing(const ParaMap *map, ParaThingKind kind, int nth)
{
    const ParaMapThing *last = NULL;
    for (int n = 0; n <= nth; n++) {
        const ParaMapThing *best = NULL;
        for (int i = 0; i < map->thing_count; i++) {
            const ParaMapThing *thing = &map->things[i];
            bool later = !last || before(map, last, thing) || (!before(map, thing, last) && last < thing);
            if (thing->kind == (uint16_t)kind && later && (!best || before(map, thing, best)))
                best = thing;
        }
        if (!best)
            return NULL;
        last = best;
    }
    return last;
}
