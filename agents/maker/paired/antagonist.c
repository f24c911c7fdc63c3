// SPDX-License-Identifier: MIT
// The antagonist: the player's own parts once more, a batch of envs, a collector and a learner.
#include "agents/maker/paired/antagonist.h"

#include "agents/batch/resume.h"
#include "engine/base/assert.h"

#include <string.h>

#define SMALLEST_MINIBATCH 64 // rows, as in agents/lesson/training_config.c

struct ParaAntagonist {
    ParaAntagonistDef def;
    ParaArena *arena;
    ParaPolicy *policy;
    ParaPpo *ppo;
    ParaBatch *batch;
    ParaCollector *collector;
    int horizon_max; // [decision] that the buffers hold
    bool begun;      // its envs are on levels
};

/// Fewer gradient steps than the learner's where one would have too few decisions.
static int minibatches_of(int wanted, int rows)
{
    int most = rows / SMALLEST_MINIBATCH, fewer = wanted < most ? wanted : most;
    return fewer > 0 ? fewer : 1;
}

ParaAntagonist *para_antagonist_create(const ParaAntagonistDef *def, ParaArena *arena)
{
    PARA_ASSERT(def->envs >= 1 && def->player && def->learner && def->next);
    ParaPpoDef ppo = *para_ppo_def(def->learner);
    ParaAntagonist *a = PARA_NEW(arena, ParaAntagonist, 1);
    ppo.envs = def->envs;
    ppo.masked = false;
    ppo.peers = NULL;
    ppo.minibatches = minibatches_of(ppo.minibatches, ppo.envs * ppo.horizon);
    *a = (ParaAntagonist){.def = *def, .arena = arena, .horizon_max = ppo.horizon};
    a->policy = para_policy_create(para_policy_def(def->player), para_seed_mix(def->seed, 1), arena);
    a->ppo = para_ppo_create(&ppo, a->policy, para_seed_mix(def->seed, 2), def->workers, arena);
    ParaBatchDef batch = {.solver = def->solver,
                          .envs = def->envs,
                          .obs = para_policy_def(a->policy)->obs,
                          .workers = def->workers ? para_workers_count(def->workers) : 1,
                          .max_decisions = PARA_ANTAGONIST_DECISIONS,
                          .families = def->families,
                          .next = def->next,
                          .next_context = def->next_context,
                          .maker = "paired",
                          .seed = para_seed_mix(def->seed, 3),
                          .surprises = def->surprises,
                          .recording = true,
                          .fine = para_policy_is_fine(a->policy)};
    a->batch = para_batch_create(&batch, arena);
    if (!a->batch)
        return NULL;
    a->collector = para_collector_create(a->batch, a->ppo, a->policy, def->workers, arena);
    return a;
}

void para_antagonist_destroy(ParaAntagonist *a)
{
    if (a)
        para_batch_destroy(a->batch);
}

ParaEndedList para_antagonist_play(ParaAntagonist *a, int64_t *out_steps)
{
    const ParaPpoDef *learner = para_ppo_def(a->def.learner);
    int horizon = learner->horizon < a->horizon_max ? learner->horizon : a->horizon_max;
    int64_t before = para_batch_world_steps(a->batch);
    para_ppo_set_shape(a->ppo, horizon, minibatches_of(learner->minibatches, a->def.envs * horizon));
    para_ppo_set_learning_rate(a->ppo, learner->learning_rate);
    if (!a->begun)
        para_batch_reset(a->batch, a->def.workers);
    a->begun = true;
    ParaEndedList ended = para_collect(a->collector);
    para_ppo_update(a->ppo);
    *out_steps = para_batch_world_steps(a->batch) - before;
    return ended;
}

// ---------------------------------------------------------------------------------------------
// Keeping.

/// Every tensor of network and optimiser, one after another. @param at 0..  @return NULL: there are no more
static const ParaTensor *tensor_at(const ParaAntagonist *a, int at)
{
    int policy_count = 0, ppo_count = 0;
    const ParaTensor *policy = para_policy_tensors(a->policy, &policy_count),
                     *ppo = para_ppo_tensors(a->ppo, &ppo_count);
    if (at < policy_count)
        return &policy[at];
    return at < policy_count + ppo_count ? &ppo[at - policy_count] : NULL;
}

static size_t floats_of(const ParaTensor *tensor) { return (size_t)tensor->rows * (size_t)tensor->columns; }

void para_antagonist_save(const ParaAntagonist *a, ParaBytes *out)
{
    const ParaTensor *tensor;
    for (int i = 0; (tensor = tensor_at(a, i)); i++)
        para_bytes_put_f32s(out, tensor->data, floats_of(tensor));
    para_bytes_put_whole(out, a->begun, 1);
    for (int b = 0; a->begun && b < a->def.envs; b++)
        para_episode_save(out, a->batch, b);
    if (a->begun)
        para_collector_save_memory(a->collector, out);
}

bool para_antagonist_load(ParaAntagonist *a, ParaBytesReader *in)
{
    const ParaTensor *tensor;
    for (int i = 0; (tensor = tensor_at(a, i)); i++)
        para_bytes_take_f32s(in, tensor->data, floats_of(tensor));
    a->begun = para_bytes_take_range(in, 1, 0, 1) == 1;
    if (in->bad || !para_ppo_is_sound(a->ppo))
        return false;
    if (!a->begun)
        return true;
    ParaArenaMark mark = para_arena_mark(a->arena);
    ParaEpisode *episodes = PARA_NEW(a->arena, ParaEpisode, a->def.envs);
    for (int b = 0; b < a->def.envs && !in->bad; b++)
        episodes[b] = para_episode_load(in, a->batch, a->arena);
    const char *why = NULL;
    bool stands = !in->bad && para_collector_load_memory(a->collector, in) &&
                  para_episodes_resume(a->batch, a->def.workers, episodes, a->arena, &why) < 0;
    para_arena_rewind(a->arena, mark);
    return stands;
}
