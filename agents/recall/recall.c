// SPDX-License-Identifier: MIT
// A memory: what is kept and what goes, the nearest moments, and what they say.
#include "agents/recall/recall_parts.h"

#include "agents/policy/policy.h"
#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

#define STRENGTH 12.0f // [nat] of a choice that was made in the very same situation and went well
#define BLAME    0.8f  // [1] how much less each earlier decision is to blame for a failure
#define NEARNESS 1e-6f // [1] added to a squared distance <NEC eq. 5, delta>

ParaRecall *para_recall_create(int capacity, ParaArena *arena)
{
    PARA_ASSERT(capacity >= PARA_RECALL_EPISODE_MAX && capacity <= PARA_RECALL_MOMENTS_MAX);
    ParaRecall *recall = PARA_NEW(arena, ParaRecall, 1);
    int size = para_recall_key_size();
    *recall = (ParaRecall){.capacity = capacity, .size = size};
    recall->episodes = PARA_NEW(arena, ParaRecallEpisode, para_recall_room(capacity));
    recall->keys = PARA_NEW(arena, int16_t, (size_t)capacity * (size_t)size);
    recall->actions = PARA_NEW(arena, int8_t, (size_t)capacity * PARA_CHANNELS);
    return recall;
}

int para_recall_count(const ParaRecall *recall) { return recall->count; }

int para_recall_moments(const ParaRecall *recall) { return recall->moments; }

const ParaRecallEpisode *para_recall_episode(const ParaRecall *recall, int index)
{
    PARA_ASSERT(index >= 0 && index < recall->count);
    return &recall->episodes[index];
}

size_t para_recall_bytes(const ParaRecall *recall)
{
    return (size_t)recall->capacity * (sizeof(int16_t) * (size_t)recall->size + PARA_CHANNELS) +
           (size_t)para_recall_room(recall->capacity) * sizeof(ParaRecallEpisode);
}

// ---------------------------------------------------------------------------------------------
// Keeping.

static void drop(ParaRecall *recall, int index)
{
    int first = recall->episodes[index].first, count = recall->episodes[index].count;
    size_t size = (size_t)recall->size, after = (size_t)(recall->moments - first - count);
    memmove(recall->keys + (size_t)first * size, recall->keys + (size_t)(first + count) * size,
            sizeof(int16_t) * size * after);
    memmove(recall->actions + (size_t)first * PARA_CHANNELS,
            recall->actions + (size_t)(first + count) * PARA_CHANNELS, PARA_CHANNELS * after);
    for (int i = index + 1; i < recall->count; i++) {
        recall->episodes[i - 1] = recall->episodes[i];
        recall->episodes[i - 1].first -= count;
    }
    recall->moments -= count;
    recall->count--;
}

/// The one to go first: the oldest that solved nothing, else the oldest.
static int least_worth(const ParaRecall *recall)
{
    for (int i = 0; i < recall->count; i++)
        if (recall->episodes[i].end != PARA_RECALL_SOLVED)
            return i;
    return 0;
}

static ParaRecallEnd end_of(const ParaEnv *env, int player)
{
    ParaPlayStatus status = env->play.players[player].status;
    return status == PARA_PLAY_SOLVED   ? PARA_RECALL_SOLVED
           : status == PARA_PLAY_FAILED ? PARA_RECALL_FAILED
                                        : PARA_RECALL_CUT;
}

/// Copies what the tape has left of its ring, the earliest first.
static void unroll(ParaRecall *recall, const ParaRecallTape *tape, int count)
{
    size_t size = (size_t)recall->size;
    for (int i = 0; i < count; i++) {
        size_t from = (size_t)((tape->count - count + i) % PARA_RECALL_EPISODE_MAX),
               to = (size_t)(recall->moments + i);
        memcpy(recall->keys + to * size, tape->keys + from * size, sizeof(int16_t) * size);
        memcpy(recall->actions + to * PARA_CHANNELS, tape->actions + from * PARA_CHANNELS, PARA_CHANNELS);
    }
}

void para_recall_keep(ParaRecall *recall, const ParaEnv *env, int player, ParaRecallTape *tape)
{
    int count = tape->count < PARA_RECALL_EPISODE_MAX ? tape->count : PARA_RECALL_EPISODE_MAX;
    if (count == 0)
        return;
    while (recall->moments + count > recall->capacity || recall->count == para_recall_room(recall->capacity))
        drop(recall, least_worth(recall));
    ParaRecallEpisode *episode = &recall->episodes[recall->count];
    memset(episode, 0, sizeof *episode);
    memcpy(episode->family, env->level->family, sizeof episode->family);
    episode->level = env->level->hash;
    episode->end = end_of(env, player);
    episode->fine = env->fine;
    episode->first = recall->moments;
    episode->count = count;
    episode->decisions = tape->count;
    episode->reward = env->accounts[player].total_reward;
    episode->progress = env->play.players[player].progress;
    unroll(recall, tape, count);
    recall->moments += count;
    recall->count++;
    tape->count = 0;
}

int para_recall_forget(ParaRecall *recall, const char *family, uint64_t level)
{
    int before = recall->count;
    for (int i = recall->count - 1; i >= 0; i--) {
        const ParaRecallEpisode *e = &recall->episodes[i];
        if ((!family || strcmp(e->family, family) == 0) && (level == 0 || e->level == level))
            drop(recall, i);
    }
    return before - recall->count;
}

// ---------------------------------------------------------------------------------------------
// Finding.

/// The sum of squared differences of two keys, each at most 1, or any sum above `most` once it is. In parts,
/// whole: the same on every machine. [1/PARA_RECALL_PART^2]
static int64_t apart_up_to(const int16_t *a, const int16_t *b, int size, int64_t most)
{
    int64_t sum = 0;
    const int32_t one = (int32_t)PARA_RECALL_PART;
    for (int i = 0; i < size && sum <= most; i += 16) {
        int32_t some = 0;
        for (int k = i; k < size && k < i + 16; k++) {
            int32_t d = a[k] - b[k];
            d = d < -one ? -one : d > one ? one : d;
            some += d * d;
        }
        sum += some;
    }
    return sum;
}

/// What is found so far.
typedef struct Nearest {
    int count;
    int64_t sums[PARA_RECALL_NEIGHBOURS];
    ParaRecalled *out;
} Nearest;

static void insert(Nearest *n, int64_t sum, ParaRecalled what)
{
    int at = n->count;
    while (at > 0 && sum <= n->sums[at - 1])
        at--;
    if (at >= PARA_RECALL_NEIGHBOURS)
        return;
    if (n->count < PARA_RECALL_NEIGHBOURS)
        n->count++;
    for (int k = n->count - 1; k > at; k--) {
        n->sums[k] = n->sums[k - 1];
        n->out[k] = n->out[k - 1];
    }
    n->sums[at] = sum;
    n->out[at] = what;
}

int para_recall_find(const ParaRecall *recall, const ParaEnv *env, const int16_t *key, ParaRecalled *out)
{
    Nearest n = {.out = out};
    const double unit = (double)PARA_RECALL_PART * (double)PARA_RECALL_PART * recall->size;
    const int64_t reach = (int64_t)((double)PARA_RECALL_REACH * (double)PARA_RECALL_REACH * unit);
    for (int e = 0; e < recall->count; e++) {
        const ParaRecallEpisode *episode = &recall->episodes[e];
        if (episode->level != env->level->hash)
            continue;
        for (int m = 0; m < episode->count; m++) {
            int64_t most = n.count < PARA_RECALL_NEIGHBOURS ? reach : n.sums[n.count - 1];
            const int16_t *of = recall->keys + (size_t)(episode->first + m) * (size_t)recall->size;
            int64_t sum = apart_up_to(of, key, recall->size, most);
            if (sum <= most)
                insert(&n, sum, (ParaRecalled){e, m, (float)sqrt((double)sum / unit)});
        }
    }
    return n.count;
}

/// How much a moment speaks for what was done in it [1] -1..1.
static float worth(const ParaRecallEpisode *episode, int moment)
{
    if (episode->end == PARA_RECALL_SOLVED)
        return 1.0f;
    return episode->end == PARA_RECALL_FAILED ? -powf(BLAME, (float)(episode->count - 1 - moment)) : 0.0f;
}

bool para_recall_lean(const ParaRecall *recall, const ParaRecalled *found, int count, float *logits)
{
    bool leant = false;
    for (int i = 0; i < count; i++) {
        const ParaRecallEpisode *episode = &recall->episodes[found[i].episode];
        float good = worth(episode, found[i].moment), near = found[i].apart * found[i].apart;
        const int8_t *action = recall->actions + (size_t)(episode->first + found[i].moment) * PARA_CHANNELS;
        float push = STRENGTH * good * NEARNESS / (near + NEARNESS);
        if (episode->fine || good == 0.0f)
            continue;
        for (int c = 0; c < PARA_CHANNELS; c++)
            logits[c * PARA_CHOICES + action[c] + 1] += push;
        leant = true;
    }
    return leant;
}

const ParaRecalled *para_recall_best(const ParaRecall *recall, const ParaRecalled *found, int count,
                                     bool fine)
{
    for (int i = 0; i < count; i++) {
        const ParaRecallEpisode *episode = &recall->episodes[found[i].episode];
        if (episode->end == PARA_RECALL_SOLVED && episode->fine == fine)
            return &found[i];
    }
    return NULL;
}

const int8_t *para_recall_actions(const ParaRecall *recall, const ParaRecalled *from, int *out_count)
{
    const ParaRecallEpisode *episode = &recall->episodes[from->episode];
    *out_count = episode->count - from->moment;
    return recall->actions + (size_t)(episode->first + from->moment) * PARA_CHANNELS;
}
