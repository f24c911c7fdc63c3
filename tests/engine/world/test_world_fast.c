// SPDX-License-Identifier: MIT
// `fast` keeps its word: what is marked so passes through nothing, whatever its shape and the other's,
// wherever it meets it and whichever of the two moves.
#include "engine/base/rng.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

#define RATE 60.0f

static Scene scene;

static float share(ParaRng *rng) { return (float)para_rng_f64(rng); }

/// Whether bodies 0 and `body` were reported to touch in one of so many steps.
static bool touches(ParaWorld world, int body, int steps)
{
    const ParaView *view = para_world_view(world);
    for (int i = 0; i < steps; i++) {
        para_world_step(world);
        for (int c = 0; c < view->contact_count; c++)
            if (view->contacts[c].body_a == 0 && view->contacts[c].body_b == body)
                return true;
    }
    return false;
}

static int add_shot(float x, float y, float speed)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene.bodies[body].velocity = (ParaVec2){speed, 0.0f};
    scene.bodies[body].fast = true;
    return body;
}

/// A ball of 0.5 m passes beside the middle of a thin post, which it must not pass by unnoticed.
static void test_a_post_beside_the_path_is_touched(void **state)
{
    (void)state;
    static const float offsets[] = {0.0f, 0.1f, 0.25f, 0.4f, 0.45f, 0.5f, 0.51f, 0.516f};
    int missed = 0;
    for (size_t k = 0; k < sizeof offsets / sizeof *offsets; k++)
        for (int phase = 0; phase < 14; phase++)
            for (int moves = 0; moves < 2; moves++) {
                scene_begin(&scene);
                scene.def.gravity = (ParaVec2){0, 0};
                scene_body(&scene, moves ? PARA_BODY_DYNAMIC : PARA_BODY_STATIC, 0.0f, offsets[k]);
                scene_circle(&scene, 0.02f);
                int ball = add_shot(-20.7f - 5.0f * (float)phase / 14.0f, 0.0f, 300.0f);
                scene_circle(&scene, 0.5f);
                ParaWorldGroup *group = scene_group(&scene, 1);
                missed += !touches(para_world_at(group, 0), ball, 12);
                para_world_group_destroy(group);
            }
    printf("posts beside the path that were missed: %d of 224\n", missed);
    assert_int_equal(missed, 0);
}

// ---------------------------------------------------------------- walls

typedef enum { BALL, BOX, TRIANGLE, ROD, PLATE, HAMMER, SHAPES } Kind;
static const char *const kind_names[] = {"ball", "box", "triangle", "rod", "plate", "hammer"};

static void add_kind(Kind kind)
{
    static const ParaVec2 corners[] = {{-0.2f, -0.2f}, {0.3f, -0.1f}, {-0.1f, 0.3f}};
    static const ParaVec2 head[] = {{0.7f, -0.2f}, {0.8f, -0.2f}, {0.8f, 0.2f}, {0.7f, 0.2f}};
    if (kind == BALL)
        scene_circle(&scene, 0.15f);
    else if (kind == BOX)
        scene_box(&scene, 0.3f, 0.2f);
    else if (kind == TRIANGLE)
        scene_polygon(&scene, corners, 3);
    else if (kind == ROD)
        scene_segment(&scene, (ParaVec2){-1.0f, 0.0f}, (ParaVec2){1.0f, 0.1f}, 0.01f);
    else if (kind == PLATE)
        scene_box(&scene, 1.6f, 0.02f);
    else {
        scene_segment(&scene, (ParaVec2){-0.7f, 0.0f}, (ParaVec2){0.7f, 0.0f}, 0.02f);
        scene_polygon(&scene, head, 4);
    }
}

typedef enum { LINE, THIN_BOX, CHAIN, DOOR, WALLS } Barrier;
static const char *const barrier_names[] = {"line", "box of 10 mm", "chain", "heavy door"};

/// A wall at x = 0, 40 m high; the door is heavy and can move.
static void add_barrier(Barrier barrier)
{
    ParaVec2 posts[] = {{0, -20}, {0, -2}, {0, 0.3f}, {0, 1}, {0, 20}};
    scene_body(&scene, barrier == DOOR ? PARA_BODY_DYNAMIC : PARA_BODY_STATIC, 0.0f, 0.0f);
    if (barrier == CHAIN)
        scene_chain(&scene, posts, 5, 0.0f);
    else if (barrier == LINE)
        scene_segment(&scene, posts[0], posts[4], 0.0f);
    else
        scene.shapes[scene_box(&scene, 0.01f, 40.0f)].density = barrier == DOOR ? 1e4f : 1.0f;
}

/// How many of `shots` from all angles and places, turning, end behind the wall.
static int pass_through(Kind kind, Barrier barrier, bool fast, int shots, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed + 100u * (uint64_t)kind + (uint64_t)barrier, "shots");
    int through = 0;
    for (int i = 0; i < shots; i++) {
        float speed = 10.0f * powf(32.0f, share(&rng)), aside = share(&rng) - 0.5f;
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        add_barrier(barrier);
        int body = add_shot(-2.0f - speed / RATE * (1.0f + share(&rng)), 4.0f * aside, speed);
        scene.bodies[body].velocity.y = 0.6f * speed * (share(&rng) - 0.5f);
        scene.bodies[body].angle = 6.3f * share(&rng);
        scene.bodies[body].spin = 40.0f * (share(&rng) - 0.5f);
        scene.bodies[body].fast = fast;
        add_kind(kind);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        bool passed = false;
        for (int step = 0; step < 40 + (int)(240.0f / speed) && !passed; step++) {
            para_world_step(world);
            // The door turns: its own side counts.
            double x = (double)AT(view, centre_x, body) - (double)AT(view, x, 0);
            double y = (double)AT(view, centre_y, body) - (double)AT(view, y, 0);
            double across = (double)AT(view, cos, 0) * x + (double)AT(view, sin, 0) * y;
            double along = (double)AT(view, cos, 0) * y - (double)AT(view, sin, 0) * x;
            if (fabs(along) > 19.0)
                break; // round its end
            passed = across > 0.01;
        }
        assert_int_equal(view->status, PARA_WORLD_FINE);
        through += passed;
        para_world_group_destroy(group);
    }
    if (through > 0)
        printf("%s%s: %d of %d through a %s\n", fast ? "fast " : "", kind_names[kind], through, shots,
               barrier_names[barrier]);
    return through;
}

static void test_no_shape_passes_through_a_thin_wall(void **state)
{
    (void)state;
    int through = 0;
    for (Kind kind = BALL; kind < SHAPES; kind++)
        for (Barrier barrier = LINE; barrier < WALLS; barrier++)
            through += pass_through(kind, barrier, true, 150, 1);
    assert_int_equal(through, 0);
}

static void test_what_is_static_stops_all(void **state)
{
    (void)state;
    int through = 0;
    for (Kind kind = BALL; kind < SHAPES; kind++)
        for (Barrier barrier = LINE; barrier < DOOR; barrier++)
            through += pass_through(kind, barrier, false, 150, 2);
    printf("%d of %d shots without `fast` went through a static wall\n", through, 150 * SHAPES * DOOR);
    assert_int_equal(through, 0);
}

static void test_two_fast_bodies_meet(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(3, "shots");
    int passed = 0, shots = 0;
    for (Kind one = BALL; one < SHAPES; one++)
        for (Kind two = BALL; two < SHAPES; two++)
            for (int i = 0; i < 8; i++, shots++) {
                float speed = 40.0f + 100.0f * share(&rng);
                scene_begin(&scene);
                scene.def.gravity = (ParaVec2){0, 0};
                for (int side = 0; side < 2; side++) {
                    float sign = side ? 1.0f : -1.0f;
                    int body = add_shot(sign * (10.0f + 3.0f * share(&rng)), 0.1f * (share(&rng) - 0.5f),
                                        -sign * speed);
                    scene.bodies[body].spin = 20.0f * (share(&rng) - 0.5f);
                    add_kind(side ? two : one);
                }
                ParaWorldGroup *group = scene_group(&scene, 1);
                bool met = touches(para_world_at(group, 0), 1, 40);
                passed += !met;
                para_world_group_destroy(group);
            }
    printf("%d of %d pairs of fast bodies did not meet\n", passed, shots);
    assert_int_equal(passed, 0);
}

/// How many of six bodies of all shapes that fly about in a closed room, with walls that meet in all
/// angles and a post in the middle, are outside at the end.
static int leave_room(uint64_t seed, bool chain)
{
    static const ParaVec2 room[] = {{-6, -4},  {-1, -4}, {0, -1.5f}, {1, -4},   {6, -4}, {6, 0},
                                    {9, 0.5f}, {6, 1},   {6, 4},     {0, 3.5f}, {-6, 4}, {-6, -4}};
    enum { CORNERS = sizeof room / sizeof *room };
    ParaRng rng = para_rng_make(seed, "room");
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    if (chain)
        scene_chain(&scene, room, CORNERS, 0.0f);
    for (int i = 0; !chain && i + 1 < CORNERS; i++)
        scene_segment(&scene, room[i], room[i + 1], 0.0f);
    scene_circle(&scene, 0.01f);
    for (int i = 0; i < scene.def.shape_count; i++)
        scene.shapes[i].restitution = 0.9f;
    for (int i = 0; i < 6; i++) {
        int body = add_shot(i < 4 ? 3.0f * (float)i - 4.5f : 8.0f * (float)i - 36.0f, i < 4 ? 2.0f : -2.7f,
                            400.0f * (share(&rng) - 0.5f));
        scene.bodies[body].velocity.y = 400.0f * (share(&rng) - 0.5f);
        scene.bodies[body].spin = 30.0f * (share(&rng) - 0.5f);
        int before = scene.def.shape_count;
        add_kind((Kind)((i + (int)seed) % SHAPES));
        for (int k = before; k < scene.def.shape_count; k++)
            scene.shapes[k].restitution = 1.0f;
    }
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 300);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    int left = 0;
    for (int i = 1; i <= 6; i++) {
        double x = (double)AT(view, centre_x, i), y = (double)AT(view, centre_y, i);
        bool inside = false;
        for (int k = 0; k + 1 < CORNERS; k++) {
            double ax = (double)room[k].x, ay = (double)room[k].y, bx = (double)room[k + 1].x,
                   by = (double)room[k + 1].y;
            if ((ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax))
                inside = !inside;
        }
        left += !inside;
    }
    para_world_group_destroy(group);
    return left;
}

static void test_nothing_leaves_a_closed_room(void **state)
{
    (void)state;
    int left = 0;
    for (uint64_t seed = 0; seed < 24; seed++)
        left += leave_room(seed, seed % 2);
    printf("%d of 144 fast bodies left a closed room\n", left);
    assert_int_equal(left, 0);
}

// ---------------------------------------------------------------- movers

/// A kinematic wall drives through a row of resting balls.
static void test_a_mover_takes_resting_fast_balls_along(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(4, "shots");
    int passed = 0;
    for (int i = 0; i < 80; i++) {
        float speed = 5.0f + 40.0f * share(&rng);
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        int mover = scene_body(&scene, PARA_BODY_KINEMATIC, -1.0f - share(&rng), 0.0f);
        scene.bodies[mover].velocity = (ParaVec2){speed, 0.0f};
        if (i % 2)
            scene_chain(&scene, (ParaVec2[]){{0, -9}, {0, -0.1f}, {0, 9}}, 3, 0.0f);
        else
            scene_box(&scene, 0.02f, 18.0f);
        for (int k = 0; k < 3; k++) {
            scene.bodies[add_shot(0.5f * (float)k, (float)k - 1.0f, 0.0f)].fast = true;
            if (k == 1)
                scene_box(&scene, 0.2f, 0.2f);
            else
                scene_circle(&scene, 0.1f);
        }
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 40);
        for (int k = 1; k <= 3; k++)
            passed += AT(view, x, k) < AT(view, x, mover);
        para_world_group_destroy(group);
    }
    printf("resting fast bodies a mover passed through: %d of 240\n", passed);
    assert_int_equal(passed, 0);
}

/// The same with a second fast body behind each: the first is pushed into it, and both go along.
static void test_a_mover_pushes_fast_bodies_into_others(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(6, "shots");
    int passed = 0;
    for (int i = 0; i < 40; i++) {
        scene_begin(&scene);
        scene.def.rate = 30;
        scene.def.gravity = (ParaVec2){0, 0};
        int mover = scene_body(&scene, PARA_BODY_KINEMATIC, -1.0f - share(&rng), 0.0f);
        scene.bodies[mover].velocity = (ParaVec2){10.0f + 4.0f * share(&rng), 0.0f};
        scene_box(&scene, 0.028f, 4.0f);
        for (int k = 0; k < 2; k++) { // the one behind has the lower number, and so has gone its way already
            float x = k == 0 ? 0.25f + 0.1f * share(&rng) : 0.0f;
            scene.bodies[add_shot(x, 0.02f * share(&rng), k == 0 ? -1.0f : 0.0f)].fast = true;
            scene_circle(&scene, 0.09f);
        }
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        scene_steps(world, 40);
        for (int k = 1; k <= 2; k++)
            passed += AT(view, x, k) < AT(view, x, mover) && fabsf(AT(view, y, k)) < 1.9f;
        para_world_group_destroy(group);
    }
    printf("fast bodies between a mover and another that it passed through: %d of 80\n", passed);
    assert_int_equal(passed, 0);
}

/// A kinematic blade turns about its end; a ball that rests in its way stays on the side it was on.
static void test_a_turning_blade_passes_no_ball(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(5, "shots");
    int passed = 0;
    for (int i = 0; i < 80; i++) {
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        int blade = scene_body(&scene, PARA_BODY_KINEMATIC, 0.0f, 0.0f);
        scene.bodies[blade].spin = 2.0f + 10.0f * share(&rng);
        if (i % 2)
            scene_chain(&scene, (ParaVec2[]){{0, 0}, {2, 0}, {4, 0}}, 3, 0.0f);
        else
            scene_segment(&scene, (ParaVec2){0, 0}, (ParaVec2){4, 0}, 0.01f);
        float at = 0.5f + 0.8f * share(&rng), far = 1.0f + 2.0f * share(&rng);
        add_shot(far * cosf(at), far * sinf(at), 0.0f);
        scene_circle(&scene, 0.08f);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        for (int step = 0; step < 60; step++) {
            para_world_step(world);
            double x = (double)AT(view, x, 1), y = (double)AT(view, y, 1);
            double c = (double)AT(view, cos, 0), s = (double)AT(view, sin, 0);
            if (c * x + s * y > 3.9 || c * x + s * y < 0.0)
                break; // past its ends
            if (AT(view, angle, 0) > at + 0.2f && c * y - s * x < 0.0) {
                passed++;
                break;
            }
        }
        para_world_group_destroy(group);
    }
    printf("balls a turning blade passed through: %d of 80\n", passed);
    assert_int_equal(passed, 0);
}

// ---------------------------------------------------------------- not too much

/// Fast bodies that slide or roll over seams go all of their way.
static void test_fast_bodies_are_not_held_back_by_what_they_lie_on(void **state)
{
    (void)state;
    for (int chain = 0; chain < 2; chain++)
        for (int ball = 0; ball < 2; ball++) {
            ParaVec2 flat[301];
            scene_begin(&scene);
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            for (int i = 0; i <= 300; i++)
                flat[i] = (ParaVec2){(float)i - 10.0f, 0.0f};
            if (chain)
                scene_chain(&scene, flat, 301, 0.0f);
            else
                for (int i = 0; i < 60; i++)
                    scene_segment(&scene, flat[5 * i], flat[5 * i + 5], 0.0f);
            int body = add_shot(0.0f, ball ? 0.249f : 0.099f, 100.0f);
            if (ball)
                scene_circle(&scene, 0.25f);
            else
                scene_circle(&scene, 0.1f);
            for (int i = 0; i < scene.def.shape_count; i++)
                scene.shapes[i].friction = 0.0f;
            ParaWorldGroup *group = scene_group(&scene, 1);
            ParaWorld world = para_world_at(group, 0);
            const ParaView *view = para_world_view(world);
            scene_steps(world, 120);
            printf("%s over %s: %.1f of 200 m\n", ball ? "ball" : "small ball",
                   chain ? "a chain" : "segments", (double)AT(view, x, body));
            assert_true(AT(view, x, body) > 190.0f);
            para_world_group_destroy(group);
        }
}

/// Largest growth [J] of the energy of a plank that falls on a corner and tips over, in shares of its
/// weight's work over a metre.
static double tip_over(ParaRng *rng)
{
    scene_begin(&scene);
    scene.def.rate = 30.0f;
    scene.def.gravity = (ParaVec2){0, -18};
    scene_body(&scene, PARA_BODY_STATIC, 0, 0);
    ParaVec2 ground[] = {{-60, 0}, {60, 0}};
    scene_chain(&scene, ground, 2, 0.1f);
    int plank = add_shot(0, 7 + share(rng), 10 * share(rng) - 5);
    scene_box(&scene, 10, 1 + share(rng));
    scene.bodies[plank].angle = 6.0f * share(rng);
    scene.bodies[plank].spin = 2 * share(rng) - 1;
    ParaWorldGroup *group = scene_group(&scene, 1);
    const ParaView *view = para_world_view(para_world_at(group, 0));
    double least = para_energy_total(para_world_energy(view)), most = 0;
    for (int i = 0; i < 150; i++) {
        para_world_step(para_world_at(group, 0));
        double energy = para_energy_total(para_world_energy(view));
        most = fmax(most, energy - least);
        least = fmin(least, energy);
    }
    most /= 18 * (double)AT(view, mass, plank);
    para_world_group_destroy(group);
    return most;
}

/// The corner slides and turns on the ground and dips a little into it in each step: no reason to hold the
/// whole plank back, which would fall in slow motion while it gains speed.
static void test_fast_things_tip_over_in_their_time(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(1, "planks");
    double most = 0;
    for (int i = 0; i < 60; i++)
        most = fmax(most, tip_over(&rng));
    printf("energy grew by what lifts a plank by %.3f m\n", most);
    assert_true(most < scene_limit(1.2, 0.4)); // a step's way is 0.6 m: so much is cut once, at the touch
}

const struct CMUnitTest para_tests_world_fast[] = {
    SCENE_TEST(test_a_post_beside_the_path_is_touched),
    SCENE_TEST(test_no_shape_passes_through_a_thin_wall),
    SCENE_TEST_LANES(test_what_is_static_stops_all),
    SCENE_TEST(test_two_fast_bodies_meet),
    SCENE_TEST(test_nothing_leaves_a_closed_room),
    SCENE_TEST(test_a_mover_takes_resting_fast_balls_along),
    SCENE_TEST(test_a_mover_pushes_fast_bodies_into_others),
    SCENE_TEST(test_a_turning_blade_passes_no_ball),
    SCENE_TEST(test_fast_bodies_are_not_held_back_by_what_they_lie_on),
    SCENE_TEST(test_fast_things_tip_over_in_their_time),
};
const size_t para_tests_world_fast_count = sizeof para_tests_world_fast / sizeof *para_tests_world_fast;
