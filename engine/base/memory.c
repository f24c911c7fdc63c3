// SPDX-License-Identifier: MIT
// Reserved address space over mmap.
#define _DEFAULT_SOURCE // MAP_ANONYMOUS, MAP_NORESERVE, madvise
#include "engine/base/memory.h"

#include "engine/base/assert.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

void *para_memory_reserve(size_t size)
{
    PARA_ASSERT(size > 0);
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void para_memory_release(void *memory, size_t size)
{
    int failed = memory ? munmap(memory, size) : 0;
    PARA_ASSERT(!failed); // it was reserved with this size
}

bool para_memory_claim(void *memory, size_t size)
{
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 // Linux 5.14; older headers do not name it, older kernels refuse it
#endif
    return madvise(memory, size, MADV_POPULATE_WRITE) == 0 || errno != EFAULT;
}

void para_memory_copy(void *target, const void *source, size_t size)
{
    for (size_t at = 0; at < size; at += 1024)
        memcpy((unsigned char *)target + at, (const unsigned char *)source + at,
               size - at < 1024 ? size - at : 1024);
}

void para_memory_prefer_small_pages(void *memory, size_t size)
{
#ifdef MADV_NOHUGEPAGE
    madvise(memory, size, MADV_NOHUGEPAGE);
#else
    (void)memory;
    (void)size;
#endif
}

void para_memory_prefer_huge_pages(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    const uintptr_t page = 65536; // the largest small page there is
    uintptr_t first = ((uintptr_t)memory + page - 1) / page * page;
    uintptr_t last = ((uintptr_t)memory + size) / page * page;
    if (first < last)
        madvise((void *)first, last - first, MADV_HUGEPAGE); // a wish: refused, the pages stay small
#else
    (void)memory;
    (void)size;
#endif
}
