// SPDX-License-Identifier: MIT
// What a person at a terminal sees of `train` and `replay play`: the panel in place, Ctrl-C, a window that
// changes its size, and the terminal afterwards.
#include "agents/run/run_folder.h"
#include "apps/train/train_view.h"
#include "engine/base/file.h"
#include "tests/agents/scratch.h"
#include "tests/apps/terminal.h"
#include "tests/tests.h"

#include <glob.h>
#include <string.h>

#define HEADER     "maker sfl  lesson"
#define SMALL_SIZE "--envs", "8", "--horizon", "8", "--width", "16", "--threads", "1"

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
} Room;

/// A folder with a family that time alone solves.
static int set_up(void **state)
{
    static const char family[] = "{\"paracosm\": 1, \"name\": \"wait\", \"about\": \"Wait a moment.\","
                                 " \"world\": {\"size\": [10, 6], \"seconds\": 4},"
                                 " \"bodies\": [{\"name\": \"floor\", \"static\": true, \"shape\": {\"box\": "
                                 "[10, 1]}, \"at\": [5, 0]},"
                                 "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.3}, \"at\": [5, 2]}],"
                                 " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", "
                                 "\"channel\": 0, \"torque\": 4}]},"
                                 " \"goal\": {\"time\": 2}}";
    Room *room = calloc(1, sizeof *room);
    *room = (Room){.scratch = scratch_make(), .arena = para_arena_create(1 << 16, 256 << 20)};
    scratch_write(scratch_path(&room->scratch, "wait.json"), family, sizeof family - 1);
    setenv("TERM", "xterm-256color", 1);
    unsetenv("NO_COLOR");
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

/// `train --families wait.json --out run` with two more words.
static Terminal train(const Room *room, int columns, int rows, const char *option, const char *value)
{
    const char *const arguments[] = {"train",    "--families", "wait.json", "--out", "run",
                                     SMALL_SIZE, option,       value,       NULL};
    return terminal_run(room->scratch.folder, columns, rows, arguments);
}

/// How many rows of the screen hold a text.
static int rows_with(const Terminal *t, const char *text)
{
    int count = 0;
    for (int row = 0; row < t->rows; row++)
        count += strstr(terminal_row(t, row), text) != NULL;
    return count;
}

static void expect_shown(const Terminal *t, const char *text)
{
    if (!terminal_shows(t, text)) {
        terminal_print(t);
        fail_msg("the screen does not show: %s", text);
    }
}

/// Newest lesson of the run, by its database and by its checkpoints.
static int kept_lesson(Room *room)
{
    const char *error = NULL;
    ParaRun *run = para_run_open_read(scratch_path(&room->scratch, "run"), room->arena, &error);
    if (!run)
        fail_msg("%s", error);
    int lesson = para_run_last_lesson(run, NULL);
    assert_int_equal(para_run_newest_checkpoint(run, room->arena, NULL, NULL), lesson);
    para_run_close(run);
    return lesson;
}

// ---------------------------------------------------------------- train

static void test_terminal_panel_stays_in_place_and_ends_with_the_last_lesson(void **state)
{
    Room *room = *state;
    Terminal t = train(room, 110, 60, "--lessons", "40"); // high enough for two panels
    assert_int_equal(terminal_wait_end(&t), 0);
    expect_shown(&t, HEADER " 39");
    assert_int_equal(rows_with(&t, HEADER), 1);
    assert_true(t.updates >= 2);
    expect_shown(&t, "2.56 k decisions, "); // 40 lessons of 8 times 8
    expect_shown(&t, "trained, 0:00 remaining   solver lanes 8 of 8");
    expect_shown(&t, "entropy ");
    expect_shown(&t, "time: env ");
    expect_shown(&t, "solved, mean of families          100 %");
    expect_shown(&t, "wait: Wait a moment.");
    int family = terminal_find(&t, "wait  ");
    assert_true(family > terminal_find(&t, "time: env "));
    const char *head = terminal_row(&t, family - 1); // each column says what it is
    assert_int_equal(strncmp(head, "family       solved ", 20), 0);
    assert_non_null(strstr(head, " episodes "));
    expect_shown(&t, "the maker "); // what it says of itself
    assert_non_null(strstr(terminal_row(&t, family), "████████████████████ 100 %"));
    assert_non_null(strstr(terminal_row(&t, family), "▀▀▀▀▀▀▀▀")); // the picture beside it
    // Before and below the panel stands what is said once.
    assert_true(terminal_find(&t, "a new run in run") < terminal_find(&t, HEADER));
    assert_true(terminal_find(&t, "done; everything is kept in run") > terminal_find(&t, "Ctrl-C stops"));
    assert_int_equal(t.overflows, 0);
    terminal_expect_restored(&t);
    assert_int_equal(kept_lesson(room), 39);
    terminal_close(&t);
}

static void test_terminal_ctrl_c_says_so_at_once_and_keeps_the_work(void **state)
{
    Room *room = *state;
    Terminal t = train(room, 110, 40, "--minutes", "5");
    terminal_wait_for(&t, HEADER);
    terminal_wait_updates(&t, 3);
    assert_false(terminal_wrote(&t, PARA_TRAIN_STOPPING));
    terminal_type(&t, "\003");
    assert_int_equal(terminal_wait_end(&t), 130);
    assert_true(terminal_count(&t, PARA_TRAIN_STOPPING) >= 2); // by the signal itself, and in the last panel
    expect_shown(&t, PARA_TRAIN_STOPPING);
    expect_shown(&t, "stopped; everything is kept in run");
    expect_shown(&t, para_arena_printf(room->arena, HEADER " %d", kept_lesson(room)));
    assert_int_equal(rows_with(&t, HEADER), 1);
    terminal_expect_restored(&t);
    terminal_close(&t);
}

// A lesson of a second or more: the first asks, the second does not wait for its end.
static void test_terminal_second_ctrl_c_ends_at_once(void **state)
{
    Room *room = *state;
    const char *const arguments[] = {"train", "--families", "walker", "--out",     "run",  "--envs",
                                     "64",    "--width",    "128",    "--horizon", "1024", "--threads",
                                     "1",     "--growth",   "0",      NULL};
    Terminal t = terminal_run(room->scratch.folder, 110, 40, arguments);
    terminal_wait_for(&t, "a new run in run");
    terminal_type(&t, "\003");
    terminal_wait_for(&t, PARA_TRAIN_STOPPING);
    terminal_type(&t, "\003");
    assert_int_equal(terminal_wait_end(&t), 130);
    assert_false(terminal_shows(&t, "everything is kept"));
    assert_false(terminal_shows(&t, HEADER)); // no lesson came to its end
    terminal_expect_restored(&t);
    terminal_close(&t);
}

static void test_terminal_panel_follows_the_size_of_the_window(void **state)
{
    static const int sizes[][2] = {{60, 40}, {30, 12}, {140, 50}, {80, 24}};
    Room *room = *state;
    Terminal t = train(room, 110, 40, "--minutes", "5");
    terminal_wait_for(&t, HEADER);
    for (int i = 0; i < 4; i++) {
        terminal_resize(&t, sizes[i][0], sizes[i][1]);
        terminal_wait_updates(&t, 3); // one may have been on its way
        t.overflows = 0;
        terminal_wait_updates(&t, 3);
        bool fits = t.overflows == 0 && rows_with(&t, "paracosm train") == 1 &&
                    terminal_find(&t, "paracosm train") == 0 && // nothing broken is left above
                    terminal_shows(&t, sizes[i][0] < 40 ? "Ctrl-C stops" : "Ctrl-C stops and keeps the work");
        if (!fits) {
            terminal_print(&t);
            fail_msg("%d x %d: %d characters too many", sizes[i][0], sizes[i][1], t.overflows);
        }
    }
    terminal_type(&t, "\003");
    assert_int_equal(terminal_wait_end(&t), 130);
    terminal_expect_restored(&t);
    terminal_close(&t);
}

/// Below the width of the bars there are none, every column stays, and what is longer goes on in another
/// line.
static void test_terminal_panel_is_whole_in_a_narrow_window(void **state)
{
    static const int widths[] = {58, 48, 36};
    Room *room = *state;
    for (int i = 0; i < 3; i++) {
        Terminal t = train(room, widths[i], 60, "--lessons", i == 0 ? "12" : i == 1 ? "24" : "36");
        assert_int_equal(terminal_wait_end(&t), 0);
        const char *solved = widths[i] < 49 ? "family       solved  episodes" : "family       solved";
        int head = terminal_find(&t, solved);
        bool whole = head >= 0 && strstr(terminal_row(&t, head), "episodes") &&
                     strstr(terminal_row(&t, head + 1), "wait ") &&
                     strstr(terminal_row(&t, head + 1), " 100 % ") &&
                     (widths[i] < 49) == !strstr(terminal_row(&t, head + 1), "█") &&
                     terminal_shows(&t, "decisions,") && terminal_shows(&t, "world steps,") &&
                     terminal_shows(&t, "explained ") && terminal_shows(&t, "lanes 8 of 8") &&
                     terminal_shows(&t, "the maker ");
        if (!whole) {
            terminal_print(&t);
            fail_msg("%d columns", widths[i]);
        }
        // The maker's sentence, in however many lines it takes.
        char sentence[400] = "";
        for (int row = terminal_find(&t, "the maker "); !strstr(sentence, "at the edge"); row++) {
            assert_true(row < t.rows - 1);
            size_t used = strlen(sentence);
            snprintf(sentence + used, sizeof sentence - used, "%s%s", used ? " " : "", terminal_row(&t, row));
        }
        assert_non_null(strstr(sentence, "draws every level anew for"));
        assert_null(strstr(sentence, "…"));
        terminal_close(&t);
    }
}

static void test_terminal_without_colours_gets_plain_lines(void **state)
{
    Room *room = *state;
    setenv("NO_COLOR", "1", 1);
    Terminal t = train(room, 110, 40, "--lessons", "2");
    assert_int_equal(terminal_wait_end(&t), 0);
    assert_false(terminal_wrote(&t, "\033"));
    expect_shown(&t, "lesson 1  decisions 128 ");
    terminal_close(&t);
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    t = train(room, 110, 40, "--lessons", "4");
    assert_int_equal(terminal_wait_end(&t), 0);
    assert_false(terminal_wrote(&t, "\033"));
    expect_shown(&t, "lesson 3  decisions 256 ");
    expect_shown(&t, "the maker ");
    terminal_close(&t);
    unsetenv("TERM");
    setenv("TERM", "vt100", 1); // without colours
    t = train(room, 110, 40, "--lessons", "5");
    assert_int_equal(terminal_wait_end(&t), 0);
    assert_false(terminal_wrote(&t, "\033"));
    terminal_close(&t);
}

static void test_terminal_of_another_encoding_gets_ascii_alone(void **state)
{
    static const char *const names[][2] = {
        {"LC_ALL", "C"}, {"LC_ALL", "de_DE.ISO-8859-1"}, {"LANG", "de_DE"}};
    Room *room = *state;
    for (int i = 0; i < 3; i++) {
        unsetenv("LC_ALL");
        unsetenv("LC_CTYPE");
        setenv(names[i][0], names[i][1], 1);
        const char *const lessons[] = {"12", "24", "36"};
        Terminal t = train(room, 110, 40, "--lessons", lessons[i]);
        assert_int_equal(terminal_wait_end(&t), 0);
        for (size_t k = 0; k < t.raw_size; k++)
            if ((unsigned char)t.raw[k] >= 0x80)
                fail_msg("%s=%s: byte %02x", names[i][0], names[i][1], (unsigned char)t.raw[k]);
        expect_shown(&t, "#################### 100 %");
        assert_true(terminal_count(&t, "\033[48;2;") > 20); // the picture is there, by its colours
        assert_int_equal(t.overflows, 0);
        terminal_close(&t);
        unsetenv(names[i][0]);
    }
    setenv("LC_ALL", "C.UTF-8", 1);
    Terminal t = train(room, 110, 40, "--lessons", "48");
    assert_int_equal(terminal_wait_end(&t), 0);
    expect_shown(&t, "████████████████████ 100 %");
    terminal_close(&t);
    unsetenv("LC_ALL");
}

static void test_terminal_cuts_wide_letters_at_the_edge(void **state)
{
    Room *room = *state;
    const char *error = NULL, *path = scratch_path(&room->scratch, "wait.json");
    size_t size = 0;
    char *text = para_file_read(path, 1 << 16, room->arena, &size, &error),
         *at = strstr(text, "Wait a moment.");
    assert_non_null(at);
    const char *wide = para_arena_printf(room->arena,
                                         "%.*s待待待待待待待待待待待待待待待待待待待待待待待待待待待待待待"
                                         "待待待待待待待待待待待待待待%s",
                                         (int)(at - text), text, at + strlen("Wait a moment."));
    scratch_write(path, wide, strlen(wide));
    for (int columns = 60; columns < 62; columns++) {
        Terminal t = train(room, columns, 50, "--lessons", columns == 60 ? "12" : "24");
        assert_int_equal(terminal_wait_end(&t), 0);
        expect_shown(&t, "wait: 待待待待待待待待待待待待待待待待待待待待待待待待待待");
        assert_non_null(strstr(terminal_row(&t, terminal_find(&t, "wait: ")), "待…"));
        assert_non_null(
            strstr(terminal_row(&t, terminal_find(&t, "wait: ") + 1), "Ctrl-C")); // nothing went over
        terminal_close(&t);
    }
}

// ---------------------------------------------------------------- replay play

/// A replay of two seconds: a proof of a training. @return its path, in the arena
static const char *make_replay(Room *room)
{
    glob_t found;
    Terminal t = train(room, 110, 40, "--lessons", "8");
    assert_int_equal(terminal_wait_end(&t), 0);
    terminal_close(&t);
    assert_int_equal(glob(scratch_path(&room->scratch, "run/proofs/*.replay"), 0, NULL, &found), 0);
    const char *path = para_arena_strdup(room->arena, found.gl_pathv[0]);
    globfree(&found);
    return path;
}

static Terminal replay(Room *room, const char *speed)
{
    const char *const arguments[] = {"replay", "play", "--speed", speed, make_replay(room), NULL};
    return terminal_run(room->scratch.folder, 100, 30, arguments);
}

static void test_terminal_replay_plays_to_its_end(void **state)
{
    Terminal t = replay(*state, "20");
    assert_int_equal(terminal_wait_end(&t), 0);
    assert_true(t.updates >= 2);
    expect_shown(&t, "30 of 30  2.0 s  solved"); // 15 decisions a second
    expect_shown(&t, "wait: Wait a moment.");
    assert_int_equal(rows_with(&t, " of 30"), 1);
    assert_true(rows_with(&t, "▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀") >= 20);
    assert_int_equal(t.overflows, 0);
    terminal_expect_restored(&t);
    terminal_close(&t);
}

static void test_terminal_replay_is_stopped_by_ctrl_c(void **state)
{
    Terminal t = replay(*state, "0.1");
    terminal_wait_for(&t, " of 30");
    terminal_type(&t, "\003");
    assert_int_equal(terminal_wait_end(&t), 130);
    assert_false(terminal_shows(&t, "30 of 30"));
    terminal_expect_restored(&t);
    terminal_close(&t);
}

static void test_terminal_replay_follows_the_size_of_the_window(void **state)
{
    static const int sizes[][2] = {{50, 16}, {120, 40}};
    Terminal t = replay(*state, "0.3");
    terminal_wait_for(&t, " of 30");
    for (int i = 0; i < 2; i++) {
        terminal_resize(&t, sizes[i][0], sizes[i][1]);
        terminal_wait_updates(&t, 2);
        t.overflows = 0;
        terminal_wait_updates(&t, 2);
        if (t.overflows > 0 || rows_with(&t, " of 30") != 1) {
            terminal_print(&t);
            fail_msg("%d x %d: %d characters too many", sizes[i][0], sizes[i][1], t.overflows);
        }
    }
    terminal_type(&t, "\003");
    assert_int_equal(terminal_wait_end(&t), 130);
    terminal_expect_restored(&t);
    terminal_close(&t);
}

#define TERMINAL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_terminal[] = {
    TERMINAL_TEST(test_terminal_panel_stays_in_place_and_ends_with_the_last_lesson),
    TERMINAL_TEST(test_terminal_ctrl_c_says_so_at_once_and_keeps_the_work),
    TERMINAL_TEST(test_terminal_second_ctrl_c_ends_at_once),
    TERMINAL_TEST(test_terminal_panel_follows_the_size_of_the_window),
    TERMINAL_TEST(test_terminal_panel_is_whole_in_a_narrow_window),
    TERMINAL_TEST(test_terminal_without_colours_gets_plain_lines),
    TERMINAL_TEST(test_terminal_of_another_encoding_gets_ascii_alone),
    TERMINAL_TEST(test_terminal_cuts_wide_letters_at_the_edge),
    TERMINAL_TEST(test_terminal_replay_plays_to_its_end),
    TERMINAL_TEST(test_terminal_replay_is_stopped_by_ctrl_c),
    TERMINAL_TEST(test_terminal_replay_follows_the_size_of_the_window),
};
const size_t para_tests_terminal_count = sizeof para_tests_terminal / sizeof *para_tests_terminal;
