// SPDX-License-Identifier: MIT
// Measuring for other languages: an env's world as arrays, and a level stepped and told as JSON.
#include "agents/abi/abi_parts.h"
#include "agents/env/probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 1000 // names and actions of one probe

_Static_assert(PARA_ABI_NAME == PARA_NAME_MAX, "a name is a name");

// ---------------------------------------------------------------------------------------------
// The state of an env.

/// Copies a strided array; nothing where nobody asks.
static void spread(const ParaView *view, const float *from, int count, float *out)
{
    for (int i = 0; out && i < count; i++)
        out[i] = from[(size_t)i * (size_t)view->stride];
}

static void tell_bodies(const ParaLevel *level, const ParaView *view, ParaAbiState *out)
{
    int count = out->body_count;
    spread(view, view->x, count, out->x);
    spread(view, view->y, count, out->y);
    spread(view, view->angle, count, out->angle);
    spread(view, view->vx, count, out->vx);
    spread(view, view->vy, count, out->vy);
    spread(view, view->spin, count, out->spin);
    spread(view, view->mass, count, out->mass);
    for (int b = 0; b < count; b++) {
        char store[PARA_NAME_MAX];
        if (out->body_names)
            snprintf(out->body_names + (size_t)b * PARA_ABI_NAME, PARA_ABI_NAME, "%s",
                     para_level_body_label(level, b, store));
        if (out->enabled)
            out->enabled[b] = view->enabled[(size_t)b * (size_t)view->stride];
        if (out->body_kinetic)
            out->body_kinetic[b] = para_body_energy(view, b).kinetic;
        if (out->body_potential)
            out->body_potential[b] = para_body_energy(view, b).potential;
    }
}

static void tell_joints(const ParaLevel *level, const ParaView *view, ParaAbiState *out)
{
    spread(view, view->joint_angle, out->joint_count, out->joint_angle);
    spread(view, view->joint_speed, out->joint_count, out->joint_speed);
    spread(view, view->joint_load, out->joint_count, out->joint_load);
    for (int j = 0; out->joint_names && j < out->joint_count; j++) {
        char store[PARA_NAME_MAX];
        snprintf(out->joint_names + (size_t)j * PARA_ABI_NAME, PARA_ABI_NAME, "%s",
                 para_level_joint_label(level, j, store));
    }
}

static void tell_contacts(const ParaView *view, ParaAbiState *out)
{
    for (int c = 0; c < out->contact_count; c++) {
        const ParaContact *contact = &view->contacts[c];
        if (out->contact_a)
            out->contact_a[c] = contact->body_a;
        if (out->contact_b)
            out->contact_b[c] = contact->body_b;
        if (out->contact_impulse)
            out->contact_impulse[c] = contact->impulse;
        if (out->contact_point)
            memcpy(out->contact_point + 2 * (size_t)c, &contact->point, sizeof contact->point);
        if (out->contact_normal)
            memcpy(out->contact_normal + 2 * (size_t)c, &contact->normal, sizeof contact->normal);
    }
}

static void tell_level(const ParaEnv *env, const ParaView *view, ParaAbiState *out)
{
    ParaEnergy energy = para_world_energy(view);
    ParaWorldMotion motion = para_world_motion(view);
    out->end = (int32_t)env->play.players[0].status - PARA_PLAY_SOLVED; // both are in one order
    out->body_count = view->def->body_count;
    out->joint_count = view->def->joint_count;
    out->contact_count = view->contact_count;
    out->solver = (int32_t)para_world_solver(env->world);
    out->time = view->time;
    out->kinetic = energy.kinetic;
    out->potential = energy.potential;
    out->spring = energy.spring;
    out->momentum_x = motion.momentum_x;
    out->momentum_y = motion.momentum_y;
    out->angular_momentum = motion.angular_momentum;
    out->progress = env->play.players[0].progress;
}

_Static_assert(PARA_PLAY_SOLVED - 1 == PARA_PLAY_ON &&
                   PARA_PLAY_FAILED - PARA_PLAY_SOLVED == (int)PARA_ABI_END_FAILED &&
                   PARA_PLAY_TIMEOUT - PARA_PLAY_SOLVED == (int)PARA_ABI_END_TIMEOUT &&
                   PARA_PLAY_DIVERGED - PARA_PLAY_SOLVED == (int)PARA_ABI_END_DIVERGED,
               "an end is an end");

static bool has_bodies(const ParaAbiState *out)
{
    return out->body_names || out->x || out->y || out->angle || out->vx || out->vy || out->spin ||
           out->mass || out->body_kinetic || out->body_potential || out->enabled;
}

static bool has_joints(const ParaAbiState *out)
{
    return out->joint_names || out->joint_angle || out->joint_speed || out->joint_load;
}

static bool has_contacts(const ParaAbiState *out)
{
    return out->contact_a || out->contact_b || out->contact_impulse || out->contact_point ||
           out->contact_normal;
}

int32_t para_abi_batch_state(ParaAbiBatch *batch, int32_t env, ParaAbiState *out)
{
    if (!out || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "state: no struct, or one of another version");
    int32_t code = para_abi_batch_ask(batch, env);
    if (code != PARA_ABI_OK)
        return code;
    const ParaEnv *own = &batch->batch->envs[env];
    const ParaView *view = para_world_view(own->world);
    tell_level(own, view, out);
    if ((has_bodies(out) && out->body_room < out->body_count) ||
        (has_joints(out) && out->joint_room < out->joint_count) ||
        (has_contacts(out) && out->contact_room < out->contact_count)) {
        code = para_abi_fail(PARA_ABI_INVALID, "state: %d bodies, %d joints, %d contacts need more room",
                             out->body_count, out->joint_count, out->contact_count);
    } else {
        tell_bodies(own->level, view, out);
        tell_joints(own->level, view, out);
        tell_contacts(view, out);
    }
    para_abi_batch_leave(batch);
    return code;
}

// ---------------------------------------------------------------------------------------------
// A level measured.

struct ParaAbiProbe {
    char *json;
    size_t size; // [byte]
};

void para_abi_probe_free(ParaAbiProbe *probe)
{
    if (!probe)
        return;
    free(probe->json);
    free(probe);
}

static bool check_def(const ParaAbiLevel *level, const ParaAbiProbeDef *def)
{
    const char *wrong = NULL;
    if (!level || !def || def->size != sizeof *def)
        wrong = "no level, or a def of another version";
    else if (isnan(def->seconds))
        wrong = "a time that is no number";
    else if (def->act_count < 0 || def->act_count > TEXTS_MAX || def->name_count < 0 ||
             def->name_count > TEXTS_MAX || (def->act_count > 0 && !def->acts) ||
             (def->name_count > 0 && !def->names))
        wrong = "lists that are not there, or too long";
    for (int i = 0; !wrong && i < def->act_count; i++)
        wrong = def->acts[i] ? NULL : "an action that is NULL";
    for (int i = 0; !wrong && i < def->name_count; i++)
        wrong = def->names[i] ? NULL : "a name that is NULL";
    if (wrong)
        para_abi_fail(PARA_ABI_INVALID, "probe: %s", wrong);
    return !wrong;
}

/// Measures, and writes what there is into out->json. @return false with an error
static bool measure(const ParaProbeDef *def, ParaArena *arena, ParaAbiProbe *out)
{
    const char *error = "out of memory";
    ParaProbe *probe = para_probe_open(def, arena, &error);
    if (!probe) {
        bool fits = para_solver_fits(def->solver, &def->level->world, NULL, 0);
        para_abi_fail(fits ? PARA_ABI_INVALID : PARA_ABI_LEVEL, "%s", error);
        return false;
    }
    while (para_probe_next(probe))
        ;
    para_probe_close(probe);
    FILE *file = open_memstream(&out->json, &out->size);
    if (file)
        para_probe_write_json(probe, file, arena);
    bool good = file && !ferror(file);
    good = file && fclose(file) == 0 && good;
    if (!good)
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
    return good;
}

ParaAbiProbe *para_abi_probe_run(const ParaAbiLevel *level, const ParaAbiProbeDef *def)
{
    ParaProbeDef own = {0};
    if (!check_def(level, def) || !para_abi_solver(def->solver, &own.solver))
        return NULL;
    own.level = level->level;
    own.seconds = def->seconds;
    own.every = def->every;
    own.acts = def->acts;
    own.act_count = def->act_count;
    own.names = def->names;
    own.name_count = def->name_count;
    ParaArena *arena = para_arena_create((size_t)1 << 18, PARA_PROBE_MEMORY_MAX);
    ParaAbiProbe *probe = calloc(1, sizeof *probe);
    bool good = arena && probe && measure(&own, arena, probe);
    if (!arena || !probe)
        para_abi_fail(PARA_ABI_MEMORY, "out of memory");
    if (arena)
        para_arena_destroy(arena);
    if (good)
        return probe;
    para_abi_probe_free(probe);
    return NULL;
}

const char *para_abi_probe_json(const ParaAbiProbe *probe)
{
    if (probe)
        return probe->json;
    para_abi_fail(PARA_ABI_INVALID, "no probe");
    return NULL;
}
