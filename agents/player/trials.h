// SPDX-License-Identifier: MIT
#pragma once
// Trials: a list of (level, player, seed) played to the end, in parallel, each outcome the same for any
// number of threads. The maker scores candidate levels with it and the evaluation scores players.
#include "agents/batch/families.h"
#include "agents/company/talk.h"
#include "agents/env/report.h"
#include "agents/policy/policy.h"
#include "engine/base/peers.h"
#include "engine/base/threads.h"
#include "engine/world/world.h"

typedef enum {
    PARA_TRIAL_STILL,  ///< all zero
    PARA_TRIAL_RANDOM, ///< each bound channel uniform over its levels
    PARA_TRIAL_POLICY, ///< draws from the policy
    PARA_TRIAL_GREEDY  ///< the policy's most probable action
} ParaTrialKind;

typedef struct ParaTrial {
    ParaPick pick;          ///< in; its seed may move on as para_families_sample says
    const ParaLevel *level; ///< in: plays a copy of this level; NULL: the pick's
    ParaTrialKind kind;     ///< in
    uint64_t seed;          ///< in: [seed] of the actions
    bool calm;              ///< in: nothing happens to it, whatever the room says
    const char *proof;      ///< in: file to write a replay to if solved; NULL: none
    ParaTalk *talk;         ///< in: takes what is said in it; NULL: nobody asks. Not where peers share trials
    ParaReport report;      ///< out: of all players together, who all act by `kind`
    bool played;            ///< out: false if the level could not be made, or a stop came first
    const char *error; ///< out: why a proof could not be written, or NULL; valid until the room plays again
} ParaTrial;

/// Room to play trials in; worlds are reused from call to call.
typedef struct ParaTrialRoom ParaTrialRoom;
ParaTrialRoom *para_trial_room_create(ParaSolverKind solver, ParaWorkers *workers, ParaArena *arena);
void para_trial_room_destroy(ParaTrialRoom *room);
/// Asked often, by any of its threads; true: stop.
typedef bool ParaAskStop(void *context);
/// What is asked between the decisions of all trials that are played in this room from now on; NULL: nothing.
void para_trial_room_on_stop(ParaTrialRoom *room, ParaAskStop *ask, void *context);
/// Whether the last call of para_trials_play ended before all trials were played.
bool para_trial_room_stopped(const ParaTrialRoom *room);

/// From now on peers share the trials of this room: all of them call for the same ones, each plays some of
/// the chunks, and all get every outcome, as if one had played them all. A stop of one stops all. No trial
/// has a proof then.
void para_trial_room_peers(ParaTrialRoom *room, ParaPeers *peers);

/// Called between chunks by one thread at a time with trials done so far; false stops.
typedef bool ParaTrialWatch(void *context, int64_t done);

/// What happens to the levels of all trials played in this room from now on (agents/batch/surprise.h), of
/// each by a stream of the trial's seed; their families should have a toybox. @param rate [1/(10 s)]
/// 0..PARA_SURPRISES_MOST
void para_trial_room_surprise(ParaTrialRoom *room, double rate);

/// What the players of all trials played in this room from now on hear of each other's voices; at first all.
void para_trial_room_hear(ParaTrialRoom *room, ParaObsHearing hearing);

/// Whether the maps of all trials played in this room from now on show nothing; at first they do.
void para_trial_room_forget(ParaTrialRoom *room, bool forget);

/// In which units episodes are judged.
typedef struct ParaJudgeUnits {
    float discount; ///< [1] 0..1 per decision
    float lambda;   ///< [1] 0..1 of GAE
    float scale;    ///< [1] >= 0 turns raw rewards into normalised ones; 0: nothing is judged
} ParaJudgeUnits;

#define PARA_JUDGED_MAX 4096 ///< [decision] of a trial that is judged; a longer one is not

/// From now on trials of a policy on levels of one player are judged by its values (ParaReport.judged).
void para_trial_room_judge(ParaTrialRoom *room, ParaJudgeUnits units);

/// Plays `count` trials. Trials are cut into fixed chunks, so results do not depend on threads.
/// @param policy used by the POLICY and GREEDY trials; NULL if there are none
/// @return world steps simulated
int64_t para_trials_play(ParaTrialRoom *room, const ParaFamilies *families, ParaTrial *trials, int count,
                         const ParaPolicy *policy, ParaTrialWatch *watch, void *context);
/// The same to its end, whoever asks for a stop: for few trials, whose caller could not go back.
int64_t para_trials_play_through(ParaTrialRoom *room, const ParaFamilies *families, ParaTrial *trials,
                                 int count, const ParaPolicy *policy);
