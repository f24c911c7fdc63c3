// SPDX-License-Identifier: MIT
// How well joints and contacts hold under rough use: 16 seeds x 1,000 steps of the walker under random
// motors and of a pile of twenty in a shaken box, every solver beside the other. Prints the table.
#include "bench/pile.h"
#include "tests/engine/world/overlap.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

#define SEEDS 16
#define STEPS 1000

/// A figure of every step: mean and largest.
typedef struct Figure {
    double sum, max;
    int count;
} Figure;

typedef struct Quality {
    Figure joint;       ///< [m] error of each hinge
    Figure penetration; ///< [m] deepest overlap of each step
    int outside;        ///< bodies that left the box
} Quality;

static void note(Figure *figure, double value)
{
    figure->sum += value;
    figure->max = fmax(figure->max, value);
    figure->count++;
}

static double mean(const Figure *figure) { return figure->count > 0 ? figure->sum / figure->count : 0; }

static Quality walker_quality(void)
{
    static Scene scene;
    Quality quality = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        scene_walker(&scene, seed);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        for (int i = 0; i < STEPS; i++) {
            scene_walker_act(world, seed, i);
            para_world_step(world);
            for (int k = 0; k < 4; k++)
                note(&quality.joint, overlap_joint_error(view, k));
            // Corners under the ground, however deep, and peaks of the ground and boxes in boxes.
            note(&quality.penetration, fmax(overlap_under_terrain(view), overlap_deepest(view)));
        }
        assert_int_equal(view->status, PARA_WORLD_FINE);
        para_world_group_destroy(group);
    }
    return quality;
}

static Quality pile_quality(void)
{
    static ParaPile pile;
    Quality quality = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        para_pile_make(&pile, seed);
        ParaWorldGroup *group = scene_room(1);
        ParaWorld world = para_world_at(group, 0);
        assert_true(para_world_build(world, &pile.def, NULL));
        const ParaView *view = para_world_view(world);
        assert_true(overlap_deepest(view) <= 0.0);
        for (int i = 0; i < STEPS; i++) {
            para_pile_shake(world, seed, i);
            para_world_step(world);
            note(&quality.penetration, overlap_deepest(view));
        }
        for (int b = 1; b <= PARA_PILE_SHAPES; b++)
            quality.outside += !(AT(view, x, b) > 0 && AT(view, x, b) < PARA_PILE_INSIDE &&
                                 AT(view, y, b) > 0 && AT(view, y, b) < PARA_PILE_INSIDE);
        assert_int_equal(view->status, PARA_WORLD_FINE);
        para_world_group_destroy(group);
    }
    return quality;
}

static void print_row(const char *scene, const Quality *quality)
{
    char joint[64] = "-";
    if (quality->joint.count > 0)
        snprintf(joint, sizeof joint, "%.1f / %.1f", 1e3 * mean(&quality->joint), 1e3 * quality->joint.max);
    printf("| %-8s | %-8s | %14s | %8.1f / %.1f |\n", scene, para_solver_name(scene_solver()), joint,
           1e3 * mean(&quality->penetration), 1e3 * quality->penetration.max);
}

/// Chipmunk's own limits are those it has always had; the other solver has to keep them as well.
static void test_joints_and_contacts_hold(void **state)
{
    (void)state;
    printf("| scene    | solver   | joint error    | penetration | [mm] mean / max, %d seeds x %d steps\n",
           SEEDS, STEPS);
    Quality walker = walker_quality();
    print_row("walker", &walker);
    Quality pile = pile_quality();
    print_row("pile20", &pile);
    assert_true(mean(&walker.joint) < 0.010 && walker.joint.max < 0.080);
    assert_true(mean(&walker.penetration) < 0.030 && walker.penetration.max < 0.200);
    assert_true(mean(&pile.penetration) < 0.040 && pile.penetration.max < 0.200);
    assert_int_equal(pile.outside, 0);
}

const struct CMUnitTest para_tests_world_quality[] = {
    SCENE_TEST(test_joints_and_contacts_hold),
};
const size_t para_tests_world_quality_count =
    sizeof para_tests_world_quality / sizeof *para_tests_world_quality;
