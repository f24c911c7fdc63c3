// SPDX-License-Identifier: MIT
// Parts: what is included is what would have been written by hand; it stays in its own names; it lives in the
// text once it was read; and what is wrong in a part's file is told at its place there.
#include "tests/tests.h"

#include "engine/base/file.h"
#include "tests/agents/scratch.h"
#include "worlds/library.h"
#include "worlds/template.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CART                                                                                                 \
    "{\"paracosm-part\": 1, \"params\": {\"wheels\": {\"default\": 2, \"int\": [1, 4]}, \"size\": "          \
    "{\"default\": 0.3}},"                                                                                   \
    " \"let\": {\"wide\": \"2 * size * wheels\"},"                                                           \
    " \"bodies\": [{\"name\": \"hull\", \"at\": [0, 1], \"shape\": {\"box\": [\"wide\", 0.4]}},"             \
    "  {\"name\": \"wheel\", \"repeat\": \"wheels\", \"at\": [\"i\", 0.5], \"shape\": {\"circle\": "         \
    "\"size\"}}],"                                                                                           \
    " \"joints\": [{\"name\": \"axle\", \"repeat\": \"wheels\", \"revolute\": [\"hull\", \"wheel{i+1}\"], "  \
    "\"at\": [\"i\", 0.5]},"                                                                                 \
    "  {\"spring\": [\"hull\", \"wheel1\"], \"at_a\": [0, 1], \"at_b\": [0, 0.5], \"stiffness\": 5}],"       \
    " \"zones\": [{\"name\": \"breath\", \"area\": {\"circle\": \"size\"}, \"at\": [0, 2]}],"                \
    " \"player\": {\"body\": \"hull\", \"sight\": 9, \"actuators\": [{\"motor\": \"axle{i+1}\", "            \
    "\"repeat\": \"wheels\", \"rate\": 5, \"torque\": 2}],"                                                  \
    "  \"keys\": [{\"channel\": 0, \"positive\": \"right\", \"negative\": \"left\", \"label\": "             \
    "\"drive\"}]}}"

#define WORLD "\"params\": {\"n\": {\"int\": [1, 4]}}, \"goal\": {\"right_of\": [\"car-hull\", 30]}"

static ParaArena *new_arena(void) { return para_arena_create((size_t)1 << 20, (size_t)1 << 30); }

static const ParaTemplate *load(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    para_diag_print(&list, stdout);
    assert_non_null(t);
    return t;
}

/// Members of both are the same, and come back from their saved levels.
static void expect_same(const char *one, const char *other)
{
    ParaArena *arena = new_arena();
    const ParaTemplate *a = load(one, arena), *b = load(other, arena);
    for (uint64_t seed = 0; seed < 12; seed++) {
        ParaLevel *x = para_template_sample(a, NULL, seed, arena, NULL);
        ParaLevel *y = para_template_sample(b, NULL, seed, arena, NULL);
        assert_non_null(x);
        assert_non_null(y);
        if (x->hash != y->hash)
            print_error("%s\n%s\n", para_level_to_json(x, arena), para_level_to_json(y, arena));
        assert_true(x->hash == y->hash);
        ParaLevel *back =
            para_template_sample(load(para_level_to_json(x, arena), arena), NULL, 5, arena, NULL);
        assert_true(back && back->hash == x->hash);
    }
    para_arena_destroy(arena);
}

static void test_part_is_what_one_would_have_written(void **state)
{
    (void)state;
    static const char included[] = "{\"paracosm\": 1, \"name\": \"ride\", " WORLD
                                   ", \"bodies\": [{\"static\": true, \"shape\": {\"box\": [9, 1]}}],"
                                   " \"parts\": {\"cart\": " CART "},"
                                   " \"include\": [{\"part\": \"cart\", \"as\": \"car\", \"at\": [2, \"3 + k "
                                   "/ 4\"], \"with\": {\"wheels\": \"k\"}}],"
                                   " \"player\": {\"part\": \"car\", \"sight\": 7}}";
    static const char by_hand[] =
        "{\"paracosm\": 1, \"name\": \"ride\", " WORLD
        ", \"bodies\": [{\"static\": true, \"shape\": {\"box\": [9, 1]}},"
        "  {\"name\": \"car-hull\", \"at\": [2, \"4 + k / 4\"], \"shape\": {\"box\": [\"0.6 * k\", 0.4]}},"
        "  {\"name\": \"car-wheel\", \"repeat\": \"k\", \"at\": [\"2 + i\", \"3.5 + k / 4\"], \"shape\": "
        "{\"circle\": 0.3}}],"
        " \"joints\": [{\"name\": \"car-axle\", \"repeat\": \"k\", \"revolute\": [\"car-hull\", "
        "\"car-wheel{i+1}\"],"
        "   \"at\": [\"2 + i\", \"3.5 + k / 4\"]},"
        "  {\"spring\": [\"car-hull\", \"car-wheel1\"], \"at_a\": [2, \"4 + k / 4\"], \"at_b\": [2, \"3.5 + "
        "k / 4\"],"
        "   \"stiffness\": 5}],"
        " \"zones\": [{\"name\": \"car-breath\", \"area\": {\"circle\": 0.3}, \"at\": [2, \"5 + k / 4\"]}],"
        " \"player\": {\"body\": \"car-hull\", \"sight\": 7, \"actuators\": [{\"motor\": \"car-axle{i+1}\", "
        "\"repeat\": \"k\","
        "   \"rate\": 5, \"torque\": 2}], \"keys\": [{\"channel\": 0, \"positive\": \"right\", \"negative\": "
        "\"left\", "
        "\"label\": \"drive\"}]}}";
    char one[4096], other[4096];
    // The parameter is k, which the part does not know.
    const char *const texts[] = {included, by_hand};
    char *const outs[] = {one, other};
    for (int k = 0; k < 2; k++) {
        const char *place = strstr(texts[k], "\"n\": {\"int\"");
        snprintf(outs[k], sizeof one, "%.*s\"k\"%s", (int)(place - texts[k]), texts[k], place + 3);
    }
    expect_same(one, other);
}

/// Parts in parts: places add up, names are put together, and each include draws for itself.
static void test_part_in_a_part_is_where_both_put_it(void **state)
{
    (void)state;
    static const char text[] =
        "{\"paracosm\": 1, \"name\": \"deep\","
        " \"parts\": {\"ball\": {\"paracosm-part\": 1, \"params\": {\"x\": {\"default\": 0}},"
        "    \"bodies\": [{\"name\": \"b\", \"at\": [\"x\", \"uniform(0, 1)\"], \"shape\": {\"circle\": "
        "0.1}}]},"
        "  \"pair\": {\"paracosm-part\": 1, \"params\": {\"gap\": {\"default\": 2}}, \"include\": ["
        "    {\"part\": \"ball\", \"as\": \"left\", \"with\": {\"x\": \"-gap\"}},"
        "    {\"part\": \"ball\", \"as\": \"right\", \"at\": [\"gap\", 10]}]}},"
        " \"include\": [{\"part\": \"pair\", \"as\": \"p\", \"at\": [100, 50], \"with\": {\"gap\": 3}},"
        "   {\"part\": \"pair\", \"as\": \"q\"}],"
        " \"bodies\": [{\"name\": \"me\", \"at\": [50, 0], \"shape\": {\"circle\": 0.3}}],"
        " \"player\": {\"body\": \"me\", \"actuators\": [{\"twist\": \"me\", \"torque\": 5}]},"
        " \"goal\": {\"near\": [\"me\", \"q-right-b\", 1]}}";
    static const struct {
        const char *name;
        double x, y;
    } wanted[] = {{"me", 50, 0},
                  {"p-left-b", 97, 50},
                  {"p-right-b", 103, 60},
                  {"q-left-b", -2, 0},
                  {"q-right-b", 2, 10}};
    ParaArena *arena = new_arena();
    const ParaLevel *level = para_template_sample(load(text, arena), NULL, 3, arena, NULL);
    assert_non_null(level);
    assert_int_equal(level->world.body_count, 5);
    float drawn[5];
    for (int b = 0; b < 5; b++) {
        const ParaBodyDef *body = &level->world.bodies[b];
        assert_string_equal(level->body_names[b], wanted[b].name);
        assert_true((double)body->position.x == wanted[b].x);
        drawn[b] = body->position.y - (float)wanted[b].y;
        assert_true(drawn[b] >= 0 && drawn[b] <= 1);
        for (int c = 1; c < b; c++)
            assert_true(drawn[b] != drawn[c]);
    }
    para_arena_destroy(arena);
}

// ---------------------------------------------------------------- files

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
} Room;

static const char *in(Room *room, const char *name)
{
    return para_arena_printf(room->arena, "%s/%s", room->scratch.folder, name);
}

static void put(Room *room, const char *name, const char *text)
{
    scratch_write(in(room, name), text, strlen(text));
}

static int set_up(void **state)
{
    Room *room = calloc(1, sizeof *room);
    room->scratch = scratch_make();
    room->arena = new_arena();
    *state = room;
    return 0;
}

static int tear_down(void **state)
{
    Room *room = *state;
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
    free(room);
    return 0;
}

static const char ride[] =
    "{\"paracosm\": 1, \"name\": \"ride\",\n \"include\": [{\"part\": \"cart\", \"as\": \"car\", \"at\": [2, "
    "3]}],\n"
    " \"bodies\": [{\"static\": true, \"shape\": {\"box\": [9, 1]}}], \"player\": {\"part\": \"car\"},\n"
    " \"goal\": {\"right_of\": [\"car-hull\", 30]}\n}\n";

static void test_part_lives_in_the_text_once_it_was_read(void **state)
{
    Room *room = *state;
    const char *error = NULL;
    ParaTemplateText text, again;
    put(room, "cart.json", CART);
    put(room, "ride.json", ride);
    assert_true(para_library_read(in(room, "ride.json"), room->arena, &text, &error));
    const ParaTemplate *before = para_library_load_text(&text, room->arena, &error);
    assert_non_null(before);
    assert_int_equal(unlink(in(room, "cart.json")), 0);
    const ParaTemplate *after = para_library_load_text(&text, room->arena, &error);
    assert_non_null(after);
    assert_true(para_template_sample(before, NULL, 1, room->arena, NULL)->hash ==
                para_template_sample(after, NULL, 1, room->arena, NULL)->hash);
    assert_true(para_library_read(in(room, "ride.json"), room->arena, &again, &error));
    assert_null(para_library_load_text(&again, room->arena, &error));
    assert_non_null(strstr(error, "ride.json:2:23: error: /include/0/part: there is no part \"cart\""));
    put(room, "cart.json",
        strstr(CART, "\n") ? CART : " " CART); // another text of the part is another template
    assert_true(para_library_read(in(room, "ride.json"), room->arena, &again, &error));
    assert_true(again.size == text.size + 1);
}

static void expect_problem(Room *room, const char *part, const char *wanted)
{
    const char *error = NULL;
    put(room, "cart.json", part);
    put(room, "ride.json", ride);
    assert_null(para_library_load(in(room, "ride.json"), room->arena, &error));
    wanted = para_arena_printf(room->arena, "%s%s", in(room, ""), wanted);
    if (!strstr(error, wanted))
        fail_msg("%s\n   not in\n%s", wanted, error);
}

static void test_part_has_its_mistakes_told_in_its_own_file(void **state)
{
    Room *room = *state;
    expect_problem(
        room,
        "\n\n {\"paracosm-part\": 1,\n  \"bodies\": [{\"name\": \"hull\", \"shape\": {\"circle\": -1}}]}\n",
        "cart.json:4:51: error: /bodies/0/shape/circle: must be 0.001 to 10000 m; got -1\n"
        "     4 |   \"bodies\": [{\"name\": \"hull\", \"shape\": {\"circle\": -1}}]}\n");
    expect_problem(
        room,
        "{\"paracosm-part\": 1,\n \"bodies\": [{\"name\": \"hull\", \"shape\": {\"circle\": \"gap\"}}]}",
        "cart.json:2:50: error: /bodies/0/shape/circle: unknown name \"gap\"");
    expect_problem(room, "{\"paracosm-part\": 1,\n \"bodies\": [,]}", "cart.json:2:13: error: ");
    expect_problem(room, "{\"paracosm-part\": 1,\n \"include\": [{\"part\": \"none\", \"as\": \"x\"}]}",
                   "cart.json:2:23: error: /include/0/part: there is no part \"none\"");
    expect_problem(room, "{\"paracosm\": 1}", "ride.json:2:23: error: /include/0/part: ");
    expect_problem(room,
                   "{\"paracosm-part\": 1, \"bodies\": [{\"name\": \"hull\", \"shape\": {\"circle\": "
                   "\"sqrt(-1 - uniform(0, 1))\"}}],"
                   " \"player\": {\"body\": \"hull\"}}",
                   "cart.json:1:70: error: /bodies/0/shape/circle: has no finite value");
}

/// The page's table has each part of the library, with every argument and its default.
static void test_part_of_the_library_is_on_the_page(void **state)
{
    Room *room = *state;
    const char **names = NULL, *error = NULL, *folder = PARA_SOURCE_DIR "/worlds/parts";
    size_t size;
    const char *page =
        para_file_read(PARA_SOURCE_DIR "/docs/authoring.md", 1 << 20, room->arena, &size, &error);
    assert_non_null(page);
    int count = para_folder_list(folder, ".json", room->arena, &names, NULL);
    for (int k = 0; k < count; k++) {
        const char *row = strstr(page, para_arena_printf(room->arena, "\n| `%s` |", names[k]));
        char *text = para_file_read(para_arena_printf(room->arena, "%s/%s.json", folder, names[k]), 1 << 16,
                                    room->arena, &size, &error);
        cJSON *part = cJSON_Parse(text);
        if (!row)
            fail_msg("no row of %s", names[k]);
        row = para_arena_printf(room->arena, "%.*s", (int)strcspn(row + 1, "\n"), row + 1);
        for (const cJSON *item = cJSON_GetObjectItem(part, "params")->child; item; item = item->next) {
            const char *wanted = para_arena_printf(room->arena, "`%s` %g", item->string,
                                                   cJSON_GetObjectItem(item, "default")->valuedouble);
            if (!strstr(row, wanted))
                fail_msg("%s is not in: %s", wanted, row);
        }
        cJSON_Delete(part);
    }
}

static void test_part_of_the_library_loads_alone(void **state)
{
    Room *room = *state;
    const char **names = NULL, *folder = PARA_SOURCE_DIR "/worlds/parts";
    int count = para_folder_list(folder, ".json", room->arena, &names, NULL);
    assert_true(count >= 3);
    for (int k = 0; k < count; k++) {
        char text[1024];
        ParaDiagList list = para_diag_list(room->arena, NULL, NULL);
        snprintf(text, sizeof text,
                 "{\"paracosm\": 1, \"name\": \"t\", \"include\": [{\"part\": \"%s\", \"as\": \"it\", "
                 "\"at\": [5, 1]}],"
                 " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"at\": [5, 0.5], \"shape\": "
                 "{\"box\": [40, 1]}}],"
                 " \"player\": {\"part\": \"it\"}, \"goal\": {\"right_of\": [\"player\", 30]}}",
                 names[k]);
        const ParaTemplate *t = para_template_load(names[k], text, strlen(text), room->arena, &list);
        para_diag_print(&list, stdout);
        assert_non_null(t);
        assert_int_equal(list.count, 0);
        const ParaLevel *level = para_template_sample(t, NULL, 1, room->arena, NULL);
        assert_true(level && level->world.body_count >= 2);
    }
}

#define CHOICE                                                                                               \
    "{\"paracosm\": 1, \"name\": \"choice\", \"params\": {\"kind\": {\"part\": \"kind/\"}}, "                \
    "\"parts\": {\"kind/disc\": {\"paracosm-part\": 1, \"params\": {\"size\": {\"default\": 1}}, "           \
    "\"bodies\": [{\"name\": \"hull\", \"at\": [0, \"size\"], \"shape\": {\"circle\": "                      \
    "\"size\"}}], \"player\": {\"body\": \"hull\", \"actuators\": [{\"twist\": \"hull\", "                   \
    "\"channel\": 1, \"torque\": 2}]}, \"goal\": {\"above\": [\"hull\", 9]}}, \"kind/block\": "              \
    "{\"paracosm-part\": 1, \"params\": {\"wide\": {\"default\": 1}}, \"bodies\": [{\"name\": "              \
    "\"hull\", \"at\": [0, 1], \"shape\": {\"box\": [\"wide\", 2]}}, {\"name\": \"lid\", \"at\": "           \
    "[0, 3], \"shape\": {\"box\": [1, 0.2]}}], \"player\": {\"body\": \"hull\", \"actuators\": "             \
    "[{\"twist\": \"lid\", \"channel\": 0, \"torque\": 2}, {\"twist\": \"hull\", \"channel\": 2, "           \
    "\"torque\": 2}]}, \"goal\": {\"touch\": [\"player\", \"lid\"]}, \"rewards\": [{\"up\": "                \
    "\"lid\"}], \"events\": [{\"when\": {\"time\": 1}, \"do\": [{\"push\": \"lid\", \"by\": [0, "            \
    "1]}]}]}}, \"include\": [{\"part\": \"kind/\", \"which\": \"kind\", \"as\": \"me\", \"at\": "            \
    "[5, \"ground(5)\"], \"with\": {\"size\": 0.5, \"wide\": 3}}], \"bodies\": [{\"name\": "                 \
    "\"hill\", \"ground\": true, \"static\": true, \"at\": [5, 2], \"shape\": {\"polygon\": "                \
    "[[-4, 0], [4, 0], [4, 2]]}}], \"player\": {\"part\": \"me\", \"sight\": 7}, \"goal\": "                 \
    "{\"part\": \"me\"}, \"fail\": {\"any\": [{\"below\": [\"me-hull\", -1]}, {\"part\": "                   \
    "\"me\"}]}, \"rewards\": [{\"part\": \"me\"}]}"

/// Of several parts a member has one: its things, its player, its goal; those of the others are not there.
static void test_parts_of_which_one_is_taken(void **state)
{
    (void)state;
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(CHOICE, arena);
    assert_non_null(t);
    assert_true(para_template_param(t, 0)->integer && para_template_param(t, 0)->high == 1);
    const ParaLevel *block = para_template_sample(t, (double[]){0}, 1, arena, NULL),
                    *disc = para_template_sample(t, (double[]){1}, 1, arena, NULL);
    assert_non_null(block); // by name: block, disc
    assert_non_null(disc);
    assert_int_equal(block->world.body_count, 3);
    assert_int_equal(disc->world.body_count, 2);
    assert_string_equal(block->body_names[block->players[0].body], "me-hull");
    assert_string_equal(disc->body_names[disc->players[0].body], "me-hull");
    assert_int_equal(block->players[0].channel_bits, 5);
    assert_int_equal(disc->players[0].channel_bits, 2);
    assert_true(disc->players[0].sight == 7 && block->players[0].sight == 7);
    assert_int_equal(block->event_count, 1);
    assert_int_equal(disc->event_count, 0);
    assert_int_equal(block->reward_count, 1);
    assert_int_equal(disc->reward_count, 0);
    const ParaGoalNode *goal = &block->goals[block->players[0].goal_root];
    assert_int_equal(goal->kind, PARA_GOAL_ANY);
    assert_int_equal(goal->child_count, 1);
    assert_int_equal(block->goals[goal->child_first].kind, PARA_GOAL_TOUCH);
    assert_true(block->goals[goal->child_first].a_player);
    goal = &disc->goals[disc->players[0].goal_root];
    assert_int_equal(disc->goals[goal->child_first].kind, PARA_GOAL_ABOVE);
    // The hill is 3 high at x = 5: from (1, 2) up to (9, 4).
    assert_true(disc->world.bodies[disc->players[0].body].position.y == 3.5f);
    assert_true(block->world.bodies[block->players[0].body].position.y == 4);
    para_arena_destroy(arena);
}

/// Copies of an include choose each their own, and the same again from the same seed.
static void test_parts_are_chosen_anew_in_each_copy(void **state)
{
    (void)state;
    static const char text[] =
        "{\"paracosm\": 1, \"name\": \"row\", \"params\": {\"many\": {\"int\": [12, 12]}}, \"parts\": {"
        "\"a\": {\"paracosm-part\": 1, \"bodies\": [{\"name\": \"thing\", \"shape\": {\"circle\": 0.2}}]},"
        "\"b\": {\"paracosm-part\": 1, \"bodies\": [{\"name\": \"thing\", \"shape\": {\"box\": [0.2, "
        "0.2]}}]}},"
        "\"include\": [{\"part\": [\"a\", \"b\"], \"as\": \"x\", \"repeat\": \"many\", \"at\": [\"i\", 3]}],"
        "\"bodies\": [{\"name\": \"me\", \"at\": [0, 9], \"shape\": {\"circle\": 0.3}}],"
        "\"player\": {\"body\": \"me\"}, \"goal\": {\"touch\": [\"me\", \"x3-thing\"]}}";
    ParaArena *arena = new_arena();
    const ParaTemplate *t = load(text, arena);
    assert_non_null(t);
    int circles = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
        assert_int_equal(level->world.body_count, 13);
        for (int s = 0; s < level->world.shape_count; s++)
            circles += level->world.shapes[s].body > 0 && level->world.shapes[s].kind == PARA_SHAPE_CIRCLE;
        assert_true(level->hash == para_template_sample(t, NULL, seed, arena, NULL)->hash);
    }
    assert_in_range(circles, 85, 155); // of 240
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_parts[] = {
    cmocka_unit_test(test_parts_of_which_one_is_taken),
    cmocka_unit_test(test_parts_are_chosen_anew_in_each_copy),
    cmocka_unit_test(test_part_is_what_one_would_have_written),
    cmocka_unit_test(test_part_in_a_part_is_where_both_put_it),
    cmocka_unit_test_setup_teardown(test_part_lives_in_the_text_once_it_was_read, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_part_has_its_mistakes_told_in_its_own_file, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_part_of_the_library_loads_alone, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_part_of_the_library_is_on_the_page, set_up, tear_down),
};
const size_t para_tests_parts_count = sizeof para_tests_parts / sizeof *para_tests_parts;
