// SPDX-License-Identifier: MIT
// Light links under heavy loads swing by themselves faster than a step can follow; and of a free pendulum the
// velocities are half a part ahead of the places, which shows as energy that comes and goes.
#include "engine/world/chipmunk/parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/effort.h"
#include "engine/world/geometry.h"

#define RATIO_EASY 30.0 ///< [1] of masses that one part in a step holds
#define LEAST_MAX  4    ///< [1] parts for a swing at most
#define ARM_MIN    1e-3 ///< [m] shorter, a body hangs in its middle
/// [1] A pendulum of length l let go level shows 0.31 dt sqrt(2 g / l) of its energy too much or too little.
#define SWING_ERROR 0.31
#define SWING_GOOD  0.0085 ///< [1] of that is allowed

/// A body as joints see it.
typedef struct Link {
    ParaMass mass;
    int16_t root;   ///< a body of the same assembly
    int16_t joints; ///< that it takes part in
    double pull;    ///< [1/(kg m)] its longest arm over its moment of inertia
} Link;

static bool moves(const ParaWorldDef *def, int body) { return def->bodies[body].kind == PARA_BODY_DYNAMIC; }

static int root_of(Link *links, int body)
{
    while (links[body].root != body)
        body = links[body].root = links[links[body].root].root;
    return body;
}

static void weigh(const ParaWorldDef *def, Link *links)
{
    for (int i = 0, first = 0; i < def->body_count; i++) {
        int end = first;
        links[i] = (Link){.root = (int16_t)i};
        while (end < def->shape_count && def->shapes[end].body == i)
            end++;
        if (moves(def, i))
            links[i].mass = para_body_mass(def, first, end);
        first = end;
    }
}

static double arm_of(const Link *link, ParaVec2 anchor)
{
    double x = (double)anchor.x - link->mass.x, y = (double)anchor.y - link->mass.y;
    return para_sqrt(x * x + y * y);
}

/// Joints that hold a point or a length: what they pull turns freely.
static bool turns(const ParaJointDef *joint)
{
    return joint->kind == PARA_JOINT_REVOLUTE || joint->kind == PARA_JOINT_DISTANCE;
}

static void join(const ParaWorldDef *def, Link *links)
{
    for (int i = 0; i < def->joint_count; i++) {
        const ParaJointDef *joint = &def->joints[i];
        int ends[2] = {joint->a, joint->b};
        for (int k = 0; k < 2 && joint->kind != PARA_JOINT_SPRING; k++) {
            Link *link = &links[ends[k]];
            link->joints++;
            if (turns(joint) && moves(def, ends[k]))
                link->pull = para_max(link->pull, arm_of(link, k ? joint->anchor_b : joint->anchor_a) /
                                                      link->mass.moment);
        }
        if (joint->kind != PARA_JOINT_SPRING && moves(def, joint->a) && moves(def, joint->b))
            links[root_of(links, joint->a)].root = (int16_t)root_of(links, joint->b);
    }
}

static double gravity_of(const ParaWorldDef *def)
{
    double x = (double)def->gravity.x, y = (double)def->gravity.y;
    return para_sqrt(x * x + y * y);
}

/// Of all assemblies that hang from something fixed; each weighs on its own lightest link.
static double strain_of(const ParaWorldDef *def, Link *links)
{
    double mass[PARA_BODIES_MAX] = {0}, pull[PARA_BODIES_MAX] = {0}, most = 0.0;
    for (int i = 0; i < def->body_count; i++) {
        int root = root_of(links, i);
        mass[root] += links[i].mass.mass;
        pull[root] = para_max(pull[root], links[i].pull);
    }
    for (int i = 0; i < def->joint_count; i++) {
        const ParaJointDef *joint = &def->joints[i];
        if (joint->kind == PARA_JOINT_SPRING || moves(def, joint->a) == moves(def, joint->b))
            continue;
        int root = root_of(links, moves(def, joint->a) ? joint->a : joint->b);
        most = para_max(most, 2.0 * mass[root] * gravity_of(def) * pull[root]);
    }
    return para_sqrt(most);
}

/// Length of the pendulum that a joint makes, 0 if it makes none: one body alone on something fixed.
static double pendulum_of(const ParaWorldDef *def, const Link *links, const ParaJointDef *joint)
{
    if (!turns(joint) || joint->motored || joint->limited || moves(def, joint->a) == moves(def, joint->b))
        return 0.0;
    int body = moves(def, joint->a) ? joint->a : joint->b;
    if (links[body].joints != 1 || def->bodies[body].gravity_scale == 0.0f)
        return 0.0;
    if (joint->kind == PARA_JOINT_REVOLUTE)
        return arm_of(&links[body], body == joint->a ? joint->anchor_a : joint->anchor_b);
    double place[2][2];
    for (int k = 0; k < 2; k++) {
        const ParaBodyDef *owner = &def->bodies[k ? joint->b : joint->a];
        ParaVec2 anchor = k ? joint->anchor_b : joint->anchor_a;
        double s, c;
        para_sincos((double)owner->angle, &s, &c);
        place[k][0] = (double)owner->position.x + c * (double)anchor.x - s * (double)anchor.y;
        place[k][1] = (double)owner->position.y + s * (double)anchor.x + c * (double)anchor.y;
    }
    double x = place[1][0] - place[0][0], y = place[1][1] - place[0][1];
    return para_sqrt(x * x + y * y);
}

int para_cp_parts_for(double strain, double dt)
{
    double parts = strain * dt / PARA_CP_PART_STRAIN;
    if (!(parts > 1.0)) // NaN, too
        return 1;
    return parts >= PARA_CP_PARTS_MAX ? PARA_CP_PARTS_MAX : (int)__builtin_ceil(parts);
}

ParaCpParts para_cp_parts_of(const ParaWorldDef *def)
{
    Link links[PARA_BODIES_MAX];
    double ratio = para_world_effort(def).ratio;
    ParaCpParts parts = {.turns = ratio > RATIO_EASY ? 4 : 1, .least = 1};
    PARA_ASSERT(def->body_count <= PARA_BODIES_MAX);
    int finest = 1; // in all, whoever asks for them
    while (finest < PARA_EFFORT_SUBSTEPS && RATIO_EASY * finest * finest < ratio)
        finest++;
    parts.least = (finest + def->substeps - 1) / def->substeps;
    parts.start = parts.least;
    if (def->joint_count == 0)
        return parts;
    weigh(def, links);
    join(def, links);
    double dt = 1.0 / ((double)def->rate * (double)def->substeps);
    for (int i = 0; i < def->joint_count; i++) {
        double length = pendulum_of(def, links, &def->joints[i]);
        if (!(length > ARM_MIN))
            continue;
        double error = SWING_ERROR * dt * para_sqrt(2.0 * gravity_of(def) / length) / SWING_GOOD;
        int needed = (int)__builtin_ceil(para_clamp(error, 1.0, LEAST_MAX));
        parts.least = needed > parts.least ? needed : parts.least;
    }
    int strained = para_cp_parts_for(strain_of(def, links), dt);
    parts.start = strained > parts.least ? strained : parts.least;
    return parts;
}
