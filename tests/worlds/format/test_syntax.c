// SPDX-License-Identifier: MIT
// Every slip in JSON is named, at its place; what the standard allows passes, and cJSON reads it.
#include "tests/tests.h"

#include "worlds/format/locate.h"
#include "worlds/format/syntax.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

/// One text and what is said of it.
typedef struct Row {
    const char *text, *part; ///< part of the message; NULL: nothing is said
    int line, column;
} Row;

static const Row rows[] = {
    // Numbers.
    {"{\"a\": 01}", "no zeros before its first digit", 1, 7},
    {"{\"a\": -007}", "no zeros before its first digit", 1, 7},
    {"{\"a\": 5.}", "a digit must follow the decimal point", 1, 7},
    {"{\"a\": 5.e3}", "a digit must follow the decimal point", 1, 7},
    {"{\"a\": .5}", "a number begins with a digit", 1, 7},
    {"{\"a\": -.5}", "a number begins with a digit", 1, 7},
    {"{\"a\": +1}", "no plus before it", 1, 7},
    {"{\"a\": --1}", "a digit must follow the minus", 1, 7},
    {"{\"a\": 1e}", "a digit must follow the e", 1, 7},
    {"{\"a\": 1e+}", "a digit must follow the e", 1, 7},
    {"{\"a\": 0x1F}", "hexadecimal is not allowed", 1, 7},
    {"{\"a\": 1_000}", "stand together", 1, 8},
    {"{\"a\": 1.2.3}", "one decimal point", 1, 10},
    {"{\"a\": 2 * 3}", "a comma is missing", 1, 9},
    {"{\"a\": 2m}", "a number ends here", 1, 8},
    {"{\"a\": NaN}", "NaN is no number", 1, 7},
    {"{\"a\": Infinity}", "Infinity is no number", 1, 7},
    {"{\"a\": -Infinity}", "infinity is no number", 1, 7},
    {"{\"a\": 1234567890123456789012345678901234567890123456789012345678901234}", "at most 63 characters", 1,
     7},
    // Commas and brackets.
    {"[1, 2,]", "a comma before ] is not allowed", 1, 6},
    {"[1, 2,\n]", "a comma before ] is not allowed", 1, 6},
    {"{\"a\": 1,\n}", "a comma before } is not allowed", 1, 8},
    {"[,1]", "a value is missing before this comma", 1, 2},
    {"[1,,2]", "two commas in a row", 1, 4},
    {"{,\"a\": 1}", "a key is missing", 1, 2},
    {"[1 2]", "a comma is missing before this", 1, 4},
    {"{\"a\": 1 \"b\": 2}", "a comma is missing before this", 1, 9},
    {"{\"a\": 1; \"b\": 2}", "parted by commas", 1, 8},
    {"{\"a\" 1}", "a colon is missing", 1, 6},
    {"{\"a\" = 1}", "a colon stands between", 1, 6},
    {"{\"a\"}", "has no value", 1, 5},
    {"{\"a\":}", "a value is missing", 1, 6},
    {"[\"a\": 1]", "a list has no keys", 1, 5},
    {"{\"a\": [1, 2}", "} does not close the [ of line 1", 1, 12},
    {"{\n\"a\": [1, 2]", "the { of line 1 is not closed", 2, 11},
    {"{\"a\": 1}}", "} closes nothing", 1, 9},
    {"{\"a\": 1} {\"b\": 2}", "goes on behind its end", 1, 10},
    {"", "the text is empty", 1, 1},
    {" \n ", "the text is empty", 1, 1},
    // Texts and words.
    {"{'a': 1}", "double quotes", 1, 2},
    {"{\"a\": 'b'}", "double quotes", 1, 7},
    {"{\"a\": \xe2\x80\x9c"
     "b\xe2\x80\x9d}",
     "straight double quotes", 1, 7},
    {"{a: 1}", "keys are written in double quotes: \"a\"", 1, 2},
    {"{\"a\": True}", "written true, false or null", 1, 7},
    {"{\"a\": None}", "written true, false or null", 1, 7},
    {"{\"a\": gap}", "written in double quotes: \"gap\"", 1, 7},
    {"{\"a\": \"b", "has no closing quote", 1, 7},
    {"{\"a\": \"b\nc\"}", "line breaks and tabs", 1, 9},
    {"{\"a\": \"b\tc\"}", "line breaks and tabs", 1, 9},
    {"{\"a\": \"b\001c\"}", "control characters", 1, 9},
    {"{\"a\":\001 1}", "a control character", 1, 6},
    {"{\"a\": \"\\x41\"}", "an unknown escape", 1, 8},
    {"{\"a\": \"\\u12\"}", "four hexadecimal digits", 1, 8},
    {"{\"a\": \"\\u0000\"}", "\\u0000 is not allowed", 1, 8},
    {"{\"a\": \"\\ud800\"}", "stands alone", 1, 8},
    {"{\"a\": \"\\udc00\"}", "stands alone", 1, 8},
    {"{\"a\": \"\\ud800\\u0041\"}", "stands alone", 1, 8},
    // Comments and bytes.
    {"// a\n{}", "comments are not allowed", 1, 1},
    {"{ /* a */ }", "comments are not allowed", 1, 3},
    {"[1, # a\n2]", "comments are not allowed", 1, 5},
    {"[1 // a\n]", "comments are not allowed", 1, 4},
    {"{} // a", "comments are not allowed", 1, 4},
    {"{\xe2\x80\x8b}", "a special space", 1, 2},
    {"{\xef\xbb\xbf}", "a byte order mark", 1, 2},
    {"\n\xef\xbb\xbf{}", "save as \"UTF-8\", not \"UTF-8 with BOM\"", 2, 1},
    {"\xef\xbb\xbf\xef\xbb\xbf{}", "a byte order mark", 1, 1},
    {"\xef\xbb\xbf{,}", "a key is missing", 1, 2}, // as an editor counts
    {"[1,\xc2\xa0"
     "2]",
     "a special space", 1, 4},
    {"[\"\xff\"]", "not UTF-8", 1, 3},
    // What the standard allows.
    {"{\"a\": [0, -0, 1.5e-3, 10E+2, true, false, null, {}, [], \"\"]}", NULL, 0, 0},
    {" \t\r\n[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\xc3\xa9\x7f\"]\r\n", NULL, 0, 0},
    {"\xef\xbb\xbf{}", NULL, 0, 0},
    {"-1.25", NULL, 0, 0},
    {"\"text\"", NULL, 0, 0},
    {"[123456789012345678901234567890123456789012345678901234567890123]", NULL, 0, 0},
};

/// @return 1 if a row is not as it should be
static int check_row(const Row *row)
{
    ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
    ParaDiagList list = para_diag_list(arena, "t", row->text);
    bool good = para_syntax_check(row->text, strlen(row->text), &list);
    const ParaDiag *item = list.count ? &list.items[0] : NULL;
    ParaPlace place = item ? para_locate_offset(row->text, item->offset) : (ParaPlace){0};
    int wrong = 0;
    if (!row->part) {
        cJSON *json = cJSON_ParseWithLengthOpts(row->text, strlen(row->text) + 1, NULL, true);
        wrong = !good || item || !json;
        cJSON_Delete(json);
    } else {
        wrong = good || list.count != 1 || !strstr(item->message, row->part) || place.line != row->line ||
                place.column != row->column;
    }
    if (wrong)
        print_error("%s\n  wanted %d:%d %s\n  got    %d:%d %s\n", row->text, row->line, row->column,
                    row->part ? row->part : "nothing", place.line, place.column,
                    item ? item->message : "nothing");
    para_arena_destroy(arena);
    return wrong;
}

static void test_syntax_names_each_slip_at_its_place(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        wrong += check_row(&rows[k]);
    assert_int_equal(wrong, 0);
}

/// Whatever is cut off a good text, something is said, and no byte beyond the cut is read.
static void test_syntax_says_something_of_every_beginning(void **state)
{
    (void)state;
    const char *text = "{\"a\": [1.5e+3, \"b\\u00e9\\ud83d\\ude00\", true], \"c\": {\"d\": null}}";
    for (size_t size = 0; size < strlen(text); size++) {
        char *cut = malloc(size + 1); // so that a sanitizer sees one byte too far
        memcpy(cut, text, size);
        cut[size] = '\0';
        ParaArena *arena = para_arena_create(1 << 16, 1 << 20);
        ParaDiagList list = para_diag_list(arena, "t", cut);
        assert_false(para_syntax_check(cut, size, &list));
        assert_int_equal(list.error_count, 1);
        para_arena_destroy(arena);
        free(cut);
    }
}

const struct CMUnitTest para_tests_syntax[] = {
    cmocka_unit_test(test_syntax_names_each_slip_at_its_place),
    cmocka_unit_test(test_syntax_says_something_of_every_beginning),
};
const size_t para_tests_syntax_count = sizeof para_tests_syntax / sizeof *para_tests_syntax;
