# SPDX-License-Identifier: MIT
list(APPEND PARA_WORLD_SOURCES
    engine/world/chipmunk/acts.c
    engine/world/chipmunk/ahead.c
    engine/world/chipmunk/alloc.c
    engine/world/chipmunk/blows.c
    engine/world/chipmunk/bounces.c
    engine/world/chipmunk/build.c
    engine/world/chipmunk/chain.c
    engine/world/chipmunk/contacts.c
    engine/world/chipmunk/drives.c
    engine/world/chipmunk/group.c
    engine/world/chipmunk/holds.c
    engine/world/chipmunk/joints.c
    engine/world/chipmunk/links.c
    engine/world/chipmunk/parts.c
    engine/world/chipmunk/query.c
    engine/world/chipmunk/seam.c
    engine/world/chipmunk/snapshot.c
    engine/world/chipmunk/space.c
    engine/world/chipmunk/state.c
    engine/world/chipmunk/step.c
    engine/world/chipmunk/sweep.c
    engine/world/chipmunk/toi.c)
