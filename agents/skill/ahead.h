// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/skill: what each skill would come to from here, imagined in the true engine. Where a
// level asks for two skills that nobody trained together, no ground is near, and trying them out tells which
// helps now. Source: choosing among closed-loop policies by their rollouts, Bertsekas, Tsitsiklis and Wu
// 1997, J. Heuristics 3.
#include "agents/skill/choose.h"

#define PARA_AHEAD_FUTURES 2 ///< of each skill, whose mean counts, since skills draw what they do

typedef struct ParaAhead ParaAhead;
/// @param set stays   @param solver of the true world   @return NULL: no memory; to be destroyed
ParaAhead *para_ahead_create(const ParaSkillSet *set, ParaSolverKind solver, ParaArena *arena);
void para_ahead_destroy(ParaAhead *ahead); ///< NULL is fine
/// What comes of each skill within `set->ahead` decisions: what the level's rules pay the player, and a bonus
/// of 10 where it ends solved or a malus of 10 where it fails.
/// @param env between two decisions; untouched   @param scores out, [count]; only those of `may` are set
/// @param may in, [count] whether a skill is asked   @return false: the worlds could not be made to stand so
/// Cost: futures * skills * ahead decisions in a world of its own; no heap but the world's.
bool para_ahead_scores(ParaAhead *ahead, const ParaEnv *env, int player, const bool *may, float *scores);
