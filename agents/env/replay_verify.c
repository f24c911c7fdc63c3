// SPDX-License-Identifier: MIT
// Playing a replay again to prove it: the same decisions on the same level must give the same chain of
// hashes.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static const char *status_name(int status)
{
    switch (status) {
    case PARA_PLAY_ON:
        return "not ended";
    case PARA_PLAY_SOLVED:
        return "solved";
    case PARA_PLAY_FAILED:
        return "failed";
    case PARA_PLAY_TIMEOUT:
        return "out of time";
    case PARA_PLAY_DIVERGED:
        return "diverged";
    default:
        return "unknown";
    }
}

static ParaVerdict verdict(bool ok, int step, const char *format, ...) __attribute__((format(printf, 3, 4)));
static ParaVerdict verdict(bool ok, int step, const char *format, ...)
{
    ParaVerdict result = {.ok = ok, .step = step};
    va_list list;
    va_start(list, format);
    para_text_format_v(result.message, sizeof result.message, format, list);
    va_end(list);
    return result;
}

/// What is wrong with the actions of a decision, if no player can give them. @return false then
static bool check_actions(const ParaReplay *replay, int at, const int8_t *actions, ParaVerdict *out)
{
    for (int i = 0; i < replay->players * PARA_CHANNELS; i++) {
        int most = replay->fine ? PARA_FINE : 1;
        if (actions[i] >= -most && actions[i] <= most)
            continue;
        char whose[32] = "";
        if (replay->players > 1)
            snprintf(whose, sizeof whose, " of player %d", i / PARA_CHANNELS);
        *out = verdict(false, at, "step %d: action %d of channel %d%s; must be %s", at, actions[i],
                       i % PARA_CHANNELS, whose, replay->fine ? "-127 to 127" : "-1, 0 or 1");
        return false;
    }
    return true;
}

typedef struct Onlooker {
    ParaReplaySeen *seen; ///< NULL: nobody looks on
    void *context;
} Onlooker;

/// One decision of the replay; false once the verdict stands.
static bool verify_decision(const ParaReplay *replay, int at, ParaEnv *env, const Onlooker *onlooker,
                            ParaVerdict *out)
{
    const int8_t *actions = para_replay_actions(replay, at);
    if (!check_actions(replay, at, actions, out))
        return false;
    if (env->play.status != PARA_PLAY_ON) {
        *out = verdict(false, at, "step %d: the level had already ended (%s)", at,
                       status_name((int)env->play.status));
        return false;
    }
    char why[PARA_MEDDLE_SAYS];
    if (!para_env_meddle_again(env, replay, why, sizeof why)) {
        *out = verdict(false, at, "step %d: what was meddled cannot be done again: %.80s", at, why);
        return false;
    }
    if (onlooker->seen)
        onlooker->seen(onlooker->context, env, at, false);
    para_decision_make_recorded(env, replay, at);
    if (onlooker->seen)
        onlooker->seen(onlooker->context, env, at, true);
    if (env->chain != replay->hashes[at]) {
        *out = verdict(false, at, "step %d: state hash differs from the recorded one", at);
        return false;
    }
    return true;
}

static bool differs(float recorded, double played)
{
    return fabs(played - (double)recorded) > 1e-3 * (1.0 + fabs(played));
}

/// The actions are right; so must be what the replay says of their end.
static ParaVerdict verify_end(const ParaReplay *replay, const ParaEnv *env)
{
    int end = (int)env->play.status;
    double total = 0.0;
    if (end != replay->end)
        return verdict(false, -1, "the end differs: recorded as %s, played again it is %s",
                       status_name(replay->end), status_name(end));
    for (int p = 0; p < replay->players; p++)
        total += (double)env->accounts[p].total_reward;
    if (differs(replay->total_reward, total))
        return verdict(false, -1, "the reward differs: recorded as %.4g, played again it is %.4g",
                       (double)replay->total_reward, total);
    for (int p = 0; p < replay->players; p++) {
        const ParaReplayEnd *told = &replay->ends[p];
        int status = (int)env->play.players[p].status;
        double reward = (double)env->accounts[p].total_reward;
        if (status != told->end || differs(told->total_reward, reward))
            return verdict(false, -1,
                           "player %d differs: recorded as %s with %.4g, played again %s with %.4g", p,
                           status_name(told->end), (double)told->total_reward, status_name(status), reward);
    }
    return verdict(true, -1, "verified %d decisions, %s", replay->decisions, status_name(end));
}

ParaVerdict para_replay_verify_on(const ParaReplay *replay, const ParaLevel *level, ParaArena *arena)
{
    return para_replay_verify_seen(replay, level, 0, NULL, NULL, arena);
}

ParaVerdict para_replay_verify_seen(const ParaReplay *replay, const ParaLevel *level, uint32_t parts,
                                    ParaReplaySeen *seen, void *context, ParaArena *arena)
{
    if (level->player_count != replay->players)
        return verdict(false, -1, "the replay has %d players, its level %d", replay->players,
                       level->player_count);
    ParaWorldGroup *group = para_world_group_create(replay->solver, 1);
    if (!group || para_world_group_solver(group) != replay->solver) {
        if (group)
            para_world_group_destroy(group);
        return verdict(false, -1, "recorded with the solver %s, which is not there",
                       para_solver_name(replay->solver));
    }
    ParaEnv env = {.world = para_world_at(group, 0),
                   .arena = arena,
                   .chained = true,
                   .fine = replay->fine,
                   .parts = parts};
    ParaVerdict result = {.ok = false, .step = -1};
    bool same = para_env_begin(&env, level, replay->player);
    if (!same)
        result = verdict(false, -1, "the replay's level cannot be built");
    for (int at = 0; same && at < replay->decisions; at++)
        same = verify_decision(replay, at, &env, &(Onlooker){seen, context}, &result);
    if (same)
        result = verify_end(replay, &env);
    para_world_group_destroy(group);
    return result;
}

ParaVerdict para_replay_verify(const ParaReplay *replay, ParaArena *arena)
{
    const char *error = NULL;
    const ParaLevel *level = para_replay_level(replay, arena, &error);
    return level ? para_replay_verify_on(replay, level, arena) : verdict(false, -1, "%s", error);
}
