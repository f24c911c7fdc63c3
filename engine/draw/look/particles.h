// SPDX-License-Identifier: MIT
#pragma once
// Sparks, dust, smoke, drops and shards of what happens in a world (engine/draw/happen.h). For the eye alone:
// they are in no world, have a stream of random numbers of their own, and leave no trace in any replay. A
// fixed number of them; where there is no room the oldest goes. Same happenings and times, same particles.
#include "engine/base/rng.h"
#include "engine/draw/happen.h"
#include "engine/draw/look/look.h"

#define PARA_PARTICLES_MAX 768
#define PARA_RIPPLES_MAX   4 ///< at once, of all fluids

/// A wave that runs from where something went through the surface of a fluid.
typedef struct ParaRipple {
    ParaVec2 at;  ///< [m] any finite; where it began
    float height; ///< [m] >= 0 of its crest now; 0: none
    float age;    ///< [s] >= 0
} ParaRipple;

/// One particle as it is drawn; the window hands this memory to the graphics card as it is.
typedef struct ParaParticle {
    ParaVec2 at;     ///< [m] any finite
    float size;      ///< [m] > 0 half of it
    float angle;     ///< [rad] any finite
    ParaColour tint; ///< with its alpha now
    float soft;      ///< [1] 0..1 of a disc; below 0: a shard
    float shine;     ///< [1] 0..1 share that adds to what is behind it
} ParaParticle;

struct ParaParticles {
    ParaParticle items[PARA_PARTICLES_MAX]; ///< [count]
    struct {
        ParaVec2 velocity;  ///< [m/s] any finite
        float spin;         ///< [rad/s] any finite
        float age, life;    ///< [s] 0 <= age < life
        float growth;       ///< [m/s] any finite; of its half size
        float weight, drag; ///< [1] times gravity; [1/s] >= 0
        uint8_t alpha;      ///< [1/255] 0..255 at its birth
    } moving[PARA_PARTICLES_MAX];
    ParaRng rng;
    ParaRipple ripples[PARA_RIPPLES_MAX];
    int count;     ///< [1] 0..PARA_PARTICLES_MAX
    int most;      ///< [1] 1..PARA_PARTICLES_MAX as the quality allows
    int oldest;    ///< [1] 0..PARA_PARTICLES_MAX - 1 whose place is taken next where there is no room
    float shake;   ///< [m] >= 0 how far blows shake the view now; falls by itself
    ParaVec2 sway; ///< [m] any finite; where the view is shaken to now
    double time;   ///< [s] >= 0 of the shake's swing
};

/// None. @param seed any; that of the level
void para_particles_begin(ParaParticles *particles, uint64_t seed);
/// Adds what the last step made, in the colours of a look. @param player body whose blows are felt in the
/// view, -1: none   @param colours of the mood
/// Cost: O(happenings), below 1 us.
void para_particles_happen(ParaParticles *particles, const ParaHappenings *happenings, const ParaView *view,
                           int player, const ParaColours *colours);
/// Lets time pass for them. @param seconds [s] 0..1   @param gravity [m/s^2]
void para_particles_move(ParaParticles *particles, float seconds, ParaVec2 gravity);
