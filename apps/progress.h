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
/// Shows it, as an answer to work that tells how far it is. @param context a ParaProgress
/// @return false after Ctrl-C: the work is to end
bool para_progress_goes_on(void *context, int64_t done, int64_t total);
/// Whether a line is to be shown now: what it would say need not be put together before.
bool para_progress_is_due(const ParaProgress *progress);
/// Shows a line of one's own, where nobody knows the total.
void para_progress_line(ParaProgress *progress, const char *line);
/// Takes the line away.
void para_progress_end(ParaProgress *progress);
