// SPDX-License-Identifier: MIT
// posix_spawn, a pipe, waitpid. SIGPIPE is held back in the thread that writes, and taken away again.
#define _POSIX_C_SOURCE 200809L
#include "engine/base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static bool fail(ParaChild *child, int ends[2], const char *why, const char **out_error)
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
    *child = (ParaChild){-1, 0};
    *out_error = why;
    return false;
}

bool para_child_start(ParaChild *child, const char *const *words, const char **out_error)
{
    int ends[2] = {-1, -1};
    posix_spawn_file_actions_t actions;
    pid_t id = 0;
    if (pipe(ends) != 0)
        return fail(child, ends, "no pipe to be had", out_error);
    // No other child may keep the pipe open.
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return fail(child, ends, "no memory", out_error);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    // The words are not written to; posix_spawnp's type is older than const.
    int code = posix_spawnp(&id, words[0], &actions, NULL, (char *const *)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0)
        return fail(child, ends, code == ENOENT ? "it is not installed" : strerror(code), out_error);
    close(ends[0]);
    *child = (ParaChild){ends[1], (long)id};
    return true;
}

bool para_child_feed(ParaChild *child, const void *data, size_t size)
{
    sigset_t pipes, before, pending;
    const char *at = data;
    bool fed = child->input >= 0;
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    sigpending(&pending);
    bool had = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipes, &before);
    while (fed && size > 0) {
        ssize_t written = write(child->input, at, size);
        if (written > 0) {
            at += written;
            size -= (size_t)written;
        } else if (written < 0 && errno != EINTR) {
            fed = false;
        }
    }
    if (!fed && !had) { // what this write caused is nobody else's
        const struct timespec none = {0, 0};
        while (sigtimedwait(&pipes, NULL, &none) < 0 && errno == EINTR) {
        }
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return fed;
}

int para_child_end(ParaChild *child)
{
    int status = 0;
    if (child->input >= 0)
        close(child->input);
    child->input = -1;
    if (child->id == 0)
        return -1;
    pid_t ended;
    while ((ended = waitpid((pid_t)child->id, &status, 0)) < 0 && errno == EINTR) {
    }
    child->id = 0;
    return ended < 0 ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void para_child_leave(ParaChild *child)
{
    if (child->input >= 0)
        close(child->input);
    *child = (ParaChild){.input = -1};
}
