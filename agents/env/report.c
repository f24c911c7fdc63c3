// SPDX-License-Identifier: MIT
// The words for how an episode ended, as run.db keeps them.
#include "agents/env/report.h"

const char *para_end_name(ParaEndKind kind)
{
    switch (kind) {
    case PARA_END_SOLVED:
        return "solved";
    case PARA_END_FAILED:
        return "failed";
    case PARA_END_TIMEOUT:
        return "timeout";
    case PARA_END_DIVERGED:
        return "diverged";
    case PARA_END_CUT:
        return "cut";
    }
    return "unknown";
}
