// SPDX-License-Identifier: MIT
// Past selves: which of them stay, what a checkpoint keeps of them, and that in a rollout they play their
// rows and nobody learns from those.
#include "agents/company/pool.h"
#include "agents/player/collector.h"
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"
#include "tests/worlds/two_players.h"

#include <string.h>

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

enum { E = PARA_ENV_BLOCK + 4, T = 48, A = 2, B = E * A };

static ParaPool *make_pool(const ParaPolicy *policy, int max, float share, float hard, ParaArena *arena)
{
    const ParaPoolDef def = {.max = max, .envs = E, .share = share, .hard = hard, .seed = 3};
    return para_pool_create(&def, para_policy_def(policy), arena);
}

static float *first_bias(const ParaPolicy *policy) { return para_policy_at(policy, PARA_T_LOGITS_BIAS); }

static void test_who_stays_is_spread_over_the_training(void **state)
{
    ParaPolicy *policy = reference_policy(16, *state);
    ParaPool *pool = make_pool(policy, 8, 1, 0, *state);
    int count = 0, widest = 0;
    for (int lesson = 9; lesson < 1000; lesson += 10) {
        first_bias(policy)[0] = (float)lesson;
        para_pool_add(pool, policy, lesson);
    }
    const ParaPastSelf *selves = para_pool_selves(pool, &count);
    assert_int_equal(count, 8);
    assert_int_equal(selves[0].lesson, 9);
    assert_int_equal(selves[7].lesson, 999);
    for (int i = 0; i < count; i++) {
        assert_true(first_bias(selves[i].policy)[0] == (float)selves[i].lesson); // its own numbers
        if (i > 0 && selves[i].lesson - selves[i - 1].lesson > widest)
            widest = selves[i].lesson - selves[i - 1].lesson;
    }
    print_message("widest gap %d lessons\n", widest);
    assert_in_range(widest, 1, 400);
}

/// The level of two, as opponents.
static ParaLevel *duel(ParaArena *arena)
{
    ParaLevel *level = two_players_level(arena);
    level->seconds = 2;
    level->goals[1].value = 13.6f;
    level->players[1].team = 1;
    level->hash = para_level_hash(level);
    return level;
}

static void test_friends_have_no_past_selves_among_them(void **state)
{
    ParaPolicy *policy = reference_policy(16, *state);
    ParaPool *pool = make_pool(policy, 4, 1, 0, *state);
    ParaLevel *level = duel(*state);
    para_pool_draw(pool, 0, level);
    assert_null(para_pool_rival(pool, 0)); // nobody is there yet
    para_pool_add(pool, policy, 0);
    bool met[3] = {false};
    for (int i = 0; i < 64; i++) {
        para_pool_draw(pool, 0, level);
        assert_non_null(para_pool_rival(pool, 0));
        assert_in_range(para_pool_rows(pool, 0), 1, 2); // one of the two
        met[para_pool_rows(pool, 0)] = true;
    }
    assert_true(met[1] && met[2]);
    level->players[1].team = 0;
    para_pool_draw(pool, 0, level);
    assert_null(para_pool_rival(pool, 0));
    assert_int_equal(para_pool_rows(pool, 0), 0);
}

static void test_the_hard_ones_come_more_often(void **state)
{
    ParaPolicy *policy = reference_policy(16, *state);
    ParaLevel *level = duel(*state);
    int drawn[2][2] = {{0}};
    for (int hard = 0; hard < 2; hard++) {
        ParaPool *pool = make_pool(policy, 2, 1, hard ? 2 : 0, *state);
        para_pool_add(pool, policy, 0);
        para_pool_add(pool, policy, 1);
        int games = 0, count = 0;
        const ParaPastSelf *selves = para_pool_selves(pool, &count);
        for (int i = 0; i < 60; i++) { // the first is always beaten, the second never
            para_pool_draw(pool, 0, level);
            para_pool_ended(pool, 0, para_pool_rival(pool, 0) == selves[0].policy ? 1 : 0);
            para_pool_settle(pool, &games);
            assert_int_equal(games, 1);
        }
        for (int i = 0; i < 400; i++) {
            para_pool_draw(pool, 0, level);
            drawn[hard][para_pool_rival(pool, 0) == selves[1].policy]++;
        }
    }
    print_message("hard one drawn %d of 400 evenly, %d by hardness\n", drawn[0][1], drawn[1][1]);
    assert_in_range(drawn[0][1], 160, 240);
    assert_in_range(drawn[1][1], 340, 400);
}

static void test_a_checkpoint_keeps_the_pool(void **state)
{
    ParaPolicy *policy = reference_policy(16, *state);
    ParaLevel *level = duel(*state);
    ParaPool *pool = make_pool(policy, 4, 0.7f, 1, *state), *other = make_pool(policy, 4, 0.7f, 1, *state);
    for (int lesson = 0; lesson < 3; lesson++)
        para_pool_add(pool, policy, lesson);
    for (int b = 0; b < E; b++) {
        para_pool_draw(pool, b, level);
        para_pool_ended(pool, b, 1);
    }
    int games = 0;
    para_pool_settle(pool, &games);
    ParaBytes bytes = {.arena = *state}, again = {.arena = *state};
    para_pool_save(pool, &bytes);
    ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
    assert_true(para_pool_load(other, &in) && para_bytes_read_whole(&in));
    para_pool_save(other, &again);
    assert_int_equal(bytes.size, again.size);
    assert_memory_equal(bytes.data, again.data, bytes.size);
    for (int i = 0; i < 50; i++) { // and goes on alike
        para_pool_draw(pool, i % E, level);
        para_pool_draw(other, i % E, level);
        assert_int_equal(para_pool_rows(pool, i % E), para_pool_rows(other, i % E));
    }
    for (size_t cut = 0; cut < bytes.size; cut += 7) { // half of it is nothing
        ParaBytesReader half = {.data = bytes.data, .size = cut};
        int count = 0;
        assert_false(para_pool_load(other, &half) && para_bytes_read_whole(&half));
        para_pool_selves(other, &count);
        assert_true(count == 0 || half.bad == false);
    }
}

// ---------------------------------------------------------------------------------------------
// A rollout.

typedef struct Lesson {
    ParaFamilies families;
    ParaLevel *level;
    ParaWorkers *workers;
    ParaPolicy *policy;
    ParaPpo *ppo;
    ParaBatch *batch;
    ParaCollector *collector;
    ParaPool *pool;
} Lesson;

static Lesson *lesson_make(ParaArena *arena, int threads)
{
    const char *name = "roll", *error = NULL;
    Lesson *l = PARA_NEW(arena, Lesson, 1);
    *l = (Lesson){.level = duel(arena), .workers = para_workers_create(threads)};
    if (!para_families_load(&l->families, &name, 1, arena, &error))
        fail_msg("%s", error);
    l->policy = reference_policy(16, arena);
    ParaPpoDef ppo = para_ppo_def_default(B, T);
    ppo.masked = true;
    l->ppo = para_ppo_create(&ppo, l->policy, 5, l->workers, arena);
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
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
    l->pool = make_pool(l->policy, 4, 0.5f, 0, arena);
    para_collector_oppose(l->collector, l->pool);
    para_batch_reset(l->batch, l->workers);
    // Two past selves, of which the one always walks right and the other left.
    float *bias = first_bias(l->policy), kept[3] = {bias[0], bias[1], bias[2]};
    for (int self = 0; self < 2; self++) {
        bias[0] = self ? 50.0f : -50.0f;
        bias[2] = -bias[0];
        para_pool_add(l->pool, l->policy, self);
    }
    memcpy(bias, kept, sizeof kept);
    for (int b = 0; b < E; b++)
        para_pool_draw(l->pool, b, l->level);
    return l;
}

static void lesson_clear(Lesson *l)
{
    para_batch_destroy(l->batch);
    para_workers_destroy(l->workers);
}

static void test_past_selves_play_their_rows(void **state)
{
    Lesson *l = lesson_make(*state, 2);
    uint32_t rows[E];
    const ParaPolicy *rival[E];
    int count = 0;
    for (int b = 0; b < E; b++) {
        rows[b] = para_pool_rows(l->pool, b);
        rival[b] = para_pool_rival(l->pool, b);
    }
    const ParaPastSelf *selves = para_pool_selves(l->pool, &count);
    ParaEndedList list = para_collect(l->collector);
    const ParaRollout *r = para_ppo_rollout(l->ppo);
    int rivals = 0, own = 0;
    for (int row = 0; row < B; row++) {
        bool is_rival = rows[row / A] >> row % A & 1;
        assert_int_equal(r->live[row], !is_rival);
        rivals += is_rival;
        if (is_rival)
            assert_int_equal(r->action[row * PARA_CHANNELS], rival[row / A] == selves[1].policy ? -1 : 1);
    }
    for (int i = 0; i < list.count; i++)
        own += list.items[i].report.player == 0 || list.items[i].report.player == 1;
    int games = 0;
    float score = para_pool_settle(l->pool, &games);
    print_message("%d of %d rows are past selves', %d reports, %.1f of %d won\n", rivals, B, list.count,
                  (double)score, games);
    assert_in_range(rivals, E / 4, E * 3 / 4);
    assert_true(own == list.count && games > 10 && list.count > games && list.count < 2 * games * 3);
    assert_true(score >= 0 && score <= (float)games);
    para_collector_judge(l->collector);
    para_ppo_update(l->ppo);
    lesson_clear(l);
}

static void test_past_selves_are_the_same_for_any_threads(void **state)
{
    Lesson *one = lesson_make(*state, 1), *two = lesson_make(*state, 2);
    for (int k = 0; k < 2; k++) {
        para_collect(one->collector);
        para_collect(two->collector);
        const ParaRollout *a = para_ppo_rollout(one->ppo), *b = para_ppo_rollout(two->ppo);
        assert_memory_equal(a->action, b->action, (size_t)T * B * PARA_CHANNELS);
        assert_memory_equal(a->live, b->live, (size_t)T * B);
        int games[2];
        assert_true(para_pool_settle(one->pool, &games[0]) == para_pool_settle(two->pool, &games[1]));
        assert_int_equal(games[0], games[1]);
    }
    lesson_clear(one);
    lesson_clear(two);
}

#define POOL_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
const struct CMUnitTest para_tests_pool[] = {POOL_TEST(test_who_stays_is_spread_over_the_training),
                                             POOL_TEST(test_friends_have_no_past_selves_among_them),
                                             POOL_TEST(test_the_hard_ones_come_more_often),
                                             POOL_TEST(test_a_checkpoint_keeps_the_pool),
                                             POOL_TEST(test_past_selves_play_their_rows),
                                             POOL_TEST(test_past_selves_are_the_same_for_any_threads)};
const size_t para_tests_pool_count = sizeof para_tests_pool / sizeof *para_tests_pool;
