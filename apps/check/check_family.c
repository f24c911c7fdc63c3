// SPDX-License-Identifier: MIT
// Members of a family, drawn and built.
#include "apps/check/check_parts.h"
#include "engine/world/effort.h"

#include <string.h>

#define REFUSED_WORK 200000.0 ///< [1] of a world that a solver finds too big only when its memory is full

static void look_at(ParaCheckFamily *family, const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    if (family->drawn == family->refused || world->body_count < family->body_min)
        family->body_min = world->body_count;
    if (world->body_count > family->body_max)
        family->body_max = world->body_count;
    if (world->joint_count > family->joint_max)
        family->joint_max = world->joint_count;
    if (world->shape_count > family->shape_max)
        family->shape_max = world->shape_count;
}

/// Counts which solver runs a member, and why not lanes.
static void look_at_solver(ParaCheckFamily *family, const ParaLevel *level, ParaWorld world, int seed)
{
    char why[sizeof family->reasons[0].why];
    bool lanes = para_world_solver(world) == PARA_SOLVER_LANES;
    family->lanes += lanes;
    family->chipmunk += !lanes;
    if (lanes || para_solver_fits(PARA_SOLVER_LANES, &level->world, why, sizeof why))
        return;
    int at = 0;
    while (at < family->reason_count && strcmp(family->reasons[at].why, why) != 0)
        at++;
    if (at == PARA_CHECK_REASONS_MAX) // as many as anybody reads; the counts above are whole
        return;
    if (at == family->reason_count) {
        family->reasons[family->reason_count++].seed = seed;
        memcpy(family->reasons[at].why, why, sizeof why);
    }
    family->reasons[at].count++;
}

/// How much effort a member takes, and whether the most is too little.
static void look_at_effort(ParaCheckFamily *family, const ParaLevel *level, int seed)
{
    char why[sizeof family->worst.why];
    int substeps = para_world_substeps(&level->world);
    if (substeps > family->substeps)
        family->substeps = substeps;
    if (!para_effort_is_beyond(&level->world, level->body_names, why, sizeof why))
        return;
    double ratio = para_world_effort(&level->world).ratio;
    if (family->beyond++ == 0 || ratio > family->ratio_max) {
        family->ratio_max = ratio;
        family->worst = (ParaCheckReason){.seed = seed};
        memcpy(family->worst.why, why, sizeof why);
    }
}

/// Chipmunk has needs of its own, which it finds at the build.
static void look_at_chipmunk(ParaCheckFamily *family, const ParaLevel *level, ParaWorld world)
{
    if (!para_world_build(world, &level->world, NULL))
        return;
    int substeps = para_world_view(world)->substeps;
    if (substeps > family->substeps_chipmunk)
        family->substeps_chipmunk = substeps;
}

/// Draws one member. @return what it took, about a microsecond each
static double draw(ParaCheckFamily *family, const ParaTemplate *t, ParaWorldGroup *group,
                   ParaWorldGroup *chipmunk, ParaDiagList *list)
{
    double work = 0;
    int seed = family->drawn;
    ParaArena *scratch = para_arena_create((size_t)1 << 18, PARA_CHECK_MEMORY_MAX);
    const ParaLevel *level = para_template_sample_told(t, (uint64_t)seed, scratch, list, &work);
    family->tries += level ? level->tries : 0;
    if (level)
        work += para_rehearsal_build_work(&level->world) * (chipmunk ? 2 : 1);
    // Why the first cannot be built is told; the others would repeat it.
    if (level &&
        para_world_build(para_world_at(group, 0), &level->world, family->unbuilt == 0 ? list : NULL)) {
        look_at(family, level);
        look_at_solver(family, level, para_world_at(group, 0), seed);
        look_at_effort(family, level, seed);
        if (chipmunk)
            look_at_chipmunk(family, level, para_world_at(chipmunk, 0));
    } else {
        family->refused++;
        family->unbuilt += level != NULL;
        work += level ? REFUSED_WORK : 0;
    }
    family->drawn++;
    para_arena_destroy(scratch);
    return work;
}

ParaCheckFamily para_check_family_draw(const ParaTemplate *t, int count, bool solver, ParaDiagList *list)
{
    ParaCheckFamily family = {.asked = count};
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaWorldGroup *chipmunk = solver ? para_world_group_create(PARA_SOLVER_CHIPMUNK, 1) : NULL;
    for (double work = 0; group && family.drawn < count && work < PARA_CHECK_MEMBER_WORK * count;)
        work += draw(&family, t, group, chipmunk, list);
    if (group)
        para_world_group_destroy(group);
    if (chipmunk)
        para_world_group_destroy(chipmunk);
    return family;
}
