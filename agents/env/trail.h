// SPDX-License-Identifier: MIT
#pragma once
// What a player's way through a level leaves behind, for its report: the places it was in, what it touched,
// the blows it took. Private to agents/env.
#include "agents/env/env.h"

/// After each physics step: what its parts have met in it, of the players that are acting.
/// Cost: O(events of the step * players); no heap.
void para_trail_step(ParaEnv *env);
/// After each decision: where it is, and how near its goal.
void para_trail_decide(ParaEnv *env, int player);
/// The part of a report that the way tells; the rest stands already.
void para_trail_report(const ParaEnv *env, int player, ParaReport *report);
