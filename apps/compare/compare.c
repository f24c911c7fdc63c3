// SPDX-License-Identifier: MIT
// paracosm compare: runs side by side, in numbers.
#include "apps/apps.h"
#include "apps/compare/compare_parts.h"
#include "apps/options.h"

#include <cjson/cJSON.h>
#include <stdio.h>

#define MEMORY_MAX ((size_t)1 << 30)

static int compare(const char *const *folders, int count, bool json, ParaArena *arena)
{
    ParaComparison c = {.arena = arena};
    para_compare_read(&c, folders, count);
    if (c.count == 0)
        return para_app_fail("compare", "none of the runs could be read");
    if (json) {
        char *text = para_compare_json(&c);
        if (!text)
            return para_app_fail("compare", "no memory");
        puts(text);
        cJSON_free(text);
    } else {
        para_compare_print(&c);
    }
    return c.left_out > 0 ? PARA_EXIT_FAILURE : PARA_EXIT_OK;
}

int para_app_compare(int argc, char **argv)
{
    bool json = false;
    const ParaOption options[] = {
        {"json", 0, PARA_OPTION_FLAG, &json, NULL,
         "print JSON: runs, each with its settings and all numbers, and groups of seeds", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "compare",
        .usage = "[options] RUN...",
        .about =
            "Sets runs side by side: the settings that differ, what each took, its scores with intervals, "
            "its\n"
            "learning curve at quarters of the shortest run's decisions, its archive. Of runs that differ by "
            "their\n"
            "seed alone mean and spread follow. Runs that train may be read too.",
        .options = options,
        .examples = "  paracosm compare runs/dr runs/sfl\n"
                    "  paracosm compare --json runs/* > runs.json\n"
                    "  paracosm report runs/dr runs/sfl --out both.html    # curves and replays as a page",
        .notes = "eval: by `paracosm eval` on all families of the run; held out: by the training, with "
                 "--eval-every.\n"
                 "In brackets: 95 %, where each level counts once. Episodes at the edge: on levels that the "
                 "run solved "
                 "20\n"
                 "to 80 times in 100, of the episodes on levels that it played 4 times or more.\n"
                 "exit codes: 0 all runs could be read, 1 not, and which is told; 2 wrong command line",
        .operand_min = 1,
        .operand_max = PARA_COMPARE_RUNS_MAX,
        .operand_name = "a run folder"};
    const char *folders[PARA_COMPARE_RUNS_MAX];
    int count = 0, code = para_options_read(&command, argc, argv, folders, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    for (int i = 0; i < count; i++)
        if (!*folders[i])
            return para_app_misused("compare", "the name of a run folder is empty");
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("compare", "no memory");
    code = compare(folders, count, json, arena);
    para_arena_destroy(arena);
    return code;
}
