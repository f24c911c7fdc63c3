// SPDX-License-Identifier: MIT
// One trained player in one env.
#include "agents/player/mind.h"

#include "engine/base/assert.h"

#include <string.h>

struct ParaMind {
    const ParaPolicy *policy;
    ParaForward *forward;
    float *observation; // [O]
    float *memory;      // [PARA_PLAYERS_MAX, memory]; NULL: it remembers nothing
};

ParaMind *para_mind_create(const ParaPolicy *policy, ParaArena *arena)
{
    const ParaPolicyDef *def = para_policy_def(policy);
    ParaMind *mind = PARA_NEW(arena, ParaMind, 1);
    size_t memory = (size_t)para_policy_memory(def) * PARA_PLAYERS_MAX;
    *mind = (ParaMind){.policy = policy,
                       .forward = para_forward_create(def, 1, arena),
                       .observation = PARA_NEW(arena, float, def->obs.size),
                       .memory = memory > 0 ? PARA_NEW(arena, float, memory) : NULL};
    return mind;
}

void para_mind_begin(ParaMind *mind)
{
    size_t size = (size_t)para_policy_memory(para_policy_def(mind->policy));
    if (mind->memory)
        memset(mind->memory, 0, sizeof *mind->memory * size * PARA_PLAYERS_MAX);
}

bool para_mind_is_fine(const ParaMind *mind) { return para_policy_is_fine(mind->policy); }

float para_mind_act(ParaMind *mind, const ParaEnv *env, int player, ParaRng *rng, int8_t *action,
                    float *logits)
{
    size_t size = (size_t)para_policy_memory(para_policy_def(mind->policy));
    float *memory = mind->memory ? mind->memory + (size_t)player * size : NULL;
    return para_mind_act_in(mind, memory, env, player, rng, action, logits);
}

float para_mind_act_in(ParaMind *mind, float *memory, const ParaEnv *env, int player, ParaRng *rng,
                       int8_t *action, float *logits)
{
    const ParaPolicyDef *def = para_policy_def(mind->policy);
    const ParaPlayer *who = &env->level->players[player];
    float own[PARA_LOGITS], value, *out = logits ? logits : own;
    PARA_ASSERT(env->fine == para_mind_is_fine(mind) && para_policy_memory(def) <= PARA_MIND_MEMORY);
    para_observe(&def->obs, env->level, &env->play, player, env->world, mind->observation);
    para_policy_forward(mind->policy, mind->forward, mind->observation, 1, memory, out, &value);
    para_action_draw(def->head, out, who->channel_bits, who->negative_bits, rng, action);
    return value;
}
