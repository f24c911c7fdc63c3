// SPDX-License-Identifier: MIT
// Which candidate is tried next: the prior's guess, what was imagined, and what failed tries took away.
#include "agents/puzzle/puzzler.h"

#include "engine/base/assert.h"
#include "engine/base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Chosen beforehand, not for any set of tasks.
#define NEAR_PLACE 0.06 // [1] of a scene within which a try tells of others
#define NEAR_SIZE  0.15 // [1] the same of the ball's size
#define COST       2.0  // log-odds that a failed try takes from the same action
#define GAIN       4.0  // log-odds that it gives where it came nearer than others, per unit of closeness
#define DOUBT      10.0 // broken promises, in log-odds, that halve what imagination is believed
#define UNSURE     0.1  // [1] sizes of doubt at which an imagined ending is half unsure
#define PULL       0.1  // of the regression's weights to 0
#define ROUNDS     25   // of Newton's method

ParaPuzzler para_puzzler_begin(const ParaPuzzlerDef *def, const float *guess, const double (*actions)[3],
                               int count, ParaArena *arena)
{
    ParaPuzzler t = {.def = *def,
                     .count = count,
                     .actions = actions,
                     .guess = PARA_NEW(arena, double, count),
                     .told = PARA_NEW(arena, double, count),
                     .learned = PARA_NEW(arena, double, count),
                     .imagined = PARA_NEW(arena, uint8_t, count),
                     .tried = PARA_NEW(arena, uint8_t, count)};
    ParaRng rng = para_rng_make(def->seed, "thinker");
    PARA_ASSERT(count >= 1);
    for (int i = 0; i < count; i++)
        t.guess[i] = (guess ? (double)guess[i] : 0.0) + 1e-6 * para_rng_f64(&rng);
    return t;
}

static double odds_of(const ParaPuzzler *t, int i)
{
    double trust = t->def.updates && !t->def.certain ? DOUBT / (DOUBT + t->doubt) : 1.0;
    return t->guess[i] + trust * t->told[i] + t->learned[i];
}

int para_puzzler_next(const ParaPuzzler *t)
{
    int best = -1;
    double most = 0.0;
    for (int i = 0; i < t->count; i++) {
        double odds = odds_of(t, i);
        if (t->tried[i] || (best >= 0 && odds <= most))
            continue;
        best = i;
        most = odds;
    }
    return best;
}

typedef struct Ranked {
    double odds;
    int index;
} Ranked;

static int by_odds(const void *a, const void *b)
{
    const Ranked *p = a, *q = b;
    return p->odds != q->odds ? (p->odds < q->odds) - (p->odds > q->odds) : p->index - q->index;
}

int para_puzzler_wonder(const ParaPuzzler *t, int most, int *out, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    Ranked *ranked = PARA_NEW(arena, Ranked, t->count);
    int count = 0, found = 0;
    for (int i = 0; i < t->count; i++)
        if (!t->tried[i])
            ranked[count++] = (Ranked){odds_of(t, i), i};
    qsort(ranked, (size_t)count, sizeof *ranked, by_odds);
    for (int i = 0; i < count && i < most; i++)
        if (!t->imagined[ranked[i].index])
            out[found++] = ranked[i].index;
    para_arena_rewind(arena, mark);
    return found;
}

#define N PARA_PUZZLER_BELIEF

/// What a belief is a sum over.
static void facts_of(const ParaVision *vision, double x[N])
{
    double unsure = vision->doubt / (vision->doubt + UNSURE);
    x[0] = 1.0;
    x[1] = (double)vision->solved;
    x[2] = vision->close;
    x[3] = unsure;
    x[4] = vision->solved ? unsure : 0.0;
}

static double weigh(const double belief[N], const double x[N])
{
    double sum = 0.0;
    for (int k = 0; k < N; k++)
        sum += belief[k] * x[k];
    return sum;
}

void para_puzzler_imagined(ParaPuzzler *t, int candidate, const ParaVision *vision)
{
    double x[N];
    facts_of(vision, x);
    t->imagined[candidate] = 1;
    t->told[candidate] = weigh(t->def.belief, x);
}

/// [1] 0..1 how much one action tells of another.
static double alike(const double a[3], const double b[3])
{
    double x = (a[0] - b[0]) / NEAR_PLACE, y = (a[1] - b[1]) / NEAR_PLACE, r = (a[2] - b[2]) / NEAR_SIZE;
    return exp(-0.5 * (x * x + y * y + r * r));
}

void para_puzzler_failed(ParaPuzzler *t, int candidate, double close)
{
    double usual = t->tries > 0 ? t->close_sum / (double)t->tries : close;
    PARA_ASSERT(candidate >= 0 && candidate < t->count);
    t->tried[candidate] = 1;
    t->tries++;
    t->close_sum += close;
    if (!t->def.updates)
        return;
    t->doubt += t->told[candidate] > 0.0 ? t->told[candidate] : 0.0;
    for (int i = 0; i < t->count; i++)
        t->learned[i] += alike(t->actions[i], t->actions[candidate]) * (GAIN * (close - usual) - COST);
}

// ---------------------------------------------------------------------------------------------

/// Solves a symmetric system that is positive definite, in place (Cholesky).
static void solve(double a[N][N], double b[N])
{
    for (int j = 0; j < N; j++) {
        for (int k = 0; k < j; k++)
            for (int i = j; i < N; i++)
                a[i][j] -= a[i][k] * a[j][k];
        double root = sqrt(a[j][j]);
        for (int i = j; i < N; i++)
            a[i][j] /= root;
    }
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (int i = N - 1; i >= 0; i--) {
        for (int k = i + 1; k < N; k++)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
}

/// @param share what one of each kind weighs: that both kinds weigh the same
static void newton_step(const ParaVision *visions, const uint8_t *truly, int count, const double share[2],
                        double out[N])
{
    double a[N][N] = {{0}}, b[N];
    for (int k = 0; k < N; k++) {
        a[k][k] = PULL;
        b[k] = -PULL * out[k];
    }
    for (int i = 0; i < count; i++) {
        double x[N];
        facts_of(&visions[i], x);
        double p = 1.0 / (1.0 + exp(-weigh(out, x)));
        for (int k = 0; k < N; k++) {
            b[k] += share[truly[i]] * ((double)truly[i] - p) * x[k];
            for (int l = 0; l < N; l++)
                a[k][l] += share[truly[i]] * p * (1.0 - p) * x[k] * x[l];
        }
    }
    solve(a, b);
    for (int k = 0; k < N; k++)
        out[k] += b[k];
}

void para_puzzler_believe(const ParaVision *visions, const uint8_t *truly, int count, double out[N])
{
    int counts[2] = {0, 0};
    memset(out, 0, N * sizeof *out);
    for (int i = 0; i < count; i++)
        counts[truly[i]]++;
    if (counts[0] == 0 || counts[1] == 0)
        return;
    const double share[2] = {0.5 * (double)count / counts[0], 0.5 * (double)count / counts[1]};
    for (int round = 0; round < ROUNDS; round++)
        newton_step(visions, truly, count, share, out);
}
