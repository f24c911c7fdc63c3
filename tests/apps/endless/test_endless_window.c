// SPDX-License-Identifier: MIT
// Endless mode at the window, without a screen: solved and not, on, again, kept; left in the midst of a level
// it goes on with that level; by a seed it is the same row and nothing is kept.
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define OUTPUT_MAX 8192

/// A family that whoever holds a key solves within three seconds.
static const char dash[] = "{\"paracosm\": 1, \"name\": \"dash\", \"about\": \"Roll to the right.\", "
                           "\"params\": {\"far\": {\"range\": [2, "
                           "12], \"unit\": \"m\", \"about\": \"to the goal\"}}, \"tiers\": {\"easy\": "
                           "{\"far\": [2, 4]}, \"hard\": {\"far\": "
                           "[8, 12]}}, \"world\": {\"size\": [30, 10], \"seconds\": 3}, \"bodies\": "
                           "[{\"name\": \"ground\", \"static\": true, "
                           "\"at\": [15, 0.5], \"shape\": {\"box\": [30, 1]}}, {\"name\": \"ball\", \"at\": "
                           "[3, 1.5], \"shape\": {\"circle\": "
                           "0.5}}], \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", "
                           "\"torque\": 30}]}, \"goal\": "
                           "{\"right_of\": [\"ball\", \"3 + far\"]}, \"fail\": {\"below\": [\"ball\", -2]}}";

static int run(const Scratch *room, const char *arguments, char *out)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' && SDL_VIDEODRIVER=offscreen PARACOSM_HOME='%s/home' "
             "PARACOSM_LIBRARY='%s/worlds/library' '%s' "
             "play --endless dash.json --size 640x400 %s 2>&1",
             room->folder, room->folder, PARA_SOURCE_DIR, PARA_COMMAND, arguments);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[size] = '\0';
    int status = pclose(pipe), code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == 2 && strstr(out, "OpenGL")) {
        print_message("no OpenGL 3.3 here, endless tests at the window are skipped\n");
        skip();
    }
    return code;
}

static Scratch room_make(void)
{
    Scratch room = scratch_make();
    char path[300];
    snprintf(path, sizeof path, "%s/home", room.folder);
    assert_int_equal(mkdir(path, 0755), 0);
    scratch_write(scratch_path(&room, "dash.json"), dash, sizeof dash - 1);
    return room;
}

static void expect(const char *out, const char *words)
{
    if (!strstr(out, words))
        fail_msg("\"%s\" is not in:\n%s", words, out);
}

/// What stands behind the last "hash " of an output.
static void last_hash(const char *out, char hash[17])
{
    const char *at = NULL;
    for (const char *next = out; (next = strstr(next, " hash ")); next += 6)
        at = next + 6;
    assert_non_null(at);
    snprintf(hash, 17, "%s", at);
}

static void test_levels_are_played_kept_and_gone_on_with(void **state)
{
    (void)state;
    Scratch room = room_make();
    char out[OUTPUT_MAX], hash[17], again[17];
    assert_int_equal(
        run(&room,
            "--script '0.1 tap return; 0.2 down left; 4.6 tap return; 4.9 up left; 5 down right; 9.5 up "
            "right; 9.7 tap s; 9.8 tap r; 9.9 down left; 14.5 up left; 14.7 tap return; 15 quit'",
            out),
        0);
    expect(out, "level 1 solved");
    expect(out, "level 2 not solved");
    expect(out, "kept ");
    expect(out, "level 2 solved"); // at a second try
    expect(out, "level 3 \"dash\"");
    last_hash(out, hash);
    char *kept = strstr(out, "/levels/dash-"), path[400];
    assert_non_null(kept);
    snprintf(path, sizeof path, "%s/home%.*s", room.folder, (int)strcspn(kept, "\n"), kept);
    size_t size = 0;
    unsigned char *text = scratch_read(path, &size);
    text[size] = '\0';
    assert_non_null(strstr((const char *)text, "\"maker\": \"endless\""));
    free(text);
    // Its times are kept, but home does not count it to what was played lately.
    text = scratch_read(scratch_path(&room, "home/times.json"), &size);
    text[size] = '\0';
    assert_non_null(strstr((const char *)text, "\"last\":\t\"\""));
    free(text);
    // It was left without a word in the midst of level 3.
    assert_int_equal(
        run(&room, "--script '0.1 screenshot a.png; 0.2 tap escape; 0.4 tap return; 1 quit'", out), 0);
    expect(out, "level 3 \"dash\"");
    last_hash(out, again);
    assert_string_equal(hash, again);
    scratch_remove(&room);
}

static void test_a_seed_is_the_same_row_and_keeps_nothing(void **state)
{
    (void)state;
    Scratch room = room_make();
    char out[2][OUTPUT_MAX], path[300];
    for (int k = 0; k < 2; k++)
        assert_int_equal(
            run(&room, "--seed 7 --script '0.1 tap return; 0.2 down left; 4.6 tap return; 5 quit'", out[k]),
            0);
    expect(out[0], "level 2 \"dash\"");
    assert_string_equal(out[0], out[1]);
    snprintf(path, sizeof path, "%s/home/endless.json", room.folder);
    assert_null(fopen(path, "rb"));
    scratch_remove(&room);
}

/// Space is the jump of many levels: late taps of it do not put away the card of an end.
static void test_a_late_jump_leaves_the_card(void **state)
{
    (void)state;
    Scratch room = room_make();
    char out[OUTPUT_MAX];
    assert_int_equal(run(&room,
                         "--seed 7 --script '0.1 tap return; 0.2 down left; 1.8 tap space; 2.2 tap space; "
                         "2.9 tap space; 3 quit'",
                         out),
                     0);
    expect(out, "level 1 solved");
    assert_null(strstr(out, "level 2 \"dash\""));
    assert_int_equal(
        run(&room, "--seed 7 --script '0.1 tap return; 0.2 down left; 4.6 tap space; 5 quit'", out), 0);
    expect(out, "level 2 \"dash\""); // later Space goes on
    scratch_remove(&room);
}

const struct CMUnitTest para_tests_endless_window[] = {
    cmocka_unit_test(test_levels_are_played_kept_and_gone_on_with),
    cmocka_unit_test(test_a_seed_is_the_same_row_and_keeps_nothing),
    cmocka_unit_test(test_a_late_jump_leaves_the_card),
};
const size_t para_tests_endless_window_count =
    sizeof para_tests_endless_window / sizeof *para_tests_endless_window;
