// SPDX-License-Identifier: MIT
#pragma once
// Episodes of a player that thinks, on held-out levels: how often it solves them, what thinking costs, and
// what it did, for its reflex to learn from. One episode is the work of one thread, so the numbers are the
// same for any number of them.
#include "agents/batch/families.h"
#include "agents/think/think.h"

/// Told what was thought in an episode: n rows of a player, one for each plan, in their order.
/// @param obs in, [n, O] where the plan was made
/// @param wanted in, [n, 8, PARA_CHOICES] 0..1 how probable each key should be there (para_thinker_wanted)
typedef void ParaThoughtKeep(void *context, int family, const ParaPlayer *player, const float *obs,
                             const float *wanted, int n);
/// Told of episodes done; false stops.
typedef bool ParaThoughtWatch(void *context, int64_t done, int64_t total);
/// Asked between decisions, by any thread: true stops, amid an episode too, which then counts for nothing.
typedef bool ParaThoughtStop(void *context);

/// What came of one episode.
typedef struct ParaThoughtEpisode {
    bool played, solved;
    int32_t decisions; ///< [1] >= 0
    int32_t unthought; ///< [1] >= 0 decisions where no future could be imagined
    float progress;    ///< [1] 0..1 share of the goal where it ended
    float seconds;     ///< [s] >= 0 level time
    double cpu;        ///< [s] >= 0 of thinking and acting
} ParaThoughtEpisode;

typedef struct ParaThoughtDef {
    const ParaFamilies *families;
    const ParaLevel *level; ///< all episodes play this one; families are then one and levels 1; NULL: theirs
    int levels, episodes;   ///< [1] >= 1 of each family, and on each level
    uint64_t seed;          ///< [seed] of the held-out set, as in ParaEvalDef
    bool training;          ///< levels that training may draw in place of held-out ones, to learn from
    bool reflex_acts;       ///< thinking only says what it would do; the reflex goes where it would go alone
    ParaSolverKind solver;  ///< the true world runs on it
    int threads;            ///< [1] >= 0; 0: one per CPU
    ParaThinkDef think;
    ParaThinkWhere where;
    ParaThoughtKeep *keep;   ///< NULL: nobody asks; called in order of episodes, by one thread
    ParaThoughtWatch *watch; ///< NULL: nobody asks; called by one thread at a time
    ParaThoughtStop *stop;   ///< NULL: only the watch is asked
    void *context;           ///< of all three
} ParaThoughtDef;

typedef struct ParaThought {
    int levels, episodes, solved; ///< [1] >= 0 levels and episodes that were played to their end
    int64_t decisions;            ///< [1] >= 0
    int64_t unthought;            ///< [1] >= 0 of them where no future could be imagined
    double cpu_seconds;           ///< [s] >= 0 of thinking and acting
} ParaThought;

/// @param out out, [families.count + 1]: each family, then all together
/// @param episodes out, [families, levels, episodes]; NULL: nobody asks
/// @return false: no memory, or stopped; what was played until then is in `out`
bool para_think_measure(const ParaThoughtDef *def, const ParaReflex *reflex, ParaArena *arena,
                        ParaThought *out, ParaThoughtEpisode *episodes);
/// Plays one of those episodes again, the same, and writes its replay where `path` says.
/// @param episode [1] 0..families * levels * episodes - 1
/// @return false with a clear error: the level cannot be played, the file cannot be written
bool para_think_replay(const ParaThoughtDef *def, const ParaReflex *reflex, int episode, const char *path,
                       ParaArena *arena, const char **out_error);
