// SPDX-License-Identifier: MIT
// The line log: what reaches a sink.
#include "engine/base/log.h"
#include "tests/tests.h"

#include <string.h>

typedef struct Heard {
    int count;
    ParaLogLevel level;
    char area[32], line[2000];
} Heard;

static void hear(void *context, ParaLogLevel level, const char *area, const char *line)
{
    Heard *heard = context;
    heard->count++;
    heard->level = level;
    strncpy(heard->area, area, sizeof heard->area - 1);
    strncpy(heard->line, line, sizeof heard->line - 1);
}

static int restore(void **state)
{
    (void)state;
    para_log_sink(NULL, NULL, PARA_LOG_WARNING);
    return 0;
}

static void test_log_gives_the_sink_lines_of_its_level_and_above(void **state)
{
    (void)state;
    Heard heard = {0};
    para_log_sink(hear, &heard, PARA_LOG_INFO);
    para_log_line(PARA_LOG_DEBUG, "world", "unheard");
    assert_int_equal(heard.count, 0);
    para_log_line(PARA_LOG_INFO, "world", "%d bodies of %s", 3, "stone");
    assert_int_equal(heard.count, 1);
    assert_int_equal(heard.level, PARA_LOG_INFO);
    assert_string_equal(heard.area, "world");
    assert_string_equal(heard.line, "3 bodies of stone");
}

static void test_log_cuts_a_long_line(void **state)
{
    (void)state;
    Heard heard = {0};
    para_log_sink(hear, &heard, PARA_LOG_DEBUG);
    para_log_line(PARA_LOG_ERROR, "base", "%5000d", 1);
    assert_int_equal(strlen(heard.line), 1023);
    assert_string_equal(heard.line + 1020, "...");
}

const struct CMUnitTest para_tests_log[] = {
    cmocka_unit_test_teardown(test_log_gives_the_sink_lines_of_its_level_and_above, restore),
    cmocka_unit_test_teardown(test_log_cuts_a_long_line, restore),
};
const size_t para_tests_log_count = sizeof para_tests_log / sizeof *para_tests_log;
