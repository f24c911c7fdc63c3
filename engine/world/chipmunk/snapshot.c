// SPDX-License-Identifier: MIT
// Snapshots are copies of a heap's used prefix. A copy at another address needs its pointers moved and
// the one hash table that is keyed by addresses filled again; then it steps bit for bit like the original.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"

#include <string.h>

static ParaCpHeap *heap_of(const ParaCpSlot *slot) { return (ParaCpHeap *)(void *)slot->base; }

/// Copies in small pieces. One big memcpy becomes a string instruction, which some processors run 15 times
/// slower when source and target lie a few bytes apart within their pages (217 us seen for 400 KB).
static void copy_image(void *target, const void *source, size_t size)
{
    for (size_t at = 0; at < size; at += 1024)
        memcpy((unsigned char *)target + at, (const unsigned char *)source + at,
               size - at < 1024 ? size - at : 1024);
}

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
    copy_image(out, slot->base, used);
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
    copy_image(slot->base, image, size);
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

bool para_cp_clone(void *source, int source_index, void *target, int target_index, ParaDiagList *diagnostics)
{
    const ParaCpSlot *from = &((ParaCpSolver *)source)->slots[source_index];
    ParaCpSlot *to = &((ParaCpSolver *)target)->slots[target_index];
    const ParaCpWorld *original = (const ParaCpWorld *)(const void *)from->base;
    if (!mirror_holds(from, original)) {
        if (diagnostics)
            para_diag_add(diagnostics, PARA_DIAG_ERROR, "W021", "",
                          "this Chipmunk (%s) keeps its contacts in an unknown way: cannot clone",
                          cpVersionString);
        return false;
    }
    PARA_ASSERT(to != from);
    size_t used = original->heap.used, plain_begin = original->plain_begin, plain_end = original->plain_end;
    uintptr_t old_base = (uintptr_t)from->base;
    copy_image(to->base, from->base, used);
    if (used > to->dirty)
        to->dirty = used;
    relocate_range(to->base, 0, plain_begin, old_base, used);
    relocate_range(to->base, plain_end, used, old_base, used);
    rehash((HashSet *)(void *)((ParaCpWorld *)(void *)to->base)->space->cachedArbiters);
    to->built = true;
    return true;
}
