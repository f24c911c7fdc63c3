// SPDX-License-Identifier: MIT
// The running scale of novelty, its pay, and which places of which levels were come to.
#include "agents/player/curiosity.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define LEVELS 1024  // remembered
#define CELLS  256   // of each
#define SLOW   32    // rollouts: the newest has at least one part in so many of the scale
#define MOST   5.0f  // weights that one decision earns or loses at the most
#define LEAST  1e-12 // [1] a variance below is none

typedef struct Visits {
    uint64_t level;
    bool known;
    uint8_t count[CELLS]; ///< 255: so many or more
} Visits;

struct ParaCuriosity {
    ParaCuriosityKind kind;
    int64_t rollouts;
    double mean, square; ///< of novelty
    Visits *visits;      ///< [LEVELS] where a level's hash falls; NULL: not by places
};

static const char *const names[PARA_CURIOSITIES] = {"none", "disagreement", "places"};

const char *para_curiosity_name(ParaCuriosityKind kind) { return names[kind]; }

bool para_curiosity_find(const char *name, ParaCuriosityKind *out)
{
    for (int kind = 0; kind < PARA_CURIOSITIES; kind++) {
        if (strcmp(name, names[kind]) != 0)
            continue;
        *out = (ParaCuriosityKind)kind;
        return true;
    }
    return false;
}

ParaCuriosity *para_curiosity_create(ParaCuriosityKind kind, ParaArena *arena)
{
    PARA_ASSERT(kind != PARA_CURIOSITY_NONE);
    ParaCuriosity *c = PARA_NEW(arena, ParaCuriosity, 1);
    *c = (ParaCuriosity){.kind = kind};
    if (kind == PARA_CURIOSITY_PLACES)
        c->visits = PARA_NEW(arena, Visits, LEVELS);
    return c;
}

ParaCuriosityKind para_curiosity_kind(const ParaCuriosity *c) { return c->kind; }

// ---------------------------------------------------------------------------------------------
// Pay.

static bool is_known(const float *novelty, const uint8_t *live, int i)
{
    return novelty[i] >= 0.0f && (!live || live[i]);
}

static void measure(ParaCuriosity *c, const float *novelty, const uint8_t *live, int count)
{
    double sum = 0, square = 0;
    int64_t known = 0;
    for (int i = 0; i < count; i++) {
        if (!is_known(novelty, live, i))
            continue;
        sum += (double)novelty[i];
        square += (double)novelty[i] * (double)novelty[i];
        known++;
    }
    if (known == 0)
        return;
    c->rollouts++;
    double share = 1.0 / (double)(c->rollouts < SLOW ? c->rollouts : SLOW);
    c->mean += share * (sum / (double)known - c->mean);
    c->square += share * (square / (double)known - c->square);
}

void para_curiosity_pay(ParaCuriosity *c, const float *novelty, const uint8_t *live, int count, float weight,
                        float *reward)
{
    measure(c, novelty, live, count);
    double middle = c->kind == PARA_CURIOSITY_DISAGREEMENT ? c->mean : 0.0;
    double spread = c->square - middle * middle;
    if (!(spread > LEAST) || weight <= 0.0f)
        return; // nothing is newer than anything else
    double scale = 1.0 / para_sqrt(spread);
    for (int i = 0; i < count; i++) {
        if (!is_known(novelty, live, i))
            continue;
        float worth = (float)(((double)novelty[i] - middle) * scale);
        reward[i] += weight * fmaxf(-MOST, fminf(MOST, worth));
    }
}

// ---------------------------------------------------------------------------------------------
// Places.

float para_curiosity_place(const ParaCuriosity *c, uint64_t level_hash, int cell)
{
    PARA_ASSERT(c->visits && cell >= 0 && cell < CELLS);
    const Visits *visits = &c->visits[level_hash % LEVELS];
    bool known = visits->known && visits->level == level_hash;
    return 1.0f / sqrtf(1.0f + (known ? (float)visits->count[cell] : 0.0f));
}

void para_curiosity_visit(ParaCuriosity *c, uint64_t level_hash, int cell)
{
    PARA_ASSERT(c->visits && cell >= 0 && cell < CELLS);
    Visits *visits = &c->visits[level_hash % LEVELS];
    if (!visits->known || visits->level != level_hash)
        *visits = (Visits){.level = level_hash, .known = true};
    if (visits->count[cell] < UINT8_MAX)
        visits->count[cell]++;
}

// ---------------------------------------------------------------------------------------------
// Checkpoints.

void para_curiosity_save(const ParaCuriosity *c, ParaBytes *out)
{
    para_bytes_put_whole(out, (uint64_t)c->kind, 1);
    para_bytes_put_whole(out, (uint64_t)c->rollouts, 8);
    para_bytes_put_f64(out, c->mean);
    para_bytes_put_f64(out, c->square);
    for (int i = 0; c->visits && i < LEVELS; i++) {
        para_bytes_put_whole(out, c->visits[i].known, 1);
        if (!c->visits[i].known)
            continue;
        para_bytes_put_whole(out, c->visits[i].level, 8);
        para_bytes_put(out, c->visits[i].count, CELLS);
    }
}

bool para_curiosity_load(ParaCuriosity *c, ParaBytesReader *in)
{
    bool same = para_bytes_take_whole(in, 1) == (uint64_t)c->kind;
    int64_t rollouts = para_bytes_take_range(in, 8, 0, INT64_MAX);
    double mean = para_bytes_take_f64(in), square = para_bytes_take_f64(in);
    for (int i = 0; same && c->visits && i < LEVELS && !in->bad; i++) {
        Visits *visits = &c->visits[i];
        *visits = (Visits){.known = para_bytes_take_range(in, 1, 0, 1) == 1};
        if (!visits->known)
            continue;
        visits->level = para_bytes_take_whole(in, 8);
        const uint8_t *count = para_bytes_take(in, CELLS);
        if (count)
            memcpy(visits->count, count, CELLS);
    }
    in->bad = in->bad || !same || !isfinite(mean) || !isfinite(square) || mean < 0 || square < 0;
    if (in->bad && c->visits)
        memset(c->visits, 0, LEVELS * sizeof *c->visits);
    if (in->bad)
        return false;
    c->rollouts = rollouts;
    c->mean = mean;
    c->square = square;
    return true;
}
