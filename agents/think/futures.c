// SPDX-License-Identifier: MIT
// Futures played, a block of them in lock-step: clones of the root go on, each by its choices, and are
// judged.
#include "agents/think/think_parts.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <string.h>

#define SOLVED   10.0f // [1] of normalised returns: any way that solves it beats any that does not
#define FAILED   5.0f  // [1]
#define PROGRESS 2.0f  // [1] for the whole way to the goal
#define WIDE     64    // futures of a round from which on blocks are whole; below, half, so that two can work

/// A block of futures under way.
typedef struct Block {
    ParaThinker *t;
    ParaThinkSeat *seat;
    int first, count; ///< futures of the thinker
    ParaRng rng[PARA_ENV_BLOCK];
    float score[PARA_ENV_BLOCK], weight[PARA_ENV_BLOCK], doubt[PARA_ENV_BLOCK];
    float wish[PARA_ENV_BLOCK * PARA_THINK_CHANNELS]; ///< [count, A of the level, 8]
} Block;

ParaRng para_think_stream(const ParaThinker *t, int future, const char *purpose)
{
    return para_rng_make(para_seed_mix(para_seed_mix(t->seed, (uint64_t)t->plans), (uint64_t)future),
                         purpose);
}

static bool is_on(const ParaEnv *env, int player) { return env->play.players[player].status == PARA_PLAY_ON; }

static bool asks_reflex(const int8_t *choices)
{
    return memchr(choices, PARA_CHOICE_REFLEX, PARA_CHANNELS) != NULL;
}

/// Row of the seat's observations for slot i; -1: none.
static void see(Block *block, int player, const int *rows, int count)
{
    ParaThinkSeat *seat = block->seat;
    const ParaObsSpec *spec = &para_policy_def(block->t->reflex.policy)->obs;
    for (int i = 0; i < block->count; i++)
        if (rows[i] >= 0)
            para_env_observe(&seat->envs[i], NULL, spec, player,
                             seat->obs + (size_t)rows[i] * (size_t)spec->size);
    if (count > 0)
        para_policy_forward(block->t->reflex.policy, seat->forward, seat->obs, count, NULL, seat->logits,
                            seat->value);
}

/// What a player of slot i presses: its choices, and the reflex where they leave it to it.
static void press(Block *block, int i, int player, const float *logits, const int8_t *choices, int8_t *keys)
{
    const ParaPlayer *who = &block->t->level->players[player];
    int8_t reflex[PARA_CHANNELS] = {0};
    bool surely = block->t->def.greedy || block->first + i == PARA_THINK_SURE;
    if (logits && surely)
        para_action_best(PARA_HEAD_LEVELS, logits, who->channel_bits, who->negative_bits, reflex);
    else if (logits)
        para_action_draw(PARA_HEAD_LEVELS, logits, who->channel_bits, who->negative_bits, &block->rng[i],
                         reflex);
    for (int c = 0; c < PARA_CHANNELS; c++)
        keys[c] = choices[c] == PARA_CHOICE_REFLEX ? reflex[c] : choices[c];
}

static void decide(Block *block, int decision, int player)
{
    ParaThinker *t = block->t;
    int rows[PARA_ENV_BLOCK], count = 0, players = t->level->player_count;
    for (int i = 0; i < block->count; i++) {
        const ParaEnv *env = &block->seat->envs[i];
        const int8_t *choices =
            para_think_row(t->choices, t, block->first + i, decision) + player * PARA_CHANNELS;
        rows[i] =
            env->play.status == PARA_PLAY_ON && is_on(env, player) && asks_reflex(choices) ? count++ : -1;
    }
    see(block, player, rows, count);
    for (int i = 0; i < block->count; i++) {
        if (block->seat->envs[i].play.status != PARA_PLAY_ON)
            continue;
        size_t at = (size_t)player * PARA_CHANNELS;
        int8_t *keys = para_think_row(t->keys, t, block->first + i, decision) + at;
        press(block, i, player, rows[i] >= 0 ? block->seat->logits + rows[i] * PARA_LOGITS : NULL,
              para_think_row(t->choices, t, block->first + i, decision) + at, keys);
        for (int c = 0; c < PARA_CHANNELS; c++)
            block->wish[((size_t)i * (size_t)players + (size_t)player) * PARA_CHANNELS + (size_t)c] =
                (float)keys[c];
    }
}

static void keep_way(ParaThinker *t, int future, int decision, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    ParaVec2 *way =
        t->ways + ((size_t)future * (size_t)t->def.horizon + (size_t)decision) * PARA_THINK_BODIES_MAX;
    for (int b = 0; b < t->plan.body_count; b++) {
        size_t k = (size_t)t->bodies[b] * (size_t)view->stride;
        way[b] = (ParaVec2){view->centre_x[k], view->centre_y[k]};
    }
}

/// What a decision brought a future: the mean over its players.
static void earn(Block *block, int i)
{
    ParaThinker *t = block->t;
    const ParaEnv *env = &block->seat->envs[i];
    float scale = t->reflex.scale > 0.0f ? t->reflex.scale : 1.0f, sum = 0.0f;
    for (int p = 0; p < t->level->player_count; p++)
        if (env->acting >> p & 1u)
            sum += env->play.players[p].reward * scale;
    block->score[i] += block->weight[i] * sum / (float)t->level->player_count;
    block->weight[i] *= t->reflex.discount;
    if (t->where.doubt)
        block->doubt[i] += t->where.doubt(t->where.context, env->world);
    int future = block->first + i;
    if (t->ways)
        keep_way(t, future, t->lengths[future], env->world);
    t->lengths[future]++;
}

/// One decision of all futures that are on. @return whether any is
static bool go_on(Block *block, int decision)
{
    ParaThinker *t = block->t;
    ParaEnv *envs[PARA_ENV_BLOCK] = {NULL};
    bool any = false;
    for (int i = 0; i < block->count; i++)
        if (block->seat->envs[i].play.status == PARA_PLAY_ON) {
            envs[i] = &block->seat->envs[i];
            any = true;
        }
    if (!any)
        return false;
    for (int p = 0; p < t->level->player_count; p++)
        decide(block, decision, p);
    para_decision_make(envs, block->wish, block->count, t->level->player_count, NULL, NULL);
    for (int i = 0; i < block->count; i++)
        if (envs[i])
            earn(block, i);
    return true;
}

/// What the end of a future is worth beyond what it earned on the way, without what the value says.
static float worth(const Block *block, int i)
{
    const ParaThinker *t = block->t;
    const ParaEnv *env = &block->seat->envs[i];
    float progress = 0.0f, ends = 0.0f;
    for (int p = 0; p < t->level->player_count; p++) {
        const ParaPlayerState *player = &env->play.players[p];
        progress += player->progress;
        ends += player->status == PARA_PLAY_SOLVED   ? SOLVED
                : player->status == PARA_PLAY_FAILED ? -FAILED
                                                     : 0;
    }
    float players = (float)t->level->player_count;
    return block->weight[i] * (PROGRESS * (progress / players - t->progress) + ends / players);
}

/// The value of where each future is at its end, where it is still on.
static void value(Block *block)
{
    const ParaThinker *t = block->t;
    for (int p = 0; p < t->level->player_count && t->reflex.scale > 0.0f; p++) {
        int rows[PARA_ENV_BLOCK], count = 0;
        for (int i = 0; i < block->count; i++) {
            const ParaEnv *env = &block->seat->envs[i];
            rows[i] = env->play.status == PARA_PLAY_ON && is_on(env, p) ? count++ : -1;
        }
        see(block, p, rows, count);
        for (int i = 0; i < block->count; i++)
            if (rows[i] >= 0)
                block->score[i] +=
                    block->weight[i] * block->seat->value[rows[i]] / (float)t->level->player_count;
    }
}

static void begin(Block *block)
{
    ParaThinker *t = block->t;
    for (int i = 0; i < block->count; i++) {
        ParaEnv *env = &block->seat->envs[i];
        bool cloned = para_env_clone(env, &t->root);
        PARA_ASSERT(cloned); // worlds of one group
        (void)cloned;
        for (int p = 0; p < t->level->player_count; p++)
            env->play.players[p].reward = 0.0f;
        block->rng[i] = para_think_stream(t, block->first + i, "reflex");
        block->score[i] = block->doubt[i] = 0.0f;
        block->weight[i] = 1.0f;
        t->lengths[block->first + i] = 0;
    }
}

static int block_size(const ParaThinker *t) { return t->count >= WIDE ? PARA_ENV_BLOCK : PARA_ENV_BLOCK / 2; }

static void play_block(void *context, int task, int worker)
{
    ParaThinker *t = context;
    int size = block_size(t), first = task * size;
    Block block = {.t = t,
                   .seat = &t->seats[worker],
                   .first = t->first + first,
                   .count = size < t->count - first ? size : t->count - first};
    begin(&block);
    for (int d = 0; d < t->horizon && go_on(&block, d); d++) {
    }
    value(&block);
    for (int i = 0; i < block.count; i++) {
        int future = block.first + i;
        float length = t->lengths[future] > 0 ? (float)t->lengths[future] : 1.0f;
        t->scores[future] = block.score[i] + worth(&block, i) - t->def.doubt * block.doubt[i] / length;
    }
}

void para_think_play(ParaThinker *t)
{
    int size = block_size(t), tasks = (t->count + size - 1) / size;
    if (t->workers)
        para_workers_run(t->workers, play_block, t, tasks);
    else
        for (int task = 0; task < tasks; task++)
            play_block(t, task, 0);
}
