// SPDX-License-Identifier: MIT
// What is done to a world: motors, limits, thrusters, forces, zones, sudden velocities, disabling, and
// what happens when a number is not one.
#include "engine/world/view_fields.h"
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static Scene scene;

/// A static base and one dynamic 1 kg box at (0, 5), joined; without gravity unless asked for.
static void joined(ParaJointKind kind, bool gravity)
{
    scene_begin(&scene);
    if (!gravity)
        scene.def.gravity = (ParaVec2){0, 0};
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 5.0f);
    scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 5.0f);
    scene_box(&scene, 1.0f, 1.0f);
    scene_joint(&scene, kind, 0, 1, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[0].motored = kind == PARA_JOINT_REVOLUTE || kind == PARA_JOINT_PRISMATIC;
}

static void test_revolute_motor_reaches_its_rate_and_obeys_its_limit(void **state)
{
    (void)state;
    joined(PARA_JOINT_REVOLUTE, false);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    const ParaInputs *inputs = para_world_inputs(world);
    AT(inputs, motor_rate, 0) = 3.0f;
    scene_steps(world, 30);
    scene_near((double)AT(view, spin, 1), 0.0, 1e-9); // motor_max 0: off
    AT(inputs, motor_max, 0) = 0.5f;
    scene_steps(world, 6); // 0.5 N m on 1/6 kg m^2: 3 rad/s^2
    scene_near((double)AT(view, spin, 1), 0.3, 1e-3);
    AT(inputs, motor_max, 0) = 50.0f;
    scene_steps(world, 30);
    scene_near((double)AT(view, spin, 1), 3.0, 1e-3);
    scene_near((double)AT(view, joint_speed, 0), 3.0, 1e-3);
    scene_near((double)AT(view, joint_angle, 0), (double)AT(view, angle, 1), 1e-6);
    AT(inputs, motor_rate, 0) = -3.0f;
    scene_steps(world, 30);
    scene_near((double)AT(view, spin, 1), -3.0, 1e-3);
    para_world_group_destroy(group);
}

static void test_revolute_limits_hold_from_the_start_angle(void **state)
{
    (void)state;
    joined(PARA_JOINT_REVOLUTE, false);
    scene.bodies[1].angle = 0.7f;
    scene.joints[0].limited = true;
    scene.joints[0].lower = -0.5f;
    scene.joints[0].upper = 1.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    const ParaInputs *inputs = para_world_inputs(world);
    scene_near((double)AT(view, joint_angle, 0), 0.0, 1e-6);
    AT(inputs, motor_max, 0) = 5.0f;
    AT(inputs, motor_rate, 0) = 4.0f;
    scene_steps(world, 120);
    scene_near((double)AT(view, joint_angle, 0), 1.0, 0.03);
    AT(inputs, motor_rate, 0) = -4.0f;
    scene_steps(world, 120);
    scene_near((double)AT(view, joint_angle, 0), -0.5, 0.03);
    para_world_group_destroy(group);
}

static void test_prismatic_motor_lifts_against_gravity(void **state)
{
    (void)state;
    joined(PARA_JOINT_PRISMATIC, true);
    scene.joints[0].axis = (ParaVec2){0.0f, 1.0f};
    scene.joints[0].limited = true;
    scene.joints[0].lower = -2.0f;
    scene.joints[0].upper = 3.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    const ParaInputs *inputs = para_world_inputs(world);
    AT(inputs, motor_rate, 0) = 0.5f;
    AT(inputs, motor_max, 0) = 40.0f;
    scene_steps(world, 120);
    scene_near((double)AT(view, vy, 1), 0.5, 0.01); // no sag: the motor is solved with everything else
    scene_near((double)AT(view, joint_speed, 0), 0.5, 0.01);
    scene_near((double)AT(view, joint_angle, 0), 1.0, 0.05);
    scene_near((double)AT(view, joint_load, 0), 9.81, 0.2);
    scene_near((double)AT(view, x, 1), 0.0, 1e-3);
    scene_near((double)AT(view, angle, 1), 0.0, 1e-3);
    scene_steps(world, 400);
    scene_near((double)AT(view, joint_angle, 0), 3.0, 0.05); // the upper end
    AT(inputs, motor_max, 0) = 5.0f;                         // too weak to hold 9.81 N
    scene_steps(world, 300);
    scene_near((double)AT(view, joint_angle, 0), -2.0, 0.08);
    para_world_group_destroy(group);
}

static void test_distance_weld_and_spring_hold_what_they_promise(void **state)
{
    (void)state;
    static const ParaJointKind kinds[] = {PARA_JOINT_DISTANCE, PARA_JOINT_DISTANCE, PARA_JOINT_WELD,
                                          PARA_JOINT_SPRING};
    for (int i = 0; i < 4; i++) {
        scene_begin(&scene);
        scene_body(&scene, PARA_BODY_STATIC, 0.0f, 5.0f);
        scene_body(&scene, PARA_BODY_DYNAMIC, 1.0f, 5.0f);
        scene_box(&scene, 0.5f, 0.5f); // 0.25 kg
        scene_joint(&scene, kinds[i], 0, 1, (ParaVec2){i == 2 ? 1.0f : 0.0f, 0}, (ParaVec2){0, 0});
        if (i == 1) {
            scene.joints[0].limited = true;
            scene.joints[0].lower = 0.5f;
            scene.joints[0].upper = 2.0f;
        }
        scene.joints[0].stiffness = 10.0f;
        scene.joints[0].damping = 1.0f;
        scene.joints[0].rest = 1.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        const double length[] = {1.0, 2.0, 0.0, 1.0 + 0.25 * 9.81 / 10.0};
        const double slack[] = {0.03, 0.04, 0.02, 0.02};
        scene.bodies[1].linear_damping = 1.0f;
        for (int k = 0; k < 1800; k++) {
            para_world_step(world);
            if (k > 60 && i != 1 && i != 3)
                scene_near((double)AT(view, joint_angle, 0), length[i], slack[i]);
            if (k > 60 && i == 1)
                assert_true(AT(view, joint_angle, 0) < 2.0f + (float)slack[i]);
        }
        if (i == 3) {
            scene_near((double)AT(view, joint_angle, 0), length[i], 0.25); // still swings, so a little longer
            assert_true(AT(view, joint_load, 0) > 0.0f);
        }
        if (i == 2)
            scene_near((double)AT(view, angle, 1), 0.0, 0.02);
        para_world_group_destroy(group);
    }
}

static void test_thruster_forces_and_torques_move_as_newton_says(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 3; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 10.0f * (float)i, 0.0f);
        scene_box(&scene, 1.0f, 1.0f);
    }
    scene.bodies[0].angle = 1.5707963f;
    scene.thrusters[0] = (ParaThrusterDef){0, {0.0f, 0.0f}, {0.0f, 1.0f}, 6.0f};
    scene.thrusters[1] = (ParaThrusterDef){1, {0.5f, 0.0f}, {0.0f, 1.0f}, 1.0f};
    scene.def.thruster_count = 2;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    const ParaInputs *inputs = para_world_inputs(world);
    AT(inputs, throttle, 0) = 0.5f;
    AT(inputs, throttle, 1) = 40.0f; // counts as 1
    AT(inputs, force_x, 2) = 2.0f;
    AT(inputs, torque, 2) = 1.0f;
    scene_steps(world, 1);
    scene_near((double)AT(view, vx, 0), -3.0 / 60.0, 1e-6); // turned by 90 degrees
    scene_near((double)AT(view, vy, 0), 0.0, 1e-6);
    scene_near((double)AT(view, vy, 1), 1.0 / 60.0, 1e-6);
    scene_near((double)AT(view, spin, 1), 0.5 * 6.0 / 60.0, 1e-6);
    scene_near((double)AT(view, vx, 2), 2.0 / 60.0, 1e-6);
    scene_near((double)AT(view, spin, 2), 6.0 / 60.0, 1e-6);
    scene_steps(world, 59); // kept until changed
    scene_near((double)AT(view, vx, 2), 2.0, 1e-4);
    para_world_apply_impulse(world, 2, (ParaVec2){-2.0f, 1.0f});
    scene_near((double)AT(view, vx, 2), 0.0, 1e-4); // at once
    scene_near((double)AT(view, vy, 2), 1.0, 1e-6);
    para_world_set_velocity(world, 0, (ParaVec2){7.0f, 8.0f}, 9.0f);
    scene_near((double)AT(view, spin, 0), 9.0, 1e-6);
    scene_build(world, &scene);
    scene_near((double)AT(para_world_inputs(world), force_x, 2), 0.0, 0.0); // zero after a build
    para_world_group_destroy(group);
}

static void test_inputs_hold_over_all_substeps(void **state)
{
    (void)state;
    for (int substeps = 1; substeps <= 4; substeps += 3) {
        scene_begin(&scene);
        scene.def.substeps = substeps;
        scene.def.gravity = (ParaVec2){0, 0};
        scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
        scene_box(&scene, 1.0f, 1.0f);
        scene.zones[scene_zone_box(&scene, 0.0f, 0.0f, 4.0f, 4.0f)].acceleration = (ParaVec2){0.0f, 1.0f};
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        AT(para_world_inputs(world), force_x, 0) = 3.0f;
        scene_steps(world, 30);
        scene_near((double)AT(para_world_view(world), vx, 0), 1.5, 1e-5);
        scene_near((double)AT(para_world_view(world), vy, 0), 0.5, 1e-5);
        para_world_group_destroy(group);
    }
}

static void test_zones_notice_push_and_drag(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    for (int i = 0; i < 4; i++) {
        scene_body(&scene, PARA_BODY_DYNAMIC, 5.0f * (float)i, 0.0f);
        scene.shapes[scene_circle(&scene, 0.3f)].density = 1.0f + (float)i;
    }
    scene.bodies[2].velocity = (ParaVec2){0.0f, 2.0f};
    scene.zones[scene_zone_box(&scene, 5.0f, 0.0f, 2.0f, 2.0f)].acceleration = (ParaVec2){1.0f, 2.0f};
    scene.zones[0].angle = 0.5f;
    scene.zones[1] = para_zone_def_default();
    scene.zones[1].position = (ParaVec2){10.0f, 0.0f};
    scene.zones[1].radius = 30.0f;
    scene.zones[1].drag = 0.8f;
    scene.def.zone_count = 2;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    assert_int_equal(AT(view, zone_bits, 0), 2); // valid before the first step
    assert_int_equal(AT(view, zone_bits, 1), 3);
    scene_steps(world, 30);
    scene_near((double)AT(view, vx, 0), 0.0, 1e-9);
    // dv/dt = a - drag v, whatever the mass
    double reached = (1.0 - exp(-0.8 * 0.5)) / 0.8;
    scene_near((double)AT(view, vx, 1), reached, 0.01);
    scene_near((double)AT(view, vy, 1), 2.0 * reached, 0.02);
    scene_near((double)AT(view, vy, 2), 2.0 * exp(-0.8 * 0.5), 1e-4);
    scene.zones[1].drag = 9000.0f; // stops a body, never throws it back
    scene_build(world, &scene);
    scene_steps(world, 3);
    scene_near((double)AT(para_world_view(world), vy, 2), 0.0, 1e-6);
    para_world_group_destroy(group);
}

static void test_zone_ends_where_its_area_ends(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    scene_body(&scene, PARA_BODY_DYNAMIC, -3.01f, 0.0f); // never exactly on the rim
    scene_circle(&scene, 0.9f);
    scene.bodies[0].velocity = (ParaVec2){3.0f, 0.0f};
    scene_zone_box(&scene, 0.0f, 0.0f, 2.0f, 2.0f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    int inside = 0;
    for (int i = 0; i < 120; i++) {
        para_world_step(world);
        bool in = AT(view, zone_bits, 0) & 1u; // by the centre of mass, not by the rim
        assert_int_equal(in, fabsf(AT(view, centre_x, 0)) <= 1.0f);
        inside += in;
    }
    assert_in_range(inside, 39, 42);
    para_world_group_destroy(group);
}

static void test_kinematic_body_carries_and_keeps_its_way(void **state)
{
    (void)state;
    scene_begin(&scene);
    int lift = scene_body(&scene, PARA_BODY_KINEMATIC, 0.0f, 0.0f);
    scene_box(&scene, 4.0f, 0.5f);
    scene.bodies[lift].velocity = (ParaVec2){0.5f, 1.0f};
    int load = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    scene.shapes[scene_box(&scene, 0.5f, 0.5f)].density = 500.0f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 120);
    scene_near((double)AT(view, x, lift), 1.0, 1e-4);
    scene_near((double)AT(view, y, lift), 2.0, 1e-4);
    scene_near((double)AT(view, mass, lift), 0.0, 0.0);
    scene_near((double)AT(view, y, load), 2.5, 0.05);
    scene_near((double)AT(view, vx, load), 0.5, 0.02);
    para_world_group_destroy(group);
}

static void test_disabled_body_is_out_of_the_world(void **state)
{
    (void)state;
    scene_begin(&scene);
    scene_floor(&scene, 0.5f, 0.0f);
    int low = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.5f);
    int low_shape = scene_box(&scene, 1.0f, 1.0f);
    int high = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 1.5f);
    scene_box(&scene, 1.0f, 1.0f);
    scene_joint(&scene, PARA_JOINT_SPRING, low, high, (ParaVec2){0, 0}, (ParaVec2){0, 0});
    scene.joints[0].collide = true;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    scene_steps(world, 60);
    scene_near((double)AT(view, y, high), 1.5, 0.05);
    float x = AT(view, x, low), y = AT(view, y, low);
    para_world_disable_body(world, low);
    para_world_disable_body(world, low); // twice is once
    assert_int_equal(AT(view, enabled, low), 0);
    assert_int_equal(AT(view, enabled, high), 1);
    para_world_step(world);
    int ended = 0;
    for (int i = 0; i < view->event_count; i++)
        ended += view->events[i].kind == PARA_EVENT_END &&
                 (view->events[i].shape_a == low_shape || view->events[i].shape_b == low_shape);
    assert_int_equal(ended, 2); // from the floor and from the other box
    scene_steps(world, 60);
    scene_near((double)AT(view, y, high), 0.5, 0.05); // fell through its place
    assert_true(AT(view, x, low) == x && AT(view, y, low) == y);
    assert_int_equal(para_world_ray(world, (ParaVec2){-5, y}, (ParaVec2){5, y}, 0xffffffffu, 0).shape, 2);
    para_world_apply_impulse(world, low, (ParaVec2){5, 5}); // no effect, no harm
    para_world_set_velocity(world, low, (ParaVec2){5, 5}, 1);
    AT(para_world_inputs(world), force_x, low) = 3.0f;
    scene_steps(world, 5);
    assert_int_equal(view->status, PARA_WORLD_FINE);
    para_world_group_destroy(group);
}

/// Ways in which a walker's world runs away: by its inputs in the next step, or at once.
enum { WAYS = 8 };

static void make_diverge(ParaWorld world, int way)
{
    const ParaInputs *inputs = para_world_inputs(world);
    switch (way) {
    case 0:
        AT(inputs, force_x, 3) = NAN;
        break;
    case 1:
        AT(inputs, torque, 3) = INFINITY;
        break;
    case 2:
        AT(inputs, motor_rate, 1) = NAN;
        break; // joint 1 turns body 3
    case 3:
        AT(inputs, motor_max, 1) = NAN;
        break;
    case 4:
        AT(inputs, throttle, 0) = NAN;
        break;
    case 5:
        para_world_apply_impulse(world, 3, (ParaVec2){NAN, 0});
        break;
    case 6:
        para_world_set_velocity(world, 3, (ParaVec2){0, 0}, INFINITY);
        break;
    default:
        AT(inputs, force_y, 3) = 1e9f;
        break; // finite, but it runs away
    }
}

static void test_bad_number_stops_its_world_alone(void **state)
{
    (void)state;
    for (int kind = 0; kind < WAYS; kind++) {
        scene_walker(&scene, 2);
        scene.thrusters[0] = (ParaThrusterDef){3, {0, 0}, {1, 0}, 1.0f};
        scene.def.thruster_count = 1;
        ParaWorldGroup *group = scene_group(&scene, 3);
        for (int i = 1; i < 3; i++)
            scene_build(para_world_at(group, i), &scene);
        para_world_group_step(group, 0, 3, NULL);
        ParaWorld world = para_world_at(group, 1);
        const ParaView *view = para_world_view(world);
        const ParaInputs *inputs = para_world_inputs(world);
        float x = AT(view, x, 3);
        AT(inputs, motor_max, 1) = 5.0f;
        make_diverge(world, kind);
        for (int i = 0; i < 40; i++)
            para_world_group_step(group, 0, 3, NULL);
        assert_int_equal(view->status, PARA_WORLD_DIVERGED);
        // What is no number is found before the step; one that runs away drags those it is joined to along.
        if (kind < 7)
            assert_int_equal(view->diverged_body, 3);
        else
            assert_in_range(view->diverged_body, 1, 5);
        assert_int_equal(view->step, 1); // stands still, with its last sane state
        assert_true(AT(view, x, 3) == x);
        assert_int_equal(view->event_count, 0);
        assert_int_equal(para_world_ray(world, (ParaVec2){0, 5}, (ParaVec2){0, -5}, 1, 0).shape, -1);
        const ParaView *others[] = {para_world_view(para_world_at(group, 0)),
                                    para_world_view(para_world_at(group, 2))};
        assert_int_equal(others[0]->status, PARA_WORLD_FINE);
        assert_int_equal(others[1]->step, 41);
        assert_int_equal(para_world_hash(para_world_at(group, 0)), para_world_hash(para_world_at(group, 2)));
        scene_build(world, &scene); // a rebuilt world is healthy again
        scene_steps(world, 41);
        assert_int_equal(para_world_hash(world), para_world_hash(para_world_at(group, 0)));
        para_world_group_destroy(group);
    }
}

/// Everything a view shows of bodies and joints.
typedef struct Shown {
    uint8_t bytes[32768];
    size_t size;
} Shown;

static void add_shown(Shown *shown, const void *element, size_t size)
{
    assert_true(shown->size + size <= sizeof shown->bytes);
    memcpy(shown->bytes + shown->size, element, size);
    shown->size += size;
}

static Shown shown_by(const ParaView *view)
{
    Shown shown = {.size = 0};
#define ADD(field) add_shown(&shown, &AT(view, field, i), sizeof *view->field);
    for (int i = 0; i < view->def->body_count; i++) {
        PARA_VIEW_BODY_FIELDS(ADD) ADD(zone_bits) ADD(enabled)
    }
    for (int i = 0; i < view->def->joint_count; i++) {
        ADD(joint_enabled) ADD(joint_angle) ADD(joint_speed) ADD(joint_load)
    }
#undef ADD
    add_shown(&shown, &view->gravity, sizeof view->gravity);
    add_shown(&shown, view->zones, sizeof *view->zones * (size_t)view->def->zone_count);
    add_shown(&shown, &view->step, sizeof view->step);
    add_shown(&shown, &view->time, sizeof view->time);
    return shown;
}

static void test_diverged_world_stands_still_whatever_is_done(void **state)
{
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        scene_walker(&scene, 2);
        scene.thrusters[0] = (ParaThrusterDef){3, {0, 0}, {1, 0}, 1.0f};
        scene.def.thruster_count = 1;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        AT(para_world_inputs(world), motor_max, 1) = 5.0f;
        scene_steps(world, 30);
        Shown sane = shown_by(view);
        make_diverge(world, way);
        para_world_step(world);
        int culprit = view->diverged_body;
        uint64_t hash = para_world_hash(world);
        for (int act = 0; act < 8 + SCENE_CHANGES; act++) {
            assert_int_equal(view->status, PARA_WORLD_DIVERGED);
            assert_int_equal(view->diverged_body, culprit);
            assert_true(para_world_hash(world) == hash);
            assert_int_equal(view->contact_count + view->event_count, 0);
            Shown now = shown_by(view);
            if (now.size != sane.size || memcmp(now.bytes, sane.bytes, now.size) != 0)
                fail_msg("way %d: act %d shows", way, act);
            switch (act) {
            case 0:
                para_world_apply_impulse(world, 2, (ParaVec2){1, 2});
                break;
            case 1:
                para_world_set_velocity(world, 1, (ParaVec2){1, 2}, 3);
                break;
            case 2:
                para_world_apply_impulse(world, 4, (ParaVec2){NAN, 0});
                break;
            case 3:
                para_world_set_velocity(world, 4, (ParaVec2){0, 0}, NAN);
                break;
            case 4:
                para_world_set_velocity(world, 3, (ParaVec2){0, 0}, 0); // of the body that did
                break;
            case 5:
                para_world_disable_body(world, 5);
                break;
            case 6:
            case 7:
                para_world_step(world);
                break;
            default:
                scene_change(world, act);
            }
        }
        para_world_group_destroy(group);
    }
}

const struct CMUnitTest para_tests_world_acts[] = {
    SCENE_TEST(test_revolute_motor_reaches_its_rate_and_obeys_its_limit),
    SCENE_TEST(test_revolute_limits_hold_from_the_start_angle),
    SCENE_TEST(test_prismatic_motor_lifts_against_gravity),
    SCENE_TEST(test_distance_weld_and_spring_hold_what_they_promise),
    SCENE_TEST(test_thruster_forces_and_torques_move_as_newton_says),
    SCENE_TEST(test_inputs_hold_over_all_substeps),
    SCENE_TEST(test_zones_notice_push_and_drag),
    SCENE_TEST(test_zone_ends_where_its_area_ends),
    SCENE_TEST(test_kinematic_body_carries_and_keeps_its_way),
    SCENE_TEST(test_disabled_body_is_out_of_the_world),
    SCENE_TEST(test_bad_number_stops_its_world_alone),
    SCENE_TEST(test_diverged_world_stands_still_whatever_is_done),
};
const size_t para_tests_world_acts_count = sizeof para_tests_world_acts / sizeof *para_tests_world_acts;
