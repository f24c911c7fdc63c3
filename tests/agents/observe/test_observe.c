// SPDX-License-Identifier: MIT
// What every float of an observation is: all of them, of the yard (observe_stage.c), against numbers worked
// out here by hand from the level's own.
#include "tests/agents/observe/observe_stage.h"

#include <math.h>

// ---------------------------------------------------------------------------------------------
// Reading an observation from front to back.

typedef struct Look {
    const ParaObsSpec *spec;
    const float *obs;
    int at, wrong;
} Look;

// The next float belongs to this span, as the layout says; NULL: nobody's.
static bool belongs(const Look *look, const char *span)
{
    ParaObsSpan found;
    if (!span)
        return true;
    if (!para_obs_span_find(look->spec, span, &found))
        return false;
    int i = look->at - found.offset, repeat = found.stride > 0 ? i / found.stride : 0;
    return i >= 0 && repeat < found.count && i - repeat * found.stride < found.size;
}

// The next float is this number, and of this span.
static void see(Look *look, const char *span, double expected)
{
    double got = (double)look->obs[look->at];
    bool good = fabs(got - expected) <= 3e-6 * fmax(1.0, fabs(expected));
    if (!good || !belongs(look, span)) {
        print_error("float %d: %.7g; expected %.7g of %s\n", look->at, got, expected,
                    span ? span : "nothing");
        look->wrong++;
    }
    look->at++;
}

static void see_nothing(Look *look, int count)
{
    for (int i = 0; i < count; i++)
        see(look, NULL, 0);
}

/// A vector in metres: by tens of metres, then by 2 m and limited to -1..1.
static void see_offset(Look *look, const char *span, double dx, double dy)
{
    see(look, span, dx / 10);
    see(look, span, dy / 10);
    see(look, span, fmin(fmax(dx / 2, -1), 1));
    see(look, span, fmin(fmax(dy / 2, -1), 1));
}

static void see_end(const Look *look, int size)
{
    assert_int_equal(look->wrong, 0);
    assert_int_equal(look->at, size);
}

// ---------------------------------------------------------------------------------------------
// The yard's bodies by hand. v of the centre of mass = v of the origin + spin * (-ry, rx), r from the origin
// to the centre: hull r = (0.16, 0.12), crate r = (0.48, -0.14).

typedef struct Fact {
    double x, y;       // [m] centre of mass
    double cos, sin;   // [1]
    double vx, vy;     // [m/s] of the centre of mass
    double spin, mass; // [rad/s], [kg]
} Fact;

static const Fact wall = {12, 2.5, 0.8, -0.6, 0, 0, 0, 0};
static const Fact crate = {7.48, 6.36, 0.96, -0.28, -0.568, -0.376, -1.2, 1.6};
static const Fact hull = {4.16, 5.12, 0.8, 0.6, 1.392, -0.556, 0.9, 1.0};
static const Fact star = {9, 7.5, 0.28, 0.96, -0.6, 0.8, 0.4, 0};
static const Fact wheel = {4.9, 4.3, 0.6, 0.8, 0.3, -1.1, -2.5, 3.14159265358979 * 0.16 * 3};
static const Fact mine = {2.5, 6, 0.28, -0.96, 0.2, 0.1, 3, 2.7};
static const Fact near_star = {3, 3, 1, 0, 0, 0, 0, 0};

static void see_velocity(Look *look, const char *span, double vx, double vy)
{
    see(look, span, (vx - hull.vx) / 10);
    see(look, span, (vy - hull.vy) / 10);
}

static void see_self(Look *look)
{
    see(look, "self.velocity", 1.392 / 10);
    see(look, "self.velocity", -0.556 / 10);
    see(look, "self.spin", 0.9 / 10);
    see(look, "self.heading", 0.8);
    see(look, "self.heading", 0.6);
    see(look, "self.angle", 0.6435011 / 2);
    see(look, "self.place", 4.16 / 30);
    see(look, "self.place", 5.12 / 12);
    see(look, "self.time_left", 0.75);
    see(look, "self.time", 0.5);
    see(look, "self.gravity", 0.05);
    see(look, "self.gravity", -0.95);
    see(look, "self.touching", 0);
    see(look, "self.any_touching", 1);
    see(look, "self.holding", 1);
    see(look, "self.progress", 0.3);
}

// The target is the one nearest to the cargo, not to the player; the nearer hazard has been taken away.
static void see_goal(Look *look)
{
    see(look, "target.there", 1);
    see_offset(look, "target.offset", 9 - 4.16, 7.5 - 5.12);
    see_velocity(look, "target.velocity", star.vx, star.vy);
    see(look, "cargo.there", 1);
    see_offset(look, "cargo.offset", 7.48 - 4.16, 6.36 - 5.12);
    see_velocity(look, "cargo.velocity", crate.vx, crate.vy);
    see(look, "cargo.to_target", (9 - 7.48) / 10);
    see(look, "cargo.to_target", (7.5 - 6.36) / 10);
    see(look, "cargo.sine", -0.28);
    see(look, "hazard.there", 1);
    see_offset(look, "hazard.offset", 2.5 - 4.16, 6 - 5.12);
}

// The hull is in the wind alone, whose well lies 0.24 m to the right of it and 0.48 m higher: 0.536656 m
// away. The only fluid is a disc whose top is at 9 + 1.5. The wheel touches the crate's second box, a belt.
static void see_place(Look *look)
{
    see(look, "here.push", (1.2 + 1.5 * 0.24 / 0.536656315) / 10);
    see(look, "here.push", (-3.4 + 1.5 * 0.48 / 0.536656315) / 10);
    see(look, "here.drag", 0.7);
    see(look, "here.fluid", 0);
    see(look, "here.shore", 1);
    see(look, "here.surface", (10.5 - 5.12) / 10);
    see(look, "here.ladder", 1);
    see(look, "here.belt", -0.15);
    see(look, "variables", 0);
    see(look, "variables", 0.7);
    see(look, "variables", -10); // as far as an observation goes
    for (int i = 3; i < 8; i++)
        see(look, "variables", 0);
}

typedef enum { NO_FLAG, TURNS, THRUSTS, SWITCHES } Flag;

static void see_channel(Look *look, Flag flag, double action, double sign, const double law[4], bool touches,
                        const Fact *driven)
{
    see(look, "channels.bound", 1);
    see(look, "channels.kind", flag == TURNS);
    see(look, "channels.kind", flag == THRUSTS);
    see(look, "channels.kind", flag == SWITCHES);
    see(look, "channels.action", action);
    see(look, "channels.sign", sign);
    for (int i = 0; i < 4; i++)
        see(look, "channels.device", law[i]);
    see(look, "channels.touching", touches);
    see(look, "channels.offset", (driven->x - hull.x) / 2);
    see(look, "channels.offset", (driven->y - hull.y) / 2);
    see(look, "channels.spin", driven->spin / 10);
}

static void see_channels(Look *look)
{
    const double knee[] = {0.33, -0.34, 0.33 + 0.5, 0.8 - 0.33}, rail[] = {-1.25, 0.21, 9 - 1.25, 2 + 1.25};
    const double jet[] = {0.8 * 0.6 + 0.6 * 0.8, 0.6 * 0.6 - 0.8 * 0.8, 15.0 / 10, 0}; // turned with the hull
    const double unlimited[] = {0, 0.63, 1, 1}, none[] = {0, 0, 0, 0};
    see_channel(look, TURNS, -1, -1, knee, true, &wheel);
    see_channel(look, NO_FLAG, 0.5, 1, rail, false, &mine);
    see_channel(look, THRUSTS, 0.75, 1, jet, false, &hull);
    see_channel(look, TURNS, -0.25, -1, unlimited, false, &crate); // what touches the crate is not asked
    see_channel(look, SWITCHES, 1, 1, none, false, &hull);
    see_channel(look, SWITCHES, -0.5, 1, none, true, &wheel);
    see_channel(look, NO_FLAG, 0.1, -1, none, true, &wheel);
    see_nothing(look, 14);
}

// Against single rays, which the engine casts in another way.
static void see_rays(Look *look, Stage *stage, double x, double y)
{
    static const double degrees[] = {90,   45,  135,  0,   180,  -12, -168, -25,
                                     -155, -40, -140, -58, -122, -75, -105, -90};
    for (int i = 0; i < 16; i++) {
        double angle = degrees[i] * 3.14159265358979 / 180,
               sight = (double)stage->players[stage->player].sight;
        ParaVec2 from = {(float)x, (float)y};
        ParaVec2 to = {(float)(x + sight * cos(angle)), (float)(y + sight * sin(angle))};
        see(look, "rays", (double)para_world_ray(stage->world, from, to, UINT32_MAX, 1).fraction);
    }
}

static void see_globals(Look *look, Stage *stage)
{
    see_self(look);
    see_goal(look);
    see_place(look);
    see_channels(look);
    see_rays(look, stage, hull.x, hull.y);
}

// ---------------------------------------------------------------------------------------------
// Rows.

typedef enum { SHAPE, JOINT, THRUSTER, ZONE } Kind;

typedef struct Head {
    Kind kind;
    ParaRole role;
    ParaBodyKind body;
    double x, y;           // [m]
    double cos, sin;       // [1]
    double half_x, half_y; // [m]
    bool round;
} Head;

static void see_head(Look *look, Head head)
{
    double dx = head.x - hull.x, dy = head.y - hull.y;
    for (int kind = SHAPE; kind <= ZONE; kind++)
        see(look, "rows.kind", head.kind == (Kind)kind);
    for (int role = PARA_ROLE_PLAYER; role <= PARA_ROLE_HAZARD; role++)
        see(look, "rows.role", head.role == (ParaRole)role);
    see(look, "rows.motion", head.body == PARA_BODY_STATIC);
    see(look, "rows.motion", head.body == PARA_BODY_KINEMATIC);
    see_offset(look, "rows.offset", dx, dy);
    see(look, "rows.heading", head.cos);
    see(look, "rows.heading", head.sin);
    see(look, "rows.half", head.half_x);
    see(look, "rows.half", head.half_y);
    see(look, "rows.round", head.round);
    see(look, "rows.distance", sqrt(dx * dx + dy * dy) / 10);
}

static void see_motion(Look *look, const char *spin, const Fact *body)
{
    see_velocity(look, "rows.velocity", body->vx, body->vy);
    see(look, spin, body->spin / 10);
}

// What few shapes are: a belt, one-way, fragile, collected.
typedef struct Special {
    double restitution, belt;
    bool one_way;
    double hit, squeeze;
    bool collects;
} Special;

static void see_special_shape(Look *look, Head head, const Fact *body, double friction, bool touches,
                              Special special)
{
    see_head(look, head);
    see_motion(look, "rows.shape.spin", body);
    see(look, "rows.shape.mass", body->mass / 10);
    see(look, "rows.shape.friction", friction);
    see(look, "rows.shape.restitution", special.restitution);
    see(look, "rows.shape.touching", touches);
    see(look, "rows.shape.belt", special.belt);
    see(look, "rows.shape.one_way", special.one_way);
    see(look, "rows.shape.fragile", special.hit);
    see(look, "rows.shape.fragile", special.squeeze);
    see(look, "rows.shape.collects", special.collects);
    see_nothing(look, 1);
}

static void see_shape(Look *look, Head head, const Fact *body, double friction, bool touches)
{
    see_special_shape(look, head, body, friction, touches, (Special){0});
}

static void see_joint(Look *look, ParaRole role, double x, double y, const Fact *body,
                      const double angle_to_load[9])
{
    see_head(look, (Head){JOINT, role, PARA_BODY_DYNAMIC, x, y, 1, 0, 0, 0, true});
    see_motion(look, "rows.joint.spin", body);
    see(look, "rows.joint.angle", angle_to_load[0]);
    see(look, "rows.joint.speed", angle_to_load[1]);
    see(look, "rows.joint.motored", angle_to_load[2]);
    see(look, "rows.joint.limits", angle_to_load[3]);
    see(look, "rows.joint.limits", angle_to_load[4]);
    for (int i = 0; i < 3; i++)
        see(look, "rows.joint.way", angle_to_load[5 + i]);
    see(look, "rows.joint.load", angle_to_load[8]);
    see_nothing(look, 1);
}

static void see_thruster(Look *look, ParaRole role, double x, double y, double cosine, double sine,
                         const Fact *body, double push)
{
    see_head(look, (Head){THRUSTER, role, PARA_BODY_DYNAMIC, x, y, cosine, sine, 0, 0, false});
    see_motion(look, "rows.thruster.spin", body);
    see(look, "rows.thruster.push", push);
    see_nothing(look, 9);
}

static void see_zone(Look *look, Head head, double drag, double ax, double ay, bool inside,
                     const double pull_density_drag[3], bool wonder)
{
    see_head(look, head);
    see_velocity(look, "rows.velocity", 0, 0);
    see(look, "rows.zone.drag", drag);
    see(look, "rows.zone.acceleration", ax / 10);
    see(look, "rows.zone.acceleration", ay / 10);
    see(look, "rows.zone.pull", pull_density_drag[0] / 10);
    see(look, "rows.zone.fluid", pull_density_drag[1] / 10);
    see(look, "rows.zone.fluid", pull_density_drag[2]);
    see(look, "rows.zone.inside", inside);
    see(look, "rows.zone.ladder", wonder);
    see(look, "rows.zone.portal", wonder); // which leads to the door
    see(look, "rows.zone.portal", wonder ? (20 - hull.x) / 10 : 0);
    see(look, "rows.zone.portal", wonder ? (10 - hull.y) / 10 : 0);
}

// Nearest first: own parts and target zones at no distance, shapes by the distance to their box, the others
// by that to their point, in brackets the square of it [m^2]. Places are p + R q, worked out by hand.
static void see_rows(Look *look)
{
    const double knee[] = {0.33, -0.34, 1, -0.5, 0.8, 1, 0, 0, 0.25},
                 rail[] = {-1.25, 0.21, 0, -9, 2, 0, 1, 0, 0};
    const double unlimited[] = {0, 0.63, 0, -10, 10, 1, 0, 0, 0};
    const double dry[] = {0, 0, 0}, well[] = {1.5, 0, 0}, wet[] = {0, 3, 0.5};
    Head head = {SHAPE, PARA_ROLE_PLAYER, PARA_BODY_DYNAMIC, 4.16, 5.12, 0.8, 0.6, 0.5, 0.25, false};
    see_shape(look, head, &hull, 0.65, true);
    head = (Head){SHAPE, PARA_ROLE_PLAYER, PARA_BODY_DYNAMIC, 4.9, 4.3, 0.6, 0.8, 0.4, 0.4, true};
    see_shape(look, head, &wheel, 0.85, true);
    head = (Head){ZONE, PARA_ROLE_TARGET, PARA_BODY_STATIC, 19.164, 10.348, 0.28, 0.96, 0.5, 0.9, false};
    see_zone(look, head, 0, 0, 0, false, dry, false);
    see_thruster(look, PARA_ROLE_PLAYER, 3.7, 4.9, 0.96, -0.28, &hull, 1.5); // (0.26)
    head = (Head){ZONE, PARA_ROLE_NONE, PARA_BODY_STATIC, 3.9, 5.85, 0.8, 0.6, 1.75, 1.5, false};
    see_zone(look, head, 0.7, 1.2, -3.4, true, well, true); // (0.29)
    head = (Head){SHAPE, PARA_ROLE_HAZARD, PARA_BODY_DYNAMIC, 2.672, 5.946, 0.28, -0.96, 0.3, 0.45, false};
    // 5.4 N s stop 2.7 kg at 2 m/s; 81 N are 30 m/s^2 of them. (1.39)
    see_special_shape(look, head, &mine, 0.95, false, (Special){.hit = 1.0 / 3, .squeeze = 0.25});
    see_joint(look, PARA_ROLE_PLAYER, 5.12, 4.26, &wheel, knee); // (1.66)
    see_joint(look, PARA_ROLE_HAZARD, 2.76, 6.18, &mine, rail);  // (3.08)
    head = (Head){SHAPE, PARA_ROLE_TARGET, PARA_BODY_STATIC, 3, 3, 1, 0, 0.25, 0.25, true};
    see_special_shape(look, head, &near_star, 0.15, false,
                      (Special){.one_way = true, .collects = true}); // (4.33)
    head = (Head){SHAPE, PARA_ROLE_CARGO, PARA_BODY_DYNAMIC, 7, 6.5, 0.96, -0.28, 0.2, 0.2, false};
    see_shape(look, head, &crate, 0.45, true);                                // (8.27)
    see_thruster(look, PARA_ROLE_CARGO, 7.536, 6.552, 0.8, 0.6, &crate, 0.5); // (13.45)
    head = (Head){SHAPE, PARA_ROLE_CARGO, PARA_BODY_DYNAMIC, 7.96, 6.22, 0.96, -0.28, 0.2, 0.2, false};
    see_special_shape(look, head, &crate, 0.55, true, (Special){.belt = -0.15}); // (13.55)
    see_joint(look, PARA_ROLE_CARGO, 7.7, 6.4, &crate, unlimited);               // (14.17)
    head = (Head){SHAPE, PARA_ROLE_TARGET, PARA_BODY_KINEMATIC, 9, 7.5, 0.28, 0.96, 0.3, 0.3, true};
    see_shape(look, head, &star, 0.05, false); // (24.7); an event made it smooth
    head = (Head){ZONE, PARA_ROLE_HAZARD, PARA_BODY_STATIC, 1, 9, 1, 0, 1.5, 1.5, true};
    see_zone(look, head, 0, 0, 0, false, wet, false); // (25.0)
    head = (Head){SHAPE, PARA_ROLE_NONE, PARA_BODY_STATIC, 12, 2.5, 0.8, -0.6, 1.15, 0.15, false};
    see_special_shape(look, head, &wall, 0.35, true, (Special){.restitution = 0.25}); // (50.9)
}

// On both solvers, and as the second of two players too: the other one changes nothing.
typedef struct Seat {
    ParaSolverKind solver;
    int player;
} Seat;
static const Seat seats[] = {{PARA_SOLVER_CHIPMUNK, 0}, {PARA_SOLVER_LANES, 0}, {PARA_SOLVER_CHIPMUNK, 1}};

static void test_observe_entities_float_by_float(void **state)
{
    (void)state;
    static Stage stage;
    for (int s = 0; s < 3; s++) {
        stage_yard(&stage, seats[s].player);
        stage_yard_moment(&stage, seats[s].solver);
        ParaObsSpec spec = para_obs_spec_entities();
        Look look = {.spec = &spec, .obs = stage_observe(&stage, spec)};
        see_globals(&look, &stage);
        assert_int_equal(look.at, spec.global_size);
        see_rows(&look);
        assert_int_equal(look.at, spec.global_size + 16 * spec.row_size);
        see_nothing(&look, 8 * spec.row_size);
        for (int i = 0; i < 24; i++)
            see(&look, "mask", i < 16);
        see_end(&look, spec.size);
        stage_end(&stage);
    }
}

// ---------------------------------------------------------------------------------------------
// The vector form.

static void see_slot(Look *look, const Fact *body)
{
    see(look, "bodies.used", 1);
    see_offset(look, "bodies.offset", body->x - hull.x, body->y - hull.y);
    see(look, "bodies.sine", body->sin);
    see_velocity(look, "bodies.velocity", body->vx, body->vy);
    see(look, "bodies.spin", body->spin / 10);
}

// The player's parts first, then the others as they stand in the level; what does not move has no slot, what
// has been taken away leaves its own empty.
static void test_observe_vector_float_by_float(void **state)
{
    (void)state;
    static Stage stage;
    const Fact *slots[] = {&hull, &wheel, &crate, &star, &mine};
    for (int s = 0; s < 3; s++) {
        stage_yard(&stage, seats[s].player);
        stage_yard_moment(&stage, seats[s].solver);
        ParaObsSpec own = para_obs_spec_vector(&stage.level);
        assert_int_equal(own.size, para_obs_spec_entities().global_size + 6 * 9);
        for (int room = 0; room <= 8; room++) { // fewer slots than bodies, and more
            int size = own.size + (room - 6) * 9;
            ParaObsSpec spec = {.kind = PARA_OBS_VECTOR, .global_size = size, .size = size};
            Look look = {.spec = &spec, .obs = stage_observe(&stage, spec)};
            see_globals(&look, &stage);
            for (int i = 0; i < room && i < 5; i++)
                see_slot(&look, slots[i]);
            see_nothing(&look, room > 5 ? (room - 5) * 9 : 0);
            see_end(&look, size);
        }
        stage_end(&stage);
    }
}

const struct CMUnitTest para_tests_observe[] = {
    cmocka_unit_test(test_observe_entities_float_by_float),
    cmocka_unit_test(test_observe_vector_float_by_float),
};
const size_t para_tests_observe_count = sizeof para_tests_observe / sizeof *para_tests_observe;
