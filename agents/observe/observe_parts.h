// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/observe: shared by the files of the observation, observe.c (globals, vector),
// observe_here.c (the place, variables), observe_rows.c (entity rows) and observe_spans.c (what is where).
// The layout as the compiler sees it, the pen that writes it, and what the writers look at.
#include "agents/observe/observe.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

// Scales: an observation is a physical quantity divided by one of these, so that common values lie in [-1,
// 1].
#define PARA_OBS_FAR      10.0f // [m] coarse distances
#define PARA_OBS_CLOSE    2.0f  // [m] fine distances, clamped
#define PARA_OBS_SPEED    10.0f // [m/s]
#define PARA_OBS_SPIN     10.0f // [rad/s]
#define PARA_OBS_GRAVITY  10.0f // [m/s^2]
#define PARA_OBS_DENSITY  10.0f // [kg/m^2]
#define PARA_OBS_VARIABLE 10.0  // [1] of a level's variables
#define PARA_OBS_TIME     10.0f // [s]
#define PARA_OBS_LIMIT    10.0f // [1] every value is clamped to this

// ---------------------------------------------------------------------------------------------
// The layout: a struct per block of observe.def in which one char stands for one float, so that the compiler
// adds up sizes and offsets.

#define PARA_OBS_BLOCK(Block)                                    typedef struct ParaObs##Block {
#define PARA_OBS_SPAN(Block, span, name, size, low, high, about) char span[size];
#define PARA_OBS_DONE(Block)                                                                                 \
    }                                                                                                        \
    ParaObs##Block;
#include "agents/observe/observe.def"

typedef struct ParaObsGlobals {
    ParaObsSelf self;
    ParaObsTarget target;
    ParaObsCargo cargo;
    ParaObsHazard hazard;
    ParaObsHere here;
    ParaObsVariables variables;
    ParaObsChannel channels[PARA_CHANNELS];
    ParaObsRays rays;
} ParaObsGlobals;

enum { PARA_OBS_SEEN = 6, PARA_OBS_PATCH_HALF = 4 }; // things that a map shows; cells to a side of the middle

typedef struct ParaObsMapPart {
    ParaObsHome home;
    ParaObsWay ways[PARA_WAYS];
    ParaObsPatch patches[PARA_MAP_SCALES];
    ParaObsSeen seen[PARA_OBS_SEEN];
} ParaObsMapPart;

enum { PARA_OBS_SPEAKERS = 3 }; // the nearest who are heard

typedef struct ParaObsHeardPart {
    ParaObsHeard speakers[PARA_OBS_SPEAKERS];
} ParaObsHeardPart;

typedef struct ParaObsWholeRow {
    ParaObsRow head;
    union {
        ParaObsShape shape;
        ParaObsJoint joint;
        ParaObsThruster thruster;
        ParaObsZone zone;
    } rest;
} ParaObsWholeRow;

enum { PARA_OBS_ROWS = sizeof(ParaObsMask) }; // entity rows; the nearest are kept

typedef struct ParaObsEntities {
    ParaObsGlobals globals;
    ParaObsWholeRow rows[PARA_OBS_ROWS];
    ParaObsMask mask;
} ParaObsEntities;

// ---------------------------------------------------------------------------------------------
// The pen: a cursor over the observation; every write is clamped and finite.

typedef struct ParaObsPen {
    float *at;
    float *block; // where the block at hand began
} ParaObsPen;

/// Begins a block.
#define PARA_OBS_BEGIN(pen) ((pen)->block = (pen)->at)
/// Here the span begins: what stands before it in its block has been written, exactly. Hot, as one stands
/// before every few floats; para_observe asserts the whole in every build.
#define PARA_OBS_AT(pen, Block, span)                                                                        \
    PARA_ASSERT_HOT((pen)->at - (pen)->block == (ptrdiff_t)offsetof(ParaObs##Block, span))
/// Here the block ends.
#define PARA_OBS_END(pen, Block)                                                                             \
    PARA_ASSERT_HOT((pen)->at - (pen)->block == (ptrdiff_t)sizeof(ParaObs##Block))

static inline void para_obs_put(ParaObsPen *pen, float value)
{
    *pen->at++ = isfinite(value) ? para_clampf(value, -PARA_OBS_LIMIT, PARA_OBS_LIMIT) : 0.0f;
}

static inline void para_obs_zeros(ParaObsPen *pen, size_t count)
{
    memset(pen->at, 0, sizeof(float) * count);
    pen->at += count;
}

/// One flag.
static inline void para_obs_put_flag(ParaObsPen *pen, bool flag) { *pen->at++ = flag ? 1.0f : 0.0f; }

/// Flags of which one is set. @param which 0..count-1; none of them where it is not
static inline void para_obs_put_one_of(ParaObsPen *pen, int which, int count)
{
    memset(pen->at, 0, sizeof(float) * (size_t)count);
    if (which >= 0 && which < count)
        pen->at[which] = 1.0f;
    pen->at += count;
}

/// A distance from the player: coarse and fine, 4 floats.
static inline void para_obs_put_offset(ParaObsPen *pen, float dx, float dy)
{
    para_obs_put(pen, dx / PARA_OBS_FAR);
    para_obs_put(pen, dy / PARA_OBS_FAR);
    para_obs_put(pen, para_clampf(dx / PARA_OBS_CLOSE, -1, 1));
    para_obs_put(pen, para_clampf(dy / PARA_OBS_CLOSE, -1, 1));
}

/// A velocity less the main body's [m/s]: 2 floats.
static inline void para_obs_put_velocity(ParaObsPen *pen, float vx, float vy)
{
    para_obs_put(pen, vx / PARA_OBS_SPEED);
    para_obs_put(pen, vy / PARA_OBS_SPEED);
}

// ---------------------------------------------------------------------------------------------
// What the writers look at.

typedef struct ParaObsSight {
    const ParaLevel *level;
    const ParaPlay *play;
    const ParaPlayer *player; // whose eye it is
    const ParaPlayerState *state;
    const uint8_t *body_roles; // [body_count] for that player
    const uint8_t *zone_roles; // [zone_count] for that player
    const ParaView *view;
    ParaWorld world;
    const ParaMap *map; // NULL: nothing is remembered
    int self;           // main body
    float x, y;         // [m] its centre
    float vx, vy;       // [m/s]
} ParaObsSight;

/// Whether a player senses what lies so far from its main body. @param squared [m^2] >= 0
static inline bool para_obs_sees(const ParaObsSight *s, float squared)
{
    float most = s->player->sees;
    return most <= 0.0f || squared <= most * most;
}

/// Element of an array of the view.
static inline float para_obs_of(const float *array, const ParaView *view, int index)
{
    return array[index * view->stride];
}

/// What a body weighs as far as the player knows [kg] >= 0: where that is hidden, as in para_level_seen.
float para_obs_mass(const ParaObsSight *s, int body);
/// Body slots of a layout; 0 of entities.
int para_obs_slots(const ParaObsSpec *spec);
/// What the main body feels where it is.
void para_observe_here(ParaObsPen *pen, const ParaObsSight *s);
/// The level's first variables.
void para_observe_variables(ParaObsPen *pen, const ParaObsSight *s);
/// What the level lists.
void para_observe_listed(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play,
                         ParaWorld world, float *out);
/// The part of a map.
void para_observe_map(ParaObsPen *pen, const ParaObsSight *s);
/// The part of what is heard.
void para_observe_heard(ParaObsPen *pen, const ParaObsSight *s, ParaObsHearing hearing);
/// Whatever layout of floats, with what the eye brings.
void para_observe_floats(ParaObsEye eye, const ParaObsSpec *spec, const ParaLevel *level,
                         const ParaPlay *play, int player, ParaWorld world, float *out);
/// Rows of the nearest things, then their mask.
void para_observe_rows(ParaObsPen *pen, const ParaObsSight *s);
