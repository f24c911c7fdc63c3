// SPDX-License-Identifier: MIT
// Bridges of many planks on short ropes: each rope is a limit, and a plank swings across it the faster the
// shorter it is. No bridge comes apart when something touches, elsewhere in the level or on it.
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

static Scene scene;

#define GAP       0.1   ///< [m] between planks
#define SLACK     0.01  ///< [1] how much longer than the gorge the bridge is
#define HEIGHT    20.0f ///< [m] of the banks
#define SECONDS   6
#define OVER_MOST 0.1 ///< [m] a rope may be too long by: far from right, but no bridge comes apart

/// What touches while the bridge hangs.
typedef enum Touching { ELSEWHERE, CRATES, TOUCHINGS } Touching;

static const char *const touching_words[TOUCHINGS] = {"a cart rests elsewhere", "crates on it"};

static void add_crates(double span)
{
    for (int i = 0; i < 3; i++) {
        double x = span * (0.35 + 0.15 * i);
        scene_body(&scene, PARA_BODY_DYNAMIC, (float)x, HEIGHT + 0.4f);
        scene.shapes[scene_box(&scene, 0.6f, 0.6f)].density = 5.0f;
    }
}

/// Two boxes on the floor with a hinge between them: what has joints and touches.
static void add_cart(void)
{
    for (int i = 0; i < 2; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, -10.0f + (float)i, 0.5f);
        scene_box(&scene, 0.9f, 1.0f);
    }
    int last = scene.def.body_count - 1;
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, last - 1, last, -9.5f, 0.5f);
}

/// Planks and ropes from (0, HEIGHT) to (span, HEIGHT).  @return [m] of a rope
static double add_bridge(int planks, double span)
{
    double pitch = (span - GAP) / planks, length = pitch - GAP, rope = GAP + SLACK * span / (planks + 1);
    int bank = scene_body(&scene, PARA_BODY_STATIC, 0.0f, HEIGHT), before = bank;
    ParaVec2 from = {0.0f, 0.0f};
    for (int i = 0; i <= planks; i++) {
        int next = bank;
        ParaVec2 to = {(float)span, 0.0f};
        if (i < planks) {
            next = scene_body(&scene, PARA_BODY_DYNAMIC, (float)(GAP + 0.5 * length + i * pitch), HEIGHT);
            scene.shapes[scene_box(&scene, (float)length, 0.12f)].density = 6.0f;
            scene.bodies[next].linear_damping = 0.3f;
            scene.bodies[next].angular_damping = 0.5f;
            to = (ParaVec2){(float)(-0.5 * length), 0.0f};
        }
        int joint = scene_joint(&scene, PARA_JOINT_DISTANCE, before, next, from, to);
        scene.joints[joint].limited = true;
        scene.joints[joint].lower = 0.0f;
        scene.joints[joint].upper = (float)rope;
        before = next;
        from = (ParaVec2){(float)(0.5 * length), 0.0f};
    }
    return rope;
}

/// Lets a bridge hang.  @return [m] by which a rope is too long at most in the second half
static double hang(int planks, double span, Touching touching, double *out_sag)
{
    scene_begin(&scene);
    if (touching == ELSEWHERE)
        scene_floor(&scene, 0.5f, 0.0f);
    double rope = add_bridge(planks, span);
    if (touching == ELSEWHERE)
        add_cart();
    if (touching == CRATES)
        add_crates(span);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double longest = 0.0, low = (double)HEIGHT;
    for (int k = 0; k < 60 * SECONDS; k++) {
        para_world_step(world);
        for (int j = 0; j <= planks && k >= 30 * SECONDS; j++)
            longest = fmax(longest, (double)AT(view, joint_angle, j));
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    for (int b = 0; b < scene.def.body_count; b++)
        if (b >= scene.joints[0].b && b < scene.joints[0].b + planks)
            low = fmin(low, (double)AT(view, y, b));
    *out_sag = (double)HEIGHT - low;
    para_world_group_destroy(group);
    return longest - rope;
}

static void test_bridge_of_ropes_does_not_come_apart(void **state)
{
    (void)state;
    static const struct {
        int planks;
        double span;
    } bridges[] = {{8, 6}, {20, 6}, {20, 12}, {30, 12}, {40, 20}};
    for (size_t i = 0; i < sizeof bridges / sizeof *bridges; i++)
        for (Touching touching = ELSEWHERE; touching < TOUCHINGS; touching++) {
            double sag, span = bridges[i].span;
            double over = hang(bridges[i].planks, span, touching, &sag);
            printf("%d planks over %g m, %s: ropes %.1e m too long at most, sags %.3f m\n", bridges[i].planks,
                   span, touching_words[touching], over, sag);
            assert_true(over < OVER_MOST);
        }
}

const struct CMUnitTest para_tests_world_bridges[] = {
    SCENE_TEST(test_bridge_of_ropes_does_not_come_apart),
};
const size_t para_tests_world_bridges_count =
    sizeof para_tests_world_bridges / sizeof *para_tests_world_bridges;
