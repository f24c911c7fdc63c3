// SPDX-License-Identifier: MIT
// paracosm prove: whether a level can be solved, by a search over clones; the replay that shows it, or what
// was tried.
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/prove/prove_parts.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)4 << 30) // [byte] of one level's search, its worlds left out
#define STEPS_MAX  ((int64_t)1 << 50)

static const char *const solver_choices[] = {"auto", "lanes", "chipmunk", "both", NULL};

/// What came of all searches.
typedef struct Count {
    int searches, solved;
} Count;

static bool time_is_up(void *context)
{
    const ParaProof *proof = context;
    return para_interrupt_count() > 0 ||
           (proof->choices->budget > 0 && para_clock_seconds() - proof->begin >= proof->choices->budget);
}

// ---------------------------------------------------------------------------------------------
// One member.

/// Plays the solution again, checks it as `replay verify` would, and writes it.
static bool finish(ParaProof *proof, ParaSearch *search, ParaArena *arena, const char **out_error)
{
    const ParaReplay *replay = para_search_replay(search, proof->remained, sizeof proof->remained);
    proof->level_time =
        (double)replay->decisions * proof->level->frame_skip / (double)proof->level->world.rate;
    if (!search->solved)
        return true;
    ParaVerdict verdict = para_replay_verify(replay, arena);
    if (!verdict.ok || replay->end != (int)PARA_PLAY_SOLVED) {
        *out_error = para_arena_printf(arena, "the solution does not verify: %s", verdict.message);
        return false;
    }
    return !proof->out || para_replay_write(proof->out, replay, arena, out_error);
}

/// @param out_solved out, whether it is proved   @return an exit code: whether the search could be made
static int prove(ParaProof *proof, ParaWorkers *workers, bool *out_solved)
{
    const ParaProveChoices *choices = proof->choices;
    const char *error = "no memory";
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    const ParaSearchDef def = {.level = proof->level,
                               .solver = proof->solver,
                               .seed = choices->luck,
                               .steps_max = choices->steps > 0 ? choices->steps : STEPS_MAX,
                               .stop = time_is_up,
                               .stop_context = proof};
    proof->begin = para_clock_seconds();
    proof->progress = para_progress_begin("tries", choices->quiet);
    ParaSearch *search = arena ? para_search_open(&def, workers, arena, &error) : NULL;
    while (search && para_search_next(search))
        para_prove_show(proof, search);
    proof->seconds = para_clock_seconds() - proof->begin;
    para_progress_end(&proof->progress);
    int code = PARA_EXIT_OK;
    if (!search || !finish(proof, search, arena, &error)) {
        code = para_app_fail("prove", "%s seed %" PRIu64 " on %s: %s", proof->level->family, proof->seed,
                             para_solver_name(proof->solver), error);
    } else {
        *out_solved = search->solved;
        para_prove_print(proof, search);
    }
    para_search_close(search);
    if (arena)
        para_arena_destroy(arena);
    return code;
}

/// Whether there is one replay at most, whose file is then what --out names; of several that is a folder.
static bool is_single(const ParaProveChoices *choices)
{
    return choices->members == 1 && !choices->corners && !choices->both;
}

/// Where the replay of a search goes. @param member [1] >= 0
static const char *replay_path(const ParaProof *proof, int member, ParaArena *arena)
{
    const ParaProveChoices *choices = proof->choices;
    const char *solver = choices->both ? para_solver_name(proof->solver) : "";
    if (!choices->out || is_single(choices))
        return choices->out;
    const char *corner = choices->corners ? para_arena_printf(arena, "-corner%d", member + 1) : "";
    return para_arena_printf(arena, "%s/%s-%" PRIu64 "%s%s%s.replay", choices->out, proof->level->family,
                             proof->seed, corner, *solver ? "-" : "", solver);
}

/// A member on the solver that is asked for, or on each of both: one that refuses it does not stop the other.
static int prove_member(ParaGame *game, const ParaProveChoices *choices, int member, ParaWorkers *workers,
                        Count *count)
{
    int code = PARA_EXIT_OK;
    for (int k = 0; k < (choices->both ? 2 : 1) && para_interrupt_count() == 0; k++) {
        ParaProof proof = {.choices = choices, .level = game->env.level, .seed = game->seed};
        proof.solver = !choices->both ? para_app_solver(choices->solver, PARA_SOLVER_AUTO)
                       : k == 0       ? PARA_SOLVER_CHIPMUNK
                                      : PARA_SOLVER_LANES;
        proof.out = replay_path(&proof, member, game->program);
        bool proved = false;
        int one = prove(&proof, workers, &proved);
        code = one != PARA_EXIT_OK ? one : code;
        count->solved += proved;
        count->searches++;
    }
    return code;
}

/// All of them, each proof written when it is found: whoever stops it keeps those that were.
static int prove_members(ParaGame *game, const ParaProveChoices *choices, ParaWorkers *workers)
{
    Count count = {0};
    int code = PARA_EXIT_OK, members = choices->corners ? para_prove_corner_count(game) : choices->members;
    double set[PARA_PARAMS_MAX];
    memcpy(set, game->set, sizeof set);
    uint64_t seed = choices->seed;
    for (int m = 0; m < members && para_interrupt_count() == 0; m++) {
        if (choices->corners)
            para_prove_corner_set(game, set, m);
        int one = PARA_EXIT_OK;
        if (para_game_begin(game, seed))
            one = prove_member(game, choices, m, workers, &count);
        else
            one = para_app_fail("prove", "%s has no level at seed %" PRIu64 " and the 63 after it%s%s%s",
                                choices->name, seed, choices->corners ? ", at a corner of its ranges" : "",
                                *game->refused ? ": " : "", game->refused);
        code = one != PARA_EXIT_OK ? one : code;
        if (one != PARA_EXIT_OK && !choices->corners && !choices->both)
            return code;
        seed = choices->corners ? choices->seed : game->seed + 1;
    }
    if (!is_single(choices) && !choices->json)
        printf("%d of %d %s solved\n", count.solved, count.searches,
               choices->both      ? "searches"
               : choices->corners ? "corners"
                                  : "members");
    if (para_interrupt_count() > 0 && code == PARA_EXIT_OK)
        return count.solved == members * (choices->both ? 2 : 1) ? PARA_EXIT_OK : PARA_EXIT_INTERRUPTED;
    return code != PARA_EXIT_OK || count.solved < count.searches ? PARA_EXIT_FAILURE : PARA_EXIT_OK;
}

static bool out_is_fine(const ParaProveChoices *choices, ParaArena *arena, const char **out_error)
{
    if (!choices->out)
        return true;
    return is_single(choices) ? para_file_may_write(choices->out, arena, out_error)
                              : para_folder_make(choices->out, arena, out_error);
}

static int run(const ParaProveChoices *choices)
{
    ParaGame game;
    const char *error = NULL;
    int code = PARA_EXIT_OK;
    const ParaGameDef def = {.name = choices->name,
                             .tier = choices->tier,
                             // Of both on chipmunk, which takes every level.
                             .solver = choices->both ? PARA_SOLVER_CHIPMUNK
                                                     : para_app_solver(choices->solver, PARA_SOLVER_AUTO),
                             .settings = choices->set.items,
                             .setting_count = choices->set.count};
    ParaWorkers *workers = para_workers_create(choices->threads);
    if (!para_game_open(&game, &def, &error) || !out_is_fine(choices, game.program, &error))
        code = para_app_fail("prove", "%s", error);
    para_interrupt_catch("\rstopping; once more stops at once\n");
    if (code == PARA_EXIT_OK)
        code = prove_members(&game, choices, workers);
    para_game_close(&game);
    para_workers_destroy(workers);
    return code;
}

int para_app_prove(int argc, char **argv)
{
    ParaProveChoices choices = {.budget = -1, .members = 1};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "FILE",
         "write the solution as a replay; with --members, --corners or both solvers a folder of them", 0, 0,
         NULL},
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N", "which member of the family", 0, 0, NULL},
        {"members", 'n', PARA_OPTION_INT, &choices.members, "N",
         "so many members, one after the other from --seed on", 1, 100000, NULL},
        {"corners", 0, PARA_OPTION_FLAG, &choices.corners, NULL,
         "members at the ends of the parameters' ranges: every corner of up to 4, of more all low, all high "
         "and "
         "each alone at its other end",
         0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &choices.set, "NAME=VALUE", "give a parameter of the family a value", 0,
         0, NULL},
        {"tier", 0, PARA_OPTION_TEXT, &choices.tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"budget", 'b', PARA_OPTION_REAL, &choices.budget, "SECONDS",
         "most time for each member (-1: 60, or with --steps none)", -1, 1e6, NULL},
        {"steps", 0, PARA_OPTION_LONG, &choices.steps, "N",
         "most physics steps for each member: ends at the same place on every machine; 0: no bound", 0, 1e15,
         NULL},
        {"search-seed", 0, PARA_OPTION_SEED, &choices.luck, "N", "another search", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &choices.solver, "NAME",
         "physics: auto, lanes, chipmunk, or both: a search on each (default auto)", 0, 0, solver_choices},
        {"threads", 't', PARA_OPTION_INT, &choices.threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"json", 0, PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object per search: family, seed, params, solved, solver, tries, passes, steps, seconds, "
         "progress, "
         "level_seconds and out, or remained",
         0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &choices.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "prove",
        .usage = "[options] FAMILY | TEMPLATE.json | LEVEL.json",
        .about = "Searches for actions that solve a level: random ones that are held for a while, then the "
                 "best of\n"
                 "many clones, led by the level's rewards and the share of its goal. A solution is played "
                 "again and "
                 "verified;\n"
                 "without one it says what was tried, how far it came and what remained.",
        .options = options,
        .examples = "  paracosm prove roll --seed 3 --out roll.replay && paracosm replay verify roll.replay\n"
                    "  paracosm prove mine.json --members 9 --budget 30\n"
                    "  paracosm prove roll --corners --solver both --budget 5 --out proofs\n"
                    "  paracosm prove ferry --set distance=12 --steps 20000000 --json",
        .notes =
            "What is tried depends on the level, the solver and --search-seed alone, never on threads or "
            "time.\n"
            "That nothing was found is no proof that there is nothing. Each replay is written when it is "
            "found:\n"
            "Ctrl-C keeps them.\n"
            "exit codes: 0 solved, all searches of them; 1 not, or failed; 2 wrong command line, 130 stopped "
            "by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a family or file"};
    int code = para_options_read(&command, argc, argv, &choices.name, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    if (para_game_is_replay(choices.name))
        return para_app_misused("prove", "%s is a replay; paracosm replay verify tells what it proves",
                                choices.name);
    if (choices.corners && choices.members > 1)
        return para_app_misused("prove", "--corners takes its own members: --members does not go with it");
    choices.both = choices.solver && strcmp(choices.solver, "both") == 0;
    if (choices.budget < 0)
        choices.budget = choices.steps > 0 ? 0 : 60;
    return run(&choices);
}
