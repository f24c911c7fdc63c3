// SPDX-License-Identifier: MIT
#pragma once
// The measurements of `paracosm bench`; each prints a table, or JSON.
int para_bench_step(int argc, char **argv);
int para_bench_train(int argc, char **argv);
int para_bench_window(int argc, char **argv);

/// Median of values [count], which are sorted in place.
double para_bench_median(double *values, int count);
