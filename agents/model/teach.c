// SPDX-License-Identifier: MIT
// Teaching: lived steps drawn, shaken, laid side by side as one graph; errors, backward, Adam.
// Each network is one task, so that threads share nothing.
#include "agents/model/model.h"
#include "agents/model/stray.h"
#include "agents/net/net.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/threads.h"

#include <math.h>
#include <string.h>

#define NODES  4096 // of a batch
#define EDGES  8192
#define CHUNK  100   // batches between two words
#define ROBUST 0.3f  // [m/s] errors beyond count by their size, below by its square
#define PLACES 2.0f  // weight of mean motions, which are where bodies come to, against the motion after
#define WARM   0.02  // share of all in which the rate rises
#define STILL  0.3   // share of moments that are not shaken
#define CALM   4e-3f // [m] moments that are less off teach what is felt
#define FEEL   0.02f // weight of what is felt against motions
#define CLIP   1.0   // [1] length of a gradient
#define FRESH  200   // batches in which a pace that is set from outside rises: Adam knows nothing at first

typedef struct Pupil {
    ParaImagine *net;
    ParaImagineWork *work;
    ParaGraph graph;
    float *after, *mean, *dafter, *dmean; ///< [NODES, 3]
    float *said, *dsaid;                  ///< [EDGES, PARA_IMAGINE_SAYS]
    ParaSaidError said_error;             ///< of late
    float *gradient, *moment1, *moment2;  ///< [weight_count]
    int32_t steps;                        ///< of Adam
    float *weights;
    int weight_count;
    int64_t done, shown;   ///< done: those passed over count along
    int64_t until;         ///< done, at which it rests
    double error, counted; ///< of late
    ParaRng rng;
    ParaArena *scratch;
    ParaStray strays[PARA_TEACHING_BATCH_MAX / 2];
} Pupil;

struct ParaSchool {
    const ParaModelDef *def;
    const ParaStore *store;
    const ParaTeaching *teaching;
    float pace; ///< [1] of Adam, set from outside; 0: as the teaching says
    Pupil pupils[PARA_MODEL_MEMBERS_MAX];
};
typedef ParaSchool Class;

ParaTeaching para_teaching_default(void)
{
    return (ParaTeaching){.steps = 3000000, .batch = 24, .rate = 2e-3f, .noise = 0.03f, .alone = 8};
}

static bool enrol(Pupil *p, const ParaModel *model, int i, const ParaTeaching *teaching, ParaArena *arena)
{
    *p = (Pupil){.net = model->members[i]};
    p->weights = para_imagine_weights(p->net, &p->weight_count);
    p->work = para_imagine_work(p->net, NODES, EDGES, true, arena);
    p->graph = para_graph_create(NODES, EDGES, arena);
    float **arrays[] = {&p->after, &p->mean, &p->dafter, &p->dmean};
    for (int k = 0; k < 4; k++)
        *arrays[k] = PARA_NEW(arena, float, 3 * NODES);
    p->said = PARA_NEW(arena, float, (size_t)EDGES *PARA_IMAGINE_SAYS);
    p->dsaid = PARA_NEW(arena, float, (size_t)EDGES *PARA_IMAGINE_SAYS);
    float **weights[] = {&p->gradient, &p->moment1, &p->moment2};
    for (int k = 0; k < 3; k++) {
        *weights[k] = PARA_NEW(arena, float, (size_t)p->weight_count);
        memset(*weights[k], 0, (size_t)p->weight_count * sizeof(float));
    }
    p->rng = para_rng_make(para_seed_mix(teaching->seed, (uint64_t)i), "teach");
    p->scratch = para_arena_create((size_t)1 << 18, (size_t)256 << 20);
    bool good = p->scratch != NULL;
    for (int k = 0; k < teaching->batch / 2 && teaching->alone > 0; k++) {
        p->strays[k].arena = para_arena_create((size_t)1 << 14, (size_t)16 << 20);
        good &= p->strays[k].arena != NULL;
    }
    return good;
}

static void dismiss(Pupil *p)
{
    if (p->scratch)
        para_arena_destroy(p->scratch);
    for (int k = 0; k < PARA_TEACHING_BATCH_MAX / 2; k++)
        if (p->strays[k].arena)
            para_arena_destroy(p->strays[k].arena);
}

/// How much this moment is shaken: often not at all, seldom much.
static float shake_size(const Class *c, Pupil *p)
{
    double any = para_rng_f64(&p->rng), depth = para_rng_f64(&p->rng);
    return any < STILL ? 0.0f : c->teaching->noise * (float)para_exp(4.6 * (depth - 1.0)); // over two decades
}

/// Robust error of one body's motion, and its gradient.
static void judge(const float *said, const float *was, float gyration, float weight, float *d, double *error)
{
    for (int k = 0; k < 3; k++) {
        float scale = k == 2 ? gyration : 1.0f, by = scale * (said[k] - was[k]);
        d[k] = weight * scale * fmaxf(-1.0f, fminf(1.0f, by / ROBUST));
        *error += (double)fabsf(by);
    }
}

typedef struct Shown {
    const ParaLived *lived;
    const ParaEpisodeLived *episode;
    int first;                ///< node
    int edge_first, edge_end; ///< of it
    float off;                ///< [m] how far it is from what was lived
    ParaStray *stray;         ///< NULL: it goes no way of its own
} Shown;

/// Lays a moment beside the others. @param place out, [body_count, 3] where it begins
/// @return false: there is no more room
static bool lay(const Class *c, Pupil *p, const ParaMoment *moment, Shown *out, float *place)
{
    para_moment_read(&moment->view, place, NULL);
    int steps = para_model_physics_steps(c->def, &out->episode->level->world);
    out->edge_first = p->graph.edge_count;
    out->first = para_graph_add(&p->graph, &out->episode->facts, &moment->view, &moment->inputs,
                                c->def->reach, (double)steps / (double)out->episode->level->world.rate,
                                steps * moment->view.substeps);
    out->edge_end = p->graph.edge_count;
    return out->first >= 0;
}

/// Draws one, shakes it and lays it beside the others.
static bool show(const Class *c, Pupil *p, Shown *out, float *place)
{
    const ParaEpisodeLived *episode = NULL;
    const ParaLived *lived = para_store_draw(c->store, &p->rng, &episode);
    *out = (Shown){.lived = lived, .episode = episode};
    const ParaWorldDef *def = &episode->level->world;
    para_arena_clear(p->scratch);
    ParaMoment moment = para_moment_create(def, p->scratch);
    para_moment_take(&moment, &out->lived->moment.view);
    para_moment_take_inputs(&moment, &out->lived->moment.inputs);
    out->off = shake_size(c, p);
    para_moment_shake(&moment, &out->episode->facts, out->off, &p->rng);
    return lay(c, p, &moment, out, place);
}

/// Where one is that goes its own way; it begins anew where it was called back.
static bool show_stray(const Class *c, Pupil *p, ParaStray *stray, Shown *out, float *place)
{
    const ParaEpisodeLived *episode = NULL;
    if (!stray->lived) {
        const ParaLived *lived = para_store_draw(c->store, &p->rng, &episode);
        para_stray_begin(stray, lived, episode);
    }
    *out = (Shown){.lived = stray->lived, .episode = stray->episode, .off = stray->off, .stray = stray};
    bool fits = lay(c, p, &stray->moment, out, place);
    if (!fits)
        stray->lived = NULL;
    return fits;
}

static void go_on(const Class *c, Pupil *p, const Shown *shown)
{
    const ParaWorldDef *def = &shown->episode->level->world;
    float seconds = (float)para_model_physics_steps(c->def, def) / def->rate;
    size_t at = 3 * (size_t)shown->first;
    para_stray_go(shown->stray, p->after + at, p->mean + at, seconds, c->teaching->alone);
}

/// Errors of one moment; a place that was shaken has a way more or less to go.
static int judge_all(const Class *c, Pupil *p, const Shown *shown, const float *place, double *error)
{
    const ParaWorldDef *def = &shown->episode->level->world;
    float seconds = (float)para_model_physics_steps(c->def, def) / def->rate;
    int counted = 0;
    double ignored = 0;
    for (int b = 0; b < def->body_count; b++) {
        if (!shown->lived->counts[b])
            continue;
        size_t i = 3 * (size_t)(shown->first + b);
        float way[3], gyration = shown->episode->facts.bodies[b].gyration;
        for (int k = 0; k < 3; k++)
            way[k] = (shown->lived->place[3 * b + k] - place[3 * b + k]) / seconds;
        judge(p->after + i, shown->lived->motion + 3 * b, gyration, 1.0f, p->dafter + i, &ignored);
        judge(p->mean + i, way, gyration, PLACES, p->dmean + i, error);
        counted++;
    }
    return counted;
}

/// What its edges said. A moment that is more than a little off presses otherwise than the engine's did.
static void judge_said(Pupil *p, const Shown *shown)
{
    if (shown->lived->felt && shown->off <= CALM)
        para_said_judge(&p->graph, shown->edge_first, shown->edge_end, shown->lived->felt,
                        shown->lived->felt_count, p->said, 1.0f, p->dsaid, &p->said_error);
    else
        memset(p->dsaid + shown->edge_first * PARA_IMAGINE_SAYS, 0,
               (size_t)((shown->edge_end - shown->edge_first) * PARA_IMAGINE_SAYS) * sizeof *p->dsaid);
}

static float rate_at(const Class *c, const Pupil *p)
{
    if (c->pace > 0.0f)
        return c->pace * fminf(1.0f, (float)(p->steps + 1) / (float)FRESH);
    double share = (double)p->done / (double)c->teaching->steps;
    double left = share < 1.0 ? 1.0 - share : 0.0;
    return c->teaching->rate * (float)(share < WARM ? share / WARM : left * left + 0.005);
}

/// A gradient that is too long is cut to CLIP.
static void descend(const Class *c, Pupil *p)
{
    double square = 0;
    for (int i = 0; i < p->weight_count; i++)
        square += (double)p->gradient[i] * (double)p->gradient[i];
    float clip = square > CLIP * CLIP ? (float)(CLIP / para_sqrt(square)) : 1.0f;
    for (int i = 0; i < p->weight_count && clip < 1.0f; i++)
        p->gradient[i] *= clip;
    para_net_adam(p->weights, p->moment1, p->moment2, p->gradient, p->weight_count, &p->steps, rate_at(c, p),
                  0.0f);
}

static void learn_batch(const Class *c, Pupil *p)
{
    Shown shown[PARA_TEACHING_BATCH_MAX];
    float *places[PARA_TEACHING_BATCH_MAX];
    int count = 0, counted = 0;
    double error = 0, pairs = p->said_error.pairs;
    p->graph.node_count = p->graph.edge_count = 0;
    for (; count < c->teaching->batch; count++) {
        places[count] = p->dafter + 3 * p->graph.node_count; // where its gradient comes to be
        ParaStray *stray = count % 2 && c->teaching->alone > 0 ? &p->strays[count / 2] : NULL;
        if (p->graph.node_count + PARA_BODIES_MAX > NODES ||
            !(stray ? show_stray(c, p, stray, &shown[count], places[count])
                    : show(c, p, &shown[count], places[count])))
            break;
    }
    para_imagine_step(p->net, p->work, &p->graph, p->after, p->mean, p->said);
    size_t floats = 3 * (size_t)p->graph.node_count;
    for (int i = 0; i < count; i++) // before its lived moment is the next one's
        judge_said(p, &shown[i]);
    memset(p->dmean, 0, floats * sizeof(float));
    for (int i = 0; i < count; i++) {
        float place[3 * PARA_BODIES_MAX];
        size_t size = 3 * (size_t)shown[i].episode->level->world.body_count;
        memcpy(place, places[i], size * sizeof(float));
        memset(places[i], 0, size * sizeof(float));
        counted += judge_all(c, p, &shown[i], place, &error);
    }
    pairs = p->said_error.pairs - pairs;
    for (int i = 0; i < count; i++)
        if (shown[i].stray)
            go_on(c, p, &shown[i]);
    float share = 1.0f / (float)(counted > 0 ? counted : 1), feel = FEEL / (float)(pairs > 0 ? pairs : 1);
    for (int i = 0; i < p->graph.edge_count * PARA_IMAGINE_SAYS; i++)
        p->dsaid[i] *= feel;
    for (size_t i = 0; i < floats; i++) {
        p->dafter[i] *= share;
        p->dmean[i] *= share;
    }
    memset(p->gradient, 0, (size_t)p->weight_count * sizeof(float));
    para_imagine_backward(p->net, p->work, &p->graph, p->dafter, p->dmean, p->dsaid, p->gradient, NULL);
    p->shown += count;
    p->done += count > 0 ? count : 1; // one that is more than there is room for is passed over
    descend(c, p);
    p->error += error;
    p->counted += (double)counted;
}

static void teach_one(void *context, int task, int worker)
{
    Class *c = context;
    Pupil *p = &c->pupils[task];
    (void)worker;
    p->said_error = (ParaSaidError){0};
    for (int i = 0; i < CHUNK && p->done < p->until; i++)
        learn_batch(c, p);
}

/// [m/s] of what was shown since it was last asked.
static double error_of(Class *c)
{
    double error = 0, counted = 0;
    for (int i = 0; i < c->def->members; i++) {
        error += c->pupils[i].error;
        counted += c->pupils[i].counted;
        c->pupils[i].error = c->pupils[i].counted = 0;
    }
    return counted > 0 ? error / counted : 0;
}

static bool tell(Class *c, ParaTaught *told, void *context)
{
    int64_t done = 0;
    for (int i = 0; i < c->def->members; i++)
        done += c->pupils[i].done < c->teaching->steps ? c->pupils[i].done : c->teaching->steps;
    double error = error_of(c);
    return !told || told(context, done, c->teaching->steps * c->def->members, error);
}

ParaSchool *para_school_open(ParaModel *model, const ParaStore *store, const ParaTeaching *teaching,
                             ParaArena *arena)
{
    PARA_ASSERT(teaching->batch >= 1 && teaching->batch <= PARA_TEACHING_BATCH_MAX);
    Class *c = PARA_NEW(arena, Class, 1);
    *c = (Class){.def = &model->def, .store = store, .teaching = teaching};
    bool good = true;
    para_net_ready();
    for (int i = 0; i < model->def.members && good; i++)
        good = enrol(&c->pupils[i], model, i, teaching, arena);
    if (good)
        return c;
    para_school_close(c);
    return NULL;
}

void para_school_close(ParaSchool *c)
{
    for (int i = 0; c && i < c->def->members; i++)
        dismiss(&c->pupils[i]);
}

bool para_school_teach(ParaSchool *c, int64_t steps, float pace, ParaWorkers *workers, ParaAskEnough *enough,
                       void *context, double *out_error)
{
    PARA_ASSERT(steps >= 1 && pace > 0.0f && c->teaching->alone == 0);
    if (c->store->steps < 1)
        return false;
    int64_t shown = c->pupils[0].shown;
    const Pupil *last = &c->pupils[c->def->members - 1];
    c->pace = pace;
    for (int i = 0; i < c->def->members; i++)
        c->pupils[i].until = c->pupils[i].done + steps;
    while (last->done < last->until && !(enough && enough(context)))
        para_workers_run(workers, teach_one, c, c->def->members);
    *out_error = error_of(c);
    return c->pupils[0].shown > shown;
}

bool para_model_teach(ParaModel *model, const ParaStore *store, const ParaTeaching *teaching,
                      ParaTaught *told, void *context, ParaArena *arena)
{
    PARA_ASSERT(teaching->steps >= 1);
    ParaWorkers *workers = store->steps > 0 ? para_workers_create(teaching->threads) : NULL;
    Class *c = workers ? para_school_open(model, store, teaching, arena) : NULL;
    for (int i = 0; c && i < model->def.members; i++)
        c->pupils[i].until = teaching->steps;
    while (c && c->pupils[model->def.members - 1].done < teaching->steps) {
        para_workers_run(workers, teach_one, c, model->def.members);
        if (!tell(c, told, context))
            break;
    }
    bool good = c && c->pupils[0].shown > 0;
    para_school_close(c);
    if (workers)
        para_workers_destroy(workers);
    return good;
}
