// SPDX-License-Identifier: MIT
// Defs: defaults are sound, and every kind of nonsense is refused with a message that names its place.
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static Scene scene;

typedef void Spoil(void);
typedef struct Case {
    Spoil *spoil;
    const char *path; ///< expected JSON pointer
    const char *code;
} Case;

static void nan_position(void) { scene.bodies[1].position.x = NAN; }
static void infinite_gravity(void) { scene.def.gravity.y = -INFINITY; }
static void zero_rate(void) { scene.def.rate = 0.0f; }
static void no_substeps(void) { scene.def.substeps = 0; }
static void many_bodies(void) { scene.def.body_count = PARA_BODIES_MAX + 1; }
static void negative_count(void) { scene.def.joint_count = -1; }
static void missing_array(void) { scene.def.shapes = NULL; }
static void bad_kind(void) { scene.bodies[2].kind = (ParaBodyKind)9; }
static void negative_damping(void) { scene.bodies[1].linear_damping = -0.1f; }
static void body_out_of_range(void) { scene.shapes[3].body = 400; }
static void shapes_out_of_order(void) { scene.shapes[3].body = 1; }
static void negative_friction(void) { scene.shapes[2].friction = -1.0f; }
static void big_restitution(void) { scene.shapes[2].restitution = 1.5f; }
static void no_radius(void) { scene.shapes[1].radius = 0.0f; }
static void rounded_polygon(void) { scene.shapes[2].radius = 0.1f; }
static void points_past_the_end(void) { scene.shapes[2].point_first = 0xfffffff0u; }
static void too_many_corners(void) { scene.shapes[2].point_count = 9; }
static void clockwise(void)
{
    ParaVec2 *p = scene.points + scene.shapes[2].point_first, swap = p[1];
    p[1] = p[3];
    p[3] = swap;
}
static void concave(void) { scene.points[scene.shapes[2].point_first + 2] = (ParaVec2){-0.2f, -0.1f}; }
static void equal_corners(void)
{
    scene.points[scene.shapes[2].point_first + 2] = scene.points[scene.shapes[2].point_first + 1];
}
static void sliver(void) // 0.6 mm thin, with corners well apart
{
    const ParaVec2 corners[] = {{0.0f, 0.0f}, {0.02f, 0.0f}, {0.012f, 0.0006f}, {0.008f, 0.0006f}};
    memcpy(scene.points + scene.shapes[2].point_first, corners, sizeof corners);
}
static void still_chain(void)
{
    scene.points[scene.shapes[0].point_first + 1] = scene.points[scene.shapes[0].point_first];
}
static void massless(void) { scene.shapes[1].density = 0.0f; }
static void joint_to_nobody(void) { scene.joints[0].b = -1; }
static void joint_to_itself(void) { scene.joints[0].b = scene.joints[0].a; }
static void joint_between_statics(void)
{
    scene.joints[2].a = 0;
    scene.joints[2].b = 13;
}
static void long_axis(void) { scene.joints[2].axis = (ParaVec2){0.0f, 2.0f}; }
static void nan_stiffness(void) { scene.joints[0].stiffness = NAN; }
static void crossed_limits(void)
{
    scene.joints[2].limited = true;
    scene.joints[2].lower = 1.0f;
    scene.joints[2].upper = 0.0f;
}
static void thruster_without_direction(void) { scene.thrusters[0].direction = (ParaVec2){0, 0}; }
static void nan_thruster(void) { scene.thrusters[0].force_max = NAN; }
static void zone_with_negative_drag(void) { scene.zones[0].drag = -1.0f; }
static void segment_zone(void) { scene.zones[0].kind = PARA_SHAPE_SEGMENT; }

static const Case cases[] = {
    {nan_position, "/bodies/1/position", "W001"},
    {infinite_gravity, "/gravity", "W001"},
    {zero_rate, "/rate", "W001"},
    {no_substeps, "/substeps", "W001"},
    {many_bodies, "/body_count", "W002"},
    {negative_count, "/joint_count", "W002"},
    {missing_array, "/shape_count", "W002"},
    {bad_kind, "/bodies/2/kind", "W005"},
    {negative_damping, "/bodies/1/linear_damping", "W001"},
    {body_out_of_range, "/shapes/3/body", "W003"},
    {shapes_out_of_order, "/shapes/3/body", "W003"},
    {negative_friction, "/shapes/2/friction", "W001"},
    {big_restitution, "/shapes/2/restitution", "W001"},
    {no_radius, "/shapes/1/radius", "W001"},
    {rounded_polygon, "/shapes/2/radius", "W001"},
    {points_past_the_end, "/shapes/2/point_first", "W006"},
    {too_many_corners, "/shapes/2/point_count", "W006"},
    {clockwise, "/shapes/2/points", "W007"},
    {concave, "/shapes/2/points", "W007"},
    {equal_corners, "/shapes/2/points", "W007"},
    {sliver, "/shapes/2/points", "W007"},
    {still_chain, "/shapes/0/points", "W007"},
    {massless, "/bodies/1/mass", "W008"},
    {joint_to_nobody, "/joints/0/b", "W003"},
    {joint_to_itself, "/joints/0/b", "W003"},
    {joint_between_statics, "/joints/2/b", "W010"},
    {long_axis, "/joints/2/axis", "W004"},
    {nan_stiffness, "/joints/0/stiffness", "W001"},
    {crossed_limits, "/joints/2/lower", "W009"},
    {thruster_without_direction, "/thrusters/0/direction", "W004"},
    {nan_thruster, "/thrusters/0/force_max", "W001"},
    {zone_with_negative_drag, "/zones/0/drag", "W001"},
    {segment_zone, "/zones/0/kind", "W005"},
};

/// Whether the list names `path` with `code`.
static bool named(const ParaDiagList *list, const Case *expected)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->items[i].path, expected->path) == 0 &&
            strcmp(list->items[i].code, expected->code) == 0)
            return true;
    return false;
}

static void test_bad_defs_are_refused_by_name(void **state)
{
    (void)state;
    scene_mixed(&scene);
    ParaWorldGroup *group = scene_group(&scene, 1); // the unspoilt scene builds
    ParaWorld world = para_world_at(group, 0);
    uint64_t hash = para_world_hash(world);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scene_mixed(&scene);
        cases[i].spoil();
        ParaArena *arena = para_arena_create(4096, 1 << 20);
        ParaDiagList list = para_diag_list(arena, "def", NULL);
        assert_false(para_world_build(world, &scene.def, NULL)); // without a list as well
        assert_false(para_world_build(world, &scene.def, &list));
        assert_true(list.error_count > 0);
        if (!named(&list, &cases[i])) {
            para_diag_print(&list, stdout);
            fail_msg("no error %s at %s", cases[i].code, cases[i].path);
        }
        para_arena_destroy(arena);
    }
    assert_int_equal(para_world_hash(world), hash); // a refused def leaves the world as it was
    para_world_group_destroy(group);
}

static void test_all_mistakes_come_in_one_go(void **state)
{
    (void)state;
    scene_mixed(&scene);
    nan_position();
    negative_friction();
    long_axis();
    ParaArena *arena = para_arena_create(4096, 1 << 20);
    ParaDiagList list = para_diag_list(arena, "def", NULL);
    ParaWorldGroup *group = scene_room(1);
    assert_false(para_world_build(para_world_at(group, 0), &scene.def, &list));
    assert_int_equal(list.error_count, 3);
    para_world_group_destroy(group);
    para_arena_destroy(arena);
}

static void test_mass_properties_are_those_of_the_shapes(void **state)
{
    (void)state;
    scene_begin(&scene);
    // Two boxes of one body, 2 m apart and of different density: the centre lies between.
    int body = scene_body(&scene, PARA_BODY_DYNAMIC, 5.0f, 5.0f);
    int light = scene_box(&scene, 1.0f, 1.0f), heavy = scene_box(&scene, 1.0f, 1.0f);
    scene.shapes[heavy].density = 3.0f;
    for (uint32_t i = 0; i < 4; i++)
        scene.points[scene.shapes[heavy].point_first + i].x += 2.0f;
    (void)light;
    scene.bodies[body].angle = 1.5707963f;
    scene.bodies[body].spin = 1.0f;
    int capsule = scene_body(&scene, PARA_BODY_DYNAMIC, 0.0f, 0.0f);
    scene_segment(&scene, (ParaVec2){0, 0}, (ParaVec2){2, 0}, 0.5f);
    ParaWorldGroup *group = scene_group(&scene, 1);
    const ParaView *view = para_world_view(para_world_at(group, 0));
    assert_float_equal(AT(view, mass, body), 4.0f, 1e-5f);
    assert_float_equal(AT(view, centre_x, body), 5.0f, 1e-5f); // turned by 90 degrees
    assert_float_equal(AT(view, centre_y, body), 6.5f, 1e-5f);
    assert_float_equal(AT(view, x, body), 5.0f, 1e-5f);
    assert_float_equal(AT(view, y, body), 5.0f, 1e-5f);
    assert_float_equal(AT(view, vx, body), -1.5f, 1e-5f); // the centre turns around a resting origin
    assert_float_equal(AT(view, mass, capsule), 2.0f + 3.14159265f * 0.25f, 1e-5f);
    assert_float_equal(AT(view, centre_x, capsule), 1.0f, 1e-5f);
    para_world_group_destroy(group);
}

static void test_defaults_build_a_world(void **state)
{
    (void)state;
    ParaWorldDef def = para_world_def_default();
    ParaWorldGroup *group = scene_room(1);
    ParaWorld world = para_world_at(group, 0);
    assert_true(para_world_build(world, &def, NULL)); // an empty world
    para_world_step(world);
    assert_int_equal(para_world_view(world)->step, 1);
    assert_int_equal(para_world_group_solver(group), scene_solver());
    assert_string_equal(para_solver_name(scene_solver()),
                        scene_solver() == PARA_SOLVER_LANES ? "lanes" : "chipmunk");
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_def[] = {
    SCENE_TEST(test_bad_defs_are_refused_by_name),
    SCENE_TEST(test_all_mistakes_come_in_one_go),
    SCENE_TEST(test_mass_properties_are_those_of_the_shapes),
    SCENE_TEST(test_defaults_build_a_world),
};
const size_t para_tests_world_def_count = sizeof para_tests_world_def / sizeof *para_tests_world_def;
