// SPDX-License-Identifier: MIT
// What an observation does when the whole yard is moved: shifted, nothing changes but the place; mirrored,
// just the signed numbers flip and the rays swap sides; turned, its vectors turn; written in another order,
// nothing. And the layout itself: its spans lie side by side, and its hash tells layouts apart.
#include "engine/base/maths.h"
#include "tests/agents/observe/observe_stage.h"

#include <math.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------
// Moving a level: p -> M p + t, M a rotation or a mirror.

typedef struct Move {
    double xx, xy, yx, yy; // M by rows
    double x, y;           // [m] t
    double angle;          // [rad] what a rotation adds
} Move;

static double side(const Move *m) { return m->xx * m->yy - m->xy * m->yx; } // -1: a mirror

static ParaVec2 turned(const Move *m, ParaVec2 v)
{
    double x = (double)v.x, y = (double)v.y;
    return (ParaVec2){(float)(m->xx * x + m->xy * y), (float)(m->yx * x + m->yy * y)};
}

static ParaVec2 moved(const Move *m, ParaVec2 v)
{
    ParaVec2 t = turned(m, v);
    return (ParaVec2){(float)((double)t.x + m->x), (float)((double)t.y + m->y)};
}

// What is given in a body's frame turns with the body; a mirror turns the frame over.
static ParaVec2 local(const Move *m, ParaVec2 v) { return side(m) < 0 ? turned(m, v) : v; }

static float angle(const Move *m, float a) { return (float)(side(m) * (double)a + m->angle); }

static void move_points(const Move *m, ParaVec2 *points, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        points[i] = local(m, points[i]);
    for (uint32_t i = 0; side(m) < 0 && i < count / 2; i++) { // corners stay counter-clockwise
        ParaVec2 keep = points[i];
        points[i] = points[count - 1 - i];
        points[count - 1 - i] = keep;
    }
}

static void move_bodies(ParaWorldDef *def, const Move *m)
{
    for (int i = 0; i < def->body_count; i++) {
        ParaBodyDef *body = &def->bodies[i];
        body->position = moved(m, body->position);
        body->angle = angle(m, body->angle);
        body->velocity = turned(m, body->velocity);
        body->spin *= (float)side(m);
    }
    for (int i = 0; i < def->shape_count; i++) {
        move_points(m, def->points + def->shapes[i].point_first, def->shapes[i].point_count);
        def->shapes[i].belt *= (float)side(m);
    }
}

static void move_zones(ParaWorldDef *def, const Move *m)
{
    for (int i = 0; i < def->zone_count; i++) {
        ParaZoneDef *zone = &def->zones[i];
        zone->position = moved(m, zone->position);
        zone->angle = angle(m, zone->angle);
        zone->acceleration = turned(m, zone->acceleration);
        move_points(m, def->points + zone->point_first, zone->point_count);
    }
}

static void move_joints(ParaWorldDef *def, const Move *m)
{
    for (int i = 0; i < def->joint_count; i++) {
        ParaJointDef *joint = &def->joints[i];
        joint->anchor_a = local(m, joint->anchor_a);
        joint->anchor_b = local(m, joint->anchor_b);
        joint->axis = local(m, joint->axis);
        if (joint->kind == PARA_JOINT_REVOLUTE && side(m) < 0) {
            float lower = joint->lower;
            joint->lower = -joint->upper;
            joint->upper = -lower;
        }
    }
    for (int i = 0; i < def->thruster_count; i++) {
        def->thrusters[i].point = local(m, def->thrusters[i].point);
        def->thrusters[i].direction = local(m, def->thrusters[i].direction);
    }
}

// The yard before and after a move, observed at its moment.
typedef struct Pair {
    Stage before, after;
} Pair;

static void observe_pair(Pair *pair, const Move *m)
{
    stage_yard(&pair->before, 0);
    stage_yard_moment(&pair->before, PARA_SOLVER_CHIPMUNK);
    stage_observe(&pair->before, para_obs_spec_entities());
    Stage *after = &pair->after;
    stage_yard(after, 0);
    after->scene.def.gravity = turned(m, after->scene.def.gravity);
    move_bodies(&after->scene.def, m);
    move_zones(&after->scene.def, m);
    move_joints(&after->scene.def, m);
    stage_yard_moment(after, PARA_SOLVER_CHIPMUNK);
    ParaView *view = stage_view(after);
    for (int j = 0; j < after->scene.def.joint_count; j++) {
        float flip = after->scene.joints[j].kind == PARA_JOINT_REVOLUTE ? (float)side(m) : 1.0f;
        ((float *)view->joint_angle)[j * view->stride] *= flip;
        ((float *)view->joint_speed)[j * view->stride] *= flip;
    }
    stage_observe(after, para_obs_spec_entities());
}

static void end_pair(Pair *pair)
{
    stage_end(&pair->before);
    stage_end(&pair->after);
}

// The name of the span a float belongs to: for messages.
static const char *span_at(const Stage *stage, int at)
{
    for (int s = 0; s < para_obs_span_count(&stage->spec); s++) {
        ParaObsSpan span = para_obs_span(&stage->spec, s);
        int i = at - span.offset;
        i = span.stride > 0 && i / span.stride < span.count ? i % span.stride : i;
        if (i >= 0 && i < span.size)
            return span.name;
    }
    return "no span";
}

// `before`, changed by the test into what is expected, against what was seen.
static void expect_after(const Pair *pair)
{
    int wrong = 0;
    for (int i = 0; i < pair->before.spec.size; i++) {
        double expected = (double)pair->before.obs[i], got = (double)pair->after.obs[i];
        if (fabs(got - expected) <= 2e-5)
            continue;
        print_error("float %d of %s: %.6g; expected %.6g\n", i, span_at(&pair->before, i), got, expected);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void test_observe_shifted_yard_looks_the_same(void **state)
{
    (void)state;
    static Pair pair;
    observe_pair(&pair, &(Move){.xx = 1, .yy = 1, .x = 7, .y = -3});
    *stage_float(&pair.before, "self.place", 0, 0) += 7.0f / 30;
    *stage_float(&pair.before, "self.place", 0, 1) -= 3.0f / 12;
    expect_after(&pair);
    end_pair(&pair);
}

// ---------------------------------------------------------------------------------------------
// Mirror.

static void flip(Stage *stage, const char *span, int repeat, int i)
{
    *stage_float(stage, span, repeat, i) *= -1.0f;
}

static void swap(float *a, float *b)
{
    float keep = *a;
    *a = *b;
    *b = keep;
}

static void mirror_globals(Stage *stage)
{
    static const char *const first[] = {
        "self.velocity",   "self.spin",    "self.angle",     "self.gravity",    "target.offset",
        "target.velocity", "cargo.offset", "cargo.velocity", "cargo.to_target", "cargo.sine",
        "hazard.offset",   "here.push",    "here.belt"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        flip(stage, first[i], 0, 0);
    flip(stage, "self.heading", 0, 1);
    flip(stage, "target.offset", 0, 2);
    flip(stage, "cargo.offset", 0, 2);
    flip(stage, "hazard.offset", 0, 2);
    float *place = stage_float(stage, "self.place", 0, 0);
    *place = 1 - *place;
    for (int c = 0; c < 7; c++) {
        flip(stage, "channels.offset", c, 0);
        flip(stage, "channels.spin", c, 0);
    }
    // The knee's angle, speed and limits; the jet's direction; the speed of the free joint. A rail knows no
    // side.
    flip(stage, "channels.device", 0, 0);
    flip(stage, "channels.device", 0, 1);
    swap(stage_float(stage, "channels.device", 0, 2), stage_float(stage, "channels.device", 0, 3));
    flip(stage, "channels.device", 2, 0);
    flip(stage, "channels.device", 3, 1);
    for (int i = 1; i + 1 < 16; i += 2) // each ray with its mirror image; up and down stay
        swap(stage_float(stage, "rays", 0, i), stage_float(stage, "rays", 0, i + 1));
}

static bool row_is(Stage *stage, int row, int kind)
{
    return *stage_float(stage, "rows.kind", row, kind) == 1.0f;
}

static void mirror_joint_row(Stage *stage, int row)
{
    flip(stage, "rows.joint.spin", row, 0);
    if (*stage_float(stage, "rows.joint.limits", row, 0) == -9.0f) // the rail
        return;
    flip(stage, "rows.joint.angle", row, 0);
    flip(stage, "rows.joint.speed", row, 0);
    swap(stage_float(stage, "rows.joint.limits", row, 0), stage_float(stage, "rows.joint.limits", row, 1));
    flip(stage, "rows.joint.limits", row, 0);
    flip(stage, "rows.joint.limits", row, 1);
}

static void mirror_row(Stage *stage, int row)
{
    flip(stage, "rows.offset", row, 0);
    flip(stage, "rows.offset", row, 2);
    flip(stage, "rows.velocity", row, 0);
    if (row_is(stage, row, 0)) {
        flip(stage, "rows.heading", row, 1);
        flip(stage, "rows.shape.spin", row, 0);
        flip(stage, "rows.shape.belt", row, 0);
    } else if (row_is(stage, row, 1)) {
        mirror_joint_row(stage, row);
    } else if (row_is(stage, row, 2)) {
        flip(stage, "rows.heading", row, 0); // a direction, not an angle
        flip(stage, "rows.thruster.spin", row, 0);
    } else {
        flip(stage, "rows.heading", row, 1);
        flip(stage, "rows.zone.acceleration", row, 0);
        flip(stage, "rows.zone.portal", row, 1);
    }
}

static void test_observe_mirrored_yard_flips_what_has_a_side(void **state)
{
    (void)state;
    static Pair pair;
    observe_pair(&pair, &(Move){.xx = -1, .yy = 1, .x = 30}); // about the middle of the world
    mirror_globals(&pair.before);
    for (int row = 0; row < 16; row++)
        mirror_row(&pair.before, row);
    expect_after(&pair);
    end_pair(&pair);
}

// ---------------------------------------------------------------------------------------------
// A quarter turn to the left: (x, y) becomes (-y, x).

static void turn(Stage *stage, const char *span, int repeat, int i)
{
    swap(stage_float(stage, span, repeat, i), stage_float(stage, span, repeat, i + 1));
    flip(stage, span, repeat, i);
}

static void turn_row(Stage *stage, int row)
{
    turn(stage, "rows.offset", row, 0);
    turn(stage, "rows.offset", row, 2);
    turn(stage, "rows.velocity", row, 0);
    if (!row_is(stage, row, 1))
        turn(stage, "rows.heading", row, 0);
    if (row_is(stage, row, 3)) {
        turn(stage, "rows.zone.acceleration", row, 0);
        turn(stage, "rows.zone.portal", row, 1);
    }
}

// Rays look where the world's axes point, so only those at right angles and one between them meet the same
// again.
static void turn_rays(Pair *pair)
{
    static const int from[][2] = {{0, 4}, {4, 15}, {15, 3}, {3, 0}, {1, 2}}; // ray before, ray after
    float before[16];
    memcpy(before, stage_float(&pair->before, "rays", 0, 0), sizeof before);
    memcpy(stage_float(&pair->before, "rays", 0, 0), stage_float(&pair->after, "rays", 0, 0), sizeof before);
    for (int i = 0; i < 5; i++)
        *stage_float(&pair->before, "rays", 0, from[i][1]) = before[from[i][0]];
}

static void test_observe_turned_yard_turns_its_vectors(void **state)
{
    (void)state;
    static Pair pair;
    observe_pair(&pair, &(Move){.xy = -1, .yx = 1, .angle = PARA_TAU / 4});
    Stage *stage = &pair.before;
    static const char *const vectors[] = {
        "self.velocity", "self.heading",   "self.gravity",    "target.offset", "target.velocity",
        "cargo.offset",  "cargo.velocity", "cargo.to_target", "hazard.offset", "here.push"};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        turn(stage, vectors[i], 0, 0);
    turn(stage, "target.offset", 0, 2);
    turn(stage, "cargo.offset", 0, 2);
    turn(stage, "hazard.offset", 0, 2);
    for (int c = 0; c < 7; c++)
        turn(stage, "channels.offset", c, 0);
    turn(stage, "channels.device", 2, 0); // the jet's direction
    for (int row = 0; row < 16; row++)
        turn_row(stage, row);
    turn_rays(&pair);
    *stage_float(stage, "self.angle", 0, 0) += (float)(PARA_TAU / 8);
    *stage_float(stage, "self.place", 0, 0) = -5.12f / 30;
    *stage_float(stage, "self.place", 0, 1) = 4.16f / 12;
    *stage_float(stage, "cargo.sine", 0, 0) = 0.96f; // what was its cosine
    *stage_float(stage, "here.surface", 0, 0) =
        (1.0f + 1.5f - 4.16f) / 10; // the pool is a disc about (-9, 1)
    expect_after(&pair);
    end_pair(&pair);
}

// ---------------------------------------------------------------------------------------------
// Written in another order.

static void test_observe_corners_in_another_order(void **state)
{
    (void)state;
    static Pair pair;
    observe_pair(&pair, &(Move){.xx = 1, .yy = 1});
    ParaWorldDef *def = &pair.after.scene.def;
    for (int i = 0; i < def->shape_count; i++) {
        const ParaShapeDef *shape = &def->shapes[i];
        ParaVec2 *points = def->points + shape->point_first, first = points[0];
        if (shape->kind != PARA_SHAPE_POLYGON)
            continue;
        memmove(points, points + 1, sizeof *points * (shape->point_count - 1));
        points[shape->point_count - 1] = first;
    }
    stage_yard_moment(&pair.after, PARA_SOLVER_CHIPMUNK);
    stage_observe(&pair.after, para_obs_spec_entities());
    expect_after(&pair);
    end_pair(&pair);
}

// Zones, thrusters and joints may stand in any order: rows are sorted by distance, channels know their own.
static void test_observe_lists_in_another_order(void **state)
{
    (void)state;
    static Pair pair;
    observe_pair(&pair, &(Move){.xx = 1, .yy = 1});
    Stage *after = &pair.after;
    ParaZoneDef zone = after->scene.zones[YARD_WIND];
    after->scene.zones[YARD_WIND] = after->scene.zones[YARD_DOOR];
    after->scene.zones[YARD_DOOR] = zone;
    after->zone_roles[YARD_WIND] = PARA_ROLE_TARGET;
    after->zone_roles[YARD_DOOR] = PARA_ROLE_NONE;
    after->level.ladders = 1u << YARD_DOOR;
    after->portals[YARD_DOOR] = YARD_WIND;
    after->portals[YARD_WIND] = -1;
    ParaThrusterDef thruster = after->scene.thrusters[YARD_JET];
    after->scene.thrusters[YARD_JET] = after->scene.thrusters[YARD_PUMP];
    after->scene.thrusters[YARD_PUMP] = thruster;
    for (int i = 0; i < after->players[0].actuator_count; i++) {
        ParaActuator *actuator = &after->players[0].actuators[i];
        if (actuator->thruster >= 0)
            actuator->thruster = actuator->thruster == YARD_JET ? YARD_PUMP : YARD_JET;
    }
    stage_yard_moment(after, PARA_SOLVER_CHIPMUNK);
    stage_observe(after, para_obs_spec_entities());
    assert_memory_equal(pair.before.obs, after->obs, sizeof(float) * (size_t)after->spec.size);
    end_pair(&pair);
}

// ---------------------------------------------------------------------------------------------
// The layout.

// How many spans claim each float, those of one kind of row apart from the others'.
static void check_side_by_side(const ParaObsSpec *spec)
{
    static const char *const kinds[] = {"rows.shape.", "rows.joint.", "rows.thruster.", "rows.zone."};
    for (int kind = 0; kind < 4; kind++) {
        static int claims[4096];
        memset(claims, 0, sizeof claims);
        int last = 0;
        for (int s = 0; s < para_obs_span_count(spec); s++) {
            ParaObsSpan span = para_obs_span(spec, s);
            bool other = false;
            for (int k = 0; k < 4; k++)
                other |= k != kind && strncmp(span.name, kinds[k], strlen(kinds[k])) == 0;
            if (other)
                continue;
            assert_true(span.size > 0 && span.count > 0 && span.offset >= last && span.low < span.high);
            assert_true(strlen(span.about) > 10);
            last = span.offset;
            for (int repeat = 0; repeat < span.count; repeat++)
                for (int i = 0; i < span.size; i++)
                    claims[span.offset + repeat * span.stride + i]++;
        }
        for (int i = 0; i < spec->size; i++) {
            bool row = i >= spec->global_size && i < spec->global_size + spec->row_max * spec->row_size;
            bool end = row && (i - spec->global_size) % spec->row_size >= 22; // kinds need not fill a row
            if (!(claims[i] == 1 || (end && claims[i] == 0)))
                fail_msg("float %d belongs to %d spans", i, claims[i]);
        }
        for (int i = spec->size; i < 4096; i++)
            assert_int_equal(claims[i], 0);
    }
}

static void test_spans_lie_side_by_side(void **state)
{
    (void)state;
    ParaObsSpec specs[] = {para_obs_spec_entities(), para_obs_spec_globals(),
                           para_obs_spec_sized(para_obs_spec_globals().size + 9),
                           para_obs_spec_sized(para_obs_spec_globals().size + 45)};
    for (int i = 0; i < 4; i++)
        check_side_by_side(&specs[i]);
    ParaObsSpan span;
    assert_true(para_obs_span_find(&specs[3], "bodies.sine", &span));
    assert_int_equal(span.count, 5);
    assert_int_equal(span.stride, 9);
    assert_false(para_obs_span_find(&specs[3], "mask", &span));
    assert_false(para_obs_span_find(&specs[1], "bodies.sine", &span));
    assert_false(para_obs_span_find(&specs[0], "bodies.sine", &span));
    assert_int_equal(span.count, 5); // left alone
}

static void test_layout_hash_tells_layouts_apart(void **state)
{
    (void)state;
    ParaObsSpec specs[] = {para_obs_spec_entities(), para_obs_spec_globals(),
                           para_obs_spec_sized(para_obs_spec_globals().size + 9),
                           para_obs_spec_sized(para_obs_spec_globals().size + 18)};
    for (int i = 0; i < 4; i++) {
        ParaObsSpec again = specs[i];
        assert_true(para_obs_layout_hash(&again) == para_obs_layout_hash(&specs[i]));
        for (int k = 0; k < i; k++)
            assert_true(para_obs_layout_hash(&specs[k]) != para_obs_layout_hash(&specs[i]));
    }
}

const struct CMUnitTest para_tests_observe_moves[] = {
    cmocka_unit_test(test_observe_shifted_yard_looks_the_same),
    cmocka_unit_test(test_observe_mirrored_yard_flips_what_has_a_side),
    cmocka_unit_test(test_observe_turned_yard_turns_its_vectors),
    cmocka_unit_test(test_observe_corners_in_another_order),
    cmocka_unit_test(test_observe_lists_in_another_order),
    cmocka_unit_test(test_spans_lie_side_by_side),
    cmocka_unit_test(test_layout_hash_tells_layouts_apart),
};
const size_t para_tests_observe_moves_count =
    sizeof para_tests_observe_moves / sizeof *para_tests_observe_moves;
