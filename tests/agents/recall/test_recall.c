// SPDX-License-Identifier: MIT
// A memory of episodes: what is found is what was lived through, what goes well is done again, what fails is
// not; full memories let go of failures first; files come back whole and hostile ones are refused.
#include "agents/player/attempts.h"
#include "engine/base/bytes.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include "agents/env/decision.h"

#include <math.h>
#include <string.h>

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    ParaFamilies families;
    ParaWorldGroup *group;
    ParaEnv env;
    const char *error;
} Fixture;

static int set_up(void **state)
{
    static const char *const names[] = {"push"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->scratch = scratch_make();
    f->families = tiny_families(names, 1, f->arena);
    f->group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    para_env_init(&f->env, para_world_at(f->group, 0), false);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_env_destroy(&f->env);
    para_world_group_destroy(f->group);
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

/// Plays one episode of a seed with the same key held, or random ones for 2, and notes it on a tape.
static void live(Fixture *f, uint64_t seed, int key, ParaRecallTape *tape)
{
    ParaPick pick = {.seed = seed};
    ParaRng rng = para_rng_make(seed, "test");
    const ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&f->env));
    assert_non_null(level);
    assert_true(para_env_begin(&f->env, level, "test"));
    while (f->env.play.status == PARA_PLAY_ON) {
        int16_t at[PARA_RECALL_KEY_MAX];
        int8_t action[PARA_CHANNELS] = {0};
        for (int c = 0; c < PARA_CHANNELS; c++)
            action[c] =
                (int8_t)(level->players[0].channel_bits >> c & 1 ? key < 2 ? key : para_rng_int(&rng, -1, 1)
                                                                 : 0);
        para_recall_key(&f->env, 0, at);
        para_recall_note(tape, at, action);
        para_decision_make_one(&f->env, action);
    }
}

/// The situation in which a seed's level begins.
static void begin(Fixture *f, uint64_t seed, int16_t *key)
{
    ParaPick pick = {.seed = seed};
    const ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&f->env));
    assert_true(para_env_begin(&f->env, level, "test"));
    para_recall_key(&f->env, 0, key);
}

static void test_what_is_found_is_what_was_lived_through(void **state)
{
    Fixture *f = *state;
    ParaRecall *recall = para_recall_create(PARA_RECALL_EPISODE_MAX, f->arena);
    ParaRecallTape tape = para_recall_tape(f->arena);
    int16_t key[PARA_RECALL_KEY_MAX];
    ParaRecalled found[PARA_RECALL_NEIGHBOURS];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        live(f, seed, 2, &tape);
        para_recall_keep(recall, &f->env, 0, &tape);
    }
    assert_int_equal(para_recall_count(recall), 3);
    begin(f, 2, key);
    int count = para_recall_find(recall, &f->env, key, found), left;
    assert_true(count > 0);
    assert_int_equal(found[0].episode, 1);
    assert_int_equal(found[0].moment, 0);
    assert_true(found[0].apart == 0.0f);
    for (int i = 0; i < count; i++)
        assert_int_equal(found[i].episode, 1); // of no other level
    para_recall_actions(recall, &found[0], &left);
    assert_int_equal(left, para_recall_episode(recall, 1)->count);
    begin(f, 4, key); // never been there
    assert_int_equal(para_recall_find(recall, &f->env, key, found), 0);
}

static void test_what_went_well_is_leant_to_and_what_failed_is_not(void **state)
{
    Fixture *f = *state;
    ParaRecall *recall = para_recall_create(PARA_RECALL_EPISODE_MAX, f->arena);
    ParaRecallTape tape = para_recall_tape(f->arena);
    int16_t key[PARA_RECALL_KEY_MAX];
    ParaRecalled found[PARA_RECALL_NEIGHBOURS];
    int good = 0, bad = 0;
    for (int side = -1; side <= 1; side += 2)
        for (uint64_t seed = 1; seed <= 8; seed++) {
            float logits[PARA_LOGITS] = {0};
            para_recall_forget(recall, NULL, 0);
            live(f, seed, side, &tape);
            bool solved = f->env.play.status == PARA_PLAY_SOLVED,
                 failed = f->env.play.status == PARA_PLAY_FAILED;
            para_recall_keep(recall, &f->env, 0, &tape);
            begin(f, seed, key);
            int count = para_recall_find(recall, &f->env, key, found);
            bool leant = para_recall_lean(recall, found, count, logits);
            assert_true(leant == (solved || failed));
            assert_true(!solved || (logits[side + 1] > 5.0f && logits[1] == 0.0f));
            assert_true(!failed || logits[side + 1] < 0.0f);
            good += solved;
            bad += failed;
        }
    assert_true(good > 0 && bad > 0); // both were met
}

static void test_a_full_memory_lets_go_of_failures_first(void **state)
{
    Fixture *f = *state;
    ParaRecall *recall = para_recall_create(PARA_RECALL_EPISODE_MAX, f->arena);
    ParaRecallTape tape = para_recall_tape(f->arena);
    int16_t key[PARA_RECALL_KEY_MAX];
    ParaRecalled found[PARA_RECALL_NEIGHBOURS];
    uint64_t kept = 0;
    int total = 0;
    for (uint64_t seed = 1; total < 3 * PARA_RECALL_EPISODE_MAX / 2; seed++) {
        live(f, seed, 1, &tape);
        total += tape.count;
        if (f->env.play.status == PARA_PLAY_SOLVED && kept == 0)
            kept = seed;
        para_recall_keep(recall, &f->env, 0, &tape);
        assert_true(para_recall_moments(recall) <= PARA_RECALL_EPISODE_MAX);
    }
    assert_true(kept > 0 && para_recall_count(recall) > 2);
    begin(f, kept, key);
    assert_true(para_recall_find(recall, &f->env, key, found) > 0);
    assert_true(found[0].apart == 0.0f); // its moments are still its own after others went
    int before = para_recall_count(recall);
    assert_int_equal(para_recall_forget(recall, NULL, f->env.level->hash), 1);
    assert_int_equal(para_recall_count(recall), before - 1);
    assert_int_equal(para_recall_find(recall, &f->env, key, found), 0);
}

static void test_a_file_comes_back_and_hostile_ones_are_refused(void **state)
{
    Fixture *f = *state;
    ParaRecall *recall = para_recall_create(PARA_RECALL_EPISODE_MAX, f->arena);
    ParaRecallTape tape = para_recall_tape(f->arena);
    char path[300];
    snprintf(path, sizeof path, "%s/it.memory", f->scratch.folder);
    live(f, 1, 1, &tape);
    para_recall_keep(recall, &f->env, 0, &tape);
    live(f, 2, 2, &tape);
    para_recall_keep(recall, &f->env, 0, &tape);
    assert_true(para_recall_write(recall, path, f->arena, &f->error));
    size_t size;
    const char *bytes = para_file_read(path, (size_t)1 << 24, f->arena, &size, &f->error);
    ParaRecall *again = para_recall_read(path, f->arena, &f->error);
    assert_non_null(again);
    assert_true(para_recall_write(again, path, f->arena, &f->error));
    size_t size_again;
    const char *bytes_again = para_file_read(path, (size_t)1 << 24, f->arena, &size_again, &f->error);
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, bytes_again, size);

    char *bad = PARA_NEW(f->arena, char, size);
    size_t heads = 24 + 2 * (PARA_NAME_MAX + 26); // all that says how much follows
    int refused = 0;
    for (size_t i = 0; i < heads; i++)
        for (int sealed = 0; sealed < 2; sealed++) { // damaged, and made to harm, with the right hash
            memcpy(bad, bytes, size);
            bad[i] = (char)(bad[i] ^ 0x81);
            if (sealed)
                para_bytes_store((uint8_t *)bad + size - 8, para_hash(bad, size - 8, 0), 8);
            ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 30);
            f->error = NULL;
            assert_true(para_file_write(path, bad, size, arena, &f->error));
            const ParaRecall *read = para_recall_read(path, arena, &f->error);
            assert_true(read || (f->error && strstr(f->error, path)));
            assert_true(sealed || !read);
            refused += !read;
            para_arena_destroy(arena);
        }
    assert_true(refused > (int)heads);
    for (size_t cut = 0; cut < size; cut += 97) {
        assert_true(para_file_write(path, bytes, cut, f->arena, &f->error));
        assert_null(para_recall_read(path, f->arena, &f->error));
    }
}

static void test_later_tries_remember(void **state)
{
    Fixture *f = *state;
    enum { LEVELS = 24, TRIES = 4 };
    ParaPolicyDef policy = para_policy_def_default(para_obs_spec_entities());
    policy.width = policy.encoder_width = 16;
    ParaAttemptsDef def = {.families = &f->families,
                           .levels = LEVELS,
                           .attempts = TRIES,
                           .seed = 1,
                           .policy = para_policy_create(&policy, 1, f->arena)};
    ParaEpisode *without = PARA_NEW(f->arena, ParaEpisode, LEVELS * TRIES),
                *with = PARA_NEW(f->arena, ParaEpisode, LEVELS * TRIES);
    int first = 0, last = 0, last_without = 0;
    assert_true(para_attempts_play(&def, f->arena, without));
    def.recall = para_recall_create(PARA_RECALL_MOMENTS, f->arena);
    assert_true(para_attempts_play(&def, f->arena, with));
    for (int l = 0; l < LEVELS; l++) {
        assert_int_equal(without[l * TRIES].decisions, with[l * TRIES].decisions); // nothing to remember yet
        first += with[l * TRIES].solved;
        last += with[l * TRIES + TRIES - 1].solved;
        last_without += without[l * TRIES + TRIES - 1].solved;
    }
    assert_true(last > first && last > last_without + LEVELS / 8);
    assert_int_equal(para_recall_count(def.recall), LEVELS * TRIES);
    ParaEpisode *after = PARA_NEW(f->arena, ParaEpisode, LEVELS * TRIES);
    def.consult_only = true; // from the first try on it is as good as the last was, or better
    assert_true(para_attempts_play(&def, f->arena, after));
    int then = 0;
    for (int l = 0; l < LEVELS; l++)
        then += after[l * TRIES].solved;
    assert_true(then > first && then >= last - 1);
    assert_int_equal(para_recall_count(def.recall), LEVELS * TRIES);
}

/// One that sees a map of what it has seen has one in each try.
static void test_a_player_of_a_map_tries_too(void **state)
{
    Fixture *f = *state;
    ParaPolicyDef policy =
        para_policy_def_default(para_obs_spec_with(para_obs_spec_entities(), PARA_OBS_MAP));
    policy.width = policy.encoder_width = 16;
    ParaEpisode tries[4];
    ParaAttemptsDef def = {.families = &f->families,
                           .levels = 2,
                           .attempts = 2,
                           .seed = 1,
                           .policy = para_policy_create(&policy, 1, f->arena),
                           .recall = para_recall_create(PARA_RECALL_EPISODE_MAX, f->arena)};
    assert_true(para_attempts_play(&def, f->arena, tries));
    for (int i = 0; i < 4; i++)
        assert_true(tries[i].played && tries[i].decisions > 0);
    assert_int_equal(para_recall_count(def.recall), 4);
}

const struct CMUnitTest para_tests_recall[] = {
    cmocka_unit_test_setup_teardown(test_what_is_found_is_what_was_lived_through, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_went_well_is_leant_to_and_what_failed_is_not, set_up,
                                    tear_down),
    cmocka_unit_test_setup_teardown(test_a_full_memory_lets_go_of_failures_first, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_a_file_comes_back_and_hostile_ones_are_refused, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_later_tries_remember, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_a_player_of_a_map_tries_too, set_up, tear_down),
};
const size_t para_tests_recall_count = sizeof para_tests_recall / sizeof *para_tests_recall;
