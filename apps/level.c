// SPDX-License-Identifier: MIT
// paracosm level: the level that a report of a run tells of, made again from the run's own template.
#include "agents/run/run_families.h"
#include "apps/apps.h"
#include "apps/options.h"

#include <stdio.h>

#define LEVEL_MEMORY_MAX ((size_t)1 << 30) // [byte]

static int print_level(const char *folder, int64_t report, bool params, ParaArena *arena)
{
    const char *error = NULL;
    ParaRun *run = para_run_open_read(folder, arena, &error);
    const ParaLevel *level = run ? para_run_report_level(run, report, arena, &error) : NULL;
    para_run_close(run);
    if (!level)
        return para_app_fail("level", "%s", error);
    if (params)
        puts(para_level_params_to_json(level, arena));
    else
        fputs(para_level_to_json(level, arena), stdout);
    return PARA_EXIT_OK;
}

int para_app_level(int argc, char **argv)
{
    const char *run = NULL;
    int64_t report = 0;
    bool params = false;
    const ParaOption options[] = {
        {"of", 0, PARA_OPTION_LONG, &report, "REPORT",
         "number of the report, as the table reports of DIR/run.db has it", 1, 9e15, NULL},
        {"run", 'r', PARA_OPTION_TEXT, &run, "DIR", "the run folder that keeps it", 0, 0, NULL},
        {"params", 'p', PARA_OPTION_FLAG, &params, NULL, "print the values of its parameters only", 0, 0,
         NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "level",
        .usage = "--of REPORT --run DIR [options]",
        .about =
            "Prints the level that an episode of a training was played on, as JSON: a template file without\n"
            "ranges, with the values of its parameters. It is made again from the template the run keeps,\n"
            "and its hash must be the one in the report.",
        .options = options,
        .examples = "  paracosm level --of 12345 --run runs/first > level.json && paracosm play level.json\n"
                    "  paracosm level --of 12345 --run runs/first --params",
        .notes = "exit codes: 0 printed, 1 it cannot be had again, 2 wrong command line",
        .operand_min = 0,
        .operand_max = 0,
        .operand_name = ""};
    int code = para_options_read(&command, argc, argv, NULL, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (report == 0 || !run)
        return para_app_misused("level", "wants both --of REPORT and --run DIR");
    ParaArena *arena = para_arena_create((size_t)1 << 20, LEVEL_MEMORY_MAX);
    if (!arena)
        return para_app_fail("level", "no memory");
    code = print_level(run, report, params, arena);
    para_arena_destroy(arena);
    return code;
}
