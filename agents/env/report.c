// SPDX-License-Identifier: MIT
// The words for how an episode ended, as run.db keeps them.
#include "agents/env/report.h"

#include <string.h>

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

static const char *const causes[PARA_CAUSES] = {
    [PARA_CAUSE_NONE] = "none",     [PARA_CAUSE_FELL] = "fell",           [PARA_CAUSE_LEFT] = "left",
    [PARA_CAUSE_HAZARD] = "hazard", [PARA_CAUSE_SHATTERED] = "shattered", [PARA_CAUSE_CRUSHED] = "crushed",
    [PARA_CAUSE_TIPPED] = "tipped", [PARA_CAUSE_RULE] = "rule",           [PARA_CAUSE_STUCK] = "stuck",
    [PARA_CAUSE_TIME] = "time",     [PARA_CAUSE_DIVERGED] = "diverged"};

const char *para_cause_name(ParaCause cause) { return causes[cause]; }

bool para_cause_find(const char *name, ParaCause *out)
{
    for (int k = 0; k < PARA_CAUSES; k++)
        if (strcmp(name, causes[k]) == 0) {
            *out = (ParaCause)k;
            return true;
        }
    return false;
}
