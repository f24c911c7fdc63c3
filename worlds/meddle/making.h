// SPDX-License-Identifier: MIT
#pragma once
// A level made anew in the middle of its course, with bodies and joints more than it had: what there is keeps
// its index and stands in it as it stands in the world. Private to worlds/meddle.
#include "worlds/level/level.h"
#include "worlds/meddle/outline.h"

#define PARA_MAKING_PREFIX "made-" ///< of the names of bodies that are made
#define PARA_MAKING_BODIES 48      ///< [1] made at once, at most
#define PARA_MAKING_SHAPES 192     ///< [1] of all these
#define PARA_MAKING_POINTS 1024    ///< [1] of all their outlines
#define PARA_MAKING_JOINTS 2       ///< [1] made at once, at most

/// A body that comes into being. Its group, damping and so on are those of its def.
typedef struct ParaMade {
    ParaBodyDef def;
    int like;     ///< [1] -1..body_count - 1 body that it looks, sounds and shatters like; -1: none
    int material; ///< [ParaMaterialKind] where there is none
    int shape_first, shape_count; ///< [1] in `shapes` of the making
    uint64_t parts;               ///< [bits] which parts of a sliced body it is of; slice.c's own
    int slot;                     ///< [1] out: its index in the level
} ParaMade;

typedef struct ParaMaking {
    const ParaLevel *from;
    const ParaView *view; ///< of the world that plays it
    ParaLevel *level;     ///< out, in the arena
    ParaArena *arena;
    int body_count, shape_count, point_count, joint_count;
    ParaMade bodies[PARA_MAKING_BODIES];
    ParaShapeDef shapes[PARA_MAKING_SHAPES]; ///< point_first in `points`, body not told
    ParaVec2 points[PARA_MAKING_POINTS];
    ParaJointDef joints[PARA_MAKING_JOINTS];
    uint8_t fresh[PARA_BODIES_MAX]; ///< out: see para_world_remake
    uint8_t lost[PARA_BODIES_MAX];  ///< out, 1: it is too far away to be carried along, and must go
    uint8_t cut[PARA_BODIES_MAX];   ///< out, 1: it was cut in pieces, and must go
    int16_t joint_a[PARA_JOINTS_MAX], joint_b[PARA_JOINTS_MAX]; ///< slice.c's: 1 + which made body has it now
    int hand_on, heir; ///< [1] body that a hand holds, and out: the piece that it holds then; -1: none
    ParaVec2 hand;     ///< [m] where, body frame
    char *why;
    size_t why_size;
} ParaMaking;

/// Says why not. @return false, for `return para_making_refuse(...)`
bool para_making_refuse(ParaMaking *making, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// One more body, of no shapes yet. @return NULL: there is no room, which is told
ParaMade *para_making_body(ParaMaking *making, const ParaBodyDef *def, int like, int material);
/// A shape more of the body that was made last. @param points in, [count] body frame
bool para_making_shape(ParaMaking *making, const ParaShapeDef *shape, const ParaVec2 *points, int count);
/// The level as it is now, into `level`: what moves begins where and as fast as it is.
bool para_making_begin(ParaMaking *making);
/// Puts what was made into it. Joints of what was made last may name bodies by index; those of `bodies` have
/// their slots only after it.
bool para_making_assemble(ParaMaking *making);
/// Cuts all that moves, and is no player's, along a line that goes right through it. Assembles.
/// @param a, b [m] world
bool para_making_slice(ParaMaking *making, ParaVec2 a, ParaVec2 b);
/// Room for the joints that were added: call after para_making_assemble.
bool para_making_add_joint(ParaMaking *making, const ParaJointDef *joint);
