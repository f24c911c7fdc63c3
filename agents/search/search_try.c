// SPDX-License-Identifier: MIT
// The tries of a stage: clones of what was kept, which go on by random actions that are held for a while.
#include "agents/search/search_parts.h"
#include "engine/base/maths.h"

#include <string.h>

static const ParaPlayer *player_of(const ParaSearchWork *work) { return &work->def.level->players[0]; }

/// Draws an action: some channels as they were, the others anew.
static void draw(const ParaPlayer *player, ParaRng *rng, double keep, int8_t *action)
{
    for (int c = 0; c < PARA_CHANNELS; c++) {
        if (!(player->channel_bits >> c & 1)) {
            action[c] = 0;
        } else if (para_rng_f64(rng) >= keep) {
            bool both = player->negative_bits >> c & 1;
            action[c] = (int8_t)para_rng_int(rng, both ? -1 : 0, 1);
        }
    }
}

/// Random actions for [from, to), each held for up to `hold` decisions.
static void draw_plan(const ParaPlayer *player, ParaRng *rng, int hold, int from, int to, int8_t *action,
                      int8_t *out)
{
    double keep = para_rng_f64(rng) * 0.8;
    for (int left = 0; from < to; from++, left--) {
        if (left <= 0) {
            draw(player, rng, keep, action);
            left = (int)para_rng_int(rng, 1, hold);
        }
        memcpy(out + (size_t)from * PARA_CHANNELS, action, PARA_CHANNELS);
    }
}

/// How long actions are held at most: any power of two up to `most`.
static int draw_hold(ParaRng *rng, int most)
{
    int powers = 0;
    while (2 << powers <= most)
        powers++;
    return 1 << para_rng_int(rng, 0, powers);
}

/// One of the best plans with a part of it drawn anew, or moved in time.
static void vary(const ParaSearchWork *work, ParaRng *rng, int8_t *out)
{
    // The better ones more often.
    int length = work->pass.stage,
        pick = (int)(para_rng_f64(rng) * para_rng_f64(rng) * (double)work->elite_count);
    const ParaElite *elite = &work->elite[pick];
    int8_t action[PARA_CHANNELS] = {0};
    memcpy(out, elite->actions, (size_t)elite->decisions * PARA_CHANNELS);
    draw_plan(player_of(work), rng, draw_hold(rng, 32), elite->decisions, length, action, out);
    int known = elite->decisions > 0 ? elite->decisions : 1;
    for (int cuts = (int)para_rng_int(rng, 1, 3); cuts > 0; cuts--) {
        int from = (int)para_rng_int(rng, 0, known - 1);
        int to = from + (int)para_rng_int(rng, 1, draw_hold(rng, known));
        to = to < length ? to : length;
        if (from > 0)
            memcpy(action, out + (size_t)(from - 1) * PARA_CHANNELS, sizeof action);
        if (para_rng_f64(rng) < 0.25) // what came there comes later
            memmove(out + (size_t)to * PARA_CHANNELS, out + (size_t)from * PARA_CHANNELS,
                    (size_t)(length - to) * PARA_CHANNELS);
        draw_plan(player_of(work), rng, draw_hold(rng, 32), from, to, action, out);
    }
}

/// What a try does in the stage.
static void plan(const ParaSearchWork *work, int index, ParaRng *rng, int8_t *out)
{
    int length = work->pass.stage, first = index / work->kept;
    int8_t action[PARA_CHANNELS];
    if (work->pass.kind == PARA_PASS_VARY) {
        vary(work, rng, out);
        return;
    }
    memcpy(action, work->last[work->tries[index].parent], sizeof action);
    int hold = work->pass.kind == PARA_PASS_SHOOT ? draw_hold(rng, 64) : draw_hold(rng, 2 * length);
    int on = 0; // for so long it does as before
    if (work->pass.kind == PARA_PASS_BEAM && first == 0)
        on = length;
    else if (work->pass.kind == PARA_PASS_BEAM && para_rng_f64(rng) < 0.5)
        on = (int)para_rng_int(rng, 0, length - 1);
    for (int d = 0; d < on; d++)
        memcpy(out + (size_t)d * PARA_CHANNELS, action, sizeof action);
    if (work->pass.kind == PARA_PASS_BEAM && first == 1)
        memset(out, 0, (size_t)length * PARA_CHANNELS);
    else
        draw_plan(player_of(work), rng, hold, on, length, action, out);
}

/// Where a try is.
static void look(const ParaSearchWork *work, const ParaEnv *env, ParaTry *try)
{
    float whole = player_of(work)->reward_solved;
    try->status = env->play.status;
    try->reward = env->accounts[0].total_reward;
    try->progress = env->play.players[0].progress;
    try->score = try->reward + try->progress * (whole > 1 ? whole : 1);
    try->cell = para_search_cell(work, env);
}

static void play_block(void *context, int task, int worker)
{
    (void)worker;
    ParaSearch *search = context;
    ParaSearchWork *work = search->work;
    ParaEnv *envs[PARA_ENV_BLOCK];
    float wish[PARA_ENV_BLOCK * PARA_CHANNELS];
    int first = task * PARA_ENV_BLOCK;
    uint64_t seed = para_seed_mix(work->def.seed, (uint64_t)search->tries);
    for (int i = 0; i < PARA_ENV_BLOCK; i++) {
        ParaTry *try = &work->tries[first + i];
        ParaRng rng = para_rng_make(para_seed_mix(seed, (uint64_t)(first + i)), "search");
        envs[i] = &work->envs[PARA_SEARCH_KEPT + first + i];
        try->parent = (first + i) % work->kept;
        try->decisions = 0;
        if (!para_env_clone(envs[i], &work->envs[try->parent]))
            atomic_store(&work->stopped, true);
        plan(work, first + i, &rng, try->actions);
    }
    for (int d = 0; d < work->pass.stage && !atomic_load(&work->stopped); d++) {
        for (int i = 0; i < PARA_ENV_BLOCK; i++) {
            const int8_t *action = work->tries[first + i].actions + (size_t)d * PARA_CHANNELS;
            if (envs[i] && envs[i]->play.status != PARA_PLAY_ON)
                envs[i] = NULL;
            work->tries[first + i].decisions += envs[i] != NULL;
            for (int c = 0; c < PARA_CHANNELS; c++)
                wish[i * PARA_CHANNELS + c] = (float)action[c];
        }
        para_decision_make(envs, wish, PARA_ENV_BLOCK, 1, NULL, NULL);
        if (work->def.stop && work->def.stop(work->def.stop_context))
            atomic_store(&work->stopped, true);
    }
    for (int i = 0; i < PARA_ENV_BLOCK; i++)
        look(work, &work->envs[PARA_SEARCH_KEPT + first + i], &work->tries[first + i]);
}

static int64_t steps_of(const ParaSearchWork *work)
{
    int64_t sum = 0;
    for (int i = 0; i < PARA_SEARCH_TRIES; i++)
        sum += work->envs[PARA_SEARCH_KEPT + i].world_steps;
    return sum;
}

bool para_search_play(ParaSearch *search)
{
    ParaSearchWork *work = search->work;
    para_workers_run(work->workers, play_block, search, PARA_SEARCH_TRIES / PARA_ENV_BLOCK);
    search->tries += PARA_SEARCH_TRIES;
    search->steps = steps_of(work);
    return !atomic_load(&work->stopped);
}
