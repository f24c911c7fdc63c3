// SPDX-License-Identifier: MIT
// A training that several peers share: the same again bit for bit, whatever the maker; one that goes on where
// it stopped, with any number of them; one that ends well where a peer is lost.
#include "agents/lesson/lesson.h"
#include "agents/maker/maker.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/engine/base/peers_here.h"
#include "tests/tests.h"

#include <string.h>

enum { ENVS = 10, HORIZON = 8, LESSONS = 30, STOP = 17 };

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *families[2];
    ParaTrainDef def;
    int stop_after; // this lesson; -1: never
    int told;       // lessons, all by rank 0
    const char *note;
    bool good[PEERS_HERE_MAX];
    const char *error[PEERS_HERE_MAX];
    ParaArena *arenas[PEERS_HERE_MAX];
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->scratch = scratch_make();
    f->families[0] = tiny_path("push", f->arena);
    f->families[1] = tiny_path("rise", f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    for (int r = 0; r < PEERS_HERE_MAX; r++)
        if (f->arenas[r])
            para_arena_destroy(f->arenas[r]);
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static void ask_for(Fixture *f, const char *folder, const char *maker)
{
    f->def = para_train_def_default();
    f->def.folder = para_arena_printf(f->arena, "%s/%s", f->scratch.folder, folder);
    f->def.maker = maker;
    f->def.families = f->families;
    f->def.family_count = 2;
    f->def.width = 16;
    f->def.envs = ENVS;
    f->def.horizon = HORIZON;
    f->def.threads = 1;
    f->def.settings.buffer = 16;
    f->def.settings.refresh = 5;
    f->def.settings.candidates = 6;
    f->def.settings.keep = 4;
    f->def.lessons = f->def.schedule_lessons = LESSONS;
    f->def.checkpoint_seconds = 3600;
    f->stop_after = -1;
    f->note = NULL;
}

static bool listen(void *context, const ParaTrainStatus *status)
{
    Fixture *f = context;
    f->told++;
    if (status->note)
        f->note = para_arena_strdup(f->arena, status->note);
    return status->now.lesson != f->stop_after;
}

static void work(void *context, int rank, ParaPeers *peers)
{
    Fixture *f = context;
    ParaTrainDef def = f->def;
    def.peers = peers;
    f->good[rank] = para_train(&def, listen, f, f->arenas[rank], &f->error[rank]);
}

/// Trains with so many peers. @param lose as peers_here_run has it   @return exchanges
static int train(Fixture *f, int count, int lose)
{
    for (int r = 0; r < count; r++) {
        if (f->arenas[r])
            para_arena_destroy(f->arenas[r]);
        f->arenas[r] = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
        f->error[r] = NULL;
    }
    return peers_here_run(count, work, f, lose);
}

static void train_well(Fixture *f, int count)
{
    train(f, count, -1);
    for (int r = 0; r < count; r++)
        if (!f->good[r])
            fail_msg("rank %d: %s", r, f->error[r]);
}

/// Hash of the last checkpoint and of its state.
static uint64_t end_of(const Fixture *f, int lesson)
{
    static const char *const ends[] = {"safetensors", "state"};
    uint64_t hash = 0;
    for (int i = 0; i < 2; i++) {
        size_t size = 0;
        unsigned char *data = scratch_read(
            para_arena_printf(f->arena, "%s/checkpoints/lesson-%06d.%s", f->def.folder, lesson, ends[i]),
            &size);
        hash = para_hash(data, size, hash);
        free(data);
    }
    return hash;
}

static void check_maker(Fixture *f, const char *maker, bool remembers)
{
    ask_for(f, para_arena_printf(f->arena, "%s-once", maker), maker);
    f->def.recurrent = f->def.continuous = remembers;
    train_well(f, 3);
    uint64_t once = end_of(f, LESSONS - 1);
    ask_for(f, para_arena_printf(f->arena, "%s-halves", maker), maker);
    f->def.recurrent = f->def.continuous = remembers;
    f->stop_after = STOP;
    train_well(f, 3);
    f->stop_after = -1;
    train_well(f, 3);
    assert_null(f->note);
    assert_int_equal(end_of(f, LESSONS - 1), once);
}

static void test_training_of_three_that_stops_and_goes_on_is_the_one_that_never_stopped(void **state)
{
    static const char *const makers[] = {"dr", "sfl", "accel", "frontier"};
    for (int i = 0; i < 4; i++)
        check_maker(*state, makers[i], false);
}

static void test_antagonist_is_the_same_for_all(void **state) { check_maker(*state, "paired", false); }
static void test_what_is_remembered_goes_on(void **state) { check_maker(*state, "dr", true); }

static int64_t ask(const Fixture *f, const char *question)
{
    sqlite3 *database = database_open(f->def.folder);
    int64_t answer = database_whole(database, question);
    sqlite3_close(database);
    return answer;
}

static void test_any_number_goes_on_and_the_run_is_whole(void **state)
{
    Fixture *f = *state;
    static const int counts[] = {3, 1, 4, 2};
    ask_for(f, "any", "sfl");
    for (int i = 0; i < 4; i++) {
        f->def.lessons = 8 * (i + 1);
        train_well(f, counts[i]);
        assert_null(f->note); // no new episodes
    }
    assert_int_equal(f->told, 32);
    assert_int_equal(ask(f, "select count(*) from lessons"), 32);
    assert_int_equal(ask(f, "select max(decisions) from lessons"), 32 * ENVS * HORIZON);
    assert_int_equal(ask(f, "select count(distinct env) from reports"), ENVS);
    assert_int_equal(ask(f, "select count(*) from reports where env % 2 != family"), 0);
    assert_true(ask(f, "select count(*) from proofs") > 0);
    assert_int_equal(ask(f, "select (select count(*) from proofs) - count(distinct level_hash) from proofs"),
                     0);
}

static void test_first_worlds_are_those_of_one_process(void **state)
{
    Fixture *f = *state;
    int64_t hash[2];
    for (int i = 0; i < 2; i++) { // the first lesson is played by a player that nobody has taught yet
        ask_for(f, i ? "several" : "alone", "dr");
        f->def.settings.first_horizon = 60;
        f->def.horizon = 60;
        f->def.lessons = 1;
        train_well(f, i ? 3 : 1);
        hash[i] = ask(f, "select sum(level_hash % 1000003 * (env + 1)) + sum(decisions * 7) from reports");
        assert_true(ask(f, "select count(*) from reports") > 5);
    }
    assert_int_equal(hash[0], hash[1]);
}

static void test_lost_peer_ends_the_training_and_the_run_goes_on(void **state)
{
    Fixture *f = *state;
    ask_for(f, "whole", "sfl");
    f->def.lessons = 8;
    int all = train(f, 2, -1);
    ask_for(f, "lost", "sfl");
    f->def.lessons = 8;
    for (int i = 0; i < 12; i++) { // as it opens, in lessons, as it saves
        train(f, 2, i < 6 ? 2 * i : all * (i - 5) / 6 - 1);
        for (int r = 0; r < 2; r++) {
            assert_false(f->good[r]);
            assert_non_null(strstr(f->error[r], "of the 2 ranks is lost"));
        }
    }
    train_well(f, 2);
    assert_int_equal(ask(f, "select count(*) from lessons"), 8);
}

static void refuse(Fixture *f, int count, const char *why)
{
    train(f, count, -1);
    for (int r = 0; r < count; r++) {
        assert_false(f->good[r]);
        if (!strstr(f->error[r], why))
            fail_msg("rank %d: %s", r, f->error[r]);
    }
}

static void test_what_peers_cannot_do_all_of_them_say(void **state)
{
    Fixture *f = *state;
    ask_for(f, "refused", "dr");
    f->def.model = true;
    refuse(f, 2, "no model, dream or curiosity");
    f->def.model = false;
    f->def.envs = 3;
    refuse(f, 4, "4 ranks need at least a world each; there are 3");
    f->def.envs = ENVS;
    f->def.maker = "nobody";
    refuse(f, 2, "no maker \"nobody\"");
    assert_false(para_file_exists(
        para_arena_printf(f->arena, "%s/checkpoints/lesson-000000.safetensors", f->def.folder)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_training_peers[] = {
    TEST(test_training_of_three_that_stops_and_goes_on_is_the_one_that_never_stopped),
    TEST(test_antagonist_is_the_same_for_all),
    TEST(test_what_is_remembered_goes_on),
    TEST(test_any_number_goes_on_and_the_run_is_whole),
    TEST(test_first_worlds_are_those_of_one_process),
    TEST(test_lost_peer_ends_the_training_and_the_run_goes_on),
    TEST(test_what_peers_cannot_do_all_of_them_say),
};
const size_t para_tests_training_peers_count =
    sizeof para_tests_training_peers / sizeof *para_tests_training_peers;
