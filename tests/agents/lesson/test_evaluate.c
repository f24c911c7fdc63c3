// SPDX-License-Identifier: MIT
// An evaluation against the same trials played and counted here: held-out levels, every player's scores, the
// worst tenth by ranks, proofs.
#include "agents/lesson/evaluate.h"

#include "agents/batch/seeds.h"
#include "agents/env/replay.h"
#include "agents/lesson/lesson.h"
#include "agents/player/player.h"
#include "agents/player/trials.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <fcntl.h>
#include <math.h>
#include <stdatomic.h>

enum { FAMILIES = 2, LEVELS = 15, EPISODES = 4, SEED = 9 }; // 30 levels: three are the worst tenth

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *paths[FAMILIES];
    ParaFamilies families;
    const char *run; ///< a player that learned a little
    ParaWorkers *workers;
    ParaTrialRoom *room;
} Fixture;

static int set_up(void **state)
{
    static const char *const names[FAMILIES] = {"push", "rise"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    f->scratch = scratch_make();
    f->families = tiny_families(names, FAMILIES, f->arena);
    for (int i = 0; i < FAMILIES; i++)
        f->paths[i] = tiny_path(names[i], f->arena);
    f->workers = para_workers_create(1);
    f->room = para_trial_room_create(PARA_SOLVER_AUTO, f->workers, f->arena);
    ParaTrainDef def = para_train_def_default();
    const char *error = NULL;
    def.folder = f->run = para_arena_strdup(f->arena, scratch_path(&f->scratch, "run"));
    def.maker = "dr";
    def.families = f->paths;
    def.family_count = FAMILIES;
    def.width = def.envs = def.horizon = 16;
    def.lessons = 4;
    if (!para_train(&def, NULL, NULL, f->arena, &error))
        fail_msg("%s", error);
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

static ParaEvalDef tiny_def(const Fixture *f)
{
    ParaEvalDef def = para_eval_def_default();
    def.run_folder = f->run;
    def.levels = LEVELS;
    def.episodes = EPISODES;
    def.seed = SEED;
    def.threads = 2;
    return def;
}

/// Seed of a held-out level: of the evaluation's seed, the family's name and the level's number.
static uint64_t seed_of(const Fixture *f, int family, int level)
{
    const char *name = f->families.names[family];
    return para_held_out_seed(para_hash(name, strlen(name), SEED), level);
}

// ---------------------------------------------------------------- scores

/// One player's scores, counted by hand.
typedef struct Counted {
    double solve[FAMILIES], seconds[FAMILIES], worst;
    int64_t steps;
} Counted;

/// The worst tenth one level at a time: each takes the mean of what its equals in rank score.
static double worst_of(const double *ranking, const double *scoring, int count)
{
    int room = (count + 9) / 10;
    double sum = 0;
    bool taken[64] = {false};
    for (int k = 0; k < room; k++) {
        int next = -1, equals = 0;
        double of_equals = 0;
        for (int i = 0; i < count; i++)
            if (!taken[i] && (next < 0 || ranking[i] < ranking[next]))
                next = i;
        for (int i = 0; i < count; i++)
            if (fabs(ranking[i] - ranking[next]) < 1e-9) {
                equals++;
                of_equals += scoring[i];
            }
        taken[next] = true;
        sum += of_equals / equals;
    }
    return sum / room;
}

/// All trials of a player, in the order of an evaluation: policies go through the network beside the same
/// others.
static Counted count_player(const Fixture *f, ParaPlayerKind player, ParaTrialKind kind,
                            const ParaPolicy *policy)
{
    static ParaTrial trials[FAMILIES * LEVELS * EPISODES];
    Counted counted = {.steps = 0};
    double ranking[FAMILIES * LEVELS], scoring[FAMILIES * LEVELS];
    int episodes = player == PARA_PLAYER_STILL ? 1 : EPISODES, count = FAMILIES * LEVELS * episodes;
    for (int i = 0; i < count; i++) {
        int family = i / episodes / LEVELS, e = i % episodes;
        uint64_t seed = seed_of(f, family, i / episodes % LEVELS);
        trials[i] = (ParaTrial){.pick = {.family = family, .seed = seed},
                                .kind = kind,
                                .seed = para_seed_mix(seed, (uint64_t)(e * PARA_PLAYERS) + (uint64_t)player)};
    }
    counted.steps = para_trials_play(f->room, &f->families, trials, count, policy, NULL, NULL);
    for (int level = 0; level < FAMILIES * LEVELS; level++) {
        double half[2] = {0, 0};
        for (int e = 0; e < episodes; e++) {
            const ParaTrial *trial = &trials[level * episodes + e];
            double solved = trial->report.end == PARA_END_SOLVED;
            counted.solve[level / LEVELS] += solved / (LEVELS * episodes);
            counted.seconds[level / LEVELS] += (double)trial->report.seconds / (LEVELS * episodes);
            half[e < episodes / 2 ? 0 : 1] += solved / (episodes > 1 ? episodes / 2.0 : 1.0);
        }
        ranking[level] = half[episodes > 1 ? 0 : 1];
        scoring[level] = half[1];
    }
    counted.worst = worst_of(ranking, scoring, FAMILIES * LEVELS);
    return counted;
}

/// What was told on the way.
typedef struct Heard {
    int64_t done, total;
    int calls;
} Heard;

static bool hear(void *context, int64_t done, int64_t total)
{
    Heard *heard = context;
    assert_true(done > heard->done && done <= total);
    *heard = (Heard){done, total, heard->calls + 1};
    return true;
}

static void check_evaluation(Fixture *f, bool greedy)
{
    const char *error = NULL;
    ParaPolicy *trained = para_player_load(f->run, f->arena, &error);
    assert_non_null(trained);
    ParaPolicy *untrained = para_policy_create(para_policy_def(trained), para_seed_mix(SEED, 77), f->arena);
    const ParaPolicy *policies[PARA_PLAYERS] = {NULL, NULL, untrained, trained};
    const ParaTrialKind kinds[PARA_PLAYERS] = {PARA_TRIAL_RANDOM, PARA_TRIAL_STILL, PARA_TRIAL_POLICY,
                                               greedy ? PARA_TRIAL_GREEDY : PARA_TRIAL_POLICY};
    ParaEvalDef def = tiny_def(f);
    ParaEvalResult got;
    Heard heard = {0};
    int64_t steps = 0;
    def.greedy = greedy;
    if (!para_evaluate(&def, hear, &heard, f->arena, &got, &error))
        fail_msg("%s", error);
    assert_int_equal(got.family_count, FAMILIES);
    for (int p = 0; p < PARA_PLAYERS; p++) {
        Counted want = count_player(f, (ParaPlayerKind)p, kinds[p], policies[p]);
        double mean = 0;
        for (int family = 0; family < FAMILIES; family++) {
            const ParaEvalFamily *own = &got.families[family];
            assert_string_equal(own->name, f->families.names[family]);
            assert_int_equal(own->levels, LEVELS);
            assert_int_equal(own->lanes_levels, LEVELS);
            assert_near((double)own->solve[p], want.solve[family], 1e-6);
            assert_near((double)own->seconds[p], want.seconds[family], 1e-5);
            mean += want.solve[family] / FAMILIES;
        }
        assert_true(got.present[p]);
        assert_near((double)got.mean[p], mean, 1e-6);
        assert_near((double)got.worst10[p], want.worst, 1e-6);
        steps += want.steps;
    }
    assert_int_equal(got.world_steps, steps);
    assert_int_equal(heard.total, FAMILIES * LEVELS * (3 * EPISODES + 1));
    assert_int_equal(heard.done, heard.total);
    assert_true(got.mean[PARA_PLAYER_RANDOM] > 0 &&
                got.mean[PARA_PLAYER_TRAINED] != got.mean[PARA_PLAYER_RANDOM]);
}

static void test_evaluation_counts_what_the_trials_say(void **state) { check_evaluation(*state, false); }

static void test_evaluation_of_a_greedy_player_draws_nothing(void **state) { check_evaluation(*state, true); }

static void test_evaluation_without_a_run_scores_the_others(void **state)
{
    Fixture *f = *state;
    ParaEvalDef def = tiny_def(f);
    ParaEvalResult with, without;
    const char *error = NULL;
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &with, &error));
    def.run_folder = NULL;
    def.families = f->paths;
    def.family_count = FAMILIES;
    Heard heard = {0};
    assert_true(para_evaluate(&def, hear, &heard, f->arena, &without, &error));
    assert_int_equal(heard.total, FAMILIES * LEVELS * (2 * EPISODES + 1));
    assert_int_equal(heard.done, heard.total);
    assert_false(without.present[PARA_PLAYER_TRAINED]);
    assert_true(without.mean[PARA_PLAYER_TRAINED] == 0);
    for (int p = 0; p < PARA_PLAYER_UNTRAINED; p++) // those who are the same in both
        assert_true(without.present[p] && without.mean[p] == with.mean[p] &&
                    without.worst10[p] == with.worst10[p]);
    assert_string_equal(para_player_kind_name(PARA_PLAYER_STILL), "still");
    assert_string_equal(para_player_kind_name(PARA_PLAYER_TRAINED), "trained");
}

static void test_evaluation_of_too_many_episodes_is_refused(void **state)
{
    Fixture *f = *state;
    ParaEvalDef def = tiny_def(f);
    ParaEvalResult result;
    const char *error = NULL;
    def.levels = 5000; // 2 * 5000 * 2002 is beyond 20 million
    def.episodes = 2002;
    assert_false(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
    assert_non_null(strstr(error, "20000000"));
}

// ---------------------------------------------------------------- proofs

static void test_evaluation_proves_held_out_levels(void **state)
{
    Fixture *f = *state;
    ParaEvalDef def = tiny_def(f);
    ParaEvalResult result;
    const char *error = NULL;
    int proofs = 0;
    def.proofs_folder = para_arena_strdup(f->arena, scratch_path(&f->scratch, "proofs"));
    if (!para_evaluate(&def, NULL, NULL, f->arena, &result, &error))
        fail_msg("%s", error);
    for (int family = 0; family < FAMILIES; family++)
        for (int level = 0; level < LEVELS; level++) {
            const char *name = f->families.names[family];
            ParaReplay *replay = para_replay_read(
                para_arena_printf(f->arena, "%s/%s-%03d.replay", def.proofs_folder, name, level), f->arena,
                &error);
            if (!replay)
                continue;
            ParaLevel *proved = para_replay_level(replay, f->arena, &error);
            assert_true(para_replay_verify(replay, f->arena).ok);
            assert_int_equal(replay->end, PARA_PLAY_SOLVED);
            assert_string_equal(proved->family, name);
            assert_int_equal(proved->seed, seed_of(f, family, level));
            assert_true(proved->seed >> 63 == 1); // a side that no training ever draws from
            proofs++;
        }
    assert_int_equal(proofs, result.proofs);
    assert_true(proofs > 5 && proofs < FAMILIES * LEVELS);
}

/// Files of single episodes of proofs that were not finished.
static int scraps(const char *folder, ParaArena *arena)
{
    const char **names = NULL, *error = NULL;
    return para_folder_list(folder, ".tmp", arena, &names, &error);
}

/// Stops after as many episodes as `context` says.
static bool hear_until(void *context, int64_t done, int64_t total)
{
    (void)total;
    return done < *(const int64_t *)context;
}

/// Says stop when it has been asked as often as `context` says.
static bool asked_enough(void *context) { return atomic_fetch_sub((atomic_int *)context, 1) <= 0; }

/// Asked in the midst of the first trials, long before the watch hears of any.
static void test_evaluation_that_is_stopped_in_the_midst_says_so(void **state)
{
    Fixture *f = *state;
    ParaEvalDef def = tiny_def(f);
    ParaEvalResult result;
    const char *error = "";
    atomic_int left = 5;
    int64_t never = INT64_MAX;
    def.stop = asked_enough;
    def.stop_context = &left;
    assert_false(para_evaluate(&def, hear_until, &never, f->arena, &result, &error));
    assert_string_equal(error, "stopped before the end; nothing was scored");
    assert_true(atomic_load(&left) > -50); // nobody went on
}

static void test_evaluation_that_is_stopped_says_so_and_leaves_nothing(void **state)
{
    Fixture *f = *state;
    const int64_t one = FAMILIES * LEVELS * EPISODES, all = 3 * one + FAMILIES * LEVELS;
    // At the first word, among the untrained player's, among the trained player's, and at the very last.
    const int64_t stops[] = {1, one + one / 2, all - one / 2, all};
    for (int i = 0; i < 4; i++) {
        ParaEvalDef def = tiny_def(f);
        ParaEvalResult result;
        const char *error = "", *name = para_arena_printf(f->arena, "proofs%d", i);
        int64_t until = stops[i];
        def.proofs_folder = para_arena_strdup(f->arena, scratch_path(&f->scratch, name));
        assert_false(para_evaluate(&def, hear_until, &until, f->arena, &result, &error));
        assert_string_equal(error, "stopped before the end; nothing was scored");
        assert_false(result.present[PARA_PLAYER_TRAINED]);
        assert_int_equal(scraps(def.proofs_folder, f->arena), 0);
    }
}

/// Folders stand where the proofs would: of single episodes, so that no trial can write its own, or where
/// they get their name.
static void test_evaluation_whose_proofs_cannot_be_kept_is_an_error(void **state)
{
    Fixture *f = *state;
    for (int single = 0; single < 2; single++) {
        ParaEvalDef def = tiny_def(f);
        ParaEvalResult result;
        const char *error = "", *folder = single ? "single" : "named";
        def.proofs_folder = para_arena_strdup(f->arena, scratch_path(&f->scratch, folder));
        for (int i = 0; i < FAMILIES * LEVELS * EPISODES; i++) {
            const char *name = f->families.names[i / EPISODES / LEVELS];
            const char *taken = para_arena_printf(f->arena, "%s/%s-%03d.replay", def.proofs_folder, name,
                                                  i / EPISODES % LEVELS);
            if (single)
                taken = para_arena_printf(f->arena, "%s.%d.tmp", taken, i % EPISODES);
            assert_true(para_folder_make(para_arena_printf(f->arena, "%s/x", taken), f->arena, &error));
        }
        assert_false(para_evaluate(&def, NULL, NULL, f->arena, &result, &error));
        assert_non_null(strstr(error, def.proofs_folder));
        assert_non_null(strstr(error, ".replay"));
        assert_false(result.present[PARA_PLAYER_TRAINED]);
        assert_true(result.present[PARA_PLAYER_UNTRAINED]);
        assert_int_equal(scraps(def.proofs_folder, f->arena), single ? FAMILIES * LEVELS * EPISODES : 0);
    }
}

static int open_files(void)
{
    int count = 0;
    for (int file = 0; file < 256; file++)
        count += fcntl(file, F_GETFD) >= 0;
    return count;
}

static void test_looking_at_a_run_leaves_no_file_open(void **state)
{
    Fixture *f = *state;
    ParaEvalDef def = tiny_def(f);
    ParaEvalResult result;
    const char *error = "";
    def.levels = def.episodes = 1;
    int before = open_files();
    assert_int_equal(para_player_solver(f->run, f->arena), PARA_SOLVER_AUTO);
    assert_int_equal(open_files(), before);
    assert_non_null(para_player_load(f->run, f->arena, &error));
    assert_int_equal(open_files(), before);
    assert_true(para_evaluate(&def, NULL, NULL, f->arena, &result, &error)); // its families are the run's
    assert_int_equal(open_files(), before);
}

// ---------------------------------------------------------------- the worst tenth

static void test_worst_tenth_by_hand(void **state)
{
    Fixture *f = *state;
    // Ranking, scoring, levels: the tenth is rounded up, ties at its edge share what room is left.
    const struct {
        float ranking[20], scoring[20];
        int count;
        double want;
    } rows[] = {
        {{0.5f}, {0.25f}, 1, 0.25},
        {{1, 0, 1}, {0, 0.75f, 0}, 3, 0.75},
        {{1, 1, 1, 1, 0.5f, 1, 1, 1, 1, 1}, {0, 0, 0, 0, 1, 0, 0, 0, 0, 0}, 10, 1.0},
        {{1, 1, 0.25f, 1, 0.5f, 1, 1, 1, 1, 1, 1}, {0, 0, 0.5f, 0, 1, 0, 0, 0, 0, 0, 0}, 11, 0.75},
        {{0.5f, 0.5f, 0.5f, 0.5f, 1, 1}, {1, 0, 0, 0, 0, 0}, 6, 0.25}, // four for one place
        {{0, 0, 0, 1}, {1, 1, 0, 0}, 4, 2.0 / 3.0},
        // One is the worst for sure, three share the other place: (0.5 + (1 + 0 + 0) / 3) / 2.
        {{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.2f, 0.4f, 0.4f, 0.4f},
         {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5f, 1, 0, 0},
         20,
         5.0 / 12.0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        float turned[2][20];
        for (int k = 0; k < rows[i].count; k++) { // the order of the levels must not matter
            turned[0][k] = rows[i].ranking[rows[i].count - 1 - k];
            turned[1][k] = rows[i].scoring[rows[i].count - 1 - k];
        }
        assert_near((double)para_worst_tenth(rows[i].ranking, rows[i].scoring, rows[i].count, f->arena),
                    rows[i].want, 1e-6);
        assert_near((double)para_worst_tenth(turned[0], turned[1], rows[i].count, f->arena), rows[i].want,
                    1e-6);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
static void test_evaluate_interval_is_wilsons(void **state)
{
    (void)state;
    // Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29, method 3.
    static const struct {
        double solved, n, low, high;
    } known[] = {
        {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        float low, high;
        para_share_interval(known[i].solved / known[i].n, known[i].n, &low, &high);
        assert_near((double)low, known[i].low, 1e-4);
        assert_near((double)high, known[i].high, 1e-4);
        para_share_interval(1 - known[i].solved / known[i].n, known[i].n, &low, &high);
        assert_near((double)low, 1 - known[i].high, 1e-4);
    }
}

// ---------------------------------------------------------------------------------------------
// Levels at hand.

static bool stop_at_once(void *context, int64_t done)
{
    (void)context;
    return done < 0;
}

/// Against the episodes of each level played alone, in any order of the levels and for any number of threads.
static void test_evaluate_levels_at_hand_counts_each_level_once(void **state)
{
    Fixture *f = *state;
    const char *error = NULL;
    enum { COUNT = 12 };
    const ParaLevel *levels[COUNT], *reversed[COUNT];
    const ParaPolicy *player = para_player_load(f->run, f->arena, &error);
    for (int i = 0; i < COUNT; i++) {
        ParaPick pick = {.family = i % FAMILIES, .seed = (uint64_t)(100 + i)};
        levels[i] = reversed[COUNT - 1 - i] = para_families_sample(&f->families, &pick, "", f->arena);
        assert_non_null(levels[i]);
    }
    ParaEvalDef def = tiny_def(f);
    ParaLevelsScore all, again, one;
    double sum = 0;
    assert_true(para_evaluate_levels(&def, levels, COUNT, player, f->room, NULL, NULL, f->arena, &all));
    for (int i = 0; i < COUNT; i++) {
        assert_true(para_evaluate_levels(&def, &levels[i], 1, player, f->room, NULL, NULL, f->arena, &one));
        assert_int_equal(one.levels, 1);
        double times = (double)one.solve * EPISODES;
        assert_true(fabs(times - floor(times + 0.5)) < 1e-6);
        sum += (double)one.solve;
    }
    assert_int_equal(all.levels, COUNT);
    assert_true(sum > 0 && sum < COUNT); // some, and not all
    assert_true(fabs((double)all.solve - sum / COUNT) < 1e-6);
    assert_true(all.low < all.solve && all.solve < all.high && all.worst10 <= all.solve);
    ParaWorkers *workers = para_workers_create(3);
    ParaTrialRoom *room = para_trial_room_create(PARA_SOLVER_AUTO, workers, f->arena);
    assert_true(para_evaluate_levels(&def, reversed, COUNT, player, room, NULL, NULL, f->arena, &again));
    assert_true(again.solve == all.solve && again.low == all.low);
    assert_false(
        para_evaluate_levels(&def, levels, COUNT, player, room, stop_at_once, NULL, f->arena, &again));
    assert_true(para_evaluate_levels(&def, levels, 0, player, room, NULL, NULL, f->arena, &again));
    assert_int_equal(again.levels, 0);
    para_trial_room_destroy(room);
    para_workers_destroy(workers);
}

const struct CMUnitTest para_tests_evaluate[] = {
    cmocka_unit_test(test_evaluate_interval_is_wilsons),
    TEST(test_evaluation_counts_what_the_trials_say),
    TEST(test_evaluation_of_a_greedy_player_draws_nothing),
    TEST(test_evaluation_without_a_run_scores_the_others),
    TEST(test_evaluation_of_too_many_episodes_is_refused),
    TEST(test_evaluation_proves_held_out_levels),
    TEST(test_evaluation_that_is_stopped_in_the_midst_says_so),
    TEST(test_evaluation_that_is_stopped_says_so_and_leaves_nothing),
    TEST(test_evaluation_whose_proofs_cannot_be_kept_is_an_error),
    TEST(test_looking_at_a_run_leaves_no_file_open),
    TEST(test_worst_tenth_by_hand),
    TEST(test_evaluate_levels_at_hand_counts_each_level_once),
};
const size_t para_tests_evaluate_count = sizeof para_tests_evaluate / sizeof *para_tests_evaluate;
