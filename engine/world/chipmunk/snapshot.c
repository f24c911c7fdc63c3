// SPDX-License-Identifier: MIT
// Snapshots are copies of a heap's used prefix. A copy at another address needs its pointers moved and
// the one hash table that is keyed by addresses filled again; then it steps bit for bit like the original.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/memory.h"

#include <stddef.h>
#include <string.h>

static ParaCpHeap *heap_of(const ParaCpSlot *slot) { return (ParaCpHeap *)(void *)slot->base; }

size_t para_cp_snapshot_size(void *solver, int index)
{
    return heap_of(&((ParaCpSolver *)solver)->slots[index])->used;
}

size_t para_cp_save(void *solver, int index, void *out, size_t size_max)
{
    const ParaCpSlot *slot = &((ParaCpSolver *)solver)->slots[index];
    size_t used = heap_of(slot)->used;
    PARA_ASSERT(used >= sizeof(ParaCpWorld) && used <= PARA_CP_HEAP_MAX);
    if (used > size_max)
        return 0;
    para_memory_copy(out, slot->base, used);
    return used;
}

bool para_cp_restore(void *solver, int index, const void *image, size_t size)
{
    ParaCpSlot *slot = &((ParaCpSolver *)solver)->slots[index];
    ParaCpWorld head;
    if (size < sizeof head || size > PARA_CP_HEAP_MAX)
        return false;
    memcpy(&head, image, sizeof head);
    // The view points into the heap, so it tells whose image this is.
    if (head.heap.used != size || head.view.def != &((ParaCpWorld *)(void *)slot->base)->def)
        return false;
    para_memory_copy(slot->base, image, size);
    if (size > slot->dirty)
        slot->dirty = size;
    slot->built = true;
    return true;
}

// Mirrors of Chipmunk 7.0.3's private hash set (cpHashSet.c); proved against each set before use.
typedef struct HashBin {
    void *element;
    cpHashValue hash;
    struct HashBin *next;
} HashBin;
typedef struct HashSet {
    unsigned int entries, size;
    cpHashSetEqlFunc equal;
    void *default_value;
    HashBin **table;
    HashBin *pooled;
    cpArray *buffers;
} HashSet;

static bool inside(const ParaCpSlot *slot, const void *pointer, size_t size)
{
    uintptr_t at = (uintptr_t)pointer - (uintptr_t)slot->base;
    return at < heap_of(slot)->used && size <= heap_of(slot)->used - at;
}

static cpHashValue pair_hash(const cpArbiter *arbiter) { return CP_HASH_PAIR(arbiter->a, arbiter->b); }

/// Every bin found, every hash as expected, every pointer in the heap: then the mirror is right.
static bool mirror_holds(const ParaCpSlot *slot, const ParaCpWorld *world)
{
    const HashSet *set = (const HashSet *)(const void *)world->space->cachedArbiters;
    unsigned int found = 0;
    if (strncmp(cpVersionString, "7.0.", 4) != 0 || !inside(slot, set, sizeof *set))
        return false;
    if (set->size == 0 || (int)set->entries != cpHashSetCount(world->space->cachedArbiters) ||
        !inside(slot, set->table, sizeof(void *) * set->size))
        return false;
    for (unsigned int i = 0; i < set->size; i++)
        for (const HashBin *bin = set->table[i]; bin; bin = bin->next) {
            if (!inside(slot, bin, sizeof *bin) || !inside(slot, bin->element, sizeof(cpArbiter)))
                return false;
            if (bin->hash != pair_hash(bin->element) || bin->hash % set->size != i || ++found > set->entries)
                return false;
        }
    return found == set->entries;
}

/// Moves every word in [from, to) that points into the old heap.
static void relocate_range(unsigned char *base, size_t from, size_t to, uintptr_t old_base, size_t used)
{
    PARA_ASSERT(from % sizeof(uintptr_t) == 0 && from <= to && to <= used);
    uintptr_t shift = (uintptr_t)base - old_base;
    for (size_t at = from; at + sizeof(uintptr_t) <= to; at += sizeof(uintptr_t)) {
        uintptr_t *word = (uintptr_t *)(void *)(base + at);
        if (*word - old_base <= used)
            *word += shift;
    }
}

static void rehash(HashSet *set)
{
    HashBin *all = NULL;
    unsigned int count = 0;
    for (unsigned int i = 0; i < set->size; i++) {
        for (HashBin *bin = set->table[i], *next; bin; bin = next) {
            next = bin->next;
            bin->next = all;
            all = bin;
        }
        set->table[i] = NULL;
    }
    for (HashBin *bin = all, *next; bin; bin = next) {
        next = bin->next;
        bin->hash = pair_hash(bin->element);
        HashBin **slot = &set->table[bin->hash % set->size];
        bin->next = *slot;
        *slot = bin;
        count++;
    }
    PARA_ASSERT(count == set->entries);
}

const void *para_cp_image(void *solver, int index, size_t *out_size, ParaDiagList *diagnostics)
{
    const ParaCpSlot *slot = &((ParaCpSolver *)solver)->slots[index];
    *out_size = heap_of(slot)->used;
    if (mirror_holds(slot, (const ParaCpWorld *)(const void *)slot->base))
        return slot->base;
    if (diagnostics)
        para_diag_add(diagnostics, PARA_DIAG_ERROR, "W021", "",
                      "this Chipmunk (%s) keeps its contacts in an unknown way: cannot clone",
                      cpVersionString);
    return NULL;
}

void para_cp_adopt(void *solver, int index, const void *image, size_t size)
{
    ParaCpSlot *slot = &((ParaCpSolver *)solver)->slots[index];
    PARA_ASSERT(image != slot->base && size >= sizeof(ParaCpWorld) && size <= PARA_CP_HEAP_MAX);
    para_memory_copy(slot->base, image, size);
    if (size > slot->dirty)
        slot->dirty = size;
    ParaCpWorld *world = (ParaCpWorld *)(void *)slot->base;
    PARA_ASSERT(world->heap.used == size);
    // The view points into the heap that the image is of, so it tells where that lay.
    uintptr_t old_base = (uintptr_t)world->view.def - offsetof(ParaCpWorld, def);
    size_t plain_begin = world->plain_begin, plain_end = world->plain_end;
    relocate_range(slot->base, 0, plain_begin, old_base, size);
    relocate_range(slot->base, plain_end, size, old_base, size);
    rehash((HashSet *)(void *)world->space->cachedArbiters);
    slot->built = true;
}
