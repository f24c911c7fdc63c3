// SPDX-License-Identifier: MIT
#pragma once
// Another program that is fed through its standard input, such as an encoder of films: started by its words,
// never through a shell.
#include <stdbool.h>
#include <stddef.h>

typedef struct ParaChild {
    int input; ///< [id] file number of the pipe to it; -1: closed
    long id;   ///< [id] of its process; 0: none
} ParaChild;

/// Starts `words[0]`, looked for on the PATH, with what it prints on standard output thrown away and its
/// errors on ours.
/// @param words ends with NULL   @return false with a sentence that stays: it is not there, or cannot be
/// started
bool para_child_start(ParaChild *child, const char *const *words, const char **out_error);
/// Feeds it all of `data`; waits while it is busy. A child that has gone ends nobody by a signal.
/// @return false: it takes no more
bool para_child_feed(ParaChild *child, const void *data, size_t size);
/// Closes its input and waits for its end. @return its exit code; 128 and more: ended by a signal; -1: there
/// was none
int para_child_end(ParaChild *child);
/// Closes its input and lets it go its own way: it may outlive this process, and its end is not told.
void para_child_leave(ParaChild *child);
