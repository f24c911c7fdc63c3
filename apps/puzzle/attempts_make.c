// SPDX-License-Identifier: MIT
// Making attempts: batches of worlds that step together, each batch on one thread. What comes of an attempt
// does not depend on its batch, so it is the same for any number of threads.
#include "agents/dream/dream.h"
#include "apps/interrupt.h"
#include "apps/puzzle/attempts.h"
#include "engine/base/maths.h"
#include "worlds/rules/play.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)1 << 28) // [byte] of a batch's levels
// What has stood still for so long, without a contact that counts, stays so: the attempt is over.
#define STILL_STEPS 120   // [step]
#define STILL_WAY   1e-3f // [m] [rad] that nothing has moved by
#define STILL_EVERY 10    // [step] between two looks

typedef struct Make {
    ParaAttempts *attempts;
    const ParaAttemptDef *def;
    int first, end, batch;   ///< worlds of a batch
    ParaWorldGroup **groups; ///< [workers]
    ParaArena **arenas;      ///< [workers]
    char (*errors)[300];     ///< [workers] "": none
    atomic_bool failed;
} Make;

/// One batch of worlds.
typedef struct Batch {
    Make *make;
    int worker, first, count;
    const ParaLevel *levels[PARA_ATTEMPTS_BATCH];
    ParaPlay plays[PARA_ATTEMPTS_BATCH];
    ParaPlayerState players[PARA_ATTEMPTS_BATCH];
    uint8_t active[PARA_ATTEMPTS_BATCH];
    int pair[PARA_ATTEMPTS_BATCH][2];     ///< bodies that have to touch
    double apart[PARA_ATTEMPTS_BATCH][2]; ///< [m] at the start, and least
    int held[PARA_ATTEMPTS_BATCH]
            [3]; ///< [step] how long they have touched now, at most, and have to; 0: at once
    float *stood[PARA_ATTEMPTS_BATCH]; ///< [m] [rad] where the bodies were when one last moved  [bodies, 3]
    int still[PARA_ATTEMPTS_BATCH];    ///< [step] for how long none has
} Batch;

static bool fail(Batch *batch, const char *path, const char *why)
{
    snprintf(batch->make->errors[batch->worker], sizeof batch->make->errors[0], "%.120s: %.150s", path, why);
    atomic_store(&batch->make->failed, true);
    return false;
}

static const char *first_error(const ParaDiagList *list)
{
    for (int k = 0; k < list->count; k++)
        if (list->items[k].severity == PARA_DIAG_ERROR)
            return list->items[k].message;
    return "no memory";
}

/// The parameters of a template for an action. @return false: it has others than x, y and r
static bool values_of(const ParaTemplate *t, const double action[3], double values[3])
{
    static const char *const names[3] = {"x", "y", "r"};
    int found = 0;
    for (int p = 0; p < para_template_param_count(t) && p < 3; p++)
        for (int k = 0; k < 3; k++)
            if (strcmp(para_template_param(t, p)->name, names[k]) == 0) {
                values[p] = action[k];
                found++;
            }
    return found == 3 && para_template_param_count(t) == 3;
}

static double apart_now(const Batch *batch, int w)
{
    const ParaView *view = para_world_view(para_world_at(batch->make->groups[batch->worker], w));
    int a = batch->pair[w][0] * view->stride, b = batch->pair[w][1] * view->stride;
    double x = (double)view->x[a] - (double)view->x[b], y = (double)view->y[a] - (double)view->y[b];
    return para_sqrt(x * x + y * y);
}

/// Begins to watch how near an attempt comes.
static void watch(Batch *batch, int w)
{
    const ParaLevel *level = batch->levels[w];
    for (int b = 0; b < level->world.body_count; b++) {
        ParaRole role = para_level_body_role(level, 0, b);
        if (role == PARA_ROLE_CARGO || role == PARA_ROLE_TARGET)
            batch->pair[w][role == PARA_ROLE_TARGET] = b;
    }
    batch->apart[w][0] = batch->apart[w][1] = apart_now(batch, w);
    batch->held[w][2] = para_level_steps(level, level->goals[level->players[0].goal_root].hold);
    batch->stood[w] = PARA_NEW(batch->make->arenas[batch->worker], float, 3 * level->world.body_count);
}

/// Whether some body is away from where it stood, and where all stand then.
static bool has_moved(const ParaView *view, float *stood, int bodies)
{
    bool moved = false;
    for (int b = 0; b < bodies; b++) {
        const float now[3] = {view->x[b * view->stride], view->y[b * view->stride],
                              view->angle[b * view->stride]};
        for (int k = 0; k < 3; k++)
            moved |= fabsf(now[k] - stood[3 * b + k]) > STILL_WAY;
    }
    for (int b = 0; b < bodies && moved; b++) {
        stood[3 * b] = view->x[b * view->stride];
        stood[3 * b + 1] = view->y[b * view->stride];
        stood[3 * b + 2] = view->angle[b * view->stride];
    }
    return moved;
}

/// Whether nothing will come any more: what there is of time is too short, or nothing moves and nothing
/// touches.
static bool is_over(Batch *batch, int w, int step)
{
    const ParaLevel *level = batch->levels[w];
    if (batch->held[w][2] - batch->held[w][0] > para_level_steps(level, level->seconds) - step)
        return true;
    const ParaView *view = para_world_view(para_world_at(batch->make->groups[batch->worker], w));
    if (step % STILL_EVERY != 0)
        return false;
    bool moved = has_moved(view, batch->stood[w], batch->levels[w]->world.body_count);
    batch->still[w] = moved || batch->held[w][0] > 0 ? 0 : batch->still[w] + STILL_EVERY;
    return batch->still[w] >= STILL_STEPS;
}

static void look(Batch *batch, int w)
{
    batch->apart[w][1] = para_min(batch->apart[w][1], apart_now(batch, w));
    int held = batch->plays[w].held[batch->levels[w]->players[0].goal_root], *most = &batch->held[w][1];
    batch->held[w][0] = held;
    *most = held > *most ? held : *most;
}

ParaLevel *para_attempt_level(const ParaTemplate *t, const double action[3], ParaArena *arena,
                              ParaDiagList *list)
{
    double values[3];
    if (values_of(t, action, values))
        return para_template_sample(t, values, 0, arena, list);
    para_diag_add(list, PARA_DIAG_ERROR, NULL, "/params",
                  "is no puzzle of one ball: they are not x, y and r");
    return NULL;
}

/// Begins an attempt, unless it is invalid.
static bool begin(Batch *batch, int w, const ParaTemplate *t, const char *path)
{
    const ParaAttemptDef *def = batch->make->def;
    ParaArena *arena = batch->make->arenas[batch->worker];
    ParaDiagList list = para_diag_list(arena, path, NULL);
    ParaAttempt *attempt = &batch->make->attempts->items[batch->first + w];
    ParaLevel *level = para_attempt_level(t, attempt->action, arena, &list);
    if (!level)
        return fail(batch, path, first_error(&list));
    level->world.substeps = def->substeps ? def->substeps : level->world.substeps;
    level->world.iterations = def->iterations ? def->iterations : level->world.iterations;
    batch->levels[w] = level;
    if (!para_phyre_may_place(level, attempt->action, attempt->why, sizeof attempt->why)) {
        attempt->outcome = PARA_ATTEMPT_INVALID;
        return true;
    }
    if (para_play_events_size(level) > 0)
        return fail(batch, path, "has events, which a puzzle of one ball has not");
    batch->active[w] =
        para_play_begin(&batch->plays[w], level, para_world_at(batch->make->groups[batch->worker], w),
                        &batch->players[w], NULL, &list);
    if (!batch->active[w])
        return fail(batch, path, first_error(&list));
    watch(batch, w);
    return true;
}

static bool begin_all(Batch *batch)
{
    ParaArena *arena = batch->make->arenas[batch->worker];
    const ParaAttempts *attempts = batch->make->attempts;
    const ParaTemplate *t = NULL;
    for (int w = 0, task = -1; w < batch->count; w++) {
        int mine = attempts->items[batch->first + w].task;
        const char *path = attempts->tasks[mine].path;
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        if (mine != task && !(t = para_template_load_file(path, arena, &list)))
            return fail(batch, path, first_error(&list));
        task = mine;
        if (!begin(batch, w, t, path))
            return false;
    }
    return true;
}

/// How unsure the model was of the two that have to touch, in sizes of the smaller.
static float doubt_of(const Batch *batch, int w)
{
    const float *doubt = para_dream_doubt(para_world_at(batch->make->groups[batch->worker], w));
    ParaModelFacts facts = para_model_facts(&batch->levels[w]->world, batch->make->arenas[batch->worker]);
    float size = INFINITY, sum = 0.0f;
    for (int k = 0; k < 2; k++) {
        int b = batch->pair[w][k];
        size = fminf(size, fmaxf(2.0f * facts.bodies[b].radius, 0.05f));
        sum += doubt ? doubt[b] : 0.0f;
    }
    return fminf(sum / size, 1e6f);
}

/// Notes what came of a world that has ended.
static void end(Batch *batch, int w, int step)
{
    ParaAttempt *attempt = &batch->make->attempts->items[batch->first + w];
    ParaPlayStatus status = batch->plays[w].status;
    attempt->step = step;
    attempt->outcome = status == PARA_PLAY_SOLVED     ? PARA_ATTEMPT_SOLVED
                       : status == PARA_PLAY_DIVERGED ? PARA_ATTEMPT_DIVERGED
                                                      : PARA_ATTEMPT_UNSOLVED;
    double way = para_max(batch->apart[w][0], 1e-6);
    double held = (double)batch->held[w][1] / para_max((double)batch->held[w][2], 1.0);
    double close = 0.5 * (1.0 - batch->apart[w][1] / way) + 0.5 * para_min(held, 1.0);
    attempt->close = status == PARA_PLAY_SOLVED ? 1.0f : (float)para_clamp(close, 0.0, 1.0);
    attempt->doubt = batch->make->def->model ? doubt_of(batch, w) : 0.0f;
    batch->active[w] = 0;
}

/// One step of all. @return how many go on
static int step_all(Batch *batch, int step)
{
    ParaWorldGroup *group = batch->make->groups[batch->worker];
    int on = 0;
    for (int w = 0; w < batch->count; w++)
        if (batch->active[w])
            para_play_before_step(&batch->plays[w], batch->levels[w], para_world_at(group, w));
    para_world_group_step(group, 0, batch->count, batch->active);
    for (int w = 0; w < batch->count; w++) {
        if (!batch->active[w])
            continue;
        para_play_after_step(&batch->plays[w], batch->levels[w], para_world_at(group, w));
        look(batch, w);
        if (batch->plays[w].status != PARA_PLAY_ON || is_over(batch, w, step))
            end(batch, w, step);
        on += batch->active[w];
    }
    return on;
}

static bool stops(const Make *make) { return atomic_load(&make->failed) || para_interrupt_count() > 0; }

static void make_batch(void *context, int task, int worker)
{
    Make *make = context;
    Batch batch = {.make = make, .worker = worker, .first = make->first + task * make->batch};
    int left = make->end - batch.first;
    batch.count = left < make->batch ? left : make->batch;
    if (!stops(make) && begin_all(&batch))
        for (int step = 1; !stops(make) && step_all(&batch, step) > 0; step++)
            continue;
    para_arena_clear(make->arenas[worker]);
}

static bool open_workers(Make *make, int count, ParaArena *arena)
{
    make->groups = PARA_NEW(arena, ParaWorldGroup *, count);
    make->arenas = PARA_NEW(arena, ParaArena *, count);
    make->errors = para_arena_alloc(arena, sizeof *make->errors * (size_t)count);
    for (int k = 0; k < count; k++) {
        make->groups[k] = make->def->model ? para_dream_group_create(make->def->model, make->batch)
                                           : para_world_group_create(make->def->solver, make->batch);
        make->arenas[k] = para_arena_create((size_t)1 << 20, MEMORY_MAX);
        if (!make->groups[k] || !make->arenas[k])
            return false;
    }
    return true;
}

static void close_workers(Make *make, int count)
{
    for (int k = 0; k < count; k++) {
        para_world_group_destroy(make->groups[k]);
        if (make->arenas[k])
            para_arena_destroy(make->arenas[k]);
    }
}

bool para_attempts_make(ParaAttempts *attempts, int first, int count, const ParaAttemptDef *def,
                        ParaWorkers *workers, ParaArena *arena, const char **out_error)
{
    Make make = {.attempts = attempts, .def = def, .first = first, .end = first + count};
    int threads = para_workers_count(workers), each = (count + threads - 1) / threads;
    make.batch = each < PARA_ATTEMPTS_BATCH ? each : PARA_ATTEMPTS_BATCH;
    bool good = open_workers(&make, threads, arena);
    *out_error = "no memory";
    if (good)
        para_workers_run(workers, make_batch, &make, (count + make.batch - 1) / make.batch);
    for (int k = 0; k < threads && good; k++)
        if (*make.errors[k]) {
            *out_error = make.errors[k];
            good = false;
        }
    close_workers(&make, threads);
    return good;
}
