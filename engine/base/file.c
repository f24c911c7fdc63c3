// SPDX-License-Identifier: MIT
// Whole files, read with a bound and written so that a crash leaves either the old or the new one.
#define _XOPEN_SOURCE 700 // realpath
#include "engine/base/file.h"

#include "engine/base/assert.h"
#include "engine/base/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Sets the error sentence "cannot <verb> <path>: <reason>"; always false.
static bool fail(ParaArena *arena, const char **out_error, const char *verb, const char *path,
                 const char *reason)
{
    if (out_error)
        *out_error = para_arena_printf(arena, "cannot %s %.200s: %s", verb, path, reason);
    return false;
}

// ---------------------------------------------------------------- reading

/// Reads up to `size` bytes, fewer where the file ends early; -1 with errno on failure.
static ssize_t read_all(int file, char *data, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(file, data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/// NULL where the open file may be read, else why not.
static const char *refusal(const struct stat *info, size_t size_max, ParaArena *arena)
{
    if (S_ISDIR(info->st_mode))
        return "it is a folder";
    if (!S_ISREG(info->st_mode))
        return "it is not a regular file";
    if ((uint64_t)info->st_size > size_max)
        return para_arena_printf(arena, "it has %lld bytes; at most %zu are read", (long long)info->st_size,
                                 size_max);
    if ((uint64_t)info->st_size + 1 > para_arena_room(arena))
        return "no room left in memory";
    return NULL;
}

static char *read_open_file(int file, const char *path, size_t size_max, ParaArena *arena, size_t *out_size,
                            const char **out_error)
{
    struct stat info;
    if (fstat(file, &info)) {
        fail(arena, out_error, "read", path, strerror(errno));
        return NULL;
    }
    const char *reason = refusal(&info, size_max, arena);
    if (reason) {
        fail(arena, out_error, "read", path, reason);
        return NULL;
    }
    char *data = para_arena_alloc(arena, (size_t)info.st_size + 1); // zeroed: the NUL is there
    ssize_t size = read_all(file, data, (size_t)info.st_size);
    if (size < 0) {
        fail(arena, out_error, "read", path, strerror(errno));
        return NULL;
    }
    if (out_size)
        *out_size = (size_t)size;
    return data;
}

char *para_file_read(const char *path, size_t size_max, ParaArena *arena, size_t *out_size,
                     const char **out_error)
{
    PARA_ASSERT(path && arena);
    // Without O_NONBLOCK, opening a pipe would wait for a writer for ever.
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        fail(arena, out_error, "open", path, strerror(errno));
        return NULL;
    }
    char *data = read_open_file(file, path, size_max, arena, out_size, out_error);
    close(file);
    return data;
}

// ---------------------------------------------------------------- looking

ParaPathKind para_path_kind(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return PARA_PATH_NONE;
    return S_ISREG(info.st_mode)   ? PARA_PATH_FILE
           : S_ISDIR(info.st_mode) ? PARA_PATH_FOLDER
                                   : PARA_PATH_OTHER;
}

bool para_path_is_link(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

bool para_file_exists(const char *path) { return para_path_kind(path) != PARA_PATH_NONE; }

const char *para_path_absolute(const char *path, ParaArena *arena)
{
    char folder[4096];
    bool known = path[0] != '/' && getcwd(folder, sizeof folder) != NULL;
    return known ? para_arena_printf(arena, "%s/%s", folder, path) : para_arena_strdup(arena, path);
}

const char *para_path_real(const char *path, ParaArena *arena)
{
    char *real = realpath(path, NULL);
    const char *copy = para_arena_strdup(arena, real ? real : path);
    free(real);
    return copy;
}

int64_t para_file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (int64_t)info.st_size : -1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int para_folder_list(const char *path, const char *ending, ParaArena *arena, const char ***out_names,
                     const char **out_error)
{
    size_t tail = strlen(ending);
    DIR *folder = opendir(path);
    if (!folder) {
        fail(arena, out_error, "open folder", path, strerror(errno));
        return -1;
    }
    int count = 0, capacity = 32;
    const char **names = PARA_NEW(arena, const char *, capacity);
    for (struct dirent *entry; (entry = readdir(folder));) {
        size_t length = strlen(entry->d_name);
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || length <= tail ||
            strcmp(entry->d_name + length - tail, ending) != 0)
            continue;
        if (count == capacity) {
            const char **more = PARA_NEW(arena, const char *, 2 * capacity);
            memcpy(more, names, sizeof *names * (size_t)count);
            names = more, capacity *= 2;
        }
        names[count++] = para_arena_printf(arena, "%.*s", (int)(length - tail), entry->d_name);
    }
    closedir(folder);
    qsort(names, (size_t)count, sizeof *names, by_name);
    *out_names = names;
    return count;
}

// ---------------------------------------------------------------- writing

/// Why a write failed, and what can be done about it.
static const char *write_reason(int problem, ParaArena *arena)
{
    if (problem != ENOSPC && problem != EDQUOT)
        return strerror(problem);
    return para_arena_printf(arena, "%s; free some space and start again: what was saved before stands",
                             strerror(problem));
}

static bool write_all(int file, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(file, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            errno = put == 0 ? EIO : errno;
            return false;
        }
        data += put, size -= (size_t)put;
    }
    return true;
}

/// Opens a new file beside `path` under a name nobody else uses; -1 with errno on failure.
static int open_temporary(const char *path, mode_t mode, ParaArena *arena, char **out_name)
{
    static atomic_uint serial; // tells apart the writers of one process
    for (int attempt = 0; attempt < 100; attempt++) {
        unsigned number = atomic_fetch_add(&serial, 1);
        *out_name = para_arena_printf(arena, "%s.%ld-%u.tmp", path, (long)getpid(), number);
        int file = open(*out_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file >= 0 || errno != EEXIST)
            return file;
    }
    return -1;
}

/// Makes the rename itself durable. The new file stands already, so a failure is only a warning.
static void sync_folder_of(const char *path, ParaArena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *folder = !slash          ? "."
                         : slash == path ? "/"
                                         : para_arena_printf(arena, "%.*s", (int)(slash - path), path);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0 || (fsync(file) && errno != EINVAL))
        para_log_line(PARA_LOG_WARNING, "file", "cannot sync folder %s: %s", folder, strerror(errno));
    if (file >= 0)
        close(file);
}

/// Where a path leads if it is a link to something, else the path: a rename would put a file in the link's
/// place and leave what it names as it was.
static const char *behind_links(const char *path, ParaArena *arena)
{
    struct stat info;
    if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode))
        return path;
    return para_path_real(path, arena);
}

bool para_file_write(const char *path, const void *data, size_t size, ParaArena *arena,
                     const char **out_error)
{
    PARA_ASSERT(path && arena && (data || size == 0));
    struct stat old;
    bool exists = stat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) // a rename would replace a device or a pipe by a file
        return fail(arena, out_error, "write", path, "it is not a regular file");
    const char *place = behind_links(path, arena);
    char *name;
    int file = open_temporary(place, 0666, arena, &name);
    if (file < 0)
        return fail(arena, out_error, "write", path, write_reason(errno, arena));
    bool done = (!exists || fchmod(file, old.st_mode & 07777) == 0) && write_all(file, data, size) &&
                fsync(file) == 0;
    int problem = errno;
    if (close(file) != 0 && done)
        done = false, problem = errno;
    if (done && rename(name, place) != 0)
        done = false, problem = errno;
    if (!done) {
        unlink(name);
        return fail(arena, out_error, "write", path, write_reason(problem, arena));
    }
    sync_folder_of(place, arena);
    return true;
}

bool para_file_sync(FILE *file) { return fflush(file) == 0 && fsync(fileno(file)) == 0; }

bool para_file_remove(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISREG(info.st_mode) && unlink(path) == 0;
}

bool para_file_may_write(const char *path, ParaArena *arena, const char **out_error)
{
    const char *slash = strrchr(path, '/');
    const char *folder = !slash          ? "."
                         : slash == path ? "/"
                                         : para_arena_printf(arena, "%.*s", (int)(slash - path), path);
    ParaPathKind kind = para_path_kind(folder), there = para_path_kind(path);
    if (kind == PARA_PATH_NONE)
        return fail(arena, out_error, "write", path,
                    para_arena_printf(arena, "there is no folder %.200s", folder));
    if (kind != PARA_PATH_FOLDER)
        return fail(arena, out_error, "write", path, para_arena_printf(arena, "%.200s is no folder", folder));
    if (there == PARA_PATH_FOLDER)
        return fail(arena, out_error, "write", path, "it is a folder");
    if (there == PARA_PATH_OTHER)
        return fail(arena, out_error, "write", path, "it is not a regular file");
    return access(folder, W_OK | X_OK) == 0 ||
           fail(arena, out_error, "write", path, write_reason(errno, arena));
}

bool para_file_rename(const char *path, const char *to, ParaArena *arena, const char **out_error)
{
    return rename(path, to) == 0 || fail(arena, out_error, "write", to, strerror(errno));
}

/// Makes one folder; one that is there already is fine.
static bool make_one(const char *path, ParaArena *arena, const char **out_error)
{
    struct stat info;
    if (mkdir(path, 0777) == 0)
        return true;
    int problem = errno; // on a read-only disk EROFS may come before EEXIST: look, then complain
    if (stat(path, &info) != 0)
        return fail(arena, out_error, "make folder", path, write_reason(problem, arena));
    if (!S_ISDIR(info.st_mode))
        return fail(arena, out_error, "make folder", path, "a file of that name stands in the way");
    return true;
}

bool para_folder_make(const char *path, ParaArena *arena, const char **out_error)
{
    if (!*path)
        return fail(arena, out_error, "make folder", path, "the name is empty");
    char *part = para_arena_strdup(arena, path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = make_one(part, arena, out_error);
        *slash = '/';
        if (!made)
            return false;
    }
    return make_one(part, arena, out_error);
}
