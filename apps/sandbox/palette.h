// SPDX-License-Identifier: MIT
#pragma once
// What may be chosen beside a tool. Private to apps/sandbox.
#include "apps/sandbox/sandbox.h"

/// A thing that a click brings.
typedef struct ParaStamp {
    const char *word;
    ParaMeddleKind kind; ///< BOX, DISC or DRAW
    int material;        ///< [ParaMaterialKind]
    float wide, high;    ///< [m] of a box; of a disc and a rock half of `wide` is the radius
} ParaStamp;
#define PARA_STAMPS 7
extern const ParaStamp para_stamps[PARA_STAMPS];

typedef struct ParaStuff {
    const char *word;
    int material; ///< [ParaMaterialKind]
} ParaStuff;
#define PARA_STUFFS 6
extern const ParaStuff para_stuffs[PARA_STUFFS];

#define PARA_SANDBOX_COMMANDS 5 ///< buttons behind the tools: pause, undo, again, keep, help
/// Buttons of the palette of a tool; 0: it has none. Materials, then "fixed"; or stamps.
static inline int para_sandbox_palette(ParaTool tool)
{
    bool draws = tool == PARA_TOOL_DRAW || tool == PARA_TOOL_BOX || tool == PARA_TOOL_DISC;
    return draws ? PARA_STUFFS + 1 : tool == PARA_TOOL_SPAWN ? PARA_STAMPS : 0;
}
