// SPDX-License-Identifier: MIT
#pragma once
// A rehearsal: some members of a family are built, looked at and played for a moment, without an action and
// with random ones, on both solvers, and what their author would want to know is told as warnings. `paracosm
// check` does so. Nothing here is a simulator: levels are played by decisions as everywhere else.
#include "worlds/problems.h"
#include "worlds/template.h"

#define PARA_REHEARSAL_SECONDS 1.0 ///< [s] that each member is played where nothing else is said

/// What a rehearsal did.
typedef struct ParaRehearsal {
    int members;   ///< [1] >= 0 that could be made, and were looked at
    int played;    ///< [1] 0..members that were played; fewer where steps are dear
    int64_t steps; ///< [step] >= 0 of physics in all
} ParaRehearsal;

/// Rehearses a template. The same for the same template and seconds, on every machine.
/// @param seconds [s] 0..60 to play each member; 0: none is played, only looked at
/// @param list gets the warnings, placed in its text, those left out that the template silences
/// Errors: none; without memory less is looked at.  Cost: bounded by the steps it may take, about a second
ParaRehearsal para_rehearse(const ParaTemplate *t, double seconds, ParaDiagList *list);
