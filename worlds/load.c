// SPDX-License-Identifier: MIT
// Loading: the text is looked through for slips, cJSON parses, the fields are read, the whole is checked, and
// a few members are sampled. All problems of a pass come in one go.
#include "engine/base/file.h"
#include "worlds/format/data.h"
#include "worlds/format/syntax.h"
#include "worlds/json_tree.h"
#include "worlds/parts.h"
#include "worlds/sample/members.h"

#include <cjson/cJSON.h>
#include <string.h>

/// The objects of a list field, if it could be read.
static const ParaObject *list_of(const ParaObject *root, ParaFieldId id, int *out_count)
{
    const ParaValue *value = para_value(root, id);
    *out_count = value->present ? value->count : 0;
    return value->present ? value->objects : NULL;
}

static bool read_template(ParaTemplate *t, const cJSON *json, ParaArena *arena, ParaDiagList *list)
{
    int errors = list->error_count;
    para_template_decode(t, json, arena, list);
    const ParaValue *name = para_value(&t->root, PARA_FIELD_TEMPLATE_name);
    const ParaValue *about = para_value(&t->root, PARA_FIELD_TEMPLATE_about);
    t->name = name->present ? name->text : "";
    t->about = about->present ? about->text : "";
    t->bodies = list_of(&t->root, PARA_FIELD_TEMPLATE_bodies, &t->body_count);
    t->joints = list_of(&t->root, PARA_FIELD_TEMPLATE_joints, &t->joint_count);
    t->zones = list_of(&t->root, PARA_FIELD_TEMPLATE_zones, &t->zone_count);
    para_template_check(t, arena, list);
    if (list->error_count == errors)
        para_template_check_members(t, list);
    return list->error_count == errors;
}

static bool has(const cJSON *json, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(json, name) != NULL;
}

/// A part or a story by mistake: of each of its fields it would be told that a template has none such.
static bool is_template(const cJSON *json, ParaDiagList *list)
{
    ParaDiag *told = NULL;
    if (has(json, "paracosm-part"))
        told = para_problem(list, PARA_DIAG_ERROR, PARA_CODE_PART_KIND, "", "paracosm-part",
                            "this is a part, which a template includes; it is no template itself");
    else if (has(json, "story") && has(json, "scenes"))
        told = para_problem(list, PARA_DIAG_ERROR, PARA_CODE_STORY_KIND, "", "story",
                            "this is a story, which play and check take; a level is what its scenes name");
    else if (has(json, "scenes") && !has(json, "bodies"))
        told =
            para_problem(list, PARA_DIAG_ERROR, PARA_CODE_STORY_KIND, "", "scenes",
                         "this looks like a story, as it has scenes: give it \"story\": 1 to have it read as "
                         "one; a level has bodies and a player");
    if (told)
        told->at_key = true;
    return !told;
}

/// Whether a text may be read at all: its size, and the memory it may need.
static bool has_room(size_t size, const ParaArena *arena, ParaDiagList *list)
{
    if (size > PARA_TEMPLATE_SIZE_MAX) {
        para_problem(list, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL,
                     "the text has %zu bytes; the most is %d", size, PARA_TEMPLATE_SIZE_MAX);
        return false;
    }
    // The largest object a few bytes of text can become, times the text: then no allocation below can fail.
    if (para_arena_room(arena) < 300 * size + (1u << 18)) {
        para_problem(list, PARA_DIAG_ERROR, PARA_CODE_TOO_LARGE_MEMORY, "", NULL,
                     "the template may need more memory than there is room for (%zu bytes)",
                     para_arena_room(arena));
        return false;
    }
    return true;
}

/// The text, which diagnostics point into from now on, with a NUL behind it.
static char *keep_text(const char *text, size_t size, ParaArena *arena, ParaDiagList *list)
{
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    list->text = copy;
    return copy;
}

static bool read_text(ParaTemplate *t, const char *text, size_t size, ParaArena *arena, ParaDiagList *list)
{
    if (!para_syntax_check(text, size, list))
        return false;
    cJSON *json = para_json_parse_part(text, size + 1, NULL, true);
    if (!json)
        para_problem(list, PARA_DIAG_ERROR, PARA_CODE_SYNTAX, "", NULL,
                     "the parser takes no such JSON, or there is no memory for it");
    bool good = json && is_template(json, list) && read_template(t, json, arena, list);
    cJSON_Delete(json);
    return good;
}

const ParaTemplate *para_template_load(const char *name, const char *text, size_t size, ParaArena *arena,
                                       ParaDiagList *diagnostics)
{
    if (name)
        diagnostics->file = para_arena_strdup(diagnostics->arena, name);
    int first = diagnostics->count;
    if (!has_room(size, arena, diagnostics))
        return NULL;
    const char *whole = text;
    char *copy = keep_text(text, size, arena, diagnostics);
    if (!para_parts_bundle(text, size, diagnostics->file, arena, diagnostics, &whole, &size)) {
        para_problems_locate(diagnostics, first);
        return NULL;
    }
    if (whole != text)
        copy = keep_text(whole, size, arena, diagnostics);
    ParaTemplate *t = PARA_NEW(arena, ParaTemplate, 1);
    bool good = read_text(t, copy, size, arena, diagnostics);
    para_problems_silence(diagnostics, first, t->silent);
    para_problems_locate(diagnostics, first);
    return good ? t : NULL;
}

const ParaTemplate *para_template_load_file(const char *path, ParaArena *arena, ParaDiagList *diagnostics)
{
    size_t size = 0;
    const char *error = NULL;
    char *text = para_file_read(path, PARA_TEMPLATE_SIZE_MAX, arena, &size, &error);
    diagnostics->file = para_arena_strdup(diagnostics->arena, path);
    if (!text) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL, "%s", error);
        return NULL;
    }
    return para_template_load(path, text, size, arena, diagnostics);
}
