# SPDX-License-Identifier: MIT
# The lanes solver, its rooms included: a host side, compiled once like everything else, and the kernels, once per width of vectors.
list(APPEND PARA_WORLD_SOURCES
    engine/world/lanes/acts.c
    engine/world/lanes/build.c
    engine/world/lanes/cast/cast.c
    engine/world/lanes/cast/impact.c
    engine/world/lanes/cast/query.c
    engine/world/lanes/cast/sweep.c
    engine/world/lanes/fits.c
    engine/world/lanes/group.c
    engine/world/lanes/lanes_width.c
    engine/world/lanes/meet/report.c
    engine/world/lanes/meet/seams.c
    engine/world/lanes/meet/still.c
    engine/world/lanes/meet/surfaces.c
    engine/world/lanes/place.c
    engine/world/lanes/slot.c
    engine/world/lanes/snapshot.c
    engine/world/lanes/soak.c
    engine/world/lanes/solve/calm.c
    engine/world/lanes/solve/draw.c
    engine/world/lanes/solve/knot_links.c
    engine/world/lanes/solve/knot_plan.c
    engine/world/lanes/solve/knots.c
    engine/world/lanes/sound.c)
set(PARA_LANES_KERNELS
    engine/world/lanes/bodies.c
    engine/world/lanes/meet/broad.c
    engine/world/lanes/meet/keep.c
    engine/world/lanes/meet/match.c
    engine/world/lanes/meet/narrow_circle.c
    engine/world/lanes/meet/narrow_edge.c
    engine/world/lanes/meet/narrow_polygon.c
    engine/world/lanes/meet/shapes.c
    engine/world/lanes/solve/bounces.c
    engine/world/lanes/solve/contacts.c
    engine/world/lanes/solve/lines.c
    engine/world/lanes/solve/pins.c
    engine/world/lanes/solve/plan.c
    engine/world/lanes/solve/rails.c
    engine/world/lanes/solve/spot.c
    engine/world/lanes/step.c)
# The vectors are written out, and the compiler's own would only blow up the loops around them. No fused
# instructions: AVX2 without FMA, and -ffp-contract=off for AVX-512, which has them in its base.
set(PARA_LANES_FLAGS -ffp-contract=off -fno-tree-vectorize -fno-tree-slp-vectorize -Wno-psabi)
set(PARA_LANES_WIDTHS 4)
set(PARA_LANES_FLAGS_4 "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
    list(APPEND PARA_LANES_WIDTHS 8 16)
    set(PARA_LANES_FLAGS_8 -mavx2 -mno-fma)
    # No -mno-fma here: clang would take AVX-512 away with it. -ffp-contract=off alone keeps gcc and clang from fusing.
    set(PARA_LANES_FLAGS_16 -mavx512f -mavx512vl -mavx512dq -mavx512bw)
endif()
