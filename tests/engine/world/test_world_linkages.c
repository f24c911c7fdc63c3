// SPDX-License-Identifier: MIT
// Closed chains of joints: they keep their lengths, move as geometry says, and swing as one body where they
// are rigid.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "tests/engine/world/overlap.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

static Scene scene;

typedef struct Place {
    double x, y;
} Place;

/// A bar of 1 kg/m between two places; its frame lies at the first, x along the bar. All of one group.
static int add_bar(Place from, Place to)
{
    double length = hypot(to.x - from.x, to.y - from.y);
    int bar = scene_body(&scene, PARA_BODY_DYNAMIC, (float)from.x, (float)from.y);
    scene.bodies[bar].angle = (float)atan2(to.y - from.y, to.x - from.x);
    scene.bodies[bar].group = 1;
    int shape = scene_box(&scene, (float)length, 0.1f);
    scene.shapes[shape].density = 10.0f;
    for (uint32_t i = 0; i < 4; i++)
        scene.points[scene.shapes[shape].point_first + i].x += 0.5f * (float)length;
    return bar;
}

static int pin(int a, int b, Place at)
{
    return scene_joint_at(&scene, PARA_JOINT_REVOLUTE, a, b, (float)at.x, (float)at.y);
}

/// Where circles about a and b with these radii meet, to the left of a -> b.
static Place meet(Place a, double radius_a, Place b, double radius_b)
{
    double dx = b.x - a.x, dy = b.y - a.y, d = hypot(dx, dy);
    double along = (d * d + radius_a * radius_a - radius_b * radius_b) / (2 * d);
    double aside = sqrt(radius_a * radius_a - along * along);
    return (Place){a.x + (along * dx - aside * dy) / d, a.y + (along * dy + aside * dx) / d};
}

static double worst_joint(const ParaView *view)
{
    double worst = 0;
    for (int i = 0; i < view->def->joint_count; i++)
        if (view->def->joints[i].kind == PARA_JOINT_REVOLUTE)
            worst = fmax(worst, overlap_joint_error(view, i));
    return worst;
}

/// The far end of a bar now.
static Place end_of(const ParaView *view, int bar, double length)
{
    double place[2], speed[2];
    scene_point(view, bar, (ParaVec2){(float)length, 0}, place, speed);
    return (Place){place[0], place[1]};
}

#define CRANK   1.0
#define COUPLER 3.0
#define ROCKER  2.5
#define GROUND  3.0

/// Bodies: ground, crank, coupler, rocker. Joint 0 turns the crank.
static void make_four_bar(double angle)
{
    scene_begin(&scene);
    scene.def.iterations = 50; // of Chipmunk, for which a ring of four joints is slow to solve
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    Place left = {0, 0}, right = {GROUND, 0}, a = {CRANK * cos(angle), CRANK * sin(angle)};
    Place b = meet(a, COUPLER, right, ROCKER);
    int crank = add_bar(left, a), coupler = add_bar(a, b), rocker = add_bar(right, b);
    pin(0, crank, left);
    pin(crank, coupler, a);
    pin(coupler, rocker, b);
    pin(0, rocker, right);
}

static void test_four_bar_linkage_moves_as_geometry_says(void **state)
{
    (void)state;
    make_four_bar(1.0);
    scene.joints[0].motored = true;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), motor_rate, 0) = 2.0f;
    AT(para_world_inputs(world), motor_max, 0) = 500.0f;
    double apart = 0, aside = 0, rate = 0;
    for (int k = 0; k < 240; k++) { // a turn and a quarter
        para_world_step(world);
        double angle = (double)AT(view, angle, 1);
        Place a = {CRANK * cos(angle), CRANK * sin(angle)}, b = meet(a, COUPLER, (Place){GROUND, 0}, ROCKER);
        Place seen = end_of(view, 2, COUPLER), also = end_of(view, 3, ROCKER);
        apart = fmax(apart, worst_joint(view));
        aside = fmax(aside, fmax(hypot(seen.x - b.x, seen.y - b.y), hypot(also.x - b.x, also.y - b.y)));
        rate = fmax(rate, k > 5 ? fabs((double)AT(view, joint_speed, 0) - 2.0) : 0);
    }
    printf("driven four-bar linkage: anchors %.1e m apart, its point %.1e m aside, crank's rate off by %.1e "
           "rad/s\n",
           apart, aside, rate);
    assert_true(apart < 0.011 && aside < 0.020);
    assert_true(rate < scene_limit(6e-3, 0.9)); // lanes' motor yields a little to the soft joints of the ring
    para_world_group_destroy(group);
}

static void test_free_four_bar_linkage_keeps_energy_and_lengths(void **state)
{
    (void)state;
    make_four_bar(1.0);
    scene.def.substeps = scene_solver() == PARA_SOLVER_CHIPMUNK ? 4 : 1; // with one it halves the energy
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    double start = para_energy_total(para_world_energy(view)), fastest = 0, worst = 0, apart = 0, aside = 0;
    for (int k = 0; k < 300; k++) {
        para_world_step(world);
        fastest = fmax(fastest, para_world_energy(view).kinetic);
        worst = fmax(worst, fabs(para_energy_total(para_world_energy(view)) - start));
        apart = fmax(apart, worst_joint(view));
        double angle = (double)AT(view, angle, 1);
        Place a = {CRANK * cos(angle), CRANK * sin(angle)}, right = {GROUND, 0};
        Place seen = end_of(view, 3, ROCKER), b = meet(a, COUPLER, right, ROCKER),
              under = meet(right, ROCKER, a, COUPLER);
        aside =
            fmax(aside, fmin(hypot(seen.x - b.x, seen.y - b.y), hypot(seen.x - under.x, seen.y - under.y)));
    }
    printf("free four-bar linkage: energy off by %.1e of that of motion, anchors %.1e m apart, point %.1e m "
           "aside\n",
           worst / fastest, apart, aside);
    assert_true(worst / fastest < scene_limit(0.32, 0.03));
    assert_true(apart < scene_limit(0.015, 0.005) && aside < scene_limit(0.022, 0.008));
    para_world_group_destroy(group);
}

/// Three bars pinned to a triangle that hangs from one corner, and the same as one body.
static void make_truss(bool one_body)
{
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    Place top = {0, 0}, left = {0.4, -1.5}, right = {1.6, -0.9};
    if (one_body) { // bars of one body, in the frame of the first
        const Place from[] = {top, top, left}, to[] = {left, right, right};
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
        for (int i = 0; i < 3; i++) {
            double x = to[i].x - from[i].x, y = to[i].y - from[i].y, length = hypot(x, y);
            float ux = (float)(0.05 * x / length), uy = (float)(0.05 * y / length);
            ParaVec2 a = {(float)from[i].x, (float)from[i].y}, b = {(float)to[i].x, (float)to[i].y};
            ParaVec2 corners[] = {
                {a.x + uy, a.y - ux}, {b.x + uy, b.y - ux}, {b.x - uy, b.y + ux}, {a.x - uy, a.y + ux}};
            scene.shapes[scene_polygon(&scene, corners, 4)].density = 10.0f;
        }
        pin(0, body, top);
        return;
    }
    int one = add_bar(top, left), two = add_bar(top, right), three = add_bar(left, right);
    pin(0, one, top);
    pin(one, two, top);
    pin(one, three, left);
    pin(two, three, right);
}

static void test_truss_swings_as_one_body(void **state)
{
    (void)state;
    static double angles[240];
    double worst = 0, bent = 0, swing = 0;
    for (int one_body = 1; one_body >= 0; one_body--) {
        make_truss(one_body);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double start = (double)AT(view, angle, 1);
        for (int k = 0; k < 240; k++) {
            para_world_step(world);
            double turned = (double)AT(view, angle, 1) - start;
            if (one_body) {
                angles[k] = turned;
                swing = fmax(swing, fabs(turned));
                continue;
            }
            worst = fmax(worst, fabs(turned - angles[k]));
            for (int i = 1; i < 4; i++)
                bent = fmax(bent, fabs((double)AT(view, joint_angle, i)));
        }
        para_world_group_destroy(group);
    }
    printf("truss of three bars: %.1e rad from one body in 4 s of a swing of %.2f rad, bent by %.1e rad\n",
           worst, swing, bent);
    assert_true(worst < scene_limit(0.02, 2.5e-3) && bent < scene_limit(1e-4, 1.2e-3));
    assert_true(swing > 1.0);
}

/// A crank of 0.5 m turns evenly and moves a slider with a rod of 1.5 m.
static void test_crank_moves_its_slider_as_geometry_says(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    Place middle = {0, 0}, a = {0.5 * cos(0.7), 0.5 * sin(0.7)};
    Place b = {a.x + sqrt(1.5 * 1.5 - a.y * a.y), 0};
    int crank = add_bar(middle, a), rod = add_bar(a, b);
    int slider = scene_body(&scene, PARA_BODY_DYNAMIC, (float)b.x, 0.1f);
    scene.bodies[slider].group = 1;
    scene_box(&scene, 0.5f, 0.4f);
    scene.joints[pin(0, crank, middle)].motored = true;
    pin(crank, rod, a);
    pin(rod, slider, b);
    int rail = scene_joint_at(&scene, PARA_JOINT_PRISMATIC, 0, slider, (float)b.x, 0.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), motor_rate, 0) = 3.0f;
    AT(para_world_inputs(world), motor_max, 0) = 500.0f;
    double way = 0, aside = 0, apart = 0;
    for (int k = 0; k < 180; k++) {
        para_world_step(world);
        double angle = (double)AT(view, angle, crank), s = 0.5 * sin(angle);
        double expected = 0.5 * cos(angle) + sqrt(2.25 - s * s) - b.x;
        way = fmax(way, fabs((double)AT(view, joint_angle, rail) - expected));
        aside = fmax(aside, fabs((double)AT(view, y, slider) - 0.1));
        apart = fmax(apart, worst_joint(view));
    }
    printf("crank and slider: way off by %.1e m, slider %.1e m off its rail, anchors %.1e m apart\n", way,
           aside, apart);
    assert_true(way < 0.02 && aside < scene_limit(1e-6, 8e-4) && apart < scene_limit(0.022, 0.010));
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_linkages[] = {
    SCENE_TEST(test_four_bar_linkage_moves_as_geometry_says),
    SCENE_TEST(test_free_four_bar_linkage_keeps_energy_and_lengths),
    SCENE_TEST(test_truss_swings_as_one_body),
    SCENE_TEST(test_crank_moves_its_slider_as_geometry_says),
};
const size_t para_tests_world_linkages_count =
    sizeof para_tests_world_linkages / sizeof *para_tests_world_linkages;
