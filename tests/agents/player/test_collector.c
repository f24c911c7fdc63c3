// SPDX-License-Identifier: MIT
// What the collector leaves in the learner's rows, against envs that play the same picks and actions alone
// and a network in double: every number of a rollout is worked out a second time.
#include "agents/env/decision.h"
#include "agents/player/collector.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENVS = 40, HORIZON = 24, PICKS_MAX = 32 }; // one whole block of envs and a part of one

/// One env of the batch played a second time, alone.
typedef struct Alone {
    ParaEnv env;
    ParaRng actions; ///< a copy of the stream that actions are drawn from
    ParaPick picks[PICKS_MAX];
    int pick_count, episode; ///< picks made by the batch, pick at hand
    double reward;           ///< of the episode so far
    int decisions;
} Alone;

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families;
    ParaWorkers *workers;
    ParaWorldGroup *group; ///< of the envs that play alone
    ParaPolicy *policy;
    double *parameters; ///< of the policy, in double
    ParaPpo *ppo;
    ParaBatch *batch;
    ParaCollector *collector;
    Alone alone[ENVS];
} Fixture;

/// Deals families to envs and keeps what was picked.
static void next_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    Fixture *f = context;
    Alone *alone = &f->alone[env];
    assert_true(alone->pick_count < PICKS_MAX);
    *out = (ParaPick){.family = env % f->families.count, .seed = para_rng_u64(rng) >> 1};
    alone->picks[alone->pick_count++] = *out;
}

static void begin_alone(Fixture *f, Alone *alone)
{
    ParaPick pick = alone->picks[alone->episode];
    ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&alone->env));
    assert_true(level && para_env_begin(&alone->env, level, "trained"));
    alone->reward = 0;
    alone->decisions = 0;
}

static int set_up(void **state)
{
    static const char *const names[] = {"push", "wait", "rise"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->families = tiny_families(names, 3, f->arena);
    f->workers = para_workers_create(2);
    f->policy = reference_policy(16, f->arena);
    f->parameters = reference_parameters(f->policy, f->arena);
    ParaPpoDef ppo = para_ppo_def_default(ENVS, HORIZON);
    f->ppo = para_ppo_create(&ppo, f->policy, 5, f->workers, f->arena);
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = ENVS,
                        .obs = para_obs_spec_entities(),
                        .families = &f->families,
                        .next = next_level,
                        .next_context = f,
                        .maker = "test",
                        .seed = 8};
    f->batch = para_batch_create(&def, f->arena);
    f->collector = para_collector_create(f->batch, f->ppo, f->policy, f->workers, f->arena);
    f->group = para_world_group_create(PARA_SOLVER_AUTO, ENVS);
    para_batch_reset(f->batch, f->workers);
    for (int b = 0; b < ENVS; b++) {
        f->alone[b].actions = f->batch->action_rng[b];
        para_env_init(&f->alone[b].env, para_world_at(f->group, b), false);
        begin_alone(f, &f->alone[b]);
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    for (int b = 0; b < ENVS; b++)
        para_env_destroy(&f->alone[b].env);
    para_world_group_destroy(f->group);
    para_batch_destroy(f->batch);
    para_workers_destroy(f->workers);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static void near_to(double got, double want, double tolerance, int env, int step)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("env %d, step %d: got %.9g, want %.9g within %.3g", env, step, got, want, tolerance);
}

/// What the env that plays alone sees now.
static void see(const Fixture *f, const Alone *alone, float *out)
{
    para_observe(&f->policy->def.obs, alone->env.level, &alone->env.play, 0, alone->env.world, out);
}

/// The action is what the env's own stream draws from the logits, within the level's masks.
/// @return channels whose choice could be told
static int check_action(Alone *alone, const double *logits, const int8_t *action)
{
    const ParaPlayer *player = &alone->env.level->players[0];
    int told = 0;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        bool negative = (player->negative_bits >> c & 1u) != 0;
        if ((player->channel_bits >> c & 1u) == 0) {
            assert_int_equal(action[c], 0);
            continue;
        }
        int choice =
            reference_choice(logits + c * PARA_CHOICES, negative, para_rng_f64(&alone->actions), 2e-3);
        assert_in_range(action[c] + 1, negative ? 0 : 1, 2);
        if (choice < 0)
            continue;
        assert_int_equal(action[c], choice - 1);
        told++;
    }
    return told;
}

/// What was counted while a rollout was worked out again.
typedef struct Count {
    int ended, solved, failed, truncated, carried; ///< carried: begun in an earlier rollout
    int told, drawn;                               ///< channels
    double value_low, value_high;
} Count;

/// The report of an episode that has just ended, the next of the list.
static void check_report(const Fixture *f, int b, const ParaEnded *ended, Count *count)
{
    const Alone *alone = &f->alone[b];
    const ParaReport *got = &ended->report;
    ParaReport want = para_env_report(&alone->env, alone->picks[alone->episode].family);
    assert_int_equal(got->env, b);
    assert_int_equal(got->family, b % f->families.count);
    assert_int_equal(got->level_hash, alone->env.level->hash);
    assert_int_equal(got->level_seed, alone->picks[alone->episode].seed);
    assert_int_equal(got->end, want.end);
    assert_int_equal(got->solver, para_world_solver(alone->env.world));
    assert_int_equal(got->decisions, alone->decisions);
    assert_true(got->seconds == want.seconds && got->progress == want.progress);
    near_to((double)got->total_reward, alone->reward, 1e-4, b, -1);
    assert_memory_equal(&ended->pick, &alone->picks[alone->episode], sizeof ended->pick);
    count->solved += got->end == PARA_END_SOLVED;
    count->failed += got->end == PARA_END_FAILED;
}

/// One row of the rollout, and the env that plays alone taken one decision further.
static void check_row(Fixture *f, int b, int t, ParaEndedList list, Count *count)
{
    Alone *alone = &f->alone[b];
    const ParaRollout *r = para_ppo_rollout(f->ppo);
    int row = t * ENVS + b, size = f->policy->def.obs.size;
    float seen[2048];
    double logits[PARA_LOGITS], value, entropy;
    assert_true(size <= 2048);
    see(f, alone, seen);
    assert_memory_equal(r->obs + (size_t)row * (size_t)size, seen, sizeof(float) * (size_t)size);
    reference_forward(f->policy, f->parameters, seen, logits, &value);
    near_to((double)r->value[row], value, 2e-3, b, t);
    count->value_low = fmin(count->value_low, value);
    count->value_high = fmax(count->value_high, value);

    const ParaPlayer *player = &alone->env.level->players[0];
    const int8_t *action = r->action + row * PARA_CHANNELS;
    assert_int_equal(r->channel_bits[row], player->channel_bits);
    assert_int_equal(r->negative_bits[row], player->negative_bits);
    count->told += check_action(alone, logits, action);
    count->drawn += __builtin_popcount(player->channel_bits);
    near_to((double)r->log_prob[row],
            reference_log_prob(logits, player->channel_bits, player->negative_bits, action, &entropy), 4e-3,
            b, t);

    float reward = para_decision_make_one(&alone->env, action);
    alone->reward += (double)reward;
    alone->decisions++;
    assert_true(r->reward[row] == reward);
    assert_int_equal(r->terminated[row], para_env_terminated(&alone->env, 0));
    assert_int_equal(r->truncated[row], para_env_truncated(&alone->env, 0));
    if (para_env_truncated(&alone->env, 0)) {
        see(f, alone, seen);
        reference_forward(f->policy, f->parameters, seen, logits, &value);
        near_to((double)r->final_value[row], value, 2e-3, b, t);
        count->truncated++;
    } else {
        assert_true(r->final_value[row] == 0.0f);
    }
    if (!para_env_terminated(&alone->env, 0) && !para_env_truncated(&alone->env, 0))
        return;
    assert_true(count->ended < list.count);
    count->carried += alone->decisions > t + 1;
    check_report(f, b, &list.items[count->ended++], count);
    alone->episode++;
    begin_alone(f, alone);
}

/// One rollout, worked out again row by row.
static Count check_rollout(Fixture *f)
{
    const ParaRollout *r = para_ppo_rollout(f->ppo);
    Count count = {.value_low = 1e9, .value_high = -1e9};
    // What is stale must not pass for what is right.
    for (int i = 0; i < ENVS * HORIZON; i++)
        r->final_value[i] = r->value[i] = r->log_prob[i] = 77.0f;
    ParaEndedList list = para_collect(f->collector);
    for (int b = 0; b < ENVS; b++) { // the list goes by env, then by step
        for (int t = 0; t < HORIZON; t++)
            check_row(f, b, t, list, &count);
        float seen[2048];
        double logits[PARA_LOGITS], value;
        see(f, &f->alone[b], seen);
        reference_forward(f->policy, f->parameters, seen, logits, &value);
        near_to((double)r->next_value[b], value, 2e-3, b, HORIZON);
    }
    assert_int_equal(list.count, count.ended);
    return count;
}

static void test_collector_rows_are_what_envs_alone_give(void **state)
{
    Fixture *f = *state;
    for (int rollout = 0; rollout < 3; rollout++) {
        Count count = check_rollout(f);
        // Every kind of end is met, values and choices differ enough to tell rows apart.
        assert_true(count.solved > 3 && count.failed > 3 && count.truncated > 10);
        assert_true(count.value_high - count.value_low > 0.5);
        assert_true(count.told > count.drawn * 9 / 10);
        assert_true(rollout == 0 ? count.carried == 0 : count.carried > 3);
    }
    ParaCollectTime time = para_collect_time(f->collector);
    assert_true(time.env > 0 && time.forward > 0);
}

/// The running sums of an env's episode, by hand.
typedef struct ByHand {
    double value, positive, size;
    int count;
    bool measured; ///< part of it was in the rollout that only measures
} ByHand;

static void test_collector_judges_episodes_over_rollouts(void **state)
{
    Fixture *f = *state;
    ByHand hand[ENVS] = {{0}};
    int judged = 0, long_ones = 0;
    for (int rollout = 0; rollout < 4; rollout++) {
        ParaEndedList list = para_collect(f->collector);
        ParaPpoStats stats = para_ppo_update(f->ppo);
        para_collector_judge(f->collector);
        const ParaRollout *r = para_ppo_rollout(f->ppo);
        ParaJudged learned = para_ppo_judged(f->ppo);
        assert_int_equal(learned.advantage != NULL, stats.epochs > 0);
        if (rollout == 2) { // a checkpoint in the middle changes nothing
            ParaBytes bytes = {.arena = f->arena};
            para_collector_save_judged(f->collector, &bytes);
            para_collector_save_memory(f->collector, &bytes);
            ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
            assert_true(para_collector_load(f->collector, &in, 0, 0) && para_bytes_read_whole(&in));
        }
        for (int b = 0, i = 0; b < ENVS; b++)
            for (int t = 0; t < HORIZON; t++) {
                int row = t * ENVS + b;
                double advantage = learned.advantage ? (double)learned.advantage[row] : 0;
                hand[b].value += (double)r->value[row];
                hand[b].positive += fmax(advantage, 0);
                hand[b].size += fabs(advantage);
                hand[b].count++;
                hand[b].measured |= !learned.advantage;
                if (!r->terminated[row] && !r->truncated[row])
                    continue;
                const ParaReport *report = &list.items[i++].report;
                const ParaJudgement *said = &report->judged;
                assert_int_equal(report->decisions, hand[b].count);
                assert_int_equal(said->known, !hand[b].measured);
                if (said->known) {
                    near_to((double)said->value, hand[b].value / hand[b].count, 1e-4, b, t);
                    near_to((double)said->value_loss, hand[b].positive / hand[b].count, 1e-4, b, t);
                    near_to((double)said->surprise, hand[b].size / hand[b].count, 1e-4, b, t);
                    assert_true(said->scale == learned.scale);
                    judged++;
                    long_ones += hand[b].count > t + 1; // it began in an earlier rollout
                }
                hand[b] = (ByHand){0};
            }
    }
    assert_true(judged > 50 && long_ones > 10);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_collector[] = {
    TEST(test_collector_rows_are_what_envs_alone_give),
    TEST(test_collector_judges_episodes_over_rollouts),
};
const size_t para_tests_collector_count = sizeof para_tests_collector / sizeof *para_tests_collector;
