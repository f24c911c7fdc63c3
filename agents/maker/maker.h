// SPDX-License-Identifier: MIT
#pragma once
// The maker chooses the levels the player learns on. Methods share everything but the choice:
//   dr   domain randomisation: parameters uniform over their full ranges.
//   sfl  sampling for learnability (Rutherford 2024, arXiv 2408.15099): every so many lessons the present
//        player plays fresh candidate levels; those with the highest p(1 - p) are kept, p its success
//        rate; until the next refresh half of the envs play kept levels, half fresh ones.
// Families are dealt to envs in turn, so each gets the same share of decisions.
#include "agents/env/batch.h"
#include "agents/player/trials.h"

typedef struct ParaMakerDef {
    const char *method; ///< "dr" or "sfl"
    const ParaFamilies *families;
    ParaTrialRoom *room; ///< where candidates are played (sfl)
    uint64_t seed;       ///< [seed] of its candidates
    int candidates;      ///< sfl: [1] >= 1 per family and refresh; default 64
    int tries;           ///< sfl: [1] >= 1 episodes per candidate in each of its two stages; default 3
    int keep;            ///< sfl: [1] >= 1 per family; default 16
    int refresh;         ///< sfl: [1] >= 1 lessons between refreshes, and before the first; default 64
    float kept_share;    ///< sfl: [1] 0..1 share of each family's envs on kept levels; default 0.5
} ParaMakerDef;

ParaMakerDef para_maker_def_default(const char *method);
/// The methods there are, ended by NULL.
const char *const *para_maker_methods(void);

/// A level the maker holds at the edge of what the player can do.
typedef struct ParaKept {
    ParaPick pick;
    uint64_t hash; ///< [hash] of the level
    float success; ///< [1] 0..1, p over `tries` episodes when it was scored
    float score;   ///< [1] 0..0.5, p(1 - p) with n / (n - 1), n tries; high ones are a little lucky, being
                   ///< chosen by it
    int tries;     ///< [1] >= 0 episodes in both stages
} ParaKept;

typedef struct ParaMaker ParaMaker;
/// @return NULL with the methods named in out_error if there is no such method
ParaMaker *para_maker_create(const ParaMakerDef *def, ParaArena *arena, const char **out_error);

/// The maker's turn at the start of a lesson: may play candidates with the present player.
/// @param policy in: the player   @return world steps simulated for scoring
int64_t para_maker_turn(ParaMaker *maker, int lesson, const ParaPolicy *policy);
/// Chooses the next level of an env (a ParaPickNext; context is the maker). Reads only, so threads may share
/// it.
void para_maker_next(void *maker, int env, ParaRng *rng, ParaPick *out);
/// Levels kept since the last refresh, [count]; count 0 for dr.
const ParaKept *para_maker_kept(const ParaMaker *maker, int *out_count);
/// Index of a pick among the kept levels, -1 if it is a fresh one.
int para_maker_kept_index(const ParaMaker *maker, const ParaPick *pick);
/// True if the last turn chose a new kept set.
bool para_maker_refreshed(const ParaMaker *maker);
