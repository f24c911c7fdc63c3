// SPDX-License-Identifier: MIT
// Seams between the shapes of a world (engine/world/seams.h) as the kernels read them. They are found at the
// build; when a static body goes, or comes back with a snapshot, they are found again.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/lanes/lanes.h"

#include <math.h>

#define NEARLY_STRAIGHT 0.999f ///< [1] cosine of the angle between two faces
#define UNCUT           1e-6f  ///< [1] of the cosine of an angle that is none

void para_lanes_find_seams(const ParaWorldDef *def, const uint8_t *enabled, ParaLanesFoundSeams *out)
{
    ParaSeamSearch search;
    int shape = 0, chain = 0;
    out->count = 0;
    out->seamed = 0;
    out->any_end = false;
    para_seam_search_begin(&search, def, enabled);
    for (int i = 0; i < def->shape_count; i++) {
        ParaShapeKind kind = def->shapes[i].kind;
        if (kind == PARA_SHAPE_CHAIN) {
            if (!para_seam_ends_find(&search, i, &out->ends[chain]))
                out->ends[chain] = (ParaSeamEnds){{0.0f, 0.0f}, {0.0f, 0.0f}};
            else
                out->any_end = true;
            chain++;
            continue;
        }
        if (kind != PARA_SHAPE_CIRCLE && para_seams_find(&search, i, &out->seams[out->count])) {
            out->seamed |= (uint64_t)1 << shape;
            out->count++;
        }
        shape++;
    }
}

static void add_spot(ParaLanesSeamSpots *to, float x, float y)
{
    int most = (int)(sizeof to->spots / sizeof to->spots[0] / 2);
    if (to->count < 0 || to->count == most) {
        to->count = -1;
        return;
    }
    to->spots[2 * to->count] = x;
    to->spots[2 * to->count++ + 1] = y;
}

/// Whether a corner may push no less than its two faces alone would let it.
static bool is_free(const ParaSeamCorner *corner, const float *before, const float *after)
{
    const float slack = 1e-5f;
    return fabsf(corner->lo.x - before[0]) < slack && fabsf(corner->lo.y - before[1]) < slack &&
           fabsf(corner->hi.x - after[0]) < slack && fabsf(corner->hi.y - after[1]) < slack;
}

/// Corners that are not free or end a face that is not, and the places on faces where something else begins
/// to stand in front of them.
static void set_spots(const ParaLanesWorld *world, const ParaLanesShape *shape, const ParaSeams *from,
                      ParaLanesSeamSpots *to)
{
    const float *v = world->corners + shape->corner_first, *n = v + 2 * shape->corner_room;
    int count = shape->corner_count;
    uint32_t corners = 0;
    for (int k = 0; k < count; k++) {
        bool face = (from->covered >> k & 1u) || from->begin[k] > 0.0f || from->end[k] > 0.0f;
        if (face)
            corners |= 1u << k | 1u << (k + 1) % count;
        if (count == 2 || !is_free(&from->corner[k], n + 2 * ((k + count - 1) % count), n + 2 * k))
            corners |= 1u << k;
    }
    to->count = 0;
    for (int k = 0; k < count; k++) {
        const float *next = n + 2 * ((k + 1) % count);
        if (count > 2 && n[2 * k] * next[0] + n[2 * k + 1] * next[1] > NEARLY_STRAIGHT) {
            to->count = -1; // two faces that may be taken for each other along all their length
            return;
        }
        if (corners >> k & 1u)
            add_spot(to, v[2 * k], v[2 * k + 1]);
        float along_x = -n[2 * k + 1], along_y = n[2 * k];
        if (from->from[k] > -PARA_SEAM_FREE)
            add_spot(to, v[2 * k] + from->from[k] * along_x, v[2 * k + 1] + from->from[k] * along_y);
        if (from->to[k] < PARA_SEAM_FREE)
            add_spot(to, v[2 * k] + from->to[k] * along_x, v[2 * k + 1] + from->to[k] * along_y);
    }
}

/// Length [m] of face k.
static float length_of(const ParaLanesWorld *world, const ParaLanesShape *shape, int k)
{
    const float *v = world->corners + shape->corner_first;
    int next = k + 1 < shape->corner_count ? k + 1 : 0;
    double dx = (double)(v[2 * next] - v[2 * k]), dy = (double)(v[2 * next + 1] - v[2 * k + 1]);
    return (float)para_sqrt(dx * dx + dy * dy);
}

/// Writes a limit of a corner, or zero, which allows everything, where it is no narrower than the shape
/// itself, whose face has the normal `own`: points that are no support of their shape are held against the
/// limits, too.
static void put_limit(ParaVec2 limit, const float own[2], float to[2])
{
    bool cut = limit.x * own[0] + limit.y * own[1] < 1.0f - UNCUT;
    to[0] = cut ? limit.x : 0.0f;
    to[1] = cut ? limit.y : 0.0f;
}

/// What stands before a face and has a thickness keeps off what does not reach past it. What has none (a
/// chain, a segment) does not keep off anything for sure: bodies are in it by a little.
static void set_shape(const ParaLanesWorld *world, const ParaLanesShape *shape, const ParaSeams *from,
                      ParaLanesSeamSpots *spots, ParaLanesSeamPart *parts)
{
    set_spots(world, shape, from, spots);
    const float *normals = world->corners + shape->corner_first + 2 * shape->corner_room;
    spots->covered = spots->begun = spots->ended = 0;
    for (int i = 0; i < shape->corner_room; i++) {
        ParaLanesSeamPart *to = &parts[i / 4];
        int k = i < shape->corner_count ? i : shape->corner_count - 1, at = i % 4;
        int before = k > 0 ? k - 1 : shape->corner_count - 1;
        put_limit(from->corner[k].lo, normals + 2 * before, to->lo + 2 * at);
        put_limit(from->corner[k].hi, normals + 2 * k, to->hi + 2 * at);
        to->begin[at] = from->begin[k];
        to->end[at] = from->end[k];
        to->from[at] = from->from[k];
        to->to[at] = from->to[k];
        bool thick = from->from[k] > PARA_LANES_SEAM_THIN;
        bool thick_end = from->to[k] < length_of(world, shape, k) - PARA_LANES_SEAM_THIN;
        spots->begun |= (uint8_t)(thick << i);
        spots->ended |= (uint8_t)(thick_end << i);
        spots->covered |= (uint8_t)((from->covered >> k & 1u) << i);
    }
}

/// The extra point `at` beyond the end of a chain, whose edge goes from point `inner` to `end`: as far on as
/// the edge is long, or the end again.
static void set_end(ParaLanesWorld *world, int at, int end, int inner, ParaVec2 way)
{
    double dx = (double)(world->chain_x[end] - world->chain_x[inner]);
    double dy = (double)(world->chain_y[end] - world->chain_y[inner]);
    float length = (float)para_sqrt(dx * dx + dy * dy);
    float x = world->chain_x[end] + length * way.x, y = world->chain_y[end] + length * way.y;
    world->chain_x[at] = world->chain_points[2 * at] = x;
    world->chain_y[at] = world->chain_points[2 * at + 1] = y;
}

static void set_chain(ParaLanesWorld *world, const ParaLanesChain *chain, const ParaSeamEnds *ends)
{
    int first = chain->point_first + 1, last = first + chain->edge_count;
    if (chain->closed)
        return;
    set_end(world, first - 1, first, first + 1, ends->first);
    set_end(world, last + 1, last, last - 1, ends->last);
}

/// Bits of the static bodies that are there.
static uint64_t statics_there(const ParaLanesWorld *world)
{
    uint64_t bits = 0;
    for (int i = 0; i < world->body_count; i++)
        bits |= (uint64_t)(world->enabled[i] != 0) << i;
    return bits & world->statics;
}

void para_lanes_set_seams(ParaLanesWorld *world, const ParaLanesFoundSeams *found)
{
    PARA_ASSERT(found->count <= world->seam_count);
    int next = 0, part = 0;
    world->seamed = found->seamed;
    world->seam_bodies = statics_there(world);
    for (int i = 0; i < world->shape_count; i++)
        if (found->seamed >> i & 1u) {
            set_shape(world, &world->shapes[i], &found->seams[next], &world->seams[next],
                      &world->seam_parts[part]);
            world->seams[next++].part = (uint8_t)part;
            part += world->shapes[i].corner_room / 4;
        }
    PARA_ASSERT(part <= world->seam_part_count);
    for (int i = 0; i < world->chain_count; i++)
        set_chain(world, &world->chains[i], &found->ends[i]);
}

void para_lanes_update_seams(ParaLanesWorld *world)
{
    if (!world->seams_change || world->seam_bodies == statics_there(world))
        return;
    ParaLanesFoundSeams found; // what is gone can only take seams away, so there is room for them
    para_lanes_find_seams(&world->def, world->enabled, &found);
    para_lanes_set_seams(world, &found);
}
