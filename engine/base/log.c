// SPDX-License-Identifier: MIT
// The line log. Its sink is the one piece of state of the library that belongs to the process.
#include "engine/base/log.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LOG_LINE_SIZE 1024

static void sink_stderr(void *context, ParaLogLevel level, const char *area, const char *line)
{
    static const char *const words[] = {"debug", "info", "warning", "error"};
    (void)context;
    fprintf(stderr, "paracosm: %s: %s: %s\n", words[level], area, line);
}

static struct {
    ParaLogSink *sink;
    void *context;
    ParaLogLevel lowest;
} log_target = {sink_stderr, NULL, PARA_LOG_WARNING};

void para_log_sink(ParaLogSink *sink, void *context, ParaLogLevel lowest)
{
    log_target.sink = sink ? sink : sink_stderr;
    log_target.context = context;
    log_target.lowest = sink ? lowest : PARA_LOG_WARNING;
}

void para_log_line(ParaLogLevel level, const char *area, const char *format, ...)
{
    PARA_ASSERT(level >= PARA_LOG_DEBUG && level <= PARA_LOG_ERROR && area && format);
    if (level < log_target.lowest)
        return;
    char line[LOG_LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = para_text_format_v(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length >= LOG_LINE_SIZE)
        memcpy(line + LOG_LINE_SIZE - 4, "...", 4);
    log_target.sink(log_target.context, level, area, length < 0 ? format : line);
}
