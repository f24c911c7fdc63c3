// SPDX-License-Identifier: MIT
#pragma once
// What we believe, for every room. PARA_ASSERT stands at doors and is on in every build but PARA_NO_ASSERT;
// it prints the place and aborts. PARA_ASSERT_HOT stands in loops and is on where PARA_ASSERTS_HOT is defined
// (debug, sanitized and fuzzed builds); elsewhere it must compile and costs nothing.

__attribute__((noreturn)) void para_assert_failed(const char *condition, const char *file, int line);

#ifdef PARA_NO_ASSERT
#define PARA_ASSERT(condition) ((void)sizeof(condition))
#else
#define PARA_ASSERT(condition) ((condition) ? (void)0 : para_assert_failed(#condition, __FILE__, __LINE__))
#endif

#ifdef PARA_ASSERTS_HOT
#define PARA_ASSERT_HOT(condition) PARA_ASSERT(condition)
/// Calls a void function that asserts many things.
#define PARA_CHECK_HOT(call) (call)
#else
#define PARA_ASSERT_HOT(condition) ((void)(0 && (condition)))
#define PARA_CHECK_HOT(call)       ((void)(0 ? (call) : (void)0))
#endif

/// A place that cannot be reached: `text` says why.
#define PARA_NEVER(text) para_assert_failed((text), __FILE__, __LINE__)
