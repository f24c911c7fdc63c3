// SPDX-License-Identifier: MIT
// Stories: what is read, what is complained of and where, which branch is taken; the library's story played
// to two of its endings by held keys, and led to all four.
#include "tests/tests.h"
#include "worlds/library.h"
#include "worlds/story/story.h"
#include "worlds/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIBRARY_STORY PARA_SOURCE_DIR "/worlds/stories/grey-point.json"

static int setup(void **state)
{
    setenv("PARACOSM_LIBRARY", PARA_SOURCE_DIR "/worlds/library", 1);
    *state = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

static const ParaStory *library_story(ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const ParaStory *story = para_story_load_file(LIBRARY_STORY, true, arena, &list);
    if (list.count)
        para_diag_print(&list, stderr);
    assert_int_equal(list.count, 0); // no warning either
    assert_non_null(story);
    return story;
}

static void test_story_of_the_library_is_good(void **state)
{
    const ParaStory *story = library_story(*state);
    assert_true(story->scene_count >= 5 && story->ending_count >= 3);
    assert_string_equal(story->scenes[story->start].name, "hill");
    assert_string_equal(story->scenes[1].level, "ferry");
    assert_int_equal((int)story->scenes[1].seed, 2);
}

typedef struct Slip {
    const char *what, *scenes, *endings, *code, *path, *words;
} Slip;

#define FINE_ENDING "{\"name\": \"e\", \"title\": \"E\", \"text\": \"x\"}"
#define SCENE(rest) "{\"name\": \"a\", \"level\": \"panes\", " rest "}"

static const Slip slips[] = {
    {"field", SCENE("\"befor\": \"x\", \"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "P006", "/scenes/0/befor",
     "did you mean \"before\"?"},
    {"missing", "{\"name\": \"a\", \"then\": [{\"go\": \"e\"}]}", FINE_ENDING, "P008", "/scenes/0",
     "\"level\""},
    {"kind", SCENE("\"seed\": \"x\", \"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "P009", "/scenes/0/seed",
     "number"},
    {"range", SCENE("\"seed\": -1, \"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "P010", "/scenes/0/seed",
     "range"},
    {"twice", SCENE("\"seed\": 1, \"seed\": 1, \"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "P007",
     "/scenes/0/seed", "twice"},
    {"word", SCENE("\"then\": [{\"on\": \"solve\", \"go\": \"e\"}, {\"go\": \"e\"}]"), FINE_ENDING, "P015",
     "/scenes/0/then/0/on", "did you mean \"solved\"?"},
    {"cause", SCENE("\"then\": [{\"cause\": \"shaterd\", \"go\": \"e\"}, {\"go\": \"e\"}]"), FINE_ENDING,
     "P015", "/scenes/0/then/0/cause", "did you mean \"shattered\"?"},
    {"place", SCENE("\"then\": [{\"go\": \"ee\"}]"), FINE_ENDING, "P024", "/scenes/0/then/0/go",
     "did you mean \"e\"?"},
    {"expression", SCENE("\"then\": [{\"when\": \"1 +\", \"go\": \"e\"}, {\"go\": \"e\"}]"), FINE_ENDING,
     "P017", "/scenes/0/then/0/when", ""},
    {"variable", SCENE("\"then\": [{\"when\": \"coinz > 1\", \"go\": \"e\"}, {\"go\": \"e\"}]"), FINE_ENDING,
     "P018", "/scenes/0/then/0/when", "coinz"},
    {"set", SCENE("\"then\": [{\"set\": {\"koins\": 1}, \"go\": \"e\"}]"), FINE_ENDING, "P024",
     "/scenes/0/then/0/set/koins", "did you mean \"coins\"?"},
    {"names", SCENE("\"then\": [{\"go\": \"a\"}, {\"go\": \"e\"}]"),
     FINE_ENDING ", {\"name\": \"a\", \"title\": \"A\", \"text\": \"x\"}", "P023", "/endings/1/name",
     "already"},
    {"dead end", SCENE("\"then\": [{\"on\": [\"solved\", \"failed\"], \"go\": \"e\"}]"), FINE_ENDING, "S001",
     "/scenes/0", "is timeout"},
    {"dead end by a condition", SCENE("\"then\": [{\"when\": \"coins > 1\", \"go\": \"e\"}]"), FINE_ENDING,
     "S001", "/scenes/0", "is solved"},
    {"unreached",
     SCENE("\"then\": [{\"go\": \"e\"}]") ", {\"name\": \"b\", \"level\": \"panes\", \"then\": [{\"go\": "
                                          "\"e\"}]}",
     FINE_ENDING, "S002", "/scenes/1", "\"b\""},
    {"no way out", SCENE("\"then\": [{\"go\": \"a\"}]"), FINE_ENDING, "S003", "/scenes/0", "ending"},
    {"never", SCENE("\"then\": [{\"go\": \"e\"}, {\"on\": \"solved\", \"go\": \"e\"}]"), FINE_ENDING, "S004",
     "/scenes/0/then/1", "never taken"},
    {"never by a number", SCENE("\"then\": [{\"when\": 0, \"go\": \"e\"}, {\"go\": \"e\"}]"), FINE_ENDING,
     "S004", "/scenes/0/then/0", "whatever happens"},
    {"never by the level", SCENE("\"then\": [{\"cause\": \"overlap\", \"go\": \"e\"}, {\"go\": \"e\"}]"),
     FINE_ENDING, "S004", "/scenes/0/then/0", "no condition"},
    {"unseen", SCENE("\"then\": [{\"go\": \"e\"}]"),
     FINE_ENDING ", {\"name\": \"f\", \"title\": \"F\", \"text\": \"x\"}", "S005", "/endings/1", "\"f\""},
    {"unread", SCENE("\"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "S006", "/variables/coins", "depends"},
    {"level", "{\"name\": \"a\", \"level\": \"panez\", \"then\": [{\"go\": \"e\"}]}", FINE_ENDING, "S007",
     "/scenes/0/level", "did you mean \"panes\"?"},
    {"file", "{\"name\": \"a\", \"level\": \"nowhere.json\", \"then\": [{\"go\": \"e\"}]}", FINE_ENDING,
     "S007", "/scenes/0/level", "file"},
    {"parameter", SCENE("\"set\": {\"nonsense\": 1}, \"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "S009",
     "/scenes/0/set/nonsense", "no parameter"},
    {"kept", SCENE("\"keep\": {\"coins\": \"level.gold\"}, \"then\": [{\"go\": \"e\"}]"), FINE_ENDING, "S009",
     "/scenes/0/keep", "gold"},
};

static ParaDiagList load_slip(const Slip *slip, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const char *text = para_arena_printf(arena,
                                         "{\"story\": 1, \"name\": \"t\", \"variables\": {\"coins\": 0},\n "
                                         "\"scenes\": [%s],\n \"endings\": [%s]}",
                                         slip->scenes, slip->endings);
    para_story_load("t.json", text, strlen(text), true, arena, &list);
    return list;
}

static void test_story_slips_are_told_where_they_are(void **state)
{
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        ParaDiagList list = load_slip(&slips[i], *state);
        bool found = false;
        for (int k = 0; k < list.count; k++)
            found |= strcmp(list.items[k].code, slips[i].code) == 0 &&
                     strcmp(list.items[k].path, slips[i].path) == 0 &&
                     strstr(list.items[k].message, slips[i].words) && list.items[k].line >= 1;
        if (!found) {
            print_message("%s:\n", slips[i].what);
            para_diag_print(&list, stderr);
        }
        assert_true(found);
    }
}

static void test_story_all_slips_at_once(void **state)
{
    static const char text[] =
        "{\"story\": 2, \"name\": 3, \"scenez\": [],\n"
        " \"scenes\": [{\"name\": \"1a\", \"level\": \"panes\", \"then\": [{\"go\": 4}]}],\n"
        " \"endings\": []}";
    ParaDiagList list = para_diag_list(*state, NULL, NULL);
    assert_null(para_story_load("t.json", text, sizeof text - 1, true, *state, &list));
    assert_true(list.error_count >= 6);
    static const char broken[] = "{\"story\": 1,}";
    list = para_diag_list(*state, NULL, NULL);
    assert_null(para_story_load("t.json", broken, sizeof broken - 1, true, *state, &list));
    assert_int_equal(list.error_count, 1);
    assert_string_equal(list.items[0].code, "P002");
    assert_true(para_story_is(text, sizeof text - 1));
    assert_false(para_story_is("{\"paracosm\": 1}", 15));
    assert_false(para_story_is("[\"story\"]", 9));
}

static ParaDiag only_problem(const char *path, const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    assert_null(para_story_load(path, text, strlen(text), true, arena, &list));
    assert_int_equal(list.count, 1); // and nothing of what follows from it
    assert_true(list.items[0].line >= 1);
    return list.items[0];
}

static void test_story_and_level_are_not_mixed_up(void **state)
{
    static const char itself[] =
        "{\"story\": 1, \"name\": \"t\", \"scenes\": [{\"name\": \"a\", \"level\": "
        "\"./grey-point.json\", \"then\": [{\"go\": \"e\"}]}], \"endings\": [" FINE_ENDING "]}";
    ParaDiag told = only_problem(LIBRARY_STORY, itself, *state);
    assert_string_equal(told.code, "S010");
    assert_non_null(strstr(told.message, "this story itself"));
    told = only_problem(PARA_SOURCE_DIR "/worlds/stories/other.json", itself, *state);
    assert_string_equal(told.code, "S010");
    assert_non_null(strstr(told.message, "is a story"));
    static const char level[] = "{\"story\": 1, \"paracosm\": 1, \"name\": \"t\", \"bodies\": []}";
    told = only_problem("t.json", level, *state);
    assert_string_equal(told.code, "S011");
}

/// Plays the scene a story is at with one key held from a step on. @return the name of where it leads
static const char *play_scene(const ParaStory *story, ParaStoryState *at, float action, int from,
                              ParaArena *arena)
{
    const ParaStoryScene *scene = &story->scenes[at->scene];
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(scene->level, arena, &error);
    assert_non_null(t);
    ParaLevel *level = para_template_sample(t, NULL, scene->seed, arena, NULL);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaPlay play;
    ParaPlayerState player;
    size_t size = para_play_events_size(level);
    assert_true(
        para_play_begin(&play, level, world, &player, size ? para_arena_alloc(arena, size) : NULL, NULL));
    for (int step = 0; play.status == PARA_PLAY_ON; step++) {
        float actions[PARA_CHANNELS] = {step >= from ? action : 0.0f};
        if (step % level->frame_skip == 0)
            para_play_act(&play, level, actions);
        para_play_step(&play, level, world);
    }
    para_story_go(story, at, &play, level, world);
    para_world_group_destroy(group);
    return at->scene >= 0 ? story->scenes[at->scene].name : story->endings[-1 - at->scene].name;
}

static void test_story_played_to_two_endings(void **state)
{
    const ParaStory *story = library_story(*state);
    ParaStoryState at = para_story_begin(story);
    assert_string_equal(play_scene(story, &at, 1.0f, 0, *state), "ferry");
    assert_string_equal(play_scene(story, &at, 1.0f, 8, *state), "workshop"); // against the wall: it breaks
    assert_string_equal(play_scene(story, &at, 0.0f, 0, *state), "bonfire");
    at = para_story_begin(story);
    assert_string_equal(play_scene(story, &at, 1.0f, 0, *state), "ferry");
    assert_string_equal(play_scene(story, &at, 1.0f, 8, *state), "workshop");
    assert_string_equal(play_scene(story, &at, 1.0f, 0, *state), "causeway"); // through the panes
    assert_string_equal(play_scene(story, &at, 0.0f, 0, *state), "tower");
    assert_string_equal(play_scene(story, &at, 0.0f, 0, *state), "dawn");
}

static const char *lead(const ParaStory *story, const ParaPlayStatus *ends, int count, int cause_at,
                        int cause)
{
    ParaStoryState at = para_story_begin(story);
    for (int i = 0; i < count; i++)
        para_story_take(story, &at, ends[i], i == cause_at ? cause : -1);
    assert_true(at.scene < 0);
    return story->endings[-1 - at.scene].name;
}

static void test_story_branches_lead_to_each_ending(void **state)
{
    const ParaStory *story = library_story(*state);
    const ParaPlayStatus good[] = {PARA_PLAY_SOLVED, PARA_PLAY_SOLVED, PARA_PLAY_SOLVED, PARA_PLAY_SOLVED};
    const ParaPlayStatus late[] = {PARA_PLAY_FAILED, PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_SOLVED};
    const ParaPlayStatus scratched[] = {PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_SOLVED,
                                        PARA_PLAY_SOLVED};
    const ParaPlayStatus slow[] = {PARA_PLAY_SOLVED, PARA_PLAY_SOLVED, PARA_PLAY_SOLVED, PARA_PLAY_DIVERGED};
    const ParaPlayStatus broken[] = {PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_TIMEOUT};
    const ParaPlayStatus mended[] = {PARA_PLAY_SOLVED, PARA_PLAY_FAILED, PARA_PLAY_SOLVED, PARA_PLAY_SOLVED,
                                     PARA_PLAY_SOLVED};
    assert_string_equal(lead(story, good, 4, -1, 0), "lit");
    assert_string_equal(lead(story, late, 4, -1, 0), "candle");
    assert_string_equal(lead(story, scratched, 4, -1, 0), "candle");
    assert_string_equal(lead(story, slow, 4, -1, 0), "dawn");
    assert_string_equal(lead(story, broken, 3, 1, PARA_GOAL_SHATTERED), "bonfire");
    assert_string_equal(lead(story, mended, 5, 1, PARA_GOAL_SHATTERED), "lit");
}

static void test_story_schema_has_every_object(void **state)
{
    const char *schema = para_story_schema(*state);
    static const char *const words[] = {"\"scene\"",     "\"caption\"", "\"branch\"",     "\"ending\"",
                                        "\"shattered\"", "\"then\"",    "\"minItems\": 1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_non_null(strstr(schema, words[i]));
}

#define STORY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest para_tests_story[] = {
    STORY_TEST(test_story_of_the_library_is_good),  STORY_TEST(test_story_slips_are_told_where_they_are),
    STORY_TEST(test_story_all_slips_at_once),       STORY_TEST(test_story_and_level_are_not_mixed_up),
    STORY_TEST(test_story_played_to_two_endings),   STORY_TEST(test_story_branches_lead_to_each_ending),
    STORY_TEST(test_story_schema_has_every_object),
};
const size_t para_tests_story_count = sizeof para_tests_story / sizeof *para_tests_story;
