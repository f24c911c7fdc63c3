// SPDX-License-Identifier: MIT
// Files below folders, for the commands that take many.
#include "apps/files.h"
#include "engine/base/file.h"

#include <string.h>

static bool add(ParaAppFiles *files, ParaAppFile file, ParaArena *arena, const char **out_error)
{
    if (files->count == PARA_APP_FILES_MAX) {
        *out_error = para_arena_printf(arena, "more than %d files are meant", PARA_APP_FILES_MAX);
        return false;
    }
    if (files->count == files->room) {
        files->room = files->room ? 2 * files->room : 64;
        ParaAppFile *items = PARA_NEW(arena, ParaAppFile, files->room);
        if (files->count > 0)
            memcpy(items, files->items, sizeof *items * (size_t)files->count);
        files->items = items;
    }
    files->items[files->count++] = file;
    return true;
}

static bool ends_as_meant(const ParaAppFiles *files, const char *name)
{
    const char *ending = files->ending ? files->ending : ".json";
    size_t length = strlen(name), tail = strlen(ending);
    return length > tail && strcmp(name + length - tail, ending) == 0;
}

static bool add_folder(ParaAppFiles *files, const char *path, const char *below, int depth, ParaArena *arena,
                       const char **out_error)
{
    const char **names;
    int count = para_folder_list(path, "", arena, &names, out_error);
    bool good = count >= 0;
    for (int k = 0; k < count && good; k++) {
        const char *inner = para_arena_printf(arena, "%s/%s", path, names[k]);
        const char *place = para_arena_printf(arena, "%s%s%s", below, *below ? "/" : "", names[k]);
        ParaPathKind kind = para_path_kind(inner);
        if (kind == PARA_PATH_FOLDER && (para_path_is_link(inner) || depth >= PARA_APP_DEPTH_MAX))
            continue; // a link may lead back up: the same files again, at each depth
        if (kind == PARA_PATH_FOLDER)
            good = add_folder(files, inner, place, depth + 1, arena, out_error);
        else if (kind == PARA_PATH_FILE && ends_as_meant(files, names[k]))
            good = add(files, (ParaAppFile){inner, place}, arena, out_error);
    }
    return good;
}

bool para_app_files_add(ParaAppFiles *files, const char *path, ParaArena *arena, const char **out_error)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (para_path_kind(path) == PARA_PATH_FOLDER)
        return add_folder(files, para_arena_printf(arena, "%.*s", (int)length, path), "", 0, arena,
                          out_error);
    const char *slash = strrchr(path, '/');
    return add(files, (ParaAppFile){path, slash ? slash + 1 : path}, arena, out_error);
}
