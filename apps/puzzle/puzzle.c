// SPDX-License-Identifier: MIT
// paracosm puzzle: puzzles of one action, such as PHYRE's: how well their physics agrees with what was
// recorded of them elsewhere.
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "apps/puzzle/agree.h"
#include "apps/puzzle/puzzle_parts.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"

#define MEMORY_MAX ((size_t)1 << 31)
#define AT_ONCE    4 // batches per thread between two looks at the progress

typedef struct Choices {
    const char *folder, *solutions, *solver;
    int substeps, iterations, threads;
    bool json, each, quiet;
} Choices;

static bool read_all(const Choices *choices, ParaAttempts *attempts, ParaArena *arena, const char **out_error)
{
    ParaAppFiles templates = {.ending = ".json"};
    ParaDiagList list = para_diag_list(arena, choices->solutions, NULL);
    size_t size;
    if (!para_app_files_add(&templates, choices->folder, arena, out_error))
        return false;
    const char *text = para_file_read(choices->solutions, PARA_SOLUTIONS_SIZE_MAX, arena, &size, out_error);
    if (!text)
        return false;
    if (!para_attempts_read(text, size, &templates, attempts, arena, &list)) {
        *out_error = para_arena_printf(arena, "%s: %s: %s", choices->solutions, list.items[0].path,
                                       list.items[0].message);
        return false;
    }
    if (attempts->count == 0)
        *out_error = para_arena_printf(
            arena, "no template in %s is of a task of %s; `paracosm import phyre` makes them",
            choices->folder, choices->solutions);
    return attempts->count > 0;
}

static bool make_all(const Choices *choices, ParaAttempts *attempts, const ParaAttemptDef *def,
                     ParaArena *arena, const char **out_error)
{
    ParaWorkers *workers = para_workers_create(choices->threads);
    ParaProgress progress = para_progress_begin("attempts", choices->quiet);
    int at_once = AT_ONCE * PARA_ATTEMPTS_BATCH * para_workers_count(workers);
    bool good = true;
    for (int k = 0; k < attempts->count && good && para_interrupt_count() == 0; k += at_once) {
        int left = attempts->count - k, count = left < at_once ? left : at_once;
        good = para_attempts_make(attempts, k, count, def, workers, arena, out_error);
        para_progress_show(&progress, k + count, attempts->count);
    }
    para_progress_end(&progress);
    para_workers_destroy(workers);
    return good;
}

static int agree_in(const Choices *choices, ParaArena *arena)
{
    const char *error = NULL;
    ParaAttempts attempts;
    const ParaAttemptDef def = {.solver = para_app_solver(choices->solver, PARA_SOLVER_AUTO),
                                .substeps = choices->substeps,
                                .iterations = choices->iterations};
    if (!read_all(choices, &attempts, arena, &error))
        return para_app_fail("puzzle agree", "%s", error);
    para_interrupt_catch("\rstopping; once more stops at once\n");
    double begin = para_clock_seconds();
    if (!make_all(choices, &attempts, &def, arena, &error))
        return para_app_fail("puzzle agree", "%s", error);
    ParaAgreement agreement = {.attempts = &attempts, .def = &def, .seconds = para_clock_seconds() - begin};
    para_agreement_count(&agreement, arena);
    if (!choices->json)
        para_agreement_print(&agreement);
    else if (!para_agreement_print_json(&agreement, choices->each))
        return para_app_fail("puzzle agree", "out of memory");
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int agree(int argc, char **argv)
{
    Choices choices = {0};
    const ParaOption options[] = {
        {"solutions", 's', PARA_OPTION_TEXT, &choices.solutions, "FILE",
         "what was recorded of the tasks: actions that solve them, and such that do not", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &choices.solver, "NAME",
         "physics: auto, lanes or chipmunk (default auto)", 0, 0, para_app_solver_choices},
        {"substeps", 0, PARA_OPTION_INT, &choices.substeps, "N",
         "solver steps per physics step; 0: as the templates say", 0, 64, NULL},
        {"iterations", 0, PARA_OPTION_INT, &choices.iterations, "N",
         "solver iterations per substep; 0: as the templates say", 0, 100, NULL},
        {"threads", 't', PARA_OPTION_INT, &choices.threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"json", 0, PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object: solver, seconds, and of each label and template made, kept, invalid, diverged, "
         "steps_off_median, steps_off_90",
         0, 0, NULL},
        {"each", 0, PARA_OPTION_FLAG, &choices.each, NULL,
         "with --json: attempts, a list of all of them: task, label, action, outcome, step, recorded_step", 0,
         0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "puzzle agree",
        .usage = "[options] --solutions FILE FOLDER",
        .about =
            "Makes every recorded attempt at the tasks in a folder, and tells how many come out as "
            "recorded:\n"
            "actions that solve a task, such that do not, and such that solve a similar one. Templates are "
            "those of\n"
            "`paracosm import phyre`; what to make of the figures: docs/importing.md.",
        .options = options,
        .examples = "  paracosm puzzle agree my/ball --solutions phyre/solutions.json\n"
                    "  paracosm puzzle agree my/ball --solutions phyre/solutions.json --solver chipmunk "
                    "--substeps 1 --iterations 20 --json",
        .notes =
            "An action that puts the ball into something is invalid: it is counted, and nothing is "
            "simulated.\n"
            "exit codes: 0 done, whatever came out; 1 failed, 2 wrong command line, 130 stopped by Ctrl-C, "
            "with\n"
            "what was made by then",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FOLDER of templates"};
    int code = para_options_read(&command, argc, argv, &choices.folder, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (!choices.solutions)
        return para_app_misused("puzzle agree", "--solutions FILE says what was recorded");
    if (choices.each && !choices.json)
        return para_app_misused("puzzle agree", "--each goes with --json");
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("puzzle agree", "out of memory");
    code = agree_in(&choices, arena);
    para_arena_destroy(arena);
    return code;
}

static const char help_text[] = "usage: paracosm puzzle WORD [options] FOLDER\n\n"
                                "Puzzles of one action, such as PHYRE's tasks.\n\n"
                                "  agree   how many recorded attempts come out as recorded\n"
                                "  eval    how well players solve them in a hundred tries, and in ten\n\n"
                                "examples:\n"
                                "  paracosm puzzle eval my/ball\n"
                                "  paracosm puzzle agree my/ball --solutions phyre/solutions.json\n\n"
                                "Each has --help with its own options.\n";

int para_app_puzzle(int argc, char **argv)
{
    static const ParaWord words[] = {{"agree", agree}, {"eval", para_puzzle_eval}};
    return para_app_word("puzzle", help_text, words, sizeof words / sizeof *words, argc, argv);
}
