// SPDX-License-Identifier: MIT
// What changes a person's episode beside its actions: meddling, and going back. What is asked for happens
// before the next decision, in the game's own step, so that the record has all of it.
#include "agents/env/decision.h"
#include "apps/game/game.h"
#include "apps/game/twin.h"
#include "engine/base/assert.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FLOOD_STEP 0.1f // [m] that water rises or falls in a decision
#define FLOOD_RISE 3.0f // [m] of its way that are seen; it may lie far below
#define PACKING    ((size_t)64 << 20)

static void read_poses(ParaGame *game)
{
    para_pose_read(para_world_view(game->env.world), game->now);
    para_pose_read(para_world_view(game->env.world), game->then);
}

void para_game_keep(ParaGame *game)
{
    if (game->rewind && game->env.step == 0)
        para_rewind_keep(game->rewind, &game->env);
}

bool para_game_back(ParaGame *game)
{
    ParaEnv *env = &game->env;
    int to = env->step > 0 ? env->decisions : env->decisions - 1;
    if (game->twin && !para_twin_may_go_back(game, to))
        return false;
    if (!game->rewind || to < 0 || para_rewind_to(game->rewind, env, to) < 0)
        return false;
    game->asked_count = 0;
    game->flooding = false;
    if (game->differs >= env->decisions)
        game->differs = -1;
    read_poses(game);
    if (game->mind)
        para_mind_begin(game->mind); // what it remembers is of what has not happened yet
    if (game->twin)
        para_twin_back(game, to);
    return true;
}

// ---------------------------------------------------------------------------------------------
// Meddling.

static bool wants_toybox(uint32_t kind) { return kind <= PARA_MEDDLE_FLOOD; }

/// The episode so far again, on the level with a toybox: what is there behaves as before, as a rule bit for
/// bit, and the record is one that plays again in any case.
static bool play_again(ParaGame *game, const ParaLevel *boxed, const ParaReplay *record)
{
    ParaEnv *env = &game->env;
    const ParaLevel *level = para_level_copy(boxed, para_env_level_arena(env));
    if (!para_env_begin(env, level, game->who))
        return false;
    if (game->rewind)
        para_rewind_clear(game->rewind);
    para_game_keep(game);
    for (int d = 0; d < record->decisions && env->play.status == PARA_PLAY_ON; d++) {
        if (!para_env_meddle_again(env, record, NULL, 0))
            return true; // from here on the person goes another way
        para_decision_make_recorded(env, record, d);
        para_game_keep(game);
    }
    return true;
}

/// A record that stays when its env begins anew.
static const ParaReplay *copy_record(const ParaReplay *record, ParaArena *arena)
{
    ParaReplay *copy = PARA_NEW(arena, ParaReplay, 1);
    size_t actions = (size_t)record->decisions * (size_t)record->players * PARA_CHANNELS;
    *copy = *record;
    copy->actions = PARA_NEW(arena, int8_t, actions + 1);
    copy->meddles = PARA_NEW(arena, ParaMeddle, record->meddle_count + 1);
    if (actions > 0)
        memcpy(copy->actions, record->actions, actions);
    if (record->meddle_count > 0)
        memcpy(copy->meddles, record->meddles, sizeof *copy->meddles * (size_t)record->meddle_count);
    return copy;
}

/// Puts a toybox into the level in play. @return false with the reason told; the level is as it was
static bool pack(ParaGame *game)
{
    ParaEnv *env = &game->env;
    if (game->twin) {
        snprintf(game->told, sizeof game->told, "no toys: this level has no room for them");
        return false;
    }
    if (para_game_sees_a_list(game)) {
        snprintf(game->told, sizeof game->told, "no toys: the trained player sees by a fixed list of bodies");
        return false;
    }
    const ParaReplay *so_far = para_recorder_so_far(env->recorder);
    for (int m = 0; m < so_far->meddle_count; m++)
        if (para_meddle_remakes(so_far->meddles[m].kind)) { // toys would come before what was made
            snprintf(game->told, sizeof game->told, "no toys: ask for them before something is drawn");
            return false;
        }
    ParaArena *arena = para_arena_create((size_t)1 << 18, PACKING);
    const char *why = "no memory";
    ParaSolverKind solver = para_world_group_solver(game->group);
    const ParaLevel *plain = arena ? para_level_copy(env->level, arena) : NULL;
    const ParaLevel *boxed = plain ? para_toybox_add(plain, solver, arena, &why) : NULL;
    bool packed = boxed && play_again(game, boxed, copy_record(para_recorder_so_far(env->recorder), arena));
    if (!packed)
        snprintf(game->told, sizeof game->told, "no toys: %.120s", boxed ? "the level does not build" : why);
    if (boxed && !packed) { // the plain one did build
        const ParaLevel *level = para_level_copy(plain, para_env_level_arena(env));
        bool back = para_env_begin(env, level, game->who);
        PARA_ASSERT(back);
    }
    if (arena)
        para_arena_destroy(arena);
    read_poses(game);
    return packed;
}

static bool happen(ParaGame *game, const ParaMeddle *meddle)
{
    char why[PARA_MEDDLE_SAYS];
    bool done = para_env_meddle(&game->env, meddle, why, sizeof why);
    if (!done || (game->twin && !para_twin_meddle(game, meddle, why, sizeof why)))
        snprintf(game->told, sizeof game->told, "%s", why);
    game->touched |= done;
    if (done && para_meddle_remakes(meddle->kind))
        read_poses(game);
    return done;
}

/// A height on the way as a record tells it: 0.8 and not 0.7999996. [m] in whole centimetres
static float tidy(float height) { return roundf(height * 100.0f) / 100.0f; }

/// Water comes and goes as water does: a little with each decision, each of them recorded.
static void flow(ParaGame *game)
{
    float now = para_meddle_surface(game->env.level, game->env.world), to = game->flood_to;
    if (to > now)
        now = fmaxf(now, to - FLOOD_RISE);
    float next = to > now ? fminf(tidy(now + FLOOD_STEP), to) : fmaxf(tidy(now - FLOOD_STEP), to);
    if (to < now && game->flood_from - next > FLOOD_RISE)
        next = to;
    const ParaMeddle meddle = {.kind = PARA_MEDDLE_FLOOD, .numbers = {next}};
    game->flooding = happen(game, &meddle) && next != to;
}

void para_game_take_asked(ParaGame *game)
{
    for (int k = 0; k < game->asked_count && game->env.play.status == PARA_PLAY_ON; k++) {
        const ParaMeddle *meddle = &game->asked[k];
        if (wants_toybox(meddle->kind) && !para_meddle_check(meddle, game->env.level, NULL, 0) && !pack(game))
            break;
        if (game->env.play.status != PARA_PLAY_ON)
            break;
        if (meddle->kind == PARA_MEDDLE_FLOOD) {
            game->flood_to = meddle->numbers[0];
            game->flood_from = para_meddle_surface(game->env.level, game->env.world);
            game->flooding = true;
        } else if (happen(game, meddle) && meddle->kind != PARA_MEDDLE_PULL) {
            para_meddle_write(meddle, game->env.level, game->told, sizeof game->told);
        }
    }
    game->asked_count = 0;
    if (game->flooding && game->env.play.status == PARA_PLAY_ON)
        flow(game);
}

bool para_game_meddle(ParaGame *game, const ParaMeddle *meddle, char *why, size_t size)
{
    const char *reason = game->replay           ? "this is a replay: what was meddled in it is done again"
                         : para_game_over(game) ? "the level has ended"
                         : game->asked_count == PARA_GAME_ASKED_MAX ? "one thing after the other"
                                                                    : NULL;
    if (reason) {
        snprintf(why, size, "%s", reason);
        return false;
    }
    if (game->twin && para_meddle_remakes(meddle->kind)) {
        snprintf(why, size, "not beside a dream: that makes the level anew");
        return false;
    }
    if (!wants_toybox(meddle->kind) && !para_meddle_check(meddle, game->env.level, why, size))
        return false;
    game->asked[game->asked_count++] = *meddle;
    return true;
}

bool para_game_type(ParaGame *game, const char *line, char *why, size_t size)
{
    ParaMeddle meddle;
    return para_meddle_read(line, game->env.level, game->env.world, &meddle, why, size) &&
           para_game_meddle(game, &meddle, why, size);
}

bool para_game_meddled(const ParaGame *game)
{
    return game->env.recorder && para_recorder_so_far(game->env.recorder)->meddle_count > 0;
}
