// SPDX-License-Identifier: MIT
// A search finds what can be found, the same on any number of threads, and what it finds is a proof; of what
// cannot be solved it tells what remained. A clone of an env goes on with the bits of the one it is of.
#include "agents/search/search.h"

#include "agents/env/decision.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <stdio.h>
#include <string.h>

// A ball that has to get back over a bump and stop in the pad: no action held from the start does it. The
// plate of an event is on the way.
static const char *const text =
    "{\"paracosm\": 1, \"name\": \"back\", \"world\": {\"size\": [16, 8], \"seconds\": 8},"
    " \"variables\": {\"hits\": 0},"
    " \"bodies\": [{\"name\": \"floor\", \"static\": true, \"shape\": {\"box\": [40, 2]}, \"at\": [8, 0]},"
    "  {\"name\": \"bump\", \"static\": true, \"shape\": {\"polygon\": [[-1, 0], [1, 0], [0, 0.2]]},"
    "   \"at\": [5, 1]},"
    "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.4}, \"at\": [8, 1.4]}],"
    " \"zones\": [{\"name\": \"plate\", \"area\": {\"box\": [1, 2]}, \"at\": [11, 1.5]},"
    "  {\"name\": \"pad\", \"area\": {\"box\": [1.5, 2]}, \"at\": [2, 1.5]}],"
    " \"player\": {\"body\": \"ball\", \"actuators\": [{\"walk\": \"ball\", \"channel\": 0, \"speed\": 4,"
    "   \"force\": 12}]},"
    " \"events\": [{\"when\": {\"inside\": [\"ball\", \"plate\"]}, \"do\": [{\"add\": \"hits\", \"by\": "
    "1}]}],"
    " \"goal\": {\"then\": [{\"inside\": [\"ball\", \"plate\"]}, {\"all\": [{\"is\": \"%s\"},"
    "   {\"inside\": [\"ball\", \"pad\"]}, {\"slow\": [\"ball\", 0.5]}], \"for\": 0.3}]},"
    " \"fail\": {\"left_of\": [\"ball\", 0.5]}}";

static const ParaLevel *load(const char *is, ParaArena *arena)
{
    char whole[2048];
    int size = snprintf(whole, sizeof whole, text, is);
    ParaDiagList list = para_diag_list(arena, "back", NULL);
    const ParaTemplate *t = para_template_load("back", whole, (size_t)size, arena, &list);
    const ParaLevel *level = t ? para_template_sample(t, NULL, 0, arena, &list) : NULL;
    if (!level)
        para_diag_print(&list, stderr);
    assert_non_null(level);
    return level;
}

static ParaSearch *search_for(const ParaSearchDef *def, int threads, ParaArena *arena)
{
    const char *error = NULL;
    ParaWorkers *workers = para_workers_create(threads);
    ParaSearch *search = para_search_open(def, workers, arena, &error);
    if (!search)
        fail_msg("%s", error);
    while (para_search_next(search)) {
    }
    para_workers_destroy(workers);
    return search;
}

static void test_search_proves(void **state)
{
    (void)state;
    for (ParaSolverKind solver = PARA_SOLVER_CHIPMUNK; solver <= PARA_SOLVER_LANES; solver++) {
        ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
        const ParaSearchDef def = {
            .level = load("hits == 1", arena), .solver = solver, .steps_max = 20000000};
        ParaSearch *search = search_for(&def, 2, arena);
        char remained[200];
        assert_true(search->solved);
        const ParaReplay *replay = para_search_replay(search, remained, sizeof remained);
        assert_string_equal(remained, "");
        assert_int_equal(replay->end, PARA_PLAY_SOLVED);
        assert_int_equal(replay->decisions, search->decisions);
        assert_int_equal(replay->solver, solver);
        ParaVerdict verdict = para_replay_verify(replay, arena);
        if (!verdict.ok)
            fail_msg("%s", verdict.message);
        para_search_close(search);
        para_arena_destroy(arena);
    }
}

static void test_search_is_the_same_on_any_threads(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    ParaSearchDef def = {.level = load("hits == 1", arena), .steps_max = 20000000, .seed = 7};
    ParaSearch *one = search_for(&def, 1, arena), *three = search_for(&def, 3, arena);
    assert_true(one->solved && three->solved);
    assert_int_equal(one->steps, three->steps);
    assert_int_equal(one->decisions, three->decisions);
    assert_memory_equal(one->plan, three->plan, (size_t)one->decisions * PARA_CHANNELS);
    def.seed = 8;
    ParaSearch *other = search_for(&def, 2, arena);
    assert_true(other->solved);
    assert_true(other->decisions != one->decisions ||
                memcmp(other->plan, one->plan, (size_t)one->decisions * PARA_CHANNELS) != 0);
    para_search_close(one);
    para_search_close(three);
    para_search_close(other);
    para_arena_destroy(arena);
}

static void test_search_tells_what_remained(void **state)
{
    (void)state;
    char remained[200];
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const ParaSearchDef def = {.level = load("hits == 2", arena), .steps_max = 1500000};
    ParaSearch *search = search_for(&def, 2, arena);
    assert_false(search->solved);
    assert_true(search->steps >= def.steps_max && search->passes > 1);
    assert_true(search->progress > 0.5f && search->progress < 1.0f); // the plate, and some of the rest
    assert_false(para_search_next(search));
    para_search_replay(search, remained, sizeof remained);
    assert_string_equal(remained, "hits == 2 did not hold");
    para_search_close(search);
    para_arena_destroy(arena);
}

static void test_search_env_clone_goes_on(void **state)
{
    (void)state;
    static const int8_t right[PARA_CHANNELS] = {1};
    for (ParaSolverKind solver = PARA_SOLVER_CHIPMUNK; solver <= PARA_SOLVER_LANES; solver++) {
        ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
        const ParaLevel *level = load("hits == 2", arena);
        ParaWorldGroup *group = para_world_group_create(solver, 2);
        ParaEnv one, other;
        para_env_init(&one, para_world_at(group, 0), false);
        para_env_init(&other, para_world_at(group, 1), false);
        assert_true(para_env_begin(&one, level, "test") && para_env_begin(&other, level, "test"));
        for (int d = 0; d < 10; d++)
            para_decision_make_one(&one, right);
        assert_true(para_env_clone(&other, &one));
        assert_int_equal(other.decisions, 10);
        for (int d = 0; d < 20; d++) { // over the plate, where an event happens
            para_decision_make_one(&one, right);
            para_decision_make_one(&other, right);
            assert_true(para_world_hash(one.world) == para_world_hash(other.world));
            assert_true(one.accounts[0].total_reward == other.accounts[0].total_reward);
        }
        assert_true(para_play_variable(&one.play, 0) == 1);
        assert_true(para_play_variable(&other.play, 0) == 1);
        assert_int_equal(one.play.done[level->players[0].goal_root], 1);
        assert_int_equal(other.play.done[level->players[0].goal_root], 1);
        para_env_destroy(&one);
        para_env_destroy(&other);
        para_world_group_destroy(group);
        para_arena_destroy(arena);
    }
}

const struct CMUnitTest para_tests_search[] = {
    cmocka_unit_test(test_search_proves),
    cmocka_unit_test(test_search_is_the_same_on_any_threads),
    cmocka_unit_test(test_search_tells_what_remained),
    cmocka_unit_test(test_search_env_clone_goes_on),
};
const size_t para_tests_search_count = sizeof para_tests_search / sizeof *para_tests_search;
