// SPDX-License-Identifier: MIT
// One trained player in one env: of one network, or of several that take turns.
#include "agents/player/mind.h"

#include "engine/base/assert.h"

#include <string.h>

/// One network and what it plays with.
typedef struct Part {
    const ParaPolicy *policy;
    ParaForward *forward;
    float *observation;          // [O]
    struct ParaPicture *picture; // NULL: it sees no pixels
    float *memory;               // [PARA_PLAYERS_MAX, memory]; NULL: it remembers nothing
} Part;

struct ParaMind {
    int count;
    Part *parts; // [count]
    bool fine;
    uint32_t looks;         // [bits] parts of an observation that any of them sees
    ParaMindChoose *choose; // NULL: the first
    ParaMindBegin *begin;
    void *context;
    int acted[PARA_PLAYERS_MAX];
};

static size_t memory_of(const Part *part)
{
    return (size_t)para_policy_memory(para_policy_def(part->policy));
}

static Part make_part(const ParaPolicy *policy, ParaArena *arena)
{
    const ParaPolicyDef *def = para_policy_def(policy);
    size_t memory = (size_t)para_policy_memory(def) * PARA_PLAYERS_MAX;
    return (Part){.policy = policy,
                  .forward = para_forward_create(def, 1, arena),
                  .observation = PARA_NEW(arena, float, def->obs.size),
                  .picture = para_obs_picture(&def->obs, arena),
                  .memory = memory > 0 ? PARA_NEW(arena, float, memory) : NULL};
}

ParaMind *para_mind_create_of(const ParaPolicy *const *policies, int count, ParaMindChoose *choose,
                              ParaMindBegin *begin, void *context, ParaArena *arena)
{
    PARA_ASSERT(count >= 1 && (count == 1 || choose));
    ParaMind *mind = PARA_NEW(arena, ParaMind, 1);
    *mind = (ParaMind){.count = count,
                       .parts = PARA_NEW(arena, Part, count),
                       .choose = choose,
                       .begin = begin,
                       .context = context};
    for (int i = 0; i < count; i++) {
        mind->parts[i] = make_part(policies[i], arena);
        mind->fine = mind->fine || para_policy_is_fine(policies[i]);
        mind->looks |= para_policy_def(policies[i])->obs.parts;
    }
    return mind;
}

ParaMind *para_mind_create(const ParaPolicy *policy, ParaArena *arena)
{
    return para_mind_create_of(&policy, 1, NULL, NULL, NULL, arena);
}

static void forget(Part *part, int player, int players)
{
    size_t size = memory_of(part);
    if (part->memory)
        memset(part->memory + size * (size_t)player, 0, sizeof(float) * size * (size_t)players);
}

void para_mind_begin(ParaMind *mind)
{
    for (int i = 0; i < mind->count; i++)
        forget(&mind->parts[i], 0, PARA_PLAYERS_MAX);
    memset(mind->acted, 0, sizeof mind->acted);
    if (mind->begin)
        mind->begin(mind->context);
}

bool para_mind_is_fine(const ParaMind *mind) { return mind->fine; }

uint32_t para_mind_parts(const ParaMind *mind) { return mind->looks; }

int para_mind_acted(const ParaMind *mind, int player) { return mind->acted[player]; }

static float act(const ParaMind *mind, Part *part, float *memory, const ParaEnv *env, int player,
                 ParaRng *rng, int8_t *action, float *logits)
{
    const ParaPolicyDef *def = para_policy_def(part->policy);
    const ParaPlayer *who = &env->level->players[player];
    float own[PARA_LOGITS], value, *out = logits ? logits : own;
    PARA_ASSERT(env->fine == mind->fine && para_policy_memory(def) <= PARA_MIND_MEMORY);
    para_env_observe(env, part->picture, &def->obs, player, part->observation);
    para_policy_forward(part->policy, part->forward, part->observation, 1, memory, out, &value);
    para_action_draw(def->head, out, who->channel_bits, who->negative_bits, rng, action);
    bool coarse = mind->fine && !para_policy_is_fine(part->policy);
    for (int c = 0; coarse && c < PARA_CHANNELS; c++)
        action[c] = para_action_kept(true, para_action_value(false, action[c]));
    return value;
}

float para_mind_act(ParaMind *mind, const ParaEnv *env, int player, ParaRng *rng, int8_t *action,
                    float *logits)
{
    int which = mind->choose ? mind->choose(mind->context, env, player) : 0;
    PARA_ASSERT(which >= 0 && which < mind->count);
    Part *part = &mind->parts[which];
    if (which != mind->acted[player])
        forget(part, player, 1);
    mind->acted[player] = which;
    float *memory = part->memory ? part->memory + (size_t)player * memory_of(part) : NULL;
    return act(mind, part, memory, env, player, rng, action, logits);
}

float para_mind_act_in(ParaMind *mind, float *memory, const ParaEnv *env, int player, ParaRng *rng,
                       int8_t *action, float *logits)
{
    PARA_ASSERT(mind->count == 1);
    return act(mind, &mind->parts[0], memory, env, player, rng, action, logits);
}
