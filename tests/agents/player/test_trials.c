// SPDX-License-Identifier: MIT
// A list of trials against each trial played alone, with actions drawn here: reports, proofs and steps, for
// every kind of player, any number of threads, and rooms that have played before.
#include "agents/env/decision.h"
#include "agents/player/judge.h"
#include "agents/player/trials.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>

enum { COUNT = 150 }; // two whole chunks of 64 and a part of one

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    ParaFamilies families;
    ParaPolicy *policy;
    ParaWorkers *workers;
    ParaTrialRoom *room;
    ParaTrial trials[COUNT];
} Fixture;

static int set_up(void **state)
{
    static const char *const names[] = {"push", "wait", "rise"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->scratch = scratch_make();
    f->families = tiny_families(names, 3, f->arena);
    f->policy = reference_policy(32, f->arena);
    f->workers = para_workers_create(2);
    f->room = para_trial_room_create(PARA_SOLVER_AUTO, f->workers, f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_trial_room_destroy(f->room);
    para_workers_destroy(f->workers);
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

/// All kinds of player on all families; every third trial asks for a proof.
static void fill(Fixture *f, ParaTrial *trials)
{
    for (int i = 0; i < COUNT; i++)
        trials[i] = (ParaTrial){
            .pick = {.family = i / 4 % 3, .seed = para_seed_mix(8, (uint64_t)i)},
            .kind = (ParaTrialKind)(i % 4),
            .seed = para_seed_mix(9, (uint64_t)i),
            .proof = i % 3 ? NULL : para_arena_printf(f->arena, "%s/%03d.replay", f->scratch.folder, i)};
}

/// The largest of the allowed choices; -1 where two are too near to each other.
static int best_choice(const double *z, bool negative)
{
    int best = z[2] > z[1] ? 2 : 1;
    best = negative && z[0] > z[best] ? 0 : best;
    for (int k = negative ? 0 : 1; k < PARA_CHOICES; k++)
        if (k != best && z[best] - z[k] < 1e-5)
            return -1;
    return best;
}

/// What a player of some kind does now. @return false where that hangs on the last bits of the network
static bool act(const Fixture *f, const ParaEnv *env, ParaTrialKind kind, ParaForward *forward, ParaRng *rng,
                int8_t action[PARA_CHANNELS])
{
    const ParaPlayer *player = &env->level->players[0];
    float obs[2048], logits[PARA_LOGITS] = {0}, value;
    bool sees = kind == PARA_TRIAL_POLICY || kind == PARA_TRIAL_GREEDY, sure = true;
    if (sees) {
        para_observe(&f->policy->def.obs, env->level, &env->play, 0, env->world, obs);
        para_policy_forward(f->policy, forward, obs, 1, NULL, logits, &value);
    }
    for (int c = 0; c < PARA_CHANNELS; c++) {
        action[c] = 0;
        if ((player->channel_bits >> c & 1u) == 0 || kind == PARA_TRIAL_STILL)
            continue;
        bool negative = (player->negative_bits >> c & 1u) != 0;
        double z[PARA_CHOICES];
        for (int k = 0; k < PARA_CHOICES; k++)
            z[k] = (double)logits[c * PARA_CHOICES + k];
        int choice = kind == PARA_TRIAL_GREEDY ? best_choice(z, negative)
                                               : reference_choice(z, negative, para_rng_f64(rng), 1e-5);
        sure = sure && choice >= 0;
        action[c] = (int8_t)(choice - 1);
    }
    return sure;
}

/// What a trial played alone comes to.
typedef struct Alone {
    bool sure;
    ParaReport report;
    int64_t steps;
} Alone;

static Alone play_alone(const Fixture *f, ParaWorldGroup *group, const ParaTrial *trial)
{
    ParaEnv env;
    Alone alone = {.sure = true};
    ParaPick pick = trial->pick;
    ParaForward *forward = para_forward_create(&f->policy->def, 1, f->arena);
    ParaRng rng = para_rng_make(trial->seed, "trial");
    double reward = 0;
    int decisions = 0;
    para_env_init(&env, para_world_at(group, 0), false);
    ParaLevel *level = para_families_sample(&f->families, &pick, "trial", para_env_level_arena(&env));
    assert_true(level && para_env_begin(&env, level, "test"));
    while (env.play.status == PARA_PLAY_ON) {
        int8_t action[PARA_CHANNELS];
        alone.sure = act(f, &env, trial->kind, forward, &rng, action) && alone.sure;
        reward += (double)para_decision_make_one(&env, action);
        decisions++;
    }
    alone.report = para_env_report(&env, trial->pick.family);
    alone.steps = env.world_steps;
    assert_near((double)alone.report.total_reward, reward, 1e-4);
    assert_int_equal(alone.report.decisions, decisions);
    para_env_destroy(&env);
    return alone;
}

static void same_report(const ParaReport *got, const ParaReport *want)
{
    assert_int_equal(got->level_hash, want->level_hash);
    assert_int_equal(got->level_seed, want->level_seed);
    assert_int_equal(got->family, want->family);
    assert_int_equal(got->end, want->end);
    assert_int_equal(got->solver, want->solver);
    assert_int_equal(got->decisions, want->decisions);
    assert_true(got->total_reward == want->total_reward && got->seconds == want->seconds &&
                got->progress == want->progress);
}

/// The replay that a trial left is there if it was asked for and solved, and proves its level.
static bool check_proof(const Fixture *f, const ParaTrial *trial, bool asked, const char *path)
{
    static const char *const players[] = {"still", "random", "trained", "trained"};
    bool solved = trial->report.end == PARA_END_SOLVED;
    assert_int_equal(access(path, F_OK) == 0, asked && solved);
    assert_true((trial->proof != NULL) == (asked && solved) && !trial->error);
    if (!asked || !solved)
        return false;
    const char *error = NULL;
    ParaReplay *replay = para_replay_read(path, f->arena, &error);
    assert_non_null(replay);
    ParaLevel *level = para_replay_level(replay, f->arena, &error);
    assert_true(para_replay_verify(replay, f->arena).ok);
    assert_int_equal(level->hash, trial->report.level_hash);
    assert_int_equal(replay->end, PARA_PLAY_SOLVED);
    assert_int_equal(replay->decisions, trial->report.decisions);
    assert_true(replay->total_reward == trial->report.total_reward);
    assert_string_equal(replay->player, players[trial->kind]);
    return true;
}

static void test_trials_end_as_each_does_alone(void **state)
{
    Fixture *f = *state;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    int64_t steps = 0;
    int sure = 0, proofs = 0, ends[4] = {0}, solved[4] = {0};
    fill(f, f->trials);
    int64_t got = para_trials_play(f->room, &f->families, f->trials, COUNT, f->policy, NULL, NULL);
    for (int i = 0; i < COUNT; i++) {
        const ParaTrial *trial = &f->trials[i];
        ParaTrial asked = *trial;
        asked.pick.seed = para_seed_mix(8, (uint64_t)i);
        Alone alone = play_alone(f, group, &asked);
        assert_true(trial->played);
        steps += alone.sure ? alone.steps : llround(60.0 * (double)trial->report.seconds);
        if (alone.sure)
            same_report(&trial->report, &alone.report);
        sure += alone.sure;
        ends[trial->report.end]++;
        solved[trial->kind] += trial->report.end == PARA_END_SOLVED;
        proofs += check_proof(f, trial, i % 3 == 0,
                              para_arena_printf(f->arena, "%s/%03d.replay", f->scratch.folder, i));
    }
    assert_int_equal(got, steps);
    assert_true(sure >= COUNT - 5 && proofs > 2);
    assert_true(ends[PARA_END_SOLVED] > 10 && ends[PARA_END_FAILED] > 5 && ends[PARA_END_TIMEOUT] > 50);
    for (int kind = PARA_TRIAL_RANDOM; kind <= PARA_TRIAL_GREEDY; kind++)
        assert_true(solved[kind] > 0);
    para_world_group_destroy(group);
}

static void same_trials(const ParaTrial *a, const ParaTrial *b)
{
    for (int i = 0; i < COUNT; i++) {
        assert_true(a[i].played && b[i].played);
        same_report(&a[i].report, &b[i].report);
        assert_int_equal(a[i].proof == NULL, b[i].proof == NULL);
    }
}

static void test_trials_same_for_any_threads_and_after_other_players(void **state)
{
    Fixture *f = *state;
    static ParaTrial again[COUNT];
    ParaPolicy *large = reference_policy(128, f->arena);
    fill(f, f->trials);
    int64_t steps = para_trials_play(f->room, &f->families, f->trials, COUNT, large, NULL, NULL);
    for (int threads = 1; threads <= 3; threads++) {
        ParaWorkers *workers = para_workers_create(threads);
        ParaTrialRoom *room = para_trial_room_create(PARA_SOLVER_AUTO, workers, f->arena);
        // The room has served a smaller policy, and none at all.
        fill(f, again);
        para_trials_play(room, &f->families, again, COUNT, reference_policy(16, f->arena), NULL, NULL);
        fill(f, again);
        again[0].kind = PARA_TRIAL_STILL;
        para_trials_play(room, &f->families, again, 1, NULL, NULL, NULL);
        fill(f, again);
        assert_int_equal(para_trials_play(room, &f->families, again, COUNT, large, NULL, NULL), steps);
        same_trials(f->trials, again);
        para_trial_room_destroy(room);
        para_workers_destroy(workers);
    }
}

/// What one remembers of its trials is nothing to those who play in the same room after it, without a policy
/// too.
static void test_trials_without_a_policy_after_one_that_remembers(void **state)
{
    Fixture *f = *state;
    static ParaTrial again[COUNT];
    ParaPolicyDef def = {
        .obs = para_obs_spec_entities(), .width = 16, .encoder_width = 12, .core = PARA_CORE_MINGRU};
    const ParaPolicy *policy = para_policy_create(&def, 3, f->arena);
    fill(f, f->trials);
    for (int i = 0; i < COUNT; i++)
        f->trials[i].kind = i % 2 ? PARA_TRIAL_STILL : PARA_TRIAL_RANDOM;
    memcpy(again, f->trials, sizeof again);
    int64_t steps = para_trials_play(f->room, &f->families, f->trials, COUNT, NULL, NULL, NULL);
    static ParaTrial all[COUNT];
    fill(f, all);
    para_trials_play(f->room, &f->families, all, COUNT, policy, NULL, NULL);
    assert_int_equal(para_trials_play(f->room, &f->families, again, COUNT, NULL, NULL, NULL), steps);
    same_trials(f->trials, again);
}

static void test_trials_do_not_hang_on_their_place_in_the_list(void **state)
{
    Fixture *f = *state;
    static ParaTrial turned[COUNT], back[COUNT];
    fill(f, f->trials);
    fill(f, turned);
    for (int i = 0; i < COUNT; i++) {
        f->trials[i].proof = NULL;
        // Policies go through the network beside others: their last bits may hang on who these are.
        if (f->trials[i].kind == PARA_TRIAL_POLICY || f->trials[i].kind == PARA_TRIAL_GREEDY)
            f->trials[i].kind = PARA_TRIAL_RANDOM;
        turned[COUNT - 1 - i] = f->trials[i];
    }
    para_trials_play(f->room, &f->families, f->trials, COUNT, NULL, NULL, NULL);
    para_trials_play(f->room, &f->families, turned, COUNT, NULL, NULL, NULL);
    for (int i = 0; i < COUNT; i++)
        back[i] = turned[COUNT - 1 - i];
    same_trials(f->trials, back);
}

/// Keeps what it is told and stops at the call that it was asked to.
typedef struct Watched {
    int calls, stop_at;
    int64_t done[8];
} Watched;

static bool watch(void *context, int64_t done)
{
    Watched *w = context;
    w->done[w->calls++] = done;
    return w->calls != w->stop_at;
}

static void test_trials_tell_how_far_they_are_and_stop_when_told(void **state)
{
    Fixture *f = *state;
    ParaWorkers *one = para_workers_create(1);
    ParaTrialRoom *room = para_trial_room_create(PARA_SOLVER_AUTO, one, f->arena);
    for (int stop_at = 0; stop_at <= 2; stop_at += 2) {
        Watched watched = {.stop_at = stop_at};
        int64_t steps = 0;
        int want = stop_at ? 128 : COUNT;
        fill(f, f->trials);
        int64_t got = para_trials_play(room, &f->families, f->trials, COUNT, f->policy, watch, &watched);
        assert_int_equal(watched.calls, stop_at ? 2 : 3);
        assert_int_equal(watched.done[0], 64);
        assert_int_equal(watched.done[watched.calls - 1], want);
        for (int i = 0; i < COUNT; i++) {
            assert_int_equal(f->trials[i].played, i < want);
            steps += llround(60.0 * (double)f->trials[i].report.seconds);
        }
        assert_int_equal(got, steps);
    }
    para_trial_room_destroy(room);
    para_workers_destroy(one);
}

static void test_trial_whose_proof_cannot_be_written_says_why(void **state)
{
    Fixture *f = *state;
    int told = 0;
    fill(f, f->trials);
    for (int i = 0; i < COUNT; i++)
        f->trials[i].proof = "/nowhere/at/all.replay";
    para_trials_play(f->room, &f->families, f->trials, COUNT, f->policy, NULL, NULL);
    for (int i = 0; i < COUNT; i++) {
        assert_true(f->trials[i].played && !f->trials[i].proof);
        assert_int_equal(f->trials[i].error != NULL, f->trials[i].report.end == PARA_END_SOLVED);
        told += f->trials[i].error && strstr(f->trials[i].error, "/nowhere/at/all.replay");
    }
    assert_true(told > 0);
}

/// An episode by the definition: advantages as sums over all that follows.
static ParaJudgement by_definition(const ParaJudgeUnits *units, const float *value, const float *reward,
                                   int n, bool ended)
{
    double values = 0, positive = 0, size = 0;
    for (int t = 0; t < n; t++) {
        double advantage = 0, carry = 1;
        for (int k = t; k < n; k++, carry *= (double)(units->discount * units->lambda)) {
            double next = k + 1 < n ? (double)value[k + 1] : ended ? 0 : (double)value[n - 1];
            advantage += carry * ((double)(reward[k] * units->scale) + (double)units->discount * next -
                                  (double)value[k]);
        }
        values += (double)value[t];
        positive += fmax(advantage, 0);
        size += fabs(advantage);
    }
    return (ParaJudgement){true, (float)(values / n), (float)(positive / n), (float)(size / n), units->scale};
}

static void test_trials_are_judged_by_who_plays_them(void **state)
{
    Fixture *f = *state;
    ParaJudgeUnits units = {.discount = 0.97f, .lambda = 0.9f, .scale = 0.4f};
    ParaRng rng = para_rng_make(4, "judge");
    for (int i = 0; i < 40; i++) {
        float value[30], reward[30];
        int n = 1 + (int)para_rng_int(&rng, 0, 29);
        for (int t = 0; t < n; t++) {
            value[t] = (float)para_rng_normal(&rng);
            reward[t] = (float)para_rng_normal(&rng);
        }
        ParaJudgement got = para_judge_episode(&units, value, reward, n, i % 2),
                      want = by_definition(&units, value, reward, n, i % 2);
        assert_near((double)got.value, (double)want.value, 1e-5);
        assert_near((double)got.value_loss, (double)want.value_loss, 1e-5);
        assert_near((double)got.surprise, (double)want.surprise, 1e-5);
    }
    // In a room that judges, those of the policy are, and nothing else changes.
    ParaTrial *plain = PARA_NEW(f->arena, ParaTrial, COUNT);
    fill(f, f->trials);
    fill(f, plain);
    para_trials_play(f->room, &f->families, plain, COUNT, f->policy, NULL, NULL);
    para_trial_room_judge(f->room, units);
    para_trials_play(f->room, &f->families, f->trials, COUNT, f->policy, NULL, NULL);
    int known = 0;
    for (int i = 0; i < COUNT; i++) {
        const ParaReport *report = &f->trials[i].report;
        assert_false(plain[i].report.judged.known);
        assert_int_equal(report->judged.known, f->trials[i].played && f->trials[i].kind >= PARA_TRIAL_POLICY);
        assert_int_equal(report->end, plain[i].report.end);
        assert_true(report->total_reward == plain[i].report.total_reward);
        known += report->judged.known && report->judged.surprise > 0;
    }
    assert_true(known > 3);
    para_trial_room_judge(f->room, (ParaJudgeUnits){0});
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_trials[] = {
    TEST(test_trials_end_as_each_does_alone),
    TEST(test_trials_same_for_any_threads_and_after_other_players),
    TEST(test_trials_without_a_policy_after_one_that_remembers),
    TEST(test_trials_do_not_hang_on_their_place_in_the_list),
    TEST(test_trials_tell_how_far_they_are_and_stop_when_told),
    TEST(test_trial_whose_proof_cannot_be_written_says_why),
    TEST(test_trials_are_judged_by_who_plays_them),
};
const size_t para_tests_trials_count = sizeof para_tests_trials / sizeof *para_tests_trials;
