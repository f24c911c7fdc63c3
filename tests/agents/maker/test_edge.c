// SPDX-License-Identifier: MIT
// Makers with a made-up player, who solves what is near and not what is far: what frontier proposes lies at
// the edge of what this player can do and follows it; children differ from their parents by little, and stay
// inside the ranges; what replays is drawn by rank and age.
#include "agents/maker/children.h"
#include "agents/maker/maker.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENVS = 32, EPISODES = 64, LESSONS = 60 };

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families; ///< push alone: its distance is 0.5 to 2 m
    ParaPolicy *policy;
    ParaWorkers *workers;
    ParaTrialRoom *room;
} Fixture;

static int set_up_with(void **state, const char *name)
{
    const char *const names[] = {name};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->families = tiny_families(names, 1, f->arena);
    ParaPolicyDef def = {.obs = para_obs_spec_entities(), .width = 16, .encoder_width = 8};
    f->policy = para_policy_create(&def, 1, f->arena);
    f->workers = para_workers_create(2);
    f->room = para_trial_room_create(PARA_SOLVER_AUTO, f->workers, f->arena);
    *state = f;
    return 0;
}

static int set_up(void **state) { return set_up_with(state, "push"); }
static int set_up_tiers(void **state) { return set_up_with(state, "reach"); }

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_trial_room_destroy(f->room);
    para_workers_destroy(f->workers);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static ParaMaker *make(const Fixture *f, const char *method)
{
    const char *error = NULL;
    ParaMakerDef def = para_maker_def_default(method);
    def.families = &f->families;
    def.room = f->room;
    def.seed = 7;
    def.buffer = 40;
    ParaMaker *maker = para_maker_create(&def, f->arena, &error);
    assert_non_null(maker);
    return maker;
}

static double distance_of(const Fixture *f, const ParaPick *pick)
{
    double values[PARA_PARAMS_MAX];
    ParaPick copy = *pick;
    assert_true(para_pick_values(&f->families, &copy, f->arena, values, NULL));
    assert_true(copy.seed == pick->seed);
    return values[0];
}

/// Its chance to solve a level at a distance [m], where it solves half of those at its reach.
static double chance(double distance, double reach) { return 1 / (1 + exp((distance - reach) / 0.08)); }

/// A lesson. @return share of its episodes whose level this player solves between .2 and .8 of the time
static double play_lesson(const Fixture *f, ParaMaker *maker, int lesson, double reach, ParaRng *rng)
{
    int edge = 0;
    para_maker_turn(maker, lesson, f->policy);
    for (int i = 0; i < EPISODES; i++) {
        ParaEnded ended = {.report = {.seconds = 1}};
        para_maker_next(maker, i % ENVS, rng, &ended.pick);
        double p = chance(distance_of(f, &ended.pick), reach);
        bool solved = para_rng_f64(rng) < p;
        ended.report.end = solved ? PARA_END_SOLVED : PARA_END_TIMEOUT;
        ended.report.progress = solved ? 1 : 0;
        edge += p > 0.2 && p < 0.8;
        para_maker_learn(maker, &ended, 1);
    }
    return (double)edge / EPISODES;
}

/// Mean of the last third of the lessons.
static double play_lessons(const Fixture *f, ParaMaker *maker, int *lesson, double reach, ParaRng *rng)
{
    double sum = 0;
    for (int i = 0; i < LESSONS; i++) {
        double edge = play_lesson(f, maker, ++*lesson, reach, rng);
        sum += i >= 2 * LESSONS / 3 ? edge : 0;
    }
    return sum / (LESSONS / 3);
}

/// Of what the envs play next, the share whose distance is in the easy tier. Fresh draws: 1 in 15.
static double easy_share(const Fixture *f, ParaMaker *maker)
{
    ParaRng rng = para_rng_make(9, "easy");
    int easy = 0;
    for (int i = 0; i < 256; i++) {
        ParaPick pick;
        para_maker_next(maker, i % ENVS, &rng, &pick);
        easy += distance_of(f, &pick) <= 0.6;
    }
    return easy / 256.0;
}

/// Where nothing is solved half of it is easy; once something is, forecasts decide.
static void test_frontier_leads_a_player_who_solves_nothing(void **state)
{
    Fixture *f = *state;
    ParaMaker *maker = make(f, "frontier");
    ParaRng rng = para_rng_make(3, "nothing");
    int lesson = 0, count = 0;
    play_lessons(f, maker, &lesson, -2, &rng);
    const ParaKept *kept = para_maker_kept(maker, &count);
    for (int k = 0; k < count; k++)
        assert_int_equal(kept[k].pick.family, -1);
    assert_near(easy_share(f, maker), 0.53, 0.1);
    play_lessons(f, maker, &lesson, 1.5, &rng);
    assert_true(easy_share(f, maker) < 0.25);
}

static void test_frontier_proposes_at_the_edge_and_follows_it(void **state)
{
    Fixture *f = *state;
    ParaMaker *frontier = make(f, "frontier"), *dr = make(f, "dr");
    ParaRng rng = para_rng_make(3, "edge"), same = rng;
    int lesson = 0, other = 0, count = 0;
    const double reaches[2] = {0.9, 1.5}; // the player gets better
    for (int k = 0; k < 2; k++) {
        double edge = play_lessons(f, frontier, &lesson, reaches[k], &rng);
        double even = play_lessons(f, dr, &other, reaches[k], &same);
        // Of what it keeps, which half of the envs play, nearly all: of fresh draws 1 in 7.
        if (edge < 0.4 || edge < 2 * even)
            fail_msg("reach %g: %.3f of its episodes at the edge, dr %.3f", reaches[k], edge, even);
        const ParaKept *kept = para_maker_kept(frontier, &count);
        double mean = 0;
        int there = 0;
        for (int i = 0; i < count; i++)
            if (kept[i].pick.family >= 0 && !kept[i].given_up) {
                mean += distance_of(f, &kept[i].pick);
                there++;
            }
        assert_true(there > 8);
        assert_near(mean / there, reaches[k], 0.15);
    }
    ParaCalibration calibration;
    assert_false(para_maker_calibration(dr, &calibration));
    assert_true(para_maker_calibration(frontier, &calibration));
    assert_true(para_calibration_error(&calibration) < 0.12);
    int64_t told = 0;
    for (int b = 0; b < PARA_CALIBRATION_BINS; b++)
        told += calibration.bins[b].count;
    assert_true(told > LESSONS * EPISODES / 2); // the fresh half of two phases, but for the beginning
}

static void test_children_stay_near_their_parents_and_inside(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(9, "children");
    ParaPick pick = {.seed = 5};
    uint64_t hash = 0;
    pick.bound = para_pick_values(&f->families, &pick, f->arena, pick.values, &hash);
    assert_true(pick.bound && hash != 0);
    double start = pick.values[0], most = 0;
    int moved = 0;
    for (int i = 0; i < 500; i++) {
        ParaPick child = para_pick_child(&f->families, &pick, hash, 1, &rng);
        assert_true(child.bound && child.seed != pick.seed && child.seed >> 63 == 0 && child.parent == hash);
        moved += child.values[0] != start;
        most = fmax(most, fabs(child.values[0] - start));
        assert_near(distance_of(f, &child), child.values[0], 0);
    }
    assert_in_range(moved, 270, 400);    // two of three
    assert_near(most, 1.5 / 16, 1.5e-2); // of a range of 1.5 m
    for (int i = 0; i < 2000; i++) {     // a long line goes everywhere inside, and nowhere else
        pick = para_pick_child(&f->families, &pick, hash, 3, &rng);
        assert_true(pick.values[0] >= 0.5 && pick.values[0] <= 2);
    }
}

static int plays_of(ParaMaker *maker, const ParaPick *pick, int count)
{
    ParaRng rng = para_rng_make(2, "plays");
    int times = 0;
    for (int i = 0; i < count; i++) {
        ParaPick got;
        para_maker_next(maker, i, &rng, &got);
        times += para_pick_is(&got, pick);
    }
    return times;
}

static void test_replay_draws_by_rank_and_age(void **state)
{
    Fixture *f = *state;
    ParaMaker *maker = make(f, "plr");
    ParaJudgeUnits units = {.discount = 0.99f, .lambda = 0.95f, .scale = 1};
    int count = 0, there = 0;
    assert_int_equal(para_maker_turn(maker, 0, f->policy), 0);
    para_trial_room_judge(f->room, units);
    assert_true(para_maker_turn(maker, 1, f->policy) > 0);
    const ParaKept *kept = para_maker_kept(maker, &count);
    for (int k = 0; k < count; k++)
        there += kept[k].pick.family >= 0;
    assert_int_equal(count, 40);
    assert_int_equal(there, 20); // filled to its half
    // All are played once; one has the highest value loss by far, and another was not played for long.
    for (int k = 0; k < there; k++) {
        ParaEnded ended = {
            .pick = kept[k].pick,
            .report = {.end = PARA_END_TIMEOUT,
                       .judged = {.known = true, .value_loss = k == 6 ? 5 : 0.1f, .scale = 1}}};
        if (k != 11)
            para_maker_learn(maker, &ended, 1);
    }
    para_maker_turn(maker, 2, f->policy);
    assert_near((double)kept[6].score, 5, 1e-6);
    assert_true(kept[6].reports == 1 && kept[11].reports == 0);
    // rho = .5: half of all plays by rank, nearly all of them on the first (beta = .1); half by age.
    int first = plays_of(maker, &kept[6].pick, 4000), old = plays_of(maker, &kept[11].pick, 4000),
        plain = plays_of(maker, &kept[3].pick, 4000);
    assert_in_range(first, 1900, 2500);
    assert_true(old > plain);
    // The best return that was seen counts in the other score.
    ParaMaker *best = make(f, "plr-maxmc");
    para_maker_turn(best, 1, f->policy);
    kept = para_maker_kept(best, &count);
    ParaEnded ended = {
        .pick = kept[0].pick,
        .report = {.total_reward = 50, .judged = {.known = true, .value = 1.5f, .scale = 0.5f}}};
    para_maker_learn(best, &ended, 1);
    ended.report.total_reward = -3;
    para_maker_learn(best, &ended, 1);
    assert_near((double)kept[0].score, 50 * 0.5 - 1.5, 1e-5);
    para_trial_room_judge(f->room, (ParaJudgeUnits){0});
}

static void test_edits_are_scored_by_what_half_of_them_solve(void **state)
{
    Fixture *f = *state;
    ParaMaker *maker = make(f, "edit-learn");
    int count = 0, children = 0, fresh = 0;
    para_maker_turn(maker, 1, f->policy);
    const ParaKept *kept = para_maker_kept(maker, &count);
    // Forty episodes owe forty children; those of the four levels with mixed outcomes are the parents.
    for (int i = 0; i < 40; i++) {
        int k = i % 8;
        ParaEnded ended = {.pick = kept[k].pick,
                           .report = {.end = k < 4 && i / 8 % 2 ? PARA_END_SOLVED : PARA_END_TIMEOUT}};
        para_maker_learn(maker, &ended, 1);
    }
    uint64_t hashes[4];
    for (int k = 0; k < 4; k++) {
        hashes[k] = kept[k].hash;
        assert_true(kept[k].score > 0.2f && kept[k + 4].score < kept[k].score);
    }
    assert_true(para_maker_turn(maker, 2, f->policy) > 0);
    for (int k = 0; k < count; k++) {
        bool of_them = false;
        for (int i = 0; i < 4; i++)
            of_them = of_them || kept[k].pick.parent == hashes[i];
        fresh += kept[k].fresh;
        children += kept[k].pick.family >= 0 && kept[k].fresh && of_them;
    }
    assert_true(fresh >= 15 && children >= fresh - 6); // a few fresh ones are scored beside them
}

/// A ball that falls, on the mark by itself where it hangs less than 0.6 m aside of its middle, and can be
/// walked there from further.
static ParaFamilies falling(ParaArena *arena)
{
    static const char text[] =
        "{\"paracosm\": 1, \"name\": \"falling\","
        " \"params\": {\"aside\": {\"range\": [0, 1.2], \"unit\": \"m\"}},"
        " \"tiers\": {\"easy\": {\"aside\": [0.4, 0.8]}},"
        " \"world\": {\"size\": [12, 4], \"seconds\": 1.2},"
        " \"bodies\": ["
        "  {\"name\": \"floor\", \"static\": true, \"friction\": 1, \"shape\": {\"box\": [12, 1]}, \"at\": "
        "[6, 0.5]},"
        "  {\"name\": \"ball\", \"at\": [\"6 + aside\", 2], \"shape\": {\"circle\": 0.3}, \"density\": 2}],"
        " \"zones\": [{\"name\": \"mark\", \"area\": {\"box\": [1.2, 0.5]}, \"at\": [6, 1.25]}],"
        " \"player\": {\"body\": \"ball\", \"actuators\": ["
        "  {\"walk\": \"ball\", \"channel\": 0, \"speed\": 4, \"force\": 8, \"air\": 1}]},"
        " \"goal\": {\"inside\": [\"ball\", \"mark\"]}}";
    const char *error = NULL;
    ParaTemplateText *one = PARA_NEW(arena, ParaTemplateText, 1);
    *one = (ParaTemplateText){.source = "falling", .text = text, .size = sizeof text - 1};
    ParaFamilies families;
    if (!para_families_load_texts(&families, one, 1, arena, &error))
        fail_msg("%s", error);
    return families;
}

static bool solves_itself(const Fixture *f, const ParaPick *pick)
{
    ParaTrial trial = {.pick = *pick, .kind = PARA_TRIAL_STILL};
    para_trials_play(f->room, &f->families, &trial, 1, NULL, NULL, NULL);
    assert_true(trial.played);
    return trial.report.end == PARA_END_SOLVED;
}

static void test_levels_that_solve_themselves_are_not_kept(void **state)
{
    Fixture *f = *state;
    static const char *const methods[] = {"sfl", "plr", "accel", "edit-learn", "frontier"};
    f->families = falling(f->arena);
    for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
        ParaMaker *maker = make(f, methods[m]), *again = make(f, methods[m]);
        ParaRng rng = para_rng_make(3, "itself");
        ParaBytes saved = {.arena = f->arena};
        char sentence[160];
        int count = 0, there = 0;
        for (int lesson = 1; lesson <= 12; lesson++) {
            int64_t steps = para_maker_turn(maker, lesson * (1 << 20), f->policy);
            assert_true(steps >= 0);
            for (int i = 0; i < EPISODES; i++) {
                ParaEnded ended = {.report = {.seconds = 1}};
                para_maker_next(maker, i, &rng, &ended.pick);
                // This player solves those that need it half of the time, and is not stopped by the others.
                bool solved = para_rng_f64(&rng) < 0.5 || solves_itself(f, &ended.pick);
                ended.report.end = solved ? PARA_END_SOLVED : PARA_END_TIMEOUT;
                para_maker_learn(maker, &ended, 1);
            }
        }
        const ParaKept *kept = para_maker_kept(maker, &count);
        for (int k = 0; k < count; k++) {
            if (kept[k].pick.family < 0)
                continue;
            there++;
            assert_false(solves_itself(f, &kept[k].pick));
        }
        int64_t refused = para_maker_refused(maker);
        if (there < 5 || refused < 3)
            fail_msg("%s keeps %d, refused %lld", methods[m], there, (long long)refused);
        para_maker_describe(maker, sentence, sizeof sentence);
        const char *told =
            para_arena_printf(f->arena, "; refused %lld that solve themselves", (long long)refused);
        if (!strstr(sentence, told))
            fail_msg("%s", sentence);
        para_maker_describe(maker, sentence, 40); // no room: nothing, and no half of it
        assert_null(strstr(sentence, "refu"));
        para_maker_save(maker, &saved);
        assert_true(para_maker_load(again, saved.data, saved.size));
        assert_int_equal(para_maker_refused(again), refused);
    }
}

const struct CMUnitTest para_tests_edge[] = {
    cmocka_unit_test_setup_teardown(test_frontier_proposes_at_the_edge_and_follows_it, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_frontier_leads_a_player_who_solves_nothing, set_up_tiers, tear_down),
    cmocka_unit_test_setup_teardown(test_children_stay_near_their_parents_and_inside, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_replay_draws_by_rank_and_age, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_edits_are_scored_by_what_half_of_them_solve, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_levels_that_solve_themselves_are_not_kept, set_up, tear_down),
};
const size_t para_tests_edge_count = sizeof para_tests_edge / sizeof *para_tests_edge;
