// SPDX-License-Identifier: MIT
// What a level is like, in one number.
#include "agents/archive/descriptors.h"

#include "agents/maker/traits.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define PARAM      "param:"
#define NEAREST    5   // neighbours that novelty is the mean distance to
#define LOOKED_MAX 512 // others that are looked at, spread evenly over all

const ParaDescriptorRow para_descriptors[PARA_DESCRIPTOR_COUNT] = {
#define PARA_DESCRIPTOR(name, unit, of, about) {#name, unit, PARA_DESCRIPTOR_##of, about},
#include "agents/archive/descriptors.def"
#undef PARA_DESCRIPTOR
};

bool para_descriptor_find(const char *name, ParaDescriptor *out, ParaArena *arena, const char **out_error)
{
    const char *list = "";
    if (strncmp(name, PARAM, strlen(PARAM)) == 0 && name[strlen(PARAM)]) {
        *out = (ParaDescriptor){.at = -1, .param = name + strlen(PARAM), .name = name};
        return true;
    }
    for (int i = 0; i < PARA_DESCRIPTOR_COUNT; i++) {
        if (strcmp(para_descriptors[i].name, name) == 0) {
            *out = (ParaDescriptor){.at = i, .name = para_descriptors[i].name};
            return true;
        }
        list = para_arena_printf(arena, "%s%s, ", list, para_descriptors[i].name);
    }
    *out_error =
        para_arena_printf(arena, "there is no descriptor \"%.60s\"; there are %sand param:NAME", name, list);
    return false;
}

static double param_value(const ParaLevel *level, const char *name)
{
    for (int p = 0; p < level->param_count; p++)
        if (strcmp(level->params[p].name, name) == 0)
            return level->params[p].value;
    return (double)NAN;
}

double para_descriptor_value(const ParaDescriptor *descriptor, const ParaDescribed *described)
{
    const ParaLevel *level = described->level;
    if (descriptor->at < 0)
        return param_value(level, descriptor->param);
    switch (descriptor->at) {
    case PARA_DESCRIPTOR_AT_goal_distance:
        return para_traits_goal_distance(level);
    case PARA_DESCRIPTOR_AT_roughness:
        return para_traits_roughness(level);
    case PARA_DESCRIPTOR_AT_bodies:
        return level->world.body_count;
    case PARA_DESCRIPTOR_AT_joints:
        return level->world.joint_count;
    case PARA_DESCRIPTOR_AT_zones:
        return level->world.zone_count;
    case PARA_DESCRIPTOR_AT_width:
        return (double)level->world.size.x;
    case PARA_DESCRIPTOR_AT_success:
        return (double)described->success;
    case PARA_DESCRIPTOR_AT_age:
        return described->age;
    case PARA_DESCRIPTOR_AT_blow:
        return (double)described->blow;
    case PARA_DESCRIPTOR_AT_proof_seconds:
        return (double)described->proof_seconds;
    default:
        return (double)NAN;
    }
}

static double distance(const float *a, const float *b, int size)
{
    double sum = 0;
    for (int k = 0; k < size; k++)
        sum += (double)(a[k] - b[k]) * (double)(a[k] - b[k]);
    return para_sqrt(sum);
}

/// Keeps the smallest few, rising.
static void keep_near(double *near, int *count, double value)
{
    int at = *count < NEAREST ? (*count)++ : NEAREST - 1;
    if (at == NEAREST - 1 && *count == NEAREST && near[at] >= 0 && value >= near[at])
        return;
    for (near[at] = value; at > 0 && near[at - 1] > near[at]; at--) {
        double larger = near[at - 1];
        near[at - 1] = near[at];
        near[at] = larger;
    }
}

void para_novelty(const float *traits, int count, int size, float *out)
{
    PARA_ASSERT(count >= 0 && size > 0);
    int looked = count < LOOKED_MAX ? count : LOOKED_MAX;
    for (int i = 0; i < count; i++) {
        double near[NEAREST], sum = 0;
        int kept = 0;
        for (int k = 0; k < NEAREST; k++)
            near[k] = -1;
        for (int k = 0; k < looked; k++) {
            int other = (int)((int64_t)k * count / looked);
            if (other != i)
                keep_near(
                    near, &kept,
                    distance(traits + (size_t)i * (size_t)size, traits + (size_t)other * (size_t)size, size));
        }
        for (int k = 0; k < kept; k++)
            sum += near[k];
        out[i] = kept > 0 ? (float)(sum / kept) : 0;
    }
}
