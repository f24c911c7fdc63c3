# SPDX-License-Identifier: MIT
set(PARA_WORLD_TESTS
    bench/pile.c
    tests/engine/world/overlap.c
    tests/engine/world/scene.c
    tests/engine/world/test_world_acts.c
    tests/engine/world/test_world_auto.c
    tests/engine/world/test_world_contacts.c
    tests/engine/world/test_world_def.c
    tests/engine/world/test_world_lanes.c
    tests/engine/world/test_world_laws.c
    tests/engine/world/test_world_memory.c
    tests/engine/world/test_world_quality.c
    tests/engine/world/test_world_rays.c
    tests/engine/world/test_world_rest.c
    tests/engine/world/test_world_snapshot.c
    tests/engine/world/test_world_terrain.c)
