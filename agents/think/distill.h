// SPDX-License-Identifier: MIT
#pragma once
// What thinking found, put into the reflex: a policy learns to do at once what it did when it thought.
#include "agents/learn/imitate.h"
#include "agents/think/winners.h"

/// Teaches the policy what winners wanted; its values are held where they are.
/// @param winners count >= PARA_IMITATE_LEAST; untouched
/// @return what it learned.  Cost: about 6 * parameters flops for each row and pass.  Memory: in the arena
ParaImitated para_distill(const ParaImitateDef *def, ParaPolicy *policy, const ParaWinners *winners,
                          ParaArena *arena);
