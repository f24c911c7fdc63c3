# SPDX-License-Identifier: MIT
set(PARA_PUZZLE_SOURCES
    agents/puzzle/prior.c
    agents/puzzle/scene.c
    agents/puzzle/score.c
    agents/puzzle/split.c
    agents/puzzle/puzzler.c)
