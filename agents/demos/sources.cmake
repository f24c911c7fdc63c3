# SPDX-License-Identifier: MIT
set(PARA_DEMOS_SOURCES
    agents/demos/demos.c
    agents/demos/demos_list.c)
