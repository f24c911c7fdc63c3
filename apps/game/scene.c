// SPDX-License-Identifier: MIT
// What a sandbox wants of a game: things that happen at once, also while time stands, going back to before
// one of them, and the scene kept as a level of its own.
#include "apps/game/game.h"
#include "engine/base/file.h"
#include "worlds/meddle/sandbox.h"
#include "worlds/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_poses(ParaGame *game)
{
    para_pose_read(para_world_view(game->env.world), game->now);
    para_pose_read(para_world_view(game->env.world), game->then);
}

bool para_game_do(ParaGame *game, const ParaMeddle *meddle, char *why, size_t size)
{
    const char *reason = game->env.step != 0    ? "the decision is not over yet"
                         : para_game_over(game) ? "the level has ended: begin it again"
                                                : NULL;
    if (reason) {
        snprintf(why, size, "%s", reason);
        return false;
    }
    bool done = para_env_meddle(&game->env, meddle, why, size);
    game->touched |= done;
    if (done && para_meddle_remakes(meddle->kind))
        read_poses(game);
    return done;
}

bool para_game_undo(ParaGame *game, int decision, int meddles)
{
    ParaEnv *env = &game->env;
    const ParaReplay *record = para_recorder_so_far(env->recorder);
    int first = para_replay_meddle_at(record, decision), count = meddles - first;
    if (!game->rewind || count < 0 || meddles > record->meddle_count)
        return false;
    ParaMeddle *again = malloc(sizeof *again * (size_t)(count + 1));
    if (!again)
        return false;
    if (count > 0)
        memcpy(again, record->meddles + first, sizeof *again * (size_t)count);
    bool back =
        para_rewind_oldest(game->rewind) <= decision && para_rewind_to(game->rewind, env, decision) >= 0;
    for (int m = 0; back && m < count && env->decisions == decision; m++)
        para_env_meddle(env, &again[m], NULL, 0); // as it was before, so it happens
    free(again);
    game->touched |= back;
    if (back)
        read_poses(game);
    return back;
}

bool para_game_save_scene(ParaGame *game, const char *path, ParaArena *arena, const char **out_error)
{
    ParaArenaMark mark = para_arena_mark(arena);
    const ParaLevel *from = para_game_source(game, arena);
    const char *text = para_sandbox_text(para_meddle_level_now(game->env.level, game->env.world, arena), from,
                                         arena, out_error);
    if (!text)
        return false;
    bool good = para_file_write(path, text, strlen(text), arena, out_error);
    game->touched &= !good;
    if (good)
        para_arena_rewind(arena, mark);
    return good;
}
