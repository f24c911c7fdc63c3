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
    ParaRecall *recall; // NULL: none
    int remembering;    // players that share it, the first
    ParaRecallTape tapes[PARA_PLAYERS_MAX];
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
    for (int p = 0; p < mind->remembering; p++)
        mind->tapes[p].count = 0;
    if (mind->begin)
        mind->begin(mind->context);
}

bool para_mind_is_fine(const ParaMind *mind) { return mind->fine; }

uint32_t para_mind_parts(const ParaMind *mind) { return mind->looks; }

int para_mind_acted(const ParaMind *mind, int player) { return mind->acted[player]; }

void para_mind_remember(ParaMind *mind, ParaRecall *recall, int players, ParaArena *arena)
{
    PARA_ASSERT(players >= 1 && players <= PARA_PLAYERS_MAX);
    mind->recall = recall;
    for (int p = mind->remembering; p < players && recall; p++)
        mind->tapes[p] = para_recall_tape(arena);
    mind->remembering = players > mind->remembering ? players : mind->remembering;
}

void para_mind_keep(ParaMind *mind, const ParaEnv *env)
{
    for (int p = 0; p < mind->remembering && p < env->level->player_count && mind->recall; p++)
        para_recall_keep(mind->recall, env, p, &mind->tapes[p]);
}

/// Draws an action as the memory has it, and notes it.
static void recall_action(ParaMind *mind, const Part *part, const ParaEnv *env, int player, float *logits,
                          ParaRng *rng, int8_t *action)
{
    const ParaPlayer *who = &env->level->players[player];
    int16_t key[PARA_RECALL_KEY_MAX];
    ParaRecalled found[PARA_RECALL_NEIGHBOURS];
    ParaHead head = para_policy_def(part->policy)->head;
    para_recall_key(env, player, key);
    int count = para_recall_find(mind->recall, env, key, found), left;
    if (head == PARA_HEAD_LEVELS)
        para_recall_lean(mind->recall, found, count, logits);
    para_action_draw(head, logits, who->channel_bits, who->negative_bits, rng, action);
    const ParaRecalled *best = para_recall_best(mind->recall, found, count, env->fine);
    if (head == PARA_HEAD_FINE && best == found)
        memcpy(action, para_recall_actions(mind->recall, best, &left), PARA_CHANNELS);
    para_recall_note(&mind->tapes[player], key, action);
}

static float act(ParaMind *mind, Part *part, float *memory, const ParaEnv *env, int player, ParaRng *rng,
                 int8_t *action, float *logits)
{
    const ParaPolicyDef *def = para_policy_def(part->policy);
    const ParaPlayer *who = &env->level->players[player];
    float own[PARA_LOGITS], value, *out = logits ? logits : own;
    PARA_ASSERT(env->fine == mind->fine && para_policy_memory(def) <= PARA_MIND_MEMORY);
    para_env_observe(env, part->picture, &def->obs, player, part->observation);
    para_policy_forward(part->policy, part->forward, part->observation, 1, memory, out, &value);
    if (mind->recall && player < mind->remembering)
        recall_action(mind, part, env, player, out, rng, action);
    else
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
