// SPDX-License-Identifier: MIT
// Things slide over shapes that lie flush as over one surface: no seam stops them, turns them or takes them
// in.
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static Scene scene;

/// What became of body `body`.
typedef struct Slid {
    double x, y, vx, vy, angle;
    double spin;            ///< [rad/s] largest in any step
    double slowest;         ///< [m/s] least vx in any step
    double lowest, highest; ///< [m] y of the origin in any step
} Slid;

static Slid slide(int body, int steps)
{
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    Slid slid = {.slowest = 1e30, .lowest = 1e30, .highest = -1e30};
    for (int i = 0; i < steps; i++) {
        para_world_step(world);
        slid.spin = fmax(slid.spin, fabs((double)AT(view, spin, body)));
        slid.slowest = fmin(slid.slowest, (double)AT(view, vx, body));
        slid.lowest = fmin(slid.lowest, (double)AT(view, y, body));
        slid.highest = fmax(slid.highest, (double)AT(view, y, body));
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    slid.x = (double)AT(view, x, body);
    slid.y = (double)AT(view, y, body);
    slid.vx = (double)AT(view, vx, body);
    slid.vy = (double)AT(view, vy, body);
    slid.angle = (double)AT(view, angle, body);
    para_world_group_destroy(group);
    return slid;
}

static void set_friction(float friction)
{
    for (int i = 0; i < scene.def.shape_count; i++)
        scene.shapes[i].friction = friction;
}

/// A row of flush tiles with their tops at y = 0.
static void tiles(float x, float width, int count)
{
    scene_begin(&scene);
    for (int i = 0; i < count; i++) {
        scene_body(&scene, PARA_BODY_STATIC, x + width * ((float)i + 0.5f), -0.5f);
        scene_box(&scene, width, 1.0f);
    }
}

static int slider(float x, float y, float vx)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene.bodies[body].velocity = (ParaVec2){vx, 0.0f};
    return body;
}

/// Nothing pushed it along or turned it.
static void check_kept(const char *what, const Slid *slid, double vx, double y)
{
    printf("%s: vx %.4f (slowest %.4f), spin %.4f, y %.4f..%.4f\n", what, slid->vx, slid->slowest, slid->spin,
           slid->lowest, slid->highest);
    scene_near(slid->vx, vx, 0.01 * vx);
    assert_true(slid->slowest > 0.99 * vx);
    assert_true(slid->spin < 0.06);
    assert_true(slid->lowest > y - 0.02 && slid->highest < y + 0.025);
}

static void test_a_box_slides_over_tiles(void **state)
{
    (void)state;
    static const struct {
        float x, width, speed;
    } cases[] = {{0.0f, 1.0f, 8.0f},    {0.0f, 1.0f, 2.0f}, {0.0f, 0.37f, 8.0f}, {500.0f, 1.0f, 8.0f},
                 {500.0f, 0.37f, 2.0f}, {0.0f, 0.1f, 3.0f}, {-3.7f, 0.3f, 20.0f}};
    for (int i = 0; i < 7; i++)
        for (int lift = 0; lift < 2; lift++) {
            tiles(cases[i].x, cases[i].width, 40);
            int box = slider(cases[i].x + 0.6f, 0.25f + 0.02f * (float)lift, cases[i].speed);
            scene_box(&scene, 0.5f, 0.5f);
            set_friction(0.0f);
            double way = 40.0 * (double)cases[i].width - 1.2;
            Slid slid = slide(box, (int)(60.0 * way / (double)cases[i].speed));
            char what[64];
            snprintf(what, sizeof what, "box at %.0f m/s over tiles of %.2f m from %.0f",
                     (double)cases[i].speed, (double)cases[i].width, (double)cases[i].x);
            slid.spin *= lift ? 0.05 : 1.0; // landing on seams turns it for a moment
            check_kept(what, &slid, (double)cases[i].speed, 0.25);
        }
}

/// The same in a world that is turned: gravity and tiles at an angle.
static void test_a_box_slides_over_turned_tiles(void **state)
{
    (void)state;
    for (int turn = 1; turn < 8; turn++) {
        float angle = 0.8f * (float)turn, c = cosf(angle), s = sinf(angle);
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){9.81f * s, -9.81f * c};
        for (int i = 0; i < 40; i++) {
            float x = (float)i + 0.5f;
            int tile = scene_body(&scene, PARA_BODY_STATIC, c * x + s * 0.5f, s * x - c * 0.5f);
            scene.bodies[tile].angle = angle;
            scene_box(&scene, 1.0f, 1.0f);
        }
        int box = scene_body(&scene, PARA_BODY_DYNAMIC, c * 1.2f - s * 0.25f, s * 1.2f + c * 0.25f);
        scene.bodies[box].angle = angle;
        scene.bodies[box].velocity = (ParaVec2){8.0f * c, 8.0f * s};
        scene_box(&scene, 0.5f, 0.5f);
        set_friction(0.0f);
        Slid slid = slide(box, 240);
        printf("turned by %.1f: %.4f m/s, spin %.4f\n", (double)angle, hypot(slid.vx, slid.vy), slid.spin);
        scene_near(hypot(slid.vx, slid.vy), 8.0, 0.08);
        assert_true(slid.spin < 0.02);
    }
}

/// Friction takes what it takes on one floor.
static void test_friction_on_tiles_is_that_of_a_floor(void **state)
{
    (void)state;
    Slid on[2];
    for (int k = 0; k < 2; k++) {
        tiles(0.0f, k ? 20.0f : 0.5f, k ? 1 : 40);
        int box = slider(1.2f, 0.25f, 16.0f);
        scene_box(&scene, 0.5f, 0.5f);
        set_friction(0.5f);
        on[k] = slide(box, 60);
    }
    printf("with friction: %.4f m/s on tiles, %.4f on a floor\n", on[0].vx, on[1].vx);
    scene_near(on[0].vx, on[1].vx, 0.03);
    scene_near(on[0].vx, 16.0 - 0.25 * 9.81, 0.05);
    scene_near(on[0].x, on[1].x, 0.03);
    assert_true(on[0].spin < 0.02);
}

static void test_a_ball_rolls_over_segments(void **state)
{
    (void)state;
    for (int thick = 0; thick < 2; thick++)
        for (int bodies = 0; bodies < 2; bodies++)
            for (int fast = 0; fast < 2; fast++) {
                float radius = thick ? 0.1f : 0.0f, speed = fast ? 20.0f : 3.0f;
                scene_begin(&scene);
                for (int i = 0; i < 40; i++) {
                    if (bodies || i == 0)
                        scene_body(&scene, PARA_BODY_STATIC, 0.0f, -radius);
                    scene_segment(&scene, (ParaVec2){(float)i, 0.0f}, (ParaVec2){(float)i + 1.0f, 0.0f},
                                  radius);
                }
                int ball = slider(1.3f, 0.3f, speed);
                scene_circle(&scene, 0.3f);
                set_friction(0.8f);
                scene.bodies[ball].spin = -speed / 0.3f;
                Slid slid = slide(ball, fast ? 110 : 300);
                printf("ball at %.0f m/s over segments of radius %.1f: vx %.4f, y %.4f..%.4f\n",
                       (double)speed, (double)radius, slid.vx, slid.lowest, slid.highest);
                scene_near(slid.vx, (double)speed, 0.005 * (double)speed);
                assert_true(slid.lowest > 0.29 && slid.highest < 0.305);
            }
}

/// Boxes, capsules and bodies of several boxes over segments, a chain cut in three, and a chain between
/// boxes.
static void floor_of(int kind)
{
    scene_begin(&scene);
    if (kind == 0)
        for (int i = 0; i < 40; i++) {
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            scene_segment(&scene, (ParaVec2){(float)i, 0.0f}, (ParaVec2){(float)i + 1.0f, 0.0f}, 0.0f);
        }
    else if (kind == 1)
        for (int i = 0; i < 4; i++) {
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            ParaVec2 a = {10.0f * (float)i, 0.0f}, b = {10.0f * (float)i + 5.0f, 0.0f},
                     c = {10.0f * (float)i + 10.0f, 0.0f};
            ParaVec2 along[] = {a, b, c}, back[] = {c, b, a};
            scene_chain(&scene, i % 2 ? back : along, 3, 0.0f);
        }
    else if (kind == 2)
        for (int i = 0; i < 8; i++) {
            scene_body(&scene, PARA_BODY_STATIC, 5.0f * (float)i, 0.0f);
            ParaVec2 chain[] = {{0.0f, 0.0f}, {2.0f, 0.0f}, {5.0f, 0.0f}};
            ParaVec2 box[] = {{0.0f, -1.0f}, {5.0f, -1.0f}, {5.0f, 0.0f}, {0.0f, 0.0f}};
            if (i % 2)
                scene_chain(&scene, chain, 3, 0.0f);
            else
                scene_polygon(&scene, box, 4);
        }
    else {
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        for (int i = 0; i < 40; i++) {
            ParaVec2 box[] = {
                {(float)i, -1.0f}, {(float)i + 1.0f, -1.0f}, {(float)i + 1.0f, 0.0f}, {(float)i, 0.0f}};
            scene_polygon(&scene, box, 4);
        }
    }
}

static void visitor(int kind)
{
    if (kind == 0) {
        scene_box(&scene, 0.5f, 0.5f);
    } else if (kind == 1) {
        scene_segment(&scene, (ParaVec2){-0.4f, 0.0f}, (ParaVec2){0.4f, 0.0f}, 0.25f);
    } else {
        for (int i = 0; i < 3; i++) {
            float x = 0.3f * (float)i - 0.45f;
            ParaVec2 box[] = {{x, -0.25f}, {x + 0.3f, -0.25f}, {x + 0.3f, 0.25f}, {x, 0.25f}};
            scene_polygon(&scene, box, 4);
        }
    }
}

static void test_everything_slides_over_every_floor(void **state)
{
    (void)state;
    static const char *const floors[] = {"segments", "chains", "chains and boxes", "a body of boxes"};
    static const char *const things[] = {"box", "capsule", "three boxes"};
    for (int floor = 0; floor < 4; floor++)
        for (int thing = 0; thing < 3; thing++)
            for (int speed = 2; speed <= 16; speed += 7) {
                floor_of(floor);
                int body = slider(1.2f, 0.25f, (float)speed);
                visitor(thing);
                set_friction(0.0f);
                Slid slid = slide(body, speed > 2 ? 60 * 36 / speed : 300);
                char what[64];
                snprintf(what, sizeof what, "%s at %d m/s over %s", things[thing], speed, floors[floor]);
                check_kept(what, &slid, (double)speed, 0.25);
            }
}

/// A crate on a platform of several boxes, which rests or moves.
static void test_a_crate_slides_over_a_body_of_several_shapes(void **state)
{
    (void)state;
    for (int kind = PARA_BODY_KINEMATIC; kind <= PARA_BODY_DYNAMIC; kind++) {
        scene_begin(&scene);
        scene_floor(&scene, 0.0f, 0.0f);
        int platform = scene_body(&scene, (ParaBodyKind)kind, 0.0f, 0.5f);
        for (int i = 0; i < 20; i++) {
            float x = 0.5f * (float)i;
            ParaVec2 box[] = {{x, -0.5f}, {x + 0.5f, -0.5f}, {x + 0.5f, 0.5f}, {x, 0.5f}};
            scene.shapes[scene_polygon(&scene, box, 4)].density = 1e3f;
        }
        if (kind == PARA_BODY_KINEMATIC)
            scene.bodies[platform].velocity = (ParaVec2){1.0f, 0.0f};
        int crate = slider(0.6f, 1.25f, 6.0f);
        scene_box(&scene, 0.5f, 0.5f);
        set_friction(0.0f);
        Slid slid = slide(crate, 80);
        check_kept(kind == PARA_BODY_DYNAMIC ? "crate on a heavy body" : "crate on a moving one", &slid, 6.0,
                   1.25);
    }
}

/// A ramp goes down from a floor, or up: what slides gets over the one and up the other.
static void test_ramps_meet_floors(void **state)
{
    (void)state;
    for (int thing = 0; thing < 3; thing++)
        for (int tiled = 0; tiled < 2; tiled++) {
            float slope = 0.3f;
            tiles(-8.0f, tiled ? 0.5f : 8.0f, tiled ? 16 : 1);
            for (int i = 0; i < (tiled ? 16 : 1); i++) {
                float w = tiled ? 0.5f : 8.0f, x = w * (float)i;
                scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
                ParaVec2 part[] = {{x, -6.0f}, {x + w, -6.0f}, {x + w, -slope * (x + w)}, {x, -slope * x}};
                scene_polygon(&scene, part, 4);
            }
            int body = slider(-6.0f, 0.25f, 2.0f);
            visitor(thing);
            set_friction(0.0f);
            Slid down = slide(body, 300);
            // energy: down by slope * x with g
            double speed = sqrt(4.0 + 2.0 * 9.81 * (0.25 - down.y)), reached = hypot(down.vx, down.vy);
            printf("down a ramp, thing %d, tiled %d: %.3f m/s of %.3f at (%.2f, %.2f)\n", thing, tiled,
                   reached, speed, down.x, down.y);
            assert_true(down.x > 3.0);
            assert_true(down.slowest > 1.9);
            scene_near(reached, speed,
                       scene_limit(0.1, 0.07) * speed); // it lands on the ramp, which takes a little

            tiles(-8.0f, tiled ? 0.5f : 8.0f, tiled ? 16 : 1);
            for (int i = 0; i < (tiled ? 16 : 1); i++) {
                float w = tiled ? 0.5f : 8.0f, x = w * (float)i;
                scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
                ParaVec2 part[] = {{x, -1.0f}, {x + w, -1.0f}, {x + w, slope * (x + w)}, {x, slope * x}};
                scene_polygon(&scene, part, 4);
            }
            body = slider(-6.0f, 0.25f, 8.0f);
            visitor(thing);
            set_friction(0.0f);
            Slid up = slide(body, 70);
            printf("up a ramp, thing %d, tiled %d: (%.2f, %.2f) at %.2f m/s, lowest %.3f\n", thing, tiled,
                   up.x, up.y, up.vx, up.lowest);
            assert_true(up.x > 0.5 && up.y > 0.25);
            assert_true(up.lowest > 0.2);
        }
}

/// What is no seam stays: a step stops, a gap lets through, a missing tile is a hole.
static void test_steps_and_gaps_are_real(void **state)
{
    (void)state;
    tiles(0.0f, 1.0f, 10);
    for (int i = 0; i < 5; i++) {
        scene_body(&scene, PARA_BODY_STATIC, 10.5f + (float)i, -0.3f); // 0.2 m higher
        scene_box(&scene, 1.0f, 1.0f);
    }
    int box = slider(5.0f, 0.25f, 4.0f);
    scene_box(&scene, 0.5f, 0.5f);
    set_friction(0.0f);
    Slid step = slide(box, 180);
    printf("against a step: x %.3f, vx %.3f\n", step.x, step.vx);
    assert_true(step.x < 9.76 && fabs(step.vx) < scene_limit(0.5, 0.1)); // Chipmunk runs in by a step's way

    tiles(0.0f, 1.0f, 10);
    for (int i = 0; i < 5; i++) {
        scene_body(&scene, PARA_BODY_STATIC, 11.5f + (float)i, -0.5f); // one is missing
        scene_box(&scene, 1.0f, 1.0f);
    }
    box = slider(10.5f, 0.3f, 0.0f);
    scene_box(&scene, 0.5f, 0.5f);
    Slid hole = slide(box, 60);
    assert_true(hole.y < -1.0);

    tiles(0.0f, 1.0f, 10);
    scene.bodies[4].position.y -= 0.05f; // a dip
    int ball = slider(4.5f, 0.3f, 0.0f);
    scene_circle(&scene, 0.1f);
    Slid dip = slide(ball, 60);
    scene_near(dip.y, 0.05, 0.01);
}

/// Boxes dropped on seams, at any turn, stay on top; so does what is wholly inside.
static void test_what_falls_on_seams_stays_above(void **state)
{
    (void)state;
    for (int turn = 0; turn < 12; turn++)
        for (int thing = 0; thing < 4; thing++) {
            tiles(0.0f, 0.5f, 20);
            int body = slider(5.0f + 0.013f * (float)turn, 2.0f, 0.0f);
            scene.bodies[body].angle = 0.27f * (float)turn;
            if (thing == 3)
                scene_circle(&scene, 0.2f);
            else
                visitor(thing);
            Slid slid = slide(body, 240);
            assert_true(slid.lowest > 0.12);
            assert_true(hypot(slid.vx, slid.vy) < 0.6);
        }
}

/// When a tile goes, its neighbours have sides again.
static void test_a_tile_that_goes_leaves_a_hole(void **state)
{
    (void)state;
    tiles(0.0f, 1.0f, 10);
    int ball = slider(5.5f, 0.2f, 0.0f);
    scene_circle(&scene, 0.2f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 30);
    scene_near((double)AT(view, y, ball), 0.2, 0.01);
    size_t size = para_world_snapshot_size(world);
    void *before = malloc(size);
    assert_int_equal(para_world_save(world, before, size), size);
    para_world_disable_body(world, 5);
    scene_steps(world, 18);
    para_world_set_velocity(world, ball, (ParaVec2){4.0f, 0.0f}, 0.0f);
    for (int i = 0; i < 20; i++) {
        para_world_step(world);
        if ((double)AT(view, y, ball) > -0.9)
            assert_true((double)AT(view, x, ball) < scene_limit(5.87, 5.83)); // the side of the next tile
    }
    assert_true((double)AT(view, y, ball) < -0.5);
    assert_true(para_world_restore(world, before, size));
    para_world_set_velocity(world, ball, (ParaVec2){4.0f, 0.0f}, -20.0f);
    scene_steps(world, 30);
    scene_near((double)AT(view, y, ball), 0.2, 0.01);
    scene_near((double)AT(view, vx, ball), 4.0, 0.05);
    free(before);
    para_world_group_destroy(group);
}

/// A floor whose straight top has a corner in it, near the middle, sunk or raised by less than one sees.
static void test_a_corner_in_a_straight_edge_is_none(void **state)
{
    (void)state;
    static const float sunk[] = {0.0f, 1e-6f, -1e-6f, 1e-5f, -1e-5f, 4e-5f, -9e-5f, -1e-3f, -1e-2f};
    for (int i = 0; i < 9; i++)
        for (int thing = 0; thing < 4; thing++)
            for (int place = 0; place < 5; place++) {
                scene_begin(&scene);
                scene_body(&scene, PARA_BODY_STATIC, 0.0f, -1.0f);
                ParaVec2 corners[] = {{0.0f, 0.0f},
                                      {40.0f, 0.0f},
                                      {40.0f, 1.0f},
                                      {27.0f, 1.0f - 0.7f * sunk[i]},
                                      {20.0f, 1.0f - sunk[i]},
                                      {0.0f, 1.0f}};
                scene_polygon(&scene, corners, 6);
                float x = 10.0f + 5.0f * (float)place;
                int body = slider(x, 0.26f, 0.0f);
                if (thing == 3)
                    scene_circle(&scene, 0.25f);
                else
                    visitor(thing);
                Slid slid = slide(body, 60);
                if (slid.lowest < 0.23)
                    printf("sunk by %g, thing %d, at %.0f: y %.4f\n", (double)sunk[i], thing, (double)x,
                           slid.lowest);
                assert_true(slid.lowest > 0.23 && slid.highest < 0.28);
                scene_near(slid.x, (double)x, 0.02);
            }
}

const struct CMUnitTest para_tests_world_surfaces[] = {
    SCENE_TEST(test_a_box_slides_over_tiles),
    SCENE_TEST(test_a_box_slides_over_turned_tiles),
    SCENE_TEST(test_friction_on_tiles_is_that_of_a_floor),
    SCENE_TEST(test_a_ball_rolls_over_segments),
    SCENE_TEST(test_everything_slides_over_every_floor),
    SCENE_TEST(test_a_crate_slides_over_a_body_of_several_shapes),
    SCENE_TEST(test_ramps_meet_floors),
    SCENE_TEST(test_steps_and_gaps_are_real),
    SCENE_TEST(test_what_falls_on_seams_stays_above),
    SCENE_TEST(test_a_tile_that_goes_leaves_a_hole),
    SCENE_TEST(test_a_corner_in_a_straight_edge_is_none),
};
const size_t para_tests_world_surfaces_count =
    sizeof para_tests_world_surfaces / sizeof *para_tests_world_surfaces;
