// SPDX-License-Identifier: MIT
#pragma once
// A trained player at play, one episode at a time: it looks, thinks, acts, and remembers where its network
// can, for each player of the level. For whoever plays one env; blocks of envs have the collector and trials.
// It may be several networks, of which one acts at a time: skills (agents/skill/skill.h).
#include "agents/env/env.h"
#include "agents/policy/policy.h"
#include "agents/recall/recall.h"

typedef struct ParaMind ParaMind;
/// @param policy stays, and may go on learning   Cost: O(width) and one observation of memory, and
/// where it sees pixels what drawing takes
ParaMind *para_mind_create(const ParaPolicy *policy, ParaArena *arena);

/// Which of several networks acts for a player of the level now, asked once a decision.
/// @return [1] 0..count - 1
typedef int ParaMindChoose(void *context, const ParaEnv *env, int player);
/// Told that an episode begins.
typedef void ParaMindBegin(void *context);
/// A mind of several networks, one as para_mind_create. One that takes over remembers nothing, as where an
/// episode begins. Where any of them acts finely (para_mind_is_fine), those that do not act by whole steps of
/// it.
/// @param policies in, [count], which stay; each sees its own observation   @param count [1] >= 1
/// @param choose,begin of `context`, which stays, as minds of several threads share nothing else
ParaMind *para_mind_create_of(const ParaPolicy *const *policies, int count, ParaMindChoose *choose,
                              ParaMindBegin *begin, void *context, ParaArena *arena);

/// Gives it a memory of episodes beside its weights: in situations like those in it the mind is leant towards
/// what went well and away from what went wrong, and what it does is noted. NULL takes the memory away.
/// @param players [1] 1..PARA_PLAYERS_MAX of a level, the first ones, who share it; others act without
/// @param arena holds what is noted, some 950 kB a player   Cost: of an action para_recall_find besides
void para_mind_remember(ParaMind *mind, ParaRecall *recall, int players, ParaArena *arena);
/// An episode is over, or given up: what was noted of it is kept. Nothing without a memory.
/// @param env in which it was played, before another episode begins
void para_mind_keep(ParaMind *mind, const ParaEnv *env);

bool para_mind_is_fine(const ParaMind *mind); ///< its actions are: an env that it plays in must be so, too
/// [bits] ParaObsPart that any of its networks sees: an env that it plays in keeps them up.
uint32_t para_mind_parts(const ParaMind *mind);
/// An episode begins: nothing is remembered.
void para_mind_begin(ParaMind *mind);
/// Draws what a player of the level does.
/// @param env whose `fine` is para_mind_is_fine, and whose `parts` has para_mind_parts   @param action out,
/// [8]
/// @param logits out, [8, 3] what it drew from; NULL: nobody asks   @return its value [1] any finite
/// Threads: one a mind.  Cost: one observation and one row through the network; no heap.
float para_mind_act(ParaMind *mind, const ParaEnv *env, int player, ParaRng *rng, int8_t *action,
                    float *logits);
/// Which network acted for a player last. @return [1] 0..count - 1
int para_mind_acted(const ParaMind *mind, int player);

#define PARA_MIND_MEMORY 1024 ///< floats that any player remembers at most
/// The same where several envs share a mind of one network, each with what is remembered in it.
/// @param memory in-out, [PARA_MIND_MEMORY] all 0 where an episode begins
float para_mind_act_in(ParaMind *mind, float *memory, const ParaEnv *env, int player, ParaRng *rng,
                       int8_t *action, float *logits);
