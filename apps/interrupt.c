// SPDX-License-Identifier: MIT
// A signal handler can reach nothing but what has static storage, hence the only variables of this kind.
#include "apps/interrupt.h"

#include "apps/apps.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static const char *volatile restore_text, *volatile notice_text;

/// Safe in a signal handler.
static void say(int file, const char *text)
{
    ssize_t put = text ? write(file, text, strlen(text)) : 0;
    (void)put; // nobody is left to tell
}

/// Puts the terminal right; safe in a signal handler.
static void restore(void) { say(STDOUT_FILENO, restore_text); }

static void on_stop(int signal_number)
{
    (void)signal_number;
    asked++;
    if (asked == 1)
        say(STDERR_FILENO, notice_text);
    if (asked >= 2) {
        restore();
        _exit(PARA_EXIT_INTERRUPTED);
    }
}

static void on_crash(int signal_number)
{
    restore();
    raise(signal_number); // the handler was taken away: the default ends the process as it should
}

void para_interrupt_catch(const char *notice)
{
    notice_text = notice;
    struct sigaction stop = {.sa_handler = on_stop},
                     crash = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&stop.sa_mask);
    sigemptyset(&crash.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    struct sigaction before;
    if (sigaction(SIGHUP, NULL, &before) != 0 ||
        before.sa_handler != SIG_IGN) // nohup: goes on without a terminal
        sigaction(SIGHUP, &stop, NULL);
    sigaction(SIGABRT, &crash, NULL);
    sigaction(SIGSEGV, &crash, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

int para_interrupt_count(void) { return (int)asked; }

bool para_interrupt_asked(void *context)
{
    (void)context;
    return asked > 0;
}

void para_interrupt_restore(const char *constant_text) { restore_text = constant_text; }
