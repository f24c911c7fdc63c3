// SPDX-License-Identifier: MIT
// `paracosm watch` on a small run: the wall, a level enlarged, a person who takes over, a replay that is
// sought in and comes to the same state each time; and nothing of the run is changed.
#include "tests/apps/command.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX 8192

static char home[] = "/tmp/paracosm-watch-XXXXXX";
static char out[OUTPUT_MAX];

static int run(const char *words)
{
    char settings[96];
    snprintf(settings, sizeof settings, "PARACOSM_HOME='%s'", home);
    return command_run(home, settings, words, out, sizeof out);
}

static int set_up(void **state)
{
    (void)state;
    memcpy(home + strlen(home) - 6, "XXXXXX", 6);
    return mkdtemp(home) && run("train --out r --families roll --decisions 40000 --envs 16 --horizon 2048 "
                                "--width 16 --threads 1 --quiet") == 0
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    char command[96];
    (void)state;
    snprintf(command, sizeof command, "rm -rf -- '%s'", home);
    return system(command);
}

static void expect(const char *text)
{
    if (!strstr(out, text))
        fail_msg("\"%s\" is not in: %s", text, out);
}

/// What stands behind the nth "KEY=".
static const char *value(const char *key, int n)
{
    const char *at = out;
    for (int i = 0; i <= n; i++) {
        at = strstr(at, key);
        if (!at)
            fail_msg("no %s %d in: %s", key, n, out);
        at += strlen(key);
    }
    return at;
}

static void watch(const char *script)
{
    char words[1024];
    snprintf(words, sizeof words, "watch r --size 640x400 --script \"%s\"", script);
    int code = run(words);
    if (code == 2 && strstr(out, "OpenGL")) {
        print_message("no OpenGL 3.3 here, watch tests are skipped\n");
        skip();
    }
    if (code != 0)
        fail_msg("exit %d: %s", code, out);
}

static void test_watch_wall_level_and_person(void **state)
{
    (void)state;
    watch("0.1 state; 0.2 tap return; 0.5 state; 0.6 tap tab; 0.7 state; 0.8 tap escape; 0.9 state; 1.0 tap "
          "escape; 9 state");
    expect("screen=wall lesson=");
    expect("family=roll");
    expect("screen=level");
    expect("person=1 known=1");
    expect("reason=\"");
    assert_true(atoi(value("levels=", 0)) > 0);
    assert_true(atoi(value("checkpoint=", 0)) >= 0);
}

static void test_watch_replays_are_sought_in(void **state)
{
    (void)state;
    watch("0.1 tap p; 0.2 state; 0.3 tap return; 0.9 tap space; 0.95 tap home; 1.0 tap right; 1.1 state; 1.2 "
          "tap right; "
          "1.3 tap left; 1.4 state; 1.5 tap end; 1.6 tap home; 1.7 tap right; 1.8 state; 2 quit");
    assert_true(atoi(value("replays=", 0)) > 0);
    expect("screen=film");
    for (int i = 1; i < 4; i++) {
        assert_int_equal(atoi(value(" at=", i)), 15);
        assert_memory_equal(value("hash=", i), value("hash=", 1), 16);
    }
    assert_memory_not_equal(value("hash=", 1), "0000000000000000", 16);
}

static void test_watch_names_replays_by_family_and_time(void **state)
{
    (void)state;
    watch("0.1 tap p; 0.2 state; 0.3 quit");
    expect("first=\"roll   proof of lesson ");
    expect(" into the training   solved ");
}

static void test_watch_marks_what_the_player_sees(void **state)
{
    (void)state;
    watch("0.1 state; 0.2 tap return; 0.5 state; 0.6 quit");
    expect("watch: r, in a window; F1 shows the keys, Esc leaves\n"); // what is typed is answered
    assert_int_equal(atoi(value("things=", 0)), 0);
    assert_true(atoi(value("things=", 1)) >= 2); // its own body and the goal at least
}

/// Its outputs mean a density, not three levels.
static void test_watch_shows_a_player_of_amounts(void **state)
{
    (void)state;
    watch("0.2 tap return; 0.5 state; 0.6 quit");
    expect("known=1 acts=levels");
    assert_int_equal(run("train --out a --family balance --continuous --lessons 2 --envs 8 --horizon 128 "
                         "--width 16 --threads 1 --quiet"),
                     0);
    assert_int_equal(run("watch a --script '0.2 tap return; 0.5 state; 0.6 tap tab; 0.8 state; 0.9 quit'"),
                     0);
    expect("person=0 known=1 acts=amounts");
    expect("person=1 known=1 acts=amounts");
}

static void test_watch_tells_damaged_checkpoints(void **state)
{
    char command[160];
    (void)state;
    snprintf(command, sizeof command, "for f in '%s'/r/checkpoints/*.safetensors; do echo x > \"$f\"; done",
             home);
    assert_int_equal(system(command), 0);
    watch("0.2 state; 0.3 tap return; 0.5 state; 0.6 quit");
    expect("checkpoint=-1");
    expect("player=\"no checkpoint reads: random keys are pressed here; damaged: passed over");
    assert_true(atoi(value("levels=", 0)) > 0); // the rest is shown all the same
}

/// A lesson so short that no episode has ended in it.
static void test_watch_has_levels_before_the_first_report(void **state)
{
    (void)state;
    assert_int_equal(
        run("train --out q --families roll,hopper --lessons 1 --envs 8 --horizon 128 --width 16 --threads 1 "
            "--quiet"),
        0);
    assert_int_equal(run("watch q --script '0.1 state; 0.3 tap return; 0.6 state; 0.7 quit'"), 0);
    expect("levels=12");
    expect("reason=\"drawn here from its family: the training has not played a level to its end yet\"");
    assert_true(atoi(value("things=", 1)) >= 2);
}

static void test_watch_says_what_is_no_run(void **state)
{
    (void)state;
    assert_int_equal(run("watch nowhere"), 1);
    expect("nowhere");
    assert_int_equal(run("watch"), 2);
}

#define WATCH_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
const struct CMUnitTest para_tests_watch[] = {WATCH_TEST(test_watch_wall_level_and_person),
                                              WATCH_TEST(test_watch_replays_are_sought_in),
                                              WATCH_TEST(test_watch_names_replays_by_family_and_time),
                                              WATCH_TEST(test_watch_marks_what_the_player_sees),
                                              WATCH_TEST(test_watch_shows_a_player_of_amounts),
                                              WATCH_TEST(test_watch_tells_damaged_checkpoints),
                                              WATCH_TEST(test_watch_has_levels_before_the_first_report),
                                              WATCH_TEST(test_watch_says_what_is_no_run)};
const size_t para_tests_watch_count = sizeof para_tests_watch / sizeof *para_tests_watch;
