// SPDX-License-Identifier: MIT
// A hand that holds a body at a place of it: a soft spring without a length, taken implicitly so that it is
// calm for any mass and rate (Catto 2011, "Soft Constraints"). What it holds is as light to it as it would be
// in space.
#include "engine/base/maths.h"
#include "engine/world/measure.h"
#include "worlds/rules/goal.h"

#define HERTZ    4.0   // [Hz] of the spring
#define CALM     0.8   // [1] damping ratio
#define SPIN     0.985 // [1] of its spin that a step leaves
#define STRENGTH 300.0 // [m/s^2] that it pulls with at most

typedef struct Pair {
    double x, y;
} Pair;

static double at(const ParaView *view, const float *values, int body)
{
    return (double)values[(size_t)body * (size_t)view->stride];
}

/// Impulse [N s] at the arm r that brings the place to the hand within this step, as far as a soft spring
/// does.
static Pair pull(Pair velocity, Pair off, Pair r, double mass, double moment, double dt)
{
    double turn = PARA_TAU * HERTZ, damping = 2 * mass * CALM * turn, stiffness = mass * turn * turn;
    double soft = 1 / (dt * (damping + dt * stiffness)), share = dt * stiffness * soft;
    double turns = moment > 0 ? 1 / moment : 0; // of a body that never turns: 0
    double xx = 1 / mass + turns * r.y * r.y + soft, yy = 1 / mass + turns * r.x * r.x + soft;
    double xy = -turns * r.x * r.y, det = xx * yy - xy * xy;
    double bx = -(velocity.x + share * off.x), by = -(velocity.y + share * off.y);
    Pair p = {(yy * bx - xy * by) / det, (xx * by - xy * bx) / det};
    double size = para_sqrt(p.x * p.x + p.y * p.y), most = STRENGTH * mass * dt;
    double cut = size > most ? most / size : 1;
    return (Pair){cut * p.x, cut * p.y};
}

void para_play_hold(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    const ParaView *view = para_world_view(world);
    const ParaHold *hold = &play->hold;
    int body = hold->held - 1;
    const ParaBodyDef *def = &level->world.bodies[body];
    if (def->kind != PARA_BODY_DYNAMIC || at(view, view->mass, body) <= 0 ||
        !view->enabled[(size_t)body * (size_t)view->stride]) {
        play->hold = (ParaHold){0};
        return;
    }
    double cos = at(view, view->cos, body), sin = at(view, view->sin, body),
           spin = at(view, view->spin, body);
    double ax = (double)hold->anchor.x, ay = (double)hold->anchor.y, mass = at(view, view->mass, body);
    Pair place = {at(view, view->x, body) + cos * ax - sin * ay,
                  at(view, view->y, body) + sin * ax + cos * ay};
    Pair r = {place.x - at(view, view->centre_x, body), place.y - at(view, view->centre_y, body)};
    double dt = 1 / (double)level->world.rate, scale = (double)def->gravity_scale;
    Pair v = {at(view, view->vx, body) - scale * (double)view->gravity.x * dt,
              at(view, view->vy, body) - scale * (double)view->gravity.y * dt};
    double moment = def->fixed_rotation ? 0 : para_body_moment(&level->world, body);
    spin *= SPIN;
    Pair p = pull((Pair){v.x - spin * r.y, v.y + spin * r.x},
                  (Pair){place.x - (double)hold->to.x, place.y - (double)hold->to.y}, r, mass, moment, dt);
    spin += moment > 0 ? (r.x * p.y - r.y * p.x) / moment : 0;
    para_world_set_velocity(world, body, (ParaVec2){(float)(v.x + p.x / mass), (float)(v.y + p.y / mass)},
                            (float)spin);
}
