// SPDX-License-Identifier: MIT
// Arenas as a chain of blocks. Going back keeps the later blocks for the next round, so that work
// repeated at the same size (a step, an episode) stops calling the heap after its first round.
#include "engine/base/arena.h"

#include "engine/base/assert.h"
#include "engine/base/memory.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(ARENA_POISON)
#define ARENA_POISON 1
#endif
// Under AddressSanitizer, bytes that are not handed out may not be touched: use after a rewind and
// writes past the end of an allocation are caught as they are with malloc.
#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#define FORBID(address, size) ASAN_POISON_MEMORY_REGION((address), (size))
#define PERMIT(address, size) ASAN_UNPOISON_MEMORY_REGION((address), (size))
#else
#define FORBID(address, size) ((void)(address), (void)(size))
#define PERMIT(address, size) ((void)(address), (void)(size))
#endif

#define ARENA_ALIGN 64u
#define HUGE                                                                                                 \
    ((size_t)4 << 20) // [byte] an allocation with a block of its own, all of which is zeroed: huge
                      // pages hold little there that is not used

typedef struct Block Block;
struct Block {
    Block *next;
    size_t capacity; // [byte] of data, a multiple of ARENA_ALIGN
    size_t used;     // [byte]
    size_t before;   // [byte] used in all earlier blocks
};

struct ParaArena {
    Block *first, *current;
    size_t block_size, size_max; // [byte]
};

_Static_assert(sizeof(Block) <= ARENA_ALIGN, "a block's head fits in front of its aligned data");

static unsigned char *block_data(Block *block) { return (unsigned char *)block + ARENA_ALIGN; }

/// Rounds up to ARENA_ALIGN, at least once; SIZE_MAX where that is impossible.
static size_t round_up(size_t size)
{
    if (size == 0)
        return ARENA_ALIGN;
    if (size > SIZE_MAX - 2 * ARENA_ALIGN)
        return SIZE_MAX;
    return (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
}

static Block *block_create(size_t capacity)
{
    Block *block = aligned_alloc(ARENA_ALIGN, ARENA_ALIGN + capacity);
    if (!block)
        return NULL;
    *block = (Block){.capacity = capacity};
    FORBID(block_data(block), capacity);
    return block;
}

static bool is_in_chain(const ParaArena *arena, const Block *block)
{
    const Block *at = arena->first;
    while (at && at != block)
        at = at->next;
    return at != NULL;
}

static void chain_free(Block *block)
{
    while (block) {
        Block *next = block->next;
        PERMIT(block_data(block), block->capacity);
        free(block);
        block = next;
    }
}

ParaArena *para_arena_create(size_t block_size, size_t size_max)
{
    size_t capacity = round_up(block_size);
    if (capacity == SIZE_MAX)
        return NULL;
    ParaArena *arena = malloc(sizeof *arena);
    if (!arena)
        return NULL;
    Block *block = block_create(capacity);
    if (!block) {
        free(arena);
        return NULL;
    }
    // A whole number of units, so that room + used is always size_max.
    size_t limit = size_max / ARENA_ALIGN * ARENA_ALIGN;
    *arena = (ParaArena){block, block, capacity, limit};
    return arena;
}

void para_arena_destroy(ParaArena *arena)
{
    if (!arena)
        return;
    chain_free(arena->first);
    free(arena);
}

size_t para_arena_used(const ParaArena *arena) { return arena->current->before + arena->current->used; }

size_t para_arena_room(const ParaArena *arena) { return arena->size_max - para_arena_used(arena); }

__attribute__((noreturn)) static void out_of_memory(const ParaArena *arena, size_t size)
{
    fprintf(stderr, "paracosm: out of memory: %zu bytes asked, %zu of at most %zu bytes in use\n", size,
            para_arena_used(arena), arena->size_max);
    abort();
}

/// Makes `current` a block with at least `size` free bytes.
static void next_block(ParaArena *arena, size_t size)
{
    Block *current = arena->current;
    Block *next = current->next;
    if (next && next->capacity < size) {
        // Kept blocks that no longer fit are given back rather than carried along unused.
        chain_free(next);
        current->next = next = NULL;
    }
    if (!next) {
        next = block_create(size > arena->block_size ? size : arena->block_size);
        if (!next)
            out_of_memory(arena, size);
        if (size > arena->block_size && size >= HUGE)
            para_memory_prefer_huge_pages(next, ARENA_ALIGN + size);
        current->next = next;
    }
    PARA_ASSERT(next->capacity >= size && current->used <= current->capacity);
    next->before = current->before + current->used;
    next->used = 0;
    arena->current = next;
}

void *para_arena_alloc(ParaArena *arena, size_t size)
{
    size_t rounded = round_up(size);
    PARA_ASSERT_HOT(rounded % ARENA_ALIGN == 0 || rounded == SIZE_MAX);
    if (rounded > para_arena_room(arena))
        out_of_memory(arena, size);
    if (rounded > arena->current->capacity - arena->current->used)
        next_block(arena, rounded);
    unsigned char *data = block_data(arena->current) + arena->current->used;
    arena->current->used += rounded;
    PARA_ASSERT_HOT((uintptr_t)data % ARENA_ALIGN == 0 && arena->current->used <= arena->current->capacity);
    PERMIT(data, size);
    memset(data, 0, size);
    return data;
}

char *para_arena_strdup(ParaArena *arena, const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(para_arena_alloc(arena, size), text, size);
}

char *para_arena_printf(ParaArena *arena, const char *format, ...)
{
    PARA_ASSERT(format);
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = para_text_format_v(NULL, 0, format, arguments);
    va_end(arguments);
    PARA_ASSERT(length >= 0);
    size_t size = (size_t)length + 1;
    char *text = para_arena_alloc(arena, size);
    para_text_format_v(text, size, format, again);
    va_end(again);
    return text;
}

ParaArenaMark para_arena_mark(const ParaArena *arena)
{
    return (ParaArenaMark){arena->current, arena->current->used};
}

void para_arena_rewind(ParaArena *arena, ParaArenaMark mark)
{
    Block *block = mark.block;
    PARA_ASSERT(block && mark.used <= block->used);
    PARA_ASSERT_HOT(is_in_chain(arena, block)); // not another arena's mark
    FORBID(block_data(block) + mark.used, block->capacity - mark.used);
    for (Block *later = block->next; later; later = later->next)
        FORBID(block_data(later), later->capacity);
    block->used = mark.used;
    arena->current = block;
}

void para_arena_clear(ParaArena *arena)
{
    chain_free(arena->first->next);
    arena->first->next = NULL;
    para_arena_rewind(arena, (ParaArenaMark){arena->first, 0});
}
