// SPDX-License-Identifier: MIT
#pragma once
// Random worlds of named kinds, each a pure function of (kind, seed), with what must come true in it: the
// place nobody leaves and what single bodies are expected to do. wild_laws.h judges them; test_world_wild.c
// tries a few hundred, the program paracosm-wild (tests/wild.sh) as many as wanted. A level fits Chipmunk
// always and lanes unless its crowd is too big.
#include "tests/engine/world/scene.h"

/// The kinds: id, and what is in it.
#define WILD_KINDS(X)                                                                                        \
    X(tiles, "one thing slides over flush static pieces: level, turned, a ramp; with friction, rolling")     \
    X(compound, "bodies of several flush or crossing shapes in a closed room")                               \
    X(polygons, "3 to 8 corners, slivers, corners that are none, on floors of such polygons")                \
    X(fine, "ground of fine edges, bodies dropped on it")                                                    \
    X(rough, "jagged ground or closed chains, thick and thin, bodies dropped on it")                         \
    X(laid, "boxes laid two millimetres above rough ground")                                                 \
    X(cliff, "planks and boxes that tip over the end of a fine ground")                                      \
    X(arms, "small bodies pinned to long arms that swing into floors and things")                            \
    X(pendulums, "free pendulums of one and two arms; nothing is touched")                                   \
    X(links, "chains of links, hanging and bridging, with loads")                                            \
    X(crowd, "many bodies in a closed room, up to the limits")                                               \
    X(ratios, "extremes of density, size, friction, restitution, gravity, damping")                          \
    X(stacks, "towers and pyramids that stand, heavy ones on light ones")                                    \
    X(fast, "fast bodies of every shape in rooms of thin walls")                                             \
    X(posts, "fast bodies shot past and at thin posts")                                                      \
    X(movers, "kinematic lifts, ploughs and turnstiles")                                                     \
    X(springs, "springs and joints of every kind, soft to stiff")                                            \
    X(bounce, "flat drops with every restitution")                                                           \
    X(tiny, "bodies of millimetres on chains and boxes")                                                     \
    X(far, "slow bodies a long way out")

typedef enum {
#define WILD_KIND(id, about) WILD_##id,
    WILD_KINDS(WILD_KIND)
#undef WILD_KIND
} WildKind;
enum {
    WILD_KIND_COUNT = 0
#define WILD_KIND(id, about) +1
    WILD_KINDS(WILD_KIND)
#undef WILD_KIND
};

/// What is expected of one body.
typedef enum {
    WILD_SLIDES,      ///< along `direction` from its start: speed `speed` less `slowing` per second, no spin
                      ///< beyond its own, no way off the line, up to `length`
    WILD_RESTS,       ///< within `length` of its start, never faster than `speed`
    WILD_BOUNCES,     ///< first drop: leaves along `direction` with `speed` times the speed of its arrival,
                      ///< unturned
    WILD_STAYS_ABOVE, ///< its centre stays on the side `direction` of the line through `place`, as long as it
                      ///< is within `length` of that place along the line; in the frame of body `other`
    WILD_IS_TURNED,   ///< its velocity or that of `other` has changed by a tenth of `speed` at the end
    WILD_DRIFTS       ///< is where start + velocity * time is, within `length`
} WildPromise;

typedef struct WildExpect {
    WildPromise promise;
    int body, other;
    ParaVec2 direction; ///< [1] unit, world frame (STAYS_ABOVE: frame of other)
    ParaVec2 place;     ///< [m] likewise
    double speed, slowing, length;
} WildExpect;

#define WILD_ROOM    640 ///< corners of a room
#define WILD_EXPECTS 96
#define WILD_NEVER   1e9 ///< a limit that is none

typedef struct WildLevel {
    Scene scene;
    WildKind kind;
    uint64_t seed;
    ParaVec2 room[WILD_ROOM]; ///< counter-clockwise, any simple polygon: no centre leaves it
    int room_count;           ///< 0: there is none
    double wall;              ///< [m] thickness of what is around the room
    bool closed;              ///< no motors and no movers: energy does not grow
    bool calm;                ///< nothing flies or falls far: nobody is swept
    double kept;  ///< [1] nothing touches or damps: energy stays within this share; 0: it may fall
    double swift; ///< [1] how many times faster than everything at the start a body may get
    WildExpect expects[WILD_EXPECTS];
    int expect_count;
} WildLevel;

/// Makes a level. Every def it gives passes para_world_def_check; bodies begin apart.
void wild_make(WildLevel *level, WildKind kind, uint64_t seed);
const char *wild_kind_name(WildKind kind);
const char *wild_kind_about(WildKind kind);
/// The kind of a name. @return false if there is none of that name; *out is then left alone
bool wild_kind_find(const char *name, WildKind *out);

/// Speed [m/s] that nothing in the level should exceed by much: that of the start and of a fall through the
/// whole room.
double wild_speed(const WildLevel *level);
/// Radius [m] about the origin of a body within which all its shapes are.
double wild_reach(const ParaWorldDef *def, int body);
/// A template in JSON with the same bodies and joints, to be looked at with the paracosm command.
void wild_print(const WildLevel *level);
