// SPDX-License-Identifier: MIT
// The learner: its buffers and state, and what may be set. A learning phase is in ppo_update.c.
#include "agents/learn/ppo_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <limits.h>
#include <math.h>
#include <string.h>

ParaPpoDef para_ppo_def_default(int envs, int horizon)
{
    return (ParaPpoDef){
        .envs = envs,
        .horizon = horizon,
        .epochs = 2,
        .minibatches = 16,
        .learning_rate = 2e-3f,
        .discount = 0.99f,
        .lambda = 0.95f,
        .clip = 0.2f,
        .value_clip = 0.2f,
        .entropy = 0.01f,
        .value_weight = 0.5f,
        .gradient_max = 0.5f,
        .stretch = 64,
    };
}

/// Rows of the largest minibatch.
static int largest_minibatch(const ParaPpoDef *def)
{
    return (def->envs * def->horizon + def->minibatches - 1) / def->minibatches;
}

static void create_rollout(ParaPpo *ppo, ParaArena *arena)
{
    size_t rows = para_ppo_row_count(ppo);
    ParaRollout *rollout = &ppo->rollout;
    rollout->obs = PARA_NEW(arena, float, rows *(size_t)ppo->policy->def.obs.size);
    rollout->action = PARA_NEW(arena, int8_t, rows * PARA_CHANNELS);
    rollout->channel_bits = PARA_NEW(arena, uint32_t, rows);
    rollout->negative_bits = PARA_NEW(arena, uint32_t, rows);
    rollout->log_prob = PARA_NEW(arena, float, rows);
    rollout->value = PARA_NEW(arena, float, rows);
    rollout->reward = PARA_NEW(arena, float, rows);
    rollout->terminated = PARA_NEW(arena, uint8_t, rows);
    rollout->truncated = PARA_NEW(arena, uint8_t, rows);
    rollout->final_value = PARA_NEW(arena, float, rows);
    rollout->next_value = PARA_NEW(arena, float, ppo->def.envs);
    rollout->ratio = ppo->def.vtrace ? PARA_NEW(arena, float, rows) : NULL;
    rollout->live = ppo->def.masked ? PARA_NEW(arena, uint8_t, rows) : NULL;
}

static void create_state(ParaPpo *ppo, ParaArena *arena)
{
    int size = (int)ppo->policy->learned_floats;
    ppo->moment1 = PARA_NEW(arena, float, size);
    ppo->moment2 = PARA_NEW(arena, float, size);
    ppo->env_return = PARA_NEW(arena, float, ppo->def.envs);
    ppo->state = PARA_NEW(arena, float, PARA_S_COUNT);
    ppo->state[PARA_S_POWER1] = 1.0f;
    ppo->state[PARA_S_POWER2] = 1.0f;
    ppo->state[PARA_S_RETURN_VARIANCE] = 1.0f;
    ppo->tensors[0] = (ParaTensor){"ppo.moment1", 1, size, ppo->moment1};
    ppo->tensors[1] = (ParaTensor){"ppo.moment2", 1, size, ppo->moment2};
    ppo->tensors[2] = (ParaTensor){"ppo.env_return", 1, ppo->def.envs, ppo->env_return};
    ppo->tensors[3] = (ParaTensor){PARA_PPO_STATE, 1, PARA_S_COUNT, ppo->state};
}

/// Hyper-parameters within what the equations bear; a NaN is in no range.
static void assert_weights(const ParaPpoDef *def)
{
    PARA_ASSERT(def->learning_rate >= 0.0f && def->learning_rate <= 1.0f);
    PARA_ASSERT(def->discount >= 0.0f && def->discount <= 1.0f && def->lambda >= 0.0f && def->lambda <= 1.0f);
    PARA_ASSERT(def->clip > 0.0f && def->clip < 1.0f && isfinite(def->value_clip));
    PARA_ASSERT(def->stretch >= 1 && def->stretch <= PARA_BLOCK);
    PARA_ASSERT(def->entropy_enough >= 0.0f && def->entropy_enough <= 1.0f);
    PARA_ASSERT(isfinite(def->entropy) && isfinite(def->value_weight) && def->gradient_max > 0.0f);
}

ParaPpo *para_ppo_create(const ParaPpoDef *def, ParaPolicy *policy, uint64_t seed, ParaWorkers *workers,
                         ParaArena *arena)
{
    PARA_ASSERT(def->envs >= 1 && def->horizon >= 1 && def->epochs >= 1 && def->minibatches >= 1);
    PARA_ASSERT((int64_t)def->envs * def->horizon <= INT_MAX / 2);
    PARA_ASSERT(def->minibatches <= def->envs * def->horizon);
    assert_weights(def);
    ParaPpo *ppo = PARA_NEW(arena, ParaPpo, 1);
    int worker_count = workers != NULL ? para_workers_count(workers) : 1;
    *ppo = (ParaPpo){.def = *def, .policy = policy, .workers = workers, .seed = seed};
    size_t rows = para_ppo_row_count(ppo);
    int blocks = para_ppo_block_count(largest_minibatch(def));
    ppo->rows_max = (int)rows;
    ppo->block_max =
        blocks > PARA_SHARED_BLOCKS ? blocks : PARA_SHARED_BLOCKS; // small minibatches have up to so many
    if (para_policy_remembers(
            ppo->policy)) // a block has a whole number of stretches, and a minibatch one more than its share
        ppo->block_max = 2 * ppo->block_max + 2;
    create_rollout(ppo, arena);
    if (para_policy_remembers(ppo->policy)) {
        para_ppo_create_stretches(ppo, arena);
        ppo->example_block = PARA_NEW(arena, ParaExampleBlock, 1);
    }
    create_state(ppo, arena);
    if (def->muon)
        para_ppo_create_muon(ppo, arena);
    para_ppo_create_adam(ppo, arena);
    ppo->forward = PARA_NEW(arena, ParaForward *, worker_count);
    for (int i = 0; i < worker_count; i++)
        ppo->forward[i] = para_forward_create_training(&policy->def, arena);
    ppo->advantage = PARA_NEW(arena, float, rows);
    ppo->target = PARA_NEW(arena, float, rows);
    ppo->order = PARA_NEW(arena, int, rows);
    ppo->measures = PARA_NEW(arena, double, 3 * rows);
    ppo->slots = PARA_NEW(arena, float, (size_t)(ppo->block_max + 1) * policy->learned_floats);
    ppo->sums = PARA_NEW(arena, ParaLossSums, ppo->block_max);
    ppo->square_parts = PARA_NEW(arena, double, para_ppo_range_count(policy));
    ppo->statistics = PARA_NEW(arena, double, para_ppo_statistic_count(ppo));
    return ppo;
}

ParaRollout *para_ppo_rollout(ParaPpo *ppo) { return &ppo->rollout; }
const ParaPpoDef *para_ppo_def(const ParaPpo *ppo) { return &ppo->def; }

void para_ppo_set_shape(ParaPpo *ppo, int horizon, int minibatches)
{
    ParaPpoDef *def = &ppo->def;
    def->horizon = horizon;
    def->minibatches = minibatches;
    PARA_ASSERT(horizon >= 1 && def->envs * horizon <= ppo->rows_max);
    PARA_ASSERT(minibatches >= 1 && minibatches <= def->envs * horizon);
    PARA_ASSERT(para_ppo_block_count(largest_minibatch(def)) <= ppo->block_max);
}

void para_ppo_set_learning_rate(ParaPpo *ppo, float rate)
{
    ppo->def.learning_rate = rate;
    assert_weights(&ppo->def);
}

void para_ppo_set_entropy(ParaPpo *ppo, float weight)
{
    ppo->def.entropy = weight;
    assert_weights(&ppo->def);
}

void para_ppo_set_examples(ParaPpo *ppo, const ParaCloneRows *rows, float weight)
{
    PARA_ASSERT(weight >= 0.0f && isfinite(weight));
    bool some = rows != NULL && weight > 0.0f;
    ppo->examples = some ? *rows : (ParaCloneRows){.count = 0};
    ppo->example_weight = some ? weight : 0.0f;
}

void para_ppo_set_hold(ParaPpo *ppo, const ParaPpoHold *hold)
{
    ppo->hold = hold ? *hold : (ParaPpoHold){.weight = 0.0f};
    PARA_ASSERT(ppo->hold.weight >= 0.0f && isfinite(ppo->hold.weight));
    PARA_ASSERT(!ppo->hold.anchor == !ppo->hold.importance);
    PARA_ASSERT(!ppo->hold.frozen || ppo->muon_count == 0); // whose steps mix a whole matrix
    for (size_t i = 0; ppo->hold.frozen && i < ppo->policy->learned_floats; i++)
        if (ppo->hold.frozen[i]) // what it was moving by would go on moving it
            ppo->moment1[i] = ppo->moment2[i] = 0.0f;
}

void para_ppo_forget_task(ParaPpo *ppo)
{
    memset(ppo->moment1, 0, sizeof *ppo->moment1 * ppo->policy->learned_floats);
    memset(ppo->moment2, 0, sizeof *ppo->moment2 * ppo->policy->learned_floats);
    ppo->state[PARA_S_POWER1] = ppo->state[PARA_S_POWER2] = 1.0f;
    for (int i = PARA_S_RETURN_MEAN; i <= PARA_S_RETURN_COUNT; i++)
        ppo->state[i] = 0.0f;
    para_ppo_forget_episodes(ppo);
}

void para_ppo_forget_episodes(ParaPpo *ppo)
{
    memset(ppo->env_return, 0, sizeof *ppo->env_return * (size_t)ppo->def.envs);
}

const ParaTensor *para_ppo_tensors(const ParaPpo *ppo, int *out_count)
{
    *out_count = (int)(sizeof ppo->tensors / sizeof *ppo->tensors);
    return ppo->tensors;
}

/// Each of them finite and at least `low`.
static bool are_at_least(const float *values, size_t count, float low)
{
    bool sound = true;
    for (size_t i = 0; i < count; i++)
        sound = sound && isfinite(values[i]) && values[i] >= low;
    return sound;
}

bool para_ppo_is_sound(const ParaPpo *ppo)
{
    static const ParaTensorId not_below_0[] = {PARA_T_GLOBAL_VARIANCE, PARA_T_ROW_VARIANCE,
                                               PARA_T_NORMAL_COUNT};
    int tensors = 0;
    const ParaTensor *tensor = para_policy_tensors(ppo->policy, &tensors);
    size_t learned = ppo->policy->learned_floats;
    bool sound = are_at_least(ppo->moment1, learned, -INFINITY) && are_at_least(ppo->moment2, learned, 0) &&
                 are_at_least(ppo->env_return, (size_t)ppo->def.envs, -INFINITY);
    for (int i = 0; i < tensors; i++) {
        bool above = false;
        for (size_t k = 0; k < sizeof not_below_0 / sizeof *not_below_0; k++)
            above = above || tensor[i].data == para_policy_at(ppo->policy, not_below_0[k]);
        sound = sound && are_at_least(tensor[i].data, (size_t)tensor[i].rows * (size_t)tensor[i].columns,
                                      above ? 0 : -INFINITY);
    }
    const float *state = ppo->state;
    return sound && state[PARA_S_UPDATES] >= 0 && state[PARA_S_UPDATES] <= 0x1p24f &&
           are_at_least(state + PARA_S_POWER1, 2, 0) && state[PARA_S_POWER1] <= 1 &&
           state[PARA_S_POWER2] <= 1 && isfinite(state[PARA_S_RETURN_MEAN]) &&
           are_at_least(state + PARA_S_RETURN_VARIANCE, 2, 0);
}

void para_ppo_run(ParaPpo *ppo, ParaTask *task, void *context, int task_count)
{
    if (ppo->workers != NULL) {
        para_workers_run(ppo->workers, task, context, task_count);
        return;
    }
    for (int i = 0; i < task_count; i++)
        task(context, i, 0);
}

size_t para_ppo_live_count(const ParaPpo *ppo, size_t first, size_t last)
{
    size_t count = 0;
    if (ppo->rollout.live == NULL)
        return last - first;
    for (size_t i = first; i < last; i++)
        count += ppo->rollout.live[i];
    return count;
}
