// SPDX-License-Identifier: MIT
// Bodies that jump and climb as players expect it, against hand-made numbers: how high, how late, how early,
// how often, from what; what holds on to a ladder, and what lets go of it.
#include "tests/worlds/rules/drill.h"

#include <math.h>
#include <stdlib.h>

static Drill drill;

#define GRAVITY 10.0
#define STEP    (1.0 / 60.0)
#define MASS    0.8 ///< [kg] of the runner
#define LEAP    5.0 ///< [m/s] of its jump
#define HALF    0.5 ///< [m] half its height

/// An upright box whose feet are at y = 0, on smooth ground that ends at x = 0; 0 jumps.
static ParaActuator *make_runner(float x)
{
    drill_begin(&drill);
    drill.scene.def.gravity = (ParaVec2){0, (float)-GRAVITY};
    int runner = drill_body(&drill, PARA_BODY_DYNAMIC, x, (float)HALF);
    drill.scene.shapes[scene_box(&drill.scene, 0.8f, 1.0f)].friction = 0;
    drill.scene.bodies[runner].fixed_rotation = true;
    drill_body(&drill, PARA_BODY_STATIC, -10.0f, -0.5f);
    scene_box(&drill.scene, 20.0f, 1.0f);
    drill_play_as(&drill, runner);
    ParaActuator *jump = drill_actuator(&drill, PARA_ACTUATOR_JUMP, 0);
    jump->body = runner;
    jump->impulse = (float)(LEAP * MASS);
    return jump;
}

static double height(void) { return (double)AT(drill_view(&drill), y, 0); }
static double rise(void) { return (double)AT(drill_view(&drill), vy, 0); }

/// One step with an action of the jump.
static void tick(float press)
{
    drill_act(&drill, press, 0);
    drill_steps(&drill, 1);
}

/// Does a press of one step make it jump? If so with the speed of a whole jump.
static bool leaps(void)
{
    double before = rise();
    tick(1);
    if (rise() < before + GRAVITY * STEP / 2)
        return false;
    scene_near(rise(), LEAP - GRAVITY * STEP, 0.05);
    return true;
}

/// The greatest height in so many steps.
static double top(int steps, float press)
{
    double most = height();
    for (int k = 0; k < steps; k++) {
        tick(press);
        most = fmax(most, height());
    }
    return most;
}

/// h = (J / m)^2 / 2 g.
static void test_jump_is_as_high_as_its_impulse_says(void **state)
{
    (void)state;
    static const double speeds[] = {3.0, 5.0, 8.0};
    for (int i = 0; i < 3; i++)
        for (int fine = 1; fine <= 4; fine *= 4) {
            ParaActuator *jump = make_runner(-5.0f);
            jump->impulse = (float)(speeds[i] * MASS);
            drill.scene.def.rate = 60.0f * (float)fine;
            drill_start(&drill);
            drill_steps(&drill, 10);
            double start = height(), wanted = speeds[i] * speeds[i] / (2 * GRAVITY);
            // A step of free fall is exact but for half a step's way.
            double slack = 0.001 + speeds[i] * STEP / 2 / fine;
            scene_near(top(120 * fine, 1) - start, wanted, fmax(0.02 * wanted, slack));
            drill_end(&drill);
        }
}

// ---------------------------------------------------------------------------------------------
// Late, early, short, often.

static bool stands(void)
{
    const ParaView *view = drill_view(&drill);
    return view->contact_count > 0 && fabsf(view->contacts[0].normal.y) > 0.5f;
}

/// Runs over the edge, and so many steps further without ground.
static void run_over_the_edge(float coyote, int further)
{
    ParaActuator *jump = make_runner(-0.5f);
    jump->coyote = coyote;
    drill.scene.bodies[0].velocity = (ParaVec2){3, 0};
    drill_start(&drill);
    int steps = 0;
    do {
        tick(0);
        assert_true(++steps < 60);
    } while (stands());
    for (int k = 0; k < further; k++)
        tick(0);
}

static void test_jump_may_come_late(void **state)
{
    (void)state;
    for (int late = 0; late <= 8; late++) {
        run_over_the_edge(0.1f, late); // 6 steps
        assert_int_equal(leaps(), late < 6);
        tick(0);
        assert_false(leaps()); // one jump from one ground
        drill_end(&drill);
        run_over_the_edge(0, late);
        assert_false(leaps());
        drill_end(&drill);
    }
    // What has jumped off has no ground to have left.
    make_runner(-5.0f)->coyote = 1.0f;
    drill_start(&drill);
    drill_steps(&drill, 5);
    assert_true(leaps());
    for (int k = 0; k < 10; k++) {
        tick(0);
        assert_false(leaps());
    }
    drill_end(&drill);
}

/// Falls from 1 m; a press of `held` steps, `early` steps before it lies on the ground.  @return does it
/// jump?
static bool jumps_when_asked(float buffer, int early, int held)
{
    int landing = 0;
    bool jumped = false;
    for (int dry = 1; dry >= 0; dry--) {
        make_runner(-5.0f)->buffer = buffer;
        drill.scene.bodies[0].position.y = (float)HALF + 1;
        drill_start(&drill);
        for (int k = 0; k < 60; k++) {
            int since = k - (landing - early);
            tick(!dry && since >= 0 && since < held ? 1.0f : 0.0f);
            if (dry && landing == 0 && drill_view(&drill)->contact_count > 0)
                landing = k + 1; // the step whose actions can jump
            jumped |= !dry && rise() > LEAP / 2;
        }
        drill_end(&drill);
    }
    return jumped;
}

static void test_jump_may_be_asked_for_early(void **state)
{
    (void)state;
    for (int early = 0; early <= 9; early++) {
        assert_int_equal(jumps_when_asked(0.1f, early, 1), early <= 6);
        assert_int_equal(jumps_when_asked(0.1f, early, 40), early <= 6); // held: no longer than that
        assert_int_equal(jumps_when_asked(0, early, 1), early == 0);
        assert_true(jumps_when_asked(0, early, 40)); // without, as long as it is held
    }
}

/// What fell hard is still deep in the ground in the step after its jump (chipmunk): that is no landing.
static void test_jump_that_has_begun_has_not_landed(void **state)
{
    (void)state;
    for (int early = 1; early < 6; early++) {
        ParaActuator *jump = make_runner(-5.0f);
        jump->coyote = jump->buffer = 0.2f;
        drill.scene.bodies[0].position.y = (float)HALF + 0.05f + 0.03f * (float)early;
        drill.scene.bodies[0].velocity.y = -14;
        drill_start(&drill);
        tick(1);
        for (int k = 0; k < 5; k++)
            tick(0);
        assert_true(rise() > LEAP / 2);
        while (stands())
            tick(0);
        double before = rise();
        tick(1);
        assert_true(rise() < before);
        drill_end(&drill);
    }
}

static void test_jump_asked_for_is_made_once(void **state)
{
    (void)state;
    ParaActuator *jump = make_runner(-5.0f);
    jump->buffer = 0.2f;
    jump->air_jumps = 1;
    drill_start(&drill);
    drill_steps(&drill, 5);
    assert_true(leaps());
    for (int k = 2; k < 12; k++) {
        tick(0);
        scene_near(rise(), LEAP - GRAVITY * STEP * k, 0.05);
    }
    drill_end(&drill);
}

static void test_jump_let_go_early_is_lower(void **state)
{
    (void)state;
    static const float cuts[] = {0.0f, 0.5f, 1.0f};
    for (int i = 0; i < 3; i++) {
        make_runner(-5.0f)->cut = cuts[i];
        drill_start(&drill);
        for (int k = 0; k < 5; k++)
            tick(0);
        double start = height();
        for (int k = 0; k < 9; k++)
            tick(1);
        double speed = rise() * (1 - (double)cuts[i]);
        double wanted = height() + speed * speed / (2 * GRAVITY);
        scene_near(top(90, 0), wanted, 0.02 * (wanted - start) + speed * STEP / 2);
        // Held to its top it is cut by nothing.
        scene_near(height(), start, 0.02);
        wanted = start + LEAP * LEAP / (2 * GRAVITY);
        scene_near(top(40, 1), wanted, LEAP * STEP / 2 + 0.01);
        tick(0);
        assert_true(rise() < 0);
        drill_end(&drill);
    }
}

/// What threw it up besides is not taken off.
static void test_jump_is_cut_by_no_more_than_it_gave(void **state)
{
    (void)state;
    make_runner(-5.0f)->cut = 1.0f;
    drill_start(&drill);
    drill_steps(&drill, 5);
    assert_true(leaps());
    para_world_apply_impulse(drill.world, 0, (ParaVec2){0, (float)(7 * MASS)});
    double before = rise();
    tick(0);
    scene_near(rise(), before - LEAP - GRAVITY * STEP, 0.01);
    drill_end(&drill);
}

static void test_jump_goes_on_in_the_air(void **state)
{
    (void)state;
    make_runner(-5.0f)->air_jumps = 2;
    drill_start(&drill);
    for (int round = 0; round < 2; round++) { // the second after it has landed
        for (int k = 0; k < 5; k++)
            tick(0);
        assert_true(leaps());
        for (int k = 0; k < 40; k++)
            tick(1); // held: one press one jump
        assert_true(rise() < 0);
        for (int airs = 0; airs < 3; airs++) {
            tick(0);
            assert_int_equal(leaps(), airs < 2); // whether it fell or rose before
        }
        top(150, 0);
    }
    drill_end(&drill);
}

// ---------------------------------------------------------------------------------------------
// From what moves.

static void test_jump_takes_along_how_its_ground_moves(void **state)
{
    (void)state;
    make_runner(-5.0f);
    drill.scene.bodies[1].kind = PARA_BODY_KINEMATIC;
    drill.scene.bodies[1].velocity = (ParaVec2){0, 2};
    drill_start(&drill);
    for (int k = 0; k < 20; k++)
        tick(0);
    tick(1);
    scene_near(rise(), 2 + LEAP - GRAVITY * STEP, 0.05);
    drill_end(&drill);
}

static void test_walk_and_jump_know_a_belt(void **state)
{
    (void)state;
    for (int turned = 0; turned < 2; turned++) {
        make_runner(-9.0f);
        drill.scene.shapes[1].belt = turned ? -2 : 2;
        drill.scene.bodies[0].position.x = -10;
        ParaActuator *walk = drill_actuator(&drill, PARA_ACTUATOR_WALK, 1);
        walk->body = 0;
        walk->speed = 3;
        walk->force = 20;
        drill_start(&drill);
        double belt = turned ? -2 : 2;
        drill_act(&drill, 0, 0);
        drill_steps(&drill, 60); // without friction: by its feet
        scene_near((double)AT(drill_view(&drill), vx, 0), belt, 0.02);
        drill_act(&drill, 0, -1);
        drill_steps(&drill, 30);
        scene_near((double)AT(drill_view(&drill), vx, 0), belt - 3, 0.02);
        drill_act(&drill, 1, -1);
        drill_steps(&drill, 1);
        scene_near((double)AT(drill_view(&drill), vx, 0), belt - 3, 0.02);
        assert_true(rise() > LEAP / 2);
        drill_end(&drill);
    }
}

// ---------------------------------------------------------------------------------------------
// Ladders.

/// The runner at a ladder of 4 m that stands on the ground and is 1 m wide; 0 jumps, 1 climbs at 1.5 m/s.
static ParaActuator *make_climber(float y)
{
    make_runner(-5.0f);
    drill.scene.bodies[0].position.y = y;
    scene_zone_box(&drill.scene, -5.0f, 2.0f, 1.0f, 4.0f);
    drill.level.ladders = 1;
    ParaActuator *climb = drill_actuator(&drill, PARA_ACTUATOR_CLIMB, 1);
    climb->body = 0;
    climb->speed = 1.5f;
    climb->force = 60;
    return climb;
}

static void climb(float action, int steps)
{
    drill_act(&drill, 0, action);
    drill_steps(&drill, steps);
}

static void test_climb_takes_hold_by_an_action_alone(void **state)
{
    (void)state;
    make_climber(3.0f);
    drill_start(&drill);
    climb(0, 12); // falls through it
    scene_near(rise(), -GRAVITY * 12 * STEP, 0.01);
    climb(-1, 2);
    scene_near(rise(), -1.5, 0.01);
    climb(0, 2);
    double held = height();
    climb(0, 120); // gravity is held
    scene_near(height(), held, 0.005);
    climb(1, 40);
    scene_near(height(), held + 1.5 * 40 * STEP, 0.05);
    climb(-1, 40);
    scene_near(height(), held, 0.06);
    climb(-1, 200); // stands on the ground at last
    scene_near(height(), HALF, 0.02);
    assert_int_equal(drill.state.holds, 0);
    climb(0, 30);
    scene_near(height(), HALF, 0.02);
    drill_end(&drill);
}

static void test_climb_ends_at_the_ladders_top_and_beside_it(void **state)
{
    (void)state;
    make_climber(0.5f);
    ParaActuator *walk = drill_actuator(&drill, PARA_ACTUATOR_WALK, 0);
    walk->body = 0;
    walk->speed = 2;
    walk->force = 20;
    drill.player.actuators[0].channel = 2;
    drill_start(&drill);
    climb(1, 300);
    scene_near(height(), 4.0, 0.05); // and stays there
    scene_near(rise(), 0.0, 0.01);
    drill_act(&drill, 1, 0);
    drill_steps(&drill, 30); // walks off sideways, as on the ground
    scene_near((double)AT(drill_view(&drill), vx, 0), 2.0, 0.02);
    assert_true(rise() < -1);
    drill_act(&drill, 1, 1);
    drill_steps(&drill, 5); // there is nothing to hold on to
    assert_true(rise() < -2);
    drill_end(&drill);
}

static void test_climb_lets_go_by_jumping(void **state)
{
    (void)state;
    make_climber(1.0f);
    drill_start(&drill);
    climb(1, 30);
    drill_act(&drill, 1, 1); // both held: it does not take hold again while it rises
    drill_steps(&drill, 1);
    double speed = rise();
    scene_near(speed, LEAP - GRAVITY * STEP, 0.01); // not on top of what it climbed with
    drill_steps(&drill, 20);
    scene_near(rise(), speed - GRAVITY * 20 * STEP, 0.05);
    drill_steps(&drill, 30); // but once it falls
    scene_near(rise(), 1.5, 0.05);
    drill_act(&drill, 0, 1);
    drill_steps(&drill, 1);
    drill_act(&drill, 1, 0); // jumps off, and falls, as nothing is asked
    drill_steps(&drill, 75);
    assert_true(rise() < -3);
    drill_end(&drill);
}

static void test_climb_has_its_force_and_no_more(void **state)
{
    (void)state;
    make_climber(3.5f)->force = (float)(MASS * GRAVITY / 2);
    drill_start(&drill);
    climb(1, 30); // slides down, half held
    scene_near(rise(), -GRAVITY / 2 * 30 * STEP, 0.02);
    drill_end(&drill);
}

static void test_climb_stands_still_sideways_without_a_walk(void **state)
{
    (void)state;
    make_climber(2.0f);
    drill.scene.bodies[0].velocity = (ParaVec2){1, 0};
    drill_start(&drill);
    climb(1, 10);
    scene_near((double)AT(drill_view(&drill), vx, 0), 0.0, 0.01);
    climb(0, 60);
    scene_near((double)AT(drill_view(&drill), x, 0), -5.0, 0.1);
    drill_end(&drill);
}

// ---------------------------------------------------------------------------------------------
// A screw.

static void test_thruster_may_push_in_a_fluid_alone(void **state)
{
    (void)state;
    for (int wet = 0; wet < 2; wet++)
        for (int inside = 0; inside < 2; inside++) {
            make_runner(-5.0f);
            drill.scene.def.gravity = (ParaVec2){0, 0};
            drill.scene.bodies[0].position.y = inside ? 3.0f : 9.0f;
            int pool = scene_zone_box(&drill.scene, -5.0f, 3.0f, 8.0f, 4.0f);
            drill.scene.zones[pool].fluid_density = 1;
            drill.scene.zones[pool].fluid_drag = 0;
            drill.scene.thrusters[0] = (ParaThrusterDef){0, {0, 0}, {1, 0}, 0.8f};
            drill.scene.def.thruster_count = 1;
            ParaActuator *screw = drill_actuator(&drill, PARA_ACTUATOR_THRUSTER, 1);
            screw->body = screw->thruster = 0;
            screw->wet = wet;
            drill_start(&drill);
            drill_act(&drill, 0, 1);
            drill_steps(&drill, 30);
            scene_near((double)AT(drill_inputs(&drill), throttle, 0), wet && !inside ? 0 : 1, 0);
            assert_int_equal(AT(drill_view(&drill), vx, 0) > 0.1f, !wet || inside);
            drill_end(&drill);
        }
}

// ---------------------------------------------------------------------------------------------
// It is state.

/// At each step of a scripted course a copy goes on to the end as the course itself does, to the bit.
static void test_legs_are_in_the_snapshot(void **state)
{
    (void)state;
    enum { STEPS = 161, EVERY = 7, COUNT = STEPS / EVERY };
    static const char presses[] = "0000110000111111001000100001111111100010010";
    ParaActuator *jump = make_runner(-4.0f);
    *jump = (ParaActuator){.kind = PARA_ACTUATOR_JUMP,
                           .channel = 0,
                           .sign = 1,
                           .body = 0,
                           .joint = -1,
                           .thruster = -1,
                           .impulse = jump->impulse,
                           .coyote = 0.1f,
                           .buffer = 0.15f,
                           .cut = 0.6f,
                           .air_jumps = 1};
    scene_zone_box(&drill.scene, -2.0f, 2.0f, 1.0f, 4.0f);
    drill.level.ladders = 1;
    drill.scene.bodies[0].velocity = (ParaVec2){2, 0};
    ParaActuator *climber = drill_actuator(&drill, PARA_ACTUATOR_CLIMB, 1);
    climber->body = 0;
    climber->speed = 1.5f;
    climber->force = 60;
    drill_start(&drill);
    static void *images[COUNT];
    static size_t sizes[COUNT];
    static ParaPlay plays[COUNT];
    static ParaPlayerState states[COUNT];
    uint64_t wanted = 0;
    for (int from = -1; from < COUNT; from++) {
        if (from >= 0) {
            assert_true(para_world_restore(drill.world, images[from], sizes[from]));
            para_play_copy(&drill.play, &plays[from], &drill.level, &drill.state, NULL);
        }
        for (int k = from < 0 ? 0 : from * EVERY; k < STEPS; k++) {
            if (from < 0 && k % EVERY == 0) {
                sizes[k / EVERY] = para_world_snapshot_size(drill.world);
                images[k / EVERY] = malloc(sizes[k / EVERY]);
                assert_int_equal(para_world_save(drill.world, images[k / EVERY], sizes[k / EVERY]),
                                 sizes[k / EVERY]);
                para_play_copy(&plays[k / EVERY], &drill.play, &drill.level, &states[k / EVERY], NULL);
            }
            bool pressed = presses[k % (int)(sizeof presses - 1)] == '1';
            drill_act(&drill, pressed ? 1 : 0, k > 60 && k % 40 < 25 ? 1 : 0);
            drill_steps(&drill, 1);
        }
        if (from < 0)
            wanted = para_world_hash(drill.world);
        assert_true(para_world_hash(drill.world) == wanted);
        if (from >= 0)
            free(images[from]);
    }
    drill_end(&drill);
}

const struct CMUnitTest para_tests_legs[] = {
    SCENE_TEST(test_jump_is_as_high_as_its_impulse_says),
    SCENE_TEST(test_jump_may_come_late),
    SCENE_TEST(test_jump_may_be_asked_for_early),
    SCENE_TEST(test_jump_that_has_begun_has_not_landed),
    SCENE_TEST(test_jump_asked_for_is_made_once),
    SCENE_TEST(test_jump_let_go_early_is_lower),
    SCENE_TEST(test_jump_is_cut_by_no_more_than_it_gave),
    SCENE_TEST(test_jump_goes_on_in_the_air),
    SCENE_TEST(test_jump_takes_along_how_its_ground_moves),
    SCENE_TEST(test_walk_and_jump_know_a_belt),
    SCENE_TEST(test_climb_takes_hold_by_an_action_alone),
    SCENE_TEST(test_climb_ends_at_the_ladders_top_and_beside_it),
    SCENE_TEST(test_climb_lets_go_by_jumping),
    SCENE_TEST(test_climb_has_its_force_and_no_more),
    SCENE_TEST(test_climb_stands_still_sideways_without_a_walk),
    SCENE_TEST(test_thruster_may_push_in_a_fluid_alone),
    SCENE_TEST(test_legs_are_in_the_snapshot),
};
const size_t para_tests_legs_count = sizeof para_tests_legs / sizeof *para_tests_legs;
