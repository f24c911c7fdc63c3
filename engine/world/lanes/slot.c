// SPDX-License-Identifier: MIT
// Where everything lies in a world's slot: the ParaLanesWorld, its copy of the def, what is fixed after the
// build, and the image, whose tail (touches, contacts, events) has another length after every step. The order
// is written once, in lay_out.
#include "engine/base/assert.h"
#include "engine/world/def_copy.h"
#include "engine/world/events.h"
#include "engine/world/lanes/knots.h"
#include "engine/world/view_fields.h"

#define VECTOR_FLOATS 16 // of the widest kernel: it stores whole vectors past the last body

#define CUT_LINES(from, Type, count) ((Type *)para_cut((from), sizeof(Type) * (size_t)(count), 64))

static void lay_out_fixed(ParaCut *from, ParaLanesWorld *world)
{
    int points = world->point_count;
    world->bodies = CUT_LINES(from, ParaLanesBody, world->body_count);
    world->corners = CUT_LINES(from, float, world->corner_floats);
    world->shapes = PARA_CUT(from, ParaLanesShape, world->shape_count);
    world->chains = PARA_CUT(from, ParaLanesChain, world->chain_count);
    world->chain_points = PARA_CUT(from, float, points > 0 ? 2 * points + 2 * VECTOR_FLOATS : 0);
    world->chain_x = PARA_CUT(from, float, points > 0 ? points + VECTOR_FLOATS : 0);
    world->chain_y = PARA_CUT(from, float, points > 0 ? points + VECTOR_FLOATS : 0);
    world->edge_boxes = PARA_CUT(from, ParaLanesBox, world->box_count);
    world->stills = PARA_CUT(from, float, world->still_floats);
    world->seams = CUT_LINES(from, ParaLanesSeamSpots, world->seam_count);
    world->seam_parts = PARA_CUT(from, ParaLanesSeamPart, world->seam_part_count);
    world->joints = CUT_LINES(from, ParaLanesJoint, world->joint_count);
    world->knot = para_cut(from, para_lanes_knot_size(world), 64);
    world->areas = PARA_CUT(from, ParaZoneArea, world->zone_count);
}

/// All but the tail. Arrays of bodies lie close together: kernels load and store whole vectors that reach
/// into the next ones (commit in bodies.c), behind the last of them there is room.
static void lay_out_image(ParaCut *from, ParaLanesWorld *world)
{
    int bodies = world->body_count, joints = world->joint_count;
    int padded = (bodies + 3) / 4 * 4;
    world->state = CUT_LINES(from, ParaLanesState, 1);
#define CUT_BODIES(array) world->array = PARA_CUT(from, float, padded);
    PARA_VIEW_BODY_FIELDS(CUT_BODIES)
    CUT_BODIES(rest_x)
    CUT_BODIES(rest_y)
    CUT_BODIES(rest_cos)
    CUT_BODIES(rest_sin)
    world->force_x = PARA_CUT(from, float, bodies);
    world->force_y = PARA_CUT(from, float, bodies);
    world->torque = PARA_CUT(from, float, bodies);
    world->zone_bits = PARA_CUT(from, uint32_t, bodies);
    world->enabled = PARA_CUT(from, uint8_t, bodies);
    world->friction = PARA_CUT(from, float, bodies);
    world->zones = PARA_CUT(from, ParaZoneState, world->zone_count);
    world->motor_rate = PARA_CUT(from, float, joints);
    world->motor_max = PARA_CUT(from, float, joints);
    world->throttle = PARA_CUT(from, float, world->thruster_count);
    world->joint_angle = PARA_CUT(from, float, joints);
    world->joint_speed = PARA_CUT(from, float, joints);
    world->joint_load = PARA_CUT(from, float, joints);
    world->joint_states = CUT_LINES(from, ParaLanesJointState, joints);
    world->joint_enabled = PARA_CUT(from, uint8_t, 2 * joints);
    world->joint_marks = world->joint_enabled + joints;
    world->partners = PARA_CUT(from, uint64_t, world->shape_count);
    world->chain_partners = PARA_CUT(from, uint64_t, world->chain_count);
}

/// Sets every pointer for a slot that begins at `base`. @return [byte] up to the tail
static size_t lay_out(ParaLanesWorld *world, unsigned char *base)
{
    ParaCut from = {base, sizeof(ParaLanesWorld)};
    para_world_def_cut(&world->def, &from);
    lay_out_fixed(&from, world);
    lay_out_image(&from, world);
    world->touches = PARA_CUT(&from, ParaLanesTouch, 0);
    world->image_first = (size_t)((unsigned char *)world->state - base);
    return from.used;
}

#define SHOW(array) .array = world->array,

static void fill_view(ParaLanesWorld *world)
{
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

void para_lanes_bind(ParaLanesWorld *world)
{
    lay_out(world, (unsigned char *)world);
    fill_view(world);
}

size_t para_lanes_image_size(const ParaLanesWorld *world, int touches, int contacts, int events)
{
    size_t head = (size_t)((const unsigned char *)world->touches - (const unsigned char *)world->state);
    return head + sizeof(ParaLanesTouch) * (size_t)touches + sizeof(ParaContact) * (size_t)contacts +
           sizeof(ParaEvent) * (size_t)events;
}

void para_lanes_publish(ParaLanesWorld *world)
{
    ParaLanesState *state = world->state;
    PARA_ASSERT_HOT(state->touch_count >= state->contact_count);
    const ParaContact *contacts = (const ParaContact *)(const void *)(world->touches + state->touch_count);
    int told = state->contact_count + state->gone_count;
    state->image_size = (int32_t)para_lanes_image_size(world, state->touch_count, told, state->event_count);
    world->view.contacts = contacts;
    world->view.contact_count = state->contact_count;
    world->view.events = (const ParaEvent *)(const void *)(contacts + told);
    world->view.event_count = state->event_count;
    world->view.dropped = state->dropped;
    world->view.substeps = world->micro_steps / PARA_LANES_MICRO_STEPS;
    world->view.gravity = state->gravity;
    world->view.step = state->step;
    world->view.time = state->time;
    world->view.status = (ParaWorldStatus)state->status;
    world->view.diverged_body = state->diverged_body;
}

size_t para_lanes_slot_max(void)
{
    // The tail: every manifold a contact; each contact may begin, and strike, and each one before may end.
    enum { touches = PARA_LANES_MANIFOLDS_MAX, events = PARA_EVENTS_PER_CONTACT * PARA_LANES_MANIFOLDS_MAX };
    ParaLanesWorld measure = {.body_count = PARA_LANES_BODIES_MAX,
                              .shape_count = PARA_LANES_SHAPES_MAX,
                              .chain_count = PARA_LANES_CHAINS_MAX,
                              .joint_count = PARA_LANES_JOINTS_MAX,
                              .thruster_count = PARA_LANES_THRUSTERS_MAX,
                              .zone_count = PARA_LANES_ZONES_MAX,
                              .corner_floats = PARA_LANES_SHAPES_MAX * 4 * PARA_LANES_CORNERS_MAX,
                              .point_count = PARA_LANES_EDGES_MAX + 3 * PARA_LANES_CHAINS_MAX,
                              .box_count = PARA_LANES_EDGES_MAX / 8 + PARA_LANES_CHAINS_MAX,
                              .still_floats =
                                  PARA_LANES_SHAPES_MAX * PARA_LANES_STILL_FLOATS(PARA_LANES_CORNERS_MAX),
                              .knot_nodes = PARA_LANES_BODIES_MAX,
                              .knot_blocks = PARA_LANES_KNOT_BLOCKS_MAX,
                              .knot_pairs = PARA_LANES_KNOT_PAIRS_MAX,
                              .seam_count = PARA_LANES_SHAPES_MAX,
                              .seam_part_count = 2 * PARA_LANES_SHAPES_MAX};
    measure.def = (ParaWorldDef){.body_count = PARA_LANES_BODIES_MAX,
                                 .shape_count = PARA_LANES_SHAPES_MAX + PARA_LANES_CHAINS_MAX,
                                 .joint_count = PARA_LANES_JOINTS_MAX,
                                 .thruster_count = PARA_LANES_THRUSTERS_MAX,
                                 .zone_count = PARA_LANES_ZONES_MAX,
                                 .point_count = PARA_LANES_POINTS_MAX};
    size_t tail =
        sizeof(ParaLanesTouch) * touches + sizeof(ParaContact) * touches + sizeof(ParaEvent) * events;
    size_t spare = sizeof(float) * 2 * VECTOR_FLOATS; // may be read past the last array
    return lay_out(&measure, (unsigned char *)&measure) + tail + spare;
}
