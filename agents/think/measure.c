// SPDX-License-Identifier: MIT
// Episodes of a thinker, each the task of a worker with a world and a thinker of its own.
#include "agents/think/measure.h"

#include "agents/batch/seeds.h"
#include "agents/env/decision.h"
#include "agents/lesson/evaluate.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/hash.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define ROWS_MAX 4096 // plans of an episode that are kept to learn from; the rest is not

/// What one worker plays with.
typedef struct Seat {
    ParaArena *arena; ///< of the thinker
    ParaEnv env;
    ParaThinker *thinker;
    uint64_t luck; ///< [seed] of who acts
} Seat;

/// What came of one episode.
typedef struct Outcome {
    bool over;
    ParaThoughtEpisode told;
    ParaArena *arena; ///< of what is kept; NULL: nothing is
    ParaPlayer player;
    int rows, room;
    float *obs, *wanted; ///< [rows, O], [rows, 8, PARA_CHOICES]
} Outcome;

typedef struct Work {
    const ParaThoughtDef *def;
    const ParaReflex *reflex;
    ParaWorldGroup *group;
    Seat *seats;
    Outcome *outcomes; ///< [families, levels, episodes]
    int total;
    int64_t done, told; ///< outcomes told to `keep`
    atomic_bool stopped;
    pthread_mutex_t lock;
} Work;

static uint64_t seed_of(const Work *w, int family, int level)
{
    const char *name = w->def->families->names[family];
    uint64_t set = para_hash(name, strlen(name), w->def->seed);
    return w->def->training ? para_training_seed(para_seed_mix(set, (uint64_t)level))
                            : para_held_out_seed(set, level);
}

/// Room for twice as many rows.
static void grow(Outcome *out, int size)
{
    int room = out->room > 0 ? 2 * out->room : 128;
    float *obs = PARA_NEW(out->arena, float, room *size);
    float *wanted = PARA_NEW(out->arena, float, room *PARA_LOGITS);
    if (out->rows > 0) {
        memcpy(obs, out->obs, sizeof *obs * (size_t)out->rows * (size_t)size);
        memcpy(wanted, out->wanted, sizeof *wanted * (size_t)out->rows * PARA_LOGITS);
    }
    out->obs = obs;
    out->wanted = wanted;
    out->room = room;
}

/// Keeps what the player saw and what a plan that was just made says. Levels of several players teach
/// nothing: who earned it is not known.
static void keep_row(const Work *w, ParaThinker *thinker, Outcome *out, const ParaEnv *env)
{
    const ParaObsSpec *spec = &para_policy_def(w->reflex->policy)->obs;
    const ParaPlan *plan = para_thinker_last(thinker);
    bool fresh = plan->best >= 0 && plan->first == env->decisions;
    if (!w->def->keep || !fresh || env->level->player_count != 1 || out->rows >= ROWS_MAX)
        return;
    if (!out->arena) {
        out->arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
        out->player = env->level->players[0];
    }
    if (out->rows == out->room)
        grow(out, spec->size);
    para_observe(spec, env->level, &env->play, 0, env->world,
                 out->obs + (size_t)out->rows * (size_t)spec->size);
    para_thinker_wanted(thinker, env, 0, out->wanted + (size_t)out->rows++ * PARA_LOGITS);
}

static bool is_stopped(Work *w)
{
    if (w->def->stop && w->def->stop(w->def->context))
        atomic_store(&w->stopped, true);
    return atomic_load(&w->stopped);
}

/// @param through to its end, whoever asks to stop
static void play(Work *w, Seat *seat, Outcome *out, bool through)
{
    ParaEnv *env = &seat->env;
    ParaRng luck = para_rng_make(seat->luck, "trial"); // of a reflex that acts while thinking looks on
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS];
    double begin = para_clock_thread_seconds();
    while (env->play.status == PARA_PLAY_ON && (through || !is_stopped(w))) {
        out->told.unthought += !para_thinker_act(seat->thinker, env, actions);
        keep_row(w, seat->thinker, out, env);
        if (w->def->reflex_acts)
            para_thinker_reflex(seat->thinker, env, &luck, actions);
        para_decision_make_one(env, actions);
        out->told.decisions++;
    }
    out->told.cpu = para_clock_thread_seconds() - begin;
    out->told.played = env->play.status != PARA_PLAY_ON;
    out->told.solved = env->play.status == PARA_PLAY_SOLVED;
    ParaReport report = para_env_report(env, 0);
    out->told.progress = report.progress;
    out->told.seconds = report.seconds;
}

/// Tells what was kept of the episodes that are over, in their order.
static void tell_kept(Work *w)
{
    int each = w->def->levels * w->def->episodes;
    for (; w->told < w->total && w->outcomes[w->told].over; w->told++) {
        Outcome *out = &w->outcomes[w->told];
        if (out->rows > 0)
            w->def->keep(w->def->context, (int)(w->told / each), &out->player, out->obs, out->wanted,
                         out->rows);
        if (out->arena)
            para_arena_destroy(out->arena);
        out->arena = NULL;
    }
}

/// Begins an episode. @return false if it cannot be played
static bool begin(const Work *w, Seat *seat, int index)
{
    int episodes = w->def->episodes, family = index / (w->def->levels * episodes);
    uint64_t seed = seed_of(w, family, index / episodes % w->def->levels);
    ParaPick pick = {.family = family, .seed = seed};
    // The stream of a trained player's trial, so that no thinking is the same as `paracosm eval`.
    uint64_t acts = para_seed_mix(seed, (uint64_t)(index % episodes * PARA_PLAYERS) + PARA_PLAYER_TRAINED);
    seat->luck = acts;
    ParaArena *arena = para_env_level_arena(&seat->env);
    const ParaLevel *level = w->def->level ? para_level_copy(w->def->level, arena)
                                           : para_families_sample(w->def->families, &pick, "trial", arena);
    return level && para_env_begin(&seat->env, level, "trained") &&
           para_thinker_begin(seat->thinker, level, acts);
}

static void play_task(void *context, int task, int worker)
{
    Work *w = context;
    Seat *seat = &w->seats[worker];
    Outcome *out = &w->outcomes[task];
    if (atomic_load(&w->stopped))
        return;
    if (begin(w, seat, task))
        play(w, seat, out, false);
    pthread_mutex_lock(&w->lock);
    out->over = true; // be it that it cannot be played
    w->done++;
    if (w->def->keep)
        tell_kept(w);
    if (w->def->watch && !w->def->watch(w->def->context, w->done, w->total))
        atomic_store(&w->stopped, true);
    pthread_mutex_unlock(&w->lock);
}

static bool open_seat(const Work *w, int index, bool recording)
{
    Seat *seat = &w->seats[index];
    seat->arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    para_env_init(&seat->env, para_world_at(w->group, index), recording);
    if (seat->arena && seat->env.arena)
        seat->thinker =
            para_thinker_create(&w->def->think, w->reflex, &w->def->where, NULL, false, seat->arena);
    return seat->thinker != NULL;
}

static void close_seat(Seat *seat)
{
    para_thinker_destroy(seat->thinker);
    para_env_destroy(&seat->env);
    if (seat->arena)
        para_arena_destroy(seat->arena);
}

static void add_up(const Work *w, ParaThought *out)
{
    int families = w->def->families->count, each = w->def->levels * w->def->episodes;
    for (int i = 0; i < w->total; i++) {
        const ParaThoughtEpisode *from = &w->outcomes[i].told;
        ParaThought *to[] = {&out[i / each], &out[families]};
        for (int k = 0; k < 2 && from->played; k++) {
            to[k]->levels += i % w->def->episodes == 0;
            to[k]->episodes++;
            to[k]->solved += from->solved;
            to[k]->decisions += from->decisions;
            to[k]->unthought += from->unthought;
            to[k]->cpu_seconds += from->cpu;
        }
    }
}

bool para_think_measure(const ParaThoughtDef *def, const ParaReflex *reflex, ParaArena *arena,
                        ParaThought *out, ParaThoughtEpisode *episodes)
{
    PARA_ASSERT(def->levels > 0 && def->episodes > 0);
    Work w = {.def = def, .reflex = reflex, .total = def->families->count * def->levels * def->episodes};
    memset(out, 0, sizeof *out * (size_t)(def->families->count + 1));
    ParaWorkers *workers = para_workers_create(def->threads);
    int seats = workers ? para_workers_count(workers) : 0;
    w.group = workers ? para_world_group_create(def->solver, seats) : NULL;
    w.seats = PARA_NEW(arena, Seat, seats > 0 ? seats : 1);
    w.outcomes = PARA_NEW(arena, Outcome, w.total);
    bool good = w.group != NULL;
    for (int s = 0; s < seats && good; s++)
        good = open_seat(&w, s, false);
    if (good) {
        pthread_mutex_init(&w.lock, NULL);
        para_workers_run(workers, play_task, &w, w.total);
        pthread_mutex_destroy(&w.lock);
        add_up(&w, out);
    }
    for (int i = 0; i < w.total; i++) {
        if (w.outcomes[i].arena)
            para_arena_destroy(w.outcomes[i].arena);
        if (episodes)
            episodes[i] = w.outcomes[i].told;
    }
    for (int s = 0; s < seats; s++)
        close_seat(&w.seats[s]);
    para_world_group_destroy(w.group);
    para_workers_destroy(workers);
    return good && !atomic_load(&w.stopped);
}

bool para_think_replay(const ParaThoughtDef *def, const ParaReflex *reflex, int episode, const char *path,
                       ParaArena *arena, const char **out_error)
{
    Seat seat = {0};
    Outcome out = {0};
    Work w = {.def = def, .reflex = reflex, .seats = &seat};
    w.group = para_world_group_create(def->solver, 1);
    *out_error = "no memory for the worlds";
    bool good = w.group && open_seat(&w, 0, true) && begin(&w, &seat, episode);
    if (good) {
        play(&w, &seat, &out, true);
        const ParaReplay *replay = para_env_replay(&seat.env);
        good = replay && para_replay_write(path, replay, arena, out_error);
    }
    if (out.arena)
        para_arena_destroy(out.arena);
    close_seat(&seat);
    para_world_group_destroy(w.group);
    return good;
}
