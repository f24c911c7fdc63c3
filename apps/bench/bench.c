// SPDX-License-Identifier: MIT
// paracosm bench: which measurement; the measurements are in bench_step.c, bench_train.c and bench_window.c.
#include "apps/bench/bench.h"

#include "apps/apps.h"
#include "apps/options.h"

#include <stdlib.h>

static const char help_text[] =
    "usage: paracosm bench step|train|window [options]\n\n"
    "  step    world steps per second of envs and of physics alone, by solver\n"
    "  train   decisions per second of the whole learning loop, by network width\n"
    "  window  frames per second of the window, by quality of the picture\n\n"
    "examples:\n"
    "  paracosm bench step --scene walker --worlds 64 --json\n"
    "  paracosm bench step --scene mixed --worlds 1024 --compare\n"
    "  paracosm bench train --json\n"
    "  SDL_VIDEODRIVER=offscreen paracosm bench window\n\n"
    "Each has --help with its own options.\n";

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double para_bench_median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return count % 2 ? values[count / 2] : 0.5 * (values[count / 2 - 1] + values[count / 2]);
}

int para_app_bench(int argc, char **argv)
{
    static const ParaWord words[] = {
        {"step", para_bench_step}, {"train", para_bench_train}, {"window", para_bench_window}};
    return para_app_word("bench", help_text, words, sizeof words / sizeof *words, argc, argv);
}
