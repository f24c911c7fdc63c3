// SPDX-License-Identifier: MIT
// Entropies by the plug-in estimate with Miller's correction.
#include "agents/company/information.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <stdbool.h>

#define NAT 0.69314718055994530942 // [nat] of one bit

double para_entropy_bits(const double *counts, int count)
{
    double sum = 0, nats = 0;
    int met = 0;
    for (int i = 0; i < count; i++)
        sum += counts[i];
    for (int i = 0; i < count && sum > 0; i++) {
        if (!(counts[i] > 0))
            continue;
        nats -= counts[i] / sum * para_log(counts[i] / sum);
        met++;
    }
    return met > 0 ? (nats + (met - 1) / (2 * sum)) / NAT : 0;
}

double para_information_bits(const ParaPairCounts *counts)
{
    PARA_ASSERT(counts->rows >= 1 && counts->rows <= PARA_INFORMATION_MAX && counts->columns >= 1 &&
                counts->columns <= PARA_INFORMATION_MAX);
    double row[PARA_INFORMATION_MAX] = {0}, column[PARA_INFORMATION_MAX] = {0};
    for (int r = 0; r < counts->rows; r++) {
        for (int c = 0; c < counts->columns; c++) {
            row[r] += counts->of[r * counts->columns + c];
            column[c] += counts->of[r * counts->columns + c];
        }
    }
    return para_entropy_bits(row, counts->rows) + para_entropy_bits(column, counts->columns) -
           para_entropy_bits(counts->of, counts->rows * counts->columns);
}
