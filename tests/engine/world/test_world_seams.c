// SPDX-License-Identifier: MIT
// What engine/world/seams.h says of shapes that touch: which faces are covered and where corners may push.
#include "engine/world/seams.h"
#include "tests/engine/world/scene.h"

#include <math.h>

static Scene scene;
static ParaSeamSearch search;

/// The seams of a shape of the scene; fails the test if there are none.
static ParaSeams seams_of(int shape)
{
    ParaSeams seams;
    para_seam_search_begin(&search, &scene.def, NULL);
    assert_true(para_seams_find(&search, shape, &seams));
    return seams;
}

static bool has_seams(int shape)
{
    ParaSeams seams;
    para_seam_search_begin(&search, &scene.def, NULL);
    return para_seams_find(&search, shape, &seams);
}

/// Whether a corner may push along the direction so many degrees from +x.
static bool allows(const ParaSeams *seams, int corner, double degrees)
{
    double a = degrees * acos(-1.0) / 180.0;
    return para_seam_allows(&seams->corner[corner], (ParaVec2){(float)cos(a), (float)sin(a)});
}

/// A static box whose lower left corner is at (x, y). Its corners are that one, then counter-clockwise; its
/// faces bottom, right, top, left. @return its shape
static int tile(float x, float y, float width, float height)
{
    scene_body(&scene, PARA_BODY_STATIC, x + 0.5f * width, y + 0.5f * height);
    return scene_box(&scene, width, height);
}
enum { BOTTOM_LEFT, BOTTOM_RIGHT, TOP_RIGHT, TOP_LEFT };
enum { BOTTOM = 1, RIGHT = 2, TOP = 4, LEFT = 8 };

/// The seams of the middle one of three flush tiles.
static void check_middle(const ParaSeams *seams)
{
    assert_int_equal(seams->covered, RIGHT | LEFT);
    for (int up = 80; up <= 100; up += 4) {
        bool straight = up > 88 && up < 92;
        assert_int_equal(allows(seams, TOP_LEFT, up == 88 ? 90 : up), straight || up == 88);
        assert_int_equal(allows(seams, TOP_RIGHT, up == 92 ? 90 : up), straight || up == 92);
    }
    assert_false(allows(seams, TOP_RIGHT, 0) || allows(seams, TOP_RIGHT, 45));
    assert_false(allows(seams, TOP_LEFT, 180) || allows(seams, TOP_LEFT, 135));
    assert_true(allows(seams, BOTTOM_LEFT, -90) && allows(seams, BOTTOM_RIGHT, -90));
    assert_false(allows(seams, BOTTOM_LEFT, -135) || allows(seams, BOTTOM_RIGHT, -45));
    assert_true(seams->end[0] > 0.0f && seams->end[0] < 0.01f);
}

static void test_flush_tiles_have_no_corners_between_them(void **state)
{
    (void)state;
    static const float places[] = {0.0f, 500.0f, -7000.0f}, widths[] = {1.0f, 0.37f, 0.1f, 3.0f};
    for (int p = 0; p < 3; p++)
        for (int w = 0; w < 4; w++) {
            scene_begin(&scene);
            for (int i = 0; i < 3; i++)
                tile(places[p] + (float)i * widths[w], -1.0f, widths[w], 1.0f);
            ParaSeams middle = seams_of(1), first = seams_of(0);
            check_middle(&middle);
            assert_int_equal(first.covered, RIGHT);
            assert_true(allows(&first, TOP_LEFT, 135) && allows(&first, TOP_LEFT, 180));
        }
}

/// Bodies that are turned, and one body of three boxes: seams are told in the body's frame.
static void test_seams_are_in_the_frame_of_the_body(void **state)
{
    (void)state;
    scene_begin(&scene);
    for (int i = 0; i < 3; i++) {
        float c = cosf(0.7f), s = sinf(0.7f);
        int body = scene_body(&scene, PARA_BODY_STATIC, 3.0f + c * (float)i, 2.0f + s * (float)i);
        scene.bodies[body].angle = 0.7f;
        scene_box(&scene, 1.0f, 1.0f);
    }
    ParaSeams turned = seams_of(1);
    check_middle(&turned);
    for (int kind = PARA_BODY_STATIC; kind <= PARA_BODY_DYNAMIC; kind++) {
        scene_begin(&scene);
        int body = scene_body(&scene, (ParaBodyKind)kind, 5.0f, 5.0f);
        scene.bodies[body].angle = 1.3f;
        for (int i = 0; i < 3; i++) {
            ParaVec2 c[] = {{(float)i, 0.0f}, {(float)i + 1, 0.0f}, {(float)i + 1, 1.0f}, {(float)i, 1.0f}};
            scene_polygon(&scene, c, 4);
        }
        ParaSeams own = seams_of(1);
        check_middle(&own);
    }
}

static void test_rounding_makes_no_step_but_a_step_does(void **state)
{
    (void)state;
    scene_begin(&scene);
    tile(0.0f, -1.0f, 1.0f, 1.0f);
    tile(1.001f, -1.001f, 1.0f, 1.0f);
    tile(1.999f, -0.9995f, 1.0f, 1.0f);
    ParaSeams rough = seams_of(1);
    check_middle(&rough);

    scene_begin(&scene);
    tile(0.0f, -1.0f, 1.0f, 1.0f);
    tile(1.0f, -1.0f, 1.0f, 0.9f); // 0.1 m lower
    ParaSeams upper = seams_of(0), lower = seams_of(1);
    assert_int_equal(upper.covered, 0);
    assert_int_equal(lower.covered, LEFT);
    assert_true(allows(&upper, TOP_RIGHT, 0) && allows(&upper, TOP_RIGHT, 45) &&
                allows(&upper, TOP_RIGHT, 90));
    assert_true(allows(&lower, TOP_LEFT, 90)); // its top still carries there
    assert_false(allows(&lower, TOP_LEFT, 135) || allows(&lower, TOP_LEFT, 180));

    scene_begin(&scene);
    tile(0.0f, -1.0f, 1.0f, 1.0f);
    tile(1.01f, -1.0f, 1.0f, 1.0f); // a gap
    assert_false(has_seams(0) || has_seams(1));
}

/// A long floor under tiles: covered where all of it is, not where one is missing.
static void test_faces_are_covered_by_all_neighbours_together(void **state)
{
    (void)state;
    for (int missing = 0; missing < 2; missing++) {
        scene_begin(&scene);
        int floor = tile(0.0f, -1.0f, 8.0f, 1.0f);
        for (int i = 0; i < 8; i++)
            if (!missing || i != 3)
                tile((float)i, 0.0f, 1.0f, 0.5f);
        ParaSeams seams = seams_of(floor);
        assert_int_equal(seams.covered, missing ? 0 : TOP);
        ParaSeams above = seams_of(floor + 1);
        assert_int_equal(above.covered, BOTTOM | RIGHT);
        assert_true(allows(&above, BOTTOM_LEFT, 180)); // one wall of two
        assert_false(allows(&above, BOTTOM_LEFT, 225) || allows(&above, BOTTOM_LEFT, 270));
    }
}

/// A ramp that goes down at 30 degrees keeps the directions between the two tops; one that goes up none.
static void test_corners_where_a_ramp_meets_a_floor(void **state)
{
    (void)state;
    double c = cos(acos(-1.0) / 6.0), s = 0.5;
    scene_begin(&scene);
    int floor = tile(-4.0f, -1.0f, 4.0f, 1.0f);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    ParaVec2 down[] = {
        {0.0f, -5.0f}, {(float)(4 * c), -5.0f}, {(float)(4 * c), (float)(-4 * s)}, {0.0f, 0.0f}};
    int ramp = scene_polygon(&scene, down, 4);
    ParaSeams flat = seams_of(floor), slope = seams_of(ramp);
    for (int degrees = -5; degrees <= 185; degrees += 10) {
        bool right = degrees > 59 && degrees < 91;
        if (degrees > -1 && degrees < 91)
            assert_int_equal(allows(&flat, TOP_RIGHT, degrees), right);
        if (degrees > 59)
            assert_int_equal(allows(&slope, 3, degrees), right);
    }
    scene_begin(&scene);
    tile(-4.0f, -1.0f, 8.0f, 1.0f);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    ParaVec2 up[] = {{0.0f, 0.0f}, {(float)(4 * c), 0.0f}, {(float)(4 * c), (float)(4 * s)}};
    ParaSeams wedge = seams_of(scene_polygon(&scene, up, 3));
    assert_int_equal(wedge.covered, 1);
    assert_true(allows(&wedge, 0, 120)); // the slope's own
    assert_false(allows(&wedge, 0, 150) || allows(&wedge, 0, 180) || allows(&wedge, 0, 270));
}

static void test_segments_go_on_in_segments(void **state)
{
    (void)state;
    for (int bent = 0; bent < 2; bent++)
        for (int thick = 0; thick < 2; thick++) {
            scene_begin(&scene);
            float radius = thick ? 0.2f : 0.0f;
            scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
            scene_segment(&scene, (ParaVec2){0.0f, 0.0f}, (ParaVec2){2.0f, 0.0f}, radius);
            scene_segment(&scene, (ParaVec2){2.0f, 0.0f}, (ParaVec2){4.0f, bent ? -2.0f : 0.0f}, radius);
            ParaSeams seams = seams_of(0);
            assert_true(allows(&seams, 1, 90) && allows(&seams, 0, 180));
            assert_int_equal(allows(&seams, 1, 60), bent);
            assert_false(allows(&seams, 1, 30) || allows(&seams, 1, 0) || allows(&seams, 1, -45));
        }
    scene_begin(&scene); // a thick one ends in a thin one: its end sticks out
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_segment(&scene, (ParaVec2){0.0f, 0.0f}, (ParaVec2){2.0f, 0.0f}, 0.3f);
    scene_segment(&scene, (ParaVec2){2.0f, 0.0f}, (ParaVec2){4.0f, 0.0f}, 0.1f);
    assert_false(has_seams(0));
    ParaSeams thin = seams_of(1);
    assert_false(allows(&thin, 0, 180) || allows(&thin, 0, 135));

    scene_begin(&scene); // its top flush with a box that its end stands in
    tile(-2.0f, -1.0f, 2.0f, 1.0f);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    int road = scene_segment(&scene, (ParaVec2){0.0f, -0.1f}, (ParaVec2){2.0f, -0.1f}, 0.1f);
    ParaSeams box = seams_of(0), end = seams_of(road);
    assert_true(allows(&box, TOP_RIGHT, 90) && allows(&end, 0, 90) && allows(&end, 1, 45));
    assert_false(allows(&box, TOP_RIGHT, 45) || allows(&end, 0, 135) || allows(&end, 0, 180));
}

/// A bar with a disc at its end has no corner where the two surfaces meet.
static void test_circles_are_neighbours(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 5.0f);
    scene_box(&scene, 2.0f, 0.4f);
    int disc = scene_circle(&scene, 0.2f);
    scene.points[scene.shapes[disc].point_first] = (ParaVec2){1.0f, 0.0f};
    ParaSeams bar = seams_of(0);
    assert_int_equal(bar.covered, RIGHT);
    assert_true(allows(&bar, TOP_RIGHT, 90) && allows(&bar, TOP_LEFT, 135));
    assert_false(allows(&bar, TOP_RIGHT, 45) || allows(&bar, BOTTOM_RIGHT, -45));
}

static ParaSeamEnds ends_of(int shape)
{
    ParaSeamEnds ends = {{0.0f, 0.0f}, {0.0f, 0.0f}};
    para_seam_search_begin(&search, &scene.def, NULL);
    assert_true(para_seam_ends_find(&search, shape, &ends));
    return ends;
}

static void test_chains_go_on_in_chains_and_boxes(void **state)
{
    (void)state;
    scene_begin(&scene);
    tile(-2.0f, -1.0f, 2.0f, 1.0f);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    ParaVec2 road[] = {{0.0f, 0.0f}, {1.0f, 0.0f}, {2.0f, 0.0f}}, hill[] = {{2.0f, 0.0f}, {3.0f, -1.0f}};
    int flat = scene_chain(&scene, road, 3, 0.0f), slope = scene_chain(&scene, hill, 2, 0.0f);
    ParaSeamEnds ends = ends_of(flat), down = ends_of(slope);
    scene_near((double)ends.first.x, -1.0, 1e-5); // along the top of the box
    scene_near((double)ends.first.y, 0.0, 1e-5);
    scene_near((double)ends.last.x, sqrt(0.5), 1e-5); // down the hill
    scene_near((double)ends.last.y, -sqrt(0.5), 1e-5);
    scene_near((double)down.first.x, -1.0, 1e-5);
    assert_true(down.last.x == 0.0f && down.last.y == 0.0f);
    ParaSeams box = seams_of(0);
    assert_true(allows(&box, TOP_RIGHT, 90));
    assert_false(allows(&box, TOP_RIGHT, 45));

    scene_begin(&scene); // the ends of a closed chain meet each other
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    ParaVec2 ring[] = {{0.0f, 0.0f}, {1.0f, 0.0f}, {0.0f, 1.0f}, {0.0f, 0.0f}};
    scene_chain(&scene, ring, 4, 0.0f);
    tile(-1.0f, -1.0f, 1.0f, 1.0f);
    para_seam_search_begin(&search, &scene.def, NULL);
    assert_false(para_seam_ends_find(&search, 0, &ends));
}

/// Only what stops all that the shape stops may stand in for it.
static void test_neighbours_must_stop_the_same(void **state)
{
    (void)state;
    enum { SAME, LESS_MASK, OTHER_CATEGORY, GROUP, BODY_MOVES, HUNG, HUNG_TOUCHING, GONE, CASES };
    for (int k = 0; k < CASES; k++) {
        scene_begin(&scene);
        int shape = tile(0.0f, -1.0f, 1.0f, 1.0f), other = tile(1.0f, -1.0f, 1.0f, 1.0f);
        int bob = scene_body(&scene, PARA_BODY_DYNAMIC, 1.5f, 2.0f);
        scene_circle(&scene, 0.2f);
        scene.shapes[other].mask = k == LESS_MASK ? 0xffu : scene.shapes[other].mask;
        scene.shapes[other].category = k == OTHER_CATEGORY ? 2u : scene.shapes[other].category;
        scene.bodies[1].group = k == GROUP ? 5 : 0;
        scene.bodies[1].kind = k == BODY_MOVES ? PARA_BODY_KINEMATIC : PARA_BODY_STATIC;
        if (k == HUNG || k == HUNG_TOUCHING)
            scene.joints[scene_joint_at(&scene, PARA_JOINT_DISTANCE, 1, bob, 1.5f, 0.0f)].collide =
                k == HUNG_TOUCHING;
        const uint8_t enabled[] = {1, k != GONE, 1};
        ParaSeams seams;
        para_seam_search_begin(&search, &scene.def, enabled);
        assert_int_equal(para_seams_find(&search, shape, &seams), k == SAME || k == HUNG_TOUCHING);
        // The other one is whole on its left unless it is more than its neighbour.
        bool back = k == SAME || k == LESS_MASK || k == HUNG || k == HUNG_TOUCHING || k == GROUP;
        if (k != GONE)
            assert_int_equal(para_seams_find(&search, other, &seams), back);
    }
}

/// Each of three faces in nearly one line goes on over the next as far as rounding might mistake it.
static void test_corners_that_hardly_bend_are_seams(void **state)
{
    (void)state;
    static const double raised[] = {0.0, 1e-5, 1e-3, 1e-2};
    for (int i = 0; i < 4; i++) {
        ParaVec2 corners[] = {{0.0f, 0.0f},  {40.0f, 0.0f}, {40.0f, 1.0f}, {30.0f, (float)(1.0 + raised[i])},
                              {20.0f, 1.0f}, {0.0f, 1.0f}};
        corners[4].y = (float)(1.0 + raised[i]); // bends of raised / 10 and raised / 20 at its ends
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
        ParaSeams seams = seams_of(scene_polygon(&scene, corners, 6));
        assert_int_equal(seams.covered, 0);
        scene_near((double)seams.begin[2], 0.0, 0.0);
        scene_near((double)seams.end[4], 0.0, 0.0);
        double bend = raised[i] / 10.0, small = raised[i] / 20.0;
        scene_near((double)seams.begin[3], bend > 0.0 ? fmin(10.0, 1e-4 / bend) : 10.0, 0.01);
        scene_near((double)seams.end[3], small > 0.0 ? fmin(20.0, 1e-4 / small) : 20.0, 0.01);
        scene_near((double)seams.begin[4], small > 0.0 && 1e-4 / small < 10.0 ? 1e-4 / small : 20.0, 1.0);
        assert_true(allows(&seams, 2, 45) && allows(&seams, 5, 135) && allows(&seams, 4, 90));
    }
    scene_begin(&scene); // a box has none
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
    scene_box(&scene, 1.0f, 2.0f);
    assert_false(has_seams(0));
}

/// A jar of three pieces that lie in each other slides down a ramp with a ball in it. Where its pieces meet a
/// corner may push no way but its face's; a face that the ramp is not in must not push instead.
static void test_a_jar_of_pieces_slides_down_a_ramp(void **state)
{
    (void)state;
    static const ParaVec2 base[] = {{3.2f, 0.4f}, {-3.2f, 0.4f}, {-3.2f, -0.4f}, {3.2f, -0.4f}};
    static const ParaVec2 left[] = {{-4.0f, 9.2f}, {-3.2f, -0.4f}, {-2.4f, -0.33f}, {-3.2f, 9.2f}};
    static const ParaVec2 right[] = {{4.0f, 9.2f}, {3.2f, 9.2f}, {2.4f, -0.33f}, {3.2f, -0.4f}};
    for (int k = 0; k < 8; k++) {
        scene_begin(&scene);
        int ramp = scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
        scene.bodies[ramp].angle = 0.05f + 0.04f * (float)k;
        scene_box(&scene, 12.8f, 0.86f);
        int jar = scene_body(&scene, PARA_BODY_DYNAMIC, 0.25f * (float)(k % 4), 2.2f);
        scene_polygon(&scene, base, 4);
        scene_polygon(&scene, left, 4);
        scene_polygon(&scene, right, 4);
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.25f * (float)(k % 4), 5.0f);
        scene_circle(&scene, 1.75f);
        ParaWorldGroup *group = scene_room(1);
        ParaWorld world = para_world_at(group, 0);
        assert_true(para_world_build(world, &scene.def, NULL));
        const ParaView *view = para_world_view(world);
        double x = (double)AT(view, x, jar), y = (double)AT(view, y, jar);
        for (int step = 0; step < 180; step++) {
            para_world_step(world);
            double dx = (double)AT(view, x, jar) - x, dy = (double)AT(view, y, jar) - y;
            assert_true(dx * dx + dy * dy < 0.5 * 0.5); // no faster than 30 m/s: it falls for 3 s
            x += dx;
            y += dy;
        }
        para_world_group_destroy(group);
    }
}

const struct CMUnitTest para_tests_world_seams[] = {
    cmocka_unit_test(test_flush_tiles_have_no_corners_between_them),
    cmocka_unit_test(test_seams_are_in_the_frame_of_the_body),
    cmocka_unit_test(test_rounding_makes_no_step_but_a_step_does),
    cmocka_unit_test(test_faces_are_covered_by_all_neighbours_together),
    cmocka_unit_test(test_corners_where_a_ramp_meets_a_floor),
    cmocka_unit_test(test_segments_go_on_in_segments),
    cmocka_unit_test(test_circles_are_neighbours),
    cmocka_unit_test(test_chains_go_on_in_chains_and_boxes),
    cmocka_unit_test(test_neighbours_must_stop_the_same),
    cmocka_unit_test(test_corners_that_hardly_bend_are_seams),
    SCENE_TEST(test_a_jar_of_pieces_slides_down_a_ramp),
};
const size_t para_tests_world_seams_count = sizeof para_tests_world_seams / sizeof *para_tests_world_seams;
