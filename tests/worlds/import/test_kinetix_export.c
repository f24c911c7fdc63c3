// SPDX-License-Identifier: MIT
// Levels as Kinetix's files: what was imported comes back as it was, what is written has the form that
// Kinetix loads, and what it has no words for is told.
#include "tests/worlds/import/kinetix_level.h"

#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static KinetixLevel level;

static void comes_back(void)
{
    kinetix_start(&level);
    kinetix_comes_back(level.text, level.level, "tiny.json", level.arena);
    kinetix_end(&level);
}

#define HINGE "\"motor_on\": true, \"motor_speed\": 1.7, \"motor_power\": 0.9, \"motor_binding\": 3"
static void test_what_was_imported_comes_back_the_same(void **state)
{
    (void)state;
    kinetix_begin(&level); // one of everything
    level.wall_roles[0] = '3';
    level.more = ", \"gravity\": {\"0\": 0.5, \"1\": -3}";
    level.params = ", \"env_params\": {\"motor_decay_coefficient\": 0.13, \"motor_joint_limit\": 0.2}";
    int a = kinetix_box(&level, 1.1, 2.3, 0.37, 0.21, 1, false, ", \"rotation\": 0.7, \"restitution\": 0.3");
    int b =
        kinetix_box(&level, 2.9, 2.2, 0.6, 0.2, 0, false, ", \"collision_mode\": 0, \"angular_velocity\": 2");
    int c = kinetix_box(&level, 4.1, 1.0, 0.4, 0.3, 2, true, ", \"collision_mode\": 2");
    int d = kinetix_circle(&level, 1.3, 2.6, 0.17, 0, false,
                           ", \"friction\": 0.3, \"velocity\": {\"0\": 1, \"1\": 2}");
    int e = kinetix_circle(&level, 3.1, 3.0, 0.2, 2, false, ", \"inverse_inertia\": 0");
    kinetix_joint(&level, a, d, 0.1, 0.05, -0.02, 0.01,
                  HINGE ", \"motor_has_joint_limits\": true, \"min_rotation\": -0.9, \"max_rotation\": 0.3, "
                        "\"rotation\": -0.6");
    kinetix_joint(&level, a, b, 0.2, 0.1, -0.2, 0, "\"is_fixed_joint\": true, \"rotation\": -0.7");
    kinetix_joint(&level, c, e, 0, 0, 0, 0, "\"motor_on\": false");
    for (int k = 0; k < 12; k++) // directions of any kind
        kinetix_thruster(&level, k % 2 ? a : e, 0.1 * k, 0, -3.1 + 0.517 * k, 0.05 + 0.01 * k, k % 2);
    comes_back();
    kinetix_begin(&level); // nothing moves
    kinetix_circle(&level, 2.5, 1.0, 0.3, 1, true, "");
    kinetix_circle(&level, 2.6, 1.0, 0.3, 2, true, "");
    comes_back();
}

static void test_any_polygon_comes_back_the_same(void **state)
{
    (void)state;
    static const char *const outlines[] = {"[[0.3, 0.1], [0, -0.2], [-0.3, 0.1], [0.3, 0.1]]",
                                           "[[0.4, 0.1], [0.2, -0.3], [-0.4, -0.2], [-0.2, 0.4]]",
                                           "[[0.1, 0.33], [0.2, 0.1], [-0.27, -0.21], [-0.1, 0.3]]"};
    for (size_t k = 0; k < sizeof outlines / sizeof *outlines; k++) {
        kinetix_begin(&level);
        snprintf(level.polygons, sizeof level.polygons,
                 "{\"active\": true, \"position\": [2.1, 2.7], \"rotation\": 0.3, \"n_vertices\": %d, "
                 "\"vertices\": %s, "
                 "\"inverse_mass\": 7.7, \"inverse_inertia\": 123.4, \"density\": 1, \"role\": 1}",
                 k == 0 ? 3 : 4, outlines[k]);
        level.polygon_count = 1;
        kinetix_circle(&level, 1, 1, 0.2, 2, true, "");
        comes_back();
    }
}

static const cJSON *entry(const cJSON *object, const char *list, int index)
{
    const cJSON *found =
        cJSON_GetArrayItem(cJSON_GetObjectItem(cJSON_GetObjectItem(object, "env_state"), list), index);
    assert_non_null(found);
    return found;
}

static double value(const cJSON *object, const char *key, const char *part)
{
    const cJSON *found = cJSON_GetObjectItem(object, key);
    found = part ? cJSON_GetObjectItem(found, part) : found;
    assert_non_null(found);
    return cJSON_IsBool(found) ? cJSON_IsTrue(found) : found->valuedouble;
}

/// Kinetix loads a level of a size class whole: each list at its length, indices over all slots, contacts and
/// matrix too.
static void test_file_has_the_form_of_its_size_class(void **state)
{
    (void)state;
    kinetix_begin(&level);
    int hull = kinetix_box(&level, 2.0, 1.0, 0.8, 0.2, 1, false, "");
    kinetix_box(&level, 4.0, 2.0, 0.4, 0.2, 2, true, "");
    int wheel = kinetix_circle(&level, 1.7, 0.9, 0.2, 0, false, "");
    kinetix_joint(&level, hull, wheel, -0.3, -0.1, 0, 0, HINGE);
    kinetix_thruster(&level, wheel, 0, 0.1, 0.5, 0.2, 1);
    kinetix_start(&level);
    char *text = para_kinetix_export(level.level, level.arena, &level.list);
    assert_non_null(text);
    assert_int_equal(level.list.count, 0);
    cJSON *json = para_json_parse(text);
    assert_non_null(json);
    static const struct {
        const char *list;
        int length;
    } lists[] = {{"polygon", 6},
                 {"circle", 3},
                 {"joint", 2},
                 {"thruster", 2},
                 {"acc_rr_manifolds", 18},
                 {"acc_cr_manifolds", 18},
                 {"acc_cc_manifolds", 3}};
    const cJSON *env = cJSON_GetObjectItem(json, "env_state");
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(env, lists[k].list)), lists[k].length);
    const cJSON *joint = entry(json, "joint", 0), *box = entry(json, "polygon", 4);
    scene_near(value(joint, "b_index", NULL), 6, 0);
    scene_near(value(joint, "motor_speed", NULL), 1.7, 1e-6);
    scene_near(value(joint, "motor_power", NULL), 0.9, 1e-6);
    scene_near(value(joint, "motor_binding", NULL), 3, 0);
    scene_near(value(joint, "global_position", "0"), 1.7, 1e-6);
    scene_near(value(entry(json, "joint", 1), "active", NULL), 0, 0);
    scene_near(value(entry(json, "thruster", 0), "rotation", NULL), 0.5, 1e-6);
    scene_near(value(entry(json, "thruster", 0), "thruster_binding", NULL), 1, 0);
    scene_near(value(box, "inverse_mass", NULL), 1 / 0.16, 1e-4);
    scene_near(value(box, "inverse_inertia", NULL), 12 / (0.16 * 0.68), 1e-3);
    scene_near(value(box, "friction", NULL), 1, 1e-6);
    scene_near(value(entry(json, "polygon", 0), "collision_mode", NULL), 2, 0);
    const cJSON *corner = cJSON_GetObjectItem(box, "vertices");
    scene_near(value(corner, "0", "0"), 0.4, 1e-6); // right upper, then clockwise
    scene_near(value(corner, "0", "1"), 0.1, 1e-6);
    scene_near(value(corner, "1", "1"), -0.1, 1e-6);
    const cJSON *matrix = cJSON_GetObjectItem(env, "collision_matrix");
    scene_near(value(matrix, "4", "6"), 0, 0);
    scene_near(value(matrix, "4", "5"), 1, 0);
    scene_near(value(matrix, "4", "4"), 0, 0);
    cJSON_Delete(json);
    kinetix_end(&level);
}

// ---------------------------------------------------------------------------------------------
// Templates of any kind.

/// Everything that Kinetix has no words for, and a few things that it has.
static const char any_template[] =
    "{\"paracosm\": 1, \"name\": \"any\", \"world\": {\"size\": [9, 6], \"seconds\": 5}, \"bodies\": ["
    "{\"name\": \"ground\", \"static\": true, \"shape\": {\"chain\": [[0, 1], [9, 1]]}},"
    "{\"name\": \"hull\", \"at\": [2, 3], \"angle\": 0.5, \"restitution\": 0.2, \"damping\": 0.1, \"fast\": "
    "true, "
    "\"shape\": {\"box\": [1, 0.4], \"at\": [0.3, 0]}},"
    "{\"name\": \"wheel\", \"at\": [1.7, 2.6], \"shape\": {\"circle\": 0.3}},"
    "{\"name\": \"pair\", \"at\": [6, 4], \"shapes\": [{\"circle\": 0.2}, {\"box\": [1, 1]}]},"
    "{\"name\": \"star\", \"at\": [7, 4], \"shape\": {\"polygon\": [[1, 0], [0.3, 1], [-0.8, 0.6], [-0.8, "
    "-0.6], [0.3, "
    "-1]]}},"
    "{\"name\": \"lift\", \"kinematic\": true, \"at\": [8, 2], \"shape\": {\"box\": [0.5, 0.1]}, \"group\": "
    "3},"
    "{\"name\": \"coin\", \"static\": true, \"at\": [8, 4], \"collect\": true, \"shape\": {\"circle\": 0.1}, "
    "\"group\": "
    "3},"
    "{\"name\": \"flag\", \"static\": true, \"at\": [5, 2], \"category\": 5, \"shape\": {\"circle\": 0.2, "
    "\"at\": [0.5, "
    "0]}}],"
    "\"joints\": [{\"name\": \"axle\", \"revolute\": [\"hull\", \"wheel\"], \"collide\": true},"
    "{\"name\": \"rod\", \"distance\": [\"hull\", \"flag\"]}, {\"name\": \"lost\", \"revolute\": [\"hull\", "
    "\"star\"]}],"
    "\"zones\": [{\"name\": \"wind\", \"area\": {\"circle\": 1}, \"force\": [1, 0]}],"
    "\"player\": {\"body\": \"hull\", \"actuators\": [{\"motor\": \"axle\", \"channel\": 5, \"rate\": 12, "
    "\"torque\": 2, "
    "\"sign\": -1}, {\"thruster\": \"hull\", \"channel\": 0, \"at\": [0.3, 0], \"direction\": [0, 1], "
    "\"force\": 5},"
    "{\"twist\": \"hull\", \"torque\": 1}, {\"motor\": \"lost\", \"torque\": 1}]},"
    "\"goal\": {\"any\": [{\"touch\": [\"player\", \"flag\"]}, {\"above\": [\"hull\", 4]}]}, \"fail\": "
    "{\"touch\": "
    "[\"player\", \"coin\"], \"for\": 1}, \"rewards\": [{\"alive\": true}]}";

static void test_what_kinetix_has_no_words_for_is_told(void **state)
{
    (void)state;
    kinetix_begin(&level);
    ParaDiagList list = para_diag_list(level.arena, "any", any_template);
    const ParaTemplate *t = para_template_load("any", any_template, strlen(any_template), level.arena, &list);
    const ParaLevel *one = t ? para_template_sample(t, NULL, 0, level.arena, &list) : NULL;
    para_diag_print(&list, stderr);
    assert_non_null(one);
    level.list = para_diag_list(level.arena, "any", NULL);
    char *text = para_kinetix_export(one, level.arena, &level.list);
    assert_non_null(text);
    static const char *const told[] = {"an episode has 75 decisions",
                                       "frictions multiply",
                                       "restitutions multiply",
                                       "no zones",
                                       "rewards on the way",
                                       "pays 1 for a level",
                                       "no walls",
                                       "no circle and no polygon",
                                       "more than one shape",
                                       "more than 4 corners",
                                       "it is damped",
                                       "swept along its path",
                                       "moves as it is told",
                                       "it is collected",
                                       "none of Kinetix's modes",
                                       "its two bodies collide",
                                       "no revolute and no weld",
                                       "one of its bodies is left out",
                                       "of one group with another",
                                       "motors are soft",
                                       "pushes the other way",
                                       "motors and thrusters; it is",
                                       "its joint is left out",
                                       "touch of two shapes alone",
                                       "must hold for a while"};
    for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
        if (!kinetix_says(&level, told[k]))
            print_error("not told: %s\n", told[k]);
        assert_true(kinetix_says(&level, told[k]));
    }
    cJSON *json = para_json_parse(text);
    const cJSON *hull = entry(json, "polygon", 4), *wheel = entry(json, "circle", 0),
                *flag = entry(json, "circle", 2);
    scene_near(value(hull, "position", "0"), 2 + 0.3 * cos(0.5), 1e-5); // its centre of mass
    scene_near(value(hull, "role", NULL), 1, 0);
    scene_near(value(wheel, "role", NULL), 1, 0); // a part of the player
    scene_near(value(entry(json, "circle", 1), "role", NULL), 3, 0);
    scene_near(value(flag, "role", NULL), 2, 0);
    scene_near(value(flag, "position", "0"), 5.5, 1e-6);
    const cJSON *axle = entry(json, "joint", 0), *jet = entry(json, "thruster", 0);
    scene_near(value(axle, "a_relative_pos", "1"), (2.6 - 3) * cos(0.5) - (1.7 - 2) * sin(0.5), 1e-5);
    scene_near(value(axle, "motor_binding", NULL), 1, 0); // 5 is none of Kinetix's, and 0 another's
    scene_near(value(axle, "motor_speed", NULL), -2, 1e-6);
    scene_near(value(jet, "relative_position", "0"), 0, 1e-6);
    scene_near(value(jet, "power", NULL), 0.5, 1e-6);
    cJSON_Delete(json);
    kinetix_end(&level);
}

const struct CMUnitTest para_tests_kinetix_export[] = {
    cmocka_unit_test(test_what_was_imported_comes_back_the_same),
    cmocka_unit_test(test_any_polygon_comes_back_the_same),
    cmocka_unit_test(test_file_has_the_form_of_its_size_class),
    cmocka_unit_test(test_what_kinetix_has_no_words_for_is_told),
};
const size_t para_tests_kinetix_export_count =
    sizeof para_tests_kinetix_export / sizeof *para_tests_kinetix_export;
