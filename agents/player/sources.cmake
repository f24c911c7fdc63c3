# SPDX-License-Identifier: MIT
set(PARA_PLAYER_SOURCES
    agents/player/player.c
    agents/player/rollout.c
    agents/player/trials.c)
