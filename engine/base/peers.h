// SPDX-License-Identifier: MIT
#pragma once
// Peers: processes that do one piece of work together, each its share of it, and tell one another what came
// out. All of them make the same calls in the same order; what comes out of a call is the same bits for all.
// How bytes travel is a transport's affair (engine/ranks); the code that works knows only this.
//
// NULL in place of peers is who works alone: nothing is sent, and every call returns at once.
// A peer that is lost cannot be done without: from then on every call returns false at once and leaves what
// it was to fill, so that the work may go on to a place where it can end well. `lost` says so.
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/// Bytes for a peer, or of one.
typedef struct ParaPeersPart {
    void *data;  ///< [1] 0..255  [size]
    size_t size; ///< [byte] >= 0
} ParaPeersPart;

/// What a transport does: sends each peer its part and fills the parts that come from each; that of the
/// caller's own rank is left alone. Both know every size beforehand.
/// @param send in, [count]   @param receive in-out, [count]   @return false: a peer is lost
typedef bool ParaPeersExchange(void *context, const ParaPeersPart *send, ParaPeersPart *receive);

typedef struct ParaPeers {
    int rank;  ///< [1] 0..count - 1; 0 leads: it alone writes and tells
    int count; ///< [1] >= 1
    int here;  ///< [1] 1..count of them on this machine
    ParaPeersExchange *exchange;
    void *context;
    bool lost; ///< one of them is; set once
    // Private to peers.c.
    ParaArena *arena;
    ParaPeersPart *send, *receive; ///< [count]
    double *room;                  ///< [1] any; parts of sums  [room_size]
    size_t room_size;              ///< [1] >= 0
} ParaPeers;

/// @param here [1] 1..count ranks on this machine   @param arena holds it, and scratch that grows to the
/// longest sum
ParaPeers *para_peers_create(int rank, int count, int here, ParaPeersExchange *exchange, void *context,
                             ParaArena *arena);
/// How many there are; 1 for NULL.
static inline int para_peers_count(const ParaPeers *peers) { return peers ? peers->count : 1; }
/// The caller's rank; 0 for NULL.
static inline int para_peers_rank(const ParaPeers *peers) { return peers ? peers->rank : 0; }
/// The first of `count` things that are dealt out in order to rank `rank`; that of rank `count of peers` is
/// `count`.  Shares differ by one at most.
int para_peers_first(const ParaPeers *peers, int count, int rank);

/// Sums numbers over all peers, in the order of ranks whatever the transport does, so that a sum has the same
/// bits on every run. Many numbers of more than two are added up in slices, one by each, who tells it to all:
/// 2 (N - 1) / N of their bytes leave each.
/// @param values in-out, [count]
bool para_peers_sum(ParaPeers *peers, float *values, size_t count);
/// The same of few, in double. @param values in-out, [count]
bool para_peers_sum_f64(ParaPeers *peers, double *values, size_t count);
/// The largest of all. @param value in-out, [1] any
bool para_peers_max(ParaPeers *peers, int64_t *value);
/// As many bytes of each, in the order of ranks. @param all out, [count of peers, size]
bool para_peers_all(ParaPeers *peers, const void *own, size_t size, void *all);
/// Bytes of each, as many as it has. @param parts out, [count of peers] in the arena
bool para_peers_gather(ParaPeers *peers, const void *own, size_t size, ParaArena *arena,
                       ParaPeersPart *parts);
/// The same to rank 0 alone; the others' parts are empty.
bool para_peers_collect(ParaPeers *peers, const void *own, size_t size, ParaArena *arena,
                        ParaPeersPart *parts);
/// What rank 0 has becomes everybody's. @param data in on rank 0, out elsewhere  [size]
bool para_peers_share(ParaPeers *peers, void *data, size_t size);
/// The same where only rank 0 knows how many there are. @param part in on rank 0, out elsewhere in the arena
bool para_peers_share_part(ParaPeers *peers, ParaPeersPart *part, ParaArena *arena);
