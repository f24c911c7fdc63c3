// SPDX-License-Identifier: MIT
// A thinker's life, and how a plan is made in rounds and followed.
#include "agents/think/think.h"

#include "agents/env/mirror.h"
#include "agents/think/think_parts.h"
#include "engine/base/assert.h"

#include <string.h>

#define ROUND_MIN 16 // futures of a round at least, where there are several

ParaThinkDef para_think_def_default(int futures)
{
    return (ParaThinkDef){.futures = futures, .horizon = 24, .rounds = 3, .keep = 2, .doubt = 1.0f};
}

const char *para_think_def_problem(const ParaThinkDef *def)
{
    if (def->futures < 0 || def->futures > PARA_THINK_FUTURES_MAX)
        return "futures must be 0 to 4096";
    if (def->horizon < 1 || def->horizon > PARA_THINK_HORIZON_MAX)
        return "the horizon must be 1 to 120 decisions";
    if (def->rounds < 1 || def->rounds > PARA_THINK_ROUNDS_MAX)
        return "rounds must be 1 to 8";
    if (def->keep < 1 || def->keep > def->horizon)
        return "what is done of a plan must be 1 decision up to its horizon";
    if (!(def->doubt >= 0.0f && def->doubt <= 1e6f))
        return "the weight of doubt must be 0 to 1e6";
    return NULL;
}

// ---------------------------------------------------------------------------------------------
// Life.

static void lay_out(ParaThinker *t, bool ways)
{
    const ParaThinkDef *def = &t->def;
    size_t futures = (size_t)(def->futures > 0 ? def->futures : 1), horizon = (size_t)def->horizon,
           cells = horizon * PARA_THINK_CHANNELS;
    t->choices = PARA_NEW(t->arena, int8_t, futures * cells);
    t->keys = PARA_NEW(t->arena, int8_t, futures * cells);
    t->lengths = PARA_NEW(t->arena, int, futures);
    t->scores = PARA_NEW(t->arena, float, futures);
    t->order = PARA_NEW(t->arena, int, futures);
    t->ways = ways ? PARA_NEW(t->arena, ParaVec2, futures * horizon * PARA_THINK_BODIES_MAX) : NULL;
    t->table = PARA_NEW(t->arena, float, cells *PARA_CHOICE_KINDS);
    t->before = PARA_NEW(t->arena, int8_t, cells);
}

static void make_seat(ParaThinker *t, int index)
{
    const ParaPolicyDef *def = para_policy_def(t->reflex.policy);
    ParaThinkSeat *seat = &t->seats[index];
    seat->forward = para_forward_create(def, PARA_ENV_BLOCK, t->arena);
    seat->obs = PARA_NEW(t->arena, float, PARA_ENV_BLOCK * def->obs.size);
    seat->logits = PARA_NEW(t->arena, float, PARA_ENV_BLOCK *PARA_LOGITS);
    seat->value = PARA_NEW(t->arena, float, PARA_ENV_BLOCK);
    for (int e = 0; e < PARA_ENV_BLOCK && t->group; e++) {
        para_env_init(&seat->envs[e], para_world_at(t->group, index * PARA_ENV_BLOCK + e), false);
        seat->envs[e].parts = def->obs.parts;
    }
}

ParaThinker *para_thinker_create(const ParaThinkDef *def, const ParaReflex *reflex,
                                 const ParaThinkWhere *where, ParaWorkers *workers, bool ways,
                                 ParaArena *arena)
{
    PARA_ASSERT(!para_think_def_problem(def) && reflex->policy);
    ParaThinker *t = PARA_NEW(arena, ParaThinker, 1);
    *t = (ParaThinker){.def = *def, .reflex = *reflex, .where = *where, .workers = workers, .arena = arena};
    t->seat_count = workers ? para_workers_count(workers) : 1;
    int capacity = t->seat_count * PARA_ENV_BLOCK + 1;
    if (def->futures > 0)
        t->group = where->create ? where->create(where->context, capacity)
                                 : para_world_group_create(where->solver, capacity);
    if (def->futures > 0 && !t->group)
        return NULL;
    t->seats = PARA_NEW(arena, ParaThinkSeat, t->seat_count);
    for (int s = 0; s < t->seat_count; s++)
        make_seat(t, s);
    if (t->group)
        para_env_init(&t->root, para_world_at(t->group, capacity - 1), false);
    if (t->group)
        t->root.parts = para_policy_def(reflex->policy)->obs.parts;
    t->futures = def->futures;
    t->horizon = def->without_future ? 1 : def->horizon;
    lay_out(t, ways);
    return t;
}

void para_thinker_destroy(ParaThinker *t)
{
    if (!t || !t->group)
        return;
    for (int s = 0; s < t->seat_count; s++)
        for (int e = 0; e < PARA_ENV_BLOCK; e++)
            para_env_destroy(&t->seats[s].envs[e]);
    para_env_destroy(&t->root);
    para_world_group_destroy(t->group);
    t->group = NULL;
}

void para_thinker_set_futures(ParaThinker *t, int futures)
{
    PARA_ASSERT(futures >= 0 && futures <= t->def.futures);
    t->futures = futures;
}

// ---------------------------------------------------------------------------------------------
// Episodes.

static void add_body(ParaThinker *t, int body)
{
    if (body < 0 || t->level->world.bodies[body].kind == PARA_BODY_STATIC ||
        t->plan.body_count >= PARA_THINK_BODIES_MAX)
        return;
    for (int b = 0; b < t->plan.body_count; b++)
        if (t->bodies[b] == body)
            return;
    t->bodies[t->plan.body_count++] = body;
}

static bool begin_worlds(ParaThinker *t, const ParaLevel *true_level)
{
    ParaArena *arena = para_env_level_arena(&t->root);
    // A model knows no more than the player.
    const ParaLevel *level = t->where.create ? para_level_as_seen(true_level, arena) : true_level;
    if (!para_env_begin(&t->root, level, "thinker"))
        return false;
    for (int s = 0; s < t->seat_count; s++)
        for (int e = 0; e < PARA_ENV_BLOCK; e++) {
            ParaEnv *env = &t->seats[s].envs[e];
            para_env_level_arena(env);
            if (!para_env_begin(env, level, "thinker"))
                return false;
        }
    return true;
}

bool para_thinker_begin(ParaThinker *t, const ParaLevel *level, uint64_t seed)
{
    t->level = level;
    t->seed = seed;
    t->acting = para_rng_make(seed, "trial");
    t->plans = 0;
    t->before_count = 0;
    t->channels = level->player_count * PARA_CHANNELS;
    t->plan = (ParaPlan){.best = -1};
    for (int p = 0; p < level->player_count; p++)
        add_body(t, level->players[p].body);
    for (int n = 0; n < level->goal_count; n++) {
        add_body(t, level->goals[n].a);
        add_body(t, level->goals[n].b);
    }
    return !t->group || begin_worlds(t, level);
}

// ---------------------------------------------------------------------------------------------
// Plans.

/// What is left of the last plan begins with this decision.
static void shift(ParaThinker *t, int decision)
{
    int done = decision - t->plan.first, left = t->plan.best >= 0 ? t->plan.decisions - done : 0;
    t->before_count = done >= 0 && left > 0 ? left : 0;
    if (t->before_count > 0)
        memcpy(t->before, t->plan.keys + (size_t)done * PARA_THINK_CHANNELS,
               (size_t)t->before_count * PARA_THINK_CHANNELS);
}

static int rounds_of(const ParaThinker *t)
{
    int most = t->futures / ROUND_MIN;
    return most < 1 ? 1 : most < t->def.rounds ? most : t->def.rounds;
}

static void tell(ParaThinker *t, int decision)
{
    ParaPlan *plan = &t->plan;
    plan->futures = t->futures;
    plan->first = decision;
    plan->best = t->order[0];
    plan->decisions = t->lengths[plan->best];
    plan->keys = para_think_row(t->keys, t, plan->best, 0);
    plan->scores = t->scores;
    plan->lengths = t->lengths;
    plan->ways = t->ways;
    plan->bodies = t->bodies;
    plan->reflex_score = t->scores[0];
}

bool para_thinker_plan(ParaThinker *t, const ParaEnv *env)
{
    PARA_ASSERT(t->level && t->level->hash == env->level->hash);
    if (t->futures == 0 || !para_env_mirror(&t->root, env))
        return false;
    shift(t, env->decisions);
    t->progress = 0.0f;
    for (int p = 0; p < t->level->player_count; p++)
        t->progress += env->play.players[p].progress / (float)t->level->player_count;
    int rounds = rounds_of(t);
    para_think_even(t);
    for (int r = 0; r < rounds; r++) {
        t->first = t->futures * r / rounds;
        t->count = t->futures * (r + 1) / rounds - t->first;
        para_think_draw(t, r);
        para_think_play(t);
        para_think_refine(t, t->first + t->count);
    }
    t->plans++;
    tell(t, env->decisions);
    return t->plan.decisions > 0;
}

const ParaPlan *para_thinker_last(const ParaThinker *t) { return &t->plan; }

void para_thinker_reflex(ParaThinker *t, const ParaEnv *env, ParaRng *rng, int8_t *actions)
{
    ParaThinkSeat *seat = &t->seats[0];
    const ParaObsSpec *spec = &para_policy_def(t->reflex.policy)->obs;
    memset(actions, 0, (size_t)env->level->player_count * PARA_CHANNELS);
    for (int p = 0; p < env->level->player_count; p++) {
        const ParaPlayer *player = &env->level->players[p];
        int8_t *action = actions + p * PARA_CHANNELS;
        if (env->play.players[p].status != PARA_PLAY_ON)
            continue;
        para_env_observe(env, NULL, spec, p, seat->obs);
        para_policy_forward(t->reflex.policy, seat->forward, seat->obs, 1, NULL, seat->logits, seat->value);
        if (t->def.greedy)
            para_action_best(PARA_HEAD_LEVELS, seat->logits, player->channel_bits, player->negative_bits,
                             action);
        else
            para_action_draw(PARA_HEAD_LEVELS, seat->logits, player->channel_bits, player->negative_bits, rng,
                             action);
    }
}

bool para_thinker_act(ParaThinker *t, const ParaEnv *env, int8_t *actions)
{
    int done = env->decisions - t->plan.first;
    bool due = t->plan.best < 0 || done < 0 || done >= t->def.keep || done >= t->plan.decisions;
    bool thought = t->futures == 0 || !due || para_thinker_plan(t, env);
    done = env->decisions - t->plan.first;
    if (t->futures == 0 || !thought)
        para_thinker_reflex(t, env, &t->acting, actions);
    else
        memcpy(actions, t->plan.keys + (size_t)done * PARA_THINK_CHANNELS, (size_t)t->channels);
    return thought;
}
