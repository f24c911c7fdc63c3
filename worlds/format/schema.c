// SPDX-License-Identifier: MIT
// The JSON Schema of the format, for editors' completion, from the table of fields.
#include "engine/base/json.h"
#include "worlds/format/data.h"

#include <string.h>

static void ref(ParaJson *out, const char *name)
{
    para_json_open(out, '{');
    para_json_key(out, "$ref");
    para_json_format(out, "\"#/$defs/%s\"", name);
    para_json_close(out, '}');
}

static void key_number(ParaJson *out, const char *key, double value)
{
    para_json_key(out, key);
    para_json_double(out, value);
}

/// A plain number in its range; unless fixed, also an expression or a draw.
static void number_type(ParaJson *out, const ParaField *field)
{
    bool fixed = (field->flags & PARA_FLAG_FIXED) != 0;
    para_json_open(out, '{');
    if (!fixed) {
        para_json_key(out, "anyOf");
        para_json_open(out, '[');
        para_json_item(out);
        para_json_open(out, '{');
    }
    para_json_key_string(out, "type", field->flags & PARA_FLAG_WHOLE ? "integer" : "number");
    key_number(out, "minimum", field->low);
    key_number(out, "maximum", field->high);
    if (!fixed) {
        para_json_close(out, '}');
        para_json_item(out);
        ref(out, "open-number");
        para_json_close(out, ']');
    }
    para_json_close(out, '}');
}

static void open_array(ParaJson *out, int low, int high)
{
    para_json_open(out, '{');
    para_json_key_string(out, "type", "array");
    key_number(out, "minItems", low);
    key_number(out, "maxItems", high);
}

static void pair_type(ParaJson *out, const ParaField *field)
{
    open_array(out, 2, 2);
    para_json_key(out, "items");
    number_type(out, field);
    para_json_close(out, '}');
}

static void points_type(ParaJson *out, const ParaField *field)
{
    int low = field->type == PARA_TYPE_CHAIN ? 2 : field->of;
    int high = field->type == PARA_TYPE_CHAIN ? PARA_POINTS_MAX
               : field->of == 2               ? 2
                                              : PARA_POLYGON_POINTS_MAX;
    open_array(out, low, high);
    para_json_key(out, "items");
    pair_type(out, field);
    para_json_close(out, '}');
}

static void text_type(ParaJson *out, const char *pattern, int high)
{
    para_json_open(out, '{');
    para_json_key_string(out, "type", "string");
    if (pattern)
        para_json_key_string(out, "pattern", pattern);
    if (high > 0)
        key_number(out, "maxLength", high - 1);
    para_json_close(out, '}');
}

static void names_type(ParaJson *out, const ParaField *field)
{
    bool number = field->type == PARA_TYPE_REFS_NUMBER;
    int low = field->of ? field->of + number : 1;
    open_array(out, low, field->of ? low : strcmp(field->name, "touch") == 0 ? 2 : PARA_BODIES_MAX);
    para_json_key(out, "prefixItems");
    para_json_open(out, '[');
    for (int k = 0; k < (field->of ? field->of : 1); k++) {
        para_json_item(out);
        text_type(out, NULL, 0);
    }
    if (number) {
        para_json_item(out);
        number_type(out, field);
    }
    para_json_close(out, ']');
    if (!number) { // of a list as long as it may be, and of the rest of a longer one
        para_json_key(out, "items");
        text_type(out, NULL, 0);
    }
    para_json_close(out, '}');
}

/// What an act wants: which of these, its head says.
static void place_type(ParaJson *out, const ParaField *field)
{
    para_json_open(out, '{');
    para_json_key(out, "anyOf");
    para_json_open(out, '[');
    para_json_item(out);
    number_type(out, field);
    para_json_item(out);
    pair_type(out, field);
    if (field->of) {
        para_json_item(out);
        text_type(out, NULL, 0);
    }
    para_json_close(out, ']');
    para_json_close(out, '}');
}

static void map_type(ParaJson *out, const ParaField *field)
{
    para_json_open(out, '{');
    para_json_key_string(out, "type", "object");
    key_number(out, "maxProperties", field->high);
    para_json_key(out, "additionalProperties");
    if (field->type == PARA_TYPE_TIERS)
        para_json_format(out, "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\", "
                              "\"minItems\": 2, \"maxItems\": 2, \"items\": {\"type\": \"number\"}}}");
    else
        ref(out, field->type == PARA_TYPE_LETS || field->type == PARA_TYPE_VARIABLES
                     ? "any-number"
                     : para_kind_name((ParaObjectKind)field->of));
    para_json_close(out, '}');
}

/// @param words [count] NULL among them: a word that a template may not say
static void words_type(ParaJson *out, const char *const *words, int count)
{
    para_json_open(out, '{');
    para_json_key(out, "enum");
    para_json_open(out, '[');
    for (int w = 0; w < count; w++) {
        if (!words[w])
            continue;
        para_json_item(out);
        para_json_string(out, words[w]);
    }
    para_json_close(out, ']');
    para_json_close(out, '}');
}

static void role_type(ParaJson *out)
{
    const char *words[PARA_ROLE_COUNT];
    for (int role = 0; role < PARA_ROLE_COUNT; role++)
        words[role] = para_role_word((ParaRole)role);
    words_type(out, words, PARA_ROLE_COUNT);
}

static void word_type(ParaJson *out, const ParaField *field)
{
    int count;
    const char *const *words = para_field_words(field->of, &count);
    words_type(out, words, count);
}

static void warnings_type(ParaJson *out, const ParaField *field)
{
    char name[PARA_CODE_NAME_SIZE];
    open_array(out, 0, (int)field->high);
    para_json_key(out, "items");
    para_json_open(out, '{');
    para_json_key(out, "enum");
    para_json_open(out, '[');
    for (int code = 0; code < PARA_CODES; code++) {
        if (!para_code_is_warning((ParaCode)code))
            continue;
        para_json_item(out);
        para_json_string(out, para_code_name((ParaCode)code, name));
    }
    para_json_close(out, ']');
    para_json_close(out, '}');
    para_json_close(out, '}');
}

static void field_type(ParaJson *out, const ParaField *field)
{
    switch (field->type) {
    case PARA_TYPE_NUMBER:
        number_type(out, field);
        break;
    case PARA_TYPE_PAIR:
        pair_type(out, field);
        break;
    case PARA_TYPE_BOOL:
        para_json_format(out, "{\"type\": \"boolean\"}");
        break;
    case PARA_TYPE_TEXT: {
        int count;
        const char *const *words = para_terrain_words(&count);
        if (field == para_field(PARA_FIELD_CHAIN_terrain))
            words_type(out, words, count);
        else
            text_type(out, NULL, (int)field->high);
        break;
    }
    case PARA_TYPE_NAME:
        text_type(out, "^[A-Za-z][A-Za-z0-9_-]*$", (int)field->high);
        break;
    case PARA_TYPE_HEX:
        text_type(out, "^[0-9a-fA-F]{1,16}$", 0);
        break;
    case PARA_TYPE_ROLE:
        role_type(out);
        break;
    case PARA_TYPE_WORD:
        word_type(out, field);
        break;
    case PARA_TYPE_WARNINGS:
        warnings_type(out, field);
        break;
    case PARA_TYPE_REF:
    case PARA_TYPE_VARIABLE:
        text_type(out, NULL, 0);
        break;
    case PARA_TYPE_REFS:
    case PARA_TYPE_REFS_NUMBER:
        names_type(out, field);
        break;
    case PARA_TYPE_POINTS:
        points_type(out, field);
        break;
    case PARA_TYPE_CHAIN:
        para_json_open(out, '{');
        para_json_key(out, "anyOf");
        para_json_open(out, '[');
        para_json_item(out);
        points_type(out, field);
        para_json_item(out);
        ref(out, para_kind_name((ParaObjectKind)field->of));
        para_json_close(out, ']');
        para_json_close(out, '}');
        break;
    case PARA_TYPE_OBJECT:
        ref(out, para_kind_name((ParaObjectKind)field->of));
        break;
    case PARA_TYPE_LIST:
        open_array(out, 0, (int)field->high);
        para_json_key(out, "items");
        ref(out, para_kind_name((ParaObjectKind)field->of));
        para_json_close(out, '}');
        break;
    case PARA_TYPE_PLACE:
        place_type(out, field);
        break;
    case PARA_TYPE_PART:
        para_json_format(out, "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": "
                              "{\"type\": \"string\"}, \"minItems\": 1, \"maxItems\": 64}]}");
        break;
    case PARA_TYPE_PARAMS:
    case PARA_TYPE_LETS:
    case PARA_TYPE_PARTS:
    case PARA_TYPE_TIERS:
    case PARA_TYPE_VARIABLES:
        map_type(out, field);
        break;
    }
}

static bool is_head(const ParaField *field) { return (field->flags & PARA_FLAG_HEAD) != 0; }

/// Has another row the same key, as torque is a head and a field?
static bool has_twin(const ParaField *fields, int count, const ParaField *field)
{
    int rows = 0;
    for (int f = 0; f < count; f++)
        rows += strcmp(fields[f].name, field->name) == 0;
    return rows > 1;
}

static void required(ParaJson *out, const char *name)
{
    para_json_format(out, "{\"required\": [\"%s\"]}", name);
}

/// Exactly one head says what the object is. One that is also a plain field does so where no other does.
static void head_rule(ParaJson *out, const ParaField *fields, int count)
{
    para_json_item(out);
    para_json_open(out, '{');
    para_json_key(out, "oneOf");
    para_json_open(out, '[');
    for (int f = 0; f < count; f++) {
        if (!is_head(&fields[f]))
            continue;
        para_json_item(out);
        if (!has_twin(fields, count, &fields[f])) {
            required(out, fields[f].name);
            continue;
        }
        bool first = true;
        para_json_format(out, "{\"required\": [\"%s\"], \"not\": {\"anyOf\": [", fields[f].name);
        for (int k = 0; k < count; k++) {
            if (!is_head(&fields[k]) || has_twin(fields, count, &fields[k]))
                continue;
            para_json_format(out, first ? "" : ", ");
            required(out, fields[k].name);
            first = false;
        }
        para_json_format(out, "]}}");
    }
    para_json_close(out, ']');
    para_json_close(out, '}');
}

/// A field goes with the heads that take it only; some of those cannot be without it.
static void taken_rule(ParaJson *out, const ParaField *fields, int count, const ParaField *field)
{
    bool first = true;
    if (!has_twin(fields, count, field)) {
        para_json_item(out);
        para_json_format(out, "{\"if\": {\"required\": [\"%s\"]}, \"then\": {\"anyOf\": [", field->name);
        for (int f = 0; f < count; f++) {
            if (!is_head(&fields[f]) || !para_field_goes_with(field, &fields[f]))
                continue;
            para_json_format(out, first ? "" : ", ");
            required(out, fields[f].name);
            first = false;
        }
        para_json_format(out, "]}}");
    }
    for (int f = 0; f < count && (field->flags & PARA_FLAG_REQUIRED); f++) {
        if (!is_head(&fields[f]) || has_twin(fields, count, &fields[f]) ||
            !para_field_goes_with(field, &fields[f]))
            continue;
        para_json_item(out);
        para_json_format(out, "{\"if\": {\"required\": [\"%s\"]}, \"then\": {\"required\": [\"%s\"]}}",
                         fields[f].name, field->name);
    }
}

/// What goes with what in an object that has heads.
static void rules(ParaJson *out, const ParaField *fields, int count)
{
    int heads = 0;
    for (int f = 0; f < count; f++)
        heads += is_head(&fields[f]);
    if (heads == 0)
        return;
    para_json_key(out, "allOf");
    para_json_open(out, '[');
    head_rule(out, fields, count);
    for (int f = 0; f < count; f++)
        if ((fields[f].flags & PARA_FLAG_TAKEN) && !is_head(&fields[f]))
            taken_rule(out, fields, count, &fields[f]);
    para_json_close(out, ']');
}

/// With `generate` a template writes nothing of its levels, else what they cannot be without.
static void written_rule(ParaJson *out, const ParaField *fields, int count)
{
    para_json_key(out, "if");
    para_json_format(out, "{\"required\": [\"%s\"]}", para_field(PARA_FIELD_TEMPLATE_generate)->name);
    para_json_key(out, "then");
    para_json_format(out, "{\"not\": {\"anyOf\": [");
    bool first = true;
    for (int f = 0; f < count; f++) {
        if (!(fields[f].flags & PARA_FLAG_WRITTEN))
            continue;
        para_json_format(out, first ? "" : ", ");
        required(out, fields[f].name);
        first = false;
    }
    para_json_format(out, "]}}");
    para_json_key(out, "else");
    para_json_format(out, "{\"required\": [");
    first = true;
    const char *player = para_field(PARA_FIELD_TEMPLATE_player)->name,
               *goal = para_field(PARA_FIELD_TEMPLATE_goal)->name;
    for (int f = 0; f < count; f++) {
        if (!(fields[f].flags & PARA_FLAG_WRITTEN) || !(fields[f].flags & PARA_FLAG_REQUIRED) ||
            strcmp(fields[f].name, player) == 0 || strcmp(fields[f].name, goal) == 0)
            continue;
        para_json_format(out, "%s\"%s\"", first ? "" : ", ", fields[f].name);
        first = false;
    }
    // One player and a goal, or several, each of whom may have one of its own.
    para_json_format(out, "], \"oneOf\": [{\"required\": [\"%s\", \"%s\"]}, {\"required\": [\"%s\"]}]}",
                     player, goal, para_field(PARA_FIELD_TEMPLATE_players)->name);
}

/// Rows of the same key (torque) become one property that takes either.
static void property(ParaJson *out, const ParaField *fields, int count, int f)
{
    int rows = 0;
    for (int k = 0; k < count; k++) {
        bool same = strcmp(fields[k].name, fields[f].name) == 0;
        if (same && k < f)
            return; // written with the first of them
        rows += same;
    }
    para_json_key(out, fields[f].name);
    para_json_open(out, '{');
    para_json_key_string(out, "description", fields[f].help);
    para_json_key(out, rows > 1 ? "anyOf" : "allOf");
    para_json_open(out, '[');
    for (int k = 0; k < count; k++) {
        if (strcmp(fields[k].name, fields[f].name) != 0)
            continue;
        para_json_item(out);
        field_type(out, &fields[k]);
    }
    para_json_close(out, ']');
    para_json_close(out, '}');
}

static void kind_type(ParaJson *out, ParaObjectKind kind)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    para_json_key_string(out, "description", para_kind_about(kind));
    para_json_key_string(out, "type", "object");
    para_json_key(out, "additionalProperties");
    para_json_format(out, "false");
    para_json_key(out, "required");
    para_json_open(out, '[');
    for (int f = 0; f < count; f++) {
        if (!(fields[f].flags & PARA_FLAG_REQUIRED) ||
            (fields[f].flags & (PARA_FLAG_TAKEN | PARA_FLAG_WRITTEN)))
            continue;
        para_json_item(out);
        para_json_string(out, fields[f].name);
    }
    para_json_close(out, ']');
    para_json_key(out, "properties");
    para_json_open(out, '{');
    for (int f = 0; f < count; f++)
        property(out, fields, count, f);
    para_json_close(out, '}');
    rules(out, fields, count);
    if (kind == PARA_KIND_TEMPLATE)
        written_rule(out, fields, count);
}

/// Each draw as an object: its values, and for one of them as many weights.
static void draw_types(ParaJson *out)
{
    static const char any[] = "{\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/any-number\"}}";
    int count;
    const ParaExprFunction *functions = para_expr_functions(&count);
    for (int f = 0; f < count; f++) {
        const char *name = functions[f].name;
        bool weighted = functions[f].draw == PARA_EXPR_DRAWS_WEIGHTED;
        if (!functions[f].draw)
            continue;
        para_json_format(
            out, ", {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"%s\"%s], ", name,
            weighted ? ", \"" PARA_DRAW_WEIGHTS "\"" : "");
        para_json_format(out, "\"properties\": {\"%s\": %s%s%s}}", name, any,
                         weighted ? ", \"" PARA_DRAW_WEIGHTS "\": " : "", weighted ? any : "");
    }
}

char *para_template_schema(ParaArena *arena)
{
    ParaJson out = para_json(arena, 4);
    para_json_open(&out, '{');
    para_json_key_string(&out, "$schema", "https://json-schema.org/draft/2020-12/schema");
    para_json_key_string(&out, "title", "Paracosm template");
    para_json_key_string(&out, "type", "object");
    // A part is a file too, and editors know it by the same schema.
    para_json_key(&out, "if");
    para_json_format(&out, "{\"required\": [\"paracosm-part\"]}");
    para_json_key(&out, "then");
    ref(&out, para_kind_name(PARA_KIND_PART));
    para_json_key(&out, "else");
    ref(&out, para_kind_name(PARA_KIND_TEMPLATE));
    para_json_key(&out, "$defs");
    para_json_open(&out, '{');
    para_json_key(&out, "open-number");
    para_json_format(&out,
                     "{\"description\": \"An expression, or a draw.\", \"anyOf\": [{\"type\": \"string\"}");
    draw_types(&out);
    para_json_format(&out, "]}");
    para_json_key(&out, "any-number");
    para_json_format(&out, "{\"anyOf\": [{\"type\": \"number\"}, {\"$ref\": \"#/$defs/open-number\"}]}");
    for (int kind = 0; kind < PARA_KIND_COUNT; kind++) {
        para_json_key(&out, para_kind_name((ParaObjectKind)kind));
        para_json_open(&out, '{');
        kind_type(&out, (ParaObjectKind)kind);
        para_json_close(&out, '}');
    }
    para_json_close(&out, '}');
    para_json_close(&out, '}');
    para_json_format(&out, "\n");
    return out.text;
}
