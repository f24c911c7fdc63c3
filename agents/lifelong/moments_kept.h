// SPDX-License-Identifier: MIT
#pragma once
// Moments of former worlds, with how probable a player found each choice there: a store of a fixed size that
// all worlds seen so far share evenly. Which moments are in it hangs on the seed and on what was put in, on
// nothing else.
#include "agents/learn/clone.h"
#include "agents/learn/moments.h"
#include "engine/base/bytes.h"

/// Draws some of `rows` rows without putting back. @param out out, [most]   @return how many: the fewer of
/// the two
int para_moments_draw(ParaRng *rng, int rows, int most, int *out);

typedef struct ParaMomentsKept ParaMomentsKept;
/// @param most [1] >= 1 moments it holds   @param obs_size [1] >= 1 floats of an observation
/// @param groups [1] >= 1 worlds that may be told apart   @param seed [seed] of what is drawn
ParaMomentsKept *para_moments_kept_create(int most, int obs_size, int groups, uint64_t seed,
                                          ParaArena *arena);
/// Puts moments of a world in, in place of those it has of it; those of others give up what is more than
/// their even share.
/// @param group [1] 0..groups - 1   @param rows [1] >= 0 that `moments` has
/// @param policy whose choices in them are kept   @param scratch of that policy
void para_moments_kept_add(ParaMomentsKept *kept, int group, const ParaMoments *moments, int rows,
                           const ParaPolicy *policy, ParaForward *scratch);
/// All of them as rows to imitate; valid until the next add.
ParaCloneRows para_moments_kept_rows(const ParaMomentsKept *kept);
int para_moments_kept_count(const ParaMomentsKept *kept, int group); ///< [1] >= 0 of one world
size_t para_moments_kept_size(const ParaMomentsKept *kept);          ///< [byte]
void para_moments_kept_save(const ParaMomentsKept *kept, ParaBytes *out);
/// @return false if the bytes make no sense
bool para_moments_kept_load(ParaMomentsKept *kept, ParaBytesReader *in);
