// SPDX-License-Identifier: MIT
#pragma once
// Replays: a level, the actions of one episode and a chained hash per decision; enough to play it again
// bit for bit and to name the first step where something differs. A replay that solves its level is a proof.
//
// The file, little-endian: a head of PARA_REPLAY_HEAD bytes (see replay_file.c), the level as JSON compressed
// by zstd, the player's name, the ends of the players where there are several, what was meddled, then the
// actions [T, A, 8] int8 and the hashes [T] u64 as they are. All before the actions is guarded by a hash of
// its own; an altered action or hash is not an unreadable file but a step that verification names.
#include "worlds/meddle/meddle.h"
#include "worlds/rules/play.h"
#include "worlds/template.h"

struct ParaEnv; // agents/env/env.h

#define PARA_REPLAY_VERSION       4  ///< newest that is known; each is written as the oldest that can hold it
#define PARA_REPLAY_HEAD          64 ///< [byte] before the compressed level
#define PARA_REPLAY_DECISIONS_MAX PARA_LEVEL_DECISIONS_MAX
#define PARA_REPLAY_MEDDLES_MAX   200000 ///< of one episode: a hand that pulls takes one a decision

/// How an episode ended for one of its players.
typedef struct ParaReplayEnd {
    int end;            ///< [ParaPlayStatus] at the end
    float total_reward; ///< [1] any finite; sum of its reward over the episode
} ParaReplayEnd;

typedef struct ParaReplay {
    ParaSolverKind solver;
    const char *level_json; ///< the bound level
    int players;            ///< [1] 1..PARA_PLAYERS_MAX, A
    int decisions;          ///< [1] 0..PARA_REPLAY_DECISIONS_MAX, T
    bool fine;              ///< actions count parts of PARA_FINE; else each is -1, 0 or 1
    int8_t *actions;        ///< [1] -127..127 as kept: see agents/env/fine.h  [T, A, 8]
    uint64_t *hashes;    ///< [hash] chain: hash(previous chain, actions, world state after the decision)  [T]
    int end;             ///< [ParaPlayStatus] of all: the gravest
    float total_reward;  ///< [1] any finite; of all players together
    ParaReplayEnd *ends; ///< [A]
    int meddle_count;    ///< [1] 0..PARA_REPLAY_MEDDLES_MAX
    ParaMeddle *meddles; ///< in rising order of their decisions, each 0..T - 1  [meddle_count]
    const char *player;  ///< who played: "trained", "random", "person", ...
} ParaReplay;

/// The actions of decision `at`: [A, 8].
static inline const int8_t *para_replay_actions(const ParaReplay *replay, int at)
{
    return replay->actions + (size_t)at * (size_t)replay->players * PARA_CHANNELS;
}

/// Records decisions as they happen; plain memory that grows in the arena.
typedef struct ParaRecorder ParaRecorder;
ParaRecorder *para_recorder_create(ParaArena *arena);
/// Reserves for the level's whole time, so that recording its decisions takes no memory; one of more than
/// 16,384 decisions takes more as it goes on, at most 4 times its record in all.
/// @param level must stay as it is until para_recorder_end   @param fine how actions are kept
/// @param player must stay too
void para_recorder_begin(ParaRecorder *recorder, const ParaLevel *level, ParaSolverKind solver, bool fine,
                         const char *player);
/// One decision more. @param actions in, [A, 8] as kept   @param chain para_replay_chain with this one
void para_recorder_decision(ParaRecorder *recorder, const int8_t *actions, uint64_t chain);
/// What was meddled before the decision to come. @return false: there is no room for more
bool para_recorder_meddle(ParaRecorder *recorder, const ParaMeddle *meddle);
/// Goes back: what was recorded of this decision and after it is forgotten.
/// @param decisions [1] 0..those recorded
void para_recorder_cut(ParaRecorder *recorder, int decisions);
/// The record so far, of an episode that is still on: its players, decisions, actions and hashes hold.
const ParaReplay *para_recorder_so_far(const ParaRecorder *recorder);
/// The finished replay; valid until the next begin or end. Writes the level as text: call it for episodes
/// worth keeping. What was meddled after the last decision is left out: nothing has come of it yet.
/// @param total_rewards in, [A] of each player
const ParaReplay *para_recorder_end(ParaRecorder *recorder, const ParaPlay *play, const float *total_rewards);

/// The chained hash of one decision; `previous` is 0 for the first.
/// @param actions in, [players, 8]
uint64_t para_replay_chain(uint64_t previous, const int8_t *actions, int players, uint64_t world_hash);

/// The chain with something meddled before the next decision.
uint64_t para_replay_chain_meddle(uint64_t previous, const ParaMeddle *meddle);
/// The first of a replay's meddles that is not before a decision; meddle_count: there is none.
int para_replay_meddle_at(const ParaReplay *replay, int decision);

/// The bytes of its file, for whoever writes them elsewhere.
/// @return [out_size] in the arena; NULL: what is wrong with the replay is in out_error, constant text
uint8_t *para_replay_pack(const ParaReplay *replay, ParaArena *arena, size_t *out_size,
                          const char **out_error);
/// Writes what para_replay_read takes; what was dreamed is refused, since its model would be missing. @return
/// false with what is wrong with the replay, or with the file
bool para_replay_write(const char *path, const ParaReplay *replay, ParaArena *arena, const char **out_error);
/// Any damage is an error that says what is wrong; content is bounded before memory is taken.
ParaReplay *para_replay_read(const char *path, ParaArena *arena, const char **out_error);
/// Where the actions begin in the replay's file [byte]: for tools that look inside.
size_t para_replay_actions_offset(const char *path, ParaArena *arena);

/// The level of a replay, loaded and bound, with as many players as the replay. NULL with a clear error.
ParaLevel *para_replay_level(const ParaReplay *replay, ParaArena *arena, const char **out_error);

typedef struct ParaVerdict {
    bool ok;
    int step;          ///< [1] >= 0 first decision that differs; -1 if none
    char message[160]; ///< "step 17: state hash differs", "verified 212 decisions, solved"
} ParaVerdict;
/// Builds the level again and plays the actions.
ParaVerdict para_replay_verify(const ParaReplay *replay, ParaArena *arena);
/// The same on a level at hand; the replay's own text is not read.
ParaVerdict para_replay_verify_on(const ParaReplay *replay, const ParaLevel *level, ParaArena *arena);
/// Shown each decision of a replay that is played again. @param made false: it comes; true: it was made
typedef void ParaReplaySeen(void *context, const struct ParaEnv *env, int decision, bool made);
/// The same, for whoever wants to see it. What was shown counts for nothing where the verdict is not ok.
/// @param parts [bits] ParaObsPart that the env keeps up for whoever looks
ParaVerdict para_replay_verify_seen(const ParaReplay *replay, const ParaLevel *level, uint32_t parts,
                                    ParaReplaySeen *seen, void *context, ParaArena *arena);
