// SPDX-License-Identifier: MIT
// Belts take along what lies on them and no faster; one-way platforms hold what comes down and let through
// what rises, from wherever it comes; what never turns does not; wells pull towards their middle. And each of
// them goes on with the same bits after a snapshot in its midst.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RATE 60

static Scene scene;
static ParaWorldGroup *group;
static const ParaView *view;

static ParaWorld start(void)
{
    group = scene_group(&scene, 1);
    view = para_world_view(para_world_at(group, 0));
    return para_world_at(group, 0);
}

static int add_box(float x, float y, float width, float height)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene_box(&scene, width, height);
    return body;
}

/// A snapshot now, `count` steps, back, the same steps again: the same state.
static void expect_same_after_restore(ParaWorld world, int count)
{
    size_t size = para_world_snapshot_size(world);
    void *image = malloc(size);
    assert_non_null(image);
    assert_int_equal(para_world_save(world, image, size), size);
    scene_steps(world, count);
    uint64_t hash = para_world_hash(world);
    assert_true(para_world_restore(world, image, size));
    assert_true(para_world_hash(world) != hash);
    scene_steps(world, count);
    assert_true(para_world_hash(world) == hash);
    free(image);
}

// ---------------------------------------------------------------------------------------------
// Belts.

static int begin_belt(float speed, float friction)
{
    scene_begin(&scene);
    int floor = scene_body(&scene, PARA_BODY_STATIC, 0.0f, -0.5f);
    scene.shapes[scene_box(&scene, 200.0f, 1.0f)].belt = speed;
    scene.shapes[0].friction = friction;
    return floor;
}

static void test_belt_takes_along_at_its_speed(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        begin_belt(2.0f * (float)sign, 0.5f);
        int box = add_box(0.0f, 0.25f, 0.5f, 0.5f);
        scene.shapes[1].friction = 1.0f;
        ParaWorld world = start();
        scene_steps(world, 12); // mu g = 4.905 m/s^2, so 2 m/s after 0.408 s
        double early = (double)AT(view, vx, box);
        expect_same_after_restore(world, 20);
        scene_steps(world, 2 * RATE);
        printf("belt %+d: %.4f m/s after 0.2 s, %.5f at the end\n", 2 * sign, early,
               (double)AT(view, vx, box));
        scene_near(early, sign * 4.905 * 0.2, 0.06);
        scene_near((double)AT(view, vx, box), sign * 2.0, 1e-3);
        scene_near((double)AT(view, angle, box), 0.0, 1e-3);
        para_world_group_destroy(group);
    }
}

static void test_belt_spins_a_ball_in_place_of_a_wheel(void **state)
{
    (void)state;
    begin_belt(3.0f, 1.0f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene_circle(&scene, 0.5f);
    ParaWorld world = start();
    scene_steps(world, 5 * RATE);
    // A disc that slips until it rolls: v = 3 / 3 of the belt's speed, and its rim runs with the belt.
    double rim = (double)AT(view, vx, ball) + 0.5 * (double)AT(view, spin, ball);
    printf("ball %.4f m/s, rim %.4f\n", (double)AT(view, vx, ball), rim);
    scene_near(rim, 3.0, 0.01);
    scene_near((double)AT(view, vx, ball), 1.0, 0.02);
    para_world_group_destroy(group);
}

static void test_belt_runs_round_its_shape(void **state)
{
    (void)state;
    // Turned round, its surface runs the other way at the top; a jointed body is taken along like a loose
    // one.
    begin_belt(2.0f, 1.0f);
    scene.bodies[0].angle = 3.14159265f;
    int cart = add_box(0.0f, 0.25f, 1.0f, 0.5f), mast = add_box(0.0f, 1.0f, 0.2f, 1.0f);
    scene_joint_at(&scene, PARA_JOINT_WELD, cart, mast, 0.0f, 0.5f);
    ParaWorld world = start();
    scene_steps(world, 3 * RATE);
    printf("cart %.4f m/s\n", (double)AT(view, vx, cart));
    scene_near((double)AT(view, vx, cart), 2.0, 5e-3);
    scene_near((double)AT(view, vx, mast), 2.0, 5e-3);
    para_world_group_destroy(group);
}

static void test_belt_pulls_no_harder_than_friction(void **state)
{
    (void)state;
    begin_belt(5.0f, 0.2f);
    int box = add_box(0.0f, 0.25f, 0.5f, 0.5f), post = scene_body(&scene, PARA_BODY_STATIC, -3.0f, 0.25f);
    scene.shapes[1].friction = 1.0f;
    int spring = scene_joint(&scene, PARA_JOINT_SPRING, post, box, (ParaVec2){0}, (ParaVec2){0});
    scene.joints[spring].stiffness = 20.0f;
    scene.joints[spring].damping = 4.0f;
    scene.joints[spring].rest = 3.0f;
    ParaWorld world = start();
    scene_steps(world, 20 * RATE);
    // m = 0.25 kg: the spring stands at mu m g = 0.4905 N.
    printf("held at %.4f m\n", (double)AT(view, x, box));
    scene_near((double)AT(view, x, box), 0.2 * 0.25 * 9.81 / 20.0, 2e-3);
    scene_near((double)AT(view, vx, box), 0.0, 1e-3);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// One-way platforms.

/// A platform with its top at y = 3 over a floor at 0.
static void begin_platform(int kind)
{
    scene_begin(&scene);
    scene_floor(&scene, 0.6f, 0.0f);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, kind == 0 ? 2.9f : 3.0f);
    if (kind == 0)
        scene_box(&scene, 6.0f, 0.2f);
    else if (kind == 1)
        scene_segment(&scene, (ParaVec2){-3.0f, -0.05f}, (ParaVec2){3.0f, -0.05f}, 0.05f);
    else
        scene_chain(&scene, (ParaVec2[]){{-3.0f, 0.0f}, {0.0f, 0.0f}, {3.0f, 0.0f}}, 3, 0.0f);
    scene.shapes[1].one_way = true;
}

static int add_visitor(int form, float x, float y)
{
    if (form == 0)
        return add_box(x, y, 0.6f, 0.6f);
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene_circle(&scene, 0.3f);
    return body;
}

static void test_one_way_lets_up_and_holds_what_comes_down(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++)
        for (int form = 0; form < 2; form++)
            for (int k = 0; k < 5; k++) {
                begin_platform(kind);
                int body = add_visitor(form, 0.4f, 0.3f);
                scene.bodies[body].velocity.y =
                    8.2f + 0.9f * (float)k; // up to 3.7 .. 7 m: clear of the platform
                ParaWorld world = start();
                double fastest = 0;
                for (int i = 0; i < 4 * RATE; i++) {
                    para_world_step(world);
                    if (i < RATE / 2) // on the way through
                        fastest = fmax(fastest, fabs((double)AT(view, vx, body)));
                    if (i == RATE)
                        expect_same_after_restore(world, 1), i += 1;
                }
                printf("platform %d, form %d, %.1f m/s: rests at %.4f\n", kind, form, 8.2 + 0.9 * k,
                       (double)AT(view, y, body));
                scene_near((double)AT(view, y, body), 3.3, 0.012);
                scene_near((double)AT(view, vy, body), 0.0, 0.01);
                assert_true(fastest < 1e-6);
                para_world_group_destroy(group);
            }
}

static void test_one_way_does_not_slow_what_rises(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        begin_platform(kind);
        int body = add_visitor(0, 0.0f, 0.3f);
        scene.bodies[body].velocity.y = 9.0f;
        ParaWorld world = start();
        double highest = 0;
        for (int i = 0; i < RATE; i++) {
            para_world_step(world);
            highest = fmax(highest, (double)AT(view, y, body));
        }
        printf("platform %d: up to %.4f of %.4f m\n", kind, highest, 0.3 + 81.0 / 19.62);
        scene_near(highest, 0.3 + 81.0 / 19.62, 0.09); // half a step of flight
        para_world_group_destroy(group);
    }
}

static void test_one_way_drops_what_turns_back_halfway(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        begin_platform(kind);
        int body = add_visitor(0, 0.0f, 0.3f);
        scene.bodies[body].velocity.y = 7.3f; // its middle comes to 3.0
        ParaWorld world = start();
        scene_steps(world, 3 * RATE);
        scene_near((double)AT(view, y, body), 0.3, 0.012);
        para_world_group_destroy(group);
    }
}

static void test_one_way_holds_what_falls_fast_and_what_is_fast(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++)
        for (int fast = 0; fast < 2; fast++) {
            begin_platform(kind);
            int body = add_visitor(1, 0.0f, 23.0f);
            scene.bodies[body].velocity.y = -10.0f;
            scene.bodies[body].fast = fast;
            int riser = add_visitor(1, 2.0f, 0.3f);
            scene.bodies[riser].velocity.y = 30.0f;
            scene.bodies[riser].fast = fast;
            ParaWorld world = start();
            scene_steps(world, RATE / 2);
            assert_true((double)AT(view, y, riser) > 10.0);
            scene_steps(world, 9 * RATE);
            printf("platform %d, fast %d: %.4f, %.4f\n", kind, fast, (double)AT(view, y, body),
                   (double)AT(view, y, riser));
            scene_near((double)AT(view, y, body), 3.3, 0.012);
            scene_near((double)AT(view, y, riser), 3.3, 0.012);
            para_world_group_destroy(group);
        }
}

static void test_one_way_is_open_from_the_side(void **state)
{
    (void)state;
    begin_platform(0);
    int body = add_visitor(0, -5.0f, 2.95f);
    scene.bodies[body].velocity.x = 6.0f;
    scene.bodies[body].gravity_scale = 0.0f;
    ParaWorld world = start();
    scene_steps(world, 2 * RATE);
    scene_near((double)AT(view, x, body), 7.0, 0.02);
    scene_near((double)AT(view, y, body), 2.95, 0.02);
    para_world_group_destroy(group);
}

static void test_one_way_lift_carries(void **state)
{
    (void)state;
    scene_begin(&scene);
    int lift = scene_body(&scene, PARA_BODY_KINEMATIC, 0.0f, 0.0f);
    scene_box(&scene, 3.0f, 0.2f);
    scene.shapes[0].one_way = true;
    scene.bodies[lift].velocity = (ParaVec2){0.4f, 1.5f};
    int body = add_visitor(0, 0.0f, 0.42f);
    ParaWorld world = start();
    scene_steps(world, 4 * RATE);
    printf("lift %.3f, load %.4f\n", (double)AT(view, y, lift), (double)AT(view, y, body));
    scene_near((double)AT(view, y, body), 6.4, 0.02);
    scene_near((double)AT(view, vx, body), 0.4, 0.01);
    para_world_group_destroy(group);
}

/// One that is at its highest speed at once, as a swing at its middle: the load is pressed into it, and still
/// is deep in it when it slows down.
static void test_one_way_lift_that_slows_down_keeps_its_load(void **state)
{
    (void)state;
    scene_begin(&scene);
    int lift = scene_body(&scene, PARA_BODY_KINEMATIC, 0.0f, 0.0f);
    scene_box(&scene, 3.0f, 0.3f);
    scene.shapes[0].one_way = true;
    scene.bodies[lift].velocity = (ParaVec2){0.0f, 4.7f};
    int body = add_visitor(0, 0.0f, 0.45f);
    ParaWorld world = start();
    for (int step = 1; step <= 60; step++) {
        scene_steps(world, 1);
        para_world_set_velocity(world, lift, (ParaVec2){0.0f, 4.7f - 0.12f * (float)step}, 0.0f);
    }
    double above = (double)AT(view, y, body) - (double)AT(view, y, lift);
    printf("load %.4f above its lift\n", above);
    scene_near(above, 0.45, 0.03);
    para_world_group_destroy(group);
}

static void test_wall_beside_a_one_way_shelf_stays_whole(void **state)
{
    (void)state;
    scene_begin(&scene); // the shelf must not count as covering the wall's side
    scene_floor(&scene, 0.6f, 0.0f);
    scene_body(&scene, PARA_BODY_STATIC, 2.0f, 2.0f);
    scene_box(&scene, 2.0f, 4.0f);
    scene_body(&scene, PARA_BODY_STATIC, -1.0f, 2.0f);
    scene.shapes[scene_box(&scene, 4.0f, 4.0f)].one_way = true; // flush with the wall's whole side
    int body = add_visitor(0, -0.5f, 1.0f);
    scene.bodies[body].velocity.x = 3.0f;
    scene.bodies[body].gravity_scale = 0.0f;
    ParaWorld world = start();
    scene_steps(world, 2 * RATE);
    printf("stopped at %.4f\n", (double)AT(view, x, body));
    assert_true((double)AT(view, x, body) < 0.72);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// What never turns.

static void test_fixed_rotation_never_turns(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 1.0f, 0.3f);
    int body = add_box(0.0f, 3.0f, 0.4f, 1.6f);
    scene.bodies[body].angle = 0.4f;
    scene.bodies[body].spin = 5.0f; // counts as none
    scene.bodies[body].fixed_rotation = true;
    scene.bodies[body].velocity.x = 4.0f;
    int bar = add_box(1.0f, 3.0f, 1.0f, 0.1f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, body, bar, 0.6f, 3.0f);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, -4.0f, 3.2f);
    scene_circle(&scene, 0.3f);
    scene.bodies[ball].velocity.x = 12.0f;
    ParaWorld world = start();
    scene_near((double)AT(view, spin, body), 0.0, 0.0);
    para_world_inputs(world)->torque[(size_t)body * (size_t)para_world_inputs(world)->stride] = 50.0f;
    for (int i = 0; i < 3 * RATE; i++) {
        para_world_step(world);
        assert_true(AT(view, angle, body) == 0.4f && AT(view, spin, body) == 0.0f);
    }
    para_world_set_velocity(world, body, (ParaVec2){0.0f, 3.0f}, 4.0f);
    expect_same_after_restore(world, 10);
    assert_true(AT(view, angle, body) == 0.4f);
    assert_true(fabs((double)AT(view, angle, bar)) > 0.1); // what hangs on it does turn
    assert_true(view->status == PARA_WORLD_FINE);
    para_world_group_destroy(group);
}

/// Nothing turns such a hinge, its motor and limits neither; an edit may make one of a slider.
static void test_fixed_rotation_holds_a_driven_hinge(void **state)
{
    (void)state;
    scene_begin(&scene);
    int ground = scene_floor(&scene, 1.0f, 0.3f);
    int body = add_box(0.0f, 3.0f, 0.4f, 1.6f);
    scene.bodies[body].fixed_rotation = true;
    scene.bodies[body].gravity_scale = 0.0f;
    int joint = scene_joint_at(&scene, PARA_JOINT_REVOLUTE, ground, body, 0.0f, 3.0f);
    scene.joints[joint].limited = scene.joints[joint].motored = true;
    scene.joints[joint].lower = 0.5f; // it is past it from the start
    scene.joints[joint].upper = 1.0f;
    ParaWorld world = start();
    const ParaInputs *in = para_world_inputs(world);
    in->motor_rate[joint * in->stride] = 3.0f;
    in->motor_max[joint * in->stride] = 100.0f;
    for (int i = 0; i < RATE; i++)
        para_world_step(world);
    assert_true(view->status == PARA_WORLD_FINE);
    assert_true(AT(view, angle, body) == 0.0f && fabs((double)AT(view, y, body) - 3.0) < 0.01);
    para_world_group_destroy(group);
}

static void test_fixed_rotation_in_water_and_in_welds(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 1.0f, 0.0f);
    ParaZoneDef *pool = &scene.zones[scene_zone_box(&scene, 0.0f, 2.0f, 20.0f, 4.0f)];
    pool->fluid_density = 1000.0f;
    int float_ = add_box(0.0f, 4.0f, 2.0f, 0.5f);
    scene.shapes[1].density = 500.0f;
    scene.bodies[float_].fixed_rotation = true;
    scene.bodies[float_].angle = 0.3f;
    int mast = add_box(0.8f, 5.0f, 0.2f, 1.5f), tip = add_box(0.8f, 6.0f, 0.6f, 0.5f);
    scene.shapes[2].density = scene.shapes[3].density = 20.0f;
    scene_joint_at(&scene, PARA_JOINT_WELD, float_, mast, 0.8f, 4.3f);
    scene_joint_at(&scene, PARA_JOINT_WELD, mast, tip, 0.8f, 5.75f);
    ParaWorld world = start();
    scene_steps(world, 10 * RATE);
    printf("float at %.3f, angle %.9f, mast leans %.5f\n", (double)AT(view, y, float_),
           (double)AT(view, angle, float_), (double)AT(view, angle, mast));
    scene_near((double)AT(view, angle, float_), (double)0.3f,
               3e-8); // lanes works it out from cosine and sine
    scene_near((double)AT(view, angle, mast), 0.0, 0.01);
    scene_near((double)AT(view, vy, float_), 0.0, 0.02);
    para_world_group_destroy(group);
}

// ---------------------------------------------------------------------------------------------
// Wells.

static void test_well_holds_an_orbit(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0};
    ParaZoneDef *well = &scene.zones[scene_zone_box(&scene, 0.0f, 0.0f, 40.0f, 40.0f)];
    well->pull = 8.0f;
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, 2.0f, 0.0f);
    scene_circle(&scene, 0.1f);
    scene.bodies[body].velocity.y = 4.0f; // v^2 / r = 8
    ParaWorld world = start();
    double nearest = 1e9, farthest = 0;
    for (int i = 0; i < 10 * RATE; i++) {
        para_world_step(world);
        double r = hypot((double)AT(view, x, body), (double)AT(view, y, body));
        nearest = fmin(nearest, r);
        farthest = fmax(farthest, r);
    }
    printf("orbit %.3f .. %.3f\n", nearest, farthest);
    assert_true(nearest > 1.85 && farthest < 2.15);
    expect_same_after_restore(world, 10);
    para_world_group_destroy(group);
}

static void test_well_settles_what_drag_slows_and_pushes_away_below_0(void **state)
{
    (void)state;
    for (int away = 0; away < 2; away++) {
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0};
        ParaZoneDef *well = &scene.zones[scene_zone_box(&scene, 1.0f, 2.0f, 10.0f, 10.0f)];
        well->pull = away ? -5.0f : 5.0f;
        well->drag = 2.0f;
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, 3.0f, 3.0f);
        scene_circle(&scene, 0.2f);
        ParaWorld world = start();
        scene_steps(world, 10 * RATE);
        double r = hypot((double)AT(view, x, body) - 1.0, (double)AT(view, y, body) - 2.0);
        printf("%s: %.5f m from the middle\n", away ? "away" : "pull", r);
        assert_true(away ? r > 5.0 : r < 0.02);
        para_world_group_destroy(group);
    }
}

const struct CMUnitTest para_tests_world_platforms[] = {
    SCENE_TEST(test_belt_takes_along_at_its_speed),
    SCENE_TEST(test_belt_spins_a_ball_in_place_of_a_wheel),
    SCENE_TEST(test_belt_runs_round_its_shape),
    SCENE_TEST(test_belt_pulls_no_harder_than_friction),
    SCENE_TEST(test_one_way_lets_up_and_holds_what_comes_down),
    SCENE_TEST(test_one_way_does_not_slow_what_rises),
    SCENE_TEST(test_one_way_drops_what_turns_back_halfway),
    SCENE_TEST(test_one_way_holds_what_falls_fast_and_what_is_fast),
    SCENE_TEST(test_one_way_is_open_from_the_side),
    SCENE_TEST(test_one_way_lift_carries),
    SCENE_TEST(test_one_way_lift_that_slows_down_keeps_its_load),
    SCENE_TEST(test_wall_beside_a_one_way_shelf_stays_whole),
    SCENE_TEST(test_fixed_rotation_never_turns),
    SCENE_TEST(test_fixed_rotation_holds_a_driven_hinge),
    SCENE_TEST(test_fixed_rotation_in_water_and_in_welds),
    SCENE_TEST(test_well_holds_an_orbit),
    SCENE_TEST(test_well_settles_what_drag_slows_and_pushes_away_below_0),
};
const size_t para_tests_world_platforms_count =
    sizeof para_tests_world_platforms / sizeof *para_tests_world_platforms;
