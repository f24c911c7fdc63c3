// SPDX-License-Identifier: MIT
// A world made to stand as another does: from each solver to each, out of the middle of a course in which
// all that may change has changed.
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include "engine/world/mirror.h"

#include <math.h>
#include <string.h>

static Scene scene;

typedef void Act(ParaWorld world, int step);
static void walk(ParaWorld world, int step) { scene_walker_act(world, 5, step); }

/// The world of the test: built, and gone on for a while with all kinds of changes.
static ParaWorld lived(ParaWorldGroup *group, int index, Act *act, int steps)
{
    ParaWorld world = para_world_at(group, index);
    scene_build(world, &scene);
    for (int step = 0; step < steps; step++) {
        act(world, step);
        if (step > 20)
            scene_change(world, step);
        para_world_step(world);
    }
    assert_int_equal(para_world_view(world)->status, PARA_WORLD_FINE);
    return world;
}

static void near_all(const float *left, int left_stride, const float *right, int right_stride, int count,
                     double tolerance)
{
    for (int i = 0; i < count; i++)
        scene_near((double)left[i * left_stride], (double)right[i * right_stride], tolerance);
}

static void same_flags(const ParaView *a, const ParaView *b)
{
    for (int i = 0; i < a->def->body_count; i++) {
        assert_int_equal(AT(a, enabled, i), AT(b, enabled, i));
        assert_true(AT(a, friction, i) == AT(b, friction, i));
    }
    for (int j = 0; j < a->def->joint_count; j++)
        assert_int_equal(AT(a, joint_enabled, j), AT(b, joint_enabled, j));
}

static void same_state(ParaWorld left, ParaWorld right)
{
    const ParaView *a = para_world_view(left), *b = para_world_view(right);
    int bodies = a->def->body_count;
    near_all(a->x, a->stride, b->x, b->stride, bodies, 1e-5);
    near_all(a->y, a->stride, b->y, b->stride, bodies, 1e-5);
    near_all(a->angle, a->stride, b->angle, b->stride, bodies, 1e-5);
    near_all(a->vx, a->stride, b->vx, b->stride, bodies, 1e-5);
    near_all(a->vy, a->stride, b->vy, b->stride, bodies, 1e-5);
    near_all(a->spin, a->stride, b->spin, b->stride, bodies, 1e-5);
    same_flags(a, b);
    for (int j = 0; j < a->def->joint_count; j++)
        if (AT(a, joint_enabled, j))
            scene_near((double)AT(a, joint_angle, j), (double)AT(b, joint_angle, j), 1e-4);
    assert_memory_equal(&a->gravity, &b->gravity, sizeof a->gravity);
    if (a->def->zone_count > 0)
        assert_memory_equal(a->zones, b->zones, sizeof *a->zones * (size_t)a->def->zone_count);
    assert_true(a->step == b->step && a->time == b->time);
}

static void same_inputs(ParaWorld left, ParaWorld right)
{
    const ParaInputs *a = para_world_inputs(left), *b = para_world_inputs(right);
    const ParaWorldDef *def = para_world_view(left)->def;
    near_all(a->motor_rate, a->stride, b->motor_rate, b->stride, def->joint_count, 0);
    near_all(a->motor_max, a->stride, b->motor_max, b->stride, def->joint_count, 0);
    near_all(a->throttle, a->stride, b->throttle, b->stride, def->thruster_count, 0);
    near_all(a->force_x, a->stride, b->force_x, b->stride, def->body_count, 0);
    near_all(a->torque, a->stride, b->torque, b->stride, def->body_count, 0);
}

/// Brings back every body that is out: joints that were idle for it hold again, broken ones do not.
static void bring_back(ParaWorld world)
{
    for (int b = 0; b < para_world_view(world)->def->body_count; b++)
        para_world_enable_body(world, b);
}

static ParaSolverKind other(void)
{
    return scene_solver() == PARA_SOLVER_LANES ? PARA_SOLVER_CHIPMUNK : PARA_SOLVER_LANES;
}

static void check_other(Act *act, int steps)
{
    ParaWorldGroup *mine = scene_room(1), *others = para_world_group_create(other(), 1);
    ParaWorld from = lived(mine, 0, act, steps), to = para_world_at(others, 0);
    uint64_t before = para_world_hash(from);
    assert_true(para_world_mirror(to, from));
    assert_true(para_world_hash(from) == before);
    same_state(to, from);
    same_inputs(to, from);
    bring_back(from);
    bring_back(to);
    same_flags(para_world_view(from), para_world_view(to));
    scene_steps(to, 30);
    assert_int_equal(para_world_view(to)->status, PARA_WORLD_FINE);
    para_world_group_destroy(mine);
    para_world_group_destroy(others);
}

static void test_mirror_other_solver(void **state)
{
    (void)state;
    for (int steps = 40; steps < 140; steps += 33) {
        scene_walker(&scene, 3);
        check_other(walk, steps);
        scene_mixed(&scene);
        check_other(scene_mixed_act, steps);
        scene_machines(&scene);
        check_other(scene_machines_act, steps);
    }
}

/// A wheel on a hinge that has turned many times, and stays so.
static void test_mirror_counts_turns(void **state)
{
    (void)state;
    scene_begin(&scene);
    int ground = scene_body(&scene, PARA_BODY_STATIC, 0, 0),
        wheel = scene_body(&scene, PARA_BODY_DYNAMIC, 0, 0);
    scene_circle(&scene, 0.5f);
    scene_joint_at(&scene, PARA_JOINT_REVOLUTE, ground, wheel, 0, 0);
    scene.bodies[wheel].spin = 20.0f;
    ParaWorldGroup *mine = scene_room(1), *others = para_world_group_create(other(), 1);
    ParaWorld from = para_world_at(mine, 0), to = para_world_at(others, 0);
    scene_build(from, &scene);
    scene_steps(from, 120);
    assert_true(AT(para_world_view(from), joint_angle, 0) > 30.0f);
    assert_true(para_world_mirror(to, from));
    scene_near((double)AT(para_world_view(to), joint_angle, 0),
               (double)AT(para_world_view(from), joint_angle, 0), 1e-4);
    scene_steps(from, 30);
    scene_steps(to, 30);
    scene_near((double)AT(para_world_view(to), joint_angle, 0),
               (double)AT(para_world_view(from), joint_angle, 0), 0.1);
    para_world_group_destroy(mine);
    para_world_group_destroy(others);
}

/// Of the same solver it is a copy to the bit, be its group one of AUTO.
static void test_mirror_same_solver(void **state)
{
    (void)state;
    scene_mixed(&scene);
    ParaWorldGroup *mine = scene_room(2), *any = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaWorld from = lived(mine, 0, scene_mixed_act, 80), twin = para_world_at(mine, 1),
              far = para_world_at(any, 0);
    assert_true(para_world_mirror(twin, from));
    assert_true(para_world_mirror(far, from));
    scene_steps(from, 40);
    scene_steps(twin, 40);
    scene_steps(far, 40);
    assert_true(para_world_hash(from) == para_world_hash(twin));
    if (para_world_solver(far) == scene_solver())
        assert_true(para_world_hash(from) == para_world_hash(far));
    para_world_group_destroy(mine);
    para_world_group_destroy(any);
}

/// What a world was before leaves no trace.
static void test_mirror_forgets(void **state)
{
    (void)state;
    scene_mixed(&scene);
    ParaWorldGroup *mine = scene_room(1), *others = para_world_group_create(other(), 2);
    ParaWorld from = lived(mine, 0, scene_mixed_act, 80), fresh = para_world_at(others, 0),
              used = lived(others, 1, scene_mixed_act, 133);
    assert_true(para_world_mirror(fresh, from));
    assert_true(para_world_mirror(used, from));
    scene_steps(fresh, 40);
    scene_steps(used, 40);
    assert_true(para_world_hash(fresh) == para_world_hash(used));
    para_world_group_destroy(mine);
    para_world_group_destroy(others);
}

static void test_mirror_diverged(void **state)
{
    (void)state;
    scene_mixed(&scene);
    ParaWorldGroup *mine = scene_room(1), *others = para_world_group_create(other(), 1);
    ParaWorld from = lived(mine, 0, scene_mixed_act, 10), to = para_world_at(others, 0);
    para_world_set_gravity(from, (ParaVec2){NAN, 0});
    assert_true(para_world_mirror(to, from));
    assert_int_equal(para_world_view(to)->status, PARA_WORLD_DIVERGED);
    assert_true(para_world_mirror(from, from));
    para_world_group_destroy(mine);
    para_world_group_destroy(others);
}

const struct CMUnitTest para_tests_world_mirror[] = {
    SCENE_TEST(test_mirror_other_solver), SCENE_TEST(test_mirror_counts_turns),
    SCENE_TEST(test_mirror_same_solver),  SCENE_TEST(test_mirror_forgets),
    SCENE_TEST(test_mirror_diverged),
};
const size_t para_tests_world_mirror_count = sizeof para_tests_world_mirror / sizeof *para_tests_world_mirror;
