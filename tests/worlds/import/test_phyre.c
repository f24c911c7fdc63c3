// SPDX-License-Identifier: MIT
// Tasks of PHYRE as templates: what they say, where the player's ball may be put, and what is refused. The
// task is one of our own; PHYRE's are tried where $PARACOSM_SHARED, or else ../shared, has them.
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "tests/tests.h"
#include "worlds/import/phyre.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OWN PARA_SOURCE_DIR "/tests/phyre/own.json"

static ParaArena *arena;
static ParaDiagList list;
static ParaPhyreFile file;

static void begin(void)
{
    arena = para_arena_create((size_t)1 << 16, (size_t)1 << 28);
    assert_non_null(arena);
    list = para_diag_list(arena, "task", NULL);
}

static void end(void) { para_arena_destroy(arena); }

static const char *read(const char *path, size_t *out_size)
{
    const char *error = NULL;
    const char *text = para_file_read(path, PARA_PHYRE_SIZE_MAX, arena, out_size, &error);
    assert_non_null(text);
    return text;
}

static const ParaTemplate *load(int task, const char **out_text)
{
    *out_text = para_phyre_write(&file.tasks[task], para_phyre_name(file.tasks[task].id, arena), arena);
    const ParaTemplate *t = para_template_load("task", *out_text, strlen(*out_text), arena, &list);
    if (!t)
        para_diag_print(&list, stderr);
    assert_non_null(t);
    return t;
}

static const ParaTemplate *load_own(int task, const char **out_text)
{
    size_t size;
    const char *text = read(OWN, &size);
    list = para_diag_list(arena, "task", NULL);
    assert_true(para_phyre_read(text, size, &file, arena, &list));
    assert_int_equal(list.count, 0);
    assert_int_equal(file.task_count, 2);
    return load(task, out_text);
}

static void expect_text(const char *text, const char *part)
{
    if (!strstr(text, part))
        print_error("no %s in\n%s\n", part, text);
    assert_non_null(strstr(text, part));
}

static void test_a_task_is_a_template_that_a_person_would_write(void **state)
{
    (void)state;
    begin();
    const char *text;
    load_own(0, &text);
    expect_text(text, "\"name\": \"phyre-09000-000\"");
    expect_text(text, "\"size\": [42.666668, 42.666668],\n    \"gravity\": [0, -9.8]");
    expect_text(text, "{\"name\": \"green\", \"at\": [10.666667, 1.6666666], \"role\": \"cargo\", \"shape\": "
                      "{\"circle\": 1.6666666}, \"angular_damping\": 0.01, \"density\": 0.25");
    expect_text(text,
                "{\"name\": \"goal\", \"static\": true, \"at\": [32, 0.41666666], \"role\": \"target\"");
    expect_text(text, "{\"name\": \"right_wall\", \"static\": true, \"at\": [43.083332, 21.333334]");
    expect_text(text, "\"goal\": {\n    \"touch\": [\"green\", \"goal\"],\n    \"for\": 3");
    load_own(1, &text);
    expect_text(text,
                "\"near\": [\"green\", \"goal\", 3.35"); // two discs: their radii and a tenth of a pixel
    end();
}

static const ParaLevel *put(const ParaTemplate *t, double x, double y, double r)
{
    const ParaLevel *level = para_template_sample(t, (double[]){x, y, r}, 0, arena, &list);
    assert_non_null(level);
    return level;
}

static void expect_ball(const ParaTemplate *t, double x, double y, double r, const double pixels[3])
{
    const ParaLevel *level = put(t, x, y, r);
    const ParaWorldDef *world = &level->world;
    const ParaBodyDef *ball = &world->bodies[world->body_count - 1];
    assert_int_equal(level->players[0].body, world->body_count - 1);
    assert_true(fabs((double)ball->position.x * 6 - pixels[0]) < 1e-4);
    assert_true(fabs((double)ball->position.y * 6 - pixels[1]) < 1e-4);
    assert_true(fabs((double)world->shapes[world->shape_count - 1].radius * 6 - pixels[2]) < 1e-4);
}

static void test_the_ball_goes_to_whole_pixels(void **state)
{
    (void)state;
    begin();
    const char *text;
    const ParaTemplate *t = load_own(0, &text);
    expect_ball(t, 0.5, 0.25, 0.5, (double[]){127, 63, 17});  // 127.5 and 63.75 are cut
    expect_ball(t, 0.9999, 1, 0.05, (double[]){254, 255, 4}); // 3.5 goes to the even 4
    expect_ball(t, 0.5, 0.5, 0.15, (double[]){127, 127, 6});  // 6.5 to 6
    expect_ball(t, 0.5, 0.5, 0.9999999, (double[]){127, 127, 32});
    end();
}

static void expect_place(const ParaTemplate *t, double x, double y, double r, const char *why)
{
    char told[80];
    bool may = para_phyre_may_place(put(t, x, y, r), (double[]){x, y, r}, told, sizeof told);
    if (strcmp(told, why) != 0)
        print_error("%g %g %g: told \"%s\", wanted \"%s\"\n", x, y, r, told, why);
    assert_string_equal(told, why);
    assert_int_equal(may, *why == 0);
}

static void test_the_ball_may_lie_in_nothing(void **state)
{
    (void)state;
    begin();
    const char *text;
    const ParaTemplate *t = load_own(0, &text);
    expect_place(t, 0.5, 0.5, 0.5, "");
    expect_place(t, 64 / 255.0, 0.0001 + 12 / 255.0, 0, "the ball lies in green");
    expect_place(t, 64 / 255.0 + 0.0001, 0.0001 + 22 / 255.0, 0,
                 ""); // r 2 on a disc of 10 at height 10: it touches
    expect_place(t, 64 / 255.0 + 0.0001, 0.0001 + 21 / 255.0, 0, "the ball lies in green");
    expect_place(t, 192 / 255.0 + 0.0001, 0.0001 + 7 / 255.0, 0, ""); // on the goal, whose top is at 5
    expect_place(t, 192 / 255.0 + 0.0001, 0.0001 + 6 / 255.0, 0, "the ball lies in goal");
    expect_place(t, 0.4, 0.0001 + 2 / 255.0, 0, ""); // on the floor
    expect_place(t, 0.5, 0.001, 0, "the ball is not wholly in the scene");
    expect_place(t, 10.2 / 255, 0.5, 8.4 / 30,
                 "the ball is not wholly in the scene"); // though 10 is beside 10
    expect_place(t, 0.99, 0.5, 0.5, "the ball is not wholly in the scene");
    char told[80];
    assert_false(
        para_phyre_may_place(put(t, 0.5, 0.5, 0.5), (double[]){0.5, PARA_NAN, 0.5}, told, sizeof told));
    end();
}

/// Replaces a part of the own file. @return whether that is refused with the words
static void expect_refused(const char *part, const char *by, const char *why)
{
    begin();
    size_t size;
    const char *text = read(OWN, &size), *at = strstr(text, part);
    assert_non_null(at);
    const char *changed = para_arena_printf(arena, "%.*s%s%s", (int)(at - text), text, by, at + strlen(part));
    bool good = para_phyre_read(changed, strlen(changed), &file, arena, &list);
    if (good || !strstr(list.items[list.count - 1].message, why))
        print_error("%s for %s: %s\n", by, part, list.count ? list.items[list.count - 1].message : "taken");
    assert_false(good);
    assert_non_null(strstr(list.items[list.count - 1].message, why));
    end();
}

static void test_nonsense_is_refused_with_a_reason(void **state)
{
    (void)state;
    expect_refused("{\"template\"", "[{\"template\"", "no JSON object");
    expect_refused("\"tasks\":[", "\"tasks\":[],\"more\":[", "must be a list of 1 to");
    expect_refused("09000:000", "../../etc", "a task's name");
    expect_refused("09000:001", "09000:000", "another task");
    expect_refused("[\"touching\"]", "[\"inside\"]", "not carried over");
    expect_refused("\"body2\":5", "\"body2\":6", "place of one of its bodies");
    expect_refused("\"body2\":5", "\"body2\":4.5", "place of one of its bodies");
    expect_refused("\"body2\":5", "\"body2\":4", "another body");
    expect_refused("\"static\":true", "\"static\":1", "true or false");
    expect_refused("[128,-2.5]", "[128]", "a pair of numbers");
    expect_refused("[128,-2.5]", "[128,-2.5e9]", "-10000 to 10000");
    expect_refused("{\"circle\":10}", "{\"circle\":0}", "above 0");
    expect_refused("{\"circle\":10}", "{\"circle\":10,\"polygon\":[]}", "a circle or a polygon");
    expect_refused("{\"circle\":10}", "7", "a circle or a polygon");
    expect_refused("[{\"circle\":10}]", "[]", "a list of 1 to 64");
    expect_refused("[[128,2.5],[-128,2.5],", "[[128,2.5],[-100,-2],", "convex");
}

static void test_what_is_not_known_is_told(void **state)
{
    (void)state;
    begin();
    size_t size;
    const char *text = read(OWN, &size), *at = strstr(text, "\"rank\":0");
    const char *changed = para_arena_printf(arena, "%.*s\"wind\":3%s", (int)(at - text), text, at + 8);
    assert_true(para_phyre_read(changed, strlen(changed), &file, arena, &list));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].path, "/tasks/0");
    expect_text(list.items[0].message, "\"wind\" is not known");
    end();
}

static void test_tasks_of_phyre_load(void **state)
{
    (void)state;
    begin();
    const char *shared = getenv("PARACOSM_SHARED");
    const char *path =
        para_arena_printf(arena, "%s/phyre/ball/00003.json", shared ? shared : PARA_SOURCE_DIR "/../shared");
    if (!para_file_exists(path)) {
        print_message("no tasks of PHYRE to try: PARACOSM_SHARED names a folder with phyre/ball in it\n");
        end();
        skip();
    }
    size_t size;
    const char *text = read(path, &size);
    assert_true(para_phyre_read(text, size, &file, arena, &list));
    assert_int_equal(list.count, 0);
    assert_int_equal(file.task_count, 20);
    for (int k = 0; k < file.task_count; k++)
        load(k, &text);
    end();
}

const struct CMUnitTest para_tests_phyre[] = {
    cmocka_unit_test(test_a_task_is_a_template_that_a_person_would_write),
    cmocka_unit_test(test_the_ball_goes_to_whole_pixels),
    cmocka_unit_test(test_the_ball_may_lie_in_nothing),
    cmocka_unit_test(test_nonsense_is_refused_with_a_reason),
    cmocka_unit_test(test_what_is_not_known_is_told),
    cmocka_unit_test(test_tasks_of_phyre_load),
};
const size_t para_tests_phyre_count = sizeof para_tests_phyre / sizeof *para_tests_phyre;
