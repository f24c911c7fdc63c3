// SPDX-License-Identifier: MIT
// Shows progress on standard error: redrawn in place on a terminal, now and then a plain line elsewhere.
#include "apps/progress.h"

#include "apps/interrupt.h"
#include "apps/terminal.h"
#include "engine/base/clock.h"
#include "engine/base/platform.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_SECONDS 1.0  // [s] before anything is shown
#define LIVE_SECONDS     0.2  // [s] between redraws on a terminal
#define LINE_SECONDS     10.0 // [s] between plain lines
#define LINE_MAX_CELLS   240  // [character] on a terminal that does not tell its width

ParaProgress para_progress_begin(const char *what, bool quiet)
{
    double now = para_clock_seconds();
    return (ParaProgress){.what = what,
                          .quiet = quiet,
                          .live = para_stream_is_terminal(PARA_STREAM_ERRORS) && !para_terminal_is_dumb(),
                          .begin = now,
                          .shown = now};
}

bool para_progress_is_due(const ParaProgress *progress)
{
    double now = para_clock_seconds();
    return !progress->quiet && now - progress->begin >= PATIENCE_SECONDS &&
           now - progress->shown >= (progress->live ? LIVE_SECONDS : LINE_SECONDS);
}

void para_progress_line(ParaProgress *progress, const char *line)
{
    int columns = LINE_MAX_CELLS, rows = 0;
    progress->shown = para_clock_seconds();
    if (progress->live) { // a line that breaks would stay, and the next would begin below it
        para_stream_size(PARA_STREAM_ERRORS, &columns, &rows);
        fprintf(stderr, "\r%.*s\033[K", columns > 1 ? columns - 1 : 1, line);
    } else {
        fprintf(stderr, "%s\n", line);
    }
    fflush(stderr);
    progress->drawn = true;
}

void para_progress_show(ParaProgress *progress, int64_t done, int64_t total)
{
    if (total <= 0 || !para_progress_is_due(progress))
        return;
    double elapsed = para_clock_seconds() - progress->begin, rate = (double)done / elapsed;
    char line[200], word[PARA_NUMBER_SIZE];
    para_text_format(line, sizeof line, "%lld of %lld %s (%.0f %%), %s/s, elapsed %.0f s, remaining %.0f s",
                     (long long)done, (long long)total, progress->what, 100.0 * (double)done / (double)total,
                     para_text_measure(rate, word), elapsed, rate > 0 ? (double)(total - done) / rate : 0.0);
    para_progress_line(progress, line);
}

bool para_progress_goes_on(void *context, int64_t done, int64_t total)
{
    para_progress_show(context, done, total);
    return para_interrupt_count() == 0;
}

void para_progress_end(ParaProgress *progress)
{
    if (progress->drawn && progress->live)
        fputs("\r\033[K", stderr);
}
