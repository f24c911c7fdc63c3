// SPDX-License-Identifier: MIT
// The machine, the process, its streams: one call of the system each.
#define _DEFAULT_SOURCE // flock, struct winsize, TIOCGWINSZ
#define _GNU_SOURCE     // dladdr, SCHED_IDLE
#include "engine/base/platform.h"

#include "engine/base/assert.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <dirent.h>
#include <stdlib.h>
#include <sys/prctl.h>
#endif

// ---------------------------------------------------------------- the machine and the process

int para_cpu_count(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : (int)count;
}

#define AUTOGROUP "/proc/self/autogroup" // of Linux, see sched(7): a session's share of the cores

#ifdef __linux__
/// Even at nice 19 a process has its share of a core that another wants: about 1.5 % (1024 / 15 weights). The
/// idle class is that of weight 3, and a waking thread of another class takes the core from it at once.
/// @return false: it may not
static bool idle_threads(void)
{
    const struct sched_param none = {0};
    bool idle = sched_setscheduler(0, SCHED_IDLE, &none) == 0;
    DIR *threads = opendir("/proc/self/task");
    for (const struct dirent *one; threads && (one = readdir(threads));)
        if (one->d_name[0] != '.')
            idle &= sched_setscheduler((pid_t)strtol(one->d_name, NULL, 10), SCHED_IDLE, &none) == 0;
    if (threads)
        closedir(threads);
    return idle;
}

static void take_least_share(void)
{
    int file = getsid(0) == getpid() ? open(AUTOGROUP, O_WRONLY) : -1;
    if (file < 0)
        return;
    ssize_t written = write(file, "19", 2); // where it is refused the idle class is all there is
    close(file);
    (void)written;
}
#endif

void para_process_give_way(void)
{
#ifdef __linux__
    take_least_share();
    if (idle_threads())
        return;
#endif
    if (setpriority(PRIO_PROCESS, 0, 19) != 0)
        return; // it may not: then it is as urgent as before
}

bool para_process_go_apart(int *out_code)
{
    *out_code = 0;
#ifdef __linux__
    pid_t parent = getpid(), child = -1, ended;
    int status = 0;
    if (access(AUTOGROUP, W_OK) == 0) {
        fflush(NULL);
        child = fork();
    }
    if (child > 0) {
        while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
        }
        *out_code = ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return false;
    }
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // at once: one that hardly ever runs would be long about its end
        if (getppid() != parent)          // it ended before that held
            _exit(1);
        setsid();
    }
#endif
    return true;
}

uint64_t para_memory_installed(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}

int64_t para_process_id(void) { return (int64_t)getpid(); }

int64_t para_disk_free(const char *path)
{
    struct statvfs disk;
    return statvfs(path, &disk) == 0 ? (int64_t)((uint64_t)disk.f_bavail * disk.f_frsize) : -1;
}

const char *para_program_folder(ParaArena *arena)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    *slash = '\0';
    return para_arena_strdup(arena, path);
}

const char *para_code_folder(ParaArena *arena)
{
    const char *(*const here)(ParaArena *) = para_code_folder;
    const void *address;
    memcpy(&address, &here, sizeof address); // C has no cast from a function to what dladdr takes
    Dl_info info;
    if (dladdr(address, &info) == 0 || !info.dli_fname)
        return NULL;
    const char *slash = strrchr(info.dli_fname, '/');
    return slash ? para_arena_printf(arena, "%.*s", (int)(slash - info.dli_fname), info.dli_fname) : NULL;
}

// ---------------------------------------------------------------- locks

/// Whether an open file is still the one of that path: who held its lock may have removed it since.
static bool is_file_of(int file, const char *path)
{
    struct stat opened, named;
    return fstat(file, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

/// @param tries [1] >= 0 so often the file may have been removed between its opening and its locking
static int take_lock(const char *path, int tries, ParaArena *arena, const char **out_holder,
                     const char **out_error)
{
    *out_holder = NULL;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) {
        *out_error = para_arena_printf(arena, "cannot open %s: %s", path, strerror(errno));
        return -1;
    }
    char holder[24] = "";
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        int problem = errno;
        *out_error = para_arena_printf(arena, "cannot lock %s: %s", path, strerror(problem));
        ssize_t size = problem == EWOULDBLOCK ? pread(file, holder, sizeof holder - 1, 0) : 0;
        holder[size > 0 ? strspn(holder, "0123456789") : 0] = '\0';
        if (problem == EWOULDBLOCK)
            *out_holder = para_arena_strdup(arena, holder);
        close(file);
        return -1;
    }
    if (tries > 0 && !is_file_of(file, path)) {
        close(file);
        return take_lock(path, tries - 1, arena, out_holder, out_error);
    }
    int length = snprintf(holder, sizeof holder, "%ld\n", (long)getpid());
    // Only a help for people: who holds the lock is the kernel's business, so a full disk is no error here.
    if (ftruncate(file, 0) != 0 || pwrite(file, holder, (size_t)length, 0) != length)
        errno = 0;
    return file;
}

int para_lock_take(const char *path, ParaArena *arena, const char **out_holder, const char **out_error)
{
    return take_lock(path, 8, arena, out_holder, out_error);
}

void para_lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}

// ---------------------------------------------------------------- streams

_Static_assert(PARA_STREAM_OUTPUT == STDOUT_FILENO && PARA_STREAM_ERRORS == STDERR_FILENO, "their numbers");

bool para_stream_is_terminal(ParaStream stream) { return isatty((int)stream) == 1; }

bool para_stream_size(ParaStream stream, int *out_columns, int *out_rows)
{
    struct winsize size;
    if (ioctl((int)stream, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return false;
    *out_columns = size.ws_col;
    *out_rows = size.ws_row;
    return true;
}

bool para_stream_write(ParaStream stream, const char *text, size_t size)
{
    PARA_ASSERT(stream == PARA_STREAM_OUTPUT || stream == PARA_STREAM_ERRORS);
    while (size > 0) {
        ssize_t put = write((int)stream, text, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text += put;
        size -= (size_t)put;
    }
    return true;
}

bool para_stream_is_left(ParaStream stream)
{
    struct pollfd ask = {.fd = (int)stream, .events = POLLOUT};
    return poll(&ask, 1, 0) == 1 && (ask.revents & POLLERR) != 0;
}

bool para_streams_open(void)
{
    int file;
    do
        file = open("/dev/null", O_RDWR);
    while (file >= 0 && file <= STDERR_FILENO);
    return file < 0 || close(file) == 0;
}
