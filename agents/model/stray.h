// SPDX-License-Identifier: MIT
#pragma once
// A pupil that goes its own way along a lived one: each step begins where its last one came to, and is judged
// by where the engine's bodies were. So it is taught on the mistakes that it makes itself, which are not
// those of chance. <Ross et al. 2011, DAgger; for learned simulators Venkatraman et al. 2015, Data as
// Demonstrator>
#include "agents/model/store.h"

#define PARA_STRAY_FAR 0.15f ///< [m] strays that are further off are called back
#define PARA_STRAY_FAST                                                                                      \
    10.0f ///< [m/s] one whose speed is more off is called back, too: it is about to run away

typedef struct ParaStray {
    ParaArena *arena;  ///< of its moment; cleared when it begins anew
    ParaMoment moment; ///< where it is
    const ParaEpisodeLived *episode;
    const ParaLived *lived; ///< what the engine was at then; NULL: it is called back
    int32_t steps;          ///< [step] >= 0 that it went by itself
    float off;              ///< [m] >= 0 how far the body that is furthest off is
} ParaStray;

/// Begins at a lived moment, which is as it was.
void para_stray_begin(ParaStray *stray, const ParaLived *lived, const ParaEpisodeLived *episode);
/// Goes on by one step as the pupil has it, and is told what no physics is: inputs, jumps, moving ground,
/// what the rules did. It is called back where the lived way ends, where it is too far off, or after so many
/// steps.
/// @param after, mean in, [body_count, 3] as for para_moment_move   @param most [step] >= 0
void para_stray_go(ParaStray *stray, const float *after, const float *mean, float seconds, int most);
