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

// ---------------------------------------------------------------------------------------------
// What may change in the course of a level.

static bool is_fine(ParaPlace at) { return at.api->view(at.state, at.index)->status == PARA_WORLD_FINE; }

static float within(float x, float low, float high) { return x < low ? low : x > high ? high : x; }

static bool is_finite(ParaVec2 v) { return isfinite(v.x) && isfinite(v.y); }

void para_world_set_gravity(ParaWorld world, ParaVec2 gravity)
{
    ParaPlace at = para_world_place(world);
    if (!is_fine(at))
        return;
    ParaVec2 good = {within(gravity.x, -1e3f, 1e3f), within(gravity.y, -1e3f, 1e3f)};
    if (is_finite(gravity))
        at.api->set_gravity(at.state, at.index, good);
    else
        at.api->diverge(at.state, at.index, -1);
}

void para_world_set_zone(ParaWorld world, int zone, const ParaZoneState *now)
{
    ParaPlace at = para_world_place(world);
    PARA_ASSERT(zone >= 0 && zone < at.api->view(at.state, at.index)->def->zone_count && now);
    if (!is_fine(at))
        return;
    if (!is_finite(now->position) || !is_finite(now->acceleration) || !isfinite(now->angle) ||
        !isfinite(now->drag) || !isfinite(now->fluid_density) || !isfinite(now->fluid_drag) ||
        !isfinite(now->pull)) {
        at.api->diverge(at.state, at.index, -1);
        return;
    }
    ParaZoneState good = {
        .position = {within(now->position.x, -1e4f, 1e4f), within(now->position.y, -1e4f, 1e4f)},
        .angle = within(now->angle, -1e4f, 1e4f),
        .acceleration = {within(now->acceleration.x, -1e5f, 1e5f), within(now->acceleration.y, -1e5f, 1e5f)},
        .drag = within(now->drag, 0.0f, 1e4f),
        .fluid_density = within(now->fluid_density, 0.0f, 1e6f),
        .fluid_drag = within(now->fluid_drag, 0.0f, 1e4f),
        .pull = within(now->pull, -1e5f, 1e5f),
        .on = now->on != 0};
    at.api->set_zone(at.state, at.index, zone, &good);
}

void para_world_place_body(ParaWorld world, int body, ParaVec2 position, float angle, ParaVec2 velocity,
                           float spin)
{
    ParaPlace at = built_body(world, body);
    const ParaBodyDef *def = &at.api->view(at.state, at.index)->def->bodies[body];
    PARA_ASSERT(def->kind != PARA_BODY_STATIC);
    if (!is_fine(at))
        return;
    ParaBodyPlace to = {position, velocity, angle, def->fixed_rotation ? 0.0f : spin};
    if (is_finite(position) && is_finite(velocity) && fabsf(angle) <= 1e4f && isfinite(spin))
        at.api->place_body(at.state, at.index, body, &to);
    else
        at.api->diverge(at.state, at.index, body);
}

void para_world_enable_body(ParaWorld world, int body)
{
    ParaPlace at = built_body(world, body);
    const ParaView *view = at.api->view(at.state, at.index);
    if (is_fine(at) && !view->enabled[(size_t)body * (size_t)view->stride])
        at.api->place_body(at.state, at.index, body, NULL);
}

static void set_joint(ParaWorld world, int joint, bool whole)
{
    ParaPlace at = para_world_place(world);
    PARA_ASSERT(joint >= 0 && joint < at.api->view(at.state, at.index)->def->joint_count);
    if (is_fine(at))
        at.api->set_joint(at.state, at.index, joint, whole);
}

void para_world_break_joint(ParaWorld world, int joint) { set_joint(world, joint, false); }

void para_world_make_joint(ParaWorld world, int joint) { set_joint(world, joint, true); }

void para_world_set_friction(ParaWorld world, int body, float friction)
{
    ParaPlace at = built_body(world, body);
    if (!is_fine(at))
        return;
    if (isfinite(friction))
        at.api->set_friction(at.state, at.index, body, within(friction, 0.0f, 1e3f));
    else
        at.api->diverge(at.state, at.index, body);
}

// ---------------------------------------------------------------------------------------------
// Questions, snapshots.

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
