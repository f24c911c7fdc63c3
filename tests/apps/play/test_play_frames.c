// SPDX-License-Identifier: MIT
// How soon what somebody does is seen, in frames and not in seconds: scripts push events before a frame, and
// what they print or draw is of that frame. Lines of a script that are for the program end a turn, so that
// lines of one time are of frames that follow each other (apps/script/script.h).
#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "tests/apps/command.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX 16384
#define FRAMES     8 // that are looked at after a key
#define HASH       16
#define SKIP       4 // steps of a decision, and frames: a frame of a script is a step

static char home[] = "/tmp/paracosm-frames-XXXXXX";
static char out[OUTPUT_MAX];

static int set_up(void **state)
{
    (void)state;
    memcpy(home + strlen(home) - 6, "XXXXXX", 6);
    return mkdtemp(home) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf -- '%s'", home);
    return system(command);
}

static void play(const char *script)
{
    char words[2048];
    snprintf(words, sizeof words, "play roll --quality low --size 480x300 --script \"%s\"", script);
    command_must(home, "", words, out, sizeof out);
}

/// Whether two pictures are the same to the byte.
static bool alike(const char *a, const char *b)
{
    const char *names[2] = {a, b}, *texts[2], *error = NULL;
    size_t sizes[2];
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)64 << 20);
    for (int i = 0; i < 2; i++) {
        texts[i] = para_file_read(para_arena_printf(arena, "%s/%s.png", home, names[i]), (size_t)16 << 20,
                                  arena, &sizes[i], &error);
        assert_non_null(texts[i]);
    }
    bool same = sizes[0] == sizes[1] && memcmp(texts[0], texts[1], sizes[0]) == 0;
    para_arena_destroy(arena);
    return same;
}

/// Hashes of the world in FRAMES frames after a moment, with a key pressed before one of them.
/// @param key_at [frame] 0..FRAMES - 1; -1: no key   @param hashes out, [FRAMES][HASH]
static void follow(int key_at, char hashes[FRAMES][HASH])
{
    char script[1024] = "0.1 tap l; 0.5 state";
    for (int i = 0; i < FRAMES; i++) {
        if (i == key_at)
            strcat(script, "; 0.5 down right");
        strcat(script, "; 0.5 state");
    }
    strcat(script, "; 0.5 quit");
    play(script);
    const char *at = strstr(out, "hash=");
    for (int i = 0; i < FRAMES; i++) {
        assert_non_null(at);
        at = strstr(at + 1, "hash=");
        assert_non_null(at);
        memcpy(hashes[i], at + 5, HASH);
    }
}

static void test_frames_until_a_key_moves_the_player(void **state)
{
    char calm[FRAMES][HASH], moved[FRAMES][HASH];
    int least = FRAMES, most = -1;
    (void)state;
    follow(-1, calm);
    for (int key = 0; key < SKIP; key++) { // at each place between two decisions
        int at = 0;
        follow(key, moved);
        while (at < FRAMES && memcmp(calm[at], moved[at], HASH) == 0)
            at++;
        assert_in_range(at, key, FRAMES - 1);
        least = at - key < least ? at - key : least;
        most = at - key > most ? at - key : most;
    }
    print_message("a key moves the player %d to %d frames later\n", least, most);
    assert_int_equal(least, 0); // in the frame that it was pressed before, where a decision begins in it
    assert_int_equal(most, SKIP - 1);
}

static void test_frames_until_a_command_is_seen(void **state)
{
    (void)state;
    play("0.1 tap l; 0.5 state; 0.5 tap p; 0.5 state; 0.6 screenshot a.png; 0.6 screenshot b.png; 0.6 tap "
         "f1; 0.6 "
         "screenshot c.png; 0.7 quit");
    const char *first = strstr(out, "paused=0"), *then = first ? strstr(first, "paused=1") : NULL;
    assert_non_null(then); // of the next state: one frame on, which is the one it was pressed before
    assert_true(alike("a", "b"));
    assert_false(alike("b", "c"));
}

static void test_frames_until_the_mouse_is_seen(void **state)
{
    (void)state;
    // Time stands in photo mode; the view is dragged.
    play("0.1 tap l; 0.5 tap f12; 0.6 move 240 150; 0.6 screenshot a.png; 0.6 screenshot b.png; 0.6 press "
         "left; 0.6 move "
         "260 150; 0.6 screenshot c.png; 0.7 release left; 0.8 tap escape; 0.9 quit");
    assert_true(alike("a", "b"));
    assert_false(alike("b", "c"));
    // A click into the tray: it closes, and what it asks for is under way.
    play("0.1 tap l; 0.5 tap f3; 0.6 screenshot a.png; 0.6 screenshot b.png; 0.6 move 176 115; 0.6 press "
         "left; 0.6 screenshot "
         "c.png; 0.7 release left; 0.9 quit");
    assert_true(alike("a", "b"));
    assert_false(alike("b", "c"));
}

/// The world's hash after a typed line and a key that is held while the line is still open.
static void type_and_hold(const char *key, char hash[HASH])
{
    char script[256];
    snprintf(script, sizeof script,
             "0.1 tap l; 0.5 tap f3; 0.6 type gravity 9; 0.7 tap return; 0.8 down %s; 1.6 state; 1.7 quit",
             key);
    play(script);
    const char *at = strstr(out, "hash=");
    assert_non_null(at);
    assert_non_null(strstr(at, "tray=1"));
    memcpy(hash, at + 5, HASH);
}

/// While time shows what came of a line, arrows are the player's.
static void test_a_key_steers_while_the_line_is_open(void **state)
{
    char right[HASH], left[HASH];
    (void)state;
    type_and_hold("right", right);
    type_and_hold("left", left);
    assert_true(memcmp(right, left, HASH) != 0);
}

#define FRAMES_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
const struct CMUnitTest para_tests_frames[] = {
    FRAMES_TEST(test_frames_until_a_key_moves_the_player), FRAMES_TEST(test_frames_until_a_command_is_seen),
    FRAMES_TEST(test_frames_until_the_mouse_is_seen), FRAMES_TEST(test_a_key_steers_while_the_line_is_open)};
const size_t para_tests_frames_count = sizeof para_tests_frames / sizeof *para_tests_frames;
