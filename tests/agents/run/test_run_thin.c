// SPDX-License-Identifier: MIT
// Older reports as sums: what a page and a comparison tell of a run stays the same, what it takes is bounded,
// and what is left does not hang on when it was done.
#include "agents/run/run_facts.h"
#include "agents/run/run_families.h"
#include "agents/run/run_story.h"
#include "engine/base/rng.h"
#include "tests/agents/database.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

#define LESSONS 60
#define REPORTS 12 // of a lesson
#define WHOLE   100
#define EVERY   8
#define KEPT    4 // levels in the archive

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    ParaRun *run;
    const char *error;
} Room;

static void must(Room *room, bool good)
{
    if (!good)
        fail_msg("%s", room->error);
}

static Room room_make(void)
{
    Room room = {.scratch = scratch_make(), .arena = para_arena_create(1 << 16, 256 << 20)};
    const char *names[] = {"push", "rise"};
    ParaFamilies families = tiny_families(names, 2, room.arena);
    room.run = para_run_open(room.scratch.folder, "{\"maker\":\"dr\"}", room.arena, &room.error);
    must(&room, room.run != NULL);
    must(&room, para_run_set_families(room.run, &families, &room.error));
    for (uint64_t hash = 1; hash <= KEPT; hash++)
        must(&room,
             para_run_add_level(room.run, &(ParaLevelRow){.hash = hash, .maker = "sfl", .params_json = "{}"},
                                &room.error));
    return room;
}

static void room_clear(Room *room)
{
    para_run_close(room->run);
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
}

/// A lesson whose reports are drawn from its number. Levels: kept ones, some that come again, some only once.
static void add_lesson(Room *room, int lesson, bool thin)
{
    ParaRng rng = para_rng_make((uint64_t)lesson, "thin");
    ParaReport all[REPORTS];
    ParaStatistics row = {0};
    para_statistics_begin_lesson(&row, lesson);
    row.episodes = REPORTS;
    for (int i = 0; i < REPORTS; i++) {
        int64_t which = para_rng_int(&rng, 0, 2);
        uint64_t again = (uint64_t)para_rng_int(&rng, 1, 9), once = (uint64_t)(1000 + lesson * REPORTS + i);
        bool solved = para_rng_int(&rng, 0, 2) == 0;
        row.solved += solved;
        all[i] = (ParaReport){.level_hash = which == 0 ? once : again,
                              .lesson = lesson,
                              .family = (int32_t)para_rng_int(&rng, 0, 1),
                              .env = i,
                              .end = solved ? PARA_END_SOLVED : PARA_END_FAILED,
                              .cause = solved       ? PARA_CAUSE_NONE
                                       : i % 2 == 0 ? PARA_CAUSE_FELL
                                                    : PARA_CAUSE_HAZARD,
                              .solver = PARA_SOLVER_LANES,
                              .decisions = i,
                              .progress = 0.25f * (float)para_rng_int(&rng, 0, 4), // sums are exact
                              .impulse = (float)para_rng_int(&rng, 0, 999),
                              .x = NAN,
                              .y = NAN};
    }
    must(room, para_run_begin(room->run, &room->error));
    must(room, para_run_add_lesson(room->run, &row, &room->error));
    must(room, para_run_add_reports(room->run, all, NULL, REPORTS, &room->error));
    if (thin)
        must(room, para_run_thin(room->run, WHOLE, EVERY, &room->error));
    must(room, para_run_commit(room->run, &room->error));
}

static void thin(Room *room)
{
    must(room, para_run_begin(room->run, &room->error));
    must(room, para_run_thin(room->run, WHOLE, EVERY, &room->error));
    must(room, para_run_commit(room->run, &room->error));
}

/// All that a page and a comparison ask of reports, as text.
static const char *told(Room *room)
{
    ParaRun *run = para_run_open_read(room->scratch.folder, room->arena, &room->error);
    must(room, run != NULL);
    ParaJson json = para_json(room->arena, 0);
    ParaRunFacts facts;
    uint64_t hashes[KEPT];
    float blows[KEPT];
    for (int i = 0; i < KEPT; i++)
        hashes[i] = (uint64_t)i + 1;
    para_json_open(&json, '[');
    must(room, para_run_story(run, &json, &room->error));
    must(room, para_run_facts(run, room->arena, &facts, &room->error));
    must(room, para_run_blows(run, hashes, KEPT, blows, room->arena, &room->error));
    for (int i = 0; i < KEPT; i++) {
        para_json_item(&json);
        para_json_float(&json, blows[i]);
    }
    para_json_item(&json);
    para_json_format(&json, "%lld, %lld", (long long)facts.edge_known, (long long)facts.edge);
    para_json_close(&json, ']');
    const char *text = para_arena_strdup(room->arena, json.text);
    para_run_close(run);
    return text;
}

static int64_t ask(const Room *room, const char *sql)
{
    sqlite3 *database = database_open(room->scratch.folder);
    int64_t value = database_whole(database, sql);
    sqlite3_close(database);
    return value;
}

static void test_a_thinned_run_tells_the_same(void **state)
{
    (void)state;
    Room room = room_make();
    for (int lesson = 0; lesson < LESSONS; lesson++)
        add_lesson(&room, lesson, false);
    const char *before = told(&room);
    assert_int_equal(ask(&room, "SELECT count(*) FROM reports"), LESSONS * REPORTS);
    thin(&room);
    int64_t left = ask(&room, "SELECT count(*) FROM reports");
    assert_true(left >= WHOLE && left < WHOLE + REPORTS + (LESSONS / EVERY + 1) * REPORTS);
    assert_int_equal(ask(&room, "SELECT count(*) FROM reports WHERE lesson = 8"), REPORTS);
    assert_int_equal(ask(&room, "SELECT count(*) FROM reports WHERE lesson = 9"), 0);
    assert_int_equal(ask(&room, "SELECT sum(episodes) FROM outcomes"), LESSONS * REPORTS);
    assert_true(ask(&room, "SELECT count(*) FROM level_sums") < 10); // none of levels that came once
    assert_string_equal(told(&room), before);
    // The newest number stays, so that those to come have numbers of their own.
    assert_int_equal(para_run_newest_report(room.run), LESSONS * REPORTS);
    ParaReport report;
    assert_false(para_run_report(room.run, 9 * REPORTS + 1, &report, NULL, &room.error));
    assert_non_null(strstr(room.error, "older lessons only some keep theirs"));
    room_clear(&room);
}

/// Thinned with each lesson, or once, or in a run that went back to an older checkpoint: the same is left.
static void test_what_is_left_hangs_on_the_rows_alone(void **state)
{
    (void)state;
    static const char *const sums[] = {
        "SELECT count(*) * 1000000 + sum(report) FROM reports",
        "SELECT count(*) * 1000000 + sum(episodes * lesson) + sum(decisions) FROM report_sums",
        "SELECT count(*) * 1000000 + sum(episodes * 100 + solved * 10 + impulse) FROM level_sums"};
    int64_t first[3] = {0};
    for (int way = 0; way < 3; way++) {
        Room room = room_make();
        for (int lesson = 0; lesson < LESSONS; lesson++)
            add_lesson(&room, lesson, way > 0);
        if (way == 0)
            thin(&room);
        if (way == 2) {
            must(&room, para_run_forget_after(room.run, LESSONS - 5, &room.error));
            for (int lesson = LESSONS - 4; lesson < LESSONS; lesson++)
                add_lesson(&room, lesson, true);
        }
        for (int k = 0; k < 3; k++) {
            int64_t sum = ask(&room, sums[k]);
            first[k] = way == 0 ? sum : first[k];
            assert_int_equal(sum, first[k]);
        }
        room_clear(&room);
    }
    // Back behind what is sums by now: lessons after it are told by nothing.
    Room room = room_make();
    for (int lesson = 0; lesson < LESSONS; lesson++)
        add_lesson(&room, lesson, true);
    must(&room, para_run_forget_after(room.run, 20, &room.error));
    assert_int_equal(ask(&room, "SELECT max(lesson) FROM outcomes"), 20);
    assert_int_equal(ask(&room, "SELECT sum(episodes) FROM outcomes"), 21 * REPORTS);
    room_clear(&room);
}

const struct CMUnitTest para_tests_run_thin[] = {
    cmocka_unit_test(test_a_thinned_run_tells_the_same),
    cmocka_unit_test(test_what_is_left_hangs_on_the_rows_alone),
};
const size_t para_tests_run_thin_count = sizeof para_tests_run_thin / sizeof *para_tests_run_thin;
