// SPDX-License-Identifier: MIT
// From a def to a slot. Masses, centres and angles are worked out in double and rounded once; shapes are
// moved so that the centre of mass is the origin of their body. Order is the def's, so that the same def
// gives the same bits.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/def_copy.h"
#include "engine/world/effort.h"
#include "engine/world/fluid.h"
#include "engine/world/geometry.h"
#include "engine/world/lanes/joint_view.h"
#include "engine/world/lanes/knots.h"
#include "engine/world/lanes/sound.h"

#include <math.h>
#include <string.h>

#define ITERATIONS_USUAL   10   ///< [1] of a def: one pass over contacts
#define ITERATIONS_OF_PASS 5    ///< [1] above those: so many make one more
#define CLOSED_SQUARED     1e-8 ///< [m^2] a chain whose ends are this near is closed
static int corner_room(const ParaShapeDef *def)
{
    if (def->kind == PARA_SHAPE_CIRCLE)
        return 0;
    return def->point_count > 4 ? 8 : 4;
}

static bool is_still(const ParaWorldDef *def, const ParaShapeDef *shape)
{
    return def->bodies[shape->body].kind == PARA_BODY_STATIC;
}

static void count_parts(ParaLanesWorld *world, const ParaWorldDef *def, const ParaLanesFoundSeams *seams)
{
    *world = (ParaLanesWorld){.def = *def, .seam_count = seams->count};
    world->body_count = def->body_count;
    world->joint_count = def->joint_count;
    world->thruster_count = def->thruster_count;
    world->zone_count = def->zone_count;
    for (int i = 0; i < def->shape_count; i++) {
        const ParaShapeDef *shape = &def->shapes[i];
        int edges = (int)shape->point_count - 1;
        if (shape->kind == PARA_SHAPE_CHAIN) {
            world->chain_count++;
            world->point_count += edges + 3;
            world->box_count += (edges + PARA_LANES_BOX_EDGES - 1) / PARA_LANES_BOX_EDGES;
        } else {
            world->seam_part_count += seams->seamed >> world->shape_count & 1u ? corner_room(shape) / 4 : 0;
            world->shape_count++;
            world->still_floats += is_still(def, shape) ? PARA_LANES_STILL_FLOATS(corner_room(shape)) : 0;
            world->corner_floats += 4 * corner_room(shape);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Bodies.

/// Square [m^2] of the longest arm from the centre of mass of a body at which a hinge, weld or rail holds it.
static double longest_arm(const ParaWorldDef *def, int body, const ParaMass *mass)
{
    double most = 0;
    for (int i = 0; i < def->joint_count; i++) {
        const ParaJointDef *joint = &def->joints[i];
        if (joint->kind == PARA_JOINT_DISTANCE || joint->kind >= PARA_JOINT_SPRING)
            continue;
        for (int side = 0; side < 2; side++) {
            if ((side ? joint->b : joint->a) != body)
                continue;
            ParaVec2 anchor = side ? joint->anchor_b : joint->anchor_a;
            double x = (double)anchor.x - mass->x, y = (double)anchor.y - mass->y;
            most = para_max(most, x * x + y * y);
        }
    }
    return most;
}

/// A body on a very long arm cannot turn without being swung: of the inertia about the hinge its own is next
/// to nothing, and floats lose it. So it counts as no less than this share of the whole.
static double moment_of(const ParaWorldDef *def, int body, const ParaMass *mass)
{
    return para_max(mass->moment, mass->mass * longest_arm(def, body, mass) / PARA_LANES_ARM_MAX);
}

static void build_body(ParaLanesWorld *world, int index, int first_shape, int end_shape)
{
    const ParaBodyDef *def = &world->def.bodies[index];
    ParaMass mass = {0};
    if (def->kind == PARA_BODY_DYNAMIC)
        mass = para_body_mass(&world->def, first_shape, end_shape);
    double h = (double)world->micro_dt, sine, cosine;
    double inradius = 0;
    if (def->kind != PARA_BODY_STATIC)
        inradius = para_body_inradius(&world->def, first_shape, end_shape, mass.x, mass.y);
    bool moves = mass.mass > 0 && mass.moment > 0;
    world->bodies[index] = (ParaLanesBody){
        .inverse_mass = moves ? (float)(1.0 / mass.mass) : 0.0f,
        .inverse_inertia =
            moves && !def->fixed_rotation ? (float)(1.0 / moment_of(&world->def, index, &mass)) : 0.0f,
        .centre_x = (float)mass.x,
        .centre_y = (float)mass.y,
        .gravity_scale = def->gravity_scale,
        .damp_linear = (float)para_exp(-(double)def->linear_damping * h),
        .damp_angular = (float)para_exp(-(double)def->angular_damping * h),
        .inradius = (float)inradius};
    para_sincos((double)def->angle, &sine, &cosine);
    double arm_x = cosine * mass.x - sine * mass.y, arm_y = sine * mass.x + cosine * mass.y;
    world->x[index] = def->position.x;
    world->y[index] = def->position.y;
    world->angle[index] = def->angle;
    world->cos[index] = (float)cosine;
    world->sin[index] = (float)sine;
    world->mass[index] = (float)mass.mass;
    world->centre_x[index] = (float)((double)def->position.x + arm_x);
    world->centre_y[index] = (float)((double)def->position.y + arm_y);
    world->enabled[index] = 1;
    if (def->kind != PARA_BODY_STATIC) {
        double spin = def->fixed_rotation ? 0.0 : (double)def->spin;
        world->vx[index] = (float)((double)def->velocity.x - spin * arm_y);
        world->vy[index] = (float)((double)def->velocity.y + spin * arm_x);
        world->spin[index] = (float)spin;
    }
}

// ---------------------------------------------------------------------------------------------
// Shapes.

/// A point of a shape, from the centre of mass of its body.
static ParaVec2 from_centre(const ParaLanesWorld *world, const ParaShapeDef *def, uint32_t point)
{
    const ParaLanesBody *body = &world->bodies[def->body];
    ParaVec2 p = world->def.points[def->point_first + point];
    return (ParaVec2){p.x - body->centre_x, p.y - body->centre_y};
}

static float length_of(ParaVec2 v)
{
    return (float)para_sqrt((double)v.x * (double)v.x + (double)v.y * (double)v.y);
}

/// Outward normal of the edge from a to b of a polygon that goes counter-clockwise.
static ParaVec2 normal_of(ParaVec2 a, ParaVec2 b)
{
    double ex = (double)b.x - (double)a.x, ey = (double)b.y - (double)a.y;
    double length = para_sqrt(ex * ex + ey * ey);
    return (ParaVec2){(float)(ey / length), (float)(-ex / length)};
}

/// Corners, normals (of a segment: both its sides) and the repeats that fill the room.
static void build_corners(ParaLanesWorld *world, const ParaShapeDef *def, ParaLanesShape *shape)
{
    uint32_t count = def->point_count;
    float *v = world->corners + shape->corner_first, *n = v + 2 * shape->corner_room;
    for (uint32_t i = 0; i < shape->corner_room; i++) {
        uint32_t k = i < count ? i : count - 1;
        ParaVec2 a = from_centre(world, def, k);
        ParaVec2 normal = normal_of(a, from_centre(world, def, (k + 1) % count));
        v[2 * i] = a.x;
        v[2 * i + 1] = a.y;
        n[2 * i] = normal.x;
        n[2 * i + 1] = normal.y;
    }
}

static void build_shape(ParaLanesWorld *world, int index, int *next, int *corner_next)
{
    const ParaShapeDef *def = &world->def.shapes[index];
    ParaLanesShape *shape = &world->shapes[(*next)++];
    *shape = (ParaLanesShape){.radius = def->radius,
                              .friction = def->friction,
                              .restitution = def->restitution,
                              .def = (uint16_t)index,
                              .body = (uint8_t)def->body,
                              .corner_count = (uint8_t)def->point_count,
                              .corner_first = (uint16_t)*corner_next,
                              .corner_room = (uint8_t)corner_room(def),
                              .still = is_still(&world->def, def)};
    double x = 0, y = 0;
    for (uint32_t i = 0; i < def->point_count; i++) {
        ParaVec2 p = from_centre(world, def, i);
        x += (double)p.x / (double)def->point_count;
        y += (double)p.y / (double)def->point_count;
        float reach = length_of(p) + def->radius;
        shape->reach = reach > shape->reach ? reach : shape->reach;
    }
    shape->x = (float)x;
    shape->y = (float)y;
    build_corners(world, def, shape);
    *corner_next += 4 * shape->corner_room;
}

static void put_point(ParaLanesWorld *world, int at, ParaVec2 p)
{
    world->chain_x[at] = world->chain_points[2 * at] = p.x;
    world->chain_y[at] = world->chain_points[2 * at + 1] = p.y;
}

/// Boxes of a chain whose points are in place.
static void build_boxes(ParaLanesWorld *world, const ParaLanesChain *chain)
{
    for (int edge = 0; edge < chain->edge_count; edge += PARA_LANES_BOX_EDGES) {
        ParaLanesBox *box = &world->edge_boxes[chain->box_first + edge / PARA_LANES_BOX_EDGES];
        int first = chain->point_first + 1 + edge;
        int last = chain->point_first + 1 +
                   (edge + PARA_LANES_BOX_EDGES < chain->edge_count ? edge + PARA_LANES_BOX_EDGES
                                                                    : chain->edge_count);
        *box = (ParaLanesBox){world->chain_x[first], world->chain_y[first], world->chain_x[first],
                              world->chain_y[first]};
        for (int i = first + 1; i <= last; i++) {
            float x = world->chain_x[i], y = world->chain_y[i];
            box->low_x = x < box->low_x ? x : box->low_x;
            box->low_y = y < box->low_y ? y : box->low_y;
            box->high_x = x > box->high_x ? x : box->high_x;
            box->high_y = y > box->high_y ? y : box->high_y;
        }
        box->low_x -= chain->radius;
        box->low_y -= chain->radius;
        box->high_x += chain->radius;
        box->high_y += chain->radius;
    }
}

static void build_chain(ParaLanesWorld *world, int index, ParaLanesChain *chain, const ParaLanesChain *before)
{
    const ParaShapeDef *def = &world->def.shapes[index];
    int last = (int)def->point_count - 1, before_edges = before ? before->edge_count : 0;
    *chain = (ParaLanesChain){.radius = def->radius,
                              .friction = def->friction,
                              .restitution = def->restitution,
                              .def = (uint16_t)index,
                              .body = (uint8_t)def->body,
                              .edge_count = (uint16_t)last};
    if (before) {
        chain->point_first = (uint16_t)(before->point_first + before_edges + 3);
        chain->box_first =
            (uint16_t)(before->box_first + (before_edges + PARA_LANES_BOX_EDGES - 1) / PARA_LANES_BOX_EDGES);
    }
    ParaVec2 begin = from_centre(world, def, 0), end = from_centre(world, def, (uint32_t)last);
    double dx = (double)end.x - (double)begin.x, dy = (double)end.y - (double)begin.y;
    chain->closed = last > 2 && dx * dx + dy * dy < CLOSED_SQUARED;
    int at = chain->point_first;
    put_point(world, at, chain->closed ? from_centre(world, def, (uint32_t)last - 1) : begin);
    for (int i = 0; i <= last; i++)
        put_point(world, at + 1 + i, from_centre(world, def, (uint32_t)i));
    put_point(world, at + last + 2, chain->closed ? from_centre(world, def, 1) : end);
    build_boxes(world, chain);
}

static void build_shapes(ParaLanesWorld *world)
{
    int next = 0, corner_next = 0, chain_next = 0;
    for (int i = 0; i < world->def.shape_count; i++) {
        if (world->def.shapes[i].kind != PARA_SHAPE_CHAIN) {
            build_shape(world, i, &next, &corner_next);
            continue;
        }
        ParaLanesChain *chain = &world->chains[chain_next];
        build_chain(world, i, chain, chain_next > 0 ? chain - 1 : NULL);
        chain_next++;
    }
    PARA_ASSERT(next == world->shape_count && chain_next == world->chain_count);
    PARA_ASSERT(corner_next == world->corner_floats);
    para_lanes_place_stills(world);
}

// ---------------------------------------------------------------------------------------------
// Who may touch whom.

/// Bit b of out[a]: bodies a and b hang together by a whole joint that keeps them from touching. [body_count]
static void join_bodies(const ParaLanesWorld *world, uint64_t *out)
{
    memset(out, 0, sizeof(uint64_t) * PARA_LANES_BODIES_MAX);
    for (int i = 0; i < world->joint_count; i++) {
        const ParaJointDef *joint = &world->def.joints[world->joints[i].def];
        if (joint->collide || (world->joint_marks[i] & PARA_LANES_JOINT_BROKEN))
            continue;
        out[joint->a] |= (uint64_t)1 << joint->b;
        out[joint->b] |= (uint64_t)1 << joint->a;
    }
}

static bool may_touch(const ParaLanesWorld *world, const uint64_t *joined, int shape_a, int shape_b)
{
    const ParaShapeDef *a = &world->def.shapes[shape_a], *b = &world->def.shapes[shape_b];
    const ParaBodyDef *body_a = &world->def.bodies[a->body], *body_b = &world->def.bodies[b->body];
    return a->body != b->body && world->enabled[a->body] && world->enabled[b->body] &&
           (a->category & b->mask) != 0 && (b->category & a->mask) != 0 &&
           (body_a->group == 0 || body_a->group != body_b->group) &&
           (body_a->kind == PARA_BODY_DYNAMIC || body_b->kind == PARA_BODY_DYNAMIC) &&
           (joined[a->body] >> b->body & 1u) == 0;
}

void para_lanes_find_partners(ParaLanesWorld *world)
{
    uint64_t joined[PARA_LANES_BODIES_MAX];
    join_bodies(world, joined);
    for (int i = 0; i < world->shape_count; i++) {
        uint64_t bits = 0;
        for (int j = i + 1; j < world->shape_count; j++)
            bits |= (uint64_t)may_touch(world, joined, world->shapes[i].def, world->shapes[j].def) << j;
        world->partners[i] = bits;
    }
    for (int i = 0; i < world->chain_count; i++) {
        uint64_t bits = 0;
        for (int j = 0; j < world->shape_count; j++)
            bits |= (uint64_t)may_touch(world, joined, world->chains[i].def, world->shapes[j].def) << j;
        world->chain_partners[i] = bits;
    }
}

// ---------------------------------------------------------------------------------------------
// Joints.

#define ROPE_ANY 1e29f ///< [m] a rope may be as short as one likes

typedef enum { PIN, RAIL, LINE } JointClass;

static JointClass class_of(const ParaJointDef *def)
{
    if (def->kind == PARA_JOINT_REVOLUTE || def->kind == PARA_JOINT_WELD)
        return PIN;
    return def->kind == PARA_JOINT_PRISMATIC ? RAIL : LINE;
}

static void build_joint(ParaLanesWorld *world, int index, ParaLanesJoint *joint)
{
    const ParaJointDef *def = &world->def.joints[index];
    const ParaLanesBody *a = &world->bodies[def->a], *b = &world->bodies[def->b];
    double start = (double)world->angle[def->b] - (double)world->angle[def->a], sine, cosine;
    double axis =
        para_sqrt((double)def->axis.x * (double)def->axis.x + (double)def->axis.y * (double)def->axis.y);
    para_sincos(start, &sine, &cosine);
    *joint = (ParaLanesJoint){.a = def->a,
                              .b = def->b,
                              .kind = (int32_t)def->kind,
                              .def = index,
                              .limited = def->limited ? -1 : 0,
                              .motored = def->motored ? -1 : 0,
                              .anchor_ax = def->anchor_a.x - a->centre_x,
                              .anchor_ay = def->anchor_a.y - a->centre_y,
                              .anchor_bx = def->anchor_b.x - b->centre_x,
                              .anchor_by = def->anchor_b.y - b->centre_y,
                              .axis_x = axis > 0 ? (float)((double)def->axis.x / axis) : 1.0f,
                              .axis_y = axis > 0 ? (float)((double)def->axis.y / axis) : 0.0f,
                              .lower = def->lower,
                              .upper = def->upper,
                              .stiffness = def->stiffness,
                              .damping = def->damping,
                              .rest = def->rest,
                              .start_cos = (float)cosine,
                              .start_sin = (float)sine,
                              .start = world->angle[def->b] - world->angle[def->a]};
    if (def->kind == PARA_JOINT_PULLEY) { // as a distance
        joint->lower = def->rigid ? def->rest : -ROPE_ANY;
        joint->upper = def->rest;
    } else if (def->kind == PARA_JOINT_GEAR || def->kind == PARA_JOINT_RACK) { // about middles
        joint->anchor_ax = joint->anchor_ay = 0.0f;
        if (def->kind == PARA_JOINT_GEAR)
            joint->anchor_bx = joint->anchor_by = 0.0f;
    }
}

static void build_joints(ParaLanesWorld *world)
{
    int *counts[] = {&world->pin_count, &world->rail_count, &world->line_count}, next = 0;
    for (int class = PIN; class <= LINE; class ++)
        for (int i = 0; i < world->joint_count; i++)
            if ((int)class_of(&world->def.joints[i]) == class) {
                build_joint(world, i, &world->joints[next]);
                world->joint_marks[next] = PARA_LANES_JOINT_ON;
                world->joint_enabled[i] = 1;
                para_lanes_engage_joint(world, next);
                para_lanes_show_joint(world, next++);
                ++*counts[class];
            }
    PARA_ASSERT(next == world->joint_count);
    for (int i = 0; i < world->joint_count; i++) {
        ParaLanesJoint *joint = &world->joints[i];
        if (joint->kind == PARA_JOINT_DISTANCE && !joint->limited)
            joint->lower = joint->upper = world->joint_angle[joint->def];
    }
}

void para_lanes_place_zones(ParaLanesWorld *world)
{
    ParaLanesBox *all = &world->zones_box;
    *all = (ParaLanesBox){1e30f, 1e30f, -1e30f, -1e30f};
    for (int i = 0; i < world->zone_count; i++) {
        ParaZoneArea area = para_zone_area(&world->def, i, &world->zones[i]);
        *all = (ParaLanesBox){fminf((float)area.low_x, all->low_x), fminf((float)area.low_y, all->low_y),
                              fmaxf((float)area.high_x, all->high_x), fmaxf((float)area.high_y, all->high_y)};
        world->areas[i] = area;
    }
    world->fluid_bits = para_fluid_bits(world->zones, world->zone_count);
}

void para_lanes_rub_shapes(ParaLanesWorld *world)
{
    for (int i = 0; i < world->shape_count; i++) {
        ParaLanesShape *shape = &world->shapes[i];
        float now = world->friction[shape->body];
        shape->friction = now >= 0.0f ? now : world->def.shapes[shape->def].friction;
    }
    for (int i = 0; i < world->chain_count; i++) {
        ParaLanesChain *chain = &world->chains[i];
        float now = world->friction[chain->body];
        chain->friction = now >= 0.0f ? now : world->def.shapes[chain->def].friction;
    }
}

// ---------------------------------------------------------------------------------------------

bool para_lanes_build_slot(void *slot, size_t slot_size, const ParaWorldDef *def)
{
    PARA_ASSERT((uintptr_t)slot % 64 == 0); // what the kernels load is aligned within the slot
    ParaLanesWorld *world = slot, measure;
    ParaLanesFoundSeams seams;
    para_lanes_find_seams(def, NULL, &seams);
    count_parts(&measure, def, &seams);
    para_lanes_measure_knot(&measure, def);
    para_lanes_bind(&measure);
    size_t size = (size_t)((unsigned char *)measure.touches - (unsigned char *)&measure);
    if (size > slot_size)
        return false;
    memset(slot, 0, size);
    *world = measure;
    para_lanes_bind(world);
    para_world_def_fill(&world->def, def);
    world->micro_steps = para_world_substeps(&world->def) * PARA_LANES_MICRO_STEPS;
    int more = (def->iterations - ITERATIONS_USUAL) / ITERATIONS_OF_PASS;
    world->passes = world->knot_nodes == 0 ? 1 : (int)para_clamp(1 + more, 1, PARA_LANES_PASSES_MAX);
    world->dt = (float)(1.0 / (double)def->rate);
    world->micro_dt = (float)(1.0 / ((double)def->rate * (double)world->micro_steps));
    world->state->owner = (uintptr_t)slot;
    world->state->diverged_body = -1;
    world->state->gravity = def->gravity;
    for (int i = 0, first = 0; i < def->body_count; i++) {
        world->fast_count += def->bodies[i].kind == PARA_BODY_DYNAMIC && def->bodies[i].fast;
        int end = first;
        while (end < def->shape_count && world->def.shapes[end].body == i)
            end++;
        build_body(world, i, first, end);
        first = end;
    }
    build_shapes(world);
    for (int i = 0; i < def->body_count; i++)
        world->statics |= (uint64_t)(def->bodies[i].kind == PARA_BODY_STATIC) << i;
    world->seams_change = seams.count > 0 || seams.any_end;
    para_lanes_set_seams(world, &seams);
    build_joints(world);
    para_lanes_find_partners(world);
    para_lanes_build_knot(world);
    for (int i = 0; i < def->shape_count; i++) {
        world->any_belt = world->any_belt || def->shapes[i].belt != 0.0f;
        world->any_one_way = world->any_one_way || def->shapes[i].one_way;
    }
    for (int i = 0; i < def->zone_count; i++)
        world->zones[i] = para_zone_state(&def->zones[i]);
    para_lanes_place_zones(world);
    for (int i = 0; i < def->body_count; i++) {
        world->friction[i] = -1.0f;
        world->zone_bits[i] = para_zones_at(world->areas, world->zone_count, (double)world->centre_x[i],
                                            (double)world->centre_y[i]);
    }
    para_lanes_publish(world);
    PARA_CHECK_HOT(para_lanes_check_world(world));
    return true;
}
