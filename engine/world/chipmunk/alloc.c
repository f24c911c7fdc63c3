// SPDX-License-Identifier: MIT
// What the renamed Chipmunk archive calls instead of the C library: memory from the heap of the world
// that is being worked on, silence instead of messages, and a jump instead of abort(). Chipmunk's
// allocator has no context argument, hence the one thread-local: the guard entered last.
#include "engine/world/chipmunk/cp.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_HEADER 16 ///< [byte] before each payload; its first word is the class

// The names chipmunk.cmake redirects to; nobody else calls them.
void *para_cp_calloc(size_t count, size_t size);
void *para_cp_realloc(void *old, size_t size);
int para_cp_puts(const char *text);
int para_cp_printf(int flag, const char *format, ...);
int para_cp_fprintf(FILE *file, int flag, const char *format, ...);
int para_cp_vfprintf(FILE *file, int flag, const char *format, va_list list);
int para_cp_fputc(int character, FILE *file);
void para_cp_abort(void) __attribute__((noreturn));
double para_cp_pow(double base, double exponent);
extern FILE *para_cp_stderr __attribute__((visibility("hidden")));

FILE *para_cp_stderr = NULL; // only ever handed to the three functions below

static _Thread_local ParaCpGuard *current_guard;

void para_cp_enter(ParaCpGuard *guard, ParaCpSlot *slot)
{
    guard->slot = slot;
    guard->outer = current_guard;
    current_guard = guard;
}

void para_cp_leave(ParaCpGuard *guard)
{
    PARA_ASSERT(current_guard == guard); // guards are left in the order they were entered, backwards
    current_guard = guard->outer;
}

void para_cp_give_up(ParaCpEscape why)
{
    PARA_ASSERT(current_guard != NULL);
    longjmp(current_guard->way_out, (int)why);
}

static int class_of(size_t size)
{
    if (size <= PARA_CP_SMALL_MAX)
        return size == 0 ? 0 : (int)((size - 1) / 16);
    int index = PARA_CP_SMALL_MAX / 16;
    size_t room = (size_t)PARA_CP_SMALL_MAX * 2;
    while (room < size) {
        room *= 2;
        index++;
    }
    PARA_ASSERT(index < PARA_CP_CLASS_COUNT);
    return index;
}

static size_t class_size(int index)
{
    if (index < PARA_CP_SMALL_MAX / 16)
        return (size_t)(index + 1) * 16;
    return (size_t)PARA_CP_SMALL_MAX << (index - PARA_CP_SMALL_MAX / 16 + 1);
}

static ParaCpHeap *heap_of(const ParaCpSlot *slot) { return (ParaCpHeap *)(void *)slot->base; }

static bool is_inside(const ParaCpSlot *slot, const void *block)
{
    return (size_t)((const unsigned char *)block - slot->base) < heap_of(slot)->used;
}

/// Zeroes [from, to) as far as it was ever written; what lies above comes zero from the system.
static void zero_range(ParaCpSlot *slot, size_t from, size_t to)
{
    if (from < slot->dirty)
        memset(slot->base + from, 0, (to < slot->dirty ? to : slot->dirty) - from);
    if (to > slot->dirty)
        slot->dirty = to;
}

void para_cp_heap_reset(ParaCpSlot *slot, size_t header_size)
{
    PARA_ASSERT(header_size >= sizeof(ParaCpWorld) && header_size <= PARA_CP_HEAP_MAX);
    zero_range(slot, 0, header_size);
    heap_of(slot)->used = header_size;
}

size_t para_cp_high_water(const ParaCpSlot *slot) { return slot->dirty; }

void *para_cp_alloc(size_t size)
{
    // Memory asked for outside a guard would belong to no world: stop, never fall back to libc.
    PARA_ASSERT(current_guard != NULL);
    ParaCpSlot *slot = current_guard->slot;
    ParaCpHeap *heap = heap_of(slot);
    heap->call_count++;
    if (size > PARA_CP_HEAP_MAX / 2)
        para_cp_give_up(PARA_CP_ESCAPE_FULL);
    int index = class_of(size);
    size_t room = class_size(index);
    void *block = heap->free_lists[index];
    PARA_ASSERT_HOT(!block || is_inside(current_guard->slot, block));
    if (block) {
        memcpy(&heap->free_lists[index], block, sizeof(void *));
        memset(block, 0, room);
        return block;
    }
    size_t start = heap->used, end = start + BLOCK_HEADER + room;
    if (end > PARA_CP_HEAP_MAX)
        para_cp_give_up(PARA_CP_ESCAPE_FULL);
    zero_range(slot, start, end);
    heap->used = end;
    *(uint64_t *)(void *)(slot->base + start) = (uint64_t)index;
    return slot->base + start + BLOCK_HEADER;
}

static int class_of_block(const void *block)
{
    uint64_t index;
    memcpy(&index, (const unsigned char *)block - BLOCK_HEADER, sizeof index);
    PARA_ASSERT_HOT(index < PARA_CP_CLASS_COUNT); // else something wrote in front of the block
    return (int)index;
}

void *para_cp_calloc(size_t count, size_t size)
{
    if (size != 0 && count > PARA_CP_HEAP_MAX / size)
        count = PARA_CP_HEAP_MAX, size = 1; // refused in para_cp_alloc
    return para_cp_alloc(count * size);
}

void *para_cp_realloc(void *old, size_t size)
{
    if (!old)
        return para_cp_alloc(size);
    size_t room = class_size(class_of_block(old));
    if (size <= room)
        return old;
    void *block = para_cp_alloc(size);
    memcpy(block, old, room);
    para_cp_free(old);
    return block;
}

void para_cp_free(void *block)
{
    if (!block)
        return;
    PARA_ASSERT(current_guard != NULL);
    PARA_ASSERT_HOT(is_inside(current_guard->slot, block)); // not another world's
    ParaCpHeap *heap = heap_of(current_guard->slot);
    int index = class_of_block(block);
    heap->call_count++;
    memcpy(block, &heap->free_lists[index], sizeof(void *));
    heap->free_lists[index] = block;
}

void para_cp_abort(void)
{
    // A failed assert of Chipmunk: the space is left half-way, so the caller gives the world up.
    para_cp_give_up(PARA_CP_ESCAPE_ABORT);
}

/// Chipmunk asks for the same power (share of an error kept per step) once per joint and step, so the
/// last answer is kept: 5 % of a walker's step. Same arguments, same bits: no state that could show.
double para_cp_pow(double base, double exponent)
{
    static _Thread_local double last_base = 1.0, last_exponent = 1.0, last_power = 1.0;
    if (base == 1.0)
        return 1.0;
    if (base != last_base || exponent != last_exponent) {
        last_power = para_pow(base, exponent);
        last_base = base;
        last_exponent = exponent;
    }
    return last_power;
}

int para_cp_puts(const char *text)
{
    (void)text;
    return 0;
}

int para_cp_printf(int flag, const char *format, ...)
{
    (void)flag;
    (void)format;
    return 0;
}

int para_cp_fprintf(FILE *file, int flag, const char *format, ...)
{
    (void)file;
    (void)flag;
    (void)format;
    return 0;
}

int para_cp_vfprintf(FILE *file, int flag, const char *format, va_list list)
{
    (void)file;
    (void)flag;
    (void)format;
    (void)list;
    return 0;
}

int para_cp_fputc(int character, FILE *file)
{
    (void)file;
    return character;
}
