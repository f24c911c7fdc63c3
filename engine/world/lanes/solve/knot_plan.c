// SPDX-License-Identifier: MIT
// Which worlds are knotted, and the knot's memory and plan, when a world is built: what is asked of a def,
// the pieces of bodies that hang together, and the net that knots.c solves in every step.
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "engine/world/lanes/knots.h"

// Which joints rows of vectors would not hold.
#define RATIO_USUAL 8.0 ///< [1] of the masses of two joined bodies, per square of the substeps asked for
#define PIECE_USUAL 10  ///< [1] bodies that hang together by hinges, rails and rods
#define SWING_USUAL 0.5 ///< [1] own frequency of a spring times its micro step, squared

static bool moves(const ParaWorldDef *def, int body) { return def->bodies[body].kind == PARA_BODY_DYNAMIC; }

static bool holds(const ParaJointDef *joint)
{
    if (joint->kind == PARA_JOINT_PULLEY)
        return joint->rigid;
    return joint->kind != PARA_JOINT_DISTANCE || !joint->limited || joint->lower >= joint->upper;
}

bool para_def_asks_for_knot(const ParaWorldDef *def)
{
    bool asks = false;
    for (int i = 0; i < def->joint_count; i++)
        asks |= para_is_knotted_joint(&def->joints[i]);
    return asks;
}

static void weigh(const ParaWorldDef *def, ParaMass *masses)
{
    int first = 0;
    for (int i = 0; i < def->body_count; i++) {
        int end = first;
        while (end < def->shape_count && def->shapes[end].body == i)
            end++;
        masses[i] = moves(def, i) ? para_body_mass(def, first, end) : (ParaMass){0};
        first = end;
    }
}

/// Whether a body turns so easily about its own middle that what touches it swings the anchor, not the body,
/// and may be jammed by a heavier one.
static bool is_long_armed(const ParaMass *mass, ParaVec2 anchor, double heaviest)
{
    double x = (double)anchor.x - mass->x, y = (double)anchor.y - mass->y;
    return mass->mass * (x * x + y * y) > (double)PARA_LANES_LONG_ARM * mass->moment &&
           heaviest > RATIO_USUAL * mass->mass;
}

/// Whether one joint alone asks for a knot.
static bool is_hard(const ParaWorldDef *def, const ParaJointDef *joint, const ParaMass *masses,
                    double heaviest)
{
    const ParaMass *a = &masses[joint->a], *b = &masses[joint->b];
    if (para_is_knotted_joint(joint))
        return true;
    bool both = a->mass > 0.0 && b->mass > 0.0, line = joint->kind == PARA_JOINT_DISTANCE;
    if (joint->kind == PARA_JOINT_SPRING) {
        double h = 1.0 / ((double)def->rate * (double)def->substeps * PARA_LANES_MICRO_STEPS);
        return both && (double)joint->stiffness * h * h * (1.0 / a->mass + 1.0 / b->mass) > SWING_USUAL;
    }
    double ratio = RATIO_USUAL * def->substeps * def->substeps;
    if (both && (joint->kind == PARA_JOINT_WELD || a->mass > ratio * b->mass || b->mass > ratio * a->mass))
        return true;
    if (!both && !line && joint->limited && joint->motored)
        return true;
    return !line &&
           (is_long_armed(a, joint->anchor_a, heaviest) || is_long_armed(b, joint->anchor_b, heaviest));
}

/// @return 1 if both nodes are there
static int add_edge(int32_t edge[2], int32_t node, int32_t other)
{
    if (node < 0 || other < 0)
        return 0;
    edge[0] = node;
    edge[1] = other;
    return 1;
}

/// Numbers the dynamic bodies of joints, and lists who is held to whom. @return how many nodes
static int number_bodies(const ParaWorldDef *def, int32_t *nodes, int32_t (*edges)[2], int *out_edges)
{
    int count = 0, edge_count = 0;
    for (int i = 0; i < def->body_count; i++)
        nodes[i] = -1;
    for (int i = 0; i < def->joint_count; i++) {
        const ParaJointDef *joint = &def->joints[i];
        int32_t ends[3] = {joint->a, joint->b, para_joint_carrier(joint)}, at[3];
        for (int k = 0; k < 3; k++) {
            if (ends[k] >= 0 && moves(def, ends[k]) && nodes[ends[k]] < 0)
                nodes[ends[k]] = count++;
            at[k] = ends[k] < 0 ? -1 : nodes[ends[k]];
        }
        if (!holds(joint))
            continue;
        edge_count += add_edge(edges[edge_count], at[0], at[1]);
        edge_count += add_edge(edges[edge_count], at[0], at[2]);
        edge_count += add_edge(edges[edge_count], at[1], at[2]);
    }
    *out_edges = edge_count;
    return count;
}

static int largest_piece(const ParaNetGraph *graph)
{
    int counts[PARA_LANES_BODIES_MAX] = {0}, most = 0;
    for (int i = 0; i < graph->node_count; i++) {
        int count = ++counts[graph->part[i]];
        most = count > most ? count : most;
    }
    return most;
}

void para_lanes_measure_knot(ParaLanesWorld *world, const ParaWorldDef *def)
{
    ParaMass masses[PARA_LANES_BODIES_MAX];
    int32_t nodes[PARA_LANES_BODIES_MAX], edges[3 * PARA_LANES_JOINTS_MAX][2];
    int edge_count;
    bool hard = false;
    world->knot_nodes = world->knot_blocks = world->knot_pairs = 0;
    if (def->joint_count == 0)
        return;
    weigh(def, masses);
    double heaviest = 0.0;
    for (int i = 0; i < def->body_count; i++)
        heaviest = para_max(heaviest, masses[i].mass);
    for (int i = 0; i < def->joint_count; i++)
        hard |= is_hard(def, &def->joints[i], masses, heaviest);
    if (!hard && def->joint_count <= PIECE_USUAL)
        return;
    ParaNetGraph graph;
    int count = number_bodies(def, nodes, edges, &edge_count);
    para_net_order(&graph, count, (const int32_t(*)[2])edges, edge_count);
    if ((!hard && largest_piece(&graph) <= PIECE_USUAL) || graph.block_count > PARA_LANES_KNOT_BLOCKS_MAX ||
        graph.pair_count > PARA_LANES_KNOT_PAIRS_MAX)
        return;
    world->knot_nodes = (uint16_t)graph.node_count;
    world->knot_blocks = (uint16_t)graph.block_count;
    world->knot_pairs = (uint16_t)graph.pair_count;
}

// ---------------------------------------------------------------------------------------------
// Memory and plan.

typedef struct Room {
    unsigned char *base; ///< NULL: only counts
    size_t used;         ///< [byte]
} Room;

static void *take(void *from, size_t size)
{
    Room *room = from;
    void *at = room->base ? room->base + room->used : NULL;
    room->used += (size + 15) / 16 * 16;
    return at;
}

/// Sets all pointers of a knot, or only counts. @return [byte]
static size_t lay_out(const ParaLanesWorld *world, ParaLanesKnot *knot, unsigned char *base)
{
    size_t nodes = world->knot_nodes, joints = (size_t)world->joint_count;
    Room room = {base, 0};
    take(&room, sizeof *knot);
    knot->net.node_count = world->knot_nodes;
    knot->net.block_count = world->knot_blocks;
    knot->net.pair_count = world->knot_pairs;
    para_net_lay(&knot->net, take, &room);
    knot->bodies = take(&room, sizeof(ParaKnotBody) * (size_t)world->body_count);
    knot->links = take(&room, sizeof(ParaKnotLink) * joints);
    knot->held = take(&room, sizeof(double[3]) * nodes);
    knot->bent = take(&room, sizeof(double[3]) * nodes);
    knot->driven = take(&room, sizeof(double[3]) * nodes);
    knot->responses = take(&room, sizeof(double[3]) * nodes * joints);
    return room.used;
}

size_t para_lanes_knot_size(const ParaLanesWorld *world)
{
    ParaLanesKnot knot;
    return world->knot_nodes == 0 ? 0 : lay_out(world, &knot, NULL);
}

ParaLanesKnot *para_lanes_open_knot(const ParaLanesWorld *world)
{
    ParaLanesKnot *knot = world->knot;
    lay_out(world, knot, (unsigned char *)knot);
    return knot;
}

static int32_t block_of(const ParaLanesKnot *knot, const ParaJointDef *def, int32_t node, int32_t other)
{
    return holds(def) && node >= 0 && other >= 0 ? para_net_block(&knot->net, node, other) : -1;
}

static void build_link(const ParaLanesWorld *world, ParaLanesKnot *knot, int index)
{
    const ParaLanesJoint *joint = &world->joints[index];
    const ParaJointDef *def = &world->def.joints[joint->def];
    ParaKnotLink *link = &knot->links[index];
    link->a = joint->a;
    link->b = joint->b;
    link->node_a = knot->node_of[joint->a];
    link->node_b = knot->node_of[joint->b];
    link->c = para_joint_carrier(def);
    link->node_c = link->c < 0 ? -1 : knot->node_of[link->c];
    link->block = block_of(knot, def, link->node_a, link->node_b);
    link->block_ac = block_of(knot, def, link->node_a, link->node_c);
    link->block_bc = block_of(knot, def, link->node_b, link->node_c);
}

void para_lanes_build_knot(ParaLanesWorld *world)
{
    if (world->knot_nodes == 0)
        return;
    ParaNetGraph graph;
    int32_t nodes[PARA_LANES_BODIES_MAX], edges[3 * PARA_LANES_JOINTS_MAX][2];
    int edge_count;
    ParaLanesKnot *knot = para_lanes_open_knot(world);
    int count = number_bodies(&world->def, nodes, edges, &edge_count);
    para_net_order(&graph, count, (const int32_t(*)[2])edges, edge_count);
    para_net_plan(&knot->net, &graph);
    for (int i = 0; i < world->body_count; i++) {
        knot->node_of[i] = nodes[i] < 0 ? -1 : graph.place[nodes[i]];
        if (nodes[i] >= 0)
            knot->body_of[graph.place[nodes[i]]] = i;
    }
    for (int i = 0; i < world->joint_count; i++)
        build_link(world, knot, i);
}
