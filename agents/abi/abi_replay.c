// SPDX-License-Identifier: MIT
// Behind the door for other languages: recorded episodes played again with observations.
#include "agents/abi/abi_parts.h"
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "engine/base/assert.h"

#include <stdio.h>
#include <string.h>

#define REPLAY_MEMORY ((size_t)1 << 30) // [byte] for one replay with its world
#define REPLAY_BLOCK  ((size_t)1 << 18) // [byte]

struct ParaAbiReplay {
    ParaArena *arena; ///< holds this too
    ParaReplay *file;
    ParaLevel *level;
    atomic_flag busy;
};

void para_abi_replay_free(ParaAbiReplay *replay)
{
    if (replay != NULL)
        para_arena_destroy(replay->arena);
}

ParaAbiReplay *para_abi_replay_open(const char *path)
{
    if (path == NULL || *path == '\0') {
        para_abi_fail(PARA_ABI_INVALID, "a replay needs a path");
        return NULL;
    }
    ParaArena *arena = para_arena_create(REPLAY_BLOCK, REPLAY_MEMORY);
    if (arena == NULL) {
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
        return NULL;
    }
    const char *error = "unknown reason";
    ParaAbiReplay *replay = PARA_NEW(arena, ParaAbiReplay, 1);
    replay->arena = arena;
    replay->file = para_replay_read(path, arena, &error);
    replay->level = replay->file != NULL ? para_replay_level(replay->file, arena, &error) : NULL;
    if (replay->level != NULL)
        return replay;
    para_abi_fail(replay->file != NULL ? PARA_ABI_LEVEL : PARA_ABI_FILE, "%s", error);
    para_arena_destroy(arena);
    return NULL;
}

int32_t para_abi_replay_info(const ParaAbiReplay *replay, ParaAbiReplayInfo *out)
{
    if (replay == NULL || out == NULL || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "replay info: no replay, or a struct of another version");
    const ParaLevel *level = replay->level;
    *out = (ParaAbiReplayInfo){.size = sizeof *out,
                               .decisions = replay->file->decisions,
                               .end = replay->file->end - PARA_PLAY_SOLVED,
                               .frame_skip = level->frame_skip,
                               .rate = (float)level->world.rate,
                               .total_reward = replay->file->total_reward,
                               .players = replay->file->players,
                               .fine = replay->file->fine,
                               .lasts = para_env_lasts(level, 0),
                               .entities_size = para_obs_spec_entities().size,
                               .vector_size = para_obs_spec_vector(level).size,
                               .level_seed = level->seed,
                               .level_hash = level->hash};
    para_abi_level_bits(level, &out->channel_bits, &out->negative_bits);
    snprintf(out->family, sizeof out->family, "%s", level->family);
    snprintf(out->player, sizeof out->player, "%s", replay->file->player);
    snprintf(out->solver, sizeof out->solver, "%s", para_solver_name(replay->file->solver));
    return PARA_ABI_OK;
}

ParaAbiLevel *para_abi_replay_level(const ParaAbiReplay *replay)
{
    if (replay != NULL)
        return para_abi_level_wrap(replay->level);
    para_abi_fail(PARA_ABI_INVALID, "replay level: no replay");
    return NULL;
}

/// The layout asked for; a negative code if the size is none that this kind can have.
static int32_t read_spec(int32_t kind, int32_t size, ParaObsSpec *out)
{
    *out = para_obs_spec_entities();
    if (kind == PARA_ABI_OBS_ENTITIES && size == out->size)
        return PARA_ABI_OK;
    if (kind == PARA_ABI_OBS_ENTITIES)
        return para_abi_fail(PARA_ABI_INVALID, "`entities` observations have %d floats, not %d", out->size,
                             size);
    if (kind != PARA_ABI_OBS_VECTOR)
        return para_abi_fail(PARA_ABI_INVALID, "a replay is seen as `entities` or `vector`, not as kind %d",
                             kind);
    if (size < 1 || size > PARA_ABI_VECTOR_MAX)
        return para_abi_fail(PARA_ABI_INVALID, "`vector` observations have 1 to %d floats, not %d",
                             PARA_ABI_VECTOR_MAX, size);
    int least = para_obs_spec_globals().size;
    if (size < least)
        return para_abi_fail(PARA_ABI_INVALID, "`vector` observations have at least %d floats, not %d", least,
                             size);
    *out = para_obs_spec_sized(size); // any layout shows any level
    return PARA_ABI_OK;
}

/// What every player sees, as in a batch: [A, O].
static void look(const ParaObsSpec *spec, const ParaEnv *env, float *obs)
{
    size_t size = (size_t)spec->size;
    memset(obs, 0, (size_t)env->level->player_count * size * sizeof *obs);
    for (int p = 0; p < env->level->player_count; p++)
        if (para_env_watching(env) >> p & 1)
            para_env_observe(env, NULL, spec, p, obs + (size_t)p * size);
}

/// Plays the actions; the replay has been verified, so that nothing can go wrong.
static void play(const ParaAbiReplay *replay, const ParaObsSpec *spec, ParaEnv *env, int8_t *actions,
                 float *obs, double *rewards)
{
    const ParaReplay *file = replay->file;
    size_t players = (size_t)file->players, row = players * PARA_CHANNELS;
    look(spec, env, obs);
    for (int at = 0; at < file->decisions; at++) {
        memcpy(actions + (size_t)at * row, para_replay_actions(file, at), row);
        bool again = para_env_meddle_again(env, file, NULL, 0);
        PARA_ASSERT(again);
        para_decision_make_recorded(env, file, at);
        for (size_t p = 0; p < players; p++)
            rewards[(size_t)at * players + p] =
                env->acting >> p & 1 ? (double)env->play.players[p].reward : 0.0;
        look(spec, env, obs + (size_t)(at + 1) * players * (size_t)spec->size);
    }
}

static int32_t verify_and_play(ParaAbiReplay *replay, const ParaObsSpec *spec, int8_t *actions, float *obs,
                               double *rewards)
{
    ParaArenaMark mark = para_arena_mark(replay->arena);
    ParaVerdict verdict = para_replay_verify(replay->file, replay->arena);
    para_arena_rewind(replay->arena, mark);
    if (!verdict.ok)
        return para_abi_fail(PARA_ABI_FILE, "the replay does not verify: %s", verdict.message);
    ParaWorldGroup *group = para_world_group_create(replay->file->solver, 1);
    ParaEnv env = {.world = {group, 0}, .arena = replay->arena, .parts = spec->parts};
    bool built = group != NULL && para_env_begin(&env, replay->level, "");
    if (built)
        play(replay, spec, &env, actions, obs, rewards);
    para_arena_rewind(replay->arena, mark);
    if (group != NULL)
        para_world_group_destroy(group);
    return built ? PARA_ABI_OK : para_abi_fail(PARA_ABI_MEMORY, "no memory for the replay's world");
}

int32_t para_abi_replay_play(ParaAbiReplay *replay, int32_t kind, int32_t obs_size, int8_t *actions,
                             float *obs, double *rewards)
{
    ParaObsSpec spec;
    if (replay == NULL || obs == NULL ||
        ((actions == NULL || rewards == NULL) && replay->file->decisions > 0))
        return para_abi_fail(PARA_ABI_INVALID, "replay play: no replay, or no room for what it tells");
    int32_t code = read_spec(kind, obs_size, &spec);
    if (code != PARA_ABI_OK)
        return code;
    if (atomic_flag_test_and_set(&replay->busy))
        return para_abi_fail(PARA_ABI_STATE, "another thread is playing this replay");
    code = verify_and_play(replay, &spec, actions, obs, rewards);
    atomic_flag_clear(&replay->busy);
    return code;
}

// ---------------------------------------------------------------------------------------------
// Recording.

static bool good_actions(const int8_t *actions, int32_t decisions, int players)
{
    size_t row = (size_t)players * PARA_CHANNELS;
    for (size_t i = 0; i < (size_t)decisions * row; i++) {
        if (actions[i] < -1 || actions[i] > 1) {
            para_abi_fail(PARA_ABI_ACTION, "decision %zu: action %d of channel %zu; must be -1, 0 or 1",
                          i / row, actions[i], i % PARA_CHANNELS);
            return false;
        }
    }
    return true;
}

static int32_t fail_to_begin(const ParaEnv *env, const ParaLevel *level)
{
    char why[96] = "";
    para_solver_fits(para_world_group_solver(env->world.group), &level->world, why, sizeof why);
    return para_abi_fail(PARA_ABI_LEVEL, "the level cannot be built%s%s", *why ? ": " : "", why);
}

/// What is to be recorded, as it was given.
typedef struct Script {
    const int8_t *actions; ///< [decisions, A, 8]
    int32_t decisions;
    const ParaAbiEvent *events; ///< [event_count]
    int32_t event_count;
} Script;

static int32_t check_events(const Script *script)
{
    if (script->event_count < 0 || script->event_count > PARA_REPLAY_MEDDLES_MAX ||
        (script->events == NULL && script->event_count > 0))
        return para_abi_fail(PARA_ABI_INVALID, "%d events; a replay holds 0 to %d", script->event_count,
                             PARA_REPLAY_MEDDLES_MAX);
    for (int32_t i = 0, last = 0; i < script->event_count; last = script->events[i++].decision) {
        const ParaAbiEvent *event = &script->events[i];
        if (event->line == NULL || strnlen(event->line, PARA_MEDDLE_SAYS) == PARA_MEDDLE_SAYS)
            return para_abi_fail(PARA_ABI_INVALID, "event %d: what happens is a line of at most %d bytes", i,
                                 PARA_MEDDLE_SAYS - 1);
        if (event->decision < last || event->decision >= script->decisions)
            return para_abi_fail(PARA_ABI_INVALID,
                                 "event %d is before decision %d; events come in the order of their "
                                 "decisions, 0 to %d",
                                 i, event->decision, script->decisions - 1);
    }
    return PARA_ABI_OK;
}

/// Does what happens before the env's next decision. @param next in-out, the first event that is still to
/// come
static int32_t make_happen(ParaEnv *env, const Script *script, int32_t *next)
{
    char why[PARA_MEDDLE_SAYS];
    for (; *next < script->event_count && script->events[*next].decision == env->decisions; ++*next) {
        const char *line = script->events[*next].line;
        ParaMeddle meddle;
        if (!para_meddle_read(line, env->level, env->world, &meddle, why, sizeof why) ||
            !para_env_meddle(env, &meddle, why, sizeof why))
            return para_abi_fail(PARA_ABI_INVALID, "event %d, \"%.60s\" before decision %d: %s", *next, line,
                                 env->decisions, why);
    }
    return PARA_ABI_OK;
}

/// Plays the script until it or the episode ends; the env records.
static int32_t record(ParaEnv *env, const ParaLevel *level, const char *player, const Script *script,
                      const char *path)
{
    size_t row = (size_t)level->player_count * PARA_CHANNELS;
    int32_t code = PARA_ABI_OK, next = 0;
    if (!para_env_begin(env, level, player))
        return fail_to_begin(env, level);
    for (int32_t at = 0; at < script->decisions && env->play.status == PARA_PLAY_ON; at++) {
        code = make_happen(env, script, &next);
        if (code != PARA_ABI_OK)
            return code;
        para_decision_make_one(env, script->actions + (size_t)at * row);
    }
    const ParaReplay *replay = para_env_replay(env);
    const char *error = "no memory";
    if (!para_replay_write(path, replay, env->arena, &error))
        return para_abi_fail(PARA_ABI_FILE, "%s", error);
    return replay->decisions;
}

int32_t para_abi_replay_write_events(const char *path, const ParaAbiLevel *level, const char *player,
                                     int32_t solver, const int8_t *actions, int32_t decisions,
                                     const ParaAbiEvent *events, int32_t event_count)
{
    const Script script = {actions, decisions, events, event_count};
    ParaSolverKind kind;
    if (!para_abi_solver(solver, &kind))
        return PARA_ABI_INVALID;
    if (path == NULL || *path == '\0' || level == NULL || player == NULL || strlen(player) > 63)
        return para_abi_fail(PARA_ABI_INVALID,
                             "a replay needs a path, a level and a player's name of at most 63 bytes");
    if (decisions < 0 || decisions > PARA_REPLAY_DECISIONS_MAX || (actions == NULL && decisions > 0))
        return para_abi_fail(PARA_ABI_INVALID, "%d decisions; a replay holds 0 to %d", decisions,
                             PARA_REPLAY_DECISIONS_MAX);
    if (!good_actions(actions, decisions, level->level->player_count))
        return PARA_ABI_ACTION;
    if (check_events(&script) != PARA_ABI_OK)
        return PARA_ABI_INVALID;
    ParaWorldGroup *group = para_world_group_create(kind, 1);
    if (group == NULL)
        return para_abi_fail(PARA_ABI_MEMORY, "out of memory");
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), true);
    int32_t code = env.arena != NULL ? record(&env, level->level, player, &script, path)
                                     : para_abi_fail(PARA_ABI_MEMORY, "out of memory");
    para_env_destroy(&env);
    para_world_group_destroy(group);
    return code;
}

int32_t para_abi_replay_write(const char *path, const ParaAbiLevel *level, const char *player, int32_t solver,
                              const int8_t *actions, int32_t decisions)
{
    return para_abi_replay_write_events(path, level, player, solver, actions, decisions, NULL, 0);
}
