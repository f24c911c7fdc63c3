// SPDX-License-Identifier: MIT
// Voices: what an action says, who hears it from where, and that saying moves nothing.
#include "tests/tests.h"
#include "tests/worlds/two_players.h"
#include "worlds/rules/voice.h"

#include <string.h>

typedef struct Run {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaWorld world;
    ParaLevel *level;
    ParaPlay play;
    ParaPlayerState players[2];
} Run;

/// The level of two players, whose first may also speak, on channel 2.
static Run *begin(float range, ParaEars to)
{
    static Run run;
    run = (Run){.arena = para_arena_create(1 << 18, (size_t)1 << 26),
                .group = para_world_group_create(PARA_SOLVER_LANES, 1)};
    run.world = para_world_at(run.group, 0);
    run.level = two_players_level(run.arena);
    ParaPlayer *first = &run.level->players[0];
    first->actuators[first->actuator_count++] = (ParaActuator){.kind = PARA_ACTUATOR_VOICE,
                                                               .channel = 2,
                                                               .sign = 1,
                                                               .body = TWO_FIRST,
                                                               .joint = -1,
                                                               .thruster = -1,
                                                               .range = range,
                                                               .to = to};
    first->channel_bits |= 4;
    first->negative_bits |= 4;
    assert_true(para_play_begin(&run.play, run.level, run.world, run.players, NULL, NULL));
    return &run;
}

static void end(Run *run)
{
    para_world_group_destroy(run->group);
    para_arena_destroy(run->arena);
}

static int say(Run *run, float action)
{
    const float actions[2 * PARA_CHANNELS] = {[2] = action};
    para_play_act(&run->play, run->level, actions);
    return para_voice_said(&run->play, para_world_view(run->world), 0,
                           para_voices_of(run->level, 0).actuator[0]);
}

static bool hears(const Run *run, int listener)
{
    return para_voice_reaches(run->level, para_world_view(run->world), 0,
                              para_voices_of(run->level, 0).actuator[0], listener);
}

static void test_an_action_is_what_is_said(void **state)
{
    (void)state;
    Run *run = begin(0, PARA_EARS_ALL);
    assert_true(para_voice_in(run->level) && para_voices_of(run->level, 1).count == 0);
    assert_int_equal(say(run, 0), 0);
    assert_int_equal(say(run, 1), 1);
    assert_int_equal(say(run, -1), -1);
    assert_int_equal(say(run, 0.3f), 0); // of fine actions a third each
    assert_int_equal(say(run, 0.4f), 1);
    assert_int_equal(say(run, -0.4f), -1);
    run->level->players[0].actuators[2].sign = -1;
    assert_int_equal(say(run, 1), -1);
    run->play.players[0].status = PARA_PLAY_SOLVED; // who has ended says nothing
    assert_int_equal(say(run, 1), 0);
    end(run);
}

static void test_saying_moves_nothing(void **state)
{
    (void)state;
    uint64_t hash[2];
    for (int loud = 0; loud < 2; loud++) {
        Run *run = begin(0, PARA_EARS_ALL);
        for (int k = 0; k < 40; k++) {
            say(run, loud ? 1.0f : 0.0f);
            para_play_step(&run->play, run->level, run->world);
        }
        hash[loud] = para_world_hash(run->world);
        end(run);
    }
    assert_true(hash[0] == hash[1]);
}

static void test_who_hears_it(void **state)
{
    (void)state;
    Run *run = begin(0, PARA_EARS_ALL); // 10 m apart
    assert_true(hears(run, 1) && !hears(run, 0));
    run->level->players[0].actuators[2].range = 9.9f;
    assert_false(hears(run, 1));
    run->level->players[0].actuators[2].range = 10.1f;
    assert_true(hears(run, 1));
    run->level->players[0].actuators[2].to = PARA_EARS_OPPONENTS;
    assert_false(hears(run, 1)); // all are one team
    run->level->players[1].team = 1;
    assert_true(hears(run, 1));
    run->level->players[0].actuators[2].to = PARA_EARS_TEAM;
    assert_false(hears(run, 1));
    end(run);
}

static void test_a_level_is_another_with_another_voice(void **state)
{
    (void)state;
    Run *run = begin(0, PARA_EARS_ALL);
    uint64_t all = para_level_hash(run->level);
    run->level->players[0].actuators[2].range = 3;
    uint64_t near = para_level_hash(run->level);
    run->level->players[0].actuators[2].range = 0;
    run->level->players[0].actuators[2].to = PARA_EARS_TEAM;
    uint64_t team = para_level_hash(run->level);
    assert_true(all != near && all != team && near != team);
    end(run);
}

static void test_words_differ(void **state)
{
    (void)state;
    bool met[PARA_VOICE_WORDS] = {false};
    for (int a = -1; a <= 1; a++) {
        for (int b = -1; b <= 1; b++) {
            const int said[] = {a, b};
            int word = para_voice_word(said, 2);
            assert_in_range(word, 0, PARA_VOICE_WORDS - 1);
            assert_false(met[word]);
            met[word] = true;
            assert_true((word == 0) == (a == 0 && b == 0));
        }
    }
}

const struct CMUnitTest para_tests_voice[] = {
    cmocka_unit_test(test_an_action_is_what_is_said), cmocka_unit_test(test_saying_moves_nothing),
    cmocka_unit_test(test_who_hears_it), cmocka_unit_test(test_a_level_is_another_with_another_voice),
    cmocka_unit_test(test_words_differ)};
const size_t para_tests_voice_count = sizeof para_tests_voice / sizeof *para_tests_voice;
