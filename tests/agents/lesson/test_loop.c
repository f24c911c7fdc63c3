// SPDX-License-Identifier: MIT
// What a training leaves behind, on tiny families: it learns, its rows are what happened,
// its checkpoints come when they should and play.
#include "agents/env/replay.h"
#include "agents/lesson/evaluate.h"
#include "agents/lesson/training.h"
#include "agents/player/card.h"
#include "agents/player/player.h"
#include "agents/run/safetensors.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/tiny_run.h"
#include "tests/tests.h"

#include <cjson/cJSON.h>
#include <math.h>

static void test_parameters_of_a_level_as_json(void **state)
{
    TinyRun *f = *state;
    static const char *const names[] = {"rise"};
    ParaFamilies families = tiny_families(names, 1, f->arena);
    ParaPick pick = {.bound = true, .values = {0.75, 1.5, 2}};
    ParaLevel *level = para_families_sample(&families, &pick, "", f->arena);
    assert_string_equal(para_level_params_to_json(level, f->arena),
                        "{\"height\":0.75,\"weight\":1.5,\"weights\":2}");
}

// ---------------------------------------------------------------- its rows

enum { ROW_LESSONS = 150, ROW_ENVS = 4, ROW_HORIZON = 16 };

/// Each kept statistic stands in the row of its lesson as it was told.
static void check_lessons(const TinyRun *f, sqlite3 *database)
{
    sqlite3_stmt *row = database_query(database, "SELECT * FROM lessons ORDER BY lesson");
    int columns = sqlite3_column_count(row), kept = 0;
    for (int i = 0; i < PARA_STATISTIC_COUNT; i++)
        kept += para_statistics[i].kept == PARA_STATISTIC_KEPT;
    assert_int_equal(columns, kept + 1);
    for (int k = 0; k < ROW_LESSONS; k++) {
        assert_int_equal(sqlite3_step(row), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(row, 0), k);
        for (int c = 1; c < columns; c++) {
            const ParaStatistic *statistic = para_statistic_find(sqlite3_column_name(row, c));
            assert_non_null(statistic);
            double told = para_statistic_value(&f->told.now[k], statistic);
            assert_int_equal(sqlite3_column_type(row, c) == SQLITE_NULL, isnan(told));
            assert_true(isnan(told) || sqlite3_column_double(row, c) == told);
        }
    }
    assert_int_equal(sqlite3_step(row), SQLITE_DONE);
    sqlite3_finalize(row);
}

/// Totals grow by what the lesson did, and its means are within what they can be.
static void check_totals(const TinyTold *told)
{
    for (int k = 0; k < ROW_LESSONS; k++) {
        const ParaStatistics *now = &told->now[k], *last = k > 0 ? &told->now[k - 1] : NULL;
        int64_t rows = ROW_ENVS * ROW_HORIZON, steps = now->world_steps - (last ? last->world_steps : 0);
        bool scores = k > 0 && k % 64 == 0; // the maker's turns
        assert_int_equal(now->lesson, k);
        assert_int_equal(now->decisions, (k + 1) * rows);
        assert_in_range(steps, rows * 3, rows * 4); // of 4 steps each, the last of an episode less
        assert_int_equal(now->scoring_steps > (last ? last->scoring_steps : 0), scores);
        assert_true(now->seconds > (last ? last->seconds : 0));
        if (k == 0)
            continue;
        // Two families of two channels each, one of three choices and one of two.
        assert_true(now->entropy > 0.1 && now->entropy < log(3.0) + log(2.0) + 1e-6);
        assert_true(now->kl >= -1e-9 && now->kl < 0.5 && now->explained_variance <= 1.0);
        assert_true(now->value_loss >= 0 && now->gradient_norm > 0);
    }
}

/// The reports of a lesson are the episodes it counts; running rates are those of the last 128 of a family.
static void check_reports(const TinyTold *told, sqlite3 *database)
{
    static bool solved[TINY_FAMILIES_MAX][TINY_LESSONS_MAX * ROW_ENVS * ROW_HORIZON];
    int seen[TINY_FAMILIES_MAX] = {0}, most = 0;
    sqlite3_stmt *row =
        database_query(database, "SELECT lesson, family, ending, total_reward, env, decisions,"
                                 " seconds FROM reports ORDER BY report");
    bool more = sqlite3_step(row) == SQLITE_ROW;
    double steps = 0;
    for (int k = 0; k < ROW_LESSONS; k++) {
        int episodes = 0, good = 0;
        double reward = 0;
        for (; more && sqlite3_column_int(row, 0) == k; more = sqlite3_step(row) == SQLITE_ROW) {
            int family = sqlite3_column_int(row, 1);
            bool ok = strcmp((const char *)sqlite3_column_text(row, 2), "solved") == 0;
            if (k < 64) // dealt to envs in turn; later a family without kept levels may lend its envs
                assert_int_equal(family, sqlite3_column_int(row, 4) % 2);
            solved[family][seen[family]++] = ok;
            reward += sqlite3_column_double(row, 3);
            steps += 60.0 * sqlite3_column_double(row, 6);
            good += ok;
            episodes++;
        }
        assert_int_equal(told->now[k].episodes, episodes);
        assert_int_equal(told->now[k].solved, good);
        assert_true(fabs(told->now[k].reward_mean - (episodes ? reward / episodes : 0)) < 1e-5);
        for (int f = 0; f < TINY_FAMILIES_MAX; f++) {
            int window = seen[f] < 128 ? seen[f] : 128, of_window = 0;
            for (int i = seen[f] - window; i < seen[f]; i++)
                of_window += solved[f][i];
            float want = window ? (float)of_window / (float)window : -1.0f;
            assert_true(fabsf(told->solve[k][f] - want) < 1e-6f);
            assert_int_equal(told->episodes[k][f], seen[f]);
            most = seen[f] > most ? seen[f] : most;
        }
    }
    assert_false(more);
    assert_true(most > 3 * 128); // the window went round
    // All steps of episodes that ended were counted, and those under way are not more than an episode each.
    double counted = (double)told->now[ROW_LESSONS - 1].world_steps;
    assert_true(steps <= counted && steps > counted - 72.0 * ROW_ENVS);
    sqlite3_finalize(row);
}

/// The levels that the maker kept stand in the archive with what it found out, proved or not; those proved on
/// top are fresh. @return kept levels
static int64_t check_levels(sqlite3 *database)
{
    const char *edge = "SELECT count(*) FROM levels WHERE tries >= 6 AND tries <= 12 AND lesson IN (64, 128)"
                       " AND abs(score - success * (1 - success) * tries / (tries - 1.0)) < 1e-5";
    int64_t kept = database_whole(database, edge);
    int64_t fresh = database_whole(database, "SELECT count(*) FROM levels WHERE tries = 1");
    assert_true(fresh > 2);
    assert_int_equal(kept + fresh, database_whole(database, "SELECT count(*) FROM levels"));
    assert_int_equal(database_whole(database, "SELECT count(*) FROM levels WHERE maker <> 'sfl'"), 0);
    return kept;
}

/// Proofs by kind of level: kept ones while they are kept, of fresh ones one per family and 16 lessons.
/// @return proofs of kept levels
static int64_t check_proved_kinds(sqlite3 *database)
{
    const char *crowd = "SELECT max(n) FROM (SELECT count(*) AS n FROM proofs p JOIN levels l ON l.hash ="
                        " p.level_hash WHERE l.tries = 1 GROUP BY p.family, p.lesson / 16)";
    const char *late = "SELECT count(*) FROM proofs p JOIN levels l ON l.hash = p.level_hash"
                       " WHERE l.tries > 1 AND p.lesson / 64 <> l.lesson / 64";
    assert_int_equal(database_whole(database, crowd), 1);
    assert_int_equal(database_whole(database, late), 0);
    return database_whole(database, "SELECT count(*) FROM proofs p JOIN levels l ON l.hash = p.level_hash"
                                    " WHERE l.tries > 1");
}

static void test_training_rows_are_what_happened(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "sfl", 2, ROW_LESSONS);
    def.envs = ROW_ENVS; // so little that after 64 lessons many levels are still open
    def.horizon = ROW_HORIZON;
    def.seed = 3;
    tiny_run_train(f, &def);
    sqlite3 *database = database_open(def.folder);
    check_lessons(f, database);
    check_totals(&f->told);
    check_reports(&f->told, database);
    // Measured over seeds 1 to 7: 2 to 28 kept levels, here 13, all of which were proved.
    int64_t kept = check_levels(database);
    assert_true(kept > 5 && check_proved_kinds(database) > kept / 2);
    sqlite3_close(database);
    tiny_run_check_proofs(f, def.folder, "sfl");
    for (int k = 0; k < ROW_LESSONS; k++) // the picture goes on to the next family every 8 lessons
        assert_string_equal(f->told.preview[k], k / 8 % 2 ? "rise" : "push");
}

static void test_training_archives_kept_levels_before_they_are_proved(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "sfl", 2, 65); // ends with the lesson that chose them
    def.envs = ROW_ENVS;
    def.horizon = ROW_HORIZON;
    def.seed = 3;
    tiny_run_train(f, &def);
    sqlite3 *database = database_open(def.folder);
    int64_t kept = check_levels(database);
    assert_true(kept > 10 && check_proved_kinds(database) < kept / 2);
    sqlite3_close(database);
}

static void test_training_that_goes_on_plays_other_levels(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 4);
    tiny_run_train(f, &def);
    def.lessons = 8;
    tiny_run_train(f, &def);
    assert_int_equal(f->told.lessons, 4);
    sqlite3 *database = database_open(def.folder);
    assert_true(database_whole(database, "SELECT count(*) FROM reports WHERE lesson >= 4") > 50);
    assert_int_equal(database_whole(database, "SELECT count(*) - count(DISTINCT level_seed) FROM reports"),
                     0);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM lessons"), 8);
    assert_int_equal(database_whole(database, "SELECT max(decisions) FROM lessons"), 8 * 16 * 32);
    sqlite3_close(database);
}

// ---------------------------------------------------------------- its checkpoints

/// Players in a folder's checkpoints; those of `lessons` must be there, and the newest one's state.
static int checkpoints(const TinyRun *f, const char *folder, const int *lessons, int count)
{
    DIR *list = opendir(para_arena_printf(f->arena, "%s/checkpoints", folder));
    int files = 0, newest = -1;
    assert_non_null(list);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        if (!strstr(entry->d_name, ".safetensors"))
            continue;
        int lesson = atoi(entry->d_name + strlen("lesson-"));
        newest = lesson > newest ? lesson : newest;
        files++;
    }
    closedir(list);
    const char *state = para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.state", folder, newest);
    assert_int_equal(access(state, F_OK), 0);
    for (int i = 0; i < count; i++) {
        const char *path =
            para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.safetensors", folder, lessons[i]);
        if (access(path, F_OK) != 0)
            fail_msg("there is no %s", path);
    }
    return files;
}

static void test_training_saves_when_it_should(void **state)
{
    TinyRun *f = *state;
    const int last[] = {5}, newest[] = {0, 4, 5, 6}; // the first stays too
    ParaTrainDef def = tiny_run_def(f, "late", "dr", 1, 6);
    tiny_run_train(f, &def);
    for (int k = 0; k < 6; k++) // an hour is not over; the end is saved after the last lesson was told
        assert_false(f->told.saved[k]);
    assert_int_equal(checkpoints(f, def.folder, last, 1), 1);
    def = tiny_run_def(f, "always", "dr", 1, 7);
    def.checkpoint_seconds = 0;
    tiny_run_train(f, &def);
    for (int k = 0; k < 7; k++)
        assert_true(f->told.saved[k]);
    assert_int_equal(checkpoints(f, def.folder, newest, 4), 4);
}

static void test_training_keeps_a_milestone_every_500_lessons(void **state)
{
    TinyRun *f = *state;
    const int lessons[] = {499, 503}; // the 500th and the last
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 504);
    def.width = 16;
    def.envs = def.horizon = 2;
    tiny_run_train(f, &def);
    assert_int_equal(f->told.lessons, 504);
    for (int k = 0; k < 504; k++)
        assert_int_equal(f->told.saved[k], k == 499);
    assert_int_equal(checkpoints(f, def.folder, lessons, 2), 2);
    f->told.stop_after = 4;
    def.lessons = 0;
    def.checkpoint_seconds = 0;
    tiny_run_train(f, &def); // three newer ones push it out of the newest, but it stays
    assert_int_equal(checkpoints(f, def.folder, lessons, 1), 4);
}

static void test_training_keeps_milestones_as_asked(void **state)
{
    TinyRun *f = *state;
    const int every_4[] = {0, 3, 4, 7, 8, 9, 10}, none[] = {8, 9, 10}; // 4 as runs from before have it
    for (int k = 0; k < 2; k++) {
        ParaTrainDef def = tiny_run_def(f, k ? "none" : "four", "dr", 1, 11);
        def.checkpoint_seconds = 0;
        def.milestone_every = k ? 0 : 4;
        tiny_run_train(f, &def);
        assert_int_equal(k ? checkpoints(f, def.folder, none, 3) : checkpoints(f, def.folder, every_4, 7),
                         k ? 3 : 7);
    }
}

// ---------------------------------------------------------------- how far it is

static void test_training_progress_and_rate_by_hand(void **state)
{
    (void)state;
    const struct {
        double minutes, schedule;
        int lessons, lesson;
        double seconds, progress;
        bool done;
        int64_t decisions, schedule_decisions;
    } rows[] = {
        {10, 0, 0, 7, 300, 0.5, false, 0, 0},         {10, 20, 0, 7, 300, 0.25, false, 0, 0},
        {10, 5, 0, 7, 300, 1, false, 0, 0},           {10, 0, 0, 7, 600, 1, true, 0, 0},
        {10, 0, 0, 7, 599, 599.0 / 600, false, 0, 0}, {0, 0, 100, 30, 9999, 0.3, false, 0, 0},
        {0, 0, 100, 100, 1, 1, true, 0, 0},           {0, 0, 100, 99, 1, 0.99, false, 0, 0},
        {10, 0, 100, 30, 120, 0.3, false, 0, 0},      {10, 0, 100, 10, 120, 0.2, false, 0, 0},
        {0, 0, 0, 500, 9999, 0, false, 0, 0},         {0, 30, 0, 5, 900, 0.5, false, 0, 0},
        {0, 0, 0, 5, 60, 0.25, false, 4000, 0},       {0, 0, 0, 5, 60, 1, true, 1000, 0},
        {0, 0, 0, 5, 60, 0.5, true, 900, 2000},       {10, 0, 0, 5, 60, 0.5, false, 0, 2000},
        {0, 0, 10, 9, 60, 0.9, false, 4000, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ParaTraining t = {.def = {.minutes = rows[i].minutes,
                                  .schedule_minutes = rows[i].schedule,
                                  .lessons = rows[i].lessons,
                                  .decisions = rows[i].decisions,
                                  .schedule_decisions = rows[i].schedule_decisions,
                                  .settings = para_settings_default(),
                                  .envs = 1,
                                  .horizon = 1}};
        t.lessons = rows[i].lesson;
        t.now.seconds = rows[i].seconds;
        t.now.decisions = 1000;
        assert_true(fabs(para_training_progress(&t) - rows[i].progress) < 1e-9);
        // From 2e-3 in a line to a tenth of it.
        assert_true(fabs((double)para_training_rate(&t) - 2e-3 * (1 - 0.9 * rows[i].progress)) < 1e-9);
        assert_int_equal(para_training_done(&t), rows[i].done);
    }
}

/// Hash of the newest checkpoint's tensors.
static uint64_t player_hash(TinyRun *f, const char *folder)
{
    const char *error = NULL, *path = NULL, *note = NULL, *card = NULL;
    int count = 0;
    ParaRun *run = para_run_open_read(folder, f->arena, &error);
    para_run_newest_checkpoint(run, f->arena, &path, &note);
    para_run_close(run);
    ParaTensor *tensors = para_safetensors_read(path, f->arena, &count, &card, &error);
    assert_non_null(tensors);
    return para_tensors_hash(tensors, count);
}

/// The same three lessons as the whole of a training, as a tenth of one, and of one without end.
static void test_training_follows_its_schedule(void **state)
{
    TinyRun *f = *state;
    const int lessons[] = {3, 30, 0, 3};
    uint64_t hashes[4];
    for (int i = 0; i < 4; i++) {
        ParaTrainDef def = tiny_run_def(f, para_arena_printf(f->arena, "run%d", i), "dr", 1, lessons[i]);
        f->told.stop_after = 3;
        tiny_run_train(f, &def);
        assert_int_equal(f->told.lessons, 3);
        hashes[i] = player_hash(f, def.folder);
        for (int k = 0; k < i; k++)
            assert_int_equal(hashes[k] == hashes[i], k == 0 && i == 3);
    }
}

// ---------------------------------------------------------------- how it is made

static void test_training_cuts_minibatches_of_64_rows_or_more(void **state)
{
    TinyRun *f = *state;
    const int sizes[][3] = {{2, 16, 1},   {4, 16, 1},   {127, 1, 1}, {8, 16, 2},
                            {9, 111, 15}, {16, 64, 16}, {64, 64, 16}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ParaTrainDef def = tiny_run_def(f, para_arena_printf(f->arena, "run%d", (int)i), "dr", 1, 1);
        def.envs = sizes[i][0];
        def.horizon = sizes[i][1];
        TinyOpened *opened = tiny_run_open(f, &def);
        assert_int_equal(para_ppo_def(opened->training.ppo)->minibatches, sizes[i][2]);
        assert_int_equal(para_policy_def(opened->training.policy)->width, 32);
        para_training_close(&opened->training);
    }
}

static void test_training_ends_in_the_turn_that_its_minutes_end_in(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "plr", 1, 1);
    tiny_run_train(f, &def); // the second turn would fill the buffer
    double seconds = f->told.now[0].seconds;
    assert_int_equal(f->told.lessons, 1);
    def.lessons = 0;
    def.minutes = seconds / 60 + 1e-9; // 60 ns: opening is in time, the first trial is not
    tiny_run_train(f, &def);
    assert_int_equal(f->told.lessons, 0);
    sqlite3 *database = database_open(def.folder);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM lessons"), 1);
    sqlite3_close(database);
    def.minutes = 0; // as if it had never been asked
    def.lessons = 3;
    tiny_run_train(f, &def);
    assert_int_equal(f->told.lessons, 2);
    assert_true(f->told.now[0].scoring_steps > 0);
}

static void test_training_takes_the_vector_of_the_member_with_most_bodies(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 1);
    f->families[0] = f->families[1]; // rise: one to four moving bodies
    def.obs = PARA_OBS_VECTOR;
    TinyOpened *opened = tiny_run_open(f, &def);
    const ParaFamilies *families = &opened->training.families;
    int largest = 0, smallest = 1 << 30;
    for (int i = 0; i < 4; i++) {
        ParaPick pick = {.bound = true, .values = {0.5, 1.0, i}};
        ParaObsSpec spec = para_obs_spec_vector(para_families_sample(families, &pick, "", f->arena));
        largest = spec.size > largest ? spec.size : largest;
        smallest = spec.size < smallest ? spec.size : smallest;
    }
    assert_true(smallest < largest);
    assert_int_equal(para_policy_def(opened->training.policy)->obs.size, largest);
    para_training_close(&opened->training);
}

/// Puts a player with two more slots for bodies in the place of a run's newest, as if the family had had
/// larger members when it began. @return floats of its observation
static int put_wider_player(TinyRun *f, const ParaTrainDef *def)
{
    const char *error = NULL, *path = NULL, *note = NULL, *text = NULL;
    int count = 0, policy_count = 0, ppo_count = 0;
    ParaRun *run = para_run_open_read(def->folder, f->arena, &error);
    para_run_newest_checkpoint(run, f->arena, &path, &note);
    para_run_close(run);
    assert_non_null(para_safetensors_read(path, f->arena, &count, &text, &error));
    ParaPolicyDef player;
    ParaObsSpan slot;
    assert_true(para_card_read_player(text, f->arena, &player, &error));
    assert_true(para_obs_span_find(&player.obs, "bodies.used", &slot));
    player.obs = para_obs_spec_sized(player.obs.size + 2 * slot.stride);
    ParaPolicy *policy = para_policy_create(&player, 1, f->arena);
    ParaPpoDef learner = para_train_learner(def);
    ParaPpo *ppo = para_ppo_create(&learner, policy, 1, NULL, f->arena);
    const ParaTensor *of_policy = para_policy_tensors(policy, &policy_count),
                     *of_ppo = para_ppo_tensors(ppo, &ppo_count);
    ParaTensor *all = PARA_NEW(f->arena, ParaTensor, policy_count + ppo_count);
    memcpy(all, of_policy, sizeof *all * (size_t)policy_count);
    memcpy(all + policy_count, of_ppo, sizeof *all * (size_t)ppo_count);
    cJSON *card = cJSON_Parse(text);
    static const char *const own[] = {"observation", "global_size", "width", "encoder_width", "layout"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        cJSON_DeleteItemFromObject(card, own[i]);
    para_card_add_player(card, &player);
    char *written = cJSON_PrintUnformatted(card);
    if (!para_safetensors_write(path, all, policy_count + ppo_count, written, f->arena, &error))
        fail_msg("%s", error);
    cJSON_free(written);
    cJSON_Delete(card);
    return player.obs.size;
}

static void test_training_goes_on_with_the_layout_of_its_player(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 1);
    f->families[0] = f->families[1];
    def.obs = PARA_OBS_VECTOR;
    tiny_run_train(f, &def);
    int size = put_wider_player(f, &def);
    def.lessons = 2;
    tiny_run_train(f, &def);
    assert_int_equal(f->told.lessons, 1);
    const char *error = NULL;
    ParaPolicy *player = para_player_load(def.folder, f->arena, &error);
    assert_non_null(player);
    assert_int_equal(para_policy_def(player)->obs.size, size);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_set_up, tiny_run_tear_down)
const struct CMUnitTest para_tests_loop[] = {
    TEST(test_parameters_of_a_level_as_json),
    TEST(test_training_rows_are_what_happened),
    TEST(test_training_archives_kept_levels_before_they_are_proved),
    TEST(test_training_that_goes_on_plays_other_levels),
    TEST(test_training_saves_when_it_should),
    TEST(test_training_keeps_a_milestone_every_500_lessons),
    TEST(test_training_keeps_milestones_as_asked),
    cmocka_unit_test(test_training_progress_and_rate_by_hand),
    TEST(test_training_follows_its_schedule),
    TEST(test_training_cuts_minibatches_of_64_rows_or_more),
    TEST(test_training_ends_in_the_turn_that_its_minutes_end_in),
    TEST(test_training_takes_the_vector_of_the_member_with_most_bodies),
    TEST(test_training_goes_on_with_the_layout_of_its_player),
};
const size_t para_tests_loop_count = sizeof para_tests_loop / sizeof *para_tests_loop;
