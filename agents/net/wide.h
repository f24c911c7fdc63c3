// SPDX-License-Identifier: MIT
#pragma once
// Loops that are compiled twice: for any processor, and with vectors of eight floats where a processor has
// AVX2. No operation in them hangs on the width and none is fused, so both give the same bits.
//
//   PARA_WIDE_INLINE void relu_plain(float *y, int count) { a loop }
//   PARA_WIDE(static, relu, (float *y, int count), (y, count)) // relu(), which runs either
#if defined(__x86_64__)
#define PARA_WIDE_INLINE static inline __attribute__((always_inline))
#define PARA_WIDE(linkage, name, parameters, arguments)                                                      \
    __attribute__((target("avx2"))) static void name##_wide parameters { name##_plain arguments; }           \
    linkage void name parameters                                                                             \
    {                                                                                                        \
        if (__builtin_cpu_supports("avx2"))                                                                  \
            name##_wide arguments;                                                                           \
        else                                                                                                 \
            name##_plain arguments;                                                                          \
    }
#else
#define PARA_WIDE_INLINE static inline
#define PARA_WIDE(linkage, name, parameters, arguments)                                                      \
    linkage void name parameters { name##_plain arguments; }
#endif
