// SPDX-License-Identifier: MIT
#pragma once
// The ranks of an MPI job as peers: `mpirun -n 4 paracosm train ...`. A build without MPI has this door too,
// and says what is missing where it was started by mpirun.
#include "engine/base/peers.h"

#define PARA_RANKS_PATIENCE 600 ///< [s] a rank may play for minutes alone

/// Joins the job this process was started in; collective over its ranks. Once in a process.
/// @param patience [s] > 0 without an answer after which a peer is lost; PARA_RANKS_PATIENCE by default
/// @param arena holds the peers, until the process ends   @param out_error out, NULL: it was started alone
/// @return NULL where it was started alone, or with an error: this build has no MPI, or the ranks do not meet
ParaPeers *para_ranks_join(double patience, ParaArena *arena, const char **out_error);
/// Before the process ends: leaves the job, together with the others. NULL is fine.
/// @param code of the process; where a peer is lost, or `hurry` is set, the whole job is ended with it at
/// once, and this does not return
void para_ranks_leave(ParaPeers *peers, int code, bool hurry);
