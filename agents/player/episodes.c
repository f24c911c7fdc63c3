// SPDX-License-Identifier: MIT
// Held-out episodes of whoever acts: one world and one actor a worker, one episode a task.
#include "agents/player/episodes.h"

#include "agents/batch/seeds.h"
#include "agents/env/decision.h"
#include "agents/player/player.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/threads.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/// What one worker plays with.
typedef struct Seat {
    ParaEnv env;
    ParaActor actor;
} Seat;

typedef struct Work {
    const ParaEpisodesDef *def;
    ParaWorldGroup *group;
    Seat *seats;
    ParaEpisode *episodes;
    atomic_bool stopped;
    pthread_mutex_t lock;
} Work;

static uint64_t seed_of(const ParaEpisodesDef *def, int family, int level)
{
    uint64_t set = para_set_seed(def->families->names[family], def->seed);
    return def->training ? para_training_seed(para_seed_mix(set, (uint64_t)level))
                         : para_held_out_seed(set, level);
}

static bool is_stopped(Work *w)
{
    if (w->def->stop && w->def->stop(w->def->context))
        atomic_store(&w->stopped, true);
    return atomic_load(&w->stopped);
}

/// Begins an episode. @return false if it cannot be played
static bool begin(const ParaEpisodesDef *def, Seat *seat, int index)
{
    int family = index / (def->levels * def->episodes);
    uint64_t seed = seed_of(def, family, index / def->episodes % def->levels);
    ParaPick pick = {.family = family, .seed = seed};
    uint64_t luck =
        para_seed_mix(seed, (uint64_t)(index % def->episodes * PARA_PLAYERS) + PARA_PLAYER_TRAINED);
    ParaArena *arena = para_env_level_arena(&seat->env);
    const ParaLevel *level = def->level ? para_level_copy(def->level, arena)
                                        : para_families_sample(def->families, &pick, "trial", arena);
    seat->env.fine = seat->actor.fine;
    seat->env.parts = seat->actor.parts;
    return level && para_env_begin(&seat->env, level, "trained") &&
           seat->actor.begin(seat->actor.self, index, level, luck);
}

/// @param w NULL: to its end, whoever asks to stop
static void play(Work *w, Seat *seat, ParaEpisode *out)
{
    ParaEnv *env = &seat->env;
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS];
    double started = para_clock_thread_seconds();
    while (env->play.status == PARA_PLAY_ON && !(w && is_stopped(w))) {
        seat->actor.act(seat->actor.self, env, actions);
        para_decision_make_one(env, actions);
        out->decisions++;
    }
    ParaReport report = para_env_report(env, 0);
    out->cpu = para_clock_thread_seconds() - started;
    out->played = env->play.status != PARA_PLAY_ON;
    out->solved = env->play.status == PARA_PLAY_SOLVED;
    out->progress = report.progress;
    out->seconds = report.seconds;
}

static void play_task(void *context, int task, int worker)
{
    Work *w = context;
    Seat *seat = &w->seats[worker];
    if (atomic_load(&w->stopped))
        return;
    bool begun = begin(w->def, seat, task);
    if (begun)
        play(w, seat, &w->episodes[task]);
    pthread_mutex_lock(&w->lock);
    if (w->def->over && !w->def->over(w->def->context, task, begun ? &seat->env : NULL))
        atomic_store(&w->stopped, true);
    pthread_mutex_unlock(&w->lock);
}

static bool open_seat(const Work *w, int index, bool recording)
{
    Seat *seat = &w->seats[index];
    para_env_init(&seat->env, para_world_at(w->group, index), recording);
    return w->def->open(w->def->context, &seat->actor) && seat->env.arena;
}

static void close_seat(const Work *w, Seat *seat)
{
    w->def->close(w->def->context, &seat->actor);
    para_env_destroy(&seat->env);
}

bool para_episodes_play(const ParaEpisodesDef *def, ParaArena *arena, ParaEpisode *out)
{
    PARA_ASSERT(def->levels > 0 && def->episodes > 0);
    int total = def->families->count * def->levels * def->episodes, opened = 0;
    memset(out, 0, sizeof *out * (size_t)total);
    Work w = {.def = def, .episodes = out};
    ParaWorkers *workers = para_workers_create(def->threads);
    int seats = workers ? para_workers_count(workers) : 0;
    w.group = workers ? para_world_group_create(def->solver, seats) : NULL;
    w.seats = PARA_NEW(arena, Seat, seats > 0 ? seats : 1);
    bool good = w.group != NULL;
    for (; opened < seats && good; opened++)
        good = open_seat(&w, opened, false);
    if (good) {
        pthread_mutex_init(&w.lock, NULL);
        para_workers_run(workers, play_task, &w, total);
        pthread_mutex_destroy(&w.lock);
    }
    for (int s = 0; s < opened; s++)
        close_seat(&w, &w.seats[s]);
    para_world_group_destroy(w.group);
    para_workers_destroy(workers);
    return good && !atomic_load(&w.stopped);
}

bool para_episodes_replay(const ParaEpisodesDef *def, int index, const char *path, ParaArena *arena,
                          ParaEpisode *out, const char **out_error)
{
    Seat seat = {0};
    ParaEpisode told = {0};
    Work w = {.def = def, .seats = &seat};
    w.group = para_world_group_create(def->solver, 1);
    *out_error = "no memory for the worlds";
    bool opened = w.group && open_seat(&w, 0, true), good = opened;
    if (good && !begin(def, &seat, index)) {
        *out_error = "its level cannot be played";
        good = false;
    }
    if (good) {
        play(NULL, &seat, &told);
        const ParaReplay *replay = para_env_replay(&seat.env);
        good = replay && para_replay_write(path, replay, arena, out_error);
    }
    if (w.group)
        close_seat(&w, &seat);
    para_world_group_destroy(w.group);
    if (out)
        *out = told;
    return good;
}
