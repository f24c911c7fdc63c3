// SPDX-License-Identifier: MIT
#pragma once
// Episodes of a set of skills on held-out levels: what each comes to, and who acted in it.
#include "agents/player/episodes.h"
#include "agents/skill/choose.h"

/// From a decision on a skill acted, until the next turn.
typedef struct ParaSkillTurn {
    int32_t decision; ///< [1] >= 0
    int32_t skill;    ///< [1] 0..count - 1
} ParaSkillTurn;
#define PARA_SKILL_TURNS 32 ///< of an episode that are kept

typedef struct ParaSkillEpisode {
    ParaEpisode is;
    int32_t acted[PARA_SKILLS_MAX];        ///< [decision] >= 0 that each skill acted for the first player
    int32_t turns;                         ///< [1] >= 0 times that one took over, the first among them
    ParaSkillTurn first[PARA_SKILL_TURNS]; ///< [min(turns, PARA_SKILL_TURNS)]
    int32_t lost;                          ///< [decision] >= 0 with all grounds out of reach at the last look
} ParaSkillEpisode;

/// Whom a measurement tells and asks.
typedef struct ParaSkillWatch {
    bool (*over)(void *context, int64_t done, int64_t total); ///< of episodes, by one at a time; false stops
    bool (*stop)(void *context);                              ///< asked between decisions; NULL: nobody asks
    void *context;
} ParaSkillWatch;

/// What is kept of where a set was in its episodes, of each evenly over its length.
#define PARA_SKILL_KEPT 16 ///< situations of an episode at most
typedef struct ParaSituations {
    int *counts; ///< [1] 0..PARA_SKILL_KEPT of each episode  [episodes]
    float *rows; ///< [1] -10..10  [episodes, PARA_SKILL_KEPT, situation's size]
} ParaSituations;

#define PARA_SKILL_EPISODES_MAX 1000000 ///< of one measurement, for their memory

/// Plays episodes as def says but for who acts, whose hooks are set here.
/// @param out out, [families, levels, episodes]   @param situations NULL: none are kept
/// @return false: no memory, or stopped
bool para_skills_measure(const ParaEpisodesDef *def, const ParaSkillSet *set, const ParaSkillWatch *watch,
                         ParaArena *arena, ParaSkillEpisode *out, ParaSituations *situations);
/// Plays one of them again and writes its replay, as para_episodes_replay.
bool para_skills_replay(const ParaEpisodesDef *def, const ParaSkillSet *set, int index, const char *path,
                        ParaArena *arena, const char **out_error);
