// SPDX-License-Identifier: MIT
// The rule of effort.h. One substep of either solver holds a body on one that is 40 times lighter; the
// overlap that is left grows with the ratio and falls with the square of the number of substeps, so the
// number goes with the root of the ratio. What welds and light links hold needs none: both solvers factor it.
// The energy of a free pendulum swings by half a step's fall against its speed: v = a h before x = v h.
#include "engine/world/effort.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <stdio.h>
#include <string.h>

#define ASKED_MAX   64    ///< [1] substeps that a level may ask for
#define SWING_GOOD  0.009 ///< [1] of its energy that a free pendulum, let go level, may seem to gain or lose
#define SMALL_STEPS 4     ///< per substep of lanes, whose pendulums these are
#define ARM_MIN     0.02  ///< [m] shorter ones are no pendulums

/// A body as far as this page needs it.
typedef struct Member {
    double mass;     ///< [kg] 0 unless dynamic
    ParaVec2 centre; ///< [m] of mass, body frame
    uint32_t category, mask;
    int joints; ///< that hold it
} Member;

static void weigh(const ParaWorldDef *def, Member *members)
{
    int first = 0;
    for (int i = 0; i < def->body_count; i++) {
        int end = first;
        members[i] = (Member){0};
        for (; end < def->shape_count && def->shapes[end].body == i; end++) {
            members[i].category |= def->shapes[end].category;
            members[i].mask |= def->shapes[end].mask;
        }
        if (def->bodies[i].kind == PARA_BODY_DYNAMIC) {
            ParaMass mass = para_body_mass(def, first, end);
            members[i].mass = mass.mass;
            members[i].centre = (ParaVec2){(float)mass.x, (float)mass.y};
        }
        first = end;
    }
}

static void note_pair(const Member *members, int a, int b, ParaEffort *effort)
{
    if (!(members[a].mass > 0.0) || !(members[b].mass > 0.0))
        return;
    int heavy = members[a].mass >= members[b].mass ? a : b, light = heavy == a ? b : a;
    double ratio = members[heavy].mass / members[light].mass;
    if (effort->heavy >= 0 && ratio <= effort->ratio)
        return;
    effort->ratio = ratio;
    effort->heavy = heavy;
    effort->light = light;
}

/// By their shapes taken together: rather one pair too many.
static bool may_touch(const ParaWorldDef *def, const Member *members, int a, int b)
{
    uint32_t group = def->bodies[a].group;
    return (members[a].category & members[b].mask) != 0 && (members[b].category & members[a].mask) != 0 &&
           (group == 0 || group != def->bodies[b].group);
}

static void compare_masses(const ParaWorldDef *def, const Member *members, ParaEffort *effort)
{
    double least = 1e300, most = 0;
    for (int i = 0; i < def->body_count; i++)
        if (members[i].mass > 0.0) {
            least = para_min(least, members[i].mass);
            most = para_max(most, members[i].mass);
        }
    for (int i = 0; i < def->joint_count; i++)
        if (def->joints[i].kind != PARA_JOINT_SPRING)
            note_pair(members, def->joints[i].a, def->joints[i].b, effort);
    if (most <=
        PARA_EFFORT_RATIO_USUAL * least) // no pair asks for more: which one is the worst does not matter
        return;
    for (int a = 0; a < def->body_count; a++)
        for (int b = a + 1; b < def->body_count; b++)
            if (may_touch(def, members, a, b))
                note_pair(members, a, b, effort);
}

static double distance(ParaVec2 a, ParaVec2 b)
{
    double x = (double)b.x - (double)a.x, y = (double)b.y - (double)a.y;
    return para_sqrt(x * x + y * y);
}

/// Where an anchor is, as a float: what a level asks for goes by it.
static ParaVec2 place_of(const ParaWorldDef *def, int body, ParaVec2 anchor)
{
    ParaPoint place = para_body_place(&def->bodies[body], anchor);
    return (ParaVec2){(float)place.x, (float)place.y};
}

/// Length [m] of the pendulum that a joint makes, 0 if it makes none: one body alone on something fixed.
static double pendulum_of(const ParaWorldDef *def, const Member *members, const ParaJointDef *joint)
{
    bool hinge = joint->kind == PARA_JOINT_REVOLUTE;
    if ((!hinge && joint->kind != PARA_JOINT_DISTANCE) || joint->motored || joint->limited ||
        (members[joint->a].mass > 0.0) == (members[joint->b].mass > 0.0))
        return 0.0;
    int body = members[joint->a].mass > 0.0 ? joint->a : joint->b;
    if (members[body].joints != 1 || def->bodies[body].gravity_scale == 0.0f)
        return 0.0;
    if (hinge)
        return distance(members[body].centre, body == joint->a ? joint->anchor_a : joint->anchor_b);
    return distance(place_of(def, joint->a, joint->anchor_a), place_of(def, joint->b, joint->anchor_b));
}

/// Shortest free pendulum [m], 0 without one.
static double shortest_swing(const ParaWorldDef *def, Member *members)
{
    double least = 0.0;
    for (int i = 0; i < def->joint_count; i++) {
        members[def->joints[i].a].joints++;
        members[def->joints[i].b].joints++;
    }
    for (int i = 0; i < def->joint_count; i++) {
        double length = pendulum_of(def, members, &def->joints[i]);
        if (length > ARM_MIN && (least == 0.0 || length < least))
            least = length;
    }
    return least;
}

/// Substeps that keep the energy of a free pendulum as it seems.
static int for_swing(const ParaWorldDef *def, double length)
{
    if (!(length > 0.0))
        return 1;
    double gravity = distance((ParaVec2){0, 0}, def->gravity);
    double error = 0.5 * para_sqrt(2.0 * gravity / length) / ((double)def->rate * SMALL_STEPS);
    return (int)para_clamp(__builtin_ceil(error / SWING_GOOD), 1.0, PARA_EFFORT_SUBSTEPS);
}

ParaEffort para_world_effort(const ParaWorldDef *def)
{
    PARA_ASSERT(def && def->body_count <= PARA_BODIES_MAX);
    Member members[PARA_BODIES_MAX];
    ParaEffort effort = {.substeps = 1, .ratio = 1.0, .heavy = -1, .light = -1};
    weigh(def, members);
    compare_masses(def, members, &effort);
    effort.swing = shortest_swing(def, members);
    int by_ratio = 1, by_swing = for_swing(def, effort.swing);
    while (by_ratio < PARA_EFFORT_SUBSTEPS && PARA_EFFORT_RATIO_USUAL * by_ratio * by_ratio < effort.ratio)
        by_ratio++;
    effort.substeps = by_ratio > by_swing ? by_ratio : by_swing;
    return effort;
}

int para_world_substeps(const ParaWorldDef *def)
{
    int needed = para_world_effort(def).substeps;
    return def->substeps > needed ? def->substeps : needed;
}

/// The least number of substeps that hold a ratio of masses; more than may be asked for if none do.
static int substeps_for(double ratio)
{
    int substeps = 1;
    while (substeps <= ASKED_MAX && ratio > PARA_EFFORT_RATIO_USUAL * substeps * substeps * 1.0001)
        substeps++;
    return substeps;
}

/// A body's name, or its number where it has none.
static const char *name_of(const char *const *names, int body, char store[24])
{
    if (names && names[body][0])
        return names[body];
    para_text_format(store, 24, "body %d", body);
    return store;
}

bool para_effort_is_beyond(const ParaWorldDef *def, const char *const *names, char *out_why, size_t why_size)
{
    PARA_ASSERT(why_size == 0 || out_why);
    ParaEffort effort = para_world_effort(def);
    if (why_size > 0)
        out_why[0] = '\0';
    double substeps = def->substeps > effort.substeps ? def->substeps : effort.substeps;
    if (effort.ratio > PARA_EFFORT_RATIO_USUAL * substeps * substeps * 1.0001) {
        char remedy[40] = "", heavy[24], light[24];
        int needed = substeps_for(effort.ratio);
        if (needed <= ASKED_MAX)
            para_text_format(remedy, sizeof remedy, ", this with \"substeps\": %d", needed);
        para_text_format(out_why, why_size,
                         "%s is %.0f times as heavy as %s, which it may sink into; %.0f times is held%s",
                         name_of(names, effort.heavy, heavy), effort.ratio,
                         name_of(names, effort.light, light), PARA_EFFORT_RATIO_USUAL * substeps * substeps,
                         remedy);
        return true;
    }
    return false;
}
