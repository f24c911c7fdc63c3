// SPDX-License-Identifier: MIT
// Words for a shell: what a shell makes of them must be what they were made of.
#include "engine/base/shell.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>

static void test_shell_takes_every_word_for_what_it_was(void **state)
{
    static const char *const words[] = {"runs/first",
                                        "two words",
                                        "it's",
                                        "''",
                                        "$HOME `ls` \"x\"",
                                        "a\nb",
                                        "~",
                                        "~/x",
                                        "*",
                                        "a;b&c|d",
                                        "",
                                        "=x",
                                        "#x",
                                        "\\",
                                        "{a,b}",
                                        "!!",
                                        "h\xc3\xbcgel",
                                        "(a)"};
    ParaArena *arena = para_arena_create(1 << 12, 1 << 20);
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char heard[64] = "";
        const char *word = para_shell_word(words[i], arena);
        FILE *pipe = popen(para_arena_printf(arena, "printf '%%s.' %s", word), "r");
        assert_non_null(pipe);
        size_t size = fread(heard, 1, sizeof heard - 1, pipe);
        assert_int_equal(pclose(pipe), 0);
        assert_true(size > 0 && heard[size - 1] == '.');
        heard[size ? size - 1 : 0] = '\0';
        assert_string_equal(heard, words[i]);
    }
    assert_string_equal(para_shell_word("runs/first", arena), "runs/first"); // plain where it can be
    assert_string_equal(para_shell_word("-x", arena), "./-x");               // a path, no option
    assert_string_equal(para_shell_word("- x", arena), "./'- x'");
    para_arena_destroy(arena);
}

static void test_shell_program_is_the_name_it_was_called_by(void **state)
{
    (void)state;
    para_shell_set_program("./my build/paracosm");
    assert_string_equal(para_shell_program(), "'./my build/paracosm'");
    para_shell_set_program(NULL);
    para_shell_set_program("");
    assert_string_equal(para_shell_program(), "'./my build/paracosm'");
    para_shell_set_program("paracosm");
    assert_string_equal(para_shell_program(), "paracosm");
}

const struct CMUnitTest para_tests_shell[] = {
    cmocka_unit_test(test_shell_takes_every_word_for_what_it_was),
    cmocka_unit_test(test_shell_program_is_the_name_it_was_called_by),
};
const size_t para_tests_shell_count = sizeof para_tests_shell / sizeof *para_tests_shell;
