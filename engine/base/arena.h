// SPDX-License-Identifier: MIT
#pragma once
// Arenas: memory grouped by lifetime (program, world, episode, step). Whoever passes the arena owns
// the result; a function with an arena parameter allocates, one without does not.
#include <stdbool.h>
#include <stddef.h>

typedef struct ParaArena ParaArena;

/// A place in an arena to go back to.
typedef struct ParaArenaMark {
    void *block; ///< the block in use when the mark was taken
    size_t used; ///< [byte] >= 0 used in that block
} ParaArenaMark;

/// Makes an arena that grows in blocks of at least block_size [byte] up to size_max [byte] in all.
/// @return NULL only if the first block cannot be had.
/// Threads: one arena belongs to one thread at a time.
ParaArena *para_arena_create(size_t block_size, size_t size_max);
void para_arena_destroy(ParaArena *arena);

/// Zeroed memory of `size` bytes, aligned to 64 bytes.
/// Errors: over size_max or out of memory prints one line and aborts; callers that take input from
/// outside bound their sizes first, or ask para_arena_room().
void *para_arena_alloc(ParaArena *arena, size_t size);
/// [byte] that may still be taken before size_max is reached.
size_t para_arena_room(const ParaArena *arena);
/// Bytes handed out so far [byte].
size_t para_arena_used(const ParaArena *arena);

/// A copy of `text` (NULL stays NULL) that lives as long as the arena.
char *para_arena_strdup(ParaArena *arena, const char *text);
/// printf into the arena.
char *para_arena_printf(ParaArena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

ParaArenaMark para_arena_mark(const ParaArena *arena);
void para_arena_rewind(ParaArena *arena, ParaArenaMark mark);
void para_arena_clear(ParaArena *arena); ///< empties it, keeps the first block

/// `count` zeroed items of `Type`.
#define PARA_NEW(arena, Type, count) ((Type *)para_arena_alloc((arena), sizeof(Type) * (size_t)(count)))
