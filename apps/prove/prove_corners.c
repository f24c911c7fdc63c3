// SPDX-License-Identifier: MIT
// The corners of a family: members at the ends of its parameters' ranges.
#include "apps/prove/prove_parts.h"

#include <math.h>

#define ALL_OF 4 // parameters whose every corner is looked at: 16

/// Parameters that are free: not set by hand, and with a range. @param out [PARA_PARAMS_MAX]
static int find_free(const ParaGame *game, const double *set, int *out)
{
    int count = 0;
    for (int p = 0; p < para_template_param_count(game->family); p++) {
        const ParaParam *param = para_template_param(game->family, p);
        if (isnan(set[p]) && param->low < param->high)
            out[count++] = p;
    }
    return count;
}

int para_prove_corner_count(const ParaGame *game)
{
    int free[PARA_PARAMS_MAX], count = find_free(game, game->set, free);
    return count <= ALL_OF ? 1 << count : 2 * count + 2;
}

/// Is the k-th of `count` free parameters at its high end in a corner?
static bool is_high(int corner, int k, int count)
{
    if (count <= ALL_OF)
        return corner >> k & 1;
    if (corner < 2)
        return corner == 1;
    return corner % 2 == 1 ? k != (corner - 2) / 2 : k == (corner - 2) / 2;
}

void para_prove_corner_set(ParaGame *game, const double *set, int corner)
{
    int free[PARA_PARAMS_MAX], count = find_free(game, set, free);
    for (int k = 0; k < count; k++) {
        const ParaParam *param = para_template_param(game->family, free[k]);
        game->set[free[k]] = is_high(corner, k, count) ? param->high : param->low;
    }
}
