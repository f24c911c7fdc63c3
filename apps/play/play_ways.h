// SPDX-License-Identifier: MIT
#pragma once
// What a player that thinks imagines, drawn over the world: a thin line for the way of each body in each
// future, which fades where it is farther off, and a bold one for the future it means to go.
#include "agents/think/slow.h"
#include "engine/draw/scene.h"

#define PARA_PLAY_WAYS_MAX 8192 ///< primitives of a scene that holds them

/// Adds them to a scene, those first that lie below.
/// @param env of the level that is thought about: what lies behind its present decision is left out
void para_play_ways(const ParaSlowWays *ways, const ParaEnv *env, ParaScene *scene);
