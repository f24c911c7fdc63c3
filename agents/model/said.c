// SPDX-License-Identifier: MIT
// Numbers of the network become what an edge feels, and what was felt becomes a gradient. Peaks are learned
// as logarithms of the change of speed that they make, which is what differs least between light and heavy
// bodies.
#include "agents/model/said.h"

#include <math.h>
#include <string.h>

#define SLOW      PARA_IMAGINE_SLOW
#define LOGS      9.0f  // most of a logarithm: 400 m/s
#define LEAST     0.05f // spread
#define MOST      3.0f
#define ROBUST    0.5f // errors of logarithms beyond count by their size
#define HARD      3.0f // [s/m] how much more a hard blow counts: most that presses is at rest, and breaks nothing
#define MOST_HARD 10.0f // so much more at most
#define NATS      12.0f // a probability of touching is no nearer to 0 or 1 than e to the minus of it

enum { TOUCH = PARA_SAYS_TOUCH, PEAK = PARA_SAYS_PEAK, SPREAD = PARA_SAYS_SPREAD };

static float within(float x, float low, float high) { return fminf(fmaxf(x, low), high); }

static float chance(float odds) { return 1.0f / (1.0f + expf(-within(odds, -NATS, NATS))); }

static float spread_of(float said) { return within(expf(within(said, -4.0f, 2.0f)), LEAST, MOST); }

/// Change of speed that an impulse of 1 along its first row makes [1/kg] > 0.
static float ease_of(const ParaGraph *graph, int edge)
{
    return fmaxf(para_edge_ease(&graph->edges[edge], 0, graph->nodes), 1e-9f);
}

/// [N s] of a logarithm
static float impulse_of(float logarithm, float ease)
{
    return SLOW * (expf(within(logarithm, 0.0f, LOGS)) - 1.0f) / ease;
}

static float logarithm_of(float impulse, float ease) { return logf(1.0f + impulse * ease / SLOW); }

ParaEdgeSaid para_edge_said(const ParaGraph *graph, int edge, const float *const *said, int members)
{
    float share = 1.0f / (float)members, touch = 0, peak = 0, square = 0, spread = 0;
    for (int m = 0; m < members; m++) {
        const float *s = said[m] + edge * PARA_IMAGINE_SAYS;
        float logarithm = within(s[PEAK], 0.0f, LOGS), own = spread_of(s[SPREAD]);
        touch += share * chance(s[TOUCH]);
        peak += share * logarithm;
        square += share * logarithm * logarithm;
        spread += share * own * own;
    }
    float apart = fmaxf(square - peak * peak, 0.0f);
    return (ParaEdgeSaid){.touch = graph->edges[edge].kind == PARA_EDGE_CONTACT ? touch : 1.0f,
                          .peak = impulse_of(peak, ease_of(graph, edge)),
                          .spread = within(sqrtf(spread + apart), LEAST, MOST)};
}

float para_edge_above(const ParaGraph *graph, int edge, const ParaEdgeSaid *said, float limit)
{
    float ease = ease_of(graph, edge);
    float by = logarithm_of(said->peak, ease) - logarithm_of(limit, ease);
    return said->touch * 0.5f * erfcf(-by / (said->spread * 1.41421356f));
}

// ---------------------------------------------------------------------------------------------
// Judging.

/// Edges of the same two shapes, or one joint.
typedef struct Pair {
    int edges[64];
    int count;
    float ease; ///< [1/kg] mean of theirs
} Pair;

static bool same(const ParaEdge *a, const ParaEdge *b)
{
    return a->of_a == b->of_a && a->of_b == b->of_b &&
           (a->kind == PARA_EDGE_CONTACT) == (b->kind == PARA_EDGE_CONTACT);
}

/// @return false: this edge was of a pair before
static bool find_pair(const ParaGraph *graph, int first, int edge, int end, Pair *out)
{
    for (int i = first; i < edge; i++)
        if (same(&graph->edges[i], &graph->edges[edge]))
            return false;
    *out = (Pair){.count = 0};
    for (int i = edge; i < end && out->count < 64; i++)
        if (same(&graph->edges[i], &graph->edges[edge])) {
            out->edges[out->count++] = i;
            out->ease += ease_of(graph, i);
        }
    out->ease /= (float)out->count;
    return true;
}

static const ParaFelt *find_felt(const ParaEdge *edge, const ParaFelt *felt, int count)
{
    for (int i = 0; i < count; i++)
        if (felt[i].joint == (edge->kind != PARA_EDGE_CONTACT) && felt[i].of_a == edge->of_a &&
            felt[i].of_b == edge->of_b)
            return &felt[i];
    return NULL;
}

/// At least one of them presses: 1 - product of (1 - p).
static void judge_touch(const Pair *pair, bool touched, const float *said, float weight, float *dsaid,
                        ParaSaidError *error)
{
    float none = 1.0f;
    for (int i = 0; i < pair->count; i++)
        none *= 1.0f - chance(said[pair->edges[i] * PARA_IMAGINE_SAYS + TOUCH]);
    float any = fmaxf(1.0f - none, 1e-6f);
    error->touch -= (double)logf(touched ? any : fmaxf(none, 1e-6f));
    for (int i = 0; i < pair->count; i++) {
        int at = pair->edges[i] * PARA_IMAGINE_SAYS + TOUCH;
        float own = chance(said[at]);
        dsaid[at] = weight * (touched ? -none * own / any : own);
    }
}

/// Their impulses add up; how unsure that is, is learned from how wrong it was.
static void judge_peak(const ParaGraph *graph, const Pair *pair, float peak, const float *said, float weight,
                       float *dsaid, ParaSaidError *error)
{
    float sum = 0, spread = 0, parts[64];
    for (int i = 0; i < pair->count; i++) {
        int edge = pair->edges[i];
        parts[i] = impulse_of(said[edge * PARA_IMAGINE_SAYS + PEAK], ease_of(graph, edge));
        sum += parts[i];
    }
    float by = logarithm_of(sum, pair->ease) - logarithm_of(peak, pair->ease);
    weight *= fminf(1.0f + HARD * peak * pair->ease, MOST_HARD);
    for (int i = 0; i < pair->count; i++) {
        float share = sum > 0.0f ? parts[i] / sum : 1.0f / (float)pair->count;
        spread += share * spread_of(said[pair->edges[i] * PARA_IMAGINE_SAYS + SPREAD]);
    }
    error->peak += (double)fabsf(by);
    for (int i = 0; i < pair->count; i++) {
        int at = pair->edges[i] * PARA_IMAGINE_SAYS;
        float logarithm = said[at + PEAK], ease = ease_of(graph, pair->edges[i]);
        float slope =
            expf(within(logarithm, 0.0f, LOGS)) * pair->ease / ease / (1.0f + sum * pair->ease / SLOW);
        float d = within(by / ROBUST, -1.0f, 1.0f);
        // one that says less than nothing is drawn back to where it says something
        dsaid[at + PEAK] = weight * (logarithm < 0.0f && d > 0.0f ? 0.0f : d * slope);
        float share = sum > 0.0f ? parts[i] / sum : 1.0f / (float)pair->count,
              own = spread_of(said[at + SPREAD]);
        float pull = (1.0f / spread - by * by / (spread * spread * spread)) * share * own;
        // one that is at its bound already is not driven on beyond it, where nothing would ever stop it
        bool bound = pull > 0.0f ? own <= LEAST : own >= MOST;
        dsaid[at + SPREAD] = bound ? 0.0f : weight * within(pull, -1.0f, 1.0f);
    }
}

void para_said_judge(const ParaGraph *graph, int first, int end, const ParaFelt *felt, int felt_count,
                     const float *said, float weight, float *dsaid, ParaSaidError *error)
{
    memset(dsaid + first * PARA_IMAGINE_SAYS, 0, (size_t)((end - first) * PARA_IMAGINE_SAYS) * sizeof *dsaid);
    for (int edge = first; edge < end; edge++) {
        Pair pair;
        if (!find_pair(graph, first, edge, end, &pair))
            continue;
        const ParaFelt *was = find_felt(&graph->edges[edge], felt, felt_count);
        if (graph->edges[edge].kind == PARA_EDGE_CONTACT) {
            judge_touch(&pair, was != NULL, said, weight, dsaid, error);
            error->pairs++;
        }
        if (!was)
            continue;
        error->pairs += graph->edges[edge].kind != PARA_EDGE_CONTACT;
        judge_peak(graph, &pair, was->peak, said, weight, dsaid, error);
        error->felt++;
    }
}
