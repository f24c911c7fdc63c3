// SPDX-License-Identifier: MIT
// A build without MPI: alone, or a word about what is missing.
#include "engine/ranks/launch.h"
#include "engine/ranks/ranks.h"

ParaPeers *para_ranks_join(double patience, ParaArena *arena, const char **out_error)
{
    (void)patience;
    int count = para_ranks_launched();
    *out_error = NULL;
    if (count > 1)
        *out_error =
            para_arena_printf(arena,
                              "it was started as one of %d ranks, and this build has no MPI: install "
                              "libopenmpi-dev and openmpi-bin (./run packages libopenmpi-dev "
                              "openmpi-bin), remove the folder build and build again",
                              count);
    return NULL;
}

void para_ranks_leave(ParaPeers *peers, int code, bool hurry) { (void)peers, (void)code, (void)hurry; }
