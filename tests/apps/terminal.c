// SPDX-License-Identifier: MIT
// The screen is a grid of code points; a wide one has an empty cell (0) behind it.
#define _DEFAULT_SOURCE // TIOCSCTTY, struct winsize: not POSIX
#define _XOPEN_SOURCE   700
#include "tests/apps/terminal.h"

#include "tests/tests.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 60000 // without a sign of life

// ---------------------------------------------------------------- starting

static void set_size(int file, int columns, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    assert_int_equal(ioctl(file, TIOCSWINSZ, &size), 0);
}

/// In the child: the slave becomes its terminal, then the command takes over.
static void become_command(const char *folder, const char *slave, const char *const *arguments)
{
    const char *argv[24] = {PARA_COMMAND};
    for (int i = 0; i < 22 && arguments[i]; i++)
        argv[i + 1] = arguments[i];
    setsid();
    int file = open(slave, O_RDWR);
    if (file < 0 || ioctl(file, TIOCSCTTY, 0) != 0 || chdir(folder) != 0)
        _exit(126);
    dup2(file, 0), dup2(file, 1), dup2(file, 2);
    if (file > 2)
        close(file);
    signal(SIGHUP, SIG_DFL);
    execv(PARA_COMMAND, (char *const *)(uintptr_t)argv);
    _exit(127);
}

static void wipe(Terminal *t, int row, int from)
{
    for (int x = from; x < TERMINAL_COLUMNS_MAX; x++)
        t->cells[row][x] = ' ';
}

Terminal terminal_run(const char *folder, int columns, int rows, const char *const *arguments)
{
    Terminal t = {.columns = columns, .rows = rows, .cursor_shown = true};
    t.raw = malloc(TERMINAL_RAW_MAX);
    t.master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_non_null(t.raw);
    assert_true(t.master >= 0 && grantpt(t.master) == 0 && unlockpt(t.master) == 0);
    fcntl(t.master, F_SETFD, FD_CLOEXEC);
    for (int row = 0; row < TERMINAL_ROWS_MAX; row++)
        wipe(&t, row, 0);
    const char *slave = ptsname(t.master);
    int held =
        open(slave, O_RDWR | O_NOCTTY | O_CLOEXEC); // so that the size may be set before the child is there
    assert_true(held >= 0);
    set_size(t.master, columns, rows);
    assert_int_equal(tcgetattr(held, &t.before), 0);
    t.child = fork();
    assert_true(t.child >= 0);
    if (t.child == 0)
        become_command(folder, slave, arguments);
    // The child must have it open before we let go, or reading would end at once.
    struct pollfd wait = {.fd = t.master, .events = POLLIN};
    assert_true(poll(&wait, 1, PATIENCE_MS) == 1);
    close(held);
    return t;
}

void terminal_close(Terminal *t)
{
    if (t->child > 0) {
        kill(t->child, SIGKILL);
        waitpid(t->child, NULL, 0);
    }
    close(t->master);
    free(t->raw);
}

void terminal_type(Terminal *t, const char *keys)
{
    assert_true(write(t->master, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

// ---------------------------------------------------------------- the screen

static void line_feed(Terminal *t)
{
    if (++t->y < t->rows)
        return;
    t->y = t->rows - 1;
    memmove(t->cells[0], t->cells[1], sizeof t->cells[0] * (size_t)(t->rows - 1));
    wipe(t, t->y, 0);
}

static void put(Terminal *t, uint32_t code)
{
    bool is_wide = code >= 0x2e80 && code <= 0xd7a3; // of those that tests print
    if (t->x + is_wide >= t->columns) {
        t->overflows++;
        t->x = 0;
        line_feed(t);
    }
    t->cells[t->y][t->x++] = code;
    if (is_wide)
        t->cells[t->y][t->x++] = 0;
}

/// [character] of a row without the blanks at its end.
static int row_length(const Terminal *t, int row)
{
    int length = t->columns;
    while (length > 0 && t->cells[row][length - 1] == ' ')
        length--;
    return length;
}

void terminal_resize(Terminal *t, int columns, int rows)
{
    Terminal old = *t;
    assert_true(columns <= TERMINAL_COLUMNS_MAX && rows <= TERMINAL_ROWS_MAX);
    for (int row = 0; row < TERMINAL_ROWS_MAX; row++)
        wipe(t, row, 0);
    t->columns = columns;
    t->rows = rows;
    t->x = t->y = 0;
    // Rows that are longer than the new ones are broken, as most terminals do.
    for (int row = 0; row <= old.y; row++) {
        int length = row_length(&old, row);
        for (int x = 0; x < length; x++)
            put(t, old.cells[row][x]);
        if (row < old.y) {
            t->x = 0;
            line_feed(t);
        }
    }
    t->x = old.x < columns ? old.x : columns - 1;
    set_size(t->master, columns, rows);
}

/// "CSI ? number h" and "l".
static void set_mode(Terminal *t, int number, bool on)
{
    if (number == 25) {
        t->cursor_shown = on;
    } else if (number == 2026) {
        t->updates += t->updating && !on;
        t->updating = on;
    } else if (number != 7) { // 7: wrapping, put on and off around a notice
        fail_msg("mode %d is put %s: the test's terminal does not know it", number, on ? "on" : "off");
    }
}

static void control(Terminal *t, const char *text, char letter)
{
    int number = atoi(text[0] == '?' ? text + 1 : text);
    switch (letter) {
    case 'A':
        t->y = t->y > number ? t->y - number : 0;
        break;
    case 'K': // behind the last cell the cursor still stands on it
        wipe(t, t->y, t->x < t->columns ? t->x : t->columns - 1);
        break;
    case 'J':
        wipe(t, t->y, t->x);
        for (int row = t->y + 1; row < TERMINAL_ROWS_MAX; row++)
            wipe(t, row, 0);
        break;
    case 'm':
        t->coloured = number != 0;
        break;
    case 'h':
    case 'l':
        assert_int_equal(text[0], '?');
        set_mode(t, number, letter == 'h');
        break;
    default:
        fail_msg("sequence CSI %s%c: the test's terminal does not know it", text, letter);
    }
}

/// One control sequence or code point from `raw`. @return [byte] taken; 0: its end is not here yet
static size_t feed_one(Terminal *t, const unsigned char *at, size_t left)
{
    if (at[0] == '\033') {
        size_t size = 2;
        while (size < left && (at[size] < 0x40 || at[size] > 0x7e))
            size++;
        if (size >= left)
            return 0;
        char text[32] = "";
        assert_int_equal(at[1], '[');
        assert_true(size - 2 < sizeof text);
        memcpy(text, at + 2, size - 2);
        control(t, text, (char)at[size]);
        return size + 1;
    }
    if (at[0] == '\r' || at[0] == '\n') {
        t->x = at[0] == '\r' ? 0 : t->x;
        if (at[0] == '\n')
            line_feed(t);
        return 1;
    }
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    if (size > left)
        return 0;
    assert_true(at[0] >= ' ' && at[0] != 0x7f);
    uint32_t code = size == 1 ? at[0] : at[0] & (0xffu >> (size + 1));
    for (size_t i = 1; i < size; i++)
        code = code << 6 | (at[i] & 0x3fu);
    put(t, code);
    return size;
}

/// Reads what is there, waiting for the first of it. @return false at the end
static bool read_on(Terminal *t)
{
    struct pollfd wait = {.fd = t->master, .events = POLLIN};
    if (t->ended)
        return false;
    int ready = poll(&wait, 1, PATIENCE_MS);
    if (ready == 0) {
        terminal_print(t);
        fail_msg("the command says nothing any more");
    }
    ssize_t size = read(t->master, t->raw + t->raw_size, TERMINAL_RAW_MAX - t->raw_size);
    if (size < 0 && errno == EINTR)
        return true;
    if (size <= 0) { // EIO: nobody holds the other end
        t->ended = true;
        return false;
    }
    t->raw_size += (size_t)size;
    assert_true(t->raw_size < TERMINAL_RAW_MAX);
    for (size_t taken = 1; t->fed < t->raw_size && taken > 0; t->fed += taken)
        taken = feed_one(t, (const unsigned char *)t->raw + t->fed, t->raw_size - t->fed);
    return true;
}

// ---------------------------------------------------------------- questions

const char *terminal_row(const Terminal *t, int row)
{
    static char text[TERMINAL_COLUMNS_MAX * 4 + 1];
    char *out = text, *end = text;
    for (int x = 0; x < t->columns; x++) {
        uint32_t code = t->cells[row][x];
        if (code == 0)
            continue;
        int tail = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        *out++ = (char)(tail == 0 ? code : (0xff00u >> (tail + 1) & 0xffu) | code >> (6 * tail));
        while (tail-- > 0)
            *out++ = (char)(0x80u | (code >> (6 * tail) & 0x3fu));
        end = code != ' ' ? out : end;
    }
    *end = '\0';
    return text;
}

int terminal_find(const Terminal *t, const char *text)
{
    for (int row = 0; row < t->rows; row++)
        if (strstr(terminal_row(t, row), text))
            return row;
    return -1;
}

bool terminal_shows(const Terminal *t, const char *text) { return terminal_find(t, text) >= 0; }

int terminal_count(const Terminal *t, const char *text)
{
    int count = 0;
    size_t size = strlen(text);
    for (size_t i = 0; i + size <= t->raw_size; i++)
        count += memcmp(t->raw + i, text, size) == 0;
    return count;
}

bool terminal_wrote(const Terminal *t, const char *text) { return terminal_count(t, text) > 0; }

void terminal_print(const Terminal *t)
{
    for (int row = 0; row < t->rows; row++)
        print_message("|%s\n", terminal_row(t, row));
}

// ---------------------------------------------------------------- waiting

void terminal_wait_for(Terminal *t, const char *text)
{
    while (t->updating || !terminal_shows(t, text))
        if (!read_on(t)) {
            terminal_print(t);
            fail_msg("the command ended without showing: %s", text);
        }
}

void terminal_wait_updates(Terminal *t, int updates)
{
    int wanted = t->updates + updates;
    while (t->updates < wanted)
        if (!read_on(t)) {
            terminal_print(t);
            fail_msg("the command ended before %d more pictures", updates);
        }
}

int terminal_wait_end(Terminal *t)
{
    int status = 0;
    while (read_on(t))
        ;
    assert_int_equal(waitpid(t->child, &status, 0), t->child);
    t->child = 0;
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

void terminal_expect_restored(const Terminal *t)
{
    struct termios after;
    assert_int_equal(tcgetattr(t->master, &after), 0);
    assert_int_equal(after.c_lflag, t->before.c_lflag); // echo, signals, whole lines
    assert_int_equal(after.c_iflag, t->before.c_iflag);
    assert_int_equal(after.c_oflag, t->before.c_oflag);
    assert_true(t->cursor_shown);
    assert_false(t->coloured);
    assert_false(t->updating);
    assert_int_equal(t->x, 0); // the next prompt begins its own line
}
