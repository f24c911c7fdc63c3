// SPDX-License-Identifier: MIT
// paracosm puzzle eval: how well players solve puzzles of one action, in tries.
#include "apps/puzzle/eval.h"

#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/puzzle/puzzle_parts.h"
#include "engine/base/file.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)3 << 30)
#define NAMES_MAX  400 // [byte] of --players

static const ParaEvalPlayer *player_of(const char *name)
{
    for (int p = 0; p < para_eval_player_count; p++)
        if (strcmp(para_eval_players[p].name, name) == 0)
            return &para_eval_players[p];
    return NULL;
}

/// @return false, having said why
static bool choose_players(const char *list, ParaEvalDef *def)
{
    char store[NAMES_MAX];
    const char *names[PARA_EVAL_PLAYERS_MAX];
    int count = para_options_split(list, store, sizeof store, names, PARA_EVAL_PLAYERS_MAX);
    if (count < 1) {
        para_app_misused("puzzle eval", "--players: names with commas between, at most 16");
        return false;
    }
    for (int k = 0; k < count; k++) {
        def->players[k] = player_of(names[k]);
        for (int before = 0; before < k; before++)
            if (def->players[before] == def->players[k])
                def->players[k] = NULL;
        if (!def->players[k]) {
            para_app_misused("puzzle eval",
                             "--players: \"%s\" is no player, or stands twice; there are random, update, "
                             "prior, imagination, these with + between them, certain, and engine",
                             names[k]);
            return false;
        }
    }
    def->player_count = count;
    return true;
}

static bool any(const ParaEvalDef *def, bool guesses)
{
    for (int p = 0; p < def->player_count; p++)
        if (guesses ? def->players[p]->guesses || def->players[p]->imagines
                    : def->players[p]->imagines && !def->players[p]->sees)
            return true;
    return false;
}

/// Everything from practice to the last player. @return false: error, or Ctrl-C
static bool work(ParaEval *eval)
{
    if (any(eval->def, true) && !para_eval_learn(eval))
        return false;
    if (!para_eval_write(eval)) // what was practised is not to be lost
        return false;
    if (any(eval->def, false) && !para_eval_teach(eval))
        return false;
    for (int p = 0; p < eval->def->player_count; p++)
        if (!para_eval_play(eval, p) || !para_eval_write(eval))
            return false;
    return true;
}

static int tell(ParaEval *eval, bool json)
{
    if (!json)
        para_eval_print(eval);
    else if (!para_eval_print_json(eval))
        return para_app_fail("puzzle eval", "out of memory");
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int eval_in(const ParaEvalDef *def, bool json, ParaArena *arena)
{
    ParaEval eval = {.def = def, .arena = arena};
    const char *error = NULL;
    if (def->keep && !para_file_may_write(def->keep, arena, &error))
        return para_app_fail("puzzle eval", "%s", error);
    if (def->save_model && !para_file_may_write(def->save_model, arena, &error))
        return para_app_fail("puzzle eval", "%s", error);
    if (!para_eval_open(&eval) || !para_eval_read(&eval))
        return para_app_fail("puzzle eval", "%s", eval.error);
    para_interrupt_catch("\rstopping; once more stops at once\n");
    eval.workers = para_workers_create(def->threads);
    bool good = work(&eval);
    para_workers_destroy(eval.workers);
    if (eval.error)
        return para_app_fail("puzzle eval", "%s", eval.error);
    if (!good && !para_eval_write(&eval)) // Ctrl-C
        return para_app_fail("puzzle eval", "%s", eval.error);
    return tell(&eval, json);
}

static const char *const splits[] = {"within", "cross", NULL};

typedef struct Words {
    const char *split, *solver, *players;
    bool json;
} Words;

/// What the words mean. @return PARA_OPTIONS_GO, or the exit code
static int understand(const Words *words, ParaEvalDef *def)
{
    def->split = strcmp(words->split, "cross") == 0 ? PARA_SPLIT_CROSS : PARA_SPLIT_WITHIN;
    def->solver = para_app_solver(words->solver, PARA_SOLVER_CHIPMUNK);
    if (!choose_players(words->players, def))
        return PARA_EXIT_USAGE;
    if (def->folds && def->split != PARA_SPLIT_CROSS)
        return para_app_misused("puzzle eval", "--folds goes with --split cross");
    if (def->folds && def->practice_folder)
        return para_app_misused("puzzle eval", "--folds or --practice-in: one says who practises what");
    if (def->save_model && !any(def, false))
        return para_app_misused("puzzle eval", "--save-model: none of --players imagines, so none is taught");
    if (def->model && def->save_model)
        return para_app_misused("puzzle eval", "--save-model: none is taught where --model is given");
    if (def->tries > def->candidates)
        return para_app_misused("puzzle eval", "--tries must be at most --candidates");
    if (def->practice > def->candidates)
        return para_app_misused("puzzle eval", "--practice must be at most --candidates");
    return PARA_OPTIONS_GO;
}

int para_puzzle_eval(int argc, char **argv)
{
    ParaEvalDef def = {.seed = 0,
                       .candidates = 1000,
                       .tries = 100,
                       .practice = 64,
                       .wonder = 32,
                       .learn_steps = 3000,
                       .teach_steps = 1000000,
                       .episodes = 1000};
    Words words = {.split = "within", .solver = "chipmunk", .players = "random,prior,prior+update,engine"};
    const ParaOption options[] = {
        {"split", 0, PARA_OPTION_CHOICE, &words.split, "WORD",
         "what is practised: within: other tasks of the same templates, four of five; cross: tasks of other "
         "templates",
         0, 0, splits},
        {"seed", 0, PARA_OPTION_SEED, &def.seed, "N", "of the split, the candidates and what is learned", 0,
         0, NULL},
        {"folds", 0, PARA_OPTION_TEXT, &def.folds, "FILE",
         "PHYRE's own cross-template folds, of which --seed is one", 0, 0, NULL},
        {"practice-in", 0, PARA_OPTION_TEXT, &def.practice_folder, "FOLDER",
         "practise these tasks, and ask all of the others", 0, 0, NULL},
        {"players", 'p', PARA_OPTION_TEXT, &words.players, "LIST",
         "random, update, prior, imagination, some of the last three with + between, certain, engine", 0, 0,
         NULL},
        {"tasks", 'n', PARA_OPTION_INT, &def.test_max, "N", "ask at most so many, of all templates; 0: all",
         0, 100000, NULL},
        {"tries", 0, PARA_OPTION_INT, &def.tries, "N", "at each task", 1, PARA_PUZZLE_TRIES_MAX, NULL},
        {"candidates", 0, PARA_OPTION_INT, &def.candidates, "N",
         "actions by chance among which players choose", 1, 10000, NULL},
        {"practice", 0, PARA_OPTION_INT, &def.practice, "N", "actions at each task of practice", 2, 1000,
         NULL},
        {"learn", 0, PARA_OPTION_INT, &def.learn_steps, "N",
         "steps of learning of each of three first guesses", 1, 1000000, NULL},
        {"imagine", 0, PARA_OPTION_INT, &def.wonder, "N",
         "candidates that are imagined before the first try (a quarter of it before each later one, with "
         "update)",
         1, 1000, NULL},
        {"model", 0, PARA_OPTION_TEXT, &def.model, "FILE",
         "imagine by this model, of paracosm dream train; else one is taught on tasks of practice", 0, 0,
         NULL},
        {"save-model", 0, PARA_OPTION_TEXT, &def.save_model, "FILE",
         "the model that is taught is written there, for --model of another run", 0, 0, NULL},
        {"episodes", 0, PARA_OPTION_INT, &def.episodes, "N", "of play that the model is taught on", 1, 100000,
         NULL},
        {"teach", 0, PARA_OPTION_INT, &def.teach_steps, "N", "steps that each of its networks is shown", 1,
         100000000, NULL},
        {"keep", 'k', PARA_OPTION_TEXT, &def.keep, "FILE",
         "what came of tries is kept there, and not made again", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &words.solver, "NAME", "physics: auto, lanes or chipmunk", 0, 0,
         para_app_solver_choices},
        {"threads", 't', PARA_OPTION_INT, &def.threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL},
        {"json", 0, PARA_OPTION_FLAG, &words.json, NULL,
         "one JSON object: split, seed, tasks, ..., players: auccess, auccess_95, solved_first, "
         "solved_in_10, solved_at",
         0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &def.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "puzzle eval",
        .usage = "[options] FOLDER",
        .about =
            "Asks players the tasks in a folder, in tries, and tells how well they do: AUCCESS, which weighs "
            "early\n"
            "solutions more, and the share that is solved at the first try and in ten. Players choose among "
            "the\n"
            "same candidates: by chance, by a first guess that was learned from practice, by imagining "
            "candidates in\n"
            "a learned model, by what failed tries told, by several of these, or with the engine itself.",
        .options = options,
        .examples =
            "  paracosm puzzle eval my/ball\n"
            "  paracosm puzzle eval my/ball --split cross --seed 1 --players random,prior+imagination+update",
        .notes = "Templates are those of `paracosm import phyre`; more: docs/puzzles.md.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C, with the "
                 "players that were\n"
                 "done by then",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a FOLDER of templates"};
    int code = para_options_read(&command, argc, argv, &def.folder, NULL);
    code = code == PARA_OPTIONS_GO ? understand(&words, &def) : code;
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("puzzle eval", "out of memory");
    code = eval_in(&def, words.json, arena);
    para_arena_destroy(arena);
    return code;
}
