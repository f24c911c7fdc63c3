// SPDX-License-Identifier: MIT
#pragma once
// The laws a wild level is judged by, worked out from the view alone and in doubles. Each tells the first
// step it was broken in, by whom, and by how much; wild_laws.c says beside each what sound physics may do.
#include "tests/engine/world/wild.h"

#define WILD_LAWS(X)                                                                                         \
    X(build, "the def is refused, or bodies begin in each other")                                            \
    X(diverged, "status is not FINE or a number is not finite")                                              \
    X(outside, "a centre of mass is outside of the room")                                                    \
    X(poke, "a corner stays outside of the room")                                                            \
    X(overlap, "two shapes stay deep in each other")                                                         \
    X(energy, "energy of bodies that met nobody else has grown")                                             \
    X(kept, "energy of a free pendulum has changed")                                                         \
    X(kick, "a body is faster than all that could drive it")                                                 \
    X(joint, "a joint stays apart")                                                                          \
    X(slides, "a slider was stopped, turned or thrown")                                                      \
    X(rests, "a body that stood has moved")                                                                  \
    X(bounces, "a bounce is higher, lower or turned")                                                        \
    X(above, "a body is beyond a mover or a floor")                                                          \
    X(turned, "a body flew through what was in its way")                                                     \
    X(drifts, "a free body is not where it must be")                                                         \
    X(dropped, "pairs of shapes were left out for want of room")                                             \
    X(copy, "other bits after a restore")

typedef enum {
#define WILD_LAW(id, about) WILD_LAW_##id,
    WILD_LAWS(WILD_LAW)
#undef WILD_LAW
} WildLaw;
enum {
    WILD_LAW_COUNT = 0
#define WILD_LAW(id, about) +1
    WILD_LAWS(WILD_LAW)
#undef WILD_LAW
};

/// A law broken: first time.
typedef struct WildFault {
    bool broken;
    int step, body;      ///< body: -1 where it is about no single one
    double value, limit; ///< in the law's unit: m, m/s, J
    double worst;        ///< value - limit at its largest in all steps
} WildFault;

typedef struct WildVerdict {
    bool skipped; ///< beyond the solver's limits
    bool good;    ///< no law was broken
    WildFault faults[WILD_LAW_COUNT];
} WildVerdict;

const char *wild_law_name(WildLaw law);
const char *wild_law_about(WildLaw law);
/// Runs a level for `steps` on a solver and judges it.
/// @param trace a line about each step goes to stdout
WildVerdict wild_judge(const WildLevel *level, ParaSolverKind solver, int steps, bool trace);
