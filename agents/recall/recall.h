// SPDX-License-Identifier: MIT
#pragma once
// Episodic memory: what a player did where, and what came of it, kept apart from its weights. A moment is the
// situation of one player in one decision and what it did in it; an episode is its moments in order and how
// it ended. In a situation like one it has been in before, a player is leant towards what went well and away
// from what was done shortly before it went wrong. It learns from a single episode, forgets nothing until it
// is full, and is read and removed like any file. Source: Blundell 2016, "Model-Free Episodic Control", arXiv
// 1606.04460 (nearest neighbours of what was lived through); Pritzel 2017, "Neural Episodic Control", arXiv
// 1703.01988 (the kernel, eq. 5).
#include "agents/env/env.h"

#define PARA_RECALL_MOMENTS      32768 ///< of a memory at most, by default
#define PARA_RECALL_MOMENTS_MAX  1048576
#define PARA_RECALL_EPISODE_MAX  2048 ///< moments of an episode that are kept, the last
#define PARA_RECALL_EPISODES_MAX 65536
#define PARA_RECALL_NEIGHBOURS   8       ///< that are asked
#define PARA_RECALL_REACH        0.05f   ///< [1] 0..1 how far a situation may lie to be like another
#define PARA_RECALL_KEY_MAX      512     ///< numbers of a situation at most
#define PARA_RECALL_PART         1024.0f ///< parts of 1 in which a situation is kept

/// How an episode ended for a player.
typedef enum { PARA_RECALL_SOLVED, PARA_RECALL_FAILED, PARA_RECALL_CUT } ParaRecallEnd;

/// One that is kept.
typedef struct ParaRecallEpisode {
    char family[PARA_NAME_MAX];
    uint64_t level; ///< [hash] of the level
    ParaRecallEnd end;
    bool fine;         ///< its actions are counts of 127ths
    int32_t first;     ///< [1] >= 0 where its moments begin
    int32_t count;     ///< [1] 1..PARA_RECALL_EPISODE_MAX moments
    int32_t decisions; ///< [1] >= count that it took
    float reward;      ///< [1] any finite, undiscounted
    float progress;    ///< [1] 0..1 of the goal at its end
} ParaRecallEpisode;

typedef struct ParaRecall ParaRecall;

/// Numbers of a situation: what para_obs_spec_globals shows, but for what the player itself last did.
/// [1] 1..PARA_RECALL_KEY_MAX  Cost: O(spans)
int para_recall_key_size(void);
/// What tells one layout of situations from another. [hash]
uint64_t para_recall_key_hash(void);

/// An empty memory. @param capacity [moment] PARA_RECALL_EPISODE_MAX..PARA_RECALL_MOMENTS_MAX
/// @param arena lives longer   Memory: about 460 bytes a moment
ParaRecall *para_recall_create(int capacity, ParaArena *arena);

/// The situation of a player. @param key out, [para_recall_key_size()]   Cost: one observation; no heap
void para_recall_key(const ParaEnv *env, int player, int16_t *key);

/// An episode under way: what is noted of it until it is kept or another begins.
typedef struct ParaRecallTape {
    int32_t count;   ///< [1] >= 0 moments so far, all of them
    int16_t *keys;   ///< [1] in parts of PARA_RECALL_PART  [PARA_RECALL_EPISODE_MAX, key size] a ring
    int8_t *actions; ///< [1] -127..127 as the env keeps them  [PARA_RECALL_EPISODE_MAX, 8] a ring
} ParaRecallTape;
ParaRecallTape para_recall_tape(ParaArena *arena);
/// Notes what a player does next. @param key in, of para_recall_key   @param action in, [8]   Cost: no heap
void para_recall_note(ParaRecallTape *tape, const int16_t *key, const int8_t *action);
/// Keeps the episode that has ended, or is given up, for that player; the tape is empty then. Where the
/// memory is full, others go: of those that solved nothing the oldest, then the oldest. One without moments
/// is not kept. Cost: O(memory) where others go; no heap
void para_recall_keep(ParaRecall *recall, const ParaEnv *env, int player, ParaRecallTape *tape);

/// A moment that is like the one asked about.
typedef struct ParaRecalled {
    int32_t episode; ///< [1] >= 0
    int32_t moment;  ///< [1] 0..count - 1 of the episode
    float apart;     ///< [1] 0..PARA_RECALL_REACH
} ParaRecalled;
/// The nearest moments of the same level, the nearest first, of equal ones the later. Those of other levels
/// of the family are not asked: their ways lead astray more often than they help
/// (docs/decisions/0035-recall.md).
/// @param env whose level is asked about   @param out out, [PARA_RECALL_NEIGHBOURS]
/// @return [1] 0..PARA_RECALL_NEIGHBOURS of them   Threads: several may ask at once.  Cost: O(moments); no
/// heap
int para_recall_find(const ParaRecall *recall, const ParaEnv *env, const int16_t *key, ParaRecalled *out);
/// What is worth doing again: leans logits of levels (ParaHead) towards what found moments did where their
/// episodes were solved, and away from what they did shortly before those failed.
/// @param found in, [count] of para_recall_find   @param logits in-out, [8, 3]
/// @return whether anything was
bool para_recall_lean(const ParaRecall *recall, const ParaRecalled *found, int count, float *logits);
/// The nearest of the found whose episode was solved and whose actions are of that kind. @return NULL: none
const ParaRecalled *para_recall_best(const ParaRecall *recall, const ParaRecalled *found, int count,
                                     bool fine);
/// What an episode did from a moment on. @param out_count out, [decision] >= 1   @return [out_count, 8]
const int8_t *para_recall_actions(const ParaRecall *recall, const ParaRecalled *from, int *out_count);

int para_recall_count(const ParaRecall *recall);                                   ///< episodes
const ParaRecallEpisode *para_recall_episode(const ParaRecall *recall, int index); ///< the oldest first
int para_recall_moments(const ParaRecall *recall);                                 ///< in all
size_t para_recall_bytes(const ParaRecall *recall);                                ///< [byte] of memory
/// Forgets the episodes of a family, or of a level. @param family NULL: of all   @param level [hash] 0: of
/// all
/// @return [1] >= 0 how many
int para_recall_forget(ParaRecall *recall, const char *family, uint64_t level);

/// Whether a file calls itself a memory of episodes: whoever reads it judges the rest. Cost: opens it
bool para_recall_claims(const char *path);
/// Writes a memory, never half. @return false with a clear error
bool para_recall_write(const ParaRecall *recall, const char *path, ParaArena *arena, const char **out_error);
/// Reads one, wholly checked: every length, every text, a hash over all of it, and the layout of situations.
/// @return NULL with a clear error   Memory: at most that of PARA_RECALL_MOMENTS_MAX moments
ParaRecall *para_recall_read(const char *path, ParaArena *arena, const char **out_error);
