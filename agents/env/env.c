// SPDX-License-Identifier: MIT
// An env's life: its arena, the beginning of an episode on a level, the report at its end. Decisions are made
// in decision.c.
#include "agents/env/env.h"

#include "agents/env/trail.h"
#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

#define LEVEL_BLOCK ((size_t)128 << 10) // [byte] most levels fit one block
// [byte] bound on one level with its recording: the longest, of the most players, and what growing left
#define LEVEL_MAX                                                                                            \
    (((size_t)64 << 20) +                                                                                    \
     (size_t)4 * PARA_REPLAY_DECISIONS_MAX * (PARA_PLAYERS_MAX * PARA_CHANNELS + sizeof(uint64_t)))

void para_env_init(ParaEnv *env, ParaWorld world, bool recording)
{
    *env =
        (ParaEnv){.world = world, .arena = para_arena_create(LEVEL_BLOCK, LEVEL_MAX), .recording = recording};
}

void para_env_destroy(ParaEnv *env)
{
    if (env->arena)
        para_arena_destroy(env->arena);
    *env = (ParaEnv){0};
}

ParaArena *para_env_level_arena(ParaEnv *env)
{
    para_arena_clear(env->arena);
    env->level = NULL;
    env->recorder = NULL;
    memset(env->maps, 0, sizeof env->maps);
    return env->arena;
}

void para_env_begin_maps(ParaEnv *env)
{
    memset(env->maps, 0, sizeof env->maps);
    for (int p = 0; (env->parts & PARA_OBS_MAP) && p < env->level->player_count; p++) {
        int tiles = para_map_tiles_for(env->level->world.size);
        env->maps[p] = para_map_init(para_arena_alloc(env->arena, para_map_size(tiles)), tiles);
        para_obs_sense(env->level, p, env->world, env->maps[p]);
    }
}

void para_env_remember(ParaEnv *env, int player, const ParaMap *map)
{
    PARA_ASSERT(env->maps[player] && env->decisions == 0);
    para_map_copy(env->maps[player], map);
    para_map_rest(env->maps[player]);
    para_obs_sense(env->level, player, env->world, env->maps[player]);
}

void para_env_observe(const ParaEnv *env, struct ParaPicture *picture, const ParaObsSpec *spec, int player,
                      float *out)
{
    PARA_ASSERT(!(spec->parts & ~env->parts));
    ParaObsEye eye = {
        .picture = picture, .map = env->blank ? NULL : env->maps[player], .hearing = env->hearing};
    para_observe_through(eye, spec, env->level, &env->play, player, env->world, out);
}

bool para_env_begin(ParaEnv *env, const ParaLevel *level, const char *player)
{
    env->level = NULL;
    ParaPlayerState *players = PARA_NEW(env->arena, ParaPlayerState, level->player_count);
    size_t events = para_play_events_size(level);
    if (!para_play_begin(&env->play, level, env->world, players,
                         events ? para_arena_alloc(env->arena, events) : NULL, NULL))
        return false;
    env->level = level;
    env->accounts = PARA_NEW(env->arena, ParaAccount, level->player_count);
    env->chained = env->chained || env->recording;
    env->actions = env->chained ? PARA_NEW(env->arena, int8_t, level->player_count * PARA_CHANNELS) : NULL;
    env->chain = 0;
    env->acting = 0;
    env->step = 0;
    env->decisions = 0;
    env->outline.count = 0;
    para_env_begin_maps(env);
    if (env->recording) {
        env->recorder = para_recorder_create(env->arena);
        para_recorder_begin(env->recorder, level, para_world_solver(env->world), env->fine, player);
    }
    return true;
}

void para_env_copy_maps(ParaEnv *to, const ParaEnv *from)
{
    for (int p = 0; p < to->level->player_count; p++) {
        PARA_ASSERT(!to->maps[p] || from->maps[p]);
        if (to->maps[p])
            para_map_copy(to->maps[p], from->maps[p]);
    }
}

bool para_env_clone(ParaEnv *to, const ParaEnv *from)
{
    PARA_ASSERT(to->level == from->level && !to->chained && !from->chained && from->step == 0);
    if (!para_world_clone(from->world, to->world, NULL))
        return false;
    para_play_copy(&to->play, &from->play, from->level, to->play.players, to->play.events);
    memcpy(to->accounts, from->accounts, sizeof *to->accounts * (size_t)from->level->player_count);
    to->acting = from->acting;
    to->decisions = from->decisions;
    para_env_copy_maps(to, from);
    return true;
}

static ParaEndKind end_of(ParaPlayStatus status)
{
    static const ParaEndKind ends[] = {[PARA_PLAY_ON] = PARA_END_CUT,
                                       [PARA_PLAY_SOLVED] = PARA_END_SOLVED,
                                       [PARA_PLAY_FAILED] = PARA_END_FAILED,
                                       [PARA_PLAY_TIMEOUT] = PARA_END_TIMEOUT,
                                       [PARA_PLAY_DIVERGED] = PARA_END_DIVERGED};
    return ends[status];
}

ParaReport para_env_player_report(const ParaEnv *env, int family, int player)
{
    PARA_ASSERT(player >= 0 && player < env->level->player_count);
    const ParaAccount *account = &env->accounts[player];
    ParaReport report = {.level_hash = env->level->hash,
                         .level_seed = env->level->seed,
                         .family = family,
                         .player = player,
                         .end = end_of(env->play.players[player].status),
                         .solver = para_world_solver(env->world),
                         .decisions = account->decisions,
                         .total_reward = account->total_reward,
                         .seconds = account->seconds,
                         .progress = env->play.players[player].progress};
    para_trail_report(env, player, &report);
    return report;
}

ParaReport para_env_report(const ParaEnv *env, int family)
{
    ParaReport report = para_env_player_report(env, family, 0);
    report.player = PARA_PLAYER_ALL;
    report.end = end_of(env->play.status);
    if (report.end == PARA_END_SOLVED || report.end == PARA_END_CUT)
        report.cause = PARA_CAUSE_NONE;
    report.decisions = env->decisions;
    report.seconds = (float)para_world_view(env->world)->time;
    for (int p = 1; p < env->level->player_count; p++) {
        float progress = env->play.players[p].progress;
        report.total_reward += env->accounts[p].total_reward;
        report.progress = progress < report.progress ? progress : report.progress;
    }
    return report;
}

/// The oldest go where there is no room: what is drawn takes the last.
static void add_points(ParaEnv *env, const float *numbers)
{
    ParaOutline *outline = &env->outline;
    if (outline->count + 2 > PARA_OUTLINE_POINTS_MAX) {
        outline->count -= 2;
        memmove(outline->points, outline->points + 2, sizeof *outline->points * (size_t)outline->count);
    }
    outline->points[outline->count++] = (ParaVec2){numbers[0], numbers[1]};
    outline->points[outline->count++] = (ParaVec2){numbers[2], numbers[3]};
}

static bool remake(ParaEnv *env, const ParaMeddle *meddle, char *why, size_t why_size)
{
    const ParaLevel *made = para_meddle_remake(meddle, &env->outline, &env->play, env->level, env->world,
                                               env->arena, why, why_size);
    if (made)
        env->level = made;
    return made != NULL;
}

static bool happen(ParaEnv *env, const ParaMeddle *meddle, char *why, size_t why_size)
{
    if (meddle->kind == PARA_MEDDLE_POINT) {
        add_points(env, meddle->numbers);
        return true;
    }
    if (para_meddle_remakes(meddle->kind))
        return remake(env, meddle, why, why_size);
    return para_meddle_do(meddle, &env->play, env->level, env->world, why, why_size);
}

bool para_env_meddle(ParaEnv *env, const ParaMeddle *meddle, char *why, size_t why_size)
{
    PARA_ASSERT(env->step == 0 && env->play.status == PARA_PLAY_ON);
    ParaMeddle now = *meddle;
    now.decision = env->decisions;
    bool full = env->recorder && para_recorder_so_far(env->recorder)->meddle_count == PARA_REPLAY_MEDDLES_MAX;
    if (full && why_size > 0)
        snprintf(why, why_size, "too much has been meddled");
    if (full || !para_meddle_check(&now, env->level, why, why_size) || !happen(env, &now, why, why_size))
        return false;
    for (int p = 0; p < env->level->player_count; p++)
        if (env->maps[p] && para_env_watching(env) >> p & 1)
            para_obs_sense(env->level, p, env->world, env->maps[p]);
    if (env->chained)
        env->chain = para_replay_chain_meddle(env->chain, &now);
    if (env->recorder)
        para_recorder_meddle(env->recorder, &now);
    return true;
}

bool para_env_meddle_again(ParaEnv *env, const ParaReplay *replay, char *why, size_t why_size)
{
    if (why_size > 0)
        why[0] = '\0';
    for (int m = para_replay_meddle_at(replay, env->decisions);
         m < replay->meddle_count && replay->meddles[m].decision == env->decisions; m++)
        if (!para_env_meddle(env, &replay->meddles[m], why, why_size))
            return false;
    return true;
}

const ParaReplay *para_env_replay(const ParaEnv *env)
{
    float rewards[PARA_PLAYERS_MAX];
    for (int p = 0; p < env->level->player_count; p++)
        rewards[p] = env->accounts[p].total_reward;
    return para_recorder_end(env->recorder, &env->play, rewards);
}
