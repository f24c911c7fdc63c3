// SPDX-License-Identifier: MIT
// The collector: the player acts in every env for a horizon, and what it saw, did, thought and earned goes
// straight into the rows of the learner. Used by the lesson and the bench of training.
#include "agents/player/collector.h"

#include "engine/base/assert.h"
#include "engine/base/clock.h"

#include <string.h>

#define BLOCK PARA_ENV_BLOCK // envs of one task: a forward pass of so many rows; the cut that fixes results

struct ParaCollector {
    ParaBatch *batch;
    ParaPpo *ppo;
    const ParaPolicy *policy;
    ParaWorkers *workers;
    int block_count;
    ParaForward **forward; // [workers]
    float **logits;        // [workers] [BLOCK, 24]
    float **obs;           // [workers] [BLOCK, O] final observations that need a value
    ParaEnded *ended;      // [B, T] by env, then in order of time
    int *ended_count;      // [B]
    ParaEnded *list;       // [B * T] compacted
    ParaCollectTime *time; // [blocks]
};

ParaCollector *para_collector_create(ParaBatch *batch, ParaPpo *ppo, const ParaPolicy *policy,
                                     ParaWorkers *workers, ParaArena *arena)
{
    PARA_ASSERT(batch->def.envs == para_ppo_def(ppo)->envs);
    PARA_ASSERT(batch->def.obs.size == para_policy_def(policy)->obs.size);
    ParaCollector *c = PARA_NEW(arena, ParaCollector, 1);
    int worker_count = para_workers_count(workers), b_count = batch->def.envs,
        t_count = para_ppo_def(ppo)->horizon;
    *c = (ParaCollector){.batch = batch,
                         .ppo = ppo,
                         .policy = policy,
                         .workers = workers,
                         .block_count = (b_count + BLOCK - 1) / BLOCK};
    c->forward = PARA_NEW(arena, ParaForward *, worker_count);
    c->logits = PARA_NEW(arena, float *, worker_count);
    c->obs = PARA_NEW(arena, float *, worker_count);
    for (int w = 0; w < worker_count; w++) {
        c->forward[w] = para_forward_create(para_policy_def(policy), BLOCK, arena);
        c->logits[w] = PARA_NEW(arena, float, BLOCK *PARA_LOGITS);
        c->obs[w] = PARA_NEW(arena, float, BLOCK * batch->def.obs.size);
    }
    c->ended = PARA_NEW(arena, ParaEnded, (size_t)b_count * (size_t)t_count);
    c->list = PARA_NEW(arena, ParaEnded, (size_t)b_count * (size_t)t_count);
    c->ended_count = PARA_NEW(arena, int, b_count);
    c->time = PARA_NEW(arena, ParaCollectTime, c->block_count);
    return c;
}

// A truncated episode goes on in value: its last observation is valued for the bootstrap.
static void value_final(ParaCollector *c, int worker, const int *rows, const int *envs, int count)
{
    const ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    size_t o = (size_t)batch->def.obs.size;
    float value[BLOCK];
    for (int i = 0; i < count; i++)
        memcpy(c->obs[worker] + (size_t)i * o, batch->final_obs + (size_t)envs[i] * o, sizeof(float) * o);
    para_policy_forward(c->policy, c->forward[worker], c->obs[worker], count, c->logits[worker], value);
    for (int i = 0; i < count; i++)
        r->final_value[rows[i]] = value[i];
}

// Draws the actions of a block at step t from the logits.
static void act(ParaCollector *c, int worker, int first, int count, int t)
{
    ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    for (int i = 0; i < count; i++) {
        int b = first + i, row = t * batch->def.envs + b;
        r->channel_bits[row] = batch->channel_bits[b];
        r->negative_bits[row] = batch->negative_bits[b];
        r->log_prob[row] = para_action_draw(c->logits[worker] + i * PARA_LOGITS, batch->channel_bits[b],
                                            batch->negative_bits[b], &batch->action_rng[b],
                                            r->action + (size_t)row * PARA_CHANNELS);
    }
}

// Steps a block at step t; the next observations go straight to the rollout's row t + 1.
static void step(ParaCollector *c, int worker, int first, int count, int t, int t_count)
{
    ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    size_t o = (size_t)batch->def.obs.size;
    int rows[BLOCK], envs[BLOCK], cut = 0, row_first = t * batch->def.envs + first;
    float *next = t + 1 < t_count ? r->obs + (size_t)(row_first + batch->def.envs) * o : NULL;
    para_batch_step_block(batch, first, count, r->action + (size_t)row_first * PARA_CHANNELS, next);
    for (int i = 0; i < count; i++) {
        int b = first + i, row = row_first + i;
        r->reward[row] = batch->reward[b];
        r->terminated[row] = batch->terminated[b];
        r->truncated[row] = batch->truncated[b];
        r->final_value[row] = 0;
        PARA_ASSERT(!(batch->terminated[b] && batch->truncated[b]) && c->ended_count[b] <= t);
        if (batch->terminated[b] || batch->truncated[b])
            c->ended[(size_t)b * (size_t)t_count + (size_t)c->ended_count[b]++] = batch->ended[b];
        if (batch->truncated[b]) {
            rows[cut] = row;
            envs[cut++] = b;
        }
    }
    if (cut)
        value_final(c, worker, rows, envs, cut);
}

static void collect_block(void *context, int task, int worker)
{
    ParaCollector *c = context;
    ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    int t_count = para_ppo_def(c->ppo)->horizon, b_count = batch->def.envs;
    int first = task * BLOCK, count = b_count - first < BLOCK ? b_count - first : BLOCK;
    size_t o = (size_t)batch->def.obs.size;
    double env_seconds = 0, forward_seconds = 0;
    memcpy(r->obs + (size_t)first * o, batch->obs + (size_t)first * o, sizeof(float) * o * (size_t)count);
    memset(c->ended_count + first, 0, sizeof(int) * (size_t)count);
    for (int t = 0; t < t_count; t++) {
        int row = t * b_count + first;
        double start = para_clock_seconds();
        para_policy_forward(c->policy, c->forward[worker], r->obs + (size_t)row * o, count, c->logits[worker],
                            r->value + row);
        act(c, worker, first, count, t);
        double middle = para_clock_seconds();
        step(c, worker, first, count, t, t_count);
        forward_seconds += middle - start;
        env_seconds += para_clock_seconds() - middle;
    }
    para_policy_forward(c->policy, c->forward[worker], batch->obs + (size_t)first * o, count,
                        c->logits[worker], r->next_value + first);
    c->time[task] = (ParaCollectTime){env_seconds, forward_seconds};
}

ParaEndedList para_collect(ParaCollector *c)
{
    para_workers_run(c->workers, collect_block, c, c->block_count);
    int count = 0, t_count = para_ppo_def(c->ppo)->horizon;
    for (int b = 0; b < c->batch->def.envs; b++)
        for (int i = 0; i < c->ended_count[b]; i++)
            c->list[count++] = c->ended[(size_t)b * (size_t)t_count + (size_t)i];
    return (ParaEndedList){c->list, count};
}

ParaCollectTime para_collect_time(const ParaCollector *c)
{
    ParaCollectTime sum = {0};
    for (int i = 0; i < c->block_count; i++) {
        sum.env += c->time[i].env;
        sum.forward += c->time[i].forward;
    }
    return sum;
}
