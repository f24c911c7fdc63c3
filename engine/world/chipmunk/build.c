// SPDX-License-Identifier: MIT
// From a def to a Chipmunk space. Bodies are built about their centre of mass (shapes are shifted), so
// Chipmunk's own centre of gravity stays zero; the origin is worked out when state is published.
// Insertion order is the def's order: it is part of the level.
#include "engine/world/chipmunk/links.h"
#include "engine/world/chipmunk/parts.h"
#include "engine/world/chipmunk/toi.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/def_copy.h"
#include "engine/world/events.h"
#include "engine/world/view_fields.h"

#include <string.h>

#define BEND_MIN 3e-3 ///< [1] sine of the angle of a corner that is one

static int contact_room(const ParaWorldDef *def) { return 32 + 2 * def->body_count; }

/// Pieces of all chains.
static int seam_room(const ParaWorldDef *def)
{
    uint32_t count = 0;
    for (int i = 0; i < def->shape_count; i++)
        if (def->shapes[i].kind == PARA_SHAPE_CHAIN)
            count += def->shapes[i].point_count;
    return (int)count;
}

/// Assigns every array of the world; returns the size of the header. The order is written once, here.
static size_t lay_out(ParaCpWorld *world, unsigned char *base, const ParaWorldDef *def)
{
    ParaCut from = {base, sizeof(ParaCpWorld)};
    int bodies = def->body_count, joints = def->joint_count;
    int contacts = contact_room(def);
    world->bodies = PARA_CUT(&from, cpBody *, bodies);
    world->joints = PARA_CUT(&from, cpConstraint *, joints);
    world->away = PARA_CUT(&from, cpShape *, bodies);
    world->plain_begin = (from.used + 15) / 16 * 16;
    world->def = *def;
    para_world_def_cut(&world->def, &from);
    world->body_data = PARA_CUT(&from, ParaCpBodyData, bodies);
    world->before = PARA_CUT(&from, ParaCpPose, bodies);
    world->thrusters = PARA_CUT(&from, ParaCpThruster, def->thruster_count);
    world->areas = PARA_CUT(&from, ParaZoneArea, def->zone_count);
    world->zones = PARA_CUT(&from, ParaZoneState, def->zone_count);
    world->seams = PARA_CUT(&from, ParaCpSeam, seam_room(def));
    world->links = PARA_CUT(&from, ParaCpLink, joints);
    world->strain = PARA_CUT(&from, double, bodies);
    world->pairs = PARA_CUT(&from, int32_t, bodies);
    world->body_nodes = PARA_CUT(&from, int32_t, bodies);
    world->node_bodies = PARA_CUT(&from, int32_t, bodies);
    world->inertias = PARA_CUT(&from, ParaCpInertia, bodies);
    world->curving = PARA_CUT(&from, double, bodies);
    world->seam_of = PARA_CUT(&from, int16_t, def->shape_count);
    world->joint_sum = PARA_CUT(&from, double, joints);
    world->touch_max = 2 * contacts;
    world->touches = PARA_CUT(&from, ParaCpTouch, world->touch_max);
    world->touch_scratch = PARA_CUT(&from, ParaCpTouch, world->touch_max);
    world->contact_max = contacts;
    world->contacts = PARA_CUT(&from, ParaContact, contacts);
    world->contacts_before = PARA_CUT(&from, ParaContact, contacts);
    world->event_max = PARA_EVENTS_PER_CONTACT * contacts;
    world->events = PARA_CUT(&from, ParaEvent, world->event_max);
#define CUT_BODIES(array) world->array = PARA_CUT(&from, float, bodies);
    PARA_VIEW_BODY_FIELDS(CUT_BODIES)
    world->zone_bits = PARA_CUT(&from, uint32_t, bodies);
    world->enabled = PARA_CUT(&from, uint8_t, bodies);
    world->friction = PARA_CUT(&from, float, bodies);
    world->joint_enabled = PARA_CUT(&from, uint8_t, joints);
    world->joint_angle = PARA_CUT(&from, float, joints);
    world->joint_speed = PARA_CUT(&from, float, joints);
    world->joint_load = PARA_CUT(&from, float, joints);
    world->inputs.motor_rate = PARA_CUT(&from, float, joints);
    world->inputs.motor_max = PARA_CUT(&from, float, joints);
    world->inputs.throttle = PARA_CUT(&from, float, def->thruster_count);
    world->inputs.force_x = PARA_CUT(&from, float, bodies);
    world->inputs.force_y = PARA_CUT(&from, float, bodies);
    world->inputs.torque = PARA_CUT(&from, float, bodies);
    world->plain_end = (from.used + 15) / 16 * 16;
    return world->plain_end;
}

#define SHOW(array) .array = world->array,

static void fill_view(ParaCpWorld *world)
{
    world->inputs.stride = 1;
    world->view = (ParaView){.def = &world->def,
                             .stride = 1,
                             .contacts = world->contacts,
                             .events = world->events,
                             .status = PARA_WORLD_FINE,
                             .diverged_body = -1,
                             .gravity = world->def.gravity,
                             .zones = world->zones,
                             PARA_VIEW_FIELDS(SHOW)};
}

static void build_space(ParaCpWorld *world)
{
    const ParaWorldDef *def = &world->def;
    cpSpace *space = cpSpaceNew();
    world->space = space;
    ParaCpParts parts = para_cp_parts_of(def);
    world->parts_least = parts.least;
    world->turns_least = parts.turns * def->iterations;
    para_cp_set_parts(world, parts.start);
    world->view.substeps = def->substeps * world->parts;
    cpSpaceSetGravity(space, cpv((double)def->gravity.x, (double)def->gravity.y));
    cpSpaceSetUserData(space, world);
    // Set directly: cpSpaceAddDefaultCollisionHandler would switch on wildcard lookups for every contact.
    space->defaultHandler.preSolveFunc = para_cp_straighten;
}

static void build_body(ParaCpWorld *world, int index, int first_shape, int end_shape)
{
    PARA_ASSERT(first_shape <= end_shape && end_shape <= world->def.shape_count);
    const ParaBodyDef *def = &world->def.bodies[index];
    ParaCpBodyData *data = &world->body_data[index];
    ParaMass mass = {0};
    cpBody *body;
    if (def->kind == PARA_BODY_DYNAMIC) {
        mass = para_body_mass(&world->def, first_shape, end_shape);
        body = cpBodyNew(mass.mass, def->fixed_rotation ? PARA_INFINITY : mass.moment);
        world->any_fixed = world->any_fixed || def->fixed_rotation;
    } else {
        body = def->kind == PARA_BODY_KINEMATIC ? cpBodyNewKinematic() : cpBodyNewStatic();
    }
    *data = (ParaCpBodyData){.mass = mass.mass,
                             .centre_x = mass.x,
                             .centre_y = mass.y,
                             .gravity_scale = (double)def->gravity_scale,
                             .linear_damping = (double)def->linear_damping,
                             .angular_damping = (double)def->angular_damping};
    double sine, cosine;
    para_sincos((double)def->angle, &sine, &cosine);
    double arm_x = cosine * mass.x - sine * mass.y, arm_y = sine * mass.x + cosine * mass.y;
    cpBodySetAngle(body, (double)def->angle);
    cpBodySetPosition(body, cpv((double)def->position.x + arm_x, (double)def->position.y + arm_y));
    if (def->kind != PARA_BODY_STATIC) {
        double spin = def->fixed_rotation ? 0.0 : (double)def->spin;
        body->v = cpv((double)def->velocity.x - spin * arm_y, (double)def->velocity.y + spin * arm_x);
        body->w = spin;
    }
    if (def->kind == PARA_BODY_DYNAMIC &&
        (def->gravity_scale != 1.0f || def->linear_damping != 0.0f || def->angular_damping != 0.0f))
        body->velocity_func = para_cp_velocity;
    cpBodySetUserData(body, (cpDataPointer)(uintptr_t)index);
    cpSpaceAddBody(world->space, body);
    world->bodies[index] = body;
    world->mass[index] = (float)mass.mass;
    world->enabled[index] = 1;
    world->friction[index] = -1.0f;
}

void para_cp_add_shape(ParaCpWorld *world, int index, int piece, cpShape *shape)
{
    PARA_ASSERT(index >= 0 && index < PARA_SHAPES_MAX && piece >= 0); // both fit the shape's user data
    const ParaShapeDef *def = &world->def.shapes[index];
    shape->u = (double)def->friction;
    shape->e = (double)def->restitution;
    shape->filter = cpShapeFilterNew((cpGroup)world->def.bodies[def->body].group, def->category, def->mask);
    shape->userData = (cpDataPointer)((uintptr_t)index | (uintptr_t)piece << 16);
    cpSpaceAddShape(world->space, shape);
}

static cpVect shifted(const ParaCpWorld *world, const ParaShapeDef *def, uint32_t point)
{
    const ParaCpBodyData *data = &world->body_data[def->body];
    ParaVec2 p = world->def.points[def->point_first + point];
    return cpv((double)p.x - data->centre_x, (double)p.y - data->centre_y);
}

/// Leaves out corners that hardly bend: Chipmunk takes the edges beside one for each other, and finds
/// contacts metres away or none. @return how many are left
static int drop_flat_corners(cpVect *corner, int count)
{
    for (int i = 0; i < count && count > 3;) {
        cpVect before = cpvnormalize(cpvsub(corner[i], corner[(i + count - 1) % count]));
        cpVect after = cpvnormalize(cpvsub(corner[(i + 1) % count], corner[i]));
        if (cpvcross(before, after) > BEND_MIN) {
            i++;
            continue;
        }
        count--;
        for (int k = i; k < count; k++)
            corner[k] = corner[k + 1];
        i = i > 0 ? i - 1 : 0;
    }
    return count;
}

static void build_shape(ParaCpWorld *world, int index)
{
    const ParaShapeDef *def = &world->def.shapes[index];
    cpBody *body = world->bodies[def->body];
    cpVect corner[PARA_POLYGON_POINTS_MAX];
    double radius = (double)def->radius;
    switch (def->kind) {
    case PARA_SHAPE_CIRCLE:
        para_cp_add_shape(world, index, 0, cpCircleShapeNew(body, radius, shifted(world, def, 0)));
        break;
    case PARA_SHAPE_SEGMENT:
        para_cp_add_shape(world, index, 0,
                          cpSegmentShapeNew(body, shifted(world, def, 0), shifted(world, def, 1), radius));
        break;
    case PARA_SHAPE_POLYGON:
        for (uint32_t i = 0; i < def->point_count; i++)
            corner[i] = shifted(world, def, i);
        para_cp_add_shape(
            world, index, 0,
            cpPolyShapeNewRaw(body, drop_flat_corners(corner, (int)def->point_count), corner, 0.0));
        break;
    case PARA_SHAPE_CHAIN:
        para_cp_build_chain(world, index);
        break;
    }
}

static void build_thruster(ParaCpWorld *world, int index)
{
    const ParaThrusterDef *def = &world->def.thrusters[index];
    const ParaCpBodyData *data = &world->body_data[def->body];
    world->thrusters[index] = (ParaCpThruster){.x = (double)def->point.x - data->centre_x,
                                               .y = (double)def->point.y - data->centre_y,
                                               .direction_x = (double)def->direction.x,
                                               .direction_y = (double)def->direction.y,
                                               .force_max = (double)def->force_max};
}

/// What depends on how small things are: the overlap that is left alone, and whether a body would fall
/// through what it lies on while it is still slow, and so is swept like a fast one.
static void measure_shapes(ParaCpWorld *world)
{
    double slop = PARA_CP_SLOP_MAX;
    for (int i = 0; i < world->def.body_count; i++) {
        double least = PARA_INFINITY, reach = 0.0;
        world->body_data[i].inradius = least;
        world->mover_count += world->def.bodies[i].kind == PARA_BODY_KINEMATIC;
        if (world->def.bodies[i].kind != PARA_BODY_DYNAMIC)
            continue;
        for (const cpShape *shape = world->bodies[i]->shapeList; shape; shape = shape->next) {
            ParaCpHull hull = para_cp_hull(shape, 0.0);
            least = para_min(least, para_cp_shape_inradius(shape));
            reach = para_max(reach, hull.reach + hull.radius);
        }
        slop = para_min(slop, PARA_CP_SLOP_SHARE * least);
        world->body_data[i].inradius = least;
        world->body_data[i].overhang = para_max(reach - least, 0.0);
        world->body_data[i].fast = world->def.bodies[i].fast || least < PARA_CP_SMALL;
        world->fast_count += world->body_data[i].fast;
    }
    cpSpaceSetCollisionSlop(world->space, para_max(slop, PARA_CP_SLOP_MIN));
}

static void build_world(ParaCpSlot *slot, const ParaWorldDef *def)
{
    ParaCpWorld measure;
    size_t header = lay_out(&measure, slot->base, def);
    if (header > PARA_CP_HEAP_MAX / 2)
        para_cp_give_up(PARA_CP_ESCAPE_FULL);
    para_cp_heap_reset(slot, header);
    ParaCpWorld *world = (ParaCpWorld *)(void *)slot->base;
    size_t laid_out = lay_out(world, slot->base, def);
    PARA_ASSERT(laid_out == header && world->plain_begin < world->plain_end);
    para_world_def_fill(&world->def, def);
    fill_view(world);
    build_space(world);
    for (int i = 0, first = 0; i < def->body_count; i++) {
        int end = first;
        while (end < def->shape_count && def->shapes[end].body == i)
            end++;
        build_body(world, i, first, end);
        first = end;
    }
    for (int i = 0; i < def->shape_count; i++) {
        build_shape(world, i);
        world->silent_count += def->shapes[i].mask == 0 || def->shapes[i].category == 0;
    }
    measure_shapes(world);
    para_cp_find_seams(world);
    for (int i = 0; i < def->joint_count; i++)
        para_cp_build_joint(world, i);
    para_cp_plan_holds(world);
    para_cp_plan_drives(world);
    world->jolted = true;
    for (int i = 0; i < def->thruster_count; i++)
        build_thruster(world, i);
    for (int i = 0; i < def->zone_count; i++) {
        world->zones[i] = para_zone_state(&def->zones[i]);
        world->areas[i] = para_zone_area(&world->def, i, &world->zones[i]);
    }
    world->fluid_bits = para_fluid_bits(world->zones, def->zone_count);
    for (int i = 0; i < def->shape_count; i++) {
        world->any_belt = world->any_belt || def->shapes[i].belt != 0.0f;
        world->any_one_way = world->any_one_way || def->shapes[i].one_way;
    }
    for (int i = 0; i < def->body_count; i++)
        para_cp_publish_body(world, i);
    PARA_ASSERT(world->seam_count <= seam_room(def));
    para_cp_publish_joints(world, 1.0);
}

/// Builds under a guard; returns why it was left early, PARA_CP_ESCAPE_NONE if it was not.
static int build_guarded(ParaCpSlot *slot, const ParaWorldDef *def)
{
    ParaCpGuard guard;
    para_cp_enter(&guard, slot);
    int escape = setjmp(guard.way_out);
    if (escape == PARA_CP_ESCAPE_NONE)
        build_world(slot, def);
    para_cp_leave(&guard);
    return escape;
}

bool para_cp_build(void *solver, int index, const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    ParaCpSlot *slot = &((ParaCpSolver *)solver)->slots[index];
    int escape = build_guarded(slot, def);
    slot->built = escape == PARA_CP_ESCAPE_NONE;
    if (!slot->built && diagnostics)
        para_diag_add(diagnostics, PARA_DIAG_ERROR, "W011", "",
                      escape == PARA_CP_ESCAPE_FULL ? "the world is too big for its memory"
                                                    : "the solver refused the world");
    return slot->built;
}
