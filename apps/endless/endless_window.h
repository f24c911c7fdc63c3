// SPDX-License-Identifier: MIT
#pragma once
// Endless mode at the window: a level, a card that says how it went and why the next is as it is, the next
// level.
#include "apps/play/play_session.h"

typedef struct ParaEndlessWish {
    const char *const *families; ///< names or files; count 0: all that have tiers  [family_count]
    int family_count;            ///< [1] >= 0
    bool seeded;                 ///< begin anew from `seed`, the same for everybody, and keep nothing
    uint64_t seed;               ///< [seed] where seeded
    ParaSolverKind solver;       ///< worlds run on it
} ParaEndlessWish;

/// Whether its families can be played so, before a window is opened.  Cost: loads them
/// @return false with the reason
bool para_endless_check(const ParaEndlessWish *wish, ParaArena *arena, const char **out_error);
/// Plays level after level in the session's window until the person leaves. Levels and ends are told on
/// stdout. How far they are is kept with a person's data after each level; a script keeps it only where it
/// has a home (PARACOSM_HOME).
/// @param s window, view, sound, script and arena are ready; the game is not open, nor is it afterwards
/// @return false with the reason: families that do not load, or of which no level can be made
bool para_endless_run(ParaPlaySession *s, const ParaEndlessWish *wish, const char **out_error);
/// The same in a window that somebody else keeps open, as para_play_visit: for the home screen.
/// @param arena for the error
bool para_endless_visit(ParaPlayVisit *visit, const ParaEndlessWish *wish, ParaArena *arena,
                        const char **out_error);
