// SPDX-License-Identifier: MIT
// A member in play: without an action and with random ones, on both solvers.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/maths.h"

#include <stdio.h>
#include <string.h>

#define RANDOM_RUNS  2    ///< with random actions on each solver
#define HOLD         4    ///< decisions that a random action is held
#define AT_ONCE      0.25 ///< [s] in which nobody could have done anything
#define LEAVE_MARGIN 2.0  ///< [m] beyond everything there is

/// How one run went.
typedef struct Run {
    ParaPlayStatus status;
    double time; ///< [s] >= 0 when it ended, or was left
    bool lanes;
    bool idle;
    int diverged; ///< body, -1: none or unknown
    char cause[160];
    double x, y; ///< [m] of the player's main body in the end
} Run;

static void choose(ParaRng *rng, int decision, bool idle, int8_t *actions)
{
    if (idle || decision % HOLD != 0)
        return;
    for (int c = 0; c < PARA_CHANNELS; c++)
        actions[c] = (int8_t)para_rng_int(rng, -1, 1);
}

/// Steps an episode that has begun, for as long as there is work left: even a single decision may be dear.
static void step_on(ParaStage *stage, ParaEnv *env, ParaRng *rng, const Run *run, double seconds, double most)
{
    const ParaView *view = para_world_view(env->world);
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    double step = para_stage_step_work(stage, view, run->lanes);
    for (int d = 0; env->play.status == PARA_PLAY_ON && view->time < seconds && stage->work + step <= most;
         d++) {
        choose(rng, d, run->idle, actions);
        para_decision_begin(env, actions);
        for (bool made = false; !made && stage->work + step <= most;) {
            made = para_decision_step(env);
            step = para_stage_step_work(stage, view, run->lanes);
            stage->work += step;
        }
    }
}

static void note_cut(ParaCut *cut, const Run *run, double seconds)
{
    bool left = run->status == PARA_PLAY_ON && run->time < seconds;
    cut->of++;
    cut->runs += left;
    if (left && (cut->asked == 0 || run->time < cut->seconds)) {
        cut->seconds = run->time;
        cut->asked = seconds;
    }
}

/// @param seed of the actions; 0: none   @param seconds [s] > 0, or what `work` allows of it
static bool play(ParaStage *stage, ParaSolverKind solver, uint64_t seed, double seconds, double work,
                 Run *out)
{
    const ParaLevel *level = stage->level;
    ParaEnv env = {.world = para_world_at(stage->group[solver == PARA_SOLVER_CHIPMUNK], 0),
                   .arena = stage->arena};
    ParaRng rng = para_rng_make(seed, "rehearsal");
    double most = stage->work + work;
    int body = level->players[0].body;
    ParaVec2 at = level->world.bodies[body].position;
    *out = (Run){.status = PARA_PLAY_ON,
                 .lanes = solver == PARA_SOLVER_LANES,
                 .idle = seed == 0,
                 .diverged = -1,
                 .x = (double)at.x,
                 .y = (double)at.y};
    if (work <= 0) // not a step would be taken
        return true;
    stage->work += para_rehearsal_build_work(&level->world);
    if (!para_env_begin(&env, level, ""))
        return false;
    const ParaView *view = para_world_view(env.world);
    step_on(stage, &env, &rng, out, seconds, most);
    size_t k = (size_t)body * (size_t)view->stride;
    stage->done.steps += (int64_t)view->step;
    out->status = env.play.status;
    out->time = view->time;
    out->diverged = view->diverged_body;
    out->x = (double)view->centre_x[k];
    out->y = (double)view->centre_y[k];
    if (out->status == PARA_PLAY_FAILED)
        para_play_cause(&env.play, level, env.world, 0, out->cause, sizeof out->cause);
    return true;
}

static const char *actions_word(const Run *run)
{
    return run->idle ? "without an action" : "with random actions";
}

static void look_at_divergence(ParaStage *stage, const Run *run)
{
    char name[PARA_NAME_MAX];
    if (run->status != PARA_PLAY_DIVERGED)
        return;
    bool known = run->diverged >= 0;
    para_stage_note(stage, PARA_CODE_DIVERGES, known ? stage->origins.bodies[run->diverged] : "",
                    "the numbers of %s%s%s run away after %.2f s on %s, %s", known ? "\"" : "the level",
                    known ? para_stage_body(stage, run->diverged, name) : "", known ? "\"" : "", run->time,
                    run->lanes ? "lanes" : "chipmunk", actions_word(run));
}

/// Does the player leave everything there is by itself?
static void look_at_leaving(ParaStage *stage, const Run *run)
{
    const ParaLevel *level = stage->level;
    ParaBounds all = {0, 0, (double)level->world.size.x, (double)level->world.size.y};
    int body = level->players[0].body;
    char name[PARA_NAME_MAX];
    for (int b = 0; b < level->world.body_count; b++)
        para_bounds_add(&all, para_bounds_body(level, b));
    ParaBounds at = {run->x, run->y, run->x, run->y};
    if (!run->idle || run->status == PARA_PLAY_DIVERGED || para_bounds_meet(at, all, LEAVE_MARGIN))
        return;
    para_stage_note(stage, PARA_CODE_PLAYER_LEAVES, stage->origins.bodies[body],
                    "the player's \"%s\" leaves the level by itself: it is at (%.4g, %.4g) after %.2f s",
                    para_stage_body(stage, body, name), run->x, run->y, run->time);
}

/// Did the runs of each solver end in the same step, give or take one? Then no action has changed a thing.
static bool are_alike(const ParaStage *stage, const Run *runs, int count)
{
    double step = 1.5 / (double)stage->level->world.rate;
    for (int k = 0; k < count; k++)
        for (int m = 0; m < k; m++)
            if (runs[k].lanes == runs[m].lanes &&
                (runs[k].time - runs[m].time > step || runs[m].time - runs[k].time > step))
                return false;
    return true;
}

static void look_at_end(ParaStage *stage, const Run *runs, int count)
{
    double last = 0;
    int failed = 0;
    for (int k = 0; k < count; k++) {
        failed += runs[k].status == PARA_PLAY_FAILED;
        last = para_max(last, runs[k].time);
    }
    if (count > 0 && failed == count && last <= AT_ONCE)
        para_stage_note(stage, PARA_CODE_LOST_AT_ONCE, "/fail",
                        "the level is lost %.2f s after its start whatever the player does%s%s", last,
                        *runs[0].cause ? ": " : "", runs[0].cause);
    else if (count > 0 && failed == count && are_alike(stage, runs, count) && stage->alike_lost++ == 0)
        snprintf(stage->alike_cause, sizeof stage->alike_cause, "%s%s", *runs[0].cause ? ": " : "",
                 runs[0].cause);
    for (int k = 0; k < count; k++)
        if (runs[k].idle && runs[k].status == PARA_PLAY_SOLVED)
            para_stage_note(stage, PARA_CODE_SOLVED_BY_NOTHING, "/goal",
                            "the level is solved after %.2f s without an action", runs[k].time);
}

void para_stage_play(ParaStage *stage, double seconds, double work)
{
    Run runs[2 * (1 + RANDOM_RUNS)];
    double most = stage->work + work;
    int count = 0, to_come = 0;
    bool fits[2];
    for (int k = 0; k < 2; k++) {
        fits[k] =
            para_solver_fits(k ? PARA_SOLVER_CHIPMUNK : PARA_SOLVER_LANES, &stage->level->world, NULL, 0);
        to_come += fits[k] ? 1 + RANDOM_RUNS : 0;
    }
    for (int chipmunk = 0; chipmunk < 2; chipmunk++)
        for (uint64_t seed = 0; fits[chipmunk] && seed <= RANDOM_RUNS; seed++, to_come--) {
            ParaSolverKind solver = chipmunk ? PARA_SOLVER_CHIPMUNK : PARA_SOLVER_LANES;
            if (!play(stage, solver, seed, seconds, (most - stage->work) / to_come, &runs[count]))
                continue;
            note_cut(&stage->done.cut, &runs[count], seconds);
            look_at_divergence(stage, &runs[count]);
            look_at_leaving(stage, &runs[count]);
            count++;
        }
    look_at_end(stage, runs, count);
}

void para_stage_play_idle(ParaStage *stage, double work)
{
    bool lanes = para_solver_fits(PARA_SOLVER_LANES, &stage->level->world, NULL, 0);
    double seconds = (double)stage->level->seconds;
    Run run;
    if (!play(stage, lanes ? PARA_SOLVER_LANES : PARA_SOLVER_CHIPMUNK, 0, seconds + 1, work, &run))
        return;
    note_cut(&stage->done.cut_idle, &run, seconds);
    look_at_divergence(stage, &run);
    stage->idle_played += run.status != PARA_PLAY_ON;
    stage->idle_solved += run.status == PARA_PLAY_SOLVED;
}
