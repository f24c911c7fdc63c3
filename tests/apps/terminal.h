// SPDX-License-Identifier: MIT
#pragma once
// A terminal for tests: a command runs under a pseudo-terminal, what it writes goes onto a screen of
// characters as a terminal would show it, and keys can be typed. Knows the few control sequences that our
// commands use and fails the test at any other.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#define TERMINAL_COLUMNS_MAX 160
#define TERMINAL_ROWS_MAX    60
#define TERMINAL_RAW_MAX     ((size_t)8 << 20) // [byte]

typedef struct Terminal {
    pid_t child; // 0: it was waited for
    int master;
    int columns, rows;
    uint32_t cells[TERMINAL_ROWS_MAX][TERMINAL_COLUMNS_MAX]; // code points
    int x, y;                                                // of the cursor; x == columns: behind the last
    bool cursor_shown, coloured;                             // coloured: what is written now has a colour
    bool updating;                                           // between the marks of a synchronised update
    int updates;                                             // synchronised updates that ended
    int overflows;                                           // characters that fell off the right edge
    char *raw;                                               // everything that was written  [raw_size]
    size_t raw_size;
    size_t fed; // of raw, on the screen
    struct termios before;
    bool ended; // the command ended and all it wrote is here
} Terminal;

/// Runs the command `paracosm` with arguments (the last is NULL) in a folder and with our own environment.
/// The test fails if it is not heard of for a minute.
Terminal terminal_run(const char *folder, int columns, int rows, const char *const *arguments);
/// Frees everything; a command that still runs is killed.
void terminal_close(Terminal *t);
void terminal_type(Terminal *t, const char *keys);
/// The window gets another size; lines that are too long for it are broken.
void terminal_resize(Terminal *t, int columns, int rows);

/// Whether a line of the screen holds a text.
bool terminal_shows(const Terminal *t, const char *text);
/// One row of the screen as UTF-8, without blanks at its end; valid until the next call.
const char *terminal_row(const Terminal *t, int row);
/// The row that holds a text, -1 if there is none.
int terminal_find(const Terminal *t, const char *text);
/// Whether the command has ever written a text, escape codes as they are.
bool terminal_wrote(const Terminal *t, const char *text);
/// How often the command has written a text.
int terminal_count(const Terminal *t, const char *text);

/// Reads on until the screen shows a text; the test fails if the command ends before.
void terminal_wait_for(Terminal *t, const char *text);
/// Reads on for so many whole pictures.
void terminal_wait_updates(Terminal *t, int updates);
/// Reads to the end. @return exit code
int terminal_wait_end(Terminal *t);
/// The test fails unless the terminal is as it was before the command: echo, cursor, colours.
void terminal_expect_restored(const Terminal *t);
/// Prints the screen, for a test that fails.
void terminal_print(const Terminal *t);
