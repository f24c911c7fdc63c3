// SPDX-License-Identifier: MIT
// The document: edits by place change what they name and nothing else, whatever was done is undone to the
// last byte, and a rename reaches every reference. Random edits run over every family, starter and recipe.
#include "engine/base/file.h"
#include "engine/base/rng.h"
#include "tests/tests.h"
#include "worlds/document/document.h"
#include "worlds/document/document_fields.h"
#include "worlds/library.h"

#include <stdio.h>
#include <string.h>

static const char level[] =
    "{\n"
    "  \"paracosm\": 1, \"name\": \"x\", \"note\": \"kept  as it is\",\n"
    "  \"bodies\": [\n"
    "    {\"name\": \"crate\", \"at\": [ 1.50,  2], \"shape\": {\"box\": [1, 1]}},\n"
    "    {\"name\": \"ball\", \"repeat\": 2, \"at\": [\"3 + i\", 2], \"shape\": {\"circle\": 0.3}}\n"
    "  ],\n"
    "  \"zones\": [],\n"
    "  \"player\": {\"body\": \"crate\"},\n"
    "  \"goal\": {\"all\": [{\"touch\": [\"crate\", \"ball1\"]}, {\"is\": \"x(crate) > "
    "max(crate2, 1)\"}]}\n"
    "}\n";

static ParaDocument *open_level(void)
{
    ParaDocument *d = para_document_create(level, sizeof level - 1);
    assert_non_null(d);
    assert_string_equal(para_document_broken(d, NULL), "");
    return d;
}

static bool has(const ParaDocument *d, const char *words)
{
    return strstr(para_document_text(d, NULL), words);
}

static void test_document_changes_only_what_is_named(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    const char *error = "";
    double at[2] = {4.25, 2}, number;
    char text[64];
    assert_true(para_document_set_numbers(d, "/bodies/0/at", at, 2, &error));
    assert_true(has(d, "\"at\": [4.25, 2], \"shape\""));
    assert_true(has(d, "\"note\": \"kept  as it is\",\n"));
    assert_true(para_document_number(d, "/bodies/0/at/0", &number) && number == 4.25);
    assert_false(para_document_number(d, "/bodies/1/at/0", &number)); // an expression
    assert_true(para_document_set(d, "/bodies/0/static", "true", &error));
    assert_true(has(d, "\"shape\": {\"box\": [1, 1]}, \"static\": true},\n"));
    assert_true(para_document_insert(d, "/bodies/-", "{\"name\": \"last\"}", &error));
    assert_true(has(d, "0.3}},\n    {\"name\": \"last\"}\n  ],"));
    assert_true(para_document_insert(d, "/zones/-", "{\"name\": \"z\"}", &error));
    assert_true(has(d, "\"zones\": [\n    {\"name\": \"z\"}\n  ],"));
    assert_true(
        para_document_insert(d, "/joints/-", "{\"name\": \"j\"}", &error)); // a list that was not there
    assert_true(para_document_read(d, "/joints/0/name", text, sizeof text));
    assert_string_equal(text, "j");
    assert_true(para_document_move(d, "/bodies/2", 0, &error));
    assert_true(para_document_read(d, "/bodies/0/name", text, sizeof text));
    assert_string_equal(text, "last");
    assert_true(para_document_remove(d, "/bodies/0", &error));
    assert_true(para_document_remove(d, "/bodies/0/static", &error));
    assert_true(para_document_remove(d, "/zones/0", &error));
    assert_true(para_document_path_at(
        d, (size_t)(strstr(para_document_text(d, NULL), "4.25") - para_document_text(d, NULL)), text,
        sizeof text));
    assert_string_equal(text, "/bodies/0/at/0");
    para_document_destroy(d);
}

static void test_document_tells_what_expressions_come_to(void **state)
{
    (void)state;
    static const char text[] =
        "{\"let\": {\"half\": \"gap / 2\", \"more\": \"half + 1\", \"drawn\": {\"uniform\": "
        "[0, 1]}, \"below\": 3}, \"bodies\": []}";
    const char *const names[] = {"gap", "way"};
    const double values[] = {3, 10};
    double value = 0;
    ParaDocument *d = para_document_create(text, sizeof text - 1);
    assert_true(para_document_value(d, "way - more", names, values, 2, &value) && value == 7.5);
    static const char *const none[] = {"drawn",     "below",   "i + 1", "uniform(0, 1)", "way /",
                                       "ground(2)", "way / 0", "crate", "[1, 2]",        ""};
    for (size_t k = 0; k < sizeof none / sizeof *none; k++)
        assert_false(para_document_value(d, none[k], names, values, 2, &value));
    para_document_destroy(d);
}

/// Places are JSON Pointers (RFC 6901): an index has no 0 in front, and ~ stands only in ~0 and ~1.
static void test_document_refuses_places_that_are_none(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    const char *error = "";
    char text[64];
    ParaDocumentValue value;
    static const char *const none[] = {"/bodies/01",      "/bodies/+1", "/bodies/ 1", "/bodies/00",
                                       "/bodies/",        "bodies",     "/bodies/1x", "/bodies/0/na~2me",
                                       "/bodies/0/name~", "/a~"};
    for (size_t k = 0; k < sizeof none / sizeof *none; k++) {
        assert_false(para_document_find(d, none[k], &value));
        assert_false(para_document_insert(d, none[k], "{}", &error));
        assert_false(para_document_remove(d, none[k], &error));
    }
    assert_false(para_document_set(d, "/a~2", "1", &error));
    assert_false(para_document_set(d, "/a~", "1", &error));
    assert_string_equal(para_document_text(d, NULL), level);
    assert_int_equal(para_document_steps(d), 0);
    assert_true(para_document_set(d, "/a~1b~0c", "\"\\ud83d\\ude00\"", &error));
    assert_true(has(d, "\"a/b~c\": \"\\ud83d\\ude00\""));
    assert_true(para_document_read(d, "/a~1b~0c", text, sizeof text));
    assert_string_equal(text, "\xf0\x9f\x98\x80"); // two units of UTF-16, one letter
    para_document_destroy(d);
}

static void test_document_refuses_with_words(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    const char *error = "";
    assert_false(para_document_set(d, "/bodies/7/at", "[0, 0]", &error));
    assert_string_equal(error, "there is no /bodies/7/at");
    assert_false(para_document_set(d, "/bodies/0/at", "[0, 0", &error));
    assert_false(para_document_insert(d, "/bodies/9", "{}", &error));
    assert_false(para_document_insert(d, "/player/0", "{}", &error));
    assert_false(para_document_remove(d, "", &error));
    assert_false(para_document_move(d, "/bodies/0", 2, &error));
    assert_false(para_document_rename(d, "/bodies/0", "ball", &error));
    assert_string_equal(error, "something is called ball already");
    assert_false(para_document_rename(d, "/bodies/0", "2 crates", &error));
    assert_false(para_document_dirty(d));
    assert_int_equal(para_document_steps(d), 0);
    assert_true(para_document_set_text(d, "{\"a\": [", 7, &error)); // as somebody types
    assert_true(*para_document_broken(d, NULL));
    assert_false(para_document_set(d, "/a", "1", &error));
    assert_non_null(strstr(error, "mend the text first"));
    assert_true(para_document_undo(d));
    assert_string_equal(para_document_text(d, NULL), level);
    para_document_destroy(d);
}

static void test_document_follows_a_rename(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    const char *error = "";
    assert_true(para_document_rename(d, "/bodies/0", "box-2", &error));
    assert_true(has(d, "\"player\": {\"body\": \"box-2\"}"));
    assert_true(has(d, "\"touch\": [\"box-2\", \"ball1\"]"));
    assert_true(has(d, "\"x(box-2) > max(crate2, 1)\"")); // a number that is called alike stays
    assert_true(para_document_rename(d, "/bodies/1", "dot", &error));
    assert_true(has(d, "\"touch\": [\"box-2\", \"dot1\"]")); // a copy of a repeated body
    assert_int_equal(para_document_steps(d), 2);
    while (para_document_undo(d))
        ;
    assert_string_equal(para_document_text(d, NULL), level);
    para_document_destroy(d);
}

static void test_document_renames_a_part(void **state)
{
    (void)state;
    static const char text[] =
        "{\"include\": [{\"part\": \"runner\", \"as\": \"hero\"}], \"player\": {\"part\": \"hero\"},"
        " \"goal\": {\"inside\": [\"hero-body\", \"heroic\"]}}";
    ParaDocument *d = para_document_create(text, sizeof text - 1);
    const char *error = "";
    assert_true(para_document_rename(d, "/include/0", "me", &error));
    assert_string_equal(para_document_text(d, NULL),
                        "{\"include\": [{\"part\": \"runner\", \"as\": \"me\"}], \"player\": {\"part\": "
                        "\"me\"}, \"goal\": {\"inside\": [\"me-body\", \"heroic\"]}}");
    para_document_destroy(d);
}

static void test_document_makes_copies_with_names_of_their_own(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    const char *error = "";
    char path[64], text[64];
    assert_true(para_document_duplicate(d, "/bodies/0", path, sizeof path, &error));
    assert_string_equal(path, "/bodies/1");
    assert_true(para_document_read(d, "/bodies/1/name", text, sizeof text));
    assert_string_equal(text, "crate2");
    assert_true(para_document_read(d, "/bodies/1/at", text, sizeof text));
    assert_string_equal(text, "[ 1.50,  2]"); // as its author wrote it
    assert_int_equal(para_document_steps(d), 1);
    para_document_destroy(d);
}

static void test_document_keeps_a_drag_as_one_small_step(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    const char *error = "";
    size_t before = para_document_memory(d);
    para_document_begin(d, "move crate");
    for (int k = 0; k < 10000; k++) {
        double at[2] = {k / 100.0, 2};
        assert_true(para_document_set_numbers(d, "/bodies/0/at", at, 2, &error));
    }
    para_document_end(d);
    assert_int_equal(para_document_steps(d), 1);
    assert_true(para_document_memory(d) - before < 400);
    assert_string_equal(para_document_undo_label(d), "move crate");
    assert_true(para_document_undo(d));
    assert_string_equal(para_document_text(d, NULL), level);
    assert_false(para_document_dirty(d));
    assert_true(para_document_redo(d));
    assert_true(has(d, "[99.99, 2]"));
    para_document_begin(d, "thought better of");
    assert_true(para_document_remove(d, "/bodies/0", &error));
    para_document_take_back(d);
    para_document_end(d);
    assert_int_equal(para_document_steps(d), 1);
    assert_true(has(d, "[99.99, 2]"));
    para_document_destroy(d);
}

static void test_document_tells_fields_from_the_table(void **state)
{
    (void)state;
    ParaDocument *d = open_level();
    ParaDocumentField fields[PARA_DOCUMENT_FIELDS_MAX];
    char names[8][64];
    int count = para_document_fields(d, "/bodies/0", fields), seen = 0;
    assert_string_equal(para_document_kind(d, "/bodies/0"), "body");
    for (int k = 0; k < count; k++) {
        if (strcmp(fields[k].name, "angle") == 0) {
            assert_string_equal(fields[k].unit, "rad");
            assert_string_equal(fields[k].otherwise, "0");
            assert_false(fields[k].given);
            seen++;
        }
        if (strcmp(fields[k].name, "role") == 0)
            seen += fields[k].kind == PARA_ASK_WORD && fields[k].word_count > 2;
        if (strcmp(fields[k].name, "at") == 0)
            seen += fields[k].kind == PARA_ASK_PAIR && fields[k].given;
    }
    assert_int_equal(seen, 3);
    count = para_document_fields(d, "/bodies/0/shape", fields);
    for (int k = 0; k < count; k++) // a box has no half thickness of a line
        assert_string_not_equal(fields[k].name, "radius");
    assert_int_equal(para_document_fields(d, "/bodies", fields), 0);
    assert_int_equal(para_document_names(d, 1, names, 8), 2);
    para_document_destroy(d);
}

/// A random place of the text.
static bool draw_path(ParaRng *rng, const ParaDocument *d, char *path, size_t size)
{
    size_t length;
    para_document_text(d, &length);
    return para_document_path_at(d, (size_t)para_rng_int(rng, 0, (int64_t)length - 1), path, size);
}

static void shake(const char *text, size_t size, uint64_t seed)
{
    ParaDocument *d = para_document_create(text, size);
    ParaRng rng = para_rng_make(seed, "document");
    char path[PARA_DOCUMENT_PATH_MAX], copy[PARA_DOCUMENT_PATH_MAX], name[64];
    const char *error;
    assert_non_null(d);
    for (int k = 0; k < 60; k++) {
        if (!draw_path(&rng, d, path, sizeof path))
            continue;
        switch (para_rng_int(&rng, 0, 5)) {
        case 0:
            para_document_set(d, path, "{\"new\": [1, 2]}", &error);
            break;
        case 1:
            para_document_remove(d, path, &error);
            break;
        case 2:
            para_document_duplicate(d, path, copy, sizeof copy, &error);
            break;
        case 3:
            para_document_move(d, path, (int)para_rng_int(&rng, 0, 2), &error);
            break;
        case 4:
            para_document_free_name(d, "thing", name, sizeof name);
            para_document_rename(d, path, name, &error);
            break;
        default:
            snprintf(copy, sizeof copy, "%.200s/-", path);
            para_document_insert(d, copy, "\"a \\\" b\"", &error);
        }
        if (*para_document_broken(d, NULL))
            fail_msg("%s: %s", path, para_document_broken(d, NULL));
    }
    size_t length;
    char *last = NULL;
    const char *now = para_document_text(d, &length);
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 26);
    last = para_arena_printf(arena, "%s", now);
    int undone = 0;
    while (para_document_undo(d))
        undone++;
    now = para_document_text(d, &length);
    assert_int_equal(length, size);
    assert_memory_equal(now, text, size);
    assert_true(undone > 0);
    while (para_document_redo(d))
        ;
    assert_string_equal(para_document_text(d, NULL), last);
    para_arena_destroy(arena);
    para_document_destroy(d);
}

static void test_document_undoes_whatever_was_done(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    ParaLibraryFamily *families;
    int count = para_library_families(arena, &families);
    assert_true(count > 50);
    for (int k = 0; k < count; k++) {
        size_t size;
        const char *error,
            *text = para_file_read(families[k].path, PARA_TEMPLATE_SIZE_MAX, arena, &size, &error);
        assert_non_null(text);
        shake(text, size, (uint64_t)k);
    }
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_document[] = {
    cmocka_unit_test(test_document_changes_only_what_is_named),
    cmocka_unit_test(test_document_tells_what_expressions_come_to),
    cmocka_unit_test(test_document_refuses_places_that_are_none),
    cmocka_unit_test(test_document_refuses_with_words),
    cmocka_unit_test(test_document_follows_a_rename),
    cmocka_unit_test(test_document_renames_a_part),
    cmocka_unit_test(test_document_makes_copies_with_names_of_their_own),
    cmocka_unit_test(test_document_keeps_a_drag_as_one_small_step),
    cmocka_unit_test(test_document_tells_fields_from_the_table),
    cmocka_unit_test(test_document_undoes_whatever_was_done)};
const size_t para_tests_document_count = sizeof para_tests_document / sizeof *para_tests_document;
