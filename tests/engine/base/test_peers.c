// SPDX-License-Identifier: MIT
// Peers: sums in the order of ranks, the same bits for all; parts of any size; who is lost stops nobody for
// ever.
#include "engine/base/peers.h"
#include "engine/base/rng.h"
#include "tests/engine/base/peers_here.h"
#include "tests/tests.h"

#include <string.h>

#define FLOATS 70003 // no multiple of any number of peers; of three one exchange each, of five in slices

typedef struct Sums {
    float values[PEERS_HERE_MAX][FLOATS], expected[FLOATS];
    double few[PEERS_HERE_MAX][3];
    int64_t most[PEERS_HERE_MAX];
    bool good[PEERS_HERE_MAX];
} Sums;

/// Numbers whose sum hangs on the order.
static void fill(Sums *sums, int count)
{
    for (int r = 0; r < count; r++) {
        ParaRng rng = para_rng_make((uint64_t)r, "peers");
        for (int k = 0; k < FLOATS; k++)
            sums->values[r][k] = (float)para_rng_range(&rng, -1.0, 1.0) * (r % 2 ? 1e6f : 1e-3f);
        for (int k = 0; k < 3; k++)
            sums->few[r][k] = r % 2 ? 1e16 : 1.0 + k;
        sums->most[r] = r == 1 ? 7 : -r;
    }
    for (int k = 0; k < FLOATS; k++) {
        sums->expected[k] = sums->values[0][k];
        for (int r = 1; r < count; r++)
            sums->expected[k] += sums->values[r][k];
    }
}

static void work_sums(void *context, int rank, ParaPeers *peers)
{
    Sums *sums = context;
    sums->good[rank] = para_peers_sum(peers, sums->values[rank], FLOATS) &&
                       para_peers_sum_f64(peers, sums->few[rank], 3) &&
                       para_peers_max(peers, &sums->most[rank]);
}

static void test_peers_sum_in_the_order_of_ranks(void **state)
{
    (void)state;
    Sums *sums = calloc(1, sizeof *sums);
    for (int count = 1; count <= 5; count++) {
        fill(sums, count);
        double few = sums->few[0][2];
        for (int r = 1; r < count; r++)
            few += sums->few[r][2];
        peers_here_run(count, work_sums, sums, -1);
        for (int r = 0; r < count; r++) {
            assert_true(sums->good[r]);
            assert_memory_equal(sums->values[r], sums->expected, sizeof sums->expected);
            assert_memory_equal(&sums->few[r][2], &few, sizeof few);
            assert_int_equal(sums->most[r], count > 1 ? 7 : 0);
        }
    }
    free(sums);
}

typedef struct Parts {
    int wrong[PEERS_HERE_MAX];
} Parts;

/// Rank r has 3 r bytes: the first has none.
static void work_parts(void *context, int rank, ParaPeers *peers)
{
    Parts *parts = context;
    int count = para_peers_count(peers);
    ParaArena *arena = para_arena_create(1 << 14, 1 << 20);
    uint8_t own[3 * PEERS_HERE_MAX], word = (uint8_t)(40 + rank);
    memset(own, 100 + rank, sizeof own);
    ParaPeersPart all[PEERS_HERE_MAX], led[PEERS_HERE_MAX], text = {own, rank == 0 ? 5 : 0};
    bool good = para_peers_gather(peers, own, (size_t)(3 * rank), arena, all) &&
                para_peers_collect(peers, own, (size_t)(3 * rank), arena, led) &&
                para_peers_share(peers, &word, 1) && para_peers_share_part(peers, &text, arena);
    int wrong = !good + (word != 40) + (text.size != 5 || ((uint8_t *)text.data)[4] != 100);
    for (int i = 0; good && i < count; i++) {
        const uint8_t *data = all[i].data;
        wrong +=
            all[i].size != (size_t)(3 * i) || (i > 0 && (data[0] != 100 + i || data[3 * i - 1] != 100 + i));
        wrong += led[i].size != (rank == 0 || i == rank ? (size_t)(3 * i) : 0);
    }
    parts->wrong[rank] = wrong;
    para_arena_destroy(arena);
}

static void test_peers_tell_parts_of_any_size(void **state)
{
    (void)state;
    for (int count = 1; count <= 5; count++) {
        Parts parts = {0};
        peers_here_run(count, work_parts, &parts, -1);
        for (int r = 0; r < count; r++)
            assert_int_equal(parts.wrong[r], 0);
    }
}

static void work_lost(void *context, int rank, ParaPeers *peers)
{
    Sums *sums = context;
    work_sums(context, rank, peers);
    sums->good[rank] = !sums->good[rank] && peers->lost && !para_peers_sum(peers, sums->values[rank], FLOATS);
}

static void test_peers_know_that_one_is_lost_and_go_on_to_an_end(void **state)
{
    (void)state;
    Sums *sums = calloc(1, sizeof *sums);
    for (int lose = 0; lose < 4; lose++) {
        fill(sums, 3);
        assert_int_equal(peers_here_run(3, work_lost, sums, lose), lose);
        for (int r = 0; r < 3; r++)
            assert_true(sums->good[r]);
    }
    free(sums);
}

static void test_peers_share_things_out_evenly(void **state)
{
    (void)state;
    ParaPeers peers = {.count = 4};
    const int expected[] = {0, 2, 5, 7, 10};
    for (int r = 0; r <= 4; r++)
        assert_int_equal(para_peers_first(&peers, 10, r), expected[r]);
    assert_int_equal(para_peers_first(NULL, 10, 0), 0);
    assert_int_equal(para_peers_first(NULL, 10, 1), 10);
}

const struct CMUnitTest para_tests_peers[] = {
    cmocka_unit_test(test_peers_sum_in_the_order_of_ranks),
    cmocka_unit_test(test_peers_tell_parts_of_any_size),
    cmocka_unit_test(test_peers_know_that_one_is_lost_and_go_on_to_an_end),
    cmocka_unit_test(test_peers_share_things_out_evenly),
};
const size_t para_tests_peers_count = sizeof para_tests_peers / sizeof *para_tests_peers;
