// SPDX-License-Identifier: MIT
// Kinetix levels as files: the forms they come in, what is told of what cannot be carried over, and what is
// refused. Levels that somebody has are tried where $PARACOSM_KINETIX_LEVELS names their folder.
#include "engine/base/file.h"
#include "engine/base/rng.h"
#include "engine/world/measure.h"
#include "tests/worlds/import/kinetix_level.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static KinetixLevel level;

static void expect_text(const char *part)
{
    if (!strstr(level.text, part))
        print_error("no %s in\n%s\n", part, level.text);
    assert_non_null(strstr(level.text, part));
}

static void test_a_level_reads_as_a_person_would_write_it(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.wall_roles[0] = '3';
    int hull = kinetix_box(&level, 2.0, 1.0, 0.8, 0.2, 0, false, "");
    kinetix_box(&level, 4.0, 2.0, 0.4, 0.2, 2, true, "");
    int rear = kinetix_circle(&level, 1.7, 0.9, 0.2, 1, false, "");
    int front = kinetix_circle(&level, 2.3, 0.9, 0.2, 0, false, "");
    kinetix_joint(&level, hull, rear, -0.3, -0.1, 0, 0, "\"motor_on\": 1, \"motor_binding\": 2");
    kinetix_joint(&level, hull, front, 0.3, -0.1, 0, 0, "\"motor_on\": 1, \"motor_binding\": 2");
    kinetix_thruster(&level, hull, 0.4, 0, 3.14159265, 0.1, 0);
    kinetix_start(&level);
    assert_int_equal(level.list.count, 0);
    expect_text(
        "{\"name\": \"floor\", \"static\": true, \"at\": [2.5, -4.8], \"shape\": {\"box\": [5, 10.4]}, "
        "\"friction\": 0.4}");
    expect_text(
        "{\"name\": \"wheel1\", \"at\": [2.3, 0.9], \"group\": 5, \"shape\": {\"circle\": 0.2}, \"inertia\": "
        "0.5, \"friction\": 0.4}");
    expect_text("{\"name\": \"axle2\", \"revolute\": [\"box1\", \"wheel1\"], \"anchor_a\": [0.3, -0.1], "
                "\"anchor_b\": "
                "[0, 0]}");
    expect_text("{\"channel\": 2, \"positive\": \"a\", \"negative\": \"d\", \"label\": \"motor 2\"}");
    expect_text("\"goal\": {\n    \"touch\": [\"green\", \"blue\"]");
    expect_text("\"fail\": {\n    \"touch\": [\"green\", \"floor\"]");
    assert_int_equal(level.level->players[0].actuator_count, 3);
    assert_int_equal(level.level->players[0].channel_bits, 1 << 2 | 1 << 4);
    assert_int_equal(level.level->players[0].negative_bits, 1 << 2);
    assert_int_equal(level.level->players[0].body, kinetix_body(&level, "box1"));
    kinetix_end(&level);
}

/// What the gallery writes: a version, no `highlighted`, parameters named by their size or written in full.
static void test_forms_of_the_gallery(void **state)
{
    (void)state;
    static const char *const params[] = {
        "",
        ", \"version\": \"1.0.0\", \"env_params\": {\"type\": \"size\", \"size\": \"l\", \"params\": null}, "
        "\"static_env_params\": {\"type\": \"size\", \"size\": \"l\", \"params\": null}",
        ", \"env_params\": {\"type\": \"full\", \"params\": {\"base_friction\": 0.4, \"dt\": "
        "0.016666666666666666}}",
        ", \"env_params\": null, \"static_env_params\": {\"num_polygons\": 12}"};
    char first[10000] = "";
    for (size_t k = 0; k < sizeof params / sizeof *params; k++) {
        kinetix_begin(&level);
        level.params = params[k];
        kinetix_circle(&level, 2.5, 1.0, 0.3, 1, false, "");
        kinetix_circle(&level, 3.5, 1.0, 0.3, 2, true, "");
        kinetix_start(&level);
        assert_int_equal(level.list.count, 0);
        if (k == 0)
            snprintf(first, sizeof first, "%s", level.text);
        assert_string_equal(level.text, first);
        kinetix_end(&level);
    }
}

static void test_parameters_of_the_file_count(void **state)
{
    (void)state;
    kinetix_begin(&level);
    level.params =
        ", \"env_params\": {\"dt\": 0.01, \"base_motor_speed\": 5, \"base_motor_power\": 450, "
        "\"base_thruster_power\": 4, \"base_friction\": 0.25, \"motor_decay_coefficient\": 0.2, "
        "\"motor_joint_limit\": 0.3, \"slop\": 0.02, \"max_timesteps\": 100}, \"static_env_params\": "
        "{\"frame_skip\": 4}";
    int post = kinetix_box(&level, 2.5, 3.0, 0.2, 0.2, 0, true, "");
    int arm = kinetix_box(&level, 2.5, 3.0, 0.6, 0.1, 1, false, "");
    kinetix_joint(
        &level, post, arm, 0, 0, 0, 0,
        "\"motor_on\": true, \"motor_speed\": 2, \"motor_power\": 2, \"motor_has_joint_limits\": true, "
        "\"min_rotation\": -1, \"max_rotation\": 1, \"rotation\": 0.25");
    kinetix_thruster(&level, arm, 0, 0, 0, 0.5, 0);
    kinetix_start(&level);
    const ParaActuator *drive = &level.level->players[0].actuators[0];
    double inertia = 0.06 * (0.36 + 0.01) / 12;
    scene_near((double)level.level->world.rate, 100, 1e-4);
    scene_near((double)level.level->seconds, 5.12, 1e-5);
    scene_near((double)drive->rate, 10, 1e-6);
    scene_near((double)drive->torque, 900 * inertia, 1e-5);
    scene_near((double)drive->gain, 0.2, 1e-6);
    scene_near((double)drive->fade, 0.3, 1e-6);
    scene_near((double)level.level->world.thrusters[0].force_max, 2, 1e-6);
    scene_near((double)level.level->world.shapes[0].friction, 0.25, 1e-6);
    scene_near((double)level.level->world.joints[0].lower, -0.75, 1e-6);
    scene_near((double)level.level->world.joints[0].upper, 1.25, 1e-6);
    assert_true(kinetix_says(&level, "slop is 0.02") && kinetix_says(&level, "max_timesteps is 100") &&
                kinetix_says(&level, "frame_skip is 4"));
    kinetix_end(&level);
}

#define MADE(vertices, n, mass, inertia)                                                                     \
    ", {\"active\": true, \"position\": {\"0\": 2, \"1\": 2}, \"n_vertices\": " #n                           \
    ", \"vertices\": {" vertices "}, \"inverse_mass\": " #mass ", \"inverse_inertia\": " #inertia            \
    ", \"density\": 1, \"role\": 1}"

/// Mass and inertia are the file's, whatever the shape says, and it turns about its position.
static void test_any_polygon_keeps_its_mass_and_its_place(void **state)
{
    (void)state;
    static const char *const shapes[] = {MADE("\"0\": {\"0\": 0.3, \"1\": 0.1}, \"1\": {\"0\": 0, \"1\": "
                                              "-0.2}, \"2\": {\"0\": -0.3, \"1\": 0.1}, \"3\": "
                                              "{\"0\": 0.3, \"1\": 0.1}",
                                              3, 10, 200),
                                         MADE("\"0\": {\"0\": 0.4, \"1\": 0.1}, \"1\": {\"0\": 0.2, \"1\": "
                                              "-0.3}, \"2\": {\"0\": -0.4, \"1\": -0.2}, "
                                              "\"3\": {\"0\": -0.2, \"1\": 0.4}",
                                              4, 4, 50)};
    static const double mass[] = {0.1, 0.25}, inertia[] = {1.0 / 200, 1.0 / 50};
    for (int k = 0; k < 2; k++) {
        kinetix_begin(&level);
        snprintf(level.polygons, sizeof level.polygons, "%s", shapes[k] + 2);
        kinetix_start(&level);
        assert_int_equal(level.list.count, 1); // that there is no blue
        int body = kinetix_body(&level, "green");
        const ParaView *view = kinetix_view(&level);
        scene_near((double)AT(view, mass, body), mass[k], 1e-6);
        scene_near(para_body_moment(&level.level->world, body), inertia[k], 1e-7);
        scene_near((double)AT(view, centre_x, body), 2, 1e-6);
        scene_near((double)AT(view, centre_y, body), 2, 1e-6);
        kinetix_end(&level);
    }
}

static void test_slots_that_are_not_active_do_not_count(void **state)
{
    (void)state;
    kinetix_begin(&level);
    snprintf(level.polygons, sizeof level.polygons,
             "{\"active\": false, \"position\": null}, {\"active\": 0}");
    level.polygon_count = 2;
    kinetix_circle(&level, 2.5, 1.0, 0.3, 1, false, "");
    kinetix_circle(&level, 3.5, 1.0, 0.3, 2, true, "");
    kinetix_thruster(&level, 6, 0, 0, 0, 0.1, 0); // of the first circle: its index counts all slots
    kinetix_start(&level);
    assert_int_equal(level.level->world.body_count, 6);
    assert_int_equal(level.level->players[0].actuators[0].body, kinetix_body(&level, "green"));
    assert_int_equal(level.list.count, 0);
    kinetix_end(&level);
}

/// One level with everything in it that is left out or otherwise: each is told, with its place.
static void test_what_is_not_carried_over_is_told(void **state)
{
    (void)state;
    kinetix_begin(&level);
    int a = kinetix_box(&level, 1.0, 2.0, 0.4, 0.2, 1, true, ", \"velocity\": {\"0\": 1, \"1\": 0}");
    int b = kinetix_box(&level, 2.0, 2.0, 0.4, 0.2, 2, true, "");
    int c = kinetix_box(&level, 3.0, 2.0, 0.4, 0.2, 0, false, ", \"role\": 0, \"collision_mode\": 7");
    kinetix_joint(&level, a, b, 0.5, 0, -0.5, 0, "\"motor_on\": true");
    kinetix_joint(&level, b, c, 0.5, 0, -0.5, 0, "\"is_fixed_joint\": true, \"rotation\": 0.5");
    kinetix_joint(&level, a, 77, 0, 0, 0, 0, "\"motor_on\": true");
    kinetix_joint(&level, c, c, 0, 0, 0, 0, "\"motor_on\": true");
    kinetix_joint(&level, b, c, 0.5, 0, -0.5, 0,
                  "\"motor_on\": 1, \"motor_auto\": true, \"motor_binding\": 9, \"motor_power\": -1, "
                  "\"motor_has_joint_limits\": 1, \"min_rotation\": 0.2, \"max_rotation\": 0.9");
    kinetix_thruster(&level, a, 0, 0, 0, 0.5, 0);
    kinetix_start(&level);
    static const char *const told[] = {"its velocity is left out",
                                       "collision_mode is 7",
                                       "joins two fixed shapes",
                                       "starts -0.5 rad from its angle of rest",
                                       "b_index names no active shape",
                                       "joins a shape to itself",
                                       "its motor runs by itself",
                                       "motor_binding is 9",
                                       "its motor_power is below 0",
                                       "starts 0.2 rad below its limits",
                                       "on a fixed shape, so it does nothing"};
    for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
        if (!kinetix_says(&level, told[k]))
            print_error("not told: %s\n", told[k]);
        assert_true(kinetix_says(&level, told[k]));
    }
    assert_int_equal(level.list.count, sizeof told / sizeof *told);
    assert_string_equal(level.list.items[level.list.count - 1].path, "/env_state/thruster/0");
    kinetix_end(&level);
}

static void test_a_level_where_nothing_moves_has_an_eye(void **state)
{
    (void)state;
    kinetix_begin(&level);
    kinetix_circle(&level, 2.5, 1.0, 0.3, 1, true, "");
    kinetix_circle(&level, 2.6, 1.0, 0.3, 2, true, "");
    kinetix_start(&level);
    expect_text("\"body\": \"eye\"");
    kinetix_steps(&level, 0, 0, 1);
    assert_int_equal(level.play.status, PARA_PLAY_SOLVED);
    kinetix_end(&level);
}

static void test_many_pairs_fit_or_are_refused(void **state)
{
    (void)state;
    for (int blues = 6; blues <= 18; blues += 12) {
        kinetix_begin(&level);
        for (int k = 0; k < 7; k++)
            kinetix_circle(&level, 0.3 + 0.5 * k, 1.0, 0.1, 1, false, "");
        for (int k = 0; k < blues; k++)
            kinetix_circle(&level, 0.3 + 0.5 * k, 3.0, 0.1, 2, true, "");
        if (blues == 6) {
            kinetix_start(&level); // 42 pairs, in two lists
            assert_int_equal(level.level->goal_count, 44);
            assert_string_equal(level.level->body_names[4], "green1");
        } else {
            assert_false(kinetix_import(&level));
            assert_true(kinetix_says(&level, "126 pairs of green with blue"));
        }
        kinetix_end(&level);
    }
}

static void test_dense_reward_pays_for_the_way(void **state)
{
    (void)state;
    kinetix_begin(&level);
    kinetix_circle(&level, 2.5, 3.0, 0.2, 1, false, "");
    kinetix_circle(&level, 2.5, 1.0, 0.2, 2, true, "");
    const char *text = kinetix_text(&level);
    ParaKinetixChoices choices = {.name = "x", .from = "x", .dense = 0.2};
    level.list = para_diag_list(level.arena, "x", NULL);
    level.text = para_kinetix_import(text, strlen(text), &choices, level.arena, &level.list);
    assert_non_null(level.text);
    expect_text("\"rewards\": [\n    {\"approach\": [\"green\", \"blue\"], \"weight\": 0.2}");
    kinetix_end(&level);
}

static void refused(const char *text, const char *why)
{
    kinetix_begin(&level);
    ParaKinetixChoices choices = {.name = "x", .from = "x"};
    level.list = para_diag_list(level.arena, "x", NULL);
    char *out = para_kinetix_import(text, strlen(text), &choices, level.arena, &level.list);
    if (out || !kinetix_says(&level, why)) {
        print_error("not refused with \"%s\": %s\n", why, text);
        para_diag_print(&level.list, stderr);
    }
    assert_null(out);
    assert_true(kinetix_says(&level, why) && level.list.error_count > 0);
    kinetix_end(&level);
}

#define STATE(polygons) "{\"env_state\": {\"polygon\": " polygons "}}"
#define CIRCLE(fields)  "{\"env_state\": {\"circle\": [{\"active\": true" fields "}]}}"
static void test_nonsense_is_refused_with_a_reason(void **state)
{
    (void)state;
    refused("", "this is no JSON");
    refused("{\"env_state\": ", "this is no JSON");
    refused("[1, 2]", "has no \"env_state\"");
    refused("{\"env_state\": 4}", "has no \"env_state\"");
    refused("{\"env_state\": {}}", "no active shape");
    refused(STATE("3"), "must be a list");
    refused(STATE("[{\"active\": \"yes\"}]"), "must be a number");
    refused(STATE("[{\"active\": true}]"), "must be a pair of numbers");
    refused(
        STATE("[{\"active\": true, \"position\": [1, 2], \"vertices\": [[0, 0], [0, 0], [0, 0], [0, 0]]}]"),
        "cannot be built");
    refused(
        STATE("[{\"active\": true, \"position\": [1, 2], \"vertices\": [[0, 0], [1, 1], [1, 0], [0, 1]]}]"),
        "cannot be built");
    refused(CIRCLE(", \"position\": {\"0\": 1e30, \"1\": 0}, \"radius\": 1"), "must be a pair of numbers");
    refused(CIRCLE(", \"position\": {\"0\": 1, \"1\": 0}, \"radius\": 0"), "at least 1 mm");
    refused(CIRCLE(", \"position\": {\"0\": 1, \"1\": 0}, \"radius\": 1, \"friction\": -1"),
            "must not be below 0");
    refused(CIRCLE(", \"position\": {\"0\": 1, \"1\": 0}, \"radius\": 1, \"rotation\": 1e999"),
            "no number that a level can have");
    refused("{\"env_state\": {\"circle\": [{\"active\": true, \"position\": [1, 1], \"radius\": 0.1}]}, "
            "\"env_params\": {\"dt\": 0}}",
            "must be 0.001 to 0.1 s");
}

static void test_too_many_things_are_refused(void **state)
{
    (void)state;
    static char text[200000];
    for (int kind = 0; kind < 2; kind++) {
        strcpy(text, "{\"env_state\": {\"circle\": [");
        int circles = kind == 0 ? 600 : 2, joints = kind == 0 ? 0 : 300;
        for (int k = 0; k < circles; k++)
            strcat(text, "{\"active\": 1, \"position\": [1, 1], \"radius\": 0.1, \"inverse_mass\": 1, "
                         "\"inverse_inertia\": 1},");
        text[strlen(text) - 1] = ']';
        strcat(text, ", \"joint\": [0");
        for (int k = 0; k < joints; k++)
            strcat(text, ", {\"active\": 1, \"a_index\": 0, \"b_index\": 1}");
        strcat(text, "]}}");
        refused(text, kind == 0 ? "more shapes than a level can have" : "more than 256 of them");
    }
}

// ---------------------------------------------------------------------------------------------
// Levels that somebody has.

/// 512 steps under random actions on the present solver, gone on with beyond any end.
static void play_at_random(const ParaLevel *one, const char *name)
{
    ParaWorldGroup *group = scene_room(1);
    ParaWorld world = para_world_at(group, 0);
    ParaPlay play;
    ParaPlayerState player;
    assert_true(para_play_begin(&play, one, world, &player, NULL, NULL));
    ParaRng rng = para_rng_make(7, name);
    float actions[PARA_CHANNELS] = {0};
    for (int step = 0; step < 512; step++) {
        for (int c = 0; c < PARA_CHANNELS && step % 2 == 0; c++)
            actions[c] = (float)(para_rng_int(&rng, -1, 1));
        para_play_act(&play, one, actions);
        para_play_step(&play, one, world);
        if (play.status == PARA_PLAY_DIVERGED)
            print_error("%s diverges in step %d\n", name, step);
        assert_true(play.status != PARA_PLAY_DIVERGED);
        if (play.status != PARA_PLAY_ON)
            para_play_go_on(&play);
    }
    para_world_group_destroy(group);
}

static void try_file(const char *path)
{
    size_t size;
    const char *error = NULL;
    kinetix_begin(&level);
    const char *text = para_file_read(path, PARA_KINETIX_SIZE_MAX, level.arena, &size, &error);
    assert_non_null(text);
    ParaKinetixChoices choices = {.name = "x", .from = path};
    level.list = para_diag_list(level.arena, path, NULL);
    level.text = para_kinetix_import(text, size, &choices, level.arena, &level.list);
    para_diag_print(&level.list, stdout);
    assert_non_null(level.text);
    ParaDiagList list = para_diag_list(level.arena, path, level.text);
    const ParaTemplate *t = para_template_load(path, level.text, strlen(level.text), level.arena, &list);
    const ParaLevel *one = t ? para_template_sample(t, NULL, 0, level.arena, &list) : NULL;
    para_diag_print(&list, stdout);
    assert_non_null(one);
    kinetix_comes_back(level.text, one, path, level.arena);
    if (para_solver_fits(scene_solver(), &one->world, NULL, 0))
        play_at_random(one, path);
    kinetix_end(&level);
}

static int try_folder(const char *folder, ParaArena *arena)
{
    const char **names, *error = NULL;
    int count = para_folder_list(folder, "", arena, &names, &error), tried = 0;
    for (int k = 0; k < count; k++) {
        const char *path = para_arena_printf(arena, "%s/%s", folder, names[k]);
        size_t length = strlen(path);
        if (para_path_kind(path) == PARA_PATH_FOLDER) {
            tried += try_folder(path, arena);
        } else if (length > 5 && strcmp(path + length - 5, ".json") == 0) {
            try_file(path);
            tried++;
        }
    }
    return tried;
}

static void test_levels_of_a_folder_import_and_run(void **state)
{
    (void)state;
    const char *folder = getenv("PARACOSM_KINETIX_LEVELS");
    if (!folder) {
        print_message("no Kinetix levels to try: PARACOSM_KINETIX_LEVELS names a folder of them\n");
        skip();
    }
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 26);
    int tried = try_folder(folder, arena);
    print_message("%d Kinetix levels\n", tried);
    assert_true(tried > 0);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_kinetix[] = {
    cmocka_unit_test(test_a_level_reads_as_a_person_would_write_it),
    cmocka_unit_test(test_forms_of_the_gallery),
    cmocka_unit_test(test_parameters_of_the_file_count),
    SCENE_TEST(test_any_polygon_keeps_its_mass_and_its_place),
    cmocka_unit_test(test_slots_that_are_not_active_do_not_count),
    cmocka_unit_test(test_what_is_not_carried_over_is_told),
    cmocka_unit_test(test_a_level_where_nothing_moves_has_an_eye),
    cmocka_unit_test(test_many_pairs_fit_or_are_refused),
    cmocka_unit_test(test_dense_reward_pays_for_the_way),
    cmocka_unit_test(test_nonsense_is_refused_with_a_reason),
    cmocka_unit_test(test_too_many_things_are_refused),
    SCENE_TEST(test_levels_of_a_folder_import_and_run),
};
const size_t para_tests_kinetix_count = sizeof para_tests_kinetix / sizeof *para_tests_kinetix;
