// SPDX-License-Identifier: MIT
// Episodes of a thinker: who acts in agents/player/episodes.h is one, and what it thought of is kept.
#include "agents/think/measure.h"

#include "agents/player/episodes.h"
#include "engine/base/assert.h"

#include <string.h>

#define ROWS_MAX 4096 // plans of an episode that are kept to learn from; the rest is not

/// What came of one episode.
typedef struct Outcome {
    bool over;
    int32_t unthought;
    ParaArena *arena; ///< of what is kept; NULL: nothing is
    ParaPlayer player;
    int rows, room;
    float *obs, *wanted; ///< [rows, O], [rows, 8, PARA_CHOICES]
} Outcome;

typedef struct Work {
    const ParaThoughtDef *def;
    const ParaReflex *reflex;
    Outcome *outcomes; ///< [families, levels, episodes]
    int total;
    int64_t done, told; ///< outcomes told to `keep`
} Work;

/// Who acts for one worker.
typedef struct Seat {
    const Work *work;
    ParaArena *arena; ///< of itself and the thinker
    ParaThinker *thinker;
    ParaRng luck; ///< of a reflex that acts while thinking looks on
    Outcome *out; ///< of the episode at hand
} Seat;

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
    para_env_observe(env, NULL, spec, 0, out->obs + (size_t)out->rows * (size_t)spec->size);
    para_thinker_wanted(thinker, env, 0, out->wanted + (size_t)out->rows++ * PARA_LOGITS);
}

static bool begin(void *self, int index, const ParaLevel *level, uint64_t luck)
{
    Seat *seat = self;
    seat->luck = para_rng_make(luck, "trial");
    seat->out = &seat->work->outcomes[index];
    return para_thinker_begin(seat->thinker, level, luck);
}

static void act(void *self, const ParaEnv *env, int8_t *actions)
{
    Seat *seat = self;
    seat->out->unthought += !para_thinker_act(seat->thinker, env, actions);
    keep_row(seat->work, seat->thinker, seat->out, env);
    if (seat->work->def->reflex_acts)
        para_thinker_reflex(seat->thinker, env, &seat->luck, actions);
}

static bool open_seat(void *context, ParaActor *out)
{
    const Work *w = context;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)2 << 30);
    if (!arena)
        return false;
    Seat *seat = PARA_NEW(arena, Seat, 1);
    *seat = (Seat){.work = w, .arena = arena};
    seat->thinker = para_thinker_create(&w->def->think, w->reflex, &w->def->where, NULL, false, arena);
    *out = (ParaActor){
        .self = seat, .parts = para_policy_def(w->reflex->policy)->obs.parts, .begin = begin, .act = act};
    return seat->thinker != NULL;
}

static void close_seat(void *context, ParaActor *actor)
{
    Seat *seat = actor->self;
    (void)context;
    if (!seat)
        return;
    para_thinker_destroy(seat->thinker);
    para_arena_destroy(seat->arena);
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

static bool over(void *context, int index, const ParaEnv *env)
{
    Work *w = context;
    (void)env;
    w->outcomes[index].over = true; // be it that it cannot be played
    w->done++;
    if (w->def->keep)
        tell_kept(w);
    return !w->def->watch || w->def->watch(w->def->context, w->done, w->total);
}

static bool stop(void *context)
{
    const Work *w = context;
    return w->def->stop && w->def->stop(w->def->context);
}

static ParaEpisodesDef episodes_of(const ParaThoughtDef *def, Work *w)
{
    return (ParaEpisodesDef){.families = def->families,
                             .level = def->level,
                             .levels = def->levels,
                             .episodes = def->episodes,
                             .seed = def->seed,
                             .training = def->training,
                             .solver = def->solver,
                             .threads = def->threads,
                             .open = open_seat,
                             .close = close_seat,
                             .over = over,
                             .stop = stop,
                             .context = w};
}

static void add_up(const Work *w, const ParaThoughtEpisode *all, ParaThought *out)
{
    int families = w->def->families->count, each = w->def->levels * w->def->episodes;
    for (int i = 0; i < w->total; i++) {
        const ParaThoughtEpisode *from = &all[i];
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

/// What came of the episodes, with what was thought in them. @param out out, [total]
static void tell(const Work *w, const ParaEpisode *played, ParaThoughtEpisode *out)
{
    for (int i = 0; i < w->total; i++) {
        const ParaEpisode *from = &played[i];
        out[i] = (ParaThoughtEpisode){.played = from->played,
                                      .solved = from->solved,
                                      .decisions = from->decisions,
                                      .unthought = w->outcomes[i].unthought,
                                      .progress = from->progress,
                                      .seconds = from->seconds,
                                      .cpu = from->cpu};
    }
}

bool para_think_measure(const ParaThoughtDef *def, const ParaReflex *reflex, ParaArena *arena,
                        ParaThought *out, ParaThoughtEpisode *episodes)
{
    Work w = {.def = def, .reflex = reflex, .total = def->families->count * def->levels * def->episodes};
    memset(out, 0, sizeof *out * (size_t)(def->families->count + 1));
    ParaEpisode *played = PARA_NEW(arena, ParaEpisode, w.total);
    if (!episodes)
        episodes = PARA_NEW(arena, ParaThoughtEpisode, w.total);
    w.outcomes = PARA_NEW(arena, Outcome, w.total);
    ParaEpisodesDef of = episodes_of(def, &w);
    bool good = para_episodes_play(&of, arena, played);
    tell(&w, played, episodes);
    add_up(&w, episodes, out);
    for (int i = 0; i < w.total; i++)
        if (w.outcomes[i].arena)
            para_arena_destroy(w.outcomes[i].arena);
    return good;
}

bool para_think_replay(const ParaThoughtDef *def, const ParaReflex *reflex, int episode, const char *path,
                       ParaArena *arena, const char **out_error)
{
    ParaThoughtDef alone = *def;
    alone.keep = NULL;
    Work w = {.def = &alone, .reflex = reflex, .total = def->families->count * def->levels * def->episodes};
    w.outcomes = PARA_NEW(arena, Outcome, w.total);
    ParaEpisodesDef of = episodes_of(&alone, &w);
    return para_episodes_replay(&of, episode, path, arena, NULL, out_error);
}
