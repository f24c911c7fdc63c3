// SPDX-License-Identifier: MIT
// Rungs: the tiers' ranges, and a point beyond either end.
#include "apps/endless/ladder.h"

#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define RUNGS 5 // the easiest, easy, normal, hard, the hardest

static const ParaTier *tier_of(const ParaTemplate *t, const char *name)
{
    for (int i = 0; i < para_template_tier_count(t); i++)
        if (strcmp(para_template_tier(t, i)->name, name) == 0)
            return para_template_tier(t, i);
    return NULL;
}

bool para_ladder_is_told(const ParaTemplate *t) { return tier_of(t, "easy") && tier_of(t, "hard"); }

typedef struct Rung {
    double low, high;
} Rung;

static double middle(Rung rung) { return 0.5 * (rung.low + rung.high); }

/// The end of a rung that lies towards less (way -1) or more (+1); without a way the whole of it.
static Rung end_of(Rung rung, int way)
{
    if (way == 0)
        return rung;
    double at = way < 0 ? rung.low : rung.high;
    return (Rung){at, at};
}

static void rungs_of(const ParaTemplate *t, int param, Rung out[RUNGS])
{
    const ParaParam *p = para_template_param(t, param);
    const ParaTier *easy = tier_of(t, "easy"), *hard = tier_of(t, "hard"), *normal = tier_of(t, "normal");
    double trim = easy || hard ? 0 : 0.25 * (p->high - p->low); // at either end
    out[1] = easy ? (Rung){easy->low[param], easy->high[param]} : (Rung){p->low + trim, p->high - trim};
    out[3] = hard ? (Rung){hard->low[param], hard->high[param]} : (Rung){p->low, p->high};
    out[2] = normal ? (Rung){normal->low[param], normal->high[param]}
                    : (Rung){0.5 * (out[1].low + out[3].low), 0.5 * (out[1].high + out[3].high)};
    int way = (middle(out[3]) > middle(out[1])) - (middle(out[3]) < middle(out[1]));
    out[0] = end_of(out[1], -way);
    out[4] = end_of(out[3], way);
}

bool para_ladder_range(const ParaTemplate *t, int param, double difficulty, double *out_low, double *out_high)
{
    Rung rungs[RUNGS];
    rungs_of(t, param, rungs);
    double at = para_clamp(difficulty, 0, 1) * (RUNGS - 1);
    int below = at < RUNGS - 2 ? (int)at : RUNGS - 2;
    double share = at - below;
    *out_low = rungs[below].low + share * (rungs[below + 1].low - rungs[below].low);
    *out_high = rungs[below].high + share * (rungs[below + 1].high - rungs[below].high);
    return rungs[0].low != rungs[4].low || rungs[0].high != rungs[4].high;
}

double para_ladder_value(const ParaTemplate *t, int param, double difficulty, double share)
{
    const ParaParam *p = para_template_param(t, param);
    double low, high;
    bool moves = para_ladder_range(t, param, difficulty, &low, &high);
    double value = low + share * (high - low);
    if (p->integer) // every whole number of a range is as likely, where the range stands still
        value = moves ? floor(value + 0.5) : floor(low + share * (high - low + 1));
    return para_clamp(value, p->low, p->high);
}
