// SPDX-License-Identifier: MIT
// The product with the vectors that every machine has, and the choice between the kernels.
#define TILE_LANES 4
#define TILE_TARGET
#define TILE_PRODUCT                para_product_narrow
#define TILE_ADD_PRODUCT(sum, x, b) ((sum) + (x) * (b))
#include "agents/net_tile.h"

void para_product(const ParaProduct *product)
{
    if (para_product_has_fused())
        para_product_fused(product);
    else
        para_product_narrow(product);
}
