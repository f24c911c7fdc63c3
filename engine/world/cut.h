// SPDX-License-Identifier: MIT
#pragma once
// Cuts one piece of memory into arrays, one after the other; without memory it only counts. So sizes and
// places come from one function. Used by defs and by the solvers' worlds. For solvers alone.
#include <stddef.h>

typedef struct ParaCut {
    unsigned char *base; ///< NULL: count only
    size_t used;         ///< [byte] >= 0 cut so far
} ParaCut;

/// The next `size` bytes at a multiple of `alignment` [byte]; NULL while counting.
static inline void *para_cut(ParaCut *from, size_t size, size_t alignment)
{
    size_t first = (from->used + alignment - 1) / alignment * alignment;
    from->used = first + size;
    return from->base ? from->base + first : NULL;
}

/// The next `count` items of `Type`, at a multiple of 16 bytes.
#define PARA_CUT(from, Type, count) ((Type *)para_cut((from), sizeof(Type) * (size_t)(count), 16))
