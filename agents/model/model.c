// SPDX-License-Identifier: MIT
// The ensemble: made, and one step of it.
#include "agents/model/model.h"

#include "agents/model/held.h"
#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

ParaModelDef para_model_def_default(void)
{
    return (ParaModelDef){.members = 3, .rounds = 3, .width = 64, .seconds = 1.0f / 30, .reach = 0.35f};
}

const char *para_model_def_problem(const ParaModelDef *def)
{
    if (def->members < 1 || def->members > PARA_MODEL_MEMBERS_MAX)
        return "members are 1 to 8";
    if (def->rounds < 1 || def->rounds > PARA_IMAGINE_ROUNDS_MAX)
        return "rounds are 1 to 8";
    if (def->width < 1 || def->width > 512)
        return "the width is 1 to 512";
    if (!(def->seconds >= 0.005f && def->seconds <= 0.2f))
        return "a step is 0.005 to 0.2 s";
    if (!(def->reach >= 0.01f && def->reach <= 5.0f))
        return "the reach is 0.01 to 5 m";
    return NULL;
}

ParaModel *para_model_create(const ParaModelDef *def, uint64_t seed, ParaArena *arena)
{
    PARA_ASSERT(!para_model_def_problem(def));
    ParaModel *model = PARA_NEW(arena, ParaModel, 1);
    const ParaImagineDef net = {.rounds = def->rounds, .width = def->width};
    *model = (ParaModel){.def = *def};
    for (int i = 0; i < def->members; i++) {
        ParaRng rng = para_rng_make(para_seed_mix(seed, (uint64_t)i), "imagine");
        model->members[i] = para_imagine_create(&net, &rng, arena);
    }
    return model;
}

float para_model_seconds(const ParaModelDef *def, const ParaWorldDef *world)
{
    return (float)para_model_physics_steps(def, world) / world->rate;
}

int para_model_physics_steps(const ParaModelDef *def, const ParaWorldDef *world)
{
    int steps = (int)lrintf(def->seconds * world->rate);
    return steps < 1 ? 1 : steps;
}

ParaDreaming para_dreaming_create(const ParaModel *model, ParaArena *arena)
{
    return para_dreaming_create_for(model, PARA_BODIES_MAX, PARA_DREAMING_EDGES, arena);
}

ParaDreaming para_dreaming_create_for(const ParaModel *model, int node_max, int edge_max, ParaArena *arena)
{
    size_t n = (size_t)node_max;
    ParaDreaming d = {.model = model, .graph = para_graph_create(node_max, edge_max, arena)};
    d.work = para_imagine_work(model->members[0], node_max, edge_max, false, arena);
    d.impulses = PARA_NEW(arena, float, (size_t)edge_max *PARA_EDGE_ROWS);
    d.after = PARA_NEW(arena, float, 3 * n);
    d.mean = PARA_NEW(arena, float, 3 * n);
    d.first = PARA_NEW(arena, float, 3 * n);
    d.believed[0] = PARA_NEW(arena, float, 3 * n);
    d.believed[1] = PARA_NEW(arena, float, 3 * n);
    d.doubt = PARA_NEW(arena, float, n);
    d.felt = PARA_NEW(arena, ParaEdgeSaid, (size_t)edge_max);
    d.said = PARA_NEW(arena, float, (size_t)model->def.members *(size_t)edge_max *PARA_IMAGINE_SAYS);
    return d;
}

/// Adds what a member says. Its mean motion counts from that of the first one, so that those who agree to the
/// last bit are not doubted.
static void add_member(ParaDreaming *d, int m, float share)
{
    size_t floats = 3 * (size_t)d->graph.node_count, rows = PARA_EDGE_ROWS * (size_t)d->graph.edge_count;
    const float *impulses = para_imagine_impulses(d->work);
    if (m == 0)
        memcpy(d->first, d->mean, floats * sizeof(float));
    for (size_t i = 0; i < floats; i++) {
        d->believed[0][i] += share * d->after[i];
        d->believed[1][i] += share * (d->mean[i] - d->first[i]);
    }
    for (size_t i = 0; i < rows; i++)
        d->impulses[i] += share * impulses[i];
    for (int i = 0; i < d->graph.node_count; i++) {
        float x = d->mean[3 * i] - d->first[3 * i], y = d->mean[3 * i + 1] - d->first[3 * i + 1];
        d->doubt[i] += share * (x * x + y * y);
    }
}

static void feel(ParaDreaming *d)
{
    const float *said[PARA_MODEL_MEMBERS_MAX];
    for (int m = 0; m < d->model->def.members; m++)
        said[m] = d->said + (size_t)m * (size_t)d->graph.edge_max * PARA_IMAGINE_SAYS;
    for (int i = 0; i < d->graph.edge_count; i++)
        d->felt[i] = para_edge_said(&d->graph, i, said, d->model->def.members);
}

void para_dreaming_believe(ParaDreaming *d)
{
    const ParaModel *model = d->model;
    size_t nodes = (size_t)d->graph.node_count;
    memset(d->believed[0], 0, 3 * nodes * sizeof(float));
    memset(d->believed[1], 0, 3 * nodes * sizeof(float));
    memset(d->doubt, 0, nodes * sizeof(float));
    memset(d->impulses, 0, PARA_EDGE_ROWS * (size_t)d->graph.edge_count * sizeof(float));
    for (int m = 0; m < model->def.members; m++) {
        para_imagine_step(model->members[m], d->work, &d->graph, d->after, d->mean,
                          d->said + (size_t)m * (size_t)d->graph.edge_max * PARA_IMAGINE_SAYS);
        add_member(d, m, 1.0f / (float)model->def.members);
    }
    for (size_t i = 0; i < nodes; i++) {
        float *mean = d->believed[1] + 3 * i;
        d->doubt[i] = sqrtf(fmaxf(d->doubt[i] - mean[0] * mean[0] - mean[1] * mean[1], 0.0f));
        for (int k = 0; k < 3; k++)
            mean[k] += d->first[3 * i + (size_t)k];
    }
    feel(d);
    para_held_draw(&d->graph, d->believed[1], d->believed[0]);
}

bool para_dream_step(ParaDreaming *d, const ParaModelFacts *facts, ParaMoment *moment)
{
    const ParaModelDef *def = &d->model->def;
    int steps = para_model_physics_steps(def, facts->def);
    d->graph.node_count = d->graph.edge_count = 0;
    int solver_steps = steps * (moment->view.substeps > 0 ? moment->view.substeps : 1);
    float seconds = para_model_seconds(def, facts->def);
    if (para_graph_add(&d->graph, facts, &moment->view, &moment->inputs, def->reach, (double)seconds,
                       solver_steps) < 0)
        return false;
    para_dreaming_believe(d);
    para_moment_move(moment, facts, d->believed[0], d->believed[1], seconds);
    moment->view.step += (uint64_t)steps;
    moment->view.time = (double)moment->view.step / (double)facts->def->rate;
    return true;
}
