// SPDX-License-Identifier: MIT
// The product with vectors of eight and fused multiply-add, where the machine has AVX2 and FMA. The only
// place with fused instructions: a network's bits may differ between types of CPU, a world's may not.
#include "agents/net_product.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TILE_LANES                  8
#define TILE_TARGET                 __attribute__((target("avx2,fma")))
#define TILE_PRODUCT                para_product_fused
#define TILE_ADD_PRODUCT(sum, x, b) _mm256_fmadd_ps(x, b, sum)
#include "agents/net_tile.h"

bool para_product_has_fused(void)
{
    return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
}

#else

bool para_product_has_fused(void) { return false; }
void para_product_fused(const ParaProduct *product) { para_product_narrow(product); }

#endif
