// SPDX-License-Identifier: MIT
// Which replays are meant by files and folders.
#include "agents/demos/demos.h"

#include "engine/base/file.h"

#define ENDING ".replay"

typedef struct List {
    const char **files; ///< [PARA_DEMOS_FILES_MAX]
    int count;
    ParaArena *arena;
    const char **out_error;
} List;

static bool add(List *list, const char *path)
{
    if (list->count == PARA_DEMOS_FILES_MAX) {
        *list->out_error = para_arena_printf(list->arena, "more than %d replays; name a folder with fewer",
                                             PARA_DEMOS_FILES_MAX);
        return false;
    }
    list->files[list->count++] = path;
    return true;
}

/// Folders in a folder are not looked into; that of a run has its player's episodes in one.
static const char *nothing_there(const char *folder, ParaArena *arena)
{
    const char *proofs = para_arena_printf(arena, "%s/proofs", folder);
    return para_path_kind(proofs) == PARA_PATH_FOLDER
               ? para_arena_printf(arena, "no %s file in %s: name %s, where those of a run lie", "*" ENDING,
                                   folder, proofs)
               : para_arena_printf(arena, "no %s file in %s: name the folder that they lie in", "*" ENDING,
                                   folder);
}

static bool add_folder(List *list, const char *folder)
{
    const char **names = NULL;
    int count = para_folder_list(folder, ENDING, list->arena, &names, list->out_error);
    if (count == 0)
        *list->out_error = nothing_there(folder, list->arena);
    for (int i = 0; i < count; i++)
        if (!add(list, para_arena_printf(list->arena, "%s/%s" ENDING, folder, names[i])))
            return false;
    return count > 0;
}

const char *const *para_demos_list(const char *const *paths, int count, int *out_count, ParaArena *arena,
                                   const char **out_error)
{
    List list = {
        .files = PARA_NEW(arena, const char *, PARA_DEMOS_FILES_MAX), .arena = arena, .out_error = out_error};
    *out_count = 0;
    for (int i = 0; i < count; i++) {
        bool folder = para_path_kind(paths[i]) == PARA_PATH_FOLDER;
        if (!folder && !para_file_exists(paths[i])) {
            *out_error = para_arena_printf(arena, "there is no %s", paths[i]);
            return NULL;
        }
        if (!(folder ? add_folder(&list, paths[i]) : add(&list, paths[i])))
            return NULL;
    }
    *out_count = list.count;
    return list.count > 0 ? list.files : NULL;
}
