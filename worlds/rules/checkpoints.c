// SPDX-License-Identifier: MIT
// Checkpoints: a player that fails is put back, whole and at rest, to the last one it came by, as long as it
// has lives. The rest of the level stays as it is.
#include "worlds/rules/checkpoints.h"

#include "engine/base/maths.h"
#include "worlds/rules/carry.h"
#include "worlds/rules/events.h"

#include <math.h>

void para_checkpoints_begin(ParaPlay *play, const ParaLevel *level)
{
    ParaLife *lives = para_events_lives(play, level);
    for (int p = 0; p < level->player_count; p++)
        lives[p] = (ParaLife){.zone = -1, .left = level->lives};
    if (level->lives_variable >= 0)
        play->events->variables[level->lives_variable] = level->lives;
}

void para_checkpoints_after(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    ParaLife *lives = para_events_lives(play, level);
    for (int p = 0; p < level->player_count; p++) {
        uint32_t bits =
            view->zone_bits[(size_t)level->players[p].body * (size_t)view->stride] & level->checkpoints;
        if (play->players[p].status != PARA_PLAY_ON || bits == 0 ||
            (lives[p].zone >= 0 && (bits >> lives[p].zone & 1)))
            continue;
        lives[p].zone = 0;
        while (!(bits >> lives[p].zone & 1))
            lives[p].zone++;
    }
}

int para_play_lives(const ParaPlay *play, const ParaLevel *level, int player)
{
    if (!level->checkpoints)
        return 0;
    if (level->lives_variable < 0)
        return para_events_lives(play, level)[player].left;
    double left = floor(play->events->variables[level->lives_variable]);
    return left > 0 ? (int)para_min(left, PARA_LIVES_MAX) : 0;
}

static void take_life(ParaPlay *play, const ParaLevel *level, int player)
{
    if (level->lives_variable >= 0)
        play->events->variables[level->lives_variable] -= 1;
    else
        para_events_lives(play, level)[player].left--;
}

/// What is held so far of a fail, and which of its parts came to pass, is no more.
static void forget(ParaPlay *play, const ParaLevel *level, int root)
{
    const ParaGoalNode *node = &level->goals[root];
    play->done[root] = 0;
    play->held[root] = 0;
    for (int k = 0; para_goal_is_tree(node->kind) && k < node->child_count; k++)
        forget(play, level, node->child_first + k);
}

/// Lets go of what a player grips; nothing else takes the force of the grip off it.
static void let_go(ParaPlay *play, ParaWorld world, int player)
{
    const ParaInputs *inputs = para_world_inputs(world);
    int held = play->players[player].grip_body;
    if (held < 0)
        return;
    size_t k = (size_t)held * (size_t)inputs->stride;
    inputs->force_x[k] = inputs->force_y[k] = inputs->torque[k] = 0;
    play->players[player].grip_body = -1;
}

static void put_back(ParaPlay *play, const ParaLevel *level, ParaWorld world, int player, int zone)
{
    const ParaView *view = para_world_view(world);
    const ParaBodyDef *bodies = level->world.bodies, *eye = &bodies[level->players[player].body];
    ParaVec2 to = view->zones[zone].position;
    bool own[PARA_BODIES_MAX];
    para_carry_joined(level, view, level->players[player].body, own);
    for (int b = 0; b < level->world.body_count; b++) {
        bool part = para_level_body_role(level, player, b) == PARA_ROLE_PLAYER;
        if (!(own[b] || part) || bodies[b].kind == PARA_BODY_STATIC ||
            !view->enabled[(size_t)b * (size_t)view->stride])
            continue;
        ParaVec2 place = {(float)((double)to.x + ((double)bodies[b].position.x - (double)eye->position.x)),
                          (float)((double)to.y + ((double)bodies[b].position.y - (double)eye->position.y))};
        para_world_place_body(world, b, place, bodies[b].angle, (ParaVec2){0, 0}, 0);
        if (part)
            play->shattered[b / 8] &= (uint8_t) ~(1u << b % 8);
    }
}

bool para_play_return(ParaPlay *play, const ParaLevel *level, ParaWorld world, int player)
{
    if (!level->checkpoints)
        return false;
    int zone = para_events_lives(play, level)[player].zone;
    if (zone < 0)
        return false;
    take_life(play, level, player);
    if (para_play_lives(play, level, player) <= 0)
        return false; // that was the last
    let_go(play, world, player);
    put_back(play, level, world, player, zone);
    forget(play, level, level->players[player].fail_root);
    return true;
}
