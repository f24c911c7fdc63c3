// SPDX-License-Identifier: MIT
#pragma once
// The same scene seen through a lens: elsewhere, turned, in a mirror, flying along, heavier, with its lists
// in another order, with other frames of its bodies. Physics cannot tell, so the run of the changed scene is
// known from that of the first one. Used by test_world_metamorphic.c.
#include "tests/engine/world/scene.h"

#include <stdbool.h>

typedef struct Lens {
    const char *name;
    bool mirrored;           ///< x becomes -x, before all else
    double turn;             ///< [rad] about (0, 0), after the mirror
    double shift_x, shift_y; ///< [m] after the turn
    double boost_x, boost_y; ///< [m/s] everything flies along
    double heavier;          ///< [1] factor on masses, forces, stiffness; 0 counts as 1
    int roll;                ///< corners of polygons begin so many further on
    bool from_behind;        ///< chains, segments and joints are read from their other end
    bool reversed;           ///< bodies in the opposite order
    bool framed;             ///< bodies have other origins and angles of their own frames
} Lens;

/// Builds `to` from `from` as the lens shows it.
void lens_scene(const Lens *lens, const Scene *from, Scene *to);
/// Sets the inputs of the changed world to those of the first as the lens shows them.
void lens_inputs(const Lens *lens, ParaWorld from, ParaWorld to);
/// A place [m] and a direction of the first world as the lens shows them, without boost.
ParaVec2 lens_place(const Lens *lens, ParaVec2 place);
ParaVec2 lens_direction(const Lens *lens, ParaVec2 direction);
/// The index in the changed scene of a shape of the first.
int lens_shape(const Lens *lens, const ParaWorldDef *def, int shape);

/// How far two runs lie apart, largest so far. Joints of kind revolute count as angles.
typedef struct LensGap {
    double place;                              ///< [m] [rad] centres, origins, angles, joints
    double speed;                              ///< [m/s] [rad/s]
    double load;                               ///< [1] of joints, as a share of the largest load so far
    double contact;                            ///< [m] [1] points and normals of contacts of both worlds
    double impulse;                            ///< [1] sum of all contacts' impulses, as a share of it
    int strangers;                             ///< contacts of one world alone, in all steps
    int contacts;                              ///< seen in all steps, in the first world
    double load_max, impulse_from, impulse_to; ///< scratch: [N] [N s] [N s]
} LensGap;

/// Compares two worlds after the same number of steps and adds to `gap`; what must be equal (masses, counts,
/// presence in zones) fails the test.
void lens_compare(const Lens *lens, ParaWorld from, ParaWorld to, LensGap *gap);
