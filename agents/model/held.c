// SPDX-License-Identifier: MIT
// Torn joints are drawn together: impulses along their rigid directions, bodies by their masses. The two
// directions of a point are solved at once: a body that is held at its rim turns more easily than it goes,
// and one after the other would take many turns.
#include "agents/model/held.h"

#include <math.h>

/// How far may be left of what is off.
static float most_of(float off)
{
    float beyond = fmaxf(off - PARA_HELD_SLOP, 0.0f);
    return PARA_HELD_SLOP + PARA_HELD_LEFT * beyond;
}

static float seconds_of(const ParaGraph *graph, const ParaEdge *edge)
{
    return graph->nodes[edge->b].seconds;
}

/// A direction by itself: what is across a slide, or a turn that is held.
static void draw_row(const ParaGraph *graph, const ParaEdge *edge, int row, float *mean, float *after)
{
    float off = edge->rows[row].error, ease = para_edge_ease(edge, row, graph->nodes),
          seconds = seconds_of(graph, edge);
    float will = off + seconds * para_edge_speed(edge, row, mean), most = most_of(fabsf(off));
    if (!(fabsf(will) > most) || !(ease > 0.0f))
        return;
    float back = copysignf(most, will) - will, speed = para_edge_speed(edge, row, after);
    para_edge_push(edge, row, graph->nodes, back / (seconds * ease), mean);
    if (speed * will > 0.0f)
        para_edge_push(edge, row, graph->nodes, -speed / ease, after);
}

/// The speeds along rows 0 and 1 are changed by so much, at once.
static void change_speeds(const ParaGraph *graph, const ParaEdge *edge, const float by[2], float *motion)
{
    const ParaNode *a = &graph->nodes[edge->a], *b = &graph->nodes[edge->b];
    float ease[2] = {para_edge_ease(edge, 0, graph->nodes), para_edge_ease(edge, 1, graph->nodes)};
    const ParaEdgeRow *p = &edge->rows[0], *q = &edge->rows[1];
    float both = p->arm_a * q->arm_a * a->inverse_inertia + p->arm_b * q->arm_b * b->inverse_inertia;
    float all = ease[0] * ease[1] - both * both;
    if (!(all > 1e-6f * ease[0] * ease[1]))
        return; // neither moves
    para_edge_push(edge, 0, graph->nodes, (ease[1] * by[0] - both * by[1]) / all, motion);
    para_edge_push(edge, 1, graph->nodes, (ease[0] * by[1] - both * by[0]) / all, motion);
}

/// A point of both that stays together.
static void draw_point(const ParaGraph *graph, const ParaEdge *edge, float *mean, float *after)
{
    float seconds = seconds_of(graph, edge), off[2], will[2], speed[2];
    for (int r = 0; r < 2; r++) {
        off[r] = edge->rows[r].error;
        will[r] = off[r] + seconds * para_edge_speed(edge, r, mean);
        speed[r] = para_edge_speed(edge, r, after);
    }
    float far = hypotf(will[0], will[1]), most = most_of(hypotf(off[0], off[1]));
    if (!(far > most))
        return;
    float back = (most / far - 1.0f) / seconds,
          apart = (speed[0] * will[0] + speed[1] * will[1]) / (far * far);
    change_speeds(graph, edge, (float[]){back * will[0], back * will[1]}, mean);
    if (apart > 0.0f)
        change_speeds(graph, edge, (float[]){-apart * will[0], -apart * will[1]}, after);
}

static void draw(const ParaGraph *graph, const ParaEdge *edge, float *mean, float *after)
{
    bool hinge = edge->kind == PARA_EDGE_HINGE,
         slide = edge->kind == PARA_EDGE_SLIDER && edge->row_count == 3;
    if (hinge)
        draw_point(graph, edge, mean, after);
    if (slide)
        draw_row(graph, edge, 0, mean, after);
    if ((hinge || slide) && edge->rows[2].strength >= PARA_EDGE_HELD)
        draw_row(graph, edge, 2, mean, after);
}

void para_held_draw(const ParaGraph *graph, float *mean, float *after)
{
    for (int turn = 0; turn < PARA_HELD_TURNS; turn++)
        for (int i = 0; i < graph->edge_count; i++)
            draw(graph, &graph->edges[i], mean, after);
}
