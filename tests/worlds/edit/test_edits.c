// SPDX-License-Identifier: MIT
// Edits of levels: every kind on members of every family gives a level that the physics takes, that loads
// again as itself, that does not diverge at rest and that is the same each time. With PARACOSM_EDITS=N (and
// PARACOSM_EDITS_MORE, a folder of templates) so many levels of each kind, and a table: tests/edits.sh.
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "tests/tests.h"
#include "worlds/edit/edit.h"
#include "worlds/library.h"

#include <stdlib.h>
#include <string.h>

#define FAMILIES_MAX 256

typedef struct Row {
    int64_t applied, refused, invalid, diverged;
    double us; ///< of those that were applied
    char why[512];
} Row;

typedef struct Bench {
    ParaArena *arena, *scratch;
    ParaWorldGroup *group;
    const ParaTemplate *families[FAMILIES_MAX];
    int count;
    Row rows[PARA_EDIT_COUNT];
} Bench;

static void add_files(Bench *bench, const char *folder)
{
    char command[512];
    char line[512];
    snprintf(command, sizeof command, "ls %s/*.json", folder);
    FILE *list = popen(command, "r");
    while (list && fgets(line, sizeof line, list) && bench->count < FAMILIES_MAX) {
        const char *error = NULL;
        line[strcspn(line, "\n")] = 0;
        const ParaTemplate *t =
            para_library_load(para_arena_strdup(bench->arena, line), bench->arena, &error);
        if (t)
            bench->families[bench->count++] = t;
    }
    if (list)
        pclose(list);
}

static void open_bench(Bench *bench)
{
    const char **names, *error = NULL, *more = getenv("PARACOSM_EDITS_MORE");
    memset(bench, 0, sizeof *bench);
    bench->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    bench->scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    bench->group = para_world_group_create(PARA_SOLVER_CHIPMUNK, 1);
    int count = para_library_list(bench->arena, &names);
    for (int f = 0; f < count && bench->count < FAMILIES_MAX; f++) {
        const ParaTemplate *t = para_library_load(names[f], bench->arena, &error);
        if (!t)
            fail_msg("%s", error);
        bench->families[bench->count++] = t;
    }
    if (more && *more)
        add_files(bench, more);
}

static void close_bench(Bench *bench)
{
    para_world_group_destroy(bench->group);
    para_arena_destroy(bench->scratch);
    para_arena_destroy(bench->arena);
}

/// Loads as itself from its own file. @return NULL, or what is wrong
static const char *reload_problem(const ParaLevel *level, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "edited", NULL);
    const char *text = para_level_to_json(level, arena);
    const ParaTemplate *t = para_template_load("edited", text, strlen(text), arena, &list);
    const ParaLevel *again = t ? para_template_sample(t, NULL, 7, arena, &list) : NULL;
    for (int k = 0; !again && k < list.count; k++)
        if (list.items[k].severity == PARA_DIAG_ERROR)
            return para_arena_printf(arena, "%s: %s", list.items[k].path, list.items[k].message);
    if (!again)
        return "it does not load";
    ParaDifferences differences;
    if (again->hash == level->hash && strcmp(again->edits, level->edits) == 0)
        return NULL;
    bool told = para_level_compare(level, again, arena, &differences) && differences.count > 0;
    return told ? para_arena_printf(arena, "loads as another: %s %s", differences.items[0].thing,
                                    differences.items[0].words)
                : "loads with another hash";
}

/// Stands still for a second without an action.
static bool stays_sane(Bench *bench, const ParaLevel *level)
{
    ParaWorld world = para_world_at(bench->group, 0);
    if (!para_world_build(world, &level->world, NULL))
        return false;
    for (int s = 0; s < 60; s++)
        para_world_step(world);
    return para_world_view(world)->status == PARA_WORLD_FINE;
}

/// A member of a family, edited before now and then, so that edits meet what edits left.
static const ParaLevel *start_level(Bench *bench, uint64_t seed)
{
    const ParaTemplate *t = bench->families[seed % (uint64_t)bench->count];
    const ParaLevel *level =
        para_template_sample(t, NULL, seed / (uint64_t)bench->count, bench->scratch, NULL);
    for (uint64_t k = 0; level && k < seed % 3; k++) {
        const ParaLevel *next = para_edit_apply_any(level, seed * 3 + k, bench->scratch, NULL, NULL, 0);
        level = next ? next : level;
    }
    return level && stays_sane(bench, level) ? level : NULL;
}

/// @param reload look whether it loads again, which costs more than the rest
static void try_edit(Bench *bench, const ParaLevel *level, ParaEditKind kind, uint64_t seed, bool reload)
{
    Row *row = &bench->rows[kind];
    char says[PARA_EDIT_SAYS_MAX];
    double before = para_clock_seconds();
    const ParaLevel *edited = para_edit_apply(level, kind, seed, bench->scratch, says, sizeof says);
    double after = para_clock_seconds();
    if (!edited) {
        row->refused++;
        assert_true(*says != 0);
        return;
    }
    row->applied++;
    row->us += (after - before) * 1e6;
    assert_true(edited->hash != level->hash && edited->hash == para_level_hash(edited));
    const char *problem = reload ? reload_problem(edited, bench->scratch) : NULL;
    if (!para_world_def_check(&edited->world, NULL))
        problem = "the physics refuses it";
    if (problem) {
        if (row->invalid++ == 0)
            snprintf(row->why, sizeof row->why, "%s (%s): %s", level->family, says, problem);
        return;
    }
    if (!stays_sane(bench, edited)) {
        if (row->diverged++ == 0)
            snprintf(row->why, sizeof row->why, "%s (%s): diverged", level->family, says);
    }
}

static void print_table(const Bench *bench)
{
    print_message("%-16s %9s %9s %8s %9s %8s\n", "kind", "applied", "refused", "invalid", "diverged", "us");
    for (int k = 0; k < PARA_EDIT_COUNT; k++) {
        const Row *row = &bench->rows[k];
        print_message("%-16s %9lld %9lld %8lld %9lld %8.1f %s\n", para_edit_name((ParaEditKind)k),
                      (long long)row->applied, (long long)row->refused, (long long)row->invalid,
                      (long long)row->diverged, row->applied ? row->us / (double)row->applied : 0, row->why);
    }
}

static void test_edits_give_levels(void **state)
{
    (void)state;
    static Bench bench;
    const char *given = getenv("PARACOSM_EDITS"), *only = getenv("PARACOSM_EDITS_KIND");
    open_bench(&bench);
    int64_t levels = given ? atoll(given) : bench.count;
    int64_t bad = 0;
    for (int64_t n = 0; n < levels; n++) {
        ParaArenaMark mark = para_arena_mark(bench.scratch);
        const ParaLevel *level = start_level(&bench, (uint64_t)n);
        for (int k = 0; level && k < PARA_EDIT_COUNT; k++) {
            ParaArenaMark own = para_arena_mark(bench.scratch);
            if (!only || strcmp(only, para_edit_name((ParaEditKind)k)) == 0)
                try_edit(&bench, level, (ParaEditKind)k, (uint64_t)n, !given || n % 10 == 0);
            para_arena_rewind(bench.scratch, own);
        }
        para_arena_rewind(bench.scratch, mark);
    }
    for (int k = 0; k < PARA_EDIT_COUNT; k++)
        bad += bench.rows[k].invalid + bench.rows[k].diverged + (bench.rows[k].applied == 0 && !only);
    if (given || bad > 0)
        print_table(&bench);
    assert_int_equal(bad, 0);
    close_bench(&bench);
}

/// The same level, kind and seed give the same level; a chain is told in `made_by` and can be done again.
static void test_edits_are_done_again(void **state)
{
    (void)state;
    static Bench bench;
    open_bench(&bench);
    ParaArena *arena = bench.scratch;
    for (int f = 0; f < bench.count; f++) {
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = para_template_sample(bench.families[f], NULL, 3, arena, NULL);
        const ParaLevel *now = level;
        uint64_t hash = level ? level->hash : 0;
        for (uint64_t k = 0; level && k < 4; k++) {
            const ParaLevel *next = para_edit_apply_any(now, k, arena, NULL, NULL, 0);
            now = next ? next : now;
        }
        if (level && now != level) {
            ParaEdit edits[PARA_EDITS_MAX];
            assert_true(now->parent == level->hash && level->hash == hash && hash == para_level_hash(level));
            int count = para_edits_read(now->edits, edits);
            assert_in_range(count, 1, 4);
            const ParaLevel *again = para_edits_apply(level, edits, count, arena, NULL, 0);
            assert_non_null(again);
            assert_true(again->hash == now->hash);
            assert_string_equal(again->changes, now->changes);
        }
        para_arena_rewind(arena, mark);
    }
    close_bench(&bench);
}

static void test_edits_read_only_their_own(void **state)
{
    (void)state;
    ParaEdit edits[PARA_EDITS_MAX];
    assert_int_equal(para_edits_read("", edits), 0);
    assert_int_equal(para_edits_read("turn_body:17 cut_ground:18446744073709551615", edits), 2);
    assert_int_equal(edits[0].kind, PARA_EDIT_TURN_BODY);
    assert_true(edits[0].seed == 17 && edits[1].seed == UINT64_MAX);
    const char *bad[] = {"turn_body",
                         "turn_body:",
                         "turn_body:x",
                         "spin_body:1",
                         "turn_body:1,cut_ground:2",
                         "turn_body:18446744073709551616",
                         ":1"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        assert_int_equal(para_edits_read(bad[k], edits), -1);
}

/// A file may say of its edits what nobody can do again: a level made of it counts from the file itself.
static void test_edits_go_on_from_what_can_be_read_alone(void **state)
{
    (void)state;
    static Bench bench;
    open_bench(&bench);
    ParaArena *arena = bench.scratch;
    int seen = 0;
    for (int f = 0; f < bench.count && seen < 3; f++) {
        const ParaLevel *level = para_template_sample(bench.families[f], NULL, 3, arena, NULL);
        const ParaLevel *once = level ? para_edit_apply_any(level, 1, arena, NULL, NULL, 0) : NULL;
        if (!once)
            continue;
        ParaLevel damaged = *once;
        snprintf(damaged.edits, sizeof damaged.edits, "nonsense");
        const ParaLevel *good = para_edit_apply_any(once, 2, arena, NULL, NULL, 0),
                        *next = para_edit_apply_any(&damaged, 2, arena, NULL, NULL, 0);
        if (!good || !next)
            continue;
        seen++;
        ParaEdit edits[PARA_EDITS_MAX];
        assert_true(good->parent == level->hash && para_edits_read(good->edits, edits) == 2);
        assert_true(next->parent == once->hash && para_edits_read(next->edits, edits) == 1);
        assert_true(next->hash == good->hash);
    }
    assert_int_equal(seen, 3);
    close_bench(&bench);
}

/// A level of Kinetix may push any body, joined to the player or not: one that is pushed stays loose.
static void test_edits_leave_what_is_driven_loose(void **state)
{
    (void)state;
    static Bench bench;
    const char *error = NULL;
    int toggled = 0;
    open_bench(&bench);
    const ParaTemplate *family = para_library_load("kinetix-m", bench.arena, &error);
    assert_non_null(family);
    for (uint64_t seed = 0; seed < 2000; seed++) {
        ParaArenaMark mark = para_arena_mark(bench.scratch);
        const ParaLevel *level = para_template_sample(family, NULL, seed, bench.scratch, NULL);
        const ParaLevel *edited =
            level ? para_edit_apply(level, PARA_EDIT_TOGGLE_FIXED, seed, bench.scratch, NULL, 0) : NULL;
        for (int k = 0; edited && k < edited->players[0].actuator_count; k++) {
            int body = edited->players[0].actuators[k].body;
            assert_true(body < 0 || edited->world.bodies[body].kind != PARA_BODY_STATIC);
        }
        toggled += edited != NULL;
        para_arena_rewind(bench.scratch, mark);
    }
    assert_true(toggled > 500);
    close_bench(&bench);
}

const struct CMUnitTest para_tests_edits[] = {
    cmocka_unit_test(test_edits_leave_what_is_driven_loose),
    cmocka_unit_test(test_edits_give_levels),
    cmocka_unit_test(test_edits_are_done_again),
    cmocka_unit_test(test_edits_read_only_their_own),
    cmocka_unit_test(test_edits_go_on_from_what_can_be_read_alone),
};
const size_t para_tests_edits_count = sizeof para_tests_edits / sizeof *para_tests_edits;
