// SPDX-License-Identifier: MIT
// The thread that thinks, and the hand-over between it and who acts: one world goes in, one plan comes out.
#include "agents/think/slow.h"

#include "agents/env/decision.h"
#include "agents/env/mirror.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"

#include <pthread.h>
#include <string.h>

#define CHANNELS (PARA_PLAYERS_MAX * PARA_CHANNELS)
#define AHEAD    8    // [decision] at most that a plan is begun before its time
#define NEAR     0.3f // [m] a plan is followed while the player is so near to where it was foreseen
#define SMOOTH   0.3  // [1] of a new measure of the time that a future takes
#define LEAST    8    // futures

/// A plan.
typedef struct Standing {
    int first, count;                              ///< [decision]
    int8_t keys[PARA_THINK_HORIZON_MAX][CHANNELS]; ///< [1] -1..1
    ParaVec2 at[PARA_THINK_HORIZON_MAX + 1];       ///< [m] the player's body before each of its decisions
} Standing;

/// The newest plan, and the one that holds until its time has come.
typedef struct Standings {
    Standing newest, before;
} Standings;

typedef enum { IDLE, ASKED, QUIT } Call;

struct ParaSlow {
    ParaSlowDef def;
    ParaThinker *thinker;  ///< the thread's
    ParaThinker *reflexes; ///< who acts alone: its scratch is the caller's
    ParaThinker *foresees; ///< who acts alone in what is foreseen: the thread's
    ParaWorldGroup *group;
    ParaEnv now; ///< the true env as it was handed over; the thread's while it thinks
    ParaArena *level_arena;
    const ParaLevel *level;
    uint64_t seed;
    bool ready; ///< an episode is on
    pthread_t thread;
    bool threaded;
    pthread_mutex_t lock; ///< of what follows
    pthread_cond_t changed;
    Call call;
    int ahead;         ///< [decision] 1..AHEAD from hand-over to the plan's first
    double per_future; ///< [s] >= 0 that one future takes; 0: not known
    Standings standing;
    bool shown;
    ParaSlowWays ways;
};

/// The stream of the reflex in a decision: known before it comes.
static ParaRng luck(const ParaSlow *slow, int decision)
{
    return para_rng_make(para_seed_mix(slow->seed, (uint64_t)decision), "reflex");
}

static ParaVec2 place_of(const ParaEnv *env)
{
    const ParaView *view = para_world_view(env->world);
    size_t k = (size_t)env->level->players[0].body * (size_t)view->stride;
    return (ParaVec2){view->centre_x[k], view->centre_y[k]};
}

static bool is_near(ParaVec2 a, ParaVec2 b)
{
    float x = a.x - b.x, y = a.y - b.y;
    return x * x + y * y <= NEAR * NEAR;
}

/// The keys that a plan has for a decision; NULL: none, or the world is not where it was foreseen.
static const int8_t *keys_of(const Standing *plan, const ParaEnv *env)
{
    int step = env->decisions - plan->first;
    return step >= 0 && step < plan->count && is_near(place_of(env), plan->at[step]) ? plan->keys[step]
                                                                                     : NULL;
}

/// What is pressed in a decision: by a plan where one stands, else by reflex.
static bool press(const ParaSlow *slow, const Standings *plans, ParaThinker *reflexes, const ParaEnv *env,
                  int8_t *actions)
{
    const int8_t *keys = keys_of(&plans->newest, env);
    if (!keys)
        keys = keys_of(&plans->before, env);
    if (keys) {
        memcpy(actions, keys, (size_t)env->level->player_count * PARA_CHANNELS);
        return true;
    }
    ParaRng rng = luck(slow, env->decisions);
    para_thinker_reflex(reflexes, env, &rng, actions);
    return false;
}

/// Goes on in `now` to where the plan is to begin. @return false: the episode ends before
static bool foresee(ParaSlow *slow, const Standings *plans, int ahead)
{
    int8_t actions[CHANNELS];
    for (int i = 0; i < ahead && slow->now.play.status == PARA_PLAY_ON; i++) {
        press(slow, plans, slow->foresees, &slow->now, actions);
        para_decision_make_one(&slow->now, actions);
    }
    return slow->now.play.status == PARA_PLAY_ON;
}

static void take_plan(const ParaSlow *slow, Standing *out)
{
    const ParaPlan *plan = para_thinker_last(slow->thinker);
    *out = (Standing){.first = plan->first, .count = plan->decisions};
    out->at[0] = place_of(&slow->now);
    for (int d = 0; d < plan->decisions; d++) {
        memcpy(out->keys[d], plan->keys + (size_t)d * CHANNELS, CHANNELS);
        out->at[d + 1] = plan->ways[((size_t)plan->best * (size_t)slow->def.think.horizon + (size_t)d) *
                                    PARA_THINK_BODIES_MAX];
    }
}

static void take_ways(const ParaSlow *slow, double seconds, ParaSlowWays *out)
{
    const ParaPlan *plan = para_thinker_last(slow->thinker);
    size_t horizon = (size_t)slow->def.think.horizon;
    int others = plan->futures < PARA_SLOW_SHOWN ? plan->futures : PARA_SLOW_SHOWN - 1;
    out->count = 0;
    out->body_count = plan->body_count;
    out->first = plan->first;
    out->futures = plan->futures;
    out->seconds = seconds;
    for (int i = -1; i < others; i++) {
        int future = i < 0 ? plan->best : (int)((int64_t)i * plan->futures / others);
        if ((i >= 0 && future == plan->best) || out->count == PARA_SLOW_SHOWN)
            continue;
        out->lengths[out->count] = plan->lengths[future];
        memcpy(out->ways[out->count++], plan->ways + (size_t)future * horizon * PARA_THINK_BODIES_MAX,
               sizeof(ParaVec2) * horizon * PARA_THINK_BODIES_MAX);
    }
}

/// As many futures as there is time for.
static int affordable(const ParaSlow *slow, double per_future)
{
    int most = slow->def.think.futures;
    double can = per_future > 0 && !slow->def.in_step ? slow->def.budget / per_future : most;
    return can >= most ? most : can < LEAST ? (LEAST < most ? LEAST : most) : (int)can;
}

/// One thought, from the world that was handed over to a plan that stands. Without the lock.
static void think(ParaSlow *slow)
{
    Standings before;
    Standing after;
    ParaSlowWays *ways = &slow->ways;
    pthread_mutex_lock(&slow->lock);
    before = slow->standing;
    int ahead = slow->ahead, futures = affordable(slow, slow->per_future);
    pthread_mutex_unlock(&slow->lock);
    double begin = para_clock_seconds(),
           per_decision = (double)slow->level->frame_skip / (double)slow->level->world.rate;
    para_thinker_set_futures(slow->thinker, futures);
    bool thought = foresee(slow, &before, ahead) && para_thinker_plan(slow->thinker, &slow->now);
    double seconds = para_clock_seconds() - begin;
    if (thought)
        take_plan(slow, &after);
    pthread_mutex_lock(&slow->lock);
    if (thought) {
        slow->standing = (Standings){.newest = after, .before = slow->standing.newest};
        take_ways(slow, seconds, ways);
        slow->shown = true;
        double each = seconds / futures;
        slow->per_future =
            slow->per_future > 0 ? slow->per_future + SMOOTH * (each - slow->per_future) : each;
    }
    double takes = slow->per_future * affordable(slow, slow->per_future) / per_decision;
    slow->ahead = slow->def.in_step ? 0 : takes < AHEAD - 1 ? 1 + (int)takes : AHEAD;
    if (slow->call == ASKED)
        slow->call = IDLE;
    pthread_cond_broadcast(&slow->changed);
    pthread_mutex_unlock(&slow->lock);
}

static void *think_on(void *context)
{
    ParaSlow *slow = context;
    for (;;) {
        pthread_mutex_lock(&slow->lock);
        while (slow->call == IDLE)
            pthread_cond_wait(&slow->changed, &slow->lock);
        bool quit = slow->call == QUIT;
        pthread_mutex_unlock(&slow->lock);
        if (quit)
            return NULL;
        think(slow);
    }
}

// ---------------------------------------------------------------------------------------------
// Life.

static bool make(ParaSlow *slow, const ParaReflex *reflex, const ParaThinkWhere *where, ParaSolverKind solver,
                 ParaWorkers *workers, ParaArena *arena)
{
    ParaThinkDef alone = para_think_def_default(0);
    slow->thinker = para_thinker_create(&slow->def.think, reflex, where, workers, true, arena);
    slow->reflexes = para_thinker_create(&alone, reflex, where, NULL, false, arena);
    slow->foresees = para_thinker_create(&alone, reflex, where, NULL, false, arena);
    slow->group = para_world_group_create(solver, 1);
    slow->level_arena = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    if (slow->group)
        para_env_init(&slow->now, para_world_at(slow->group, 0), false);
    slow->now.parts = para_policy_def(reflex->policy)->obs.parts;
    return slow->thinker && slow->reflexes && slow->foresees && slow->now.arena && slow->level_arena;
}

ParaSlow *para_slow_create(const ParaSlowDef *def, const ParaReflex *reflex, const ParaThinkWhere *where,
                           ParaSolverKind solver, ParaWorkers *workers, ParaArena *arena)
{
    PARA_ASSERT(def->think.futures > 0 && def->budget > 0);
    ParaSlow *slow = PARA_NEW(arena, ParaSlow, 1);
    slow->def = *def;
    pthread_mutex_init(&slow->lock, NULL);
    pthread_cond_init(&slow->changed, NULL);
    bool made = make(slow, reflex, where, solver, workers, arena);
    if (made && !def->in_step)
        slow->threaded = pthread_create(&slow->thread, NULL, think_on, slow) == 0;
    if (made && (def->in_step || slow->threaded))
        return slow;
    para_slow_destroy(slow);
    return NULL;
}

/// Waits for the thought under way.
static void settle(ParaSlow *slow)
{
    pthread_mutex_lock(&slow->lock);
    while (slow->call == ASKED)
        pthread_cond_wait(&slow->changed, &slow->lock);
    pthread_mutex_unlock(&slow->lock);
}

void para_slow_destroy(ParaSlow *slow)
{
    if (!slow)
        return;
    if (slow->threaded) {
        settle(slow);
        pthread_mutex_lock(&slow->lock);
        slow->call = QUIT;
        pthread_cond_broadcast(&slow->changed);
        pthread_mutex_unlock(&slow->lock);
        pthread_join(slow->thread, NULL);
    }
    para_thinker_destroy(slow->thinker);
    para_thinker_destroy(slow->reflexes);
    para_thinker_destroy(slow->foresees);
    para_env_destroy(&slow->now);
    para_world_group_destroy(slow->group);
    if (slow->level_arena)
        para_arena_destroy(slow->level_arena);
    pthread_cond_destroy(&slow->changed);
    pthread_mutex_destroy(&slow->lock);
}

bool para_slow_begin(ParaSlow *slow, const ParaLevel *level, uint64_t seed)
{
    settle(slow);
    para_arena_clear(slow->level_arena);
    slow->level = para_level_copy(level, slow->level_arena);
    slow->seed = seed;
    slow->standing = (Standings){0};
    slow->shown = false;
    slow->ahead = slow->def.in_step ? 0 : 1;
    para_env_level_arena(&slow->now);
    slow->ready = para_env_begin(&slow->now, slow->level, "thinker") &&
                  para_thinker_begin(slow->thinker, slow->level, seed) &&
                  para_thinker_begin(slow->reflexes, slow->level, seed) &&
                  para_thinker_begin(slow->foresees, slow->level, seed);
    return slow->ready;
}

/// Whether a new thought is due: none is under way, and the plan that stands is half done.
static bool is_due(ParaSlow *slow, int decision)
{
    const Standing *plan = &slow->standing.newest;
    bool gone_back = decision < plan->first - AHEAD; // by whoever plays
    bool done = decision - plan->first >= slow->def.think.keep || decision - plan->first >= plan->count;
    return slow->call == IDLE && (plan->count == 0 || gone_back || (decision >= plan->first && done));
}

bool para_slow_act(ParaSlow *slow, const ParaEnv *env, int8_t *actions)
{
    bool same = slow->ready && slow->level->hash == env->level->hash; // else it was changed in its course
    Standings plans = {0};
    pthread_mutex_lock(&slow->lock);
    bool due = same && is_due(slow, env->decisions);
    pthread_mutex_unlock(&slow->lock);
    if (due && para_env_mirror(&slow->now, env)) {
        if (slow->def.in_step) {
            think(slow);
        } else {
            pthread_mutex_lock(&slow->lock);
            slow->call = ASKED;
            pthread_cond_broadcast(&slow->changed);
            pthread_mutex_unlock(&slow->lock);
        }
    }
    pthread_mutex_lock(&slow->lock);
    if (same)
        plans = slow->standing;
    pthread_mutex_unlock(&slow->lock);
    return press(slow, &plans, slow->reflexes, env, actions);
}

bool para_slow_ways(ParaSlow *slow, ParaSlowWays *out)
{
    pthread_mutex_lock(&slow->lock);
    bool shown = slow->shown;
    if (shown)
        *out = slow->ways;
    pthread_mutex_unlock(&slow->lock);
    return shown;
}
