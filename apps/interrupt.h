// SPDX-License-Identifier: MIT
#pragma once
// Ctrl-C: the first asks for a clean end, the second ends at once. The terminal is put right in any case,
// a crash included.
#include <stdbool.h>

/// Catches SIGINT, SIGTERM and SIGHUP, ignores SIGPIPE (a failed write says the same), and makes crashes
/// put the terminal right before they end the process.
/// @param notice constant text written to standard error at the first one, as the work at hand may take a
/// while to end; NULL: none
void para_interrupt_catch(const char *notice);
/// How often the person (or the system) has asked to stop.
int para_interrupt_count(void);
/// The same as an answer to who asks whether to stop (a ParaAskStop). @param context not looked at
bool para_interrupt_asked(void *context);
/// Text written to standard output before an immediate end, e.g. one that shows the cursor again; NULL: none.
void para_interrupt_restore(const char *constant_text);
