// SPDX-License-Identifier: MIT
// The order of nodes is that of least degree (the fewest neighbours left), ties by index. Source of the
// method: A. George and J. Liu, "Computer Solution of Large Sparse Positive Definite Systems" (1981).
#include "engine/world/net.h"
#include "engine/base/assert.h"

#include <stdbool.h>
#include <string.h>

static int bits_of(const uint64_t *set)
{
    int count = 0;
    for (int w = 0; w < PARA_NET_WORDS; w++)
        count += __builtin_popcountll(set[w]);
    return count;
}

static bool has(const uint64_t *set, int node) { return (set[node / 64] >> (node % 64) & 1u) != 0; }
static void put(uint64_t *set, int node) { set[node / 64] |= (uint64_t)1 << (node % 64); }
static void drop(uint64_t *set, int node) { set[node / 64] &= ~((uint64_t)1 << (node % 64)); }

static void spread_part(ParaNetGraph *graph, int node, int32_t part, int count)
{
    int32_t list[PARA_NET_NODES_MAX];
    int found = 0;
    list[found++] = node;
    graph->part[node] = part;
    for (int i = 0; i < found; i++)
        for (int other = 0; other < count; other++)
            if (graph->part[other] < 0 && has(graph->joined[list[i]], other)) {
                graph->part[other] = part;
                list[found++] = other;
            }
}

/// The node with the fewest neighbours of the first part that has any left.
static int loneliest(const ParaNetGraph *graph, const bool *gone, int count)
{
    int best = -1, best_degree = 0;
    for (int i = 0; i < count; i++) {
        int degree = gone[i] ? 0 : bits_of(graph->joined[i]);
        if (gone[i] || (best >= 0 && graph->part[i] > graph->part[best]))
            continue;
        if (best < 0 || graph->part[i] < graph->part[best] || degree < best_degree)
            best = i, best_degree = degree;
    }
    return best;
}

/// Takes all nodes out; `joined` then holds each node's neighbours of that moment.
static void eliminate(ParaNetGraph *graph, int count)
{
    bool gone[PARA_NET_NODES_MAX] = {false};
    for (int place = 0; place < count; place++) {
        int node = loneliest(graph, gone, count);
        PARA_ASSERT(node >= 0);
        gone[node] = true;
        graph->order[place] = node;
        for (int other = 0; other < count; other++)
            if (has(graph->joined[node], other)) {
                for (int w = 0; w < PARA_NET_WORDS; w++)
                    graph->joined[other][w] |= graph->joined[node][w];
                drop(graph->joined[other], other);
                drop(graph->joined[other], node);
            }
    }
}

void para_net_lay(ParaNet *net, void *(*take)(void *from, size_t size), void *from)
{
    size_t nodes = (size_t)net->node_count, blocks = (size_t)net->block_count;
    net->first = take(from, sizeof(int32_t) * (nodes + 1));
    net->pair_first = take(from, sizeof(int32_t) * (nodes + 1));
    net->part_first = take(from, sizeof(int32_t) * (nodes + 1));
    net->part_end = take(from, sizeof(int32_t) * (nodes + 1));
    net->later = take(from, sizeof(int32_t) * (blocks + 1));
    net->target = take(from, sizeof(int32_t) * ((size_t)net->pair_count + 1));
    net->diagonal = take(from, sizeof(double[9]) * (nodes + 1));
    net->block = take(from, sizeof(double[9]) * (blocks + 1));
    net->x = take(from, sizeof(double[3]) * (nodes + 1));
}

/// Blocks of a node, rows rising by place.
static void list_blocks(ParaNet *net, const ParaNetGraph *graph, int at, int *used)
{
    net->first[at] = *used;
    const uint64_t *joined = graph->joined[graph->order[at]];
    bool wanted[PARA_NET_NODES_MAX] = {false};
    for (int other = 0; other < net->node_count; other++)
        if (has(joined, other))
            wanted[graph->place[other]] = true;
    for (int later = at + 1; later < net->node_count; later++)
        if (wanted[later])
            net->later[(*used)++] = later;
}

static void list_parts(ParaNet *net, const ParaNetGraph *graph)
{
    for (int first = 0, end; first < net->node_count; first = end) {
        for (end = first; end < net->node_count; end++)
            if (graph->part[graph->order[end]] != graph->part[graph->order[first]])
                break;
        for (int i = first; i < end; i++)
            net->part_first[i] = first, net->part_end[i] = end;
    }
}

static void list_pairs(ParaNet *net, int at, int *used)
{
    net->pair_first[at] = *used;
    for (int i = net->first[at]; i < net->first[at + 1]; i++)
        for (int k = net->first[at]; k <= i; k++)
            net->target[(*used)++] =
                k == i ? -1 - net->later[i] : para_net_block(net, net->later[i], net->later[k]);
}

void para_net_order(ParaNetGraph *out, int node_count, const int32_t (*edges)[2], int edge_count)
{
    PARA_ASSERT(node_count >= 0 && node_count <= PARA_NET_NODES_MAX);
    out->node_count = node_count;
    out->block_count = out->pair_count = 0;
    memset(out->joined, 0, sizeof out->joined[0] * (size_t)node_count);
    for (int i = 0; i < edge_count; i++) {
        PARA_ASSERT(edges[i][0] != edges[i][1]);
        put(out->joined[edges[i][0]], edges[i][1]);
        put(out->joined[edges[i][1]], edges[i][0]);
    }
    for (int i = 0; i < node_count; i++)
        out->part[i] = -1;
    for (int i = 0; i < node_count; i++)
        if (out->part[i] < 0)
            spread_part(out, i, i, node_count);
    eliminate(out, node_count);
    for (int i = 0; i < node_count; i++) {
        int degree = bits_of(out->joined[out->order[i]]);
        out->place[out->order[i]] = i;
        out->block_count += degree;
        out->pair_count += degree * (degree + 1) / 2;
    }
}

void para_net_plan(ParaNet *net, const ParaNetGraph *graph)
{
    PARA_ASSERT(net->node_count == graph->node_count && net->block_count == graph->block_count &&
                net->pair_count == graph->pair_count);
    int used = 0;
    for (int i = 0; i < net->node_count; i++)
        list_blocks(net, graph, i, &used);
    net->first[net->node_count] = used;
    PARA_ASSERT(used == net->block_count);
    list_parts(net, graph);
    used = 0;
    for (int i = 0; i < net->node_count; i++)
        list_pairs(net, i, &used);
    net->pair_first[net->node_count] = used;
    PARA_ASSERT(used == net->pair_count);
}

int para_net_block(const ParaNet *net, int32_t node, int32_t other)
{
    int32_t early = node < other ? node : other, late = node < other ? other : node;
    for (int i = net->first[early]; i < net->first[early + 1]; i++)
        if (net->later[i] == late)
            return i;
    PARA_ASSERT(false); // the plan has a block for every edge and every fill
    return -1;
}

void para_net_clear(ParaNet *net)
{
    memset(net->diagonal, 0, sizeof(double[9]) * (size_t)net->node_count);
    memset(net->block, 0, sizeof(double[9]) * (size_t)net->block_count);
}

/// Of a positive definite system every pivot is positive; where rounding has eaten it, what it would at least
/// be worth in doubles.
static double pivot(double left, double whole)
{
    double least = 1e-15 * whole;
    return left < least ? least : left;
}

/// L D L^T of a 3x3 diagonal block, in its place: m[3], m[6], m[7] of L, and 1 / D in m[0], m[4], m[8]. No
/// inverse is made anywhere: a body that is held stiffly in two ways and free in the third would lose it to
/// rounding. What is no number stays none: its world diverges, and says so.
static void factor_diagonal(double m[9])
{
    double d0 = m[0], l10 = m[3] / d0, l20 = m[6] / d0;
    double d1 = pivot(m[4] - l10 * m[3], m[4]), l21 = (m[7] - l20 * m[3]) / d1;
    double d2 = pivot(m[8] - l20 * m[6] - l21 * l21 * d1, m[8]);
    PARA_ASSERT_HOT(!(d0 <= 0.0 || d1 <= 0.0 || d2 <= 0.0));
    m[0] = 1.0 / d0;
    m[3] = l10;
    m[4] = 1.0 / d1;
    m[6] = l20;
    m[7] = l21;
    m[8] = 1.0 / d2;
}

/// b L^-T
static void divide_block(double b[9], const double m[9])
{
    for (int r = 0; r < 9; r += 3) {
        b[r + 1] -= b[r] * m[3];
        b[r + 2] -= b[r] * m[6] + b[r + 1] * m[7];
    }
}

/// changed -= p D^-1 q^T
static void take_outer(double changed[9], const double p[9], const double m[9], const double q[9])
{
    for (int r = 0; r < 9; r += 3) {
        double p0 = p[r] * m[0], p1 = p[r + 1] * m[4], p2 = p[r + 2] * m[8];
        for (int c = 0; c < 3; c++)
            changed[r + c] -= p0 * q[3 * c] + p1 * q[3 * c + 1] + p2 * q[3 * c + 2];
    }
}

void para_net_factor(ParaNet *net)
{
    for (int n = 0; n < net->node_count; n++) {
        double *m = net->diagonal[n];
        factor_diagonal(m);
        const int32_t *target = net->target + net->pair_first[n];
        for (int i = net->first[n]; i < net->first[n + 1]; i++) {
            divide_block(net->block[i], m);
            for (int k = net->first[n]; k <= i; k++, target++)
                take_outer(*target < 0 ? net->diagonal[-1 - *target] : net->block[*target], net->block[i], m,
                           net->block[k]);
        }
    }
}

static void solve_down(const ParaNet *net, double (*x)[3], int n)
{
    const double *m = net->diagonal[n];
    double *own = x[n];
    own[1] -= m[3] * own[0];
    own[2] -= m[6] * own[0] + m[7] * own[1];
    double u0 = own[0] * m[0], u1 = own[1] * m[4], u2 = own[2] * m[8];
    for (int i = net->first[n]; i < net->first[n + 1]; i++) {
        double *later = x[net->later[i]];
        const double *b = net->block[i];
        later[0] -= b[0] * u0 + b[1] * u1 + b[2] * u2;
        later[1] -= b[3] * u0 + b[4] * u1 + b[5] * u2;
        later[2] -= b[6] * u0 + b[7] * u1 + b[8] * u2;
    }
}

static void solve_up(const ParaNet *net, double (*x)[3], int n)
{
    const double *m = net->diagonal[n];
    double *own = x[n];
    for (int i = net->first[n]; i < net->first[n + 1]; i++) {
        const double *later = x[net->later[i]], *b = net->block[i];
        for (int k = 0; k < 3; k++)
            own[k] -= b[k] * later[0] + b[3 + k] * later[1] + b[6 + k] * later[2];
    }
    own[2] *= m[8];
    own[1] = own[1] * m[4] - m[7] * own[2];
    own[0] = own[0] * m[0] - m[3] * own[1] - m[6] * own[2];
}

void para_net_solve(const ParaNet *net, double (*x)[3], int first, int end)
{
    for (int n = first; n < end; n++)
        solve_down(net, x, n);
    for (int n = end - 1; n >= first; n--)
        solve_up(net, x, n);
}
