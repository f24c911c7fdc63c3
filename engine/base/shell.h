// SPDX-License-Identifier: MIT
#pragma once
// Commands that are printed as advice, so that they work as they stand: words as a shell takes them, and this
// program by the name it was called. Used by messages of every floor.
#include "engine/base/arena.h"

/// A text as a POSIX shell takes it for one word: as it is where that is plain, else in quotes. What begins
/// with a dash would be an option: it is taken for a path, which may begin with "./".
const char *para_shell_word(const char *text, ParaArena *arena);
/// How this program was called, argv[0]. First thing in main, before any thread.
void para_shell_set_program(const char *called);
/// What to type to call this program again from where it was called: a shell's word; "paracosm" where nobody
/// has said (a library in somebody else's program).
const char *para_shell_program(void);
