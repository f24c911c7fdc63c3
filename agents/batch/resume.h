// SPDX-License-Identifier: MIT
#pragma once
// Episodes under way, as plain data: which level, what was done so far. A level and its actions are an
// episode bit for bit, so an env that plays them again stands where it stood: how a training goes on after
// its process has ended.
#include "agents/batch/batch.h"

/// An episode of an env that records, up to now, and the streams of the env.
typedef struct ParaEpisode {
    ParaPick pick;
    uint64_t level_hash;                  ///< [hash] of the level
    uint64_t chain;                       ///< [hash] of all decisions so far; see para_replay_chain
    int decisions;                        ///< [1] 0..PARA_REPLAY_DECISIONS_MAX, T
    const int8_t *actions;                ///< [1] -127..127 as the batch keeps them  [T, A, 8] A of the level
    uint64_t surprise_seed;               ///< [seed] of its surprises; 0 where there are none
    ParaRng level_rng;                    ///< draws the levels to come
    ParaRng action_rng[PARA_PLAYERS_MAX]; ///< [A of the batch]
} ParaEpisode;

/// The episode env b is on; its actions lie in the env, until it goes on.
void para_episode_of(const ParaBatch *batch, int b, ParaEpisode *out);
/// Puts env b where the episode stood, observation and all, by playing it again.
/// @param out_why out, on failure: what differs, constant text
/// @return false if the level cannot be made or is another one, or plays otherwise: then the env is on a
/// level of its own stream, at its beginning   @param worker who asks, as para_batch_reset_one has it
/// Threads: different envs at once, by different workers.   Cost: that of its decisions.
bool para_episode_resume(ParaBatch *batch, int b, const ParaEpisode *episode, int worker,
                         const char **out_why);

/// The episode env b is on, and its streams, for a checkpoint: two bytes for each decision of a player, eight
/// of fine ones.
void para_episode_save(ParaBytes *out, const ParaBatch *batch, int b);
/// @param arena gets its actions   @return what was saved of an env of such a batch; bad bytes set `in->bad`
ParaEpisode para_episode_load(ParaBytesReader *in, const ParaBatch *batch, ParaArena *arena);
/// Puts every env of a batch where its episode stood. @param episodes in, [E]   @param workers NULL: the
/// caller alone
/// @return -1, or the first env that could not be: it is on another episode, and out_why says what differs
int para_episodes_resume(ParaBatch *batch, ParaWorkers *workers, const ParaEpisode *episodes,
                         ParaArena *scratch, const char **out_why);
