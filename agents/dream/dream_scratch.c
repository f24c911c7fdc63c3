// SPDX-License-Identifier: MIT
// What threads step dreamed worlds with. A thread takes one for the time of a call; there are as many as
// threads ever stepped at once.
#include "agents/dream/dream_world.h"

#define NODES      2048              // of the worlds side by side, at least PARA_BODIES_MAX
#define ARENA_MAX  ((size_t)1 << 30) // [byte] more than a scratch of the widest network takes
#define BLOCK_SIZE ((size_t)1 << 20)

ParaDreamScratch *para_dream_scratch_create(const ParaModel *model)
{
    ParaArena *arena = para_arena_create(BLOCK_SIZE, ARENA_MAX);
    if (!arena)
        return NULL;
    ParaDreamScratch *s = PARA_NEW(arena, ParaDreamScratch, 1);
    s->arena = arena;
    s->dreaming = para_dreaming_create_for(model, NODES, PARA_DREAMING_EDGES, arena);
    s->dreaming.graph.crowds = true;
    s->push = PARA_NEW(arena, float, 3 * PARA_BODIES_MAX);
    s->moved = PARA_NEW(arena, float, 6 * PARA_BODIES_MAX);
    s->now = PARA_NEW(arena, ParaContact, PARA_DREAM_TOUCHES_MAX);
    s->before = PARA_NEW(arena, ParaContact, PARA_DREAM_TOUCHES_MAX);
    s->events = PARA_NEW(arena, ParaEvent, PARA_EVENTS_PER_CONTACT * PARA_DREAM_TOUCHES_MAX);
    s->touches = PARA_NEW(arena, ParaDreamTouch, PARA_DREAM_TOUCHES_MAX);
    s->waiting = PARA_NEW(arena, int, PARA_DREAM_BLOCK);
    s->nodes = PARA_NEW(arena, int, PARA_DREAM_BLOCK + 1);
    s->edges = PARA_NEW(arena, int, PARA_DREAM_BLOCK + 1);
    return s;
}

ParaDreamScratch *para_dream_take_scratch(ParaDreamSolver *s)
{
    pthread_mutex_lock(&s->lock);
    ParaDreamScratch *scratch = s->free_scratches ? NULL : para_dream_scratch_create(s->model);
    if (!scratch) {
        while (!s->free_scratches) // one was made with the group, so one will come
            pthread_cond_wait(&s->back, &s->lock);
        scratch = s->free_scratches;
        s->free_scratches = scratch->next;
    }
    pthread_mutex_unlock(&s->lock);
    return scratch;
}

void para_dream_give_back(ParaDreamSolver *s, ParaDreamScratch *scratch)
{
    pthread_mutex_lock(&s->lock);
    scratch->next = s->free_scratches;
    s->free_scratches = scratch;
    pthread_cond_signal(&s->back);
    pthread_mutex_unlock(&s->lock);
}
