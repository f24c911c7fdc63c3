// SPDX-License-Identifier: MIT
// Where an observation ends: rays and what they pass, numbers on both sides of every limit, which rows are
// kept and in which order, what is not there.
#include "engine/base/maths.h"
#include "tests/agents/observe/observe_stage.h"

#include <math.h>

// A float of what was observed last; see stage_float.
static void see(Stage *stage, const char *span, int repeat, int i, double expected)
{
    scene_near((double)*stage_float(stage, span, repeat, i), expected, 2e-6 * fmax(1.0, fabs(expected)));
}

// A stage with an eye: a dynamic circle of 0.5 m that is the player.
static void begin(Stage *stage, double x, double y)
{
    stage_begin(stage);
    stage_body(stage, PARA_BODY_DYNAMIC, PARA_ROLE_PLAYER, x, y);
    stage->scene.bodies[0].group = 7; // its rays pass it
    scene_circle(&stage->scene, 0.5f);
}

static void look(Stage *stage)
{
    stage_build(stage, PARA_SOLVER_AUTO, 0);
    stage_observe(stage, para_obs_spec_entities());
}

static int row_count(Stage *stage)
{
    int count = 0;
    for (int r = 0; r < stage->spec.row_max; r++)
        count += *stage_float(stage, "mask", 0, r) == 1.0f;
    return count;
}

static void box(Stage *stage, double x, double y, double width, double height)
{
    stage_body(stage, PARA_BODY_STATIC, PARA_ROLE_NONE, x, y);
    scene_box(&stage->scene, (float)width, (float)height);
}

// ---------------------------------------------------------------------------------------------
// Rays.

// Walls 3 m to the left and 5 m to the right of the eye; a roof 4 m above that falls by a twentieth to the
// right and a floor 2.5 m below that climbs by a tenth, so that no two rays are alike.
static void room(Stage *stage)
{
    begin(stage, 4, 3);
    box(stage, 0, 3, 2, 20);
    box(stage, 10, 3, 2, 20);
    stage_body(stage, PARA_BODY_STATIC, PARA_ROLE_NONE, 4, 7);
    scene_segment(&stage->scene, (ParaVec2){-8.0f, 0.4f}, (ParaVec2){8.0f, -0.4f}, 0.0f);
    stage_body(stage, PARA_BODY_STATIC, PARA_ROLE_NONE, 4, 0.5);
    scene_segment(&stage->scene, (ParaVec2){-8.0f, -0.8f}, (ParaVec2){8.0f, 0.8f}, 0.0f);
}

// [m] from the eye to the nearest wall.
static double room_distance(double degrees)
{
    double dx = cos(degrees * PARA_TAU / 360), dy = sin(degrees * PARA_TAU / 360);
    double side = dx > 1e-6 ? 5 / dx : dx < -1e-6 ? -3 / dx : 1e9;
    double climb = dy + 0.05 * dx, fall = 0.1 * dx - dy;
    double above = climb > 1e-6 ? 4 / climb : 1e9, below = fall > 1e-6 ? 2.5 / fall : 1e9;
    return fmin(side, fmin(above, below));
}

static const double ray_degrees[16] = {90,   45,  135,  0,   180,  -12, -168, -25,
                                       -155, -40, -140, -58, -122, -75, -105, -90};

static void test_observe_rays_measure_a_room(void **state)
{
    (void)state;
    static Stage stage;
    room(&stage);
    for (int part = 0; part < 2; part++) {
        look(&stage);
        for (int i = 0; i < 16; i++)
            see(&stage, "rays", 0, i, room_distance(ray_degrees[i]) / 10);
        // The second time with another part of the player in the way, which the player looks through.
        stage_body(&stage, PARA_BODY_DYNAMIC, PARA_ROLE_PLAYER, 5, 3);
        stage.scene.bodies[stage.scene.def.body_count - 1].group = 7;
        scene_box(&stage.scene, 0.2f, 3.0f);
    }
    stage.scene.bodies[stage.scene.def.body_count - 1].group = 8; // another group is not the player's
    look(&stage);
    see(&stage, "rays", 0, 3, 0.09);
    para_world_disable_body(stage.world, stage.scene.def.body_count - 1); // what is taken away stops no ray
    stage_observe(&stage, para_obs_spec_entities());
    see(&stage, "rays", 0, 3, 0.5);
    stage_end(&stage);
}

static void test_observe_rays_end_at_sight(void **state)
{
    (void)state;
    static Stage stage;
    room(&stage);
    stage.players[0].sight = 3.01f;
    look(&stage);
    for (int i = 0; i < 16; i++)
        see(&stage, "rays", 0, i, fmin(1, room_distance(ray_degrees[i]) / 3.01));
    see(&stage, "rays", 0, 4, 3 / 3.01);
    stage.players[0].sight = 2.99f;
    look(&stage);
    see(&stage, "rays", 0, 4, 1);
    stage_end(&stage);
}

// ---------------------------------------------------------------------------------------------
// Limits: a number on each side.

// What a level with a target at this offset, this velocity and this angle of the eye shows.
typedef struct Case {
    double dx, dy, vx, angle;
} Case;

static void look_at(Stage *stage, Case c)
{
    begin(stage, 0, 0);
    stage->scene.bodies[0].angle = (float)c.angle;
    stage_body(stage, PARA_BODY_KINEMATIC, PARA_ROLE_TARGET, c.dx, c.dy);
    stage_moving(stage, 1, 0, c.vx, 0, 0);
    scene_circle(&stage->scene, 0.1f);
    look(stage);
}

static void test_observe_far_offsets_saturate(void **state)
{
    (void)state;
    static Stage stage;
    static const struct {
        double d, coarse, fine;
    } cases[] = {{1.98, 0.198, 0.99}, {2.02, 0.202, 1}, {-1.98, -0.198, -0.99}, {-2.02, -0.202, -1},
                 {99, 9.9, 1},        {101, 10, 1},     {-99, -9.9, -1},        {-101, -10, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        look_at(&stage, (Case){.dx = cases[i].d, .dy = 0.7});
        see(&stage, "target.offset", 0, 0, cases[i].coarse);
        see(&stage, "target.offset", 0, 1, 0.07);
        see(&stage, "target.offset", 0, 2, cases[i].fine);
        see(&stage, "target.offset", 0, 3, 0.35);
        stage_end(&stage);
        look_at(&stage, (Case){.dx = 0.7, .dy = cases[i].d});
        see(&stage, "target.offset", 0, 1, cases[i].coarse);
        see(&stage, "target.offset", 0, 3, cases[i].fine);
        stage_end(&stage);
    }
}

static void test_observe_speeds_and_angles_saturate(void **state)
{
    (void)state;
    static Stage stage;
    static const double speeds[][2] = {{99, 9.9}, {101, 10}, {-99, -9.9}, {-101, -10}};
    static const double angles[][2] = {{3.9, 1.95}, {4.1, 2}, {-3.9, -1.95}, {-4.1, -2}};
    for (int i = 0; i < 4; i++) {
        look_at(&stage, (Case){.dx = 5, .vx = speeds[i][0]});
        see(&stage, "target.velocity", 0, 0, speeds[i][1]);
        stage_end(&stage);
        look_at(&stage, (Case){.dx = 5, .angle = angles[i][0]});
        see(&stage, "self.angle", 0, 0, angles[i][1]);
        stage_end(&stage);
    }
}

// A tiny world's size counts as a metre, a huge one's as a kilometre.
static void test_observe_place_by_size(void **state)
{
    (void)state;
    static Stage stage;
    static const double sizes[][3] = {
        {1.1, 0.5, 0.5 / 1.1}, {0.9, 0.5, 0.5}, {990, 99, 0.1}, {1010, 99, 0.099}};
    for (int i = 0; i < 4; i++) {
        begin(&stage, sizes[i][1], 2 * sizes[i][1]);
        stage.scene.def.size = (ParaVec2){(float)sizes[i][0], (float)sizes[i][0]};
        look(&stage);
        see(&stage, "self.place", 0, 0, sizes[i][2]);
        see(&stage, "self.place", 0, 1, 2 * sizes[i][2]);
        stage_end(&stage);
    }
}

// A push per mass; a body lighter than 10 g counts as 10 g.
static void test_observe_push_of_a_light_body(void **state)
{
    (void)state;
    static Stage stage;
    static const double masses[][2] = {{0.0125, 0.5 / 0.125}, {0.008, 0.5 / 0.1}, {0.004, 0.5 / 0.1}};
    for (int i = 0; i < 3; i++) {
        begin(&stage, 0, 0);
        stage.scene.shapes[0].density = (float)(masses[i][0] / (PARA_TAU / 2 * 0.25));
        stage_thruster(&stage, 0, (ParaVec2){0, 0}, (ParaVec2){1, 0}, 0.5f);
        stage_actuator(&stage, PARA_ACTUATOR_THRUSTER, 0, 1)->thruster = 0;
        look(&stage);
        see(&stage, "rows.shape.mass", 0, 0, masses[i][0] / 10);
        see(&stage, "channels.device", 0, 2, masses[i][1]);
        see(&stage, "rows.thruster.push", 1, 0, masses[i][1]);
        stage_end(&stage);
    }
}

// A hidden mass is seen as at a density of 1, whatever it is: what it weighs, how hard it can be pushed, and
// how much of a hit it stands.
static void test_observe_hides_a_mass(void **state)
{
    (void)state;
    static Stage stage;
    static uint8_t hides[SCENE_BODIES] = {1};
    double area = PARA_TAU / 2 * 0.25;
    for (int i = 0; i < 2; i++) {
        begin(&stage, 0, 0);
        stage.scene.shapes[0].density = i ? 7.0f : 0.3f;
        stage.level.body_mass_hidden = hides;
        stage.shatters[0] = 3.0f;
        stage_thruster(&stage, 0, (ParaVec2){0, 0}, (ParaVec2){1, 0}, 0.5f);
        look(&stage);
        see(&stage, "rows.shape.mass", 0, 0, area / 10);
        see(&stage, "rows.shape.fragile", 0, 0, 1 / (1 + 3 / area));
        see(&stage, "rows.thruster.push", 1, 0, 0.5 / (10 * area));
        stage_end(&stage);
    }
}

// Limits of a joint beyond ten are shown as ten, as those of one without limits.
static void test_observe_wide_limits_and_long_walls_saturate(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 0, 0);
    box(&stage, 0, 3, 19.8, 1);
    box(&stage, 0, 5, 20.2, 1);
    scene_joint(&stage.scene, PARA_JOINT_REVOLUTE, 1, 0, (ParaVec2){0, -3}, (ParaVec2){0, 0});
    ParaJointDef *joint = stage.scene.joints;
    joint->limited = true;
    joint->lower = -11.0f;
    joint->upper = 9.5f;
    look(&stage);
    see(&stage, "rows.joint.limits", 1, 0, -10); // eye, joint, lower wall, upper wall
    see(&stage, "rows.joint.limits", 1, 1, 9.5);
    see(&stage, "rows.half", 2, 0, 9.9);
    see(&stage, "rows.half", 3, 0, 10);
    stage_end(&stage);
}

// ---------------------------------------------------------------------------------------------
// Which rows there are.

// Boxes in a shuffled order of distances, more than fit: the nearest are kept, nearest first.
static void test_observe_keeps_the_nearest_rows_in_order(void **state)
{
    (void)state;
    static Stage stage;
    for (int count = 22; count <= 40; count += 6) {
        begin(&stage, 0, 0);
        for (int i = 0; i < count; i++)
            box(&stage, 2 + 0.4 * ((i * 13) % count), i % 2 ? 0.5 : -0.5, 0.2, 0.2);
        look(&stage);
        int rows = count < 23 ? count + 1 : 24;
        assert_int_equal(row_count(&stage), rows);
        see(&stage, "rows.distance", 0, 0, 0); // the eye's own row
        for (int r = 1; r < rows; r++) {
            double dx = 2 + 0.4 * (r - 1);
            see(&stage, "rows.offset", r, 0, dx / 10);
            see(&stage, "rows.distance", r, 0, sqrt(dx * dx + 0.25) / 10);
            see(&stage, "mask", 0, r, 1);
        }
        stage_end(&stage);
    }
}

// A far target zone and the player's own far parts stay when thirty boxes are nearer; a far hazard does not.
static void test_observe_keeps_what_matters(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 0, 0);
    for (int i = 0; i < 30; i++)
        box(&stage, 1 + 0.01 * i, 0, 0.2, 0.2);
    stage_zone(&stage, PARA_ROLE_HAZARD, 50, 0, 1, NULL, 0);
    stage_zone(&stage, PARA_ROLE_TARGET, 60, 0, 1, NULL, 0);
    stage_body(&stage, PARA_BODY_DYNAMIC, PARA_ROLE_PLAYER, 70, 0);
    scene_circle(&stage.scene, 0.3f);
    look(&stage);
    assert_int_equal(row_count(&stage), 24);
    see(&stage, "rows.distance", 1, 0, 7);
    see(&stage, "rows.distance", 2, 0, 6);
    see(&stage, "rows.kind", 2, 3, 1);
    see(&stage, "rows.distance", 3, 0, 0.1);
    stage_end(&stage);
}

// Distance is to the box of a shape as it is turned: a long wall nearby is near though its middle is far.
static void test_observe_rows_by_distance_to_turned_boxes(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 0, 0);
    box(&stage, 3, 0, 0.2, 0.2); // 2.9 m
    box(&stage, 0, 12, 20, 1);   // on its end: 2 m
    stage_moving(&stage, 0, 1, 0, 0, 0);
    box(&stage, -12, 0, 20, 1); // 2 m and a little
    stage.scene.bodies[3].position.x = -12.05f;
    box(&stage, 3, 3, 1, 1);   // 2.5 m each way, 3.54 m
    box(&stage, 8, -8, 20, 1); // a slope at 45 degrees whose middle is 11.3 m away: its end is near
    stage_moving(&stage, 1, 1, 0, 0, 0);
    stage_body(&stage, PARA_BODY_STATIC, PARA_ROLE_NONE, 0, -2.25);
    scene_circle(&stage.scene, 0.1f);                       // 2.15 m
    stage_zone(&stage, PARA_ROLE_NONE, 0, 3.2, 3, NULL, 0); // to its place: 3.2 m
    look(&stage);
    const double distance[] = {0, 1.2, 1.205, 0.225, 0.3, 0.32, sqrt(18) / 10, sqrt(128) / 10};
    for (int r = 0; r < 8; r++)
        see(&stage, "rows.distance", r, 0, distance[r]);
    assert_int_equal(row_count(&stage), 8);
    stage_end(&stage);
}

// An eye in the open sees nothing but itself: no target, no cargo, no hazard, no channels.
static void test_observe_nothing_where_nothing_is(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 3, 4);
    look(&stage);
    const float *rays = stage_float(&stage, "rays", 0, 0);
    for (const float *at = stage_float(&stage, "target.there", 0, 0); at < rays; at++)
        assert_true(*at == 0.0f);
    for (int i = 0; i < 16; i++)
        assert_true(rays[i] == 1.0f);
    assert_int_equal(row_count(&stage), 1);
    stage_end(&stage);
}

// Three of a role about the eye at (4, 1), or about cargo there: the nearest is 2 m below. Were x or y
// mistaken for the other, another one would be.
static void test_observe_picks_the_nearest_of_a_role(void **state)
{
    (void)state;
    static Stage stage;
    static const double places[3][2] = {{1, 1}, {6.5, 4}, {4, -1}};
    static const struct {
        ParaRole role;
        const char *there, *offset; // spans that say there is one, and where
        double x, y;                // [m] the eye
        bool zones;                 // things are zones, not bodies
        bool cargo;                 // cargo stands at (4, 1)
    } cases[] = {
        {PARA_ROLE_HAZARD, "hazard.there", "hazard.offset", 4, 1, false, false},
        {PARA_ROLE_HAZARD, "hazard.there", "hazard.offset", 4, 1, true, false},
        {PARA_ROLE_CARGO, "cargo.there", "cargo.offset", 4, 1, false, false},
        {PARA_ROLE_TARGET, "target.there", "target.offset", 4, 1, false, false},
        {PARA_ROLE_TARGET, "target.there", "target.offset", 4, 1, true, false},
        {PARA_ROLE_TARGET, "target.there", "target.offset", 1.5, 1.5, false, true},
        {PARA_ROLE_TARGET, "target.there", "target.offset", 6, 4.5, true, true},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        begin(&stage, cases[c].x, cases[c].y);
        for (int i = 0; i < 3; i++) {
            if (cases[c].zones)
                stage_zone(&stage, cases[c].role, places[i][0], places[i][1], 0.2f, NULL, 0);
            else
                stage_body(&stage, PARA_BODY_STATIC, cases[c].role, places[i][0], places[i][1]);
        }
        if (cases[c].cargo)
            stage_body(&stage, PARA_BODY_STATIC, PARA_ROLE_CARGO, 4, 1);
        look(&stage);
        see(&stage, cases[c].there, 0, 0, 1);
        see(&stage, cases[c].offset, 0, 0, (4 - cases[c].x) / 10);
        see(&stage, cases[c].offset, 0, 1, (-1 - cases[c].y) / 10);
        stage_end(&stage);
    }
}

// Of two at the same distance the first stays, and bodies come before zones.
static void test_observe_first_of_equals(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 0, 0);
    stage_zone(&stage, PARA_ROLE_HAZARD, -3, 0, 0.2f, NULL, 0);
    stage_zone(&stage, PARA_ROLE_HAZARD, 0, 3, 0.2f, NULL, 0);
    look(&stage);
    see(&stage, "hazard.offset", 0, 0, -0.3);
    stage_body(&stage, PARA_BODY_STATIC, PARA_ROLE_HAZARD, 3, 0);
    scene_circle(&stage.scene, 0.1f);
    stage_body(&stage, PARA_BODY_STATIC, PARA_ROLE_HAZARD, 0, -3);
    scene_circle(&stage.scene, 0.1f);
    look(&stage);
    see(&stage, "hazard.offset", 0, 0, 0.3);
    see(&stage, "rows.offset", 1, 0, 0.3); // rows keep the order of the level too
    see(&stage, "rows.offset", 2, 1, -0.3);
    see(&stage, "rows.offset", 3, 0, -0.3);
    stage_end(&stage);
}

// A hazard that is taken away gives way to the next; zones count like bodies.
static void test_observe_next_hazard_when_one_is_gone(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 0, 0);
    stage_body(&stage, PARA_BODY_STATIC, PARA_ROLE_HAZARD, 1, 0);
    scene_circle(&stage.scene, 0.1f);
    stage_body(&stage, PARA_BODY_STATIC, PARA_ROLE_HAZARD, 0, 6);
    scene_circle(&stage.scene, 0.1f);
    stage_zone(&stage, PARA_ROLE_HAZARD, -3, -4, 1, NULL, 0);
    look(&stage);
    see(&stage, "hazard.offset", 0, 0, 0.1);
    para_world_disable_body(stage.world, 1);
    stage_observe(&stage, para_obs_spec_entities());
    see(&stage, "hazard.there", 0, 0, 1);
    see(&stage, "hazard.offset", 0, 0, -0.3);
    see(&stage, "hazard.offset", 0, 1, -0.4);
    assert_int_equal(row_count(&stage), 3);
    stage_end(&stage);
}

// Who touches whom: a box, the eye, another part of the player, another box. Parts of the player among each
// other, and boxes among each other, are no touch of the player's.
static void test_observe_touches_of_the_player(void **state)
{
    (void)state;
    static Stage stage;
    static const struct {
        int a, b;      // bodies that touch
        int main, any; // what the player feels
        int row[4];    // who is shown to touch something: box, eye, part, box
    } cases[] = {{0, 1, 1, 1, {1, 1, 0, 0}}, {1, 3, 1, 1, {0, 1, 0, 1}}, {0, 2, 0, 1, {1, 0, 1, 0}},
                 {2, 3, 0, 1, {0, 0, 1, 1}}, {1, 2, 0, 0, {0, 1, 1, 0}}, {0, 3, 0, 0, {1, 0, 0, 1}}};
    static const int body_of_row[4] = {1, 2, 0, 3}; // own parts, then by distance
    stage_begin(&stage);
    box(&stage, 2, 0, 0.2, 0.2);
    for (int part = 0; part < 2; part++) {
        stage_body(&stage, PARA_BODY_DYNAMIC, PARA_ROLE_PLAYER, 0, part);
        scene_circle(&stage.scene, 0.5f);
    }
    box(&stage, 3, 0, 0.2, 0.2);
    stage_build(&stage, PARA_SOLVER_AUTO, 1);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const ParaContact contact = {.body_a = cases[c].a, .body_b = cases[c].b};
        stage_view(&stage)->contacts = &contact;
        stage_view(&stage)->contact_count = 1;
        stage_observe(&stage, para_obs_spec_entities());
        see(&stage, "self.touching", 0, 0, cases[c].main);
        see(&stage, "self.any_touching", 0, 0, cases[c].any);
        for (int r = 0; r < 4; r++)
            see(&stage, "rows.shape.touching", r, 0, cases[c].row[body_of_row[r]]);
    }
    stage_end(&stage);
}

// Numbers that ran away are shown as nothing or as the limit, never as they are.
static void test_observe_shows_no_wild_numbers(void **state)
{
    (void)state;
    static Stage stage;
    begin(&stage, 0, 0);
    stage_build(&stage, PARA_SOLVER_AUTO, 0);
    ParaView *view = stage_view(&stage);
    ((float *)view->vx)[0] = NAN;
    ((float *)view->vy)[0] = -INFINITY;
    ((float *)view->spin)[0] = 1e30f;
    stage_observe(&stage, para_obs_spec_entities());
    see(&stage, "self.velocity", 0, 0, 0);
    see(&stage, "self.velocity", 0, 1, 0);
    see(&stage, "self.spin", 0, 0, 10);
    stage_end(&stage);
}

// The vector layout has a slot for whatever can move, 24 at most.
static void test_observe_vector_slots(void **state)
{
    (void)state;
    static Stage stage;
    for (int count = 23; count <= 25; count++) {
        begin(&stage, 0, 0);
        for (int i = 1; i < count; i++) {
            stage_body(&stage, i % 2 ? PARA_BODY_KINEMATIC : PARA_BODY_DYNAMIC, PARA_ROLE_NONE, 2 * i, 0);
            scene_circle(&stage.scene, 0.5f);
        }
        box(&stage, 0, -3, 4, 1);
        look(&stage);
        assert_int_equal(row_count(&stage), 24);
        ParaObsSpec spec = para_obs_spec_vector(&stage.level);
        int slots = count < 24 ? count : 24;
        assert_int_equal(spec.size, para_obs_spec_globals().size + 9 * slots);
        assert_int_equal(spec.row_max, 0);
        stage_observe(&stage, spec);
        see(&stage, "bodies.offset", slots - 1, 0, 0.2 * (slots - 1));
        stage_end(&stage);
    }
}

const struct CMUnitTest para_tests_observe_limits[] = {
    cmocka_unit_test(test_observe_rays_measure_a_room),
    cmocka_unit_test(test_observe_rays_end_at_sight),
    cmocka_unit_test(test_observe_far_offsets_saturate),
    cmocka_unit_test(test_observe_speeds_and_angles_saturate),
    cmocka_unit_test(test_observe_place_by_size),
    cmocka_unit_test(test_observe_push_of_a_light_body),
    cmocka_unit_test(test_observe_hides_a_mass),
    cmocka_unit_test(test_observe_wide_limits_and_long_walls_saturate),
    cmocka_unit_test(test_observe_keeps_the_nearest_rows_in_order),
    cmocka_unit_test(test_observe_keeps_what_matters),
    cmocka_unit_test(test_observe_rows_by_distance_to_turned_boxes),
    cmocka_unit_test(test_observe_nothing_where_nothing_is),
    cmocka_unit_test(test_observe_picks_the_nearest_of_a_role),
    cmocka_unit_test(test_observe_first_of_equals),
    cmocka_unit_test(test_observe_next_hazard_when_one_is_gone),
    cmocka_unit_test(test_observe_touches_of_the_player),
    cmocka_unit_test(test_observe_shows_no_wild_numbers),
    cmocka_unit_test(test_observe_vector_slots),
};
const size_t para_tests_observe_limits_count =
    sizeof para_tests_observe_limits / sizeof *para_tests_observe_limits;
