// SPDX-License-Identifier: MIT
#pragma once
// A line log with a hook. The library logs rarely; it never prints diagnostics of input and never exits.

typedef enum { PARA_LOG_DEBUG, PARA_LOG_INFO, PARA_LOG_WARNING, PARA_LOG_ERROR } ParaLogLevel;
typedef void ParaLogSink(void *context, ParaLogLevel level, const char *area, const char *line);

/// Sets where lines go (NULL: stderr, warnings and errors only) and the lowest level shown.
/// Threads: call before threads start.
void para_log_sink(ParaLogSink *sink, void *context, ParaLogLevel lowest);
/// Sends one line without a newline, cut at 1023 bytes; `area` is a room such as "world".
/// (Not `para_log`, which is the logarithm of maths.h.)
/// Threads: any; the sink sees calls of several threads at once.
void para_log_line(ParaLogLevel level, const char *area, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
