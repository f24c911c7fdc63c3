// SPDX-License-Identifier: MIT
#pragma once
// What the players of a level say to each other, as an evaluation measures it: how often each thing is said,
// and what it tells of matters that those who hear it may not see: the parameters the level was drawn with,
// and where the speaker's target lies from them.
#include "agents/env/env.h"

#define PARA_TALK_WORDS    9    ///< things that can be said at once, silence the first
#define PARA_TALK_BEARINGS 9    ///< directions of 45 degrees each, and nowhere the last
#define PARA_TALK_MOST     1024 ///< [decision] of an episode that are kept, the first
#define PARA_TALK_BINS     8    ///< values of a parameter that are told apart

/// One decision of one player who has a voice that somebody could hear.
typedef struct ParaTalkLine {
    uint8_t player;  ///< [1] 0..PARA_PLAYERS_MAX - 1
    uint8_t word;    ///< [1] 0..PARA_TALK_WORDS - 1 what it said
    uint8_t bearing; ///< [1] 0..PARA_TALK_BEARINGS - 1 of its nearest target from the nearest who could hear
                     ///< it, before it spoke: 0 is to the right, then counter-clockwise
} ParaTalkLine;

/// What was said in an episode. Fill it with zeros, and give it room.
typedef struct ParaTalk {
    ParaTalkLine *lines;          ///< [max] in the order of decisions and, in each, of players
    int count, max;               ///< [1] >= 0
    int open;                     ///< [1] 0..count lines of decisions that are over
    int bins;                     ///< [1] 0..PARA_PARAMS_MAX parameters of its level
    uint8_t bin[PARA_PARAMS_MAX]; ///< [1] 0..PARA_TALK_BINS - 1 where each lies in its range
} ParaTalk;

/// Before a decision: who can speak now, and what each sees. The first also takes the level's parameters.
void para_talk_before(ParaTalk *talk, const ParaEnv *env);
/// After it: what each said.
void para_talk_after(ParaTalk *talk, const ParaEnv *env);

/// What something told of something else.
typedef struct ParaTold {
    double bits;     ///< [bit] -1..3.2 mutual information of what was said and this
    double shuffled; ///< [bit] any; the same where each episode's words stand beside another episode's matter
    double most;     ///< [bit] >= 0 the entropy of the matter: nobody can tell more
} ParaTold;

#define PARA_TALK_SHUFFLES 16 ///< of which `shuffled` is the mean

/// What was said in some episodes of one family.
typedef struct ParaTalkSummary {
    int64_t lines;                    ///< [1] >= 0; the rest means nothing where it is 0
    double share[PARA_TALK_WORDS];    ///< [1] 0..1 of the lines in which each was said
    double entropy;                   ///< [bit] 0..3.2 of that
    ParaTold bearing;                 ///< of where the speaker's target lies
    int param_count;                  ///< [1] 0..PARA_PARAMS_MAX
    ParaTold params[PARA_PARAMS_MAX]; ///< of each parameter of the family, in its order
} ParaTalkSummary;
/// @param talks in, [count] episodes of one family   @param seed of the shuffling   @param arena scratch
/// Cost: O(PARA_TALK_SHUFFLES lines params)
ParaTalkSummary para_talk_summary(const ParaTalk *talks, int count, uint64_t seed, ParaArena *arena);
/// What a word looks like where it is told: "." for silence, "+" and "-" for the symbols of one voice, "+-"
/// of two.
const char *para_talk_word(int word);
