// SPDX-License-Identifier: MIT
// `paracosm play` as a person uses it, without a screen: keys by the clock through SDL's event queue, the
// state it prints read back.
#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/apps/command.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX 8192

typedef struct Moment {
    double x, y;
    unsigned long long seed, step;
    char status[16], driver[16], note[200];
    int paused, slow, help, waiting;
    double countdown;
    char cause[160], problem[200];
} Moment;

/// Runs the command with a folder to write to. @return exit code; output of both streams in out
static int run(const char *driver, const char *arguments, char *out)
{
    char environment[64];
    snprintf(environment, sizeof environment, "SDL_VIDEODRIVER=%s", driver);
    return command_run(".", environment, arguments, out, OUTPUT_MAX);
}

/// Plays a script. @return how many states were printed
static int play(const char *family, const char *script, Moment *moments, int max)
{
    static char out[OUTPUT_MAX];
    char arguments[1024];
    int count = 0;
    snprintf(arguments, sizeof arguments, "play %s --size 320x240 --script \"%s\"", family, script);
    int code = run("offscreen", arguments, out);
    if (code == 2 && strstr(out, "OpenGL")) {
        print_message("no OpenGL 3.3 here, play tests are skipped\n");
        skip();
    }
    if (code != 0)
        print_message("%s\n", out);
    assert_int_equal(code, 0);
    for (char *line = strtok(out, "\n"); line && count < max; line = strtok(NULL, "\n")) {
        Moment *m = &moments[count];
        if (sscanf(line,
                   "state shown=%*f seed=%llu step=%llu x=%lf y=%lf status=%15s driver=%15s solver=%*s "
                   "paused=%d slow=%d "
                   "help=%d note=\"%199[^\"]",
                   &m->seed, &m->step, &m->x, &m->y, m->status, m->driver, &m->paused, &m->slow, &m->help,
                   m->note) >= 9)
            count++;
        else
            continue;
        const char *rest = strstr(line, "\" waiting=");
        assert_non_null(rest);
        m->cause[0] = m->problem[0] = '\0'; // scanf leaves out what is empty
        assert_true(sscanf(rest, "\" waiting=%d countdown=%lf cause=\"%159[^\"]", &m->waiting, &m->countdown,
                           m->cause) >= 2);
        sscanf(strstr(rest, "problem="), "problem=\"%199[^\"]", m->problem);
    }
    return count;
}

static void test_play_keys_move_the_player(void **state)
{
    Moment still[2], right[2], left[2];
    (void)state;
    assert_int_equal(play("roll", "0 tap return; 0 state; 1 state; 1.1 quit", still, 2), 2);
    assert_int_equal(play("roll", "0 state; 0 down right; 1 state; 1.1 quit", right, 2), 2);
    assert_int_equal(play("roll", "0 state; 0 down a; 1 state; 1.1 quit", left, 2),
                     2); // A stands in for the arrow
    assert_true(right[0].x == still[0].x);
    assert_true(right[1].x > still[1].x + 0.1);
    assert_true(left[1].x < still[1].x - 0.1);
    assert_true(right[1].step >= 60 && right[1].step <= 62); // sixty steps a second
}

static void test_play_a_short_tap_is_not_lost(void **state)
{
    Moment still[1], tapped[1];
    (void)state;
    // Pressed and let go within one frame, between two decisions.
    assert_int_equal(play("roll", "0 tap return; 1 state; 1.1 quit", still, 1), 1);
    assert_int_equal(play("roll", "0 tap return; 0.52 tap right; 1 state; 1.1 quit", tapped, 1), 1);
    assert_true(tapped[0].x > still[0].x + 1e-3);
}

static void test_play_pause_restart_next_slow_help(void **state)
{
    Moment m[9];
    (void)state;
    assert_int_equal(
        play("roll",
             "0 tap return; 0.5 tap p; 0.5 state; 1 state; 1 tap p; 1.2 tap r; 1.2 state; 1.3 tap n; 1.3 "
             "state;"
             "1.35 tap return; 1.4 tap s; 1.4 state; 1.9 state; 2 tap F1; 2 state; 2.1 tap escape; 2.1 state;"
             "2.2 tap escape; 9 state",
             m, 9),
        8);
    assert_int_equal(m[0].paused, 1);
    assert_true(m[1].step == m[0].step && m[0].step > 0); // stands still
    assert_true(m[2].step < 3 && m[2].seed == m[0].seed);
    assert_true(m[3].step < 3 && m[3].seed > m[2].seed);
    assert_int_equal(m[4].slow, 1);
    assert_true(m[5].step - m[4].step >= 6 && m[5].step - m[4].step <= 9); // half a second at a quarter
    assert_int_equal(m[6].help, 1);
    assert_int_equal(m[7].help, 0); // Escape closed the help; the next one ended the program
}

static void test_play_waits_for_the_first_key(void **state)
{
    Moment m[5];
    (void)state;
    // Time stands still however long nobody presses anything; help and its like are no beginning.
    assert_int_equal(play("roll",
                          "0 state; 3 tap F1; 3.1 tap F1; 5 state; 5 down right; 6 state; 6 tap r; 6.5 state;"
                          "6.5 up right; 6.6 tap r; 7.6 state; 8 quit",
                          m, 5),
                     5);
    assert_true(m[0].waiting == 1 && m[1].waiting == 1 && m[1].step == 0);
    assert_true(m[2].waiting == 0 && m[2].step >= 59 && m[2].step <= 61);
    assert_true(m[2].x > m[1].x + 0.1); // the key that begins moves too
    // Held across R it stays held, and is the first key of the new beginning.
    assert_true(m[3].waiting == 0 && m[3].step >= 29 && m[3].step <= 31 && m[3].x > m[0].x + 0.05);
    assert_true(m[4].waiting == 1 && m[4].step == 0); // let go, it waits again
}

static void test_play_forgets_what_was_tapped_in_a_pause(void **state)
{
    Moment still[1], tapped[1];
    (void)state;
    assert_int_equal(play("roll", "0 tap return; 0.5 tap p; 1 tap p; 1.6 state; 1.7 quit", still, 1), 1);
    assert_int_equal(
        play("roll", "0 tap return; 0.5 tap p; 0.7 tap right; 1 tap p; 1.6 state; 1.7 quit", tapped, 1), 1);
    assert_true(tapped[0].step == still[0].step && still[0].step > 50);
    assert_true(tapped[0].x == still[0].x);
    // A jump is a press: one that is still held when the pause ends does none, a way that is held goes on.
    Moment jump[1], way[1], later[1];
    assert_int_equal(
        play("roll", "0 tap return; 0.5 tap p; 0.7 down space; 1 tap p; 1.3 state; 1.4 quit", jump, 1), 1);
    assert_int_equal(
        play("roll", "0 tap return; 0.5 tap p; 0.7 down right; 1 tap p; 1.6 state; 1.7 quit", way, 1), 1);
    assert_int_equal(
        play("roll",
             "0 tap return; 0.5 tap p; 0.7 down space; 1 tap p; 1.1 up space; 1.2 tap space; 1.4 state;"
             "1.5 quit",
             later, 1),
        1);
    assert_true(jump[0].y < still[0].y + 0.01 && later[0].y > still[0].y + 0.1);
    assert_true(way[0].x > still[0].x + 0.05);
}

static void test_play_says_why_a_level_ended(void **state)
{
    Moment m[2];
    (void)state;
    assert_int_equal(play("roll", "0 tap return; 0.1 state; 15 state; 15.1 quit", m, 2), 2);
    assert_string_equal(m[0].cause, "");
    assert_string_equal(m[1].status, "timeout");
    assert_string_equal(m[1].cause, "ball was not in goal");
}

static void test_play_tab_without_a_run_says_so(void **state)
{
    Moment m[1];
    (void)state;
    assert_int_equal(play("roll", "0.2 tap tab; 0.3 state; 0.4 quit", m, 1), 1);
    assert_string_equal(m[0].driver, "person");
    assert_non_null(strstr(m[0].note, "--run"));
}

static void test_play_record_of_a_person_verifies(void **state)
{
    static char out[OUTPUT_MAX];
    char folder[] = "/tmp/paracosm-play-XXXXXX", arguments[1024], path[128];
    Moment m[1];
    (void)state;
    assert_non_null(mkdtemp(folder));
    // Run out of time or fail: F2 saves a finished episode, whatever its end; keys in between are recorded.
    char here[512];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(folder), 0);
    int count = play("roll",
                     "0.1 tap F2; 0.3 down right; 0.9 up right; 1.1 down left; 1.6 up left; 15.5 tap F2; "
                     "15.6 state; 15.7 quit",
                     m, 1);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(count, 1);
    assert_string_not_equal(m[0].status, "on");
    assert_non_null(strstr(m[0].note, "saved roll-"));
    snprintf(path, sizeof path, "%s/%s", folder, strstr(m[0].note, "roll-"));
    snprintf(arguments, sizeof arguments, "replay verify %s", path);
    assert_int_equal(run("offscreen", arguments, out), 0);
    assert_non_null(strstr(out, "verified"));
    // The window shows it: the same end, with nobody at the keys.
    Moment shown[4];
    assert_int_equal(
        play(path, "0 state; 3.5 state; 4 tap tab; 4.1 tap n; 4.2 tap F2; 4.2 state; 22 state; 22.1 quit",
             shown, 4),
        4);
    assert_true(shown[0].countdown > 2.0 && shown[0].step == 0 && shown[1].step > 0);
    assert_string_equal(shown[2].note, "not saved: this is a replay already");
    for (int i = 0; i < 4; i++)
        assert_string_equal(shown[i].driver, "replay");
    assert_string_equal(shown[3].status, m[0].status);
    assert_true(shown[3].x == m[0].x && shown[3].step == m[0].step);
    assert_string_equal(shown[3].cause, m[0].cause);
    snprintf(arguments, sizeof arguments, "play %s --seed 3", path);
    assert_int_equal(run("offscreen", arguments, out), 2);
    assert_non_null(strstr(out, "--seed does not go with a replay"));
    snprintf(arguments, sizeof arguments, "render --replay %s --steps 50 --size 160x90 --out %s/p.png", path,
             folder);
    assert_int_equal(run("offscreen", arguments, out), 0);
    snprintf(arguments, sizeof arguments, "%s/p.png", folder);
    assert_true(para_file_exists(arguments));
    remove(arguments);
    remove(path);
    rmdir(folder);
}

static void test_play_records_each_solved_episode_under_a_name_of_its_own(void **state)
{
    static char out[OUTPUT_MAX];
    static const char level[] =
        "{\"paracosm\": 1, \"name\": \"wait\", \"world\": {\"size\": [8, 6], \"seconds\": 2},"
        "\"bodies\": [{\"name\": \"ball\", \"shape\": {\"circle\": 0.5}, \"at\": [4, 3]}],"
        "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"channel\": 0, \"torque\": "
        "1}]},"
        "\"goal\": {\"time\": 0.2}}";
    Moment m[3];
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 16, (size_t)16 << 20);
    const char *folder = scratch.folder, *file = para_arena_printf(arena, "%s/wait.json", folder);
    scratch_write(file, level, sizeof level - 1);
    // What is there already stays, and so does each of this play's.
    scratch_write(para_arena_printf(arena, "%s/kept.replay", folder), "mine", 4);
    const char *wish = para_arena_printf(arena, "%s --record %s/kept.replay", file, folder);
    assert_int_equal(play(wish, "0 tap return; 1 state; 1 tap r; 1.1 tap return; 2 state; 2.1 quit", m, 3),
                     2);
    for (int i = 0; i < 2; i++) {
        const char *name = para_arena_printf(arena, "%s/kept-%d.replay", folder, i + 1);
        assert_string_equal(m[i].status, "solved");
        assert_string_equal(m[i].note, para_arena_printf(arena, "saved %s", name));
        assert_int_equal(run("offscreen", para_arena_printf(arena, "replay verify %s", name), out), 0);
    }
    assert_int_equal(para_file_size(para_arena_printf(arena, "%s/kept.replay", folder)), 4);
    assert_int_equal(run("offscreen", para_arena_printf(arena, "replay info %s/kept-1.replay", folder), out),
                     0);
    assert_non_null(strstr(out, "end        solved\n"));
    // A name whose ending is another gets its number behind it.
    wish = para_arena_printf(arena, "%s --record %s/wait", file, folder);
    assert_int_equal(play(wish, "0 tap return; 1 tap r; 1.1 tap return; 2 state; 2.1 quit", m, 3), 1);
    assert_true(para_file_exists(para_arena_printf(arena, "%s/wait-1", folder)));
    // What cannot be written is told before anything is played.
    static const char *const wrong[][2] = {
        {"none/a.replay", "there is no folder"}, {"kept.replay/a", "is no folder"}, {".", "is a folder"}};
    for (int i = 0; i < 3; i++)
        for (int picture = 0; picture < 2; picture++) {
            const char *option = picture ? "screenshot" : "record";
            wish = para_arena_printf(arena, "play %s --%s %s/%s", file, option, folder, wrong[i][0]);
            assert_int_equal(run("dummy", wish, out), 1);
            assert_non_null(strstr(out, para_arena_printf(arena, "--%s: cannot write %s", option, folder)));
            assert_non_null(strstr(out, wrong[i][1]));
            assert_null(strstr(out, "display"));
        }
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

static void test_play_without_display_exits_with_advice(void **state)
{
    static char out[OUTPUT_MAX];
    (void)state;
    assert_int_equal(run("dummy", "play roll", out), 2);
    assert_non_null(strstr(out, "SDL_VIDEODRIVER=offscreen"));
}

static void test_play_and_render_name_mistakes(void **state)
{
    static char out[OUTPUT_MAX];
    (void)state;
    assert_int_equal(run("offscreen", "play rol", out), 1);
    assert_non_null(strstr(out, "did you mean \"roll\""));
    assert_int_equal(run("offscreen", "render roll --set nonsense=3", out), 1);
    assert_non_null(strstr(out, "nonsense"));
    assert_int_equal(run("offscreen", "play roll --script \"1 jump x\"", out), 2);
    assert_int_equal(run("offscreen", "render roll --size 3x3", out), 2);
    assert_int_equal(run("offscreen", "render", out), 2);
}

static void test_play_of_a_run_opens_its_own_family_without_its_file(void **state)
{
    static char out[OUTPUT_MAX];
    const char *error = NULL, *file, *wish;
    size_t size = 0;
    Moment m[4];
    (void)state;
    Scratch scratch = scratch_make();
    ParaArena *arena = para_arena_create(1 << 16, (size_t)16 << 20);
    file = para_arena_printf(arena, "%s/mine.json", scratch.folder);
    char *text = para_file_read(tiny_path("push", arena), 1 << 20, arena, &size, &error);
    scratch_write(file, text, size);
    wish = para_arena_printf(arena,
                             "train --out %s/run --families %s --lessons 1 --envs 4 --horizon 8 --width 16 "
                             "--threads 1 --quiet",
                             scratch.folder, file);
    assert_int_equal(run("offscreen", wish, out), 0);
    assert_int_equal(remove(file), 0);
    wish = para_arena_printf(arena, "--run %s/run", scratch.folder);
    assert_int_equal(play(wish, "0 state; 0.2 tap tab; 0.3 state; 3 state; 3.5 state; 3.6 quit", m, 4), 4);
    assert_true(m[0].x == 6.0); // where push begins, and no family of the library
    assert_string_equal(m[1].driver, "trained");
    // Who watches has a moment before it begins.
    assert_true(m[0].waiting == 1 && m[0].countdown == 0.0);
    assert_true(m[1].waiting == 0 && m[1].countdown > 2.5);
    assert_true(m[1].step == 0 && m[2].step == 0 && m[2].countdown > 0.0);
    assert_true(m[3].step > 0 && m[3].countdown == 0.0);
    para_arena_destroy(arena);
    scratch_remove(&scratch);
}

const struct CMUnitTest para_tests_play_window[] = {
    cmocka_unit_test(test_play_keys_move_the_player),
    cmocka_unit_test(test_play_a_short_tap_is_not_lost),
    cmocka_unit_test(test_play_pause_restart_next_slow_help),
    cmocka_unit_test(test_play_waits_for_the_first_key),
    cmocka_unit_test(test_play_forgets_what_was_tapped_in_a_pause),
    cmocka_unit_test(test_play_says_why_a_level_ended),
    cmocka_unit_test(test_play_tab_without_a_run_says_so),
    cmocka_unit_test(test_play_record_of_a_person_verifies),
    cmocka_unit_test(test_play_records_each_solved_episode_under_a_name_of_its_own),
    cmocka_unit_test(test_play_of_a_run_opens_its_own_family_without_its_file),
    cmocka_unit_test(test_play_without_display_exits_with_advice),
    cmocka_unit_test(test_play_and_render_name_mistakes),
};
const size_t para_tests_play_window_count = sizeof para_tests_play_window / sizeof *para_tests_play_window;
