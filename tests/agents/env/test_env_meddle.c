// SPDX-License-Identifier: MIT
// Episodes that were meddled with: their replays verify on both solvers, an altered meddle is named, no file
// whatever does harm, and a replay without any is written as it always was.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "engine/base/bytes.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"
#include "worlds/library.h"

#include <math.h>

#define VERSION_AT 8
#define MEDDLES_AT 48
#define HASH_AT    56
#define MEDDLE     24 // [byte]

typedef struct Room {
    Scratch scratch;
    ParaArena *arena, *episode;
    ParaWorldGroup *group;
    const ParaLevel *level; ///< with a toybox
    const char *path, *error;
} Room;

static Room room_make(ParaSolverKind solver)
{
    Room room = {.scratch = scratch_make(),
                 .arena = para_arena_create(1 << 16, 512 << 20),
                 .episode = para_arena_create(1 << 12, 8 << 20),
                 .group = para_world_group_create(solver, 1)};
    const ParaTemplate *t = para_library_load("rover", room.arena, &room.error);
    assert_non_null(t);
    room.level =
        para_toybox_add(para_template_sample(t, NULL, 3, room.arena, NULL), solver, room.arena, &room.error);
    assert_non_null(room.level);
    room.path = para_arena_printf(room.arena, "%s/a.replay", room.scratch.folder);
    return room;
}

static void room_clear(Room *room)
{
    para_world_group_destroy(room->group);
    scratch_remove(&room->scratch);
    para_arena_destroy(room->episode);
    para_arena_destroy(room->arena);
}

/// An episode to the right, with something every `every` decisions; 0: nothing.
static const ParaReplay *record(Room *room, int every)
{
    para_arena_clear(room->episode);
    ParaEnv env = {.world = para_world_at(room->group, 0), .arena = room->episode, .recording = true};
    ParaRng rng = para_rng_make(9, "meddle");
    assert_true(para_env_begin(&env, room->level, "scripted"));
    for (int d = 0; d < 120 && env.play.status == PARA_PLAY_ON; d++) {
        int8_t action[PARA_CHANNELS] = {1};
        for (int k = 0; every > 0 && d % every == 0 && k < 2; k++) {
            ParaMeddle meddle = para_meddle_draw(env.level, env.world, &rng);
            para_env_meddle(&env, &meddle, NULL, 0);
        }
        para_decision_make_one(&env, action);
    }
    return para_env_replay(&env);
}

static void verify_meddled(ParaSolverKind solver)
{
    Room room = room_make(solver);
    const ParaReplay *replay = record(&room, 4);
    assert_int_equal(replay->solver, solver);
    assert_true(replay->meddle_count > 5);
    if (!para_replay_write(room.path, replay, room.arena, &room.error))
        fail_msg("%s", room.error);
    ParaReplay *back = para_replay_read(room.path, room.arena, &room.error);
    if (!back)
        fail_msg("%s", room.error);
    assert_int_equal(back->meddle_count, replay->meddle_count);
    assert_memory_equal(back->meddles, replay->meddles, sizeof *back->meddles * (size_t)replay->meddle_count);
    ParaVerdict verdict = para_replay_verify(back, room.arena);
    if (!verdict.ok)
        fail_msg("%s", verdict.message);

    // Whatever of a meddle is altered shows at its decision: the chain has it.
    ParaMeddle *last = &back->meddles[back->meddle_count - 1];
    last->numbers[0] += 0.25f;
    verdict = para_replay_verify(back, room.arena);
    assert_true(!verdict.ok && verdict.step == last->decision);
    last->numbers[0] -= 0.25f;
    back->meddle_count--;
    assert_int_equal(para_replay_verify(back, room.arena).step, last->decision);
    back->meddle_count++;
    *last = (ParaMeddle){last->decision, PARA_MEDDLE_CUT, {200}};
    verdict = para_replay_verify(back, room.arena);
    assert_true(!verdict.ok && verdict.step == last->decision && strstr(verdict.message, "no such joint"));
    room_clear(&room);
}

static void test_meddled_replays_verify_on_both_solvers(void **state)
{
    (void)state;
    verify_meddled(PARA_SOLVER_CHIPMUNK);
    verify_meddled(PARA_SOLVER_LANES);
}

static void test_replays_without_meddles_are_written_as_before(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    size_t size = 0;
    assert_true(para_replay_write(room.path, record(&room, 0), room.arena, &room.error));
    unsigned char *file = scratch_read(room.path, &size);
    assert_int_equal(para_bytes_load(file + VERSION_AT, 4), 1);
    assert_int_equal(para_bytes_load(file + MEDDLES_AT, 4), 0);
    free(file);
    assert_true(para_replay_write(room.path, record(&room, 9), room.arena, &room.error));
    file = scratch_read(room.path, &size);
    assert_int_equal(para_bytes_load(file + VERSION_AT, 4), 3);
    assert_true(para_bytes_load(file + MEDDLES_AT, 4) > 3);
    free(file);
    room_clear(&room);
}

static void sign(unsigned char *file, size_t body)
{
    uint64_t hash = para_hash(file + PARA_REPLAY_HEAD, body, para_hash(file, HASH_AT, 0));
    para_bytes_store(file + HASH_AT, hash, 8);
}

static void test_meddled_replay_with_any_signed_bytes_does_no_harm(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    assert_true(para_replay_write(room.path, record(&room, 9), room.arena, &room.error));
    size_t size = 0, actions = para_replay_actions_offset(room.path, room.arena);
    unsigned char *file = scratch_read(room.path, &size), *bad = malloc(size);
    int64_t meddles = (int64_t)para_bytes_load(file + MEDDLES_AT, 4);
    int64_t from = (int64_t)actions - meddles * MEDDLE;
    ParaRng rng = para_rng_make(2, "mutate");
    int read = 0, verified = 0;
    assert_non_null(bad);
    for (int round = 0; round < 400; round++) {
        ParaArenaMark mark = para_arena_mark(room.arena);
        memcpy(bad, file, size);
        for (int64_t i = para_rng_int(&rng, 1, 4); i > 0; i--) {
            int64_t at = round % 4 == 0 ? para_rng_int(&rng, VERSION_AT, HASH_AT - 1)
                                        : para_rng_int(&rng, from, (int64_t)actions - 1);
            bad[at] = (unsigned char)para_rng_int(&rng, 0, 255);
        }
        sign(bad, actions - PARA_REPLAY_HEAD);
        scratch_write(room.path, bad, size);
        ParaReplay *replay = para_replay_read(room.path, room.arena, &room.error);
        read += replay != NULL;
        verified += replay && para_replay_verify(replay, room.arena).ok;
        para_arena_rewind(room.arena, mark);
    }
    print_message("400 altered replays: %d could be read, %d verified\n", read, verified);
    assert_true(read > 10 && verified < read / 2);
    free(bad);
    free(file);
    room_clear(&room);
}

static void test_meddle_that_cannot_be_done_changes_nothing(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    ParaEnv env = {.world = para_world_at(room.group, 0), .arena = room.episode, .recording = true};
    char why[PARA_MEDDLE_SAYS];
    assert_true(para_env_begin(&env, room.level, "scripted"));
    const ParaMeddle crate = {.kind = PARA_MEDDLE_CRATE, .numbers = {5, 9}};
    while (para_env_meddle(&env, &crate, why, sizeof why)) {
    }
    uint64_t chain = env.chain, world = para_world_hash(env.world);
    int count = para_recorder_so_far(env.recorder)->meddle_count;
    const ParaMeddle wrong = {.kind = 99};
    assert_true(count > 0 && *why);
    assert_false(para_env_meddle(&env, &crate, why, sizeof why) ||
                 para_env_meddle(&env, &wrong, why, sizeof why));
    assert_true(env.chain == chain && para_world_hash(env.world) == world);
    assert_int_equal(para_recorder_so_far(env.recorder)->meddle_count, count);
    room_clear(&room);
}

/// What is meddled after the last decision has no effect: a record leaves it out while the episode goes on,
/// and no file has it.
static void test_what_comes_after_the_last_decision_is_in_no_file(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    ParaEnv env = {.world = para_world_at(room.group, 0), .arena = room.episode, .recording = true};
    const ParaMeddle push = {.kind = PARA_MEDDLE_PUSH, .numbers = {1, 1}};
    const int8_t action[PARA_CHANNELS] = {1};
    assert_true(para_env_begin(&env, room.level, "scripted"));
    for (int d = 0; d < 5; d++) {
        assert_true(para_env_meddle(&env, &push, NULL, 0));
        assert_int_equal(para_env_replay(&env)->meddle_count, d);
        para_decision_make_one(&env, action);
    }
    assert_true(para_env_meddle(&env, &push, NULL, 0));
    assert_int_equal(para_recorder_so_far(env.recorder)->meddle_count, 6);
    assert_true(para_replay_write(room.path, para_env_replay(&env), room.arena, &room.error));
    const ParaReplay *back = para_replay_read(room.path, room.arena, &room.error);
    assert_non_null(back);
    assert_int_equal(back->meddle_count, 5);
    assert_true(para_replay_verify(back, room.arena).ok);

    // Made by hand: the writer takes what the reader takes, and nothing else.
    ParaMeddle meddles[] = {push, push};
    ParaReplay wrong = *back;
    wrong.meddles = meddles;
    wrong.meddle_count = 2;
    const struct {
        int first, second, kind;
        float number;
        bool fits;
    } made[] = {{0, 4, PARA_MEDDLE_PUSH, 1, true},   {0, 5, PARA_MEDDLE_PUSH, 1, false},
                {3, 2, PARA_MEDDLE_PUSH, 1, false},  {-1, 2, PARA_MEDDLE_PUSH, 1, false},
                {0, 4, PARA_MEDDLES, 1, false},      {0, 4, PARA_MEDDLE_PUSH, 2001, false},
                {0, 4, PARA_MEDDLE_PUSH, NAN, false}};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        meddles[0].decision = made[i].first;
        meddles[1] = (ParaMeddle){made[i].second, (uint32_t)made[i].kind, {made[i].number}};
        bool written = para_replay_write(room.path, &wrong, room.arena, &room.error);
        assert_int_equal(written, made[i].fits);
        if (written)
            assert_non_null(para_replay_read(room.path, room.arena, &room.error));
        else
            assert_non_null(strstr(room.error, "after the last decision"));
    }
    room_clear(&room);
}

const struct CMUnitTest para_tests_env_meddle[] = {
    cmocka_unit_test(test_meddled_replays_verify_on_both_solvers),
    cmocka_unit_test(test_replays_without_meddles_are_written_as_before),
    cmocka_unit_test(test_meddled_replay_with_any_signed_bytes_does_no_harm),
    cmocka_unit_test(test_meddle_that_cannot_be_done_changes_nothing),
    cmocka_unit_test(test_what_comes_after_the_last_decision_is_in_no_file),
};
const size_t para_tests_env_meddle_count = sizeof para_tests_env_meddle / sizeof *para_tests_env_meddle;
