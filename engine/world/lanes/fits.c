// SPDX-License-Identifier: MIT
// Whether a def that is sensible is small enough for this solver (limits.h). Each answer names its limit.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/lanes/knots.h"

#include <stdio.h>

typedef struct Limit {
    int count, most;
    const char *what;
} Limit;

static int chain_count(const ParaWorldDef *def, int *out_edges)
{
    int count = 0, edges = 0;
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].kind == PARA_SHAPE_CHAIN) {
            count++;
            edges += (int)def->shapes[i].point_count - 1;
        }
    *out_edges = edges;
    return count;
}

/// The first number over its limit, or NULL.
static const Limit *over(const Limit *limits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (limits[i].count > limits[i].most)
            return &limits[i];
    return NULL;
}

/// How far [m] along x or y the farthest body or corner starts.
static double farthest(const ParaWorldDef *def)
{
    double most = 0;
    for (int i = 0; i < def->body_count; i++)
        most = para_max(most, para_max(__builtin_fabs((double)def->bodies[i].position.x),
                                       __builtin_fabs((double)def->bodies[i].position.y)));
    for (int i = 0; i < def->shape_count; i++) {
        const ParaShapeDef *shape = &def->shapes[i];
        const ParaBodyDef *body = &def->bodies[shape->body];
        double s, c;
        para_sincos((double)body->angle, &s, &c);
        for (uint32_t k = 0; k < shape->point_count; k++) {
            ParaVec2 p = def->points[shape->point_first + k];
            double x = (double)body->position.x + c * (double)p.x - s * (double)p.y;
            double y = (double)body->position.y + s * (double)p.x + c * (double)p.y;
            most = para_max(most, para_max(__builtin_fabs(x), __builtin_fabs(y)));
        }
    }
    return most;
}

/// Whether a def that needs a knot gets one.
static bool knot_fits(const ParaWorldDef *def)
{
    ParaLanesWorld measure;
    if (!para_def_asks_for_knot(def))
        return true;
    para_lanes_measure_knot(&measure, def);
    return measure.knot_nodes > 0;
}

bool para_lanes_fits(const ParaWorldDef *def, char *out_why, size_t why_size)
{
    PARA_ASSERT(why_size == 0 || out_why);
    int edges, chains = chain_count(def, &edges);
    const Limit limits[] = {
        {def->body_count, PARA_LANES_BODIES_MAX, "bodies"},
        {def->shape_count - chains, PARA_LANES_SHAPES_MAX, "shapes that are no chains"},
        {chains, PARA_LANES_CHAINS_MAX, "chains"},
        {edges, PARA_LANES_EDGES_MAX, "edges of chains"},
        {def->joint_count, PARA_LANES_JOINTS_MAX, "joints"},
        {def->zone_count, PARA_LANES_ZONES_MAX, "zones"},
        {def->thruster_count, PARA_LANES_THRUSTERS_MAX, "thrusters"},
        {def->point_count, PARA_LANES_POINTS_MAX, "points"},
        {def->substeps, PARA_LANES_SUBSTEPS_MAX, "substeps"},
    };
    const Limit *limit = over(limits, sizeof limits / sizeof limits[0]);
    if (limit) {
        snprintf(out_why, why_size, "%d %s; lanes takes %d", limit->count, limit->what, limit->most);
        return false;
    }
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].kind == PARA_SHAPE_CHAIN &&
            def->bodies[def->shapes[i].body].kind == PARA_BODY_DYNAMIC) {
            snprintf(out_why, why_size,
                     "a chain on dynamic body %d; lanes takes chains on static and kinematic ones",
                     (int)def->shapes[i].body);
            return false;
        }
    double far = farthest(def);
    if (far > (double)PARA_LANES_PLACE_START) {
        para_text_format(out_why, why_size, "a body or corner %g m from the origin; lanes takes %g m", far,
                         (double)PARA_LANES_PLACE_START);
        return false;
    }
    if (!knot_fits(def)) {
        snprintf(out_why, why_size,
                 "more bodies held by each other, with a pulley, gear, rack or limited spring among them, "
                 "than lanes solves at once");
        return false;
    }
    return true;
}
