// SPDX-License-Identifier: MIT
// Forces that are known, summed per body; then what they do to its motion, fluid that moves along included.
#include "agents/model/flight.h"

#include "engine/base/maths.h"
#include "engine/world/fluid.h"
#include "engine/world/geometry.h"

typedef struct Flying {
    const ParaModelFacts *facts;
    const ParaView *view;
    const ParaInputs *inputs;
    double seconds;
    float *push;
    ParaFluids fluids;
    ParaZoneArea areas[PARA_ZONES_MAX];
} Flying;

static bool moves(const Flying *f, int body)
{
    return f->facts->bodies[body].inverse_mass > 0.0f && f->view->enabled[body * f->view->stride];
}

static ParaVec2 turned(const ParaView *view, int body, ParaVec2 v)
{
    float c = view->cos[body * view->stride], s = view->sin[body * view->stride];
    return (ParaVec2){c * v.x - s * v.y, s * v.x + c * v.y};
}

/// [1/s] mean share of a motion lost per second.
static float lost(const Flying *f, float damping)
{
    return damping > 0.0f ? (float)((1.0 - para_exp(-(double)damping * f->seconds)) / f->seconds) : 0.0f;
}

static void fire_thrusters(Flying *f)
{
    const ParaWorldDef *def = f->facts->def;
    for (int i = 0; i < def->thruster_count; i++) {
        const ParaThrusterDef *t = &def->thrusters[i];
        if (!moves(f, t->body))
            continue;
        float force = t->force_max * f->inputs->throttle[i * f->inputs->stride];
        const ParaModelBody *body = &f->facts->bodies[t->body];
        float *push = f->push + 3 * t->body;
        ParaVec2 d = turned(f->view, t->body, t->direction);
        ParaVec2 arm =
            turned(f->view, t->body, (ParaVec2){t->point.x - body->centre.x, t->point.y - body->centre.y});
        push[0] += force * d.x * body->inverse_mass;
        push[1] += force * d.y * body->inverse_mass;
        push[2] += force * (arm.x * d.y - arm.y * d.x) * body->inverse_inertia;
    }
}

static void push_zones(const Flying *f, int body)
{
    const ParaView *v = f->view;
    size_t i = (size_t)body * (size_t)v->stride;
    double vx = (double)v->vx[i], vy = (double)v->vy[i], ahead = 0.5 * f->seconds, x, y;
    ParaZoneBody at = {(double)v->centre_x[i] + ahead * vx, (double)v->centre_y[i] + ahead * vy, vx, vy};
    para_zones_push(v->zones, v->zone_bits[i], &at, f->seconds, &x, &y);
    f->push[3 * body] += (float)x;
    f->push[3 * body + 1] += (float)y;
}

static void push_alone(const Flying *f, int body)
{
    const ParaView *v = f->view;
    const ParaBodyDef *def = &v->def->bodies[body];
    const ParaModelBody *own = &f->facts->bodies[body];
    size_t i = (size_t)body * (size_t)v->stride, k = (size_t)body * (size_t)f->inputs->stride;
    float linear = lost(f, def->linear_damping), angular = lost(f, def->angular_damping);
    float *push = f->push + 3 * body;
    push[0] =
        v->gravity.x * def->gravity_scale - linear * v->vx[i] + f->inputs->force_x[k] * own->inverse_mass;
    push[1] =
        v->gravity.y * def->gravity_scale - linear * v->vy[i] + f->inputs->force_y[k] * own->inverse_mass;
    push[2] = f->inputs->torque[k] * own->inverse_inertia;
    if (own->inverse_inertia > 0.0f)
        push[2] -= angular * v->spin[i];
    if (v->zone_bits[i])
        push_zones(f, body);
}

/// @param end in and out, shapes are grouped by body: where those of the bodies before end
static ParaFluidBody in_fluid(const Flying *f, int body, int *end)
{
    const ParaView *v = f->view;
    const ParaModelBody *own = &f->facts->bodies[body];
    size_t i = (size_t)body * (size_t)v->stride;
    ParaFluidBody out = {.shape_first = *end};
    while (*end < v->def->shape_count && v->def->shapes[*end].body == body)
        ++*end;
    out.shape_end = *end;
    out.mass = own->inverse_mass > 0.0f ? 1.0 / (double)own->inverse_mass : 0.0;
    out.inertia = own->inverse_inertia > 0.0f ? 1.0 / (double)own->inverse_inertia : PARA_FIXED_INERTIA;
    out.local_x = (double)own->centre.x, out.local_y = (double)own->centre.y;
    out.x = (double)v->centre_x[i], out.y = (double)v->centre_y[i];
    out.cos = (double)v->cos[i], out.sin = (double)v->sin[i];
    out.vx = (double)v->vx[i], out.vy = (double)v->vy[i], out.spin = (double)v->spin[i];
    return out;
}

/// What is displaced lifts, and moves along.
static void soak(Flying *f)
{
    for (int b = 0, end = 0; b < f->view->def->body_count; b++) {
        ParaFluidBody body = in_fluid(f, b, &end);
        ParaFluidPush wet;
        if (!moves(f, b) || !para_fluid_push(&f->fluids, &body, f->seconds, f->seconds, &wet))
            continue;
        float *push = f->push + 3 * b;
        push[0] = (float)(((double)push[0] * body.mass + wet.x) / (body.mass + wet.mass));
        push[1] = (float)(((double)push[1] * body.mass + wet.y) / (body.mass + wet.mass));
        if (f->facts->bodies[b].inverse_inertia > 0.0f)
            push[2] = (float)(((double)push[2] * body.inertia + wet.torque) / (body.inertia + wet.inertia));
    }
}

void para_flight_push(const ParaModelFacts *facts, const ParaView *view, const ParaInputs *inputs,
                      double seconds, float *push)
{
    const ParaWorldDef *def = facts->def;
    Flying f = {.facts = facts, .view = view, .inputs = inputs, .seconds = seconds, .push = push};
    for (int b = 0; b < def->body_count; b++) {
        push[3 * b] = push[3 * b + 1] = push[3 * b + 2] = 0.0f;
        if (moves(&f, b))
            push_alone(&f, b);
    }
    fire_thrusters(&f);
    f.fluids = (ParaFluids){.def = def,
                            .areas = f.areas,
                            .zones = view->zones,
                            .bits = para_fluid_bits(view->zones, def->zone_count),
                            .gravity = view->gravity};
    if (!f.fluids.bits)
        return;
    for (int z = 0; z < def->zone_count; z++)
        f.areas[z] = para_zone_area(def, z, &view->zones[z]);
    soak(&f);
}
