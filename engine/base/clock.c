// SPDX-License-Identifier: MIT
// Clocks of the system.
#include "engine/base/clock.h"

#include "engine/base/assert.h"

#include <string.h>
#include <time.h>

static double clock_read(clockid_t clock)
{
    struct timespec now;
    int failed = clock_gettime(clock, &now);
    PARA_ASSERT(!failed);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double para_clock_seconds(void) { return clock_read(CLOCK_MONOTONIC); }

double para_clock_cpu_seconds(void) { return clock_read(CLOCK_PROCESS_CPUTIME_ID); }

double para_clock_thread_seconds(void) { return clock_read(CLOCK_THREAD_CPUTIME_ID); }

void para_clock_sleep(double seconds)
{
    if (!(seconds > 0))
        return;
    PARA_ASSERT(seconds < 1e9);
    time_t whole = (time_t)seconds;
    struct timespec time = {whole, (long)((seconds - (double)whole) * 1e9)};
    nanosleep(&time, NULL); // whoever waits looks at the clock afterwards
}

void para_clock_utc(char out[21])
{
    time_t now = time(NULL);
    struct tm utc;
    // A year past 9999 does not fit the form; the epoch stands for "unknown".
    if (!gmtime_r(&now, &utc) || strftime(out, 21, "%Y-%m-%dT%H:%M:%SZ", &utc) != 20)
        memcpy(out, "1970-01-01T00:00:00Z", 21);
}
