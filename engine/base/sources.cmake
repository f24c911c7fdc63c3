# SPDX-License-Identifier: MIT
set(PARA_BASE_SOURCES
    engine/base/arena.c
    engine/base/assert.c
    engine/base/bytes.c
    engine/base/clock.c
    engine/base/diag.c
    engine/base/file.c
    engine/base/hash.c
    engine/base/json.c
    engine/base/log.c
    engine/base/maths.c
    engine/base/maths_power.c
    engine/base/memory.c
    engine/base/platform.c
    engine/base/rng.c
    engine/base/text.c
    engine/base/threads.c)
