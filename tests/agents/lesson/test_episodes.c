// SPDX-License-Identifier: MIT
// The episodes that a training keeps, on tiny families: proofs that prove, of whom there is room for, and a
// sample of what failed.
#include "agents/env/replay.h"
#include "agents/lesson/evaluate.h"
#include "engine/base/file.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/tiny_run.h"
#include "tests/tests.h"

#include <math.h>

// Measured over seeds 1 to 3: 27, 10 and 33 % at first, 100 % from lesson 15 on.
static void test_training_learns_a_tiny_family_and_proves_it(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 32);
    tiny_run_train(f, &def);
    const TinyTold *told = &f->told;
    assert_int_equal(told->lessons, 32);
    assert_true(told->episodes[0][0] >= 10 && told->solve[0][0] < 0.5f);
    assert_true(told->solve[31][0] > 0.95f);
    assert_true(isnan(told->now[0].gradient_norm) &&
                told->now[1].gradient_norm > 0.0); // measured, then learned
    // One fresh level of each family may be proved every 16 lessons, and it was: by a player who can.
    assert_int_equal(tiny_run_check_proofs(f, def.folder, "dr"), 2);
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

static void test_training_whose_proofs_cannot_be_written_says_where(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 40);
    const char *error = NULL;
    f->told.break_at_3 = para_arena_printf(f->arena, "%s/proofs", def.folder);
    assert_false(para_train(&def, tiny_run_listen, &f->told, f->arena, &error));
    assert_non_null(strstr(error, "run/proofs/"));
    assert_in_range(f->told.lessons, 16, 20); // when the next level was to be proved
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
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 2, 1);
    def.threads = 1;
    TinyOpened *opened = tiny_run_open(f, &def);
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
static TinyOpened *open_keeping(TinyRun *f, ParaOnEnded *on_ended, Asked *asked)
{
    ParaTrainDef def = tiny_run_def(f, "run", "sfl", 2, 1);
    def.threads = 1;
    TinyOpened *opened = tiny_run_open(f, &def);
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
    TinyOpened *opened = open_keeping(*state, ask_kept, &asked);
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
    TinyOpened *opened = open_keeping(*state, ask_in_odd_order, &asked);
    for (int k = 0; k < 200 && asked.next < 4; k++)
        para_collect(opened->training.collector);
    assert_int_equal(asked.next, 4);
    assert_int_equal(asked.met[1], 1);
    para_training_close(&opened->training);
}

// ---------------------------------------------------------------- what failed

static int files_in(const TinyRun *f, const char *folder)
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
static int check_failures(TinyRun *f, const char *folder)
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
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 2, 40);
    def.settings.learning_rate = 1e-8; // it stays as bad as it is
    tiny_run_train(f, &def);
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
    tiny_run_train(f, &def);
    database = database_open(def.folder);
    assert_true(lessons ==
                database_whole(database, "SELECT sum(lesson * 7 + family + level_seed) FROM failures"));
    sqlite3_close(database);
}

/// More than are kept: the oldest rows go, and their files with the next checkpoint.
static void test_training_lets_old_failures_go(void **state)
{
    TinyRun *f = *state;
    ParaTrainDef def = tiny_run_def(f, "run", "dr", 1, 16 * 36);
    def.envs = 2;
    def.horizon = 8;
    def.width = 16;
    def.settings.learning_rate = 1e-8;
    tiny_run_train(f, &def);
    sqlite3 *database = database_open(def.folder);
    assert_int_equal(database_whole(database, "SELECT count(*) FROM failures"), 32);
    assert_true(database_whole(database, "SELECT min(lesson) FROM failures") >= 16 * 2);
    assert_true(database_whole(database, "SELECT max(lesson) FROM failures") >= 16 * 34);
    sqlite3_close(database);
    assert_int_equal(files_in(f, def.folder), 32);
    assert_int_equal(check_failures(f, def.folder), 32);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tiny_run_set_up, tiny_run_tear_down)
const struct CMUnitTest para_tests_episodes[] = {
    TEST(test_training_learns_a_tiny_family_and_proves_it),
    TEST(test_training_whose_proofs_cannot_be_written_says_where),
    TEST(test_proofs_are_for_whom_there_is_room),
    TEST(test_proofs_of_kept_levels_need_no_room),
    TEST(test_proof_of_a_kept_level_is_that_of_the_lowest_env),
    TEST(test_training_keeps_a_sample_of_what_failed),
    TEST(test_training_lets_old_failures_go),
};
const size_t para_tests_episodes_count = sizeof para_tests_episodes / sizeof *para_tests_episodes;
