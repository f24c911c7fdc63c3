// SPDX-License-Identifier: MIT
// Default values of the defs: the one place where they are written.
#include "engine/world/world.h"

ParaWorldDef para_world_def_default(void)
{
    return (ParaWorldDef){
        .gravity = {0.0f, -9.81f}, .rate = 60.0f, .substeps = 1, .iterations = 10, .size = {20.0f, 10.0f}};
}

ParaBodyDef para_body_def_default(void)
{
    return (ParaBodyDef){.kind = PARA_BODY_DYNAMIC, .gravity_scale = 1.0f, .inertia_scale = 1.0f};
}

ParaShapeDef para_shape_def_default(void)
{
    return (ParaShapeDef){.kind = PARA_SHAPE_CIRCLE,
                          .radius = 0.5f,
                          .density = 1.0f,
                          .friction = 0.6f,
                          .category = 1u,
                          .mask = 0xffffffffu};
}

ParaJointDef para_joint_def_default(void)
{
    return (ParaJointDef){.kind = PARA_JOINT_REVOLUTE, .axis = {1.0f, 0.0f}, .b = 1, .carrier = -1};
}

ParaZoneDef para_zone_def_default(void)
{
    return (ParaZoneDef){.kind = PARA_SHAPE_CIRCLE, .radius = 1.0f, .fluid_drag = 1.0f};
}
