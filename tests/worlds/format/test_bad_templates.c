// SPDX-License-Identifier: MIT
// Every file of tests/bad_templates must give exactly the diagnostics beside it, with the code its name
// begins with: those from P057 on when they are rehearsed, too; and every code of the list must have such a
// file. An .expected without a .json is a missing file.
#include "tests/tests.h"

#include "agents/rehearsal/rehearsal.h"
#include "worlds/format/data.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER PARA_SOURCE_DIR "/tests/bad_templates"

/// Loads a file and returns what is printed, from malloc. `*out_has_code`: the code was among the problems.
static char *load_and_print(const char *name, bool *out_has_code, bool *out_loaded)
{
    // P052 is about an arena that is too small.
    bool small = strncmp(name, "P052", 4) == 0;
    ParaArena *arena = para_arena_create(1 << 16, small ? (size_t)1 << 18 : (size_t)1 << 28);
    ParaArena *texts = para_arena_create(1 << 16, (size_t)1 << 24);
    ParaDiagList list = para_diag_list(texts, NULL, NULL);
    char file[300];
    char *printed = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&printed, &size);
    snprintf(file, sizeof file, "%s.json", name);
    const ParaTemplate *t = para_template_load_file(file, arena, &list);
    *out_loaded = t != NULL;
    if (t && strncmp(name, para_code_text(PARA_CODE_LOST_AT_ONCE), 4) >= 0)
        para_rehearse(t, PARA_REHEARSAL_SECONDS, &list);
    para_diag_print(&list, out);
    fclose(out);
    *out_has_code = false;
    for (int k = 0; k < list.count; k++)
        *out_has_code |= strncmp(list.items[k].code, name, 4) == 0;
    para_arena_destroy(arena);
    para_arena_destroy(texts);
    return printed;
}

static char *read_expected(const char *name)
{
    char file[300];
    char *text = calloc(1, 1 << 16);
    snprintf(file, sizeof file, "%s.expected", name);
    FILE *in = fopen(file, "rb");
    if (in) {
        size_t size = fread(text, 1, (1 << 16) - 1, in);
        text[size] = '\0';
        fclose(in);
    }
    return text;
}

static int check_one(const char *name)
{
    bool has_code, loaded;
    char *printed = load_and_print(name, &has_code, &loaded), *expected = read_expected(name);
    int wrong = strcmp(printed, expected) != 0 || !has_code;
    // Set PARA_UPDATE_EXPECTED to write what is printed now; then read the difference.
    if (wrong && has_code && getenv("PARA_UPDATE_EXPECTED")) {
        char file[300];
        snprintf(file, sizeof file, "%s.expected", name);
        FILE *out = fopen(file, "wb");
        if (out) {
            fputs(printed, out);
            fclose(out);
            wrong = 0;
        }
    }
    if (wrong)
        print_error("%s:%s\n--- expected\n%s--- printed\n%s", name, has_code ? "" : " its code is not there",
                    expected, printed);
    if (loaded && strstr(printed, ": error:")) {
        print_error("%s: printed an error and loaded all the same\n", name);
        wrong = 1;
    }
    free(printed);
    free(expected);
    return wrong;
}

/// Calls check_one for every name in the folder that ends in `ending`, unless it has another form too.
static int check_folder(const char *ending, bool *seen_codes)
{
    int wrong = 0;
    DIR *dir = opendir(".");
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        char *dot = strrchr(entry->d_name, '.');
        char name[256], other[300];
        const char *missing = strcmp(ending, ".expected") == 0 ? ".json" : "";
        if (!dot || strcmp(dot, ending) != 0 || entry->d_name[0] != 'P')
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(dot - entry->d_name), entry->d_name);
        snprintf(other, sizeof other, "%s%s", name, missing);
        if (*missing && access(other, F_OK) == 0)
            continue; // checked with its .json
        wrong += check_one(name);
        for (int code = 0; code < PARA_CODES; code++)
            seen_codes[code] |= strncmp(para_code_text((ParaCode)code), name, 4) == 0;
    }
    closedir(dir);
    return wrong;
}

static void test_bad_templates_print_what_is_expected(void **state)
{
    (void)state;
    char here[1024];
    bool seen[PARA_CODES] = {false};
    assert_non_null(getcwd(here, sizeof here));
    // Names in messages are as given, so the files are named without their folder.
    assert_int_equal(chdir(FOLDER), 0);
    int wrong = check_folder(".json", seen) + check_folder(".expected", seen);
    assert_int_equal(chdir(here), 0);
    for (int code = 0; code < PARA_CODES; code++) {
        if (!seen[code]) {
            print_error("%s (%s) has no file in tests/bad_templates\n", para_code_text((ParaCode)code),
                        para_code_about((ParaCode)code));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_bad_templates_codes_are_unique(void **state)
{
    (void)state;
    for (int a = 0; a < PARA_CODES; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(para_code_text((ParaCode)a), para_code_text((ParaCode)b));
}

const struct CMUnitTest para_tests_bad_templates[] = {
    cmocka_unit_test(test_bad_templates_print_what_is_expected),
    cmocka_unit_test(test_bad_templates_codes_are_unique),
};
const size_t para_tests_bad_templates_count =
    sizeof para_tests_bad_templates / sizeof *para_tests_bad_templates;
