// SPDX-License-Identifier: MIT
#pragma once
// The collector fills the learner's rollout buffers: each block of envs acts and steps on its own for the
// whole horizon, so workers never wait for each other inside a rollout. With E envs of A players the learner
// has B = E * A rows a step; the row of player p of env b is b * A + p.
#include "agents/batch/batch.h"
#include "agents/company/pool.h"
#include "agents/foresight/witness.h"
#include "agents/learn/ppo.h"
#include "agents/player/curiosity.h"
#include "engine/base/bytes.h"

typedef struct ParaCollector ParaCollector;

/// @param batch of SAME_STEP; its rows and obs must match the learner's, which is masked where A > 1
ParaCollector *para_collector_create(ParaBatch *batch, ParaPpo *ppo, const ParaPolicy *policy,
                                     ParaWorkers *workers, ParaArena *arena);

/// Has a model look on: what it foresaw comes into the reports. Call it before episodes
/// begin or go on. @param witness of the batch's envs, as many workers as the collector has
void para_collector_attend(ParaCollector *collector, ParaWitness *witness);
/// Pays the player for what is new to it, in the rewards that it learns from and nowhere else: the worth of a
/// usual decision is `weight` of the next rollout. A decision that ends an episode earns nothing so. What the
/// player's values say of episodes is of both sorts of pay: while a weight is paid, reports are not judged.
/// @param curiosity by disagreement asks the witness, who foresees every decision
void para_collector_pay(ParaCollector *collector, ParaCuriosity *curiosity, ParaArena *arena);
/// Has past selves play some of the rows: what those see and do is not learned from, and what becomes of them
/// is in no report. Where nobody was drawn yet, somebody is. @param pool of the batch's envs
void para_collector_oppose(ParaCollector *collector, ParaPool *pool);
void para_collector_set_pay(ParaCollector *collector, float weight); ///< [reward] >= 0

/// What the episodes that ended during the last rollout were to their players, in the order (env, step,
/// player): the same for any number of threads.
typedef struct ParaEndedList {
    ParaEnded *items; ///< [count]
    int count;        ///< [1] >= 0
} ParaEndedList;

/// One rollout of T decisions in every env.
/// @return what ended, valid until the next call
ParaEndedList para_collect(ParaCollector *collector);

/// Once the learner has learned from the last rollout: writes what it judged of the episodes that ended in it
/// into their reports. Episodes may span rollouts; those that began before a continued run did are judged by
/// the part of them that this collector saw.
/// Cost: O(T B) additions; no heap.
void para_collector_judge(ParaCollector *collector);
/// What is known so far of the episodes under way, for a checkpoint: what they are judged by, then what the
/// player remembers, each of all rows.
void para_collector_save_judged(const ParaCollector *collector, ParaBytes *out);
void para_collector_save_memory(const ParaCollector *collector, ParaBytes *out);
/// @param before, after [1] >= 0 rows of other collectors that were saved with it, before and after its own
/// @return false if the bytes make no sense: then nothing is known of them
bool para_collector_load(ParaCollector *collector, ParaBytesReader *in, int before, int after);
/// The memory alone, as para_collector_save_memory put it. @return false: it is damaged, and nothing is
/// remembered
bool para_collector_load_memory(ParaCollector *collector, ParaBytesReader *in);
/// New episodes begin in place of all under way: nothing is remembered of those, and they are judged by
/// nothing.
void para_collector_forget(ParaCollector *collector);

/// CPU seconds of the last rollout, over all workers [s].
typedef struct ParaCollectTime {
    double env, forward; ///< [s] >= 0
} ParaCollectTime;
ParaCollectTime para_collect_time(const ParaCollector *collector);
