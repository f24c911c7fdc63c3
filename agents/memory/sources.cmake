# SPDX-License-Identifier: MIT
set(PARA_MEMORY_SOURCES
    agents/memory/keeper.c
    agents/memory/keeper_file.c
    agents/memory/map.c
    agents/memory/map_tiles.c
    agents/memory/map_things.c
    agents/memory/map_way.c)
