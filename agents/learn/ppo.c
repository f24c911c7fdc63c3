// SPDX-License-Identifier: MIT
// The learner: buffers, the order of a learning phase, statistics.
#include "agents/learn/ppo_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define SHARED_BLOCKS 4  // a minibatch is cut into so many blocks at least, for threads to share
#define SHARED_BLOCK  32 // [row] but into none below this, where matrix products grow slow

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

static size_t row_count(const ParaPpo *ppo) { return (size_t)ppo->def.envs * (size_t)ppo->def.horizon; }

/// Rows of a block of a minibatch of `count`. They hang on nothing else: the same sums for any threads.
static int block_rows(int count)
{
    int share = (count + SHARED_BLOCKS - 1) / SHARED_BLOCKS;
    return share > PARA_BLOCK ? PARA_BLOCK : share < SHARED_BLOCK ? SHARED_BLOCK : share;
}

static int block_count(int count) { return (count + block_rows(count) - 1) / block_rows(count); }

static bool remembers(const ParaPpo *ppo) { return ppo->policy->def.core != PARA_CORE_NONE; }

/// Stretches that go through the network together: as many as make about a block of rows.
static int block_stretches(const ParaPpo *ppo, const ParaMinibatch *minibatch)
{
    int longest =
        (ppo->def.horizon + para_ppo_stretch_count(&ppo->def) - 1) / para_ppo_stretch_count(&ppo->def);
    int count = block_rows(minibatch->rows) / longest;
    return count < 1 ? 1 : count;
}

static int minibatch_blocks(const ParaPpo *ppo, const ParaMinibatch *minibatch)
{
    int each = block_stretches(ppo, minibatch);
    return remembers(ppo) ? (minibatch->stretch_count + each - 1) / each : block_count(minibatch->rows);
}

/// Rows of the largest minibatch.
static int largest_minibatch(const ParaPpoDef *def)
{
    return (def->envs * def->horizon + def->minibatches - 1) / def->minibatches;
}

static void create_rollout(ParaPpo *ppo, ParaArena *arena)
{
    size_t rows = row_count(ppo);
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
    size_t rows = row_count(ppo);
    int blocks = block_count(largest_minibatch(def));
    ppo->rows_max = (int)rows;
    ppo->block_max = blocks > SHARED_BLOCKS ? blocks : SHARED_BLOCKS; // small minibatches have up to so many
    if (remembers(ppo)) // a block has a whole number of stretches, and a minibatch one more than its share
        ppo->block_max = 2 * ppo->block_max + 2;
    create_rollout(ppo, arena);
    if (remembers(ppo)) {
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
    PARA_ASSERT(block_count(largest_minibatch(def)) <= ppo->block_max);
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

/// Fisher-Yates over all live rows.
static void shuffle(ParaPpo *ppo, ParaRng *rng)
{
    int *order = ppo->order, count = 0;
    for (int i = 0; i < (int)row_count(ppo); i++)
        if (para_ppo_is_live(&ppo->rollout, (size_t)i))
            order[count++] = i;
    for (int i = count - 1; i > 0; i--) {
        int other = (int)para_rng_int(rng, 0, i), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
}

/// Minibatch `index` of `parts` that the units of the order, rows or stretches, are cut into, each peer's of
/// its own; its live rows are counted.
static ParaMinibatch cut_minibatch(const ParaPpo *ppo, int64_t units, int index, int parts)
{
    int first = (int)(units * index / parts), count = (int)(units * (index + 1) / parts) - first;
    const int *places = ppo->stretches.first;
    ParaMinibatch minibatch = {.order = ppo->order + first, .rows = count};
    if (remembers(ppo))
        minibatch = (ParaMinibatch){.order = ppo->order + places[first],
                                    .rows = places[first + count] - places[first],
                                    .stretch = first,
                                    .stretch_count = count};
    for (int i = 0; i < minibatch.rows; i++)
        minibatch.count += para_ppo_is_live(&ppo->rollout, (size_t)minibatch.order[i]);
    return minibatch;
}

/// Sum over a minibatch's live rows of its advantages, or of their squared distance from a mean.
static double sum_advantages(const ParaPpo *ppo, const ParaMinibatch *minibatch, const double *mean)
{
    double sum = 0.0;
    for (int i = 0; i < minibatch->rows; i++) {
        size_t row = (size_t)minibatch->order[i];
        if (!para_ppo_is_live(&ppo->rollout, row))
            continue;
        double d = (double)ppo->advantage[row] - (mean ? *mean : 0.0);
        sum += mean ? d * d : d;
    }
    return sum;
}

/// Mean and spread of the advantages of every minibatch, peers' rows too: all of a pass together, since peers
/// wait for each other as long for one number as for many.
static void measure_minibatches(ParaPpo *ppo, int64_t units, int parts)
{
    double *sum = ppo->measures, *count = sum + parts, *square = count + parts;
    for (int i = 0; i < parts; i++) {
        ParaMinibatch minibatch = cut_minibatch(ppo, units, i, parts);
        count[i] = minibatch.count;
        sum[i] = sum_advantages(ppo, &minibatch, NULL);
    }
    para_peers_sum_f64(ppo->def.peers, sum, 2 * (size_t)parts);
    for (int i = 0; i < parts; i++) {
        ParaMinibatch minibatch = cut_minibatch(ppo, units, i, parts);
        double mean = count[i] > 0 ? sum[i] / count[i] : 0.0;
        square[i] = sum_advantages(ppo, &minibatch, &mean);
    }
    para_peers_sum_f64(ppo->def.peers, square, (size_t)parts);
}

/// A minibatch of those that were measured.
static ParaMinibatch minibatch_of(const ParaPpo *ppo, int64_t units, int index, int parts)
{
    const double *sum = ppo->measures, *count = sum + parts, *square = count + parts;
    ParaMinibatch minibatch = cut_minibatch(ppo, units, index, parts);
    minibatch.others = (int)count[index] - minibatch.count;
    if (count[index] > 0) { // else of players that had ended alone: it is passed over
        minibatch.advantage_mean = (float)(sum[index] / count[index]);
        minibatch.advantage_scale = (float)(1.0 / (para_sqrt(square[index] / count[index]) + 1e-8));
    }
    return minibatch;
}

typedef struct BlockRun {
    ParaPpo *ppo;
    ParaMinibatch minibatch;
    int blocks;   ///< of the minibatch
    int examples; ///< rows or stretches that are imitated in this step
} BlockRun;

/// The block of whole stretches.
static void run_stretches(const BlockRun *run, int task, ParaForward *scratch, float *gradient)
{
    ParaPpo *ppo = run->ppo;
    const ParaStretchOrder *all = &ppo->stretches;
    int each = block_stretches(ppo, &run->minibatch), skipped = task * each, first[PARA_BLOCK + 1];
    int left = run->minibatch.stretch_count - skipped, count = left < each ? left : each;
    const int *places = all->first + run->minibatch.stretch + skipped;
    for (int k = 0; k <= count; k++)
        first[k] = places[k] - places[0];
    ParaStretches stretches = {count, first, all->memory + run->minibatch.stretch + skipped,
                               all->begins + places[0]};
    para_ppo_block(ppo, &run->minibatch, ppo->order + places[0], first[count], &stretches, scratch, gradient,
                   &ppo->sums[task]);
}

static void run_block(void *context, int task, int worker)
{
    const BlockRun *run = context;
    ParaPpo *ppo = run->ppo;
    int rows = block_rows(run->minibatch.rows), first = task * rows, left = run->minibatch.rows - first;
    float *gradient = ppo->slots + (size_t)task * ppo->policy->learned_floats;
    if (task == run->blocks) // the one after the last is that of the examples
        para_ppo_example_block(ppo, run->examples, ppo->forward[worker], gradient);
    else if (remembers(ppo))
        run_stretches(run, task, ppo->forward[worker], gradient);
    else
        para_ppo_block(ppo, &run->minibatch, run->minibatch.order + first, left < rows ? left : rows, NULL,
                       ppo->forward[worker], gradient, &ppo->sums[task]);
}

/// Draws what is imitated in a step. @return how many rows, or stretches
static int draw_examples(ParaPpo *ppo, int most, ParaRng *rng)
{
    if (ppo->examples.count == 0)
        return 0;
    int count = most < PARA_BLOCK ? most : PARA_BLOCK;
    if (remembers(ppo))
        count = (count + PARA_EXAMPLE_LENGTH - 1) / PARA_EXAMPLE_LENGTH;
    for (int i = 0; i < count; i++) {
        int at = (int)para_rng_int(rng, 0, ppo->examples.count - 1);
        int row = ppo->examples.index ? ppo->examples.index[at] : at;
        if (remembers(ppo))
            ppo->example_stretches[i] = para_example_at(&ppo->examples, row);
        else
            ppo->example_order[i] = row;
    }
    return count;
}

/// One gradient step; adds to the totals.
static void learn_minibatch(ParaPpo *ppo, ParaMinibatch minibatch, ParaRng *rng, ParaLossSums *totals,
                            double *norms)
{
    if (minibatch.count + minibatch.others == 0)
        return; // of players that had ended alone
    BlockRun run = {.ppo = ppo,
                    .minibatch = minibatch,
                    .blocks = minibatch_blocks(ppo, &minibatch),
                    .examples = draw_examples(ppo, minibatch.count, rng)};
    int blocks = run.blocks, slots = blocks + (run.examples > 0);
    PARA_ASSERT(blocks <= ppo->block_max);
    para_ppo_run(ppo, run_block, &run, slots);
    for (int i = 0; i < blocks; i++) {
        totals->policy += ppo->sums[i].policy;
        totals->value += ppo->sums[i].value;
        totals->entropy += ppo->sums[i].entropy;
        totals->kl += ppo->sums[i].kl;
        totals->clipped += ppo->sums[i].clipped;
    }
    if (slots == 0) // all of this step's rows are peers'
        memset(ppo->slots, 0, sizeof *ppo->slots * ppo->policy->learned_floats);
    *norms += (double)para_ppo_step(ppo, slots > 0 ? slots : 1);
}

/// 1 - Var(target - value) / Var(target) over the live rows of all peers; 0 where targets do not vary.
static float explained_variance(const ParaPpo *ppo, size_t live)
{
    double sum = 0.0, square = 0.0, error_sum = 0.0, error_square = 0.0;
    for (size_t i = 0; i < row_count(ppo); i++) {
        if (!para_ppo_is_live(&ppo->rollout, i))
            continue;
        double target = (double)ppo->target[i], error = (double)ppo->advantage[i];
        sum += target;
        square += target * target;
        error_sum += error;
        error_square += error * error;
    }
    double all[5] = {sum, square, error_sum, error_square, (double)live};
    para_peers_sum_f64(ppo->def.peers, all, 5);
    double n = all[4], variance = all[1] / n - all[0] / n * (all[0] / n),
           rest = all[3] / n - all[2] / n * (all[2] / n);
    return variance > 1e-12 ? (float)(1.0 - rest / variance) : 0.0f;
}

/// Orthogonal weights are made for inputs of variance one. Inputs that never vary are zero after
/// normalisation, so the first layers' rows are scaled up by what the others are missing.
static void scale_live_inputs(const float *variance, int inputs, float *weight, int out)
{
    int live = 0;
    for (int j = 0; j < inputs; j++)
        live += variance[j] > 1e-6f;
    if (live == 0 || live == inputs)
        return;
    float factor = (float)para_min(4.0, para_sqrt((double)inputs / (double)live));
    for (size_t i = 0; i < (size_t)inputs * (size_t)out; i++)
        weight[i] *= factor;
}

/// The first rollout was made on raw observations and an unknown scale of returns: it is measured, not
/// learned from, so that no log probability is ever compared across two normalisations.
static void measure_first(ParaPpo *ppo)
{
    const ParaPolicy *policy = ppo->policy;
    const ParaObsSpec *spec = &policy->def.obs;
    para_ppo_count_observations(ppo);
    para_ppo_count_returns(ppo);
    scale_live_inputs(para_policy_at(policy, PARA_T_GLOBAL_VARIANCE), spec->global_size,
                      para_policy_at(policy, PARA_T_TRUNK1_WEIGHT), policy->def.width);
    if (spec->row_max > 0)
        scale_live_inputs(para_policy_at(policy, PARA_T_ROW_VARIANCE), spec->row_size,
                          para_policy_at(policy, PARA_T_ENCODER1_WEIGHT), policy->def.encoder_width);
}

ParaJudged para_ppo_judged(const ParaPpo *ppo)
{
    return (ParaJudged){ppo->judged_scale > 0 ? ppo->advantage : NULL, ppo->judged_scale};
}

ParaPpoStats para_ppo_update(ParaPpo *ppo)
{
    float *updates = &ppo->state[PARA_S_UPDATES];
    // Statistics of a policy that was trained before are already there.
    if (para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] == 0.0f) {
        measure_first(ppo);
        ppo->judged_scale = 0;
        *updates += 1.0f;
        return (ParaPpoStats){0};
    }
    ParaPeers *peers = ppo->def.peers;
    uint64_t seed = para_seed_mix(ppo->seed, (uint64_t)*updates);
    if (para_peers_rank(peers) > 0)
        seed = para_seed_mix(seed, (uint64_t)para_peers_rank(peers));
    ParaRng rng = para_rng_make(seed, "shuffle"), examples = para_rng_make(seed, "examples");
    ParaLossSums totals = {0};
    double norms = 0.0;
    ppo->judged_scale = para_ppo_reward_scale(ppo);
    for (size_t i = 0; ppo->def.vtrace && i < row_count(ppo); i++)
        ppo->rollout.ratio[i] = 1.0f;
    para_ppo_advantages(&ppo->def, &ppo->rollout, ppo->judged_scale, ppo->advantage, ppo->target);
    size_t live = para_ppo_live_count(ppo, 0, row_count(ppo));
    int64_t units = remembers(ppo) ? ppo->def.envs * para_ppo_stretch_count(&ppo->def) : (int64_t)live;
    int64_t most = units; // of any peer: then no step is without rows
    para_peers_max(peers, &most);
    PARA_ASSERT(most > 0);
    int parts = most < ppo->def.minibatches ? (int)most : ppo->def.minibatches;
    float explained = explained_variance(ppo, live);
    int epochs = 0;
    double kl = 0.0; // of the last epoch, against the policy that played
    while (epochs < ppo->def.epochs && !(ppo->def.kl_stop > 0 && kl > (double)ppo->def.kl_stop)) {
        double before = totals.kl;
        if (ppo->def.vtrace && epochs > 0)
            para_ppo_advantages(&ppo->def, &ppo->rollout, ppo->judged_scale, ppo->advantage, ppo->target);
        if (remembers(ppo))
            para_ppo_shuffle_stretches(ppo, &rng);
        else
            shuffle(ppo, &rng);
        measure_minibatches(ppo, units, parts);
        for (int i = 0; i < parts; i++)
            learn_minibatch(ppo, minibatch_of(ppo, units, i, parts), &examples, &totals, &norms);
        double moved[2] = {totals.kl - before, (double)live};
        if (ppo->def.kl_stop > 0)
            para_peers_sum_f64(peers, moved, 2);
        kl = moved[0] / moved[1];
        epochs++;
    }
    para_ppo_count_observations(ppo);
    para_ppo_count_returns(ppo);
    *updates += 1.0f;

    double all[6] = {totals.policy, totals.value, totals.entropy, totals.kl, totals.clipped, (double)live};
    para_peers_sum_f64(peers, all, 6);
    double samples = all[5] * epochs;
    return (ParaPpoStats){
        .policy_loss = (float)(all[0] / samples),
        .value_loss = (float)(all[1] / samples),
        .entropy = (float)(all[2] / samples),
        .kl = (float)(all[3] / samples),
        .clip_share = (float)(all[4] / samples),
        .gradient_norm = (float)(norms / ((double)epochs * parts)),
        .explained_variance = explained,
        .epochs = epochs,
    };
}
