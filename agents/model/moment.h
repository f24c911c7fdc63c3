// SPDX-License-Identifier: MIT
#pragma once
// A moment of a world, kept apart from it: where its bodies are, how fast, what is on, and what drives them.
// The model learns from such, and is at such a one while it imagines.
#include "agents/model/facts.h"
#include "engine/base/rng.h"

typedef struct ParaMoment {
    ParaView view; ///< stride 1; def, bodies, joints and zones alone: no contacts, no events
    ParaInputs inputs;
    float *bodies, *joints, *driven; ///< what the arrays of both are cut from
    uint32_t *zone_bits;
    uint8_t *on; ///< bodies, then joints
    ParaZoneState *zones;
} ParaMoment;

/// Room for a moment of worlds of a def, which outlives it.
ParaMoment para_moment_create(const ParaWorldDef *def, ParaArena *arena);
/// Takes what a world shows now; inputs stay.
void para_moment_take(ParaMoment *moment, const ParaView *view);
/// Takes what drives it.
void para_moment_take_inputs(ParaMoment *moment, const ParaInputs *inputs);
/// Takes one body as a world of the same def shows it now.
void para_moment_take_body(ParaMoment *moment, const ParaView *view, int body);
/// Takes what is on and what holds, zones and gravity; no places, no speeds.
void para_moment_take_rules(ParaMoment *moment, const ParaView *view);
/// Bodies as the model sees them: place [m, m, rad] and motion [m/s, m/s, rad/s] of centres of mass.
/// @param place, motion out, [body_count, 3]; NULL: not wanted
void para_moment_read(const ParaView *view, float *place, float *motion);
/// Changes a body's motion at once. @param by in, [3] [m/s, m/s, rad/s]
void para_moment_push(ParaMoment *moment, int body, const float *by);
/// Moves all bodies on. @param after in, [body_count, 3] their new motion
/// @param mean in, [body_count, 3] mean motion over `seconds`
void para_moment_move(ParaMoment *moment, const ParaModelFacts *facts, const float *after, const float *mean,
                      float seconds);
/// Puts every moving body a little elsewhere, at another speed, so that the model learns to come back from
/// its own mistakes. <Sanchez-Gonzalez et al. 2020, section 4.3>
/// @param size [m] >= 0 standard deviation of places; of speeds five times that per second
void para_moment_shake(ParaMoment *moment, const ParaModelFacts *facts, float size, ParaRng *rng);
