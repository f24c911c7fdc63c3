// SPDX-License-Identifier: MIT
// How wide text is on a terminal, and carets below it.
#include "engine/base/cells.h"

#include "engine/base/diag.h"
#include "tests/tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_cells_of_letters(void **state)
{
    static const struct {
        const char *text;
        int cells;
    } rows[] = {{"", 0},
                {"gap", 3},
                {"H\xc3\xbcgel", 5},
                {"\xe4\xb8\x98\xe9\x99\xb5", 4},             // two of Han
                {"e\xcc\x81", 1},                            // an accent set over its letter
                {"\xed\x95\x9c", 2},                         // Hangul
                {"\xf0\x9f\x9a\x80", 2},                     // a rocket
                {"\xe2\x96\x80\xe2\x80\xa6\xe2\x86\x92", 3}, // half block, ellipsis, arrow
                {"\xff\xe4", 2}};                            // bytes that are none
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(para_cells(rows[i].text, rows[i].text + strlen(rows[i].text)), rows[i].cells);
}

static void test_cells_cut_whole_letters(void **state)
{
    const char *text = "a\xe4\xb8\x98\xe9\x99\xb5";
    (void)state;
    assert_int_equal(para_cells_cut(text, 0), 0);
    assert_int_equal(para_cells_cut(text, 2), 1);
    assert_int_equal(para_cells_cut(text, 3), 4);
    assert_int_equal(para_cells_cut(text, 4), 4);
    assert_int_equal(para_cells_cut(text, 9), 7);
    assert_int_equal(para_cells_cut("e\xcc\x81z", 1), 3);
}

/// The caret stands below its column, whatever letters are before it.
static void test_cells_place_the_caret_of_a_problem(void **state)
{
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    const char *source = "\"\xe4\xb8\x98\xe9\x99\xb5\": 1,}";
    (void)state;
    ParaDiagList list = para_diag_list(arena, "t", source);
    ParaDiag *item = para_diag_add(&list, PARA_DIAG_ERROR, "P002", "", "a slip");
    item->offset = 11; // the comma
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    para_diag_print(&list, out);
    fclose(out);
    assert_non_null(strstr(text, "\n       |          ^\n"));
    free(text);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_cells[] = {
    cmocka_unit_test(test_cells_of_letters),
    cmocka_unit_test(test_cells_cut_whole_letters),
    cmocka_unit_test(test_cells_place_the_caret_of_a_problem),
};
const size_t para_tests_cells_count = sizeof para_tests_cells / sizeof *para_tests_cells;
