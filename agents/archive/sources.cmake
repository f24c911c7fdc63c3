# SPDX-License-Identifier: MIT
set(PARA_ARCHIVE_SOURCES
    agents/archive/archive.c
    agents/archive/descriptors.c
    agents/archive/elites.c)
