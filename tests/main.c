// SPDX-License-Identifier: MIT
// The test program: paracosm-tests [--list] [--jobs N] [[-]part of a name | =group ...]. Runs every group of
// tests/list.def, or those tests whose group or own name holds one of the given texts; a text behind a dash
// leaves tests out, one behind = is the whole name of a group. --list prints the groups, a line each. --jobs
// runs N groups at once, each in a process; what a group says stands together. A test that compares with a
// recorded hash has "golden" in its name (tests/mutate.sh tells those apart). Last line: `N passed, N
// failed`.
#include "tests/jobs.h"
#include "tests/tests.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Group {
    const char *name;
    const struct CMUnitTest *tests; // [*count]
    const size_t *count;            // NULL where the group's file is not part of this build
} Group;

static const Group groups[] = {
#define PARA_TEST_GROUP(name) {#name, para_tests_##name, &para_tests_##name##_count},
#include "tests/list.def"
#undef PARA_TEST_GROUP
};

/// Whether `parts`, a NULL-terminated list, chooses a test by the name of its group or its own.
static bool is_chosen(const char *group, const char *test, char **parts)
{
    bool asked = false, named = false;
    for (int i = 0; parts[i]; i++) {
        bool leaves_out = parts[i][0] == '-', whole = parts[i][0] == '=';
        const char *part = parts[i] + (leaves_out || whole);
        bool holds = whole ? !strcmp(group, part) : strstr(group, part) || strstr(test, part);
        if (leaves_out && holds)
            return false;
        asked = asked || !leaves_out;
        named = named || (!leaves_out && holds);
    }
    return named || !asked;
}

/// Runs the tests of one group whose group's or own name holds one of `parts`.
static void run_group(const Group *group, char **parts, TestsScore *score)
{
    struct CMUnitTest *chosen = calloc(*group->count + 1, sizeof *chosen);
    if (!chosen)
        abort();
    size_t count = 0;
    for (size_t i = 0; i < *group->count; i++)
        if (is_chosen(group->name, group->tests[i].name, parts))
            chosen[count++] = group->tests[i];
    if (count > 0) {
        int result = _cmocka_run_group_tests(group->name, chosen, count, NULL, NULL);
        size_t failed = result < 0 ? count : (size_t)result;
        score->failed += failed;
        score->passed += count - failed;
    }
    free(chosen);
}

static int list_groups(void)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        puts(groups[i].name);
    return 0;
}

/// Runs the chosen tests of a group.  @param context the parts of names
static void run_number(void *context, int number, TestsScore *score)
{
    char **parts = context;
    const Group *group = &groups[number];
    if (group->count) {
        run_group(group, parts, score);
    } else if (is_chosen(group->name, "", parts)) {
        printf("group %s is listed but no file of this build defines it\n", group->name);
        score->failed++;
    }
}

/// The value of --jobs N as first words, which are taken off; 1 without; 0: it is none.
static int jobs_of(int *argc, char ***argv)
{
    if (*argc < 2 || strcmp((*argv)[1], "--jobs") != 0)
        return 1;
    int jobs = *argc > 2 ? atoi((*argv)[2]) : 0;
    *argc -= 2;
    *argv += 2;
    return jobs < 1 ? 0 : jobs > TESTS_JOBS_MAX ? TESTS_JOBS_MAX : jobs;
}

int main(int argc, char **argv)
{
    int count = (int)(sizeof groups / sizeof *groups), jobs = jobs_of(&argc, &argv);
    if (jobs == 0) {
        fprintf(stderr, "--jobs wants how many groups run at once, 1 or more\n");
        return 2;
    }
    if (argc == 2 && !strcmp(argv[1], "--list"))
        return list_groups();
    char **parts = argc > 0 ? argv + 1 : argv;
    TestsScore score = {0, 0};
    cmocka_set_message_output(CM_OUTPUT_STDOUT);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (jobs > 1)
        tests_run_jobs(jobs, count, run_number, parts, &score);
    else
        for (int i = 0; i < count; i++)
            run_number(parts, i, &score);
    if (score.passed + score.failed == 0) {
        fprintf(stderr, "no test or group has such a name\n");
        return 2;
    }
    printf("%zu passed, %zu failed\n", score.passed, score.failed);
    return score.failed > 0;
}
