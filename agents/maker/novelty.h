// SPDX-License-Identifier: MIT
#pragma once
// What a level still has to teach a model of the world: its error there, as far as error has fallen from
// visit to visit. What is noise to the model keeps its error and falls no further: it is not sought for ever.
// Source: learning progress, Oudeyer 2007, doi 10.1109/TEVC.2006.890271. Private to agents/maker.
#include "engine/base/bytes.h"

/// Of one level.
typedef struct ParaNovelty {
    float error;    ///< [m/s] >= 0 of its last visit
    float fall;     ///< [1] -1..1 mean of how far error fell from a visit to the next, of the last eight
    int32_t visits; ///< [1] >= 0
} ParaNovelty;

/// The same of a family, which speaks for its levels that were seldom visited.
typedef struct ParaNoveltyFamily {
    float error;    ///< [m/s] >= 0 running mean over visits
    float fall;     ///< [1] -1..1 running mean; half before any is known
    int64_t visits; ///< [1] >= 0
} ParaNoveltyFamily;

ParaNoveltyFamily para_novelty_family(void);
/// An episode on a level was foreseen with an error. From error e to e' it fell by (e - e') / max(e, e'):
/// noise goes up as far as down, and comes to nothing in the mean.
/// @param error [m/s] >= 0 finite
void para_novelty_visit(ParaNovelty *level, ParaNoveltyFamily *family, float error);
/// Its error times how far it is expected to fall [m/s] >= 0: the mean of the falls seen and two of the
/// family's. One that was never visited counts as the family's mean.
float para_novelty_score(const ParaNovelty *level, const ParaNoveltyFamily *family);

void para_novelty_save(ParaBytes *out, const ParaNovelty *level);
/// @return false if the bytes make no sense
bool para_novelty_load(ParaBytesReader *in, ParaNovelty *level);
void para_novelty_family_save(ParaBytes *out, const ParaNoveltyFamily *family);
bool para_novelty_family_load(ParaBytesReader *in, ParaNoveltyFamily *family);
