// SPDX-License-Identifier: MIT
// All that peers do, by one kind of call: everybody gives everybody a part.
#include "engine/base/peers.h"

#include "engine/base/assert.h"

#include <string.h>

#define AT_ONCE_MOST                                                                                         \
    ((size_t)512 << 10) // [byte] that a peer gets for a sum at once; of two it is no more bytes

ParaPeers *para_peers_create(int rank, int count, int here, ParaPeersExchange *exchange, void *context,
                             ParaArena *arena)
{
    PARA_ASSERT(count >= 1 && rank >= 0 && rank < count && here >= 1 && here <= count && exchange);
    ParaPeers *peers = PARA_NEW(arena, ParaPeers, 1);
    *peers = (ParaPeers){.rank = rank,
                         .count = count,
                         .here = here,
                         .exchange = exchange,
                         .context = context,
                         .arena = arena,
                         .send = PARA_NEW(arena, ParaPeersPart, count),
                         .receive = PARA_NEW(arena, ParaPeersPart, count)};
    return peers;
}

int para_peers_first(const ParaPeers *peers, int count, int rank)
{
    return (int)((int64_t)count * rank / para_peers_count(peers));
}

/// Whether there is nobody to send to.
static bool is_alone(const ParaPeers *peers) { return !peers || peers->count == 1; }

// One exchange of peers->send for peers->receive.
static bool exchange(ParaPeers *peers)
{
    peers->lost = peers->lost || !peers->exchange(peers->context, peers->send, peers->receive);
    return !peers->lost;
}

static size_t slice(const ParaPeers *peers, size_t count, int rank)
{
    return count / (size_t)peers->count * (size_t)rank +
           count % (size_t)peers->count * (size_t)rank / (size_t)peers->count;
}

// @param size [byte]
static void *room_for(ParaPeers *peers, size_t size)
{
    size_t doubles = (size + sizeof(double) - 1) / sizeof(double);
    if (doubles > peers->room_size) {
        peers->room = PARA_NEW(peers->arena, double, doubles);
        peers->room_size = doubles;
    }
    return peers->room;
}

// Adds up `count` numbers of each, which lie in the room in the order of ranks, into the first.
static void add_up(const ParaPeers *peers, float *room, size_t count)
{
    for (int i = 1; i < peers->count; i++)
        for (size_t k = 0; k < count; k++)
            room[k] += room[(size_t)i * count + k];
}

// Everybody gets all numbers of all: one exchange, where waiting costs more than the bytes.
static bool sum_at_once(ParaPeers *peers, float *values, size_t count)
{
    float *room = room_for(peers, count * (size_t)peers->count * sizeof *room);
    if (!para_peers_all(peers, values, count * sizeof *values, room))
        return false;
    add_up(peers, room, count);
    memcpy(values, room, count * sizeof *values);
    return true;
}

// Each adds up a slice and tells it to all.
static bool sum_in_slices(ParaPeers *peers, float *values, size_t count)
{
    size_t first = slice(peers, count, peers->rank), own = slice(peers, count, peers->rank + 1) - first;
    float *room = room_for(peers, own * (size_t)peers->count * sizeof *room);
    for (int i = 0; i < peers->count; i++) {
        size_t at = slice(peers, count, i);
        peers->send[i] = (ParaPeersPart){values + at, (slice(peers, count, i + 1) - at) * sizeof *values};
        peers->receive[i] = (ParaPeersPart){room + (size_t)i * own, own * sizeof *values};
    }
    if (!exchange(peers))
        return false;
    memcpy(room + (size_t)peers->rank * own, values + first, own * sizeof *values);
    add_up(peers, room, own);
    memcpy(values + first, room, own * sizeof *values);
    for (int i = 0; i < peers->count; i++) {
        peers->receive[i] = peers->send[i];
        peers->send[i] = (ParaPeersPart){values + first, own * sizeof *values};
    }
    return exchange(peers);
}

bool para_peers_sum(ParaPeers *peers, float *values, size_t count)
{
    if (is_alone(peers) || peers->lost)
        return is_alone(peers);
    bool few = peers->count == 2 || (size_t)(peers->count - 1) * count * sizeof *values <= AT_ONCE_MOST;
    return few ? sum_at_once(peers, values, count) : sum_in_slices(peers, values, count);
}

bool para_peers_all(ParaPeers *peers, const void *own, size_t size, void *all)
{
    memcpy((uint8_t *)all + (size_t)para_peers_rank(peers) * size, own, size);
    if (is_alone(peers) || peers->lost)
        return is_alone(peers);
    for (int i = 0; i < peers->count; i++) {
        peers->send[i] = (ParaPeersPart){(uint8_t *)all + (size_t)peers->rank * size, size};
        peers->receive[i] = (ParaPeersPart){(uint8_t *)all + (size_t)i * size, size};
    }
    return exchange(peers);
}

bool para_peers_sum_f64(ParaPeers *peers, double *values, size_t count)
{
    if (is_alone(peers) || peers->lost)
        return is_alone(peers);
    double *all = room_for(peers, count * (size_t)peers->count * sizeof *all);
    if (!para_peers_all(peers, values, count * sizeof *values, all))
        return false;
    memcpy(values, all, count * sizeof *values);
    for (size_t i = count; i < count * (size_t)peers->count; i++)
        values[i % count] += all[i];
    return true;
}

bool para_peers_max(ParaPeers *peers, int64_t *value)
{
    if (is_alone(peers) || peers->lost)
        return is_alone(peers);
    int64_t *all = room_for(peers, (size_t)peers->count * sizeof *all);
    if (!para_peers_all(peers, value, sizeof *value, all))
        return false;
    for (int i = 0; i < peers->count; i++)
        *value = all[i] > *value ? all[i] : *value;
    return true;
}

// The sizes of all, then rooms for their bytes. @param to_all false: rank 0 alone gets them
static bool bring(ParaPeers *peers, const void *own, size_t size, bool to_all, ParaArena *arena,
                  ParaPeersPart *parts)
{
    int count = para_peers_count(peers), rank = para_peers_rank(peers);
    for (int i = 0; i < count; i++)
        parts[i] = (ParaPeersPart){0};
    parts[rank] = (ParaPeersPart){PARA_NEW(arena, uint8_t, size + 1), size};
    if (size > 0)
        memcpy(parts[rank].data, own, size);
    if (is_alone(peers) || peers->lost)
        return is_alone(peers);
    uint64_t mine = size, *sizes = PARA_NEW(arena, uint64_t, count);
    if (!para_peers_all(peers, &mine, sizeof mine, sizes))
        return false;
    for (int i = 0; i < count; i++) {
        bool comes = i != rank && (to_all || rank == 0), goes = i != rank && (to_all || i == 0);
        if (comes)
            parts[i] = (ParaPeersPart){PARA_NEW(arena, uint8_t, sizes[i] + 1), sizes[i]};
        peers->send[i] = (ParaPeersPart){parts[rank].data, goes ? size : 0};
        peers->receive[i] = parts[i];
    }
    return exchange(peers);
}

bool para_peers_gather(ParaPeers *peers, const void *own, size_t size, ParaArena *arena, ParaPeersPart *parts)
{
    return bring(peers, own, size, true, arena, parts);
}

bool para_peers_collect(ParaPeers *peers, const void *own, size_t size, ParaArena *arena,
                        ParaPeersPart *parts)
{
    return bring(peers, own, size, false, arena, parts);
}

bool para_peers_share(ParaPeers *peers, void *data, size_t size)
{
    if (is_alone(peers) || peers->lost)
        return is_alone(peers);
    for (int i = 0; i < peers->count; i++) {
        peers->send[i] = (ParaPeersPart){data, peers->rank == 0 ? size : 0};
        peers->receive[i] = (ParaPeersPart){data, i == 0 ? size : 0};
    }
    return exchange(peers);
}

bool para_peers_share_part(ParaPeers *peers, ParaPeersPart *part, ParaArena *arena)
{
    uint64_t size = part->size;
    if (!para_peers_share(peers, &size, sizeof size))
        return false;
    if (para_peers_rank(peers) != 0)
        *part = (ParaPeersPart){PARA_NEW(arena, uint8_t, size + 1), size};
    return para_peers_share(peers, part->data, part->size);
}
