// SPDX-License-Identifier: MIT
// Finds the library's folder and its templates by name, lists them, and loads one with a text of all that is
// wrong. Used by the families of a run and by `paracosm play`.
#include "worlds/library.h"

#include "engine/base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FAMILIES_MAX 1024 // bound on files read from one folder

static bool folder_exists(const char *path)
{
    struct stat info;
    return path && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

// The folder the running program lies in, or NULL.
static const char *program_folder(ParaArena *arena)
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

const char *para_library_folder(ParaArena *arena)
{
    const char *wish = getenv("PARACOSM_LIBRARY");
    if (wish && *wish)
        return folder_exists(wish) ? wish : NULL;
    const char *program = program_folder(arena);
    static const char *const beside[] = {"worlds/library", "../worlds/library", "../../worlds/library",
                                         "../share/paracosm/library"};
    for (size_t i = 0; program && i < sizeof beside / sizeof *beside; i++) {
        const char *path = para_arena_printf(arena, "%s/%s", program, beside[i]);
        if (folder_exists(path))
            return path;
    }
#ifdef PARA_SOURCE_DIR
    if (folder_exists(PARA_SOURCE_DIR "/worlds/library"))
        return PARA_SOURCE_DIR "/worlds/library";
#endif
    return NULL;
}

const char *para_library_find(const char *name, ParaArena *arena)
{
    if (!name || !*name)
        return NULL;
    struct stat info;
    bool looks_like_path = strchr(name, '/') || strstr(name, ".json");
    if (looks_like_path)
        return stat(name, &info) == 0 && S_ISREG(info.st_mode) ? para_arena_strdup(arena, name) : NULL;
    const char *folder = para_library_folder(arena);
    if (!folder)
        return NULL;
    const char *path = para_arena_printf(arena, "%s/%s.json", folder, name);
    return para_file_exists(path) ? path : NULL;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int para_library_list(ParaArena *arena, const char ***out_names)
{
    *out_names = NULL;
    const char *folder = para_library_folder(arena);
    DIR *dir = folder ? opendir(folder) : NULL;
    if (!dir)
        return 0;
    const char **names = PARA_NEW(arena, const char *, FAMILIES_MAX);
    int count = 0;
    for (struct dirent *entry; count < FAMILIES_MAX && (entry = readdir(dir));) {
        size_t length = strlen(entry->d_name);
        if (length <= 5 || strcmp(entry->d_name + length - 5, ".json") != 0)
            continue;
        names[count++] = para_arena_printf(arena, "%.*s", (int)(length - 5), entry->d_name);
    }
    closedir(dir);
    qsort(names, (size_t)count, sizeof *names, by_name);
    *out_names = names;
    return count;
}

// The diagnostics as one text in the arena.
static const char *problems_text(const ParaDiagList *problems, ParaArena *arena)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return "the template has mistakes";
    para_diag_print(problems, out);
    fclose(out);
    while (size > 0 && text[size - 1] == '\n')
        text[--size] = '\0';
    const char *copy = para_arena_strdup(arena, text);
    free(text);
    return copy;
}

static const char *not_found(const char *name, ParaArena *arena)
{
    const char **names = NULL, *all = "";
    int count = para_library_list(arena, &names);
    for (int i = 0; i < count; i++)
        all = para_arena_printf(arena, "%s%s%s", all, i ? ", " : "", names[i]);
    const char *close = para_closest_word(name, names, count);
    if (close)
        return para_arena_printf(
            arena, "there is no family or file \"%s\"; did you mean \"%s\"? families: %s", name, close, all);
    return para_arena_printf(arena, "there is no family or file \"%s\"; families: %s", name, all);
}

const ParaTemplate *para_library_load(const char *name, ParaArena *arena, const char **out_error)
{
    const char *path = para_library_find(name, arena);
    if (!path) {
        *out_error = not_found(name, arena);
        return NULL;
    }
    ParaDiagList problems = para_diag_list(arena, path, NULL);
    const ParaTemplate *t = para_template_load_file(path, arena, &problems);
    if (!t)
        *out_error = problems_text(&problems, arena);
    return t;
}
