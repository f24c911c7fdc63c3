// SPDX-License-Identifier: MIT
// paracosm bench: which measurement; the measurements are in bench_step.c and bench_train.c.
#include "apps/bench.h"

#include "apps/apps.h"
#include "apps/options.h"
#include "engine/base/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_help(FILE *out)
{
    fputs("usage: paracosm bench step|train [options]\n\n"
          "  step    world steps per second with observation and reward, beside a bare Chipmunk loop\n"
          "  train   decisions per second of the whole learning loop, by network width\n\n"
          "examples:\n"
          "  paracosm bench step --scene walker --worlds 64 --json\n"
          "  paracosm bench train --json\n\n"
          "Each has --help with its own options.\n",
          out);
}

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
    static const char *const words[] = {"step", "train"};
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_help(stdout);
        return PARA_EXIT_OK;
    }
    if (argc < 2) {
        print_help(stderr);
        return PARA_EXIT_USAGE;
    }
    if (strcmp(argv[1], "step") == 0)
        return para_bench_step(argc - 1, argv + 1);
    if (strcmp(argv[1], "train") == 0)
        return para_bench_train(argc - 1, argv + 1);
    const char *close = para_closest_word(argv[1], words, 2);
    return para_app_misused("bench", "\"%s\" is not one of step, train%s%s%s", argv[1],
                            close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
}
