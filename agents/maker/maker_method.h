// SPDX-License-Identifier: MIT
#pragma once
// What a method of the maker is: a table of functions over a state of its own. Private to agents/maker;
// the others see maker.h.
#include "agents/maker/maker.h"

/// What of a report a method scores levels by, that others may do without.
typedef enum {
    PARA_MAKER_ASKS_OUTCOMES, ///< how it ended and what it earned
    PARA_MAKER_ASKS_VALUES,   ///< what the player's values expected
    PARA_MAKER_ASKS_MODEL     ///< what a model of the world foresaw
} ParaMakerAsks;

typedef struct ParaMakerMethod {
    ParaMakerAsks asks;
    /// The state of a maker of this def, which stays where it is. Its arena is the maker's. NULL: no memory
    /// for worlds of its own.
    void *(*create)(const ParaMakerDef *def, ParaArena *arena);
    /// Gives back what is not the arena's; NULL: it has nothing such.
    void (*destroy)(void *state);
    /// The turn at the start of a lesson. @return world steps simulated, -1 as in para_maker_turn; NULL: it
    /// does nothing then
    int64_t (*propose)(void *state, int64_t decisions, const ParaPolicy *policy);
    /// The next level of an env; reads only.
    void (*next)(const void *state, int env, ParaRng *rng, ParaPick *out);
    /// Reads a report: called once for each player of each episode, in a fixed order.
    void (*learn)(void *state, const ParaEnded *ended);
    /// What it is doing, in a sentence without a full stop.
    void (*describe)(const void *state, char *out, size_t size);
    void (*save)(const void *state, ParaBytes *out);
    /// On a fresh state. @return false if the bytes make no sense
    bool (*load)(void *state, ParaBytesReader *in);
    /// Levels kept; NULL: it keeps none.
    const ParaKept *(*kept)(const void *state, int *out_count);
    /// Most levels it keeps at once; NULL: none.
    int (*kept_max)(const ParaMakerDef *def);
    /// How its forecasts held; NULL: it makes none.
    bool (*calibration)(const void *state, ParaCalibration *out);
} ParaMakerMethod;

#define PARA_MAKER(id, word, about) extern const ParaMakerMethod para_maker_##id;
#include "agents/maker/methods.def"
#undef PARA_MAKER

/// Families are dealt to envs, not drawn for each episode: every family gets the same share of decisions,
/// where drawing would give those of short episodes less (balance fell for 60,000 decisions and learned
/// nothing).
static inline int para_maker_family_of(const ParaMakerDef *def, int env)
{
    return env % def->families->count;
}

/// The number of an env's seat at its family's kept levels, which kept_share of the family's envs have; -1:
/// it plays fresh ones.
static inline int para_maker_seat(const ParaMakerDef *def, int env)
{
    double share = (double)def->kept_share, place = (double)(env / def->families->count) * share;
    return (int)(place + share) > (int)place ? (int)place : -1;
}

/// Index of a pick among kept levels, -1 if it is none of them. @param kept in, [count]
int para_maker_find_kept(const ParaKept *kept, int count, const ParaPick *pick);
/// A kept level in a checkpoint; its `fresh` is not kept.
void para_kept_save(ParaBytes *out, const ParaKept *level);
/// @param family_min, family_max bounds of its pick's family   @return false if the bytes make no sense
bool para_kept_load(ParaBytesReader *in, ParaKept *level, int family_min, int family_max);
/// A level nobody has chosen: a fresh seed over the full ranges, on the side of training.
ParaPick para_maker_fresh(const ParaMakerDef *def, int env, ParaRng *rng);
