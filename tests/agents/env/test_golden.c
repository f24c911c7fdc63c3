// SPDX-License-Identifier: MIT
// Determinism, one scenario per family: 2,000 physics steps of seeded random play, a chained hash of
// the world's state after every decision. tests/golden/families.txt holds the hashes of both solvers, a line
// per family (name, chipmunk, lanes); CI compares them
// under gcc -O0, -O3, clang, the sanitizers, and with the CPU's wide instructions hidden from libc.
// A change that moves them says why in its commit; PARACOSM_WRITE_GOLDEN=1 writes the file anew.
#include "agents/batch/batch.h"
#include "agents/batch/seeds.h"
#include "agents/policy/policy.h"
#include "engine/base/hash.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>

#define DECISIONS    500 // of 4 steps each: 2,000
#define AMONG        200 // beside 255 others: most levels have ended once or oftener by then
#define FAMILIES_MAX 64
#define GOLDEN       PARA_SOURCE_DIR "/tests/golden/families.txt"
#define SOLVERS      2

static const ParaSolverKind solvers[SOLVERS] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};
static ParaFamilies families;
static ParaArena *arena;

static int set_up(void **state)
{
    (void)state;
    const char *error = NULL;
    arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    if (!para_families_load(&families, NULL, 0, arena, &error))
        fail_msg("%s", error);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    para_arena_destroy(arena);
    return 0;
}

// Env b plays family b % count, the same levels in a batch of any size.
static void next_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    int first = *(const int *)context;
    *out =
        (ParaPick){.family = (first + env) % families.count, .seed = para_training_seed(para_rng_u64(rng))};
}

// Plays `envs` envs; out [min(envs, families)] the chain of each.
static void play(ParaSolverKind solver, int first, int envs, int threads, int decisions, uint64_t *out)
{
    ParaWorkers *workers = para_workers_create(threads);
    ParaBatchDef def = {.solver = solver,
                        .envs = envs,
                        .obs = para_obs_spec_entities(),
                        .families = &families,
                        .next = next_level,
                        .next_context = &first,
                        .maker = "test",
                        .seed = 2026};
    ParaArenaMark mark = para_arena_mark(arena);
    ParaBatch *batch = para_batch_create(&def, arena);
    assert_non_null(batch);
    int8_t *actions = PARA_NEW(arena, int8_t, envs * PARA_CHANNELS);
    int watched = envs < families.count ? envs : families.count;
    static const float flat[PARA_LOGITS];
    memset(out, 0, sizeof *out * (size_t)watched);
    // Streams follow the family's name, not the place in the batch, nor which others there are.
    for (int b = 0; b < watched; b++) {
        const char *name = families.names[(first + b) % families.count];
        uint64_t seed = para_hash(name, strlen(name), 0);
        batch->level_rng[b] = para_rng_make(seed, "level");
        batch->action_rng[b] = para_rng_make(seed, "action");
    }
    para_batch_reset(batch, workers);
    for (int t = 0; t < decisions; t++) {
        for (int b = 0; b < envs; b++)
            para_action_draw(PARA_HEAD_LEVELS, flat, batch->channel_bits[b], batch->negative_bits[b],
                             &batch->action_rng[b], actions + b * PARA_CHANNELS);
        para_batch_step(batch, workers, actions);
        for (int b = 0; b < watched; b++)
            out[b] = para_replay_chain(out[b], actions + b * PARA_CHANNELS, 1,
                                       para_world_hash(batch->envs[b].world));
        for (int b = 0; b < watched; b++)
            out[b] = para_hash(&batch->reward[b], sizeof(float), out[b]);
    }
    para_batch_destroy(batch);
    para_workers_destroy(workers);
    para_arena_rewind(arena, mark);
}

typedef struct Golden {
    char hex[FAMILIES_MAX][SOLVERS][17];
} Golden;

static void play_golden(Golden *golden)
{
    for (int f = 0; f < families.count; f++)
        for (int k = 0; k < SOLVERS; k++) {
            uint64_t hash;
            play(solvers[k], f, 1, 1, DECISIONS, &hash);
            para_hash_hex(hash, golden->hex[f][k]);
        }
}

static void write_golden(const Golden *golden)
{
    FILE *out = fopen(GOLDEN, "w");
    assert_non_null(out);
    for (int f = 0; f < families.count; f++)
        fprintf(out, "%s %s %s\n", families.names[f], golden->hex[f][0], golden->hex[f][1]);
    assert_int_equal(fclose(out), 0);
}

static void test_determinism_golden_hash_of_every_family(void **state)
{
    (void)state;
    static Golden golden;
    assert_in_range(families.count, 8, FAMILIES_MAX);
    play_golden(&golden);
    if (tests_write_golden())
        write_golden(&golden);
    FILE *in = fopen(GOLDEN, "r");
    assert_non_null(in);
    char name[64], want[SOLVERS][32];
    int count = 0, wrong = 0;
    while (fscanf(in, "%63s %31s %31s", name, want[0], want[1]) == 3) {
        assert_true(count < families.count);
        assert_string_equal(name, families.names[count]);
        for (int k = 0; k < SOLVERS; k++)
            if (strcmp(golden.hex[count][k], want[k]) != 0) {
                print_error("%s on %s: %s, golden %s\n", name, para_solver_name(solvers[k]),
                            golden.hex[count][k], want[k]);
                wrong++;
            }
        count++;
    }
    fclose(in);
    assert_int_equal(count, families.count);
    assert_int_equal(wrong, 0);
}

static void same_alone_and_among_256(ParaSolverKind solver)
{
    uint64_t alone[FAMILIES_MAX], one[FAMILIES_MAX], two[FAMILIES_MAX];
    for (int f = 0; f < families.count; f++)
        play(solver, f, 1, 1, AMONG, &alone[f]);
    play(solver, 0, 256, 1, AMONG, one);
    play(solver, 0, 256, 2, AMONG, two);
    for (int f = 0; f < families.count; f++)
        if (one[f] != alone[f] || two[f] != alone[f])
            print_error("%s on %s: alone %016llx, among 256 on one thread %016llx, on two %016llx\n",
                        families.names[f], para_solver_name(solver), (unsigned long long)alone[f],
                        (unsigned long long)one[f], (unsigned long long)two[f]);
    assert_memory_equal(one, two, sizeof *one * (size_t)families.count);
    assert_memory_equal(one, alone, sizeof *one * (size_t)families.count);
}

static void test_determinism_same_alone_and_among_256_on_two_threads_on_chipmunk(void **state)
{
    (void)state;
    same_alone_and_among_256(PARA_SOLVER_CHIPMUNK);
}

static void test_determinism_same_alone_and_among_256_on_two_threads_on_lanes(void **state)
{
    (void)state;
    same_alone_and_among_256(PARA_SOLVER_LANES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_determinism[] = {
    TEST(test_determinism_golden_hash_of_every_family),
    TEST(test_determinism_same_alone_and_among_256_on_two_threads_on_chipmunk),
    TEST(test_determinism_same_alone_and_among_256_on_two_threads_on_lanes),
};
const size_t para_tests_determinism_count = sizeof para_tests_determinism / sizeof *para_tests_determinism;
