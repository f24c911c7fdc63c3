// SPDX-License-Identifier: MIT
// The collector: the player acts in every env for a horizon, and what it saw, did, thought and earned goes
// straight into the rows of the learner. Used by the lesson and the bench of training.
#include "agents/player/collector.h"

#include "agents/player/wonder.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"

#include <math.h>
#include <string.h>

#define BLOCK PARA_ENV_BLOCK // envs of one task at most: a forward pass of so many rows

// Sums over the decisions of one row's episode so far.
typedef struct Sums {
    float value, positive, size; // of the values, of the advantages' positive part, of their size
    int32_t count;               // decisions
    bool blind;                  // some of them were measured, not learned from: nobody judged those
} Sums;

struct ParaCollector {
    ParaBatch *batch;
    ParaPpo *ppo;
    const ParaPolicy *policy;
    ParaWorkers *workers;
    int block_count, block; // tasks, envs of one: the cut that fixes results, so it hangs on the envs alone
    ParaForward **forward;  // [workers]
    float **logits;         // [workers] [BLOCK, A, 24]
    float **obs;            // [workers] [BLOCK, A, O] final observations that need a value
    size_t memory_size;     // [float] of what the player remembers; 0: nothing
    float *memory;          // [E, A, memory] as of the last decision
    float **spare;          // [workers] [BLOCK, A, memory] for values alone
    ParaEnded *ended;       // [E, T * A] by env, then in order of time
    int *ended_count;       // [E]
    ParaEnded *list;        // [E * T * A] compacted
    ParaCollectTime *time;  // [blocks]
    Sums *under_way;        // [E, A] of the episode each row is in
    ParaWitness *witness;   // NULL: no model looks on
    ParaWonder *wonder;     // NULL: nothing is paid but by the levels
    float pay;              // [reward] of a usual decision's novelty
    ParaPool *pool;         // NULL: the player plays all rows
    float **rival_logits;   // [workers] [BLOCK, A, 24]
    float **rival_memory;   // [workers] [BLOCK, A, memory]
    Sums *closed; // [E, A] of one that ended for the row while others of its env went on; count 0: none
};

// Even blocks, and two where there are envs for it: few envs are to keep two threads busy.
static void cut(ParaCollector *c, int envs)
{
    int blocks = (envs + BLOCK - 1) / BLOCK, least = envs < 2 ? 1 : 2;
    blocks = blocks > least ? blocks : least;
    c->block = (envs + blocks - 1) / blocks;
    c->block_count = (envs + c->block - 1) / c->block;
    PARA_ASSERT(c->block >= 1 && c->block <= BLOCK);
}

ParaCollector *para_collector_create(ParaBatch *batch, ParaPpo *ppo, const ParaPolicy *policy,
                                     ParaWorkers *workers, ParaArena *arena)
{
    int players = batch->def.players, b_count = batch->def.envs * players,
        t_count = para_ppo_def(ppo)->horizon;
    PARA_ASSERT(b_count == para_ppo_def(ppo)->envs && (players == 1 || para_ppo_def(ppo)->masked));
    PARA_ASSERT(batch->def.obs.size == para_policy_def(policy)->obs.size);
    PARA_ASSERT(batch->def.fine == (para_policy_def(policy)->head == PARA_HEAD_FINE));
    PARA_ASSERT(batch->def.autoreset == PARA_AUTORESET_SAME_STEP);
    ParaCollector *c = PARA_NEW(arena, ParaCollector, 1);
    int worker_count = para_workers_count(workers);
    *c = (ParaCollector){.batch = batch, .ppo = ppo, .policy = policy, .workers = workers};
    cut(c, batch->def.envs);
    c->forward = PARA_NEW(arena, ParaForward *, worker_count);
    c->logits = PARA_NEW(arena, float *, worker_count);
    c->obs = PARA_NEW(arena, float *, worker_count);
    c->memory_size = (size_t)para_policy_memory(para_policy_def(policy));
    c->memory = PARA_NEW(arena, float, (size_t)b_count * c->memory_size);
    c->spare = PARA_NEW(arena, float *, worker_count);
    c->rival_logits = PARA_NEW(arena, float *, worker_count);
    c->rival_memory = PARA_NEW(arena, float *, worker_count);
    for (int w = 0; w < worker_count; w++) {
        c->forward[w] = para_forward_create(para_policy_def(policy), BLOCK * players, arena);
        c->logits[w] = PARA_NEW(arena, float, BLOCK *players *PARA_LOGITS);
        c->obs[w] = PARA_NEW(arena, float, BLOCK *players * batch->def.obs.size);
        c->spare[w] = PARA_NEW(arena, float, (size_t)(BLOCK * players) * c->memory_size);
        c->rival_logits[w] = PARA_NEW(arena, float, BLOCK *players *PARA_LOGITS);
        c->rival_memory[w] = PARA_NEW(arena, float, (size_t)(BLOCK * players) * c->memory_size);
    }
    c->ended = PARA_NEW(arena, ParaEnded, (size_t)b_count * (size_t)t_count);
    c->list = PARA_NEW(arena, ParaEnded, (size_t)b_count * (size_t)t_count);
    c->ended_count = PARA_NEW(arena, int, batch->def.envs);
    c->time = PARA_NEW(arena, ParaCollectTime, c->block_count);
    c->under_way = PARA_NEW(arena, Sums, b_count);
    c->closed = PARA_NEW(arena, Sums, b_count);
    return c;
}

void para_collector_attend(ParaCollector *c, ParaWitness *witness)
{
    c->witness = witness;
    for (int b = 0; b < c->batch->def.envs; b++)
        para_witness_attend(witness, b, &c->batch->envs[b]);
}

void para_collector_pay(ParaCollector *c, ParaCuriosity *curiosity, ParaArena *arena)
{
    int rows = c->batch->def.envs * c->batch->def.players * para_ppo_def(c->ppo)->horizon;
    c->wonder = para_wonder_create(curiosity, c->witness, c->batch, rows, arena);
}

void para_collector_oppose(ParaCollector *c, ParaPool *pool) { c->pool = pool; }

void para_collector_set_pay(ParaCollector *c, float weight) { c->pay = weight; }

// The rows of a block of envs at step t.
typedef struct Rows {
    int t;
    int env, env_count; // first env, and how many
    int at, count;      // first row within the step, and how many: those of the envs' players
    int first;          // the same among all rows of the rollout
} Rows;

static Rows rows_of(const ParaCollector *c, int task, int t)
{
    const ParaBatchDef *def = &c->batch->def;
    Rows rows = {.t = t, .env = task * c->block};
    rows.env_count = def->envs - rows.env < c->block ? def->envs - rows.env : c->block;
    rows.at = rows.env * def->players;
    rows.count = rows.env_count * def->players;
    rows.first = t * def->envs * def->players + rows.at;
    return rows;
}

// What the player remembers in a row; NULL: nothing.
static float *memory_of(const ParaCollector *c, int place)
{
    return c->memory_size > 0 ? c->memory + (size_t)place * c->memory_size : NULL;
}

// Values, which leave what is remembered as it is.
static void value_of(ParaCollector *c, int worker, const float *obs, int count, float *value)
{
    para_policy_forward(c->policy, c->forward[worker], obs, count,
                        c->memory_size > 0 ? c->spare[worker] : NULL, c->logits[worker], value);
}

// A truncated episode goes on in value: its last observation is valued for the bootstrap.
// @param places [count] within the step
static void value_final(ParaCollector *c, int worker, const Rows *rows, const int *places, int count)
{
    const ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    size_t o = (size_t)batch->def.obs.size;
    float value[BLOCK * PARA_PLAYERS_MAX];
    for (int i = 0; i < count; i++) {
        memcpy(c->obs[worker] + (size_t)i * o, batch->final_obs + (size_t)places[i] * o, sizeof(float) * o);
        if (c->memory_size > 0)
            memcpy(c->spare[worker] + (size_t)i * c->memory_size, memory_of(c, places[i]),
                   sizeof(float) * c->memory_size);
    }
    value_of(c, worker, c->obs[worker], count, value);
    for (int i = 0; i < count; i++)
        r->final_value[rows->first - rows->at + places[i]] = value[i];
}

// Whether a past self plays a row. @param place within the step
static bool is_rival(const ParaCollector *c, int place)
{
    int players = c->batch->def.players;
    return c->pool && (para_pool_rows(c->pool, place / players) >> place % players & 1);
}

// The first row at or after `from` in the block that the same past self plays, else -1.
static int next_of(const ParaCollector *c, const Rows *rows, const ParaPolicy *self, int from)
{
    for (int i = from; i < rows->count; i++)
        if (is_rival(c, rows->at + i) &&
            para_pool_rival(c->pool, (rows->at + i) / c->batch->def.players) == self)
            return i;
    return -1;
}

// What a past self would do in its rows of the block, in the place of the player's logits. What it remembers
// was kept before the player thought in those rows too.
static void think_as(ParaCollector *c, int worker, const Rows *rows, const ParaPolicy *self)
{
    const ParaRollout *r = para_ppo_rollout(c->ppo);
    size_t o = (size_t)c->batch->def.obs.size, m = c->memory_size, count = 0;
    float *memory = m > 0 ? c->spare[worker] : NULL, value[BLOCK * PARA_PLAYERS_MAX];
    for (int i = next_of(c, rows, self, 0); i >= 0; i = next_of(c, rows, self, i + 1), count++) {
        memcpy(c->obs[worker] + count * o, r->obs + (size_t)(rows->first + i) * o, sizeof(float) * o);
        if (m > 0)
            memcpy(memory + count * m, c->rival_memory[worker] + (size_t)i * m, sizeof(float) * m);
    }
    para_policy_forward(self, c->forward[worker], c->obs[worker], (int)count, memory, c->rival_logits[worker],
                        value);
    count = 0;
    for (int i = next_of(c, rows, self, 0); i >= 0; i = next_of(c, rows, self, i + 1), count++) {
        memcpy(c->logits[worker] + (size_t)i * PARA_LOGITS, c->rival_logits[worker] + count * PARA_LOGITS,
               sizeof(float) * PARA_LOGITS);
        if (m > 0)
            memcpy(memory_of(c, rows->at + i), memory + count * m, sizeof(float) * m);
    }
}

static void think_as_rivals(ParaCollector *c, int worker, const Rows *rows)
{
    int count = 0;
    const ParaPastSelf *selves = c->pool ? para_pool_selves(c->pool, &count) : NULL;
    for (int k = 0; k < count; k++)
        if (next_of(c, rows, selves[k].policy, 0) >= 0)
            think_as(c, worker, rows, selves[k].policy);
}

// Draws the actions of a block from the logits. Who has ended does nothing, and draws nothing.
static void act(ParaCollector *c, int worker, const Rows *rows)
{
    ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    for (int i = 0; i < rows->count; i++) {
        int place = rows->at + i, row = rows->first + i;
        int8_t *action = r->action + (size_t)row * PARA_CHANNELS;
        r->channel_bits[row] = batch->channel_bits[place];
        r->negative_bits[row] = batch->negative_bits[place];
        if (r->live)
            r->live[row] = batch->live[place] && !is_rival(c, place);
        if (!batch->live[place]) {
            memset(action, 0, PARA_CHANNELS);
            r->log_prob[row] = 0;
            continue;
        }
        r->log_prob[row] = para_action_draw(para_policy_def(c->policy)->head,
                                            c->logits[worker] + i * PARA_LOGITS, batch->channel_bits[place],
                                            batch->negative_bits[place], &batch->action_rng[place], action);
    }
}

// What the player won of an episode against a past self: all where some of its own solved it and nobody else
// did.
static float won(const ParaCollector *c, int b)
{
    const ParaBatch *batch = c->batch;
    bool own = false, other = false;
    for (int i = 0; i < batch->ended_count[b]; i++) {
        const ParaReport *report = &batch->ended[(size_t)b * (size_t)batch->def.players + (size_t)i].report;
        bool solved = report->end == PARA_END_SOLVED;
        bool rival = para_pool_rows(c->pool, b) >> report->player & 1;
        own = own || (solved && !rival);
        other = other || (solved && rival);
    }
    return own == other ? 0.5f : own ? 1.0f : 0.0f;
}

// Where an episode has ended the next has begun: who plays in it.
static void oppose_anew(ParaCollector *c, const Rows *rows)
{
    for (int b = rows->env; c->pool && b < rows->env + rows->env_count; b++) {
        if (c->batch->ended_count[b] == 0)
            continue;
        para_pool_ended(c->pool, b, won(c, b));
        para_pool_draw(c->pool, b, c->batch->envs[b].level);
    }
}

// Keeps what the episodes that ended in this step were to their players.
static void keep_ended(ParaCollector *c, const Rows *rows)
{
    const ParaBatch *batch = c->batch;
    size_t players = (size_t)batch->def.players, most = (size_t)para_ppo_def(c->ppo)->horizon * players;
    for (int b = rows->env; b < rows->env + rows->env_count; b++) {
        PARA_ASSERT(c->ended_count[b] + batch->ended_count[b] <= (rows->t + 1) * (int)players);
        for (int i = 0; i < batch->ended_count[b]; i++) {
            const ParaEnded *item = &batch->ended[(size_t)b * players + (size_t)i];
            if (is_rival(c, b * (int)players + item->report.player))
                continue;
            ParaEnded *ended = &c->ended[(size_t)b * most + (size_t)c->ended_count[b]++];
            *ended = *item;
            if (c->witness)
                ended->report.foreseen = para_witness_foreseen(c->witness, b);
        }
    }
}

// What a model foresaw of this decision, and how novel it was.
static void look(ParaCollector *c, int worker, const Rows *rows)
{
    int players = c->batch->def.players;
    if (c->witness)
        para_witness_judge(c->witness, rows->env, rows->env_count, worker);
    for (int i = 0; c->wonder && i < rows->count; i++)
        para_wonder_note(c->wonder, rows->first + i, rows->env + i / players, i % players);
}

// Whoever has ended, or had, remembers nothing of it in its next episode.
static void forget(ParaCollector *c, const Rows *rows)
{
    const ParaRollout *r = para_ppo_rollout(c->ppo);
    for (int i = 0; c->memory_size > 0 && i < rows->count; i++) {
        int row = rows->first + i;
        bool gone = r->live && !r->live[row] && !is_rival(c, rows->at + i);
        if (r->terminated[row] || r->truncated[row] || gone)
            memset(memory_of(c, rows->at + i), 0, sizeof(float) * c->memory_size);
    }
}

// Keeps what is remembered where a stretch begins that the learner will go through.
static void keep_memory(ParaCollector *c, const Rows *rows)
{
    int stretch = c->memory_size > 0 ? para_ppo_stretch_at(c->ppo, rows->t) : -1;
    if (stretch < 0)
        return;
    memcpy(para_ppo_stretch_memory(c->ppo, stretch) + (size_t)rows->at * c->memory_size,
           memory_of(c, rows->at), sizeof(float) * c->memory_size * (size_t)rows->count);
}

// Steps a block; the next observations go straight to the rollout's rows of step t + 1.
static void step(ParaCollector *c, int worker, const Rows *rows)
{
    ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    size_t o = (size_t)batch->def.obs.size, all = (size_t)(batch->def.envs * batch->def.players);
    int places[BLOCK * PARA_PLAYERS_MAX], cut = 0;
    bool last = rows->t + 1 == para_ppo_def(c->ppo)->horizon;
    float *next = last ? NULL : r->obs + ((size_t)rows->first + all) * o;
    para_batch_step_block(batch, rows->env, rows->env_count, r->action + (size_t)rows->first * PARA_CHANNELS,
                          worker, next);
    for (int i = 0; i < rows->count; i++) {
        int place = rows->at + i, row = rows->first + i;
        r->reward[row] = batch->reward[place];
        r->terminated[row] = batch->terminated[place];
        r->truncated[row] = batch->truncated[place];
        r->final_value[row] = 0;
        PARA_ASSERT(!(batch->terminated[place] && batch->truncated[place]));
        if (batch->truncated[place])
            places[cut++] = place;
    }
    look(c, worker, rows);
    keep_ended(c, rows);
    if (cut)
        value_final(c, worker, rows, places, cut);
    forget(c, rows);
    oppose_anew(c, rows);
}

static void collect_block(void *context, int task, int worker)
{
    ParaCollector *c = context;
    ParaBatch *batch = c->batch;
    ParaRollout *r = para_ppo_rollout(c->ppo);
    size_t o = (size_t)batch->def.obs.size;
    double env_seconds = 0, forward_seconds = 0;
    Rows rows = rows_of(c, task, 0);
    const float *newest = batch->obs + (size_t)rows.at * o; // [count, O] what the block sees before and after
    memcpy(r->obs + (size_t)rows.at * o, newest, sizeof(float) * o * (size_t)rows.count);
    memset(c->ended_count + rows.env, 0, sizeof(int) * (size_t)rows.env_count);
    for (int t = 0; t < para_ppo_def(c->ppo)->horizon; t++) {
        rows = rows_of(c, task, t);
        double start = para_clock_seconds();
        keep_memory(c, &rows);
        if (c->pool && c->memory_size > 0)
            memcpy(c->rival_memory[worker], memory_of(c, rows.at),
                   sizeof(float) * c->memory_size * (size_t)rows.count);
        para_policy_forward(c->policy, c->forward[worker], r->obs + (size_t)rows.first * o, rows.count,
                            memory_of(c, rows.at), c->logits[worker], r->value + rows.first);
        think_as_rivals(c, worker, &rows);
        act(c, worker, &rows);
        double middle = para_clock_seconds();
        step(c, worker, &rows);
        forward_seconds += middle - start;
        env_seconds += para_clock_seconds() - middle;
    }
    if (c->memory_size > 0)
        memcpy(c->spare[worker], memory_of(c, rows.at), sizeof(float) * c->memory_size * (size_t)rows.count);
    value_of(c, worker, newest, rows.count, r->next_value + rows.at);
    c->time[task] = (ParaCollectTime){env_seconds, forward_seconds};
}

ParaEndedList para_collect(ParaCollector *c)
{
    if (c->wonder)
        para_wonder_begin(c->wonder);
    para_workers_run(c->workers, collect_block, c, c->block_count);
    if (c->wonder)
        para_wonder_pay(c->wonder, para_ppo_rollout(c->ppo),
                        para_ppo_def(c->ppo)->envs * para_ppo_def(c->ppo)->horizon, c->pay);
    if (c->witness)
        para_witness_gather(c->witness);
    int count = 0, most = para_ppo_def(c->ppo)->horizon * c->batch->def.players;
    for (int b = 0; b < c->batch->def.envs; b++)
        for (int i = 0; i < c->ended_count[b]; i++)
            c->list[count++] = c->ended[(size_t)b * (size_t)most + (size_t)i];
    return (ParaEndedList){c->list, count};
}

// ---------------------------------------------------------------------------------------------
// Judging.

static ParaJudgement judgement_of(const Sums *sums, float scale)
{
    float n = (float)sums->count;
    if (sums->blind)
        return (ParaJudgement){0};
    return (ParaJudgement){.known = true,
                           .value = sums->value / n,
                           .value_loss = sums->positive / n,
                           .surprise = sums->size / n,
                           .scale = scale};
}

// Episodes of player p that ended in env b, in the order of time: each takes the sums that were closed for
// it.
typedef struct Endings {
    ParaEnded *items; // [count] of all players of the env
    int count, next;
} Endings;

static ParaReport *next_report(Endings *endings, int player)
{
    while (endings->next < endings->count) {
        ParaReport *report = &endings->items[endings->next++].report;
        if (report->player == player)
            return report;
    }
    return NULL;
}

// One row through the rollout. An episode is told when it is over for all players of its env, which may be
// later than it ended for this one: until then its sums wait, closed.
static void judge_row(ParaCollector *c, int row, int player, const ParaJudged *judged, Endings endings)
{
    const ParaRollout *r = para_ppo_rollout(c->ppo);
    const ParaPpoDef *def = para_ppo_def(c->ppo);
    Sums *now = &c->under_way[row], *closed = &c->closed[row];
    ParaReport *report = NULL;
    if (closed->count > 0 && (report = next_report(&endings, player))) {
        report->judged = judgement_of(closed, judged->scale);
        *closed = (Sums){0};
    }
    for (int t = 0; t < def->horizon; t++) {
        size_t i = (size_t)t * (size_t)def->envs + (size_t)row;
        if (r->live && !r->live[i])
            continue;
        float advantage = judged->advantage ? judged->advantage[i] : 0;
        now->blind = now->blind || !judged->advantage || (c->wonder && c->pay > 0);
        now->value += r->value[i];
        now->positive += advantage > 0 ? advantage : 0;
        now->size += advantage > 0 ? advantage : -advantage;
        now->count++;
        if (!r->terminated[i] && !r->truncated[i])
            continue;
        if ((report = next_report(&endings, player)))
            report->judged = judgement_of(now, judged->scale);
        else
            *closed = *now;
        *now = (Sums){0};
    }
}

void para_collector_judge(ParaCollector *c)
{
    ParaJudged judged = para_ppo_judged(c->ppo);
    int players = c->batch->def.players, first = 0;
    for (int b = 0; b < c->batch->def.envs; b++) {
        for (int p = 0; p < players; p++)
            judge_row(c, b * players + p, p, &judged, (Endings){c->list + first, c->ended_count[b], 0});
        first += c->ended_count[b];
    }
}

static void put_sums(ParaBytes *out, const Sums *sums)
{
    para_bytes_put_f64(out, (double)sums->value);
    para_bytes_put_f64(out, (double)sums->positive);
    para_bytes_put_f64(out, (double)sums->size);
    para_bytes_put_whole(out, (uint64_t)sums->count, 4);
    para_bytes_put_whole(out, sums->blind, 1);
}

static Sums take_sums(ParaBytesReader *in)
{
    Sums sums = {.value = (float)para_bytes_take_f64(in),
                 .positive = (float)para_bytes_take_f64(in),
                 .size = (float)para_bytes_take_f64(in)};
    sums.count = (int32_t)para_bytes_take_range(in, 4, 0, INT32_MAX);
    sums.blind = para_bytes_take_range(in, 1, 0, 1) == 1;
    in->bad = in->bad || !isfinite(sums.value) || !isfinite(sums.positive) || !isfinite(sums.size);
    return sums;
}

void para_collector_save_judged(const ParaCollector *c, ParaBytes *out)
{
    for (int row = 0; row < c->batch->def.envs * c->batch->def.players; row++) {
        put_sums(out, &c->under_way[row]);
        put_sums(out, &c->closed[row]);
    }
}

void para_collector_save_memory(const ParaCollector *c, ParaBytes *out)
{
    para_bytes_put_f32s(out, c->memory,
                        (size_t)(c->batch->def.envs * c->batch->def.players) * c->memory_size);
}

/// What others' rows are judged by.
static void pass_judged(ParaBytesReader *in, int rows)
{
    for (int i = 0; i < 2 * rows; i++)
        take_sums(in);
}

/// What others' rows remember.
static void pass_memory(const ParaCollector *c, ParaBytesReader *in, int rows)
{
    para_bytes_take(in, sizeof(float) * (size_t)rows * c->memory_size);
}

void para_collector_forget(ParaCollector *c)
{
    size_t rows = (size_t)c->batch->def.envs * (size_t)c->batch->def.players;
    if (c->memory_size > 0)
        memset(c->memory, 0, sizeof *c->memory * rows * c->memory_size);
    memset(c->under_way, 0, sizeof *c->under_way * rows);
    memset(c->closed, 0, sizeof *c->closed * rows);
}

bool para_collector_load_memory(ParaCollector *c, ParaBytesReader *in)
{
    size_t floats = (size_t)(c->batch->def.envs * c->batch->def.players) * c->memory_size;
    para_bytes_take_f32s(in, c->memory, floats);
    for (size_t i = 0; i < floats; i++)
        in->bad = in->bad || !(fabsf(c->memory[i]) <= 1.01f); // as the core's mixing leaves it
    if (in->bad)
        para_collector_forget(c);
    return !in->bad;
}

bool para_collector_load(ParaCollector *c, ParaBytesReader *in, int before, int after)
{
    int rows = c->batch->def.envs * c->batch->def.players;
    pass_judged(in, before);
    for (int row = 0; row < rows; row++) {
        c->under_way[row] = take_sums(in);
        c->closed[row] = take_sums(in);
    }
    pass_judged(in, after);
    pass_memory(c, in, before);
    para_collector_load_memory(c, in);
    pass_memory(c, in, after);
    if (in->bad)
        para_collector_forget(c);
    return !in->bad;
}

ParaCollectTime para_collect_time(const ParaCollector *c)
{
    ParaCollectTime sum = {0};
    for (int i = 0; i < c->block_count; i++) {
        sum.env += c->time[i].env;
        sum.forward += c->time[i].forward;
    }
    return sum;
}
