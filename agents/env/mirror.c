// SPDX-License-Identifier: MIT
// An episode carried over into another env.
#include "agents/env/mirror.h"

#include "engine/base/assert.h"
#include "engine/world/mirror.h"

#include <string.h>

bool para_env_mirror(ParaEnv *to, const ParaEnv *from)
{
    PARA_ASSERT(to->level && from->level && to->level->hash == from->level->hash && !to->chained);
    if (!para_world_mirror_as(to->world, from->world, &to->level->world))
        return false;
    para_play_copy(&to->play, &from->play, from->level, to->play.players, to->play.events);
    memcpy(to->accounts, from->accounts, sizeof *to->accounts * (size_t)from->level->player_count);
    to->outline = from->outline;
    to->acting = from->acting;
    to->decisions = from->decisions;
    to->step = from->step;
    para_env_copy_maps(to, from);
    return true;
}
