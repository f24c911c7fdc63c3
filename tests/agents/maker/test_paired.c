// SPDX-License-Identifier: MIT
// The maker with an antagonist, with made-up players first: its proposals move to where the antagonist can
// and the player cannot. The proposer's gradient against finite differences, its draws against their ranges;
// a slate's account by hand; a turn with an antagonist that is real.
#include "agents/maker/paired/slate.h"

#include "tests/agents/learn/reference.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP = 16, ENVS = 32, HORIZON = 16 };

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families; ///< push: distance 0.5 to 2 m; rise: height, weight, and whole weights
    ParaPolicy *policy;
    ParaWorkers *workers;
    ParaPpo *learner;
    ParaMakerDef def;
    ParaWorldGroup *group;
    ParaEnv env;
} Fixture;

static int set_up(void **state)
{
    static const char *const names[] = {"push", "rise"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->families = tiny_families(names, 2, f->arena);
    ParaPolicyDef def = {.obs = para_obs_spec_entities(), .width = 16, .encoder_width = 8};
    f->policy = para_policy_create(&def, 1, f->arena);
    f->workers = para_workers_create(2);
    ParaPpoDef learner = para_ppo_def_default(ENVS, HORIZON);
    learner.minibatches = 4;
    f->learner = para_ppo_create(&learner, f->policy, 2, f->workers, f->arena);
    f->def = para_maker_def_default("paired");
    f->def.families = &f->families;
    f->def.seed = 7;
    f->def.keep = KEEP;
    f->def.learner = f->learner;
    f->def.player = f->policy;
    f->def.workers = f->workers;
    f->group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    para_env_init(&f->env, para_world_at(f->group, 0), false);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_env_destroy(&f->env);
    para_world_group_destroy(f->group);
    para_workers_destroy(f->workers);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

// ---------------------------------------------------------------- the proposer

static void test_proposer_gradient_is_that_of_its_loss(void **state)
{
    Fixture *f = *state;
    ParaProposer *p = para_proposer_create(f->families.templates[1], 3, f->arena);
    enum { N = 9 };
    ParaProposal drawn[N];
    float advantage[N], before[N * 3];
    int floats = 0, compared = 0;
    ParaRng rng = para_rng_make(4, "test");
    float *weights = para_proposer_weights(p, &floats);
    for (int i = 0; i < floats; i++) // away from even chances
        weights[i] += 0.3f * (float)para_rng_normal(&rng);
    for (int i = 0; i < N; i++) {
        para_proposer_draw(p, &rng, &drawn[i]);
        advantage[i] = (float)para_rng_normal(&rng);
        for (int k = 0; k < 3; k++) { // ratios from 0.7 to 1.4: some are clipped
            float chances[PARA_PROPOSER_BINS];
            para_proposer_chances(p, drawn[i].bins, k, chances);
            before[i * 3 + k] = logf(chances[drawn[i].bins[k]]) + 0.35f * (float)para_rng_range(&rng, -1, 1);
        }
    }
    float *gradient = PARA_NEW(f->arena, float, floats), *other = PARA_NEW(f->arena, float, floats);
    para_proposer_gradient(p, drawn, advantage, before, N, gradient);
    for (int i = 0; i < 300; i++) {
        int at = (int)para_rng_int(&rng, 0, floats - 1);
        float kept = weights[at], step = 4e-3f;
        weights[at] = kept + step;
        double above = para_proposer_gradient(p, drawn, advantage, before, N, other);
        weights[at] = kept - step;
        double below = para_proposer_gradient(p, drawn, advantage, before, N, other);
        weights[at] = kept;
        double want = (above - below) / (2 * (double)step);
        if (fabs((double)gradient[at] - want) > 2e-3 + 3e-2 * fabs(want))
            fail_msg("weight %d: gradient %g, by differences %g", at, (double)gradient[at], want);
        compared += fabs(want) > 1e-2;
    }
    assert_true(compared > 50);
}

static void test_proposer_begins_even_and_stays_inside(void **state)
{
    Fixture *f = *state;
    const ParaTemplate *t = f->families.templates[1];
    ParaProposer *p = para_proposer_create(t, 5, f->arena);
    int seen[3][PARA_PROPOSER_BINS] = {{0}};
    const int bins[3] = {PARA_PROPOSER_BINS, PARA_PROPOSER_BINS, 4}; // 0 to 3 boxes
    ParaRng rng = para_rng_make(6, "test");
    enum { DRAWS = 4000 };
    for (int k = 0; k < 3; k++)
        assert_int_equal(para_proposer_bins(p, k), bins[k]);
    for (int i = 0; i < DRAWS; i++) {
        ParaProposal drawn;
        para_proposer_draw(p, &rng, &drawn);
        for (int k = 0; k < 3; k++) {
            const ParaParam *param = para_template_param(t, k);
            double cells = param->high - param->low + (param->integer ? 1 : 0);
            assert_true(drawn.values[k] >= param->low && drawn.values[k] <= param->high);
            assert_true(!param->integer || drawn.values[k] == floor(drawn.values[k]));
            assert_int_equal((int)((drawn.values[k] - param->low) / cells * bins[k]), drawn.bins[k]);
            seen[k][drawn.bins[k]]++;
        }
    }
    for (int k = 0; k < 3; k++)
        for (int bin = 0; bin < bins[k]; bin++)
            assert_near(seen[k][bin], (double)DRAWS / bins[k], 0.2 * DRAWS / bins[k]);
}

static void test_proposer_learns_what_goes_together(void **state)
{
    Fixture *f = *state;
    ParaProposer *p = para_proposer_create(f->families.templates[1], 8, f->arena);
    ParaRng rng = para_rng_make(9, "test");
    // Worth something: heavy and low, or light and high. Neither height nor weight alone tells.
    int fits = 0;
    enum { ROUNDS = 120, N = 16 };
    for (int round = 0; round < ROUNDS; round++) {
        ParaProposal drawn[N];
        float advantage[N];
        for (int i = 0; i < N; i++) {
            para_proposer_draw(p, &rng, &drawn[i]);
            bool fit = (drawn[i].values[0] < 0.8) == (drawn[i].values[1] > 1.25);
            advantage[i] = fit ? 1 : -1;
            fits += fit && round >= ROUNDS - 20;
        }
        para_proposer_learn(p, drawn, advantage, N);
    }
    assert_true(fits > 20 * N * 9 / 10); // at the beginning half
}

// ---------------------------------------------------------------- slates

static ParaEnded ended_of(const ParaSlate *slate, int k, bool solved)
{
    return (ParaEnded){.pick = slate->levels[k].pick,
                       .report = {.end = solved ? PARA_END_SOLVED : PARA_END_TIMEOUT,
                                  .total_reward = 50 * (float)(k % 3)}}; // what it pays counts for nothing
}

static void note(ParaSlate *slate, ParaSide side, int k, bool solved)
{
    ParaEnded ended = ended_of(slate, k, solved);
    assert_true(para_slate_note(slate, side, &ended));
}

static ParaSlate slate_of(Fixture *f, int family)
{
    ParaSlate slate;
    para_slate_create(&slate, &f->def, family, PARA_NEW(f->arena, ParaKept, KEEP), f->arena);
    return slate;
}

static void test_slate_regret_is_best_less_mean(void **state)
{
    Fixture *f = *state;
    ParaSlate slate = slate_of(f, 0);
    assert_true(para_slate_is_played(&slate, 0)); // an empty one waits for nobody
    assert_int_equal(para_slate_at(&slate, PARA_SIDE_PLAYER, 3), -1);
    para_slate_draw(&slate, &f->env, 100, ENVS);
    assert_int_equal(slate.count, KEEP);
    for (int k = 0; k < KEEP; k++) {
        assert_true(slate.levels[k].fresh && slate.levels[k].pick.bound && slate.levels[k].hash != 0);
        assert_true(slate.levels[k].pick.seed >> 63 == 0);
        assert_near(slate.levels[k].pick.values[0], slate.duels[k].drawn.values[0], 0);
    }
    // Seats share the levels out; who was played goes to the end of the queue.
    for (int seat = 0; seat < KEEP; seat++)
        assert_int_equal(para_slate_at(&slate, PARA_SIDE_PLAYER, seat), seat);
    note(&slate, PARA_SIDE_PLAYER, 2, true);
    assert_int_equal(para_slate_at(&slate, PARA_SIDE_PLAYER, 2), 3);
    assert_int_equal(para_slate_at(&slate, PARA_SIDE_ANTAGONIST, 2), 2); // each side has its own
    assert_near(para_duel_regret(&slate.duels[2]), -1, 0);               // one of them has not played
    for (int i = 0; i < 3; i++)
        note(&slate, PARA_SIDE_PLAYER, 2, false);
    note(&slate, PARA_SIDE_ANTAGONIST, 2, true);
    note(&slate, PARA_SIDE_ANTAGONIST, 2, false);
    assert_near(para_duel_regret(&slate.duels[2]), 1 - 0.25, 1e-6);
    assert_near((double)slate.levels[2].score, 0.75, 1e-6);
    assert_near((double)slate.levels[2].success, 0.25, 1e-6);
    assert_int_equal(slate.levels[2].reports, 6); // each says that the score is another
    assert_int_equal(slate.levels[2].tries, 4);
    note(&slate, PARA_SIDE_PLAYER, 3, true);
    note(&slate, PARA_SIDE_ANTAGONIST, 3, false);
    assert_near(para_duel_regret(&slate.duels[3]), 0, 0); // what the player does better is no regret
    ParaEnded strange = ended_of(&slate, 2, true);
    strange.pick.seed++;
    assert_false(para_slate_note(&slate, PARA_SIDE_PLAYER, &strange));
    // It is played once all are by both; or too late.
    for (int k = 0; k < KEEP; k++)
        for (int side = 0; side < 2; side++)
            while (slate.duels[k].episodes[side] < PARA_SLATE_EPISODES) {
                assert_false(para_slate_is_played(&slate, 200));
                note(&slate, (ParaSide)side, k, false);
            }
    assert_true(para_slate_is_played(&slate, 200));
    para_slate_draw(&slate, &f->env, 200, ENVS);
    int decisions = 18; // of 1.2 s
    assert_false(para_slate_is_played(&slate, 200 + 4 * decisions * ENVS - 1));
    assert_true(para_slate_is_played(&slate, 200 + 4 * decisions * ENVS));
}

/// Solves a level of push up to a distance, nearly always; beyond it nearly never.
static bool solves(double distance, double reach, ParaRng *rng)
{
    return para_rng_f64(rng) < 1 / (1 + exp((distance - reach) / 0.04));
}

/// Two made-up players on slates. @return share of the last slates' levels between the two reaches
static double between(Fixture *f, double player, double antagonist, double *out_mean)
{
    ParaSlate slate = slate_of(f, 0);
    ParaRng rng = para_rng_make(11, "play");
    enum { ROUNDS = 60, LAST = 15 };
    int there = 0, all = 0;
    *out_mean = 0;
    for (int round = 0; round < ROUNDS; round++) {
        para_slate_draw(&slate, &f->env, 0, ENVS);
        for (int k = 0; k < slate.count; k++) {
            double distance = slate.levels[k].pick.values[0];
            for (int i = 0; i < PARA_SLATE_EPISODES; i++) {
                note(&slate, PARA_SIDE_PLAYER, k, solves(distance, player, &rng));
                note(&slate, PARA_SIDE_ANTAGONIST, k, solves(distance, antagonist, &rng));
            }
            if (round < ROUNDS - LAST)
                continue;
            there += distance > player && distance < antagonist;
            *out_mean += distance;
            all++;
        }
        para_slate_learn(&slate);
    }
    *out_mean /= all;
    return (double)there / all;
}

static void test_paired_proposes_what_the_antagonist_can_and_the_player_cannot(void **state)
{
    Fixture *f = *state;
    double mean = 0, share = between(f, 0.9, 1.3, &mean);
    if (share < 0.75) // of even draws 0.27
        fail_msg("%.2f of its levels are where it should be, mean %.2f m", share, mean);
    share = between(f, 1.4, 1.8, &mean); // a better player
    if (share < 0.75)
        fail_msg("of a better player %.2f of its levels are where it should be, mean %.2f m", share, mean);
    // An antagonist that can less leads nowhere: levels stay spread over the range.
    between(f, 1.8, 0.7, &mean);
    assert_near(mean, 1.25, 0.2);
}

// ---------------------------------------------------------------- with an antagonist that learns

static ParaMaker *make(const Fixture *f)
{
    const char *error = NULL;
    ParaMaker *maker = para_maker_create(&f->def, f->arena, &error);
    assert_non_null(maker);
    return maker;
}

static void test_paired_plays_its_slates_on_both_sides(void **state)
{
    Fixture *f = *state;
    ParaMaker *maker = make(f);
    ParaRng rng = para_rng_make(3, "test");
    int count = 0, slate[2] = {0}, fresh = 0, drawn = 0;
    char sentence[160];
    para_maker_describe(maker, sentence, sizeof sentence);
    assert_string_equal(sentence, "proposes levels over whole ranges until an antagonist has played some");
    int64_t steps = para_maker_turn(maker, 0, f->policy);
    // As many envs as play slates, a rollout, four steps a decision; less where one ends in the midst of its
    // last.
    assert_in_range(steps, ENVS / 2 * HORIZON * 4 * 9 / 10, ENVS / 2 * HORIZON * 4);
    const ParaKept *kept = para_maker_kept(maker, &count);
    assert_int_equal(count, 2 * KEEP);
    for (int k = 0; k < count; k++)
        assert_true(kept[k].fresh && kept[k].pick.family == k / KEEP);
    for (int env = 0; env < ENVS; env++) {
        ParaPick pick;
        para_maker_next(maker, env, &rng, &pick);
        int k = para_maker_kept_index(maker, &pick);
        assert_int_equal(pick.family, env % 2);
        slate[env % 2] += k >= 0;
        fresh += k < 0;
    }
    assert_true(slate[0] == ENVS / 4 && slate[1] == ENVS / 4 && fresh == ENVS / 2);
    for (int lesson = 1; lesson < 60; lesson++) { // a player that never gets anywhere
        for (int env = 0; env < ENVS; env++) {
            ParaEnded ended = {.report = {.end = PARA_END_TIMEOUT}};
            para_maker_next(maker, env, &rng, &ended.pick);
            para_maker_learn(maker, &ended, 1);
        }
        assert_true(para_maker_turn(maker, lesson * ENVS * HORIZON, f->policy) > 0);
        for (int k = 0; k < count; k++)
            drawn += kept[k].fresh;
    }
    assert_true(drawn >= 3 * KEEP && drawn % KEEP == 0); // slate after slate
    para_maker_describe(maker, sentence, sizeof sentence);
    if (!strstr(sentence, "proposes levels of 2 families: antagonist ahead on "))
        fail_msg("%s", sentence);
    para_maker_destroy(maker);
}

static void test_paired_with_too_few_envs_draws_fresh_levels(void **state)
{
    Fixture *f = *state;
    f->def.kept_share = 0.05f; // of 16 envs of a family none
    ParaMaker *maker = make(f);
    char sentence[160];
    assert_int_equal(para_maker_turn(maker, 0, f->policy), 0);
    ParaRng rng = para_rng_make(3, "test");
    for (int env = 0; env < ENVS; env++) {
        ParaPick pick;
        para_maker_next(maker, env, &rng, &pick);
        assert_int_equal(para_maker_kept_index(maker, &pick), -1);
    }
    para_maker_describe(maker, sentence, sizeof sentence);
    assert_non_null(strstr(sentence, "too few worlds"));
    para_maker_destroy(maker);
}

static void test_paired_takes_no_damaged_state(void **state)
{
    Fixture *f = *state;
    ParaMaker *maker = make(f), *again = make(f);
    ParaBytes saved = {.arena = f->arena};
    ParaRng rng = para_rng_make(13, "damage");
    int refused = 0, count = 0;
    para_maker_turn(maker, 0, f->policy);
    para_maker_save(maker, &saved);
    assert_true(para_maker_load(again, saved.data, saved.size));
    for (int i = 0; i < 200; i++) { // one byte each; half of them where slates and episodes are
        size_t at = (size_t)para_rng_int(&rng, 0, (int64_t)saved.size - 1);
        at = i % 2 ? at : i % 4 ? at % 4096 : saved.size - 1 - at % 4096;
        uint8_t kept = saved.data[at];
        saved.data[at] ^= (uint8_t)para_rng_int(&rng, 1, 255);
        bool taken = para_maker_load(again, saved.data, saved.size);
        if (!taken) // it is as it was made, and goes on from there
            assert_int_equal(para_maker_kept(again, &count)[0].pick.family, -1);
        para_maker_turn(again, 1, f->policy);
        refused += !taken;
        saved.data[at] = kept;
    }
    assert_in_range(refused, 8, 100); // where a byte is none of a number
    para_maker_destroy(maker);
    para_maker_destroy(again);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_paired[] = {
    TEST(test_proposer_gradient_is_that_of_its_loss),
    TEST(test_proposer_begins_even_and_stays_inside),
    TEST(test_proposer_learns_what_goes_together),
    TEST(test_slate_regret_is_best_less_mean),
    TEST(test_paired_proposes_what_the_antagonist_can_and_the_player_cannot),
    TEST(test_paired_plays_its_slates_on_both_sides),
    TEST(test_paired_takes_no_damaged_state),
    TEST(test_paired_with_too_few_envs_draws_fresh_levels),
};
const size_t para_tests_paired_count = sizeof para_tests_paired / sizeof *para_tests_paired;
