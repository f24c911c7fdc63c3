// SPDX-License-Identifier: MIT
// paracosm eval: solve rates on held-out levels. What is printed of them is in eval_scores.c.
#include "agents/archive/archive.h"
#include "agents/batch/surprise.h"
#include "agents/player/player.h"
#include "agents/run/run_folder.h"
#include "apps/apps.h"
#include "apps/eval/eval_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define EVAL_MEMORY_MAX ((size_t)8 << 30) // [byte]
#define FAMILIES_MAX    64

typedef struct Wishes {
    ParaEvalDef def;
    const char *families, *solver, *templates;
    bool json, quiet;
    bool both; ///< score on both solvers
    bool muted, scrambled;
    ParaEvalThinking thinking;
    const char *in;
} Wishes;

static const char *const in_choices[] = {"engine", "model", NULL};
static const char *const solver_choices[] = {"auto", "lanes", "chipmunk", "both", NULL};

static int read_wishes(Wishes *wishes, int argc, char **argv)
{
    ParaEvalDef *def = &wishes->def;
    const ParaOption options[] = {
        {"levels", 'l', PARA_OPTION_INT, &def->levels, "N", "held-out levels per family", 1, 100000, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &def->episodes, "N",
         "per level and player, an even number: half rank the levels, half score the worst", 2, 1000, NULL},
        {"families", 0, PARA_OPTION_TEXT, &wishes->families, "A,B",
         "families, template files, or folders of them (default: those of the run, else the whole library)",
         0, 0, NULL},
        {"templates", 0, PARA_OPTION_CHOICE, &wishes->templates, "WHOSE",
         "run: those the run was trained on; disk: their files as they are now (default run)", 0, 0,
         para_app_templates_choices},
        {"tier", 0, PARA_OPTION_TEXT, &def->tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"forget", 0, PARA_OPTION_FLAG, &def->forget, NULL,
         "the trained player sees nothing of its map (of train --map): what is it worth?", 0, 0, NULL},
        {"greedy", 'g', PARA_OPTION_FLAG, &def->greedy, NULL,
         "the trained player takes its most probable action", 0, 0, NULL},
        {"reward-above", 0, PARA_OPTION_REAL, &def->reward_above, "N",
         "tell also the share of episodes whose return is above this, as some published tasks are judged",
         -1e9, 1e9, NULL},
        {"surprises", 0, PARA_OPTION_REAL, &def->surprises, "RATE",
         "what happens to a level in ten seconds of play, on average, by chance: toys dropped, wind, pushes, "
         "gravity (default 0)",
         0, PARA_SURPRISES_MOST, NULL},
        {"muted", 0, PARA_OPTION_FLAG, &wishes->muted, NULL, "players that speak are not heard", 0, 0, NULL},
        {"scrambled", 0, PARA_OPTION_FLAG, &wishes->scrambled, NULL,
         "what players hear of each other is drawn by chance, anew for each decision", 0, 0, NULL},
        {"think", 0, PARA_OPTION_INT, &wishes->thinking.think.futures, "N",
         "score the trained player also where it imagines N futures before it acts (paracosm think --help)",
         0, PARA_THINK_FUTURES_MAX, NULL},
        {"in", 0, PARA_OPTION_CHOICE, &wishes->in, "WHERE",
         "where it imagines them: the engine, or the model of the run (default engine)", 0, 0, in_choices},
        {"horizon", 0, PARA_OPTION_INT, &wishes->thinking.think.horizon, "N",
         "decisions that a future goes on", 1, PARA_THINK_HORIZON_MAX, NULL},
        {"keep", 0, PARA_OPTION_INT, &wishes->thinking.think.keep, "N",
         "decisions that are done of a plan before the next is made", 1, PARA_THINK_HORIZON_MAX, NULL},
        {"proofs", 'p', PARA_OPTION_TEXT, &def->proofs_folder, "OUT",
         "write a replay of each level the trained player solved", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &wishes->solver, "NAME",
         "physics: auto, lanes, chipmunk, or both side by side (default: auto, or what the run was trained "
         "on)",
         0, 0, solver_choices},
        {"threads", 't', PARA_OPTION_INT, &def->threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL},
        {"seed", 's', PARA_OPTION_SEED, &def->seed, "N", "of the held-out set", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &wishes->json, NULL,
         "print JSON: solver, families, mean, worst10; with --solver both also chipmunk and gap", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &wishes->quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "eval",
        .usage = "[options] [DIR | FILE.safetensors]",
        .about =
            "Scores players on levels that training never draws, over the full ranges of every "
            "family:\n"
            "the trained player of the run DIR (or of one checkpoint FILE), an untrained network, a random\n"
            "player and one that does nothing. Without DIR, only the last two.",
        .options = options,
        .examples =
            "  paracosm eval runs/first\n"
            "  paracosm eval runs/first --json > score.json\n"
            "  paracosm eval runs/first --solver both             # the gap between the two physics\n"
            "  paracosm eval runs/first --think 16 --levels 8     # and where it thinks before it acts\n"
            "  paracosm eval runs/mouse --forget                  # without its map\n"
            "  paracosm eval runs/first --families rover --levels 200 --greedy\n"
            "  paracosm eval runs/first --families levels/ --levels 1    # the files of a folder, "
            "such as saved levels\n"
            "  paracosm eval runs/first --surprises 2             # how well does it bear what happens?\n"
            "  paracosm eval runs/pair --muted                    # is it what they say that helps?\n"
            "  paracosm eval runs/walker --tier med_rough --reward-above 230\n"
            "  paracosm eval runs/first --proofs proofs && paracosm replay verify proofs/*",
        .notes = "worst10 is the mean success on the worst 10 % of all levels, ranked on other episodes than "
                 "scored.\n"
                 "--solver both scores the same levels twice: by auto (lanes where a level fits it) and on "
                 "chipmunk.\n"
                 "The result is also kept in the run's database, unless a training holds it.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_max = 1,
        .operand_name = "a run folder"};
    return para_options_read(&command, argc, argv, &def->run_folder, NULL);
}

// ---------------------------------------------------------------- the work

typedef struct Watcher {
    ParaProgress progress;
    int pass, passes;  ///< the same episodes once per solver
    const char **note; ///< of the evaluation, NULL once it is told
} Watcher;

/// Says at the start of the scoring, which may be long, what is to be told of it.
static void tell(Watcher *watcher)
{
    if (*watcher->note && !watcher->progress.quiet)
        fprintf(stderr, "note: %s\n", *watcher->note);
    *watcher->note = NULL;
}

static bool watch(void *context, int64_t done, int64_t total)
{
    Watcher *watcher = context;
    tell(watcher);
    para_progress_show(&watcher->progress, watcher->pass * total + done, watcher->passes * total);
    return para_interrupt_count() == 0;
}

/// Keeps the result in the run; that it cannot be kept is worth a note, not a failure.
static void keep(const Wishes *wishes, const ParaEvalScores *scores, ParaArena *arena)
{
    const char *folder = wishes->def.run_folder, *error = NULL;
    if (!folder || !para_file_exists(para_arena_printf(arena, "%s/run.db", folder)))
        return;
    ParaRun *run = para_run_open(folder, NULL, arena, &error);
    char *json = run ? para_eval_scores_json(scores, false) : NULL;
    if (json &&
        para_run_add_evaluation(run, para_run_newest_checkpoint(run, arena, NULL, NULL), json, &error))
        error = NULL;
    if (run && para_run_note(run) && !wishes->quiet)
        fprintf(stderr, "note: %s\n", para_run_note(run));
    if (error && !wishes->quiet)
        fprintf(stderr, "note: the result is not kept in the run: %s\n", error);
    cJSON_free(json);
    para_run_close(run);
}

/// The same levels once on each solver that is asked for.
static bool score(const Wishes *wishes, Watcher *watcher, ParaArena *arena, ParaEvalScores *out,
                  const char **out_error)
{
    *out = (ParaEvalScores){.both = wishes->both,
                            .solver = wishes->def.solver,
                            .templates = wishes->def.templates,
                            .tier = wishes->def.tier,
                            .surprises = wishes->def.surprises,
                            .hearing = wishes->def.hearing,
                            .forget = wishes->def.forget,
                            .reward_above = wishes->def.reward_above};
    if (!para_evaluate(&wishes->def, watch, watcher, arena, &out->main, out_error))
        return false;
    if (!wishes->both)
        return true;
    ParaEvalDef chipmunk = wishes->def;
    chipmunk.solver = PARA_SOLVER_CHIPMUNK;
    chipmunk.proofs_folder = NULL; // they show the first
    watcher->pass = 1;
    return para_evaluate(&chipmunk, watch, watcher, arena, &out->chipmunk, out_error);
}

static void print_proofs(const char *folder, int count, ParaArena *arena)
{
    printf("%d proofs in %s\n", count, folder);
    if (count > 0)
        printf("  check:  %s replay verify %s/*\n", para_shell_program(), para_shell_word(folder, arena));
}

static int evaluate(const Wishes *wishes, ParaArena *arena)
{
    ParaEvalScores scores;
    ParaEvalThinking thinking = wishes->thinking;
    Watcher watcher = {.progress = para_progress_begin("episodes", wishes->quiet),
                       .passes = wishes->both ? 2 : 1,
                       .note = &scores.main.note};
    const char *error = NULL;
    bool good = score(wishes, &watcher, arena, &scores, &error);
    para_progress_end(&watcher.progress);
    if (good && thinking.think.futures > 0) {
        good = para_eval_think(&wishes->def, arena, &thinking, &error);
        scores.thinking = &thinking;
    }
    if (!good && para_interrupt_count() > 0) {
        fputs("stopped; nothing was kept\n", stderr);
        return PARA_EXIT_INTERRUPTED;
    }
    if (!good)
        return para_app_fail("eval", "%s", error ? error : "the evaluation failed");
    if (wishes->json) {
        char *text = para_eval_scores_json(&scores, true);
        if (!text)
            return para_app_fail("eval", "no memory");
        puts(text);
        cJSON_free(text);
    } else {
        para_eval_scores_print(&scores);
        if (wishes->def.proofs_folder)
            print_proofs(wishes->def.proofs_folder, scores.main.proofs, arena);
    }
    keep(wishes, &scores, arena);
    return PARA_EXIT_OK;
}

int para_app_eval(int argc, char **argv)
{
    Wishes wishes = {.def = para_eval_def_default(), .thinking = {.think = para_think_def_default(0)}};
    const char *names[FAMILIES_MAX];
    char store[4096];
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (wishes.def.episodes % 2 != 0)
        return para_app_misused("eval", "--episodes must be even; got %d", wishes.def.episodes);
    if (wishes.def.proofs_folder && !wishes.def.run_folder)
        return para_app_misused("eval", "--proofs needs a run folder: only a trained player leaves proofs");
    const char *problem = para_think_def_problem(&wishes.thinking.think);
    if (problem)
        return para_app_misused("eval", "%s", problem);
    if (wishes.thinking.think.futures > 0 && (!wishes.def.run_folder || wishes.def.surprises > 0))
        return para_app_misused("eval", "--think needs a run folder, and goes without --surprises");
    if (wishes.muted && wishes.scrambled)
        return para_app_misused("eval", "--muted and --scrambled go one at a time: score twice");
    if ((wishes.muted || wishes.scrambled) && wishes.thinking.think.futures > 0)
        return para_app_misused("eval", "--think goes without --muted and --scrambled");
    wishes.def.hearing = wishes.muted       ? PARA_OBS_HEARS_NOTHING
                         : wishes.scrambled ? PARA_OBS_HEARS_SCRAMBLED
                                            : PARA_OBS_HEARS_ALL;
    wishes.thinking.in_model = wishes.in && strcmp(wishes.in, "model") == 0;
    wishes.thinking.quiet = wishes.quiet;
    if (wishes.families) {
        wishes.def.family_count =
            para_options_split(wishes.families, store, sizeof store, names, FAMILIES_MAX);
        wishes.def.families = names;
        if (wishes.def.family_count <= 0)
            return para_app_misused("eval", "--families needs 1 to %d names, set apart by commas",
                                    FAMILIES_MAX);
    }
    ParaArena *arena = para_arena_create((size_t)1 << 20, EVAL_MEMORY_MAX);
    if (!arena)
        return para_app_fail("eval", "no memory");
    const char *error = NULL;
    wishes.def.templates = para_app_templates(wishes.templates);
    wishes.both = wishes.solver && strcmp(wishes.solver, "both") == 0;
    wishes.def.solver =
        wishes.both ? PARA_SOLVER_AUTO
                    : para_app_solver(wishes.solver, para_player_solver(wishes.def.run_folder, arena));
    para_interrupt_catch(NULL);
    wishes.def.stop = para_interrupt_asked;
    if (!para_archives_check(wishes.def.families, wishes.def.family_count, arena, &error) ||
        (wishes.def.proofs_folder && !para_folder_make(wishes.def.proofs_folder, arena, &error)))
        code = para_app_fail("eval", "%s", error);
    else
        code = evaluate(&wishes, arena);
    para_arena_destroy(arena);
    return code;
}
