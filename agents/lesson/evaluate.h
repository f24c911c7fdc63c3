// SPDX-License-Identifier: MIT
#pragma once
// Scores on held-out levels: seeds that training never draws, over the full ranges of every family.
#include "agents/company/talk.h"
#include "agents/player/player.h"
#include "agents/player/trials.h"
#include "agents/run/run_families.h"

#include <stdbool.h>
#include <stdint.h>

const char *para_player_kind_name(ParaPlayerKind kind); ///< "random", "still", "untrained", "trained"

typedef struct ParaEvalDef {
    const char *run_folder;      ///< run folder or .safetensors; NULL: no trained player
    const char *const *families; ///< names or files; count 0: those of the run, else the whole library
    int family_count;            ///< [1] >= 0
    ParaTemplatesFrom templates; ///< of the run's families; default RUN
    const char *tier;            ///< of all families; NULL: the whole of them, whatever the run is trained on
    ParaSolverKind solver;       ///< LANES refuses levels that do not fit it; default AUTO
    int levels;                  ///< [1] >= 1 per family; default 64
    int episodes;  ///< [1] >= 2 per level and player, even; half ranks the levels, half scores the worst;
                   ///< default 4
    int threads;   ///< [1] >= 0; 0: one per CPU
    uint64_t seed; ///< [seed] of the held-out set; default 1
    double reward_above; ///< [1] any; returns above it are counted, as some published tasks are judged;
                         ///< default infinite: none
    double surprises;    ///< [1/(10 s)] 0..PARA_SURPRISES_MOST of what happens to a level while it is played
    ParaObsHearing
        hearing; ///< what players hear of each other's voices; default all. Else some level must have one
    bool forget; ///< what the trained player's map would show is 0: what it is worth. It must have one
    bool greedy; ///< the trained player takes its most probable action instead of drawing
    const char *proofs_folder; ///< write a replay of each level the trained player solved; NULL: none
    ParaAskStop *stop; ///< true: stop at once, as where the watch says false, which is asked seldom; may be
                       ///< NULL
    void *stop_context;
} ParaEvalDef;
ParaEvalDef para_eval_def_default(void);

typedef struct ParaEvalFamily {
    const char *name;
    int levels;                ///< [1] >= 1
    int lanes_levels;          ///< [1] 0..levels, those that ran on lanes
    float solve[PARA_PLAYERS]; ///< [1] 0..1 share of episodes solved
    float low[PARA_PLAYERS];   ///< [1] 0..1 least it may be of all levels of the family, with 95 % confidence
    float high[PARA_PLAYERS];  ///< [1] 0..1 most
    float seconds[PARA_PLAYERS]; ///< [s] >= 0 mean level time of an episode
    float reward[PARA_PLAYERS];  ///< [1] any finite, mean undiscounted return of an episode
    float above[PARA_PLAYERS];   ///< [1] 0..1 share of episodes whose return is above `reward_above`
    const ParaTalkSummary *talk; ///< what the trained player said in it; NULL: nobody in it has a voice
    const char *const *params;   ///< of the family, where it has talk  [talk->param_count]
} ParaEvalFamily;

typedef struct ParaEvalResult {
    int family_count;            ///< [1] >= 1
    ParaEvalFamily *families;    ///< [family_count]
    bool present[PARA_PLAYERS];  ///< which players were scored
    float mean[PARA_PLAYERS];    ///< [1] 0..1 mean over families
    float worst10[PARA_PLAYERS]; ///< [1] 0..1 mean success on the worst 10 % of all levels, ranked on other
                                 ///< episodes (research: CVaR)
    int proofs;                  ///< [1] >= 0 replays written
    int64_t world_steps;         ///< [1] >= 0
    const char *note;            ///< e.g. a damaged checkpoint that was passed over
} ParaEvalResult;

/// Called now and then with episodes done and to do; false stops (the evaluation then fails with "stopped").
typedef bool ParaEvalWatch(void *context, int64_t done, int64_t total);
bool para_evaluate(const ParaEvalDef *def, ParaEvalWatch *watch, void *context, ParaArena *arena,
                   ParaEvalResult *out, const char **out_error);

/// Scores one player at hand, as the trained one, on the levels of `families`; for curves while a training
/// goes on.
/// @param def its levels, episodes, seed and greedy count   @param room where it plays
/// @return false with a clear error
bool para_evaluate_player(const ParaEvalDef *def, const ParaFamilies *families, const ParaPolicy *player,
                          ParaTrialRoom *room, ParaArena *arena, ParaEvalResult *out, const char **out_error);

/// What a player did on some levels.
typedef struct ParaLevelsScore {
    int levels;      ///< [1] >= 0 that could be played; the rest means nothing where it is 0
    float solve;     ///< [1] 0..1 share of episodes solved
    float low, high; ///< [1] 0..1 where it may lie on all such levels, with 95 % confidence
    float worst10;   ///< [1] 0..1 of the worst tenth of the levels, ranked on other episodes
} ParaLevelsScore;
/// Scores a player on levels at hand. The same for the same levels, player and def, in any order of levels
/// and for any number of threads.
/// @param def its episodes, seed and greedy count   @param levels in, [count]   @param watch may be NULL
/// @return false if it was stopped before the end; nothing is scored then
bool para_evaluate_levels(const ParaEvalDef *def, const ParaLevel *const *levels, int count,
                          const ParaPolicy *player, ParaTrialRoom *room, ParaTrialWatch *watch, void *context,
                          ParaArena *arena, ParaLevelsScore *out);

/// Wilson's interval of a share [1] 0..1 at 95 %, from n independent trials; episodes on one level are not,
/// so of a family n counts its levels. Source: Wilson 1927, J. Am. Stat. Assoc. 22, equation 10.
/// @param n [1] > 0
void para_share_interval(double share, double n, float *out_low, float *out_high);

/// Mean of `scoring` over the tenth of the levels (rounded up) that is lowest in `ranking`; levels tied at
/// its edge count in equal shares.
/// @param ranking, scoring in, [count] success of each level on two separate sets of episodes
float para_worst_tenth(const float *ranking, const float *scoring, int count, ParaArena *arena);
