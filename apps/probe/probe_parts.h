// SPDX-License-Identifier: MIT
#pragma once
// How `paracosm probe` tells what it has measured: a table for people, CSV, a picture with curves. Private to
// apps/probe.
#include "agents/env/probe.h"

#define PARA_PROBE_RUNS_MAX 2 ///< solvers at once

/// What was measured, once per solver; the same level and the same rows of time in each.
typedef struct ParaProbeRuns {
    ParaProbe *items[PARA_PROBE_RUNS_MAX];
    int count;  ///< [1] 0..PARA_PROBE_RUNS_MAX
    bool named; ///< the bodies were named; else static ones go without saying, but in JSON
} ParaProbeRuns;

/// Whether a table, CSV or picture tells of the i-th body of a probe.
bool para_probe_is_told(const ParaProbeRuns *runs, const ParaProbe *probe, int i);

/// One solver's part, for people, on stdout.
void para_probe_print(const ParaProbeRuns *runs, const ParaProbe *probe);
/// All of them on stdout: a line of heads, then a line per row, the solver in front.
void para_probe_print_csv(const ParaProbeRuns *runs);
/// Writes a PNG: a row of panels for each of up to four bodies, and one for the level.
/// @param out_width, out_height out, [px]   @param out_left out, [1] bodies that have no panels
/// @return false with the reason
bool para_probe_plot(const char *path, const ParaProbeRuns *runs, ParaArena *scratch, int *out_width,
                     int *out_height, int *out_left, const char **out_error);
