// SPDX-License-Identifier: MIT
// Paths of platforms: from the clock to the place.
#include "worlds/rules/path.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

/// One way between two stops and the wait at its end. Stop 0 is the body's own place.
typedef struct Leg {
    int from, to;        ///< [1] 0..path->count
    int32_t steps, wait; ///< [step] > 0, >= 0
} Leg;

static int leg_count(const ParaPath *path)
{
    return path->goes == PARA_GOES_THERE_AND_BACK ? 2 * path->count : path->count;
}

static Leg leg_of(const ParaLevel *level, const ParaPath *path, int index)
{
    const ParaStop *stops = &level->stops[path->first];
    bool back = index >= path->count;
    Leg leg = {.from = back ? 2 * path->count - index : index};
    leg.to = back ? leg.from - 1 : leg.from + 1;
    leg.steps = para_level_steps(level, stops[back ? leg.to : leg.from].seconds);
    float wait = leg.to > 0 ? stops[leg.to - 1].wait : path->wait;
    leg.wait = wait > 0 ? para_level_steps(level, wait) : 0;
    return leg;
}

int32_t para_path_steps(const ParaLevel *level, const ParaPath *path)
{
    int32_t steps = 0;
    for (int k = 0; k < leg_count(path); k++) {
        Leg leg = leg_of(level, path, k);
        bool end = path->goes == PARA_GOES_ONCE && k + 1 == path->count;
        steps += leg.steps + (end ? 0 : leg.wait);
    }
    return steps;
}

/// The share of a way that is done after a share of its time. Smooth begins and ends without speed and
/// acceleration: 10 s^3 - 15 s^4 + 6 s^5.
static double eased(ParaEase ease, double s)
{
    switch (ease) {
    case PARA_EASE_SMOOTH:
        return s * s * s * (10 + s * (6 * s - 15));
    case PARA_EASE_COSINE:
        return (1 - para_cos(PARA_TAU / 2 * s)) / 2;
    case PARA_EASE_LINEAR:
        return s;
    }
    PARA_NEVER("no ease");
}

static ParaStop stop_at(const ParaLevel *level, const ParaPath *path, int stop)
{
    return stop > 0 ? level->stops[path->first + stop - 1] : (ParaStop){0};
}

static ParaPathPlace between(const ParaLevel *level, const ParaPath *path, const Leg *leg, double share)
{
    ParaStop from = stop_at(level, path, leg->from), to = stop_at(level, path, leg->to);
    ParaPathPlace place = {.x = (double)from.by.x + ((double)to.by.x - (double)from.by.x) * share,
                           .y = (double)from.by.y + ((double)to.by.y - (double)from.by.y) * share,
                           .angle = (double)from.angle + ((double)to.angle - (double)from.angle) * share};
    for (int k = 0; k < path->count; k++)
        place.turns |= level->stops[path->first + k].angle != 0;
    return place;
}

ParaPathPlace para_path_place(const ParaLevel *level, const ParaPath *path, int32_t clock)
{
    int32_t whole = para_path_steps(level, path);
    if (path->goes == PARA_GOES_ONCE)
        clock = clock < 0 ? 0 : clock > whole ? whole : clock;
    else
        clock = (clock % whole + whole) % whole;
    Leg leg = leg_of(level, path, 0);
    for (int k = 1; k < leg_count(path) && clock >= leg.steps + leg.wait; k++) {
        clock -= leg.steps + leg.wait;
        leg = leg_of(level, path, k);
    }
    double share = clock < leg.steps ? (double)clock / (double)leg.steps : 1;
    return between(level, path, &leg, eased(path->ease, share));
}
