// SPDX-License-Identifier: MIT
// Questions about a world between steps. A world that diverged answers nothing.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/lanes/cast/cast.h"
#include "engine/world/lanes/group.h"

#include <string.h>

/// Shapes found, by def index: the answer is in rising order, a chain is named once.
typedef struct Found {
    uint8_t yes[PARA_LANES_SHAPES_MAX + PARA_LANES_CHAINS_MAX];
} Found;

static int list(const ParaLanesWorld *world, const Found *found, int32_t *out, int max)
{
    int count = 0;
    PARA_ASSERT(world->def.shape_count <= (int)sizeof found->yes);
    for (int32_t i = 0; i < world->def.shape_count; i++)
        if (found->yes[i]) {
            if (count < max)
                out[count] = i;
            count++;
        }
    return count;
}

static ParaLanesFrame frame_of(const ParaLanesWorld *world, int body)
{
    return (ParaLanesFrame){(double)world->centre_x[body], (double)world->centre_y[body],
                            (double)world->cos[body], (double)world->sin[body]};
}

// ---------------------------------------------------------------------------------------------
// Rays.

typedef struct Question {
    const ParaLanesWorld *world;
    ParaLanesRay ray; ///< world frame
    uint32_t mask, group;
    ParaLanesHit hit; ///< the nearest so far
    int32_t shape;
    int body; ///< whose frame the hit's normal is in
} Question;

static bool stops_rays(const Question *question, int shape)
{
    const ParaLanesWorld *world = question->world;
    const ParaShapeDef *def = &world->def.shapes[shape];
    uint32_t group = world->def.bodies[def->body].group;
    return (def->category & question->mask) != 0 && def->mask != 0 &&
           (group == 0 || group != question->group) && world->enabled[def->body];
}

static void note(Question *question, int shape, int body, ParaLanesHit hit)
{
    PARA_ASSERT_HOT(hit.fraction >= 0.0 && hit.fraction <= question->hit.fraction);
    question->hit = hit;
    question->shape = shape;
    question->body = body;
}

static void ask_shape(Question *question, const ParaLanesShape *shape)
{
    if (!stops_rays(question, shape->def))
        return;
    ParaLanesRay ray = para_lanes_local_ray(frame_of(question->world, shape->body), question->ray);
    ParaLanesHit hit = question->hit;
    if (hit.fraction > 0 && para_lanes_distance(question->world, shape, ray.x, ray.y) <= 0)
        note(question, shape->def, -1, (ParaLanesHit){0, 0, 0});
    else if (para_lanes_cast_shape(question->world, shape, 0.0, ray, &hit))
        note(question, shape->def, shape->body, hit);
}

static void ask_chain(Question *question, const ParaLanesChain *chain)
{
    if (!stops_rays(question, chain->def))
        return;
    const ParaLanesWorld *world = question->world;
    ParaLanesRay ray = para_lanes_local_ray(frame_of(world, chain->body), question->ray);
    int first, end;
    for (int from = 0; from < chain->edge_count; from = end) {
        para_lanes_chain_near(world, chain, 0.0, ray, from, &first, &end);
        for (int i = first; i < end; i++) {
            ParaVec2 a = para_lanes_chain_point(world, chain, i),
                     b = para_lanes_chain_point(world, chain, i + 1);
            ParaLanesHit hit = question->hit;
            if (hit.fraction > 0 && para_lanes_edge_distance(a, b, (double)chain->radius, ray.x, ray.y) <= 0)
                note(question, chain->def, -1, (ParaLanesHit){0, 0, 0});
            else if (para_lanes_cast_edge(a, b, (double)chain->radius, ray, &hit))
                note(question, chain->def, chain->body, hit);
        }
    }
}

static ParaRayHit answer(const Question *question, ParaVec2 from)
{
    ParaLanesRay ray = question->ray;
    ParaRayHit out = {question->shape, (float)question->hit.fraction, from, {0, 0}};
    if (question->body < 0) { // from inside: no surface was met
        double length = para_sqrt(ray.dx * ray.dx + ray.dy * ray.dy);
        if (length > 0)
            out.normal = (ParaVec2){(float)(-ray.dx / length), (float)(-ray.dy / length)};
        return out;
    }
    ParaLanesFrame frame = frame_of(question->world, question->body);
    out.point = (ParaVec2){(float)(ray.x + question->hit.fraction * ray.dx),
                           (float)(ray.y + question->hit.fraction * ray.dy)};
    out.normal = (ParaVec2){(float)(frame.cos * question->hit.normal_x - frame.sin * question->hit.normal_y),
                            (float)(frame.sin * question->hit.normal_x + frame.cos * question->hit.normal_y)};
    return out;
}

ParaRayHit para_lanes_ray(void *solver, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group)
{
    const ParaLanesWorld *world = para_lanes_world(solver, index);
    Question question = {
        .world = world,
        .ray = {(double)from.x, (double)from.y, (double)to.x - (double)from.x, (double)to.y - (double)from.y},
        .mask = mask,
        .group = group,
        .hit = {1.0 + 1e-12, 0, 0}, // the end of the ray still hits
        .shape = -1};
    if (world->state->status == PARA_WORLD_FINE) {
        for (int i = 0; i < world->shape_count; i++)
            ask_shape(&question, &world->shapes[i]);
        for (int i = 0; i < world->chain_count; i++)
            ask_chain(&question, &world->chains[i]);
    }
    if (question.shape < 0)
        return (ParaRayHit){.shape = -1, .fraction = 1.0f, .point = to};
    return answer(&question, from);
}

// ---------------------------------------------------------------------------------------------
// Places.

static bool chain_contains(const ParaLanesWorld *world, const ParaLanesChain *chain, ParaVec2 point)
{
    ParaLanesRay place = {(double)point.x, (double)point.y, 0, 0};
    int first, end;
    place = para_lanes_local_ray(frame_of(world, chain->body), place);
    for (int from = 0; from < chain->edge_count; from = end) {
        para_lanes_chain_near(world, chain, 0.0, place, from, &first, &end);
        for (int i = first; i < end; i++)
            if (para_lanes_edge_distance(para_lanes_chain_point(world, chain, i),
                                         para_lanes_chain_point(world, chain, i + 1), (double)chain->radius,
                                         place.x, place.y) < 0)
                return true;
    }
    return false;
}

int para_lanes_at_point(void *solver, int index, ParaVec2 point, int32_t *out, int max)
{
    const ParaLanesWorld *world = para_lanes_world(solver, index);
    Found found;
    memset(&found, 0, sizeof found);
    if (world->state->status == PARA_WORLD_DIVERGED)
        return 0;
    for (int i = 0; i < world->shape_count; i++) {
        const ParaLanesShape *shape = &world->shapes[i];
        ParaLanesRay place = {(double)point.x, (double)point.y, 0, 0};
        place = para_lanes_local_ray(frame_of(world, shape->body), place);
        found.yes[shape->def] =
            world->enabled[shape->body] && para_lanes_distance(world, shape, place.x, place.y) < 0;
    }
    for (int i = 0; i < world->chain_count; i++)
        found.yes[world->chains[i].def] =
            world->enabled[world->chains[i].body] && chain_contains(world, &world->chains[i], point);
    return list(world, &found, out, max);
}

/// Whether the bounding box of points, each grown by the radius, meets a box.
static bool meets(const float *points, int count, double radius, ParaLanesFrame frame, ParaVec2 low,
                  ParaVec2 high)
{
    double low_x = 1e30, low_y = 1e30, high_x = -1e30, high_y = -1e30;
    for (int i = 0; i < count; i++) {
        double px = (double)points[2 * i], py = (double)points[2 * i + 1];
        double x = frame.x + frame.cos * px - frame.sin * py, y = frame.y + frame.sin * px + frame.cos * py;
        low_x = para_min(low_x, x);
        low_y = para_min(low_y, y);
        high_x = para_max(high_x, x);
        high_y = para_max(high_y, y);
    }
    return low_x - radius <= (double)high.x && high_x + radius >= (double)low.x &&
           low_y - radius <= (double)high.y && high_y + radius >= (double)low.y;
}

static bool shape_meets(const ParaLanesWorld *world, const ParaLanesShape *shape, ParaVec2 low, ParaVec2 high)
{
    const float *points = shape->corner_count == 1 ? &shape->x : world->corners + shape->corner_first;
    return meets(points, shape->corner_count, (double)shape->radius, frame_of(world, shape->body), low, high);
}

/// A chain's box is that of one of its edges: a valley between them is not the chain.
static bool chain_meets(const ParaLanesWorld *world, const ParaLanesChain *chain, ParaVec2 low, ParaVec2 high)
{
    ParaLanesFrame frame = frame_of(world, chain->body);
    const float *points = world->chain_points + 2 * (chain->point_first + 1);
    for (int i = 0; i < chain->edge_count; i++)
        if (meets(points + 2 * i, 2, (double)chain->radius, frame, low, high))
            return true;
    return false;
}

int para_lanes_in_box(void *solver, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max)
{
    const ParaLanesWorld *world = para_lanes_world(solver, index);
    Found found;
    memset(&found, 0, sizeof found);
    if (world->state->status == PARA_WORLD_DIVERGED)
        return 0;
    for (int i = 0; i < world->shape_count; i++)
        found.yes[world->shapes[i].def] =
            world->enabled[world->shapes[i].body] && shape_meets(world, &world->shapes[i], low, high);
    for (int i = 0; i < world->chain_count; i++)
        found.yes[world->chains[i].def] =
            world->enabled[world->chains[i].body] && chain_meets(world, &world->chains[i], low, high);
    return list(world, &found, out, max);
}
