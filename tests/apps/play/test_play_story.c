// SPDX-License-Identifier: MIT
// A story at the window, without a screen: cards, a caption, an ending, pictures of them, what is remembered;
// its sound as a file.
#include "engine/base/arena.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

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
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' && SDL_VIDEODRIVER=offscreen PARACOSM_HOME='%s' PARACOSM_LIBRARY='%s/worlds/library' "
             "'%s' %s "
             "2>&1",
             folder, folder, PARA_SOURCE_DIR, PARA_COMMAND, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[size] = '\0';
    int status = pclose(pipe);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
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
            "screenshot card.png; 0.4 tap space; 0.5 down right; 1 screenshot caption.png; 5 tap space; 5.5 "
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

const struct CMUnitTest para_tests_play_story[] = {
    cmocka_unit_test(test_play_story_to_its_ending),
    cmocka_unit_test(test_play_story_checks_what_it_is_given),
};
const size_t para_tests_play_story_count = sizeof para_tests_play_story / sizeof *para_tests_play_story;
