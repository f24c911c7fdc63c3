// SPDX-License-Identifier: MIT
// The second pass of loading: every field by its row in the table. Collects all problems and goes on.
#include "worlds/format/decode.h"

#include "engine/base/assert.h"
#include "engine/base/rng.h"

#include <stdio.h>
#include <string.h>

static bool is_list(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot)
{
    if (!cJSON_IsArray(json))
        return para_decode_wrong_type(loader, spot, json, "a list");
    int count = cJSON_GetArraySize(json);
    if (count <= (int)field->high)
        return true;
    PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_ITEM_COUNT, "must have at most %.0f items; got %d",
                        field->high, count);
    return false;
}

static bool decode_list(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                        ParaValue *out)
{
    if (!is_list(loader, json, field, spot))
        return false;
    int count = cJSON_GetArraySize(json);
    out->count = count;
    out->objects = PARA_NEW(loader->arena, ParaObject, count + 1);
    int k = 0;
    for (const cJSON *item = json->child; item; item = item->next, k++) {
        const char *path = para_arena_printf(loader->arena, "%s/%s/%d", spot->path, field->name, k);
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(item, "name");
        // Streams go by name where there is one, so that another body does not reshuffle this one's draws.
        uint64_t own = cJSON_IsString(name) ? para_decode_hash(name->valuestring) : (uint64_t)k;
        para_decode_object(loader, item, (ParaObjectKind)field->of, path, para_seed_mix(spot->stream, own),
                           &out->objects[k]);
    }
    return true; // items that failed are there with the values that could be read
}

static bool decode_one(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                       ParaValue *out)
{
    out->objects = PARA_NEW(loader->arena, ParaObject, 1);
    const char *path = para_arena_printf(loader->arena, "%s/%s", spot->path, field->name);
    return para_decode_object(loader, json, (ParaObjectKind)field->of, path, spot->stream, out->objects);
}

/// Things of a part have its prefix before their names.
static bool own_name(ParaLoader *loader, const ParaField *field, const ParaSpot *spot, const char **name)
{
    bool thing =
        field->kind == PARA_KIND_BODY || field->kind == PARA_KIND_JOINT || field->kind == PARA_KIND_ZONE;
    if (!thing || !loader->frame)
        return true;
    *name = para_arena_printf(loader->arena, "%s%s", loader->frame->prefix, *name);
    if (strlen(*name) < (size_t)field->high)
        return true;
    PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_TEXT_SIZE, "\"%.80s\" must be shorter than %.0f bytes", *name,
                        field->high);
    return false;
}

bool para_decode_counts(const ParaFrame *frame)
{
    for (; frame && frame->group; frame = frame->outer)
        if (frame->counts)
            return true;
    return false;
}

/// "buggy", "terrain/stairs", or all in "terrain/".
static bool is_part_text(const cJSON *json, size_t most)
{
    if (!cJSON_IsString(json) || strlen(json->valuestring) >= most)
        return false;
    const char *text = json->valuestring;
    size_t length = para_decode_name_length(text);
    if (length == 0 || text[length] == '\0')
        return length > 0;
    const char *rest = text + length + 1;
    return text[length] == '/' && strlen(rest) == para_decode_name_length(rest);
}

static bool is_part(ParaLoader *loader, const cJSON *json, const ParaSpot *spot)
{
    static const char wanted[] = "must be the name of a part, such as \"buggy\" or \"terrain/stairs\", a "
                                 "folder of parts, \"terrain/\", "
                                 "or a list of these";
    const size_t most = 60;
    bool list = cJSON_IsArray(json), good = list ? json->child != NULL : is_part_text(json, most);
    for (const cJSON *item = list ? json->child : NULL; item; item = item->next)
        good = good && is_part_text(item, most);
    if (!good)
        PARA_DECODE_PROBLEM(loader, spot, PARA_CODE_NAME, "%s", wanted);
    return good;
}

static bool decode_value(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                         ParaValue *out)
{
    bool copies = loader->copies;
    const ParaFrame *frame = loader->frame;
    // How many copies there are cannot depend on which copy it is.
    if (strcmp(field->name, "repeat") == 0) {
        loader->copies = false;
        loader->frame = field->kind == PARA_KIND_GROUP ? frame->outer : frame;
    }
    bool good = false;
    switch (field->type) {
    case PARA_TYPE_NUMBER:
        out->numbers = PARA_NEW(loader->arena, ParaNumber, 1);
        good = para_decode_number(loader, json, field, &spot, out->numbers);
        break;
    case PARA_TYPE_PAIR:
        out->numbers = PARA_NEW(loader->arena, ParaNumber, 2);
        good = para_decode_pair(loader, json, field, spot, out->numbers);
        break;
    case PARA_TYPE_BOOL:
        out->truth = cJSON_IsTrue(json);
        good = cJSON_IsBool(json) ? true : para_decode_wrong_type(loader, &spot, json, "true or false");
        break;
    case PARA_TYPE_TEXT:
        good = para_decode_text(loader, json, field, &spot, &out->text);
        break;
    case PARA_TYPE_NAME:
        good = para_decode_text(loader, json, field, &spot, &out->text) &&
               own_name(loader, field, &spot, &out->text);
        break;
    case PARA_TYPE_HEX:
        good = para_decode_hex(loader, json, &spot, &out->hex);
        break;
    case PARA_TYPE_ROLE:
        good = para_decode_role(loader, json, &spot, &out->role);
        break;
    case PARA_TYPE_WORD:
        out->numbers = PARA_NEW(loader->arena, ParaNumber, 1);
        good = para_decode_word(loader, json, field, &spot, out->numbers);
        break;
    case PARA_TYPE_WARNINGS:
        good = para_decode_warnings(loader, json, field, spot);
        break;
    case PARA_TYPE_REF:
        out->count = 1;
        out->refs = PARA_NEW(loader->arena, ParaRef, 1);
        good = para_decode_ref(loader, json, field, &spot, field->of, out->refs);
        break;
    case PARA_TYPE_REFS:
    case PARA_TYPE_REFS_NUMBER:
        good = para_decode_refs(loader, json, field, spot, out);
        break;
    case PARA_TYPE_POINTS:
        good = para_decode_points(loader, json, field, spot, out);
        break;
    case PARA_TYPE_CHAIN:
        good = cJSON_IsObject(json) ? decode_one(loader, json, field, &spot, out)
                                    : para_decode_points(loader, json, field, spot, out);
        break;
    case PARA_TYPE_OBJECT:
        good = decode_one(loader, json, field, &spot, out);
        break;
    case PARA_TYPE_LIST:
        good = field->of == PARA_KIND_GROUP
                   ? is_list(loader, json, field, &spot) // para_decode_parts reads it
                   : decode_list(loader, json, field, &spot, out);
        break;
    case PARA_TYPE_VARIABLE:
        good = para_decode_variable(loader, json, &spot, out);
        break;
    case PARA_TYPE_PLACE:
        good = para_decode_place(loader, json, field, spot, out);
        break;
    case PARA_TYPE_PART:
        good = is_part(loader, json, &spot);
        break;
    case PARA_TYPE_PARTS: // read where they are included
        good = cJSON_IsObject(json) ||
               para_decode_wrong_type(loader, &spot, json, "an object of names to parts");
        break;
    case PARA_TYPE_PARAMS:
    case PARA_TYPE_LETS:
    case PARA_TYPE_TIERS:
    case PARA_TYPE_VARIABLES:
        good = true;
        break; // read before everything else
    }
    loader->copies = copies;
    loader->frame = frame;
    return good;
}

/// The row of a key. Where a key is both a head and a plain field (torque), it is the head only if the
/// object has no other head.
static int find_row(const ParaField *fields, int count, const char *key, const ParaField *head)
{
    int found = -1;
    for (int f = 0; f < count; f++) {
        if (strcmp(fields[f].name, key) != 0)
            continue;
        bool is_head = (fields[f].flags & PARA_FLAG_HEAD) != 0;
        if (!is_head || found < 0 || &fields[f] == head)
            found = f;
        if (&fields[f] == head)
            return f;
    }
    return found;
}

static bool is_ambiguous(const ParaField *fields, int count, const char *key)
{
    int rows = 0;
    for (int f = 0; f < count; f++)
        rows += strcmp(fields[f].name, key) == 0;
    return rows > 1;
}

/// Finds the row that says what the object is; reports none or two of them.
static const ParaField *find_head(ParaLoader *loader, const cJSON *json, const ParaField *fields, int count,
                                  const char *path)
{
    const ParaField *head = NULL, *second = NULL, *maybe = NULL;
    char names[256] = "";
    bool any = false;
    for (int f = 0; f < count; f++) {
        if (!(fields[f].flags & PARA_FLAG_HEAD))
            continue;
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", any ? ", " : "", fields[f].name);
        any = true;
        if (!cJSON_GetObjectItemCaseSensitive(json, fields[f].name))
            continue;
        if (is_ambiguous(fields, count, fields[f].name))
            maybe = &fields[f];
        else if (!head)
            head = &fields[f];
        else
            second = &fields[f];
    }
    if (!any)
        return NULL;
    if (!head)
        head = maybe;
    if (!head)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NO_HEAD, path, NULL, "needs one of %s", names);
    else if (second)
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_TWO_HEADS, path, second->name,
                     "only one of %s may be given, and \"%s\" is", names, head->name)
            ->at_key = true;
    return head;
}

// What people write where a format has no comments: "comment", "_comment", "//".
static bool is_comment_key(const char *key)
{
    return strcmp(key, "comment") == 0 || strcmp(key, "_comment") == 0 || strcmp(key, "//") == 0;
}

static void unknown_field(ParaLoader *loader, const cJSON *item, ParaObjectKind kind, const char *path)
{
    const char *words[64];
    int count;
    const ParaField *fields = para_fields(kind, &count);
    PARA_ASSERT(count <= 64);
    bool has_note = false;
    for (int f = 0; f < count; f++) {
        words[f] = fields[f].name;
        has_note = has_note || strcmp(fields[f].name, "note") == 0;
    }
    const char *close =
        has_note && is_comment_key(item->string) ? "note" : para_closest_word(item->string, words, count);
    const char *key = para_decode_escape(loader, item->string);
    ParaDiag *problem =
        close ? para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_UNKNOWN_FIELD, path, key,
                             "unknown field \"%.60s\"; did you mean \"%s\"?", item->string, close)
              : para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_UNKNOWN_FIELD, path, key,
                             "unknown field \"%.60s\"; a %s has no such thing", item->string,
                             para_kind_name(kind));
    problem->at_key = true;
}

static void not_applicable(ParaLoader *loader, const ParaObject *object, const ParaField *field)
{
    int count;
    const ParaField *fields = para_fields(object->kind, &count);
    char heads[256] = "";
    for (int f = 0; f < count; f++) {
        size_t used = strlen(heads);
        if ((fields[f].flags & PARA_FLAG_HEAD) && para_field_goes_with(field, &fields[f]))
            snprintf(heads + used, sizeof heads - used, "%s%s", used ? ", " : "", fields[f].name);
    }
    para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_APPLICABLE, object->path, field->name,
                 "does not apply to \"%s\"; it goes with %s", object->head->name, heads)
        ->at_key = true;
}

static void duplicate_field(ParaLoader *loader, const cJSON *json, const cJSON *item, const char *path)
{
    int occurrence = 0;
    if (loader->list->count < loader->list->limit)
        for (const cJSON *other = json->child; other != item; other = other->next)
            occurrence += strcmp(other->string, item->string) == 0;
    const char *key = para_decode_escape(loader, item->string);
    ParaDiag *problem = para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_DUPLICATE_FIELD, path, key,
                                     "\"%.60s\" is given twice", item->string);
    problem->at_key = true;
    problem->occurrence = occurrence;
}

/// `seen` rather than present: a value that is there but wrong must not be reported as missing too.
static void check_required(ParaLoader *loader, const ParaObject *object, const bool *seen,
                           const ParaField *fields, int count)
{
    static const int generate = PARA_FIELD_TEMPLATE_generate - PARA_FIELD_TEMPLATE_paracosm,
                     players = PARA_FIELD_TEMPLATE_players - PARA_FIELD_TEMPLATE_paracosm,
                     player = PARA_FIELD_TEMPLATE_player - PARA_FIELD_TEMPLATE_paracosm,
                     goal = PARA_FIELD_TEMPLATE_goal - PARA_FIELD_TEMPLATE_paracosm;
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        bool of_another =
            (field->flags & PARA_FLAG_TAKEN) && (!object->head || !para_field_goes_with(field, object->head));
        bool made = (field->flags & PARA_FLAG_WRITTEN) && seen[generate];
        // Of several each may have a goal of its own: para_template_check looks whether it has.
        bool theirs = object->kind == PARA_KIND_TEMPLATE && (f == player || f == goal) && seen[players];
        if (seen[f] || !(field->flags & PARA_FLAG_REQUIRED) || of_another || made || theirs)
            continue;
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_MISSING_FIELD, object->path, NULL,
                     "\"%s\" is missing: %s", field->name, field->help);
    }
}

bool para_decode_object(ParaLoader *loader, const cJSON *json, ParaObjectKind kind, const char *path,
                        uint64_t key, ParaObject *out)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    *out = (ParaObject){
        .kind = kind, .path = path, .key = key, .values = PARA_NEW(loader->arena, ParaValue, count)};
    if (!cJSON_IsObject(json)) {
        para_problem(loader->list, PARA_DIAG_ERROR, PARA_CODE_NOT_OBJECT, path, NULL,
                     "must be an object; got %s", para_decode_kind_of(json));
        return false;
    }
    bool copies = loader->copies;
    if (kind == PARA_KIND_BODY || kind == PARA_KIND_JOINT || kind == PARA_KIND_ZONE ||
        kind == PARA_KIND_ACTUATOR || kind == PARA_KIND_EVENT || kind == PARA_KIND_OBSERVE ||
        kind == PARA_KIND_INCLUDE || kind == PARA_KIND_GROUP)
        loader->copies =
            cJSON_GetObjectItemCaseSensitive(json, "repeat") != NULL || para_decode_counts(loader->frame);
    if (kind == PARA_KIND_OBSTACLE)
        loader->copies = true; // they come one after the other
    out->head = find_head(loader, json, fields, count, path);
    PARA_ASSERT(!out->head || out->head->kind == kind);
    if (out->head)
        out->head_id = (ParaFieldId)(para_fields_first(kind) + (out->head - fields));
    if (kind == PARA_KIND_ACT)
        loader->act = out->head;
    bool good = true;
    bool *seen = PARA_NEW(loader->arena, bool, count);
    for (const cJSON *item = json->child; item; item = item->next) {
        int f = find_row(fields, count, item->string, out->head);
        if (f < 0) {
            unknown_field(loader, item, kind, path);
            continue;
        }
        if (seen[f]) {
            duplicate_field(loader, json, item, path);
            continue;
        }
        seen[f] = true;
        if (out->head && !para_field_goes_with(&fields[f], out->head)) {
            not_applicable(loader, out, &fields[f]);
            continue;
        }
        ParaSpot spot = {.path = path,
                         .key = fields[f].name,
                         .index = -1,
                         .stream = para_seed_mix(key, para_decode_hash(fields[f].name))};
        out->values[f].present = decode_value(loader, item, &fields[f], spot, &out->values[f]);
        good &= out->values[f].present;
        if (!out->values[f].present)
            out->values[f] = (ParaValue){0};
        out->values[f].given = true;
    }
    check_required(loader, out, seen, fields, count);
    loader->copies = copies;
    return good;
}
