// SPDX-License-Identifier: MIT
// A physics step of dreamed worlds: those for which the model is to speak are laid side by side in one graph,
// then each moves by what is known and by its share of the impulses.
#include "agents/dream/dream_world.h"
#include "agents/model/flight.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

// ---------------------------------------------------------------------------------------------
// The model speaks.

/// What the impulses add to the motion after its step, and to the mean over it.
static void take_motion(ParaDreamWorld *world, const ParaDreaming *d, int node, float seconds)
{
    for (int b = 0; b < world->def.body_count; b++) {
        const ParaNode *n = &d->graph.nodes[node + b];
        const float *after = d->believed[0] + 3 * (node + b), *mean = d->believed[1] + 3 * (node + b);
        for (int k = 0; k < 3; k++) {
            bool moves = k < 2 ? n->inverse_mass > 0.0f : n->inverse_inertia > 0.0f;
            world->due[6 * b + k] = moves ? after[k] - n->motion[k] - seconds * n->push[k] : 0.0f;
            world->due[6 * b + 3 + k] =
                moves ? mean[k] - n->motion[k] - seconds * n->share * n->push[k] : 0.0f;
        }
        world->doubt_rate[b] = n->inverse_mass > 0.0f ? d->doubt[node + b] : 0.0f;
    }
}

static void hear(const ParaDreamSolver *s, ParaDreamScratch *scratch, int count)
{
    ParaDreaming *d = &scratch->dreaming;
    if (count == 0)
        return;
    para_dreaming_believe(d);
    for (int i = 0; i < count; i++) {
        ParaDreamWorld *world = para_dream_world(s, scratch->waiting[i]);
        int node = scratch->nodes[i], edge = scratch->edges[i], end = scratch->edges[i + 1];
        world->state->period = para_model_physics_steps(&s->model->def, &world->def);
        world->state->done = 0;
        take_motion(world, d, node, para_model_seconds(&s->model->def, &world->def));
        para_dream_take_loads(world, scratch, edge, end);
        para_dream_take_touches(world, scratch, edge, end, node);
    }
    d->graph.node_count = d->graph.edge_count = 0;
}

/// Adds a world to the graph. @return false: it has no room beside the others
static bool lay(const ParaDreamSolver *s, ParaDreamScratch *scratch, ParaDreamWorld *world, int count)
{
    const ParaModelDef *def = &s->model->def;
    ParaGraph *graph = &scratch->dreaming.graph;
    int steps = para_model_physics_steps(def, &world->def);
    graph->dropped = 0;
    graph->crowds = count == 0; // who stands alone and has no room is crowded
    int edge = graph->edge_count;
    int node = para_graph_add(graph, &world->facts, &world->view, &world->inputs, def->reach,
                              (double)para_model_seconds(def, &world->def), steps * world->substeps);
    if (node < 0)
        return false;
    world->state->dropped = graph->dropped;
    scratch->nodes[count] = node;
    scratch->edges[count] = edge;
    scratch->edges[count + 1] = graph->edge_count;
    return true;
}

/// Whether the model is to speak: at every step of its own, counted from the build, and after what it could
/// not foresee.
static bool is_silent(const ParaDreamSolver *s, const ParaDreamWorld *world)
{
    const ParaDreamState *state = world->state;
    int steps = para_model_physics_steps(&s->model->def, &world->def);
    return state->done >= state->period || state->step % (uint64_t)steps == 0;
}

// ---------------------------------------------------------------------------------------------
// Bodies move.

void para_dream_put(ParaDreamWorld *world, int b, double x, double y, double angle)
{
    double s, c;
    para_sincos(angle, &s, &c);
    ParaVec2 centre = world->facts.bodies[b].centre;
    world->centre_x[b] = (float)x, world->centre_y[b] = (float)y;
    world->angle[b] = (float)angle, world->cos[b] = (float)c, world->sin[b] = (float)s;
    world->x[b] = (float)(x - (c * (double)centre.x - s * (double)centre.y));
    world->y[b] = (float)(y - (s * (double)centre.x + c * (double)centre.y));
}

void para_dream_look_at_zones(ParaDreamWorld *world)
{
    ParaZoneArea areas[PARA_ZONES_MAX];
    for (int z = 0; z < world->def.zone_count; z++)
        areas[z] = para_zone_area(&world->def, z, &world->zones[z]);
    for (int b = 0; b < world->def.body_count; b++)
        world->zone_bits[b] = world->enabled[b]
                                  ? para_zones_at(areas, world->def.zone_count, (double)world->centre_x[b],
                                                  (double)world->centre_y[b])
                                  : 0;
}

/// Where a body goes: what is known, and its share of the impulses, spread evenly over the model's step.
/// @param push in, [3]   @param moved out, [6]
static void move(const ParaDreamWorld *world, int b, const float *push, float *moved)
{
    const ParaDreamState *state = world->state;
    float dt = 1.0f / world->def.rate, part = 1.0f / (float)state->period, done = (float)state->done * part;
    float ahead = 0.5f * (1.0f + 1.0f / (float)world->substeps) * dt;
    const float at[3] = {world->centre_x[b], world->centre_y[b], world->angle[b]},
                motion[3] = {world->vx[b], world->vy[b], world->spin[b]}, *due = world->due + 6 * b;
    for (int k = 0; k < 3; k++) {
        moved[k] = at[k] + dt * (motion[k] + ahead * push[k] + due[3 + k] - done * due[k]);
        moved[3 + k] = motion[k] + dt * push[k] + part * due[k];
    }
}

static bool is_sane(const float *moved)
{
    bool place = fabsf(moved[0]) < PARA_DREAM_PLACE_MAX && fabsf(moved[1]) < PARA_DREAM_PLACE_MAX &&
                 fabsf(moved[2]) < PARA_DREAM_PLACE_MAX;
    return place && fabsf(moved[3]) < PARA_DREAM_SPEED_MAX && fabsf(moved[4]) < PARA_DREAM_SPEED_MAX &&
           fabsf(moved[5]) < PARA_DREAM_SPEED_MAX; // no NaN
}

static bool stays(const ParaDreamWorld *world, int b)
{
    return !world->enabled[b] || world->def.bodies[b].kind == PARA_BODY_STATIC;
}

/// @return false: it diverged, and is as it was
static bool move_all(ParaDreamWorld *world, ParaDreamScratch *scratch)
{
    int bodies = world->def.body_count;
    para_flight_push(&world->facts, &world->view, &world->inputs, 1.0 / (double)world->def.rate,
                     scratch->push);
    for (int b = 0; b < bodies; b++) {
        move(world, b, scratch->push + 3 * b, scratch->moved + 6 * b);
        if (!stays(world, b) && !is_sane(scratch->moved + 6 * b)) {
            para_dream_diverge(world, b);
            return false;
        }
    }
    for (int b = 0; b < bodies; b++) {
        const float *moved = scratch->moved + 6 * b;
        if (stays(world, b))
            continue;
        para_dream_put(world, b, (double)moved[0], (double)moved[1], (double)moved[2]);
        world->vx[b] = moved[3], world->vy[b] = moved[4], world->spin[b] = moved[5];
        world->doubt[b] += world->doubt_rate[b] / world->def.rate;
    }
    return true;
}

static void go_on(ParaDreamWorld *world, ParaDreamScratch *scratch)
{
    if (!move_all(world, scratch))
        return;
    world->state->step++;
    if (world->def.zone_count > 0)
        para_dream_look_at_zones(world);
    para_dream_show_joints(world);
    para_dream_report(world, scratch);
    world->state->done++;
    para_dream_publish(world);
}

// ---------------------------------------------------------------------------------------------

static void flush(const ParaDreamSolver *s, ParaDreamScratch *scratch, int *count)
{
    hear(s, scratch, *count);
    for (int i = 0; i < *count; i++)
        go_on(para_dream_world(s, scratch->waiting[i]), scratch);
    *count = 0;
}

void para_dream_group_step(void *solver, int first, int count, const uint8_t *active)
{
    ParaDreamSolver *s = solver;
    PARA_ASSERT(first >= 0 && count >= 0 && first + count <= s->capacity);
    ParaDreamScratch *scratch = para_dream_take_scratch(s);
    int waiting = 0;
    for (int i = first; i < first + count; i++) {
        if ((active && !active[i - first]) || !s->built[i])
            continue;
        ParaDreamWorld *world = para_dream_world(s, i);
        if (world->state->status != PARA_WORLD_FINE)
            continue;
        if (!is_silent(s, world)) {
            go_on(world, scratch);
            continue;
        }
        if (waiting == PARA_DREAM_BLOCK || !lay(s, scratch, world, waiting)) {
            flush(s, scratch, &waiting);
            bool laid = lay(s, scratch, world, 0);
            PARA_ASSERT(laid); // a graph holds the bodies and joints of any one world
            (void)laid;
        }
        scratch->waiting[waiting++] = i;
    }
    flush(s, scratch, &waiting);
    para_dream_give_back(s, scratch);
}
