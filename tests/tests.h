// SPDX-License-Identifier: MIT
#pragma once
// What every test file includes. A file tests/.../test_x.c defines
//     const struct CMUnitTest para_tests_x[] = {cmocka_unit_test(test_x_does_this), ...};
//     const size_t            para_tests_x_count = sizeof para_tests_x / sizeof *para_tests_x;
// and adds PARA_TEST_GROUP(x) to tests/list.def and itself to tests/sources_<room>.cmake.
// Compile definitions: PARA_SOURCE_DIR the root of the repository, PARA_COMMAND the built command.

// cmocka wants these before its own header.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/// Whether golden files are to be written anew: PARACOSM_WRITE_GOLDEN is set, and not to nothing.
static inline bool tests_write_golden(void)
{
    const char *set = getenv("PARACOSM_WRITE_GOLDEN");
    return set && set[0];
}

// Weak, so that a group whose file is not built yet is named by the program and not by the linker.
#define PARA_TEST_GROUP(name)                                                                                \
    extern const struct CMUnitTest para_tests_##name[] __attribute__((weak));                                \
    extern const size_t para_tests_##name##_count __attribute__((weak));
#include "tests/list.def"
#undef PARA_TEST_GROUP
