// SPDX-License-Identifier: MIT
// The ensemble: made, and one step of it.
#include "agents/model/model.h"

#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

#define NODES_MAX PARA_BODIES_MAX
#define EDGES_MAX 4096 // of one world

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
    const ParaImagineDef net = {.rounds = def->rounds, .width = def->width, .seconds = def->seconds};
    *model = (ParaModel){.def = *def};
    for (int i = 0; i < def->members; i++) {
        ParaRng rng = para_rng_make(para_seed_mix(seed, (uint64_t)i), "imagine");
        model->members[i] = para_imagine_create(&net, &rng, arena);
    }
    return model;
}

int para_model_physics_steps(const ParaModelDef *def, const ParaWorldDef *world)
{
    int steps = (int)lrintf(def->seconds * world->rate);
    return steps < 1 ? 1 : steps;
}

ParaDreaming para_dreaming_create(const ParaModel *model, ParaArena *arena)
{
    size_t n = NODES_MAX;
    ParaDreaming d = {.model = model, .graph = para_graph_create(NODES_MAX, EDGES_MAX, arena)};
    d.work = para_imagine_work(model->members[0], NODES_MAX, EDGES_MAX, false, arena);
    d.after = PARA_NEW(arena, float, 3 * n);
    d.mean = PARA_NEW(arena, float, 3 * n);
    d.believed[0] = PARA_NEW(arena, float, 3 * n);
    d.believed[1] = PARA_NEW(arena, float, 3 * n);
    d.doubt = PARA_NEW(arena, float, n);
    return d;
}

/// The mean of all members, and how far they are from it.
static void believe(ParaDreaming *d)
{
    const ParaModel *model = d->model;
    size_t floats = 3 * (size_t)d->graph.node_count;
    float share = 1.0f / (float)model->def.members;
    memset(d->believed[0], 0, floats * sizeof(float));
    memset(d->believed[1], 0, floats * sizeof(float));
    memset(d->doubt, 0, (size_t)d->graph.node_count * sizeof(float));
    for (int m = 0; m < model->def.members; m++) {
        para_imagine_step(model->members[m], d->work, &d->graph, d->after, d->mean);
        for (size_t i = 0; i < floats; i++) {
            d->believed[0][i] += share * d->after[i];
            d->believed[1][i] += share * d->mean[i];
        }
        for (int i = 0; i < d->graph.node_count; i++)
            d->doubt[i] +=
                share * (d->mean[3 * i] * d->mean[3 * i] + d->mean[3 * i + 1] * d->mean[3 * i + 1]);
    }
    for (int i = 0; i < d->graph.node_count; i++) {
        const float *mean = d->believed[1] + 3 * i;
        d->doubt[i] = sqrtf(fmaxf(d->doubt[i] - mean[0] * mean[0] - mean[1] * mean[1], 0.0f));
    }
}

bool para_dream_step(ParaDreaming *d, const ParaModelFacts *facts, ParaMoment *moment)
{
    const ParaModelDef *def = &d->model->def;
    int steps = para_model_physics_steps(def, facts->def);
    d->graph.node_count = d->graph.edge_count = 0;
    int solver_steps = steps * (moment->view.substeps > 0 ? moment->view.substeps : 1);
    if (para_graph_add(&d->graph, facts, &moment->view, &moment->inputs, def->reach, solver_steps) < 0)
        return false;
    believe(d);
    float seconds = (float)steps / facts->def->rate;
    para_moment_move(moment, facts, d->believed[0], d->believed[1], seconds);
    moment->view.step += (uint64_t)steps;
    moment->view.time = (double)moment->view.step / (double)facts->def->rate;
    return true;
}
