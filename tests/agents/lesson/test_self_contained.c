// SPDX-License-Identifier: MIT
// A run keeps what it is trained on: moved to another place, its templates gone or changed, it goes on, is
// scored and tells the levels of its reports as if nothing had happened. Runs of before, and damaged ones.
#include "agents/lesson/evaluate.h"
#include "agents/lesson/lesson.h"
#include "agents/run/run_families.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "tests/agents/database.h"
#include "tests/agents/lesson/old_layouts.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

enum { LESSONS = 6 };

/// What a layout 2 did not have.
static const char age[] =
    "DROP TABLE templates; DROP TABLE failures; DELETE FROM meta WHERE key IN ('made_by', "
    "'written_by');" LAYOUT_3 "UPDATE meta SET value = '2' WHERE key = 'version'; PRAGMA user_version = 2";

typedef struct Fixture {
    ParaArena *arena;
    Scratch scratch;
    const char *families[2]; ///< a file of its own, and a name of a library of its own
    const char *push, *rise; ///< their files
    const char *run;         ///< half of a training on them
    const char *note, *error;
    const char *library; ///< what PARACOSM_LIBRARY was before; NULL: nothing
} Fixture;

static const char *in(Fixture *f, const char *name)
{
    return para_arena_printf(f->arena, "%s/%s", f->scratch.folder, name);
}

/// Copies a tiny family's file, with another text in place of one in it.
static void copy_template(Fixture *f, const char *name, const char *to, const char *from, const char *into)
{
    size_t size = 0;
    const char *text = para_file_read(tiny_path(name, f->arena), 1 << 20, f->arena, &size, &f->error);
    const char *place = strstr(text, from);
    assert_non_null(place);
    text = para_arena_printf(f->arena, "%.*s%s%s", (int)(place - text), text, into, place + strlen(from));
    scratch_write(to, text, strlen(text));
}

static void put_templates(Fixture *f)
{
    copy_template(f, "push", f->push, "{", "{");
    copy_template(f, "rise", f->rise, "{", "{");
}

static void remove_templates(const Fixture *f)
{
    assert_int_equal(unlink(f->push), 0);
    assert_int_equal(unlink(f->rise), 0);
}

static ParaTrainDef def_of(Fixture *f, const char *folder, int lessons)
{
    ParaTrainDef def = para_train_def_default();
    def.folder = folder;
    def.maker = "dr";
    def.families = f->families;
    def.family_count = 2;
    def.width = def.horizon = 16;
    def.envs = 6;
    def.threads = 1;
    def.lessons = lessons;
    def.schedule_lessons = LESSONS;
    def.checkpoint_seconds = 3600;
    return def;
}

static bool listen(void *context, const ParaTrainStatus *status)
{
    Fixture *f = context;
    if (status->note)
        f->note = para_arena_strdup(f->arena, status->note);
    return true;
}

static bool train_to(Fixture *f, const char *folder, int lessons)
{
    ParaTrainDef def = def_of(f, folder, lessons);
    f->note = f->error = NULL;
    return para_train(&def, listen, f, f->arena, &f->error);
}

static void train(Fixture *f, const char *folder, int lessons)
{
    if (!train_to(f, folder, lessons))
        fail_msg("%s", f->error);
}

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)4 << 30);
    f->scratch = scratch_make();
    assert_true(para_folder_make(in(f, "library"), f->arena, &f->error));
    f->library = para_arena_strdup(f->arena, getenv("PARACOSM_LIBRARY"));
    setenv("PARACOSM_LIBRARY", in(f, "library"), 1);
    f->families[0] = f->push = in(f, "push.json");
    f->families[1] = "rise";
    f->rise = in(f, "library/rise.json");
    f->run = in(f, "run");
    put_templates(f);
    train(f, f->run, LESSONS / 2);
    assert_null(f->note);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    if (f->library)
        setenv("PARACOSM_LIBRARY", f->library, 1);
    else
        unsetenv("PARACOSM_LIBRARY");
    scratch_remove(&f->scratch);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static bool evaluate(Fixture *f, const char *folder, ParaTemplatesFrom from, ParaEvalResult *out)
{
    ParaEvalDef def = para_eval_def_default();
    def.run_folder = folder;
    def.templates = from;
    def.levels = 6;
    def.episodes = 2;
    def.threads = 1;
    f->error = NULL;
    return para_evaluate(&def, NULL, NULL, f->arena, out, &f->error);
}

/// Scores of the trained player; the test fails if there are none.
static ParaEvalResult score(Fixture *f, const char *folder, ParaTemplatesFrom from)
{
    ParaEvalResult result;
    if (!evaluate(f, folder, from, &result))
        fail_msg("%s", f->error);
    f->note = result.note;
    return result;
}

static bool same_scores(const ParaEvalResult *a, const ParaEvalResult *b)
{
    return a->world_steps == b->world_steps &&
           memcmp(a->families[0].seconds, b->families[0].seconds, sizeof a->families[0].seconds) == 0 &&
           memcmp(a->families[0].solve, b->families[0].solve, sizeof a->families[0].solve) == 0;
}

static bool same_files(Fixture *f, const char *one, const char *other, const char *name)
{
    size_t a = 0, b = 0;
    const char *left = para_file_read(para_arena_printf(f->arena, "%s/checkpoints/%s", one, name),
                                      (size_t)64 << 20, f->arena, &a, &f->error);
    const char *right = para_file_read(para_arena_printf(f->arena, "%s/checkpoints/%s", other, name),
                                       (size_t)64 << 20, f->arena, &b, &f->error);
    assert_true(left && right);
    return a == b && memcmp(left, right, a) == 0;
}

/// Changes a run's database past our own code.
static void change(Fixture *f, const char *folder, const char *sql)
{
    sqlite3 *database = NULL;
    char *problem = NULL;
    assert_int_equal(sqlite3_open(para_arena_printf(f->arena, "%s/run.db", folder), &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, &problem) != SQLITE_OK)
        fail_msg("%s: %s", sql, problem);
    sqlite3_close(database);
}

static int64_t ask(const char *folder, const char *sql)
{
    sqlite3 *database = database_open(folder);
    int64_t answer = database_whole(database, sql);
    sqlite3_close(database);
    return answer;
}

static void expect(const char *text, const char *words)
{
    if (!text || !strstr(text, words))
        fail_msg("\"%s\" is not in: %s", words, text ? text : "(nothing)");
}

// ---------------------------------------------------------------- what is kept

static void test_run_keeps_its_templates_as_they_were_read(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf{\r\n\"paracosm\": 1, \"name\": \"odd\", \"about\": \"h\xc3\xbcgel\","
        " \"world\": {\"size\": [6, 6], \"seconds\": 1},\r\n"
        "\"bodies\": [{\"name\": \"ball\", \"shape\": {\"circle\": 0.3}, \"at\": [1, 2]}],"
        "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\","
        " \"channel\": 0, \"torque\": 4}]}, \"goal\": {\"time\": 0.5}}\r\n \n";
    Fixture *f = *state;
    const char *folder = in(f, "odd"), *note = NULL;
    const ParaFamiliesWish wish = {.count = 0};
    ParaFamilies families;
    f->families[0] = in(f, "odd.json");
    scratch_write(f->families[0], text, sizeof text - 1);
    train(f, folder, 1);
    ParaRun *run = para_run_open_read(folder, f->arena, &f->error);
    assert_true(para_run_families(run, &wish, f->arena, &families, &note, &f->error));
    assert_null(note);
    assert_int_equal(families.count, 2);
    assert_int_equal(families.texts[0].size, sizeof text - 1);
    assert_memory_equal(families.texts[0].text, text, sizeof text);
    assert_string_equal(families.names[0], "odd");
    assert_string_equal(families.texts[0].source, f->families[0]); // from the root
    assert_string_equal(families.texts[1].source, "rise");
    para_run_close(run);
    uint64_t hash = para_hash(text, sizeof text - 1, 0);
    assert_int_equal((uint64_t)ask(folder, "SELECT hash FROM templates WHERE name = 'odd'"), hash);
    assert_int_equal(ask(folder, "SELECT count(*) FROM templates JOIN families USING (family, name)"), 2);
    assert_int_equal(ask(folder, "SELECT count(*) FROM meta WHERE key IN ('made_by', 'written_by')"
                                 " AND value = '" PARA_VERSION "'"),
                     2);
}

static void test_run_moved_away_from_its_templates_goes_on_the_same(void **state)
{
    Fixture *f = *state;
    const char *away = in(f, "away"), *moved = in(f, "away/moved");
    ParaEvalResult before = score(f, f->run, PARA_TEMPLATES_RUN);
    train(f, in(f, "stays"), LESSONS / 2);
    train(f, in(f, "stays"), LESSONS);
    assert_true(para_folder_make(away, f->arena, &f->error));
    assert_int_equal(rename(f->run, moved), 0);
    remove_templates(f);
    setenv("PARACOSM_LIBRARY", in(f, "nowhere"), 1);
    ParaEvalResult after = score(f, moved, PARA_TEMPLATES_RUN);
    assert_true(same_scores(&before, &after));
    assert_null(f->note);
    train(f, moved, LESSONS);
    assert_null(f->note);
    assert_true(same_files(f, in(f, "stays"), moved, "lesson-000005.safetensors"));
    assert_true(same_files(f, in(f, "stays"), moved, "lesson-000005.state"));
}

// ---------------------------------------------------------------- templates that changed

static void test_run_tells_which_template_changed_and_keeps_to_its_own(void **state)
{
    Fixture *f = *state;
    ParaEvalResult before = score(f, f->run, PARA_TEMPLATES_RUN);
    assert_null(f->note);
    copy_template(f, "push", f->push, "\"seconds\": 1", "\"seconds\": 3");
    ParaEvalResult own = score(f, f->run, PARA_TEMPLATES_RUN);
    assert_true(same_scores(&before, &own));
    expect(f->note, para_arena_printf(f->arena, "changed on disk since the run took them in: %s;", f->push));
    expect(f->note, "--templates disk");
    ParaEvalResult disk = score(f, f->run, PARA_TEMPLATES_DISK);
    assert_false(same_scores(&before, &disk));
    assert_null(f->note);
    train(f, f->run, LESSONS);
    expect(f->note, f->push);
    assert_null(strstr(f->note, "new episodes")); // those under way go on
    train(f, in(f, "anew"), 1);
    assert_null(f->note); // the change is its own
    ParaEvalResult anew = score(f, in(f, "anew"), PARA_TEMPLATES_RUN);
    assert_int_equal(anew.families[0].levels, 6);
    // Of two the one that is gone cannot be had from disk, and it says so.
    assert_int_equal(unlink(f->push), 0);
    assert_false(evaluate(f, f->run, PARA_TEMPLATES_DISK, &disk));
    expect(f->error, f->push);
    expect(f->error, "--templates run");
}

static void test_run_that_goes_on_refuses_templates_of_the_disk(void **state)
{
    Fixture *f = *state;
    ParaTrainDef def = def_of(f, f->run, LESSONS);
    def.templates = PARA_TEMPLATES_DISK;
    assert_false(para_train(&def, NULL, NULL, f->arena, &f->error));
    expect(f->error, "train into another folder");
    def.folder = in(f, "new");
    assert_true(para_train(&def, NULL, NULL, f->arena, &f->error));
}

static void test_run_gives_families_by_name_path_or_from_the_library(void **state)
{
    Fixture *f = *state;
    const char *by_name[] = {"rise", "push", "other"}, *by_path[] = {"rise", f->push, "other"}, *note = NULL;
    const char *twice[] = {"push", f->push};
    static const char *const want[] = {"rise", "push", "wait"};
    copy_template(f, "push", f->push, "\"seconds\": 1", "\"seconds\": 3");
    copy_template(f, "wait", in(f, "library/other.json"), "{", "{");
    ParaFamilies own, disk;
    ParaRun *run = para_run_open_read(f->run, f->arena, &f->error);
    for (int way = 0; way < 2; way++) {
        ParaFamiliesWish wish = {way ? by_path : by_name, 3, PARA_TEMPLATES_RUN, NULL};
        assert_true(para_run_families(run, &wish, f->arena, &own, &note, &f->error));
        expect(note, f->push);
        wish.from = PARA_TEMPLATES_DISK;
        assert_true(para_run_families(run, &wish, f->arena, &disk, &note, &f->error));
        assert_null(note);
        for (int i = 0; i < 3; i++) {
            ParaPick pick = {.family = i, .seed = 3};
            float a = para_families_sample(&own, &pick, "", f->arena)->seconds,
                  b = para_families_sample(&disk, &pick, "", f->arena)->seconds;
            assert_string_equal(own.names[i], want[i]);
            assert_string_equal(disk.names[i], want[i]);
            assert_int_equal(a != b, i == 1);
        }
    }
    ParaFamiliesWish wish = {twice, 2, PARA_TEMPLATES_RUN, NULL}; // one and the same
    assert_false(para_run_families(run, &wish, f->arena, &own, &note, &f->error));
    expect(f->error, "is asked for twice");
    para_run_close(run);
}

/// A run on a tier draws inside it, remembers it when it goes on, and makes the levels of its reports again.
static void test_run_keeps_the_tier_it_is_trained_on(void **state)
{
    Fixture *f = *state;
    static const char ranges[] = "\"tiers\": {\"hard\": {\"%s\": [%s]}}, \"about\"";
    copy_template(f, "push", f->push, "\"about\"", para_arena_printf(f->arena, ranges, "distance", "1.9, 2"));
    copy_template(f, "rise", f->rise, "\"about\"",
                  para_arena_printf(f->arena, ranges, "height", "1, 1.1], \"weights\": [0, 0"));
    ParaFamilies whole, hard;
    assert_true(para_families_load(&whole, f->families, 2, f->arena, &f->error));
    hard = whole;
    assert_true(para_families_narrow(&hard, "hard", f->arena, &f->error));
    assert_int_equal(para_families_vector(&hard, 1, f->arena).size,
                     para_families_vector(&whole, 1, f->arena).size);
    ParaTrainDef def = def_of(f, in(f, "tier"), LESSONS / 2);
    def.tier = "hard";
    for (int part = 0; part < 2; part++) { // the second is asked for nothing: the run knows
        if (!para_train(&def, listen, f, f->arena, &f->error))
            fail_msg("%s", f->error);
        def.tier = NULL;
        def.lessons = LESSONS;
        if (part == 0)
            remove_templates(f);
    }
    ParaRun *run = para_run_open_read(def.folder, f->arena, &f->error);
    assert_string_equal(para_run_tier(run, f->arena), "hard");
    int made = 0;
    for (int64_t report = 1;; report++, made++) {
        const ParaLevel *level = para_run_report_level(run, report, f->arena, &f->error);
        if (!level)
            break;
        bool push = strcmp(level->family, "push") == 0;
        assert_true(level->params[0].value >= (push ? 1.9 : 1) && level->params[0].value <= (push ? 2 : 1.1));
    }
    expect(f->error, "no report");
    assert_true(made > 10);
    para_run_close(run);
    def.tier = "easy";
    def.lessons = LESSONS + 1;
    assert_true(para_train(&def, listen, f, f->arena, &f->error));
    expect(f->note, "the run keeps its own tier hard (not easy)");
    ParaEvalDef wish = para_eval_def_default();
    wish.run_folder = def.folder;
    wish.levels = wish.episodes = 2;
    wish.tier = "easy";
    ParaEvalResult result;
    assert_false(para_evaluate(&wish, NULL, NULL, f->arena, &result, &f->error));
    expect(f->error, "has no tier \"easy\"; it has hard");
    wish.tier = "hard";
    assert_true(para_evaluate(&wish, NULL, NULL, f->arena, &result, &f->error));
    def.folder = in(f, "none");
    put_templates(f);
    assert_false(para_train(&def, NULL, NULL, f->arena, &f->error));
    expect(f->error, "push has no tiers");
}

// ---------------------------------------------------------------- runs of before

static void test_run_of_layout_2_takes_its_templates_in(void **state)
{
    Fixture *f = *state;
    ParaEvalResult before = score(f, f->run, PARA_TEMPLATES_RUN);
    train(f, in(f, "young"), LESSONS / 2);
    train(f, in(f, "young"), LESSONS);
    change(f, f->run, age);
    ParaEvalResult read = score(f, f->run, PARA_TEMPLATES_RUN); // leaves it as it is
    assert_true(same_scores(&before, &read));
    expect(f->note, "keeps no template of ");
    assert_int_equal(ask(f->run, "PRAGMA user_version"), 2);
    train(f, f->run, LESSONS);
    expect(f->note, "it keeps these templates from now on: push, rise");
    assert_null(strstr(f->note, "do not make"));
    assert_int_equal(ask(f->run, "PRAGMA user_version"), PARA_RUN_VERSION);
    assert_true(same_files(f, in(f, "young"), f->run, "lesson-000005.safetensors"));
    remove_templates(f);
    score(f, f->run, PARA_TEMPLATES_RUN);
    assert_null(f->note);
}

static void test_run_of_layout_2_without_its_templates_says_which(void **state)
{
    Fixture *f = *state;
    ParaEvalResult result;
    change(f, f->run, age);
    assert_int_equal(unlink(f->push), 0);
    assert_false(evaluate(f, f->run, PARA_TEMPLATES_RUN, &result));
    expect(f->error, para_arena_printf(f->arena, "keeps no template of its family %s", f->push));
    assert_false(train_to(f, f->run, LESSONS));
    expect(f->error, "put it back");
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates WHERE name = 'rise'"), 1);
    ParaRun *run = para_run_open(f->run, NULL, f->arena, &f->error);
    expect(para_run_note(run), "cannot be taken in: ");
    expect(para_run_note(run), f->push);
    para_run_close(run);
    put_templates(f);
    train(f, f->run, LESSONS);
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates"), 2);
}

static void test_families_that_are_not_the_runs_are_told(void **state)
{
    Fixture *f = *state;
    const char *const asked[][2] = {{"rise", f->push}, {"rise", "push"}, {"rise", "drop"}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        for (int count = 1; count <= 2; count++) {
            ParaTrainDef def = def_of(f, f->run, LESSONS + 2 * (int)i + count);
            def.families = asked[i];
            def.family_count = count;
            f->note = f->error = NULL;
            if (!para_train(&def, listen, f, f->arena, &f->error))
                fail_msg("%s", f->error);
            if (count == 2 && i < 2)
                assert_null(f->note);
            else
                expect(f->note, "the run keeps its own families: push, rise; train into another folder");
        }
    }
}

// A look at a run does not bind it to a file that is not the one it was trained on.
static void test_run_of_layout_2_does_not_take_in_another_template(void **state)
{
    Fixture *f = *state;
    change(f, f->run, age);
    copy_template(f, "push", f->push, "\"seconds\": 1", "\"seconds\": 3");
    ParaRun *run = para_run_open(f->run, NULL, f->arena, &f->error);
    assert_non_null(run);
    expect(para_run_note(run), "do not make the levels it was trained on and are not taken in: push");
    assert_null(strstr(para_run_note(run), "push, rise"));
    para_run_close(run);
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates WHERE name = 'rise'"), 1);
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates"), 1);
    put_templates(f); // the one it was trained on is back
    train(f, f->run, LESSONS);
    expect(f->note, "it keeps these templates from now on: push");
    assert_null(strstr(f->note, "not taken in"));
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates"), 2);
}

static void test_run_of_layout_2_goes_on_with_another_template_if_it_is_trained_so(void **state)
{
    Fixture *f = *state;
    change(f, f->run, age);
    copy_template(f, "push", f->push, "\"seconds\": 1", "\"seconds\": 3");
    train(f, f->run, LESSONS);
    expect(f->note, "are not taken in: push");
    expect(f->note, "the file as it is now is used");
    train(f, f->run, LESSONS + 60); // by now its newest reports are of the file
    ParaRun *run = para_run_open(f->run, NULL, f->arena, &f->error);
    assert_non_null(run);
    para_run_close(run);
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates"), 2);
}

// ---------------------------------------------------------------- levels of reports

static void test_every_report_has_its_level(void **state)
{
    Fixture *f = *state;
    remove_templates(f);
    ParaRun *run = para_run_open_read(f->run, f->arena, &f->error);
    int64_t count = ask(f->run, "SELECT count(*) FROM reports");
    int of_push = 0;
    assert_true(count > 10);
    for (int64_t i = 1; i <= count; i++) {
        ParaReport report;
        ParaLevel *level = para_run_report_level(run, i, f->arena, &f->error);
        if (!level || !para_run_report(run, i, &report, NULL, &f->error))
            fail_msg("%s", f->error);
        assert_true(level->hash == report.level_hash && level->seed == report.level_seed);
        assert_string_equal(level->maker, "dr");
        assert_string_equal(level->family, report.family ? "rise" : "push");
        of_push += report.family == 0;
        // As its row says it.
        const char *row = para_arena_printf(
            f->arena,
            "SELECT count(*) FROM reports WHERE report = %d AND lesson = %d AND env = %d AND"
            " ending = '%s' AND solver = '%s' AND decisions = %d",
            (int)i, report.lesson, report.env, para_end_name(report.end), para_solver_name(report.solver),
            report.decisions);
        assert_int_equal(ask(f->run, row), 1);
    }
    assert_true(of_push > 0 && of_push < count);
    para_run_close(run);
}

static void test_report_whose_level_cannot_be_had_says_why(void **state)
{
    static const struct {
        const char *sql, *words;
        int report;
    } rows[] = {
        {"SELECT 1", "has no report 0; its reports are 1 to ", 0},
        {"SELECT 1", "has no report 100000; its reports are 1 to ", 100000},
        {"UPDATE reports SET level_hash = 255 WHERE report = 2", "does not come out as 00000000000000ff", 2},
        {"UPDATE reports SET level_seed = level_seed + 1 WHERE report = 2", "does not come out", 2},
        {"UPDATE reports SET family = 7 WHERE report = 3", "report 3 in ", 3},
        {"UPDATE reports SET family = -1 WHERE report = 3", "is damaged", 3},
        {"UPDATE reports SET ending = 'won' WHERE report = 4", "report 4 in ", 4},
        {"UPDATE reports SET ending = x'00' WHERE report = 4", "is damaged", 4},
        {"UPDATE reports SET solver = 'none' WHERE report = 4", "is damaged", 4},
        {"UPDATE templates SET text = text || ' '", "does not match its hash", 1},
        {"DELETE FROM reports", "has no reports yet", 1},
        {"DROP TABLE reports", "no such table: reports", 1},
    };
    Fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        change(f, f->run, rows[i].sql);
        ParaRun *run = para_run_open_read(f->run, f->arena, &f->error);
        assert_null(para_run_report_level(run, rows[i].report, f->arena, &f->error));
        expect(f->error, rows[i].words);
        para_run_close(run);
    }
}

// ---------------------------------------------------------------- damage

/// Puts a text in place of a template's, with a hash that is right for it.
static void put_text(Fixture *f, const char *text)
{
    char *sql = sqlite3_mprintf("UPDATE templates SET text = %Q, hash = %lld WHERE family = 0", text,
                                (long long)para_hash(text, strlen(text), 0));
    change(f, f->run, sql);
    sqlite3_free(sql);
}

/// Training and scoring are both refused with these words.
static void refuse(Fixture *f, const char *words)
{
    ParaEvalResult result;
    assert_false(evaluate(f, f->run, PARA_TEMPLATES_RUN, &result));
    expect(f->error, words);
    assert_false(train_to(f, f->run, LESSONS));
    expect(f->error, words);
}

static void test_damaged_templates_are_refused_with_what_to_do(void **state)
{
    static const char keep[] = "CREATE TABLE good AS SELECT * FROM templates";
    static const char restore[] = "DELETE FROM templates; INSERT INTO templates SELECT * FROM good";
    static const struct {
        const char *sql, *words;
    } rows[] = {
        {"UPDATE templates SET text = replace(text, '1', '2')", "its text does not match its hash"},
        {"UPDATE templates SET text = substr(text, 1, 40)", "template of family 0 in "},
        {"UPDATE templates SET text = ''", "its text does not match its hash"},
        {"UPDATE templates SET text = 12.5", "its text does not match its hash"},
        {"UPDATE templates SET text = zeroblob(3)", "its text does not match its hash"},
        {"UPDATE templates SET text = hex(zeroblob(600000))", "it is too large"},
        {"UPDATE templates SET source = hex(zeroblob(600000))", "it is too large"},
        {"UPDATE templates SET hash = 'none'", "put back run.db from a backup (eval and play can take the "
                                               "files as they are now: --templates disk)"},
    };
    Fixture *f = *state;
    change(f, f->run, keep);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ParaEvalResult result;
        change(f, f->run, rows[i].sql);
        refuse(f, rows[i].words);
        if (!evaluate(f, f->run, PARA_TEMPLATES_DISK, &result)) // what it says may be done can be done
            fail_msg("%s", f->error);
        change(f, f->run, restore);
    }
    train(f, f->run, LESSONS); // nothing was lost
}

static void test_templates_that_do_not_load_are_named(void **state)
{
    Fixture *f = *state;
    put_text(f, "{\"paracosm\": 1,");
    refuse(f, "run.db, template 0:1:15: error: this is not JSON");
    put_text(f, "");
    refuse(f, "run.db, template 0");
    put_text(f, "{\"paracosm\": 1, \"name\": \"push\"}");
    refuse(f, "template 0:1:1: error: ");
}

static void test_template_that_is_missing_is_taken_in_or_named(void **state)
{
    Fixture *f = *state;
    change(f, f->run, "CREATE TABLE good AS SELECT * FROM templates");
    change(f, f->run, "DELETE FROM templates WHERE family = 0");
    score(f, f->run, PARA_TEMPLATES_RUN);
    expect(f->note, "keeps no template of ");
    train(f, f->run, LESSONS);
    assert_int_equal(ask(f->run, "SELECT count(*) FROM templates NATURAL JOIN good"), 2);
    change(f, f->run, "UPDATE templates SET family = -3 WHERE family = 0");
    remove_templates(f);
    refuse(f, "keeps no template of its family ");
    change(f, f->run, "DROP TABLE templates");
    refuse(f, "no such table: templates");
}

static void test_config_without_families_is_refused(void **state)
{
    static const char *const families[] = {"[]", "null", "7", "{}"};
    Fixture *f = *state;
    for (int i = 0; i < 4; i++) {
        change(f, f->run,
               para_arena_printf(f->arena,
                                 "UPDATE meta SET value = json_set(value, '$.families', json('%s'))"
                                 " WHERE key = 'config'",
                                 families[i]));
        refuse(f, "names no families; put back the config");
    }
    // What the names were does not matter: the templates are there.
    change(f, f->run,
           "UPDATE meta SET value = json_set(value, '$.families', json('[1, null]'))"
           " WHERE key = 'config'");
    train(f, f->run, LESSONS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_self_contained[] = {
    TEST(test_run_keeps_its_templates_as_they_were_read),
    TEST(test_run_moved_away_from_its_templates_goes_on_the_same),
    TEST(test_run_tells_which_template_changed_and_keeps_to_its_own),
    TEST(test_run_that_goes_on_refuses_templates_of_the_disk),
    TEST(test_run_gives_families_by_name_path_or_from_the_library),
    TEST(test_run_keeps_the_tier_it_is_trained_on),
    TEST(test_run_of_layout_2_takes_its_templates_in),
    TEST(test_run_of_layout_2_without_its_templates_says_which),
    TEST(test_families_that_are_not_the_runs_are_told),
    TEST(test_run_of_layout_2_does_not_take_in_another_template),
    TEST(test_run_of_layout_2_goes_on_with_another_template_if_it_is_trained_so),
    TEST(test_every_report_has_its_level),
    TEST(test_report_whose_level_cannot_be_had_says_why),
    TEST(test_damaged_templates_are_refused_with_what_to_do),
    TEST(test_templates_that_do_not_load_are_named),
    TEST(test_template_that_is_missing_is_taken_in_or_named),
    TEST(test_config_without_families_is_refused),
};
const size_t para_tests_self_contained_count =
    sizeof para_tests_self_contained / sizeof *para_tests_self_contained;
