# SPDX-License-Identifier: MIT
set(PARA_PLAYER_SOURCES
    agents/player/attempts.c
    agents/player/card.c
    agents/player/collector.c
    agents/player/episodes.c
    agents/player/curiosity.c
    agents/player/wonder.c
    agents/player/judge.c
    agents/player/league.c
    agents/player/mind.c
    agents/player/player.c
    agents/player/trials.c)
