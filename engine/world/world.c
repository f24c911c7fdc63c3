// SPDX-License-Identifier: MIT
// The door of engine/world: checks what the caller passes and hands on to the solver that runs the world.
#include "engine/world/world.h"

#include "engine/base/assert.h"
#include "engine/world/solver.h"

#include <math.h>

static ParaPlace built_body(ParaWorld world, int body)
{
    ParaPlace at = para_world_place(world);
    PARA_ASSERT(body >= 0 && body < at.api->view(at.state, at.index)->def->body_count);
    (void)body;
    return at;
}

void para_world_step(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    at.api->step(at.state, at.index);
}

const ParaView *para_world_view(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    return at.api->view(at.state, at.index);
}

const ParaInputs *para_world_inputs(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    return at.api->inputs(at.state, at.index);
}

void para_world_apply_impulse(ParaWorld world, int body, ParaVec2 impulse)
{
    ParaPlace at = built_body(world, body);
    at.api->apply_impulse(at.state, at.index, body, impulse);
}

void para_world_set_velocity(ParaWorld world, int body, ParaVec2 velocity, float spin)
{
    ParaPlace at = built_body(world, body);
    at.api->set_velocity(at.state, at.index, body, velocity, spin);
}

void para_world_disable_body(ParaWorld world, int body)
{
    ParaPlace at = built_body(world, body);
    at.api->disable_body(at.state, at.index, body);
}

/// A place that can be asked about; far or NaN places have nothing in them.
static bool sensible(ParaVec2 place) { return fabsf(place.x) < 1e6f && fabsf(place.y) < 1e6f; }

ParaRayHit para_world_ray(ParaWorld world, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group_ignored)
{
    ParaPlace at = para_world_place(world);
    if (!sensible(from) || !sensible(to))
        return (ParaRayHit){.shape = -1, .fraction = 1.0f, .point = to};
    return at.api->ray(at.state, at.index, from, to, mask, group_ignored);
}

int para_world_at_point(ParaWorld world, ParaVec2 point, int32_t *out_shapes, int max)
{
    PARA_ASSERT(out_shapes || max <= 0);
    ParaPlace at = para_world_place(world);
    return sensible(point) ? at.api->at_point(at.state, at.index, point, out_shapes, max) : 0;
}

int para_world_in_box(ParaWorld world, ParaVec2 low, ParaVec2 high, int32_t *out_shapes, int max)
{
    PARA_ASSERT(out_shapes || max <= 0);
    ParaPlace at = para_world_place(world);
    if (!sensible(low) || !sensible(high) || low.x > high.x || low.y > high.y)
        return 0;
    return at.api->in_box(at.state, at.index, low, high, out_shapes, max);
}

size_t para_world_snapshot_size(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    return at.api->snapshot_size(at.state, at.index);
}

size_t para_world_save(ParaWorld world, void *out, size_t size_max)
{
    PARA_ASSERT(out || size_max == 0);
    ParaPlace at = para_world_place(world);
    return at.api->save(at.state, at.index, out, size_max);
}

bool para_world_restore(ParaWorld world, const void *image, size_t size)
{
    PARA_ASSERT(image || size == 0);
    ParaPlace at = para_world_place(world);
    return at.api->restore(at.state, at.index, image, size);
}

uint64_t para_world_hash(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    return at.api->hash(at.state, at.index);
}

size_t para_world_bytes(ParaWorld world)
{
    ParaPlace at = para_world_place(world);
    return at.api->bytes(at.state, at.index);
}
