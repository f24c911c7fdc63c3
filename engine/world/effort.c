// SPDX-License-Identifier: MIT
// The rule of effort.h. One substep of either solver holds a body on one that is 40 times lighter; the
// overlap that is left grows with the ratio and falls with the square of the number of substeps, so the
// number goes with the root of the ratio. The sag of a welded beam goes the same way with its length.
#include "engine/world/effort.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <stdio.h>
#include <string.h>

#define WELDED_USUAL 2  ///< [1] bodies in one piece that one substep keeps straight
#define ASKED_MAX    64 ///< [1] substeps that a level may ask for

/// A body as far as this page needs it.
typedef struct Member {
    double mass; ///< [kg] 0 unless dynamic
    uint32_t category, mask;
    int32_t piece; ///< first body of its piece of welds
} Member;

static void weigh(const ParaWorldDef *def, Member *members)
{
    int first = 0;
    for (int i = 0; i < def->body_count; i++) {
        int end = first;
        members[i] = (Member){.piece = i};
        for (; end < def->shape_count && def->shapes[end].body == i; end++) {
            members[i].category |= def->shapes[end].category;
            members[i].mask |= def->shapes[end].mask;
        }
        if (def->bodies[i].kind == PARA_BODY_DYNAMIC)
            members[i].mass = para_body_mass(def, first, end).mass;
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

static int piece_of(const Member *members, int body)
{
    while (members[body].piece != body)
        body = members[body].piece;
    return body;
}

/// Dynamic bodies of the largest piece.
static int largest_piece(const ParaWorldDef *def, Member *members)
{
    int counts[PARA_BODIES_MAX] = {0}, most = 0;
    bool any = false;
    for (int i = 0; i < def->joint_count; i++) {
        const ParaJointDef *joint = &def->joints[i];
        if (joint->kind != PARA_JOINT_WELD || !(members[joint->a].mass > 0.0) ||
            !(members[joint->b].mass > 0.0))
            continue;
        int a = piece_of(members, joint->a), b = piece_of(members, joint->b);
        members[a > b ? a : b].piece = a > b ? b : a;
        any = true;
    }
    for (int i = 0; any && i < def->body_count; i++) {
        int count = ++counts[piece_of(members, i)];
        most = count > most ? count : most;
    }
    return most;
}

ParaEffort para_world_effort(const ParaWorldDef *def)
{
    PARA_ASSERT(def && def->body_count <= PARA_BODIES_MAX);
    Member members[PARA_BODIES_MAX];
    ParaEffort effort = {.substeps = 1, .ratio = 1.0, .heavy = -1, .light = -1};
    weigh(def, members);
    compare_masses(def, members, &effort);
    effort.welded = largest_piece(def, members);
    int by_ratio = 1, by_piece = (effort.welded + WELDED_USUAL - 1) / WELDED_USUAL;
    while (by_ratio < PARA_EFFORT_SUBSTEPS && PARA_EFFORT_RATIO_USUAL * by_ratio * by_ratio < effort.ratio)
        by_ratio++;
    effort.substeps = by_ratio > by_piece ? by_ratio : by_piece > 1 ? by_piece : 1;
    if (effort.substeps > PARA_EFFORT_SUBSTEPS)
        effort.substeps = PARA_EFFORT_SUBSTEPS;
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
    if (effort.welded > PARA_EFFORT_WELDED_MAX) {
        para_text_format(out_why, why_size, "%d bodies are welded to one piece, which will sag; %d are held",
                         effort.welded, PARA_EFFORT_WELDED_MAX);
        return true;
    }
    return false;
}
