// SPDX-License-Identifier: MIT
// A world built from another def while it runs: what the def cannot say of the present is read before the
// build and done again after it, through the acts that anybody may call.
#include "engine/base/assert.h"
#include "engine/world/solver.h"

#include <string.h>

/// What is kept of a world over its build.
typedef struct Kept {
    uint64_t step;
    ParaVec2 gravity;
    int bodies, joints, zones, thrusters;
    bool there[PARA_BODIES_MAX], whole[PARA_JOINTS_MAX];
    ParaBodyKind kind[PARA_BODIES_MAX];
    ParaBodyPlace place[PARA_BODIES_MAX];
    float friction[PARA_BODIES_MAX]; // below 0: the def's
    ParaVec2 force[PARA_BODIES_MAX];
    float torque[PARA_BODIES_MAX], throttle[PARA_THRUSTERS_MAX];
    float rate[PARA_JOINTS_MAX], most[PARA_JOINTS_MAX];
    ParaZoneState zone[PARA_ZONES_MAX];
} Kept;

static void keep_body(Kept *kept, const ParaView *view, const ParaInputs *inputs, int body)
{
    size_t k = (size_t)body * (size_t)view->stride, in = (size_t)body * (size_t)inputs->stride;
    kept->there[body] = view->enabled[k] != 0;
    kept->kind[body] = view->def->bodies[body].kind;
    kept->place[body] = (ParaBodyPlace){.position = {view->x[k], view->y[k]},
                                        .velocity = {view->vx[k], view->vy[k]},
                                        .angle = view->angle[k],
                                        .spin = view->spin[k]};
    kept->friction[body] = view->friction[k];
    kept->force[body] = (ParaVec2){inputs->force_x[in], inputs->force_y[in]};
    kept->torque[body] = inputs->torque[in];
}

static void keep(Kept *kept, const ParaView *view, const ParaInputs *inputs)
{
    const ParaWorldDef *def = view->def;
    *kept = (Kept){.step = view->step,
                   .gravity = view->gravity,
                   .bodies = def->body_count,
                   .joints = def->joint_count,
                   .zones = def->zone_count,
                   .thrusters = def->thruster_count};
    for (int b = 0; b < def->body_count; b++)
        keep_body(kept, view, inputs, b);
    for (int j = 0; j < def->joint_count; j++) {
        kept->whole[j] = view->joint_enabled[(size_t)j * (size_t)view->stride] != 0;
        kept->rate[j] = inputs->motor_rate[(size_t)j * (size_t)inputs->stride];
        kept->most[j] = inputs->motor_max[(size_t)j * (size_t)inputs->stride];
    }
    for (int t = 0; t < def->thruster_count; t++)
        kept->throttle[t] = inputs->throttle[(size_t)t * (size_t)inputs->stride];
    if (def->zone_count > 0)
        memcpy(kept->zone, view->zones, sizeof *kept->zone * (size_t)def->zone_count);
}

static void bring_body(const Kept *kept, ParaWorld world, int body)
{
    const ParaWorldDef *def = para_world_view(world)->def;
    const ParaInputs *inputs = para_world_inputs(world);
    const ParaBodyPlace *place = &kept->place[body];
    size_t in = (size_t)body * (size_t)inputs->stride;
    if (def->bodies[body].kind == PARA_BODY_KINEMATIC && kept->kind[body] == PARA_BODY_KINEMATIC)
        para_world_place_body(world, body, place->position, place->angle, place->velocity, place->spin);
    if (!kept->there[body])
        para_world_disable_body(world, body);
    if (kept->friction[body] >= 0)
        para_world_set_friction(world, body, kept->friction[body]);
    inputs->force_x[in] = kept->force[body].x;
    inputs->force_y[in] = kept->force[body].y;
    inputs->torque[in] = kept->torque[body];
}

static bool is_out(const Kept *kept, const uint8_t *fresh, int body)
{
    return !kept->there[body] && !(fresh && fresh[body]);
}

static void bring(const Kept *kept, ParaWorld world, const uint8_t *fresh)
{
    ParaPlace at = para_world_place(world);
    const ParaWorldDef *def = para_world_view(world)->def;
    const ParaInputs *inputs = para_world_inputs(world);
    at.api->set_clock(at.state, at.index, kept->step);
    para_world_set_gravity(world, kept->gravity);
    for (int b = 0; b < kept->bodies; b++)
        if (!fresh || !fresh[b])
            bring_body(kept, world, b);
    for (int j = 0; j < kept->joints; j++) {
        // One whose body is out for now is not broken; of a body that is gone for good it is.
        bool waits = is_out(kept, fresh, def->joints[j].a) || is_out(kept, fresh, def->joints[j].b);
        if (!kept->whole[j] && !waits)
            para_world_break_joint(world, j);
        inputs->motor_rate[(size_t)j * (size_t)inputs->stride] = kept->rate[j];
        inputs->motor_max[(size_t)j * (size_t)inputs->stride] = kept->most[j];
    }
    for (int z = 0; z < kept->zones; z++)
        para_world_set_zone(world, z, &kept->zone[z]);
    for (int t = 0; t < kept->thrusters; t++)
        inputs->throttle[(size_t)t * (size_t)inputs->stride] = kept->throttle[t];
}

bool para_world_remake(ParaWorld world, const ParaWorldDef *def, const uint8_t *fresh,
                       ParaDiagList *diagnostics)
{
    const ParaView *view = para_world_view(world);
    Kept kept;
    PARA_ASSERT(def->body_count >= view->def->body_count && def->joint_count >= view->def->joint_count &&
                def->zone_count >= view->def->zone_count && def->thruster_count >= view->def->thruster_count);
    keep(&kept, view, para_world_inputs(world));
    if (!para_world_build(world, def, diagnostics))
        return false;
    bring(&kept, world, fresh);
    return true;
}
