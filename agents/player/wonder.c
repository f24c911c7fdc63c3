// SPDX-License-Identifier: MIT
// Novelty of decisions: of the model's networks, or of cells come to.
#include "agents/player/wonder.h"

#include "engine/base/assert.h"

#include <string.h>

#define WORDS 4 // of 64 cells each

/// What a player of an env knows of its level.
typedef struct Known {
    uint64_t cells[WORDS];
} Known;

struct ParaWonder {
    ParaCuriosity *curiosity;
    const ParaWitness *witness;
    const ParaBatch *batch;
    int rows;
    float *novelty;   ///< [rows]
    uint64_t *levels; ///< [rows] hash of the level of a cell come to
    int16_t *cells;   ///< [rows] 0..255; -1: none
    Known *known;     ///< [E, A]
    uint64_t *hashes; ///< [E] of the level each env is on
};

ParaWonder *para_wonder_create(ParaCuriosity *curiosity, const ParaWitness *witness, const ParaBatch *batch,
                               int rows, ParaArena *arena)
{
    ParaWonder *w = PARA_NEW(arena, ParaWonder, 1);
    bool places = para_curiosity_kind(curiosity) == PARA_CURIOSITY_PLACES;
    PARA_ASSERT(places || witness);
    *w = (ParaWonder){.curiosity = curiosity, .witness = witness, .batch = batch, .rows = rows};
    w->novelty = PARA_NEW(arena, float, rows);
    if (!places)
        return w;
    w->levels = PARA_NEW(arena, uint64_t, rows);
    w->cells = PARA_NEW(arena, int16_t, rows);
    w->known = PARA_NEW(arena, Known, batch->def.envs * batch->def.players);
    w->hashes = PARA_NEW(arena, uint64_t, batch->def.envs);
    return w;
}

/// The level env b is on, and where its players are already.
static void arrive(ParaWonder *w, int b)
{
    const ParaEnv *env = &w->batch->envs[b];
    w->hashes[b] = para_level_hash(env->level);
    for (int p = 0; p < env->level->player_count; p++)
        memcpy(w->known[b * w->batch->def.players + p].cells, env->accounts[p].trail.cells,
               sizeof w->known[0].cells);
}

void para_wonder_begin(ParaWonder *w)
{
    for (int b = 0; w->known && b < w->batch->def.envs; b++)
        arrive(w, b);
}

/// A cell that is in `now` and not in `known`, which takes it; -1: none.
static int newest(Known *known, const uint64_t *now)
{
    int cell = -1;
    for (int k = 0; k < WORDS; k++) {
        uint64_t fresh = now[k] & ~known->cells[k];
        for (int bit = 0; fresh && bit < 64; bit++)
            if (fresh >> bit & 1)
                cell = 64 * k + bit;
        known->cells[k] |= now[k];
    }
    return cell;
}

static void note_place(ParaWonder *w, int row, int b, int p)
{
    const ParaEnv *env = &w->batch->envs[b];
    w->cells[row] = -1;
    w->novelty[row] = PARA_CURIOSITY_UNKNOWN;
    if (w->batch->over[b] || !env->level || p >= env->level->player_count) {
        if (w->batch->over[b] && p == 0 && env->level)
            arrive(w, b);
        return;
    }
    int cell = newest(&w->known[b * w->batch->def.players + p], env->accounts[p].trail.cells);
    w->novelty[row] = cell >= 0 ? para_curiosity_place(w->curiosity, w->hashes[b], cell) : 0.0f;
    w->cells[row] = (int16_t)cell;
    w->levels[row] = w->hashes[b];
}

void para_wonder_note(ParaWonder *w, int row, int b, int p)
{
    PARA_ASSERT(row >= 0 && row < w->rows);
    if (w->known)
        note_place(w, row, b, p);
    else if (w->batch->over[b] || !para_witness_doubt(w->witness, b, &w->novelty[row]))
        w->novelty[row] = PARA_CURIOSITY_UNKNOWN;
}

void para_wonder_pay(ParaWonder *w, ParaRollout *rollout, int count, float weight)
{
    PARA_ASSERT(count <= w->rows);
    para_curiosity_pay(w->curiosity, w->novelty, rollout->live, count, weight, rollout->reward);
    for (int row = 0; w->known && row < count; row++)
        if (w->cells[row] >= 0)
            para_curiosity_visit(w->curiosity, w->levels[row], w->cells[row]);
}
