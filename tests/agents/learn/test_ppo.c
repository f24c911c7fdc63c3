// SPDX-License-Identifier: MIT
// The learner: advantages by hand, the loss's gradient against finite differences, statistics, the same
// bits for any number of threads and after a resume, and small tasks learned within a known number of
// updates.
#include "tests/tests.h"

#include "agents/run/safetensors.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/learn/toy.h"

#include <math.h>
#include <string.h>

static ParaArena *make_arena(void) { return para_arena_create(1 << 20, (size_t)512 << 20); }

// ---------------------------------------------------------------- advantages

static void test_ppo_advantages_by_hand(void **state)
{
    (void)state;
    // Two envs, four steps, discount 0.5, lambda 0.5, rewards scaled by 2. Env 0 is truncated after step 1,
    // env 1 terminated after step 2 (and marked truncated too, which must not count).
    float reward[8] = {1, 2, 0.5f, -1, 2, 1, -1, 0.5f}, value[8] = {1, 0, 2, 1, 3, -1, 0, 2};
    uint8_t terminated[8] = {0, 0, 0, 0, 0, 1, 0, 0}, truncated[8] = {0, 0, 1, 0, 0, 1, 0, 0};
    float final_value[8] = {99, 99, 4, 99, 99, 99, 99, 99}, next_value[2] = {6, 8};
    float advantage[8], target[8];
    ParaPpoDef def = para_ppo_def_default(2, 4);
    def.discount = def.lambda = 0.5f;
    ParaRollout rollout = {.reward = reward,
                           .value = value,
                           .terminated = terminated,
                           .truncated = truncated,
                           .final_value = final_value,
                           .next_value = next_value};
    para_ppo_advantages(&def, &rollout, 2.0f, advantage, target);
    // env 0, backward: t3: -2 + 0.5*6 - 0 = 1; t2: 4 + 0.5*0 - 3 + 0.25*1 = 1.25;
    // t1 (cut): 1 + 0.5*4 - 2 = 1; t0: 2 + 0.5*2 - 1 + 0.25*1 = 2.25
    // env 1: t3: 1 + 0.5*8 - 2 = 3; t2 (end): 2 - -1 = 3; t1: -2 + 0.5*-1 - 1 + 0.25*3 = -2.75;
    // t0: 4 + 0.5*1 - 0 + 0.25*-2.75 = 3.8125
    const double want[8] = {2.25, 3.8125, 1, -2.75, 1.25, 3, 1, 3};
    for (int i = 0; i < 8; i++) {
        assert_near((double)advantage[i], want[i], 1e-6);
        assert_near((double)target[i], want[i] + (double)value[i], 1e-6);
    }
    // Half of what env 1 did in step 3 is left, twice of step 1, all of the others: what flows back from step
    // 1 is not more than it was, and the value of a decision that is hardly made any more hardly moves.
    float ratio[8] = {1, 1, 1, 2, 1, 1, 1, 0.5f};
    rollout.ratio = ratio;
    para_ppo_advantages(&def, &rollout, 2.0f, advantage, target);
    for (int i = 0; i < 8; i++) {
        assert_near((double)advantage[i], want[i], 1e-6);
        assert_near((double)target[i], (i == 7 ? 0.5 : 1.0) * want[i] + (double)value[i], 1e-6);
    }
    ratio[3] = 0.25f; // of step 1 a quarter is left: t0 is 4.5 + 0.25*0.25*-2.75
    para_ppo_advantages(&def, &rollout, 2.0f, advantage, target);
    assert_near((double)advantage[1], 4.5 - 0.0625 * 2.75, 1e-6);
    assert_near((double)advantage[3], want[3], 1e-6);
    assert_near((double)target[3], 0.25 * want[3] + (double)value[3], 1e-6);
    rollout.ratio = NULL;
    para_ppo_advantages(&def, &rollout, 1000.0f, advantage, target); // rewards of at most 10 remain
    assert_near((double)advantage[6], -10 + 3 - 0, 1e-6);
}

// ---------------------------------------------------------------- gradient of the whole loss

static void check_gradient(ParaObsSpec spec, float value_clip)
{
    ParaArena *arena = make_arena();
    ParaPpoDef def = para_ppo_def_default(8, 6);
    def.value_clip = value_clip;
    def.entropy = 0.05f;
    ParaPpo *ppo = reference_learner(spec, def, NULL, arena);
    ParaForward *scratch = para_forward_create_training(&ppo->policy->def, arena);
    size_t size = ppo->policy->learned_floats;
    float *gradient = PARA_NEW(arena, float, size);
    double *parameters = reference_parameters(ppo->policy, arena), largest = 0.0;
    ParaLossSums sums;
    para_ppo_advantages(&def, &ppo->rollout, 1.0f, ppo->advantage, ppo->target);
    for (int i = 0; i < 48; i++)
        ppo->order[i] = (i * 7) % 48;
    ParaMinibatch minibatch = {
        .order = ppo->order, .rows = 40, .count = 40, .advantage_mean = 0.1f, .advantage_scale = 0.8f};
    para_ppo_block(ppo, &minibatch, minibatch.order, minibatch.count, NULL, scratch, gradient, &sums);
    double loss =
        (sums.policy + (double)def.value_weight * sums.value - (double)def.entropy * sums.entropy) / 40.0;
    assert_near(loss, reference_loss(ppo, parameters, &minibatch), 2e-4);
    assert_true(sums.clipped > 0.0 && sums.clipped < 40.0); // both branches are met
    for (size_t i = 0; i < size; i++)
        largest = fmax(largest, fabs((double)gradient[i]));
    int checked = 0;
    for (size_t i = 0; i < size; i += 3) { // 3 has no factor in common with the widths: all columns are met
        double kept = parameters[i], step = 1e-6;
        parameters[i] = kept + step;
        double above = reference_loss(ppo, parameters, &minibatch);
        parameters[i] = kept - step;
        double below = reference_loss(ppo, parameters, &minibatch);
        parameters[i] = kept;
        double want = (above - below) / (2.0 * step);
        assert_near((double)gradient[i], want, 1e-2 * fabs(want) + 2e-4 * largest);
        checked += want != 0.0;
    }
    assert_true(checked > 300);
    para_arena_destroy(arena);
}

static void test_ppo_loss_gradient_matches_finite_differences(void **state)
{
    (void)state;
    ParaObsSpec rows = {PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0}, vector = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};
    check_gradient(rows, 0.2f);
    check_gradient(rows, 0.0f);
    check_gradient(vector, 0.2f);
}

static void test_ppo_unbound_samples_give_no_policy_gradient(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaObsSpec vector = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};
    ParaPpoDef def = para_ppo_def_default(4, 4);
    ParaPpo *ppo = reference_learner(vector, def, NULL, arena);
    ParaForward *scratch = para_forward_create_training(&ppo->policy->def, arena);
    float *gradient = PARA_NEW(arena, float, ppo->policy->learned_floats);
    ParaLossSums sums;
    memset(ppo->rollout.channel_bits, 0, 16 * sizeof(uint32_t));
    memset(ppo->rollout.action, 0, 16 * PARA_CHANNELS);
    para_ppo_advantages(&def, &ppo->rollout, 1.0f, ppo->advantage, ppo->target);
    for (int i = 0; i < 16; i++)
        ppo->order[i] = i;
    ParaMinibatch minibatch = {.order = ppo->order, .rows = 16, .count = 16, .advantage_scale = 1.0f};
    para_ppo_block(ppo, &minibatch, ppo->order, 16, NULL, scratch, gradient, &sums);
    for (int i = 0; i < 16 * PARA_LOGITS; i++)
        assert_true(gradient[ppo->policy->offset[PARA_T_LOGITS_WEIGHT] + (size_t)i] == 0.0f);
    assert_true(sums.entropy == 0.0);
    para_arena_destroy(arena);
}

static void test_ppo_step_clips_the_norm_and_skips_what_is_not_finite(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaObsSpec vector = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};
    ParaPpoDef def = para_ppo_def_default(64, 64);
    def.minibatches = 4; // of 1024 rows: four slots of gradients
    def.learning_rate = 3e-4f;
    ParaPpo *ppo = reference_learner(vector, def, NULL, arena);
    size_t size = ppo->policy->learned_floats;
    float before = ppo->policy->block[0];
    ppo->slots[0] = 3.0f;
    ppo->slots[size] = 1.0f; // second slot: sums to 4
    ppo->slots[size + 1] = 3.0f;
    assert_near((double)para_ppo_step(ppo, 2), 5.0, 1e-6);
    assert_near((double)ppo->moment1[0], 0.1 * 4.0 * 0.5 / 5.0, 1e-7);
    assert_near((double)ppo->moment1[1], 0.1 * 3.0 * 0.5 / 5.0, 1e-7);
    // The first step of Adam is the learning rate in the gradient's direction.
    assert_near((double)ppo->policy->block[0], (double)before - 3e-4, 1e-6);
    before = ppo->policy->block[1];
    ppo->slots[1] = NAN;
    assert_true(isnan(para_ppo_step(ppo, 1)));
    assert_true(ppo->policy->block[1] == before && isfinite(ppo->moment1[1]));
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- statistics

static void test_ppo_first_update_only_measures(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaPpoDef def = para_ppo_def_default(16, 80); // 1280 rows: more than one part of the sums
    ToyRun *run = toy_run_create(toy_rows(), def, 32, 1, NULL, arena);
    ParaPolicy *policy = run->policy;
    float *logits_weight = para_policy_at(policy, PARA_T_LOGITS_WEIGHT), kept = logits_weight[1];
    toy_run_rollout(run);
    ParaPpoStats stats = para_ppo_update(run->ppo);
    assert_true(stats.gradient_norm == 0.0f && logits_weight[1] == kept);
    float live = 0.0f, mean = 0.0f;
    for (int i = 0; i < 1280; i++)
        for (int r = 0; r < 5; r++) {
            const float *obs = para_ppo_rollout(run->ppo)->obs + i * 22;
            if (obs[17 + r] > 0.5f) {
                live += 1.0f;
                mean += obs[2 + r * 3 + 2];
            }
        }
    const float *count = para_policy_at(policy, PARA_T_NORMAL_COUNT);
    assert_true(count[0] == 1280.0f && count[1] == live);
    assert_near((double)para_policy_at(policy, PARA_T_ROW_MEAN)[2], (double)(mean / live), 1e-5);
    assert_true(para_policy_at(policy, PARA_T_GLOBAL_MEAN)[0] == 1.0f);
    assert_true(para_policy_at(policy, PARA_T_GLOBAL_VARIANCE)[0] == 0.0f);
    toy_run_rollout(run);
    stats = para_ppo_update(run->ppo);
    assert_true(stats.gradient_norm > 0.0f && logits_weight[1] != kept);
    para_arena_destroy(arena);
}

static void test_ppo_reward_scale_is_the_spread_of_returns(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaObsSpec vector = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};
    ParaPpoDef def = para_ppo_def_default(2, 3);
    def.minibatches = 1;
    def.discount = 0.5f;
    ParaPpo *ppo = reference_learner(vector, def, NULL, arena);
    // env 0: 4, 2 + 2 = 4 (ends), 1;  env 1: 0, 8, 4 + 0 = 4
    const float reward[6] = {4, 0, 2, 8, 1, 0};
    const uint8_t terminated[6] = {0, 0, 1, 0, 0, 0};
    memcpy(ppo->rollout.reward, reward, sizeof reward);
    memcpy(ppo->rollout.terminated, terminated, sizeof terminated);
    memset(ppo->rollout.truncated, 0, 6);
    para_ppo_count_returns(ppo);
    const double returns[6] = {4, 0, 4, 8, 1, 4};
    double mean = 21.0 / 6.0, variance = 0.0;
    for (int i = 0; i < 6; i++)
        variance += (returns[i] - mean) * (returns[i] - mean) / 6.0;
    assert_near((double)para_ppo_reward_scale(ppo), 1.0 / sqrt(variance + (double)PARA_RETURN_FLOOR), 1e-5);
    assert_true(ppo->env_return[0] == 1.0f && ppo->env_return[1] == 4.0f);
    // Envs that begin anew bring nothing of their last episode along: 1 and 4 would halve into these.
    para_ppo_forget_episodes(ppo);
    assert_true(ppo->env_return[0] == 0.0f && ppo->env_return[1] == 0.0f);
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- the same bits

static uint64_t run_hash(const ToyRun *run)
{
    int policy_count, ppo_count;
    const ParaTensor *policy = para_policy_tensors(run->policy, &policy_count);
    const ParaTensor *ppo = para_ppo_tensors(run->ppo, &ppo_count);
    return para_tensors_hash(policy, policy_count) ^ (3 * para_tensors_hash(ppo, ppo_count));
}

static uint64_t hash_with_threads(int threads)
{
    ParaArena *arena = make_arena();
    ParaWorkers *workers = threads > 0 ? para_workers_create(threads) : NULL;
    ParaPpoDef def = para_ppo_def_default(48, 33); // odd sizes: short last blocks
    def.minibatches = 3;
    ToyRun *run = toy_run_create(toy_rows(), def, 32, 3, workers, arena);
    for (int i = 0; i < 4; i++) {
        toy_run_rollout(run);
        para_ppo_update(run->ppo);
    }
    uint64_t hash = run_hash(run);
    if (workers != NULL)
        para_workers_destroy(workers);
    para_arena_destroy(arena);
    return hash;
}

static void test_ppo_same_bits_for_any_number_of_threads(void **state)
{
    (void)state;
    uint64_t alone = hash_with_threads(0);
    for (int threads = 1; threads <= 3; threads++)
        assert_int_equal(hash_with_threads(threads), alone);
}

static void copy_tensors(const ParaTensor *target, const ParaTensor *source, int count, ParaArena *arena)
{
    const char *error = NULL;
    assert_true(para_tensors_assign(target, count, source, count, arena, &error));
}

static void test_ppo_resumes_bit_for_bit(void **state)
{
    (void)state;
    ParaArena *arena = make_arena();
    ParaPpoDef def = para_ppo_def_default(16, 16);
    ToyRun *first = toy_run_create(toy_cartpole(), def, 32, 4, NULL, arena);
    ToyRun *second = toy_run_create(toy_cartpole(), def, 32, 4, NULL, arena);
    int count;
    for (int i = 0; i < 5; i++) {
        toy_run_rollout(first);
        para_ppo_update(first->ppo);
    }
    // The tensors are all that is carried over on the learner's side; the task's own state is copied too.
    const ParaTensor *source = para_policy_tensors(first->policy, &count);
    copy_tensors(para_policy_tensors(second->policy, &count), source, count, arena);
    source = para_ppo_tensors(first->ppo, &count);
    copy_tensors(para_ppo_tensors(second->ppo, &count), source, count, arena);
    memcpy(second->env, first->env, sizeof first->env);
    memcpy(second->obs, first->obs, 16 * 4 * sizeof(float));
    second->rng = first->rng;
    assert_int_equal(run_hash(first), run_hash(second));
    for (int i = 0; i < 3; i++) {
        toy_run_rollout(first);
        para_ppo_update(first->ppo);
        toy_run_rollout(second);
        para_ppo_update(second->ppo);
    }
    assert_int_equal(run_hash(first), run_hash(second));
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- learning

/// Plays and learns until `score` is passed; fails after `updates_max` updates.
static void check_learns(ToyTask task, int horizon, bool per_episode, double score, int updates_max)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        ParaArena *arena = make_arena();
        ParaPpoDef def = para_ppo_def_default(32, horizon);
        def.learning_rate = 1e-3f;
        def.epochs = 4;
        ToyRun *run = toy_run_create(task, def, 64, seed, NULL, arena);
        double reached = 0.0, first = 0.0;
        for (int i = 0; i < updates_max && reached < score; i++) {
            toy_run_rollout(run);
            reached = run->reward_sum / (per_episode ? run->ends + 1 : 32 * horizon);
            first = i == 0 ? reached : first;
            para_ppo_update(run->ppo);
        }
        if (reached < score)
            fail_msg("seed %d reached %.3f of %.3f in %d updates", (int)seed, reached, score, updates_max);
        assert_true(first < 0.6 * score); // the task was not solved by chance
        para_arena_destroy(arena);
    }
}

// Measured over seeds 1 to 3: 6 to 7, 6, 6 to 14 updates.
static void test_ppo_learns_a_bandit_with_masks(void **state)
{
    (void)state;
    check_learns(toy_bandit(), 32, false, 0.95, 25);
}

static void test_ppo_learns_to_read_the_right_row(void **state)
{
    (void)state;
    check_learns(toy_rows(), 32, false, 0.95, 25);
}

static void test_ppo_learns_cartpole(void **state)
{
    (void)state;
    check_learns(toy_cartpole(), 64, true, 180.0, 40);
}

const struct CMUnitTest para_tests_ppo[] = {
    cmocka_unit_test(test_ppo_advantages_by_hand),
    cmocka_unit_test(test_ppo_loss_gradient_matches_finite_differences),
    cmocka_unit_test(test_ppo_unbound_samples_give_no_policy_gradient),
    cmocka_unit_test(test_ppo_step_clips_the_norm_and_skips_what_is_not_finite),
    cmocka_unit_test(test_ppo_first_update_only_measures),
    cmocka_unit_test(test_ppo_reward_scale_is_the_spread_of_returns),
    cmocka_unit_test(test_ppo_same_bits_for_any_number_of_threads),
    cmocka_unit_test(test_ppo_resumes_bit_for_bit),
    cmocka_unit_test(test_ppo_learns_a_bandit_with_masks),
    cmocka_unit_test(test_ppo_learns_to_read_the_right_row),
    cmocka_unit_test(test_ppo_learns_cartpole),
};
const size_t para_tests_ppo_count = sizeof para_tests_ppo / sizeof *para_tests_ppo;
