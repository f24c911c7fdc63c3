// SPDX-License-Identifier: MIT
// Learning from several players: the rows of a rollout on a level of two, worked out a second time, and a
// learner that leaves the rows of those who have ended out of everything.
#include "agents/env/decision.h"
#include "agents/player/collector.h"
#include "agents/player/trials.h"
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"
#include "tests/worlds/two_players.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define A 2 // players of the level

static const ParaObsSpec rows_spec = {PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0};

static int set_up(void **state)
{
    *state = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
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

/// Puts what no number may be into all of a dead row.
static void poison(ParaPpo *ppo, size_t row)
{
    ParaRollout *r = &ppo->rollout;
    size_t o = (size_t)ppo->policy->def.obs.size;
    assert_false(r->live[row]);
    for (size_t i = 0; i < o; i++)
        r->obs[row * o + i] = (float)NAN;
    r->log_prob[row] = r->value[row] = r->reward[row] = r->final_value[row] = (float)NAN;
}

static void assert_same_learner(const ParaPpo *one, const ParaPpo *two, bool envs_too)
{
    int count = 0, policy_count = 0;
    const ParaTensor *a = para_ppo_tensors(one, &count), *b = para_ppo_tensors(two, &count);
    for (int i = 0; i < count; i++)
        if (envs_too || a[i].columns == b[i].columns)
            assert_memory_equal(a[i].data, b[i].data, sizeof(float) * (size_t)(a[i].rows * a[i].columns));
    a = para_policy_tensors(one->policy, &policy_count);
    b = para_policy_tensors(two->policy, &policy_count);
    for (int i = 0; i < policy_count; i++)
        assert_memory_equal(a[i].data, b[i].data, sizeof(float) * (size_t)(a[i].rows * a[i].columns));
}

static void assert_finite_learner(const ParaPpo *ppo)
{
    int count = 0;
    const ParaTensor *tensors = para_policy_tensors(ppo->policy, &count);
    for (int k = 0; k < count; k++)
        for (int i = 0; i < tensors[k].rows * tensors[k].columns; i++)
            assert_true(isfinite(tensors[k].data[i]));
    tensors = para_ppo_tensors(ppo, &count);
    for (int k = 0; k < count; k++)
        for (int i = 0; i < tensors[k].rows * tensors[k].columns; i++)
            assert_true(isfinite(tensors[k].data[i]));
}

// ---------------------------------------------------------------------------------------------
// Dead rows in the learner.

/// A player that is dead all the time is as if it were not there, to the bit.
static void test_a_dead_column_is_as_if_it_were_not_there(void **state)
{
    ParaArena *arena = *state;
    enum { T = 48 };
    ParaPpoDef def = para_ppo_def_default(1, T);
    def.minibatches = 5;
    ParaPpo *narrow = reference_learner(rows_spec, def, NULL, arena);
    def.envs = 2;
    def.masked = true;
    ParaPpo *wide = reference_learner(rows_spec, def, NULL, arena);
    const ParaRollout *from = &narrow->rollout;
    ParaRollout *to = &wide->rollout;
    size_t o = (size_t)rows_spec.size;
    assert_null(from->live);
    for (size_t t = 0; t < T; t++) {
        size_t row = 2 * t + 1;
        memcpy(to->obs + row * o, from->obs + t * o, sizeof(float) * o);
        memcpy(to->action + row * PARA_CHANNELS, from->action + t * PARA_CHANNELS, PARA_CHANNELS);
        to->channel_bits[row] = from->channel_bits[t];
        to->negative_bits[row] = from->negative_bits[t];
        to->log_prob[row] = from->log_prob[t];
        to->value[row] = from->value[t];
        to->reward[row] = from->reward[t];
        to->terminated[row] = from->terminated[t];
        to->truncated[row] = from->truncated[t];
        to->final_value[row] = from->final_value[t];
        to->live[row] = 1;
        poison(wide, row - 1);
    }
    to->next_value[0] = (float)NAN;
    to->next_value[1] = from->next_value[0] = 0.3f;
    set_seen(narrow, 50);
    set_seen(wide, 50);
    int count = 0;
    const ParaTensor *source = para_policy_tensors(narrow->policy, &count);
    const ParaTensor *target = para_policy_tensors(wide->policy, &count);
    for (int i = 0; i < count; i++)
        memcpy(target[i].data, source[i].data, sizeof(float) * (size_t)(source[i].rows * source[i].columns));
    ParaPpoStats one = para_ppo_update(narrow), two = para_ppo_update(wide);
    assert_memory_equal(&one, &two, sizeof one);
    assert_true(one.gradient_norm > 0);
    assert_same_learner(narrow, wide, false);
    assert_true(wide->env_return[1] == narrow->env_return[0] && wide->env_return[0] == 0);
}

enum { ENVS = 12, HORIZON = 20, ROWS = ENVS * HORIZON };

/// After an end a player is dead for a while, then the next episode begins.
static int kill_some(ParaPpo *ppo)
{
    ParaRollout *r = &ppo->rollout;
    ParaRng rng = para_rng_make(1, "mask");
    int dead = 0;
    for (int b = 0; b < ENVS; b++) {
        int left = 0;
        for (int t = 0; t < HORIZON; t++) {
            int row = t * ENVS + b;
            r->live[row] = left == 0;
            if (left > 0) {
                left--;
                dead++;
                poison(ppo, (size_t)row);
                r->terminated[row] = r->truncated[row] = 0;
            } else if (r->terminated[row] || r->truncated[row]) {
                left = (int)para_rng_int(&rng, 0, 4);
            }
        }
    }
    return dead;
}

/// Advantages and targets of the live rows by the definition, each looked for ahead until its end.
static void advantages(const ParaPpo *ppo, double scale, double *advantage, double *target)
{
    const ParaRollout *r = &ppo->rollout;
    for (int row = 0; row < ROWS; row++) {
        double sum = 0.0, weight = 1.0;
        for (int i = row; r->live[row] && i < ROWS; i += ENVS) {
            bool last = i + ENVS >= ROWS;
            double next = r->terminated[i]  ? 0.0
                          : r->truncated[i] ? (double)r->final_value[i]
                          : last            ? (double)r->next_value[i % ENVS]
                                            : (double)r->value[i + ENVS];
            double reward = fmin(fmax((double)r->reward[i] * scale, -10.0), 10.0);
            sum += weight * (reward + 0.99 * next - (double)r->value[i]);
            weight *= 0.99 * 0.95;
            if (r->terminated[i] || r->truncated[i])
                break;
        }
        advantage[row] = sum;
        target[row] = sum + (r->live[row] ? (double)r->value[row] : 0.0);
    }
}

static double variance_of_live(const ParaPpo *ppo, const double *x, double *out_mean)
{
    double n = 0.0, mean = 0.0, square = 0.0;
    for (int i = 0; i < ROWS; i++)
        n += ppo->rollout.live[i];
    for (int i = 0; i < ROWS; i++)
        mean += ppo->rollout.live[i] ? x[i] / n : 0.0;
    for (int i = 0; i < ROWS; i++)
        square += ppo->rollout.live[i] ? (x[i] - mean) * (x[i] - mean) / n : 0.0;
    *out_mean = mean;
    return square;
}

/// The losses of an update whose policy stands still, all live rows in one minibatch.
static ParaPpoStats expect_stats(const ParaPpo *ppo, double scale, ParaArena *arena)
{
    const ParaRollout *r = &ppo->rollout;
    double *parameters = reference_parameters(ppo->policy, arena), mean, other, n = 0;
    double adv[ROWS], goal[ROWS], policy = 0, value_loss = 0, entropy_sum = 0, kl = 0;
    advantages(ppo, scale, adv, goal);
    double variance = variance_of_live(ppo, adv, &mean), spread = sqrt(variance);
    double target_variance = variance_of_live(ppo, goal, &other);
    for (int i = 0; i < ROWS; i++) {
        double logits[PARA_LOGITS], value, entropy, old = (double)r->value[i];
        if (!r->live[i])
            continue;
        n++;
        reference_forward(ppo->policy, parameters, r->obs + i * ppo->policy->def.obs.size, logits, &value);
        double log_ratio = reference_log_prob(logits, r->channel_bits[i], r->negative_bits[i],
                                              r->action + i * PARA_CHANNELS, &entropy) -
                           (double)r->log_prob[i];
        double ratio = exp(log_ratio), held = fmin(fmax(ratio, 0.8), 1.2), a = (adv[i] - mean) / spread;
        double near = old + fmin(fmax(value - old, -0.2), 0.2), error = value - goal[i],
               held_error = near - goal[i];
        policy -= fmin(ratio * a, held * a);
        value_loss += 0.5 * fmax(error * error, held_error * held_error);
        entropy_sum += entropy;
        kl += ratio - 1.0 - log_ratio;
    }
    return (ParaPpoStats){.policy_loss = (float)(policy / n),
                          .value_loss = (float)(value_loss / n),
                          .entropy = (float)(entropy_sum / n),
                          .kl = (float)(kl / n),
                          .explained_variance = (float)(1.0 - variance / target_variance)};
}

/// Mean of the first float of the live observations, with what had been seen before.
static double expect_mean(const ParaPpo *ppo, double old_mean, double old_count)
{
    double sum = old_mean * old_count, count = old_count;
    for (int i = 0; i < ROWS; i++) {
        if (!ppo->rollout.live[i])
            continue;
        sum += (double)ppo->rollout.obs[i * rows_spec.size];
        count++;
    }
    return sum / count;
}

static void test_an_update_leaves_dead_rows_out(void **state)
{
    ParaArena *arena = *state;
    ParaPpoDef def = para_ppo_def_default(ENVS, HORIZON);
    def.masked = true;
    def.epochs = 1;
    def.minibatches = 1;
    def.learning_rate = 0.0f; // the policy stands still
    ParaPpo *ppo = reference_learner(rows_spec, def, NULL, arena);
    for (int b = 0; b < ENVS; b++)
        ppo->rollout.next_value[b] = 0.1f * (float)(b - 5);
    int dead = kill_some(ppo);
    ppo->state[PARA_S_RETURN_VARIANCE] = 4.0f;
    set_seen(ppo, 100.0f);
    double old_mean = (double)para_policy_at(ppo->policy, PARA_T_GLOBAL_MEAN)[0];
    ParaPpoStats want = expect_stats(ppo, (double)para_ppo_reward_scale(ppo), arena);
    double want_mean = expect_mean(ppo, old_mean, 100.0);
    ParaPpoStats got = para_ppo_update(ppo);
    assert_true(dead > 20 && dead < ROWS / 2);
    assert_near((double)got.policy_loss, (double)want.policy_loss, 1e-4);
    assert_near((double)got.value_loss, (double)want.value_loss, 1e-3);
    assert_near((double)got.entropy, (double)want.entropy, 1e-3);
    assert_near((double)got.kl, (double)want.kl, 1e-3);
    assert_near((double)got.explained_variance, (double)want.explained_variance, 1e-3);
    assert_near((double)para_policy_at(ppo->policy, PARA_T_GLOBAL_MEAN)[0], want_mean, 1e-5);
    assert_near((double)para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0], 100.0 + ROWS - dead, 1e-3);
    assert_near((double)ppo->state[PARA_S_RETURN_COUNT], ROWS - dead, 1e-3);
    for (int i = 0; i < ROWS; i++)
        if (!ppo->rollout.live[i])
            assert_true(ppo->advantage[i] == 0.0f && ppo->target[i] == 0.0f);
    assert_finite_learner(ppo);
}

/// Fewer live rows than minibatches: one row each.
static void test_an_update_learns_from_a_single_live_row(void **state)
{
    ParaArena *arena = *state;
    ParaPpoDef def = para_ppo_def_default(4, 4);
    def.masked = true;
    ParaPpo *ppo = reference_learner(rows_spec, def, NULL, arena);
    set_seen(ppo, 10.0f);
    for (size_t row = 0; row < 16; row++) {
        ppo->rollout.live[row] = row == 6;
        if (row != 6)
            poison(ppo, row);
    }
    ParaPpoStats got = para_ppo_update(ppo);
    assert_true(isfinite(got.policy_loss) && isfinite(got.value_loss) && got.gradient_norm > 0);
    assert_finite_learner(ppo);
}

// ---------------------------------------------------------------------------------------------
// A rollout of two players.

/// A level of two in which both kinds of end come soon: player 1 has 0.4 m to go, time is up after 2 s.
static ParaLevel *short_level(ParaArena *arena)
{
    ParaLevel *level = two_players_level(arena);
    level->seconds = 2;
    level->goals[1].value = 13.6f;
    level->hash = para_level_hash(level);
    return level;
}

enum { E = PARA_ENV_BLOCK + 4, T = 48, B = E * A };

typedef struct Lesson {
    ParaFamilies families;
    ParaLevel *level;
    ParaWorkers *workers;
    ParaPolicy *policy;
    ParaPpo *ppo;
    ParaBatch *batch;
    ParaCollector *collector;
} Lesson;

static Lesson *lesson_make(ParaArena *arena, ParaSolverKind solver, int threads)
{
    const char *name = "roll", *error = NULL;
    Lesson *l = PARA_NEW(arena, Lesson, 1); // its families stay where they are
    *l = (Lesson){.level = short_level(arena), .workers = para_workers_create(threads)};
    if (!para_families_load(&l->families, &name, 1, arena, &error))
        fail_msg("%s", error);
    l->policy = reference_policy(16, arena);
    ParaPpoDef ppo = para_ppo_def_default(B, T);
    ppo.masked = true;
    ppo.minibatches = 4;
    l->ppo = para_ppo_create(&ppo, l->policy, 5, l->workers, arena);
    ParaBatchDef def = {.solver = solver,
                        .envs = E,
                        .players = A,
                        .obs = para_obs_spec_entities(),
                        .families = &l->families,
                        .maker = "test",
                        .seed = 8};
    l->batch = para_batch_create(&def, arena);
    for (int b = 0; b < E; b++)
        l->batch->sources[b].level = l->level;
    l->collector = para_collector_create(l->batch, l->ppo, l->policy, l->workers, arena);
    para_batch_reset(l->batch, l->workers);
    return l;
}

static void lesson_clear(Lesson *l)
{
    para_batch_destroy(l->batch);
    para_workers_destroy(l->workers);
}

/// What was met on the way, so that the test knows it tested.
typedef struct Met {
    int dead, terminated, truncated, reports;
} Met;

/// The row of player p of env b at step t, before the decision: who acts, on what, how sure.
static void check_acting(const Lesson *l, const double *parameters, const ParaEnv *env, int p, int row,
                         Met *met)
{
    const ParaRollout *r = para_ppo_rollout(l->ppo);
    const ParaPlayer *player = &env->level->players[p];
    const int8_t *action = r->action + row * PARA_CHANNELS;
    float seen[2048];
    bool live = env->play.players[p].status == PARA_PLAY_ON;
    assert_int_equal(r->live[row], live);
    if (!live) {
        met->dead++;
        for (int c = 0; c < PARA_CHANNELS; c++)
            assert_int_equal(action[c], 0);
        return;
    }
    double logits[PARA_LOGITS], value, entropy;
    const ParaObsSpec *spec = &l->policy->def.obs;
    para_observe(spec, env->level, &env->play, p, env->world, seen);
    assert_memory_equal(r->obs + (size_t)row * (size_t)spec->size, seen, sizeof(float) * (size_t)spec->size);
    reference_forward(l->policy, parameters, seen, logits, &value);
    assert_near((double)r->value[row], value, 2e-3);
    assert_int_equal(r->channel_bits[row], player->channel_bits);
    assert_int_equal(r->negative_bits[row], player->negative_bits);
    assert_near((double)r->log_prob[row],
                reference_log_prob(logits, player->channel_bits, player->negative_bits, action, &entropy),
                2e-3);
}

/// The same after the decision: what it earned, whether it ended, and what its last look is worth.
static void check_outcome(const Lesson *l, const double *parameters, const ParaEnv *env, int p, int row,
                          Met *met)
{
    const ParaRollout *r = para_ppo_rollout(l->ppo);
    bool acted = env->acting >> p & 1;
    bool terminated = acted && para_env_terminated(env, p), truncated = acted && para_env_truncated(env, p);
    assert_true(r->reward[row] == (acted ? env->play.players[p].reward : 0.0f));
    assert_int_equal(r->terminated[row], terminated);
    assert_int_equal(r->truncated[row], truncated);
    met->terminated += terminated;
    met->truncated += truncated;
    if (!truncated) {
        assert_true(r->final_value[row] == 0.0f);
        return;
    }
    float seen[2048];
    double logits[PARA_LOGITS], value;
    para_observe(&l->policy->def.obs, env->level, &env->play, p, env->world, seen);
    reference_forward(l->policy, parameters, seen, logits, &value);
    assert_near((double)r->final_value[row], value, 2e-3);
}

static void check_reports(const ParaEnv *env, int b, ParaEndedList list, Met *met)
{
    for (int p = 0; p < A; p++) {
        assert_true(met->reports < list.count);
        const ParaReport *got = &list.items[met->reports++].report;
        ParaReport want = para_env_player_report(env, 0, p);
        assert_true(got->env == b && got->player == p && got->end == want.end);
        assert_true(got->decisions == want.decisions && got->total_reward == want.total_reward);
    }
}

static Met check_rollout(const Lesson *l, ParaEndedList list, ParaSolverKind solver, ParaArena *arena)
{
    double *parameters = reference_parameters(l->policy, arena);
    ParaWorldGroup *group = para_world_group_create(solver, 1);
    Met met = {0};
    for (int b = 0; b < E; b++) {
        ParaEnv env = {.world = para_world_at(group, 0), .arena = arena};
        assert_true(para_env_begin(&env, l->level, ""));
        for (int t = 0; t < T; t++) {
            int row = t * B + b * A;
            for (int p = 0; p < A; p++)
                check_acting(l, parameters, &env, p, row + p, &met);
            para_decision_make_one(&env, para_ppo_rollout(l->ppo)->action + row * PARA_CHANNELS);
            for (int p = 0; p < A; p++)
                check_outcome(l, parameters, &env, p, row + p, &met);
            if (env.play.status == PARA_PLAY_ON)
                continue;
            check_reports(&env, b, list, &met);
            assert_true(para_env_begin(&env, l->level, ""));
        }
    }
    assert_int_equal(met.reports, list.count);
    para_world_group_destroy(group);
    return met;
}

static void test_a_rollout_of_two_players_row_by_row(void **state)
{
    ParaArena *arena = *state;
    static const ParaSolverKind solvers[] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};
    for (int s = 0; s < 2; s++) {
        Lesson *l = lesson_make(arena, solvers[s], 2);
        ParaEndedList list = para_collect(l->collector);
        Met met = check_rollout(l, list, solvers[s], arena);
        print_message("%d dead rows of %d, %d ended by the rules, %d by time, %d reports\n", met.dead, T * B,
                      met.terminated, met.truncated, met.reports);
        assert_true(met.dead > 50 && met.terminated > 5 && met.truncated > 20);
        lesson_clear(l);
    }
}

/// Two lessons, the first of which only measures. @param poisoned dead rows hold NaN when they are learned
/// from
static Lesson *two_lessons(ParaArena *arena, int threads, bool poisoned, ParaPpoStats *out)
{
    Lesson *l = lesson_make(arena, PARA_SOLVER_AUTO, threads);
    for (int lesson = 0; lesson < 2; lesson++) {
        para_collect(l->collector);
        for (size_t row = 0; poisoned && row < T * B; row++)
            if (!l->ppo->rollout.live[row])
                poison(l->ppo, row);
        *out = para_ppo_update(l->ppo);
    }
    return l;
}

static void test_two_players_are_learned_from_alike_anywhere(void **state)
{
    ParaArena *arena = *state;
    ParaPpoStats stats[3];
    Lesson *one = two_lessons(arena, 1, false, &stats[0]), *two = two_lessons(arena, 2, false, &stats[1]);
    Lesson *clean = two_lessons(arena, 2, true, &stats[2]);
    assert_true(stats[0].gradient_norm > 0 && isfinite(stats[0].value_loss) && stats[0].entropy > 0.1f);
    for (int i = 1; i < 3; i++)
        assert_memory_equal(&stats[0], &stats[i], sizeof stats[0]);
    assert_same_learner(one->ppo, two->ppo, true);
    assert_same_learner(one->ppo, clean->ppo, true);
    assert_finite_learner(one->ppo);
    const ParaRollout *a = &one->ppo->rollout, *b = &two->ppo->rollout;
    assert_memory_equal(a->live, b->live, T * B);
    assert_memory_equal(a->action, b->action, T * B * PARA_CHANNELS);
    assert_memory_equal(a->reward, b->reward, sizeof(float) * T * B);
    lesson_clear(one);
    lesson_clear(two);
    lesson_clear(clean);
}

// ---------------------------------------------------------------------------------------------
// Trials.

/// Random trials of a level of two: all players act, and the report is of all together.
static void test_a_trial_plays_all_players(void **state)
{
    ParaArena *arena = *state;
    enum { COUNT = 5 };
    Lesson *l = lesson_make(arena, PARA_SOLVER_AUTO, 1);
    ParaTrialRoom *room = para_trial_room_create(PARA_SOLVER_AUTO, l->workers, arena);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaTrial trials[COUNT];
    static const float flat[PARA_LOGITS];
    for (int i = 0; i < COUNT; i++) // the last ones see, next to one of a single player
        trials[i] = (ParaTrial){.level = i == 3 ? NULL : l->level,
                                .kind = i < 3 ? PARA_TRIAL_RANDOM : PARA_TRIAL_POLICY,
                                .seed = (uint64_t)i};
    para_trials_play(room, &l->families, trials, COUNT, l->policy, NULL, NULL);
    for (int i = 0; i < 3; i++) {
        ParaEnv env = {.world = para_world_at(group, 0), .arena = arena};
        ParaRng rng = para_rng_make((uint64_t)i, "trial");
        assert_true(para_env_begin(&env, l->level, ""));
        while (env.play.status == PARA_PLAY_ON) {
            int8_t actions[A * PARA_CHANNELS] = {0};
            for (int p = 0; p < A; p++)
                if (env.play.players[p].status == PARA_PLAY_ON)
                    para_action_draw(PARA_HEAD_LEVELS, flat, l->level->players[p].channel_bits,
                                     l->level->players[p].negative_bits, &rng, actions + p * PARA_CHANNELS);
            para_decision_make_one(&env, actions);
        }
        const ParaReport *got = &trials[i].report;
        assert_true(trials[i].played);
        assert_int_equal(got->player, PARA_PLAYER_ALL);
        assert_int_equal(got->decisions, env.decisions);
        assert_true(got->total_reward == env.accounts[0].total_reward + env.accounts[1].total_reward);
        assert_int_equal(got->end, PARA_END_TIMEOUT); // player 0 has far to go
        assert_true(got->progress == fminf(env.play.players[0].progress, env.play.players[1].progress));
    }
    assert_true(trials[3].played && trials[4].played && trials[4].report.decisions > 0);
    assert_int_equal(trials[4].report.level_hash, l->level->hash);
    para_world_group_destroy(group);
    para_trial_room_destroy(room);
    lesson_clear(l);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_learn_players[] = {
    TEST(test_a_dead_column_is_as_if_it_were_not_there),    TEST(test_an_update_leaves_dead_rows_out),
    TEST(test_an_update_learns_from_a_single_live_row),     TEST(test_a_rollout_of_two_players_row_by_row),
    TEST(test_two_players_are_learned_from_alike_anywhere), TEST(test_a_trial_plays_all_players),
};
const size_t para_tests_learn_players_count =
    sizeof para_tests_learn_players / sizeof *para_tests_learn_players;
