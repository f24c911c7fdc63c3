// SPDX-License-Identifier: MIT
// Finds the library's folder and its templates by name, lists them, and loads one with a text of all that is
// wrong. Used by the families of a run and by `paracosm play`.
#include "worlds/library.h"

#include "engine/base/file.h"
#include "engine/base/platform.h"
#include "worlds/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool folder_exists(const char *path) { return para_path_kind(path) == PARA_PATH_FOLDER; }

const char *para_library_folder(ParaArena *arena)
{
    const char *wish = getenv("PARACOSM_LIBRARY");
    if (wish && *wish)
        return folder_exists(wish) ? wish : NULL;
    const char *program = para_program_folder(arena);
    static const char *const beside[] = {"worlds/library", "../worlds/library", "../../worlds/library",
                                         "../share/paracosm/library"};
    for (size_t i = 0; program && i < sizeof beside / sizeof *beside; i++) {
        const char *path = para_arena_printf(arena, "%s/%s", program, beside[i]);
        if (folder_exists(path))
            return path;
    }
    const char *code = para_code_folder(arena); // of the package for another language
    const char *package = code ? para_arena_printf(arena, "%s/library", code) : NULL;
    if (package && folder_exists(package))
        return package;
#ifdef PARA_SOURCE_DIR
    if (folder_exists(PARA_SOURCE_DIR "/worlds/library"))
        return PARA_SOURCE_DIR "/worlds/library";
#endif
    return NULL;
}

bool para_library_is_path(const char *name) { return strchr(name, '/') || strstr(name, ".json"); }

#define FAMILIES_MAX 4096

// The families among the files of a folder.
static void add_families(const char *folder, const char *ability, ParaArena *arena,
                         ParaLibraryFamily *families, int *count)
{
    const char **names = NULL;
    int files = para_folder_list(folder, ".json", arena, &names, NULL);
    for (int i = 0; i < files && *count < FAMILIES_MAX; i++)
        families[(*count)++] =
            (ParaLibraryFamily){names[i], ability, para_arena_printf(arena, "%s/%s.json", folder, names[i])};
}

static int by_name(const void *a, const void *b)
{
    const ParaLibraryFamily *one = a, *other = b;
    int order = strcmp(one->name, other->name);
    return order ? order : strcmp(one->ability, other->ability);
}

int para_library_families(ParaArena *arena, ParaLibraryFamily **out_families)
{
    const char *folder = para_library_folder(arena), **inner = NULL;
    int count = 0, folders = folder ? para_folder_list(folder, "", arena, &inner, NULL) : 0;
    *out_families = PARA_NEW(arena, ParaLibraryFamily, FAMILIES_MAX);
    if (folder)
        add_families(folder, "", arena, *out_families, &count);
    for (int i = 0; i < folders; i++) {
        const char *path = para_arena_printf(arena, "%s/%s", folder, inner[i]);
        if (folder_exists(path))
            add_families(path, inner[i], arena, *out_families, &count);
    }
    qsort(*out_families, (size_t)count, sizeof **out_families, by_name);
    return count;
}

// A family by name, with its ability or without.
static const char *find_family(const char *name, ParaArena *arena)
{
    const char *folder = para_library_folder(arena), **inner = NULL;
    if (!folder)
        return NULL;
    const char *path = para_arena_printf(arena, "%s/%s.json", folder, name);
    if (para_file_exists(path))
        return path;
    int folders = strchr(name, '/') ? 0 : para_folder_list(folder, "", arena, &inner, NULL);
    for (int i = 0; i < folders; i++) {
        path = para_arena_printf(arena, "%s/%s/%s.json", folder, inner[i], name);
        if (para_file_exists(path))
            return path;
    }
    return NULL;
}

const char *para_library_find(const char *name, ParaArena *arena)
{
    if (!name || !*name)
        return NULL;
    if (para_library_is_path(name) && para_path_kind(name) == PARA_PATH_FILE)
        return para_arena_strdup(arena, name);
    bool family = !strstr(name, ".json") && !strstr(name, "..") && name[0] != '/' && name[0] != '.';
    return family ? find_family(name, arena) : NULL;
}

int para_library_list(ParaArena *arena, const char ***out_names)
{
    ParaLibraryFamily *families;
    int count = para_library_families(arena, &families);
    *out_names = PARA_NEW(arena, const char *, count + 1);
    for (int i = 0; i < count; i++)
        (*out_names)[i] = families[i].name;
    return count;
}

// The templates in a folder that is none of the library's.
static int expand_folder(const char *folder, ParaArena *arena, const char ***out_names)
{
    const char **stems = NULL, *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    int count = para_folder_list(folder, ".json", arena, &stems, NULL);
    *out_names = PARA_NEW(arena, const char *, count > 0 ? count : 1);
    for (int i = 0; i < count; i++)
        (*out_names)[i] = para_arena_printf(arena, "%s%s%s.json", folder, slash, stems[i]);
    return count > 0 ? count : 0;
}

int para_library_expand(const char *name, ParaArena *arena, const char ***out_names)
{
    size_t length = name ? strlen(name) : 0;
    if (length > 1 && strchr(name, '/') && para_path_kind(name) == PARA_PATH_FOLDER)
        return expand_folder(name, arena, out_names);
    if (name && (length < 2 || name[length - 1] != '/' || strchr(name, '/') != name + length - 1)) {
        *out_names = PARA_NEW(arena, const char *, 1);
        (*out_names)[0] = name;
        return 1;
    }
    ParaLibraryFamily *families;
    int all = para_library_families(arena, &families), count = 0;
    *out_names = PARA_NEW(arena, const char *, all + 1);
    for (int i = 0; i < all; i++)
        if (name ? strlen(families[i].ability) == length - 1 &&
                       strncmp(families[i].ability, name, length - 1) == 0
                 : strcmp(families[i].ability, PARA_LIBRARY_CLASSIC) != 0 &&
                       strcmp(families[i].ability, PARA_LIBRARY_COMPOSED) != 0 &&
                       strcmp(families[i].ability, PARA_LIBRARY_MEMORY) != 0 &&
                       strcmp(families[i].ability, PARA_LIBRARY_COMPANY) != 0)
            (*out_names)[count++] = families[i].name;
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

const char *para_library_close_file(const char *path, ParaArena *arena)
{
    const char *slash = strrchr(path, '/'), **words = NULL;
    const char *name = slash ? slash + 1 : path;
    int before = (int)(name - path);
    const char *folder = slash ? para_arena_printf(arena, "%.*s", before, path) : ".";
    int count = para_folder_list(folder, ".json", arena, &words, NULL);
    for (int k = 0; k < count; k++)
        words[k] = para_arena_printf(arena, "%s.json", words[k]);
    const char *close = count > 0 ? para_closest_word(name, words, count) : NULL;
    if (!close && count > 0) // a name without its ending is the commonest slip
        close = para_closest_word(para_arena_printf(arena, "%s.json", name), words, count);
    return close ? para_arena_printf(arena, "%.*s%s", before, path, close) : NULL;
}

// Why there is nothing at a path. Long ones are cut: nobody reads on, and it stands before what to do.
static const char *no_file(const char *path, ParaArena *arena)
{
    ParaPathKind kind = para_path_kind(path);
    if (kind != PARA_PATH_NONE)
        return para_arena_printf(arena, "\"%.200s\" is %s, not the file of a template", path,
                                 kind == PARA_PATH_FOLDER ? "a folder" : "a device or pipe");
    const char *close = para_library_close_file(path, arena);
    return para_arena_printf(arena, "there is no file \"%.200s\"%s%s%s", path,
                             close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
}

static int by_ability(const void *a, const void *b)
{
    int order = strcmp(((const ParaLibraryFamily *)a)->ability, ((const ParaLibraryFamily *)b)->ability);
    return order ? order : by_name(a, b);
}

// Families by ability, a line for each. Sorts them so.
static const char *families_text(ParaLibraryFamily *families, int count, ParaArena *arena)
{
    const char *all = "", *line = NULL;
    qsort(families, (size_t)count, sizeof *families, by_ability);
    for (int i = 0; i < count; i++) {
        if (!line || strcmp(line, families[i].ability) != 0)
            all = para_arena_printf(arena, "%s\n  %s%s", all, families[i].ability,
                                    *families[i].ability ? ":" : "");
        line = families[i].ability;
        all = para_arena_printf(arena, "%s %s", all, families[i].name);
    }
    return all;
}

static const char *no_family(const char *name, ParaArena *arena)
{
    ParaLibraryFamily *families;
    const char **names = NULL;
    int count = para_library_families(arena, &families);
    if (count == 0)
        return "the template library is empty or missing; set PARACOSM_LIBRARY to a folder of templates";
    if (para_path_kind(name) == PARA_PATH_FILE)
        return para_arena_printf(
            arena, "there is no family \"%.60s\"; for the file of this name write \"./%.60s\"", name, name);
    if (para_path_kind(name) == PARA_PATH_FOLDER)
        return para_arena_printf(
            arena, "there is no family \"%.60s\"; for the files in the folder of this name write \"%.60s/\"",
            name, name);
    para_library_list(arena, &names);
    const char *close = para_closest_word(name, names, count);
    return para_arena_printf(arena, "there is no family \"%.60s\"%s%s%s families:%s", name,
                             close ? "; did you mean \"" : ";", close ? close : "", close ? "\"?" : "",
                             families_text(families, count, arena));
}

// The name of a family by its file: "rover" of "drive/rover".
static const char *family_name(const char *name, ParaArena *arena)
{
    const char *slash = strrchr(name, '/');
    return para_arena_strdup(arena, slash ? slash + 1 : name);
}

bool para_library_read(const char *name, ParaArena *arena, ParaTemplateText *out, const char **out_error)
{
    const char *path = para_library_find(name, arena);
    if (!path) {
        *out_error = para_library_is_path(name) ? no_file(name, arena) : no_family(name, arena);
        return false;
    }
    bool by_path = para_library_is_path(name) && strcmp(path, name) == 0;
    *out = (ParaTemplateText){.source = by_path ? para_path_absolute(name, arena) : family_name(name, arena),
                              .file = path};
    out->text = para_file_read(path, PARA_TEMPLATE_SIZE_MAX, arena, &out->size, out_error);
    // A part that cannot be had is told by who loads the text.
    return out->text &&
           (para_parts_bundle(out->text, out->size, path, arena, NULL, &out->text, &out->size), true);
}

const ParaTemplate *para_library_load_text(const ParaTemplateText *text, ParaArena *arena,
                                           const char **out_error)
{
    ParaDiagList problems = para_diag_list(arena, text->file, NULL);
    const ParaTemplate *t = para_template_load(text->file, text->text, text->size, arena, &problems);
    if (!t)
        *out_error = problems_text(&problems, arena);
    return t;
}

const ParaTemplate *para_library_load(const char *name, ParaArena *arena, const char **out_error)
{
    ParaTemplateText text;
    return para_library_read(name, arena, &text, out_error) ? para_library_load_text(&text, arena, out_error)
                                                            : NULL;
}
