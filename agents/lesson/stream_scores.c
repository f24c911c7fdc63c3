// SPDX-License-Identifier: MIT
// A world of a stream is examined while it is learned and, with all before it, at its end; then it is left.
// Nothing changes before all that may be stopped is done: a training that was stopped here does it again.
#include "agents/batch/seeds.h"
#include "agents/lesson/evaluate.h"
#include "agents/lesson/training_stream.h"
#include "agents/lifelong/summary.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"

#include <string.h>

#define EPISODES      2  // of each held-out level
#define HELD_OUT_SEED 77 // of the set, as in lesson.c
#define SCORED_LEVELS 16 // that a former player is tried on
#define SCORED_SEED   9000

/// How well somebody plays a world on held-out levels.
/// @return false with an error   @param out_stopped out, true: told to stop, nothing was found
static bool examine(ParaTraining *t, const ParaPolicy *player, int world, ParaStreamScore *out,
                    bool *out_stopped, const char **out_error)
{
    const ParaEvalDef def = {.levels = t->def.eval_levels, .episodes = EPISODES, .seed = HELD_OUT_SEED};
    ParaEvalResult result;
    ParaArenaMark mark = para_arena_mark(t->scratch);
    bool good = para_evaluate_player(&def, &t->stream->families[world], player, t->room, t->scratch, &result,
                                     out_error);
    *out_stopped = !good && para_trial_room_stopped(t->room);
    if (!good && !*out_stopped)
        *out_error = para_arena_strdup(t->arena, *out_error);
    if (good) {
        int levels = def.levels * t->stream->families[world].count;
        float low, high;
        out->world = world;
        out->solve = (double)result.mean[PARA_PLAYER_TRAINED];
        out->levels = levels;
        para_share_interval(out->solve, levels, &low, &high);
        out->low = (double)low, out->high = (double)high;
    }
    para_arena_rewind(t->scratch, mark);
    return good || *out_stopped;
}

/// The time between is not the run's.
static void give_back_time(ParaTraining *t, double start, double cpu)
{
    t->now.held_out_seconds = para_clock_seconds() - start;
    t->lesson_start += t->now.held_out_seconds;
    t->lesson_cpu += para_clock_cpu_seconds() - cpu;
}

bool para_training_examination_is_due(const ParaTraining *t)
{
    const ParaTrainingStream *s = t->stream;
    return s && !para_training_world_is_over(t) &&
           para_training_world_progress(t) * s->stream->points >= (double)s->point;
}

bool para_training_examine_world(ParaTraining *t, const char **out_error)
{
    ParaTrainingStream *s = t->stream;
    if (!para_training_examination_is_due(t))
        return true;
    double start = para_clock_seconds(), cpu = para_clock_cpu_seconds();
    bool stopped = false;
    ParaStreamScore score = {.lesson = t->lessons,
                             .learning = s->world,
                             .point = s->point,
                             .done = para_training_world_progress(t)};
    bool good = examine(t, t->policy, s->world, &score, &stopped, out_error);
    give_back_time(t, start, cpu);
    if (!good || stopped)
        return good;
    while (para_training_world_progress(t) * s->stream->points >= (double)s->point)
        s->point++;
    return !t->run || para_run_add_stream_score(t->run, &score, out_error);
}

/// A ParaKeepScore: levels that training may draw, one episode each.
static float score_player(void *context, const ParaPolicy *player, int world)
{
    ParaTraining *t = context;
    const ParaFamilies *families = &t->stream->families[world];
    int count = SCORED_LEVELS * families->count, solved = 0;
    ParaArenaMark mark = para_arena_mark(t->scratch);
    ParaTrial *trials = PARA_NEW(t->scratch, ParaTrial, count);
    uint64_t seed = para_seed_mix(t->def.seed, SCORED_SEED + (uint64_t)world);
    for (int i = 0; i < count; i++)
        trials[i] = (ParaTrial){.pick = {.family = i % families->count,
                                         .seed = para_training_seed(para_seed_mix(seed, (uint64_t)i))},
                                .kind = PARA_TRIAL_POLICY,
                                .seed = para_seed_mix(seed, (uint64_t)(count + i))};
    para_trials_play(t->room, families, trials, count, player, NULL, NULL);
    for (int i = 0; i < count; i++)
        solved += trials[i].played && trials[i].report.end == PARA_END_SOLVED;
    para_arena_rewind(t->scratch, mark);
    return para_trial_room_stopped(t->room) ? -1.0f : (float)solved / (float)count;
}

/// The last world so far of the same families: whose player plays this one.
static int last_of(const ParaTrainingStream *s, int world)
{
    int last = world;
    for (int w = world; w <= s->world; w++)
        last = s->same[w] == s->same[world] ? w : last;
    return last;
}

/// All worlds so far, each kind once. @param scores out, [worlds]   @param known out, [worlds]
static bool examine_all(ParaTraining *t, ParaStreamScore *scores, bool *known, bool *out_stopped,
                        const char **out_error)
{
    ParaTrainingStream *s = t->stream;
    for (int w = 0; w <= s->world && !*out_stopped; w++) {
        int first = s->same[w];
        scores[w] = (ParaStreamScore){
            .lesson = t->lessons - 1, .learning = s->world, .point = s->stream->points, .done = 1};
        if (first < w) {
            scores[w] = scores[first], known[w] = known[first];
            scores[w].world = w;
            continue;
        }
        const ParaPolicy *player = para_keep_player(s->keep, last_of(s, w), s->world);
        known[w] = player != NULL;
        if (player && !examine(t, player, w, &scores[w], out_stopped, out_error))
            return false;
    }
    return true;
}

/// A world is left: what must be kept of it is taken from a last rollout that nothing is learned from.
static void end_world(ParaTraining *t)
{
    ParaTrainingStream *s = t->stream;
    int rows = 0;
    if (para_keep_wants_rollout(s->keep)) {
        t->horizon = t->def.horizon;
        para_ppo_set_shape(t->ppo, t->horizon, para_train_minibatches(&t->def, t->horizon));
        t->batch->on_ended = NULL; // no lesson has these episodes: nothing is kept of them
        para_collect(t->collector);
        rows = t->def.envs * t->horizon;
    }
    para_keep_end(s->keep, s->world, rows);
}

static bool begin_world(ParaTraining *t, const char **out_error)
{
    ParaTrainingStream *s = t->stream;
    para_training_unmake_worlds(t);
    para_arena_clear(t->world_arena);
    s->world++;
    s->begun = t->now.decisions;
    s->begun_lesson = t->lessons;
    s->point = 0;
    s->entered = true;
    para_keep_begin(s->keep, s->world);
    para_training_play_world(t);
    memset(t->windows, 0, sizeof *t->windows * (size_t)s->all.count);
    for (int f = 0; f < s->all.count; f++)
        t->family_solve[f] = -1;
    t->state = NULL;
    return para_training_make_worlds(t, out_error);
}

static bool keep_scores(ParaTraining *t, const ParaStreamScore *scores, const bool *known,
                        const char **out_error)
{
    for (int w = 0; w <= t->stream->world && t->run; w++)
        if (known[w] && !para_run_add_stream_score(t->run, &scores[w], out_error))
            return false;
    return true;
}

bool para_training_turn_world(ParaTraining *t, const char **out_error)
{
    ParaTrainingStream *s = t->stream;
    if (!s || !para_training_world_is_to_turn(t))
        return true;
    double start = para_clock_seconds(), cpu = para_clock_cpu_seconds();
    int count = s->stream->world_count;
    bool stopped = false, last = s->world + 1 == count, fresh = !t->saved;
    ParaStreamScore *scores = PARA_NEW(t->scratch, ParaStreamScore, count);
    bool *known = PARA_NEW(t->scratch, bool, count);
    if (!para_keep_prepare(s->keep, s->world, s->world + 1, score_player, t))
        return true; // told to stop
    if (!examine_all(t, scores, known, &stopped, out_error))
        return false;
    if (stopped)
        return true;
    if (!keep_scores(t, scores, known, out_error))
        return false;
    t->now.held_out = scores[s->world].solve;
    end_world(t);
    s->left = last;
    if (!last && !begin_world(t, out_error))
        return false;
    give_back_time(t, start, cpu);
    // One checkpoint for a lesson: where it has one already, from before it was stopped here, the next has
    // it.
    return !(fresh || last) || para_training_save(t, out_error);
}

/// AUC of each world of a run. @param areas out, [count]
static void read_areas(ParaRun *run, ParaArena *arena, double *areas, int count)
{
    ParaTransferWorld *worlds = NULL;
    int known = para_transfer_of_run(run, arena, &worlds);
    for (int w = 0; w < count; w++)
        areas[w] = w < known ? worlds[w].area : -1;
}

bool para_training_take_reference(ParaTraining *t, const char **out_error)
{
    if (!t->def.reference || !t->run)
        return true;
    const char *error = NULL;
    int count = t->def.stream->world_count;
    double *areas = PARA_NEW(t->arena, double, count);
    ParaRun *run = para_run_open_read(t->def.reference, t->arena, &error);
    if (!run) {
        *out_error = para_arena_printf(t->arena, "the reference: %s", error);
        return false;
    }
    ParaTrainDef other = {.folder = t->def.reference};
    bool good = para_training_config_read(&other, para_run_config(run), t->arena, out_error);
    bool same = good && other.stream && other.keep == PARA_KEEP_alone &&
                strcmp(para_stream_to_json(other.stream, t->arena),
                       para_stream_to_json(t->def.stream, t->arena)) == 0;
    if (good && !same)
        *out_error = para_arena_printf(t->arena,
                                       "%s is no reference for this stream: train one with the same file and "
                                       "--lifelong alone",
                                       t->def.reference);
    if (same)
        read_areas(run, t->arena, areas, count);
    para_run_close(run);
    for (int w = 0; w < count && same; w++)
        if (areas[w] < 0) {
            *out_error = para_arena_printf(
                t->arena, "%s has not learned the whole stream yet: go on with it first", t->def.reference);
            return false;
        }
    return same && para_run_set_stream_reference(t->run, areas, count, out_error);
}
