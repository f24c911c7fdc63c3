// SPDX-License-Identifier: MIT
// Finds the files of parts and puts them into the text of the template that includes them.
#include "worlds/parts.h"

#include "engine/base/file.h"
#include "engine/base/text.h"
#include "worlds/format/data.h"
#include "worlds/format/syntax.h"
#include "worlds/json_tree.h"
#include "worlds/library.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PARTS_MAX 128 // files that one template may need

typedef struct PartFile {
    const char *name; ///< of the part
    const char *key;  ///< what "included" calls it, and messages
    const char *path; ///< where it was read
    const char *text; ///< as it was read
    cJSON *json;
} PartFile;

typedef struct Bundle {
    ParaArena *arena;
    ParaDiagList *list;
    const char *folder; ///< of the template's file with its "/" at the end; NULL: it has none
    const cJSON *root;
    PartFile files[PARTS_MAX];
    int count;   ///< [1] 0..PARTS_MAX
    size_t size; ///< [byte] of their texts
    bool good;
} Bundle;

const char *para_parts_folder(ParaArena *arena)
{
    const char *library = para_library_folder(arena);
    const char *path = library ? para_arena_printf(arena, "%s/../parts", library) : NULL;
    return path && para_path_kind(path) == PARA_PATH_FOLDER ? path : NULL;
}

/// Adds problems of a part's file, with their places in it.
static void tell_of_file(Bundle *bundle, const PartFile *file, ParaDiagList *own)
{
    bundle->good = false;
    para_problems_locate(own, 0);
    for (int k = 0; bundle->list && k < own->count; k++) {
        const ParaDiag *item = &own->items[k];
        ParaDiag *told =
            para_diag_add(bundle->list, PARA_DIAG_ERROR, item->code, item->path, "%s", item->message);
        told->offset = item->offset;
        told->line = item->line;
        told->column = item->column;
        told->file = para_arena_strdup(bundle->list->arena, file->path);
        told->text = para_arena_strdup(bundle->list->arena, file->text);
    }
}

/// @param holder the part's file in which the path is; NULL: the template
__attribute__((format(printf, 5, 6))) static void
complain(Bundle *bundle, const PartFile *holder, const char *path, ParaCode code, const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(message, sizeof message, format, arguments);
    va_end(arguments);
    bundle->good = false;
    if (!holder && bundle->list)
        para_problem(bundle->list, PARA_DIAG_ERROR, code, path, NULL, "%s", message);
    if (!holder)
        return;
    ParaDiagList own = para_diag_list(bundle->arena, holder->path, holder->text);
    para_problem(&own, PARA_DIAG_ERROR, code, path, NULL, "%s", message);
    tell_of_file(bundle, holder, &own);
}

/// What a part's file has, if it is one. @return false: it is no JSON, which is told
static bool read_json(Bundle *bundle, PartFile *file, size_t size)
{
    ParaDiagList own = para_diag_list(bundle->arena, file->path, file->text);
    bool good = para_syntax_check(file->text, size, &own);
    if (good)
        file->json = para_json_parse_part(file->text, size + 1, NULL, true);
    else
        tell_of_file(bundle, file, &own);
    return file->json != NULL;
}

/// @return the file of a part at a path; false: there is none, or it is no part
static bool try_file(Bundle *bundle, PartFile *file, const char *path, bool *out_stranger)
{
    size_t size = 0;
    const char *error = NULL;
    if (para_path_kind(path) != PARA_PATH_FILE)
        return false;
    file->path = path;
    file->text = para_file_read(path, PARA_TEMPLATE_SIZE_MAX, bundle->arena, &size, &error);
    if (!file->text || !read_json(bundle, file, size))
        return !bundle->good; // what is wrong with it is told, and no other stands in for it
    *out_stranger = !cJSON_GetObjectItemCaseSensitive(file->json, "paracosm-part");
    bundle->size += size;
    return !*out_stranger;
}

static void tell_missing(Bundle *bundle, const PartFile *holder, const char *name, const char *path,
                         const char *stranger)
{
    const char **words = NULL, *folder = para_parts_folder(bundle->arena);
    int count = folder ? para_folder_list(folder, ".json", bundle->arena, &words, NULL) : 0;
    const char *close = count > 0 ? para_closest_word(name, words, count) : NULL, *all = "";
    for (int k = 0; k < count && k < 20; k++)
        all = para_arena_printf(bundle->arena, "%s%s%s", all, k ? ", " : "", words[k]);
    complain(bundle, holder, path, stranger ? PARA_CODE_PART_KIND : PARA_CODE_NO_PART,
             stranger ? "%s is no part: \"paracosm-part\" is missing in it%s%s%s"
                      : "there is no part \"%s\"%s%s%s; the library has %s",
             stranger ? stranger : name, close ? "; did you mean \"" : "", close ? close : "",
             close ? "\"?" : "", count > 0 ? all : "none");
}

static void need(Bundle *bundle, const PartFile *holder, const char *name, const char *path);

/// "buggy" or "terrain/hills"; else it is refused when the include is read, and no path leads out of the
/// folders. @param folder with its "/" at the end
static bool is_name(const char *text, bool folder)
{
    size_t length = strlen(text);
    const char *slash = strchr(text, '/');
    bool last = slash && slash[1] == '\0';
    return length > 0 && length < 60 && !strpbrk(text, "\\.") && slash != text &&
           (!slash || !strchr(slash + 1, '/')) && last == folder;
}

/// All parts of a folder, beside the template and of the library.
static void need_folder(Bundle *bundle, const PartFile *holder, const char *name, const char *path)
{
    const char *library = para_parts_folder(bundle->arena);
    const char *const folders[] = {
        bundle->folder ? para_arena_printf(bundle->arena, "%s%s", bundle->folder, name) : NULL,
        library ? para_arena_printf(bundle->arena, "%s/%s", library, name) : NULL};
    for (int f = 0; f < 2; f++) {
        const char **names = NULL;
        int count = folders[f] ? para_folder_list(folders[f], ".json", bundle->arena, &names, NULL) : 0;
        for (int k = 0; k < count && bundle->good; k++) { // a folder or a pipe may have such a name too
            const char *file = para_arena_printf(bundle->arena, "%s/%s.json", folders[f], names[k]);
            if (para_path_kind(file) == PARA_PATH_FILE)
                need(bundle, holder, para_arena_printf(bundle->arena, "%s%s", name, names[k]), path);
        }
    }
}

/// What a "part" says: one, all of a folder, or a list of such.
static void need_parts(Bundle *bundle, const PartFile *holder, const cJSON *part, const char *path)
{
    bool list = cJSON_IsArray(part);
    for (const cJSON *item = list ? part->child : part; item; item = list ? item->next : NULL) {
        if (cJSON_IsString(item) && is_name(item->valuestring, false))
            need(bundle, holder, item->valuestring, path);
        else if (cJSON_IsString(item) && is_name(item->valuestring, true))
            need_folder(bundle, holder, item->valuestring, path);
    }
}

/// The parts that an object includes, and the groups in it. @param path of the object
static void need_all(Bundle *bundle, const PartFile *holder, const cJSON *json, const char *path)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "include");
    int k = 0;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next, k++) {
        need_parts(bundle, holder, cJSON_GetObjectItemCaseSensitive(item, "part"),
                   para_arena_printf(bundle->arena, "%s/include/%d/part", path, k));
    }
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(json, "groups");
    k = 0;
    for (const cJSON *item = cJSON_IsArray(groups) ? groups->child : NULL; item; item = item->next, k++)
        need_all(bundle, holder, item, para_arena_printf(bundle->arena, "%s/groups/%d", path, k));
}

/// Reads a part's file unless the text, or one of the files so far, has it.
static void need(Bundle *bundle, const PartFile *holder, const char *name, const char *path)
{
    if (para_part_find(bundle->root, name, bundle->arena, NULL))
        return;
    for (int k = 0; k < bundle->count; k++)
        if (strcmp(bundle->files[k].name, name) == 0)
            return;
    if (bundle->count == PARTS_MAX) {
        complain(bundle, holder, path, PARA_CODE_PART_LIMIT, "there are more than %d files of parts",
                 PARTS_MAX);
        return;
    }
    PartFile *file = &bundle->files[bundle->count];
    *file = (PartFile){.name = para_arena_strdup(bundle->arena, name)};
    bool beside = false, library = false;
    const char *own =
        bundle->folder ? para_arena_printf(bundle->arena, "%s%s.json", bundle->folder, name) : NULL;
    const char *folder = para_parts_folder(bundle->arena);
    if (own && try_file(bundle, file, own, &beside))
        file->key = para_arena_printf(bundle->arena, "%s.json", name);
    cJSON *stranger = file->key ? NULL : file->json;
    cJSON_Delete(stranger);
    if (stranger)
        file->json = NULL;
    if (!file->key && folder &&
        try_file(bundle, file, para_arena_printf(bundle->arena, "%s/%s.json", folder, name), &library))
        file->key = para_arena_printf(bundle->arena, "worlds/parts/%s.json", name);
    if (!file->key)
        tell_missing(bundle, holder, name, path, beside ? own : NULL);
    bundle->count++; // also without: it is told once, and its tree is to be freed
    if (file->key && file->json)
        need_all(bundle, file, file->json, "");
}

/// The text with the files behind all else of its object.
static void join(const Bundle *bundle, const char *text, size_t size, const char **out_text, size_t *out_size)
{
    size_t end = size, room = size + bundle->size + 64;
    while (end > 0 && text[end - 1] != '}')
        end--;
    for (int k = 0; k < bundle->count; k++)
        room += strlen(bundle->files[k].key) + 8;
    char *out = para_arena_alloc(bundle->arena, room);
    size_t used = end - 1;
    memcpy(out, text, used);
    used += (size_t)snprintf(out + used, room - used, ",\"included\":{");
    for (int k = 0; k < bundle->count; k++)
        used += (size_t)snprintf(out + used, room - used, "%s\"%s\":%s", k ? "," : "", bundle->files[k].key,
                                 bundle->files[k].text);
    used += (size_t)snprintf(out + used, room - used, "}%.*s", (int)(size - end + 1), text + end - 1);
    *out_text = out;
    *out_size = used;
}

static bool mentions(const char *text, size_t size, const char *word)
{
    size_t length = strlen(word);
    for (size_t k = 0; k + length <= size; k++)
        if (text[k] == *word && memcmp(text + k, word, length) == 0)
            return true;
    return false;
}

bool para_parts_bundle(const char *text, size_t size, const char *file, ParaArena *arena, ParaDiagList *list,
                       const char **out_text, size_t *out_size)
{
    *out_text = text;
    *out_size = size;
    // Most templates include nothing, and one that is no JSON is told of by who loads it.
    if (size > PARA_TEMPLATE_SIZE_MAX || !mentions(text, size, "\"include\""))
        return true;
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    ParaDiagList silent = para_diag_list(arena, file, copy);
    cJSON *root =
        para_syntax_check(copy, size, &silent) ? para_json_parse_part(copy, size + 1, NULL, true) : NULL;
    if (!cJSON_IsObject(root) || cJSON_GetObjectItemCaseSensitive(root, "included")) {
        cJSON_Delete(root);
        return true;
    }
    const char *slash = strrchr(file, '/');
    Bundle *bundle = PARA_NEW(arena, Bundle, 1);
    *bundle = (Bundle){.arena = arena, .list = list, .root = root, .good = true};
    if (slash || strstr(file, ".json"))
        bundle->folder = slash ? para_arena_printf(arena, "%.*s", (int)(slash + 1 - file), file) : "";
    need_all(bundle, NULL, root, "");
    const cJSON *params = cJSON_GetObjectItemCaseSensitive(root, "params");
    for (const cJSON *param = cJSON_IsObject(params) ? params->child : NULL; param; param = param->next)
        need_parts(bundle, NULL, cJSON_GetObjectItemCaseSensitive(param, "part"),
                   para_arena_printf(arena, "/params/%s/part", para_problem_token(param->string, arena)));
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(root, "parts");
    for (const cJSON *part = cJSON_IsObject(own) ? own->child : NULL; part; part = part->next)
        need_all(bundle, NULL, part,
                 para_arena_printf(arena, "/parts/%s", para_problem_token(part->string, arena)));
    if (bundle->good && size + bundle->size > PARA_TEMPLATE_SIZE_MAX - 64 * PARTS_MAX)
        complain(bundle, NULL, "/include", PARA_CODE_PART_LIMIT,
                 "with its parts the text has more than %d bytes", PARA_TEMPLATE_SIZE_MAX - 64 * PARTS_MAX);
    if (bundle->good && bundle->count > 0)
        join(bundle, copy, size, out_text, out_size);
    for (int k = 0; k < bundle->count; k++)
        cJSON_Delete(bundle->files[k].json);
    cJSON_Delete(root);
    return bundle->good;
}
