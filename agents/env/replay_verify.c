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

/// Channel of an action that no player can give, -1 if all are good.
static int bad_channel(const int8_t *action)
{
    for (int channel = 0; channel < PARA_CHANNELS; channel++)
        if (action[channel] < -1 || action[channel] > 1)
            return channel;
    return -1;
}

/// One decision of the replay; false once the verdict stands.
static bool verify_decision(const ParaReplay *replay, int at, ParaEnv *env, ParaVerdict *out)
{
    const int8_t *action = replay->actions + (size_t)at * PARA_CHANNELS;
    int channel = bad_channel(action);
    if (channel >= 0) {
        *out = verdict(false, at, "step %d: action %d of channel %d; must be -1, 0 or 1", at, action[channel],
                       channel);
        return false;
    }
    if (env->play.status != PARA_PLAY_ON) {
        *out = verdict(false, at, "step %d: the level had already ended (%s)", at,
                       status_name((int)env->play.status));
        return false;
    }
    para_decision_make_one(env, action);
    if (env->chain != replay->hashes[at]) {
        *out = verdict(false, at, "step %d: state hash differs from the recorded one", at);
        return false;
    }
    return true;
}

/// The actions are right; so must be what the replay says of their end.
static ParaVerdict verify_end(const ParaReplay *replay, const ParaEnv *env)
{
    int end = (int)env->play.status;
    double total = (double)env->total_reward;
    if (end != replay->end)
        return verdict(false, -1, "the end differs: recorded as %s, played again it is %s",
                       status_name(replay->end), status_name(end));
    if (fabs(total - (double)replay->total_reward) > 1e-3 * (1.0 + fabs(total)))
        return verdict(false, -1, "the reward differs: recorded as %.4g, played again it is %.4g",
                       (double)replay->total_reward, total);
    return verdict(true, -1, "verified %d decisions, %s", replay->decisions, status_name(end));
}

ParaVerdict para_replay_verify(const ParaReplay *replay, ParaArena *arena)
{
    const char *error = NULL;
    ParaLevel *level = para_replay_level(replay, arena, &error);
    if (!level)
        return verdict(false, -1, "%s", error);
    ParaWorldGroup *group = para_world_group_create(replay->solver, 1);
    if (!group || para_world_group_solver(group) != replay->solver) {
        if (group)
            para_world_group_destroy(group);
        return verdict(false, -1, "recorded with the solver %s, which is not there",
                       para_solver_name(replay->solver));
    }
    ParaEnv env = {.world = para_world_at(group, 0), .arena = arena, .chained = true};
    ParaVerdict result = {.ok = false, .step = -1};
    bool same = para_env_begin(&env, level, replay->player);
    if (!same)
        result = verdict(false, -1, "the replay's level cannot be built");
    for (int at = 0; same && at < replay->decisions; at++)
        same = verify_decision(replay, at, &env, &result);
    if (same)
        result = verify_end(replay, &env);
    para_world_group_destroy(group);
    return result;
}
