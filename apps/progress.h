// SPDX-License-Identifier: MIT
#pragma once
// Progress of a long piece of work on standard error: one line redrawn in place on a terminal, a plain
// line every ten seconds elsewhere; nothing for work that is done within a second.
#include <stdbool.h>
#include <stdint.h>

typedef struct ParaProgress {
    const char *what; ///< "episodes"
    bool quiet, live, drawn;
    double begin, shown; ///< [s] >= 0 of the steady clock
} ParaProgress;

ParaProgress para_progress_begin(const char *what, bool quiet);
void para_progress_show(ParaProgress *progress, int64_t done, int64_t total);
/// Takes the line away.
void para_progress_end(ParaProgress *progress);
