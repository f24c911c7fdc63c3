// SPDX-License-Identifier: MIT
// Bodies in fluids: after their records are gathered, those of wet ones get the fluid's push and inertia.
#include "engine/base/assert.h"
#include "engine/world/fluid.h"
#include "engine/world/geometry.h"
#include "engine/world/lanes/lanes.h"

/// [kg m^2] of what never turns beyond all that a fluid adds, and finite.
static double inertia_of(const ParaLanesBody *body)
{
    return body->inverse_inertia > 0.0f ? 1.0 / (double)body->inverse_inertia : PARA_FIXED_INERTIA;
}

static ParaFluidBody fluid_body(const ParaLanesWorld *world, int body, int shape_first, int shape_end)
{
    return (ParaFluidBody){.shape_first = shape_first,
                           .shape_end = shape_end,
                           .mass = 1.0 / (double)world->bodies[body].inverse_mass,
                           .inertia = inertia_of(&world->bodies[body]),
                           .local_x = (double)world->bodies[body].centre_x,
                           .local_y = (double)world->bodies[body].centre_y,
                           .x = (double)world->centre_x[body],
                           .y = (double)world->centre_y[body],
                           .cos = (double)world->cos[body],
                           .sin = (double)world->sin[body],
                           .vx = (double)world->vx[body],
                           .vy = (double)world->vy[body],
                           .spin = (double)world->spin[body]};
}

/// The records of one body made anew with the fluid's part.
static void soak_body(ParaLanesBlock *block, int w, int i, const ParaFluidPush *wet,
                      const ParaLanesQuad *forces)
{
    const ParaLanesWorld *world = block->worlds[w];
    const ParaLanesBody *body = &world->bodies[i];
    double own = 1.0 / (double)body->inverse_mass, h = (double)world->micro_dt;
    double mass = own + wet->mass, inertia = inertia_of(body) + wet->inertia;
    double weight = own * (double)body->gravity_scale;
    int at = block->body_first[w] + i;
    block->fixed[at].inverse_mass = (float)(1.0 / mass);
    block->fixed[at].inverse_inertia = body->inverse_inertia > 0.0f ? (float)(1.0 / inertia) : 0.0f;
    block->push[at].x =
        (float)(h * (weight * (double)world->state->gravity.x + (double)forces->x + wet->x) / mass);
    block->push[at].y =
        (float)(h * (weight * (double)world->state->gravity.y + (double)forces->y + wet->y) / mass);
    if (body->inverse_inertia > 0.0f)
        block->push[at].spin = (float)(h * ((double)forces->spin + wet->torque) / inertia);
}

void para_lanes_soak(ParaLanesBlock *block, int w, const float *force_x, const float *force_y,
                     const float *torque)
{
    const ParaLanesWorld *world = block->worlds[w];
    double dt = (double)world->dt;
    ParaFluids fluids = {&world->def, world->areas, world->zones, world->fluid_bits, world->state->gravity};
    for (int i = 0, first = 0; i < world->body_count; i++) {
        int end = first;
        while (end < world->def.shape_count && world->def.shapes[end].body == i)
            end++;
        ParaFluidBody body = fluid_body(world, i, first, end);
        first = end;
        ParaFluidPush wet;
        if (!world->enabled[i] || !(world->bodies[i].inverse_mass > 0.0f) ||
            !para_fluid_push(&fluids, &body, dt, dt, &wet))
            continue;
        ParaLanesQuad forces = {.x = force_x[i], .y = force_y[i], .spin = torque[i]};
        soak_body(block, w, i, &wet, &forces);
    }
}
