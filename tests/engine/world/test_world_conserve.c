// SPDX-License-Identifier: MIT
// What mechanics keeps: momentum, angular momentum and the straight way of the centre of mass where nothing
// acts from outside, whatever joints, motors and collisions do inside; force times time and r x F where
// something does; energy that never grows by itself. Sums are those of engine/world/measure.h.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>

static Scene scene;

/// A body whose centre of mass lies off its origin: a plate and a heavy ball at its end.
static int add_club(float x, float y, float angle, float density)
{
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene.bodies[body].angle = angle;
    scene.bodies[body].group = 1;
    scene.shapes[scene_box(&scene, 1.0f, 0.3f)].density = density;
    int ball = scene_circle(&scene, 0.25f);
    scene.points[scene.shapes[ball].point_first] = (ParaVec2){0.5f, 0.2f};
    scene.shapes[ball].density = 3.0f * density;
    return body;
}

/// Largest change of each sum in a run, each as a share of what is there to be exchanged.
typedef struct Drift {
    double momentum; ///< [1] of mass times speed summed over the bodies at the start
    double turn;     ///< [1] of the angular momentum of all bodies' ways and spins at the start, as sizes
    double way;      ///< [m] the common centre of mass off its straight line
    double gained;   ///< [1] energy above that of any step before, as a share of the start's
    double lost;     ///< [1] energy at the end below that of the start
} Drift;

/// Sizes of what bodies carry: they may cancel in the sums, but not in the errors.
static void sizes_of(const ParaView *view, double *out_momentum, double *out_turn)
{
    *out_momentum = *out_turn = 0;
    for (int i = 0; i < view->def->body_count; i++) {
        double m = (double)AT(view, mass, i), speed = hypot((double)AT(view, vx, i), (double)AT(view, vy, i));
        double far = hypot((double)AT(view, centre_x, i), (double)AT(view, centre_y, i));
        *out_momentum += m * speed;
        if (m > 0)
            *out_turn += m * speed * far + para_body_moment(view->def, i) * fabs((double)AT(view, spin, i));
    }
}

/// Runs a world that nothing pushes from outside.
static Drift drift_in(ParaWorld world, int steps)
{
    const ParaView *view = para_world_view(world);
    Drift drift = {0};
    ParaWorldMotion start = para_world_motion(view);
    double momentum, turn, energy = para_energy_total(para_world_energy(view)), least = energy;
    sizes_of(view, &momentum, &turn);
    for (int i = 0; i < steps; i++) {
        para_world_step(world);
        ParaWorldMotion now = para_world_motion(view);
        drift.momentum =
            fmax(drift.momentum,
                 hypot(now.momentum_x - start.momentum_x, now.momentum_y - start.momentum_y) / momentum);
        drift.turn = fmax(drift.turn, fabs(now.angular_momentum - start.angular_momentum) / turn);
        drift.way = fmax(drift.way, hypot(now.x - start.x - start.momentum_x / start.mass * view->time,
                                          now.y - start.y - start.momentum_y / start.mass * view->time));
        double after = para_energy_total(para_world_energy(view));
        drift.gained = fmax(drift.gained, (after - least) / energy);
        least = fmin(least, after);
        drift.lost = 1.0 - after / energy;
    }
    assert_int_equal(view->status, PARA_WORLD_FINE);
    return drift;
}

// ---------------------------------------------------------------------------------------------
// Joints between two bodies that fly freely.

typedef struct Pair {
    const char *name;
    ParaJointKind kind;
    bool limited, passive; ///< passive: neither motor nor damper
    float lower, upper, motor_rate, motor_max, stiffness, damping;
    double turn[2], gained[2], lost[2]; ///< limits for chipmunk and lanes; energy where passive alone
} Pair;

// Limits are about twice what 300 steps showed. On chipmunk velocities are half a step ahead of the places,
// so that the sum of energies swings with a spring; it comes back. Limits are hit without bounce, so those
// pairs lose energy by right.
static const Pair pairs[] = {
    {"hinge", PARA_JOINT_REVOLUTE, false, true, 0, 0, 0, 0, 0, 0, {1e-6, 2e-5}, {1e-3, 5e-5}, {1e-3, 1e-4}},
    {"hinge between limits",
     PARA_JOINT_REVOLUTE,
     true,
     true,
     -0.1f,
     0.25f,
     0,
     0,
     0,
     0,
     {1e-6, 2e-5},
     {1e-3, 5e-5},
     {1, 1}},
    {"hinge with motor",
     PARA_JOINT_REVOLUTE,
     false,
     false,
     0,
     0,
     -4.0f,
     1.5f,
     0,
     0,
     {2e-6, 2e-3},
     {0, 0},
     {0, 0}},
    {"weld", PARA_JOINT_WELD, false, true, 0, 0, 0, 0, 0, 0, {1e-6, 4e-5}, {3e-4, 8e-5}, {3e-4, 1e-4}},
    {"rail", PARA_JOINT_PRISMATIC, false, true, 0, 0, 0, 0, 0, 0, {1e-6, 2e-5}, {3e-4, 8e-5}, {3e-4, 2e-4}},
    {"rail between limits",
     PARA_JOINT_PRISMATIC,
     true,
     true,
     -0.3f,
     0.5f,
     0,
     0,
     0,
     0,
     {1e-6, 2e-5},
     {3e-4, 1e-4},
     {1, 1}},
    {"rail with motor",
     PARA_JOINT_PRISMATIC,
     false,
     false,
     0,
     0,
     0.4f,
     2.0f,
     0,
     0,
     {1e-6, 2e-5},
     {0, 0},
     {0, 0}},
    {"rod", PARA_JOINT_DISTANCE, false, true, 0, 0, 0, 0, 0, 0, {1e-6, 2e-5}, {2e-3, 6e-4}, {1e-3, 3e-3}},
    {"rope", PARA_JOINT_DISTANCE, true, true, 0.5f, 1.4f, 0, 0, 0, 0, {6e-6, 2e-5}, {8e-3, 2e-3}, {1, 1}},
    {"spring",
     PARA_JOINT_SPRING,
     false,
     true,
     0,
     0,
     0,
     0,
     30.0f,
     0,
     {1e-6, 2e-5},
     {0.09, 0.03},
     {0.07, 2e-3}},
    {"damped spring", PARA_JOINT_SPRING, false, false, 0, 0, 0, 0, 30.0f, 0.8f, {1e-6, 2e-5}, {0, 0}, {0, 0}},
};
#define PAIRS (sizeof pairs / sizeof *pairs)

/// Two clubs that fly and turn, joined; velocities suit the joint, so that nothing is lost at the start.
static void make_pair(const Pair *pair)
{
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    int a = add_club(-0.6f, 0.1f, 0.3f, 1.0f), b = add_club(0.9f, -0.2f, -0.8f, 0.6f);
    bool line = pair->kind == PARA_JOINT_DISTANCE || pair->kind == PARA_JOINT_SPRING;
    if (line)
        scene_joint(&scene, pair->kind, a, b, (ParaVec2){0.4f, 0.1f}, (ParaVec2){-0.4f, 0.1f});
    else
        scene_joint_at(&scene, pair->kind, a, b, 0.2f, 0.15f);
    ParaJointDef *joint = &scene.joints[0];
    joint->axis = (ParaVec2){0.8f, 0.6f};
    joint->limited = pair->limited;
    joint->lower = pair->lower;
    joint->upper = pair->upper;
    joint->motored = pair->motor_max > 0;
    joint->stiffness = pair->stiffness;
    joint->damping = pair->damping;
    joint->rest = 0.7f;
    // A turn of both about (0, 0) as one, and on it what the joint leaves free.
    for (int i = 0; i < 2; i++) {
        scene.bodies[i].velocity =
            (ParaVec2){0.4f - 1.5f * scene.bodies[i].position.y, 0.2f + 1.5f * scene.bodies[i].position.x};
        scene.bodies[i].spin = 1.5f;
    }
    if (pair->kind == PARA_JOINT_REVOLUTE) { // b turns about the hinge
        scene.bodies[b].spin += 2.0f;
        scene.bodies[b].velocity.x -= 2.0f * (scene.bodies[b].position.y - 0.15f);
        scene.bodies[b].velocity.y += 2.0f * (scene.bodies[b].position.x - 0.2f);
    } else if (pair->kind == PARA_JOINT_PRISMATIC) { // b moves along the axis, 0.3 + atan2(0.6, 0.8) from x
        scene.bodies[b].velocity.x += 0.4f * (float)cos(0.9435011);
        scene.bodies[b].velocity.y += 0.4f * (float)sin(0.9435011);
    } else if (line) {
        scene.bodies[b].velocity.y += 1.0f;
    }
}

static void test_joints_keep_momentum(void **state)
{
    (void)state;
    int s = scene_solver() == PARA_SOLVER_LANES;
    for (size_t i = 0; i < PAIRS; i++) {
        const Pair *pair = &pairs[i];
        make_pair(pair);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        AT(para_world_inputs(world), motor_rate, 0) = pair->motor_rate;
        AT(para_world_inputs(world), motor_max, 0) = pair->motor_max;
        Drift drift = drift_in(world, 300);
        printf("%-20s momentum %.1e turn %.1e way %.1e m, energy gained %.1e lost %.1e\n", pair->name,
               drift.momentum, drift.turn, drift.way, drift.gained, drift.lost);
        assert_true(drift.momentum < scene_limit(3e-7, 2e-5)); // measured: 1e-7, 9e-6
        assert_true(drift.way < scene_limit(1e-6, 8e-5));      // measured: 5e-7, 4e-5
        assert_true(drift.turn < pair->turn[s]);
        if (pair->passive)
            assert_true(drift.gained < pair->gained[s] && drift.lost < pair->lost[s]);
        para_world_group_destroy(group);
    }
}

/// Forces and torques from outside on a jointed pair: the sums grow by just these.
static void test_jointed_bodies_take_on_force_times_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAIRS; i++) {
        make_pair(&pairs[i]);
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        const ParaInputs *inputs = para_world_inputs(world);
        AT(inputs, motor_rate, 0) = pairs[i].motor_rate;
        AT(inputs, motor_max, 0) = pairs[i].motor_max;
        AT(inputs, force_x, 0) = 2.0f;
        AT(inputs, force_y, 0) = -1.0f;
        AT(inputs, force_y, 1) = 3.0f;
        AT(inputs, torque, 0) = 0.5f;
        AT(inputs, torque, 1) = -1.5f;
        ParaWorldMotion start = para_world_motion(view);
        double turn = start.angular_momentum;
        for (int k = 0; k < 60; k++) {
            double x0 = (double)AT(view, centre_x, 0), y0 = (double)AT(view, centre_y, 0);
            double x1 = (double)AT(view, centre_x, 1);
            para_world_step(world);
            // Chipmunk moves bodies and then pushes them; lanes pushes and moves four times, so that a force
            // acts on average after 3/8 of the step's way.
            double share = scene_limit(1.0, 0.375);
            x0 += share * ((double)AT(view, centre_x, 0) - x0);
            y0 += share * ((double)AT(view, centre_y, 0) - y0);
            x1 += share * ((double)AT(view, centre_x, 1) - x1);
            turn += (x0 * -1.0 - y0 * 2.0 + x1 * 3.0 + 0.5 - 1.5) / 60.0;
        }
        ParaWorldMotion now = para_world_motion(view);
        printf("%-20s momentum (%.5f, %.5f) N s, turn %.4f of %.4f N m s\n", pairs[i].name,
               now.momentum_x - start.momentum_x, now.momentum_y - start.momentum_y,
               now.angular_momentum - start.angular_momentum, turn - start.angular_momentum);
        scene_near(now.momentum_x - start.momentum_x, 2.0, 1e-4);
        scene_near(now.momentum_y - start.momentum_y, 2.0, 1e-4);
        // Measured: 1e-7 to 3e-3; Chipmunk 0.14 where it also corrects anchors that have parted.
        bool corrected = pairs[i].turn[0] > 1e-3;
        scene_near(now.angular_momentum, turn, scene_limit(corrected ? 0.25 : 1e-3, 6e-3));
        para_world_group_destroy(group);
    }
}

// ---------------------------------------------------------------------------------------------
// Collisions.

typedef enum { KIND_BALL, KIND_BOX, KIND_CAPSULE, KIND_WEDGE, KIND_NUT, KIND_COUNT } Kind;
static const char *const kind_names[] = {"ball", "box", "capsule", "wedge", "nut"};

static void add_kind(Kind kind)
{
    ParaVec2 wedge[] = {{-0.4f, -0.3f}, {0.5f, -0.3f}, {-0.4f, 0.4f}};
    ParaVec2 nut[6];
    for (int i = 0; i < 6; i++)
        nut[i] = (ParaVec2){0.45f * (float)cos(i * PARA_TAU / 6), 0.45f * (float)sin(i * PARA_TAU / 6)};
    switch (kind) {
    case KIND_BALL:
        scene_circle(&scene, 0.4f);
        break;
    case KIND_BOX:
        scene_box(&scene, 0.9f, 0.6f);
        break;
    case KIND_CAPSULE:
        scene_segment(&scene, (ParaVec2){-0.4f, 0.0f}, (ParaVec2){0.4f, 0.0f}, 0.25f);
        break;
    case KIND_WEDGE:
        scene_polygon(&scene, wedge, 3);
        break;
    default:
        scene_polygon(&scene, nut, 6);
        break;
    }
}

static void test_collisions_keep_momentum(void **state)
{
    (void)state;
    for (Kind one = 0; one < KIND_COUNT; one++) {
        for (Kind two = one; two < KIND_COUNT; two++) {
            scene_begin(&scene);
            scene.def.gravity = (ParaVec2){0, 0};
            for (int i = 0; i < 2; i++) {
                int body = scene_body(&scene, PARA_BODY_DYNAMIC, i ? 1.5f : -1.0f, i ? 0.25f : -0.1f);
                scene.bodies[body].velocity = (ParaVec2){i ? -1.0f : 3.0f, i ? -0.3f : 0.2f};
                scene.bodies[body].spin = i ? 1.0f : -2.0f;
                scene.bodies[body].angle = i ? 0.4f : 0.1f;
                add_kind(i ? two : one);
                scene.shapes[i].density = i ? 3.0f : 1.0f;
                scene.shapes[i].friction = 0.8f;
                scene.shapes[i].restitution = 0.9f;
            }
            ParaWorldGroup *group = scene_group(&scene, 1);
            ParaWorld world = para_world_at(group, 0);
            Drift drift = drift_in(world, 90);
            printf("%-7s on %-7s momentum %.1e turn %.1e way %.1e m, energy gained %.1e lost %.1e\n",
                   kind_names[one], kind_names[two], drift.momentum, drift.turn, drift.way, drift.gained,
                   drift.lost);
            assert_true(drift.momentum < 1e-6); // measured: 9.5e-8, 4.7e-7
            // Measured: 1.2e-2, 1.4e-2. What undoes overlap moves bodies without momentum.
            assert_true(drift.turn < 0.03);
            assert_true(drift.way < 5e-6 && drift.gained < 1e-6); // measured: 2.5e-6, 1.9e-7
            assert_true(drift.lost > 0.01);                       // they did meet
            para_world_group_destroy(group);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// What acts from outside.

/// A club alone, without gravity, at rest, with a thruster of 5 N.
static void make_lone_club(double angle)
{
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0, 0};
    add_club(1.0f, -2.0f, (float)angle, 2.0f);
    scene.thrusters[0] = (ParaThrusterDef){0, {-0.3f, 0.1f}, {0.6f, 0.8f}, 5.0f};
    scene.def.thruster_count = 1;
}

/// The club by hand: a plate of 0.3 m^2 and a disc of radius 0.25 m three times as dense at (0.5, 0.2).
static void club_by_hand(double *out_mass, double *out_x, double *out_y, double *out_moment)
{
    double plate = 2.0 * 0.3, disc = 6.0 * PARA_PI * 0.0625, mass = plate + disc;
    double x = disc * 0.5 / mass, y = disc * 0.2 / mass;
    *out_mass = mass;
    *out_x = x;
    *out_y = y;
    *out_moment = plate * (1.0 + 0.09) / 12.0 + plate * (x * x + y * y) + 0.5 * disc * 0.0625 +
                  disc * ((0.5 - x) * (0.5 - x) + (0.2 - y) * (0.2 - y));
}

static void test_thruster_gives_force_and_its_torque(void **state)
{
    (void)state;
    double mass, x, y, moment;
    club_by_hand(&mass, &x, &y, &moment);
    static const float throttles[] = {1.0f, 0.25f, -0.5f, -3.0f};
    for (int turn = 0; turn < 5; turn++)
        for (int t = 0; t < 4; t++) {
            double angle = 0.7 * turn, c = cos(angle), s = sin(angle);
            make_lone_club(angle);
            ParaWorldGroup *group = scene_group(&scene, 1);
            ParaWorld world = para_world_at(group, 0);
            AT(para_world_inputs(world), throttle, 0) = throttles[t];
            para_world_step(world);
            const ParaView *view = para_world_view(world);
            double force = 5.0 * fmax(-1.0, (double)throttles[t]), dt = 1.0 / 60.0;
            double fx = force * (c * 0.6 - s * 0.8), fy = force * (s * 0.6 + c * 0.8);
            scene_near((double)AT(view, vx, 0), fx * dt / mass, 1e-6);
            scene_near((double)AT(view, vy, 0), fy * dt / mass, 1e-6);
            // r x F in the body's frame, r from the centre of mass
            double torque = force * ((-0.3 - x) * 0.8 - (0.1 - y) * 0.6);
            scene_near((double)AT(view, spin, 0), torque * dt / moment, 1e-6);
            para_world_group_destroy(group);
        }
}

static void test_thruster_turns_with_its_body(void **state)
{
    (void)state;
    double mass, x, y, moment;
    club_by_hand(&mass, &x, &y, &moment);
    make_lone_club(0.0);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    AT(para_world_inputs(world), throttle, 0) = 1.0f;
    double torque = 5.0 * ((-0.3 - x) * 0.8 - (0.1 - y) * 0.6), vx = 0, vy = 0;
    for (int i = 0; i < 120; i++) {
        double angle = (double)AT(view, angle, 0); // forces are those of the step's begin
        vx += 5.0 * (cos(angle) * 0.6 - sin(angle) * 0.8) / mass / 60.0;
        vy += 5.0 * (sin(angle) * 0.6 + cos(angle) * 0.8) / mass / 60.0;
        para_world_step(world);
    }
    assert_true(fabs((double)AT(view, angle, 0)) > 3.0); // it did turn
    scene_near((double)AT(view, spin, 0), 2.0 * torque / moment, 1e-4);
    scene_near((double)AT(view, vx, 0), vx, 1e-4);
    scene_near((double)AT(view, vy, 0), vy, 1e-4);
    para_world_group_destroy(group);
}

static void test_forces_act_at_the_centre_of_mass(void **state)
{
    (void)state;
    double mass, x, y, moment;
    club_by_hand(&mass, &x, &y, &moment);
    make_lone_club(1.1);
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    const ParaView *view = para_world_view(world);
    const ParaInputs *inputs = para_world_inputs(world);
    scene_near((double)AT(view, mass, 0), mass, 1e-6);
    AT(inputs, force_x, 0) = 3.0f;
    AT(inputs, force_y, 0) = -2.0f;
    scene_steps(world, 30);
    scene_near((double)AT(view, vx, 0), 1.5 / mass, 1e-5);
    scene_near((double)AT(view, vy, 0), -1.0 / mass, 1e-5);
    scene_near((double)AT(view, spin, 0), 0.0, 1e-9); // no torque
    AT(inputs, force_x, 0) = AT(inputs, force_y, 0) = 0.0f;
    AT(inputs, torque, 0) = -0.8f;
    scene_steps(world, 30);
    scene_near((double)AT(view, spin, 0), -0.4 / moment, 1e-5);
    scene_near((double)AT(view, vx, 0), 1.5 / mass, 1e-5); // no force
    AT(inputs, torque, 0) = 0.0f;
    para_world_apply_impulse(world, 0, (ParaVec2){-1.5f, 0.5f});
    scene_near((double)AT(view, vx, 0), 0.0, 1e-5);
    scene_near((double)AT(view, vy, 0), -0.5 / mass, 1e-5);
    scene_near((double)AT(view, spin, 0), -0.4 / moment, 1e-5);
    para_world_set_velocity(world, 0, (ParaVec2){0.4f, 0.3f}, 2.0f);
    double cx = (double)AT(view, centre_x, 0), cy = (double)AT(view, centre_y, 0),
           angle = (double)AT(view, angle, 0);
    scene_steps(world, 60); // the centre goes straight, the body turns about it
    scene_near((double)AT(view, centre_x, 0), cx + 0.4, 1e-4);
    scene_near((double)AT(view, centre_y, 0), cy + 0.3, 1e-4);
    scene_near((double)AT(view, angle, 0), angle + 2.0, 1e-4);
    double c = cos(angle + 2.0), s = sin(angle + 2.0);
    scene_near((double)AT(view, x, 0), cx + 0.4 - (c * x - s * y), 1e-4);
    scene_near((double)AT(view, y, 0), cy + 0.3 - (s * x + c * y), 1e-4);
    para_world_group_destroy(group);
}

/// Mass and moment of each kind of shape, the moment by what a torque does.
static void test_masses_and_moments_are_those_of_the_shapes(void **state)
{
    (void)state;
    // wedge: right angle at (-0.4, -0.3), legs 0.9 and 0.7: m (a^2 + b^2) / 18. nut: 6 triangles of side
    // 0.45: area 3 sqrt(3) / 2 r^2, moment 5 m r^2 / 12. capsule: bar and two half discs moved out by 0.4.
    double wedge = 0.5 * 0.9 * 0.7, nut = 1.5 * sqrt(3.0) * 0.2025, ends = PARA_PI * 0.0625, bar = 0.8 * 0.5;
    double half = 4.0 * 0.25 / (3.0 * PARA_PI); // [m] centre of a half disc off its flat side
    double own = 0.5 * 0.0625 - half * half;    // [m^2] its moment per mass about that centre
    double masses[KIND_COUNT] = {PARA_PI * 0.16, 0.54, bar + ends, wedge, nut};
    double moments[KIND_COUNT] = {0.5 * PARA_PI * 0.16 * 0.16, 0.54 * (0.81 + 0.36) / 12.0,
                                  bar * (0.64 + 0.25) / 12.0 + ends * (own + (0.4 + half) * (0.4 + half)),
                                  wedge * (0.81 + 0.49) / 18.0, 5.0 * nut * 0.2025 / 12.0};
    for (Kind kind = 0; kind < KIND_COUNT; kind++) {
        scene_begin(&scene);
        scene.def.gravity = (ParaVec2){0, 0};
        scene_body(&scene, PARA_BODY_DYNAMIC, 3.0f, 1.0f);
        add_kind(kind);
        scene.shapes[0].density = 2.0f;
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        AT(para_world_inputs(world), torque, 0) = 0.3f;
        scene_steps(world, 60);
        const ParaView *view = para_world_view(world);
        scene_near((double)AT(view, mass, 0), 2.0 * masses[kind], 1e-5);
        double moment = 0.3 / (double)AT(view, spin, 0);
        if (fabs(moment - 2.0 * moments[kind]) > 1e-5 * moment)
            printf("%s: moment %.7f\n", kind_names[kind], moment);
        scene_near(moment, 2.0 * moments[kind], 2e-5 * moment);
        scene_near((double)AT(view, centre_x, 0), 3.0 + (kind == KIND_WEDGE ? -0.1 : 0.0), 1e-5);
        scene_near((double)AT(view, centre_y, 0), 1.0 + (kind == KIND_WEDGE ? -0.2 / 3.0 : 0.0), 1e-5);
        para_world_group_destroy(group);
    }
}

// ---------------------------------------------------------------------------------------------
// Energy in gravity.

/// A chain of clubs let go level from a pin.
static void make_swing(void)
{
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    for (int i = 0; i < 3; i++) {
        int club = add_club(0.5f + (float)i, 0.0f, 0.0f, 1.0f);
        scene_joint_at(&scene, PARA_JOINT_REVOLUTE, i ? club - 1 : 0, club, (float)i, 0.0f);
    }
}

/// Perfectly bouncing shapes in a closed box.
static void make_bounce(void)
{
    scene_begin(&scene);
    for (int i = 0; i < 4; i++) {
        scene_body(&scene, PARA_BODY_STATIC,
                   i < 2    ? 0.0f
                   : i == 2 ? -3.0f
                            : 3.0f,
                   i == 0   ? -3.0f
                   : i == 1 ? 3.0f
                            : 0.0f);
        scene_box(&scene, i < 2 ? 8.0f : 1.0f, i < 2 ? 1.0f : 8.0f);
    }
    for (Kind kind = 0; kind < KIND_COUNT; kind++) {
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, -1.8f + 0.9f * (float)kind, 0.2f * (float)kind);
        scene.bodies[body].velocity = (ParaVec2){2.0f - (float)kind, 1.0f};
        add_kind(kind);
    }
    for (int i = 0; i < scene.def.shape_count; i++)
        scene.shapes[i].restitution = 1.0f;
}

/// Boxes that fall on each other and on a floor.
static void make_heap(void)
{
    scene_begin(&scene);
    scene_floor(&scene, 0.6f, 0.0f);
    for (int i = 0; i < 9; i++) {
        int body = scene_body(&scene, PARA_BODY_DYNAMIC, 0.3f * (float)(i % 3), 0.5f + 0.7f * (float)i);
        scene.bodies[body].angle = 0.4f * (float)i;
        add_kind((Kind)(i % KIND_COUNT));
    }
}

static void test_energy_never_grows(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*make)(void);
        double limits[2]; // for chipmunk and lanes; measured 0.034 0.008, 0.011 0, 0.008 0.002; velocities of
                          // chipmunk are half a step ahead of the places: 0.034 is that of a fall
    } cases[] = {
        {"three clubs on a pin", make_swing, {0.05, 0.016}},
        {"bouncing shapes", make_bounce, {0.022, 1e-3}},
        {"heap", make_heap, {0.017, 4e-3}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cases[i].make();
        ParaWorldGroup *group = scene_group(&scene, 1);
        ParaWorld world = para_world_at(group, 0);
        const ParaView *view = para_world_view(world);
        double start = para_energy_total(para_world_energy(view)), most = start, fastest = 0;
        for (int k = 0; k < 600; k++) {
            para_world_step(world);
            most = fmax(most, para_energy_total(para_world_energy(view)));
            fastest = fmax(fastest, para_world_energy(view).kinetic);
        }
        double gained = (most - start) / fastest;
        printf("%s: %.1e of the energy of motion gained, %.1e lost at the end\n", cases[i].name, gained,
               (start - para_energy_total(para_world_energy(view))) / fastest);
        assert_true(gained < cases[i].limits[scene_solver() == PARA_SOLVER_LANES]);
        para_world_group_destroy(group);
    }
}

const struct CMUnitTest para_tests_world_conserve[] = {
    SCENE_TEST(test_joints_keep_momentum),
    SCENE_TEST(test_jointed_bodies_take_on_force_times_time),
    SCENE_TEST(test_collisions_keep_momentum),
    SCENE_TEST(test_thruster_gives_force_and_its_torque),
    SCENE_TEST(test_thruster_turns_with_its_body),
    SCENE_TEST(test_forces_act_at_the_centre_of_mass),
    SCENE_TEST(test_masses_and_moments_are_those_of_the_shapes),
    SCENE_TEST(test_energy_never_grows),
};
const size_t para_tests_world_conserve_count =
    sizeof para_tests_world_conserve / sizeof *para_tests_world_conserve;
