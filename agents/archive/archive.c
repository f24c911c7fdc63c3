// SPDX-License-Identifier: MIT
// The index of an archive that somebody else may have made, read line by line and held against the files.
#include "agents/archive/archive.h"

#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LENGTH  200                 // of a file in an archive
#define LINE_MAX_BYTES   ((size_t)64 << 10)  // of an index
#define LEVEL_MEMORY_MAX ((size_t)512 << 20) // [byte] for a look at one level

/// Whether a name is one in the folder itself, whatever system it is unpacked on.
static bool is_plain(const char *name, const char *ending)
{
    size_t length = strlen(name), tail = strlen(ending);
    if (length <= tail || length > NAME_MAX_LENGTH || name[0] == '.' ||
        strcmp(name + length - tail, ending) != 0)
        return false;
    for (const char *at = name; *at; at++)
        if ((unsigned char)*at < ' ' || strchr("/\\:*?\"<>|", *at))
            return false;
    return true;
}

static bool read_hash(const char *text, uint64_t *out)
{
    if (!text || strlen(text) != 16 || strspn(text, "0123456789abcdef") != 16)
        return false;
    *out = strtoull(text, NULL, 16);
    return true;
}

/// One line. @return NULL, or what is wrong with it
static const char *read_line(const char *text, size_t size, ParaArchived *out, ParaArena *arena)
{
    cJSON *line = size > LINE_MAX_BYTES ? NULL : para_json_parse_part(text, size, NULL, false);
    const char *file = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "file"));
    const char *proof = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "proof"));
    const char *hash = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, "hash")), *wrong = NULL;
    if (size > LINE_MAX_BYTES)
        wrong = "it is longer than 64 kB";
    else if (!cJSON_IsObject(line))
        wrong = "it is no JSON object; the index was cut or changed";
    else if (!file || !is_plain(file, ".json"))
        wrong = "\"file\" must be the name of a .json file in the folder itself";
    else if (proof && *proof && !is_plain(proof, ".replay"))
        wrong = "\"proof\" must be the name of a .replay file in the folder itself, or empty";
    else if (!read_hash(hash, &out->hash))
        wrong = "\"hash\" must have 16 hexadecimal digits";
    if (!wrong) {
        out->file = para_arena_strdup(arena, file);
        out->proof = para_arena_strdup(arena, proof ? proof : "");
    }
    cJSON_Delete(line);
    return wrong;
}

static int by_file(const void *a, const void *b)
{
    const ParaArchived *const *x = a, *const *y = b;
    return strcmp((*x)->file, (*y)->file);
}

/// The lines by their files' names. @return [count]
static const ParaArchived **sorted(const ParaArchived *lines, int count, ParaArena *arena)
{
    const ParaArchived **list = PARA_NEW(arena, const ParaArchived *, count + 1);
    for (int i = 0; i < count; i++)
        list[i] = &lines[i];
    qsort(list, (size_t)count, sizeof *list, by_file);
    return list;
}

static int count_lines(const char *text, size_t size)
{
    int count = 0;
    for (size_t i = 0; i < size; i++)
        count += text[i] == '\n';
    return count + (size > 0 && text[size - 1] != '\n');
}

ParaArchived *para_archive_read(const char *folder, ParaArena *arena, int *out_count, const char **out_error)
{
    size_t size = 0;
    const char *path = para_arena_printf(arena, "%s/" PARA_ARCHIVE_INDEX, folder);
    if (para_path_is_link(path)) {
        *out_error = para_arena_printf(arena, "%s is a link; an archive has files of its own", path);
        return NULL;
    }
    const char *text = para_file_read(path, PARA_ARCHIVE_INDEX_MAX, arena, &size, out_error);
    if (!text)
        return NULL;
    int lines = count_lines(text, size);
    if (lines == 0 || lines > PARA_ARCHIVE_LEVELS_MAX) {
        *out_error = lines == 0 ? para_arena_printf(arena, "%s is empty", path)
                                : para_arena_printf(arena, "%s has %d lines; at most %d are read", path,
                                                    lines, PARA_ARCHIVE_LEVELS_MAX);
        return NULL;
    }
    ParaArchived *out = PARA_NEW(arena, ParaArchived, lines);
    const char *at = text, *end = text + size;
    for (int i = 0; i < lines; i++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at)),
                   *wrong = "a last line without its end was cut";
        if (stop)
            wrong = read_line(at, (size_t)(stop - at), &out[i], arena);
        if (wrong) {
            *out_error = para_arena_printf(arena, "%s:%d: %s", path, i + 1, wrong);
            return NULL;
        }
        at = stop + 1;
    }
    const ParaArchived **names = sorted(out, lines, arena);
    for (int i = 1; i < lines; i++)
        if (strcmp(names[i]->file, names[i - 1]->file) == 0) {
            *out_error = para_arena_printf(arena, "%s names %s twice", path, names[i]->file);
            return NULL;
        }
    *out_count = lines;
    return out;
}

/// A file of the archive. @return NULL, or why it must not be read
static const char *unfit(const char *path, ParaArena *arena)
{
    if (para_path_is_link(path))
        return para_arena_printf(arena, "%s is a link; an archive has files of its own", path);
    ParaPathKind kind = para_path_kind(path);
    if (kind == PARA_PATH_FILE)
        return NULL;
    return para_arena_printf(arena, "%s is named by the index and is %s", path,
                             kind == PARA_PATH_NONE ? "not there" : "no regular file");
}

ParaLevel *para_archive_level(const char *folder, const ParaArchived *line, ParaArena *arena,
                              const ParaTemplate **out_template, const char **out_error)
{
    const char *path = para_arena_printf(arena, "%s/%s", folder, line->file);
    if ((*out_error = unfit(path, arena)))
        return NULL;
    ParaDiagList list = para_diag_list(arena, path, NULL);
    const ParaTemplate *t = para_template_load_file(path, arena, &list);
    ParaLevel *level = t ? para_template_sample(t, NULL, 0, arena, &list) : NULL;
    if (!level) {
        *out_error = para_arena_printf(arena, "%s is no level: %s", path,
                                       list.count > 0 ? list.items[0].message : "it cannot be made");
        return NULL;
    }
    if (out_template)
        *out_template = t;
    if (level->hash == line->hash)
        return level;
    *out_error =
        para_arena_printf(arena, "%s is another level than the index says: its hash is %016llx, not %016llx",
                          path, (unsigned long long)level->hash, (unsigned long long)line->hash);
    return NULL;
}

static bool level_holds(const char *folder, const ParaArchived *line, ParaArena *arena,
                        const char **out_error)
{
    const char *why = NULL, *proof = para_arena_printf(arena, "%s/%s", folder, line->proof);
    ParaArena *scratch = para_arena_create((size_t)1 << 20, LEVEL_MEMORY_MAX);
    if (!scratch) {
        *out_error = "no memory to look at a level";
        return false;
    }
    bool good = para_archive_level(folder, line, scratch, NULL, &why) &&
                (!*line->proof || !(why = unfit(proof, scratch)));
    if (!good)
        *out_error = para_arena_strdup(arena, why);
    para_arena_destroy(scratch);
    return good;
}

/// Whether the index names each level file that is there: what it leaves out, nobody has vouched for.
static bool names_all(const char *folder, const ParaArchived *lines, int count, ParaArena *arena,
                      const char **out_error)
{
    const ParaArchived **names = sorted(lines, count, arena);
    const char **files = NULL;
    int there = para_folder_list(folder, ".json", arena, &files, out_error);
    for (int i = 0; i < there; i++) {
        ParaArchived wanted = {.file = para_arena_printf(arena, "%s.json", files[i])}, *key = &wanted;
        if (!bsearch(&key, names, (size_t)count, sizeof *names, by_file)) {
            *out_error =
                para_arena_printf(arena,
                                  "%s/%s is not in the index of its folder: the index was cut, or the file "
                                  "is none of this archive's",
                                  folder, wanted.file);
            return false;
        }
    }
    return there >= 0;
}

bool para_archive_check(const char *folder, ParaArena *arena, const char **out_error)
{
    int count = 0;
    const ParaArchived *lines = para_archive_read(folder, arena, &count, out_error);
    if (!lines || !names_all(folder, lines, count, arena, out_error))
        return false;
    for (int i = 0; i < count; i++)
        if (!level_holds(folder, &lines[i], arena, out_error))
            return false;
    return true;
}

bool para_archives_check(const char *const *names, int count, ParaArena *arena, const char **out_error)
{
    for (int i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (length < 2 || !strchr(names[i], '/') || para_path_kind(names[i]) != PARA_PATH_FOLDER)
            continue; // no folder to whoever loads families either
        while (length > 1 && names[i][length - 1] == '/')
            length--;
        const char *folder = para_arena_printf(arena, "%.*s", (int)length, names[i]);
        const char *index = para_arena_printf(arena, "%s/" PARA_ARCHIVE_INDEX, folder);
        if ((para_file_exists(index) || para_path_is_link(index)) &&
            !para_archive_check(folder, arena, out_error))
            return false;
    }
    return true;
}
