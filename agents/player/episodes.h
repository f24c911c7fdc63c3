// SPDX-License-Identifier: MIT
#pragma once
// Episodes on held-out levels, each the task of one worker with a world of its own, whoever acts in them: for
// players that a block of envs cannot share, as those that think or choose among skills. Blocks of a plain
// player's have trials.h.
#include "agents/batch/families.h"
#include "agents/env/env.h"

/// Who acts in the episodes of one worker.
typedef struct ParaActor {
    void *self;
    bool fine;      ///< its actions are counts of 127ths (agents/env/fine.h)
    uint32_t parts; ///< [bits] ParaObsPart that it sees
    /// An episode begins. @param index of it   @param luck [seed] of what is drawn
    /// @return false: it cannot be played
    bool (*begin)(void *self, int index, const ParaLevel *level, uint64_t luck);
    /// What all players do now. @param actions out, [A, 8]
    void (*act)(void *self, const ParaEnv *env, int8_t *actions);
} ParaActor;

/// What came of one episode.
typedef struct ParaEpisode {
    bool played, solved;
    int32_t decisions; ///< [1] >= 0
    float progress;    ///< [1] 0..1 share of the goal where it ended
    float seconds;     ///< [s] >= 0 level time
    double cpu;        ///< [s] >= 0 of acting, and of the true world's steps
} ParaEpisode;

typedef struct ParaEpisodesDef {
    const ParaFamilies *families;
    const ParaLevel *level; ///< all episodes play this one; families are then one and levels 1; NULL: theirs
    int levels, episodes;   ///< [1] >= 1 of each family, and on each level
    uint64_t seed;          ///< [seed] of the held-out set, as in ParaEvalDef
    bool training;          ///< levels that training may draw in place of held-out ones
    ParaSolverKind solver;  ///< of the true worlds
    int threads;            ///< [1] >= 0; 0: one per CPU
    /// Makes who acts for one worker. @return false: no memory
    bool (*open)(void *context, ParaActor *out);
    void (*close)(void *context,
                  ParaActor *actor); ///< also of one that was not opened whole: self may be NULL
    /// Told of each episode that is over, by one thread at a time, in no order. @param env where it ended,
    /// NULL: it could not be played   @return false: stop
    bool (*over)(void *context, int index, const ParaEnv *env);
    bool (*stop)(void *context); ///< asked between decisions, by any thread; NULL: nobody asks
    void *context;               ///< of all four
} ParaEpisodesDef;

/// Plays them. What comes of an episode does not depend on threads. Draws are those of `paracosm eval`.
/// @param out out, [families, levels, episodes]
/// @return false: no memory, or stopped; what was played until then is in `out`
bool para_episodes_play(const ParaEpisodesDef *def, ParaArena *arena, ParaEpisode *out);
/// Plays one of those episodes again, the same, and writes its replay.
/// @param index [1] 0..families * levels * episodes - 1   @param out out, what came of it; NULL: nobody asks
/// @return false with a clear error: the level cannot be played, the file cannot be written
bool para_episodes_replay(const ParaEpisodesDef *def, int index, const char *path, ParaArena *arena,
                          ParaEpisode *out, const char **out_error);
