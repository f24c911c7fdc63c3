// SPDX-License-Identifier: MIT
// Players at the tests: all tasks of one go on together, try by try, so that their attempts are made
// together.
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/puzzle/eval.h"
#include "engine/base/clock.h"

#include <string.h>

#define AGAIN 4 // after a failed try a player that updates imagines one of so many of what it began with

const ParaEvalPlayer para_eval_players[] = {
    {"random", .guesses = false},
    {"update", .updates = true},
    {"prior", .guesses = true},
    {"prior+update", .guesses = true, .updates = true},
    {"imagination", .imagines = true},
    {"imagination+update", .imagines = true, .updates = true},
    {"prior+imagination", .guesses = true, .imagines = true},
    {"prior+imagination+update", .guesses = true, .imagines = true, .updates = true},
    {"certain", .guesses = true, .imagines = true, .updates = true, .certain = true},
    {"engine", .guesses = true, .imagines = true, .sees = true},
};
const int para_eval_player_count = sizeof para_eval_players / sizeof *para_eval_players;

typedef struct Play {
    ParaEval *eval;
    const ParaEvalPlayer *player;
    ParaEvalResult *result;
    ParaPuzzler *thinkers; ///< [test_count]
    ParaWish *wishes;      ///< [test_count * most that is imagined at once]
    int *who;              ///< [test_count] tests that are on in a round
} Play;

static void begin(Play *play)
{
    ParaEval *eval = play->eval;
    const ParaEvalPlayer *player = play->player;
    float *guess = player->guesses ? PARA_NEW(eval->arena, float, eval->def->candidates) : NULL;
    for (int i = 0; i < eval->test_count; i++) {
        const ParaEvalTask *task = &eval->tasks[eval->tests[i]];
        ParaPuzzlerDef def = {.imagines = player->imagines,
                              .updates = player->updates,
                              .certain = player->certain,
                              .seed = para_seed_mix(eval->def->seed, (uint64_t)eval->tests[i])};
        memcpy(def.belief, eval->belief, sizeof def.belief);
        if (player->sees || player->certain) // what it sees is what will be
            memcpy(def.belief, (double[PARA_PUZZLER_BELIEF]){-50.0, 100.0}, sizeof def.belief);
        if (guess)
            para_eval_guess(eval, task, guess);
        play->thinkers[i] = para_puzzler_begin(&def, guess, (const double(*)[3])task->actions,
                                               eval->def->candidates, eval->arena);
    }
}

/// Imagines what is likeliest of each task that is on.
static bool imagine(Play *play, int on, int most)
{
    ParaEval *eval = play->eval;
    bool imagined = !play->player->sees;
    int count = 0, *out = PARA_NEW(eval->arena, int, most + 1);
    for (int k = 0; k < on; k++) {
        int found = para_puzzler_wonder(&play->thinkers[play->who[k]], most, out, eval->arena);
        for (int f = 0; f < found; f++)
            play->wishes[count++] = (ParaWish){play->who[k], out[f]};
    }
    ParaWish *wishes = PARA_NEW(eval->arena, ParaWish, count + 1);
    for (int i = 0; i < count; i++)
        wishes[i] = (ParaWish){eval->tests[play->wishes[i].task], play->wishes[i].candidate};
    if (!para_eval_make(eval, wishes, count, imagined,
                        imagined ? &play->result->imagined : &play->result->made))
        return false;
    for (int i = 0; i < count; i++) {
        const ParaEvalTask *task = &eval->tasks[wishes[i].task];
        ParaTried one = (imagined ? task->imagined : task->true_ones)[wishes[i].candidate];
        const ParaVision vision = {one.outcome == PARA_ATTEMPT_SOLVED, (double)one.close, (double)one.doubt};
        para_puzzler_imagined(&play->thinkers[play->wishes[i].task], wishes[i].candidate, &vision);
    }
    return true;
}

/// One try at each task that is on. @return how many are on after it; -1: error, or Ctrl-C
static int try_all(Play *play, int on, int round)
{
    ParaEval *eval = play->eval;
    int left = 0, count = 0;
    for (int k = 0; k < on; k++) {
        int next = para_puzzler_next(&play->thinkers[play->who[k]]);
        if (next < 0)
            continue; // all was tried
        play->who[count] = play->who[k];
        play->wishes[count++] = (ParaWish){eval->tests[play->who[k]], next};
    }
    if (!para_eval_make(eval, play->wishes, count, false, &play->result->made))
        return -1;
    for (int k = 0; k < count; k++) {
        int candidate = play->wishes[k].candidate, test = play->who[k];
        ParaTried one = eval->tasks[play->wishes[k].task].true_ones[candidate];
        if (one.outcome == PARA_ATTEMPT_SOLVED) {
            play->result->solved_at[test] = round;
            continue;
        }
        para_puzzler_failed(&play->thinkers[test], candidate, (double)one.close);
        play->who[left++] = test;
    }
    return left;
}

static bool play_all(Play *play)
{
    const ParaEvalDef *def = play->eval->def;
    ParaProgress progress = para_progress_begin(play->player->name, def->quiet);
    int on = play->eval->test_count;
    for (int i = 0; i < on; i++)
        play->who[i] = i;
    for (int round = 1; round <= def->tries && on > 0; round++) {
        ParaArenaMark mark = para_arena_mark(play->eval->arena);
        int most = !play->player->imagines ? 0
                   : round == 1            ? def->wonder
                   : play->player->updates ? def->wonder / AGAIN
                                           : 0;
        if (most > 0 && !imagine(play, on, most))
            on = -1;
        if (on > 0)
            on = try_all(play, on, round);
        if (on < 0)
            break; // what was told lies behind the mark
        para_arena_rewind(play->eval->arena, mark);
        para_progress_show(&progress, round, def->tries);
    }
    para_progress_end(&progress);
    return on >= 0;
}

static void count_up(ParaEval *eval, ParaEvalResult *result)
{
    int32_t *kinds = PARA_NEW(eval->arena, int32_t, eval->test_count);
    int tries = eval->def->tries, count = eval->test_count, ten = tries < 10 ? tries : 10;
    for (int i = 0; i < count; i++)
        kinds[i] = eval->tasks[eval->tests[i]].kind;
    int32_t *dense = PARA_NEW(eval->arena, int32_t, count),
            *seen = PARA_NEW(eval->arena, int32_t, eval->kind_count);
    int here = 0;
    for (int i = 0; i < count; i++) {
        if (seen[kinds[i]] == 0)
            seen[kinds[i]] = ++here;
        dense[i] = seen[kinds[i]] - 1;
    }
    const int32_t *at = result->solved_at;
    result->auccess = para_puzzle_auccess(at, count, tries);
    result->first = para_puzzle_solved(at, count, 1);
    result->ten = para_puzzle_solved(at, count, ten);
    result->auccess_in =
        para_puzzle_interval(at, dense, count, here, tries, true, eval->def->seed, eval->arena);
    result->ten_in = para_puzzle_interval(at, dense, count, here, ten, false, eval->def->seed, eval->arena);
}

bool para_eval_play(ParaEval *eval, int player)
{
    ParaEvalResult *result = &eval->results[player];
    int each = eval->def->wonder > 1 ? eval->def->wonder : 1;
    Play play = {.eval = eval,
                 .player = eval->def->players[player],
                 .result = result,
                 .thinkers = PARA_NEW(eval->arena, ParaPuzzler, eval->test_count),
                 .wishes = PARA_NEW(eval->arena, ParaWish, eval->test_count * each),
                 .who = PARA_NEW(eval->arena, int, eval->test_count)};
    double cpu = para_clock_cpu_seconds();
    result->solved_at = PARA_NEW(eval->arena, int32_t, eval->test_count);
    begin(&play);
    if (!play_all(&play))
        return false;
    result->cpu = para_clock_cpu_seconds() - cpu;
    count_up(eval, result);
    result->done = true;
    return true;
}
