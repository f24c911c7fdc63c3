// SPDX-License-Identifier: MIT
// Checkpoints: who fails goes on from the last one, at rest and whole, as often as it has lives; on both
// solvers.
#include "tests/worlds/rules/run.h"

// The ball is shot to the right and fails wherever it gets beyond x = 14; the flag stands at x = 7.
#define FLAG  "{\"name\": \"flag\", \"at\": [7, 3], \"area\": {\"box\": [2, 5]}, \"checkpoint\": true}"
#define SHOOT "{\"when\": {\"every\": 1, \"from\": 0.1}, \"do\": [{\"push\": \"ball\", \"by\": [9, 0]}]}"

/// A level of the usual parts that can be lost.
static Run begin_losable(Parts parts, const char *more)
{
    Run run = {.arena = para_arena_create(1 << 18, (size_t)1 << 28), .group = scene_room(2)};
    const char *text = text_of(&parts, run.arena);
    run.level = level_of(para_arena_printf(run.arena, "%.*s, \"fail\": {\"right_of\": [\"ball\", 14]}%s}",
                                           (int)strlen(text) - 1, text, more),
                         run.arena);
    start(&run);
    return run;
}

/// Steps until the ball is back, or the level has ended.  @return how often it has been put back
static int play_on(Run *run, int count)
{
    int returns = 0;
    for (int k = 0; k < count && run->play.status == PARA_PLAY_ON; k++) {
        double before = x_of(run, "ball");
        steps(run, 1);
        if (before - x_of(run, "ball") > 2) {
            returns++;
            assert_near(x_of(run, "ball"), 7, 1e-5); // where the flag is, at rest
            assert_near(y_of(run, "ball"), 3, 1e-5);
            assert_near(vx_of(run, "ball"), 0, 0);
        }
    }
    return returns;
}

static void test_who_fails_goes_on_as_often_as_it_has_lives(void **state)
{
    (void)state;
    static const struct {
        const char *more;
        int returns;
    } cases[] = {{"", 2}, {", \"lives\": 1", 0}, {", \"lives\": 2", 1}, {", \"lives\": 7", 6}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Run run = begin_losable((Parts){.zones = FLAG, .events = SHOOT}, cases[k].more);
        assert_int_equal(para_play_lives(&run.play, run.level, 0), run.level->lives);
        assert_int_equal(play_on(&run, 30 * RATE), cases[k].returns);
        assert_int_equal(run.play.status, PARA_PLAY_FAILED);
        assert_int_equal(para_play_lives(&run.play, run.level, 0), 0);
        assert_near((double)run.play.players[0].reward, -3 * (cases[k].returns + 1), 1e-5); // each fail costs
        end(&run);
    }
}

/// Who comes by none fails as ever, and so does who fails before.
static void test_without_a_checkpoint_a_fail_is_the_end(void **state)
{
    (void)state;
    Run run = begin_losable((Parts){.events = SHOOT}, "");
    assert_int_equal(play_on(&run, 30 * RATE), 0);
    assert_int_equal(run.play.status, PARA_PLAY_FAILED);
    assert_int_equal(para_play_lives(&run.play, run.level, 0), 0);
    end(&run);
    run = begin_losable(
        (Parts){.zones = "{\"name\": \"flag\", \"at\": [7, 13], \"area\": {\"box\": [2, 5]}, \"checkpoint\": "
                         "true}",
                .events = SHOOT},
        "");
    assert_int_equal(play_on(&run, 30 * RATE), 0);
    assert_int_equal(run.play.status, PARA_PLAY_FAILED);
    end(&run);
}

static void test_lives_are_in_a_variable(void **state)
{
    (void)state;
    Run run = begin_losable(
        (Parts){.variables = "\"lives\": 0, \"hits\": 0",
                .zones = FLAG,
                .events =
                    SHOOT ", {\"when\": {\"is\": \"lives < 2\"}, \"do\": [{\"add\": \"lives\", \"by\": 2}]}"},
        ", \"lives\": 2, \"lives_in\": \"lives\"");
    assert_true(para_play_variable(&run.play, 0) == 2);
    // One at 2, one more at 1, which an event makes 3: all in all 2 + 2 fails.
    assert_int_equal(play_on(&run, 30 * RATE), 3);
    assert_int_equal(run.play.status, PARA_PLAY_FAILED);
    end(&run);
}

/// All its parts are put back as they lay to each other at the start, what is broken of them is whole; other
/// things stay as they are.
static void test_the_whole_player_is_put_back_and_nothing_else(void **state)
{
    (void)state;
    Parts parts = {
        .bodies =
            "{\"name\": \"arm\", \"at\": [2, 2.5], \"angle\": 0.2, \"shape\": {\"box\": [0.2, 1]}}, " BOX(
                "box", 10, 1.5, ", \"shatters\": {\"impulse\": 0.1}"),
        .joints = "{\"revolute\": [\"ball\", \"arm\"], \"at\": [2, 2]}",
        .zones = FLAG,
        .events = SHOOT};
    Run run = begin_losable(parts, ", \"rewards\": [{\"forward\": \"ball\"}]");
    int returns = 0;
    for (int k = 0; k < 20 * RATE && returns == 0; k++) {
        double before = x_of(&run, "ball"), paid = (double)run.play.players[0].reward;
        steps(&run, 1);
        returns += before - x_of(&run, "ball") > 2;
        if (!returns)
            continue;
        assert_near(vx_of(&run, "arm"), 0, 0);
        paid = (double)run.play.players[0].reward - paid;
        steps(&run, 1); // the way back costs nothing but the fail, in the step after neither
        assert_near(paid, -3, 0.5);
        assert_near((double)run.play.players[0].reward, paid + before - 2, 0.5);
    }
    assert_int_equal(returns, 1);
    assert_near(x_of(&run, "ball"), 7, 1e-3);
    assert_near(x_of(&run, "arm"), 7, 1e-3);
    assert_near(y_of(&run, "arm"), 4, 5e-3);
    assert_near((double)AT(view(&run), angle, body(&run, "arm")), 0.2, 5e-3);
    assert_false(is_there(&run, "box"));
    end(&run);
}

/// Whose own part has broken is whole again; a vase is not, and takes all lives.
static void test_a_broken_part_is_whole_again_and_a_vase_is_not(void **state)
{
    (void)state;
    for (int vase = 0; vase < 2; vase++) {
        Parts parts = {
            .bodies =
                vase
                    ? "{\"name\": \"part\", \"at\": [11, 1.5], \"shape\": {\"box\": [1, 1]}, \"shatters\": "
                      "{\"impulse\": 2}}, {\"static\": true, \"at\": [13, 2], \"shape\": {\"box\": [1, 2]}}"
                    : "{\"name\": \"part\", \"fixed_rotation\": true, \"at\": [2, 2.5], \"shape\": {\"box\": "
                      "[0.2, 1]}, \"shatters\": "
                      "{\"impulse\": 0.4}}, {\"static\": true, \"at\": [11, 2.8], \"shape\": {\"box\": [1, "
                      "1]}}",
            .joints = vase ? NULL : "{\"weld\": [\"ball\", \"part\"], \"at\": [2, 2]}",
            .zones = FLAG,
            .events = SHOOT};
        Run run = {.arena = para_arena_create(1 << 18, (size_t)1 << 28), .group = scene_room(2)};
        const char *text = text_of(&parts, run.arena);
        run.level =
            level_of(para_arena_printf(run.arena, "%.*s, \"lives\": 3, \"fail\": {\"shattered\": \"part\"}}",
                                       (int)strlen(text) - 1, text),
                     run.arena);
        start(&run);
        for (int k = 0; k < 600 && para_play_lives(&run.play, run.level, 0) == 3; k++)
            steps(&run, 1);
        steps(&run, 10);
        assert_int_equal(run.play.status, vase ? PARA_PLAY_FAILED : PARA_PLAY_ON);
        assert_int_equal(para_play_lives(&run.play, run.level, 0), vase ? 0 : 2);
        end(&run);
    }
}

static void test_checkpoints_go_on_in_copies_and_saved_levels(void **state)
{
    (void)state;
    Run run = begin_losable((Parts){.zones = FLAG, .events = SHOOT}, ", \"lives\": 5");
    const char *json = para_level_to_json(run.level, run.arena);
    const ParaLevel *back = level_of(json, run.arena);
    assert_true(back->hash == run.level->hash && back->lives == 5 && back->checkpoints == 1);
    steps(&run, 5 * RATE);
    Run copy = run;
    copy.world = para_world_at(run.group, 1);
    assert_true(para_world_clone(run.world, copy.world, NULL));
    para_play_copy(&copy.play, &run.play, run.level, PARA_NEW(run.arena, ParaPlayerState, 1),
                   room_for(run.level, run.arena));
    uint64_t chain = chain_of(&run, 600);
    assert_true(chain_of(&copy, 600) == chain);
    assert_int_equal(para_play_lives(&copy.play, run.level, 0), para_play_lives(&run.play, run.level, 0));
    run.level = back;
    start(&run);
    steps(&run, 5 * RATE);
    assert_true(chain_of(&run, 600) == chain);
    end(&run);
}

const struct CMUnitTest para_tests_checkpoints[] = {
    SCENE_TEST(test_who_fails_goes_on_as_often_as_it_has_lives),
    SCENE_TEST(test_without_a_checkpoint_a_fail_is_the_end),
    SCENE_TEST(test_lives_are_in_a_variable),
    SCENE_TEST(test_the_whole_player_is_put_back_and_nothing_else),
    SCENE_TEST(test_a_broken_part_is_whole_again_and_a_vase_is_not),
    SCENE_TEST(test_checkpoints_go_on_in_copies_and_saved_levels),
};
const size_t para_tests_checkpoints_count = sizeof para_tests_checkpoints / sizeof *para_tests_checkpoints;
