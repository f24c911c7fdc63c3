// SPDX-License-Identifier: MIT
// Which futures are tried: in the first round the reflex itself, the rest of the last plan and held keys;
// then draws from a table that moves toward the best, and the best with a stretch of them changed.
#include "agents/think/think_parts.h"

#include "engine/base/assert.h"

#include <string.h>

#define PRIOR     0.5f  // [1] of a choice at first: left to the reflex
#define LEARN     0.7f  // [1] how far the table moves in a round
#define FLOOR     0.02f // [1] least probability of a choice
#define ELITE     8     // one in so many futures is what the table moves to
#define ELITE_MIN 2
#define HOLDS     5
static const float holds[HOLDS] = {1.5f, 3.0f, 6.0f, 12.0f, 1e9f}; // [decision] a choice is held in the mean

static float *row(ParaThinker *t, int decision, int channel)
{
    return t->table + ((size_t)decision * PARA_THINK_CHANNELS + (size_t)channel) * PARA_CHOICE_KINDS;
}

static bool is_bound(const ParaLevel *level, int channel)
{
    return level->players[channel / PARA_CHANNELS].channel_bits >> channel % PARA_CHANNELS & 1u;
}

static bool has_negative(const ParaLevel *level, int channel)
{
    return level->players[channel / PARA_CHANNELS].negative_bits >> channel % PARA_CHANNELS & 1u;
}

void para_think_even(ParaThinker *t)
{
    float reflex = t->def.without_prior ? 0.0f : PRIOR;
    for (int d = 0; d < t->horizon; d++)
        for (int c = 0; c < t->channels; c++) {
            bool negative = has_negative(t->level, c);
            float key = (1.0f - reflex) / (negative ? 3.0f : 2.0f);
            const float even[PARA_CHOICE_KINDS] = {negative ? key : 0.0f, key, key, reflex};
            memcpy(row(t, d, c), even, sizeof even);
        }
}

static int8_t draw_choice(const float *p, ParaRng *rng)
{
    float x = (float)para_rng_f64(rng), sum = 0.0f;
    int last = 0;
    for (int k = 0; k < PARA_CHOICE_KINDS; k++) {
        if (p[k] <= 0.0f)
            continue;
        last = k;
        sum += p[k];
        if (x < sum)
            break;
    }
    return (int8_t)(last - 1);
}

/// Choices from the table, each held for a while.
static void draw_held(ParaThinker *t, int future, ParaRng *rng)
{
    float change = 1.0f / holds[future / 2 % HOLDS];
    for (int c = 0; c < t->channels; c++)
        for (int d = 0; d < t->horizon && is_bound(t->level, c); d++) {
            bool anew = d == 0 || (float)para_rng_f64(rng) < change;
            para_think_row(t->choices, t, future, d)[c] =
                anew ? draw_choice(row(t, d, c), rng) : para_think_row(t->choices, t, future, d - 1)[c];
        }
}

/// Keys as they were pressed, then the reflex.
static void draw_again(ParaThinker *t, int future, const int8_t *keys, int count)
{
    int after = t->def.without_prior ? 0 : PARA_CHOICE_REFLEX;
    for (int d = 0; d < t->horizon; d++) {
        int8_t *choices = para_think_row(t->choices, t, future, d);
        if (d < count)
            memcpy(choices, keys + (size_t)d * PARA_THINK_CHANNELS, PARA_THINK_CHANNELS);
        else
            memset(choices, after, PARA_THINK_CHANNELS);
    }
}

/// One of the best with a stretch of one channel changed; behind it the reflex takes over, or the keys of the
/// best go on.
static void draw_near(ParaThinker *t, int future, ParaRng *rng)
{
    int among = t->first / ELITE > ELITE_MIN ? t->first / ELITE : ELITE_MIN;
    int parent = t->order[para_rng_int(rng, 0, (among < t->first ? among : t->first) - 1)];
    draw_again(t, future, para_think_row(t->keys, t, parent, 0), t->lengths[parent]);
    int begin = (int)para_rng_int(rng, 0, t->horizon - 1);
    int end = begin + 1 + (int)para_rng_int(rng, 0, t->horizon / 2);
    end = end < t->horizon ? end : t->horizon;
    bool leave = !t->def.without_prior && para_rng_int(rng, 0, 1) == 1;
    for (int c = 0; c < t->channels; c++) {
        if (!is_bound(t->level, c))
            continue;
        bool change = para_rng_int(rng, 0, 1) == 1;
        int8_t choice = draw_choice(row(t, begin, c), rng);
        for (int d = begin; d < t->horizon; d++) {
            int8_t *to = &para_think_row(t->choices, t, future, d)[c];
            if (d < end && change)
                *to = choice;
            else if (d >= end && leave)
                *to = PARA_CHOICE_REFLEX;
        }
    }
}

static void draw_first(ParaThinker *t, int future, ParaRng *rng)
{
    bool prior = !t->def.without_prior;
    if (prior && future == 0)
        draw_again(t, future, NULL, 0);
    else if (t->before_count > 0 && future == (prior ? 1 : 0))
        draw_again(t, future, t->before, t->before_count);
    else if (prior && future % 4 == 2)
        draw_again(t, future, NULL, 0);
    else
        draw_held(t, future, rng);
}

void para_think_draw(ParaThinker *t, int round)
{
    PARA_ASSERT(t->first + t->count <= t->def.futures && t->horizon <= t->def.horizon);
    for (int i = t->first; i < t->first + t->count; i++) {
        ParaRng rng = para_think_stream(t, i, "choice");
        memset(para_think_row(t->choices, t, i, 0), 0, (size_t)t->def.horizon * PARA_THINK_CHANNELS);
        if (round == 0)
            draw_first(t, i, &rng);
        else if (i % 2)
            draw_held(t, i, &rng);
        else
            draw_near(t, i, &rng);
    }
}

/// The best first, of equal ones the earlier: an insertion, since most of them are sorted already.
static void sort(ParaThinker *t, int count)
{
    for (int i = 0; i < count; i++) {
        int k = i;
        while (k > 0 && t->scores[t->order[k - 1]] < t->scores[i]) {
            t->order[k] = t->order[k - 1];
            k--;
        }
        t->order[k] = i;
    }
}

void para_think_refine(ParaThinker *t, int count)
{
    sort(t, count);
    int elite = count / ELITE > ELITE_MIN ? count / ELITE : ELITE_MIN;
    elite = elite < count ? elite : count;
    for (int d = 0; d < t->horizon; d++)
        for (int c = 0; c < t->channels; c++) {
            float share[PARA_CHOICE_KINDS] = {0}, *p = row(t, d, c), sum = 0.0f;
            for (int e = 0; e < elite; e++)
                share[para_think_row(t->choices, t, t->order[e], d)[c] + 1] += 1.0f / (float)elite;
            for (int k = 0; k < PARA_CHOICE_KINDS; k++) {
                bool may = p[k] > 0.0f; // a key that means nothing here stays out
                p[k] = may ? (1.0f - LEARN) * p[k] + LEARN * share[k] + FLOOR : 0.0f;
                sum += p[k];
            }
            for (int k = 0; k < PARA_CHOICE_KINDS; k++)
                p[k] /= sum;
        }
}
