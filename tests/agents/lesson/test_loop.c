// SPDX-License-Identifier: MIT
// What a training leaves behind, on tiny families: it learns, its proofs prove, its rows are what happened,
// its checkpoints come when they should and play.
#include "agents/env/replay.h"
#include "agents/lesson/evaluate.h"
#include "agents/lesson/training.h"
#include "agents/player/card.h"
#include "agents/player/player.h"
#include "agents/run/safetensors.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <cjson/cJSON.h>
#include <math.h>

enum { LESSONS_MAX = 600, FAMILIES_MAX = 2 };

/// What a training told after each lesson.
typedef struct Told {
    ParaStatistics now[LESSONS_MAX];
    float solve[LESSONS_MAX][FAMILIES_MAX];
    int episodes[LESSONS_MAX][FAMILIES_MAX];
    bool saved[LESSONS_MAX];
    char preview[LESSONS_MAX][PARA_NAME_MAX];
    int lessons, stop_after; ///< lessons heard of; 0: goes on to its own end
    const char *break_at_3;  ///< a folder that vanishes in lesson 3, NULL: none does
} Told;

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *families[FAMILIES_MAX];
    Told told;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    f->scratch = scratch_make();
    f->families[0] = tiny_path("push", f->arena);
    f->families[1] = tiny_path("rise", f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static ParaTrainDef tiny_def(Fixture *f, const char *name, const char *maker, int family_count, int lessons)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
    def.maker = maker;
    def.families = f->families;
    def.family_count = family_count;
    def.width = 32;
    def.envs = 16;
    def.horizon = 32;
    def.settings.growth = 0; // every lesson as long: the tests count them
    def.threads = 2;
    def.lessons = lessons;
    def.checkpoint_seconds = 3600;
    return def;
}

static bool listen(void *context, const ParaTrainStatus *status)
{
    Told *told = context;
    int i = told->lessons++;
    assert_true(i < LESSONS_MAX && status->family_count <= FAMILIES_MAX);
    told->now[i] = status->now;
    for (int f = 0; f < status->family_count; f++) {
        told->solve[i][f] = status->family_solve[f];
        told->episodes[i][f] = status->family_episodes[f];
    }
    told->saved[i] = status->checkpoint_saved;
    memcpy(told->preview[i], status->preview_level->family, PARA_NAME_MAX);
    if (told->break_at_3 && i == 3)
        scratch_remove_path(told->break_at_3);
    return told->lessons != told->stop_after;
}

static void train(Fixture *f, const ParaTrainDef *def)
{
    const char *error = NULL;
    f->told.lessons = 0;
    if (!para_train(def, listen, &f->told, f->arena, &error))
        fail_msg("%s", error);
}

// ---------------------------------------------------------------- it learns

/// Each proof of the database is a file that proves its level, and its level is described as it is.
/// @return proofs
static int check_proofs(Fixture *f, const char *folder, const char *maker)
{
    sqlite3 *database = database_open(folder);
    sqlite3_stmt *row = database_query(
        database, "SELECT p.level_hash, p.family, p.file, l.seed, l.family, l.maker, l.params FROM proofs p"
                  " JOIN levels l ON l.hash = p.level_hash AND l.lesson <= p.lesson");
    ParaFamilies families;
    const char *error = NULL;
    int count = 0;
    assert_true(para_families_load(&families, f->families, FAMILIES_MAX, f->arena, &error));
    for (; sqlite3_step(row) == SQLITE_ROW; count++) {
        uint64_t hash = (uint64_t)sqlite3_column_int64(row, 0);
        ParaReplay *replay = para_replay_read(
            para_arena_printf(f->arena, "%s/%s", folder, (const char *)sqlite3_column_text(row, 2)), f->arena,
            &error);
        if (!replay)
            fail_msg("%s", error);
        ParaVerdict verdict = para_replay_verify(replay, f->arena);
        if (!verdict.ok)
            fail_msg("%s", verdict.message);
        assert_int_equal(replay->end, PARA_PLAY_SOLVED);
        ParaLevel *level = para_replay_level(replay, f->arena, &error);
        int family = sqlite3_column_int(row, 1);
        assert_int_equal(level->hash, hash);
        assert_string_equal(level->family, families.names[family]);
        assert_string_equal(level->maker, maker);
        // The row of the level makes the same level again.
        ParaPick pick = {.family = sqlite3_column_int(row, 4),
                         .seed = (uint64_t)sqlite3_column_int64(row, 3)};
        ParaLevel *again = para_families_sample(&families, &pick, maker, f->arena);
        assert_int_equal(again->hash, hash);
        assert_string_equal((const char *)sqlite3_column_text(row, 5), maker);
        assert_string_equal((const char *)sqlite3_column_text(row, 6),
                            para_level_params_to_json(again, f->arena));
    }
    sqlite3_finalize(row);
    assert_int_equal(count, database_whole(database, "SELECT count(*) FROM proofs"));
    sqlite3_close(database);
    return count;
}

// Measured over seeds 1 to 3: 27, 10 and 33 % at first, 100 % from lesson 15 on.
static void test_training_learns_a_tiny_family_and_proves_it(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 32);
    train(f, &def);
    const Told *told = &f->told;
    assert_int_equal(told->lessons, 32);
    assert_true(told->episodes[0][0] >= 10 && told->solve[0][0] < 0.5f);
    assert_true(told->solve[31][0] > 0.95f);
    assert_true(isnan(told->now[0].gradient_norm) &&
                told->now[1].gradient_norm > 0.0); // measured, then learned
    // One fresh level of each family may be proved every 16 lessons, and it was: by a player who can.
    assert_int_equal(check_proofs(f, def.folder, "dr"), 2);
    sqlite3 *database = database_open(def.folder);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM proofs WHERE lesson < 16"), 1);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM levels"), 2);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM levels WHERE tries = 1 AND success = 1"
                                              " AND score = 0 AND parent = 0"),
                     2);
    sqlite3_close(database);

    // What was saved is the player that was trained: on held-out levels it solves what others do not.
    ParaEvalDef eval = para_eval_def_default();
    ParaEvalResult result;
    const char *error = NULL;
    eval.run_folder = def.folder;
    eval.levels = 16;
    eval.episodes = 2;
    if (!para_evaluate(&eval, NULL, NULL, f->arena, &result, &error))
        fail_msg("%s", error);
    assert_true(result.mean[PARA_PLAYER_TRAINED] > 0.9f && result.mean[PARA_PLAYER_UNTRAINED] < 0.6f);
    assert_true(result.worst10[PARA_PLAYER_TRAINED] > 0.6f && result.worst10[PARA_PLAYER_UNTRAINED] < 0.5f);
}

static void test_parameters_of_a_level_as_json(void **state)
{
    Fixture *f = *state;
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
static void check_lessons(const Fixture *f, sqlite3 *database)
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
static void check_totals(const Told *told)
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
static void check_reports(const Told *told, sqlite3 *database)
{
    static bool solved[FAMILIES_MAX][LESSONS_MAX * ROW_ENVS * ROW_HORIZON];
    int seen[FAMILIES_MAX] = {0}, most = 0;
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
        for (int f = 0; f < FAMILIES_MAX; f++) {
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
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "sfl", 2, ROW_LESSONS);
    def.envs = ROW_ENVS; // so little that after 64 lessons many levels are still open
    def.horizon = ROW_HORIZON;
    def.seed = 3;
    train(f, &def);
    sqlite3 *database = database_open(def.folder);
    check_lessons(f, database);
    check_totals(&f->told);
    check_reports(&f->told, database);
    // Measured over seeds 1 to 5: 17 to 36 kept levels, here 36, all of which were proved.
    int64_t kept = check_levels(database);
    assert_true(kept > 10 && check_proved_kinds(database) > kept / 2);
    sqlite3_close(database);
    check_proofs(f, def.folder, "sfl");
    for (int k = 0; k < ROW_LESSONS; k++) // the picture goes on to the next family every 8 lessons
        assert_string_equal(f->told.preview[k], k / 8 % 2 ? "rise" : "push");
}

static void test_training_archives_kept_levels_before_they_are_proved(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "sfl", 2, 65); // ends with the lesson that chose them
    def.envs = ROW_ENVS;
    def.horizon = ROW_HORIZON;
    def.seed = 3;
    train(f, &def);
    sqlite3 *database = database_open(def.folder);
    int64_t kept = check_levels(database);
    assert_true(kept > 10 && check_proved_kinds(database) < kept / 2);
    sqlite3_close(database);
}

static void test_training_that_goes_on_plays_other_levels(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 4);
    train(f, &def);
    def.lessons = 8;
    train(f, &def);
    assert_int_equal(f->told.lessons, 4);
    sqlite3 *database = database_open(def.folder);
    assert_true(database_whole(database, "SELECT count(*) FROM reports WHERE lesson >= 4") > 50);
    assert_int_equal(database_whole(database, "SELECT count(*) - count(DISTINCT level_seed) FROM reports"),
                     0);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM lessons"), 8);
    assert_int_equal(database_whole(database, "SELECT max(decisions) FROM lessons"), 8 * 16 * 32);
    sqlite3_close(database);
}

static void test_training_whose_proofs_cannot_be_written_says_where(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 40);
    const char *error = NULL;
    f->told.break_at_3 = para_arena_printf(f->arena, "%s/proofs", def.folder);
    assert_false(para_train(&def, listen, &f->told, f->arena, &error));
    assert_non_null(strstr(error, "run/proofs/"));
    assert_in_range(f->told.lessons, 16, 20); // when the next level was to be proved
}

// ---------------------------------------------------------------- its checkpoints

/// Players in a folder's checkpoints; those of `lessons` must be there, and the newest one's state.
static int checkpoints(const Fixture *f, const char *folder, const int *lessons, int count)
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
    Fixture *f = *state;
    const int last[] = {5}, newest[] = {0, 4, 5, 6}; // the first stays too
    ParaTrainDef def = tiny_def(f, "late", "dr", 1, 6);
    train(f, &def);
    for (int k = 0; k < 6; k++) // an hour is not over; the end is saved after the last lesson was told
        assert_false(f->told.saved[k]);
    assert_int_equal(checkpoints(f, def.folder, last, 1), 1);
    def = tiny_def(f, "always", "dr", 1, 7);
    def.checkpoint_seconds = 0;
    train(f, &def);
    for (int k = 0; k < 7; k++)
        assert_true(f->told.saved[k]);
    assert_int_equal(checkpoints(f, def.folder, newest, 4), 4);
}

static void test_training_keeps_a_milestone_every_500_lessons(void **state)
{
    Fixture *f = *state;
    const int lessons[] = {499, 503}; // the 500th and the last
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 504);
    def.width = 16;
    def.envs = def.horizon = 2;
    train(f, &def);
    assert_int_equal(f->told.lessons, 504);
    for (int k = 0; k < 504; k++)
        assert_int_equal(f->told.saved[k], k == 499);
    assert_int_equal(checkpoints(f, def.folder, lessons, 2), 2);
    f->told.stop_after = 4;
    def.lessons = 0;
    def.checkpoint_seconds = 0;
    train(f, &def); // three newer ones push it out of the newest, but it stays
    assert_int_equal(checkpoints(f, def.folder, lessons, 1), 4);
}

static void test_training_keeps_milestones_as_asked(void **state)
{
    Fixture *f = *state;
    const int every_4[] = {0, 3, 4, 7, 8, 9, 10}, none[] = {8, 9, 10}; // 4 as runs from before have it
    for (int k = 0; k < 2; k++) {
        ParaTrainDef def = tiny_def(f, k ? "none" : "four", "dr", 1, 11);
        def.checkpoint_seconds = 0;
        def.milestone_every = k ? 0 : 4;
        train(f, &def);
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
static uint64_t player_hash(Fixture *f, const char *folder)
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
    Fixture *f = *state;
    const int lessons[] = {3, 30, 0, 3};
    uint64_t hashes[4];
    for (int i = 0; i < 4; i++) {
        ParaTrainDef def = tiny_def(f, para_arena_printf(f->arena, "run%d", i), "dr", 1, lessons[i]);
        f->told.stop_after = 3;
        train(f, &def);
        assert_int_equal(f->told.lessons, 3);
        hashes[i] = player_hash(f, def.folder);
        for (int k = 0; k < i; k++)
            assert_int_equal(hashes[k] == hashes[i], k == 0 && i == 3);
    }
}

// ---------------------------------------------------------------- how it is made

typedef struct Opened {
    ParaTraining training;
    ParaTrainDef def;
} Opened;

static Opened *open_training(Fixture *f, const ParaTrainDef *def)
{
    Opened *opened = PARA_NEW(f->arena, Opened, 1);
    const char *error = NULL;
    opened->def = *def;
    if (!para_training_open(&opened->training, &opened->def, f->arena, &error))
        fail_msg("%s", error);
    return opened;
}

static void test_training_cuts_minibatches_of_64_rows_or_more(void **state)
{
    Fixture *f = *state;
    const int sizes[][3] = {{2, 16, 1},   {4, 16, 1},   {127, 1, 1}, {8, 16, 2},
                            {9, 111, 15}, {16, 64, 16}, {64, 64, 16}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        ParaTrainDef def = tiny_def(f, para_arena_printf(f->arena, "run%d", (int)i), "dr", 1, 1);
        def.envs = sizes[i][0];
        def.horizon = sizes[i][1];
        Opened *opened = open_training(f, &def);
        assert_int_equal(para_ppo_def(opened->training.ppo)->minibatches, sizes[i][2]);
        assert_int_equal(para_policy_def(opened->training.policy)->width, 32);
        para_training_close(&opened->training);
    }
}

static void test_training_takes_the_vector_of_the_member_with_most_bodies(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 1);
    f->families[0] = f->families[1]; // rise: one to four moving bodies
    def.obs = PARA_OBS_VECTOR;
    Opened *opened = open_training(f, &def);
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
static int put_wider_player(Fixture *f, const ParaTrainDef *def)
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
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 1);
    f->families[0] = f->families[1];
    def.obs = PARA_OBS_VECTOR;
    train(f, &def);
    int size = put_wider_player(f, &def);
    def.lessons = 2;
    train(f, &def);
    assert_int_equal(f->told.lessons, 1);
    const char *error = NULL;
    ParaPolicy *player = para_player_load(def.folder, f->arena, &error);
    assert_non_null(player);
    assert_int_equal(para_policy_def(player)->obs.size, size);
}

// ---------------------------------------------------------------- which levels are proved

/// Cases that the next solved levels are put through.
enum { NO_ROOM, ROOM, OTHER_ENV, FULL, LAST_PLACE, CASES };

typedef struct Asked {
    ParaTraining *training;
    const ParaArena *arena;
    int met[CASES], next;
} Asked;

/// What a batch calls when an env solved its level: sets the scene of a case, asks, and looks at what
/// changed.
static void ask(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    Asked *asked = context;
    ParaTraining *t = asked->training;
    if (state->play.status != PARA_PLAY_SOLVED)
        return;
    int scene = asked->next++ % CASES, before = scene == FULL ? 1024 : scene == LAST_PLACE ? 1023 : 0;
    bool own = env < t->families.count; // the first env of each family
    if ((scene == OTHER_ENV) == own) {
        asked->next--; // wait for another env
        return;
    }
    asked->met[scene]++;
    t->episode_count = before;
    t->proof_room[pick->family] = scene == NO_ROOM ? 0 : 1;
    para_training_keep_episode(t, env, state, pick);
    bool wanted = scene == ROOM || scene == LAST_PLACE;
    assert_int_equal(t->episode_count, before + wanted);
    assert_int_equal(t->proof_room[pick->family], wanted || scene == NO_ROOM ? 0 : 1);
    if (wanted) {
        const ParaEpisodeRow *row = &t->episode_rows[before];
        char path[512];
        assert_int_equal(row->hash, state->level->hash);
        assert_int_equal(row->pick.seed, pick->seed);
        snprintf(path, sizeof path, "%s/%s", t->def.folder, row->file);
        assert_int_equal(access(path, F_OK), 0);
        unlink(path);
    }
}

static void test_proofs_are_for_whom_there_is_room(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 2, 1);
    def.threads = 1;
    Opened *opened = open_training(f, &def);
    Asked asked = {.training = &opened->training};
    opened->training.batch->on_ended = ask;
    opened->training.batch->on_ended_context = &asked;
    for (int k = 0; k < 40 && asked.met[CASES - 1] < 2; k++)
        para_collect(opened->training.collector);
    for (int scene = 0; scene < CASES; scene++)
        assert_true(asked.met[scene] >= 2);
    para_training_close(&opened->training);
}

/// A kept level is proved once, by whichever env, and needs no room.
static void ask_kept(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    Asked *asked = context;
    ParaTraining *t = asked->training;
    if (state->play.status != PARA_PLAY_SOLVED)
        return;
    int kept = para_maker_kept_index(t->maker, pick);
    memset(t->proof_room, 0, sizeof *t->proof_room * (size_t)t->families.count);
    t->episode_count = 0;
    bool wanted = kept >= 0 && !t->kept_proved[kept];
    para_training_keep_episode(t, env, state, pick);
    assert_int_equal(t->episode_count, wanted);
    if (kept >= 0)
        assert_int_equal(t->kept_proved[kept], 1);
    asked->met[wanted]++;
    asked->next += kept >= 0 && !wanted;
}

/// A training whose maker keeps levels that nobody has proved yet.
static Opened *open_keeping(Fixture *f, ParaOnEnded *on_ended, Asked *asked)
{
    ParaTrainDef def = tiny_def(f, "run", "sfl", 2, 1);
    def.threads = 1;
    Opened *opened = open_training(f, &def);
    ParaTraining *t = asked->training = &opened->training;
    t->batch->on_ended = on_ended;
    t->batch->on_ended_context = asked;
    assert_true(para_maker_turn(t->maker, (int64_t)1 << 40, t->policy) > 0);
    for (int k = 0; k < t->kept_max; k++)
        t->kept_prover[k] = def.envs;
    return opened;
}

static void test_proofs_of_kept_levels_need_no_room(void **state)
{
    Asked asked = {.next = 0};
    Opened *opened = open_keeping(*state, ask_kept, &asked);
    for (int k = 0; k < 20; k++)
        para_collect(opened->training.collector);
    assert_true(asked.met[1] > 5 && asked.met[0] > 5 && asked.next > 0);
    para_training_close(&opened->training);
}

/// As if envs 5, 2, 9 and 2 again had solved a kept level, in the order that threads made.
static void ask_in_odd_order(void *context, int env, const ParaEnv *state, const ParaPick *pick)
{
    static const int as[] = {5, 2, 9, 2};
    Asked *asked = context;
    ParaTraining *t = asked->training;
    int kept = para_maker_kept_index(t->maker, pick);
    (void)env;
    if (state->play.status != PARA_PLAY_SOLVED || kept < 0 || asked->next == 4)
        return;
    const char *error = NULL;
    if (asked->next > 0 && kept != asked->met[0])
        return; // another level
    asked->met[0] = kept;
    size_t before = 0, after = 0;
    const char *path = para_arena_printf(t->scratch, "%s/proofs/%016llx.replay", t->def.folder,
                                         (unsigned long long)state->level->hash);
    const char *old = para_file_read(path, 1 << 20, t->scratch, &before, &error);
    para_training_keep_episode(t, as[asked->next], state, pick);
    const char *now = para_file_read(path, 1 << 20, t->scratch, &after, &error);
    assert_non_null(now);
    bool same = old && before == after && memcmp(old, now, after) == 0;
    asked->met[1] += asked->next == 1 && !same; // written over; two episodes may well be alike
    assert_true(asked->next < 2 || same);
    assert_int_equal(t->kept_prover[kept], asked->next == 0 ? 5 : 2);
    assert_int_equal(t->episode_count, 1); // one row, whoever is in it
    asked->next++;
}

static void test_proof_of_a_kept_level_is_that_of_the_lowest_env(void **state)
{
    Asked asked = {.next = 0};
    Opened *opened = open_keeping(*state, ask_in_odd_order, &asked);
    for (int k = 0; k < 200 && asked.next < 4; k++)
        para_collect(opened->training.collector);
    assert_int_equal(asked.next, 4);
    assert_int_equal(asked.met[1], 1);
    para_training_close(&opened->training);
}

// ---------------------------------------------------------------- what failed

static int files_in(const Fixture *f, const char *folder)
{
    DIR *list = opendir(para_arena_printf(f->arena, "%s/failures", folder));
    int files = 0;
    assert_non_null(list);
    for (struct dirent *entry; (entry = readdir(list)) != NULL;)
        files += entry->d_name[0] != '.';
    closedir(list);
    return files;
}

/// Each failure that is kept is a replay that verifies, ends as its row says and names what decided.
static int check_failures(Fixture *f, const char *folder)
{
    sqlite3 *database = database_open(folder);
    sqlite3_stmt *row =
        database_query(database, "SELECT file, ending, cause, level_hash, lesson, params FROM failures");
    int count = 0;
    for (; sqlite3_step(row) == SQLITE_ROW; count++) {
        const char *error = NULL, *ending = (const char *)sqlite3_column_text(row, 1);
        const char *path = para_arena_printf(f->arena, "%s/%s", folder, sqlite3_column_text(row, 0));
        ParaReplay *replay = para_replay_read(path, f->arena, &error);
        if (!replay)
            fail_msg("%s", error);
        assert_true(para_replay_verify(replay, f->arena).ok);
        assert_int_equal(replay->end, strcmp(ending, "failed") == 0 ? PARA_PLAY_FAILED : PARA_PLAY_TIMEOUT);
        ParaLevel *level = para_replay_level(replay, f->arena, &error);
        assert_true((uint64_t)sqlite3_column_int64(row, 3) == level->hash);
        assert_string_equal((const char *)sqlite3_column_text(row, 5),
                            para_level_params_to_json(level, f->arena));
        assert_true(sqlite3_column_bytes(row, 2) > 5); // "not inside [ball, pad]" or such
    }
    sqlite3_finalize(row);
    sqlite3_close(database);
    return count;
}

static void test_training_keeps_a_sample_of_what_failed(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 2, 40);
    def.settings.learning_rate = 1e-8; // it stays as bad as it is
    train(f, &def);
    sqlite3 *database = database_open(def.folder);
    // One of each family in lessons 0 to 15, 16 to 31 and 32 to 39, the same ones for any number of threads.
    assert_int_equal(database_whole(database,
                                    "SELECT max(n) FROM (SELECT count(*) AS n FROM failures GROUP BY family,"
                                    " lesson / 16)"),
                     1);
    int64_t lessons = database_whole(database, "SELECT sum(lesson * 7 + family + level_seed) FROM failures");
    sqlite3_close(database);
    assert_int_equal(check_failures(f, def.folder), 6);
    assert_int_equal(files_in(f, def.folder), 6);
    def.folder = para_arena_printf(f->arena, "%s/again", f->scratch.folder);
    def.threads = 1;
    train(f, &def);
    database = database_open(def.folder);
    assert_true(lessons ==
                database_whole(database, "SELECT sum(lesson * 7 + family + level_seed) FROM failures"));
    sqlite3_close(database);
}

/// More than are kept: the oldest rows go, and their files with the next checkpoint.
static void test_training_lets_old_failures_go(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = tiny_def(f, "run", "dr", 1, 16 * 36);
    def.envs = 2;
    def.horizon = 8;
    def.width = 16;
    def.settings.learning_rate = 1e-8;
    train(f, &def);
    sqlite3 *database = database_open(def.folder);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM failures"), 32);
    assert_true(database_whole(database, "SELECT min(lesson) FROM failures") >= 16 * 2);
    assert_true(database_whole(database, "SELECT max(lesson) FROM failures") >= 16 * 34);
    sqlite3_close(database);
    assert_int_equal(files_in(f, def.folder), 32);
    assert_int_equal(check_failures(f, def.folder), 32);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_loop[] = {
    TEST(test_training_keeps_a_sample_of_what_failed),
    TEST(test_training_lets_old_failures_go),
    TEST(test_training_learns_a_tiny_family_and_proves_it),
    TEST(test_parameters_of_a_level_as_json),
    TEST(test_training_rows_are_what_happened),
    TEST(test_training_archives_kept_levels_before_they_are_proved),
    TEST(test_training_that_goes_on_plays_other_levels),
    TEST(test_training_whose_proofs_cannot_be_written_says_where),
    TEST(test_training_saves_when_it_should),
    TEST(test_training_keeps_a_milestone_every_500_lessons),
    TEST(test_training_keeps_milestones_as_asked),
    cmocka_unit_test(test_training_progress_and_rate_by_hand),
    TEST(test_training_follows_its_schedule),
    TEST(test_training_cuts_minibatches_of_64_rows_or_more),
    TEST(test_training_takes_the_vector_of_the_member_with_most_bodies),
    TEST(test_training_goes_on_with_the_layout_of_its_player),
    TEST(test_proofs_are_for_whom_there_is_room),
    TEST(test_proofs_of_kept_levels_need_no_room),
    TEST(test_proof_of_a_kept_level_is_that_of_the_lowest_env),
};
const size_t para_tests_loop_count = sizeof para_tests_loop / sizeof *para_tests_loop;
