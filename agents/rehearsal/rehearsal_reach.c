// SPDX-License-Identifier: MIT
// Where the things of a member are: what the rules speak of, and what lies so far away that nothing ever
// meets it. All by boxes, generously: what is told is plain.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/maths.h"

#include <string.h>

#define GAP_MIN 20.0 ///< [m] across nothing, that a thing may fly or fall

// ---------------------------------------------------------------------------------------------
// What the rules speak of.

static void mark(bool *marks, int first, int count)
{
    for (int k = 0; first >= 0 && k < count; k++)
        marks[first + k] = true;
}

static void mark_tree(const ParaLevel *level, int root, bool *bodies, bool *zones)
{
    const ParaGoalNode *node = &level->goals[root];
    mark(bodies, node->a, node->a_count);
    mark(bodies, node->b, node->b_count);
    mark(zones, node->zone, node->zone_count);
    para_level_mark_asked(&node->is, bodies, zones);
    for (int k = 0; para_goal_is_tree(node->kind) && k < node->child_count; k++)
        mark_tree(level, node->child_first + k, bodies, zones);
}

static void find_named(const ParaLevel *level, ParaNamed *named)
{
    memset(named, 0, sizeof *named);
    mark_tree(level, level->players[0].goal_root, named->goal_bodies, named->goal_zones);
    mark_tree(level, level->players[0].goal_root, named->bodies, named->zones);
    if (level->players[0].fail_root >= 0)
        mark_tree(level, level->players[0].fail_root, named->bodies, named->zones);
    for (int e = 0; e < level->event_count; e++)
        mark_tree(level, level->events[e].root, named->bodies, named->zones);
    for (int a = 0; a < level->act_count; a++) {
        const ParaAct *act = &level->acts[a];
        mark(named->bodies, act->body, act->count);
        mark(named->zones, act->zone, act->count);
        mark(named->bodies, act->at_body, 1);
        mark(named->zones, act->at_zone, 1);
    }
    for (int r = 0; r < level->reward_count; r++) {
        const ParaRewardTerm *term = &level->rewards[r];
        mark(named->bodies, term->a, 1);
        mark(named->bodies, term->b, 1);
        mark(named->zones, term->zone, 1);
        para_level_mark_asked(&term->expr, named->bodies, named->zones);
    }
}

// ---------------------------------------------------------------------------------------------
// What is met.

/// Everything near enough to the player, over any number of things between.
typedef struct Reach {
    bool bodies[PARA_BODIES_MAX], zones[PARA_ZONES_MAX];
    ParaBounds all; ///< around all of them, and what is shown
} Reach;

static bool spread(const ParaLevel *level, Reach *reach, const ParaBounds *bounds, int from, double gap)
{
    int bodies = level->world.body_count, count = bodies + level->world.zone_count;
    bool grown = false;
    for (int k = 0; k < count; k++) {
        bool *there = k < bodies ? &reach->bodies[k] : &reach->zones[k - bodies];
        if (*there || !para_bounds_meet(bounds[from], bounds[k], gap))
            continue;
        *there = grown = true;
        para_bounds_add(&reach->all, bounds[k]);
    }
    return grown;
}

static void find_reach(const ParaLevel *level, Reach *reach)
{
    int bodies = level->world.body_count, count = bodies + level->world.zone_count;
    ParaBounds bounds[PARA_BODIES_MAX + PARA_ZONES_MAX];
    bool done[PARA_BODIES_MAX + PARA_ZONES_MAX] = {false};
    double gap = para_max(GAP_MIN, para_bounds_diagonal(para_bounds_shown(level)));
    memset(reach, 0, sizeof *reach);
    reach->all = para_bounds_shown(level);
    for (int k = 0; k < count; k++)
        bounds[k] = k < bodies ? para_bounds_thing(level, k) : para_bounds_zone(level, k - bodies);
    reach->bodies[level->players[0].body] = true;
    para_bounds_add(&reach->all, bounds[level->players[0].body]);
    for (bool grown = true; grown;) {
        grown = false;
        for (int k = 0; k < count; k++) {
            if (done[k] || !(k < bodies ? reach->bodies[k] : reach->zones[k - bodies]))
                continue;
            done[k] = grown = true;
            spread(level, reach, bounds, k, gap);
        }
    }
}

/// Does a zone lead to another, or another to it?
static bool is_portal(const ParaLevel *level, int zone)
{
    for (int z = 0; level->zone_portals && z < level->world.zone_count; z++)
        if (level->zone_portals[z] >= 0 && (z == zone || level->zone_portals[z] == zone))
            return true;
    return false;
}

static bool has_effect(const ParaZoneDef *zone)
{
    return zone->acceleration.x != 0 || zone->acceleration.y != 0 || zone->pull != 0 || zone->drag > 0 ||
           zone->fluid_density > 0;
}

static bool has_shapes(const ParaLevel *level, int body)
{
    for (int s = 0; s < level->world.shape_count; s++)
        if (level->world.shapes[s].body == body)
            return true;
    return false;
}

static bool is_joined(const ParaLevel *level, int body)
{
    for (int j = 0; j < level->world.joint_count; j++)
        if (level->world.joints[j].a == body || level->world.joints[j].b == body)
            return true;
    return false;
}

static bool is_acted_on(const ParaLevel *level, int body)
{
    for (int k = 0; k < level->players[0].actuator_count; k++)
        if (level->players[0].actuators[k].body == body)
            return true;
    return false;
}

static void look_at_meetings(ParaStage *stage, const ParaNamed *named, const Reach *reach)
{
    const ParaLevel *level = stage->level;
    char store[PARA_NAME_MAX];
    for (int b = 0; b < level->world.body_count; b++) {
        ParaBounds at = para_bounds_thing(level, b);
        if (para_level_is_spare(level, b))
            continue; // events say where it comes
        if (!reach->bodies[b])
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.bodies[b],
                            "\"%s\" at (%.4g, %.4g) is so far away that nothing meets it",
                            para_stage_body(stage, b, store), (at.low_x + at.high_x) / 2,
                            (at.low_y + at.high_y) / 2);
        else if (!has_shapes(level, b) && !named->bodies[b] && !is_joined(level, b) &&
                 !is_acted_on(level, b) && b != level->players[0].body)
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.bodies[b],
                            "\"%s\" has no shape, and neither a joint nor a rule speaks of it",
                            para_stage_body(stage, b, store));
    }
    for (int z = 0; z < level->world.zone_count; z++) {
        ParaBounds at = para_bounds_zone(level, z);
        if (!reach->zones[z] && !named->goal_zones[z]) // of the goal's more is told below
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.zones[z],
                            "zone \"%s\" at (%.4g, %.4g) is so far away that nothing meets it",
                            para_stage_zone(stage, z, store), (at.low_x + at.high_x) / 2,
                            (at.low_y + at.high_y) / 2);
        else if (!named->zones[z] && !((level->ladders | level->checkpoints) >> z & 1) &&
                 !is_portal(level, z) && !has_effect(&level->world.zones[z]) &&
                 !para_level_force_changes(level, z) && para_level_zone_role(level, 0, z) == PARA_ROLE_NONE)
            para_stage_note(stage, PARA_CODE_NEVER_MET, stage->origins.zones[z],
                            "zone \"%s\" does nothing, and no rule asks for it",
                            para_stage_zone(stage, z, store));
    }
}

void para_stage_look_around(ParaStage *stage, ParaWorld world)
{
    ParaNamed named;
    Reach reach;
    find_named(stage->level, &named);
    find_reach(stage->level, &reach);
    para_stage_look_at_camera(stage, &named);
    look_at_meetings(stage, &named, &reach);
    para_stage_look_at_goal(stage, world, &named);
    para_stage_look_at_events(stage, world, &named);
}
