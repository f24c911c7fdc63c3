// SPDX-License-Identifier: MIT
// A story at the window, without a screen: cards, a caption, an ending, pictures of them, what is remembered;
// its sound as a file.
#include "agents/search/search.h"
#include "engine/base/arena.h"
#include "tests/agents/scratch.h"
#include "tests/apps/command.h"
#include "tests/tests.h"
#include "worlds/library.h"
#include "worlds/story/story.h"
#include "worlds/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define OUTPUT_MAX 8192

static const char text[] =
    "{\"story\": 1, \"name\": \"Two panes\", \"scenes\": [{\"name\": \"hall\", \"title\": \"The hall\", "
    "\"level\": \"panes\", \"seed\": 2, \"before\": [\"Somebody closed the hall with glass.\", \"Take a "
    "run.\"], "
    "\"during\": [{\"at\": 0.3, \"say\": \"Faster!\"}], \"then\": [{\"on\": \"solved\", \"say\": "
    "\"Through.\", "
    "\"go\": \"out\"}, {\"go\": \"in\"}]}], \"endings\": [{\"name\": \"out\", \"title\": \"Outside\", "
    "\"text\": "
    "\"Air.\"}, {\"name\": \"in\", \"title\": \"Inside\", \"text\": \"Warm.\"}]}";

static void put(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, sizeof text - 1, file), sizeof text - 1);
    assert_int_equal(fclose(file), 0);
}

static int run(const char *folder, const char *arguments, char *out)
{
    char environment[256];
    snprintf(environment, sizeof environment, "PARACOSM_HOME='%s'", folder);
    int code = command_run(folder, environment, arguments, out, OUTPUT_MAX);
    if (code == 2 && strstr(out, "OpenGL")) {
        print_message("no OpenGL 3.3 here, story tests are skipped\n");
        skip();
    }
    return code;
}

static long size_of(const char *folder, const char *name)
{
    char path[600];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &about) == 0 ? (long)about.st_size : -1;
}

static void test_play_story_to_its_ending(void **state)
{
    static char out[OUTPUT_MAX];
    char path[600];
    (void)state;
    Scratch scratch = scratch_make();
    const char *folder = scratch.folder;
    snprintf(path, sizeof path, "%s/panes.story.json", folder);
    put(path);
    int code =
        run(folder,
            "play panes.story.json --size 480x320 --sound-out story.wav --script \"0 down right; 0.3 "
            "screenshot card.png; 0.4 tap space; 0.5 down right; 1 screenshot caption.png; 5 tap return; 5.5 "
            "screenshot ending.png; 5.6 tap return; 9 state\"",
            out);
    assert_int_equal(code, 0);
    assert_non_null(strstr(out, "story: scene \"hall\": The hall"));
    assert_non_null(strstr(out, "story: \"hall\" solved after"));
    assert_non_null(strstr(out, "story: ending \"out\": Outside"));
    assert_null(strstr(out, "state shown")); // Enter left before
    assert_true(size_of(folder, "card.png") > 2000);
    assert_true(size_of(folder, "caption.png") > 2000);
    assert_true(size_of(folder, "ending.png") > 2000);
    long seconds = (size_of(folder, "story.wav") - 44) / (48000 * 4);
    assert_true(seconds == 5); // all that was shown
    snprintf(path, sizeof path, "%s/stories.json", folder);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(out, 1, OUTPUT_MAX - 1, file);
    out[size] = '\0';
    fclose(file);
    assert_non_null(strstr(out, "Two panes"));
    assert_non_null(strstr(out, "\"out\""));
    scratch_remove(&scratch);
}

static void test_play_story_checks_what_it_is_given(void **state)
{
    static char out[OUTPUT_MAX];
    char path[600];
    (void)state;
    Scratch scratch = scratch_make();
    const char *folder = scratch.folder;
    snprintf(path, sizeof path, "%s/panes.story.json", folder);
    put(path);
    assert_int_equal(run(folder, "check panes.story.json", out), 0);
    assert_non_null(strstr(out, "1 scene, 2 endings"));
    assert_int_equal(run(folder, "play panes.story.json --seed 3 --script \"0 quit\"", out), 2);
    assert_non_null(strstr(out, "--seed does not go with a story"));
    scratch_remove(&scratch);
}

// ---------------------------------------------------------------------------------------------
// The library's story, played without a window to each of its endings.

typedef enum { SOLVE, RIGHT, REST } Way;

/// What each scene's actions are, and a plan for those that are solved: found once.
typedef struct Trip {
    const ParaStory *story;
    ParaArena *arena;
    struct {
        const int8_t *plan; ///< [decisions, PARA_CHANNELS]
        int decisions;
    } plans[PARA_STORY_SCENES_MAX];
} Trip;

static void find_plan(Trip *trip, int scene, const ParaLevel *level)
{
    const char *error = NULL;
    const ParaSearchDef def = {.level = level, .solver = PARA_SOLVER_AUTO, .steps_max = 8000000};
    ParaWorkers *workers = para_workers_create(1);
    ParaSearch *search = para_search_open(&def, workers, trip->arena, &error);
    assert_non_null(search);
    while (para_search_next(search))
        ;
    assert_true(search->solved);
    size_t size = (size_t)search->decisions * PARA_CHANNELS;
    int8_t *plan = para_arena_alloc(trip->arena, size);
    memcpy(plan, search->plan, size);
    trip->plans[scene].plan = plan;
    trip->plans[scene].decisions = search->decisions;
    para_search_close(search);
    para_workers_destroy(workers);
}

static void act(const Trip *trip, int scene, Way way, int decision, float *out_actions)
{
    bool planned = way == SOLVE && decision < trip->plans[scene].decisions;
    for (int c = 0; c < PARA_CHANNELS; c++)
        out_actions[c] = planned ? (float)trip->plans[scene].plan[decision * PARA_CHANNELS + c] : 0.0f;
    if (way == RIGHT && decision >= 2) // not at once: the cargo is to come loose
        out_actions[0] = 1.0f;
}

/// Plays the scene a story is at and takes the branch that follows from it.
static void play_scene(Trip *trip, ParaStoryState *at, Way way)
{
    int scene = at->scene;
    const ParaStoryScene *now = &trip->story->scenes[scene];
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(now->level, trip->arena, &error);
    assert_non_null(t);
    ParaLevel *level = para_template_sample(t, NULL, now->seed, trip->arena, NULL);
    if (way == SOLVE && !trip->plans[scene].plan)
        find_plan(trip, scene, level);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaWorld world = para_world_at(group, 0);
    ParaPlay play;
    ParaPlayerState player;
    size_t size = para_play_events_size(level);
    void *events = size ? para_arena_alloc(trip->arena, size) : NULL;
    assert_true(para_play_begin(&play, level, world, &player, events, NULL));
    for (int step = 0; play.status == PARA_PLAY_ON; step++) {
        float actions[PARA_CHANNELS];
        if (step % level->frame_skip == 0) {
            act(trip, scene, way, step / level->frame_skip, actions);
            para_play_act(&play, level, actions);
        }
        para_play_step(&play, level, world);
    }
    assert_int_equal(play.status == PARA_PLAY_SOLVED, way == SOLVE);
    para_story_go(trip->story, at, &play, level, world);
    para_world_group_destroy(group);
}

static void test_play_story_of_the_library_to_each_ending(void **state)
{
    static const struct {
        const char *ending;
        Way ways[6];
    } trips[] = {{"lit", {SOLVE, SOLVE, SOLVE, SOLVE}},
                 {"candle", {REST, SOLVE, REST, SOLVE}},
                 {"bonfire", {SOLVE, RIGHT, REST}},
                 {"dawn", {SOLVE, SOLVE, SOLVE, REST}}};
    (void)state;
    setenv("PARACOSM_LIBRARY", PARA_SOURCE_DIR "/worlds/library", 1);
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 32);
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    Trip trip = {.arena = arena};
    trip.story = para_story_load_file(PARA_SOURCE_DIR "/worlds/stories/grey-point.json", true, arena, &list);
    assert_non_null(trip.story);
    assert_int_equal(trip.story->ending_count, sizeof trips / sizeof *trips);
    for (size_t i = 0; i < sizeof trips / sizeof *trips; i++) {
        ParaStoryState at = para_story_begin(trip.story);
        for (int scene = 0; at.scene >= 0; scene++) {
            assert_true(scene < 6);
            play_scene(&trip, &at, trips[i].ways[scene]);
        }
        assert_string_equal(trip.story->endings[-1 - at.scene].name, trips[i].ending);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_play_story[] = {
    cmocka_unit_test(test_play_story_to_its_ending),
    cmocka_unit_test(test_play_story_checks_what_it_is_given),
    cmocka_unit_test(test_play_story_of_the_library_to_each_ending),
};
const size_t para_tests_play_story_count = sizeof para_tests_play_story / sizeof *para_tests_play_story;
