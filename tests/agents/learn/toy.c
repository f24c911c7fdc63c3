// SPDX-License-Identifier: MIT
// Small known tasks for the learner's tests.
#include "tests/agents/learn/toy.h"

#include "engine/base/maths.h"

#include <string.h>

static void context_reset(ToyEnv *env, ParaRng *rng)
{
    env->steps = 0;
    env->context = para_rng_int(rng, 0, 1) == 1 ? 1.0 : -1.0;
}

static void bandit_observe(const ToyEnv *env, const ParaObsSpec *spec, ParaRng *rng, float *out)
{
    for (int i = 0; i < spec->size; i++)
        out[i] = (float)para_rng_range(rng, -1.0, 1.0);
    out[1] = (float)env->context;
}

static float bandit_step(ToyEnv *env, const int8_t *action, bool *terminated, bool *truncated)
{
    *terminated = true;
    *truncated = false;
    float first = (double)action[0] == env->context ? 1.0f : 0.0f;
    float second = action[1] == (env->context > 0.0 ? 1 : 0) ? 1.0f : 0.0f;
    return 0.5f * (first + second);
}

ToyTask toy_bandit(void)
{
    return (ToyTask){.obs = {PARA_OBS_VECTOR, 4, 0, 0, 4, 0},
                     .channel_bits = 0x3,
                     .negative_bits = 0x1,
                     .reset = context_reset,
                     .observe = bandit_observe,
                     .step = bandit_step};
}

static void rows_observe(const ToyEnv *env, const ParaObsSpec *spec, ParaRng *rng, float *out)
{
    float *rows = out + spec->global_size, *mask = rows + spec->row_max * spec->row_size;
    int live = (int)para_rng_int(rng, 1, spec->row_max), chosen = (int)para_rng_int(rng, 0, live - 1);
    memset(out, 0, (size_t)spec->size * sizeof *out);
    out[0] = 1.0f;
    for (int r = 0; r < spec->row_max; r++) {
        float *row = rows + r * spec->row_size;
        row[0] = r == chosen ? 1.0f : 0.0f;
        row[1] = para_rng_int(rng, 0, 1) == 1 ? 1.0f : -1.0f;
        row[2] = (float)para_rng_range(rng, -1.0, 1.0);
        mask[r] = r < live ? 1.0f : 0.0f;
    }
    rows[chosen * spec->row_size + 1] = (float)env->context;
}

static float rows_step(ToyEnv *env, const int8_t *action, bool *terminated, bool *truncated)
{
    *terminated = true;
    *truncated = false;
    return (double)action[0] == env->context ? 1.0f : 0.0f;
}

ToyTask toy_rows(void)
{
    return (ToyTask){.obs = {PARA_OBS_ENTITIES, 2, 5, 3, 2 + 5 * 4, 0},
                     .channel_bits = 0x1,
                     .negative_bits = 0x1,
                     .reset = context_reset,
                     .observe = rows_observe,
                     .step = rows_step};
}

// Cart 1 kg, pole 0.1 kg and 0.5 m to its middle, force 10 N; equations after Barto, Sutton and Anderson
// 1983.
static void cartpole_reset(ToyEnv *env, ParaRng *rng)
{
    env->steps = 0;
    for (int i = 0; i < 4; i++)
        env->state[i] = (float)para_rng_range(rng, -0.05, 0.05);
}

static void cartpole_observe(const ToyEnv *env, const ParaObsSpec *spec, ParaRng *rng, float *out)
{
    (void)spec;
    (void)rng;
    memcpy(out, env->state, sizeof env->state);
}

static float cartpole_step(ToyEnv *env, const int8_t *action, bool *terminated, bool *truncated)
{
    double x = (double)env->state[0], v = (double)env->state[1], angle = (double)env->state[2];
    double w = (double)env->state[3], force = 10.0 * (double)action[0], sine = para_sin(angle),
           cosine = para_cos(angle);
    double shared = (force + 0.05 * w * w * sine) / 1.1;
    double turn = (9.81 * sine - cosine * shared) / (0.5 * (4.0 / 3.0 - 0.1 * cosine * cosine / 1.1));
    double push = shared - 0.05 * turn * cosine / 1.1;
    env->state[0] = (float)(x + 0.02 * v);
    env->state[1] = (float)(v + 0.02 * push);
    env->state[2] = (float)(angle + 0.02 * w);
    env->state[3] = (float)(w + 0.02 * turn);
    env->steps++;
    *terminated =
        env->state[0] < -2.4f || env->state[0] > 2.4f || env->state[2] < -0.21f || env->state[2] > 0.21f;
    *truncated = !*terminated && env->steps >= 200;
    return 1.0f;
}

ToyTask toy_cartpole(void)
{
    return (ToyTask){.obs = {PARA_OBS_VECTOR, 4, 0, 0, 4, 0},
                     .channel_bits = 0x1,
                     .negative_bits = 0x1,
                     .reset = cartpole_reset,
                     .observe = cartpole_observe,
                     .step = cartpole_step};
}

// ---------------------------------------------------------------- memory and amounts

#define RECALL_STEPS 6

static void recall_observe(const ToyEnv *env, const ParaObsSpec *spec, ParaRng *rng, float *out)
{
    for (int i = 0; i < spec->size; i++)
        out[i] = (float)para_rng_range(rng, -1.0, 1.0);
    out[0] = env->steps == 0 ? (float)env->context : 0.0f;
    out[1] = (float)env->steps / RECALL_STEPS;
}

static float recall_step(ToyEnv *env, const int8_t *action, bool *terminated, bool *truncated)
{
    *terminated = ++env->steps == RECALL_STEPS;
    *truncated = false;
    return *terminated && (double)action[0] == env->context ? 1.0f : 0.0f;
}

ToyTask toy_recall(ParaCore core)
{
    return (ToyTask){.obs = {PARA_OBS_VECTOR, 4, 0, 0, 4, 0},
                     .channel_bits = 1,
                     .negative_bits = 1,
                     .reset = context_reset,
                     .observe = recall_observe,
                     .step = recall_step,
                     .core = core};
}

static void aim_reset(ToyEnv *env, ParaRng *rng)
{
    env->steps = 0;
    env->context = para_rng_range(rng, -0.9, 0.9);
}

static float aim_step(ToyEnv *env, const int8_t *action, bool *terminated, bool *truncated)
{
    double off = (double)action[0] / (double)env->state[0] - env->context;
    *terminated = true;
    *truncated = false;
    return (float)para_max(0.0, 1.0 - 3.0 * (off < 0 ? -off : off));
}

static void aim_reset_fine(ToyEnv *env, ParaRng *rng)
{
    aim_reset(env, rng);
    env->state[0] = PARA_FINE;
}

static void aim_reset_coarse(ToyEnv *env, ParaRng *rng)
{
    aim_reset(env, rng);
    env->state[0] = 1;
}

ToyTask toy_aim(ParaHead head)
{
    return (ToyTask){.obs = {PARA_OBS_VECTOR, 3, 0, 0, 3, 0},
                     .channel_bits = 1,
                     .negative_bits = 1,
                     .reset = head == PARA_HEAD_FINE ? aim_reset_fine : aim_reset_coarse,
                     .observe = bandit_observe,
                     .step = aim_step,
                     .head = head};
}

ToyRun *toy_run_create(ToyTask task, ParaPpoDef def, int width, uint64_t seed, ParaWorkers *workers,
                       ParaArena *arena)
{
    ToyRun *run = PARA_NEW(arena, ToyRun, 1);
    ParaPolicyDef policy = para_policy_def_default(task.obs);
    policy.width = width;
    policy.encoder_width = width / 2;
    policy.core = task.core;
    policy.head = task.head;
    policy.bins = task.bins;
    run->task = task;
    run->envs = def.envs;
    run->horizon = def.horizon;
    run->rng = para_rng_make(seed, "toy");
    run->policy = para_policy_create(&policy, seed, arena);
    run->forward = para_forward_create(&policy, def.envs, arena);
    run->ppo = para_ppo_create(&def, run->policy, seed, workers, arena);
    run->obs = PARA_NEW(arena, float, def.envs *task.obs.size);
    run->final_obs = PARA_NEW(arena, float, task.obs.size);
    run->logits = PARA_NEW(arena, float, def.envs *PARA_LOGITS);
    run->value = PARA_NEW(arena, float, def.envs);
    run->memory = PARA_NEW(arena, float, def.envs *para_policy_memory(&policy));
    run->spare = PARA_NEW(arena, float, def.envs *para_policy_memory(&policy));
    for (int b = 0; b < def.envs; b++) {
        task.reset(&run->env[b], &run->rng);
        task.observe(&run->env[b], &task.obs, &run->rng, run->obs + b * task.obs.size);
    }
    return run;
}

static size_t memory_size(const ToyRun *run)
{
    return (size_t)para_policy_memory(para_policy_def(run->policy));
}

static void step_env(ToyRun *run, int t, int b)
{
    ParaRollout *rollout = para_ppo_rollout(run->ppo);
    int i = t * run->envs + b, size = run->task.obs.size;
    float *obs = run->obs + b * size, logits[PARA_LOGITS];
    bool terminated, truncated;
    memcpy(rollout->obs + (size_t)i * (size_t)size, obs, (size_t)size * sizeof *obs);
    rollout->channel_bits[i] = run->task.channel_bits;
    rollout->negative_bits[i] = run->task.negative_bits;
    rollout->value[i] = run->value[b];
    rollout->log_prob[i] =
        para_action_draw(run->task.head, run->logits + b * PARA_LOGITS, run->task.channel_bits,
                         run->task.negative_bits, &run->rng, rollout->action + i * PARA_CHANNELS);
    rollout->reward[i] =
        run->task.step(&run->env[b], rollout->action + i * PARA_CHANNELS, &terminated, &truncated);
    rollout->terminated[i] = terminated;
    rollout->truncated[i] = truncated;
    rollout->final_value[i] = 0.0f;
    run->reward_sum += (double)rollout->reward[i];
    if (truncated) {
        run->task.observe(&run->env[b], &run->task.obs, &run->rng, run->final_obs);
        memcpy(run->spare, run->memory + (size_t)b * memory_size(run), memory_size(run) * sizeof(float));
        para_policy_forward(run->policy, run->forward, run->final_obs, 1, run->spare, logits,
                            &rollout->final_value[i]);
    }
    if (terminated || truncated) {
        run->ends++;
        memset(run->memory + (size_t)b * memory_size(run), 0, memory_size(run) * sizeof(float));
        run->task.reset(&run->env[b], &run->rng);
    }
    run->task.observe(&run->env[b], &run->task.obs, &run->rng, obs);
}

void toy_run_rollout(ToyRun *run)
{
    run->reward_sum = 0.0;
    run->ends = 0;
    for (int t = 0; t < run->horizon; t++) {
        int stretch = memory_size(run) > 0 ? para_ppo_stretch_at(run->ppo, t) : -1;
        if (stretch >= 0)
            memcpy(para_ppo_stretch_memory(run->ppo, stretch), run->memory,
                   (size_t)run->envs * memory_size(run) * sizeof(float));
        para_policy_forward(run->policy, run->forward, run->obs, run->envs, run->memory, run->logits,
                            run->value);
        for (int b = 0; b < run->envs; b++)
            step_env(run, t, b);
    }
    memcpy(run->spare, run->memory, (size_t)run->envs * memory_size(run) * sizeof(float));
    para_policy_forward(run->policy, run->forward, run->obs, run->envs, run->spare, run->logits, run->value);
    memcpy(para_ppo_rollout(run->ppo)->next_value, run->value, (size_t)run->envs * sizeof *run->value);
}
