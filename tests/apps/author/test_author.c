// SPDX-License-Identifier: MIT
// The editor as a person drives it, by mouse and keys and without a display: a level from nothing, saved,
// played, undone to nothing; work that outlives kill -9.
#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "tests/tests.h"
#include "worlds/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX ((size_t)1 << 16)

// A window of 1280 x 720 shows 24 x 12 m at 33.9 px/m: ground, buggy, crate, plate, then the goal on its
// page.
static const char make[] =
    "0.2 tap 3; 0.3 move 124 565; 0.4 press left; 0.5 move 500 550; 0.6 move 938 532; 0.7 "
    "release left; 0.9 tap b; 1.0 move 226 531; 1.1 press left; 1.2 release left; 1.4 tap 1; "
    "1.5 move 395 515; 1.6 press left; 1.7 release left; 1.8 tap 6; 1.9 move 599 518; 2.0 press "
    "left; 2.1 release left; 2.3 move 1040 62; 2.4 press left; 2.5 release left; 2.7 move 1020 "
    "252; 2.8 press left; 2.9 release left; 3.0 state; ";

#define SMALL                                                                                                \
    " --size 480x320" ///< behind a file: what is not about places is drawn small, which is soon done

/// Runs the editor on a file in the folder of the test. @param behind shell words
static void run(const char *folder, const char *file, const char *script, const char *behind, char *out)
{
    char command[4096];
    snprintf(command, sizeof command,
             "cd '%s' || exit 9; PARACOSM_HOME='%s/home' PARACOSM_SCALE=1 SDL_VIDEODRIVER=offscreen "
             "SDL_AUDIODRIVER=dummy "
             "PARACOSM_LIBRARY='" PARA_SOURCE_DIR "/worlds/library' '" PARA_COMMAND
             "' author %s --script '%s' 2>&1 %s",
             folder, folder, file, script, behind);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(out, 1, OUTPUT_MAX - 1, pipe);
    out[size] = '\0';
    pclose(pipe);
}

static bool says(const char *out, const char *words)
{
    if (!strstr(out, words))
        print_error("%s\n  has no: %s\n", out, words);
    return strstr(out, words) != NULL;
}

static char *make_folder(char *name, size_t size)
{
    snprintf(name, size, "/tmp/paracosm-author-XXXXXX");
    return mkdtemp(name);
}

static void remove_folder(const char *name)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", name);
    assert_int_equal(system(command), 0);
}

static char *read_file(const char *folder, const char *file, ParaArena *arena)
{
    size_t size;
    const char *error = NULL;
    return para_file_read(para_arena_printf(arena, "%s/%s", folder, file), PARA_TEMPLATE_SIZE_MAX, arena,
                          &size, &error);
}

static void test_author_makes_a_level_from_nothing(void **state)
{
    (void)state;
    char folder[64], script[2048];
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 28);
    char *out = para_arena_alloc(arena, OUTPUT_MAX);
    assert_non_null(make_folder(folder, sizeof folder));
    snprintf(script, sizeof script,
             "%s3.1 tap Ctrl+S; 3.2 state; 3.3 tap F5; 3.4 down right; 9 state; 9.1 up right; 9.2 tap F5; "
             "9.3 state; 9.4 "
             "tap Ctrl+Z; 9.5 tap Ctrl+Z; 9.6 tap Ctrl+Z; 9.7 tap Ctrl+Z; 9.8 tap Ctrl+Z; 10 state; 10.1 tap "
             "Ctrl+Y; "
             "10.2 state; 10.3 quit",
             make);
    run(folder, "first.json", script, "", out);
    assert_true(says(out, "bodies=2 zones=1 joints=0 includes=1 selected=/zones/0 steps=5 dirty=1 problems=0 "
                          "unfinished=0"));
    assert_true(says(out, "steps=5 dirty=0"));
    assert_true(says(out, "saved first.json"));
    assert_true(says(out, "playing=1 status=solved")); // the buggy has pushed the crate onto the plate
    assert_true(says(out, "steps=5 dirty=0 problems=0 unfinished=0 playing=0 status=on"));
    assert_true(says(out, "note=\"solved\"")); // not: "F5: back to the editor"
    assert_true(says(out, "bodies=0 zones=0 joints=0 includes=0 selected=- steps=0 dirty=1"));
    assert_true(says(out, "bodies=1 zones=0 joints=0 includes=0 selected=- steps=1"));
    // What was saved is a template like any other.
    const char *text = read_file(folder, "first.json", arena);
    assert_non_null(text);
    assert_non_null(strstr(text, "{\"name\": \"crate\", \"at\": [8, 1.5], \"shape\": {\"box\": [1, 1]}"));
    assert_non_null(strstr(text, "\"fail\": {\"below\": [\"player\", -1]}")); // it can be lost
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    assert_non_null(para_template_load("first.json", text, strlen(text), arena, &list));
    assert_int_equal(list.count, 0);
    run(folder, "first.json", "0.3 state; 0.4 quit", "",
        out); // it loads again, and offers what was not saved
    assert_true(says(out, "bodies=2 zones=1"));
    assert_true(says(out, "recovery=1"));
    remove_folder(folder);
    para_arena_destroy(arena);
}

static void test_author_recovers_after_a_kill(void **state)
{
    (void)state;
    char folder[64], behind[512];
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 24);
    char *out = para_arena_alloc(arena, OUTPUT_MAX);
    assert_non_null(make_folder(folder, sizeof folder));
    // Nobody quits it: it is killed as soon as it has told that the edits are there.
    snprintf(behind, sizeof behind,
             ">out & p=$!; n=0; while ! grep -qs state out && test $n -lt 600; do sleep 0.05; n=$((n+1)); "
             "done; kill -9 "
             "$p; wait $p 2>/dev/null; cat out");
    run(folder, "lost.json", make, behind, out);
    assert_true(says(out, "bodies=2 zones=1"));
    assert_null(read_file(folder, "lost.json", arena)); // it never was saved
    run(folder, "lost.json",
        "0.3 state; 0.5 move 495 354; 0.6 press left; 0.7 release left; 0.9 state; 1.0 tap Ctrl+S; 1.2 tap "
        "Ctrl+Z; 1.4 "
        "state; 1.5 tap Ctrl+Y; 1.6 quit",
        "", out);
    assert_true(
        says(out, "bodies=0 zones=0 joints=0 includes=0 selected=- steps=0 dirty=0 problems=1 unfinished=1 "
                  "playing=0 status=on draft=1 recovery=1"));
    assert_true(says(out, "bodies=2 zones=1 joints=0 includes=1 selected=- steps=1 dirty=1"));
    assert_true(
        says(out, "bodies=0 zones=0 joints=0 includes=0 selected=- steps=0 dirty=1")); // undo goes past it
    assert_non_null(strstr(read_file(folder, "lost.json", arena), "\"crate\""));
    run(folder, "lost.json", "0.3 state; 0.4 quit", "", out);
    assert_true(says(out, "recovery=0")); // saved: nothing is left to offer
    remove_folder(folder);
    para_arena_destroy(arena);
}

/// Puts a file of this text into the folder.
static void write_file(const char *folder, const char *file, const char *text, ParaArena *arena)
{
    const char *error = NULL;
    assert_true(
        para_file_write(para_arena_printf(arena, "%s/%s", folder, file), text, strlen(text), arena, &error));
}

// Two crates that are joined where neither says, a hinge with a place of its own, and a third that is apart.
static const char joined[] = "{\"paracosm\": 1, \"name\": \"joined\", \"world\": {\"size\": [24, 12]},\n"
                             "  \"bodies\": [\n"
                             "    {\"name\": \"a\", \"at\": [4, 6], \"shape\": {\"box\": [1, 1]}},\n"
                             "    {\"name\": \"b\", \"at\": [8, 6.00], \"shape\": {\"box\": [1, 1]}},\n"
                             "    {\"name\": \"c\", \"at\": [\"16 + 1\", 6], \"shape\": {\"box\": [1, 1]}}\n"
                             "  ],\n"
                             "  \"joints\": [{\"name\": \"weld\", \"weld\": [\"a\", \"b\"]}, {\"name\": "
                             "\"hinge\", \"revolute\": [\"a\", "
                             "\"b\"], \"at\": [6, 6]}],\n"
                             "  \"player\": {\"body\": \"c\", \"actuators\": []}, \"goal\": {\"time\": 5}}\n";

/// Of a window of 1280 x 720: a is at 260, 362, b at 396, 362, c at 701, 362.
static void test_author_groups_are_one(void **state)
{
    (void)state;
    char folder[64];
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 24);
    char *out = para_arena_alloc(arena, OUTPUT_MAX);
    assert_non_null(make_folder(folder, sizeof folder));
    write_file(folder, "joined.json", joined, arena);
    // A box around a and b; as a group; nudged to the right; turned by a quarter about their middle.
    run(folder, "joined.json",
        "0.1 move 230 320; 0.15 press left; 0.2 move 430 400; 0.25 release left; 0.3 tap Ctrl+G; 0.35 state; "
        "0.4 tap "
        "Escape; 0.45 move 408 350; 0.5 press left; 0.55 release left; 0.6 state; 0.65 tap Shift+Right; 0.7 "
        "tap "
        "Ctrl+S; 0.8 quit",
        "", out);
    assert_true(says(out, "selected=/bodies/0 steps=1") &&
                says(out, "chosen=4"));                   // the two, and what joins them
    assert_true(says(out, "selected=/bodies/1 steps=1")); // a click on one takes all
    const char *text = read_file(folder, "joined.json", arena);
    assert_true(says(text, "\"a\", \"at\": [5, 6], ") && says(text, "\"b\", \"at\": [9, 6], "));
    assert_true(says(text, "\"weld\": [\"a\", \"b\"], \"together\": \"group\"}")); // it got no place
    assert_true(says(text, "\"at\": [7, 6], \"together\": \"group\"}"));
    assert_true(says(text, "{\"name\": \"c\", \"at\": [\"16 + 1\", 6], \"shape\": {\"box\": [1, 1]}}"));
    run(folder, "joined.json",
        "0.1 move 430 362; 0.15 press left; 0.2 release left; 0.25 move 362 323; 0.3 press left; 0.35 move "
        "300 340; "
        "0.4 move 290 362; 0.45 release left; 0.5 tap Ctrl+D; 0.55 state; 0.6 tap Ctrl+S; 0.7 quit",
        "", out);
    text = read_file(folder, "joined.json", arena);
    assert_true(says(out, "bodies=5") && says(out, "joints=4"));
    assert_true(says(text, "\"a\", \"at\": [7, 4], ") && says(text, "\"b\", \"at\": [7, 8], "));
    assert_true(says(text, "\"angle\": 1.571}") && says(text, "\"at\": [7, 6], \"together\": \"group\"}"));
    assert_true(says(text, "{\"name\": \"a2\", \"at\": [7.5, 4.5], ") &&
                says(text, "\"together\": \"group2\""));
    assert_true(says(text, "{\"name\": \"weld2\", \"weld\": [\"a2\", \"b2\"], \"together\": \"group2\"}"));
    // Parted, one goes, and its joints with it; undone, all of it is there to the byte.
    run(folder, "joined.json",
        "0.1 move 362 430; 0.15 press left; 0.2 release left; 0.25 tap Ctrl+Shift+G; 0.3 tap Escape; 0.35 "
        "move 362 "
        "430; 0.4 press left; 0.45 release left; 0.5 state; 0.55 tap Delete; 0.6 state; 0.65 tap Ctrl+Z; 0.7 "
        "tap "
        "Ctrl+Z; 0.75 state; 0.8 quit",
        "", out);
    assert_true(says(out, "steps=1 dirty=1") && says(out, "chosen=1 "));
    assert_true(says(out, "bodies=4 zones=0 joints=2") && says(out, "with 2 joints that held it"));
    assert_true(says(out, "bodies=5 zones=0 joints=4 includes=0 selected=- steps=0 dirty=0"));
    remove_folder(folder);
    para_arena_destroy(arena);
}

// Where joined has its crates: a lift and a tram, each on its way, and wind at the right.
static const char machine[] =
    "{\"paracosm\": 1, \"name\": \"machine\", \"world\": {\"size\": [24, 12]},\n"
    "  \"bodies\": [\n"
    "    {\"name\": \"lift\", \"kinematic\": true, \"at\": [4, 6], \"shape\": {\"box\": [1, 1]}, "
    "\"moves\": {\"by\": [0.0, 1.5], \"period\": 6}},\n"
    "    {\"name\": \"tram\", \"kinematic\": true, \"at\": [8, 6], \"shape\": {\"box\": [1, 1]}, "
    "\"path\": {\"stops\": [{\"by\": [2, 0]}, {\"by\": [2, 1], \"wait\": 1}]}},\n"
    "    {\"name\": \"c\", \"at\": [17, 9], \"shape\": {\"box\": [1, 1]}, \"velocity\": [\"4 - 1\", 0]}\n"
    "  ],\n"
    "  \"zones\": [{\"name\": \"wind\", \"at\": [17, 6], \"area\": {\"box\": [1, 1]}, \"force\": [5, 0]}],\n"
    "  \"player\": {\"body\": \"c\", \"actuators\": []}, \"goal\": {\"time\": 5}}\n";

/// What is turned goes that way: a lift in a machine, a tram from stop to stop, wind; several together, or
/// one alone. A way that is worked out stays, and that is told.
static void test_author_turns_where_things_go(void **state)
{
    (void)state;
    char folder[64];
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 24);
    char *out = para_arena_alloc(arena, OUTPUT_MAX);
    assert_non_null(make_folder(folder, sizeof folder));
    write_file(folder, "machine.json", machine, arena);
    // Lift and tram by a quarter about their middle; then the wind alone.
    run(folder, "machine.json",
        "0.1 move 230 320; 0.15 press left; 0.2 move 430 400; 0.25 release left; 0.3 move 328 323; 0.35 "
        "press "
        "left; 0.4 move 300 340; 0.45 move 290 362; 0.5 release left; 0.55 tap Escape; 0.6 move 701 362; "
        "0.65 "
        "press left; 0.7 release left; 0.75 move 701 323; 0.8 press left; 0.85 move 680 330; 0.9 move 650 "
        "362; "
        "0.95 release left; 1 state; 1.1 tap Ctrl+S; 1.2 tap Ctrl+Z; 1.3 tap Ctrl+Z; 1.4 state; 1.5 tap "
        "Ctrl+S; 1.6 quit",
        "", out);
    assert_true(says(out, "steps=2 dirty=1") && says(out, "steps=0"));
    const char *text = read_file(folder, "machine.json", arena);
    assert_string_equal(text, machine); // undone to the byte, and that was saved
    run(folder, "machine.json",
        "0.1 move 230 320; 0.15 press left; 0.2 move 430 400; 0.25 release left; 0.3 move 328 323; 0.35 "
        "press "
        "left; 0.4 move 300 340; 0.45 move 290 362; 0.5 release left; 0.55 tap Escape; 0.6 move 701 362; "
        "0.65 "
        "press left; 0.7 release left; 0.75 move 701 323; 0.8 press left; 0.85 move 680 330; 0.9 move 650 "
        "362; "
        "0.95 release left; 1 tap Ctrl+S; 1.1 quit",
        "", out);
    text = read_file(folder, "machine.json", arena);
    assert_true(says(text, "\"at\": [6, 4], ") && says(text, "\"by\": [-1.5, 0], \"period\": 6}"));
    assert_true(says(text, "[{\"by\": [0, 2]}, {\"by\": [-1, 2], \"wait\": 1}]"));
    assert_true(says(text, "\"force\": [0, 5]"));
    // The crate's velocity is worked out.
    run(folder, "machine.json",
        "0.1 move 701 260; 0.15 press left; 0.2 release left; 0.25 move 701 221; 0.3 press left; 0.35 move "
        "680 "
        "230; 0.4 move 650 260; 0.45 release left; 0.5 state; 0.6 tap Ctrl+S; 0.7 quit",
        "", out);
    assert_true(says(out, "which way it goes is worked out"));
    assert_true(
        says(read_file(folder, "machine.json", arena), "\"velocity\": [\"4 - 1\", 0], \"angle\": 1.571"));
    remove_folder(folder);
    para_arena_destroy(arena);
}

/// A pane is put down a little above the ground: it stands there, whole, until the buggy comes. That is the
/// goal, chosen on the page.
static void test_author_glass_stands_until_it_is_hit(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX];
    char folder[64];
    assert_non_null(make_folder(folder, sizeof folder));
    run(folder, "glass.json",
        "0.1 tap 3; 0.15 move 124 565; 0.2 press left; 0.25 move 500 550; 0.3 move 938 532; 0.35 release "
        "left; 0.4 tap "
        "b; 0.45 move 226 536; 0.5 press left; 0.55 release left; 0.6 tap 8; 0.65 move 360 515; 0.7 press "
        "left; 0.75 "
        "release left; 0.8 tap Ctrl+2; 0.85 move 1100 195; 0.9 press left; 0.95 release left; 1 move 1010 "
        "265; 1.05 "
        "press left; 1.1 release left; 1.15 move 1010 224; 1.2 press left; 1.25 release left; 1.3 state; "
        "1.35 tap F5; "
        "2.4 state; 2.45 down right; 4.2 state; 4.3 quit",
        "", out);
    assert_true(says(out, "bodies=2 zones=0 joints=0 includes=1") &&
                says(out, "the goal: pane has to shatter"));
    assert_true(says(out, "playing=1 status=on") && says(out, "playing=1 status=solved"));
    remove_folder(folder);
}

/// A clean end leaves no lock behind, whether the work was saved or not; what was opened comes back to the
/// byte.
static void test_author_leaves_no_lock(void **state)
{
    (void)state;
    char folder[64];
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 24);
    char *out = para_arena_alloc(arena, OUTPUT_MAX);
    assert_non_null(make_folder(folder, sizeof folder));
    write_file(folder, "joined.json", joined, arena);
    run(folder, "joined.json",
        "0.1 tap Ctrl+A; 0.15 tap Left; 0.2 tap Ctrl+D; 0.25 tap Ctrl+G; 0.3 tap Delete; 0.35 state; 0.4 tap "
        "Ctrl+S; "
        "0.45 tap Ctrl+Z; 0.5 tap Ctrl+Z; 0.55 tap Ctrl+Z; 0.6 tap Ctrl+Z; 0.65 state; 0.7 tap Ctrl+S; 0.8 "
        "tap 3; 0.85 "
        "move 500 200; 0.9 press left; 0.95 release left; 1 quit",
        "; ls home/drafts", out);
    assert_true(says(out, "steps=4 dirty=1") && says(out, "steps=0 dirty=1"));
    assert_string_equal(read_file(folder, "joined.json", arena), joined);
    assert_true(says(out, ".json\n"));
    assert_null(strstr(out, ".lock")); // the draft of what was not saved is there
    remove_folder(folder);
    para_arena_destroy(arena);
}

/// Somebody else writes the file just before it is saved, or takes it away: nothing of either side is lost.
static void test_author_saves_over_nobody(void **state)
{
    (void)state;
    static char out[OUTPUT_MAX];
    char folder[64], command[256];
    assert_non_null(make_folder(folder, sizeof folder));
    snprintf(command, sizeof command, "cp '%s/worlds/library/drive/rover.json' '%s/mine.json'",
             PARA_SOURCE_DIR, folder);
    assert_int_equal(system(command), 0);
    run(folder, "mine.json",
        "0.5 tap 3; 0.6 move 640 300; 0.7 press left; 0.8 release left; 2 screenshot mark.png; 2.1 wait "
        "theirs; 2.4 tap Ctrl+S; "
        "2.6 state; 2.7 quit",
        "& while [ ! -s mark.png ]; do sleep 0.01; done; echo '{\"theirs\": 1}' >mine.json; >theirs; wait; "
        "cat "
        "mine.json",
        out);
    assert_true(says(out, "dirty=1") && says(out, "outside=1") && says(out, "theirs"));
    run(folder, "new.json" SMALL,
        "0.5 screenshot mark2.png; 0.6 wait theirs2; 4 tap Ctrl+S; 4.2 state; 4.3 quit",
        "& while [ ! -s mark2.png ]; do sleep 0.01; done; echo '{\"name\": \"theirs\"}' >new.json; >theirs2; "
        "wait; cat "
        "new.json",
        out);
    assert_true(says(out, "theirs"));
    run(folder, "mine.json" SMALL, "0.5 screenshot mark3.png; 0.6 wait theirs3; 6 state; 6.1 quit",
        "& while [ ! -s mark3.png ]; do sleep 0.01; done; rm mine.json; >theirs3; wait", out);
    assert_true(says(out, "dirty=1") && says(out, "the file is gone"));
    run(folder, "zero.json" SMALL, "0.5 quit", "; printf '{\\0}' >zero.json", out);
    run(folder, "zero.json" SMALL, "0.5 quit", "", out);
    assert_true(says(out, "it is no text"));
    remove_folder(folder);
}

const struct CMUnitTest para_tests_author[] = {cmocka_unit_test(test_author_saves_over_nobody),
                                               cmocka_unit_test(test_author_makes_a_level_from_nothing),
                                               cmocka_unit_test(test_author_groups_are_one),
                                               cmocka_unit_test(test_author_turns_where_things_go),
                                               cmocka_unit_test(test_author_glass_stands_until_it_is_hit),
                                               cmocka_unit_test(test_author_leaves_no_lock),
                                               cmocka_unit_test(test_author_recovers_after_a_kill)};
const size_t para_tests_author_count = sizeof para_tests_author / sizeof *para_tests_author;
