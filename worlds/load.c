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

/// A part by mistake: of each of its fields it would be told that a template has none such.
static bool is_template(const cJSON *json, ParaDiagList *list)
{
    if (!cJSON_GetObjectItemCaseSensitive(json, "paracosm-part"))
        return true;
    para_problem(list, PARA_DIAG_ERROR, PARA_CODE_PART_KIND, "", "paracosm-part",
                 "this is a part, which a template includes; it is no template itself")
        ->at_key = true;
    return false;
}

const ParaTemplate *para_template_load(const char *name, const char *text, size_t size, ParaArena *arena,
                                       ParaDiagList *diagnostics)
{
    if (name)
        diagnostics->file = para_arena_strdup(diagnostics->arena, name);
    int first = diagnostics->count;
    if (size > PARA_TEMPLATE_SIZE_MAX) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_UNREADABLE, "", NULL,
                     "the text has %zu bytes; the most is %d", size, PARA_TEMPLATE_SIZE_MAX);
        return NULL;
    }
    // The largest object a few bytes of text can become, times the text: then no allocation below can fail.
    if (para_arena_room(arena) < 300 * size + (1u << 18)) {
        para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_TOO_LARGE_MEMORY, "", NULL,
                     "the template may need more memory than there is room for (%zu bytes)",
                     para_arena_room(arena));
        return NULL;
    }
    const char *whole = text;
    char *copy = para_arena_alloc(arena, size + 1);
    memcpy(copy, text, size);
    diagnostics->text = copy;
    if (!para_parts_bundle(text, size, diagnostics->file, arena, diagnostics, &whole, &size)) {
        para_problems_locate(diagnostics, first);
        return NULL;
    }
    if (whole != text) {
        copy = para_arena_alloc(arena, size + 1);
        memcpy(copy, whole, size);
        diagnostics->text = copy;
    }
    ParaTemplate *t = PARA_NEW(arena, ParaTemplate, 1);
    bool good = para_syntax_check(copy, size, diagnostics);
    if (good) {
        cJSON *json = para_json_parse_part(copy, size + 1, NULL, true);
        if (!json)
            para_problem(diagnostics, PARA_DIAG_ERROR, PARA_CODE_SYNTAX, "", NULL,
                         "the parser takes no such JSON, or there is no memory for it");
        good = json && is_template(json, diagnostics) && read_template(t, json, arena, diagnostics);
        cJSON_Delete(json);
    }
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
