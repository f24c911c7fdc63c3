// SPDX-License-Identifier: MIT
// One world made to stand as another, through the acts that any solver knows.
#include "engine/world/mirror.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/solver.h"

#include <math.h>

#define ANGLE_MAX 1e4 // [rad] that a body may be placed at; beyond, whole turns are left out

/// Of the same solver all is copied. @return false: it is another one, or one that cannot be copied
static bool copy(ParaPlace to, ParaPlace from)
{
    size_t size = 0;
    const void *image = to.api == from.api ? from.api->image(from.state, from.index, &size, NULL) : NULL;
    if (!image)
        return false;
    if (to.state != from.state || to.index != from.index)
        to.api->adopt(to.state, to.index, image, size);
    return true;
}

static float near_angle(float angle)
{
    double turns = fabs((double)angle) > ANGLE_MAX ? __builtin_floor((double)angle / PARA_TAU) : 0.0;
    return (float)((double)angle - PARA_TAU * turns);
}

static void put_body(ParaWorld to, const ParaView *from, int body)
{
    size_t k = (size_t)body * (size_t)from->stride;
    if (from->def->bodies[body].kind != PARA_BODY_STATIC)
        para_world_place_body(to, body, (ParaVec2){from->x[k], from->y[k]}, near_angle(from->angle[k]),
                              (ParaVec2){from->vx[k], from->vy[k]}, from->spin[k]);
    if (from->friction[k] >= 0.0f)
        para_world_set_friction(to, body, from->friction[k]);
}

static void put_joint(ParaPlace to, ParaPlace from, const ParaView *view, int joint)
{
    size_t k = (size_t)joint * (size_t)view->stride;
    if (from.api->joint_broken(from.state, from.index, joint))
        to.api->set_joint(to.state, to.index, joint, false);
    else if (view->joint_enabled[k])
        to.api->wind_joint(to.state, to.index, joint, view->joint_angle[k]);
}

static void put_inputs(const ParaInputs *to, const ParaInputs *from, const ParaWorldDef *def)
{
    size_t out = (size_t)to->stride, in = (size_t)from->stride;
    for (size_t j = 0; j < (size_t)def->joint_count; j++) {
        to->motor_rate[j * out] = from->motor_rate[j * in];
        to->motor_max[j * out] = from->motor_max[j * in];
    }
    for (size_t t = 0; t < (size_t)def->thruster_count; t++)
        to->throttle[t * out] = from->throttle[t * in];
    for (size_t b = 0; b < (size_t)def->body_count; b++) {
        to->force_x[b * out] = from->force_x[b * in];
        to->force_y[b * out] = from->force_y[b * in];
        to->torque[b * out] = from->torque[b * in];
    }
}

/// Bodies that are out are placed as well, since they may come back, and go once all stand.
static void put(ParaWorld to, ParaWorld from)
{
    ParaPlace there = para_world_place(to), here = para_world_place(from);
    const ParaView *view = para_world_view(from);
    const ParaWorldDef *def = view->def;
    para_world_set_gravity(to, view->gravity);
    for (int z = 0; z < def->zone_count; z++)
        para_world_set_zone(to, z, &view->zones[z]);
    for (int b = 0; b < def->body_count; b++)
        put_body(to, view, b);
    for (int b = 0; b < def->body_count; b++)
        if (!view->enabled[(size_t)b * (size_t)view->stride])
            para_world_disable_body(to, b);
    for (int j = 0; j < def->joint_count && para_world_view(to)->status == PARA_WORLD_FINE; j++)
        put_joint(there, here, view, j);
    put_inputs(para_world_inputs(to), para_world_inputs(from), def);
    there.api->set_clock(there.state, there.index, view->step);
    if (view->status == PARA_WORLD_DIVERGED)
        there.api->diverge(there.state, there.index, view->diverged_body);
}

bool para_world_mirror(ParaWorld to, ParaWorld from)
{
    return para_world_mirror_as(to, from, para_world_view(from)->def);
}

bool para_world_mirror_as(ParaWorld to, ParaWorld from, const ParaWorldDef *def)
{
    const ParaWorldDef *own = para_world_view(from)->def;
    PARA_ASSERT(def->body_count == own->body_count && def->joint_count == own->joint_count &&
                def->zone_count == own->zone_count && def->thruster_count == own->thruster_count);
    (void)own;
    if (to.group == from.group && to.index == from.index)
        return true;
    if (to.group->kind == from.group->kind && para_world_clone(from, to, NULL))
        return true;
    if (!para_world_build(to, def, NULL))
        return false;
    if (!copy(para_world_place(to), para_world_place(from)))
        put(to, from);
    return true;
}
