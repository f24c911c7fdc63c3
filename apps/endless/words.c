// SPDX-License-Identifier: MIT
// How it went and why what follows is as it is, for the person.
#include "apps/endless/endless.h"
#include "apps/endless/ladder.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TOLD_MOST  2    // changes of parameters that are told
#define TOLD_LEAST 0.01 // [1] of a range, smaller ones are not

/// Adds to a text of PARA_ENDLESS_WORDS_MAX.
static void add(char *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char *out, const char *format, ...)
{
    size_t length = strlen(out);
    va_list list;
    va_start(list, format);
    para_text_format_v(out + length, PARA_ENDLESS_WORDS_MAX - length, format, list);
    va_end(list);
}

void para_endless_say_end(const ParaEndless *e, char *out)
{
    out[0] = '\0';
    if (e->end == PARA_ENDLESS_SOLVED)
        add(out, "At the first try, in %.1f s.", e->seconds);
    else if (e->end == PARA_ENDLESS_UNSOLVED)
        add(out, "That was the first try, which is what counts.");
    else if (e->number > 0)
        add(out, "This one does not count: it was left, meddled with or gone back in.");
    if (e->end == PARA_ENDLESS_SOLVED && e->streak > 1)
        add(out, " %d in a row%s.", e->streak, e->streak == e->best ? ", the most so far" : "");
}

/// [1] How far a parameter moves, as a share of its range; 0 where it tells nothing of the difficulty.
static double moved(const ParaEndless *e, const ParaEndlessLevel *next, int param)
{
    const ParaTemplate *t = e->families->templates[next->pick.family];
    const ParaParam *p = para_template_param(t, param);
    double low, high;
    if (!para_ladder_range(t, param, next->difficulty, &low, &high) || p->high <= p->low)
        return 0;
    return fabs(next->pick.values[param] - e->level.pick.values[param]) / (p->high - p->low);
}

/// Two or three digits are enough for a person.
static void add_number(double value, char *out)
{
    if (fabs(value) < 1)
        add(out, "%.2g", value);
    else
        add(out, "%.3g", value);
}

static void add_change(const ParaEndless *e, const ParaEndlessLevel *next, int param, bool first, char *out)
{
    const ParaParam *p = para_template_param(e->families->templates[next->pick.family], param);
    double was = e->level.pick.values[param], now = next->pick.values[param];
    add(out, "%s%s ", first ? "" : ", ", p->name);
    add_number(now, out);
    add(out, "%s%s instead of ", *p->unit ? " " : "", p->unit);
    add_number(was, out);
    if (*p->about)
        add(out, " (%s)", p->about);
}

/// @return whether anything was told
static bool add_changes(const ParaEndless *e, const ParaEndlessLevel *next, char *out)
{
    int count = para_template_param_count(e->families->templates[next->pick.family]), told = 0;
    bool done[PARA_PARAMS_MAX] = {false};
    for (; told < TOLD_MOST; told++) {
        int most = -1;
        for (int p = 0; p < count; p++)
            if (!done[p] && moved(e, next, p) >= TOLD_LEAST &&
                (most < 0 || moved(e, next, p) > moved(e, next, most)))
                most = p;
        if (most < 0)
            break;
        done[most] = true;
        add_change(e, next, most, told == 0, out);
    }
    return told > 0;
}

void para_endless_say_next(const ParaEndless *e, const ParaEndlessLevel *next, char *out)
{
    const ParaTemplate *t = e->families->templates[next->pick.family];
    bool same = e->number > 0 && next->visit == e->level.visit;
    out[0] = '\0';
    if (!same) {
        add(out, "%s %s. %s", e->number > 0 ? "Something else now:" : "It begins with", para_template_name(t),
            para_template_about(t));
    } else {
        double step = next->difficulty - e->level.difficulty;
        const char *way = step > 0 ? "harder" : "easier";
        if (step == 0)
            add(out, "The next is another of the kind");
        else
            add(out, "The next is %s%s", para_ladder_is_told(t) ? "" : "meant to be ", way);
        char *colon = out + strlen(out);
        add(out, ": ");
        if (!add_changes(e, next, out))
            *colon = '\0';
        add(out, ".");
    }
    if (*next->twists)
        add(out, " And in it: %s.", next->twists);
    add(out, " You should manage about %.0f in 100 of its like.",
        100 * para_endless_chance(e, next->pick.family, next->difficulty));
}
