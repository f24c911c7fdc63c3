// SPDX-License-Identifier: MIT
#pragma once
// Endless mode without a window: what is known of a person, the level that is played, and the one that
// follows from how it went. Plain data, so that a copy may look ahead. The same families, seed and ends give
// the same levels everywhere.
//
// A level has a difficulty: 0 is the easiest that a family's tiers know, 1 the hardest; above 1 it is edited
// beside (worlds/edit). A family without tiers goes from the middle of its ranges to their ends and is edited
// from the start, one without parameters is edited alone. A person has a skill in each family, on the same
// scale; the chance to solve a level is logistic in the difference, and the skill moves by what came as a
// surprise (Elo 1978, chapter 8; Rasch 1960).
#include "agents/batch/families.h"
#include "engine/base/threads.h"

#define PARA_ENDLESS_FAMILIES_MAX    64
#define PARA_ENDLESS_PAST            16   ///< levels whose like does not come again
#define PARA_ENDLESS_CHANCE          0.65 ///< [1] a person is to have
#define PARA_ENDLESS_DIFFICULTY_MOST 2.0  ///< [1]
#define PARA_ENDLESS_TWISTS_MAX      400  ///< [byte] with NUL
#define PARA_ENDLESS_WORDS_MAX       900  ///< [byte] with NUL

typedef enum {
    PARA_ENDLESS_OPEN,     ///< its first try has not ended
    PARA_ENDLESS_SOLVED,   ///< at the first try
    PARA_ENDLESS_UNSOLVED, ///< at the first try
    PARA_ENDLESS_UNRATED,  ///< it was left, or not played by the person alone: it tells nothing
    PARA_ENDLESS_ENDS
} ParaEndlessEnd;

/// A level of the row.
typedef struct ParaEndlessLevel {
    ParaPick pick;
    uint64_t hash;                        ///< [hash] of the level
    double difficulty;                    ///< [1] 0..PARA_ENDLESS_DIFFICULTY_MOST
    int32_t visit;                        ///< [1] >= 1 of the families' visits that it is in
    bool proven;                          ///< a search has solved it
    char twists[PARA_ENDLESS_TWISTS_MAX]; ///< what its edits did, in their words; ""
} ParaEndlessLevel;

typedef struct ParaEndless {
    const ParaFamilies *families;             ///< shared
    uint64_t seed;                            ///< [seed] of all that is drawn
    double skill;                             ///< [1] of the person, in any family
    double offset[PARA_ENDLESS_FAMILIES_MAX]; ///< [1] that it has on top in one
    int32_t plays[PARA_ENDLESS_FAMILIES_MAX]; ///< [1] >= 0 levels that were rated
    int32_t number;                           ///< [1] >= 0 of the level in play; 0: none yet
    int32_t solved, streak, best;             ///< [1] >= 0 levels; the last of them in a row; the longest row
    int32_t visit, visit_left, losses; ///< [1] >= 0 levels left in this family; not solved in a row in it
    ParaEndlessLevel level, before;    ///< in play; and the one before it
    ParaEndlessEnd end;                ///< of the level in play
    double seconds;                    ///< [s] >= 0 it took
    uint64_t past[PARA_ENDLESS_PAST];  ///< [hash] of the last levels, number modulo its size
} ParaEndless;

/// Families for endless mode: those named, or where none are the composed grammars and all else
/// of the library that has tiers "easy" and "hard", but its classic worlds.
/// @return false with the reason: one that is named does not load, or there are too many
bool para_endless_families(ParaFamilies *out, const char *const *names, int count, ParaArena *arena,
                           const char **out_error);
/// Somebody nobody knows yet. @param families must stay
void para_endless_begin(ParaEndless *out, const ParaFamilies *families, uint64_t seed);
/// [1] 0..1 chance that the person solves a level of the family.
double para_endless_chance(const ParaEndless *e, int family, double difficulty);
/// [1] 0..PARA_ENDLESS_DIFFICULTY_MOST at which the chance is PARA_ENDLESS_CHANCE, where there is such a one.
double para_endless_target(const ParaEndless *e, int family);
/// The first try of the level in play has ended: the skill follows. Later ones change nothing: call it once.
/// @param end not OPEN   @param seconds [s] >= 0
void para_endless_end(ParaEndless *e, ParaEndlessEnd end, double seconds);
/// Goes on to a level that para_endless_propose made.
void para_endless_take(ParaEndless *e, const ParaEndlessLevel *level);

/// With what levels are made.
typedef struct ParaEndlessMaker {
    ParaSolverKind solver;
    int64_t search_steps;        ///< [step] >= 0 of physics of a quick search for each candidate; 0: none
    bool (*stop)(void *context); ///< asked often; true: propose fails at once; NULL: nobody asks
    void *stop_context;
} ParaEndlessMaker;
/// The level that follows, which is neither one of the last ones nor solves itself; where a search is asked
/// for, one that it solved is preferred among few. Depends on `e` and the maker's steps alone.
/// @param scratch is emptied   @return false with the reason, in constant words
/// Threads: any, each with its own scratch.  Cost: some ms, and of searches up to some seconds
bool para_endless_propose(const ParaEndless *e, const ParaEndlessMaker *maker, ParaArena *scratch,
                          ParaEndlessLevel *out, const char **out_error);
/// The level again. @return NULL: its template is another now
const ParaLevel *para_endless_level(const ParaEndless *e, const ParaEndlessLevel *level, ParaArena *arena);

/// How it went, in words: "Solved in 8.2 s at the first try, the third in a row."
/// @param out out, [PARA_ENDLESS_WORDS_MAX]
void para_endless_say_end(const ParaEndless *e, char *out);
/// Why the next level is as it is, in words: what it has more or less of than the level in play, in the
/// family's units, what was edited, and the chance. @param out out, [PARA_ENDLESS_WORDS_MAX]
void para_endless_say_next(const ParaEndless *e, const ParaEndlessLevel *next, char *out);

/// What is kept, with a person's data (apps/store). What does not read is begun anew and told.
/// @param out_note out, NULL or what to tell
void para_endless_read(ParaEndless *out, const ParaFamilies *families, uint64_t fresh_seed, ParaArena *arena,
                       const char **out_note);
/// Whole or not at all, whatever happens. @return false with the reason
bool para_endless_write(const ParaEndless *e, ParaArena *arena, const char **out_error);
