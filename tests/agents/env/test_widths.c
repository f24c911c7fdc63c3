// SPDX-License-Identifier: MIT
// Every family of the library gives the same bits with vectors of 4, 8 and 16 floats. Few enough steps for
// the emulated CPU of tests/emulate/run_avx512.sh, where machines without AVX-512 run the widest ones:
//     tests/emulate/run_avx512.sh -c worlds/library build/paracosm-tests widths
#include "agents/batch/families.h"
#include "agents/batch/seeds.h"
#include "agents/env/decision.h"
#include "engine/base/hash.h"
#include "engine/world/lanes/lanes_width.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <stdio.h>

#define ENVS      PARA_ENV_BLOCK
#define DECISIONS 60

/// What the envs went through at one width.
typedef struct Trace {
    uint64_t hash[DECISIONS][ENVS]; ///< of world, reward and status after each decision
    int world_steps, contacts, ended;
} Trace;

static void begin(const ParaFamilies *families, ParaEnv *env, int index)
{
    ParaPick pick = {.family = index % families->count,
                     .seed = para_training_seed(para_seed_mix(5, (uint64_t)index))};
    ParaLevel *level = para_families_sample(families, &pick, "test", para_env_level_arena(env));
    assert_non_null(level);
    assert_true(para_env_begin(env, level, "random"));
    assert_int_equal(para_world_solver(env->world), PARA_SOLVER_LANES); // none may be left out
}

static uint64_t fingerprint(const ParaEnv *env)
{
    uint64_t hash = para_world_hash(env->world);
    hash = para_hash(&env->play.players[0].reward, sizeof env->play.players[0].reward, hash);
    return para_hash(&env->play.status, sizeof env->play.status, hash);
}

/// Plays all envs for DECISIONS decisions of random actions; those whose episode ends wait.
static void play(ParaEnv envs[ENVS], Trace *out)
{
    ParaRng rng = para_rng_make(9, "widths");
    for (int t = 0; t < DECISIONS; t++) {
        ParaEnv *on[ENVS];
        float actions[ENVS * PARA_PLAYERS_MAX * PARA_CHANNELS];
        for (int i = 0; i < ENVS * PARA_PLAYERS_MAX * PARA_CHANNELS; i++)
            actions[i] = (float)para_rng_range(&rng, -1.0, 1.0);
        for (int i = 0; i < ENVS; i++)
            on[i] = envs[i].play.status == PARA_PLAY_ON ? &envs[i] : NULL;
        para_decision_make(on, actions, ENVS, PARA_PLAYERS_MAX, NULL, NULL);
        for (int i = 0; i < ENVS; i++) {
            out->hash[t][i] = fingerprint(&envs[i]);
            out->contacts += para_world_view(envs[i].world)->contact_count;
            out->ended += on[i] && envs[i].play.status != PARA_PLAY_ON;
        }
    }
}

/// Plays a block of envs, of the families from `first` on.  @return false where the machine lacks the width
static bool run(const ParaFamilies *families, int first, int width, Trace *out)
{
    static ParaEnv envs[ENVS];
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, ENVS);
    assert_non_null(group);
    *out = (Trace){0};
    bool is_there = para_lanes_set_width(group, width);
    for (int i = 0; is_there && i < ENVS; i++) {
        para_env_init(&envs[i], para_world_at(group, i), false);
        begin(families, &envs[i], first + i);
    }
    if (is_there)
        play(envs, out);
    for (int i = 0; is_there && i < ENVS; i++) {
        out->world_steps += (int)para_world_view(envs[i].world)->step;
        para_env_destroy(&envs[i]);
    }
    para_world_group_destroy(group);
    return is_there;
}

static void compare_widths(const ParaFamilies *families, int first)
{
    static Trace four, other;
    assert_true(run(families, first, 4, &four)); // every machine has this one
    assert_true(four.contacts > 500 && four.ended < ENVS / 2);
    printf("families %d to %d, %d world steps, %d contacts\n", first, first + ENVS - 1, four.world_steps,
           four.contacts);
    printf("width 4: %016llx\n", (unsigned long long)para_hash(four.hash, sizeof four.hash, 0));
    for (int width = 8; width <= 16; width *= 2) {
        if (!run(families, first, width, &other)) {
            printf("width %d: not on this machine\n", width);
            continue;
        }
        printf("width %d: %016llx\n", width, (unsigned long long)para_hash(other.hash, sizeof other.hash, 0));
        for (int t = 0; t < DECISIONS; t++)
            for (int i = 0; i < ENVS; i++)
                if (other.hash[t][i] != four.hash[t][i])
                    fail_msg("%s (env %d) differs from width 4 after decision %d",
                             families->names[(first + i) % families->count], i, t + 1);
    }
}

static void test_families_are_the_same_at_every_width(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    assert_non_null(arena);
    ParaFamilies families;
    const char *error = NULL, **names = NULL;
    int count = para_library_list(arena, &names);
    assert_true(count >= 10);
    if (!para_families_load(&families, names, count, arena, &error))
        fail_msg("%s", error);
    for (int first = 0; first < count; first += ENVS) // each family is played
        compare_widths(&families, first);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_widths[] = {
    cmocka_unit_test(test_families_are_the_same_at_every_width),
};
const size_t para_tests_widths_count = sizeof para_tests_widths / sizeof *para_tests_widths;
