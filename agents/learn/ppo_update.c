// SPDX-License-Identifier: MIT
// A learning phase: rows shuffled and cut into minibatches, those into blocks, a gradient step of each.
#include "agents/learn/ppo_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define SHARED_BLOCK 32 // [row] no minibatch is cut into blocks below this, where matrix products grow slow

// ---------------------------------------------------------------------------------------------
// Blocks.

int para_ppo_block_rows(int count)
{
    int share = (count + PARA_SHARED_BLOCKS - 1) / PARA_SHARED_BLOCKS;
    return share > PARA_BLOCK ? PARA_BLOCK : share < SHARED_BLOCK ? SHARED_BLOCK : share;
}

int para_ppo_block_count(int count)
{
    return (count + para_ppo_block_rows(count) - 1) / para_ppo_block_rows(count);
}

/// Stretches that go through the network together: as many as make about a block of rows.
static int block_stretches(const ParaPpo *ppo, const ParaMinibatch *minibatch)
{
    int stretches = para_ppo_stretch_count(&ppo->def),
        longest = (ppo->def.horizon + stretches - 1) / stretches;
    int count = para_ppo_block_rows(minibatch->rows) / longest;
    return count < 1 ? 1 : count;
}

static int minibatch_blocks(const ParaPpo *ppo, const ParaMinibatch *minibatch)
{
    int each = block_stretches(ppo, minibatch);
    return para_policy_remembers(ppo->policy) ? (minibatch->stretch_count + each - 1) / each
                                              : para_ppo_block_count(minibatch->rows);
}

// ---------------------------------------------------------------------------------------------
// Minibatches.

/// Fisher-Yates over all live rows.
static void shuffle(ParaPpo *ppo, ParaRng *rng)
{
    int *order = ppo->order, count = 0;
    for (int i = 0; i < (int)para_ppo_row_count(ppo); i++)
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
    if (para_policy_remembers(ppo->policy))
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
    int rows = para_ppo_block_rows(run->minibatch.rows), first = task * rows,
        left = run->minibatch.rows - first;
    float *gradient = ppo->slots + (size_t)task * ppo->policy->learned_floats;
    if (task == run->blocks) // the one after the last is that of the examples
        para_ppo_example_block(ppo, run->examples, ppo->forward[worker], gradient);
    else if (para_policy_remembers(ppo->policy))
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
    if (para_policy_remembers(ppo->policy))
        count = (count + PARA_EXAMPLE_LENGTH - 1) / PARA_EXAMPLE_LENGTH;
    for (int i = 0; i < count; i++) {
        int at = (int)para_rng_int(rng, 0, ppo->examples.count - 1);
        int row = ppo->examples.index ? ppo->examples.index[at] : at;
        if (para_policy_remembers(ppo->policy))
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
    for (size_t i = 0; i < para_ppo_row_count(ppo); i++) {
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

void para_ppo_measure(ParaPpo *ppo)
{
    if (para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] == 0.0f) {
        measure_first(ppo);
    } else {
        para_ppo_count_observations(ppo);
        para_ppo_count_returns(ppo);
    }
    ppo->judged_scale = 0;
    ppo->state[PARA_S_UPDATES] += 1.0f;
}

ParaPpoStats para_ppo_update(ParaPpo *ppo)
{
    float *updates = &ppo->state[PARA_S_UPDATES];
    // Statistics of a policy that was trained before are already there.
    if (para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] == 0.0f) {
        para_ppo_measure(ppo);
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
    for (size_t i = 0; ppo->def.vtrace && i < para_ppo_row_count(ppo); i++)
        ppo->rollout.ratio[i] = 1.0f;
    para_ppo_advantages(&ppo->def, &ppo->rollout, ppo->judged_scale, ppo->advantage, ppo->target);
    size_t live = para_ppo_live_count(ppo, 0, para_ppo_row_count(ppo));
    int64_t units = para_policy_remembers(ppo->policy) ? ppo->def.envs * para_ppo_stretch_count(&ppo->def)
                                                       : (int64_t)live;
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
        if (para_policy_remembers(ppo->policy))
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
