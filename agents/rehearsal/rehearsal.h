// SPDX-License-Identifier: MIT
#pragma once
// A rehearsal: some members of a family are built, looked at and played for a moment, without an action and
// with random ones, on both solvers, and what their author would want to know is told as warnings. `paracosm
// check` does so. Nothing here is a simulator: levels are played by decisions as everywhere else.
#include "worlds/problems.h"
#include "worlds/template.h"

#define PARA_REHEARSAL_SECONDS 1.0 ///< [s] that each member is played where nothing else is said

/// Runs that were left before their time, since steps of their level are dear.
typedef struct ParaCut {
    int runs;       ///< [1] 0..of that were left
    int of;         ///< [1] >= 0 runs in all
    double seconds; ///< [s] >= 0 of the one that was left first
    double asked;   ///< [s] > 0 that one was to be played; 0: none was left
} ParaCut;

/// What a rehearsal did.
typedef struct ParaRehearsal {
    int members;       ///< [1] >= 0 that could be made, and were looked at
    int played;        ///< [1] 0..members that were played; fewer where steps are dear
    int64_t steps;     ///< [step] >= 0 of physics in all
    ParaCut cut;       ///< of the runs for a moment
    ParaCut cut_idle;  ///< of those to the end without an action
    int params_unseen; ///< [1] >= 0 parameters not looked at, since members are dear to make
} ParaRehearsal;

/// Rehearses a template. The same for the same template and seconds, on every machine.
/// @param seconds [s] 0..60 to play each member; 0: none is played, only looked at
/// @param list gets the warnings, placed in its text, those left out that the template silences
/// Errors: none; without memory less is looked at.  Cost: bounded by work that is counted, see
/// docs/authoring.md
ParaRehearsal para_rehearse(const ParaTemplate *t, double seconds, ParaDiagList *list);

/// What building a world of this def takes: [1] > 0, about a microsecond each on either solver; counted and
/// not measured, so that it is the same everywhere.
double para_rehearsal_build_work(const ParaWorldDef *def);
