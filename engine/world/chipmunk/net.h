// SPDX-License-Identifier: MIT
#pragma once
// A symmetric positive definite system over bodies: one node of three unknowns (x, y, angle) per body, one
// 3x3 block per pair of bodies that something stiff holds together. Solved at once by factors (L D L^T),
// nodes in an order that makes few new blocks: chains and trees make none. Used by holds.c.
#include <stdint.h>

/// Blocks and what the factors need; all arrays lie in the heap of the world.
typedef struct ParaCpNet {
    int node_count, block_count;
    int32_t *first;      ///< [node_count + 1] of each node's blocks, and of its pairs in pair_first
    int32_t *pair_first; ///< [node_count + 1] of each node's pairs of blocks
    int32_t *later;  ///< [block_count] the node of the block's rows, rising within a node; columns are the
                     ///< node's own
    int32_t *target; ///< per pair of a node's blocks: the block they change, or -1 - node: its diagonal
    int32_t *part_first;   ///< [node_count] first node of the part that a node is of
    int32_t *part_end;     ///< [node_count] behind its last
    double (*diagonal)[9]; ///< [node_count] rows first; after factoring 1 / D and L inside it
    double (*block)[9];    ///< [block_count]; rows first; after factoring L D of both nodes
    double (*x)[3];        ///< [node_count] right side, and after solving the unknowns
} ParaCpNet;

#define PARA_CP_NET_NODES_MAX 512

/// Lays a net out in the heap entered last. Nodes that are joined, over others too, stand in one row: a part.
/// @param edges [edge_count][2] pairs of nodes, 0..node_count - 1; equal pairs count once
/// @param out_place out [node_count] where each node stands in the net's order
void para_cp_net_plan(ParaCpNet *net, int node_count, const int32_t (*edges)[2], int edge_count,
                      int32_t *out_place);
/// The block of two different nodes of the net's order. @return index into block
int para_cp_net_block(const ParaCpNet *net, int32_t node, int32_t other);
void para_cp_net_clear(ParaCpNet *net); ///< all blocks to zero
void para_cp_net_factor(ParaCpNet *net);
/// Solves for x [node_count], right side before and unknowns after, of the nodes of [first, end), which are
/// whole parts.
void para_cp_net_solve(const ParaCpNet *net, double (*x)[3], int first, int end);
