// SPDX-License-Identifier: MIT
// The door with several players: its blocks have an axis for them, and what it tells is what the batch behind
// it tells. No template has more than one yet, so the family's count is set from inside.
#include "agents/abi/abi_parts.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"
#include "tests/worlds/two_players.h"

#include <string.h>

enum { B = 3, A = 2, C = 2 }; // envs, players, channels

typedef struct Fixture {
    ParaArena *arena;
    ParaAbiFamily *family; ///< roll: the channels of the level of two, and room for two
    ParaAbiLevel *level;
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    f->family = para_abi_family_load("roll");
    f->level = para_abi_level_wrap(two_players_level(f->arena));
    if (!f->family || !f->level)
        fail_msg("%s", para_abi_error());
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_abi_level_free(f->level);
    para_abi_family_free(f->family);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static ParaAbiBatchDef def_of(Fixture *f, ParaAbiAct actions)
{
    return (ParaAbiBatchDef){.size = sizeof(ParaAbiBatchDef),
                             .envs = B,
                             .obs = PARA_ABI_OBS_ENTITIES,
                             .actions = (int32_t)actions,
                             .autoreset = PARA_ABI_SAME_STEP,
                             .threads = 1,
                             .max_decisions = 60,
                             .family_count = 1,
                             .families = &f->family};
}

static ParaAbiBatch *make(Fixture *f, ParaAbiAct actions, ParaAbiBlocks *out)
{
    ParaAbiBatchDef def = def_of(f, actions);
    ParaAbiBatch *batch = para_abi_batch_create(&def);
    ParaAbiSource source = {.size = sizeof source, .level = f->level};
    *out = (ParaAbiBlocks){.size = sizeof *out};
    if (!batch || para_abi_batch_source(batch, -1, &source) != PARA_ABI_OK ||
        para_abi_batch_reset(batch, NULL, NULL) != PARA_ABI_OK ||
        para_abi_batch_blocks(batch, out) != PARA_ABI_OK)
        fail_msg("%s", para_abi_error());
    return batch;
}

static void test_levels_and_families_tell_their_players(void **state)
{
    Fixture *f = *state;
    ParaAbiLevelInfo level = {.size = sizeof level};
    ParaAbiFamilyInfo family = {.size = sizeof family};
    assert_int_equal(para_abi_level_info(f->level, &level), PARA_ABI_OK);
    assert_int_equal(para_abi_family_info(f->family, &family), PARA_ABI_OK);
    assert_true(level.players == A && level.channel_bits == 3 && level.negative_bits == 1);
    assert_int_equal(family.players, 1);
    assert_non_null(strstr(para_abi_level_json(f->level), "\"players\""));

    // Envs of one player have no room for it.
    ParaAbiBatchDef def = def_of(f, PARA_ABI_ACT_MULTI_DISCRETE);
    ParaAbiBatch *batch = para_abi_batch_create(&def);
    ParaAbiBlocks blocks = {.size = sizeof blocks};
    ParaAbiSource source = {.size = sizeof source, .level = f->level};
    assert_int_equal(para_abi_batch_blocks(batch, &blocks), PARA_ABI_OK);
    assert_int_equal(blocks.players, 1);
    assert_int_equal(para_abi_batch_source(batch, -1, &source), PARA_ABI_INVALID);
    assert_non_null(strstr(para_abi_error(), "2 players; these envs have room for 1"));
    para_abi_batch_free(batch);

    f->family->players = A;
    def.obs = PARA_ABI_OBS_PIXELS;
    def.width = def.height = 32;
    assert_null(para_abi_batch_create(&def));
    assert_non_null(strstr(para_abi_error(), "one player's eye"));
    f->family->players = 1;
}

static void same_blocks(const ParaAbiBlocks *blocks, const ParaBatch *batch)
{
    size_t rows = B * A, o = (size_t)blocks->obs_size;
    assert_memory_equal(blocks->obs, batch->obs, sizeof(float) * rows * o);
    assert_memory_equal(blocks->final_obs, batch->final_obs, sizeof(float) * rows * o);
    assert_memory_equal(blocks->terminated, batch->terminated, rows);
    assert_memory_equal(blocks->truncated, batch->truncated, rows);
    assert_memory_equal(blocks->live, batch->live, rows);
    assert_memory_equal(blocks->over, batch->over, B);
    for (size_t row = 0; row < rows; row++)
        assert_true(blocks->reward[row] == (double)batch->reward[row]);
}

static int same_reports(const ParaAbiBlocks *blocks, const ParaBatch *batch)
{
    int ended = 0;
    for (int b = 0; b < B; b++) {
        ended += batch->over[b];
        for (int p = 0; batch->over[b] && p < A; p++) {
            const ParaAbiReport *got = &blocks->reports[b * A + p];
            const ParaReport *want = &batch->ended[b * A + p].report;
            assert_true(got->player == p && got->decisions == want->decisions);
            assert_true(got->total_reward == (double)want->total_reward && got->seconds == want->seconds);
            assert_int_equal(got->end, want->end); // the same order in both
        }
    }
    return ended;
}

static void test_blocks_of_two_players_are_those_of_the_batch(void **state)
{
    Fixture *f = *state;
    f->family->players = A;
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = B,
                        .players = A,
                        .max_decisions = 60,
                        .obs = para_obs_spec_entities(),
                        .families = &f->family->one,
                        .maker = ""};
    for (int act = PARA_ABI_ACT_MULTI_DISCRETE; act <= PARA_ABI_ACT_CONTINUOUS; act++) {
        ParaAbiBlocks blocks;
        ParaAbiBatch *door = make(f, (ParaAbiAct)act, &blocks);
        ParaBatch *batch = para_batch_create(&def, f->arena);
        ParaRng rng = para_rng_make(3, "actions");
        int dead = 0, ended = 0;
        for (int b = 0; b < B; b++)
            batch->sources[b].level = f->level->level;
        para_batch_reset(batch, NULL);
        assert_true(blocks.players == A && blocks.channel_count == C);
        for (int t = 0; t < 130; t++) {
            float wish[B * A * PARA_CHANNELS] = {0};
            for (int row = 0; row < B * A; row++) {
                float *force = wish + row * PARA_CHANNELS;
                force[0] = row % A == 0 ? (float)para_rng_int(&rng, -1, 1) : (float)para_rng_int(&rng, -1, 0);
                force[1] = (float)para_rng_int(&rng, 0, 1);
                if (act == PARA_ABI_ACT_MULTI_DISCRETE) {
                    blocks.choices[row * C] = (int64_t)force[0] + 1;
                    blocks.choices[row * C + 1] = (int64_t)force[1];
                } else if (act == PARA_ABI_ACT_CONTINUOUS) {
                    memcpy(blocks.forces + row * C, force, sizeof(float) * C);
                } else { // the first channel fastest, of each: nothing, forward, backward
                    int64_t first = force[0] < 0 ? 2 : (int64_t)force[0];
                    blocks.choices[row] = first + 3 * (int64_t)force[1];
                }
            }
            int code = para_abi_batch_step(door);
            para_batch_step_forces(batch, NULL, wish);
            same_blocks(&blocks, batch);
            int over = same_reports(&blocks, batch);
            assert_int_equal(code, over);
            ended += over;
            for (int row = 0; row < B * A; row++)
                dead += !blocks.live[row];
        }
        assert_true(dead > 50 && ended >= 2 * B);
        para_batch_destroy(batch);
        para_abi_batch_free(door);
    }
}

static void test_a_wrong_action_names_its_player(void **state)
{
    Fixture *f = *state;
    f->family->players = A;
    ParaAbiBlocks blocks;
    ParaAbiBatch *batch = make(f, PARA_ABI_ACT_MULTI_DISCRETE, &blocks);
    blocks.choices[(2 * A + 1) * C + 1] = 2; // jump has no backward
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_ACTION);
    assert_string_equal(para_abi_error(), "action 2 of env 2, player 1, entry 1; it must be 0 to 1");
    para_abi_batch_free(batch);
}

/// Its level is kept as a text, as that of one player is.
static void test_a_replay_of_two_players_is_written(void **state)
{
    Fixture *f = *state;
    Scratch scratch = scratch_make();
    int8_t actions[4 * A * PARA_CHANNELS] = {0};
    const char *path = scratch_path(&scratch, "two.replay");
    if (para_abi_replay_write(path, f->level, "test", PARA_ABI_SOLVER_AUTO, actions, 4) != 4)
        fail_msg("%s", para_abi_error());
    assert_non_null(strstr(para_abi_level_json(f->level), "\"players\""));
    actions[3 * A * PARA_CHANNELS + PARA_CHANNELS + 2] = 7;
    assert_int_equal(para_abi_replay_write(path, f->level, "test", PARA_ABI_SOLVER_AUTO, actions, 4),
                     PARA_ABI_ACTION);
    assert_non_null(strstr(para_abi_error(), "decision 3: action 7 of channel 2"));
    scratch_remove(&scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_abi_players[] = {
    TEST(test_levels_and_families_tell_their_players),
    TEST(test_blocks_of_two_players_are_those_of_the_batch),
    TEST(test_a_wrong_action_names_its_player),
    TEST(test_a_replay_of_two_players_is_written),
};
const size_t para_tests_abi_players_count = sizeof para_tests_abi_players / sizeof *para_tests_abi_players;
