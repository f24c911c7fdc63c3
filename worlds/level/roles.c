// SPDX-License-Identifier: MIT
// Roles: what the goal is about shows what things mean.
#include "worlds/level/roles.h"

#include "engine/base/assert.h"

typedef struct Roles {
    const ParaLevel *level;
    int player;
    uint8_t *bodies, *zones;
} Roles;

static void mark(uint8_t *roles, int first, int count, ParaRole role)
{
    for (int k = first; k >= 0 && k < first + count; k++)
        if (roles[k] == PARA_ROLE_NONE || role == PARA_ROLE_CARGO)
            roles[k] = (uint8_t)role;
}

static bool is_player(const Roles *roles, int body)
{
    return body >= 0 && para_level_body_role(roles->level, roles->player, body) == PARA_ROLE_PLAYER;
}

/// In the goal: what is to be brought somewhere is cargo, where it is to be is the target.
static void mark_wanted(const Roles *roles, const ParaGoalNode *node)
{
    ParaRole first = para_goal_first_role(node->kind);
    if (is_player(roles, node->b)) {
        mark(roles->bodies, node->a, node->a_count, PARA_ROLE_TARGET);
        return;
    }
    if (first != PARA_ROLE_NONE && !is_player(roles, node->a))
        mark(roles->bodies, node->a, node->a_count, first);
    mark(roles->bodies, node->b, node->b_count, PARA_ROLE_TARGET);
    mark(roles->zones, node->zone, node->zone_count, PARA_ROLE_TARGET);
}

/// In fail: what must not be touched or entered is a hazard.
static void mark_feared(const Roles *roles, const ParaGoalNode *node)
{
    if (is_player(roles, node->b))
        mark(roles->bodies, node->a, node->a_count, PARA_ROLE_HAZARD);
    else
        mark(roles->bodies, node->b, node->b_count, PARA_ROLE_HAZARD);
    mark(roles->zones, node->zone, node->zone_count, PARA_ROLE_HAZARD);
}

static void walk(const Roles *roles, int index, bool wanted)
{
    PARA_ASSERT(index >= 0 && index < roles->level->goal_count);
    const ParaGoalNode *node = &roles->level->goals[index];
    if (!para_goal_is_tree(node->kind)) {
        (wanted ? mark_wanted : mark_feared)(roles, node);
        return;
    }
    for (int k = 0; k < node->child_count; k++)
        walk(roles, node->child_first + k, node->kind == PARA_GOAL_NOT ? !wanted : wanted);
}

void para_level_derive_roles(const ParaLevel *level, int player, uint8_t *body_roles, uint8_t *zone_roles)
{
    PARA_ASSERT(player >= 0 && player < level->player_count);
    Roles roles = {.level = level, .player = player, .bodies = body_roles, .zones = zone_roles};
    walk(&roles, level->players[player].goal_root, true);
    if (level->players[player].fail_root >= 0)
        walk(&roles, level->players[player].fail_root, false);
}

/// Who must not touch a body, by the leaves below a node.
typedef struct Fear {
    int body;
    bool parts[PARA_BODIES_MAX]; // those of the player that must not
    bool others;
} Fear;

static bool is_among(int body, int first, int count) { return body >= first && body < first + count; }

static void note_fear(const Roles *roles, int first, int count, Fear *fear)
{
    for (int b = first; b < first + count; b++)
        *(is_player(roles, b) ? &fear->parts[b] : &fear->others) = true;
}

static void look_for_fear(const Roles *roles, int index, bool wanted, Fear *fear)
{
    const ParaGoalNode *node = &roles->level->goals[index];
    for (int k = 0; para_goal_is_tree(node->kind) && k < node->child_count; k++)
        look_for_fear(roles, node->child_first + k, node->kind == PARA_GOAL_NOT ? !wanted : wanted, fear);
    if (para_goal_is_tree(node->kind) || wanted || node->a < 0 || node->b < 0)
        return;
    if (is_among(fear->body, node->b, node->b_count))
        note_fear(roles, node->a, node->a_count, fear);
    if (is_among(fear->body, node->a, node->a_count))
        note_fear(roles, node->b, node->b_count, fear);
}

ParaHazardTo para_level_hazard_to(const ParaLevel *level, int player, int body)
{
    Roles roles = {.level = level, .player = player};
    Fear fear = {.body = body};
    int parts = 0, feared = 0;
    look_for_fear(&roles, level->players[player].goal_root, true, &fear);
    if (level->players[player].fail_root >= 0)
        look_for_fear(&roles, level->players[player].fail_root, false, &fear);
    for (int b = 0; b < level->world.body_count; b++) {
        parts += is_player(&roles, b);
        feared += fear.parts[b];
    }
    if (feared > 0)
        return feared < parts ? PARA_HAZARD_TO_PARTS : PARA_HAZARD_TO_ALL;
    return fear.others ? PARA_HAZARD_TO_OTHERS : PARA_HAZARD_TO_ALL;
}
