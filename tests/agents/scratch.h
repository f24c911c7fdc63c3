// SPDX-License-Identifier: MIT
#pragma once
// A folder of a test's own, made under $TMPDIR or /tmp and removed with everything in it.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Scratch {
    char folder[200];
} Scratch;

static inline Scratch scratch_make(void)
{
    Scratch scratch;
    const char *base = getenv("TMPDIR");
    snprintf(scratch.folder, sizeof scratch.folder, "%s/paracosm-test-XXXXXX",
             base && strlen(base) < 100 ? base : "/tmp");
    if (!mkdtemp(scratch.folder))
        abort();
    return scratch;
}

static inline void scratch_remove_path(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return;
    DIR *list = S_ISDIR(info.st_mode) ? opendir(path) : NULL;
    if (list) {
        struct dirent *entry;
        while ((entry = readdir(list)) != NULL) {
            char inner[1024];
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                continue;
            if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < (int)sizeof inner)
                scratch_remove_path(inner);
        }
        closedir(list);
        rmdir(path);
    } else {
        unlink(path);
    }
}

static inline void scratch_remove(const Scratch *scratch) { scratch_remove_path(scratch->folder); }

/// "folder/name" in one of a few turning buffers.
static inline const char *scratch_path(const Scratch *scratch, const char *name)
{
    static char buffers[8][512];
    static int turn;
    char *path = buffers[turn++ % 8];
    snprintf(path, sizeof buffers[0], "%s/%s", scratch->folder, name);
    return path;
}

static inline void scratch_write(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
}

/// Whole file; the caller frees it.
static inline unsigned char *scratch_read(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        abort();
    long size = ftell(file);
    rewind(file);
    unsigned char *data = malloc((size_t)size + 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size)
        abort();
    fclose(file);
    *out_size = (size_t)size;
    return data;
}
