// SPDX-License-Identifier: MIT
// Ways on a map: costs from the player's cell outwards over cells known to be free, by Dial's buckets (a
// straight step costs 2, a slanted one 3), until the window is done; then the ways back from where each ends.
#include "agents/memory/map_parts.h"
#include "engine/base/assert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HALF      32 // cells of the window to each side of the player's
#define SIDE      (2 * HALF + 1)
#define CELLS     (SIDE * SIDE)
#define STRAIGHT  2
#define SLANTED   3
#define BUCKETS   4  // one more than the dearest step
#define FAR_AHEAD 24 // cells along a way that may be looked ahead
#define AGAIN     8  // [decision] after so many a plan is old
#define NONE      (-1)

typedef struct Search {
    ParaMapCell cells[CELLS];
    int16_t cost[CELLS]; // NONE: not reached
    int16_t from[CELLS];
    struct {
        int16_t cell, next; // next: another in the same bucket; NONE
    } entries[2 * CELLS];   // a cell is met by a slanted step and once more by a straight one from as far
    int entry_count;
    int16_t buckets[BUCKETS];
    bool done[CELLS];
    int low_x, low_y; // the window's first cell
} Search;

/// Where a way shall lead, and how near it comes.
typedef struct Wanted {
    bool there;
    int x, y;     // in the window's cells, which it may lie beyond
    int best;     // cell; NONE
    int64_t rest; // squared, in cells
} Wanted;

static bool is_open(const Search *s, int cell) { return s->cells[cell].solid < 0; }

static bool is_unknown(const Search *s, int x, int y)
{
    return x >= 0 && y >= 0 && x < SIDE && y < SIDE && s->cells[y * SIDE + x].when == 0;
}

/// Whether beyond a side of a cell lies a front of three that nobody knows, two deep: rays are few, and what
/// they leave out between them is none.
static bool opens(const Search *s, int x, int y, int dx, int dy)
{
    int ux = x + dx, uy = y + dy;
    return is_unknown(s, ux, uy) && is_unknown(s, ux + dx, uy + dy) && is_unknown(s, ux + dy, uy + dx) &&
           is_unknown(s, ux - dy, uy - dx);
}

static bool is_frontier(const Search *s, int cell)
{
    int x = cell % SIDE, y = cell / SIDE;
    return opens(s, x, y, 1, 0) || opens(s, x, y, -1, 0) || opens(s, x, y, 0, 1) || opens(s, x, y, 0, -1);
}

static void push(Search *s, int cell, int cost, int from)
{
    s->cost[cell] = (int16_t)cost;
    s->from[cell] = (int16_t)from;
    int16_t *bucket = &s->buckets[cost % BUCKETS];
    PARA_ASSERT_HOT(s->entry_count < 2 * CELLS);
    s->entries[s->entry_count].cell = (int16_t)cell;
    s->entries[s->entry_count].next = *bucket;
    *bucket = (int16_t)s->entry_count++;
}

static void reach(Search *s, int cell)
{
    static const int8_t ways[8][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, 1}, {1, -1}, {-1, -1}};
    int x = cell % SIDE, y = cell / SIDE;
    for (int k = 0; k < 8; k++) {
        int nx = x + ways[k][0], ny = y + ways[k][1], to = ny * SIDE + nx;
        if (nx < 0 || ny < 0 || nx >= SIDE || ny >= SIDE || s->done[to] || !is_open(s, to))
            continue;
        bool slanted = k >= 4;
        if (slanted && (!is_open(s, y * SIDE + nx) || !is_open(s, ny * SIDE + x)))
            continue; // not past a corner
        int cost = s->cost[cell] + (slanted ? SLANTED : STRAIGHT);
        if (s->cost[to] == NONE || cost < s->cost[to])
            push(s, to, cost, cell); // one that stands in a dearer bucket too is met again once it is done
    }
}

static void note(Wanted *wanted, int cell)
{
    int64_t dx = cell % SIDE - wanted->x, dy = cell / SIDE - wanted->y, rest = dx * dx + dy * dy;
    if (wanted->there && (wanted->best == NONE || rest < wanted->rest)) {
        wanted->best = cell;
        wanted->rest = rest;
    }
}

/// Goes over all that can be reached. @param wanted in-out, [PARA_WAYS]
static void spread(Search *s, Wanted *wanted)
{
    int left = 0; // empty buckets in a row
    push(s, HALF * SIDE + HALF, 0, NONE);
    for (int cost = 0; left < BUCKETS; cost++) {
        int16_t *bucket = &s->buckets[cost % BUCKETS];
        left = *bucket == NONE ? left + 1 : 0;
        while (*bucket != NONE) {
            int cell = s->entries[*bucket].cell;
            *bucket = s->entries[*bucket].next;
            if (s->done[cell])
                continue;
            s->done[cell] = true;
            note(&wanted[PARA_WAY_GOAL], cell);
            note(&wanted[PARA_WAY_HOME], cell);
            if (wanted[PARA_WAY_FRONTIER].best == NONE && is_frontier(s, cell))
                wanted[PARA_WAY_FRONTIER].best = cell;
            reach(s, cell);
        }
    }
}

/// Whether a straight line between the middles of two cells goes through open ones.
static bool in_line(const Search *s, int a, int b)
{
    int ax = a % SIDE, ay = a / SIDE, dx = b % SIDE - ax, dy = b / SIDE - ay;
    int steps = 2 * (abs(dx) > abs(dy) ? abs(dx) : abs(dy));
    for (int k = 0; k <= steps; k++) {
        float share = steps > 0 ? (float)k / (float)steps : 0.0f;
        int x = ax + (int)lroundf(share * (float)dx), y = ay + (int)lroundf(share * (float)dy);
        if (!is_open(s, y * SIDE + x))
            return false;
    }
    return true;
}

/// The farthest cell of the way to `end` that lies straight ahead.
static int look_ahead(const Search *s, int end)
{
    int start = HALF * SIDE + HALF;
    for (int cell = end; cell != start; cell = s->from[cell])
        if (s->cost[cell] <= FAR_AHEAD * STRAIGHT && in_line(s, start, cell))
            return cell;
    return start;
}

static ParaMapWay way_of(const Search *s, const Wanted *wanted)
{
    if (wanted->best == NONE)
        return (ParaMapWay){0};
    float side = para_map_cell_side[PARA_MAP_NEAR];
    int ahead = look_ahead(s, wanted->best);
    return (ParaMapWay){.x = ((float)(s->low_x + ahead % SIDE) + 0.5f) * side,
                        .y = ((float)(s->low_y + ahead / SIDE) + 0.5f) * side,
                        .length = (float)s->cost[wanted->best] * side / STRAIGHT,
                        .rest = sqrtf((float)wanted->rest) * side,
                        .there = 1};
}

static Wanted want(const Search *s, bool there, float x, float y)
{
    return (Wanted){.there = there,
                    .x = para_map_cell_of(PARA_MAP_NEAR, x) - s->low_x,
                    .y = para_map_cell_of(PARA_MAP_NEAR, y) - s->low_y,
                    .best = NONE};
}

static void search(ParaMap *map, int x, int y)
{
    Search s = {.low_x = x - HALF, .low_y = y - HALF};
    para_map_patch(map, PARA_MAP_NEAR, (ParaVec2){map->x, map->y}, HALF, s.cells);
    memset(s.cost, 0xff, sizeof s.cost);
    memset(s.buckets, 0xff, sizeof s.buckets);
    const ParaMapThing *goal = para_map_thing(map, PARA_THING_GOAL, 0);
    Wanted wanted[PARA_WAYS];
    wanted[PARA_WAY_GOAL] = want(&s, goal != NULL, goal ? goal->x : 0.0f, goal ? goal->y : 0.0f);
    wanted[PARA_WAY_HOME] = want(&s, map->homed, map->home_x, map->home_y);
    wanted[PARA_WAY_FRONTIER] = (Wanted){.best = NONE};
    spread(&s, wanted);
    for (int w = 0; w < PARA_WAYS; w++)
        map->ways[w] = way_of(&s, &wanted[w]);
}

void para_map_plan(ParaMap *map)
{
    int x = para_map_cell_of(PARA_MAP_NEAR, map->x), y = para_map_cell_of(PARA_MAP_NEAR, map->y);
    bool fresh = map->planned > 0 && map->now - map->planned < AGAIN;
    if (map->now == 0 || (fresh && x == map->cell_x && y == map->cell_y))
        return;
    search(map, x, y);
    map->planned = map->now;
    map->cell_x = x;
    map->cell_y = y;
}
