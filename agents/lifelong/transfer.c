// SPDX-License-Identifier: MIT
// Performance, forgetting and forward transfer.
#include "agents/lifelong/transfer.h"

#include "engine/base/assert.h"

#define REFERENCE_MOST (1.0 - 1e-9) // a world that is solved from the first decision has nothing to transfer

double para_transfer_area(const double *done, const double *solve, int count)
{
    PARA_ASSERT(count >= 1);
    double area = done[0] * solve[0] + (1.0 - done[count - 1]) * solve[count - 1];
    for (int i = 1; i < count; i++)
        area += (done[i] - done[i - 1]) * 0.5 * (solve[i] + solve[i - 1]);
    return area;
}

bool para_transfer_measure(const ParaTransferWorld *worlds, int count, ParaTransfer *out)
{
    *out = (ParaTransfer){0};
    bool known = count > 0;
    for (int i = 0; i < count; i++) {
        const ParaTransferWorld *w = &worlds[i];
        known = known && w->learned >= 0 && w->last >= 0;
        out->performance += w->last / count;
        out->forgetting += (w->learned - w->last) / count;
        if (w->area >= 0 && w->reference >= 0 && w->reference < REFERENCE_MOST) {
            out->forward += (w->area - w->reference) / (1.0 - w->reference);
            out->forward_count++;
        }
    }
    if (out->forward_count > 0)
        out->forward /= out->forward_count;
    return known;
}
