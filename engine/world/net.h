// SPDX-License-Identifier: MIT
#pragma once
// A symmetric positive definite system over bodies: one node of three unknowns (x, y, angle) per body, one
// 3x3 block per pair of bodies that something stiff holds together. Solved at once by factors (L D L^T),
// nodes in an order that makes few new blocks: chains and trees make none. Used by what holds joints all at
// once: engine/world/chipmunk/holds.c, engine/world/lanes/solve/knots.c.
#include <stddef.h>
#include <stdint.h>

#define PARA_NET_NODES_MAX 512
#define PARA_NET_WORDS     (PARA_NET_NODES_MAX / 64)

/// Who is joined to whom, and in which order nodes are taken out: scratch of a plan.
typedef struct ParaNetGraph {
    int node_count, block_count, pair_count;
    uint64_t joined[PARA_NET_NODES_MAX][PARA_NET_WORDS]; ///< neighbours left when the node is taken out
    int32_t part[PARA_NET_NODES_MAX];                    ///< least node that is joined to it, over others too
    int32_t order[PARA_NET_NODES_MAX];                   ///< node by place
    int32_t place[PARA_NET_NODES_MAX];                   ///< place by node
} ParaNetGraph;

/// Blocks and what the factors need; all arrays lie where the owner has laid them.
typedef struct ParaNet {
    int node_count, block_count, pair_count;
    int32_t *first;      ///< [node_count + 1] of each node's blocks, and of its pairs in pair_first
    int32_t *pair_first; ///< [node_count + 1] of each node's pairs of blocks
    int32_t *later;  ///< [block_count] the node of the block's rows, rising within a node; columns are the
                     ///< node's own
    int32_t *target; ///< [pair_count] per pair of a node's blocks: the block they change, or -1 - node: its
                     ///< diagonal
    int32_t *part_first;   ///< [node_count] first node of the part that a node is of
    int32_t *part_end;     ///< [node_count] behind its last
    double (*diagonal)[9]; ///< [node_count] rows first; after factoring 1 / D and L inside it
    double (*block)[9];    ///< [block_count]; rows first; after factoring L D of both nodes
    double (*x)[3];        ///< [node_count] right side, and after solving the unknowns
} ParaNet;

/// Finds the order of nodes, and how much a net of it has. Nodes that are joined, over others too, stand in
/// one row: a part.
/// @param edges [edge_count][2] pairs of nodes, 0..node_count - 1; equal pairs count once
void para_net_order(ParaNetGraph *out, int node_count, const int32_t (*edges)[2], int edge_count);
/// Sets the pointers of a net whose counts are set. `take` is asked for each array, whose size is in [byte].
void para_net_lay(ParaNet *net, void *(*take)(void *from, size_t size), void *from);
/// Lists a net that was laid out for the counts of the graph.
void para_net_plan(ParaNet *net, const ParaNetGraph *graph);
/// The block of two different nodes of the net's order. @return index into block
int para_net_block(const ParaNet *net, int32_t node, int32_t other);
void para_net_clear(ParaNet *net); ///< all blocks to zero
void para_net_factor(ParaNet *net);
/// Solves for x [node_count], right side before and unknowns after, of the nodes of [first, end), which are
/// whole parts.
void para_net_solve(const ParaNet *net, double (*x)[3], int first, int end);
