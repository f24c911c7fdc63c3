// SPDX-License-Identifier: MIT
// A learning phase as a whole: what it tells of itself is what double works out from the same rows, each row
// counts once per epoch, and its running statistics are those of all that was ever seen.
#include "tests/tests.h"

#include "tests/agents/learn/reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const ParaObsSpec rows_spec = {PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0};
static const ParaObsSpec vector_spec = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};

static int set_up(void **state)
{
    *state = para_arena_create(1 << 20, (size_t)512 << 20);
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

/// As if something had been seen before: without it the first update only measures.
static void set_seen(ParaPpo *ppo, float count)
{
    para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] = count;
    para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[1] = count;
}

// ---------------------------------------------------------------- what an update tells

enum { ENVS = 12, HORIZON = 20, ROWS = ENVS * HORIZON };

/// Advantages and targets by the definition: the sum of discounted errors up to the end. <Schulman 2016, eq.
/// 16>
static void advantages(const ParaPpo *ppo, double scale, double *advantage, double *target)
{
    const ParaRollout *r = &ppo->rollout;
    for (int b = 0; b < ENVS; b++)
        for (int t = 0; t < HORIZON; t++) {
            double sum = 0.0, weight = 1.0;
            for (int k = t; k < HORIZON; k++) {
                int i = k * ENVS + b;
                bool ends = r->terminated[i] || r->truncated[i];
                double next = r->terminated[i]   ? 0.0
                              : r->truncated[i]  ? (double)r->final_value[i]
                              : k == HORIZON - 1 ? (double)r->next_value[b]
                                                 : (double)r->value[i + ENVS];
                double reward = fmin(fmax((double)r->reward[i] * scale, -10.0), 10.0);
                sum += weight * (reward + 0.99 * next - (double)r->value[i]);
                weight *= 0.99 * 0.95;
                if (ends)
                    break;
            }
            advantage[t * ENVS + b] = sum;
            target[t * ENVS + b] = sum + (double)r->value[t * ENVS + b];
        }
}

static double variance_of(const double *x, int count, double *out_mean)
{
    double mean = 0.0, square = 0.0;
    for (int i = 0; i < count; i++)
        mean += x[i] / count;
    for (int i = 0; i < count; i++)
        square += (x[i] - mean) * (x[i] - mean) / count;
    if (out_mean)
        *out_mean = mean;
    return square;
}

/// The statistics of an update whose policy stands still, all rows in one minibatch.
static ParaPpoStats expect_stats(const ParaPpo *ppo, double scale, ParaArena *arena)
{
    const ParaRollout *r = &ppo->rollout;
    double *parameters = reference_parameters(ppo->policy, arena), mean;
    double A[ROWS], R[ROWS], policy = 0, value_loss = 0, entropy_sum = 0, kl = 0, clipped = 0;
    advantages(ppo, scale, A, R);
    double spread = sqrt(variance_of(A, ROWS, &mean)), target_variance = variance_of(R, ROWS, NULL);
    for (int i = 0; i < ROWS; i++) {
        double logits[PARA_LOGITS], value, entropy, old = (double)r->value[i];
        reference_forward(ppo->policy, parameters, r->obs + i * ppo->policy->def.obs.size, logits, &value);
        double log_ratio = reference_log_prob(logits, r->channel_bits[i], r->negative_bits[i],
                                              r->action + i * PARA_CHANNELS, &entropy) -
                           (double)r->log_prob[i];
        double ratio = exp(log_ratio), held = fmin(fmax(ratio, 0.8), 1.2), a = (A[i] - mean) / spread;
        double near = old + fmin(fmax(value - old, -0.2), 0.2);
        policy -= fmin(ratio * a, held * a) / ROWS;
        value_loss += 0.5 * fmax((value - R[i]) * (value - R[i]), (near - R[i]) * (near - R[i])) / ROWS;
        entropy_sum += entropy / ROWS;
        kl += (ratio - 1.0 - log_ratio) / ROWS;
        clipped += (ratio < 0.8 || ratio > 1.2 ? 1.0 : 0.0) / ROWS;
    }
    return (ParaPpoStats){.policy_loss = (float)policy,
                          .value_loss = (float)value_loss,
                          .entropy = (float)entropy_sum,
                          .kl = (float)kl,
                          .clip_share = (float)clipped,
                          .explained_variance = (float)(1.0 - spread * spread / target_variance)};
}

/// The norm of the gradient over all rows at once.
static double norm_of_all(ParaPpo *ppo, double scale, ParaArena *arena)
{
    ParaForward *scratch = para_forward_create_training(&ppo->policy->def, arena);
    float *gradient = PARA_NEW(arena, float, ppo->policy->learned_floats);
    int *order = PARA_NEW(arena, int, ROWS);
    double A[ROWS], R[ROWS], mean, square = 0.0;
    ParaLossSums sums;
    advantages(ppo, scale, A, R);
    double spread = sqrt(variance_of(A, ROWS, &mean));
    for (int i = 0; i < ROWS; i++) {
        order[i] = i;
        ppo->advantage[i] = (float)A[i];
        ppo->target[i] = (float)R[i];
    }
    ParaMinibatch minibatch = {.order = order,
                               .rows = ROWS,
                               .count = ROWS,
                               .advantage_mean = (float)mean,
                               .advantage_scale = (float)(1.0 / spread)};
    para_ppo_block(ppo, &minibatch, order, ROWS, NULL, scratch, gradient, &sums);
    for (size_t i = 0; i < ppo->policy->learned_floats; i++)
        square += (double)gradient[i] * (double)gradient[i];
    return sqrt(square);
}

static ParaPpo *make_still(int epochs, int minibatches, ParaArena *arena)
{
    ParaPpoDef def = para_ppo_def_default(ENVS, HORIZON);
    def.epochs = epochs;
    def.minibatches = minibatches;
    def.learning_rate = 0.0f; // the policy stands still, so every minibatch meets the same one
    ParaPpo *ppo = reference_learner(rows_spec, def, NULL, arena);
    for (int b = 0; b < ENVS; b++)
        ppo->rollout.next_value[b] = 0.1f * (float)(b - 5);
    ppo->state[PARA_S_RETURN_VARIANCE] = 4.0f;
    set_seen(ppo, 100.0f);
    return ppo;
}

static void test_update_tells_what_double_works_out(void **state)
{
    double scale = 1.0 / sqrt(4.0 + 1e-4);
    const int cuts[][2] = {{1, 1}, {3, 1}, {2, 7}}; // epochs, minibatches; 240 rows do not share evenly in 7
    for (int k = 0; k < 3; k++) {
        ParaPpo *ppo = make_still(cuts[k][0], cuts[k][1], *state);
        ParaPpoStats want = expect_stats(ppo, scale, *state);
        double norm = norm_of_all(ppo, scale, *state);
        ParaPpoStats got = para_ppo_update(ppo);
        // Sums over rows: right for any cut only if each row counts exactly once per epoch.
        assert_near((double)got.entropy, (double)want.entropy, 1e-4);
        assert_near((double)got.value_loss, (double)want.value_loss, 2e-3);
        assert_near((double)got.kl, (double)want.kl, 1e-4);
        assert_near((double)got.clip_share, (double)want.clip_share, 1e-3);
        assert_near((double)got.explained_variance, (double)want.explained_variance, 1e-4);
        assert_true(want.clip_share > 0.1f && want.clip_share < 0.9f && want.kl > 0.01f);
        if (cuts[k][1] > 1) // advantages are normalised and norms taken in each minibatch on its own
            continue;
        assert_near((double)got.policy_loss, (double)want.policy_loss, 1e-3);
        assert_near((double)got.gradient_norm, norm, 1e-3 * norm);
    }
}

static int compare_ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/// Every row is somewhere, once. @return rows that stand at their own place
static int check_permutation(const int *order)
{
    int sorted[ROWS], still = 0;
    memcpy(sorted, order, sizeof sorted);
    qsort(sorted, ROWS, sizeof *sorted, compare_ints);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(sorted[i], i);
        still += order[i] == i;
    }
    return still;
}

static void test_update_shuffles_anew_each_epoch_and_each_time(void **state)
{
    enum { UPDATES = 12 };
    int orders[UPDATES + 2][ROWS], still = 0;
    ParaPpo *one = make_still(1, 4, *state), *two = make_still(2, 4, *state),
            *again = make_still(1, 4, *state);
    for (int k = 0; k < UPDATES; k++) {
        para_ppo_update(one);
        memcpy(orders[k], one->order, sizeof orders[k]);
    }
    para_ppo_update(two);
    memcpy(orders[UPDATES], two->order, sizeof orders[0]); // of its second epoch
    again->seed++;
    para_ppo_update(again);
    memcpy(orders[UPDATES + 1], again->order, sizeof orders[0]);
    for (int a = 0; a < UPDATES + 2; a++) {
        int own = check_permutation(orders[a]);
        assert_true(own < 10);
        still += own;
        for (int b = 0; b < a; b++)
            assert_memory_not_equal(orders[a], orders[b], sizeof orders[a]);
    }
    assert_in_range(still, 4, 28); // one of each on average, where every order is as likely
}

static void test_update_turns_two_rows_either_way(void **state)
{
    ParaPpoDef def = para_ppo_def_default(2, 1);
    def.minibatches = def.epochs = 1;
    ParaPpo *ppo = reference_learner(vector_spec, def, NULL, *state);
    int turned = 0;
    set_seen(ppo, 100.0f);
    for (int k = 0; k < 40; k++) {
        para_ppo_update(ppo);
        assert_int_equal(ppo->order[0] + ppo->order[1], 1);
        turned += ppo->order[0] == 1;
    }
    assert_in_range(turned, 10, 30);
}

static void test_update_on_the_policy_that_played_starts_at_ratio_one(void **state)
{
    ParaPpo *ppo = make_still(2, 3, *state);
    ParaForward *scratch = para_forward_create(&ppo->policy->def, ROWS, *state);
    ParaRollout *r = &ppo->rollout;
    float *logits = PARA_NEW(*state, float, ROWS *PARA_LOGITS);
    para_policy_forward(ppo->policy, scratch, r->obs, ROWS, NULL, logits, r->value);
    for (int i = 0; i < ROWS; i++) {
        ParaActionTerms terms;
        r->log_prob[i] = para_action_terms(PARA_HEAD_LEVELS, logits + i * PARA_LOGITS, r->channel_bits[i],
                                           r->negative_bits[i], r->action + i * PARA_CHANNELS, &terms);
    }
    // The statistics that normalised the observations while playing hold until the learning is over.
    ParaPpoStats stats = para_ppo_update(ppo);
    assert_near((double)stats.kl, 0.0, 1e-6);
    assert_true(stats.clip_share == 0.0f);
    assert_near((double)stats.policy_loss, 0.0, 1e-4); // advantages of mean 0 at ratio 1
    // Afterwards the rollout is counted, its returns too.
    assert_true(para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] == 100.0f + ROWS);
    assert_true(ppo->state[PARA_S_RETURN_COUNT] == ROWS && ppo->state[PARA_S_UPDATES] == 1.0f);
}

/// Explained variance of an update over rows that each end, with rewards and values given; scale 1.
static double explained(const float *reward, const float *value, ParaArena *arena)
{
    ParaPpo *ppo = make_still(1, 1, arena);
    ParaRollout *r = &ppo->rollout;
    ppo->state[PARA_S_RETURN_VARIANCE] = 1.0f - 1e-4f;
    memset(r->terminated, 1, ROWS);
    memset(r->truncated, 0, ROWS);
    memcpy(r->reward, reward, ROWS * sizeof(float));
    memcpy(r->value, value, ROWS * sizeof(float));
    return (double)para_ppo_update(ppo).explained_variance;
}

static void test_explained_variance_by_hand(void **state)
{
    float reward[ROWS], value[ROWS];
    for (int i = 0; i < ROWS; i++) {
        reward[i] = i % 2 ? 3.0f : 1.0f; // variance 1
        value[i] = reward[i] + 5.0f;
    }
    assert_near(explained(reward, value, *state), 1.0, 1e-5); // right but for a constant
    for (int i = 0; i < ROWS; i++)
        value[i] = -2.0f;
    assert_near(explained(reward, value, *state), 0.0, 1e-5); // says nothing
    for (int i = 0; i < ROWS; i++)
        value[i] = i % 2 ? 2.5f : 1.5f; // errors of variance 1/4
    assert_near(explained(reward, value, *state), 0.75, 1e-4);
    for (int i = 0; i < ROWS; i++)
        value[i] = i % 2 ? 1.0f : 3.0f; // the wrong way round: errors of variance 4
    assert_near(explained(reward, value, *state), -3.0, 1e-4);
    for (int i = 0; i < ROWS; i++) {
        reward[i] = 2.0f;
        value[i] = (float)(i % 3);
    }
    assert_true(explained(reward, value, *state) == 0.0); // targets that do not vary cannot be explained
}

// ---------------------------------------------------------------- running statistics

enum { MANY_ENVS = 40, MANY_STEPS = 60, MANY = MANY_ENVS * MANY_STEPS, ROLLOUTS = 3 }; // three parts of sums

/// Two-pass mean and variance of one column of what was seen.
static void check_column(const double *seen, int count, float mean, float variance)
{
    double want_mean, want = variance_of(seen, count, &want_mean);
    assert_near((double)mean, want_mean, 1e-4);
    assert_near((double)variance, want, 1e-3 * want + 1e-4);
}

static void check_observation_statistics(ParaWorkers *workers, ParaArena *arena)
{
    ParaPpoDef def = para_ppo_def_default(MANY_ENVS, MANY_STEPS);
    ParaPpo *ppo = reference_learner(rows_spec, def, workers, arena);
    ParaRng rng = para_rng_make(21, "statistics");
    int G = rows_spec.global_size, R = rows_spec.row_size, live = 0;
    double *global = PARA_NEW(arena, double, G *ROLLOUTS *MANY);
    double *row = PARA_NEW(arena, double, R *ROLLOUTS *MANY * 5);
    for (int k = 0; k < ROLLOUTS; k++) {
        for (int i = 0; i < MANY; i++) {
            float *obs = ppo->rollout.obs + i * rows_spec.size;
            for (int j = 0; j < G; j++) {
                obs[j] = (float)(j + (j + 1) * 0.3 * para_rng_normal(&rng) + 0.5 * k); // they drift
                global[j * ROLLOUTS * MANY + k * MANY + i] = (double)obs[j];
            }
            for (int r = 0; r < rows_spec.row_max; r++) {
                bool is_live = para_rng_int(&rng, 0, 2) == 0;
                obs[rows_spec.size - rows_spec.row_max + r] = is_live ? 1.0f : 0.0f;
                for (int j = 0; j < R; j++) {
                    obs[G + r * R + j] = (float)(is_live ? para_rng_normal(&rng) - j - k : 1000.0);
                    if (is_live)
                        row[j * ROLLOUTS * MANY * 5 + live] = (double)obs[G + r * R + j];
                }
                live += is_live;
            }
        }
        para_ppo_count_observations(ppo);
    }
    const float *count = para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT);
    assert_true(count[0] == ROLLOUTS * MANY && count[1] == (float)live);
    for (int j = 0; j < G; j++)
        check_column(global + j * ROLLOUTS * MANY, ROLLOUTS * MANY,
                     para_policy_at(ppo->policy, PARA_T_GLOBAL_MEAN)[j],
                     para_policy_at(ppo->policy, PARA_T_GLOBAL_VARIANCE)[j]);
    for (int j = 0; j < R; j++)
        check_column(row + j * ROLLOUTS * MANY * 5, live, para_policy_at(ppo->policy, PARA_T_ROW_MEAN)[j],
                     para_policy_at(ppo->policy, PARA_T_ROW_VARIANCE)[j]);
    // A long life: the count ends at its cap, so that what is new still counts.
    set_seen(ppo, 999900.0f);
    para_ppo_count_observations(ppo);
    assert_true(count[0] == 1e6f && count[1] == 1e6f);
}

static void test_observation_statistics_are_those_of_all_that_was_seen(void **state)
{
    check_observation_statistics(NULL, *state);
    ParaWorkers *workers = para_workers_create(3);
    check_observation_statistics(workers, *state);
    para_workers_destroy(workers);
}

static void test_return_statistics_are_those_of_all_returns(void **state)
{
    ParaPpoDef def = para_ppo_def_default(MANY_ENVS, MANY_STEPS);
    def.discount = 0.9f;
    ParaPpo *ppo = reference_learner(vector_spec, def, NULL, *state);
    ParaRng rng = para_rng_make(22, "returns");
    double *seen = PARA_NEW(*state, double, ROLLOUTS *MANY), kept[MANY_ENVS] = {0}, mean;
    for (int k = 0; k < ROLLOUTS; k++) {
        for (int i = 0; i < MANY; i++) {
            ppo->rollout.reward[i] = (float)(para_rng_normal(&rng) + 0.3);
            ppo->rollout.terminated[i] = para_rng_int(&rng, 0, 19) == 0;
            ppo->rollout.truncated[i] = !ppo->rollout.terminated[i] && para_rng_int(&rng, 0, 19) == 0;
            double *own = &kept[i % MANY_ENVS];
            *own = 0.9 * *own + (double)ppo->rollout.reward[i];
            seen[k * MANY + i] = *own;
            if (ppo->rollout.terminated[i] || ppo->rollout.truncated[i])
                *own = 0.0; // an episode that goes on keeps its return from rollout to rollout
        }
        para_ppo_count_returns(ppo);
    }
    double variance = variance_of(seen, ROLLOUTS * MANY, &mean);
    assert_near((double)ppo->state[PARA_S_RETURN_MEAN], mean, 1e-4);
    assert_near((double)ppo->state[PARA_S_RETURN_VARIANCE], variance, 1e-3 * variance);
    assert_true(ppo->state[PARA_S_RETURN_COUNT] == ROLLOUTS * MANY);
    for (int b = 0; b < MANY_ENVS; b++)
        assert_near((double)ppo->env_return[b], kept[b], 1e-4);
    ppo->state[PARA_S_RETURN_COUNT] = 499000.0f;
    para_ppo_count_returns(ppo);
    assert_true(ppo->state[PARA_S_RETURN_COUNT] == 5e5f);
    // Rewards that never vary are not blown up without end.
    ppo->state[PARA_S_RETURN_VARIANCE] = 0.0f;
    assert_near((double)para_ppo_reward_scale(ppo), 100.0, 1e-3);
}

// ---------------------------------------------------------------- the first update

/// Measures rows in which `live` of `inputs` numbers vary; by how much the weights on them grew. All others
/// must stay as they are.
static double growth(int inputs, int live, ParaArena *arena)
{
    ParaObsSpec spec = {PARA_OBS_VECTOR, inputs, 0, 0, inputs, 0};
    ParaPpoDef def = para_ppo_def_default(8, 8);
    def.minibatches = 1;
    ParaPpo *ppo = reference_learner(spec, def, NULL, arena);
    double *before = reference_parameters(ppo->policy, arena);
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < inputs; j++) // little is not nothing: a variance of 1e-5 is one, of 1e-7 is none
            ppo->rollout.obs[i * inputs + j] *= j < live ? 3e-3f : 3e-4f;
    para_ppo_update(ppo);
    size_t first = ppo->policy->offset[PARA_T_TRUNK1_WEIGHT], count = (size_t)inputs * 16;
    double factor = (double)ppo->policy->block[first] / before[first];
    for (size_t i = 0; i < ppo->policy->learned_floats; i++) {
        bool scaled = i >= first && i < first + count;
        assert_near((double)ppo->policy->block[i], before[i] * (scaled ? factor : 1.0), 1e-5);
    }
    assert_true(ppo->state[PARA_S_UPDATES] == 1.0f && ppo->state[PARA_S_RETURN_COUNT] == 64.0f);
    return factor;
}

static void test_first_update_makes_up_for_inputs_that_never_vary(void **state)
{
    assert_near(growth(9, 9, *state), 1.0, 1e-6);
    assert_near(growth(9, 4, *state), 1.5, 1e-5);
    assert_near(growth(40, 1, *state), 4.0, 1e-5); // sqrt(40) would be more than is good
    assert_near(growth(9, 0, *state), 1.0, 1e-6);
}

static void test_first_update_of_rows_scales_globals_and_rows_apart(void **state)
{
    ParaPpoDef def = para_ppo_def_default(8, 8);
    def.minibatches = 1;
    ParaPpo *ppo = reference_learner(rows_spec, def, NULL, *state);
    const ParaPolicy *policy = ppo->policy;
    double *before = reference_parameters(policy, *state);
    // 2 of 7 globals never vary; of the 6 numbers of a row, 4 do not in rows that live.
    for (int i = 0; i < 64; i++) {
        float *obs = ppo->rollout.obs + i * rows_spec.size;
        obs[1] = obs[5] = 3.0f;
        for (int r = 0; r < rows_spec.row_max; r++)
            for (int j = 2; j < 6 && obs[rows_spec.size - rows_spec.row_max + r] > 0.5f; j++)
                obs[7 + r * 6 + j] = -1.0f;
    }
    para_ppo_update(ppo);
    for (size_t i = 0; i < policy->learned_floats; i++) {
        size_t trunk = policy->offset[PARA_T_TRUNK1_WEIGHT], encoder = policy->offset[PARA_T_ENCODER1_WEIGHT];
        double factor = i >= trunk && i < trunk + 7 * 16      ? sqrt(7.0 / 5.0)
                        : i >= encoder && i < encoder + 6 * 8 ? sqrt(6.0 / 2.0)
                                                              : 1.0;
        assert_near((double)policy->block[i], before[i] * factor, 1e-5);
    }
}

/// Two updates, the first of which measures. @return epochs the second ran; its KL in out_kl
static int epochs_of(float kl_stop, double *out_kl, ParaArena *arena)
{
    ParaPpoDef def = para_ppo_def_default(8, 8);
    def.epochs = 6;
    def.minibatches = 4;
    def.kl_stop = kl_stop;
    ParaPpo *ppo = reference_learner(vector_spec, def, NULL, arena);
    assert_int_equal(para_ppo_update(ppo).epochs, 0);
    ParaPpoStats stats = para_ppo_update(ppo);
    *out_kl = (double)stats.kl;
    return stats.epochs;
}

static void test_update_stops_where_the_policy_has_moved_far_enough(void **state)
{
    double all = 0, none = 0, kl = 0;
    assert_int_equal(epochs_of(0, &all, *state), 6);
    assert_true(all > 0);
    assert_int_equal(epochs_of(1e-9f, &none, *state),
                     1); // the epoch that went too far is the last, not undone
    assert_true(none > 1e-9);
    int some = epochs_of((float)all, &kl, *state), before = 1; // KL grows from epoch to epoch
    assert_in_range(some, 2, 5);
    for (float stop = 1e-9f; stop < 1e3f; stop *= 2) { // later for a higher bound
        int epochs = epochs_of(stop, &kl, *state);
        assert_true(epochs >= before);
        before = epochs;
    }
    assert_int_equal(before, 6);
}

/// The rows of a rollout's first steps into one that is as long as they are.
static void copy_steps(const ParaPpo *from, ParaPpo *to)
{
    const ParaRollout *a = &from->rollout;
    const ParaRollout *b = &to->rollout;
    size_t rows = (size_t)to->def.envs * (size_t)to->def.horizon;
    memcpy(b->obs, a->obs, sizeof(float) * rows * (size_t)from->policy->def.obs.size);
    memcpy(b->action, a->action, rows * PARA_CHANNELS);
    memcpy(b->channel_bits, a->channel_bits, sizeof(uint32_t) * rows);
    memcpy(b->negative_bits, a->negative_bits, sizeof(uint32_t) * rows);
    memcpy(b->log_prob, a->log_prob, sizeof(float) * rows);
    memcpy(b->value, a->value, sizeof(float) * rows);
    memcpy(b->reward, a->reward, sizeof(float) * rows);
    memcpy(b->terminated, a->terminated, rows);
    memcpy(b->truncated, a->truncated, rows);
    memcpy(b->final_value, a->final_value, sizeof(float) * rows);
    memcpy(b->next_value, a->next_value, sizeof(float) * (size_t)to->def.envs);
}

static void test_learner_made_for_long_lessons_learns_from_short_ones(void **state)
{
    enum { B = 70, LONG = 12, SHORT = 5 };
    ParaPpoDef def = para_ppo_def_default(B, LONG), brief = para_ppo_def_default(B, SHORT);
    def.minibatches = 7; // of 120 rows: fewer blocks than the lesson of 350 rows in one minibatch has
    brief.minibatches = 1;
    ParaPpo *ppo = reference_learner(rows_spec, def, NULL, *state),
            *other = reference_learner(rows_spec, brief, NULL, *state);
    float *counts[2] = {para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT),
                        para_policy_at(other->policy, PARA_T_NORMAL_COUNT)};
    set_seen(ppo, 9);
    set_seen(other, 9);
    copy_steps(ppo, other);
    para_ppo_set_shape(ppo, SHORT, 1);
    ParaPpoStats got = para_ppo_update(ppo), want = para_ppo_update(other);
    assert_memory_equal(&got, &want, sizeof want);
    assert_memory_equal(ppo->policy->block, other->policy->block,
                        sizeof(float) * ppo->policy->learned_floats);
    assert_memory_equal(ppo->state, other->state, sizeof(float) * PARA_S_COUNT);
    assert_true(counts[0][0] == 9 + B * SHORT && counts[1][0] == counts[0][0]);
    para_ppo_set_shape(ppo, LONG, 7); // and from long ones again
    para_ppo_update(ppo);
    assert_true(counts[0][0] == 9 + B * (SHORT + LONG));
}

static void test_learner_tells_numbers_that_learning_never_left(void **state)
{
    ParaArena *arena = *state;
    ParaPolicyDef def = {.obs = para_obs_spec_entities(), .width = 16, .encoder_width = 8};
    ParaPolicy *policy = para_policy_create(&def, 1, arena);
    ParaPpoDef sizes = para_ppo_def_default(2, 4);
    sizes.minibatches = 1;
    ParaPpo *ppo = para_ppo_create(&sizes, policy, 1, NULL, arena);
    int counts[2], below = 0;
    const ParaTensor *lists[2] = {para_policy_tensors(policy, &counts[0]), para_ppo_tensors(ppo, &counts[1])};
    assert_true(para_ppo_is_sound(ppo));
    for (int l = 0; l < 2; l++)
        for (int i = 0; i < counts[l]; i++) {
            float *last = lists[l][i].data + lists[l][i].rows * lists[l][i].columns - 1, kept = *last;
            *last = NAN;
            assert_false(para_ppo_is_sound(ppo));
            *last = -1;
            below += !para_ppo_is_sound(ppo);
            *last = kept;
        }
    assert_int_equal(below, 5); // two variances, counts of two, squares of gradients, the count of returns
    lists[1][3].data[0] = 1e9f; // learning phases: more than a float counts
    assert_false(para_ppo_is_sound(ppo));
}

static void test_ppo_defaults_are_those_of_the_header(void **state)
{
    (void)state;
    ParaPpoDef def = para_ppo_def_default(3, 5);
    assert_int_equal(def.envs, 3);
    assert_int_equal(def.horizon, 5);
    assert_int_equal(def.epochs, 2);
    assert_int_equal(def.minibatches, 16);
    const float got[] = {def.learning_rate, def.discount, def.lambda,       def.clip,
                         def.value_clip,    def.entropy,  def.value_weight, def.gradient_max};
    const float want[] = {2e-3f, 0.99f, 0.95f, 0.2f, 0.2f, 0.01f, 0.5f, 0.5f};
    assert_memory_equal(got, want, sizeof want);
    assert_true(def.kl_stop == 0.0f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_ppo_update[] = {
    TEST(test_update_tells_what_double_works_out),
    TEST(test_update_shuffles_anew_each_epoch_and_each_time),
    TEST(test_update_turns_two_rows_either_way),
    TEST(test_update_on_the_policy_that_played_starts_at_ratio_one),
    TEST(test_explained_variance_by_hand),
    TEST(test_observation_statistics_are_those_of_all_that_was_seen),
    TEST(test_return_statistics_are_those_of_all_returns),
    TEST(test_first_update_makes_up_for_inputs_that_never_vary),
    TEST(test_first_update_of_rows_scales_globals_and_rows_apart),
    TEST(test_update_stops_where_the_policy_has_moved_far_enough),
    TEST(test_learner_made_for_long_lessons_learns_from_short_ones),
    TEST(test_learner_tells_numbers_that_learning_never_left),
    cmocka_unit_test(test_ppo_defaults_are_those_of_the_header),
};
const size_t para_tests_ppo_update_count = sizeof para_tests_ppo_update / sizeof *para_tests_ppo_update;
