// SPDX-License-Identifier: MIT
#pragma once
// Whether a process was started as one rank of several. Private to engine/ranks.

/// Ranks of the job that the launcher tells of in the environment [1] >= 1; 1: none does. Open MPI's mpirun,
/// MPICH's, and srun with PMIx or PMI-2.
int para_ranks_launched(void);
