// SPDX-License-Identifier: MIT
// Where everything lies in a dreamed world's slot: the world, its copy of the def, what follows from it, and
// the image, whose tail has another length after every step. The order is written once, in lay_out.
#include "agents/dream/dream_world.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/def_copy.h"
#include "engine/world/effort.h"

#include <string.h>

static void lay_out_facts(ParaCut *from, ParaDreamWorld *world)
{
    int bodies = world->def.body_count;
    world->facts.def = &world->def;
    world->facts.bodies = PARA_CUT(from, ParaModelBody, bodies);
    world->facts.pieces = PARA_CUT(from, ParaModelPiece, world->facts.piece_count);
    world->facts.meet = PARA_CUT(from, uint8_t, bodies * bodies);
}

/// All but the tail.
static void lay_out_image(ParaCut *from, ParaDreamWorld *world)
{
    int bodies = world->def.body_count, joints = world->def.joint_count;
    world->state = PARA_CUT(from, ParaDreamState, 1);
#define CUT_BODIES(array) world->array = PARA_CUT(from, float, bodies);
    PARA_VIEW_BODY_FIELDS(CUT_BODIES)
    CUT_BODIES(friction)
    CUT_BODIES(force_x)
    CUT_BODIES(force_y)
    CUT_BODIES(torque)
    CUT_BODIES(doubt)
    CUT_BODIES(doubt_rate)
    world->due = PARA_CUT(from, float, 6 * bodies);
    world->zone_bits = PARA_CUT(from, uint32_t, bodies);
    world->enabled = PARA_CUT(from, uint8_t, bodies);
    world->zones = PARA_CUT(from, ParaZoneState, world->def.zone_count);
#define CUT_JOINTS(array) world->array = PARA_CUT(from, float, joints);
    CUT_JOINTS(joint_angle)
    CUT_JOINTS(joint_speed)
    CUT_JOINTS(joint_load)
    CUT_JOINTS(joint_begin)
    CUT_JOINTS(motor_rate)
    CUT_JOINTS(motor_max)
    world->joint_enabled = PARA_CUT(from, uint8_t, joints);
    world->joint_whole = PARA_CUT(from, uint8_t, joints);
    world->throttle = PARA_CUT(from, float, world->def.thruster_count);
}

/// Sets every pointer for a slot that begins at `base`. @return [byte] up to the tail
static size_t lay_out(ParaDreamWorld *world, unsigned char *base)
{
    ParaCut from = {base, sizeof *world};
    para_world_def_cut(&world->def, &from);
    lay_out_facts(&from, world);
    lay_out_image(&from, world);
    world->touches = PARA_CUT(&from, ParaDreamTouch, 0);
    world->image_first = (size_t)((unsigned char *)world->state - base);
    return from.used;
}

#define SHOW(array) .array = world->array,

void para_dream_bind(ParaDreamWorld *world)
{
    lay_out(world, (unsigned char *)world);
    world->inputs = (ParaInputs){.stride = 1,
                                 .motor_rate = world->motor_rate,
                                 .motor_max = world->motor_max,
                                 .throttle = world->throttle,
                                 .force_x = world->force_x,
                                 .force_y = world->force_y,
                                 .torque = world->torque};
    world->view = (ParaView){
        .def = &world->def, .stride = 1, .diverged_body = -1, .zones = world->zones, PARA_VIEW_FIELDS(SHOW)};
}

size_t para_dream_image_size(const ParaDreamWorld *world, int touches, int contacts, int events)
{
    size_t head = (size_t)((const unsigned char *)world->touches - (const unsigned char *)world->state);
    return head + sizeof(ParaDreamTouch) * (size_t)touches + sizeof(ParaContact) * (size_t)contacts +
           sizeof(ParaEvent) * (size_t)events;
}

void para_dream_publish(ParaDreamWorld *world)
{
    ParaDreamState *state = world->state;
    ParaView *view = &world->view;
    const ParaContact *contacts = para_dream_contacts(world);
    int told = state->contact_count + state->gone_count;
    state->image_size = (int32_t)para_dream_image_size(world, state->touch_count, told, state->event_count);
    view->contacts = contacts;
    view->contact_count = state->contact_count;
    view->events = (const ParaEvent *)(const void *)(contacts + told);
    view->event_count = state->event_count;
    view->dropped = state->dropped;
    view->substeps = world->substeps;
    view->gravity = state->gravity;
    view->step = state->step;
    view->time = (double)state->step / (double)world->def.rate;
    view->status = (ParaWorldStatus)state->status;
    view->diverged_body = state->diverged_body;
}

size_t para_dream_slot_max(void)
{
    ParaDreamWorld measure = {.def = {.body_count = PARA_BODIES_MAX,
                                      .shape_count = PARA_SHAPES_MAX,
                                      .joint_count = PARA_JOINTS_MAX,
                                      .thruster_count = PARA_THRUSTERS_MAX,
                                      .zone_count = PARA_ZONES_MAX,
                                      .point_count = PARA_POINTS_MAX},
                              .facts = {.piece_count = PARA_SHAPES_MAX + PARA_POINTS_MAX}};
    size_t each = sizeof(ParaDreamTouch) + sizeof(ParaContact) + PARA_EVENTS_PER_CONTACT * sizeof(ParaEvent);
    return lay_out(&measure, (unsigned char *)&measure) + each * PARA_DREAM_TOUCHES_MAX;
}

// ---------------------------------------------------------------------------------------------
// A world as its def begins it.

static void begin_body(ParaDreamWorld *world, int b)
{
    const ParaBodyDef *def = &world->def.bodies[b];
    const ParaModelBody *own = &world->facts.bodies[b];
    bool still = def->kind == PARA_BODY_STATIC;
    float spin = still || def->fixed_rotation ? 0.0f : def->spin;
    double s, c;
    para_sincos((double)def->angle, &s, &c);
    ParaVec2 arm = {(float)c * own->centre.x - (float)s * own->centre.y,
                    (float)s * own->centre.x + (float)c * own->centre.y};
    world->x[b] = def->position.x, world->y[b] = def->position.y;
    world->angle[b] = def->angle, world->cos[b] = (float)c, world->sin[b] = (float)s;
    world->centre_x[b] = def->position.x + arm.x, world->centre_y[b] = def->position.y + arm.y;
    world->vx[b] = still ? 0.0f : def->velocity.x - spin * arm.y;
    world->vy[b] = still ? 0.0f : def->velocity.y + spin * arm.x;
    world->spin[b] = spin;
    world->mass[b] = own->inverse_mass > 0.0f ? 1.0f / own->inverse_mass : 0.0f;
    world->friction[b] = -1.0f;
    world->enabled[b] = 1;
}

void para_dream_build_slot(ParaDreamWorld *world, const ParaWorldDef *def)
{
    memset(world, 0, sizeof *world);
    world->def = *def;
    world->facts.piece_count = para_model_piece_count(def);
    size_t size = lay_out(world, (unsigned char *)world);
    memset(world->state, 0, size - world->image_first);
    para_world_def_fill(&world->def, def);
    para_dream_bind(world);
    para_model_facts_fill(&world->facts);
    world->substeps = para_world_substeps(def);
    *world->state = (ParaDreamState){.owner = (uintptr_t)world, .gravity = def->gravity, .diverged_body = -1};
    for (int z = 0; z < def->zone_count; z++)
        world->zones[z] = para_zone_state(&def->zones[z]);
    for (int b = 0; b < def->body_count; b++)
        begin_body(world, b);
    for (int j = 0; j < def->joint_count; j++) {
        world->joint_whole[j] = 1;
        para_dream_settle_joint(world, j);
    }
    para_dream_look_at_zones(world);
    para_dream_publish(world);
    para_dream_show_joints(world);
}
