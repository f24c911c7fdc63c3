// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/skill: situations, what a player is in as far as every player senses it, whatever
// observation its own network has; and the ground of a skill, which is situations that it got through. A
// situation is what para_obs_spec_globals shows but for where and when it is, since those tell a family's
// levels apart and not what is to be done, and for variables, whose meaning is each family's own.
#include "agents/env/env.h"

#define PARA_SITUATION_MAX 256 ///< [1] floats of a situation at most

/// Floats of a situation. The same in every build of one layout. Cost: O(spans)
int para_situation_size(void);
/// What tells one layout of situations from another. [hash]
uint64_t para_situation_hash(void);
/// @param out out, [para_situation_size()] as a player of the level senses it   Cost: one observation; no
/// heap
void para_situation(const ParaEnv *env, int player, float *out);
/// How far two situations lie from each other [1] 0..1: the root of the mean over their floats of the squared
/// difference, which counts as 1 where it is more, so that no float that runs away decides.
/// @param a,b in, [size]
float para_situation_apart(const float *a, const float *b, int size);
/// How far a situation lies from the nearest of a ground [1] 0..1; 1 where there is none.
/// @param ground in, [count, size]   Cost: O(count * size), 10 us for 256
float para_ground_apart(const float *ground, int count, const float *situation, int size);
