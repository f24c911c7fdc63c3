# SPDX-License-Identifier: MIT
set(PARA_RANKS_SOURCES
    engine/ranks/launch.c)
set(PARA_RANKS_MPI_SOURCES
    engine/ranks/ranks_mpi.c)
set(PARA_RANKS_NONE_SOURCES
    engine/ranks/ranks_none.c)
