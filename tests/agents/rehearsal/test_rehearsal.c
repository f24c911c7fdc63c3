// SPDX-License-Identifier: MIT
// What a rehearsal warns of, and what it lets pass: each bad template that is warned of (tests/bad_templates,
// P057 and above) has a neighbour here, the same text with one thing mended, of which nothing is said. The
// library and the starters have no warning at all.
#include "tests/tests.h"

#include "agents/rehearsal/rehearsal.h"
#include "engine/base/file.h"
#include "worlds/library.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER PARA_SOURCE_DIR "/tests/bad_templates/"

static const struct Neighbour {
    const char *name, *find, *replace;
} neighbours[] = {
    {"P057_below_from_the_start", "{\"below\": [\"ball\", 2]}", "{\"below\": [\"ball\", 1.2]}"},
    {"P057_falls_on_what_fails", "\"at\": [2, 3]", "\"at\": [2, 4], \"gravity_scale\": 0.05"},
    {"P058_starts_in_the_goal", "\"at\": [2.2, 2]", "\"at\": [5.2, 2]"},
    {"P058_rolls_into_the_goal", "\"velocity\": [3, 0]", "\"velocity\": [-1, 0]"},
    {"P059_falls_for_ever", "\"gravity_scale\": 10", "\"gravity_scale\": 0"},
    {"P060_nothing_to_stand_on", "\"name\": \"ball\", \"at\": [12,", "\"name\": \"ball\", \"at\": [2,"},
    {"P061_starts_in_the_ground", "[2, 0.7]", "[2, 1.45]"},
    {"P062_crates_in_one_place", "\"at\": [5, 1.5]", "\"at\": [5, \"1.5 + 0.99 * i\"]"},
    {"P063_flag_beyond_the_end", "[30, 2]", "[9.8, 2]"},
    {"P063_flag_in_the_ground", "[8, 0.5]", "[8, 0.8]"},
    {"P063_higher_than_the_sky", "[\"ball\", 300]", "[\"ball\", 5.5]"},
    {"P063_later_than_the_end", "{\"time\": 20}", "{\"all\": [{\"time\": 12}, {\"above\": [\"ball\", 5]}]}"},
    {"P063_never_touches", "\"group\": 1", "\"group\": 2"},
    {"P064_far_away", "[500, 3]", "[25, 3]"},
    {"P064_zone_of_nothing", "\"name\": \"spare\"", "\"drag\": 1, \"name\": \"spare\""},
    {"P065_camera_too_small", "[4, 4]", "[8, 4]"},
    {"P065_goal_beyond_the_edge", "[\"ball\", 11]", "[\"ball\", 9.9]"},
    {"P065_most_out_of_sight", "11 + i", "7 + i"},
    {"P066_parameter_of_nothing", "0.5}}", "\"gap / 4\"}}"},
    {"P068_ladder_without_a_climber", "\"torque\": 5}]",
     "\"torque\": 5}, {\"climb\": \"ball\", \"channel\": 1}]"},
    {"P067_anchored_far_away", "[90, 3]", "[6, 3]"},
    {"P067_pulley_with_too_short_a_rope", "\"longest\": 2", "\"longest\": 6"},
    {"P067_rope_too_short", "[0, 0.5]", "[0, 5]"},
    {"P092_event_after_the_end", "{\"at\": 9}", "{\"at\": 7}"},
    {"P092_event_that_nothing_sets", "{\"say\"", "{\"add\": \"hits\", \"by\": 1}, {\"say\""},
    {"P092_event_for_a_while_in_single_steps", ", \"for\": 2", ""},
};

/// Rehearses a text. @return what is warned of, as names in order, "never-met camera-small"; from malloc
static char *rehearse(const char *text)
{
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    if (!t)
        para_diag_print(&list, stderr);
    assert_non_null(t);
    para_rehearse(t, PARA_REHEARSAL_SECONDS, &list);
    char *names = calloc(1, 4096);
    for (int k = 0; k < list.count; k++) {
        assert_int_equal(list.items[k].severity, PARA_DIAG_WARNING);
        assert_true(list.items[k].line > 0);
        strcat(strcat(names, k ? " " : ""), list.items[k].name);
    }
    para_arena_destroy(arena);
    return names;
}

static char *read_bad(const char *name, ParaArena *arena)
{
    char path[500];
    const char *error = NULL;
    size_t size;
    snprintf(path, sizeof path, FOLDER "%s.json", name);
    char *text = para_file_read(path, 1 << 16, arena, &size, &error);
    assert_non_null(text);
    return text;
}

static char *with(const char *text, const char *find, const char *replace, ParaArena *arena)
{
    const char *place = strstr(text, find);
    assert_non_null(place);
    return para_arena_printf(arena, "%.*s%s%s", (int)(place - text), text, replace, place + strlen(find));
}

static void test_rehearsal_says_nothing_of_a_mended_neighbour(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t k = 0; k < sizeof neighbours / sizeof *neighbours; k++) {
        ParaArena *arena = para_arena_create(1 << 16, 1 << 22);
        char *mended =
            with(read_bad(neighbours[k].name, arena), neighbours[k].find, neighbours[k].replace, arena);
        // Of a goal that asks for no zone the flag is one that nobody asks for.
        if (strncmp(neighbours[k].name, "P063_higher", 11) == 0 ||
            strncmp(neighbours[k].name, "P063_later", 10) == 0)
            mended = with(mended, "\"name\": \"flag\"", "\"drag\": 1, \"name\": \"flag\"", arena);
        char *names = rehearse(mended);
        if (*names) {
            print_error("%s, mended: %s\n", neighbours[k].name, names);
            wrong++;
        }
        free(names);
        para_arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

static void test_rehearsal_has_a_neighbour_for_each_file(void **state)
{
    (void)state;
    DIR *dir = opendir(FOLDER);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        char word[5];
        ParaCode code;
        snprintf(word, sizeof word, "%.4s", entry->d_name);
        bool found = strncmp(word, "P057", 4) < 0 || !strstr(entry->d_name, ".json") ||
                     (para_code_find(word, &code, NULL) && !para_code_is_warning(code));
        for (size_t k = 0; k < sizeof neighbours / sizeof *neighbours; k++)
            found |= strncmp(neighbours[k].name, entry->d_name, strlen(neighbours[k].name)) == 0;
        if (!found)
            print_error("%s has no neighbour\n", entry->d_name);
        assert_true(found);
    }
    closedir(dir);
}

/// The template's own list is heeded, and only for what it names.
static void test_rehearsal_heeds_silence(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 16, 1 << 22);
    const char *text = read_bad("P063_flag_beyond_the_end", arena);
    char *all = rehearse(text),
         *one = rehearse(
             with(text, "\"name\": \"bad\",", "\"name\": \"bad\", \"silence\": [\"camera-small\"],", arena)),
         *none = rehearse(with(text, "\"name\": \"bad\",",
                               "\"name\": \"bad\", \"silence\": [\"P063\", \"camera-small\"],", arena));
    assert_string_equal(all, "camera-small goal-out-of-reach");
    assert_string_equal(one, "goal-out-of-reach");
    assert_string_equal(none, "");
    free(all);
    free(one);
    free(none);
    para_arena_destroy(arena);
}

/// Members are counted, and the first is named by its values.
static void test_rehearsal_tells_how_many_members(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const char *text =
        with(read_bad("P061_starts_in_the_ground", arena), "[2, 0.7]", "[2, \"1.45 - deep\"]", arena);
    text = with(text, "\"world\"", "\"params\": {\"deep\": {\"range\": [0, 1.5]}}, \"world\"", arena);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    assert_non_null(t);
    ParaRehearsal done = para_rehearse(t, 0, &list);
    assert_int_equal(done.members, 16);
    assert_int_equal(done.played, 0);
    assert_int_equal(done.steps, 0);
    assert_int_equal(list.count, 1);
    assert_non_null(strstr(list.items[0].message, " of 16 members looked at, such as that with deep = "));
    para_arena_destroy(arena);
}

/// Twice the same to the letter.
static void test_rehearsal_is_the_same_every_time(void **state)
{
    (void)state;
    char *printed[2] = {NULL, NULL};
    for (int k = 0; k < 2; k++) {
        ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
        ParaDiagList list = para_diag_list(arena, "test", NULL);
        const ParaTemplate *t = para_template_load_file(FOLDER "P059_falls_for_ever.json", arena, &list);
        assert_non_null(t);
        size_t size;
        FILE *out = open_memstream(&printed[k], &size);
        ParaRehearsal done = para_rehearse(t, PARA_REHEARSAL_SECONDS, &list);
        para_diag_print(&list, out);
        fprintf(out, "%d %d %lld", done.members, done.played, (long long)done.steps);
        fclose(out);
        para_arena_destroy(arena);
    }
    assert_string_equal(printed[0], printed[1]);
    free(printed[0]);
    free(printed[1]);
}

/// Rehearses a level of a ground, `things` and the player "p", who is to get to x = 90 or what `goal` says.
/// @return what was done; names of what is warned of in `out_names`, to be freed
static ParaRehearsal rehearse_level(const char *params, const char *world, const char *things,
                                    const char *player, const char *goal, char **out_names)
{
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    const char *text = para_arena_printf(
        arena,
        "{\"paracosm\": 1, \"name\": \"t\", \"params\": {%s}, \"world\": {\"size\": [100, 20], %s},\n"
        "\"bodies\": [{\"name\": \"g\", \"static\": true, \"at\": [50, 0.5], \"shape\": {\"box\": [100, "
        "1]}},\n"
        "%s{\"name\": \"p\", \"shape\": {\"circle\": 0.5}, %s}],\n"
        "\"player\": {\"body\": \"p\", \"actuators\": [{\"walk\": \"p\"}]}, \"goal\": %s}",
        params, world, things, player, goal);
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    if (!t)
        para_diag_print(&list, stderr);
    assert_non_null(t);
    int first = list.count;
    ParaRehearsal done = para_rehearse(t, PARA_REHEARSAL_SECONDS, &list);
    *out_names = calloc(1, 4096);
    for (int k = first; k < list.count; k++)
        strcat(strcat(*out_names, k > first ? " " : ""), list.items[k].name);
    para_arena_destroy(arena);
    return done;
}

#define FAR_GOAL "{\"right_of\": [\"p\", 90]}"
#define DEAREST  "\"seconds\": 20, \"rate\": 1000, \"substeps\": 64, \"iterations\": 100, \"frame_skip\": 60"
#define CRATES                                                                                               \
    "{\"name\": \"b\", \"repeat\": 300, \"shape\": {\"box\": [0.4, 0.4]}, \"at\": [\"9 + (i % 40) * 0.9\", " \
    "\"1.3 + floor(i / 40) * 0.45\"]}, "

/// Many small steps of few things are not dear: nothing is cut, and what comes of them is seen.
static void test_rehearsal_plays_fine_steps_whole(void **state)
{
    (void)state;
    char *names;
    ParaRehearsal done =
        rehearse_level("", "\"seconds\": 20, \"rate\": 1000, \"substeps\": 64", "", "\"at\": [5, 4.8]",
                       "{\"touch\": [\"p\", \"g\"]}", &names); // falls 3.3 m in 0.82 s
    assert_int_equal(done.cut.runs, 0);
    assert_true(done.cut.of >= 3);
    assert_true(done.cut.asked == 0);
    assert_string_equal(names, "solved-by-nothing");
    free(names);
}

/// Where steps are dear runs end early, in the middle of a decision if need be, and that is told; it is no
/// warning. Of a family rather few members are played.
static void test_rehearsal_tells_where_steps_are_too_dear(void **state)
{
    (void)state;
    char *names;
    ParaRehearsal done = rehearse_level("\"a\": {\"range\": [0, 1]}", DEAREST, CRATES,
                                        "\"at\": [\"5 + a\", 8]", FAR_GOAL, &names);
    assert_int_equal(done.played, 2);
    assert_int_equal(done.members, 16);
    assert_int_equal(done.cut.of, 6);
    assert_int_equal(done.cut.runs, 6);
    assert_true(done.cut.asked == PARA_REHEARSAL_SECONDS);
    assert_true(done.cut.seconds > 0 && done.cut.seconds < 0.5);
    assert_true(done.cut_idle.runs > 0 && done.cut_idle.asked == 20);
    assert_true(done.steps < 6 * 500);
    assert_string_equal(names, "");
    free(names);
}

/// A cheap family is played as far as it was asked for.
static void test_rehearsal_cuts_nothing_of_a_cheap_family(void **state)
{
    (void)state;
    char *names;
    ParaRehearsal done = rehearse_level("\"a\": {\"range\": [0, 1]}", "\"seconds\": 20", "",
                                        "\"at\": [\"5 + a\", 8]", FAR_GOAL, &names);
    assert_int_equal(done.played, 8);
    assert_int_equal(done.cut.of, 8 * 6);
    assert_int_equal(done.cut_idle.of, 4);
    assert_int_equal(done.cut.runs + done.cut_idle.runs + done.params_unseen, 0);
    assert_string_equal(names, "");
    free(names);
}

/// Of parameters that were not looked at nothing is said.
static void test_rehearsal_leaves_parameters_of_dear_members(void **state)
{
    (void)state;
    char *names, params[800] = "", things[1200] = "";
    size_t used = 0;
    for (int k = 0; k < 16; k++)
        used += (size_t)snprintf(params + used, sizeof params - used, "%s\"q%d\": {\"range\": [0, 1]}",
                                 k ? ", " : "", k);
    used = (size_t)snprintf(things, sizeof things,
                            "{\"name\": \"c\", \"static\": true, \"shape\": {\"chain\": {\"count\": 7000, "
                            "\"point\": [\"i * 0.01\", \"1.5 + 0.01 * (0");
    for (int k = 0; k < 24; k++)
        used += (size_t)snprintf(things + used, sizeof things - used, " + noise(i, %d)", k);
    snprintf(things + used, sizeof things - used, ")\"]}, \"radius\": 0.01}}, ");
    ParaRehearsal done =
        rehearse_level(params, "\"seconds\": 20", things, "\"at\": [5, 8]", FAR_GOAL, &names);
    assert_true(done.params_unseen > 0 && done.params_unseen < 16);
    int told = 0;
    for (const char *at = names; (at = strstr(at, "unused-parameter")); at++)
        told++;
    assert_int_equal(told, 16 - done.params_unseen);
    free(names);
}

/// What starts outside of the picture and falls or flies into it is outside by intent.
static void test_rehearsal_lets_things_fall_into_the_picture(void **state)
{
    (void)state;
    static const struct {
        const char *player, *names;
    } cases[] = {
        {"\"at\": [5, 30]", ""},
        {"\"at\": [5, 30], \"gravity_scale\": 0", "camera-small"},
        {"\"at\": [5, 30], \"velocity\": [0, 3]", ""},
        {"\"at\": [5, 90]", "camera-small"}, // 3 s are not enough
        {"\"at\": [-4, 15], \"velocity\": [6, 0]", ""},
        {"\"at\": [-4, 15], \"velocity\": [-6, 0]", "camera-small player-leaves"},
    };
    int wrong = 0;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char *names;
        rehearse_level("", "\"seconds\": 20", "", cases[k].player, FAR_GOAL, &names);
        if (strcmp(names, cases[k].names) != 0) {
            print_error("%s: %s and not %s\n", cases[k].player, names, cases[k].names);
            wrong++;
        }
        free(names);
    }
    assert_int_equal(wrong, 0);
}

static int warnings_of(const ParaTemplate *t, ParaDiagList *list)
{
    assert_non_null(t);
    para_rehearse(t, PARA_REHEARSAL_SECONDS, list);
    if (list->count > 0)
        para_diag_print(list, stderr);
    return list->count;
}

static void test_rehearsal_says_nothing_of_library_and_starters(void **state)
{
    (void)state;
    int warnings = 0, count;
    ParaArena *names = para_arena_create(1 << 16, 1 << 22);
    const char **families;
    int family_count = para_library_list(names, &families);
    assert_true(family_count >= 10);
    for (int k = 0; k < family_count; k++) {
        ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
        ParaDiagList list = para_diag_list(arena, families[k], NULL);
        warnings +=
            warnings_of(para_template_load_file(para_library_find(families[k], arena), arena, &list), &list);
        para_arena_destroy(arena);
    }
    para_arena_destroy(names);
    const char *const *kinds = para_template_starters(&count);
    for (int k = 0; k < count; k++) {
        ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
        ParaDiagList list = para_diag_list(arena, kinds[k], NULL);
        const char *text = para_template_starter(kinds[k], "test", arena);
        warnings += warnings_of(para_template_load(kinds[k], text, strlen(text), arena, &list), &list);
        para_arena_destroy(arena);
    }
    assert_int_equal(warnings, 0);
}

const struct CMUnitTest para_tests_rehearsal[] = {
    cmocka_unit_test(test_rehearsal_says_nothing_of_a_mended_neighbour),
    cmocka_unit_test(test_rehearsal_has_a_neighbour_for_each_file),
    cmocka_unit_test(test_rehearsal_heeds_silence),
    cmocka_unit_test(test_rehearsal_tells_how_many_members),
    cmocka_unit_test(test_rehearsal_is_the_same_every_time),
    cmocka_unit_test(test_rehearsal_plays_fine_steps_whole),
    cmocka_unit_test(test_rehearsal_tells_where_steps_are_too_dear),
    cmocka_unit_test(test_rehearsal_cuts_nothing_of_a_cheap_family),
    cmocka_unit_test(test_rehearsal_leaves_parameters_of_dear_members),
    cmocka_unit_test(test_rehearsal_lets_things_fall_into_the_picture),
    cmocka_unit_test(test_rehearsal_says_nothing_of_library_and_starters),
};
const size_t para_tests_rehearsal_count = sizeof para_tests_rehearsal / sizeof *para_tests_rehearsal;
