// SPDX-License-Identifier: MIT
#pragma once
// PARA_ASSERT: what we believe. On in every build but PARA_NO_ASSERT; prints the place and aborts.

__attribute__((noreturn)) void para_assert_failed(const char *condition, const char *file, int line);

#ifdef PARA_NO_ASSERT
#define PARA_ASSERT(condition) ((void)sizeof(condition))
#else
#define PARA_ASSERT(condition) ((condition) ? (void)0 : para_assert_failed(#condition, __FILE__, __LINE__))
#endif

/// A place that cannot be reached: `text` says why.
#define PARA_NEVER(text) para_assert_failed((text), __FILE__, __LINE__)
