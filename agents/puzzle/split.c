// SPDX-License-Identifier: MIT
// Which tasks are practised on and which are tests: within templates, across them, or as a file says.
#include "agents/puzzle/split.h"

#include "engine/base/hash.h"
#include "engine/base/rng.h"

#include <stdlib.h>
#include <string.h>

typedef struct Lot {
    uint64_t hash;
    const char *name;
    int index;
} Lot;

static int by_lot(const void *a, const void *b)
{
    const Lot *p = a, *q = b;
    return p->hash != q->hash ? (p->hash > q->hash) - (p->hash < q->hash) : strcmp(p->name, q->name);
}

static Lot lot_of(const char *name, int index, uint64_t seed)
{
    return (Lot){para_hash(name, strlen(name), para_seed_mix(seed, 0x70757a7aULL)), name, index};
}

/// How many of so many are tests.
static int share_of(int count) { return count < PARA_SPLIT_SHARE ? 1 : count / PARA_SPLIT_SHARE; }

/// Marks the last ones. @param lots [count] >= 1
static void mark(Lot *lots, int count, bool *marks)
{
    qsort(lots, (size_t)count, sizeof *lots, by_lot);
    for (int i = count - share_of(count); i < count; i++)
        marks[lots[i].index] = true;
}

static void split_within(uint64_t seed, const char *const *names, const int32_t *kinds, int count,
                         int kind_count, Lot *lots, bool *tests)
{
    for (int kind = 0; kind < kind_count; kind++) {
        int here = 0;
        for (int i = 0; i < count; i++)
            if (kinds[i] == kind)
                lots[here++] = lot_of(names[i], i, seed);
        if (here > 0)
            mark(lots, here, tests);
    }
}

void para_puzzle_split(ParaPuzzleSplit split, uint64_t seed, const char *const *names, const int32_t *kinds,
                       int count, const char *const *kind_names, int kind_count, bool *tests,
                       ParaArena *arena)
{
    ParaArenaMark begin = para_arena_mark(arena);
    Lot *lots = PARA_NEW(arena, Lot, count + kind_count);
    bool *out = PARA_NEW(arena, bool, kind_count + 1);
    memset(tests, 0, sizeof *tests * (size_t)count);
    if (split == PARA_SPLIT_WITHIN) {
        split_within(seed, names, kinds, count, kind_count, lots, tests);
    } else {
        for (int kind = 0; kind < kind_count; kind++)
            lots[kind] = lot_of(kind_names[kind], kind, seed);
        mark(lots, kind_count, out);
        for (int i = 0; i < count; i++)
            tests[i] = out[kinds[i]];
    }
    para_arena_rewind(arena, begin);
}
