// SPDX-License-Identifier: MIT
// Rounds of rules for impulses, and the same backwards.
#include "agents/model/imagine.h"

#include "agents/model/product.h"
#include "agents/net/net.h"
#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

#define IN     PARA_IMAGINE_IN
#define OUT    PARA_IMAGINE_OUT
#define TELL   PARA_IMAGINE_TELL
#define ROWS   PARA_EDGE_ROWS
#define FACTS  PARA_IMAGINE_FACTS
#define SPEEDS FACTS                      ///< where in the input the present speeds are, then the mean ones
#define GAPS   (FACTS + 2 * ROWS)         ///< then where its gap comes to
#define KEPT   (GAPS + PARA_IMAGINE_GAPS) ///< then what the edge kept, and what its two bodies were told
#define SPEED  0.5f                       ///< [s/m] speeds as the network sees them
#define FAST   30.0f                      ///< [1] speeds are seen up to that: 60 m/s
#define ERROR  5.0f                       ///< [m/s] gaps over the step are seen up to that
#define SAID   (2 * ROWS + 3 * TELL)      ///< where in the output it stands what an edge feels
#define SAYS   PARA_IMAGINE_SAYS
#define CHUNK  32   ///< edges that go through both layers together
#define SHY    0.1f ///< gain of the last layer at first: it begins with free flight

struct ParaImagine {
    ParaImagineDef def;
    int round_size; ///< [float] of a round's weights
    float *weights;
};

struct ParaImagineWork {
    bool learning;
    float *ease;              ///< [edges, ROWS] inverse effective masses
    float *impulses;          ///< [edges, ROWS] of all rounds so far
    float *degree;            ///< [nodes] edges at each
    float *told;              ///< [rounds + 1, nodes, TELL]
    float *x;                 ///< [rounds or 1, edges, IN]
    float *hidden;            ///< [rounds or 1, edges, width]
    float *y;                 ///< [rounds or 1, edges, OUT]
    float *dx, *dhidden, *dy; ///< [edges, ...]
    float *dtold;             ///< [nodes, TELL]
    float *dkept;             ///< [edges, TELL]
    float *dweights;          ///< [round_size]
    int node_max, edge_max;
};

typedef struct Layers {
    float *weight1, *bias1, *weight2, *bias2; ///< [IN, W], [W], [W, OUT], [OUT]
} Layers;

static Layers layers(float *weights, int width)
{
    Layers l = {.weight1 = weights};
    l.bias1 = l.weight1 + IN * width;
    l.weight2 = l.bias1 + width;
    l.bias2 = l.weight2 + width * OUT;
    return l;
}

static int round_size(int width) { return IN * width + width + width * OUT + OUT; }

ParaImagine *para_imagine_create(const ParaImagineDef *def, ParaRng *rng, ParaArena *arena)
{
    PARA_ASSERT(def->rounds >= 1 && def->rounds <= PARA_IMAGINE_ROUNDS_MAX && def->width >= 1 &&
                def->width <= 512);
    ParaImagine *net = PARA_NEW(arena, ParaImagine, 1);
    *net = (ParaImagine){.def = *def, .round_size = round_size(def->width)};
    net->weights = PARA_NEW(arena, float, (size_t)(def->rounds * net->round_size));
    double *scratch = PARA_NEW(arena, double, (size_t)(def->width * (IN > OUT ? IN : OUT)));
    for (int r = 0; r < def->rounds; r++) {
        Layers l = layers(net->weights + r * net->round_size, def->width);
        para_orthogonal_fill(l.weight1, def->width, IN, def->width, 1.4, rng, scratch);
        para_orthogonal_fill(l.weight2, OUT, def->width, OUT, 1.0, rng, scratch);
        for (int i = 0; i < def->width; i++)
            for (int k = 0; k < OUT; k++)
                l.weight2[i * OUT + k] *= k < 2 * ROWS || k >= SAID ? SHY : 1.0f;
    }
    return net;
}

float *para_imagine_weights(ParaImagine *net, int *out_count)
{
    *out_count = net->def.rounds * net->round_size;
    return net->weights;
}

ParaImagineWork *para_imagine_work(const ParaImagine *net, int node_max, int edge_max, bool learning,
                                   ParaArena *arena)
{
    PARA_ASSERT(node_max >= 1 && edge_max >= 1);
    ParaImagineWork *w = PARA_NEW(arena, ParaImagineWork, 1);
    size_t nodes = (size_t)node_max, edges = (size_t)edge_max, width = (size_t)net->def.width;
    size_t rounds = learning ? (size_t)net->def.rounds : 1;
    *w = (ParaImagineWork){.learning = learning, .node_max = node_max, .edge_max = edge_max};
    w->ease = PARA_NEW(arena, float, edges *ROWS);
    w->impulses = PARA_NEW(arena, float, edges *ROWS);
    w->degree = PARA_NEW(arena, float, nodes);
    w->told = PARA_NEW(arena, float, (size_t)(net->def.rounds + 1) * nodes * TELL);
    w->x = PARA_NEW(arena, float, rounds *edges *IN);
    w->hidden = PARA_NEW(arena, float, rounds *edges *width);
    w->y = PARA_NEW(arena, float, rounds *edges *OUT);
    if (!learning)
        return w;
    w->dx = PARA_NEW(arena, float, edges *IN);
    w->dhidden = PARA_NEW(arena, float, edges *width);
    w->dy = PARA_NEW(arena, float, edges *OUT);
    w->dtold = PARA_NEW(arena, float, nodes *TELL);
    w->dkept = PARA_NEW(arena, float, edges *TELL);
    w->dweights = PARA_NEW(arena, float, (size_t)net->round_size);
    return w;
}

// ---------------------------------------------------------------------------------------------
// Forward.

static float bounded(float x, float most) { return fminf(fmaxf(x, -most), most); }

/// How the first two rows of an edge pull at each other: 0 where an impulse along one leaves the other alone.
static float coupling(const ParaEdge *e, const ParaNode *nodes, const float *ease)
{
    const ParaEdgeRow *p = &e->rows[0], *q = &e->rows[1];
    const ParaNode *a = &nodes[e->a], *b = &nodes[e->b];
    float both = e->row_count > 1 ? sqrtf(ease[0] * ease[1]) : 0.0f;
    float cross =
        (p->direction.x * q->direction.x + p->direction.y * q->direction.y) * b->inverse_mass +
        (p->direction_a.x * q->direction_a.x + p->direction_a.y * q->direction_a.y) * a->inverse_mass +
        p->arm_a * q->arm_a * a->inverse_inertia + p->arm_b * q->arm_b * b->inverse_inertia;
    return both > 0.0f ? cross / both : 0.0f;
}

/// @param x out, [FACTS]
static void write_facts(const ParaImagineWork *w, const ParaGraph *graph, int i, float *x)
{
    const ParaEdge *e = &graph->edges[i];
    const ParaNode *a = &graph->nodes[e->a];
    const float *ease = w->ease + (size_t)i * ROWS, dt = a->seconds;
    memset(x, 0, FACTS * sizeof *x);
    for (int r = 0; r < e->row_count; r++) {
        const ParaEdgeRow *row = &e->rows[r];
        float of_a = para_row_ease(row->direction_a, row->arm_a, a);
        float push = 0.0f;
        for (int s = 0; s < 2; s++) {
            const ParaNode *node = &graph->nodes[s ? e->b : e->a];
            ParaVec2 d = s ? row->direction : row->direction_a;
            float arm = s ? row->arm_b : row->arm_a, sign = s ? 1.0f : -1.0f;
            push += sign * (d.x * node->push[0] + d.y * node->push[1] + arm * node->push[2]);
        }
        x[r] = bounded(row->error / dt, ERROR) * SPEED;
        x[3 + r] = row->want * SPEED;
        x[6 + r] = ease[r] > 0.0f ? of_a / ease[r] : 0.0f;
        x[9 + r] = fminf(row->strength * ease[r] * dt, 20.0f) * SPEED;
        x[12 + r] = push * dt * SPEED;
    }
    x[15] = coupling(e, graph->nodes, ease);
    x[16] = ease[0] > 0.0f ? fminf(sqrtf(ease[1] / ease[0]), 4.0f) : 0.0f;
    x[17] = fminf(e->friction, 2.0f);
    x[18] = e->bounce;
    x[19 + (int)e->kind] = 1.0f;
    x[23] = 1.0f / w->degree[e->a];
    x[24] = 1.0f / w->degree[e->b];
    x[25] = 1.0f;
}

/// What a gap is seen by, from -1 (shut) to 1 (open): that at half the step and at its end, as bodies are
/// thought to move now, each in small and in large. Whether two meet in this step or in the next is a matter
/// of millimetres, which no smooth number tells.
static const struct GapLook {
    float share, size; ///< [1] of the step; [m]
} looks[PARA_IMAGINE_GAPS] = {{0.5f, 0.005f}, {1.0f, 0.005f}, {0.5f, 0.02f}, {1.0f, 0.02f}};

static float look(const ParaGraph *graph, const ParaEdge *e, int k, const float *mean)
{
    float seconds = looks[k].share * graph->nodes[e->a].seconds;
    return (e->rows[0].error + seconds * para_edge_speed(e, 0, mean)) / looks[k].size;
}

static void write_input(const ParaGraph *graph, const float *told, int i, const float *kept,
                        const float *after, const float *mean, float *x)
{
    const ParaEdge *e = &graph->edges[i];
    for (int r = 0; r < ROWS; r++) {
        bool is = r < e->row_count;
        x[SPEEDS + r] = is ? bounded(SPEED * para_edge_speed(e, r, after), FAST) : 0.0f;
        x[SPEEDS + ROWS + r] = is ? bounded(SPEED * para_edge_speed(e, r, mean), FAST) : 0.0f;
    }
    for (int k = 0; k < PARA_IMAGINE_GAPS; k++)
        x[GAPS + k] = bounded(look(graph, e, k, mean), 1.0f);
    memcpy(x + KEPT, kept, TELL * sizeof *x);
    memcpy(x + KEPT + TELL, told + (size_t)e->a * TELL, TELL * sizeof *x);
    memcpy(x + KEPT + 2 * TELL, told + (size_t)e->b * TELL, TELL * sizeof *x);
}

/// What the edges said becomes impulses, and is told to the bodies.
static void take_output(ParaImagineWork *w, const ParaGraph *graph, const float *y, float *told_next,
                        float *after, float *mean)
{
    memset(told_next, 0, (size_t)graph->node_count * TELL * sizeof *told_next);
    for (int i = 0; i < graph->edge_count; i++) {
        const ParaEdge *e = &graph->edges[i];
        const float *out = y + (size_t)i * OUT, *ease = w->ease + (size_t)i * ROWS;
        for (int r = 0; r < e->row_count; r++) {
            if (ease[r] <= 0.0f)
                continue;
            w->impulses[i * ROWS + r] += out[r] / ease[r];
            para_edge_push(e, r, graph->nodes, out[r] / ease[r], after);
            para_edge_push(e, r, graph->nodes, out[ROWS + r] / ease[r], mean);
        }
        for (int k = 0; k < TELL; k++) {
            told_next[(size_t)e->a * TELL + (size_t)k] += out[2 * ROWS + TELL + k] / w->degree[e->a];
            told_next[(size_t)e->b * TELL + (size_t)k] += out[2 * ROWS + 2 * TELL + k] / w->degree[e->b];
        }
    }
}

/// [N s] of the first two rows, never quite 0, so that it has a slope.
static float impulse_size(const float *impulse)
{
    return sqrtf(impulse[0] * impulse[0] + impulse[1] * impulse[1] + 1e-12f);
}

/// What the last round says an edge feels: its hardest physics step counts from its own impulse.
static void take_said(const ParaImagineWork *w, int i, const float *y, float *said)
{
    memcpy(said, y + SAID, SAYS * sizeof *said);
    float speed = impulse_size(w->impulses + (size_t)i * ROWS) * w->ease[(size_t)i * ROWS];
    said[PARA_SAYS_PEAK] += logf(1.0f + speed / PARA_IMAGINE_SLOW);
}

/// Free flight: what bodies do where nothing touches them.
static void fly(const ParaGraph *graph, float *after, float *mean)
{
    for (int i = 0; i < graph->node_count; i++)
        for (int k = 0; k < 3; k++) {
            const ParaNode *node = &graph->nodes[i];
            float dt = node->seconds;
            after[3 * i + k] = node->motion[k] + dt * node->push[k];
            mean[3 * i + k] = node->motion[k] + dt * node->share * node->push[k];
        }
}

static void begin(ParaImagineWork *w, const ParaGraph *graph)
{
    PARA_ASSERT(graph->node_count <= w->node_max && graph->edge_count <= w->edge_max);
    memset(w->degree, 0, (size_t)graph->node_count * sizeof *w->degree);
    memset(w->told, 0, (size_t)graph->node_count * TELL * sizeof *w->told);
    memset(w->impulses, 0, (size_t)graph->edge_count * ROWS * sizeof *w->impulses);
    for (int i = 0; i < graph->edge_count; i++) {
        const ParaEdge *e = &graph->edges[i];
        w->degree[e->a] += 1.0f;
        w->degree[e->b] += 1.0f;
        for (int r = 0; r < ROWS; r++)
            w->ease[(size_t)i * ROWS + (size_t)r] =
                r < e->row_count ? para_edge_ease(e, r, graph->nodes) : 0.0f;
    }
}

const float *para_imagine_impulses(const ParaImagineWork *w) { return w->impulses; }

/// Both layers of a round, by some edges at a time: what is between the layers stays in the first cache.
static void think(const float *x, int edges, Layers l, int width, float *hidden, float *y)
{
    for (int i = 0; i < edges; i += CHUNK) {
        int count = edges - i < CHUNK ? edges - i : CHUNK;
        float *between = hidden + (size_t)i * (size_t)width;
        para_product(x + (size_t)i * IN, count, l.weight1, l.bias1, IN, width, true, between);
        para_product(between, count, l.weight2, l.bias2, width, OUT, false, y + (size_t)i * OUT);
    }
}

void para_imagine_step(const ParaImagine *net, ParaImagineWork *w, const ParaGraph *graph, float *after,
                       float *mean, float *said)
{
    static const float nothing[TELL];
    int width = net->def.width, edges = graph->edge_count;
    begin(w, graph);
    fly(graph, after, mean);
    for (int r = 0; r < net->def.rounds; r++) {
        size_t at = w->learning ? (size_t)r * (size_t)w->edge_max : 0;
        const float *before = r && w->learning ? w->y + (at - (size_t)w->edge_max) * OUT : w->y;
        float *x = w->x + at * IN, *hidden = w->hidden + at * (size_t)width, *y = w->y + at * OUT;
        const float *told = w->told + (size_t)r * (size_t)w->node_max * TELL;
        for (int i = 0; i < edges; i++) {
            if (r == 0)
                write_facts(w, graph, i, x + (size_t)i * IN);
            else if (w->learning) // a round has rows of its own
                memcpy(x + (size_t)i * IN, w->x + (size_t)i * IN, FACTS * sizeof *x);
            write_input(graph, told, i, r ? before + (size_t)i * OUT + 2 * ROWS : nothing, after, mean,
                        x + (size_t)i * IN);
        }
        Layers l = layers(net->weights + r * net->round_size, width);
        think(x, edges, l, width, hidden, y);
        take_output(w, graph, y, w->told + (size_t)(r + 1) * (size_t)w->node_max * TELL, after, mean);
        for (int i = 0; said && r == net->def.rounds - 1 && i < edges; i++)
            take_said(w, i, y + (size_t)i * OUT, said + i * SAYS);
    }
}

// ---------------------------------------------------------------------------------------------
// Backward.

/// Gradient of the loss with regard to an impulse along a row: the push, turned round.
static float pulled(const ParaEdge *e, int row, const ParaNode *nodes, const float *dmotion)
{
    const ParaEdgeRow *r = &e->rows[row];
    const ParaNode *of_a = &nodes[e->a], *of_b = &nodes[e->b];
    const float *a = dmotion + 3 * e->a, *b = dmotion + 3 * e->b;
    return of_b->inverse_mass * (r->direction.x * b[0] + r->direction.y * b[1]) +
           of_b->inverse_inertia * r->arm_b * b[2] -
           of_a->inverse_mass * (r->direction_a.x * a[0] + r->direction_a.y * a[1]) -
           of_a->inverse_inertia * r->arm_a * a[2];
}

/// Gradient with regard to a speed along a row goes to the motion of both: the speed, turned round.
static void spread(const ParaEdge *e, int row, float dspeed, float *dmotion)
{
    const ParaEdgeRow *r = &e->rows[row];
    float *a = dmotion + 3 * e->a, *b = dmotion + 3 * e->b;
    a[0] -= r->direction_a.x * dspeed;
    a[1] -= r->direction_a.y * dspeed;
    a[2] -= r->arm_a * dspeed;
    b[0] += r->direction.x * dspeed;
    b[1] += r->direction.y * dspeed;
    b[2] += r->arm_b * dspeed;
}

/// What the peak's gradient is for the change of speed along a row [1/(m/s)]; of the first two rows.
static float said_backward(const ParaImagineWork *w, int i, int row, float dpeak)
{
    const float *ease = w->ease + (size_t)i * ROWS, *impulse = w->impulses + (size_t)i * ROWS;
    float size = impulse_size(impulse);
    return dpeak * ease[0] / (PARA_IMAGINE_SLOW + size * ease[0]) * impulse[row] / size / ease[row];
}

/// @param dsaid in, [edges, SAYS]; NULL: none   @param last it is the last round, which says it
static void output_backward(ParaImagineWork *w, const ParaGraph *graph, const float *dafter,
                            const float *dmean, const float *dsaid, bool last)
{
    for (int i = 0; i < graph->edge_count; i++) {
        const ParaEdge *e = &graph->edges[i];
        float *dy = w->dy + (size_t)i * OUT;
        const float *ease = w->ease + (size_t)i * ROWS;
        for (int r = 0; r < ROWS; r++) {
            bool moves = r < e->row_count && ease[r] > 0.0f;
            dy[r] = moves ? pulled(e, r, graph->nodes, dafter) / ease[r] : 0.0f;
            dy[ROWS + r] = moves ? pulled(e, r, graph->nodes, dmean) / ease[r] : 0.0f;
            if (dsaid && moves && r < 2)
                dy[r] += said_backward(w, i, r, dsaid[i * SAYS + PARA_SAYS_PEAK]);
        }
        for (int k = 0; k < TELL; k++) {
            dy[2 * ROWS + k] = w->dkept[(size_t)i * TELL + (size_t)k];
            dy[2 * ROWS + TELL + k] = w->dtold[(size_t)e->a * TELL + (size_t)k] / w->degree[e->a];
            dy[2 * ROWS + 2 * TELL + k] = w->dtold[(size_t)e->b * TELL + (size_t)k] / w->degree[e->b];
        }
        for (int k = 0; k < SAYS; k++)
            dy[SAID + k] = dsaid && last ? dsaid[i * SAYS + k] : 0.0f;
    }
}

/// What the gradient of an edge's gaps is for the mean speed along its first row.
static float gaps_backward(const ParaGraph *graph, const ParaEdge *e, const float *x, const float *dx)
{
    float sum = 0.0f;
    for (int k = 0; k < PARA_IMAGINE_GAPS; k++)
        if (fabsf(x[GAPS + k]) < 1.0f)
            sum += dx[GAPS + k] * looks[k].share * graph->nodes[e->a].seconds / looks[k].size;
    return sum;
}

/// @param x in, [edges, IN] what the round saw
static void input_backward(ParaImagineWork *w, const ParaGraph *graph, const float *x, float *dafter,
                           float *dmean)
{
    memset(w->dtold, 0, (size_t)graph->node_count * TELL * sizeof *w->dtold);
    for (int i = 0; i < graph->edge_count; i++) {
        const ParaEdge *e = &graph->edges[i];
        const float *dx = w->dx + (size_t)i * IN;
        const float *seen = x + (size_t)i * IN;
        for (int r = 0; r < e->row_count; r++) {
            if (fabsf(seen[SPEEDS + r]) < FAST)
                spread(e, r, SPEED * dx[SPEEDS + r], dafter);
            if (fabsf(seen[SPEEDS + ROWS + r]) < FAST)
                spread(e, r, SPEED * dx[SPEEDS + ROWS + r], dmean);
        }
        spread(e, 0, gaps_backward(graph, e, seen, dx), dmean);
        memcpy(w->dkept + (size_t)i * TELL, dx + KEPT, TELL * sizeof *dx);
        for (int k = 0; k < TELL; k++) {
            w->dtold[(size_t)e->a * TELL + (size_t)k] += dx[KEPT + TELL + k];
            w->dtold[(size_t)e->b * TELL + (size_t)k] += dx[KEPT + 2 * TELL + k];
        }
    }
}

void para_imagine_backward(const ParaImagine *net, ParaImagineWork *w, const ParaGraph *graph, float *dafter,
                           float *dmean, const float *dsaid, float *gradient, float *dmotion)
{
    PARA_ASSERT(w->learning);
    int width = net->def.width, edges = graph->edge_count;
    memset(w->dtold, 0, (size_t)graph->node_count * TELL * sizeof *w->dtold);
    memset(w->dkept, 0, (size_t)edges * TELL * sizeof *w->dkept);
    for (int r = net->def.rounds - 1; r >= 0; r--) {
        size_t at = (size_t)r * (size_t)w->edge_max;
        const float *x = w->x + at * IN, *hidden = w->hidden + at * (size_t)width;
        Layers l = layers(net->weights + r * net->round_size, width), d = layers(w->dweights, width);
        output_backward(w, graph, dafter, dmean, dsaid, r == net->def.rounds - 1);
        para_linear_gradient(hidden, width, edges, w->dy, OUT, width, OUT, d.weight2, d.bias2);
        para_linear_backward(w->dy, OUT, edges, l.weight2, width, OUT, false, w->dhidden, width);
        para_activation_backward(PARA_ACTIVATION_RELU, hidden, w->dhidden, edges * width);
        para_linear_gradient(x, IN, edges, w->dhidden, width, IN, width, d.weight1, d.bias1);
        para_linear_backward(w->dhidden, width, edges, l.weight1, IN, width, false, w->dx, IN);
        for (int i = 0; i < net->round_size; i++)
            gradient[r * net->round_size + i] += w->dweights[i];
        input_backward(w, graph, x, dafter, dmean);
    }
    for (int i = 0; dmotion && i < 3 * graph->node_count; i++)
        dmotion[i] = dafter[i] + dmean[i];
}

ParaImagineTensor para_imagine_tensor(ParaImagine *net, int round, int index)
{
    PARA_ASSERT(round >= 0 && round < net->def.rounds && index >= 0 && index < PARA_IMAGINE_TENSORS);
    int width = net->def.width;
    Layers l = layers(net->weights + round * net->round_size, width);
    const ParaImagineTensor all[PARA_IMAGINE_TENSORS] = {{"weight1", IN, width, l.weight1},
                                                         {"bias1", 1, width, l.bias1},
                                                         {"weight2", width, OUT, l.weight2},
                                                         {"bias2", 1, OUT, l.bias2}};
    return all[index];
}
