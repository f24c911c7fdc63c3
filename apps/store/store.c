// SPDX-License-Identifier: MIT
// Where the folders are, and how a file in them is read and written. What the files mean: settings.c,
// times.c.
#include "apps/store/store.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/platform.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASIDE_MAX    100 // damaged files of one name that are kept
#define LOCK_SECONDS 0.5 // [s] another process is waited for

/// By the XDG rules: a variable that is no path from the root is not there.
static const char *rooted(const char *variable)
{
    const char *value = getenv(variable);
    return value && value[0] == '/' ? value : NULL;
}

/// Where the folder is, whether it is there or not. @return NULL with the reason
static const char *place_of(ParaStorePlace place, ParaArena *arena, const char **out_error)
{
    bool config = place == PARA_STORE_CONFIG;
    const char *own = getenv("PARACOSM_HOME");
    const char *base = rooted(config ? "XDG_CONFIG_HOME" : "XDG_DATA_HOME"), *home = rooted("HOME");
    if (own && *own)
        return para_path_absolute(own, arena);
    if (base)
        return para_arena_printf(arena, "%s/paracosm", base);
    if (home)
        return para_arena_printf(arena, "%s/%s/paracosm", home, config ? ".config" : ".local/share");
    *out_error = "nothing can be kept: HOME is not set; PARACOSM_HOME=/a/folder says where to keep it";
    return NULL;
}

const char *para_store_folder(ParaStorePlace place, ParaArena *arena, const char **out_error)
{
    const char *folder = place_of(place, arena, out_error);
    return folder && para_folder_make(folder, arena, out_error) ? folder : NULL;
}

const char *para_store_path(ParaStorePlace place, const char *name, ParaArena *arena, const char **out_error)
{
    const char *folder = para_store_folder(place, arena, out_error), *slash = strrchr(name, '/');
    if (folder && slash) {
        const char *inner = para_arena_printf(arena, "%s/%.*s", folder, (int)(slash - name), name);
        if (!para_folder_make(inner, arena, out_error))
            return NULL;
    }
    return folder ? para_arena_printf(arena, "%s/%s", folder, name) : NULL;
}

/// Gives a damaged file another name. @return what to tell
static const char *set_aside(const char *path, ParaArena *arena)
{
    const char *error = NULL, *to = NULL;
    int number = 0; // of those set aside before
    do
        to = number ? para_arena_printf(arena, "%s.damaged-%d", path, number)
                    : para_arena_printf(arena, "%s.damaged", path);
    while (para_file_exists(to) && ++number < ASIDE_MAX);
    if (para_file_rename(path, to, arena, &error))
        return para_arena_printf(arena, "%s is damaged; it is set aside as %s", path, to);
    return para_arena_printf(arena, "%s is damaged, and cannot be set aside: %s", path, error);
}

cJSON *para_store_read(ParaStorePlace place, const char *name, ParaArena *arena, const char **out_note)
{
    const char *folder = place_of(place, arena, out_note);
    *out_note = NULL; // without a folder nothing was ever kept; writing tells it
    const char *path = folder ? para_arena_printf(arena, "%s/%s", folder, name) : NULL;
    if (!path || !para_file_exists(path))
        return cJSON_CreateObject();
    size_t size = 0;
    const char *text = para_file_read(path, PARA_STORE_FILE_MAX, arena, &size, out_note);
    cJSON *json = text ? para_json_parse_part(text, size + 1, NULL, true) : NULL;
    if (cJSON_IsObject(json))
        return json;
    cJSON_Delete(json);
    *out_note = set_aside(path, arena);
    return cJSON_CreateObject();
}

bool para_store_write(ParaStorePlace place, const char *name, const cJSON *json, ParaArena *arena,
                      const char **out_error)
{
    const char *path = para_store_path(place, name, arena, out_error);
    if (!path)
        return false;
    char *text = para_json_print(json, true);
    size_t size = text ? strlen(text) : 0;
    bool written = false;
    if (!text)
        *out_error = "no memory";
    else if (size >= PARA_STORE_FILE_MAX)
        *out_error = para_arena_printf(arena, "%s would be larger than 4 MB", path);
    else {
        text[size] = '\n'; // in place of the NUL, which a file does without
        written = para_file_write(path, text, size + 1, arena, out_error);
    }
    cJSON_free(text);
    return written;
}

int para_store_lock(ParaStorePlace place, ParaArena *arena)
{
    const char *error = NULL, *holder = NULL, *path = para_store_path(place, ".lock", arena, &error);
    double until = para_clock_seconds() + LOCK_SECONDS;
    int lock = -1;
    while (path && (lock = para_lock_take(path, arena, &holder, &error)) < 0 && holder &&
           para_clock_seconds() < until)
        para_clock_sleep(0.01);
    return lock;
}

void para_store_unlock(int lock) { para_lock_release(lock); }
