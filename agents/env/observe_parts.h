// SPDX-License-Identifier: MIT
#pragma once
// Shared by the files of the observation only: observe.c (globals, vector) and observe_rows.c (entity rows).
#include "agents/env/observe.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

// Scales: an observation is a physical quantity divided by one of these, so that common values lie in [-1,
// 1].
#define FAR     10.0f // [m] coarse distances
#define CLOSE   2.0f  // [m] fine distances, clamped
#define SPEED   10.0f // [m/s]
#define SPIN    10.0f // [rad/s]
#define GRAVITY 10.0f // [m/s^2]
#define LIMIT   10.0f // [1] every value is clamped to this

// A cursor over the observation; every write is clamped and finite.
typedef struct Pen {
    float *at;
} Pen;

static inline void put(Pen *pen, float value)
{
    *pen->at++ = isfinite(value) ? para_clampf(value, -LIMIT, LIMIT) : 0.0f;
}

static inline void skip(Pen *pen, int count)
{
    memset(pen->at, 0, sizeof(float) * (size_t)count);
    pen->at += count;
}

// Everything the writers share.
typedef struct Sight {
    const ParaLevel *level;
    const ParaPlayer *player; // whose eye it is
    const ParaPlayerState *state;
    const uint8_t *body_roles; // [body_count] for that player
    const uint8_t *zone_roles; // [zone_count]
    const ParaView *view;
    ParaWorld world;
    int self;     // main body
    float x, y;   // [m] its centre
    float vx, vy; // [m/s]
} Sight;

static inline float state(const float *array, const ParaView *view, int index)
{
    return array[index * view->stride];
}

// A distance from the player: coarse and fine.
static inline void put_offset(Pen *pen, float dx, float dy)
{
    put(pen, dx / FAR);
    put(pen, dy / FAR);
    put(pen, para_clampf(dx / CLOSE, -1, 1));
    put(pen, para_clampf(dy / CLOSE, -1, 1));
}

/// Velocity relative to the player and spin: 3 floats.
static inline void put_motion(Pen *pen, const Sight *s, int body)
{
    const ParaView *v = s->view;
    put(pen, (state(v->vx, v, body) - s->vx) / SPEED);
    put(pen, (state(v->vy, v, body) - s->vy) / SPEED);
    put(pen, state(v->spin, v, body) / SPIN);
}

/// Rows of the nearest things and their mask, after the globals of `out`.
void para_observe_rows(const Sight *s, const ParaObsSpec *spec, float *out);
