// SPDX-License-Identifier: MIT
// paracosm probe: steps a level without a window and tells what is there: places, speeds, energies, contacts,
// joints. The command line; the measuring is agents/env/probe.h.
#include "apps/apps.h"
#include "apps/game/game.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/probe/probe_parts.h"
#include "engine/base/shell.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLOT_MEMORY_MAX ((size_t)1 << 30) // [byte]
#define TABLE_ROWS      10                // after the first, where nothing else is said: a person reads it

typedef struct Wishes {
    const char *solver, *plot, *replay, *tier;
    ParaTexts set, body, act;
    uint64_t seed;
    double seconds;
    int every;
    bool json, csv;
} Wishes;

static const char *const solver_choices[] = {"auto", "lanes", "chipmunk", "both", NULL};

/// What is measured: a member of a family, or the level of a replay.
typedef struct Subject {
    ParaGame game; ///< of a family
    ParaArena *arena;
    const ParaReplay *replay; ///< NULL: a family
    const ParaLevel *level;
} Subject;

static int open_subject(Subject *subject, const char *name, const Wishes *w)
{
    const char *error = NULL;
    if (w->replay) {
        subject->replay = para_replay_read(w->replay, subject->arena, &error);
        if (subject->replay)
            subject->level = para_replay_level(subject->replay, subject->arena, &error);
        return subject->level ? PARA_EXIT_OK : para_app_fail("probe", "%s", error);
    }
    // On chipmunk, which takes every level: which member a seed means must not depend on the solver.
    const ParaGameDef def = {.name = name,
                             .solver = PARA_SOLVER_CHIPMUNK,
                             .tier = w->tier,
                             .settings = w->set.items,
                             .setting_count = w->set.count};
    if (!para_game_open(&subject->game, &def, &error))
        return para_app_fail("probe", "%s", error);
    if (!para_game_begin(&subject->game, w->seed))
        return para_app_fail("probe",
                             "%s has no level at seed %" PRIu64 " and the 63 after it\nsee: %s check %s",
                             name, w->seed, para_shell_program(), para_shell_word(name, subject->arena));
    subject->level = subject->game.env.level;
    return PARA_EXIT_OK;
}

static int solvers_of(const Wishes *w, const Subject *subject, ParaSolverKind out[PARA_PROBE_RUNS_MAX])
{
    if (w->solver && strcmp(w->solver, "both") == 0) {
        out[0] = PARA_SOLVER_CHIPMUNK;
        out[1] = PARA_SOLVER_LANES;
        return 2;
    }
    out[0] = para_app_solver(w->solver, subject->replay ? subject->replay->solver : PARA_SOLVER_AUTO);
    return 1;
}

/// Physics steps from row to row; of a table so many that it stays short, however long is measured.
static int every_of(const Wishes *w, const Subject *subject)
{
    if (w->every > 0 || w->json || w->csv || w->plot)
        return w->every;
    double rate = (double)subject->level->world.rate, steps = w->seconds * rate;
    if (w->seconds < 0)
        steps = subject->replay ? (double)subject->replay->decisions * subject->level->frame_skip
                                : PARA_PROBE_SECONDS * rate;
    int every = (int)ceil(steps / TABLE_ROWS - 1e-9);
    return every > 1 ? every : 1;
}

/// Measures on one solver, until it is done or somebody asks to stop.
static ParaProbe *measure(const Wishes *w, const Subject *subject, ParaSolverKind solver, ParaArena *arena)
{
    const char *error = NULL;
    const ParaProbeDef def = {.level = subject->level,
                              .solver = solver,
                              .seconds = w->seconds,
                              .every = every_of(w, subject),
                              .acts = w->act.items,
                              .act_count = w->act.count,
                              .names = w->body.items,
                              .name_count = w->body.count,
                              .replay = subject->replay};
    ParaProbe *probe = para_probe_open(&def, arena, &error);
    if (!probe) {
        para_app_fail("probe", "%s", error);
        return NULL;
    }
    while (para_probe_next(probe) && para_interrupt_count() == 0)
        ;
    para_probe_close(probe);
    return probe;
}

static void print_json(const ParaProbeRuns *runs, bool both, ParaArena *scratch)
{
    for (int k = 0; k < runs->count && !ferror(stdout); k++) {
        fputs(!both ? "" : k ? ",\n" : "[", stdout);
        para_probe_write_json(runs->items[k], stdout, scratch);
    }
    fputs(both ? runs->count ? "]\n" : "[]\n" : "\n", stdout);
}

static int draw(const Wishes *w, const ParaProbeRuns *runs, ParaArena *scratch)
{
    const char *error = NULL;
    int width, height, left;
    FILE *out = w->json || w->csv ? stderr : stdout; // beside the numbers
    if (!para_probe_plot(w->plot, runs, scratch, &width, &height, &left, &error))
        return para_app_fail("probe", "%s", error);
    fprintf(out, "%s: %d x %d, %s seed %" PRIu64, w->plot, width, height, runs->items[0]->level->family,
            runs->items[0]->level->seed);
    if (left > 0)
        fprintf(out, "; the four bodies that move most; name others by --body, %d have no panels", left);
    fputc('\n', out);
    for (int k = 0; k < runs->count; k++) {
        char story[400];
        para_probe_story(runs->items[k], story, sizeof story);
        fprintf(out, "  %s: %s\n", para_solver_name(runs->items[k]->solver), story);
    }
    return PARA_EXIT_OK;
}

/// Tells of the runs there are.
static int tell(const Wishes *w, const ParaProbeRuns *runs, bool both)
{
    ParaArena *scratch = para_arena_create((size_t)1 << 20, PLOT_MEMORY_MAX);
    if (!scratch)
        return para_app_fail("probe", "no memory");
    if (w->json)
        print_json(runs, both, scratch);
    else if (w->csv)
        para_probe_print_csv(runs);
    else if (!w->plot)
        for (int k = 0; k < runs->count; k++) {
            fputs(k ? "\n\n" : "", stdout);
            para_probe_print(runs, runs->items[k]);
        }
    int code = w->plot ? draw(w, runs, scratch) : PARA_EXIT_OK;
    para_arena_destroy(scratch);
    return code;
}

static int probe(const char *name, const Wishes *w, Subject *subject)
{
    ParaSolverKind solvers[PARA_PROBE_RUNS_MAX];
    ParaArena *arenas[PARA_PROBE_RUNS_MAX] = {NULL};
    ParaProbeRuns runs = {.named = w->body.count > 0};
    int code = open_subject(subject, name, w);
    if (code != PARA_EXIT_OK)
        return code;
    int count = solvers_of(w, subject, solvers);
    for (int k = 0; k < count && para_interrupt_count() == 0; k++) {
        arenas[k] = para_arena_create((size_t)1 << 20, PARA_PROBE_MEMORY_MAX);
        ParaProbe *one = arenas[k] ? measure(w, subject, solvers[k], arenas[k]) : NULL;
        if (one) {
            runs.items[runs.count++] = one;
            continue;
        }
        code = arenas[k] ? PARA_EXIT_FAILURE : para_app_fail("probe", "no memory");
        if (para_solver_fits(solvers[k], &subject->level->world, NULL, 0)) // the other would say the same
            break;
    }
    if (runs.count > 0) {
        int told = tell(w, &runs, count > 1);
        code = told == PARA_EXIT_OK ? code : told;
    }
    for (int k = 0; k < count; k++)
        if (arenas[k])
            para_arena_destroy(arenas[k]);
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : code;
}

int para_app_probe(int argc, char **argv)
{
    Wishes w = {.seconds = -1};
    const ParaOption options[] = {
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME",
         "physics: auto, lanes, chipmunk, or both, one after the other (default auto; a replay has its own)",
         0, 0, solver_choices},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "which member of the family", 0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &w.set, "NAME=VALUE", "give a parameter of the family a value", 0, 0,
         NULL},
        {"tier", 0, PARA_OPTION_TEXT, &w.tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"seconds", 't', PARA_OPTION_REAL, &w.seconds, "T",
         "[s] measured, 0: the beginning alone (default 5; of a replay: its own)", 0, PARA_PROBE_SECONDS_MAX,
         NULL},
        {"every", 'k', PARA_OPTION_INT, &w.every, "K",
         "physics steps from row to row (0: ten rows a second, in a table ten in all)", 0, 1e6, NULL},
        {"body", 'b', PARA_OPTION_TEXTS, &w.body, "NAME",
         "tell of this body (a repeated one: its copies) and its joints alone; may be given several times", 0,
         0, NULL},
        {"act", 'a', PARA_OPTION_TEXTS, &w.act, "CHANNEL=VALUE",
         "hold an action, -1 to 1; the channel by number or by the label of its keys; "
         "CHANNEL=VALUE@FROM..TILL "
         "from second to second, either left out; may be given several times",
         0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w.json, NULL, "print JSON: an object, or a list of two for both", 0, 0,
         NULL},
        {"csv", 0, PARA_OPTION_FLAG, &w.csv, NULL, "print CSV: a line per row of time", 0, 0, NULL},
        {"plot", 0, PARA_OPTION_TEXT, &w.plot, "FILE",
         "draw curves into this PNG; without --json and --csv instead of the table", 0, 0, NULL},
        {"replay", 0, PARA_OPTION_TEXT, &w.replay, "FILE", "the level and the actions of this replay", 0, 0,
         NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "probe",
        .usage = "[options] [FAMILY | TEMPLATE.json | LEVEL.json]",
        .about = "Steps a level without a window and tells what is there: of every body its place, angle, "
                 "speed and\n"
                 "energy and whom it touches, of every joint its angle, speed and load, of the level its "
                 "energies, and\n"
                 "how the goal stands. A level that ends is measured on, unless its numbers ran away.",
        .options = options,
        .examples = "  paracosm probe rover --act drive=1 --seconds 3\n"
                    "  paracosm probe rover --act drive=1@0..2 --act drive=-1@2.. --body chassis\n"
                    "  paracosm probe swing --body bob --every 6\n"
                    "  paracosm probe tug --solver both --plot tug.png\n"
                    "  paracosm probe lander --csv > lander.csv\n"
                    "  paracosm probe ferry --set distance=12 --json --every 1 > ferry.json\n"
                    "  paracosm probe --replay solved.replay --json",
        .notes = "exit codes: 0 measured, 1 it cannot be, or not on each solver, 2 wrong command line, 130 "
                 "stopped "
                 "by\nCtrl-C, with what was measured told. The page is docs/probe.md.",
        .operand_min = 0,
        .operand_max = 1,
        .operand_name = "a family or file"};
    const char *name = NULL;
    int count = 0, code = para_options_read(&command, argc, argv, &name, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    const char *ending = count == 1 ? strrchr(name, '.') : NULL;
    if (ending && strcmp(ending, ".replay") == 0)
        return para_app_misused("probe", "a replay is measured by --replay FILE");
    if ((count == 1) == (w.replay != NULL))
        return para_app_misused("probe", "wants a family or file, or --replay FILE");
    if (w.json && w.csv)
        return para_app_misused("probe", "--json and --csv are two forms of the same: choose one");
    if (w.replay && (w.act.count > 0 || w.set.count > 0 || w.tier))
        return para_app_misused(
            "probe", "--replay has its own level and actions: --act, --set and --tier do not go with it");
    Subject subject = {.arena = para_arena_create((size_t)1 << 20, PARA_PROBE_MEMORY_MAX)};
    if (!subject.arena)
        return para_app_fail("probe", "no memory");
    para_interrupt_catch(NULL);
    code = probe(name, &w, &subject);
    if (!w.replay)
        para_game_close(&subject.game);
    para_arena_destroy(subject.arena);
    return code;
}
