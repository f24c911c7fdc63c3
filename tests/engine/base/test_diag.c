// SPDX-License-Identifier: MIT
// Diagnostics: what is printed, in which order, and what hostile input cannot do.
#include "engine/base/diag.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What para_diag_print writes, in the arena.
static char *printed(const ParaDiagList *list)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    para_diag_print(list, out);
    fclose(out);
    char *copy = para_arena_strdup(list->arena, text);
    free(text);
    return copy;
}

static int open_arena(void **state)
{
    *state = para_arena_create(4096, 16 << 20);
    return *state ? 0 : -1;
}

static int close_arena(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

static void test_diag_prints_like_a_compiler(void **state)
{
    const char *text = "{\n  \"radius\": -0.5\n}\n";
    ParaDiagList list = para_diag_list(*state, "bad.json", text);
    ParaDiag *item = para_diag_add(&list, PARA_DIAG_ERROR, "P012", "/bodies/2/radius",
                                   "must be %g to %d m; got %g", 0.01, 100, -0.5);
    item->line = 2, item->column = 13;
    assert_string_equal(printed(&list),
                        "bad.json:2:13: error: /bodies/2/radius: must be 0.01 to 100 m; got -0.5\n"
                        "     2 |   \"radius\": -0.5\n"
                        "       |             ^\n");
    assert_int_equal(list.error_count, 1);
}

static void test_diag_finds_line_and_column_of_an_offset(void **state)
{
    const char *text = "one\ntwo three";
    ParaDiagList list = para_diag_list(*state, "a", text);
    para_diag_add(&list, PARA_DIAG_WARNING, "W1", "", "odd")->offset = 8;
    assert_string_equal(printed(&list), "a:2:5: warning: odd\n     2 | two three\n       |     ^\n");
    assert_int_equal(list.error_count, 0);
    list.items[0].offset = 100000; // past the end of the text
    assert_string_equal(printed(&list), "a:2:10: warning: odd\n     2 | two three\n       |          ^\n");
}

static void test_diag_prints_in_order_of_place(void **state)
{
    ParaDiagList list = para_diag_list(*state, "f", NULL);
    const int places[] = {5, 0, 2, 5, 3};
    for (int i = 0; i < 5; i++) {
        ParaDiag *item = para_diag_add(&list, PARA_DIAG_ERROR, "E", "", "number %d", i);
        item->line = places[i], item->column = places[i] ? 1 : 0;
    }
    assert_string_equal(printed(&list), "f: error: number 1\nf:2:1: error: number 2\nf:3:1: error: number 4\n"
                                        "f:5:1: error: number 0\nf:5:1: error: number 3\n");
}

static void test_diag_counts_what_it_does_not_keep(void **state)
{
    ParaDiagList list = para_diag_list(*state, "f", NULL);
    list.limit = 3;
    size_t used = 0;
    for (int i = 0; i < 1000; i++) {
        ParaDiag *item =
            para_diag_add(&list, i % 2 ? PARA_DIAG_WARNING : PARA_DIAG_ERROR, "E", "/p", "n %d", i);
        assert_non_null(item);
        item->line = 1; // callers may refine what is dropped, too
        if (i == 10)
            used = para_arena_used(list.arena);
    }
    assert_int_equal(para_arena_used(list.arena), used); // a flood costs nothing
    assert_int_equal(list.count, 3);
    assert_int_equal(list.dropped, 997);
    assert_int_equal(list.error_count, 500);
    assert_non_null(strstr(printed(&list), "f: note: 997 more not shown\n"));
}

static void test_diag_keeps_terminals_safe(void **state)
{
    const char *text = "\"\033[2Jx\"";
    ParaDiagList list = para_diag_list(*state, "a\033b", text);
    para_diag_add(&list, PARA_DIAG_ERROR, "E", "/\033[31m", "bell \a in %s", "\r\n\033]0;x")->offset = 1;
    char *out = printed(&list);
    for (char *c = out; *c; c++)
        assert_true(*c == '\n' || ((unsigned char)*c >= 32 && *c != 127));
    assert_non_null(strstr(out, "a?b:1:2: error: /?[31m: bell ? in ??"));
}

static void test_diag_shows_a_long_line_in_part(void **state)
{
    ParaArena *arena = *state;
    char *text = para_arena_alloc(arena, 100001);
    memset(text, 'x', 100000);
    text[50000] = '!';
    ParaDiagList list = para_diag_list(arena, "f", text);
    para_diag_add(&list, PARA_DIAG_ERROR, "E", "", "here")->offset = 50000;
    char *out = printed(&list);
    assert_true(strlen(out) < 400);
    char *source = strstr(out, " | ") + 3, *caret = strchr(strchr(source, '\n'), '|') + 2;
    assert_int_equal(source[strcspn(caret, "^")], '!'); // the caret stands under the place
}

static void test_diag_puts_the_caret_under_characters_not_bytes(void **state)
{
    ParaDiagList list = para_diag_list(*state, "f", "\"\xc3\xa4\xc3\xb6\": 1");
    para_diag_add(&list, PARA_DIAG_ERROR, "E", "", "here")->offset = 8;
    assert_non_null(strstr(printed(&list), "       |       ^\n"));
}

static void test_diag_cuts_a_long_message(void **state)
{
    ParaArena *arena = *state;
    char *word = para_arena_alloc(arena, 5001);
    memset(word, 'y', 5000);
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const ParaDiag *item = para_diag_add(&list, PARA_DIAG_ERROR, NULL, NULL, "unknown \"%s\"", word);
    assert_int_equal(strlen(item->message), 1023);
    assert_string_equal(item->message + 1020, "...");
    assert_int_equal(strncmp(printed(&list), "<input>: error: unknown", 23), 0);
}

static void test_closest_word_forgives_slips_and_no_more(void **state)
{
    (void)state;
    const char *words[] = {"friction", "radius", "restitution", "at", "angle"};
    assert_string_equal(para_closest_word("fritcion", words, 5), "friction");
    assert_string_equal(para_closest_word("radus", words, 5), "radius");
    assert_string_equal(para_closest_word("resttuton", words, 5), "restitution");
    assert_string_equal(para_closest_word("ta", words, 5), "at");
    assert_string_equal(para_closest_word("angle", words, 5), "angle");
    assert_null(para_closest_word("gravity", words, 5));
    assert_null(para_closest_word("fric", words, 5));
    assert_null(para_closest_word("angle", words, 0));
    char endless[1000];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(para_closest_word(endless, words, 5));
    const char *long_words[] = {endless};
    assert_null(para_closest_word("aaaa", long_words, 1));
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)
const struct CMUnitTest para_tests_diag[] = {
    WITH_ARENA(test_diag_prints_like_a_compiler),
    WITH_ARENA(test_diag_finds_line_and_column_of_an_offset),
    WITH_ARENA(test_diag_prints_in_order_of_place),
    WITH_ARENA(test_diag_counts_what_it_does_not_keep),
    WITH_ARENA(test_diag_keeps_terminals_safe),
    WITH_ARENA(test_diag_shows_a_long_line_in_part),
    WITH_ARENA(test_diag_puts_the_caret_under_characters_not_bytes),
    WITH_ARENA(test_diag_cuts_a_long_message),
    cmocka_unit_test(test_closest_word_forgives_slips_and_no_more),
};
const size_t para_tests_diag_count = sizeof para_tests_diag / sizeof *para_tests_diag;
