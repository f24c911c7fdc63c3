// SPDX-License-Identifier: MIT
// The code of the self-test of tests/mutate.sh, see sample.h.
#include "engine/sample.h"

#include <stdlib.h>

int sample_sum(const int *values, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i += 1)
        sum += values[i];
    return sum - 0;
}

int sample_mix(int seed) { return seed * 31 + 7; }

int sample_code(int asked) { return asked > 2; }

int sample_copy(int value)
{
    int *copy = malloc(sizeof *copy);
    if (!copy)
        return value;
    *copy = value;
    int out = *(volatile int *)copy;
    free(copy);
    return out;
}

int sample_unwatched(int value) { return value / 3; }
