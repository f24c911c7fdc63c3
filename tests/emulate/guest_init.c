// SPDX-License-Identifier: MIT
// The first and only process of the emulated machine of run_avx512.sh. Starts the program that
// /emulate/arguments names, sends what it prints to the serial ports, then its exit code, and turns the
// machine off. Writes to the ports themselves, not through the kernel's driver: every Linux kernel will do,
// and nothing is lost at the end. Stands alone: built with -static by the script, not by CMake.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// First input-output port of each serial port [standard PC numbers]; the kernel's own messages take com1.
enum { SERIAL_OUT = 0x2f8, SERIAL_ERR = 0x3e8, SERIAL_CODE = 0x2e8 };
// Bochs ends when it reads the word "Shutdown" here.
enum { SHUTDOWN_PORT = 0x8900 };
enum { CODE_NO_RUN = 125, CODE_NO_EXEC = 126, CODE_SIGNAL = 128 };
enum { MOST_WORDS = 256, MOST_TEXT = 65536 };

static void open_serial(unsigned short port)
{
    outb(0, port + 1);    // no interrupts: we ask
    outb(0x80, port + 3); // the next two bytes are the divisor:
    outb(1, port);        // 115200 baud, the fastest
    outb(0, port + 1);
    outb(3, port + 3); // 8 bits, no parity, 1 stop bit
    outb(7, port + 2); // queues on and empty
}

static void send(unsigned short port, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        while (!(inb(port + 5) & 0x20)) // room in the queue
            continue;
        outb((unsigned char)text[i], port);
    }
    while (!(inb(port + 5) & 0x40)) // the last bit is out
        continue;
}

// Ends the machine; `code` is what the script passes on.
static _Noreturn void finish(int code)
{
    char text[16];
    int length = snprintf(text, sizeof text, "%d\n", code);
    send(SERIAL_CODE, text, (size_t)length);
    for (const char *letter = "Shutdown"; *letter; letter++)
        outb((unsigned char)*letter, SHUTDOWN_PORT);
    for (;;)
        pause();
}

static _Noreturn void give_up(const char *what)
{
    char text[256];
    int length = snprintf(text, sizeof text, "the emulated machine: %s: %s\n", what, strerror(errno));
    send(SERIAL_ERR, text, (size_t)length);
    finish(CODE_NO_RUN);
}

static void mount_at(const char *type, const char *folder)
{
    if (mkdir(folder, 0755) != 0 && errno != EEXIST)
        give_up(folder);
    if (mount(type, folder, type, 0, NULL) != 0)
        give_up(folder);
}

// Reads a file of words that end in a zero byte into `text` and points `words` at them, NULL behind the last.
static void read_words(const char *path, char text[MOST_TEXT], char *words[MOST_WORDS])
{
    int file = open(path, O_RDONLY | O_CLOEXEC), count = 0;
    ssize_t length = file < 0 ? -1 : read(file, text, MOST_TEXT);
    if (length < 0 || length == MOST_TEXT || (length > 0 && text[length - 1] != 0))
        give_up(path);
    close(file);
    for (char *word = text; word < text + length && count < MOST_WORDS - 1; word += strlen(word) + 1)
        words[count++] = word;
    words[count] = NULL;
}

static _Noreturn void run_program(int out, int err)
{
    static char argument_text[MOST_TEXT], variable_text[MOST_TEXT], folder_text[MOST_TEXT];
    static char *arguments[MOST_WORDS], *variables[MOST_WORDS], *folder[MOST_WORDS];
    read_words("/emulate/arguments", argument_text, arguments);
    read_words("/emulate/variables", variable_text, variables);
    read_words("/emulate/folder", folder_text, folder);
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
        give_up("standard streams");
    if (!arguments[0] || !folder[0] || chdir(folder[0]) != 0)
        give_up("its folder");
    if (iopl(0) != 0) // the program has no business at the ports
        give_up("iopl");
    execve(arguments[0], arguments, variables);
    fprintf(stderr, "%s: %s\n", arguments[0], strerror(errno));
    _exit(CODE_NO_EXEC);
}

// Passes on what comes through the two pipes until both are closed.
static void pass_on(int out, int err)
{
    static char piece[4096];
    struct pollfd ends[2] = {{.fd = out, .events = POLLIN}, {.fd = err, .events = POLLIN}};
    const unsigned short ports[2] = {SERIAL_OUT, SERIAL_ERR};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (poll(ends, 2, -1) < 0 && errno != EINTR)
            give_up("poll");
        for (int i = 0; i < 2; i++) {
            if (ends[i].fd < 0 || !ends[i].revents)
                continue;
            ssize_t length = read(ends[i].fd, piece, sizeof piece);
            if (length > 0)
                send(ports[i], piece, (size_t)length);
            else
                ends[i].fd = -1;
        }
    }
}

int main(void)
{
    if (iopl(3) != 0)
        return CODE_NO_RUN; // the kernel reports that its first process ended
    open_serial(SERIAL_OUT);
    open_serial(SERIAL_ERR);
    open_serial(SERIAL_CODE);
    mount_at("devtmpfs", "/dev");
    mount_at("proc", "/proc");
    mount_at("sysfs", "/sys");
    if (mkdir("/tmp", 01777) != 0 && errno != EEXIST)
        give_up("/tmp");

    int out[2], err[2], status;
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)
        give_up("pipe");
    pid_t program = fork();
    if (program < 0)
        give_up("fork");
    if (program == 0)
        run_program(out[1], err[1]);
    close(out[1]);
    close(err[1]);
    pass_on(out[0], err[0]);
    if (waitpid(program, &status, 0) != program)
        give_up("waitpid");
    if (WIFEXITED(status))
        finish(WEXITSTATUS(status));
    char text[128];
    int length = snprintf(text, sizeof text, "the program was ended by signal %d (%s)\n", WTERMSIG(status),
                          strsignal(WTERMSIG(status)));
    send(SERIAL_ERR, text, (size_t)length);
    finish(CODE_SIGNAL + WTERMSIG(status));
}
