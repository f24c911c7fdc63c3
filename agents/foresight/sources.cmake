# SPDX-License-Identifier: MIT
set(PARA_FORESIGHT_SOURCES
    agents/foresight/foresight.c
    agents/foresight/omens.c
    agents/foresight/witness.c)
