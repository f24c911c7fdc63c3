// SPDX-License-Identifier: MIT
// What each kind of reward pays, step by step, against sums made here from what the world shows.
#include "engine/base/maths.h"
#include "tests/worlds/rules/drill.h"

#include <math.h>

static Drill drill;

/// [1] how many kinds there are.
static const int reward_kinds = 0
#define PARA_REWARD(...) +1
#include "worlds/level/kinds.def"
    ;

#define STEPS 90

/// A ball (the player) that flies in an arc and turns, and a second one that goes its own way; a zone at
/// (3, 1).
static void make_flight(void)
{
    drill_begin(&drill);
    drill.scene.def.gravity = (ParaVec2){0, -3};
    for (int i = 0; i < 2; i++) {
        drill_body(&drill, PARA_BODY_DYNAMIC, i ? 6.0f : 0.0f, i ? 5.0f : 2.0f);
        scene_circle(&drill.scene, 0.3f);
        drill.scene.bodies[i].velocity = i ? (ParaVec2){-1.0f, 1.0f} : (ParaVec2){1.5f, 2.0f};
        drill.scene.bodies[i].spin = i ? 0.0f : 2.5f;
    }
    // Off the origin, so that centre and origin are told apart.
    drill.scene.points[drill.scene.shapes[0].point_first] = (ParaVec2){0.2f, -0.1f};
    drill_play_as(&drill, 0);
    scene_zone_box(&drill.scene, 3.0f, 1.0f, 1.0f, 1.0f);
}

typedef struct Seen {
    double x, y, speed, to_other, to_zone, cosine;
} Seen;

static Seen look(void)
{
    const ParaView *view = drill_view(&drill);
    double x = (double)AT(view, centre_x, 0), y = (double)AT(view, centre_y, 0);
    return (Seen){.x = x,
                  .y = y,
                  .speed = hypot((double)AT(view, vx, 0), (double)AT(view, vy, 0)),
                  .to_other = hypot(x - (double)AT(view, centre_x, 1), y - (double)AT(view, centre_y, 1)),
                  .to_zone = hypot(x - 3.0, y - 1.0),
                  .cosine = cos((double)AT(view, angle, 0))};
}

static void test_each_reward_pays_by_its_law(void **state)
{
    (void)state;
    for (int kind = 0; kind < reward_kinds; kind++)
        for (int zone = 0; zone <= (kind == PARA_REWARD_APPROACH); zone++) {
            make_flight();
            ParaRewardTerm *term = drill_reward(&drill, (ParaRewardKind)kind, 2.5f);
            term->expr = (ParaChanging){.given = true, .number = 0.5}; // of those that pay an expression
            term->a = 0;
            term->b = zone ? -1 : 1;
            term->zone = zone ? 0 : -1;
            ParaActuator *twist = drill_actuator(&drill, PARA_ACTUATOR_TWIST, 0); // moves nothing: torque 0
            twist->body = 0;
            drill_actuator(&drill, PARA_ACTUATOR_TWIST, 1)->body = 0;
            ParaGoalNode *goal = drill_goal(&drill, PARA_GOAL_ABOVE); // held for longer than it lasts
            goal->a = 0;
            goal->a_count = 1;
            goal->value = 2.6f;
            goal->hold = 50;
            drill_start(&drill);
            drill_act(&drill, -0.5f, 0.1f); // effort: 0.3 on average of the two bound channels
            double paid = 0;
            int above = 0;
            for (int k = 0; k < STEPS; k++) {
                Seen before = look();
                drill.state.reward = 0;
                drill_steps(&drill, 1);
                Seen now = look();
                above += now.y > 2.6;
                const double laws[] = {
                    [PARA_REWARD_APPROACH] =
                        zone ? before.to_zone - now.to_zone : before.to_other - now.to_other,
                    [PARA_REWARD_FORWARD] = now.x - before.x,
                    [PARA_REWARD_UP] = now.y - before.y,
                    [PARA_REWARD_ALIVE] = 1.0 / 60.0,
                    [PARA_REWARD_UPRIGHT] = now.cosine / 60.0,
                    [PARA_REWARD_EFFORT] = -0.3 / 60.0,
                    [PARA_REWARD_SLOW] = before.speed - now.speed,
                    [PARA_REWARD_HOLD] = now.y > 2.6 ? 1.0 / 60.0 : 0.0,
                    [PARA_REWARD_CHANGE] = 0, // of a plain number; of others see test_lists.c
                    [PARA_REWARD_VALUE] = 0.5 / 60.0,
                    [PARA_REWARD_EACH] = 0.5,
                };
                assert_int_equal(sizeof laws / sizeof *laws, reward_kinds); // a law for each kind
                scene_near((double)drill.state.reward, 2.5 * laws[kind], 5e-6);
                paid += fabs((double)drill.state.reward);
            }
            assert_true((paid > 0.1 || kind == PARA_REWARD_CHANGE) && above > 10 && above < STEPS - 10);
            drill_end(&drill);
        }
}

static void test_rewards_add_up_until_taken(void **state)
{
    (void)state;
    make_flight();
    drill_reward(&drill, PARA_REWARD_ALIVE, 3.0f);
    drill_reward(&drill, PARA_REWARD_FORWARD, -2.0f)->a = 0;
    drill_reward(&drill, PARA_REWARD_ALIVE, 100.0f)->player = 1; // another's
    drill_start(&drill);
    double x = look().x;
    drill_steps(&drill, 40);
    scene_near((double)drill.state.reward, 3.0 * 40.0 / 60.0 - 2.0 * (look().x - x), 1e-4);
    drill_end(&drill);
}

static void test_ends_pay_once(void **state)
{
    (void)state;
    for (int end = 0; end < 3; end++) {
        make_flight();
        drill.player.reward_solved = 7;
        drill.player.reward_failed = -4;
        drill.level.seconds = 0.5f;
        drill_reward(&drill, PARA_REWARD_ALIVE, 1.0f);
        for (int i = 0; i < 2; i++) {
            ParaGoalNode *node = drill_goal(&drill, PARA_GOAL_TIME);
            node->value = i == end ? 0.25f : 9.0f;
        }
        drill.player.fail_root = 1;
        drill_start(&drill);
        drill_steps(&drill, 60);
        static const ParaPlayStatus ends[] = {PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_TIMEOUT};
        static const double paid[] = {0.25 + 7.0, 0.25 - 4.0, 0.5};
        assert_int_equal(drill.state.status, ends[end]);
        scene_near((double)drill.state.reward, paid[end], 1e-5);
        drill_end(&drill);
    }
}

const struct CMUnitTest para_tests_rewards[] = {
    SCENE_TEST(test_each_reward_pays_by_its_law),
    SCENE_TEST(test_rewards_add_up_until_taken),
    SCENE_TEST(test_ends_pay_once),
};
const size_t para_tests_rewards_count = sizeof para_tests_rewards / sizeof *para_tests_rewards;
