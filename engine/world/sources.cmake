# SPDX-License-Identifier: MIT
set(PARA_WORLD_SOURCES
    engine/world/auto.c
    engine/world/def.c
    engine/world/def_check.c
    engine/world/def_copy.c
    engine/world/effort.c
    engine/world/events.c
    engine/world/fluid.c
    engine/world/geometry.c
    engine/world/group.c
    engine/world/measure.c
    engine/world/net.c
    engine/world/rays.c
    engine/world/seams.c
    engine/world/solver.c
    engine/world/world.c
    engine/world/zones.c)
