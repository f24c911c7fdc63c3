// SPDX-License-Identifier: MIT
// Past selves, and who of them plays where.
#include "agents/company/pool.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"

#include <string.h>

#define GAMES_FULL 128 // beyond so many, what is known of a past self is halved: the player goes on changing

/// Of one env.
typedef struct Match {
    int32_t self;      // past self that plays, -1: none
    uint32_t rows;     // [bits] players it plays
    uint32_t episodes; // drawn so far
    bool counts;       // it is the one that was drawn: not one that took the place of a dropped one
} Match;

struct ParaPool {
    ParaPoolDef def;
    int count;
    ParaPastSelf selves[PARA_POOL_MAX]; // [count]; those behind have policies too, of nobody
    Match *matches;                     // [envs]
    float *games, *score;               // [envs, max] of the rollout at hand
};

ParaPool *para_pool_create(const ParaPoolDef *def, const ParaPolicyDef *policy, ParaArena *arena)
{
    PARA_ASSERT(def->max >= 1 && def->max <= PARA_POOL_MAX && def->envs >= 1);
    ParaPool *pool = PARA_NEW(arena, ParaPool, 1);
    pool->def = *def;
    pool->matches = PARA_NEW(arena, Match, def->envs);
    pool->games = PARA_NEW(arena, float, def->envs * def->max);
    pool->score = PARA_NEW(arena, float, def->envs * def->max);
    for (int i = 0; i < def->max; i++)
        pool->selves[i].policy = para_policy_create_blank(policy, arena);
    para_pool_forget(pool);
    return pool;
}

void para_pool_forget(ParaPool *pool)
{
    for (int b = 0; b < pool->def.envs; b++)
        pool->matches[b] = (Match){.self = -1, .episodes = pool->matches[b].episodes};
}

const ParaPastSelf *para_pool_selves(const ParaPool *pool, int *out_count)
{
    *out_count = pool->count;
    return pool->selves;
}

// ---------------------------------------------------------------------------------------------
// Who is kept.

/// The one whose neighbours are nearest to each other, the later of two such; never the first, nor the last.
static int crowded(const ParaPool *pool)
{
    int found = 1, least = INT32_MAX;
    for (int i = 1; i + 1 < pool->count; i++) {
        int gap = pool->selves[i + 1].lesson - pool->selves[i - 1].lesson;
        if (gap <= least) {
            least = gap;
            found = i;
        }
    }
    return found;
}

void para_pool_drop(ParaPool *pool, int index)
{
    PARA_ASSERT(index >= 0 && index < pool->count);
    ParaPastSelf gone = pool->selves[index];
    memmove(&pool->selves[index], &pool->selves[index + 1], sizeof gone * (size_t)(pool->count - index - 1));
    pool->count--;
    pool->selves[pool->count] = (ParaPastSelf){.policy = gone.policy};
    for (int b = 0; b < pool->def.envs; b++) { // an episode under way is finished by who is in its place now
        Match *match = &pool->matches[b];
        if (match->self == index)
            match->counts = false;
        if (match->self > index || match->self == pool->count)
            match->self--;
    }
}

void para_pool_add(ParaPool *pool, const ParaPolicy *now, int lesson)
{
    PARA_ASSERT(pool->count == 0 || lesson > pool->selves[pool->count - 1].lesson);
    if (pool->count == pool->def.max)
        para_pool_drop(pool, pool->count > 2 ? crowded(pool) : pool->count - 1);
    ParaPastSelf *self = &pool->selves[pool->count++];
    *self = (ParaPastSelf){.lesson = lesson, .policy = self->policy};
    int count = 0;
    const ParaTensor *from = para_policy_tensors(now, &count),
                     *to = para_policy_tensors(self->policy, &count);
    for (int i = 0; i < count; i++)
        memcpy(to[i].data, from[i].data, sizeof(float) * (size_t)to[i].rows * (size_t)to[i].columns);
}

// ---------------------------------------------------------------------------------------------
// Who plays where.

bool para_pool_opposes(const ParaLevel *level)
{
    for (int p = 1; p < level->player_count; p++)
        if (level->players[p].team != level->players[0].team)
            return true;
    return false;
}

/// How often the player wins against a past self; half the time where little is known.
static float wins_against(const ParaPastSelf *self) { return (self->score + 1) / (self->games + 2); }

static double weight(const ParaPool *pool, int self)
{
    double lost = 1 - (double)wins_against(&pool->selves[self]);
    return pool->def.hard > 0 ? para_exp((double)pool->def.hard * para_log(para_max(lost, 1e-3))) : 1;
}

static int draw_self(const ParaPool *pool, ParaRng *rng)
{
    double sum = 0, at = 0;
    for (int i = 0; i < pool->count; i++)
        sum += weight(pool, i);
    double drawn = para_rng_range(rng, 0, sum);
    for (int i = 0; i < pool->count; i++) {
        at += weight(pool, i);
        if (drawn < at)
            return i;
    }
    return pool->count - 1;
}

/// [bits] The players that are not of the drawn one's team.
static uint32_t draw_rows(const ParaLevel *level, ParaRng *rng)
{
    int team = level->players[para_rng_int(rng, 0, level->player_count - 1)].team;
    uint32_t rows = 0;
    for (int p = 0; p < level->player_count; p++)
        rows |= (uint32_t)(level->players[p].team != team) << p;
    return rows;
}

void para_pool_draw(ParaPool *pool, int env, const ParaLevel *level)
{
    PARA_ASSERT(env >= 0 && env < pool->def.envs);
    Match *match = &pool->matches[env];
    uint64_t seed = para_seed_mix(para_seed_mix(pool->def.seed, (uint64_t)env), match->episodes++);
    ParaRng rng = para_rng_make(seed, "rival");
    match->self = -1;
    match->rows = 0;
    bool against = para_rng_f64(&rng) < (double)pool->def.share;
    if (!against || pool->count == 0 || !para_pool_opposes(level))
        return;
    match->self = draw_self(pool, &rng);
    match->rows = draw_rows(level, &rng);
    match->counts = true;
}

const ParaPolicy *para_pool_rival(const ParaPool *pool, int env)
{
    int self = pool->matches[env].self;
    return self >= 0 ? pool->selves[self].policy : NULL;
}

uint32_t para_pool_rows(const ParaPool *pool, int env) { return pool->matches[env].rows; }

void para_pool_ended(ParaPool *pool, int env, float score)
{
    const Match *match = &pool->matches[env];
    if (match->self < 0 || !match->counts)
        return;
    pool->games[env * pool->def.max + match->self]++;
    pool->score[env * pool->def.max + match->self] += score;
}

float para_pool_settle(ParaPool *pool, int *out_games)
{
    float games = 0, score = 0;
    for (int b = 0; b < pool->def.envs; b++) {
        for (int i = 0; i < pool->count; i++) {
            float *more = &pool->games[b * pool->def.max + i], *won = &pool->score[b * pool->def.max + i];
            pool->selves[i].games += *more;
            pool->selves[i].score += *won;
            games += *more;
            score += *won;
            *more = *won = 0;
        }
    }
    for (int i = 0; i < pool->count; i++) {
        while (pool->selves[i].games > GAMES_FULL) {
            pool->selves[i].games /= 2;
            pool->selves[i].score /= 2;
        }
    }
    *out_games = (int)games;
    return score;
}

// ---------------------------------------------------------------------------------------------
// Checkpoints.

void para_pool_save(const ParaPool *pool, ParaBytes *out)
{
    para_bytes_put_whole(out, (uint64_t)pool->count, 1);
    for (int i = 0; i < pool->count; i++) {
        para_bytes_put_whole(out, (uint64_t)pool->selves[i].lesson, 4);
        para_bytes_put_f64(out, (double)pool->selves[i].games);
        para_bytes_put_f64(out, (double)pool->selves[i].score);
    }
    for (int b = 0; b < pool->def.envs; b++) {
        const Match *match = &pool->matches[b];
        para_bytes_put_whole(out, (uint64_t)(match->self + 1), 1);
        para_bytes_put_whole(out, match->rows, 4);
        para_bytes_put_whole(out, match->episodes, 4);
        para_bytes_put_whole(out, match->counts, 1);
    }
}

static void take_selves(ParaPool *pool, ParaBytesReader *in)
{
    pool->count = (int)para_bytes_take_range(in, 1, 0, pool->def.max);
    for (int i = 0; i < pool->count; i++) {
        ParaPastSelf *self = &pool->selves[i];
        self->lesson = (int32_t)para_bytes_take_range(in, 4, i > 0 ? self[-1].lesson + 1 : 0, INT32_MAX);
        self->games = (float)para_bytes_take_f64(in);
        self->score = (float)para_bytes_take_f64(in);
        in->bad = in->bad || !(self->games >= 0 && self->games <= GAMES_FULL) ||
                  !(self->score >= 0 && self->score <= self->games);
    }
}

bool para_pool_load(ParaPool *pool, ParaBytesReader *in)
{
    take_selves(pool, in);
    for (int b = 0; b < pool->def.envs && !in->bad; b++) {
        Match *match = &pool->matches[b];
        *match = (Match){.self = (int32_t)para_bytes_take_range(in, 1, 0, pool->count) - 1};
        match->rows = (uint32_t)para_bytes_take_range(in, 4, 0, (1 << PARA_PLAYERS_MAX) - 1);
        match->episodes = (uint32_t)para_bytes_take_range(in, 4, 0, UINT32_MAX);
        match->counts = para_bytes_take_range(in, 1, 0, 1) == 1;
        in->bad = in->bad || (match->self < 0) != (match->rows == 0);
    }
    if (in->bad) {
        pool->count = 0;
        para_pool_forget(pool);
    }
    return !in->bad;
}
