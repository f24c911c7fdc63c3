// SPDX-License-Identifier: MIT
// paracosm prove: whether a level can be solved, by a search over clones; the replay that shows it, or what
// was tried.
#include "agents/search/search.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/play/play_game.h"
#include "apps/terminal.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX    ((size_t)4 << 30) // [byte] of one level's search, its worlds left out
#define STEPS_MAX     ((int64_t)1 << 50)
#define LIVE_SECONDS  0.2  // [s] between redraws of the line on a terminal
#define LINE_SECONDS  10.0 // [s] between plain lines
#define SHOWN_SECONDS 1.0  // [s] before the first

typedef struct Choices {
    const char *name, *out, *tier, *solver;
    ParaTexts set;
    uint64_t seed, luck;
    int64_t steps;
    double budget;
    int members, threads;
    bool json, quiet;
} Choices;

/// One member's search.
typedef struct Proof {
    const Choices *choices;
    const ParaLevel *level;
    uint64_t seed;
    const char *out;
    double begin; ///< [s] of the steady clock
    double shown; ///< [s] likewise
    bool live, drawn;
    // What came of it.
    double seconds;     ///< [s] it took
    double level_time;  ///< [s] of the level that the solution takes
    char remained[200]; ///< why the best plan does not solve it
} Proof;

static bool time_is_up(void *context)
{
    const Proof *proof = context;
    return para_interrupt_count() > 0 ||
           (proof->choices->budget > 0 && para_clock_seconds() - proof->begin >= proof->choices->budget);
}

// ---------------------------------------------------------------------------------------------
// Telling.

static void show(Proof *proof, const ParaSearch *search)
{
    double now = para_clock_seconds(), elapsed = now - proof->begin;
    if (proof->choices->quiet || elapsed < SHOWN_SECONDS ||
        now - proof->shown < (proof->live ? LIVE_SECONDS : LINE_SECONDS))
        return;
    char tries[PARA_NUMBER_SIZE], steps[PARA_NUMBER_SIZE], line[240];
    int columns = (int)sizeof line, rows = 0;
    proof->shown = now;
    para_text_format(line, sizeof line,
                     "%s seed %" PRIu64 ": %s tries, %s steps, best %.0f %% of the goal, %.0f s",
                     proof->level->family, proof->seed, para_text_count((double)search->tries, tries),
                     para_text_count((double)search->steps, steps), 100 * (double)search->progress, elapsed);
    if (proof->live) { // a line that breaks would stay, and the next would begin below it
        para_stream_size(PARA_STREAM_ERRORS, &columns, &rows);
        fprintf(stderr, "\r%.*s\033[K", columns > 1 ? columns - 1 : 1, line);
    } else {
        fprintf(stderr, "%s\n", line);
    }
    fflush(stderr);
    proof->drawn = true;
}

static void print_json(const Proof *proof, const ParaSearch *search, ParaSolverKind solver)
{
    char hash[24];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "family", proof->level->family);
    snprintf(hash, sizeof hash, "%" PRIu64, proof->seed); // beyond 2^53 a number would lose digits
    cJSON_AddRawToObject(object, "seed", hash);
    cJSON_AddBoolToObject(object, "solved", search->solved);
    cJSON_AddStringToObject(object, "solver", para_solver_name(solver));
    cJSON_AddNumberToObject(object, "tries", (double)search->tries);
    cJSON_AddNumberToObject(object, "passes", search->passes);
    cJSON_AddNumberToObject(object, "steps", (double)search->steps);
    cJSON_AddNumberToObject(object, "seconds", proof->seconds);
    cJSON_AddNumberToObject(object, "progress", search->progress > 0 ? (double)search->progress : 0);
    if (search->solved) {
        cJSON_AddNumberToObject(object, "level_seconds", proof->level_time);
        if (proof->out)
            cJSON_AddStringToObject(object, "out", proof->out);
    } else {
        cJSON_AddStringToObject(object, "remained", proof->remained);
    }
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

static void print_text(const Proof *proof, const ParaSearch *search)
{
    char tries[PARA_NUMBER_SIZE], steps[PARA_NUMBER_SIZE];
    para_text_count((double)search->tries, tries);
    para_text_count((double)search->steps, steps);
    printf("%s seed %" PRIu64 ": ", proof->level->family, proof->seed);
    if (search->solved) {
        para_text_print(stdout, "solved in %.1f s of the level; found after %s tries, %s steps, %.1f s%s%s\n",
                        proof->level_time, tries, steps, proof->seconds, proof->out ? ": " : "",
                        proof->out ? proof->out : "");
        return;
    }
    bool stopped = para_interrupt_count() > 0;
    para_text_print(stdout, "%s after %s tries in %d passes, %s steps, %.1f s\n",
                    stopped ? "stopped, not solved" : "not solved", tries, search->passes, steps,
                    proof->seconds);
    if (search->decisions > 0)
        para_text_print(stdout, "  best: %.0f %% of the goal%s%s\n", 100 * (double)search->progress,
                        *proof->remained ? "; what remained: " : "", proof->remained);
}

// ---------------------------------------------------------------------------------------------
// One member.

/// Plays the solution again, checks it as `replay verify` would, and writes it.
static bool finish(Proof *proof, ParaSearch *search, ParaArena *arena, const char **out_error)
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
static int prove(Proof *proof, ParaWorkers *workers, bool *out_solved)
{
    const Choices *choices = proof->choices;
    const char *error = "no memory";
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    const ParaSearchDef def = {.level = proof->level,
                               .solver = para_app_solver(choices->solver, PARA_SOLVER_AUTO),
                               .seed = choices->luck,
                               .steps_max = choices->steps > 0 ? choices->steps : STEPS_MAX,
                               .stop = time_is_up,
                               .stop_context = proof};
    proof->begin = proof->shown = para_clock_seconds();
    ParaSearch *search = arena ? para_search_open(&def, workers, arena, &error) : NULL;
    while (search && para_search_next(search))
        show(proof, search);
    proof->seconds = para_clock_seconds() - proof->begin;
    if (proof->drawn && proof->live)
        fputs("\r\033[K", stderr);
    int code = PARA_EXIT_OK;
    if (!search || !finish(proof, search, arena, &error)) {
        code = para_app_fail("prove", "%s seed %" PRIu64 ": %s", proof->level->family, proof->seed, error);
    } else {
        *out_solved = search->solved;
        if (choices->json)
            print_json(proof, search, para_search_solver(search));
        else
            print_text(proof, search);
        fflush(stdout);
    }
    para_search_close(search);
    if (arena)
        para_arena_destroy(arena);
    return code;
}

/// Where the replay of a member goes: the file that is asked for, or of several a file in that folder.
static const char *replay_path(const Choices *choices, const ParaLevel *level, uint64_t seed,
                               ParaArena *arena)
{
    if (!choices->out || choices->members <= 1)
        return choices->out;
    return para_arena_printf(arena, "%s/%s-%" PRIu64 ".replay", choices->out, level->family, seed);
}

static int prove_members(ParaGame *game, const Choices *choices, ParaWorkers *workers)
{
    int solved = 0, members = 0, code = PARA_EXIT_OK;
    uint64_t seed = choices->seed;
    for (int m = 0; m < choices->members && code == PARA_EXIT_OK && para_interrupt_count() == 0; m++) {
        if (!para_game_begin(game, seed))
            return para_app_fail("prove", "%s has no level at seed %" PRIu64 " and the 63 after it%s%s",
                                 choices->name, seed, *game->refused ? ": " : "", game->refused);
        Proof proof = {.choices = choices, .level = game->env.level, .seed = game->seed};
        proof.live = para_stream_is_terminal(PARA_STREAM_ERRORS) && !para_terminal_is_dumb();
        proof.out = replay_path(choices, proof.level, game->seed, game->program);
        bool proved = false;
        code = prove(&proof, workers, &proved);
        solved += proved;
        members++;
        seed = game->seed + 1;
    }
    if (choices->members > 1 && !choices->json)
        printf("%d of %d members solved\n", solved, members);
    if (code != PARA_EXIT_OK)
        return code;
    if (solved == choices->members)
        return PARA_EXIT_OK;
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_FAILURE;
}

static bool out_is_fine(const Choices *choices, ParaArena *arena, const char **out_error)
{
    if (!choices->out)
        return true;
    return choices->members > 1 ? para_folder_make(choices->out, arena, out_error)
                                : para_file_may_write(choices->out, arena, out_error);
}

static int run(const Choices *choices)
{
    ParaGame game;
    const char *error = NULL;
    int code = PARA_EXIT_OK;
    const ParaGameDef def = {.name = choices->name,
                             .tier = choices->tier,
                             .solver = para_app_solver(choices->solver, PARA_SOLVER_AUTO),
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
    Choices choices = {.budget = -1, .members = 1};
    const ParaOption options[] = {
        {"out", 'o', PARA_OPTION_TEXT, &choices.out, "FILE",
         "write the solution as a replay; with --members a folder of them", 0, 0, NULL},
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N", "which member of the family", 0, 0, NULL},
        {"members", 'n', PARA_OPTION_INT, &choices.members, "N",
         "so many members, one after the other from --seed on", 1, 100000, NULL},
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
         "physics: auto, lanes or chipmunk (default auto)", 0, 0, para_app_solver_choices},
        {"threads", 't', PARA_OPTION_INT, &choices.threads, "N", "worker threads; 0: one per CPU", 0, 256,
         NULL},
        {"json", 0, PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object per member: family, seed, solved, solver, tries, passes, steps, seconds, progress, "
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
                    "  paracosm prove ferry --set distance=12 --steps 20000000 --json",
        .notes =
            "What is tried depends on the level, the solver and --search-seed alone, never on threads or "
            "time.\n"
            "That nothing was found is no proof that there is nothing.\n"
            "exit codes: 0 solved, all members of them; 1 not, or failed; 2 wrong command line, 130 stopped "
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
    if (choices.budget < 0)
        choices.budget = choices.steps > 0 ? 0 : 60;
    return run(&choices);
}
