// SPDX-License-Identifier: MIT
// Peers of one process: an exchange is two turns at a barrier, with a copy between them.
#include "tests/engine/base/peers_here.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct Hub {
    pthread_barrier_t turn;
    const ParaPeersPart *sent[PEERS_HERE_MAX];
    int count, lose;
    PeersHereWork *work;
    void *context;
} Hub;

typedef struct Seat {
    Hub *hub;
    int rank, exchanges;
    pthread_t thread;
} Seat;

static bool exchange(void *context, const ParaPeersPart *send, ParaPeersPart *receive)
{
    Seat *seat = context;
    Hub *hub = seat->hub;
    if (hub->lose >= 0 && seat->exchanges >= hub->lose)
        return false;
    seat->exchanges++;
    hub->sent[seat->rank] = send;
    pthread_barrier_wait(&hub->turn);
    for (int i = 0; i < hub->count; i++) {
        ParaPeersPart from = hub->sent[i][seat->rank];
        if (i == seat->rank)
            continue;
        if (from.size != receive[i].size)
            abort(); // who sends and who receives must mean the same
        if (from.size > 0)
            memcpy(receive[i].data, from.data, from.size);
    }
    pthread_barrier_wait(&hub->turn);
    return true;
}

static void *sit(void *context)
{
    Seat *seat = context;
    Hub *hub = seat->hub;
    ParaArena *arena = para_arena_create(1 << 16, (size_t)1 << 28);
    if (!arena)
        abort();
    bool alone = hub->count == 1;
    hub->work(hub->context, seat->rank,
              alone ? NULL : para_peers_create(seat->rank, hub->count, hub->count, exchange, seat, arena));
    para_arena_destroy(arena);
    return NULL;
}

int peers_here_run(int count, PeersHereWork *work, void *context, int lose)
{
    Hub hub = {.count = count, .lose = lose, .work = work, .context = context};
    Seat seats[PEERS_HERE_MAX];
    if (count < 1 || count > PEERS_HERE_MAX || pthread_barrier_init(&hub.turn, NULL, (unsigned)count) != 0)
        abort();
    for (int i = 0; i < count; i++) {
        seats[i] = (Seat){.hub = &hub, .rank = i};
        if (pthread_create(&seats[i].thread, NULL, sit, &seats[i]) != 0)
            abort();
    }
    for (int i = 0; i < count; i++)
        pthread_join(seats[i].thread, NULL);
    pthread_barrier_destroy(&hub.turn);
    return seats[0].exchanges;
}
