// SPDX-License-Identifier: MIT
#pragma once
// Address space in one piece, for the slots of a group of worlds: it becomes memory, zeroed, page by page as
// it is first written, and costs none before.
#include <stdbool.h>
#include <stddef.h>

/// @param size [byte] > 0
/// @return page-aligned; NULL if there is not so much address space
void *para_memory_reserve(size_t size);
/// Gives back what para_memory_reserve returned, with its size. NULL: no-op.
void para_memory_release(void *memory, size_t size);
/// Asks for small pages where only the beginnings of long stretches are written: huge ones would hold mostly
/// nothing. A wish; the system may not know it.
void para_memory_prefer_small_pages(void *memory, size_t size);
/// Asks for huge pages where all of a long stretch is written and then read here and there: with small ones
/// the processor looks up a page for nearly every row of it. A wish; the system may not know it.
void para_memory_prefer_huge_pages(void *memory, size_t size);
/// Has all pages of memory that is mapped from a file claimed on its disk, so that writing to it cannot end
/// the process. What is in them stays. @param memory page-aligned   @return false: the disk is full
bool para_memory_claim(void *memory, size_t size);
/// memcpy in small pieces. One big memcpy becomes a string instruction, which some processors run 15 times
/// slower when source and target lie a few bytes apart within their pages (217 us seen for 400 KB).
void para_memory_copy(void *target, const void *source, size_t size);
