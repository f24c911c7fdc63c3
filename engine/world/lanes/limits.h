// SPDX-License-Identifier: MIT
#pragma once
// What fits into one lanes world. A level over a limit is refused with the limit's name; solver AUTO then
// takes chipmunk. Indices of bodies and shapes fit a byte, masks of shapes fit 64 bits.

#define PARA_LANES_BODIES_MAX    64   ///< per world
#define PARA_LANES_SHAPES_MAX    64   ///< per world, chains not counted: one bit each in the filter masks
#define PARA_LANES_CHAINS_MAX    8    ///< per world
#define PARA_LANES_EDGES_MAX     512  ///< edges of all chains of a world
#define PARA_LANES_JOINTS_MAX    64   ///< per world
#define PARA_LANES_ZONES_MAX     32   ///< per world
#define PARA_LANES_THRUSTERS_MAX 32   ///< per world
#define PARA_LANES_POINTS_MAX    2048 ///< per world
#define PARA_LANES_PLACE_START                                                                               \
    1000.0f ///< [m] farthest a body or corner may begin: floats are 0.06 mm apart there
#define PARA_LANES_PLACE_MAX    4000.0f ///< [m] beyond: diverged
#define PARA_LANES_SPEED_MAX    1e4f    ///< [m/s], [rad/s] beyond: diverged
#define PARA_LANES_MICRO_STEPS  4       ///< small steps of the soft-step solver per substep of the def
#define PARA_LANES_SUBSTEPS_MAX 16      ///< of the def
#define PARA_LANES_PASSES_MAX   19      ///< over the contacts of a knotted world: by its iterations
/// Touching pairs (edges of chains count one by one) per world and step: more than shapes that do not lie in
/// each other can have. Beyond, the deepest are kept, those with the ground first, and ParaView.dropped
/// counts the rest.
#define PARA_LANES_MANIFOLDS_MAX 2048
#define PARA_LANES_BLOCK         64    ///< worlds stepped together by one kernel call
#define PARA_LANES_CORNERS_MAX   8     ///< of a polygon
#define PARA_LANES_MARGIN        0.02f ///< [m] shapes this near get a contact before they touch
#define PARA_LANES_SLOP          0.0002f ///< [m] overlap that is left alone, so that resting shapes keep touching
#define PARA_LANES_ARM_MAX                                                                                   \
    2500.0 ///< [1] m arm^2 / inertia of a body held by a joint; more inertia is given to it beyond
#define PARA_LANES_FAR 0.9f ///< [1] of a body's inradius: contacts see to the end of ways up to this
